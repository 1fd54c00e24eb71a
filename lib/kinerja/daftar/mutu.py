"""Mutu daftar penerima: acuan, pemeriksaan satu folder dengan :mod:`listcheck`, dan tabel yang boleh terbit.

Yang keluar hanya hitungan, dan sel kecil di semua tabel ditahan bersama. Bagi notebook, tanpa daftar milik pemakai
dipakai daftar buatan; programnya bernama Program A, B, C, ...: temuan buatan tidak pernah memakai nama program.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

import listcheck
from kinerja import fmt, kerahasiaan, paths, terbaca
from kinerja.berkas import write_whole
from kinerja.daftar import (
    CACAT,
    DTKS,
    MEMORI_GB,
    PEMBAYARAN,
    PEREMPUAN,
    SAH,
    TANGGAL,
    URUT,
    WILAYAH,
    buatan,
)
from kinerja.data import Data
from kinerja.errors import GalatData, GalatParameter, engine_errors
from kinerja.istilah import code_name
from kinerja.wilayah import Regions

if TYPE_CHECKING:
    import ibis

AWAL_KOTA = 71
"""Nomor kota dimulai di sini; kabupaten dimulai dari 1."""


def kode_kabkota(nik_wilayah: pd.DataFrame) -> tuple[str, ...]:
    """Empat angka pertama NIK yang sah, urut.

    Kolom ``nik_wilayah``: ``kode_kemendagri``, ``kab_terakhir``, ``kota_terakhir`` (0 bila provinsi itu tanpa kota).
    """
    hasil = []
    for baris in nik_wilayah.itertuples():
        nomor = [*range(1, baris.kab_terakhir + 1), *range(AWAL_KOTA, baris.kota_terakhir + 1)]
        hasil += [f"{baris.kode_kemendagri:02d}{n:02d}" for n in nomor]
    return tuple(sorted(hasil))


@dataclass(frozen=True)
class Nik(listcheck.Digits):
    """Skema NIK bagi mesin daftar; ``kabkota`` dari :func:`kode_kabkota`."""

    length: int = 16
    name: str = "NIK"
    faults: tuple[str, ...] = CACAT
    kabkota: tuple[str, ...] = ()

    def mark(self, table: ibis.Table) -> ibis.Table:
        """Lihat :meth:`listcheck.IdScheme.mark`."""
        import ibis

        # Hanya sepuluh angka belakang yang dibagi: tepat walaupun mesin membagi dengan bilangan pecahan. Wilayah
        # dicocokkan dengan join, sebab daftar ratusan kode di dalam satu syarat diperiksa satu per satu.
        wilayah = ibis.memtable(pd.DataFrame({"_wilayah": [int(k) * 10**12 for k in self.kabkota]}))
        angka = table["id"].try_cast("int64")
        t = table.mutate(_lengkap=self.complete(table["id"]), _depan=angka - angka % 10**12, _angka=angka)
        t = t.left_join(wilayah, t["_depan"] == wilayah["_wilayah"])
        belakang = t["_angka"] % 10**10
        kecamatan = t["_angka"] % 10**12 - belakang
        cacat = ibis.cases(
            (~t["_lengkap"], self.incomplete(t["id"])),
            (t["_wilayah"].isnull() | (kecamatan == 0), WILAYAH),
            (~_tanggal_sah(belakang), TANGGAL),
            (belakang % 10**4 == 0, URUT),
            else_=SAH,
        )
        return t.select(*table.columns, fault=cacat.cast("int8"))


def _tanggal_sah(belakang: ibis.Column) -> ibis.Column:
    """Apakah HHBBTT di depan sepuluh angka belakang NIK ada di penanggalan."""
    import ibis

    hari, bulan = belakang // 10**8, belakang % 10**8 // 10**6
    tahun = belakang % 10**6 // 10**4
    hari = ibis.ifelse(hari > PEREMPUAN, hari - PEREMPUAN, hari)
    # Tahun dua angka: 00 dapat berarti 2000, yang kabisat.
    terakhir = ibis.cases((bulan == 2, ibis.ifelse(tahun % 4 == 0, 29, 28)), (bulan.isin([4, 6, 9, 11]), 30), else_=31)
    return (bulan >= 1) & (bulan <= 12) & (hari >= 1) & (hari <= terakhir)


DAFTAR = {listcheck.REGISTER: DTKS, listcheck.PAYMENTS: PEMBAYARAN}
KOLOM = {
    "id": "nik",
    "program": "program",
    "period": "bulan",
    "region": "provinsi",
    "paid": "dibayar",
    "used": "ditransaksikan",
    "returned": "dikembalikan",
}
"""Kolom mesin -> kolom di berkas."""

KUNCI = ["daftar", "program", "bulan", "provinsi"]
_UKURAN = {
    "rows": "baris",
    "used": "ditransaksikan",
    "returned": "dikembalikan",
    "undisbursed": "mengendap",
    "overdrawn": "lebih",
    "unknown_region": "provinsi_asing",
    "invalid_period": "bulan_asing",
    "duplicate": "ganda",
    "forbidden_pair": "rangkap",
    "unregistered": "luar_dtks",
    "id": "nik",
}
_KEPALA = KOLOM | {"source": "daftar", "measure": "ukuran", "amount": "rupiah"}
UKURAN = tuple(_UKURAN.get(x, x) for x in listcheck.measures(Nik()))
"""Ukuran menurut urutan tampil; "baris" berpasangan dengan rupiah yang dibayar."""

NIK = (*CACAT, "ganda")
"""Temuan pada daftar induk."""

TEMUAN = ("luar_dtks", "ganda", "rangkap", "mengendap", "lebih")
"""Temuan pada daftar pembayaran."""

TINGKAT = {
    PEMBAYARAN: {
        "nasional": (),
        "program": ("program",),
        "bulan": ("bulan",),
        "provinsi": ("provinsi",),
        "program-bulan": ("program", "bulan"),
        "program-provinsi": ("program", "provinsi"),
        "provinsi-bulan": ("provinsi", "bulan"),
    },
    DTKS: {"nasional": (), "provinsi": ("provinsi",)},
}
"""Tabel yang terbit bersama tiap daftar dan kolomnya; yang lebih rinci hampir seluruhnya akan ditahan."""

_TINGKAT_NOTEBOOK = {DTKS: {"nasional": ()}, PEMBAYARAN: {"nasional": (), "program": ("program",), "bulan": ("bulan",)}}

BARIS = 200_000
"""Besar daftar buatan bagi notebook."""

_PROGRAM = {"id": "Program", "en": "Programme"}


class Acuan(NamedTuple):
    """Yang dipakai memeriksa daftar, dari ``data/raw/acuan``."""

    provinsi: pd.DataFrame
    kabkota: tuple[str, ...]
    """Empat angka pertama NIK yang pernah terbit."""
    larangan: list[tuple[str, str]]
    """Pasangan program yang tidak boleh dirangkap."""
    program: list[str]
    kode_provinsi: list[int]
    """Kode BPS 38 provinsi."""
    terbit: str
    """Tanggal daftar kode NIK yang paling baru: yang terbit sesudahnya tidak dikenal."""

    @classmethod
    def of(cls, d: Data) -> Acuan:
        """Susun dari tabel ``provinsi``, ``nik_wilayah``, ``bansos_rangkap``, ``pen_program``, dan nama wilayah."""
        rangkap = d["bansos_rangkap"]
        tanggal = d.sumber.loc[d.sumber["id"].isin(d["nik_wilayah"]["sumber"]), "tanggal"].max()
        return cls(
            d["provinsi"],
            kode_kabkota(d["nik_wilayah"]),
            list(zip(rangkap["program"], rangkap["rangkap"], strict=True)),
            d["pen_program"].sort_values("urutan")["kode"].tolist(),
            [int(k) for k in Regions.of(d).tiles["wilayah"]],
            fmt.tanggal(tanggal) if len(tanggal) == len("2025-04-25") else tanggal,
        )


def hitung(
    folder: Path,
    sementara: Path,
    a: Acuan,
    *,
    kolom: Mapping[str, str] | None = None,
    nama_mesin: str = "duckdb",
    memori: float = MEMORI_GB,
) -> tuple[pd.DataFrame, bool]:
    """Periksa satu folder daftar; tumpahan ditulis di bawah ``sementara`` dan dihapus.

    Parameters
    ----------
    folder : Path
        Berisi folder `DTKS` dan `PEMBAYARAN` dengan berkas Parquet, boleh bertingkat ``program=.../bulan=...``.
    kolom : mapping, optional
        Nama di sini -> nama di berkas, misalnya ``{"nik": "NO_NIK"}``.
    nama_mesin, memori
        Lihat :func:`listcheck.connect`.

    Returns
    -------
    hasil : DataFrame
        `KUNCI`, ``ukuran`` (salah satu `UKURAN`), ``n`` (baris), ``rupiah`` (Int64; <NA> bagi DTKS); lihat
        :func:`listcheck.check`.
    sintetis : bool

    Raises
    ------
    GalatData
        Daftar tidak dapat dibaca; lihat :func:`listcheck.register`.
    GalatKinerja
        Mesin tidak dikenal, tidak terpasang, atau berhenti.
    """
    nik = Nik(kabkota=a.kabkota)
    nama = {mesin: (kolom or {}).get(berkas, berkas) for mesin, berkas in KOLOM.items()}
    with _galat(), listcheck.connect(nama_mesin, scratch=sementara, memory_gb=memori) as con:
        asal = {x: listcheck.scan(con, Path(folder) / DAFTAR[x], x) for x in DAFTAR}
        dtks = listcheck.register(asal[listcheck.REGISTER], ids=nik, columns=nama)
        bayar = listcheck.payments(asal[listcheck.PAYMENTS], ids=nik, columns=nama, programs=a.program)
        hasil = listcheck.check(con, dtks, bayar, ids=nik, forbidden=a.larangan, regions=a.kode_provinsi)
    sintetis = any(k.upper().startswith("SINTETIS") for tabel in asal.values() for k in tabel.columns)
    return _sebutan(hasil), sintetis


def _sebutan(temuan: pd.DataFrame) -> pd.DataFrame:
    """Temuan mesin dengan nama kolom, daftar, dan ukuran kementerian."""
    hasil = temuan.replace({"source": DAFTAR, "measure": _UKURAN}).rename(columns=_KEPALA)
    return hasil.sort_values([*KUNCI, "ukuran"], ignore_index=True)


@contextmanager
def _galat() -> Iterator[None]:
    """Kesalahan mesin dalam nama-nama kementerian."""
    try:
        with engine_errors(listcheck.ParameterError, listcheck.EngineError):
            yield
    except listcheck.DataError as galat:
        letak = DAFTAR[galat.source]
        raise GalatData(letak, kolom=galat.column, ditemukan=galat.found, diharapkan=galat.expected) from galat


def pisahkan_kesalahan_berkas(hasil: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Aturan yang dilanggar setiap baris satu daftar bukan temuan tentang orang, melainkan tentang berkasnya.

    Returns
    -------
    hasil : DataFrame
        Hasil :func:`hitung` tanpa temuan itu.
    berkas : list of (daftar, ukuran, banyaknya baris)
        ``ukuran`` "nik" bila semua NIK cacat, dengan cacat yang bermacam-macam.
    """
    mesin = hasil.replace({"daftar": _balik(DAFTAR), "ukuran": _balik(_UKURAN)}).rename(columns=_balik(_KEPALA))
    temuan, berkas = listcheck.split_file_faults(mesin, Nik())
    return _sebutan(temuan), [(DAFTAR[x], _UKURAN.get(ukuran, ukuran), n) for x, ukuran, n in berkas]


def _balik(peta: Mapping[str, str]) -> dict[str, str]:
    return {v: k for k, v in peta.items()}


def susun_tabel(
    hasil: pd.DataFrame,
    *,
    minimum: int = kerahasiaan.MINIMUM,
    tingkat: Mapping[str, Mapping[str, tuple[str, ...]]] = TINGKAT,
) -> dict[str, pd.DataFrame]:
    """Tabel tiap daftar dan tingkat dari hasil :func:`hitung`.

    Parameters
    ----------
    minimum : int
        Baris paling sedikit yang boleh terbit; nol bukan rahasia.
    tingkat : mapping
        Semua tabel yang akan terbit bersama; yang ditahan diputuskan atas semuanya sekaligus.

    Returns
    -------
    dict of str to DataFrame
        ``<daftar>-<tingkat>``: kolom tingkatnya, ``ukuran``, ``n`` (Int64), ``persen`` (n terhadap baris sel itu),
        ``rupiah`` (Int64), ``tanda`` ("" atau "ditahan").
    """
    return {
        f"{daftar}-{nama}": isi
        for daftar, isi_tingkat in tingkat.items()
        for nama, isi in _satu_daftar(hasil[hasil["daftar"] == daftar], isi_tingkat, minimum).items()
    }


def _satu_daftar(hasil: pd.DataFrame, tingkat: Mapping, minimum: int) -> dict[str, pd.DataFrame]:
    urutan = pd.CategoricalDtype(UKURAN, ordered=True)
    mentah = {}
    for nama, kolom in tingkat.items():
        isi = hasil.groupby([*kolom, "ukuran"], as_index=False)[["n", "rupiah"]].sum(min_count=1)
        isi = isi.assign(ukuran=isi["ukuran"].astype(urutan)).sort_values([*kolom, "ukuran"], ignore_index=True)
        mentah[nama] = isi.assign(ukuran=isi["ukuran"].astype(str), tanda="").rename(columns={"rupiah": "nilai"})
    wilayah = ("program", "bulan", "provinsi")
    aman = kerahasiaan.tahan_tabel(mentah, minimum=minimum, wilayah=wilayah, ukuran="ukuran", induk={})
    return {nama: _persen(isi, list(tingkat[nama])) for nama, isi in aman.items()}


def _persen(isi: pd.DataFrame, kolom: list[str]) -> pd.DataFrame:
    """n terhadap banyaknya baris sel itu; kosong bila salah satunya ditahan."""
    if kolom:
        baris = isi[isi["ukuran"] == "baris"].set_index(kolom)["n"]
        dasar = baris.reindex(pd.MultiIndex.from_frame(isi[kolom]) if len(kolom) > 1 else isi[kolom[0]]).to_numpy()
    else:
        dasar = isi.loc[isi["ukuran"] == "baris", "n"].iloc[0] if len(isi) else pd.NA
    hasil = isi.assign(persen=(100 * isi["n"] / dasar).astype("Float64"), rupiah=isi["nilai"].astype("Int64"))
    return hasil[[*kolom, "ukuran", "n", "persen", "rupiah", "tanda"]]


# Bagi notebook -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Mutu:
    """Temuan satu daftar, siap ditabelkan."""

    tabel: dict[str, pd.DataFrame]
    """Lihat :func:`susun_tabel`."""
    keadaan: str
    program: dict[str, str]
    """Kode program -> nama bagi pembaca."""
    terbit: str
    """Lihat :class:`Acuan`."""
    berkas: list[tuple[str, str, int]]
    """Lihat :func:`pisahkan_kesalahan_berkas`."""

    def notes(self) -> str:
        """Aturan yang dilanggar setiap baris satu daftar, yang bukan temuan; kosong bila tidak ada."""
        if not self.berkas:
            return ""
        isi = "; ".join(f"{daftar}: {code_name(ukuran)} ({fmt.angka(n)})" for daftar, ukuran, n in self.berkas)
        kata = {
            "id": "Dilanggar setiap baris satu daftar, jadi tentang berkasnya dan tidak dihitung: {}.",
            "en": "Broken by every record of a list, hence about the file and not counted: {}.",
        }
        return fmt.pick(kata).format(isi)

    def find(self, nama: str, ukuran: tuple[str, ...]) -> pd.DataFrame:
        """Satu tabel, hanya ukuran yang disebut dan menurut urutannya.

        ``nama``: ``dtks-nasional``, ``pembayaran-nasional``, ``pembayaran-program``, atau ``pembayaran-bulan``.

        Returns
        -------
        DataFrame
            ``ukuran``, lalu ``program`` dan ``nama_program``, atau ``bulan``, bila tabelnya memuatnya; ``n`` (Int64),
            ``persen`` dari baris sel itu, ``rupiah`` (Int64), ``tanda``, ``keadaan``. Ukuran yang tidak ditemukan satu
            baris pun ada dengan n nol; yang ditahan kosong.
        """
        isi = self.tabel[nama]
        kunci = [k for k in ("program", "bulan") if k in isi]
        sel = isi[kunci].drop_duplicates() if kunci else pd.DataFrame(index=[0])
        lengkap = sel.merge(pd.DataFrame({"ukuran": list(ukuran)}), how="cross")
        hasil = lengkap.merge(isi, on=[*kunci, "ukuran"], how="left", indicator="_ada")
        nihil = hasil.pop("_ada") == "left_only"
        hasil.loc[nihil, ["n", "persen"]] = 0
        hasil["tanda"] = hasil["tanda"].fillna("")
        if "program" in hasil:
            urut = [*self.program, *sorted(set(hasil["program"]) - set(self.program))]
            hasil = hasil.sort_values("program", key=lambda x: x.map(urut.index), kind="stable", ignore_index=True)
            hasil.insert(1, "nama_program", hasil["program"].map(self.program).fillna(hasil["program"]))
        hasil["keadaan"] = self.keadaan
        hasil.attrs["satuan"] = {"n": "data", "persen": "persen", "rupiah": "rupiah"}
        return hasil


def open_lists(d: Data, daftar: str | Path = "") -> Mutu:
    """Periksa daftar penerima dan pembayaran.

    Parameters
    ----------
    daftar : str or Path
        Folder berisi ``dtks/`` dan ``pembayaran/`` (Parquet); kosong: daftar buatan kecil.

    Raises
    ------
    GalatParameter
        Folder tidak ada.
    GalatData
        Lihat :func:`hitung`.
    """
    a = Acuan.of(d)
    hasil, sintetis = _hitung_milik(Path(daftar), a) if str(daftar).strip() else (hasil_contoh(a), True)
    temuan, berkas = pisahkan_kesalahan_berkas(hasil)
    if sintetis:
        program = {k: f"{fmt.pick(_PROGRAM)} {chr(ord('A') + i)}" for i, k in enumerate(a.program)}
    else:
        program = dict(d["pen_program"].set_index("kode")["nama_pendek"].reindex(a.program))
    keadaan = "sintetis" if sintetis else "diturunkan"
    return Mutu(susun_tabel(temuan, tingkat=_TINGKAT_NOTEBOOK), keadaan, program, a.terbit, berkas)


def _hitung_milik(folder: Path, a: Acuan) -> tuple[pd.DataFrame, bool]:
    """Periksa daftar pemakai; hasilnya memuat sel kecil, jadi tidak disimpan di mana pun."""
    if not folder.is_dir():
        raise GalatParameter(f"Folder daftar {folder} tidak ada.")
    for berkas in sorted(folder.rglob("*.parquet")):
        terbaca.note_file(berkas)
    paths.processed().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.processed(), prefix=".daftar-") as sementara:
        return hitung(folder, Path(sementara), a)


def folder() -> Path:
    """``data/processed/daftar``; tidak dilacak git."""
    return paths.processed() / "daftar"


def hasil_contoh(a: Acuan) -> pd.DataFrame:
    """Hasil :func:`hitung` atas daftar sintetis `BARIS` baris, dihitung sekali dan disimpan.

    Simpanannya bernama menurut isi semua yang menentukannya (kode, bentuk daftar, tabel acuan), jadi tidak pernah basi;
    yang ditulis utuh dahulu baru diberi nama itu, jadi beberapa notebook boleh memerlukannya sekaligus.
    """
    berkas = folder() / f"mutu-{_kunci(a)}.csv"
    if not berkas.is_file():
        _hitung(a, berkas)
    jenis = {"program": "str", "rupiah": "Int64"}
    return pd.read_csv(berkas, dtype=jenis, keep_default_na=False, na_values={"rupiah": ""})


def _kunci(a: Acuan) -> str:
    sidik = hashlib.sha256(str(BARIS).encode())
    for paket in (Path(__file__).parent, Path(listcheck.__file__).parent):
        for berkas in sorted(x for x in paket.iterdir() if x.suffix in (".py", ".yml")):
            sidik.update(berkas.read_bytes())
    sidik.update(a.provinsi.to_csv(index=False).encode())
    sidik.update(repr(a[1:]).encode())
    return sidik.hexdigest()[:16]


def _hitung(a: Acuan, berkas: Path) -> None:
    berkas.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=berkas.parent, prefix=".daftar-") as sementara:
        daftar = Path(sementara) / "isi"
        buatan.buat(daftar, buatan.susun_rencana(BARIS, a.provinsi, a.kabkota))
        hasil, _ = hitung(daftar, Path(sementara), a, memori=1)
        write_whole(berkas, hasil.to_csv(index=False, lineterminator="\n"))
    for lama in berkas.parent.glob("mutu-*.csv"):
        if lama != berkas:
            lama.unlink(missing_ok=True)
