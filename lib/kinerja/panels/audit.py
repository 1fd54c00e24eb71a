"""Bingkai tabel, gambar, kendali, dan bacaan notebook ``audit``.

Vonis datang dari :mod:`kinerja.audit`, rekonsiliasi dari :mod:`kinerja.anggaran` dan :mod:`kinerja.bansos`; di sini
hanya disusun untuk dibaca.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import pandas as pd

from kinerja import anggaran, bansos, figures, fmt
from kinerja.audit import KOLOM, VONIS, Audit
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.explore import Hasil, Panel
from kinerja.istilah import code_name, term

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from kinerja.buku import Buku

SEMUA = "semua"
BERBEDA = ("beda_pembulatan", "beda", "bertentangan")
"""Vonis yang tidak sama pada ketelitian cetak, dari yang paling ringan."""

BAGIAN_BESAR = 1 / 3
"""Bab yang memuat lebih dari sepertiga angka diuji diperinci menurut bagiannya."""

BARIS_PANEL = 40

SEBUTAN = {
    "cocok": {"id": "cocok", "en": "agrees"},
    "beda_pembulatan": {"id": "beda pembulatan", "en": "rounding"},
    "beda": {"id": "beda", "en": "differs"},
    "bertentangan": {"id": "bertentangan", "en": "contradicts"},
    "tak_dapat_dihitung": {"id": "tidak dapat dihitung", "en": "cannot be recomputed"},
}

_SELISIH = {"persen": "poin_persen", "persen_capaian": "poin_persen", "persen_perubahan": "poin_persen",
            "nilai": "poin", "indeks_100": "poin"}  # fmt: skip
_DESIMAL_LEBIH = 2
_RINCIAN = {
    "uke1": {"id": "unit kerja eselon I", "en": "echelon-I units"},
    "program": {"id": "program, Perjanjian Kinerja", "en": "programmes, performance agreement"},
}


def verdicts(d: Data, toleransi: int = 0) -> pd.DataFrame:
    """Tabel audit dengan kolom tambahan untuk ditampilkan.

    Parameters
    ----------
    d : Data
    toleransi : int
        Kelonggaran dalam satuan desimal terakhir yang dicetak.

    Returns
    -------
    pandas.DataFrame
        Kolom :meth:`kinerja.audit.Audit.table`, ditambah ``bab`` (bagian, lihat :func:`sections`), ``tercetak_angka``
        dan ``dihitung_angka`` (float), ``tercetak_teks`` dan ``dihitung_teks`` (nilai berupa teks), ``desimal_hitung``,
        ``satuan_selisih``, dan ``uraian_bagian``.

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
    tabel["uraian_bagian"] = tabel["uraian"] + " (" + tabel["bagian"] + ")"
    tabel["satuan_selisih"] = [_SELISIH.get(x, x) for x in tabel["satuan"]]
    return tabel.assign(bab=sections(tabel))


def file(tabel: pd.DataFrame) -> pd.DataFrame:
    """Isi ``audit.csv``: setiap angka tercetak, dengan kolom yang dijanjikan dan tidak lebih."""
    return tabel[list(KOLOM)]


def sections(tabel: pd.DataFrame) -> pd.Series:
    """Bab setiap angka; bab yang memuat lebih dari sepertiga angka diuji diperinci menurut bagiannya."""
    pecah = tabel["bagian"].str.split(r"\s*:\s*", regex=True)
    bab = pecah.str[0].str.replace(r" \(.*", "", regex=True)
    bagian = pecah.str[1].str.replace(r" \(.*", "", regex=True)
    diuji = bab[tabel["vonis"] != "tak_dapat_dihitung"].value_counts(normalize=True)
    besar = bab.isin(diuji.index[diuji > BAGIAN_BESAR]) & bagian.notna()
    return bab.where(~besar, bab + ": " + bagian)


def section_counts(tabel: pd.DataFrame) -> pd.DataFrame:
    """Banyaknya angka per bagian dan vonis.

    Returns
    -------
    pandas.DataFrame
        Urut menurut kemunculan, bagian laporan utama mendahului sumber kedua, ditutup baris jumlah: bab, satu kolom
        Int64 per vonis, ``diuji``, ``jumlah``, ``menonjol`` (bool; baris jumlah).
    """
    hitung = pd.crosstab(tabel["bab"], tabel["vonis"]).reindex(columns=list(VONIS), fill_value=0)
    utama = tabel["sumber"].mode().iloc[0] if len(tabel) else ""
    kedua = tabel.groupby("bab")["sumber"].agg(lambda s: utama not in set(s))
    urut = sorted(dict.fromkeys(tabel["bab"]), key=lambda bab: bool(kedua[bab]))
    hitung = hitung.loc[urut]
    jumlah = fmt.pick({"id": "Jumlah", "en": "Total"})
    hitung.loc[jumlah] = hitung.sum()
    hitung["diuji"] = hitung[[v for v in VONIS if v != "tak_dapat_dihitung"]].sum(axis=1)
    hitung["jumlah"] = hitung["diuji"] + hitung["tak_dapat_dihitung"]
    hitung.columns.name = None
    hasil = hitung.rename_axis("bab").reset_index().astype({k: "Int64" for k in (*VONIS, "diuji", "jumlah")})
    return hasil.assign(menonjol=[*[False] * len(urut), True])


def with_verdict(tabel: pd.DataFrame, *vonis: str) -> pd.DataFrame:
    """Baris dengan salah satu vonis itu, terurut menurut beratnya lalu letaknya dalam laporan."""
    isi = tabel[tabel["vonis"].isin(vonis)]
    berat = {v: -i for i, v in enumerate(VONIS)}
    return isi.sort_values("vonis", key=lambda s: s.map(berat), kind="stable").reset_index(drop=True)


def select(tabel: pd.DataFrame, vonis: str = SEMUA, bab: str = SEMUA, cari: str = "") -> pd.DataFrame:
    """Saring register.

    Parameters
    ----------
    tabel : pandas.DataFrame
        Keluaran :func:`verdicts`.
    vonis : str
        Satu vonis, atau "semua" untuk semua angka yang diuji.
    bab : str
        Satu bagian (lihat :func:`sections`), atau "semua".
    cari : str
        Kata yang harus ada di id, uraian, bagian, atau penjelasan; huruf besar dan kecil disamakan.

    Raises
    ------
    GalatParameter
        Vonis atau bagian tidak dikenal.
    """
    if vonis not in (SEMUA, *VONIS):
        raise GalatParameter(f"Vonis '{vonis}' tidak dikenal; pilih {', '.join((SEMUA, *VONIS))}.")
    daftar = list(dict.fromkeys(tabel["bab"]))
    if bab not in (SEMUA, *daftar):
        raise GalatParameter(f"Bagian '{bab}' tidak ada; pilih {SEMUA} atau: {'; '.join(daftar)}.")
    pilih = tabel["vonis"] != "tak_dapat_dihitung" if vonis == SEMUA else tabel["vonis"] == vonis
    if bab != SEMUA:
        pilih &= tabel["bab"] == bab
    if cari.strip():
        teks = tabel[["id", "uraian", "bagian", "penjelasan"]].agg(" ".join, axis=1).str.casefold()
        pilih &= teks.str.contains(cari.strip().casefold(), regex=False)
    return tabel[pilih].reset_index(drop=True)


def names(vonis: str, bab: str, terpilih: pd.DataFrame) -> dict[str, str]:
    """Sebutan saringan dan banyaknya baris, untuk judul register."""
    semua = fmt.pick({"id": "semua yang diuji", "en": "all tested"})
    return {
        "vonis": semua if vonis == SEMUA else fmt.pick(SEBUTAN[vonis]),
        "bab": fmt.pick({"id": "semua", "en": "all"}) if bab == SEMUA else bab,
        "banyak": fmt.angka(len(terpilih)),
    }


# Rekonsiliasi ---------------------------------------------------------------------------------------------------------


def budget(d: Data) -> pd.DataFrame:
    """Rincian anggaran di samping jumlahnya: sasaran, jenis belanja, Renja, program, dan unit kerja.

    Returns
    -------
    pandas.DataFrame
        rincian (kode), ukuran, jumlah, total, selisih (rupiah, Int64), bawah, atas (kisaran jumlah bila bagiannya
        dicetak bulat), hasil ("sama", "dalam_kisaran", "beda"), keadaan.
    """
    kolom = ["rincian", "ukuran", "jumlah", "total", "bawah", "atas", "hasil", "keadaan"]
    baris: list[pd.DataFrame] = []
    if d.has("anggaran"):
        sama = anggaran.reconcile(d).assign(bawah=pd.NA, atas=pd.NA)
        sama["hasil"] = sama["cocok"].map({True: "sama", False: "beda"})
        unit = anggaran.unit_totals(d).assign(rincian="uke1")
        unit["hasil"] = unit["sesuai"].map({True: "dalam_kisaran", False: "beda"})
        baris += [sama, unit]
    if anggaran.versions(d):
        pk = anggaran.agreements(d).groupby("versi", sort=False)["nilai"].sum()
        total = d["pk_anggaran"].query("program == @anggaran.JUMLAH").set_index("versi")["nilai"]
        program = pd.DataFrame({"jumlah": pk, "total": total}).reset_index(names="ukuran")
        program["hasil"] = (program["jumlah"] == program["total"]).map({True: "sama", False: "beda"})
        baris.append(program.assign(rincian="program", bawah=pd.NA, atas=pd.NA, keadaan="diturunkan"))
    hasil = (
        pd.concat([x.reindex(columns=kolom) for x in baris], ignore_index=True)
        if baris
        else pd.DataFrame(columns=kolom)
    )
    for k in ("jumlah", "total", "bawah", "atas"):
        hasil[k] = pd.to_numeric(hasil[k]).round().astype("Int64")
    hasil["selisih"] = hasil["jumlah"] - hasil["total"]
    for k in ("rincian", "ukuran"):
        hasil[f"kode_{k}"] = hasil[k]
        nama = [fmt.pick(_RINCIAN[x]) if x in _RINCIAN else code_name(x) for x in hasil[k]]
        hasil[k] = pd.Series(nama, index=hasil.index, dtype=object)
    return hasil


def cutoffs(d: Data) -> pd.DataFrame:
    """Realisasi menurut tanggal batas; lihat :func:`kinerja.anggaran.cutoffs`."""
    if not d.has("anggaran"):
        kolom = ["per", "tanggal", "realisasi", "penyerapan", "selisih_realisasi", "keadaan"]
        return pd.DataFrame(columns=kolom).astype({k: "Int64" for k in ("realisasi", "selisih_realisasi")})
    isi = anggaran.cutoffs(d)
    return isi.assign(tanggal=[fmt.tanggal(x) for x in isi["per"]])


def social_assistance(d: Data) -> pd.DataFrame:
    """Belanja bansos dikurangi keenam program, satu demi satu; lihat :func:`kinerja.bansos.reconcile`."""
    if not all(d.has(x) for x in ("anggaran", "pen_program", "pen_penyaluran", "pen_aturan")):
        kolom = ["langkah", "nama_program", "asal", "rupiah", "sisa", "keadaan", "menonjol"]
        return pd.DataFrame(columns=kolom).astype({k: "Int64" for k in ("rupiah", "sisa")})
    isi = bansos.reconcile(d)
    sebutan = {
        "belanja_bansos": fmt.pick({"id": "Belanja bansos", "en": "Social-assistance spending"}),
        "sisa": fmt.pick({"id": "Sisa", "en": "Remainder"}),
    }
    isi["nama_program"] = [
        sebutan.get(langkah) or term(nama) for langkah, nama in zip(isi["langkah"], isi["nama_program"], strict=True)
    ]
    return isi.assign(menonjol=isi["langkah"].isin(list(sebutan)))


def november(d: Data) -> pd.DataFrame:
    """Sumber kedua di tengah tahun di samping akhir tahun; lihat :func:`kinerja.bansos.second_source`."""
    if not all(d.has(x) for x in ("pen_november", "pen_penyaluran", "pen_program", "pen_aturan")):
        kolom = ["nama_program", "pagu", "realisasi", "akhir_tahun", "setelah_tanggal", "letak", "keadaan_laporan"]
        bulat = {k: "Int64" for k in ("pagu", "realisasi", "akhir_tahun", "setelah_tanggal")}
        return pd.DataFrame(columns=kolom).astype(bulat)
    isi = bansos.second_source(d)
    return isi.assign(nama_program=[term(x) for x in isi["nama_program"]])


def outputs(d: Data, tabel: pd.DataFrame) -> pd.DataFrame:
    """Keluaran prioritas nasional di samping angka yang sama di bab lain, menurut klaim ``sama``.

    Returns
    -------
    pandas.DataFrame
        Satu baris per klaim: keluaran (nama), ukuran, nilai_pn, nilai_lain (float), satuan, bagian_lain, selisih,
        vonis, id_pn, id_lain.
    """
    nama = d["pn_output"].set_index("kode")["nama"] if d.has("pn_output") else pd.Series(dtype=str)
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
        baris.append(
            {
                "keluaran": nama[kode],
                "ukuran": ukuran,
                "nilai_pn": float(fakta["nilai"].iloc[0]),
                "nilai_lain": float(fakta["nilai"].iloc[1]),
                "satuan": fakta["satuan"].iloc[0],
                "bagian_lain": fakta["bagian"].iloc[1],
                "selisih": float(fakta["nilai"].iloc[0] - fakta["nilai"].iloc[1]),
                "vonis": vonis[(klaim.tercetak, klaim.kode)],
                "id_pn": pn[0],
                "id_lain": lain,
            }
        )
    kolom = [
        "keluaran",
        "ukuran",
        "nilai_pn",
        "nilai_lain",
        "satuan",
        "bagian_lain",
        "selisih",
        "vonis",
        "id_pn",
        "id_lain",
    ]
    return pd.DataFrame(baris, columns=kolom)


# Gambar ---------------------------------------------------------------------------------------------------------------


def mismatch_figure(hitung: pd.DataFrame) -> Figure:
    """Batang bertumpuk angka yang tidak cocok per bagian; banyaknya yang diuji ada di nama bagian.

    Parameters
    ----------
    hitung : pandas.DataFrame
        Keluaran :func:`section_counts`. Bagian dengan angka tidak cocok terbanyak digambar paling atas.
    """
    isi = hitung[~hitung["menonjol"] & (hitung["diuji"] > 0)]
    isi = isi.assign(n=isi[list(BERBEDA)].sum(axis=1)).sort_values("n", ascending=False, kind="stable")
    fig, ax = figures.canvas(size=(8.0, 1.4 + 0.42 * max(len(isi), 2)))
    if isi.empty:
        figures.mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        return fig
    diuji = fmt.pick({"id": "diuji", "en": "tested"})
    nama = [f"{bab} ({fmt.angka(n)} {diuji})" for bab, n in zip(isi["bab"], isi["diuji"], strict=True)]
    panjang = isi.assign(nama=nama).melt("nama", list(BERBEDA), "vonis", "banyak")
    panjang["vonis"] = [fmt.pick(SEBUTAN[v]) for v in panjang["vonis"]]
    warna = (figures.WARNA_KATEGORI[4], figures.WARNA["sorot"], figures.WARNA["di_bawah"])
    figures.stacked(panjang, "nama", "vonis", "banyak", ax=ax, satuan="butir", desimal=0, warna=warna,
                    lebar_label=46, ambang_label=0.03)  # fmt: skip
    ax.set_xlabel(fmt.pick({"id": "banyaknya angka yang tidak cocok", "en": "numbers that do not agree"}))
    return fig


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(tabel: pd.DataFrame) -> dict[str, str]:
    """Angka jadi untuk judul, bacaan, dan teks alternatif."""
    n = tabel["vonis"].value_counts().reindex(list(VONIS), fill_value=0)
    diuji = int(n.sum() - n["tak_dapat_dihitung"])
    salah = tabel[tabel["vonis"].isin(["beda", "bertentangan"])]
    per_bab = tabel[tabel["vonis"].isin(BERBEDA)]["bab"].value_counts()
    return {
        **{v: fmt.angka(int(n[v])) for v in VONIS},
        "diuji": fmt.angka(diuji),
        "semua": fmt.angka(len(tabel)),
        "tidak_cocok": fmt.angka(int(n[list(BERBEDA)].sum())),
        "salah": fmt.angka(len(salah)),
        "bagian_cocok": fmt.persen(100 * int(n["cocok"]) / diuji, 1) if diuji else fmt.missing(),
        "uraian": "; ".join(f"{bab} {fmt.angka(int(k))}" for bab, k in per_bab.items()) or "–",
    }


def social_assistance_reading(d: Data) -> str:
    """Nama bacaan bansos: "bansos_bersisa", "bansos_melebihi", atau "tanpa_bansos" bila tabelnya tidak diisi."""
    if social_assistance(d).empty:
        return "tanpa_bansos"
    return "bansos_melebihi" if _remainder(social_assistance(d)) < 0 else "bansos_bersisa"


def _remainder(uang: pd.DataFrame) -> int:
    return int(uang["sisa"].iloc[-1]) if len(uang) else 0


def reading_reconciliation(d: Data) -> dict[str, str]:
    """Angka jadi untuk bacaan rekonsiliasi."""
    uang, batas, isi = social_assistance(d), cutoffs(d), budget(d)
    sisa = _remainder(uang)
    return {
        "sisa": fmt.rupiah(abs(sisa), "triliun") if len(uang) else fmt.missing(),
        "bagian_sisa": fmt.persen(100 * abs(sisa) / int(uang["rupiah"].iloc[0]), 2) if len(uang) else fmt.missing(),
        "sama": fmt.angka(int((isi["hasil"] == "sama").sum())),
        "dalam_kisaran": fmt.angka(int((isi["hasil"] == "dalam_kisaran").sum())),
        "beda": fmt.angka(int((isi["hasil"] == "beda").sum())),
        "jumlah": fmt.angka(len(isi)),
        "tambahan": fmt.rupiah(-int(batas["selisih_realisasi"].iloc[0]), "miliar") if len(batas) > 1 else fmt.missing(),
        "awal": batas["tanggal"].iloc[0] if len(batas) else fmt.missing(),
        "akhir": batas["tanggal"].iloc[-1] if len(batas) else fmt.missing(),
    }


# Kendali --------------------------------------------------------------------------------------------------------------


def register_panel(buku: Buku, tabel: pd.DataFrame, vonis: str = SEMUA, bab: str = SEMUA) -> Panel:
    """Register yang disaring menurut vonis, bagian, dan kata."""
    semua = fmt.pick({"id": "semua yang diuji", "en": "all tested"})
    pilihan_vonis = [(semua, SEMUA), *((fmt.pick(SEBUTAN[v]), v) for v in VONIS)]
    pilihan_bab = [(fmt.pick({"id": "semua", "en": "all"}), SEMUA), *((x, x) for x in dict.fromkeys(tabel["bab"]))]

    def compute(vonis: str, bab: str, cari: str) -> Hasil:
        return filtered(buku, tabel, vonis, bab, cari)

    kendali = {
        "vonis": widgets.Dropdown(
            options=pilihan_vonis, value=vonis, description=fmt.pick({"id": "Vonis", "en": "Verdict"})
        ),
        "bab": widgets.Dropdown(
            options=pilihan_bab, value=bab, description=fmt.pick({"id": "Bagian", "en": "Section"})
        ),
        "cari": widgets.Text(
            value="",
            description=fmt.pick({"id": "Cari kata", "en": "Search"}),
            placeholder="lks/2020",
            continuous_update=False,
        ),
    }
    return Panel(compute, kendali, fmt.pick({"id": "Saring register audit", "en": "Filter the audit register"}))


def filtered(buku: Buku, tabel: pd.DataFrame, vonis: str, bab: str, cari: str = "") -> Hasil:
    """Hasil saringan: kalimat jumlah dan tabel dengan baris yang pertama saja bila panjang."""
    isi = select(tabel, vonis, bab, cari)
    n, tampil = len(isi), min(len(isi), BARIS_PANEL)
    teks = {
        "id": f"{fmt.angka(n)} angka" + (f"; {fmt.angka(tampil)} yang pertama diperlihatkan." if tampil < n else "."),
        "en": f"{fmt.angka(n)} numbers" + (f"; the first {fmt.angka(tampil)} are shown." if tampil < n else "."),
    }
    return Hasil(tabel=buku.build_table(isi.head(BARIS_PANEL), "panel", banyak=fmt.angka(n)), teks=fmt.pick(teks))
