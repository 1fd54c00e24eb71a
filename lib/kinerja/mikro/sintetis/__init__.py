"""Survei sintetis berbentuk Susenas satu gelombang: jawaban yang diketahui, disandikan menurut tata letaknya.

``survei = buat_sintetis(2020)`` memberi berkas-berkas gelombang itu (``survei.berkas``) dan kebenaran yang ditanam
(``survei.kebenaran``). Isinya karangan: angka apa pun yang dihitung darinya bukan taksiran tentang Indonesia.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro.sintetis.jawaban import JAMINAN, NAKES, VAKSIN, Jawaban, Responden
from kinerja.mikro.sintetis.populasi import PENDUDUK, UKURAN, Populasi, Ukuran, kabkota
from kinerja.mikro.tata_letak import TataLetak, Variabel, tata_letak

BENIH_BAKU = 2019
TAHUN_BAKU = 2020

TANDA = "SINTETIS"
"""Kolom bernilai 1 di setiap berkas karangan; bertahan di semua format."""

#: Kategori yang belum dibedakan sebuah gelombang -> kategori tempat jawaban itu tercatat.
PENGGANTI = {
    "MCK komunal": "MCK umum",
    "SPM/PDF ula": "MI",
    "SPM/PDF wustha": "MTs",
    "SPM/PDF ulya": "MA",
    "profesi": "S1",
    "perawat": "perawat/nakes lain",
    "nakes lain": "perawat/nakes lain",
    "tidak ada": "lainnya",
    "lainnya": "dukun",
    "seng": "seng atau asbes",
    "asbes": "asbes atau seng",
}
_LEBAR_PSU = 7
_TATA_LETAK = "acuan/susenas/tata_letak.csv"

__all__ = ["BENIH_BAKU", "PENDUDUK", "TAHUN_BAKU", "TANDA", "UKURAN", "Sintetis", "Ukuran", "buat_sintetis"]


class Sintetis:
    """Survei sintetis satu gelombang; ``responden`` memuat jawaban yang belum disandikan."""

    def __init__(self, tahun: int, ukuran: Ukuran, benih: int, provinsi: Collection[int] = ()):
        self.tahun, self.letak = tahun, tata_letak(tahun)
        self.responden = Responden(Populasi(kabkota(tahun, provinsi), ukuran, benih), self.letak)

    @property
    def n(self) -> int:
        """Banyak orang."""
        return self.responden.p.n

    @cached_property
    def berkas(self) -> dict[str, pd.DataFrame]:
        """Bagian (``ind1``, ``ind2``, ``rt``, ``kp43``) -> isi berkasnya.

        Kolomnya menurut tata letak (yang kodenya tidak diketahui tidak ditulis), lalu ``SINTETIS``. Huruf jawaban ganda
        berupa kategori pandas; yang kosong adalah missing.
        """
        sandi: dict[tuple[str, bool], np.ndarray | pd.Categorical] = {}
        hasil = {}
        for bagian, berkas in self.letak.berkas.items():
            orang, kolom = bool(berkas.kunci_anggota), {}
            for v in (v for v in self.letak.kolom(bagian) if v.berkode):
                if (v.konsep, orang) not in sandi:
                    sandi[v.konsep, orang] = self._sandi(v, orang)
                kolom[v.nama] = sandi[v.konsep, orang]
            n = len(next(iter(kolom.values())))
            hasil[bagian] = pd.DataFrame({**kolom, TANDA: np.ones(n, np.int8)}, copy=False)
        return hasil

    def gabungan(self, kolom: Iterable[str] | None = None) -> pd.DataFrame:
        """Satu baris per anggota dengan kolom semua berkas (atau yang disebut), seperti bila sudah digabung."""
        pilihan = None if kolom is None else set(kolom)
        hasil = {}
        for v in self.letak.konsep.values():
            if v.nama and v.berkode and (pilihan is None or v.nama in pilihan):
                isi = self._sandi(v, True)
                hasil[v.nama] = pd.array(isi.astype(object), dtype="str") if isinstance(isi, pd.Categorical) else isi
        return pd.DataFrame({**hasil, TANDA: np.ones(self.n, np.int8)}, copy=False)

    @cached_property
    def kebenaran(self) -> pd.DataFrame:
        """Nilai yang ditanam; lihat :func:`kebenaran`."""
        return kebenaran(self.responden)

    def _sandi(self, v: Variabel, orang: bool) -> np.ndarray | pd.Categorical:
        """Satu kolom, tiap anggota (``orang``) atau tiap rumah tangga."""
        rumah = v.konsep in self.responden.rumah
        wadah = self.responden.rumah if rumah else self.responden.art
        if v.konsep not in wadah:
            temuan = f"'{v.konsep}' ({self.tahun})"
            harapan = "konsep yang dijawab survei sintetis; tambahkan di kinerja/mikro/sintetis/jawaban.py"
            raise GalatData(_TATA_LETAK, kolom="konsep", ditemukan=temuan, diharapkan=harapan)
        isi = sandikan(v, wadah[v.konsep], self.tahun)
        return isi[self.responden.p.ruta] if orang and rumah else isi


def buat_sintetis(
    tahun: int = TAHUN_BAKU, ukuran: str = "kecil", benih: int = BENIH_BAKU, provinsi: Collection[int] = ()
) -> Sintetis:
    """Buat survei sintetis; tahun, ukuran, dan benih yang sama memberi data yang sama.

    Parameters
    ----------
    tahun : int
        Gelombang Susenas yang tata letaknya diketahui.
    ukuran : {"kecil", "penuh"}
        Sekitar 25 ribu atau 1,2 juta orang.
    provinsi : collection of int
        Hanya provinsi-provinsi ini, dengan banyak rumah tangga yang sama; kosong = semua.

    Raises
    ------
    GalatParameter
        Tahun, provinsi, atau ukuran tidak dikenal, atau benih negatif.
    """
    if ukuran not in UKURAN:
        raise GalatParameter(f"Ukuran '{ukuran}' tidak dikenal; pilih: {', '.join(UKURAN)}.")
    if benih < 0:
        raise GalatParameter("Benih harus bilangan bulat tak negatif.")
    return Sintetis(tahun, UKURAN[ukuran], benih, provinsi)


def sandikan(v: Variabel, jawaban: Jawaban, tahun: int) -> np.ndarray | pd.Categorical:
    """Satu jawaban menjadi kolom menurut variabelnya.

    Bilangan (bertipe sekecil mungkin; 0 bagi yang dilewati), atau huruf (kosong bagi yang dilewati dan yang tidak
    memilih). Setiap arti jawaban harus punya kode di tata letak.
    """
    if v.jenis == "huruf":
        return pd.Categorical.from_codes(np.where(jawaban.adalah("ya"), 0, -1), categories=[*v.kode])
    if v.jenis == "teks":
        return pd.Categorical(np.char.zfill(jawaban.nilai.astype(str), _LEBAR_PSU))
    isi = _kode(v, jawaban.label, tahun)[jawaban.nilai] if jawaban.label else jawaban.nilai
    if jawaban.hilang is not None and v.hilang:
        isi = np.where(jawaban.hilang, next(iter(v.hilang)), isi)
    if jawaban.berlaku is not None and v.lewat != "tidak":
        isi = np.where(jawaban.berlaku, isi, 0)
    if v.jenis == "nomor":
        return isi.astype(np.int32)
    if isi.dtype.kind == "f":
        return isi
    batas = max(abs(int(isi.min(initial=0))), abs(int(isi.max(initial=0))))
    return isi.astype(next(t for t in (np.int8, np.int16, np.int32, np.int64) if batas <= np.iinfo(t).max))


def _kode(v: Variabel, label: tuple[str, ...], tahun: int) -> np.ndarray:
    menurut_arti = {arti: kode for kode, arti in v.kode.items()}
    hasil = []
    for arti in label:
        while arti not in menurut_arti and arti in PENGGANTI:
            arti = PENGGANTI[arti]
        if arti not in menurut_arti:
            temuan = f"{v.nama} ({tahun}) tanpa kode bagi '{arti}'"
            raise GalatData(_TATA_LETAK, kolom="kode", ditemukan=temuan, diharapkan="satu kode bagi setiap jawaban")
        hasil.append(menurut_arti[arti])
    return np.array(hasil, dtype=np.int16)


# Kebenaran: langsung dari jawaban, tanpa kolom atau kodebuku ----------------------------------------------------------


BAGIAN_TERBAWAH = 0.40
PROTEIN_CUKUP, KALORI_CUKUP = 57, 2100
LUAS_LAYAK = 7.2
_ATAP = ("beton", "genteng", "seng", "kayu/sirap")
_DINDING = ("tembok", "plesteran anyaman bambu/kawat", "kayu/papan", "batang kayu")
_LANTAI_BURUK = ("tanah", "bambu", "lainnya")
_AIR = ("leding", "sumur bor/pompa", "sumur terlindung", "mata air terlindung", "air hujan")
_UMUR_JENJANG = ((7, 12, 1), (13, 15, 2), (16, 18, 3))

_Nilai = tuple[np.ndarray, np.ndarray | None]
"""Yang ya, dan penyebutnya (None: semua); tiap orang atau tiap rumah tangga."""


def kebenaran(x: Responden) -> pd.DataFrame:
    """Nilai tiap indikator x sasaran yang variabelnya diketahui tata letak.

    ``simpul`` (``rt/KD1``), ``nilai`` (persen tertimbang), ``n`` (orang, atau rumah tangga bagi indikator rumah tangga
    pada sasaran ``rt``), ``tertimbang`` (jumlah penimbang penyebut).
    """
    p, anggota = x.p, _sasaran(x)
    bobot, baris = p.bobot[p.ruta], []
    for kode, sasaran, perlu, hitung in INDIKATOR:
        if not x.letak.diketahui(*_konsep(x.letak, perlu)):
            continue
        ya, penyebut = hitung(x)
        rumah = len(ya) == p.r
        penyebut = np.ones(len(ya), dtype=bool) if penyebut is None else penyebut
        ya, penyebut = (ya[p.ruta], penyebut[p.ruta]) if rumah else (ya, penyebut)
        for s in (s for s in sasaran.split() if s in anggota):
            ikut = anggota[s] & penyebut & (p.kepala | (not rumah or s != "rt"))
            jumlah = bobot[ikut].sum()
            if jumlah > 0:
                baris.append((f"{s}/{kode}", 100 * bobot[ikut & ya].sum() / jumlah, int(ikut.sum()), jumlah))
    hasil = pd.DataFrame(baris, columns=["simpul", "nilai", "n", "tertimbang"])
    urut = {s: i for i, s in enumerate(("rt", "pd", "ls"))}
    return hasil.sort_values("simpul", key=lambda x: x.str[:2].map(urut), kind="stable", ignore_index=True)


def _konsep(letak: TataLetak, perlu: str) -> list[str]:
    """Konsep-konsep yang disebut; ``*`` mewakili yang ada pada gelombang itu."""
    return [k for x in perlu.split() for k in (fnmatch.filter(letak.konsep, x) if "*" in x else [x])]


def _sasaran(x: Responden) -> dict[str, np.ndarray]:
    """Anggota tiap sasaran yang variabelnya diketahui tata letak."""
    p, letak = x.p, x.letak
    hasil = {}
    if letak.diketahui("kapita") or letak.diketahui("pengeluaran_rt"):
        urut = np.argsort(p.pengeluaran, kind="stable")
        jumlah = np.cumsum((p.bobot * p.isi)[urut])
        batas = p.pengeluaran[urut[np.searchsorted(jumlah, BAGIAN_TERBAWAH * jumlah[-1])]]
        hasil["rt"] = (p.pengeluaran <= batas)[p.ruta]
    if letak.diketahui("sulit_melihat", "sulit_mengurus_diri"):
        hasil["pd"] = x.sulit
    hasil["ls"] = p.umur >= 60
    return hasil


def _layak_huni(x: Responden) -> _Nilai:
    """Luas tidak diketahui: pasti tidak layak bila syarat lain gagal, selain itu di luar penyebut."""
    p, r = x.p, x.rumah
    minum, mandi = r["air_minum"], r["air_mandi"]
    saniter = r["bab"].adalah("sendiri", "bersama ruta tertentu", "MCK komunal") & r["kloset"].adalah("leher angsa")
    saniter &= r["tinja"].adalah("tangki septik", "IPAL") | (r["tinja"].adalah("lubang tanah") & (p.daerah == 2))
    air = minum.adalah(*_AIR) | (minum.adalah("kemasan", "isi ulang") & mandi.adalah(*_AIR))
    lain = (
        r["atap"].adalah(*_ATAP) & r["dinding"].adalah(*_DINDING) & ~r["lantai"].adalah(*_LANTAI_BURUK) & saniter & air
    )
    luas = r["luas_lantai"]
    cukup = luas.nilai / p.isi >= LUAS_LAYAK
    return lain & cukup & ~luas.hilang, ~luas.hilang | ~lain


def _jaminan(x: Responden) -> _Nilai:
    jalan, inap = (x.art[k].adalah("ya") for k in ("berobat_jalan", "rawat_inap"))
    pakai = [_salah_satu(x.art, (f"jaminan_{cara}_{nama}" for nama in JAMINAN)) for cara in ("jalan", "inap")]
    return jalan & pakai[0] | inap & pakai[1], jalan | inap


def _imunisasi(x: Responden) -> _Nilai:
    ya, ikut = np.zeros(x.p.n, dtype=bool), np.zeros(x.p.n, dtype=bool)
    ya[x.balita] = x.imunisasi_lengkap
    ikut[x.balita] = (x.bulan >= 12) & (x.bulan <= 23)
    return ya, ikut


def _apm(x: Responden) -> _Nilai:
    umur = x.p.umur
    ya = np.zeros(x.p.n, dtype=bool)
    for bawah, atas, tingkat in _UMUR_JENJANG:
        ya |= (umur >= bawah) & (umur <= atas) & x.sekolah & (x.tingkat == tingkat)
    return ya, (umur >= 7) & (umur <= 18)


def _salah_satu(jawaban: dict, konsep: Iterable[str]) -> np.ndarray:
    return np.logical_or.reduce([jawaban[k].adalah("ya") for k in konsep])


def _serumah_produktif(x: Responden) -> _Nilai:
    produktif = (x.p.umur >= 15) & (x.p.umur <= 59)
    return (np.bincount(x.p.ruta, weights=produktif, minlength=x.p.r) > 0)[x.p.ruta], None


def _bekerja_tidak_penuh(x: Responden) -> _Nilai:
    jam = x.art["jam_seluruh"].nilai
    return x.bekerja & (jam >= 1) & (jam <= 34), x.bekerja


def _nakes(x: Responden) -> _Nilai:
    return x.art["penolong_lahir"].adalah(*NAKES), x.art["lahir_terakhir"].adalah("dua tahun terakhir")


def _akta(x: Responden) -> _Nilai:
    return x.art["akta"].adalah("ya ditunjukkan", "ya tidak ditunjukkan"), x.p.umur <= 17


def _mengurus_diri(x: Responden) -> _Nilai:
    return x.art["sulit_mengurus_diri"].adalah("tidak kesulitan", "sedikit kesulitan"), x.p.umur >= 2


_BACA = "baca_latin baca_arab baca_lain"
_KERJA = "kegiatan_bekerja sementara_tidak_bekerja"
_RUMAH = "luas_lantai atap dinding lantai bab kloset tinja air_minum air_mandi"
_BEROBAT = "berobat_jalan rawat_inap jaminan_jalan_tidak jaminan_inap_tidak"
#: Indikator, sasaran, konsep yang harus ditanya gelombang itu, dan cara menghitungnya.
INDIKATOR: tuple[tuple[str, str, str, Callable[[Responden], _Nilai]], ...] = (
    ("KD1", "rt pd ls", _RUMAH, _layak_huni),
    ("KD2", "rt pd", "protein", lambda x: (x.rumah["protein"].nilai >= PROTEIN_CUKUP, None)),
    ("KD2", "ls", "kalori", lambda x: (x.rumah["kalori"].nilai >= KALORI_CUKUP, None)),
    ("KD3", "rt pd ls", _BEROBAT, _jaminan),
    ("KD4", "rt pd", "lahir_terakhir penolong_lahir", _nakes),
    ("KD5", "rt", f"umur_bulan kartu {' '.join(f'ingat_{v}' for v in VAKSIN)} kartu_*_tgl", _imunisasi),
    ("KD6", "rt pd", "partisipasi_sekolah jenjang", _apm),
    ("KD7", "pd ls", _BACA, lambda x: (_salah_satu(x.art, _BACA.split()), x.p.umur >= 15)),
    ("KD8", "rt pd", "akta", _akta),
    ("KD9", "rt pd ls", "nik", lambda x: (x.art["nik"].adalah("ya"), None)),
    ("PS7", "pd ls", "sulit_mengurus_diri", _mengurus_diri),
    ("PS8", "ls", "umur", _serumah_produktif),
    ("PS10", "rt pd ls", "internet", lambda x: (x.art["internet"].adalah("ya"), x.p.umur >= 5)),
    ("KE1", "rt pd", _KERJA, lambda x: (x.bekerja, x.p.umur >= 15)),
    ("KE1", "ls", f"{_KERJA} jam_seluruh", _bekerja_tidak_penuh),
    ("KE2", "pd ls", f"{_KERJA} tujuan_menjual",
     lambda x: (x.art["tujuan_menjual"].adalah("ya"), x.bekerja & (x.p.umur >= 15))),
    ("KE3", "pd ls", "pensiun hari_tua", lambda x: (_salah_satu(x.rumah, ("pensiun", "hari_tua")), None)),
    ("KE4", "rt pd ls", _KERJA, lambda x: (np.bincount(x.p.ruta, weights=x.bekerja, minlength=x.p.r) >= 2, None)),
    ("KE5", "rt pd ls", "emas", lambda x: (x.rumah["emas"].adalah("ya"), None)),
    ("KE7", "rt pd ls", "rekening", lambda x: (x.art["rekening"].adalah("ya"), x.p.umur >= 15)),
    ("KE8", "rt pd ls", "kredit_*", lambda x: (_salah_satu(x.rumah, fnmatch.filter(x.letak.konsep, "kredit_*")), None)),
)  # fmt: skip
