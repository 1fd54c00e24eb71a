"""Klaim atas ``iku_tercetak`` dan ``hitungan``, menurut aturan indikator, sasaran, dan institusi di data.

Capaian dihitung fungsi :mod:`kinerja.capaian` sendiri. Masukan yang tidak dicetak (capaian sebuah indikator di dalam
rata-rata sasarannya) menjadi besaran antara, misalnya ``iku/IKU3/capaian``, di baris tabel yang mengaturnya.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from colformula import Missing, Node, Scope, evaluate
from colformula.tree import Binary, Call, Ref, Text
from kinerja import anggaran, capaian, periode
from kinerja.audit.klaim import Klaim
from kinerja.capaian import DESIMAL_CETAK, KEBALIKAN, SATUAN_BAGIAN, SELISIH, TERTIMBANG
from kinerja.data.load import Data

if TYPE_CHECKING:
    from kinerja.audit.susunan import Pembuat

_TEKS = "teks"
_CARA = (capaian.NAIK, _TEKS, *(f"{x} {y}" for x in (capaian.TURUN, capaian.RENTANG) for y in (SELISIH, KEBALIKAN)))
_TANPA = Text("")
_LEMBAGA = ""
_DESIMAL_BINER = 12  # membuang ekor biner, supaya angka yang tepat di tengah dibulatkan menjauhi nol
_DUA_CAPAIAN = ("capaian", "capaian_tanpa_batas")


def claims(p: Pembuat) -> Iterator[Klaim | None]:
    """Klaim atas setiap versi tercetak, dan atas hitungan yang disebut dalam kalimat."""
    if not p.d.has("iku_tercetak") and not p.d.has("hitungan"):
        return
    aturan = _indicators(p) | _means(p) | _spending(p)
    tercetak = p.d["iku_tercetak"] if p.d.has("iku_tercetak") else pd.DataFrame(columns=["id", "kode", "ukuran"])
    dikenal = {kode for kode, _ in aturan} | set(p.d["sasaran"]["kode"] if p.d.has("sasaran") else ())
    sejenis: dict[tuple[str, str], list[str]] = {}
    for x in tercetak.itertuples():
        sejenis.setdefault((x.kode, x.ukuran.split("_")[0]), []).append(x.id)
    for x in tercetak.itertuples():
        klaim = aturan.get((x.kode if x.kode in dikenal else _LEMBAGA, x.ukuran))
        if klaim is not None and x.id not in klaim.masukan:
            lain = {t: tuple(y for y in sejenis.get(_kind(p, t), ()) if y not in (x.id, t)) for t in klaim.masukan}
            yield replace(klaim, tercetak=x.id, besaran=f"{x.kode}/{x.ukuran}", alternatif=lain)
    yield from _counts(p)


def forms(d: Data) -> dict[str, Callable[[tuple[Node, ...], Scope], Any]]:
    """Fungsi rumus yang memanggil :mod:`kinerja.capaian`."""
    isi = {f"capaian {x}{b}": partial(_achievement, d, x) for x in _CARA for b in ("", " batas")}
    return isi | {f"golongan {x}": partial(_in_class, d, x) for x in capaian.GOLONGAN}


def _achievement(d: Data, cara: str, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
    (kode, batas, *isi), (arah, *rumus) = masukan, cara.split()
    nilai = [None if x == _TANPA else evaluate(x, lingkup) for x in isi]
    atas = None if batas == _TANPA else float(evaluate(batas, lingkup))
    if arah == _TEKS:
        jenjang = d["jenjang"].query("kode == @kode.value").sort_values("urutan")["sebutan"] if d.has("jenjang") else ()
        hasil = capaian.achievement_text(*nilai, tuple(jenjang))
    else:
        angka = [None if x is None else float(x) for x in nilai]
        hitung = capaian.achievement_range if arah == capaian.RENTANG else partial(capaian.achievement, arah=arah)
        hasil = hitung(*angka, batas=atas, **({"rumus": rumus[0]} if rumus else {}))
    if hasil != hasil:
        raise Missing(kode.value)
    return Fraction(Decimal(f"{hasil:.{_DESIMAL_BINER}f}"))


def _in_class(d: Data, golongan: str, masukan: tuple[Node, ...], lingkup: Scope) -> Fraction:
    """Banyaknya capaian segolongan; penggolongannya :func:`kinerja.capaian.classify`."""
    iku, nilai = d["iku"].set_index("kode"), lingkup.audit.input

    def indikator(kode: str) -> str:
        x = nilai(f"=iku/{kode}/capaian_tanpa_batas") or nilai(f"=iku/{kode}/capaian")
        isi = map(nilai, lingkup.audit.claim_of(f"iku/{kode}/capaian_tanpa_batas").masukan)
        angka = [float(y) for y in isi if isinstance(y, Fraction)]
        return capaian.classify(float(x), *(angka if len(angka) == 2 else ()), desimal=int(iku.at[kode, "desimal"]))

    def satu(leaf: Node) -> str:
        tabel, kode, _ = leaf.path.removeprefix("=").split("/")
        if tabel == "iku":
            return indikator(kode)
        if all(indikator(k) == "tepat" for k in iku.index[iku["sasaran"] == kode]):
            return "tepat"
        x = float(lingkup.one(leaf))
        return capaian.classify(x, x, 100.0, DESIMAL_CETAK)

    return Fraction(sum(satu(x) == golongan for x in masukan))


# Indikator ------------------------------------------------------------------------------------------------------------


def _indicators(p: Pembuat) -> dict[tuple[str, str], Klaim]:
    hasil: dict[tuple[str, str], Klaim | None] = {}
    for i in p.d["iku"].itertuples() if p.d.has("iku") else ():
        hasil |= {(i.kode, ukuran): x for ukuran, x in _indicator(p, i)}
    return {k: x for k, x in hasil.items() if x is not None}


def _indicator(p: Pembuat, i: Any) -> Iterator[tuple[str, Klaim | None]]:
    def buat(ukuran: str, rumus: str | Node | None, **isi: Any) -> tuple[str, Klaim | None]:
        return ukuran, p.claim(ukuran, "", rumus, i.kode, **isi)

    target, realisasi = _sources(p, i)
    akhir = f"renstra/{i.kode}/{capaian.end_year(p.d)}"
    yield buat("target", target[0] if len(target) == 1 else None)
    yield buat("target_akhir", f"[{akhir}]")
    yield buat("target_semula", _first(p, f"iku_nilai/{i.kode}/target_semula/tahun", f"renstra/{i.kode}/{p.d.tahun}"))
    yield buat("target_tahun_depan", f"[renstra/{i.kode}/{p.d.tahun + 1}]")
    yield buat("realisasi", realisasi)
    kini = p.between(f"iku/{i.kode}/realisasi", realisasi, i, int(i.desimal), i.satuan)
    acuan = [_as_ref(p, i, x) for x in target]
    if not kini or not acuan:
        return
    cara = _way(p, i)
    dengan, tanpa = (_rule(cara, i.kode, kini, acuan, x) for x in (_cap(p, i.kode), ""))
    bacaan = {"bacaan_tanpa_batas": tanpa}
    if i.arah == capaian.TURUN:
        balik = KEBALIKAN if cara.endswith(SELISIH) else SELISIH
        bacaan |= {f"bacaan_{balik}": _rule(f"{capaian.TURUN} {balik}", i.kode, kini, acuan)}
        bacaan |= {"bacaan_naik": _rule(capaian.NAIK, i.kode, kini, acuan)}
    yield buat("capaian", dengan, bacaan=bacaan)
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
    tertulis = {x.split("/")[3] for x in p.ids if x.startswith(f"iku_nilai/{i.kode}/")}
    kode = next((x for x in periode.rows(p.d.periode) if tertulis & set(x)), ())

    def sampai(ukuran: str) -> str | None:
        ada = [x for x in (f"iku_nilai/{i.kode}/{ukuran}/{y}" for y in kode) if x in p.ids]
        return _joined(i.cara, [f"[{x}]" for x in ada]) if ada and ada[-1].endswith(f"/{kode[-1]}") else None

    target = [x for x in map(sampai, ("target", "target_bawah", "target_atas")) if x]
    setahun = i.arah == capaian.RENTANG or i.cara == "rata_rata"
    return target or [f"[{x}]" for x in i.target.split() if setahun], sampai("realisasi")


def _as_ref(p: Pembuat, i: Any, target: str) -> str:
    """Id sebuah target; target beberapa periode menjadi besaran antara."""
    tunggal = target[1:-1]
    return tunggal if tunggal in p.ids else p.between(f"iku/{i.kode}/target", target, i, int(i.desimal), i.satuan)


def _first(p: Pembuat, *ids: str) -> str | None:
    return next((f"[{x}]" for x in ids if x in p.ids and p.berisi(x)), None)


def _realisation(p: Pembuat, baris: Any, satuan: str) -> str | None:
    """Rumus realisasi menurut kolom ``cara``, ``pembilang``, dan ``penyebut``, atas baris yang terisi."""
    isi = [f"[{x}]" for x in baris.pembilang.split() if p.berisi(x)]
    if not isi:
        return None
    if baris.cara == "rasio":
        return f"{isi[0]} / [{baris.penyebut}]" + ("" if satuan in SATUAN_BAGIAN else " * 100")
    return _joined(baris.cara, isi)


def _joined(cara: str, isi: list[str]) -> str:
    gabung = {"jumlah": "sum({})", "rata_rata": "mean({})"}.get(cara)
    return gabung.format(", ".join(isi)) if gabung and len(isi) > 1 else isi[-1]


def _way(p: Pembuat, i: Any) -> str:
    if i.satuan == _TEKS or i.arah == capaian.NAIK:
        return _TEKS if i.satuan == _TEKS else capaian.NAIK
    return f"{i.arah} {p.iku.at[i.kode, 'rumus']}"


def _rule(cara: str, kode: str, realisasi: str, target: list[str], batas: str = "") -> Node:
    tepi: list[Node] = list(map(Ref, target))
    if cara.startswith(capaian.RENTANG) and len(tepi) == 1:
        tepi = [_TANPA, *tepi] if "/target_atas/" in target[0] else [*tepi, _TANPA]
    nama = f"capaian {cara} batas" if batas else f"capaian {cara}"
    return Call(nama, (Text(kode), Ref(batas) if batas else _TANPA, Ref(realisasi), *tepi))


def _cap(p: Pembuat, kode: str) -> str:
    """Id batas capaian yang berlaku bagi sebuah indikator; kosong bila tanpa batas."""
    if pd.isna(p.iku.at[kode, "batas"]):
        return ""
    sendiri = f"iku_aturan/{kode}/batas_capaian"
    return sendiri if sendiri in p.ids else "aturan/batas_capaian"


def _year_before(p: Pembuat, i: Any) -> str:
    tahun = int(p.iku.at[i.kode, "tahun_data"]) - 1
    r = p.d["iku_riwayat"] if p.d.has("iku_riwayat") else pd.DataFrame(columns=["kode", "tahun"])
    for lalu in r[(r["kode"] == i.kode) & (r["tahun"] == tahun)].itertuples():
        rumus = _realisation(p, lalu, i.satuan)
        return p.between(f"iku_riwayat/{i.kode}/{tahun}", rumus, lalu, int(i.desimal), i.satuan)
    return ""


# Sasaran dan institusi ------------------------------------------------------------------------------------------------


def _means(p: Pembuat) -> dict[tuple[str, str], Klaim]:
    if not p.d.has("iku"):
        return {}
    hasil: dict[tuple[str, str], Klaim | None] = {}
    dinilai = p.iku[p.iku["capaian"].notna()]
    bobot = p.d.rule_text("agregasi_sasaran", "rata_rata") == TERTIMBANG
    for s in p.d["sasaran"].itertuples():
        kode = list(dinilai.index[dinilai["sasaran"] == s.kode])
        rumus = {ukuran: _mean(p, "iku", kode, ukuran, bobot) for ukuran in _DUA_CAPAIAN}
        bacaan = {"bacaan_tanpa_batas": rumus["capaian_tanpa_batas"]}
        if bobot:
            bacaan |= {"bacaan_tanpa_bobot": _mean(p, "iku", kode, "capaian", False)}
        for ukuran in _DUA_CAPAIAN:
            p.between(f"sasaran/{s.kode}/{ukuran}", rumus[ukuran], s, DESIMAL_CETAK, "persen_capaian")
        hasil[s.kode, "capaian"] = p.claim("capaian_sasaran", "", rumus["capaian"], s.kode, bacaan=_some(bacaan))
        hasil[s.kode, "capaian_tanpa_batas"] = p.claim("capaian_sasaran", "", rumus["capaian_tanpa_batas"], s.kode)
    return {k: x for k, x in (hasil | _institution(p, list(dinilai.index))).items() if x is not None}


def _institution(p: Pembuat, dinilai: list[str]) -> dict[tuple[str, str], Klaim | None]:
    cara = p.d.rule_text("agregasi_institusi", "rata_rata_sasaran")
    dasar, bobot = cara.rsplit("_", 1)[-1], TERTIMBANG in cara
    kode = {"iku": dinilai, "sasaran": [x.split("/")[1] for x in p.antara if x.startswith("sasaran/")]}
    kode["sasaran"] = list(dict.fromkeys(kode["sasaran"]))
    lain = "iku" if dasar == "sasaran" else "sasaran"
    tanpa = _mean(p, dasar, kode[dasar], "capaian_tanpa_batas", bobot)
    bacaan = {"bacaan_tanpa_batas": tanpa, f"bacaan_{lain}": _mean(p, lain, kode[lain], "capaian", False)}
    if bobot:
        bacaan |= {"bacaan_tanpa_bobot": _mean(p, dasar, kode[dasar], "capaian", False)}
    rumus = _mean(p, dasar, kode[dasar], "capaian", bobot)
    nama = p.d.rule_text("nama_institusi")
    return {
        (_LEMBAGA, "capaian"): p.claim("capaian_lembaga", "", rumus, nama, bacaan=_some(bacaan)),
        (_LEMBAGA, "capaian_tanpa_batas"): p.claim("capaian_lembaga", "", tanpa, nama),
    }


def _mean(p: Pembuat, tabel: str, kode: list[str], ukuran: str, bobot: bool) -> Node | None:
    """Rata-rata besaran antara; None bila salah satunya tidak ada."""
    id_ = [f"{tabel}/{k}/{ukuran}" for k in kode]
    if not id_ or not all(x in p.antara for x in id_) or (bobot and not all(f"bobot/{k}" in p.ids for k in kode)):
        return None
    isi = [Ref(f"={x}") for x in id_]
    if not bobot:
        return Call("mean", tuple(isi))
    w = [Ref(f"bobot/{k}") for k in kode]
    return Binary("/", Call("sum", tuple(map(partial(Binary, "*"), w, isi))), Call("sum", tuple(w)))


def _some(bacaan: dict[str, Node | None]) -> dict[str, Node]:
    return {k: x for k, x in bacaan.items() if x is not None}


def _spending(p: Pembuat) -> dict[tuple[str, str], Klaim]:
    """Penyerapan setiap sasaran dan institusi pada tanggal laporan."""
    if not anggaran.has_money(p.d):
        return {}
    hasil, tanggal = {}, anggaran.report_date(p.d)
    for rincian, kode in p.d["anggaran"][["rincian", "kode"]].drop_duplicates().itertuples(index=False):
        rumus = f"[anggaran/{rincian}/{kode}/realisasi/{tanggal}] / [anggaran/{rincian}/{kode}/pagu/{tanggal}] * 100"
        if rincian in ("total", "sasaran"):
            kunci = (_LEMBAGA if rincian == "total" else kode), "realisasi_keuangan"
            hasil[kunci] = p.claim("penyerapan", "", rumus, kode.replace("_", " "))
    return {k: x for k, x in hasil.items() if x is not None}


# Angka lain -----------------------------------------------------------------------------------------------------------


def _kind(p: Pembuat, token: str) -> tuple[str, str]:
    """Kode dan jenis (target, realisasi, capaian) sebuah masukan; versi tercetak sejenis mungkin dipakai gantinya."""
    if token.startswith(("=", "renstra/")):
        _, kode, ukuran = token.split("/")[:3]
        return kode, ukuran.split("_")[0] if token.startswith("=") else "target"
    iku = p.d["iku"] if p.d.has("iku") else pd.DataFrame(columns=["kode", "target"])
    return next((k for k, t in zip(iku["kode"], iku["target"], strict=True) if token in t.split()), ""), "target"


def _counts(p: Pembuat) -> Iterator[Klaim | None]:
    """Banyaknya indikator dan sasaran, seluruhnya dan menurut golongannya."""
    rumus: dict[str, Node] = {}
    for tabel in ("iku", "sasaran"):
        isi = tuple(Ref(f"={x}") for x in p.antara if x.startswith(f"{tabel}/") and x.endswith("/capaian"))
        rumus |= {tabel: Call("rows", (Text(tabel),))}
        rumus |= {f"{tabel}_{g}_100": Call(f"golongan {g}", isi) for g in capaian.GOLONGAN if isi}
    for x in p.d["hitungan"].itertuples() if p.d.has("hitungan") else ():
        klaim = p.claim("hitungan", x.id, rumus.get(x.hal), x.hal.replace("_", " "))
        yield None if klaim is None else replace(klaim, besaran=f"hitungan/{x.hal}")
