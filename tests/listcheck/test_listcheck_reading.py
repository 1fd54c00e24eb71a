"""Daftar seperti yang benar-benar dikirim orang: ditolak dengan menyebut kolomnya, atau dibaca dengan benar."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import listcheck

IDS = listcheck.Digits(16, name="NIK")
A, B, C = "3171011708450001", "3273014101900002", "1101010101800003"
COLUMNS = list(listcheck.reading.PAYMENT_COLUMNS)


def paid(baris):
    return pd.DataFrame(baris, columns=COLUMNS)


def people(*nik):
    return pd.DataFrame({"id": list(nik), "region": [31] * len(nik)})


BIASA = [(A, "pkh", 4, 31, 100, 100, 0), (B, "bst", 4, 32, 100, 100, 0)]


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        (lambda x: x.astype("float64"), "NIK berjenis float64"),
        (lambda x: x.map(Decimal).astype(pd.ArrowDtype(pa.decimal128(18, 2))), "NIK berjenis decimal"),
        (lambda x: pd.to_datetime(x.astype("int64") // 10**6), "NIK berjenis timestamp"),
        (lambda x: x.astype("float64").map("{:.5E}".format), "berpangkat"),
        (lambda x: "'" + x, "tanda petik"),
        (lambda x: x + ".0", "berakhiran .0"),
    ],
)
@pytest.mark.parametrize("source", ["register", "payments"])
def test_nik_yang_rusak_oleh_jenisnya_ditolak(run, ubah, pesan, source):
    isi = {"register": people(A, B), "payments": paid(BIASA)}
    isi[source]["id"] = ubah(isi[source]["id"])
    with pytest.raises(listcheck.DataError, match=pesan) as galat:
        run(*isi.values())
    assert galat.value.source == source and galat.value.column == "id"


def test_nik_desimal_tanpa_pecahan_dibaca(run):
    isi = paid(BIASA)
    isi["id"] = isi["id"].map(Decimal).astype(pd.ArrowDtype(pa.decimal128(16, 0)))
    hasil = run(people(A), isi)
    assert hasil.loc[hasil["measure"] == "unregistered", ["program", "n"]].to_numpy().tolist() == [["bst", 1]]


def test_satu_nik_berpetik_di_antara_seratus_satu_adalah_temuan(run):
    nik = [f"317101170845{i:04d}" for i in range(1, 101)]
    isi = paid([(x, "pkh", 4, 31, 1, 1, 0) for x in [*nik, "'" + A]])
    hasil = run(people(*nik), isi)
    assert hasil.set_index("measure")["n"].get("id_not_digits") == 1


def test_nama_program_tanpa_memandang_huruf_besar_dan_spasi(run):
    isi = paid(
        [
            (A, " BST ", 4, 31, 1, 1, 0),
            (A, "PKH", 4, 31, 1, 1, 0),  # terlarang bersama BST
            (B, "Sembako Jabodetabek", 4, 31, 1, 1, 0),
            (B, "sembako-jabodetabek", 4, 31, 1, 1, 0),  # nama lain program yang sama: ganda
            (C, "Beras 2020", 4, 11, 1, 1, 0),
            (C, "beras2020 ", 5, 11, 1, 1, 0),
        ]
    )
    hasil = run(people(A, B, C), isi, programs=["pkh", "bst", "sembako_jabodetabek"])
    n = hasil[hasil["source"] == "payments"].groupby(["program", "measure"])["n"].sum()
    assert n["bst", "forbidden_pair"] == n["pkh", "forbidden_pair"] == 1
    assert n["sembako_jabodetabek", "duplicate"] == 2
    assert n["Beras 2020", "rows"] == 2


def test_wilayah_dan_bulan_asing_temuan_tersendiri(run):
    isi = paid(
        [
            (A, "pkh", 4, 99, 10, 10, 0),
            (A, "pkh", 13, 31, 10, 10, 0),
            (B, "pkh", 4, 97, 10, 10, 0),
            (C, "pkh", None, None, 10, 10, 0),  # tidak diisi: bukan asing
        ]
    )
    daftar = people(A, B, C)
    daftar["region"] = [31, 99, 98]
    hasil = run(daftar, isi)
    asing = hasil[hasil["measure"].isin(["unknown_region", "invalid_period"])][
        ["source", "period", "region", "measure", "n"]
    ]
    assert sorted(asing.to_numpy().tolist()) == [
        ["payments", 4, 99, "unknown_region", 1],
        ["payments", 13, 31, "invalid_period", 1],
        ["register", 0, 98, "unknown_region", 1],
        ["register", 0, 99, "unknown_region", 1],
    ]


@pytest.mark.parametrize("bulan", [[202004, 202004], ["202004", "202004"], [4, 202004], [4.0, 202004.0]])
def test_bulan_yyyymm_satu_tahun(run, bulan):
    isi = paid([(A, "pkh", 4, 31, 1, 1, 0)] * 2).assign(period=bulan)
    hasil = run(people(A), isi)
    assert hasil.loc[hasil["measure"] == "duplicate", ["period", "n"]].to_numpy().tolist() == [[4, 2]]
    assert "invalid_period" not in set(hasil["measure"])


def test_bulan_yyyymm_dua_tahun_tidak_tercampur(run):
    isi = paid([(A, "pkh", b, 31, 1, 1, 0) for b in (202004, 202104, 202104)])
    hasil = run(people(A), isi)
    assert hasil.loc[hasil["measure"] == "duplicate", ["period", "n"]].to_numpy().tolist() == [[202104, 2]]
    isi.loc[0, "period"] = 4
    isi.loc[3] = (B, "pkh", 202204, 31, 1, 1, 0)
    with pytest.raises(listcheck.DataError, match="bercampur YYYYMM"):
        run(people(A), isi)


def test_bulan_jarang_tidak_memakan_kolom_bit(run):
    """Dari 1 sampai dua miliar: tetap satu kolom bit, dan ganda di setiap ujungnya ditemukan."""
    bulan = [1, 12, 20_200_412, 2_000_000_000]
    isi = paid([(A, p, b, 31, 1, 1, 0) for p in ("pkh", "sembako") for b in bulan for _ in range(2)])
    hasil = run(people(A), isi)
    ganda = hasil[hasil["measure"] == "duplicate"].set_index(["program", "period"])["n"].to_dict()
    assert ganda == {(p, b): 2 for p in ("pkh", "sembako") for b in bulan}


def test_bulan_yang_ternyata_bukan_bulan_ditolak(run):
    isi = paid([(A, "pkh", b, 31, 1, 1, 0) for b in range(1, 400)])
    with pytest.raises(listcheck.DataError, match="bulan berlainan"):
        run(people(A), isi)


def test_sebanyak_banyaknya_program_dan_bulan(run):
    """Delapan program selama sepuluh tahun dihitung dengan 16 kolom bit; sembilan ditolak."""
    bulan = [t * 100 + b for t in range(2011, 2021) for b in range(1, 13)]

    def daftar(banyak):
        return paid(
            [(A, f"p{i}", b, 31, 1, 1, 0) for i in range(banyak) for b in bulan] + [(A, "p3", 201506, 31, 1, 1, 0)]
        )

    hasil = run(people(A), daftar(8))
    ganda = hasil.loc[hasil["measure"] == "duplicate", ["program", "period", "n"]]
    assert ganda.to_numpy().tolist() == [["p3", 201506, 2]]
    with pytest.raises(listcheck.DataError, match="9 program dan 120 bulan"):
        run(people(A), daftar(9))


@pytest.mark.parametrize("nama", ["period=04", "period=4", "period=202004"])
def test_folder_hive(run, tmp_path, nama):
    for program in ("PKH", "bst"):
        folder = tmp_path / "payments" / f"program={program}" / nama
        folder.mkdir(parents=True)
        paid([(A, "", 0, 31, 1, 1, 0)]).drop(columns=["program", "period"]).to_parquet(folder / "a.parquet")
    hasil = run(people(A))
    rangkap = hasil[hasil["measure"] == "forbidden_pair"][["program", "period", "n"]]
    assert sorted(rangkap.to_numpy().tolist()) == [["bst", 4, 1], ["pkh", 4, 1]]


def test_bilangan_yang_ditulis_pandas_sebagai_pecahan(run):
    isi = paid(BIASA).astype({"region": "float64", "paid": "float64"})
    isi.loc[1, ["region", "paid"]] = np.nan
    hasil = run(people(A, B), isi)
    baris = hasil[(hasil["source"] == "payments") & (hasil["measure"] == "rows")]
    assert baris[["region", "amount"]].to_numpy().tolist() == [[0, 0], [31, 100]]
    isi.loc[0, "paid"] = 100.5
    with pytest.raises(listcheck.DataError, match="isi '100.5'"):
        run(people(A, B), isi)


def test_aturan_yang_dilanggar_seluruh_daftar_adalah_tentang_berkasnya(run):
    isi = paid([(f"x{i}", "pkh", 4, 31, 1, 0, 0) for i in range(40)])
    hasil = run(people(A, B), isi)
    temuan, berkas = listcheck.split_file_faults(hasil, IDS)
    assert berkas == [("payments", "undisbursed", 40), ("payments", "id_not_digits", 40)]
    assert not {"undisbursed", "id_not_digits"} & set(temuan.loc[temuan["source"] == "payments", "measure"])


def test_semua_nik_cacat_dengan_cara_berbeda_tetap_tentang_berkas(run):
    isi = paid([("x", "pkh", 4, 31, 1, 1, 0), ("", "pkh", 5, 31, 1, 1, 0), (A, "pkh", 6, 31, 1, 1, 0)])
    temuan, berkas = listcheck.split_file_faults(run(people(A), isi[:2]), IDS)
    assert berkas == [("payments", "id", 2)] and set(temuan["measure"]) == {"rows", "used"}
    temuan, berkas = listcheck.split_file_faults(run(people(A), isi), IDS)
    assert berkas == [] and {"id_empty", "id_not_digits"} <= set(temuan["measure"])
