"""Analisis indeks: korelasi, keandalan, pengaruh nyata, membuang simpul, kekuatan dan kelemahan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.hitung import compute
from kinerja.index.peringkat import rank_array, rank_frame
from kinerja.index.pohon import Pohon, name_list
from kinerja.index.urai import _decompose

CARA_KORELASI = ("pearson", "spearman", "kendall")
BATAS_KEMBAR = 0.92
"""Korelasi antarsaudara di atas ini lazim dibaca sebagai dua indikator yang mengukur hal yang sama (JRC)."""


def correlations(
    nilai: pd.DataFrame,
    pohon: Pohon,
    tingkat_1: int = 1,
    tingkat_2: int | None = None,
    *,
    cara: str = "pearson",
    seinduk: bool = False,
) -> pd.DataFrame:
    """Korelasi antarsimpul dalam satu tingkat atau antara dua tingkat.

    Parameters
    ----------
    nilai : DataFrame
        Unit x simpul (keluaran ``compute``).
    tingkat_1, tingkat_2 : int
        Tingkat simpul (1 = indikator); ``tingkat_2=None`` berarti tingkat yang sama, tiap pasangan sekali.
    cara : {"pearson", "spearman", "kendall"}
    seinduk : bool
        True: hanya pasangan saudara (satu tingkat), atau simpul dengan leluhurnya sendiri (dua tingkat).

    Returns
    -------
    DataFrame
        kode_1, kode_2, korelasi, n (unit lengkap), hubungan ("saudara", "leluhur", "lain"), dan keterangan ("kembar",
        "negatif", "tanpa ragam", atau kosong).
    """
    if cara not in CARA_KORELASI:
        raise GalatParameter(f"cara korelasi harus salah satu dari {', '.join(CARA_KORELASI)}.")
    satu = pohon.setingkat(tingkat_1)
    sama = tingkat_2 is None or tingkat_2 == tingkat_1
    dua = satu if sama else pohon.setingkat(tingkat_2)
    kurang = [k for k in {*satu, *dua} if k not in nilai.columns]
    if kurang:
        raise GalatParameter(f"Tabel nilai tidak memuat simpul {name_list(sorted(kurang))}.")
    semua = list(dict.fromkeys([*satu, *dua]))
    matriks = nilai[semua].astype(float).corr(method=cara, min_periods=3)
    ada = nilai[semua].notna().astype(int)
    banyak = ada.T @ ada
    baris = []
    for i, a in enumerate(satu):
        for b in satu[i + 1 :] if sama else dua:
            hubungan = _relation(pohon, a, b)
            if seinduk and hubungan == "lain":
                continue
            r = matriks.at[a, b]
            kata = "tanpa ragam" if np.isnan(r) else "negatif" if r < 0 else ""
            if hubungan == "saudara" and r > BATAS_KEMBAR:
                kata = "kembar"
            baris.append((a, b, r, int(banyak.at[a, b]), hubungan, kata))
    return pd.DataFrame(baris, columns=["kode_1", "kode_2", "korelasi", "n", "hubungan", "keterangan"])


def _relation(pohon: Pohon, a: str, b: str) -> str:
    if pohon.induk(a) == pohon.induk(b):
        return "saudara"
    return "leluhur" if b in pohon.leluhur(a) or a in pohon.leluhur(b) else "lain"


def cronbach_alpha(x: pd.DataFrame) -> float:
    """Alfa Cronbach dari kolom-kolom ``x`` (unit lengkap saja).

    Raises
    ------
    GalatHitung
        Kurang dari dua kolom, kurang dari dua unit lengkap, atau jumlahnya tanpa ragam.
    """
    lengkap = x.astype(float).dropna()
    k = lengkap.shape[1]
    if k < 2 or len(lengkap) < 2:
        raise GalatHitung("Alfa Cronbach menuntut paling sedikit dua kolom dan dua unit lengkap.")
    total = lengkap.sum(axis=1).var()
    if not total > 0:
        raise GalatHitung(f"Alfa Cronbach: jumlah {name_list(x.columns)} tanpa ragam.")
    return float(k / (k - 1) * (1 - lengkap.var().sum() / total))


def reliability(nilai: pd.DataFrame, pohon: Pohon) -> pd.DataFrame:
    """Alfa Cronbach tiap cabang.

    Returns
    -------
    DataFrame
        Indeks kode cabang: ``anak``, ``alfa_anak`` (anak langsung), ``indikator``, ``alfa_indikator`` (semua
        indikator di bawahnya), ``n`` unit lengkap; NaN bila hanya satu anak atau tanpa ragam.
    """
    baris = []
    for kode in pohon.cabang:
        anak, daun = list(pohon.anak[kode]), list(pohon.daun(kode))
        baris.append(
            {
                "kode": kode,
                "nama": pohon.nama(kode),
                "anak": len(anak),
                "alfa_anak": _alpha_or_nan(nilai[anak]),
                "indikator": len(daun),
                "alfa_indikator": _alpha_or_nan(nilai[daun]),
                "n": len(nilai[daun].dropna()),
            }
        )
    return pd.DataFrame(baris).set_index("kode")


def _alpha_or_nan(x: pd.DataFrame) -> float:
    try:
        return cronbach_alpha(x)
    except GalatHitung:
        return float("nan")


def effective_weights(data: pd.DataFrame, pohon: Pohon) -> pd.DataFrame:
    """Pengaruh nominal dan pengaruh nyata tiap simpul terhadap puncak.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator ternormalkan.

    Returns
    -------
    DataFrame
        Indeks kode: ``bobot_setempat``, ``bobot_akhir`` (hasil kali sepanjang jalur), ``korelasi`` dengan puncak,
        ``korelasi_kuadrat``, dan ``bagian_ragam``: cov(c_i, I)/var(I), dengan c_i sumbangan simpul terhadap beda
        unit itu dari unit rata-rata (lihat :mod:`kinerja.index.urai`). Bagian ragam indikator berjumlah 1 bila data
        lengkap; pada pohon aritmetik ia sama dengan cov(w x, I)/var(I).

    Raises
    ------
    GalatHitung
        Indeks tanpa ragam.
    """
    nilai = compute(data, pohon)
    puncak = nilai[pohon.puncak]
    if not puncak.var() > 0:
        raise GalatHitung(f"Indeks '{pohon.puncak}' sama di semua unit: pengaruh nyata tidak ada.")
    x = pohon.values(data)
    acuan = np.broadcast_to(np.array([_mean(x[:, k]) for k in range(x.shape[1])]), x.shape)
    sumbangan, _, _ = _decompose(pohon, np.where(np.isnan(x), np.nan, acuan), x)
    pakai = ~np.isnan(sumbangan).any(axis=0)
    tengah = puncak.to_numpy()[pakai] - puncak.to_numpy()[pakai].mean()
    ragam = tengah @ tengah
    t = pohon.tabel
    hasil = pd.DataFrame(
        {
            "nama": t["nama"],
            "tingkat": t["tingkat"],
            "bobot_setempat": pohon.bobot_setempat(),
            "bobot_akhir": pohon.bobot_akhir(),
        }
    )
    hasil["korelasi"] = [_correlation(nilai[k], puncak) for k in pohon.kode]
    hasil["korelasi_kuadrat"] = hasil["korelasi"] ** 2
    hasil["bagian_ragam"] = sumbangan[: len(pohon.kode), pakai] @ tengah / ragam
    return hasil.rename_axis("kode")


def _mean(x: np.ndarray) -> float:
    ada = x[~np.isnan(x)]
    return float(ada.mean()) if len(ada) else float("nan")


def _correlation(a: pd.Series, b: pd.Series) -> float:
    ada = a.notna() & b.notna()
    x, y = a[ada].to_numpy(dtype=float), b[ada].to_numpy(dtype=float)
    if len(x) < 3 or x.min() == x.max() or y.min() == y.max():
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def drop_each(
    data: pd.DataFrame, pohon: Pohon, simpul: Sequence[str] | None = None, tingkat: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Indeks bila satu simpul dibuang, untuk tiap simpul bergiliran.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator ternormalkan.
    simpul : sequence of str, optional
        Simpul yang dibuang bergiliran; atau pakai ``tingkat``. Baku semua simpul selain puncak.

    Returns
    -------
    skor, peringkat : DataFrame
        Unit x (``lengkap`` dan setiap simpul).
    ringkasan : DataFrame
        Indeks kode: rata-rata dan terbesar selisih mutlak peringkat, rata-rata selisih skor, korelasi Spearman dengan
        indeks lengkap, menurun menurut selisih peringkat.
    """
    if simpul is None:
        simpul = [k for k in pohon.kode if k != pohon.puncak] if tingkat is None else list(pohon.setingkat(tingkat))
    elif tingkat is not None:
        raise GalatParameter("Pilih simpul atau tingkat, bukan keduanya.")
    bobot = drop_weights(pohon, [None, *simpul])
    susunan = pohon.susun()
    nilai = susunan.puncak(pohon.values(data), bobot)
    kolom = ["lengkap", *simpul]
    skor = pd.DataFrame(nilai.T, index=data.index, columns=kolom)
    peringkat = rank_frame(skor)
    angka = rank_array(nilai).astype(float)
    angka[angka == 0] = np.nan
    baris = []
    for j, kode in enumerate(simpul, start=1):
        beda = np.abs(angka[j] - angka[0])
        ada = ~np.isnan(beda)
        baris.append(
            {
                "kode": kode,
                "nama": pohon.nama(kode),
                "rata_selisih_peringkat": beda[ada].mean() if ada.any() else np.nan,
                "selisih_peringkat_terbesar": beda[ada].max() if ada.any() else np.nan,
                "rata_selisih_skor": float((nilai[j] - nilai[0])[ada].mean()) if ada.any() else np.nan,
                "spearman": _correlation(pd.Series(angka[j]), pd.Series(angka[0])),
            }
        )
    ringkasan = pd.DataFrame(baris).set_index("kode")
    return skor, peringkat, ringkasan.sort_values("rata_selisih_peringkat", ascending=False, kind="stable")


def drop_weights(pohon: Pohon, buang: Sequence[str | None]) -> np.ndarray:
    """Larik bobot (banyak pilihan, simpul) dengan satu simpul dibuang per baris; None = tidak ada yang dibuang.

    Cabang yang kehilangan semua anaknya ikut berbobot nol, sehingga tidak dihitung sebagai data hilang.

    Raises
    ------
    GalatParameter
        Kode tidak dikenal, puncak, atau pembuangan yang tidak menyisakan apa pun.
    """
    susunan = pohon.susun()
    pohon.require([k for k in buang if k is not None])
    hasil = np.tile(susunan.bobot, (len(buang), 1))
    for baris, kode in enumerate(buang):
        if kode is None:
            continue
        if kode == pohon.puncak:
            raise GalatParameter(f"Puncak '{kode}' tidak dapat dibuang.")
        for satu in (kode, *pohon.leluhur(kode)):
            if satu == pohon.puncak:
                raise GalatParameter(f"Membuang '{kode}' tidak menyisakan indikator berbobot.")
            hasil[baris, susunan.letak(satu)] = 0.0
            if hasil[baris, susunan.letak(list(pohon.anak[pohon.induk(satu)]))].sum() > 0:
                break
    return hasil


def strengths_weaknesses(
    data: pd.DataFrame,
    pohon: Pohon,
    unit: object,
    *,
    banyak: int = 5,
    tingkat: int = 1,
    pembanding: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Kekuatan dan kelemahan satu unit dibandingkan dengan unit lain.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator ternormalkan.
    banyak : int
        Paling banyak baris untuk masing-masing sisi.
    tingkat : int
        Tingkat simpul yang dibandingkan.
    pembanding : sequence, optional
        Unit pembanding (misalnya satu pulau); baku semua unit lain.

    Returns
    -------
    DataFrame
        kode, nama, nilai, peringkat, dari (unit yang bernilai), median pembanding, selisih, ``sisi`` ("kekuatan" bila
        di atas median pembanding, "kelemahan" bila di bawah), diurutkan menurut sumbangan kasar bobot_akhir x selisih.

    Raises
    ------
    GalatParameter
        Unit atau pembanding tidak ada di data.
    """
    lain = [u for u in data.index if u != unit] if pembanding is None else [u for u in pembanding if u != unit]
    asing = [u for u in [unit, *lain] if u not in data.index]
    if asing:
        raise GalatParameter(f"Unit tidak ada di data: {name_list(asing)}.")
    if not lain:
        raise GalatParameter("Tidak ada unit pembanding.")
    nilai = compute(data, pohon)[list(pohon.setingkat(tingkat))]
    letak = nilai.index.get_loc(unit)
    peringkat = dict(zip(nilai.columns, rank_array(nilai.to_numpy(dtype=float).T)[:, letak], strict=True))
    dari, tengah, milik = nilai.notna().sum(), nilai.loc[lain].median(), nilai.loc[unit]
    bobot = pohon.bobot_akhir()
    baris = []
    for kode in nilai.columns:
        sendiri, median = milik[kode], tengah[kode]
        if np.isnan(sendiri) or np.isnan(median) or sendiri == median:
            continue
        baris.append(
            {
                "sisi": "kekuatan" if sendiri > median else "kelemahan",
                "kode": kode,
                "nama": pohon.nama(kode),
                "nilai": sendiri,
                "peringkat": int(peringkat[kode]),
                "dari": int(dari[kode]),
                "median_pembanding": median,
                "selisih": sendiri - median,
                "bobot_akhir": bobot[kode],
                "sumbangan": bobot[kode] * (sendiri - median),
            }
        )
    kolom = [
        "sisi",
        "kode",
        "nama",
        "nilai",
        "peringkat",
        "dari",
        "median_pembanding",
        "selisih",
        "bobot_akhir",
        "sumbangan",
    ]
    semua = pd.DataFrame(baris, columns=kolom)
    bagian = [
        semua[semua["sisi"] == sisi].sort_values("sumbangan", ascending=sisi == "kelemahan", kind="stable").head(banyak)
        for sisi in ("kekuatan", "kelemahan")
    ]
    return pd.concat(bagian, ignore_index=True)
