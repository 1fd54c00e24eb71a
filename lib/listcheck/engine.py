"""Opens the engine: embedded DuckDB with bounded memory, or Spark."""

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

_SHARE = 0.8
"""The most of the machine's memory that DuckDB takes, whatever limit is asked for."""

_PREFIX = ".sementara-"

ENGINES = ("duckdb", "spark")


class ListError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(ListError):
    """A choice is unknown or out of range."""


class EngineError(ListError):
    """The engine is not installed, or stopped: a broken file, a full disk, not enough memory."""


@contextmanager
def connect(engine: str = "duckdb", *, scratch: Path, memory_gb: float, threads: int | None = None) -> Iterator:
    """An Ibis connection, closed at the end and its scratch folder deleted, whatever happens.

    Parameters
    ----------
    engine : {"duckdb", "spark"}
    scratch : Path
        Existing folder; what spills goes to a folder inside it. It holds ids, so it is never left behind.
    memory_gb : float
        Limit in GB (10^9 bytes), for DuckDB at most four fifths of the machine's; the rest spills to disk. The peak of
        the process can be slightly above it.

    Raises
    ------
    ParameterError
        Unknown engine, or memory not above zero.
    EngineError
        Spark is asked for without PySpark or Java; the engine stops at a broken file, a full disk, or for memory.
    """
    if engine not in ENGINES:
        raise ParameterError(f"Mesin '{engine}' tidak dikenal; pilih: {', '.join(ENGINES)}.")
    if not memory_gb > 0:
        raise ParameterError(f"Memori harus lebih dari 0 GB, bukan {memory_gb}.")
    sweep(scratch)
    folder, lock = _locked_folder(scratch)
    try:
        connection = (_duckdb if engine == "duckdb" else _spark)(folder, memory_gb, threads)
        try:
            yield connection
        except _engine_failures() as error:
            # The first line names the cause and the file.
            java = getattr(error, "java_exception", None)
            cause = (java.getMessage() if java is not None else str(error)).strip().splitlines()[0]
            raise EngineError(f"Mesin {engine} berhenti: {cause}") from error
        finally:
            connection.disconnect()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked_folder(scratch: Path) -> tuple[Path, int]:
    """A new scratch folder and its lock; another process may sweep it before it is locked, then it is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            return folder, lock
        os.close(lock)


def sweep(scratch: Path) -> int:
    """Delete what dead processes (for example after SIGKILL) left in ``scratch``; how many folders.

    The folder of a living process is locked and stays; the lock goes with its process.
    """
    deleted = 0
    for folder in Path(scratch).glob(f"{_PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            deleted += 1
        except BlockingIOError:
            continue
        finally:
            os.close(lock)
    return deleted


def persist(con, expression, name: str):
    """Compute an expression once and keep it while the connection is open, in a table whose name starts so."""
    name = f"{name}_{uuid.uuid4().hex}"
    if con.name == "duckdb":
        return con.create_table(name, expression, temp=True)
    table = con.create_view(name, expression)
    con.raw_sql(f"CACHE TABLE {name}")
    return table


def _engine_failures() -> tuple[type[Exception], ...]:
    import duckdb

    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
    except ImportError:
        return (duckdb.Error,)
    return duckdb.Error, PySparkException, Py4JError


def _duckdb(folder: Path, memory_gb: float, threads: int | None):
    import ibis

    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    limit = f"{min(memory_gb, _SHARE * machine):.3f}GB"
    options = {"memory_limit": limit, "temp_directory": str(folder), "preserve_insertion_order": False}
    return ibis.duckdb.connect(**options, **({"threads": threads} if threads else {}))


def _spark(folder: Path, memory_gb: float, threads: int | None):
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("Mesin spark memerlukan PySpark: pasang dengan pip install 'pyspark>=4.0,<4.1'.") from error
    if shutil.which("java") is None:
        raise EngineError("Mesin spark memerlukan Java 17 atau lebih baru di PATH.")
    import ibis

    # An error reaches the person as one sentence; PySpark's log holds Java stack traces.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    session = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", f"local[{threads or '*'}]"))
        .config("spark.driver.memory", f"{max(int(memory_gb * 1024), 512)}m")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.shuffle.partitions", str(threads or os.cpu_count() or 1))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)
