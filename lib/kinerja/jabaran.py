"""Jabaran: rumus sebuah sel yang diturunkan, dengan angka-angkanya dan tempat tiap angka itu di sumber.

Jabaran ditulis sekali per kolom di bawah ``jabaran:`` pada ``teks/<notebook>.yml`` dan diisi untuk tiap baris::

    jabaran:
      jenis_belanja:
        masukan: {pagu: anggaran/*/<kode>/pagu/*}
        penyerapan: realisasi / pagu * 100

Rumusnya berbahasa :mod:`colformula`: ``kolom`` nilai kolom pada baris itu, ``previous(kolom)`` baris sebelumnya,
``first(kolom)`` dan ``last(kolom)`` baris pertama dan terakhir, ``kolom[kunci="isi"]`` baris lain yang kuncinya berisi
itu; ``[tabel/kunci]`` angka data mentah menurut id-nya (``<kolom>`` diganti isi kolom, ``*`` sembarang bagian id,
``!x`` selain x); ``sum(...)``, ``mean(...)``, ``min(...)``, ``max(...)`` semua id yang sesuai, atau semua baris yang
bukan jumlah (``[kolom]`` membatasi pada baris yang isinya sama, ``[upto]`` pada baris itu dan di atasnya, ``[all]``
menyertakan baris jumlah).

``[iku/<kode>/pembilang]`` ialah angka yang ditunjuk tabel ``iku`` untuk indikator itu, atau untuk semua indikator
sasaran itu; begitu juga ``penyebut`` dan ``target``. ``[iku_riwayat/<kode>/<tahun>/pembilang]`` sama, bagi satu tahun
di tabel ``iku_riwayat``.

Pilihan ber-``telusur`` memakai hitungan ulang audit untuk id di kolom itu, ber-``catatan`` memakai catatan baris data
mentah itu (angka yang diturunkan saat dicatat).

Rumus dihitung untuk setiap sel, dan yang tidak menghasilkan isi selnya tidak diperlihatkan. Yang tidak dapat ditulis
sebagai rumus ditulis dengan kata dalam dua bahasa (rumus di antara kurung kurawal diisi angkanya), dengan masukannya di
``dari``. Dari daftar jabaran dipakai yang pertama sesuai.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from types import NoneType
from typing import Any

import pandas as pd

from colformula import FormulaError, Missing, Node, RowScope, Words, evaluate, parse, plain, write
from colformula.tree import Ref, matching, substitute
from kinerja import fmt, terbaca
from kinerja.berkas import packaged
from kinerja.errors import GalatParameter
from kinerja.istilah import code_name, section, term, word

_KUNCI = {"bila", "isi", "dari", "telusur", "catatan"}
_DISEBUT = 3
"""Bagian atau id terbanyak yang disebut bagi satu masukan."""

_SATU_SATU = 4
"""Masukan yang lebih banyak disebut sekaligus dengan pola idnya, supaya halaman tidak membengkak."""


@dataclass(frozen=True)
class Isian:
    """Jabaran satu sel: rumus dengan angkanya tanpa hasil, dan satu kalimat per masukan.

    ``dihitung``: rumusnya dijalankan dan hasilnya sama dengan isi sel; salah bila ditulis dengan kata.
    """

    teks: str
    dihitung: bool
    masukan: tuple[str, ...]


class _Baris(RowScope):
    """Satu baris tabel yang sedang dijabarkan, dan kalimat masukan yang terkumpul selama itu."""

    def __init__(self, penjabar: Penjabar, tabel: Any, nomor: int, masukan: Mapping[str, Sequence[str]]) -> None:
        super().__init__(tabel.frame, nomor, tabel.frame[tabel.tebal].astype(bool) if tabel.tebal else None)
        self.penjabar, self.tabel, self.masukan = penjabar, tabel, masukan
        self.kolom = {x.nama: x for x in tabel.kolom}
        self.kalimat: dict[str, None] = {}

    def matches(self, kolom: str, isi: Any) -> bool:
        """Apakah isi baris itu memenuhi satu syarat ``bila``; ``=kolom`` berarti sama dengan kolom lain."""
        if kolom not in self.frame.columns:
            return False
        nilai = self.cell(kolom)
        if isinstance(isi, str) and isi.startswith("="):
            return nilai == self.cell(isi[1:])
        return nilai in isi if isinstance(isi, list) else nilai == isi

    def fill_ids(self, pola: str) -> str:
        """Pola id dengan ``<kolom>`` diganti isi kolom baris itu."""

        def isi(kolom: str) -> str:
            nilai = self.cell(kolom)
            if fmt.is_missing(nilai):
                raise Missing(kolom)
            return str(int(nilai)) if isinstance(nilai, float) else str(nilai)

        return substitute(pola, isi)

    def ids(self, pola: str) -> list[str]:
        return self.penjabar._ids(self.fill_ids(pola))

    def values(self, leaf: Node, many: bool) -> list[Any]:
        if isinstance(leaf, Ref):
            return [plain(self.penjabar.fakta[x]["nilai"]) for x in self.ids(leaf.path)]
        return super().values(leaf, many)

    def label(self, leaf: Node) -> str:
        return self.fill_ids(leaf.path) if isinstance(leaf, Ref) else super().label(leaf)

    def say(self, leaf: Node, many: bool) -> list[str]:
        """Angka masukan sebagai teks; kalimat asal-usulnya dicatat."""
        if isinstance(leaf, Ref):
            ids = self.ids(leaf.path)
            self.note_facts(ids, self.fill_ids(leaf.path))
            tahun = self.penjabar.fakta[ids[0]]["satuan"] == "tahun"
        else:
            self._note_column(self.column(leaf), self.rows(leaf, many))
            tahun = self.column(leaf).startswith("tahun")
        nilai = self.many(leaf) if many else [self.one(leaf)]
        return [_number(x, tahun and not many) for x in nilai]

    def note_table(self, tabel: str) -> None:
        data = self.penjabar.data
        if not data.has(tabel):
            raise Missing(tabel)
        isi = data[tabel]
        tempat = _places(isi["bagian"].unique()) if "bagian" in isi else ""
        self.kalimat[f"{tabel}: {len(isi)} {word('baris_data')}{tempat}"] = None

    def note_facts(self, ids: Sequence[str], pola: str) -> None:
        if len(ids) > _SATU_SATU:
            self.kalimat[f"{pola}: {len(ids)} {word('angka')}{self.penjabar.places(ids)}"] = None
            return
        for id_ in ids:
            fakta = self.penjabar.fakta[id_]
            kosong = fmt.is_missing(fakta["nilai"])
            isi = fakta["teks"] or fmt.HILANG if kosong else _number(fakta["nilai"], fakta["satuan"] == "tahun")
            self.kalimat[f"{id_}: {isi}{self.penjabar.places([id_])}"] = None

    def _note_column(self, kolom: str, urutan: Sequence[int]) -> None:
        judul = self.kolom[kolom].judul if kolom in self.kolom else ""
        if len(urutan) > _SATU_SATU:
            ids = [x for n in urutan for x in self._input_ids(kolom, n)]
            self.kalimat[f"{judul or kolom}: {len(urutan)} {word('baris_tabel_ini')}{self.penjabar.places(ids)}"] = None
            return
        for nomor in urutan:
            nilai = self.cell(kolom, nomor)
            if fmt.is_missing(nilai) or isinstance(nilai, str):
                continue
            asal = self._origin(kolom, nomor)
            if asal or judul:
                angka = _number(nilai, kolom.startswith("tahun"))
                kepala = f"{judul} {angka}" if judul else angka
                self.kalimat[f"{kepala}: {asal}" if asal else kepala] = None

    def _input_ids(self, kolom: str, nomor: int) -> list[str]:
        """Id data mentah sebuah sel masukan: dari ``data.wide``, atau yang sesuai pola ``masukan`` dan senilai."""
        nilai, fakta = self.cell(kolom, nomor), self.penjabar.fakta
        dibawa = self.frame.attrs.get("ids", {}).get(kolom, {}).get(self.frame.index[nomor])
        if dibawa is not None and fakta[dibawa]["nilai"] == nilai:
            return [dibawa]
        semula, self.row = self.row, nomor
        try:
            for pola in self.masukan.get(kolom, ()):
                with suppress(Missing):
                    ids = [x for x in self.ids(pola) if fakta[x]["nilai"] == nilai]
                    if ids:
                        return ids
        finally:
            self.row = semula
        return []

    def _origin(self, kolom: str, nomor: int) -> str:
        """Id dan bagian sumber sebuah sel masukan; sel yang diturunkan menunjuk jabarannya sendiri."""
        ids = self._input_ids(kolom, nomor)
        if ids:
            return "; ".join(x + self.penjabar.places([x]) for x in ids[:_DISEBUT])
        satu = self.kolom.get(kolom)
        turunan = satu is not None and satu.bernilai and self.tabel.cells(satu)[nomor].keadaan == "diturunkan"
        return word("lihat_sel") if turunan else ""


class _Fakta(terbaca.PerId):
    """Angka menurut idnya; angka wilayah, yang bukan angka laporan, dicari saat diminta."""

    def __init__(self, data: Any, isi: Mapping[str, Any]) -> None:
        super().__init__(data.tahun, isi)
        self._data = data

    def __missing__(self, id_: str) -> Any:
        try:
            return self._data.baris(id_)
        except GalatParameter as galat:
            raise KeyError(id_) from galat


class Penjabar:
    """Mengisi jabaran satu notebook.

    Parameters
    ----------
    data : kinerja.data.Data
        Data tahun itu; tempat id dicari.
    telusur : callable
        Id angka -> kalimat asal-usulnya (:meth:`kinerja.audit.Audit.sentences`), untuk kolom ber-``telusur``.
    """

    def __init__(self, data: Any, telusur: Callable[[str, str | None], Sequence[str]]) -> None:
        self.data, self._telusur = data, telusur
        self._cocok: dict[str, list[str]] = {}

    @cached_property
    def fakta(self) -> dict[str, dict[str, Any]]:
        isi = self.data.facts_unnoted()[["nilai", "teks", "satuan", "bagian", "catatan"]].to_dict("index")
        return _Fakta(self.data, isi)

    @cached_property
    def _per_tabel(self) -> dict[str, list[str]]:
        hasil: dict[str, list[str]] = {}
        for id_ in self.fakta:
            hasil.setdefault(id_.split("/", 1)[0], []).append(id_)
        return hasil

    def places(self, ids: Sequence[str]) -> str:
        """Bagian sumber angka-angka itu, di antara kurung."""
        return _places(self.fakta[x]["bagian"] for x in ids)

    def fill(self, spec: Any, baris: _Baris, nilai: Any) -> Isian:
        """Jabaran satu sel yang berisi ``nilai``.

        Parameters
        ----------
        spec : str, mapping, or list of mapping
            Uraian kolom di berkas teks: rumus, ``{"id": ..., "en": ...}``, atau ``{"bila": {kolom: isi}, "isi": ...,
            "dari": [id, ...]}``; dari beberapa pilihan dipakai yang pertama sesuai.

        Raises
        ------
        Missing
            Tidak ada pilihan yang sesuai, masukannya tidak ada, atau rumusnya tidak menghasilkan ``nilai``.
        GalatParameter
            Uraian memuat kunci yang tidak dikenal, atau rumusnya tidak sah.
        """
        sebab: list[str] = []
        for pilihan in spec if isinstance(spec, list) else [spec]:
            if isinstance(pilihan, str) or not {"isi", "telusur", "catatan"} & set(pilihan):
                pilihan = {"isi": pilihan}
            asing = sorted(set(pilihan) - _KUNCI)
            if asing:
                raise GalatParameter(f"Jabaran: kunci {', '.join(asing)} tidak dikenal; yang ada: {sorted(_KUNCI)}.")
            if not all(baris.matches(kolom, isi) for kolom, isi in (pilihan.get("bila") or {}).items()):
                continue
            try:
                if "telusur" in pilihan:
                    return self._traced(pilihan, baris)
                return self._noted(pilihan, baris) if "catatan" in pilihan else self._filled(pilihan, baris, nilai)
            except Missing as kosong:
                sebab.append(str(kosong))
            except FormulaError as galat:
                raise GalatParameter(f"Jabaran '{pilihan['isi']}': {galat}") from None
        raise Missing("; ".join(sebab) or "tidak ada pilihan yang sesuai")

    def _traced(self, pilihan: Mapping[str, Any], baris: _Baris) -> Isian:
        kolom_id, _, kolom_klaim = pilihan["telusur"].partition(",")
        id_ = str(baris.cell(kolom_id)).split("; ")[0]
        kalimat = self._telusur(id_, str(baris.cell(kolom_klaim)) if kolom_klaim else None)
        if not kalimat:
            raise Missing(id_)
        return Isian(kalimat[0], False, tuple(kalimat[1:]))

    def _noted(self, pilihan: Mapping[str, Any], baris: _Baris) -> Isian:
        """Angka yang sudah diturunkan saat dicatat di data mentah: catatan barisnya menyebut caranya."""
        id_ = baris.ids(pilihan["catatan"])[0]
        catatan = self.fakta[id_]["catatan"]
        if not catatan:
            raise Missing(id_)
        return Isian(term(catatan), False, (id_ + self.places([id_]),))

    def _filled(self, pilihan: Mapping[str, Any], baris: _Baris, nilai: Any) -> Isian:
        baris.kalimat.clear()
        isi, kata = pilihan["isi"], _words(fmt.language())
        dihitung = isinstance(isi, str)
        if dihitung:
            pohon = parse(isi)
            try:
                hasil = evaluate(pohon, baris)
            except ZeroDivisionError:
                raise Missing("penyebut nol") from None
            teks = write(pohon, baris, kata)
        else:
            teks = re.sub(r"\{([^{}]+)\}", lambda x: write(parse(x[1]), baris, kata), fmt.pick(isi)).strip()
        for rujukan in pilihan.get("dari") or ():
            if "/" in rujukan:
                baris.note_facts(baris.ids(rujukan), baris.fill_ids(rujukan))
            else:
                baris.note_table(rujukan)
        if dihitung:
            bilangan = not isinstance(nilai, str | NoneType) and not isinstance(hasil, str)
            if not bilangan or not math.isclose(hasil, nilai, rel_tol=1e-9, abs_tol=1e-9):
                raise Missing(f"{teks} bukan {nilai}")
        return Isian(teks, dihitung, tuple(baris.kalimat))

    def _ids(self, pola: str) -> list[str]:
        """Id yang sesuai dengan pola, menurut urutan data mentah."""
        if pola not in self._cocok:
            if pola.startswith(("iku/", "iku_riwayat/")):
                self._cocok[pola] = self._indicator_ids(*pola.split("/"))
            else:
                tabel = pola.split("/", 1)[0]
                terbaca.note_table(self.data.tahun, tabel)
                self._cocok[pola] = matching(pola, self._per_tabel.get(tabel, ()))
        if not self._cocok[pola]:
            raise Missing(pola)
        return self._cocok[pola]

    def _indicator_ids(self, tabel: str, kode: str, *lanjutan: str) -> list[str]:
        *tahun, ukuran = lanjutan
        if not self.data.has(tabel):
            return []
        isi = self.data[tabel]
        pilih = (isi["kode"] == kode) | (kode == "*")
        pilih |= isi["sasaran"] == kode if "sasaran" in isi else False
        if tahun:
            pilih &= isi["tahun"].astype(str) == tahun[0]
        # Satu sel dapat menunjuk beberapa baris, misalnya keempat triwulan.
        ids = list(dict.fromkeys(" ".join(isi.loc[pilih, ukuran]).split()))
        for id_ in ids:
            terbaca.note_table(self.data.tahun, id_.split("/")[0])
        return [x for x in ids if x in self.fakta]


class JabaranTabel:
    """Jabaran satu tabel: dari kolom dan nomor baris ke :class:`Isian`.

    Kolom yang dibuat ``derive`` membawa rumusnya sendiri (``attrs["formulas"]``); yang lain ditulis di ``spec``.
    """

    def __init__(self, penjabar: Penjabar, spec: Mapping[str, Any], rumus: Mapping[str, Any] | None = None) -> None:
        self._penjabar = penjabar
        self._rumus = {k: v for k, v in (rumus or {}).items() if k not in spec}
        self._spec = {**self._rumus, **{k: v for k, v in spec.items() if k != "masukan"}}
        self._masukan = {k: [v] if isinstance(v, str) else v for k, v in (spec.get("masukan") or {}).items()}

    def fill(self, tabel: Any, kolom: str, nomor: int) -> Isian:
        """Jabaran sel ``kolom`` pada baris ke-``nomor`` (dari 0) sebuah :class:`kinerja.tables.Tabel`.

        Raises
        ------
        Missing
            Kolom itu tidak punya jabaran, atau masukannya tidak ada pada baris itu.
        """
        spec = self._spec.get(kolom)
        if kolom in self._rumus and not isinstance(spec, str):
            spec = spec.get(str(tabel.frame.index[nomor]), spec.get("*"))
        if spec is None:
            raise Missing(kolom)
        baris = _Baris(self._penjabar, tabel, nomor, self._masukan)
        return self._penjabar.fill(spec, baris, tabel.cells(baris.kolom[kolom])[nomor].nilai)

    def sentences(self, tabel: Any, kolom: str, nomor: int, hasil: str) -> list[str]:
        """Kalimat-kalimat untuk sel itu: rumus dengan angkanya dan hasilnya, lalu masukannya; kosong bila tidak ada."""
        try:
            isian = self.fill(tabel, kolom, nomor)
        except Missing:
            return []
        # Hitungan yang hanya menyalin satu angka tidak perlu "40 = 40,00".
        ulang = not isian.dihitung or " " not in isian.teks
        return [isian.teks if ulang else f"{isian.teks} = {hasil}", *isian.masukan]


@cache
def _words(bahasa: str) -> Words:
    frasa = packaged("jawaban.yml")["rumus"]
    return Words({k: x[bahasa] for k, x in frasa.items()}, "," if bahasa == "id" else ".")


def _places(bagian: Iterable[str]) -> str:
    tempat = "; ".join(map(section, list(dict.fromkeys(bagian))[:_DISEBUT]))
    return f" ({tempat})" if tempat else ""


def _number(x: Any, tahun: bool = False) -> str:
    """Angka selengkapnya: bulat tanpa desimal, pecahan dengan desimal seperlunya sampai empat (enam bila kecil)."""
    if isinstance(x, str):
        return x
    nilai = float(x)
    if tahun:
        return str(int(nilai))
    if nilai.is_integer():
        return fmt.angka(int(nilai))
    terbanyak = 4 if abs(nilai) >= 0.1 else 6
    desimal = next((n for n in range(terbanyak) if abs(round(nilai, n) - nilai) < 1e-9 * max(1, abs(nilai))), terbanyak)
    return fmt.angka(nilai, desimal)


def footnote(rumus: str | Mapping[str, str], judul: Mapping[str, str], frame: pd.DataFrame) -> str:
    """Rumus ``derive`` sebagai catatan kaki: nama kolom menjadi kepala kolom, kunci baris menjadi nama barisnya.

    Rumus yang berbeda per baris disambung dengan titik koma.

    Examples
    --------
    >>> frame = pd.DataFrame({"nama": ["Semua"]}, index=["jumlah"])
    >>> footnote('kpm / kpm["jumlah"] * 100', {"kpm": "KPM"}, frame)
    'KPM / KPM (Semua) × 100'
    """
    if not isinstance(rumus, str):
        return "; ".join(footnote(x, judul, frame) for x in dict.fromkeys(rumus.values()))
    kata = {k: fmt.pick(x) for k, x in packaged("jawaban.yml")["fungsi"].items()}
    kata |= {k: v[:1].upper() + v[1:] if v.islower() else v for k, v in judul.items()}

    def ganti(potong: re.Match[str]) -> str:
        if potong["kunci"] is not None:
            return f" ({_row_name(potong['kunci'], frame)})"
        nama = potong["nama"]
        return kata.get(nama, term(nama.replace("_", " ")))

    teks = re.sub(r'\["(?P<kunci>[^"]*)"\]|(?P<nama>[A-Za-z_]\w*)', ganti, rumus)
    teks = teks.replace("*", "×").replace(" - ", " − ")
    return teks.replace(".", ",") if fmt.language() == "id" and re.search(r"\d\.\d", teks) else teks


def _row_name(kunci: str, frame: pd.DataFrame) -> str:
    baris = [n for n, x in enumerate(frame.index) if str(x) == kunci]
    if baris and "nama" in frame.columns:
        return term(str(frame["nama"].iloc[baris[0]]))
    return code_name(kunci)
