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

from collections.abc import Mapping, Sequence
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


# Membaca --------------------------------------------------------------------------------------------------------------


def baca(con, folder: Path, daftar: str, kolom: Mapping[str, str] | None = None) -> tuple[ibis.Table, bool]:
    """Daftar sebagai tabel Ibis yang belum dihitung, dan apakah daftar itu sintetis.

    Parameters
    ----------
    con : ibis.backends.BaseBackend
    folder : Path
        Berisi folder ``dtks`` atau ``pembayaran`` dengan berkas Parquet, boleh bertingkat ``program=.../bulan=...``.
    daftar : {"dtks", "pembayaran"}
    kolom : mapping, optional
        Nama di sini -> nama di berkas, misalnya ``{"nik": "NO_NIK"}``.

    Raises
    ------
    GalatData
        Folder tidak berisi Parquet, kolom tidak ada, atau isinya bukan bilangan.
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
    for k, asli in nama.items():
        if k not in ("nik", "program") and not tabel[asli].type().is_integer():
            raise GalatData(daftar, kolom=asli, ditemukan=f"isi {tabel[asli].type()}", diharapkan="bilangan bulat")
    sintetis = any(k.upper().startswith("SINTETIS") for k in tabel.columns)
    isi = {k: tabel[asli] for k, asli in nama.items()}
    isi["nik"] = isi["nik"].cast("string").fill_null("")
    isi["provinsi"] = isi["provinsi"].cast("int64").fill_null(TANPA_PROVINSI)
    if daftar == PEMBAYARAN:
        isi["program"] = isi["program"].cast("string").fill_null("")
        isi["bulan"] = isi["bulan"].cast("int64").fill_null(0)
        isi |= {k: isi[k].cast("int64").fill_null(0) for k in ("dibayar", "ditransaksikan", "dikembalikan")}
    return tabel.select(**isi), sintetis


# Menghitung -----------------------------------------------------------------------------------------------------------


def hitung(
    con, dtks: ibis.Table, bayar: ibis.Table, *, kabkota: list[str], larangan: Sequence[tuple[str, str]]
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
    semua = semua[semua["n"] > 0].astype({"bulan": "int64", "provinsi": "int64", "n": "int64"})
    return semua[[*KUNCI, "ukuran", "n", "rupiah"]].sort_values([*KUNCI, "ukuran"], ignore_index=True)


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
    """Letak bit tiap program-bulan: bulan-bulan satu program berurutan, mulai dari bit yang sudah ditentukan.

    Attributes
    ----------
    awal : dict of str to int
        Program -> letak bulan 0; letak bulan b adalah ``awal[program] + b``.
    kolom : list of str
        Nama kolom bit, masing-masing memuat `BIT` letak.
    """

    def __init__(self, rentang: Mapping[str, tuple[int, int]]):
        self.awal, letak = {}, 0
        for program, (dari, sampai) in rentang.items():
            self.awal[program] = letak - dari
            letak += sampai - dari + 1
        self.rentang = dict(rentang)
        self.kolom = [f"bit_{i}" for i in range(max(-(-letak // BIT), 1))]

    @classmethod
    def dari(cls, pokok: pd.DataFrame) -> _Bit:
        """Susun dari program dan bulan yang benar-benar ada di daftar."""
        bulan = pokok.groupby("program")["bulan"].agg(["min", "max"])
        return cls({nama: (int(x["min"]), int(x["max"])) for nama, x in bulan.iterrows()})

    def baris(self, program, bulan) -> dict:
        """Ekspresi tiap kolom bit bagi baris pembayaran."""
        import ibis

        letak = ibis.cases(*((program == p, awal) for p, awal in self.awal.items()), else_=0) + bulan
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
        for b in range(dari, sampai + 1) if bulan is None else [bulan] * (dari <= bulan <= sampai):
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
            for bulan in range(dari, sampai + 1):
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

    @ibis.udf.scalar.builtin
    def bit_count(x: int) -> int: ...

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
