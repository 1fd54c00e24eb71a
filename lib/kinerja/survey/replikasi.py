"""Bobot replikasi: bootstrap Rao-Wu dan jackknife berstrata (JKn), dihitung dari sel, bukan dari perorangan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey.desain import Desain
from kinerja.survey.sel import Sel, bagi

#: Faktor PSU x replikasi dibuat per potongan paling besar sekian bita.
BITA_POTONGAN = 64_000_000
#: Larik hasil replikasi yang lebih besar dari ini ditolak.
BATAS_BITA_HASIL = 2_000_000_000


@dataclass(frozen=True)
class Replikasi:
    """Pengali bobot tiap PSU di tiap replikasi, beserta rumus ragamnya.

    ragam = jumlah skala_r (t_r - pusat)**2, dengan pusat rata-rata replikasi, atau taksiran penuh bila `mse`.

    Attributes
    ----------
    jenis : {"rao_wu", "jkn"}
    desain : Desain
    skala : ndarray, shape (R,)
    mse : bool
    benih : int atau None
    psu_terhapus : ndarray, shape (R,), hanya "jkn"
    """

    jenis: str
    desain: Desain
    skala: np.ndarray
    mse: bool
    benih: int | None = None
    psu_terhapus: np.ndarray | None = None

    @property
    def banyak(self) -> int:
        """R, banyak replikasi."""
        return len(self.skala)

    def potongan(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Faktor per potongan replikasi: (irisan replikasi, ndarray (P, r)).

        Hasilnya tidak bergantung pada besar potongan; menghabiskan seluruh pengulangan selalu memberi faktor yang sama.
        """
        lebar = max(1, min(self.banyak, BITA_POTONGAN // (8 * self.desain.banyak_psu)))
        acak = None if self.jenis == "jkn" else np.random.default_rng(self.benih)
        for awal in range(0, self.banyak, lebar):
            irisan = slice(awal, min(awal + lebar, self.banyak))
            if acak is None:
                yield irisan, _faktor_jkn(self.desain, self.psu_terhapus[irisan])
            else:
                yield irisan, _faktor_rao_wu(self.desain, acak, irisan.stop - irisan.start)

    def faktor(self) -> np.ndarray:
        """Seluruh faktor, shape (P, R).

        Raises
        ------
        GalatHitung
            Larik melebihi `BATAS_BITA_HASIL`; pakai `potongan`.
        """
        _periksa_besar((self.desain.banyak_psu, self.banyak), "Faktor replikasi")
        return np.concatenate([f for _, f in self.potongan()], axis=1)

    def bobot(self) -> np.ndarray:
        """Bobot replikasi tiap baris data mikro, shape (n, R); untuk diekspor ke perangkat lain."""
        _periksa_besar((len(self.desain.bobot), self.banyak), "Bobot replikasi")
        return self.desain.bobot[:, None] * self.faktor()[self.desain.psu]


def rao_wu(desain: Desain, banyak: int = 500, *, benih: int) -> Replikasi:
    """Bootstrap Rao-Wu (Rao, Wu, dan Yue, 1992) dengan n - 1 PSU ditarik berpengembalian di tiap strata.

    Parameters
    ----------
    desain : Desain
    banyak : int
        Banyak replikasi.
    benih : int
        Wajib: hasil harus dapat diulang.

    Returns
    -------
    Replikasi
        Faktor 1 - s + s n/(n - 1) t dengan t banyak kali PSU terpilih dan s = akar(1 - n/N). Strata ber-PSU tunggal
        (hanya dengan aturan "certainty" atau "remove") tidak menyumbang ragam.

    Raises
    ------
    GalatHitung
        Strata ber-PSU tunggal dengan aturan "adjust" atau "average".
    GalatParameter
        `banyak` kurang dari 2.
    """
    if banyak < 2:
        raise GalatParameter("Bootstrap memerlukan sedikitnya 2 replikasi.")
    _periksa_rancangan(desain)
    # Ragam ke pusat rata-rata replikasi dengan pembagi R - 1 tidak bias terhadap banyaknya replikasi.
    return Replikasi("rao_wu", desain, np.full(banyak, 1 / (banyak - 1)), False, benih)


def jkn(desain: Desain, *, mse: bool = False) -> Replikasi:
    """Jackknife berstrata: satu replikasi tiap PSU; PSU itu dihapus, yang lain di stratanya dikalikan n/(n - 1).

    Parameters
    ----------
    desain : Desain
    mse : bool
        True: simpangan diukur dari taksiran penuh; False: dari rata-rata replikasi.

    Returns
    -------
    Replikasi
        Skala (1 - n/N)(n - 1)/n. Strata ber-PSU tunggal atau dicacah lengkap tidak mendapat replikasi.

    Raises
    ------
    GalatHitung
        Strata ber-PSU tunggal dengan aturan "adjust" atau "average".
    """
    _periksa_rancangan(desain)
    n = desain.n_psu[desain.strata_psu]
    terhapus = np.flatnonzero((n > 1) & (desain.faktor_fpc[desain.strata_psu] > 0))
    if not len(terhapus):
        raise GalatHitung("Tidak ada strata dengan dua PSU atau lebih; jackknife tidak dapat dibentuk.")
    h = desain.strata_psu[terhapus]
    skala = desain.faktor_fpc[h] * (desain.n_psu[h] - 1) / desain.n_psu[h]
    return Replikasi("jkn", desain, skala, mse, psu_terhapus=terhapus)


def estimasi_replikasi(
    sel: Sel,
    replikasi: Replikasi,
    domain: str | Sequence[str] | None = None,
    *,
    jenis: str = "rerata",
    ukuran: Sequence[str] | None = None,
    pilih: Mapping[str, object] | None = None,
) -> np.ndarray:
    """Taksiran tiap replikasi.

    Parameters
    ----------
    sel, domain, jenis, ukuran, pilih
        Seperti `taksir`; urutan domain dan ukuran hasilnya sama.
    replikasi : Replikasi

    Returns
    -------
    ndarray, shape (R, D, V)
        NaN bila penyebut replikasi nol.

    Raises
    ------
    GalatHitung
        Hasil melebihi `BATAS_BITA_HASIL`, atau rancangan sel dan replikasi berbeda.
    GalatParameter
        Pilihan tidak dikenal.
    """
    if jenis not in ("rerata", "total"):
        raise GalatParameter(f"Jenis taksiran '{jenis}' tidak dikenal; pilih: rerata, total.")
    if replikasi.desain is not sel.desain:
        raise GalatHitung("Replikasi dan sel dibuat dari rancangan yang berbeda.")
    if jenis == "total" and ukuran is None:
        ukuran = [u for u, m in sel.momen.items() if not m.rasio]
    s = sel.susun(domain, ukuran=ukuran, pilih=pilih)
    if jenis == "total" and s.rasio.any():
        raise GalatParameter("Total tidak bermakna bagi nisbah.")
    k = s.kerangka
    v = len(s.nama)
    _periksa_besar((replikasi.banyak, k.banyak_domain, v), "Hasil replikasi")
    isi = s.y if jenis == "total" else np.concatenate([s.y, s.x])
    isi = np.ascontiguousarray(isi.T)
    hasil = np.empty((replikasi.banyak, k.banyak_domain, v))
    batas = k.batas_domain()
    for irisan, faktor in replikasi.potongan():
        for d in range(k.banyak_domain):
            b = slice(batas[d], batas[d + 1])
            jumlah = faktor[k.psu[b]].T @ isi[b]
            hasil[irisan, d] = jumlah if jenis == "total" else bagi(jumlah[:, :v], jumlah[:, v:][:, s.x_ke])
    return hasil


def ragam_replikasi(nilai: np.ndarray, replikasi: Replikasi, titik: np.ndarray | None = None) -> np.ndarray:
    """Ragam dari taksiran replikasi.

    Parameters
    ----------
    nilai : ndarray, shape (R, ...)
        Dari `estimasi_replikasi`, atau fungsi apa pun atasnya (misalnya indeks komposit tiap replikasi).
    replikasi : Replikasi
    titik : ndarray, shape (...), optional
        Taksiran penuh; wajib bila ``replikasi.mse``.

    Returns
    -------
    ndarray, shape (...)
    """
    simpangan = _simpangan(nilai, replikasi, titik)
    return np.einsum("r,r...->...", replikasi.skala, simpangan * simpangan)


def kovarians_replikasi(nilai: np.ndarray, replikasi: Replikasi, titik: np.ndarray | None = None) -> np.ndarray:
    """Kovarians antarsemua unsur taksiran replikasi, (R, K) -> (K, K); lihat `ragam_replikasi`."""
    nilai = np.asarray(nilai, dtype=float)
    if nilai.ndim != 2:
        raise GalatParameter("Kovarians replikasi memerlukan larik (R, K).")
    simpangan = _simpangan(nilai, replikasi, titik)
    return (simpangan * replikasi.skala[:, None]).T @ simpangan


def _simpangan(nilai: np.ndarray, replikasi: Replikasi, titik: np.ndarray | None) -> np.ndarray:
    nilai = np.asarray(nilai, dtype=float)
    if len(nilai) != replikasi.banyak:
        raise GalatParameter(f"Ada {len(nilai)} taksiran replikasi, seharusnya {replikasi.banyak}.")
    if not replikasi.mse:
        return nilai - nilai.mean(axis=0)
    if titik is None:
        raise GalatParameter("Replikasi dengan mse=True memerlukan taksiran penuh (titik).")
    return nilai - np.asarray(titik, dtype=float)


def _faktor_jkn(desain: Desain, terhapus: np.ndarray) -> np.ndarray:
    faktor = np.ones((desain.banyak_psu, len(terhapus)))
    awal = np.searchsorted(desain.strata_psu, np.arange(desain.banyak_strata + 1))
    for r, p in enumerate(terhapus):
        h = desain.strata_psu[p]
        faktor[awal[h] : awal[h + 1], r] = desain.n_psu[h] / (desain.n_psu[h] - 1)
        faktor[p, r] = 0.0
    return faktor


def _faktor_rao_wu(desain: Desain, acak: np.random.Generator, banyak: int) -> np.ndarray:
    p = desain.banyak_psu
    awal = np.searchsorted(desain.strata_psu, np.arange(desain.banyak_strata))
    tarikan = desain.n_psu - 1
    h = np.repeat(np.arange(desain.banyak_strata), tarikan)
    # Baris demi baris dari satu aliran: urutan bilangan acak tidak bergantung pada besar potongan.
    terpilih = awal[h] + (acak.random((banyak, len(h))) * desain.n_psu[h]).astype(np.int64)
    terpilih += np.arange(banyak)[:, None] * p
    kali = np.bincount(terpilih.ravel(), minlength=banyak * p).reshape(banyak, p)
    n = desain.n_psu[desain.strata_psu]
    s = np.where(n > 1, np.sqrt(desain.faktor_fpc[desain.strata_psu]), 0.0)
    pengali = s * n / np.maximum(n - 1, 1)
    return (1 - s)[:, None] + pengali[:, None] * kali.T


def _periksa_rancangan(desain: Desain) -> None:
    if desain.tahap_dua is not None:
        raise GalatHitung("Replikasi hanya mengulang penarikan PSU; ragam tahap kedua tidak ikut. Pakai taksir.")
    if desain.psu_tunggal in ("adjust", "average") and desain.strata_tunggal.any():
        raise GalatHitung(
            f"Replikasi tidak mengenal aturan PSU tunggal '{desain.psu_tunggal}'; pakai certainty atau remove, atau "
            "gabungkan strata."
        )


def _periksa_besar(bentuk: tuple[int, ...], apa: str) -> None:
    bita = 8 * int(np.prod([float(b) for b in bentuk]))
    if bita > BATAS_BITA_HASIL:
        raise GalatHitung(
            f"{apa} {' x '.join(map(str, bentuk))} memerlukan {bita / 1e9:.1f} GB; kurangi replikasi, domain, atau "
            "ukuran, atau pakai bootstrap Rao-Wu dengan lebih sedikit replikasi."
        )
