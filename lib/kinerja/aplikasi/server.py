"""Peladen aplikasi: Voila yang hanya menyajikan halaman depan dan notebook proyek, di alamat lokal."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from nbformat import NotebookNode
from tornado import web
from tornado.ioloop import IOLoop
from traitlets import Any as Apa
from traitlets import Instance
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.tornado.handler import TornadoVoilaHandler

from kinerja import paths
from kinerja.aplikasi.permintaan import GalatPermintaan, Permintaan, headline, introduction, prepare, read_query, tasks
from kinerja.errors import GalatKinerja
from kinerja.render import halaman
from kinerja.render.rencana import check_year

_TEMPLAT = Path(__file__).with_name("jupyter")
_TIDAK_DISAJIKAN = ("TornadoVoilaTreeHandler", "VoilaContentsHandler", "AllowListFileHandler")
"""Penjelajah folder dan berkas bawaan Voila: aplikasi ini hanya menyajikan notebook."""

KERNEL_DIAM = 30 * 60
"""Detik tanpa kegiatan sebelum kernel sebuah halaman yang ditinggalkan dimatikan."""


class HalamanDepan(BaseVoilaHandler):
    """Daftar notebook dengan pertanyaan yang dijawabnya."""

    def initialize(self, baku: Permintaan, **sisa: Any) -> None:
        super().initialize(**sisa)
        self.baku = baku

    @web.authenticated
    def get(self) -> None:
        """Tulis halaman depan menurut ``?tahun=`` dan ``?bahasa=``."""
        try:
            permintaan = read_query(_arguments(self), self.baku)
            asing = sorted({k for k, _ in permintaan.parameter} - {k for k, _ in self.baku.parameter})
            if asing:
                raise GalatPermintaan(f"Halaman depan tidak punya parameter '{asing[0]}'.")
            semua = tasks(permintaan)
        except GalatKinerja as galat:
            raise web.HTTPError(400, str(galat)) from galat
        self.write(
            self.render_template(
                "depan.html",
                kata=halaman.words()[permintaan.bahasa],
                bahasa=permintaan.bahasa,
                tahun=permintaan.tahun,
                tahun_ada=paths.tahun_tersedia(),
                utama=headline(permintaan.tahun, permintaan.bahasa),
                semua=[(x.notebook, x.judul, introduction(x.notebook, permintaan.bahasa)) for x in semua],
                gaya=halaman.stylesheet(),
            )
        )


class Aplikasi(Voila):
    """Voila dengan penyaji tambahan di atas; ``baku`` adalah permintaan bila alamat tidak menyebut apa-apa."""

    baku = Instance(Permintaan)
    kabar = Apa()

    def start(self) -> None:
        """Dengarkan dan layani sampai dihentikan; alamatnya dikabarkan setelah portnya pasti."""
        IOLoop.current().add_callback(lambda: self.kabar(self.connection_url))
        super().start()

    def init_settings(self) -> dict[str, Any]:
        """Setelan Voila; di alamat lokal, kepala Host dari nama lain ditolak (penyamaran nama DNS)."""
        return {**super().init_settings(), "allow_remote_access": not is_loopback(self.ip)}

    def init_handlers(self) -> list:
        """Penyaji Voila tanpa penjelajah berkas, ditambah halaman depan."""
        semua = [x for x in super().init_handlers() if x[1].__name__ not in _TIDAK_DISAJIKAN]
        isi = {"baku": self.baku, "voila_configuration": self.voila_configuration}
        return [(url_path_join(self.server_url, r"/?"), HalamanDepan, isi), *semua]


def make_app(
    *,
    tahun: int,
    bahasa: str = "id",
    port: int = 8866,
    ip: str = "127.0.0.1",
    buka: bool = False,
    parameter: Sequence[tuple[str, Any]] = (),
    kabar: Callable[[str], None] = lambda alamat: None,
) -> Aplikasi:
    """Aplikasi siap dijalankan dengan ``start()``.

    Parameters
    ----------
    tahun : int
        Tahun bila alamat tidak menyebutnya.
    bahasa : str
        Bahasa bila alamat tidak menyebutnya.
    port : int
        Port pertama yang dicoba.
    ip : str
        Alamat yang didengarkan; bawaannya hanya mesin ini sendiri.
    buka : bool
        Buka peramban.
    parameter : sequence of (str, object)
        Parameter bawaan, misalnya ``mikro``; berlaku bagi notebook yang memilikinya.
    kabar : callable
        Dipanggil sekali dengan alamat aplikasi setelah port didapat.

    Raises
    ------
    GalatParameter
        Tahun tidak ada.
    """
    check_year(tahun)
    # Voila mencari templat di folder data Jupyter saja.
    os.environ["JUPYTER_PATH"] = os.pathsep.join(x for x in (str(_TEMPLAT), os.environ.get("JUPYTER_PATH")) if x)
    # Kernel aplikasi tidak menulis laporan, sekalipun lingkungan pemanggilnya sedang merender.
    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN"):
        os.environ.pop(nama, None)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    c = Config()
    c.Voila.update(port=port, ip=ip, open_browser=buka, root_dir=str(paths.notebooks()), log_level="WARN")
    baku = Permintaan(tahun, bahasa, tuple(parameter))
    c.VoilaConfiguration.update(
        template="kinerja",
        allow_template_override="NO",
        allow_theme_override="NO",
        strip_sources=True,
        prelaunch_hook=_hook(baku),
        resources={"gaya": halaman.stylesheet()},
    )
    c.MappingKernelManager.update(cull_idle_timeout=KERNEL_DIAM, cull_interval=60)
    Aplikasi.clear_instance()
    aplikasi = Aplikasi.instance(config=c, baku=baku, kabar=kabar)
    aplikasi.initialize([])
    return aplikasi


def is_loopback(ip: str) -> bool:
    """Apakah alamat itu hanya terjangkau dari mesin ini."""
    try:
        return ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return ip == "localhost"


def _hook(baku: Permintaan) -> Any:
    def hook(req: TornadoVoilaHandler, notebook: NotebookNode, cwd: str) -> NotebookNode:
        nama = Path(req.request.path).name.removesuffix(".ipynb")
        try:
            return prepare(notebook, nama, read_query(_arguments(req), baku))
        except GalatPermintaan as galat:
            raise web.HTTPError(400, str(galat)) from galat

    return hook


def _arguments(req: JupyterHandler) -> dict[str, list[str]]:
    return {k: [req.decode_argument(x, k) for x in v] for k, v in req.request.query_arguments.items()}
