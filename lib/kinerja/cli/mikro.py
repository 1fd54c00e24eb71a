"""Perintah ``mikro`` (survei sintetis), ``ikesos``, dan ``kodebuku periksa``; menulis hasil survei ke satu folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import fmt, paths
from kinerja.berkas import write_whole
from kinerja.errors import GalatKinerja, GalatParameter

if TYPE_CHECKING:
    import pandas as pd

    from kinerja.ikesos import SiapIkesos
    from kinerja.wilayah import Regions

TANDA_SINTETIS = "SINTETIS: dihitung dari survei karangan, bukan taksiran tentang Indonesia."
PENUH = 1 - 1e-9
"""Bagian bobot di bawah ini disebut di layar."""

_DIBUAT = dt.datetime(2000, 1, 1)
_URUTAN_TINGKAT = ("nasional", "daerah", "kelamin", "provinsi", "kabkota")


kodebuku = typer.Typer(help="Kodebuku: dari variabel survei ke indikator.", no_args_is_help=True)

BerkasMikro = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="BERKAS",
        help="Data mikro (.csv, .parquet, .dta, .sav); boleh diulang: anggota rumah tangga dahulu, lalu belahan lain, "
        "rumah tangga, dan konsumsi. Bawaan: survei sintetis kecil.",
    ),
]
TahunSurvei = Annotated[
    int | None, typer.Option("--tahun", help="Gelombang Susenas; bawaan: dikenali dari nama kolomnya.")
]
BerkasKodebuku = Annotated[
    Path | None, typer.Option(help="Kodebuku sendiri. Bawaan: data/raw/acuan/susenas/kodebuku-<tahun>.csv.")
]


def mikro(
    tahun: Annotated[int | None, typer.Option(help="Gelombang Susenas, 2018 sampai 2024; bawaan 2020.")] = None,
    format: Annotated[str, typer.Option(help="csv, parquet, dta, sav, atau dbf.")] = "parquet",
    out: Annotated[Path | None, typer.Option(help="Folder; bawaan: di dalam data/processed/mikro.")] = None,
    ukuran: Annotated[str, typer.Option(help="kecil (sekitar 25 ribu orang) atau penuh (1,2 juta).")] = "kecil",
    benih: Annotated[int | None, typer.Option(help="Benih; benih yang sama memberi data yang sama.")] = None,
    provinsi: Annotated[
        list[int] | None, typer.Option(metavar="KODE", help="Hanya provinsi ini; boleh diulang. Bawaan: semua.")
    ] = None,
) -> None:
    """Tulis survei sintetis berbentuk Susenas satu gelombang, berbenih, dan kebenarannya ke kebenaran.csv."""
    from kinerja import mikro as m

    tahun = m.TAHUN_BAKU if tahun is None else tahun
    benih = m.BENIH_BAKU if benih is None else benih
    pilihan = tuple(provinsi or ())
    folder = m.folder_sintetis(tahun, ukuran, benih, pilihan) if out is None else out
    with writing(folder):
        berkas, survei = m.tulis_sintetis(tahun, ukuran, benih=benih, provinsi=pilihan, format=format, folder=folder)
    typer.echo(
        f"Susenas {tahun} sintetis: {fmt.angka(survei.n)} orang, {fmt.angka(survei.responden.p.r)} rumah tangga, "
        f"{len(survei.kebenaran)} nilai ditanam, di {paths.short(folder)}"
    )
    for satu in berkas:
        typer.echo(f"  {satu.name}")


def ikesos(
    mikro: BerkasMikro = None,
    tahun: TahunSurvei = None,
    kodebuku: BerkasKodebuku = None,
    out: Annotated[Path, typer.Option(help="Folder hasil.")] = Path("ikesos"),
    agregasi: Annotated[
        str, typer.Option(help="Misalnya geometrik; nama yang tidak dikenal ditolak dengan daftar pilihannya.")
    ] = "aritmetik",
    bobot: Annotated[
        list[str] | None, typer.Option("-b", "--bobot", metavar="KODE=NILAI", help="Misalnya KD=2 atau rt/KD=2.")
    ] = None,
    definisi: Annotated[
        list[str] | None, typer.Option(metavar="SASARAN=BUTIR", help="Definisi sasaran lain, misalnya rt=rt_bansos.")
    ] = None,
    tidak_pasti: Annotated[str, typer.Option(help="Sel kerangka yang tidak pasti: berlaku atau tidak.")] = "berlaku",
    psu_tunggal: Annotated[
        str, typer.Option(help="Strata ber-PSU tunggal: fail, adjust, average, certainty, remove.")
    ] = "fail",
    n_minimum: Annotated[int, typer.Option(help="Hasil dengan responden lebih sedikit ditahan.")] = 30,
    dasar: Annotated[
        str, typer.Option(help="Wilayah diperingkat atas indikator yang sama, atau atas yang tersedia: sama, tersedia.")
    ] = "sama",
    ambang_bobot: Annotated[
        float, typer.Option(help="Ikesos yang bersandar pada bagian bobot lebih kecil tidak diterbitkan (0 sampai 1).")
    ] = 0.4,
    lipat_papua: Annotated[
        bool, typer.Option("--lipat-papua", help="Lipat provinsi Papua hasil pemekaran 2022 ke 34 provinsi lama.")
    ] = False,
) -> None:
    """Hitung Ikesos dari berkas survei: tabel tiap tingkat wilayah dengan galat baku, dan apa yang tidak terhitung."""
    from kinerja import data, kerahasiaan
    from kinerja import ikesos as modul
    from kinerja.ikesos import periksa
    from kinerja.mikro import muat
    from kinerja.wilayah import Regions

    angka_bobot = {kode: _number(kode, nilai) for kode, nilai in pairs(bobot, "bobot").items()}
    m = muat(list(mikro or []), kodebuku, tahun)
    d = data.load(paths.last_year())
    wilayah = Regions.of(d, m.keadaan)
    kerangka = modul.Kerangka.susun(
        d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], m.kodebuku, tidak_pasti=tidak_pasti
    )
    siap = modul.siapkan(
        m.bingkai,
        m.kodebuku,
        kerangka,
        keadaan=m.keadaan,
        catatan=m.catatan,
        definisi=pairs(definisi, "definisi"),
        psu_tunggal=psu_tunggal,
        n_minimum=n_minimum,
        ambang_bobot=ambang_bobot,
        lipat=wilayah if lipat_papua else None,
    )
    tabel = {
        t: siap.hitung(t, bobot=angka_bobot, agregasi=agregasi, simpul="semua", dasar=dasar)
        for t in _URUTAN_TINGKAT
        if t in siap.tingkat
    }
    tabel = kerahasiaan.tahan_tabel(tabel | {"sandaran": siap.sandaran()}, minimum=n_minimum)
    diperiksa = periksa.periksa_berkas(m.bingkai, m.kodebuku, minimum=n_minimum)
    tabel["penduduk"] = diperiksa.butir.assign(keadaan=m.keadaan)
    if not m.sintetis:
        tabel["bps"] = diperiksa.bps
    tabel, tanpa_nama = beri_nama(tabel, wilayah)
    catatan = [*_notes(siap, m.nama, agregasi, angka_bobot, tabel), *tanpa_nama]
    # penunjuk rumah tangga, strata, dan PSU menurut kodebuku tidak boleh ada di hasil
    butir = filter(None, map(m.kodebuku.rancangan, ("ruta", "strata", "psu")))
    pengenal = {nama for satu in butir for nama in satu.nama_variabel}
    with writing(out):
        tulis_tabel(out, tabel, catatan, minimum=n_minimum, pengenal=pengenal)
    banding = [] if m.sintetis else periksa.laporan_bps(diperiksa.bps)
    for baris in [*_national_lines(tabel["nasional"]), *catatan, *banding]:
        typer.echo(baris)
    typer.echo(f"{len(tabel)} tabel CSV dan ikesos.xlsx di {paths.short(out)}")


@kodebuku.command("periksa")
def periksa_kodebuku(
    mikro: BerkasMikro = None,
    tahun: TahunSurvei = None,
    kodebuku: BerkasKodebuku = None,
    out: Annotated[Path | None, typer.Option(help="Tulis juga ketiga tabelnya sebagai CSV di folder ini.")] = None,
) -> None:
    """Periksa kodebuku terhadap berkas: label, kode, isian kosong, dan angka terbitan BPS di samping angka berkas."""
    from kinerja.ikesos import periksa as p
    from kinerja.mikro import muat

    m = muat(list(mikro or []), kodebuku, tahun)
    hasil = p.periksa_berkas(m.bingkai, m.kodebuku)
    typer.echo(f"Data: {m.nama}; kodebuku: {m.kodebuku.nama}." + (f" {TANDA_SINTETIS}" if m.sintetis else ""))
    for baris in p.laporan(hasil):
        typer.echo(baris)
    if out is not None:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            for nama in ("butir", "variabel", "bps"):
                _write_csv(out / f"periksa-{nama}.csv", getattr(hasil, nama))
        typer.echo(f"3 tabel CSV di {paths.short(out)}")


def beri_nama(tabel: Mapping[str, pd.DataFrame], wilayah: Regions) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Tambahkan kolom ``nama_wilayah`` di ujung tabel provinsi dan kabkota, dan kalimat tentang kode tanpa nama."""
    kode = {t: tabel[t][t].astype(str).tolist() for t in ("provinsi", "kabkota") if t in tabel}
    nama = {t: tabel[t].assign(nama_wilayah=[wilayah.name(k, penuh=True) for k in x]) for t, x in kode.items()}
    kalimat = wilayah.note([k for x in kode.values() for k in x])
    return {**tabel, **nama}, [kalimat] if kalimat else []


def _notes(
    siap: SiapIkesos, nama: str, agregasi: str, bobot: Mapping[str, float], tabel: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Yang harus menyertai tabel: asal data, tanda sintetis, cara hitung, sandaran, dan yang tidak terhitung."""
    isi = [f"Data: {nama}; kodebuku: {siap.kodebuku.nama}."]
    if siap.keadaan == "sintetis":
        isi.insert(0, TANDA_SINTETIS)
    ubahan = "; ".join(f"{k} = {fmt.angka(v, 4).rstrip('0').rstrip(',')}" for k, v in bobot.items())
    isi.append(f"Agregasi {agregasi}; bobot sama di setiap simpul" + (f", kecuali {ubahan}." if ubahan else "."))
    isi.append(
        f"Hasil dengan kurang dari {siap.n_minimum} responden atau RSE di atas 50% ditahan (aturan suite ini); "
        "RSE 25-50% ditandai hati-hati. Banyaknya responden sel itu juga tidak ditulis, dan sel lain ikut ditahan "
        "bila yang tertahan dapat dihitung dari jumlahnya, atau dari indeks dan bagian-bagiannya yang terbit."
    )
    isi += siap.keterangan
    isi += [_basis_note(t, satu) for t, satu in tabel.items() if t in siap.tingkat and len(satu) and t != "nasional"]
    ringkasan = siap.ringkasan_sandaran()
    for baris in ringkasan.to_dict("records"):
        siapa = "Seluruhnya" if baris["sasaran"] == "semua" else siap.kerangka.sasaran[baris["sasaran"]]
        isi.append(
            f"{siapa}: {baris['tersedia']} dari {baris['dipakai']} indikator tersedia, "
            f"{fmt.persen(100 * baris['bagian_bobot'])} bobot" + (f" ({baris['sebab']})." if baris["sebab"] else ".")
        )
    s = siap.sandaran()
    tiada = ringkasan.loc[ringkasan["sebab"] != "", "sasaran"]  # sebabnya sudah disebut sekali bagi seluruh kelompok
    kurang = s[s["dipakai"] & ~s["tersedia"] & ~s["sasaran"].isin(tiada)]
    for (indikator, sebab), baris in kurang.groupby(["indikator", "sebab"], sort=False):
        sasaran = ", ".join(baris["sasaran"])
        isi.append(f"Tidak tersedia: {indikator} {baris['nama'].iloc[0]} ({sasaran}): {sebab}.")
    return isi


def _basis_note(tingkat: str, tabel: pd.DataFrame) -> str:
    """Atas bagian bobot berapa wilayah satu tingkat diperingkat, dan berapa yang dasarnya berbeda."""
    puncak = tabel[tabel["jenis"] == "indeks"]
    ada = puncak[puncak["peringkat"].notna()]
    if ada.empty:
        return f"Tingkat {tingkat}: tidak satu pun Ikesos diperingkat."
    bobot = ada["bagian_bobot"].astype(float)
    rentang = fmt.persen(100 * bobot.min())
    if bobot.max() - bobot.min() > 1 - PENUH:
        rentang += f" sampai {fmt.persen(100 * bobot.max())}"
    beda = int(puncak["keterangan"].str.contains("dasar berbeda").sum())
    return (
        f"Tingkat {tingkat}: {len(ada)} dari {len(puncak)} Ikesos diperingkat, bersandar pada {rentang} bobot; "
        f"{beda} berdasar berbeda (kolom keterangan)."
    )


def _national_lines(nasional: pd.DataFrame) -> list[str]:
    """Indeks nasional di layar."""
    isi = nasional[nasional["jenis"].isin(["indeks", "sasaran"])]
    kelompok = ", ".join(isi.loc[(isi["jenis"] == "sasaran") & isi["dipakai"], "nama"])
    hasil = []
    for baris in isi.to_dict("records"):
        if baris["tanda"] in ("tidak tersedia", "ditahan"):
            sebab = f" ({baris['keterangan']})" if baris["keterangan"] else ""
            hasil.append(f"{baris['nama']}: {baris['tanda']}{sebab}")
        else:
            selang = f"{fmt.angka(baris['bawah'], 2)} sampai {fmt.angka(baris['atas'], 2)}"
            sandaran = f"; bersandar pada {fmt.persen(100 * baris['bagian_bobot'])} bobot"
            sandaran += f": {kelompok}" if baris["jenis"] == "indeks" else ""
            hasil.append(
                f"{baris['nama']}: {fmt.angka(baris['nilai'], 2)} (selang 95%: {selang}; n {fmt.angka(baris['n'])}"
                f"{sandaran if baris['bagian_bobot'] < PENUH else ''})"
            )
    return hasil


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Folder yang tidak dapat ditulis menjadi satu kalimat."""
    try:
        yield
    except OSError as galat:
        raise GalatKinerja(f"Folder {folder} tidak dapat ditulis: {galat.strerror or galat}.") from galat


def tulis_tabel(
    folder: Path,
    tabel: Mapping[str, pd.DataFrame],
    catatan: Sequence[str],
    *,
    awalan: str = "ikesos",
    judul: str = "Ikesos dari data mikro",
    minimum: int = 30,
    pengenal: Iterable[str] = (),
) -> None:
    """Tulis ``<awalan>-<nama>.csv`` (tanpa pembulatan), ``catatan.txt``, dan ``<awalan>.xlsx`` berisi semuanya.

    Semua tabel diperiksa lebih dahulu dengan :func:`kinerja.kerahasiaan.amankan`; satu saja yang memuat kolom
    pengenal, tidak ada yang ditulis.
    """
    import xlsxwriter

    from kinerja import kerahasiaan

    tabel = {nama: kerahasiaan.amankan(isi, minimum=minimum, pengenal=pengenal) for nama, isi in tabel.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for nama, isi in tabel.items():
        _write_csv(folder / f"{awalan}-{nama}.csv", isi)
    write_whole(folder / "catatan.txt", "\n".join(catatan) + "\n")
    pilihan = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(folder / f"{awalan}.xlsx"), pilihan) as buku:
        buku.set_properties({"title": judul, "created": _DIBUAT})
        tebal = buku.add_format({"bold": True})
        buku.add_worksheet("catatan").write_column(0, 0, catatan)
        for nama, isi in tabel.items():
            lembar = buku.add_worksheet(nama[:31])
            lembar.write_string(0, 0, catatan[0])
            lembar.freeze_panes(2, 0)
            lembar.write_row(1, 0, isi.columns, tebal)
            for j, (_, kolom) in enumerate(isi.items()):
                lembar.write_column(2, j, kolom.astype(object).where(kolom.notna(), None))


def _write_csv(berkas: Path, isi: pd.DataFrame) -> None:
    """Tulis CSV; teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal."""
    from kinerja.tables import is_formula_like

    hasil = isi.copy()
    for kolom in hasil.select_dtypes(["object", "string"]):
        jahat = {x: f"'{x}" for x in hasil[kolom].dropna().unique() if isinstance(x, str) and is_formula_like(x)}
        if jahat:
            hasil[kolom] = hasil[kolom].replace(jahat)
    hasil.to_csv(berkas, index=False, lineterminator="\n")


def pairs(isi: Sequence[str] | None, apa: str) -> dict[str, str]:
    """Isian ``NAMA=NILAI`` menurut namanya."""
    hasil = {}
    for satu in isi or ():
        kode, pemisah, nilai = satu.partition("=")
        if not (pemisah and kode.strip() and nilai.strip()):
            raise GalatParameter(f"Isi {apa} '{satu}' harus berbentuk NAMA=NILAI.")
        hasil[kode.strip()] = nilai.strip()
    return hasil


def _number(kode: str, nilai: str) -> float:
    try:
        return float(nilai.replace(",", "."))
    except ValueError:
        raise GalatParameter(f"Bobot '{kode}' harus angka, bukan '{nilai}'.") from None
