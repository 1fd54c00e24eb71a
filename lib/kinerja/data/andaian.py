"""Andaian: data satu tahun dengan angka yang diganti, dan tanda bahwa ia diganti.

Angka dan baris yang diganti berkeadaan ``diandaikan``; kalimat andaiannya ikut di baris sumber setiap tabel dan gambar
yang dibuat dari data itu. Laporan menolaknya.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.data import schema
from kinerja.data.load import FAKTA, Data
from kinerja.errors import GalatParameter

DIANDAIKAN = "diandaikan"
_TETAP = ("tidak_tersedia", "sintetis")
"""Keadaan yang tidak ditutupi andaian: angka buatan tetap bertanda buatan."""

_DISEBUT = 3
"""Andaian yang disebut satu per satu di baris sumber."""


@dataclass(frozen=True)
class Andaian:
    """Satu penggantian: id angka atau sel tabel daftar, isinya di sumber, dan isinya di sini."""

    id: str
    lama: Any
    baru: Any
    satuan: str = "teks"

    def text(self) -> str:
        """``dtks/nik_padan = 90.000.000 (sumber: 84.117.470)`` dalam bahasa yang berlaku."""
        kata = fmt.pick({"id": "sumber", "en": "source"})
        lama, baru = (x if isinstance(x, str) else fmt.nilai(x, self.satuan) for x in (self.lama, self.baru))
        return f"{self.id} = {baru or fmt.HILANG} ({kata}: {lama or fmt.HILANG})"


def sentence(andaian: tuple[Andaian, ...]) -> str:
    """Kalimat bagi baris sumber; kosong tanpa andaian."""
    if not andaian:
        return ""
    isi = "; ".join(x.text() for x in andaian[:_DISEBUT])
    sisa = len(andaian) - _DISEBUT
    lagi = fmt.pick({"id": f"; dan {sisa} lagi", "en": f"; and {sisa} more"}) if sisa > 0 else ""
    return fmt.pick({"id": f"Andaian, bukan angka sumber: {isi}{lagi}.", "en": f"Assumed, not sourced: {isi}{lagi}."})


def replaced(d: Data, nilai: Mapping[str, float | None], tabel: Mapping[str, pd.DataFrame]) -> Data:
    """Salinan ``d`` dengan angka ``nilai`` dan isi ``tabel``; ``d`` sendiri tidak berubah.

    Parameters
    ----------
    d : Data
    nilai : mapping of str to float or None
        Id angka -> nilai barunya dalam satuannya; None: tidak tersedia.
    tabel : mapping of str to DataFrame
        Tabel daftar (bukan angka) -> isi barunya, berkolom dan berbaris sama.

    Raises
    ------
    GalatParameter
        Id atau tabel tidak ada, bukan bilangan, pecahan bagi satuan bulat, atau susunan tabelnya lain.
    """
    hasil, ubah = {}, []
    for id_, baru in nilai.items():
        baris = d.baris(id_)
        ubah.append(Andaian(id_, d.nilai(id_), _check_value(d, id_, baru, baris["satuan"]), baris["satuan"]))
        nama = id_.split("/")[0]
        isi = hasil.setdefault(nama, d[nama])
        kena = isi["id"] == id_
        isi.loc[kena, ["nilai", "keadaan"]] = [np.nan if baru is None else float(baru), DIANDAIKAN]
    for nama, isi in tabel.items():
        hasil[nama], beda = _listing(d, nama, isi)
        ubah += beda
    salinan = copy.copy(d)
    for kunci in ("tables", "_facts"):
        salinan.__dict__.pop(kunci, None)
    salinan._tabel, salinan._ingatan, salinan._bagian = {**d._tabel, **hasil}, {}, {}
    salinan.andaian, salinan.asal = (*d.andaian, *ubah), d.asal or d
    if d._folder is not None:
        fakta = d.facts_unnoted().copy()
        for id_ in fakta.index.intersection(nilai):
            fakta.loc[id_, ["nilai", "keadaan"]] = [np.nan if nilai[id_] is None else float(nilai[id_]), DIANDAIKAN]
        salinan._tabel[FAKTA] = fakta
    return salinan


def marked(frame: pd.DataFrame, asal: pd.DataFrame) -> pd.DataFrame:
    """``frame`` dengan keadaan ``diandaikan`` dan kolom ``andaian`` (bool) pada baris yang lain daripada ``asal``.

    Parameters
    ----------
    frame, asal : DataFrame
        Hasil hitungan yang sama dari data berandaian dan dari data sumber. Bila barisnya tidak berpasangan, semua baris
        ditandai.
    """
    frame = frame.copy()
    if len(frame) != len(asal):
        return frame.assign(andaian=True)
    beda = pd.DataFrame({k: _differ(frame[k], asal[k]) for k in frame if k in asal}, index=frame.index)
    for kolom in [k for k in frame if str(k).startswith("keadaan")]:
        milik = str(kolom).removeprefix("keadaan").removeprefix("_")
        kena = beda[milik] if milik in beda else beda.any(axis=1)
        frame[kolom] = frame[kolom].mask(kena & ~frame[kolom].isin(_TETAP), DIANDAIKAN)
    return frame.assign(andaian=beda.any(axis=1))


def _differ(satu: pd.Series, lain: pd.Series) -> np.ndarray:
    a, b = (x.astype(object).where(x.notna(), None).to_numpy() for x in (satu, lain))
    return a != b


def _check_value(d: Data, id_: str, baru: Any, satuan: str) -> Any:
    if baru is None:
        return None
    if isinstance(baru, bool | str) or not np.isfinite(float(baru)):
        raise GalatParameter(f"Andaian {id_} = {baru!r}: diharapkan bilangan bersatuan {satuan}, atau None.")
    if d.is_integer(satuan) and float(baru) != int(baru):
        raise GalatParameter(f"Andaian {id_} = {baru!r}: satuannya {satuan}, diharapkan bilangan bulat.")
    return int(baru) if d.is_integer(satuan) else float(baru)


def _listing(d: Data, nama: str, isi: pd.DataFrame) -> tuple[pd.DataFrame, list[Andaian]]:
    """Tabel daftar yang baru dengan barisnya yang berubah ditandai, dan perubahannya sel demi sel."""
    lama = d[nama]
    if schema.tables()[nama].jenis == "fakta":
        raise GalatParameter(f"Tabel {nama} berisi angka; ganti angkanya menurut id: replace({{id: nilai}}).")
    if list(isi) != list(lama) or list(isi["id"]) != list(lama["id"]):
        raise GalatParameter(f"Tabel {nama} yang baru harus berkolom dan berbaris sama dengan d['{nama}'].")
    isi = isi.set_axis(lama.index)
    beda = {k: _differ(isi[k], lama[k]) for k in isi}
    ubah = [
        Andaian(f"{lama.at[i, 'id']}/{k}", str(lama.at[i, k]), str(isi.at[i, k]))
        for k, kena in beda.items()
        for i in lama.index[kena]
    ]
    kena = np.any(list(beda.values()), axis=0)
    return isi.assign(keadaan=isi["keadaan"].mask(kena, DIANDAIKAN)), ubah
