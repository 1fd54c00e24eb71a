"""Tabel dengan satuan, catatan, sumber, dan keadaan angka: satu uraian untuk layar, teks, CSV, dan buku kerja.

Bingkai data masuk apa adanya (tidak dibulatkan); pembulatan hanya terjadi saat angka diperlihatkan, lewat
:mod:`kinerja.fmt`. Keluaran HTML tidak memuat pengenal acak, sehingga dua kali menjalankan memberi byte yang sama.
"""

from __future__ import annotations

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

from kinerja import fmt
from kinerja.csv_aman import plain, raw_text, write_rows
from kinerja.errors import GalatParameter
from kinerja.fmt import fill
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

_ARTI_KEADAAN = {
    "diturunkan": {"id": "dari angka di sumber", "en": "from figures in the source"},
    "diandaikan": {
        "id": "diganti atau dihitung dari angka yang diganti",
        "en": "replaced, or computed from a replaced figure",
    },
    "sintetis": {"id": "data buatan, bukan hasil pengamatan", "en": "made-up data, not an observation"},
    "tidak_tersedia": {"id": "tidak ada di sumber", "en": "not in the source"},
}

_JENIS_PENDEK = ("tahun", "bulan", "satuan", "keadaan")
_KUNCI_TABEL = {"judul", "dari", "sumber", "kolom", "catatan", "tebal"}


@dataclass(frozen=True)
class Tabel:
    """Bingkai data beserta uraian penyajiannya.

    Parameters
    ----------
    nama : str
        Nama tabel; dipakai sebagai nama berkas.
    judul : str
        Judul bagi pembaca.
    frame : pandas.DataFrame
        Satu baris per baris tabel, tidak dibulatkan.
    kolom : sequence of Kolom
        Kolom dalam urutan penyajian.
    catatan : sequence of str
        Catatan di bawah tabel.
    sumber : str
        Baris sumber yang sudah jadi, misalnya ``"Sumber: LKj Kemensos 2020"``.
    tebal : str, optional
        Kolom boolean: baris yang dicetak tebal (jumlah, rata-rata).
    jejak : callable, optional
        Id angka -> kalimat-kalimat asal-usulnya; dipakai oleh kolom yang punya ``asal``.
    jabaran : JabaranTabel, optional
        Rumus dengan angka-angkanya bagi sel yang diturunkan (:mod:`kinerja.jabaran`).

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
        for kolom in self.kolom:
            self._require(kolom.references)
            if not kolom.bernilai and kolom.jenis not in JENIS_LABEL:
                raise GalatParameter(
                    f"Tabel '{self.nama}', kolom '{kolom.nama}': jenis '{kolom.jenis}' tidak dikenal; "
                    f"yang ada: {', '.join(JENIS_LABEL)}."
                )
            if not kolom.bernilai and pd.api.types.is_float_dtype(self.frame[kolom.nama]) and kolom.label is None:
                raise GalatParameter(
                    f"Tabel '{self.nama}', kolom '{kolom.nama}': berisi angka pecahan tetapi tidak punya satuan."
                )
        self._require([self.tebal] if self.tebal else [])

    def _require(self, nama: Sequence[str]) -> None:
        hilang = [x for x in nama if x not in self.frame.columns]
        if hilang:
            raise GalatParameter(
                f"Tabel '{self.nama}': kolom {', '.join(map(repr, hilang))} tidak ada di bingkai data; "
                f"yang ada: {', '.join(map(str, self.frame.columns))}."
            )

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
            nama=nama,
            judul=fill(spec["judul"], **nilai),
            frame=frame,
            kolom=kolom,
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
        kunci = (id(kolom), fmt.language())
        if kunci not in self._sel_jadi:
            kata = not any(lain.jenis == "satuan" for lain in self.shown)
            self._sel_jadi[kunci] = kolom.cells(self.frame, kata)
        return self._sel_jadi[kunci]

    @cached_property
    def _sel_jadi(self) -> dict[tuple[int, str], list[Sel]]:
        return {}

    def labels(self, kolom: Kolom) -> list[str]:
        """Isi satu kolom label sebagaimana dibaca orang."""
        return kolom.labels(self.frame)

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
        rumus = [f"{nomor}) {kolom.judul} = {kolom.rumus}" for kolom, nomor in self._formulas()]
        return [*self.catatan, *rumus, *self._state_notes()]

    def _formulas(self) -> list[tuple[Kolom, int]]:
        """Kolom yang punya rumus dan nomor catatan kakinya."""
        return [(kolom, nomor) for nomor, kolom in enumerate((k for k in self.shown if k.rumus), 1)]

    def _state_notes(self) -> list[str]:
        baris = []
        hitung = self.counts()
        for keadaan, arti in _ARTI_KEADAAN.items():
            if hitung.get(keadaan):
                tanda = TANDA_TEKS.get(keadaan, fmt.HILANG)
                baris.append(f"{tanda} {fmt.pick(NAMA_KEADAAN[keadaan])}: {fmt.pick(arti)}.")
        return baris

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
        kolom = [self._html_column(x, nomor == 0, mentah) for nomor, x in enumerate(self.shown)]
        return _template().render(
            tabel=self,
            gaya=Markup(stylesheet()) if gaya else "",
            grup=list(_runs([x.grup for x in self.shown])) if any(x.grup for x in self.shown) else [],
            kepala=[(x, self._formula_number(x), self._uniform_mark(x)) for x in self.shown],
            baris=list(zip(tebal, zip(*kolom, strict=True), strict=True)),
            rumus=self._formulas(),
            kaki=[x for x in (*self._state_notes(), self.sumber) if x],
            kembali=fmt.pick({"id": "kembali ke kolom", "en": "back to the column"}),
            kosong=fmt.pick({"id": "Tidak ada baris.", "en": "No rows."}),
            state_name=state_name,
        )

    def _html_column(self, kolom: Kolom, pertama: bool, mentah: bool) -> Iterator[tuple]:
        """Per sel: elemen, atribut tetap, nilai dan satuan mentah, isi, keadaan yang ditandai, kalimat asal-usul."""
        bahasa = "id" if kolom.kutipan and fmt.language() != "id" else None
        if not kolom.bernilai:
            sifat = {"class": "tk-pendek" if kolom.jenis in _JENIS_PENDEK else None, "lang": bahasa}
            # Kepala baris yang kosong tidak menamai apa-apa; pembaca layar menyebutnya kesalahan.
            rupa = {True: ("th", _attributes(scope="row", **sifat)), False: ("td", _attributes(**sifat))}
            for nilai, isi in zip(self.frame[kolom.nama], self.labels(kolom), strict=True):
                angka = _raw_number(plain(nilai)) if mentah and kolom.label is None else ""
                yield *rupa[pertama and isi != ""], angka, "", isi, "", ()
            return
        seragam, angka = self._uniform_mark(kolom), ["tk-angka"] if kolom.berangka else []
        rupa = {x: _attributes(**{"class": " ".join(angka) or None}, lang=bahasa) for x in KEADAAN}
        for x in ("sintetis", "tidak_tersedia"):
            kelas = " ".join([*angka, f"tk-{x}".replace("_", "-")])
            rupa[x] = _attributes(**{"class": kelas}, lang=bahasa, title=state_name(x) if x == KEADAAN[-1] else None)
        tanda = {x: x if x != seragam and x in TANDA_TEKS else "" for x in KEADAAN}
        asal_usul = per_row(self.frame, f"={kolom.asal}" if kolom.asal else None)
        for nomor, (sel, asal) in enumerate(zip(self.cells(kolom), asal_usul, strict=True)):
            nilai, satuan = _raw_number(sel.nilai) if mentah else "", sel.satuan if kolom.campuran else ""
            kalimat = self.origin(kolom, nomor, sel, plain(asal))
            yield "td", rupa[sel.keadaan], nilai, satuan, sel.tampilan, tanda[sel.keadaan], kalimat

    def _formula_number(self, kolom: Kolom) -> int | None:
        return next((nomor for satu, nomor in self._formulas() if satu is kolom), None)

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
        return self.jabaran.sentences(self, kolom.nama, nomor, _exact_text(sel))

    def to_text(self) -> str:
        """Tabel sebagai teks berjarak tetap, dengan isi yang sama seperti HTML."""
        lebar: list[int] = []
        susunan: list[list[str]] = []
        for kolom in self.shown:
            seragam = self._uniform_mark(kolom)
            nomor = self._formula_number(kolom)
            isi = [kolom.judul + (f" {nomor})" if nomor else "") + TANDA_TEKS.get(seragam or "", ""), kolom.unit_name]
            if kolom.bernilai:
                for sel in self.cells(kolom):
                    isi.append(sel.tampilan + ("" if sel.keadaan == seragam else TANDA_TEKS.get(sel.keadaan, "")))
            else:
                isi += self.labels(kolom)
            susunan.append(isi)
            lebar.append(max(map(len, isi)))
        baris = []
        for i, sel in enumerate(zip(*susunan, strict=True)):
            if i == 1 and not any(sel):
                continue
            potong = [
                x.rjust(n) if kolom.berangka else x.ljust(n) for x, n, kolom in zip(sel, lebar, self.shown, strict=True)
            ]
            baris.append("  ".join(potong).rstrip())
        garis = "-" * (sum(lebar) + 2 * (len(lebar) - 1))
        kepala = 2 if any(kolom.unit_name for kolom in self.shown) else 1
        susun = [self.judul, garis, *baris[:kepala], garis, *baris[kepala:], garis, *self.notes()]
        return "\n".join([*susun, *([self.sumber] if self.sumber else [])])

    def to_frame(self, tampil: bool = False) -> pd.DataFrame:
        """Bingkai dengan kepala kolom pembaca dan satuannya; ``tampil``: angka sebagai teks seperti di halaman.

        Tanpa ``tampil`` angkanya tidak dibulatkan, dan teks mirip rumus dinetralkan.
        """
        isi = {}
        for kolom in self.shown:
            kepala = f"{kolom.judul} ({kolom.unit_name})" if kolom.unit_name else kolom.judul
            if not kolom.bernilai:
                isi[kepala] = self.labels(kolom) if tampil else [raw_text(x) for x in self.labels(kolom)]
            elif tampil:
                isi[kepala] = [x.tampilan for x in self.cells(kolom)]
            else:
                isi[kepala] = [raw_text(x.nilai) if isinstance(x.nilai, str) else x.nilai for x in self.cells(kolom)]
        return pd.DataFrame(isi)

    def to_csv(self) -> str:
        """CSV tanpa pembulatan: nama dan kode seperti dalam data, tiap nilai diikuti satuan dan keadaan, lalu sumber.

        Sebutan pembaca yang lain daripada isi datanya (kode, terjemahan, nama bulan) ada di kolom ``<nama>_label``.

        Rupiah tidak diskalakan. Kolom ``id``, ``bagian``, dan ``sumber`` bingkai data (bila ada) ikut sebagai ``id``,
        ``bagian``, dan ``sumber_id``. Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal.
        """
        kepala: list[str] = []
        isi: list[list[str]] = []
        for kolom in self.kolom:
            kepala.append(kolom.nama)
            if kolom.bernilai:
                sel = self.cells(kolom)
                kepala += [f"{kolom.nama}_satuan", f"{kolom.nama}_keadaan"]
                isi += [[raw_text(x.nilai) for x in sel], [x.satuan for x in sel], [x.keadaan for x in sel]]
            else:
                isi.append([raw_text(plain(x)) for x in self.frame[kolom.nama]])
                sebutan = [raw_text(x) for x in self.labels(kolom)]
                if kolom.label is not None or sebutan != isi[-1]:
                    kepala.append(f"{kolom.nama}_label")
                    isi.append(sebutan)
        for asal, tujuan in (("id", "id"), ("bagian", "bagian"), ("sumber", "sumber_id")):
            if asal in self.frame.columns and asal not in kepala:
                kepala.append(tujuan)
                isi.append([raw_text(plain(x)) for x in self.frame[asal]])
        kepala.append("sumber")
        isi.append([raw_text(self.sumber)] * len(self.frame))
        return write_rows(kepala, zip(*isi, strict=True))

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
                    else self.labels(kolom),
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


def _exact_text(sel: Sel) -> str:
    """Isi sel dalam satuannya sendiri tanpa skala, dengan desimal yang diperlihatkan."""
    if isinstance(sel.nilai, str) or sel.nilai is None:
        return sel.tampilan
    return fmt.angka(sel.nilai, sel.desimal)


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
