"""Angka dan kalimat audit: pecahan tepat dan langkah cetaknya, ditulis menurut bahasa yang berlaku (``kata.yml``)."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from colformula import round_half_away
from kinerja import fmt
from kinerja.berkas import parse_yaml

Nilai = Fraction | str

_DESIMAL_TEKS = 10
_DESIMAL_KALIMAT = 6


@cache
def _words() -> dict[str, Any]:
    return parse_yaml(Path(__file__).with_name("kata.yml").read_text(encoding="utf-8"))


def word(kunci: str, **isi: object) -> str:
    """Satu kalimat ``kata.yml`` dalam bahasa yang berlaku."""
    return fmt.pick(_words()[kunci]).format(**isi)


def formula_words() -> dict[str, str]:
    """Kata rumus dalam bahasa yang berlaku, untuk :class:`colformula.Words`; setiap capaian juga dengan batasnya."""
    kata = fmt.pick(_words()["rumus"])
    batas = {f"{k} batas": kata["at_most"].format(v, "{1}") for k, v in kata.items() if k.startswith("capaian ")}
    return kata | batas


def exact(nilai: float, desimal: int, teks: object) -> Nilai | None:
    """Isi satu baris data: pecahan tepat seperti dicetak, teks, atau None bila kosong."""
    if nilai == nilai:
        return Fraction(Decimal(f"{nilai:.{int(desimal)}f}"))
    return teks if isinstance(teks, str) and teks else None


def truncate(x: Fraction, desimal: int) -> Fraction:
    """Potong pecahan tepat ke arah nol."""
    skala = Fraction(10) ** desimal
    return int(x * skala) / skala


def to_step(x: Fraction, langkah: Fraction) -> Fraction:
    """Bulatkan ke kelipatan langkah cetak, setengah menjauhi nol."""
    return round_half_away(x / langkah, 0) * langkah


def plain(nilai: Nilai, desimal: int | None = None) -> str:
    """Angka dengan titik desimal tanpa pemisah ribuan; tanpa ``desimal`` sampai sepuluh desimal tanpa nol di ekor."""
    if isinstance(nilai, str):
        return nilai
    if desimal is None:
        return _bare(nilai, _DESIMAL_TEKS)
    return f"{Decimal(nilai.numerator) / nilai.denominator:.{desimal}f}"


def show(nilai: Nilai) -> str:
    """Angka untuk kalimat: sampai enam desimal, tanpa nol di belakang."""
    return nilai if isinstance(nilai, str) else local(_bare(nilai, _DESIMAL_KALIMAT))


def local(teks: str) -> str:
    """Bilangan bertitik desimal ditulis menurut bahasa yang berlaku; teks lain apa adanya."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", teks):
        return teks
    return fmt.angka(float(teks), len(teks.partition(".")[2]))


def _bare(x: Fraction, desimal: int) -> str:
    return plain(round_half_away(x, desimal), desimal).rstrip("0").rstrip(".")
