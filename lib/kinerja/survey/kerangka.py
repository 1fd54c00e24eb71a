"""Letak pasangan PSU x domain di strata dan domain, dan ragam skor di atasnya (linearisasi Taylor)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinerja.survey.desain import Desain


@dataclass(frozen=True)
class Kerangka:
    """J pasangan (PSU, domain), terurut (domain, PSU), sehingga tiap strata x domain (S buah) dan tiap domain
    (D buah) menempati satu ruas yang bersambung.

    Attributes
    ----------
    psu, domain : ndarray of int64, shape (J,)
    ruas : ndarray, shape (J,)
        Nomor strata x domain tiap pasangan.
    awal_ruas, isi_ruas, strata_ruas, domain_ruas : ndarray, shape (S,)
    awal_domain : ndarray, shape (D,)
        Ruas pertama tiap domain.
    """

    desain: Desain
    psu: np.ndarray
    domain: np.ndarray
    ruas: np.ndarray
    awal_ruas: np.ndarray
    isi_ruas: np.ndarray
    strata_ruas: np.ndarray
    domain_ruas: np.ndarray
    awal_domain: np.ndarray
    banyak_domain: int

    @classmethod
    def dari_pasangan(cls, desain: Desain, psu: np.ndarray, domain: np.ndarray, banyak_domain: int) -> Kerangka:
        """Bangun dari pasangan yang sudah terurut (domain, PSU); tiap domain punya sedikitnya satu pasangan."""
        strata = desain.strata_psu[psu]
        baru = np.ones(len(psu), dtype=bool)
        baru[1:] = (strata[1:] != strata[:-1]) | (domain[1:] != domain[:-1])
        awal = np.flatnonzero(baru)
        domain_ruas = domain[awal]
        return cls(
            desain,
            psu,
            domain,
            np.cumsum(baru) - 1,
            awal,
            np.diff(np.append(awal, len(psu))),
            strata[awal],
            domain_ruas,
            np.searchsorted(domain_ruas, np.arange(banyak_domain)),
            banyak_domain,
        )

    def per_ruas(self, nilai: np.ndarray) -> np.ndarray:
        """Jumlah per strata x domain, (K, J) -> (K, S)."""
        if not len(self.awal_ruas):
            return np.zeros((*nilai.shape[:-1], 0))
        return np.add.reduceat(nilai, self.awal_ruas, axis=-1)

    def per_domain(self, nilai: np.ndarray) -> np.ndarray:
        """Jumlah per domain, (K, S) -> (K, D)."""
        if not self.banyak_domain:
            return np.zeros((*nilai.shape[:-1], 0))
        return np.add.reduceat(nilai, self.awal_domain, axis=-1)

    def batas_domain(self) -> np.ndarray:
        """Batas pasangan tiap domain, shape (D + 1,)."""
        return np.searchsorted(self.domain, np.arange(self.banyak_domain + 1))

    def df(self, ada: np.ndarray) -> np.ndarray:
        """Derajat bebas domain: PSU berisi dikurangi strata berisi, (K, J) bool -> (K, D)."""
        psu_ruas = self.per_ruas(ada.astype(np.int64))
        return self.per_domain(psu_ruas) - self.per_domain((psu_ruas > 0).astype(np.int64))

    @property
    def psu_kosong(self) -> np.ndarray:
        """Banyak PSU strata yang tidak beranggota domain, tiap ruas, shape (S,)."""
        return self.desain.n_psu[self.strata_ruas] - self.isi_ruas

    def urai(self, skor: np.ndarray, ada: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Simpangan terskala tiap PSU dari pusat stratanya; hasil kali dalamnya di satu domain adalah (ko)ragam.

        Parameters
        ----------
        skor : ndarray, shape (K, J)
            Jumlah skor linearisasi tiap pasangan. Tidak diubah.
        ada : ndarray of bool, shape (K, J), optional
            Pasangan yang berisi; hanya berpengaruh pada aturan PSU tunggal. Kosong = semua.

        Returns
        -------
        pasangan : ndarray, shape (K, J)
        kosong : ndarray, shape (K, S)
            Simpangan terskala SETIAP PSU tanpa anggota domain di ruas itu (skornya nol, jadi semuanya sama).

        Notes
        -----
        Ragam domain = jumlah pasangan**2 + jumlah psu_kosong * kosong**2. Memusatkan dulu lalu mengkuadratkan menjaga
        angka penting, dan membuat ragam tepat nol bila semua skor nol.
        """
        d = self.desain
        n_h = d.n_psu[self.strata_ruas]
        akar = np.sqrt(d.skala)[self.strata_ruas]
        pusat = self.per_ruas(skor) / n_h
        pengali = akar
        tunggal = d.strata_tunggal[self.strata_ruas]
        if d.psu_tunggal in ("adjust", "average") and (tunggal.any() or d.sesuaikan_domain_tunggal):
            berisi = self.isi_ruas if ada is None else self.per_ruas(ada.astype(np.int64))
            berisi = np.broadcast_to(berisi, pusat.shape)
            sendiri = tunggal & (berisi > 0)
            if d.sesuaikan_domain_tunggal:
                sendiri = sendiri | ((berisi == 1) & (n_h > 1) & (akar > 0))
            if d.psu_tunggal == "adjust":
                # Pusat = rata-rata jumlah PSU seluruh domain, seperti R survey 4.4.2 (versi 4.1 memakai nol).
                banyak = self.per_domain(np.where(berisi > 0, n_h, 0))
                pusat_domain = self.per_domain(pusat * n_h) / np.maximum(banyak, 1)
                pusat = np.where(sendiri, pusat_domain[..., self.domain_ruas], pusat)
            else:
                pengali = akar * self._pengali_rata_rata(berisi, sendiri)
        pasangan = skor - pusat[..., self.ruas]
        pasangan *= pengali[..., self.ruas]
        return pasangan, -pusat * pengali

    def _pengali_rata_rata(self, berisi: np.ndarray, sendiri: np.ndarray) -> np.ndarray:
        """Aturan "average": strata tunggal dikeluarkan, sisanya dibesarkan; (K, S). Tanpa sisa sama sekali: NaN."""
        strata = self.per_domain((berisi > 0).astype(float))
        sah = self.per_domain(((berisi > 0) & ~sendiri).astype(float))
        faktor = np.full(strata.shape, np.nan)
        np.divide(strata, sah, out=faktor, where=sah > 0)
        faktor = np.sqrt(faktor)[..., self.domain_ruas]
        return np.where(sendiri & ~np.isnan(faktor), 0.0, faktor)

    def ragam(self, skor: np.ndarray, ada: np.ndarray | None = None) -> np.ndarray:
        """Ragam tiap skor di tiap domain, (K, J) -> (K, D)."""
        pasangan, kosong = self.urai(skor, ada)
        pasangan *= pasangan
        return self.per_domain(self.per_ruas(pasangan) + self.psu_kosong * kosong * kosong)
