"""Mutu daftar penerima dan pembayaran: NIK cacat, ganda, rangkap, di luar DTKS, uang yang mengendap.

Yang dijawab adalah temuan yang disebut laporan dari kajian KPK dan pengawasan BPKP. Hitungannya tepat, bukan taksiran,
dan keluarannya hanya banyaknya baris dan rupiah: tidak satu NIK pun keluar dari mesin hitung.

Daftar dibaca tiga kali, masing-masing hanya kolom yang diperlukan:

1. banyaknya baris dan rupiah tiap program, bulan, provinsi (tanpa kolom NIK);
2. satu baris tiap NIK: ada di DTKS atau tidak, dan satu bit tiap program-bulan yang menerima. Baris lebih banyak
   daripada bit berarti ganda; dua bit program yang terlarang bersama berarti rangkap; susunan NIK diperiksa di sini,
   sekali tiap NIK;
3. hanya baris dengan NIK yang bertanda di langkah 2, untuk program, bulan, dan provinsinya.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kinerja.besar.buat import DTKS, PEMBAYARAN
from kinerja.besar.mesin import simpan
from kinerja.besar.nik import CACAT, SAH, tandai_cacat
from kinerja.errors import GalatData

if TYPE_CHECKING:
    import ibis

KOLOM_DTKS = ("nik", "provinsi")
KOLOM_BAYAR = ("nik", "program", "bulan", "provinsi", "dibayar", "ditransaksikan", "dikembalikan")
KUNCI = ["daftar", "program", "bulan", "provinsi"]
UKURAN = (
    "baris",
    "ditransaksikan",
    "dikembalikan",
    "mengendap",
    "lebih",
    *CACAT.values(),
    "provinsi_asing",
    "bulan_asing",
    "ganda",
    "rangkap",
    "luar_dtks",
)
"""Ukuran menurut urutan tampil; "baris" berpasangan dengan rupiah yang dibayar."""

BIT = 61
"""Program-bulan tiap kolom bit."""

TERDAFTAR = 1 << BIT
"""Bit "ada di DTKS" pada kolom bit pertama; bit tanda BIGINT tidak dipakai."""

TANPA_PROVINSI = 0

_BANYAK = 240
"""Program, dan bulan, berlainan yang diterima; lebih dari itu kolomnya bukan kolom itu."""

_MAKS_KOLOM = 16
"""Kolom bit yang diterima, jadi hampir seribu program-bulan."""


# Membaca --------------------------------------------------------------------------------------------------------------


def baca(
    con, folder: Path, daftar: str, kolom: Mapping[str, str] | None = None, program: Sequence[str] = ()
) -> tuple[ibis.Table, bool]:
    """Daftar sebagai tabel Ibis yang belum dihitung, dan apakah daftar itu sintetis.

    Parameters
    ----------
    con : ibis.backends.BaseBackend
    folder : Path
        Berisi folder ``dtks`` atau ``pembayaran`` dengan berkas Parquet, boleh bertingkat ``program=.../bulan=...``.
    daftar : {"dtks", "pembayaran"}
    kolom : mapping, optional
        Nama di sini -> nama di berkas, misalnya ``{"nik": "NO_NIK"}``.
    program : sequence of str
        Kode program yang dikenal; nama di berkas dicocokkan tanpa memandang huruf besar, spasi, dan garis bawah.

    Raises
    ------
    GalatData
        Folder tidak berisi Parquet, kolom tidak ada, isinya bukan bilangan, atau NIK sudah rusak oleh jenis kolomnya.
    """
    letak = Path(folder) / daftar
    if next(letak.rglob("*.parquet"), None) is None:
        raise GalatData(daftar, ditemukan="folder tanpa berkas .parquet", diharapkan="sedikitnya satu berkas .parquet")
    if con.name == "duckdb":
        tabel = con.read_parquet(str(letak / "**" / "*.parquet"), hive_partitioning=True, union_by_name=True)
    else:
        tabel = con.read_parquet(str(letak))
    perlu = KOLOM_DTKS if daftar == DTKS else KOLOM_BAYAR
    nama = {k: (kolom or {}).get(k, k) for k in perlu}
    hilang = [asli for asli in nama.values() if asli not in tabel.columns]
    if hilang:
        ada = ", ".join(tabel.columns)
        raise GalatData(daftar, kolom=hilang[0], ditemukan=f"kolom {ada}", diharapkan=f"kolom '{hilang[0]}'")
    sintetis = any(k.upper().startswith("SINTETIS") for k in tabel.columns)
    isi = {"nik": _nik(tabel, daftar, nama["nik"])}
    isi["provinsi"] = _bilangan(tabel, daftar, nama["provinsi"])
    if daftar == PEMBAYARAN:
        isi["program"] = _program(tabel, daftar, nama["program"], program)
        isi["bulan"] = _bulan(tabel, daftar, nama["bulan"])
        isi |= {k: _bilangan(tabel, daftar, nama[k]) for k in ("dibayar", "ditransaksikan", "dikembalikan")}
    return tabel.select(**{k: isi[k] for k in perlu}), sintetis


def _nik(tabel: ibis.Table, daftar: str, kolom: str) -> ibis.Value:
    """NIK sebagai teks; ditolak bila jenis atau cara menulisnya sudah kehilangan angka bagi seluruh daftar."""
    nik = tabel[kolom]
    jenis = nik.type()
    if jenis.is_integer() or (jenis.is_decimal() and jenis.scale == 0):
        return nik.cast("int64").cast("string").fill_null("")
    if not jenis.is_string():
        raise GalatData(
            daftar,
            kolom=kolom,
            ditemukan=f"NIK berjenis {jenis}, yang tidak menyimpan keenam belas angkanya",
            diharapkan="teks atau bilangan bulat 64 bit",
        )
    # Satu saringan murah bagi seluruh daftar; tiga cara menulis itu hanya dicari di antara yang tersaring.
    bertanda = (nik < "0") | (nik >= ":") | nik.contains("+") | nik.contains(".") | nik.contains(",")
    sisa = tabel.filter(bertanda)
    n = sisa.agg(**{k: f(nik).sum() for k, f in _TULISAN_RUSAK.items()}).to_pandas().iloc[0].dropna()
    if n.any():
        baris = int(tabel.count().execute())
        for cara, banyak in n.items():
            if banyak >= max(1, _BAGIAN_RUSAK * baris):
                raise GalatData(
                    daftar,
                    kolom=kolom,
                    ditemukan=f"NIK bertulisan {cara} di {int(banyak)} dari {baris} baris",
                    diharapkan="enam belas angka tanpa tanda lain",
                )
    return nik.fill_null("")


_TULISAN_RUSAK = {
    "berpangkat (3,17E+15)": lambda x: x.contains("E+") | x.contains("e+"),
    "dengan tanda petik": lambda x: x.startswith("'") | x.startswith("’") | x.startswith("`") | x.startswith('"'),
    "berakhiran .0": lambda x: x.endswith(".0") | x.endswith(",0"),
}
"""Bekas lembar sebar atau bilangan pecahan pada kolom teks; kesalahan berkas, bukan kesalahan orang yang terdaftar."""

_BAGIAN_RUSAK = 0.01
"""Mulai bagian ini seluruh daftar ditolak; di bawahnya baris itu saja terhitung bukan 16 angka."""


def _bilangan(tabel: ibis.Table, daftar: str, kolom: str) -> ibis.Value:
    """Kolom sebagai bilangan bulat, kosong menjadi nol; pecahan yang bulat dan teks berisi angka diterima."""
    isi = tabel[kolom]
    jenis = isi.type()
    if jenis.is_integer():
        return isi.cast("int64").fill_null(0)
    if jenis.is_string():
        isi = isi.strip()
        angka = isi.re_search("^[0-9]{1,15}$")
        buruk = tabel.filter(isi.notnull() & (isi != "") & ~angka).select(x=isi)
        angka = isi.nullif("").try_cast("int64")
    elif jenis.is_floating() or jenis.is_decimal():
        isi = isi.cast("float64")
        isi = isi.isnan().ifelse(None, isi)
        angka = isi.cast("int64") if jenis.is_decimal() else isi.try_cast("int64")
        buruk = tabel.filter(isi.notnull() & (angka.isnull() | (angka.cast("float64") != isi))).select(x=isi)
    else:
        raise GalatData(daftar, kolom=kolom, ditemukan=f"isi {jenis}", diharapkan="bilangan bulat")
    contoh = buruk.limit(1).to_pandas()
    if len(contoh):
        raise GalatData(daftar, kolom=kolom, ditemukan=f"isi '{contoh['x'].iloc[0]}'", diharapkan="bilangan bulat")
    return angka.fill_null(0)


def _program(tabel: ibis.Table, daftar: str, kolom: str, program: Sequence[str]) -> ibis.Value:
    """Nama program tanpa memandang huruf besar dan spasi; yang tidak dikenal memakai tulisan pertamanya."""
    isi = tabel[kolom].cast("string").fill_null("")
    ada = tabel.select(x=isi).distinct().limit(_BANYAK + 1).to_pandas()["x"]
    if len(ada) > _BANYAK:
        raise GalatData(
            daftar, kolom=kolom, ditemukan=f"lebih dari {_BANYAK} nama program", diharapkan="satu nama tiap program"
        )
    baku = {kunci_program(k): k for k in program}
    ganti = {}
    for tulisan in sorted(ada):
        nama = baku.setdefault(kunci_program(tulisan), tulisan.strip())
        if nama != tulisan:
            ganti[tulisan] = nama
    return isi.substitute(ganti) if ganti else isi


def kunci_program(nama: str) -> str:
    """Nama program tanpa huruf besar, spasi, garis bawah, dan tanda hubung."""
    return re.sub(r"[\s_-]+", "", nama).casefold()


def _bulan(tabel: ibis.Table, daftar: str, kolom: str) -> ibis.Value:
    """Bulan 1 sampai 12 atau YYYYMM; YYYYMM dari satu tahun saja menjadi bulannya."""
    bulan = _bilangan(tabel, daftar, kolom)
    ada = tabel.select(x=bulan).distinct().limit(_BANYAK + 1).to_pandas()["x"]
    if len(ada) > _BANYAK:
        raise GalatData(
            daftar, kolom=kolom, ditemukan=f"lebih dari {_BANYAK} bulan berlainan", diharapkan="1 sampai 12 atau YYYYMM"
        )
    tahun = {x // 100 for x in ada if x > 12 and bulan_sah(x)}
    if len(tahun) == 1:
        lengkap = (bulan >= min(tahun) * 100 + 1) & (bulan <= min(tahun) * 100 + 12)
        return lengkap.ifelse(bulan % 100, bulan)
    if tahun and any(1 <= x <= 12 for x in ada):
        raise GalatData(
            daftar,
            kolom=kolom,
            ditemukan=f"bulan 1 sampai 12 bercampur YYYYMM tahun {min(tahun)} sampai {max(tahun)}",
            diharapkan="satu cara menulis bulan",
        )
    return bulan


def bulan_sah(bulan: int) -> bool:
    """Apakah bulan itu 1 sampai 12, atau YYYYMM."""
    return 1 <= bulan <= 12 or (1900 < bulan // 100 < 2100 and 1 <= bulan % 100 <= 12)


# Menghitung -----------------------------------------------------------------------------------------------------------


def hitung(
    con,
    dtks: ibis.Table,
    bayar: ibis.Table,
    *,
    kabkota: list[str],
    larangan: Sequence[tuple[str, str]],
    provinsi: Iterable[int],
) -> pd.DataFrame:
    """Semua ukuran mutu menurut daftar, program, bulan, dan provinsi.

    Parameters
    ----------
    con : ibis.backends.BaseBackend
    dtks, bayar : ibis.Table
        Dari :func:`baca` pada sambungan itu.
    kabkota : list of str
        Dari :func:`kinerja.besar.nik.kode_kabkota`.
    larangan : sequence of (str, str)
        Pasangan program yang tidak boleh diterima satu orang dalam bulan yang sama.
    provinsi : iterable of int
        Kode provinsi BPS yang dikenal; yang lain, kecuali yang tidak diisi, menjadi temuan ``provinsi_asing``.

    Returns
    -------
    DataFrame
        `KUNCI`, ``ukuran`` (salah satu `UKURAN`), ``n`` (baris), ``rupiah`` (Int64; <NA> bagi DTKS). Hanya yang n-nya
        lebih dari nol. Baris ganda dan rangkap adalah semua baris yang terlibat, jadi tidak bergantung pada mana yang
        dianggap asli; NIK yang cacat tidak diperiksa kegandaannya.
    """
    pokok = _pokok(bayar).to_pandas()
    bit = _Bit.dari(pokok)
    tertanda = simpan(con, _tertanda(_per_nik(dtks, bayar, bit), bit, kabkota, larangan), "tertanda")
    terlibat = simpan(con, _terlibat(bayar, tertanda, bit, larangan), "terlibat")
    lebar = [(pokok, PEMBAYARAN), *((f(terlibat).to_pandas(), PEMBAYARAN) for f in (_rinci, _ganda))]
    lebar.append((_rinci_dtks(dtks, tertanda).to_pandas(), DTKS))
    hasil = [_panjang(*x) for x in lebar]
    semua = pd.concat([x.astype({"n": "Int64", "rupiah": "Int64"}) for x in hasil], ignore_index=True)
    semua = pd.concat([semua, *_asing(semua[semua["ukuran"] == "baris"], set(provinsi))], ignore_index=True)
    semua = semua[semua["n"] > 0].astype({"bulan": "int64", "provinsi": "int64", "n": "int64"})
    return semua[[*KUNCI, "ukuran", "n", "rupiah"]].sort_values([*KUNCI, "ukuran"], ignore_index=True)


def _asing(baris: pd.DataFrame, provinsi: set[int]) -> list[pd.DataFrame]:
    """Baris yang provinsinya tidak dikenal atau bulannya tidak ada, sebagai ukuran tersendiri; kosong bukan asing."""
    di_luar = ~baris["provinsi"].isin(provinsi | {TANPA_PROVINSI})
    tanpa_bulan = ~baris["bulan"].map(lambda x: x == 0 or bulan_sah(x)).astype(bool)
    return [baris[di_luar].assign(ukuran="provinsi_asing"), baris[tanpa_bulan].assign(ukuran="bulan_asing")]


def pisahkan_kesalahan_berkas(hasil: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Aturan yang dilanggar setiap baris satu daftar bukan temuan tentang orang, melainkan tentang berkasnya.

    Parameters
    ----------
    hasil : DataFrame
        Dari :func:`hitung`.

    Returns
    -------
    hasil : DataFrame
        Tanpa temuan itu.
    berkas : list of (daftar, ukuran, banyaknya baris)
        ``ukuran`` "nik" bila semua NIK cacat, dengan cacat yang bermacam-macam.
    """
    jumlah = hasil.groupby(["daftar", "ukuran"])["n"].sum()
    berkas, buang = [], pd.Series(False, index=hasil.index)
    for daftar, n in jumlah.xs("baris", level="ukuran").items():
        ini = jumlah[daftar]
        semua = [u for u in UKURAN if u in _BISA_SELURUHNYA and ini.get(u, 0) == n]
        cacat = list(CACAT.values())
        if not set(semua) & set(cacat) and ini.reindex(cacat).sum() == n:
            berkas.append((daftar, "nik", int(n)))
            semua += cacat
        berkas += [(daftar, u, int(n)) for u in semua if ini.get(u, 0) == n]
        buang |= (hasil["daftar"] == daftar) & hasil["ukuran"].isin(semua)
    return hasil[~buang].reset_index(drop=True), berkas


_BISA_SELURUHNYA = ("mengendap", "lebih", *CACAT.values(), "provinsi_asing", "bulan_asing", "ganda", "luar_dtks")


def _pokok(bayar: ibis.Table) -> ibis.Table:
    sisa = bayar["dibayar"] - bayar["ditransaksikan"] - bayar["dikembalikan"]
    t = bayar.select("program", "bulan", "provinsi", "dibayar", "ditransaksikan", "dikembalikan", sisa=sisa)
    return t.group_by("program", "bulan", "provinsi").agg(
        n_baris=t.count(),
        rp_baris=t["dibayar"].sum(),
        n_ditransaksikan=t.count(where=t["ditransaksikan"] > 0),
        rp_ditransaksikan=t["ditransaksikan"].sum(),
        n_dikembalikan=t.count(where=t["dikembalikan"] > 0),
        rp_dikembalikan=t["dikembalikan"].sum(),
        n_mengendap=t.count(where=t["sisa"] > 0),
        rp_mengendap=t["sisa"].sum(where=t["sisa"] > 0),
        n_lebih=t.count(where=t["sisa"] < 0),
        rp_lebih=-t["sisa"].sum(where=t["sisa"] < 0),
    )


class _Bit:
    """Letak bit tiap program-bulan: bulan-bulan satu program berurutan menurut urutan bulan yang ada di daftar.

    Attributes
    ----------
    bulan : list of int
        Bulan yang ada, urut; bulan ke-i bernomor i, jadi bulan yang jarang atau janggal tidak memakan letak.
    awal : dict of str to int
        Program -> letak bulan bernomor 0; letak bulan bernomor i adalah ``awal[program] + i``.
    kolom : list of str
        Nama kolom bit, masing-masing memuat `BIT` letak.
    """

    def __init__(self, bulan: Iterable[int], rentang: Mapping[str, tuple[int, int]]):
        self.bulan = sorted(set(bulan))
        self._nomor = {b: i for i, b in enumerate(self.bulan)}
        self.awal, self.rentang, letak = {}, {}, 0
        for program, (dari, sampai) in rentang.items():
            dari, sampai = self._nomor[dari], self._nomor[sampai]
            self.awal[program], self.rentang[program] = letak - dari, (dari, sampai)
            letak += sampai - dari + 1
        self.kolom = [f"bit_{i}" for i in range(max(-(-letak // BIT), 1))]
        if len(self.kolom) > _MAKS_KOLOM:
            raise GalatData(
                PEMBAYARAN,
                ditemukan=f"{len(self.awal)} program dan {len(self.bulan)} bulan berlainan",
                diharapkan=f"paling banyak {BIT * _MAKS_KOLOM} pasangan program dan bulan",
            )

    @classmethod
    def dari(cls, pokok: pd.DataFrame) -> _Bit:
        """Susun dari program dan bulan yang benar-benar ada di daftar."""
        rentang = pokok.groupby("program")["bulan"].agg(["min", "max"])
        return cls(
            (int(x) for x in pokok["bulan"]),
            {nama: (int(x["min"]), int(x["max"])) for nama, x in rentang.iterrows()},
        )

    def baris(self, program, bulan) -> dict:
        """Ekspresi tiap kolom bit bagi baris pembayaran."""
        import ibis

        if not self.awal:
            return {nama: ibis.literal(0, "int64") for nama in self.kolom}
        if self.bulan[-1] - self.bulan[0] + 1 == len(self.bulan):
            nomor = bulan - self.bulan[0]
        else:
            nomor = ibis.cases(*((bulan == b, i) for b, i in self._nomor.items()), else_=0).cast("int64")
        awal = ibis.cases(*((program == p, awal) for p, awal in self.awal.items()), else_=0)
        letak = awal.cast("int64") + nomor
        if len(self.kolom) == 1:
            return {self.kolom[0]: _pangkat(letak)}
        return {
            nama: ibis.ifelse((letak >= i * BIT) & (letak < (i + 1) * BIT), _pangkat(letak - i * BIT), 0)
            for i, nama in enumerate(self.kolom)
        }

    def topeng(self, program: str, bulan: int | None = None) -> list[int]:
        """Isi tiap kolom bit bagi satu program: satu bulan, atau semua bulannya."""
        dari, sampai = self.rentang[program]
        hasil = [0] * len(self.kolom)
        nomor = range(dari, sampai + 1) if bulan is None else [self._nomor[bulan]]
        for b in (x for x in nomor if dari <= x <= sampai):
            i, sisa = divmod(self.awal[program] + b, BIT)
            hasil[i] |= 1 << sisa
        return hasil

    def punya(self, t, program: str):
        """Ekspresi: NIK ini menerima ``program`` pada bulan mana pun."""
        import ibis

        return ibis.or_(*((t[k] & m) != 0 for k, m in zip(self.kolom, self.topeng(program), strict=True) if m))

    def bersama(self, larangan: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Pasangan terlarang, dua arah, yang kedua programnya ada di daftar."""
        dua_arah = [x for a, b in larangan for x in ((a, b), (b, a))]
        return [(a, b) for a, b in dict.fromkeys(dua_arah) if a in self.awal and b in self.awal]

    def lawan(self, larangan: Sequence[tuple[str, str]]) -> pd.DataFrame:
        """Bit program-bulan yang terlarang bersama tiap program-bulan: ``_program``, ``_bulan``, ``lawan_<kolom>``."""
        isi: dict[tuple[str, int], list[int]] = {}
        for a, b in self.bersama(larangan):
            dari, sampai = self.rentang[a]
            for bulan in self.bulan[dari : sampai + 1]:
                lama = isi.get((a, bulan), [0] * len(self.kolom))
                isi[a, bulan] = [x | y for x, y in zip(lama, self.topeng(b, bulan), strict=True)]
        baris = [(*kunci, *nilai) for kunci, nilai in isi.items()]
        tabel = pd.DataFrame(baris, columns=["_program", "_bulan", *(f"lawan_{k}" for k in self.kolom)])
        return tabel.astype({k: "int64" for k in tabel if k != "_program"} | {"_program": "str"})


def _pangkat(letak):
    import ibis

    return (ibis.literal(2.0) ** letak).cast("int64")


def _fungsi():
    """``bit_or`` dan ``bit_count`` bernama sama di DuckDB dan Spark; Ibis belum mengenal yang pertama bagi Spark."""
    import ibis

    @ibis.udf.agg.builtin
    def bit_or(x: int) -> int: ...

    # DuckDB menjawab bilangan satu bita; dinyatakan begitu supaya jumlahnya benar-benar diubah ke 64 bit dahulu.
    @ibis.udf.scalar.builtin(signature=((ibis.dtype("int64"),), ibis.dtype("int8")))
    def bit_count(x): ...

    return bit_or, bit_count


def _per_nik(dtks: ibis.Table, bayar: ibis.Table, bit: _Bit) -> ibis.Table:
    """Satu baris tiap NIK: ``n`` (baris di kedua daftar) dan kolom-kolom bit.

    Hanya itu, sebab di sinilah hampir seluruh waktu dan memori terpakai: keanggotaan DTKS menumpang sebagai satu bit.
    """
    import ibis

    bit_or, _ = _fungsi()
    isi = {k: ibis.literal(TERDAFTAR if k == bit.kolom[0] else 0, "int64") for k in bit.kolom}
    t = dtks.select("nik", **isi).union(bayar.select("nik", **bit.baris(bayar["program"], bayar["bulan"])))
    return t.group_by("nik").agg(n=t.count(), **{k: bit_or(t[k]) for k in bit.kolom})


def _tertanda(orang: ibis.Table, bit: _Bit, kabkota: list[str], larangan: Sequence[tuple[str, str]]) -> ibis.Table:
    """NIK yang punya sesuatu untuk dilaporkan; pasangan terlarang pada bulan berbeda disaring kemudian."""
    import ibis

    _, bit_count = _fungsi()
    t = tandai_cacat(orang, kabkota)
    berbeda = sum((bit_count(t[k]).cast("int64") for k in bit.kolom), ibis.literal(0, "int64"))
    # Baris lebih banyak daripada bit: ganda di salah satu daftar. NIK tanpa bit DTKS pasti datang dari pembayaran.
    terdaftar = (t[bit.kolom[0]] & TERDAFTAR) != 0
    t = t.mutate(ganda=t["n"] > berbeda, terdaftar=terdaftar)
    perlu = [t["cacat"] != SAH, t["ganda"], ~t["terdaftar"]]
    perlu += [bit.punya(t, a) & bit.punya(t, b) for a, b in bit.bersama(larangan) if a < b]
    return t.filter(ibis.or_(*perlu)).select("nik", "cacat", "terdaftar", "ganda", *bit.kolom)


def _terlibat(bayar: ibis.Table, tertanda: ibis.Table, bit: _Bit, larangan: Sequence[tuple[str, str]]) -> ibis.Table:
    """Baris pembayaran dengan NIK bertanda, dengan keadaannya."""
    import ibis

    t = bayar.select("nik", "program", "bulan", "provinsi", "dibayar").join(tertanda, "nik")
    lawan = ibis.memtable(bit.lawan(larangan))
    t = t.left_join(lawan, (t["program"] == lawan["_program"]) & (t["bulan"] == lawan["_bulan"]))
    sah = t["cacat"] == SAH
    rangkap = ibis.or_(*((t[k] & t[f"lawan_{k}"].fill_null(0)) != 0 for k in bit.kolom))
    return t.select(
        "nik", "program", "bulan", "provinsi", "dibayar", "cacat",
        ganda=sah & t["ganda"],
        luar_dtks=sah & ~t["terdaftar"],
        rangkap=sah & rangkap,
    )  # fmt: skip


def _rinci(t: ibis.Table) -> ibis.Table:
    """Cacat NIK, luar DTKS, dan rangkap tiap program, bulan, provinsi, melebar."""
    ukuran = {nama: t["cacat"] == kode for kode, nama in CACAT.items()}
    ukuran |= {"luar_dtks": t["luar_dtks"], "rangkap": t["rangkap"]}
    return t.group_by("program", "bulan", "provinsi").agg(
        **{f"n_{nama}": t.count(where=ya) for nama, ya in ukuran.items()},
        **{f"rp_{nama}": t["dibayar"].sum(where=ya) for nama, ya in ukuran.items()},
    )


def _ganda(t: ibis.Table) -> ibis.Table:
    """Semua baris yang NIK, program, dan bulannya sama dengan baris lain, di provinsi mana pun."""
    t = t.filter(t["ganda"])
    t = t.group_by("nik", "program", "bulan", "provinsi").agg(n=t.count(), rp=t["dibayar"].sum())
    t = t.mutate(semua=t["n"].sum().over(group_by=["nik", "program", "bulan"]))
    t = t.filter(t["semua"] > 1)
    return t.group_by("program", "bulan", "provinsi").agg(n_ganda=t["n"].sum(), rp_ganda=t["rp"].sum())


def _rinci_dtks(dtks: ibis.Table, tertanda: ibis.Table) -> ibis.Table:
    """Baris, cacat NIK, dan NIK yang lebih dari sekali tiap provinsi."""
    perlu = tertanda.filter((tertanda["cacat"] != SAH) | (tertanda["ganda"] & tertanda["terdaftar"]))
    # Yang ganda di pembayaran saja hanya sekali di sini, jadi barisnya dihitung lagi tiap NIK.
    t = dtks.join(perlu.select("nik", "cacat"), "nik").group_by("nik", "provinsi", "cacat")
    t = t.agg(n=lambda x: x.count())
    t = t.mutate(semua=t["n"].sum().over(group_by="nik"))
    ukuran = {nama: t["cacat"] == kode for kode, nama in CACAT.items()}
    ukuran["ganda"] = (t["cacat"] == SAH) & (t["semua"] > 1)
    rinci = t.group_by("provinsi").agg(**{f"n_{nama}": t["n"].sum(where=ya) for nama, ya in ukuran.items()})
    baris = dtks.group_by("provinsi").agg(n_baris=dtks.count())
    return baris.left_join(rinci, "provinsi").drop("provinsi_right")


def _panjang(lebar: pd.DataFrame, daftar: str) -> pd.DataFrame:
    """Kolom ``n_<ukuran>`` dan ``rp_<ukuran>`` menjadi satu baris tiap ukuran."""
    kunci = [k for k in ("program", "bulan", "provinsi") if k in lebar]
    ukuran = [k.removeprefix("n_") for k in lebar if k.startswith("n_")]
    satu = [
        lebar[kunci].assign(ukuran=u, n=lebar[f"n_{u}"], rupiah=lebar[f"rp_{u}"] if f"rp_{u}" in lebar else pd.NA)
        for u in ukuran
    ]
    kosong = {"program": "", "bulan": 0}
    return pd.concat(satu, ignore_index=True).assign(
        daftar=daftar, **{k: v for k, v in kosong.items() if k not in kunci}
    )
