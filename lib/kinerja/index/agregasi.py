"""Agregasi: dari nilai indikator ke setiap simpul pohon, untuk satu tabel atau ribuan ulangan sekaligus.

Semua rata-rata adalah rata-rata kuasi-aritmetik ``phi^-1(sum w phi(x))`` dengan bobot yang berjumlah 1 di antara anak
yang tersedia: ``phi`` = x (aritmetik), log x (geometrik), 1/x (harmonik), x^p (pangkat). ``hasil_kali`` adalah rumus
tercetak apa adanya, ``prod(w x)``; ia tidak bertahan di skala 0-100 dan hilang bila satu anak hilang.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kinerja.errors import GalatHitung, GalatParameter

AGREGASI = ("aritmetik", "geometrik", "harmonik", "pangkat", "hasil_kali")
DASAR_AMBANG = ("jumlah", "bobot")

_SEL_PER_BLOK = 32_768  # satu larik blok = 256 kB: muat di cache, lebih cepat daripada sekali jalan
_PANGKAT_NOL = 1e-8  # rata-rata pangkat dengan |p| sekecil ini adalah rata-rata geometrik
_RENTANG_AMBANG = 1e-12  # 2/3 yang dihitung sebagai 0,666... tidak boleh gugur di ambang 2/3


def effective_kind(agregasi: str, pangkat: float) -> tuple[str, float]:
    """Jenis rata-rata yang sebenarnya dihitung: pangkat 1, 0, dan -1 punya nama sendiri."""
    if agregasi == "pangkat":
        if abs(pangkat) < _PANGKAT_NOL:
            return "geometrik", np.nan
        if pangkat == 1:
            return "aritmetik", np.nan
        if pangkat == -1:
            return "harmonik", np.nan
    return agregasi, pangkat


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
        salah = sorted({nama for nama in pilihan.values() if nama not in AGREGASI})
        if salah:
            raise GalatParameter(f"Agregasi '{salah[0]}' tidak dikenal; pilih {', '.join(AGREGASI)}.")
        baru = tuple(pilihan.get(kode, lama) for kode, lama in zip(cabang, self.agregasi, strict=True))
        p = self.pangkat if pangkat is None else np.full(len(cabang), float(pangkat))
        for kode, jenis, nilai in zip(cabang, baru, p, strict=True):
            if jenis == "pangkat" and not np.isfinite(nilai):
                raise GalatParameter(f"Simpul '{kode}': rata-rata pangkat menuntut nilai pangkat.")
        return replace(self, agregasi=baru, pangkat=p)

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

        ``dasar[i]`` adalah nilai, ``logaritma[i]`` lognya: simpul geometrik di bawah simpul geometrik tidak perlu
        dipangkatkan lalu dilogkan lagi. ``siap`` menyimpan phi(anak) yang sama untuk semua blok.
        """
        n = self.banyak_indikator
        diminta = set(pilih)
        dasar: list[np.ndarray | None] = list(daun) + [None] * (len(self.kode) - n)
        logaritma: list[np.ndarray | None] = [None] * len(self.kode)
        for c, anak in enumerate(self.anak):
            jenis, p = effective_kind(self.agregasi[c], self.pangkat[c])
            wa = w[:, anak]
            if all(j < n for j in anak) and daun[0].shape[0] == 1:
                if c not in siap:
                    siap[c] = self._transform_shared(jenis, p, anak, dasar)
                jumlah = self._combine_shared(c, jenis, siap[c], wa, unit)
            else:
                jumlah = self._combine(c, jenis, p, anak, wa, dasar, logaritma, unit)
            i = n + c
            if jenis == "geometrik":
                logaritma[i] = jumlah
                if i in diminta or i == len(self.kode) - 1 or self._needs_value(i):
                    dasar[i] = np.exp(jumlah)
            elif jenis == "harmonik":
                dasar[i] = np.divide(1.0, jumlah, out=jumlah)
            elif jenis == "pangkat":
                dasar[i] = jumlah ** (1.0 / p)
                if np.isinf(dasar[i]).any():
                    raise GalatHitung(f"{self._label(c)}: rata-rata pangkat {p:g} melampaui jangkauan angka.")
            else:
                dasar[i] = jumlah
        for letak, i in enumerate(pilih):
            keluar[letak] = dasar[i]

    def _needs_value(self, i: int) -> bool:
        for c, anak in enumerate(self.anak):
            if i in anak:
                return effective_kind(self.agregasi[c], self.pangkat[c])[0] != "geometrik"
        return True

    def _label(self, c: int) -> str:
        i = self.banyak_indikator + c
        return f"Simpul '{self.kode[i]}'" + (f" ({self.nama[i]})" if self.nama[i] != self.kode[i] else "")

    def _refuse(self, c: int, jenis: str, anak: int, salah: np.ndarray, unit) -> None:
        kena = np.flatnonzero(salah.any(axis=0))
        contoh = f"'{unit[kena[0]]}'" if unit is not None else f"urutan ke-{kena[0] + 1}"
        syarat = "tak negatif" if jenis == "pangkat" else "di atas nol"
        raise GalatHitung(
            f"{self._label(c)}: rata-rata {jenis} menuntut nilai {syarat}, tetapi '{self.kode[anak]}' tidak memenuhi "
            f"syarat itu pada {len(kena)} unit (misalnya {contoh}). Naikkan batas bawah skala (misalnya 1-100), "
            f"tangani nilai itu, atau pilih rata-rata aritmetik."
        )

    def _transform_shared(self, jenis: str, p: float, anak: np.ndarray, dasar: list) -> tuple:
        x = np.concatenate([dasar[j] for j in anak])
        terlarang = _forbidden(x, jenis, p)
        ada = ~np.isnan(x)
        if terlarang is not None:
            ada &= ~terlarang
        lengkap = bool(ada.all())
        phi = _phi(np.where(ada, x, 1.0), jenis, p)
        if not lengkap:
            phi[~ada] = 0.0
        return anak, phi, ada.astype(float), lengkap, terlarang

    def _combine_shared(self, c: int, jenis: str, siap: tuple, wa: np.ndarray, unit) -> np.ndarray:
        anak, phi, ada, lengkap, terlarang = siap
        if terlarang is not None:
            for j in np.flatnonzero(terlarang.any(axis=1)):
                if (wa[:, j] > 0).any():
                    self._refuse(c, jenis, anak[j], terlarang[j : j + 1], unit)
        total = wa.sum(axis=1, keepdims=True)
        if jenis == "hasil_kali":
            return _literal_product(
                [phi[j : j + 1] for j in range(len(anak))],
                wa,
                [None if lengkap else ada[j : j + 1] > 0 for j in range(len(anak))],
            )
        if lengkap and (total > 0).all():
            return (wa / total) @ phi
        tersedia = wa @ ada
        with np.errstate(invalid="ignore", divide="ignore"):
            hasil = (wa @ phi) / tersedia
            positif = (wa > 0).astype(float)
            bagian = tersedia / total if self.menurut_bobot[c] else (positif @ ada) / positif.sum(axis=1, keepdims=True)
            hasil[~(bagian >= self.ambang[c] - _RENTANG_AMBANG) | (tersedia <= 0)] = np.nan
        return hasil

    def _combine(
        self, c: int, jenis: str, p: float, anak: np.ndarray, wa: np.ndarray, dasar: list, logaritma: list, unit
    ) -> np.ndarray:
        x, ada, lengkap = [], [], True
        for urutan, j in enumerate(anak):
            log_siap = logaritma[j] if jenis == "geometrik" else None
            v = dasar[j] if log_siap is None else log_siap
            hilang = np.isnan(v)
            if log_siap is None:
                terlarang = _forbidden(v, jenis, p)
                if terlarang is not None:
                    salah = terlarang & (wa[:, urutan, None] > 0)
                    if salah.any():
                        self._refuse(c, jenis, j, salah, unit)
                    hilang |= terlarang
            sebagian = bool(hilang.any())
            if log_siap is None:
                v = _phi(np.where(hilang, 1.0, v) if sebagian else v, jenis, p)
            x.append(v)
            ada.append(~hilang if sebagian else None)
            lengkap &= not sebagian
        if jenis == "hasil_kali":
            return _literal_product(x, wa, ada)
        total = wa.sum(axis=1, keepdims=True)
        if lengkap and (total > 0).all():
            bagi = wa / total
            jumlah = bagi[:, 0, None] * x[0]
            for urutan in range(1, len(anak)):
                jumlah += bagi[:, urutan, None] * x[urutan]
            return jumlah
        bentuk = np.broadcast_shapes(wa[:, :1].shape, *(v.shape for v in x))
        jumlah, tersedia, banyak = np.zeros(bentuk), np.zeros(bentuk), np.zeros(bentuk)
        for urutan, (v, a) in enumerate(zip(x, ada, strict=True)):
            bobot = wa[:, urutan, None]
            bobot = np.broadcast_to(bobot, bentuk) if a is None else np.where(a, bobot, 0.0)
            jumlah += bobot * (v if a is None else np.where(a, v, 0.0))
            tersedia += bobot
            banyak += bobot > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            hasil = jumlah / tersedia
            penuh = (wa > 0).sum(axis=1, keepdims=True)
            bagian = tersedia / total if self.menurut_bobot[c] else banyak / penuh
            hasil[~(bagian >= self.ambang[c] - _RENTANG_AMBANG) | (tersedia <= 0)] = np.nan
        return hasil


def _forbidden(x: np.ndarray, jenis: str, p: float) -> np.ndarray | None:
    """Sel yang tidak boleh masuk rata-rata jenis ini; None bila tidak ada."""
    if jenis in ("aritmetik", "hasil_kali"):
        return None
    salah = x < 0 if jenis == "pangkat" and p > 0 else x <= 0
    return salah if salah.any() else None


def _phi(x: np.ndarray, jenis: str, p: float) -> np.ndarray:
    if jenis == "geometrik":
        return np.log(x)
    if jenis == "harmonik":
        return 1.0 / x
    if jenis == "pangkat":
        return x**p
    return x


def _literal_product(x: list, wa: np.ndarray, ada: list) -> np.ndarray:
    """``prod(w x)`` dengan w berjumlah 1; anak berbobot nol dilewati, satu anak hilang membuat hasilnya hilang."""
    total = wa.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        bagi = wa / total
    bentuk = np.broadcast_shapes(wa[:, :1].shape, *(v.shape for v in x))
    hasil = np.ones(bentuk)
    for urutan, (v, a) in enumerate(zip(x, ada, strict=True)):
        w = bagi[:, urutan, None]
        faktor = w * v if a is None else np.where(a, w * v, np.nan)
        hasil *= np.where(w > 0, faktor, 1.0)
    hasil[np.broadcast_to(~(total > 0), bentuk)] = np.nan
    return hasil
