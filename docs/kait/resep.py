"""Resep (``docs/resep/*.ipynb``) menjadi halaman: selnya, keluaran tersimpannya, jawaban latihan terlipat."""

import html
import json
import re
from pathlib import Path
from textwrap import indent

from mkdocs.structure.files import File

JAWABAN = "jawaban"
_GAYA = re.compile(r"<style[^>]*>.*?</style>\n?", re.S)


def on_files(files, config, **_):
    """Dipanggil MkDocs sesudah daftar berkasnya tersusun; notebooknya sendiri tetap ikut, untuk diunduh."""
    for berkas in sorted((Path(config["docs_dir"]) / "resep").glob("*.ipynb")):
        files.append(File.generated(config, f"resep/{berkas.stem}.md", content=to_markdown(berkas)))
    return files


def to_markdown(berkas):
    """Isi satu halaman."""
    sel = json.loads(berkas.read_text("utf-8"))["cells"]
    unduh = f"[Unduh notebook]({berkas.name}){{download}} · `kinerja uji {berkas.stem}` memeriksa keluarannya."
    return "\n\n".join([*map(_cell, sel), unduh]) + "\n"


def _cell(sel):
    isi = "".join(sel["source"])
    if sel["cell_type"] == "markdown":
        return isi
    bagian = [f"```python\n{isi}\n```", *filter(None, map(_output, sel["outputs"]))]
    teks = "\n\n".join(bagian)
    if JAWABAN in sel["metadata"].get("tags", ()):
        return f'??? success "Jawaban"\n\n{indent(teks, "    ")}'
    return teks


def _output(keluaran):
    if "text" in keluaran:
        return f"```text\n{''.join(keluaran['text']).rstrip()}\n```"
    data = keluaran["data"]
    polos = "".join(data.get("text/plain", ""))
    if "image/png" in data:
        alt = keluaran["metadata"].get("image/png", {}).get("alt", "")
        isi = "".join(data["image/png"]).strip()
        return f'<img class="resep" alt="{html.escape(alt)}" src="data:image/png;base64,{isi}">'
    if "text/html" in data:
        # Satu blok HTML tanpa baris kosong: Markdown tidak menyentuhnya.
        isi = _GAYA.sub("", "".join(data["text/html"]))
        return '<div class="resep">' + re.sub(r"\n\s*", "\n", isi).strip().replace("\n", " ") + "</div>"
    return f"```text\n{polos}\n```"
