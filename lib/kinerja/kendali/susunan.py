"""Kendali susunan Ikesos: indikator mana yang berlaku bagi satu kelompok sasaran."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets

from kinerja import fmt, pendukung
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.istilah import term

_SEMUA = {"id": "semua kelompok", "en": "all groups"}
_PALING_SEDIKIT = {"id": "paling sedikit satu kelompok", "en": "at least one group"}


def explore(buku: Buku, sasaran: str) -> Hasil:
    """Susunan indeks bagi satu kelompok: kalimat dan tabel, sama dengan parameter ``sasaran``.

    Raises
    ------
    GalatParameter
        Kelompok tidak dikenal.
    """
    frame = pendukung.framework(buku.data, sasaran)
    banyak = frame["berlaku"].value_counts()
    ya, tidak_pasti, tidak = (int(banyak.get(x, 0)) for x in pendukung.BERLAKU)
    nama = fmt.pick(_PALING_SEDIKIT) if sasaran == pendukung.SEMUA else names(buku)[sasaran].lower()
    teks = fmt.pick(
        {
            "id": f"Bagi {nama}: {ya} dari {len(frame)} indikator pasti berlaku, {tidak_pasti} tidak pasti, "
            f"{tidak} tidak berlaku.",
            "en": f"For {nama}: {ya} of {len(frame)} indicators certainly apply, {tidak_pasti} are uncertain, "
            f"{tidak} do not apply.",
        }
    )
    return Hasil(tabel=buku.build("kerangka", frame, sasaran=sasaran).tabel, teks=teks)


def framework(buku: Buku, sasaran: str = pendukung.SEMUA) -> Panel:
    """Panel pilihan kelompok sasaran; keadaan awalnya parameter notebook."""
    pilihan = widgets.Dropdown(
        options=[(nama, kode) for kode, nama in names(buku).items()],
        value=sasaran,
        description=fmt.pick({"id": "Kelompok", "en": "Group"}),
    )
    judul = fmt.pick({"id": "Susunan indeks bagi satu kelompok", "en": "The index for one target group"})
    return Panel(partial(explore, buku), {"sasaran": pilihan}, judul)


def names(buku: Buku) -> dict[str, str]:
    """Kode kelompok sasaran -> namanya dalam bahasa yang berlaku, mulai dari ``"semua"``."""
    nama = buku.data["ikesos_sasaran"].set_index("kode")["nama"]
    return {pendukung.SEMUA: fmt.pick(_SEMUA), **{kode: term(x) for kode, x in nama.items()}}
