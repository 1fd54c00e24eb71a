"""Survei yang dijelajahi, dan pilihan penjelajah: seluruh keadaannya, yang boleh dipilih, dan sebutannya.

:class:`Pilihan` sekaligus parameter notebook, sehingga tampilan apa pun dapat disimpan sebagai parameter dan dirender
ulang.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from typing import Any

from kinerja import fmt
from kinerja.berkas import parse_yaml
from kinerja.data import Data
from kinerja.errors import GalatParameter
from kinerja.ikesos import CARA_AGREGASI, SAMA, SEMUA, SiapIkesos
from kinerja.ikesos.telaah import NAMA_SASARAN
from kinerja.istilah import kalimat, term
from kinerja.kolom import SUMBER_BUATAN
from kinerja.pilihan_berkas import TAHUN_BAKU, perlihatkan
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

KATA = parse_yaml(resources.files("kinerja.jelajah").joinpath("kata.yml").read_text("utf-8"))
"""Kata-kata penjelajah (``kata.yml``): kelompok -> kode -> teks dua bahasa."""

TAMPILAN, WILAYAH, DASAR = (KATA[k] for k in ("tampilan", "wilayah", "dasar"))
BAKU = "aritmetik"
_BAKU = {"id": " (baku)", "en": " (default)"}
AGREGASI = {
    kode: {b: nama + (_BAKU[b] if kode == BAKU else "") for b, nama in cara.name.items()}
    for kode, cara in CARA_AGREGASI.items()
}
"""Kode -> nama agregasi yang dapat dipilih: setiap yang terdaftar dan tidak menuntut angka pangkat."""

BOBOT_TERBESAR = 3.0


@dataclass(frozen=True, eq=False)
class Survei:
    """Survei siap hitung dan nama wilayahnya: wilayah buatan bila surveinya sintetis."""

    siap: SiapIkesos
    wilayah: Regions

    @property
    def keadaan(self) -> str:
        """Keadaan semua angkanya: ``sintetis`` atau ``diturunkan``."""
        return self.siap.keadaan

    @property
    def name(self) -> str:
        return fmt.pick(KATA["survei"][self.keadaan])

    def source(self) -> str:
        """Baris sumber gambar panel: berkas pengguna, atau bahwa datanya buatan."""
        if self.keadaan == "sintetis":
            return fmt.pick(SUMBER_BUATAN)
        return fmt.pick(KATA["survei"]["sumber"]).format(self.name)

    def codes(self, tingkat: str) -> list[str]:
        """Kode wilayah bagi pembaca, menurut urutan domainnya."""
        return [self.wilayah.code(str(x)) for x in self.siap.label(tingkat)]

    def names(self, tingkat: str) -> dict[str, str]:
        """Kode wilayah bagi pembaca -> nama; kode yang tidak dikenal tetap kodenya."""
        asal = (str(x) for x in self.siap.label(tingkat))
        return {self.wilayah.code(k): self.wilayah.name(k, penuh=True) for k in asal}

    def notes(self) -> str:
        """Yang perlu disebut tentang berkasnya: kode tanpa nama, kecocokan penggabungan, kejanggalan, penggantinya."""
        tanpa_nama = self.wilayah.note(str(k) for t in WILAYAH if t in self.siap.tingkat for k in self.siap.label(t))
        kepala = fmt.pick(KATA["survei"]["berkas"]) if self.siap.keterangan else ""
        return " ".join(filter(None, [tanpa_nama, kepala, *map(kalimat, self.siap.keterangan)]))


def open_survey(
    data: Data,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Survei:
    """Survei ``mikro``; kosong: survei sintetis kecil. Lihat :func:`kinerja.simpanan.buka_ikesos`."""
    siap = buka_ikesos(data, mikro, kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap
    return Survei(siap, Regions.of(data, siap.keadaan))


@dataclass(frozen=True)
class Pilihan:
    """Seluruh keadaan penjelajah; nama dan jenisnya sama dengan parameter notebook.

    Parameters
    ----------
    sasaran : str
        ``semua``, ``rt``, ``pd``, atau ``ls``.
    simpul : str
        ``puncak``, atau kode simpul lengkap (``rt/KD``).
    wilayah : str
        ``provinsi`` atau ``kabkota``.
    daerah, kelamin : str
        ``semua``, atau kode 1 dan 2 di data.
    bobot : mapping
        Kode dimensi atau sasaran -> bobot 0 sampai 3; yang tidak disebut 1.
    dasar : str
        ``sama`` atau ``tersedia``; lihat :meth:`kinerja.ikesos.SiapIkesos.hitung`.
    pasangan : str
        Kode dua wilayah yang dibandingkan, dipisah koma; yang kosong: peringkat pertama dan terakhir. Wilayah survei
        sintetis berkode huruf: ``A,B``.
    """

    sasaran: str = SEMUA
    simpul: str = "puncak"
    wilayah: str = "provinsi"
    daerah: str = SEMUA
    kelamin: str = SEMUA
    bobot: Mapping[str, float] = field(default_factory=dict)
    agregasi: str = BAKU
    dasar: str = SAMA
    pasangan: str = ""
    tampilan: str = "peringkat"

    @property
    def dua(self) -> tuple[str, str]:
        """Kode kedua wilayah; teks kosong bagi yang dipilih sendiri oleh panel."""
        isi = [x.strip() for x in self.pasangan.split(",")]
        if len(isi) > 2:
            raise GalatParameter(f"Parameter pasangan = {self.pasangan!r}; diharapkan paling banyak dua kode wilayah.")
        return isi[0], (isi[1] if len(isi) == 2 else "")

    def view(self, tampilan: str) -> Pilihan:
        """Pilihan yang sama dengan tampilan lain; peta selalu peta provinsi."""
        return replace(self, tampilan=tampilan, wilayah="provinsi" if tampilan == "peta" else self.wilayah)

    @property
    def saring(self) -> dict[str, int]:
        return {k: int(v) for k, v in (("daerah", self.daerah), ("kelamin", self.kelamin)) if v != SEMUA}


def subgroup(saring: Mapping[str, Any]) -> dict[str, str]:
    """Parameter notebook ``saring`` menjadi ``daerah`` dan ``kelamin``; kunci lain adalah GalatParameter."""
    asing = [k for k in saring if k not in ("daerah", "kelamin")]
    if asing:
        raise GalatParameter(f"Parameter saring memuat {asing[0]!r}; pilih: daerah, kelamin.")
    return {k: str(v) for k, v in saring.items()}


# Pemeriksaan ----------------------------------------------------------------------------------------------------------


def check(s: Survei, p: Pilihan) -> Pilihan:
    """Pilihan yang sama bila semuanya dikenal; GalatParameter menyebut parameter, nilainya, dan pilihannya."""
    _check_menus(s.siap, p)
    if p.simpul not in node_options(s.siap, p.sasaran):
        raise GalatParameter(f"Simpul {p.simpul!r} tidak ada bagi sasaran '{p.sasaran}'; pakai puncak atau kode rt/KD.")
    _check_weights(s.siap, p)
    _check_pair(s, p)
    return p


def _check_menus(siap: SiapIkesos, p: Pilihan) -> None:
    menu: dict[str, Iterable[str]] = {
        "sasaran": (SEMUA, *siap.kerangka.sasaran),
        "wilayah": [k for k in WILAYAH if k in siap.tingkat],
        "daerah": KATA["daerah"],
        "kelamin": KATA["kelamin"],
        "agregasi": AGREGASI,
        "dasar": DASAR,
        "tampilan": TAMPILAN,
    }
    for nama, dikenal in menu.items():
        nilai = getattr(p, nama)
        if nilai not in dikenal:
            raise GalatParameter(f"Parameter {nama} = {nilai!r} tidak dikenal; pilih: {', '.join(dikenal)}.")


def _check_weights(siap: SiapIkesos, p: Pilihan) -> None:
    boleh = weight_names(siap)
    for kode, nilai in p.bobot.items():
        if kode not in boleh:
            raise GalatParameter(f"Bobot {kode!r} tidak dikenal; pilih: {', '.join(boleh)}.")
        if isinstance(nilai, bool) or not isinstance(nilai, int | float) or not 0 <= nilai <= BOBOT_TERBESAR:
            raise GalatParameter(f"Bobot {kode} = {nilai!r}; diharapkan angka 0 sampai {BOBOT_TERBESAR:g}.")
    if p.simpul != "puncak":
        return
    dimensi = {kode for _, jenis, _, kode, _ in _nodes(siap) if jenis == "dimensi"}
    for kelompok in (dimensi, set(siap.kerangka.sasaran) if p.sasaran == SEMUA else ()):
        if kelompok and all(p.bobot.get(k, 1) == 0 for k in kelompok):
            raise GalatParameter(f"Bobot {', '.join(sorted(kelompok))} semuanya nol; naikkan sedikitnya satu.")


def _check_pair(s: Survei, p: Pilihan) -> None:
    ada = set(s.codes(p.wilayah))
    for kode in filter(None, p.dua):
        if kode not in ada:
            raise GalatParameter(f"Parameter pasangan memuat {kode!r}, yang bukan kode {p.wilayah} di data.")
    if p.dua[0] and p.dua[0] == p.dua[1]:
        raise GalatParameter(f"Kedua wilayah yang dibandingkan sama ({p.dua[0]}); pilih dua yang berbeda.")


# Sebutan --------------------------------------------------------------------------------------------------------------


def node_options(siap: SiapIkesos, sasaran: str = SEMUA) -> dict[str, tuple[str, str]]:
    """Bagian indeks yang dapat dipilih: kode -> (jenjang, nama bagi pembaca), mulai dari ``puncak``."""
    hasil = {"puncak": ("puncak", fmt.pick(KATA["survei"]["puncak"]))}
    simpul = _nodes(siap)
    for jenjang in ("dimensi", "subdimensi", "indikator"):
        for kode, jenis, milik, _, nama in simpul:
            if jenis == jenjang and sasaran in (SEMUA, milik):
                ekor = f" ({fmt.pick(NAMA_SASARAN[milik])})" if sasaran == SEMUA else ""
                hasil[kode] = (jenis, f"{term(nama)}{ekor}")
    return hasil


def _nodes(siap: SiapIkesos) -> list[tuple[str, ...]]:
    """Simpul pohon sebagai (kode lengkap, jenis, sasaran, kode, nama)."""
    simpul = siap.kerangka.simpul
    kolom = (simpul[k].tolist() for k in ("jenis", "sasaran", "kode", "nama"))
    return list(zip(simpul.index, *kolom, strict=True))


def weight_names(siap: SiapIkesos) -> dict[str, str]:
    """Yang bobotnya dapat digeser: kode dimensi dan sasaran -> namanya."""
    return {
        **{kode: term(nama) for _, jenis, _, kode, nama in _nodes(siap) if jenis == "dimensi"},
        **{k: fmt.pick(NAMA_SASARAN[k]) for k in siap.kerangka.sasaran},
    }


def describe(siap: SiapIkesos, p: Pilihan) -> str:
    """Satu baris keterangan pilihan untuk di bawah judul gambar."""
    bagian = [
        fmt.pick(NAMA_SASARAN[p.sasaran]),
        node_options(siap, p.sasaran)[p.simpul][1],
        fmt.pick(WILAYAH[p.wilayah]),
        *(fmt.pick(kamus[k]) for kamus, k in ((KATA["daerah"], p.daerah), (KATA["kelamin"], p.kelamin)) if k != SEMUA),
        fmt.pick(AGREGASI[p.agregasi]),
        *((fmt.pick(DASAR[p.dasar]),) if p.dasar != SAMA else ()),
    ]
    bobot = ", ".join(f"{k} {fmt.angka(v, 1)}" for k, v in p.bobot.items() if v != 1)
    if bobot:
        bagian.append(fmt.pick(KATA["survei"]["bobot"]).format(bobot))
    return " | ".join(bagian)


# Tampilan yang disimpan -----------------------------------------------------------------------------------------------


def command(s: Survei, p: Pilihan, tahun: int) -> str:
    """Perintah yang menghasilkan tampilan ini di sebuah halaman; survei sintetis hanya di peragaan."""
    baku = _state(Pilihan())
    isi = [f"-p {k} {shlex.quote(repr(v) if isinstance(v, dict) else v)}" for k, v in _state(p).items() if v != baku[k]]
    perintah, survei = ("peragaan", []) if s.keadaan == "sintetis" else ("render", ["--mikro BERKAS"])
    awal = f"kinerja {perintah} --tahun {tahun} --bahasa {fmt.language()} --notebook jelajah_ikesos"
    return " ".join([awal, *survei, *isi])


def literals(p: Pilihan) -> str:
    return "\n".join(f"{k} = {v!r}" for k, v in _state(p).items())


def parameters(p: Pilihan, **survei: Any) -> dict[str, Any]:
    """Parameter notebook untuk diperlihatkan; ``survei``: lihat :func:`kinerja.pilihan_berkas.perlihatkan`."""
    return {**_state(p), **perlihatkan(**survei)}


def _state(p: Pilihan) -> dict[str, Any]:
    isi = asdict(p) | {"bobot": {k: v for k, v in p.bobot.items() if v != 1}, "daerah": p.saring}
    isi.pop("kelamin")
    return {"saring" if k == "daerah" else k: v for k, v in isi.items()}
