"""Bacaan, tabel siap saji, gambar, dan kendali notebook ``ss3_dtks``: angka dari :mod:`kinerja.dtks`."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from kinerja import dtks, figures, fmt
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.keluaran import to_png
from kinerja.panels.tercetak import printed

ATURAN = {
    "tercetak": {"id": "Semua kabupaten/kota (tercetak)", "en": "All districts (printed)"},
    "mutakhir": {"id": "Hanya yang memutakhirkan", "en": "Only those that update"},
    "kl_saja": {"id": "K/L saja", "en": "Ministries and agencies only"},
    "pilihan": {"id": "Pilihan pembaca", "en": "Reader's choice"},
}
PEMAKAI = {
    "kl": {"id": "K/L", "en": "K/L"},
    "kabkota": {"id": "Kabupaten/kota: dianggap memakai", "en": "Districts: deemed to use"},
    "kabkota_mutakhir": {"id": "Kabupaten/kota: memutakhirkan", "en": "Districts: update"},
    "kld": {"id": "K/L/D seluruhnya", "en": "All K/L/D"},
}
GOLONGAN = {
    "penyaluran": {"id": "Bantuan, subsidi, dan program", "en": "Assistance, subsidies and programmes"},
    "perencanaan": {"id": "Perencanaan, pemetaan, dan kajian", "en": "Planning, mapping and research"},
    "pengawasan": {"id": "Pemeriksaan, evaluasi, dan pengendalian", "en": "Audit, evaluation and control"},
    "lainnya": {"id": "Lainnya", "en": "Other"},
    "tidak_dicetak": {"id": "Tujuan tidak dicetak", "en": "Purpose not printed"},
}
GOLONGAN_PENDEK = {
    "penyaluran": {"id": "bantuan", "en": "assistance"},
    "perencanaan": {"id": "perencanaan", "en": "planning"},
    "pengawasan": {"id": "pengawasan", "en": "oversight"},
    "lainnya": {"id": "lainnya", "en": "other"},
}
KELOMPOK = {
    "kementerian": {"id": "Kementerian", "en": "Ministries"},
    "lembaga": {"id": "Lembaga", "en": "Agencies"},
    "lainnya": {"id": "Lainnya", "en": "Other"},
}


# Tabel ----------------------------------------------------------------------------------------------------------------


def printed_table(data: Data) -> pd.DataFrame:
    """Versi tercetak IKU dan sasarannya, dari :func:`kinerja.panels.tercetak.printed`."""
    iku = dtks.indicator(data)
    return printed(data, [iku["kode"], iku["sasaran"]])


def group_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.dtks.users_by_group` dengan kolom boolean ``jumlah`` untuk baris terakhir."""
    return dtks.users_by_group(data).assign(jumlah=lambda x: x["kelompok"] == "jumlah")


def purpose_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.dtks.users_by_purpose` melebar: ``golongan``, satu kolom per kelompok, dan ``jumlah``."""
    panjang = dtks.users_by_purpose(data)
    lebar = panjang.pivot(index="golongan", columns="kelompok", values="nilai")
    lebar = lebar.reindex(index=panjang["golongan"].unique(), columns=list(KELOMPOK)).rename_axis(columns=None)
    return lebar.assign(jumlah=lebar.sum(axis=1)).reset_index()


def user_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.dtks.users` dengan ``golongan``: nama pendek golongan tujuannya, dipisah koma."""
    frame = dtks.users(data)
    pendek = {kode: fmt.pick(nama) for kode, nama in GOLONGAN_PENDEK.items()}
    frame["golongan"] = [
        ", ".join(nama for kode, nama in pendek.items() if baris[kode]) for baris in frame.to_dict("records")
    ]
    return frame


# Gambar ---------------------------------------------------------------------------------------------------------------


def plot_scores(data: Data, kabkota_dihitung: int = dtks.SEMUA) -> Figure:
    """Batang skor per aturan hitung dengan garis target; tanda segitiga menyatakan tercapai atau tidak."""
    skor = dtks.scores(data, kabkota_dihitung)
    if kabkota_dihitung == dtks.SEMUA:  # pilihan yang sama dengan aturan tercetak tidak digambar dua kali
        skor = skor[skor["aturan"] != "pilihan"]
    skor["nama"] = [fmt.pick(ATURAN[x]) for x in skor["aturan"]]
    skor["label"] = [
        f"{fmt.persen(x)} {'▲' if y else '▼'}" for x, y in zip(skor["realisasi"], skor["mencapai"], strict=True)
    ]
    warna = {
        nama: figures.WARNA["di_atas" if y else "di_bawah"]
        for nama, y in zip(skor["nama"], skor["mencapai"], strict=True)
    }
    fig, ax = figures.canvas(size="pendek")
    acuan = {fmt.pick({"id": "Target", "en": "Target"}): skor["target"].iloc[0]}
    figures.bars(
        skor, "nama", "realisasi", ax=ax, satuan="persen", keadaan="keadaan", warna=warna, label="label",
        acuan=acuan, legenda=False,
    )  # fmt: skip
    kata = {
        "di_atas": {"id": "▲ mencapai target", "en": "▲ meets the target"},
        "di_bawah": {"id": "▼ tidak mencapai", "en": "▼ misses it"},
    }
    figures.legend_above(ax, [Patch(facecolor=figures.WARNA[k], label=fmt.pick(v)) for k, v in kata.items()])
    ax.set_xlim(0, 108)
    ax.set_xticks(range(0, 101, 20))
    return fig


def plot_score_path(data: Data, kabkota_dihitung: int = dtks.SEMUA) -> Figure:
    """Garis skor untuk setiap banyaknya kabupaten/kota, garis target, dan titik tiap aturan hitung."""
    fig, ax = figures.canvas(size=(8.0, 4.6))
    return draw_score_path(data, kabkota_dihitung, ax=ax).figure


def draw_score_path(data: Data, kabkota_dihitung: int, *, ax: Axes) -> Axes:
    """Isi :func:`plot_score_path` pada sumbu yang diberikan."""
    jalur = dtks.score_path(data)
    ax.plot(jalur["kabkota"], jalur["realisasi"], color=figures.WARNA["realisasi"], zorder=3)
    _target_lines(data, ax)
    for (x, y), nama, utama in _points(data, kabkota_dihitung):
        warna = figures.WARNA["sorot" if utama else "realisasi"]
        ax.scatter(x, y, s=70 if utama else 46, color=warna, edgecolor="white", zorder=5, marker="D" if utama else "o")
        # pilihan di kiri atas garis, yang lain di kanan bawah: keduanya tidak saling menutupi
        kiri = utama and x > 0.2 * len(jalur)
        tengah = not utama and x > 0.8 * len(jalur)  # di sana garis sudah habis
        ax.annotate(
            f"{nama}: {fmt.angka(x)}\n{fmt.persen(y)}",
            (x, y),
            xytext=(-9 if kiri else 9, 7 if utama else 0 if tengah else -5),
            textcoords="offset points",
            ha="right" if kiri else "left",
            va="bottom" if utama else "center" if tengah else "top",
            fontsize=8.5,
            fontweight="bold" if utama else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            zorder=6,
        )
    ax.set_xlim(0, len(jalur) * 1.16)  # ruang bagi nama titik terakhir
    ax.set_ylim(0, 105)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("kabkota"))
    ax.yaxis.set_major_formatter(fmt.axis_formatter("persen"))
    ax.set_xlabel(fmt.pick({"id": "kabupaten/kota yang dihitung", "en": "districts counted"}))
    return ax


def _target_lines(data: Data, ax: Axes) -> None:
    """Target yang berlaku, target akhir Renstra, dan target akhir menurut laporan; masing-masing dinamai."""
    perlu, kini = dtks.required(data), dtks.score(data, 0)["target"].iloc[0]
    renstra, laporan = (perlu[perlu["asal"] == x].tail(1) for x in ("renstra", "laporan"))
    nama = {"id": "target {tahun}", "en": "target {tahun}"}
    garis = [(kini, fmt.pick(nama).format(tahun=data.tahun))]
    garis += [(x.target, f"Renstra {x.tahun}") for x in renstra.itertuples()]
    laporan_nama = fmt.pick({"id": "laporan", "en": "report"})
    garis += [(x.target, f"{laporan_nama} {x.tahun}") for x in laporan.itertuples()]
    for y, teks in garis:
        ax.axhline(y, color=figures.WARNA["target"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=2)
        ax.annotate(
            f"{teks}: {fmt.persen(y, 0)}", (0, y), xytext=(6, 3), textcoords="offset points", va="bottom", fontsize=8,
            color=figures.WARNA["target"],
        )  # fmt: skip


def _points(data: Data, kabkota_dihitung: int) -> list[tuple[tuple[int, float], str, bool]]:
    """Titik pada jalur: (kabupaten/kota, skor), nama, dan apakah itu pilihan pembaca."""
    skor = dtks.scores(data, kabkota_dihitung).set_index("aturan")
    nama = {
        "mutakhir": {"id": "yang memutakhirkan", "en": "those that update"},
        "tercetak": {"id": "semua", "en": "all"},
        "pilihan": {"id": "pilihan", "en": "choice"},
    }
    titik = {(int(skor.loc[k, "kabkota"]), skor.loc[k, "realisasi"]): k for k in ("mutakhir", "tercetak")}
    perlu = dtks.districts_to_target(data)
    if kabkota_dihitung != dtks.SEMUA:
        # pilihan yang jatuh pada titik lain menggantikannya
        titik[int(skor.loc["pilihan", "kabkota"]), skor.loc["pilihan", "realisasi"]] = "pilihan"
    elif perlu is not None:
        nama["perlu"] = {"id": "mencapai target", "en": "reaches the target"}
        titik[perlu, dtks.score(data, perlu)["realisasi"].iloc[0]] = "perlu"
    return [(letak, fmt.pick(nama[k]), k == "pilihan") for letak, k in titik.items()]


def plot_coverage(data: Data) -> Figure:
    """Batang bagian pemakai per kelompok, berlabel hitungan dan persennya."""
    frame = dtks.coverage(data)
    frame["nama"] = [fmt.pick(PEMAKAI[x]) for x in frame["kelompok"]]
    dari = fmt.pick({"id": "dari", "en": "of"})
    frame["label"] = [
        f"{fmt.angka(x.memakai)} {dari} {fmt.angka(x.total)} ({fmt.persen(x.persen)})" for x in frame.itertuples()
    ]
    fig, ax = figures.canvas(size="pendek")
    figures.bars(
        frame, "nama", "persen", ax=ax, satuan="persen", keadaan="keadaan", label="label",
        warna=figures.WARNA["realisasi"],
    )  # fmt: skip
    ax.set_xlim(0, 138)  # ruang bagi label batang penuh
    ax.set_xticks(range(0, 101, 20))
    return fig


def plot_nik(data: Data) -> Figure:
    """Batang data: target dan realisasi keluaran prioritas nasional, lalu data yang padan dengan NIK."""
    nama = {
        "target_pn": {"id": "Target data termutakhirkan", "en": "Target of records updated"},
        "keluaran_pn": {"id": "Data termutakhirkan", "en": "Records updated"},
        "padan": {"id": "Data padan dengan NIK", "en": "Records matched"},
        "tidak_padan": {"id": "Belum padan", "en": "Not matched"},
    }
    isi = dtks.nik_matching(data).set_index("hal")
    isi = isi.loc[[x for x in nama if x in isi.index]].reset_index()
    isi["nama"] = [fmt.pick(nama[x]) for x in isi["hal"]]
    warna = [figures.WARNA["netral" if x == "target_pn" else "realisasi"] for x in isi["hal"]]
    fig, ax = figures.canvas(size="pendek")
    figures.bars(
        isi, "nama", "nilai", ax=ax, satuan="data", skala="juta", desimal=2, keadaan="keadaan",
        warna=dict(zip(isi["nama"], warna, strict=True)),
    )  # fmt: skip
    return fig


def plot_purposes(data: Data) -> Figure:
    """Batang bertumpuk: pengguna per golongan tujuan, ruas per kelompok pengguna."""
    frame = dtks.users_by_purpose(data)
    frame["golongan"] = [fmt.pick(GOLONGAN[x]) for x in frame["golongan"]]
    frame["kelompok"] = [fmt.pick(KELOMPOK[x]) for x in frame["kelompok"]]
    fig, ax = figures.canvas(size="pendek")
    figures.stacked(frame, "golongan", "kelompok", "nilai", ax=ax, satuan="kl", ambang_label=0.04)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(fmt.pick({"id": "pengguna", "en": "users"}))
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def panel(buku: Buku, kabkota_dihitung: int = dtks.SEMUA) -> Panel:
    """Kendali aturan hitung: pilih aturan, atau geser banyaknya kabupaten/kota yang dihitung."""
    total = dtks.resolve_districts(buku.data, dtks.SEMUA)
    awal = "tercetak" if kabkota_dihitung == dtks.SEMUA else "pilihan"
    aturan = widgets.Dropdown(
        options=[(fmt.pick(nama), kode) for kode, nama in ATURAN.items()],
        value=awal,
        description=fmt.pick({"id": "Aturan hitung", "en": "Counting rule"}),
    )
    kabkota = widgets.IntSlider(
        value=dtks.resolve_districts(buku.data, kabkota_dihitung),
        min=0,
        max=total,
        description=fmt.pick({"id": "Kabupaten/kota (untuk pilihan)", "en": "Districts (for the choice)"}),
        layout=widgets.Layout(width="420px"),
    )
    judul = fmt.pick(
        {"id": "Berapa skornya bila kabupaten/kota dihitung lain?", "en": "What if districts count otherwise?"}
    )
    return Panel(partial(answer, buku), {"aturan": aturan, "kabkota": kabkota}, judul=judul)


def answer(buku: Buku, aturan: str, kabkota: int) -> Hasil:
    """Jawaban kendali: skor dan capaian bagi satu aturan hitung.

    Parameters
    ----------
    buku : Buku
        Sesi notebook, untuk data dan uraian tabel.
    aturan : str
        Salah satu :data:`kinerja.dtks.ATURAN`.
    kabkota : int
        Banyaknya kabupaten/kota; dipakai bila ``aturan`` adalah ``pilihan``.
    """
    data = buku.data
    skor = dtks.scores(data, kabkota)
    dipilih = skor[skor["aturan"] == aturan]
    baris = dipilih.iloc[0]
    putusan = {True: {"id": "mencapai", "en": "meets"}, False: {"id": "tidak mencapai", "en": "misses"}}
    teks = fmt.pick(
        {
            "id": "{nama}: {memakai} dari {total} ({skor}) {putusan} target {target}; capaian {capaian}.",
            "en": "{nama}: {memakai} of {total} ({skor}) {putusan} the target of {target}; achievement {capaian}.",
        }
    ).format(
        nama=fmt.pick(ATURAN[aturan]),
        memakai=fmt.angka(int(baris["memakai"])),
        total=fmt.angka(int(baris["total"])),
        skor=fmt.persen(baris["realisasi"]),
        putusan=fmt.pick(putusan[bool(baris["mencapai"])]),
        target=fmt.persen(baris["target"], 0),
        capaian=fmt.persen(baris["capaian"]),
    )
    # K/L saja memakai penyebut lain, jadi titiknya tidak berada pada jalur
    gambar = plot_score_path(data, dtks.SEMUA if aturan == "kl_saja" else int(baris["kabkota"]))
    return Hasil(tabel=buku.build_table(dipilih, "skor"), png=to_png(gambar), teks=teks, alt=teks)


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(data: Data, kabkota_dihitung: int = dtks.SEMUA) -> dict[str, str]:
    """Angka jadi (teks berformat) untuk bacaan, catatan tabel, dan teks alternatif notebook ini.

    Parameters
    ----------
    data : Data
    kabkota_dihitung : int
        Banyaknya kabupaten/kota untuk aturan pilihan pembaca; ``-1`` berarti semua.

    Raises
    ------
    GalatParameter
        ``kabkota_dihitung`` di luar batas.
    """
    skor = dtks.scores(data, kabkota_dihitung).set_index("aturan")
    perlu = dtks.required(data)
    isi = {
        "kl": fmt.angka(data.nilai("dtks/kl_memanfaatkan")),
        "kl_total": fmt.angka(data.nilai("dtks/kl_total")),
        "kld": fmt.angka(data.nilai("dtks/kld_memanfaatkan")),
        "total": fmt.angka(data.nilai("dtks/kld_total")),
        "kabkota": fmt.angka(data.nilai("dtks/kabkota_memanfaatkan")),
        "jumlah_kabkota": fmt.angka(data.nilai("dtks/kabkota_total")),
        "provinsi": fmt.angka(len(data["provinsi"])),
        "ambang": fmt.persen(data.nilai("dtks/ambang_mutakhir"), 0),
        "target": fmt.persen(skor["target"].iloc[0], 0),
        "perlu": fmt.angka(dtks.districts_to_target(data)),
        "mencapai": fmt.angka(int(skor["mencapai"].drop("pilihan").sum())),
        "banyak": fmt.angka(len(skor) - 1),
    }
    lalu = data.nilai("dtks/realisasi_tahun_lalu")
    isi["realisasi_lalu"] = fmt.missing() if lalu is None else fmt.persen(lalu)
    isi["skor_nol"] = fmt.persen(dtks.score(data, 0)["realisasi"].iloc[0])
    isi |= _updating(data) | _scores(skor) | _end_targets(perlu) | _users(data) | _nik(data)
    return isi | _alternatives(data, skor)


def _alternatives(data: Data, skor: pd.DataFrame) -> dict[str, str]:
    """Butir-butir teks alternatif gambar."""
    pakai, tujuan = dtks.coverage(data), purpose_table(data)
    kelompok = [f"{fmt.pick(PEMAKAI[x.kelompok])} {fmt.persen(x.persen)}" for x in pakai.itertuples()]
    return {
        "butir_skor": "; ".join(f"{fmt.pick(ATURAN[k])} {fmt.persen(x)}" for k, x in skor["realisasi"].items()),
        "butir_pemakai": "; ".join(kelompok),
        "butir_golongan": "; ".join(f"{fmt.pick(GOLONGAN[x.golongan])} {x.jumlah}" for x in tujuan.itertuples()),
    }


def _updating(data: Data) -> dict[str, str]:
    mutakhir, baris = dtks.updating_districts(data), data.baris("dtks/persen_kabkota_mutakhir")
    kecil, besar = fmt.angka(mutakhir["terkecil"]), fmt.angka(mutakhir["terbesar"])
    return {
        "mutakhir": fmt.angka(mutakhir["tengah"]),
        "persen_mutakhir": fmt.persen(baris["nilai"], int(baris["desimal"])),
        "rentang": kecil if kecil == besar else f"{kecil}–{besar}",
    }


def _scores(skor: pd.DataFrame) -> dict[str, str]:
    isi = {}
    for aturan, pendek in (("tercetak", "tercetak"), ("kl_saja", "kl"), ("mutakhir", "mutakhir")):
        isi[f"skor_{pendek}"] = fmt.persen(skor.loc[aturan, "realisasi"])
        isi[f"capaian_{pendek}"] = fmt.persen(skor.loc[aturan, "capaian"])
    pilihan = skor.loc["pilihan"]
    putusan = {True: {"id": "tercapai", "en": "met"}, False: {"id": "tidak tercapai", "en": "not met"}}
    return isi | {
        "capaian": fmt.persen(skor.loc["tercetak", "capaian"]),
        "tanpa_batas": fmt.persen(skor.loc["tercetak", "capaian_tanpa_batas"]),
        "dihitung": fmt.angka(int(pilihan["kabkota"])),
        "skor_pilihan": fmt.persen(pilihan["realisasi"]),
        "capaian_pilihan": fmt.persen(pilihan["capaian"]),
        "tanpa_batas_pilihan": fmt.persen(pilihan["capaian_tanpa_batas"]),
        "putusan": fmt.pick(putusan[bool(pilihan["mencapai"])]),
    }


def _end_targets(perlu: pd.DataFrame) -> dict[str, str]:
    akhir = perlu.sort_values("tahun").groupby("asal").last()
    isi = {}
    for asal in ("renstra", "laporan"):
        ada = asal in akhir.index
        isi[f"target_{asal}"] = fmt.persen(akhir.loc[asal, "target"], 0) if ada else fmt.missing()
        isi[f"capaian_{asal}"] = fmt.persen(akhir.loc[asal, "capaian_tercetak"]) if ada else fmt.missing()
    return isi


def _users(data: Data) -> dict[str, str]:
    daftar = dtks.users(data)
    lainnya, tanpa = daftar[daftar["kelompok"] == dtks.LAINNYA], daftar[daftar["tujuan"] == ""]
    sama = len(daftar) == data.nilai("dtks/kl_memanfaatkan")
    cocok = {
        True: {"id": "sama banyaknya", "en": "equals"},
        False: {"id": "tidak sama banyaknya", "en": "does not equal"},
    }
    return {
        "pengguna": fmt.angka(len(daftar)),
        "lainnya": fmt.angka(len(lainnya)),
        "nama_lainnya": "; ".join(lainnya["pengguna"]) or "–",
        "tanpa_tujuan": fmt.angka(len(tanpa)),
        "nama_tanpa_tujuan": "; ".join(tanpa["pengguna"]) or "–",
        "penyaluran": fmt.angka(int(daftar["penyaluran"].sum())),
        "cocok_daftar": fmt.pick(cocok[sama]),
    }


_HAL_PN = ("target_pn", "keluaran_pn", "tidak_padan", "persen_dihitung")


def _nik(data: Data) -> dict[str, str]:
    isi = dtks.nik_matching(data).set_index("hal")
    tulis = {hal: fmt.nilai(baris["nilai"], baris["satuan"]) for hal, baris in isi.iterrows()}
    hasil = {
        "padan": tulis["padan"],
        "persen": tulis["persen"],
        "terkecil": tulis["total_terkecil"],
        "terbesar": tulis["total_terbesar"],
        **{
            hal: tulis.get(hal, fmt.missing()) for hal in ("target_pn", "keluaran_pn", "tidak_padan", "persen_dihitung")
        },
    }
    nilai = isi["nilai"]
    dalam = "keluaran_pn" in nilai and nilai["total_terkecil"] <= nilai["keluaran_pn"] <= nilai["total_terbesar"]
    cocok = {
        True: {"id": "berada dalam rentang itu", "en": "lies in that range"},
        False: {"id": "tidak berada dalam rentang itu", "en": "does not lie in that range"},
    }
    return hasil | {"cocok_nik": fmt.pick(cocok[dalam])}
