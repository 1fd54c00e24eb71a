"""Yang tergambar pada sebuah sumbu, dibaca kembali dari artisnya."""

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer


def plotted(ax):
    """Jenis (batang, garis, titik), nama serinya, dan angka-angkanya."""
    hasil = []
    for satu in ax.containers:
        if isinstance(satu, BarContainer):
            hasil.append(("batang", _series_name(satu), [float(x) for x in satu.datavalues]))
    for garis in ax.lines:
        x, y = (np.asarray(z, dtype=float) for z in (garis.get_xdata(orig=False), garis.get_ydata(orig=False)))
        # Garis galat seaborn berisi NaN (pada batang datar x-nya); axvline dan axhline bukan angka dari bingkai.
        if garis.get_transform() == ax.transData and (np.isfinite(x) & np.isfinite(y)).any():
            hasil.append(("garis", _series_name(garis), [float(x) for x in y]))
    for awan in ax.collections:
        if isinstance(awan, PathCollection) and len(awan.get_offsets()):
            letak = np.ma.filled(np.ma.asarray(awan.get_offsets(), dtype=float), np.nan)
            hasil.append(("titik", _series_name(awan), [float(x) for x in letak.ravel()]))
    return hasil


def _series_name(artis):
    nama = str(artis.get_label())
    return "" if nama.startswith("_") else nama
