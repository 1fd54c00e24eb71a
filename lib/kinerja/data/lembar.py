"""Templat sebagai buku kerja (.xlsx), dan membacanya kembali menjadi CSV dengan pemeriksaan yang sama."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kinerja.data import process, schema
from kinerja.data.berkas_aman import check_workbook
from kinerja.data.reading import KOMENTAR, read_cells
from kinerja.data.templat import Templat, source_id, year_tables
from kinerja.errors import GalatData, GalatParameter
from kinerja.utuh import write_whole

PETUNJUK = "Petunjuk"
BARIS_TERBANYAK = 100_000

_RIBUAN = re.compile(r"\A-?[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]+\Z|\A-?[0-9]+,[0-9]+\Z|\A-?[0-9]{1,3}(?:\.[0-9]{3}){2,}\Z")
_HIASAN = re.compile(r"\A(?:Rp\.?\s*)?(.*?)\s*%?\Z")


def write_workbook(berkas: Path, semua: Sequence[Templat], raw: Path, tahun: int) -> None:
    """Tulis buku kerja: lembar petunjuk, lalu satu lembar per tabel; isi yang sudah ada di CSV ikut.

    Parameters
    ----------
    berkas : Path
        Berkas baru; yang sudah ada tidak ditimpa.
    semua : sequence of Templat
    raw : Path
        Folder ``data/raw``.
    tahun : int

    Raises
    ------
    GalatParameter
        Berkas sudah ada.
    """
    import xlsxwriter

    if berkas.exists():
        raise GalatParameter(f"{berkas.name} sudah ada; pilih nama lain dengan --out.")
    berkas.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(berkas), {"strings_to_formulas": False, "strings_to_urls": False}) as buku:
        tebal = buku.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        abu = buku.add_format({"italic": True, "font_color": "#767676"})
        teks, lipat = buku.add_format({"num_format": "@"}), buku.add_format({"text_wrap": True, "valign": "top"})
        lembar = buku.add_worksheet(PETUNJUK)
        lembar.set_column(0, 0, 100, lipat)
        for n, kalimat in enumerate(_instructions(tahun)):
            lembar.write_string(n, 0, kalimat, tebal if n == 0 else lipat)
        for x in semua:
            lembar = buku.add_worksheet(x.tabel.nama)
            lembar.freeze_panes(1, 0)
            # Semua sel berformat teks: kode seperti 0021 dan tanggal tidak diubah program lembar kerja.
            lembar.set_column(0, len(x.kolom) - 1, 22, teks)
            for k, nama in enumerate(x.kolom):
                lembar.write_string(0, k, nama, tebal)
            isi = _current(raw, x, tahun)
            baris = [(f"{KOMENTAR} {kalimat}",) for kalimat in x.keterangan]
            baris.append((f"{KOMENTAR} contoh: {x.contoh[0]}", *x.contoh[1:]))
            for n, satu in enumerate([*baris, *isi], 1):
                for k, sel in enumerate(satu):
                    lembar.write_string(n, k, sel, abu if n <= len(baris) else teks)
            for nama, tipe in x.tabel.tipe.items():
                if isinstance(tipe, dict):
                    pilihan = {"validate": "list", "source": [p for p in tipe["pilihan"] if p], "ignore_blank": True}
                    k = x.kolom.index(nama)
                    lembar.data_validation(len(baris) + 1, k, 5000, k, pilihan)
            k = x.kolom.index("keadaan")
            lembar.data_validation(len(baris) + 1, k, 5000, k, {"validate": "list", "source": list(schema.KEADAAN)})


def read_workbook(berkas: Path) -> dict[str, str]:
    """Isi setiap lembar sebagai CSV; baris ``#`` dan baris kosong dilewati.

    Rumus ditolak: yang dibaca hanya nilai yang ditulis orang. Tanggal menjadi TTTT-BB-HH. Pada kolom ``nilai``, teks
    angka Indonesia yang tidak bermakna ganda ("1.234.567,5", "Rp2.500.000", "12,5%") diterjemahkan; "1.234" bermakna
    ganda dan ditolak.

    Returns
    -------
    dict of str to str
        Nama tabel ke isi CSV, hanya tabel yang punya baris.

    Raises
    ------
    GalatData
        Bukan buku kerja yang wajar, lembar atau kepala kolom tak dikenal, rumus, atau sel yang tidak dapat dibaca.
    """
    import openpyxl

    check_workbook(berkas)
    try:
        buku = openpyxl.load_workbook(berkas, read_only=True, data_only=False)
    except Exception as galat:  # openpyxl memunculkan bermacam galat untuk isi yang rusak
        raise GalatData(berkas.name, ditemukan="buku kerja yang rusak", diharapkan="buku kerja .xlsx") from galat
    try:
        dikenal = {x.nama: x for x in year_tables()}
        hasil = {}
        for lembar in buku.worksheets:
            if lembar.title == PETUNJUK:
                continue
            if lembar.title not in dikenal:
                raise GalatData(berkas.name, ditemukan=f"lembar '{lembar.title}'", diharapkan="nama tabel tahunan")
            isi = _read_sheet(lembar, dikenal[lembar.title])
            if isi:
                hasil[lembar.title] = isi
        return hasil
    finally:
        buku.close()


def fill_year(raw: Path, tahun: int, isi: dict[str, str], *, timpa: bool = False) -> list[str]:
    """Pasang isi buku kerja sebagai ``raw/<tahun>/<tabel>.csv``, setelah seluruh tahun itu sah.

    Parameters
    ----------
    raw : Path
    tahun : int
    isi : dict of str to str
        Keluaran :func:`read_workbook`.
    timpa : bool
        Ganti juga tabel yang sudah terisi dengan isi lain.

    Returns
    -------
    list of str
        Berkas yang ditulis, relatif terhadap ``raw``.

    Raises
    ------
    GalatData
        Tahun itu dengan isi baru tidak sah; tidak satu pun berkas ditulis.
    GalatParameter
        Ada tabel yang sudah terisi lain dan ``timpa`` tidak diminta.
    """
    baru = {f"{tahun}/{nama}.csv": teks for nama, teks in isi.items()}
    lama = {nama: _rows((raw / nama).read_text("utf-8")) for nama in baru if (raw / nama).is_file()}
    beda = [nama for nama, baris in lama.items() if len(baris) > 1 and baris != _rows(baru[nama])]
    if beda and not timpa:
        raise GalatParameter(f"Sudah terisi dengan isi lain: {', '.join(beda)}. Ganti dengan --timpa.")
    with tempfile.TemporaryDirectory() as sementara:
        coba = Path(sementara) / "raw"
        coba.mkdir()
        shutil.copytree(raw / "acuan", coba / "acuan")
        shutil.copy(raw / "sources.yml", coba / "sources.yml")
        if (raw / str(tahun)).is_dir():
            shutil.copytree(raw / str(tahun), coba / str(tahun))
        (coba / str(tahun)).mkdir(exist_ok=True)
        for nama, teks in baru.items():
            (coba / nama).write_text(teks, encoding="utf-8", newline="")
        process.read_year(coba, tahun)
    (raw / str(tahun)).mkdir(exist_ok=True)
    tulis = [nama for nama in baru if lama.get(nama) != _rows(baru[nama])]
    for nama in tulis:
        write_whole(raw / nama, baru[nama])
    return tulis


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _instructions(tahun: int) -> list[str]:
    return [
        f"Templat data {tahun}",
        "Satu lembar per tabel, satu angka per baris. Lembar yang tidak diisi dibiarkan; urutan kolom tidak diubah.",
        "Baris yang sel pertamanya diawali # tidak dibaca: keterangan dan contoh boleh dibiarkan atau dihapus.",
        "Tulis nilai, bukan rumus. Satuan dasar: rupiah utuh, bukan juta; persen 12,5 ditulis 12.5 atau 12,5.",
        "Angka yang tidak ada di sumber: nilai kosong, keadaan tidak_tersedia.",
        f"Kolom sumber: id dari sources.yml, misalnya {source_id(tahun)}.",
        f"Setelah disimpan: kinerja isi BERKAS.xlsx --tahun {tahun}",
    ]


def _current(raw: Path, x: Templat, tahun: int) -> Sequence[Sequence[str]]:
    berkas = raw / x.tabel.berkas(tahun)
    if not berkas.is_file():
        return x.isi
    return read_cells(berkas, x.tabel.berkas(tahun), x.kolom).drop(columns="baris").values.tolist()


def _rows(teks: str) -> list[list[str]]:
    return [x for x in csv.reader(io.StringIO(teks)) if x and not x[0].startswith(KOMENTAR)]


def _read_sheet(lembar: Any, tabel: schema.Tabel) -> str:
    tulis = io.StringIO()
    penulis = csv.writer(tulis, lineterminator="\n")
    penulis.writerow(tabel.kolom)
    ada = False
    for n, baris in enumerate(lembar.iter_rows(max_row=BARIS_TERBANYAK + 1), 1):
        sel = list(baris[: len(tabel.kolom)])
        if n == 1:
            kepala = [str(x.value or "").strip() for x in sel]
            if tuple(kepala) != tabel.kolom:
                raise GalatData(
                    lembar.title, baris=1, ditemukan=f"kepala {', '.join(kepala)}",
                    diharapkan=f"kepala {', '.join(tabel.kolom)}",
                )  # fmt: skip
            continue
        if n > BARIS_TERBANYAK:
            raise GalatData(
                lembar.title, baris=n, ditemukan="baris yang terlalu banyak", diharapkan=f"{BARIS_TERBANYAK}"
            )
        if any(x.value is not None and str(x.value).strip() for x in baris[len(tabel.kolom) :]):
            raise GalatData(lembar.title, baris=n, ditemukan="isi di luar kolom tabel", diharapkan="kolom tabel saja")
        pertama = sel[0].value if sel else None
        if isinstance(pertama, str) and pertama.startswith(KOMENTAR):
            continue
        isi = [_cell(x, lembar.title, n, kolom) for x, kolom in zip(sel, tabel.kolom, strict=False)]
        if any(isi):
            penulis.writerow([*isi, *[""] * (len(tabel.kolom) - len(isi))])
            ada = True
    return tulis.getvalue() if ada else ""


def _cell(sel: Any, lembar: str, baris: int, kolom: str) -> str:
    """Isi satu sel sebagai teks CSV."""
    nilai = sel.value

    def tolak(ditemukan: str, diharapkan: str) -> GalatData:
        return GalatData(lembar, baris=baris, kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)

    if nilai is None:
        return ""
    if sel.data_type == "f" or (isinstance(nilai, str) and nilai.startswith("=")):
        raise tolak(f"rumus {nilai}", "nilai yang ditulis, bukan rumus")
    if sel.data_type == "e" or isinstance(nilai, bool):
        raise tolak(f"{nilai}", "teks atau angka")
    if isinstance(nilai, dt.datetime | dt.date):
        return nilai.strftime("%Y-%m-%d")
    if isinstance(nilai, int | float):
        return _number(nilai, tolak)
    teks = " ".join(str(nilai).split())
    return _indonesian(teks, tolak) if kolom == "nilai" else teks


def _number(x: float, tolak: Any) -> str:
    if isinstance(x, int) or float(x).is_integer():
        if abs(x) >= 10**15:
            raise tolak(f"{x:.0f}", "paling banyak 15 angka")
        return str(int(x))
    # Lembar kerja menyimpan 15 angka: 0.1 + 0.2 yang diketik 0,3 tidak menjadi 0.30000000000000004.
    teks = f"{x:.15g}"
    if "e" in teks:
        raise tolak(teks, "angka tanpa pangkat sepuluh")
    return teks


def _indonesian(teks: str, tolak: Any) -> str:
    inti = _HIASAN.match(teks).group(1)
    if _RIBUAN.match(inti):
        return inti.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{3}", inti):
        raise tolak(f"'{teks}'", "angka yang tidak bermakna ganda: tulis 1234 atau 1,234")
    return inti if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", inti) else teks
