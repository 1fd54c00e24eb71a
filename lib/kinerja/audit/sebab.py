"""Sebab sebuah angka tercetak tidak sama dengan hitungannya, dicari dari angka-angka yang ditulis."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, compress, islice, product
from typing import TYPE_CHECKING

from colformula import Node, round_half_away
from kinerja.audit.klaim import Klaim
from kinerja.audit.tulisan import Nilai, show, to_step, truncate, word

if TYPE_CHECKING:
    from kinerja.audit.mesin import Audit

_GANTI_PALING_BANYAK = 3
_PERCOBAAN_PALING_BANYAK = 2000
_MASUKAN_DIBULATKAN = 6
_PANGKAT = (-6, -3, -2, -1, 1, 2, 3, 6)


class Sebab:
    """Pencari sebab bagi satu klaim yang tidak cocok, atas angka tercetak dan langkah cetaknya."""

    def __init__(self, audit: Audit, klaim: Klaim, tercetak: Fraction, langkah: Fraction) -> None:
        self.audit, self.klaim, self.p, self.langkah = audit, klaim, tercetak, langkah

    def rounding(self, c: Fraction) -> str:
        """Sebab pembulatan; kosong bila bukan pembulatan."""
        if truncate(c / self.langkah, 0) * self.langkah == self.p:
            return word("dipotong")
        return self._to_thousands(c) or self._rounded_inputs() or self._input_ranges()

    def _to_thousands(self, c: Fraction) -> str:
        p = self.p
        if p.denominator != 1 or not p or p % 1000 or self.langkah != 1:
            return ""
        pangkat = next(k for k in (9, 6, 3) if p % 10**k == 0)
        for cara, hasil in (("bulat", to_step(c, Fraction(10**pangkat))), ("potong", truncate(c, -pangkat))):
            if hasil == p:
                return word("ke_ribuan", cara=word(f"cara_{cara}"), satuan=word(f"pangkat_{pangkat}"))
        return ""

    def _rounded_inputs(self) -> str:
        """Masukan yang dihitung dibulatkan dahulu pada desimal cetaknya: semuanya, lalu sebagian."""
        semua = [t for t in self.klaim.masukan if t.startswith("=") and isinstance(self.audit.input(t), Fraction)]
        sebagian = semua[:_MASUKAN_DIBULATKAN]
        jalan = [list(compress(sebagian, x)) for x in product((False, True), repeat=len(sebagian)) if any(x)]
        if len(semua) > len(sebagian):
            jalan.insert(0, semua)
        for token in jalan:
            ganti = {t: round_half_away(self.audit.input(t), self.audit.decimals(t[1:])) for t in token}
            if self._gives(self.klaim.rumus, ganti):
                return word("bertingkat", angka=", ".join(map(show, ganti.values())))
        return ""

    def _input_ranges(self) -> str:
        """Masukan yang dicetak bulat: apakah angka tercetak ada di antara hasil terkecil dan terbesar yang mungkin."""
        klaim = self.klaim
        if "pembulatan_masukan" not in klaim.opsi:
            return ""
        lebar = [Fraction(x) / 2 for x in klaim.opsi["pembulatan_masukan"].split(",")]
        lebar = lebar * len(klaim.masukan) if len(lebar) == 1 else lebar
        if len(lebar) != len(klaim.masukan):
            raise self.audit.wrong(
                f"{len(lebar)} pembulatan masukan pada klaim {klaim.kode}",
                f"satu, atau {len(klaim.masukan)} (satu per masukan)",
            )
        isi = [(t, self.audit.input(t), x) for t, x in zip(klaim.masukan, lebar, strict=True)]
        # aturan yang memakai opsi ini monoton pada setiap masukan, jadi ujungnya di sudut-sudut; jumlah naik semuanya
        arah = ((x,) * len(isi) for x in (-1, 1)) if klaim.menjumlah else product((-1, 1), repeat=len(isi))
        ganti = [{t: x + a * w for a, (t, x, w) in zip(satu, isi, strict=True)} for satu in arah]
        sudut = [self.audit.evaluate(klaim.rumus, x) for x in ganti]
        bawah, atas = to_step(min(sudut), self.langkah), to_step(max(sudut), self.langkah)
        return word("masukan_bulat", bawah=show(bawah), atas=show(atas)) if bawah <= self.p <= atas else ""

    def reading(self) -> str:
        """Bacaan lain dari aturan yang sama, misalnya tanpa batas capaian."""
        return next((word(k) for k, rumus in self.klaim.bacaan.items() if self._gives(rumus, {})), "")

    def substitution(self) -> tuple[bool, str] | None:
        """Versi tercetak lain dari masukan yang menghasilkan angka tercetak; True bila semuanya sekadar pembulatan."""
        for ganti in islice(self._substitutes(), _PERCOBAAN_PALING_BANYAK):
            nilai = {t: self.audit.written(id_) for t, id_ in ganti.items()}
            if not self._gives(self.klaim.rumus, nilai):
                continue
            bulat = all(
                round_half_away(self.audit.input(t), self.audit.decimals(ganti[t])) == x for t, x in nilai.items()
            )
            kata = [word("ganti", **self._other(id_), asli=show(self.audit.input(t))) for t, id_ in ganti.items()]
            return bulat, word("memakai", ganti="; ".join(kata))
        return None

    def _substitutes(self) -> Iterator[dict[str, str]]:
        pilihan = {t: self._different(self.klaim.alternatif.get(t, ())) for t in self.klaim.masukan}
        berpilihan = [t for t, ids in pilihan.items() if ids]
        for banyak in range(1, _GANTI_PALING_BANYAK + 1):
            for token in combinations(berpilihan, banyak):
                for ids in product(*(pilihan[t] for t in token)):
                    yield dict(zip(token, ids, strict=True))

    def _different(self, ids: tuple[str, ...]) -> list[str]:
        """Satu id untuk setiap nilai yang berbeda, agar pencarian tidak mengulang percobaan yang sama."""
        nilai = {id_: self.audit.written(id_) for id_ in reversed(ids)}
        return list({x: id_ for id_, x in nilai.items() if isinstance(x, Fraction)}.values())

    def mistyped(self, c: Fraction) -> str:
        """Salah ketik dari hasil hitungan, atau dari angka lain yang bersebelahan."""
        sebab = self._typo(c)
        if sebab or not self.klaim.menyalin:
            return sebab
        for id_ in dict.fromkeys(x for isi in self.klaim.alternatif.values() for x in isi):
            if sebab := self._typo(self.audit.written(id_)):
                return word("dibandingkan", **self._other(id_), sebab=sebab[0].lower() + sebab[1:])
        return ""

    def _typo(self, c: Fraction) -> str:
        a, b = (str(abs(int(x / self.langkah))) for x in (self.p, to_step(c, self.langkah)))
        if len(a) == len(b):
            salah = [n for n in range(len(a)) if a[n] != b[n]]
            if len(salah) == 2 and (n := salah[0]) + 1 == salah[1] and a[n : n + 2] == b[n + 1] + b[n]:
                return word("digit_tertukar")
            if len(salah) == 1 and len(a) >= 4:
                return word("satu_digit", salah=a[salah[0]], benar=b[salah[0]])
        for pangkat in _PANGKAT:
            if c and to_step(c * Fraction(10) ** pangkat, self.langkah) == self.p:
                return word("letak_koma", pangkat=pangkat)
        return word("tanda") if c and to_step(-c, self.langkah) == self.p else ""

    def _other(self, id_: str) -> dict[str, str]:
        return {"angka": self.audit.printed(id_), "tempat": self.audit.place(id_)}

    def _gives(self, rumus: Node, ganti: dict[str, Nilai]) -> bool:
        hasil = self.audit.evaluate(rumus, ganti)
        return isinstance(hasil, Fraction) and to_step(hasil, self.langkah) == self.p
