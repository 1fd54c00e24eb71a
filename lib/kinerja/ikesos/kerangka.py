"""Kerangka Ikesos menurut kelompok sasaran, dan pohon indeksnya.

Pohon: Ikesos <- sasaran (``rt``) <- dimensi (``rt/KD``) <- subdimensi (``rt/PAPAN``) <- indikator (``rt/KD1``). Bobot
sama di setiap simpul; laporan tidak menerbitkan bobot, dan uji coba pertama SMERU memakai bobot sederhana.

Tabel sumber menyisakan sel kosong yang bisa jadi sel gabungan (``tidak_pasti``). Aturan baku: sel itu dianggap sel
gabungan, jadi indikator BERLAKU bagi sasaran tersebut, kecuali kodebuku tidak punya definisinya karena penyebutnya
tidak mungkin ada (misalnya imunisasi balita bagi lansia). ``tidak_pasti="tidak"`` hanya memakai sel yang pasti.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indextree import MEANS, Mean, Tree
from indextree.aggregation import choices
from indextree.errors import IndexTreeError, ParameterError
from kinerja.errors import GalatParameter, engine_errors
from kinerja.mikro import Kodebuku

PUNCAK = "IKESOS"
PEMISAH = "/"
TIDAK_PASTI = ("berlaku", "tidak")
AMBANG_BAKU = 0.5
JENIS_SIMPUL = ("indeks", "sasaran", "dimensi", "subdimensi", "indikator")

_KODE = {"arithmetic": "aritmetik", "geometric": "geometrik", "harmonic": "harmonik", "product": "hasil_kali"}

CARA_AGREGASI: dict[str, type[Mean]] = {_KODE.get(k, k): MEANS[k] for k in choices(parameter=False)}
"""Kode -> kelas: setiap yang terdaftar dan tidak menuntut angka pangkat; yang tidak punya kode Indonesia memakai
kodenya sendiri."""

mesin_pohon = engine_errors(ParameterError, IndexTreeError)
"""Penghias fungsi yang memanggil :mod:`indextree`."""


@dataclass(frozen=True, eq=False)
class Kerangka:
    """Kerangka satu kodebuku: indikator yang dipakai tiap sasaran, dan pohonnya."""

    sasaran: dict[str, str]
    """Kode -> nama kelompok sasaran, menurut urutan sumber."""
    indikator: pd.DataFrame
    """Satu baris per sasaran x indikator kerangka: ``simpul`` (``rt/KD1``), ``sasaran``, ``indikator``, ``dimensi``,
    ``subdimensi``, ``nama``, ``tercetak`` (ya, tidak, tidak_pasti), ``dipakai`` (bool), ``alasan``, ``butir`` (kode di
    kodebuku; "" bila tidak ada)."""
    pohon: Tree
    """Hanya indikator yang dipakai."""
    simpul: pd.DataFrame
    """Indeks kode simpul pohon: ``jenis`` (``JENIS_SIMPUL``), ``sasaran`` ("" untuk puncak), ``kode`` (kode kerangka),
    ``nama``."""

    @classmethod
    @mesin_pohon
    def susun(
        cls,
        kerangka: pd.DataFrame,
        simpul: pd.DataFrame,
        sasaran: pd.DataFrame,
        kodebuku: Kodebuku,
        *,
        tidak_pasti: str = "berlaku",
        ambang: float = AMBANG_BAKU,
    ) -> Kerangka:
        """Susun dari tabel acuan ``ikesos_kerangka``, ``ikesos_simpul``, ``ikesos_sasaran``.

        Parameters
        ----------
        tidak_pasti
            Perlakuan sel yang tidak pasti; lihat keterangan modul.
        ambang : float
            Bagian (banyaknya) anak yang harus tersedia supaya simpul dihitung; di bawahnya simpul tidak tersedia.

        Raises
        ------
        GalatParameter
            Pilihan tidak dikenal, kodebuku menyebut indikator di luar kerangka, atau tidak ada indikator yang dipakai.
        """
        if tidak_pasti not in TIDAK_PASTI:
            raise GalatParameter(f"tidak_pasti harus salah satu dari {', '.join(TIDAK_PASTI)}, bukan '{tidak_pasti}'.")
        asing = sorted({b.untuk for b in kodebuku.sejenis("indikator")} - set(kerangka["kode"]))
        if asing:
            raise GalatParameter(
                f"{kodebuku.nama} memuat indikator di luar kerangka: {', '.join(asing)}; tulis barisnya di "
                "data/raw/acuan/ikesos_kerangka.csv, atau hapus dari kodebuku."
            )
        nama_sasaran, sel = dict(zip(sasaran["kode"], sasaran["nama"], strict=True)), kerangka.to_dict("records")
        berlaku = tidak_pasti == "berlaku"
        indikator = pd.DataFrame([_indikator(x, kode, kodebuku, berlaku) for kode in nama_sasaran for x in sel])
        tabel = _tabel_pohon(indikator, simpul, nama_sasaran, kodebuku)
        # Ambang menurut banyaknya anak: menurut bobot, menggeser bobot sedikit saja dapat menggugurkan simpul yang
        # tepat setengahnya tersedia.
        pohon = Tree.from_table(tabel, threshold=ambang, threshold_basis="count")
        keterangan = tabel.set_index("code").rename_axis("kode")[["jenis", "sasaran", "kode_kerangka", "name"]]
        keterangan = keterangan.rename(columns={"kode_kerangka": "kode", "name": "nama"}).loc[list(pohon.codes)]
        return cls(nama_sasaran, indikator, pohon, keterangan)

    def perluas(self, isi: Mapping[str, object]) -> dict[str, object]:
        """Kode kerangka menjadi kode simpul: ``KD`` berarti ``rt/KD``, ``pd/KD``, ``ls/KD``; yang lengkap menang."""
        lengkap = {k: v for k, v in isi.items() if k in self.simpul.index}
        hasil: dict[str, object] = {}
        for kode, nilai in isi.items():
            if kode in lengkap:
                continue
            cocok = self.simpul.index[(self.simpul["kode"] == kode) & (self.simpul["sasaran"] != "")]
            if not len(cocok):
                raise GalatParameter(
                    f"Simpul '{kode}' tidak ada; pakai kode sasaran ({', '.join(self.sasaran)}), kode kerangka "
                    "(KD, PAPAN, KD1), atau gabungannya (rt/KD)."
                )
            hasil |= dict.fromkeys(cocok, nilai)
        return hasil | lengkap

    def pilih(self, simpul: str | Sequence[str], sasaran: str = "semua") -> list[str]:
        """Kode simpul yang diminta, bagi semua atau satu sasaran.

        ``simpul``: ``puncak`` (Ikesos, atau indeks satu sasaran bila `sasaran` disebut), satu dari ``JENIS_SIMPUL``,
        ``semua``, atau kode, satu atau beberapa.
        """
        if sasaran != "semua" and sasaran not in self.sasaran:
            raise GalatParameter(f"Sasaran '{sasaran}' tidak ada; pilihannya: semua, {', '.join(self.sasaran)}.")
        s = self.simpul if sasaran == "semua" else self.simpul[self.simpul["sasaran"] == sasaran]
        if simpul == "puncak":
            return [PUNCAK if sasaran == "semua" else sasaran]
        if simpul == "semua":
            return list(s.index[::-1])
        if isinstance(simpul, str) and simpul in JENIS_SIMPUL:
            hasil = list(s.index[s["jenis"] == simpul])
        else:
            daftar = [simpul] if isinstance(simpul, str) else list(simpul)
            milik = set(s.index)
            hasil = [k for satu in daftar for k in self.perluas({satu: None}) if k in milik]
        if not hasil:
            raise GalatParameter(f"Tidak ada simpul '{simpul}' bagi sasaran '{sasaran}'.")
        return hasil


def _indikator(satu: Mapping, sasaran: str, kodebuku: Kodebuku, berlaku: bool) -> dict[str, object]:
    tercetak = satu[f"berlaku_{sasaran}"]
    butir = kodebuku.indikator(satu["kode"], sasaran)
    if tercetak == "ya":
        dipakai, alasan = True, ""
    elif tercetak == "tidak":
        dipakai, alasan = False, "tidak berlaku menurut sumber"
    elif not berlaku:
        dipakai, alasan = False, "sel sumber tidak pasti"
    elif butir is None:
        dipakai, alasan = False, "sel sumber tidak pasti dan kodebuku tidak punya definisinya bagi sasaran ini"
    else:
        dipakai, alasan = True, "sel sumber tidak pasti; dianggap sel gabungan"
    nama, kode_butir = (satu["nama"], "") if butir is None else (butir.nama, butir.butir)
    letak = {"indikator": satu["kode"], "dimensi": satu["dimensi"], "subdimensi": satu["subdimensi"]}
    isi = {"nama": nama, "tercetak": tercetak, "dipakai": dipakai, "alasan": alasan, "butir": kode_butir}
    return {"simpul": f"{sasaran}{PEMISAH}{satu['kode']}", "sasaran": sasaran, **letak, **isi}


def _tabel_pohon(
    indikator: pd.DataFrame, simpul: pd.DataFrame, sasaran: Mapping[str, str], kodebuku: Kodebuku
) -> pd.DataFrame:
    nama = dict(zip(simpul["kode"], simpul["nama"], strict=True))
    dipakai = indikator[indikator["dipakai"]]
    if dipakai.empty:
        raise GalatParameter("Tidak satu pun indikator kerangka dipakai.")
    kosong = (np.nan, np.nan, np.nan)
    baris = [(PUNCAK, "", "indeks", "", PUNCAK, nama.get(PUNCAK, PUNCAK), *kosong)]
    for kode, nama_sasaran in sasaran.items():
        milik = dipakai[dipakai["sasaran"] == kode]
        if milik.empty:
            continue
        awal = f"{kode}{PEMISAH}"
        baris.append((kode, PUNCAK, "sasaran", kode, kode, nama_sasaran, *kosong))
        for d in dict.fromkeys(milik["dimensi"]):
            baris.append((awal + d, kode, "dimensi", kode, d, nama[d], *kosong))
        for d, s in dict.fromkeys(zip(milik["dimensi"], milik["subdimensi"], strict=True)):
            baris.append((awal + s, awal + d, "subdimensi", kode, s, nama[s], *kosong))
        for i in milik.to_dict("records"):
            butir = kodebuku.butir.get(i["butir"])
            arah, tonggak = (1, (0.0, 100.0)) if butir is None else (1 if butir.naik else -1, butir.tonggak)
            induk = awal + i["subdimensi"]
            baris.append((i["simpul"], induk, "indikator", kode, i["indikator"], i["nama"], arah, *tonggak))
    kolom = ["code", "parent", "jenis", "sasaran", "kode_kerangka", "name"]
    return pd.DataFrame(baris, columns=[*kolom, "direction", "goalpost_lower", "goalpost_upper"])


def cara_agregasi(kode: str) -> type[Mean]:
    """Kelas :mod:`indextree` yang menghitung satu kode agregasi."""
    if kode not in CARA_AGREGASI:
        raise GalatParameter(f"Agregasi '{kode}' tidak dikenal; pilih {', '.join(CARA_AGREGASI)}.")
    return CARA_AGREGASI[kode]
