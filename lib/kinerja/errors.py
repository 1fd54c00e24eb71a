"""Kesalahan yang ditujukan kepada manusia: satu pesan, berbahasa Indonesia, tanpa jejak tumpukan di baris perintah."""

from __future__ import annotations


class GalatKinerja(Exception):
    """Induk semua kesalahan yang boleh sampai ke pengguna sebagai satu pesan."""


class GalatData(GalatKinerja):
    """Isi berkas data tidak sesuai skema.

    Parameters
    ----------
    berkas : str
        Nama berkas relatif terhadap akar data, misalnya ``2020/sdm.csv``.
    ditemukan, diharapkan : str
        Apa yang ada di berkas dan apa yang seharusnya ada.
    baris : int, optional
        Nomor baris di berkas (kepala tabel = baris 1).
    kolom : str, optional
        Nama kolom.
    """

    def __init__(
        self, berkas: str, *, ditemukan: str, diharapkan: str, baris: int | None = None, kolom: str | None = None
    ):
        self.berkas, self.baris, self.kolom = berkas, baris, kolom
        self.ditemukan, self.diharapkan = ditemukan, diharapkan
        tempat = berkas
        if baris is not None:
            tempat += f", baris {baris}"
        if kolom is not None:
            tempat += f", kolom '{kolom}'"
        super().__init__(f"{tempat}: ditemukan {ditemukan}; diharapkan {diharapkan}.")


class GalatParameter(GalatKinerja):
    """Parameter, notebook, atau tahun yang diminta tidak ada atau di luar batas."""


class GalatHitung(GalatKinerja):
    """Perhitungan tidak dapat dilakukan dengan masukan yang diberikan."""
