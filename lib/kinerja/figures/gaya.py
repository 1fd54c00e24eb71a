"""Gaya, warna, dan rupa keempat keadaan angka.

Warna dasar: Okabe dan Ito (2008), terbaca oleh pembaca buta warna. Warna tidak pernah menjadi satu-satunya pembeda:
keadaan memakai arsir atau penanda berlubang, deret memakai penanda dan garis yang berlainan, tanda naik atau turun
selalu tertulis.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb

from kinerja import fmt
from kinerja.errors import GalatParameter

WARNA = MappingProxyType(
    {
        "realisasi": "#0072B2",
        "target": "#222222",
        "di_atas": "#0072B2",
        "tepat": "#0072B2",
        "di_bawah": "#D55E00",
        "tambah": "#0072B2",
        "kurang": "#D55E00",
        "jumlah": "#4D4D4D",
        "batas": "#7A3E6D",
        "sorot": "#E69F00",
        "netral": "#7F7F7F",
        "hilang": "#8C8C8C",
        "latar_hilang": "#EFEFEF",
        "sintetis": "#A33B00",
        "teks": "#222222",
        "teks_lemah": "#555555",
        "kisi": "#E3E3E3",
    }
)
"""Warna menurut perannya."""

WARNA_KATEGORI = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#A8578A", "#4D4D4D", "#B8A800")
"""Warna golongan tanpa peran, dengan terang-gelap yang berselang-seling."""

PENANDA = ("o", "s", "^", "D", "v", "P", "X", "h")
GARIS = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (7, 2, 1.5, 2)), (0, (3, 1.5)), (0, (7, 2, 1.5, 2, 1.5, 2)), "-", "--")

PETA_URUT = LinearSegmentedColormap.from_list("kinerja", ["#EDF4F9", "#9CC7E2", "#3D8FC1", "#0A5E97", "#063A5F"])
"""Peta warna berurut: dari terang ke gelap, tetap berurut bila dicetak hitam putih."""

KEADAAN = ("dikutip", "diturunkan", "sintetis", "tidak_tersedia")

_ARSIR = {"diturunkan": "////", "sintetis": "||||"}
_ARTI = {
    "diturunkan": {
        "id": "Diarsir miring atau penanda berlubang: dihitung dari angka sumber.",
        "en": "Hatched or hollow marks: computed from figures in the source.",
    },
    "sintetis": {
        "id": "Bergaris tegak: data sintetis buatan, bukan hasil survei.",
        "en": "Striped: synthetic data made for testing, not survey results.",
    },
    "tidak_tersedia": {
        "id": "Tanda × kelabu: tidak ada di sumber.",
        "en": "Grey ×: not in the source.",
    },
}


@lru_cache(maxsize=1)
def _isi_gaya() -> dict[str, Any]:
    return dict(mpl.rc_params_from_file(Path(__file__).with_name("kinerja.mplstyle"), use_default_template=False))


def use_style() -> None:
    """Berlakukan ``kinerja.mplstyle`` bagi gambar-gambar berikutnya."""
    mpl.rcParams.update(_isi_gaya())


def lighten(warna: str, kadar: float) -> str:
    """Campur warna dengan putih; ``kadar`` 0 tetap, 1 putih."""
    return to_hex([1 - (1 - saluran) * (1 - kadar) for saluran in to_rgb(warna)])


def ink_on(warna: Any) -> str:
    """Warna tulisan (gelap atau putih) yang lebih kontras di atas ``warna``, menurut luminans WCAG."""
    linier = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in to_rgb(warna)]
    luminans = 0.2126 * linier[0] + 0.7152 * linier[1] + 0.0722 * linier[2]
    return WARNA["teks"] if (luminans + 0.05) / 0.066 > 1.05 / (luminans + 0.05) else "#FFFFFF"


def check_state(keadaan: str) -> str:
    """Kembalikan ``keadaan`` bila dikenal.

    Raises
    ------
    GalatParameter
        Bukan salah satu dari empat keadaan.
    """
    if keadaan not in KEADAAN:
        raise GalatParameter(f"Keadaan angka {keadaan!r} tidak dikenal; yang ada: {', '.join(KEADAAN)}.")
    return keadaan


def fill_of(warna: str, keadaan: str = "dikutip") -> dict[str, Any]:
    """Argumen bidang (batang, kotak) untuk satu keadaan: pejal, terang berarsir miring, atau putih bergaris tegak."""
    check_state(keadaan)
    if keadaan == "dikutip":
        return {"facecolor": warna, "edgecolor": warna, "linewidth": 0.8}
    terang = {"diturunkan": lighten(warna, 0.72), "sintetis": "#FFFFFF", "tidak_tersedia": WARNA["latar_hilang"]}
    return {
        "facecolor": terang[keadaan],
        "edgecolor": WARNA["hilang"] if keadaan == "tidak_tersedia" else warna,
        "hatch": _ARSIR.get(keadaan, ""),
        "linewidth": 0.9,
    }


def marker_of(warna: str, keadaan: str = "dikutip") -> dict[str, Any]:
    """Argumen penanda ``Axes.plot``: pejal, berlubang, atau setengah terisi."""
    check_state(keadaan)
    if keadaan == "dikutip":
        return {"markerfacecolor": warna, "markeredgecolor": warna, "fillstyle": "full"}
    isi = {"markerfacecolor": "#FFFFFF", "markeredgecolor": warna, "markeredgewidth": 1.5, "fillstyle": "full"}
    if keadaan == "sintetis":
        isi |= {"markerfacecolor": warna, "markerfacecoloralt": "#FFFFFF", "fillstyle": "left", "markeredgewidth": 1.0}
    return isi


def state_note(keadaan: set[str]) -> str:
    """Kalimat yang menerangkan rupa keadaan-keadaan yang muncul pada gambar; kosong bila semuanya dikutip."""
    return " ".join(fmt.pick(_ARTI[k]) for k in KEADAAN if k in keadaan and k in _ARTI)
