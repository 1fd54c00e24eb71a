"""Panel kendali: widget yang dirangkai pada satu fungsi hitung biasa.

Fungsi hitungnya umum dan diuji sendiri, karena kesalahan di dalam panggilan balik widget tidak menggagalkan
papermill. Panel tidak memakai widget Output: hasilnya diganti di tempat, sehingga halaman tidak melompat dan
nbval tidak melihat keluaran yang berpindah.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import ipywidgets as widgets

from kinerja import fmt
from kinerja.errors import GalatKinerja
from kinerja.keluaran import in_batch, png_display_size
from kinerja.tables import Tabel


@dataclass(frozen=True)
class Hasil:
    """Jawaban satu perhitungan panel.

    ``png`` gambar dari ``keluaran.to_png`` dan ``alt`` uraiannya bagi yang tidak melihatnya; ``teks`` satu alinea
    polos, diperlihatkan lebih dulu; ``bawah`` HTML di tempat tabel, bagi panel yang tidak bertabel.
    """

    tabel: Tabel | None = None
    png: bytes | None = None
    teks: str | None = None
    alt: str | None = None
    bawah: str = ""


KELAS = "kinerja-panel"
"""Kelas CSS setiap panel."""

TETAP = "kinerja-tetap"
"""Kelas CSS bagian panel yang tetap di layar selagi kendali di sampingnya digulung."""


class Panel(widgets.VBox):
    """Kendali di atas, hasil di bawah; gayanya, juga tanda sibuk selagi menghitung, di ``panel.css``.

    Parameters
    ----------
    compute : callable
        Fungsi biasa; menerima nilai kendali sebagai argumen bernama dan mengembalikan :class:`Hasil`.
    controls : mapping of str to ipywidgets.Widget
        Nama argumen -> widget yang memiliki ``value`` dan ``description``.
    judul : str
        Nama panel bagi pembaca.
    luring : (str, mapping), optional
        Kembarannya di halaman laporan: nama dan isi untuk :func:`kinerja.jawaban.control_html`.

    Attributes
    ----------
    hasil : Hasil or None
        Hasil terakhir; None bila perhitungan terakhir gagal.
    galat : Exception or None
        Kesalahan perhitungan terakhir.
    """

    def __init__(
        self,
        compute: Callable[..., Hasil],
        controls: Mapping[str, widgets.Widget],
        judul: str,
        luring: tuple[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.compute, self.controls, self.judul, self.luring = compute, dict(controls), judul, luring
        self.hasil: Hasil | None = None
        self.galat: Exception | None = None
        gaya = resources.files("kinerja").joinpath("panel.css").read_text("utf-8")
        self._kepala = widgets.HTML(f"<style>{gaya}</style><b>{html.escape(judul)}</b>")
        self._teks, self._gambar, self._bawah = widgets.HTML(), widgets.HTML(), widgets.HTML()
        for kendali in self.controls.values():
            prepare_control(kendali)
            kendali.observe(self._changed, names="value")
        super().__init__([self._kepala, *self._arrange()])
        self.add_class(KELAS)
        # Laporan tidak memperlihatkan panel, jadi hasil pertamanya tidak perlu dihitung.
        if not in_batch():
            self.update()

    def _arrange(self) -> list[widgets.Widget]:
        baris = widgets.HBox(list(self.controls.values()), layout=widgets.Layout(flex_flow="row wrap", grid_gap="4px"))
        return [baris, self._teks, self._gambar, self._bawah]

    def _changed(self, change: Any) -> None:
        self.update()

    def values(self) -> dict[str, Any]:
        """Argumen hitungan: nilai kendali saat ini."""
        return {nama: kendali.value for nama, kendali in self.controls.items()}

    def update(self) -> None:
        """Hitung ulang dengan nilai kendali saat ini dan perlihatkan hasilnya.

        Kesalahan apa pun diperlihatkan sebagai satu kalimat di panel: pengecualian yang lolos dari panggilan balik
        widget hanya masuk catatan kernel dan meninggalkan hasil lama seolah-olah masih benar.
        """
        kepala, sibuk = self._kepala.value, fmt.pick({"id": "menghitung …", "en": "computing …"})
        self._kepala.value = f'{kepala}<span class="kinerja-sibuk" role="status">{sibuk}</span>'
        try:
            self.hasil, self.galat = self.compute(**self.values()), None
        except Exception as galat:
            self.hasil, self.galat = None, galat
        finally:
            self._kepala.value = kepala
        self._show()

    def _show(self) -> None:
        hasil = self.hasil
        if hasil is None:
            self._teks.value = f'<p role="alert">{html.escape(_sentence(self.galat))}</p>'
            self._gambar.value = self._bawah.value = ""
            return
        self._teks.value = f"<p>{html.escape(hasil.teks)}</p>" if hasil.teks else ""
        self._bawah.value = hasil.tabel.to_html() if hasil.tabel else hasil.bawah
        self._gambar.value = image_html(hasil.png, hasil.alt or hasil.teks or self.judul) if hasil.png else ""

    def __repr__(self) -> str:
        return f"Panel: {self.judul}"


def image_html(png: bytes, alt: str) -> str:
    """Gambar (:func:`kinerja.keluaran.to_png`) sebagai HTML, dengan ``alt`` bagi yang tidak melihatnya.

    Tempatnya sudah dipesan, supaya halaman tidak melompat. Bukan widget Image: widget itu tidak mengenal teks
    alternatif, dan dengan ``tooltip`` gagal digambar di peramban.
    """
    lebar, tinggi = png_display_size(png)
    return (
        f'<img decoding="sync" src="data:image/png;base64,{base64.b64encode(png).decode()}" width="{lebar}" '
        f'height="{tinggi}" style="max-width:100%;height:auto;display:block" alt="{html.escape(alt)}">'
    )


def prepare_control(kendali: widgets.Widget) -> None:
    """Satu perubahan, satu hitungan; label utuh dan terbaca pembaca layar."""
    if kendali.has_trait("continuous_update"):
        kendali.continuous_update = False
    if kendali.description and not kendali.tooltip:
        kendali.tooltip = kendali.description
    kendali.style.description_width = "initial"


def _sentence(galat: Exception | None) -> str:
    """Kalimat sebuah kesalahan; yang bukan kesalahan proyek ini menyebut jenisnya."""
    if isinstance(galat, GalatKinerja):
        return str(galat)
    isi = f"({type(galat).__name__}: {galat})"
    return fmt.pick({"id": f"Perhitungan gagal {isi}.", "en": f"The computation failed {isi}."})
