"""Satu jawaban: kalimat, gambar, tabel terlipat, dan catatan di bawah satu nomor; dan ringkasan sebuah bab.

Modul ini hanya menyusun; :mod:`kinerja.buku` memperlihatkan dan menulis berkasnya. Juga kendali kecil di halaman
laporan: datanya di halaman, hitungannya di ``kendali.js``, tanpa jaringan.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from kinerja import fmt
from kinerja.berkas import packaged
from kinerja.errors import GalatParameter
from kinerja.istilah import word
from kinerja.kalimat import Bingkai, bold, unbold
from kinerja.kolom import Kolom, label_text
from kinerja.tables import Tabel

KUNCI = {"jawab", "gambar", "sub", "tabel", "dari", "sumber", "kolom", "sumbu", "catatan", "tebal", "jabaran"}
"""Kunci uraian sebuah jawaban di berkas teks."""

_TANDA = {"di_atas": "▲", "tepat": "●", "di_bawah": "▼"}


def called(data: Any) -> dict[str, str]:
    """Sebutan institusi bagi dirinya, sasaran, dan indikatornya; di halaman Inggris dan tanpa data kata umumnya."""
    umum = {k: fmt.pick(x) for k, x in packaged("jawaban.yml")["sebutan"].items()}
    aturan = getattr(data, "rule_text", None) if fmt.language() == "id" else None
    return {k: aturan(k, x) for k, x in umum.items()} if aturan else umum


def strip_table(frame: pd.DataFrame, kolom: Mapping[str, Any] | None = None, **nilai: Any) -> Tabel:
    """Baris angka utama: target, realisasi, capaian, tahun lalu, target akhir; atau kolom yang diuraikan ``kolom``.

    ``frame`` dari :func:`kinerja.capaian.strip`, atau berkolom-kolom ``kolom``; ``nilai`` mengisi kepala kolom.
    """
    akhir = ", ".join(map(str, dict.fromkeys(frame["tahun_akhir"]))) if "tahun_akhir" in frame else ""
    isi = {"judul": "", "kolom": kolom or packaged("jawaban.yml")["strip"]}
    return Tabel.from_spec(frame, "strip", isi, **{**called(None), **nilai, "tahun_akhir": akhir})


KENDALI = 'class="kendali"'
"""Tanda halaman yang memuat kendali, jadi memerlukan skripnya."""


@dataclass
class Jawaban:
    """Satu jawaban yang sudah disusun.

    Attributes
    ----------
    nomor : int
        Nomor urut di notebook; milik bersama gambar dan tabelnya.
    frame : pandas.DataFrame
        Bingkai yang dijawabkan.
    kolom : dict of str to Kolom
        Uraian yang mendandani sumbu: kolom tabelnya, dan yang hanya ada di gambar (``sumbu:``).
    kalimat : dict
        ``jawab``, ``gambar`` (judul), ``sub``, ``alt``: teks dalam bahasa yang berlaku, tanpa tanda tebal kecuali
        ``jawab``.
    """

    nama: str
    nomor: int
    frame: pd.DataFrame = field(repr=False)
    tabel: Tabel = field(repr=False)
    axes: list[Any] = field(default_factory=list, repr=False)
    kolom: dict[str, Kolom] = field(default_factory=dict, repr=False)
    kalimat: dict[str, str] = field(default_factory=dict)

    def sentence_html(self) -> str:
        """Kalimat jawaban sebagai alinea HTML; isiannya sudah diloloskan."""
        return f'<p class="kalimat">{bold(self.kalimat["jawab"])}</p>' if self.kalimat["jawab"] else ""

    def text(self) -> str:
        """Yang dibandingkan nbval: kalimat, judul gambar, dan tabel lengkap."""
        judul = [f"{word('gambar')} {self.nomor}. {self.kalimat['gambar']}"] if self.axes else []
        isi = [html.unescape(unbold(self.kalimat["jawab"])), *judul, self.kalimat["sub"] if self.axes else ""]
        return "\n".join(x for x in isi if x)

    def figure_html(self, sumber: Mapping[str, str], ukuran: tuple[int, int], unduh: Mapping[str, str]) -> str:
        """Gambar dengan judul, keterangan, sumber, dan unduhannya; di telepon dipakai gambar yang digambar sempit.

        ``sumber`` alamat SVG ``lebar`` dan ``telepon``; ``ukuran`` tampil gambar lebar; ``unduh`` nama -> alamat.
        """
        e = html.escape
        sub = f'<span class="sub">{e(self.kalimat["sub"])}</span>' if self.kalimat["sub"] else ""
        tautan = " ".join(f'<a href="{e(x)}" download>{e(k)}</a>' for k, x in unduh.items())
        return (
            f'<figure class="gambar-kinerja" id="gambar-{e(self.nama)}"><figcaption>'
            f'<span class="nomor">{word("gambar")} {self.nomor}.</span> '
            f"<b>{e(self.kalimat['gambar'])}</b> {sub}</figcaption>"
            f'<picture><source media="(max-width: 40rem)" srcset="{e(sumber["telepon"])}">'
            f'<img src="{e(sumber["lebar"])}" alt="{e(self.kalimat["alt"])}" width="{ukuran[0]}" height="{ukuran[1]}">'
            f'</picture><p class="sumber">{e(self.tabel.sumber)} <span class="unduh">{tautan}</span></p></figure>'
        )

    def table_html(self, badan: str, alamat: str = "", buka: bool = False) -> str:
        """Tabel terlipat dengan unduhannya; tanpa baris tidak ada yang diperlihatkan."""
        e, banyak = html.escape, len(self.frame)
        if not banyak:
            return ""
        baris = f"{fmt.angka(banyak)} {word('baris_satu' if banyak == 1 else 'baris')}"
        unduh = f'<p class="unduh"><a href="{e(alamat)}" download>{word("unduh")} CSV</a></p>' if alamat else ""
        return (
            f'<details class="lipat-tabel"{" open" if buka else ""}><summary>{word("tabel")} {self.nomor}. '
            f"{e(self.tabel.judul)} <small>({baris})</small></summary>"
            f'<div class="bingkai-tabel" id="tabel-{e(self.nama)}">{badan}{unduh}</div></details>'
        )


@dataclass(frozen=True)
class Ringkasan:
    """Kepala, pokok-pokok, dan baris angka utama sebuah bab."""

    kepala: str
    butir: tuple[str, ...]
    strip: Tabel | None = None

    def to_html(self) -> str:
        """Kepala sebagai judul halaman, pokok-pokok sebagai daftar, angka utama sebagai tabel."""
        butir = "".join(f"<li>{bold(x)}</li>" for x in self.butir)
        strip = "" if self.strip is None else strip_html(self.strip)
        return f'<div class="ringkas"><h1>{bold(self.kepala)}</h1><ul>{butir}</ul>{strip}</div>'

    def text(self) -> str:
        """Teks polos untuk nbval."""
        isi = [self.kepala, *(f"- {x}" for x in self.butir)]
        teks = html.unescape(unbold("\n".join(isi)))
        return teks if self.strip is None else f"{teks}\n\n{self.strip.to_text()}"

    def to_meta(self) -> dict[str, Any]:
        """Untuk halaman depan, PDF, dan aplikasi."""
        polos = [html.unescape(unbold(x)) for x in (self.kepala, *self.butir)]
        return {"kepala": polos[0], "butir": polos[1:], "strip": None if self.strip is None else self.strip.to_meta()}


def strip_html(tabel: Tabel) -> str:
    """Baris angka utama: satu baris per indikator, dengan lambang dan kata di samping capaiannya."""
    e, tampil = html.escape, [x for x in tabel.shown if x.jenis != "satuan"]
    kepala = "".join(f'<th scope="col" class="s-{e(x.nama)}">{e(x.judul)}</th>' for x in tampil)
    isi = {x.nama: tabel.texts(x) for x in tampil}
    for x in tampil:
        if str(x.satuan).startswith("persen"):  # baris angka utama tidak punya baris satuan
            angka = [isinstance(sel.nilai, int | float) for sel in tabel.cells(x)]
            isi[x.nama] = [t + "%" * y for t, y in zip(isi[x.nama], angka, strict=True)]
    baris = []
    for n, satu in enumerate(tabel.frame.to_dict("records")):
        satuan, golongan, tahun = satu.get("satuan"), str(satu.get("golongan", "")), satu.get("tahun_data")
        sel = []
        for x in tampil:
            teks = e(isi[x.nama][n])
            if not x.bernilai:
                nama = fmt.satuan(satuan) if isinstance(satuan, str) and satuan else ""
                teks += f" <small>{e(nama)}</small>" if x is tampil[0] else ""
                sel.append(f'<th scope="row" class="s-{e(x.nama)}">{teks}</th>')
                continue
            if x.nama == "realisasi" and tahun is not None and tahun != tabel.frame.attrs.get("tahun", tahun):
                teks = f"<small>({tahun})</small> {teks}"
            if x.nama == "capaian" and golongan in _TANDA:
                teks += f' <span class="tanda tanda-{e(golongan)}">{_TANDA[golongan]} {word(golongan)}</span>'
            sel.append(f'<td class="tk-angka s-{e(x.nama)}" data-judul="{e(x.judul)}">{teks}</td>')
        baris.append(f"<tr>{''.join(sel)}</tr>")
    return f'<table class="strip"><thead><tr>{kepala}</tr></thead><tbody>{"".join(baris)}</tbody></table>'


def columns_of(frame: pd.DataFrame, satuan: Mapping[str, str]) -> dict[str, Any]:
    """Uraian kolom bagi bingkai tanpa entri di berkas teks: kepala dari nama kolom, satuan dari ``satuan`` atau attrs.

    Raises
    ------
    GalatParameter
        Kolom berisi pecahan tanpa satuan.
    """
    umum = packaged("jawaban.yml")["kolom"]
    dikenal = {**frame.attrs.get("satuan", {}), **satuan}
    hasil = {}
    for nama in map(str, frame.columns):
        kepala = nama[:1].upper() + nama[1:].replace("_", " ")
        isi: dict[str, Any] = dict(umum.get(nama, {"id": kepala, "en": kepala}))
        if dikenal.get(nama):
            isi["satuan"] = dikenal[nama]
        elif not {"jenis", "satuan"} & set(isi) and pd.api.types.is_float_dtype(frame[nama]):
            raise GalatParameter(
                f"Kolom '{nama}' berisi pecahan; beri satuannya, misalnya satuan={{'{nama}': 'persen'}}."
            )
        hasil[nama] = isi
    return hasil


def as_frame(frame: pd.DataFrame, kolom: Sequence[Kolom]) -> Bingkai:
    """Bingkai jawaban bagi kalimat: satuan dan sebutan menurut uraian kolomnya."""
    satuan = {x.nama: x.satuan for x in kolom if x.satuan}
    return Bingkai(frame, satuan, {x.nama: partial(label_text, kolom=x) for x in kolom if not x.bernilai})


def control_html(nama: str, isi: Mapping[str, Any], bahasa: str) -> str:
    """HTML satu kendali; tanpa JavaScript tidak ada yang terlihat. Setiap kendali punya kembaran di Python.

    ``nama`` ``batas`` (batas capaian), ``dtks`` (kabupaten/kota yang dihitung), atau ``pkh`` (bantuan satu keluarga);
    ``isi`` angka dan nama yang diperlukan hitungannya, dari fungsi ``offline_...`` di modul ukurannya.

    Raises
    ------
    GalatParameter
        Kendali tidak dikenal, atau isinya bukan data JSON (misalnya NaN).
    """
    kata = packaged("luring.yml")
    if nama not in kata:
        raise GalatParameter(f"Kendali '{nama}' tidak dikenal; yang ada: {', '.join(kata)}.")
    muatan = {"bahasa": bahasa, "kata": {k: teks[bahasa] for k, teks in kata[nama].items()}, "isi": dict(isi)}
    try:
        teks = json.dumps(muatan, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as galat:
        raise GalatParameter(f"Isi kendali '{nama}' bukan data JSON: {galat}.") from galat
    aman = teks.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    judul = html.escape(muatan["kata"]["judul"])
    return (
        f'<section {KENDALI} data-kendali="{nama}" aria-label="{judul}" hidden>'
        f'<script type="application/json">{aman}</script></section>'
    )
