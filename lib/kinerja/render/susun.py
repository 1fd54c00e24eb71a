"""Menyusun laporan dari halaman yang sudah jadi: kerangka, halaman depan, buku kerja, dan manifes."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kinerja import fmt
from kinerja.render import buku_kerja, depan, halaman, manifes, pdf
from kinerja.render.halaman import Halaman
from kinerja.render.rencana import complete, layout
from kinerja.tables import KEADAAN, NAMA_KEADAAN

_PANJANG_PENGANTAR = 220


def assemble(
    folder: Path,
    semua: Sequence[Halaman],
    *,
    tahun: int,
    bahasa: str,
    institusi: str,
    uraian: Mapping[str, Any],
    gagal: Sequence[tuple[str, str]] = (),
    peragaan: bool = False,
) -> None:
    """Tulis semua berkas laporan selain tabel dan gambar, yang sudah ditulis kernel.

    Parameters
    ----------
    folder : Path
        Laporan yang sedang dibangun.
    semua : sequence of Halaman
        Halaman menurut urutan daftar isi.
    tahun, bahasa, institusi
        Untuk kerangka dan halaman depan.
    uraian : mapping
        Isi manifes selain versi dan sidik berkas hasil.
    gagal : sequence of (str, str)
        Halaman yang gagal dan sebabnya.
    peragaan : bool
        Situs peragaan: bernama dan berwarna sendiri, tanpa nama institusi dan tanpa buku kerja, yang dibawa orang
        ke tempat lain tanpa keterangannya.
    """
    if peragaan:
        institusi = ""
    with fmt.using(bahasa):
        (folder / "gaya.css").write_text(halaman.stylesheet(peragaan), "utf-8")
        (folder / "laporan.js").write_text(halaman.script(), "utf-8")
        tabel = {satu.nama: _read_meta(folder, "tabel", satu) for satu in semua}
        gambar = {satu.nama: _read_meta(folder, "gambar", satu) for satu in semua}
        kartu = depan.cards(tabel, bahasa)
        sebagian = not gagal and not complete((satu.nama for satu in semua), peragaan=peragaan)
        kata = halaman.words(peragaan)[bahasa]
        # Penyusun PDF melepas kunci penafsir: buku kerja dan halaman ditulis di inti yang lain selagi ia bekerja.
        with ThreadPoolExecutor(1) as utas:
            nanti_pdf = utas.submit(
                pdf.write,
                folder,
                semua,
                tahun=tahun,
                bahasa=bahasa,
                institusi=institusi,
                kartu=kartu,
                peringatan=kata["tidak_utuh" if gagal else "sebagian"] if gagal or sebagian else "",
                peragaan=peragaan,
            )
            alamat_buku = "" if peragaan else _write_workbook(folder, semua, tabel, tahun, bahasa)
            for satu in semua:
                halaman.write(
                    folder, satu, semua, tahun=tahun, bahasa=bahasa, buku_kerja=alamat_buku, peragaan=peragaan
                )
            alamat_pdf = nanti_pdf.result()
        utama = layout()["utama"]
        isi = halaman.render_template(
            "indeks.html.j2",
            bahasa,
            peragaan=peragaan,
            judul=kata["beranda"],
            tahun=tahun,
            institusi=institusi,
            halaman=None,
            semua=semua,
            pengantar={satu.nama: _intro(satu.isi) for satu in semua},
            kartu=kartu,
            utama=_headline(tabel.get(utama["halaman"], []), utama["tabel"]),
            tabel={nama: [(x["nama"], x["judul"]) for x in isi] for nama, isi in tabel.items()},
            gambar={nama: [(x["nama"], x["judul"]) for x in isi] for nama, isi in gambar.items()},
            keadaan=_states(tabel),
            buku_kerja=alamat_buku,
            laporan_pdf=alamat_pdf,
            sebagian=sebagian,
            gagal=gagal,
        )
        (folder / "index.html").write_text(isi, "utf-8")
        manifes.write(folder, dict(uraian))


def files_by_page(folder: Path) -> dict[str, list[str]]:
    """Tabel dan gambar di laporan menurut halaman pemiliknya, letaknya relatif terhadap laporan."""
    hasil: dict[str, list[str]] = {}
    for jenis in ("tabel", "gambar"):
        berkas = sorted((folder / jenis).glob("*"))
        pemilik = {
            x.stem: json.loads(x.read_text("utf-8"))["halaman"] for x in berkas if x.suffix == ".json" and x.is_file()
        }
        for satu in berkas:
            if satu.stem in pemilik:
                hasil.setdefault(pemilik[satu.stem], []).append(f"{jenis}/{satu.name}")
    return hasil


def copy_files(dari: Path, ke: Path, berkas: Iterable[str]) -> None:
    """Salin tabel dan gambar, yang letaknya relatif terhadap laporan, dari laporan yang sudah ada."""
    for satu in berkas:
        (ke / satu).parent.mkdir(exist_ok=True)
        shutil.copyfile(dari / satu, ke / satu)


def _read_meta(folder: Path, jenis: str, satu: Halaman) -> list[dict[str, Any]]:
    """Uraian tabel atau gambar satu halaman, menurut urutan tampilnya."""
    isi = [folder / jenis / f"{satu.nama}-{nama}.json" for nama in satu.items(jenis)]
    return [json.loads(berkas.read_text("utf-8")) for berkas in isi if berkas.is_file()]


def _write_workbook(
    folder: Path, semua: Sequence[Halaman], tabel: Mapping[str, Sequence[Mapping[str, Any]]], tahun: int, bahasa: str
) -> str:
    lembar = [buku_kerja.Lembar(satu.judul, uraian) for satu in semua for uraian in tabel[satu.nama]]
    if not lembar:
        return ""
    alamat = f"tabel/tabel-{tahun}.xlsx"
    judul = f"{halaman.words()[bahasa]['laporan']} {tahun}"
    buku_kerja.write(folder / alamat, lembar, bahasa=bahasa, judul=judul)
    return alamat


def _headline(tabel: Sequence[Mapping[str, Any]], nama: str) -> Markup:
    """Tabel angka utama, apa adanya seperti di halamannya (sudah diloloskan oleh ``Tabel``)."""
    return Markup("".join(uraian["html"] for uraian in tabel if uraian["nama"] == nama))


def _intro(isi: str) -> str:
    """Alinea pertama halaman sebagai teks polos, dipotong di batas kata."""
    cocok = re.search(r"<p>(.*?)</p>", isi, re.S)
    teks = html.unescape(re.sub(r"<[^>]+>", "", cocok[1])) if cocok else ""
    teks = " ".join(teks.split())
    if len(teks) <= _PANJANG_PENGANTAR:
        return teks
    return teks[:_PANJANG_PENGANTAR].rsplit(" ", 1)[0] + " …"


def _states(tabel: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Banyak dan bagian angka menurut keadaan; kosong bila belum ada angka."""
    hitung: Counter[str] = Counter()
    for isi in tabel.values():
        for uraian in isi:
            hitung.update(uraian["keadaan"])
    jumlah = hitung.total()
    return [
        {
            "kode": kode,
            "nama": fmt.pick(NAMA_KEADAAN[kode]),
            "banyak": fmt.angka(hitung[kode]),
            "bagian": fmt.persen(100 * hitung[kode] / jumlah, 1),
            "bobot": hitung[kode],
        }
        for kode in KEADAAN
        if hitung[kode]
    ]
