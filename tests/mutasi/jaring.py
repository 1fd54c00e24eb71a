"""Jaring mutasi: satu angka terakhir satu baris mentah diganti, lalu dilihat siapa yang menyadarinya.

Yang dianggap menyadari: pemuat data (skema, rujukan, jumlah), atau satu notebook yang keluarannya berubah, yaitu yang
membuat nbval merah. Notebook yang dijalankan dipilih menurut silsilah: hanya yang mencatat membaca tabel itu.

Setiap mutasi dikerjakan proses anak yang dicabangkan dari proses yang baru memuat pustaka: tidak ada ingatan lama yang
dapat menyembunyikan perubahan, dan tidak ada yang menular ke mutasi berikutnya.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

TAHUN = 2020
MUAT = "muat"
AKAR = Path(__file__).resolve().parents[2]
DIJELASKAN = Path(__file__).with_name("selamat.csv")
"""Baris yang mutasinya memang tidak terlihat, dan sebabnya: kolom ``berkas``, ``kunci``, ``sebab``."""


@dataclass(frozen=True)
class Baris:
    """Satu angka mentah: berkas relatif terhadap data/raw, nomor baris (kepala = 1), kolom, dan kunci barisnya."""

    berkas: str
    nomor: int
    kolom: str
    kunci: str
    lama: str
    baru: str

    @property
    def tabel(self) -> str:
        return Path(self.berkas).stem

    def __str__(self) -> str:
        return f"{self.berkas}, baris {self.nomor} ({self.kunci}), {self.kolom}: {self.lama} -> {self.baru}"


def change_last_digit(angka: str) -> str:
    """Angka yang sama dengan angka terakhirnya ditambah satu; sembilan menjadi delapan, supaya besarnya tetap."""
    letak = max(i for i, huruf in enumerate(angka) if huruf.isdigit())
    baru = "8" if angka[letak] == "9" else str(int(angka[letak]) + 1)
    return angka[:letak] + baru + angka[letak + 1 :]


def rows(raw: Path, tahun: int = TAHUN) -> list[Baris]:
    """Semua angka mentah: ``nilai`` tiap baris tabel fakta.

    Tabel daftar tanpa angka laporan, ujinya sendiri-sendiri. Deret wilayah terlihat di halaman wilayahnya, satu dari
    548, bukan di notebook bawaan; ``tests/test_daerah.py`` yang menjaganya.
    """
    from kinerja.data import schema

    hasil = []
    for spec in schema.tables().values():
        berkas = raw / spec.berkas(tahun)
        if spec.jenis != "fakta" or spec.lingkup == "acuan/wilayah" or not berkas.is_file():
            continue
        for nomor, isi in enumerate(_read(berkas), 2):
            if re.fullmatch(r"-?\d+(\.\d+)?", isi["nilai"]):
                kunci = "/".join(isi[k] for k in spec.kunci)
                lama = isi["nilai"]
                hasil.append(Baris(spec.berkas(tahun), nomor, "nilai", kunci, lama, change_last_digit(lama)))
    return hasil


def sample(semua: Sequence[Baris], banyak: int, putaran: str = "") -> list[Baris]:
    """Contoh tetap: baris yang sidik letaknya terkecil; ``putaran`` lain memberi contoh lain."""
    sidik = {x: hashlib.sha256(f"{putaran}/{x.berkas}/{x.kunci}/{x.kolom}".encode()).hexdigest() for x in semua}
    return sorted(semua, key=sidik.__getitem__)[:banyak]


def explained() -> dict[tuple[str, str], str]:
    """Baris yang mutasinya memang tidak terlihat -> sebabnya."""
    with DIJELASKAN.open(encoding="utf-8", newline="") as isi:
        return {(x["berkas"], x["kunci"]): x["sebab"] for x in csv.DictReader(isi)}


class Jaring:
    """Salinan data proyek yang boleh dirusak, keluaran dasar setiap notebook, dan silsilahnya.

    Dipakai sebagai ``with Jaring() as jaring: jaring.noticed_by(baris)``.
    """

    def __enter__(self) -> Jaring:
        self._folder = tempfile.TemporaryDirectory(prefix="mutasi-")
        self.data = Path(self._folder.name) / "data"
        shutil.copytree(AKAR / "data" / "raw", self.data / "raw")
        _warm()
        self._tabel = _read_tables(self.data / "raw")
        self.dasar: dict[str, list[str]] = {}
        self.dibaca: dict[str, set[str]] = {}
        self.lama: dict[str, float] = {}
        from kinerja.render.rencana import layout
        from notebook_di_proses import NAMA

        self._peraga = set(layout()["bahan"])
        self._add_baseline(set(NAMA) - self._peraga)
        return self

    def _add_baseline(self, notebook: Collection[str]) -> None:
        for nama, (keluaran, tabel, lama) in in_child(lambda: _baseline(self.data, sorted(notebook))).items():
            self.dasar[nama], self.dibaca[nama], self.lama[nama] = keluaran, set(tabel), lama

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def noticed(self, semua: Sequence[Baris], proses: int = 2) -> list[tuple[Baris, str]]:
        """Setiap baris dengan yang menyadari mutasinya, dikerjakan ``proses`` pekerja pada salinan datanya sendiri."""

        def kerjakan(i: int) -> list[str]:
            self.data = Path(shutil.copytree(self.data, self.data.with_name(f"data-{i}")))
            return [self.noticed_by(x) for x in semua[i::proses]]

        pipa = [_start_child(lambda i=i: kerjakan(i)) for i in range(proses)]
        hasil: list[str] = [""] * len(semua)
        for i, satu in enumerate(pipa):
            hasil[i::proses] = _finish_child(satu)
        return list(zip(semua, hasil, strict=True))

    def readers(self, baris: Baris) -> list[str]:
        """Notebook yang membaca tabelnya: yang menyebut baris itu, yang menyebut tabelnya, lalu yang tercepat."""

        def urutan(nama: str) -> tuple[bool, bool, float]:
            sebut = any(f"{baris.tabel}/{baris.kunci}" in x for x in self.dasar[nama])
            return not sebut, baris.tabel not in self.dibaca[nama], self.lama[nama]

        return sorted((n for n, isi in self.dibaca.items() if isi & {baris.tabel, "*"}), key=urutan)

    def noticed_by(self, baris: Baris) -> str:
        """Siapa yang pertama menyadari mutasi ini: ``muat``, nama notebook, atau kosong bila tidak seorang pun.

        Halaman laporan ditanya dahulu; notebook peragaan, yang terlama dan hampir semua angkanya buatan, hanya bila perlu.
        """
        with self._mutated(baris):
            siapa = in_child(lambda: self._look(baris))
        if siapa or self._peraga <= self.dasar.keys():
            return siapa
        self._add_baseline(self._peraga)
        with self._mutated(baris):
            return in_child(lambda: self._look(baris))

    def _look(self, baris: Baris) -> str:
        os.environ["KINERJA_DATA"] = str(self.data)
        from kinerja import data
        from kinerja.data import reading
        from kinerja.errors import GalatKinerja

        baca = reading.read_table
        # hanya tabel yang dirusak yang dibaca lagi; membaca keenam puluh tabel memakan separuh waktu
        reading.read_table = lambda raw, spec, *isi: (
            baca(raw, spec, *isi) if spec.nama == baris.tabel else self._tabel[spec.nama].copy()
        )
        try:
            data.load(TAHUN)
        except GalatKinerja:
            return MUAT
        for nama in self.readers(baris):
            try:
                if _outputs(nama, self.dasar[nama]) != self.dasar[nama]:
                    return nama
            except Exception:  # notebook yang berhenti membuat nbval merah, apa pun sebabnya
                return nama
        return ""

    @contextmanager
    def _mutated(self, baris: Baris) -> Iterator[None]:
        berkas = self.data / "raw" / baris.berkas
        utuh = berkas.read_bytes()
        isi = _read(berkas)
        isi[baris.nomor - 2][baris.kolom] = baris.baru
        tulis = io.StringIO()
        pena = csv.DictWriter(tulis, list(isi[0]), lineterminator="\n")
        pena.writeheader()
        pena.writerows(isi)
        berkas.write_text(tulis.getvalue(), encoding="utf-8")
        try:
            yield
        finally:
            berkas.write_bytes(utuh)


def in_child(kerja: Callable[[], Any]) -> Any:
    """Hasil ``kerja`` di proses anak (JSON); galatnya diteruskan beserta jejaknya."""
    return _finish_child(_start_child(kerja))


def _start_child(kerja: Callable[[], Any]) -> tuple[int, int]:
    baca, tulis = os.pipe()
    anak = os.fork()
    if anak:
        os.close(tulis)
        return anak, baca
    os.close(baca)
    try:
        isi = {"hasil": kerja()}
    except BaseException:
        isi = {"galat": traceback.format_exc()}
    with os.fdopen(tulis, "w", encoding="utf-8") as pena:
        json.dump(isi, pena)
    os._exit(0)


def _finish_child(anak: tuple[int, int]) -> Any:
    with os.fdopen(anak[1], encoding="utf-8") as pena:
        teks = pena.read()
    os.waitpid(anak[0], 0)
    isi = json.loads(teks) if teks else {"galat": "proses anak mati tanpa hasil"}
    if "galat" in isi:
        raise RuntimeError(isi["galat"])
    return isi["hasil"]


def _read_tables(raw: Path) -> dict[str, pd.DataFrame]:
    """Isi semua tabel utuh, dibaca sekali."""
    from kinerja.data import process

    return process.read_year(raw, TAHUN)[0]


def _read(berkas: Path) -> list[dict[str, str]]:
    with berkas.open(encoding="utf-8", newline="") as isi:
        return list(csv.DictReader(isi))


def _warm() -> None:
    """Muat pustaka, bukan data: proses anak mewarisi yang pertama dan membaca sendiri yang kedua."""
    import matplotlib

    matplotlib.use("agg")
    sys.path.insert(0, str(AKAR / "tests"))
    import seaborn  # noqa: F401

    import notebook_di_proses  # noqa: F401
    from kinerja import daerah, kendali  # noqa: F401


def _outputs(nama: str, harap: Sequence[str] | None = None) -> list[str]:
    """Keluaran satu notebook, seperti yang dibandingkan nbval; berhenti di yang pertama bukan ``harap``."""
    import notebook_di_proses

    class Keluaran(list):
        def append(self, keluaran: Any) -> None:
            super().append(_text(keluaran))
            if harap is not None and self[-1] != harap[len(self) - 1]:
                raise _Berbeda

    semula, hasil = notebook_di_proses.Terlihat, Keluaran()
    notebook_di_proses.Terlihat = lambda x: semula(x, html=hasil)
    try:
        notebook_di_proses.run.__wrapped__(nama)
    finally:
        notebook_di_proses.Terlihat = semula
    return list(hasil)


class _Berbeda(Exception):
    """Satu keluaran lain daripada dasarnya; sel sesudahnya tidak perlu dijalankan."""


def _text(keluaran: Any) -> str:
    return keluaran if isinstance(keluaran, str) else getattr(keluaran, "data", None) or repr(keluaran)


def _baseline(data: Path, notebook: Sequence[str]) -> dict[str, tuple[list[str], list[str], float]]:
    import time

    from kinerja import terbaca

    os.environ["KINERJA_DATA"] = str(data)
    hasil = {}
    for nama in notebook:
        mulai = time.perf_counter()
        with terbaca.collect() as isi:
            keluaran = _outputs(nama)
        tabel = [x.partition("/")[2] for x in isi if x.startswith("tabel ")]
        tabel += [Path(x).stem for x in isi if x.startswith("berkas ") and x.endswith(".csv")]
        hasil[nama] = keluaran, tabel, time.perf_counter() - mulai
    return hasil
