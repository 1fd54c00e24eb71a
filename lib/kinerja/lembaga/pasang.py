"""Memasang lembar isian sebagai folder data: semuanya sah lebih dahulu, atau tidak satu pun berkas ditulis."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import yaml

from kinerja import capaian, paths
from kinerja.berkas import parse_yaml, write_rows, write_whole
from kinerja.data import load, process, schema
from kinerja.data.reading import KOLOM_SATUAN, read_cells
from kinerja.errors import GalatData, GalatKinerja, GalatParameter, raise_all
from kinerja.lembaga.formulir import IDENTITAS, INDIKATOR, Isi, Isian, Satuan, columns
from kinerja.lembaga.susun import Lama, Susunan, compose

MILIK = (
    "aturan",
    "sasaran",
    "iku",
    "iku_aturan",
    "iku_nilai",
    "iku_riwayat",
    "iku_tercetak",
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
    folder : Path, optional
        Folder data; bawaan ``induk`` dengan nama lembaga itu, sehingga lembar tahun berikut masuk ke folder yang sama.
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
    raw, berkas = akar / "raw", _files(s)
    beda = [x for x in berkas if x.startswith(f"{s.tahun}/") and _text(raw / x) not in (None, berkas[x])]
    hapus = _stale(raw, s, berkas)
    if (beda or hapus) and not timpa:
        raise GalatParameter(f"{akar.name} sudah terisi lain: {', '.join([*beda, *hapus])}. Ganti dengan --timpa.")
    with tempfile.TemporaryDirectory() as sementara:
        coba = Path(sementara) / "raw"
        if raw.is_dir():
            shutil.copytree(raw, coba)
        for nama in hapus:
            (coba / nama).unlink()
        _write(coba, berkas, s)
        _try_out(coba, s)
        tulis = [x for x in (*berkas, "sources.yml") if _text(coba / x) != _text(raw / x)]
        for nama in hapus:
            (raw / nama).unlink()
        for nama in tulis:
            (raw / nama).parent.mkdir(parents=True, exist_ok=True)
            write_whole(raw / nama, (coba / nama).read_bytes())
    return akar, s, tulis


def last_year(folder: Path, tahun: int | None) -> Isi:
    """Yang tetap dari tahun terakhir folder data itu, sebagai isi awal lembar tahun berikutnya; kosong bila tidak ada.

    Identitas, dan setiap indikator dengan sasaran, satuan, arah, dan sifat triwulannya; angkanya diisi petugas.
    """
    raw = folder / "raw"
    ada = [x for x in paths.years(raw) if tahun is None or x < tahun] if raw.is_dir() else []
    aturan = {x["kunci"]: x["teks"] or x["nilai"] for x in _rows(raw, f"{ada[-1]}/aturan.csv")} if ada else {}
    if not aturan:
        return {}
    identitas = {k: aturan[x.aturan] for k, x in columns(IDENTITAS).items() if x.aturan in aturan}
    satuan = _existing(raw).satuan
    sasaran = {x["kode"]: x["nama"] for x in _rows(raw, f"{ada[-1]}/sasaran.csv")}
    cara = {x: k for k, x in reversed(columns(INDIKATOR)["cara"].pilihan.items())}
    indikator = [
        {
            "sasaran": sasaran[x["sasaran"]],
            "indikator": x["nama"],
            "satuan": satuan[x["satuan"]].nama,
            "arah": x["arah"],
            "cara": cara[x["cara"]] if "/tw" in x["pembilang"] else "",
        }
        for x in _rows(raw, f"{ada[-1]}/iku.csv")
    ]
    return {IDENTITAS: [identitas], INDIKATOR: indikator}


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _try_out(raw: Path, s: Susunan) -> None:
    """Baca folder percobaan, hitung capaiannya, dan segel; galatnya menyebut baris lembar isian."""
    try:
        with paths.using(raw.parent):  # satuan angka di pesan dan capaian dibaca dari folder data
            d = load(s.tahun, raw)
            capaian.summary(d)
            process.seal(raw, process.files_by_source({x: d[x] for x in d.tables}))
    except GalatKinerja as galat:
        raise_all([_on_sheet(x, s) for x in getattr(galat, "daftar", (galat,))])


def _existing(raw: Path) -> Lama:
    """Kode, satuan, dan target Renstra yang sudah ada di folder data itu; kosong bila belum ada."""
    if not (raw / "acuan" / "satuan.csv").is_file():
        return Lama()
    isi = read_cells(raw / "acuan/satuan.csv", "acuan/satuan.csv", KOLOM_SATUAN).drop(columns="baris")
    lama = Lama(satuan={x["kode"]: Satuan(**x) for x in isi.to_dict("records")})
    for tahun in paths.years(raw):
        for nama, tujuan in (("sasaran", lama.sasaran), ("iku", lama.iku)):
            tujuan |= {x["nama"].casefold(): x["kode"] for x in _rows(raw, f"{tahun}/{nama}.csv")}
    lama.renstra = _rows(raw, "acuan/renstra.csv")
    return lama


def _rows(raw: Path, berkas: str) -> list[dict[str, str]]:
    """Baris satu tabel apa adanya; tanpa satu pun bila berkasnya belum ada."""
    if not (raw / berkas).is_file():
        return []
    kolom = schema.tables()[Path(berkas).stem].kolom
    return read_cells(raw / berkas, berkas, kolom).drop(columns="baris").to_dict("records")


def _files(s: Susunan) -> dict[str, str]:
    """Berkas tabel yang berisi, dan daftar satuan; relatif terhadap ``raw``."""
    skema = {k: schema.tables()[k] for k, baris in s.tabel.items() if baris}
    isi = {x.berkas(s.tahun): (x.kolom, s.tabel[k]) for k, x in skema.items()}
    isi["acuan/satuan.csv"] = KOLOM_SATUAN, list(map(vars, s.satuan.values()))
    return {k: write_rows(kolom, ([x.get(y, "") for y in kolom] for x in baris)) for k, (kolom, baris) in isi.items()}


def _stale(raw: Path, s: Susunan, berkas: dict[str, str]) -> list[str]:
    """Tabel tahun itu yang dahulu ditulis dari lembar isian tetapi tidak lagi ada isinya."""
    milik = [x for x in (f"{s.tahun}/{nama}.csv" for nama in MILIK) if x not in berkas]
    return [x for x in milik if {y["sumber"] for y in _rows(raw, x)} == {s.sumber}]


def _write(raw: Path, berkas: dict[str, str], s: Susunan) -> None:
    for nama, teks in berkas.items():
        (raw / nama).parent.mkdir(parents=True, exist_ok=True)
        (raw / nama).write_text(teks, encoding="utf-8", newline="")
    catatan = raw / "sources.yml"
    isi = parse_yaml(catatan.read_text("utf-8")) if catatan.is_file() else {"sumber": []}
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
    asal = dict(enumerate(s.asal.get(Path(galat.berkas).stem, ()), 2))
    baris = asal.get(galat.baris)
    if baris is None:
        return galat
    return GalatData(
        baris.tempat, baris=baris.nomor, kolom=galat.kolom, ditemukan=galat.ditemukan, diharapkan=galat.diharapkan
    )


def _text(berkas: Path) -> str | None:
    return berkas.read_text("utf-8") if berkas.is_file() else None
