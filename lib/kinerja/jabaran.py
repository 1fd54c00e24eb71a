"""Jabaran: rumus sebuah sel yang diturunkan, dengan angka-angkanya dan tempat tiap angka itu di sumber.

Jabaran ditulis sekali per kolom di bawah ``jabaran:`` pada ``teks/<notebook>.yml`` dan diisi untuk tiap baris::

    jabaran:
      jenis_belanja:
        masukan: {pagu: anggaran/*/<kode>/pagu/*}
        penyerapan: "{realisasi} / {pagu} × 100"

Isi ``{...}``:

- ``{kolom}``: nilai kolom bingkai data pada baris itu; ``{kolom@atas}`` baris sebelumnya, ``{kolom@awal}`` dan
  ``{kolom@akhir}`` baris pertama dan terakhir, ``{kolom@kunci=isi}`` baris lain yang kuncinya berisi itu;
- ``{tabel/kunci}``: angka data mentah menurut id-nya; ``<kolom>`` diganti isi kolom, ``*`` sembarang bagian
  id, ``!x`` selain x;
- ``{jumlah ...}``, ``{rata ...}``, ``{median ...}``, ``{terendah ...}``, ``{tertinggi ...}``, ``{banyak ...}``: banyak
  angka sekaligus: semua id yang sesuai, atau semua baris yang bukan jumlah. ``@kolom`` membatasi pada baris yang
  isinya sama, ``@sampai`` pada baris itu dan baris di atasnya,
  ``@semua`` menyertakan baris jumlah.

- ``{iku/<kode>/pembilang}``: angka yang ditunjuk tabel ``iku`` untuk indikator itu, atau untuk semua indikator sasaran
  itu; begitu juga ``penyebut`` dan ``target``. ``{iku_riwayat/<kode>/<tahun>/pembilang}`` sama, bagi satu tahun di
  tabel ``iku_riwayat``.

``atas(...)``, ``bawah(...)``, ``bulat(...)``, ``min(...; ...)``, dan ``maks(...; ...)`` boleh dipakai dalam hitungan.
Pilihan ber-``telusur`` memakai hitungan ulang audit untuk id di kolom itu, ber-``catatan`` memakai catatan baris data
mentah itu (angka yang diturunkan saat dicatat).

Jabaran tanpa kata ialah hitungan: dijalankan untuk setiap sel, dan yang tidak menghasilkan isi selnya tidak
diperlihatkan. Yang tidak dapat ditulis sebagai hitungan ditulis dengan kata dalam dua bahasa, dengan masukannya di
``dari``. Dari daftar jabaran dipakai yang pertama sesuai.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from kinerja import fmt, terbaca
from kinerja.errors import GalatParameter
from kinerja.panels.istilah import term

_TEMPAT = re.compile(r"\{(?:(jumlah|banyak|rata|median|terendah|tertinggi) )?([^{}@]+)(?:@([^{}]+))?\}")
_KUNCI = {"bila", "isi", "dari", "telusur", "catatan"}
_TERPANJANG = 8
"""Deret yang lebih panjang dipotong di tengah: pembaca melihat polanya dan banyaknya."""

_SATU_SATU = 4
"""Masukan yang lebih banyak disebut sekaligus dengan pola idnya, supaya halaman tidak membengkak."""

_KATA = {
    "terendah": {"id": "terendah dari", "en": "lowest of"},
    "tertinggi": {"id": "tertinggi dari", "en": "highest of"},
    "median": {"id": "median dari", "en": "median of"},
    "banyak": {"id": "banyaknya", "en": "number of"},
}


_FUNGSI = {
    "sum": sum,
    "min": min,
    "max": max,
    "maks": max,
    "median": statistics.median,
    # ekor biner dipangkas dahulu: 0,29 × 100 tetap 29
    "atas": lambda x: math.ceil(round(x, 9)),
    "bawah": lambda x: math.floor(round(x, 9)),
    "bulat": lambda x: fmt.round_half_up(x, 0),
}
_SEBUTAN_FUNGSI = {
    "min": {"id": "terkecil dari ", "en": "smaller of "},
    "maks": {"id": "terbesar dari ", "en": "larger of "},
    "atas": {"id": "dibulatkan ke atas ", "en": "rounded up "},
    "bawah": {"id": "dibulatkan ke bawah ", "en": "rounded down "},
    "bulat": {"id": "dibulatkan ", "en": "rounded "},
}


class Kosong(Exception):
    """Masukan sebuah jabaran tidak ada pada baris itu; selnya diperlihatkan tanpa jabaran."""


@dataclass(frozen=True)
class Isian:
    """Jabaran satu sel.

    ``teks`` rumus dengan angkanya, tanpa hasil; ``dihitung`` benar bila rumus itu dijalankan dan hasilnya sama dengan
    isi sel, salah bila ditulis dengan kata; ``masukan`` satu kalimat per masukan.
    """

    teks: str
    dihitung: bool
    masukan: tuple[str, ...]


@dataclass
class _Baris:
    """Satu baris bingkai data yang sedang dijabarkan, dan yang terkumpul selama itu."""

    frame: pd.DataFrame
    nomor: int
    judul: Mapping[str, str]
    keadaan: Callable[[str, int], str | None]
    masukan: Mapping[str, Sequence[str]]
    tebal: Sequence[bool]
    kalimat: dict[str, None] = field(default_factory=dict)

    def get(self, kolom: str) -> Any:
        if kolom not in self.frame.columns:
            raise Kosong(kolom)
        return self.frame[kolom].iloc[self.nomor]


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
        self._data, self._telusur = data, telusur
        self._cocok: dict[str, list[str]] = {}

    @cached_property
    def _fakta(self) -> dict[str, dict[str, Any]]:
        isi = self._data.facts_unnoted()[["nilai", "teks", "satuan", "bagian", "catatan"]].to_dict("index")
        return terbaca.PerId(self._data.tahun, isi)

    @cached_property
    def _per_tabel(self) -> dict[str, list[str]]:
        hasil: dict[str, list[str]] = {}
        for id_ in self._fakta:
            hasil.setdefault(id_.split("/", 1)[0], []).append(id_)
        return hasil

    def fill(self, spec: Any, baris: _Baris, nilai: Any) -> Isian:
        """Jabaran satu sel yang berisi ``nilai``.

        Parameters
        ----------
        spec : str, mapping, or list of mapping
            Uraian kolom di berkas teks: hitungan, ``{"id": ..., "en": ...}``, atau ``{"bila": {kolom: isi}, "isi": ...,
            "dari": [id, ...]}``; dari beberapa pilihan dipakai yang pertama sesuai.
        baris : _Baris

        Raises
        ------
        Kosong
            Tidak ada pilihan yang sesuai, masukannya tidak ada, atau hitungannya tidak menghasilkan ``nilai``.
        GalatParameter
            Uraian memuat kunci yang tidak dikenal.
        """
        sebab: list[str] = []
        for pilihan in spec if isinstance(spec, list) else [spec]:
            if isinstance(pilihan, str) or not {"isi", "telusur", "catatan"} & set(pilihan):
                pilihan = {"isi": pilihan}
            asing = sorted(set(pilihan) - _KUNCI)
            if asing:
                raise GalatParameter(f"Jabaran: kunci {', '.join(asing)} tidak dikenal; yang ada: {sorted(_KUNCI)}.")
            if not all(_matches(baris, kolom, isi) for kolom, isi in (pilihan.get("bila") or {}).items()):
                continue
            try:
                if "telusur" in pilihan:
                    return self._traced(pilihan, baris)
                return self._noted(pilihan, baris) if "catatan" in pilihan else self._filled(pilihan, baris, nilai)
            except Kosong as kosong:
                sebab.append(str(kosong))
        raise Kosong("; ".join(sebab) or "tidak ada pilihan yang sesuai")

    def _traced(self, pilihan: Mapping[str, Any], baris: _Baris) -> Isian:
        kolom_id, _, kolom_klaim = pilihan["telusur"].partition(",")
        id_ = str(baris.get(kolom_id)).split("; ")[0]
        kalimat = self._telusur(id_, str(baris.get(kolom_klaim)) if kolom_klaim else None)
        if not kalimat:
            raise Kosong(id_)
        return Isian(kalimat[0], False, tuple(kalimat[1:]))

    def _has(self, id_: str) -> bool:
        terbaca.note_table(self._data.tahun, id_.split("/")[0])
        return id_ in self._fakta

    def _noted(self, pilihan: Mapping[str, Any], baris: _Baris) -> Isian:
        """Angka yang sudah diturunkan saat dicatat di data mentah: catatan barisnya menyebut caranya."""
        id_ = self._ids(_substitute(pilihan["catatan"], baris))[0]
        catatan = self._fakta[id_]["catatan"]
        if not catatan:
            raise Kosong(id_)
        return Isian(term(catatan), False, (f"{id_} ({self._fakta[id_]['bagian']})",))

    def _filled(self, pilihan: Mapping[str, Any], baris: _Baris, nilai: Any) -> Isian:
        baris.kalimat.clear()
        pola = pilihan["isi"] if isinstance(pilihan["isi"], str) else fmt.pick(pilihan["isi"])
        sendiri = _TEMPAT.fullmatch(pola.strip()) is not None
        teks, hitungan, akhir = [], [], 0
        for cocok in _TEMPAT.finditer(pola):
            tampil, angka = self._place(*cocok.groups(), sendiri, baris)
            antara = pola[akhir : cocok.start()]
            teks += [_localise(antara), tampil]
            hitungan += [antara, angka]
            akhir = cocok.end()
        teks.append(_localise(pola[akhir:]))
        hitungan.append(pola[akhir:])
        for rujukan in pilihan.get("dari") or ():
            pola_id = _substitute(rujukan, baris)
            if "/" in pola_id:
                self._note_facts(self._ids(pola_id), pola_id, baris)
            else:
                self._note_table(pola_id, baris)
        dihitung = isinstance(pilihan["isi"], str)
        if dihitung and not _yields("".join(hitungan), nilai):
            raise Kosong(f"{''.join(teks)} bukan {nilai}")
        return Isian("".join(teks).strip(), dihitung, tuple(baris.kalimat))

    def _place(
        self, fungsi: str | None, rujukan: str, saring: str | None, sendiri: bool, baris: _Baris
    ) -> tuple[str, str]:
        """Isi satu ``{...}``: teks bagi pembaca dan bilangan bagi hitungan."""
        if "/" in rujukan:
            pola = _substitute(rujukan, baris)
            ids = self._ids(pola)
            nilai = [self._fakta[x]["nilai"] for x in ids]
            self._note_facts(ids, pola, baris)
            sebutan = pola
        else:
            ids, pola = [], rujukan
            urutan = _rows(rujukan, saring, fungsi is not None, baris)
            nilai = [_plain(baris.frame[rujukan].iloc[x]) for x in urutan]
            self._note_column(rujukan, urutan, baris)
            sebutan = fmt.pick({"id": "baris", "en": "rows"})
        if fungsi is None:
            if len(set(nilai)) != 1 or fmt.is_missing(nilai[0]):
                raise Kosong(pola)
            satu = nilai[0]
            if isinstance(satu, str):
                return satu, repr(satu)
            tahun = rujukan.startswith("tahun") or (ids and self._fakta[ids[0]]["satuan"] == "tahun")
            return (str(int(satu)) if tahun else _number(satu)), f"({satu!r})"
        if fungsi == "banyak":
            return f"{fmt.pick(_KATA['banyak'])} {sebutan}", str(len(nilai))
        return _series(fungsi, [x for x in nilai if not fmt.is_missing(x)], sendiri)

    def _ids(self, pola: str) -> list[str]:
        """Id yang sesuai dengan pola, menurut urutan data mentah."""
        if pola not in self._cocok:
            if pola.startswith(("iku/", "iku_riwayat/")):
                self._cocok[pola] = self._indicator_ids(*pola.split("/"))
            else:
                cari = re.compile("/".join(_segment(x) for x in pola.split("/")))
                tabel = pola.split("/", 1)[0]
                terbaca.note_table(self._data.tahun, tabel)
                self._cocok[pola] = [x for x in self._per_tabel.get(tabel, ()) if cari.fullmatch(x)]
        if not self._cocok[pola]:
            raise Kosong(pola)
        return self._cocok[pola]

    def _indicator_ids(self, tabel: str, kode: str, *lanjutan: str) -> list[str]:
        *tahun, ukuran = lanjutan
        if not self._data.has(tabel):
            return []
        isi = self._data[tabel]
        pilih = (isi["kode"] == kode) | (kode == "*")
        pilih |= isi["sasaran"] == kode if "sasaran" in isi else False
        if tahun:
            pilih &= isi["tahun"].astype(str) == tahun[0]
        # Satu sel dapat menunjuk beberapa baris, misalnya keempat triwulan.
        return [x for x in dict.fromkeys(" ".join(isi.loc[pilih, ukuran]).split()) if self._has(x)]

    def _note_table(self, tabel: str, baris: _Baris) -> None:
        if not self._data.has(tabel):
            raise Kosong(tabel)
        isi = self._data[tabel]
        tempat = "; ".join(list(dict.fromkeys(isi["bagian"]))[:3]) if "bagian" in isi else ""
        kata = fmt.pick({"id": "baris data", "en": "rows of data"})
        baris.kalimat[f"{tabel}: {len(isi)} {kata}" + (f" ({tempat})" if tempat else "")] = None

    def _note_facts(self, ids: Sequence[str], pola: str, baris: _Baris) -> None:
        if len(ids) > _SATU_SATU:
            kata = fmt.pick({"id": "angka", "en": "numbers"})
            baris.kalimat[f"{pola}: {len(ids)} {kata} ({self._places(ids)})"] = None
            return
        for id_ in ids:
            fakta = self._fakta[id_]
            isi = fakta["teks"] or fmt.HILANG if fmt.is_missing(fakta["nilai"]) else self._say(id_)
            baris.kalimat[f"{id_}: {isi} ({fakta['bagian']})"] = None

    def _say(self, id_: str) -> str:
        fakta = self._fakta[id_]
        return str(int(fakta["nilai"])) if fakta["satuan"] == "tahun" else _number(fakta["nilai"])

    def _note_column(self, kolom: str, urutan: Sequence[int], baris: _Baris) -> None:
        judul = baris.judul.get(kolom, "")
        if len(urutan) > _SATU_SATU:
            kata = fmt.pick({"id": "baris tabel ini", "en": "rows of this table"})
            ids = [x for n in urutan for x in self._input_ids(kolom, n, _plain(baris.frame[kolom].iloc[n]), baris)]
            tempat = f" ({self._places(ids)})" if ids else ""
            baris.kalimat[f"{judul or kolom}: {len(urutan)} {kata}{tempat}"] = None
            return
        for nomor in urutan:
            nilai = _plain(baris.frame[kolom].iloc[nomor])
            if fmt.is_missing(nilai) or isinstance(nilai, str):
                continue
            asal = self._origin(kolom, nomor, nilai, baris)
            if asal or judul:
                angka = str(int(nilai)) if kolom.startswith("tahun") else _number(nilai)
                kepala = f"{judul} {angka}" if judul else angka
                baris.kalimat[f"{kepala}: {asal}" if asal else kepala] = None

    def _places(self, ids: Sequence[str]) -> str:
        return "; ".join(list(dict.fromkeys(self._fakta[x]["bagian"] for x in ids))[:3])

    def _input_ids(self, kolom: str, nomor: int, nilai: Any, baris: _Baris) -> list[str]:
        """Id data mentah sebuah sel masukan: yang sesuai pola ``masukan`` kolomnya dan nilainya sama."""
        lain = _Baris(baris.frame, nomor, baris.judul, baris.keadaan, baris.masukan, baris.tebal)
        for pola in baris.masukan.get(kolom, ()):
            try:
                ids = [x for x in self._ids(_substitute(pola, lain)) if self._fakta[x]["nilai"] == nilai]
            except Kosong:
                continue
            if ids:
                return ids
        return []

    def _origin(self, kolom: str, nomor: int, nilai: Any, baris: _Baris) -> str:
        """Id dan bagian sumber sebuah sel masukan; sel yang diturunkan menunjuk jabarannya sendiri."""
        ids = self._input_ids(kolom, nomor, nilai, baris)
        if ids:
            return "; ".join(f"{x} ({self._fakta[x]['bagian']})" for x in ids[:3])
        if baris.keadaan(kolom, nomor) == "diturunkan":
            return fmt.pick({"id": "diturunkan, lihat selnya", "en": "derived, see its cell"})
        return ""


class JabaranTabel:
    """Jabaran satu tabel: dari kolom dan nomor baris ke :class:`Isian`."""

    def __init__(self, penjabar: Penjabar, spec: Mapping[str, Any]) -> None:
        self._penjabar, self._spec = penjabar, {k: v for k, v in spec.items() if k != "masukan"}
        self._masukan = {k: [v] if isinstance(v, str) else v for k, v in (spec.get("masukan") or {}).items()}

    def __contains__(self, kolom: str) -> bool:
        return kolom in self._spec

    def fill(self, tabel: Any, kolom: str, nomor: int) -> Isian:
        """Jabaran sel ``kolom`` pada baris ke-``nomor`` (dari 0) sebuah :class:`kinerja.tables.Tabel`.

        Raises
        ------
        Kosong
            Kolom itu tidak punya jabaran, atau masukannya tidak ada pada baris itu.
        """
        if kolom not in self._spec:
            raise Kosong(kolom)
        per_nama = {x.nama: x for x in tabel.kolom}

        def keadaan(nama: str, urutan: int) -> str | None:
            satu = per_nama.get(nama)
            return tabel.cells(satu)[urutan].keadaan if satu is not None and satu.bernilai else None

        tebal = list(tabel.frame[tabel.tebal].astype(bool)) if tabel.tebal else [False] * len(tabel.frame)
        judul = {nama: satu.judul for nama, satu in per_nama.items()}
        return self._penjabar.fill(
            self._spec[kolom],
            _Baris(tabel.frame, nomor, judul, keadaan, self._masukan, tebal),
            tabel.cells(per_nama[kolom])[nomor].nilai,
        )

    def sentences(self, tabel: Any, kolom: str, nomor: int, hasil: str) -> list[str]:
        """Kalimat-kalimat untuk sel itu: rumus dengan angkanya dan hasilnya, lalu masukannya; kosong bila tidak ada."""
        try:
            isian = self.fill(tabel, kolom, nomor)
        except Kosong:
            return []
        # Hitungan yang hanya menyalin satu angka tidak perlu "40 = 40,00".
        ulang = not isian.dihitung or " " not in isian.teks
        return [isian.teks if ulang else f"{isian.teks} = {hasil}", *isian.masukan]


def _matches(baris: _Baris, kolom: str, isi: Any) -> bool:
    if kolom not in baris.frame.columns:
        return False
    nilai = _plain(baris.get(kolom))
    if isinstance(isi, str) and isi.startswith("="):
        return nilai == _plain(baris.get(isi[1:]))
    return nilai in isi if isinstance(isi, list) else nilai == isi


def _substitute(pola: str, baris: _Baris) -> str:
    """Isi ``<kolom>`` pada pola id dengan isi kolom baris itu."""

    def ganti(cocok: re.Match[str]) -> str:
        nilai = _plain(baris.get(cocok[1]))
        if fmt.is_missing(nilai):
            raise Kosong(cocok[1])
        return str(int(nilai)) if isinstance(nilai, float) else str(nilai)

    return re.sub(r"<(\w+)>", ganti, pola)


def _segment(bagian: str) -> str:
    """Satu bagian pola id: ``*`` sembarang, ``a|b`` salah satu, ``!a`` selain itu."""
    if bagian.startswith("!"):
        return f"(?!{re.escape(bagian[1:])}(?:/|$))[^/]*"
    return f"(?:{re.escape(bagian).replace(chr(92) + '*', '[^/]*').replace(chr(92) + '|', '|')})"


def _rows(kolom: str, saring: str | None, banyak: bool, baris: _Baris) -> list[int]:
    """Nomor baris yang ditunjuk ``@...``."""
    if kolom not in baris.frame.columns:
        raise Kosong(kolom)
    syarat = [x for x in (saring or "").split(",") if x]
    if not banyak and not syarat:
        return [baris.nomor]
    tanpa_jumlah = banyak and "semua" not in syarat
    urutan = [x for x in range(len(baris.frame)) if not (tanpa_jumlah and baris.tebal[x])]
    for satu in syarat:
        nama, ada, isi = satu.partition("=")
        if satu == "atas":
            urutan = [x for x in urutan if x < baris.nomor]
        elif satu == "sampai":
            urutan = [x for x in urutan if x <= baris.nomor]
        elif satu == "semua":
            continue
        elif satu in ("awal", "akhir"):
            urutan = urutan[:1] if satu == "awal" else urutan[-1:]
        else:
            acuan = _substitute(isi, baris) if ada else str(_plain(baris.get(nama)))
            isi_kolom = baris.frame[nama] if nama in baris.frame.columns else []
            cocok = {n for n, x in enumerate(isi_kolom) if str(_plain(x)) == acuan}
            urutan = [x for x in urutan if x in cocok]
    if "atas" in syarat and not banyak:
        urutan = urutan[-1:]
    if not urutan:
        raise Kosong(kolom)
    return urutan


def _series(fungsi: str, nilai: list[Any], sendiri: bool) -> tuple[str, str]:
    """Deret angka menurut fungsinya: teks yang dipotong bila panjang, dan hitungan selengkapnya."""
    if not nilai:
        raise Kosong(fungsi)
    angka = [_number(x) for x in nilai]
    lengkap = ", ".join(map(repr, nilai))
    potong = angka if len(angka) <= _TERPANJANG else [*angka[:3], "…", angka[-1]]
    tanda = "; " if fungsi in _KATA else " + "
    isi = tanda.join(f"({x})" if x[0] in "-−" and tanda == " + " else x for x in potong)
    if fungsi == "jumlah":
        return (isi if sendiri or len(angka) == 1 else f"({isi})"), f"sum([{lengkap}])"
    if fungsi == "rata":
        return f"({isi}) / {fmt.angka(len(nilai))}", f"(sum([{lengkap}]) / {len(nilai)})"
    nama = {"terendah": "min", "tertinggi": "max", "median": "median"}[fungsi]
    return f"{fmt.pick(_KATA[fungsi])} ({isi})", f"{nama}([{lengkap}])"


def _localise(teks: str) -> str:
    """Nama fungsi dan bilangan pecahan yang tertulis di pola, menurut bahasa yang berlaku."""
    teks = re.sub(r"\b(min|maks|atas|bawah|bulat)(?=\()", lambda m: fmt.pick(_SEBUTAN_FUNGSI[m[1]]), teks)
    return re.sub(r"\d+\.\d+", lambda m: fmt.angka(float(m[0]), len(m[0].partition(".")[2])), teks)


def _yields(hitungan: str, nilai: Any) -> bool:
    """Apakah hitungan itu menghasilkan isi sel, sejauh ketelitian bilangan pecahan."""
    if isinstance(nilai, str) or nilai is None:
        return False
    python = hitungan.translate(str.maketrans({"×": "*", "−": "-", ";": ","}))
    try:
        # polanya dari berkas teks, isinya bilangan dari data; tidak ada nama lain yang dapat dipanggil
        hasil = eval(python, {"__builtins__": {}}, _FUNGSI)
    except ZeroDivisionError:
        return False
    return math.isclose(hasil, nilai, rel_tol=1e-9, abs_tol=1e-9)


def _number(x: Any) -> str:
    """Angka selengkapnya: bulat tanpa desimal, pecahan dengan desimal seperlunya sampai empat (enam bila kecil)."""
    if isinstance(x, str):
        return x
    nilai = float(x)
    if nilai.is_integer():
        return fmt.angka(int(nilai))
    terbanyak = 4 if abs(nilai) >= 0.1 else 6
    desimal = next((n for n in range(terbanyak) if abs(round(nilai, n) - nilai) < 1e-9 * max(1, abs(nilai))), terbanyak)
    return fmt.angka(nilai, desimal)


def _plain(nilai: Any) -> Any:
    if nilai is None or nilai is pd.NA or (not isinstance(nilai, str) and pd.isna(nilai)):
        return None
    return nilai.item() if hasattr(nilai, "item") else nilai
