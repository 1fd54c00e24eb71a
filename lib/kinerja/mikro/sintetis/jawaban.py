"""Jawaban penduduk karangan atas hal-hal yang ditanyakan Susenas, sebelum disandikan menurut gelombang.

Satu jawaban bernama konsep tata letak (``internet``) dan berisi arti, bukan kode: ya/tidak, satu dari beberapa
kategori, atau bilangan. Kode, nomor kolom, dan cara menyimpan yang dilewati urusan :mod:`kinerja.mikro.sintetis`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinerja.mikro.sintetis.populasi import HUBUNGAN, KAWIN, Populasi
from kinerja.mikro.tata_letak import TataLetak

#: Fungsi tubuh yang ditanya -> seberapa sering sulit.
FUNGSI = {"melihat": 0.15, "mendengar": -0.05, "berjalan": 0.25, "tangan": -0.35, "mengingat": -0.05, "perilaku": -0.35,
          "berbicara": -0.30, "mengurus_diri": -0.25}  # fmt: skip
JAMINAN = ("pbi", "nonpbi", "jamkesda", "swasta", "kantor")
TINGKAT = ("", "SD", "SMP", "SM", "PT")
VAKSIN = {"bcg": 1, "polio": 4, "dpt": 3, "hb": 3, "campak": 1, "mmr": 1}
#: Nama vaksin di kartu -> (vaksin, dosis ke berapa).
_DI_KARTU = {
    **{nama: (nama, 1) for nama in ("bcg", "hb0", "campak", "mmr", "ipv", "dpt_lanjutan", "campak_lanjutan")},
    **{f"{nama}{ke}": (nama, ke) for nama in ("polio", "dpt", "hb") for ke in range(1, VAKSIN[nama] + 1)},
}

_AMBANG_SULIT = np.array([2.0, 2.95, 3.6], dtype=np.float32)
_SULIT = ("tidak kesulitan", "sedikit kesulitan", "banyak kesulitan", "tidak bisa sama sekali")
_JENJANG = {
    "SD": (("SD", "MI", "paket A", "SDLB", "SPM/PDF ula"), (0.85, 0.13, 0.01, 0.005, 0.005)),
    "SMP": (("SMP", "MTs", "paket B", "SMPLB", "SPM/PDF wustha"), (0.75, 0.21, 0.02, 0.005, 0.015)),
    "SM": (
        ("SMA", "SMK", "MA", "paket C", "MAK", "SMLB", "SPM/PDF ulya"),
        (0.48, 0.32, 0.13, 0.03, 0.015, 0.005, 0.02),
    ),
    "PT": (("S1", "D3", "D4", "D1/D2", "profesi", "S2", "S3"), (0.68, 0.14, 0.05, 0.05, 0.02, 0.05, 0.01)),
}
TIDAK_BERIJAZAH = "tidak punya"
LABEL_JENJANG = tuple(x for isi, _ in _JENJANG.values() for x in isi)
_TAHU = ("tidak", "ya", "tidak tahu")
_KARTU_YA = ("ya ditunjukkan", "ya tidak ditunjukkan", "tidak")
_PENOLONG = ("dokter kandungan", "dokter umum", "bidan", "perawat", "nakes lain", "dukun", "lainnya", "tidak ada")
NAKES = _PENOLONG[:5]
_TEMPAT = ("rumah sakit", "rumah bersalin/klinik", "puskesmas", "praktik nakes", "polindes/poskesdes", "rumah")
_AIR = (
    "air permukaan", "mata air tak terlindung", "sumur tak terlindung", "lainnya", "air hujan", "mata air terlindung",
    "sumur terlindung", "sumur bor/pompa", "leding", "isi ulang", "kemasan",
)  # fmt: skip
_STATUS = (
    "berusaha sendiri", "dibantu buruh tak tetap", "dibantu buruh tetap", "buruh/pegawai", "pekerja bebas",
    "pekerja keluarga",
)  # fmt: skip
_DINDING = (
    "bambu", "lainnya", "anyaman bambu", "batang kayu", "kayu/papan", "plesteran anyaman bambu/kawat", "tembok",
)  # fmt: skip
_LANTAI = (
    "tanah", "lainnya", "bambu", "semen/bata merah", "kayu/papan", "ubin/tegel/teraso", "parket/vinil/karpet",
    "keramik", "marmer/granit",
)  # fmt: skip
_TINJA = (
    "pantai/tanah lapang/kebun", "lainnya", "kolam/sawah/sungai/danau/laut", "lubang tanah", "IPAL", "tangki septik",
)  # fmt: skip
_BERSUMUR = ("sumur bor/pompa", "sumur terlindung", "sumur tak terlindung", "mata air terlindung")
#: Pertanyaan ya/tidak rumah tangga: konsep -> (bagian ya, pengaruh kesejahteraan).
_RUTA_YA = {
    "emas": (0.15, 0.6), "pensiun": (0.09, 0.6), "hari_tua": (0.07, 0.6), "pkh": (0.15, -0.7), "bpnt": (0.14, -0.7),
    "rastra": (0.22, -0.7), "jaminan_kerja_kecelakaan": (0.10, 0.5), "jaminan_kerja_kematian": (0.09, 0.5),
    "jaminan_kerja_kehilangan": (0.03, 0.4), "jaminan_kerja_pesangon": (0.03, 0.5),
}  # fmt: skip
_BARANG = dict(zip("abcdefhijklm", (0.1, 0.6, 0.1, 0.03, 0.03, 0.2, 0.75, 0.03, 0.03, 0.12, 0.25, 0.6), strict=True))
_KREDIT = dict(zip("abcdefghijk", (0.08, 0.05, 0.02, 0.02, 0.015, 0.01, 0.02, 0.01, 0.01, 0.015, 0.01), strict=True))


@dataclass(frozen=True)
class Jawaban:
    """Satu jawaban tiap orang atau rumah tangga."""

    nilai: np.ndarray
    """Indeks ke ``label``, atau bilangan bila ``label`` kosong."""
    label: tuple[str, ...] = ()
    berlaku: np.ndarray | None = None
    """Yang ditanya; None = semua."""
    hilang: np.ndarray | None = None
    """Yang menjawab tidak tahu, disimpan dengan kode hilang."""

    def adalah(self, *label: str) -> np.ndarray:
        """Ditanya dan menjawab salah satu label itu."""
        ya = np.isin(np.array(self.label), label)[self.nilai]
        return ya if self.berlaku is None else ya & self.berlaku


class Responden:
    """Semua jawaban satu populasi bagi satu gelombang, menurut konsep: tiap orang (``art``) dan tiap ``rumah``."""

    def __init__(self, populasi: Populasi, letak: TataLetak):
        self.p, self.letak = populasi, letak
        self.art: dict[str, Jawaban] = {}
        self.rumah: dict[str, Jawaban] = {}
        self._pengenal()
        self._demografi()
        self._disabilitas()
        self._pendidikan()
        self._kerja()
        self._internet()
        self._kesehatan()
        self._imunisasi()
        self._kelahiran()
        self._perumahan()
        self._ekonomi()
        self._konsumsi()

    def _acak(self, nama: str) -> np.ndarray:
        return self.p.acak(nama).random(self.p.n, dtype=np.float32)

    def ya(self, konsep: str, isi: np.ndarray, berlaku: np.ndarray | None = None) -> np.ndarray:
        """Simpan ya/tidak; hasilnya ya yang memang ditanya."""
        self.kelas(konsep, isi, ("tidak", "ya"), berlaku)
        return isi if berlaku is None else isi & berlaku

    def kelas(self, konsep: str, isi: np.ndarray, label: tuple[str, ...], berlaku: np.ndarray | None = None) -> None:
        self.angka(konsep, isi.astype(np.int8), berlaku, label=label)

    def angka(self, konsep: str, isi: np.ndarray, berlaku: np.ndarray | None = None, hilang=None, label=()) -> None:
        (self.rumah if len(isi) == self.p.r else self.art)[konsep] = Jawaban(isi, label, berlaku, hilang)

    def _pilih(self, nama: str, bagian: tuple[float, ...]) -> np.ndarray:
        u = self.p.acak(nama).random(self.p.n)
        return np.searchsorted(np.cumsum(bagian)[:-1] / np.sum(bagian), u).astype(np.int8)

    def _pengenal(self) -> None:
        p = self.p
        nomor = np.arange(1, p.r + 1)
        isi = {
            "ruta": nomor, "provinsi": p.provinsi, "kabkota": p.kabkota, "bobot": p.bobot, "strata": p.strata,
            "ssu": p.ssu, "wi1": p.psu + 1, "wi2": nomor, "banyak_anggota": p.isi, "bobot_ruta_kp": p.bobot,
            "bobot_orang_kp": np.round(p.bobot * p.isi, 2), "wi": np.round(p.z_ruta.astype(float), 3),
            "psu": 100_000 + p.psu,
        }  # fmt: skip
        for konsep, nilai in isi.items():
            self.angka(konsep, nilai)
        self.angka("daerah", p.daerah - 1, label=("perkotaan", "perdesaan"))

    def _demografi(self) -> None:
        p, umur = self.p, self.p.umur
        self.angka("anggota", p.urut)
        self.angka("umur", umur)
        self.kelas("hubungan", p.hubungan, HUBUNGAN)
        self.kelas("kawin", p.kawin, KAWIN)
        self.kelas("kelamin", np.where(p.laki, 0, 1), ("laki-laki", "perempuan"))
        nik = p.orang("nik", 0.965, z=0.2, akses=0.5, tambah=np.where(umur < 2, np.float32(-0.7), np.float32(0)))
        self.ya("nik", nik)
        beda = self._acak("kelamin_nik") < 0.004
        self.kelas("kelamin_nik", np.where(beda, 2, np.where(p.laki, 0, 1)),
                   ("laki-laki", "perempuan", "tidak dapat ditentukan"), nik)  # fmt: skip
        self.angka("nomor_keluarga", np.where(p.hubungan == 5, 2, 1))
        self.ya("buku_nikah", p.orang("buku_nikah", 0.85, z=0.3, akses=0.4), p.kawin == 1)
        u = self._acak("akta")
        akta = np.where(p.orang("akta", 0.86, z=0.4, kota=0.2, akses=0.7), np.where(u < 0.8, 0, 1), 2)
        akta = np.where(u > 0.985, 3, akta)
        self.kelas("akta", akta, (*_KARTU_YA, "tidak tahu"), umur <= 17)

    def _disabilitas(self) -> None:
        p = self.p
        umur = p.umur.astype(np.float32)
        dasar = np.float32(0.95) * p.derau("disabilitas", p.n)
        dasar += np.where(umur > 40, (umur - 40) * np.float32(0.036), 0) - np.float32(0.12) * p.z
        ditanya = p.umur >= 2
        self.sulit = np.zeros(p.n, dtype=bool)
        for nama, berat in FUNGSI.items():
            laten = dasar + np.float32(0.75) * p.derau(nama, p.n) + np.float32(berat)
            kelas = np.searchsorted(_AMBANG_SULIT, laten)
            self.kelas(f"sulit_{nama}", kelas, _SULIT, ditanya)
            self.sulit |= (kelas >= 2) & ditanya
        self.kelas("batas_sulit", ditanya, ("di bawah 2 tahun", "2 tahun ke atas"))
        self.beban = np.where(self.sulit, np.float32(-0.55), np.float32(0))

    def _pendidikan(self) -> None:
        p, umur = self.p, self.p.umur
        lima = umur >= 5
        wajar = np.select([umur <= 5, umur <= 12, umur <= 15, umur <= 18], [0, 1, 2, 3], default=4)
        geser = self._acak("terlambat")
        tingkat = np.where((geser < 0.12) & (wajar >= 2), wajar - 1, wajar)
        tingkat = np.where((geser > 0.97) & (wajar.astype(np.int8) < 4) & (wajar > 0), wajar + 1, tingkat)
        turun = np.select([umur <= 6, umur <= 12, umur <= 15, umur <= 18], [-1.2, 0.9, 0.4, -0.5], default=-1.9)
        usia = (umur >= 6) & (umur <= 24)
        sekolah = usia & p.orang("sekolah", 0.86, z=0.35, akses=0.4, kota=0.1, tambah=turun + self.beban * 1.4)
        # yang tidak bersekolah lagi: tingkat tertinggi menurut generasi dan kesejahteraan
        capai = np.searchsorted(
            np.array([-2.0, -0.45, 0.1, 1.2]),
            p.derau("capaian", p.n) + 0.5 * p.z - np.maximum(umur - 35, 0) * np.float32(0.03),
        )
        capai = np.minimum(capai, np.maximum(wajar - 1, 0))
        self.tingkat = np.where(sekolah, tingkat, np.where(lima, capai, 0)).astype(np.int8)
        self.sekolah, pernah = sekolah, self.tingkat > 0
        status = np.where(sekolah, 1, np.where(pernah, 2, 0))
        self.kelas(
            "partisipasi_sekolah", status, ("tidak/belum pernah", "masih bersekolah", "tidak bersekolah lagi"), lima
        )
        jenis = self._jenis_jenjang("jenjang")
        self.kelas("jenjang", jenis[np.maximum(self.tingkat, 1), np.arange(p.n)], LABEL_JENJANG, pernah)
        tamat = np.where(sekolah | (self._acak("tamat") < 0.12), self.tingkat - 1, self.tingkat)
        punya = np.maximum(tamat, 1)
        ijazah = np.where(tamat > 0, self._jenis_jenjang("ijazah")[punya, np.arange(p.n)], len(LABEL_JENJANG))
        self.kelas("ijazah", ijazah, (*LABEL_JENJANG, TIDAK_BERIJAZAH), pernah)
        self.angka("kelas", 1 + (6 * self._acak("kelas")).astype(np.int8), pernah)
        lambat = -np.maximum(umur.astype(np.float32) - 45, 0) * np.float32(0.045)
        latin = p.orang("baca", 0.985, z=0.4, akses=0.6, tambah=lambat + self.beban)
        self.ya("baca_latin", latin, lima)
        self.ya("baca_arab", np.where(latin, self._acak("arab") < 0.5, self._acak("arab") < 0.12), lima)
        self.ya("baca_lain", self._acak("baca_lain") < 0.04, lima)
        muda = lima & (umur <= 24)
        kip = np.where(p.orang("kip", 0.14, z=-0.5), np.where(self._acak("kip2") < 0.6, 0, 1), 2)
        self.kelas("kip", kip, _KARTU_YA, muda)
        self.ya("pip", p.orang("pip", 0.12, z=-0.5), muda)
        self.ya("kuota_internet", p.orang("kuota", 0.2, akses=0.3), sekolah)
        self.angka("jenis_prasekolah", 1 + (5 * self._acak("prasekolah")).astype(np.int8), (umur >= 3) & (umur <= 6))

    def _jenis_jenjang(self, nama: str) -> np.ndarray:
        """Indeks label tiap tingkat x orang; baris 0 tidak dipakai."""
        hasil, awal = [np.zeros(self.p.n, np.int8)], 0
        for tingkat, (label, bagian) in _JENJANG.items():
            hasil.append(awal + self._pilih(f"{nama}_{tingkat}", bagian))
            awal += len(label)
        return np.stack(hasil)

    def _kerja(self) -> None:
        p, umur = self.p, self.p.umur.astype(np.float32)
        sepuluh = p.umur >= 10
        puncak = -np.abs(umur - 42) * np.float32(0.045) + np.float32(0.75)
        laki = np.where(p.laki, np.float32(0.75), np.float32(-0.55))
        kerja = p.orang("kerja", 0.62, z=0.05, kota=-0.15, tambah=puncak + laki + self.beban)
        u = self._acak("sambilan")
        kerja &= np.where(self.sekolah, u < 0.12, True) & np.where(p.umur < 15, u < 0.08, True) & sepuluh
        jeda = sepuluh & ~kerja & (self._acak("jeda") < np.where(p.umur < 15, 0.001, 0.02))
        rumah = sepuluh & (self._acak("mengurus") < np.where(p.laki, 0.25, 0.85))
        belajar, lain = self.sekolah & sepuluh, sepuluh & (self._acak("lainnya") < 0.12)
        self.bekerja = kerja | jeda
        tanpa = sepuluh & ~(kerja | belajar | rumah | lain)
        kegiatan = {"bekerja": kerja, "sekolah": belajar, "mengurus_rt": rumah, "lainnya": lain, "tidak_ada": tanpa}
        for nama, isi in kegiatan.items():
            self.ya(f"kegiatan_{nama}", isi, sepuluh)
        utama = np.select([belajar, rumah & (self._acak("utama") < 0.35), kerja, rumah], [1, 2, 0, 2], default=3)
        self.kelas("kegiatan_terbanyak", utama, ("bekerja", "sekolah", "mengurus rumah tangga", "lainnya"),
                   sepuluh & ~tanpa)  # fmt: skip
        self.ya("sementara_tidak_bekerja", jeda, sepuluh & ~kerja)
        self.angka("lapangan_usaha", 1 + (26 * self._acak("lapangan")).astype(np.int8), self.bekerja)
        status = self._pilih("status", (0.2, 0.16, 0.04, 0.38, 0.08, 0.14))
        self.kelas("status_pekerjaan", status, _STATUS, self.bekerja)
        jam = 40 - np.maximum(umur - 50, 0) * 0.55 + 13 * p.derau("jam", p.n) + np.where(p.laki, 3, -4)
        jam = np.clip(np.rint(jam), 1, 97).astype(np.int8)
        self.angka("jam_seluruh", np.where(jeda, 0, jam), self.bekerja)
        utama_saja = np.maximum(1, jam - (self._acak("jam2") < 0.15) * np.int8(8))
        self.angka("jam_utama", np.where(jeda, 0, utama_saja), self.bekerja)

    def _internet(self) -> None:
        p, umur = self.p, self.p.umur
        lima = umur >= 5
        minat = -np.abs(umur.astype(np.float32) - 24) * np.float32(0.045) + np.float32(0.75)
        ya = p.orang("internet", 0.45, z=0.4, kota=0.4, akses=0.6, tambah=minat + self.beban)
        ditanya = None if self.letak.konsep["internet"].ditanya == "semua anggota" else lima
        self.internet = self.ya("internet", ya, ditanya)
        self.ya("ponsel", ya | (self._acak("ponsel") < 0.3), lima)
        menjual = p.orang(
            "menjual", 0.13, z=0.35, kota=0.3, tambah=np.where(umur < 15, np.float32(-1), np.float32(0.2))
        )
        for konsep in self.letak.konsep:
            if konsep.startswith("tujuan_"):
                isi = menjual if konsep == "tujuan_menjual" else self._acak(konsep) < 0.25
                self.ya(konsep, isi, self.internet)
        self.ya("rekening", p.orang("rekening", 0.42, z=0.55, kota=0.3, akses=0.4, tambah=self.beban), lima)
        self.ya("jasa_keuangan", p.orang("jasa_keuangan", 0.2, z=0.4, kota=0.3), lima)

    def _kesehatan(self) -> None:
        p = self.p
        tua = np.maximum(p.umur.astype(np.float32) - 40, 0) * np.float32(0.015)
        tua = tua + np.where(self.sulit, np.float32(0.4), np.float32(0))
        keluhan = p.orang("keluhan", 0.30, akses=-0.1, tambah=tua)
        jalan = self.ya("berobat_jalan", p.orang("jalan", 0.46, z=0.05, akses=0.2), self.ya("keluhan", keluhan))
        inap = self.ya("rawat_inap", p.orang("inap", 0.035, z=0.08, akses=0.2, tambah=tua))
        punya = p.orang("jaminan", 0.72, kota=0.1, akses=0.2)
        jenis = self._pilih("jenis_jaminan", (0.52, 0.30, 0.12, 0.02, 0.04))
        ganda = self._acak("jaminan_ganda") < 0.03
        for i, nama in enumerate(JAMINAN):
            self.ya(f"jaminan_{nama}", punya & ((jenis == i) | (ganda & (i == 3))))
        self.ya("jaminan_tidak", ~punya)
        # yang memakai jaminan pasti memilikinya; yang berobat tanpa memakai bertanda X
        for cara, ditanya, bagian in (("jalan", jalan, 0.62), ("inap", inap, 0.80)):
            pakai = punya & (self._acak(f"pakai_{cara}") < bagian)
            for i, nama in enumerate(JAMINAN):
                self.ya(f"jaminan_{cara}_{nama}", pakai & (jenis == i), ditanya)
            self.ya(f"jaminan_{cara}_tidak", ~pakai, ditanya)

    def _imunisasi(self) -> None:
        p = self.p
        balita = np.flatnonzero(p.umur <= 4)
        n = len(balita)
        acak = {k: p.acak(f"imunisasi_{k}") for k in ("bulan", "dosis", "kartu", "tanggal", "ingat")}
        bulan = p.umur[balita] * 12 + acak["bulan"].integers(0, 12, n)
        dasar = 0.35 * p.z[balita] + 0.6 * p.akses[balita] + 0.2 * p.kota[balita] + acak["dosis"].normal(0, 1, n) + 0.7
        # dosis terbanyak menurut umur, lalu putus di tengah jalan
        jadwal = {"bcg": 1, "polio": 2, "dpt": 2, "hb": 2, "campak": 9, "mmr": 18}
        dosis = {}
        for nama, banyak in VAKSIN.items():
            boleh = np.clip((bulan - jadwal[nama]) + 1, 0, banyak)
            kali = np.searchsorted(np.array([-1.6, -1.1, -0.7, -0.4])[4 - banyak :] if banyak > 1 else np.array([-1.2]),
                                   dasar + 0.45 * acak["dosis"].normal(0, 1, n))  # fmt: skip
            dosis[nama] = np.minimum(kali, boleh)
        dosis["mmr"] = np.minimum(dosis["mmr"], dosis["campak"])
        kurang = acak["dosis"].random(n) < 0.06
        dosis["ipv"] = (dosis["polio"] == VAKSIN["polio"]).astype(int)
        dosis["hb0"] = (acak["dosis"].random(n) < 0.85).astype(int)
        for nama in ("dpt", "campak"):
            dosis[f"{nama}_lanjutan"] = ((dosis[nama] == VAKSIN[nama]) & (bulan >= 20)).astype(int)
        self.hb_perlu = VAKSIN["hb"]
        if "kartu_hb1_tgl" in self.letak.konsep:
            dosis["hb"] = np.maximum(dosis["dpt"] - kurang, 0)
        else:
            # hepatitis B 1-3 menyatu dengan DPT-HB-Hib; yang ditanya sendiri tinggal dosis lahir
            dosis["hb"], self.hb_perlu = dosis["hb0"], 1
        self.balita, self.bulan, self.dosis = balita, bulan, dosis
        kartu = np.searchsorted([0.62, 0.85], acak["kartu"].random(n))
        self._tulis_balita(kartu, acak)

    def _tulis_balita(self, kartu: np.ndarray, acak: dict) -> None:
        balita, bulan, dosis, n = self.balita, self.bulan, self.dosis, len(self.balita)

        def luas(isi, jenis=np.int16):
            penuh = np.zeros(self.p.n, jenis)
            penuh[balita] = isi
            return penuh

        def pada(isi):
            return luas(isi, bool)

        ditunjukkan, tanpa = kartu == 0, kartu == 2
        semua = pada(True)
        self.angka("umur_bulan", luas(bulan), semua)
        self.kelas("kartu", luas(kartu, np.int8), _KARTU_YA, semua)
        self.ya("pernah_kartu", luas(acak["kartu"].random(n) < 0.5, bool), pada(tanpa))
        tercatat = np.searchsorted([0.90, 0.97], acak["kartu"].random(n))
        self.kelas("tidak_tercatat", luas(tercatat, np.int8), _TAHU, pada(ditunjukkan))
        for vaksin, (nama, urutan) in _DI_KARTU.items():
            if f"kartu_{vaksin}_tgl" in self.letak.konsep:
                self._kartu(vaksin, ditunjukkan & (dosis[nama] >= urutan), urutan, acak["tanggal"], luas, pada)
        lengkap, tahu = self.imunisasi_lengkap, acak["ingat"].random(n)
        pernah = np.where((dosis["bcg"] + dosis["polio"] + dosis["dpt"] + dosis["campak"]) > 0, 1, 0)
        pernah[~lengkap & (tahu > 0.97)] = 2
        tanya = ~ditunjukkan
        self.kelas("pernah_imunisasi", luas(pernah, np.int8), _TAHU, pada(tanya))
        ingat = tanya & (pernah == 1)
        # tidak tahu hanya pada anak yang sudah pasti kurang karena vaksin lain
        ragu = {"dpt": (dosis["campak"] == 0) & (tahu > 0.85)}
        kurang = (dosis["dpt"] < VAKSIN["dpt"]) & (tahu < 0.15)
        for i, nama in enumerate(("bcg", "polio", "hb", "campak", "mmr")):
            ragu[nama] = kurang & (acak["ingat"].integers(0, 5, n) == i)
        for nama in VAKSIN:
            isi = np.where(ragu[nama], 2, dosis[nama] > 0)
            self.kelas(f"ingat_{nama}", luas(isi, np.int8), _TAHU, pada(ingat))
        for nama in ("polio", "dpt", "hb", "ipv"):
            tahu_kali = ~ragu["polio" if nama == "ipv" else nama]
            self.angka(f"ingat_{nama}_kali", luas(dosis[nama]), pada(ingat & tahu_kali & (dosis[nama] > 0)))
        self.kelas("ingat_polio_awal", luas(acak["ingat"].random(n) < 0.3, np.int8), ("sebulan pertama", "sesudahnya"),
                   pada(ingat & ~ragu["polio"] & (dosis["polio"] > 0)))  # fmt: skip

    def _kartu(self, vaksin: str, diberi, urutan: int, acak, luas, pada) -> None:
        n = len(diberi)
        u = acak.random(n)
        tanggal = np.where(u < 0.04, 44, np.where(u < 0.07, 66, acak.integers(1, 29, n)))
        bertanggal = diberi & (tanggal <= 31)
        lahir = self.letak.tahun * 12 + 2 - self.bulan
        kapan = np.minimum(lahir + (0 if vaksin in ("bcg", "hb0") else 2 * urutan), self.letak.tahun * 12 + 2)
        self.angka(f"kartu_{vaksin}_tgl", luas(tanggal), pada(diberi))
        self.angka(f"kartu_{vaksin}_bln", luas(kapan % 12 + 1), pada(bertanggal))
        self.angka(f"kartu_{vaksin}_thn", luas(kapan // 12), pada(bertanggal))

    @property
    def imunisasi_lengkap(self) -> np.ndarray:
        """BCG 1, polio 4, DPT 3, hepatitis B 3 (atau dosis lahir bila sisanya menyatu dengan DPT), campak 1."""
        perlu = {k: VAKSIN[k] for k in ("bcg", "polio", "dpt", "campak")} | {"hb": self.hb_perlu}
        return np.logical_and.reduce([self.dosis[k] >= kali for k, kali in perlu.items()])

    def _kelahiran(self) -> None:
        p, umur = self.p, self.p.umur
        ibu = ~p.laki & (umur >= 15) & (umur <= 49) & (p.kawin != 0)
        beranak = ibu & (self._acak("beranak") < 0.93)
        muda = np.where(umur < 35, np.float32(0.4), np.float32(-0.7))
        baru = beranak & p.orang("lahir", 0.22, psu=0.0, tambah=muda)
        self.kelas("lahir_terakhir", ~baru, ("dua tahun terakhir", "lebih lama"), beranak)
        nakes = p.orang("nakes", 0.90, z=0.4, kota=0.3, akses=0.7)
        jenis = self._pilih("penolong", (0.27, 0.02, 0.65, 0.03, 0.03))
        bukan = 5 + self._pilih("bukan_nakes", (0.85, 0.1, 0.05))
        self.kelas("penolong_lahir", np.where(nakes, jenis, bukan), _PENOLONG, baru)
        tempat = self._pilih("tempat_lahir", (0.3, 0.2, 0.15, 0.15, 0.05, 0.15))
        self.kelas("tempat_lahir", np.where(nakes, tempat, 5), _TEMPAT, baru)

    def _perumahan(self) -> None:
        p = self.p
        luas = np.exp(3.95 + 0.22 * p.laten_ruta("luas", z=0.8, kota=-0.3) + 0.09 * np.log(p.isi))
        luas = np.clip(np.rint(luas * 1.15), 8, 600).astype(np.int16)
        # 98 kode tidak tahu: rumah 98 m2 yang sebenarnya tidak ada di sini
        luas = np.where(luas == 98, 97, luas)
        self.angka("luas_lantai", luas, hilang=p.acak("luas_hilang").random(p.r) < 0.004)

        def kelas(konsep, label, bagian, **pengaruh):
            self.kelas(konsep, p.ruta_kelas(konsep, bagian, **pengaruh), label)

        # seng jauh lebih sering daripada asbes di luar Jawa, sebaliknya di Jawa tidak terlalu
        kelas("atap", ("jerami/ijuk/daun", "lainnya", "bambu", "seng", "asbes", "kayu/sirap", "genteng", "beton"),
              (0.02, 0.01, 0.005, 0.33, 0.07, 0.005, 0.52, 0.04), z=0.5, akses=0.7)  # fmt: skip
        kelas("dinding", _DINDING, (0.01, 0.01, 0.05, 0.01, 0.13, 0.04, 0.75), z=0.6, kota=0.5, akses=0.6)
        kelas("lantai", _LANTAI, (0.05, 0.01, 0.02, 0.28, 0.10, 0.05, 0.01, 0.45, 0.03), z=0.7, akses=0.5)
        bab = ("tidak ada", "ada tidak digunakan", "MCK umum", "MCK komunal", "bersama ruta tertentu", "sendiri")
        kelas("bab", bab, (0.06, 0.01, 0.03, 0.02, 0.08, 0.80), z=0.5, kota=0.4, akses=0.6)
        ada = self.rumah["bab"].nilai >= 2
        kloset = ("cemplung/cubluk", "plengsengan tanpa tutup", "plengsengan bertutup", "leher angsa")
        self.kelas("kloset", p.ruta_kelas("kloset", (0.06, 0.03, 0.02, 0.89), z=0.5, kota=0.4, akses=0.7), kloset, ada)
        tinja = p.ruta_kelas("tinja", (0.02, 0.01, 0.06, 0.09, 0.02, 0.80), z=0.5, kota=0.6, akses=0.6)
        self.kelas("tinja", tinja, _TINJA, ada)
        kelas("air_minum", _AIR, (0.02, 0.01, 0.03, 0.01, 0.04, 0.05, 0.15, 0.20, 0.12, 0.31, 0.06), akses=0.8, z=0.4)
        kelas(
            "air_mandi", _AIR, (0.05, 0.02, 0.06, 0.01, 0.01, 0.07, 0.25, 0.33, 0.197, 0.002, 0.001), akses=0.8, z=0.3
        )
        self.kelas("jarak_tinja", p.ruta_kelas("jarak_tinja", (0.05, 0.3, 0.65), z=0.2),
                   ("tidak tahu", "di bawah 10 m", "10 m ke atas"),
                   self.rumah["air_minum"].adalah(*_BERSUMUR))  # fmt: skip
        kelas("status_rumah", ("lainnya", "dinas", "bebas sewa", "kontrak/sewa", "milik sendiri"),
              (0.01, 0.01, 0.09, 0.09, 0.80), kota=-0.4)  # fmt: skip

    def _ekonomi(self) -> None:
        p, rumah = self.p, self.rumah
        for konsep, (bagian, z) in _RUTA_YA.items():
            self.ya(konsep, p.ruta_ya(konsep, bagian, z=z, kota=0.2))
        for apa, daftar, z in (("barang", _BARANG, 0.5), ("kredit", _KREDIT, 0.1)):
            for huruf, bagian in daftar.items():
                self.ya(f"{apa}_{huruf}", p.ruta_ya(f"{apa}_{huruf}", bagian, z=z))
        kks = p.ruta_kelas("kks", (0.82, 0.06, 0.12), z=-0.7, kota=-0.2)
        self.kelas("kks", kks, ("tidak", "ya tidak ditunjukkan", "ya ditunjukkan"))
        pkh, bpnt = (rumah[k].adalah("ya") for k in ("pkh", "bpnt"))
        self.kelas("pkh_masih", p.ruta_kelas("pkh_masih", (0.02, 0.18, 0.8)), ("tidak tahu", "tidak", "ya"), pkh)
        self.ya("kartu_pkh", p.ruta_ya("kartu_pkh", 0.8), pkh)
        for bulan in "2345":
            self.ya(f"bpnt_bulan_{bulan}", p.ruta_ya(f"bpnt_bulan_{bulan}", 0.7), bpnt)
        lansia = np.bincount(p.ruta, weights=p.umur >= 60, minlength=p.r) > 0
        self.ya("atensi_lansia", p.ruta_ya("atensi_lansia", 0.03, z=-0.4), lansia)
        for huruf in "abcd":
            self.ya(f"bantuan_desa_{huruf}", p.ruta_ya(f"bantuan_desa_{huruf}", 0.08, z=-0.5, kota=-0.4))
        for huruf in "ab":
            self.ya(f"tunai_daerah_{huruf}", p.ruta_ya(f"tunai_daerah_{huruf}", 0.02, z=-0.4))
        for konsep in ("pensiun", "hari_tua"):
            orang = 1 + p.ruta_ya(f"{konsep}_orang", 0.1).astype(np.int8)
            self.angka(f"{konsep}_orang", orang, rumah[konsep].adalah("ya"))
        for tingkat in ("sd", "smp", "sm"):
            dapat = p.ruta_ya(f"pip_{tingkat}", 0.06, z=-0.5)
            self.angka(f"pip_{tingkat}", np.full(p.r, 450_000 if self.letak.tahun == 2018 else 1), dapat)

    def _konsumsi(self) -> None:
        p = self.p
        kapita = p.pengeluaran
        makanan = np.rint(kapita * np.clip(0.56 - 0.07 * p.z_ruta + 0.05 * p.derau("makanan", p.r), 0.2, 0.85))
        gizi = p.laten_ruta("gizi", z=0.9, kota=0.1, akses=0.2)
        isi = {
            "kapita": kapita, "pengeluaran_rt": kapita.astype(np.int64), "pengeluaran": kapita * p.isi,
            "makanan": makanan * p.isi, "bukan_makanan": (kapita - makanan) * p.isi,
            "protein": np.round(62 * np.exp(0.26 * gizi.astype(float)), 2),
            "kalori": np.round(2120 * np.exp(0.17 * gizi.astype(float) + 0.08 * p.derau("kalori", p.r)), 2),
            "lemak": np.round(55 * np.exp(0.3 * gizi.astype(float)), 2),
            "karbohidrat": np.round(310 * np.exp(0.12 * gizi.astype(float)), 2),
        }  # fmt: skip
        for konsep, nilai in isi.items():
            self.angka(konsep, nilai)
