"""Penjelajah yang terbuka: survei, ulangan, dan kanvas yang tetap hidup selama panelnya dipakai."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from kinerja import fmt
from kinerja.buku import Buku
from kinerja.errors import GalatHitung
from kinerja.explore import Hasil
from kinerja.jelajah.hitung import Ulangan, compared, decomposition, heat, rank_uncertainty, ranking
from kinerja.jelajah.kanvas import Tampilan
from kinerja.jelajah.pilihan import TAMPILAN, Pilihan, check, describe, unit_name
from kinerja.jelajah.survei import WILAYAH, Survei, open_survey
from kinerja.jelajah.tampilan import Panas, Peta, TitikSelang, Urai
from kinerja.kerahasiaan import amankan
from kinerja.pilihan_berkas import TAHUN_BAKU

JUDUL = {
    "peringkat": {"id": "Nilai dengan selang kepercayaan 95%", "en": "Values with 95% confidence intervals"},
    "panas": {"id": "Bagian indeks menurut wilayah", "en": "Parts of the index by region"},
    "peta": {"id": "Nilai per provinsi pada peta kotak", "en": "Values by province on a tile map"},
    "urai": {
        "id": "Dari mana nilai dua wilayah dan bedanya",
        "en": "Where two regions' values and their difference come from",
    },
    "ketidakpastian": {
        "id": "Peringkat dengan sebaran 90% antarulangan sampel",
        "en": "Ranks with their 90% spread over sampling replicates",
    },
}
_PERINGKAT = {"id": "peringkat (1 = tertinggi)", "en": "rank (1 = highest)"}
_KOSONG = (
    "simpul label sumbangan_a sumbangan_b sumbangan_beda wilayah_a wilayah_b keadaan"
).split()  # penguraian tanpa baris


@dataclass
class Jelajah:
    """Penjelajah satu survei di satu notebook."""

    buku: Buku
    survei: Survei
    ulangan: Ulangan = None
    _kanvas: dict = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.ulangan = self.ulangan or Ulangan(self.survei.siap)

    def frame(self, p: Pilihan) -> pd.DataFrame:
        """Bingkai data di balik satu tampilan; yang sama diunduh sebagai CSV, tanpa sel kecil yang terbuka.

        Raises
        ------
        GalatHitung
            Tidak ada yang dapat diurai.
        """
        p = p.view(p.tampilan)
        if p.tampilan == "panas":
            return heat(self.survei, p)
        rank = amankan(ranking(self.survei, p))
        if p.tampilan == "urai":
            return decomposition(self.survei, p, *compared(rank, p))
        return rank_uncertainty(self.survei, rank, self.ulangan, p) if p.tampilan == "ketidakpastian" else rank

    def parts(self, p: Pilihan) -> tuple[pd.DataFrame, str]:
        """Bingkai penguraian untuk notebook; bila tidak ada yang dapat diurai, tanpa baris dan dengan sebabnya."""
        try:
            return self.frame(p.view("urai")), ""
        except GalatHitung as galat:
            kolom = {k: pd.Series(dtype=float if k.startswith("sumbangan") else "str") for k in _KOSONG}
            return pd.DataFrame(kolom), str(galat)

    def pair(self, urai: pd.DataFrame) -> pd.DataFrame:
        """Nama kedua wilayah sebuah penguraian, satu baris: ``a`` dan ``b``; kosong bila tidak ada yang diurai."""
        kode = {k: urai[f"wilayah_{k}"].iloc[0] if len(urai) else "" for k in ("a", "b")}
        tingkat = [t for t in WILAYAH if t in self.survei.siap.tingkat]
        nama = {k: v for t in tingkat for k, v in self.survei.names(t).items()}
        return pd.DataFrame([{k: nama.get(v, "") for k, v in kode.items()}])

    def draw(self, p: Pilihan, frame: pd.DataFrame) -> Tampilan:
        """Tampilan yang artisnya sudah dipindahkan ke ``frame``."""
        kunci = p.tampilan, p.wilayah
        if kunci not in self._kanvas:
            self._kanvas[kunci] = self._canvas(p)
        t = self._kanvas[kunci]
        self._update(t, p.view(p.tampilan), frame)
        return t

    def _canvas(self, p: Pilihan) -> Tampilan:
        keadaan = self.survei.keadaan
        if p.tampilan == "peta":
            t = Peta(keadaan, "", self._tiles())
        elif p.tampilan == "panas":
            t = Panas(keadaan, "")
        elif p.tampilan == "urai":
            t = Urai(keadaan, "")
        else:
            t = TitikSelang(keadaan, fmt.pick(_PERINGKAT) if p.tampilan == "ketidakpastian" else unit_name())
        t.sign(fmt.pick(JUDUL[p.tampilan]), self.survei.source())
        return t

    def _tiles(self) -> pd.DataFrame:
        wilayah = self.survei.wilayah
        letak = wilayah.map_tiles(map(str, self.survei.siap.label("provinsi")))
        return letak.assign(wilayah=letak["wilayah"].map(wilayah.code))

    def _update(self, t: Tampilan, p: Pilihan, frame: pd.DataFrame) -> None:
        terang = describe(self.survei.siap, p)
        if p.tampilan == "panas":
            t.update(_wide(frame), keterangan=terang)
        elif p.tampilan == "peta":
            tanpa_nama = self.survei.wilayah.note(map(str, self.survei.siap.label("provinsi")))
            t.update(frame, keterangan=f"{terang} {tanpa_nama}".strip())
        elif p.tampilan == "urai":
            nama = self.survei.names(p.wilayah)
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
        p = check(self.survei, p)
        frame = self.frame(p)
        png = self.draw(p, frame).png()
        alt = f"{fmt.pick(TAMPILAN[p.tampilan])}: {describe(self.survei.siap, p.view(p.tampilan))}"
        return Hasil(png=png, alt=alt), frame


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """Nilai wilayah (baris) x bagian (kolom), keduanya bernama."""
    lebar = frame.pivot(index="wilayah", columns="simpul", values="nilai")
    lebar = lebar.loc[frame["wilayah"].unique(), frame["simpul"].unique()]
    nama = {k: dict(zip(frame[k], frame[v], strict=True)) for k, v in (("wilayah", "label"), ("simpul", "nama"))}
    return lebar.set_axis(lebar.index.map(nama["wilayah"])).set_axis(lebar.columns.map(nama["simpul"]), axis=1)


def open_explorer(
    buku: Buku,
    p: Pilihan,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Jelajah:
    """Penjelajah atas survei ``mikro`` (kosong: survei sintetis) untuk pilihan yang sudah diperiksa."""
    survei = open_survey(buku.data, mikro, kodebuku, tahun_survei, lipat_papua)
    check(survei, p)
    return Jelajah(buku, survei)
