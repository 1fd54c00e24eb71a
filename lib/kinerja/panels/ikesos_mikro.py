"""Ikesos dari data mikro survei: tabel, kalimat, dan gambar notebook ``ss1_ikesos``.

Angkanya dari :mod:`kinerja.ikesos`; di sini hanya dipilih, dinamai, dan digambar. Nilai terbitan laporan berdampingan
dengan hasil data mikro di satu tabel, tidak pernah dijumlah atau dirata-ratakan dengannya.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from kinerja import figures, fmt, pendukung
from kinerja.catatan import kalimat
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.explore_gambar import TitikSelang
from kinerja.figures import WARNA
from kinerja.ikesos import (
    CARA_AGREGASI,
    NASIONAL,
    PUNCAK,
    SEMUA,
    TIDAK_TERSEDIA,
    SiapIkesos,
    hitung_ketidakpastian,
)
from kinerja.istilah import term
from kinerja.kerahasiaan import amankan
from kinerja.mikro.kodebuku import YAKIN
from kinerja.panels.jelajah_ikesos import (
    AGREGASI,
    NAMA_PENDEK,
    WILAYAH,
    Pilihan,
    ranking,
    region_names,
    survey_name,
    survey_notes,
)
from kinerja.pilihan_berkas import TAHUN_BAKU
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

BANYAK_TERLEMAH = 12
BANYAK_DIGAMBAR = 34
"""Paling banyak wilayah yang digambar satu per satu; selebihnya hanya yang paling berubah."""

TITIK_SOBOL = 1024
"""Titik dasar indeks Sobol. Dengan 128 titik bagian ragam sebuah provinsi meleset sampai 20 poin persen dari hitungan
dengan 4.096 titik; dengan 1.024 titik mediannya 2 poin, dan hitungannya hanya sepersekian detik lebih lama."""

SUMBER_SELANG = {
    "sampel": {"id": "penarikan sampel saja", "en": "sampling only"},
    "metode": {"id": "cara membuat indeks saja", "en": "index method only"},
    "gabungan": {"id": "keduanya", "en": "both"},
}
_BAGIAN = {
    "bagian_sampel": {"id": "sampel", "en": "sampling"},
    "bagian_metode": {"id": "metode", "en": "method"},
    "bagian_bersama": {"id": "bekerja bersama", "en": "acting together"},
}
_BENTUK = {"aritmetik": "o", "geometrik": "s", "harmonik": "^", "hasil_kali": "D"}
PEMBANDING = tuple(_BENTUK)
"""Agregasi yang dibandingkan tabel dan gambar: satu bentuk tanda untuk satu agregasi."""

_WARNA_AGREGASI = {"aritmetik": "realisasi", "geometrik": "sorot", "harmonik": "naik", "hasil_kali": "di_bawah"}


def check_choices(siap: SiapIkesos, wilayah: str, agregasi: str) -> None:
    """Tolak tingkat wilayah dan agregasi yang tidak dikenal.

    Raises
    ------
    GalatParameter
        Menyebut parameter, nilainya, dan pilihannya.
    """
    for nama, nilai, dikenal in (
        ("wilayah", wilayah, [k for k in WILAYAH if k in siap.tingkat]),
        ("agregasi", agregasi, list(AGREGASI)),
    ):
        if nilai not in dikenal:
            raise GalatParameter(f"Parameter {nama} = {nilai!r} tidak dikenal; pilih: {', '.join(dikenal)}.")


def open_survey(
    data: Data,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> SiapIkesos:
    """Survei yang siap dihitung, dari :func:`kinerja.simpanan.buka_ikesos`."""
    return buka_ikesos(data, mikro, kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap


def aggregation_name(agregasi: str) -> str:
    """Nama agregasi di tengah kalimat, tanpa keterangan bakunya yang hanya berguna di daftar pilihan."""
    return fmt.pick(AGREGASI[agregasi]).lower().partition(" (")[0]


def top_unit(agregasi: str) -> str:
    """Kode satuan puncak indeks: hasil kali tercetak bukan skala 0-100."""
    return "indeks_100" if CARA_AGREGASI[agregasi].same_scale else "hasil_kali"


# Tabel ----------------------------------------------------------------------------------------------------------------


def beside_table(data: Data, siap: SiapIkesos, agregasi: str = "aritmetik") -> pd.DataFrame:
    """Nilai terbitan dan hasil data mikro berdampingan.

    Kolom ``asal``, ``nilai``, ``bawah``, ``atas``, ``satuan``, ``n``, ``keadaan``; terbitan tidak punya selang di
    sumbernya.
    """
    terbit = pendukung.ikesos_values(data)
    nama = {"id": "Terbitan laporan, data {t}", "en": "Published in the report, {t} data"}
    baris = [
        {"asal": fmt.pick(nama).format(t=t), "nilai": x, "keadaan": "tidak_tersedia" if pd.isna(x) else "dikutip"}
        for t, x in zip(terbit["tahun"], terbit["nilai"], strict=True)
    ]
    mikro = {"id": "Data mikro: {s}, {a}", "en": "Microdata: {s}, {a}"}
    for satu in siap.hitung(agregasi=agregasi).to_dict("records"):
        asal = fmt.pick(mikro).format(s=survey_name(siap), a=aggregation_name(agregasi))
        baris.append({"asal": asal, **{k: satu[k] for k in ("nilai", "bawah", "atas", "n", "keadaan")}})
    frame = pd.DataFrame(baris)
    satuan = ["indeks_100"] * len(terbit) + [top_unit(agregasi)]
    return frame.assign(satuan=satuan, n=frame["n"].astype("Int64"))


def parts_table(siap: SiapIkesos, agregasi: str = "aritmetik") -> pd.DataFrame:
    """Nasional, satu baris per simpul di atas indikator: ``sasaran``, ``jenjang``, ``nama``, nilai dan galatnya.

    Hasil kali hanya mengganti puncaknya, yang bukan skala 0-100: puncak itu tidak ikut.
    """
    h = siap.hitung(agregasi=agregasi, simpul="semua")
    h = h[~h["jenis"].isin(["indikator"] if CARA_AGREGASI[agregasi].same_scale else ["indikator", "indeks"])]
    jalan = _paths(siap)
    h = h.iloc[sorted(range(len(h)), key=lambda i: jalan[h["simpul"].iloc[i]])].reset_index(drop=True)
    jenjang = {
        "indeks": {"id": "indeks", "en": "index"}, "sasaran": {"id": "sasaran", "en": "target group"},
        "dimensi": {"id": "dimensi", "en": "dimension"}, "subdimensi": {"id": "subdimensi", "en": "subdimension"},
    }  # fmt: skip
    h["menonjol"] = h["jenis"].isin(["indeks", "sasaran"])
    h["jenjang"] = [fmt.pick(jenjang[k]) for k in h["jenis"]]
    h["sasaran"] = [fmt.pick(NAMA_PENDEK[k]) if k else fmt.HILANG for k in h["sasaran"]]
    h["nama"] = [term(x) for x in h["nama"]]
    kolom = ["sasaran", "jenjang", "nama", "nilai", "se", "bawah", "atas", "rse", "n", "bagian_bobot", "tanda"]
    return h[[*kolom, "keterangan", "menonjol", "keadaan"]].reset_index(drop=True)


def _paths(siap: SiapIkesos) -> dict[str, tuple[int, ...]]:
    """Simpul -> nomor anak di setiap jenjang, dari puncak; urutannya urutan baca pohon."""
    pohon = siap.kerangka.pohon
    jalan, antre = {pohon.top: ()}, [pohon.top]
    while antre:
        induk = antre.pop()
        for i, anak in enumerate(pohon.children.get(induk, ())):
            jalan[anak] = (*jalan[induk], i)
            antre.append(anak)
    return jalan


def weakest_table(siap: SiapIkesos, banyak: int = BANYAK_TERLEMAH) -> pd.DataFrame:
    """Indikator nasional yang terendah pada skala indeks, semua sasaran.

    Returns
    -------
    DataFrame
        ``sasaran``, ``nama``, ``indeks`` (0 sampai 100, arah sudah disamakan), ``nilai`` (persen apa adanya),
        ``bawah``, ``atas``, ``n``, ``arah`` (naik atau turun), ``tanda``, ``keadaan``. Yang ditahan tidak ikut.
    """
    h = siap.hitung(simpul="indikator").set_index("simpul")
    h["indeks"] = siap.normal(NASIONAL).iloc[0].reindex(h.index)
    arah = siap.kerangka.pohon.table["direction"]
    h["arah"] = ["naik" if arah[k] > 0 else "turun" for k in h.index]
    h = h[h["nilai"].notna()].nsmallest(banyak, "indeks", keep="all").reset_index()
    h["sasaran"] = [fmt.pick(NAMA_PENDEK[k]) for k in h["sasaran"]]
    h["nama"] = [term(x) for x in h["nama"]]
    return h[["sasaran", "nama", "indeks", "nilai", "bawah", "atas", "n", "arah", "tanda", "keadaan"]]


def regions_table(data: Data, siap: SiapIkesos, wilayah: str, agregasi: str = "aritmetik") -> pd.DataFrame:
    """:func:`kinerja.panels.jelajah_ikesos.ranking` indeks keseluruhan, tanpa sel kecil yang terbuka."""
    return amankan(ranking(data, siap, Pilihan(wilayah=wilayah, agregasi=agregasi)))


def aggregation_table(data: Data, siap: SiapIkesos, wilayah: str) -> pd.DataFrame:
    """Nilai dan peringkat tiap wilayah menurut agregasi yang dibandingkan (``PEMBANDING``).

    Returns
    -------
    DataFrame
        ``wilayah``, ``label``, ``bagian_bobot``, ``nilai_<agregasi>``, ``peringkat_<agregasi>`` (Int64), ``geser``
        (peringkat terbesar dikurangi terkecil), ``keadaan``; urut menurut peringkat aritmetik. Nilai ``hasil_kali``
        bukan skala 0-100 sehingga hanya peringkatnya yang dibandingkan. Yang ditahan kosong pada agregasi itu; yang
        ditahan pada semuanya tidak ikut.
    """
    hasil = ranking(data, siap, Pilihan(wilayah=wilayah))[["wilayah", "label", "bagian_bobot", "keadaan"]]
    for agregasi in PEMBANDING:
        satu = ranking(data, siap, Pilihan(wilayah=wilayah, agregasi=agregasi))[["wilayah", "nilai", "peringkat"]]
        satu = satu.rename(columns={k: f"{k}_{agregasi}" for k in ("nilai", "peringkat")})
        hasil = hasil.merge(satu, on="wilayah", validate="one_to_one")
    hasil = hasil.dropna(subset=[f"nilai_{a}" for a in PEMBANDING], how="all")
    peringkat = hasil[[f"peringkat_{a}" for a in PEMBANDING]]
    hasil["geser"] = peringkat.max(axis=1) - peringkat.min(axis=1)
    return hasil.sort_values("peringkat_aritmetik", kind="stable", ignore_index=True)


def uncertainty_table(data: Data, siap: SiapIkesos, wilayah: str) -> pd.DataFrame:
    """:func:`kinerja.ikesos.hitung_ketidakpastian` dengan nama wilayah, urut menurut peringkat.

    Sebaran dan selang serentak peringkat 90 persen; bagian ragam dalam persen. Yang ditahan tidak ikut.
    """
    tabel = hitung_ketidakpastian(siap, wilayah, titik=TITIK_SOBOL).tabel
    tabel.insert(0, "wilayah", tabel.pop(wilayah).astype(str))
    tabel.insert(1, "label", tabel["wilayah"].map(region_names(data, siap, wilayah)))
    rank = regions_table(data, siap, wilayah)
    terbit = set(rank.dropna(subset=["nilai"])["wilayah"])
    tabel = tabel[tabel["wilayah"].isin(terbit) & tabel["peringkat"].notna()].copy()
    tabel["bagian_bobot"] = tabel["wilayah"].map(rank.set_index("wilayah")["bagian_bobot"])
    for k in _BAGIAN:
        tabel[k] = 100 * tabel[k].astype(float)
    return tabel.sort_values("peringkat", kind="stable", ignore_index=True)


def basis_table(siap: SiapIkesos) -> pd.DataFrame:
    """:meth:`SiapIkesos.sandaran` per indikator.

    Returns
    -------
    DataFrame
        ``indikator``, ``nama``, ``bobot_<sasaran>`` (persen dari Ikesos; kosong bila tidak dipakai bagi sasaran itu,
        0 bila dipakai tetapi tidak tersedia), ``status`` kodebuku yang paling lemah dari ketiga sasaran, ``sebab``
        (mengapa tidak tersedia; kosong bila tersedia), ``tidak_dipakai`` (tanda pengganti bobot yang kosong).
    """
    s = siap.sandaran()
    urut = s["indikator"].unique()
    s = s[s["dipakai"]]
    bobot = (100 * s["bobot"]).where(s["tersedia"], 0.0)
    baris = s.groupby("indikator", sort=False)
    hasil = pd.DataFrame({"nama": baris["nama"].first().map(term)})
    for sasaran in siap.kerangka.sasaran:
        satu = s["sasaran"] == sasaran
        hasil[f"bobot_{sasaran}"] = pd.Series(bobot[satu].to_numpy(), index=s.loc[satu, "indikator"])
    hasil["status"] = baris["status"].agg(lambda x: max(x, key=("", *YAKIN).index))
    hasil["sebab"] = baris["sebab"].agg(lambda x: "; ".join(dict.fromkeys(filter(None, x))))
    hasil["tidak_dipakai"] = "–"
    return hasil.loc[[k for k in urut if k in hasil.index]].reset_index()


def basis_counts(siap: SiapIkesos) -> pd.DataFrame:
    """:meth:`SiapIkesos.ringkasan_sandaran` dengan nama sasaran; ``bagian_bobot`` dalam persen."""
    frame = siap.ringkasan_sandaran()
    frame["menonjol"] = frame["sasaran"] == "semua"
    frame["sasaran"] = [fmt.pick(NAMA_PENDEK[k]) for k in frame["sasaran"]]
    frame["bagian_bobot"] *= 100
    return frame


# Kalimat --------------------------------------------------------------------------------------------------------------


def reading(data: Data, siap: SiapIkesos, wilayah: str, agregasi: str) -> dict[str, str]:
    """Angka jadi untuk judul, catatan, dan bacaan bagian data mikro.

    Raises
    ------
    GalatParameter
        Tingkat wilayah atau agregasi tidak dikenal.
    """
    check_choices(siap, wilayah, agregasi)
    nasional = siap.hitung(agregasi=agregasi).iloc[0]
    rank = regions_table(data, siap, wilayah, agregasi)
    ada = rank[rank["nilai"].notna()]
    terlemah, s = weakest_table(siap), siap.ringkasan_sandaran().iloc[-1]
    lemah = None if terlemah.empty else terlemah.iloc[0]
    karangan = {
        "id": "Datanya survei karangan berbentuk Susenas: angkanya bukan taksiran tentang Indonesia.",
        "en": "The data are a made-up survey in the shape of Susenas: the numbers are no estimates about Indonesia.",
    }
    return {
        "survei": survey_name(siap),
        "survei_catatan": survey_notes(Regions.of(data), siap),
        "mikro_agregasi": aggregation_name(agregasi),
        "mikro_satuan": top_unit(agregasi),
        "mikro_wilayah": fmt.pick(WILAYAH[wilayah]).lower(),
        "mikro_nasional": fmt.angka(nasional["nilai"], 2),
        "mikro_bawah": fmt.angka(nasional["bawah"], 2),
        "mikro_atas": fmt.angka(nasional["atas"], 2),
        "mikro_n": fmt.angka(int(nasional["n"])),
        "mikro_sandaran": basis_sentence(siap, nasional),
        "mikro_dasar": fmt.persen(rank["bagian_bobot"].where(rank["peringkat"].notna()).max()),
        "mikro_tertinggi": _first(ada, 0),
        "mikro_terendah": _first(ada, -1),
        "mikro_ditahan": fmt.angka(len(rank) - len(ada)),
        "mikro_banyak": fmt.angka(len(rank)),
        "mikro_terlemah": fmt.HILANG if lemah is None else f"{lemah['nama']} ({lemah['sasaran'].lower()})",
        "mikro_terlemah_nilai": fmt.HILANG if lemah is None else fmt.angka(lemah["indeks"], 1),
        "sandaran_tersedia": fmt.angka(int(s["tersedia"])),
        "sandaran_dipakai": fmt.angka(int(s["dipakai"])),
        "sandaran_bobot": fmt.persen(100 * s["bagian_bobot"]),
        "mikro_peringatan": fmt.pick(karangan) if siap.keadaan == "sintetis" else "",
    }


def basis_sentence(siap: SiapIkesos, nasional: pd.Series) -> str:
    """Pada berapa bobot dan sasaran mana nilai nasional bersandar, atau mengapa ia tidak terbit."""
    kelompok = siap.ringkasan_sandaran()
    ada = kelompok[(kelompok["sasaran"] != SEMUA) & (kelompok["tersedia"] > 0)]
    nama = ", ".join(fmt.pick(NAMA_PENDEK[k]).lower() if k in NAMA_PENDEK else k for k in ada["sasaran"])
    if pd.isna(nasional["nilai"]):
        if nasional["tanda"] != TIDAK_TERSEDIA:
            return fmt.pick({"id": "ditahan", "en": "withheld"})
        return kalimat(siap.sebab(PUNCAK, nasional["bagian_bobot"]))
    kata = {"id": "bersandar pada {b} bobot: {n}", "en": "resting on {b} of the weight: {n}"}
    return fmt.pick(kata).format(b=fmt.persen(100 * nasional["bagian_bobot"]), n=nama)


def _first(frame: pd.DataFrame, letak: int) -> str:
    if frame.empty:
        return fmt.HILANG
    baris = frame.iloc[letak]
    return f"{baris['label']} ({fmt.angka(baris['nilai'], 2)})"


def uncertainty_reading(frame: pd.DataFrame) -> dict[str, str]:
    """Median lebar sebaran peringkat menurut sumbernya, dan median bagian ragam."""
    return {
        **{f"lebar_{k}": fmt.angka(frame[f"lebar_{k}"].median(), 1) for k in SUMBER_SELANG},
        **{f"ragam_{k.removeprefix('bagian_')}": fmt.persen(frame[k].median(), 0) for k in _BAGIAN},
        "titik_sobol": fmt.angka(TITIK_SOBOL),
    }


def aggregation_reading(frame: pd.DataFrame) -> dict[str, str]:
    """Wilayah yang peringkatnya paling bergeser bila agregasinya diganti."""
    if frame.empty:
        return {"geser_nama": fmt.HILANG, "geser_besar": fmt.HILANG, "geser_median": fmt.HILANG}
    puncak = frame.loc[frame["geser"].idxmax()]
    return {
        "geser_nama": puncak["label"],
        "geser_besar": fmt.angka(int(puncak["geser"])),
        "geser_median": fmt.angka(float(frame["geser"].median()), 1),
    }


# Gambar ---------------------------------------------------------------------------------------------------------------


def parts_figure(siap: SiapIkesos, agregasi: str = "aritmetik") -> Figure:
    """Peta panas nasional: dimensi dan subdimensi di baris, sasaran di kolom."""
    h = siap.hitung(agregasi=agregasi, simpul="semua")
    h = h[h["jenis"].isin(["sasaran", "dimensi", "subdimensi"])].copy()
    h["baris"] = np.where(h["jenis"] == "sasaran", "", h["kode"])
    nilai = h.pivot(index="baris", columns="sasaran", values="nilai")
    urut, nama = _part_rows(siap)
    nilai = nilai.reindex(index=urut, columns=list(siap.kerangka.sasaran))
    nilai.index = [nama[k] for k in urut]
    nilai.columns = [fmt.pick(NAMA_PENDEK[k]) for k in nilai.columns]
    fig, ax = figures.canvas(size="tinggi")
    figures.heatmap(nilai, ax=ax, satuan="indeks_100", desimal=1, keadaan=siap.keadaan, lebar_label=34)
    return fig


def _part_rows(siap: SiapIkesos) -> tuple[list[str], dict[str, str]]:
    """Kode baris peta panas, dari seluruh sasaran lalu tiap dimensi diikuti subdimensinya, dan namanya."""
    nama = {"": fmt.pick({"id": "SELURUH DIMENSI", "en": "ALL DIMENSIONS"})}
    s = siap.kerangka.simpul
    induk = siap.kerangka.indikator.drop_duplicates(["dimensi", "subdimensi"])[["dimensi", "subdimensi"]]
    sebutan = s.drop_duplicates("kode").set_index("kode")["nama"]
    urut = [""]
    for dimensi, isi in induk.groupby("dimensi", sort=False):
        urut += [dimensi, *isi["subdimensi"]]
        nama[dimensi] = term(sebutan[dimensi]).upper()
        nama |= {k: term(sebutan[k]) for k in isi["subdimensi"] if k in sebutan}
    return [k for k in urut if k in nama], nama


def regions_figure(
    frame: pd.DataFrame, siap: SiapIkesos, agregasi: str = "aritmetik", wilayah: str = "provinsi"
) -> Figure:
    """Wilayah menurut peringkat dengan selang 95 persen, dan garis nilai nasional atas dasar yang sama."""
    t = TitikSelang(siap.keadaan, fmt.satuan(top_unit(agregasi)))
    t.update(frame)
    legenda = t.ax.get_legend()
    isi = [
        _named(pegangan, teks.get_text())
        for pegangan, teks, artis in zip(legenda.legend_handles, legenda.get_texts(), t.simbol.values(), strict=True)
        if len(artis.get_xdata())
    ]
    nasional = siap.hitung(agregasi=agregasi, dasar=siap.sandaran_bersama(wilayah))["nilai"].item()
    garis = t.ax.axvline(nasional, color=WARNA["netral"], lw=1, ls="--", zorder=1)
    isi.append(_named(garis, f"Indonesia {fmt.angka(nasional, 2)}"))
    if not t.keterangan.get_text():
        letak = t.ax.get_position()
        t.ax.set_position([letak.x0, letak.y0, letak.width, letak.height + 0.035])
    t.ax.legend(handles=isi, ncols=2, loc="lower left", bbox_to_anchor=(-0.02, 1.0), borderaxespad=0.2, fontsize=7.5)
    return t.fig


def weakest_figure(frame: pd.DataFrame) -> Figure:
    """Indikator terlemah pada skala indeks, satu batang per indikator dan sasaran."""
    isi = frame.assign(nama=[f"{n} ({s.lower()})" for n, s in zip(frame["nama"], frame["sasaran"], strict=True)])
    fig, ax = figures.canvas(size="sedang")
    figures.bars(isi, "nama", "indeks", ax=ax, satuan="indeks_100", desimal=1, keadaan="keadaan")
    return fig


def aggregation_figure(frame: pd.DataFrame) -> Figure:
    """Peringkat tiap wilayah menurut agregasi, dihubungkan garis; yang tidak pernah diperingkat tidak digambar."""
    frame = frame.dropna(subset=[f"peringkat_{a}" for a in PEMBANDING], how="all")
    isi = _most(frame, "geser", "peringkat_aritmetik")
    fig, ax = _rank_axes(isi["label"])
    y = np.arange(len(isi))
    peringkat = isi[[f"peringkat_{a}" for a in PEMBANDING]].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    ax.hlines(y, np.nanmin(peringkat, axis=1), np.nanmax(peringkat, axis=1), color=WARNA["hilang"], lw=1.2, zorder=2)
    for k, agregasi in enumerate(PEMBANDING):
        # Yang lain berongga dan lebih besar, supaya tanda di bawahnya tetap terlihat bila peringkatnya sama.
        isian = {"ms": 4.5} if agregasi == "aritmetik" else {"ms": 7, "mfc": "none", "mew": 1.3}
        ax.plot(
            peringkat[:, k], y, _BENTUK[agregasi], color=WARNA[_WARNA_AGREGASI[agregasi]], zorder=3,
            label=fmt.pick(AGREGASI[agregasi]), **isian,
        )  # fmt: skip
    return _finish(fig, ax, frame, ncols=2)


def uncertainty_figure(frame: pd.DataFrame) -> Figure:
    """Kiri: sebaran peringkat menurut sumbernya. Kanan: bagian ragam peringkat dari sampel, metode, dan keduanya."""
    isi = _most(frame, "lebar_gabungan", "peringkat")
    fig, (ax, kanan) = figures.canvas(1, 2, size=(9.2, 8.4), width_ratios=[3, 2], sharey=True)
    _rank_axis(ax, isi["label"])
    y = np.arange(len(isi))
    rupa = {"sampel": ("realisasi", -0.24), "metode": ("sorot", 0.0), "gabungan": ("hilang", 0.24)}
    for sumber, (warna, geser) in rupa.items():
        batas = isi[[f"bawah_{sumber}", f"atas_{sumber}"]].to_numpy(dtype=float)
        ax.hlines(
            y + geser, batas[:, 0], batas[:, 1], color=WARNA[warna], lw=2.4, label=fmt.pick(SUMBER_SELANG[sumber])
        )
    ax.plot(isi["peringkat"].astype(float), y, "|", ms=9, mew=1.6, color="#222222", zorder=4)
    awal = np.zeros(len(isi))
    for (nama, sebutan), warna, arsir in zip(
        _BAGIAN.items(), ("realisasi", "sorot", "hilang"), ("", "///", ""), strict=True
    ):
        panjang = isi[nama].fillna(0).to_numpy(dtype=float)
        kanan.barh(
            y, panjang, 0.7, left=awal, color=WARNA[warna], hatch=arsir, edgecolor="white", label=fmt.pick(sebutan)
        )
        awal += panjang
    kanan.set_xlim(0, 100)
    kanan.set_xlabel(fmt.pick({"id": "bagian ragam peringkat (%)", "en": "share of rank variance (%)"}))
    kanan.grid(visible=False, axis="y")
    figures.legend_above(kanan, ncols=2)
    return _finish(fig, ax, frame, ncols=2)


def _most(frame: pd.DataFrame, ukuran: str, urut: str) -> pd.DataFrame:
    """Wilayah yang digambar: semuanya, atau yang ``ukuran``-nya terbesar bila terlalu banyak."""
    if len(frame) > BANYAK_DIGAMBAR:
        frame = frame.nlargest(BANYAK_DIGAMBAR, ukuran).sort_values(urut)
    return frame.reset_index(drop=True)


def _rank_axes(label: pd.Series) -> tuple[Figure, object]:
    fig, ax = figures.canvas(size=(8.0, 7.8))
    _rank_axis(ax, label)
    return fig, ax


def _rank_axis(ax, label: pd.Series) -> None:
    ax.set_yticks(range(len(label)), label, fontsize=8)
    ax.set_ylim(len(label) - 0.4, -0.6)
    ax.set_xlabel(fmt.pick({"id": "peringkat (1 = tertinggi)", "en": "rank (1 = highest)"}))
    ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
    ax.grid(visible=False, axis="y")


def _finish(fig: Figure, ax, frame: pd.DataFrame, ncols: int) -> Figure:
    pegangan, nama = ax.get_legend_handles_labels()
    if len(frame) > BANYAK_DIGAMBAR:
        sebut = {"id": "{a} yang paling berubah dari {b}", "en": "the {a} that move most of {b}"}
        pegangan.append(Line2D([], [], ls=""))
        nama.append(fmt.pick(sebut).format(a=fmt.angka(BANYAK_DIGAMBAR), b=fmt.angka(len(frame))))
    figures.legend_above(ax, [_named(p, n) for p, n in zip(pegangan, nama, strict=True)], ncols=ncols)
    if (frame["keadaan"] == "sintetis").any():
        figures.mark_synthetic(fig)
    return fig


def _named(pegangan, nama: str):
    pegangan.set_label(nama)
    return pegangan
