"""Gambar tiap tampilan penjelajah: dibuat sekali, lalu ``update`` menerima bingkai data jadi.

Di sini tidak ada hitungan statistik.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection, PatchCollection, PathCollection, QuadMesh
from matplotlib.colors import Normalize
from matplotlib.patches import Patch, Rectangle

from kinerja import figures, fmt
from kinerja.figures import WARNA
from kinerja.ikesos.dasar import DITAHAN, TIDAK_TERSEDIA
from kinerja.jelajah.kanvas import Legenda, Tampilan

BANYAK_BERNAMA = 40
"""Paling banyak wilayah yang semuanya diberi nama; selebihnya hanya yang teratas, terbawah, dan terpilih."""

_UJUNG = 8
_PETA_WARNA = "viridis"
_DITAHAN = {"facecolor": "#EFEFEF", "edgecolor": WARNA["hilang"], "hatch": "////", "linewidth": 0.6}
_TANPA_NILAI = (DITAHAN, TIDAK_TERSEDIA)
_TINTA = "#1a1a1a"
_TANDA = {
    "layak": {"marker": "o", "ms": 4.5, "color": WARNA["data"], "zorder": 3},
    "hati": {"marker": "o", "ms": 5, "mfc": "white", "mec": WARNA["data"], "mew": 1.3, "zorder": 3},
    "lepas": {"marker": "^", "ms": 5.5, "mfc": "white", "mec": WARNA["netral"], "mew": 1.1, "zorder": 3},
    "pilih": {"marker": "D", "ms": 6.5, "color": _TINTA, "zorder": 4},
    "tahan": {"marker": "s", "ms": 5, "mfc": "white", "mec": WARNA["hilang"], "mew": 1, "zorder": 3},
}
_KATA = {
    "hati": {"id": "pakai dengan hati-hati (RSE 25-50%)", "en": "use with caution (RSE 25-50%)"},
    "layak": {"id": "taksiran dan selangnya", "en": "estimate and its interval"},
    "pilih": {"id": "wilayah yang dibandingkan", "en": "regions compared"},
    "lepas": {"id": "dasar data lain, tidak diperingkat", "en": "other data basis, not ranked"},
    "tahan": {"id": "ditahan atau tidak tersedia", "en": "withheld or not available"},
    "hilang": {"id": "{n} wilayah ditahan atau tidak tersedia", "en": "{n} regions withheld or not available"},
}


class TitikSelang(Tampilan):
    """Titik dengan selang, satu baris per wilayah dari yang teratas; bentuknya mengatakan apakah ia diperingkat.

    Parameters
    ----------
    keadaan : str
    satuan : str
        Nama sumbu angka.

    Attributes
    ----------
    tanda : dict of str to Line2D
        ``pilih``, ``layak``, ``hati``, ``lepas`` (bernilai tanpa peringkat), dan ``tahan``.
    """

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        ax = self.ax
        self.selang = ax.add_collection(LineCollection([], linewidths=1.4, colors=WARNA["hilang"], zorder=2))
        self.tanda = {k: ax.plot([], [], ls="", **gaya)[0] for k, gaya in _TANDA.items()}
        for k in ("tahan", "lepas"):  # di tepi sumbu bila nilainya tidak digambar
            self.tanda[k].set_clip_on(False)
        self.nama = [
            ax.text(-0.02, 0, "", transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=7.2)
            for _ in range(BANYAK_BERNAMA)
        ]
        ax.set_yticks([])
        ax.set_xlabel(satuan)
        ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        self.legenda = Legenda(self, {k: (g, fmt.pick(_KATA[k])) for k, g in self.tanda.items()})

    def update(self, frame: pd.DataFrame, *, terpilih: Sequence = (), keterangan: str = "") -> None:
        """Pindahkan artis ke angka baru.

        Parameters
        ----------
        frame : DataFrame
            ``wilayah``, ``label``, ``nilai``, ``bawah``, ``atas``, ``tanda``, ``peringkat``, terurut dari yang digambar
            teratas.
        terpilih : sequence
            Kode wilayah yang ditandai.
        """
        x, b, a = (frame[k].to_numpy(dtype=float) for k in ("nilai", "bawah", "atas"))
        ada = ~np.isnan(x)
        # Yang ditahan hanya mendapat baris bila semuanya bernama; ratusan baris kosong tidak memberi tahu apa-apa.
        semua = len(frame) <= BANYAK_BERNAMA
        baris = np.arange(len(frame)) if semua else np.cumsum(ada) - 1
        self._resize(len(frame) if semua else int(ada.sum()))
        self._range(b[ada], a[ada])
        self.selang.set_segments(np.stack([np.stack([b, baris], 1), np.stack([a, baris], 1)], 1)[ada])
        jenis = np.where(ada | semua, self._kinds(frame, ada, terpilih), "")
        letak = np.where(ada, x, self.ax.get_xlim()[0])
        for kunci, artis in self.tanda.items():
            artis.set_data(letak[jenis == kunci], baris[jenis == kunci])
        pilih = ada & frame["wilayah"].isin(list(terpilih)).to_numpy()
        self._label(frame["label"].to_numpy(), baris, ada, pilih, semua)
        self.legenda.show(k for k in self.tanda if (jenis == k).any())
        tahan = int(frame["tanda"].isin(_TANPA_NILAI).sum())
        hilang = fmt.pick(_KATA["hilang"]).format(n=fmt.angka(tahan)) if tahan else ""
        self.explain("; ".join(t for t in (keterangan, hilang) if t))

    @staticmethod
    def _kinds(frame: pd.DataFrame, ada: np.ndarray, terpilih: Sequence) -> np.ndarray:
        """Bentuk tanda tiap wilayah: kunci :attr:`tanda`. Yang bernilai tanpa peringkat tidak ditahan."""
        pilih = frame["wilayah"].isin(list(terpilih)).to_numpy()
        tahan = frame["tanda"].isin(_TANPA_NILAI).to_numpy()
        lepas = frame["peringkat"].isna().to_numpy()
        hati = (frame["tanda"] == "hati-hati").to_numpy()
        return np.select([tahan, lepas, pilih, hati], ["tahan", "lepas", "pilih", "hati"], "layak")

    def _resize(self, banyak: int) -> None:
        rapat = banyak > BANYAK_BERNAMA
        self.ax.set_ylim(max(banyak, 1) - 0.3, -0.7)
        for k in ("layak", "hati", "lepas"):
            self.tanda[k].set_markersize(3 if rapat else 4.5)
        self.selang.set_linewidth(0.6 if rapat else 1.4)

    def _range(self, bawah: np.ndarray, atas: np.ndarray) -> None:
        """Batas sumbu kelipatan lima; hanya diganti bila berubah, karena angka sumbu mahal digambar."""
        if not len(bawah):
            batas = (0.0, 1.0)
        else:
            kiri, kanan = np.floor(np.nanmin(bawah) / 5) * 5, np.ceil(np.nanmax(atas) / 5) * 5
            batas = (kiri, max(kanan, kiri + 5))
        if tuple(self.ax.get_xlim()) != batas:
            self.ax.set_xlim(*batas)

    def _label(self, label: np.ndarray, baris: np.ndarray, ada: np.ndarray, pilih: np.ndarray, semua: bool) -> None:
        mana = list(range(len(label))) if semua else _apart(baris, ada, pilih)
        for teks, i in zip(self.nama, mana, strict=False):
            teks.set(
                text=label[i],
                y=baris[i],
                visible=True,
                color=WARNA["netral"] if not ada[i] else "#222222",
                fontweight="bold" if pilih[i] else "normal",
            )
        for teks in self.nama[len(mana) :]:
            teks.set_visible(False)


def _apart(baris: np.ndarray, ada: np.ndarray, pilih: np.ndarray) -> list[int]:
    """Yang dinamai bila tidak semuanya muat: terpilih, lalu teratas dan terbawah, selama namanya tidak bertindihan."""
    urut = np.flatnonzero(ada)
    ujung = {*urut[:_UJUNG], *urut[-_UJUNG:]}
    jarak = max(len(urut) / 34, 1)
    mana: list[int] = []
    for i in sorted(ujung | set(np.flatnonzero(pilih & ada)), key=lambda i: (not pilih[i], baris[i])):
        if all(abs(baris[i] - baris[j]) >= jarak for j in mana):
            mana.append(i)
    return mana


def _rentang(nilai: np.ndarray, langkah: int) -> tuple[float, float]:
    """Rentang skala warna pada kelipatan ``langkah``; tanpa satu nilai pun kembali ke 0-100, bukan sisa sebelumnya."""
    ada = nilai[~np.isnan(nilai)]
    if not len(ada):
        return 0.0, 100.0
    return np.floor(ada.min() / langkah) * langkah, np.ceil(ada.max() / langkah) * langkah + 1e-9


class Panas(Tampilan):
    """Peta panas wilayah x simpul; sel yang ditahan berarsir."""

    tepi = (1.9, 1.25, 1.75, 0.5)

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        self.ax.grid(visible=False)
        self.ax.add_patch(Rectangle((0, 0), 1, 1, transform=self.ax.transAxes, zorder=0, **_DITAHAN))
        self.norma = Normalize(0, 100)
        self.citra = self._jala(1, 1)
        kotak = self.ax.get_position()
        self.colour_bar(self.citra, satuan, (kotak.x1 + 0.03, kotak.y0, 0.018, 0.8 * kotak.height))
        self.ax.legend(
            handles=[Patch(label=fmt.pick(_KATA["tahan"]), **_DITAHAN)],
            loc="upper left", bbox_to_anchor=(-0.02, -0.01), fontsize=7.5,
        )  # fmt: skip
        self._nama: tuple | None = None

    def _jala(self, n: int, k: int) -> QuadMesh:
        """Jala n x k kotak; tiga kali lebih cepat digambar daripada citra yang diregangkan."""
        return self.ax.pcolormesh(
            np.arange(k + 1) - 0.5, np.arange(n + 1) - 0.5, np.full((n, k), np.nan), cmap=_PETA_WARNA, norm=self.norma
        )

    def update(self, nilai: pd.DataFrame, *, keterangan: str = "") -> None:
        """``nilai``: wilayah (indeks: label) x simpul (kolom: label); NaN bila ditahan."""
        n, k = nilai.shape
        isi = nilai.to_numpy(dtype=float)
        if self.citra.get_array().shape != (n, k):
            self.citra.remove()
            self.citra = self._jala(n, k)
            self.ax.set(xlim=(-0.5, k - 0.5), ylim=(n - 0.5, -0.5))
        self.citra.set_array(np.ma.masked_invalid(isi))
        self.norma.vmin, self.norma.vmax = _rentang(isi, 10)
        nama = tuple(nilai.index), tuple(nilai.columns)
        if nama != self._nama:
            self._nama = nama
            langkah = max(1, -(-n // 34))
            self.ax.set_yticks(range(0, n, langkah), [str(x) for x in nilai.index[::langkah]], fontsize=7.2)
            letak = (40, "left", "anchor") if k > 4 else (0, "center", "default")
            miring = dict(zip(("rotation", "ha", "rotation_mode"), letak, strict=True))
            judul = [figures.wrap(str(x), 20) for x in nilai.columns]
            self.ax.set_xticks(range(k), judul, fontsize=7.5, linespacing=0.95, **miring)
            self.ax.xaxis.tick_top()
            self.ax.tick_params(length=0)
        self.explain(keterangan)


class Peta(Tampilan):
    """Peta kotak provinsi: satu kotak per provinsi di letaknya; yang ditahan berarsir.

    Parameters
    ----------
    keadaan : str
    satuan : str
    letak : DataFrame
        ``wilayah``, ``label``, ``baris``, ``lajur``.
    """

    ukuran = (9.6, 5.5)
    tepi = (0.15, 0.85, 1.0, 0.4)

    def __init__(self, keadaan: str, satuan: str, letak: pd.DataFrame) -> None:
        super().__init__(keadaan)
        self.letak = letak.reset_index(drop=True)
        ax = self.ax
        ax.set(xticks=[], yticks=[], xlim=(letak["lajur"].min() - 0.1, letak["lajur"].max() + 1.1))
        ax.set_ylim(letak["baris"].max() + 1.1, letak["baris"].min() - 0.1)
        ax.grid(visible=False)
        for tepi in ax.spines.values():
            tepi.set_visible(False)
        sudut = list(zip(self.letak["lajur"] + 0.03, self.letak["baris"] + 0.03, strict=True))
        ubin = [Rectangle(p, 0.94, 0.94) for p in sudut]
        self._ubin = [r.get_transform().transform_path(r.get_path()) for r in ubin]
        self.tahan = ax.add_collection(PathCollection([], zorder=1, **_DITAHAN))
        self.kotak = ax.add_collection(PatchCollection(ubin, cmap=_PETA_WARNA, norm=Normalize(0, 100), zorder=2))
        self.teks = [
            (
                ax.text(x + 0.47, y + 0.36, figures.wrap(nama, 10), ha="center", va="center", fontsize=6.4, zorder=4),
                ax.text(x + 0.47, y + 0.76, "", ha="center", va="center", fontsize=7.5, fontweight="bold", zorder=4),
            )
            for (x, y), nama in zip(sudut, self.letak["label"], strict=True)
        ]
        kotak = ax.get_position()
        self.colour_bar(self.kotak, satuan, (kotak.x1 + 0.012, kotak.y0 + 0.05, 0.014, kotak.height - 0.12))
        ax.legend(
            handles=[Patch(label=fmt.pick(_KATA["tahan"]), **_DITAHAN)],
            loc="lower left", bbox_to_anchor=(0, 0.985), borderaxespad=0, fontsize=7.5,
        )  # fmt: skip

    def update(self, frame: pd.DataFrame, *, keterangan: str = "") -> None:
        """``frame``: ``wilayah``, ``nilai`` (NaN bila ditahan); dicocokkan menurut kode."""
        nilai = frame.set_index("wilayah")["nilai"].reindex(self.letak["wilayah"]).to_numpy(dtype=float)
        self.kotak.norm.vmin, self.kotak.norm.vmax = _rentang(nilai, 5)
        warna = self.kotak.cmap(self.kotak.norm(np.where(np.isnan(nilai), 0, nilai)))
        self.kotak.set_array(np.ma.masked_invalid(nilai))
        # Arsiran mahal digambar: hanya kotak yang ditahan yang mendapatnya.
        self.tahan.set_paths([ubin for ubin, x in zip(self._ubin, nilai, strict=True) if np.isnan(x)])
        for (nama, angka), x, w in zip(self.teks, nilai, warna, strict=True):
            gelap = not np.isnan(x) and w[:3] @ (0.299, 0.587, 0.114) < 0.52
            nama.set_color("white" if gelap else "#1a1a1a")
            angka.set(text="–" if np.isnan(x) else fmt.angka(x, 1), color="white" if gelap else "#1a1a1a")
        self.explain(keterangan)


class Urai(Tampilan):
    """Batang sumbangan tiap simpul: terhadap nilai kedua wilayah (kiri) dan terhadap bedanya (kanan)."""

    ukuran = (7.6, 4.6)
    tepi = (1.95, 2.65, 1.25, 0.8)

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        kotak = self.ax.get_position()
        self.beda = self.fig.add_axes((kotak.x1 + 0.03, kotak.y0, 0.29, kotak.height))
        self.beda.spines["left"].set_visible(False)
        self._susunan: tuple | None = None

    def update(self, frame: pd.DataFrame, *, nama: tuple[str, str], keterangan: str = "") -> None:
        """``frame``: ``label``, ``sumbangan_a``, ``sumbangan_b``, ``sumbangan_beda``; ``nama``: kedua wilayah."""
        susunan = (tuple(frame["label"]), nama)
        if susunan != self._susunan:
            self._susunan = susunan
            self._rebuild(*susunan)
        a, b, beda = (np.nan_to_num(frame[f"sumbangan_{k}"].to_numpy(dtype=float)) for k in ("a", "b", "beda"))
        for batang, nilai in zip((*self.batang, self.batang_beda), (a, b, beda), strict=True):
            for kotak, x in zip(batang, nilai, strict=True):
                kotak.set_width(x)
        kiri, kanan = min(0.0, a.min(), b.min()), max(a.max(), b.max(), 0.1)
        self.ax.set_xlim(np.floor(kiri / 5) * 5 if kiri < 0 else 0.0, np.ceil(kanan / 5) * 5)
        besar = max(np.abs(beda).max(), 0.1)
        self.beda.set_xlim(-1.6 * besar, 1.6 * besar)
        for teks, x in zip(self.angka, beda, strict=True):
            teks.set(text=fmt.selisih(x, 2), x=x + np.copysign(0.04 * besar, x), ha="left" if x >= 0 else "right")
        self.explain(keterangan)

    def _rebuild(self, label: tuple[str, ...], nama: tuple[str, str]) -> None:
        """Batang baru bila bagian atau wilayahnya berganti; bobot yang digeser hanya mengubah panjangnya."""
        y, nol = np.arange(len(label)), np.zeros(len(label))
        for ax in (self.ax, self.beda):
            ax.clear()
            ax.set_ylim(len(label) - 0.4, -0.6)
            ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        self.batang = (
            self.ax.barh(y - 0.19, nol, 0.36, color=WARNA["data"], label=nama[0]),
            self.ax.barh(y + 0.19, nol, 0.36, color=WARNA["konteks"], label=nama[1], hatch="///", edgecolor="white"),
        )
        self.ax.set_yticks(y, [figures.wrap(str(x), 26) for x in label], fontsize=8)
        self.ax.set_xlabel(
            fmt.pick({"id": "sumbangan terhadap nilai, poin", "en": "contribution to the value, points"})
        )
        self.ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
        self.beda.set_yticks([])
        self.beda.axvline(0, color="#444444", lw=0.8)
        self.batang_beda = self.beda.barh(y, nol, 0.5, color=WARNA["data"])
        self.angka = [self.beda.text(0, i, "", va="center", fontsize=8) for i in y]
        beda_teks = {"id": "sumbangan terhadap beda, poin", "en": "contribution to the difference, points"}
        self.beda.set_xlabel(fmt.pick(beda_teks))
