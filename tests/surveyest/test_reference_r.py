"""Setiap angka `tests/acuan/survei/` dibandingkan dengan R survey 4.4.2.

Satu uji per rancangan, ukuran, dan variabel; pesan gagalnya menyebut domain, kolom, nilai R, dan nilai kita.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    Design,
    EstimationError,
    confidence_interval,
    estimate,
    jkn,
    quantile,
    replicate_covariance,
    replicate_estimates,
    replicate_variance,
    summarise,
)

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
VARIABEL = ["i1", "i2", "i3", "i4", "i5", "kapita"]
LIMA = VARIABEL[:5]
RASIO = {"makan/kapita": ("makan", "kapita"), "i4/i1": ("i4", "i1")}
KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}
KOLOM_ACUAN = {"estimate": "taksiran", "lower": "bawah", "upper": "atas"}
BOBOT_INDEKS = np.array([0.3, 0.2, 0.2, 0.2, 0.1])
DOMAIN = {
    "": None,
    "_provinsi": ["provinsi"],
    "_daerah": ["daerah"],
    "_kelamin": ["kelamin"],
    "_provinsi_kelamin": ["provinsi", "kelamin"],
    "_strata": ["strata"],
}
HASIL = pd.read_csv(ACUAN / "hasil.csv", dtype={"domain": str}).fillna({"variabel": ""})
KOVARIANS = pd.read_csv(ACUAN / "kovarians.csv")
KETAT = 1e-9


@cache
def data(nama: str) -> pd.DataFrame:
    isi = pd.read_csv(ACUAN / f"{nama}.csv")
    isi["klaster"] = isi["strata"] * 100 + isi["psu"]
    isi["tua"] = isi["umur"] >= 83
    return isi


@cache
def rancangan(nama: str) -> tuple[pd.DataFrame, Design]:
    if nama == "tanpa_strata":
        return data("sampel"), Design.from_frame(data("sampel"), weights="bobot", psu="klaster", nested=False)
    if nama.startswith("tunggal"):
        aturan = nama.partition("_")[2] or "remove"
        isi = data("sampel_psu_tunggal")
        return isi, Design.from_frame(isi, **KOLOM, lonely_psu=aturan)
    fpc = "npsu_populasi" if nama == "fpc" else None
    return data("sampel"), Design.from_frame(data("sampel"), **KOLOM, fpc=fpc)


@cache
def sel(nama: str):
    isi, desain = rancangan("utama" if nama.startswith("jkn") else nama)
    return summarise(desain, isi, VARIABEL, domain=["provinsi", "daerah", "kelamin", "strata"], ratios=RASIO)


@cache
def sel_listwise(nama: str):
    isi, desain = rancangan(nama)
    isi = isi.copy()
    isi.loc[isi[LIMA].isna().any(axis=1), LIMA] = np.nan
    return summarise(desain, isi, LIMA, domain="provinsi")


def label(taksiran) -> list[str]:
    if not len(taksiran.domain.columns):
        return ["nasional"]
    return taksiran.domain.astype(str).agg(".".join, axis=1).tolist()


def nilai_kita(nama: str, ukuran: str) -> dict[tuple[str, str], dict[str, float]]:
    """Semua angka kita untuk satu rancangan dan ukuran: (domain, variabel) -> kolom -> nilai."""
    pokok, _, _ = ukuran.partition("_")
    if ukuran.startswith("mean_listwise"):
        return _tabel(estimate(sel_listwise(nama)), "t")
    if ukuran.startswith("indeks"):
        return _indeks(nama, ukuran)
    if ukuran == "selisih":
        return _selisih(nama)
    if ukuran.startswith(("kuantil", "median")):
        return _kuantil(nama, ukuran)
    if ukuran.startswith("domain_tunggal"):
        return _domain_tunggal(ukuran)
    if ukuran.startswith("ciprop"):
        metode = {"mean": "t", "xlogit": "logit"}.get(m := ukuran.split("_")[1], m)
        hasil = {}
        for domain in (None, "provinsi"):
            hasil |= _tabel(estimate(sel(nama), domain, measures=LIMA), metode, df="domain")
        return hasil
    if nama.startswith("jkn"):
        return _jkn(nama, ukuran)
    jenis = "total" if pokok == "total" else "mean"
    if ukuran == "mean_deff_replace":
        return _tabel(estimate(sel(nama), deff="with_replacement"), "t")
    if ukuran.endswith("_normal"):
        return _tabel(estimate(sel(nama), kind=jenis), "t", df=np.inf)
    return _tabel(estimate(sel(nama), DOMAIN[ukuran[len(pokok) :]], kind=jenis), "t")


def _tabel(t, metode: str, df="design") -> dict:
    bawah, atas = t.interval(metode, df=df)
    bebas = t.degrees_of_freedom(df)
    return {
        (d, v): {
            "taksiran": t.values[i, j],
            "se": t.se[i, j],
            "bawah": bawah[i, j],
            "atas": atas[i, j],
            "deff": t.deff[i, j],
            "df": bebas[i, j],
        }
        for i, d in enumerate(label(t))
        for j, v in enumerate(t.names)
    }


def _indeks(nama: str, ukuran: str) -> dict:
    provinsi = ukuran.endswith("_provinsi")
    t = estimate(sel_listwise(nama), "provinsi" if provinsi else None)
    if ukuran == "indeks_geometrik":
        # Tanpa gradien: sekaligus menguji turunan numerik terhadap R.
        nilai, se = t.delta(lambda x: np.prod(x**BOBOT_INDEKS, axis=1))
        variabel = "i1^.3 i2^.2 i3^.2 i4^.2 i5^.1"
    else:
        nilai, se = t.values @ BOBOT_INDEKS, t.gradient_se(BOBOT_INDEKS)
        variabel = "sama" if provinsi else ".3i1+.2i2+.2i3+.2i4+.1i5"
    return {(d, variabel): {"taksiran": nilai[i], "se": se[i]} for i, d in enumerate(label(t))}


def _selisih(nama: str) -> dict:
    hasil = {}
    # Selisih provinsi di R berasal dari svyby lima variabel sekaligus, jadi listwise.
    for isi, kolom, a, b, sebutan in (
        (sel_listwise(nama), "provinsi", 32, 94, "32-94"),
        (sel(nama), "kelamin", 1, 2, "kelamin 1-2"),
    ):
        t = estimate(isi, kolom, measures=["i1"])
        c = (t.domain[kolom].eq(a).astype(float) - t.domain[kolom].eq(b)).to_numpy()[:, None]
        nilai, kov = t.linear_combination(c)
        hasil[sebutan, "i1"] = {"taksiran": nilai[0], "se": np.sqrt(kov[0, 0])}
    return hasil


def _kuantil(nama: str, ukuran: str) -> dict:
    isi, desain = rancangan(nama)
    if ukuran == "median_provinsi":
        q = quantile(desain, isi, "kapita", domain="provinsi", method="t")
        kunci = [(str(p), "kapita") for p in q["provinsi"]]
    else:
        q = quantile(desain, isi, "kapita", [0.1, 0.25, 0.5, 0.75, 0.9], rule=ukuran.split("_")[1], method="t")
        kunci = [("nasional", f"kapita:p{round(100 * p)}") for p in q["probability"]]
    q = q.rename(columns=KOLOM_ACUAN)[["taksiran", "se", "bawah", "atas", "df"]]
    return dict(zip(kunci, q.to_dict("records"), strict=True))


def _domain_tunggal(ukuran: str) -> dict:
    aturan, sesuaikan = ukuran.split("_")[2:]
    isi = data("sampel")
    desain = Design.from_frame(isi, **KOLOM, lonely_psu=aturan, adjust_lonely_domains=sesuaikan == "TRUE")
    t = estimate(summarise(desain, isi, ["i1", "kapita"], domain="tua"), subset={"tua": True})
    return {("umur>=83", v): k for (_, v), k in _tabel(t, "t", df="domain").items()}


def _jkn(nama: str, ukuran: str) -> dict:
    _, desain = rancangan("utama")
    replikasi = jkn(desain, mse=nama == "jkn_mse")
    jenis = "total" if ukuran == "total" else "mean"
    domain = "provinsi" if ukuran.endswith("provinsi") else None
    t = estimate(sel("utama"), domain, kind=jenis)
    nilai = replicate_estimates(sel("utama"), replikasi, domain, kind=jenis)
    se = np.sqrt(replicate_variance(nilai, replikasi, t.values))
    kov = replicate_covariance(nilai.reshape(len(nilai), -1), replikasi, t.values.ravel())
    np.testing.assert_allclose(np.sqrt(np.diag(kov)), se.ravel(), rtol=1e-12)
    bawah, atas = confidence_interval(t.values, se, desain.df)
    return {
        (d, v): {
            "taksiran": t.values[i, j],
            "se": se[i, j],
            "bawah": bawah[i, j],
            "atas": atas[i, j],
            "df": desain.df,
        }
        for i, d in enumerate(label(t))
        for j, v in enumerate(t.names)
    }


def selisih_relatif(kita: float, r: float, taksiran: float) -> float:
    # Galat baku yang seharusnya nol tercetak R sebagai sisa pembulatan: diukur terhadap sejuta bagian taksirannya.
    penyebut = max(abs(r), 1e-6 * abs(taksiran))
    if kita == r:
        return 0.0
    return abs(kita - r) / penyebut if penyebut else np.inf


def bandingkan(nama: str, ukuran: str, variabel: str, kolom: tuple[str, ...], toleransi: float) -> None:
    kita = nilai_kita(nama, ukuran)
    baris = HASIL[(HASIL.rancangan == nama) & (HASIL.ukuran == ukuran) & (HASIL.variabel == variabel)]
    geser, dibandingkan = [], 0
    for r in baris.itertuples():
        if ukuran == "ciprop_logit" and r.taksiran < 1e-9:
            continue
        for k in kolom:
            acuan, milik = getattr(r, k), kita[r.domain, variabel].get(k, np.nan)
            if np.isnan(acuan):
                if k == "se" and not np.isnan(milik):
                    geser.append(f"{nama}/{ukuran}/{r.domain}/{variabel}/{k}: R NaN, kita {milik!r}")
                continue
            dibandingkan += 1
            if not selisih_relatif(milik, acuan, r.taksiran) <= toleransi:
                geser.append(f"{nama}/{ukuran}/{r.domain}/{variabel}/{k}: R {acuan!r}, kita {milik!r}")
    assert not geser, "\n".join(geser)
    assert dibandingkan, f"{nama}/{ukuran}/{variabel}: tidak ada angka acuan pada {kolom}"


def kelompok(
    awalan: tuple[str, ...], kecuali: tuple[str, ...] = ("?",), kolom: tuple[str, ...] = ("taksiran",)
) -> list[tuple[str, str, str]]:
    """Rancangan, ukuran, variabel yang baginya R mencetak sedikitnya satu angka di salah satu kolom itu."""
    pilih = HASIL.ukuran.str.startswith(awalan) & ~HASIL.ukuran.str.startswith(kecuali)
    pilih &= ~HASIL.rancangan.eq("tunggal_fail") & HASIL[list(kolom)].notna().any(axis=1)
    return list(
        HASIL.loc[pilih, ["rancangan", "ukuran", "variabel"]].drop_duplicates().itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(("nama", "ukuran", "variabel"), kelompok(("mean", "total", "ratio"), ("mean_listwise",)))
def test_taksiran_dan_galat_baku(nama, ukuran, variabel):
    """Diperiksa (README acuan): rerata, total, nisbah, galat bakunya, dan JKn, di semua rancangan dan domain."""
    bandingkan(nama, ukuran, variabel, ("taksiran", "se"), KETAT)


@pytest.mark.parametrize(("nama", "ukuran", "variabel"), kelompok(("mean",), ("mean_listwise",), kolom=("deff",)))
def test_deff_rerata(nama, ukuran, variabel):
    """Diperiksa: efek rancangan rerata, dengan dan tanpa faktor 1 - n/N."""
    bandingkan(nama, ukuran, variabel, ("deff",), KETAT)


@pytest.mark.parametrize(
    ("nama", "ukuran", "variabel"), kelompok(("indeks_linear", "indeks_geometrik"), ("indeks_linear_p",))
)
def test_indeks_nasional(nama, ukuran, variabel):
    """Diperiksa: indeks linear dan geometrik dari kovarians antar-ukuran."""
    bandingkan(nama, ukuran, variabel, ("taksiran", "se"), KETAT)


@pytest.mark.parametrize(("nama", "ukuran", "variabel"), kelompok(("ciprop_logit",)))
def test_selang_logit(nama, ukuran, variabel):
    """Diperiksa, toleransi 1e-6: R menaksir lewat svyglm yang berhenti pada sekitar 1e-7."""
    bandingkan(nama, ukuran, variabel, ("taksiran", "se", "bawah", "atas", "df"), 1e-6)


@pytest.mark.parametrize(
    ("nama", "ukuran", "variabel"),
    kelompok(("mean", "total", "ratio"), kolom=("bawah",)),
)
def test_selang_dan_deff_total_hanya_r(nama, ukuran, variabel):
    """TIDAK diperiksa README acuan, hanya dari R dan cocok: selang t dan normal (df rancangan), deff total."""
    kolom = ("bawah", "atas", "df") + (("deff",) if ukuran.startswith("total") else ())
    bandingkan(nama, ukuran, variabel, kolom, KETAT)


@pytest.mark.parametrize(
    ("nama", "ukuran", "variabel"), kelompok(("ciprop_mean", "ciprop_beta", "ciprop_asin", "ciprop_xlogit"))
)
def test_selang_proporsi_lain_hanya_r(nama, ukuran, variabel):
    """TIDAK diperiksa README acuan, hanya dari R dan cocok: Wald, beta, asin, logit (xlogit); df domain."""
    bandingkan(nama, ukuran, variabel, ("taksiran", "se", "bawah", "atas", "df"), KETAT)


@pytest.mark.parametrize(
    ("nama", "ukuran", "variabel"),
    kelompok(("mean_listwise", "indeks_linear_p", "selisih", "kuantil", "median", "domain_tunggal")),
)
def test_lainnya_hanya_r(nama, ukuran, variabel):
    """TIDAK diperiksa README acuan, hanya dari R dan cocok: listwise, indeks provinsi, selisih, kuantil, umur>=83."""
    bandingkan(nama, ukuran, variabel, ("taksiran", "se", "bawah", "atas"), KETAT)
    if ukuran.startswith(("median", "domain_tunggal")):
        bandingkan(nama, ukuran, variabel, ("df",), KETAT)


@pytest.mark.parametrize(
    ("nama", "domain", "df"),
    HASIL.loc[HASIL.ukuran == "df", ["rancangan", "domain", "taksiran"]].to_numpy().tolist(),
)
def test_derajat_bebas(nama, domain, df):
    """Nasional diperiksa; provinsi dan umur>=83 hanya dari R."""
    isi, desain = rancangan(nama)
    if domain == "nasional":
        assert desain.df == df, f"{nama}/df/{domain}"
        return
    t = estimate(summarise(desain, isi, ["i1"], domain=["provinsi", "tua"]), "tua" if ">" in domain else "provinsi")
    letak = t.domain["tua"].to_numpy() if ">" in domain else t.domain["provinsi"].astype(str).eq(domain).to_numpy()
    assert t.df[letak, 0].tolist() == [df], f"{nama}/df/{domain}"


@pytest.mark.parametrize(("nama", "domain"), [("utama", "nasional"), ("fpc", "nasional"), ("utama", "provinsi")])
def test_kovarians(nama, domain):
    """Nasional diperiksa; antarprovinsi hanya dari R. R mencetak hanya sebagian pasangan antarprovinsi."""
    acuan = KOVARIANS[(KOVARIANS.rancangan == nama) & (KOVARIANS.domain == domain)]
    t = estimate(sel_listwise(nama), None if domain == "nasional" else "provinsi")
    penuh = t.full_covariance()
    nama_domain = label(t)
    terbesar = np.abs(penuh).max()
    geser = []
    for r in acuan.itertuples():
        letak = []
        for sebutan in (r.baris, r.kolom):
            d, _, v = sebutan.rpartition(":")
            letak += [nama_domain.index(d) if d else 0, LIMA.index(v)]
        kita = penuh[tuple(letak)]
        # Provinsi tidak berbagi strata: kovarians nol, R mencetak sisa pembulatan.
        if not abs(kita - r.kovarians) <= KETAT * abs(r.kovarians) + 1e-16 * terbesar:
            geser.append(f"{nama}/{r.baris}/{r.kolom}: R {r.kovarians!r}, kita {kita!r}")
    assert not geser, "\n".join(geser)
    sedomain = t.covariance()
    for d in range(len(nama_domain)):
        np.testing.assert_allclose(sedomain[d], penuh[d, :, d, :], rtol=1e-12, atol=1e-20)


def test_faktor_jkn():
    """Diperiksa: faktor 72 PSU x 72 replikasi dan skalanya, keduanya dalam urutan strata lalu PSU."""
    faktor = pd.read_csv(ACUAN / "jkn_faktor.csv").sort_values(["strata", "psu"])
    skala = pd.read_csv(ACUAN / "jkn_skala.csv").set_index("replikasi")
    _, desain = rancangan("utama")
    replikasi = jkn(desain)
    kita, r = replikasi.factors(), faktor.drop(columns=["strata", "psu"])
    assert kita.shape == r.shape
    # Urutan replikasi R boleh lain: cocokkan menurut PSU yang dihapus.
    terhapus = {int(np.flatnonzero(r[k].to_numpy() == 0)[0]): k for k in r.columns}
    for j in range(72):
        nama = terhapus[int(np.flatnonzero(kita[:, j] == 0)[0])]
        np.testing.assert_allclose(kita[:, j], r[nama].to_numpy(), rtol=1e-12, err_msg=nama)
        np.testing.assert_allclose(
            replikasi.scale[j], skala.loc[nama, "skala"] * skala.loc[nama, "rskala"], rtol=1e-12, err_msg=nama
        )


def test_psu_tunggal_gagal_menyebut_strata():
    """R: 'Stratum (11) has only one PSU at stage 1'."""
    with pytest.raises(EstimationError, match="strata 11"):
        Design.from_frame(data("sampel_psu_tunggal"), **KOLOM)


LOGIT = pd.read_csv(ACUAN / "kuantil_logit.csv", dtype={"domain": str})


@pytest.mark.parametrize("domain", LOGIT["domain"].unique())
def test_kuantil_bawaan_logit(domain):
    """R 4.1-1: svyquantile(interval.type="xlogit", qrule="math"), nasional dan tiap provinsi (subset)."""
    isi, desain = rancangan("utama")
    r = LOGIT[LOGIT["domain"] == domain]
    pilih = None if domain == "nasional" else {"provinsi": int(domain)}
    q = quantile(desain, isi, "kapita", r["peluang"].to_numpy(), subset=pilih).rename(columns=KOLOM_ACUAN)
    for k in ("taksiran", "bawah", "atas", "se", "df"):
        np.testing.assert_allclose(q[k], r[k], rtol=KETAT, err_msg=f"{domain}/{k}")
