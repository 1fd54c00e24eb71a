"""Memasang lembar isian sebagai folder data: semuanya sah lebih dahulu, atau tidak satu pun berkas ditulis."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from kinerja import capaian
from kinerja.data import load, process, schema, sources
from kinerja.data.reading import KOLOM_SATUAN, read_cells, read_units
from kinerja.errors import GalatData, GalatKinerja, GalatParameter, raise_all
from kinerja.lembaga.bentuk import Satuan
from kinerja.lembaga.isian import Isian
from kinerja.lembaga.susun import Lama, Susunan, compose

MILIK = (
    "aturan",
    "sasaran",
    "iku",
    "iku_aturan",
    "iku_nilai",
    "iku_riwayat",
    "konteks",
    "jenjang",
    "penjelasan",
    "anggaran",
)
"""Tabel tahunan yang berasal dari lembar isian."""


def slug(nama: str) -> str:
    """Nama berkas dan folder sebuah lembaga: huruf kecil, angka, dan tanda hubung."""
    return re.sub(r"[^a-z0-9]+", "-", nama.casefold()).strip("-")[:60].strip("-") or "lembaga"


def install(isian: Isian, folder: Path | None, *, induk: Path, timpa: bool = False) -> tuple[Path, Susunan, list[str]]:
    """Pasang isi lembar ke ``<folder>/raw``, setelah tabelnya dan capaiannya sah.

    Parameters
    ----------
    isian : Isian
    folder : Path, optional
        Folder data; bawaan ``induk`` dengan nama lembaga itu, sehingga lembar tahun berikut masuk ke folder yang sama.
    induk : Path
        Tempat folder bawaan.
    timpa : bool
        Ganti tabel tahun itu yang sudah ada dengan isi lain.

    Returns
    -------
    tuple of (Path, Susunan, list of str)
        Folder data, tabel yang disusun, dan berkas yang ditulis (relatif terhadap ``raw``).

    Raises
    ------
    GalatData
        Isi lembar tidak sah; semua masalahnya disebut sekaligus, dengan lembar dan barisnya.
    GalatParameter
        Tahun itu sudah terisi lain dan ``timpa`` tidak diminta.
    """

    def tujuan(nama: str) -> Path:
        return folder or induk / slug(nama)

    s = compose(isian, lambda nama: _existing(tujuan(nama) / "raw"))
    raise_all(s.masalah)
    akar = tujuan(s.nama)
    raw = akar / "raw"
    berkas = {**_tables(s), "acuan/satuan.csv": _units(s)}
    with tempfile.TemporaryDirectory() as sementara:
        coba = Path(sementara) / "raw"
        if raw.is_dir():
            shutil.copytree(raw, coba)
        for nama in _stale(raw, s, berkas):
            (coba / nama).unlink()
        _write(coba, berkas, s)
        try:
            process.read_year(coba, s.tahun)
            capaian.summary(load(s.tahun, coba))
        except GalatKinerja as galat:
            raise_all([_on_sheet(x, s) for x in getattr(galat, "daftar", (galat,))])
        beda = [x for x in berkas if (raw / x).is_file() and (raw / x).read_text("utf-8") != berkas[x]]
        beda = [x for x in beda if x.startswith(f"{s.tahun}/")]
        if beda and not timpa:
            raise GalatParameter(f"{akar.name} sudah terisi lain: {', '.join(beda)}. Ganti dengan --timpa.")
        tabel, _, _ = process.read_year(coba, s.tahun)
        sources.seal(coba, process.files_by_source(tabel))
        tulis = [x for x in (*berkas, "sources.yml") if not _same(coba / x, raw / x)]
        for nama in _stale(raw, s, berkas):
            (raw / nama).unlink()
        for nama in tulis:
            (raw / nama).parent.mkdir(parents=True, exist_ok=True)
            samping = (raw / nama).with_name(f"{Path(nama).name}.baru")
            shutil.copyfile(coba / nama, samping)
            samping.replace(raw / nama)
    return akar, s, tulis


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _existing(raw: Path) -> Lama:
    """Kode, satuan, dan target Renstra yang sudah ada di folder data itu; kosong bila belum ada."""
    if not (raw / "acuan" / "satuan.csv").is_file():
        return Lama()
    isi = read_units(raw).reset_index().fillna("").astype(str)
    satuan = [Satuan(x.kode, x.nama, x.nama_en, x.jenis, x.desimal.removesuffix(".0")) for x in isi.itertuples()]
    lama = Lama(satuan={x.kode: x for x in satuan})
    for tahun in process.years(raw):
        for nama, tujuan in (("sasaran", lama.sasaran), ("iku", lama.iku)):
            if (raw / f"{tahun}/{nama}.csv").is_file():
                tujuan |= {x["nama"].casefold(): x["kode"] for x in _rows(raw, f"{tahun}/{nama}.csv", nama)}
    if (raw / "acuan" / "renstra.csv").is_file():
        lama.renstra = _rows(raw, "acuan/renstra.csv", "renstra")
    return lama


def _rows(raw: Path, berkas: str, tabel: str) -> list[dict[str, str]]:
    return read_cells(raw / berkas, berkas, schema.tables()[tabel].kolom).drop(columns="baris").to_dict("records")


def _tables(s: Susunan) -> dict[str, str]:
    skema = schema.tables()
    return {skema[k].berkas(s.tahun): _csv(skema[k].kolom, baris) for k, baris in s.tabel.items() if baris}


def _units(s: Susunan) -> str:
    baris = [{**vars(x), "terkecil": "", "terbesar": ""} for x in s.satuan.values()]
    return _csv(KOLOM_SATUAN, baris)


def _csv(kolom: Sequence[str], baris: Sequence[dict[str, str]]) -> str:
    tulis = io.StringIO()
    penulis = csv.DictWriter(tulis, kolom, extrasaction="ignore", lineterminator="\n")
    penulis.writeheader()
    penulis.writerows(baris)
    return tulis.getvalue()


def _stale(raw: Path, s: Susunan, berkas: dict[str, str]) -> list[str]:
    """Tabel tahun itu yang dahulu ditulis dari lembar isian tetapi tidak lagi ada isinya."""
    ada = [f"{s.tahun}/{x}.csv" for x in MILIK if (raw / f"{s.tahun}/{x}.csv").is_file()]
    return [x for x in ada if x not in berkas and {y["sumber"] for y in _rows(raw, x, Path(x).stem)} == {s.sumber}]


def _write(raw: Path, berkas: dict[str, str], s: Susunan) -> None:
    for nama, teks in berkas.items():
        (raw / nama).parent.mkdir(parents=True, exist_ok=True)
        (raw / nama).write_text(teks, encoding="utf-8", newline="")
    catatan = raw / "sources.yml"
    isi = yaml.safe_load(catatan.read_text("utf-8")) if catatan.is_file() else {"sumber": []}
    satu = {
        "id": s.sumber, "judul": f"Laporan Kinerja {s.nama} {s.tahun}", "judul_pendek": f"Lembar isian {s.tahun}",
        "penerbit": s.nama, "tanggal": s.bawaan["tanggal"],
        "alamat": "lembar isian petugas", "lisensi": f"milik {s.nama}",
        "cara_salin": "diisi petugas, dipasang dengan kinerja isi", "bagian": "lembar Identitas, Indikator, Anggaran",
    }  # fmt: skip
    lama = [x for x in isi["sumber"] if x["id"] != s.sumber]
    catatan.write_text(
        yaml.safe_dump({"sumber": [*lama, satu]}, sort_keys=False, allow_unicode=True, width=160), "utf-8"
    )


def _on_sheet(galat: GalatKinerja, s: Susunan) -> GalatKinerja:
    """Galat tabel dengan tempatnya di lembar isian, bila barisnya berasal dari sana."""
    if not isinstance(galat, GalatData) or galat.baris is None:
        return galat
    asal = s.asal.get(Path(galat.berkas).stem, [])
    baris = asal[galat.baris - 2] if 0 <= galat.baris - 2 < len(asal) else None
    if baris is None:
        return galat
    return GalatData(
        baris.tempat, baris=baris.nomor, kolom=galat.kolom, ditemukan=galat.ditemukan, diharapkan=galat.diharapkan
    )


def _same(a: Path, b: Path) -> bool:
    return b.is_file() and a.read_bytes() == b.read_bytes()
