"""Pilihan ``mikro``: satu atau beberapa berkas survei dalam satu nilai, sama di notebook, render, dan aplikasi."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kinerja.errors import GalatParameter

PEMISAH = ";"
"""Pemisah beberapa berkas dalam satu teks: ``mikro = "ind1.dta; ind2.dta; rt.dta"``."""

BERKAS = ("mikro", "kodebuku", "daftar")
"""Parameter notebook yang berupa letak berkas atau folder."""

SURVEI = ("mikro", "kodebuku", "tahun_survei", "lipat_papua")
"""Parameter notebook yang menentukan surveinya."""

TAHUN_BAKU = 2020
"""Gelombang Susenas yang dianggap bila tidak disebut."""


def pisah_berkas(mikro: str | Path | Sequence[str | Path]) -> list[str]:
    """Daftar berkas dari pilihan ``mikro``: satu berkas, daftar, atau teks berpemisah titik koma; kosong: tidak ada.

    Raises
    ------
    GalatParameter
        Bukan teks atau daftar teks, atau berkas yang sama dua kali.
    """
    utuh = False
    if isinstance(mikro, str):
        with suppress(OSError, ValueError):  # teks yang terlalu panjang bukan nama berkas
            utuh = Path(mikro).is_file()  # namanya boleh memuat titik koma
        hasil = [mikro] if utuh else [x.strip() for x in mikro.split(PEMISAH)]
    elif isinstance(mikro, Path):
        hasil = [str(mikro)]
    elif isinstance(mikro, list | tuple) and all(isinstance(x, str | Path) for x in mikro):
        hasil = [str(x) for x in mikro]
    else:
        raise GalatParameter(
            f"Parameter mikro harus berkas, daftar berkas, atau teks berkas yang dipisah '{PEMISAH}', bukan {mikro!r}."
        )
    hasil = [x for x in hasil if x]
    ganda = sorted({x for x in hasil if hasil.count(x) > 1})
    if ganda:
        raise GalatParameter(f"Berkas {Path(ganda[0]).name} disebut dua kali.")
    return hasil


def nama_berkas(mikro: str | Path | Sequence[str | Path]) -> str:
    """Nama berkas-berkas itu tanpa foldernya, untuk diperlihatkan; kosong tetap kosong."""
    return " + ".join(Path(x).name for x in pisah_berkas(mikro))


def perlihatkan(
    mikro: str | Sequence[str], kodebuku: str, tahun_survei: int, lipat_papua: bool = False
) -> dict[str, Any]:
    """Parameter survei sebuah notebook untuk diperlihatkan; dari letak berkas hanya namanya."""
    return {
        "mikro": nama_berkas(mikro),
        "kodebuku": Path(kodebuku).name if kodebuku else "",
        "tahun_survei": tahun_survei,
        "lipat_papua": lipat_papua,
    }


def satukan(parameter: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Parameter dari baris perintah: ``mikro`` yang diulang menjadi satu pilihan, letak berkas menjadi mutlak.

    Notebook berjalan di folder lain, sehingga letak relatif terhadap folder pemanggil tidak akan ditemukannya.

    Raises
    ------
    GalatParameter
        Parameter lain diberikan dua kali.
    """
    hasil: dict[str, list] = {}
    for nama, nilai in parameter:
        if nama in hasil and nama != "mikro":
            raise GalatParameter(f"Parameter '{nama}' diberikan dua kali.")
        hasil.setdefault(nama, []).append(nilai)
    for nama in hasil.keys() & set(BERKAS):
        berkas = [str(Path(x).resolve()) for satu in hasil[nama] for x in pisah_berkas(satu)]
        hasil[nama] = [PEMISAH.join(pisah_berkas(berkas))]
    return [(nama, isi[0]) for nama, isi in hasil.items()]
