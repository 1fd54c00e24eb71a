"""Klaim yang mengikuti susunan data: tidak ditulis siapa pun, dan berlaku bagi setiap institusi.

- ``iku_tercetak``: lihat :mod:`kinerja.audit.susunan_iku`;
- ukuran yang bersebelahan: penyerapan dari realisasi dan pagu, capaian dari realisasi dan target, sisa, bagian;
- jumlah: baris ``jumlah`` sebuah tabel, rincian anggaran terhadap totalnya, triwulan terhadap setahun;
- langkah perubahan pagu.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from colformula import Node, parse, refs
from colformula.tree import matching
from kinerja import anggaran, capaian
from kinerja.audit import susunan_iku
from kinerja.audit.klaim import BAHASA, Klaim, total
from kinerja.audit.tulisan import word
from kinerja.data.load import Data

KODE = "susunan"
"""Awal kode klaim yang diturunkan dari susunan data."""

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

_JUMLAH, _PERSEN = "jumlah", "persen"
_TABEL_IKU = ("iku_tercetak", "iku_nilai")


class Pembuat:
    """Pembuat klaim turunan atas angka satu tahun.

    Parameters
    ----------
    d : Data
    satuan : dict of str to str
        Id semua angka tahun itu -> satuannya.
    berisi : callable
        Apakah sebuah id berisi.

    Attributes
    ----------
    antara : dict of str to tuple of (Klaim, dict)
        Besaran antara yang menjadi masukan klaim lain: klaimnya, dan tempat asal, desimal, dan satuannya.
    """

    def __init__(self, d: Data, satuan: Mapping[str, str], berisi: Callable[[str], bool]) -> None:
        self.d, self.ids, self.satuan, self.berisi = d, satuan.keys(), satuan, berisi
        self.antara: dict[str, tuple[Klaim, dict[str, Any]]] = {}

    @cached_property
    def iku(self) -> pd.DataFrame:
        """Indikator dan capaiannya, berindeks kode; tanpa baris bila tidak ada indikator."""
        return capaian.iku(self.d).set_index("kode") if self.d.has("iku") else pd.DataFrame(columns=["capaian"])

    def claim(self, jenis: str, id_: str, rumus: str | Node | None, nama: str = "", **isi: Any) -> Klaim | None:
        """Klaim turunan; None tanpa rumus, atau bila rumusnya menyebut angka yang tidak ada dalam data."""
        if rumus is None:
            return None
        rumus = parse(rumus, BAHASA) if isinstance(rumus, str) else rumus
        masukan = refs(rumus)
        isi |= {"opsi": self.rounding(masukan)}
        if not all(x in self.ids or x.removeprefix("=") in self.antara for x in masukan):
            return None
        uraian = word(f"uraian_{jenis}", nama=nama)
        return Klaim(f"{KODE}_{jenis}", id_, rumus, masukan, besaran=id_, uraian=uraian, **isi)

    def rounding(self, masukan: Iterable[str]) -> dict[str, str]:
        """Opsi klaim bila semua masukannya uang yang ditulis bulat (``aturan/pembulatan_uang``)."""
        bulat = anggaran.step(self.d) if all(self.satuan.get(x) == "rupiah" for x in masukan) else 1
        return {"pembulatan_masukan": str(bulat)} if bulat > 1 else {}

    def between(self, id_: str, rumus: str | Node | None, baris: Any, desimal: int, satuan: str) -> str:
        """Daftarkan besaran antara di sebuah baris data; rujukannya, atau teks kosong bila masukannya tidak ada."""
        klaim = self.claim("antara", id_, rumus)
        if klaim is None:
            return ""
        asal = {k: getattr(baris, k) for k in ("berkas", "baris", "sumber", "bagian")}
        self.antara[id_] = klaim, asal | {"desimal": desimal, "satuan": satuan, "keadaan": "diturunkan"}
        return f"={id_}"


def derive(
    d: Data, satuan: Mapping[str, str], berisi: Callable[[str], bool], ditulis: Iterable[Klaim]
) -> tuple[dict[str, tuple[Klaim, dict[str, Any]]], list[Klaim]]:
    """Besaran antara, dan klaim atas angka tercetak yang mengikuti susunan data.

    Klaim tertulis mengalahkan turunan atas angka yang sama; jumlah dan bagian dari jumlah, yang memeriksa hubungan
    beberapa angka tercetak, hanya dikalahkan klaim atas masukan yang sama.
    """
    p = Pembuat(d, satuan, berisi)
    sudah, persis = {x.tercetak for x in ditulis}, {(x.tercetak, frozenset(x.masukan)) for x in ditulis}
    hasil: dict[tuple[str, frozenset[str]], Klaim] = {}
    for bagian in (susunan_iku.claims, _adjacent, _shares, _totals, _budget, _ceiling, _periods, _score):
        for x in bagian(p):
            if x is None or not berisi(x.tercetak):
                continue
            kunci = x.tercetak, frozenset(x.masukan)
            hubungan = x.menjumlah or x.kode == f"{KODE}_bagian"
            if kunci not in persis and (hubungan or x.tercetak not in sudah):
                hasil.setdefault(kunci, x)
    return p.antara, list(hasil.values())


def _adjacent(p: Pembuat) -> Iterator[Klaim | None]:
    for id_ in p.ids:
        kunci = id_.split("/")
        letak = next((n for n, x in enumerate(kunci) if n and x in RUMUS_UKURAN), 0)
        if not letak or kunci[0] in _TABEL_IKU:
            continue
        sebelah = {k: "/".join([*kunci[:letak], k, *kunci[letak + 1 :]]) for k in ("pagu", "realisasi", "target")}
        if kunci[0] == "anggaran" and sebelah["pagu"] not in p.ids and anggaran.has_money(p.d):
            # realisasi menurut tanggal lain dibagi pagu pada tanggal laporan
            sebelah["pagu"] = "/".join([*kunci[:letak], "pagu", anggaran.report_date(p.d)])
        total = [x for x in p.ids if x.startswith("anggaran/total/") and x.endswith(f"/{kunci[-1]}")]
        sebelah |= {f"total_{u}": next((x for x in total if f"/{u}/" in x), "") for u in ("pagu", "realisasi")}
        nama = kunci[letak - 1].replace("_", " ")
        yield p.claim(kunci[letak], id_, RUMUS_UKURAN[kunci[letak]].format(**sebelah), nama)


def _shares(p: Pembuat) -> Iterator[Klaim | None]:
    """Persen sebuah baris dari baris ``jumlah``, bila hanya satu ukurannya yang dapat dibagi."""
    for id_ in p.ids:
        *awal, ukuran = id_.split("/")
        if ukuran != _PERSEN or len(awal) < 2:
            continue
        bagian = [x for x in matching("/".join([*awal, "!persen"]), p.ids) if p.d.is_integer(p.satuan[x])]
        seluruh = ["/".join([*awal[:-1], _JUMLAH, x.split("/")[-1]]) for x in bagian]
        if len(bagian) == 1 and awal[-1] != _JUMLAH:
            yield p.claim("bagian", id_, f"[{bagian[0]}] / [{seluruh[0]}] * 100", awal[-1].replace("_", " "))


def _score(p: Pembuat) -> Iterator[Klaim | None]:
    """Nilai kinerja anggaran dari kedua komponennya, menurut bobotnya."""
    suku = [f"[nka/{x}] * [aturan/bobot_{x}_nka] / 100" for x in ("evaluasi", "ikpa")]
    yield p.claim("nka", "nka/nka", " + ".join(suku))


def _totals(p: Pembuat) -> Iterator[Klaim | None]:
    """Baris berkunci ``jumlah`` adalah jumlah baris lain sekunci."""
    for id_ in p.ids:
        kunci = id_.split("/")
        if _JUMLAH in kunci and p.d.is_integer(p.satuan[id_]):
            yield _sum(p, id_, matching("/".join("!jumlah" if x == _JUMLAH else x for x in kunci), p.ids))


def _budget(p: Pembuat) -> Iterator[Klaim | None]:
    """Rincian anggaran yang lengkap berjumlah totalnya; pagu total adalah pagu langkah terakhir."""
    if not p.d.has("anggaran"):
        return
    a = p.d["anggaran"]
    a = a[a["ukuran"].isin(["pagu", "realisasi"])]
    sasaran = set(p.d["sasaran"]["kode"]) if p.d.has("sasaran") else set()
    for baris in a[a["rincian"] == "total"].itertuples():
        bagian = a[(a["ukuran"] == baris.ukuran) & (a["per"] == baris.per)]
        for rincian in RINCIAN_LENGKAP:
            isi = bagian[bagian["rincian"] == rincian]
            if rincian != "sasaran" or sasaran <= set(isi["kode"]):
                yield _sum(p, baris.id, isi["id"], rincian)


def _ceiling(p: Pembuat) -> Iterator[Klaim | None]:
    """Perubahan pagu: setiap langkah terhadap langkah sebelumnya, dan seluruhnya."""
    if not p.d.has("pagu"):
        return
    isi = p.d["pagu"].sort_values("urutan", kind="stable")
    ada = isi.groupby("langkah", sort=False)["ukuran"].agg(set)
    langkah = [x for x, ukuran in ada.items() if "pagu" in ukuran]
    for lalu, kini in zip(langkah, langkah[1:], strict=False):
        yield p.claim("perubahan", f"pagu/{kini}/perubahan", f"[pagu/{kini}/pagu] - [pagu/{lalu}/pagu]", kini)
        yield _sum(p, f"pagu/{kini}/pagu", [f"pagu/{lalu}/pagu", f"pagu/{kini}/perubahan"])
    awal, akhir = f"pagu/{langkah[0]}/pagu", f"pagu/{langkah[-1]}/pagu"
    for seluruh in [x for x in ada.index if x not in langkah]:
        yield p.claim("perubahan", f"pagu/{seluruh}/perubahan", f"[{akhir}] - [{awal}]", seluruh)
        yield _sum(p, f"pagu/{seluruh}/perubahan", [f"pagu/{x}/perubahan" for x in langkah[1:]])
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
        pola = {"jumlah": "sum({})", "rata_rata": "mean({})"}.get(cara.get(kunci[0]))
        if pola and kunci in setahun.index and len(isi) == 4:
            yield p.claim("triwulan", setahun[kunci], pola.format(", ".join(f"[{x}]" for x in isi["id"])), kunci[0])


def _sum(p: Pembuat, id_: str, bagian: Iterable[str], jenis: str = "bagian") -> Klaim | None:
    bagian = list(bagian)
    lengkap = len(bagian) > 1 and all(x in p.ids and p.berisi(x) for x in bagian)
    return replace(total(f"{KODE}_jumlah_{jenis}", id_, bagian), opsi=p.rounding(bagian)) if lengkap else None
