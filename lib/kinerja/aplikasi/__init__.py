"""Notebook sebagai aplikasi: Voila tanpa kode di alamat lokal, dengan halaman depan, menu, dan parameter di alamatnya.

``/voila/render/ringkasan.ipynb?tahun=2020&bahasa=en&batas_capaian=110`` menjalankan notebook itu dengan parameter
tersebut; nama dan nilainya diperiksa seperti pada ``kinerja render``. Yang disajikan hanya halaman depan dan notebook.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
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

from kinerja import fmt, paths
from kinerja.errors import GalatKinerja
from kinerja.pilihan_berkas import BERKAS, SURVEI
from kinerja.render import halaman
from kinerja.render.rencana import Tugas, available, check_year, plan, read_parameters
from kinerja.render.ulang import Permintaan

DILARANG = BERKAS
"""Parameter berupa letak berkas: hanya penyala aplikasi yang boleh menyetelnya, bukan pengunjung lewat alamat."""

KERNEL_DIAM = 30 * 60
"""Detik tanpa kegiatan sebelum kernel sebuah halaman yang ditinggalkan dimatikan."""

_MILIK_VOILA = {"theme", "template"}
_TIDAK_DISAJIKAN = ("TornadoVoilaTreeHandler", "VoilaContentsHandler", "AllowListFileHandler")
"""Penjelajah folder dan berkas bawaan Voila: aplikasi ini hanya menyajikan notebook."""


class GalatPermintaan(GalatKinerja):
    """Alamat meminta sesuatu yang tidak ada; pesannya satu kalimat untuk pengunjung."""


def read_query(argumen: Mapping[str, Sequence[str]], baku: Permintaan) -> Permintaan:
    """Permintaan dari argumen alamat; yang tidak disebut memakai ``baku``, yang disetel saat aplikasi dinyalakan.

    Nama yang diulang, tahun bukan bilangan, bahasa tidak dikenal, dan letak berkas adalah GalatPermintaan.
    """
    isi = {k: v for k, v in argumen.items() if k not in _MILIK_VOILA}
    ganda = sorted(k for k, v in isi.items() if len(v) > 1)
    if ganda:
        raise GalatPermintaan(f"Parameter '{ganda[0]}' diberikan dua kali.")
    nilai = {k: v[0] for k, v in isi.items()}
    terlarang = sorted(set(nilai) & set(DILARANG))
    if terlarang:
        raise GalatPermintaan(f"Parameter '{terlarang[0]}' hanya dapat disetel saat aplikasi dinyalakan (-p).")
    tahun, bahasa = nilai.pop("tahun", str(baku.tahun)), nilai.pop("bahasa", baku.bahasa)
    if not tahun.isascii() or not tahun.isdigit():
        raise GalatPermintaan(f"Tahun '{tahun}' bukan bilangan.")
    if bahasa not in fmt.BAHASA:
        raise GalatPermintaan(f"Bahasa '{bahasa}' tidak ada; pilih {' atau '.join(fmt.BAHASA)}.")
    parameter = tuple({**dict(baku.parameter), **nilai}.items())
    return Permintaan(int(tahun), parameter=parameter, bahasa=bahasa)


def tasks(permintaan: Permintaan) -> list[Tugas]:
    """Semua notebook dengan judulnya, dalam urutan daftar isi, untuk menu dan halaman depan."""
    return plan(permintaan.tahun, bahasa=permintaan.bahasa)


def headline(tahun: int, bahasa: str) -> str:
    """Angka utama tahun itu sebagai tabel HTML; kosong bila institusinya tidak punya indikator utama."""
    from kinerja import capaian, pintu  # memuat pandas; alamat lain tidak memerlukannya
    from kinerja.jawaban import strip_html, strip_table

    data = pintu.open(tahun, bahasa=bahasa)
    if not data.has("iku"):
        return ""
    with fmt.using(bahasa):
        return strip_html(strip_table(capaian.strip(data)))


def introduction(nama: str, bahasa: str) -> str:
    """Alinea pertama notebook sesudah judulnya, sebagai teks polos."""
    nb = nbformat.read(available()[nama], as_version=4)
    halaman.translate_cells(nb.cells[:1], nama, bahasa)
    return " ".join(re.sub(r"^#.*$|[*`_]", "", nb.cells[0].source, flags=re.M).split())


def prepare(nb: NotebookNode, nama: str, permintaan: Permintaan) -> NotebookNode:
    """Notebook dengan parameter yang diminta, sel Markdown menurut bahasa, dan bahan menu di metadatanya.

    ``nb`` diubah di tempat, kecuali sel parameternya yang disisipkan di salinan. Notebook atau parameter yang tidak
    ada, atau nilai yang bukan jenisnya, adalah GalatPermintaan.
    """
    from papermill.parameterize import parameterize_notebook

    if nama not in available():
        raise GalatPermintaan(f"Notebook '{nama}' tidak ada; yang ada: {', '.join(available())}.")
    try:
        tugas = _task(nama, permintaan)
        semua = tasks(permintaan)
    except GalatKinerja as galat:
        raise GalatPermintaan(str(galat)) from galat
    halaman.translate_cells(nb.cells, nama, permintaan.bahasa)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # Pembaca papermill sendiri yang biasanya mengisi keduanya.
    nb.metadata.setdefault("papermill", {})
    for sel in nb.cells:
        sel.metadata.setdefault("tags", [])
    nb = parameterize_notebook(nb, dict(tugas.parameter))
    letak = [x.notebook for x in semua].index(nama)
    nb.metadata["kinerja"] = {
        "judul": tugas.judul,
        "nama": nama,
        "tahun": permintaan.tahun,
        "bahasa": permintaan.bahasa,
        "menu": [{"nama": x.notebook, "judul": x.judul} for x in semua],
        "letak": letak,
        "kata": halaman.words()[permintaan.bahasa],
    }
    return nb


def _task(nama: str, permintaan: Permintaan) -> Tugas:
    """Parameter bawaan aplikasi berlaku bagi notebook yang memilikinya; yang diminta alamat harus dikenal."""
    dikenal = read_parameters(available()[nama])
    bawaan = {k for k, _ in permintaan.parameter if k in SURVEI and k not in dikenal}
    parameter = [(k, v) for k, v in permintaan.parameter if k not in bawaan]
    (tugas,) = plan(permintaan.tahun, notebook=[nama], parameter=parameter, bahasa=permintaan.bahasa)
    return tugas


class HalamanDepan(BaseVoilaHandler):
    """Daftar notebook dengan pertanyaan yang dijawabnya."""

    def initialize(self, baku: Permintaan, **sisa: Any) -> None:
        super().initialize(**sisa)
        self.baku = baku

    @web.authenticated
    def get(self) -> None:
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
    """Aplikasi siap dijalankan dengan ``start()``; ``tahun`` dan ``bahasa`` berlaku bila alamat tidak menyebutnya.

    Parameters
    ----------
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
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        x for x in (str(Path(__file__).with_name("jupyter")), os.environ.get("JUPYTER_PATH")) if x
    )
    # Kernel aplikasi tidak menulis laporan, sekalipun lingkungan pemanggilnya sedang merender.
    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN"):
        os.environ.pop(nama, None)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    c = Config()
    c.Voila.update(port=port, ip=ip, open_browser=buka, root_dir=str(paths.notebooks()), log_level="WARN")
    baku = Permintaan(tahun, parameter=tuple(parameter), bahasa=bahasa)
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
