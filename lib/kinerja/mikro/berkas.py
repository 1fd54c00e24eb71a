"""Berkas data mikro apa pun yang dipegang orang: hanya kolom yang diperlukan, dirapikan dengan satu cara.

Tiap format punya pembaca yang memberi isi kolom sebagai larik Arrow yang mentah: kode tetap kode (bukan label), teks
tetap teks. Merapikannya urusan :mod:`kinerja.mikro.rapikan`.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from kinerja.data.reading import check_workbook
from kinerja.errors import GalatData, GalatKinerja, GalatParameter
from kinerja.mikro.rapikan import rapikan

_CONTOH = 1 << 20
_SEL_TEKS = pa.dictionary(pa.int32(), pa.string())
_LEBAR = re.compile(r"Expected (\d+) columns, got (\d+)")
_PUSTAKA = ("pyreadstat", "pyarrow", "pandas", "openpyxl", "zipfile")


def daftar_kolom(berkas: Path | str) -> list[str]:
    """Nama semua kolom sebuah berkas data mikro, tanpa membaca isinya.

    Raises
    ------
    GalatData
        Berkas tidak ada, formatnya tidak dikenal, atau isinya rusak.
    """
    with _buka(Path(berkas)) as baca:
        return baca.nama()


def daftar_label(berkas: Path | str) -> dict[str, str]:
    """Nama kolom -> label variabel sebuah berkas Stata atau SPSS; format lain tidak berlabel."""
    with _buka(Path(berkas)) as baca:
        return baca.label()


def cocokkan(tersedia: Sequence[str], diminta: Iterable[str], berkas: str) -> dict[str, str]:
    """Nama diminta -> nama di berkas: persis dahulu, lalu tanpa melihat huruf besar dan spasi; yang tiada dilewati."""
    longgar: dict[str, list[str]] = {}
    for nama in tersedia:
        longgar.setdefault(_longgar(nama), []).append(nama)
    hasil = {}
    for nama in diminta:
        semua = longgar.get(_longgar(nama), [])
        calon = [x for x in semua if x == nama] or semua
        if len(calon) > 1:
            temuan = f"{len(calon)} kolom yang cocok ({', '.join(calon)})"
            harapan = "satu kolom saja tanpa melihat huruf besar dan spasi"
            raise GalatData(berkas, kolom=nama, ditemukan=temuan, diharapkan=harapan)
        if calon:
            hasil[nama] = calon[0]
    return hasil


def _longgar(nama: str) -> str:
    return "".join(nama.split()).casefold()


def baca_kolom(berkas: Path | str, kolom: Iterable[str], jenis: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Baca kolom-kolom yang diminta; yang tidak ada di berkas dilewati.

    Parameters
    ----------
    berkas : Path
        ``.csv`` (pemisah koma, titik koma, atau tab), ``.parquet``, ``.dta``, ``.sav``, ``.dbf``, ``.xlsx``.
    kolom, jenis
        Nama menurut kodebuku, dicocokkan seperti :func:`cocokkan`, dan yang dimintanya dari tiap kolom; lihat
        :func:`kinerja.mikro.rapikan.rapikan`.

    Returns
    -------
    DataFrame
        Kolom bernama seperti diminta, dirapikan: sama sampai bit terakhir untuk isi yang sama, apa pun formatnya.

    Raises
    ------
    GalatData
        Berkas tidak ada, tidak dikenal, rusak, atau tidak berisi baris; atau isi sebuah kolom tidak tunggal artinya.
    """
    berkas = Path(berkas)
    with _buka(berkas) as baca:
        tersedia = baca.nama()
        peta = cocokkan(tersedia, kolom, berkas.name)
        if not peta:
            temuan = "tidak satu pun kolom yang disebut kodebuku"
            harapan = "berkas survei yang nama kolomnya sama dengan kodebuku"
            raise GalatData(berkas.name, ditemukan=temuan, diharapkan=harapan)
        isi = baca.isi([tersedia.index(lama) for lama in peta.values()])
        if not len(isi[0]):
            raise GalatData(berkas.name, ditemukan="nol baris", diharapkan="data responden")
        hasil = {}
        for nama in peta:
            # yang sudah dirapikan dilepas: puncak memori tidak dua kali lipat
            satu, jenis_satu = isi.pop(0), (jenis or {}).get(nama, "")
            hasil[nama] = rapikan(satu, nama, berkas.name, jenis=jenis_satu, desimal=baca.desimal)
        return pd.DataFrame(hasil, copy=False)


@contextmanager
def _buka(berkas: Path) -> Iterator[Pembaca]:
    """Pembaca sebuah berkas; kesalahan pustakanya menjadi satu pesan tentang berkas itu."""
    if not berkas.is_file():
        raise GalatData(berkas.name, ditemukan="berkas tidak ada", diharapkan="berkas data mikro")
    akhiran = berkas.suffix.lower()
    if akhiran not in FORMAT:
        harapan = f"salah satu dari {', '.join(FORMAT)}"
        raise GalatData(berkas.name, ditemukan=f"akhiran '{berkas.suffix}'", diharapkan=harapan)
    try:
        yield FORMAT[akhiran](berkas)
    except GalatKinerja:
        raise
    except ImportError as galat:
        raise GalatParameter(
            f"Membaca {berkas.suffix} memerlukan paket '{galat.name}'; pasang dengan pip install {galat.name}."
        ) from galat
    except PermissionError as galat:
        temuan = "berkas yang tidak boleh dibaca"
        raise GalatData(berkas.name, ditemukan=temuan, diharapkan="berkas dengan izin baca") from galat
    except Exception as galat:
        umum = isinstance(galat, ValueError | OSError | RuntimeError | MemoryError | csv.Error)
        if not umum and type(galat).__module__.split(".")[0] not in _PUSTAKA:
            raise
        temuan = f"isi yang tidak terbaca ({str(galat).splitlines()[0] if str(galat) else galat!r})"
        raise GalatData(berkas.name, ditemukan=temuan, diharapkan=f"berkas {berkas.suffix} yang utuh") from galat


# Pembaca tiap format --------------------------------------------------------------------------------------------------


class Pembaca:
    """Satu berkas. ``nama()`` nama kolom menurut letaknya; ``isi(letak)`` isi kolom-kolom itu."""

    desimal = "."
    """Tanda desimal kebiasaan berkas ini."""

    def __init__(self, berkas: Path):
        self.berkas = berkas

    def label(self) -> dict[str, str]:
        """Nama kolom -> label variabelnya; kosong bagi format yang tidak berlabel."""
        return {}


class Csv(Pembaca):
    """Pemisah koma, titik koma, atau tab; UTF-8 (dengan atau tanpa BOM), UTF-16 ber-BOM, atau latin-1."""

    def __init__(self, berkas: Path):
        super().__init__(berkas)
        with berkas.open("rb") as buka:
            awal = buka.read(_CONTOH)
        self.sandi = "utf-8"
        if awal.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.sandi = "utf-16"
        else:
            try:
                codecs.getincrementaldecoder("utf-8")().decode(awal)
            except UnicodeDecodeError:
                self.sandi = "latin-1"
        with self._teks() as buka:
            baris = buka.readline(_CONTOH)
        if "\x00" in baris:
            raise ValueError("isi biner di baris kepala")
        self.pemisah = max(",;\t", key=baris.count)
        self.desimal = "," if self.pemisah == ";" else "."
        self.kepala = next(csv.reader([baris], delimiter=self.pemisah), [])
        if not self.kepala:
            raise ValueError("berkas kosong")

    def _teks(self):
        return self.berkas.open(encoding="utf-8-sig" if self.sandi == "utf-8" else self.sandi, newline="")

    def nama(self) -> list[str]:
        return self.kepala

    def isi(self, letak: Sequence[int]) -> list[pa.Array]:
        try:
            return self._baca(letak)
        except pa.ArrowInvalid as galat:
            if "invalid UTF8" in str(galat) and self.sandi == "utf-8":
                self.sandi = "latin-1"
                return self._baca(letak)
            if cocok := _LEBAR.search(str(galat)):
                temuan, harapan = f"{cocok[2]} sel dalam satu baris", f"{cocok[1]} sel, sebanyak nama kolomnya"
                with self._teks() as buka:
                    baca = csv.reader(buka, delimiter=self.pemisah)
                    janggal = (baca.line_num for x in baca if x and len(x) != len(self.kepala))
                    baris = next(janggal, None)
                raise GalatData(self.berkas.name, baris=baris, ditemukan=temuan, diharapkan=harapan) from galat
            raise

    def _baca(self, letak: Sequence[int]) -> list[pa.Array]:
        from pyarrow import csv as arrow

        # dinamai menurut letak, sehingga nama ganda atau kosong di kolom lain tidak mengganggu
        semua = [f"k{i}" for i in range(len(self.kepala))]
        diminta = [semua[i] for i in letak]
        tabel = arrow.read_csv(
            self.berkas,
            read_options=arrow.ReadOptions(column_names=semua, skip_rows=1, encoding=self.sandi),
            parse_options=arrow.ParseOptions(delimiter=self.pemisah),
            convert_options=arrow.ConvertOptions(
                include_columns=diminta, column_types=dict.fromkeys(diminta, _SEL_TEKS), strings_can_be_null=False
            ),
        )
        return [_satu(tabel.column(x)) for x in diminta]


class Parquet(Pembaca):
    """Nilai kategori dibaca sebagai nilainya."""

    def nama(self) -> list[str]:
        import pyarrow.parquet as pq

        return list(pq.read_schema(self.berkas).names)

    def isi(self, letak: Sequence[int]) -> list[pa.Array]:
        import pyarrow.parquet as pq

        nama = self.nama()
        with pq.ParquetFile(self.berkas) as buka:
            # satu per satu: puncak memori setinggi satu kolom, bukan seluruh tabel
            return [_satu(buka.read(columns=[nama[i]]).column(0)) for i in letak]


class Statistik(Pembaca):
    """Stata dan SPSS: kode, bukan label; missing yang dinyatakan (``.a``-``.z``, user missing, rentangnya) kosong."""

    def _baca(self, **pilihan):
        import pyreadstat

        baca = pyreadstat.read_dta if self.berkas.suffix.lower() == ".dta" else pyreadstat.read_sav
        try:
            return baca(str(self.berkas), disable_datetime_conversion=True, **pilihan)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as galat:
            # berkas sebelum Unicode tidak mencatat sandi hurufnya
            if "encoding" not in str(galat).lower() and not isinstance(galat, UnicodeDecodeError):
                raise
            return baca(str(self.berkas), disable_datetime_conversion=True, encoding="WINDOWS-1252", **pilihan)

    def nama(self) -> list[str]:
        return list(self._baca(metadataonly=True)[1].column_names)

    def label(self) -> dict[str, str]:
        label = self._baca(metadataonly=True)[1].column_names_to_labels
        return {nama: x.strip() for nama, x in label.items() if x and x.strip()}

    def isi(self, letak: Sequence[int]) -> list[pa.Array]:
        nama = self.nama()
        diminta = [nama[i] for i in letak]
        isi, meta = self._baca(usecols=diminta)
        hasil = []
        for x in diminta:
            larik = _dari_sel(isi[x].tolist()) if isi[x].dtype == object else pa.array(isi[x], from_pandas=True)
            # float Stata hanya menyimpan tujuh angka; pembacanya melebarkannya tanpa tanda
            pendek = meta.readstat_variable_types.get(x) == "float" and pa.types.is_floating(larik.type)
            hasil.append(larik.cast(pa.float32()) if pendek else larik)
        return hasil


class Dbf(Pembaca):
    """dBase III sampai FoxPro, kolom demi kolom, tanpa menafsirkan angkanya: GDAL membaca titik sebagai nol."""

    def __init__(self, berkas: Path):
        super().__init__(berkas)
        with berkas.open("rb") as buka:
            kepala = buka.read(32)
            if len(kepala) < 32:
                raise ValueError("kepala DBF terputus")
            self.banyak = int.from_bytes(kepala[4:8], "little")
            self.awal, self.lebar = (int.from_bytes(kepala[i : i + 2], "little") for i in (8, 10))
            uraian = buka.read(max(0, self.awal - 32))
        ruas = [("hapus", "S1")]
        self.kolom: list[str] = []
        self.jenis: list[str] = []
        for i in range(0, len(uraian) - 31, 32):
            satu = uraian[i : i + 32]
            if satu[0] == 0x0D:
                break
            self.kolom.append(satu[:11].split(b"\0")[0].decode("cp1252", "replace"))
            self.jenis.append(chr(satu[11]))
            # teks boleh lebih lebar dari 255: bita desimalnya menjadi bita atas lebarnya
            lebar = satu[16] + (256 * satu[17] if self.jenis[-1] == "C" else 0)
            ruas.append((f"k{len(ruas) - 1}", f"S{lebar}"))
        self.ruas = np.dtype(ruas)
        if not self.kolom or self.ruas.itemsize != self.lebar:
            raise ValueError("kepala DBF tidak cocok dengan lebar barisnya")
        if berkas.stat().st_size < self.awal + self.banyak * self.lebar:
            raise ValueError(f"kurang dari {self.banyak} baris yang disebut kepalanya")

    def nama(self) -> list[str]:
        return self.kolom

    def isi(self, letak: Sequence[int]) -> list[pa.Array]:
        if not self.banyak:
            return [pa.array([], pa.binary()) for _ in letak]
        baris = np.memmap(self.berkas, self.ruas, "r", self.awal, (self.banyak,))
        hidup = baris["hapus"] != b"*"
        return [self._satu(baris[f"k{i}"][hidup], i) for i in letak]

    def _satu(self, sel: np.ndarray, i: int) -> pa.Array:
        if self.jenis[i] not in "CNFLD":
            temuan, harapan = f"kolom DBF berjenis '{self.jenis[i]}'", "teks (C) atau bilangan (N, F)"
            raise GalatData(self.berkas.name, kolom=self.kolom[i], ditemukan=temuan, diharapkan=harapan)
        sel = np.ascontiguousarray(sel)
        larik = pa.Array.from_buffers(pa.binary(sel.itemsize), len(sel), [None, pa.py_buffer(sel)]).dictionary_encode()
        kamus = [x.decode("cp1252", "replace") for x in larik.dictionary.to_pylist()]
        if self.jenis[i] in "NF":
            # bilangan yang tidak muat di lebarnya ditulis bintang; tanda tanya L berarti tidak diisi
            kamus = ["" if "*" in x else x for x in kamus]
        return pa.DictionaryArray.from_arrays(larik.indices, pa.array(kamus, pa.string()))


class Excel(Pembaca):
    """Lembar satu-satunya yang berisi; nama kolom di baris pertama."""

    def __init__(self, berkas: Path):
        import openpyxl

        super().__init__(berkas)
        check_workbook(berkas)
        buku = openpyxl.load_workbook(berkas, read_only=True, data_only=True)
        try:
            lembar = {x.title: list(x.iter_rows(values_only=True)) for x in buku.worksheets}
        finally:
            buku.close()
        berisi = {nama: isi for nama, isi in lembar.items() if isi}
        if len(berisi) != 1:
            temuan = f"{len(berisi)} lembar berisi ({', '.join(berisi)})" if berisi else "buku kerja kosong"
            raise GalatData(berkas.name, ditemukan=temuan, diharapkan="satu lembar")
        self.kepala, *self.baris = next(iter(berisi.values()))
        self.baris = [x for x in self.baris if any(sel is not None for sel in x)]

    def nama(self) -> list[str]:
        return ["" if x is None else str(x) for x in self.kepala]

    def isi(self, letak: Sequence[int]) -> list[pa.Array]:
        return [_dari_sel([baris[i] for baris in self.baris]) for i in letak]


FORMAT: dict[str, type[Pembaca]] = {
    ".csv": Csv,
    ".txt": Csv,
    ".tsv": Csv,
    ".parquet": Parquet,
    ".pq": Parquet,
    ".dta": Statistik,
    ".sav": Statistik,
    ".zsav": Statistik,
    ".dbf": Dbf,
    ".xlsx": Excel,
}


def _satu(kolom: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(kolom.type):
        kolom = kolom.unify_dictionaries()
    hasil = kolom.combine_chunks()
    return hasil if isinstance(hasil, pa.Array) else pa.concat_arrays(hasil.chunks)


def _dari_sel(isi: list) -> pa.Array:
    """Sel Python: bilangan bila semuanya bilangan, selain itu teks sebagaimana tertulis."""
    isi = [None if x is None or x != x else x for x in isi]
    if all(x is None or (isinstance(x, int | float) and not isinstance(x, bool)) for x in isi):
        return pa.array([None if x is None else float(x) for x in isi], pa.float64())
    bulat = (int(x) if isinstance(x, float) and x.is_integer() else x for x in isi)
    return pa.array([None if x is None else str(x) for x in bulat], pa.string())
