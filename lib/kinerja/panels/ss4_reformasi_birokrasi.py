"""Bacaan, tabel siap saji, gambar, dan kendali notebook ``ss4_reformasi_birokrasi``."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from kinerja import birokrasi, capaian, figures, fmt
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.figures.rupa import bar_style
from kinerja.istilah import term, translate
from kinerja.keluaran import to_png
from kinerja.panels.tercetak import printed

NAMA = {
    "nilai_rb": {"id": "nilai RB (penilaian luar)", "en": "RB score (external)"},
    "pmprb": {"id": "PMPRB (penilaian mandiri)", "en": "PMPRB (self-assessment)"},
}
SERI = {
    "nilai_rb": {"id": "Nilai RB", "en": "RB score"},
    "pmprb": {"id": "PMPRB", "en": "PMPRB"},
    "target": {"id": "Target Renstra", "en": "Strategic plan target"},
    "proyeksi": {"id": "Pada laju lalu", "en": "At the past pace"},
}
KOMPONEN = {
    "pmprb_proses": {"id": "Proses (pengungkit)", "en": "Process (enablers)"},
    "pmprb_hasil": {"id": "Hasil", "en": "Results"},
}


# Tabel ----------------------------------------------------------------------------------------------------------------


def printed_table(data: Data) -> pd.DataFrame:
    """Versi tercetak IKU dan sasarannya, dari :func:`kinerja.panels.tercetak.printed`.

    Capaian nilai RB terakhir terhadap target tahun laporan dihitung di :func:`kinerja.birokrasi.achievements`, jadi
    barisnya dilengkapi di sini.
    """
    iku = birokrasi.indicator(data)
    cetak = printed(data, [iku["kode"], iku["sasaran"]])
    luar = birokrasi.achievements(data).set_index(["ukuran", "tahun_target"]).loc[("nilai_rb", data.tahun), "capaian"]
    lalu = (cetak["ukuran"] == "capaian_tahun_lalu") & cetak["dihitung"].isna()
    cetak.loc[lalu, "dihitung"] = luar
    cetak.loc[lalu, "verdik"] = [
        "sama" if fmt.round_half_up(luar, x.desimal) == x.tercetak else "beda" for x in cetak[lalu].itertuples()
    ]
    return cetak


def series_table(data: Data, penilaian: str = "pmprb") -> pd.DataFrame:
    """Nilai RB, PMPRB, target Renstra, dan perpanjangan laju lalu berdampingan per tahun.

    Parameters
    ----------
    data : Data
    penilaian : {"pmprb", "nilai_rb"}
        Titik tolak perpanjangan.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``nilai_rb``, ``pmprb``, ``target``, ``proyeksi`` (0-100), ``keadaan_nilai_rb``, ``keadaan_pmprb``.
    """
    deret, laju = birokrasi.series(data), birokrasi.pace(data, penilaian)
    lebar = deret.pivot(index="tahun", columns="ukuran", values=["nilai", "keadaan"])
    jalur = capaian.trajectory(data, birokrasi.indicator(data)["kode"])
    target = jalur[jalur["ukuran"] == "target_renstra"].set_index("tahun")["nilai"]
    tahun = sorted({*lebar.index, *target.index})
    frame = pd.DataFrame({"tahun": tahun})
    for ukuran in birokrasi.DERET:
        frame[ukuran] = lebar["nilai", ukuran].reindex(tahun).astype(float).to_numpy()
        frame[f"keadaan_{ukuran}"] = lebar["keadaan", ukuran].reindex(tahun).fillna("tidak_tersedia").to_numpy()
    frame["target"] = target.reindex(tahun).to_numpy()
    frame["proyeksi"] = laju[laju["sisa_tahun"] > 0].set_index("tahun")["proyeksi"].reindex(tahun).to_numpy()
    return frame


def area_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.birokrasi.areas` dengan baris jumlah di bawahnya (kolom boolean ``jumlah``)."""
    area = birokrasi.areas(data).assign(jumlah=False)
    total = area[["upaya", "rekomendasi", "selisih"]].sum()
    baris = {"area": "jumlah", "nama": fmt.pick({"id": "Jumlah", "en": "Total"}), **total, "jumlah": True}
    frame = pd.concat([area, pd.DataFrame([baris])], ignore_index=True).fillna({"keadaan": "diturunkan"})
    return translate(frame, "nama")


def number_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.birokrasi.supporting_numbers` dengan nama areanya (``nama_area``)."""
    nama = birokrasi.areas(data).set_index("area")["nama"]
    angka = birokrasi.supporting_numbers(data)
    return translate(angka.assign(nama_area=angka["area"].map(nama).fillna("")), "nama", "nama_area")


def archive_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.birokrasi.archive_scores` dengan nama kementerian dan catatan dalam bahasa yang berlaku."""
    return translate(birokrasi.archive_scores(data), "kementerian", "predikat", "catatan")


# Gambar ---------------------------------------------------------------------------------------------------------------


def plot_series(data: Data, penilaian: str = "pmprb") -> Figure:
    """Garis nilai RB, PMPRB, target Renstra, dan perpanjangan laju lalu; tahun kosong dibiarkan putus dan ditandai."""
    fig, ax = figures.canvas(size="sedang")
    return draw_series(data, penilaian, ax=ax).figure


def draw_series(data: Data, penilaian: str, *, ax: Axes) -> Axes:
    """Isi :func:`plot_series` pada sumbu yang diberikan."""
    tabel = series_table(data, penilaian)
    akhir = {kode: tabel[kode].dropna().iloc[-1] for kode in ("target", "proyeksi")}
    # angka target dan perpanjangan hanya di ujungnya: di setiap titik keduanya saling menutupi
    nama = {k: fmt.pick(x) + (f" {fmt.angka(akhir[k], 2)}" if k in akhir else "") for k, x in SERI.items()}
    seri = []
    for kode in ("nilai_rb", "target", "pmprb", "proyeksi"):
        isi = tabel[["tahun", kode]].rename(columns={kode: "nilai"}).assign(seri=nama[kode])
        if kode in birokrasi.DERET:
            isi["keadaan"] = tabel[f"keadaan_{kode}"]
            isi = isi[isi["tahun"] <= data.tahun]  # tahun mendatang belum ada, bukan hilang
        else:
            isi = isi.dropna().assign(keadaan="diturunkan" if kode == "proyeksi" else "dikutip")
        seri.append(isi)
    warna = {
        nama["nilai_rb"]: figures.WARNA["realisasi"],
        nama["pmprb"]: figures.WARNA["sorot"],
        nama["target"]: figures.WARNA["target"],
        nama["proyeksi"]: figures.WARNA["netral"],
    }
    figures.line(
        pd.concat(seri), "tahun", "nilai", ax=ax, grup="seri", satuan="nilai", keadaan="keadaan", warna=warna,
        putus=(nama["target"], nama["proyeksi"]), label_titik=(nama["nilai_rb"], nama["pmprb"]),
    )  # fmt: skip
    titik, mula = birokrasi.latest(data, penilaian), tabel.dropna(subset=["proyeksi"]).iloc[0]
    ax.plot(
        [titik["tahun"], mula["tahun"]], [titik["nilai"], mula["proyeksi"]], color=figures.WARNA["netral"],
        linestyle=(0, (4, 2)), zorder=2,
    )  # fmt: skip
    ax.set_ylim(top=birokrasi.TERTINGGI + 2)
    return ax


def plot_components(data: Data) -> Figure:
    """Satu batang bertumpuk: komponen PMPRB."""
    isi = birokrasi.components(data)
    isi = isi[isi["komponen"].isin(list(KOMPONEN))].assign(deret=f"PMPRB {data.tahun}")
    isi["komponen"] = [fmt.pick(KOMPONEN[x]) for x in isi["komponen"]]
    fig, ax = figures.canvas(size=(8.0, 1.9))
    figures.stacked(isi, "deret", "komponen", "nilai", ax=ax, satuan="nilai", desimal=2)
    ax.set_xlim(0, birokrasi.TERTINGGI)
    return fig


def plot_pace(data: Data, tahun_sasaran: int, penilaian: str = "pmprb") -> Figure:
    """Batang laju yang diperlukan per tahun target, dengan garis laju lalu; tahun sasaran disorot dan bertanda."""
    frame = birokrasi.pace(data, penilaian)
    birokrasi.pace_to(
        data, tahun_sasaran, penilaian
    )  # tahun yang tidak ada berhenti di sini, bukan menjadi tanpa sorotan
    frame["nama"] = [f"{t} ◀" if t == tahun_sasaran else str(t) for t in frame["tahun"]]
    warna = {
        nama: figures.WARNA["sorot" if t == tahun_sasaran else "realisasi"]
        for nama, t in zip(frame["nama"], frame["tahun"], strict=True)
    }
    acuan = {fmt.pick({"id": "laju lalu", "en": "past pace"}): frame["laju_lalu"].iloc[0]}
    fig, ax = figures.canvas(size="pendek")
    figures.bars(
        frame, "nama", "laju_perlu", ax=ax, satuan="poin", desimal=2, keadaan="keadaan", warna=warna, acuan=acuan,
        legenda=False,
    )  # fmt: skip
    ax.set_xlabel(fmt.pick({"id": "poin per tahun", "en": "points a year"}))
    ax.set_ylabel(fmt.pick({"id": "tahun target", "en": "target year"}))
    return fig


def plot_areas(data: Data) -> Figure:
    """Batang berlawanan arah: rekomendasi ke kiri, upaya ke kanan, satu baris per area."""
    area = translate(birokrasi.areas(data), "nama")
    fig, ax = figures.canvas(size=(8.0, 4.6))
    sisi = (("rekomendasi", -1, figures.WARNA["sorot"]), ("upaya", 1, figures.WARNA["realisasi"]))
    for kolom, arah, warna in sisi:
        ax.barh(range(len(area)), arah * area[kolom], 0.66, **bar_style("diturunkan", warna))
        for n, x in enumerate(area[kolom]):
            ax.annotate(
                fmt.angka(x), (arah * x, n), xytext=(4 * arah, 0), textcoords="offset points", va="center",
                ha="left" if arah > 0 else "right", fontsize=8.5,
            )  # fmt: skip
    ax.axvline(0, color="#444444", linewidth=0.8)
    ax.set_yticks(range(len(area)), [figures.wrap(x, 34) for x in area["nama"]])
    ax.set_ylim(len(area) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(lambda x, _: fmt.angka(abs(round(x))))
    ax.set_xlabel(fmt.pick({"id": "butir yang dicetak", "en": "printed items"}))
    nama = {"rekomendasi": {"id": "Rekomendasi", "en": "Recommendations"}, "upaya": {"id": "Upaya", "en": "Efforts"}}
    figures.legend_above(ax, [Patch(**bar_style("diturunkan", w), label=fmt.pick(nama[k])) for k, _, w in sisi])
    ax.margins(x=0.08)
    return fig


def plot_archives(data: Data) -> Figure:
    """Titik nilai pengawasan kearsipan per kementerian; institusi pelapor disorot."""
    daftar = translate(birokrasi.archive_scores(data), "kementerian")
    fig, ax = figures.canvas(size=(8.0, 4.2))
    for n, baris in enumerate(daftar.itertuples()):
        peran, bentuk = ("sorot", "D") if baris.pelapor else ("realisasi", "o")
        ax.scatter(baris.nilai, n, s=64, color=figures.WARNA[peran], edgecolor="white", marker=bentuk, zorder=3)
        ax.annotate(
            fmt.angka(baris.nilai, 2), (baris.nilai, n), xytext=(9, 0), textcoords="offset points", va="center",
            fontsize=8.5, fontweight="bold" if baris.pelapor else "normal",
        )  # fmt: skip
    nama = [f"{x.peringkat}. {x.kementerian}" for x in daftar.itertuples()]
    ax.set_yticks(range(len(daftar)), [figures.wrap(x, 46) for x in nama])
    ax.set_ylim(len(daftar) - 0.4, -0.6)
    ax.margins(x=0.12)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def panel(buku: Buku, tahun_sasaran: int, penilaian: str = "pmprb") -> Panel:
    """Kendali laju: pilih tahun target Renstra dan penilaian yang menjadi titik tolak."""
    tahun = widgets.Dropdown(
        options=sorted(birokrasi.pace(buku.data, "pmprb")["tahun"].tolist()),
        value=tahun_sasaran,
        description=fmt.pick({"id": "Tahun target", "en": "Target year"}),
    )
    titik = widgets.Dropdown(
        options=[(fmt.pick(NAMA[kode]), kode) for kode in reversed(birokrasi.DERET)],
        value=penilaian,
        description=fmt.pick({"id": "Titik tolak", "en": "Starting point"}),
    )
    judul = fmt.pick({"id": "Berapa laju yang diperlukan?", "en": "What pace does it take?"})
    return Panel(partial(answer, buku), {"tahun_sasaran": tahun, "penilaian": titik}, judul=judul)


def answer(buku: Buku, tahun_sasaran: int, penilaian: str) -> Hasil:
    """Jawaban kendali: laju ke satu target dari satu penilaian, dengan tabel dan gambarnya.

    Parameters
    ----------
    buku : Buku
        Sesi notebook, untuk data dan uraian tabel.
    tahun_sasaran : int
        Tahun target Renstra.
    penilaian : {"pmprb", "nilai_rb"}
    """
    data = buku.data
    isi = _pace(data, tahun_sasaran, penilaian) | _gap(data)
    teks = fmt.pick(
        {
            "id": "Dari {nama_penilaian} {awal} ({nilai}) ke target {target_sasaran} pada {tahun_sasaran}: "
            "{laju_perlu} poin per tahun; laju lalu {laju_lalu}, yang membawanya ke {proyeksi}.",
            "en": "From {nama_penilaian} {awal} ({nilai}) to the target of {target_sasaran} in {tahun_sasaran}: "
            "{laju_perlu} points a year; the past pace of {laju_lalu} leads to {proyeksi}.",
        }
    ).format(**isi)
    tabel = birokrasi.pace(data, penilaian).loc[lambda x: x["tahun"] == tahun_sasaran]
    gambar = plot_pace(data, tahun_sasaran, penilaian)
    return Hasil(tabel=buku.build_table(tabel, "laju", **isi), png=to_png(gambar), teks=teks, alt=teks)


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(data: Data, tahun_sasaran: int, penilaian: str = "pmprb") -> dict[str, str | int]:
    """Angka jadi (teks berformat) untuk bacaan, catatan tabel, dan teks alternatif notebook ini.

    Parameters
    ----------
    data : Data
    tahun_sasaran : int
        Tahun target Renstra.
    penilaian : {"pmprb", "nilai_rb"}
        Titik tolak laju.

    Raises
    ------
    GalatParameter
        Tahun atau penilaian tidak ada.
    """
    return {
        **_assessments(data),
        **_gap(data),
        **_pace(data, tahun_sasaran, penilaian),
        **_areas(data),
        **_archives(data),
    }


def _assessments(data: Data) -> dict[str, str | int]:
    frame = birokrasi.achievements(data)
    kini = frame[frame["tahun_target"] == data.tahun].set_index("ukuran")
    komponen = birokrasi.components(data).set_index("komponen")["nilai"]
    deret = birokrasi.series(data).set_index(["ukuran", "tahun"])["nilai"]
    luar_ada = not pd.isna(deret.get(("nilai_rb", data.tahun), float("nan")))
    status = {
        True: {"id": "sudah keluar", "en": "is out"},
        False: {"id": "belum keluar saat laporan dibuat", "en": "was not out when the report was written"},
    }
    dipakai = birokrasi.indicator(data)["pembilang"].rsplit("/", 1)[-1]
    return {
        "pmprb": fmt.angka(kini.loc["pmprb", "nilai"], 2),
        "tahun_pmprb": int(kini.loc["pmprb", "tahun"]),
        "rb": fmt.angka(kini.loc["nilai_rb", "nilai"], 2),
        "tahun_rb": int(kini.loc["nilai_rb", "tahun"]),
        "capaian": fmt.persen(kini.loc["pmprb", "capaian"]),
        "capaian_rb": fmt.persen(kini.loc["nilai_rb", "capaian"]),
        "target": fmt.angka(kini["target"].iloc[0], 0),
        "proses": fmt.angka(komponen["pmprb_proses"], 2),
        "hasil": fmt.angka(komponen["pmprb_hasil"], 2),
        "jumlah": fmt.angka(komponen["jumlah"], 2),
        "dipakai": fmt.pick(NAMA[dipakai]) if dipakai in NAMA else dipakai,
        "status_luar": fmt.pick(status[luar_ada]),
    }


def _gap(data: Data) -> dict[str, str | int]:
    akhir, naik = birokrasi.evaluation_gap(data).iloc[-1], birokrasi.mean_rise(data)
    banding = {
        True: {"id": "sama", "en": "the same"},
        False: {
            "id": f"berbeda ({akhir['tahun_pmprb']} dan {akhir['tahun_rb']})",
            "en": f"different ({akhir['tahun_pmprb']} and {akhir['tahun_rb']})",
        },
    }
    return {
        "selisih_penilaian": fmt.angka(akhir["selisih"], 2),
        "tahun_banding": fmt.pick(banding[bool(akhir["tahun_sama"])]),
        "kenaikan": fmt.angka(naik["kenaikan"], 2),
        "awal_lalu": naik["awal"],
        "akhir_lalu": naik["akhir"],
        "rb_awal": fmt.angka(naik["nilai_awal"], 2),
        "per_tahun": fmt.angka(naik["per_tahun"], 2),
        "selang": fmt.angka(naik["jarak_tahun"]),
    }


def _pace(data: Data, tahun_sasaran: int, penilaian: str) -> dict[str, str | int]:
    laju = birokrasi.pace_to(data, tahun_sasaran, penilaian)
    semua = birokrasi.pace(data, penilaian)
    butir = "; ".join(f"{x.tahun}: {fmt.angka(x.laju_perlu, 2)}" for x in semua.itertuples())
    return {
        "nama_penilaian": fmt.pick(NAMA[penilaian]),
        "awal": int(laju["awal"]),
        "nilai": fmt.angka(laju["nilai"], 2),
        "tahun_sasaran": int(laju["tahun"]),
        "target_sasaran": fmt.angka(laju["target"], 0),
        "sisa": fmt.angka(int(laju["sisa_tahun"])),
        "laju_perlu": fmt.angka(laju["laju_perlu"], 2),
        "laju_lalu": fmt.angka(laju["laju_lalu"], 2),
        "proyeksi": fmt.angka(laju["proyeksi"], 2),
        "selisih_proyeksi": fmt.selisih(laju["selisih_proyeksi"], 2),
        "butir_laju": butir,
        "target_awal": fmt.angka(semua["target"].iloc[0], 0),
        "target_akhir": fmt.angka(semua["target"].iloc[-1], 0),
    }


def _areas(data: Data) -> dict[str, str | int]:
    area = translate(birokrasi.areas(data), "nama")
    upaya, rekomendasi = area.loc[area["upaya"].idxmax()], area.loc[area["rekomendasi"].idxmax()]
    return {
        "upaya": fmt.angka(int(area["upaya"].sum())),
        "rekomendasi": fmt.angka(int(area["rekomendasi"].sum())),
        "banyak": fmt.angka(len(area)),
        "upaya_terbanyak": upaya["nama"],
        "n_upaya": fmt.angka(int(upaya["upaya"])),
        "rekomendasi_terbanyak": rekomendasi["nama"],
        "n_rekomendasi": fmt.angka(int(rekomendasi["rekomendasi"])),
        "butir_area": "; ".join(f"{x.nama} {x.upaya}/{x.rekomendasi}" for x in area.itertuples()),
    }


def _archives(data: Data) -> dict[str, str | int]:
    if not data.has("kearsipan"):
        return {}
    daftar = archive_table(data)
    pelapor, terbalik = daftar[daftar["pelapor"]], daftar[daftar["terbalik"]]
    tidak_ada = fmt.pick({"id": "tidak ada", "en": "none"})
    return {
        "pelapor": term(data.teks("aturan/nama_institusi")),
        "peringkat": fmt.angka(pelapor["peringkat"].iloc[0]) if len(pelapor) else fmt.missing(),
        "terbalik": "; ".join(f"{x.kementerian} ({fmt.angka(x.nilai, 2)}, {x.predikat})" for x in terbalik.itertuples())
        or tidak_ada,
        "butir_kearsipan": "; ".join(f"{x.kementerian} {fmt.angka(x.nilai, 2)}" for x in daftar.itertuples()),
    }
