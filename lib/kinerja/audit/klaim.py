"""Klaim: angka tercetak dan rumus yang menghitungnya ulang, dari tabel ``klaim`` dan ``jumlah`` atau dari susunan data.

Yang mengikuti susunan data tidak ditulis siapa pun, dan berlaku bagi setiap institusi:

- ``iku_tercetak`` dan ``hitungan`` menurut aturan indikator, sasaran, dan institusi. Masukan yang tidak dicetak
  (capaian sebuah indikator di dalam rata-rata sasarannya) menjadi besaran antara, misalnya ``iku/IKU3/capaian``, di
  baris tabel yang mengaturnya;
- ukuran yang bersebelahan: penyerapan dari realisasi dan pagu, capaian dari realisasi dan target, sisa, bagian;
- jumlah: baris ``jumlah`` sebuah tabel, rincian anggaran terhadap totalnya, triwulan terhadap setahun;
- langkah perubahan pagu.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, NoReturn

import pandas as pd

from colformula import COLUMNS, FormulaError, Function, Node, parse, refs
from colformula.tree import Binary, Call, Ref, Text, matching, pattern
from kinerja import anggaran, capaian, fmt, periode
from kinerja.audit.tulisan import Nilai, word
from kinerja.capaian import DESIMAL_CETAK, KEBALIKAN, SATUAN_BAGIAN, SELISIH, TERTIMBANG
from kinerja.data.load import Data
from kinerja.errors import GalatData

#: Rumus klaim: bahasa rumus ditambah dua fungsi yang membaca daftar: ``rows("tabel", kolom, kolom != "isi")`` banyaknya
#: baris (atau isi berbeda sebuah kolom), ``class_of(x, "tabel")`` nama kelas sebuah nilai.
BAHASA = COLUMNS.extended(
    rows=Function(("text", "any"), least=1, more=True), class_of=Function(("number", "text"), "text")
)

KODE = "susunan"
"""Awal kode klaim yang mengikuti susunan data."""

RUMUS_UKURAN = {
    "penyerapan": "[{realisasi}] / [{pagu}] * 100",
    "sisa": "[{pagu}] - [{realisasi}]",
    "capaian": "[{realisasi}] / [{target}] * 100",
    "bagian_pagu": "[{pagu}] / [{total_pagu}] * 100",
    "bagian_realisasi": "[{realisasi}] / [{total_realisasi}] * 100",
}
"""Ukuran yang dihitung dari ukuran lain di sebelahnya; keluaran program dicetak tanpa batas capaian."""

RINCIAN_LENGKAP = ("jenis_belanja", "sasaran", "program", "uke1")
"""Rincian anggaran yang berjumlah totalnya; kegiatan boleh sebagian."""

TEKS = "teks"
TANPA = Text("")
"""Batas atau tepi rentang yang tidak ada."""

_LEMBAGA = ""
_JUMLAH, _PERSEN = "jumlah", "persen"
_TABEL_IKU = ("iku_tercetak", "iku_nilai")
_DUA_CAPAIAN = ("capaian", "capaian_tanpa_batas")


@dataclass(frozen=True)
class Klaim:
    """Satu angka tercetak dan rumus yang menghitungnya ulang.

    Attributes
    ----------
    kode, tercetak : str
        Nama klaim, dan id angkanya.
    rumus : Node or None
        None bagi angka tanpa rumus.
    masukan : tuple of str
        Id angka yang disebut rumusnya menurut urutan, berawalan ``=`` bila yang dipakai hasil hitung ulangnya.
    opsi : dict of str to str
        ``ketelitian`` dan ``pembulatan_masukan``.
    alternatif : dict of str to tuple of str
        Masukan -> angka tertulis lain yang mungkin dipakai sebagai gantinya; kunci kosong: angka yang mungkin disalin.
    besaran : str
        Versi-versi satu besaran bernama sama.
    bacaan : dict of str to Node
        Bacaan lain dari aturan yang sama (kunci ``bacaan_...`` di ``kata.yml``) -> rumusnya.
    asal : dict
        Bagi besaran antara: tempat di data, desimal, dan satuannya.
    """

    kode: str
    tercetak: str
    rumus: Node | None
    masukan: tuple[str, ...] = ()
    opsi: dict[str, str] = field(default_factory=dict)
    alternatif: dict[str, tuple[str, ...]] = field(default_factory=dict)
    besaran: str = ""
    uraian: str = ""
    bacaan: dict[str, Node] = field(default_factory=dict)
    asal: dict[str, Any] = field(default_factory=dict)

    @property
    def menyalin(self) -> bool:
        """Apakah klaim itu hanya menyatakan sama dengan angka lain."""
        return isinstance(self.rumus, Ref)

    @property
    def menjumlah(self) -> bool:
        return isinstance(self.rumus, Call) and self.rumus.name == "sum"


class Pola:
    """Id angka satu tahun, dan yang ditunjuk sebuah rujukan berpola."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = dict.fromkeys(ids)
        self._cocok: dict[str, list[str]] = {}

    def expand(self, token: str) -> list[str]:
        """Id yang ditunjuk sebuah rujukan, dengan awalan ``=`` bila yang diminta hasil hitung ulangnya."""
        awalan, id_ = ("=", token[1:]) if token.startswith("=") else ("", token)
        if id_ in self.ids:
            return [token]
        if token not in self._cocok:
            self._cocok[token] = [awalan + x for x in matching(id_, self.ids)] if re.search(r"[*|!]", id_) else []
        return self._cocok[token]


# Klaim tertulis -------------------------------------------------------------------------------------------------------


def written(d: Data, nilai: Mapping[str, Nilai | None]) -> list[Klaim]:
    """Klaim tabel ``klaim`` dan ``jumlah``, dijabarkan atas setiap angka yang cocok dan berisi.

    Raises
    ------
    GalatData
        Klaim merujuk angka yang tidak ada, atau rumusnya tidak sah.
    """
    pola, hasil = Pola(nilai), []
    for baris in _rows(d, "klaim"):
        cocok = [m for m in map(pattern(baris.tercetak).fullmatch, nilai) if m and nilai[m.string] is not None]
        if not cocok:
            _fail(baris, "tercetak", f"'{baris.tercetak}' tanpa satu pun angka", "id atau pola id yang ada")
        hasil += [_claim(baris, m, pola) for m in cocok]
    return hasil + [_total(f"jumlah_{x.nomor}", x.total, x.bagian_id.split()) for x in _rows(d, "jumlah")]


def _claim(baris: Any, m: re.Match[str], pola: Pola) -> Klaim:
    uraian = fmt.pick({"id": baris.uraian, "en": baris.uraian_en})
    teks, opsi, alternatif, besaran, uraian = (
        re.sub(r"\{(\d+)\}", lambda isi: m[int(isi[1]) + 1], x)
        for x in (baris.rumus, baris.opsi, baris.alternatif, baris.besaran, uraian)
    )
    try:
        rumus = parse(teks, BAHASA)
    except FormulaError as galat:
        _fail(baris, "rumus", f"'{teks}': {str(galat).rstrip('.')}", "rumus yang sah")

    def ada(kolom: str, token: Iterable[str]) -> list[str]:
        return [id_ for x in token for id_ in pola.expand(x) or _fail(baris, kolom, f"'{x}'", "id baris yang ada")]

    masukan = tuple(dict.fromkeys(ada("rumus", refs(rumus))))
    lain = {"": tuple(x for x in ada("alternatif", alternatif.split()) if x != m.string)}
    for token in masukan:
        rumpun = token.removeprefix("=").split("/")[:2]
        lain[token] = tuple(x for x in lain[""] if x.split("/")[:2] == rumpun and x != token)
    pilihan = dict(pasangan.split("=", 1) for pasangan in opsi.split())
    return Klaim(baris.kode, m.string, rumus, masukan, pilihan, lain, besaran or m.string, uraian)


def _total(kode: str, tercetak: str, bagian: Iterable[str]) -> Klaim:
    """Klaim bahwa sebuah angka adalah jumlah bagian-bagiannya."""
    bagian = tuple(bagian)
    rumus = Call("sum", tuple(map(Ref, bagian)))
    return Klaim(kode, tercetak, rumus, bagian, besaran=tercetak, uraian=word("uraian_jumlah"))


def _fail(baris: Any, kolom: str, ditemukan: str, diharapkan: str) -> NoReturn:
    raise GalatData(baris.berkas, baris=int(baris.baris), kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)


def _rows(d: Data, tabel: str) -> Iterable[Any]:
    """Baris sebuah tabel; tanpa satu pun bila tidak diisi."""
    return d[tabel].itertuples() if d.has(tabel) else ()


# Klaim yang mengikuti susunan data ------------------------------------------------------------------------------------


Rumus = str | Node | None
"""Rumus sebuah klaim; None bila tidak ada."""


class Pembuat:
    """Pembuat klaim turunan atas angka satu tahun: id -> isinya (``nilai``) dan satuannya.

    ``antara`` mengumpulkan besaran antara yang menjadi masukan klaim lain.
    """

    def __init__(self, d: Data, nilai: Mapping[str, Nilai | None], satuan: Mapping[str, str]) -> None:
        self.d, self.nilai, self.satuan = d, nilai, satuan
        self.antara: dict[str, Klaim] = {}
        self._baris: dict[str, list[Any]] = {}

    def rows(self, tabel: str) -> list[Any]:
        """Baris sebuah tabel, sekali saja diuraikan; tanpa satu pun bila tidak diisi."""
        if tabel not in self._baris:
            self._baris[tabel] = list(_rows(self.d, tabel))
        return self._baris[tabel]

    @cached_property
    def iku(self) -> pd.DataFrame:
        """Indikator dan capaiannya, berindeks kode; tanpa baris bila tidak ada indikator."""
        return capaian.iku(self.d).set_index("kode") if self.d.has("iku") else pd.DataFrame(columns=["capaian"])

    def filled(self, id_: str) -> bool:
        return self.nilai.get(id_) is not None

    def claim(self, jenis: str, id_: str, rumus: Rumus, nama: str = "", **bacaan: Node | None) -> Klaim | None:
        """Klaim turunan; None tanpa rumus, atau bila rumusnya menyebut angka yang tidak ada dalam data."""
        if rumus is None:
            return None
        rumus = parse(rumus, BAHASA) if isinstance(rumus, str) else rumus
        masukan = refs(rumus)
        if not all(x in self.nilai or x.removeprefix("=") in self.antara for x in masukan):
            return None
        klaim = Klaim(f"{KODE}_{jenis}", id_, rumus, masukan, self.rounding(masukan), besaran=id_)
        ada = {k: x for k, x in bacaan.items() if x is not None}
        return replace(klaim, uraian=word(f"uraian_{jenis}", nama=nama), bacaan=ada)

    def sum(self, id_: str, bagian: Iterable[str], jenis: str = "bagian") -> Klaim | None:
        """Klaim jumlah; None bila bagiannya kurang dari dua atau ada yang kosong."""
        bagian = list(bagian)
        if len(bagian) < 2 or not all(map(self.filled, bagian)):
            return None
        return replace(_total(f"{KODE}_jumlah_{jenis}", id_, bagian), opsi=self.rounding(bagian))

    def rounding(self, masukan: Iterable[str]) -> dict[str, str]:
        """Opsi klaim bila semua masukannya uang yang ditulis bulat (``aturan/pembulatan_uang``)."""
        bulat = anggaran.step(self.d) if all(self.satuan.get(x) == "rupiah" for x in masukan) else 1
        return {"pembulatan_masukan": str(bulat)} if bulat > 1 else {}

    def between(self, id_: str, rumus: Rumus, baris: Any, desimal: int, satuan: str) -> str:
        """Daftarkan besaran antara di sebuah baris data; rujukannya, atau teks kosong bila masukannya tidak ada."""
        klaim = self.claim("antara", id_, rumus)
        if klaim is None:
            return ""
        asal = {k: getattr(baris, k) for k in ("berkas", "baris", "sumber", "bagian")}
        asal |= {"desimal": desimal, "satuan": satuan, "keadaan": "diturunkan"}
        self.antara[id_] = replace(klaim, asal=asal)
        return f"={id_}"


def derive(p: Pembuat, ditulis: Iterable[Klaim]) -> list[Klaim]:
    """Klaim atas angka tercetak yang mengikuti susunan data; besaran antaranya terkumpul di ``p``.

    Klaim tertulis mengalahkan turunan atas angka yang sama; jumlah dan bagian dari jumlah, yang memeriksa hubungan
    beberapa angka tercetak, hanya dikalahkan klaim atas masukan yang sama.
    """
    sudah, persis = {x.tercetak for x in ditulis}, {(x.tercetak, frozenset(x.masukan)) for x in ditulis}
    hasil: dict[tuple[str, frozenset[str]], Klaim] = {}
    for bagian in (_printed, _counts, _adjacent, _shares, _totals, _budget, _ceiling, _periods, _score):
        for x in bagian(p):
            if x is None or not p.filled(x.tercetak):
                continue
            kunci = x.tercetak, frozenset(x.masukan)
            hubungan = x.menjumlah or x.kode == f"{KODE}_bagian"
            if kunci not in persis and (hubungan or x.tercetak not in sudah):
                hasil.setdefault(kunci, x)
    return list(hasil.values())


def _adjacent(p: Pembuat) -> Iterator[Klaim | None]:
    for id_ in p.nilai:
        kunci = id_.split("/")
        letak = next((n for n, x in enumerate(kunci) if n and x in RUMUS_UKURAN), 0)
        if not letak or kunci[0] in _TABEL_IKU:
            continue
        sebelah = {k: "/".join([*kunci[:letak], k, *kunci[letak + 1 :]]) for k in ("pagu", "realisasi", "target")}
        if kunci[0] == "anggaran" and sebelah["pagu"] not in p.nilai and anggaran.has_money(p.d):
            # realisasi menurut tanggal lain dibagi pagu pada tanggal laporan
            sebelah["pagu"] = "/".join([*kunci[:letak], "pagu", anggaran.report_date(p.d)])
        total = [x for x in p.nilai if x.startswith("anggaran/total/") and x.endswith(f"/{kunci[-1]}")]
        sebelah |= {f"total_{u}": next((x for x in total if f"/{u}/" in x), "") for u in ("pagu", "realisasi")}
        nama = kunci[letak - 1].replace("_", " ")
        yield p.claim(kunci[letak], id_, RUMUS_UKURAN[kunci[letak]].format(**sebelah), nama)


def _shares(p: Pembuat) -> Iterator[Klaim | None]:
    """Persen sebuah baris dari baris ``jumlah``, bila hanya satu ukurannya yang dapat dibagi."""
    for id_ in p.nilai:
        *awal, ukuran = id_.split("/")
        if ukuran != _PERSEN or len(awal) < 2 or awal[-1] == _JUMLAH:
            continue
        bagian = [x for x in matching("/".join([*awal, "!persen"]), p.nilai) if p.d.is_integer(p.satuan[x])]
        if len(bagian) == 1:
            seluruh = "/".join([*awal[:-1], _JUMLAH, bagian[0].split("/")[-1]])
            yield p.claim("bagian", id_, f"[{bagian[0]}] / [{seluruh}] * 100", awal[-1].replace("_", " "))


def _score(p: Pembuat) -> Iterator[Klaim | None]:
    """Nilai kinerja anggaran dari kedua komponennya, menurut bobotnya."""
    suku = [f"[nka/{x}] * [aturan/bobot_{x}_nka] / 100" for x in ("evaluasi", "ikpa")]
    yield p.claim("nka", "nka/nka", " + ".join(suku))


def _totals(p: Pembuat) -> Iterator[Klaim | None]:
    """Baris berkunci ``jumlah`` adalah jumlah baris lain sekunci."""
    for id_ in p.nilai:
        kunci = id_.split("/")
        if _JUMLAH in kunci and p.d.is_integer(p.satuan[id_]):
            yield p.sum(id_, matching("/".join("!jumlah" if x == _JUMLAH else x for x in kunci), p.nilai))


def _budget(p: Pembuat) -> Iterator[Klaim | None]:
    """Rincian anggaran yang lengkap berjumlah totalnya; pagu total adalah pagu langkah terakhir."""
    if not p.d.has("anggaran"):
        return
    a = p.d["anggaran"]
    a = a[a["ukuran"].isin(["pagu", "realisasi"])]
    for baris in a[a["rincian"] == "total"].itertuples():
        bagian = a[(a["ukuran"] == baris.ukuran) & (a["per"] == baris.per)]
        for rincian in RINCIAN_LENGKAP:
            isi = bagian[bagian["rincian"] == rincian]
            if rincian != "sasaran" or {x.kode for x in p.rows("sasaran")} <= set(isi["kode"]):
                yield p.sum(baris.id, isi["id"], rincian)


def _ceiling(p: Pembuat) -> Iterator[Klaim | None]:
    """Perubahan pagu: setiap langkah terhadap langkah sebelumnya, dan seluruhnya."""
    if not p.d.has("pagu"):
        return
    isi = p.d["pagu"].sort_values("urutan", kind="stable")
    ada = isi.groupby("langkah", sort=False)["ukuran"].agg(set)
    langkah = [x for x, ukuran in ada.items() if "pagu" in ukuran]
    for lalu, kini in zip(langkah, langkah[1:], strict=False):
        yield p.claim("perubahan", f"pagu/{kini}/perubahan", f"[pagu/{kini}/pagu] - [pagu/{lalu}/pagu]", kini)
        yield p.sum(f"pagu/{kini}/pagu", [f"pagu/{lalu}/pagu", f"pagu/{kini}/perubahan"])
    awal, akhir = f"pagu/{langkah[0]}/pagu", f"pagu/{langkah[-1]}/pagu"
    for seluruh in [x for x in ada.index if x not in langkah]:
        yield p.claim("perubahan", f"pagu/{seluruh}/perubahan", f"[{akhir}] - [{awal}]", seluruh)
        yield p.sum(f"pagu/{seluruh}/perubahan", [f"pagu/{x}/perubahan" for x in langkah[1:]])
        yield p.claim("perubahan", f"pagu/{seluruh}/persen_perubahan", f"([{akhir}] / [{awal}] - 1) * 100", seluruh)


def _periods(p: Pembuat) -> Iterator[Klaim | None]:
    """Angka setahun sebuah indikator yang juga ditulis per triwulan."""
    if not p.d.has("iku_nilai"):
        return
    n = p.d["iku_nilai"]
    triwulan = n[n["periode"].str.startswith("tw") & n["nilai"].notna()].sort_values("periode")
    setahun = n[n["periode"] == "tahun"].set_index(["kode", "ukuran"])["id"]
    cara = p.d["iku"].set_index("kode")["cara"]
    for kunci, isi in triwulan.groupby(["kode", "ukuran"], sort=False):
        if cara.get(kunci[0]) in ("jumlah", "rata_rata") and kunci in setahun.index and len(isi) == 4:
            yield p.claim("triwulan", setahun[kunci], _joined(cara[kunci[0]], isi["id"]), kunci[0])


# Indikator, sasaran, dan institusi ------------------------------------------------------------------------------------

Aturan = dict[tuple[str, str], Klaim | None]
"""Kode dan ukuran -> klaim yang berlaku bagi setiap versi tercetaknya."""


def _printed(p: Pembuat) -> Iterator[Klaim | None]:
    """Klaim atas setiap versi ``iku_tercetak``; besaran antaranya juga dipakai hitungan."""
    tercetak = p.rows("iku_tercetak")
    if not tercetak and not p.d.has("hitungan"):
        return
    indikator = {(i.kode, ukuran): x for i in p.rows("iku") for ukuran, x in _indicator(p, i)}
    aturan = {k: x for k, x in (indikator | _means(p) | _spending(p)).items() if x is not None}
    dikenal = {kode for kode, _ in aturan} | {x.kode for x in p.rows("sasaran")}
    sejenis: dict[tuple[str, str], list[str]] = {}
    for x in tercetak:
        sejenis.setdefault((x.kode, x.ukuran.split("_")[0]), []).append(x.id)
    for x in tercetak:
        klaim = aturan.get((x.kode if x.kode in dikenal else _LEMBAGA, x.ukuran))
        if klaim is not None and x.id not in klaim.masukan:
            lain = {t: tuple(y for y in sejenis.get(_kind(p, t), ()) if y not in (x.id, t)) for t in klaim.masukan}
            yield replace(klaim, tercetak=x.id, besaran=f"{x.kode}/{x.ukuran}", alternatif=lain)


def _kind(p: Pembuat, token: str) -> tuple[str, str]:
    """Kode dan jenis (target, realisasi, capaian) sebuah masukan; versi tercetak sejenis mungkin dipakai gantinya."""
    if token.startswith(("=", "renstra/")):
        _, kode, ukuran = token.split("/")[:3]
        return kode, ukuran.split("_")[0] if token.startswith("=") else "target"
    return next((x.kode for x in p.rows("iku") if token in x.target.split()), ""), "target"


def _counts(p: Pembuat) -> Iterator[Klaim | None]:
    """Banyaknya indikator dan sasaran, seluruhnya dan menurut golongannya."""
    rumus: dict[str, Node] = {}
    for tabel in ("iku", "sasaran"):
        isi = tuple(Ref(f"={x}") for x in p.antara if x.startswith(f"{tabel}/") and x.endswith("/capaian"))
        rumus |= {tabel: Call("rows", (Text(tabel),))}
        rumus |= {f"{tabel}_{g}_100": Call(f"golongan {g}", isi) for g in capaian.GOLONGAN if isi}
    for x in p.rows("hitungan"):
        if klaim := p.claim("hitungan", x.id, rumus.get(x.hal), x.hal.replace("_", " ")):
            yield replace(klaim, besaran=f"hitungan/{x.hal}")


def _indicator(p: Pembuat, i: Any) -> Iterator[tuple[str, Klaim | None]]:
    def buat(ukuran: str, rumus: Rumus, **bacaan: Node) -> tuple[str, Klaim | None]:
        return ukuran, p.claim(ukuran, "", rumus, i.kode, **bacaan)

    target, realisasi = _sources(p, i)
    akhir = f"renstra/{i.kode}/{capaian.end_year(p.d)}"
    semula = (f"iku_nilai/{i.kode}/target_semula/tahun", f"renstra/{i.kode}/{p.d.tahun}")
    yield buat("target", target[0] if len(target) == 1 else None)
    yield buat("target_akhir", f"[{akhir}]")
    yield buat("target_semula", next((f"[{x}]" for x in semula if p.filled(x)), None))
    yield buat("target_tahun_depan", f"[renstra/{i.kode}/{p.d.tahun + 1}]")
    yield buat("realisasi", realisasi)
    kini = p.between(f"iku/{i.kode}/realisasi", realisasi, i, int(i.desimal), i.satuan)
    acuan = [_as_ref(p, i, x) for x in target]
    if not kini or not acuan:
        return
    cara = TEKS if i.satuan == TEKS else i.arah
    if cara in (capaian.TURUN, capaian.RENTANG):
        cara = f"{cara} {p.iku.at[i.kode, 'rumus']}"
    dengan, tanpa = (_rule(cara, i.kode, kini, acuan, x) for x in (_cap(p, i.kode), ""))
    bacaan = {"bacaan_tanpa_batas": tanpa}
    if i.arah == capaian.TURUN:
        balik = KEBALIKAN if cara.endswith(SELISIH) else SELISIH
        bacaan |= {f"bacaan_{balik}": _rule(f"{capaian.TURUN} {balik}", i.kode, kini, acuan)}
        bacaan |= {"bacaan_naik": _rule(capaian.NAIK, i.kode, kini, acuan)}
    yield buat("capaian", dengan, **bacaan)
    yield buat("capaian_tanpa_batas", tanpa)
    if cara.split()[0] in (capaian.NAIK, capaian.TURUN):
        yield buat("capaian_akhir", _rule(cara, i.kode, kini, [akhir]))
    for ukuran, rumus in zip(_DUA_CAPAIAN, (dengan, tanpa), strict=True):
        p.between(f"iku/{i.kode}/{ukuran}", rumus, i, DESIMAL_CETAK, "persen_capaian")
    if lalu := _year_before(p, i):
        yield buat("kenaikan_tahunan", f"[{kini}] - [{lalu}]")


def _sources(p: Pembuat, i: Any) -> tuple[list[str], str | None]:
    """Rumus target (setiap tepinya) dan realisasi pada periode laporan."""
    if p.d.periode == periode.TAHUN:
        return [f"[{x}]" for x in i.target.split()], _realisation(p, i, i.satuan)
    tertulis = {x.split("/")[3] for x in p.nilai if x.startswith(f"iku_nilai/{i.kode}/")}
    kode = next((x for x in periode.rows(p.d.periode) if tertulis & set(x)), ())

    def sampai(ukuran: str) -> str | None:
        ada = [x for x in (f"iku_nilai/{i.kode}/{ukuran}/{y}" for y in kode) if x in p.nilai]
        return _joined(i.cara, ada) if ada and ada[-1].endswith(f"/{kode[-1]}") else None

    target = [x for x in map(sampai, ("target", "target_bawah", "target_atas")) if x]
    setahun = i.arah == capaian.RENTANG or i.cara == "rata_rata"
    return target or [f"[{x}]" for x in i.target.split() if setahun], sampai("realisasi")


def _as_ref(p: Pembuat, i: Any, target: str) -> str:
    """Id sebuah target; target beberapa periode menjadi besaran antara."""
    tunggal = target[1:-1]
    return tunggal if tunggal in p.nilai else p.between(f"iku/{i.kode}/target", target, i, int(i.desimal), i.satuan)


def _realisation(p: Pembuat, baris: Any, satuan: str) -> str | None:
    """Rumus realisasi menurut kolom ``cara``, ``pembilang``, dan ``penyebut``, atas baris yang terisi."""
    isi = list(filter(p.filled, baris.pembilang.split()))
    if not isi:
        return None
    if baris.cara == "rasio":
        return f"[{isi[0]}] / [{baris.penyebut}]" + ("" if satuan in SATUAN_BAGIAN else " * 100")
    return _joined(baris.cara, isi)


def _joined(cara: str, ids: Iterable[str]) -> str:
    """Rumus beberapa periode menurut sifat indikatornya; yang kumulatif atau posisi memakai yang terakhir."""
    isi = [f"[{x}]" for x in ids]
    gabung = {"jumlah": "sum({})", "rata_rata": "mean({})"}.get(cara)
    return gabung.format(", ".join(isi)) if gabung and len(isi) > 1 else isi[-1]


def _rule(cara: str, kode: str, realisasi: str, target: list[str], batas: str = "") -> Node:
    tepi: list[Node] = list(map(Ref, target))
    if cara.startswith(capaian.RENTANG) and len(tepi) == 1:
        tepi = [TANPA, *tepi] if "/target_atas/" in target[0] else [*tepi, TANPA]
    nama = f"capaian {cara} batas" if batas else f"capaian {cara}"
    return Call(nama, (Text(kode), Ref(batas) if batas else TANPA, Ref(realisasi), *tepi))


def _cap(p: Pembuat, kode: str) -> str:
    """Id batas capaian yang berlaku bagi sebuah indikator; kosong bila tanpa batas."""
    if pd.isna(p.iku.at[kode, "batas"]):
        return ""
    sendiri = f"iku_aturan/{kode}/batas_capaian"
    return sendiri if sendiri in p.nilai else "aturan/batas_capaian"


def _year_before(p: Pembuat, i: Any) -> str:
    tahun = int(p.iku.at[i.kode, "tahun_data"]) - 1
    for lalu in p.rows("iku_riwayat"):
        if (lalu.kode, lalu.tahun) == (i.kode, tahun):
            rumus = _realisation(p, lalu, i.satuan)
            return p.between(f"iku_riwayat/{i.kode}/{tahun}", rumus, lalu, int(i.desimal), i.satuan)
    return ""


def _means(p: Pembuat) -> Aturan:
    """Capaian setiap sasaran dan institusi: rata-rata menurut aturannya."""
    if not p.d.has("iku"):
        return {}
    dinilai = p.iku[p.iku["capaian"].notna()]
    bobot = p.d.rule_text("agregasi_sasaran", "rata_rata") == TERTIMBANG
    hasil: Aturan = {}
    for s in p.rows("sasaran"):
        rata = partial(_mean, p, "iku", list(dinilai.index[dinilai["sasaran"] == s.kode]))
        hasil |= _averaged(p, s.kode, s.kode, rata, bobot)
        for ukuran in _DUA_CAPAIAN:
            p.between(f"sasaran/{s.kode}/{ukuran}", rata(ukuran, bobot), s, DESIMAL_CETAK, "persen_capaian")
    cara = p.d.rule_text("agregasi_institusi", "rata_rata_sasaran")
    sasaran = dict.fromkeys(x.split("/")[1] for x in p.antara if x.startswith("sasaran/"))
    kode = {"iku": list(dinilai.index), "sasaran": list(sasaran)}
    dasar, lain = ("sasaran", "iku") if cara.endswith("_sasaran") else ("iku", "sasaran")
    bacaan = {f"bacaan_{lain}": _mean(p, lain, kode[lain], "capaian", False)}
    rata = partial(_mean, p, dasar, kode[dasar])
    return hasil | _averaged(p, _LEMBAGA, p.d.rule_text("nama_institusi"), rata, TERTIMBANG in cara, **bacaan)


def _averaged(p: Pembuat, kode: str, nama: str, rata: Callable, bobot: bool, **bacaan: Node | None) -> Aturan:
    """Klaim kedua capaian sasaran atau institusi atas ``rata(ukuran, bobot)``, dan bacaan lain dari aturannya."""
    jenis = "capaian_lembaga" if kode == _LEMBAGA else "capaian_sasaran"
    dengan, tanpa = (rata(ukuran, bobot) for ukuran in _DUA_CAPAIAN)
    bacaan = {"bacaan_tanpa_batas": tanpa, **bacaan}
    if bobot:
        bacaan |= {"bacaan_tanpa_bobot": rata("capaian", False)}
    klaim = p.claim(jenis, "", dengan, nama, **bacaan), p.claim(jenis, "", tanpa, nama)
    return {(kode, ukuran): x for ukuran, x in zip(_DUA_CAPAIAN, klaim, strict=True)}


def _mean(p: Pembuat, tabel: str, kode: list[str], ukuran: str, bobot: bool) -> Node | None:
    """Rata-rata besaran antara; None bila salah satunya tidak ada."""
    id_ = [f"{tabel}/{k}/{ukuran}" for k in kode]
    if not id_ or not all(x in p.antara for x in id_) or (bobot and not all(f"bobot/{k}" in p.nilai for k in kode)):
        return None
    isi = [Ref(f"={x}") for x in id_]
    if not bobot:
        return Call("mean", tuple(isi))
    w = [Ref(f"bobot/{k}") for k in kode]
    return Binary("/", Call("sum", tuple(map(partial(Binary, "*"), w, isi))), Call("sum", tuple(w)))


def _spending(p: Pembuat) -> Aturan:
    """Penyerapan setiap sasaran dan institusi pada tanggal laporan."""
    if not anggaran.has_money(p.d):
        return {}
    hasil: Aturan = {}
    tanggal = anggaran.report_date(p.d)
    for rincian, kode in p.d["anggaran"][["rincian", "kode"]].drop_duplicates().itertuples(index=False):
        if rincian in ("total", "sasaran"):
            realisasi, pagu = (f"[anggaran/{rincian}/{kode}/{x}/{tanggal}]" for x in ("realisasi", "pagu"))
            kunci = (_LEMBAGA if rincian == "total" else kode), "realisasi_keuangan"
            hasil[kunci] = p.claim("penyerapan", "", f"{realisasi} / {pagu} * 100", kode.replace("_", " "))
    return hasil
