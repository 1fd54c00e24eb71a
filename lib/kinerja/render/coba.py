"""Sel kode notebook dijalankan di proses ini, tanpa kernel dan tanpa menulis halaman: untuk memeriksa dan menyapu.

Menyapu: notebook dijalankan sekali bagi setiap gabungan parameter, jawabannya menjadi satu tabel panjang.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd

from kinerja import fmt
from kinerja.berkas import write_whole
from kinerja.buku import collecting
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.jawaban import Jawaban
from kinerja.kerahasiaan import amankan
from kinerja.pintu import combinations, stack
from kinerja.render.rencana import Parameter, Tugas, check_names, read_parameters, read_value
from kinerja.tables import frame_to_csv

AKHIRAN = (".parquet", ".csv")


def run_cells(berkas: Path, parameter: Mapping[str, Any], ruang: dict[str, Any] | None = None) -> dict[str, Any]:
    """Jalankan sel-sel kode sebuah notebook; ``parameter`` menggantikan isi sel parameternya.

    ``ruang`` berisi nama yang sudah ada bagi sel-selnya; kembaliannya nama-nama yang mereka tinggalkan. Sel yang gagal
    adalah GalatKinerja; kesalahan lain daripada milik proyek menyebut nomor dan pengenal selnya.
    """
    ruang = {"__name__": "__main__", "display": lambda *_, **__: None} if ruang is None else ruang
    kode = [x for x in json.loads(berkas.read_text("utf-8"))["cells"] if x["cell_type"] == "code"]
    for nomor, sel in enumerate(kode, 1):
        pengenal = sel.get("id", "?")
        isi = re.sub(r"^\s*[%!].*$", "", "".join(sel["source"]), flags=re.M)
        try:
            exec(compile(isi, f"{berkas.name}: {pengenal}", "exec"), ruang)
        except GalatKinerja:
            raise
        except Exception as galat:  # kode notebook dapat gagal dengan cara apa pun; di sini ia disebut
            raise GalatKinerja(f"sel kode {nomor} ({pengenal}): {type(galat).__name__}: {galat}") from galat
        if "parameters" in sel["metadata"].get("tags", ()):
            ruang |= parameter
    return ruang


def failures(tugas: Sequence[Tugas]) -> dict[str, str]:
    """Notebook yang gagal dihitung -> kalimat kesalahannya; yang ``kurang`` tabelnya tidak dijalankan."""
    import matplotlib

    matplotlib.use("Agg")
    hasil = {}
    for x in tugas:
        if not x.kurang:
            try:
                with collecting(), fmt.using(fmt.language()), redirect_stdout(io.StringIO()):
                    run_cells(x.berkas, {**x.baku, **x.parameter})
            except GalatKinerja as galat:
                hasil[x.notebook] = str(galat)
    return hasil


def sweep(
    berkas: Path,
    kisi: Mapping[str, Sequence[Any]],
    *,
    jawaban: Sequence[str] = (),
    andaian: Mapping[str, Sequence[float | None]] | None = None,
) -> pd.DataFrame:
    """Jalankan notebook yang menjawab dengan ``buku.answer`` bagi setiap gabungan nilai parameter dan andaian.

    ``jawaban`` memilih jawaban (kosong: semua); ``andaian``: id angka -> nilai-nilai penggantinya. Satu baris per baris
    bingkai jawaban: kolom parameter dan andaian, ``jawaban`` (nama), ``baris`` (dari 1), lalu gabungan kolom bingkai
    semua jawaban (kode, nilai, ``se``, ``keadaan``, ...); kolom milik jawaban lain kosong.

    Raises
    ------
    GalatParameter
        Jawaban itu tidak ada, atau notebooknya tidak menjawab apa pun.
    GalatKinerja
        Sebuah sel gagal; pesannya menyebut gabungan parameternya.
    """
    andaian = andaian or {}
    return stack(
        ({**isi, "jawaban": nama}, frame)
        for isi in combinations({**kisi, **andaian})
        for nama, frame in _answers(berkas, isi, set(andaian), jawaban)
    )


def _answers(
    berkas: Path, isi: Mapping[str, Any], andaian: set[str], hanya: Sequence[str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    parameter = {k: x for k, x in isi.items() if k not in andaian}
    with collecting({k: isi[k] for k in andaian}) as dibuka, chdir(berkas.parent), fmt.using(fmt.language()):
        try:
            run_cells(berkas, parameter)
        except GalatKinerja as galat:
            gabungan = ", ".join(f"{k} = {x}" for k, x in isi.items())
            raise GalatKinerja(f"{berkas.stem} dengan {gabungan}: {galat}") from galat
    jawab = {nama: x for buku in dibuka for nama, x in buku.jawab.items()}
    asing = [x for x in hanya if x not in jawab]
    if asing or not jawab:
        ada = ", ".join(jawab) or "tidak ada; notebook menjawab dengan buku.answer"
        raise GalatParameter(f"Notebook {berkas.stem} tidak menjawab {', '.join(asing) or 'apa pun'}; yang ada: {ada}.")
    for nama in hanya or jawab:
        yield nama, _rows(jawab[nama], bool(andaian))


def _rows(jawaban: Jawaban, andaian: bool) -> pd.DataFrame:
    frame = amankan(jawaban.frame).reset_index(drop=True)
    frame.attrs = {"satuan": {x.nama: x.satuan for x in jawaban.tabel.kolom if x.satuan}}
    frame.insert(0, "baris", range(1, len(frame) + 1))
    if "keadaan" not in frame:
        frame["keadaan"] = "sintetis" if jawaban.tabel.synthetic else "diandaikan" if andaian else ""
    return frame


def read_grid(berkas: Path, parameter: Iterable[tuple[str, str]]) -> dict[str, list[Any]]:
    """Nilai-nilai tiap parameter dari tulisan ``a,b``; yang berkoma diapit kutip ganda, daftar dan kamus berurutan.

    Parameter yang tidak ada, atau nilai yang bukan jenisnya, adalah GalatParameter.
    """
    dikenal = read_parameters(berkas)
    diminta: dict[str, list[str]] = {}
    for nama, nilai in parameter:
        diminta.setdefault(nama, []).append(nilai)
    check_names(diminta, {berkas.stem: dikenal}, milik_render=())
    return {k: [x for satu in isi for x in _values(satu, dikenal[k])] for k, isi in diminta.items()}


def _values(teks: str, parameter: Parameter) -> list[Any]:
    if parameter.jenis.split("[")[0].lower() in ("dict", "list", "tuple"):
        try:
            return [read_value(x, parameter) for x in ast.literal_eval(f"[{teks}]")]
        except (SyntaxError, ValueError):
            return [read_value(teks, parameter)]
    return [read_value(x.strip(), parameter) for x in next(csv.reader([teks], skipinitialspace=True), [""])]


def write(tabel: pd.DataFrame, out: Path) -> None:
    """Tulis tabel panjang sebagai Parquet, atau CSV yang teks mirip rumusnya dinetralkan."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".parquet":
        tabel.to_parquet(out, index=False)
    else:
        write_whole(out, frame_to_csv(tabel))
