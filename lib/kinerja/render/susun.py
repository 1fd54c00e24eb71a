"""Menyusun laporan dari halaman yang sudah jadi: kerangka, halaman depan, sampul, cetakan, buku kerja, dan manifes."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata, resources
from itertools import chain
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kinerja import fmt, paths
from kinerja.berkas import parse_yaml
from kinerja.istilah import term
from kinerja.jawaban import KENDALI
from kinerja.keluaran import TELEPON
from kinerja.kolom import KEADAAN, NAMA_KEADAAN
from kinerja.periode import Waktu
from kinerja.render import buku_kerja, halaman, jelajah, pdf
from kinerja.render.blok import Cetakan
from kinerja.render.halaman import Halaman
from kinerja.render.pasang import write_manifest
from kinerja.render.rencana import available, complete

DOCX = "laporan.docx"

UTAMA = "ringkasan"
"""Halaman yang pokok-pokoknya menjadi pokok laporan."""


def assemble(
    folder: Path,
    jadi: Mapping[str, Halaman],
    catatan: Mapping[str, Any],
    umum: Mapping[str, Any],
    gagal: Sequence[tuple[str, str]] = (),
    *,
    docx: bool = False,
) -> None:
    """Tulis semua berkas laporan selain tabel dan gambar, yang sudah ditulis kernel.

    ``catatan``: nama halaman -> uraiannya di manifes; ``umum``: isi manifes selainnya; ``gagal``: halaman yang gagal
    dan sebabnya; ``docx``: juga sebagai dokumen Word. Situs peragaan bernama dan berwarna sendiri, tanpa nama institusi
    dan tanpa buku kerja, yang dibawa orang ke tempat lain tanpa keterangannya.
    """
    bahasa, peragaan, tahun = umum["bahasa"], umum["peragaan"], Waktu(umum["tahun"], umum["periode"])
    urutan, milik = [*available(), *jadi], files_by_page(folder)
    semua = sorted(jadi.values(), key=lambda x: urutan.index(x.nama))
    with fmt.using(bahasa):
        institusi = "" if peragaan else term(umum["institusi"])
        halaman.write_assets(folder, peragaan, kendali=any(KENDALI in satu.isi for satu in semua))
        tabel, gambar = (_read_meta(folder, jenis, semua) for jenis in ("tabel", "gambar"))
        ringkas = read_summaries(folder, semua)
        terbitan = imprint(institusi, tahun, **umum["penerbit"])
        if peragaan:
            terbitan = {**terbitan, "pernyataan": halaman.words(True)[bahasa]["catatan_situs"], "kutipan": ""}
        sebagian = not gagal and not complete(jadi, peragaan=peragaan)
        kata = halaman.words(peragaan)[bahasa]
        penjelajah = jelajah.NAMA if (folder / jelajah.NAMA).is_file() else ""
        situs = {"tahun": tahun, "peragaan": peragaan, "penjelajah": penjelajah}
        pokok = ringkas.get(UTAMA, {}).get("butir", [])
        peringatan = kata["tidak_utuh" if gagal else "sebagian"] if gagal or sebagian else ""
        cetakan = Cetakan(tahun, bahasa, institusi, pokok, terbitan, peringatan, peragaan)
        buku, alamat_pdf = _write_files(folder, semua, tabel, cetakan, situs, docx=docx)
        isi = halaman.render_template(
            "indeks.html.j2",
            bahasa,
            **situs,
            judul=kata["beranda"],
            institusi=institusi,
            halaman=None,
            semua=semua,
            ringkas=ringkas,
            utama=_opening(semua),
            terbitan=terbitan,
            tabel=_titles(tabel),
            gambar=_titles(gambar),
            keadaan=_states(tabel),
            buku_kerja=buku,
            laporan_pdf=alamat_pdf,
            laporan_docx=DOCX if docx else "",
            sebagian=sebagian,
            gagal=gagal,
        )
        (folder / "index.html").write_text(isi, "utf-8")
        uraian = {x.nama: catatan[x.nama] | {"hasil": milik.get(x.nama, [])} for x in semua}
        write_manifest(folder, {**umum, "halaman": uraian})


def _write_files(
    folder: Path,
    semua: Sequence[Halaman],
    tabel: Mapping[str, Sequence[Mapping[str, Any]]],
    cetakan: Cetakan,
    situs: Mapping[str, Any],
    *,
    docx: bool,
) -> tuple[str, str]:
    """Tulis cetakan, buku kerja, dan halaman; kembalikan alamat buku kerja dan PDF-nya."""
    # Penyusun PDF melepas kunci penafsir: buku kerja dan halaman ditulis di inti yang lain selagi ia bekerja.
    with ThreadPoolExecutor(1) as utas:
        nanti_pdf = utas.submit(pdf.write, folder, semua, cetakan)
        buku = "" if cetakan.peragaan else _write_workbook(folder, semua, tabel, cetakan)
        for satu in semua:
            halaman.write(folder, satu, semua, cetakan.bahasa, buku_kerja=buku, **situs)
        if docx:
            from kinerja.render import word  # memuat python-docx; kebanyakan laporan tidak memerlukannya

            word.write(folder / DOCX, semua, cetakan)
        return buku, nanti_pdf.result()


def _titles(uraian: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[tuple[str, str]]]:
    return {nama: [(x["nama"], x["judul"]) for x in isi] for nama, isi in uraian.items()}


def read_summaries(folder: Path, semua: Sequence[Halaman]) -> dict[str, dict[str, Any]]:
    """Ringkasan tiap halaman (``Ringkasan.to_meta``) yang sudah ditulis kernelnya, menurut urutan halaman."""
    berkas = {x.nama: folder / "ringkas" / f"{x.nama}-ringkas.json" for x in semua}
    return {nama: _json(x) for nama, x in berkas.items() if x.is_file()}


def _json(berkas: Path) -> dict[str, Any]:
    return json.loads(berkas.read_text("utf-8"))


def imprint(institusi: str, tahun: int, penerbit: str = "", kontak: str = "") -> Mapping[str, str]:
    """Pernyataan, penerbit, kontak, lisensi, dan cara mengutip dalam bahasa yang berlaku.

    Folder data lain diterbitkan lembaganya sendiri: bawaan ``penerbit`` institusi itu, bawaan ``kontak`` penerbitnya.
    """
    isi = parse_yaml(resources.files("kinerja.render").joinpath("terbitan.yml").read_text("utf-8"))
    nilai = {
        "institusi": institusi,
        "penerbit": penerbit or institusi,
        "kontak": kontak or penerbit or institusi,
        "tahun": tahun,
        "versi": metadata.version("kinerja"),
        "tanggal": fmt.tanggal(isi["tanggal"]),
        "tahun_terbit": isi["tanggal"].year,
    }
    teks = isi["proyek" if paths.is_own_data() else "folder_lain"]
    return {kunci: fmt.pick(x).format(**nilai) for kunci, x in teks.items()}


def files_by_page(folder: Path) -> dict[str, list[str]]:
    """Tabel dan gambar di laporan menurut halaman pemiliknya, letaknya relatif terhadap laporan."""
    hasil: dict[str, list[str]] = {}
    for jenis in ("tabel", "gambar", "ringkas"):
        berkas = sorted((folder / jenis).glob("*"))
        pemilik = {x.stem: _json(x)["halaman"] for x in berkas if x.suffix == ".json"}
        for satu in berkas:
            if milik := pemilik.get(satu.stem.removesuffix(TELEPON)):
                hasil.setdefault(milik, []).append(f"{jenis}/{satu.name}")
    return hasil


def synthetic_tables(folder: Path, halaman: str) -> list[str]:
    """Nama tabel sebuah halaman yang memuat angka sintetis."""
    semua = map(_json, sorted((folder / "tabel").glob(f"{halaman}-*.json")))
    return [x["nama"] for x in semua if x["halaman"] == halaman and x["keadaan"].get("sintetis")]


def copy_files(dari: Path, ke: Path, berkas: Iterable[str]) -> None:
    """Salin tabel dan gambar, yang letaknya relatif terhadap laporan, dari laporan yang sudah ada."""
    for satu in berkas:
        (ke / satu).parent.mkdir(exist_ok=True)
        shutil.copyfile(dari / satu, ke / satu)


def _read_meta(folder: Path, jenis: str, semua: Sequence[Halaman]) -> dict[str, list[dict[str, Any]]]:
    """Uraian tabel atau gambar tiap halaman, menurut urutan tampilnya."""
    berkas = {x.nama: [folder / jenis / f"{x.nama}-{nama}.json" for nama in x.items(jenis)] for x in semua}
    return {nama: [_json(x) for x in isi if x.is_file()] for nama, isi in berkas.items()}


def _write_workbook(
    folder: Path, semua: Sequence[Halaman], tabel: Mapping[str, Sequence[Mapping[str, Any]]], cetakan: Cetakan
) -> str:
    lembar = [(satu.judul, uraian) for satu in semua for uraian in tabel[satu.nama]]
    if not lembar:
        return ""
    alamat = f"tabel/tabel-{int(cetakan.tahun)}.xlsx"
    buku_kerja.write(folder / alamat, lembar, cetakan)
    return alamat


def _opening(semua: Sequence[Halaman]) -> Markup:
    """Kepala, pokok-pokok, dan angka utama seluruh laporan, apa adanya seperti di halamannya."""
    isi = next((x.isi for x in semua if x.nama == UTAMA), "")
    cocok = re.search(r'<div class="ringkas">.*?</(?:ul|table)></div>', isi, re.S)
    return Markup(cocok[0] if cocok else "")


def _states(tabel: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Banyak dan bagian angka menurut keadaan; kosong bila belum ada angka."""
    hitung: Counter[str] = Counter()
    for uraian in chain.from_iterable(tabel.values()):
        hitung.update(uraian["keadaan"])
    return [
        {
            "kode": kode,
            "nama": fmt.pick(NAMA_KEADAAN[kode]),
            "banyak": fmt.angka(hitung[kode]),
            "bagian": fmt.persen(100 * hitung[kode] / hitung.total(), 1),
            "bobot": hitung[kode],
        }
        for kode in KEADAAN
        if hitung[kode]
    ]
