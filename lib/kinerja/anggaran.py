"""Anggaran: penyerapan, perubahan pagu, Perjanjian Kinerja, dan UKE 1.

Rupiah dihitung sebagai bilangan bulat; persen tidak dibulatkan. Tanggal laporan adalah ``per`` terakhir pada tabel
``anggaran``, atau yang terdekat dengan akhir periode laporannya; tanggal lain adalah sumber kedua.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt, periode
from kinerja.data import Data, remembered
from kinerja.errors import GalatHitung, GalatParameter

JUMLAH = "jumlah"
"""Kode baris jumlah pada tabel ``pk_anggaran``."""

_URUTAN_TOTAL = ("sasaran", "program", "kegiatan", "jenis_belanja")
_JAUH_HARI = 45
_SKALA = (12, 9, 6)
_DESIMAL_BERITA = 2
_TEPI = ("", "_bawah", "_atas")


# Penyerapan pada tanggal laporan --------------------------------------------------------------------------------------


def report_date(d: Data) -> str:
    """Tanggal laporan (ISO): ``per`` terakhir, atau bagi triwulan dan semester yang terdekat dengan akhir periodenya.

    Raises
    ------
    GalatParameter
        Tidak ada ``per`` dalam 45 hari dari akhir periode itu.
    """
    ada = sorted(set(d["anggaran"]["per"]))
    if d.periode == periode.TAHUN:
        return ada[-1]
    akhir = periode.end_date(d.tahun, d.periode)
    jauh = {x: abs((dt.date.fromisoformat(x) - akhir).days) for x in ada}
    dekat = min(ada, key=lambda x: jauh[x])
    if jauh[dekat] > _JAUH_HARI:
        raise GalatParameter(
            f"Tabel anggaran tidak punya angka untuk {periode.label(d.tahun, d.periode)} (paling jauh "
            f"{_JAUH_HARI} hari dari {akhir}); tanggal yang ada: {', '.join(ada)}."
        )
    return dekat


def has_money(d: Data) -> bool:
    """Apakah ada angka anggaran pada periode laporan."""
    try:
        return d.has("anggaran") and bool(report_date(d))
    except GalatParameter:
        return False


def step(d: Data) -> int:
    """Ketelitian uang dalam rupiah: ``aturan/pembulatan_uang``, atau 1 bila rupiahnya utuh."""
    return int(d.rule("pembulatan_uang") or 1)


def step_name(d: Data) -> str:
    """Ketelitian uang dalam kata ("juta rupiah"); kosong bila rupiahnya utuh."""
    return "" if step(d) == 1 else fmt.satuan("rupiah", fmt.scale_of(step(d)) or "ribu")


def main_breakdown(d: Data) -> str:
    """Rincian utama yang tertulis: jenis belanja, program, kegiatan, atau sasaran; "jenis_belanja" bila tidak ada."""
    ada = details(d)
    return next((x for x in ("jenis_belanja", "program", "kegiatan", "sasaran") if x in ada), "jenis_belanja")


def details(d: Data, per: str | None = None) -> list[str]:
    """Rincian pada satu tanggal (bawaan tanggal laporan), total lebih dahulu bila ada atau dapat dijumlahkan."""
    if not has_money(d):
        return []
    ada = _written(d, report_date(d) if per is None else per)
    return ["total", *ada] if _parts_of_total(d, ada) else ada


@remembered
def absorption(d: Data, rincian: str, per: str | None = None) -> pd.DataFrame:
    """Pagu, realisasi, dan penyerapan satu rincian (lihat :func:`details`) pada satu tanggal ISO.

    Total yang tidak tertulis adalah jumlah rincian lengkap yang pertama (sasaran, program, kegiatan, jenis belanja).
    Realisasi yang tidak tertulis dihitung dari pagu dan persen terserapnya.

    Urutan data: kode, nama, pagu, realisasi, sisa (rupiah, Int64), penyerapan (persen, tanpa pembulatan; yang tertulis
    bila pagu atau realisasinya tidak ada), penyerapan_tercetak, selisih (tercetak dikurangi hitungan pada desimal
    tercetak, poin persen), bagian_pagu dan bagian_realisasi (persen dari jumlah rincian itu; NaN bila ada bagian yang
    tidak tersedia), per, keadaan, dan keadaan_realisasi (diturunkan bila dihitung dari persennya, tidak_tersedia bila
    tidak ada).

    Raises
    ------
    GalatParameter
        Rincian atau tanggal tidak ada.
    """
    per = report_date(d) if per is None else per
    if rincian == "total" and (bagian := _parts_of_total(d, _written(d, per))):
        return _sum_up(d, absorption(d, bagian, per))
    a = _part(d, rincian, per)
    uang = a[a["satuan"] == "rupiah"].pivot(index=["kode", "nama"], columns="ukuran", values="nilai")
    lebar = a[["kode", "nama"]].drop_duplicates(ignore_index=True)
    lebar = lebar.join(uang.reindex(columns=["pagu", "realisasi"]).astype("Int64"), on=["kode", "nama"])
    tercetak = a[a["ukuran"] == "penyerapan"].set_index("kode")
    lebar["penyerapan_tercetak"] = lebar["kode"].map(tercetak["nilai"])
    tertulis = lebar["realisasi"].notna()
    rupiah = (lebar["pagu"].astype("Float64") * lebar["penyerapan_tercetak"] / 100).round().astype("Int64")
    lebar["realisasi"] = lebar["realisasi"].fillna(rupiah)
    keadaan = np.select([tertulis, lebar["realisasi"].notna()], ["dikutip", "diturunkan"], "tidak_tersedia")
    lebar["sisa"] = lebar["pagu"] - lebar["realisasi"]
    hitung = ratio(lebar["realisasi"], lebar["pagu"]) * 100
    desimal = lebar["kode"].map(tercetak["desimal"])
    lebar["selisih"] = [difference(*x) for x in zip(lebar["penyerapan_tercetak"], hitung, desimal, strict=True)]
    lebar["penyerapan"] = hitung.where(tertulis, lebar["penyerapan_tercetak"])
    for ukuran in ("pagu", "realisasi"):
        lebar[f"bagian_{ukuran}"] = ratio(lebar[ukuran], lebar[ukuran].sum(skipna=False)) * 100
    return lebar.assign(per=per, keadaan="dikutip", keadaan_realisasi=keadaan)


def lines(d: Data, *rincian: str, per: str | None = None) -> pd.DataFrame:
    """Pagu, realisasi, dan sisa menurut satu atau beberapa rincian, dengan total institusi di baris terakhir.

    Rincian yang belum diisi dilewati; ``per`` tanggal ISO, bawaan tanggal laporan.

    Berindeks kode, baris total "total": kode, nama, rincian, pagu, realisasi, sisa (rupiah, Int64), penyerapan
    (persen), keadaan_realisasi, jumlah (bool: baris total, kosong bila total tidak tertulis dan tidak dapat
    dijumlahkan). Tanpa baris bila tidak ada anggaran. ``attrs`` seperti :meth:`kinerja.data.Data.wide`;
    ``attrs["totals"]`` menyebut kolom ``jumlah``.
    """
    kolom = "kode nama rincian pagu realisasi sisa penyerapan keadaan_realisasi".split()
    tertulis = details(d, per)
    ada = [x for x in dict.fromkeys((*rincian, "total")) if x in tertulis]
    bagian = [absorption(d, x, per).assign(rincian=x)[kolom] for x in ada]
    if "total" not in ada:
        isi = {"kode": "total", "nama": d.rule_text("nama_institusi"), "rincian": "total"}
        kosong = pd.DataFrame([isi | {"keadaan_realisasi": "tidak_tersedia"}] if tertulis else [], columns=kolom)
        bagian.append(kosong.astype(dict.fromkeys(kolom[3:6], "Int64") | {"penyerapan": float}))
    frame = pd.concat(bagian, ignore_index=True)
    frame["jumlah"] = frame["rincian"] == "total"
    ganda = frame["kode"].duplicated(keep=False)  # kode program dan kegiatannya boleh sama
    kunci = frame["kode"].mask(ganda, frame["rincian"] + "/" + frame["kode"]).mask(frame["jumlah"], "total")
    frame.index = pd.Index(kunci.tolist(), dtype=object)
    frame.attrs = {"satuan": dict.fromkeys(("pagu", "realisasi", "sisa"), "rupiah") | {"penyerapan": "persen"}}
    frame.attrs["totals"] = "jumlah"
    if len(frame):
        a = d["anggaran"]
        a = a[(a["per"] == (report_date(d) if per is None else per)) & a["rincian"].isin(ada)]
        kunci = dict(zip(zip(frame["rincian"], frame["kode"], strict=True), frame.index, strict=True))
        a = a.assign(kunci=[kunci[x] for x in zip(a["rincian"], a["kode"], strict=True)]).set_index("ukuran")
        frame.attrs["sumber"] = sorted(set(a["sumber"]))
        for nama, isi in (("ids", "id"), ("keadaan", "keadaan")):
            frame.attrs[nama] = {u: dict(a.loc[a.index == u, ["kunci", isi]].to_numpy()) for u in kolom[3:5]}
    return frame


def total(d: Data) -> pd.Series:
    """Pagu, realisasi, sisa, dan penyerapan seluruhnya; kosong bila tidak tertulis dan tidak dapat dijumlahkan."""
    frame = lines(d)
    kosong = pd.Series({"pagu": pd.NA, "realisasi": pd.NA, "sisa": pd.NA, "penyerapan": np.nan}, dtype=object)
    return frame.loc["total"] if len(frame) else kosong


def cutoffs(d: Data) -> pd.DataFrame:
    """Realisasi total menurut tanggal batas; pembaginya selalu pagu pada tanggal laporan.

    Urut tanggal: per, sumber, judul_sumber, realisasi (Int64), penyerapan (persen), penyerapan_tercetak,
    selisih_realisasi (terhadap tanggal laporan, rupiah), keadaan.
    """
    kolom = "per sumber realisasi penyerapan penyerapan_tercetak keadaan selisih_realisasi judul_sumber".split()
    pagu = total(d)["pagu"]
    if pd.isna(pagu):
        return pd.DataFrame(columns=kolom)
    a = d["anggaran"].set_index("per").sort_index(kind="stable")
    a = a[a["rincian"] == "total"]
    frame = a[a["ukuran"] == "realisasi"].dropna(subset="nilai").reset_index()
    frame["realisasi"] = frame["nilai"].astype("Int64")
    frame["penyerapan"] = ratio(frame["realisasi"], pagu) * 100
    frame["penyerapan_tercetak"] = frame["per"].map(a.loc[a["ukuran"] == "penyerapan", "nilai"])
    frame["selisih_realisasi"] = frame["realisasi"] - (frame["realisasi"].iloc[-1] if len(frame) else pd.NA)
    frame["judul_sumber"] = frame["sumber"].map(d.sumber.set_index("id")["judul_pendek"])
    return frame[kolom]


# Perubahan pagu dan Perjanjian Kinerja --------------------------------------------------------------------------------


def ceiling_steps(d: Data) -> pd.DataFrame:
    """Langkah perubahan pagu dari awal sampai akhir, dengan pemeriksaan tiap langkah.

    Kolom: langkah, urutan, nama, jenis ("awal", "tambah", "kurang", "akhir"), perubahan (Int64; kosong di langkah awal
    dan akhir), pagu (tercetak), pagu_dihitung (pagu langkah sebelumnya ditambah perubahan), selisih (tercetak -
    dihitung), nilai (pagu pada langkah awal dan akhir, perubahan di antaranya), jumlah (bool: awal dan akhir), keadaan,
    tanda ("–", bagi perubahan yang memang tidak ada). Baris "pagu_akhir" mengulang pagu langkah terakhir. Tanpa baris
    bila tabel ``pagu`` tidak diisi.

    Raises
    ------
    GalatHitung
        Langkah pertama tidak punya pagu.
    """
    kolom = "langkah urutan nama jenis perubahan pagu pagu_dihitung selisih nilai jumlah keadaan tanda".split()
    if not d.has("pagu"):
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(kolom[4:9], "Int64") | {"jumlah": bool})
    lebar = _by_step(d)
    lebar = lebar[lebar["pagu"].notna()].reset_index(drop=True)
    if lebar.empty or not pd.isna(lebar["perubahan"].iloc[0]):
        raise GalatHitung("Tabel pagu harus dimulai dengan pagu awal yang tidak punya perubahan.")
    # Setiap langkah dihitung dari pagu tercetak sebelumnya, supaya satu salah cetak tidak menjalar ke bawah.
    lebar["pagu_dihitung"] = (lebar["pagu"].shift() + lebar["perubahan"]).fillna(lebar["pagu"])
    lebar["selisih"] = lebar["pagu"] - lebar["pagu_dihitung"]
    lebar["jenis"] = np.where(lebar["perubahan"].fillna(0) < 0, "kurang", "tambah")
    lebar.loc[0, "jenis"] = "awal"
    akhir = lebar.tail(1).assign(langkah="pagu_akhir", nama="Pagu Akhir", jenis="akhir", perubahan=pd.NA, selisih=0)
    akhir = akhir.assign(urutan=akhir["urutan"] + 1, pagu_dihitung=akhir["pagu"]).astype(lebar.dtypes)
    lebar = pd.concat([lebar, akhir], ignore_index=True)
    lebar["jumlah"] = lebar["jenis"].isin(["awal", "akhir"])
    lebar["nilai"] = lebar["pagu"].where(lebar["jumlah"], lebar["perubahan"])
    lebar = lebar.assign(keadaan="dikutip", tanda=fmt.TIDAK_BERLAKU)[kolom]
    lebar.attrs["satuan"] = dict.fromkeys(kolom[4:9], "rupiah")
    return lebar


def ceiling_change(d: Data) -> pd.DataFrame:
    """Pagu awal, pagu akhir, dan perubahannya di samping yang tercetak; satu baris, berindeks "pagu".

    Kolom: awal, akhir, tambahan (rupiah, Int64), persen (float), tambahan_tercetak, persen_tercetak. Kosong semuanya
    bila tabel ``pagu`` tidak diisi.
    """
    langkah = ceiling_steps(d)
    isi: dict[str, Any] = {}
    if len(langkah):
        awal, akhir = langkah["pagu"].iloc[0], langkah["pagu"].iloc[-1]
        isi = {"awal": awal, "akhir": akhir, "tambahan": akhir - awal, "persen": (akhir - awal) / awal * 100}
        cetak = _by_step(d).query("pagu.isna()").head(1)
        isi |= {"tambahan_tercetak": cetak["perubahan"].max(), "persen_tercetak": cetak["persen_perubahan"].max()}
    rupiah, persen = ["awal", "akhir", "tambahan", "tambahan_tercetak"], ["persen", "persen_tercetak"]
    frame = pd.DataFrame([isi], index=["pagu"], columns=[*rupiah, *persen])
    frame = frame.astype(dict.fromkeys(rupiah, "Int64") | dict.fromkeys(persen, float))
    frame.attrs["satuan"] = dict.fromkeys(rupiah, "rupiah") | dict.fromkeys(persen, "persen_perubahan")
    return frame


def versions(d: Data) -> list[str]:
    """Versi Perjanjian Kinerja yang memuat anggaran, dalam urutan data; kosong bila tidak ada."""
    return list(dict.fromkeys(d["pk_anggaran"]["versi"])) if d.has("pk_anggaran") else []


def agreements(d: Data) -> pd.DataFrame:
    """Anggaran per program dalam setiap versi Perjanjian Kinerja, tanpa baris jumlah.

    Panjang: versi, program, nama, nilai (rupiah, Int64), bagian (persen dari jumlah versi itu), satuan, keadaan.
    """
    kolom = ["versi", "program", "nama", "nilai", "bagian", "satuan", "keadaan"]
    if not versions(d):
        return pd.DataFrame(columns=kolom).astype({"nilai": "Int64", "bagian": float})
    frame = d["pk_anggaran"].astype({"nilai": "Int64"})
    frame = frame[frame["program"] != JUMLAH].reset_index(drop=True)
    frame["bagian"] = ratio(frame["nilai"], frame.groupby("versi")["nilai"].transform("sum")) * 100
    return frame[kolom]


def agreement(d: Data, versi: str, pembanding: str | None = None) -> pd.DataFrame:
    """Satu versi Perjanjian Kinerja per program, dibandingkan dengan versi lain (bawaan: versi sebelumnya).

    Kolom: program, nama, nilai, bagian, keadaan, nilai_pembanding, bagian_pembanding, selisih (rupiah),
    persen_perubahan, selisih_bagian (poin persen); kolom perbandingan versi pertama kosong. Terurut menurut nilai,
    terbesar di atas. Tanpa baris bila tahun ini tidak punya anggaran Perjanjian Kinerja.

    Raises
    ------
    GalatParameter
        Versi tidak ada.
    """
    urutan = versions(d)
    for nama in (versi, pembanding):
        if nama is not None and urutan and nama not in urutan:
            raise GalatParameter(f"Versi Perjanjian Kinerja {nama!r} tidak ada; pilih: {', '.join(urutan)}.")
    if pembanding is None and versi in urutan[1:]:
        pembanding = urutan[urutan.index(versi) - 1]
    semua = agreements(d)
    isi, lain = (semua[semua["versi"] == x].set_index("program") for x in (versi, pembanding))
    frame = isi[["nama", "nilai", "bagian", "keadaan"]].join(lain[["nilai", "bagian"]].add_suffix("_pembanding"))
    frame["selisih"] = frame["nilai"] - frame["nilai_pembanding"]
    frame["persen_perubahan"] = ratio(frame["selisih"], frame["nilai_pembanding"]) * 100
    frame["selisih_bagian"] = frame["bagian"] - frame["bagian_pembanding"]
    return frame.sort_values("nilai", ascending=False, kind="stable").reset_index()


def agreement_change(d: Data, dari: str | None = None, ke: str | None = None) -> pd.DataFrame:
    """Anggaran tiap program dalam dua versi Perjanjian Kinerja dan jumlahnya; bawaan yang pertama dan terakhir.

    Kolom: program, nama, dari, ke (kode versi), awal, akhir, selisih (rupiah, Int64), persen_perubahan, jumlah (bool:
    baris terakhir), keadaan; kenaikan terbesar di atas. Tanpa baris bila versinya kurang dari dua.
    """
    kolom = ["program", "nama", "dari", "ke", "awal", "akhir", "selisih", "persen_perubahan", "jumlah", "keadaan"]
    urutan = versions(d)
    if len(urutan) < 2:
        tipe = dict.fromkeys(kolom[4:7], "Int64") | {"persen_perubahan": float, "jumlah": bool}
        return pd.DataFrame(columns=kolom).astype(tipe)
    dari, ke = dari or urutan[0], ke or urutan[-1]
    frame = agreement(d, ke, dari).rename(columns={"nilai": "akhir", "nilai_pembanding": "awal"})
    frame = frame.sort_values("selisih", ascending=False, kind="stable").assign(jumlah=False)
    akhir = frame[["awal", "akhir", "selisih"]].sum(skipna=False)
    akhir = pd.DataFrame([{"program": JUMLAH, "nama": "Jumlah", **akhir, "jumlah": True, "keadaan": "dikutip"}])
    akhir["persen_perubahan"] = ratio(akhir["selisih"], akhir["awal"]) * 100
    hasil = pd.concat([frame, akhir], ignore_index=True).assign(dari=dari, ke=ke)
    hasil = hasil.astype(dict.fromkeys(kolom[4:7], "Int64"))[kolom]
    hasil.attrs["satuan"] = dict.fromkeys(kolom[4:7], "rupiah") | {"persen_perubahan": "persen_perubahan"}
    return hasil


def agreement_totals(d: Data) -> pd.DataFrame:
    """Jumlah setiap versi Perjanjian Kinerja, dan langkah pagu yang nilainya sama.

    Kolom: versi, jumlah_tercetak, jumlah_dihitung, selisih (rupiah, Int64), langkah, nama_langkah (kosong bila tidak
    ada pagu yang sama), jarak_ke_akhir (pagu akhir dikurangi jumlah), keadaan.
    """
    kolom = "versi jumlah_tercetak jumlah_dihitung selisih langkah nama_langkah jarak_ke_akhir keadaan".split()
    if not versions(d):
        return pd.DataFrame(columns=kolom)
    frame = _agreement_sums(d)
    langkah = ceiling_steps(d).drop_duplicates("pagu").set_index("pagu")
    for nama, asal in (("langkah", "langkah"), ("nama_langkah", "nama")):
        frame[nama] = frame["jumlah_dihitung"].map(langkah[asal]).fillna("")
    frame["jarak_ke_akhir"] = (total(d)["pagu"] - frame["jumlah_dihitung"]).astype("Int64")
    return frame.assign(keadaan="dikutip")[kolom]


# Rincian di samping total, dan unit kerja -----------------------------------------------------------------------------


def reconcile(d: Data) -> pd.DataFrame:
    """Jumlah setiap rincian lengkap di samping total institusi pada tanggal laporan, dan Renja di samping pagu awal.

    Kolom: rincian, ukuran ("pagu", "realisasi", "pagu_awal"), jumlah, total, selisih (rupiah, int64), ruang (selisih
    terbesar yang masih sesuai pembulatan uangnya, rupiah), cocok (bool: selisih di dalam ruang itu), keadaan.
    """
    baris, seluruh, setengah = [], total(d), step(d) / 2
    for rincian in (x for x in details(d) if x != "total"):
        frame = absorption(d, rincian)
        for ukuran in ("pagu", "realisasi"):
            if frame[ukuran].isna().any() or fmt.is_missing(seluruh[ukuran]):
                continue
            ruang = int(setengah * (len(frame) + 1)) if step(d) > 1 else 0
            baris.append((rincian, ukuran, int(frame[ukuran].sum()), int(seluruh[ukuran]), ruang))
    if d.has("renja_anggaran") and d.has("pagu"):
        jumlah, awal = d["renja_anggaran"]["nilai"].sum(), ceiling_change(d)["awal"].iloc[0]
        baris.append(("renja", "pagu_awal", int(jumlah), int(awal), 0))
    frame = pd.DataFrame(baris, columns=["rincian", "ukuran", "jumlah", "total", "ruang"])
    frame["selisih"] = frame["jumlah"] - frame["total"]
    return frame.assign(cocok=frame["selisih"].abs() <= frame["ruang"], keadaan="diturunkan")


def units(d: Data, rincian: str = "uke1") -> pd.DataFrame:
    """Realisasi per unit kerja eselon I menurut sumber kedua, dengan pagu yang diturunkan dari realisasi / penyerapan.

    Realisasi diucapkan dengan dua desimal dalam triliun atau miliar dan penyerapan dicetak dengan dua desimal;
    ``pagu_bawah`` dan ``pagu_atas`` adalah pagu terkecil dan terbesar yang masih sesuai dengan kedua pembulatan itu.

    Kolom: kode, nama, realisasi (Int64), langkah_bulat (rupiah), penyerapan (persen), pagu (diturunkan, rupiah, float),
    pagu_bawah, pagu_atas, sisa (pagu - realisasi), sisa_bawah, sisa_atas (dari kedua pembulatan), per, sumber, keadaan
    ("dikutip" untuk realisasi), keadaan_pagu; sisa terbesar di atas. Kosong bila rincian itu tidak ada untuk tahun ini.
    """
    kolom = (
        "kode nama realisasi langkah_bulat penyerapan pagu pagu_bawah pagu_atas sisa sisa_bawah sisa_atas per sumber "
        "keadaan keadaan_pagu"
    ).split()
    a = d["anggaran"] if d.has("anggaran") else pd.DataFrame(columns=["rincian"])
    a = a[a["rincian"] == rincian]
    if a.empty:
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(kolom[4:11], float))
    baris = []
    for kode, isi in a[a["per"] == a["per"].max()].groupby("kode", sort=False):
        butir = {"kode": kode, **isi[["nama", "per", "sumber"]].iloc[0]}
        baris.append(butir | _unit(isi.set_index("ukuran")))
    frame = pd.DataFrame(baris).astype({"realisasi": "Int64", "langkah_bulat": "Int64"})[kolom]
    frame = frame.sort_values("sisa", ascending=False, kind="stable", ignore_index=True)
    rupiah = [k for k in kolom if k.startswith(("realisasi", "pagu", "sisa"))]
    frame.attrs["satuan"] = dict.fromkeys(rupiah, "rupiah") | {"penyerapan": "persen"}
    return frame


def unit_totals(d: Data, rincian: str = "uke1") -> pd.DataFrame:
    """Jumlah UKE 1 beserta kisaran pembulatannya, di samping total institusi.

    Baris "realisasi" (total pada tanggal yang sama) dan "pagu" (total pada tanggal laporan): ukuran, jumlah, bawah,
    atas, total (rupiah, float), sesuai (bool: total ada di dalam kisaran), keadaan. Tanpa baris bila rincian itu tidak
    ada.
    """
    u = units(d, rincian)
    kolom = ["ukuran", "jumlah", "bawah", "atas", "total", "sesuai", "keadaan"]
    if u.empty:
        return pd.DataFrame(columns=kolom)
    setengah, realisasi = float(u["langkah_bulat"].sum()) / 2, float(u["realisasi"].sum())
    per_tanggal = cutoffs(d).set_index("per")["realisasi"].get(u["per"].iloc[0], np.nan)
    pagu = [float(u[k].sum(skipna=False)) for k in ("pagu", "pagu_bawah", "pagu_atas")]
    baris = [
        ("realisasi", realisasi, realisasi - setengah, realisasi + setengah, float(per_tanggal)),
        ("pagu", *pagu, float(pd.to_numeric(total(d)["pagu"], errors="coerce"))),
    ]
    frame = pd.DataFrame(baris, columns=kolom[:5])
    return frame.assign(sesuai=frame["total"].between(frame["bawah"], frame["atas"]), keadaan="diturunkan")


def breakdowns(d: Data) -> pd.DataFrame:
    """Semua rincian anggaran di samping totalnya: sasaran, jenis belanja, Renja, unit kerja, dan Perjanjian Kinerja.

    Kolom: rincian (kode; "program" untuk Perjanjian Kinerja), ukuran, jumlah, total, selisih (rupiah, Int64), bawah,
    atas (kisaran jumlah bila bagiannya ditulis bulat), hasil ("sama", "dalam_kisaran", "beda"), keadaan.
    """
    kolom = ["rincian", "ukuran", "jumlah", "total", "bawah", "atas", "hasil", "keadaan"]
    baris = []
    if has_money(d):
        sama, unit = reconcile(d), unit_totals(d).assign(rincian="uke1")
        hasil = np.select([sama["selisih"] == 0, sama["cocok"]], ["sama", "dalam_kisaran"], "beda")
        baris.append(sama.assign(hasil=hasil))
        baris.append(unit.assign(hasil=unit["sesuai"].map({True: "dalam_kisaran", False: "beda"})))
    if versions(d):
        program = _agreement_sums(d).rename(columns={"versi": "ukuran", "jumlah_dihitung": "jumlah"})
        program = program.assign(rincian="program", total=program["jumlah_tercetak"], keadaan="diturunkan")
        sama = program["jumlah"].eq(program["total"]).fillna(False)
        baris.append(program.assign(hasil=sama.map({True: "sama", False: "beda"})))
    isi = [x.reindex(columns=kolom).astype(object) for x in baris if len(x)]
    hasil = pd.concat(isi, ignore_index=True) if isi else pd.DataFrame(columns=kolom)
    for k in ("jumlah", "total", "bawah", "atas"):
        hasil[k] = pd.to_numeric(hasil[k]).round().astype("Int64")
    return hasil.assign(selisih=hasil["jumlah"] - hasil["total"])


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _written(d: Data, per: str) -> list[str]:
    """Rincian yang tertulis pada satu tanggal."""
    a = d["anggaran"]
    return list(dict.fromkeys(a.loc[a["per"] == per, "rincian"]))


def _parts_of_total(d: Data, ada: Sequence[str]) -> str:
    """Rincian yang dijumlahkan menjadi total; kosong bila total tertulis atau tidak ada rincian yang lengkap.

    Anggaran sebagian sasaran bukan total; sasaran tanpa anggaran membuat rincian itu tidak lengkap.
    """
    if "total" in ada:
        return ""
    a = d["anggaran"]
    for rincian in (x for x in _URUTAN_TOTAL if x in ada):
        kode = set(a.loc[a["rincian"] == rincian, "kode"])
        if rincian != "sasaran" or kode >= set(d["sasaran"]["kode"]):
            return rincian
    return ""


def _sum_up(d: Data, bagian: pd.DataFrame) -> pd.DataFrame:
    """Satu baris total dari jumlah bagiannya; kosong bila ada bagian yang tidak tersedia."""
    jumlah = {k: bagian[k].sum(skipna=False) for k in ("pagu", "realisasi", "sisa")}
    frame = pd.DataFrame([{"kode": "total", "nama": d.rule_text("nama_institusi"), **jumlah}])
    frame = frame.astype(dict.fromkeys(jumlah, "Int64"))
    frame["penyerapan"] = ratio(frame["realisasi"], frame["pagu"]) * 100
    ada = frame["realisasi"].notna().map({True: "diturunkan", False: "tidak_tersedia"})
    kosong = dict.fromkeys(("penyerapan_tercetak", "selisih"), np.nan)
    bagian_ = {f"bagian_{k}": frame[k].notna().map({True: 100.0, False: np.nan}) for k in ("pagu", "realisasi")}
    per = bagian["per"].iloc[0]
    return frame.assign(keadaan_realisasi=ada, **kosong, **bagian_, per=per, keadaan="diturunkan")


def _part(d: Data, rincian: str, per: str) -> pd.DataFrame:
    a = d["anggaran"]
    if rincian not in set(a["rincian"]):
        raise GalatParameter(
            f"Rincian anggaran {rincian!r} tidak ada; pilih: {', '.join(dict.fromkeys(a['rincian']))}."
        )
    hasil = a[(a["rincian"] == rincian) & (a["per"] == per)]
    if hasil.empty:
        ada = sorted(set(a.loc[a["rincian"] == rincian, "per"]))
        raise GalatParameter(f"Anggaran {rincian!r} per {per} tidak ada; yang ada: {', '.join(ada)}.")
    return hasil


def _agreement_sums(d: Data) -> pd.DataFrame:
    cetak = d["pk_anggaran"].set_index("versi")
    cetak = cetak.loc[cetak["program"] == JUMLAH, "nilai"]
    frame = agreements(d).groupby("versi", sort=False, as_index=False).agg(jumlah_dihitung=("nilai", "sum"))
    frame["jumlah_tercetak"] = frame["versi"].map(cetak).astype("Int64")
    return frame.assign(selisih=frame["jumlah_tercetak"] - frame["jumlah_dihitung"])


def _by_step(d: Data) -> pd.DataFrame:
    tabel = d["pagu"]
    lebar = tabel.pivot(index=["langkah", "urutan", "nama"], columns="ukuran", values="nilai")
    lebar = lebar.reindex(columns=["perubahan", "pagu", "persen_perubahan"])
    lebar.columns.name = None
    lebar = lebar.reset_index().sort_values("urutan", kind="stable", ignore_index=True)
    return lebar.astype({"perubahan": "Int64", "pagu": "Int64"})


def _unit(isi: pd.DataFrame) -> dict[str, Any]:
    """Realisasi satu unit, dan pagu dan sisanya di tengah, terkecil, dan terbesar menurut pembulatannya."""
    realisasi, persen, dicetak = (isi["nilai"].get(k, np.nan) for k in ("realisasi", "penyerapan", "pagu"))
    utuh, langkah = (pd.NA, pd.NA) if pd.isna(realisasi) else (int(realisasi), _rounding_step(int(realisasi)))
    if not pd.isna(dicetak):
        pagu, sisa, keadaan = [dicetak] * 3, [dicetak - realisasi] * 3, "dikutip"
    elif pd.isna(realisasi) or pd.isna(persen) or persen <= 0:
        pagu, sisa, keadaan = [np.nan] * 3, [np.nan] * 3, "tidak_tersedia"
    else:
        setengah, setengah_persen = langkah / 2, 0.5 * 10.0 ** -int(isi.loc["penyerapan", "desimal"])
        # Keduanya naik bersama realisasi dan turun bila penyerapan naik, sehingga tepinya ada di sudut pembulatan.
        sudut = [(0, 0), (-setengah, setengah_persen), (setengah, -setengah_persen)]
        pagu = [(realisasi + r) / (persen + p) * 100 for r, p in sudut]
        sisa, keadaan = [x - realisasi - r for x, (r, _) in zip(pagu, sudut, strict=True)], "diturunkan"
    tepi = {f"{k}{x}": nilai[n] for k, nilai in (("pagu", pagu), ("sisa", sisa)) for n, x in enumerate(_TEPI)}
    umum = {"realisasi": utuh, "langkah_bulat": langkah, "penyerapan": persen, "keadaan": "dikutip"}
    return umum | tepi | {"keadaan_pagu": keadaan}


def _rounding_step(rupiah: int) -> int:
    """Langkah pembulatan angka berita: dua desimal dalam triliun, miliar, atau juta, menurut besarnya.

    Angka yang tidak habis dibagi langkah itu diucapkan lebih rinci; langkahnya adalah pangkat sepuluh yang membaginya.
    """
    for pangkat in _SKALA:
        if rupiah >= 10**pangkat:
            langkah = 10 ** (pangkat - _DESIMAL_BERITA)
            if rupiah % langkah == 0:
                return langkah
            break
    return power_of_ten(rupiah)


def power_of_ten(nilai: int) -> int:
    """Pangkat sepuluh terbesar yang membagi ``nilai``; 1 bagi 0."""
    langkah = 1
    while nilai and nilai % (langkah * 10) == 0:
        langkah *= 10
    return langkah


def ratio(atas: pd.Series, bawah: Any) -> pd.Series:
    """Hasil bagi sebagai float64; penyebut 0 atau yang tidak tersedia memberi NaN."""
    bawah = bawah if isinstance(bawah, pd.Series) else pd.Series(bawah, index=atas.index)
    a, b = (x.to_numpy(float, na_value=np.nan) for x in (atas, bawah))
    return pd.Series(np.divide(a, b, out=np.full(len(a), np.nan), where=b != 0), index=atas.index)


def difference(tercetak: float, dihitung: float, desimal: float) -> float:
    """Tercetak dikurangi hitungan yang dibulatkan pada desimal tercetak; NaN bila salah satunya tidak ada."""
    if fmt.is_missing(tercetak) or fmt.is_missing(dihitung):
        return float("nan")
    return fmt.round_half_up(tercetak - fmt.round_half_up(float(dihitung), int(desimal)), int(desimal))
