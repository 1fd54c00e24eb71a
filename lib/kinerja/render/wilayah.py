"""``kinerja render --notebook profil_wilayah --wilayah ...``: satu halaman setiap wilayah, dengan halaman daftarnya.

Angka wilayah, dan survei bila diberikan, dibuka dan dihitung sekali di proses induk. Setiap beberapa wilayah lalu
mendapat proses cabang sendiri, yang mewarisi semua itu, menjalankan notebook, dan menulis halamannya; induk hanya
memegang nama dan lamanya, sehingga memori tidak tumbuh bersama banyaknya wilayah. Laporannya folder tersendiri di
samping laporan tahunan, dengan jaminan yang sama: dibangun di samping, ditukar setelah utuh.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from kinerja import daerah, data, fmt, paths
from kinerja.berkas import parse_yaml
from kinerja.daerah import Place
from kinerja.errors import GalatParameter
from kinerja.istilah import term
from kinerja.kolom import complete
from kinerja.pilihan_berkas import SURVEI, TAHUN_BAKU
from kinerja.render import halaman, hangat, jalankan, pasang, ulang
from kinerja.render.halaman import Halaman
from kinerja.render.jalankan import Layar
from kinerja.render.laporan import HasilRender, clear_work, failed_folder, rule
from kinerja.render.rencana import Tugas, plan, read_parameters, read_value, select
from kinerja.tables import Tabel

NOTEBOOK = "profil_wilayah"

KELOMPOK = {"semua": "provinsi", "provinsi": "provinsi", "kabkota": "kabkota"}
"""Kata pada ``--wilayah`` -> tingkat yang semua wilayahnya dirender."""

_SEPROSES = 8
"""Halaman berurutan di satu proses: menyalin memori induk dibayar sekali, dan proses tidak sempat membesar."""

_TABEL = "wilayah"
_KE_DAFTAR = ("ipm", "kemiskinan", "pengangguran", "sekolah")


def is_single(wilayah: str) -> bool:
    """Apakah pilihan itu satu wilayah saja, yaitu sebuah parameter notebook biasa dan bukan kelompok."""
    return wilayah not in KELOMPOK and "," not in wilayah


def pick_survey(parameter: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Parameter survei di antara yang diminta; parameter lain tidak berlaku bagi kelompok wilayah (GalatParameter)."""
    lain = [nama for nama, _ in parameter if nama not in SURVEI]
    if lain:
        raise GalatParameter(
            f"Dengan --wilayah hanya parameter {', '.join(SURVEI)} yang berlaku, bukan {', '.join(lain)}."
        )
    jenis = read_parameters(select([NOTEBOOK])[NOTEBOOK])
    return {nama: read_value(nilai, jenis[nama]) for nama, nilai in parameter}


def render(
    tahun: int,
    wilayah: str,
    *,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
    bahasa: str = "id",
    jobs: int | None = None,
    out: Path | None = None,
    kode: bool = False,
    layar: Layar | None = None,
) -> HasilRender:
    """Render profil banyak wilayah dan halaman daftarnya, ke ``out`` atau ``reports/<tahun>-<wilayah>``.

    ``wilayah``: ``semua`` (34 provinsi), ``kabkota`` (514 kabupaten/kota), atau kode BPS dipisah koma. Survei seperti
    :func:`kinerja.simpanan.buka_ikesos`; ``mikro`` kosong: tanpa Ikesos. Selebihnya, juga kesalahannya, seperti
    :func:`kinerja.render.laporan.render`.
    """
    awal = time.perf_counter()
    jobs = jalankan.cores(jobs)
    sasaran = target(tahun, wilayah, out)
    pasang.check_target(sasaran)
    isi_data = data.load(tahun)
    with fmt.using(bahasa):
        survei = {"mikro": mikro, "kodebuku": kodebuku, "tahun_survei": tahun_survei, "lipat_papua": lipat_papua}
        semua, dasar = _prepare(isi_data, wilayah, survei)
        tugas = _tasks(tahun, semua, survei, bahasa)
        umum = {"tahun": tahun, "bahasa": bahasa, "kode": kode, "institusi": rule(isi_data, "nama_institusi"), **dasar}
        umum["masukan"] = dict(ulang.snapshot().proyek)
        with jalankan.stop_on_signals(), pasang.Bangunan(sasaran) as bangunan:
            jadi, gagal = _run_all(tugas, bangunan.folder, jobs, umum, layar or Layar())
            hasil = HasilRender(sasaran, selesai=list(jadi), gagal=gagal)
            _finish(bangunan.folder, [x for x in semua if _page(x) in jadi], jadi, gagal, umum, isi_data)
            with pasang.lock(sasaran.parent):
                if gagal:
                    hasil.folder = failed_folder(sasaran)
                    bangunan.install(hasil.folder)
                else:
                    bangunan.install()
    hasil.detik = time.perf_counter() - awal
    return hasil


def target(tahun: int, wilayah: str, out: Path | None = None) -> Path:
    """Folder hasil: ``out``, atau ``reports/<tahun>-<tingkat>``."""
    bawaan = paths.reports().joinpath(f"{tahun}-{KELOMPOK.get(wilayah, _TABEL)}")
    return (Path(out).absolute() if out else bawaan).resolve()


def _prepare(isi_data: data.Data, wilayah: str, survei: Mapping[str, Any]) -> tuple[list[Place], dict[str, Any]]:
    """Wilayah yang diminta; angka dan survei yang sudah dihitung sekali supaya cabang mewarisinya hangat."""
    from kinerja import profil_ikesos
    from kinerja.mikro import berkas_mikro

    isi_data.read_all()
    tingkat = KELOMPOK.get(wilayah)
    if tingkat:
        kode = sorted(daerah.series(isi_data, tingkat)["kode"].unique())
    else:
        kode = list(dict.fromkeys(x.strip() for x in wilayah.split(",") if x.strip()))
    if not kode:
        raise GalatParameter(f"Tidak ada wilayah yang diminta; --wilayah {wilayah} kosong.")
    tempat = [daerah.place(isi_data, x) for x in kode]
    for satu in daerah.TINGKAT:
        daerah.series(isi_data, satu)
    profil = [profil_ikesos.open_profile(isi_data, x, **survei) for x in kode]
    for dibuka, satu in {(x.survei, x.tingkat) for x in profil if x.survei is not None}:
        dibuka.ranking(satu)
        dibuka.published(satu)
    berkas = select([NOTEBOOK])[NOTEBOOK]
    hangat.warm([berkas])
    # Templat yang dimuat di sini terwaris oleh setiap cabang.
    halaman.convert(berkas, Tugas(NOTEBOOK, NOTEBOOK, berkas, ""), bahasa=fmt.language())
    mikro = berkas_mikro(survei["mikro"], survei["tahun_survei"]) if survei["mikro"] else ()
    dasar = {"tingkat": tingkat or "", "mikro": [{"nama": x.name, "sha256": pasang.sha256(x)} for x in mikro]}
    return tempat, dasar


def _tasks(tahun: int, semua: Sequence[Place], survei: Mapping[str, Any], bahasa: str) -> list[Tugas]:
    """Satu tugas per wilayah; parameternya diperiksa sekali, karena hanya kodenya yang berbeda."""
    isi = [("wilayah", semua[0].kode), *((k, v) for k, v in survei.items() if v)]
    pola = plan(tahun, notebook=[NOTEBOOK], parameter=isi, bahasa=bahasa)[0]
    return [
        replace(pola, halaman=_page(x), judul=_word("judul", bahasa).format(wilayah=x.nama),
                parameter={**pola.parameter, "wilayah": x.kode})
        for x in semua
    ]  # fmt: skip


def _page(tempat: Place) -> str:
    return f"{NOTEBOOK}-{tempat.kode}"


def _word(kunci: str, bahasa: str) -> str:
    return halaman.words()[bahasa][f"wilayah_{kunci}"]


def _run_all(
    tugas: Sequence[Tugas], folder: Path, jobs: int, umum: Mapping[str, Any], layar: Layar
) -> tuple[dict[str, float], list[tuple[str, str]]]:
    nama = [None, *((x.halaman, x.judul) for x in tugas), None]
    kerja = [
        (x.halaman, partial(_render_one, x, folder, (nama[i], nama[i + 2]), dict(umum))) for i, x in enumerate(tugas)
    ]
    jalan = partial(jalankan.run_side_by_side, seproses=_SEPROSES)
    jadi, gagal = jalankan.run_all(tugas, kerja, jobs, layar, jalan=jalan)
    urut = [x.halaman for x in tugas]
    return {x: round(jadi[x], 2) for x in urut if x in jadi}, [(x, gagal[x]) for x in urut if x in gagal]


def _render_one(
    x: Tugas, folder: Path, tetangga: tuple[tuple[str, str] | None, ...], umum: Mapping[str, Any]
) -> jalankan.Sel | None:
    os.environ["KINERJA_TANPA_PNG"] = "1"  # gambar setiap wilayah cukup SVG: PNG memakan sepertiga waktunya
    gagal = jalankan.execute(x, folder, hangat.run)
    if gagal is not None:
        return gagal
    salinan = jalankan.executed_path(folder, x.halaman)
    bahasa = umum["bahasa"]
    isi = halaman.convert(salinan, x, bahasa=bahasa, kode=umum["kode"])
    kepala = f'<p class="kicker">{escape(x.judul)}</p>'
    isi = Halaman(isi.nama, isi.judul, re.sub(r'<p class="kicker">.*?</p>', kepala, isi.isi, count=1))
    sebelum, sesudah = (Halaman(*y, "") if y else None for y in tetangga)
    kerangka = {"tahun": umum["tahun"], "halaman": isi, "semua": [isi], "sebelum": sebelum, "sesudah": sesudah}
    teks = halaman.render_template("halaman.html.j2", bahasa, judul=x.judul, isi=Markup(isi.isi), **kerangka)
    (folder / f"{x.halaman}.html").write_text(teks, "utf-8")
    salinan.unlink()
    for uraian in folder.glob(f"*/{x.halaman}-*.json"):  # bagi buku kerja dan PDF, yang tidak dibuat di sini
        uraian.unlink()
    return None


def _finish(
    folder: Path,
    semua: Sequence[Place],
    jadi: Mapping[str, float],
    gagal: Sequence[tuple[str, str]],
    umum: Mapping[str, Any],
    isi_data: data.Data,
) -> None:
    clear_work(folder, [nama for nama, _ in gagal])
    halaman.write_assets(folder)
    bahasa = umum["bahasa"]
    tabel = overview(isi_data, semua, umum)
    (folder / "tabel").mkdir(exist_ok=True)
    (folder / "tabel" / f"{_TABEL}.csv").write_text(tabel.to_csv(), "utf-8")
    isi = halaman.render_template(
        "wilayah.html.j2",
        bahasa,
        judul=_title(umum),
        tahun=umum["tahun"],
        institusi=term(umum["institusi"]),
        halaman=None,
        semua=(),
        tabel=_linked(tabel, semua),
        gagal=gagal,
    )
    (folder / "index.html").write_text(isi, "utf-8")
    catatan = {
        _page(x): {"notebook": NOTEBOOK, "judul": x.nama, "wilayah": x.kode, "detik": jadi[_page(x)]} for x in semua
    }
    pasang.write_manifest(folder, {**umum, "halaman": catatan})


def overview(isi_data: data.Data, semua: Sequence[Place], umum: Mapping[str, Any]) -> Tabel:
    """Tabel daftar wilayah yang halamannya jadi, yang ber-IPM tertinggi di atas."""
    kode, sumber = {x.kode: x.nama for x in semua}, set()
    bagian = []
    for tingkat in daerah.TINGKAT:
        angka = daerah.series(isi_data, tingkat)
        kini = daerah.position(angka[angka["tahun"] == daerah.aligned_year(angka, isi_data.tahun)])
        kini = kini[kini["kode"].isin(list(kode)) & kini["peran"].isin(_KE_DAFTAR)]
        sumber |= set(kini["sumber"])
        lebar = kini.pivot(index="kode", columns="peran", values="nilai").reindex(columns=list(_KE_DAFTAR))
        ipm = kini[kini["peran"] == "ipm"].set_index("kode")
        bagian.append(lebar.assign(peringkat=ipm["peringkat"], tahun=ipm["tahun"]))
    isi = pd.concat(bagian).rename_axis("wilayah").reset_index()
    isi.insert(1, "label", isi["wilayah"].map(kode))
    isi = isi.sort_values(["ipm", "wilayah"], ascending=[False, True], ignore_index=True)
    teks = parse_yaml(paths.teks(NOTEBOOK).read_text("utf-8"))["jawab"]
    asal = isi_data.source_line(daerah.TINGKAT.values(), fmt.pick({"id": "Sumber", "en": "Source"}), sumber)
    return Tabel.from_spec(isi, _TABEL, _overview_spec(teks), sumber=asal, judul_daftar=_title(umum), kapan="")


def _overview_spec(teks: Mapping[str, Any]) -> dict[str, Any]:
    """Uraian kolom daftar, dari kolom yang sama di halaman wilayah."""
    kaitan, kabkota, kedudukan = (complete(teks[x], NOTEBOOK)["kolom"] for x in ("kaitan", "kabkota", "kedudukan"))
    kolom = {k: kaitan.get(k) or kabkota[k] for k in _KE_DAFTAR}
    umum = {k: kedudukan[k] for k in ("peringkat", "tahun")}
    return {
        "judul": "{judul_daftar}",
        "kolom": {"label": teks["kabkota"]["kolom"]["nama"] | {"id": "Wilayah", "en": "Region"}, **kolom, **umum},
        "catatan": [{bahasa: _word("catatan", bahasa) for bahasa in fmt.BAHASA}],
    }


def _title(umum: Mapping[str, Any]) -> str:
    return f"{_word('daftar_' + (umum['tingkat'] or 'lain'), umum['bahasa'])} {umum['tahun']}"


def _linked(tabel: Tabel, semua: Sequence[Place]) -> Markup:
    """Tabel daftar sebagai HTML, dengan nama setiap wilayah menautkan halamannya."""
    alamat = {x.kode: _page(x) for x in semua}
    urut = iter(tabel.frame["wilayah"].map(alamat))
    isi = re.sub(
        r'(<th scope="row"[^>]*>)(.*?)(</th>)',
        lambda cocok: f'{cocok[1]}<a href="{escape(next(urut))}.html">{cocok[2]}</a>{cocok[3]}',
        tabel.to_html(gaya=False, mentah=True),
    )
    return Markup(isi)
