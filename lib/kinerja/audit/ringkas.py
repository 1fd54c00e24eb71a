"""Vonis audit disusun untuk dibaca: bab dan perihalnya, hitungan per bab, saringan, dan salinan di bab lain."""

from __future__ import annotations

import pandas as pd

from kinerja import capaian, fmt
from kinerja.audit.mesin import Audit
from kinerja.data.load import Data
from kinerja.errors import GalatParameter
from kinerja.istilah import code_name, spaced, term

SEMUA = "semua"
VONIS = ("cocok", "beda_pembulatan", "beda", "bertentangan", "tak_dapat_dihitung")
TAK_DIUJI = "tak_dapat_dihitung"
TINGKAT = ("lembaga", "sasaran", "iku", "dasar")
JUMLAH = "Jumlah"

BAGIAN_BESAR = 1 / 3
"""Bab yang memuat lebih dari sepertiga angka diuji diperinci menurut bagiannya."""

_DESIMAL_LEBIH = 2


def verdicts(d: Data, toleransi: int = 0) -> pd.DataFrame:
    """Vonis setiap angka tertulis, dengan kolom untuk ditampilkan dan dipilih.

    ``toleransi``: kelonggaran dalam satuan desimal terakhir yang ditulis.

    Returns
    -------
    pandas.DataFrame
        Kolom :meth:`kinerja.audit.Audit.table`, ditambah ``bab`` (lihat :func:`sections`), ``tingkat``, ``perihal``,
        dan ``pokok`` (lihat :func:`subjects`), ``tercetak_angka`` dan ``dihitung_angka`` (float),
        ``tercetak_teks`` dan ``dihitung_teks`` (nilai berupa teks), ``desimal_hitung``, ``satuan_selisih``, dan
        ``simpangan`` (selisih terhadap hitungan, persen tanpa tanda).

    Raises
    ------
    GalatParameter
        Toleransi negatif atau bukan bilangan bulat.
    """
    if isinstance(toleransi, bool) or not isinstance(toleransi, int) or toleransi < 0:
        raise GalatParameter(f"Toleransi harus bilangan bulat 0 atau lebih, bukan {toleransi!r}.")
    tabel = Audit(d, toleransi).table()
    for kolom in ("tercetak", "dihitung"):
        angka = pd.to_numeric(tabel[kolom].where(tabel["satuan"] != "teks"), errors="coerce")
        tabel[f"{kolom}_angka"] = angka
        tabel[f"{kolom}_teks"] = tabel[kolom].where(angka.isna() & (tabel[kolom] != ""), None)
    bulat = (tabel["dihitung_angka"] % 1 == 0) & (tabel["desimal"] == 0)
    tabel["desimal_hitung"] = tabel["desimal"].where(bulat, tabel["desimal"] + _DESIMAL_LEBIH)
    tabel["satuan_selisih"] = [capaian.change_unit(x) for x in tabel["satuan"]]
    tabel["simpangan"] = (tabel["selisih"] / tabel["dihitung_angka"].where(tabel["dihitung_angka"] != 0)).abs() * 100
    return tabel.assign(bab=sections(tabel)).join(subjects(d, tabel))


def sections(tabel: pd.DataFrame) -> pd.Series:
    """Bab setiap angka; bab yang memuat lebih dari sepertiga angka diuji diperinci menurut bagiannya."""
    pecah = tabel["bagian"].astype(object).str.extract(r"^([^:]*?)\s*(?::\s*([^:]*?)\s*(?::.*)?)?$").astype(object)
    bab, bagian = (
        pecah[x].str.replace(r" \(.*", "", regex=True) if pecah[x].notna().any() else pecah[x] for x in (0, 1)
    )
    diuji = bab[tabel["vonis"] != TAK_DIUJI].value_counts(normalize=True)
    besar = bab.isin(diuji.index[diuji > BAGIAN_BESAR]) & bagian.notna()
    return bab.where(~besar, bab + ": " + bagian)


def subjects(d: Data, tabel: pd.DataFrame) -> pd.DataFrame:
    """Indikator yang disangkut setiap angka: angka IKU, sasaran, dan institusi, dan angka dasar sebuah IKU.

    Returns
    -------
    pandas.DataFrame
        ``tingkat`` (berurutan menurut :data:`TINGKAT`), ``perihal`` (sebutan dan ukurannya dalam bahasa yang berlaku),
        ``pokok`` (kode indikatornya, atau besaran dasarnya). Kosong untuk angka lain.
    """
    iku = d["iku"].set_index("kode")
    nama = {k: term(x) for k, x in iku["nama_pendek"].items()} | {k: spaced(k) for k in d["sasaran"]["kode"]}
    # angka dasar yang ditulis beberapa kali punya besaran bersama; yang ditulis sekali tidak dapat bertentangan
    angka = {x: kode for kolom in ("pembilang", "penyebut") for kode, x in iku[kolom].items() if x}
    pasang = list(zip(tabel["id_tercetak"], tabel["besaran"], strict=True))
    dasar = {besar: angka[id_] for id_, besar in pasang if id_ in angka and besar != id_}
    baris: list[tuple[str | None, ...]] = []
    for id_, besar in pasang:
        bagian = id_.split("/")
        if bagian[0] == "iku_tercetak":
            kode = bagian[1]
            tingkat = "iku" if kode in iku.index else "sasaran" if kode in nama else "lembaga"
            sebutan = nama.get(kode) or term(d.teks("aturan/nama_institusi"))
            baris.append((tingkat, f"{sebutan}: {code_name(bagian[2])}", kode))
        elif besar in dasar:
            baris.append(("dasar", f"{nama[dasar[besar]]}: {code_name(bagian[-2])}", besar))
        else:
            baris.append((None, None, None))
    hasil = pd.DataFrame(baris, index=tabel.index, columns=["tingkat", "perihal", "pokok"], dtype=object)
    return hasil.assign(tingkat=pd.Categorical(hasil["tingkat"], TINGKAT, ordered=True))


def counts(tabel: pd.DataFrame) -> pd.DataFrame:
    """Banyaknya angka per bab dan vonis, dari keluaran :func:`verdicts`.

    Returns
    -------
    pandas.DataFrame
        Indeks ``bab`` urut menurut kemunculan, bagian laporan utama mendahului sumber lain, ditutup baris ``Jumlah``:
        ``diuji``, satu kolom Int64 per vonis, ``tidak_cocok``, ``semua``, ``persen`` (bagian yang cocok dari yang
        diuji). ``attrs["totals"]`` menyebut baris jumlahnya.
    """
    hitung = pd.crosstab(tabel["bab"], tabel["vonis"]).reindex(columns=list(VONIS), fill_value=0)
    utama = tabel["sumber"].mode().iloc[0] if len(tabel) else ""
    kedua = tabel.groupby("bab")["sumber"].agg(lambda s: utama not in set(s))
    hitung = hitung.loc[sorted(dict.fromkeys(tabel["bab"]), key=lambda bab: bool(kedua[bab]))]
    hitung.loc[JUMLAH] = hitung.sum()
    hitung["semua"] = hitung.sum(axis=1)
    hitung.insert(0, "diuji", hitung["semua"] - hitung[TAK_DIUJI])
    hitung.insert(len(VONIS), "tidak_cocok", hitung["diuji"] - hitung["cocok"])
    hitung.columns.name = None
    hasil = hitung.rename_axis("bab").astype("Int64")
    hasil.attrs |= {"totals": [JUMLAH], "satuan": {**dict.fromkeys(hasil, "butir"), "persen": "persen"}}
    return hasil.assign(persen=(hasil["cocok"] / hasil["diuji"].replace(0, pd.NA) * 100).astype("Float64"))


def select(tabel: pd.DataFrame, vonis: str = SEMUA, bab: str = SEMUA, cari: str = "") -> pd.DataFrame:
    """Saring register, yaitu keluaran :func:`verdicts`.

    Parameters
    ----------
    vonis : str
        Satu vonis, atau "semua" untuk semua angka yang diuji.
    bab : str
        Satu bab (lihat :func:`sections`), atau "semua".
    cari : str
        Kata yang harus ada di id, uraian, bagian, atau penjelasan; huruf besar dan kecil disamakan.

    Raises
    ------
    GalatParameter
        Vonis atau bab tidak dikenal.
    """
    if vonis not in (SEMUA, *VONIS):
        raise GalatParameter(f"Vonis '{vonis}' tidak dikenal; pilih {', '.join((SEMUA, *VONIS))}.")
    daftar = list(dict.fromkeys(tabel["bab"]))
    if bab not in (SEMUA, *daftar):
        raise GalatParameter(f"Bagian '{bab}' tidak ada; pilih {SEMUA} atau: {'; '.join(daftar)}.")
    pilih = tabel["vonis"] != TAK_DIUJI if vonis == SEMUA else tabel["vonis"] == vonis
    if bab != SEMUA:
        pilih &= tabel["bab"] == bab
    if cari.strip():
        teks = tabel[["id", "uraian", "bagian", "penjelasan"]].agg(" ".join, axis=1).str.casefold()
        pilih &= teks.str.contains(cari.strip().casefold(), regex=False)
    return tabel[pilih].reset_index(drop=True)


def printed_versions(d: Data, tabel: pd.DataFrame) -> pd.DataFrame:
    """Angka ``iku_tercetak`` di samping hitungan ulangnya, satu baris per angka yang berbeda dengan semua tempatnya.

    Parameters
    ----------
    d : Data
    tabel : pandas.DataFrame
        Keluaran :func:`verdicts`.

    Returns
    -------
    pandas.DataFrame
        kode, nama (IKU, sasaran, atau institusi), ukuran, satuan, desimal, tercetak, dihitung, verdik ("sama", "beda",
        "tidak_dihitung"), bagian dan id (semua tempatnya, dipisah titik koma), versi (banyaknya angka berbeda bagi kode
        dan ukuran itu), keadaan.
    """
    kunci = ["kode", "ukuran", "satuan", "desimal", "tercetak", "dihitung", "verdik"]
    cetak = tabel[tabel["id_tercetak"].str.startswith("iku_tercetak/")].drop(columns=["tercetak", "dihitung"])
    cetak = cetak.rename(columns={"tercetak_angka": "tercetak", "dihitung_angka": "dihitung"})
    for n, kolom in enumerate(kunci[:2], 1):
        cetak[kolom] = cetak["id_tercetak"].str.split("/").str[n]
    cetak["id"] = cetak["id_tercetak"]
    cetak["verdik"] = cetak["vonis"].map({"cocok": "sama", TAK_DIUJI: "tidak_dihitung"}).fillna("beda")
    # urutan cetak; tempat yang sama menjadi satu baris, dan versi sebuah besaran berdampingan
    ringkas = cetak.groupby(kunci, sort=False, dropna=False)[["bagian", "id"]]
    ringkas = ringkas.agg(lambda isi: "; ".join(dict.fromkeys(isi))).reset_index()
    nama = capaian.short_names(d) | {x: spaced(x) for x in d["sasaran"]["kode"]}
    sebutan = [nama.get(x) or d.rule_text("nama_institusi") for x in ringkas["kode"]]
    ringkas.insert(1, "nama", pd.Series(sebutan, index=ringkas.index, dtype=object))
    besaran = ringkas.groupby(["kode", "ukuran"], sort=False)
    ringkas["versi"] = besaran["tercetak"].transform("nunique")
    urut = besaran.ngroup().sort_values(kind="stable").index
    return ringkas.loc[urut].reset_index(drop=True).assign(keadaan="dikutip")


def misprints(d: Data) -> pd.DataFrame:
    """Salah tulis dalam sumber yang dibetulkan, atau dibiarkan dengan [sic], menurut tabel ``salah_tulis``.

    Returns
    -------
    pandas.DataFrame
        kode, tertulis, dibaca, perlakuan ("dibetulkan", "dibiarkan"), alasan (dalam bahasa yang berlaku), bagian. Tanpa
        baris bila tabelnya tidak diisi.
    """
    kolom = ["kode", "tertulis", "dibaca", "perlakuan", "alasan", "bagian"]
    if not d.has("salah_tulis"):
        return pd.DataFrame(columns=kolom)
    isi = d["salah_tulis"]
    return isi.assign(alasan=isi["alasan" if fmt.language() == "id" else "alasan_en"])[kolom]


def copies(d: Data, tabel: pd.DataFrame) -> pd.DataFrame:
    """Keluaran prioritas nasional di samping angka yang sama di bab lain, menurut klaim yang menyalin.

    Returns
    -------
    pandas.DataFrame
        Satu baris per klaim: keluaran (nama), ukuran, nilai_pn, nilai_lain (float), satuan, bagian_lain, selisih,
        vonis, id_pn, id_lain. Tanpa baris bila ``pn_output`` tidak diisi.
    """
    nama = d["pn_output"].set_index("kode")["nama"] if d.has("pn_output") else {}
    vonis = tabel.set_index(["id_tercetak", "kode"])["vonis"]
    baris = []
    for klaim in Audit(d).klaim:
        id_ = [klaim.tercetak, *klaim.masukan]
        pn = [x for x in id_ if x.startswith("pn_nilai/")]
        if not klaim.menyalin or len(id_) != 2 or len(pn) != 1:
            continue
        lain = next(x for x in id_ if x not in pn)
        _, kode, ukuran = pn[0].split("/")
        fakta = d.facts.loc[[pn[0], lain]]
        nilai_pn, nilai_lain = fakta["nilai"].astype(float)
        baris.append(
            (nama[kode], ukuran, nilai_pn, nilai_lain, fakta["satuan"].iloc[0], fakta["bagian"].iloc[1],
             nilai_pn - nilai_lain, vonis[(klaim.tercetak, klaim.kode)], pn[0], lain)
        )  # fmt: skip
    kolom = "keluaran ukuran nilai_pn nilai_lain satuan bagian_lain selisih vonis id_pn id_lain".split()
    return pd.DataFrame(baris, columns=kolom)
