"""Tulisan pada gambar: dipotong baris, diukur, dan dijauhkan satu dari yang lain."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

LEBAR_HURUF = 0.56
"""Lebar rata-rata huruf DejaVu Sans, dibagi ukuran hurufnya."""

TINGGI_BARIS = 1.25
"""Jarak antarbaris, dibagi ukuran huruf."""


def wrap(teks: str, lebar: int = 32) -> str:
    """Potong teks menjadi baris-baris yang panjangnya seimbang, paling banyak ``lebar`` huruf.

    Boleh dipotong di spasi dan sesudah garis miring. Kata yang lebih panjang daripada ``lebar`` dipenggal, supaya tidak
    ada tulisan yang keluar dari gambar. Teks tidak pernah dipendekkan.
    """
    lebar = max(4, int(lebar))
    potongan = _pieces(str(teks), lebar)
    baris = _greedy(potongan, lebar)
    # Lebar terkecil yang masih memberi jumlah baris yang sama: baris terakhir tidak tinggal satu kata.
    bawah, atas = 1, lebar
    while bawah < atas:
        tengah = (bawah + atas) // 2
        coba = _greedy(potongan, tengah)
        if len(coba) <= len(baris) and max(map(len, coba), default=0) <= lebar:
            atas = tengah
        else:
            bawah = tengah + 1
    return "\n".join(_greedy(potongan, atas))


def _pieces(teks: str, lebar: int) -> list[str]:
    """Potongan yang disambung tanpa tambahan: spasi menempel di ekor potongan."""
    hasil = []
    for kata in re.findall(r"[^\s/]*/+(?=\S)|\S+\s*", " ".join(teks.split())):
        while len(kata.rstrip()) > lebar:
            hasil.append(kata[:lebar])
            kata = kata[lebar:]
        hasil.append(kata)
    return hasil


def _greedy(potongan: Sequence[str], lebar: int) -> list[str]:
    baris, kini = [], ""
    for kata in potongan:
        if kini and len((kini + kata).rstrip()) > lebar:
            baris.append(kini.rstrip())
            kini = ""
        kini += kata
    return [*baris, kini.rstrip()] if kini else baris


def chars_in(inci: float, ukuran: float) -> int:
    """Perkiraan banyaknya huruf berukuran ``ukuran`` poin dalam ``inci``."""
    return max(4, int(inci * 72 / (ukuran * LEBAR_HURUF)))


def lines_in(teks: str) -> int:
    """Banyaknya baris."""
    return teks.count("\n") + 1


def text_width(fig: Figure, teks: str, ukuran: float, tebal: bool = False) -> float:
    """Lebar tulisan dalam inci, diukur dengan huruf yang sebenarnya."""
    artis = fig.text(0, 0, teks, fontsize=ukuran, fontweight="bold" if tebal else "normal")
    lebar = artis.get_window_extent(fig.canvas.get_renderer()).width / fig.dpi
    artis.remove()
    return lebar


def wrap_to(fig: Figure, teks: str, inci: float, ukuran: float, tebal: bool = False) -> str:
    """Potong teks supaya lebarnya yang terukur tidak melebihi ``inci``."""
    huruf = chars_in(inci, ukuran) + 12
    while huruf > 4:
        hasil = wrap(teks, huruf)
        if text_width(fig, hasil, ukuran, tebal) <= inci:
            return hasil
        huruf -= max(1, huruf // 24)
    return wrap(teks, 4)


def spread(letak: Sequence[float], jarak: float, bawah: float = -np.inf, atas: float = np.inf) -> np.ndarray:
    """Geser letak sesedikit mungkin supaya tetangga berjarak sedikitnya ``jarak``, dalam urutan yang sama.

    Parameters
    ----------
    letak : sequence of float
        Letak yang diinginkan, sebarang urutan, tanpa NaN.
    jarak : float
        Jarak terkecil.
    bawah, atas : float
        Batas. Bila semuanya tidak muat, jarak dikecilkan supaya batas tetap dipatuhi.

    Returns
    -------
    numpy.ndarray
        Letak baru (kuadrat geseran terkecil), sejajar dengan masukan.
    """
    asal = np.asarray(letak, dtype=float)
    n = len(asal)
    if n == 0:
        return asal
    if n > 1 and np.isfinite(atas - bawah):
        jarak = min(jarak, (atas - bawah) / (n - 1))
    urut = np.argsort(asal, kind="stable")
    # Sesudah dikurangi jarak x urutan, syaratnya tinggal "tidak menurun": regresi isotonik.
    sasaran = asal[urut] - jarak * np.arange(n)
    blok: list[list[float]] = []
    for nilai in sasaran:
        blok.append([nilai, 1])
        while len(blok) > 1 and blok[-2][0] > blok[-1][0]:
            kanan = blok.pop()
            kiri = blok.pop()
            berat = kiri[1] + kanan[1]
            blok.append([(kiri[0] * kiri[1] + kanan[0] * kanan[1]) / berat, berat])
    rata = np.concatenate([np.full(int(berat), nilai) for nilai, berat in blok])
    rata = np.clip(rata, bawah, max(bawah, atas - jarak * (n - 1)))
    hasil = np.empty(n)
    hasil[urut] = rata + jarak * np.arange(n)
    return hasil


def axes_inches(ax: Axes) -> tuple[float, float]:
    """Lebar dan tinggi bidang gambar dalam inci sesudah tata letak dihitung."""
    fig = ax.figure
    mesin = fig.get_layout_engine()
    if mesin is not None:
        mesin.execute(fig)
    kotak = ax.get_position()
    lebar, tinggi = fig.get_size_inches()
    return kotak.width * lebar, kotak.height * tinggi
