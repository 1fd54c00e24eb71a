"""Rencana: notebook mana dijalankan dengan parameter apa; semua diperiksa di sini, sebelum ada yang berjalan."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja import fmt, paths, periode
from kinerja.berkas import parse_yaml
from kinerja.errors import GalatParameter
from kinerja.fmt import fill

if TYPE_CHECKING:
    from kinerja.data import Data

_BENAR = dict.fromkeys(("true", "benar", "ya", "1"), True) | dict.fromkeys(("false", "salah", "tidak", "0"), False)
_BILANGAN = {
    "int": (r"[+-]?\d+", int, int),
    "float": (r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", float, (int, float)),
}
"""Jenis -> tulisan yang sah, pembacanya, dan nilai Python yang sah."""

PERIODE = "periode"
"""Parameter notebook yang memilih periode laporan."""

_MILIK_RENDER = {"tahun": "--tahun", "bahasa": "--bahasa"}


@dataclass(frozen=True)
class Parameter:
    """Satu parameter notebook: nama, jenis (``int``, ``str``, ...), nilai bawaan, dan keterangannya."""

    nama: str
    jenis: str
    baku: Any
    keterangan: str


@dataclass(frozen=True)
class Tugas:
    """Satu notebook yang akan dijalankan.

    ``halaman`` nama halaman hasilnya, biasanya sama dengan nama notebook; ``baku`` nilai bawaan semua parameternya;
    ``kurang`` tabel yang diperlukannya tetapi belum diisi: halamannya lalu hanya menyebut itu.
    """

    notebook: str
    halaman: str
    berkas: Path
    judul: str
    parameter: Mapping[str, Any] = field(default_factory=dict)
    baku: Mapping[str, Any] = field(default_factory=dict)
    kurang: tuple[str, ...] = ()


@cache
def layout() -> dict[str, Any]:
    """Susunan laporan (``susunan.yml``)."""
    return parse_yaml(resources.files("kinerja.render").joinpath("susunan.yml").read_text("utf-8"))


def available() -> dict[str, Path]:
    """Nama notebook yang ada -> berkasnya, dalam urutan daftar isi."""
    ada = {berkas.stem: berkas for berkas in paths.notebooks().glob("*.ipynb")}
    urutan = [nama for nama in layout()["urutan"] if nama in ada]
    return {nama: ada[nama] for nama in [*urutan, *sorted(set(ada) - set(urutan))]}


def check_year(tahun: int) -> None:
    """Hentikan bila tahun tidak memiliki folder data mentah."""
    ada = paths.tahun_tersedia()
    if tahun not in ada:
        raise GalatParameter(f"Tahun {tahun} tidak ada; yang ada: {_daftar(map(str, ada))}.")


def select(nama: Sequence[str]) -> dict[str, Path]:
    """Notebook yang diminta, dalam urutan daftar isi; tanpa permintaan, semuanya.

    Nama yang tidak dikenal, atau belum adanya notebook, adalah GalatParameter.
    """
    ada = available()
    if not ada:
        raise GalatParameter("Belum ada notebook di folder notebooks.")
    diminta = [Path(x).name.removesuffix(".ipynb") for x in nama]
    asing = [x for x in diminta if x not in ada]
    if asing:
        raise GalatParameter(f"Notebook {_daftar(asing)} tidak ada{_mirip(asing[0], ada)} Yang ada: {_daftar(ada)}.")
    return {x: berkas for x, berkas in ada.items() if not diminta or x in diminta}


def pages(
    notebook: Sequence[str] = (), parameter: Iterable[tuple[str, Any]] = (), *, peragaan: bool = False
) -> list[str]:
    """Nama notebook satu situs: laporan tanpa halaman yang bahannya tidak diberikan, atau peragaan dengan data buatan.

    Angka buatan tidak pernah berdiri di laporan: halaman yang memerlukan survei atau daftar (``bahan`` di
    ``susunan.yml``) hanya ikut laporan bila bahannya diberikan, dan hanya itu yang ikut peragaan.

    Raises
    ------
    GalatParameter
        Notebook yang disebut memerlukan bahan yang tidak diberikan atau bukan peragaan, atau peragaan diberi bahan.
    """
    bahan, dipilih = layout()["bahan"], select(notebook)
    diberi = {nama for nama, nilai in parameter if str(nilai or "").strip()}
    if peragaan:
        terlarang = sorted(diberi & set(bahan.values()))
        if terlarang:
            raise GalatParameter(
                f"Peragaan hanya memakai data buatan; untuk {terlarang[0]} sendiri pakai kinerja render."
            )
        asing = [x for x in dipilih if x not in bahan]
        if notebook and asing:
            raise GalatParameter(f"Notebook {_daftar(asing)} bukan peragaan; yang ada: {_daftar(_exhibits())}.")
        return [x for x in dipilih if x in bahan]
    kurang = [x for x in dipilih if x in bahan and bahan[x] not in diberi]
    if notebook and kurang:
        raise GalatParameter(
            f"Notebook {kurang[0]} memerlukan {bahan[kurang[0]]}; beri --{bahan[kurang[0]]}, "
            f"atau lihat peragaannya dengan data buatan: kinerja peragaan --notebook {kurang[0]}."
        )
    return [x for x in dipilih if x not in kurang]


def complete(semua: Iterable[str], *, peragaan: bool = False) -> bool:
    """Apakah halaman-halaman itu memuat semua yang selalu ada di situsnya; bab kementerian bukan milik lembaga lain."""
    laporan = set(available()) - set(layout()["bahan"]) if paths.is_own_data() else set(layout()["umum"])
    wajib = set(_exhibits()) if peragaan else laporan
    return wajib <= set(semua)


def _exhibits() -> list[str]:
    return [x for x in available() if x in layout()["bahan"]]


def read_parameters(berkas: Path) -> dict[str, Parameter]:
    """Parameter di sel ``parameters`` sebuah notebook; GalatParameter bila tidak terbaca."""
    import papermill  # mahal dimuat; `kinerja --help` tidak memerlukannya
    from nbformat.reader import NotJSONError

    try:
        isi = papermill.inspect_notebook(str(berkas))
    except (NotJSONError, OSError) as galat:
        raise GalatParameter(f"Notebook {berkas.name} tidak dapat dibaca: {' '.join(str(galat).split())}") from galat
    return {nama: _parameter(nama, uraian) for nama, uraian in isi.items()}


def _parameter(nama: str, uraian: Mapping[str, Any]) -> Parameter:
    try:
        baku = ast.literal_eval(uraian["default"])
    except (ValueError, SyntaxError):
        baku = uraian["default"]
    jenis = uraian["inferred_type_name"].strip("\"'")
    return Parameter(nama, type(baku).__name__ if jenis in ("", "None") else jenis, baku, uraian.get("help") or "")


def plan(
    tahun: int,
    *,
    notebook: Sequence[str] = (),
    parameter: Iterable[tuple[str, Any]] = (),
    bahasa: str = "id",
) -> list[Tugas]:
    """Susun tugas untuk satu tahun.

    Parameters
    ----------
    tahun : int
    notebook : sequence of str
        Kosong berarti semua.
    parameter : iterable of (str, object)
        Nilai berupa teks dibaca menurut jenis parameternya. Sebuah parameter diberikan kepada semua notebook terpilih
        yang memilikinya.
    bahasa : str

    Raises
    ------
    GalatParameter
        Tahun, notebook, atau parameter tidak ada, atau nilai tidak sesuai jenisnya. Tidak ada yang dijalankan.
    """
    check_year(tahun)
    with fmt.using(bahasa):
        dipilih = select(notebook)
        dikenal = {nama: read_parameters(berkas) for nama, berkas in dipilih.items()}
        diminta = _unique(parameter)
        if diminta.get(PERIODE):  # bab yang angkanya hanya setahun tidak ikut laporan triwulan
            periode.check(diminta[PERIODE])
            dipilih = {nama: berkas for nama, berkas in dipilih.items() if PERIODE in dikenal[nama]}
        check_names(diminta, dikenal)
        return [
            Tugas(
                notebook=nama,
                halaman=nama,
                berkas=berkas,
                judul=_title(nama, berkas, tahun),
                parameter=_values(nama, dikenal[nama], {"tahun": tahun, "bahasa": bahasa}, diminta),
                baku={kunci: x.baku for kunci, x in dikenal[nama].items()},
            )
            for nama, berkas in dipilih.items()
        ]


def check_tables(tugas: Sequence[Tugas], d: Data, *, diminta: bool) -> list[Tugas]:
    """Tandai tugas yang tabelnya belum diisi di data tahun laporan.

    Pada folder data institusi lain, notebook di luar ``umum`` (``susunan.yml``) yang tabelnya tidak lengkap bukan milik
    institusi itu dan dilewati, kecuali namanya ``diminta`` satu per satu.
    """
    from kinerja.buku import missing_tables  # memuat pandas; memeriksa permintaan tidak memerlukannya

    semua = diminta or paths.is_own_data()
    bertanda = [replace(x, kurang=tuple(missing_tables(x.notebook, d))) for x in tugas]
    if d.periode != periode.TAHUN:
        waktu = periode.Waktu(d.tahun, d.periode)
        bertanda = [replace(x, judul=_title(x.notebook, x.berkas, waktu)) for x in bertanda]
    return [x for x in bertanda if semua or not x.kurang or x.notebook in layout()["umum"]]


def _unique(parameter: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    hasil: dict[str, Any] = {}
    for nama, nilai in parameter:
        if nama in _MILIK_RENDER:
            raise GalatParameter(f"Parameter '{nama}' disetel dengan {_MILIK_RENDER[nama]}, bukan dengan -p.")
        if nama in hasil:
            raise GalatParameter(f"Parameter '{nama}' diberikan dua kali.")
        hasil[nama] = nilai
    return hasil


def check_names(
    diminta: Mapping[str, Any],
    dikenal: Mapping[str, Mapping[str, Parameter]],
    milik_render: Collection[str] = tuple(_MILIK_RENDER),
) -> None:
    """GalatParameter, yang menyebut nama yang mirip, bila ada parameter yang tidak dimiliki satu pun notebook."""
    ada = {nama for milik in dikenal.values() for nama in milik}
    for nama in diminta:
        if nama not in ada:
            punya = [
                f"{notebook}: {_daftar(x for x in milik if x not in milik_render)}"
                for notebook, milik in dikenal.items()
                if set(milik) - set(milik_render)
            ]
            raise GalatParameter(
                f"Parameter '{nama}' tidak ada di notebook yang dirender{_mirip(nama, ada)} "
                f"Yang ada: {'; '.join(punya) or 'tidak ada selain tahun dan bahasa'}."
            )


def _values(
    notebook: str, dikenal: Mapping[str, Parameter], bawaan: Mapping[str, Any], diminta: Mapping[str, Any]
) -> dict[str, Any]:
    kurang = [nama for nama in bawaan if nama not in dikenal]
    if kurang:
        raise GalatParameter(f"Notebook {notebook} tidak punya parameter {_daftar(kurang)} di sel parameters-nya.")
    return {**bawaan, **{k: read_value(nilai, dikenal[k]) for k, nilai in diminta.items() if k in dikenal}}


def read_value(nilai: Any, parameter: Parameter) -> Any:
    """Nilai yang diminta dalam jenis parameternya; GalatParameter bila teksnya atau nilainya bukan jenis itu."""
    pilihan = [x.strip() for x in re.split(r"\||\bor\b", re.sub(r"\[.*\]", "", parameter.jenis))]
    optional = re.fullmatch(r"Optional\[(\w+).*\]", parameter.jenis)
    if optional:
        pilihan = [optional.group(1), "None"]
    # None didahulukan: pada "str | None", teks "None" bukan sebuah nama.
    for jenis in sorted(pilihan, key=lambda x: x != "None"):
        terbaca, isi = _read_as(nilai, jenis)
        if terbaca:
            return isi
    raise GalatParameter(
        f"Parameter '{parameter.nama}' berjenis {parameter.jenis} (bawaan {parameter.baku!r}); "
        f"{nilai!r} tidak dapat dibaca sebagai nilainya."
    )


def _read_as(nilai: Any, jenis: str) -> tuple[bool, Any]:
    """Apakah nilai terbaca sebagai jenis itu, dan nilainya."""
    teks = nilai.strip() if isinstance(nilai, str) else None
    if jenis == "None":
        return teks in ("None", "") or nilai is None, None
    if jenis == "str":
        return isinstance(nilai, str), nilai
    if jenis == "bool":
        return (isinstance(nilai, bool), nilai) if teks is None else (teks.lower() in _BENAR, _BENAR.get(teks.lower()))
    if jenis in _BILANGAN:
        pola, baca, boleh = _BILANGAN[jenis]
        if teks is None:
            return isinstance(nilai, boleh) and not isinstance(nilai, bool), nilai
        return (True, baca(teks)) if re.fullmatch(pola, teks) else (False, None)
    return _read_literal(nilai, teks, jenis)


def _read_literal(nilai: Any, teks: str | None, jenis: str) -> tuple[bool, Any]:
    """Daftar, tupel, kamus: ditulis sebagai literal Python; daftar teks boleh dipisah koma saja."""
    if teks is not None:
        try:
            nilai = ast.literal_eval(teks)
        except (ValueError, SyntaxError):
            nilai = [x.strip() for x in teks.split(",")] if jenis.lower() in ("list", "tuple", "sequence") else nilai
    return type(nilai).__name__ == jenis.lower() or jenis == "Any", nilai


def _title(nama: str, berkas: Path, tahun: int) -> str:
    """Judul halaman dari berkas teksnya; notebook tanpa berkas teks memakai judul pertamanya."""
    teks = paths.teks(nama)
    if teks.is_file():
        judul = (parse_yaml(teks.read_text("utf-8")) or {}).get("judul")
        if judul:
            return fill(judul, tahun=tahun)
    import nbformat

    sel = (x.source for x in nbformat.read(berkas, as_version=4).cells if x.cell_type == "markdown")
    kepala = (re.search(r"^# (.+)$", x, re.M) for x in sel)
    return next((x[1].strip() for x in kepala if x), nama)


def _daftar(isi: Iterable[str]) -> str:
    return ", ".join(isi) or "belum ada"


def _mirip(nama: str, ada: Iterable[str]) -> str:
    dekat = difflib.get_close_matches(nama, list(ada), n=1, cutoff=0.6)
    return f"; mungkin maksudnya {dekat[0]}." if dekat else "."
