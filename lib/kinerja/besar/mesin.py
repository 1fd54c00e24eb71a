"""Membuka mesin hitung: DuckDB tertanam dengan memori terbatas, atau Spark."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kinerja.errors import GalatKinerja, GalatParameter

MEMORI_GB = 7.0
"""Batas memori DuckDB; puncak memori proses pernah sedikit di atasnya. Satu baris tiap NIK dari 100 juta baris muat di
sini, sedangkan dengan 5 GB sebagiannya tumpah dan pemeriksaannya setengah kali lebih lama."""

_BAGIAN = 0.8
"""Bagian memori mesin yang paling banyak dipakai DuckDB, berapa pun batas yang diminta."""

_AWALAN = ".sementara-"

MESIN = ("duckdb", "spark")


@contextmanager
def buka(mesin: str = "duckdb", *, sementara: Path, memori_gb: float = MEMORI_GB, inti: int | None = None) -> Iterator:
    """Sambungan Ibis yang ditutup, dan folder sementaranya dihapus, apa pun yang terjadi.

    Parameters
    ----------
    mesin : {"duckdb", "spark"}
    sementara : Path
        Folder yang ada; folder tumpahan dibuat di dalamnya. Tumpahan memuat NIK, jadi tidak pernah ditinggalkan.
    memori_gb : float
        Batas memori dalam GB, bagi DuckDB paling banyak empat perlima memori mesin; yang tidak muat ditumpahkan ke
        disk.
    inti : int, optional
        Banyaknya utas; bawaan: semua.

    Yields
    ------
    ibis.backends.BaseBackend

    Raises
    ------
    GalatParameter
        Mesin tidak dikenal atau memori tidak positif.
    GalatKinerja
        Spark diminta tetapi PySpark atau Java tidak ada; mesin berhenti karena berkas rusak, disk penuh, atau memori.
    """
    if mesin not in MESIN:
        raise GalatParameter(f"Mesin '{mesin}' tidak dikenal; pilih: {', '.join(MESIN)}.")
    if not memori_gb > 0:
        raise GalatParameter(f"Memori harus lebih dari 0 GB, bukan {memori_gb}.")
    sapu(sementara)
    folder, kunci = _folder_terkunci(sementara)
    try:
        sambungan = (_duckdb if mesin == "duckdb" else _spark)(folder, memori_gb, inti)
        try:
            yield sambungan
        except _galat_mesin() as galat:
            # Berkas rusak, disk penuh, memori kurang: baris pertamanya menyebut sebab dan berkasnya.
            java = getattr(galat, "java_exception", None)
            sebab = (java.getMessage() if java is not None else str(galat)).strip().splitlines()[0]
            raise GalatKinerja(f"Mesin {mesin} berhenti: {sebab}") from galat
        finally:
            sambungan.disconnect()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(kunci)


def _folder_terkunci(sementara: Path) -> tuple[Path, int]:
    """Folder tumpahan baru dan kuncinya; proses lain dapat menyapunya sebelum terkunci, lalu dibuat lagi."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_AWALAN, dir=sementara))
        kunci = os.open(folder, os.O_RDONLY)
        fcntl.flock(kunci, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, kunci
        os.close(kunci)


def sapu(sementara: Path) -> int:
    """Hapus tumpahan proses yang sudah mati (misalnya dengan SIGKILL) di ``sementara``.

    Folder proses yang masih berjalan terkunci dan dibiarkan; kuncinya lepas sendiri ketika prosesnya mati.

    Returns
    -------
    int
        Banyaknya folder yang dihapus.
    """
    banyak = 0
    for folder in Path(sementara).glob(f"{_AWALAN}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        kunci = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(kunci, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            banyak += 1
        except BlockingIOError:
            continue
        finally:
            os.close(kunci)
    return banyak


def simpan(con, ekspresi, nama: str):
    """Hitung ``ekspresi`` sekali dan simpan di mesin selama sambungan terbuka; yang tidak muat tumpah ke disk.

    Parameters
    ----------
    con : ibis.backends.BaseBackend
        Dari :func:`buka`.
    ekspresi : ibis.Table
    nama : str
        Awalan nama tabel sementara.

    Returns
    -------
    ibis.Table
    """
    nama = f"{nama}_{uuid.uuid4().hex}"
    if con.name == "duckdb":
        return con.create_table(nama, ekspresi, temp=True)
    tabel = con.create_view(nama, ekspresi)
    con.raw_sql(f"CACHE TABLE {nama}")
    return tabel


def _galat_mesin() -> tuple[type[Exception], ...]:
    import duckdb

    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError:
        return (duckdb.Error,)
    return duckdb.Error, PySparkException, Py4JError


def _duckdb(folder: Path, memori_gb: float, inti: int | None):
    import ibis
    import psutil

    memori_gb = min(memori_gb, _BAGIAN * psutil.virtual_memory().total / 1e9)
    pilihan = {"memory_limit": f"{memori_gb:.3f}GB", "temp_directory": str(folder), "preserve_insertion_order": False}
    return ibis.duckdb.connect(**pilihan, **({"threads": inti} if inti else {}))


def _spark(folder: Path, memori_gb: float, inti: int | None):
    try:
        from pyspark.sql import SparkSession
    except ImportError as galat:
        raise GalatKinerja("Mesin spark memerlukan PySpark: pasang dengan pip install 'kinerja[spark]'.") from galat
    if shutil.which("java") is None:
        raise GalatKinerja("Mesin spark memerlukan Java 17 atau lebih baru di PATH.")
    import ibis

    # Galat sampai kepada pemakai sebagai satu kalimat; catatan PySpark berisi jejak tumpukan Java.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    sesi = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", f"local[{inti or '*'}]"))
        .config("spark.driver.memory", f"{max(int(memori_gb * 1024), 512)}m")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.warehouse.dir", str(folder / "gudang"))
        .config("spark.sql.shuffle.partitions", str(inti or os.cpu_count() or 1))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    sesi.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(sesi)
