"""Berkas notebook di tempatnya: dibuat menurut ``baru.yml``, disegarkan, dan diuji terhadap keluaran yang tersimpan.

Yang disegarkan dinormalkan, sehingga dua kali segar sama bytenya; yang berbeda disebut tabel, baris, kolom, angkanya.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from itertools import takewhile, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kinerja import paths, terbaca
from kinerja.berkas import parse_yaml, write_whole
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.render import hangat
from kinerja.render.jalankan import KERNEL_ARGUMENTS, Layar, cores, run_all, stop_on_signals
from kinerja.render.rencana import Tugas, select

PALING_BANYAK = 12
"""Beda yang disebut satu per satu."""

DIABAIKAN = "nbval-ignore-output"

_JAWABAN = "jawaban"
"""Tag sel jawaban latihan di resep, yang terlipat di JupyterLab."""

_MIME_WIDGET = "application/vnd.jupyter.widget-view+json"
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_PISAH = re.compile(r"\S+(?: \S+)*")
_GARIS = re.compile(r"-{8,}")


def create(nama: str, *, resmi: bool = False) -> list[Path]:
    """Tulis notebook baru di ``kerja/``, atau yang ``resmi`` di ``notebooks/`` dengan berkas teks dua bahasanya.

    Kembaliannya berkas yang ditulis; nama yang tidak sah atau sudah dipakai adalah GalatParameter.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", nama):
        raise GalatParameter(f"Nama '{nama}': diharapkan huruf kecil, angka, dan garis bawah, diawali huruf.")
    teks = paths.root() / "lib" / "kinerja" / "teks" / f"{nama}.yml"
    berkas = (paths.notebooks() if resmi else paths.kerja()) / f"{nama}.ipynb"
    ada = [x for x in (paths.notebooks() / berkas.name, paths.kerja() / berkas.name, teks) if x.exists()]
    if ada:
        raise GalatParameter(f"Nama '{nama}' sudah dipakai: {paths.short(ada[0])}.")
    isi = resources.files("kinerja.render").joinpath("baru.yml").read_text("utf-8")
    susunan = parse_yaml(isi.replace("<nama>", nama).replace("<judul>", nama.replace("_", " ").capitalize()))
    tulisan = {berkas: _notebook(susunan["resmi" if resmi else "sendiri"])}
    if resmi:
        tulisan[teks] = susunan["teks"]
    for tujuan, baru in tulisan.items():
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        write_whole(tujuan, baru)
    return list(tulisan)


def _notebook(sel: Mapping[str, str]) -> str:
    """Isi berkas notebook dari pengenal sel -> isinya; yang diawali ``#`` markdown, ``parameter`` sel parameter."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    jadi = []
    for pengenal, isi in sel.items():
        if isi.startswith("#"):
            jadi.append(new_markdown_cell(isi, id=pengenal))
        else:
            tag = {"tags": ["parameters"]} if pengenal == "parameter" else {}
            jadi.append(new_code_cell(isi, id=pengenal, metadata=tag))
    return _written(new_notebook(cells=jadi))


def _written(nb: Any) -> str:
    import nbformat

    return nbformat.writes(normalize(nb), version=4).rstrip("\n") + "\n"


def refresh(
    notebook: Sequence[str] = (), *, jobs: int | None = None, layar: Layar | None = None
) -> list[tuple[str, str]]:
    """Jalankan ulang notebook di tempat dengan parameter bawaannya; tanpa nama: semua halaman laporan.

    Kembaliannya notebook yang gagal, yang tidak diubah, dan sebabnya.
    """
    dipilih = {x.stem: x for x in map(paths.notebook, notebook)} or select(())
    return _each(dipilih, refresh_one, jobs, layar or Layar())


def _each(
    notebook: Mapping[str, Path], kerja: Callable[[Path], Any], jobs: int | None, layar: Layar
) -> list[tuple[str, str]]:
    tugas = [Tugas(nama, nama, berkas, nama) for nama, berkas in notebook.items()]
    with stop_on_signals():
        _, gagal = run_all(tugas, [(x.halaman, partial(kerja, x.berkas)) for x in tugas], cores(jobs), layar)
    return sorted(gagal.items())


def refresh_one(berkas: Path) -> None:
    """Jalankan satu notebook dan tulis ulang bila isinya berubah; sel yang gagal adalah GalatKinerja."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    clear_environment()
    nb = nbformat.read(berkas, as_version=4)
    klien = NotebookClient(
        nb,
        timeout=None,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        extra_arguments=KERNEL_ARGUMENTS,
        resources={"metadata": {"path": str(berkas.parent)}},
    )
    try:
        klien.execute()
    except CellExecutionError as galat:
        raise GalatKinerja(f"{berkas.name}: {galat.ename}: {galat.evalue}") from galat
    isi = _written(nb)
    if isi != berkas.read_text("utf-8"):
        write_whole(berkas, isi)


def clear_environment() -> None:
    """Lupakan folder laporan dan catatan render: notebook yang disegarkan atau diuji tidak menulis ke sana."""
    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN", terbaca.LINGKUNGAN):
        os.environ.pop(nama, None)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def normalize(nb: Any) -> Any:
    """Buang semua yang berubah tanpa arti: waktu, keadaan widget, stderr, versi kernel, pengenal model widget."""
    nb.metadata.clear()
    nb.metadata.update({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    nb.nbformat_minor = 5
    for sel in nb.cells:
        sel.metadata = type(sel.metadata)({k: v for k, v in sel.metadata.items() if k == "tags" and v})
        if _JAWABAN in sel.metadata.get("tags", ()):
            sel.metadata["jupyter"] = {"outputs_hidden": True, "source_hidden": True}
        sel.source = sel.source.rstrip()
        if sel.cell_type == "code":
            sel.outputs = [x for x in map(_normalize_output, sel.outputs) if x is not None]
    return nb


def _normalize_output(keluaran: Any) -> Any | None:
    if keluaran.output_type == "stream" and keluaran.name == "stderr":
        return None
    if "data" in keluaran:
        # Pengenal model widget acak; nbval tidak membandingkannya, dan tanpa status widget ia tidak berguna.
        keluaran.data.pop(_MIME_WIDGET, None)
        if not keluaran.data:
            return None
    return keluaran


def verify(notebook: Sequence[Path], *, jobs: int | None = None) -> list[tuple[str, str]]:
    """Jalankan setiap notebook dan bandingkan keluarannya dengan yang tersimpan; yang tanpa keluaran hanya dijalankan.

    Yang dibandingkan sama dengan nbval: semua keluaran selain gambar, stderr, dan keadaan widget. Kembaliannya notebook
    yang berbeda atau gagal, dan bedanya.
    """
    return _each({x.stem: x for x in notebook}, verify_one, jobs, Layar())


def verify_one(berkas: Path) -> str:
    """Beda satu notebook yang dijalankan di proses pekerja ini, atau sel yang gagal; kosong bila sama."""
    clear_environment()
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        salinan = Path(folder) / berkas.name
        gagal = hangat.run(Tugas(berkas.stem, berkas.stem, berkas, berkas.stem), salinan)
        beda = [str(gagal)] if gagal else compare(_cells(berkas), _cells(salinan))
    return "\n    ".join(shorten_list(beda))


def compare(lama: Sequence[dict[str, Any]], baru: Sequence[dict[str, Any]]) -> list[str]:
    """Beda keluaran sel-sel kode yang tersimpan dan yang baru; kosong bila sama atau tidak ada yang tersimpan."""
    hasil = []
    if any(x["outputs"] for x in lama):
        for satu, lain in zip(lama, baru, strict=True):
            isi = _outputs(satu), _outputs(lain)
            if isi[0] != isi[1] and DIABAIKAN not in satu["metadata"].get("tags", ()):
                polos = ([x.get("text/plain", x.get("stdout", "")) for x in y] for y in isi)
                hasil += differences(*polos) or [f"sel {satu.get('id', '?')}: HTML atau banyaknya keluaran berbeda"]
    return hasil


def _cells(berkas: Path) -> list[dict[str, Any]]:
    sel = json.loads(berkas.read_text("utf-8"))["cells"]
    return [x for x in sel if x["cell_type"] == "code" and "injected-parameters" not in x["metadata"].get("tags", ())]


def _outputs(sel: dict[str, Any]) -> list[dict[str, str]]:
    """Jenis -> isi setiap keluaran yang dibandingkan, sudah diseragamkan."""
    hasil: list[dict[str, str]] = []
    for x in sel["outputs"]:
        if "text" in x:
            if x["name"] == "stdout":
                teks = "".join(x["text"])
                if hasil and "stdout" in hasil[-1]:
                    hasil[-1]["stdout"] += teks
                else:
                    hasil.append({"stdout": teks})
            continue
        data = {k: "".join(y) for k, y in x.get("data", {}).items() if not k.startswith(("image/", "application/"))}
        hasil.append(data)
    return [{k: _uniform(x) for k, x in y.items()} for y in hasil]


def _uniform(teks: str) -> str:
    for pola, ganti in _patterns():
        teks = re.sub(pola, ganti, teks)
    return teks


@cache
def _patterns() -> list[tuple[str, str]]:
    isi = (paths.root() / "notebooks" / "sanitasi.cfg").read_text("utf-8")
    return re.findall(r"^regex: (.+)\nreplace: (.+)$", isi, re.M)


def shorten_list(beda: Sequence[str]) -> list[str]:
    """Paling banyak :data:`PALING_BANYAK` beda, dan banyaknya sisanya."""
    sisa = [f"... dan {len(beda) - PALING_BANYAK} lagi"] if len(beda) > PALING_BANYAK else []
    return [*beda[:PALING_BANYAK], *sisa]


def differences(lama: Sequence[str], baru: Sequence[str]) -> list[str]:
    """Beda dua daftar keluaran ``text/plain``, yang tersimpan dan yang baru: ``tabel, baris, kolom: lama -> baru``."""
    hasil = []
    for satu, lain in zip_longest(lama, baru, fillvalue=""):
        if satu != lain:
            hasil += _table(satu, lain) if _GARIS.search(satu) else _text(satu, lain)
    return hasil


def _table(lama: str, baru: str) -> list[str]:
    baris = lama.splitlines(), baru.splitlines()
    judul = baris[0][0].split(":")[0].strip()
    if len(baris[0]) != len(baris[1]):
        return [f"{judul}: {len(baris[0])} baris -> {len(baris[1])} baris", *_unpaired(judul, *baris)]
    garis = [i for i, x in enumerate(baris[0]) if _GARIS.fullmatch(x.strip())]
    kepala = baris[0][garis[0] + 1 : garis[1]] if len(garis) > 1 else []
    hasil = []
    for satu, lain in zip(*baris, strict=True):
        if _GARIS.fullmatch(satu.strip()):
            continue
        sel, sel_lain = list(_PISAH.finditer(satu)), list(_PISAH.finditer(lain))
        if [x.group() for x in sel] == [x.group() for x in sel_lain]:
            continue  # hanya lebar kolomnya
        if len(sel) != len(sel_lain) or not kepala:
            hasil.append(f"{judul}: {_short(satu)} -> {_short(lain)}")
            continue
        nama = _row_name(sel)
        for x, y in zip(sel, sel_lain, strict=True):
            if x.group() != y.group():
                hasil.append(f"{judul}, {nama}, {_column_name(kepala, x)}: {x.group()} -> {y.group()}")
    return hasil


def _text(lama: str, baru: str) -> list[str]:
    """Kata yang berganti, dengan awal kalimatnya; seluruhnya bila susunannya lain."""
    kata = lama.split(), baru.split()
    if len(kata[0]) != len(kata[1]):
        return [f"{_short(lama)} -> {_short(baru)}"]
    return [f"'{_short(lama, 60)}': {x} -> {y}" for x, y in zip(*kata, strict=True) if x != y]


def _unpaired(judul: str, lama: Sequence[str], baru: Sequence[str]) -> list[str]:
    """Baris yang hanya ada di satu sisi, tanpa memandang lebar kolom."""
    rapi = [[" ".join(x.split()) for x in isi] for isi in (lama, baru)]
    hilang, tambah = ([x for x in a if x not in b] for a, b in (rapi, rapi[::-1]))
    return [f"{judul}: hilang '{_short(x)}'" for x in hilang] + [f"{judul}: tambah '{_short(x)}'" for x in tambah]


def _row_name(sel: Sequence[re.Match]) -> str:
    """Sel-sel pertama yang bukan angka; bila angka semua, sel pertama."""
    kata = [x.group() for x in takewhile(lambda x: not re.match(r"[-−(]?\d|…|–$", x.group()), sel)]
    return " ".join(kata[:3]) or sel[0].group()


def _column_name(kepala: Sequence[str], sel: re.Match) -> str:
    semua = (x for baris in kepala for x in _PISAH.finditer(baris))
    atas = [x.group() for x in semua if x.start() < sel.end() and sel.start() < x.end()]
    return " ".join(atas) or f"huruf ke-{sel.start() + 1}"


def _short(teks: str, panjang: int = 160) -> str:
    teks = " ".join(teks.split())
    return teks if len(teks) <= panjang else f"{teks[:panjang]}..."
