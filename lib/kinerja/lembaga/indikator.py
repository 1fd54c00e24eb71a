"""Satu baris lembar Indikator menjadi target, realisasi, riwayat, rencana, dan aturan sebuah indikator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kinerja.data import tulisan
from kinerja.lembaga.bentuk import INDIKATOR, columns
from kinerja.lembaga.isian import Baris
from kinerja.lembaga.susunan import Susunan, decimals
from kinerja.periode import TAHUN, TRIWULAN

_TEKS_PENDEK = re.compile(r"[A-Z]{1,3}[+-]?")
_BERSKOR = ("nilai", "indeks", "poin")
_PENDEK = 48
_AWALAN = re.compile(r"\A(?:persentase|jumlah|banyaknya|tingkat)\s+", re.I)


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
        self.desimal = max(self.desimal, decimals(angka))
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


def put_indicator(s: Susunan, baris: Baris, kode: str, sasaran: str, nama: str, satuan: str) -> None:
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
    periode = TAHUN if berjalan else s.bawaan["periode"]
    arah, id_target = _put_target(u, target, arah, periode)
    if semula := u.number("semula"):
        u.put("target_semula", periode, semula)
    if standar := u.number("standar"):
        u.put("standar_nasional", TAHUN, standar)
    id_realisasi = _put_realisation(u, realisasi, periode, triwulan, berjalan)
    _past_and_plan(u, nama)
    s.add(
        "iku", baris, kode=kode, sasaran=sasaran, nama=nama, nama_pendek=_short(nama), satuan=u.satuan, arah=arah,
        target=id_target if periode == TAHUN else "", cara=cara if berjalan and cara else "nilai",
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
