"""Letak berkas proyek, dicari dari letak paket ini sendiri.

papermill menjalankan notebook di folder pemanggil dan nbval di folder notebook; karena itu tidak ada modul
yang boleh bersandar pada folder kerja.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from kinerja import terbaca
from kinerja.errors import GalatKinerja, GalatParameter

_PAKET = Path(__file__).resolve().parent


def root() -> Path:
    """Akar proyek: isi variabel lingkungan ``KINERJA_AKAR``, atau dua folder di atas paket ``lib/kinerja``.

    Raises
    ------
    GalatKinerja
        Tidak ada folder ``data/raw`` di sana, misalnya karena paket dipasang terpisah dari repositorinya.
    """
    return _root(os.environ.get("KINERJA_AKAR"))


@cache
def _root(akar: str | None) -> Path:
    calon = Path(akar).expanduser().resolve() if akar else _PAKET.parents[1]
    if not (calon / "data" / "raw").is_dir():
        raise GalatKinerja(
            f"Akar proyek tidak ditemukan: {calon} tidak berisi folder data/raw. "
            "Isi variabel lingkungan KINERJA_AKAR dengan folder klon repositori."
        )
    return calon


def data() -> Path:
    """Folder data: isi variabel lingkungan ``KINERJA_DATA`` (pilihan ``--data``), atau ``data`` di akar proyek.

    Folder itu berisi ``raw/`` (``sources.yml``, ``acuan/``, satu folder per tahun); ``processed/`` dibangun di situ.

    Raises
    ------
    GalatKinerja
        Tidak ada folder ``raw`` di sana.
    """
    return _data(os.environ.get("KINERJA_DATA"), os.environ.get("KINERJA_AKAR"))


@cache
def _data(isi: str | None, akar: str | None) -> Path:
    if not isi:
        return _root(akar) / "data"
    folder = Path(isi).expanduser().resolve()
    if not (folder / "raw").is_dir():
        raise GalatKinerja(f"Folder data {isi} tidak berisi folder raw; beri folder yang berisi raw/<tahun>.")
    return folder


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Pakai folder data lain selama blok ini; sesudahnya yang semula."""
    lama = os.environ.get("KINERJA_DATA")
    os.environ["KINERJA_DATA"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("KINERJA_DATA")
        if lama is not None:
            os.environ["KINERJA_DATA"] = lama


def is_own_data() -> bool:
    """Apakah yang dipakai folder ``data`` proyek ini sendiri, bukan folder lain lewat ``--data``."""
    return data() == root() / "data"


def raw(tahun: int | None = None) -> Path:
    """Folder data mentah; dengan ``tahun``, folder tahun itu."""
    folder = data() / "raw"
    return folder if tahun is None else folder / str(tahun)


def acuan() -> Path:
    """Folder tabel acuan yang tidak terikat tahun (Renstra, satuan, kerangka indeks)."""
    return _acuan(data())


@cache
def _acuan(data: Path) -> Path:
    return data / "raw" / "acuan"  # ditanyakan setiap kali sebuah angka ditulis


def processed(tahun: int | None = None) -> Path:
    """Folder data olahan; selalu dibangun ulang dari data mentah."""
    folder = data() / "processed"
    return folder if tahun is None else folder / str(tahun)


def reports(tahun: int | None = None, bahasa: str = "id") -> Path:
    """Folder laporan; dengan ``tahun``, laporan tahun itu dalam sebuah bahasa (lihat :func:`report_name`).

    Laporan folder data lain ada di dalam folder data itu.
    """
    folder = (root() if is_own_data() else data()) / "reports"
    return folder if tahun is None else folder / report_name(str(tahun), bahasa)


def report_name(nama: str, bahasa: str) -> str:
    """Nama folder laporan dalam sebuah bahasa: ``2020``, dan ``2020-en`` di sampingnya."""
    return nama if bahasa == "id" else f"{nama}-{bahasa}"


def notebooks() -> Path:
    """Folder notebook yang dilacak git."""
    return root() / "notebooks"


def kerja() -> Path:
    """Folder notebook sendiri, yang tidak dilacak git."""
    return root() / "kerja"


def notebook(nama: str) -> Path:
    """Berkas notebook menurut letaknya, atau namanya di ``notebooks``, ``kerja``, dan ``docs/resep``.

    Raises
    ------
    GalatParameter
        Tidak ada; pesannya menyebut yang ada.
    """
    folder = (notebooks(), kerja(), root() / "docs" / "resep")
    berkas = f"{nama.removesuffix('.ipynb')}.ipynb"
    for calon in (Path(berkas), *(x / berkas for x in folder)):
        if calon.is_file():
            return calon.resolve()
    ada = ", ".join(x.stem for satu in folder for x in sorted(satu.glob("*.ipynb")))
    raise GalatParameter(f"Notebook {nama} tidak ada. Yang ada: {ada}.")


def teks(notebook: str) -> Path:
    """Berkas teks dua bahasa milik satu notebook.

    Folder ``lib/kinerja/teks`` pada akar proyek didahulukan, supaya ``KINERJA_AKAR`` membawa teksnya sendiri.
    """
    nama = f"{notebook}.yml"
    milik_proyek = root() / "lib" / "kinerja" / "teks" / nama
    return milik_proyek if milik_proyek.is_file() else _PAKET / "teks" / nama


def tahun_tersedia() -> list[int]:
    """Tahun yang memiliki folder data mentah, urut menaik."""
    terbaca.note_table(0, terbaca.DAFTAR_TAHUN)
    return years(raw())


def last_year() -> int:
    """Tahun terakhir yang memiliki folder data mentah.

    Raises
    ------
    GalatParameter
        Belum ada satu tahun pun.
    """
    ada = tahun_tersedia()
    if not ada:
        raise GalatParameter(
            f"{short(raw())} belum memuat folder tahun; diharapkan misalnya {short(raw() / '2026')}, yang ditulis "
            "kinerja lembaga-baru lalu kinerja isi."
        )
    return ada[-1]


def years(raw: Path) -> list[int]:
    """Tahun yang memiliki folder di sebuah ``data/raw``."""
    return sorted(int(folder.name) for folder in raw.iterdir() if folder.is_dir() and folder.name.isdigit())


def short(berkas: Path) -> str:
    """Alamat untuk diperlihatkan: relatif terhadap folder kerja bila ada di dalamnya."""
    berkas = Path(berkas).resolve()
    return str(berkas.relative_to(Path.cwd()) if berkas.is_relative_to(Path.cwd()) else berkas)
