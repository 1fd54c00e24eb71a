"""Mendandani sumbu yang digambar dengan seaborn: nama kolom menjadi kepala kolom, satuan, dan sebutan pembaca.

Notebook menggambar dengan nama kolom dan kode data apa adanya (``sns.barplot(frame, x="kpm", y="nama", ax=ax)``);
seaborn menulis nama kolom sebagai nama sumbu, dan dari situ diketahui kolom mana yang diperlihatkan sumbu itu.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from seaborn import desaturate

from kinerja import fmt
from kinerja.figures.rupa import (
    GARIS_TARGET,
    WARNA,
    grow_rows,
    legend_above,
    mark_missing,
    text_width,
    value_text,
    wrap,
)
from kinerja.istilah import code_name, section, term
from kinerja.kolom import Kolom

BATANG_BERLABEL = 16
"""Batang terbanyak dalam satu sumbu yang diberi tulisan angkanya sendiri."""

GARIS_BERLABEL = 4
"""Garis terbanyak dalam satu sumbu yang diberi nama dan angka di ujungnya sebagai ganti legenda."""

_BARIS_LEGENDA = 14.0  # poin
_LATAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
_PANEL_TELEPON = 2.3
"""Perkiraan lebar bidang gambar di telepon, inci."""

_LIPAT = {"lebar": 34, "telepon": 17}
_BATANG_TERSEDIKIT = 3
_PEKAT = {WARNA["konteks"]: "#5A5A5A"}
"""Warna tulisan bagi garis itu: kelabu pembanding terlalu pucat untuk dibaca."""


def dress(sumbu: Iterable[Axes], kolom: Mapping[str, Kolom], *, label: bool = True) -> None:
    """Ganti nama kolom, kode, dan angka pada sumbu-sumbu itu dengan yang dibaca orang.

    Parameters
    ----------
    kolom : mapping of str to Kolom
        Nama kolom -> uraiannya dalam bahasa yang berlaku.
    label : bool
        Tulis angka pada batang bila paling banyak :data:`BATANG_BERLABEL` dan sumbunya belum bertulisan.
    """
    sumbu = list(sumbu)
    for ax in sumbu:  # dahulu semuanya: sumbu yang berbagi skala juga berbagi penulis angkanya
        _remember(ax)
    for ax in sumbu:
        _full_colours(ax)
        nama = ax.kinerja_nama
        angka = {arah: kolom[nama[arah]] for arah in "xy" if nama[arah] in kolom and kolom[nama[arah]].bernilai}
        for arah in "xy":
            if arah in angka:
                _name_values(ax, arah, angka[arah])
            elif nama[arah] in kolom:
                _name_categories(ax, arah, kolom[nama[arah]], kolom, _LIPAT["lebar"])
            ax.grid(visible=arah in angka, axis=arah)
        garis = [t for t in ax.texts if t.get_gid() == GARIS_TARGET]
        if label and len(garis) == len(ax.texts):
            _label_bars(ax, angka)
            _label_lines(ax, angka.get("y"), kolom)
            _label_points(ax, angka)
        _name_lines(garis, kolom)
        _name_legend(ax, kolom)
        _slim_bars(ax)


def _full_colours(ax: Axes) -> None:
    """Kembalikan warna batang yang dipucatkan seaborn (saturation=0,75): satu warna satu arti di semua gambar."""
    pucat = {to_hex(desaturate(x, 0.75)): x for x in WARNA.values()}
    for satu in ax.patches:
        asal = pucat.get(to_hex(satu.get_facecolor()))
        if asal is not None:
            satu.set_facecolor(asal)


def _name_lines(garis: Iterable[Annotation], kolom: Mapping[str, Kolom]) -> None:
    """Tulisan garis target berupa nama kolom menjadi kepala kolom dan nilainya."""
    for tulisan in garis:
        satu = kolom.get(tulisan.get_text())
        if satu is not None:
            letak = tulisan.xy[tulisan.xycoords.index("data")]
            tulisan.set_text(f"{satu.judul} {_said(letak, satu)}")


def narrow(sumbu: Iterable[Axes], kolom: Mapping[str, Kolom], telepon: bool) -> None:
    """Lipat sebutan kategori untuk gambar selebar telepon, atau kembalikan ke lebar biasa."""
    for ax in sumbu:
        for arah in "xy":
            satu = kolom.get(getattr(ax, "kinerja_nama", {}).get(arah, ""))
            if satu is not None and not satu.bernilai:
                _name_categories(ax, arah, satu, kolom, _LIPAT["telepon" if telepon else "lebar"])
        for tulisan in (x for x in ax.texts if hasattr(x, "kinerja_ruas")):
            bagian, pilihan = tulisan.kinerja_ruas
            muat = [x for x in pilihan if not telepon or text_width(x, 8) + 0.06 <= bagian * _PANEL_TELEPON]
            tulisan.set_text(muat[0] if muat else "")


def fit_legends(sumbu: Iterable[Axes]) -> None:
    """Susun lagi legenda menurut lebar gambarnya sekarang."""
    for ax in sumbu:
        if ax.get_legend() is not None:
            _relabel(ax, [x.get_text() for x in ax.get_legend().get_texts()])


def _relabel(ax: Axes, tulisan: Iterable[str]) -> Legend:
    pegangan = ax.get_legend().legend_handles
    for satu, isi in zip(pegangan, tulisan, strict=True):
        satu.set_label(isi)
    return legend_above(ax, pegangan)


def _remember(ax: Axes) -> None:
    """Catat nama kolom dan isi kategori sebelum diganti, supaya pendandanan dapat diulang."""
    if hasattr(ax, "kinerja_nama"):
        return
    ax.kinerja_nama = {"x": ax.get_xlabel(), "y": ax.get_ylabel()}
    ax.kinerja_panel = ax.get_title(loc="left") or ax.get_title()
    # sumbu bilangan tidak berkategori; tahun pada batang berkategori, pada garis bilangan
    ax.kinerja_kategori = {
        arah: []
        if isinstance(sumbu.get_major_formatter(), ScalarFormatter)
        else [_unfolded(t) for t in sumbu.get_ticklabels()]
        for arah, sumbu in (("x", ax.xaxis), ("y", ax.yaxis))
    }
    if ax.get_legend() is not None:
        ax.kinerja_legenda = [t.get_text() for t in ax.get_legend().get_texts()]


def _unfolded(tulisan: Text) -> str:
    return tulisan.get_text().replace("\n", " ")


def _unit(kolom: Kolom | None) -> str | None:
    """Satuan seluruh kolom; None bagi label dan kolom bersatuan campuran."""
    return None if kolom is None or kolom.campuran else kolom.satuan


def text_of(isi: str, kolom: Kolom) -> str:
    """Sebutan pembaca bagi isi sebuah kolom label."""
    if kolom.label is not None:
        return {str(k): v for k, v in kolom.label.items()}.get(isi, isi)
    if kolom.jenis == "bulan" and isi.isdigit():
        return fmt.bulan(int(isi), pendek=True)
    if kolom.jenis == "bagian":
        return section(isi)
    sebutan = term(isi)
    return code_name(isi) if sebutan == isi and kolom.jenis == "kode" else sebutan


def _name_categories(ax: Axes, arah: str, kolom: Kolom, semua: Mapping[str, Kolom], lebar: int) -> None:
    sumbu = getattr(ax, f"{arah}axis")
    ax.set(**{f"{arah}label": ""})
    isi = ax.kinerja_kategori[arah]
    if not any(isi):
        sumbu.set_major_locator(MaxNLocator(nbins=8 if lebar > _LIPAT["telepon"] else 4, integer=True))
        sumbu.set_major_formatter(lambda x, _: _whole(x, kolom))
        awal, akhir = getattr(ax.dataLim, f"interval{arah}")
        if np.isfinite(awal) and akhir - awal < 1:  # satu titik: bawaannya merentang ratusan tahun
            ax.set(**{f"{arah}lim": (awal - 1, akhir + 1)})
        return
    # bingkai yang dipanjangkan: kategorinya nama kolom
    teks = [wrap(semua[x].judul if x in semua else text_of(x, kolom), lebar) for x in isi]
    sumbu.set_ticks(sumbu.get_ticklocs()[: len(teks)], labels=teks)
    if arah == "y":
        grow_rows(ax, teks)


def _whole(x: float, kolom: Kolom) -> str:
    """Tulisan sumbu bilangan bagi kolom label: tahun, atau nama bulan."""
    if not float(x).is_integer() or (kolom.jenis == "bulan" and not 1 <= x <= 12):
        return ""
    return text_of(str(round(x)), kolom)


def _name_values(ax: Axes, arah: str, kolom: Kolom) -> None:
    satuan, skala = _unit(kolom), _scale(ax, arah, kolom)
    sumbu = getattr(ax, f"{arah}axis")
    nama = "" if satuan is None or satuan in (*fmt.PERSEN, "nilai", "nomor") else fmt.satuan(satuan, skala)
    if satuan is not None:
        sumbu.set_major_formatter(fmt.axis_formatter(satuan, skala))
    elif isinstance(sumbu.get_major_formatter(), ScalarFormatter):
        sumbu.set_major_formatter(lambda x, _: fmt.angka(x, _tick_decimals(sumbu)))
    kepala = f"{kolom.grup}, {kolom.judul[:1].lower()}{kolom.judul[1:]}" if kolom.grup else kolom.judul
    judul = f"{kepala} ({nama})" if nama and nama.lower() != kepala.lower() else kepala
    if arah == "x":
        ax.set_xlabel(wrap(judul, 60), loc="left")
    else:
        ax.set_ylabel("")
        if ax.kinerja_panel:  # judul panel kecil tetap berdiri
            ax.set_title(term(ax.kinerja_panel), loc="left")
        else:
            _title(ax, wrap(judul, 60))


def _slim_bars(ax: Axes) -> None:
    """Satu dua batang mendatar tidak memenuhi seluruh bidang: tempatnya dibuat selebar tiga batang."""
    bawah, atas = ax.get_ylim()
    mendatar = [x for x in ax.containers if isinstance(x, BarContainer) and x.orientation == "horizontal"]
    if mendatar and abs(atas - bawah) < _BATANG_TERSEDIKIT:
        lebih = (_BATANG_TERSEDIKIT - abs(atas - bawah)) / 2 * (1 if atas > bawah else -1)
        ax.set_ylim(bawah - lebih, atas + lebih)


def _tick_decimals(sumbu: Any) -> int:
    """Desimal tersedikit yang menulis setiap tanda sumbu apa adanya."""
    letak = np.asarray(sumbu.get_ticklocs(), dtype=float)
    return next((n for n in range(4) if np.allclose(letak * 10**n, np.round(letak * 10**n), atol=1e-6)), 4)


def _title(ax: Axes, teks: str, jarak: float | None = None) -> None:
    """Nama sumbu tegak di kiri atas; ``jarak`` (poin) menyisakan tempat bagi legenda di bawahnya."""
    ax.set_title(teks, loc="left", fontsize=8.5, fontweight="normal", color="#444444", pad=jarak)


def _scale(ax: Axes, arah: str, kolom: Kolom) -> str | None:
    satuan = _unit(kolom)
    if kolom.skala or satuan is None or (satuan != "rupiah" and fmt.decimals(satuan)):
        return kolom.skala
    return fmt.scale_of(max(map(abs, getattr(ax, f"get_{arah}lim")())))


def _label_bars(ax: Axes, angka: Mapping[str, Kolom]) -> None:
    batang = [x for x in ax.containers if isinstance(x, BarContainer)]
    if not batang or sum(map(len, batang)) > BATANG_BERLABEL:
        return
    for satu in batang:
        arah = "x" if satu.orientation == "horizontal" else "y"
        kolom = angka.get(arah)
        if kolom is None:
            return
        satuan, skala = _unit(kolom), _scale(ax, arah, kolom)
        teks = ["" if np.isnan(x) else value_text(x, satuan, skala, _decimals(satuan, skala)) for x in satu.datavalues]
        tulisan = ax.bar_label(satu, teks, padding=3, fontsize=8.5, color="#333333", bbox=_LATAR, zorder=4)
        for label, nilai in zip(tulisan, satu.datavalues, strict=True):
            if arah == "x" and nilai < 0:  # di kiri batang ia menimpa nama kategorinya
                label.xy = (0, label.xy[1])
                label.set(position=(3, 0), ha="left")
    _mark_missing_bars(ax, batang, arah)
    ax.margins(**{arah: 0.12})


def _middle(batang: Rectangle, mendatar: bool) -> float:
    return batang.get_y() + batang.get_height() / 2 if mendatar else batang.get_x() + batang.get_width() / 2


def _mark_missing_bars(ax: Axes, batang: Iterable[BarContainer], arah: str) -> None:
    """Kategori yang tidak berbatang sama sekali bertanda "tidak ada di sumber"; seaborn membuang nilai kosong."""
    mendatar = arah == "x"
    tengah = [
        _middle(x, mendatar)
        for satu in batang
        for x, nilai in zip(satu.patches, satu.datavalues, strict=True)
        if np.isfinite(nilai)
    ]
    for letak in ax.get_yticks() if mendatar else ax.get_xticks():
        if any(ax.kinerja_kategori["y" if mendatar else "x"]) and all(abs(letak - x) > 0.5 for x in tengah):
            mark_missing(ax, (0, letak) if mendatar else (letak, 0), " " + fmt.missing())


def _label_lines(ax: Axes, kolom: Kolom | None, semua: Mapping[str, Kolom]) -> None:
    """Angka di ujung tiap garis, dengan namanya di kanan sebagai ganti legenda; satu garis juga di puncaknya."""
    garis = [x for x in _data_lines(ax) if np.isfinite(_values(x)).any()]
    if kolom is None or not 0 < len(garis) <= GARIS_BERLABEL or ax.containers:
        return
    legenda = ax.get_legend()
    warna = [getattr(x, "get_color", lambda: None)() for x in legenda.legend_handles] if legenda else []
    nama = dict(zip(warna, ax.kinerja_legenda, strict=True)) if legenda else {}
    bernama = len(nama) > 1 and set(nama) == {x.get_color() for x in garis}
    ax.margins(y=0.22)
    ax.get_ylim()  # terapkan batas sumbunya sebelum letak tulisan dihitung
    ada = {x: np.flatnonzero(np.isfinite(_values(x))) for x in garis}
    ujung = [(x, ada[x][-1]) for x in garis]
    lain = [(x, ada[x][0]) for x in garis]
    if len(garis) == 1:
        lain += [(garis[0], ada[garis[0]][f(_values(garis[0])[ada[garis[0]]])]) for f in (np.argmin, np.argmax)]
    terpakai: list[tuple[float, float]] = []
    for satu, n in dict.fromkeys([*ujung, *lain]):
        x, y = (float(z) for z in (satu.get_xdata(orig=False)[n], _values(satu)[n]))
        letak = ax.transAxes.inverted().transform(ax.transData.transform((x, y)))
        akhir = (satu, n) in ujung
        dekat = any(abs(letak[0] - a) < 0.12 and abs(letak[1] - b) < 0.2 for a, b in terpakai)
        if not akhir and (dekat or (len(garis) == 1 and any(abs(letak[1] - b) < 1e-9 for _, b in terpakai))):
            continue
        bawah = akhir and any(abs(letak[0] - a) < 0.2 and 0 <= b - letak[1] < 0.12 for a, b in terpakai)
        bawah = bawah or (len(garis) == 1 and len(ada[satu]) > 1 and y == np.nanmin(_values(satu)))
        terpakai.append(tuple(letak))
        teks = _said_short(y, kolom)
        if bernama and akhir:
            teks = f"{_legend_text(nama[satu.get_color()], semua)} {teks}"
        # tulisan ujung garis menjulur ke kiri, kecuali ujungnya di bagian kiri bidang
        datar = ("left" if letak[0] < 0.5 else "right") if akhir else "left" if letak[0] < 0.08 else "center"
        ax.annotate(
            teks, (satu.get_xdata()[n], y), xytext=(0, -5 if bawah else 5), textcoords="offset points",
            ha=datar, va="top" if bawah else "bottom", fontsize=8.5,
            color=_PEKAT.get(satu.get_color(), satu.get_color()), bbox=_LATAR, zorder=6,
        )  # fmt: skip
    if bernama:
        legenda.remove()


def _label_points(ax: Axes, angka: Mapping[str, Kolom]) -> None:
    """Angka di samping tiap titik pada sumbu yang satu arahnya kategori."""
    titik = [x for x in ax.collections if isinstance(x, PathCollection)]
    if not titik or len(angka) != 1 or ax.containers or sum(len(x.get_offsets()) for x in titik) > BATANG_BERLABEL:
        return
    ((arah, kolom),) = angka.items()
    if not any(ax.kinerja_kategori["y" if arah == "x" else "x"]):
        return
    for awan in titik:
        for x, y in np.ma.filled(np.ma.asarray(awan.get_offsets(), dtype=float), np.nan):
            nilai = x if arah == "x" else y
            if np.isfinite(nilai):
                letak = {"ha": "left", "va": "center"} if arah == "x" else {"ha": "center", "va": "bottom"}
                ax.annotate(
                    _said_short(nilai, kolom), (x, y), xytext=(7, 0) if arah == "x" else (0, 6),
                    textcoords="offset points", fontsize=8.5, color="#333333", zorder=6, **letak,
                )  # fmt: skip
    ax.margins(**{arah: 0.1, "y" if arah == "x" else "x": 0.2})


def _data_lines(ax: Axes) -> list[Line2D]:
    """Garis yang menggambar data; axvline dan axhline bukan angka dari bingkai."""
    return [x for x in ax.lines if x.get_transform() == ax.transData]


def _values(garis: Line2D) -> np.ndarray:
    return np.asarray(garis.get_ydata(orig=False), dtype=float)


def _said_short(x: float, kolom: Kolom) -> str:
    satuan = _unit(kolom)
    if satuan is None:
        return fmt.angka(x, 0 if float(x).is_integer() else 3 if abs(x) < 1 else 2)
    return value_text(x, satuan, None, 0 if float(x).is_integer() else _decimals(satuan, None))


def _decimals(satuan: str | None, skala: str | None) -> int | None:
    return 1 if satuan in fmt.PERSEN and not skala else None


def _name_legend(ax: Axes, kolom: Mapping[str, Kolom]) -> None:
    if ax.get_legend() is None:
        return
    asal = getattr(ax, "kinerja_legenda", [x.get_text() for x in ax.get_legend().get_texts()])
    if len(asal) < 2:
        ax.get_legend().remove()
        return
    legenda = _relabel(ax, [_legend_text(x, kolom) for x in asal])
    if ax.get_title(loc="left") and not ax.kinerja_panel:
        baris = -(-len(asal) // legenda._ncols)
        _title(ax, ax.get_title(loc="left"), 6 + _BARIS_LEGENDA * baris)


def _legend_text(isi: str, kolom: Mapping[str, Kolom]) -> str:
    if isi in kolom:
        return kolom[isi].judul
    for satu in kolom.values():
        if satu.label is not None and isi in map(str, satu.label):
            return text_of(isi, satu)
    sebutan = term(isi)
    return code_name(isi) if sebutan == isi and isi.islower() else sebutan


def _series_name(nama: Any) -> str:
    return "" if str(nama).startswith("_") else str(nama)


def describe(sumbu: Iterable[Axes], kolom: Mapping[str, Kolom]) -> str:
    """Teks alternatif dari yang tergambar: setiap batang dengan angkanya, ujung setiap garis, banyaknya titik."""
    return " ".join(filter(None, (_describe_axes(ax, kolom) for ax in sumbu)))


def _describe_axes(ax: Axes, kolom: Mapping[str, Kolom]) -> str:
    nama = ax.kinerja_nama
    kalimat = []
    for satu in ax.containers:
        if isinstance(satu, BarContainer) and len(satu) and len(satu) <= 40:
            datar = satu.orientation == "horizontal"
            sebutan = _category_texts(ax.yaxis if datar else ax.xaxis, satu, datar)
            angka = [_said(x, kolom.get(nama["x" if datar else "y"])) for x in satu.datavalues]
            kalimat.append("; ".join(f"{a} {b}".strip() for a, b in zip(sebutan, angka, strict=True)) + ".")
    for garis in _data_lines(ax):
        x, y = (np.asarray(z, dtype=float) for z in (garis.get_xdata(), garis.get_ydata()))
        ada = np.isfinite(x) & np.isfinite(y)
        if ada.sum() > 1:
            satu, sebutan = kolom.get(nama["y"]), _series_name(garis.get_label())
            ujung = [(_x_text(ax, x[ada][i]), _said(y[ada][i], satu)) for i in (0, -1)]
            kata = fmt.pick({"id": "{} {} sampai {} {}", "en": "{} {} to {} {}"}).format(*ujung[0], *ujung[1])
            kalimat.append((f"{_legend_text(sebutan, kolom)}: " if sebutan else "") + kata + ".")
    titik = [tuple(map(float, x)) for a in ax.collections if isinstance(a, PathCollection) for x in a.get_offsets()]
    if titik and any(ax.kinerja_kategori["y"]) and len(titik) <= BATANG_BERLABEL:
        sebutan = {round(t): x for t, x in _tick_texts(ax.yaxis).items()}
        angka = (f"{sebutan.get(round(y), '')} {_said(x, kolom.get(nama['x']))}" for x, y in titik)
        kalimat.append("; ".join(angka) + ".")
    elif titik:
        banyak = fmt.angka(len(titik))
        kalimat.append(fmt.pick({"id": f"{banyak} titik.", "en": f"{banyak} points."}))
    return " ".join(kalimat)


def _tick_texts(sumbu: Any) -> dict[float, str]:
    """Letak tanda sumbu -> tulisannya, tidak berlipat."""
    letak = zip(sumbu.get_ticklocs(), sumbu.get_ticklabels(), strict=False)
    return {round(float(t), 3): _unfolded(x) for t, x in letak}


def _category_texts(sumbu: Any, satu: BarContainer, datar: bool) -> list[str]:
    tulisan = _tick_texts(sumbu)
    tengah = [_middle(x, datar) for x in satu.patches]
    return [tulisan[min(tulisan, key=lambda t, y=y: abs(t - y))] if tulisan else "" for y in tengah]


def _x_text(ax: Axes, x: float) -> str:
    for t, tulisan in _tick_texts(ax.xaxis).items():
        if abs(t - x) < 1e-9 and tulisan:
            return tulisan
    return str(int(x)) if float(x).is_integer() else fmt.angka(x, 2)


def _said(x: float, kolom: Kolom | None) -> str:
    if np.isnan(x):
        return fmt.missing()
    satuan = _unit(kolom)
    if satuan is None:
        return fmt.angka(x, 0 if float(x).is_integer() else 2)
    kata = satuan != "nilai"
    if satuan == "rupiah" or not fmt.decimals(satuan):
        return fmt.nilai(fmt.round_half_up(x, 0), satuan, skala=fmt.scale_of(x), kata=kata)
    return fmt.nilai(x, satuan, 0 if float(x).is_integer() else None, kata=kata)
