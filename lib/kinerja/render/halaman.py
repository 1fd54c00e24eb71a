"""Notebook yang sudah dijalankan menjadi halaman HTML yang terbaca tanpa jaringan."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from kinerja import kolom, paths, tables
from kinerja.berkas import parse_yaml
from kinerja.errors import GalatParameter
from kinerja.render.rencana import Tugas, layout

_MIME_WIDGET = "application/vnd.jupyter.widget-view+json"
_MIME_DIBUANG = (_MIME_WIDGET, "application/vnd.jupyter.widget-state+json", "application/javascript")
_TEMPAT = "@bingkai-{}@"
_AWAL_ISI, _AKHIR_ISI = "<!-- isi:awal -->", "<!-- isi:akhir -->"


@dataclass(frozen=True)
class Halaman:
    """Satu halaman laporan: nama berkas tanpa akhiran, judul, dan isi HTML tanpa kerangkanya."""

    nama: str
    judul: str
    isi: str

    @property
    def bagian(self) -> list[tuple[str, str]]:
        """Pengenal dan judul bagian tingkat dua, untuk daftar isi halaman."""
        return [(a, _strip_tags(b)) for a, b in re.findall(r'<h2 id="([^"]+)">(.*?)</h2>', self.isi, re.S)]

    def items(self, jenis: str) -> list[str]:
        """Nama tabel atau gambar (``jenis``) menurut urutan tampil."""
        return re.findall(rf'id="{jenis}-([^"]+)"', self.isi)


@cache
def words(peragaan: bool = False) -> dict[str, dict[str, str]]:
    """Kata-kata kerangka halaman menurut bahasa; situs peragaan menyebut dirinya dan sumbernya sendiri."""
    isi = parse_yaml(_asset("kata.yml")) | {"catatan_situs": {"id": "", "en": ""}}
    if peragaan:
        isi |= parse_yaml(_asset("kata_peragaan.yml")) | {"catatan_situs": kolom.SUMBER_BUATAN}
    return {bahasa: {kunci: teks[bahasa] for kunci, teks in isi.items()} for bahasa in ("id", "en")}


def _asset(nama: str) -> str:
    return resources.files("kinerja.render").joinpath(nama).read_text("utf-8")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("kinerja.render", "templat"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def stylesheet(peragaan: bool = False) -> str:
    """Lembar gaya laporan: gaya tabel, lalu gaya halaman, yang aturan cetaknya menimpa, dan warna situs peragaan."""
    berkas = ("gaya.css", *(["peragaan.css"] if peragaan else []))
    return "\n".join([tables.stylesheet(), *(_asset(f"templat/{x}") for x in berkas)])


def write_assets(folder: Path, peragaan: bool = False, *, kendali: bool = False) -> None:
    """Tulis gaya dan skrip laporan (mengurutkan dan mencari di tabel), dan skrip kendali bila ada kendalinya."""
    (folder / "gaya.css").write_text(stylesheet(peragaan), "utf-8")
    for nama in ("laporan.js", *(["kendali.js"] if kendali else [])):
        (folder / nama).write_text(_asset(f"templat/{nama}"), "utf-8")


def render_template(nama: str, bahasa: str, *, peragaan: bool = False, **isi: Any) -> str:
    """Isi sebuah templat; ``kata`` berisi kata-kata kerangka dalam bahasa itu."""
    return _environment().get_template(nama).render(bahasa=bahasa, kata=words(peragaan)[bahasa], **isi)


def convert(salinan: Path, tugas: Tugas, *, bahasa: str, kode: bool = False) -> Halaman:
    """Ubah notebook yang sudah dijalankan menjadi isi halaman.

    Sel Markdown diganti terjemahannya dalam ``bahasa`` bila ada; ``kode`` memperlihatkan juga kodenya.
    """
    import nbformat

    nb = nbformat.read(salinan, as_version=4)
    nb.metadata.pop("widgets", None)
    nb.cells = [sel for sel in map(_clean, nb.cells) if kode or sel.cell_type != "code" or sel.outputs]
    cerita = any(_is_summary(k) for x in nb.cells for k in x.get("outputs", ()))
    susunan = [_section(x) for x in nb.cells]
    translate_cells(nb.cells, tugas.notebook, bahasa)
    bingkai: list[str] = []
    if cerita:
        nb.cells = _arrange(nb.cells, susunan, bingkai)
    isi, _ = _exporter(kode).from_notebook_node(nb)
    isi = re.sub(_TEMPAT.format(r"(\d+)"), lambda x: bingkai[int(x[1])], isi)
    isi = _heading_ids(_describe_images(_tidy(isi), words()[bahasa]["gambar_tanpa_uraian"]))
    return Halaman(tugas.halaman, tugas.judul, isi)


def _is_summary(keluaran: Any) -> bool:
    return '<div class="ringkas">' in str(keluaran.get("data", {}).get("text/html", ""))[:40]


def _section(sel: Any) -> str | None:
    """Nama bagian yang dimulai sel ini, dalam bahasa notebook; None bila bukan judul bagian."""
    cocok = re.match(r"## +(.+?) *$", sel.source, re.M) if sel.cell_type == "markdown" else None
    return cocok[1] if cocok else None


def _arrange(semua: Sequence[Any], bagian: Sequence[str | None], bingkai: list[str]) -> list[Any]:
    """Susunan halaman: judul bab menjadi kepala kecil, bagian tertentu tanpa judul, terlipat, atau tidak dicetak.

    HTML bingkainya dikumpulkan di ``bingkai`` dan tempatnya ditandai sel mentah: nbconvert menyaring HTML sel mentah.
    """
    from nbformat.v4 import new_raw_cell

    aturan, hasil, penutup = layout(), [], []

    def sisip(*isi: str) -> None:
        for satu in isi:
            hasil.append(new_raw_cell(_TEMPAT.format(len(bingkai))))
            bingkai.append(satu)

    for nomor, (sel, nama) in enumerate(zip(semua, bagian, strict=True)):
        judul = html.escape(sel.source.splitlines()[0].lstrip("# ").strip()) if sel.source else ""
        if nomor == 0 and sel.source.startswith("# "):
            sisip(f'<p class="kicker">{judul}</p>')
            continue
        if nama is None:
            hasil.append(sel)
            continue
        sisip(*reversed(penutup))
        penutup = []
        if nomor + 1 == len(semua) or bagian[nomor + 1] is not None:
            continue  # bagian tanpa data tidak ada di halaman
        if nama in aturan["tidak_dicetak"]:
            sisip('<div class="tidak-dicetak">')
            penutup.append("</div>")
        if nama in aturan["terlipat"]:
            sisip(f'<details class="lipat"><summary><h2>{judul}</h2></summary>')
            penutup.append("</details>")
        elif nama not in aturan["tanpa_judul"]:
            hasil.append(sel)
    sisip(*reversed(penutup))
    for nomor, sel in enumerate(hasil):
        sel.id = f"sel-{nomor}"
    return hasil


@cache
def _exporter(kode: bool) -> Any:
    from nbconvert.exporters.html import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import DataTypeFilter, Highlight2HTML

    class Pengubah(HTMLExporter):
        """Tanpa langkah terakhir induknya, yang mengurai ulang seluruh halaman untuk kelas yang tidak ada di sini."""

        def default_filters(self) -> Iterator[tuple[str, Any]]:
            yield from super().default_filters()
            yield "highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self)
            yield "filter_data_type", DataTypeFilter(parent=self)

        def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    return Pengubah(
        template_name="basic",
        exclude_input=not kode,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        optimistic_validation=True,  # notebooknya diperiksa sekali, bukan lagi sesudah tiap langkah
        require_js_url="",
        mathjax_url="",
        jquery_url="",
    )


@cache
def warm_up() -> None:
    """Impor nbconvert sekarang, bukan saat halaman pertama menunggu."""
    _exporter(False)


def _clean(sel: Any) -> Any:
    """Buang keluaran yang tidak boleh sampai ke halaman: widget, skrip, dan stderr."""
    if sel.cell_type == "code":
        sel.outputs = [x for x in sel.outputs if _kept(x)]
    return sel


def _kept(keluaran: Any) -> bool:
    if "data" not in keluaran:
        return keluaran.output_type != "stream" or keluaran.name != "stderr"
    if _MIME_WIDGET in keluaran.data:
        return False
    for mime in _MIME_DIBUANG:
        keluaran.data.pop(mime, None)
    return bool(keluaran.data)


def translate_cells(semua: Sequence[Any], notebook: str, bahasa: str) -> None:
    """Ganti isi sel Markdown dengan terjemahannya, di tempat; bahasa ``id`` tidak mengubah apa-apa."""
    if bahasa == "id":
        return
    berkas = paths.teks(notebook)
    terjemahan = (parse_yaml(berkas.read_text("utf-8")) or {}).get("sel") or {} if berkas.is_file() else {}
    bagian = layout()["bagian"]
    for sel in semua:
        if sel.cell_type == "markdown":
            sel.source = terjemahan.get(sel.id, {}).get(bahasa) or re.sub(
                r"^## (.+)$", lambda cocok: f"## {bagian.get(cocok[1].strip(), cocok[1])}", sel.source, flags=re.M
            )


def _tidy(isi: str) -> str:
    """Buang pengenal sel (papermill memberi sel sisipannya pengenal acak) dan baris kosong."""
    isi = re.sub(r' id="cell-id=[^"]*"', "", isi)
    isi = re.sub(r"[ \t]+$", "", isi, flags=re.M)
    return re.sub(r"\n{2,}", "\n", isi).strip()


def _describe_images(isi: str, uraian: str) -> str:
    """Gambar yang dibuat sel tanpa ``alt`` menyebut diri gambar tanpa uraian."""
    return re.sub(r"<img(?![^>]*\salt=)", f'<img alt="{uraian}"', isi)


def _heading_ids(isi: str) -> str:
    """Beri setiap judul bagian pengenal dari tulisannya; judul yang berulang dibedakan dengan nomor."""
    terlihat: Counter[str] = Counter()

    def ganti(cocok: re.Match[str]) -> str:
        nama = re.sub(r"[^a-z0-9]+", "-", _strip_tags(cocok[2]).lower()).strip("-") or "bagian"
        terlihat[nama] += 1
        urutan = f"-{terlihat[nama]}" if terlihat[nama] > 1 else ""
        return f'<{cocok[1]} id="{nama}{urutan}">{cocok[2]}</{cocok[1]}>'

    return re.sub(r"<(h[2-4])[^>]*>(.*?)</\1>", ganti, isi, flags=re.S)


def _strip_tags(isi: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", isi).strip())


def write(
    folder: Path, halaman: Halaman, semua: Sequence[Halaman], bahasa: str, *, buku_kerja: str = "", **situs: Any
) -> None:
    """Tulis satu halaman beserta kerangkanya: navigasi ke semua halaman, sebelumnya, dan berikutnya.

    ``buku_kerja`` adalah alamat buku kerja yang ditautkan di samping CSV setiap tabel, kosong bila tidak ada; ``situs``
    berisi ``tahun``, ``peragaan``, dan ``penjelajah`` (alamat halaman penjelajah).
    """
    letak = [x.nama for x in semua].index(halaman.nama)
    isi = render_template(
        "halaman.html.j2",
        bahasa,
        judul=halaman.judul,
        halaman=halaman,
        semua=semua,
        sebelum=semua[letak - 1] if letak else None,
        sesudah=semua[letak + 1] if letak + 1 < len(semua) else None,
        isi=Markup(f"{_AWAL_ISI}\n{_link_workbook(halaman.isi, buku_kerja)}\n{_AKHIR_ISI}"),
        **situs,
    )
    (folder / f"{halaman.nama}.html").write_text(isi, "utf-8")


def _link_workbook(isi: str, alamat: str) -> str:
    """Tautkan buku kerja di samping CSV; halaman lama yang dibingkai ulang sudah punya dan dibiarkan."""
    if not alamat:
        return isi
    tautan = f'<a href="{html.escape(alamat)}" download>XLSX</a>'
    return re.sub(r'(<p class="unduh"><a [^>]*\.csv"[^>]*>[^<]*</a>)(</p>)', rf"\1 {tautan}\2", isi)


def read_back(folder: Path, nama: str, uraian: Mapping[str, Any]) -> Halaman:
    """Isi halaman dari laporan yang sudah ada; GalatParameter bila hilang atau bersusunan lain."""
    berkas = folder / f"{nama}.html"
    potongan = berkas.read_text("utf-8").split(_AWAL_ISI) if berkas.is_file() else []
    if len(potongan) != 2 or _AKHIR_ISI not in potongan[1]:
        raise GalatParameter(f"Halaman {nama} di laporan lama tidak dapat dipakai lagi; render semua notebook.")
    return Halaman(nama, uraian["judul"], potongan[1].split(_AKHIR_ISI)[0].strip())
