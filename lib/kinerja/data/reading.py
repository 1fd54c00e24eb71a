"""Membaca satu berkas CSV mentah menjadi tabel yang sudah diperiksa, atau berhenti dengan satu pesan yang jelas.

Setiap kolom diperiksa menurut isinya yang berlainan saja; 12.000 baris wilayah hanya memuat beberapa ratus tulisan.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from kinerja.data import tulisan
from kinerja.data.schema import POLA, Tabel, cell_rules
from kinerja.errors import GalatData, GalatParameter, raise_all

KOLOM_SATUAN = ("kode", "nama", "nama_en", "jenis", "desimal", "terkecil", "terbesar")
KOMENTAR = "#"
"""Baris yang sel pertamanya diawali tanda ini tidak dibaca: keterangan dan contoh pada templat tahun baru."""

PEMISAH = ";\t,"
UKURAN_TERBESAR = 64 * 2**20
"""Bita terbanyak satu CSV laporan, dan isi buku kerja setelah dibuka; data mikro punya pembaca sendiri."""

_RASIO = 200
_BEBAS_RASIO = 2**20


def read_cells(berkas: Path, nama: str, kolom: tuple[str, ...]) -> pd.DataFrame:
    """Baca CSV mentah sebagai teks dan periksa bentuk berkasnya; baris kosong dan yang diawali ``#`` dilewati.

    BOM, akhir baris CRLF, dan titik koma sebagai pemisah kolom diterima: begitulah Excel menyimpan CSV.

    Parameters
    ----------
    berkas : Path
        Letak berkas.
    nama : str
        Nama untuk pesan, relatif terhadap ``data/raw``.
    kolom : tuple of str
        Kepala tabel yang diharapkan.

    Returns
    -------
    pandas.DataFrame
        Semua sel berupa teks; kolom tambahan ``baris`` memuat nomor baris di berkas.

    Raises
    ------
    GalatData
        Berkas tidak ada, bukan UTF-8, kepala tabel salah, atau jumlah sel sebuah baris salah.
    """
    if not berkas.is_file():
        raise GalatData(nama, ditemukan="berkas tidak ada", diharapkan=f"CSV dengan kolom {', '.join(kolom)}")
    if not berkas.resolve().is_relative_to(berkas.parent.resolve()):
        raise GalatData(nama, ditemukan="tautan ke luar foldernya", diharapkan="berkas data yang sebenarnya")
    if berkas.stat().st_size > UKURAN_TERBESAR:
        raise GalatData(
            nama,
            ditemukan=f"{berkas.stat().st_size // 2**20} MB",
            diharapkan=f"tabel laporan paling banyak {UKURAN_TERBESAR // 2**20} MB",
        )
    teks = decode(berkas.read_bytes(), nama)
    pembaca = csv.reader(io.StringIO(teks, newline=""), delimiter=delimiter(teks), strict=True)
    sel, nomor = [], []
    try:
        kepala = [x.strip() for x in next(pembaca, [])]
        _check_header(nama, kepala, kolom)
        for isi_baris in pembaca:
            if not any(isi_baris) or isi_baris[0].startswith(KOMENTAR):
                continue
            if len(isi_baris) != len(kolom):
                raise GalatData(
                    nama, baris=pembaca.line_num, ditemukan=f"{len(isi_baris)} sel", diharapkan=f"{len(kolom)} sel"
                )
            sel.append(isi_baris)
            nomor.append(pembaca.line_num)
    except csv.Error as galat:
        raise GalatData(
            nama,
            baris=pembaca.line_num,
            ditemukan=f"susunan CSV yang rusak ({galat})",
            diharapkan="CSV dengan tanda kutip ganda",
        ) from galat
    tabel = pd.DataFrame(sel, columns=list(kolom), dtype=str)
    tabel["baris"] = nomor
    return tabel


def decode(isi: bytes, nama: str) -> str:
    """Teks UTF-8 sebuah berkas, tanpa BOM dan dengan akhir baris LF.

    Raises
    ------
    GalatData
        Ada bita nol, atau bukan UTF-8; pesannya menyebut barisnya.
    """
    if b"\x00" in isi:
        baris = isi[: isi.index(b"\x00")].count(b"\n") + 1
        raise GalatData(nama, baris=baris, ditemukan="bita nol", diharapkan="teks UTF-8")
    try:
        teks = isi.decode("utf-8-sig")
    except UnicodeDecodeError as galat:
        baris = isi[: galat.start].count(b"\n") + 1
        raise GalatData(
            nama,
            baris=baris,
            ditemukan="bita yang bukan UTF-8",
            diharapkan="teks UTF-8 (di Excel: simpan sebagai CSV UTF-8)",
        ) from galat
    return teks.replace("\r\n", "\n").replace("\r", "\n")


def delimiter(teks: str) -> str:
    """Pemisah kolom sebuah CSV menurut baris pertamanya yang berpemisah: titik koma, tab, atau koma."""
    kepala = next((x for x in teks.split("\n") if set(x) & set(PEMISAH)), "")
    return max(PEMISAH, key=kepala.count)


def read_numbers(
    berkas: Path, nama: str, kolom: tuple[str, ...], bulat: Collection[str], pecahan: Collection[str] = ()
) -> pd.DataFrame:
    """:func:`read_cells` dengan kolom-kolom yang berupa bilangan.

    Parameters
    ----------
    bulat, pecahan : collection of str
        Kolom bilangan bulat (int64) dan bilangan berdesimal (float64); selnya tidak boleh kosong.

    Raises
    ------
    GalatData
        Seperti :func:`read_cells`, atau sebuah sel bukan bilangan.
    """
    isi = read_cells(berkas, nama, kolom)
    for daftar, bentuk, tipe, harapan in (
        (bulat, r"-?[0-9]{1,18}", "int64", "bilangan bulat"),
        (pecahan, r"-?[0-9]+(\.[0-9]+)?", "float64", "angka dengan titik desimal"),
    ):
        for k in daftar:
            salah = isi[~isi[k].str.fullmatch(bentuk).astype(bool)]
            if len(salah):
                satu = salah.iloc[0]
                raise GalatData(
                    nama,
                    baris=int(satu["baris"]),
                    kolom=k,
                    ditemukan=f"'{satu[k]}'" if satu[k] else "sel kosong",
                    diharapkan=harapan,
                )
            isi[k] = isi[k].astype(tipe)
    return isi


def _check_header(nama: str, kepala: list[str], kolom: tuple[str, ...]) -> None:
    if tuple(kepala) == kolom:
        return
    kurang = [k for k in kolom if k not in kepala]
    lebih = [k for k in kepala if k not in kolom]
    if kurang:
        temuan = f"kolom {', '.join(kurang)} tidak ada"
    elif lebih:
        temuan = f"kolom tak dikenal {', '.join(map(repr, lebih))}"
    else:
        temuan = f"urutan {', '.join(kepala)}"
    raise GalatData(
        nama, baris=1, kolom=(kurang or lebih or [None])[0], ditemukan=temuan, diharapkan=f"kepala {', '.join(kolom)}"
    )


def read_units(raw: Path) -> pd.DataFrame:
    """Baca daftar satuan (``acuan/satuan.csv``), berindeks kode satuan.

    Returns
    -------
    pandas.DataFrame
        Kolom ``nama``, ``nama_en``, ``jenis`` (bulat, pecahan, rupiah, teks), ``desimal``, ``terkecil``, ``terbesar``.
    """
    nama, angka, jenis = "acuan/satuan.csv", list(KOLOM_SATUAN[4:]), ("bulat", "pecahan", "rupiah", "teks")
    tabel = read_cells(raw / nama, nama, KOLOM_SATUAN)
    for kolom, salah, temuan, harapan in (
        *((k, ~tabel[k].map(POLA["angka"][0].search).astype(bool), "'{}'", "angka atau kosong") for k in angka),
        ("jenis", ~tabel["jenis"].isin(jenis), "'{}'", f"salah satu dari {', '.join(jenis)}"),
        ("kode", tabel["kode"].duplicated(), "satuan ganda '{}'", "kode yang unik"),
    ):
        for x in tabel[salah].head(1).to_dict("records"):
            raise GalatData(nama, baris=x["baris"], kolom=kolom, ditemukan=temuan.format(x[kolom]), diharapkan=harapan)
    tabel[angka] = tabel[angka].apply(pd.to_numeric)
    return tabel.set_index("kode")


def read_table(raw: Path, tabel: Tabel, tahun: int, satuan: pd.DataFrame, sumber: frozenset[str]) -> pd.DataFrame:
    """Baca dan periksa satu tabel.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.
    satuan : pandas.DataFrame
        Keluaran `read_units`.
    sumber : frozenset of str
        Id sumber yang terdaftar.

    Returns
    -------
    pandas.DataFrame
        Kolom kunci dan keterangan bertipe, ``nilai`` float64 (NaN bila tidak tersedia), ``desimal`` (banyaknya desimal
        tercetak), ``id`` (nama tabel dan kunci, dipisahkan garis miring), ``berkas``, dan ``baris``.

    Raises
    ------
    GalatData
        Isi tabel tidak sesuai skema.
    """
    nama = tabel.berkas(tahun)
    isi = read_cells(raw / nama, nama, tabel.kolom)
    aturan = cell_rules(tabel, satuan.index, sumber)
    ditulis = ["nilai"] * (tabel.jenis == "fakta") + [k for k, tipe in tabel.tipe.items() if tipe == "tanggal"]
    masalah = [x for k in ditulis for x in _as_written(isi, nama, k, aturan[k][0], satuan)]
    raise_all(masalah + _wrong_cells(isi, nama, {k: x for k, x in aturan.items() if k not in ditulis}))
    isi["id"] = tabel.nama + "/" + isi[next(iter(tabel.kunci))].str.cat(isi[list(tabel.kunci)[1:]], sep="/")
    if not isi["id"].is_unique:
        kunci = ", ".join(tabel.kunci)
        ganda = ((x.baris, x.id.split("/", 1)[1]) for x in isi[isi["id"].duplicated()].itertuples())
        raise_all(
            [
                GalatData(nama, baris=n, kolom=kunci, ditemukan=f"kunci ganda {x}", diharapkan="kunci yang unik")
                for n, x in ganda
            ]
        )
    for kolom, tipe in tabel.tipe.items():
        if tipe == "bulat":
            isi[kolom] = isi[kolom].astype("int64")
        elif tipe == "bulat_kosong":
            isi[kolom] = pd.to_numeric(isi[kolom]).astype("Int64")
    if tabel.isian:
        raise_all([x for satu in isi.itertuples() if (x := _entry_error(satu, nama, tabel.isian))])
    if tabel.jenis == "fakta":
        _convert_numbers(isi, nama, tabel, satuan)
    isi["berkas"] = nama
    return isi


def _unlike(sel: list[str], sah: re.Pattern | Collection[str]) -> list[int]:
    """Letak sel yang isinya bukan menurut pola itu, atau bukan dari daftar itu."""
    boleh = sah.search if isinstance(sah, re.Pattern) else sah.__contains__
    salah = {x for x in set(sel) if not boleh(x)}
    return [n for n, x in enumerate(sel) if x in salah] if salah else []


def _as_written(isi: pd.DataFrame, nama: str, kolom: str, pola: re.Pattern, satuan: pd.DataFrame) -> list[GalatData]:
    """Terjemahkan, di tempat, angka atau tanggal yang ditulis orang; kembalikan yang tidak dapat dibaca."""
    sel, masalah = isi[kolom].tolist(), []
    letak = _unlike(sel, pola)
    for n in letak:
        try:
            if kolom == "nilai":
                utuh = isi.at[n, "satuan"] in satuan.index and satuan.at[isi.at[n, "satuan"], "jenis"] == "rupiah"
                sel[n] = tulisan.number(sel[n], utuh=utuh)
            else:
                sel[n] = tulisan.date(sel[n])
        except ValueError as galat:
            baris = int(isi.at[n, "baris"])
            masalah.append(GalatData(nama, baris=baris, kolom=kolom, ditemukan=_found(sel[n]), diharapkan=str(galat)))
    if letak:
        isi[kolom] = pd.Series(sel, index=isi.index, dtype=str)
    return masalah


def _found(sel: str) -> str:
    return f"'{sel}'" if sel else "sel kosong"


def _wrong_cells(
    isi: pd.DataFrame, nama: str, aturan: Mapping[str, tuple[re.Pattern | Collection[str], str]]
) -> list[GalatData]:
    """Setiap sel yang tidak sesuai skema, baris demi baris."""
    masalah = []
    for kolom, (sah, harapan) in aturan.items():
        for n in _unlike(isi[kolom].tolist(), sah):
            temuan = isi.at[n, kolom]
            dekat = "" if isinstance(sah, re.Pattern) else tulisan.near(temuan, filter(None, sah))
            harap = f"{harapan} (mungkin {dekat})" if dekat else harapan
            baris = int(isi.at[n, "baris"])
            masalah.append(GalatData(nama, baris=baris, kolom=kolom, ditemukan=_found(temuan), diharapkan=harap))
    return sorted(masalah, key=lambda x: x.baris)


def _entry_error(x: Any, nama: str, isian: Mapping[str, Mapping[str, Any]]) -> GalatData | None:
    """Yang salah pada satu baris tabel yang kuncinya terdaftar: kunci, satuan, atau teksnya."""

    def salah(kolom: str, temuan: str, harapan: str) -> GalatData:
        return GalatData(nama, baris=x.baris, kolom=kolom, ditemukan=f"'{temuan}'", diharapkan=harapan)

    boleh = isian.get(x.kunci)
    if boleh is None:
        return salah("kunci", x.kunci, tulisan.one_of(x.kunci, isian))
    satuan, pilihan = "teks" if x.teks else boleh["satuan"], [str(y) for y in boleh.get("pilihan", ())]
    if x.satuan != satuan or (satuan == "teks" != boleh["satuan"] and not pilihan):
        return salah("satuan", x.satuan, str(boleh["satuan"]))
    return (
        salah("teks", x.teks, tulisan.one_of(x.teks, pilihan)) if x.teks and pilihan and x.teks not in pilihan else None
    )


def _convert_numbers(isi: pd.DataFrame, nama: str, tabel: Tabel, satuan: pd.DataFrame) -> None:
    """Periksa angka tercetak menurut satuan dan keadaannya, lalu jadikan, di tempat, ``nilai`` dan ``desimal``."""
    teks = isi["teks"] if tabel.teks else ""
    nilai, jenis, tidak_ada = isi["nilai"], isi["satuan"].map(satuan["jenis"]), isi["keadaan"] == "tidak_tersedia"
    kosong, bulat = (nilai == "") & (teks == ""), jenis.isin(["bulat", "rupiah"])
    syarat = (
        (kosong & ~tidak_ada, "nilai", "sel kosong dengan keadaan '{keadaan}'", "angka, atau keadaan tidak_tersedia"),
        (~kosong & tidak_ada, "keadaan", "keadaan tidak_tersedia dengan nilai", "sel nilai yang kosong"),
        ((jenis == "teks") & (nilai != ""), "nilai", "'{nilai}' dengan satuan teks", "kolom teks yang diisi"),
        ((jenis != "teks") & (teks != ""), "satuan", "'{satuan}' dengan isi teks", "satuan teks"),
        (bulat & nilai.str.contains(".", regex=False), "nilai", "'{nilai}'", "bilangan bulat untuk satuan {satuan}"),
        # lebih dari 15 angka tidak lagi tepat dalam float64
        (nilai.str.count("[0-9]") > 15, "nilai", "'{nilai}'", "paling banyak 15 angka"),
    )
    raise_all(
        [
            GalatData(nama, baris=x["baris"], kolom=k, ditemukan=temuan.format(**x), diharapkan=harapan.format(**x))
            for salah, k, temuan, harapan in syarat
            if salah.any()
            for x in isi[salah].to_dict("records")
        ]
    )
    isi["desimal"] = pd.Series([len(x.partition(".")[2]) for x in nilai.tolist()], index=isi.index, dtype="int64")
    isi["nilai"] = pd.to_numeric(nilai).astype("float64")
    if tabel.bebas:
        return
    bawah, atas = (isi["satuan"].map(satuan[x]).astype("float64") for x in ("terkecil", "terbesar"))
    luar = (isi["nilai"] < bawah) | (isi["nilai"] > atas)
    if not luar.any():
        return
    raise_all(
        [
            GalatData(
                nama,
                baris=x.baris,
                kolom="nilai",
                ditemukan=f"'{nilai[x.Index]}' {x.satuan}",
                diharapkan=" dan ".join(
                    f"paling {kata} {satuan.at[x.satuan, batas]:g}"
                    for kata, batas in (("kecil", "terkecil"), ("besar", "terbesar"))
                    if pd.notna(satuan.at[x.satuan, batas])
                ),
            )
            for x in isi[luar].itertuples()
        ]
    )


def check_workbook(berkas: Path, nama: str | None = None, *, terbesar: int = UKURAN_TERBESAR) -> None:
    """Tolak buku kerja (.xlsx) yang bukan arsip ZIP utuh, terlalu besar setelah dibuka, atau mencurigakan.

    Panggil sebelum openpyxl: berkas beberapa kilobita dapat berisi bergiga-giga bita. Hanya daftar isi arsip yang
    dibaca; pembuka arsip Python sendiri berhenti pada ukuran yang disebut daftar itu.

    Parameters
    ----------
    berkas : Path
    nama : str, optional
        Nama untuk pesan; bawaan nama berkas.
    terbesar : int
        Batas bita seluruh isi.

    Raises
    ------
    GalatData
        Berkas tidak ada, bukan buku kerja, atau melewati batas.
    """
    nama = berkas.name if nama is None else nama
    if not berkas.is_file():
        raise GalatData(nama, ditemukan="berkas tidak ada", diharapkan="buku kerja .xlsx")
    try:
        with zipfile.ZipFile(berkas) as arsip:
            isi = arsip.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as galat:
        raise GalatData(nama, ditemukan="isi yang bukan arsip ZIP utuh", diharapkan="buku kerja .xlsx") from galat
    if "[Content_Types].xml" not in {x.filename for x in isi}:
        raise GalatData(nama, ditemukan="arsip ZIP tanpa daftar isi Office", diharapkan="buku kerja .xlsx")
    for satu in isi:
        if PurePosixPath(satu.filename).is_absolute() or ".." in PurePosixPath(satu.filename).parts:
            raise GalatData(nama, ditemukan=f"alamat '{satu.filename}' di dalam arsip", diharapkan="buku kerja .xlsx")
        if satu.flag_bits & 0x1:
            raise GalatData(nama, ditemukan="buku kerja bersandi", diharapkan="buku kerja .xlsx tanpa sandi")
    jumlah = sum(x.file_size for x in isi)
    bengkak = [x for x in isi if x.file_size > _BEBAS_RASIO and x.file_size > _RASIO * max(x.compress_size, 1)]
    if jumlah > terbesar or bengkak:
        besar = jumlah / 2**20
        raise GalatData(
            nama,
            ditemukan=f"isi {besar:,.0f} MB setelah dibuka dari {berkas.stat().st_size / 2**20:,.1f} MB".replace(
                ",", "."
            ),
            diharapkan=f"paling banyak {terbesar // 2**20} MB dan pemampatan yang wajar",
        )


def inside(folder: Path, nama: str, apa: str = "Nama") -> Path:
    """Alamat ``folder/nama`` yang dijamin tetap di dalam folder, juga setelah tautan simbolik diikuti.

    Raises
    ------
    GalatParameter
        Nama kosong, mutlak, memuat bita nol, atau keluar dari folder.
    """
    tujuan = folder / nama if nama and "\x00" not in nama else None
    if tujuan is None or not tujuan.resolve().is_relative_to(folder.resolve()) or tujuan.resolve() == folder.resolve():
        raise GalatParameter(f"{apa} '{nama}' harus berada di dalam folder {folder.name}.")
    return tujuan
