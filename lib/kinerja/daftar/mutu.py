"""Mutu daftar penerima bagi notebook: daftar milik pemakai, atau daftar buatan bila tidak ada yang diberikan.

Yang keluar hanya hitungan, dan sel kecil di semua tabel ditahan bersama. Program pada daftar buatan bernama Program A,
B, C, ...: temuan buatan tidak pernah memakai nama program.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import listcheck
from kinerja import fmt, paths, terbaca
from kinerja.berkas import write_whole
from kinerja.daftar import DTKS, PEMBAYARAN, buatan
from kinerja.daftar.periksa import Acuan, hitung, pisahkan_kesalahan_berkas, susun_tabel
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.istilah import code_name

NIK = ("nik_kosong", "nik_bukan_16_angka", "nik_wilayah", "nik_tanggal", "nik_urut", "ganda")
"""Temuan pada daftar induk."""

TEMUAN = ("luar_dtks", "ganda", "rangkap", "mengendap", "lebih")
"""Temuan pada daftar pembayaran."""

TINGKAT = {DTKS: {"nasional": ()}, PEMBAYARAN: {"nasional": (), "program": ("program",), "bulan": ("bulan",)}}
"""Tabel yang diperlihatkan notebook; kerahasiaannya diputuskan atas semuanya sekaligus."""

BARIS = 200_000
"""Besar daftar buatan bagi notebook."""

_PROGRAM = {"id": "Program", "en": "Programme"}


@dataclass(frozen=True, eq=False)
class Mutu:
    """Temuan satu daftar, siap ditabelkan.

    Attributes
    ----------
    tabel : dict of str to DataFrame
        Lihat :func:`kinerja.daftar.periksa.susun_tabel`.
    keadaan : str
        ``"sintetis"`` atau ``"diturunkan"``.
    program : dict of str to str
        Kode program -> nama bagi pembaca.
    terbit : str
        Lihat :class:`Acuan`.
    berkas : list of (daftar, ukuran, banyaknya baris)
        Lihat :func:`kinerja.daftar.periksa.pisahkan_kesalahan_berkas`.
    """

    tabel: dict[str, pd.DataFrame]
    keadaan: str
    program: dict[str, str]
    terbit: str
    berkas: list[tuple[str, str, int]]

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

        Parameters
        ----------
        nama : str
            ``dtks-nasional``, ``pembayaran-nasional``, ``pembayaran-program``, atau ``pembayaran-bulan``.
        ukuran : tuple of str

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
    d : Data
        Memuat tabel acuan; lihat :meth:`Acuan.of`.
    daftar : str or Path
        Folder berisi ``dtks/`` dan ``pembayaran/`` (Parquet); kosong: daftar buatan kecil.

    Raises
    ------
    GalatParameter
        Folder tidak ada.
    GalatData
        Lihat :func:`kinerja.daftar.periksa.hitung`.
    """
    a = Acuan.of(d)
    if str(daftar).strip():
        hasil, sintetis = _hitung_milik(Path(daftar), a)
    else:
        hasil, sintetis = hasil_contoh(a), True
    temuan, berkas = pisahkan_kesalahan_berkas(hasil)
    nama = d["pen_program"].set_index("kode")["nama_pendek"].reindex(a.program)
    program = dict(nama)
    if sintetis:
        program = {k: f"{fmt.pick(_PROGRAM)} {chr(ord('A') + i)}" for i, k in enumerate(a.program)}
    keadaan = "sintetis" if sintetis else "diturunkan"
    return Mutu(susun_tabel(temuan, tingkat=TINGKAT), keadaan, program, a.terbit, berkas)


def _hitung_milik(folder: Path, a: Acuan) -> tuple[pd.DataFrame, bool]:
    """Periksa daftar pemakai; hasilnya memuat sel kecil, jadi tidak disimpan di mana pun."""
    if not folder.is_dir():
        raise GalatParameter(f"Folder daftar {folder} tidak ada.")
    for berkas in sorted(folder.rglob("*.parquet")):
        terbaca.note_file(berkas)
    paths.processed().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.processed(), prefix=".daftar-") as sementara:
        return hitung(folder, Path(sementara), a)


# Daftar buatan -------------------------------------------------------------------------------------------------------


def folder() -> Path:
    """``data/processed/daftar``; tidak dilacak git."""
    return paths.processed() / "daftar"


def hasil_contoh(a: Acuan) -> pd.DataFrame:
    """Hasil :func:`kinerja.daftar.periksa.hitung` atas daftar sintetis `BARIS` baris, dihitung sekali dan disimpan.

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
