"""Telaah hasil Ikesos: bagian-bagiannya menurut urutan baca, yang terlemah, dan dasar datanya."""

from __future__ import annotations

import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.ikesos.dasar import NASIONAL, TIDAK_TERSEDIA
from kinerja.ikesos.kerangka import CARA_AGREGASI
from kinerja.ikesos.siap import SiapIkesos
from kinerja.ikesos.ukuran import SEMUA
from kinerja.istilah import kalimat, term
from kinerja.mikro.kodebuku import YAKIN

NAMA_SASARAN = {
    SEMUA: {"id": "Semua sasaran", "en": "All target groups"},
    "rt": {"id": "Rumah tangga", "en": "Households"},
    "pd": {"id": "Disabilitas", "en": "Disability"},
    "ls": {"id": "Lansia", "en": "Older people"},
}
_KOLOM = ["sasaran", "jenis", "nama", "nilai", "se", "bawah", "atas", "rse", "n", "bobot", "tanda", "keterangan"]
_SATUAN = {"se": "poin", "rse": "persen", "n": "orang", "bobot": "persen"}


def parts(siap: SiapIkesos, agregasi: str = "aritmetik") -> pd.DataFrame:
    """Nilai nasional tiap bagian indeks di atas indikator, induk di atas anaknya.

    Returns
    -------
    DataFrame
        Berindeks kode bagian (``IKESOS``, ``rt``, ``rt/KD``, ...): kolom :meth:`SiapIkesos.hitung`, dengan ``sasaran``
        puncaknya ``semua``, dan ``bobot`` (persen bobot yang indikatornya tersedia).

    Raises
    ------
    GalatParameter
        Agregasinya bukan skala 0-100.
    """
    if not CARA_AGREGASI[agregasi].same_scale:
        raise GalatParameter(f"Agregasi '{agregasi}' bukan skala 0-100; yang dapat dibandingkan hanya peringkatnya.")
    h = siap.hitung(agregasi=agregasi, simpul="semua").set_index("simpul")
    h = h.loc[[k for k in reading_order(siap) if h["jenis"].get(k) != "indikator"]]
    h["sasaran"] = h["sasaran"].replace("", SEMUA)
    h["bobot"] = 100 * h["bagian_bobot"]
    tiada = h["tanda"] == TIDAK_TERSEDIA
    sebab = {k: kalimat(siap.sebab(k, x)) for k, x in h.loc[tiada, "bagian_bobot"].items()}
    h["keterangan"] = h["keterangan"].mask(tiada, h.index.to_series().map(sebab))
    hasil = h[[*_KOLOM, "keadaan"]]
    hasil.attrs["satuan"] = dict.fromkeys(("nilai", "bawah", "atas"), "indeks_100") | _SATUAN
    return hasil


def reading_order(siap: SiapIkesos) -> list[str]:
    """Kode semua simpul dari puncak ke bawah, setiap cabang utuh sebelum cabang berikutnya."""
    pohon = siap.kerangka.pohon

    def cabang(kode: str) -> list[str]:
        return [kode, *(x for anak in pohon.children.get(kode, ()) for x in cabang(anak))]

    return cabang(pohon.top)


def weakest(siap: SiapIkesos) -> pd.DataFrame:
    """Indikator nasional yang terbit, yang terendah pada skala indeks di atas.

    Returns
    -------
    DataFrame
        Berindeks kode (``rt/KD2``): ``sasaran``, ``nama``, ``sebutan`` (nama dengan sasarannya), ``indeks`` (0 sampai
        100, arah sudah disamakan), ``nilai`` (persen apa adanya), ``bawah``, ``atas``, ``n``, ``arah`` (``naik``: makin
        tinggi makin baik, atau ``turun``), ``tanda``, ``keadaan``.
    """
    h = siap.hitung(simpul="indikator").set_index("simpul")
    h["indeks"] = siap.normal(NASIONAL).iloc[0].reindex(h.index)
    h["arah"] = siap.kerangka.pohon.table["direction"].reindex(h.index).gt(0).map({True: "naik", False: "turun"})
    sebutan = zip(h["nama"], h["sasaran"], strict=True)
    h["sebutan"] = [f"{term(nama)} ({fmt.pick(NAMA_SASARAN[k]).lower()})" for nama, k in sebutan]
    kolom = ["sasaran", "nama", "sebutan", "indeks", "nilai", "bawah", "atas", "n", "arah", "tanda", "keadaan"]
    return h[h["nilai"].notna()].sort_values("indeks", kind="stable")[kolom]


def basis(siap: SiapIkesos) -> pd.DataFrame:
    """Dasar data tiap indikator: bobotnya bagi setiap sasaran, keyakinan kodebuku, dan sebab bila tidak tersedia.

    Returns
    -------
    DataFrame
        ``indikator``, ``nama``, ``bobot_<sasaran>`` (persen dari Ikesos; kosong bila tidak dipakai bagi sasaran itu,
        0 bila dipakai tetapi tidak tersedia), ``status`` kodebuku yang paling lemah di antara ketiganya, ``sebab``.
    """
    s = siap.sandaran()
    urut = s["indikator"].unique()
    s = s[s["dipakai"]]
    bobot = (100 * s["bobot"]).where(s["tersedia"], 0.0)
    baris = s.groupby("indikator", sort=False)
    hasil = pd.DataFrame({"nama": baris["nama"].first()})
    for sasaran in siap.kerangka.sasaran:
        satu = s["sasaran"] == sasaran
        hasil[f"bobot_{sasaran}"] = pd.Series(bobot[satu].to_numpy(), index=s.loc[satu, "indikator"])
    hasil["status"] = baris["status"].agg(lambda x: max(x, key=("", *YAKIN).index))
    hasil["sebab"] = baris["sebab"].agg(lambda x: "; ".join(dict.fromkeys(filter(None, x))))
    return hasil.loc[[k for k in urut if k in hasil.index]].reset_index()


def beside(terbit: pd.DataFrame, bagian: pd.DataFrame) -> pd.DataFrame:
    """Nilai terbitan tiap tahun, lalu hasil survei; hasil survei sintetis tidak pernah berdampingan dengan terbitan.

    Dari ``terbit`` (``tahun``, ``nilai``, ``keadaan``) dan :func:`parts`: ``asal`` (``terbitan`` atau ``survei``),
    ``tahun`` (kosong bagi survei), ``nilai``, ``bawah``, ``atas``, ``n``, ``keadaan``.
    """
    survei = bagian[bagian["jenis"] == "indeks"].assign(asal="survei", tahun=pd.NA)
    terbit = terbit.assign(asal="terbitan", bawah=float("nan"), atas=float("nan"), n=pd.NA)
    semua = [survei] if (bagian["keadaan"] == "sintetis").any() else [terbit, survei]
    kolom = ["asal", "tahun", "nilai", "bawah", "atas", "n", "keadaan"]
    hasil = pd.concat([x[kolom].astype({"tahun": "Int64", "n": "Int64"}) for x in semua], ignore_index=True)
    return hasil.assign(keadaan=hasil["keadaan"].mask(hasil["nilai"].isna(), "tidak_tersedia"))
