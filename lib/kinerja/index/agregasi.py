"""Agregasi: dari nilai indikator ke setiap simpul pohon, untuk satu tabel atau ribuan ulangan sekaligus.

Cara menggabungkan anak ada di :mod:`kinerja.index.means`, satu kelas satu cara; di sini hanya pohonnya, bobot yang
berjumlah 1 di antara anak yang tersedia, dan ambang ketersediaan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.means import Mean, mean

DASAR_AMBANG = ("jumlah", "bobot")

_SEL_PER_BLOK = 32_768  # satu larik blok = 256 kB: muat di cache, lebih cepat daripada sekali jalan
_RENTANG_AMBANG = 1e-12  # 2/3 yang dihitung sebagai 0,666... tidak boleh gugur di ambang 2/3


@dataclass(frozen=True, eq=False)
class Susunan:
    """Pohon dalam bentuk larik; urutan simpul = ``kode`` (indikator dulu, puncak terakhir).

    Nama hanya dipakai di tepi (:meth:`letak`, :meth:`larik_bobot`), sehingga menghitung ulang dengan bobot lain cukup
    satu panggilan :meth:`hitung` (mikrodetik sampai milidetik).

    Attributes
    ----------
    bobot : ndarray (simpul,)
        Bobot simpul, tidak perlu berjumlah 1.
    anak : tuple of int ndarray
        Letak anak tiap cabang, sejajar dengan ``agregasi``, ``pangkat``, ``ambang``, ``menurut_bobot``.
    """

    kode: tuple[str, ...]
    nama: tuple[str, ...]
    banyak_indikator: int
    anak: tuple[np.ndarray, ...]
    agregasi: tuple[str, ...]
    pangkat: np.ndarray
    ambang: np.ndarray
    menurut_bobot: np.ndarray
    bobot: np.ndarray

    def letak(self, kode: Sequence[str] | str) -> np.ndarray | int:
        """Letak satu atau beberapa kode pada sumbu simpul.

        Raises
        ------
        GalatParameter
            Kode tidak dikenal.
        """
        peta = {satu: i for i, satu in enumerate(self.kode)}
        daftar = [kode] if isinstance(kode, str) else list(kode)
        asing = [satu for satu in daftar if satu not in peta]
        if asing:
            raise GalatParameter(f"Simpul tidak dikenal: {', '.join(map(repr, asing))}.")
        return peta[kode] if isinstance(kode, str) else np.array([peta[satu] for satu in daftar], dtype=int)

    def larik_bobot(self, ubah: dict[str, float] | None = None) -> np.ndarray:
        """Salinan larik bobot dengan beberapa bobot diganti menurut nama."""
        bobot = self.bobot.copy()
        if ubah:
            bobot[self.letak(list(ubah))] = list(ubah.values())
        return bobot

    def dengan_agregasi(self, agregasi: str | dict[str, str], pangkat: float | None = None) -> Susunan:
        """Susunan lain dengan agregasi seluruh cabang, atau cabang yang disebut, diganti."""
        cabang = self.kode[self.banyak_indikator :]
        pilihan = dict.fromkeys(cabang, agregasi) if isinstance(agregasi, str) else dict(agregasi)
        asing = [f"'{kode}'" for kode in pilihan if kode not in cabang]
        if asing:
            raise GalatParameter(f"Agregasi diberikan untuk yang bukan cabang: {', '.join(asing)}.")
        baru = tuple(pilihan.get(kode, lama) for kode, lama in zip(cabang, self.agregasi, strict=True))
        p = self.pangkat if pangkat is None else np.full(len(cabang), float(pangkat))
        hasil = replace(self, agregasi=baru, pangkat=p)
        _ = hasil.means  # nama dan pangkat yang salah ketahuan di sini
        return hasil

    @cached_property
    def means(self) -> tuple[Mean, ...]:
        """Agregasi tiap cabang, sejajar dengan ``anak``.

        Raises
        ------
        GalatParameter
            Nama tidak dikenal atau pangkat kosong, dengan kode cabangnya.
        """
        hasil = []
        for kode, jenis, p in zip(self.kode[self.banyak_indikator :], self.agregasi, self.pangkat, strict=True):
            try:
                hasil.append(mean(jenis, p))
            except GalatParameter as galat:
                raise GalatParameter(f"Simpul '{kode}': {galat}") from galat
        return tuple(hasil)

    def hitung(
        self,
        nilai: np.ndarray,
        bobot: np.ndarray | None = None,
        simpul: Sequence[int] | None = None,
        unit: Sequence[object] | None = None,
    ) -> np.ndarray:
        """Nilai simpul.

        Parameters
        ----------
        nilai : ndarray (unit, indikator) atau (ulangan, unit, indikator)
            Indikator yang sudah dinormalkan; NaN = hilang.
        bobot : ndarray (simpul,) atau (ulangan, simpul), optional
            Pengganti ``self.bobot``; tak negatif.
        simpul : sequence of int, optional
            Letak simpul yang dikembalikan; baku semua simpul.
        unit : sequence, optional
            Nama unit untuk pesan galat.

        Returns
        -------
        ndarray (simpul, unit) atau (simpul, ulangan, unit)

        Raises
        ------
        GalatHitung
            Rata-rata geometrik atau harmonik (atau pangkat) bertemu nilai yang tidak boleh, dengan nama simpulnya.
        """
        nilai = np.asarray(nilai, dtype=float)
        w = self.bobot if bobot is None else np.asarray(bobot, dtype=float)
        self._check_shapes(nilai, w)
        pilih = range(len(self.kode)) if simpul is None else list(simpul)
        tunggal = nilai.ndim == 2 and w.ndim == 1
        w = np.atleast_2d(w)
        ulangan = nilai.shape[0] if nilai.ndim == 3 else w.shape[0]
        banyak_unit = nilai.shape[-2]
        keluar = np.empty((len(pilih), ulangan, banyak_unit))
        bersama = [nilai[None, :, k] for k in range(nilai.shape[1])] if nilai.ndim == 2 else None
        langkah = max(1, _SEL_PER_BLOK // max(1, banyak_unit))
        siap: dict[int, tuple] = {}
        for awal in range(0, ulangan, langkah):
            potong = slice(awal, min(awal + langkah, ulangan))
            if bersama is not None:
                daun = bersama
            else:
                blok = np.ascontiguousarray(nilai[potong].transpose(2, 0, 1))
                daun = list(blok)
            self._blok(daun, w if w.shape[0] == 1 else w[potong], pilih, keluar[:, potong], siap, unit)
        return keluar[:, 0] if tunggal else keluar

    def puncak(self, nilai: np.ndarray, bobot: np.ndarray | None = None) -> np.ndarray:
        """Nilai puncak saja: (unit,) atau (ulangan, unit). Masukan seperti :meth:`hitung`."""
        return self.hitung(nilai, bobot, simpul=[len(self.kode) - 1])[0]

    def pengali(self, c: int, *keadaan: np.ndarray) -> np.ndarray:
        """:meth:`Mean.multipliers` cabang urutan ``c``; galatnya menyebut simpulnya."""
        return self._named(c, self.means[c].multipliers, *keadaan)

    # ---------------------------------------------------------------- isi

    def _check_shapes(self, nilai: np.ndarray, w: np.ndarray) -> None:
        if nilai.ndim not in (2, 3) or nilai.shape[-1] != self.banyak_indikator:
            raise GalatParameter(
                f"Larik nilai berbentuk {nilai.shape}; diharapkan (unit, {self.banyak_indikator}) atau "
                f"(ulangan, unit, {self.banyak_indikator})."
            )
        if w.ndim not in (1, 2) or w.shape[-1] != len(self.kode):
            raise GalatParameter(
                f"Larik bobot berbentuk {w.shape}; diharapkan ({len(self.kode)},) atau (ulangan, {len(self.kode)})."
            )
        if nilai.ndim == 3 and w.ndim == 2 and nilai.shape[0] != w.shape[0]:
            raise GalatParameter(f"Ulangan nilai ({nilai.shape[0]}) dan bobot ({w.shape[0]}) tidak sama banyak.")
        if not (w >= 0).all():
            raise GalatParameter("Bobot harus angka tak negatif.")

    def _blok(self, daun: list, w: np.ndarray, pilih: Sequence[int], keluar: np.ndarray, siap: dict, unit) -> None:
        """Isi ``keluar`` untuk satu blok ulangan.

        ``dasar[i]`` adalah nilai, ``ubahan[i]`` cirinya: simpul geometrik di bawah simpul geometrik tidak perlu
        dipangkatkan lalu dilogkan lagi. ``siap`` menyimpan ciri anak yang sama untuk semua blok.
        """
        n = self.banyak_indikator
        diminta = set(pilih)
        dasar: list[np.ndarray | None] = list(daun) + [None] * (len(self.kode) - n)
        ubahan: list[tuple[type[Mean], np.ndarray] | None] = [None] * len(self.kode)
        for c, (anak, cara) in enumerate(zip(self.anak, self.means, strict=True)):
            wa, i = w[:, anak], n + c
            if all(j < n for j in anak) and daun[0].shape[0] == 1:
                if c not in siap:
                    siap[c] = self._transform_shared(cara, anak, dasar)
                rata = self._combine_shared(c, cara, siap[c], wa, unit)
            else:
                rata = self._combine(c, cara, anak, wa, dasar, ubahan, unit)
            if isinstance(rata, np.ndarray):
                dasar[i] = rata
                continue
            if cara.keeps_transform:
                ubahan[i] = type(cara), rata[0]
            if not cara.keeps_transform or i in diminta or i == len(self.kode) - 1 or self._needs_value(i, type(cara)):
                with np.errstate(invalid="ignore"):
                    dasar[i] = self._named(c, cara.value, *rata)
        for letak, i in enumerate(pilih):
            keluar[letak] = dasar[i]

    def _needs_value(self, i: int, jenis: type[Mean]) -> bool:
        return next((type(self.means[c]) is not jenis for c, anak in enumerate(self.anak) if i in anak), True)

    def _named(self, c: int, fungsi, *isi):
        """Jalankan perhitungan satu cabang; galatnya menyebut simpulnya."""
        try:
            return fungsi(*isi)
        except GalatHitung as galat:
            raise GalatHitung(f"{self._label(c)}: {galat}") from galat

    def _label(self, c: int) -> str:
        i = self.banyak_indikator + c
        return f"Simpul '{self.kode[i]}'" + (f" ({self.nama[i]})" if self.nama[i] != self.kode[i] else "")

    def _refuse(self, c: int, cara: Mean, anak: int, salah: np.ndarray, unit) -> None:
        kena = np.flatnonzero(salah.any(axis=0))
        contoh = f"'{unit[kena[0]]}'" if unit is not None else f"urutan ke-{kena[0] + 1}"
        raise GalatHitung(
            f"{self._label(c)}: agregasi {cara.code} menuntut nilai {cara.requirement}, tetapi '{self.kode[anak]}' "
            f"tidak memenuhi syarat itu pada {len(kena)} unit (misalnya {contoh}). Naikkan batas bawah skala (misalnya "
            f"1-100), tangani nilai itu, atau pilih rata-rata aritmetik."
        )

    def _transform_shared(self, cara: Mean, anak: np.ndarray, dasar: list) -> tuple:
        x = np.concatenate([dasar[j] for j in anak])
        terlarang = cara.forbidden(x)
        ada = ~np.isnan(x)
        if terlarang is not None:
            ada &= ~terlarang
        lengkap = bool(ada.all())
        ciri = cara.features(np.where(ada, x, 1.0))
        if not lengkap:
            for f in ciri:
                f[~ada] = 0.0
        return anak, ciri, ada.astype(float), lengkap, terlarang

    def _combine_shared(self, c: int, cara: Mean, siap: tuple, wa: np.ndarray, unit) -> np.ndarray | list[np.ndarray]:
        anak, ciri, ada, lengkap, terlarang = siap
        if terlarang is not None:
            for j in np.flatnonzero(terlarang.any(axis=1)):
                if (wa[:, j] > 0).any():
                    self._refuse(c, cara, anak[j], terlarang[j : j + 1], unit)
        langsung = cara.combine(
            [ciri[0][j : j + 1] for j in range(len(anak))],
            wa,
            [None if lengkap else ada[j : j + 1] > 0 for j in range(len(anak))],
        )
        if langsung is not None:
            return langsung
        total = wa.sum(axis=1, keepdims=True)
        if lengkap and (total > 0).all():
            return [(wa / total) @ f for f in ciri]
        tersedia = wa @ ada
        with np.errstate(invalid="ignore", divide="ignore"):
            positif = (wa > 0).astype(float)
            banyak = (positif @ ada) / positif.sum(axis=1, keepdims=True)
            gugur = self._dropped(c, tersedia, total, banyak)
            return [np.where(gugur, np.nan, (wa @ f) / tersedia) for f in ciri]

    def _dropped(self, c: int, tersedia: np.ndarray, total: np.ndarray, banyak: np.ndarray) -> np.ndarray:
        """Unit yang anaknya kurang dari ambang, atau tidak berbobot sama sekali."""
        bagian = tersedia / total if self.menurut_bobot[c] else banyak
        return ~(bagian >= self.ambang[c] - _RENTANG_AMBANG) | (tersedia <= 0)

    def _combine(
        self, c: int, cara: Mean, anak: np.ndarray, wa: np.ndarray, dasar: list, ubahan: list, unit
    ) -> np.ndarray | list[np.ndarray]:
        ciri, ada, lengkap = [], [], True
        for urutan, j in enumerate(anak):
            if ubahan[j] is not None and ubahan[j][0] is type(cara):
                f = (ubahan[j][1],)
                hilang = np.isnan(f[0])
                sebagian = bool(hilang.any())
            else:
                v = dasar[j]
                hilang = np.isnan(v)
                terlarang = cara.forbidden(v)
                if terlarang is not None:
                    salah = terlarang & (wa[:, urutan, None] > 0)
                    if salah.any():
                        self._refuse(c, cara, j, salah, unit)
                    hilang |= terlarang
                sebagian = bool(hilang.any())
                f = cara.features(np.where(hilang, 1.0, v) if sebagian else v)
            ciri.append(f)
            ada.append(~hilang if sebagian else None)
            lengkap &= not sebagian
        langsung = cara.combine([f[0] for f in ciri], wa, ada)
        if langsung is not None:
            return langsung
        total = wa.sum(axis=1, keepdims=True)
        menurut_ciri = [list(f) for f in zip(*ciri, strict=True)]
        if lengkap and (total > 0).all():
            return [_weighted_sum(wa / total, f) for f in menurut_ciri]
        bentuk = np.broadcast_shapes(wa[:, :1].shape, *(f[0].shape for f in ciri))
        tersedia, banyak, berbobot = np.zeros(bentuk), np.zeros(bentuk), []
        for urutan, a in enumerate(ada):
            bobot = np.broadcast_to(wa[:, urutan, None], bentuk)
            berbobot.append(bobot if a is None else np.where(a, bobot, 0.0))
            tersedia += berbobot[-1]
            banyak += berbobot[-1] > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            gugur = self._dropped(c, tersedia, total, banyak / (wa > 0).sum(axis=1, keepdims=True))
            hasil = []
            for f in menurut_ciri:
                jumlah = np.zeros(bentuk)
                for bobot, v, a in zip(berbobot, f, ada, strict=True):
                    jumlah += bobot * (v if a is None else np.where(a, v, 0.0))
                hasil.append(np.where(gugur, np.nan, jumlah / tersedia))
        return hasil


def _weighted_sum(bagi: np.ndarray, x: list[np.ndarray]) -> np.ndarray:
    jumlah = bagi[:, 0, None] * x[0]
    for urutan in range(1, len(x)):
        jumlah += bagi[:, urutan, None] * x[urutan]
    return jumlah
