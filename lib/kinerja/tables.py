"""Tabel dengan satuan, catatan, sumber, dan keadaan angka: satu uraian untuk layar, teks, CSV, dan buku kerja.

Bingkai data masuk apa adanya (tidak dibulatkan); pembulatan hanya terjadi saat angka diperlihatkan, lewat
:mod:`kinerja.fmt`. Keluaran HTML tidak memuat pengenal acak, sehingga dua kali menjalankan memberi byte yang sama.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from itertools import groupby
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from colformula import plain
from kinerja import fmt
from kinerja.berkas import packaged, write_rows
from kinerja.errors import GalatParameter
from kinerja.fmt import fill
from kinerja.istilah import word
from kinerja.jabaran import JabaranTabel
from kinerja.kolom import (
    JENIS_LABEL,
    KEADAAN,
    NAMA_KEADAAN,
    TANDA_TEKS,
    Kolom,
    Sel,
    check_keys,
    fit_scale,
    per_row,
    read_column,
    state_name,
    with_companions,
    with_formula,
)

_AWAL_RUMUS = ("=", "+", "-", "@", "\t", "\r")
_POLA_ANGKA = re.compile(r"[+-]?[\d.,]+%?")
_EKOR = 4
"""Satuan angka terakhir yang masih dianggap ekor biner sebuah hitungan."""

_JENIS_PENDEK = ("tahun", "bulan", "satuan", "keadaan")
_KUNCI_TABEL = {"judul", "dari", "sumber", "kolom", "catatan", "tebal"}


@dataclass(frozen=True)
class Tabel:
    """Bingkai data beserta uraian penyajiannya.

    Parameters
    ----------
    nama : str
        Dipakai sebagai nama berkas.
    frame : pandas.DataFrame
        Satu baris per baris tabel, tidak dibulatkan.
    kolom : sequence of Kolom
        Dalam urutan penyajian.
    catatan : sequence of str
        Catatan di bawah tabel.
    sumber : str
        Baris sumber yang sudah jadi, misalnya ``"Sumber: LKj Kemensos 2020"``.
    tebal : str, optional
        Kolom boolean: baris yang dicetak tebal (jumlah, rata-rata).
    jejak : callable, optional
        Id angka -> kalimat-kalimat asal-usulnya; dipakai oleh kolom yang punya ``asal``.
    jabaran : JabaranTabel, optional
        Rumus dengan angka-angkanya bagi sel yang diturunkan.

    Raises
    ------
    GalatParameter
        Kolom yang diuraikan tidak ada di bingkai data, atau kolom angka tanpa satuan.
    """

    nama: str
    judul: str
    frame: pd.DataFrame = field(repr=False)
    kolom: Sequence[Kolom] = field(repr=False)
    catatan: Sequence[str] = field(default=(), repr=False)
    sumber: str = field(default="", repr=False)
    tebal: str | None = field(default=None, repr=False)
    jejak: Callable[[str], Sequence[str]] | None = field(default=None, repr=False)
    jabaran: JabaranTabel | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        perlu = [x for kolom in self.kolom for x in kolom.references] + ([self.tebal] if self.tebal else [])
        hilang = [repr(x) for x in dict.fromkeys(perlu) if x not in self.frame.columns]
        if hilang:
            raise GalatParameter(
                f"Tabel '{self.nama}': kolom {', '.join(hilang)} tidak ada di bingkai data; "
                f"yang ada: {', '.join(map(str, self.frame.columns))}."
            )
        for kolom in (x for x in self.kolom if not x.bernilai):
            if kolom.jenis not in JENIS_LABEL:
                sebab = f"jenis '{kolom.jenis}' tidak dikenal; yang ada: {', '.join(JENIS_LABEL)}."
            elif pd.api.types.is_float_dtype(self.frame[kolom.nama]) and kolom.label is None:
                sebab = "berisi angka pecahan tetapi tidak punya satuan."
            else:
                continue
            raise GalatParameter(f"Tabel '{self.nama}', kolom '{kolom.nama}': {sebab}")

    @classmethod
    def from_spec(
        cls,
        frame: pd.DataFrame,
        nama: str,
        spec: Mapping[str, Any],
        *,
        sumber: str = "",
        jejak: Callable[[str], Sequence[str]] | None = None,
        jabaran: JabaranTabel | None = None,
        **nilai: Any,
    ) -> Tabel:
        """Bangun tabel dari uraian YAML (lihat :mod:`kinerja.buku`) dalam bahasa yang sedang dipakai.

        ``nilai`` mengisi ``{tempat}`` pada judul, kepala kolom, dan catatan. Kolom ``bila_ada`` dilewati bila semua
        selnya kosong, misalnya predikat bagi institusi yang tidak memberi predikat.
        """
        check_keys(spec, _KUNCI_TABEL, f"Tabel '{nama}'")
        kolom = [
            satu
            for kunci, isi in spec["kolom"].items()
            for satu in [with_companions(read_column(nama, kunci, isi, nilai), frame)]
            if isinstance(isi, str) or not isi.get("bila_ada") or _filled(frame, kunci, satu.teks or kunci)
        ]
        kolom = [with_formula(fit_scale(satu, frame, kolom), frame, kolom) for satu in kolom]
        return cls(
            nama,
            fill(spec["judul"], **nilai),
            frame,
            kolom,
            catatan=tuple(fill(x, **nilai) for x in spec.get("catatan", ())),
            sumber=sumber,
            tebal=spec.get("tebal"),
            jejak=jejak,
            jabaran=jabaran,
        )

    @property
    def shown(self) -> list[Kolom]:
        """Kolom yang diperlihatkan, dalam urutannya."""
        return [kolom for kolom in self.kolom if kolom.tampil]

    def cells(self, kolom: Kolom) -> list[Sel]:
        """Sel-sel satu kolom bernilai, dari atas ke bawah."""
        # HTML, teks, CSV, hitungan keadaan, dan catatan semuanya memerlukan sel yang sama.
        kunci = (kolom.nama, fmt.language())
        if kunci not in self._sel_jadi:
            kata = not any(lain.jenis == "satuan" for lain in self.shown)
            self._sel_jadi[kunci] = kolom.cells(self.frame, kata)
        return self._sel_jadi[kunci]

    @cached_property
    def _sel_jadi(self) -> dict[tuple[str, str], list[Sel]]:
        return {}

    def texts(self, kolom: Kolom) -> list[str]:
        """Isi satu kolom sebagaimana dibaca orang, tanpa tanda keadaan."""
        return [x.tampilan for x in self.cells(kolom)] if kolom.bernilai else kolom.labels(self.frame)

    def counts(self) -> dict[str, int]:
        """Banyaknya angka menurut keadaan pada kolom yang diperlihatkan."""
        hitung = Counter(
            sel.keadaan
            for kolom in self.shown
            if kolom.bernilai
            for sel in self.cells(kolom)
            if sel.nilai != fmt.TIDAK_BERLAKU  # bukan angka
        )
        return {x: hitung[x] for x in KEADAAN if hitung[x] or x != "diandaikan"}

    @cached_property
    def synthetic(self) -> bool:
        """Apakah bingkainya memuat angka sintetis, termasuk yang seluruhnya ditahan."""
        return "sintetis" in set(self.frame.get("keadaan", ())) or self.counts()["sintetis"] > 0

    def notes(self) -> list[str]:
        """Catatan, rumus kolom, dan arti tanda keadaan, dalam urutan pencetakannya."""
        rumus = [f"{nomor}) {kolom.judul} = {kolom.rumus}" for kolom, nomor, _ in self._heads() if nomor]
        return [*self.catatan, *rumus, *self._state_notes()]

    def _heads(self) -> list[tuple[Kolom, int | None, str | None]]:
        """Kolom yang diperlihatkan, nomor catatan kaki rumusnya, dan keadaan bertanda seluruh selnya."""
        nomor = {x.nama: n for n, x in enumerate((k for k in self.shown if k.rumus), 1)}
        return [(x, nomor.get(x.nama), self._uniform_mark(x)) for x in self.shown]

    def _state_notes(self) -> list[str]:
        hitung = self.counts()
        return [
            f"{TANDA_TEKS.get(keadaan, fmt.HILANG)} {fmt.pick(NAMA_KEADAAN[keadaan])}: {fmt.pick(arti)}."
            for keadaan, arti in packaged("jawaban.yml")["arti_keadaan"].items()
            if hitung.get(keadaan)
        ]

    def to_html(self, gaya: bool = True, mentah: bool = False) -> str:
        """Tabel HTML yang sudah diloloskan (``tabel.html.j2``).

        Parameters
        ----------
        gaya : bool
            Sertakan lembar gaya terbatas pada kelas ``tabel-kinerja``.
        mentah : bool
            Beri sel angka nilainya yang tidak dibulatkan (``data-nilai``, dan ``data-satuan`` pada kolom bersatuan
            campuran), supaya skrip laporan dapat mengurutkannya.
        """
        tebal = self.frame[self.tebal].astype(bool) if self.tebal else [False] * len(self.frame)
        kepala = self._heads()
        kolom = [self._html_column(x, seragam, n == 0, mentah) for n, (x, _, seragam) in enumerate(kepala)]
        return _template().render(
            tabel=self,
            gaya=Markup(stylesheet()) if gaya else "",
            grup=list(_runs([x.grup for x in self.shown])) if any(x.grup for x in self.shown) else [],
            kepala=kepala,
            baris=list(zip(tebal, zip(*kolom, strict=True), strict=True)),
            rumus=[(x, nomor) for x, nomor, _ in kepala if nomor],
            kaki=[x for x in (*self._state_notes(), self.sumber) if x],
            kembali=word("kembali"),
            kosong=word("tanpa_baris"),
            state_name=state_name,
        )

    def _html_column(self, kolom: Kolom, seragam: str | None, pertama: bool, mentah: bool) -> Iterator[tuple]:
        """Per sel: elemen, atribut tetap, nilai dan satuan mentah, isi, keadaan yang ditandai, kalimat asal-usul."""
        bahasa = "id" if kolom.kutipan and fmt.language() != "id" else None
        if not kolom.bernilai:
            sifat = {"class": "tk-pendek" if kolom.jenis in _JENIS_PENDEK else None, "lang": bahasa}
            # Kepala baris yang kosong tidak menamai apa-apa; pembaca layar menyebutnya kesalahan.
            rupa = {True: ("th", _attributes(scope="row", **sifat)), False: ("td", _attributes(**sifat))}
            for nilai, isi in zip(self.frame[kolom.nama], self.texts(kolom), strict=True):
                angka = _raw_number(plain(nilai)) if mentah and kolom.label is None else ""
                yield *rupa[pertama and isi != ""], angka, "", isi, "", ()
            return
        rupa = {}
        for x in KEADAAN:
            kelas = ["tk-angka"] if kolom.berangka else []
            kelas += [f"tk-{x}".replace("_", "-")] if x in ("sintetis", "tidak_tersedia") else []
            judul = state_name(x) if x == "tidak_tersedia" else None
            rupa[x] = _attributes(**{"class": " ".join(kelas)}, lang=bahasa, title=judul)
        tanda = {x: x if x != seragam and x in TANDA_TEKS else "" for x in KEADAAN}
        asal_usul = per_row(self.frame, f"={kolom.asal}" if kolom.asal else None)
        for nomor, (sel, asal) in enumerate(zip(self.cells(kolom), asal_usul, strict=True)):
            nilai, satuan = _raw_number(sel.nilai) if mentah else "", sel.satuan if kolom.campuran else ""
            kalimat = self.origin(kolom, nomor, sel, plain(asal))
            yield "td", rupa[sel.keadaan], nilai, satuan, sel.tampilan, tanda[sel.keadaan], kalimat

    def _uniform_mark(self, kolom: Kolom) -> str | None:
        """Keadaan bertanda yang berlaku bagi seluruh kolom: ditandai sekali di kepala, bukan di tiap sel."""
        if not kolom.bernilai:
            return None
        ada = {sel.keadaan for sel in self.cells(kolom)} - {"tidak_tersedia"}
        return ada.pop() if len(ada) == 1 and ada <= set(TANDA_TEKS) else None

    def origin(self, kolom: Kolom, nomor: int, sel: Sel, asal: Any = None) -> Sequence[str]:
        """Kalimat asal-usul sebuah sel: jejak id-nya, atau jabarannya bila diturunkan; kosong bila tidak ada."""
        if self.jejak and asal:
            return self.jejak(str(asal))
        if self.jabaran is None or sel.keadaan != "diturunkan" or sel.nilai == fmt.TIDAK_BERLAKU:
            return ()
        angka = sel.tampilan if isinstance(sel.nilai, str) else fmt.angka(sel.nilai, sel.desimal)
        return self.jabaran.sentences(self, kolom.nama, nomor, angka)

    def to_text(self) -> str:
        """Tabel sebagai teks berjarak tetap, dengan isi yang sama seperti HTML."""
        susunan = []
        for kolom, nomor, seragam in self._heads():
            isi = self.texts(kolom)
            if kolom.bernilai:
                tanda = [x.keadaan if x.keadaan != seragam else None for x in self.cells(kolom)]
                isi = [teks + TANDA_TEKS.get(x, "") for teks, x in zip(isi, tanda, strict=True)]
            kepala = kolom.judul + (f" {nomor})" if nomor else "") + TANDA_TEKS.get(seragam, "")
            isi = [kepala, kolom.unit_name, *isi]
            lebar = max(map(len, isi))
            susunan.append([x.rjust(lebar) if kolom.berangka else x.ljust(lebar) for x in isi])
        garis = "-" * len("  ".join(x[0] for x in susunan))
        kepala, satuan, *badan = ("  ".join(x).rstrip() for x in zip(*susunan, strict=True))
        susun = [self.judul, garis, kepala, satuan, garis, *badan, garis, *self.notes(), self.sumber]
        return "\n".join(x for n, x in enumerate(susun) if x or n not in (3, len(susun) - 1))

    def to_frame(self, tampil: bool = False) -> pd.DataFrame:
        """Bingkai dengan kepala kolom pembaca dan satuannya; ``tampil``: angka sebagai teks seperti di halaman.

        Tanpa ``tampil`` angkanya tidak dibulatkan, dan teks mirip rumus dinetralkan.
        """
        isi = {}
        for kolom in self.shown:
            kepala = f"{kolom.judul} ({kolom.unit_name})" if kolom.unit_name else kolom.judul
            if tampil:
                isi[kepala] = self.texts(kolom)
            else:
                nilai = [x.nilai for x in self.cells(kolom)] if kolom.bernilai else self.texts(kolom)
                isi[kepala] = [raw_text(x) if isinstance(x, str) else x for x in nilai]
        return pd.DataFrame(isi)

    def to_csv(self) -> str:
        """CSV tanpa pembulatan: nama dan kode seperti dalam data, tiap nilai diikuti satuan dan keadaan, lalu sumber.

        Sebutan pembaca yang lain daripada isi datanya (kode, terjemahan, nama bulan) ada di kolom ``<nama>_label``.

        Rupiah tidak diskalakan. Kolom ``id``, ``bagian``, dan ``sumber`` bingkai data (bila ada) ikut sebagai ``id``,
        ``bagian``, dan ``sumber_id``. Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal.
        """
        isi: list[tuple[str, list[str]]] = []
        for kolom in self.kolom:
            if kolom.bernilai:
                sel = self.cells(kolom)
                isi.append((kolom.nama, [raw_text(x.nilai) for x in sel]))
                isi.append((f"{kolom.nama}_satuan", [x.satuan for x in sel]))
                isi.append((f"{kolom.nama}_keadaan", [x.keadaan for x in sel]))
                continue
            asli, sebutan = self._raw_column(kolom.nama), [raw_text(x) for x in self.texts(kolom)]
            isi.append((kolom.nama, asli))
            if kolom.label is not None or sebutan != asli:
                isi.append((f"{kolom.nama}_label", sebutan))
        for asal, tujuan in (("id", "id"), ("bagian", "bagian"), ("sumber", "sumber_id")):
            if asal in self.frame.columns and asal not in dict(isi):
                isi.append((tujuan, self._raw_column(asal)))
        isi.append(("sumber", [raw_text(self.sumber)] * len(self.frame)))
        return write_rows([k for k, _ in isi], zip(*(x for _, x in isi), strict=True))

    def _raw_column(self, nama: str) -> list[str]:
        return [raw_text(plain(x)) for x in self.frame[nama]]

    def to_meta(self) -> dict[str, Any]:
        """Uraian tabel untuk buku kerja dan halaman: judul, kolom, satuan, catatan, sumber, hitungan keadaan.

        ``isi`` sebuah kolom adalah daftar teks bagi label, dan daftar ``[nilai, satuan, keadaan, desimal]`` bagi nilai.
        """
        return {
            "nama": self.nama,
            "judul": self.judul,
            "bahasa": fmt.language(),
            "baris": len(self.frame),
            "kolom": [
                {
                    "nama": kolom.nama,
                    "judul": kolom.judul,
                    "satuan": None if kolom.campuran else kolom.satuan,
                    "satuan_nama": kolom.unit_name,
                    "satuan_lengkap": fmt.satuan(kolom.satuan) if kolom.unit_name else "",
                    "bernilai": kolom.bernilai,
                    "grup": kolom.grup,
                    "isi": [[x.nilai, x.satuan, x.keadaan, x.desimal] for x in self.cells(kolom)]
                    if kolom.bernilai
                    else self.texts(kolom),
                }
                for kolom in self.shown
            ],
            "tebal": [bool(x) for x in self.frame[self.tebal]] if self.tebal else [],
            "catatan": self.notes(),
            "sumber": self.sumber,
            "keadaan": self.counts(),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.to_text()}


def _filled(frame: pd.DataFrame, *kolom: str) -> bool:
    """Apakah salah satu kolom itu berisi di sedikitnya satu baris."""
    return not (frame[[*kolom]].isna() | (frame[[*kolom]] == "")).all(axis=None)


@cache
def stylesheet() -> str:
    """Lembar gaya tabel, terbatas pada ``div.tabel-kinerja``."""
    return resources.files("kinerja").joinpath("tabel.css").read_text("utf-8").replace("\n", "")


@cache
def _template() -> jinja2.Template:
    lingkungan = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return lingkungan.from_string(resources.files("kinerja").joinpath("tabel.html.j2").read_text("utf-8"))


def _raw_number(nilai: Any) -> str:
    """Bilangan tanpa pembulatan; kosong bagi yang lain."""
    return raw_text(nilai) if isinstance(nilai, (int, float)) and not isinstance(nilai, bool) else ""


def _attributes(**isi: str | None) -> Markup:
    return Markup("").join(Markup(' {}="{}"').format(k, x) for k, x in isi.items() if x)


def _runs(isi: Sequence[str | None]) -> Iterator[tuple[str | None, int]]:
    """Deret nilai sama yang berdampingan dan panjangnya; yang kosong tidak digabung."""
    for nama, anggota in groupby(isi):
        banyak = len(list(anggota))
        yield from [(nama, banyak)] if nama is not None else [(None, 1)] * banyak


def frame_to_csv(frame: pd.DataFrame) -> str:
    """Bingkai data sebagai CSV dengan kolom apa adanya: tanpa pembulatan, kosong bila tidak ada.

    Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal; bilangan bertanda dibiarkan.
    """
    isi = ([raw_text(plain(x)) for x in baris] for baris in frame.itertuples(index=False))
    return write_rows(frame.columns, isi)


def raw_text(nilai: Any) -> str:
    """Nilai tanpa pembulatan untuk CSV: 7.0 menjadi 7, 13.590000000000003 menjadi 13.59; mirip rumus diberi petik."""
    if nilai is None:
        return ""
    if isinstance(nilai, bool):
        return "true" if nilai else "false"
    if isinstance(nilai, float):
        if nilai.is_integer() and abs(nilai) < 2**53:
            return str(int(nilai))
        pendek = float(f"{nilai:.12g}")  # 2/3 tetap utuh: terpaut lebih dari ekor biner
        return repr(pendek if abs(pendek - nilai) <= _EKOR * math.ulp(nilai) else nilai)
    return "'" + nilai if isinstance(nilai, str) and is_formula_like(nilai) else str(nilai)


def is_formula_like(teks: str) -> bool:
    """Apakah lembar sebar dapat membaca teks ini sebagai rumus; tanda tunggal dan bilangan bertanda bukan rumus."""
    return len(teks) > 1 and teks.startswith(_AWAL_RUMUS) and not _POLA_ANGKA.fullmatch(teks)
