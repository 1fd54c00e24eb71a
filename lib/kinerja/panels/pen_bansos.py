"""Bingkai tabel, bacaan, dan kendali notebook ``pen_bansos``; angka dari :mod:`kinerja.bansos`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure

from kinerja import bansos, fmt
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.istilah import code_name, term, translate
from kinerja.keluaran import to_png
from kinerja.panels import gambar_pen
from kinerja.panels.ringkasan import finance_source

TIDAK_BERLAKU = fmt.TIDAK_BERLAKU
"""Tanda BPS untuk sel yang memang tidak berisi, misalnya kilogram pada bantuan tunai."""

ORANG_TERBANYAK = 10
"""Banyaknya orang per komponen yang dapat dipilih di kalkulator."""

_JUMLAH = {
    "jumlah_tercetak": {"id": "Jumlah rupiah tercetak", "en": "Total of printed rupiah"},
    "jumlah_dengan_turunan": {"id": "Jumlah dengan yang diturunkan", "en": "Total with derived rupiah"},
}
_LANGKAH = {
    "belanja_bansos": {"id": "Belanja bansos", "en": "Social assistance spending"},
    "sisa": {"id": "Sisa", "en": "Remainder"},
}


# Bingkai tabel --------------------------------------------------------------------------------------------------------


def chosen(d: Data, program: str = bansos.SEMUA, periode: str = bansos.SEMUA) -> pd.DataFrame:
    """Penyaluran menurut pilihan; lihat :func:`kinerja.bansos.select`."""
    return bansos.select(bansos.disbursements(d), program, periode)


def disbursement_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Penyaluran dengan sebutan program dan periode; nilai bantuan yang tidak berlaku bertanda "–"."""
    hasil = _named(frame)
    hasil["nilai_aturan_teks"] = [TIDAK_BERLAKU if fmt.is_missing(x) else "" for x in hasil["nilai_aturan"]]
    return hasil


def total_table(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`kinerja.bansos.totals` dengan sebutan; yang tidak berlaku bertanda "–"."""
    hasil = translate(bansos.totals(frame), "nama_program")
    hasil["nama_program"] = [
        fmt.pick(_JUMLAH[k]) if k in _JUMLAH else n
        for k, n in zip(hasil["program"], hasil["nama_program"], strict=True)
    ]
    for kolom in ("penyaluran", "kpm_penyaluran", "kpm_terbanyak", "rata_rata_per_kpm"):
        hasil[f"{kolom}_teks"] = [TIDAK_BERLAKU if jumlah else "" for jumlah in hasil["menonjol"]]
    hasil["kg_teks"] = [TIDAK_BERLAKU if fmt.is_missing(x) else "" for x in hasil["kg"]]
    return hasil


def coverage_table(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`kinerja.bansos.coverage_summary` dengan sebutan."""
    hasil = translate(bansos.coverage_summary(frame), "nama_program")
    for kolom in ("periode_terendah", "periode_tertinggi"):
        hasil[kolom] = [gambar_pen.period_name(k) if k else "" for k in hasil[kolom]]
    return hasil


def cumulative_table(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`kinerja.bansos.cumulative` dengan sebutan."""
    return translate(bansos.cumulative(frame), "nama_program")


def rate_table(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`kinerja.bansos.rate_summary` dengan sebutan; program yang tidak diuji bertanda "–"."""
    hasil = translate(bansos.rate_summary(frame), "nama_program")
    hasil["tidak_diuji"] = [TIDAK_BERLAKU if n == 0 else "" for n in hasil["diuji"]]
    return hasil


def payment_table(frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`kinerja.bansos.rate_check` dengan sebutan."""
    return _named(bansos.rate_check(frame))


def form_table(d: Data) -> pd.DataFrame:
    """Bentuk bantuan per tahap di samping penyalurannya; tanpa baris bila tabel ``pen_bentuk`` tidak diisi."""
    salur = _named(bansos.disbursements(d))
    if not d.has("pen_bentuk"):
        return salur.assign(bentuk="").head(0)
    bentuk = d["pen_bentuk"][["program", "tahap", "bentuk"]].rename(columns={"tahap": "urutan"})
    hasil = salur.merge(bentuk, on=["program", "urutan"])
    return hasil.assign(bentuk=[code_name(x) for x in hasil["bentuk"]])


def second_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.bansos.second_source` dengan sebutan."""
    return translate(bansos.second_source(d), "nama_program")


def reconciliation_table(d: Data, ukuran: str = "realisasi") -> pd.DataFrame:
    """:func:`kinerja.bansos.reconcile` dengan sebutan; baris pertama dan terakhir ditonjolkan."""
    hasil = translate(bansos.reconcile(d, ukuran), "nama_program")
    hasil["nama_program"] = [
        fmt.pick(_LANGKAH[k]) if k in _LANGKAH else n
        for k, n in zip(hasil["langkah"], hasil["nama_program"], strict=True)
    ]
    return hasil.assign(menonjol=hasil["langkah"].isin(_LANGKAH))


def component_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.bansos.pkh_components` dengan sebutan; komponen yang nilainya tidak berubah bertanda "–"."""
    hasil = translate(bansos.pkh_components(d), "nama")
    hasil["semula_teks"] = [TIDAK_BERLAKU if fmt.is_missing(x) else "" for x in hasil["per_tahun_semula"]]
    return hasil


def pkh_payment_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.bansos.pkh_payments` dengan sebutan."""
    hasil = bansos.pkh_payments(d)
    hasil["nama_periode"] = [gambar_pen.period_name(k) for k in hasil["periode"]]
    return hasil.assign(nama_masa=[gambar_pen.period_kind(m) for m in hasil["masa"]])


def rise_table(d: Data) -> pd.DataFrame:
    """:func:`kinerja.bansos.pkh_rise` dengan sebutan."""
    hasil = bansos.pkh_rise(d)
    return hasil.assign(nama_masa=[gambar_pen.period_kind(m) for m in hasil["masa"]])


def family_table(bantuan: bansos.BantuanPKH) -> pd.DataFrame:
    """Rincian komponen satu keluarga, jumlahnya sebelum batas, dan yang diterima setelah batas."""
    rincian = translate(bantuan.rincian, "nama")
    tepi = pd.DataFrame(
        {
            "nama": [
                fmt.pick({"id": "Jumlah sebelum batas", "en": "Sum before limits"}),
                fmt.pick({"id": "Diterima setelah batas", "en": "Paid after limits"}),
            ],
            "orang": int(rincian["orang"].sum()),
            "dihitung": int(rincian["dihitung"].sum()),
            "jumlah": [bantuan.sebelum_batas, bantuan.per_tahun],
            "jumlah_bulan": [bantuan.sebelum_batas_bulan, bantuan.per_bulan],
        }
    )
    hasil = pd.concat([rincian.assign(menonjol=False), tepi.assign(menonjol=True)], ignore_index=True)
    return hasil.astype({"jumlah": "Int64", "jumlah_bulan": "Int64"})


def year_table(d: Data, bantuan: bansos.BantuanPKH) -> pd.DataFrame:
    """:func:`kinerja.bansos.pkh_benefit_year` dengan sebutan bacaan."""
    hasil = bansos.pkh_benefit_year(d, bantuan)
    return hasil.assign(nama_bacaan=[gambar_pen.rise_name(x) for x in hasil["bacaan"]])


def year_figure(d: Data, bantuan: bansos.BantuanPKH) -> Figure:
    """Gambar bantuan setahun dengan batas tertinggi yang tercetak."""
    return gambar_pen.pkh_year(bansos.pkh_benefit_year(d, bantuan), bansos.pkh_limit(d, "tertinggi_per_tahun"))


def rise_figure(d: Data) -> Figure:
    """Gambar rupiah per KPM dan bulan pada tiap penyaluran PKH."""
    kenaikan = bansos.pkh_rise_rule(d)
    return gambar_pen.pkh_rise(bansos.pkh_payments(d), bansos.pkh_rise(d), None if kenaikan is None else kenaikan[0])


def cumulative_figure(d: Data, frame: pd.DataFrame, periode: str = bansos.SEMUA) -> Figure:
    """Gambar jalur kumulatif; titik sumber kedua hanya bila periode tidak disaring."""
    return gambar_pen.cumulative(frame, bansos.second_source(d) if periode == bansos.SEMUA else None)


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(d: Data, program: str = bansos.SEMUA, periode: str = bansos.SEMUA) -> dict[str, str]:
    """Angka jadi (teks berformat) untuk bacaan, catatan tabel, dan teks alternatif gambar."""
    pilih = chosen(d, program, periode)
    return {
        **_selection(pilih, program, periode),
        **_totals(d),
        **_rates(pilih),
        **_coverage(pilih),
        **_stages(d),
        **_second(d),
        **_reconciliation(d),
        **_pkh(d),
    }


def family_reading(d: Data, bantuan: bansos.BantuanPKH) -> dict[str, str]:
    """Angka jadi untuk bacaan kalkulator PKH."""
    setahun = bansos.pkh_benefit_year(d, bantuan).set_index("bacaan")["setahun"]
    orang = int(bantuan.rincian["dihitung"].sum())
    batas = {
        "": {"id": "tidak terkena batas", "en": "no limit applies"},
        "tertinggi": {"id": "terkena batas tertinggi", "en": "the upper limit applies"},
        "terendah": {"id": "terkena batas terendah", "en": "the lower limit applies"},
    }[bantuan.batas]
    return {
        "orang": fmt.angka(orang),
        "luar": fmt.angka(bantuan.tidak_dihitung),
        "maksimal": fmt.angka(bansos.pkh_limit(d, "maksimal_orang")),
        "per_tahun": fmt.rupiah(bantuan.per_tahun),
        "per_bulan": fmt.rupiah(bantuan.per_bulan),
        "sebelum": fmt.rupiah(bantuan.sebelum_batas),
        "batas": fmt.pick(batas),
        "tertinggi": fmt.rupiah(bansos.pkh_limit(d, "tertinggi_per_tahun")),
        "terendah": fmt.rupiah(bansos.pkh_limit(d, "terendah_per_tahun")),
        "naik_setahun": fmt.rupiah(setahun.get("dari_setahun")),
        "naik_sebulan": fmt.rupiah(setahun.get("dari_sebulan")),
        "keluarga": _listed(f"{term(x.nama)} {x.orang}" for x in bantuan.rincian.itertuples() if x.orang),
    }


# Kendali --------------------------------------------------------------------------------------------------------------


def disbursement_result(buku: Buku, program: str, bulan: tuple[int, int], ukuran: str) -> Hasil:
    """Jawaban panel penyaluran.

    Parameters
    ----------
    buku : Buku
    program : str
        Kode program atau "semua".
    bulan : (int, int)
        Bulan pertama dan terakhir; (1, 12) berarti semua penyaluran, juga yang tidak bertanggal.
    ukuran : {"kpm", "rupiah", "cakupan", "kumulatif"}
    """
    awal, akhir = bulan
    periode = bansos.SEMUA if (awal, akhir) == (1, 12) else f"{bansos.BULAN[awal - 1]}:{bansos.BULAN[akhir - 1]}"
    pilih = chosen(buku.data, program, periode)
    gambar = {
        "kpm": gambar_pen.recipients,
        "rupiah": gambar_pen.amounts,
        "cakupan": gambar_pen.coverage,
        "kumulatif": partial(cumulative_figure, buku.data, periode=periode),
    }[ukuran]
    isi = _selection(pilih, program, periode) | _stages(buku.data)
    kalimat = fmt.pick(
        {
            "id": "{pilihan}: {penyaluran} penyaluran, {rupiah_pilihan} tercetak"
            " ({rupiah_turunan_pilihan} dengan yang diturunkan).",
            "en": "{pilihan}: {penyaluran} payments, {rupiah_pilihan} printed"
            " ({rupiah_turunan_pilihan} with derived amounts).",
        }
    ).format(**isi)
    return Hasil(
        tabel=buku.build_table(total_table(pilih), "program", **isi),
        png=to_png(gambar(pilih)),
        teks=kalimat,
        alt=kalimat,
    )


def disbursement_panel(buku: Buku, program: str = bansos.SEMUA) -> Panel:
    """Panel program, bulan, dan ukuran."""
    semua = bansos.disbursements(buku.data)
    nama = {term(n): k for k, n in zip(semua["program"], semua["nama_program"], strict=True)}
    ukuran = {
        fmt.pick({"id": "KPM", "en": "Families"}): "kpm",
        fmt.pick({"id": "Rupiah", "en": "Rupiah"}): "rupiah",
        fmt.pick({"id": "Cakupan target", "en": "Coverage of target"}): "cakupan",
        fmt.pick({"id": "Rupiah kumulatif", "en": "Cumulative rupiah"}): "kumulatif",
    }
    kendali = {
        "program": widgets.Dropdown(
            options=[(fmt.pick({"id": "Semua program", "en": "All programmes"}), bansos.SEMUA), *nama.items()],
            value=program,
            description=fmt.pick({"id": "Program", "en": "Programme"}),
        ),
        "bulan": widgets.SelectionRangeSlider(
            options=[(fmt.bulan(b, pendek=True), b) for b in range(1, 13)],
            index=(0, 11),
            description=fmt.pick({"id": "Bulan", "en": "Months"}),
            layout=widgets.Layout(width="420px"),
        ),
        "ukuran": widgets.Dropdown(
            options=list(ukuran.items()), value="kpm", description=fmt.pick({"id": "Ukuran", "en": "Measure"})
        ),
    }
    judul = fmt.pick({"id": "Penyaluran menurut program dan bulan", "en": "Payments by programme and month"})
    return Panel(partial(disbursement_result, buku), kendali, judul)


def family_result(buku: Buku, **keluarga: int) -> Hasil:
    """Jawaban kalkulator PKH; argumen bernama = kode komponen dan banyaknya orang."""
    bantuan = bansos.pkh_benefit(buku.data, keluarga)
    kalimat = fmt.pick(
        {
            "id": "Keluarga ini menerima {per_tahun} setahun atau {per_bulan} sebulan; {orang} orang dihitung,"
            " {luar} di luar batas {maksimal} orang; {batas}.",
            "en": "This family gets {per_tahun} a year or {per_bulan} a month; {orang} persons counted,"
            " {luar} beyond the limit of {maksimal}; {batas}.",
        }
    ).format(**family_reading(buku.data, bantuan))
    return Hasil(
        tabel=buku.build_table(family_table(bantuan), "pkh_keluarga"),
        png=to_png(year_figure(buku.data, bantuan)),
        teks=kalimat,
        alt=kalimat,
    )


def family_panel(buku: Buku, keluarga: Mapping[str, int]) -> Panel:
    """Kalkulator PKH dengan satu kotak bilangan per komponen."""
    kendali = {
        k.komponen: widgets.BoundedIntText(
            value=int(keluarga.get(k.komponen, 0)),
            min=0,
            max=ORANG_TERBANYAK,
            description=term(k.nama),
            layout=widgets.Layout(width="230px"),
        )
        for k in bansos.pkh_components(buku.data).itertuples()
    }
    judul = fmt.pick({"id": "Kalkulator bantuan PKH satu keluarga", "en": "PKH benefit calculator for one family"})
    return Panel(partial(family_result, buku), kendali, judul)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    hasil = translate(frame, "nama_program")
    # bertipe teks juga bila tidak ada baris, supaya tabel tidak mengiranya kolom angka
    nama = [gambar_pen.period_name(k) for k in hasil["periode"]]
    return hasil.assign(nama_periode=pd.Series(nama, index=hasil.index, dtype=str))


def _selection(pilih: pd.DataFrame, program: str, periode: str) -> dict[str, str]:
    jumlah = bansos.totals(pilih).set_index("program")["rupiah"]
    nama = fmt.pick({"id": "Semua program", "en": "All programmes"})
    if program != bansos.SEMUA:
        nama = term(pilih["nama_program"].iloc[0])
    waktu = fmt.pick({"id": "sepanjang tahun", "en": "whole year"})
    if periode != bansos.SEMUA:
        waktu = "–".join(gambar_pen.period_name(k.strip()) for k in periode.split(bansos.PEMISAH_RENTANG))
    return {
        "pilihan": f"{nama}, {waktu}",
        "penyaluran": fmt.angka(len(pilih)),
        "rupiah_pilihan": fmt.rupiah(jumlah["jumlah_tercetak"], "triliun"),
        "rupiah_turunan_pilihan": fmt.rupiah(jumlah["jumlah_dengan_turunan"], "triliun"),
        "di_luar_jalur": _listed(term(n) for n in bansos.undated(pilih)),
    }


def _totals(d: Data) -> dict[str, str]:
    frame = bansos.disbursements(d)
    jumlah = bansos.totals(frame).set_index("program")
    kg = jumlah["kg"].dropna().sum()
    per_program = jumlah[~jumlah["menonjol"]].dropna(subset="rupiah")
    return {
        "banyak_program": fmt.angka(frame["program"].nunique()),
        "total_tercetak": fmt.rupiah(jumlah.loc["jumlah_tercetak", "rupiah"], "triliun"),
        "total_turunan": fmt.rupiah(jumlah.loc["jumlah_dengan_turunan", "rupiah"], "triliun"),
        "ton": fmt.angka(int(kg) // 1000),
        "per_program": _listed(
            f"{term(x.nama_program)} {fmt.rupiah(x.rupiah, 'triliun')}" for x in per_program.itertuples()
        ),
    }


def _rates(pilih: pd.DataFrame) -> dict[str, str]:
    uji = bansos.rate_check(pilih)
    rupiah = uji[uji["satuan"] == "rupiah"]
    kurang = rupiah.groupby("nama_program", sort=False)["belum_tersalur"].sum()
    return {
        "diuji": fmt.angka(len(rupiah)),
        "sama": fmt.angka(int((rupiah["selisih"] == 0).sum())),
        "jumlah_selisih": fmt.selisih(int(rupiah["selisih"].sum()), satuan="rupiah"),
        "tidak_diuji": _listed(term(x.nama_program) for x in bansos.rate_summary(pilih).itertuples() if x.diuji == 0),
        "belum": _listed(f"{term(n)} {fmt.rupiah(int(x), 'miliar')}" for n, x in kurang.items() if x),
    }


def _coverage(pilih: pd.DataFrame) -> dict[str, str]:
    isi = bansos.coverage_summary(pilih).dropna(subset="terendah")
    kosong = dict.fromkeys(("cakupan_terendah", "cakupan_tertinggi", "cakupan_terakhir"), fmt.missing())
    if isi.empty:
        return {**kosong, "melebihi": fmt.angka(0), "nama_melebihi": _listed([])}
    rendah, tinggi = isi.loc[isi["terendah"].idxmin()], isi.loc[isi["tertinggi"].idxmax()]
    lebih = isi[isi["melebihi"] > 0]
    return {
        "cakupan_terendah": f"{fmt.persen(rendah['terendah'])} ({term(rendah['nama_program'])}, "
        f"{gambar_pen.period_name(rendah['periode_terendah'])})",
        "cakupan_tertinggi": f"{fmt.persen(tinggi['tertinggi'])} ({term(tinggi['nama_program'])}, "
        f"{gambar_pen.period_name(tinggi['periode_tertinggi'])})",
        "cakupan_terakhir": _listed(f"{term(x.nama_program)} {fmt.persen(x.terakhir)}" for x in isi.itertuples()),
        "melebihi": fmt.angka(int(isi["melebihi"].sum())),
        "nama_melebihi": _listed(term(n) for n in lebih["nama_program"]),
    }


def _stages(d: Data) -> dict[str, str]:
    """Anggapan bagi program yang tahapnya tidak bertanggal."""
    frame = bansos.disbursements(d)
    turun = frame[frame["keadaan_rupiah"] == "diturunkan"]
    penuh = turun["target_kpm"] * turun["nilai_aturan"]
    kedua = bansos.second_source(d)
    pagu = kedua.loc[kedua["program"].isin(turun["program"]), "pagu"]
    return {
        "pagu_tahap": fmt.rupiah(int(pagu.sum()), "triliun") if len(pagu) else fmt.missing(),
        "program_turunan": _listed(dict.fromkeys(term(n) for n in turun["nama_program"])),
        "nilai_tahap": _listed(dict.fromkeys(fmt.rupiah(int(x)) for x in turun["nilai_aturan"].dropna())),
        "rupiah_tahap": fmt.rupiah(int(turun["rupiah"].sum()), "triliun"),
        "penuh_tahap": fmt.rupiah(int(penuh.dropna().sum()), "triliun"),
    }


def _second(d: Data) -> dict[str, str]:
    if not d.has("pen_november"):
        kunci = ("tanggal_kedua", "bulan_kedua", "cocok_kedua", "luar_kedua", "selisih_pagu", "selisih_realisasi")
        return dict.fromkeys((*kunci, "serap_kedua", "serap_hitung", "pagu_kedua"), fmt.missing())
    isi = bansos.second_source(d)
    jumlah = bansos.second_source_totals(d).set_index("ukuran")
    luar = isi[isi["letak"].isin(["di_bawah", "di_atas"])]
    return {
        "tanggal_kedua": fmt.tanggal(bansos.second_source_date(d)),
        "bulan_kedua": fmt.bulan(int(isi["bulan"].iloc[0])),
        "pagu_kedua": fmt.rupiah(int(isi["pagu"].sum()), "triliun"),
        "cocok_kedua": _listed(term(n) for n in isi.loc[isi["letak"] == "di_antara", "nama_program"]),
        "luar_kedua": _listed(
            f"{term(x.nama_program)} ({fmt.rupiah(x.realisasi, 'triliun')} : {fmt.rupiah(x.sebelum, 'triliun')})"
            for x in luar.itertuples()
        ),
        "selisih_pagu": fmt.selisih(jumlah.loc["pagu", "selisih"], satuan="rupiah", skala="triliun"),
        "selisih_realisasi": fmt.selisih(jumlah.loc["realisasi", "selisih"], satuan="rupiah", skala="triliun"),
        "serap_kedua": fmt.persen(jumlah.loc["penyerapan", "tercetak"]),
        "serap_hitung": fmt.persen(jumlah.loc["penyerapan", "dijumlahkan"]),
    }


def _reconciliation(d: Data) -> dict[str, str]:
    isi = bansos.reconcile(d)
    pagu = bansos.reconcile(d, "pagu").set_index("langkah")
    sisa = {asal: x["sisa"].iloc[-1] for asal, x in isi[isi["langkah"] != "sisa"].groupby("asal")}
    tercetak = sisa["laporan"]
    turunan = sisa.get("diturunkan", tercetak)
    return {
        "asal_belanja": finance_source(d, "jenis_belanja", awalan=fmt.pick({"id": "Belanja", "en": "Spending"})),
        "belanja": fmt.rupiah(isi["rupiah"].iloc[0], "triliun"),
        "sisa_tercetak": fmt.rupiah(tercetak, "triliun"),
        "sisa_turunan": fmt.rupiah(turunan, "triliun"),
        "sisa_akhir": fmt.rupiah(isi["sisa"].iloc[-1], "triliun"),
        "dari_kedua": _listed(
            f"{term(x.nama_program)} {fmt.rupiah(-x.rupiah, 'triliun')}"
            for x in isi[isi["asal"] == "sumber_kedua"].itertuples()
        ),
        "tanpa_angka": _listed(term(n) for n in isi.loc[isi["asal"] == "tidak_tersedia", "nama_program"]),
        "pagu_belanja": fmt.rupiah(pagu.loc["belanja_bansos", "rupiah"], "triliun"),
        "sisa_pagu": fmt.rupiah(pagu.loc["sisa", "sisa"], "triliun"),
    }


def _pkh(d: Data) -> dict[str, str]:
    bayar, masa = bansos.pkh_payments(d), bansos.pkh_rise(d).set_index("masa")
    aturan = bansos.pkh_rise_rule(d)
    komponen = bansos.pkh_components(d)
    beda = komponen[komponen["selisih"] != 0]
    isi = {
        "per_kpm_setahun": fmt.rupiah(float(bayar["rupiah"].sum() / bayar["kpm"].max()), desimal=0),
        "bulan_pkh": fmt.angka(int(bayar["bulan_dicakup"].sum())),
        "dalam_rentang": fmt.angka(int(bayar["di_dalam"].sum())),
        "bayar_pkh": fmt.angka(len(bayar)),
        "komponen_beda": _listed(
            f"{term(x.nama)}: {fmt.rupiah(x.per_bulan)} × 12 = {fmt.rupiah(x.dua_belas_bulan)}, "
            f"{fmt.pick({'id': 'tercetak', 'en': 'printed'})} {fmt.rupiah(x.per_tahun)}"
            for x in beda.itertuples()
        ),
    }
    if aturan is None or "kenaikan" not in masa.index or "bulanan" not in masa.index:
        kosong = ("kenaikan", "bulan_naik", "terhadap", "per_naik", "per_biasa", "bacaan_cocok", "harap_naik")
        return isi | dict.fromkeys(kosong, fmt.missing())
    persen, awal, akhir = aturan
    terhadap = masa.loc["kenaikan", "terhadap_bulanan"]
    cocok = "dari_setahun" if abs(terhadap - 100) < abs(terhadap - 100 - persen) else "dari_sebulan"
    return isi | {
        "kenaikan": fmt.persen(persen, 0),
        "bulan_naik": f"{fmt.bulan(awal)}–{fmt.bulan(akhir)}",
        "terhadap": fmt.persen(terhadap),
        "harap_naik": fmt.persen(100 + persen, 0),
        "per_naik": fmt.rupiah(masa.loc["kenaikan", "per_kpm_bulan"], desimal=0),
        "per_biasa": fmt.rupiah(masa.loc["bulanan", "per_kpm_bulan"], desimal=0),
        "bacaan_cocok": gambar_pen.rise_name(cocok).lower(),
    }


def _listed(isi: Iterable[str]) -> str:
    # titik koma, karena koma sudah dipakai sebagai tanda desimal
    return "; ".join(isi) or fmt.pick({"id": "tidak ada", "en": "none"})
