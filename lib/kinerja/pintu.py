"""Pintu depan: ``import kinerja as kj; d = kj.open(2020)``, satu benda bagi satu tahun laporan.

Setiap metodenya memanggil ukuran yang sama dengan yang dipakai notebook dan laporan; tidak ada hitungan kedua di sini.
Bingkai yang dikembalikan memuat kode dan sebutannya berdampingan: kolom ``kode`` (atau ``program``, ``provinsi``, ...)
dengan ``nama`` (``nama_program``, ``nama_provinsi``, ...). Satuan tiap kolom ada di ``frame.attrs["satuan"]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kinerja import data as data_tahun
from kinerja import fmt, paths
from kinerja.data import Data
from kinerja.data.andaian import marked, replaced, sentence
from kinerja.errors import GalatParameter
from kinerja.istilah import term

if TYPE_CHECKING:
    from kinerja.ikesos import SiapIkesos

NAMA = (
    "andaian anggaran audit bahasa baris capaian change facts iku ikesos nilai pen prioritas replace sasaran satuan "
    "sebab source_line sumber sweep tables tahun teks tren wide wilayah"
).split()


def open(tahun: int, *, bahasa: str = "id", raw: Path | str | None = None) -> Laporan:
    """Buka satu tahun laporan.

    Parameters
    ----------
    tahun : int
        Harus ada folder ``data/raw/<tahun>``.
    bahasa : str
        ``"id"`` atau ``"en"``: bahasa sebutan di bingkai yang dikembalikan.
    raw : path, optional
        Folder ``data/raw`` lain, dibaca langsung.

    Raises
    ------
    GalatData
        Isi berkas tidak sesuai skema.
    GalatParameter
        Tahun atau bahasa tidak ada.

    Examples
    --------
    >>> import kinerja as kj
    >>> d = kj.open(2020)
    >>> d.nilai("dtks/nik_padan")
    84117470
    """
    if bahasa not in fmt.BAHASA:
        raise GalatParameter(f"Bahasa '{bahasa}' tidak ada; pilih {' atau '.join(fmt.BAHASA)}.")
    laporan = data_tahun.load(tahun, None if raw is None else Path(raw), jenis=Laporan)
    laporan.bahasa = bahasa
    return laporan


def sweep(ukuran: str, *, tahun: int | None = None, bahasa: str = "id", **pilihan: Any) -> pd.DataFrame:
    """:meth:`Laporan.sweep` pada tahun laporan terakhir, atau ``tahun``.

    Examples
    --------
    >>> import kinerja as kj
    >>> kj.sweep("ikesos", tahun=2020, agregasi=["aritmetik", "geometrik"])["agregasi"].tolist()
    ['aritmetik', 'geometrik']
    """
    return open(tahun or paths.last_year(), bahasa=bahasa).sweep(ukuran, **pilihan)


class Laporan(Data):
    """Data satu tahun laporan dan ukuran-ukurannya, dengan sebutan berbahasa ``bahasa``. Buat dengan :func:`open`."""

    bahasa: str = "id"

    def __dir__(self) -> list[str]:
        return list(NAMA)

    def __repr__(self) -> str:
        if self.andaian:
            return f"<Laporan {self.tahun} dengan {len(self.andaian)} andaian; d.andaian>"
        return f"<Laporan {self.tahun}: {len(self.tables)} tabel; d.tables, d.capaian(), d.pen(), d.ikesos(), ...>"

    def capaian(self, batas: float | None = None) -> pd.DataFrame:
        """Institusi, setiap sasaran, dan IKU di bawahnya. Lihat :func:`kinerja.capaian.summary`.

        Examples
        --------
        >>> d = open(2020)
        >>> round(float(d.capaian().query("jenis == 'institusi'")["capaian"].iloc[0]), 2)
        101.52
        """
        from kinerja import capaian

        return self._dress(capaian.summary, batas, satuan=_CAPAIAN)

    def iku(self, batas: float | None = None) -> pd.DataFrame:
        """Satu baris per IKU. Lihat :func:`kinerja.capaian.iku`.

        Examples
        --------
        >>> d = open(2020)
        >>> d.iku().set_index("kode").loc["IKU1", ["target", "realisasi"]].tolist()
        [41.0, 38.41]
        """
        from kinerja import capaian

        return self._dress(capaian.iku, batas, satuan=_CAPAIAN)

    def sasaran(self, batas: float | None = None) -> pd.DataFrame:
        """Satu baris per sasaran strategis. Lihat :func:`kinerja.capaian.sasaran`.

        Examples
        --------
        >>> d = open(2020)
        >>> len(d.sasaran())
        4
        """
        from kinerja import capaian

        return self._dress(capaian.sasaran, batas, satuan=_CAPAIAN)

    def anggaran(self, rincian: str = "total", per: str | None = None) -> pd.DataFrame:
        """Pagu, realisasi, dan penyerapan menurut satu rincian. Lihat :func:`kinerja.anggaran.absorption`.

        Raises
        ------
        GalatParameter
            Rincian itu tidak ada; pesannya menyebut yang ada.

        Examples
        --------
        >>> d = open(2020)
        >>> round(float(d.anggaran()["penyerapan"].iloc[0]), 2)
        97.12
        """
        from kinerja import anggaran

        ada = anggaran.details(self)
        if rincian not in ada:
            raise GalatParameter(f"Rincian anggaran '{rincian}' tidak ada; pilih {', '.join(ada)}.")
        return self._dress(anggaran.absorption, rincian, per, satuan=_ANGGARAN)

    def pen(self, per: str = "bulan") -> pd.DataFrame:
        """Penyaluran bansos PEN yang tidak dapat terhitung dua kali.

        Tahap bukan bulan: dua tahap dapat jatuh pada satu bulan dan menjangkau keluarga yang sama, dan bulan sebagian
        tahap tidak dicetak.

        Parameters
        ----------
        per : str
            ``"bulan"``: satu baris per program dan bulan. ``rupiah`` dan ``kg`` dijumlahkan, ``kpm`` dan ``target_kpm``
            yang terbesar di antara ``penyaluran`` penyaluran bulan itu. ``"penyaluran"``: satu baris per penyaluran
            seperti dicetak, tanpa kolom bulan; ``waktu`` mengatakan apakah itu ``bulan`` atau ``tahap``. Program yang
            bulannya tidak dicetak dan tidak dapat diturunkan (beras, tunai) berbulan kosong.

        Returns
        -------
        DataFrame
            ``program``, ``nama_program``, lalu ``bulan``, ``penyaluran``, ``keadaan_bulan`` atau ``periode``,
            ``waktu``; ``kpm``, ``target_kpm``, ``rupiah``, ``kg`` (Int64), ``keadaan_rupiah``.

        Raises
        ------
        GalatParameter
            ``per`` lain.

        Examples
        --------
        >>> d = open(2020)
        >>> d.pen().groupby("program")["rupiah"].sum()["pkh"].item()
        36715293431000
        """
        from kinerja import bansos

        asal = self._dress(bansos.disbursements, satuan=_PEN)
        if per == "penyaluran":
            waktu = asal["periode"].str.startswith("tahap").map({True: "tahap", False: "bulan"})
            kolom = ["program", "nama_program", "periode", "waktu", *_PEN, "keadaan_rupiah", "id"]
            return asal.assign(waktu=waktu)[kolom]
        if per != "bulan":
            raise GalatParameter(f"pen(per='{per}') tidak ada; pilih bulan atau penyaluran.")
        kelompok = asal.groupby(["program", "nama_program", "bulan_acuan"], sort=False, dropna=False)
        cara = {"keadaan_bulan": _worst, "kpm": "max", "target_kpm": "max", "rupiah": _total, "kg": _total}
        hasil = kelompok.agg(cara | {"keadaan_rupiah": _worst})
        hasil.insert(0, "penyaluran", kelompok.size().to_numpy())
        hasil = hasil.reset_index().rename(columns={"bulan_acuan": "bulan"})
        if self.andaian:
            hasil["andaian"] = kelompok["andaian"].any().to_numpy()
        hasil.attrs = {"satuan": dict(_PEN)}
        return hasil

    def prioritas(self, batas: float | None = None) -> pd.DataFrame:
        """Keluaran Prioritas Nasional: target, realisasi, capaian. Lihat :func:`kinerja.prioritas.outputs`.

        Examples
        --------
        >>> d = open(2020)
        >>> len(d.prioritas())
        26
        """
        from kinerja import prioritas

        return self._dress(prioritas.outputs, batas, satuan=_CAPAIAN)

    def tren(self, lain: Sequence[Data] = ()) -> pd.DataFrame:
        """Nilai setiap IKU menurut tahun; ``lain`` menambah tahun laporan lain. Lihat :func:`kinerja.tren.history`.

        Examples
        --------
        >>> d = open(2020)
        >>> {"kode", "tahun"} <= set(d.tren())
        True
        """
        from kinerja import tren

        return self._dress(tren.history, tuple(lain), satuan={})

    def audit(self, toleransi: int = 0) -> pd.DataFrame:
        """Setiap angka tercetak yang dapat dihitung ulang, dan vonisnya. Lihat :func:`kinerja.audit.verdicts`.

        Examples
        --------
        >>> d = open(2020)
        >>> int((d.audit()["vonis"] == "cocok").sum())
        420
        """
        from kinerja import audit

        if self.andaian:
            raise GalatParameter(f"Audit memeriksa angka sumber; data ini memuat andaian. {sentence(self.andaian)}")
        return self._dress(audit.verdicts, toleransi, satuan={})

    def ikesos(
        self,
        mikro: Sequence[str | Path] = (),
        by: str | Sequence[str] = "nasional",
        *,
        tahun_survei: int | None = None,
        kodebuku: str | Path | None = None,
        lipat_papua: bool = False,
        **pilihan: Any,
    ) -> pd.DataFrame:
        """Indeks Kesejahteraan Sosial dari data mikro.

        Parameters
        ----------
        mikro : daftar path
            Berkas Susenas: belahan anggota, rumah tangga, KP blok 43. Kosong: survei sintetis kecil.
        by : str atau daftar str
            ``nasional``, ``provinsi``, ``kabkota``, ``daerah``, ``kelamin``, atau silangnya.
        tahun_survei : int, optional
            Menentukan kodebuku. Kosong: dikenali dari kolom berkasnya.
        kodebuku : path, optional
            Kodebuku sendiri.
        lipat_papua : bool
            Lipat provinsi Papua hasil pemekaran 2022 ke 34 provinsi lama.
        **pilihan
            ``sasaran``, ``bobot``, ``agregasi``, ``saring``, ``simpul``, ...

        Returns
        -------
        DataFrame
            Kolom ``by`` (kode) dan ``nama_<by>`` (survei sintetis: Wilayah A, B, C, ...), lalu kolom
            :meth:`kinerja.ikesos.SiapIkesos.hitung`; ``keterangan`` mengatakan mengapa nilai kosong.

        Examples
        --------
        >>> d = open(2020)
        >>> d.ikesos(by="daerah")["keadaan"].unique().tolist()
        ['sintetis']
        """
        buka = (mikro, tahun_survei, kodebuku, lipat_papua)
        frame = self._index(self._open_survey(*buka), by, **pilihan)
        if any(x.id.startswith("ikesos_") for x in self.andaian):  # kerangka, simpul, atau sasaran lain
            frame = marked(frame, self.asal._index(self.asal._open_survey(*buka), by, **pilihan))
        return frame

    def _open_survey(
        self,
        mikro: Sequence[str | Path] = (),
        tahun_survei: int | None = None,
        kodebuku: str | Path | None = None,
        lipat_papua: bool = False,
    ) -> SiapIkesos:
        from kinerja import simpanan

        return simpanan.buka_ikesos(self, list(mikro), kodebuku, tahun=tahun_survei, lipat_papua=lipat_papua).siap

    def change(
        self,
        survei: Mapping[int, Sequence[str | Path]],
        by: str | Sequence[str] = "nasional",
        *,
        kodebuku: str | Path | None = None,
        lipat_papua: bool = False,
        **pilihan: Any,
    ) -> pd.DataFrame:
        """Perubahan Ikesos antara dua survei yang sampelnya bebas.

        Parameters
        ----------
        survei : mapping of int to daftar path
            Tahun survei -> berkas-berkasnya, tepat dua, yang awal lebih dahulu. Daftar kosong: survei sintetis kecil.
        by, kodebuku, lipat_papua, **pilihan
            Lihat :meth:`ikesos`; juga ``kepercayaan``.

        Returns
        -------
        DataFrame
            Kode dan sebutan wilayah, lalu kolom :func:`kinerja.ikesos.perubahan`: nilai kedua survei atas indikator
            yang sama, perubahan, galat baku, p, selang, dan peluang bahwa pergeseran peringkatnya nyata.

        Raises
        ------
        GalatParameter
            Bukan dua survei, atau pilihan tidak dikenal.

        Examples
        --------
        >>> d = open(2020)
        >>> d.change({2019: [], 2020: []})[["awal", "akhir", "perubahan", "p"]].notna().all(axis=None).item()
        True
        """
        from kinerja.ikesos import perubahan

        if len(survei) != 2:
            raise GalatParameter(f"Perubahan diukur antara tepat dua survei, bukan {len(survei)}.")
        awal, akhir = (self._open_survey(x, tahun, kodebuku, lipat_papua) for tahun, x in survei.items())
        return self._named(perubahan(awal, akhir, by, **pilihan), awal)

    def _index(self, siap: SiapIkesos, by: str | Sequence[str] = "nasional", **pilihan: Any) -> pd.DataFrame:
        return self._named(siap.hitung(by, **pilihan), siap)

    def _named(self, frame: pd.DataFrame, siap: SiapIkesos) -> pd.DataFrame:
        """Bingkai dengan sebutan di samping kode wilayah dan kelompoknya."""
        from kinerja.wilayah import Regions

        wilayah = Regions.of(self, "sintetis" if "sintetis" in set(frame["keadaan"]) else siap.keadaan)
        for letak, kolom in reversed([(i, k) for i, k in enumerate(frame) if k in siap.sel.domain_labels]):
            sebutan = _SEBUTAN.get(kolom, {}).get(self.bahasa)
            nama = [sebutan.get(int(x), str(x)) if sebutan else wilayah.name(str(x)) for x in frame[kolom]]
            frame.insert(letak + 1, f"nama_{kolom}", nama)
        return frame

    def sweep(self, ukuran: str, **pilihan: Any) -> pd.DataFrame:
        """Satu ukuran menurut setiap gabungan pilihannya, sebagai satu tabel panjang.

        Parameters
        ----------
        ukuran : str
            Nama metode yang mengembalikan bingkai: ``ikesos``, ``capaian``, ``anggaran``, ``wilayah``, ...
        **pilihan
            Argumen metode itu. Daftar disapu; yang lain tetap. ``by``, ``simpul``, dan ``mikro`` sendiri dapat berupa
            daftar, sehingga yang disapu daftar berisi daftar: ``by=[["provinsi"], ["provinsi", "daerah"]]``.

        Returns
        -------
        DataFrame
            Kolom pilihan yang disapu, lalu kolom ukuran itu (kode, sebutan, nilai, ``se``, ``keadaan``); lihat
            :func:`stack`.

        Raises
        ------
        GalatParameter
            Ukuran tidak ada, atau sebuah pilihan ditolak ukuran itu.

        Examples
        --------
        >>> d = open(2020)
        >>> sapu = d.sweep("ikesos", by="provinsi", agregasi=["aritmetik", "geometrik"], bobot=[{}, {"KD": 2.0}])
        >>> sapu.groupby(["agregasi", "bobot"]).size().unique().tolist()
        [34]
        """
        if ukuran not in _UKURAN:
            raise GalatParameter(f"Ukuran '{ukuran}' tidak ada; pilih {', '.join(_UKURAN)}.")
        disapu = {k: x for k, x in pilihan.items() if isinstance(x, list) and (k not in _BERDAFTAR or _nested(x))}
        tetap = {k: x for k, x in pilihan.items() if k not in disapu}
        terbuka: dict[str, Any] = {}

        def calculate(isi: Mapping[str, Any]) -> pd.DataFrame:
            if ukuran != "ikesos":
                return getattr(self, ukuran)(**isi)
            buka = {k: isi[k] for k in _SURVEI if k in isi}
            siap = terbuka.get(repr(buka)) or terbuka.setdefault(repr(buka), self._open_survey(**buka))
            return self._index(siap, **{k: x for k, x in isi.items() if k not in buka})

        return stack((isi, calculate({**tetap, **isi})) for isi in combinations(disapu))

    def replace(self, nilai: Mapping[str, float | None] | None = None, /, **tabel: pd.DataFrame) -> Laporan:
        """Laporan yang sama dengan angka lain: "bagaimana seandainya".

        Angka yang diganti, dan baris hasil yang berubah karenanya, berkeadaan ``diandaikan`` (bingkai dari metode di
        sini mendapat kolom ``andaian``). Tabel dan gambar :func:`kinerja.buku.open_buku` atas data itu bercap ANDAIAN
        dan menyebut andaiannya di baris sumber. Audit dan laporan menolaknya.

        Parameters
        ----------
        nilai : mapping of str to float or None
            Id angka -> nilai barunya dalam satuannya; None: tidak tersedia.
        **tabel
            Tabel daftar -> isi barunya, misalnya ``iku=`` dengan ``penyebut`` lain; berkolom dan berbaris sama.

        Examples
        --------
        >>> d = open(2020)
        >>> andai = d.replace({"ikesos/2019/nilai": 41.0})
        >>> andai.iku().query("andaian")[["kode", "realisasi", "keadaan_realisasi"]].values.tolist()
        [['IKU1', 41.0, 'diandaikan']]
        """
        return replaced(self, nilai or {}, tabel)

    def wilayah(self, tingkat: str = "provinsi", tahun: int | None = None) -> pd.DataFrame:
        """Angka terbitan, satu wilayah satu baris, satu deret satu kolom. Lihat :func:`kinerja.daerah.table`.

        Parameters
        ----------
        tingkat : str
            ``provinsi`` (34) atau ``kabkota`` (514).
        tahun : int, optional
            Kosong: tiap deret pada tahun terakhirnya sampai tahun laporan; tahunnya di ``attrs["tahun"]``.

        Raises
        ------
        GalatParameter
            Tingkat lain, atau tidak ada angka tahun itu.

        Examples
        --------
        >>> d = open(2020)
        >>> float(d.wilayah().set_index("nama").at["Papua", "ipm"])
        60.44
        """
        from kinerja import daerah

        with fmt.using(self.bahasa):
            frame = daerah.table(self, tingkat, tahun)
            return marked(frame, daerah.table(self.asal, tingkat, tahun)) if self.andaian else frame

    def sebab(self, id_: str) -> str:
        """Mengapa satu angka kosong, dengan kata sumbernya; atau bahwa ia tersedia.

        Examples
        --------
        >>> d = open(2020)
        >>> d.sebab("dtks/nik_padan")
        'Tersedia: 84.117.470 (dikutip).'
        """
        baris = self.baris(id_)
        if pd.isna(baris["nilai"]) and not baris["teks"]:
            return f"Tidak tersedia: {baris['catatan'] or 'sumber tidak menyebutnya'} ({baris['bagian']})."
        isi = baris["teks"] or fmt.nilai(self.nilai(id_), baris["satuan"])
        return f"Tersedia: {isi} ({baris['keadaan']})."

    def _dress(self, hitung: Callable[..., pd.DataFrame], *isi: Any, satuan: Mapping[str, str]) -> pd.DataFrame:
        """Hasil satu ukuran dalam bahasa laporan ini, dengan satuan kolomnya."""
        with fmt.using(self.bahasa):
            frame = hitung(self, *isi)
            if self.andaian:
                frame = marked(frame, hitung(self.asal.at(self._periode), *isi))
            nama = {k: frame[k].map(term) for k in frame if k == "nama" or k.startswith("nama_")}
        frame = frame.assign(**nama)
        frame.attrs["satuan"] = {k: v for k, v in satuan.items() if k in frame}
        return frame


_UKURAN = ("anggaran", "capaian", "change", "ikesos", "iku", "pen", "prioritas", "sasaran", "tren", "wilayah")
_SURVEI = ("mikro", "tahun_survei", "kodebuku", "lipat_papua")
_BERDAFTAR = ("by", "simpul", "mikro")
"""Argumen yang nilainya sendiri dapat berupa daftar."""
_CAPAIAN = {"capaian": "persen", "capaian_tanpa_batas": "persen"}
_ANGGARAN = {"pagu": "rupiah", "realisasi": "rupiah", "sisa": "rupiah", "penyerapan": "persen", "bagian_pagu": "persen"}
_PEN = {"kpm": "kpm", "target_kpm": "kpm", "rupiah": "rupiah", "kg": "kg"}
_SEBUTAN = {
    "daerah": {"id": {1: "Perkotaan", 2: "Perdesaan"}, "en": {1: "Urban", 2: "Rural"}},
    "kelamin": {"id": {1: "Laki-laki", 2: "Perempuan"}, "en": {1: "Men", 2: "Women"}},
}
_LEMAH = ("dikutip", "diturunkan", "dimodelkan", "diandaikan", "sintetis", "tidak_tersedia")
"""Keadaan gabungan adalah yang paling lemah."""


def _nested(isi: list[Any]) -> bool:
    return any(isinstance(x, list | tuple) for x in isi)


def _worst(keadaan: pd.Series) -> str:
    return max(keadaan, key=_LEMAH.index)


def _total(isi: pd.Series) -> Any:
    return isi.sum(min_count=len(isi))


def combinations(pilihan: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Setiap gabungan satu nilai dari tiap pilihan, yang pertama paling lambat berganti.

    Raises
    ------
    GalatParameter
        Sebuah pilihan tidak punya nilai.
    """
    kosong = [k for k, isi in pilihan.items() if not isi]
    if kosong:
        raise GalatParameter(f"Pilihan {', '.join(kosong)} tidak punya nilai untuk disapu.")
    for isi in product(*pilihan.values()):
        yield dict(zip(pilihan, isi, strict=True))


def stack(hasil: Iterable[tuple[Mapping[str, Any], pd.DataFrame]]) -> pd.DataFrame:
    """Bingkai-bingkai dari banyak gabungan pilihan sebagai satu tabel panjang.

    Parameters
    ----------
    hasil : iterable of (mapping, DataFrame)
        Pilihan dan hasilnya. Pilihan berupa kamus atau daftar ditulis ``KD=2; KE=0.5`` atau ``provinsi+daerah``.

    Returns
    -------
    DataFrame
        Kolom pilihan (yang senama dengan kolom hasil diawali ``p_``), lalu gabungan kolom hasil menurut urutan
        kemunculannya; kolom yang tidak ada pada sebuah hasil kosong di barisnya. Bilangan bulat Int64.
    """
    hasil = list(hasil)
    dipakai = {k for _, frame in hasil for k in frame}
    bagian, satuan = [], {}
    for pilihan, frame in hasil:
        isi = frame.reset_index(drop=True)
        satuan |= frame.attrs.get("satuan", {})
        isi = isi.astype({k: "Int64" for k in isi if pd.api.types.is_integer_dtype(isi[k])})
        for letak, (nama, nilai) in enumerate(pilihan.items()):
            isi.insert(letak, f"p_{nama}" if nama in dipakai else nama, _as_text(nilai))
        isi.attrs = {}
        bagian.append(isi)
    tabel = pd.concat(bagian, ignore_index=True) if bagian else pd.DataFrame()
    for kolom in tabel:
        if tabel[kolom].dtype == object and tabel[kolom].dropna().map(type).nunique() > 1:
            tabel[kolom] = tabel[kolom].map(str, na_action="ignore")
    tabel.attrs = {"satuan": satuan}
    return tabel


def _as_text(nilai: Any) -> Any:
    """Nilai pilihan sebagai isi kolom: skalar apa adanya, kamus dan daftar sebagai teks."""
    if isinstance(nilai, Mapping):
        return "; ".join(f"{k}={v}" for k, v in nilai.items())
    if isinstance(nilai, list | tuple):
        return "+".join(map(str, nilai))
    return nilai
