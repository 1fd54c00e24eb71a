"""Penyaluran bantuan sosial: KPM, rupiah, dan kilogram per bulan atau tahap, terhadap aturan yang berlaku.

Nilai bantuan dan target berlaku menurut bulan (tabel ``pen_aturan``), sehingga setiap penyaluran memerlukan bulan
acuan. Bulan yang tidak dicetak diturunkan dengan dua anggapan yang selalu ditandai ``diturunkan``:

- penyaluran sebelum penyaluran lain yang bertanggal terjadi paling lambat pada bulan penyaluran itu;
- bila tidak satu pun tahap sebuah program bertanggal, tahap dibagi sama banyak ke tiap masa nilai bantuan, dan uang
  satu masa (nilai per bulan x lama masa) dibagi rata ke tahap-tahapnya.

Rupiah yang tidak dicetak hanya diturunkan pada program yang memiliki nilai bantuan; beras tetap dalam kilogram.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd

from kinerja import anggaran, fmt
from kinerja.anggaran import ratio
from kinerja.data import Data, remembered
from kinerja.errors import GalatHitung, GalatParameter

SEMUA = "semua"
PEMISAH_RENTANG = ":"
BULAN = tuple("januari februari maret april mei juni juli agustus september oktober november desember".split())
"""Kode periode yang berupa nama bulan, urut 1 sampai 12."""

GARIS_KEMISKINAN = "garis_kemiskinan_rumah_tangga"
"""Kunci tabel ``konteks`` bagi garis kemiskinan per rumah tangga miskin dan bulan."""

_ASAL = ("laporan", "diturunkan", "sumber_kedua", "tidak_tersedia")
_BULAT = "Int64"
_SATUAN = {
    **dict.fromkeys(("kpm", "target_kpm", "kpm_terbanyak", "kpm_bulan"), "kpm"),
    **dict.fromkeys(("rupiah", "per_keluarga", "nilai_aturan", "nilai_per_kpm", "per_kpm_bulan"), "rupiah"),
    **dict.fromkeys(("bila_naik", "setahun", "sebulan", "sisa", "program"), "rupiah"),
    **dict.fromkeys(("cakupan", "terhadap_bulanan"), "persen_capaian"),
    **{"kg": "kg", "bulan_dicakup": "bulan"},
}
_KOLOM_SALUR = (
    "program nama_program periode urutan bulan bulan_acuan keadaan_bulan kpm rupiah kg keadaan_rupiah target_kpm "
    "nilai_aturan kg_aturan keadaan_aturan cakupan golongan nilai_per_kpm id"
).split()
_KOLOM_KEDUA = (
    "program nama_program pagu realisasi bulan sebelum sesudah akhir_tahun keadaan_laporan setelah_tanggal letak "
    "terhadap_pagu"
).split()


# Penyaluran -----------------------------------------------------------------------------------------------------------


@remembered
def disbursements(d: Data) -> pd.DataFrame:
    """Setiap penyaluran dengan aturan yang berlaku pada bulannya (``pen_program``, ``pen_penyaluran``, ``pen_aturan``).

    Satu baris per program dan periode, urutan ``pen_program``: program, nama_program, periode, urutan, bulan
    (tercetak), bulan_acuan, keadaan_bulan; kpm, rupiah, kg (Int64), keadaan_rupiah; target_kpm, nilai_aturan (rupiah
    per KPM dan penyaluran), kg_aturan (kg per KPM dan penyaluran), keadaan_aturan; cakupan (persen terhadap target) dan
    golongan ("di_bawah", "tepat", "di_atas" target, atau kosong); nilai_per_kpm (rupiah / KPM; hanya dari rupiah
    tercetak); id. Kosong berarti tidak tersedia.
    """
    lebar = d.wide("pen_penyaluran", ["program", "periode", "urutan"])
    for kolom in {"kpm", "rupiah", "kg"} - set(lebar):
        lebar[kolom] = pd.Series(pd.NA, index=lebar.index, dtype=_BULAT)
    bulan = d["pen_penyaluran"].drop_duplicates(["program", "periode"])[["program", "periode", "bulan"]]
    nama = d["pen_program"].rename(columns={"kode": "program", "nama_pendek": "nama_program", "urutan": "_program"})
    frame = lebar.merge(bulan, on=["program", "periode"]).merge(nama[["program", "nama_program", "_program"]])
    frame = frame.sort_values(["_program", "urutan"], ignore_index=True)
    aturan = d["pen_aturan"]
    bagian = [_apply_rules(isi, aturan[aturan["program"] == p]) for p, isi in frame.groupby("program", sort=False)]
    frame = pd.concat(bagian, ignore_index=True)
    frame["cakupan"] = ratio(frame["kpm"], frame["target_kpm"]) * 100
    golongan = [frame["cakupan"] < 100, frame["cakupan"] == 100, frame["cakupan"] > 100]
    frame["golongan"] = np.select(golongan, ["di_bawah", "tepat", "di_atas"], default="")
    frame["nilai_per_kpm"] = ratio(frame["rupiah"], frame["kpm"])
    tercetak = frame["rupiah"].notna()
    frame["rupiah"] = frame["rupiah"].fillna(frame["kpm"] * frame["nilai_aturan"])
    frame["keadaan_rupiah"] = np.select(
        [tercetak, frame["rupiah"].notna()], ["dikutip", "diturunkan"], default="tidak_tersedia"
    )
    frame["id"] = "pen_penyaluran/" + frame["program"] + "/" + frame["periode"]
    return with_units(frame[_KOLOM_SALUR])


def forms(d: Data) -> pd.DataFrame:
    """Bentuk bantuan tiap tahap di samping penyalurannya (:func:`disbursements` dan kolom bentuk).

    Tanpa baris bila tabel ``pen_bentuk`` tidak diisi.
    """
    salur = disbursements(d)
    if not d.has("pen_bentuk"):
        return salur.assign(bentuk="").head(0)
    bentuk = d["pen_bentuk"][["program", "tahap", "bentuk"]].rename(columns={"tahap": "urutan"})
    return salur.merge(bentuk, on=["program", "urutan"])


def select(frame: pd.DataFrame, program: str = SEMUA, periode: str = SEMUA) -> pd.DataFrame:
    """Saring keluaran :func:`disbursements` menurut program dan periode.

    Parameters
    ----------
    frame : pandas.DataFrame
    program : str
        Kode program atau "semua".
    periode : str
        "semua", satu kode ("april", "tahap_3"), atau rentang "awal:akhir" yang kedua ujungnya ikut. Nama bulan
        berlaku bagi setiap program lewat bulan acuannya; kode tahap hanya bagi program yang memilikinya.

    Raises
    ------
    GalatParameter
        Program atau periode tidak ada, atau tidak ada penyaluran pada pilihan itu.
    """
    ada = list(dict.fromkeys(frame["program"]))
    if program != SEMUA:
        if program not in ada:
            raise GalatParameter(f"Program {program!r} tidak ada; yang ada: {SEMUA}, {', '.join(ada)}.")
        frame = frame[frame["program"] == program]
    if periode == SEMUA:
        return frame.reset_index(drop=True)
    awal, akhir = _range_ends(frame, periode)
    dipilih = pd.concat([_within(isi, awal, akhir) for _, isi in frame.groupby("program", sort=False)])
    if dipilih.empty:
        raise GalatParameter(f"Tidak ada penyaluran pada periode {periode!r} untuk program {program!r}.")
    return dipilih.reset_index(drop=True)


def rate_check(frame: pd.DataFrame) -> pd.DataFrame:
    """Penyaluran tercetak (keluaran :func:`disbursements`) di samping KPM x nilai bantuan yang berlaku.

    Baris yang rupiahnya diturunkan dari aturan itu sendiri tidak diuji, karena selisihnya nol dengan sendirinya.
    Program tanpa satu nilai per KPM (PKH) juga tidak diuji di sini; lihat :func:`kinerja.pkh.payments`.

    Kolom: program, nama_program, periode, urutan, satuan ("rupiah" atau "kg"), kpm, per_kpm (aturan), tersalur
    (tercetak), dihitung (kpm x aturan), selisih (tersalur - dihitung), menurut_target (target x aturan), belum_tersalur
    (menurut_target - tersalur; negatif bila KPM melebihi target); semuanya Int64.
    """
    bagian = []
    for satuan, aturan in (("rupiah", "nilai_aturan"), ("kg", "kg_aturan")):
        uji = frame[aturan].notna() & frame[satuan].notna()
        if satuan == "rupiah":
            uji &= frame["keadaan_rupiah"] == "dikutip"
        isi = frame[uji]
        dihitung, menurut_target = isi["kpm"] * isi[aturan], isi["target_kpm"] * isi[aturan]
        bagian.append(
            isi[["program", "nama_program", "periode", "urutan", "kpm"]].assign(
                satuan=satuan,
                per_kpm=isi[aturan],
                tersalur=isi[satuan],
                dihitung=dihitung,
                selisih=isi[satuan] - dihitung,
                menurut_target=menurut_target,
                belum_tersalur=menurut_target - isi[satuan],
            )
        )
    return pd.concat(bagian, ignore_index=True)


def totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Jumlah per program, lalu jumlah semua program.

    Keluarga yang sama dibayar berkali-kali, sehingga KPM tidak dijumlahkan: ``kpm_terbanyak`` adalah penyaluran
    terbesar, dan ``per_keluarga`` rupiah yang diterima keluarga yang ikut dalam setiap penyaluran program itu.

    Kolom: program ("jumlah_dengan_turunan" dan "jumlah_tercetak" pada dua baris terakhir), nama_program, penyaluran,
    kpm_terbanyak, target_kpm (yang terbesar), rupiah, kg, per_keluarga (jumlah rupiah / KPM tiap penyaluran, dibulatkan
    ke rupiah; Int64), keadaan_rupiah, jumlah (bool: baris jumlah); tanda dan tanda_kg ("–" pada sel yang memang tidak
    berisi).
    """
    baris = [
        {"program": program, "nama_program": nama, **_total(isi)}
        for (program, nama), isi in frame.groupby(["program", "nama_program"], sort=False)
    ]
    tercetak = frame[frame["keadaan_rupiah"] == "dikutip"]
    for kode, nama, isi in (
        ("jumlah_dengan_turunan", "Jumlah", frame),
        ("jumlah_tercetak", "Di antaranya tertulis dalam laporan", tercetak),
    ):
        jumlah = {"rupiah": int(isi["rupiah"].sum()), "keadaan_rupiah": "diturunkan", "jumlah": True}
        baris.append({"program": kode, "nama_program": nama, **jumlah})
    bulat = ("penyaluran", "kpm_terbanyak", "target_kpm", "rupiah", "kg", "per_keluarga")
    hasil = pd.DataFrame(baris).astype(dict.fromkeys(bulat, _BULAT))
    return with_units(
        hasil.assign(
            tanda=np.where(hasil["jumlah"], fmt.TIDAK_BERLAKU, ""),
            tanda_kg=np.where(hasil["kg"].isna(), fmt.TIDAK_BERLAKU, ""),
        )
    )


def cumulative(frame: pd.DataFrame) -> pd.DataFrame:
    """Rupiah kumulatif per program pada akhir tiap bulan, dari penyaluran pertama sampai yang terakhir.

    Bulan tanpa penyaluran di antaranya bernilai 0.

    Kolom: program, nama_program, bulan (int), rupiah (bulan itu), kumulatif (Int64), persen (terhadap jumlah program
    itu di dalam ``frame``), keadaan ("dikutip", atau "diturunkan" bila bulan atau rupiahnya diturunkan).
    """
    isi = frame[frame["bulan_acuan"].notna() & frame["rupiah"].notna()]
    turunan = (isi["keadaan_rupiah"] == "diturunkan") | (isi["keadaan_bulan"] == "diturunkan")
    isi = isi.assign(_turunan=turunan)
    hasil = isi.groupby(["program", "nama_program", "bulan_acuan"], sort=False, as_index=False).agg(
        rupiah=("rupiah", "sum"), _turunan=("_turunan", "any")
    )
    hasil = hasil.rename(columns={"bulan_acuan": "bulan"}).astype({"bulan": "int64", "rupiah": _BULAT})
    if hasil.empty:
        return hasil.reindex(columns=["program", "nama_program", "bulan", "rupiah", "kumulatif", "persen", "keadaan"])
    hasil = pd.concat([_every_month(x) for _, x in hasil.groupby("program", sort=False)], ignore_index=True)
    per_program = hasil.groupby("program", sort=False)["rupiah"]
    hasil["kumulatif"] = per_program.cumsum().astype(_BULAT)
    hasil["persen"] = ratio(hasil["kumulatif"], per_program.transform("sum")) * 100
    hasil["keadaan"] = np.where(hasil["_turunan"], "diturunkan", "dikutip")
    return hasil.drop(columns="_turunan")


# Sumber kedua dan belanja bansos --------------------------------------------------------------------------------------


def second_source(d: Data) -> pd.DataFrame:
    """Pagu dan realisasi menurut sumber kedua (``pen_november``) di samping penyaluran laporan.

    Bulan sumber kedua diambil dari tanggal sumbernya. Realisasi sumber kedua seharusnya terletak di antara kumulatif
    laporan pada akhir bulan sebelumnya dan pada akhir bulan itu, dengan kelonggaran satu satuan pembulatannya.

    Satu baris per program: program, nama_program, pagu, realisasi (sumber kedua), bulan (int), sebelum, sesudah
    (kumulatif laporan pada akhir bulan sebelumnya dan bulan itu), akhir_tahun (jumlah laporan), keadaan_laporan,
    setelah_tanggal (akhir_tahun - realisasi), terhadap_pagu (persen akhir_tahun / pagu), letak ("di_antara",
    "di_bawah", "di_atas", "tidak_dinilai"). Rupiah Int64. Tanpa baris bila tabelnya tidak diisi.
    """
    if not d.has("pen_november"):
        return pd.DataFrame(columns=_KOLOM_KEDUA)
    salur, sumber = disbursements(d), d["pen_november"]["sumber"].iloc[0]
    jalur, jumlah = cumulative(salur), totals(salur).set_index("program")
    bulan = dt.date.fromisoformat(str(d.sumber.set_index("id").at[sumber, "tanggal"])).month
    kedua = d.wide("pen_november", "program")[["pagu", "realisasi"]].astype(_BULAT)
    hasil = _programmes(d).merge(kedua, left_on="program", right_index=True).reset_index(drop=True)
    bertanggal = set(jalur["program"]) - set(salur.loc[salur["bulan_acuan"].isna(), "program"])
    hasil["bulan"] = bulan
    for kolom, sampai in (("sebelum", bulan - 1), ("sesudah", bulan)):
        kumulatif = jalur[jalur["bulan"] <= sampai].groupby("program")["rupiah"].sum()
        kumulatif = hasil["program"].map(kumulatif).astype(_BULAT).fillna(0)
        hasil[kolom] = kumulatif.where(hasil["program"].isin(bertanggal))
    hasil["akhir_tahun"] = hasil["program"].map(jumlah["rupiah"]).astype(_BULAT)
    hasil["keadaan_laporan"] = hasil["program"].map(jumlah["keadaan_rupiah"])
    hasil["setelah_tanggal"] = hasil["akhir_tahun"] - hasil["realisasi"]
    hasil["terhadap_pagu"] = ratio(hasil["akhir_tahun"], hasil["pagu"]) * 100
    nilai, bawah, atas = (hasil[k].astype(float) for k in ("realisasi", "sebelum", "sesudah"))
    longgar = _rounding_step(d)
    letak = [bawah.isna(), nilai < bawah - longgar, nilai > atas + longgar]
    hasil["letak"] = np.select(letak, ["tidak_dinilai", "di_bawah", "di_atas"], default="di_antara")
    return hasil[_KOLOM_KEDUA]


def reconcile(d: Data, ukuran: str = "realisasi") -> pd.DataFrame:
    """Belanja bansos pada tanggal laporan dikurangi keenam program, satu demi satu.

    Untuk realisasi, urutannya: angka laporan, lalu yang diturunkan, lalu yang hanya ada di sumber kedua. Untuk pagu,
    semua program dari sumber kedua (``pen_november``).

    Kolom: langkah ("belanja_bansos", kode program, "sisa"), nama_program, asal ("laporan", "diturunkan",
    "sumber_kedua", "tidak_tersedia"), rupiah (positif pada belanja bansos, negatif pada program), sisa (setelah langkah
    itu), program (jumlah program sampai langkah itu), jumlah (bool: baris pertama dan terakhir), keadaan. Rupiah Int64;
    program tanpa angka apa pun kosong dan tidak mengubah sisa.

    Raises
    ------
    GalatParameter
        Ukuran bukan "realisasi" atau "pagu".
    GalatHitung
        Belanja bansos tidak tersedia.
    """
    if ukuran not in ("realisasi", "pagu"):
        raise GalatParameter(f"Ukuran {ukuran!r} tidak dikenal; pilih realisasi atau pagu.")
    belanja = f"anggaran/jenis_belanja/bansos/{ukuran}/{anggaran.report_date(d)}"
    mulai = d.nilai(belanja)
    if mulai is None:
        raise GalatHitung(f"{ukuran.capitalize()} belanja bansos tidak tersedia untuk {d.tahun}.")
    butir = _programmes(d).rename(columns={"program": "langkah"}).assign(**_amounts(d, ukuran))
    butir = butir.sort_values("asal", key=lambda x: x.map(_ASAL.index), kind="stable")
    sisa = mulai - int(butir["rupiah"].sum())
    awal = {"langkah": "belanja_bansos", "nama_program": "Belanja bansos", "asal": "laporan", "rupiah": mulai}
    akhir = {"langkah": "sisa", "nama_program": "Sisa", "asal": "diturunkan", "rupiah": sisa}
    bagian = [pd.DataFrame([awal]), butir.assign(rupiah=-butir["rupiah"]), pd.DataFrame([akhir])]
    hasil = pd.concat(bagian, ignore_index=True).astype({"rupiah": _BULAT})
    hasil["sisa"] = hasil["rupiah"].fillna(0).cumsum().astype(_BULAT)
    hasil.loc[hasil.index[-1], "sisa"] = sisa
    hasil["jumlah"] = hasil["langkah"].isin(["belanja_bansos", "sisa"])
    hasil["program"] = mulai - hasil["sisa"]
    hasil["keadaan"] = hasil["asal"].replace({"laporan": "dikutip", "sumber_kedua": "dikutip"})
    asal = {d.baris(belanja)["sumber"], *d["pen_penyaluran"]["sumber"]}
    if "sumber_kedua" in set(hasil["asal"]):
        asal |= set(d["pen_november"]["sumber"])
    hasil.attrs["sumber"] = sorted(asal)
    return with_units(hasil)


def per_family(d: Data) -> pd.DataFrame:
    """Bantuan satu keluarga yang ikut dalam setiap penyaluran sebuah program, di samping garis kemiskinan.

    Kolom: program, nama_program, penyaluran, setahun (rupiah, Int64), sebulan (setahun / 12), keadaan, peran ("data"),
    dan di baris terakhir garis kemiskinan per rumah tangga miskin (program "garis_kemiskinan", peran "konteks"; sebulan
    dari ``konteks``, kosong bila tidak diisi), dan tanda ("–"). Program yang rupiahnya tidak tersedia tidak ikut;
    terbesar di atas.
    """
    isi = totals(disbursements(d)).query("~jumlah").dropna(subset="per_keluarga")
    isi = isi.rename(columns={"per_keluarga": "setahun"}).sort_values("setahun", ascending=False, kind="stable")
    isi = isi.assign(sebulan=isi["setahun"].astype(float) / len(BULAN), keadaan="diturunkan", peran="data")
    konteks = d["konteks"].query("hal == @GARIS_KEMISKINAN") if d.has("konteks") else pd.DataFrame(columns=["sumber"])
    garis = konteks["nilai"].iloc[0] if len(konteks) else np.nan
    baris = {
        "program": "garis_kemiskinan",
        "nama_program": "Garis kemiskinan per rumah tangga miskin",
        "sebulan": garis,
        "keadaan": "tidak_tersedia" if np.isnan(garis) else "dikutip",
        "peran": "konteks",
    }
    kolom = ["program", "nama_program", "penyaluran", "setahun", "sebulan", "keadaan", "peran"]
    hasil = pd.concat([isi[kolom], pd.DataFrame([baris])], ignore_index=True)
    hasil = hasil.astype({"penyaluran": _BULAT, "setahun": _BULAT}).assign(tanda=fmt.TIDAK_BERLAKU)
    hasil.attrs["sumber"] = sorted({*d["pen_penyaluran"]["sumber"], *konteks["sumber"]})
    return with_units(hasil)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _programmes(d: Data) -> pd.DataFrame:
    nama = {"kode": "program", "nama_pendek": "nama_program"}
    return d["pen_program"].sort_values("urutan", ignore_index=True).rename(columns=nama)[list(nama.values())]


def _amounts(d: Data, ukuran: str) -> dict[str, Any]:
    """Rupiah setiap program menurut urutannya, dan asalnya: laporan, atau sumber kedua bila laporan tidak memuatnya."""
    salur, program = disbursements(d), _programmes(d)["program"]
    tercetak = salur["keadaan_rupiah"].eq("dikutip").groupby(salur["program"]).all()
    laporan = totals(salur).set_index("program")["rupiah"] if ukuran == "realisasi" else pd.Series(dtype=float)
    kedua = d.wide("pen_november", "program").get(ukuran, pd.Series(dtype=float))
    laporan, kedua = (program.map(x).astype(_BULAT) for x in (laporan, kedua))
    dari = [laporan.notna() & program.map(tercetak).eq(True), laporan.notna(), kedua.notna()]
    return {"asal": np.select(dari, _ASAL[:3], default=_ASAL[3]), "rupiah": laporan.fillna(kedua)}


def _apply_rules(isi: pd.DataFrame, aturan: pd.DataFrame) -> pd.DataFrame:
    """Bulan acuan dan aturan yang berlaku, untuk semua penyaluran satu program."""
    masa = _stage_periods(isi, aturan)
    if masa is None:
        isi = isi.assign(bulan_acuan=isi["bulan"].bfill(), keadaan_aturan="dikutip")
        isi["nilai_aturan"] = _rule_in_force(isi, aturan, "nilai_per_kpm")
    else:
        isi = isi.assign(**{k: pd.array(x, dtype=_BULAT) for k, x in masa.items()}, keadaan_aturan="diturunkan")
    isi["keadaan_bulan"] = np.select(
        [isi["bulan"].notna(), isi["bulan_acuan"].notna()], ["dikutip", "diturunkan"], default="tidak_tersedia"
    )
    isi["target_kpm"] = _rule_in_force(isi, aturan, "target_kpm")
    lama = _rule_in_force(isi, aturan, "lama_bulan").fillna(1)
    return isi.assign(kg_aturan=_rule_in_force(isi, aturan, "kg_per_kpm") * lama)


def _stage_periods(isi: pd.DataFrame, aturan: pd.DataFrame) -> dict[str, list[int]] | None:
    """Bulan acuan dan nilai per tahap bila tak satu pun tahap bertanggal; None bila anggapan itu tidak berlaku."""
    nilai = aturan[aturan["ukuran"] == "nilai_per_kpm"].sort_values("bulan_awal")
    tahap = len(isi)
    if isi["bulan"].notna().any() or tahap < 2 or len(nilai) == 0 or tahap % len(nilai):
        return None
    per_masa = tahap // len(nilai)
    hasil: dict[str, list[int]] = {"bulan_acuan": [], "nilai_aturan": []}
    for masa in nilai.itertuples():
        lama = masa.bulan_akhir - masa.bulan_awal + 1
        hasil["bulan_acuan"] += [int(masa.bulan_awal + k * lama // per_masa) for k in range(per_masa)]
        hasil["nilai_aturan"] += [int(fmt.round_half_up(masa.nilai * lama / per_masa, 0))] * per_masa
    return hasil


def _rule_in_force(isi: pd.DataFrame, aturan: pd.DataFrame, ukuran: str) -> pd.Series:
    """Nilai aturan pada bulan acuan; aturan tunggal sepanjang tahun berlaku juga bagi penyaluran tanpa bulan."""
    milik = aturan[aturan["ukuran"] == ukuran]
    kolom = (milik[k] for k in ("bulan_awal", "bulan_akhir", "nilai"))
    masa = [tuple(map(int, x)) for x in zip(*kolom, strict=True)]
    if len(masa) == 1 and masa[0][:2] == (1, len(BULAN)):
        return pd.Series(masa[0][2], index=isi.index, dtype=_BULAT)
    hasil = []
    for bulan in isi["bulan_acuan"]:
        cocok = [] if bulan is pd.NA else [nilai for awal, akhir, nilai in masa if awal <= bulan <= akhir]
        if len(cocok) > 1:
            raise GalatHitung(f"Aturan {ukuran} {milik['program'].iloc[0]} tumpang tindih pada bulan {bulan}.")
        hasil.append(cocok[0] if cocok else pd.NA)
    return pd.Series(hasil, index=isi.index, dtype=_BULAT)


def _every_month(isi: pd.DataFrame) -> pd.DataFrame:
    """Satu program dengan setiap bulan dari yang pertama sampai yang terakhir; bulan tanpa penyaluran 0."""
    bulan = range(isi["bulan"].min(), isi["bulan"].max() + 1)
    penuh = isi.set_index("bulan").reindex(bulan).rename_axis("bulan").reset_index()
    penuh[["program", "nama_program"]] = isi[["program", "nama_program"]].iloc[0].tolist()
    return penuh.assign(rupiah=penuh["rupiah"].fillna(0), _turunan=penuh["_turunan"].eq(True))


def _range_ends(frame: pd.DataFrame, periode: str) -> tuple[str, str]:
    awal, pemisah, akhir = periode.partition(PEMISAH_RENTANG)
    ujung = (awal.strip(), (akhir if pemisah else awal).strip())
    for kode in ujung:
        if kode not in {*frame["periode"], *BULAN}:
            raise GalatParameter(
                f"Periode {kode!r} tidak ada; yang ada: {SEMUA}, {', '.join(dict.fromkeys(frame['periode']))}, "
                f"nama bulan, atau rentang seperti april{PEMISAH_RENTANG}juni."
            )
    return ujung


def _within(isi: pd.DataFrame, awal: str, akhir: str) -> pd.DataFrame:
    """Penyaluran satu program di antara dua kode periode miliknya, atau di antara dua bulan."""
    urutan = isi.set_index("periode")["urutan"]
    if awal in urutan.index and akhir in urutan.index:
        kolom, dari, sampai = "urutan", urutan[awal], urutan[akhir]
    elif awal in BULAN and akhir in BULAN:
        kolom, dari, sampai = "bulan_acuan", BULAN.index(awal) + 1, BULAN.index(akhir) + 1
    else:
        return isi[:0]
    if dari > sampai:
        raise GalatParameter(f"Rentang periode terbalik: {awal} sesudah {akhir}.")
    return isi[isi[kolom].between(dari, sampai).fillna(False).astype(bool)]


def _total(isi: pd.DataFrame) -> dict[str, Any]:
    keadaan = "dikutip" if len(isi) == 1 else "diturunkan"
    if (isi["keadaan_rupiah"] != "dikutip").all():
        keadaan = isi["keadaan_rupiah"].iloc[0]
    per_keluarga = ratio(isi["rupiah"], isi["kpm"]).sum(min_count=1)
    return {
        "penyaluran": len(isi),
        "kpm_terbanyak": isi["kpm"].max(),
        "target_kpm": isi["target_kpm"].max(),
        "rupiah": isi["rupiah"].sum(min_count=1),
        "kg": isi["kg"].sum(min_count=1),
        "per_keluarga": pd.NA if np.isnan(per_keluarga) else int(fmt.round_half_up(per_keluarga, 0)),
        "keadaan_rupiah": keadaan,
        "jumlah": False,
    }


def _rounding_step(d: Data) -> int:
    """Satuan pembulatan terbesar yang membagi semua angka per program sumber kedua."""
    isi = d["pen_november"].query("program != 'jumlah' and satuan == 'rupiah'")
    return anggaran.power_of_ten(math.gcd(*isi["nilai"].astype("int64")))


def with_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Satuan tiap kolom ukuran di ``frame.attrs["satuan"]``."""
    frame.attrs["satuan"] = {k: v for k, v in _SATUAN.items() if k in frame}
    return frame
