"""Pintu masuk ke data satu tahun."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, Self

import pandas as pd

from kinerja import fmt, paths, periode, terbaca
from kinerja.data import process, schema
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.istilah import section, term


class Data:
    """Tabel-tabel satu tahun laporan.

    Setiap tabel fakta berbentuk panjang: kolom kunci, ``nilai`` (float64, NaN bila tidak tersedia), ``satuan``,
    ``keadaan``, ``sumber``, ``bagian``, ``catatan``, dan ``id`` yang unik, misalnya ``sdm/tks/lulus/rekapitulasi``.

    Parameters
    ----------
    tahun : int
        Tahun laporan.
    tabel : dict of str to pandas.DataFrame, or Path
        Isi tabel, atau folder hasil olahan yang dibaca saat diperlukan.
    satuan, sumber : pandas.DataFrame
        Daftar satuan (berindeks kode) dan catatan sumber.
    terbuka : dict of str to pandas.DataFrame, optional
        Isi berkas di folder itu yang sudah dibaca di proses ini; bertambah bila tabel lain dibaca.
    ingatan : dict, optional
        Hitungan :func:`remembered` atas folder itu di proses ini; bertambah bila yang lain dihitung.

    Attributes
    ----------
    andaian : tuple
        Angka yang diganti (:mod:`kinerja.data.andaian`); kosong bagi data seperti di sumber.
    asal : Data or None
        Data yang sama tanpa andaian; None bila inilah data sumbernya.
    """

    andaian: tuple = ()
    asal: Data | None = None

    def __init__(
        self,
        tahun: int,
        tabel: dict[str, pd.DataFrame] | Path,
        satuan: pd.DataFrame,
        sumber: pd.DataFrame,
        terbuka: dict[str, pd.DataFrame] | None = None,
        ingatan: dict[tuple, Any] | None = None,
    ):
        self.tahun = tahun
        self._periode = ""
        self.satuan = satuan
        self.sumber = sumber
        self._folder = tabel if isinstance(tabel, Path) else None
        if terbuka is None:
            terbuka = {} if isinstance(tabel, Path) else dict(tabel)
        self._tabel = terbuka
        self._ingatan: dict[tuple, tuple[pd.DataFrame, frozenset[str]]] = {} if ingatan is None else ingatan
        self._bagian: dict[str, list[tuple[str, str]]] = {}

    def __repr__(self) -> str:
        return f"<Data {self.tahun}: {len(self.tables)} tabel>"

    @property
    def periode(self) -> str:
        """Periode laporan (:data:`kinerja.periode.PERIODE`): yang diminta, ``aturan/periode``, atau setahun."""
        return self._periode or self.rule_text("periode", periode.TAHUN)

    def at(self, kode: str) -> Self:
        """Data yang sama sampai akhir periode lain; kosong berarti menurut data.

        Raises
        ------
        GalatParameter
            Kode periode tidak dikenal.
        """
        lain = copy(self)
        lain._periode = kode and periode.check(kode)
        return lain

    def rule(self, kunci: str) -> int | float | None:
        """Satu aturan berupa angka; None bila institusi ini tidak punya aturan itu."""
        return self.nilai(f"aturan/{kunci}") if self._ruled(kunci) else None

    def rule_text(self, kunci: str, baku: str = "") -> str:
        """Satu aturan berupa teks, atau ``baku`` bila institusi ini tidak punya aturan itu."""
        return (self.teks(f"aturan/{kunci}") if self._ruled(kunci) else "") or baku

    def _ruled(self, kunci: str) -> bool:
        return self.has("aturan") and kunci in set(self._frame("aturan")["kunci"])

    @cached_property
    def tables(self) -> list[str]:
        """Nama tabel yang ada, menurut urutan skema."""
        if self._folder is None:
            return [nama for nama in schema.tables() if nama in self._tabel]
        return [nama for nama in schema.tables() if (self._folder / f"{nama}.csv").is_file()]

    def has(self, nama: str) -> bool:
        """Apakah tabel itu ada untuk tahun ini."""
        terbaca.note_table(self.tahun, nama)
        return nama in self.tables

    def __getitem__(self, nama: str) -> pd.DataFrame:
        """Salinan satu tabel.

        Raises
        ------
        GalatParameter
            Tabel tidak dikenal atau belum diisi untuk tahun ini.
        """
        terbaca.note_table(self.tahun, nama)
        if nama not in self._tabel:
            if nama not in schema.tables():
                raise GalatParameter(f"Tabel '{nama}' tidak dikenal. Tabel yang ada: {', '.join(self.tables)}.")
            if not self.has(nama) and schema.tables()[nama].boleh_kosong:
                return schema.tables()[nama].empty()
            if not self.has(nama):
                raise GalatParameter(f"Tabel '{nama}' belum diisi untuk tahun {self.tahun}.")
        return self._frame(nama).copy()

    def _frame(self, nama: str) -> pd.DataFrame:
        """Satu tabel yang ada, tanpa disalin dan tanpa dicatat terbaca."""
        if nama not in self._tabel:
            self._tabel[nama] = _read_processed(self._folder, schema.tables()[nama])
        return self._tabel[nama]

    def read_all(self) -> None:
        """Baca semua tabel sekarang, supaya proses yang dicabangkan sesudah ini tidak membacanya lagi."""
        for nama in self.tables:
            self._frame(nama)
        _ = self._facts

    @property
    def facts(self) -> pd.DataFrame:
        """Semua angka laporan tahun ini dalam satu tabel panjang, berindeks ``id``; tanpa deret menurut wilayah."""
        terbaca.note_table(self.tahun, terbaca.SEMUA)
        return self._facts

    def filled_ids(self) -> list[tuple[str, bool]]:
        """Id setiap angka dan apakah ia berisi, tanpa nilainya."""
        terbaca.note_table(self.tahun, terbaca.DAFTAR_ID)
        berisi = self._facts["nilai"].notna() | (self._facts["teks"] != "")
        return list(zip(self._facts.index, berisi.tolist(), strict=True))

    def facts_unnoted(self) -> pd.DataFrame:
        """Seperti :attr:`facts`, bagi pemanggil yang mencatat sendiri angka mana yang dibacanya."""
        return self._facts

    @cached_property
    def _facts(self) -> pd.DataFrame:
        if self._folder is None:
            return process.facts(self._tabel).set_index("id")
        if FAKTA not in self._tabel:
            isi = pd.read_csv(self._folder / "fakta.csv", dtype=_TEKS, keep_default_na=False, na_values={"nilai": [""]})
            self._tabel[FAKTA] = isi.set_index("id")
        return self._tabel[FAKTA].copy()

    def baris(self, id_: str) -> pd.Series:
        """Satu baris menurut id-nya, dengan tempat asalnya (``berkas``, ``baris``, ``sumber``, ``bagian``).

        Raises
        ------
        GalatParameter
            Tidak ada baris dengan id itu.
        """
        tabel = id_.split("/")[0]
        terbaca.note_table(self.tahun, tabel)
        wilayah = tabel in self.tables and schema.tables()[tabel].lingkup == "acuan/wilayah"
        fakta = self._frame(tabel).set_index("id").assign(tabel=tabel, teks="") if wilayah else self._facts
        if id_ not in fakta.index:
            awal = id_.rsplit("/", 1)[0]
            mirip = [x for x in fakta.index if x.startswith(awal)][:5]
            raise GalatParameter(
                f"Tidak ada angka '{id_}' untuk {self.tahun}." + (f" Yang mirip: {', '.join(mirip)}." if mirip else "")
            )
        return fakta.loc[id_]

    def nilai(self, id_: str) -> int | float | None:
        """Satu angka menurut id barisnya: int bila satuannya bulat atau rupiah, float bila tidak, None bila tak ada."""
        baris = self.baris(id_)
        if pd.isna(baris["nilai"]):
            return None
        return int(baris["nilai"]) if self.is_integer(baris["satuan"]) else float(baris["nilai"])

    def teks(self, id_: str) -> str:
        """Nilai berupa teks menurut id barisnya, misalnya ``aturan/nama_institusi``."""
        return str(self.baris(id_)["teks"])

    def is_integer(self, satuan: str) -> bool:
        """Apakah satuan itu dihitung dengan bilangan bulat."""
        return self.satuan.loc[satuan, "jenis"] in ("bulat", "rupiah")

    def wide(
        self,
        tabel: str,
        index: str | list[str],
        columns: str = "ukuran",
        *,
        nama: Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        """Tabel lebar: satu kolom per isi ``columns``, Int64 bila semua satuannya bulat, float64 bila tidak.

        Urutan baris dan kolom mengikuti urutan kemunculan di berkas mentah.

        Parameters
        ----------
        tabel : str
            Nama tabel fakta.
        index : str atau daftar str
            Kolom kunci yang tetap menjadi baris.
        columns : str
            Kolom kunci yang isinya menjadi nama kolom.
        nama : mapping, optional
            Isi ``columns`` -> nama kolom. Ganti nama di sini, bukan sesudahnya: sumber tiap sel ikut berganti.

        Returns
        -------
        DataFrame
            Berindeks kunci barisnya, yang juga tetap menjadi kolom; dengan satu kunci, kolom label tabel itu (``nama``)
            ikut. ``attrs["satuan"]``: kolom -> satuan (kosong bila bercampur); ``attrs["ids"]``: kolom -> kunci baris
            -> id angka mentahnya; ``attrs["keadaan"]`` begitu juga. Tabel yang tidak ada tahun ini memberi bingkai
            kosong berkolom kunci saja.

        Raises
        ------
        GalatParameter
            Kunci yang dipilih tidak membuat setiap sel tunggal, atau ``nama`` menyebut yang tidak ada.
        """
        kunci = [index] if isinstance(index, str) else list(index)
        if tabel in schema.tables() and not self.has(tabel):
            return pd.DataFrame(columns=kunci)
        isi = self[tabel]
        asing = sorted(set(nama or {}) - set(isi[columns]))
        if asing:
            raise GalatParameter(f"Tabel {tabel} tanpa {columns} {', '.join(asing)}.")
        isi[columns] = isi[columns].replace(dict(nama or {}))
        ganda = isi[isi.duplicated([*kunci, columns])]
        if len(ganda):
            raise GalatParameter(
                f"Tabel {tabel}: {ganda['id'].iloc[0]} tidak tunggal menurut {', '.join([*kunci, columns])}."
            )
        lebar = isi.pivot(index=kunci, columns=columns, values="nilai")
        urut_baris = isi[kunci].drop_duplicates()
        lebar = lebar.reindex(pd.MultiIndex.from_frame(urut_baris) if len(kunci) > 1 else urut_baris[kunci[0]])
        lebar = lebar[list(dict.fromkeys(isi[columns]))]
        bulat = isi.groupby(columns)["satuan"].agg(lambda s: all(self.is_integer(x) for x in s))
        lebar = lebar.astype({kolom: "Int64" for kolom in lebar if bulat[kolom]})
        lebar.columns.name = None
        lebar = lebar.reset_index()
        if len(kunci) == 1:
            for label in reversed([x for x in schema.tables()[tabel].label if x in isi.columns]):
                lebar.insert(1, label, lebar[kunci[0]].map(isi.drop_duplicates(kunci[0]).set_index(kunci[0])[label]))
            lebar.index = pd.Index(list(lebar[kunci[0]]))
        else:
            lebar.index = pd.MultiIndex.from_frame(lebar[kunci], names=[None] * len(kunci))
        lebar.attrs = {"satuan": {}, "ids": {}, "keadaan": {}}
        for kolom, bagian in isi.groupby(columns, sort=False):
            satuan = bagian["satuan"].unique()
            lebar.attrs["satuan"][kolom] = satuan[0] if len(satuan) == 1 else ""
            baris = bagian[kunci[0]] if len(kunci) == 1 else bagian[kunci].itertuples(index=False, name=None)
            baris = list(baris)
            lebar.attrs["ids"][kolom] = dict(zip(baris, bagian["id"], strict=True))
            lebar.attrs["keadaan"][kolom] = dict(zip(baris, bagian["keadaan"], strict=True))
        return lebar

    def source_line(self, tabel: Iterable[str], awalan: str = "Sumber", hanya: Collection[str] | None = None) -> str:
        """Baris sumber untuk tabel atau gambar yang dibuat dari tabel-tabel ini, misalnya untuk kaki gambar.

        Bagian dokumennya disebut bila paling banyak dua; selebihnya ada di daftar sumber lengkap halaman itu. ``hanya``
        membatasi sumbernya bila bingkainya memuat sebagian tabel saja.
        """
        judul = dict(zip(self.sumber["id"], self.sumber["judul_pendek"], strict=True))
        bagian: dict[str, list[str]] = {}
        for nama in tabel:
            if not self.has(nama):
                continue
            for sumber, bab in self._sections(nama):
                if hanya is not None and sumber not in hanya:
                    continue
                isi = bagian.setdefault(judul[sumber], [])
                if bab not in isi:
                    isi.append(bab)
        banyak = fmt.pick({"id": "{} bagian", "en": "{} sections"})
        kata = []
        for dokumen, bab in bagian.items():
            tempat = "; ".join(map(section, bab)) if len(bab) <= _BAGIAN_TERTULIS else banyak.format(len(bab))
            kata.append(f"{term(dokumen)} ({tempat})")
        return f"{awalan}: {'; '.join(kata)}." if kata else ""

    def _sections(self, nama: str) -> list[tuple[str, str]]:
        """Sumber dan bagian induk tiap baris satu tabel, yang berulang sekali saja."""
        if nama not in self._bagian:
            isi = self[nama]
            bab = (x.split(" (")[0] for x in isi["bagian"])
            self._bagian[nama] = list(dict.fromkeys(zip(isi["sumber"], bab, strict=True)))
        return self._bagian[nama]


def remembered(hitung: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Ingat bingkai yang dihitung dari :class:`Data`; setiap pemanggil mendapat salinannya sendiri.

    Satu notebook memanggil hitungan dasar puluhan kali dengan argumen yang sama, dan satu pekerja menjalankan banyak
    notebook; tabel yang dibacanya dicatat lagi bagi setiap notebook.
    """

    @wraps(hitung)
    def ingat(d: Data, *argumen: Any, **pilihan: Any) -> pd.DataFrame:
        if not isinstance(d, Data):
            return hitung(d, *argumen, **pilihan)
        diminta = (argumen, tuple(sorted(pilihan.items())))
        kunci = (hitung.__module__, hitung.__name__, d.periode, *diminta, fmt.language())
        if kunci not in d._ingatan:
            with terbaca.collect() as dibaca:
                isi = hitung(d, *argumen, **pilihan)
            d._ingatan[kunci] = isi, frozenset(dibaca)
        isi, dibaca = d._ingatan[kunci]
        terbaca.repeat(dibaca)
        return isi.copy()

    return ingat


_BAGIAN_TERTULIS = 2
FAKTA, _SATUAN, _SUMBER = "#fakta", "#satuan", "#sumber"
"""Kunci berkas olahan yang bukan tabel."""

_TERBUKA: dict[Path, tuple[dict[str, str], dict[str, pd.DataFrame], dict[tuple, Any]]] = {}
"""Folder olahan -> sidik masukannya, isi berkas yang sudah dibaca, dan ingatan hitungan; notebook berikut di proses ini
memakainya."""

_TEKS = {k: str for k in ("id", "tabel", "teks", "satuan", "keadaan", "sumber", "bagian", "catatan", "berkas")}


def _read_processed(folder: Path, spec: schema.Tabel) -> pd.DataFrame:
    tipe = {kolom: str for kolom in (*spec.kolom, "id", "berkas")}
    for kolom, jenis in spec.tipe.items():
        if jenis in ("bulat", "bulat_kosong"):
            tipe[kolom] = "int64" if jenis == "bulat" else "Int64"
    kosong = {k: [""] for k, t in tipe.items() if t == "Int64"}
    if spec.jenis == "fakta":
        tipe["nilai"] = "float64"
        kosong["nilai"] = [""]
    return pd.read_csv(folder / f"{spec.nama}.csv", dtype=tipe, keep_default_na=False, na_values=kosong)


def load(tahun: int, raw: Path | None = None, *, jenis: type[Data] = Data) -> Any:
    """Muat data satu tahun.

    Parameters
    ----------
    tahun : int
        Tahun laporan.
    raw : Path, optional
        Folder ``data/raw`` lain. Bila diisi, data dibaca dan diperiksa langsung tanpa ``data/processed``.
    jenis : type
        :class:`Data` atau turunannya.

    Returns
    -------
    jenis
        Data yang sudah diperiksa. Bila berkas mentah berubah, ``data/processed/<tahun>`` dibangun ulang lebih dahulu.

    Raises
    ------
    GalatData
        Isi berkas tidak sesuai skema.
    GalatParameter
        Tahun tidak ada.
    """
    if isinstance(tahun, bool) or not isinstance(tahun, int):
        raise GalatParameter(f"Tahun harus bilangan bulat, bukan {tahun!r}.")
    if raw is not None:
        tabel, satuan, sumber = process.read_year(Path(raw), tahun)
        return jenis(tahun, tabel, satuan, sumber.drop(columns="berkas"))
    asal, tujuan = paths.raw(), paths.processed(tahun)
    process.check_year(asal, tahun)
    sidik = process.fingerprint(asal, tahun)
    if not process.is_current(tujuan, sidik):
        try:
            process.build(asal, tujuan, tahun)
        except OSError as galat:
            if isinstance(galat, FileNotFoundError):
                raise GalatKinerja(f"Berkas data hilang saat dibaca: {galat.filename}.") from galat
            # folder hanya-baca: data tetap dapat dipakai, hanya tidak tersimpan
            tabel, satuan, sumber = process.read_year(asal, tahun)
            return jenis(tahun, tabel, satuan, sumber.drop(columns="berkas"))
        _TERBUKA.pop(tujuan, None)
    lama, terbuka, ingatan = _TERBUKA.get(tujuan, (None, {}, {}))
    if lama != sidik:
        terbuka, ingatan = _read_common(tujuan), {}
        _TERBUKA[tujuan] = (sidik, terbuka, ingatan)
    return jenis(tahun, tujuan, terbuka[_SATUAN].copy(), terbuka[_SUMBER].copy(), terbuka, ingatan)


def _read_common(folder: Path) -> dict[str, pd.DataFrame]:
    """Daftar satuan dan sumber, yang diperlukan setiap pembaca."""
    kosong = {k: [""] for k in ("desimal", "terkecil", "terbesar")}
    return {
        _SATUAN: pd.read_csv(folder / "satuan.csv", index_col="kode", keep_default_na=False, na_values=kosong),
        _SUMBER: pd.read_csv(folder / "sumber.csv", dtype=str, keep_default_na=False),
    }
