"""Satu kolom tabel: satuannya, sebutannya, dan sel-selnya sebagaimana dibaca orang, dengan keadaan tiap angka."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from colformula import plain
from kinerja import fmt, paths
from kinerja.berkas import parse_yaml
from kinerja.errors import GalatParameter
from kinerja.fmt import fill
from kinerja.istilah import code_name, section, term
from kinerja.jabaran import footnote

KEADAAN = ("dikutip", "diturunkan", "diandaikan", "sintetis", "tidak_tersedia")
"""Empat keadaan angka, dalam urutan penyajian."""

NAMA_KEADAAN = {
    "dikutip": {"id": "dikutip", "en": "quoted"},
    "diturunkan": {"id": "dihitung", "en": "computed"},
    "diandaikan": {"id": "diandaikan", "en": "assumed"},
    "sintetis": {"id": "sintetis", "en": "synthetic"},
    "tidak_tersedia": {"id": "tidak tersedia", "en": "not available"},
}

SUMBER_BUATAN = {
    "id": "Data buatan untuk memperagakan metode; tidak menggambarkan daerah atau program mana pun.",
    "en": "Made-up data to demonstrate methods; it describes no region and no programme.",
}
"""Baris sumber setiap tabel dan gambar yang memuat angka sintetis; tidak pernah penerbit nyata."""

TANDA_TEKS = {"diturunkan": "ᵈ", "diandaikan": "ᵃ", "sintetis": "ˢ"}
"""Tanda keadaan dalam teks polos dan buku kerja."""

JENIS_LABEL = ("label", "kode", "tahun", "bulan", "satuan", "keadaan", "bagian")


_PALING = "paling "
_PULUHAN = 10


@dataclass(frozen=True)
class Kolom:
    """Satu kolom tabel.

    Parameters
    ----------
    nama : str
        Nama kolom di bingkai data.
    judul : str
        Kepala kolom untuk pembaca.
    satuan : str, optional
        Kode satuan, atau ``"=kolom"`` bila satuan dibaca per baris dari kolom lain. Tanpa satuan, kolom adalah label.
    desimal : int or str, optional
        Banyaknya desimal yang diperlihatkan, atau ``"=kolom"``. Bila kosong dipakai kebiasaan satuannya.
    skala : str, optional
        Untuk rupiah: ``juta``, ``miliar``, atau ``triliun``; ``paling miliar``: sebesar itu, atau yang lebih kecil bila
        uang terbesar di tabelnya tidak sampai dua angka di depan koma; ``¤`` di kepalanya menjadi skala itu.
    keadaan : str, optional
        Keadaan semua angka kolom ini, atau ``"=kolom"``; bila kosong dipakai kolom ``keadaan_<nama>`` atau ``keadaan``
        bingkai data.
    rumus : str, optional
        Cara menghitung, ditulis di bawah tabel.
    jenis : str, optional
        Untuk label: ``label`` (nama, diterjemahkan bila ada padanannya), ``kode`` (diganti sebutannya), ``tahun``
        (tanpa pemisah ribuan), ``bulan`` (1..12), ``satuan``, ``keadaan``, ``bagian`` (bab dan bagian sumber).
    label : mapping, optional
        Kode -> sebutan bagi pembaca.
    teks : str, optional
        Kolom berisi nilai teks ("WTP") untuk baris yang tidak bernilai angka; bila kosong ``<nama>_teks``.
    grup : str, optional
        Kepala bersama bagi kolom yang berdampingan.
    asal : str, optional
        Kolom bingkai data berisi id angka; jejaknya ke data mentah dapat dibuka pada sel (lihat ``Tabel.jejak``).
    kutipan : bool
        Isinya berbahasa Indonesia sebagaimana tercetak, juga di halaman Inggris; di sana selnya diberi ``lang="id"``.
    tampil : bool
        ``False``: hanya masuk CSV.
    """

    nama: str
    judul: str
    satuan: str | None = None
    desimal: int | str | None = None
    skala: str | None = None
    keadaan: str | None = None
    rumus: str | None = None
    jenis: str = "label"
    label: Mapping[Any, str] | None = None
    teks: str | None = None
    grup: str | None = None
    asal: str | None = None
    kutipan: bool = False
    tampil: bool = True

    @property
    def bernilai(self) -> bool:
        """Apakah kolom ini memuat nilai bersatuan (bukan label)."""
        return self.satuan is not None

    @property
    def berangka(self) -> bool:
        """Apakah nilainya angka, jadi rata kanan."""
        return self.bernilai and self.satuan != "teks"

    @property
    def campuran(self) -> bool:
        """Apakah satuannya dibaca per baris."""
        return reference(self.satuan) is not None

    @property
    def references(self) -> list[str]:
        """Kolom bingkai data yang dibacanya."""
        rujukan = map(reference, (self.satuan, self.desimal, self.keadaan))
        return [x for x in (self.nama, self.teks, self.asal, *rujukan) if x is not None]

    @property
    def unit_name(self) -> str:
        """Nama satuan untuk baris satuan; kosong bagi label, teks, dan kolom bersatuan campuran."""
        if not self.berangka or self.campuran:
            return ""
        return fmt.satuan(self.satuan, self.skala)

    def labels(self, frame: pd.DataFrame) -> list[str]:
        """Isi kolom label sebagaimana dibaca orang."""
        return [label_text(x, self) for x in frame[self.nama]]

    def cells(self, frame: pd.DataFrame, kata: bool) -> list[Sel]:
        """Sel-sel kolom bernilai, dari atas ke bawah; ``kata``: sebut satuan pada tiap angka bersatuan campuran."""
        return [
            _cell(*isi, self, kata)
            for isi in zip(
                frame[self.nama],
                per_row(frame, self.satuan),
                per_row(frame, self.desimal),
                _states(frame, self),
                per_row(frame, f"={self.teks}" if self.teks else None, "teks" if self.nama == "nilai" else None),
                strict=True,
            )
        ]


@dataclass(frozen=True)
class Sel:
    """Satu sel nilai: nilai asli beserta cara membacanya.

    ``nilai`` adalah int, float, str, atau None (tidak tersedia); ``satuan`` kode satuan; ``keadaan`` salah satu
    :data:`KEADAAN`; ``tampilan`` teks untuk pembaca tanpa tanda keadaan; ``desimal`` banyaknya desimal bila ditulis
    dalam satuannya tanpa skala.
    """

    nilai: int | float | str | None
    satuan: str
    keadaan: str
    tampilan: str
    desimal: int = 0


def reference(isi: Any) -> str | None:
    """Nama kolom pada ``"=kolom"``; None bagi nilai biasa."""
    return isi[1:] if isinstance(isi, str) and isi.startswith("=") else None


def check_keys(spec: Mapping[str, Any], dikenal: set[str], tempat: str) -> None:
    """Hentikan bila ada kunci uraian yang tidak dikenal."""
    asing = sorted(set(spec) - dikenal)
    if asing:
        raise GalatParameter(
            f"{tempat}: kunci {', '.join(map(repr, asing))} tidak dikenal; yang ada: {', '.join(sorted(dikenal))}."
        )


def complete(spec: Mapping[str, Any], tempat: str) -> dict[str, Any]:
    """Uraian sebuah tabel dengan kolom dan jabaran yang lengkap: yang tidak ditulisnya diambil dari ``teks/kolom.yml``.

    Parameters
    ----------
    spec : mapping
        ``kolom`` dan ``sumbu``: nama -> yang lain daripada di kamus, atau daftar nama. Kolom yang menulis kepalanya
        sendiri berdiri sendiri: tidak ada yang diambil dari kamus. ``jabaran``: nama -> jabarannya, atau kosong bila di
        kamus. Kunci lain apa adanya.
    tempat : str
        Berkas dan jawabannya, bagi pesan.

    Raises
    ------
    GalatParameter
        Kolom tanpa sebutan, atau jabaran kosong yang tidak ada di kamus.
    """
    berkas = paths.teks("kolom")
    hasil, kamus = dict(spec), _dictionary(berkas, berkas.stat().st_mtime_ns)
    for bagian in {"kolom", "sumbu"} & set(spec):
        hasil[bagian] = {nama: _described(nama, isi, kamus["kolom"], tempat) for nama, isi in _items(spec[bagian])}
    if "jabaran" in spec:
        kurang = [k for k, isi in spec["jabaran"].items() if isi is None and k not in kamus["jabaran"]]
        if kurang:
            raise GalatParameter(f"{tempat}: jabaran {', '.join(kurang)} kosong dan tidak ada di teks/kolom.yml.")
        hasil["jabaran"] = {k: kamus["jabaran"][k] if isi is None else isi for k, isi in spec["jabaran"].items()}
    return hasil


@cache
def _dictionary(berkas: Path, ditulis: int) -> dict[str, Any]:
    """Kamus dibaca lagi bila berkasnya berubah, supaya sesi yang terbuka mengikutinya."""
    return parse_yaml(berkas.read_text("utf-8"))


def _items(isi: Mapping[str, Any] | Iterable[str]) -> Iterable[tuple[str, Any]]:
    return isi.items() if isinstance(isi, Mapping) else ((nama, None) for nama in isi)


def _described(nama: str, isi: Any, kamus: Mapping[str, Any], tempat: str) -> dict[str, Any]:
    isi = {"id": isi, "en": isi} if isinstance(isi, str) else isi or {}
    dasar = {} if {"id", "en"} & set(isi) else kamus.get(nama, {})
    lengkap = {k: x for k, x in {**dasar, **isi}.items() if x is not None}
    if not {"id", "en"} & set(lengkap):
        raise GalatParameter(
            f"{tempat}: kolom '{nama}' belum punya kepala; tulis '{nama}: {{id: ..., en: ...}}' di sana, "
            "atau di teks/kolom.yml bila beberapa jawaban memakainya."
        )
    return lengkap


def read_column(tabel: str, nama: str, isi: str | Mapping[str, Any], nilai: Mapping[str, Any]) -> Kolom:
    """Satu kolom dari uraian YAML-nya, dalam bahasa yang berlaku."""
    if isinstance(isi, str):
        isi = {"id": isi, "en": isi}
    sifat = {x.name for x in fields(Kolom)} - {"nama", "judul"}
    check_keys(isi, {"id", "en", "bila_ada", *sifat}, f"Tabel '{tabel}', kolom '{nama}'")
    terisi = {k: isi[k] for k in sifat if k in isi}
    for k in {"satuan", "rumus", "grup"} & set(terisi):
        terisi[k] = fill(terisi[k], **nilai)
    if "label" in terisi:
        terisi["label"] = {kode: fill(x, **nilai) for kode, x in terisi["label"].items()}
    return Kolom(nama, fill({k: isi[k] for k in ("id", "en") if k in isi}, **nilai), **terisi)


def with_companions(satu: Kolom, frame: pd.DataFrame) -> Kolom:
    """Kolom dengan pendampingnya di bingkai data menurut namanya: ``<nama>_teks`` dan ``keadaan_<nama>``."""
    if not satu.bernilai:
        return satu
    teks, keadaan = f"{satu.nama}_teks", f"keadaan_{satu.nama}"
    return replace(
        satu,
        teks=satu.teks or (teks if teks in frame else None),
        keadaan=satu.keadaan or (f"={keadaan}" if keadaan in frame else None),
    )


def fit_scale(satu: Kolom, frame: pd.DataFrame, semua: Sequence[Kolom]) -> Kolom:
    """Kolom uang berskala ``paling ...`` dengan skala yang cocok bagi uang terbesar di semua kolom seperti itu."""
    if not str(satu.skala).startswith(_PALING):
        return satu
    nama = [x.nama for x in semua if str(x.skala).startswith(_PALING)]
    terbesar = frame[nama].astype(float).abs().max().max() if len(frame) else float("nan")
    skala = paling = satu.skala.removeprefix(_PALING)
    if not fmt.is_missing(terbesar):
        skala = fmt.scale_of(terbesar / _PULUHAN, paling)
    uang = f"Rp {fmt.scale_name(skala)}" if skala else "Rp"
    return replace(satu, skala=skala, desimal=satu.desimal if skala else 0, judul=satu.judul.replace("¤", uang))


def with_formula(satu: Kolom, frame: pd.DataFrame, semua: Sequence[Kolom]) -> Kolom:
    """Kolom yang dibuat ``derive``: angkanya diturunkan, dan rumusnya menjadi catatan kakinya."""
    rumus = frame.attrs.get("formulas", {}).get(satu.nama)
    if rumus is None:
        return satu
    return replace(
        satu,
        keadaan=satu.keadaan or "diturunkan",
        rumus=satu.rumus or footnote(rumus, {x.nama: x.judul for x in semua}, frame),
    )


def per_row(frame: pd.DataFrame, isi: Any, kolom_baku: str | None = None, baku: Any = None) -> list[Any]:
    """Nilai per baris: dari ``"=kolom"``, tetapan, kolom baku bila ada di bingkai data, atau ``baku``."""
    if reference(isi):
        return list(frame[reference(isi)])
    if isi is not None:
        return [isi] * len(frame)
    if kolom_baku and kolom_baku in frame.columns:
        return list(frame[kolom_baku])
    return [baku] * len(frame)


def _states(frame: pd.DataFrame, kolom: Kolom) -> list[Any]:
    """Keadaan tiap sel: menurut kolomnya, kolom ``keadaan`` bingkai, atau yang dibawa ``data.wide``."""
    if kolom.keadaan is None and "keadaan" not in frame.columns:
        dibawa = frame.attrs.get("keadaan", {}).get(kolom.nama, {})
        return [dibawa.get(x, "dikutip") for x in frame.index]
    return per_row(frame, kolom.keadaan, "keadaan", "dikutip")


def _cell(isi: Any, satuan: Any, desimal: Any, keadaan: Any, teks: Any, kolom: Kolom, kata: bool) -> Sel:
    nilai, kode = plain(isi), str(plain(satuan) or "teks")
    if nilai is None:
        nilai = plain(teks)
    if nilai is None or nilai == "":
        return Sel(None, kode, "tidak_tersedia", fmt.HILANG)
    status = str(plain(keadaan) or "dikutip")
    if status not in KEADAAN:
        raise GalatParameter(f"Keadaan angka '{status}' tidak dikenal; yang ada: {', '.join(KEADAAN)}.")
    if isinstance(nilai, str):
        return Sel(nilai, kode, status, nilai)
    tempat = None if plain(desimal) is None else int(plain(desimal))
    # Satuan yang seragam sudah tertulis di baris satuan; satuan campuran harus ikut pada tiap angka.
    campuran = reference(kolom.satuan) is not None
    tampilan = fmt.nilai(nilai, kode, tempat, skala=kolom.skala, lambang=campuran, kata=campuran and kata)
    penuh = fmt.decimals(kode) if tempat is None or kolom.skala else tempat
    return Sel(nilai, kode, status, tampilan, penuh)


def label_text(isi: Any, kolom: Kolom) -> str:
    """Isi sebuah kolom label sebagaimana dibaca orang."""
    nilai = plain(isi)
    if nilai is None:
        return ""
    if kolom.label is not None:
        if nilai not in kolom.label:
            raise GalatParameter(
                f"Kolom '{kolom.nama}': kode {nilai!r} tidak punya label; yang ada: {', '.join(map(str, kolom.label))}."
            )
        return kolom.label[nilai]
    if kolom.jenis == "bulan":
        return fmt.bulan(int(nilai))
    if kolom.jenis == "satuan":
        return fmt.satuan(nilai)
    if kolom.jenis == "keadaan":
        return state_name(nilai)
    if kolom.jenis == "bagian":
        return section(str(nilai))
    if kolom.jenis == "kode":
        return code_name(str(nilai))
    return str(nilai) if kolom.kutipan else term(str(nilai))


def state_name(keadaan: str) -> str:
    """Nama keadaan angka dalam bahasa yang berlaku."""
    return fmt.pick(NAMA_KEADAAN[keadaan])
