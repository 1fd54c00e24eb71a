"""Perintah ``kinerja audit`` dan ``kinerja telusur``: dari angka tercetak kembali ke baris data mentah."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import fmt, paths
from kinerja.berkas import parse_yaml, write_whole
from kinerja.errors import GalatParameter

if TYPE_CHECKING:
    import pandas as pd

    from kinerja.data import Data

_TIDAK_COCOK = ("beda_pembulatan", "beda", "bertentangan")
_BANYAK_MIRIP = 8


def audit(
    tahun: Annotated[int | None, typer.Option(help="Tahun laporan; bawaan: tahun terakhir di data/raw.")] = None,
    gagal_jika: Annotated[
        list[str] | None,
        typer.Option(metavar="VONIS", help="Kode keluar 1 bila ada angka dengan vonis ini; boleh diulang."),
    ] = None,
    toleransi: Annotated[int, typer.Option(min=0, help="Kelonggaran dalam satuan desimal terakhir yang dicetak.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Tulis semua angka ke berkas CSV ini.")] = None,
) -> None:
    """Hitung ulang setiap angka tercetak; ringkasan per bab dan angka yang tidak cocok ke layar."""
    # pandas hanya dimuat saat perintah ini dijalankan, supaya bantuan dan perintah lain tetap cepat
    from kinerja import data
    from kinerja.audit import KOLOM, VONIS, verdicts
    from kinerja.tables import frame_to_csv

    diminta = gagal_jika or []
    if asing := [v for v in diminta if v not in VONIS]:
        raise GalatParameter(f"Vonis '{asing[0]}' tidak dikenal; pilih {', '.join(VONIS)}.")
    tabel = verdicts(data.load(paths.last_year() if tahun is None else tahun), toleransi)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, frame_to_csv(tabel[list(KOLOM)]))
    typer.echo("\n".join([*_summary_lines(tabel), *_mismatch_lines(tabel)]))
    if ditemukan := [v for v in diminta if (tabel["vonis"] == v).any()]:
        typer.echo(f"Gagal: ada angka dengan vonis {', '.join(ditemukan)}.", err=True)
        raise typer.Exit(1)


def telusur(
    nama: Annotated[
        str, typer.Argument(help="Id angka (sdm/semua/lulus/prosa), atau jawaban notebook (audit/anggaran).")
    ],
    tahun: Annotated[int | None, typer.Option(help="Tahun laporan; bawaan: tahun terakhir yang ada.")] = None,
) -> None:
    """Jalur sebuah angka atau jawaban notebook kembali ke baris-baris data mentah."""
    from kinerja import data

    tahun = paths.last_year() if tahun is None else tahun
    typer.echo("\n".join(trace_lines(data.load(tahun), nama)))


def trace_lines(d: Data, nama: str) -> list[str]:
    """Baris-baris jawaban ``kinerja telusur``.

    ``nama`` id angka, atau ``<notebook>/<nama>`` sebuah jawaban; nama berkas tabel atau gambarnya di laporan
    (``tabel/audit-anggaran.csv``) juga diterima.

    Raises
    ------
    GalatParameter
        Nama tidak dikenal; pesannya menyebut yang mirip.
    """
    from kinerja.audit import Audit

    if nama in d.facts.index:
        return _number_lines(Audit(d).trace(nama))
    notebook, isi = _split(nama)
    if isi:
        return _notebook_lines(d, notebook, isi)
    mirip = [x for x in d.facts.index if nama.casefold() in x.casefold()][:_BANYAK_MIRIP]
    ada = f" Id yang mirip: {', '.join(mirip)}." if mirip else ""
    raise GalatParameter(
        f"Tidak ada angka atau jawaban bernama '{nama}' untuk {d.tahun}.{ada} "
        f"Notebook yang ada: {', '.join(_notebooks())}."
    )


def _summary_lines(tabel: pd.DataFrame) -> list[str]:
    from kinerja.audit import VONIS, counts

    isi = counts(tabel).reset_index()[["bab", "diuji", *VONIS]].astype(str)
    baris = [list(isi), *isi.to_numpy().tolist()]
    lebar = [max(map(len, kolom)) for kolom in zip(*baris, strict=True)]
    return [
        "  ".join([r[0].ljust(lebar[0]), *(x.rjust(n) for x, n in zip(r[1:], lebar[1:], strict=True))]).rstrip()
        for r in baris
    ]


def _mismatch_lines(tabel: pd.DataFrame) -> list[str]:
    hasil = []
    for vonis in _TIDAK_COCOK:
        isi = tabel[tabel["vonis"] == vonis]
        hasil += ["", f"{vonis}: {len(isi)}"] if len(isi) else []
        for baris in isi.itertuples():
            hasil += [f"  {baris.id} ({baris.bagian})", f"    {baris.uraian}: {baris.penjelasan}"]
    return hasil


def _number_lines(jejak: list[dict]) -> list[str]:
    hasil = []
    for langkah in jejak:
        masuk = "  " * langkah["tingkat"]
        hasil.append(f"{masuk}{langkah['id']} = {langkah['nilai']} ({langkah['keadaan']})")
        if langkah["rumus"]:
            hasil.append(f"{masuk}    rumus: {langkah['rumus']}")
        letak = f"data/raw/{langkah['berkas']}, baris {langkah['baris']}"
        hasil.append(f"{masuk}    {letak}; {langkah['sumber']}, {langkah['bagian']}")
    return hasil


def _notebooks() -> list[str]:
    return sorted(berkas.stem for berkas in paths.notebooks().glob("*.ipynb") if paths.teks(berkas.stem).is_file())


def _split(nama: str) -> tuple[str, str]:
    """Notebook dan nama jawabannya; nama kosong bila tidak diawali nama notebook."""
    polos = nama.rsplit("/", 1)[-1].split(".")[0] if nama.startswith(("tabel/", "gambar/")) else nama
    for notebook in sorted(_notebooks(), key=len, reverse=True):
        if polos.startswith((f"{notebook}/", f"{notebook}-")):
            return notebook, polos[len(notebook) + 1 :]
    return nama, ""


def _notebook_lines(d: Data, notebook: str, nama: str) -> list[str]:
    from kinerja.kolom import complete

    semua = (parse_yaml(paths.teks(notebook).read_text("utf-8")) or {}).get("jawab") or {}
    if nama not in semua:
        raise GalatParameter(f"Notebook '{notebook}' tidak punya jawaban '{nama}'; yang ada: {', '.join(semua)}.")
    spec = complete(semua[nama], f"teks/{notebook}.yml, jawab '{nama}'")
    # judul yang berisi angka hanya lengkap di notebooknya
    judul = _words(spec["tabel"]).replace("{tahun}", str(d.tahun))
    hasil = [f"jawaban {notebook}/{nama}" + ("" if "{" in judul else f": {judul}")]
    for kunci, kolom in spec["kolom"].items():
        if "rumus" in kolom:
            hasil.append(f"  rumus {_words(kolom)} ({kunci}) = {_words(kolom['rumus'])}")
    hasil += _derivation_lines(spec.get("jabaran") or {})
    for tabel in spec.get("dari") or ():
        hasil += _table_lines(d, tabel)
    return hasil


def _derivation_lines(jabaran: dict) -> list[str]:
    """Cara tiap kolom turunan dihitung dan pola id masukannya, sebagaimana ditulis di berkas teks."""
    hasil = []
    for kolom, spec in jabaran.items():
        if kolom == "masukan":
            continue
        for pilihan in spec if isinstance(spec, list) else [spec]:
            isi = pilihan.get("isi", pilihan) if isinstance(pilihan, dict) else pilihan
            if isinstance(isi, dict) and "id" not in isi:
                continue  # telusur dan catatan: jalurnya lewat id angka itu sendiri
            lengkap = pilihan if isinstance(pilihan, dict) else {}
            bila = ", ".join(f"{k} = {v}" for k, v in (lengkap.get("bila") or {}).items())
            dari = ", ".join(lengkap.get("dari") or ())
            ekor = (f" (bila {bila})" if bila else "") + (f" (dari {dari})" if dari else "")
            hasil.append(f"  jabaran {kolom}: {_words(isi)}{ekor}")
    for kolom, pola in (jabaran.get("masukan") or {}).items():
        hasil.append(f"  masukan {kolom}: {pola if isinstance(pola, str) else ', '.join(pola)}")
    return hasil


def _words(teks: str | dict[str, str] | list) -> str:
    """Kalimat dalam bahasa yang berlaku; dari beberapa pilihan yang terakhir, yang tanpa syarat."""
    teks = teks[-1] if isinstance(teks, list) else teks
    return teks if isinstance(teks, str) else fmt.pick(teks)


def _table_lines(d: Data, tabel: str) -> list[str]:
    if not d.has(tabel):
        return [f"  {tabel}: tidak diisi untuk {d.tahun}"]
    isi = d[tabel]
    keadaan = ", ".join(f"{n} {nama}" for nama, n in isi["keadaan"].value_counts().items())
    hasil = [f"  {tabel}: data/raw/{isi['berkas'].iloc[0]}, {len(isi)} baris ({keadaan})"]
    for (sumber, bagian), baris in isi.groupby(["sumber", "bagian"], sort=False)["baris"]:
        letak = f"baris {baris.min()}" if len(baris) == 1 else f"baris {baris.min()} sampai {baris.max()}"
        hasil.append(f"    {letak}: {sumber}, {bagian}")
    return hasil
