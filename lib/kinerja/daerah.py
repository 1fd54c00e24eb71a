"""Angka terbitan menurut wilayah: 34 provinsi dan 514 kabupaten/kota, kedudukan, perubahan, dan IPM dihitung ulang.

Isinya angka yang sudah terbit (BPS, Badan Ketahanan Pangan, Kementerian Agama, OJK, UNICEF); tidak ada yang ditaksir.
Bingkai panjang :func:`series` memuat satu angka satu baris; ukuran lain fungsi murni atas bingkai itu (``frame``).
``tingkat`` adalah ``provinsi`` atau ``kabkota``; tingkat lain ditolak dengan GalatParameter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from indextree import Tree
from kinerja import fmt
from kinerja.data import Data, remembered
from kinerja.errors import GalatData, GalatHitung, GalatParameter
from kinerja.wilayah import Regions

TINGKAT = {"provinsi": "deret_provinsi", "kabkota": "deret_kabkota"}
"""Tingkat wilayah -> tabel datanya."""

NASIONAL = "0"
"""Kode Indonesia."""

KOMPONEN_IPM = {
    "umur_harapan_hidup": "kesehatan",
    "harapan_lama_sekolah": "pendidikan",
    "rata_lama_sekolah": "pendidikan",
    "pengeluaran_disesuaikan": "pengeluaran",
}
"""Komponen IPM -> dimensinya."""

PERAN = ("ipm", "kemiskinan", "pengangguran", "sekolah")
"""Peran deret pokok di halaman wilayah."""

_BEDA = {"persen": "poin_persen", "indeks_100": "poin"}
"""Satuan -> satuan selisihnya, bila lain."""

_SETINGKAT = {
    "provinsi": {"id": "provinsi", "en": "provinces"},
    "kabkota": {"id": "kabupaten/kota", "en": "districts"},
}
_SATUAN = {
    **dict.fromkeys(("nilai", "nasional", "median", "nilai_awal", "nilai_akhir"), "=satuan"),
    **dict.fromkeys(("jarak", "perubahan", "perubahan_nasional"), "=satuan_beda"),
    **dict.fromkeys(("peringkat", "dari", "kuartil"), "nomor"),
    "persen_perubahan": "persen_perubahan",
    "tahun": "tahun",
}
_KETERANGAN = ("arah", "pokok", "peran", "urutan", "kedekatan", "keyakinan", "definisi")
_SEPEREMPAT = 4


class Place(NamedTuple):
    """Satu wilayah: kode BPS, nama (kabupaten/kota beserta provinsinya), tingkat, provinsinya, dan tahun acuannya.

    ``tahun``: tahun yang terdekat dengan tahun laporan (yang lebih dulu didahulukan) dengan keempat :data:`PERAN`.
    """

    kode: str
    nama: str
    tingkat: str
    provinsi: str
    nama_provinsi: str
    tahun: int

    def words(self) -> dict[str, str]:
        """Isian kalimat: ``daerah`` (nama), ``tingkat``, ``setingkat`` (jamak), ``nama_provinsi``, ``acuan``."""
        return {
            "daerah": self.nama.split(",")[0],
            "tingkat": self.tingkat,
            "setingkat": fmt.pick(_SETINGKAT[self.tingkat]),
            "nama_provinsi": self.nama_provinsi,
            "acuan": str(self.tahun),
        }


def place(data: Data, kode: str) -> Place:
    """Satu wilayah menurut kode BPS-nya, dua angka (provinsi) atau empat angka: 34 provinsi sebelum 2022.

    Raises
    ------
    GalatParameter
        Kode tidak dikenal, atau kode baru sejak 2022; pesannya menyebut kode lamanya atau kode yang ada.
    """
    wilayah, tingkat = Regions.of(data), "provinsi" if len(kode) == len("32") else "kabkota"
    if kode in wilayah.old:
        raise GalatParameter(
            f"Wilayah {kode} {wilayah.name(kode)} berkode itu sejak 2022; angka terbitan di sini memakai kode lama: "
            f"wilayah = {wilayah.old[kode]}."
        )
    semua = _places(data, tingkat)
    if kode not in semua.index:
        ada = ", ".join(_places(data, "provinsi").index)
        raise GalatParameter(
            f"Parameter wilayah = {kode!r} bukan kode provinsi atau kabupaten/kota; kode provinsi yang ada: {ada}."
        )
    provinsi = kode[:2]
    nama, tahun = wilayah.name(kode, penuh=True), int(semua.at[kode, "tahun"])
    return Place(kode, nama, tingkat, provinsi, wilayah.name(provinsi), tahun)


@remembered
def _places(data: Data, tingkat: str) -> pd.DataFrame:
    """Tahun acuan, berindeks kode wilayah yang punya deret."""
    semua = series(data, tingkat)
    return pd.DataFrame({"tahun": aligned_year(semua, data.tahun)}, index=sorted(semua["kode"].unique()))


def aligned_year(frame: pd.DataFrame, tahun: int) -> int:
    """Tahun terdekat dengan angka keempat :data:`PERAN`; yang sampai ``tahun`` didahulukan.

    Raises
    ------
    GalatHitung
        Tidak ada tahun seperti itu.
    """
    ada = frame[frame["peran"].isin(PERAN) & frame["nilai"].notna()].groupby("tahun")["peran"].nunique()
    lengkap = ada.index[ada == len(PERAN)]
    if lengkap.empty:
        raise GalatHitung(f"Tidak ada tahun dengan angka {', '.join(PERAN)} sekaligus.")
    return int(max((t for t in lengkap if t <= tahun), default=lengkap.min()))


def _level(tingkat: str) -> str:
    if tingkat not in TINGKAT:
        raise GalatParameter(f"Tingkat '{tingkat}' tidak ada; pilih {' atau '.join(TINGKAT)}.")
    return TINGKAT[tingkat]


@remembered
def about(data: Data, tingkat: str) -> pd.DataFrame:
    """Keterangan tiap deret pada satu tingkat, berindeks ``deret``.

    Kolom: ``nama`` (dalam bahasa yang berlaku), ``satuan``, ``arah`` (``naik``: makin tinggi makin baik, ``turun``,
    ``netral``), ``pokok``, ``peran`` (di halaman wilayah, atau kosong), ``urutan``, ``ikesos``, ``kedekatan``,
    ``keyakinan``, ``definisi``.
    """
    _level(tingkat)
    isi = data["deret"].query("tingkat == @tingkat").rename(columns={"kode": "deret"}).set_index("deret")
    isi["nama"] = isi["nama_en" if fmt.language() == "en" else "nama"]
    return isi[["nama", "satuan", "ikesos", *_KETERANGAN]]


@remembered
def series(data: Data, tingkat: str = "provinsi") -> pd.DataFrame:
    """Semua angka terbitan pada satu tingkat, satu angka satu baris.

    Kolom: ``deret``, ``nama_deret``, ``kode`` (teks, kode BPS), ``nama``, ``tahun``, ``nilai`` (NaN bila tidak
    tersedia), ``nasional`` (angka Indonesia yang terbit, atau NaN), ``satuan``, ``satuan_beda`` (satuan selisihnya),
    ``arah``, ``peran``, ``urutan``, ``keadaan``, ``sumber``, ``sumber_nasional``, ``bagian``, ``catatan``, ``id``.

    Raises
    ------
    GalatData
        Deret tidak terdaftar pada tingkat itu, atau satuannya lain dari yang terdaftar.
    """
    hasil = _described(data[_level(tingkat)], about(data, tingkat), tingkat)
    hasil["nama"] = hasil["kode"].map(Regions.of(data).name)
    pusat = data["deret_nasional"].set_index(["deret", "tahun"])[["nilai", "sumber"]]
    pusat = pusat.reindex(pd.MultiIndex.from_frame(hasil[["deret", "tahun"]]))
    hasil["nasional"], hasil["sumber_nasional"] = pusat["nilai"].to_numpy(), pusat["sumber"].to_numpy()
    return hasil[_KOLOM]


@remembered
def national(data: Data, tingkat: str = "provinsi") -> pd.DataFrame:
    """Angka Indonesia bagi deret satu tingkat; kolomnya sama dengan :func:`series`, ``kode`` ``"0"``."""
    ada = about(data, tingkat)
    isi = data["deret_nasional"]
    hasil = _described(isi[isi["deret"].isin(ada.index)].assign(kode=NASIONAL), ada, tingkat)
    return hasil.assign(nama="Indonesia", nasional=hasil["nilai"], sumber_nasional=hasil["sumber"])[_KOLOM]


_KOLOM = [
    *("deret", "nama_deret", "kode", "nama", "tahun", "nilai", "nasional", "satuan", "satuan_beda"),
    *("arah", "peran", "urutan"),
    *("keadaan", "sumber", "sumber_nasional", "bagian", "catatan", "id"),
]


def _described(isi: pd.DataFrame, ada: pd.DataFrame, tingkat: str) -> pd.DataFrame:
    asing = isi[~isi["deret"].isin(ada.index)]
    if len(asing):
        raise _error(asing, "deret", f"deret bertingkat {tingkat} di acuan/wilayah/deret.csv")
    keterangan = ada.loc[isi["deret"]]
    lain = isi[isi["satuan"].to_numpy() != keterangan["satuan"].to_numpy()]
    if len(lain):
        raise _error(lain, "satuan", f"'{ada.at[lain['deret'].iloc[0], 'satuan']}' seperti di acuan/wilayah/deret.csv")
    hasil = isi.assign(kode=isi["kode"].astype(str), nama_deret=keterangan["nama"].to_numpy())
    hasil = hasil.assign(**{k: keterangan[k].to_numpy() for k in ("arah", "peran", "urutan")})
    hasil["satuan_beda"] = hasil["satuan"].replace(_BEDA)
    hasil.attrs = {"satuan": dict(_SATUAN)}
    return hasil


def _error(isi: pd.DataFrame, kolom: str, diharapkan: str) -> GalatData:
    satu = isi.iloc[0]
    return GalatData(
        satu["berkas"], baris=int(satu["baris"]), kolom=kolom, ditemukan=f"'{satu[kolom]}'", diharapkan=diharapkan
    )


def _sources(frame: pd.DataFrame, nasional: bool = True) -> list[str]:
    """Id sumber yang dipakai sebuah bingkai, untuk baris sumbernya sesudah ia dilebarkan."""
    kolom = ["sumber", "sumber_nasional"] if nasional else ["sumber"]
    return sorted({x for k in kolom if k in frame for x in frame[k].dropna()})


def at_year(frame: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """Angka tiap deret pada tahun terakhir sampai ``tahun``; bila tidak ada, pada tahun pertama sesudahnya."""
    ada = frame.loc[frame["nilai"].notna(), ["deret", "tahun"]].drop_duplicates()
    dulu = ada[ada["tahun"] <= tahun].groupby("deret")["tahun"].max()
    pilih = dulu.combine_first(ada.groupby("deret")["tahun"].min())
    return frame[frame["tahun"] == frame["deret"].map(pilih)]


def position(frame: pd.DataFrame) -> pd.DataFrame:
    """Kedudukan tiap wilayah pada tiap deret dan tahun di antara semua wilayah di ``frame`` yang angkanya tersedia.

    Kolom: ``frame`` ditambah ``peringkat`` (1 terbaik menurut ``arah``; deret netral: 1 tertinggi; nilai sama
    berperingkat sama), ``dari`` (banyaknya wilayah berperingkat), ``kuartil`` (1 seperempat pertama), ``median``
    (wilayah yang tersedia), ``jarak`` (nilai - nasional, dalam satuannya), ``banding``: ``lebih baik``, ``lebih
    buruk``, atau ``sama`` dari Indonesia; "" bila deretnya netral atau angka Indonesia tidak tersedia.
    """
    kelompok = frame.groupby(["deret", "tahun"], sort=False)["nilai"]
    naik = kelompok.rank(method="min", ascending=True)
    peringkat = kelompok.rank(method="min", ascending=False).where(frame["arah"] != "turun", naik)
    dari = kelompok.transform("count")
    jarak = frame["nilai"] - frame["nasional"]
    mutu = np.sign(jarak) * frame["arah"].map({"naik": 1, "turun": -1, "netral": np.nan})
    return frame.assign(
        peringkat=peringkat.astype("Int64"),
        dari=dari.astype("Int64"),
        kuartil=np.ceil(_SEPEREMPAT * peringkat / dari).astype("Int64"),
        median=kelompok.transform("median"),
        jarak=jarak,
        banding=mutu.map({1.0: "lebih baik", -1.0: "lebih buruk", 0.0: "sama"}).fillna(""),
    )


def change(frame: pd.DataFrame, awal: int, akhir: int) -> pd.DataFrame:
    """Perubahan tiap deret antara dua tahun, bagi deret yang punya keduanya.

    Kolom: ``deret``, ``nama_deret``, ``kode``, ``nama``, ``satuan``, ``arah``, ``urutan``, ``nilai_awal``,
    ``nilai_akhir``, ``perubahan`` (dalam satuannya; persen menjadi persen poin), ``persen_perubahan``, ``membaik``
    (boolean; kosong bila netral, tetap, atau tidak tersedia), ``perubahan_nasional``.

    Raises
    ------
    GalatParameter
        ``awal`` tidak lebih dulu daripada ``akhir``.
    """
    if not awal < akhir:
        raise GalatParameter(f"Tahun awal harus lebih dulu daripada tahun akhir, bukan {awal} dan {akhir}.")
    kunci = ["deret", "nama_deret", "kode", "nama", "satuan", "satuan_beda", "arah", "urutan"]
    dua = [frame.loc[frame["tahun"] == t, [*kunci, "nilai", "nasional"]] for t in (awal, akhir)]
    hasil = dua[0].merge(dua[1], on=kunci, suffixes=("_awal", "_akhir"), validate="one_to_one")
    beda = hasil["nilai_akhir"] - hasil["nilai_awal"]
    mutu = np.sign(beda.round(9)) * hasil["arah"].map({"naik": 1, "turun": -1, "netral": 0})
    return hasil.assign(
        perubahan=beda,
        persen_perubahan=beda / hasil["nilai_awal"] * 100,
        membaik=mutu.map({1.0: True, -1.0: False}).astype("boolean"),
        perubahan_nasional=hasil["nasional_akhir"] - hasil["nasional_awal"],
    ).drop(columns=["nasional_awal", "nasional_akhir"])


def history(frame: pd.DataFrame, kode: str, *peran: str) -> pd.DataFrame:
    """Riwayat deret menurut perannya bagi satu wilayah (``kode``) dan Indonesia.

    Kolom: ``nama`` (Indonesia di atas, lalu wilayahnya), ``tahun``, satu kolom nilai per peran, dan ``ubah_<peran>``:
    selisihnya dari tahun sebelumnya, kosong bila tahun itu tidak ada. ``attrs["satuan"]``.
    """
    isi = frame[(frame["kode"] == kode) & frame["peran"].isin(peran)]
    dua = pd.concat([isi.assign(nama="Indonesia", nilai=isi["nasional"]), isi])
    hasil = dua.pivot(index=["nama", "tahun"], columns="peran", values="nilai").reindex(columns=list(peran))
    hasil = hasil.reindex(dua["nama"].unique(), level="nama").reset_index().rename_axis(columns=None)
    lalu = hasil.groupby("nama", sort=False)
    berurut = lalu["tahun"].diff() == 1
    satuan = isi.drop_duplicates("peran").set_index("peran")
    hasil.attrs = {
        "satuan": satuan["satuan"].to_dict() | {f"ubah_{k}": v for k, v in satuan["satuan_beda"].items()},
        "sumber": _sources(isi),
    }
    return hasil.assign(**{f"ubah_{k}": lalu[k].diff().where(berurut) for k in peran})


def hdi(frame: pd.DataFrame, tonggak: pd.DataFrame) -> pd.DataFrame:
    """Indeks Pembangunan Manusia dihitung ulang dari empat komponennya.

    Metode baru BPS menurut UNDP: indeks tiap komponen = (nilai - terkecil) / (terbesar - terkecil), pengeluaran dengan
    logaritma; indeks pendidikan rata-rata dua komponennya; IPM rata-rata geometrik ketiga indeks. Nilai di luar
    tonggak dipotong.

    Parameters
    ----------
    frame : DataFrame
        Boleh dengan :func:`national`.
    tonggak : DataFrame
        Tabel ``ipm_tonggak``: ``deret``, ``ukuran`` (``terkecil``, ``terbesar``), ``nilai``.

    Returns
    -------
    DataFrame
        Wilayah dan tahun yang keempat komponennya ada: ``kode``, ``nama``, ``tahun``, ``kesehatan``, ``pendidikan``,
        ``pengeluaran`` (indeks, 0-100), ``dihitung``, ``ipm`` (yang terbit, atau NaN), ``selisih`` (dihitung - terbit).

    Raises
    ------
    GalatHitung
        Tonggak sebuah komponen tidak ada atau terbalik.

    References
    ----------
    BPS, *Indeks Pembangunan Manusia 2020*, catatan teknis; UNDP, *Human Development Report 2010*, technical note 1.
    """
    komponen, uang = list(KOMPONEN_IPM), "pengeluaran_disesuaikan"
    batas = tonggak.pivot(index="deret", columns="ukuran", values="nilai").reindex(komponen)
    salah = batas.index[~(batas["terkecil"] < batas["terbesar"])]
    if len(salah):
        raise GalatHitung(f"Tonggak IPM {salah[0]} tidak lengkap atau terbalik; lihat acuan/wilayah/ipm_tonggak.csv.")
    isi = frame.pivot(index=["kode", "nama", "tahun"], columns="deret", values="nilai")
    isi = isi.reindex(columns=["ipm", *komponen]).dropna(subset=komponen)
    nilai = isi[komponen].copy()
    nilai[uang], batas.loc[uang] = np.log(nilai[uang]), np.log(batas.loc[uang])
    skor = ((nilai - batas["terkecil"]) / (batas["terbesar"] - batas["terkecil"])).clip(0, 1)
    indeks = skor.T.groupby(KOMPONEN_IPM, sort=False).mean().T
    hasil = (indeks * 100).assign(dihitung=100 * indeks.prod(axis=1) ** (1 / 3), ipm=isi["ipm"])
    hasil = hasil.assign(selisih=hasil["dihitung"] - hasil["ipm"]).reset_index().rename_axis(columns=None)
    asal = frame[frame["deret"].isin(["ipm", *komponen])]
    hasil.attrs = {"sumber": sorted({*_sources(asal), *tonggak.get("sumber", [])})}
    return hasil


def hdi_status(data: Data, nilai: float) -> str:
    """Status pembangunan manusia satu IPM (rendah, sedang, tinggi, sangat tinggi) menurut batas BPS.

    Raises
    ------
    GalatHitung
        Nilai kosong atau di bawah batas terendah.
    """
    isi = data["ipm_status"].sort_values("nilai")
    kena = isi[isi["nilai"] <= nilai]
    if kena.empty:
        raise GalatHitung(f"IPM {nilai} tidak punya status; batasnya mulai dari {isi['nilai'].min():g}.")
    return str(kena["nama_en" if fmt.language() == "en" else "nama"].iloc[-1])


def together(frame: pd.DataFrame, *peran: str, tahun: int) -> pd.DataFrame:
    """Beberapa deret menurut perannya pada tahun bersama yang terdekat dengan ``tahun``, satu wilayah satu baris.

    Bila tidak ada tahun bersama sampai ``tahun``, dipakai yang pertama sesudahnya.

    Kolom: ``kode``, ``nama``, satu kolom per peran; wilayah yang salah satunya kosong tidak ikut. ``attrs["tahun"]``,
    dan ``attrs["deret"]`` dan ``attrs["satuan"]`` menurut peran.

    Raises
    ------
    GalatParameter
        Peran tidak ada, atau deret-deret itu tidak punya tahun bersama.
    """
    isi = frame[frame["peran"].isin(peran) & frame["nilai"].notna()]
    bersama = sorted(set.intersection(*(set(isi.loc[isi["peran"] == k, "tahun"]) for k in peran)))
    if not bersama:
        raise GalatParameter(f"Tidak ada tahun dengan angka {', '.join(peran)} sekaligus.")
    pilih = max((t for t in bersama if t <= tahun), default=bersama[0])
    isi = isi[isi["tahun"] == pilih]
    hasil = isi.pivot(index=["kode", "nama"], columns="peran", values="nilai")[list(peran)].dropna().reset_index()
    hasil.columns.name = None
    satu = isi.drop_duplicates("peran").set_index("peran")
    hasil.attrs = {
        "tahun": int(pilih),
        "deret": satu["nama_deret"].to_dict(),
        "satuan": satu["satuan"].to_dict(),
        "sumber": _sources(isi, nasional=False),
    }
    return hasil


def table(data: Data, tingkat: str = "provinsi", tahun: int | None = None) -> pd.DataFrame:
    """Satu wilayah satu baris, satu deret satu kolom.

    Dengan ``tahun`` hanya angka tahun itu, dan deret tanpa angka tahun itu tidak ikut; tanpanya tiap deret pada tahun
    terakhirnya sampai tahun laporan, atau yang pertama sesudahnya.

    Berindeks kode, yang juga kolom pertama; ``nama``, lalu kolom deret (Int64 bila satuannya bulat atau rupiah).
    ``attrs``: ``satuan``, ``nama``, ``tahun`` menurut kolom; ``ids``: kolom -> kode -> id angkanya.

    Raises
    ------
    GalatParameter
        Tidak ada angka pada tahun itu; pesannya menyebut tahun yang ada.
    """
    semua = series(data, tingkat)
    isi = at_year(semua, data.tahun) if tahun is None else semua[semua["tahun"] == tahun]
    if isi.empty:
        ada = ", ".join(map(str, sorted(semua["tahun"].unique())))
        raise GalatParameter(f"Tidak ada angka {tingkat} tahun {tahun}; yang ada: {ada}.")
    hasil = isi.pivot(index=["kode", "nama"], columns="deret", values="nilai")
    urut = [x for x in about(data, tingkat).index if x in hasil]
    satu = isi.drop_duplicates("deret").set_index("deret").loc[urut]
    bulat = [k for k in urut if data.is_integer(satu.at[k, "satuan"])]
    hasil = hasil[urut].astype({k: "Int64" for k in bulat}).reset_index().rename_axis(columns=None)
    hasil.index = pd.Index(hasil["kode"].to_list())
    hasil.attrs = {
        "satuan": satu["satuan"].to_dict(),
        "nama": satu["nama_deret"].to_dict(),
        "tahun": satu["tahun"].to_dict(),
        "sumber": _sources(isi, nasional=False),
        "ids": {k: dict(zip(x["kode"], x["id"], strict=True)) for k, x in isi.groupby("deret")},
    }
    return hasil


class TrialIndex(NamedTuple):
    """Indeks coba: pohonnya, dan nilai daunnya dalam satuan asli (baris kode wilayah, kolom kode daun)."""

    tree: Tree
    frame: pd.DataFrame


def trial_index(data: Data, tingkat: str = "provinsi") -> TrialIndex:
    """Indeks coba kebutuhan dasar dari angka terbitan. Bukan Ikesos, dan tidak boleh disebut Ikesos.

    Susunan, bobot, dan tonggaknya data (``acuan/wilayah/indeks_coba.csv``), dan alasannya di kolom catatannya. Hitung
    dengan ``Recipe(Normalisation("goalposts")).run(coba.frame, coba.tree)``. Daun kedua tingkat berbeda, jadi keduanya
    tidak dapat dibandingkan. ``frame.attrs``: ``satuan`` dan ``tahun`` menurut daun, ``nama`` (kode wilayah -> nama).

    Raises
    ------
    GalatData
        Daun menunjuk deret atau tahun yang tidak ada.
    """
    semua = series(data, tingkat)
    s = data["indeks_coba"].query("tingkat == @tingkat")
    daun = s[s["deret"] != ""]
    ada = set(zip(semua["deret"], semua["tahun"], strict=True))
    for x in daun.itertuples():
        if (x.deret, x.tahun) not in ada:
            raise GalatData(
                x.berkas, baris=int(x.baris), kolom="deret, tahun", ditemukan=f"'{x.deret}' {x.tahun}",
                diharapkan=f"deret bertingkat {tingkat} yang punya angka tahun itu",
            )  # fmt: skip
    pohon = pd.DataFrame(
        {
            "code": s["kode"],
            "parent": s["induk"],
            "name": s["nama_en" if fmt.language() == "en" else "nama"],
            "weight": s["bobot"].astype(float),
            "direction": s["arah"].map({"naik": 1.0, "turun": -1.0}),
            "goalpost_lower": s["tonggak_bawah"].astype(float),
            "goalpost_upper": s["tonggak_atas"].astype(float),
        }
    )
    isi = daun.merge(semua, on=["deret", "tahun"], suffixes=("_daun", ""))
    frame = isi.pivot(index="kode", columns="kode_daun", values="nilai")[list(daun["kode"])]
    frame.columns.name = None
    satu = isi.drop_duplicates("kode_daun").set_index("kode_daun")
    frame.attrs = {
        "satuan": satu["satuan"].to_dict(),
        "tahun": satu["tahun"].to_dict(),
        "nama": semua.drop_duplicates("kode").set_index("kode")["nama"].to_dict(),
    }
    return TrialIndex(Tree.from_table(pohon), frame)
