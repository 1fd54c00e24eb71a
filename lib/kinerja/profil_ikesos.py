"""Ikesos satu wilayah dari survei yang diberikan: kedudukan, bagian terhadap Indonesia, kekuatan, kabupaten/kotanya.

Tanpa berkas survei tidak ada angkanya: Ikesos menurut wilayah belum terbit. Yang sama bagi semua wilayah
(:class:`SurveiWilayah`) dihitung sekali per proses; satu profil lalu hanya memotongnya. Sel kecil ditahan dengan satu
keputusan untuk semua tingkat, sehingga dua halaman tidak pernah saling membuka.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from indextree import strengths_weaknesses
from kinerja import fmt, paths, terbaca
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.ikesos import NASIONAL, PUNCAK, TIDAK_TERSEDIA, SiapIkesos
from kinerja.ikesos.kerangka import mesin_pohon
from kinerja.ikesos.telaah import NAMA_SASARAN
from kinerja.istilah import term
from kinerja.kerahasiaan import tahan_tabel
from kinerja.mikro import berkas_mikro
from kinerja.pilihan_berkas import TAHUN_BAKU
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

TINGKAT = {2: "provinsi", 4: "kabkota"}
"""Panjang kode wilayah BPS -> tingkatnya."""

BANYAK_SISI = 5
"""Kekuatan dan kelemahan yang diperlihatkan, masing-masing paling banyak."""

INDONESIA = "Indonesia"
_TABEL = ("ikesos_kerangka", "ikesos_simpul", "ikesos_sasaran", "provinsi", "kabkota", "wilayah_baru")
_SISI = {"strength": "kekuatan", "weakness": "kelemahan"}
_KOLOM_SISI = {
    "side": "sisi",
    "code": "kode",
    "name": "nama",
    "value": "nilai",
    "rank": "peringkat",
    "of": "dari",
    "peer_median": "median",
    "difference": "beda",
}
_KOLOM = ["nilai", "se", "bawah", "atas", "rse", "n", "bagian_bobot", "tanda", "keadaan"]
_KOSONG = ("ditahan", TIDAK_TERSEDIA)
_KOLOM_POSISI = ["label", *_KOLOM, "peringkat", "peringkat_bawah", "peringkat_atas", "sendiri"]
_KOLOM_MENONJOL = "sisi label sasaran nilai bawah atas median beda peringkat dari n tanda keadaan".split()
_KOLOM_RINCI = "jenis label sasaran nilai bawah atas pembanding beda n tanda keadaan".split()
TIDAK_ADA = "tidak_tersedia"


@dataclass(frozen=True, eq=False)
class SurveiWilayah:
    """Hasil satu survei di semua tingkat, sel kecilnya sudah ditahan."""

    siap: SiapIkesos
    wilayah: Regions
    tabel: dict[str, pd.DataFrame]
    """Tingkat (``nasional``, ``provinsi``, ``kabkota``) -> hasil semua simpul dari :meth:`SiapIkesos.hitung`."""
    _jadi: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False)

    def codes(self, tingkat: str) -> list[str]:
        """Kode wilayah satu tingkat menurut urutan kodenya; kosong bila survei tidak memuat tingkat itu."""
        return list(self._codes.get(tingkat, ()))

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        return {t: sorted(self.tabel[t][t].astype(str).unique()) for t in TINGKAT.values() if t in self.tabel}

    def name(self, kode: str, *, penuh: bool = True) -> str:
        """Nama wilayah, atau kodenya bila tidak dikenal; ``penuh``: kabupaten/kota disertai provinsinya."""
        return self.wilayah.name(kode, penuh=penuh)

    def profile(self, kode: str) -> Profil:
        """Profil satu wilayah; kode yang tidak ada di survei ditolak."""
        if kode not in self._codes.get(TINGKAT.get(len(kode), ""), ()):
            raise GalatParameter(
                f"Parameter wilayah = {kode!r} bukan kode provinsi atau kabupaten/kota di survei; "
                f"kode provinsi yang ada: {', '.join(self.codes('provinsi'))}."
            )
        return Profil(self, kode, self.name(kode))

    def rows(self, kode: str | None = None) -> pd.DataFrame:
        """Semua simpul satu wilayah (kosong: Indonesia), indeks kode simpul."""
        tingkat = NASIONAL if kode is None else TINGKAT[len(kode)]
        h = self.tabel[tingkat]
        return (h if kode is None else h[h[tingkat].astype(str) == kode]).set_index("simpul")

    def national(self, tingkat: str) -> pd.DataFrame:
        """Semua simpul Indonesia atas dasar bersama satu tingkat, sehingga sebanding dengan wilayah-wilayahnya."""
        kunci = "national", tingkat
        if kunci not in self._jadi:
            h = self.siap.hitung(NASIONAL, simpul="semua", dasar=self.siap.sandaran_bersama(tingkat))
            self._jadi[kunci] = tahan_tabel({NASIONAL: h}, minimum=self.siap.n_minimum)[NASIONAL].set_index("simpul")
        return self._jadi[kunci]

    def ranking(self, tingkat: str) -> pd.DataFrame:
        """Indeks semua wilayah satu tingkat, yang tertinggi di atas dan yang ditahan di bawah.

        Kolom: ``wilayah`` (kode), ``label``, ``nilai`` dan selang 95 persennya (0 sampai 100), ``rse``, ``n``,
        ``tanda``, ``keadaan``, ``peringkat``, serta ``peringkat_bawah`` dan ``peringkat_atas``: sebaran 90 persen
        peringkat dari ulangan bootstrap Rao-Wu. Wilayah yang ditahan tidak ikut diperingkat.
        """
        kunci = "ranking", tingkat, fmt.language()  # label kabupaten/kota mengikuti bahasa
        if kunci not in self._jadi:
            self._jadi[kunci] = self._rank(tingkat)
        return self._jadi[kunci]

    def _rank(self, tingkat: str) -> pd.DataFrame:
        from kinerja.jelajah.hitung import Ulangan, rank_uncertainty  # memuat widget; tanpa survei tidak diperlukan
        from kinerja.jelajah.pilihan import Pilihan

        h = self.tabel[tingkat]
        h = h[h["simpul"] == PUNCAK]
        wilayah = h[tingkat].astype(str)
        rank = h[[*_KOLOM, "peringkat", "keterangan"]].assign(wilayah=wilayah, label=[self.name(k) for k in wilayah])
        acak = rank_uncertainty(self, rank, Ulangan(self.siap), Pilihan(wilayah=tingkat)).set_index("wilayah")
        for nama in ("bawah", "atas"):
            rank[f"peringkat_{nama}"] = whole_ranks(acak[nama].reindex(wilayah).to_numpy(dtype=float))
        rank["lepas"] = rank["peringkat"].isna()
        rank = rank.sort_values(["lepas", "nilai", "wilayah"], ascending=[True, False, True], ignore_index=True)
        return rank.drop(columns="lepas")

    def published(self, tingkat: str) -> pd.DataFrame:
        """Indikator ternormalkan (0 sampai 100, makin tinggi makin baik) yang terbit, wilayah x simpul; lainnya NaN."""
        kunci = "published", tingkat
        if kunci not in self._jadi:
            normal = self.siap.normal(tingkat)
            h = self.tabel[tingkat]
            tutup = h[h["tanda"].isin(_KOSONG)].assign(ada=True).pivot(index=tingkat, columns="simpul", values="ada")
            tutup = tutup.reindex(index=normal.index, columns=normal.columns).notna()
            self._jadi[kunci] = normal.mask(tutup).set_axis(normal.index.astype(str))
        return self._jadi[kunci]


_TERBUKA: dict[tuple | None, tuple[SurveiWilayah, frozenset[str]]] = {}


def open_regions(
    data: Data,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> SurveiWilayah:
    """:func:`kinerja.simpanan.buka_ikesos` di semua tingkat; yang terakhir tetap di memori selama masukannya sama."""
    kunci = _identity(data, mikro, kodebuku, tahun_survei, lipat_papua)
    if kunci is None or kunci not in _TERBUKA:
        with terbaca.collect() as dibaca:
            siap = buka_ikesos(data, mikro, kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap
            wilayah = Regions.of(data)
        tingkat = [t for t in (NASIONAL, *TINGKAT.values()) if t in siap.tingkat]
        tabel = tahan_tabel({t: siap.hitung(t, simpul="semua") for t in tingkat}, minimum=siap.n_minimum)
        survei = SurveiWilayah(siap, wilayah, tabel)
        _TERBUKA.clear()
        _TERBUKA[kunci] = (survei, frozenset(dibaca))
    survei, dibaca = _TERBUKA[kunci]
    terbaca.repeat(dibaca)
    return survei


def _identity(
    data: Data, mikro: str | Sequence[str], kodebuku: str, tahun_survei: int, lipat_papua: bool
) -> tuple | None:
    """Jati diri masukan: letak, ukuran, dan waktu berkas, serta isi tabelnya; None bila berkasnya tidak ada."""
    try:
        acuan = [Path(kodebuku)] if kodebuku else sorted((paths.acuan() / "susenas").glob("*.csv"))
        berkas = [(str(x.resolve()), x.stat()) for x in (*berkas_mikro(mikro, tahun_survei), *acuan)]
    except OSError:
        return None
    isi = [(nama, s.st_ino, s.st_size, s.st_mtime_ns) for nama, s in berkas]
    return (tahun_survei, lipat_papua, *isi, *(int(pd.util.hash_pandas_object(data[t]).sum()) for t in _TABEL))


def whole_ranks(isi: np.ndarray) -> pd.array:
    """Batas sebaran peringkat sebagai bilangan bulat: persentil yang jatuh di antara dua peringkat dibulatkan."""
    return pd.array(np.floor(isi + 0.5), dtype="Int64")


@dataclass(frozen=True, eq=False)
class Profil:
    """Satu wilayah dari satu survei, atau tanpa survei."""

    survei: SurveiWilayah | None
    """None: tanpa berkas survei; :attr:`position` satu baris kosong, selebihnya tanpa baris."""
    kode: str
    """Kode BPS: dua angka provinsi, empat angka kabupaten/kota."""
    nama: str

    @property
    def tingkat(self) -> str:
        """``provinsi`` atau ``kabkota``."""
        return TINGKAT[len(self.kode)]

    @property
    def provinsi(self) -> str:
        """Kode provinsinya (dirinya sendiri bila provinsi)."""
        return self.kode[:2]

    @cached_property
    def row(self) -> pd.Series:
        """Baris wilayah ini di :meth:`SurveiWilayah.ranking`."""
        rank = self.survei.ranking(self.tingkat)
        return rank[rank["wilayah"] == self.kode].iloc[0]

    @cached_property
    def position(self) -> pd.DataFrame:
        """Indeks wilayah ini, provinsinya, dan Indonesia: nilai, selang, peringkat, dan sebaran peringkat."""
        if self.survei is None:
            return pd.DataFrame({"label": [self.nama], "keadaan": [TIDAK_ADA]}).reindex(columns=_KOLOM_POSISI)
        pusat = self.survei.national(self.tingkat).loc[[PUNCAK], _KOLOM].assign(label=INDONESIA)
        baris = [self.row.to_frame().T]
        if self.kode != self.provinsi:
            rank = self.survei.ranking("provinsi")
            baris.append(rank[rank["wilayah"] == self.provinsi])
        isi = pd.concat([*baris, pusat], ignore_index=True)
        hasil = isi.astype({k: float for k in ("nilai", "se", "bawah", "atas", "rse", "bagian_bobot")})
        hasil["bagian_bobot"] *= 100
        hasil = hasil.astype({k: "Int64" for k in ("peringkat", "peringkat_bawah", "peringkat_atas", "n")})
        return hasil.assign(sendiri=[True, *[False] * (len(hasil) - 1)])

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Indeks dan dimensi tiap sasaran terhadap Indonesia.

        Kolom: ``sasaran``, ``label``, ``jenis``, nilai dan selang wilayah ini, ``nasional``, ``beda`` (poin), dan
        ``nyata``: ``lebih``, ``kurang``, atau ``serupa`` (selangnya memuat nilai nasional); "" bila tak bernilai.
        """
        siap = self.survei.siap
        kode = [k for s in siap.kerangka.sasaran for k in (s, *siap.kerangka.pilih("dimensi", s))]
        kode = [k for k in kode if k in siap.kerangka.simpul.index]
        h, pusat = self.survei.rows(self.kode).loc[kode], self.survei.national(self.tingkat).loc[kode]
        hasil = h[["jenis", "sasaran", "nama", *_KOLOM]].reset_index()
        hasil["nasional"] = pusat["nilai"].to_numpy()
        hasil["sasaran"] = [_group(s) for s in hasil["sasaran"]]
        hasil["label"] = hasil["sasaran"].where(hasil["jenis"] == "sasaran", [term(x) for x in hasil["nama"]])
        hasil["beda"] = hasil["nilai"] - hasil["nasional"]
        return hasil.assign(nyata=_clear(hasil, hasil["nasional"]), tebal=hasil["jenis"] == "sasaran")

    @cached_property
    @mesin_pohon
    def strengths(self) -> pd.DataFrame:
        """Kekuatan dan kelemahan menurut indikator, terhadap median wilayah lain setingkat.

        Hanya indikator yang terbit; nilainya sudah dinormalkan (0 sampai 100, makin tinggi makin baik).
        Kolom: `_KOLOM_MENONJOL` (``beda`` dalam poin), dan ``nyata`` seperti :attr:`parts`.
        """
        siap, normal = self.survei.siap, self.survei.published(self.tingkat)
        lain = [k for k in normal.index if k != self.kode]
        # Tanpa pembanding tidak ada yang menonjol: dibandingkan dengan dirinya sendiri setiap selisih nol.
        banding = normal if lain else pd.concat([normal, normal.set_axis([""])])
        isi = strengths_weaknesses(banding, siap.kerangka.pohon, self.kode, count=BANYAK_SISI)
        isi = isi.rename(columns=_KOLOM_SISI).replace({"sisi": _SISI})
        # Dipilih menurut sumbangannya bagi indeks, ditampilkan menurut jauhnya dari median.
        isi = isi.sort_values(["sisi", "beda"], ascending=[True, False], kind="stable", ignore_index=True)
        lemah = isi["sisi"] == "kelemahan"
        isi = pd.concat([isi[~lemah], isi[lemah][::-1]], ignore_index=True)
        h = self.survei.rows(self.kode).loc[isi["kode"]]
        letak = [siap.kerangka.pohon.indicators.index(k) for k in isi["kode"]]
        ujung = [self._scaled(h[k].to_numpy(dtype=float), letak) for k in ("bawah", "atas")]
        hasil = isi.assign(
            label=[term(x) for x in isi["nama"]],
            sasaran=[_group(x) for x in h["sasaran"]],
            bawah=np.minimum(*ujung),
            atas=np.maximum(*ujung),
            **{k: h[k].to_numpy() for k in ("n", "tanda", "keadaan")},
        )
        hasil = hasil.astype({"peringkat": "Int64", "dari": "Int64"})[_KOLOM_MENONJOL]
        teks = {k: object for k in ("sisi", "label", "sasaran")}  # tabel tanpa baris pun tetap berlabel teks
        return hasil.astype(teks).assign(nyata=_clear(hasil, hasil["median"]))

    def _scaled(self, persen: np.ndarray, letak: list[int]) -> np.ndarray:
        siap = self.survei.siap
        penuh = np.full(len(siap.kerangka.pohon.indicators), np.nan)
        penuh[letak] = persen
        return siap.normalkan(penuh[None, :], 0.0)[0][0, letak]

    @cached_property
    def districts(self) -> pd.DataFrame:
        """Kabupaten/kota di provinsi yang sama menurut kodenya: indeks, dan indeks tiap sasaran.

        Kolom: ``wilayah``, ``label``, kolom :meth:`SurveiWilayah.ranking`, satu kolom nilai per sasaran (``rt``,
        ``pd``, ``ls``), ``sendiri`` (wilayah profil ini), dan ``keadaan_survei``: keadaan angka yang ada walau
        indeksnya tidak tersedia. Kosong bila survei tidak memuat kabupaten/kota.
        """
        sasaran = list(self.survei.siap.kerangka.sasaran)
        if "kabkota" not in self.survei.tabel:
            return pd.DataFrame(columns=["wilayah", "label", *_KOLOM, *sasaran, "sendiri", "keadaan_survei"])
        h = self.survei.tabel["kabkota"]
        h = h[h["kabkota"].astype(str).str[:2] == self.provinsi]
        h = h.assign(wilayah=h["kabkota"].astype(str))
        per_sasaran = h[h["simpul"].isin(sasaran)].pivot(index="wilayah", columns="simpul", values="nilai")
        hasil = h.loc[h["simpul"] == PUNCAK, ["wilayah", *_KOLOM]].sort_values("wilayah", ignore_index=True)
        hasil.insert(1, "label", [self.survei.name(k, penuh=False) for k in hasil["wilayah"]])
        for kode in sasaran:
            hasil[kode] = per_sasaran[kode].reindex(hasil["wilayah"]).to_numpy(dtype=float)
        return hasil.assign(sendiri=hasil["wilayah"] == self.kode, keadaan_survei=self.survei.siap.keadaan)

    @property
    def details(self) -> pd.DataFrame:
        """Bagian indeks, indikator yang paling menonjol, dan kabupaten/kota provinsinya dalam satu bingkai.

        ``jenis``: ``bagian``, ``kekuatan``, ``kelemahan``, ``kabkota``; ``pembanding``: Indonesia bagi bagian, median
        wilayah lain bagi indikator. Tanpa baris bila tanpa survei.
        """
        if self.survei is None:
            return pd.DataFrame(columns=_KOLOM_RINCI)
        bagian = self.parts.assign(jenis="bagian", pembanding=self.parts["nasional"])
        sisi = self.strengths.rename(columns={"sisi": "jenis", "median": "pembanding"})
        daerah = self.districts.assign(jenis="kabkota", sasaran="")
        isi = [x.reindex(columns=_KOLOM_RINCI) for x in (bagian, sisi, daerah) if len(x)]
        return pd.concat(isi, ignore_index=True)


def _group(kode: str) -> str:
    return fmt.pick(NAMA_SASARAN[kode]) if kode in NAMA_SASARAN else kode


def _clear(frame: pd.DataFrame, acuan: pd.Series) -> list[str]:
    """Apakah selang tiap baris seluruhnya di atas (``lebih``) atau di bawah (``kurang``) acuannya."""
    bawah, atas = (frame[k].to_numpy(dtype=float) for k in ("bawah", "atas"))
    a = acuan.to_numpy(dtype=float)
    isi = np.select([np.isnan(bawah) | np.isnan(a), bawah > a, atas < a], ["", "lebih", "kurang"], "serupa")
    return isi.tolist()


def open_profile(
    data: Data,
    wilayah: str,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Profil:
    """Ikesos satu wilayah; tanpa berkas survei semuanya tidak tersedia.

    Parameters
    ----------
    data : Data
        Data tahun laporan; hanya tabel acuan yang dipakai.
    wilayah : str
        Kode BPS provinsi (``"32"``) atau kabupaten/kota (``"3201"``).
    mikro, kodebuku, tahun_survei, lipat_papua
        Lihat :func:`kinerja.simpanan.buka_ikesos`, juga kesalahannya.

    Raises
    ------
    GalatParameter
        Kode tidak ada di survei, atau surveinya buatan.
    """
    if not mikro:
        return Profil(None, wilayah, Regions.of(data).name(wilayah, penuh=True))
    survei = open_regions(data, mikro, kodebuku, tahun_survei, lipat_papua)
    if survei.siap.keadaan == "sintetis":
        raise GalatParameter(
            "Survei itu buatan (berkolom SINTETIS); halaman wilayah nyata tidak memuat angka buatan. "
            "Untuk memperagakannya pakai kinerja peragaan."
        )
    return survei.profile(wilayah)
