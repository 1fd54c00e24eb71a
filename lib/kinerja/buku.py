"""Sesi satu notebook: data satu tahun, teks dua bahasa, dan cara menjawab sebuah pertanyaan.

Kalimat, judul, dan kepala kolom ada di ``lib/kinerja/teks/<notebook>.yml``; sel notebook memilih, menghitung,
menggambar, lalu menyerahkan bingkai dan sumbunya. Saat dirender berkelompok, tabel dan gambar yang sama juga ditulis ke
folder laporan (:mod:`kinerja.keluaran`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml
from IPython.display import display

from kinerja import fmt, paths, pintu
from kinerja.berkas import packaged, parse_yaml
from kinerja.data.andaian import sentence
from kinerja.errors import GalatParameter
from kinerja.istilah import section, term, word
from kinerja.jabaran import JabaranTabel, Penjabar
from kinerja.jawaban import KUNCI, Jawaban, Ringkasan, as_frame, called, columns_of, control_html, strip_table
from kinerja.kalimat import Bingkai, Penulis, bold, unbold
from kinerja.keluaran import DPI_BERKAS, TELEPON, Keluaran, display_size, in_app, phone_size, slim_png, to_png, to_svg
from kinerja.kerahasiaan import amankan
from kinerja.kolom import SUMBER_BUATAN, complete, read_column
from kinerja.periode import TAHUN, Waktu
from kinerja.tables import Tabel, frame_to_csv

if TYPE_CHECKING:
    from kinerja.audit import Audit

_KUNCI_TEKS = {"judul", "perlu", "sel", "ringkas", "jawab", "tak_terjawab", "cara"}
_ALASAN = ("alasan", "tantangan", "tindak_lanjut")
_JENIS_KATA = {"tak_terjawab": "tak_diketahui", "cara": "cara"}

_pengumpul: ContextVar[tuple[Mapping[str, float | None], list[Buku]] | None] = ContextVar("pengumpul", default=None)


@contextmanager
def collecting(andaian: Mapping[str, float | None] | None = None) -> Iterator[list[Buku]]:
    """Kumpulkan buku yang dibuka di dalam blok ini; jawabannya disusun, tetapi tidak satu pun diperlihatkan.

    ``andaian``: angka yang diganti di data setiap buku (:meth:`kinerja.pintu.Laporan.replace`).
    """
    semula = _pengumpul.set((andaian or {}, buku := []))
    try:
        yield buku
    finally:
        _pengumpul.reset(semula)


def open_buku(
    nama: str,
    *,
    tahun: int,
    bahasa: str = "id",
    periode: str = "",
    data: pintu.Laporan | None = None,
    **parameter: Any,
) -> Buku:
    """Buka sesi notebook: setel bahasa, muat dan periksa data.

    Parameters
    ----------
    nama : str
        Nama notebook tanpa akhiran; menentukan berkas teksnya.
    tahun : int
        Harus ada folder ``data/raw/<tahun>``.
    periode : str
        Salah satu dari :data:`kinerja.periode.PERIODE`; kosong berarti menurut data.
    data : Laporan, optional
        Data yang sudah dibuka, misalnya dengan andaian (:meth:`kinerja.pintu.Laporan.replace`).
    **parameter
        Parameter lain notebook itu, untuk diperlihatkan dan dipakai sebagai ``{tempat}`` di teks.

    Raises
    ------
    GalatParameter
        Bahasa atau tahun tidak ada, tabel yang diperlukan notebook ini belum diisi, atau laporan dirender dari andaian.
    GalatData
        Data tahun itu tidak sesuai skema.
    """
    fmt.use(bahasa)
    andaian, terkumpul = _pengumpul.get() or ({}, [])
    data = (data or pintu.open(tahun, bahasa=bahasa)).at(periode)
    if andaian:
        data = data.replace(andaian)
    buku = Buku(nama, tahun=tahun, bahasa=bahasa, data=data, parameter=parameter)
    if data.andaian and buku.keluaran is not None:
        raise GalatParameter(f"Angka andaian tidak masuk laporan. {sentence(data.andaian)}")
    terkumpul.append(buku)
    kurang = missing_tables(nama, buku.data)
    if kurang:
        raise GalatParameter(f"Notebook {nama} memerlukan tabel {', '.join(kurang)}, yang belum diisi untuk {tahun}.")
    return buku


def missing_tables(nama: str, d: Any) -> list[str]:
    """Tabel ``perlu`` di berkas teks notebook itu yang belum diisi; kosong bila notebook dapat dijalankan."""
    perlu = read_teks(nama).get("perlu", ()) if paths.teks(nama).is_file() else ()
    return [tabel for tabel in perlu if not d.has(tabel)]


def read_teks(nama: str) -> dict[str, Any]:
    """Baca teks dua bahasa sebuah notebook; kosong bagi notebook sendiri, di luar folder ``notebooks``.

    Raises
    ------
    GalatParameter
        Berkas tidak ada, bukan YAML yang sah, atau memuat kunci yang tidak dikenal.
    """
    berkas = paths.teks(nama)
    if not berkas.is_file():
        if not (paths.notebooks() / f"{nama}.ipynb").is_file():
            return {}
        raise GalatParameter(
            f"Notebook '{nama}' belum punya berkas teks; tulis lib/kinerja/teks/{berkas.name} "
            f"(kinerja notebook-baru {nama} --resmi menulis keduanya)."
        )
    try:
        isi = parse_yaml(berkas.read_text("utf-8")) or {}
    except yaml.YAMLError as galat:
        raise GalatParameter(f"Teks {berkas.name} bukan YAML yang sah: {' '.join(str(galat).split())}") from galat
    asing = sorted(set(isi) - _KUNCI_TEKS)
    if asing:
        raise GalatParameter(f"Teks {berkas.name}: kunci {', '.join(asing)} tidak dikenal.")
    return isi


class Buku:
    """Sesi satu notebook; dibuka dengan :func:`open_buku`."""

    def __init__(
        self, nama: str, *, tahun: int, bahasa: str, data: Any, parameter: Mapping[str, Any] | None = None
    ) -> None:
        self.nama, self.tahun, self.bahasa, self.data = nama, tahun, bahasa, data
        self.waktu = Waktu(tahun, getattr(data, "periode", TAHUN))
        self.parameter = dict(parameter or {})
        self.teks = read_teks(nama)
        self.keluaran = Keluaran.from_env(nama)
        self.jawab: dict[str, Jawaban] = {}
        self.ringkas: Ringkasan | None = None
        self._andaian: tuple = getattr(data, "andaian", ())
        self._tabel_mentah: dict[str, None] = {}

    def show_parameters(self) -> None:
        """Perlihatkan parameter yang dipakai; di halaman tanpa kode hanya inilah jejaknya."""
        isi = {"tahun": self.waktu, "bahasa": self.bahasa, **self.parameter}
        isi = {k: _parameter_text(v) for k, v in isi.items()}
        butir = "".join(f"<div><dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd></div>" for k, v in isi.items())
        polos = "; ".join(f"{k} = {v}" for k, v in isi.items())
        _show(f"{word('pilihan')}: {polos}", html_=f'<dl class="parameter-kinerja">{butir}</dl>')

    def summary(self, strip: pd.DataFrame | None = None, **bingkai: pd.DataFrame) -> None:
        """Jawaban singkat: kepala, pokok-pokok, dan baris angka utama menurut ``ringkas:`` di berkas teks.

        Parameters
        ----------
        strip : DataFrame, optional
            Satu baris per indikator; kolomnya dari :func:`kinerja.capaian.strip`, atau menurut ``ringkas: strip:``.
        **bingkai
            Bingkai yang dibaca kalimat-kalimatnya dengan ``{nama:baris.kolom}``; ``strip`` ikut. Kolom baru mendapat
            satuannya dari ``ringkas: satuan:``.

        Raises
        ------
        GalatParameter
            Kalimatnya menunjuk yang tidak ada.
        """
        spec = self.teks.get("ringkas") or {}
        tabel = None
        if strip is not None:
            uraian = complete(spec.get("strip") or {}, f"teks/{self.nama}.yml, strip")
            tabel = strip_table(amankan(strip), uraian.get("kolom"), **self._values({}))
            bingkai["strip"] = tabel
        penulis = self._writer(bingkai, satuan=spec.get("satuan"))
        pokok = [penulis.say(x, html.escape) for x in spec.get("butir", ())]
        pokok.append(html.escape(sentence(self._andaian)))
        kepala, berisi = penulis.say(spec.get("kepala", ""), html.escape), strip is not None and len(strip)
        self.ringkas = Ringkasan(kepala, tuple(filter(None, pokok)), tabel if berisi else None)
        if not self.ringkas.kepala:
            raise GalatParameter(f"Teks {self.nama}: tidak satu pun pilihan ringkas: kepala: terpenuhi.")
        if self.keluaran is not None:
            self.keluaran.write_meta("ringkas", "ringkas", self.ringkas.to_meta())
        _show(self.ringkas.text(), html_=self.ringkas.to_html())

    def answer(
        self,
        nama: str,
        frame: pd.DataFrame,
        ax: Any = None,
        *,
        judul: str | None = None,
        satuan: Mapping[str, str] | None = None,
        dari: Sequence[str] = (),
        label: bool = True,
        buka: bool = False,
        **nilai: Any,
    ) -> pd.DataFrame:
        """Jawab satu pertanyaan: kalimat, gambar, tabel terlipat, dan catatan, di bawah satu nomor.

        Gambarnya bercap bila tabelnya memuat angka sintetis atau datanya memuat andaian.

        Parameters
        ----------
        nama : str
            Nama di bawah ``jawab:`` di berkas teks. Tanpa entri di sana, ``judul`` wajib dan kolomnya diuraikan dari
            bingkainya sendiri.
        frame : DataFrame
            Satu baris per baris tabel, tidak dibulatkan, berisi nama dan kode seperti dalam data; kalimatnya membaca
            ``{baris.kolom}`` darinya. Semua angka yang tergambar ada di dalamnya.
        ax : Axes or sequence of Axes, optional
            Sumbu yang sudah digambari, dengan nama kolom sebagai nama sumbunya. Tanpa sumbu hanya tabel.
        judul : str, optional
            Judul tabel dan gambar bagi jawaban tanpa entri di berkas teks.
        satuan : mapping of str to str, optional
            Kolom -> satuan, bagi jawaban tanpa entri.
        dari : sequence of str
            Tabel data asalnya, bagi baris sumber jawaban tanpa entri.
        label : bool
            Tulis angka pada batang (paling banyak enam belas).
        buka : bool
            Tabelnya langsung terbuka.
        **nilai
            Nilai lain yang disebut kalimat; teks atau bilangan bulat.

        Returns
        -------
        DataFrame
            ``frame``; akhiri sel dengan titik koma supaya Jupyter tidak memperlihatkannya lagi.

        Raises
        ------
        GalatParameter
            Uraiannya tidak ada, atau kalimatnya menunjuk yang tidak ada.
        """
        aman = amankan(frame)
        spec = self._answer_spec(nama, aman, judul, satuan, dari)
        jawaban = self._build_answer(nama, aman, ax, spec, label, nilai)
        keadaan = "sintetis" if jawaban.tabel.synthetic else "diandaikan" if self._andaian else None
        self.jawab[nama] = jawaban
        (self._show_answer if self.keluaran is None else self._write_answer)(jawaban, keadaan, buka)
        for fig in {x.figure: None for x in jawaban.axes}:
            _close(fig)
        return frame

    def build(self, nama: str, frame: pd.DataFrame, ax: Any = None, **nilai: Any) -> Jawaban:
        """Susun sebuah jawaban tanpa memperlihatkannya, bagi kendali; lihat :meth:`answer`."""
        aman = amankan(frame)
        return self._build_answer(nama, aman, ax, self._answer_spec(nama, aman), True, nilai)

    def _build_answer(
        self, nama: str, frame: pd.DataFrame, ax: Any, spec: Mapping[str, Any], label: bool, nilai: Mapping[str, Any]
    ) -> Jawaban:
        isi = {"judul": "", "kolom": spec["kolom"], "tebal": spec.get("tebal")}
        jabaran = JabaranTabel(self._penjabar, spec.get("jabaran") or {}, frame.attrs.get("formulas"))
        tabel = Tabel.from_spec(frame, nama, isi, jejak=self._trace, jabaran=jabaran, **self._values(nilai))
        penulis = self._writer({"": tabel}, nilai)
        dari = spec.get("dari") or ()
        self._tabel_mentah.update(dict.fromkeys(dari))
        asal = self.data.source_line(dari, word("sumber"), _sources_of(frame)) if dari else ""
        asal = [fmt.pick(SUMBER_BUATAN)] if tabel.synthetic else [asal, penulis.say(spec.get("sumber", ""))]
        sumber = " ".join(filter(None, [*asal, sentence(self._andaian)]))
        catatan = () if frame.empty else tuple(filter(None, map(penulis.say, spec.get("catatan", ()))))
        tabel = replace(tabel, judul=penulis.say(spec["tabel"]), catatan=catatan, sumber=sumber)
        kosong = f"**{html.escape(tabel.judul)}.** {word('kosong')}" if frame.empty else ""
        kata = _answer_sentence(penulis, spec.get("jawab", ""), kosong)
        kalimat = {
            "jawab": kata,
            "gambar": "" if kosong else penulis.say(spec.get("gambar", "")) or _first_sentence(kata) or tabel.judul,
            "sub": "" if kosong else penulis.say(spec.get("sub", "")),
        }
        sumbu = [] if ax is None or frame.empty else [x for x in _flat(ax) if x.get_visible()]
        ada = any(x.has_data() or x.texts for x in sumbu)  # selebihnya rinciannya belum diisi
        # seaborn sering menggambar bingkai yang dipanjangkan: kolom barunya tidak ada di tabel, tetapi perlu nama
        hanya_gambar = [read_column(nama, k, x, self._values(nilai)) for k, x in (spec.get("sumbu") or {}).items()]
        kolom = {x.nama: x for x in (*tabel.kolom, *hanya_gambar)}
        if ada:
            from kinerja.dandan import describe, dress  # matplotlib mahal dimuat; bab yang hanya bertabel tidak perlu

            dress(sumbu, kolom, label=label)
            kalimat["alt"] = f"{kalimat['gambar'].rstrip('.')}. {describe(sumbu, kolom)}".strip()
        elif ax is not None:
            _close(_flat(ax)[0].figure)
        nomor = 1 + sum(not x.frame.empty for k, x in self.jawab.items() if k != nama)
        return Jawaban(nama, nomor, frame, tabel, sumbu if ada else [], kolom, kalimat)

    def _answer_spec(
        self,
        nama: str,
        frame: pd.DataFrame,
        judul: str | None = None,
        satuan: Mapping[str, str] | None = None,
        dari: Sequence[str] = (),
    ) -> Mapping[str, Any]:
        semua = self.teks.get("jawab") or {}
        if nama not in semua:
            if judul is None:
                raise GalatParameter(
                    f"Teks notebook '{self.nama}' tidak punya jawab '{nama}'; yang ada: {', '.join(semua) or '-'}. "
                    f"Tulis di bawah jawab: pada teks/{self.nama}.yml, atau beri judul=... bagi pekerjaan sendiri."
                )
            return {"tabel": judul, "kolom": columns_of(frame, satuan or {}), "dari": dari}
        asing = sorted(set(semua[nama]) - KUNCI)
        if asing:
            raise GalatParameter(
                f"Jawaban '{nama}': kunci {', '.join(asing)} tidak dikenal; yang ada: {sorted(KUNCI)}."
            )
        return complete(semua[nama], f"teks/{self.nama}.yml, jawab '{nama}'")

    def _writer(
        self, tabel: Mapping[str, Any], nilai: Mapping[str, Any] | None = None, satuan: Mapping[str, str] | None = None
    ) -> Penulis:
        """Penulis kalimat yang membaca tabel-tabel jawaban atau bingkai biasa."""
        bingkai = {
            k: as_frame(x.frame, x.kolom) if isinstance(x, Tabel) else Bingkai(amankan(x), satuan or {})
            for k, x in tabel.items()
        }
        return Penulis(bingkai, self._values({**self.parameter, **(nilai or {})}))

    def _show_answer(self, jawaban: Jawaban, keadaan: str | None, buka: bool) -> None:
        """Di notebook: kalimat, gambar, dan tabel sebagai tiga keluaran."""
        if jawaban.kalimat["jawab"]:
            _show(html.unescape(unbold(jawaban.kalimat["jawab"])), html_=jawaban.sentence_html())
        if jawaban.axes:
            from kinerja import figures

            fig, sub = jawaban.axes[0].figure, jawaban.kalimat["sub"]
            figures.sign(fig, judul=jawaban.kalimat["gambar"], sumber=jawaban.tabel.sumber, keadaan=keadaan)
            judul = f"{word('gambar')} {jawaban.nomor}. {jawaban.kalimat['gambar']}"
            self._show_figure(fig, {"judul": judul, "alt": jawaban.kalimat["alt"], "keterangan": sub})
        if len(jawaban.frame):
            _show(jawaban.tabel.to_text(), html_=jawaban.table_html(jawaban.tabel.to_html(), buka=buka))

    def _write_answer(self, jawaban: Jawaban, keadaan: str | None, buka: bool) -> None:
        """Ke laporan: gambar lebar dan sempit, tabel CSV, uraian keduanya, dan satu bagian halaman."""
        if jawaban.frame.empty:  # bagian tanpa data tidak ada di halaman
            return
        gambar = self._write_drawings(jawaban, keadaan) if jawaban.axes else ""
        tabel, nama = jawaban.tabel, jawaban.nama
        badan = tabel.to_html(gaya=False, mentah=True)
        alamat = self.keluaran.write("tabel", nama, "csv", tabel.to_csv())
        meta = {**tabel.to_meta(), "nomor": jawaban.nomor, "gambar": bool(jawaban.axes), "buka": buka, "html": badan}
        self.keluaran.write_meta("tabel", nama, meta)
        isi = jawaban.sentence_html() + gambar + jawaban.table_html(badan, alamat, buka)
        teks = f"{jawaban.text()}\n\n{tabel.to_text()}"
        _show(teks, html_=f'<section class="jawaban" id="jawaban-{html.escape(nama)}">{isi}</section>')

    def _write_drawings(self, jawaban: Jawaban, keadaan: str | None) -> str:
        from kinerja import figures
        from kinerja.dandan import fit_legends, narrow

        fig, nama, kolom = jawaban.axes[0].figure, jawaban.nama, jawaban.kolom
        figures.sign(fig, keadaan=keadaan)
        ukuran = display_size(fig)
        lebar = self.keluaran.write("gambar", nama, "svg", to_svg(fig))
        narrow(jawaban.axes, kolom, telepon=True)
        with phone_size(fig):
            fit_legends(jawaban.axes)
            telepon = self.keluaran.write("gambar", nama + TELEPON, "svg", to_svg(fig))
        narrow(jawaban.axes, kolom, telepon=False)
        fit_legends(jawaban.axes)
        unduh = {"SVG": lebar}
        if self.keluaran.png:
            figures.sign(fig, judul=jawaban.kalimat["gambar"], sumber=jawaban.tabel.sumber, keadaan=keadaan)
            unduh = {"PNG": self.keluaran.write("gambar", nama, "png", to_png(fig, DPI_BERKAS)), **unduh}
        uraian = {"nama": nama, "nomor": jawaban.nomor, "judul": jawaban.kalimat["gambar"], **jawaban.kalimat}
        self.keluaran.write_meta("gambar", nama, {**uraian, "sumber": jawaban.tabel.sumber})
        return jawaban.figure_html({"lebar": lebar, "telepon": telepon}, ukuran, unduh)

    def reasons(self, *, notebook: str | None = None) -> None:
        """Mengapa dan tindak lanjut menurut sumbernya: baris ``penjelasan`` milik notebook ini, dengan bagiannya.

        ``notebook``: penjelasan notebook lain, bagi notebook yang memandang angka yang sama dari sisi lain.
        """
        isi = self._own_words(notebook or self.nama, _ALASAN)
        if isi.empty:
            if self.keluaran is None:
                _show(word("tanpa_penjelasan"), html_=f"<p>{word('tanpa_penjelasan')}</p>")
            return
        self._tabel_mentah["penjelasan"] = None
        teks, bagian = [], []
        for jenis in [x for x in _ALASAN if (isi["jenis"] == x).any()]:
            pokok = self._reasons_of(isi[isi["jenis"] == jenis], bernama=isi["indikator"].nunique() > 1)
            teks.append(f"{word(jenis)}:")
            bagian.append(f"<h3>{word(jenis)}</h3><ul>")
            for nama, kata, tempat in pokok:
                teks.append(f"- {f'{nama}. ' if nama else ''}{kata}{f' ({tempat})' if tempat else ''}")
                nama, kata, tempat = map(html.escape, (nama, kata, tempat))
                bagian.append(
                    f"<li>{f'<b>{nama}.</b> ' if nama else ''}{kata} "
                    f"{f'<small>({tempat})</small>' if tempat else ''}</li>"
                )
            bagian.append("</ul>")
        _show("\n".join(teks), html_=f'<div class="penjelasan">{"".join(bagian)}</div>')

    def _reasons_of(self, isi: pd.DataFrame, bernama: bool) -> list[tuple[str, str, str]]:
        """Nama indikator, kalimat, dan bagian sumber; satu butir per indikator bila ``bernama``.

        Bagian sumber yang sama dengan butir sesudahnya disebut di butir itu saja.
        """
        tempat = isi["bagian"].str.replace(r"^Capaian Kinerja: | \((?:prosa|baris [0-9]+)\)$", "", regex=True)
        tempat = tempat.map(section)
        if not bernama:
            ulang = tempat == tempat.shift(-1)
            return [("", kata, y) for kata, y in zip(isi["kata"], tempat.mask(ulang, ""), strict=True)]
        nama = self.data["iku"].set_index("kode")["nama_pendek"]
        return [
            (term(nama[kode]) if kode else "", " ".join(x["kata"]), "; ".join(dict.fromkeys(tempat[x.index])))
            for kode, x in isi.groupby("indikator", sort=False)
        ]

    def _own_words(self, notebook: str, jenis: Sequence[str]) -> pd.DataFrame:
        """Baris ``penjelasan`` sebuah notebook, dengan kalimatnya dalam bahasa yang berlaku di kolom ``kata``."""
        if not self.data.has("penjelasan"):
            return pd.DataFrame(columns=["indikator", "jenis", "bagian", "kata"])
        isi = self.data["penjelasan"]
        isi = isi[(isi["notebook"] == notebook) & isi["jenis"].isin(jenis)]
        kata = isi["ringkas" if fmt.language() == "id" else "ringkas_en"]
        return isi.assign(kata=kata.where(kata != "", isi["ringkas"]))

    def unknowns(self, **bingkai: pd.DataFrame) -> None:
        """Yang tidak dapat dikatakan: ``tak_terjawab:`` di berkas teks."""
        self._list("tak_terjawab", bingkai)

    def method(self, **bingkai: pd.DataFrame) -> None:
        """Cara menghitung dan sumber: aturan ``cara:``, pilihan yang dipakai, dan sumber lengkap."""
        self._list("cara", bingkai)
        self.show_parameters()
        self.sources()

    def _list(self, kunci: str, bingkai: Mapping[str, pd.DataFrame]) -> None:
        penulis = self._writer(bingkai)
        isi = [html.escape(x) for x in self._own_words(self.nama, [_JENIS_KATA[kunci]])["kata"]]
        isi += [x for x in (penulis.say(satu, html.escape) for satu in self.teks.get(kunci) or ()) if x]
        if not isi:
            return
        butir = "".join(f"<li>{bold(x)}</li>" for x in isi)
        _show("\n".join(f"- {html.unescape(unbold(x))}" for x in isi), html_=f'<ul class="{kunci}">{butir}</ul>')

    def to_latex(self, nama: str) -> str:
        """Tabel sebuah jawaban sebagai LaTeX, dengan kepala kolom, satuan, dan angka seperti di halaman."""
        return self._answered(nama).tabel.to_frame(tampil=True).to_latex(index=False, escape=True)

    def to_excel(self, nama: str, berkas: Path | str) -> None:
        """Tulis tabel sebuah jawaban sebagai lembar Excel: angka tetap angka, teks mirip rumus dinetralkan."""
        self._answered(nama).tabel.to_frame().to_excel(Path(berkas), index=False, sheet_name=nama[:31])

    def _answered(self, nama: str) -> Jawaban:
        if nama not in self.jawab:
            raise GalatParameter(f"Belum ada jawaban '{nama}'; yang ada: {', '.join(self.jawab) or 'tidak ada'}.")
        return self.jawab[nama]

    @cached_property
    def _penjabar(self) -> Penjabar:
        return Penjabar(self.data, self._trace)

    def file(self, nama: str, frame: pd.DataFrame) -> None:
        """Tulis ``tabel/<nama>.csv`` ke laporan dengan kolom bingkai data apa adanya, dan perlihatkan tautannya.

        Tanpa render, hanya banyaknya baris yang diperlihatkan. Nama berkas itu tidak diawali nama halaman, supaya
        alamatnya tetap.
        """
        frame = amankan(frame)
        berkas, uraian = f"{nama}.csv", f"{fmt.angka(len(frame))} {word('baris')}."
        if self.keluaran is None:
            _show(f"{berkas}: {uraian}", html_=f"<p>{html.escape(f'{berkas}: {uraian}')}</p>")
            return
        alamat = self.keluaran.write_file("tabel", nama, frame_to_csv(frame))
        tautan = f'<a href="{html.escape(alamat)}" download>{html.escape(berkas)}</a>'
        _show(f"{berkas}: {uraian}", html_=f"<p>{tautan}: {html.escape(uraian)}</p>")

    def panel(self, panel: Any) -> None:
        """Perlihatkan panel kendali; di halaman laporan, yang tidak menjalankan Python, kembarannya bila ada."""
        if self.keluaran is None and _pengumpul.get() is None:
            display(panel)
        elif getattr(panel, "luring", None):
            self.control(*panel.luring)

    def control(self, nama: str, isi: Mapping[str, Any]) -> None:
        """Kendali kecil di halaman laporan (:func:`kinerja.jawaban.control_html`); di notebook hidup ada panelnya."""
        if self.keluaran is not None:
            _show("", html_=control_html(nama, isi, self.bahasa))

    def sources(self) -> None:
        """Perlihatkan sumber semua tabel data yang dipakai tabel dan gambar di notebook ini."""
        tabel = self._source_table()
        _show(tabel.to_text(), html_=tabel.to_html(gaya=self.keluaran is None))

    def _trace(self, id_: str, kode: str | None = None) -> list[str]:
        """Asal-usul satu angka untuk sel tabel: rumusnya, lalu masukannya dengan berkas, baris, dan bagian laporan."""
        return self._audit.sentences(id_, kode)

    @cached_property
    def _audit(self) -> Audit:
        from kinerja.audit import Audit  # hanya tabel yang memperlihatkan asal-usul yang memerlukannya

        return Audit(self.data)

    def _source_table(self) -> Tabel:
        baris = []
        for tabel in filter(self.data.has, self._tabel_mentah):
            isi = self.data[tabel]
            if tabel == "penjelasan":
                isi = isi[isi["notebook"] == self.nama]
            bagian = isi["bagian"].str.replace(r" \([^()]*\)$", "", regex=True)  # tanpa letaknya di bagian itu
            baris.append(isi[["sumber"]].assign(bagian=bagian, tabel=tabel).drop_duplicates())
        jejak = pd.concat(baris, ignore_index=True) if baris else pd.DataFrame(columns=["sumber", "bagian", "tabel"])
        ringkas = jejak.groupby("sumber", sort=False)[["bagian", "tabel"]].agg(lambda x: "; ".join(dict.fromkeys(x)))
        sumber = self.data.sumber.set_index("id").loc[ringkas.index, ["judul", "penerbit", "tanggal"]]
        frame = ringkas.join(sumber).reset_index()
        frame["tanggal"] = frame["tanggal"].astype(str)
        return Tabel.from_spec(frame, "sumber", packaged("jawaban.yml")["tabel_sumber"])

    def _values(self, nilai: Mapping[str, Any]) -> dict[str, Any]:
        return {"tahun": self.waktu, **called(self.data), **nilai}

    def _show_figure(self, fig: Any, uraian: Mapping[str, str]) -> None:
        if _pengumpul.get() is not None:
            return
        png = slim_png(to_png(fig))
        if in_app():
            # Penggambar keluaran PNG di peramban mengabaikan teks alternatif; HTML tidak.
            from kinerja.explore import image_html

            _show(uraian["judul"], html_=image_html(png, uraian["alt"]))
        else:
            lebar, tinggi = display_size(fig)
            ukuran = {"width": lebar, "height": tinggi, "alt": uraian["alt"]}
            _show(uraian["judul"], png=png, metadata={"image/png": ukuran})
        if uraian["keterangan"]:
            _show(uraian["keterangan"], html_=f"<p><small>{html.escape(uraian['keterangan'])}</small></p>")


def _answer_sentence(penulis: Penulis, kalimat: Any, kosong: str) -> str:
    """Kalimat jawaban; bagi bingkai kosong pilihan yang tidak membaca baris bila ada, selebihnya ``kosong``."""
    try:
        return penulis.say(kalimat, html.escape) or kosong
    except GalatParameter:
        if not kosong:
            raise
        return kosong


def _first_sentence(kata: str) -> str:
    """Kalimat pertama sebuah jawaban sebagai judul: tanpa tanda tebal dan titiknya."""
    return re.split(r"\.(?=\s|$)", html.unescape(unbold(kata)), maxsplit=1)[0]


def _show(polos: str, *, html_: str | None = None, png: bytes | None = None, metadata: Any = None) -> None:
    """Kirim satu keluaran: selalu ada teks polos, supaya nbval membandingkan sesuatu yang dapat dibaca."""
    if _pengumpul.get() is not None:
        return
    isi = {"text/plain": polos, "text/html": html_, "image/png": png}
    display({k: x for k, x in isi.items() if x is not None}, metadata=metadata or {}, raw=True)


def _close(fig: Any) -> None:
    """Tutup gambar agar tidak ditampilkan lagi oleh backend di akhir sel."""
    from matplotlib import pyplot as plt  # sama: hanya dimuat bila ada gambar

    plt.close(fig)


def _parameter_text(nilai: Any) -> str:
    if nilai is None or nilai == "":
        return "–"
    if isinstance(nilai, (list, tuple)):
        return ", ".join(map(str, nilai))
    return str(nilai)


def _sources_of(frame: pd.DataFrame) -> set[str] | None:
    """Id sumber bingkai: kolom ``sumber`` dan ``sumber_*``, atau ``attrs["sumber"]``; None: tidak diketahui."""
    kolom = [x for x in frame if x == "sumber" or str(x).startswith("sumber_")]
    if kolom:
        return {str(x) for k in kolom for x in frame[k].dropna()}
    return set(frame.attrs["sumber"]) if "sumber" in frame.attrs else None


def _flat(ax: Any) -> list[Any]:
    """Sumbu-sumbu dalam urutannya, dari satu sumbu, gambar, larik, atau daftar."""
    if hasattr(ax, "get_xlabel"):
        return [ax]
    return [x for satu in getattr(ax, "axes", ax) for x in _flat(satu)]
