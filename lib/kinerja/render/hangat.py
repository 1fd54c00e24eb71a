"""Kernel hangat: dicabangkan dari proses render yang sudah memuat pustaka, bukan dimulai dari kosong.

Memulai ``ipykernel`` dan mengimpor pandas, matplotlib, dan panel memakan lebih dari sedetik per notebook; cabang
mewarisinya. Pekerja mencabangkan kernelnya sebelum utas pertamanya ada, lalu papermill menyuruh cabang itu bekerja
lewat penyedia kernel :class:`PenyediaHangat` (terdaftar di ``pyproject.toml``). Bila itu tidak mungkin, kernel biasa
yang dimulai.

Cabang harus tidak dapat dibedakan dari kernel biasa; yang diwarisi tetapi bergantung pada "ini terminal atau kernel",
atau yang harus berbeda antarproses, dikembalikan di :func:`_forget`.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import random
import signal
import socket
import sys
import traceback
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from jupyter_client.provisioning import LocalProvisioner

NAMA = "kinerja-hangat"
_MODUL = (
    "IPython.core.completer",
    "IPython.core.pylabtools",
    "PIL.PngImagePlugin",
    "comm",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "kinerja.audit",
    "kinerja.buku",
    "kinerja.figures",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
)
_BARIS_BARU = b"\n"


class Cabang:
    """Proses anak yang menunggu menjadi kernel; bagi jupyter_client ia seperti ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, saluran: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._saluran = saluran

    def start(self, cmd: list[str], env: Mapping[str, str], cwd: str | None) -> None:
        """Suruh cabang menjadi kernel dengan perintah, lingkungan, folder kerja, dan keluaran proses ini."""
        pesan = json.dumps({"argumen": cmd[cmd.index("-f") :], "env": dict(env), "cwd": cwd}).encode() + _BARIS_BARU
        sisa = pesan[socket.send_fds(self._saluran, [pesan], [1, 2]) :]
        if sisa:  # sendall tanpa isi pun menyentuh saluran, yang oleh cabang sudah ditutup begitu pesannya lengkap
            self._saluran.sendall(sisa)
        self._saluran.close()

    def poll(self) -> int | None:
        """Kode keluar, atau None selama masih berjalan."""
        return self._wait(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int | None:
        """Tunggu sampai berakhir."""
        return self._wait(0)

    def _wait(self, pilihan: int) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, pilihan)
            except ChildProcessError:
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def send_signal(self, sinyal: int) -> None:
        """Kirim sinyal bila masih berjalan."""
        if self.poll() is None:
            os.kill(self.pid, sinyal)

    def terminate(self) -> None:
        """Kirim SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kirim SIGKILL."""
        self.send_signal(signal.SIGKILL)


_cabang: Cabang | None = None


def available() -> bool:
    """Apakah kernel hangat dapat dipakai di sini: Linux, dan penyedianya terdaftar."""
    if sys.platform != "linux":
        return False
    return bool(metadata.entry_points(group="jupyter_client.kernel_provisioners", name=NAMA))


def provisioner() -> str:
    """Nama penyedia kernel yang harus dipakai proses ini: yang hangat hanya bila ia sudah punya cabang."""
    return NAMA if _cabang is not None else "local-provisioner"


def warm(notebook: Iterable[Path]) -> None:
    """Muat pustaka yang diperlukan kernel dan notebook-notebook ini ke dalam proses ini, sebelum ia bercabang."""
    for nama in [*_MODUL, *sorted({x for berkas in notebook for x in _imports(berkas)})]:
        try:
            importlib.import_module(nama)
        except Exception:
            # Panel yang rusak dilaporkan oleh sel notebook yang memuatnya, dengan jejak yang lengkap.
            continue
    _warm_fonts()
    gc.collect()
    gc.freeze()  # halaman memori yang diwarisi tidak disalin hanya karena pengumpul sampah menyentuhnya


def _imports(berkas: Path) -> set[str]:
    """Modul proyek ini yang diimpor sel-sel sebuah notebook."""
    hasil: set[str] = set()
    for sel in json.loads(berkas.read_text("utf-8")).get("cells", ()):
        if sel.get("cell_type") != "code":
            continue
        isi = "".join(x for x in "".join(sel["source"]).splitlines(keepends=True) if not x.startswith("%"))
        try:
            pohon = ast.parse(isi)
        except SyntaxError:
            continue
        for simpul in ast.walk(pohon):
            if isinstance(simpul, ast.ImportFrom) and simpul.module:
                hasil |= {simpul.module, *(f"{simpul.module}.{x.name}" for x in simpul.names)}
            elif isinstance(simpul, ast.Import):
                hasil |= {x.name for x in simpul.names}
    return {x for x in hasil if x.split(".")[0] == "kinerja"}


def _warm_fonts() -> None:
    """Cari dan muat huruf sekali; tidak memakai pyplot, yang di luar shell akan memilih backend sendiri."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(1, 1))
    fig.text(0, 0, "Aa1", weight="normal")
    fig.text(0, 0, "Aa1", weight="bold")
    FigureCanvasAgg(fig).print_png(io.BytesIO())


def fork_kernel() -> None:
    """Cabangkan calon kernel dari proses ini; dipakai oleh :class:`PenyediaHangat` berikutnya di proses ini."""
    global _cabang
    sini, sana = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        sini.close()
        _become_kernel(sana)
    sana.close()
    # Menunggu kabar bahwa cabang sudah punya grup proses sendiri: jupyter_client mematikan kernel menurut grupnya.
    _cabang = Cabang(pid, sini) if sini.recv(1) else None


def _become_kernel(saluran: socket.socket) -> NoReturn:
    kode = 1
    try:
        os.setsid()
        for sinyal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sinyal, signal.SIG_DFL)
        # Pipa dan kunci milik induk tidak boleh tertahan oleh kernel yang hidup lebih lama daripadanya.
        os.closerange(3, saluran.fileno())
        os.closerange(saluran.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        saluran.send(b"1")
        isi, keluaran = _receive(saluran)
        if isi is not None:
            for asal, tujuan in zip(keluaran, (1, 2), strict=True):
                os.dup2(asal, tujuan)
                os.close(asal)
            os.environ.clear()
            os.environ.update(isi["env"])
            os.environ.pop("JUPYTER_DEFAULT_PROVISIONER_NAME", None)
            os.chdir(isi["cwd"] or ".")
            sys.argv = ["ipykernel_launcher", *isi["argumen"]]
            _forget()
            from ipykernel.kernelapp import IPKernelApp

            IPKernelApp.launch_instance(argv=isi["argumen"])
        kode = 0
    except BaseException:
        # Batas proses: tidak ada pemanggil di atas sini; kernel yang mati terlihat oleh papermill.
        traceback.print_exc()
    finally:
        os._exit(kode)


def _receive(saluran: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    potongan, keluaran, _, _ = socket.recv_fds(saluran, 65536, 2)
    pesan = bytearray(potongan)
    while potongan and not pesan.endswith(_BARIS_BARU):
        potongan = saluran.recv(65536)
        pesan += potongan
    saluran.close()
    return (json.loads(pesan), keluaran) if pesan.endswith(_BARIS_BARU) else (None, keluaran)


def _forget() -> None:
    """Kembalikan keadaan yang di kernel biasa lain: bilangan acak, lebar tabel pandas, gaya dan backend matplotlib."""
    import matplotlib as mpl
    import numpy as np
    import pandas as pd

    random.seed()
    np.random.seed()  # noqa: NPY002 (keadaan acak bersama itulah yang diwarisi cabang)
    pd.set_option("display.max_columns", 20)  # pandas memilih 0 bila diimpor di terminal
    mpl.rc_file_defaults()  # induk mungkin sudah menggambar dengan gaya proyek
    backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    mpl.rcParams["backend"] = backend
    # Backend inline memasang diri pada shell saat diimpor; yang terimpor sebelum ada shell membuang semua gambar.
    for nama in [x for x in sys.modules if x.split(".")[0] == "matplotlib_inline"]:
        del sys.modules[nama]


class PenyediaHangat(LocalProvisioner):
    """Penyedia kernel yang memakai cabang hangat proses ini sekali; sesudah itu, atau tanpa cabang, kernel biasa."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Jalankan kernel."""
        global _cabang
        cabang, _cabang = _cabang, None
        if cabang is None or cabang.poll() is not None:
            return await super().launch_kernel(cmd, **kwargs)
        env = dict(kwargs.get("env") or os.environ) | {"JPY_PARENT_PID": str(os.getpid())}
        try:
            cabang.start(cmd, env, kwargs.get("cwd"))
        except (OSError, ValueError):
            cabang.kill()
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cabang
        self.pid = self.pgid = cabang.pid
        return self.connection_info
