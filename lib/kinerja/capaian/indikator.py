"""Capaian setiap IKU: rumusnya, dan target dan realisasi menurut periode laporan dari angka yang paling dasar.

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
from kinerja.data import Data, remembered
from kinerja.errors import GalatHitung, GalatParameter

NAIK, TURUN, RENTANG = "naik", "turun", "rentang"
SELISIH, KEBALIKAN = "selisih", "kebalikan"
RUMUS = {TURUN: SELISIH, RENTANG: KEBALIKAN}
"""Rumus bawaan bagi sisi yang makin kecil makin baik; rentang menurut PermenPANRB: batas atas / realisasi."""

GOLONGAN = ("di_atas", "tepat", "di_bawah")
TIDAK_DINILAI = "tidak_dinilai"
JENJANG_UMUM = (("d", "c", "cc", "b", "bb", "a", "aa"), ("tmp", "tw", "wdp", "wtp"))
"""Jenjang yang dikenal tanpa tabel ``jenjang``: predikat SAKIP dan RB (PermenPANRB 88/2021), opini BPK."""

DEFINISI_UTAMA = "utama"
"""Kode definisi tahun yang tidak disebut dalam ``iku_riwayat``."""

TANPA = "tanpa"
"""Isi ``iku_aturan/<kode>/batas_capaian`` bagi indikator yang tidak dibatasi."""

SATUAN_BAGIAN = frozenset({"indeks", "kali"})
_SATUAN_SELISIH = {"persen": "poin_persen", "persen_capaian": "poin_persen", "persen_perubahan": "poin_persen",
                   "indeks_100": "poin", "nilai": "poin"}  # fmt: skip
_NAMA_TERPANJANG = 70
_DIGABUNG = ("jumlah", "rata_rata")
_TARGET = ("target", "target_bawah", "target_atas")
_NAN = float("nan")
KOLOM = (
    "kode sasaran nama nama_pendek satuan arah cara desimal target target_teks target_bawah target_atas target_semula "
    "target_semula_teks target_tahun target_tahun_teks realisasi realisasi_teks keadaan_realisasi capaian_tanpa_batas "
    "capaian capaian_tahun batas rumus golongan sebab setahun tahun_data keadaan catatan"
).split()
_ANGKA = [*_TARGET, "target_semula", "target_tahun", "realisasi", "capaian_tanpa_batas", "capaian", "capaian_tahun"]
_TIPE = dict.fromkeys([*_ANGKA, "batas"], float) | {"setahun": bool, "tahun_data": int, "desimal": int}


# Rumus capaian: tanpa data dan tanpa pembulatan -----------------------------------------------------------------------


def achievement(realisasi: Any, target: Any, arah: Any = NAIK, batas: float | None = None, rumus: str = SELISIH) -> Any:
    """Persen capaian, tanpa pembulatan dan tidak pernah di bawah 0; skalar bila semua masukannya skalar.

    - realisasi atau target tidak tersedia (NaN atau None): NaN;
    - naik: R/T; turun: 1 + (1 - R/T), atau T/R bila rumusnya ``kebalikan`` (NaN bila salah satunya negatif);
    - target negatif: 1 + (R - T)/|T| bila naik, 1 - (R - T)/|T| bila turun. Bagi target positif itu sama dengan
      R/T dan 1 + (1 - R/T), sehingga satu rumus berlaku bagi keduanya;
    - target 0: realisasi 0 berarti 100; yang lebih baik daripada 0 sebesar batas (tanpa batas tidak terdefinisi, karena
      pembaginya 0), yang lebih buruk 0.

    Parameters
    ----------
    realisasi, target : float or array_like
        Dalam satuan yang sama.
    arah : {"naik", "turun"} or array_like of str
        "naik": makin besar makin baik. "turun": makin kecil makin baik.
    batas : float, optional
        Capaian tertinggi dalam persen; None berarti tanpa batas.
    rumus : {"selisih", "kebalikan"}
        Bagi arah turun.

    Raises
    ------
    GalatParameter
        Arah atau rumus tidak dikenal, atau batas di bawah 100.
    """
    batas = check_cap(batas)
    if rumus not in (SELISIH, KEBALIKAN):
        raise GalatParameter(f"Rumus {rumus!r} tidak dikenal; pilih {SELISIH} atau {KEBALIKAN}.")
    r, t = (np.asarray(x, dtype=object) for x in (realisasi, target))
    r, t = (np.where(pd.isna(x), np.nan, x).astype(float) for x in (r, t))
    arah_ = np.asarray(arah, dtype=object)
    asing = sorted({str(x) for x in arah_.ravel()} - {NAIK, TURUN})
    if asing:
        raise GalatParameter(f"Arah {asing[0]!r} tidak dikenal; pilih naik atau turun.")
    r, t, arah_ = np.broadcast_arrays(r, t, arah_)
    tanda = np.where(arah_ == TURUN, -1, 1)
    sah = np.isfinite(r) & np.isfinite(t)
    bagi = np.divide(r, t, out=np.full(r.shape, np.nan), where=sah & (t != 0))
    # R/T dan 2 - R/T bagi target positif; selebihnya bentuk umumnya.
    hasil = np.where((t > 0) == (tanda > 0), bagi, 2 - bagi)
    if rumus == KEBALIKAN:
        balik = np.divide(t, r, out=np.full(r.shape, np.nan), where=sah & (r > 0) & (t >= 0))
        lebih = np.where(sah & (r == 0) & (t > 0), np.inf, balik)
        hasil = np.where(tanda > 0, hasil, lebih)
    hasil = np.maximum(hasil * 100, 0)
    baik = np.sign(r) * tanda
    hasil = np.where(sah & (t == 0), np.select([baik == 0, baik < 0], [100.0, 0.0], np.inf), hasil)
    hasil = np.where(np.isinf(hasil), np.nan if batas is None else batas, hasil)
    if batas is not None:
        hasil = np.minimum(hasil, batas)
    return float(hasil) if hasil.ndim == 0 else hasil


def achievement_text(realisasi: str | None, target: str | None, jenjang: Sequence[str] = ()) -> float:
    """Capaian target berupa teks ("WTP", "A"): 100 bila terpenuhi, 0 bila tidak, NaN bila tidak dapat dinilai.

    Jenjang yang lebih tinggi dari target juga terpenuhi. Huruf besar-kecil dan spasi tepi diabaikan; teks kosong
    berarti tidak tersedia.

    Parameters
    ----------
    realisasi, target : str or None
    jenjang : sequence of str, optional
        Predikat dari terendah ke tertinggi, misalnya ``("C", "CC", "B", "BB", "A", "AA")``. Tanpa jenjang dipakai
        :data:`JENJANG_UMUM` yang memuat keduanya; dua teks berbeda yang tidak ada di sana tidak dapat dinilai, karena
        tidak diketahui mana yang lebih tinggi.

    Raises
    ------
    GalatParameter
        Predikat tidak ada dalam ``jenjang``.
    """
    r, t = _tidy(realisasi), _tidy(target)
    if not r or not t:
        return _NAN
    if not len(jenjang):
        if r == t:
            return 100.0
        jenjang = next((x for x in JENJANG_UMUM if r in x and t in x), ())
        if not jenjang:
            return _NAN
    urutan = [_tidy(x) for x in jenjang]
    for teks in (realisasi, target):
        if _tidy(teks) not in urutan:
            raise GalatParameter(f"Predikat {teks!r} tidak ada dalam jenjang: {', '.join(jenjang)}.")
    return 100.0 if urutan.index(r) >= urutan.index(t) else 0.0


def achievement_range(
    realisasi: float, bawah: float | None, atas: float | None, batas: float | None = None, rumus: str = KEBALIKAN
) -> float:
    """Persen capaian target berupa rentang: di dalamnya 100, sehingga ``batas`` tidak pernah berpengaruh.

    Di bawah batas bawah R/batas bawah; di atas batas atas: batas atas/R (``kebalikan``), atau 1 + (1 - R/batas atas)
    (``selisih``). Salah satu tepi boleh NaN atau None: rentang satu sisi ("paling sedikit 3").

    Raises
    ------
    GalatParameter
        Batas bawah lebih besar daripada batas atas.
    """
    ada_bawah, ada_atas = (not fmt.is_missing(x) for x in (bawah, atas))
    if fmt.is_missing(realisasi) or not (ada_bawah or ada_atas):
        return _NAN
    if ada_bawah and ada_atas and bawah > atas:
        raise GalatParameter(f"Rentang target terbalik: {bawah!r} lebih besar daripada {atas!r}.")
    if ada_bawah and realisasi < bawah:
        return achievement(realisasi, bawah, NAIK, batas)
    return achievement(realisasi, atas, TURUN, batas, rumus) if ada_atas and realisasi > atas else 100.0


def classify(capaian: float, realisasi: float | None = None, target: float | None = None, desimal: int = 2) -> str:
    """Golongan capaian (persen) terhadap 100: "di_atas", "tepat", "di_bawah", atau "tidak_dinilai".

    "tepat" berarti capaian tepat 100, atau realisasi yang dibulatkan pada ``desimal`` (banyaknya desimal indikator itu
    dicetak) sama dengan target: target 29,18 sendiri adalah 150/514 yang dibulatkan, sehingga hasil bagi tanpa
    pembulatan memberi 100,0099.
    """
    if fmt.is_missing(capaian):
        return TIDAK_DINILAI
    if capaian == 100 or equal_as_printed(realisasi, target, desimal):
        return "tepat"
    return "di_atas" if capaian > 100 else "di_bawah"


def equal_as_printed(a: float | None, b: float | None, desimal: int) -> bool:
    """Apakah keduanya sama pada banyaknya desimal yang dicetak."""
    if fmt.is_missing(a) or fmt.is_missing(b):
        return False
    return fmt.round_half_up(float(a), desimal) == fmt.round_half_up(float(b), desimal)


def required_pace(nilai: Any, tahun: Any, target: Any, tahun_target: Any, arah: Any = NAIK) -> Any:
    """Perubahan per tahun yang diperlukan: (target - nilai) / (tahun target - tahun data nilai itu).

    Satu aturan bagi semua halaman. Masukannya skalar atau larik; NaN berarti tidak tersedia. Hasilnya dalam satuan
    indikator per tahun, bertanda searah perubahan angkanya; 0 bila target sudah tercapai, NaN bila tahunnya habis atau
    salah satu masukannya tidak tersedia. Skalar bila semua masukannya skalar.
    """
    v, t = np.asarray(nilai, dtype=float), np.asarray(target, dtype=float)
    sisa = np.asarray(tahun_target, dtype=float) - np.asarray(tahun, dtype=float)
    jarak = np.round(t - v, 10)  # 90 - 81,17 adalah 8,83, bukan 8,8299999
    tercapai = np.where(np.asarray(arah, dtype=object) == TURUN, jarak >= 0, jarak <= 0)
    laju = np.divide(jarak, sisa, out=np.full(np.broadcast(jarak, sisa).shape, np.nan), where=sisa > 0)
    hasil = np.where(tercapai, 0.0, laju)
    return float(hasil) if hasil.ndim == 0 else hasil


def change_unit(satuan: str) -> str:
    """Satuan selisih dan laju dua angka bersatuan ``satuan``: poin persen bagi persen, poin bagi nilai dan indeks."""
    return _SATUAN_SELISIH.get(satuan, satuan)


def check_cap(batas: float | None) -> float | None:
    """Batas capaian (persen) sebagai pecahan; None tetap None.

    Raises
    ------
    GalatParameter
        Di bawah 100 atau bukan bilangan.
    """
    if batas is None:
        return None
    if isinstance(batas, bool) or not isinstance(batas, (int, float, np.number)) or not 100 <= batas < np.inf:
        raise GalatParameter(f"Batas capaian harus bilangan 100 atau lebih (persen), bukan {batas!r}.")
    return float(batas)


def _tidy(teks: str | None) -> str:
    return teks.strip().casefold() if isinstance(teks, str) else ""


# Indikator sebuah laporan ---------------------------------------------------------------------------------------------


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

    Memakai tabel ``iku``, ``iku_aturan``, ``aturan``, ``iku_nilai``, dan baris yang dirujuk kolom ``target``,
    ``pembilang``, ``penyebut``.

    Parameters
    ----------
    d : Data
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
    frame = pd.DataFrame(baris, columns=KOLOM)
    if frame.empty:
        frame = frame.astype(_TIPE)
    frame["nama_pendek"] = frame["kode"].map(short_names(d)).astype(object)
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def realisation(d: Data, iku: Any, asal: Any) -> tuple[float, str]:
    """Realisasi setahun sebuah IKU tanpa pembulatan (NaN bila tidak tersedia), dan keadaannya.

    Parameters
    ----------
    d : Data
    iku : namedtuple or Series
        ``kode`` (untuk pesan) dan ``satuan`` realisasinya.
    asal : namedtuple or Series
        ``cara``, ``pembilang``, ``penyebut`` seperti pada tabel ``iku``; id baris dipisahkan spasi. Tanpa pembilang
        realisasinya tidak tersedia.

    Raises
    ------
    GalatHitung
        Banyaknya baris pembilang tidak sesuai caranya.
    """
    id_ = asal.pembilang.split()
    if len(id_) > 1 and asal.cara == "rasio":
        raise GalatHitung(f"IKU {iku.kode}: cara {asal.cara!r} memerlukan satu baris pembilang, bukan {len(id_)}.")
    masukan = [_number(d, x) for x in id_]
    keadaan = [d.baris(x)["keadaan"] for x in (*id_, *asal.penyebut.split())]
    turunan = "sintetis" if "sintetis" in keadaan else "diturunkan"
    if asal.cara == "rasio":
        atas, bawah = (*masukan, _NAN)[0], _number(d, asal.penyebut)
        if np.isnan(atas) or np.isnan(bawah) or bawah == 0:
            return _NAN, "tidak_tersedia"
        return atas / bawah * (1 if iku.satuan in SATUAN_BAGIAN else 100), turunan
    nilai = _to_date(masukan, asal.cara)
    if np.isnan(nilai):
        return nilai, "tidak_tersedia"
    terakhir = keadaan[int(np.flatnonzero(~np.isnan(masukan))[-1])]
    return nilai, turunan if asal.cara in _DIGABUNG else terakhir


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
    sama = kelas["syarat"] == "paling_sedikit"
    dicapai = (kelas["nama"][(x > kelas["nilai"]) | (sama & (x == kelas["nilai"]))] for x in capaian)
    return [next(iter(x), "") for x in dicapai]


def quarters(d: Data) -> pd.DataFrame:
    """Target dan realisasi IKU per triwulan atau semester, dan capaiannya sampai periode itu.

    IKU ``kumulatif`` (dan ``nilai``, ``rasio``) mencetak angka sampai periode itu; IKU ``jumlah`` mencetak angka
    periode itu saja dan dijumlahkan; IKU ``rata_rata`` dirata-ratakan.

    Satu baris per IKU dan periode yang punya baris di ``iku_nilai``: kode, nama_pendek, satuan, desimal, arah, cara,
    periode ("tw1", "smt1", ...), triwulan (1 sampai 4: yang terakhir), target, realisasi (seperti ditulis),
    target_sampai, realisasi_sampai, capaian (persen), golongan, keadaan. Tanpa baris bila tidak ada periode; target
    rentang dan teks tidak ikut.
    """
    sifat = ["kode", "nama_pendek", "satuan", "desimal", "arah", "cara"]
    angka = ["target", "realisasi", "target_sampai", "realisasi_sampai", "capaian"]
    batas, semua, aturan, nama = cap(d), _cells(d), indicator_rules(d), short_names(d)
    baris = []
    for i in d["iku"].query("arah != @RENTANG and satuan != 'teks'").itertuples():
        isi = semua.get(i.kode, {})
        tertulis = {p for _, p in isi}
        batas_, rumus = _rule_of(aturan, i, batas)
        for p in (x for x in (*periode.TRIWULAN, *periode.SEMESTER) if x in tertulis):
            kode_periode = next(x for x in periode.rows(p) if p in x)
            target, realisasi = (_through(isi, u, kode_periode, i.cara) for u in ("target", "realisasi"))
            if np.isnan(target) and i.cara == "rata_rata" and i.target:
                target = _number(d, i.target)  # tingkatnya sama sepanjang tahun
            capaian = achievement(realisasi, target, i.arah, batas_, rumus)
            baris.append(
                [i.kode, nama[i.kode], i.satuan, i.desimal, i.arah, i.cara, p, periode.last_quarter(p)]
                + [isi.get((u, p), _KOSONG).nilai for u in ("target", "realisasi")]
                + [target, realisasi, capaian, classify(capaian, realisasi, target, i.desimal)]
                + ["tidak_tersedia" if np.isnan(capaian) else "diturunkan"]
            )
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


def _to_date(deret: Sequence[float], cara: str) -> float:
    """Angka sampai butir terakhir yang terisi menurut ``cara``; NaN bila ada celah atau tidak ada isi."""
    isi = np.asarray(deret, dtype=float)
    ada = np.flatnonzero(~np.isnan(isi))
    if not len(ada) or ada[-1] + 1 != len(ada):
        return _NAN
    isi = isi[: len(ada)]
    return float({"jumlah": isi.sum, "rata_rata": isi.mean}.get(cara, lambda: isi[-1])())


def _through(isi: _Isi, ukuran: str, kode_periode: Sequence[str], cara: str) -> float:
    """Angka sampai periode terakhir; periode di depan yang sama sekali tidak tercatat bukan celah."""
    tertulis = {p for _, p in isi}
    pertama = next((i for i, p in enumerate(kode_periode) if p in tertulis), 0)
    deret = [isi.get((ukuran, p), _KOSONG).nilai for p in kode_periode[pertama:]]
    return deret[-1] if cara not in _DIGABUNG or np.isnan(deret[-1]) else _to_date(deret, cara)


def _number(d: Data, id_: str) -> float:
    nilai = d.nilai(id_) if id_ else None
    return _NAN if nilai is None else float(nilai)


def _rule_of(aturan: Mapping[str, Mapping[str, Any]], iku: Any, batas: float | None) -> tuple[float | None, str]:
    """Batas dan rumus yang berlaku bagi sebuah indikator."""
    milik = aturan.get(iku.kode, {})
    return milik.get("batas", batas), milik.get("rumus", RUMUS.get(iku.arah, SELISIH))


def _indicator(
    d: Data, baris: Any, isi: _Isi, aturan: Mapping[str, Mapping[str, Any]], batas: float | None
) -> dict[str, Any]:
    setahun = d.periode == periode.TAHUN
    ukur = _yearly(d, baris, isi) if setahun else _periodic(d, baris, isi)
    batas, rumus = _rule_of(aturan, baris, batas)
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
    if teks:
        realisasi, keadaan = _NAN, d.baris(terisi[-1])["keadaan"] if terisi else "tidak_tersedia"
    else:
        realisasi, keadaan = realisation(d, baris, baris)
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
    target, semula, realisasi = (isi.get((u, akhir), _KOSONG) for u in ("target", "target_semula", "realisasi"))
    # Rentang dan rata-rata adalah tingkat yang sama sepanjang tahun; tanpa target periode berlaku target setahunnya.
    if (baris.arah == RENTANG or baris.cara == "rata_rata") and all(np.isnan(angka[u]) for u in _TARGET):
        angka |= {u: setahun[u] for u in _TARGET}
    keadaan = "diturunkan" if baris.cara in _DIGABUNG and len(kode_periode) > 1 else realisasi.keadaan
    ada = realisasi.teks or not np.isnan(angka["realisasi"])
    return {
        **setahun,
        **angka,
        "target_teks": target.teks,
        "realisasi_teks": realisasi.teks,
        "target_semula_teks": semula.teks,
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
