"""Kendali penjelajah: pilihan di kiri, satu gambar yang diganti di tempat di kanan, dan dua cara menyimpannya."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping
from dataclasses import asdict

import ipywidgets as widgets
import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatKinerja
from kinerja.explore import KELAS, TETAP, Kepala, image_html, prepare_control, unexpected
from kinerja.ikesos.telaah import NAMA_SASARAN
from kinerja.jelajah.pilihan import (
    AGREGASI,
    BOBOT_TERBESAR,
    DAERAH,
    DASAR,
    JENJANG,
    KELAMIN,
    TAMPILAN,
    Pilihan,
    command,
    literals,
    node_options,
    weight_names,
)
from kinerja.jelajah.sesi import Jelajah
from kinerja.jelajah.survei import WILAYAH
from kinerja.keluaran import in_batch
from kinerja.tables import frame_to_csv

_LEBAR_KENDALI = "24rem"
_LABEL = {
    "tampilan": {"id": "Tampilan", "en": "View"},
    "sasaran": {"id": "Sasaran", "en": "Target group"},
    "jenjang": {"id": "Jenjang", "en": "Level"},
    "simpul": {"id": "Bagian", "en": "Part"},
    "wilayah": {"id": "Wilayah", "en": "Regions"},
    "daerah": {"id": "Daerah", "en": "Area"},
    "kelamin": {"id": "Kelamin", "en": "Sex"},
    "agregasi": {"id": "Agregasi", "en": "Aggregation"},
    "dasar": {"id": "Dasar", "en": "Basis"},
    "wilayah_a": {"id": "Bandingkan", "en": "Compare"},
    "wilayah_b": {"id": "dengan", "en": "with"},
}
_SENDIRI = {"id": "(otomatis)", "en": "(automatic)"}


class PanelJelajah(widgets.VBox):
    """Kendali penjelajah; satu gambar yang diganti di tempat, tautan CSV, dan parameter tampilan ini.

    Penggeser menghitung ketika dilepas atau ketika tombol panah ditekan: sekali geser sekali hitung, dan tidak ada
    antrean hasil lama yang harus ditunggu.

    Attributes
    ----------
    controls : dict of str to ipywidgets.Widget
    galat : Exception or None
        Kesalahan perhitungan terakhir; kalimatnya ada di panel dan gambar lama disingkirkan.
    """

    def __init__(self, jelajah: Jelajah, p: Pilihan) -> None:
        self.jelajah, self.galat, self._tahan = jelajah, None, False
        self.judul = fmt.pick({"id": "Penjelajah Ikesos", "en": "Ikesos explorer"})
        self._kepala = Kepala(self.judul)
        self._teks, self._gambar, self._bawah = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.controls = {**self._menus(p), **self._sliders(p)}
        for nama, kendali in self.controls.items():
            prepare_control(kendali)
            _align(nama, kendali)
            kendali.observe(lambda _, nama=nama: self._changed(nama), names="value")
        super().__init__([self._kepala, self._arrange()])
        self.add_class(KELAS)
        if not in_batch():
            self.update()

    # Susunan ----------------------------------------------------------------------------------------------------------

    def _arrange(self) -> widgets.Box:
        """Kendali di kiri dan gambar di kanan; di layar sempit gambarnya turun ke bawah kendali."""
        bobot = [w for k, w in self.controls.items() if k.startswith("bobot:")]
        menu = [w for w in self.controls.values() if w not in bobot]
        tajuk = fmt.pick({"id": "Bobot dimensi dan sasaran", "en": "Weights of dimensions and target groups"})
        kiri = widgets.VBox(
            [*menu, widgets.HTML(f"<b>{tajuk}</b>"), *bobot],
            layout=widgets.Layout(width=_LEBAR_KENDALI, max_width="100%", flex="0 1 auto"),
        )
        kanan = widgets.VBox(
            [self._teks, self._gambar, self._bawah], layout=widgets.Layout(flex="1 1 30rem", min_width="0")
        )
        kanan.add_class(TETAP)  # gambarnya tetap terlihat selagi penggeser di bawah digeser
        return widgets.HBox([kiri, kanan], layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1rem"))

    def _menus(self, p: Pilihan) -> dict[str, widgets.Dropdown]:
        siap = self.jelajah.survei.siap
        jenjang, wilayah = node_options(siap, p.sasaran)[p.simpul][0], self._region_options(p.wilayah)
        isi = {
            "tampilan": (_named(TAMPILAN), p.tampilan),
            "sasaran": (_named(NAMA_SASARAN), p.sasaran),
            "jenjang": (_named(JENJANG, {"puncak", "dimensi", "subdimensi", "indikator"}), jenjang),
            "simpul": (self._node_choices(p.sasaran, jenjang), p.simpul),
            "wilayah": (_named(WILAYAH, siap.tingkat), p.wilayah),
            "daerah": (_named(DAERAH), p.daerah),
            "kelamin": (_named(KELAMIN), p.kelamin),
            "agregasi": (_named(AGREGASI), p.agregasi),
            "dasar": (_named(DASAR), p.dasar),
            "wilayah_a": (wilayah, p.dua[0]),
            "wilayah_b": (wilayah, p.dua[1]),
        }
        return {
            k: widgets.Dropdown(options=pilihan, value=nilai, description=fmt.pick(_LABEL[k]))
            for k, (pilihan, nilai) in isi.items()
        }

    def _sliders(self, p: Pilihan) -> dict[str, widgets.FloatSlider]:
        kata = {"id": "Bobot {}", "en": "Weight of {}"}
        return {
            f"bobot:{k}": widgets.FloatSlider(
                value=p.bobot.get(k, 1.0),
                min=0,
                max=BOBOT_TERBESAR,
                step=0.1,
                readout_format=".1f",
                description=nama,
                tooltip=fmt.pick(kata).format(nama),
            )
            for k, nama in weight_names(self.jelajah.survei.siap).items()
        }

    def _node_choices(self, sasaran: str, jenjang: str) -> list[tuple[str, str]]:
        semua = node_options(self.jelajah.survei.siap, sasaran)
        return [(nama, k) for k, (j, nama) in semua.items() if j == jenjang]

    def _region_options(self, wilayah: str) -> list[tuple[str, str]]:
        return [(fmt.pick(_SENDIRI), ""), *((v, k) for k, v in self.jelajah.survei.names(wilayah).items())]

    # Keadaan ----------------------------------------------------------------------------------------------------------

    def state(self) -> Pilihan:
        """Keadaan kendali sekarang."""
        c = self.controls
        nama = [k for k in asdict(Pilihan()) if k not in ("bobot", "pasangan")]
        pasangan = ",".join(c[k].value for k in ("wilayah_a", "wilayah_b")).rstrip(",")
        bobot = {k.removeprefix("bobot:"): round(w.value, 2) for k, w in c.items() if k.startswith("bobot:")}
        bobot = {k: v for k, v in bobot.items() if v != 1}
        return Pilihan(**{k: c[k].value for k in nama}, bobot=bobot, pasangan=pasangan)

    def _changed(self, nama: str) -> None:
        if self._tahan:
            return
        # Kendali yang bergantung disetel dulu, supaya satu perubahan tetap satu hitungan.
        self._tahan = True
        try:
            self._follow(nama)
        finally:
            self._tahan = False
        self.update()

    def _follow(self, nama: str) -> None:
        c = self.controls
        if nama == "tampilan" and c["tampilan"].value == "peta":
            c["wilayah"].value = "provinsi"  # petanya peta provinsi; menu tidak boleh mengatakan yang lain
        if nama == "wilayah" and c["tampilan"].value == "peta" and c["wilayah"].value != "provinsi":
            c["tampilan"].value = "peringkat"
        if nama in ("sasaran", "jenjang"):
            self._set_options("simpul", self._node_choices(c["sasaran"].value, c["jenjang"].value))
        if nama in ("wilayah", "tampilan"):
            for k in ("wilayah_a", "wilayah_b"):
                self._set_options(k, self._region_options(c["wilayah"].value))

    def _set_options(self, nama: str, pilihan: list[tuple[str, str]]) -> None:
        kendali = self.controls[nama]
        if kendali.options == tuple(pilihan):
            return
        lama, kode = kendali.value, [k for _, k in pilihan]
        kendali.options = pilihan
        kendali.value = lama if lama in kode else kode[0]

    # Hasil ------------------------------------------------------------------------------------------------------------

    def update(self) -> None:
        """Hitung dan gambar keadaan sekarang; kesalahan menjadi satu kalimat dan menyingkirkan gambar lama."""
        with self._kepala.busy():
            self._show(self.state())

    def _show(self, p: Pilihan) -> None:
        try:
            (hasil, frame), self.galat = self.jelajah.answer(p), None
        except Exception as galat:
            self.galat = galat
            pesan = str(galat) if isinstance(galat, GalatKinerja) else unexpected(galat)
            self._teks.value = f'<p role="alert">{html.escape(pesan)}</p>'
            self._gambar.value = self._bawah.value = ""
            return
        self._teks.value = ""
        self._gambar.value = image_html(hasil.png, hasil.alt)
        self._bawah.value = self._footer(p, frame)

    def _footer(self, p: Pilihan, frame: pd.DataFrame) -> str:
        tautan = csv_link(frame, f"jelajah_ikesos-{p.tampilan}")
        kata = fmt.pick({"id": "Simpan tampilan ini sebagai parameter", "en": "Keep this view as parameters"})
        isi = html.escape(f"{command(self.jelajah.survei, p, self.jelajah.buku.tahun)}\n\n{literals(p)}")
        gaya = "white-space:pre-wrap;overflow-wrap:anywhere"
        return f'<p>{tautan}</p><details><summary>{kata}</summary><pre style="{gaya}">{isi}</pre></details>'

    def __repr__(self) -> str:
        return f"Panel: {self.judul}"


def _align(nama: str, kendali: widgets.Widget) -> None:
    """Label dan isian berjajar."""
    kendali.style.description_width = "11rem" if nama.startswith("bobot:") else "6rem"
    kendali.layout = widgets.Layout(width="97%", max_width="100%")


def _named(kamus: Mapping[str, Mapping[str, str]], hanya: Iterable[str] | None = None) -> list[tuple[str, str]]:
    boleh = set(kamus if hanya is None else hanya)
    return [(fmt.pick(v), k) for k, v in kamus.items() if k in boleh]


def csv_link(frame: pd.DataFrame, nama: str) -> str:
    """Tautan unduh CSV tanpa peladen: isinya di dalam alamat tautan."""
    isi = base64.b64encode(frame_to_csv(frame).encode("utf-8")).decode()
    kata = fmt.pick({"id": "Unduh tabel (CSV)", "en": "Download table (CSV)"})
    berkas = html.escape(f"{nama}.csv", quote=True)
    return f'<a download="{berkas}" href="data:text/csv;charset=utf-8;base64,{isi}">{kata}</a>'
