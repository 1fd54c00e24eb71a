"""Gambar notebook ``profil_wilayah``: kedudukan dan bagian-bagian satu wilayah, kekuatannya, dan kabupaten/kotanya.

Dirender ratusan kali dalam satu kelompok: seratus selang digambar sebagai satu kumpulan garis, bukan seratus artis.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation, Transform

from kinerja import figures, fmt
from kinerja.figures import WARNA
from kinerja.figures.rupa import panel_inches, text_width, wrap
from kinerja.ikesos import TIDAK_TERSEDIA
from kinerja.panels.profil_wilayah import Profil

BANYAK_BERNAMA = 40
"""Paling banyak wilayah yang semuanya diberi nama; selebihnya hanya wilayah profil."""

_PUTUS = (0, (4, 2))
_BIASA, _PITA = "#8FA9BE", "#FBE9C6"
_SISI = {"kekuatan": WARNA["di_atas"], "kelemahan": WARNA["di_bawah"]}
_KATA = {
    "lain": {"id": "taksiran dan selang 95%", "en": "estimate and 95% interval"},
    "provinsi": {"id": "provinsi", "en": "province"},
    "pusat": {"id": "Indonesia", "en": "Indonesia"},
    "indeks": {"id": "indeks (0-100)", "en": "index (0-100)"},
    "tahan": {"id": "ditahan", "en": "withheld"},
    "lepas": {"id": "dasar data lain, tidak diperingkat", "en": "other data basis, not ranked"},
    "tiada": {"id": "tidak tersedia", "en": "not available"},
    "kuat": {"id": "kekuatan", "en": "strength"},
    "lemah": {"id": "kelemahan", "en": "weakness"},
    "ragu": {"id": "median di dalam selang 95%", "en": "median within the 95% interval"},
    "beda": {
        "id": "beda dari median {setingkat} lain (poin)",
        "en": "difference from the median of other {setingkat} (points)",
    },
    "tutup": {
        "id": "Indeks {n} kabupaten/kota tidak ada yang terbit: respondennya terlalu sedikit.",
        "en": "None of the {n} district indices is published: too few respondents.",
    },
    "sebagian": {
        "id": "{n_tutup} dari {n} kabupaten/kota ditahan",
        "en": "{n_tutup} of {n} districts withheld",
    },
    "tanpa": {"id": "Survei tidak memuat kabupaten/kota.", "en": "The survey has no districts."},
    "tanpa_sisi": {
        "id": "Tidak ada indikator terbit yang dapat dibandingkan dengan {setingkat} lain.",
        "en": "No published indicator can be compared with other {setingkat}.",
    },
    "judul_rank": {"id": "Kedudukan di antara {setingkat}", "en": "Position among {setingkat}"},
    "judul_bagian": {"id": "Dimensi terhadap Indonesia", "en": "Dimensions against Indonesia"},
    "judul_sisi": {"id": "Kekuatan dan kelemahan", "en": "Strengths and weaknesses"},
    "judul_daerah": {"id": "Kabupaten/kota di {provinsi}", "en": "Districts of {provinsi}"},
}  # fmt: skip


def position(p: Profil) -> Figure:
    """Kedudukan wilayah di antara yang setingkat, dan sasaran serta dimensinya terhadap Indonesia."""
    baca = p.reading
    fig, (kiri, kanan) = figures.canvas(1, 2, size=(9.0, 6.6))
    rank = p.survei.ranking(p.tingkat)
    acuan = float(p.position["nilai"].iloc[-1])
    _ranked(kiri, rank, p.kode, acuan)
    _title(kiri, _word("judul_rank", **baca))
    _against_nation(kanan, p.parts, p.survei.name(p.kode, penuh=False))
    _title(kanan, _word("judul_bagian"))
    fig.set_layout_engine(_BerdampinganPasti(1.0))
    return fig


def details(p: Profil) -> Figure:
    """Kekuatan dan kelemahan menurut indikator, dan kabupaten/kota di provinsinya."""
    baca = p.reading
    daerah = p.districts
    terbit = daerah[daerah["nilai"].notna()]
    terbit = terbit.assign(peringkat=p.survei.ranks("kabkota").reindex(terbit["wilayah"]).to_numpy())
    terbit = terbit.assign(lepas=terbit["peringkat"].isna())
    terbit = terbit.sort_values(["lepas", "nilai"], ascending=[True, False], ignore_index=True)
    tinggi = max(5.4, 1.3 + 0.165 * min(len(terbit), BANYAK_BERNAMA))
    fig, (kiri, kanan) = figures.canvas(1, 2, size=(9.0, tinggi))
    _diverging(kiri, p.strengths, baca["setingkat"])
    _title(kiri, _word("judul_sisi"))
    if terbit.empty:
        pesan = _word("tutup", n=baca["n_daerah"]) if len(daerah) else _word("tanpa")
        figures.mark_missing(kanan, text=pesan).set_text(wrap(pesan, 34))
    else:
        provinsi = p.survei.rows(p.provinsi)["nilai"].iloc[0]
        _ranked(kanan, terbit, p.kode, float(provinsi), _word("provinsi"))
        if len(terbit) < len(daerah):
            pesan = _word("sebagian", n=baca["n_daerah"], n_tutup=baca["n_daerah_tutup"])
            kanan.annotate(
                pesan, (0.5, 0), (0, 4), xycoords="axes fraction", textcoords="offset points", ha="center",
                fontsize=7.5, style="italic", color=WARNA["netral"],
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
            kanan.set_ylim(len(terbit) + 0.6, -0.7)
    _title(kanan, _word("judul_daerah", **baca))
    fig.set_layout_engine(_BerdampinganPasti(1.15))
    return fig


class _BerdampinganPasti(ConstrainedLayoutEngine):
    """Dua sumbu berdampingan, letaknya langsung dari lebar nama-namanya.

    Penyelesai kendala mengukur setiap tulisan dua kali, seperlima waktu menggambar; di sini yang perlu diukur hanya
    nama baris. Tetap mesin terkekang bagi ``figures.sign``, yang menyisihkan ruang judul dan sumber lewat ``rect``.

    Parameters
    ----------
    porsi : float
        Lebar bidang kiri dibagi lebar bidang kanan.
    """

    _TEPI, _ATAS, _BAWAH, _SELA = 0.12, 0.52, 0.46, 0.3

    def __init__(self, porsi: float) -> None:
        super().__init__()
        self.porsi = porsi

    def execute(self, fig: Figure) -> None:
        """Letakkan kedua sumbu; inci menjadi bagian gambar."""
        lebar, tinggi = fig.get_size_inches()
        _, dasar, _, isi = self.get()["rect"]
        kiri, kanan = fig.axes
        nama = [_label_inches(ax) for ax in (kiri, kanan)]
        ruang = lebar - 2 * self._TEPI - sum(nama) - self._SELA - 0.1
        bidang = [ruang * self.porsi / (1 + self.porsi), ruang / (1 + self.porsi)]
        y, t = dasar + self._BAWAH / tinggi, isi - (self._ATAS + self._BAWAH) / tinggi
        x = self._TEPI + nama[0]
        kiri.set_position((x / lebar, y, bidang[0] / lebar, t))
        x += bidang[0] + self._SELA + nama[1]
        kanan.set_position((x / lebar, y, bidang[1] / lebar, t))


def _label_inches(ax: Axes) -> float:
    """Ruang nama baris di kiri sumbu."""
    nama = [(t.get_text(), t.get_fontsize(), t.get_fontweight() == "bold") for t in getattr(ax, "kinerja_nama", ())]
    return max((text_width(*x) for x in nama), default=0.0) + 0.08


def _ranked(ax: Axes, rank: pd.DataFrame, kode: str, acuan: float, nama_acuan: str = "") -> None:
    """Titik dengan selang per wilayah dari atas ke bawah; wilayah ``kode`` disorot, yang ditahan di bawah.

    Yang bernilai tetapi tidak diperingkat (dasarnya lain) segitiga abu-abu berongga.
    """
    nilai, bawah, atas = (rank[k].to_numpy(dtype=float) for k in ("nilai", "bawah", "atas"))
    y = np.arange(len(rank))
    sendiri = (rank["wilayah"] == kode).to_numpy()
    ada = ~np.isnan(nilai)
    bernama = len(rank) <= BANYAK_BERNAMA
    lepas = ada & rank["peringkat"].isna().to_numpy()
    lain = ada & ~sendiri
    ax.hlines(y[lain], bawah[lain], atas[lain], color=_BIASA, linewidth=1.4 if bernama else 0.5, zorder=2)
    ax.scatter(*(x[lain & ~lepas] for x in (nilai, y)), s=18 if bernama else 3, color=_BIASA, zorder=3, linewidths=0)
    if lepas.any():
        besar = np.where(sendiri, 44, 18 if bernama else 6)[lepas]
        ax.scatter(nilai[lepas], y[lepas], s=besar, marker="^", color="white", zorder=5, edgecolors=WARNA["netral"])
    kiri, kanan = _span(np.concatenate([bawah, atas, [acuan]]))
    for i in np.flatnonzero(sendiri):
        tebal = 0.5 if bernama else 1.5
        ax.axhspan(i - tebal, i + tebal, color=_PITA, linewidth=0, zorder=1)
        if ada[i]:
            ax.hlines(i, bawah[i], atas[i], color=WARNA["realisasi"], linewidth=2.4, zorder=4)
            if not lepas[i]:
                ax.scatter(nilai[i], i, s=52, color=WARNA["realisasi"], zorder=5)
            _label_own(ax, rank.iloc[i], i, len(rank), bernama, (kiri, kanan))
    if bernama:
        _row_names(ax, y, [str(x).split(",")[0] for x in rank["label"]], 7.5, sendiri)
        for i in np.flatnonzero(~ada):
            ax.text(kiri, i, f" {_word('tahan')}", va="center", fontsize=7, style="italic", color=WARNA["netral"])
    ax.set_xlim(kiri, kanan)
    ax.set_ylim(len(rank) - 0.3, -0.7)
    if np.isfinite(acuan):
        ax.axvline(acuan, color=WARNA["target"], linewidth=1.1, linestyle=_PUTUS, zorder=1.5)
    _value_axis(ax)
    kosong = {"marker": "^", "linestyle": "", "markerfacecolor": "white", "markeredgecolor": WARNA["netral"]}
    _legend(
        ax,
        Line2D([], [], marker="o", color=_BIASA, markersize=4.5, label=_word("lain")),
        Line2D([], [], color=WARNA["target"], linestyle=_PUTUS, label=nama_acuan or _word("pusat")),
        *([Line2D([], [], markersize=4.5, label=_word("lepas"), **kosong)] if lepas.any() else []),
        lebar=bool(lepas.any()),
    )


def _label_own(ax: Axes, baris: pd.Series, y: int, banyak: int, bernama: bool, batas: tuple[float, float]) -> None:
    """Nilai wilayah profil di ujung selangnya; di antara ratusan wilayah juga namanya, di tepi yang kosong."""
    nilai, gaya = fmt.angka(baris["nilai"], 1), {"fontsize": 8, "fontweight": "bold", "zorder": 6}
    if bernama:
        muat = baris["atas"] < batas[0] + 0.85 * (batas[1] - batas[0])
        ax.annotate(
            nilai, (baris["atas"] if muat else baris["bawah"], y), (6 if muat else -6, 0), va="center_baseline",
            textcoords="offset points", ha="left" if muat else "right",
            bbox={"facecolor": _PITA, "edgecolor": "none", "pad": 0.6}, **gaya,
        )  # fmt: skip
        return
    atas = y < banyak / 2
    ax.text(
        0.02 if atas else 0.98, y + (12 if atas else -12), f"{baris['label'].split(',')[0]}\n{nilai}",
        transform=ax.get_yaxis_transform(), ha="left" if atas else "right", va="top" if atas else "bottom",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5}, **gaya,
    )  # fmt: skip


def _against_nation(ax: Axes, bagian: pd.DataFrame, nama: str) -> None:
    """Satu baris per sasaran dan dimensinya: wilayah (lingkaran dengan selang) dan Indonesia (belah ketupat)."""
    letak = np.arange(len(bagian)) + 0.55 * (bagian["tebal"].cumsum().to_numpy() - 1)
    nilai, bawah, atas, pusat = (bagian[k].to_numpy(dtype=float) for k in ("nilai", "bawah", "atas", "nasional"))
    ada = ~np.isnan(nilai)
    ax.hlines(letak[ada], bawah[ada], atas[ada], color=WARNA["realisasi"], linewidth=1.8, zorder=3)
    ax.scatter(pusat, letak, marker="D", s=26, color=WARNA["target"], zorder=4)
    ax.scatter(nilai[ada], letak[ada], s=44, color=WARNA["realisasi"], zorder=5)
    _row_names(ax, letak, [wrap(x, 24) for x in bagian["label"]], 8, bagian["tebal"])
    for y, n, a, b, c, tanda in zip(letak, nilai, atas, pusat, ada, bagian["tanda"], strict=True):
        if c:
            ujung, isi = np.nanmax([a, b]), fmt.angka(n, 1)
        else:
            ujung, isi = np.nan_to_num(b), _word("tiada" if tanda == TIDAK_TERSEDIA else "tahan")
        ax.annotate(
            isi, (ujung, y), (7, 0), textcoords="offset points", va="center", fontsize=7.5, zorder=6,
            style="normal" if c else "italic", color="#222222" if c else WARNA["netral"],
        )  # fmt: skip
    ax.set_xlim(0, 104)
    ax.set_xticks(range(0, 101, 20))
    ax.set_ylim(letak[-1] + 0.6, -0.6)
    _value_axis(ax)
    _legend(
        ax,
        Line2D([], [], marker="o", color=WARNA["realisasi"], markersize=6, label=nama),
        Line2D([], [], linestyle="", marker="D", color=WARNA["target"], markersize=5, label=_word("pusat")),
    )


def _diverging(ax: Axes, sisi: pd.DataFrame, setingkat: str) -> None:
    """Batang beda dari median, kekuatan di atas dan kelemahan di bawah; yang belum pasti berarsir."""
    if sisi.empty:
        figures.mark_missing(ax, text=wrap(_word("tanpa_sisi", setingkat=setingkat), 34))
        return
    beda = sisi["beda"].to_numpy(dtype=float)
    ragu = (sisi["nyata"] == "serupa").to_numpy()
    y = np.arange(len(sisi)) + 0.4 * (sisi["sisi"] == "kelemahan").to_numpy()
    warna = sisi["sisi"].map(_SISI)
    for pilih, gaya in ((~ragu, {}), (ragu, {"alpha": 0.45, "hatch": "////", "edgecolor": "white"})):
        ax.barh(y[pilih], beda[pilih], height=0.72, color=warna[pilih], linewidth=0, zorder=2, **gaya)
    for a, b in zip(y, beda, strict=True):
        ax.annotate(
            fmt.selisih(b, 1), (b, a), (4 if b > 0 else -4, 0), textcoords="offset points", va="center", fontsize=7.5,
            ha="left" if b > 0 else "right",
        )  # fmt: skip
    ax.axvline(0, color=WARNA["target"], linewidth=0.9, zorder=3)
    nama = [wrap(f"{a} ({b.lower()})", 36) for a, b in zip(sisi["label"], sisi["sasaran"], strict=True)]
    _row_names(ax, y, nama, 7.5)
    puncak = np.abs(beda).max()
    luang = 1 + 2 * max(text_width(fmt.selisih(b, 1), 7.5) for b in beda) / max(panel_inches(ax)[0] - 2.2, 1.2)
    ax.set_xlim(min(beda.min(), 0) - puncak * (luang - 1), max(beda.max(), 0) + puncak * (luang - 1))
    ax.set_ylim(y[-1] + 0.6, -0.6)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("poin"))
    _axes_names(ax, _word("beda", setingkat=setingkat))
    unsur = [
        Patch(facecolor=_SISI["kekuatan"], label=_word("kuat")),
        Patch(facecolor=_SISI["kelemahan"], label=_word("lemah")),
    ]
    if ragu.any():
        unsur.append(Patch(facecolor=WARNA["netral"], alpha=0.45, hatch="////", edgecolor="white", label=_word("ragu")))
    _legend(ax, *unsur)


def _value_axis(ax: Axes) -> None:
    ax.xaxis.set_major_formatter(fmt.axis_formatter("indeks_100"))
    _axes_names(ax, _word("indeks"))


def _axes_names(ax: Axes, nama: str) -> None:
    """Nama sumbu datar di tempat tetap: mencari tempatnya sendiri berarti mengukur semua angka sumbu lagi."""
    ax.set_xlabel(nama, fontsize=8)
    ax.xaxis.set_label_coords(0.5, 0, _shifted(ax.transAxes, ax, 0, -0.3))
    ax.yaxis.set_label_coords(0, 0.5)
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.grid(axis="x", visible=True)


def _row_names(ax: Axes, y: np.ndarray, nama: list[str], ukuran: float, tebal: Iterable[bool] = ()) -> None:
    """Nama baris sebagai tulisan biasa: tanda sumbu membawa lima artis untuk setiap nama."""
    letak = _shifted(ax.get_yaxis_transform(), ax, -0.06, 0)
    gaya = {"transform": letak, "ha": "right", "va": "center", "fontsize": ukuran, "color": "#333333"}
    ax.kinerja_nama = [
        ax.text(0, a, isi, fontweight="bold" if b else "normal", linespacing=1.1, **gaya)
        for a, isi, b in zip_longest(y, nama, tebal, fillvalue=False)
    ]


def _shifted(dasar: Transform, ax: Axes, x: float, y: float) -> Transform:
    """Transformasi yang digeser ``x``, ``y`` inci."""
    return dasar + ScaledTranslation(x, y, ax.figure.dpi_scale_trans)


def _span(isi: np.ndarray) -> tuple[float, float]:
    """Batas sumbu dengan sedikit ruang; sumbu indeks tidak harus mulai dari nol karena yang digambar titik."""
    isi = isi[np.isfinite(isi)]
    if not len(isi):
        return 0.0, 100.0
    luang = 0.06 * (isi.max() - isi.min() or 1.0)
    return max(0.0, isi.min() - luang), isi.max() + luang


def _title(ax: Axes, isi: str) -> None:
    ax.set_title(wrap(isi, 44), loc="left", fontsize=9, fontweight="bold", pad=24, y=1.0)


def _legend(ax: Axes, *unsur: object, lebar: bool = False) -> None:
    """Keterangan di atas sumbu; yang ``lebar`` mulai dari tepi kiri nama barisnya."""
    letak = _shifted(ax.transAxes, ax, -_label_inches(ax) if lebar else 0, 0)
    ax.legend(
        handles=list(unsur), loc="lower left", bbox_to_anchor=(0, 1.0), bbox_transform=letak, ncols=len(unsur),
        fontsize=7.5, frameon=False, borderaxespad=0.3, columnspacing=1.2, handlelength=2.2,
    )  # fmt: skip


def _word(kunci: str, **isi: str) -> str:
    return fmt.pick(_KATA[kunci]).format(**isi)
