"""Membaca satu berkas CSV mentah menjadi tabel yang sudah diperiksa, atau berhenti dengan satu pesan yang jelas."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kinerja.data import tulisan
from kinerja.data.schema import ANGKA, POLA, Tabel, pandera_schema
from kinerja.errors import GalatData, raise_all

KOLOM_SATUAN = ("kode", "nama", "nama_en", "jenis", "desimal", "terkecil", "terbesar")
KOMENTAR = "#"
"""Baris yang sel pertamanya diawali tanda ini tidak dibaca: keterangan dan contoh pada templat tahun baru."""

PEMISAH = ";\t,"
UKURAN_TERBESAR = 64 * 2**20
"""Bita terbanyak satu CSV laporan; data mikro punya pembaca sendiri."""


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
    nama = "acuan/satuan.csv"
    tabel = read_cells(raw / nama, nama, KOLOM_SATUAN)
    for kolom in ("desimal", "terkecil", "terbesar"):
        salah = tabel[~tabel[kolom].str.match(rf"(?:{ANGKA})|\A\Z")]
        if len(salah):
            raise GalatData(
                nama,
                baris=int(salah["baris"].iloc[0]),
                kolom=kolom,
                ditemukan=f"'{salah[kolom].iloc[0]}'",
                diharapkan="angka atau kosong",
            )
        tabel[kolom] = pd.to_numeric(tabel[kolom])
    jenis = ("bulat", "pecahan", "rupiah", "teks")
    salah = tabel[~tabel["jenis"].isin(jenis)]
    if len(salah):
        raise GalatData(
            nama,
            baris=int(salah["baris"].iloc[0]),
            kolom="jenis",
            ditemukan=f"'{salah['jenis'].iloc[0]}'",
            diharapkan=f"salah satu dari {', '.join(jenis)}",
        )
    ganda = tabel[tabel["kode"].duplicated()]
    if len(ganda):
        raise GalatData(
            nama,
            baris=int(ganda["baris"].iloc[0]),
            kolom="kode",
            ditemukan=f"satuan ganda '{ganda['kode'].iloc[0]}'",
            diharapkan="kode yang unik",
        )
    return tabel.set_index("kode")


def read_table(raw: Path, tabel: Tabel, tahun: int, satuan: pd.DataFrame, sumber: frozenset[str]) -> pd.DataFrame:
    """Baca dan periksa satu tabel.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.
    tabel : Tabel
        Skema tabel.
    tahun : int
        Tahun laporan.
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
    masalah = _as_written(isi, nama, tabel, satuan)
    raise_all(masalah + _check_cells(isi, nama, tabel, satuan, sumber, {(x.baris, x.kolom) for x in masalah}))
    isi["id"] = tabel.nama + "/" + isi[next(iter(tabel.kunci))].str.cat(isi[list(tabel.kunci)[1:]], sep="/")
    raise_all(
        [
            GalatData(
                nama,
                baris=int(x.baris),
                kolom=", ".join(tabel.kunci),
                ditemukan=f"kunci ganda {x.id.split('/', 1)[1]}",
                diharapkan="kunci yang unik",
            )
            for x in isi[isi["id"].duplicated()].itertuples()
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
        isi = _check_numbers(isi, nama, tabel, satuan)
    isi["berkas"] = nama
    return isi


def _as_written(isi: pd.DataFrame, nama: str, tabel: Tabel, satuan: pd.DataFrame) -> list[GalatData]:
    """Terjemahkan, di tempat, angka dan tanggal yang ditulis orang; kembalikan yang tidak dapat dibaca."""
    masalah = []
    rupiah = isi["satuan"].isin(satuan.index[satuan["jenis"] == "rupiah"]) if "nilai" in isi else None
    tanggal = [k for k, tipe in tabel.tipe.items() if tipe == "tanggal"]
    for kolom in (*(["nilai"] if rupiah is not None else []), *tanggal):
        pola = rf"(?:{ANGKA})|\A\Z" if kolom == "nilai" else POLA["tanggal"][0]
        for n in isi.index[~isi[kolom].str.match(pola).astype(bool)]:
            tulis = isi.at[n, kolom]
            try:
                isi.at[n, kolom] = tulisan.number(tulis, utuh=rupiah[n]) if kolom == "nilai" else tulisan.date(tulis)
            except ValueError as galat:
                masalah.append(
                    GalatData(
                        nama, baris=int(isi.at[n, "baris"]), kolom=kolom, ditemukan=_found(tulis), diharapkan=str(galat)
                    )
                )
    return masalah


def _found(sel: str) -> str:
    return f"'{sel}'" if sel else "sel kosong"


def _check_cells(
    isi: pd.DataFrame,
    nama: str,
    tabel: Tabel,
    satuan: pd.DataFrame,
    sumber: frozenset[str],
    sudah: set[tuple[int, str]],
) -> list[GalatData]:
    """Setiap sel yang tidak sesuai skema, kecuali yang ``sudah`` disalahkan (baris dan kolomnya)."""
    import pandera.errors

    # pandera menamai sel yang gagal; pesannya diterjemahkan menjadi satu kalimat per sel
    try:
        pandera_schema(tabel, frozenset(satuan.index), sumber).validate(isi.drop(columns="baris"), lazy=True)
    except pandera.errors.SchemaErrors as galat:
        kasus = galat.failure_cases.dropna(subset=["index"]).sort_values("index", kind="stable")
        masalah = []
        for x in kasus.drop_duplicates(["index", "column"]).itertuples():
            baris, kolom, temuan = int(isi["baris"].iloc[int(x.index)]), str(x.column), str(x.failure_case)
            if (baris, kolom) not in sudah:
                tipe = tabel.tipe.get(kolom, "satuan" if kolom == "satuan" else "")
                daftar = {"satuan": satuan.index, "": sumber if kolom == "sumber" else ()}
                pilihan = tipe["pilihan"] if isinstance(tipe, dict) else daftar.get(tipe, ())
                dekat = tulisan.near(temuan, [y for y in pilihan if y])
                harap = f"{x.check} (mungkin {dekat})" if dekat else str(x.check)
                masalah.append(GalatData(nama, baris=baris, kolom=kolom, ditemukan=_found(temuan), diharapkan=harap))
        return masalah
    return []


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


def _check_numbers(isi: pd.DataFrame, nama: str, tabel: Tabel, satuan: pd.DataFrame) -> pd.DataFrame:
    teks = isi["teks"] if tabel.teks else pd.Series("", index=isi.index)
    nilai, jenis, tidak_ada = isi["nilai"], isi["satuan"].map(satuan["jenis"]), isi["keadaan"] == "tidak_tersedia"
    kosong, bulat = (nilai == "") & (teks == ""), jenis.isin(["bulat", "rupiah"])
    syarat = (
        (kosong & ~tidak_ada, "nilai", "sel kosong dengan keadaan '{keadaan}'", "angka, atau keadaan tidak_tersedia"),
        (~kosong & tidak_ada, "keadaan", "keadaan tidak_tersedia dengan nilai", "sel nilai yang kosong"),
        ((jenis == "teks") & (nilai != ""), "nilai", "'{nilai}' dengan satuan teks", "kolom teks yang diisi"),
        ((jenis != "teks") & (teks != ""), "satuan", "'{satuan}' dengan isi teks", "satuan teks"),
        (bulat & nilai.str.contains(".", regex=False), "nilai", "'{nilai}'", "bilangan bulat untuk satuan {satuan}"),
        # lebih dari 15 angka tidak lagi tepat dalam float64
        (nilai.str.replace(r"[-.]", "", regex=True).str.len() > 15, "nilai", "'{nilai}'", "paling banyak 15 angka"),
    )
    raise_all(
        [
            GalatData(
                nama, baris=int(x["baris"]), kolom=kolom, ditemukan=temuan.format(**x), diharapkan=harapan.format(**x)
            )
            for salah, kolom, temuan, harapan in syarat
            for x in isi[salah].to_dict("records")
        ]
    )
    isi["desimal"] = pd.Series([len(x.partition(".")[2]) for x in nilai], index=isi.index, dtype="int64")
    isi["nilai"] = pd.to_numeric(nilai).astype("float64")
    if tabel.bebas:
        return isi
    bawah, atas = (isi["satuan"].map(satuan[x]).astype("float64") for x in ("terkecil", "terbesar"))
    luar = (isi["nilai"] < bawah) | (isi["nilai"] > atas)
    raise_all([_out_of_bounds(nama, x, nilai[n], satuan) for n, x in isi[luar].iterrows()])
    return isi


def _out_of_bounds(nama: str, satu: pd.Series, tercetak: str, satuan: pd.DataFrame) -> GalatData:
    batas = satuan.loc[satu["satuan"]]
    kata = " dan ".join(
        [f"paling kecil {batas['terkecil']:g}"] * pd.notna(batas["terkecil"])
        + [f"paling besar {batas['terbesar']:g}"] * pd.notna(batas["terbesar"])
    )
    return GalatData(
        nama, baris=int(satu["baris"]), kolom="nilai", ditemukan=f"'{tercetak}' {satu['satuan']}", diharapkan=kata
    )
