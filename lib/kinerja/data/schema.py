"""Skema tabel data mentah, dinyatakan sekali di ``tabel.yml``: untuk pemeriksaan, kamus data, dan templat."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from kinerja.berkas import parse_yaml

KEADAAN = ("dikutip", "diturunkan", "sintetis", "tidak_tersedia")
KOLOM_FAKTA = ("nilai", "satuan", "keadaan", "sumber", "bagian", "catatan")
KOLOM_DAFTAR = ("keadaan", "sumber", "bagian", "catatan")

# akhir teks (\Z) dan [0-9], bukan $ dan \d: "12" berakhiran baris baru dan angka Arab bukan angka yang sah
POLA = {
    nama: (re.compile(pola), harapan)
    for nama, pola, harapan in (
        ("angka", r"\A(?:-?[0-9]+(?:\.[0-9]+)?)?\Z", "angka bertitik desimal, atau kosong"),
        ("kode", r"\A[A-Za-z0-9_]+\Z", "kode dari huruf, angka, dan garis bawah"),
        ("bulat", r"\A-?[0-9]{1,15}\Z", "bilangan bulat"),
        ("bulat_kosong", r"\A(?:-?[0-9]{1,15})?\Z", "bilangan bulat atau kosong"),
        ("tanggal", r"\A[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z", "tanggal TTTT-BB-HH"),
        ("teks", r"\S", "teks yang tidak kosong"),
        ("teks_kosong", r"", "teks atau kosong"),
        ("acuan", r"\A(?:[A-Za-z0-9_\-]+(?:/[^/\s]+)+)?\Z", "id baris seperti sdm/semua/lulus/prosa, atau kosong"),
        (
            "acuan_daftar",
            r"\A(?:[A-Za-z0-9_\-]+(?:/[^/\s]+)+(?: [A-Za-z0-9_\-]+(?:/[^/\s]+)+)*)?\Z",
            "id baris dipisahkan satu spasi, atau kosong",
        ),
        ("acuan_banyak", r"\A\S+(?: \S+)*\Z", "id baris dipisahkan satu spasi"),
    )
}


@dataclass(frozen=True)
class Tabel:
    """Skema satu tabel.

    Attributes
    ----------
    nama : str
        Nama tabel, juga nama berkas CSV-nya.
    lingkup : str
        ``tahun`` (``data/raw/<tahun>/``), ``acuan`` (``data/raw/acuan/``), atau folder di bawahnya
        (``acuan/susenas``, ``acuan/wilayah``).
    jenis : str
        ``fakta`` (satu angka satu baris) atau ``daftar`` (tanpa angka).
    kunci, label : dict
        Kolom kunci dan kolom keterangan, beserta tipenya.
    teks : bool
        Tabel fakta yang juga memuat nilai berupa teks, misalnya opini WTP.
    rujukan : dict
        Kolom yang isinya harus ada sebagai kunci pertama tabel lain.
    boleh_kosong : bool
        Tanpa berkasnya tabel itu terbaca sebagai bingkai kosong: laporan keuangan saja tidak punya IKU.
    bebas : bool
        Nilainya boleh di luar batas satuannya: persen di atas 100 dan pertumbuhan negatif ada dalam indikator orang.
    isian : dict
        Isi kolom ``kunci`` yang dikenal: satuannya, dan ``pilihan`` teksnya bila terbatas.
    """

    nama: str
    lingkup: str
    jenis: str
    uraian: dict[str, str]
    kunci: dict[str, object]
    label: dict[str, object] = field(default_factory=dict)
    teks: bool = False
    wajib: bool = False
    rujukan: dict[str, str] = field(default_factory=dict)
    boleh_kosong: bool = False
    bebas: bool = False
    isian: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def kolom(self) -> tuple[str, ...]:
        """Kepala tabel yang diharapkan, berurutan."""
        if self.jenis == "fakta":
            return (*self.kunci, *self.label, *(("teks",) if self.teks else ()), *KOLOM_FAKTA)
        return (*self.kunci, *self.label, *KOLOM_DAFTAR)

    def empty(self) -> pd.DataFrame:
        """Tabel ini tanpa baris, dengan kolom yang diberikan pembacanya."""
        angka = ["nilai", "desimal"] if self.jenis == "fakta" else []
        kolom = [*(x for x in self.kolom if x not in angka), *angka, "id", "berkas", "baris"]
        return pd.DataFrame({k: pd.Series(dtype=float if k in angka else object) for k in kolom})

    @property
    def laporan(self) -> bool:
        """Apakah angkanya angka laporan, yang diaudit; deret terbitan menurut wilayah hanya pembanding."""
        return self.jenis == "fakta" and self.lingkup != "acuan/wilayah"

    @property
    def tipe(self) -> dict[str, object]:
        """Tipe setiap kolom kunci dan keterangan."""
        return {**self.kunci, **self.label}

    def berkas(self, tahun: int) -> str:
        """Nama berkas relatif terhadap ``data/raw``."""
        return f"{tahun if self.lingkup == 'tahun' else self.lingkup}/{self.nama}.csv"


@cache
def tables() -> dict[str, Tabel]:
    """Semua skema tabel, menurut urutan di ``tabel.yml``."""
    isi = parse_yaml(path().read_text(encoding="utf-8"))
    return {nama: Tabel(nama=nama, **spec) for nama, spec in isi.items()}


def path() -> Path:
    """Letak berkas skema."""
    return Path(__file__).with_name("tabel.yml")


def cell_rules(
    tabel: Tabel, satuan: Collection[str], sumber: Collection[str]
) -> dict[str, tuple[re.Pattern | Collection[str], str]]:
    """Kolom -> isi selnya yang sah (pola, atau daftar), dan kalimat "diharapkan" bagi yang lain.

    Parameters
    ----------
    satuan, sumber : collection of str
        Satuan dan id sumber yang terdaftar.
    """

    def satu_dari(pilihan: Collection[str]) -> tuple[Collection[str], str]:
        return pilihan, f"salah satu dari {', '.join(pilihan)}"

    terdaftar = satuan, f"satuan yang terdaftar di acuan/satuan.csv: {', '.join(sorted(satuan))}"
    aturan = {
        k: satu_dari(x["pilihan"]) if isinstance(x, dict) else terdaftar if x == "satuan" else POLA[x]
        for k, x in tabel.tipe.items()
    } | {
        "nilai": POLA["angka"],
        "satuan": terdaftar,
        "keadaan": satu_dari(KEADAAN),
        "sumber": (sumber, f"id sumber yang terdaftar di sources.yml: {', '.join(sorted(sumber))}"),
        "bagian": POLA["teks"],
    }
    return {k: aturan[k] for k in tabel.kolom if k in aturan}
