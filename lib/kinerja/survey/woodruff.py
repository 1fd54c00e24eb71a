"""Kuantil menurut domain dengan selang Woodruff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.survey.desain import Desain
from kinerja.survey.kerangka import Kerangka
from kinerja.survey.kode import (
    daftar_kolom,
    daftar_nilai,
    gabung_kode,
    kode_kolom,
    kolom_bilangan,
    letak_nilai,
    periksa_kolom,
)
from kinerja.survey.sel import bagi, periksa_domain
from kinerja.survey.selang import hitung_rse, kuantil_t, selang_kepercayaan, tandai

ATURAN_KUANTIL = ("math", "school", "hf7")
#: Jumlah bobot kumulatif dianggap sama dengan sasarannya bila bedanya sekecil pembulatan.
TOLERANSI_KUMULATIF = 1e-12


def kuantil(
    desain: Desain,
    bingkai: pd.DataFrame,
    variabel: str | Sequence[str],
    peluang: float | Sequence[float] = 0.5,
    *,
    domain: str | Sequence[str] | None = None,
    pilih: Mapping[str, object] | None = None,
    aturan: str = "math",
    metode: str = "logit",
    tingkat: float = 0.95,
    df: str | float = "domain",
    batas_hati_hati: float = 25.0,
    batas_ditahan: float = 50.0,
    n_minimum: int = 30,
) -> pd.DataFrame:
    """Kuantil tertimbang tiap variabel, domain, dan peluang.

    Satu-satunya taksiran yang memerlukan data perorangan, bukan sel: seluruh sebaran dipakai.

    Parameters
    ----------
    desain, bingkai
        Seperti `ringkas`: seluruh baris, tidak disaring.
    variabel, peluang : satu atau beberapa
    domain : kolom domain; kosong = seluruh sampel
    pilih : dict kolom -> nilai atau daftar nilai, optional
    aturan : {"math", "school", "hf7"}
        "math": nilai terkecil yang fungsi sebarannya mencapai peluang; "school": rata-rata dua nilai bila tepat;
        "hf7": interpolasi (tipe 7 Hyndman dan Fan). Nama mengikuti ``qrule`` di R survey.
    metode : {"logit", "t", "beta", "asin"}
        Selang bagi proporsi di bawah kuantil, yang lalu dibalik menjadi selang kuantil (Woodruff, 1952). "t"
        keluar dari 0-1, jadi tanpa batas, di banyak domain kecil.
    tingkat, df
        Lihat `Taksiran.selang`.
    batas_hati_hati, batas_ditahan, n_minimum
        Lihat `tandai`. Baris "ditahan" ditandai saja, nilainya tidak dikosongkan.

    Returns
    -------
    DataFrame
        Kolom domain, lalu ukuran, peluang, taksiran, se, bawah, atas, rse, n, df, tanda. se = lebar selang / 2t. Batas
        yang peluangnya keluar dari 0-1 NaN, juga bila kuantil jatuh pada nilai terbesar.

    Raises
    ------
    GalatParameter
        Pilihan, kolom, atau nilai `pilih` tidak dikenal; peluang di luar 0-1.
    GalatHitung
        Baris tidak dapat dipadankan dengan rancangan.
    """
    if aturan not in ATURAN_KUANTIL:
        raise GalatParameter(f"Aturan kuantil '{aturan}' tidak dikenal; pilih: {', '.join(ATURAN_KUANTIL)}.")
    p = np.atleast_1d(np.asarray(peluang, dtype=float))
    if not ((p > 0) & (p < 1)).all():
        raise GalatParameter("Peluang kuantil harus di antara 0 dan 1.")
    if isinstance(df, str) and df not in ("domain", "rancangan"):
        raise GalatParameter(f"df '{df}' tidak dikenal; pilih 'domain', 'rancangan', atau bilangan.")
    kolom, nama = daftar_kolom(domain), daftar_kolom(variabel)
    periksa_domain(kolom)
    bingkai = desain.sejajarkan(bingkai)
    periksa_kolom(bingkai, [*kolom, *nama, *daftar_kolom(tuple(pilih or ()))])
    berkode = [kode_kolom(bingkai[k]) for k in kolom]
    kode, tabel = gabung_kode([b[0] for b in berkode], [b[1] for b in berkode], kolom, len(bingkai))
    ikut = (kode >= 0) & (desain.bobot > 0)
    for k, nilai in (pilih or {}).items():
        kode_pilih, label = kode_kolom(bingkai[k])
        ikut &= np.isin(kode_pilih, letak_nilai(label, daftar_nilai(nilai), k))

    potongan = []
    for u in nama:
        y = kolom_bilangan(bingkai[u], u)
        baris = np.flatnonzero(ikut & ~np.isnan(y))
        hasil = _satu_variabel(desain, kode[baris], len(tabel), y[baris], baris, p, aturan, metode, tingkat, df)
        q, se, bawah, atas, n, bebas = hasil
        rse = hitung_rse(q, se)
        tanda = tandai(
            rse, se, n, df=bebas, batas_hati_hati=batas_hati_hati, batas_ditahan=batas_ditahan, n_minimum=n_minimum
        )
        isi = {k: tabel[k].repeat(len(p)).reset_index(drop=True) for k in kolom}
        isi |= {"ukuran": u, "peluang": np.tile(p, len(tabel)), "taksiran": q.ravel(), "se": se.ravel()}
        isi |= {"bawah": bawah.ravel(), "atas": atas.ravel(), "rse": rse.ravel()}
        isi |= {"n": n.ravel(), "df": bebas.ravel(), "tanda": tanda.ravel()}
        potongan.append(pd.DataFrame(isi))
    return pd.concat(potongan, ignore_index=True)


def _satu_variabel(
    desain: Desain,
    kode: np.ndarray,
    banyak: int,
    y: np.ndarray,
    baris: np.ndarray,
    p: np.ndarray,
    aturan: str,
    metode: str,
    tingkat: float,
    df: str | float,
) -> tuple[np.ndarray, ...]:
    """Kuantil, se, bawah, atas, n, df; masing-masing (D, banyak peluang)."""
    urutan = np.lexsort((y, kode))
    y_urut, w_urut, kode_urut = y[urutan], desain.bobot[baris][urutan], kode[urutan]
    batas = np.searchsorted(kode_urut, np.arange(banyak + 1))
    bentuk = (banyak, len(p))
    q = np.full(bentuk, np.nan)
    sebaran = []
    for d in range(banyak):
        isi = slice(batas[d], batas[d + 1])
        sebaran.append((y_urut[isi], np.cumsum(w_urut[isi])))
        if batas[d + 1] > batas[d]:
            q[d] = _balik(*sebaran[d], p, aturan)

    proporsi, ragam, bebas = _proporsi_di_bawah(desain, kode, y, baris, q)
    if desain.tahap_dua is not None:
        ragam += _proporsi_di_bawah(desain.tahap_dua, kode, y, baris, q)[1]
    se_p = np.sqrt(ragam)
    n = np.repeat(np.diff(batas)[:, None], len(p), axis=1)
    pakai = {"domain": bebas, "rancangan": np.full(bentuk, desain.df)}[df] if isinstance(df, str) else df
    pakai = np.broadcast_to(pakai, bentuk)
    kiri, kanan = selang_kepercayaan(proporsi, se_p, pakai, metode=metode, tingkat=tingkat, n=n)
    # Kuantil pada nilai terbesar: proporsinya 1 dengan galat baku nol, yang bukan kepastian; selangnya tak terdefinisi.
    terbesar = proporsi >= 1 - TOLERANSI_KUMULATIF
    kiri, kanan = np.where(terbesar, np.nan, kiri), np.where(terbesar, np.nan, kanan)
    bawah, atas = np.full(bentuk, np.nan), np.full(bentuk, np.nan)
    for d in np.flatnonzero(np.diff(batas)):
        sah = kiri[d] >= 0
        bawah[d, sah] = _balik(*sebaran[d], kiri[d, sah], aturan)
        sah = kanan[d] <= 1
        atas[d, sah] = _balik(*sebaran[d], kanan[d, sah], aturan)
    return q, (atas - bawah) / (2 * kuantil_t(tingkat, pakai)), bawah, atas, n, bebas


def _proporsi_di_bawah(
    desain: Desain, kode: np.ndarray, y: np.ndarray, baris: np.ndarray, q: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Proporsi di bawah kuantil `q` (D, banyak peluang), ragamnya sebagai rerata indikator, dan df tiap domain."""
    psu = desain.psu[baris]
    pasangan, ke = np.unique(kode * desain.banyak_psu + psu, return_inverse=True)
    muncul, domain = np.unique(pasangan // desain.banyak_psu, return_inverse=True)
    k = Kerangka.dari_pasangan(desain, pasangan % desain.banyak_psu, domain, len(muncul))
    w = desain.bobot[baris]
    w_pasangan = np.bincount(ke, weights=w, minlength=len(pasangan))
    w_domain = np.bincount(domain, weights=w_pasangan, minlength=len(muncul))
    skor = np.empty((q.shape[1], len(pasangan)))
    proporsi, ragam = np.full(q.shape, np.nan), np.full(q.shape, np.nan)
    for i in range(q.shape[1]):
        di_bawah = np.bincount(ke, weights=w * (y <= q[kode, i]), minlength=len(pasangan))
        rata = bagi(np.bincount(domain, weights=di_bawah, minlength=len(muncul)), w_domain)
        proporsi[muncul, i] = rata
        skor[i] = (di_bawah - rata[domain] * w_pasangan) / w_domain[domain]
    ragam[muncul] = k.ragam(skor).T
    df = np.zeros(q.shape, dtype=np.int64)
    df[muncul] = k.df(np.ones((1, len(pasangan)), dtype=bool)).T
    return proporsi, ragam, df


def _balik(y: np.ndarray, kumulatif: np.ndarray, p: np.ndarray, aturan: str) -> np.ndarray:
    """Kebalikan fungsi sebaran tertimbang; `y` terurut, `kumulatif` jumlah bobotnya."""
    if len(y) == 1:
        return np.full(len(p), y[0])
    total = kumulatif[-1]
    if aturan == "hf7":
        titik = np.append(0.0, kumulatif[:-1]) / kumulatif[-2]
        return np.interp(p, titik, y)
    letak = np.searchsorted(kumulatif, (p - TOLERANSI_KUMULATIF) * total)
    letak = np.minimum(letak, len(y) - 1)
    hasil = y[letak]
    if aturan == "school":
        tepat = np.abs(kumulatif[letak] - p * total) <= TOLERANSI_KUMULATIF * total
        hasil = np.where(tepat, (hasil + y[np.minimum(letak + 1, len(y) - 1)]) / 2, hasil)
    return hasil
