"""Bahasa ungkapan kodebuku: :mod:`colformula` dengan kata-kata Indonesia, misalnya ``R407 >= 15 dan R702 = 1``.

Kata: ``dan``, ``atau``, ``bukan``, ``di [1, 3..5]``. Fungsi: ``terisi(x)``; ``pasti(syarat)`` (yang tidak diketahui
menjadi salah, bagi pertanyaan yang dilewati menurut alur kuesioner); dihitung atas seluruh anggota rumah tangga:
``ada_ruta(syarat)``, ``banyak_ruta(syarat)``, ``jumlah_ruta(x)``; atas seluruh sampel: ``kuantil(x, persen)``
(berbobot, persen 0 sampai 100). Sel kosong mengikuti logika tiga nilai; lihat :mod:`colformula.microdata`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from colformula import FormulaError, Missing, Node, kind, names, parse, walk
from colformula.microdata import CODEBOOK, Microdata
from colformula.tree import Call
from kinerja.errors import GalatHitung, GalatParameter

BAHASA = CODEBOOK.spoken(
    {
        "dan": "and",
        "atau": "or",
        "bukan": "not",
        "di": "in",
        "terisi": "filled",
        "pasti": "certain",
        "ada_ruta": "any_member",
        "banyak_ruta": "count_members",
        "jumlah_ruta": "sum_members",
        "kuantil": "quantile",
    },
    example="R407 >= 15",
)
_JENIS = {"condition": "syarat", "number": "bilangan", "text": "teks"}


class GalatUngkapan(GalatParameter):
    """Tulisan ungkapan tidak sah; ``posisi`` adalah huruf ke berapa (mulai 1)."""

    def __init__(self, pesan: str, posisi: int):
        self.pesan, self.posisi = pesan, posisi
        super().__init__(f"{pesan} (huruf ke-{posisi}).")


@dataclass(frozen=True)
class Ungkapan:
    """Ungkapan yang sudah diurai.

    Attributes
    ----------
    teks : str
    akar : Node
    jenis : {"syarat", "bilangan", "teks"}
    nama : tuple of str
        Nama variabel dan parameter yang disebut, menurut kemunculan.
    """

    teks: str
    akar: Node
    jenis: str
    nama: tuple[str, ...]


@dataclass(frozen=True)
class Nilai:
    """Nilai tiap baris (atau satu nilai untuk semua) beserta letak yang tidak diketahui.

    Attributes
    ----------
    isi : ndarray
        bool untuk syarat; isi di letak kosong tidak bermakna.
    kosong : ndarray of bool or None
        None = semua diketahui.
    """

    isi: np.ndarray
    kosong: np.ndarray | None = None

    def pasti(self) -> np.ndarray:
        """Syarat yang pasti benar; tidak diketahui dihitung salah."""
        isi = np.asarray(self.isi, dtype=bool)
        return isi if self.kosong is None else isi & ~self.kosong


def urai(teks: str) -> Ungkapan:
    """Urai satu ungkapan.

    Raises
    ------
    GalatUngkapan
        Tulisan tidak sah; pesannya menyebut letak dan apa yang diharapkan.
    """
    try:
        akar = parse(teks, BAHASA)
    except FormulaError as galat:
        raise GalatUngkapan(galat.message, galat.position) from None
    return Ungkapan(teks, akar, _JENIS[kind(akar, BAHASA)], names(akar))


def kuantil_di(ungkapan: Ungkapan) -> list[Call]:
    """Setiap ``kuantil(x, persen)`` yang berbeda di dalam ungkapan."""
    return list(dict.fromkeys(x for x in walk(ungkapan.akar) if isinstance(x, Call) and x.name == "quantile"))


class Penilai:
    """Menilai ungkapan atas satu berkas data mikro; parameternya seperti :class:`colformula.microdata.Microdata`."""

    def __init__(
        self,
        kolom: Mapping[str, object],
        *,
        parameter: Mapping[str, float] | None = None,
        ruta: np.ndarray | None = None,
        bobot: np.ndarray | None = None,
        geser_kuantil: float = 0.0,
    ):
        self._data = Microdata(
            kolom,
            parameters=parameter,
            household=ruta,
            weights=bobot,
            quantile_shift=geser_kuantil,
            language=BAHASA,
        )

    def nilai(self, ungkapan: Ungkapan) -> Nilai:
        """Nilai ungkapan di tiap baris.

        Raises
        ------
        GalatParameter
            Nama tidak ada, atau kolom teks dipakai sebagai bilangan.
        GalatHitung
            Kuantil atas data yang kosong seluruhnya.
        """
        return self.nilai_simpul(ungkapan.akar)

    def nilai_simpul(self, simpul: Node) -> Nilai:
        """Nilai satu simpul pohon, misalnya masukan sebuah ``kuantil`` dari :func:`kuantil_di`."""
        try:
            hasil = self._data.value(simpul)
        except FormulaError as galat:
            raise GalatParameter(f"{galat.message}.") from None
        except Missing as kosong:
            raise GalatHitung(f"{kosong.args[0]}.") from None
        return Nilai(hasil.values, hasil.missing)
