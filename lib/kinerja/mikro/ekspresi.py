"""Bahasa ungkapan kodebuku: dari tulisan seperti ``R407 >= 15 dan R702 = 1`` ke nilai tiap baris, tanpa ``eval``.

Tata bahasa (kata kunci dan fungsi berhuruf kecil; nama variabel peka huruf)::

    ungkapan  := dan { "atau" dan }
    dan       := bukan { "dan" bukan }
    bukan     := "bukan" bukan | banding
    banding   := jumlah [ ("=" | "!=" | "<" | "<=" | ">" | ">=") jumlah | "di" "[" isi { "," isi } "]" ]
    jumlah    := kali { ("+" | "-") kali }
    kali      := unsur { ("*" | "/") unsur }
    unsur     := ["-"] ( angka | "teks" | NAMA | fungsi "(" ungkapan { "," ungkapan } ")" | "(" ungkapan ")" )
    isi       := angka [ ".." angka ] | "teks"

Fungsi: ``terisi(x)``; ``pasti(syarat)`` (yang tidak diketahui menjadi salah, bagi pertanyaan yang dilewati menurut alur
kuesioner); dihitung atas seluruh anggota rumah tangga: ``ada_ruta(syarat)``, ``banyak_ruta(syarat)``,
``jumlah_ruta(x)``; atas seluruh sampel: ``kuantil(x, persen)`` (berbobot, persen 0 sampai 100).

Sel kosong mengikuti logika tiga nilai (Kleene): perbandingan dengan sel kosong tidak diketahui; ``salah dan ?`` salah,
``benar atau ?`` benar, selain itu tidak diketahui. Pembagian dengan nol tidak diketahui. Fungsi rumah tangga melewati
anggota yang tidak diketahui; rumah tangga yang seluruh anggotanya tidak diketahui juga tidak diketahui.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter

PANJANG_TERBESAR = 4000
DALAM_TERBESAR = 40
KATA_KUNCI = ("dan", "atau", "bukan", "di")
#: Nama fungsi -> (jenis tiap masukan, jenis hasil); "apa" = bilangan atau syarat.
FUNGSI = {
    "terisi": (("apa",), "syarat"),
    "pasti": (("syarat",), "syarat"),
    "ada_ruta": (("syarat",), "syarat"),
    "banyak_ruta": (("syarat",), "bilangan"),
    "jumlah_ruta": (("bilangan",), "bilangan"),
    "kuantil": (("bilangan", "bilangan"), "bilangan"),
}
_POTONG = re.compile(
    r"\s*(?:(?P<angka>\d+(?:\.(?!\.)\d+)?)|(?P<nama>[A-Za-z_]\w*)|(?P<teks>\"[^\"]*\")"
    r"|(?P<tanda>\.\.|!=|<=|>=|[=<>+\-*/()\[\],]))"
)
_BANDING = ("=", "!=", "<", "<=", ">", ">=")
#: Nilai kuantil dihitung dari data terurut; nilai yang berselisih sekecil ini dianggap mencapai batas.
_RENTANG = 1e-12


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
    akar : tuple
        Pohon sintaks: ("angka", 3.0), ("nama", "R407"), ("dan", kiri, kanan), ...
    jenis : {"syarat", "bilangan"}
    nama : tuple of str
        Nama variabel dan parameter yang disebut, menurut kemunculan.
    """

    teks: str
    akar: tuple
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
    if len(teks) > PANJANG_TERBESAR:
        raise GalatUngkapan(f"Ungkapan terlalu panjang (paling banyak {PANJANG_TERBESAR} huruf)", PANJANG_TERBESAR)
    pengurai = _Pengurai(teks)
    akar = pengurai.atau()
    if pengurai.jenis_kini != "akhir":
        raise pengurai.galat("akhir ungkapan atau operator")
    return Ungkapan(teks, akar, _jenis(akar), tuple(dict.fromkeys(pengurai.nama)))


def _jenis(simpul: tuple) -> str:
    kepala = simpul[0]
    if kepala in ("dan", "atau", "bukan", "di", *_BANDING):
        return "syarat"
    return FUNGSI[simpul[1]][1] if kepala == "fungsi" else "teks" if kepala == "teks" else "bilangan"


def kuantil_di(ungkapan: Ungkapan) -> list[tuple[tuple, tuple]]:
    """Setiap ``kuantil(x, persen)`` yang berbeda di dalam ungkapan: simpul x dan simpul persennya."""
    hasil: dict[tuple[tuple, tuple], None] = {}
    antre: list[tuple] = [ungkapan.akar]
    while antre:
        simpul = antre.pop()
        if simpul[0] == "fungsi" and simpul[1] == "kuantil":
            hasil[simpul[2]] = None
        antre += [x for x in (simpul[2] if simpul[0] == "fungsi" else simpul[1:]) if isinstance(x, tuple)]
    return list(hasil)


class _Pengurai:
    """Pengurai turun rekursif; kedalaman dibatasi supaya tulisan apa pun berakhir dengan pesan."""

    def __init__(self, teks: str):
        self.teks, self.letak, self.dalam = teks, 0, 0
        self.nama: list[str] = []
        self.maju()

    def maju(self) -> None:
        sisa = self.teks[self.letak :]
        self.awal = self.letak + len(sisa) - len(sisa.lstrip()) + 1
        if not sisa.strip():
            self.jenis_kini, self.kini = "akhir", ""
            return
        cocok = _POTONG.match(self.teks, self.letak)
        if cocok is None:
            raise GalatUngkapan(f"Tanda {self.teks[self.awal - 1]!r} tidak dikenal", self.awal)
        self.jenis_kini, self.kini = cocok.lastgroup, cocok.group(cocok.lastgroup)
        self.letak = cocok.end()

    def galat(self, diharapkan: str) -> GalatUngkapan:
        temuan = "akhir tulisan" if self.jenis_kini == "akhir" else f"'{self.kini}'"
        return GalatUngkapan(f"Ditemukan {temuan}, diharapkan {diharapkan}", self.awal)

    def ambil(self, kini: str) -> None:
        if self.kini != kini or self.jenis_kini == "teks":
            raise self.galat(f"'{kini}'")
        self.maju()

    def adalah(self, *kata: str) -> bool:
        return self.jenis_kini in ("nama", "tanda") and self.kini in kata

    def harus(self, simpul: tuple, jenis: str, awal: int) -> tuple:
        ada = _jenis(simpul)
        if jenis != "apa" and ada != jenis:
            saran = "; tulis misalnya R407 >= 15" if jenis == "syarat" else ""
            raise GalatUngkapan(f"Di sini diperlukan {jenis}, bukan {ada}{saran}", awal)
        return simpul

    def atau(self) -> tuple:
        self.dalam += 1
        if self.dalam > DALAM_TERBESAR:
            raise GalatUngkapan(f"Kurung bersusun lebih dari {DALAM_TERBESAR}", self.awal)
        hasil = self._deret(self.dan, "atau")
        self.dalam -= 1
        return hasil

    def dan(self) -> tuple:
        return self._deret(self.bukan, "dan")

    def _deret(self, berikut, kata: str) -> tuple:
        awal = self.awal
        kiri = berikut()
        while self.adalah(kata):
            self.harus(kiri, "syarat", awal)
            self.maju()
            awal_kanan = self.awal
            kiri = (kata, kiri, self.harus(berikut(), "syarat", awal_kanan))
        return kiri

    def bukan(self) -> tuple:
        balik = False
        while self.adalah("bukan"):
            balik = not balik
            self.maju()
            if not self.adalah("bukan"):
                awal = self.awal
                isi = self.harus(self.banding(), "syarat", awal)
                return ("bukan", isi) if balik else isi
        return self.banding()

    def banding(self) -> tuple:
        awal = self.awal
        kiri = self.jumlah()
        if self.adalah(*_BANDING):
            tanda = self.kini
            self.maju()
            awal_kanan = self.awal
            kanan = self.jumlah()
            for simpul, letak in ((kiri, awal), (kanan, awal_kanan)):
                if _jenis(simpul) == "syarat":
                    raise GalatUngkapan("Syarat tidak dapat dibandingkan dengan bilangan", letak)
            if "teks" in (_jenis(kiri), _jenis(kanan)) and tanda not in ("=", "!="):
                raise GalatUngkapan("Teks hanya dapat dibandingkan dengan = atau !=", awal_kanan)
            return (tanda, kiri, kanan)
        if self.adalah("di"):
            self.harus(kiri, "bilangan", awal)
            self.maju()
            return ("di", kiri, self.daftar())
        return kiri

    def daftar(self) -> tuple:
        self.ambil("[")
        isi = [self.isi_daftar()]
        while self.adalah(","):
            self.maju()
            isi.append(self.isi_daftar())
        self.ambil("]")
        return tuple(isi)

    def isi_daftar(self) -> tuple:
        if self.jenis_kini == "teks":
            isi = self.kini[1:-1]
            self.maju()
            return ("teks", isi)
        awal = self.awal
        bawah = self.angka_bertanda()
        if not self.adalah(".."):
            return (bawah, bawah)
        self.maju()
        atas = self.angka_bertanda()
        if atas < bawah:
            raise GalatUngkapan(f"Rentang {bawah:g}..{atas:g} terbalik", awal)
        return (bawah, atas)

    def angka_bertanda(self) -> float:
        tanda = 1.0
        if self.adalah("-"):
            tanda = -1.0
            self.maju()
        if self.jenis_kini != "angka":
            raise self.galat("angka")
        nilai = tanda * float(self.kini)
        self.maju()
        return nilai

    def jumlah(self) -> tuple:
        return self._hitung(self.kali, "+", "-")

    def kali(self) -> tuple:
        return self._hitung(self.unsur, "*", "/")

    def _hitung(self, berikut, *tanda: str) -> tuple:
        awal = self.awal
        kiri = berikut()
        while self.adalah(*tanda):
            self.harus(kiri, "bilangan", awal)
            operator = self.kini
            self.maju()
            awal_kanan = self.awal
            kiri = (operator, kiri, self.harus(berikut(), "bilangan", awal_kanan))
        return kiri

    def unsur(self) -> tuple:
        if self.adalah("-"):
            self.maju()
            awal = self.awal
            if self.adalah("-"):
                raise self.galat("angka atau nama")
            return ("-", ("angka", 0.0), self.harus(self.unsur(), "bilangan", awal))
        if self.adalah("("):
            self.maju()
            isi = self.atau()
            self.ambil(")")
            return isi
        jenis, isi = self.jenis_kini, self.kini
        if jenis == "angka":
            self.maju()
            return ("angka", float(isi))
        if jenis == "teks":
            self.maju()
            return ("teks", isi[1:-1])
        if jenis != "nama" or isi in KATA_KUNCI:
            raise self.galat("angka, nama variabel, atau kurung buka")
        awal = self.awal
        self.maju()
        if self.adalah("("):
            return self.fungsi(isi, awal)
        self.nama.append(isi)
        return ("nama", isi)

    def fungsi(self, nama: str, awal: int) -> tuple:
        if nama not in FUNGSI:
            raise GalatUngkapan(f"Fungsi '{nama}' tidak dikenal; yang ada: {', '.join(FUNGSI)}", awal)
        jenis = FUNGSI[nama][0]
        self.ambil("(")
        masukan = []
        for i, satu in enumerate(jenis):
            if i:
                self.ambil(",")
            awal_masukan = self.awal
            masukan.append(self.harus(self.atau(), satu, awal_masukan))
        self.ambil(")")
        return ("fungsi", nama, tuple(masukan))


class Penilai:
    """Menilai ungkapan atas satu berkas data mikro.

    Parameters
    ----------
    kolom : mapping of str to array-like (n,)
        Kolom data; bilangan atau teks, sel kosong NaN/None.
    parameter : mapping of str to float, optional
        Nama yang bukan kolom.
    ruta : ndarray of int64 (n,), optional
        Nomor rumah tangga tiap baris, 0..R-1; perlu untuk fungsi rumah tangga.
    bobot : ndarray (n,), optional
        Perlu untuk ``kuantil``.
    geser_kuantil : float
        Ditambahkan pada persen setiap ``kuantil``: keanggotaan seandainya garisnya sedikit lebih tinggi atau rendah.
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
        self._geser = geser_kuantil
        self._kolom, self._parameter = kolom, dict(parameter or {})
        self._ruta, self._bobot = ruta, bobot
        self._banyak_ruta = 0 if ruta is None else int(ruta.max(initial=-1)) + 1
        self._fungsi: dict[tuple, Nilai] = {}
        self._baca: dict[str, Nilai] = {}

    def nilai(self, ungkapan: Ungkapan) -> Nilai:
        """Nilai ungkapan di tiap baris.

        Raises
        ------
        GalatParameter
            Nama tidak ada, atau kolom teks dipakai sebagai bilangan.
        """
        return self._nilai(ungkapan.akar)

    def nilai_simpul(self, simpul: tuple) -> Nilai:
        """Nilai satu simpul pohon sintaks, misalnya masukan sebuah ``kuantil`` dari :func:`kuantil_di`."""
        return self._nilai(simpul)

    def _nilai(self, s: tuple) -> Nilai:
        kepala = s[0]
        if kepala == "angka":
            return Nilai(np.float64(s[1]))
        if kepala == "teks":
            return Nilai(np.array(s[1], dtype=object))
        if kepala == "nama":
            return self._ambil(s[1])
        if kepala == "fungsi":
            if s not in self._fungsi:
                self._fungsi[s] = self._panggil(s[1], s[2])
            return self._fungsi[s]
        if kepala == "bukan":
            a = self._nilai(s[1])
            return Nilai(~a.isi, a.kosong)
        if kepala == "di":
            return self._di(self._nilai(s[1]), s[2])
        a, b = self._nilai(s[1]), self._nilai(s[2])
        if kepala in ("dan", "atau"):
            return _logika(a, b, kepala == "dan")
        return self._banding(kepala, a, b) if kepala in _BANDING else self._hitung(kepala, a, b)

    def _ambil(self, nama: str) -> Nilai:
        if nama in self._baca:
            return self._baca[nama]
        if nama in self._parameter:
            return Nilai(np.float64(self._parameter[nama]))
        if nama not in self._kolom:
            raise GalatParameter(f"Variabel '{nama}' tidak ada di data.")
        kolom = self._kolom[nama]
        kolom = kolom if isinstance(kolom, pd.Series) else pd.Series(kolom)
        if pd.api.types.is_numeric_dtype(kolom.dtype) and not isinstance(kolom.dtype, pd.CategoricalDtype):
            isi = kolom.to_numpy() if isinstance(kolom.dtype, np.dtype) else kolom.to_numpy(float, na_value=np.nan)
            kosong = np.isnan(isi) if isi.dtype.kind == "f" else None
        else:
            isi = kolom.astype(object).to_numpy()
            kosong = pd.isna(isi)
        hasil = Nilai(isi, kosong if kosong is not None and kosong.any() else None)
        self._baca[nama] = hasil
        return hasil

    def _banding(self, tanda: str, a: Nilai, b: Nilai) -> Nilai:
        kosong = _gabung(a.kosong, b.kosong)
        teks = a.isi.dtype == object, b.isi.dtype == object
        if any(teks):
            # kolom huruf yang kosong seluruhnya terbaca sebagai bilangan: tidak diketahui, bukan salah jenis
            if not all(teks) and any(x.kosong is not None and np.all(x.kosong) for x in (a, b)):
                return Nilai(np.zeros(np.broadcast_shapes(a.isi.shape, b.isi.shape), dtype=bool), kosong)
            if not all(teks):
                raise GalatParameter("Teks dibandingkan dengan bilangan; tulis teks di antara tanda kutip ganda.")
            if tanda not in ("=", "!="):
                raise GalatParameter("Teks hanya dapat dibandingkan dengan = atau !=.")
        with np.errstate(invalid="ignore"):
            isi = {
                "=": np.equal,
                "!=": np.not_equal,
                "<": np.less,
                "<=": np.less_equal,
                ">": np.greater,
                ">=": np.greater_equal,
            }[tanda](a.isi, b.isi)
        return Nilai(np.asarray(isi, dtype=bool), kosong)

    def _di(self, a: Nilai, daftar: tuple) -> Nilai:
        berteks = a.isi.dtype == object
        if berteks != (daftar[0][0] == "teks") or len({isi[0] == "teks" for isi in daftar}) > 1:
            raise GalatParameter("Isi daftar 'di' harus sejenis dengan variabelnya: semua teks, atau semua bilangan.")
        isi = np.zeros(np.shape(a.isi), dtype=bool)
        with np.errstate(invalid="ignore"):
            for bawah, atas in daftar:
                isi |= (a.isi == atas) if berteks or bawah == atas else (a.isi >= bawah) & (a.isi <= atas)
        return Nilai(isi, a.kosong)

    def _hitung(self, tanda: str, a: Nilai, b: Nilai) -> Nilai:
        x, y = _bilangan(a), _bilangan(b)
        kosong = _gabung(a.kosong, b.kosong)
        if tanda == "/":
            kosong = _gabung(kosong, np.asarray(y == 0) if np.any(y == 0) else None)
            hasil = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)))
            np.divide(x, y, out=hasil, where=np.broadcast_to(y != 0, hasil.shape))
            return Nilai(hasil, kosong)
        return Nilai(x + y if tanda == "+" else x - y if tanda == "-" else x * y, kosong)

    def _panggil(self, nama: str, masukan: tuple) -> Nilai:
        a = self._nilai(masukan[0])
        if nama == "terisi":
            return Nilai(np.ones(np.shape(a.isi), dtype=bool) if a.kosong is None else ~a.kosong)
        if nama == "pasti":
            return Nilai(a.pasti())
        if nama == "kuantil":
            persen = float(_bilangan(self._nilai(masukan[1])))
            return Nilai(np.float64(self._kuantil(a, persen + self._geser)))
        if self._ruta is None:
            raise GalatParameter(f"Fungsi {nama} memerlukan nomor rumah tangga (butir 'ruta' di kodebuku).")
        isi = np.broadcast_to(_bilangan(a) if nama == "jumlah_ruta" else a.isi, self._ruta.shape)
        berat = isi if a.kosong is None else np.where(a.kosong, 0, isi)
        jumlah = np.bincount(self._ruta, weights=berat.astype(float), minlength=self._banyak_ruta)
        kosong = None
        if a.kosong is not None:
            tahu = np.bincount(self._ruta[~np.broadcast_to(a.kosong, self._ruta.shape)], minlength=self._banyak_ruta)
            kosong = (tahu == 0)[self._ruta]
        hasil = jumlah[self._ruta]
        return Nilai(hasil > 0 if nama == "ada_ruta" else hasil, kosong)

    def _kuantil(self, a: Nilai, persen: float) -> float:
        if not 0 <= persen <= 100:
            raise GalatParameter(f"kuantil: persen {persen:g} harus dari 0 sampai 100.")
        if self._bobot is None:
            raise GalatParameter("Fungsi kuantil memerlukan bobot.")
        x = np.broadcast_to(_bilangan(a), self._bobot.shape)
        ikut = self._bobot > 0 if a.kosong is None else (self._bobot > 0) & ~a.kosong
        if not ikut.any():
            raise GalatHitung("kuantil: tidak ada nilai yang terisi.")
        x, w = x[ikut], self._bobot[ikut]
        urutan = np.argsort(x, kind="stable")
        kumulatif = np.cumsum(w[urutan])
        letak = np.searchsorted(kumulatif, persen / 100 * kumulatif[-1] * (1 - _RENTANG))
        return x[urutan][min(letak, len(x) - 1)]


def _bilangan(a: Nilai) -> np.ndarray:
    if a.isi.dtype == object:
        raise GalatParameter("Kolom berisi teks dipakai dalam hitungan.")
    return a.isi.astype(float)


def _gabung(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None or b is None:
        return b if a is None else a
    return a | b


def _logika(a: Nilai, b: Nilai, dan: bool) -> Nilai:
    isi = a.isi & b.isi if dan else a.isi | b.isi
    if a.kosong is None and b.kosong is None:
        return Nilai(isi)
    kosong_a = np.zeros((), dtype=bool) if a.kosong is None else a.kosong
    kosong_b = np.zeros((), dtype=bool) if b.kosong is None else b.kosong
    # Pasti salah (dan) atau pasti benar (atau) di satu sisi menentukan hasil apa pun isi sisi lain.
    putus_a = ~kosong_a & (~a.isi if dan else a.isi)
    putus_b = ~kosong_b & (~b.isi if dan else b.isi)
    kosong = (kosong_a | kosong_b) & ~putus_a & ~putus_b
    isi = np.where(putus_a | putus_b, not dan, isi)
    return Nilai(isi, kosong if kosong.any() else None)
