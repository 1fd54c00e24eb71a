"""Survei Ikesos yang sudah diringkas, tersimpan sekali dan dipakai bersama semua kernel lewat peta memori.

Membaca dan meringkas 1,2 juta baris memakan beberapa detik; hasilnya, sel PSU x wilayah, hanya puluhan megabita. Modul
ini berdiri di atas :mod:`kinerja.mikro` (yang membaca berkas) dan :mod:`kinerja.ikesos` (yang hanya menghitung),
sehingga yang satu tidak perlu mengenal yang lain.

Simpanan ada di ``data/processed/mikro`` dan tidak memuat satu baris responden pun: bobot dan nomor PSU perorangan
dibuang. Kuncinya jati diri berkas (letak, inode, ukuran, waktu ubah dan waktu ganti), kodebuku, tabel kerangka,
pilihan, dan isi modul penghitungnya; apa pun yang berubah menghasilkan simpanan lain. Isinya ``pickle``: siapa yang
boleh menulis di folder itu dapat menjalankan kode, sama seperti siapa yang boleh menulis di folder proyek.
"""

from __future__ import annotations

import hashlib
import mmap
import pickle
import struct
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import kinerja
from kinerja import fmt
from kinerja.berkas import replacing
from kinerja.ikesos import Kerangka, SiapIkesos, siapkan
from kinerja.mikro import Kodebuku, berkas_mikro, folder_mikro, kodebuku_bagi, muat
from kinerja.wilayah import Regions
from surveyest import Cells

BANYAK_DISIMPAN = 6
"""Simpanan yang dibiarkan ada; yang paling lama dihapus lebih dulu."""

_TABEL = ("ikesos_kerangka", "ikesos_simpul", "ikesos_sasaran")
_MODUL = ("kinerja/ikesos", "kinerja/mikro", "indextree", "surveyest", "colformula")
_TANDA = b"KINERJA1"
_KEPALA = struct.Struct("<8sIQI")
_RATA = 64
"""Letak larik di berkas kelipatan ini, supaya numpy dapat memakainya langsung."""


@dataclass(frozen=True)
class SurveiIkesos:
    """Survei yang siap dihitung.

    Attributes
    ----------
    siap : SiapIkesos
    nama : str
        Nama berkas data mikro, untuk keterangan sumber.
    """

    siap: SiapIkesos
    nama: str


def buka_ikesos(
    d: Mapping[str, pd.DataFrame],
    mikro: str | Path | Sequence[str | Path] = "",
    kodebuku: Kodebuku | str | Path | None = None,
    *,
    tahun: int | None = None,
    tidak_pasti: str = "berlaku",
    definisi: Mapping[str, str] | None = None,
    psu_tunggal: str = "fail",
    n_minimum: int = 30,
    lipat_papua: bool = False,
) -> SurveiIkesos:
    """Survei Ikesos siap hitung: dari simpanan bila ada, kalau tidak dibaca, diringkas, dan disimpan.

    Parameters
    ----------
    d : mapping nama tabel -> DataFrame
        Memuat ``ikesos_kerangka``, ``ikesos_simpul``, ``ikesos_sasaran`` (biasanya ``kinerja.data.load(tahun)``).
    mikro : path, daftar path, teks berpemisah titik koma, atau ""
        Kosong: survei sintetis kecil. Lihat :func:`kinerja.mikro.muat`.
    kodebuku : Kodebuku atau path, optional
    tahun : int, optional
        Gelombang Susenas; lihat :func:`kinerja.mikro.kodebuku_bagi`.
    tidak_pasti
        Lihat :meth:`kinerja.ikesos.Kerangka.susun`.
    definisi, psu_tunggal, n_minimum
        Lihat :func:`kinerja.ikesos.siapkan`.
    lipat_papua : bool
        Provinsi dan kabupaten/kota Papua hasil pemekaran 2022 dilipat ke 34 provinsi lama, supaya sebanding dengan
        gelombang sebelumnya; ``d`` lalu memuat pula ``provinsi``, ``kabkota``, dan ``wilayah_baru``.

    Raises
    ------
    GalatData, GalatHitung, GalatParameter
        Seperti :func:`kinerja.mikro.muat` dan :func:`kinerja.ikesos.siapkan`.

    Notes
    -----
    Hasilnya sama sampai bit terakhir dengan tanpa simpanan. Simpanan yang rusak atau folder yang tidak dapat ditulis
    hanya berarti dihitung ulang.
    """
    kodebuku = kodebuku_bagi(mikro, kodebuku, tahun)
    kerangka = Kerangka.susun(*(d[nama] for nama in _TABEL), kodebuku, tidak_pasti=tidak_pasti)
    pilihan = {"definisi": dict(definisi or {}), "psu_tunggal": psu_tunggal}
    lipat = Regions.of(d) if lipat_papua else None
    simpanan = _letak(mikro, kodebuku, kerangka, {**pilihan, "lipat": lipat and lipat.old})
    isi = _baca(simpanan) if simpanan is not None else None
    if isi is not None:
        sel, keadaan, kurang, keterangan, nama = isi
        return SurveiIkesos(SiapIkesos(sel, kerangka, kodebuku, keadaan, kurang, keterangan, n_minimum), nama)
    # pesan galat berbahasa Indonesia, angkanya juga; catatan pembaca menyimpan kode dan isinya, bukan kalimatnya
    with fmt.using("id"):
        m = muat(mikro, kodebuku)
        siap = siapkan(
            m.bingkai,
            kodebuku,
            kerangka,
            keadaan=m.keadaan,
            catatan=m.catatan,
            n_minimum=n_minimum,
            lipat=lipat,
            **pilihan,
        )
    siap.sel = _tanpa_responden(siap.sel)
    if simpanan is not None:
        _tulis(simpanan, (siap.sel, siap.keadaan, siap.kurang, siap.keterangan, m.nama))
    return SurveiIkesos(siap, m.nama)


def _tanpa_responden(sel: Cells) -> Cells:
    """Sel tanpa larik sepanjang responden, yang hanya diperlukan saat meringkas."""
    kosong = {"weights": np.empty(0), "psu": np.empty(0, dtype=np.int64), "index": None, "fingerprints": {}}
    return replace(sel, design=replace(sel.design, **kosong))


def _letak(mikro, kodebuku: Kodebuku, kerangka: Kerangka, pilihan: Mapping) -> Path | None:
    """Letak simpanan; None bila berkasnya tidak ada, sehingga tidak punya jati diri."""
    try:
        berkas = berkas_mikro(mikro, kodebuku.tahun)
        return folder_mikro() / f"ikesos-{_kunci(berkas, kodebuku, kerangka, pilihan)}.sel"
    except OSError:
        return None


def _kunci(berkas: Sequence[Path], kodebuku: Kodebuku, kerangka: Kerangka, pilihan: Mapping) -> str:
    sidik = hashlib.sha256(_sidik_modul())
    for satu in berkas:
        s = satu.stat()
        jati_diri = (str(satu.resolve()), s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns)
        sidik.update(repr(jati_diri).encode())
    # repr kelas data memuat setiap bagiannya: ungkapan, tonggak, parameter.
    sidik.update(repr((kodebuku, sorted(pilihan.items()))).encode())
    for tabel in (kerangka.indikator, kerangka.pohon.table):
        sidik.update(tabel.to_csv().encode())
    return sidik.hexdigest()[:24]


@cache
def _sidik_modul() -> bytes:
    """Sidik isi modul yang menghitung sel: pustaka yang berubah tidak memakai simpanan lama."""
    akar = Path(kinerja.__file__).parents[1]
    sidik = hashlib.sha256(f"{np.__version__} {pd.__version__} {pickle.HIGHEST_PROTOCOL}".encode())
    for berkas in sorted(x for nama in _MODUL for x in (akar / nama).rglob("*.py")):
        sidik.update(berkas.read_bytes())
    return sidik.digest()


def _tulis(berkas: Path, isi: object) -> None:
    """Tulis ``isi`` di samping lalu ganti nama; kegagalan menulis tidak menggagalkan hitungan."""
    larik: list[pickle.PickleBuffer] = []
    inti = pickle.dumps(isi, protocol=5, buffer_callback=larik.append)
    mentah = [x.raw() for x in larik]
    ukuran = struct.pack(f"<{len(mentah)}Q", *(len(x) for x in mentah))
    with suppress(OSError):
        berkas.parent.mkdir(parents=True, exist_ok=True)
        with replacing(berkas) as sementara, sementara.open("wb") as tulis:
            tulis.write(_KEPALA.pack(_TANDA, len(mentah), len(inti), zlib.crc32(inti, zlib.crc32(ukuran))))
            tulis.write(ukuran)
            tulis.write(inti)
            for satu in mentah:
                tulis.write(b"\0" * (-tulis.tell() % _RATA))
                tulis.write(satu)
        _rapikan(berkas.parent)


def _rapikan(folder: Path) -> None:
    semua = sorted(folder.glob("ikesos-*.sel"), key=lambda x: x.stat().st_mtime_ns, reverse=True)
    for lama in semua[BANYAK_DISIMPAN:]:
        lama.unlink(missing_ok=True)


def _baca(berkas: Path) -> tuple | None:
    """Isi simpanan dengan larik hanya-baca di peta memori; None bila tidak ada atau rusak."""
    try:
        with berkas.open("rb") as buka:
            peta = memoryview(mmap.mmap(buka.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None
    if len(peta) < _KEPALA.size:
        return None
    tanda, banyak, panjang, periksa = _KEPALA.unpack_from(peta)
    awal = _KEPALA.size + 8 * banyak
    if tanda != _TANDA or len(peta) < awal + panjang:
        return None
    ukuran, inti = peta[_KEPALA.size : awal], peta[awal : awal + panjang]
    if zlib.crc32(inti, zlib.crc32(ukuran)) != periksa:
        return None
    larik, letak = [], awal + panjang
    for satu in struct.unpack(f"<{banyak}Q", ukuran):
        letak += -letak % _RATA
        larik.append(peta[letak : letak + satu])
        letak += satu
    if letak != len(peta):
        return None
    return pickle.loads(inti, buffers=larik)
