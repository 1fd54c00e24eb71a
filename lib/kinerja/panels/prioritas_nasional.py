"""Bingkai tabel, bacaan, gambar, dan kendali notebook ``prioritas_nasional``; angka dari :mod:`kinerja.prioritas`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from importlib import resources
from typing import Any

import ipywidgets as widgets
import pandas as pd
import yaml
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import blended_transform_factory

from kinerja import figures, fmt, prioritas
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA
from kinerja.figures.rupa import marker_style
from kinerja.istilah import translate
from kinerja.keluaran import to_png

_TANDA = {"di_bawah": "v", "tepat": "o", "di_atas": "^"}
_NAMA_GOLONGAN = {
    "di_bawah": {"id": "di bawah 100%", "en": "below 100%"},
    "tepat": {"id": "tepat 100%", "en": "exactly 100%"},
    "di_atas": {"id": "di atas 100%", "en": "above 100%"},
    "tidak_dinilai": {"id": "tidak dinilai", "en": "not judged"},
}
_PUTUS = (0, (4, 2))


# Sebutan --------------------------------------------------------------------------------------------------------------


@cache
def _names() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(resources.files("kinerja.panels").joinpath("nama_keluaran.yml").read_text("utf-8"))


def short_name(nama: str) -> str:
    """Sebutan pendek sebuah keluaran; nama yang belum punya sebutan dikembalikan apa adanya."""
    pendek = _names()["keluaran"].get(nama)
    return fmt.pick(pendek) if pendek else nama


def level_name(nama: str) -> str:
    """Nama PN, PP, atau KP dalam bahasa yang berlaku; tanpa padanan dikembalikan apa adanya."""
    return nama if fmt.language() == "id" else _names()["susunan"].get(nama, nama)


def priority_label(kode: str) -> str:
    """Sebutan kode prioritas nasional: "PN1" menjadi "PN 1"."""
    return f"{kode[:2]} {kode[2:]}" if kode[2:].isdigit() else kode


# Bingkai tabel --------------------------------------------------------------------------------------------------------


def comparison_cap(d: Data, batas: float = prioritas.TANPA_BATAS) -> float:
    """Batas untuk kolom pembanding: ``batas``, atau batas IKU bila capaian tidak dibatasi."""
    return float(batas or d.nilai("aturan/batas_capaian"))


def output_table(d: Data, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> pd.DataFrame:
    """:func:`kinerja.prioritas.outputs` dengan sebutan pendek, PN, dan KP dalam bahasa yang berlaku.

    ``capaian_batas`` memakai :func:`comparison_cap`, supaya kedua capaian selalu dapat dibandingkan.
    """
    return _named(prioritas.outputs(d, comparison_cap(d, batas), pn))


def printed_table(d: Data, pn: str = prioritas.SEMUA) -> pd.DataFrame:
    """Keluaran yang capaian tercetaknya tidak sama dengan hasil hitung ulang yang dibulatkan."""
    frame = output_table(d, pn=pn)
    return frame[frame["verdik"].isin(["dipotong", "beda"])].reset_index(drop=True)


def count_table(d: Data, pn: str = prioritas.SEMUA) -> pd.DataFrame:
    """:func:`kinerja.prioritas.counts` dengan sebutan golongan dan nama keluarannya."""
    frame = prioritas.counts(d, pn)
    nama = prioritas.outputs(d, pn=pn).set_index("kode")["nama"]
    frame["keluaran"] = [_listed(short_name(nama[k]) for k in isi.split(", ") if k) for isi in frame["kode"]]
    return frame.assign(nama_golongan=[fmt.pick(_NAMA_GOLONGAN[g]) for g in frame["golongan"]])


def group_table(d: Data, tingkat: str, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> pd.DataFrame:
    """:func:`kinerja.prioritas.groups` dengan nama tingkatnya dan kode anggotanya.

    ``rata_rata_batas`` memakai :func:`comparison_cap`; ``anggota`` memuat kode keluaran tingkat itu, dipisah ``|``.
    """
    frame = prioritas.groups(d, tingkat, comparison_cap(d, batas), pn)
    asal = frame["nama_pn"] if tingkat == "pn" else frame[tingkat]
    kunci = list(prioritas.TINGKAT[: prioritas.TINGKAT.index(tingkat) + 1])
    anggota = prioritas.outputs(d, pn=pn).groupby(kunci)["kode"].agg("|".join).reset_index(name="anggota")
    frame = frame.assign(nama=[level_name(x) for x in asal], kode_pn=[priority_label(x) for x in frame["pn"]])
    return frame.merge(anggota, on=kunci, how="left")


def structure_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.prioritas.structure` dengan sebutan hal dan tempat."""
    hal = {
        "pn_didukung": {"id": "Prioritas nasional yang didukung", "en": "National priorities supported"},
        "pp": {"id": "Program prioritas", "en": "Priority programmes"},
        "kp": {"id": "Kegiatan prioritas", "en": "Priority activities"},
        "output": {"id": "Keluaran strategis", "en": "Strategic outputs"},
    }
    tempat = {
        "rencana_kerja_prosa": {"id": "kalimat bab perencanaan", "en": "prose, planning chapter"},
        "rencana_kerja_kotak": {"id": "kotak bab perencanaan", "en": "box, planning chapter"},
    }
    frame = prioritas.structure(d)
    frame["nama_hal"] = [fmt.pick(hal[x]) for x in frame["hal"]]
    frame["nama_tempat"] = [fmt.pick(tempat[x]) if x in tempat else x.replace("_", " ") for x in frame["tempat"]]
    return frame


def crosswalk_count_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.prioritas.crosswalk_counts`."""
    return prioritas.crosswalk_counts(d)


def crosswalk_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.prioritas.crosswalk` dengan nomor yang dapat kosong dan PN bersebutan."""
    frame = prioritas.crosswalk(d)
    frame["urut"] = ["" if fmt.is_missing(x) else str(int(x)) for x in frame["nomor"]]
    return frame.assign(nama_pn=[priority_label(x) for x in frame["pn_rencana"]])


def note_table(d: Data) -> pd.DataFrame:
    """Catatan penyalin pada keluaran: pertentangan penomoran, satuan, dan nama di dalam laporan."""
    frame = prioritas.outputs(d)
    return translate(_named(frame[frame["catatan"] != ""].reset_index(drop=True)), "catatan")


# Gambar ---------------------------------------------------------------------------------------------------------------


def achievement_figure(d: Data, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> Figure:
    """Capaian setiap keluaran sebagai jarak dari 100%, dikelompokkan menurut KP.

    Dengan batas, penanda penuh ada di capaian yang dibatasi dan penanda berongga di capaian sebenarnya.
    """
    isi = _named(prioritas.outputs(d, batas, pn))
    letak, kepala = _grouped_rows(isi)
    fig, ax = figures.canvas(size=(8.0, 1.6 + 0.265 * (len(letak) + 1.15 * len(kepala))))
    kanan = float(isi["capaian"].max())
    for y, baris in zip(letak, isi.itertuples(), strict=True):
        if pd.isna(baris.capaian):
            figures.mark_missing(ax, (100, y))
            continue
        warna = WARNA[baris.golongan]
        ax.plot([100, baris.capaian], [y, y], color=warna, linewidth=2.2, zorder=2, solid_capstyle="butt")
        if baris.capaian_batas < baris.capaian:
            ax.scatter(
                baris.capaian, y, marker=_TANDA[baris.golongan], s=46, zorder=3, facecolor="white", edgecolor=warna
            )
        ax.scatter(baris.capaian_batas, y, marker=_TANDA[baris.golongan], s=46, zorder=4, color=warna)
        kiri = baris.capaian < 100
        ax.annotate(
            fmt.persen(baris.capaian), (baris.capaian, y), xytext=(-8 if kiri else 8, 0), textcoords="offset points",
            ha="right" if kiri else "left", va="center", fontsize=8.5, color="#222222",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=5,
        )  # fmt: skip
    ax.axvline(100, color=WARNA["target"], linewidth=1.4, zorder=1)
    unsur = [_golongan_handle(g) for g in prioritas.GOLONGAN]
    if batas:
        ax.axvline(batas, color=WARNA["netral"], linewidth=1.2, linestyle=_PUTUS, zorder=1)
        unsur.append(Line2D([], [], color=WARNA["netral"], linewidth=1.2, linestyle=_PUTUS, label=_cap_word(batas)))
    _group_axis(ax, isi, letak, kepala)
    kiri = min(float(isi["capaian"].min()), 100)
    rentang = max(kanan, 105) - kiri
    ax.set_xlim(kiri - 0.16 * rentang, max(kanan, 105) + 0.12 * rentang)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("persen_capaian", desimal=0))
    figures.legend_above(ax, unsur, ncols=4)
    return fig


def count_figure(d: Data, pn: str = prioritas.SEMUA) -> Figure:
    """Banyaknya keluaran di bawah, tepat, dan di atas 100% per KP."""
    per_kp = group_table(d, "kp", pn=pn)
    panjang = per_kp.melt("nama", list(prioritas.GOLONGAN), "golongan", "jumlah")
    panjang["golongan"] = [fmt.pick(_NAMA_GOLONGAN[g]) for g in panjang["golongan"]]
    fig, ax = figures.canvas(size=(8.0, 1.7 + 0.45 * len(per_kp)))
    warna = {fmt.pick(_NAMA_GOLONGAN[g]): WARNA[g] for g in prioritas.GOLONGAN}
    figures.stacked(panjang, "nama", "golongan", "jumlah", ax=ax, satuan="output", warna=warna, lebar_label=38)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(fmt.satuan("output"))
    return fig


def spread_figure(d: Data, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> Figure:
    """Rentang capaian per KP: terendah sampai tertinggi, median, dan rata-rata tanpa dan dengan batas."""
    isi = group_table(d, "kp", batas, pn)
    fig, ax = figures.canvas(size=(8.0, 1.7 + 0.45 * len(isi)))
    for y, baris in enumerate(isi.itertuples()):
        ax.plot(
            [baris.terendah, baris.tertinggi],
            [y, y],
            color=WARNA["garis"],
            linewidth=5,
            zorder=1,
            solid_capstyle="butt",
        )
        ax.plot([baris.median] * 2, [y - 0.26, y + 0.26], color=WARNA["target"], linewidth=2.2, zorder=2)
        ax.scatter(baris.rata_rata, y, s=62, zorder=3, **marker_style("diturunkan", WARNA["realisasi"]))
        if not pd.isna(baris.rata_rata_batas):
            ax.scatter(baris.rata_rata_batas, y, s=52, marker="D", zorder=4, color=WARNA["sorot"], edgecolor="#8A5F00")
        ax.annotate(
            fmt.persen(baris.rata_rata), (max(baris.tertinggi, baris.rata_rata), y), xytext=(10, 0),
            textcoords="offset points", va="center", fontsize=8.5, color="#222222",
        )  # fmt: skip
    ax.axvline(100, color=WARNA["netral"], linewidth=1.2, linestyle=_PUTUS, zorder=0)
    ax.set_yticks(
        range(len(isi)), [figures.wrap(f"{n} ({k})", 38) for n, k in zip(isi["nama"], isi["keluaran"], strict=True)]
    )
    ax.set_ylim(len(isi) - 0.4, -0.6)
    kiri, kanan = min(float(isi["terendah"].min()), 100), float(isi["tertinggi"].max())
    ax.set_xlim(kiri - 6, kanan + 0.19 * max(kanan - kiri, 40))
    ax.xaxis.set_major_formatter(fmt.axis_formatter("persen_capaian", desimal=0))
    kata = {
        "rentang": fmt.pick({"id": "terendah–tertinggi", "en": "lowest–highest"}),
        "rata": fmt.pick({"id": "rata-rata tanpa batas (angka)", "en": "mean, uncapped (figure)"}),
    }
    unsur = [
        Line2D([], [], color=WARNA["garis"], linewidth=5, label=kata["rentang"]),
        Line2D([], [], marker="|", markersize=11, markeredgewidth=2.2, linestyle="", color=WARNA["target"],
               label="median"),
        Line2D([], [], marker="o", markersize=8, linestyle="", color=WARNA["realisasi"], markerfacecolor="white",
               label=kata["rata"]),
    ]  # fmt: skip
    nama_batas = fmt.pick({"id": "rata-rata, {}", "en": "mean, {}"}).format(_cap_word(comparison_cap(d, batas)))
    unsur.append(
        Line2D([], [], marker="D", linestyle="", color=WARNA["sorot"], markeredgecolor="#8A5F00", label=nama_batas)
    )
    figures.legend_above(ax, unsur, ncols=2)
    return fig


def structure_figure(d: Data) -> Figure:
    """Pohon PN, PP, KP; pada tiap KP banyaknya butir di daftar rencana dan keluaran di bab capaian."""
    silang = prioritas.crosswalk(d)
    daun = d["pn_output"].drop_duplicates(["pn", "pp", "kp"])[["pn", "nama_pn", "pp", "kp"]].reset_index(drop=True)
    urutan = pd.DataFrame({k: pd.factorize(daun[k])[0] for k in ("pn", "pp", "kp")})
    daun = daun.iloc[urutan.sort_values(["pn", "pp", "kp"], kind="stable").index].reset_index(drop=True)
    butir = silang.groupby("kp")["nomor"].nunique()
    keluaran = d["pn_output"].groupby("kp").size()
    kata = fmt.pick({"id": "{nama}: butir rencana {a}, keluaran {b}", "en": "{nama}: planned items {a}, outputs {b}"})
    isi = pd.DataFrame(
        {
            "pn": [f"{priority_label(x.pn)}: {level_name(x.nama_pn)}" for x in daun.itertuples()],
            "pp": [level_name(x) for x in daun["pp"]],
            "kp": [kata.format(nama=level_name(x), a=butir.get(x, 0), b=keluaran[x]) for x in daun["kp"]],
        }
    )
    fig, ax = figures.canvas(size=(8.6, 0.9 + 0.78 * len(isi)))
    figures.tree(isi, ["pn", "pp", "kp"], ax=ax, lebar=(15, 22, 62))
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def cap_result(buku: Buku, pakai_batas: bool, pn: str, batas: float) -> Hasil:
    """Jawaban panel: capaian keluaran dengan atau tanpa batas untuk satu atau semua PN.

    Parameters
    ----------
    buku : Buku
    pakai_batas : bool
    pn : str
        Kode prioritas nasional atau "semua".
    batas : float
        Batas yang dipakai bila ``pakai_batas``.
    """
    dipakai = batas if pakai_batas else prioritas.TANPA_BATAS
    angka = reading(buku.data, dipakai, pn)
    kalimat = fmt.pick(
        {
            "id": "{banyak} keluaran: {di_bawah} di bawah, {tepat} tepat, {di_atas} di atas 100%;"
            " rata-rata tanpa batas {rata}, dengan {pembanding} {rata_batas}.",
            "en": "{banyak} outputs: {di_bawah} below, {tepat} at, {di_atas} above 100%;"
            " mean uncapped {rata}, with {pembanding} {rata_batas}.",
        }
    ).format(**angka)
    return Hasil(
        tabel=buku.build_table(group_table(buku.data, "kp", dipakai, pn), "per_kp", **angka),
        png=to_png(achievement_figure(buku.data, dipakai, pn)),
        teks=kalimat,
        alt=kalimat,
    )


def cap_panel(buku: Buku, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> Panel:
    """Panel batas dan prioritas nasional; tanpa batas sebagai parameter, pilihannya adalah batas IKU."""
    nilai = comparison_cap(buku.data, batas)
    daftar = buku.data["pn_output"].drop_duplicates("pn")
    pilihan = [(f"{priority_label(x.pn)}: {level_name(x.nama_pn)}", x.pn) for x in daftar.itertuples()]
    kendali = {
        "pakai_batas": widgets.Checkbox(
            value=bool(batas),
            description=fmt.pick({"id": "Dengan {}", "en": "With {}"}).format(_cap_word(nilai)),
            indent=False,
        ),
        "pn": widgets.Dropdown(
            options=[(fmt.pick({"id": "Semua", "en": "All"}), prioritas.SEMUA), *pilihan],
            value=pn,
            description=fmt.pick({"id": "Prioritas nasional", "en": "National priority"}),
            layout=widgets.Layout(width="520px"),
        ),
    }
    judul = fmt.pick({"id": "Capaian keluaran dengan dan tanpa batas", "en": "Achievement with and without the cap"})
    return Panel(partial(cap_result, buku, batas=nilai), kendali, judul)


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(d: Data, batas: float = prioritas.TANPA_BATAS, pn: str = prioritas.SEMUA) -> dict[str, str]:
    """Angka jadi (teks berformat) untuk bacaan, judul, catatan, dan teks alternatif gambar."""
    pembanding = comparison_cap(d, batas)
    isi = prioritas.outputs(d, pembanding, pn)
    dinilai = isi.dropna(subset="capaian")
    hitung = prioritas.counts(d, pn).set_index("golongan")
    tertinggi, terendah = dinilai.nlargest(3, "capaian"), dinilai[dinilai["golongan"] == "di_bawah"]
    potong = isi[isi["verdik"].isin(["dipotong", "beda"])]
    terbatas = isi[isi["capaian_batas"] < isi["capaian"]]
    pilihan = fmt.pick({"id": "semua prioritas nasional", "en": "all national priorities"})
    return {
        "pilihan": pilihan if pn == prioritas.SEMUA else priority_label(pn),
        "banyak": fmt.angka(len(isi)),
        **{g: fmt.angka(int(hitung["jumlah"].get(g, 0))) for g in prioritas.GOLONGAN},
        "tercetak": _listed(
            f"{fmt.pick(_NAMA_GOLONGAN[g])} {fmt.angka(n)}" for g, n in hitung["tercetak"].dropna().items()
        ),
        "rata": fmt.persen(dinilai["capaian"].mean()),
        "rata_batas": fmt.persen(dinilai["capaian_batas"].mean()),
        "kata_batas": _cap_word(batas) if batas else fmt.pick({"id": "tanpa batas", "en": "uncapped"}),
        "pembanding": _cap_word(pembanding),
        "banyak_terbatas": fmt.angka(len(terbatas)),
        "tertinggi": _listed(f"{short_name(x.nama)} {fmt.persen(x.capaian)}" for x in tertinggi.itertuples()),
        "daftar_di_bawah": _listed(f"{short_name(x.nama)} {fmt.persen(x.capaian)}" for x in terendah.itertuples()),
        "rentang": f"{fmt.persen(dinilai['capaian'].min())}–{fmt.persen(dinilai['capaian'].max())}",
        "banyak_beda": fmt.angka(len(potong)),
        "banyak_potong": fmt.angka(int((isi["verdik"] == "dipotong").sum())),
        "daftar_beda": _listed(
            f"{short_name(x.nama)}: {fmt.nilai(x.tercetak, 'persen_capaian', x.desimal)} → "
            f"{fmt.nilai(x.capaian, 'persen_capaian', x.desimal)}"
            for x in potong.itertuples()
        ),
        **_structure(d),
    }


def _structure(d: Data) -> dict[str, str]:
    susun, silang = prioritas.structure(d), prioritas.crosswalk_counts(d).set_index("hubungan")
    beda = susun[susun["verdik"] == "beda"]
    lepas = prioritas.crosswalk(d).query("hubungan == 'tidak_terdaftar'")
    jumlah = susun.drop_duplicates("hal").set_index("hal")
    return {
        "butir": fmt.angka(int(silang["butir"].sum())),
        "keluaran": fmt.angka(int(silang["keluaran"].sum())),
        "digabung": fmt.angka(int(silang["butir"].get("digabung", 0))),
        "keluaran_digabung": fmt.angka(int(silang["keluaran"].get("digabung", 0))),
        "tidak_terdaftar": fmt.angka(int(silang["keluaran"].get("tidak_terdaftar", 0))),
        "nama_tidak_terdaftar": _listed(short_name(n) for n in lepas["nama_capaian"]),
        "n_pn": fmt.angka(int(jumlah.loc["pn_didukung", "bab_capaian"])),
        "n_pp": fmt.angka(int(jumlah.loc["pp", "bab_capaian"])),
        "n_kp": fmt.angka(int(jumlah.loc["kp", "bab_capaian"])),
        "pn_beda": _listed(
            f"{fmt.angka(int(x.tercetak))} ({y})" for x, y in zip(beda.itertuples(), _places(d, beda), strict=True)
        ),
    }


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        pendek=[short_name(x) for x in frame["nama"]],
        kode_pn=[priority_label(x) for x in frame["pn"]],
        nama_kp=[level_name(x) for x in frame["kp"]],
    )


def _places(d: Data, beda: pd.DataFrame) -> list[str]:
    nama = structure_table(d).set_index("id")["nama_tempat"]
    return [nama[x] for x in beda["id"]]


def _grouped_rows(isi: pd.DataFrame) -> tuple[list[float], list[tuple[float, str]]]:
    """Letak baris keluaran dan letak judul KP di atas kelompoknya."""
    letak, kepala, y, lalu = [], [], 0.0, None
    for baris in isi.itertuples():
        if (baris.pn, baris.kp) != lalu:
            y += 0.35 if lalu else 0.0
            kepala.append((y, f"{baris.kode_pn} · {baris.nama_kp}"))
            lalu, y = (baris.pn, baris.kp), y + 0.95
        letak.append(y)
        y += 1.0
    return letak, kepala


def _group_axis(ax: Axes, isi: pd.DataFrame, letak: list[float], kepala: list[tuple[float, str]]) -> None:
    ax.set_yticks(letak, [figures.wrap(x, 46) for x in isi["pendek"]])
    ax.set_ylim(letak[-1] + 0.7, -0.7)
    ax.grid(axis="y", visible=False)
    # judul kelompok mulai dari tepi kiri gambar, di atas kolom label; bingkai kiri dihapus supaya tidak terpotong
    ax.spines["left"].set_visible(False)
    letak_judul = blended_transform_factory(ax.figure.transFigure, ax.transData)
    for y, nama in kepala:
        teks = ax.text(
            0.015, y, nama, transform=letak_judul, ha="left", va="center", fontsize=8.5, fontweight="bold",
            color="#333333", zorder=6, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
        )  # fmt: skip
        teks.set_in_layout(False)


def _golongan_handle(golongan: str) -> Line2D:
    return Line2D(
        [], [], marker=_TANDA[golongan], markersize=7, linestyle="", color=WARNA[golongan],
        label=fmt.pick(_NAMA_GOLONGAN[golongan]),
    )  # fmt: skip


def _cap_word(batas: float) -> str:
    teks = fmt.persen(batas, 0 if float(batas).is_integer() else 2)
    return fmt.pick({"id": "batas {}", "en": "cap {}"}).format(teks)


def _listed(isi: Iterable[str]) -> str:
    # titik koma, karena koma sudah dipakai sebagai tanda desimal
    return "; ".join(isi) or fmt.pick({"id": "tidak ada", "en": "none"})
