"""Ketidakpastian dan kepekaan: ribuan indeks menurut skenario, selang skor dan peringkat, dan indeks Sobol."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.hitung import Resep
from kinerja.index.normalisasi import Acuan, indicator_groups, normalise_array
from kinerja.index.olah import fit_treatment
from kinerja.index.peringkat import joint_rank_intervals, rank_array
from kinerja.index.pohon import Pohon, name_list, unknown_name_error
from kinerja.index.sampel import simulate_replicates
from kinerja.index.skenario import Skenario, Terjemahan
from kinerja.index.sobol import TaksiranSobol, estimate_sobol, pooled_sobol, saltelli_design, unit_design

KELUARAN = ("skor", "peringkat")
SKALA_BERCAMPUR = "skala bercampur"
PERINGATAN_SKALA = (
    "Pilihan dalam skenario ini memberi skor pada skala yang berbeda; indeks Sobol 'skor' mengukur beda skala itu, "
    "bukan pengaruh metodenya. Baca keluaran 'peringkat', atau samakan skalanya."
)
_SEL_PER_BLOK = 2_000_000  # ulangan yang indikatornya ikut berubah dihitung sebagian-sebagian: 16 MB per larik


class MixedScaleWarning(UserWarning):
    """Skor beberapa pilihan tidak berada pada satu skala."""


@dataclass(frozen=True, eq=False)
class HasilKetidakpastian:
    """Skor dan peringkat semua ulangan, dengan segala yang diperlukan untuk mengulanginya.

    Attributes
    ----------
    unit : Index
    skor : ndarray (ulangan, unit)
    peringkat : ndarray int (ulangan, unit)
        0 = tanpa peringkat.
    skor_nominal, peringkat_nominal : ndarray (unit,)
        Menurut resep, tanpa perubahan apa pun.
    rancangan : DataFrame
        Pilihan tiap ulangan menurut nama.
    seragam : ndarray (ulangan, kolom)
        Rancangan satuan; bersama skenario menentukan setiap ulangan.
    skenario : Skenario
    """

    unit: pd.Index
    skor: np.ndarray
    peringkat: np.ndarray
    skor_nominal: np.ndarray
    peringkat_nominal: np.ndarray
    rancangan: pd.DataFrame
    seragam: np.ndarray
    skenario: Skenario

    def ringkasan(self, tingkat: float = 0.90) -> pd.DataFrame:
        """Per unit: skor dan peringkat nominal, rata-rata, median, dan sebarannya antarulangan (kuantil tipe 7).

        Batas peringkat di sini adalah sebaran marginal ulangan tiap unit, bukan selang kepercayaan: di ujung daftar dan
        untuk semua unit sekaligus ia terlalu sempit. Selang yang berlaku serentak: :meth:`selang_serentak`.

        Returns
        -------
        DataFrame
            Kolom skor, skor_rata, skor_galat, skor_bawah, skor_median, skor_atas, peringkat, peringkat_rata,
            peringkat_bawah, peringkat_median, peringkat_atas, lebar_peringkat, ulangan (yang memberi skor).
        """
        if not 0 < tingkat < 1:
            raise GalatParameter("Tingkat selang harus antara 0 dan 1.")
        batas = [(1 - tingkat) / 2, 0.5, 1 - (1 - tingkat) / 2]
        r = np.where(self.peringkat == 0, np.nan, self.peringkat.astype(float))
        n = (~np.isnan(self.skor)).sum(axis=0)
        s_bawah, s_tengah, s_atas = _quantile(self.skor, batas)
        r_bawah, r_tengah, r_atas = _quantile(r, batas)
        hasil = pd.DataFrame(
            {
                "skor": self.skor_nominal,
                "skor_rata": _nanmean(self.skor),
                "skor_galat": _nanstd(self.skor),
                "skor_bawah": s_bawah,
                "skor_median": s_tengah,
                "skor_atas": s_atas,
                "peringkat": pd.array(self.peringkat_nominal, dtype="Int64"),
                "peringkat_rata": _nanmean(r),
                "peringkat_bawah": r_bawah,
                "peringkat_median": r_tengah,
                "peringkat_atas": r_atas,
                "lebar_peringkat": r_atas - r_bawah,
                "ulangan": n,
            },
            index=self.unit,
        )
        hasil["peringkat"] = hasil["peringkat"].mask(hasil["peringkat"] == 0)
        return hasil

    def selang_serentak(self, tingkat: float = 0.90, *, metode: str = "bonferroni") -> pd.DataFrame:
        """Selang peringkat serentak dari galat sampel (:func:`kinerja.index.joint_rank_intervals`).

        Galat baku skor adalah simpangan baku ulangannya, jadi galat sampel harus satu-satunya yang berubah.

        Returns
        -------
        DataFrame
            ``peringkat_bawah``, ``peringkat_atas`` (Int64).

        Raises
        ------
        GalatParameter
            Skenario mengubah hal lain selain sampel.
        """
        if self.skenario.faktor != ("sampel",):
            raise GalatParameter("Selang peringkat serentak menuntut skenario yang hanya memuat galat sampel.")
        batas = joint_rank_intervals(self.skor_nominal, _nanstd(self.skor), tingkat, metode=metode)
        hasil = pd.DataFrame(dict(zip(("peringkat_bawah", "peringkat_atas"), batas, strict=True)), index=self.unit)
        hasil = hasil.astype("Int64")
        return hasil.mask(hasil == 0)

    def peluang_peringkat(self) -> pd.DataFrame:
        """Peluang tiap peringkat: unit x 1..n; baris berjumlah 1 bila unit selalu bernilai."""
        n = len(self.unit)
        ulangan = len(self.skor)
        letak = np.arange(n) * (n + 1) + self.peringkat
        cacah = np.bincount(letak.ravel(), minlength=n * (n + 1)).reshape(n, n + 1)
        return pd.DataFrame(cacah[:, 1:] / ulangan, index=self.unit, columns=pd.RangeIndex(1, n + 1, name="peringkat"))

    def peluang_terbaik(self, banyak: int) -> pd.Series:
        """Peluang tiap unit berada pada ``banyak`` peringkat teratas."""
        masuk = (self.peringkat > 0) & (self.peringkat <= banyak)
        return pd.Series(masuk.mean(axis=0), index=self.unit, name=f"peluang_{banyak}_teratas")

    def peluang_di_atas(self, unit: Sequence[object] | None = None) -> pd.DataFrame:
        """Peluang unit baris berskor di atas unit kolom; seri dihitung setengah, jadi P(a,b) + P(b,a) = 1.

        Hanya ulangan yang memberi skor kepada keduanya yang dihitung; seri memakai pembulatan 10 desimal seperti
        peringkat.
        """
        pilih = self.unit if unit is None else pd.Index(unit)
        letak = self.unit.get_indexer(pilih)
        if (letak < 0).any():
            raise GalatParameter(f"Unit tidak ada di hasil: {name_list(pilih[letak < 0])}.")
        # peringkat memuat urutan yang sama dengan skor yang dibulatkan; 0 (hilang) dikeluarkan di bawah
        r = np.ascontiguousarray(self.peringkat[:, letak].T)
        ada = (r > 0).astype(float)
        bersama = ada @ ada.T
        menang = np.empty((len(letak), len(letak)))
        for i in range(len(letak)):
            sah = (r[i] > 0) & (r > 0)
            menang[i] = ((r[i] < r) & sah).sum(axis=1) + 0.5 * ((r[i] == r) & sah).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            peluang = menang / bersama
        np.fill_diagonal(peluang, np.nan)
        return pd.DataFrame(peluang, index=pilih, columns=pilih)

    def asal(self) -> dict[str, object]:
        """Keterangan untuk mengulang hasil: skenario (termasuk benih dan rancangan), faktor, dan ukuran."""
        return {
            "skenario": self.skenario.ke_dict(),
            "faktor": list(self.skenario.faktor),
            "ulangan": int(self.skor.shape[0]),
            "unit": int(self.skor.shape[1]),
            "kolom_rancangan": int(self.seragam.shape[1]),
        }


def _quantile(x: np.ndarray, batas: Sequence[float]) -> np.ndarray:
    if not np.isnan(x).any():
        return np.quantile(x, batas, axis=0)
    hasil = np.full((len(batas), x.shape[1]), np.nan)
    for u in range(x.shape[1]):
        ada = x[~np.isnan(x[:, u]), u]
        if len(ada):
            hasil[:, u] = np.quantile(ada, batas)
    return hasil


def _nanmean(x: np.ndarray) -> np.ndarray:
    ada = ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(ada, x, 0.0).sum(axis=0) / ada.sum(axis=0)


def _nanstd(x: np.ndarray) -> np.ndarray:
    ada = ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(ada, (x - _nanmean(x)) ** 2, 0.0).sum(axis=0) / (ada.sum(axis=0) - 1))


# -------------------------------------------------------------------- menjalankan


class _Mesin:
    """Menghitung skor puncak untuk sembarang baris rancangan satuan."""

    def __init__(self, data, pohon: Pohon, skenario: Skenario, resep: Resep, replikat, kovarian, ulangan_sampel: int):
        self.skenario, self.pohon, self.resep = skenario, pohon, resep
        self.terjemahan = Terjemahan.susun(skenario, pohon)
        self.acuan = Acuan.dari_pohon(pohon)
        siap, _ = replace(resep, olahan=None).siapkan(data, pohon)
        self.x = pohon.values(siap, resep.kolom_hilang)
        self.unit = data.index
        self.sampel = self._samples(replikat, kovarian, ulangan_sampel)
        # indikator yang tidak tersedia di mana pun tetap NaN; normalisasi hanya menyentuh yang terisi
        self.terisi = np.flatnonzero(~np.isnan(self.x).all(axis=0))
        self.susunan = pohon.susun()
        self.kelompok = {
            i: indicator_groups(n, pohon) for i, n in enumerate((resep.normalisasi, *skenario.normalisasi))
        }
        self.pilihan = {
            "normalisasi": tuple(range(1, 1 + len(skenario.normalisasi))) or (0,),
            "olahan": skenario.olahan or (resep.olahan,),
            "agregasi": skenario.agregasi or (None,),
        }
        if skenario.tonggak is not None and not any(map(self._uses_goalposts, self.pilihan["normalisasi"])):
            raise GalatParameter(
                "Tonggak diminta berubah, tetapi tidak ada normalisasi 'tonggak' di skenario atau resep."
            )

    def _uses_goalposts(self, norm: int) -> bool:
        return any(spek.cara.uses_goalposts for spek, _ in self.kelompok[norm])

    @property
    def skala_bercampur(self) -> bool:
        """Skor antarulangan berada pada lebih dari satu skala (0-100 dan z-skor, atau hasil kali dan rata-rata)."""
        norma = {
            tuple(sorted((int(i), spek.skala) for spek, letak in self.kelompok[n] for i in letak))
            for n in self.pilihan["normalisasi"]
        }
        puncak = {
            (self.susunan if a is None else self.susunan.dengan_agregasi(a)).means[-1].same_scale
            for a in self.pilihan["agregasi"]
        }
        return len(norma) > 1 or len(puncak) > 1

    def _samples(self, replikat, kovarian, ulangan: int) -> np.ndarray | None:
        if not self.skenario.sampel:
            if replikat is not None or kovarian is not None:
                raise GalatParameter("Ulangan atau kovarian diberikan, tetapi skenario menyatakan sampel=False.")
            return None
        if (replikat is None) == (kovarian is None):
            raise GalatParameter("Galat sampel menuntut tepat satu dari larik ulangan atau kovarian.")
        if kovarian is not None:
            return simulate_replicates(self.x, kovarian, ulangan, self.skenario.benih)
        r = np.asarray(replikat, dtype=float)
        if r.ndim != 3 or r.shape[1:] != self.x.shape or len(r) < 2:
            raise GalatParameter(
                f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, {self.x.shape[0]}, {self.x.shape[1]})."
            )
        return r

    def nominal(self) -> np.ndarray:
        nilai = self._treat(self.resep.olahan)(self.x)
        return self.susunan.hitung(self._normalise(nilai, 0), unit=self.unit)[-1]

    def hitung(self, u: np.ndarray) -> np.ndarray:
        """Skor puncak (baris, unit). Baris dengan pilihan yang sama dihitung bersama."""
        t = self.terjemahan
        w = t.bobot(u)
        nomor = np.stack([t.pilihan(u, f, len(p)) for f, p in self.pilihan.items()], axis=1)
        hasil = np.empty((len(u), len(self.unit)))
        for kunci in np.unique(nomor, axis=0):
            baris = np.flatnonzero((nomor == kunci).all(axis=1))
            norm, olahan, agregasi = (p[i] for p, i in zip(self.pilihan.values(), kunci, strict=True))
            susunan = self.susunan if agregasi is None else self.susunan.dengan_agregasi(agregasi)
            hasil[baris] = self._scores(u, w, baris, norm, self._treat(olahan), susunan)
        return hasil

    def _scores(self, u, w, baris: np.ndarray, norm: int, olah, susunan) -> np.ndarray:
        geser = self._uses_goalposts(norm) and self.skenario.tonggak is not None
        if self.sampel is None and not geser:
            x = self._normalise(olah(self.x), norm)
            return susunan.hitung(x, w[baris], simpul=[len(susunan.kode) - 1], unit=self.unit)[0]
        hasil = np.empty((len(baris), len(self.unit)))
        langkah = max(1, _SEL_PER_BLOK // self.x.size)
        for awal in range(0, len(baris), langkah):
            blok = baris[awal : awal + langkah]
            if self.sampel is None:
                x = olah(self.x)[None]
            else:
                x = olah(self.sampel[self.terjemahan.pilihan(u[blok], "sampel", len(self.sampel))])
            acuan = self.acuan
            if geser:
                bawah, atas = self.terjemahan.tonggak(u[blok], acuan.tonggak_bawah, acuan.tonggak_atas)
                acuan = replace(acuan, tonggak_bawah=bawah, tonggak_atas=atas)
            nilai = self._normalise(x, norm, acuan)
            hasil[awal : awal + langkah] = susunan.hitung(
                nilai, w[blok], simpul=[len(susunan.kode) - 1], unit=self.unit
            )[0]
        return hasil

    def _treat(self, olahan):
        """Keputusan olahan diambil sekali dari data nominal lalu diterapkan pada setiap ulangan."""
        return (lambda x: x) if olahan is None else fit_treatment(self.x, self.pohon.indikator, olahan).terapkan

    def _normalise(self, x: np.ndarray, norm: int, acuan: Acuan | None = None) -> np.ndarray:
        acuan = self.acuan if acuan is None else acuan
        bagian = []
        for spek, letak in self.kelompok[norm]:
            letak = letak[np.isin(letak, self.terisi)]
            if len(letak) == x.shape[-1]:
                return normalise_array(x, spek, acuan)
            if len(letak):
                bagian.append((letak, normalise_array(x[..., letak], spek, acuan.pilih(letak))))
        depan = np.broadcast_shapes(x.shape[:-1], *(isi.shape[:-1] for _, isi in bagian))
        hasil = np.full((*depan, x.shape[-1]), np.nan)
        for letak, isi in bagian:
            hasil[..., letak] = isi
        return hasil


def run_uncertainty(
    data: pd.DataFrame,
    pohon: Pohon,
    skenario: Skenario | Mapping[str, object],
    *,
    resep: Resep | None = None,
    replikat: np.ndarray | None = None,
    kovarian: np.ndarray | None = None,
    ulangan_sampel: int = 200,
) -> HasilKetidakpastian:
    """Hitung indeks untuk setiap ulangan skenario.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator, satuan asli.
    skenario : Skenario or mapping
    resep : Resep, optional
        Keadaan nominal; yang tidak berubah dalam skenario diambil dari sini.
    replikat : ndarray (ulangan, unit, indikator), optional
        Ulangan bootstrap survei dalam satuan asli, sejajar dengan ``data.index`` dan ``pohon.indikator``. Ulangan
        jackknife bukan tarikan sebaran: ubah dulu dengan :func:`kinerja.index.sampel.covariance_from_replicates`.
    kovarian : ndarray (unit, indikator, indikator), optional
        Pengganti ``replikat``, juga dalam satuan asli: ulangan normal ditarik darinya, bebas antarunit. Bila tarikan
        harus tetap di suatu rentang, panggil :func:`kinerja.index.sampel.simulate_replicates` dengan ``batas`` lebih
        dulu.
    ulangan_sampel : int
        Banyak tarikan dari ``kovarian``.

    Returns
    -------
    HasilKetidakpastian

    Notes
    -----
    Tiap ulangan dinormalkan dengan parameternya sendiri (min dan maks ikut bergerak), sedangkan batas winsor dan
    pergeseran log diputuskan sekali dari data nominal. Imputasi resep berlaku pada data nominal; ulangan survei dipakai
    apa adanya.

    Raises
    ------
    GalatParameter, GalatHitung
        Skenario tidak sah, nama tidak dikenal, atau sebuah pilihan tidak dapat dihitung (simpul disebut).
    """
    skenario = skenario if isinstance(skenario, Skenario) else Skenario.dari_dict(skenario)
    mesin = _Mesin(data, pohon, skenario, resep or Resep(), replikat, kovarian, ulangan_sampel)
    u = unit_design(skenario.ulangan, sum(mesin.terjemahan.lebar), skenario.benih, skenario.rancangan)
    skor = mesin.hitung(u)
    nominal = mesin.nominal()
    return HasilKetidakpastian(
        unit=data.index,
        skor=skor,
        peringkat=rank_array(skor),
        skor_nominal=nominal,
        peringkat_nominal=rank_array(nominal),
        rancangan=mesin.terjemahan.tabel(u, 1 if mesin.sampel is None else len(mesin.sampel)),
        seragam=u,
        skenario=skenario,
    )


# -------------------------------------------------------------------- kepekaan


@dataclass(frozen=True, eq=False)
class HasilKepekaan:
    """Indeks Sobol per unit dan keseluruhan.

    Attributes
    ----------
    per_unit : DataFrame
        keluaran (skor, peringkat), unit, faktor, pertama, pertama_bawah, pertama_atas, total, total_bawah, total_atas,
        ragam, keterangan ("tidak beragam" bila keluaran itu tidak pernah berubah, "tidak selalu tersedia", "skala
        bercampur" bila skor pilihan-pilihannya tidak sebanding).
    keseluruhan : DataFrame
        Kolom yang sama tanpa unit; keluaran: ``skor`` dan ``peringkat`` gabungan semua unit (jumlah ragam), dan
        ``pergeseran`` = rata-rata selisih mutlak peringkat terhadap nominal.
    skenario : Skenario
    kelompok : dict of str to tuple of str
        Nama kelompok -> faktor di dalamnya.
    titik : int
        Banyak titik dasar; perhitungan seluruhnya titik x (2 + kelompok).
    tingkat : float
    """

    per_unit: pd.DataFrame
    keseluruhan: pd.DataFrame
    skenario: Skenario
    kelompok: dict[str, tuple[str, ...]]
    titik: int
    tingkat: float


def run_sensitivity(
    data: pd.DataFrame,
    pohon: Pohon,
    skenario: Skenario | Mapping[str, object],
    *,
    resep: Resep | None = None,
    replikat: np.ndarray | None = None,
    kovarian: np.ndarray | None = None,
    ulangan_sampel: int = 200,
    titik: int = 256,
    kelompok: Mapping[str, Sequence[str]] | None = None,
    bootstrap: int = 200,
    tingkat: float = 0.95,
) -> HasilKepekaan:
    """Faktor mana yang menggerakkan skor dan peringkat: indeks Sobol orde satu dan total dengan selang.

    Parameters
    ----------
    titik : int
        Titik dasar, pangkat dua.
    kelompok : mapping, optional
        Gabungkan faktor, misalnya ``{"metode": ["normalisasi", "bobot", "agregasi"], "sampel": ["sampel"]}``; setiap
        faktor skenario harus masuk tepat satu kelompok. Baku tiap faktor sendiri. Dengan dua kelompok itu indeks
        totalnya menjawab berapa bagian ragam peringkat yang berasal dari penarikan sampel.
    bootstrap, tingkat
        Untuk selang. Titik deret Sobol tidak bebas, sehingga selang bootstrapnya sedikit terlalu lebar.
    data, pohon, skenario, resep, replikat, kovarian, ulangan_sampel
        Lihat :func:`run_uncertainty`; ``skenario.ulangan`` tidak dipakai.

    Returns
    -------
    HasilKepekaan
    """
    skenario = skenario if isinstance(skenario, Skenario) else Skenario.dari_dict(skenario)
    mesin = _Mesin(data, pohon, skenario, resep or Resep(), replikat, kovarian, ulangan_sampel)
    t = mesin.terjemahan
    grup = _groups(t.faktor, kelompok)
    # rancangan disusun per kelompok, lalu kolomnya dikembalikan ke urutan faktor
    urutan = [f for anggota in grup.values() for f in anggota]
    lebar = dict(zip(t.faktor, t.lebar, strict=True))
    cara = "acak" if skenario.rancangan == "acak" else "sobol"
    u, _ = saltelli_design(titik, [sum(lebar[f] for f in anggota) for anggota in grup.values()], skenario.benih, cara)
    awal = dict(zip(urutan, np.cumsum([0] + [lebar[f] for f in urutan[:-1]]), strict=True))
    kolom = np.concatenate([np.arange(awal[f], awal[f] + lebar[f]) for f in t.faktor])
    skor = mesin.hitung(u[:, kolom])
    if mesin.skala_bercampur:
        warnings.warn(PERINGATAN_SKALA, MixedScaleWarning, stacklevel=2)
    peringkat = rank_array(skor).astype(float)
    nominal = rank_array(mesin.nominal()).astype(float)
    utuh = ~np.isnan(skor).any(axis=0) & (nominal > 0)
    if not utuh.any():
        raise GalatHitung("Tidak ada unit yang selalu bernilai; indeks Sobol tidak dapat dihitung.")
    pilihan = {"bootstrap": bootstrap, "tingkat": tingkat, "benih": skenario.benih}
    per_unit, keseluruhan = [], []
    for nama, y in (("skor", skor), ("peringkat", peringkat)):
        taksir = estimate_sobol(y[:, utuh], len(grup), **pilihan)
        per_unit.append(_sobol_frame(taksir, list(grup), nama, data.index[utuh]))
        for unit in data.index[~utuh]:
            per_unit.append(
                pd.DataFrame(
                    {"keluaran": nama, "unit": unit, "faktor": list(grup), "keterangan": "tidak selalu tersedia"}
                )
            )
        gabung = pooled_sobol(y[:, utuh], len(grup), **pilihan)
        keseluruhan.append(_sobol_frame(gabung, list(grup), nama, None))
    geser = np.abs(peringkat[:, utuh] - nominal[utuh]).mean(axis=1)
    keseluruhan.append(_sobol_frame(estimate_sobol(geser, len(grup), **pilihan), list(grup), "pergeseran", None))
    per_unit, keseluruhan = (pd.concat(t, ignore_index=True) for t in (per_unit, keseluruhan))
    if mesin.skala_bercampur:
        for tabel in (per_unit, keseluruhan):
            tabel.loc[(tabel["keluaran"] == "skor") & (tabel["keterangan"] == ""), "keterangan"] = SKALA_BERCAMPUR
    return HasilKepekaan(
        per_unit=per_unit,
        keseluruhan=keseluruhan,
        skenario=skenario,
        kelompok=grup,
        titik=titik,
        tingkat=tingkat,
    )


def _groups(faktor: tuple[str, ...], kelompok: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    if kelompok is None:
        return {f: (f,) for f in faktor}
    semua = [f for anggota in kelompok.values() for f in anggota]
    asing = set(semua) - set(faktor)
    if asing:
        raise unknown_name_error("Faktor", asing, faktor)
    if sorted(semua) != sorted(faktor) or not all(kelompok.values()):
        raise GalatParameter(f"Setiap faktor harus masuk tepat satu kelompok; faktor skenario: {', '.join(faktor)}.")
    return {nama: tuple(anggota) for nama, anggota in kelompok.items()}


def _sobol_frame(t: TaksiranSobol, faktor: list[str], keluaran: str, unit: pd.Index | None) -> pd.DataFrame:
    banyak = t.pertama.shape[1]
    isi: dict[str, object] = {"keluaran": keluaran}
    if unit is not None:
        isi["unit"] = np.repeat(unit.to_numpy(), len(faktor))
    isi["faktor"] = np.tile(np.array(faktor, dtype=object), banyak)
    for nama in ("pertama", "pertama_bawah", "pertama_atas", "total", "total_bawah", "total_atas"):
        isi[nama] = getattr(t, nama).T.ravel()
    isi["ragam"] = np.repeat(t.ragam, len(faktor))
    hasil = pd.DataFrame(isi)
    hasil["keterangan"] = np.where(hasil["ragam"] > 0, "", "tidak beragam")
    return hasil
