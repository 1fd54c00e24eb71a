"""Penjelajah Ikesos: pilihan -> bingkai data -> gambar yang diperbarui di tempat, dan kendalinya.

Setiap langkah fungsi biasa. :class:`Pilihan` adalah seluruh keadaan panel sekaligus parameter notebook, sehingga
tampilan apa pun dapat disimpan sebagai parameter dan dirender ulang.
"""

from __future__ import annotations

import base64
import html
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from indextree.decomposition import multipliers
from indextree.ranking import rank_array
from kinerja import figures, fmt
from kinerja.buku import Buku
from kinerja.catatan import kalimat
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatKinerja, GalatParameter
from kinerja.explore import KELAS, Hasil, Kepala, image_html, prepare_control, unexpected
from kinerja.explore_gambar import Panas, Peta, Tampilan, TitikSelang, Urai
from kinerja.ikesos import CARA_AGREGASI, PUNCAK, SAMA, SEMUA, TERSEDIA, TIDAK_TERSEDIA, SiapIkesos
from kinerja.ikesos.kerangka import mesin_pohon
from kinerja.istilah import term
from kinerja.keluaran import in_batch
from kinerja.kerahasiaan import amankan
from kinerja.pilihan_berkas import TAHUN_BAKU, perlihatkan
from kinerja.simpanan import buka_ikesos
from kinerja.tables import frame_to_csv
from kinerja.wilayah import Regions

TAMPILAN = {
    "peringkat": {"id": "Peringkat dengan selang", "en": "Ranking with intervals"},
    "panas": {"id": "Peta panas", "en": "Heat map"},
    "peta": {"id": "Peta kotak provinsi", "en": "Tile map of provinces"},
    "urai": {"id": "Penguraian dua wilayah", "en": "Decomposition of two regions"},
    "ketidakpastian": {"id": "Ketidakpastian peringkat", "en": "Rank uncertainty"},
}
WILAYAH = {
    "provinsi": {"id": "Provinsi", "en": "Province"},
    "kabkota": {"id": "Kabupaten/kota", "en": "District"},
}
DAERAH = {
    SEMUA: {"id": "Perkotaan dan perdesaan", "en": "Urban and rural"},
    "1": {"id": "Perkotaan", "en": "Urban"},
    "2": {"id": "Perdesaan", "en": "Rural"},
}
KELAMIN = {
    SEMUA: {"id": "Laki-laki dan perempuan", "en": "Men and women"},
    "1": {"id": "Laki-laki", "en": "Men"},
    "2": {"id": "Perempuan", "en": "Women"},
}
BAKU = "aritmetik"
_BAKU = {"id": " (baku)", "en": " (default)"}
AGREGASI = {
    kode: {b: nama + (_BAKU[b] if kode == BAKU else "") for b, nama in cara.name.items()}
    for kode, cara in CARA_AGREGASI.items()
}
"""Kode -> nama agregasi yang dapat dipilih: setiap yang terdaftar dan tidak menuntut angka pangkat."""

DASAR = {
    SAMA: {"id": "Indikator yang sama di semua wilayah", "en": "Same indicators in all regions"},
    TERSEDIA: {"id": "Indikator yang tersedia di tiap wilayah", "en": "Indicators available in each region"},
}
NAMA_PENDEK = {
    SEMUA: {"id": "Semua sasaran", "en": "All target groups"},
    "rt": {"id": "Rumah tangga", "en": "Households"},
    "pd": {"id": "Disabilitas", "en": "Disability"},
    "ls": {"id": "Lansia", "en": "Elderly"},
}
JENJANG = {
    "puncak": {"id": "Indeks", "en": "Index"},
    "sasaran": {"id": "Sasaran", "en": "Target group"},
    "dimensi": {"id": "Dimensi", "en": "Dimension"},
    "subdimensi": {"id": "Subdimensi", "en": "Subdimension"},
    "indikator": {"id": "Indikator", "en": "Indicator"},
}
BOBOT_TERBESAR = 3.0
ULANGAN = {"provinsi": 200, "kabkota": 60}
"""Ulangan bootstrap untuk sebaran peringkat: cukup halus bagi 34 wilayah, tetap sekejap bagi 514."""

_SELANG = (5, 95)
_DITAHAN = {"id": "Simpul yang ditahan (digabung)", "en": "Withheld nodes (pooled)"}
_CAKUPAN = {"id": "Beda ketersediaan data", "en": "Difference in data coverage"}


@dataclass(frozen=True)
class Pilihan:
    """Seluruh keadaan penjelajah; nama dan jenisnya sama dengan parameter notebook.

    Parameters
    ----------
    sasaran : str
        ``semua``, ``rt``, ``pd``, atau ``ls``.
    simpul : str
        ``puncak``, atau kode simpul lengkap (``rt/KD``).
    wilayah : str
        ``provinsi`` atau ``kabkota``.
    daerah, kelamin : str
        ``semua``, atau kode 1 dan 2 di data.
    bobot : mapping
        Kode dimensi atau sasaran -> bobot 0 sampai 3; yang tidak disebut 1.
    agregasi : str
    dasar : str
        ``sama`` atau ``tersedia``; lihat :meth:`kinerja.ikesos.SiapIkesos.hitung`.
    pasangan : str
        Kode dua wilayah yang dibandingkan, dipisah koma; yang kosong: peringkat pertama dan terakhir.
    tampilan : str
    """

    sasaran: str = SEMUA
    simpul: str = "puncak"
    wilayah: str = "provinsi"
    daerah: str = SEMUA
    kelamin: str = SEMUA
    bobot: Mapping[str, float] = field(default_factory=dict)
    agregasi: str = "aritmetik"
    dasar: str = SAMA
    pasangan: str = ""
    tampilan: str = "peringkat"

    @property
    def dua(self) -> tuple[str, str]:
        """Kode kedua wilayah; teks kosong bagi yang dipilih sendiri oleh panel."""
        isi = [x.strip() for x in self.pasangan.split(",")]
        if len(isi) > 2:
            raise GalatParameter(f"Parameter pasangan = {self.pasangan!r}; diharapkan paling banyak dua kode wilayah.")
        return isi[0], (isi[1] if len(isi) == 2 else "")

    def view(self, tampilan: str) -> Pilihan:
        """Pilihan yang sama dengan tampilan lain."""
        return replace(self, tampilan=tampilan)

    @property
    def saring(self) -> dict[str, int]:
        """Saringan subpopulasi."""
        return {k: int(v) for k, v in (("daerah", self.daerah), ("kelamin", self.kelamin)) if v != SEMUA}


def subgroup(saring: Mapping[str, Any]) -> dict[str, str]:
    """Parameter notebook ``saring`` menjadi ``daerah`` dan ``kelamin`` milik :class:`Pilihan`.

    Raises
    ------
    GalatParameter
        Ada kunci selain keduanya.
    """
    asing = [k for k in saring if k not in ("daerah", "kelamin")]
    if asing:
        raise GalatParameter(f"Parameter saring memuat {asing[0]!r}; pilih: daerah, kelamin.")
    return {k: str(v) for k, v in saring.items()}


# Hitungan -------------------------------------------------------------------------------------------------------------


def check(siap: SiapIkesos, p: Pilihan) -> Pilihan:
    """Pilihan yang sama bila semuanya dikenal.

    Raises
    ------
    GalatParameter
        Menyebut parameter, nilainya, dan pilihannya.
    """
    for nama, dikenal in (
        ("sasaran", (SEMUA, *siap.kerangka.sasaran)),
        ("wilayah", tuple(k for k in WILAYAH if k in siap.tingkat)),
        ("daerah", DAERAH),
        ("kelamin", KELAMIN),
        ("agregasi", AGREGASI),
        ("dasar", DASAR),
        ("tampilan", TAMPILAN),
    ):
        if getattr(p, nama) not in dikenal:
            raise GalatParameter(f"Parameter {nama} = {getattr(p, nama)!r} tidak dikenal; pilih: {', '.join(dikenal)}.")
    if p.simpul not in node_options(siap, p.sasaran):
        raise GalatParameter(f"Simpul {p.simpul!r} tidak ada bagi sasaran '{p.sasaran}'; pakai puncak atau kode rt/KD.")
    boleh = weight_names(siap)
    for kode, nilai in p.bobot.items():
        if kode not in boleh:
            raise GalatParameter(f"Bobot {kode!r} tidak dikenal; pilih: {', '.join(boleh)}.")
        if isinstance(nilai, bool) or not isinstance(nilai, int | float) or not 0 <= nilai <= BOBOT_TERBESAR:
            raise GalatParameter(f"Bobot {kode} = {nilai!r}; diharapkan angka 0 sampai {BOBOT_TERBESAR:g}.")
    _check_weights(siap, p)
    ada = {str(x) for x in siap.label(p.wilayah)}
    for kode in filter(None, p.dua):
        if kode not in ada:
            raise GalatParameter(f"Parameter pasangan memuat {kode!r}, yang bukan kode {p.wilayah} di data.")
    if p.dua[0] and p.dua[0] == p.dua[1]:
        raise GalatParameter(f"Kedua wilayah yang dibandingkan sama ({p.dua[0]}); pilih dua yang berbeda.")
    return p


def _check_weights(siap: SiapIkesos, p: Pilihan) -> None:
    if p.simpul != "puncak":
        return
    dimensi = {kode for _, jenis, _, kode, _ in _nodes(siap) if jenis == "dimensi"}
    for kelompok in (dimensi, set(siap.kerangka.sasaran) if p.sasaran == SEMUA else ()):
        if kelompok and all(p.bobot.get(k, 1) == 0 for k in kelompok):
            raise GalatParameter(f"Bobot {', '.join(sorted(kelompok))} semuanya nol; naikkan sedikitnya satu.")


def node_options(siap: SiapIkesos, sasaran: str = SEMUA) -> dict[str, tuple[str, str]]:
    """Simpul yang dapat dipilih: kode -> (jenjang, nama bagi pembaca), mulai dari ``puncak``."""
    hasil = {"puncak": ("puncak", fmt.pick({"id": "Indeks keseluruhan", "en": "Overall index"}))}
    simpul = _nodes(siap)
    for jenjang in ("dimensi", "subdimensi", "indikator"):
        for kode, jenis, milik, _, nama in simpul:
            if jenis == jenjang and sasaran in (SEMUA, milik):
                ekor = f" ({fmt.pick(NAMA_PENDEK[milik])})" if sasaran == SEMUA else ""
                hasil[kode] = (jenis, f"{term(nama)}{ekor}")
    return hasil


def _nodes(siap: SiapIkesos) -> list[tuple[str, ...]]:
    """Simpul pohon sebagai (kode lengkap, jenis, sasaran, kode, nama)."""
    simpul = siap.kerangka.simpul
    kolom = (simpul[k].tolist() for k in ("jenis", "sasaran", "kode", "nama"))
    return list(zip(simpul.index, *kolom, strict=True))


def weight_names(siap: SiapIkesos) -> dict[str, str]:
    """Yang bobotnya dapat digeser: kode dimensi dan sasaran -> namanya."""
    return {
        **{kode: term(nama) for _, jenis, _, kode, nama in _nodes(siap) if jenis == "dimensi"},
        **{k: fmt.pick(NAMA_PENDEK[k]) for k in siap.kerangka.sasaran},
    }


def region_names(data: Data, siap: SiapIkesos, wilayah: str) -> dict[str, str]:
    """Kode wilayah (teks) -> nama; kode yang tidak dikenal tetap kodenya."""
    daftar = Regions.of(data)
    return {k: daftar.name(k, penuh=True) for k in (str(x) for x in siap.label(wilayah))}


def ranking(data: Data, siap: SiapIkesos, p: Pilihan) -> pd.DataFrame:
    """Nilai, selang, dan peringkat satu simpul, satu baris per wilayah, yang tertinggi di atas.

    Returns
    -------
    DataFrame
        ``wilayah`` (kode), ``label``, ``nilai``, ``se``, ``bawah``, ``atas``, ``rse``, ``n``, ``bagian_bobot``
        (persen), ``tanda``, ``peringkat``, ``keterangan``, ``keadaan``; indeks dalam 0 sampai 100, indikator dalam
        persen. Yang ditahan bernilai NaN dan di bawah.
    """
    h = siap.hitung(p.wilayah, p.sasaran, p.bobot, p.agregasi, p.saring, simpul=p.simpul, dasar=p.dasar)
    h.insert(0, "kode_wilayah", h[p.wilayah].astype(str))
    h["bagian_bobot"] *= 100
    nama = region_names(data, siap, p.wilayah)
    h["label"] = h["kode_wilayah"].map(nama)
    kolom = ["label", "nilai", "se", "bawah", "atas", "rse", "n", "bagian_bobot", "tanda", "peringkat", "keterangan"]
    kolom.append("keadaan")
    h = h[["kode_wilayah", *kolom]].rename(columns={"kode_wilayah": "wilayah"})
    # Yang tidak diperingkat (dasarnya berbeda) di bawah yang diperingkat, yang ditahan paling bawah.
    urut = h.assign(lepas=h["peringkat"].isna()).sort_values(["lepas", "nilai"], ascending=[True, False], kind="stable")
    return urut.drop(columns="lepas").reset_index(drop=True)


def heat(data: Data, siap: SiapIkesos, p: Pilihan) -> pd.DataFrame:
    """Nilai tiap dimensi atau anak simpul terpilih: ``wilayah``, ``label``, ``simpul``, ``nama``, ``nilai``, ``tanda``.

    Wilayah berurut menurut kodenya, supaya letaknya tetap ketika bobot digeser.
    """
    kode = _parts(siap, p)
    h = siap.hitung(p.wilayah, p.sasaran, p.bobot, p.agregasi, p.saring, simpul=kode, dasar=p.dasar)
    pilihan = node_options(siap, p.sasaran)
    nama = region_names(data, siap, p.wilayah)
    kunci = h[p.wilayah].astype(str)
    return pd.DataFrame(
        {
            "wilayah": kunci,
            "label": kunci.map(nama),
            "simpul": h["simpul"],
            "nama": [pilihan[k][1] for k in h["simpul"]],
            "nilai": h["nilai"],
            "tanda": h["tanda"],
            "keadaan": h["keadaan"],
        }
    )


def _parts(siap: SiapIkesos, p: Pilihan) -> list[str]:
    """Bagian simpul terpilih: dimensi bagi indeks, anaknya bagi cabang, dirinya bagi indikator."""
    if p.simpul == "puncak":
        return siap.kerangka.pilih("dimensi", p.sasaran)
    return list(siap.kerangka.pohon.children.get(p.simpul, ())) or [p.simpul]


def compared(rank: pd.DataFrame, p: Pilihan) -> tuple[str, str]:
    """Dua wilayah yang dibandingkan: yang dipilih, atau peringkat pertama dan terakhir."""
    ada = rank.loc[rank["peringkat"].notna(), "wilayah"]
    a, b = p.dua
    if len(ada) < 2 and not (a and b):
        raise GalatHitung("Kurang dari dua wilayah yang nilainya tidak ditahan; tidak ada yang dapat dibandingkan.")
    a = a or next(x for x in ada if x != b)
    b = b or next(x for x in reversed(ada.tolist()) if x != a)
    return a, b


@mesin_pohon
def decomposition(siap: SiapIkesos, p: Pilihan, a: str, b: str) -> pd.DataFrame:
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
        Nilai salah satu wilayah ditahan, simpulnya indikator, atau bobotnya nol.
    """
    simpul = siap.kerangka.pilih("puncak", p.sasaran)[0] if p.simpul == "puncak" else p.simpul
    anak = _parts(siap, p)
    if anak == [simpul]:
        raise GalatHitung("Satu indikator tidak punya bagian untuk diurai; pilih indeks, dimensi, atau subdimensi.")
    dasar, susunan = siap.dasar(p.wilayah, p.saring), siap.susunan(p.agregasi)
    w, bawah = siap.larik_bobot(p.bobot, susunan), siap.skala_bawah(susunan)
    sandaran = None
    if p.dasar == SAMA:
        sandaran = siap.sandaran_bersama(p.wilayah, p.bobot, p.saring)
        w = sandaran.bobot(susunan, w) if simpul == PUNCAK else w
    normal = siap.normal(p.wilayah, p.saring, skala_bawah=bawah).to_numpy()
    if sandaran is not None:
        normal = np.where(sandaran.daun, normal, np.nan)
    kode = dasar.domain[p.wilayah].astype(str).tolist()
    xa, xb = (normal[[kode.index(k)]] for k in (a, b))
    h = siap.hitung(p.wilayah, p.sasaran, p.bobot, p.agregasi, p.saring, simpul=[simpul, *anak], dasar=p.dasar)
    h = h.assign(w=h[p.wilayah].astype(str)).set_index(["simpul", "w"])
    # Yang tidak tersedia di keduanya (di luar dasar bersama) bukan bagian kedua nilai itu.
    anak = [k for k in anak if not (h.loc[[(k, a), (k, b)], "tanda"] == TIDAK_TERSEDIA).all()]
    h = h["nilai"]
    puncak = np.array([h[simpul, a], h[simpul, b]])
    if np.isnan(puncak).any():
        raise GalatHitung("Nilai salah satu wilayah ditahan atau tidak tersedia; bedanya tidak diurai.")
    letak, pusat = susunan.positions(anak), susunan.positions([simpul])[0]

    def pecah(awal: np.ndarray, akhir: np.ndarray) -> np.ndarray:
        m, v0, v1 = multipliers(susunan, awal, akhir, w, pusat)
        return np.nan_to_num(m[letak, 0] * (v1 - v0)[letak, 0])

    # Hasil kali di puncak tidak dapat diurai mulai dari nol.
    dasar_skala = np.full_like(xa, max(bawah, CARA_AGREGASI[p.agregasi].reference))
    nama_simpul = node_options(siap, p.sasaran)
    hasil = pd.DataFrame(
        {
            "simpul": anak,
            "label": [nama_simpul[k][1] for k in anak],
            "sumbangan_a": pecah(dasar_skala, xa),
            "sumbangan_b": pecah(dasar_skala, xb),
            "sumbangan_beda": pecah(xa, xb),
        }
    )
    tertutup = np.array([np.isnan(h[k, a]) or np.isnan(h[k, b]) for k in anak])
    hasil = _pool(hasil, tertutup)
    sisa = puncak[1] - puncak[0] - hasil["sumbangan_beda"].sum()
    if abs(sisa) > 1e-9:
        hasil.loc[len(hasil)] = ["", fmt.pick(_CAKUPAN), np.nan, np.nan, sisa]
    return hasil.assign(wilayah_a=a, wilayah_b=b, keadaan=siap.keadaan)


def _pool(frame: pd.DataFrame, tertutup: np.ndarray) -> pd.DataFrame:
    if not tertutup.any():
        return frame
    tertutup = tertutup.copy()
    if tertutup.sum() == 1 and len(frame) > 1:
        tertutup[frame["sumbangan_a"].where(~tertutup, np.inf).to_numpy().argmin()] = True
    jumlah = frame.loc[tertutup, ["sumbangan_a", "sumbangan_b", "sumbangan_beda"]].sum()
    sisa = frame[~tertutup].reset_index(drop=True)
    sisa.loc[len(sisa)] = ["", fmt.pick(_DITAHAN), *jumlah]
    return sisa


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
def rank_uncertainty(rank: pd.DataFrame, ulangan: Ulangan, p: Pilihan) -> pd.DataFrame:
    """Sebaran peringkat 90 persen antarulangan penarikan sampel, dengan bobot dan agregasi yang dipilih.

    Parameters
    ----------
    rank : DataFrame
        Dari :func:`ranking`.

    Returns
    -------
    DataFrame
        Seperti ``rank`` dengan ``nilai`` = peringkat, ``bawah`` dan ``atas`` = selangnya; yang ditahan NaN.
    """
    siap = ulangan.siap
    susunan = siap.susunan(p.agregasi)
    w = siap.larik_bobot(p.bobot, susunan)
    simpul = siap.kerangka.pilih(p.simpul, p.sasaran)[0]
    persen = ulangan.values(p)
    if p.dasar == SAMA and simpul not in siap.kerangka.pohon.indicators:
        sandaran = siap.sandaran_bersama(p.wilayah, p.bobot, p.saring)
        persen = np.where(sandaran.daun, persen, np.nan)
        w = sandaran.bobot(susunan, w)
    b, d, v = persen.shape
    normal, _ = siap.normalkan(persen.reshape(-1, v), siap.skala_bawah(susunan))
    nilai = susunan.compute(normal, w)[susunan.positions([simpul])[0]].reshape(b, d)
    kode = siap.dasar(p.wilayah, p.saring).domain[p.wilayah].astype(str).to_numpy()
    boleh = set(rank.loc[rank["peringkat"].notna(), "wilayah"])
    nilai[:, [k not in boleh for k in kode]] = np.nan
    peringkat = rank_array(nilai).astype(float)
    peringkat[peringkat == 0] = np.nan
    bawah, atas = np.full(d, np.nan), np.full(d, np.nan)
    ada = ~np.isnan(peringkat).all(axis=0)
    if ada.any():
        bawah[ada], atas[ada] = np.nanpercentile(peringkat[:, ada], _SELANG, axis=0)
    batas = pd.DataFrame({"wilayah": kode, "bawah": bawah, "atas": atas})
    hasil = rank.drop(columns=["bawah", "atas", "nilai", "se", "rse"]).merge(batas, on="wilayah", how="left")
    hasil["nilai"] = hasil["peringkat"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return hasil


# Kalimat --------------------------------------------------------------------------------------------------------------


def describe(siap: SiapIkesos, p: Pilihan) -> str:
    """Satu baris keterangan pilihan untuk di bawah judul gambar."""
    bagian = [
        fmt.pick(NAMA_PENDEK[p.sasaran]),
        node_options(siap, p.sasaran)[p.simpul][1],
        fmt.pick(WILAYAH[p.wilayah]),
        *(fmt.pick(kamus[k]) for kamus, k in ((DAERAH, p.daerah), (KELAMIN, p.kelamin)) if k != SEMUA),
        fmt.pick(AGREGASI[p.agregasi]),
        *((fmt.pick(DASAR[p.dasar]),) if p.dasar != SAMA else ()),
    ]
    bobot = ", ".join(f"{k} {fmt.angka(v, 1)}" for k, v in p.bobot.items() if v != 1)
    if bobot:
        bagian.append(fmt.pick({"id": f"bobot {bobot}", "en": f"weights {bobot}"}))
    return " | ".join(bagian)


def survey_name(siap: SiapIkesos) -> str:
    """Nama survei bagi pembaca."""
    sintetis = {"id": "survei sintetis, SINTETIS", "en": "synthetic survey, SYNTHETIC"}
    berkas = {"id": "berkas data mikro pengguna", "en": "the user's microdata file"}
    return fmt.pick(sintetis if siap.keadaan == "sintetis" else berkas)


def survey_notes(wilayah: Regions, siap: SiapIkesos) -> str:
    """Yang perlu disebut tentang berkasnya: kode tanpa nama, kecocokan penggabungan, kejanggalan, dan penggantinya."""
    tanpa_nama = wilayah.note(str(k) for t in WILAYAH if t in siap.tingkat for k in siap.label(t))
    kepala = fmt.pick({"id": "Tentang berkasnya:", "en": "About the file:"}) if siap.keterangan else ""
    return " ".join(filter(None, [tanpa_nama, kepala, *map(kalimat, siap.keterangan)]))


def unit_name() -> str:
    """Nama sumbu angka: indikator dalam persen, selebihnya indeks."""
    return fmt.pick({"id": "indeks 0-100; indikator dalam persen", "en": "index 0-100; indicators in percent"})


def command(p: Pilihan, tahun: int) -> str:
    """Perintah ``kinerja render`` yang menghasilkan tampilan ini di halaman laporan."""
    baku = _state(Pilihan())
    isi = [f"-p {k} {shlex.quote(repr(v) if isinstance(v, dict) else v)}" for k, v in _state(p).items() if v != baku[k]]
    return " ".join([f"kinerja render --tahun {tahun} --bahasa {fmt.language()} --notebook jelajah_ikesos", *isi])


def literals(p: Pilihan) -> str:
    """Isi sel parameter yang menghasilkan tampilan ini."""
    return "\n".join(f"{k} = {v!r}" for k, v in _state(p).items())


def _state(p: Pilihan) -> dict[str, Any]:
    """Parameter notebook dan nilainya, menurut urutan sel parameternya."""
    isi = asdict(p) | {"bobot": {k: v for k, v in p.bobot.items() if v != 1}, "daerah": p.saring}
    isi.pop("kelamin")
    return {"saring" if k == "daerah" else k: v for k, v in isi.items()}


def csv_link(frame: pd.DataFrame, nama: str) -> str:
    """Tautan unduh CSV tanpa peladen: isinya di dalam alamat tautan."""
    isi = base64.b64encode(frame_to_csv(frame).encode("utf-8")).decode()
    kata = fmt.pick({"id": "Unduh tabel (CSV)", "en": "Download table (CSV)"})
    berkas = html.escape(f"{nama}.csv", quote=True)
    return f'<a download="{berkas}" href="data:text/csv;charset=utf-8;base64,{isi}">{kata}</a>'


# Gambar ---------------------------------------------------------------------------------------------------------------


@dataclass
class Jelajah:
    """Data, survei, dan kanvas yang tetap hidup selama panel terbuka."""

    buku: Buku
    siap: SiapIkesos
    ulangan: Ulangan = None
    _kanvas: dict = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.ulangan = self.ulangan or Ulangan(self.siap)

    def frame(self, p: Pilihan) -> pd.DataFrame:
        """Bingkai data di balik satu tampilan; yang sama diunduh sebagai CSV, tanpa sel kecil yang terbuka."""
        data, siap = self.buku.data, self.siap
        if p.tampilan == "panas":
            return heat(data, siap, p)
        rank = amankan(ranking(data, siap, replace(p, wilayah="provinsi") if p.tampilan == "peta" else p))
        if p.tampilan == "urai":
            return decomposition(siap, p, *compared(rank, p))
        return rank_uncertainty(rank, self.ulangan, p) if p.tampilan == "ketidakpastian" else rank

    def draw(self, p: Pilihan, frame: pd.DataFrame, *, baru: bool = False) -> Tampilan:
        """Tampilan yang artisnya sudah dipindahkan ke ``frame``; ``baru``: kanvas tersendiri, untuk notebook."""
        kunci = p.tampilan, p.wilayah
        t = None if baru else self._kanvas.get(kunci)
        if t is None:
            t = self._canvas(p)
            if not baru:
                self.buku.sign(t.fig, p.tampilan, survei=survey_name(self.siap))
                self._kanvas[kunci] = t
        self._update(t, p, frame)
        return t

    def _canvas(self, p: Pilihan) -> Tampilan:
        keadaan, satuan = self.siap.keadaan, unit_name()
        if p.tampilan == "peta":
            return Peta(keadaan, "", Regions.of(self.buku.data).map_tiles(map(str, self.siap.label("provinsi"))))
        if p.tampilan == "ketidakpastian":
            satuan = fmt.pick({"id": "peringkat (1 = tertinggi)", "en": "rank (1 = highest)"})
        kelas = {"panas": Panas, "urai": Urai}.get(p.tampilan, TitikSelang)
        return kelas(keadaan, "" if p.tampilan == "panas" else satuan)

    def _update(self, t: Tampilan, p: Pilihan, frame: pd.DataFrame) -> None:
        terang = describe(self.siap, replace(p, wilayah="provinsi") if p.tampilan == "peta" else p)
        if p.tampilan == "panas":
            lebar = frame.pivot(index="wilayah", columns="simpul", values="nilai")[frame["simpul"].unique()]
            lebar.index = lebar.index.map(dict(zip(frame["wilayah"], frame["label"], strict=True)))
            lebar.columns = [dict(zip(frame["simpul"], frame["nama"], strict=True))[k] for k in lebar.columns]
            t.update(lebar, keterangan=terang)
        elif p.tampilan == "peta":
            tanpa_nama = Regions.of(self.buku.data).note(frame["wilayah"])
            t.update(frame, keterangan=f"{terang} {tanpa_nama}".strip())
        elif p.tampilan == "urai":
            nama = region_names(self.buku.data, self.siap, p.wilayah)
            t.update(frame, nama=tuple(nama[frame[k].iloc[0]] for k in ("wilayah_a", "wilayah_b")), keterangan=terang)
        else:
            t.update(frame, terpilih=[x for x in p.dua if x], keterangan=terang)

    def answer(self, p: Pilihan) -> tuple[Hasil, pd.DataFrame]:
        """Jawaban panel: gambar dengan uraiannya, dan bingkai data di baliknya.

        Raises
        ------
        GalatParameter, GalatHitung
            Pilihan tidak dikenal, atau tidak dapat dihitung.
        """
        p = check(self.siap, p)
        frame = self.frame(p)
        png = self.draw(p, frame).png()
        return Hasil(png=png, alt=f"{fmt.pick(TAMPILAN[p.tampilan])}: {describe(self.siap, p)}"), frame

    def figure(self, p: Pilihan) -> Figure:
        """Gambar satu tampilan untuk sel notebook; yang tidak dapat diurai menyebut sebabnya."""
        frame, sebab = self.parts(p) if p.tampilan == "urai" else (self.frame(p), "")
        if sebab:
            fig, ax = figures.canvas(size="sedang")
            figures.mark_missing(ax, text=figures.wrap(sebab, 60))
            return fig
        return self.draw(p, frame, baru=True).fig

    def parts(self, p: Pilihan) -> tuple[pd.DataFrame, str]:
        """Bingkai penguraian untuk notebook; bila tidak ada yang dapat diurai, tanpa baris dan dengan sebabnya."""
        try:
            return self.frame(p.view("urai")), ""
        except GalatHitung as galat:
            kosong = {k: pd.Series(dtype=float) for k in ("sumbangan_a", "sumbangan_b", "sumbangan_beda")}
            teks = {k: pd.Series(dtype=object) for k in ("simpul", "label")}
            return pd.DataFrame({**teks, **kosong}).assign(keadaan=self.siap.keadaan), str(galat)

    def reading(self, p: Pilihan) -> dict[str, str]:
        """Angka jadi untuk judul tabel dan bacaan notebook."""
        rank = self.frame(p.view("peringkat"))
        urai, sebab = self.parts(p)
        ada = rank[rank["nilai"].notna()]
        nama = region_names(self.buku.data, self.siap, p.wilayah)
        a, b = (fmt.HILANG if urai.empty else nama[urai[f"wilayah_{k}"].iloc[0]] for k in ("a", "b"))
        tinggi, rendah = (None if ada.empty else ada.iloc[k] for k in (0, -1))
        sintetis = {
            "id": "Datanya survei karangan: angkanya bukan taksiran tentang Indonesia.",
            "en": "The data are a made-up survey: the numbers are no estimates about Indonesia.",
        }
        return {
            "pilihan": describe(self.siap, p),
            "wilayah_a": a,
            "wilayah_b": b,
            "urai_sebab": sebab,
            "tertinggi": fmt.HILANG if tinggi is None else tinggi["label"],
            "nilai_tertinggi": fmt.HILANG if tinggi is None else fmt.angka(tinggi["nilai"], 2),
            "terendah": fmt.HILANG if rendah is None else rendah["label"],
            "nilai_terendah": fmt.HILANG if rendah is None else fmt.angka(rendah["nilai"], 2),
            "n_tahan": fmt.angka(len(rank) - len(ada)),
            "n_wilayah": fmt.angka(len(rank)),
            "survei": survey_name(self.siap),
            "survei_catatan": survey_notes(Regions.of(self.buku.data), self.siap),
            "keadaan": fmt.pick(sintetis) if self.siap.keadaan == "sintetis" else "",
        }

    def panel(self, p: Pilihan) -> PanelJelajah:
        """Kendali dengan keadaan awal ``p``."""
        return PanelJelajah(self, p)


def parameters(p: Pilihan, **survei: Any) -> dict[str, Any]:
    """Parameter notebook untuk diperlihatkan; ``survei``: lihat :func:`kinerja.pilihan_berkas.perlihatkan`."""
    return {**_state(p), **perlihatkan(**survei)}


def open_explorer(
    buku: Buku,
    p: Pilihan,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Jelajah:
    """Penjelajah atas survei ``mikro`` (kosong: survei sintetis) untuk pilihan yang sudah diperiksa."""
    siap = buka_ikesos(buku.data, mikro, kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap
    j = Jelajah(buku, siap)
    check(j.siap, p)
    return j


# Kendali --------------------------------------------------------------------------------------------------------------


class PanelJelajah(widgets.VBox):
    """Kendali penjelajah; satu gambar yang diganti di tempat, tautan CSV, dan parameter tampilan ini.

    Penggeser menghitung ketika dilepas atau ketika tombol panah ditekan: sekali geser sekali hitung, dan tidak ada
    antrean hasil lama yang harus ditunggu.

    Attributes
    ----------
    controls : dict of str to ipywidgets.Widget
    galat : Exception or None
        Kesalahan perhitungan terakhir; kalimatnya ada di panel dan gambar lama disingkirkan.
    """

    def __init__(self, jelajah: Jelajah, p: Pilihan) -> None:
        self.jelajah, self.galat = jelajah, None
        siap = jelajah.siap
        self._tahan = False
        self.judul = fmt.pick({"id": "Penjelajah Ikesos", "en": "Ikesos explorer"})
        self.controls = self._controls(siap, p)
        self._kepala = Kepala(self.judul)
        self._teks, self._gambar, self._bawah = widgets.HTML(), widgets.HTML(), widgets.HTML()
        for nama, kendali in self.controls.items():
            prepare_control(kendali)
            kendali.observe(lambda _, nama=nama: self._changed(nama), names="value")
        self._align()
        gaya = widgets.Layout(flex_flow="row wrap", grid_gap="2px 14px")
        bobot = [w for k, w in self.controls.items() if k.startswith("bobot:")]
        dua = [self.controls[k] for k in ("wilayah_a", "wilayah_b")]
        menu = [w for w in self.controls.values() if w not in (*bobot, *dua)]
        tajuk = fmt.pick({"id": "Bobot dimensi dan sasaran", "en": "Weights of dimensions and target groups"})
        super().__init__(
            [
                self._kepala,
                *(widgets.HBox(x, layout=gaya) for x in (menu, dua)),
                widgets.HTML(f"<b>{tajuk}</b>"),
                widgets.HBox(bobot, layout=gaya),
                self._teks,
                self._gambar,
                self._bawah,
            ]
        )
        self.add_class(KELAS)
        if not in_batch():
            self.update()

    def _controls(self, siap: SiapIkesos, p: Pilihan) -> dict[str, widgets.Widget]:
        def menu(label: dict[str, str], pilihan: list, nilai: str) -> widgets.Dropdown:
            return widgets.Dropdown(options=pilihan, value=nilai, description=fmt.pick(label))

        def sebut(kamus: Mapping, hanya: Any = None) -> list:
            return [(fmt.pick(v), k) for k, v in kamus.items() if hanya is None or k in hanya]

        jenjang = node_options(siap, p.sasaran)[p.simpul][0]
        bobot = {
            f"bobot:{k}": widgets.FloatSlider(
                value=p.bobot.get(k, 1.0), min=0, max=BOBOT_TERBESAR, step=0.1, readout_format=".1f", description=nama,
                tooltip=fmt.pick({"id": f"Bobot {nama}", "en": f"Weight of {nama}"}),
            )
            for k, nama in weight_names(siap).items()
        }  # fmt: skip
        wilayah = self._region_options(p.wilayah)
        return {
            "tampilan": menu({"id": "Tampilan", "en": "View"}, sebut(TAMPILAN), p.tampilan),
            "sasaran": menu({"id": "Sasaran", "en": "Target group"}, sebut(NAMA_PENDEK), p.sasaran),
            "jenjang": menu(
                {"id": "Jenjang", "en": "Level"},
                sebut(JENJANG, {"puncak", "dimensi", "subdimensi", "indikator"}),
                jenjang,
            ),
            "simpul": menu({"id": "Simpul", "en": "Node"}, self._node_choices(p.sasaran, jenjang), p.simpul),
            "wilayah": menu({"id": "Wilayah", "en": "Regions"}, sebut(WILAYAH, siap.tingkat), p.wilayah),
            "daerah": menu({"id": "Daerah", "en": "Area"}, sebut(DAERAH), p.daerah),
            "kelamin": menu({"id": "Kelamin", "en": "Sex"}, sebut(KELAMIN), p.kelamin),
            "agregasi": menu({"id": "Agregasi", "en": "Aggregation"}, sebut(AGREGASI), p.agregasi),
            "dasar": menu({"id": "Dasar", "en": "Basis"}, sebut(DASAR), p.dasar),
            **bobot,
            "wilayah_a": menu({"id": "Bandingkan", "en": "Compare"}, wilayah, p.dua[0]),
            "wilayah_b": menu({"id": "dengan", "en": "with"}, wilayah, p.dua[1]),
        }

    def _align(self) -> None:
        """Label dan isian berjajar: tiga menu atau dua penggeser sebaris di layar meja, satu di telepon."""
        for nama, kendali in self.controls.items():
            bobot = nama.startswith("bobot:")
            kendali.style.description_width = "11.5rem" if bobot else "6.5rem"
            kendali.layout = widgets.Layout(width="29rem" if bobot else "22.5rem", max_width="100%")

    def _node_choices(self, sasaran: str, jenjang: str) -> list[tuple[str, str]]:
        return [(nama, k) for k, (j, nama) in node_options(self.jelajah.siap, sasaran).items() if j == jenjang]

    def _region_options(self, wilayah: str) -> list[tuple[str, str]]:
        nama = region_names(self.jelajah.buku.data, self.jelajah.siap, wilayah)
        return [(fmt.pick({"id": "(otomatis)", "en": "(automatic)"}), ""), *((v, k) for k, v in nama.items())]

    def state(self) -> Pilihan:
        """Keadaan kendali sekarang."""
        c = self.controls
        nama = [k for k in asdict(Pilihan()) if k not in ("bobot", "pasangan")]
        pasangan = ",".join(c[k].value for k in ("wilayah_a", "wilayah_b")).rstrip(",")
        bobot = {k.removeprefix("bobot:"): round(w.value, 2) for k, w in c.items() if k.startswith("bobot:")}
        bobot = {k: v for k, v in bobot.items() if v != 1}
        return Pilihan(**{k: c[k].value for k in nama}, bobot=bobot, pasangan=pasangan)

    def _changed(self, nama: str) -> None:
        if self._tahan:
            return
        # Kendali yang bergantung disetel dulu, supaya satu perubahan tetap satu hitungan.
        self._tahan = True
        try:
            if nama in ("sasaran", "jenjang"):
                self._set_options(
                    "simpul", self._node_choices(self.controls["sasaran"].value, self.controls["jenjang"].value)
                )
            elif nama == "wilayah":
                for k in ("wilayah_a", "wilayah_b"):
                    self._set_options(k, self._region_options(self.controls["wilayah"].value))
        finally:
            self._tahan = False
        self.update()

    def _set_options(self, nama: str, pilihan: list[tuple[str, str]]) -> None:
        kendali = self.controls[nama]
        lama = kendali.value
        kendali.options = pilihan
        kode = [k for _, k in pilihan]
        kendali.value = lama if lama in kode else kode[0]

    def update(self) -> None:
        """Hitung dan gambar keadaan sekarang; kesalahan menjadi satu kalimat dan menyingkirkan gambar lama."""
        with self._kepala.busy():
            self._show(self.state())

    def _show(self, p: Pilihan) -> None:
        try:
            (hasil, frame), self.galat = self.jelajah.answer(p), None
        except Exception as galat:
            self.galat = galat
            pesan = str(galat) if isinstance(galat, GalatKinerja) else unexpected(galat)
            self._teks.value = f'<p role="alert">{html.escape(pesan)}</p>'
            self._gambar.value = self._bawah.value = ""
            return
        self._teks.value = ""
        self._gambar.value = image_html(hasil.png, hasil.alt)
        self._bawah.value = self._footer(p, frame)

    def _footer(self, p: Pilihan, frame: pd.DataFrame) -> str:
        tautan = csv_link(frame, f"jelajah_ikesos-{p.tampilan}")
        kata = fmt.pick({"id": "Simpan tampilan ini sebagai parameter", "en": "Keep this view as parameters"})
        isi = html.escape(f"{command(p, self.jelajah.buku.tahun)}\n\n{literals(p)}")
        gaya = "white-space:pre-wrap;overflow-wrap:anywhere"
        return f'<p>{tautan}</p><details><summary>{kata}</summary><pre style="{gaya}">{isi}</pre></details>'

    def __repr__(self) -> str:
        return f"Panel: {self.judul}"
