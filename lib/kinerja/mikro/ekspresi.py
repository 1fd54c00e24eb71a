"""Bahasa ungkapan kodebuku: :mod:`colformula` dengan kata-kata Indonesia, misalnya ``R407 >= 15 dan R702 = 1``.

Kata: ``dan``, ``atau``, ``bukan``, ``di [1, 3..5]``. Fungsi: ``terisi(x)``; ``pasti(syarat)`` (yang tidak diketahui
menjadi salah, bagi pertanyaan yang dilewati menurut alur kuesioner); dihitung atas seluruh anggota rumah tangga:
``ada_ruta(syarat)``, ``banyak_ruta(syarat)``, ``jumlah_ruta(x)``; atas seluruh sampel: ``kuantil(x, persen)``
(berbobot, persen 0 sampai 100).

Sel kosong mengikuti logika tiga nilai (S. C. Kleene, *Introduction to Metamathematics*, 1952, bagian 64): perbandingan
dengannya tidak diketahui, ``salah dan ?`` salah, ``benar atau ?`` benar, lainnya tidak diketahui; begitu pula pembagian
dengan nol. Fungsi rumah tangga melewati anggota yang tidak diketahui; bila semua begitu, rumah tangganya juga.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from colformula import FormulaError, Function, Language, Node, kind, names, parse, walk
from colformula.tree import Binary, Call, Compare, In, Logic, Name, Negative, Not, Number, Text
from kinerja.errors import GalatHitung, GalatParameter

BAHASA = Language(
    {
        "terisi": Function(("any",), "condition"),
        "pasti": Function(("condition",), "condition"),
        "ada_ruta": Function(("condition",), "condition"),
        "banyak_ruta": Function(("condition",)),
        "jumlah_ruta": Function(("number",)),
        "kuantil": Function(("number", "number")),
    },
    {"dan": "and", "atau": "or", "bukan": "not", "di": "in"},
    rows=False,
    example="R407 >= 15",
)
_JENIS = {"condition": "syarat", "number": "bilangan", "text": "teks"}
_BANDING = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_HITUNG = {"+": operator.add, "-": operator.sub, "*": operator.mul}
#: Kuantil berasal dari bobot kumulatif; bagian yang sedekat ini terhitung sampai.
_KECIL = 1e-12


class GalatUngkapan(GalatParameter):
    """Tulisan ungkapan tidak sah; ``posisi`` adalah huruf ke berapa (mulai 1)."""

    def __init__(self, pesan: str, posisi: int):
        self.pesan, self.posisi = pesan, posisi
        super().__init__(f"{pesan} (huruf ke-{posisi}).")


@dataclass(frozen=True)
class Ungkapan:
    """Ungkapan yang sudah diurai: ``jenis`` syarat, bilangan, atau teks; ``nama`` variabel dan parameter yang disebut,
    menurut kemunculan."""

    teks: str
    akar: Node
    jenis: str
    nama: tuple[str, ...]


@dataclass(frozen=True)
class Nilai:
    """Nilai tiap baris (atau satu nilai untuk semua) beserta letak yang tidak diketahui."""

    isi: np.ndarray
    """bool untuk syarat; isi di letak kosong tidak bermakna."""
    kosong: np.ndarray | None = None
    """None = semua diketahui."""

    def pasti(self) -> np.ndarray:
        """Syarat yang pasti benar; tidak diketahui dihitung salah."""
        isi = np.asarray(self.isi, dtype=bool)
        return isi if self.kosong is None else isi & ~self.kosong

    @property
    def bertulisan(self) -> bool:
        """Isinya teks, bukan bilangan atau syarat."""
        return self.isi.dtype == object

    def angka(self) -> np.ndarray:
        """Isinya sebagai bilangan."""
        if self.bertulisan:
            raise GalatParameter("Kolom berisi teks dipakai dalam hitungan.")
        return self.isi.astype(float)


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
    return list(dict.fromkeys(x for x in walk(ungkapan.akar) if isinstance(x, Call) and x.name == "kuantil"))


class Penilai:
    """Menilai ungkapan atas satu berkas data mikro.

    Parameters
    ----------
    kolom : mapping of str to array-like (n,)
        Bilangan atau teks; NaN atau None = kosong.
    parameter : mapping of str to float, optional
        Nama yang bukan kolom.
    ruta : ndarray of int64 (n,), optional
        Rumah tangga tiap baris, 0..H-1; perlu bagi fungsi rumah tangga.
    bobot : ndarray (n,), optional
        Perlu bagi ``kuantil``.
    geser_kuantil : float
        Ditambahkan ke persen setiap ``kuantil``: keanggotaan andai garisnya sedikit lebih tinggi atau rendah.
    """

    def __init__(
        self,
        kolom: Mapping[str, object],
        *,
        parameter: Mapping[str, float] | None = None,
        ruta: np.ndarray | None = None,
        bobot: np.ndarray | None = None,
        geser_kuantil: float = 0.0,
    ):
        self._kolom, self._parameter = kolom, dict(parameter or {})
        self._ruta, self._bobot, self._geser = ruta, bobot, geser_kuantil
        self._rumah = 0 if ruta is None else int(ruta.max(initial=-1)) + 1
        self._dikenal: dict[Node, Nilai] = {}

    def nilai(self, ungkapan: Ungkapan | Node) -> Nilai:
        """Nilai ungkapan, atau satu simpul pohonnya (misalnya dari :func:`kuantil_di`), di tiap baris.

        Raises
        ------
        GalatParameter
            Nama tidak ada, atau kolom teks dipakai sebagai bilangan.
        GalatHitung
            Kuantil atas data yang kosong seluruhnya.
        """
        simpul = ungkapan.akar if isinstance(ungkapan, Ungkapan) else ungkapan
        match simpul:
            case Number(teks):
                return Nilai(np.float64(teks))
            case Text(isi):
                return Nilai(np.array(isi, dtype=object))
            case Name() | Call():
                if simpul not in self._dikenal:
                    baca = self._fungsi if isinstance(simpul, Call) else self._variabel
                    self._dikenal[simpul] = baca(simpul)
                return self._dikenal[simpul]
            case Not(isi):
                a = self.nilai(isi)
                return Nilai(~a.isi, a.kosong)
            case In(isi, pilihan):
                return _di(self.nilai(isi), pilihan)
            case Logic(tanda, kiri, kanan):
                return _kleene(self.nilai(kiri), self.nilai(kanan), tanda == "and")
            case Compare(tanda, kiri, kanan):
                return _banding(tanda, self.nilai(kiri), self.nilai(kanan))
            case Negative(isi):
                return _hitung("-", Nilai(np.float64(0)), self.nilai(isi))
            case Binary(tanda, kiri, kanan):
                return _hitung(tanda, self.nilai(kiri), self.nilai(kanan))
        raise TypeError(type(simpul).__name__)

    def _variabel(self, simpul: Name) -> Nilai:
        if simpul.name in self._parameter:
            return Nilai(np.float64(self._parameter[simpul.name]))
        if simpul.name not in self._kolom:
            raise GalatParameter(f"Variabel '{simpul.name}' tidak ada di data.")
        kolom = pd.Series(self._kolom[simpul.name])
        if pd.api.types.is_numeric_dtype(kolom.dtype):
            biasa = isinstance(kolom.dtype, np.dtype)
            isi = kolom.to_numpy() if biasa else kolom.to_numpy(float, na_value=np.nan)
        else:
            isi = kolom.astype(object).to_numpy()
        kosong = pd.isna(isi)
        return Nilai(isi, kosong if kosong.any() else None)

    def _fungsi(self, simpul: Call) -> Nilai:
        nama, a = simpul.name, self.nilai(simpul.args[0])
        if nama == "terisi":
            return Nilai(np.ones(np.shape(a.isi), dtype=bool) if a.kosong is None else ~a.kosong)
        if nama == "pasti":
            return Nilai(a.pasti())
        if nama == "kuantil":
            persen = float(self.nilai(simpul.args[1]).angka())
            return Nilai(np.float64(self._kuantil(a, persen + self._geser)))
        if self._ruta is None:
            raise GalatParameter(f"Fungsi {nama} memerlukan nomor rumah tangga.")
        isi = np.broadcast_to(a.angka() if nama == "jumlah_ruta" else a.isi, self._ruta.shape)
        terhitung = isi if a.kosong is None else np.where(a.kosong, 0, isi)
        jumlah = np.bincount(self._ruta, weights=terhitung.astype(float), minlength=self._rumah)
        kosong = None
        if a.kosong is not None:
            diketahui = ~np.broadcast_to(a.kosong, self._ruta.shape)
            kosong = (np.bincount(self._ruta[diketahui], minlength=self._rumah) == 0)[self._ruta]
        hasil = jumlah[self._ruta]
        return Nilai(hasil > 0 if nama == "ada_ruta" else hasil, kosong)

    def _kuantil(self, a: Nilai, persen: float) -> float:
        if not 0 <= persen <= 100:
            raise GalatParameter(f"kuantil: persen {persen:g} harus dari 0 sampai 100.")
        if self._bobot is None:
            raise GalatParameter("Fungsi kuantil memerlukan bobot.")
        x = np.broadcast_to(a.angka(), self._bobot.shape)
        dipakai = self._bobot > 0 if a.kosong is None else (self._bobot > 0) & ~a.kosong
        if not dipakai.any():
            raise GalatHitung("kuantil: tidak ada nilai yang terisi.")
        x, w = x[dipakai], self._bobot[dipakai]
        urutan = np.argsort(x, kind="stable")
        kumulatif = np.cumsum(w[urutan])
        tempat = np.searchsorted(kumulatif, persen / 100 * kumulatif[-1] * (1 - _KECIL))
        return x[urutan][min(tempat, len(x) - 1)]


def _banding(tanda: str, a: Nilai, b: Nilai) -> Nilai:
    kosong = _salah_satu(a.kosong, b.kosong)
    teks = a.bertulisan, b.bertulisan
    if any(teks):
        # kolom teks tanpa satu isi pun terbaca sebagai bilangan: tidak diketahui, bukan salah jenis
        if not all(teks) and any(x.kosong is not None and np.all(x.kosong) for x in (a, b)):
            return Nilai(np.zeros(np.broadcast_shapes(a.isi.shape, b.isi.shape), dtype=bool), kosong)
        if not all(teks):
            raise GalatParameter("Teks dibandingkan dengan bilangan; tulis teks di antara tanda kutip ganda.")
        if tanda not in ("=", "!="):
            raise GalatParameter("Teks hanya dapat dibandingkan dengan = atau !=.")
    with np.errstate(invalid="ignore"):
        return Nilai(np.asarray(_BANDING[tanda](a.isi, b.isi), dtype=bool), kosong)


def _di(a: Nilai, pilihan: tuple) -> Nilai:
    if any(isinstance(x, str) != a.bertulisan for x in pilihan):
        raise GalatParameter("Isi daftar 'di' harus sejenis dengan variabelnya: semua teks, atau semua bilangan.")
    cocok = np.zeros(np.shape(a.isi), dtype=bool)
    with np.errstate(invalid="ignore"):
        for satu in pilihan:
            bawah, atas = (satu, satu) if a.bertulisan else map(float, satu)
            cocok |= (a.isi == atas) if bawah == atas else (a.isi >= bawah) & (a.isi <= atas)
    return Nilai(cocok, a.kosong)


def _hitung(tanda: str, a: Nilai, b: Nilai) -> Nilai:
    x, y = a.angka(), b.angka()
    kosong = _salah_satu(a.kosong, b.kosong)
    if tanda != "/":
        return Nilai(_HITUNG[tanda](x, y), kosong)
    hasil = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)))
    np.divide(x, y, out=hasil, where=np.broadcast_to(y != 0, hasil.shape))
    return Nilai(hasil, _salah_satu(kosong, np.asarray(y == 0) if np.any(y == 0) else None))


def _salah_satu(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None or b is None:
        return b if a is None else a
    return a | b


def _kleene(a: Nilai, b: Nilai, dan: bool) -> Nilai:
    isi = a.isi & b.isi if dan else a.isi | b.isi
    if a.kosong is None and b.kosong is None:
        return Nilai(isi)
    kosong_a, kosong_b = (np.zeros((), dtype=bool) if x.kosong is None else x.kosong for x in (a, b))
    # sisi yang pasti salah (dan) atau pasti benar (atau) menentukan, apa pun sisi yang lain
    tentu_a = ~kosong_a & (~a.isi if dan else a.isi)
    tentu_b = ~kosong_b & (~b.isi if dan else b.isi)
    kosong = (kosong_a | kosong_b) & ~tentu_a & ~tentu_b
    return Nilai(np.where(tentu_a | tentu_b, not dan, isi), kosong if kosong.any() else None)
