"""Bobot: sama, AHP dari perbandingan berpasangan, komponen utama pertama, dan pengaruh berimbang.

Semua menghasilkan Series berkunci kode simpul, siap untuk ``pohon.ganti(bobot=...)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.pohon import Pohon, name_list, unknown_name_error

INDEKS_ACAK = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Indeks konsistensi acak Saaty (1980) untuk matriks berukuran 0 sampai 15."""

RASIO_WAJAR = 0.10
"""Rasio konsistensi yang masih diterima (Saaty)."""

NEGATIF = ("tolak", "tandai", "nol")


def equal_weights(pohon: Pohon) -> pd.Series:
    """Bobot 1 untuk setiap simpul: sama di antara saudara."""
    return pd.Series(1.0, index=list(pohon.kode), name="bobot")


def given_weights(pohon: Pohon, bobot: Mapping[str, float] | pd.Series) -> pd.Series:
    """Bobot yang diberikan menurut nama; simpul yang tidak disebut memakai bobot pohon.

    Raises
    ------
    GalatParameter
        Kode tidak dikenal atau bobot tidak sah.
    """
    return pohon.ganti(bobot=bobot).kolom("bobot")


# -------------------------------------------------------------------- AHP


@dataclass(frozen=True, eq=False)
class HasilAHP:
    """Bobot AHP dan kewajarannya.

    Attributes
    ----------
    bobot : Series
        Berjumlah 1.
    lambda_maks, indeks_konsistensi, rasio_konsistensi : float
        Rasio NaN bila ukuran matriks di luar tabel Saaty (lebih dari 15); 0 untuk dua unsur.
    wajar : bool
        Rasio konsistensi tidak lebih dari 0,10.
    pertentangan : DataFrame
        Tiap pasangan: nilai yang diberikan, nilai menurut bobot, dan nisbahnya; yang paling bertentangan di atas.
    """

    bobot: pd.Series
    lambda_maks: float
    indeks_konsistensi: float
    rasio_konsistensi: float
    wajar: bool
    pertentangan: pd.DataFrame


def ahp(perbandingan: pd.DataFrame, *, cara: str = "vektor_eigen") -> HasilAHP:
    """Bobot dari matriks perbandingan berpasangan.

    Parameters
    ----------
    perbandingan : DataFrame
        Persegi, baris dan kolom berkode sama (urutan bebas); sel (a, b) = berapa kali a lebih penting dari b, positif;
        sel (b, a) kebalikannya.
    cara : {"vektor_eigen", "rata_geometrik"}

    Raises
    ------
    GalatParameter
        Nama tidak sama, nilai tidak positif, diagonal bukan 1, atau sel tidak saling berbalikan.

    References
    ----------
    Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.
    """
    if cara not in ("vektor_eigen", "rata_geometrik"):
        raise GalatParameter("cara AHP harus 'vektor_eigen' atau 'rata_geometrik'.")
    kode = _check_pairwise(perbandingan)
    a = perbandingan.loc[kode, kode].to_numpy(dtype=float)
    n = len(kode)
    if cara == "vektor_eigen":
        nilai, vektor = np.linalg.eig(a)
        utama = int(np.argmax(nilai.real))
        w = np.abs(vektor[:, utama].real)
    else:
        w = np.exp(np.log(a).mean(axis=1))
    w = w / w.sum()
    lambda_maks = float(((a @ w) / w).mean())
    ci = (lambda_maks - n) / (n - 1) if n > 1 else 0.0
    cr = 0.0 if n <= 2 else ci / INDEKS_ACAK[n] if n < len(INDEKS_ACAK) else float("nan")
    baris = [
        {
            "a": kode[i],
            "b": kode[j],
            "diberikan": a[i, j],
            "menurut_bobot": w[i] / w[j],
            "nisbah": max(a[i, j] * w[j] / w[i], w[i] / (w[j] * a[i, j])),
        }
        for i in range(n)
        for j in range(i + 1, n)
    ]
    pertentangan = pd.DataFrame(baris, columns=["a", "b", "diberikan", "menurut_bobot", "nisbah"])
    pertentangan = pertentangan.sort_values("nisbah", ascending=False, kind="stable", ignore_index=True)
    return HasilAHP(pd.Series(w, index=kode, name="bobot"), lambda_maks, ci, cr, bool(cr <= RASIO_WAJAR), pertentangan)


def ahp_matrix(pasangan: pd.DataFrame) -> pd.DataFrame:
    """Matriks AHP dari daftar pasangan (kolom ``a``, ``b``, ``nilai``), satu baris per pasangan.

    Raises
    ------
    GalatParameter
        Pasangan ganda, berulang terbalik, dengan dirinya sendiri, atau tidak lengkap.
    """
    kurang = {"a", "b", "nilai"} - set(pasangan.columns)
    if kurang:
        raise GalatParameter(f"Daftar pasangan AHP tidak memuat kolom {name_list(sorted(kurang))}.")
    kode = list(dict.fromkeys([*pasangan["a"], *pasangan["b"]]))
    hasil = pd.DataFrame(np.nan, index=kode, columns=kode)
    for satu, dua, nilai in pasangan[["a", "b", "nilai"]].itertuples(index=False):
        if satu == dua:
            raise GalatParameter(f"AHP: '{satu}' dibandingkan dengan dirinya sendiri.")
        if not np.isnan(hasil.at[satu, dua]):
            raise GalatParameter(f"AHP: pasangan '{satu}' dan '{dua}' diberikan lebih dari sekali.")
        if not nilai > 0:
            raise GalatParameter(f"AHP: nilai perbandingan '{satu}' dan '{dua}' harus positif.")
        hasil.at[satu, dua], hasil.at[dua, satu] = float(nilai), 1.0 / float(nilai)
    for satu in kode:
        hasil.at[satu, satu] = 1.0
    kosong = [f"{a}-{b}" for i, a in enumerate(kode) for b in kode[i + 1 :] if np.isnan(hasil.at[a, b])]
    if kosong:
        raise GalatParameter(f"AHP: pasangan belum dibandingkan: {name_list(kosong)}.")
    return hasil


def combine_ahp(pakar: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Gabungan matriks beberapa pakar: rata-rata geometrik sel demi sel, dicocokkan menurut nama.

    Rata-rata geometrik menjaga sifat berbalikan (Aczel dan Saaty 1983); rata-rata aritmetik tidak.
    """
    if not pakar:
        raise GalatParameter("AHP: tidak ada matriks pakar.")
    kode = _check_pairwise(pakar[0])
    for satu in pakar[1:]:
        if set(_check_pairwise(satu)) != set(kode):
            raise GalatParameter("AHP: matriks para pakar tidak memuat unsur yang sama.")
    log = np.mean([np.log(satu.loc[kode, kode].to_numpy(dtype=float)) for satu in pakar], axis=0)
    return pd.DataFrame(np.exp(log), index=kode, columns=kode)


def _check_pairwise(p: pd.DataFrame) -> list[str]:
    kode = [str(k) for k in p.index]
    if p.index.has_duplicates or p.columns.has_duplicates or set(p.index) != set(p.columns) or not kode:
        raise GalatParameter("AHP: baris dan kolom matriks harus memuat kode yang sama, masing-masing sekali.")
    a = p.loc[kode, kode].to_numpy(dtype=float)
    if not (np.isfinite(a).all() and (a > 0).all()):
        raise GalatParameter("AHP: setiap perbandingan harus angka positif.")
    if not np.allclose(np.diag(a), 1.0, rtol=0, atol=1e-9):
        raise GalatParameter("AHP: diagonal matriks harus 1.")
    # pakar sering menulis 0,33 untuk 1/3: selisih sampai 2 persen masih dianggap kebalikannya
    tidak = [
        f"{kode[i]}-{kode[j]}"
        for i in range(len(kode))
        for j in range(i + 1, len(kode))
        if abs(a[i, j] * a[j, i] - 1) > 0.02
    ]
    if tidak:
        raise GalatParameter(f"AHP: perbandingan tidak saling berbalikan pada {name_list(tidak)}.")
    return kode


# -------------------------------------------------------------------- komponen utama


@dataclass(frozen=True, eq=False)
class HasilKomponenUtama:
    """Komponen utama pertama per cabang.

    Attributes
    ----------
    tabel : DataFrame
        Per anak: induk, kode, muatan (arah dipilih sehingga jumlahnya positif), nilai_eigen dan bagian_ragam komponen
        pertama, dan ``negatif``.
    nilai_eigen : dict of str to ndarray
        Semua nilai eigen tiap induk, menurun.
    bobot : Series
        Bobot tak negatif, berjumlah 1 di antara saudara.
    keterangan : tuple of str
        Yang perlu diketahui pembaca: muatan negatif, kolom tanpa ragam.
    """

    tabel: pd.DataFrame
    nilai_eigen: dict[str, np.ndarray]
    bobot: pd.Series
    keterangan: tuple[str, ...]


def pca_weights(
    nilai: pd.DataFrame,
    pohon: Pohon,
    induk: Sequence[str] | str | None = None,
    *,
    bentuk: str = "muatan",
    negatif: str = "tolak",
) -> HasilKomponenUtama:
    """Bobot dari komponen utama pertama (matriks korelasi) anak-anak tiap induk.

    Parameters
    ----------
    nilai : DataFrame
        Unit x simpul, misalnya keluaran :func:`kinerja.index.hitung.compute`; baris bersel kosong dilewati per induk.
    induk : str or sequence, optional
        Cabang yang diberi bobot; baku semua yang punya lebih dari satu anak.
    bentuk : {"muatan", "kuadrat"}
        Bobot sebanding dengan muatan, atau dengan kuadratnya (OECD/JRC 2008).
    negatif : {"tolak", "tandai", "nol"}
        Muatan negatif: galat bernama; dipakai nilai mutlaknya dan ditandai; atau diberi bobot nol dan ditandai.

    Raises
    ------
    GalatHitung
        Muatan negatif (bila ditolak), atau kurang dari 3 unit lengkap, atau semua anak tanpa ragam.
    """
    if bentuk not in ("muatan", "kuadrat"):
        raise GalatParameter("bentuk bobot komponen utama harus 'muatan' atau 'kuadrat'.")
    if negatif not in NEGATIF:
        raise GalatParameter(f"negatif harus salah satu dari {', '.join(NEGATIF)}.")
    if induk is None:
        daftar = [k for k in pohon.cabang if len(pohon.anak[k]) > 1]
    else:
        daftar = [induk] if isinstance(induk, str) else list(induk)
        asing = set(daftar) - set(pohon.cabang)
        if asing:
            raise unknown_name_error("Cabang", asing, pohon.cabang)
    baris, eigen, bobot, catatan = [], {}, {}, []
    for kode in daftar:
        x = _node_values(nilai, pohon.anak[kode])
        datar = [k for k in x.columns if x[k].min() == x[k].max()]
        if datar:
            catatan.append(f"Simpul '{kode}': {name_list(datar)} tanpa ragam, diberi bobot nol.")
        pakai = [k for k in x.columns if k not in datar]
        if len(x) < 3 or not pakai:
            raise GalatHitung(f"Simpul '{kode}': komponen utama menuntut paling sedikit 3 unit lengkap yang beragam.")
        nilai_eigen, vektor = np.linalg.eigh(np.atleast_2d(np.corrcoef(x[pakai].to_numpy(dtype=float), rowvar=False)))
        muatan = vektor[:, -1] * (1.0 if vektor[:, -1].sum() >= 0 else -1.0)
        buruk = [k for k, m in zip(pakai, muatan, strict=True) if m < 0]
        if buruk and negatif == "tolak":
            raise GalatHitung(
                f"Simpul '{kode}': muatan komponen utama pertama negatif pada {name_list(buruk)}; anak-anak itu "
                f"bergerak berlawanan dengan saudaranya. Periksa arahnya, atau pilih negatif='tandai' atau 'nol'."
            )
        if buruk:
            sebut = "dipakai nilai mutlaknya" if negatif == "tandai" else "diberi bobot nol"
            catatan.append(f"Simpul '{kode}': muatan negatif pada {name_list(buruk)}, {sebut}.")
        dipakai = np.abs(muatan) if negatif != "nol" else np.maximum(muatan, 0.0)
        w = dipakai if bentuk == "muatan" else dipakai**2
        eigen[kode] = nilai_eigen[::-1]
        for k, m, satu in zip(pakai, muatan, w / w.sum(), strict=True):
            bobot[k] = satu
            baris.append((kode, k, m, nilai_eigen[-1], nilai_eigen[-1] / nilai_eigen.sum(), m < 0))
        bobot.update(dict.fromkeys(datar, 0.0))
    tabel = pd.DataFrame(baris, columns=["induk", "kode", "muatan", "nilai_eigen", "bagian_ragam", "negatif"])
    return HasilKomponenUtama(tabel, eigen, pd.Series(bobot, name="bobot", dtype=float), tuple(catatan))


def _node_values(nilai: pd.DataFrame, kode: Sequence[str]) -> pd.DataFrame:
    kurang = [k for k in kode if k not in nilai.columns]
    if kurang:
        raise GalatParameter(f"Tabel nilai tidak memuat simpul {name_list(kurang)}.")
    return nilai.loc[:, list(kode)].dropna()


# -------------------------------------------------------------------- pengaruh berimbang


@dataclass(frozen=True, eq=False)
class HasilBerimbang:
    """Bobot yang dicari supaya pengaruh nyata sesuai sasaran.

    Attributes
    ----------
    bobot : Series
        Tak negatif, berjumlah 1 di antara saudara.
    tabel : DataFrame
        Per simpul: sasaran, pengaruh dengan bobot semula, pengaruh yang dicapai, selisih (bagian, berjumlah 1).
    tercapai : bool
    keterangan : str
        Kalimat yang menyatakan hasilnya, termasuk bila sasaran tidak dapat dicapai.
    """

    bobot: pd.Series
    tabel: pd.DataFrame
    tercapai: bool
    keterangan: str


UKURAN_PENGARUH = ("korelasi", "ragam")
_SELISIH_TERCAPAI = 1e-6


def balanced_weights(
    data: pd.DataFrame,
    pohon: Pohon,
    simpul: Sequence[str],
    *,
    sasaran: Mapping[str, float] | pd.Series | None = None,
    terhadap: str | None = None,
    ukuran: str = "korelasi",
) -> HasilBerimbang:
    """Bobot tak negatif yang membuat pengaruh beberapa simpul terhadap satu leluhurnya sebanding dengan sasaran.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator ternormalkan; hanya unit yang semua nilainya lengkap yang dipakai.
    simpul : sequence of str
        Simpul yang bobotnya dicari; semua saudaranya harus ikut disebut.
    sasaran : mapping, optional
        Kode -> pengaruh yang diinginkan (positif; hanya nisbahnya yang berarti), dicocokkan menurut nama; baku sama.
    terhadap : str, optional
        Leluhur yang dipengaruhi; baku puncak.
    ukuran : {"korelasi", "ragam"}
        ``korelasi``: korelasi simpul dengan leluhur. ``ragam``: bagian ragam leluhur, cov(w x, I)/var(I), hanya bila
        semua simpul beranak langsung pada leluhur yang aritmetik; dengan ragam penyelesaian tak negatif selalu ada.

    Returns
    -------
    HasilBerimbang
        ``tercapai=False`` bila sasaran tidak dapat dipenuhi bobot tak negatif; bobotnya lalu yang terdekat.

    Raises
    ------
    GalatParameter, GalatHitung

    References
    ----------
    Paruolo, Saisana, Saltelli (2013), JRSS A 176; Becker dkk. (2017), Ecological Indicators 80; Maillard, Roncalli,
    Teiletche (2010) untuk ukuran ragam.
    """
    terhadap = pohon.puncak if terhadap is None else terhadap
    simpul = list(dict.fromkeys(simpul))
    t = _balance_target(pohon, simpul, sasaran, terhadap, ukuran)
    susunan = pohon.susun()
    x = pohon.values(data)
    x = x[~np.isnan(susunan.hitung(x, unit=data.index)).any(axis=0)]
    if len(x) < 3:
        raise GalatHitung("Pengaruh berimbang menuntut paling sedikit 3 unit lengkap.")
    letak, puncak = susunan.letak(simpul), susunan.letak(terhadap)
    nilai = susunan.hitung(x)
    datar = [k for k, i in zip(simpul, letak, strict=True) if np.ptp(nilai[i]) == 0]
    if datar:
        raise GalatHitung(f"Pengaruh berimbang: {name_list(datar)} bernilai sama pada semua unit, tanpa pengaruh.")
    langsung = all(pohon.induk(k) == terhadap for k in simpul)
    aritmetik = pohon.kolom("agregasi")[terhadap] == "aritmetik"
    saudara = [
        [i for i, k in enumerate(simpul) if k in anak] for anak in pohon.anak.values() if set(anak) & set(simpul)
    ]

    def influence(w: np.ndarray) -> np.ndarray:
        bobot = susunan.bobot.copy()
        bobot[letak] = w
        semua = susunan.hitung(x, bobot, simpul=[*letak, puncak])
        tengah = semua - semua.mean(axis=1, keepdims=True)
        kovarian = tengah[:-1] @ tengah[-1]
        if ukuran == "ragam":
            return kovarian * w / w.sum() / (tengah[-1] @ tengah[-1])
        return kovarian / np.sqrt((tengah[:-1] ** 2).sum(axis=1) * (tengah[-1] @ tengah[-1]))

    if ukuran == "ragam":
        if not (langsung and aritmetik):
            raise GalatParameter("Ukuran 'ragam' hanya untuk anak langsung dari simpul aritmetik; pakai 'korelasi'.")
        w = _risk_parity(np.atleast_2d(np.cov(nilai[letak])), t)
    elif langsung and aritmetik:
        w = _equal_correlation(np.atleast_2d(np.cov(nilai[letak])), t)
        if w is None:
            w = _search(influence, t, saudara, susunan.bobot[letak])
    else:
        w = _search(influence, t, saudara, susunan.bobot[letak])
    for kelompok in saudara:
        bagi = w[kelompok] / w[kelompok].sum()
        w[kelompok] = np.where(bagi < 1e-9, 0.0, bagi)  # nol sampai ketelitian pencarian
    semula, dicapai = influence(susunan.bobot[letak]), influence(w)
    tabel = pd.DataFrame(
        {"sasaran": t, "pengaruh_semula": semula, "pengaruh": dicapai, "bagian": dicapai / dicapai.sum()}, index=simpul
    )
    tabel["selisih"] = tabel["bagian"] - tabel["sasaran"]
    terbesar = tabel["selisih"].abs().idxmax()
    tercapai = bool(abs(tabel.at[terbesar, "selisih"]) < _SELISIH_TERCAPAI)
    nol = [k for k, satu in zip(simpul, w, strict=True) if satu == 0]
    if tercapai:
        kata = f"Pengaruh terhadap '{terhadap}' sesuai sasaran."
    else:
        kata = (
            f"Pengaruh berimbang terhadap '{terhadap}' tidak dapat dicapai dengan bobot tak negatif; selisih terbesar "
            f"pada '{terbesar}' ({tabel.at[terbesar, 'selisih']:+.4f})."
            + (f" Bobot {name_list(nol)} menjadi nol." if nol else "")
        )
    return HasilBerimbang(pd.Series(w, index=simpul, name="bobot"), tabel, tercapai, kata)


def _balance_target(pohon: Pohon, simpul: list[str], sasaran, terhadap: str, ukuran: str) -> np.ndarray:
    if ukuran not in UKURAN_PENGARUH:
        raise GalatParameter(f"ukuran pengaruh harus salah satu dari {', '.join(UKURAN_PENGARUH)}.")
    pohon.require([*simpul, terhadap])
    bukan = [k for k in simpul if terhadap not in pohon.leluhur(k)]
    if bukan:
        raise GalatParameter(f"'{terhadap}' bukan leluhur {name_list(bukan)}.")
    for anak in pohon.anak.values():
        kurang = set(anak) - set(simpul)
        if set(anak) & set(simpul) and kurang:
            raise GalatParameter(f"Saudara {name_list(sorted(kurang))} harus ikut disebut.")
    if len(simpul) < 2:
        raise GalatParameter("Pengaruh berimbang menuntut paling sedikit dua simpul.")
    if sasaran is None:
        return np.full(len(simpul), 1.0 / len(simpul))
    isi = dict(sasaran)
    if set(isi) != set(simpul):
        raise GalatParameter("Sasaran pengaruh harus menyebut tepat simpul yang bobotnya dicari, menurut nama.")
    t = np.array([float(isi[k]) for k in simpul])
    if not (np.isfinite(t).all() and (t > 0).all()):
        raise GalatParameter("Sasaran pengaruh harus positif.")
    return t / t.sum()


def _equal_correlation(kovarian: np.ndarray, t: np.ndarray) -> np.ndarray | None:
    """corr(x_i, I) sebanding (Sigma w)_i / sigma_i, jadi Sigma w = sigma t; None bila ada yang negatif."""
    sigma = np.sqrt(np.diag(kovarian))
    try:
        w = np.linalg.solve(kovarian, sigma * t)
    except np.linalg.LinAlgError:
        return None
    return w if np.isfinite(w).all() and (w >= 0).all() else None


def _risk_parity(kovarian: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Titik minimum w'Sigma w/2 - sum t log w (cembung, tunggal): di situ w_i (Sigma w)_i = t_i."""
    from scipy.optimize import minimize

    skala = np.sqrt(np.diag(kovarian))
    c = kovarian / np.outer(skala, skala)
    hasil = minimize(
        lambda y: 0.5 * np.exp(y) @ c @ np.exp(y) - t @ y,
        np.zeros(len(t)),
        jac=lambda y: np.exp(y) * (c @ np.exp(y)) - t,
        hess=lambda y: np.outer(np.exp(y), np.exp(y)) * c + np.diag(np.exp(y) * (c @ np.exp(y))),
        method="trust-exact",
        options={"gtol": 1e-12, "maxiter": 500},
    )
    return np.exp(hasil.x) / skala


def _search(influence, t: np.ndarray, saudara: list[list[int]], awal: np.ndarray) -> np.ndarray:
    """Kuadrat terkecil berbatas [0, 1] atas selisih bagian pengaruh, dari beberapa titik awal tetap."""
    from scipy.optimize import least_squares

    def spread(w: np.ndarray) -> np.ndarray:
        hasil = w + 1e-12
        for kelompok in saudara:
            hasil[kelompok] = hasil[kelompok] / hasil[kelompok].sum()
        return hasil

    def residual(w: np.ndarray) -> np.ndarray:
        r = influence(spread(w))
        total = r.sum()
        return (r / total if total > 1e-6 else r) - t

    acak = np.random.default_rng(7)
    titik = [np.full(len(t), 0.5), np.clip(spread(np.asarray(awal, dtype=float)), 0, 1)]
    titik += [acak.uniform(0.05, 0.95, len(t)) for _ in range(6)]
    terbaik = min(
        (
            least_squares(residual, np.clip(p, 1e-6, 1 - 1e-6), bounds=(0, 1), xtol=1e-14, ftol=1e-14, gtol=1e-14)
            for p in titik
        ),
        key=lambda h: h.cost,
    )
    return spread(terbaik.x)
