"""Target, realisasi, dan capaian setiap IKU menurut periode laporannya, dari angka paling dasar yang disebut data.

Laporan setahun membaca baris yang disebut kolom ``target``, ``pembilang``, dan ``penyebut`` tabel ``iku``. Laporan
triwulan atau semester membaca ``iku_nilai`` sampai periode itu, dan target setahun berdiri di sampingnya. Keduanya
dibentuk menurut kolom ``cara``: ``nilai``, ``rasio``, dan ``kumulatif`` (baris terakhir), ``jumlah`` dan ``rata_rata``
(semua baris sejak periode pertama yang tercatat). Celah di tengah membuat angkanya tidak tersedia.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kinerja import fmt, periode
from kinerja.capaian.rumus import (
    RENTANG,
    RUMUS,
    SELISIH,
    TIDAK_DINILAI,
    achievement,
    achievement_range,
    achievement_text,
    check_cap,
    classify,
)
from kinerja.data import Data, remembered
from kinerja.errors import GalatHitung

DEFINISI_UTAMA = "utama"
"""Kode definisi tahun yang tidak disebut dalam ``iku_riwayat``."""

TANPA = "tanpa"
"""Isi ``iku_aturan/<kode>/batas_capaian`` bagi indikator yang tidak dibatasi."""

_NAMA_TERPANJANG = 70
SATUAN_BAGIAN = frozenset({"indeks", "kali"})
_DIGABUNG = ("jumlah", "rata_rata")
_TARGET = ("target", "target_bawah", "target_atas")
_NAN = float("nan")
KOLOM = (
    "kode sasaran nama nama_pendek satuan arah cara desimal target target_teks target_bawah target_atas target_semula "
    "target_semula_teks target_tahun target_tahun_teks realisasi realisasi_teks keadaan_realisasi capaian_tanpa_batas "
    "capaian capaian_tahun batas rumus golongan sebab setahun tahun_data keadaan catatan"
).split()
_TEKS = frozenset(KOLOM) & set(
    "kode sasaran nama nama_pendek satuan arah cara target_teks target_semula_teks target_tahun_teks realisasi_teks "
    "keadaan_realisasi rumus golongan sebab keadaan catatan".split()
)


def cap(d: Data, batas: float | None = None) -> float | None:
    """Batas capaian IKU dalam persen: ``batas`` bila diisi, atau ``aturan/batas_capaian``; None bila tanpa batas.

    Raises
    ------
    GalatParameter
        Batas di bawah 100 atau bukan bilangan.
    """
    return check_cap(d.rule("batas_capaian") if batas is None else batas)


@remembered
def iku(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Target, realisasi, dan capaian setiap IKU sampai akhir periode laporan, dihitung ulang tanpa pembulatan.

    Parameters
    ----------
    d : Data
        Memakai tabel ``iku``, ``iku_aturan``, ``aturan``, ``iku_nilai``, dan baris yang dirujuk kolom ``target``,
        ``pembilang``, ``penyebut``.
    batas : float, optional
        Capaian tertinggi dalam persen; bawaan dari ``aturan/batas_capaian``. Batas sebuah indikator sendiri
        (``iku_aturan``) tidak berubah.

    Returns
    -------
    pandas.DataFrame
        Satu baris per IKU, urutan tabel ``iku``: kode, sasaran, nama, nama_pendek, satuan, arah, cara, desimal, target
        (periode ini), realisasi, capaian_tanpa_batas, capaian, golongan, keadaan_realisasi (dikutip bila angkanya
        dicetak, diturunkan bila hasil bagi, sintetis bila salah satu masukannya sintetis, tidak_tersedia), keadaan,
        catatan. Target teks ada di target_teks dan realisasi_teks; tepi target rentang di target_bawah dan target_atas;
        target sebelum direvisi di target_semula. ``target_tahun`` dan ``capaian_tahun`` (terhadap target setahun) hanya
        terisi pada laporan yang bukan setahun. ``sebab``: mengapa tidak dinilai (tanpa_target, tanpa_realisasi,
        tanpa_jenjang, target_nol, negatif, belum_periode; kosong bila dinilai). ``setahun`` salah bila angkanya belum
        sampai akhir tahun; ``tahun_data`` (int) tahun nilai realisasinya menurut baris pembilangnya. Lalu predikat.

    Raises
    ------
    GalatHitung
        Banyaknya baris pada kolom ``target`` atau ``pembilang`` tidak sesuai ``arah`` atau ``cara``.
    """
    batas, semua, aturan = cap(d, batas), _cells(d), indicator_rules(d)
    baris = [_indicator(d, x, semua.get(x.kode, {}), aturan, batas) for x in d["iku"].itertuples()]
    frame = pd.DataFrame(baris, columns=list(KOLOM))
    if frame.empty:
        tipe = {k: object if k in _TEKS else float for k in KOLOM}
        frame = frame.astype(tipe | {"setahun": bool, "tahun_data": int, "desimal": int})
    frame["nama_pendek"] = frame["kode"].map(short_names(d)).astype(object)
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def realisation(d: Data, kode: str, satuan: str, cara: str, pembilang: str, penyebut: str) -> tuple[float, str]:
    """Realisasi setahun sebuah IKU tanpa pembulatan, dan keadaannya.

    Parameters
    ----------
    d : Data
    kode, satuan : str
        Kode IKU (untuk pesan) dan satuannya.
    cara, pembilang, penyebut : str
        Seperti kolom tabel ``iku``; id baris dipisahkan spasi. Tanpa pembilang realisasinya tidak tersedia.

    Returns
    -------
    tuple of (float, str)
        Nilai dalam satuan itu (NaN bila tidak tersedia) dan keadaannya.

    Raises
    ------
    GalatHitung
        Banyaknya baris pembilang tidak sesuai caranya.
    """
    id_ = pembilang.split()
    if len(id_) > 1 and cara == "rasio":
        raise GalatHitung(f"IKU {kode}: cara {cara!r} memerlukan satu baris pembilang, bukan {len(id_)}.")
    masukan = [_number(d, x) for x in id_]
    keadaan = [d.baris(x)["keadaan"] for x in (*id_, *penyebut.split())]
    turunan = "sintetis" if "sintetis" in keadaan else "diturunkan"
    if cara == "rasio":
        atas, bawah = (*masukan, _NAN)[0], _number(d, penyebut)
        if np.isnan(atas) or np.isnan(bawah) or bawah == 0:
            return _NAN, "tidak_tersedia"
        return atas / bawah * (1 if satuan in SATUAN_BAGIAN else 100), turunan
    nilai = to_date(masukan, cara)
    if np.isnan(nilai):
        return nilai, "tidak_tersedia"
    terakhir = keadaan[int(np.flatnonzero(~np.isnan(masukan))[-1])]
    return nilai, turunan if cara in _DIGABUNG else terakhir


def indicator_from(d: Data, tabel: str) -> pd.Series:
    """Baris ``iku`` yang pembilangnya dari satu tabel; kodenya boleh berganti antartahun.

    Raises
    ------
    GalatHitung
        Tidak ada IKU seperti itu untuk tahun ini.
    """
    cocok = d["iku"][d["iku"]["pembilang"].str.startswith(f"{tabel}/")]
    if cocok.empty:
        raise GalatHitung(f"Tidak ada IKU tahun {d.tahun} yang pembilangnya dari tabel {tabel}.")
    return cocok.iloc[0]


def predicates(d: Data, capaian: pd.Series) -> list[str]:
    """Predikat setiap capaian (persen) menurut tabel ``predikat``; teks kosong bila tidak ada tabel atau capaian.

    Batas bawah dibaca "lebih_dari" atau "paling_sedikit" menurut kolom ``syarat``; yang tertinggi berlaku.
    Capaian dibandingkan tanpa pembulatan.
    """
    if not d.has("predikat"):
        return [""] * len(capaian)
    kelas = d["predikat"].dropna(subset=["nilai"]).sort_values("nilai", ascending=False)

    def satu(x: float) -> str:
        for k in kelas.itertuples():
            if x > k.nilai or (x == k.nilai and k.syarat == "paling_sedikit"):
                return k.nama
        return ""

    return ["" if fmt.is_missing(x) else satu(x) for x in capaian]


def quarters(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Target dan realisasi IKU per triwulan atau semester, dan capaiannya sampai periode itu.

    IKU ``kumulatif`` (dan ``nilai``, ``rasio``) mencetak angka sampai periode itu; IKU ``jumlah`` mencetak angka
    periode itu saja dan dijumlahkan; IKU ``rata_rata`` dirata-ratakan.

    Returns
    -------
    pandas.DataFrame
        Satu baris per IKU dan periode yang punya baris di ``iku_nilai``: kode, nama_pendek, satuan, desimal, arah,
        cara, periode ("tw1", "smt1", ...), triwulan (1 sampai 4: yang terakhir), target, realisasi (seperti ditulis),
        target_sampai, realisasi_sampai, capaian (persen), golongan, keadaan. Tanpa baris bila tidak ada periode;
        target rentang dan teks tidak ikut.
    """
    sifat = ["kode", "nama_pendek", "satuan", "desimal", "arah", "cara"]
    angka = ["target", "realisasi", "target_sampai", "realisasi_sampai", "capaian"]
    batas, semua, aturan, nama = cap(d, batas), _cells(d), indicator_rules(d), short_names(d)
    baris = []
    for i in d["iku"].itertuples():
        isi = semua.get(i.kode, {})
        tertulis = {p for _, p in isi}
        for p in (*periode.TRIWULAN, *periode.SEMESTER):
            if p not in tertulis or i.arah == RENTANG or i.satuan == "teks":
                continue
            kode_periode = next(x for x in periode.rows(p) if p in x)
            sampai = {u: _through(isi, u, kode_periode, i.cara) for u in ("target", "realisasi")}
            if np.isnan(sampai["target"]) and i.cara == "rata_rata" and i.target:
                sampai["target"] = _number(d, i.target)  # tingkatnya sama sepanjang tahun
            batas_, rumus = _rule_of(aturan, i.kode, i.arah, batas)
            capaian = achievement(sampai["realisasi"], sampai["target"], i.arah, batas_, rumus)
            butir = (
                {k: getattr(i, k) for k in sifat}
                | {"nama_pendek": nama[i.kode]}
                | {"periode": p, "triwulan": periode.last_quarter(p)}
            )
            butir |= {u: isi[u, p].nilai if (u, p) in isi else _NAN for u in sampai}
            butir |= {f"{u}_sampai": x for u, x in sampai.items()} | {"capaian": capaian}
            golongan = classify(capaian, sampai["realisasi"], sampai["target"], i.desimal)
            keadaan = "tidak_tersedia" if np.isnan(capaian) else "diturunkan"
            baris.append(butir | {"golongan": golongan, "keadaan": keadaan})
    return pd.DataFrame(baris, columns=[*sifat, "periode", "triwulan", *angka, "golongan", "keadaan"])


def indicator_rules(d: Data) -> dict[str, dict[str, Any]]:
    """Aturan indikator yang menyimpang dari aturan institusi: kode -> ``batas`` (None: tanpa batas) dan ``rumus``.

    Raises
    ------
    GalatParameter
        Batasnya di bawah 100.
    """
    hasil: dict[str, dict[str, Any]] = {}
    if d.has("iku_aturan"):
        for x in d["iku_aturan"].itertuples():
            if x.kunci == "rumus":
                isi = {"rumus": x.teks}
            else:
                isi = {"batas": None if x.teks == TANPA else check_cap(x.nilai)}
            hasil.setdefault(x.kode, {}).update(isi)
    return hasil


def short_names(d: Data) -> dict[str, str]:
    """Nama pendek setiap IKU bagi sumbu dan kalimat; yang ratusan huruf dipotong dan tetap dapat dibedakan."""
    asal = d["iku"].set_index("kode")["nama_pendek"]
    pendek = asal.map(lambda x: textwrap.shorten(x, _NAMA_TERPANJANG, placeholder=" …"))
    ganda = pendek.duplicated(keep=False) & (pendek != asal)
    return dict(pendek.where(~ganda, pendek + " (" + pendek.index.astype(str) + ")"))


def to_date(deret: Sequence[float], cara: str) -> float:
    """Angka sampai butir terakhir yang terisi menurut ``cara``; NaN bila ada celah atau tidak ada isi."""
    isi = np.asarray(deret, dtype=float)
    ada = np.flatnonzero(~np.isnan(isi))
    if not len(ada) or ada[-1] + 1 != len(ada):
        return _NAN
    isi = isi[: len(ada)]
    return float({"jumlah": isi.sum, "rata_rata": isi.mean}.get(cara, lambda: isi[-1])())


# Bagian dalam ---------------------------------------------------------------------------------------------------------


class _Sel(NamedTuple):
    nilai: float
    teks: str
    keadaan: str


_Isi = Mapping[tuple[str, str], _Sel]
_KOSONG = _Sel(_NAN, "", "tidak_tersedia")


def _cells(d: Data) -> dict[str, dict[tuple[str, str], _Sel]]:
    """Isi ``iku_nilai`` menurut kode, lalu (ukuran, periode)."""
    hasil: dict[str, dict[tuple[str, str], _Sel]] = {}
    if d.has("iku_nilai"):
        for x in d["iku_nilai"].query("ukuran != 'standar_nasional'").itertuples():
            hasil.setdefault(x.kode, {})[x.ukuran, x.periode] = _Sel(x.nilai, x.teks, x.keadaan)
    return hasil


def _through(isi: _Isi, ukuran: str, kode_periode: Sequence[str], cara: str) -> float:
    """Angka sampai periode terakhir; periode di depan yang sama sekali tidak tercatat bukan celah."""
    tertulis = {p for _, p in isi}
    pertama = next((i for i, p in enumerate(kode_periode) if p in tertulis), 0)
    deret = [isi.get((ukuran, p), _KOSONG).nilai for p in kode_periode[pertama:]]
    if cara not in _DIGABUNG or np.isnan(deret[-1]):
        return deret[-1]
    return to_date(deret, cara)


def _number(d: Data, id_: str) -> float:
    nilai = d.nilai(id_) if id_ else None
    return _NAN if nilai is None else float(nilai)


def _rule_of(
    aturan: Mapping[str, Mapping[str, Any]], kode: str, arah: str, batas: float | None
) -> tuple[float | None, str]:
    """Batas dan rumus yang berlaku bagi sebuah indikator."""
    milik = aturan.get(kode, {})
    return milik.get("batas", batas), milik.get("rumus", RUMUS.get(arah, SELISIH))


def _indicator(
    d: Data, baris: Any, isi: _Isi, aturan: Mapping[str, Mapping[str, Any]], batas: float | None
) -> dict[str, Any]:
    setahun = d.periode == periode.TAHUN
    ukur = _yearly(d, baris, isi) if setahun else _periodic(d, baris, isi)
    batas, rumus = _rule_of(aturan, baris.kode, baris.arah, batas)
    jenjang = d["jenjang"].query("kode == @baris.kode").sort_values("urutan")["sebutan"] if d.has("jenjang") else ()

    def nilai(akhiran: str, batas: float | None) -> float:
        if baris.satuan == "teks":
            return achievement_text(ukur["realisasi_teks"], ukur[f"target{akhiran}_teks"], tuple(jenjang))
        r, t = ukur["realisasi"], ukur[f"target{akhiran}"]
        if baris.arah == RENTANG:
            return achievement_range(r, ukur["target_bawah"], ukur["target_atas"], batas, rumus)
        return achievement(r, t, baris.arah, batas, rumus)

    tanpa, dengan = nilai("", None), nilai("", batas)
    # Batas tidak mengubah golongan: dengan batas 100, capaian 226 tetap di atas target.
    golongan = classify(dengan if np.isnan(tanpa) else tanpa, ukur["realisasi"], ukur["target"], baris.desimal)
    if baris.arah == RENTANG:
        ukur["target_teks"] = _span(ukur["target_bawah"], ukur["target_atas"], baris)
    hasil = {
        **{k: getattr(baris, k) for k in KOLOM[:8]},
        **ukur,
        "capaian_tanpa_batas": tanpa,
        "capaian": dengan,
        "capaian_tahun": _NAN if setahun or baris.arah == RENTANG else nilai("_tahun", batas),
        "batas": _NAN if batas is None else batas,
        "rumus": rumus,
        "golongan": golongan,
        "keadaan": "diturunkan",
        "catatan": baris.catatan,
    }
    return hasil | {"sebab": _reason(hasil, isi) if golongan == TIDAK_DINILAI else ""}


def _yearly(d: Data, baris: Any, isi: _Isi) -> dict[str, Any]:
    """Target dan realisasi setahun menurut kolom ``target``, ``cara``, ``pembilang``, dan ``penyebut``."""
    target, pembilang = baris.target.split(), baris.pembilang.split()
    rentang = baris.arah == RENTANG
    if len(target) > 1 + rentang:
        perlu = "1 atau 2" if rentang else "1"
        raise GalatHitung(
            f"IKU {baris.kode}: arah {baris.arah!r} memerlukan {perlu} baris target, bukan {len(target)}."
        )
    teks = baris.satuan == "teks"
    terisi = [x for x in pembilang if d.teks(x)] if teks else []
    realisasi, keadaan = (
        (_NAN, d.baris(terisi[-1])["keadaan"] if terisi else "tidak_tersedia")
        if teks
        else realisation(d, baris.kode, baris.satuan, baris.cara, baris.pembilang, baris.penyebut)
    )
    atas = target[-1] if len(target) == 2 or "/target_atas/" in "".join(target) else ""
    semula = isi.get(("target_semula", periode.TAHUN), _KOSONG)
    return {
        "target": _NAN if teks or rentang or not target else _number(d, target[0]),
        "target_teks": d.teks(target[0]) if teks and target else "",
        "target_bawah": _number(d, target[0]) if rentang and target and target[0] != atas else _NAN,
        "target_atas": _number(d, atas) if rentang else _NAN,
        "target_semula": semula.nilai,
        "target_semula_teks": semula.teks,
        "target_tahun": _NAN,
        "target_tahun_teks": "",
        "realisasi": realisasi,
        "realisasi_teks": d.teks(terisi[-1]) if terisi else "",
        "keadaan_realisasi": keadaan,
        "setahun": teks or not any(np.isnan(_number(d, x)) for x in pembilang),
        "tahun_data": _data_year(d, pembilang),
    }


def _periodic(d: Data, baris: Any, isi: _Isi) -> dict[str, Any]:
    """Target dan realisasi sampai akhir periode laporan; yang tidak diukur pada periode itu kosong semuanya."""
    setahun = _yearly(d, baris, isi)
    pilihan = periode.rows(d.periode)
    tertulis = {p for _, p in isi}
    kode_periode = next((x for x in pilihan if tertulis & set(x)), pilihan[0])
    akhir = kode_periode[-1]
    angka = {u: _through(isi, u, kode_periode, baris.cara) for u in (*_TARGET, "target_semula", "realisasi")}
    realisasi = isi.get(("realisasi", akhir), _KOSONG)
    target = isi.get(("target", akhir), _KOSONG)
    # Rentang dan rata-rata adalah tingkat yang sama sepanjang tahun; tanpa target periode berlaku target setahunnya.
    if baris.arah == RENTANG or baris.cara == "rata_rata":
        sendiri = any(not np.isnan(angka[u]) for u in _TARGET)
        angka |= {} if sendiri else {u: setahun[u] for u in _TARGET}
    keadaan = "diturunkan" if baris.cara in _DIGABUNG and len(kode_periode) > 1 else realisasi.keadaan
    ada = realisasi.teks or not np.isnan(angka["realisasi"])
    return {
        **setahun,
        **angka,
        "target_teks": target.teks,
        "realisasi_teks": realisasi.teks,
        "target_semula_teks": isi.get(("target_semula", akhir), _KOSONG).teks,
        "target_tahun": setahun["target"],
        "target_tahun_teks": setahun["target_teks"],
        "keadaan_realisasi": keadaan if ada else "tidak_tersedia",
        "setahun": periode.last_quarter(d.periode) == 4,
        "tahun_data": d.tahun,
    }


def _span(bawah: float, atas: float, baris: Any) -> str:
    """Rentang seperti ditulis orang: "6,5–8,5", "≥ 3", "≤ 5"."""
    tepi = [fmt.nilai(x, baris.satuan, baris.desimal) for x in (bawah, atas)]
    if np.isnan(bawah) or np.isnan(atas):
        return "" if np.isnan(bawah) and np.isnan(atas) else f"≥ {tepi[0]}" if np.isnan(atas) else f"≤ {tepi[1]}"
    return "–".join(tepi)


def _reason(x: Mapping[str, Any], isi: _Isi) -> str:
    """Mengapa sebuah indikator tidak dinilai."""
    r = x["realisasi_teks"] or not np.isnan(x["realisasi"])
    t = x["target_teks"] or not np.isnan(x["target"])
    if not r and not t and any(p == periode.TAHUN for _, p in isi) and not np.isnan(x["target_tahun"]):
        return "belum_periode"
    if not r or not t:
        return "tanpa_target" if r else "tanpa_realisasi"
    if x["satuan"] == "teks":
        return "tanpa_jenjang"
    return "negatif" if x["realisasi"] < 0 else "target_nol"


def _data_year(d: Data, pembilang: Sequence[str]) -> int:
    """Tahun terakhir yang tertulis di baris-baris pembilang; tahun laporan bila tabelnya tidak bertahun."""
    tahun = []
    for id_ in pembilang:
        tabel = d[id_.split("/")[0]]
        if "tahun" in tabel:
            tahun += tabel.loc[tabel["id"] == id_, "tahun"].tolist()
    return int(max(tahun)) if tahun else d.tahun
