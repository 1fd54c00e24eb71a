"""Penjelajah yang terbuka dan kendalinya: pilihan di kiri, satu gambar yang diganti di tempat di kanan.

Survei, ulangan, dan kanvas tetap hidup selama panelnya dipakai.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import ipywidgets as widgets
import pandas as pd

from kinerja import fmt
from kinerja.buku import Buku
from kinerja.errors import GalatHitung
from kinerja.explore import TETAP, Hasil, Panel
from kinerja.ikesos.telaah import NAMA_SASARAN
from kinerja.jelajah.hitung import Ulangan, compared, decomposition, heat, rank_uncertainty, ranking
from kinerja.jelajah.pilihan import (
    AGREGASI,
    BOBOT_TERBESAR,
    KATA,
    TAMPILAN,
    WILAYAH,
    Pilihan,
    Survei,
    check,
    command,
    describe,
    literals,
    node_options,
    open_survey,
    weight_names,
)
from kinerja.jelajah.tampilan import Panas, Peta, Tampilan, TitikSelang, Urai
from kinerja.kerahasiaan import amankan
from kinerja.pilihan_berkas import TAHUN_BAKU
from kinerja.tables import frame_to_csv

_KOSONG = (
    "simpul label sumbangan_a sumbangan_b sumbangan_beda wilayah_a wilayah_b keadaan"
).split()  # penguraian tanpa baris


def open_explorer(
    buku: Buku,
    p: Pilihan,
    mikro: str | Sequence[str] = "",
    kodebuku: str = "",
    tahun_survei: int = TAHUN_BAKU,
    lipat_papua: bool = False,
) -> Jelajah:
    """Penjelajah atas survei ``mikro`` (kosong: survei sintetis) untuk pilihan yang sudah diperiksa."""
    survei = open_survey(buku.data, mikro, kodebuku, tahun_survei, lipat_papua)
    check(survei, p)
    return Jelajah(buku, survei)


@dataclass
class Jelajah:
    buku: Buku
    survei: Survei
    _kanvas: dict = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.ulangan = Ulangan(self.survei.siap)

    def frame(self, p: Pilihan) -> pd.DataFrame:
        """Bingkai data di balik satu tampilan; yang sama diunduh sebagai CSV, tanpa sel kecil yang terbuka."""
        p = p.view(p.tampilan)
        if p.tampilan == "panas":
            return heat(self.survei, p)
        rank = amankan(ranking(self.survei, p))
        if p.tampilan == "urai":
            return decomposition(self.survei, p, *compared(rank, p))
        return rank_uncertainty(self.survei, rank, self.ulangan, p) if p.tampilan == "ketidakpastian" else rank

    def parts(self, p: Pilihan) -> tuple[pd.DataFrame, str]:
        """Bingkai penguraian untuk notebook; bila tidak ada yang dapat diurai, tanpa baris dan dengan sebabnya."""
        try:
            return self.frame(p.view("urai")), ""
        except GalatHitung as galat:
            kolom = {k: pd.Series(dtype=float if k.startswith("sumbangan") else "str") for k in _KOSONG}
            return pd.DataFrame(kolom), str(galat)

    def pair(self, urai: pd.DataFrame) -> pd.DataFrame:
        """Nama kedua wilayah sebuah penguraian, satu baris: ``a`` dan ``b``; kosong bila tidak ada yang diurai."""
        kode = {k: urai[f"wilayah_{k}"].iloc[0] if len(urai) else "" for k in ("a", "b")}
        tingkat = [t for t in WILAYAH if t in self.survei.siap.tingkat]
        nama = {k: v for t in tingkat for k, v in self.survei.names(t).items()}
        return pd.DataFrame([{k: nama.get(v, "") for k, v in kode.items()}])

    def draw(self, p: Pilihan, frame: pd.DataFrame) -> Tampilan:
        kunci = p.tampilan, p.wilayah
        if kunci not in self._kanvas:
            self._kanvas[kunci] = self._canvas(p)
        t = self._kanvas[kunci]
        self._update(t, p.view(p.tampilan), frame)
        return t

    def _canvas(self, p: Pilihan) -> Tampilan:
        keadaan = self.survei.keadaan
        if p.tampilan == "peta":
            wilayah = self.survei.wilayah
            letak = wilayah.map_tiles(map(str, self.survei.siap.label("provinsi")))
            t = Peta(keadaan, letak.assign(wilayah=letak["wilayah"].map(wilayah.code)))
        elif p.tampilan == "panas":
            t = Panas(keadaan)
        elif p.tampilan == "urai":
            t = Urai(keadaan)
        else:
            t = TitikSelang(keadaan, fmt.pick(KATA["satuan"][p.tampilan]))
        t.sign(fmt.pick(KATA["judul"][p.tampilan]), self.survei.source())
        return t

    def _update(self, t: Tampilan, p: Pilihan, frame: pd.DataFrame) -> None:
        terang = describe(self.survei.siap, p)
        if p.tampilan == "panas":
            t.update(_wide(frame), keterangan=terang)
        elif p.tampilan == "peta":
            tanpa_nama = self.survei.wilayah.note(map(str, self.survei.siap.label("provinsi")))
            t.update(frame, keterangan=f"{terang} {tanpa_nama}".strip())
        elif p.tampilan == "urai":
            nama = self.survei.names(p.wilayah)
            t.update(frame, nama=tuple(nama[frame[k].iloc[0]] for k in ("wilayah_a", "wilayah_b")), keterangan=terang)
        else:
            t.update(frame, terpilih=[x for x in p.dua if x], keterangan=terang)

    def answer(self, p: Pilihan) -> tuple[Hasil, pd.DataFrame]:
        """Jawaban panel: gambar dengan uraiannya, dan bingkai data di baliknya; pilihannya diperiksa dahulu."""
        p = check(self.survei, p)
        frame = self.frame(p)
        png = self.draw(p, frame).png()
        alt = f"{fmt.pick(TAMPILAN[p.tampilan])}: {describe(self.survei.siap, p.view(p.tampilan))}"
        return Hasil(png=png, alt=alt), frame


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    lebar = frame.pivot(index="wilayah", columns="simpul", values="nilai")
    lebar = lebar.loc[frame["wilayah"].unique(), frame["simpul"].unique()]
    nama = {k: dict(zip(frame[k], frame[v], strict=True)) for k, v in (("wilayah", "label"), ("simpul", "nama"))}
    return lebar.set_axis(lebar.index.map(nama["wilayah"])).set_axis(lebar.columns.map(nama["simpul"]), axis=1)


class PanelJelajah(Panel):
    """Kendali penjelajah; satu gambar yang diganti di tempat, tautan CSV, dan parameter tampilan ini.

    Penggeser menghitung ketika dilepas atau ketika tombol panah ditekan: sekali geser sekali hitung, dan tidak ada
    antrean hasil lama yang harus ditunggu.
    """

    def __init__(self, jelajah: Jelajah, p: Pilihan) -> None:
        self.jelajah, self._tahan = jelajah, False
        judul = fmt.pick(KATA["panel"]["judul"])
        super().__init__(self._answer, {**self._menus(p), **self._sliders(p)}, judul)

    # Susunan ----------------------------------------------------------------------------------------------------------

    def _arrange(self) -> list[widgets.Widget]:
        """Kendali di kiri dan gambar di kanan; di layar sempit gambarnya turun ke bawah kendali."""
        for nama, kendali in self.controls.items():  # label dan isian berjajar
            kendali.style.description_width = "11rem" if nama.startswith("bobot:") else "6rem"
            kendali.layout = widgets.Layout(width="97%", max_width="100%")
        bobot = [w for k, w in self.controls.items() if k.startswith("bobot:")]
        menu = [w for w in self.controls.values() if w not in bobot]
        tajuk = fmt.pick(KATA["panel"]["bobot"])
        kiri = widgets.VBox(
            [*menu, widgets.HTML(f"<b>{tajuk}</b>"), *bobot],
            layout=widgets.Layout(width="24rem", max_width="100%", flex="0 1 auto"),
        )
        kanan = widgets.VBox(
            [self._teks, self._gambar, self._bawah], layout=widgets.Layout(flex="1 1 30rem", min_width="0")
        )
        kanan.add_class(TETAP)  # gambarnya tetap terlihat selagi penggeser di bawah digeser
        return [widgets.HBox([kiri, kanan], layout=widgets.Layout(flex_flow="row wrap", grid_gap="0 1rem"))]

    def _menus(self, p: Pilihan) -> dict[str, widgets.Dropdown]:
        siap = self.jelajah.survei.siap
        jenjang, wilayah = node_options(siap, p.sasaran)[p.simpul][0], self._region_options(p.wilayah)
        isi = {
            "tampilan": (_named(TAMPILAN), p.tampilan),
            "sasaran": (_named(NAMA_SASARAN), p.sasaran),
            "jenjang": (_named(KATA["jenjang"]), jenjang),
            "simpul": (self._node_choices(p.sasaran, jenjang), p.simpul),
            "wilayah": (_named(WILAYAH, siap.tingkat), p.wilayah),
            "daerah": (_named(KATA["daerah"]), p.daerah),
            "kelamin": (_named(KATA["kelamin"]), p.kelamin),
            "agregasi": (_named(AGREGASI), p.agregasi),
            "dasar": (_named(KATA["dasar"]), p.dasar),
            "wilayah_a": (wilayah, p.dua[0]),
            "wilayah_b": (wilayah, p.dua[1]),
        }
        return {
            k: widgets.Dropdown(options=pilihan, value=nilai, description=fmt.pick(KATA["label"][k]))
            for k, (pilihan, nilai) in isi.items()
        }

    def _sliders(self, p: Pilihan) -> dict[str, widgets.FloatSlider]:
        kata = fmt.pick(KATA["panel"]["bobot_satu"])
        sifat = {"max": BOBOT_TERBESAR, "step": 0.1, "readout_format": ".1f"}
        nama = weight_names(self.jelajah.survei.siap)
        return {
            f"bobot:{k}": widgets.FloatSlider(p.bobot.get(k, 1.0), description=x, tooltip=kata.format(x), **sifat)
            for k, x in nama.items()
        }

    def _node_choices(self, sasaran: str, jenjang: str) -> list[tuple[str, str]]:
        semua = node_options(self.jelajah.survei.siap, sasaran)
        return [(nama, k) for k, (j, nama) in semua.items() if j == jenjang]

    def _region_options(self, wilayah: str) -> list[tuple[str, str]]:
        return [
            (fmt.pick(KATA["panel"]["otomatis"]), ""),
            *((v, k) for k, v in self.jelajah.survei.names(wilayah).items()),
        ]

    # Keadaan ----------------------------------------------------------------------------------------------------------

    def state(self) -> Pilihan:
        c = self.controls
        nama = [k for k in asdict(Pilihan()) if k not in ("bobot", "pasangan")]
        pasangan = ",".join(c[k].value for k in ("wilayah_a", "wilayah_b")).rstrip(",")
        bobot = {k.removeprefix("bobot:"): round(w.value, 2) for k, w in c.items() if k.startswith("bobot:")}
        bobot = {k: v for k, v in bobot.items() if v != 1}
        return Pilihan(**{k: c[k].value for k in nama}, bobot=bobot, pasangan=pasangan)

    def values(self) -> dict[str, Any]:
        return {"p": self.state()}

    def _changed(self, change: Any) -> None:
        if self._tahan:
            return
        # Kendali yang bergantung disetel dulu, supaya satu perubahan tetap satu hitungan.
        self._tahan = True
        try:
            self._follow(next(k for k, w in self.controls.items() if w is change["owner"]))
        finally:
            self._tahan = False
        self.update()

    def _follow(self, nama: str) -> None:
        c = self.controls
        if nama == "tampilan" and c["tampilan"].value == "peta":
            c["wilayah"].value = "provinsi"  # petanya peta provinsi; menu tidak boleh mengatakan yang lain
        if nama == "wilayah" and c["tampilan"].value == "peta" and c["wilayah"].value != "provinsi":
            c["tampilan"].value = "peringkat"
        if nama in ("sasaran", "jenjang"):
            self._set_options("simpul", self._node_choices(c["sasaran"].value, c["jenjang"].value))
        if nama in ("wilayah", "tampilan"):
            for k in ("wilayah_a", "wilayah_b"):
                self._set_options(k, self._region_options(c["wilayah"].value))

    def _set_options(self, nama: str, pilihan: list[tuple[str, str]]) -> None:
        kendali = self.controls[nama]
        if kendali.options == tuple(pilihan):
            return
        lama, kode = kendali.value, [k for _, k in pilihan]
        kendali.options = pilihan
        kendali.value = lama if lama in kode else kode[0]

    # Hasil ------------------------------------------------------------------------------------------------------------

    def _answer(self, p: Pilihan) -> Hasil:
        hasil, frame = self.jelajah.answer(p)
        return replace(hasil, bawah=self._footer(p, frame))

    def _footer(self, p: Pilihan, frame: pd.DataFrame) -> str:
        tautan = csv_link(frame, f"jelajah_ikesos-{p.tampilan}")
        kata = fmt.pick(KATA["panel"]["simpan"])
        isi = html.escape(f"{command(self.jelajah.survei, p, self.jelajah.buku.tahun)}\n\n{literals(p)}")
        gaya = "white-space:pre-wrap;overflow-wrap:anywhere"
        return f'<p>{tautan}</p><details><summary>{kata}</summary><pre style="{gaya}">{isi}</pre></details>'


def _named(kamus: Mapping[str, Mapping[str, str]], hanya: Iterable[str] | None = None) -> list[tuple[str, str]]:
    boleh = set(kamus if hanya is None else hanya)
    return [(fmt.pick(v), k) for k, v in kamus.items() if k in boleh]


def csv_link(frame: pd.DataFrame, nama: str) -> str:
    """Tautan unduh CSV tanpa peladen: isinya di dalam alamat tautan."""
    isi = base64.b64encode(frame_to_csv(frame).encode("utf-8")).decode()
    kata = fmt.pick(KATA["panel"]["unduh"])
    berkas = html.escape(f"{nama}.csv", quote=True)
    return f'<a download="{berkas}" href="data:text/csv;charset=utf-8;base64,{isi}">{kata}</a>'
