"""Himpunan data bagi penjelajah di halaman: apa yang boleh dipaketkan, dan hanya itu.

Halaman menghitung ulang apa pun dari yang dipaketkan, jadi yang ditahan tidak boleh ada di dalamnya dan tidak boleh
dapat dihitung darinya. Keputusannya milik :mod:`kinerja.kerahasiaan`, atas semua tingkat yang terbit bersama. Simpul
terbit yang di bawahnya ada bagian yang ditahan dipaketkan sebagai nilai *beku*: berlaku selama bobot di bawahnya tidak
diubah dan agregasinya aritmetik; selebihnya halaman menahannya.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from indextree import CompiledTree, Tree, node_gradients
from kinerja import daerah, fmt
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.ikesos import Dasar, SiapIkesos
from kinerja.istilah import section, term
from kinerja.kerahasiaan import INDUK, tahan_tabel
from kinerja.wilayah import Regions

Kalimat = Mapping[str, str]
"""Teks dalam kedua bahasa: ``{"id": ..., "en": ...}``."""

_KOSONG = MappingProxyType({"id": "", "en": ""})

TINGKAT = ("provinsi", "kabkota")
ADA, TIADA, DITAHAN = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Tingkat:
    """Satu tingkat wilayah, provinsi atau kabkota; D wilayah, V indikator, S simpul (urutan ``Tree.codes``)."""

    kode: str
    wilayah: list[str]
    nama: dict[str, list[str]]  # bahasa -> nama; cukup "id" bila keduanya sama
    induk: list[str]  # kode provinsi yang memuatnya, "" bagi provinsi
    isi: np.ndarray  # (D, V), dalam satuannya; NaN bila tidak tersedia atau ditahan
    status: np.ndarray  # uint8 (D, V): ADA, TIADA, atau DITAHAN
    dasar: np.ndarray  # bool (V,): masuk hitungan indeks tingkat ini
    lepas: tuple[str, ...] = ()  # simpul di bawah puncak yang dihitung, tetapi tidak masuk puncak
    n: np.ndarray | None = None  # (D, S) responden simpul yang terbit, nol bila ditahan; None: galat tidak diterbitkan
    df: np.ndarray | None = None  # (D, S) derajat bebasnya
    selang: np.ndarray | None = None  # (D, V, 2), 95 persen
    raguan: np.ndarray | None = None  # bool (D, V): bertanda hati-hati
    beku: list[tuple[int, int, float, float]] = field(default_factory=list)
    """Wilayah, simpul, nilainya pada bobot baku, dan tempat turunannya dihitung."""
    halus: list[tuple[int, int, float, float]] = field(default_factory=list)
    """Yang tepat 0 atau 100 persen: wilayah, indikator, tempat turunannya dihitung, dan galat bakunya."""
    kovarian: list[np.ndarray] = field(default_factory=list)
    """Tiap wilayah: kovarian indikator yang ada (urut), lalu simpul bekunya (urut)."""


@dataclass(frozen=True, eq=False)
class Himpunan:
    """Satu himpunan data yang dapat dipilih."""

    kode: str  # dipakai di alamat halaman
    judul: Kalimat
    sumber: Kalimat
    keadaan: str  # milik semua angkanya
    susunan: CompiledTree
    simpul: list[dict]
    """Sejajar ``susunan.codes``: ``nama`` (kedua bahasa), ``jenis``, ``kode`` (sama bagi simpul yang bobotnya digeser
    bersama), boleh ``sumber``, dan bagi indikator ``bawah``, ``atas``, ``arah``, ``satuan``."""
    tingkat: list[Tingkat]
    catatan: Kalimat = field(default_factory=lambda: _KOSONG)
    agregasi: str = "arithmetic"  # agregasi baku, kode indextree.MEANS
    ternormal: bool = False  # isinya sudah pada skala indeks
    indeks: bool = True  # False: kumpulan deret; cabangnya hanya tema
    minimum: int = 0  # responden terkecil yang terbit
    ambang_bobot: float = 0.0  # puncak yang bersandar pada bagian bobot lebih kecil tidak diterbitkan


def from_tree(
    kode: str,
    pohon: Tree,
    nilai: Mapping[str, pd.DataFrame],
    nama: Mapping[str, Mapping[str, str]],
    *,
    judul: Kalimat,
    sumber: Kalimat,
    keadaan: str,
    catatan: Kalimat = _KOSONG,
    inggris: Mapping[str, str] = MappingProxyType({}),
    asal: Mapping[str, Kalimat] = MappingProxyType({}),
    ternormal: bool = False,
    indeks: bool = True,
) -> Himpunan:
    """Himpunan dari pohon dan nilai terbit tanpa galat.

    ``pohon`` boleh memuat ``jenis`` dan ``satuan`` di tabelnya; agregasi bakunya agregasi puncak. ``nilai``: tingkat ->
    wilayah (indeks kode) x indikator dalam satuannya, NaN bila tidak tersedia, atau sudah pada skala indeks bila
    ``ternormal``; ``nama``: tingkat -> kode wilayah -> nama; ``inggris``: kode simpul -> nama Inggrisnya; ``asal``:
    kode simpul -> sumbernya, bila lain dari sumber himpunan. Tanpa ``indeks`` tonggak tidak diperlukan.

    Raises
    ------
    GalatParameter
        Indikator tanpa tonggak, atau tingkat tidak dikenal.
    """
    asing = sorted(set(nilai) - set(TINGKAT))
    if asing or not nilai:
        raise GalatParameter(f"Tingkat {', '.join(asing) or '(kosong)'} tidak dikenal; pilih {', '.join(TINGKAT)}.")
    tabel = pohon.table.loc[list(pohon.codes)]
    tonggak = tabel.loc[list(pohon.indicators), ["goalpost_lower", "goalpost_upper"]]
    if indeks and not ternormal and tonggak.isna().any(axis=None):
        raise GalatParameter(f"Indikator {tonggak.index[tonggak.isna().any(axis=1)][0]} tidak punya tonggak.")
    simpul = []
    for satu, isi in zip(tabel.index, tabel.to_dict("records"), strict=True):
        daun = satu in tonggak.index
        uraian = {
            "nama": {"id": isi["name"], "en": inggris.get(satu, isi["name"])},
            "jenis": isi.get("jenis") or ("indikator" if daun else "indeks" if satu == pohon.top else "dimensi"),
            "kode": satu,
        }
        uraian |= {"sumber": dict(asal[satu])} if satu in asal else {}
        simpul.append(uraian | (_skala(isi, isi.get("satuan") or "") if daun else {}))
    return Himpunan(
        kode,
        judul,
        sumber,
        keadaan,
        pohon.compile(),
        simpul,
        [_published_level(k, pohon.values(frame), frame.index, nama[k]) for k, frame in nilai.items()],
        catatan,
        agregasi=tabel["aggregation"].iloc[-1],
        ternormal=ternormal,
        indeks=indeks,
    )


def _published_level(tingkat: str, isi: np.ndarray, kode: Iterable, nama: Mapping[str, str]) -> Tingkat:
    wilayah, ada = [str(x) for x in kode], ~np.isnan(isi)
    return Tingkat(
        tingkat,
        wilayah,
        {"id": [nama.get(k, k) for k in wilayah]},
        [_province(tingkat, k) for k in wilayah],
        isi,
        np.where(ada, ADA, TIADA).astype(np.uint8),
        ada.any(axis=0),
    )


def from_survey(siap: SiapIkesos, data: Data, *, judul: Kalimat, sumber: Kalimat) -> Himpunan:
    """Himpunan Ikesos dari survei: hanya yang terbit bila semua tingkat terbit bersama.

    ``data`` memberi daftar wilayah; survei sintetis memakai wilayah buatan (:meth:`kinerja.wilayah.Regions.of`).
    """
    # Semua tingkat diputuskan bersama, seperti tabel `kinerja ikesos`: yang satu tidak membuka yang lain.
    terbit = tahan_tabel({k: siap.hitung(k, simpul="semua") for k in siap.tingkat}, minimum=siap.n_minimum)
    pohon, susunan = siap.kerangka.pohon, siap.susunan()
    tabel = pohon.table.loc[list(pohon.codes)]
    simpul = []
    for satu, isi in zip(tabel.index, tabel.to_dict("records"), strict=True):
        with fmt.using("en"):
            nama = {"id": isi["name"], "en": term(isi["name"])}
        kelompok = isi["kode_kerangka"] if isi["jenis"] == "dimensi" else satu
        uraian = {"nama": nama, "jenis": isi["jenis"], "kode": kelompok}
        simpul.append(uraian | (_skala(isi, "persen") if satu in pohon.indicators else {}))
    daftar = regions(data, siap.keadaan)
    return Himpunan(
        "ikesos",
        judul,
        sumber,
        siap.keadaan,
        susunan,
        simpul,
        [_survey_level(siap, k, terbit[k], daftar) for k in TINGKAT if k in siap.tingkat],
        minimum=siap.n_minimum,
        ambang_bobot=siap.ambang_bobot,
    )


def regions(data: Data, keadaan: str) -> dict[str, Regions]:
    hasil = {}
    for bahasa in fmt.BAHASA:
        with fmt.using(bahasa):
            hasil[bahasa] = Regions.of(data, keadaan)
    return hasil


def _survey_level(siap: SiapIkesos, tingkat: str, terbit: pd.DataFrame, daftar: Mapping[str, Regions]) -> Tingkat:
    d, susunan, sandaran = siap.dasar(tingkat), siap.susunan(), siap.sandaran_bersama(tingkat)
    banyak, v = len(susunan.codes), susunan.n_indicators

    def larik(kolom: str) -> np.ndarray:
        """Kolom bingkai sebagai (D, S) menurut urutan simpul pohon."""
        return terbit[kolom].to_numpy().reshape(-1, banyak)[:, ::-1]

    nilai, tanda, dipakai = larik("nilai").astype(float), larik("tanda"), larik("dipakai").astype(bool)
    nampak = ~np.isnan(nilai)
    status = np.where(nampak, ADA, np.where(tanda == "ditahan", DITAHAN, TIADA)).astype(np.uint8)
    w = sandaran.bobot(susunan, susunan.weight)
    halus = susunan.compute(siap.normalkan(np.where(sandaran.daun, d.halus, np.nan), 0.0)[0], w)
    beku = [
        (int(x), v + c, float(nilai[x, v + c]), float(halus[v + c, x]))
        for c, anak in enumerate(susunan.children)
        for x in np.flatnonzero(nampak[:, v + c] & (dipakai[:, anak] & ~nampak[:, anak]).any(axis=1))
    ]
    tepi = nampak[:, :v] & d.tanpa_kasus
    n = np.where(nampak, larik("n").astype(float), 0).astype(np.int32)
    df = np.where(nampak, larik("df").astype(float), 0).astype(np.int32)
    kode = [str(x) for x in d.domain[tingkat]]
    return Tingkat(
        tingkat,
        [daftar["id"].code(x) for x in kode],
        {bahasa: [satu.name(x) for x in kode] for bahasa, satu in daftar.items()},
        [daftar["id"].code(_province(tingkat, x)) for x in kode],
        np.where(nampak[:, :v], d.persen, np.nan),
        status[:, :v],
        sandaran.daun,
        sandaran.lepas,
        n,
        df,
        np.where(nampak[:, :v, None], np.stack([d.bawah, d.atas], axis=2), np.nan),
        nampak[:, :v] & (tanda[:, :v] == "hati-hati"),
        beku,
        [(int(x), int(j), float(d.halus[x, j]), float(d.se[x, j])) for x, j in np.argwhere(tepi)],
        _covariances(siap, d, nampak, beku, halus, w),
    )


def _covariances(siap: SiapIkesos, d: Dasar, nampak: np.ndarray, beku: Sequence, halus: np.ndarray, w) -> list:
    susunan, v = siap.susunan(), siap.susunan().n_indicators
    turunan = np.nan_to_num(siap.normalkan(d.persen, 0.0)[1])
    menurut: dict[int, list[int]] = {}
    for x, i, *_ in beku:
        menurut.setdefault(x, []).append(i)
    hasil = []
    for x in range(len(nampak)):
        isi = np.eye(v)[nampak[x, :v]]
        if x in menurut:
            g = node_gradients(susunan, halus[:, [x]], w, sorted(menurut[x]))[:, 0] * turunan[x]
            isi = np.vstack([isi, np.nan_to_num(g)])
        hasil.append(isi @ d.kovarian[x] @ isi.T)
    return hasil


def _province(tingkat: str, kode: str) -> str:
    return str(INDUK[tingkat][1](kode)) if tingkat in INDUK else ""


def _skala(isi: Mapping, satuan: str) -> dict:
    bawah, atas = (None if pd.isna(isi.get(k)) else isi[k] for k in ("goalpost_lower", "goalpost_upper"))
    return {"bawah": bawah, "atas": atas, "arah": int(isi.get("direction") or 1), "satuan": satuan}


# Angka terbitan -------------------------------------------------------------------------------------------------------

_COBA = {"id": "Indeks coba kebutuhan dasar", "en": "Trial index of basic needs"}
_DERET = {"id": "Deret terbitan", "en": "Published series"}
_CATATAN = {
    "id": "Indeks coba dari angka terbitan, bukan Ikesos: kebanyakan indikator Ikesos tidak terbit menurut wilayah.",
    "en": "A trial index from published figures, not Ikesos: most Ikesos indicators are not published by region.",
}


def published(data: Data) -> list[Himpunan]:
    """Indeks coba dan deret terbitan di setiap tingkat; kosong bila folder datanya tidak memuat deret."""
    if not data.has("deret"):
        return []
    return [f(data, tingkat) for f in (_trial, _series) for tingkat in TINGKAT]


def _trial(data: Data, tingkat: str) -> Himpunan:
    coba = daerah.trial_index(data, tingkat)
    acuan = data["indeks_coba"].query("tingkat == @tingkat").set_index("kode")
    tahun, deret = coba.frame.attrs["tahun"], acuan["deret"]
    sebut = {k: f" ({tahun[k]})" if k in tahun else "" for k in acuan.index}
    pohon = _with(coba.tree, {k: f"{acuan.at[k, 'nama']}{x}" for k, x in sebut.items()}, coba.frame.attrs["satuan"])
    sumber = _sources(data, tingkat)
    return from_tree(
        "coba",
        pohon,
        {tingkat: coba.frame},
        {tingkat: coba.frame.attrs["nama"]},
        judul=_COBA,
        sumber=_join(sumber[x] for x in deret[deret != ""]),
        keadaan="diturunkan",
        catatan=_CATATAN,
        inggris={k: f"{acuan.at[k, 'nama_en']}{x}" for k, x in sebut.items()},
        asal={k: sumber[x] for k, x in deret.items() if x},
    )


def _series(data: Data, tingkat: str) -> Himpunan:
    acuan = data["deret"].query("tingkat == @tingkat").set_index("kode")
    isi = daerah.at_year(daerah.series(data, tingkat), data.tahun)
    tahun = isi.drop_duplicates("deret").set_index("deret")["tahun"]
    acuan = acuan[acuan.index.isin(tahun.index)]
    tema = {x: f"tema:{x}" for x in dict.fromkeys(acuan["pokok"])}
    with fmt.using("en"):
        inggris = {kode: term(x).capitalize() for x, kode in tema.items()}
    inggris |= {k: f"{x} ({tahun[k]})" for k, x in acuan["nama_en"].items()} | {"DERET": _DERET["en"]}
    simpul = [
        *(
            {"code": k, "parent": tema[x.pokok], "name": f"{x.nama} ({tahun[k]})", "satuan": x.satuan,
             "direction": -1 if x.arah == "turun" else 1}
            for k, x in acuan.iterrows()
        ),
        *({"code": kode, "parent": "DERET", "name": x.capitalize()} for x, kode in tema.items()),
        {"code": "DERET", "parent": "", "name": _DERET["id"]},
    ]  # fmt: skip
    sumber = _sources(data, tingkat)
    return from_tree(
        "deret",
        Tree.from_table(pd.DataFrame(simpul)),
        {tingkat: isi.pivot(index="kode", columns="deret", values="nilai")},
        {tingkat: Regions.of(data).names},
        judul=_DERET,
        sumber=_join(sumber.values()),
        keadaan="dikutip",
        inggris=inggris,
        asal=sumber,
        indeks=False,
    )


def _with(pohon: Tree, nama: dict[str, str], satuan: dict[str, str]) -> Tree:
    tabel = pohon.table.rename_axis("code").reset_index()
    tabel = tabel.assign(name=tabel["code"].map(nama), satuan=tabel["code"].map(satuan).fillna(""))
    return Tree.from_table(tabel.drop(columns="level"))


def _sources(data: Data, tingkat: str) -> dict[str, dict[str, str]]:
    """Deret -> penerbitan dan bagiannya."""
    judul = dict(zip(data.sumber["id"], data.sumber["judul_pendek"], strict=True))
    isi = data["deret"].query("tingkat == @tingkat")
    hasil: dict[str, dict[str, str]] = {x: {} for x in isi["kode"]}
    for bahasa in fmt.BAHASA:
        with fmt.using(bahasa):
            for x in isi.itertuples():
                hasil[x.kode][bahasa] = f"{term(judul[x.sumber])}, {section(x.bagian)}"
    return hasil


def _join(isi: Iterable[dict[str, str]]) -> dict[str, str]:
    """Penerbitan-penerbitan itu sekali-sekali, tanpa bagiannya."""
    semua = list(isi)
    return {b: "; ".join(dict.fromkeys(x[b].rsplit(", ", 1)[0] for x in semua)) + "." for b in fmt.BAHASA}
