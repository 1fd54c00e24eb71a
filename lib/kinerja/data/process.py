"""Dari ``data/raw`` ke ``data/processed``: baca semua tabel, periksa silang, simpan hasil yang bertipe.

Hasil olahan dipakai selama sidik berkas mentahnya sama, sehingga notebook tidak perlu memuat pandera.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from kinerja.berkas import write_whole
from kinerja.data import schema
from kinerja.data.sources import load_sources, sha256
from kinerja.data.tulisan import near
from kinerja.errors import GalatData, GalatParameter, raise_all

SEGEL = "segel.json"
_TAWARAN = 20  # rujukan putus yang dicarikan miripnya
_KODE = ("schema.py", "reading.py", "tulisan.py", "process.py", "sources.py")


def years(raw: Path) -> list[int]:
    """Tahun yang memiliki folder di ``data/raw``."""
    return sorted(int(folder.name) for folder in raw.iterdir() if folder.is_dir() and folder.name.isdigit())


def check_year(raw: Path, tahun: int) -> None:
    """Pastikan tahun ada.

    Raises
    ------
    GalatParameter
        Tidak ada folder tahun itu; pesannya menyebut tahun yang ada.
    """
    if tahun not in years(raw):
        ada = ", ".join(map(str, years(raw))) or "belum ada"
        raise GalatParameter(f"Tahun {tahun} tidak ada di data/raw. Tahun yang ada: {ada}.")


def read_year(raw: Path, tahun: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """Baca dan periksa semua tabel satu tahun beserta tabel acuan.

    Returns
    -------
    tabel : dict of str to pandas.DataFrame
        Nama tabel ke isinya.
    satuan, sumber : pandas.DataFrame
        Daftar satuan dan catatan sumber.

    Raises
    ------
    GalatData
        Berkas wajib tidak ada, berkas tak dikenal, isi tidak sesuai skema, rujukan putus, atau bagian tidak
        berjumlah total.
    GalatParameter
        Tahun tidak ada.
    """
    from kinerja.data.reading import read_table, read_units

    check_year(raw, tahun)
    satuan = read_units(raw)
    sumber = load_sources(raw)
    dikenal = frozenset(sumber["id"])
    skema = schema.tables()
    masalah = _check_files(raw, tahun, skema)
    tabel = {}
    for nama, spec in skema.items():
        berkas = raw / spec.berkas(tahun)
        # tautan yang putus bukan tabel yang belum diisi; pembacanya menolaknya
        if spec.wajib or berkas.exists() or berkas.is_symlink():
            try:
                isi = read_table(raw, spec, tahun, satuan, dikenal)
            except GalatData as galat:
                masalah.append(galat)
                continue
            # berkas yang baru berisi kepala sama dengan tabel yang belum diisi
            if len(isi) or spec.wajib:
                tabel[nama] = isi
    raise_all(masalah)
    raise_all(_check_references(tabel, skema))
    raise_all(_check_sums(tabel))
    return tabel, satuan, sumber


def _check_files(raw: Path, tahun: int, skema: dict[str, schema.Tabel]) -> list[GalatData]:
    dikenal = {spec.berkas(tahun) for spec in skema.values()} | {"acuan/satuan.csv"}
    ada = [f"{x}/{berkas.name}" for x in (str(tahun), "acuan") for berkas in sorted((raw / x).glob("*.csv"))]
    return [
        GalatData(
            x, ditemukan="berkas yang tidak ada dalam skema", diharapkan=_like(x, dikenal, "nama tabel dari kamus data")
        )
        for x in ada
        if x not in dikenal
    ]


def _like(kata: str, pilihan: Iterable[str], harapan: str) -> str:
    dekat = near(kata, pilihan)
    return f"{harapan} (mungkin {dekat})" if dekat else harapan


def _check_references(tabel: dict[str, pd.DataFrame], skema: dict[str, schema.Tabel]) -> list[GalatData]:
    semua = {id_ for isi in tabel.values() for id_ in isi["id"]}
    masalah: list[GalatData] = []

    def putus(berkas: str, baris: int, kolom: str, temuan: str, pilihan: Iterable[str], harapan: str) -> None:
        if len(masalah) < _TAWARAN:
            harapan = _like(temuan, pilihan, harapan)
        masalah.append(GalatData(berkas, baris=int(baris), kolom=kolom, ditemukan=f"'{temuan}'", diharapkan=harapan))

    for nama, isi in tabel.items():
        spec = skema[nama]
        for kolom, tujuan in spec.rujukan.items():
            if tujuan not in tabel:
                continue
            ada = set(tabel[tujuan][next(iter(skema[tujuan].kunci))].astype(str))
            # kolom rujukan yang boleh kosong: baris itu tidak menunjuk apa pun
            for x in isi[~isi[kolom].astype(str).isin(ada | {""})].to_dict("records"):
                putus(x["berkas"], x["baris"], kolom, str(x[kolom]), ada, f"kode yang ada di {tujuan}.csv")
        for kolom in (k for k, tipe in spec.tipe.items() if tipe in ("acuan", "acuan_daftar", "acuan_banyak")):
            for berkas, baris, acuan in zip(isi["berkas"], isi["baris"], isi[kolom], strict=True):
                for id_ in (x for x in acuan.split() if x not in semua):
                    putus(berkas, baris, kolom, id_, semua, "id baris yang ada")
    return masalah


def _check_sums(tabel: dict[str, pd.DataFrame]) -> list[GalatData]:
    if "jumlah" not in tabel:
        return []
    masalah = []
    fakta = pd.concat([isi for isi in tabel.values() if "nilai" in isi]).set_index("id")
    for aturan in tabel["jumlah"].itertuples():
        total, bagian = fakta.loc[aturan.total], fakta.loc[aturan.bagian_id.split()]
        if pd.isna(total["nilai"]) or bagian["nilai"].isna().any():
            continue
        desimal = int(max(total["desimal"], bagian["desimal"].max()))
        jumlah = round(bagian["nilai"].sum(), desimal)
        if jumlah != round(total["nilai"], desimal):
            temuan = f"total {aturan.total} = {total['nilai']:.{desimal}f}, jumlah bagiannya {jumlah:.{desimal}f}"
            harapan = f"sama (aturan di {aturan.berkas}, baris {aturan.baris}: {aturan.bagian_id})"
            masalah.append(
                GalatData(
                    total["berkas"], baris=int(total["baris"]), kolom="nilai", ditemukan=temuan, diharapkan=harapan
                )
            )
    return masalah


def fingerprint(raw: Path, tahun: int) -> dict[str, str]:
    """Sidik semua masukan: berkas tahun itu, acuan, catatan sumber, skema, dan kode pembacanya."""
    sidik = {}
    for folder in (str(tahun), "acuan"):
        for berkas in sorted((raw / folder).rglob("*.csv")):
            sidik[berkas.relative_to(raw).as_posix()] = sha256(berkas)
    if (raw / "sources.yml").is_file():
        sidik["sources.yml"] = sha256(raw / "sources.yml")
    kode = hashlib.sha256(schema.path().read_bytes())
    for nama in _KODE:
        kode.update(Path(__file__).with_name(nama).read_bytes())
    sidik["skema"] = kode.hexdigest()
    return sidik


def files_by_source(tabel: dict[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Nama berkas ke id sumber yang disebut baris-barisnya."""
    return {isi["berkas"].iloc[0]: set(isi["sumber"]) for isi in tabel.values() if len(isi)}


def is_current(tujuan: Path, sidik: dict[str, str]) -> bool:
    """Apakah hasil olahan di folder tujuan dibuat dari masukan bersidik ini."""
    try:
        return json.loads((tujuan / SEGEL).read_text(encoding="utf-8")) == sidik
    except (OSError, ValueError):
        return False


def build(raw: Path, tujuan: Path, tahun: int) -> dict[str, pd.DataFrame]:
    """Bangun ulang ``data/processed/<tahun>``.

    Setiap berkas ditulis di samping lalu diganti namanya, dan segel ditulis paling akhir, sehingga pembangunan yang
    terputus atau berbarengan tidak pernah meninggalkan hasil setengah jadi yang dianggap utuh.
    """
    sidik = fingerprint(raw, tahun) if (raw / str(tahun)).is_dir() else {}
    tabel, satuan, sumber = read_year(raw, tahun)
    tujuan.mkdir(parents=True, exist_ok=True)
    isi = {nama: _to_csv(frame) for nama, frame in tabel.items()}
    isi["satuan"] = _to_csv(satuan.reset_index())
    isi["sumber"] = _to_csv(sumber.drop(columns="berkas"))
    fakta = pd.concat(
        [frame.assign(tabel=nama) for nama, frame in tabel.items() if schema.tables()[nama].laporan], ignore_index=True
    )
    kolom = [
        "id",
        "tabel",
        "nilai",
        "teks",
        "desimal",
        "satuan",
        "keadaan",
        "sumber",
        "bagian",
        "catatan",
        "berkas",
        "baris",
    ]
    isi["fakta"] = _to_csv(fakta.reindex(columns=kolom))
    for nama, teks in isi.items():
        write_whole(tujuan / f"{nama}.csv", teks)
    for sisa in set(tujuan.glob("*.csv")) - {tujuan / f"{nama}.csv" for nama in isi}:
        sisa.unlink(missing_ok=True)
    write_whole(tujuan / SEGEL, json.dumps(sidik, indent=1, sort_keys=True))
    return tabel


def _to_csv(frame: pd.DataFrame) -> str:
    frame = frame.copy()
    if "nilai" in frame:
        # bilangan bulat besar ditulis tanpa ".0" agar rupiah tetap terbaca dan tepat
        frame["nilai"] = [f"{x:.{d}f}" if x == x else "" for x, d in zip(frame["nilai"], frame["desimal"], strict=True)]
    return frame.to_csv(index=False, lineterminator="\n")
