"""Survei yang dijelajahi, dengan wilayahnya bernama menurut asal datanya."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kinerja import fmt
from kinerja.data import Data
from kinerja.ikesos import SiapIkesos
from kinerja.istilah import kalimat
from kinerja.kolom import SUMBER_BUATAN
from kinerja.pilihan_berkas import TAHUN_BAKU
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

WILAYAH = {
    "provinsi": {"id": "Provinsi", "en": "Province"},
    "kabkota": {"id": "Kabupaten/kota", "en": "District"},
}


@dataclass(frozen=True, eq=False)
class Survei:
    """Survei siap hitung dan nama wilayahnya.

    Attributes
    ----------
    siap : SiapIkesos
    wilayah : Regions
        Wilayah buatan bila surveinya sintetis.
    """

    siap: SiapIkesos
    wilayah: Regions

    @property
    def keadaan(self) -> str:
        """Keadaan semua angkanya: ``sintetis`` atau ``diturunkan``."""
        return self.siap.keadaan

    @property
    def name(self) -> str:
        """Sebutan surveinya bagi pembaca."""
        sintetis = {"id": "survei buatan", "en": "made-up survey"}
        berkas = {"id": "berkas survei pengguna", "en": "the user's survey file"}
        return fmt.pick(sintetis if self.keadaan == "sintetis" else berkas)

    def source(self) -> str:
        """Baris sumber gambar panel: berkas pengguna, atau bahwa datanya buatan."""
        if self.keadaan == "sintetis":
            return fmt.pick(SUMBER_BUATAN)
        return fmt.pick({"id": f"Sumber: {self.name}.", "en": f"Source: {self.name}."})

    def codes(self, tingkat: str) -> list[str]:
        """Kode wilayah bagi pembaca, menurut urutan domainnya."""
        return [self.wilayah.code(str(x)) for x in self.siap.label(tingkat)]

    def names(self, tingkat: str) -> dict[str, str]:
        """Kode wilayah bagi pembaca -> nama; kode yang tidak dikenal tetap kodenya."""
        asal = (str(x) for x in self.siap.label(tingkat))
        return {self.wilayah.code(k): self.wilayah.name(k, penuh=True) for k in asal}

    def notes(self) -> str:
        """Yang perlu disebut tentang berkasnya: kode tanpa nama, kecocokan penggabungan, kejanggalan, penggantinya."""
        tanpa_nama = self.wilayah.note(str(k) for t in WILAYAH if t in self.siap.tingkat for k in self.siap.label(t))
        kepala = fmt.pick({"id": "Tentang berkasnya:", "en": "About the file:"}) if self.siap.keterangan else ""
        return " ".join(filter(None, [tanpa_nama, kepala, *map(kalimat, self.siap.keterangan)]))


def open_survey(
    data: Data,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Survei:
    """Survei ``mikro``; kosong: survei sintetis kecil. Lihat :func:`kinerja.simpanan.buka_ikesos`."""
    siap = buka_ikesos(data, mikro, kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap
    return Survei(siap, Regions.of(data, siap.keadaan))
