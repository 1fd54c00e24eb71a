"""Catatan sumber (``data/raw/sources.yml``) dan segel sha256 setiap berkas data."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import yaml

from kinerja.berkas import write_whole
from kinerja.errors import GalatData

KOLOM_SUMBER = ("id", "judul", "judul_pendek", "penerbit", "tanggal", "alamat", "lisensi", "cara_salin", "bagian")


def sha256(berkas: Path) -> str:
    """Sidik sha256 isi sebuah berkas."""
    return hashlib.sha256(berkas.read_bytes()).hexdigest()


def load_sources(raw: Path) -> pd.DataFrame:
    """Baca catatan sumber.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.

    Returns
    -------
    pandas.DataFrame
        Satu baris per sumber dengan kolom ``KOLOM_SUMBER`` dan ``berkas`` (dict nama berkas ke sha256).

    Raises
    ------
    GalatData
        Berkas tidak ada, bukan YAML yang benar, atau sebuah catatan tidak lengkap atau ganda.
    """
    berkas = raw / "sources.yml"
    if not berkas.is_file():
        raise GalatData("sources.yml", ditemukan="berkas tidak ada", diharapkan="catatan sumber")
    try:
        isi = yaml.safe_load(berkas.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as galat:
        baris = getattr(getattr(galat, "problem_mark", None), "line", None)
        raise GalatData(
            "sources.yml",
            baris=None if baris is None else baris + 1,
            ditemukan="tulisan yang bukan YAML",
            diharapkan="YAML UTF-8 dengan daftar 'sumber'",
        ) from galat
    catatan = isi.get("sumber") if isinstance(isi, dict) else None
    if not isinstance(catatan, list) or not catatan:
        raise GalatData("sources.yml", ditemukan="tanpa daftar 'sumber'", diharapkan="daftar 'sumber' yang berisi")
    for nomor, satu in enumerate(catatan, 1):
        if not isinstance(satu, dict):
            raise GalatData(
                "sources.yml",
                ditemukan=f"catatan ke-{nomor} bukan pasangan nama dan isi",
                diharapkan="satu catatan sumber",
            )
        kurang = [kolom for kolom in KOLOM_SUMBER if kolom not in satu]
        if kurang:
            raise GalatData(
                "sources.yml", ditemukan=f"catatan ke-{nomor} tanpa {', '.join(kurang)}", diharapkan="semua isian"
            )
    tabel = pd.DataFrame([{**{k: str(s[k]) for k in KOLOM_SUMBER}, "berkas": s.get("berkas") or {}} for s in catatan])
    ganda = tabel["id"][tabel["id"].duplicated()]
    if len(ganda):
        raise GalatData("sources.yml", kolom="id", ditemukan=f"id ganda '{ganda.iloc[0]}'", diharapkan="id yang unik")
    return tabel


def unsealed(raw: Path, sumber: pd.DataFrame, berkas_sumber: dict[str, set[str]]) -> list[str]:
    """Berkas yang isinya berbeda dari segel, belum disegel, atau disegel tetapi sudah tidak ada.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.
    sumber : pandas.DataFrame
        Keluaran `load_sources`.
    berkas_sumber : dict of str to set of str
        Nama berkas ke id sumber yang disebut baris-barisnya.
    """
    segel = {(satu.id, berkas): sidik for satu in sumber.itertuples() for berkas, sidik in satu.berkas.items()}
    perlu = {(id_, berkas) for berkas, ids in berkas_sumber.items() for id_ in ids}
    beda = {berkas for id_, berkas in perlu if segel.get((id_, berkas)) != sha256(raw / berkas)}
    diperiksa = set(berkas_sumber)
    folder = {berkas.split("/")[0] for berkas in diperiksa}
    yatim = {berkas for _, berkas in segel if berkas.split("/")[0] in folder and berkas not in diperiksa}
    return sorted(beda | yatim)


def seal(raw: Path, berkas_sumber: dict[str, set[str]]) -> None:
    """Tulis ulang segel sha256 di ``sources.yml`` untuk berkas yang disebut.

    Segel berkas tahun lain dibiarkan. Isi lain catatan sumber tidak berubah.
    """
    berkas = raw / "sources.yml"
    isi = yaml.safe_load(berkas.read_text(encoding="utf-8"))
    folder = {nama.split("/")[0] for nama in berkas_sumber}
    for satu in isi["sumber"]:
        lama = {nama: sidik for nama, sidik in (satu.get("berkas") or {}).items() if nama.split("/")[0] not in folder}
        baru = {nama: sha256(raw / nama) for nama, ids in berkas_sumber.items() if satu["id"] in ids}
        satu["berkas"] = dict(sorted({**lama, **baru}.items()))
    write_whole(berkas, yaml.safe_dump(isi, sort_keys=False, allow_unicode=True, width=160))
