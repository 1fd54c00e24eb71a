"""Aturan hitung ulang: fungsi kecil atas pecahan tepat, rumusnya untuk penjelasan, dan pembulatannya."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kinerja import fmt
from kinerja.errors import GalatParameter

Nilai = Fraction | str


def _sum(x: list[Fraction], opsi: dict) -> Fraction:
    return sum(x, Fraction(0))


def _difference(x: list[Fraction], opsi: dict) -> Fraction:
    return x[0] - sum(x[1:], Fraction(0))


def _product(x: list[Fraction], opsi: dict) -> Fraction:
    hasil = Fraction(1)
    for faktor in x:
        hasil *= faktor
    return hasil


def _achievement(x: list[Fraction], opsi: dict) -> Fraction:
    realisasi, target, *batas = x
    rasio = realisasi / target if opsi.get("arah", "naik") == "naik" else 2 - realisasi / target
    return min(100 * rasio, batas[0]) if batas else 100 * rasio


def _count(x: list[Fraction], opsi: dict) -> Fraction:
    # dibandingkan setelah dibulatkan: realisasi yang sama dengan target pada ketelitian cetaknya adalah "tepat 100"
    desimal = int(opsi.get("bulat", "9"))
    ambang = Fraction(opsi["ambang"])
    uji = {"di_atas": lambda a: a > ambang, "tepat": lambda a: a == ambang, "di_bawah": lambda a: a < ambang}[
        opsi["syarat"]
    ]
    return Fraction(sum(uji(round_half_up(a, desimal)) for a in x))


def _count_pairs(x: list[Fraction], opsi: dict) -> Fraction:
    pasangan = zip(x[::2], x[1::2], strict=True)
    return Fraction(sum((a > b) if opsi["syarat"] == "melebihi" else (a < b) for a, b in pasangan))


def _whole_share(x: list[Fraction], opsi: dict) -> Fraction:
    # persen dari x[1] orang hanya dapat bernilai k / x[1]: bagian bulat yang terdekat dengan persen tercetak
    persen, banyaknya = x
    return 100 * round_half_up(persen * banyaknya / 100, 0) / banyaknya


ATURAN: dict[str, Callable[[list[Fraction], dict], Fraction]] = {
    "sama": lambda x, opsi: x[0],
    "jumlah": _sum,
    "selisih": _difference,
    "rasio": lambda x, opsi: 100 * x[0] / x[1],
    "bagi": lambda x, opsi: x[0] / x[1],
    "kali": _product,
    "rata_rata": lambda x, opsi: _sum(x, opsi) / len(x),
    "perubahan": lambda x, opsi: 100 * (x[0] / x[1] - 1),
    "capaian": _achievement,
    "hitung": _count,
    "hitung_pasangan": _count_pairs,
    "terkecil": lambda x, opsi: min(x),
    "terbesar": lambda x, opsi: max(x),
    "bagian_bulat": _whole_share,
    "jumlah_terbesar": lambda x, opsi: _sum(sorted(x, reverse=True)[: int(opsi["banyak"])], opsi),
}
# aturan yang membaca daftar, bukan angka
ATURAN_TABEL = ("banyak", "kategori")


_SYARAT = {
    "di_atas": {"id": "di atas", "en": "above"},
    "tepat": {"id": "tepat", "en": "exactly"},
    "di_bawah": {"id": "di bawah", "en": "below"},
    "melebihi": {"id": "melebihi", "en": "above"},
    "kurang_dari": {"id": "kurang dari", "en": "below"},
}


def formula(aturan: str, x: list[str], opsi: dict) -> str:
    """Rumus satu klaim dengan angka-angkanya, untuk penjelasan, dalam bahasa yang berlaku."""
    daftar = "; ".join(x)
    match aturan:
        case "sama":
            return fmt.pick({"id": f"sama dengan {x[0]}", "en": f"same as {x[0]}"})
        case "jumlah":
            return " + ".join(x)
        case "selisih":
            return " − ".join([x[0], *(f"({y})" if y.startswith(fmt.MINUS) else y for y in x[1:])])
        case "rasio":
            return f"{x[0]} / {x[1]} × 100"
        case "bagi":
            return f"{x[0]} / {x[1]}"
        case "kali":
            return " × ".join(x)
        case "rata_rata":
            return f"({' + '.join(x)}) / {len(x)}"
        case "perubahan":
            return f"({x[0]} / {x[1]} − 1) × 100"
        case "capaian":
            dasar = f"{x[0]} / {x[1]} × 100" if opsi.get("arah", "naik") == "naik" else f"(2 − {x[0]} / {x[1]}) × 100"
            return f"{dasar}, {fmt.pick({'id': 'paling tinggi', 'en': 'at most'})} {x[2]}" if len(x) > 2 else dasar
        case "hitung":
            syarat = f"{fmt.pick(_SYARAT[opsi['syarat']])} {opsi['ambang']}"
            return fmt.pick(
                {"id": f"banyaknya yang {syarat} di antara {daftar}", "en": f"count {syarat} among {daftar}"}
            )
        case "hitung_pasangan":
            antara = fmt.pick({"id": "terhadap", "en": "against"})
            pasangan = "; ".join(f"{a} {antara} {b}" for a, b in zip(x[::2], x[1::2], strict=True))
            syarat = fmt.pick(_SYARAT[opsi["syarat"]])
            return fmt.pick(
                {"id": f"banyaknya pasangan yang {syarat}: {pasangan}", "en": f"pairs {syarat}: {pasangan}"}
            )
        case "terkecil":
            return fmt.pick({"id": f"terkecil dari {daftar}", "en": f"smallest of {daftar}"})
        case "terbesar":
            return fmt.pick({"id": f"terbesar dari {daftar}", "en": f"largest of {daftar}"})
        case "jumlah_terbesar":
            banyak = opsi["banyak"]
            return fmt.pick(
                {"id": f"jumlah {banyak} terbesar dari {daftar}", "en": f"sum of the {banyak} largest of {daftar}"}
            )
        case "bagian_bulat":
            return fmt.pick(
                {
                    "id": f"bagian bulat dari {x[1]} yang terdekat dengan {x[0]} persen",
                    "en": f"share of {x[1]} in whole numbers nearest to {x[0]} percent",
                }
            )
    raise GalatParameter(f"Aturan audit '{aturan}' tidak dikenal.")


def round_half_up(x: Fraction, desimal: int) -> Fraction:
    """Bulatkan pecahan tepat, setengah menjauhi nol."""
    skala = Fraction(10) ** desimal
    besar = (abs(x) * skala * 2 + 1) // 2
    return (besar if x >= 0 else -besar) / skala


def truncate(x: Fraction, desimal: int) -> Fraction:
    """Potong pecahan tepat ke arah nol."""
    skala = Fraction(10) ** desimal
    besar = abs(x) * skala // 1
    return (besar if x >= 0 else -besar) / skala
