"""Kalimat yang membaca bingkai data: ``{baris.kolom}`` diisi angkanya dengan satuan dan bahasa pembaca.

Sebuah kalimat ditulis dalam kedua bahasa, ``{"id": ..., "en": ...}``, atau sebagai daftar pilihan yang masing-masing
boleh bersyarat; yang pertama terpenuhi dipakai::

    - {bila: "{akhir.capaian} < 100", id: "Baru **{akhir.capaian}** dari target.", en: "..."}
    - {id: "Target tercapai.", en: "..."}

``baris`` ialah label indeks bingkai, atau ``awal`` dan ``akhir``; ``{bingkai:baris.kolom}`` menunjuk salah satu dari
beberapa bingkai. Sesudah titik dua ada pilihan tampilan: ``penuh`` (seperti di tabel), banyaknya desimal, ``+``
(bertanda), ``abs``, ``tanpa`` (tanpa satuan), ``kecil`` (nama umum berhuruf kecil), atau skala ``juta``, ``miliar``,
``triliun``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from colformula import FormulaError, RowScope, evaluate, parse, plain
from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.istilah import code_name, section, term, terms

_ISIAN = re.compile(r"\{([^{}]*)\}")
_RUJUKAN = re.compile(r"(?:(?P<bingkai>\w+):)?(?P<baris>[^.:{}]+)\.(?P<kolom>\w+)(?::(?P<pilihan>[\w+,]+))?")
_SKALA = ("juta", "miliar", "triliun")
_PILIHAN = {"penuh", "+", "abs", "tanpa", "kecil", *_SKALA}
_TANPA_NAMA = {"nilai", "hasil_kali", "skala_4", "nomor", "tahun", "tanggal", "peringkat", "teks"}
_TAK_ADA = {"id": "tidak tersedia", "en": "not available"}
_BESAR = 1_000_000
NAMA_BULAN = "#bulan"
"""Kolom ``bulan`` tanpa satuan memuat nomor bulan, dan dibaca namanya; satuan ``bulan`` ialah lamanya."""

_WAKTU = {"tahun": "tahun", "bulan": NAMA_BULAN}
_KOSONG = pd.DataFrame(index=["-"])


@dataclass(frozen=True)
class Bingkai:
    """Satu bingkai dan cara membaca kolomnya.

    ``satuan`` kolom -> kode satuan (``"=kolom"`` per baris); ``sebutan`` kolom -> fungsi isi -> teks pembaca.
    """

    isi: pd.DataFrame
    satuan: Mapping[str, str] = field(default_factory=dict)
    sebutan: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)

    def row(self, nama: str) -> int:
        """Nomor baris menurut label indeksnya, atau ``awal`` dan ``akhir``."""
        label = [str(x) for x in self.isi.index]
        if nama in label:
            return label.index(nama)
        if nama in ("awal", "akhir") and label:
            return 0 if nama == "awal" else len(label) - 1
        raise GalatParameter(f"baris '{nama}' tidak ada; yang ada: {', '.join(label[:20]) or 'tidak ada baris'}")

    def cell(self, baris: str, kolom: str) -> tuple[Any, str | None]:
        """Isi sebuah sel dan satuannya; None untuk sel kosong."""
        if kolom not in self.isi.columns:
            raise GalatParameter(f"kolom '{kolom}' tidak ada; yang ada: {', '.join(map(str, self.isi.columns))}")
        nomor = self.row(baris)
        satuan = self.satuan.get(kolom) or self.isi.attrs.get("satuan", {}).get(kolom)
        if not satuan:
            waktu = _WAKTU.get(kolom.split("_")[0])
            satuan = waktu or ("=satuan" if "satuan" in self.isi.columns else None)
        if satuan and satuan.startswith("="):
            satuan = plain(self.isi[satuan[1:]].iloc[nomor])
        return plain(self.isi[kolom].iloc[nomor]), satuan


class Penulis:
    """Mengisi kalimat dari bingkai-bingkai satu jawaban.

    Parameters
    ----------
    bingkai : mapping of str to Bingkai
        Nama -> bingkai; yang bernama kosong dipakai ``{baris.kolom}`` tanpa nama.
    nilai : mapping
        Nilai lain yang disebut dengan namanya, misalnya ``tahun``; teks atau bilangan bulat.
    """

    def __init__(self, bingkai: Mapping[str, Bingkai], nilai: Mapping[str, Any]) -> None:
        self.bingkai, self.nilai = bingkai, nilai

    def say(self, kalimat: Any, amankan: Callable[[str], str] = str) -> str:
        """Kalimat dalam bahasa yang berlaku; kosong bila tidak ada pilihan yang syaratnya terpenuhi.

        Parameters
        ----------
        amankan : callable
            Diterapkan pada setiap isian, misalnya ``html.escape``.

        Raises
        ------
        GalatParameter
            Isian menunjuk bingkai, baris, kolom, atau pilihan yang tidak ada, atau kolomnya tanpa satuan.
        """
        for pilihan in kalimat if isinstance(kalimat, list) else [kalimat]:
            if isinstance(pilihan, str):
                return self._fill(pilihan, amankan)
            syarat = pilihan.get("bila", ())
            if all(self._holds(x) for x in ([syarat] if isinstance(syarat, str) else syarat)):
                return self._fill(fmt.pick({k: v for k, v in pilihan.items() if k != "bila"}), amankan)
        return ""

    def _fill(self, pola: str, amankan: Callable[[str], str]) -> str:
        return _ISIAN.sub(lambda x: amankan(self._text(x[1], pola)), pola).strip()

    def _text(self, isian: str, pola: str) -> str:
        if isian in self.nilai:
            return self._value(isian)
        isi, satuan, sebutan, pilihan = self._find(isian, pola)
        if sebutan is not None or isinstance(isi, str):
            kata = fmt.pick(_TAK_ADA) if isi in (None, "") else (sebutan or spoken)(isi)
            # Nama yang tidak dikenal istilah.yml adalah nama diri: "Program Air Minum" tetap berhuruf besar.
            kecil = pilihan == "kecil" and isi in terms()["nama"]
            return " ".join(x if x.isupper() else x.lower() for x in kata.split()) if kecil else kata
        pilihan = set(filter(None, pilihan.split(",")))
        asing = sorted(x for x in pilihan - _PILIHAN if not x.isdigit())
        if asing:
            raise self._fault(isian, pola, f"pilihan {', '.join(asing)} tidak ada; yang ada: {sorted(_PILIHAN)}")
        if satuan is None and isinstance(isi, float):
            raise self._fault(isian, pola, "kolom itu berisi pecahan tetapi tidak punya satuan")
        return number(isi, satuan, pilihan)

    def _value(self, nama: str) -> str:
        nilai = self.nilai[nama]
        if isinstance(nilai, float):
            raise GalatParameter(f"Nilai {nama} masih pecahan; beri sebagai bingkai supaya satuannya diketahui.")
        if isinstance(nilai, str):
            return term(nilai)  # nama dari data dibaca dalam bahasa pembaca, seperti isi bingkai
        return fmt.pick(_TAK_ADA) if nilai is None else str(nilai)

    def _find(self, isian: str, pola: str) -> tuple[Any, str | None, Callable[[Any], str] | None, str]:
        """Isi sel yang dirujuk, satuannya, sebutan kolomnya, dan pilihan tampilannya."""
        rujukan = _RUJUKAN.fullmatch(isian)
        if rujukan is None:
            ada = ", ".join(self.nilai) or "tidak ada"
            raise self._fault(isian, pola, f"bukan {{baris.kolom}} dan bukan nilai yang diberikan ({ada})")
        nama = rujukan["bingkai"] or ""
        if nama not in self.bingkai:
            ada = ", ".join(x for x in self.bingkai if x) or "tanpa nama"
            raise self._fault(isian, pola, f"bingkai '{nama}' tidak diberikan; yang ada: {ada}")
        bingkai = self.bingkai[nama]
        try:
            isi, satuan = bingkai.cell(rujukan["baris"], rujukan["kolom"])
        except GalatParameter as galat:
            raise self._fault(isian, pola, str(galat)) from None
        return isi, satuan, bingkai.sebutan.get(rujukan["kolom"]), rujukan["pilihan"] or ""

    def _holds(self, syarat: str) -> bool:
        """Apakah sebuah syarat terpenuhi; angka, baris, atau bingkai kosong yang tidak ada membuatnya tidak."""
        try:
            rumus = _ISIAN.sub(lambda x: self._raw(x[1], syarat), syarat)
            return bool(evaluate(parse(rumus), RowScope(_KOSONG, 0)))
        except _TakAda:
            return False
        except FormulaError as galat:
            raise GalatParameter(f"Syarat kalimat '{syarat}': {galat}") from None

    def _raw(self, isian: str, syarat: str) -> str:
        if isian in self.nilai:
            isi = plain(self.nilai[isian])
        else:
            rujukan = _RUJUKAN.fullmatch(isian)
            bingkai = rujukan and self.bingkai.get(rujukan["bingkai"] or "")
            if bingkai and bingkai.isi.empty:
                raise _TakAda
            isi = self._find(isian, syarat)[0]
        if isi is None or (isinstance(isi, float) and math.isnan(isi)):
            raise _TakAda
        return f'"{isi}"' if isinstance(isi, str) else f"({int(isi) if isinstance(isi, bool) else isi!r})"

    @staticmethod
    def _fault(isian: str, pola: str, sebab: str) -> GalatParameter:
        return GalatParameter(f"Kalimat '{pola.strip()[:80]}': isian {{{isian}}}: {sebab}.")


class _TakAda(Exception):
    """Isian sebuah syarat tidak bernilai."""


def spoken(isi: str) -> str:
    """Sebutan pembaca bagi sebuah nama atau kode; yang tidak dikenal apa adanya."""
    sebutan = term(isi)
    if sebutan == isi:
        return code_name(isi) if isi in terms()["kode"] else section(isi)
    return sebutan


def number(x: Any, satuan: str | None, pilihan: Sequence[str] | set[str] = ()) -> str:
    """Bilangan dalam kalimat: persen satu desimal, rupiah dan cacah besar berskala, lainnya menurut satuannya.

    Tanpa ``satuan`` cacah biasa; ``pilihan`` lihat keterangan modul.

    Examples
    --------
    >>> number(93.6829, "persen_capaian"), number(3864545000000, "rupiah"), number(27550000, "orang")
    ('93,7 persen', 'Rp3,86 triliun', '27,55 juta orang')
    """
    if x is None or fmt.is_missing(x):
        return fmt.pick(_TAK_ADA)
    if satuan == NAMA_BULAN:
        return fmt.bulan(int(x))
    x = abs(x) if "abs" in pilihan else x
    desimal = next((int(p) for p in pilihan if p.isdigit()), None)
    if satuan is None:  # cacah tanpa satuan; daftar satuan lembaga lain boleh tidak punya padanannya
        return fmt.selisih(x, desimal or 0) if "+" in pilihan else fmt.angka(x, desimal or 0)
    skala = next((p for p in pilihan if p in _SKALA), None)
    plus, kode = "+" in pilihan, satuan
    bersatuan = kode == "rupiah" or fmt.decimals(kode) == 0
    if skala is None and "penuh" not in pilihan and bersatuan and abs(x) >= _BESAR:
        skala = fmt.scale_of(x)
        desimal = _least_decimals(x, skala) if desimal is None else desimal
    if desimal is None and skala is None and "penuh" not in pilihan:
        # "target 41" dan "25 persen", bukan 41,00 dan 25,0
        desimal = 0 if float(x).is_integer() else 1 if kode in fmt.PERSEN else None
    if "tanpa" in pilihan:
        berskala = skala and kode != "rupiah"  # skalanya tetap disebut: "27,55 juta"
        return fmt.nilai(x, kode, desimal, skala=skala, plus=plus, lambang=bool(berskala))
    teks = fmt.nilai(x, kode, desimal, skala=skala, plus=plus, lambang=kode not in fmt.PERSEN)
    if kode in fmt.PERSEN:
        return teks + fmt.pick({"id": " persen", "en": "%"})
    nama = re.sub(r" \([A-Z]+\)$", "", fmt.satuan(kode))  # "beneficiary families (KPM)"
    return teks if kode == "rupiah" or kode in _TANPA_NAMA or "(" in nama else f"{teks} {nama}"


def _least_decimals(x: Any, skala: str) -> int:
    """Dua desimal, atau kurang bila angkanya bulat dalam skalanya: "10 juta", bukan "10,00 juta"."""
    banyak = fmt.round_half_up(x / 10 ** {"juta": 6, "miliar": 9, "triliun": 12}[skala], 2)
    return next((n for n in (0, 1) if float(fmt.round_half_up(banyak, n)) == float(banyak)), 2)


def bold(teks: str) -> str:
    """``**tebal**`` menjadi ``<strong>``; teksnya sudah diloloskan."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", teks)


def unbold(teks: str) -> str:
    """Teks tanpa tanda tebal."""
    return teks.replace("**", "")
