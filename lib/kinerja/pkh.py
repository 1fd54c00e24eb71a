"""Bantuan PKH: komponen, batas, bantuan satu keluarga, dan penyaluran terhadap rentang yang tercetak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.anggaran import ratio
from kinerja.bansos import disbursements, select, with_units
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.istilah import term

BULAN_PER_TAHAP = 3
"""Satu tahap PKH adalah satu triwulan: "dari semula triwulan menjadi per bulan" (kebijakan bansos PKH)."""


@dataclass(frozen=True)
class BantuanPKH:
    """Bantuan PKH satu keluarga; semua uang dalam rupiah.

    Attributes
    ----------
    rincian : pandas.DataFrame
        Satu baris per komponen: komponen, nama, per_tahun, per_bulan, orang, dihitung (orang yang dibayar), jumlah
        (per tahun), jumlah_bulan.
    per_tahun, per_bulan : int
        Setelah batas terendah dan tertinggi; jumlah orang yang dihitung sebelumnya di ``sebelum_batas``.
    batas : str
        "tertinggi" atau "terendah" bila batas itu mengubah jumlah per tahun; selain itu kosong.
    tidak_dihitung : int
        Orang yang tidak dibayar karena melebihi batas orang per keluarga.
    """

    rincian: pd.DataFrame
    sebelum_batas: int
    sebelum_batas_bulan: int
    per_tahun: int
    per_bulan: int
    batas: str
    tidak_dihitung: int


def components(d: Data) -> pd.DataFrame:
    """Bantuan PKH per komponen sebagaimana tercetak, dan selisih per bulan x 12 terhadap per tahun.

    Kolom: komponen, nama, per_tahun, per_bulan, per_tahun_semula (rupiah, Int64), dua_belas_bulan (per_bulan x 12),
    selisih (dua_belas_bulan - per_tahun).
    """
    lebar = d.wide("pkh_komponen", ["komponen", "nama"])
    if "per_tahun_semula" not in lebar:
        lebar["per_tahun_semula"] = pd.Series(pd.NA, index=lebar.index, dtype="Int64")
    lebar["dua_belas_bulan"] = lebar["per_bulan"] * 12
    return lebar.assign(selisih=lebar["dua_belas_bulan"] - lebar["per_tahun"], tanda=fmt.TIDAK_BERLAKU)


def limit(d: Data, batas: str) -> int:
    """Satu batas bantuan PKH dari ``pkh_batas``, misalnya "maksimal_orang" atau "tertinggi_per_tahun".

    Raises
    ------
    GalatHitung
        Batas itu tidak tersedia untuk tahun ini.
    """
    nilai = d.nilai(f"pkh_batas/{batas}")
    if nilai is None:
        raise GalatHitung(f"Batas PKH {batas} tidak tersedia untuk {d.tahun}.")
    return int(nilai)


def rise_rule(d: Data) -> tuple[float, int, int] | None:
    """Kenaikan sementara bantuan PKH: persen, bulan awal, bulan akhir; None bila tahun itu tidak ada."""
    aturan = d["pen_aturan"]
    naik = aturan[(aturan["program"] == "pkh") & (aturan["ukuran"] == "kenaikan_bantuan")]
    if naik.empty:
        return None
    persen, awal, akhir = naik[["nilai", "bulan_awal", "bulan_akhir"]].iloc[0]
    return float(persen), int(awal), int(akhir)


def benefit(d: Data, keluarga: Mapping[str, int]) -> BantuanPKH:
    """Hitung bantuan PKH satu keluarga menurut aturan yang tercetak (``pkh_komponen`` dan ``pkh_batas``).

    Yang dibayar paling banyak ``pkh_batas/maksimal_orang`` orang, dipilih yang bantuannya tertinggi; jumlahnya dibatasi
    ke rentang terendah sampai tertinggi per tahun (dan per bulan, dari nilai bulanan tercetak orang yang sama).
    ``keluarga`` memuat kode komponen -> banyaknya orang; komponen yang tidak disebut berarti 0.

    Raises
    ------
    GalatParameter
        Komponen tidak dikenal, banyaknya bukan bilangan bulat atau negatif, atau tidak ada seorang pun.
    """
    rincian = components(d)[["komponen", "nama", "per_tahun", "per_bulan"]]
    orang = _family(keluarga, list(rincian["komponen"]))
    if not sum(orang):
        raise GalatParameter("Keluarga tanpa komponen PKH tidak menerima bantuan; isi sedikitnya satu orang.")
    rincian["orang"] = orang
    # orang terkumpul mulai dari bantuan tertinggi, sampai batasnya
    terkumpul = rincian.sort_values("per_tahun", ascending=False, kind="stable")["orang"].cumsum()
    terkumpul = terkumpul.clip(upper=limit(d, "maksimal_orang"))
    rincian["dihitung"] = terkumpul - terkumpul.shift(fill_value=0)
    rincian["jumlah"] = rincian["dihitung"] * rincian["per_tahun"]
    rincian["jumlah_bulan"] = rincian["dihitung"] * rincian["per_bulan"]
    tahun, bulan = int(rincian["jumlah"].sum()), int(rincian["jumlah_bulan"].sum())
    per_tahun, batas = _clip(d, tahun, "per_tahun")
    return BantuanPKH(
        rincian=rincian,
        sebelum_batas=tahun,
        sebelum_batas_bulan=bulan,
        per_tahun=per_tahun,
        per_bulan=_clip(d, bulan, "per_bulan")[0],
        batas=batas,
        tidak_dihitung=int((rincian["orang"] - rincian["dihitung"]).sum()),
    )


def offline_family(d: Data, keluarga: Mapping[str, int], terbanyak: int) -> dict[str, Any]:
    """Isi kendali ``pkh`` (:mod:`kinerja.jawaban`): komponen, batas orang, dan rentang setahun menurut datanya.

    ``keluarga`` isinya saat halaman dibuka, dan ``terbanyak`` banyaknya orang per komponen yang dapat diisi.
    """
    komponen = components(d)
    return {
        "komponen": [
            {"komponen": x.komponen, "nama": term(x.nama), "per_tahun": int(x.per_tahun)} for x in komponen.itertuples()
        ],
        "awal": {k: int(keluarga.get(k, 0)) for k in komponen["komponen"]},
        "terbanyak": terbanyak,
        "maksimal": limit(d, "maksimal_orang"),
        "terendah": limit(d, "terendah_per_tahun"),
        "tertinggi": limit(d, "tertinggi_per_tahun"),
    }


def family_lines(bantuan: BantuanPKH) -> pd.DataFrame:
    """Rincian komponen satu keluarga, jumlahnya sebelum batas, dan yang diterima setelah batas.

    Kolom ``rincian`` dan menonjol (bool: dua baris terakhir, "sebelum_batas" dan "diterima").
    """
    rincian = bantuan.rincian
    tepi = pd.DataFrame(
        {
            "komponen": ["sebelum_batas", "diterima"],
            "nama": ["Jumlah sebelum batas", "Diterima setelah batas"],
            "orang": int(rincian["orang"].sum()),
            "dihitung": int(rincian["dihitung"].sum()),
            "jumlah": [bantuan.sebelum_batas, bantuan.per_tahun],
            "jumlah_bulan": [bantuan.sebelum_batas_bulan, bantuan.per_bulan],
        }
    )
    hasil = pd.concat([rincian.assign(menonjol=False), tepi.assign(menonjol=True)], ignore_index=True)
    return hasil.astype({"jumlah": "Int64", "jumlah_bulan": "Int64"})


def benefit_year(d: Data, bantuan: BantuanPKH) -> pd.DataFrame:
    """Bantuan satu keluarga selama setahun, tanpa kenaikan dan menurut dua bacaan atas kenaikan sementara.

    Laporan menulis "kenaikan bansos PKH sebesar 25% yang disalurkan di bulan April, Mei dan Juni". Bacaan
    "dari_setahun": seperempat bantuan setahun, disalurkan dalam bulan-bulan itu. Bacaan "dari_sebulan": bantuan sebulan
    pada bulan-bulan itu saja yang naik. :func:`rise` memperlihatkan mana yang cocok dengan penyaluran.

    Kolom: bacaan ("tanpa_kenaikan", "dari_setahun", "dari_sebulan"), tambahan, setahun (rupiah Int64), keadaan. Tanpa
    aturan kenaikan pada tahun itu hanya ada baris pertama.
    """
    tambahan, kenaikan = {"tanpa_kenaikan": 0}, rise_rule(d)
    if kenaikan is not None:
        persen, awal, akhir = kenaikan
        dasar = {"dari_setahun": bantuan.per_tahun, "dari_sebulan": bantuan.per_bulan * (akhir - awal + 1)}
        tambahan |= {k: int(fmt.round_half_up(x * persen / 100, 0)) for k, x in dasar.items()}
    frame = pd.DataFrame({"bacaan": list(tambahan), "tambahan": pd.array(list(tambahan.values()), dtype="Int64")})
    return frame.assign(setahun=frame["tambahan"] + bantuan.per_tahun, keadaan="diturunkan")


def payments(d: Data) -> pd.DataFrame:
    """Penyaluran PKH per KPM dan bulan, terhadap rentang bantuan bulanan yang tercetak.

    Tahap dihitung :data:`BULAN_PER_TAHAP` bulan, penyaluran bulanan satu bulan.

    Kolom: periode, urutan, kpm, rupiah (Int64), bulan_dicakup (int), per_kpm (rupiah), per_kpm_bulan, terendah,
    tertinggi (rupiah per bulan), di_dalam (bool), masa ("triwulanan", "kenaikan", "bulanan"), keadaan, jumlah (False).
    """
    frame = select(disbursements(d), "pkh")
    kenaikan = rise_rule(d)
    tahap = frame["periode"].str.startswith("tahap")
    frame["bulan_dicakup"] = np.where(tahap, BULAN_PER_TAHAP, 1)
    frame["per_kpm"] = frame["nilai_per_kpm"]
    frame["per_kpm_bulan"] = frame["per_kpm"] / frame["bulan_dicakup"]
    frame["terendah"], frame["tertinggi"] = limit(d, "terendah_per_bulan"), limit(d, "tertinggi_per_bulan")
    frame["di_dalam"] = frame["per_kpm_bulan"].between(frame["terendah"], frame["tertinggi"])
    naik = False if kenaikan is None else frame["bulan"].between(*kenaikan[1:]).fillna(False).astype(bool)
    frame["masa"] = np.select([tahap, naik & ~tahap], ["triwulanan", "kenaikan"], default="bulanan")
    kolom = (
        "periode urutan kpm rupiah bulan_dicakup per_kpm per_kpm_bulan terendah tertinggi di_dalam masa id"
    ).split()
    return frame[kolom].assign(keadaan="diturunkan", jumlah=False)


def rise(d: Data) -> pd.DataFrame:
    """Penyaluran PKH, jumlah tiap masanya, dan jumlah setahun: apakah bantuan sebulan naik pada masa kenaikan.

    Bila yang naik adalah bantuan sebulan, nilai per KPM pada masa kenaikan seharusnya (100 + kenaikan)% dari masa
    bulanan lainnya (``bila_naik``). Bila kenaikan adalah sebagian bantuan setahun yang disalurkan terpisah, nilainya
    sama (``terhadap_bulanan`` 100).

    Baris :func:`payments`, lalu satu baris per masa dan baris "setahun" (``periode`` memuat kodenya, ``jumlah`` benar):
    periode, masa, penyaluran, kpm, bulan_dicakup, kpm_bulan, rupiah (Int64), per_kpm_bulan (rupiah), terhadap_bulanan
    (persen), bila_naik (rupiah; pada masa kenaikan), jumlah, keadaan, keadaan_rupiah, tanda ("–", bagi sel yang memang
    tidak berisi). Masa yang tidak ada kosong.
    """
    isi = payments(d).assign(penyaluran=1)
    isi["kpm_bulan"] = isi["kpm"] * isi["bulan_dicakup"]
    jumlahkan = ["penyaluran", "bulan_dicakup", "rupiah", "kpm_bulan"]
    masa = isi.groupby("masa")[jumlahkan].sum().reindex(["triwulanan", "kenaikan", "bulanan"])
    masa = pd.concat([masa, isi[jumlahkan].sum().to_frame("setahun").T])
    masa = masa.astype("Int64").assign(jumlah=True, masa=masa.index).rename_axis("periode").reset_index()
    masa["per_kpm_bulan"] = ratio(masa["rupiah"], masa["kpm_bulan"])
    hasil = pd.concat([isi, masa], ignore_index=True).astype(dict.fromkeys(jumlahkan, "Int64"))
    dasar = masa.loc[masa["periode"] == "bulanan", "per_kpm_bulan"].iloc[0]
    hasil["terhadap_bulanan"] = hasil["per_kpm_bulan"] / dasar * 100
    kenaikan = rise_rule(d)
    naik = np.nan if kenaikan is None else dasar * (1 + kenaikan[0] / 100)
    hasil["bila_naik"] = np.where(hasil["masa"] == "kenaikan", naik, np.nan)
    kolom = (
        "periode masa penyaluran kpm bulan_dicakup kpm_bulan rupiah per_kpm_bulan terhadap_bulanan bila_naik jumlah"
    ).split()
    tertulis = np.where(hasil["jumlah"], "diturunkan", "dikutip")
    return with_units(hasil[kolom].assign(keadaan="diturunkan", keadaan_rupiah=tertulis, tanda=fmt.TIDAK_BERLAKU))


def _family(keluarga: Mapping[str, int], dikenal: list[str]) -> list[int]:
    """Banyaknya orang menurut urutan komponen."""
    asing = [k for k in keluarga if k not in dikenal]
    if asing:
        raise GalatParameter(f"Komponen PKH {asing[0]!r} tidak ada; yang ada: {', '.join(dikenal)}.")
    for kode, n in keluarga.items():
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)):
            raise GalatParameter(f"Banyaknya orang pada komponen {kode} harus bilangan bulat, bukan {n!r}.")
        if n < 0:
            raise GalatParameter(f"Banyaknya orang pada komponen {kode} tidak boleh negatif ({n}).")
    return [int(keluarga.get(k, 0)) for k in dikenal]


def _clip(d: Data, jumlah: int, per: str) -> tuple[int, str]:
    terendah, tertinggi = limit(d, f"terendah_{per}"), limit(d, f"tertinggi_{per}")
    if jumlah > tertinggi:
        return tertinggi, "tertinggi"
    return (terendah, "terendah") if jumlah < terendah else (jumlah, "")
