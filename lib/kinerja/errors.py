"""Kesalahan yang ditujukan kepada manusia: satu pesan, berbahasa Indonesia, tanpa jejak tumpukan di baris perintah."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_PANJANG = 300


class GalatKinerja(Exception):
    """Induk semua kesalahan yang boleh sampai ke pengguna sebagai satu pesan."""


class GalatData(GalatKinerja):
    """Isi berkas data tidak sesuai skema.

    Parameters
    ----------
    berkas : str
        Relatif terhadap akar data, misalnya ``2020/sdm.csv``.
    baris : int, optional
        Nomor baris di berkas (kepala tabel = baris 1).
    """

    def __init__(
        self, berkas: str, *, ditemukan: str, diharapkan: str, baris: int | None = None, kolom: str | None = None
    ):
        self.berkas, self.baris, self.kolom = berkas, baris, kolom
        self.ditemukan, self.diharapkan = ditemukan, diharapkan
        tempat = berkas if baris is None else f"{berkas}, baris {baris}"
        tempat += "" if kolom is None else f", kolom '{kolom}'"
        # Isi sel yang panjang dipotong: pesan menyebut tempatnya, tidak mengulang seluruh berkas.
        ringkas = ditemukan if len(ditemukan) <= _PANJANG else f"{ditemukan[:_PANJANG]}…"
        pesan = f"{tempat}: ditemukan {ringkas}; diharapkan {diharapkan}."
        # Isi berkas orang tidak boleh memecah pesan atau mengirim perintah ke terminal.
        super().__init__("".join(x if x.isprintable() else " " for x in pesan))


class GalatBanyak(GalatData):
    """Beberapa masalah sekaligus, supaya semuanya dapat diperbaiki dalam satu kali jalan.

    Tempat, temuan, dan harapan masalah yang pertama menjadi miliknya.
    """

    def __init__(self, daftar: Sequence[GalatKinerja]):
        self.daftar = tuple(x for satu in daftar for x in getattr(satu, "daftar", (satu,)))
        for nama in ("berkas", "baris", "kolom", "ditemukan", "diharapkan"):
            setattr(self, nama, getattr(self.daftar[0], nama, None))
        baris = "".join(f"\n  {n}. {x}" for n, x in enumerate(self.daftar, 1))
        GalatKinerja.__init__(self, f"{len(self.daftar)} masalah:{baris}")


def raise_all(daftar: Sequence[GalatKinerja]) -> None:
    """Lemparkan masalah yang terkumpul: satu apa adanya, banyak sebagai :class:`GalatBanyak`; kosong tidak apa-apa."""
    if daftar:
        raise daftar[0] if len(daftar) == 1 else GalatBanyak(daftar)


class GalatParameter(GalatKinerja):
    """Parameter, notebook, atau tahun yang diminta tidak ada atau di luar batas."""


class GalatHitung(GalatKinerja):
    """Perhitungan tidak dapat dilakukan dengan masukan yang diberikan."""


@contextmanager
def engine_errors(parameter: type[Exception], lain: type[Exception]) -> Iterator[None]:
    """Kesalahan sebuah mesin hitung menjadi kesalahan kinerja dengan kalimat yang sama; pintu, atau penghias fungsi.

    Mesin (paket di samping ``kinerja``) tidak mengenal kinerja, jadi kesalahannya diterjemahkan di tempat ia dipanggil:
    ``parameter`` menjadi `GalatParameter`, dan ``lain``, induk semua yang lain, menjadi `GalatHitung`.
    """
    try:
        yield
    except parameter as galat:
        raise GalatParameter(str(galat)) from galat
    except lain as galat:
        raise GalatHitung(str(galat)) from galat
