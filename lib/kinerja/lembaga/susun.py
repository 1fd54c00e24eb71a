"""Dari lembar isian ke tabel data: kode, satuan, sumber, dan aturan yang tidak ditulis petugas diisi di sini."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kinerja.data import tulisan
from kinerja.errors import GalatData
from kinerja.lembaga.formulir import (
    ANGGARAN,
    IDENTITAS,
    INDIKATOR,
    Baris,
    Isian,
    Kolom,
    Satuan,
    Sel,
    basic_units,
    columns,
    unit_list,
    units,
)
from kinerja.periode import TAHUN, TRIWULAN, end_date

TAHUN_WAJAR = range(1945, 2200)

_SATUAN_ATURAN = {"batas_capaian": "persen_capaian", "tahun_akhir_renstra": "tahun", "pembulatan_uang": "rupiah"}
_TEKS_PENDEK = re.compile(r"[A-Z]{1,3}[+-]?")
_BERSKOR = ("nilai", "indeks", "poin")
_PENDEK = 48
_AWALAN = re.compile(r"\A(?:persentase|jumlah|banyaknya|tingkat)\s+", re.I)


@dataclass
class Lama:
    """Yang sudah ada di folder data: kode sasaran dan indikator menurut namanya, satuan, dan target Renstra."""

    sasaran: dict[str, str] = field(default_factory=dict)
    iku: dict[str, str] = field(default_factory=dict)
    satuan: dict[str, Satuan] = field(default_factory=dict)
    renstra: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Susunan:
    """Tabel satu tahun dari lembar isian: nama tabel -> baris (kolom -> isi), dan baris lembar asal setiap baris."""

    nama: str = ""
    tahun: int = 0
    tabel: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    asal: dict[str, list[Baris | None]] = field(default_factory=dict)
    satuan: dict[str, Satuan] = field(default_factory=dict)
    baru: list[str] = field(default_factory=list)
    diabaikan: list[str] = field(default_factory=list)
    bawaan: dict[str, Any] = field(default_factory=dict)
    masalah: list[GalatData] = field(default_factory=list)

    @property
    def sumber(self) -> str:
        """Id catatan sumber lembar ini."""
        return f"isian-{self.tahun}"

    def add(self, tabel: str, asal: Baris | None, **isi: str) -> None:
        """Tambahkan satu baris; keadaan, sumber, dan bagian diisi menurut asalnya, kolom yang tidak disebut kosong."""
        bagian = f"Lembar {asal.lembar} (baris {asal.nomor})" if asal else f"Lembar {IDENTITAS}"
        dasar = {"keadaan": "dikutip", "sumber": self.sumber, "bagian": bagian, "teks": "", "nilai": ""}
        self.tabel.setdefault(tabel, []).append(dasar | isi)
        self.asal.setdefault(tabel, []).append(asal)

    def wrong(self, baris: Baris, kunci: str, ditemukan: str, diharapkan: str) -> None:
        """Catat satu masalah dengan baris dan kepala kolom yang dilihat petugas."""
        judul = columns(baris.lembar)[kunci].judul
        self.masalah.append(
            GalatData(baris.tempat, baris=baris.nomor, kolom=judul, ditemukan=ditemukan, diharapkan=diharapkan)
        )

    def value(self, baris: Baris | None, kunci: str, *, utuh: bool = False) -> str:
        """Isi satu sel menurut jenis kolomnya, atau teks kosong; yang tidak dapat dibaca menjadi masalah."""
        sel = baris.sel.get(kunci) if baris else None
        if sel is None:
            return ""
        try:
            return _read(sel, columns(baris.lembar)[kunci], utuh)
        except ValueError as galat:
            self.wrong(baris, kunci, f"'{sel.teks}'", str(galat))
            return ""

    def check_cap(self, baris: Baris | None, batas: str) -> None:
        """Batas capaian di lembar Identitas atau di satu baris indikator."""
        if batas and Decimal(batas) < 100:
            self.wrong(baris, "batas", batas, "100 atau lebih")


def _read(sel: Sel, kolom: Kolom, utuh: bool) -> str:
    match kolom.jenis:
        case "angka":
            if sel.tanggal:
                raise ValueError("angka, bukan tanggal")
            return sel.teks if sel.angka else tulisan.number(sel.teks, utuh=utuh)
        case "tahun":
            if not re.fullmatch(r"[0-9]{4}", sel.teks) or int(sel.teks) not in TAHUN_WAJAR:
                raise ValueError(f"tahun antara {TAHUN_WAJAR[0]} dan {TAHUN_WAJAR[-1]}, misalnya 2026")
        case "tanggal":
            return sel.teks if sel.tanggal else tulisan.date(sel.teks)
        case "pilihan":
            kenal = {k.casefold(): x for k, x in kolom.pilihan.items()}
            if sel.teks.casefold() not in kenal:
                raise ValueError(tulisan.one_of(sel.teks, kolom.daftar))
            return kenal[sel.teks.casefold()]
    return sel.teks


def compose(isian: Isian, lama: Callable[[str], Lama]) -> Susunan:
    """Susun tabel dari lembar isian; semua masalahnya ada di ``masalah``, dan bila ada tabelnya tidak lengkap.

    ``lama``: dari nama lembaga ke yang sudah ada di folder datanya.
    """
    s = Susunan(masalah=list(isian.masalah), diabaikan=isian.diabaikan)
    _identity(s, isian)
    ada = lama(s.nama)
    s.satuan = basic_units() | ada.satuan
    if not isian.indikator and not isian.anggaran and not s.masalah:
        ditemukan, diharapkan = "tanpa satu pun indikator atau anggaran", "paling sedikit satu baris"
        s.masalah.append(GalatData(isian.nama, ditemukan=ditemukan, diharapkan=diharapkan))
    _indicators(s, isian, ada, _resolve_units(s, isian))
    _budget(s, isian)
    return s


# Identitas ------------------------------------------------------------------------------------------------------------


def _identity(s: Susunan, isian: Isian) -> None:
    isi = {k: s.value(isian.identitas.get(k), k) for k in columns(IDENTITAS)}
    for k, x in columns(IDENTITAS).items():
        if x.wajib and k not in isian.identitas:
            s.masalah.append(GalatData(IDENTITAS, kolom=x.judul, ditemukan="sel kosong", diharapkan=x.uraian))
    s.nama, s.tahun = isi["nama"], int(isi["tahun"] or 0)
    periode = isi["periode"] or TAHUN
    skala = int(isi["pembulatan"] or 0)
    isi |= {"singkatan": isi["singkatan"] or s.nama, "jenis": (isi["jenis"] or s.nama.partition(" ")[0]).casefold()}
    aturan = {x.aturan: isi[k] for k, x in columns(IDENTITAS).items() if x.aturan} | {
        "periode": periode,
        "agregasi_sasaran": "rata_rata",
        "agregasi_institusi": "rata_rata_sasaran",
        "pembulatan_uang": str(10**skala) if skala else "",
    }
    for kunci in sorted(filter(aturan.get, aturan), key=_SATUAN_ATURAN.__contains__):  # yang berupa teks dahulu
        satuan = _SATUAN_ATURAN.get(kunci, "teks")
        letak = {"teks" if satuan == "teks" else "nilai": aturan[kunci]}
        s.add("aturan", isian.identitas.get("nama"), kunci=kunci, satuan=satuan, **letak)
    s.check_cap(isian.identitas.get("batas"), isi["batas"])
    akhir = end_date(max(s.tahun, 1), periode).isoformat()  # tahun yang salah tulis sudah disebut
    s.bawaan = {"periode": periode, "tanggal": isi["tanggal"] or akhir, "skala": skala, "akhir": isi["akhir"]}


# Satuan ---------------------------------------------------------------------------------------------------------------


def _resolve_units(s: Susunan, isian: Isian) -> list[str]:
    """Kode satuan setiap baris indikator; satuan yang belum dikenal didaftarkan, kecuali mirip yang dikenal."""
    kenal: dict[str, str] = {}
    dikenal = [(tulis, x.kode) for x in units().values() for tulis in (x.nama, x.kode, *x.lain)]
    for tulis, kode in [*dikenal, *((x.nama, x.kode) for x in s.satuan.values())]:
        kenal.setdefault(tulis.casefold(), kode)
    hasil = []
    for baris in isian.indikator:
        tulis = s.value(baris, "satuan")
        kunci = tulis.casefold()
        if not tulis:
            s.wrong(baris, "satuan", "sel kosong", f"satuan: {', '.join(unit_list())}, atau satuan sendiri")
        elif kunci not in kenal and (dekat := tulisan.near(tulis, kenal, 0.82)):
            mirip = kenal[dekat.casefold()]
            nama = (s.satuan.get(mirip) or units()[mirip]).nama
            s.wrong(baris, "satuan", f"'{tulis}'", f"satuan {nama}, atau nama yang lebih berbeda")
        elif kunci not in kenal:
            kenal[kunci] = _new_unit(s, isian, tulis)
        hasil.append(kenal.get(kunci, ""))
        if hasil[-1] in units():
            s.satuan.setdefault(hasil[-1], units()[hasil[-1]])
    return hasil


def _new_unit(s: Susunan, isian: Isian, tulis: str) -> str:
    """Satuan lembaga sendiri: bulat bila semua angkanya bulat; teks bila semua isinya bukan angka."""
    sel = [
        x
        for baris in isian.indikator
        if "satuan" in baris.sel and baris.sel["satuan"].teks.casefold() == tulis.casefold()
        for k, x in baris.sel.items()
        if k.split("_")[0] in ("target", "realisasi", "lalu", "akhir")
    ]
    if sel and not any(re.search(r"[0-9]", x.teks) for x in sel):
        return "teks"
    desimal = max((_decimals(x.teks if x.angka else x.teks.replace(".", "").replace(",", ".")) for x in sel), default=0)
    kode = _code(tulis, set(s.satuan) | set(units()))
    s.satuan[kode] = Satuan(kode, tulis, tulis, "pecahan" if desimal else "bulat", str(desimal))
    s.baru.append(tulis)
    return kode


def _decimals(angka: str) -> int:
    """Banyaknya desimal sebuah tulisan angka bertitik; 0 bila bukan angka."""
    return len(angka.partition(".")[2].rstrip("%").strip()) if re.match(r"-?[0-9]", angka) else 0


def _code(teks: str, dipakai: set[str]) -> str:
    """Kode dari sebuah nama: huruf kecil, angka, dan garis bawah; diberi nomor bila sudah dipakai."""
    kata = re.sub(r"[^a-z0-9]+", "_", teks.casefold()).strip("_")[:40].strip("_") or "x"
    kode = next(x for n in range(1, 10_000) if (x := kata if n == 1 else f"{kata}_{n}") not in dipakai)
    dipakai.add(kode)
    return kode


# Indikator ------------------------------------------------------------------------------------------------------------


def _indicators(s: Susunan, isian: Isian, lama: Lama, satuan: Sequence[str]) -> None:
    kode_sasaran, kode_iku = dict(lama.sasaran), dict(lama.iku)
    dipakai: set[str] = set()
    sasaran = ""
    for baris, sat in zip(isian.indikator, satuan, strict=True):
        sasaran = s.value(baris, "sasaran") or sasaran
        nama = s.value(baris, "indikator")
        if not sasaran:
            s.wrong(baris, "sasaran", "sel kosong", "nama sasaran, paling sedikit di baris pertama")
        if not nama:
            s.wrong(baris, "indikator", "sel kosong", "nama indikator")
        if not (sasaran and nama and sat):
            continue
        ss, kode = _numbered(kode_sasaran, sasaran, "SS"), _numbered(kode_iku, nama, "IK")
        if ss not in {x["kode"] for x in s.tabel.get("sasaran", ())}:
            s.add("sasaran", baris, kode=ss, nama=sasaran, tujuan=sasaran)
        if kode in dipakai:
            s.wrong(baris, "indikator", f"'{nama}' untuk kedua kalinya", "setiap indikator satu baris")
            continue
        dipakai.add(kode)
        _Indikator(s, baris, kode, sat).put(ss, nama)
    ditulis = {(x["kode"], x["tahun"]) for x in s.tabel.get("renstra", ())}
    s.tabel.setdefault("renstra", []).extend(x for x in lama.renstra if (x["kode"], x["tahun"]) not in ditulis)


def _numbered(kode: dict[str, str], nama: str, awalan: str) -> str:
    kunci = nama.casefold()
    if kunci not in kode:
        nomor = [int(x[2:]) for x in kode.values() if re.fullmatch(rf"{awalan}[0-9]+", x)]
        kode[kunci] = f"{awalan}{max(nomor, default=0) + 1}"
    return kode[kunci]


@dataclass
class _Indikator:
    """Satu baris lembar Indikator, yang menjadi target, realisasi, riwayat, rencana, dan aturan."""

    s: Susunan
    baris: Baris
    kode: str
    satuan: str
    desimal: int = 0

    @property
    def utuh(self) -> bool:
        return self.s.satuan[self.satuan].jenis in ("bulat", "rupiah")

    def put(self, sasaran: str, nama: str) -> None:
        """Tambahkan semua baris tabel indikator ini."""
        s, baris = self.s, self.baris
        arah = s.value(baris, "arah")
        target, realisasi = self.measure("target"), self.measure("realisasi")
        triwulan = {k: {p: self.number(f"{k}_{p}") for p in TRIWULAN} for k in ("target", "realisasi")}
        berjalan = [p for p in TRIWULAN if triwulan["target"][p] or triwulan["realisasi"][p]]
        cara = s.value(baris, "cara")
        if berjalan and not cara:
            s.wrong(baris, "cara", "sel kosong", f"salah satu dari {', '.join(columns(INDIKATOR)['cara'].daftar)}")
        periode = TAHUN if berjalan else s.bawaan["periode"]
        arah, id_target = self._put_target(target, arah, periode)
        for kunci, ukuran, kapan in (("semula", "target_semula", periode), ("standar", "standar_nasional", TAHUN)):
            if nilai := self.number(kunci):
                self._add_value(ukuran, kapan, nilai)
        id_realisasi = self._put_realisation(realisasi, periode, triwulan, berjalan)
        catatan = self._past_and_plan(nama)
        s.add(
            "iku", baris, kode=self.kode, sasaran=sasaran, nama=nama, nama_pendek=_short(nama), satuan=self.satuan,
            arah=arah, target=id_target if periode == TAHUN else "", cara=cara if berjalan and cara else "nilai",
            pembilang=" ".join(id_realisasi), desimal=str(self.desimal), catatan=catatan,
        )  # fmt: skip
        self._put_rules()
        if cetak := s.value(baris, "capaian"):
            isi = {"ukuran": "capaian", "tempat": "lkj", "satuan": "persen_capaian"}
            s.add("iku_tercetak", baris, kode=self.kode, nilai=cetak, **isi)
        for kunci, jenis in (("penjelasan", "alasan"), ("tindak_lanjut", "tindak_lanjut")):
            if teks := s.value(baris, kunci):
                isi = {"kode": f"{self.kode}_{jenis}", "indikator": self.kode, "jenis": jenis, "ringkas": teks}
                s.add("penjelasan", baris, notebook="ringkasan", **isi)

    def wrong(self, kunci: str, ditemukan: str, diharapkan: str) -> None:
        self.s.wrong(self.baris, kunci, ditemukan, diharapkan)

    def number(self, kunci: str) -> str:
        """Angka satu kolom dalam satuan baris ini."""
        return self._fits(kunci, self.s.value(self.baris, kunci, utuh=self.utuh))

    def _fits(self, kunci: str, angka: str) -> str:
        sel, nama = self.baris.sel.get(kunci), self.s.satuan[self.satuan].nama
        if angka and self.utuh and "." in angka:
            self.wrong(kunci, f"'{angka}'", f"bilangan bulat untuk satuan {nama}")
        elif sel and sel.persen and not self.satuan.startswith("persen"):
            self.wrong(kunci, f"sel berformat persen ({angka}%)", f"angka dalam satuan {nama}, atau satuan persen")
        self.desimal = max(self.desimal, _decimals(angka))
        return angka

    def measure(self, kunci: str) -> tuple[str, str] | str:
        """Target atau realisasi: batas bawah dan atas, atau teks (satuan baris lalu menjadi teks)."""
        sel = self.baris.sel.get(kunci)
        if sel is None or (sel.teks.casefold() in tulisan.TIDAK_ADA and not sel.angka):
            return "", ""
        if sel.tanggal:
            harap = "angka atau rentang (tulis '3 sampai 4', karena Excel membaca 3-4 sebagai tanggal)"
            self.wrong(kunci, f"tanggal {sel.teks}", harap)
            return "", ""
        try:
            isi = (sel.teks, sel.teks) if sel.angka else tulisan.target(sel.teks, utuh=self.utuh)
        except ValueError as galat:
            self.wrong(kunci, f"'{sel.teks}'", str(galat))
            return "", ""
        if self.satuan == "teks":
            return sel.teks
        if isi is not None:
            pas = {x: self._fits(kunci, x) for x in set(isi)}
            return pas[isi[0]], pas[isi[1]]
        if self.satuan in _BERSKOR and _TEKS_PENDEK.fullmatch(sel.teks):
            self.satuan = "teks"
            return sel.teks
        nama = self.s.satuan[self.satuan].nama
        self.wrong(kunci, f"'{sel.teks}'", f"angka dalam satuan {nama} (bagi target teks: satuan teks)")
        return "", ""

    def _add_value(self, ukuran: str, periode: str, nilai: str, teks: str = "") -> str:
        """Satu baris ``iku_nilai``; kembalikan id-nya."""
        kosong = {} if nilai or teks else {"keadaan": "tidak_tersedia"}
        isi = {"kode": self.kode, "ukuran": ukuran, "periode": periode, "satuan": self.satuan}
        self.s.add("iku_nilai", self.baris, **isi, teks=teks, nilai=nilai, **kosong)
        return f"iku_nilai/{self.kode}/{ukuran}/{periode}"

    def _put_target(self, target: tuple[str, str] | str, arah: str, periode: str) -> tuple[str, str]:
        """Arah yang berlaku dan id baris target; tanda ≥ dan ≤ menentukan arah yang kosong."""
        if isinstance(target, str):
            return arah or "naik", self._add_value("target", periode, "", target)
        bawah, atas = target
        if bawah and atas and bawah != atas:
            dibaca = "rentang"
        else:
            dibaca = "naik" if bawah and not atas else "turun" if atas and not bawah else ""
        if dibaca and arah and arah not in (dibaca, "rentang"):
            isi = self.baris.sel["target"].teks
            self.wrong("arah", f"{arah} dengan target '{isi}'", f"arah {dibaca} atau rentang")
        arah = arah or dibaca or "naik"
        if not bawah and not atas:
            return arah, ""
        if arah != "rentang":
            return arah, self._add_value("target", periode, bawah or atas)
        tepi = (("target_bawah", bawah), ("target_atas", atas))
        return arah, " ".join(self._add_value(ukuran, periode, x) for ukuran, x in tepi if x)

    def _put_realisation(self, realisasi, periode: str, triwulan, berjalan: Sequence[str]) -> list[str]:
        """Id baris realisasi yang dirujuk indikator: triwulannya bila ada, selebihnya angka periode itu."""
        for p in berjalan:
            if triwulan["target"][p]:
                self._add_value("target", p, triwulan["target"][p])
        if isinstance(realisasi, tuple) and realisasi[0] != realisasi[1]:
            self.wrong("realisasi", f"'{self.baris.sel['realisasi'].teks}'", "satu angka")
        teks, nilai = (realisasi, "") if isinstance(realisasi, str) else ("", realisasi[0])
        if not berjalan:
            return [self._add_value("realisasi", periode, nilai, teks)]
        if nilai or teks:
            harap = "salah satunya; setahun dihitung dari triwulan"
            self.wrong("realisasi", "realisasi setahun di samping triwulan", harap)
        return [self._add_value("realisasi", p, triwulan["realisasi"][p]) for p in berjalan]

    def _past_and_plan(self, nama: str) -> str:
        """Realisasi tahun lalu ke riwayat, target akhir ke Renstra; realisasi lalu berupa teks menjadi catatan."""
        s, baris, lalu = self.s, self.baris, self.s.tahun - 1
        nilai = "" if self.satuan == "teks" else self.measure("lalu")  # dapat menjadikan satuannya teks
        if isinstance(nilai, tuple) and nilai[0]:
            hal = f"lalu_{self.kode}"
            s.add("konteks", baris, hal=hal, nama=f"{nama}, {lalu}", nilai=nilai[0], satuan=self.satuan)
            isi = {"definisi": "utama", "cara": "nilai", "pembilang": f"konteks/{hal}"}
            s.add("iku_riwayat", baris, kode=self.kode, tahun=str(lalu), **isi)
        if self.satuan == "teks":
            return f"{lalu}: {baris.sel['lalu'].teks}" if "lalu" in baris.sel else ""
        if akhir := self.number("akhir"):
            if s.bawaan["akhir"]:
                s.add("renstra", baris, kode=self.kode, tahun=s.bawaan["akhir"], nilai=akhir, satuan=self.satuan)
            else:
                self.wrong("akhir", akhir, "Tahun akhir Renstra di lembar Identitas")
        return ""

    def _put_rules(self) -> None:
        """Aturan milik satu indikator: batas, rumus, dan jenjang."""
        s, baris = self.s, self.baris
        if batas := s.value(baris, "batas"):
            s.add("iku_aturan", baris, kode=self.kode, kunci="batas_capaian", nilai=batas, satuan="persen_capaian")
            s.check_cap(baris, batas)
        if rumus := s.value(baris, "rumus"):
            s.add("iku_aturan", baris, kode=self.kode, kunci="rumus", teks=rumus, satuan="teks")
        jenjang = [x.strip() for x in re.split(r"[<;,]", s.value(baris, "jenjang")) if x.strip()]
        for n, x in enumerate(jenjang, 1):
            s.add("jenjang", baris, kode=self.kode, urutan=str(n), sebutan=x)


def _short(nama: str) -> str:
    """Nama pendek bagi gambar dan tabel: nama itu sendiri, atau dipotong di batas kata."""
    if len(nama) <= _PENDEK:
        return nama
    inti = _AWALAN.sub("", nama)
    inti = inti[:1].upper() + inti[1:]
    return inti if len(inti) <= _PENDEK else inti[:_PENDEK].rpartition(" ")[0].rstrip(",;:") + "…"


# Anggaran -------------------------------------------------------------------------------------------------------------


def _budget(s: Susunan, isian: Isian) -> None:
    sasaran = {x["nama"].casefold(): x["kode"] for x in s.tabel.get("sasaran", ())}
    dipakai: set[str] = set()
    ada: set[tuple[str, str]] = set()
    for baris in isian.anggaran:
        rincian, nama = (s.value(baris, k) for k in ("rincian", "nama"))
        if not rincian and "rincian" not in baris.sel:
            s.wrong(baris, "rincian", "sel kosong", f"salah satu dari {', '.join(columns(ANGGARAN)['rincian'].daftar)}")
        if rincian not in ("", "total") and not nama:
            s.wrong(baris, "nama", "sel kosong", "nama yang dirinci")
        if not rincian or (rincian != "total" and not nama):
            continue
        if (rincian, nama.casefold()) in ada:
            s.wrong(baris, "nama", f"'{nama or rincian}' untuk kedua kalinya", "setiap rincian satu baris")
            continue
        ada.add((rincian, nama.casefold()))
        if rincian == "total":
            kode, nama = "lembaga", s.nama
        elif rincian != "sasaran":
            kode = _code(re.sub(r"\Abelanja\s+", "", nama, flags=re.I), dipakai)
        elif not (kode := sasaran.get(nama.casefold(), "")):
            harap = tulisan.one_of(nama, (x["nama"] for x in s.tabel.get("sasaran", ())))
            s.wrong(baris, "nama", f"'{nama}'", f"sasaran di lembar {INDIKATOR}: {harap}")
            continue
        _amounts(s, baris, {"rincian": rincian, "kode": kode, "per": s.bawaan["tanggal"], "nama": nama})


def _amounts(s: Susunan, baris: Baris, kunci: dict[str, str]) -> None:
    nilai = {k: s.value(baris, k, utuh=True) for k in ("pagu", "realisasi")}
    for k, x in nilai.items():
        uang = Decimal(x or 0).scaleb(s.bawaan["skala"])
        if uang != uang.to_integral_value():
            s.wrong(baris, k, f"'{x}'", "rupiah utuh, tanpa sen")
        elif x:
            s.add("anggaran", baris, **kunci, ukuran=k, nilai=f"{uang.to_integral_value():f}", satuan="rupiah")
    if serap := s.value(baris, "penyerapan"):
        s.add("anggaran", baris, **kunci, ukuran="penyerapan", nilai=serap, satuan="persen")
    elif not any(nilai.values()) and not {"pagu", "realisasi"} & set(baris.sel):
        s.wrong(baris, "pagu", "sel kosong", "pagu, realisasi, atau penyerapan")
