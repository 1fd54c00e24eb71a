"""Himpunan dari angka terbitan: indeks coba kebutuhan dasar, dan semua deret menurut temanya."""

from __future__ import annotations

import pandas as pd

from indextree import Tree
from kinerja import daerah, fmt
from kinerja.data import Data
from kinerja.istilah import term
from kinerja.render.jelajah.himpunan import TINGKAT, Himpunan, from_tree
from kinerja.wilayah import Regions

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
    acuan = acuan.loc[[k for k in acuan.index if k in tahun.index]]
    tema = {x: f"tema:{x}" for x in dict.fromkeys(acuan["pokok"])}
    with fmt.using("en"):
        inggris = {kode: term(x).capitalize() for x, kode in tema.items()}
    inggris |= {k: f"{x} ({tahun[k]})" for k, x in acuan["nama_en"].items()} | {"DERET": _DERET["en"]}
    simpul = [
        *({"code": k, "parent": tema[x.pokok], "name": f"{x.nama} ({tahun[k]})"} for k, x in acuan.iterrows()),
        *({"code": kode, "parent": "DERET", "name": x.capitalize()} for x, kode in tema.items()),
        {"code": "DERET", "parent": "", "name": _DERET["id"]},
    ]
    for satu in simpul[: len(acuan)]:
        satu |= {
            "satuan": acuan.at[satu["code"], "satuan"],
            "direction": -1 if acuan.at[satu["code"], "arah"] == "turun" else 1,
        }
    frame = isi.pivot(index="kode", columns="deret", values="nilai")
    sumber = _sources(data, tingkat)
    return from_tree(
        "deret",
        Tree.from_table(pd.DataFrame(simpul)),
        {tingkat: frame},
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
    """Deret -> penerbitan dan bagiannya; judul terbitan tidak diterjemahkan."""
    judul = dict(zip(data.sumber["id"], data.sumber["judul_pendek"], strict=True))
    isi = data["deret"].query("tingkat == @tingkat")
    return {x.kode: dict.fromkeys(("id", "en"), f"{judul[x.sumber]}, {x.bagian}") for x in isi.itertuples()}


def _join(isi) -> dict[str, str]:
    teks = "; ".join(dict.fromkeys(x["id"].rsplit(", ", 1)[0] for x in isi))
    return {"id": f"{teks}.", "en": f"{teks}."}
