"""Folder laporan: manifesnya, pembangunannya di samping yang lama, penukarannya, dan tautannya ke bahasa lain.

Laporan dibangun di ``<induk>/.<nama>-xxxxxxxx``. Penukarannya satu panggilan sistem (renameat2 dengan RENAME_EXCHANGE),
sehingga proses yang dimatikan kapan pun meninggalkan laporan lama atau laporan baru, tidak pernah campurannya. Folder
bangunan dikunci dengan flock selama dikerjakan; sisa proses yang mati dikenali dari kuncinya yang lepas.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import errno
import fcntl
import hashlib
import html
import json
import os
import platform
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from kinerja import __version__, paths
from kinerja.berkas import write_whole
from kinerja.errors import GalatParameter

MANIFES = "manifest.json"
PEMBUAT = "kinerja"
_PENANDA = ".kinerja-bangun"
_LAMA = ".lama"
_NAMA_BAHASA = {"id": "Bahasa Indonesia", "en": "English"}
_AWAL, _AKHIR = "<!-- bahasa:awal -->", "<!-- bahasa:akhir -->"
_DIABAIKAN = {".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints"}
_PAKET = (
    "babel ipykernel jinja2 lxml matplotlib nbclient nbconvert numpy pandas papermill python-docx scipy seaborn typst "
    "xlsxwriter"
).split()
"""Pustaka yang membentuk hasil; versinya disebut manifes."""
_MILIK_PROYEK = ("data", "lib", "notebooks", "tests", "docs", "benchmarks", ".git", ".venv")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Manifes laporan di ``folder``; None bila folder itu bukan laporan buatan program ini."""
    try:
        isi = json.loads((folder / MANIFES).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return isi if isinstance(isi, dict) and isi.get("pembuat") == PEMBUAT else None


def sha256(berkas: Path) -> str:
    with berkas.open("rb") as isi:
        return hashlib.file_digest(isi, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versi Python, paket ini, dan pustaka yang membentuk hasil."""
    return {"python": platform.python_version(), "kinerja": __version__} | {x: metadata.version(x) for x in _PAKET}


def write_manifest(folder: Path, isi: dict[str, Any]) -> None:
    """Tulis manifes ke folder laporan; waktu, versi, dan sidik semua berkas hasil ditambahkan di sini."""
    hasil = {
        x.relative_to(folder).as_posix(): sha256(x)
        for x in sorted(folder.rglob("*"))
        if x.is_file() and not x.name.startswith(".")
    }
    _write(folder, {"pembuat": PEMBUAT, **isi, "dibuat": now(), "versi": versions(), "berkas": hasil})


def _write(folder: Path, isi: dict[str, Any]) -> None:
    write_whole(folder / MANIFES, json.dumps(isi, ensure_ascii=False, indent=1) + "\n")


def now() -> str:
    """Waktu sekarang; hanya ada di manifes."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def check_target(sasaran: Path) -> None:
    """Pastikan laporan boleh dan dapat ditulis di ``sasaran``.

    GalatParameter bila bukan folder, milik proyek, tidak dapat ditulisi, atau berisi yang bukan laporan program ini.
    """
    akar = paths.root()
    if any(sasaran.is_relative_to(akar / nama) for nama in _MILIK_PROYEK) or akar.is_relative_to(sasaran):
        raise GalatParameter(f"Laporan tidak boleh ditulis di {sasaran}: folder itu milik proyek.")
    if sasaran.exists() and not sasaran.is_dir():
        raise GalatParameter(f"Laporan tidak dapat ditulis di {sasaran}: itu sebuah berkas, bukan folder.")
    ada = next(x for x in (sasaran.parent, *sasaran.parent.parents) if x.exists())
    if not ada.is_dir() or not os.access(ada, os.W_OK | os.X_OK):
        raise GalatParameter(f"Laporan tidak dapat ditulis di {sasaran}: folder {ada} tidak dapat ditulisi.")
    if sasaran.is_dir():
        _check_owned(sasaran)


def _check_owned(sasaran: Path) -> None:
    isi = sorted(x.name for x in sasaran.iterdir() if x.name not in _DIABAIKAN)
    manifes = read_manifest(sasaran)
    if isi and manifes is None:
        raise GalatParameter(
            f"Folder {sasaran} berisi {_sebut(isi)} dan bukan laporan buatan program ini; "
            "pilih folder lain atau kosongkan dahulu."
        )
    berkas = (x.relative_to(sasaran) for x in sasaran.rglob("*") if not x.is_dir())
    milik = {MANIFES, *(manifes or {}).get("berkas", {})}
    asing = sorted(str(x) for x in berkas if not _DIABAIKAN.intersection(x.parts) and x.as_posix() not in milik)
    if asing:
        raise GalatParameter(
            f"Folder laporan {sasaran} berisi berkas yang bukan hasil render: {_sebut(asing)}. "
            "Pindahkan dahulu; render mengganti seluruh isi folder itu."
        )


def _sebut(isi: list[str]) -> str:
    return ", ".join(isi[:3]) + (f", dan {len(isi) - 3} lainnya" if len(isi) > 3 else "")


class Bangunan:
    """Folder laporan yang sedang dibangun: ditulis di ``folder``, berada di ``sasaran`` setelah :meth:`install`."""

    def __init__(self, sasaran: Path) -> None:
        self.sasaran = sasaran
        sasaran.parent.mkdir(parents=True, exist_ok=True)
        with lock(sasaran.parent):
            recover(sasaran)
            self.folder = sasaran.parent / f".{sasaran.name}-{secrets.token_hex(4)}"
            self.folder.mkdir()
            self._kunci = os.open(self.folder, os.O_RDONLY)
            fcntl.flock(self._kunci, fcntl.LOCK_EX)
            (self.folder / _PENANDA).touch()

    def __enter__(self) -> Bangunan:
        return self

    def __exit__(self, *_: object) -> None:
        _remove(self.folder)
        os.close(self._kunci)

    def install(self, di: Path | None = None) -> None:
        """Jadikan isi folder sebagai laporan di ``di`` (bila kosong: sasaran); laporan lama dihapus.

        Panggil di dalam :func:`lock` atas folder induknya.
        """
        tujuan = di or self.sasaran
        check_target(tujuan)
        (self.folder / _PENANDA).unlink()
        if not tujuan.exists():
            self.folder.rename(tujuan)
        elif not _exchange(self.folder, tujuan):
            lama = self.folder.with_name(self.folder.name + _LAMA)
            tujuan.rename(lama)
            self.folder.rename(tujuan)
            _remove(lama)
        _remove(self.folder)


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Kunci sebuah folder antarproses; lepas sendiri bila prosesnya mati."""
    pegangan = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(pegangan, fcntl.LOCK_EX)
        yield
    finally:
        os.close(pegangan)


def recover(sasaran: Path) -> None:
    """Pulihkan laporan yang penukarannya terputus, lalu hapus bangunan milik proses yang sudah mati.

    Panggil di dalam :func:`lock` atas folder induknya.
    """
    pola = re.compile(re.escape(f".{sasaran.name}-") + r"[0-9a-f]{8}(" + re.escape(_LAMA) + ")?")
    sisa = sorted(x for x in sasaran.parent.iterdir() if pola.fullmatch(x.name) and x.is_dir())
    for folder in sisa:
        if folder.name.endswith(_LAMA) and not sasaran.exists() and read_manifest(folder):
            folder.rename(sasaran)
        elif _is_ours(folder) and _is_abandoned(folder):
            _remove(folder)


def _is_ours(folder: Path) -> bool:
    return (folder / _PENANDA).exists() or read_manifest(folder) is not None or not any(folder.iterdir())


def _is_abandoned(folder: Path) -> bool:
    pegangan = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(pegangan, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(pegangan)
    return True


def _remove(folder: Path) -> None:
    """Hapus folder; penandanya dihapus terakhir, supaya penghapusan yang terputus tetap dikenali sebagai sisa."""
    if not folder.is_dir():
        return
    penanda = folder / _PENANDA
    penanda.touch()
    for isi in folder.iterdir():
        if isi == penanda:
            continue
        if isi.is_dir() and not isi.is_symlink():
            shutil.rmtree(isi)
        else:
            isi.unlink()
    penanda.unlink()
    folder.rmdir()


def _exchange(satu: Path, dua: Path) -> bool:
    """Tukar dua folder dalam satu langkah; False bila sistem berkas atau sistem operasinya tidak bisa."""
    pustaka = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(satu), os.fsencode(dua)
    if sys.platform == "darwin":
        tukar, argumen = getattr(pustaka, "renamex_np", None), (a, b, ctypes.c_uint(2))
    else:
        di_sini = ctypes.c_int(-100)
        tukar, argumen = getattr(pustaka, "renameat2", None), (di_sini, a, di_sini, b, ctypes.c_uint(2))
    if tukar is None:
        return False
    if tukar(*argumen) == 0:
        return True
    nomor = ctypes.get_errno()
    if nomor in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV):
        return False
    raise OSError(nomor, os.strerror(nomor), str(dua))


# Laporan yang sama dalam bahasa lain: berbahasa Indonesia di <nama>, yang lain di <nama>-<bahasa>. Tautannya dipasang
# saat laporan jadi, karena baru saat itu diketahui apakah kembarannya ada; kembaran yang lebih dulu ikut diperbarui.


def find_twins(sasaran: Path, tahun: int, bahasa: str) -> list[Path]:
    """Laporan tahun yang sama dalam bahasa lain di samping ``sasaran``."""
    nama = sasaran.name.removesuffix(f"-{bahasa}")
    if paths.report_name(nama, bahasa) != sasaran.name:
        return []
    calon = {lain: sasaran.with_name(paths.report_name(nama, lain)) for lain in _NAMA_BAHASA if lain != bahasa}
    isi = {lain: read_manifest(folder) or {} for lain, folder in calon.items()}
    return [calon[k] for k, x in isi.items() if (x.get("tahun"), x.get("bahasa")) == (tahun, k)]


def connect_twin(folder: Path, lain: Path) -> None:
    """Tautkan setiap halaman ``folder`` ke halaman yang sama di ``lain``; manifesnya ikut diperbarui.

    ``folder`` boleh yang sedang dibangun; ``lain`` tempat kembarannya setelah terpasang, di induk yang sama.
    """
    isi, kembaran = read_manifest(folder), read_manifest(lain)
    if isi is None or kembaran is None:
        return
    berubah = False
    for nama in ("index", *isi["halaman"]):
        halaman = folder / f"{nama}.html"
        if not halaman.is_file():
            continue
        tujuan, lama = nama if nama in kembaran["halaman"] else "index", halaman.read_text("utf-8")
        baru = _with_link(lama, f"../{lain.name}/{tujuan}.html", kembaran["bahasa"])
        if baru != lama:
            write_whole(halaman, baru)
            isi["berkas"][halaman.name] = sha256(halaman)
            berubah = True
    if berubah:
        _write(folder, isi)


def _with_link(isi: str, alamat: str, bahasa: str) -> str:
    tautan = (
        f'<p class="bahasa"><a href="{html.escape(alamat)}" lang="{bahasa}" hreflang="{bahasa}">'
        f"{_NAMA_BAHASA[bahasa]}</a></p>"
    )
    return re.sub(f"{_AWAL}.*?{_AKHIR}", lambda _: f"{_AWAL}{tautan}{_AKHIR}", isi, count=1, flags=re.S)
