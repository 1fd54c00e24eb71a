"""Laporan sebagai satu PDF yang ditata Typst: sampul dengan penerbitnya, pokok-pokok, lalu bab-babnya.

Fungsi murni dari halaman yang sudah jadi: masukan yang sama memberi byte yang sama. Hurufnya dibawa paket (Libertinus
dari Typst, DejaVu dari matplotlib), sehingga hasilnya tidak bergantung pada huruf di mesin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kinerja.render.blok import Cetakan, plain, read_blocks
from kinerja.render.halaman import Halaman

BERKAS = "laporan.pdf"

_WARNA = {False: ("#0b5d7a", "#083f54"), True: ("#7a2e8e", "#4d1a5c")}
"""Warna aksen dan warna gelap laporan, dan situs peragaan."""

_PPI = 160
"""Titik per inci gambar yang dijadikan PNG."""

_SAMPEL = 4
"""Banyaknya teks terpanjang tiap kolom yang diukur; lebar huruf berbeda-beda, jadi satu saja belum tentu terlebar."""

_UTUH = 600
"""Baris yang selnya lebih panjang dari ini (huruf) boleh bersambung ke halaman berikutnya: ia mungkin lebih tinggi."""


def write(folder: Path, semua: Sequence[Halaman], cetakan: Cetakan) -> str:
    """Tulis ``laporan.pdf`` ke laporan yang sedang dibangun, yang gambar SVG-nya sudah ada; kembalikan alamatnya."""
    import typst  # hanya render utuh yang memerlukannya

    kata = cetakan.kata
    isi = {
        "bahasa": cetakan.bahasa,
        "judul": cetakan.judul,
        "institusi": cetakan.institusi,
        "uraian": cetakan.uraian,
        "kata_kunci": [kata["laporan"], cetakan.institusi, str(cetakan.tahun)],
        "peringatan": cetakan.peringatan,
        "warna": _WARNA[cetakan.peragaan],
        "kata": {x: kata[x] for x in ("daftar_isi", "pokok")},
        "pokok": list(cetakan.pokok),
        "terbitan": dict(cetakan.terbitan),
        "bab": [read_chapter(folder, satu) for satu in semua],
    }
    hasil = typst.compile(
        resources.files("kinerja.render").joinpath("templat/laporan.typ").read_bytes(),
        sys_inputs={"isi": json.dumps(isi, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
        **_fonts(folder),
    )
    (folder / BERKAS).write_bytes(hasil)
    return BERKAS


def _fonts(folder: Path) -> dict[str, Any]:
    """Hanya huruf yang dibawa paket; letak DejaVu dicari tanpa memuat matplotlib."""
    huruf = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    return {"root": str(folder), "font_paths": [str(huruf)], "ignore_system_fonts": True}


def rasterize(folder: Path, berkas: Sequence[str]) -> list[bytes]:
    """Gambar-gambar SVG sebagai PNG, tanpa judul dan sumber yang ada di PNG unduhannya."""
    import typst

    if not berkas:
        return []
    isi = "#set page(width: auto, height: auto, margin: 0pt)\n" + "\n#pagebreak()\n".join(
        f"#image({json.dumps('/' + satu, ensure_ascii=False)})" for satu in berkas
    )
    hasil = typst.compile(isi.encode(), format="png", ppi=_PPI, **_fonts(folder))
    return hasil if isinstance(hasil, list) else [hasil]


@lru_cache(maxsize=64)
def read_chapter(folder: Path, satu: Halaman) -> list[dict[str, Any]]:
    """Blok-blok satu halaman dengan ukurannya; diingat, jadi dapat disiapkan selagi notebook lain masih berjalan."""
    blok = _attach_headings(read_blocks(satu.isi))
    for isi in blok:
        if isi["jenis"] == "gambar":
            _prepare_figure(folder, isi)
        elif isi["jenis"] == "tabel":
            _prepare_table(isi)
    return blok


def _attach_headings(blok: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Judul tepat di atas tabel ikut tabelnya: tabel lebar pindah ke halaman mendatar bersama judulnya."""
    hasil: list[dict[str, Any]] = []
    for satu in blok:
        if satu["jenis"] == "tabel":
            mulai = len(hasil)
            while mulai and hasil[mulai - 1]["jenis"] == "judul" and hasil[mulai - 1]["tingkat"] > 1:
                mulai -= 1
            satu = {**satu, "awal": hasil[mulai:]}
            del hasil[mulai:]
        hasil.append(satu)
    return hasil


def _prepare_figure(folder: Path, isi: dict[str, Any]) -> None:
    svg = (folder / isi["berkas"]).read_text("utf-8")
    lebar, tinggi = (float(x) for x in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    isi["berkas"] = "/" + isi["berkas"]
    isi["rasio"] = tinggi / lebar


def _prepare_table(isi: dict[str, Any]) -> None:
    """Tambahkan yang diukur Typst: per kolom, apakah berangka, teks terpanjang, dan kata terpanjangnya."""
    kepala, baris = isi["kepala"], [x["sel"] for x in isi["baris"]]
    banyak = sum(sel["lebar"] for sel in (kepala or baris)[0])
    isi["kolom"] = []
    for letak in range(banyak):
        sel = [x[letak] for x in baris if len(x) == banyak]
        judul = [plain(x[letak]["isi"]) for x in kepala if len(x) == banyak]
        teks = [plain(x["isi"]) for x in sel]
        angka = any(x["angka"] for x in sel)
        kata = _words([*judul, *([] if angka else teks)])
        isi["kolom"].append({"angka": angka, "terpanjang": _longest(teks or judul), "kata": _longest(kata)})
    for x in isi["baris"]:
        x["utuh"] = all(len(plain(sel["isi"])) <= _UTUH for sel in x["sel"])


def _words(teks: Iterable[str]) -> list[str]:
    """Potongan yang tidak dipatahkan; Typst boleh mematahkan setelah tanda hubung dan garis miring."""
    return [x for isi in teks for x in re.split(r"\s+|(?<=[-/])", isi) if x]


def _longest(teks: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(teks), key=lambda x: (-len(x), x))[:_SAMPEL]
