"""Menyiapkan tahun baru: templat, daftar periksa, dan kejanggalan."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from kinerja import capaian, cli, data, kewajaran, paths
from kinerja.data import templat
from kinerja.errors import GalatParameter
from kinerja.render import coba, rencana

ASAL = Path(__file__).parent / "lembaga_lain" / "data"
LALU, BARU = 2032, 2033


@pytest.fixture(scope="module")
def dasar(tmp_path_factory) -> Path:
    """Lembaga rekaan dan tahun barunya; dibuat sekali, disalin oleh tiap uji."""
    akar = tmp_path_factory.mktemp("dasar")
    shutil.copytree(ASAL, akar / "lembaga", ignore=shutil.ignore_patterns("processed", "reports"))
    with pytest.MonkeyPatch.context() as ganti:
        ganti.setenv("KINERJA_DATA", str(akar / "lembaga"))
        lalu = data.load(LALU)
        data.load(2031)
        shutil.copytree(akar / "lembaga", akar / "baru")
        templat.new_year(akar / "baru" / "raw", BARU, lalu)
    return akar


@pytest.fixture
def folder(dasar, tmp_path, monkeypatch) -> Path:
    """Salinan folder data lembaga rekaan; tahun-tahunnya rekaan."""
    shutil.copytree(dasar / "lembaga", tmp_path / "lembaga")
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "lembaga"))
    return tmp_path / "lembaga" / "raw"


@pytest.fixture
def baru(dasar, tmp_path, monkeypatch) -> Path:
    """Salinan folder itu dengan templat tahun baru."""
    shutil.copytree(dasar / "baru", tmp_path / "baru")
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "baru"))
    return tmp_path / "baru" / "raw"


def run(*argv: str) -> int:
    """Kode keluar perintah."""
    with pytest.raises(SystemExit) as keluar:
        cli.main(list(argv))
    return keluar.value.code or 0


def edit(raw: Path, berkas: str, lama: str, ganti: str) -> None:
    isi = (raw / berkas).read_text("utf-8")
    assert isi.count(lama) == 1, (lama, isi.count(lama))
    (raw / berkas).write_text(isi.replace(lama, ganti), "utf-8")


# Templat


def test_only_last_years_tables_have_a_template_and_all_load(baru):
    lalu = data.load(LALU)
    milik = [x for x in templat.year_tables() if lalu.has(x.nama)]
    assert sorted(x.stem for x in (baru / str(BARU)).glob("*.csv")) == sorted(x.nama for x in milik)
    for x in milik:
        isi = (baru / x.berkas(BARU)).read_text("utf-8").splitlines()
        assert isi[0] == ",".join(x.kolom)
        assert sum(baris.startswith(("# contoh:", '"# contoh:')) for baris in isi) == 1
        assert any("boleh kosong" in baris for baris in isi)
    d = data.load(BARU)
    # Templat yang belum disentuh adalah tabel yang belum diisi; yang dibawa dan targetnya sudah ada.
    assert set(d.tables) & {x.nama for x in templat.year_tables()} == {*templat.DIBAWA, "iku_nilai"} - {"iku_aturan"}


def test_targets_come_from_the_plan_and_realisations_are_missing(baru):
    iku = capaian.iku(data.load(BARU)).set_index("kode")
    assert iku.loc[["K01", "K03", "K08"], "target"].tolist() == [80, 23, 14]  # Renstra tahun ketiga
    assert iku["realisasi"].isna().all()
    assert set(iku["keadaan_realisasi"]) == {"tidak_tersedia"}


def test_nothing_is_overwritten(baru):
    sebelum = {x: x.read_bytes() for x in baru.rglob("*") if x.is_file()}
    with pytest.raises(GalatParameter, match="sudah ada.*tidak ada yang ditulis"):
        templat.new_year(baru, BARU, data.load(LALU))
    (baru / str(BARU + 1)).mkdir()
    (baru / str(BARU + 1) / "anggaran.csv").write_text("milik orang", "utf-8")
    with pytest.raises(GalatParameter, match="anggaran.csv sudah ada"):
        templat.new_year(baru, BARU + 1, data.load(LALU))
    assert {x: x.read_bytes() for x in sebelum} == sebelum
    assert [x.name for x in (baru / str(BARU + 1)).iterdir()] == ["anggaran.csv"]


def test_source_record_is_appended(baru):
    asli = (ASAL / "raw" / "sources.yml").read_text("utf-8")
    isi = (baru / "sources.yml").read_text("utf-8")
    assert isi.startswith(asli)
    assert kewajaran.unfinished_sources(data.load(BARU)) == [templat.source_id(BARU)]


def test_example_values_come_from_last_year(baru):
    isi = (baru / f"{BARU}/anggaran.csv").read_text("utf-8")
    assert "# contoh: total,dinas,pagu,2033-01-10,Dinas Air Bersih Kabupaten Rekaan,52000000000,rupiah" in isi


def test_checklist_names_every_table_and_the_references(baru):
    isi = (baru / f"{BARU}/{templat.DAFTAR_PERIKSA}").read_text("utf-8")
    assert "| [ ] `konteks` |" in isi and "`sdm`" not in isi  # tabel lembaga lain tidak disebut
    assert "- `K01` (Akses air): cara `rasio`, pembilang `konteks/rt_air`, penyebut `konteks/rt_total`" in isi


def test_first_year_starts_from_the_form(tmp_path, monkeypatch, capsys):
    (tmp_path / "baru" / "raw").mkdir(parents=True)
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "baru"))
    assert run("tahun-baru", "2040") == 2
    assert "lembaga-baru" in capsys.readouterr().err


@pytest.mark.parametrize("isi", ["# a", '"# a, b"', "#,,,,,,,,,"])
def test_comment_rows_are_skipped(folder, isi):
    berkas = folder / f"{LALU}/konteks.csv"
    sebelum = data.load(LALU)["konteks"]["nilai"].tolist()
    berkas.write_text(berkas.read_text("utf-8") + isi + "\n", "utf-8")
    assert data.load(LALU, folder)["konteks"]["nilai"].tolist() == sebelum


# Periksa


def test_exit_codes(folder, capsys, monkeypatch):
    monkeypatch.setattr(coba, "failures", lambda tugas: {})
    assert run("periksa", "--tahun", "2031") == 0
    assert "Dapat dirender: ringkasan, tren, keuangan, audit" in capsys.readouterr().out
    assert run("periksa", "--tahun", str(LALU)) == 1  # target tercapai tahun sebelumnya
    assert "Janggal (pembanding 2031)" in capsys.readouterr().out
    assert run("periksa", "--tahun", "2050") == 2
    edit(folder, "2031/anggaran.csv", ",48000000000,", ",48.000.00,")
    assert run("periksa", "--tahun", "2031") == 2
    assert "anggaran.csv" in capsys.readouterr().err


def test_empty_year_is_not_fine(folder, capsys):
    (folder / "2040").mkdir()
    assert run("periksa", "--tahun", "2040") == 1
    shutil.copy(folder / "2031/aturan.csv", folder / "2040")
    assert run("periksa", "--tahun", "2040") == 1
    assert capsys.readouterr().out.count("belum berisi") == 2


def test_what_cannot_be_computed_is_not_called_renderable(folder, capsys, monkeypatch):
    """Tabelnya sah satu per satu, tetapi ringkasan berhenti pada hitungannya: periksa menyebut kalimat yang sama."""
    edit(folder, "2031/iku.csv", "pH air,ph,rentang,", "pH air,ph,naik,")
    monkeypatch.setattr(rencana, "pages", lambda: ["ringkasan"])
    assert run("periksa", "--tahun", "2031") == 1
    keluar = capsys.readouterr().out
    assert "Dapat dirender: belum ada" in keluar
    assert "ringkasan gagal: IKU K05: arah 'naik' memerlukan 1 baris target, bukan 2." in keluar


def test_completeness_by_table(folder):
    lengkap = kewajaran.completeness(data.load(2031)).set_index("tabel")["status"]
    assert lengkap["anggaran"] == "lengkap" and "sdm" not in lengkap
    assert kewajaran.unfinished_sources(data.load(2031)) == []


JANGGAL = [
    (
        "anggaran.csv", ",52000000000,", ",52000,", "besar", "anggaran/total/dinas/pagu/2033-01-10",
        "Rp52.000; 2031: Rp48.000.000.000 (seper-923.077)",
    ),
    ("konteks.csv", "60000,rt", "60000,desa", "satuan", "konteks/rt_total", "satuan desa; 2031: rt"),
    (
        "iku_nilai.csv", "K01,target,tahun,,76,", "K01,target,tahun,,74,", "target_tercapai", "iku/K01",
        "target 74,00%; realisasi 2031: 75,00%",
    ),
    (
        "iku_nilai.csv", "K03,target,tahun,,24,", "K03,target,tahun,,23.5,", "target_tercapai", "iku/K03",
        "target 23,50%; realisasi 2031: 23,00%",
    ),
    ("konteks.csv", ",60000,rt", ",80000,rt", "penyebut", "konteks/rt_total", "80.000; 2031: 55.000 (+45,5%)"),
    (
        "iku_nilai.csv", "K08,realisasi,tahun,,9,", "K08,realisasi,tahun,,120,", "kali", "iku/K08",
        "realisasi 120 desa tepat 10 kali target 12 desa",
    ),
    (
        "iku_nilai.csv", "K03,realisasi,tahun,,24.6,", "K03,realisasi,tahun,,2.3,", "kali", "iku/K03",
        "realisasi 2,30% tepat sepersepuluh realisasi tahun lalu 23,00%",
    ),
    (
        "anggaran.csv", ",52000000000,", ",48000000,", "kali", "anggaran/total/dinas/pagu/2033-01-10",
        "Rp48.000.000 tepat seperseribu 2031: Rp48.000.000.000",
    ),
    (
        "anggaran.csv", ",50960000000,", ",509600000000,", "pagu", "anggaran/total/dinas/realisasi/2033-01-10",
        "realisasi Rp509.600.000.000 jauh di atas pagu Rp52.000.000.000",
    ),
    (
        "anggaran.csv", ",50960000000,", ",45600000000,", "salinan", "anggaran/total/dinas/realisasi/2033-01-10",
        "Rp45.600.000.000, sama sampai rupiahnya dengan 2031",
    ),
    (
        "anggaran.csv", "pagu,2033-01-10", "pagu,2023-01-10", "tanggal", "anggaran/total/dinas/pagu/2023-01-10",
        "10 Januari 2023 di luar tahun 2032",
    ),
    (
        "iku_nilai.csv", "tahun,,9,desa,", "tahun,,9,rt,", "satuan_baris", "iku_nilai/K08/realisasi/tahun",
        "satuan rt; satuan indikator K08: desa",
    ),
    (
        "iku_nilai.csv", "K11,realisasi,tahun,,31.5,", "K11,realisasi,tahun,,0.315,", "persen", "iku/K11",
        "realisasi 0,32% di samping yang lain puluhan; mungkin 31,50%",
    ),
    (
        "iku.csv", "Jumlah desa yang baru terlayani", "Jumlah desa ISI", "isi", "iku/K08",
        "kolom nama masih memuat ISI",
    ),
    ("iku.csv", "Nilai kepuasan pelanggan", "Kepuasan", "nama", "iku/K06", "nama 'Kepuasan'; 2031: 'Nilai kepuasan"),
]  # fmt: skip


@pytest.fixture(scope="module")
def temuan(dasar, tmp_path_factory) -> pd.DataFrame:
    """Kejanggalan semua kasus: satu salinan folder memuat paling banyak satu suntingan per baris dan satu di anggaran."""
    kelompok: list[dict] = []
    for berkas, lama, ganti, *_ in JANGGAL:
        isi = (ASAL / "raw" / str(LALU) / berkas).read_text("utf-8")
        baris = (berkas, 0 if berkas == "anggaran.csv" else isi[: isi.index(lama)].count("\n"))
        tujuan = next((x for x in kelompok if baris not in x), None)
        if tujuan is None:
            kelompok.append(tujuan := {})
        tujuan[baris] = (lama, ganti)
    semua = []
    for sunting in kelompok:
        akar = tmp_path_factory.mktemp("janggal") / "lembaga"
        shutil.copytree(dasar / "lembaga", akar)
        for (berkas, _), (lama, ganti) in sunting.items():
            edit(akar / "raw", f"{LALU}/{berkas}", lama, ganti)
        with paths.using(akar):
            semua.append(kewajaran.suspicions(data.load(LALU), data.load(2031)))
    return pd.concat(semua)


@pytest.mark.parametrize("kasus", JANGGAL, ids=lambda x: f"{x[3]}-{x[4]}")
def test_suspicions(temuan, kasus):
    *_, jenis, id_, uraian = kasus
    satu = temuan[(temuan["jenis"] == jenis) & (temuan["id"] == id_)]
    assert any(uraian in x for x in satu["uraian"]), temuan.to_string()


def test_nothing_suspicious_in_a_good_year(folder):
    assert kewajaran.suspicions(data.load(2031)).empty
    assert kewajaran.suspicions(data.load(LALU), data.load(2031))["jenis"].tolist() == ["target_tercapai"] * 2


def test_percent_outside_its_range(folder):
    edit(folder, "acuan/satuan.csv", "percent,pecahan,2,0,100", "percent,pecahan,2,,")
    edit(folder, f"{LALU}/iku_nilai.csv", "K11,realisasi,tahun,,31.5,", "K11,realisasi,tahun,,131.5,")
    temuan = kewajaran.suspicions(data.load(LALU)).set_index("jenis")["uraian"]
    assert temuan["persen"] == "realisasi 131,50% di luar 0 sampai 100"


@pytest.mark.parametrize(
    ("a", "b", "kata"),
    [
        (0.3, 0.03, "10 kali"),  # 0.03 * 10 dalam biner 0.3, 0.3 / 0.03 bukan 10
        (0.07, 7.0, "seperseratus"),
        (97.12, 0.09712, "1000 kali"),
        (100, 9.9, ""),
        (5, 5, ""),
        (0, 0, ""),
        (10, 0, ""),
        (-50, -5, "10 kali"),
    ],
)
def test_exact_multiples(a, b, kata):
    assert kewajaran.times(a, b) == kata


def test_removed_and_added_indicators(folder):
    edit(folder, f"{LALU}/bobot.csv", "K11,20,", "K12,20,")
    for berkas in ("iku.csv", "iku_nilai.csv"):
        isi = (folder / f"{LALU}/{berkas}").read_text("utf-8")
        (folder / f"{LALU}/{berkas}").write_text(isi.replace("K11", "K12"), "utf-8")
    temuan = kewajaran.suspicions(data.load(LALU), data.load(2031))
    assert {"iku/K11", "iku/K12"} <= set(temuan.loc[temuan["jenis"] == "indikator", "id"])
