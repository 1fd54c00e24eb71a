"""Angka menjadi tulisan: satu-satunya tempat koma desimal, Rp, %, nama bulan, dan tanda hilang.

Pemisah angka, nama bulan, tanggal, dan nama skala dari CLDR lewat Babel; pembulatan dan lambangnya di sini.

Bahasa berlaku untuk seluruh proses dan dipilih sekali per notebook dengan :func:`use`. Bahasa disimpan sebagai
variabel modul, bukan ``ContextVar``: kernel Jupyter menjalankan tiap sel dalam konteks salinan, sehingga isian
``ContextVar`` di satu sel tidak terlihat di sel berikutnya.

Pembulatan selalu setengah menjauhi nol, seperti dalam laporan: 2,675 menjadi 2,68 dan -0,5 menjadi -1. Bilangan
pecahan dibulatkan dari tulisan desimalnya yang terpendek (``repr``), bukan dari nilai binernya, sehingga 2,675 yang
tersimpan sebagai 2,67499999... tetap menjadi 2,68. Bilangan bulat tidak pernah melewati pecahan biner.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache, lru_cache
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja import paths
from kinerja.errors import GalatHitung, GalatParameter

if TYPE_CHECKING:
    from babel import Locale
    from matplotlib.ticker import Formatter

BAHASA = ("id", "en")
HILANG = "…"
"""Tanda BPS untuk data yang tidak tersedia."""

TIDAK_BERLAKU = "–"
"""Tanda BPS untuk sel yang memang tidak berisi, misalnya target sebuah rata-rata."""

MINUS = "\N{MINUS SIGN}"

_PANGKAT = {"ribu": 3, "juta": 6, "miliar": 9, "triliun": 12}
PERSEN = ("persen", "persen_capaian", "persen_perubahan")
"""Satuan yang angkanya selalu bertanda %."""
_TANPA_RIBUAN = frozenset({"tahun", "tanggal"})

_bahasa = "id"


@cache
def _locale(bahasa: str) -> Locale:
    """Kebiasaan menulis bahasa itu menurut CLDR."""
    from babel import Locale  # memuat datanya memakan sepersekian detik, dan banyak perintah tidak menulis angka

    return Locale(bahasa)


@cache
def _separators(bahasa: str) -> dict[int, str]:
    lambang = _locale(bahasa).number_symbols["latn"]
    return str.maketrans({",": lambang["group"], ".": lambang["decimal"]})


def use(bahasa: str) -> None:
    """Pilih bahasa semua tulisan berikutnya: ``"id"`` atau ``"en"``.

    Raises
    ------
    GalatParameter
        Bahasa lain.
    """
    global _bahasa
    if bahasa not in BAHASA:
        raise GalatParameter(f"Bahasa {bahasa!r} tidak dikenal; pilih salah satu dari: {', '.join(BAHASA)}.")
    _bahasa = bahasa


def language() -> str:
    """Bahasa yang sedang berlaku, ``"id"`` atau ``"en"``."""
    return _bahasa


@contextmanager
def using(bahasa: str) -> Iterator[None]:
    """Pakai ``bahasa`` di dalam blok ``with`` saja, lalu kembali ke bahasa semula."""
    semula = _bahasa
    use(bahasa)
    try:
        yield
    finally:
        use(semula)


def pick(teks: dict[str, str]) -> str:
    """Teks dalam bahasa yang berlaku dari ``{"id": ..., "en": ...}``.

    Raises
    ------
    GalatParameter
        Teks dalam bahasa itu tidak ada. Bahasa lain tidak pernah dipakai sebagai pengganti diam-diam.
    """
    if _bahasa not in teks:
        raise GalatParameter(f"Teks berbahasa {_bahasa!r} tidak ada; yang ada: {teks!r}.")
    return teks[_bahasa]


def fill(teks: str | Mapping[str, str], /, **nilai: Any) -> str:
    """Isi ``{tempat}`` dalam ``{"id": ..., "en": ...}`` menurut bahasanya, atau dalam satu teks untuk kedua bahasa.

    Raises
    ------
    GalatParameter
        Ada ``{tempat}`` yang tidak diberi nilai, atau nilainya pecahan yang belum diformat dengan modul ini.
    """
    mentah = [nama for nama, x in nilai.items() if isinstance(x, float)]
    if mentah:
        raise GalatParameter(f"Nilai {', '.join(mentah)} masih bilangan; format dahulu dengan kinerja.fmt.")
    pola = teks if isinstance(teks, str) else pick(teks)
    try:
        return pola.format(**nilai)
    except (KeyError, IndexError) as galat:
        diberikan = ", ".join(sorted(nilai)) or "tidak ada"
        raise GalatParameter(
            f"Teks {pola!r} memerlukan nilai {{{galat.args[0]}}}; yang diberikan: {diberikan}."
        ) from galat
    except ValueError as galat:
        raise GalatParameter(f"Teks {pola!r} bukan pola yang sah: {galat}.") from galat


def is_missing(x: Any) -> bool:
    """Benar untuk ``None``, NaN, ``pandas.NA``, ``NaT``, dan ``Decimal("NaN")``."""
    if x is None:
        return True
    if isinstance(x, Decimal):
        return x.is_nan()
    if isinstance(x, Integral | str):
        return False
    # pandas.NA dan NaT tidak sama dengan dirinya sendiri; pandas.NA bahkan tidak punya nilai kebenaran.
    return type(x).__name__ in {"NAType", "NaTType"} or x != x


def missing() -> str:
    """Keterangan pembaca untuk nilai hilang: "tidak ada di sumber" atau "not in the source"."""
    return pick({"id": "tidak ada di sumber", "en": "not in the source"})


def _desimal(x: Any) -> Decimal:
    if isinstance(x, Decimal):
        return x
    if isinstance(x, Integral) and not isinstance(x, bool):
        return Decimal(int(x))
    if isinstance(x, float):  # termasuk numpy.float64, yang repr-nya sendiri bukan bilangan
        return Decimal(float.__repr__(x))
    if isinstance(x, Real) and not isinstance(x, bool):
        return Decimal(str(x))
    raise GalatHitung(f"{x!r} ({type(x).__name__}) bukan bilangan, jadi tidak dapat diformat.")


def _bulatkan(angka: Decimal, desimal: int) -> Decimal:
    with localcontext() as konteks:
        # Presisi bawaan 28 digit menolak bilangan yang lebih panjang.
        konteks.prec = max(28, abs(angka.adjusted()) + abs(desimal) + len(angka.as_tuple().digits) + 2)
        return angka.quantize(Decimal(1).scaleb(-desimal), rounding=ROUND_HALF_UP)


def round_half_up(x: Any, desimal: int = 0) -> Any:
    """Bulatkan setengah menjauhi nol pada ``desimal`` angka di belakang koma; -3 membulatkan ke ribuan.

    Hasilnya sejenis ``x`` (int, float, atau Decimal; bilangan bulat tetap persis). Nilai hilang dan tak hingga
    dikembalikan apa adanya.

    Raises
    ------
    GalatHitung
        ``x`` bukan bilangan.
    """
    if is_missing(x):
        return x
    angka = _desimal(x)
    if not angka.is_finite():
        return x
    hasil = _bulatkan(angka, desimal)
    if isinstance(x, Decimal):
        return hasil
    return int(hasil) if isinstance(x, Integral) else float(hasil)


def _power(skala: str) -> int:
    if skala not in _PANGKAT:
        raise GalatParameter(f"Skala {skala!r} tidak dikenal; pilih salah satu dari: {', '.join(_PANGKAT)}.")
    return _PANGKAT[skala]


def _scaled(angka: Decimal, skala: str | None, desimal: int | None) -> tuple[Decimal, int]:
    """Angka dalam skala itu, dan banyaknya desimal: bawaan 0, atau 2 bila berskala."""
    if skala is None:
        return angka, desimal or 0
    with localcontext() as konteks:
        konteks.prec = max(28, len(angka.as_tuple().digits) + 2)
        return angka.scaleb(-_power(skala)), 2 if desimal is None else desimal


def _susun(
    x: Any,
    desimal: int | None,
    *,
    awal: str = "",
    akhir: str = "",
    skala: str | None = None,
    plus: bool = False,
    ribuan: bool = True,
) -> str:
    if is_missing(x):
        return HILANG
    bulat, banyak = _scaled(_desimal(x), skala, desimal)
    isi = "∞"
    if bulat.is_finite():
        bulat = _bulatkan(bulat, banyak)
        isi = format(bulat.copy_abs(), f"{',' * ribuan}.{banyak}f").translate(_separators(_bahasa))
    tanda = MINUS if bulat < 0 else "+" if plus and bulat > 0 else ""
    return tanda + awal + isi + (f" {scale_name(skala)}" if skala else "") + akhir


def angka(x: Any, desimal: int = 0) -> str:
    """Bilangan biasa: ``angka(35841)`` menjadi "35.841", ``angka(0.684, 3)`` menjadi "0,684".

    Nilai hilang menjadi :data:`HILANG`.

    Raises
    ------
    GalatHitung
        ``x`` bukan bilangan.
    """
    return _susun(x, desimal)


def persen(x: Any, desimal: int = 2) -> str:
    """Persen dari bilangan yang sudah dalam persen: ``persen(97.1197)`` menjadi "97,12%"."""
    return _susun(x, desimal, akhir="%")


def nilai(
    x: Any,
    satuan: str,
    desimal: int | None = None,
    *,
    skala: str | None = None,
    kata: bool = False,
    plus: bool = False,
    lambang: bool = True,
) -> str:
    """Bilangan menurut satuannya: "Rp134,17 triliun", "97,12%", "10.000.000".

    Lambang (% dan Rp) selalu ikut; nama satuan hanya bila ``kata`` benar, karena tabel menaruhnya di baris satuan.

    Parameters
    ----------
    x : bilangan, str, atau nilai hilang
        Untuk satuan ``teks`` dikembalikan apa adanya sebagai tulisan.
    satuan : str
        Kode dalam ``data/raw/acuan/satuan.csv``.
    desimal : int, optional
        Bawaan: kolom ``desimal`` satuan itu, atau 2 bila berskala.
    kata : bool
        Tambahkan nama satuan: "10.000.000 KPM", "1,46 poin persen".
    plus : bool
        Tulis juga tanda + untuk bilangan positif.
    lambang : bool
        ``False`` menulis bilangannya saja, tanpa %, Rp, dan nama skala: untuk kolom yang kepalanya memuat satuan.

    Raises
    ------
    GalatParameter
        Satuan atau skala tidak dikenal.
    """
    baris = _baris_satuan(satuan)
    if is_missing(x):
        return HILANG
    if baris["jenis"] == "teks" or isinstance(x, str):
        return str(x)
    if desimal is None and skala is None:
        desimal = int(baris["desimal"] or 0)
    ribuan = satuan not in _TANPA_RIBUAN
    if not lambang:
        x, desimal = _scaled(_desimal(x), skala, desimal)
        return _susun(x, desimal, plus=plus, ribuan=ribuan)
    awal, akhir = "Rp" * (satuan == "rupiah"), "%" * (satuan in PERSEN)
    teks = _susun(x, desimal, awal=awal, akhir=akhir, skala=skala, plus=plus, ribuan=ribuan)
    return f"{teks} {_nama_satuan(satuan)}" if kata and not awal and not akhir else teks


def selisih(x: Any, desimal: int = 2) -> str:
    """Selisih dengan tanda: "+1,46", "−0,10", dan "0,00" tanpa tanda."""
    return _susun(x, desimal, plus=True)


@lru_cache(maxsize=8)
def _tabel_satuan(acuan: Path) -> dict[str, dict[str, str]]:
    with (acuan / "satuan.csv").open(encoding="utf-8", newline="") as isi:
        return {baris["kode"]: baris for baris in csv.DictReader(isi)}


def _baris_satuan(kode: str) -> dict[str, str]:
    # Satuan adalah data: tahun baru boleh membawa satuan baru tanpa menyentuh modul ini.
    tabel = _tabel_satuan(paths.acuan())
    if kode not in tabel:
        raise GalatParameter(f"Satuan {kode!r} tidak ada di acuan/satuan.csv; yang ada: {', '.join(tabel)}.")
    return tabel[kode]


def _nama_satuan(kode: str) -> str:
    return _baris_satuan(kode)["nama" if _bahasa == "id" else "nama_en"]


def satuan(kode: str, skala: str | None = None) -> str:
    """Nama pembaca sebuah satuan: ``satuan("kpm")`` "KPM", ``satuan("rupiah", "triliun")`` "triliun rupiah".

    Raises
    ------
    GalatParameter
        Satuan atau skala tidak dikenal.
    """
    nama = _nama_satuan(kode)
    return f"{scale_name(skala)} {nama}" if skala else nama


def decimals(kode: str) -> int:
    """Banyaknya desimal yang biasa diperlihatkan untuk sebuah satuan; satuan yang tidak dikenal GalatParameter."""
    return int(_baris_satuan(kode)["desimal"] or 0)


def scale_of(terbesar: Any, paling: str = "triliun") -> str | None:
    """Skala yang mudah dibaca bagi bilangan sebesar ``terbesar``: juta sampai ``paling``; None di bawah juta."""
    if is_missing(terbesar):
        return None
    skala = [s for s in ("triliun", "miliar", "juta") if _PANGKAT[s] <= _PANGKAT[paling]]
    return next((s for s in skala if abs(terbesar) >= 10 ** _PANGKAT[s]), None)


def scale_name(skala: str) -> str:
    """Nama skala dalam bahasa yang berlaku: "miliar", "billion"."""
    pola = _locale(_bahasa).compact_decimal_formats["long"]["other"][str(10 ** _power(skala))]
    return pola.pattern.removeprefix("0 ")


def bulan(nomor: int, *, pendek: bool = False) -> str:
    """Nama bulan 1 sampai 12; ``pendek`` memberi tiga huruf untuk sumbu.

    Raises
    ------
    GalatParameter
        Nomor di luar 1 sampai 12.
    """
    if not 1 <= nomor <= 12:
        raise GalatParameter(f"Bulan {nomor!r} tidak ada; bulan bernomor 1 sampai 12.")
    return _locale(_bahasa).months["format"]["abbreviated" if pendek else "wide"][int(nomor)]


def tanggal(hari: dt.date | str) -> str:
    """Tanggal pembaca dari ``date`` atau tulisan ISO: "6 Februari 2021".

    Raises
    ------
    GalatParameter
        Tulisan bukan tanggal ISO (tahun-bulan-hari).
    """
    if is_missing(hari):
        return HILANG
    if isinstance(hari, str):
        try:
            hari = dt.date.fromisoformat(hari)
        except ValueError as galat:
            raise GalatParameter(f"{hari!r} bukan tanggal; tulis seperti 2021-02-06.") from galat
    from babel.dates import format_date

    return format_date(hari, "d MMMM y", _locale(_bahasa))


def axis_formatter(satuan: str, skala: str | None = None) -> Formatter:
    """Pemformat sumbu matplotlib, dengan desimal sesedikit mungkin selama jarak antar-angkanya masih tertulis persis.

    Tanda % ikut pada tiap angka sumbu. Rp dan skala tidak: pasang ``fmt.satuan(kode, skala)`` sebagai nama sumbu.
    """
    from matplotlib.ticker import Formatter  # matplotlib mahal dimuat dan hanya dipakai di sini

    _baris_satuan(satuan)
    akhir = "%" if satuan in PERSEN else ""
    pembagi = 10 ** _power(skala) if skala else 1
    ribuan = satuan not in _TANPA_RIBUAN

    class PemformatSumbu(Formatter):
        _banyak = 0

        def set_locs(self, locs) -> None:
            self._banyak = max((_desimal_perlu(_rapi(float(x) / pembagi)) for x in locs), default=0)

        def __call__(self, x: float, pos: int | None = None) -> str:
            return _susun(_rapi(x / pembagi), self._banyak, akhir=akhir, ribuan=ribuan)

    return PemformatSumbu()


def _rapi(x: float) -> float:
    """0,1 + 0,2 = 0,30000000000000004: letak angka sumbu membawa ekor biner yang bukan bagian datanya."""
    return float(f"{x:.10g}") if math.isfinite(x) else x


def _desimal_perlu(x: float) -> int:
    return min(4, max(0, -Decimal(repr(x)).normalize().as_tuple().exponent)) if math.isfinite(x) else 0
