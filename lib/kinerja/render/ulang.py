"""Yang tidak berubah tidak dirender lagi: kunci setiap halaman, dan pemeriksaan bahwa laporan yang ada masih berlaku.

Kunci halaman memuat sidik semua yang membentuknya: notebook, teksnya, parameter, tabel dan berkas yang dibacanya,
pustaka, dan lingkungan. Sidik diambil sebelum notebook pertama berjalan; masukan yang berubah di tengah render karena
itu dirender lagi pada render berikutnya. Hasil yang hilang atau diubah orang juga dirender lagi.

Modul ini tidak memuat pandas dan papermill, supaya "tidak ada yang berubah" terjawab dalam sepersekian detik.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja import paths, terbaca
from kinerja.render.pasang import MANIFES, read_manifest, sha256, versions
from kinerja.render.rencana import PERIODE, Tugas

if TYPE_CHECKING:
    from kinerja.data import Data

_PAKET = Path(__file__).resolve().parents[1]
_MESIN = tuple(
    Path(find_spec(x).origin).resolve().parent for x in ("colformula", "indextree", "listcheck", "surveyest")
)
"""Paket mesin di samping ``kinerja``: perubahannya pun membasikan halaman."""
_KAMUS = "teks/kolom.yml"
_BANYAK_PERMINTAAN = 20

PERAGAAN = "peragaan"
"""Folder situs peragaan di dalam ``reports``."""


@dataclass(frozen=True)
class Permintaan:
    """Satu permintaan render: tahun, notebook yang disebut (kosong: semua), parameter, dan bentuk situsnya."""

    tahun: int
    notebook: tuple[str, ...] = ()
    parameter: tuple[tuple[str, Any], ...] = ()
    bahasa: str = "id"
    kode: bool = False
    peragaan: bool = False
    format: str = "html"

    @property
    def periode(self) -> str:
        """Periode yang diminta; kosong bila menurut datanya."""
        return str(dict(self.parameter).get(PERIODE, ""))

    def target(self, out: Path | None) -> Path:
        """Folder laporan: ``out``, atau ``reports/<tahun>`` dengan periode yang diminta dan bahasa lain di belakangnya.

        Peragaan di ``reports/peragaan``.
        """
        tahun = f"{self.tahun}-{self.periode}" if self.periode else str(self.tahun)
        bawaan = paths.reports() / (PERAGAAN if self.peragaan else "") / paths.report_name(tahun, self.bahasa)
        return (Path(out).absolute() if out else bawaan).resolve()

    def shape(self) -> dict[str, Any]:
        """Yang harus sama bagi semua halaman satu situs."""
        return {"tahun": self.tahun, "bahasa": self.bahasa, "kode": self.kode, "peragaan": self.peragaan}

    @cached_property
    def sidik(self) -> str:
        return _digest(astuple(self))


@dataclass(frozen=True)
class Potret:
    """Sidik semua masukan pada satu saat.

    ``proyek`` berkas di akar proyek (data mentah, notebook, teks, kunci lingkungan) menurut letaknya; ``pustaka``
    berkas paket ini; ``versi`` versi Python dan paket yang terpasang.
    """

    proyek: Mapping[str, str]
    pustaka: Mapping[str, str]
    versi: Mapping[str, str]

    @cached_property
    def sidik(self) -> str:
        return _digest([self.proyek, self.pustaka, self.versi])

    @cached_property
    def sidik_pustaka(self) -> str:
        """Sidik pustaka dan kamus kolom, tanpa teks notebook, yang milik halamannya masing-masing."""
        isi = {k: v for k, v in self.pustaka.items() if not k.startswith("teks/") or k == _KAMUS}
        return _digest([isi, self.proyek.get(f"lib/kinerja/{_KAMUS}")])

    @cached_property
    def sidik_lingkungan(self) -> str:
        """Sidik kunci lingkungan dan versi yang terpasang."""
        return _digest([self.proyek.get("requirements.lock"), self.versi])

    def file(self, berkas: Path) -> str:
        """Sidik satu berkas masukan; kosong bila tidak ada."""
        for dasar, isi, awal in (
            (paths.root(), self.proyek, ""),
            (_PAKET, self.pustaka, ""),
            (paths.data(), self.proyek, "data/"),
        ):
            if berkas.is_relative_to(dasar) and (nama := awal + berkas.relative_to(dasar).as_posix()) in isi:
                return isi[nama]
        return ""

    def table(self, letak: str, data: Data) -> str:
        """Sidik berkas mentah tabel ``<tahun>/<nama>``; kosong bila tabel itu belum diisi."""
        from kinerja.data import schema

        tahun, _, nama = letak.partition("/")
        if nama == terbaca.DAFTAR_TAHUN:
            return _digest(paths.tahun_tersedia())
        if nama == terbaca.DAFTAR_ID and int(tahun) == data.tahun:
            return _digest(data.filled_ids())
        if nama in schema.tables():
            return self.proyek.get(f"data/raw/{schema.tables()[nama].berkas(int(tahun))}", "")
        awal = (f"data/raw/{tahun}/", "data/raw/acuan/")
        return _digest({k: v for k, v in self.proyek.items() if k.startswith(awal)})


def snapshot() -> Potret:
    akar = paths.root()
    proyek = [*paths.notebooks().glob("*.ipynb"), *(akar / "lib" / "kinerja" / "teks").glob("*.yml")]
    proyek += [x for x in (akar / "requirements.lock",) if x.is_file()]
    pustaka = _hashes(_package_files(_PAKET), _PAKET)
    for mesin in _MESIN:
        pustaka |= {f"{mesin.name}/{nama}": sidik for nama, sidik in _hashes(_package_files(mesin), mesin).items()}
    # Folder data dapat berada di luar proyek; kuncinya sama di mana pun folder itu.
    mentah = _hashes((x for x in paths.raw().rglob("*") if x.is_file()), paths.data())
    data = {f"data/{nama}": sidik for nama, sidik in mentah.items()}
    return Potret({**data, **_hashes(proyek, akar)}, pustaka, versions())


def _package_files(paket: Path) -> Iterable[Path]:
    return (x for x in paket.rglob("*") if x.is_file() and x.suffix != ".pyc")


def _hashes(berkas: Iterable[Path], dasar: Path) -> dict[str, str]:
    return {x.relative_to(dasar).as_posix(): sha256(x) for x in sorted(berkas)}


def page_key(tugas: Tugas, tabel: Iterable[str], berkas: Iterable[str], potret: Potret, data: Data, kode: bool) -> dict:
    """Kunci satu halaman; ``potret`` diambil sebelum notebook berjalan.

    ``tabel`` dan ``berkas`` yang dibacanya: lihat :func:`kinerja.terbaca.read_notes`; ``kode``: halaman memperlihatkan
    kodenya.
    """
    return {
        "notebook": potret.file(tugas.berkas),
        "teks": potret.file(paths.teks(tugas.notebook)),
        "parameter": dict(tugas.parameter),
        "kode": kode,
        "pustaka": potret.sidik_pustaka,
        "lingkungan": potret.sidik_lingkungan,
        # Catatan sumber tanpa segelnya: menyegel ulang berkas lain tidak mengubah satu halaman pun.
        "sumber": _digest([data.sumber.to_csv(), data.satuan.to_csv()]),
        "tabel": {x: potret.table(x, data) for x in sorted(tabel)},
        "berkas": {x: _identity(x, potret) for x in sorted(map(_short, berkas))},
    }


def stale_pages(
    tugas: Iterable[Tugas], sasaran: Path, lama: Mapping[str, Any], potret: Potret, data: Data, kode: bool
) -> dict[str, str]:
    """Halaman yang harus dirender lagi dan sebabnya; ``lama`` manifes laporan yang ada di ``sasaran``."""
    rusak = damaged(sasaran, lama)
    sebab = {}
    for x in tugas:
        uraian = lama["halaman"].get(x.halaman) or {}
        alasan = _what_changed(x, uraian, potret, data, kode)
        if not alasan:
            hilang = sorted(rusak.intersection([f"{x.halaman}.html", *uraian["hasil"]]))
            alasan = f"{hilang[0]} hilang atau diubah" if hilang else ""
        if alasan:
            sebab[x.halaman] = alasan
    return sebab


def _what_changed(tugas: Tugas, uraian: Mapping[str, Any], potret: Potret, data: Data, kode: bool) -> str:
    lama = uraian.get("kunci")
    if not isinstance(lama, dict):
        return "belum pernah dirender"
    baru = page_key(tugas, lama.get("tabel", {}), lama.get("berkas", {}), potret, data, kode)
    if baru == lama:
        return ""
    beda = next((k for k in baru if baru[k] != lama.get(k)), "kunci")
    if beda in ("tabel", "berkas"):
        nama = next(k for k in baru[beda] if baru[beda][k] != lama[beda].get(k))
        beda = f"{beda} {nama}"
    return f"{beda} berubah"


def damaged(folder: Path, lama: Mapping[str, Any]) -> set[str]:
    """Berkas hasil di manifes yang hilang atau isinya tidak lagi seperti saat dirender."""
    return {
        nama
        for nama, sidik in lama.get("berkas", {}).items()
        if not (folder / nama).is_file() or sha256(folder / nama) != sidik
    }


def note(potret: Potret, permintaan: Permintaan, lama: Mapping[str, Any] | None) -> dict[str, Any]:
    """Catatan manifes tentang keadaan masukan dan permintaan yang dipenuhi laporan ini.

    ``lama`` manifes laporan yang halamannya tidak satu pun dirender ulang: permintaan yang dipenuhinya tetap terpenuhi.
    """
    catatan = (lama or {}).get("ulang", {})
    dulu = catatan.get("permintaan", []) if catatan.get("proyek") == potret.sidik else []
    semua = [*(x for x in dulu if x != permintaan.sidik), permintaan.sidik]
    return {"proyek": potret.sidik, "permintaan": semua[-_BANYAK_PERMINTAAN:]}


def still_valid(sasaran: Path, permintaan: Permintaan) -> bool:
    """Apakah laporan di ``sasaran`` sudah memenuhi permintaan ini dan tidak ada satu masukan atau hasil pun berubah."""
    lama = read_manifest(sasaran)
    catatan = (lama or {}).get("ulang", {})
    if lama is None or permintaan.sidik not in catatan.get("permintaan", ()):
        return False
    potret = snapshot()
    dibaca = [x for uraian in lama["halaman"].values() for x in uraian.get("kunci", {}).get("berkas", {}).items()]
    if potret.sidik != catatan.get("proyek") or any(_identity(berkas, potret) != sidik for berkas, sidik in dibaca):
        return False
    ada = {x.relative_to(sasaran).as_posix() for x in sasaran.rglob("*") if x.is_file() and not x.name.startswith(".")}
    return ada == {MANIFES, *lama["berkas"]} and not damaged(sasaran, lama)


def _identity(berkas: str, potret: Potret) -> str:
    """Jati diri berkas yang dibaca: sidik isinya bila bagian proyek, kalau tidak keterangan sistem berkasnya.

    Data mikro dapat sebesar memori; ukuran, nomor, serta waktu ubah dan waktu gantinya dibaca seketika.
    """
    letak = paths.root() / berkas
    sidik = potret.file(letak)
    if sidik:
        return sidik
    try:
        s = letak.stat()
    except OSError:
        return ""
    return f"{s.st_size}-{s.st_ino}-{s.st_mtime_ns}-{s.st_ctime_ns}"


def _short(berkas: str) -> str:
    """Letak berkas relatif terhadap akar proyek bila ada di dalamnya."""
    letak = Path(berkas)
    return letak.relative_to(paths.root()).as_posix() if letak.is_relative_to(paths.root()) else berkas


def _digest(isi: Any) -> str:
    return hashlib.sha256(json.dumps(isi, sort_keys=True, default=str).encode()).hexdigest()
