"""Daftar penerima dan pembayaran sintetis sebesar apa pun, dengan cacat yang tepat diketahui.

Setiap nilai adalah fungsi dari nomor orang, program, bulan, dan benih, bukan dari urutan pembuatan: satu potong dapat
dibuat tanpa yang lain, memorinya tetap, dan benih yang sama memberi berkas yang sama. Cacat dicatat saat ditanam, tidak
dibaca kembali dari berkas, jadi dapat menguji pemeriksanya.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja.berkas import parse_yaml
from kinerja.daftar import BUKAN_ANGKA, CACAT, DTKS, KOSONG, PEMBAYARAN, PEREMPUAN, TANGGAL, URUT, WILAYAH
from kinerja.errors import GalatParameter

BENIH_BAKU = 7
POTONG = 2_000_000
"""Baris tiap potong; menentukan memori, tidak menentukan isi."""

MINIMUM_BARIS = 2_000
KOLOM_SINTETIS = "SINTETIS"
GOLONGAN = ("nik", "ganda", "rangkap", "luar_dtks", "dtks_nik", "dtks_ganda")
_TANGGAL_AWAL, _HARI = "1940-01-01", 25_000
_LANGKAH = 7_919
"""Prima terhadap `_HARI`: orang yang bernomor berurutan tidak lahir pada hari yang berurutan."""
_SEMUA = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True)
class Rencana:
    """Ukuran setiap bagian daftar."""

    orang: int
    """Semua orang terdaftar dan penerima; bernomor 0 sampai ``orang`` - 1."""
    slot: pd.DataFrame
    """``program``, ``bulan``, ``mulai``, ``banyak`` (nomor orang pertama, banyaknya penerima), ``nilai`` (rupiah)."""
    benih: int
    kabkota: np.ndarray
    provinsi_kabkota: np.ndarray
    """Kode BPS provinsi tiap kabupaten/kota."""


@lru_cache
def bentuk() -> dict:
    """Isi ``sintetis.yml``."""
    return parse_yaml(Path(__file__).with_name("sintetis.yml").read_text("utf-8"))


def susun_rencana(baris: int, provinsi: pd.DataFrame, kabkota: Sequence[str], *, benih: int = BENIH_BAKU) -> Rencana:
    """Bagi ``baris`` baris (DTKS dan pembayaran bersama) menurut ``sintetis.yml``.

    Parameters
    ----------
    baris : int
        Sedikitnya `MINIMUM_BARIS`; baris ganda dan rangkap ditambahkan di luar itu.
    provinsi, kabkota
        Tabel ``provinsi`` (``kode_bps``, ``kode_kemendagri``), dan :func:`kinerja.daftar.mutu.kode_kabkota`.

    Raises
    ------
    GalatParameter
        Baris terlalu sedikit atau benih negatif.
    """
    if baris < MINIMUM_BARIS:
        raise GalatParameter(f"Daftar sintetis sedikitnya {MINIMUM_BARIS} baris, bukan {baris}.")
    if benih < 0:
        raise GalatParameter("Benih harus bilangan bulat tak negatif.")
    isi = bentuk()
    slot = pd.DataFrame(
        [(nama, b, x["mulai"], x["banyak"], x["nilai"]) for nama, x in isi["program"].items()
         for b in range(x["bulan"][0], x["bulan"][1] + 1)],
        columns=["program", "bulan", "mulai", "banyak", "nilai"],
    )  # fmt: skip
    per_juta = baris / (slot["banyak"].sum() + isi["dtks"])
    slot[["mulai", "banyak"]] = (slot[["mulai", "banyak"]] * per_juta).round().astype("int64")
    bps = dict(zip(provinsi["kode_kemendagri"], provinsi["kode_bps"], strict=True))
    # Daftar karangan memakai provinsi tahun laporannya; kode NIK provinsi yang lebih baru tidak ikut.
    kode = np.array([int(k) for k in kabkota if int(k) // 100 in bps])
    return Rencana(round(isi["dtks"] * per_juta), slot, benih, kode, np.array([bps[k // 100] for k in kode]))


def buat(
    folder: Path, rencana: Rencana, *, inti: int = 1, lapor: Callable[[int], None] = lambda n: None
) -> pd.DataFrame:
    """Tulis ``dtks/`` dan ``pembayaran/program=.../bulan=.../`` sebagai Parquet.

    Parameters
    ----------
    folder : Path
        Kosong atau belum ada.
    inti, lapor
        Banyaknya potong yang dikerjakan sekaligus; dipanggil dengan banyaknya baris setiap potong selesai.

    Returns
    -------
    DataFrame
        Cacat yang ditanam, sebentuk dengan :func:`kinerja.daftar.mutu.hitung`: ``daftar``, ``program``, ``bulan``,
        ``provinsi``, ``ukuran``, ``n`` (baris), ``rupiah`` (<NA> bila ukuran itu tidak bernilai uang).
    """
    bagian = [(folder / DTKS, rencana.orang, None)]
    for ke, s in enumerate(rencana.slot.itertuples()):
        bagian.append((folder / PEMBAYARAN / f"program={s.program}" / f"bulan={s.bulan}", s.banyak, ke))
    for tujuan, *_ in bagian:
        tujuan.mkdir(parents=True, exist_ok=True)
    tugas = ((*satu, awal) for satu in bagian for awal in range(0, satu[1], POTONG))

    def kerjakan(satu: tuple) -> pd.DataFrame:
        tujuan, banyak, ke, awal = satu
        akhir = min(awal + POTONG, banyak)
        tabel = potong_dtks(rencana, awal, akhir) if ke is None else potong_bayar(rencana, ke, awal, akhir)
        _tulis(tabel, tujuan / f"bagian-{awal // POTONG:04d}.parquet")
        lapor(len(tabel))
        return _catat(tabel)

    with ThreadPoolExecutor(inti) as kolam:
        catatan = list(kolam.map(kerjakan, tugas))
    kunci = ["daftar", "program", "bulan", "provinsi", "ukuran"]
    semua = pd.concat(catatan, ignore_index=True)
    return semua.groupby(kunci, as_index=False, dropna=False)[["n", "rupiah"]].sum(min_count=1)


# Isi ------------------------------------------------------------------------------------------------------------------


def potong_dtks(r: Rencana, awal: int, akhir: int) -> pd.DataFrame:
    """Baris DTKS bagi urutan ``awal`` sampai ``akhir``; kolom berawalan garis bawah adalah catatan, tidak ditulis."""
    p = _urutkan(np.arange(awal, akhir), r.orang, 0)
    gol = golongan(r, p)
    terdaftar, ganda = np.flatnonzero(gol != "luar_dtks"), np.flatnonzero(gol == "dtks_ganda")
    p, gol = (np.concatenate([x[terdaftar], x[ganda]]) for x in (p, gol))
    cacat = np.where(gol == "dtks_nik", _pilih_cacat(r, p, "dtks"), 0)
    isi = {"nik": _tulisan(r, p, cacat), "provinsi": _provinsi(r, p), KOLOM_SINTETIS: np.int8(1)}
    return pd.DataFrame({**isi, "_cacat": cacat, "_ganda": gol == "dtks_ganda"})


def potong_bayar(r: Rencana, ke: int, awal: int, akhir: int) -> pd.DataFrame:
    """Baris pembayaran satu program satu bulan; kolom berawalan garis bawah adalah catatan, tidak ditulis."""
    s = r.slot.iloc[ke]
    p = s["mulai"] + _urutkan(np.arange(awal, akhir), int(s["banyak"]), ke + 1)
    gol = golongan(r, p)
    rangkap = _rangkap(r, p, gol, s["bulan"])
    if s["program"] == "bst":
        tambahan = _penerima_rangkap(r, ke, awal, akhir, int(s["bulan"]))
        p, gol = np.concatenate([p, tambahan]), np.concatenate([gol, golongan(r, tambahan)])
        rangkap = np.concatenate([rangkap, np.ones(len(tambahan), dtype=bool)])
    elif s["program"] not in ("pkh", "sembako"):
        rangkap[:] = False
    peluang = bentuk()["peluang"]
    cacat = np.where(gol == "nik", _pilih_cacat(r, p, f"bayar{ke}"), 0)
    cacat[_acak(r, p, f"jadi{ke}") >= peluang["nik"]] = 0
    ganda = (gol == "ganda") & (_acak(r, p, f"ganda{ke}") < peluang["ganda"])
    tiga = ganda & (_acak(r, p, f"tiga{ke}") < peluang["tiga_kali"])
    salin = np.concatenate([np.arange(len(p)), np.flatnonzero(ganda), np.flatnonzero(tiga)])
    # Sebagian salinan tercatat di provinsi lain: orang yang sama, dua daerah.
    provinsi = _provinsi(r, p)[salin]
    pindah = (np.arange(len(salin)) >= len(p)) & (_acak(r, p, f"pindah{ke}")[salin] < peluang["pindah"])
    provinsi[pindah] = _provinsi(r, p[salin[pindah]] + 1)
    nilai = np.full(len(salin), s["nilai"], dtype=np.int64)
    transaksi, kembali, keadaan = _bayar(_acak(r, p, f"uang{ke}")[salin], nilai)
    return pd.DataFrame(
        {
            "nik": _tulisan(r, p, cacat).take(salin),
            "provinsi": provinsi,
            "dibayar": nilai,
            "ditransaksikan": transaksi,
            "dikembalikan": kembali,
            KOLOM_SINTETIS: np.int8(1),
            "_program": s["program"],
            "_bulan": int(s["bulan"]),
            "_cacat": cacat[salin],
            "_ganda": ganda[salin],
            "_rangkap": rangkap[salin],
            "_luar": np.isin(gol, ("luar_dtks", "dtks_nik"))[salin],
            "_uang": keadaan,
        }
    )


def golongan(r: Rencana, p: np.ndarray) -> np.ndarray:
    """Golongan cacat tiap orang: salah satu `GOLONGAN`, atau teks kosong."""
    batas = np.cumsum([bentuk()["golongan"][g] for g in GOLONGAN])
    return np.array([*GOLONGAN, ""])[np.searchsorted(batas, _acak(r, p, "golongan"), side="right")]


def _rangkap(r: Rencana, p: np.ndarray, gol: np.ndarray, bulan: int) -> np.ndarray:
    """Orang yang bulan itu menerima PKH (dan Sembako) serta BST."""
    slot = r.slot[(r.slot["bulan"] == bulan) & r.slot["program"].isin(["pkh", "bst"])].set_index("program")
    if len(slot) < 2:
        return np.zeros(len(p), dtype=bool)
    awal, banyak = slot.loc["pkh", "mulai"], slot.loc["pkh", "banyak"]
    penerima = (p >= awal) & (p < awal + banyak) & (gol == "rangkap")
    return penerima & (_acak(r, p, f"rangkap{bulan}") < bentuk()["peluang"]["rangkap"])


def _penerima_rangkap(r: Rencana, ke: int, awal: int, akhir: int, bulan: int) -> np.ndarray:
    """Penerima PKH yang disisipkan ke potong BST ini: potongnya sebanding dengan potong BST."""
    pkh = r.slot[r.slot["program"] == "pkh"].iloc[0]
    total = int(r.slot["banyak"].iloc[ke])
    dari, sampai = (int(pkh["banyak"]) * x // total for x in (awal, akhir))
    calon = int(pkh["mulai"]) + np.arange(dari, sampai)
    return calon[_rangkap(r, calon, golongan(r, calon), bulan)]


def _bayar(u: np.ndarray, nilai: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transaksi, pengembalian, dan keadaan ("", mengendap, lebih) tiap baris."""
    b = bentuk()["bayar"]
    kembali = u < b["kembali"]
    mengendap = ~kembali & (u < b["kembali"] + b["mengendap"])
    lebih = ~kembali & ~mengendap & (u < sum(b.values()))
    bagian = nilai // 10 * ((u * 1e6).astype(np.int64) % 10)
    transaksi = np.where(kembali | mengendap, bagian, np.where(lebih, nilai + 10_000, nilai))
    dikembalikan = np.where(kembali, nilai - bagian, 0)
    return transaksi, dikembalikan, np.where(mengendap, "mengendap", np.where(lebih, "lebih", ""))


def _tulisan(r: Rencana, p: np.ndarray, cacat: np.ndarray):
    """NIK tertulis sebagai larik Arrow; yang cacat dirusak menurut jenisnya."""
    import pyarrow as pa

    angka = buat_nik(p, r.kabkota, _acak(r, p, "kelamin") < 0.5)
    rusak = angka.copy()
    rusak[cacat == WILAYAH] = angka[cacat == WILAYAH] % 10**12 + 9_900 * 10**12
    bulan_13 = cacat == TANGGAL
    rusak[bulan_13] += (13 - angka[bulan_13] // 10**6 % 100) * 10**6
    rusak[cacat == URUT] -= angka[cacat == URUT] % 10**4
    pendek = cacat == BUKAN_ANGKA
    rusak[pendek] //= 10
    larik = pa.array(rusak, mask=cacat == KOSONG).cast(pa.string())
    return pd.Series(larik, dtype=pd.ArrowDtype(pa.string()))


def buat_nik(nomor: np.ndarray, kabkota: np.ndarray, perempuan: np.ndarray) -> np.ndarray:
    """NIK sintetis (int64) bagi orang bernomor 0, 1, ...; nomor berbeda selalu mendapat NIK berbeda.

    ``kabkota`` (int64) memuat kode empat angka yang boleh dipakai.
    """
    putaran, wilayah = np.divmod(nomor, len(kabkota))
    urut, hari_ke = np.divmod(putaran, _HARI)
    # kurang dari seratus tahun, jadi tidak ada HHBBTT yang kembar
    hari = pd.date_range(_TANGGAL_AWAL, periods=_HARI)
    semua = (hari.day * 10_000 + hari.month * 100 + hari.year % 100).to_numpy(np.int64)
    kalender = semua[(hari_ke * _LANGKAH + wilayah * 31) % _HARI]
    depan = kabkota[wilayah] * 100 + 1 + putaran % 9
    # Kecamatan bergantung pada putaran; ketunggalannya sudah dijamin wilayah, tanggal, dan nomor urut.
    return (depan * 1_000_000 + kalender + PEREMPUAN * 10_000 * perempuan) * 10_000 + urut + 1


def _pilih_cacat(r: Rencana, p: np.ndarray, garam: str) -> np.ndarray:
    return 1 + (_acak(r, p, f"cacat-{garam}") * len(CACAT)).astype(np.int64)


def _provinsi(r: Rencana, p: np.ndarray) -> np.ndarray:
    return r.provinsi_kabkota[p % len(r.kabkota)].astype(np.int16)


def _urutkan(i: np.ndarray, banyak: int, garam: int) -> np.ndarray:
    """Pengacakan satu-satu 0..banyak-1, supaya daftar tidak terurut menurut orang."""
    langkah = max(int(banyak * 0.618) + garam, 1)
    while np.gcd(langkah, banyak) != 1:
        langkah += 1
    return (i * langkah + garam) % banyak


def _acak(r: Rencana, p: np.ndarray, garam: str) -> np.ndarray:
    """Bilangan acak [0, 1) yang hanya bergantung pada benih, garam, dan nomor orang (pencampur splitmix64)."""
    import zlib

    z = p.astype(np.uint64) + np.uint64((zlib.crc32(garam.encode()) << 32) + 0x9E3779B9 * (r.benih + 1) & int(_SEMUA))
    z *= np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53


# Catatan dan berkas ---------------------------------------------------------------------------------------------------


def _catat(t: pd.DataFrame) -> pd.DataFrame:
    """Cacat yang ditanam dalam satu potong, menurut aturan yang sama dengan pemeriksaan."""
    bayar = "_program" in t
    t = {nama: isi.to_numpy() for nama, isi in t.items() if nama != "nik"}
    cacat, sah = t["_cacat"], t["_cacat"] == 0
    tanda = {nama: cacat == kode for kode, nama in enumerate(CACAT, start=1)}
    tanda |= {"baris": np.ones(len(cacat), dtype=bool), "ganda": t["_ganda"] & sah}
    if bayar:
        tanda |= {"rangkap": t["_rangkap"] & sah, "luar_dtks": t["_luar"] & sah}
        tanda |= {"mengendap": t["_uang"] == "mengendap", "lebih": t["_uang"] == "lebih"}
        selisih = np.abs(t["dibayar"] - t["ditransaksikan"] - t["dikembalikan"])
        rupiah = dict.fromkeys(tanda, t["dibayar"]) | {"mengendap": selisih, "lebih": selisih}
        rupiah |= {x: t[x] for x in ("ditransaksikan", "dikembalikan")}
        tanda |= {x: t[x] > 0 for x in ("ditransaksikan", "dikembalikan")}
    hasil = []
    for nama, ya in tanda.items():
        letak = t["provinsi"][ya]
        n = np.bincount(letak)
        ada = np.flatnonzero(n)
        # Jumlah satu potong jauh di bawah 2**53, jadi bobot pecahan bincount tetap tepat.
        rp = np.bincount(letak, rupiah[nama][ya]).astype(np.int64)[ada] if bayar else pd.NA
        hasil.append(pd.DataFrame({"provinsi": ada, "ukuran": nama, "n": n[ada], "rupiah": rp}))
    semua = pd.concat(hasil, ignore_index=True).astype({"rupiah": "Int64", "provinsi": "int64", "n": "int64"})
    program, bulan = (t["_program"][0], t["_bulan"][0]) if bayar and len(cacat) else ("", 0)
    return semua.assign(daftar=PEMBAYARAN if bayar else DTKS, program=program, bulan=bulan)


def _tulis(tabel: pd.DataFrame, berkas: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    isi = pa.Table.from_pandas(tabel[[k for k in tabel if not k.startswith("_")]], preserve_index=False)
    # NIK hampir semuanya berbeda: kamus hanya menambah ukuran dan waktu.
    kamus = [k for k in isi.column_names if k != "nik"]
    pq.write_table(isi.replace_schema_metadata(None), berkas, compression="zstd", use_dictionary=kamus)
