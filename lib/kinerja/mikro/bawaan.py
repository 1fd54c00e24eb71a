"""Survei sintetis di ``data/processed/mikro``: tempatnya, penulisannya, dan survei bawaan bagi yang tanpa berkas."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from kinerja import paths
from kinerja.berkas import write_whole
from kinerja.mikro.sintetis import BENIH_BAKU, TAHUN_BAKU, Sintetis, buat_sintetis
from kinerja.mikro.sintetis.wilayah import berkas_wilayah
from kinerja.mikro.tata_letak import berkas_tata_letak
from kinerja.mikro.tulis import AWALAN, tulis_survei

_CATATAN = "sidik"


def folder_mikro() -> Path:
    """``data/processed/mikro``: tempat survei sintetis; tidak dilacak git."""
    return paths.processed() / "mikro"


def folder_sintetis(
    tahun: int = TAHUN_BAKU, ukuran: str = "kecil", benih: int = BENIH_BAKU, provinsi: Collection[int] = ()
) -> Path:
    """Folder baku survei sintetis satu gelombang, ukuran, benih, dan pilihan provinsi."""
    return folder_mikro() / "-".join(["sintetis", *map(str, (tahun, ukuran, benih, *sorted(provinsi)))])


def tulis_sintetis(
    tahun: int = TAHUN_BAKU,
    ukuran: str = "kecil",
    *,
    benih: int = BENIH_BAKU,
    provinsi: Collection[int] = (),
    format: str = "parquet",
    folder: Path | None = None,
) -> tuple[list[Path], Sintetis]:
    """Buat survei sintetis dan tulis semua berkasnya beserta ``kebenaran.csv``.

    Returns
    -------
    berkas : list of Path
        Berkas survei: anggota dahulu, lalu rumah tangga dan KP blok 43.
    survei : Sintetis

    Raises
    ------
    GalatParameter
        Tahun, ukuran, benih, provinsi, atau format tidak dikenal.
    """
    survei = buat_sintetis(tahun, ukuran, benih, provinsi)
    return tulis_survei(survei, folder or folder_sintetis(tahun, ukuran, benih, provinsi), format), survei


def berkas_bawaan(tahun: int = TAHUN_BAKU, *, benih: int = BENIH_BAKU, provinsi: Collection[int] = ()) -> list[Path]:
    """Berkas survei sintetis kecil satu gelombang, benih, dan pilihan provinsi.

    Dibuat bila belum ada, atau pembuat atau tata letaknya berubah.

    Yang dibandingkan sidik pembuatnya, bukan waktu berkas: jam komputer dapat mundur.

    Raises
    ------
    OSError
        Survei belum ada dan foldernya tidak dapat ditulis.
    """
    folder = folder_sintetis(tahun, benih=benih, provinsi=provinsi)
    catatan, sidik = folder / _CATATAN, _sidik()
    tercatat = _tercatat(catatan)
    berkas = [folder / x for x in tercatat[1:]]
    if tercatat[0] == sidik and berkas and all(x.is_file() for x in berkas):
        return berkas
    catatan.unlink(missing_ok=True)
    berkas, _ = tulis_sintetis(tahun, benih=benih, provinsi=provinsi, folder=folder)
    for sisa in set(folder.glob(f"{AWALAN}*.parquet")) - set(berkas):
        sisa.unlink()
    write_whole(catatan, "\n".join([sidik, *(x.name for x in berkas)]))
    return berkas


def _tercatat(catatan: Path) -> list[str]:
    """Sidik, lalu nama-nama berkas; sidik kosong bila catatannya tidak ada atau rusak."""
    try:
        return catatan.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return [""]


def _sidik() -> str:
    akar = Path(__file__).parent
    sidik = hashlib.sha256()
    for berkas in (
        *sorted((akar / "sintetis").glob("*.py")),
        akar / "tata_letak.py",
        akar / "tulis.py",
        *berkas_tata_letak(),
        *berkas_wilayah(),
    ):
        sidik.update(berkas.read_bytes())
    return sidik.hexdigest()
