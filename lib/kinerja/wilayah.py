"""Kode wilayah BPS dan namanya: 34 provinsi dan 514 kabupaten/kota, ditambah yang lahir dari pemekaran Papua 2022.

Kode yang tidak dikenal tetap dipakai sebagai namanya sendiri dan disebut dalam satu kalimat; tidak ada yang dibuang.

Angka buatan tidak pernah memakai nama daerah: bila datanya sintetis, wilayahnya Wilayah A, B, C, ..., kodenya A, B, C,
... (kabupaten/kota: A-01), dan petaknya berderet menurut abjad, tidak menurut letak.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.data import Data
from kinerja.istilah import Catatan

_PROVINSI = 2
"""Panjang kode provinsi; kabupaten/kota empat angka dan diawali kode provinsinya."""

_LAJUR_BUATAN = 9
"""Banyaknya lajur peta petak wilayah buatan."""

_BUATAN = {"id": "Wilayah", "en": "Region"}


@dataclass(frozen=True, eq=False)
class Regions:
    """Nama, kode lama, dan letak petak setiap kode wilayah yang dikenal.

    Attributes
    ----------
    names : dict of str to str
        Kode (dua atau empat angka) -> nama; kode sebelum dan sesudah 2022 bersama-sama.
    old : dict of str to str
        Kode yang lahir 2022 -> kode sebelumnya.
    tiles : DataFrame
        ``wilayah``, ``label``, ``baris``, ``lajur`` ke-38 provinsi pada peta petak.
    codes : dict of str to str
        Kode di data -> kode bagi pembaca, hanya bagi yang berbeda; kosong pada data nyata.
    """

    names: dict[str, str]
    old: dict[str, str]
    tiles: pd.DataFrame
    codes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Data, keadaan: str = "") -> Regions:
        """Susun dari tabel ``provinsi``, ``kabkota``, dan ``wilayah_baru``; wilayah buatan bagi angka sintetis."""
        lama, kabkota, baru = data["provinsi"], data["kabkota"], data["wilayah_baru"]
        kode_baru = baru["kode"].astype(str)
        names = dict(zip(lama["kode_bps"].astype(str), lama["provinsi"], strict=True))
        names |= dict(zip(kabkota["kode"].astype(str), kabkota["nama"], strict=True))
        names |= dict(zip(kode_baru, baru["nama"], strict=True))
        provinsi_baru = baru[kode_baru.str.len() == _PROVINSI].rename(columns={"kode": "kode_bps", "nama": "provinsi"})
        letak = pd.concat([lama, provinsi_baru], ignore_index=True)[["kode_bps", "provinsi", "grid_row", "grid_col"]]
        letak = letak.set_axis(["wilayah", "label", "baris", "lajur"], axis=1)
        letak = letak.astype({"wilayah": str, "baris": float, "lajur": float})
        nyata = cls(names, dict(zip(kode_baru, baru["kode_lama"].astype(str), strict=True)), letak)
        return nyata._invented() if keadaan == "sintetis" else nyata

    def _invented(self) -> Regions:
        """Wilayah buatan: provinsi berhuruf menurut urutan daftarnya, kabupaten/kota bernomor di dalam provinsinya."""
        codes = {k: _letters(i) for i, k in enumerate(self.tiles["wilayah"])}
        nomor: Counter[str] = Counter()
        for kode in (k for k in self.names if len(k) > _PROVINSI):
            atas = kode[:_PROVINSI]
            nomor[atas] += 1
            codes[kode] = f"{codes[atas]}-{nomor[atas]:02d}"
        names = {k: f"{fmt.pick(_BUATAN)} {v}" for k, v in codes.items()}
        baris, lajur = np.divmod(np.arange(len(self.tiles)), _LAJUR_BUATAN)
        letak = self.tiles.assign(label=self.tiles["wilayah"].map(names), baris=baris + 1.0, lajur=lajur + 1.0)
        return Regions(names, self.old, letak, codes)

    def code(self, kode: str) -> str:
        """Kode bagi pembaca: kode BPS apa adanya, atau huruf bila wilayahnya buatan."""
        return self.codes.get(kode, kode)

    def name(self, kode: str, *, penuh: bool = False) -> str:
        """Nama satu kode, atau kodenya bila tidak dikenal; ``penuh``: kabupaten/kota disertai provinsinya."""
        nama = self.names.get(kode, kode)
        berinduk = penuh and len(kode) > _PROVINSI and kode not in self.codes  # A-01 sudah menyebut induknya
        return f"{nama}, {self.name(kode[:_PROVINSI])}" if berinduk else nama

    def unnamed(self, kode: Iterable[str]) -> list[str]:
        """Kode yang tidak punya nama, urut dan tanpa ulangan."""
        return sorted({k for k in kode if k not in self.names})

    def note(self, kode: Iterable[str]) -> str:
        """Satu kalimat tentang kode tanpa nama; teks kosong bila semuanya bernama."""
        asing = self.unnamed(kode)
        if not asing:
            return ""
        contoh = ", ".join(asing[:5]) + (", …" if len(asing) > 5 else "")
        kalimat = {
            "id": f"{len(asing)} kode wilayah tidak ada di daftar nama dan ditulis sebagai kodenya: {contoh}.",
            "en": f"{len(asing)} region codes are not in the list of names and are shown as codes: {contoh}.",
        }
        return fmt.pick(kalimat)

    def fold(self, kode: pd.Series) -> pd.Series:
        """Kode menurut 34 provinsi sebelum 2022, bilangan bulat atau teks; yang tak berubah atau tak dikenal tetap."""
        if pd.api.types.is_numeric_dtype(kode):
            return kode.replace({int(k): int(v) for k, v in self.old.items()})
        return kode.replace(self.old)

    def fold_note(self, kode: Iterable[object]) -> Catatan:
        """Satu kalimat tentang provinsi yang dilipat oleh :meth:`fold`, atau bahwa tidak ada yang dilipat."""
        baru = sorted({str(k) for k in kode} & set(self.old))
        if not baru:
            return Catatan("lipat_tiada")
        isi = [
            Catatan("ke", baru=f"{k} {self.names[k]}", lama=f"{self.old[k]} {self.names[self.old[k]]}") for k in baru
        ]
        return Catatan("lipat", isi=isi)

    def map_tiles(self, kode: Iterable[str]) -> pd.DataFrame:
        """Petak peta bagi provinsi pada data: 34 provinsi lama, yang baru bila ada, dan yang tanpa nama di bawah."""
        ada = set(kode)
        letak = self.tiles[~self.tiles["wilayah"].isin(self.old) | self.tiles["wilayah"].isin(ada)]
        kanan, lebar = letak["lajur"].max(), int(letak["lajur"].max() - letak["lajur"].min()) + 1
        asing = [
            {"wilayah": k, "label": k, "baris": letak["baris"].max() + 1 + i // lebar, "lajur": kanan - i % lebar}
            for i, k in enumerate(self.unnamed(ada))
        ]
        return pd.concat([letak, pd.DataFrame(asing, columns=letak.columns).astype(letak.dtypes)], ignore_index=True)


def _letters(nomor: int) -> str:
    """Nomor dari 0 menjadi A, B, ..., Z, AA, AB, ..."""
    hasil = ""
    nomor += 1
    while nomor:
        nomor, sisa = divmod(nomor - 1, 26)
        hasil = chr(ord("A") + sisa) + hasil
    return hasil
