"""Dari lembar isian ke tabel data: kode, satuan, sumber, dan aturan yang tidak ditulis petugas diisi di sini."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kinerja.data import tulisan
from kinerja.errors import GalatData
from kinerja.lembaga.bentuk import (
    ANGGARAN,
    IDENTITAS,
    INDIKATOR,
    Satuan,
    basic_units,
    columns,
    unit_list,
    unit_names,
    units,
)
from kinerja.lembaga.isian import Baris, Isian

TAHUN_WAJAR = range(1945, 2200)
TRIWULAN = ("tw1", "tw2", "tw3", "tw4")
_AKHIR_PERIODE = {"tw1": "03-31", "smt1": "06-30", "tw2": "06-30", "tw3": "09-30"}
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
        """Tambahkan satu baris; keadaan, sumber, dan bagian diisi menurut asalnya."""
        bagian = f"Lembar {asal.lembar} (baris {asal.nomor})" if asal else f"Lembar {IDENTITAS}"
        dasar = {"keadaan": "dikutip", "sumber": self.sumber, "bagian": bagian, "catatan": ""}
        self.tabel.setdefault(tabel, []).append(dasar | isi)
        self.asal.setdefault(tabel, []).append(asal)

    def wrong(self, baris: Baris, judul: str, ditemukan: str, diharapkan: str) -> None:
        """Catat satu masalah dengan baris dan kepala kolom yang dilihat petugas."""
        self.masalah.append(
            GalatData(baris.tempat, baris=baris.nomor, kolom=judul, ditemukan=ditemukan, diharapkan=diharapkan)
        )

    def value(self, lembar: str, baris: Baris | None, kunci: str, *, utuh: bool = False) -> str:
        """Isi satu sel menurut jenis kolomnya, atau teks kosong; yang tidak dapat dibaca menjadi masalah."""
        sel = baris.sel.get(kunci) if baris else None
        if sel is None:
            return ""
        kolom = columns(lembar)[kunci]
        baca: dict[str, Callable[[], str]] = {
            "teks": lambda: sel.teks,
            "angka": lambda: self._plain(sel, utuh),
            "tahun": lambda: _year(sel.teks),
            "tanggal": lambda: sel.teks if sel.tanggal else tulisan.date(sel.teks),
            "pilihan": lambda: _choice(sel.teks, kolom.pilihan, kolom.daftar),
        }
        try:
            return baca[kolom.jenis]()
        except ValueError as galat:
            self.wrong(baris, kolom.judul, f"'{sel.teks}'", str(galat))
            return ""

    def _plain(self, sel, utuh: bool) -> str:
        if sel.tanggal:
            raise ValueError("angka, bukan tanggal")
        return sel.teks if sel.angka else tulisan.number(sel.teks, utuh=utuh)


def compose(isian: Isian, lama: Callable[[str], Lama]) -> Susunan:
    """Susun tabel dari lembar isian; semua masalahnya ada di ``masalah``, dan bila ada tabelnya tidak lengkap.

    Parameters
    ----------
    isian : Isian
    lama : callable
        Dari nama lembaga ke yang sudah ada di folder datanya.
    """
    s = Susunan(masalah=list(isian.masalah), diabaikan=isian.diabaikan)
    _identity(s, isian)
    ada = lama(s.nama)
    s.satuan = {k: units()[k] for k in basic_units()} | ada.satuan
    if not isian.indikator and not isian.anggaran and not s.masalah:
        s.masalah.append(
            GalatData(
                isian.nama, ditemukan="tanpa satu pun indikator atau anggaran", diharapkan="paling sedikit satu baris"
            )
        )
    satuan = _resolve_units(s, isian)
    _indicators(s, isian, ada, satuan)
    _budget(s, isian)
    return s


# Identitas ------------------------------------------------------------------------------------------------------------


def _identity(s: Susunan, isian: Isian) -> None:
    isi = {k: s.value(IDENTITAS, isian.identitas.get(k), k) for k in columns(IDENTITAS)}
    for k, x in columns(IDENTITAS).items():
        if x.wajib and k not in isian.identitas:
            s.masalah.append(GalatData(IDENTITAS, kolom=x.judul, ditemukan="sel kosong", diharapkan=x.uraian))
    s.nama, s.tahun = isi["nama"], int(isi["tahun"] or 0)
    periode = isi["periode"] or "tahun"
    teks = {
        "nama_institusi": s.nama,
        "nama_pendek": isi["singkatan"] or s.nama,
        "jenis_institusi": (isi["jenis"] or s.nama.partition(" ")[0]).casefold(),
        **{k: isi[k] for k in ("penerbit", "kontak", "sebutan_sasaran", "sebutan_indikator")},
        "periode": periode,
        "agregasi_sasaran": "rata_rata",
        "agregasi_institusi": "rata_rata_sasaran",
    }
    skala = int(isi["pembulatan"] or 0)
    angka = {
        "batas_capaian": (isi["batas"], "persen_capaian"),
        "tahun_akhir_renstra": (isi["akhir"], "tahun"),
        "pembulatan_uang": (str(10**skala) if skala else "", "rupiah"),
    }
    asal = isian.identitas.get("nama")
    for kunci, x in teks.items():
        if x:
            s.add("aturan", asal, kunci=kunci, teks=x, nilai="", satuan="teks")
    for kunci, (x, satuan) in angka.items():
        if x:
            s.add("aturan", asal, kunci=kunci, teks="", nilai=x, satuan=satuan)
    if isi["batas"] and Decimal(isi["batas"]) < 100:
        s.wrong(isian.identitas["batas"], "Batas capaian (%)", isi["batas"], "100 atau lebih")
    akhir = f"{s.tahun}-{_AKHIR_PERIODE.get(periode, '12-31')}"
    s.bawaan = {"periode": periode, "tanggal": isi["tanggal"] or akhir, "skala": skala, "akhir": isi["akhir"]}


def _year(teks: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", teks) or int(teks) not in TAHUN_WAJAR:
        raise ValueError(f"tahun antara {TAHUN_WAJAR[0]} dan {TAHUN_WAJAR[-1]}, misalnya 2026")
    return teks


def _choice(teks: str, pilihan: dict[str, str], daftar: Sequence[str]) -> str:
    kenal = {k.casefold(): x for k, x in pilihan.items()}
    if teks.casefold() not in kenal:
        raise ValueError(tulisan.one_of(teks, daftar))
    return kenal[teks.casefold()]


# Satuan ---------------------------------------------------------------------------------------------------------------


def _resolve_units(s: Susunan, isian: Isian) -> list[str]:
    """Kode satuan setiap baris indikator; satuan yang belum dikenal didaftarkan, kecuali mirip yang dikenal."""
    kenal = dict(unit_names())
    for x in s.satuan.values():
        kenal.setdefault(x.nama.casefold(), x.kode)
    kode = []
    for baris in isian.indikator:
        tulis = s.value(INDIKATOR, baris, "satuan")
        kunci = tulis.casefold()
        if not tulis:
            s.wrong(baris, "Satuan", "sel kosong", f"satuan: {', '.join(unit_list())}, atau satuan sendiri")
        elif kunci not in kenal and (dekat := tulisan.near(tulis, kenal, 0.82)):
            s.wrong(
                baris,
                "Satuan",
                f"'{tulis}'",
                f"satuan {_unit_name(s, kenal[dekat.casefold()])}, atau nama yang lebih berbeda",
            )
        elif kunci not in kenal:
            kenal[kunci] = _new_unit(s, isian, tulis)
        kode.append(kenal.get(kunci, ""))
        if kode[-1] in units():
            s.satuan.setdefault(kode[-1], units()[kode[-1]])
    return kode


def _unit_name(s: Susunan, kode: str) -> str:
    return (s.satuan.get(kode) or units()[kode]).nama


def _new_unit(s: Susunan, isian: Isian, tulis: str) -> str:
    """Satuan lembaga sendiri: bulat bila semua angkanya bulat; teks bila semua isinya bukan angka."""
    milik = [x for x in isian.indikator if x.sel.get("satuan") and x.sel["satuan"].teks.casefold() == tulis.casefold()]
    sel = [
        x
        for baris in milik
        for k, x in baris.sel.items()
        if k.split("_")[0] in ("target", "realisasi", "lalu", "akhir")
    ]
    if sel and not any(re.search(r"[0-9]", x.teks) for x in sel):
        return "teks"
    desimal = max((_decimals(x.teks if x.angka else x.teks.replace(".", "").replace(",", ".")) for x in sel), default=0)
    kode = code(tulis, set(s.satuan) | set(units()))
    s.satuan[kode] = Satuan(kode, tulis, tulis, "pecahan" if desimal else "bulat", str(desimal))
    s.baru.append(tulis)
    return kode


def _decimals(angka: str) -> int:
    return len(angka.partition(".")[2].rstrip("%").strip()) if re.match(r"-?[0-9]", angka) else 0


def code(teks: str, dipakai: set[str]) -> str:
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
        sasaran = s.value(INDIKATOR, baris, "sasaran") or sasaran
        nama = s.value(INDIKATOR, baris, "indikator")
        if not sasaran:
            s.wrong(baris, "Sasaran", "sel kosong", "nama sasaran, paling sedikit di baris pertama")
        if not nama:
            s.wrong(baris, "Indikator", "sel kosong", "nama indikator")
        if not (sasaran and nama and sat):
            continue
        ss, kode = _coded(kode_sasaran, sasaran, "SS"), _coded(kode_iku, nama, "IK")
        if ss not in {x["kode"] for x in s.tabel.get("sasaran", ())}:
            s.add("sasaran", baris, kode=ss, nama=sasaran, tujuan=sasaran)
        if kode in dipakai:
            s.wrong(baris, "Indikator", f"'{nama}' untuk kedua kalinya", "setiap indikator satu baris")
            continue
        dipakai.add(kode)
        _indicator(s, baris, kode, ss, nama, sat)
    ditulis = {(x["kode"], x["tahun"]) for x in s.tabel.get("renstra", ())}
    s.tabel.setdefault("renstra", []).extend(x for x in lama.renstra if (x["kode"], x["tahun"]) not in ditulis)


def _coded(kode: dict[str, str], nama: str, awalan: str) -> str:
    kunci = nama.casefold()
    if kunci not in kode:
        nomor = [int(x[2:]) for x in kode.values() if re.fullmatch(rf"{awalan}[0-9]+", x)]
        kode[kunci] = f"{awalan}{max(nomor, default=0) + 1}"
    return kode[kunci]


@dataclass
class _Ukur:
    """Satu baris indikator yang sedang disusun."""

    s: Susunan
    baris: Baris
    kode: str
    satuan: str
    desimal: int = 0

    @property
    def utuh(self) -> bool:
        return self.s.satuan[self.satuan].jenis in ("bulat", "rupiah")

    def number(self, kunci: str) -> str:
        """Angka satu kolom dalam satuan baris ini."""
        return self._fits(kunci, self.s.value(INDIKATOR, self.baris, kunci, utuh=self.utuh))

    def _fits(self, kunci: str, angka: str) -> str:
        sel = self.baris.sel.get(kunci)
        judul = columns(INDIKATOR)[kunci].judul
        if angka and self.utuh and "." in angka:
            self.s.wrong(
                self.baris, judul, f"'{angka}'", f"bilangan bulat untuk satuan {self.s.satuan[self.satuan].nama}"
            )
        elif sel and sel.persen and not self.satuan.startswith("persen"):
            nama = self.s.satuan[self.satuan].nama
            self.s.wrong(
                self.baris, judul, f"sel berformat persen ({angka}%)", f"angka dalam satuan {nama}, atau satuan persen"
            )
        self.desimal = max(self.desimal, _decimals(angka))
        return angka

    def measure(self, kunci: str) -> tuple[str, str] | str:
        """Target atau realisasi: batas bawah dan atas, atau teks (satuan baris lalu menjadi teks)."""
        sel, judul = self.baris.sel.get(kunci), columns(INDIKATOR)[kunci].judul
        if sel is None or (sel.teks.casefold() in tulisan.TIDAK_ADA and not sel.angka):
            return "", ""
        if sel.tanggal:
            self.s.wrong(
                self.baris,
                judul,
                f"tanggal {sel.teks}",
                "angka atau rentang (tulis '3 sampai 4', karena Excel membaca 3-4 sebagai tanggal)",
            )
            return "", ""
        try:
            isi = (sel.teks, sel.teks) if sel.angka else tulisan.target(sel.teks, utuh=self.utuh)
        except ValueError as galat:
            self.s.wrong(self.baris, judul, f"'{sel.teks}'", str(galat))
            return "", ""
        if self.satuan == "teks":
            return sel.teks
        if isi is None:
            if self.satuan in _BERSKOR and _TEKS_PENDEK.fullmatch(sel.teks):
                self.satuan = "teks"
                return sel.teks
            self.s.wrong(
                self.baris,
                judul,
                f"'{sel.teks}'",
                f"angka dalam satuan {self.s.satuan[self.satuan].nama} (bagi target teks: satuan teks)",
            )
            return "", ""
        pas = {x: self._fits(kunci, x) for x in set(isi)}
        return pas[isi[0]], pas[isi[1]]

    def put(self, ukuran: str, periode: str, nilai: str, teks: str = "") -> str:
        """Satu baris ``iku_nilai``; kembalikan id-nya."""
        kosong = {} if nilai or teks else {"keadaan": "tidak_tersedia"}
        isi = {"kode": self.kode, "ukuran": ukuran, "periode": periode, "satuan": self.satuan}
        self.s.add("iku_nilai", self.baris, **isi, teks=teks, nilai=nilai, **kosong)
        return f"iku_nilai/{self.kode}/{ukuran}/{periode}"


def _indicator(s: Susunan, baris: Baris, kode: str, sasaran: str, nama: str, satuan: str) -> None:
    u = _Ukur(s, baris, kode, satuan)
    arah = s.value(INDIKATOR, baris, "arah")
    target, realisasi = u.measure("target"), u.measure("realisasi")
    triwulan = {k: {p: u.number(f"{k}_{p}") for p in TRIWULAN} for k in ("target", "realisasi")}
    berjalan = [p for p in TRIWULAN if triwulan["target"][p] or triwulan["realisasi"][p]]
    cara = s.value(INDIKATOR, baris, "cara")
    if berjalan and not cara:
        s.wrong(
            baris, "Sifat triwulan", "sel kosong", f"salah satu dari {', '.join(columns(INDIKATOR)['cara'].daftar)}"
        )
    periode = "tahun" if berjalan else s.bawaan["periode"]
    arah, id_target = _put_target(u, target, arah, periode)
    if semula := u.number("semula"):
        u.put("target_semula", periode, semula)
    id_realisasi = _put_realisation(u, realisasi, periode, triwulan, berjalan)
    _past_and_plan(u, nama)
    s.add(
        "iku", baris, kode=kode, sasaran=sasaran, nama=nama, nama_pendek=_short(nama), satuan=u.satuan, arah=arah,
        target=id_target if periode == "tahun" else "", cara=cara if berjalan and cara else "nilai",
        pembilang=" ".join(id_realisasi), penyebut="", desimal=str(u.desimal), catatan=_text_last_year(u),
    )  # fmt: skip
    _rules(u)
    if cetak := s.value(INDIKATOR, baris, "capaian"):
        isi = {"kode": kode, "ukuran": "capaian", "tempat": "lkj"}
        s.add("iku_tercetak", baris, **isi, nilai=cetak, satuan="persen_capaian")
    for kunci, jenis in (("penjelasan", "alasan"), ("tindak_lanjut", "tindak_lanjut")):
        if teks := s.value(INDIKATOR, baris, kunci):
            isi = {"kode": f"{kode}_{jenis}", "notebook": "ringkasan", "indikator": kode, "jenis": jenis}
            s.add("penjelasan", baris, **isi, ringkas=teks, ringkas_en="")


def _put_target(u: _Ukur, target: tuple[str, str] | str, arah: str, periode: str) -> tuple[str, str]:
    """Arah yang berlaku dan id baris target; tanda ≥ dan ≤ menentukan arah yang kosong."""
    if isinstance(target, str):
        return arah or "naik", u.put("target", periode, "", target)
    bawah, atas = target
    if bawah and atas and bawah != atas:
        dibaca = "rentang"
    else:
        dibaca = "naik" if bawah and not atas else "turun" if atas and not bawah else ""
    if dibaca and arah and arah not in (dibaca, "rentang"):
        isi = u.baris.sel["target"].teks
        u.s.wrong(u.baris, "Arah", f"{arah} dengan target '{isi}'", f"arah {dibaca} atau rentang")
    arah = arah or dibaca or "naik"
    if not bawah and not atas:
        return arah, ""
    if arah != "rentang":
        return arah, u.put("target", periode, bawah or atas)
    return arah, " ".join(u.put(f"target_{k}", periode, x) for k, x in (("bawah", bawah), ("atas", atas)) if x)


def _put_realisation(u: _Ukur, realisasi, periode: str, triwulan, berjalan: Sequence[str]) -> list[str]:
    """Id baris realisasi yang dirujuk indikator: triwulannya bila ada, selebihnya angka periode itu."""
    for p in berjalan:
        if triwulan["target"][p]:
            u.put("target", p, triwulan["target"][p])
    if isinstance(realisasi, tuple) and realisasi[0] != realisasi[1]:
        u.s.wrong(u.baris, "Realisasi", f"'{u.baris.sel['realisasi'].teks}'", "satu angka")
    teks, nilai = (realisasi, "") if isinstance(realisasi, str) else ("", realisasi[0])
    if not berjalan:
        return [u.put("realisasi", periode, nilai, teks)]
    if nilai or teks:
        u.s.wrong(
            u.baris,
            "Realisasi",
            "realisasi setahun di samping triwulan",
            "salah satunya; setahun dihitung dari triwulan",
        )
    return [u.put("realisasi", p, triwulan["realisasi"][p]) for p in berjalan]


def _past_and_plan(u: _Ukur, nama: str) -> None:
    """Realisasi tahun lalu ke riwayat, target akhir ke Renstra."""
    s = u.s
    if u.satuan != "teks" and isinstance(lalu := u.measure("lalu"), tuple) and lalu[0]:
        tahun = s.tahun - 1
        hal = f"lalu_{u.kode}"
        s.add("konteks", u.baris, hal=hal, nama=f"{nama}, {tahun}", nilai=lalu[0], satuan=u.satuan)
        s.add("iku_riwayat", u.baris, kode=u.kode, tahun=str(tahun), definisi="utama", uraian="", cara="nilai",
              pembilang=f"konteks/{hal}", penyebut="")  # fmt: skip
    if u.satuan != "teks" and (akhir := u.number("akhir")):
        if s.bawaan["akhir"]:
            s.add("renstra", u.baris, kode=u.kode, tahun=s.bawaan["akhir"], nilai=akhir, satuan=u.satuan)
        else:
            s.wrong(u.baris, "Target akhir Renstra", akhir, "Tahun akhir Renstra di lembar Identitas")


def _text_last_year(u: _Ukur) -> str:
    sel = u.baris.sel.get("lalu") if u.satuan == "teks" else None
    return f"{u.s.tahun - 1}: {sel.teks}" if sel else ""


def _rules(u: _Ukur) -> None:
    """Aturan milik satu indikator: batas, rumus, dan jenjang."""
    s, baris = u.s, u.baris
    if batas := s.value(INDIKATOR, baris, "batas"):
        s.add("iku_aturan", baris, kode=u.kode, kunci="batas_capaian", teks="", nilai=batas, satuan="persen_capaian")
        if Decimal(batas) < 100:
            s.wrong(baris, "Batas capaian (%)", batas, "100 atau lebih")
    if rumus := s.value(INDIKATOR, baris, "rumus"):
        s.add("iku_aturan", baris, kode=u.kode, kunci="rumus", teks=rumus, nilai="", satuan="teks")
    jenjang = [x.strip() for x in re.split(r"[<;,]", s.value(INDIKATOR, baris, "jenjang")) if x.strip()]
    for n, x in enumerate(jenjang, 1):
        s.add("jenjang", baris, kode=u.kode, urutan=str(n), sebutan=x)


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
        rincian, nama = (s.value(ANGGARAN, baris, k) for k in ("rincian", "nama"))
        if not rincian and "rincian" not in baris.sel:
            s.wrong(baris, "Rincian", "sel kosong", f"salah satu dari {', '.join(columns(ANGGARAN)['rincian'].daftar)}")
        if rincian not in ("", "total") and not nama:
            s.wrong(baris, "Nama", "sel kosong", "nama yang dirinci")
        if not rincian or (rincian != "total" and not nama):
            continue
        if (rincian, nama.casefold()) in ada:
            s.wrong(baris, "Nama", f"'{nama or rincian}' untuk kedua kalinya", "setiap rincian satu baris")
            continue
        ada.add((rincian, nama.casefold()))
        if rincian == "total":
            kode, nama = "lembaga", s.nama
        elif rincian == "sasaran":
            kode = sasaran.get(nama.casefold(), "")
            if not kode:
                harap = tulisan.one_of(nama, (x["nama"] for x in s.tabel.get("sasaran", ())))
                s.wrong(baris, "Nama", f"'{nama}'", f"sasaran di lembar {INDIKATOR}: {harap}")
                continue
        else:
            kode = code(re.sub(r"\Abelanja\s+", "", nama, flags=re.I), dipakai)
        _amounts(s, baris, {"rincian": rincian, "kode": kode, "per": s.bawaan["tanggal"], "nama": nama})


def _amounts(s: Susunan, baris: Baris, kunci: dict[str, str]) -> None:
    nilai = {k: s.value(ANGGARAN, baris, k, utuh=True) for k in ("pagu", "realisasi")}
    for k, x in nilai.items():
        uang = Decimal(x or 0).scaleb(s.bawaan["skala"])
        if uang != uang.to_integral_value():
            s.wrong(baris, columns(ANGGARAN)[k].judul, f"'{x}'", "rupiah utuh, tanpa sen")
        elif x:
            s.add("anggaran", baris, **kunci, ukuran=k, nilai=f"{uang.to_integral_value():f}", satuan="rupiah")
    if serap := s.value(ANGGARAN, baris, "penyerapan"):
        s.add("anggaran", baris, **kunci, ukuran="penyerapan", nilai=serap, satuan="persen")
    elif not any(nilai.values()) and not {"pagu", "realisasi"} & set(baris.sel):
        s.wrong(baris, "Pagu", "sel kosong", "pagu, realisasi, atau penyerapan")
