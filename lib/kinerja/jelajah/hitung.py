"""Bingkai data di balik setiap tampilan penjelajah."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from indextree.decomposition import multipliers
from indextree.ranking import rank_array
from kinerja import fmt
from kinerja.errors import GalatHitung
from kinerja.ikesos import CARA_AGREGASI, PUNCAK, SAMA, SEMUA, TIDAK_TERSEDIA, SiapIkesos, hitung_ketidakpastian
from kinerja.ikesos.kerangka import mesin_pohon
from kinerja.jelajah.pilihan import Pilihan, Survei, node_options
from kinerja.kerahasiaan import amankan

ULANGAN = {"provinsi": 200, "kabkota": 60}
"""Ulangan bootstrap untuk sebaran peringkat: cukup halus bagi 34 wilayah, tetap sekejap bagi 514."""

TITIK_SOBOL = 1024
"""Titik dasar indeks Sobol. Dengan 128 titik bagian ragam sebuah provinsi meleset sampai 20 persen poin dari hitungan
dengan 4.096 titik; dengan 1.024 titik mediannya 2 poin, dan hitungannya hanya sepersekian detik lebih lama."""

PEMBANDING = ("aritmetik", "geometrik", "harmonik", "hasil_kali")
"""Agregasi yang dibandingkan."""

_SELANG = [0.05, 0.95]
_DITAHAN = {"id": "Bagian yang ditahan (digabung)", "en": "Withheld parts (pooled)"}
_CAKUPAN = {"id": "Beda ketersediaan data", "en": "Difference in data coverage"}
_SATUAN = {"se": "poin", "rse": "persen", "n": "orang", "bagian_bobot": "persen", "peringkat": "peringkat"}
_SUMBANGAN = ["sumbangan_a", "sumbangan_b", "sumbangan_beda"]
_PERINGKAT = (
    "label nilai se bawah atas rse n bagian_bobot tanda peringkat keterangan keadaan"
).split()  # urutan kolom bingkai dan unduhannya


# Nilai dan peringkat --------------------------------------------------------------------------------------------------


def ranking(s: Survei, p: Pilihan) -> pd.DataFrame:
    """Nilai, selang, dan peringkat satu bagian indeks, satu baris per wilayah, yang tertinggi di atas.

    Returns
    -------
    DataFrame
        ``wilayah`` (kode), ``label``, ``nilai``, ``se``, ``bawah``, ``atas``, ``rse``, ``n``, ``bagian_bobot``
        (persen), ``tanda``, ``peringkat``, ``keterangan``, ``keadaan``; indeks dalam 0 sampai 100, indikator dalam
        persen. Yang ditahan bernilai NaN dan di bawah.
    """
    h = _values(s, p, p.simpul)
    h["bagian_bobot"] *= 100
    h = h[["wilayah", *_PERINGKAT]]
    # Yang tidak diperingkat (dasarnya berbeda) di bawah yang diperingkat, yang ditahan paling bawah.
    urut = h.assign(lepas=h["peringkat"].isna()).sort_values(["lepas", "nilai"], ascending=[True, False], kind="stable")
    hasil = urut.drop(columns="lepas").reset_index(drop=True)
    hasil.attrs["satuan"] = dict.fromkeys(("nilai", "bawah", "atas"), unit(s.siap, p)) | _SATUAN
    return hasil


def _values(s: Survei, p: Pilihan, simpul: str | list[str]) -> pd.DataFrame:
    """Nilai simpul-simpul itu di setiap wilayah, dengan kode dan nama wilayahnya bagi pembaca."""
    h = s.siap.hitung(p.wilayah, p.sasaran, p.bobot, p.agregasi, p.saring, simpul=simpul, dasar=p.dasar)
    h["wilayah"] = _shown(s, h[p.wilayah])
    return h.assign(label=h["wilayah"].map(s.names(p.wilayah)))


def unit(siap: SiapIkesos, p: Pilihan) -> str:
    """Satuan nilai terpilih: indikator dalam persen, indeks 0-100; puncak hasil kali bukan skala 0-100."""
    if p.simpul in siap.kerangka.pohon.indicators:
        return "persen"
    puncak = p.simpul == "puncak" and p.sasaran == SEMUA
    return "indeks_100" if CARA_AGREGASI[p.agregasi].same_scale or not puncak else "hasil_kali"


def heat(s: Survei, p: Pilihan) -> pd.DataFrame:
    """Nilai tiap dimensi atau anak bagian terpilih: ``wilayah``, ``label``, ``simpul``, ``nama``, ``nilai``, ``tanda``.

    Wilayah berurut menurut kodenya, supaya letaknya tetap ketika bobot digeser.
    """
    h, pilihan = _values(s, p, parts(s.siap, p)), node_options(s.siap, p.sasaran)
    h["nama"] = [pilihan[k][1] for k in h["simpul"]]
    return h[["wilayah", "label", "simpul", "nama", "nilai", "tanda", "keadaan"]]


def _shown(s: Survei, kode: pd.Series) -> pd.Series:
    return kode.astype(str).map(s.wilayah.code)


def parts(siap: SiapIkesos, p: Pilihan) -> list[str]:
    """Bagian dari yang terpilih: dimensi bagi indeks, anaknya bagi cabang, dirinya bagi indikator."""
    if p.simpul == "puncak":
        return siap.kerangka.pilih("dimensi", p.sasaran)
    return list(siap.kerangka.pohon.children.get(p.simpul, ())) or [p.simpul]


def compared(rank: pd.DataFrame, p: Pilihan) -> tuple[str, str]:
    """Dua wilayah yang dibandingkan: yang dipilih, atau peringkat pertama dan terakhir.

    GalatHitung bila kurang dari dua wilayah bernilai.
    """
    ada = rank.loc[rank["peringkat"].notna(), "wilayah"]
    a, b = p.dua
    if len(ada) < 2 and not (a and b):
        raise GalatHitung("Kurang dari dua wilayah yang nilainya tidak ditahan; tidak ada yang dapat dibandingkan.")
    a = a or next(x for x in ada if x != b)
    b = b or next(x for x in reversed(ada.tolist()) if x != a)
    return a, b


# Penguraian -----------------------------------------------------------------------------------------------------------


@mesin_pohon
def decomposition(s: Survei, p: Pilihan, a: str, b: str) -> pd.DataFrame:
    """Sumbangan tiap bagian terhadap nilai dua wilayah dan terhadap bedanya (Divisia berantai, tepat).

    Sumbangan terhadap nilai diukur dari ujung bawah skala (0; 1 bagi agregasi yang tidak mengenal nol). Bagian yang
    nilainya ditahan di salah satu wilayah digabung, sedikitnya dua, supaya tidak dapat dihitung balik.

    Returns
    -------
    DataFrame
        ``simpul``, ``label``, ``sumbangan_a``, ``sumbangan_b``, ``sumbangan_beda`` (poin indeks), ``wilayah_a``,
        ``wilayah_b`` (kode), ``keadaan``. Baris beda ketersediaan ada bila jumlah bagian tidak sama dengan beda kedua
        nilai.

    Raises
    ------
    GalatHitung
        Nilai salah satu wilayah ditahan, atau simpulnya indikator.
    """
    siap = s.siap
    simpul = siap.kerangka.pilih("puncak", p.sasaran)[0] if p.simpul == "puncak" else p.simpul
    anak = parts(siap, p)
    if anak == [simpul]:
        raise GalatHitung("Satu indikator tidak punya bagian untuk diurai; pilih indeks, dimensi, atau subdimensi.")
    nilai, puncak = _two_values(s, p, simpul, anak, a, b)
    nama = node_options(siap, p.sasaran)
    hasil = pd.DataFrame({"simpul": nilai.index, "label": [nama[k][1] for k in nilai.index]})
    hasil[_SUMBANGAN] = _contributions(s, p, simpul, [a, b], list(nilai.index))
    hasil = _pool(hasil, nilai.isna().any(axis=1).to_numpy())
    sisa = puncak[1] - puncak[0] - hasil["sumbangan_beda"].sum()
    if abs(sisa) > 1e-9:
        hasil.loc[len(hasil)] = ["", fmt.pick(_CAKUPAN), np.nan, np.nan, sisa]
    return hasil.assign(wilayah_a=a, wilayah_b=b, keadaan=siap.keadaan)


def _two_values(s: Survei, p: Pilihan, simpul: str, anak: list[str], a: str, b: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Nilai bagian (baris) di kedua wilayah (kolom), dan nilai yang diurai di keduanya.

    Yang tidak tersedia di keduanya (di luar dasar bersama) bukan bagian kedua nilai itu.
    """
    h = _values(s, p, [simpul, *anak]).set_index(["simpul", "wilayah"])
    nilai, tanda = (h[k].unstack("wilayah")[[a, b]] for k in ("nilai", "tanda"))
    puncak = nilai.loc[simpul].to_numpy()
    if np.isnan(puncak).any():
        raise GalatHitung("Nilai salah satu wilayah ditahan atau tidak tersedia; bedanya tidak diurai.")
    return nilai.loc[[k for k in anak if not (tanda.loc[k] == TIDAK_TERSEDIA).all()]], puncak


def _contributions(s: Survei, p: Pilihan, simpul: str, kode: list[str], bagian: list[str]) -> np.ndarray:
    """Sumbangan tiap bagian (baris) terhadap nilai dua wilayah dan terhadap bedanya (kolom), atas dasar yang sama."""
    siap, susunan = s.siap, s.siap.susunan(p.agregasi)
    w, bawah = siap.larik_bobot(p.bobot, susunan), siap.skala_bawah(susunan)
    normal = siap.normal(p.wilayah, p.saring, skala_bawah=bawah).to_numpy()
    if p.dasar == SAMA:
        sandaran = siap.sandaran_bersama(p.wilayah, p.bobot, p.saring)
        w = sandaran.bobot(susunan, w) if simpul == PUNCAK else w
        normal = np.where(sandaran.daun, normal, np.nan)
    urut = _shown(s, siap.dasar(p.wilayah, p.saring).domain[p.wilayah]).tolist()
    a, b = (normal[[urut.index(k)]] for k in kode)
    # Hasil kali di puncak tidak dapat diurai mulai dari nol.
    awal = np.full_like(a, max(bawah, CARA_AGREGASI[p.agregasi].reference))
    letak, hasil = susunan.positions(bagian), []
    for dari, ke in ((awal, a), (awal, b), (a, b)):
        m, v0, v1 = multipliers(susunan, dari, ke, w, susunan.positions([simpul])[0])
        hasil.append(np.nan_to_num(m[letak, 0] * (v1 - v0)[letak, 0]))
    return np.column_stack(hasil)


def _pool(frame: pd.DataFrame, tertutup: np.ndarray) -> pd.DataFrame:
    """Gabungkan bagian yang tertutup menjadi satu baris; satu bagian saja ditemani yang terkecil."""
    if not tertutup.any():
        return frame
    tertutup = tertutup.copy()
    if tertutup.sum() == 1 and len(frame) > 1:
        tertutup[frame["sumbangan_a"].where(~tertutup, np.inf).to_numpy().argmin()] = True
    jumlah = frame.loc[tertutup, _SUMBANGAN].sum()
    sisa = frame[~tertutup].reset_index(drop=True)
    sisa.loc[len(sisa)] = ["", fmt.pick(_DITAHAN), *jumlah]
    return sisa


# Ketidakpastian peringkat ---------------------------------------------------------------------------------------------


@dataclass
class Ulangan:
    """Ulangan bootstrap per tingkat dan saringan; ditarik sekali, dipakai setiap kali bobot digeser."""

    siap: SiapIkesos
    _simpanan: dict = field(default_factory=dict, repr=False)

    def values(self, p: Pilihan) -> np.ndarray:
        """Indikator dalam persen, (ulangan, wilayah, indikator)."""
        kunci = p.wilayah, p.daerah, p.kelamin
        if kunci not in self._simpanan:
            self._simpanan[kunci] = self.siap.ulangan(p.wilayah, ULANGAN[p.wilayah], saring=p.saring)
        return self._simpanan[kunci]


@mesin_pohon
def rank_uncertainty(s: Survei, rank: pd.DataFrame, ulangan: Ulangan, p: Pilihan) -> pd.DataFrame:
    """Sebaran peringkat 90 persen antarulangan penarikan sampel, dengan bobot dan agregasi yang dipilih.

    Returns
    -------
    DataFrame
        Seperti ``rank`` (dari :func:`ranking`) dengan ``nilai`` = peringkat, ``bawah`` dan ``atas`` = selangnya; yang
        ditahan NaN.
    """
    kode = _shown(s, s.siap.dasar(p.wilayah, p.saring).domain[p.wilayah]).to_numpy()
    nilai = _replicated(s.siap, ulangan.values(p), p)
    boleh = set(rank.loc[rank["peringkat"].notna(), "wilayah"])
    nilai[:, [k not in boleh for k in kode]] = np.nan
    # Yang tidak pernah diperingkat (0) tidak punya sebaran.
    bawah, atas = pd.DataFrame(rank_array(nilai)).where(lambda x: x > 0).quantile(_SELANG).to_numpy()
    batas = pd.DataFrame({"wilayah": kode, "bawah": bawah, "atas": atas})
    hasil = rank.drop(columns=["bawah", "atas", "nilai", "se", "rse"]).merge(batas, on="wilayah", how="left")
    hasil["nilai"] = hasil["peringkat"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return hasil


def _replicated(siap: SiapIkesos, persen: np.ndarray, p: Pilihan) -> np.ndarray:
    """Nilai bagian terpilih di setiap ulangan, (ulangan, wilayah)."""
    susunan = siap.susunan(p.agregasi)
    w = siap.larik_bobot(p.bobot, susunan)
    simpul = siap.kerangka.pilih(p.simpul, p.sasaran)[0]
    if p.dasar == SAMA and simpul not in siap.kerangka.pohon.indicators:
        sandaran = siap.sandaran_bersama(p.wilayah, p.bobot, p.saring)
        persen = np.where(sandaran.daun, persen, np.nan)
        w = sandaran.bobot(susunan, w)
    b, d, v = persen.shape
    normal, _ = siap.normalkan(persen.reshape(-1, v), siap.skala_bawah(susunan))
    return susunan.compute(normal, w)[susunan.positions([simpul])[0]].reshape(b, d)


def rank_sources(s: Survei, wilayah: str, *, titik: int = TITIK_SOBOL) -> pd.DataFrame:
    """Sebaran peringkat menurut sumbernya: penarikan sampel, cara membuat indeks, dan keduanya; hanya yang terbit.

    Returns
    -------
    DataFrame
        Seperti ``tabel`` :func:`kinerja.ikesos.hitung_ketidakpastian`, dengan ``wilayah``, ``label``, dan bagian ragam
        dalam persen, menurut peringkat.
    """
    tabel = hitung_ketidakpastian(s.siap, wilayah, titik=titik).tabel
    tabel.insert(0, "label", _shown(s, tabel[wilayah]).map(s.names(wilayah)))
    tabel.insert(0, "wilayah", _shown(s, tabel.pop(wilayah)))
    rank = amankan(ranking(s, Pilihan(wilayah=wilayah)))
    terbit = rank.loc[rank["nilai"].notna(), "wilayah"]
    tabel = tabel[tabel["wilayah"].isin(terbit) & tabel["peringkat"].notna()].copy()
    for k in ("sampel", "metode", "bersama"):
        tabel[f"bagian_{k}"] = 100 * tabel[f"bagian_{k}"].astype(float)
    return tabel.sort_values("peringkat", kind="stable", ignore_index=True)


def rank_by_aggregation(s: Survei, wilayah: str, agregasi: Sequence[str] = PEMBANDING) -> pd.DataFrame:
    """Peringkat tiap wilayah menurut beberapa agregasi.

    Returns
    -------
    DataFrame
        Berindeks nama wilayah, satu kolom Int64 per agregasi, menurut peringkat agregasi yang pertama; kosong bila
        tidak diperingkat dengan agregasi itu. Wilayah yang tidak pernah diperingkat tidak ikut.
    """
    peringkat = {a: ranking(s, Pilihan(wilayah=wilayah, agregasi=a)).set_index("label")["peringkat"] for a in agregasi}
    lebar = pd.concat(peringkat, axis=1).dropna(how="all")
    return lebar.sort_values(agregasi[0], kind="stable").rename_axis(index="label")
