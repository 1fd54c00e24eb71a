"""Capaian kinerja: dari angka dasar ke IKU, sasaran strategis, dan institusi.

Capaian dihitung tanpa pembulatan dari angka paling dasar yang disebut tabel ``iku`` (kolom ``pembilang`` dan
``penyebut``). Batas, arah, dan cara agregasi adalah data. Hasil untuk masukan yang tidak biasa tetap terdefinisi:

- realisasi atau target tidak tersedia: capaian tidak tersedia;
- target 0: realisasi 0 berarti 100; realisasi di atas 0 berarti 0 bila arahnya turun, dan sebesar batas bila arahnya
  naik (tanpa batas tidak terdefinisi, karena pembaginya 0);
- target atau realisasi negatif: tidak terdefinisi, karena hasil baginya tidak menyatakan kemajuan;
- arah turun: 1 + (1 - R/T), paling rendah 0 karena persen capaian tidak mengenal nilai negatif;
- arah rentang: di dalam kedua batas target 100; di bawahnya R/batas bawah; di atasnya 1 + (1 - R/batas atas). Sumber
  peraturannya tidak ada; aturan ini milik kita dan menyambung di kedua batas;
- target berupa teks ("WTP", "A"): terpenuhi 100, tidak terpenuhi 0; bila ada tabel ``jenjang``, jenjang yang lebih
  tinggi dari target juga terpenuhi.

Realisasi setahun dibentuk dari baris-baris kolom ``pembilang`` menurut kolom ``cara``: ``nilai`` (satu baris),
``rasio`` (pembilang / penyebut), ``kumulatif`` (baris terakhir yang terisi), ``jumlah`` dan ``rata_rata`` (baris yang
terisi). Baris yang kosong hanya boleh di ujung, yaitu triwulan yang belum berjalan; celah di tengah membuat realisasi
tidak tersedia.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt, paths
from kinerja.data import Data, load, remembered
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.istilah import spaced, term

NAIK, TURUN, RENTANG = "naik", "turun", "rentang"
GOLONGAN = ("di_atas", "tepat", "di_bawah")
TIDAK_DINILAI = "tidak_dinilai"
HASIL = ("membaik", "tetap", "memburuk", "tak_sebanding")
DESIMAL_CETAK = 2
"""Banyaknya desimal persen capaian di laporan; dipakai untuk menyatakan sebuah rata-rata tepat 100."""

TERTIMBANG = "rata_rata_tertimbang"
TAHUN_RENSTRA = 5
"""Lamanya satu Renstra."""
DEFINISI_UTAMA = "utama"
"""Kode definisi tahun yang tidak disebut dalam ``iku_riwayat``."""

_TRIWULAN = ("tw1", "tw2", "tw3", "tw4")
_KOLOM_STRIP = (
    "sasaran nama satuan desimal arah target realisasi target_teks realisasi_teks capaian capaian_tanpa_batas lalu "
    "tahun_lalu keadaan_lalu "
    "perubahan satuan_perubahan hasil tahun_akhir akhir laju_perlu tahun_data golongan keadaan_realisasi"
).split()
_SATUAN_SELISIH = {"persen": "poin_persen", "persen_capaian": "poin_persen", "indeks_100": "poin", "nilai": "poin"}
SATUAN_BAGIAN = frozenset({"indeks", "kali"})


# Rumus ----------------------------------------------------------------------------------------------------------------


def achievement(realisasi: Any, target: Any, arah: Any = NAIK, batas: float | None = None) -> Any:
    """Persen capaian; lihat docstring modul untuk target 0, nilai hilang, dan arah turun.

    Parameters
    ----------
    realisasi, target : float or array_like
        Dalam satuan yang sama; NaN atau None berarti tidak tersedia.
    arah : {"naik", "turun"} or array_like of str
        "naik": makin besar makin baik (R/T). "turun": makin kecil makin baik (1 + (1 - R/T)).
    batas : float, optional
        Capaian tertinggi dalam persen; None berarti tanpa batas.

    Returns
    -------
    float or numpy.ndarray
        Persen, tanpa pembulatan; skalar bila semua masukannya skalar.

    Raises
    ------
    GalatParameter
        Arah tidak dikenal, atau batas di bawah 100.
    """
    batas = _check_cap(batas)
    r, t = (np.asarray(x, dtype=object) for x in (realisasi, target))
    r, t = (np.where(pd.isna(x), np.nan, x).astype(float) for x in (r, t))
    arah_ = np.asarray(arah, dtype=object)
    asing = sorted({str(x) for x in arah_.ravel()} - {NAIK, TURUN})
    if asing:
        raise GalatParameter(f"Arah {asing[0]!r} tidak dikenal; pilih naik atau turun.")
    r, t, arah_ = np.broadcast_arrays(r, t, arah_)
    turun = arah_ == TURUN
    sah = np.isfinite(r) & np.isfinite(t) & (r >= 0) & (t >= 0)
    bagi = np.divide(r, t, out=np.full(r.shape, np.nan), where=sah & (t > 0))
    hasil = np.where(turun, np.maximum(2 - bagi, 0), bagi) * 100
    nol = sah & (t == 0)
    lebih = np.where(turun, 0.0, np.nan if batas is None else batas)
    hasil = np.where(nol, np.where(r == 0, 100.0, lebih), hasil)
    if batas is not None:
        hasil = np.minimum(hasil, batas)
    return float(hasil) if hasil.ndim == 0 else hasil


def achievement_text(realisasi: str | None, target: str | None, jenjang: Sequence[str] = ()) -> float:
    """Capaian target berupa teks: 100 bila terpenuhi, 0 bila tidak, NaN bila salah satunya tidak tersedia.

    Parameters
    ----------
    realisasi, target : str or None
        Teks kosong berarti tidak tersedia. Huruf besar-kecil dan spasi tepi diabaikan.
    jenjang : sequence of str, optional
        Predikat dari terendah ke tertinggi, misalnya ``("C", "CC", "B", "BB", "A", "AA")``. Tanpa jenjang, target
        terpenuhi hanya bila kedua teks sama.

    Raises
    ------
    GalatParameter
        Predikat tidak ada dalam ``jenjang``.
    """
    if not _tidy(realisasi) or not _tidy(target):
        return float("nan")
    if not jenjang:
        return 100.0 if _tidy(realisasi) == _tidy(target) else 0.0
    urutan = [_tidy(x) for x in jenjang]
    for teks in (realisasi, target):
        if _tidy(teks) not in urutan:
            raise GalatParameter(f"Predikat {teks!r} tidak ada dalam jenjang: {', '.join(jenjang)}.")
    return 100.0 if urutan.index(_tidy(realisasi)) >= urutan.index(_tidy(target)) else 0.0


def achievement_range(realisasi: float, bawah: float, atas: float, batas: float | None = None) -> float:
    """Persen capaian target berupa rentang; lihat docstring modul.

    Parameters
    ----------
    realisasi, bawah, atas : float
        Dalam satuan yang sama; NaN atau None berarti tidak tersedia.
    batas : float, optional
        Capaian tertinggi dalam persen; tidak berpengaruh, karena capaian rentang tidak pernah melewati 100.

    Raises
    ------
    GalatParameter
        Batas bawah lebih besar daripada batas atas.
    """
    if any(fmt.is_missing(x) for x in (realisasi, bawah, atas)):
        return float("nan")
    if bawah > atas:
        raise GalatParameter(f"Rentang target terbalik: {bawah!r} lebih besar daripada {atas!r}.")
    if realisasi < bawah:
        return achievement(realisasi, bawah, NAIK, batas)
    return 100.0 if realisasi <= atas else achievement(realisasi, atas, TURUN, batas)


def classify(capaian: float, realisasi: float | None = None, target: float | None = None, desimal: int = 2) -> str:
    """Golongan capaian terhadap 100: "di_atas", "tepat", "di_bawah", atau "tidak_dinilai".

    "tepat" berarti capaian tepat 100, atau realisasi yang dibulatkan pada ``desimal`` sama dengan target: target
    29,18 sendiri adalah 150/514 yang dibulatkan, sehingga hasil bagi tanpa pembulatan memberi 100,0099.

    Parameters
    ----------
    capaian : float
        Persen, tanpa batas atau dengan batas.
    realisasi, target : float, optional
        Dalam satuan indikator.
    desimal : int
        Banyaknya desimal indikator itu dicetak.
    """
    if fmt.is_missing(capaian):
        return TIDAK_DINILAI
    if capaian == 100 or _equal_as_printed(realisasi, target, desimal):
        return "tepat"
    return "di_atas" if capaian > 100 else "di_bawah"


def required_pace(nilai: Any, tahun: Any, target: Any, tahun_target: Any, arah: Any = NAIK) -> Any:
    """Perubahan per tahun yang diperlukan dari sebuah nilai, dihitung dari tahun nilai itu.

    Satu aturan bagi semua halaman: (target - nilai) / (tahun target - tahun nilai).

    Parameters
    ----------
    nilai, target : float or array_like
        Dalam satuan yang sama; NaN berarti tidak tersedia.
    tahun, tahun_target : int or array_like
        Tahun data nilai itu, dan tahun targetnya.
    arah : {"naik", "turun"} or array_like of str

    Returns
    -------
    float or numpy.ndarray
        Satuan indikator per tahun, bertanda searah perubahan angkanya; 0 bila target sudah tercapai, NaN bila tahunnya
        habis atau salah satu masukannya tidak tersedia. Skalar bila semua masukannya skalar.
    """
    v, t = np.asarray(nilai, dtype=float), np.asarray(target, dtype=float)
    sisa = np.asarray(tahun_target, dtype=float) - np.asarray(tahun, dtype=float)
    jarak = np.round(t - v, 10)  # 90 - 81,17 adalah 8,83, bukan 8,8299999
    tercapai = np.where(np.asarray(arah, dtype=object) == TURUN, jarak >= 0, jarak <= 0)
    laju = np.divide(jarak, sisa, out=np.full(np.broadcast(jarak, sisa).shape, np.nan), where=sisa > 0)
    hasil = np.where(tercapai, 0.0, laju)
    return float(hasil) if hasil.ndim == 0 else hasil


# IKU, sasaran, institusi ----------------------------------------------------------------------------------------------


def cap(d: Data, batas: float | None = None) -> float | None:
    """Batas capaian IKU dalam persen: ``batas`` bila diisi, atau ``aturan/batas_capaian``; None bila tanpa batas.

    Raises
    ------
    GalatParameter
        Batas di bawah 100 atau bukan bilangan.
    """
    return _check_cap(_rule(d, "batas_capaian") if batas is None else batas)


def end_year(d: Data) -> int:
    """Tahun akhir Renstra: ``aturan/tahun_akhir_renstra``, tahun terakhir tabel ``renstra``, atau tahun laporan."""
    akhir = _rule(d, "tahun_akhir_renstra")
    if akhir is None and d.has("renstra"):
        akhir = d["renstra"]["tahun"].max()
    return d.tahun if akhir is None else int(akhir)


@remembered
def iku(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Target, realisasi, dan capaian setiap IKU, dihitung ulang tanpa pembulatan.

    Parameters
    ----------
    d : Data
        Memakai tabel ``iku``, ``aturan``, dan baris yang dirujuk kolom ``target``, ``pembilang``, ``penyebut``.
    batas : float, optional
        Capaian tertinggi dalam persen; bawaan dari ``aturan/batas_capaian``.

    Returns
    -------
    pandas.DataFrame
        Satu baris per IKU, urutan tabel ``iku``: kode, sasaran, nama, nama_pendek, satuan, arah, desimal, target,
        realisasi, capaian_tanpa_batas, capaian, golongan, keadaan_realisasi (dikutip bila angkanya dicetak, diturunkan
        bila hasil bagi, sintetis bila salah satu masukannya sintetis, tidak_tersedia), keadaan, catatan. Target
        teks ada di target_teks dan realisasi_teks; batas target rentang di target_bawah dan target_atas; ``setahun``
        salah bila sebagian baris pembilangnya (triwulan) belum terisi; ``tahun_data`` (int) tahun nilai realisasinya
        menurut baris pembilangnya, yaitu tahun laporan bila barisnya tidak bertahun; lalu predikat.

    Raises
    ------
    GalatHitung
        Banyaknya baris pada kolom ``target`` atau ``pembilang`` tidak sesuai ``arah`` atau ``cara``.
    """
    batas = cap(d, batas)
    frame = pd.DataFrame([_indicator(d, baris, batas) for baris in d["iku"].itertuples()])
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def realisation(d: Data, kode: str, satuan: str, cara: str, pembilang: str, penyebut: str) -> tuple[float, str]:
    """Realisasi sebuah IKU tanpa pembulatan, dan keadaannya.

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
    if len(id_) > 1 and cara in ("nilai", "rasio"):
        raise GalatHitung(f"IKU {kode}: cara {cara!r} memerlukan satu baris pembilang, bukan {len(id_)}.")
    masukan = [_number(d, x) for x in id_]
    keadaan = [d.baris(x)["keadaan"] for x in (*id_, *penyebut.split())]
    turunan = "sintetis" if "sintetis" in keadaan else "diturunkan"
    if cara == "rasio":
        atas, bawah = (*masukan, float("nan"))[0], _number(d, penyebut)
        if np.isnan(atas) or np.isnan(bawah) or bawah == 0:
            return float("nan"), "tidak_tersedia"
        return atas / bawah * (1 if satuan in SATUAN_BAGIAN else 100), turunan
    nilai = _to_date(masukan, cara)
    if np.isnan(nilai):
        return nilai, "tidak_tersedia"
    terakhir = keadaan[int(np.flatnonzero(~np.isnan(masukan))[-1])]
    return nilai, turunan if cara in ("jumlah", "rata_rata") else terakhir


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
    """Target dan realisasi IKU per triwulan, dan capaiannya sampai triwulan itu.

    IKU ``kumulatif`` (dan ``nilai``, ``rasio``) mencetak angka sampai triwulan itu; IKU ``jumlah`` mencetak angka
    triwulan itu saja dan dijumlahkan; IKU ``rata_rata`` dirata-ratakan.

    Returns
    -------
    pandas.DataFrame
        Satu baris per IKU dan triwulan yang punya baris di ``iku_nilai``: kode, nama_pendek, satuan, desimal, cara,
        triwulan (1 sampai 4), target, realisasi (seperti ditulis), target_sampai, realisasi_sampai, capaian (persen),
        golongan, keadaan. Tanpa baris bila tidak ada triwulan.
    """
    kolom = (
        "kode nama_pendek satuan desimal cara triwulan target realisasi target_sampai realisasi_sampai capaian "
        "golongan keadaan"
    ).split()
    n = d["iku_nilai"] if d.has("iku_nilai") else pd.DataFrame(columns=["periode"])
    n = n[n["periode"].isin(_TRIWULAN)]
    if n.empty:
        return pd.DataFrame(columns=kolom)
    nilai = n.set_index(["kode", "ukuran", "periode"])["nilai"]
    batas, baris = cap(d, batas), []
    for i in d["iku"].itertuples():
        ada = set(n.loc[n["kode"] == i.kode, "periode"])
        for urut, tw in enumerate(_TRIWULAN, 1):
            if tw not in ada or i.arah == RENTANG or i.satuan == "teks":
                continue
            deret = {u: [nilai.get((i.kode, u, p), np.nan) for p in _TRIWULAN[:urut]] for u in ("target", "realisasi")}
            sampai = {u: np.nan if np.isnan(x[-1]) else _to_date(x, i.cara) for u, x in deret.items()}
            capaian = achievement(sampai["realisasi"], sampai["target"], i.arah, batas)
            baris.append(
                {
                    **{k: getattr(i, k) for k in kolom[:5]},
                    "triwulan": urut,
                    **{u: x[-1] for u, x in deret.items()},
                    **{f"{u}_sampai": x for u, x in sampai.items()},
                    "capaian": capaian,
                    "golongan": classify(capaian, sampai["realisasi"], sampai["target"], i.desimal),
                    "keadaan": "tidak_tersedia" if np.isnan(capaian) else "diturunkan",
                }
            )
    return pd.DataFrame(baris, columns=kolom)


@remembered
def sasaran(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian setiap sasaran strategis: rata-rata capaian IKU pembentuknya, menurut ``aturan/agregasi_sasaran``.

    ``rata_rata`` memberi setiap IKU bobot sama; ``rata_rata_tertimbang`` memakai tabel ``bobot``.

    IKU yang tidak dapat dinilai tidak ikut rata-rata; ``iku_dinilai`` dan ``jumlah_iku`` memperlihatkannya.

    Returns
    -------
    pandas.DataFrame
        kode, nama, jumlah_iku, iku_dinilai, capaian_tanpa_batas, capaian (persen), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_sasaran`` bukan cara yang dikenal.
    """
    cara = d.teks("aturan/agregasi_sasaran")
    if cara not in ("rata_rata", TERTIMBANG):
        raise GalatHitung(
            f"Cara agregasi sasaran {cara!r} (aturan/agregasi_sasaran) tidak dikenal; "
            f"yang ada: rata_rata, {TERTIMBANG}."
        )
    return _objectives(d, iku(d, batas))


def _objectives(d: Data, per_iku: pd.DataFrame) -> pd.DataFrame:
    bobot = _weights(d, per_iku["kode"]) if d.teks("aturan/agregasi_sasaran") == TERTIMBANG else None
    baris = []
    for s in d["sasaran"].itertuples():
        milik = per_iku[per_iku["sasaran"] == s.kode]
        capaian = _mean(milik["capaian"], bobot)
        semua_tepat = len(milik) > 0 and (milik["golongan"] == "tepat").all()
        baris.append(
            {
                "kode": s.kode,
                "nama": s.nama,
                "jumlah_iku": len(milik),
                "iku_dinilai": int(milik["capaian"].notna().sum()),
                "capaian_tanpa_batas": _mean(milik["capaian_tanpa_batas"], bobot),
                "capaian": capaian,
                "golongan": "tepat" if semua_tepat else classify(capaian, capaian, 100.0, DESIMAL_CETAK),
                "keadaan": "diturunkan",
            }
        )
    frame = pd.DataFrame(baris)
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def institusi(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian institusi menurut dua cara rata-rata; yang dipakai laporan ditandai.

    Returns
    -------
    pandas.DataFrame
        Baris ``rata_rata_sasaran`` dan ``rata_rata_iku``, ditambah ``rata_rata_tertimbang_...`` bila tabel ``bobot``
        memuat bobotnya: cara, jumlah (yang dirata-ratakan), capaian_tanpa_batas, capaian (persen), dipakai (menurut
        ``aturan/agregasi_institusi``), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_institusi`` bukan salah satu cara itu.
    """
    return _institution(d, sasaran(d, batas), iku(d, batas))


def _institution(d: Data, per_sasaran: pd.DataFrame, per_iku: pd.DataFrame) -> pd.DataFrame:
    dasar = {"sasaran": per_sasaran, "iku": per_iku}
    per_cara: dict[str, tuple[pd.DataFrame, pd.Series | None]]
    per_cara = {f"rata_rata_{k}": (frame, None) for k, frame in dasar.items()}
    berbobot = set(d["bobot"]["kode"]) if d.has("bobot") else set()
    per_cara |= {
        f"{TERTIMBANG}_{k}": (frame, _weights(d, frame["kode"]))
        for k, frame in dasar.items()
        if berbobot.issuperset(frame["kode"])
    }
    dipakai = d.teks("aturan/agregasi_institusi")
    if dipakai not in per_cara:
        raise GalatHitung(
            f"Cara agregasi institusi {dipakai!r} (aturan/agregasi_institusi) tidak dikenal; "
            f"yang ada: {', '.join(per_cara)}."
        )
    baris = []
    for cara, (frame, bobot) in per_cara.items():
        capaian = _mean(frame["capaian"], bobot)
        baris.append(
            {
                "cara": cara,
                "jumlah": int(frame["capaian"].notna().sum()),
                "capaian_tanpa_batas": _mean(frame["capaian_tanpa_batas"], bobot),
                "capaian": capaian,
                "dipakai": cara == dipakai,
                "golongan": classify(capaian, capaian, 100.0, DESIMAL_CETAK),
                "keadaan": "diturunkan",
            }
        )
    frame = pd.DataFrame(baris)
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def mean_achievement(d: Data, batas: float | None = None, *, terbatas: bool = True) -> float:
    """Capaian institusi (persen) menurut cara yang dipakai; ``terbatas=False`` menghitungnya tanpa batas."""
    frame = institusi(d, batas)
    return float(frame.loc[frame["dipakai"], "capaian" if terbatas else "capaian_tanpa_batas"].iloc[0])


def offline_cap(d: Data, batas: float | None = None) -> dict[str, Any]:
    """Isi kendali ``batas`` (:mod:`kinerja.luring`): capaian tanpa batas setiap IKU, dan cara merata-ratakannya.

    Dengan batas b capaian sebuah IKU menjadi yang terkecil dari capaiannya dan b bila ``dibatasi`` (target berupa
    bilangan), b bila ``nol`` (target 0 yang terlampaui), selebihnya tetap.

    Returns
    -------
    dict
        ``batas`` (100 bila tidak ada), ``dari`` (``sasaran`` atau ``iku``: yang dirata-ratakan), ``iku`` dan
        ``sasaran`` dengan bobotnya.
    """
    per_iku, per_sasaran, cara = iku(d, batas), sasaran(d, batas), d.teks("aturan/agregasi_institusi")
    # IKU bertarget 0 yang terlampaui bernilai batas yang berlaku, berapa pun batas itu; tanpa batas tidak tersedia.
    nol = per_iku["capaian_tanpa_batas"].isna() & iku(d, 100.0)["capaian"].notna()
    teks = per_iku["target_teks"].fillna("") if "target_teks" in per_iku else ""
    per_iku = per_iku.assign(nol=nol, berbilangan=teks == "")
    dalam = _weights(d, per_iku["kode"]) if d.teks("aturan/agregasi_sasaran") == TERTIMBANG else per_iku["kode"] != ""
    dari = cara.rsplit("_", 1)[1]
    atas = _weights(d, (per_iku if dari == "iku" else per_sasaran)["kode"]) if cara.startswith(TERTIMBANG) else None
    bobot = dict.fromkeys([*per_iku["kode"], *per_sasaran["kode"]], 1.0)
    if atas is not None:
        bobot |= dict(zip((per_iku if dari == "iku" else per_sasaran)["kode"], atas.astype(float), strict=True))
    return {
        "batas": cap(d, batas) or 100.0,
        "dari": dari,
        "iku": [
            {
                "kode": x.kode,
                "sasaran": x.sasaran,
                "nama": term(x.nama_pendek),
                "capaian": None if np.isnan(x.capaian_tanpa_batas) else float(x.capaian_tanpa_batas),
                "dibatasi": x.berbilangan,
                "nol": bool(x.nol),
                "bobot": bobot[x.kode],
                "bobot_sasaran": float(w),
            }
            for x, w in zip(per_iku.itertuples(), dalam, strict=True)
        ],
        "sasaran": [{"kode": k, "bobot": bobot[k]} for k in per_sasaran["kode"]],
    }


def mean_with(d: Data, ganti: Mapping[str, float], batas: float | None = None) -> float:
    """Capaian institusi (persen) bila capaian beberapa IKU diganti; yang lain tetap.

    Parameters
    ----------
    d : Data
    ganti : mapping of str to float
        Kode IKU -> capaian (persen).
    batas : float, optional
    """
    per_iku = iku(d, batas)
    per_iku["capaian"] = per_iku["kode"].map(ganti).fillna(per_iku["capaian"])
    frame = _institution(d, _objectives(d, per_iku), per_iku)
    return float(frame.loc[frame["dipakai"], "capaian"].iloc[0])


def mean_by_rule(d: Data, batas: float | None = None, lain: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Capaian institusi menurut aturan yang berbeda, supaya terlihat pada apa angkanya bertumpu.

    Parameters
    ----------
    d : Data
    batas : float, optional
    lain : mapping of str to float, optional
        Aturan lain -> capaian (persen) menurut aturan itu; yang NaN tidak ikut.

    Returns
    -------
    pandas.DataFrame
        Baris :func:`institusi` dengan batas (yang dipakai laporan lebih dahulu, berindeks "dipakai"), ``tanpa_batas``
        (cara yang dipakai, tanpa batas), ``tanpa_tertinggi`` (rata-rata biasa sasaran lain bila yang bercapaian
        tertinggi tidak ikut; hanya bila sasarannya lebih dari satu), lalu ``lain``, berindeks kode aturannya: aturan,
        capaian (persen), dipakai (bool), sasaran dan nama (kode dan nama yang tertinggi itu; kosong pada baris lain),
        golongan.
    """
    semua, per_sasaran = institusi(d, batas).sort_values("dipakai", ascending=False, kind="stable"), sasaran(d, batas)
    nilai = dict(zip(semua["cara"], semua["capaian"], strict=True))
    nilai["tanpa_batas"] = mean_achievement(d, batas, terbatas=False)
    capaian_ = per_sasaran.set_index("kode")["capaian"].dropna()
    tertinggi = capaian_.idxmax() if len(capaian_) > 1 else ""
    if tertinggi:
        nilai["tanpa_tertinggi"] = float(capaian_.drop(tertinggi).mean())
    nilai |= {k: x for k, x in (lain or {}).items() if not np.isnan(x)}
    frame = pd.DataFrame({"aturan": list(nilai), "capaian": list(nilai.values())}, index=list(nilai))
    frame["dipakai"] = frame["aturan"] == semua["cara"].iloc[0]
    frame["sasaran"] = frame["aturan"].map({"tanpa_tertinggi": tertinggi}).fillna("")
    frame["nama"] = frame["sasaran"].map(per_sasaran.set_index("kode")["nama"]).fillna("")
    frame["golongan"] = [classify(x, x, 100.0, DESIMAL_CETAK) for x in frame["capaian"]]
    frame.attrs["satuan"] = {"capaian": "persen_capaian"}
    return frame.rename(index={semua["cara"].iloc[0]: "dipakai"})


def summary(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Tabel utama laporan: institusi, setiap sasaran, dan IKU di bawah sasarannya.

    Returns
    -------
    pandas.DataFrame
        jenis ("institusi", "sasaran", "iku"), kode, nama, target, realisasi, satuan, desimal (NaN dan kosong pada baris
        rata-rata), target_teks, realisasi_teks, capaian_tanpa_batas, capaian (persen), golongan, predikat,
        keadaan_realisasi, menonjol (bool: baris rata-rata), catatan.
    """
    per_iku, per_sasaran = iku(d, batas), sasaran(d, batas)
    dipakai = institusi(d, batas).query("dipakai").assign(kode="", nama=d.teks("aturan/nama_institusi"))
    bagian = [dipakai.assign(jenis="institusi")]
    for kode in per_sasaran["kode"]:
        bagian.append(per_sasaran[per_sasaran["kode"] == kode].assign(jenis="sasaran"))
        bagian.append(per_iku[per_iku["sasaran"] == kode].assign(jenis="iku"))
    kolom = (
        "jenis kode nama target realisasi satuan desimal target_teks realisasi_teks capaian_tanpa_batas capaian "
        "golongan predikat keadaan_realisasi catatan"
    ).split()
    frame = pd.concat([b.reindex(columns=kolom) for b in bagian], ignore_index=True)
    teks = ["satuan", "target_teks", "realisasi_teks", "predikat", "keadaan_realisasi", "catatan"]
    frame[teks] = frame[teks].fillna("")
    return frame.assign(menonjol=frame["jenis"] != "iku").astype({"desimal": "Int64"})


def strip(d: Data, sasaran: str | None = None, batas: float | None = None) -> pd.DataFrame:
    """Baris pembuka setiap halaman: target, hasil, tahun sebelumnya, dan target akhir Renstra setiap IKU.

    Nilai berdiri di tahun datanya: ``lalu`` adalah nilai setahun sebelum ``tahun_data``, dari tabel ``iku_riwayat``
    atau folder tahun itu, dan hanya bila definisi dan satuannya sama.

    Parameters
    ----------
    d : Data
    sasaran : str, optional
        Hanya IKU sasaran strategis ini; bawaan semuanya.
    batas : float, optional
        Capaian tertinggi dalam persen; bawaan dari ``aturan/batas_capaian``.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``kode``, urutan tabel ``iku``: sasaran, nama (pendek), satuan, desimal, arah, target, realisasi,
        target_teks, realisasi_teks, capaian (persen, dengan batas), capaian_tanpa_batas, lalu (nilai ``tahun_lalu``,
        dengan ``keadaan_lalu``), perubahan (realisasi dikurangi lalu), hasil ("membaik", "tetap", "memburuk";
        "tak_sebanding" bila tidak ada pembandingnya atau nilainya bukan milik tahun laporan), tahun_akhir, akhir
        (target tahun itu), laju_perlu (:func:`required_pace`), tahun_data, golongan, keadaan_realisasi.
        ``attrs["satuan"]`` memuat satuan setiap kolom angka; "=satuan" menunjuk kolom.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    per_iku = iku(d, batas)
    if sasaran is not None:
        if sasaran not in set(per_iku["sasaran"]):
            raise GalatParameter(
                f"Sasaran {sasaran!r} tidak dikenal; yang ada: {', '.join(dict.fromkeys(per_iku['sasaran']))}."
            )
        per_iku = per_iku[per_iku["sasaran"] == sasaran]
    jarak = distance(d).set_index("kode")[["tahun_akhir", "target_akhir", "laju_perlu"]]
    frame = per_iku.set_index("kode").join(jarak.rename(columns={"target_akhir": "akhir"}))
    frame["nama"] = frame["nama_pendek"]
    lalu = [_year_before(d, i) for i in per_iku.itertuples()]
    frame["lalu"], frame["keadaan_lalu"] = (pd.Series(x, index=frame.index) for x in zip(*lalu, strict=True))
    frame["tahun_lalu"] = frame["tahun_data"] - 1
    frame["perubahan"] = frame["realisasi"] - frame["lalu"]
    frame["satuan_perubahan"] = [change_unit(x) for x in frame["satuan"]]
    baik = frame["perubahan"] * frame["arah"].map({NAIK: 1, TURUN: -1})
    baik = baik.where(frame["tahun_data"] == d.tahun)
    frame["hasil"] = np.select([baik > 0, baik == 0, baik < 0], HASIL[:3], HASIL[3])
    frame = frame[list(_KOLOM_STRIP)]
    frame.attrs["satuan"] = {
        **dict.fromkeys(("target", "realisasi", "lalu", "akhir"), "=satuan"),
        **dict.fromkeys(("perubahan", "laju_perlu"), "=satuan_perubahan"),
        **dict.fromkeys(("capaian", "capaian_tanpa_batas"), "persen_capaian"),
        **dict.fromkeys(("tahun_data", "tahun_akhir", "tahun_lalu"), "tahun"),
    }
    frame.attrs["tahun"] = d.tahun
    return frame


def change_unit(satuan: str) -> str:
    """Satuan selisih dan laju dua angka bersatuan ``satuan``: poin persen bagi persen, poin bagi nilai dan indeks."""
    return _SATUAN_SELISIH.get(satuan, satuan)


def counts(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Banyaknya IKU dan sasaran di atas, tepat, dan di bawah 100, di samping hitungan yang tercetak.

    Returns
    -------
    pandas.DataFrame
        jenis ("iku", "sasaran"), golongan, jumlah (int), tercetak (Int64; kosong bila laporan tidak menyebutnya),
        kode (anggotanya), satuan, keadaan.

    Raises
    ------
    GalatHitung
        Laporan mencetak dua hitungan yang berbeda untuk hal yang sama, sehingga tidak dapat disandingkan.
    """
    tercetak = _printed_counts(d)
    baris = []
    for jenis, frame, satuan in (("iku", iku(d, batas), "indikator"), ("sasaran", sasaran(d, batas), "sasaran")):
        ada = [*GOLONGAN, *([TIDAK_DINILAI] if (frame["golongan"] == TIDAK_DINILAI).any() else [])]
        for golongan in ada:
            anggota = frame.loc[frame["golongan"] == golongan, "kode"]
            baris.append(
                {
                    "jenis": jenis,
                    "golongan": golongan,
                    "jumlah": len(anggota),
                    "tercetak": tercetak.get(f"{jenis}_{golongan}_100"),
                    "kode": ", ".join(anggota),
                    "satuan": satuan,
                    "keadaan": "diturunkan",
                }
            )
    return pd.DataFrame(baris).astype({"tercetak": "Int64"})


# Versi tercetak -------------------------------------------------------------------------------------------------------


def printed_versions(d: Data) -> pd.DataFrame:
    """Setiap versi tercetak dari ``iku_tercetak`` di samping hasil hitung ulang.

    Perbandingan dilakukan pada banyaknya desimal yang tercetak. Batas yang dipakai adalah ``aturan/batas_capaian``,
    karena laporan dicetak dengan batas itu.

    Returns
    -------
    pandas.DataFrame
        kode, ukuran, tempat, bagian, satuan, desimal, tercetak, dihitung (tanpa pembulatan; NaN bila tidak ada
        dasarnya), selisih (tercetak dikurangi hitungan yang dibulatkan pada desimal tercetak), verdik ("sama",
        "beda", "tidak_dihitung"), keadaan, catatan, id. Tanpa baris bila tabel ``iku_tercetak`` tidak diisi.
    """
    kolom = "kode ukuran tempat bagian satuan desimal tercetak dihitung selisih verdik keadaan catatan id".split()
    if not d.has("iku_tercetak"):
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(("tercetak", "dihitung", "selisih"), float))
    hitung = _recomputed(d)
    frame = d["iku_tercetak"].rename(columns={"nilai": "tercetak"})
    frame["dihitung"] = [hitung.get((k, u), np.nan) for k, u in zip(frame["kode"], frame["ukuran"], strict=True)]
    bulat = [fmt.round_half_up(x, n) for x, n in zip(frame["dihitung"], frame["desimal"], strict=True)]
    frame["selisih"] = [
        fmt.round_half_up(t - b, n) for t, b, n in zip(frame["tercetak"], bulat, frame["desimal"], strict=True)
    ]
    frame["verdik"] = np.select(
        [frame["selisih"].isna(), frame["selisih"] == 0], ["tidak_dihitung", "sama"], default="beda"
    )
    return frame[kolom]


def printed_places(d: Data) -> pd.DataFrame:
    """Versi tercetak, satu baris per angka yang berbeda: :func:`printed_versions` dengan semua tempatnya.

    Returns
    -------
    pandas.DataFrame
        kode, nama (IKU, sasaran, atau institusi), ukuran, satuan, desimal, tercetak, dihitung, verdik, bagian dan id
        (semua tempatnya, dipisah titik koma), versi (banyaknya angka berbeda bagi kode dan ukuran itu), keadaan.
    """
    kunci = ["kode", "ukuran", "satuan", "desimal", "tercetak", "dihitung", "verdik"]
    cetak = printed_versions(d).groupby(kunci, sort=False, dropna=False)[["bagian", "id"]]
    ringkas = cetak.agg(lambda isi: "; ".join(dict.fromkeys(isi))).reset_index()
    nama = dict(d["iku"].set_index("kode")["nama_pendek"]) | {x: spaced(x) for x in d["sasaran"]["kode"]}
    sebutan = [nama.get(x) or d.teks("aturan/nama_institusi") for x in ringkas["kode"]]
    ringkas.insert(1, "nama", pd.Series(sebutan, index=ringkas.index, dtype=object))
    besaran = ringkas.groupby(["kode", "ukuran"], sort=False)
    ringkas["versi"] = besaran["tercetak"].transform("nunique")
    urut = besaran.ngroup().sort_values(kind="stable").index  # versi sebuah besaran berdampingan, urutan cetak
    return ringkas.loc[urut].reset_index(drop=True).assign(keadaan="dikutip")


# Renstra --------------------------------------------------------------------------------------------------------------


def trajectory(d: Data, kode: str | None = None) -> pd.DataFrame:
    """Jalur target Renstra, target yang berlaku, dan realisasi, yang berdiri di tahun datanya.

    Parameters
    ----------
    d : Data
    kode : str, optional
        Satu IKU; bawaan semuanya.

    Returns
    -------
    pandas.DataFrame
        Panjang: kode, nama_pendek, tahun, ukuran ("target_renstra", "target_berlaku", "realisasi"; untuk target rentang
        juga "target_bawah" dan "target_atas"), nilai, satuan, keadaan. IKU bertarget teks tidak ikut.

    Raises
    ------
    GalatParameter
        IKU tidak dikenal.
    """
    per_iku = _choose(iku(d), kode)
    per_iku = per_iku[per_iku["satuan"] != "teks"]
    renstra = d["renstra"] if d.has("renstra") else pd.DataFrame(columns=["kode", "tahun", "nilai", "keadaan"])
    baris = []
    for i in per_iku.itertuples():
        milik = renstra[renstra["kode"] == i.kode].sort_values("tahun")
        butir = [(r.tahun, "target_renstra", r.nilai, r.keadaan) for r in milik.itertuples()]
        butir.append((d.tahun, "target_berlaku", i.target, "dikutip"))
        butir.append((i.tahun_data, "realisasi", i.realisasi, i.keadaan_realisasi))
        if i.arah == RENTANG:
            butir += [(d.tahun, f"target_{x}", getattr(i, f"target_{x}"), "dikutip") for x in ("bawah", "atas")]
        baris += [
            {
                "kode": i.kode,
                "nama_pendek": i.nama_pendek,
                "tahun": int(tahun),
                "ukuran": ukuran,
                "nilai": nilai,
                "satuan": i.satuan,
                "keadaan": keadaan,
            }
            for tahun, ukuran, nilai, keadaan in butir
        ]
    return pd.DataFrame(baris, columns=["kode", "nama_pendek", "tahun", "ukuran", "nilai", "satuan", "keadaan"])


def distance(d: Data, kode: str | None = None) -> pd.DataFrame:
    """Jarak realisasi terakhir ke target akhir Renstra, dan laju tahunan yang diperlukan (:func:`required_pace`).

    Sisa tahun dihitung dari tahun data realisasinya sampai tahun akhir Renstra. Jarak positif berarti masih kurang;
    target yang sudah tercapai memerlukan laju 0. Bila tahunnya habis dan target belum tercapai, laju tidak tersedia.

    Parameters
    ----------
    d : Data
    kode : str, optional
        Satu IKU; bawaan semuanya.

    Returns
    -------
    pandas.DataFrame
        kode, nama_pendek, satuan, desimal, realisasi, tahun_data, tahun_akhir, target_akhir, jarak, sisa_tahun,
        laju_perlu (per tahun, bertanda searah perbaikan angka), capaian_akhir (persen, tanpa batas), tercapai (bool),
        keadaan.

    Raises
    ------
    GalatParameter
        IKU tidak dikenal.
    """
    return pd.DataFrame([_distance(d, i) for i in _choose(iku(d), kode).itertuples()])


def renstra_path(d: Data) -> pd.DataFrame:
    """Target Renstra setiap IKU di samping realisasi dan jaraknya ke target akhir.

    Returns
    -------
    pandas.DataFrame
        Kolom :func:`distance`, berindeks ``kode``, ditambah keadaan_realisasi, target (yang berlaku tahun ini),
        satuan_jarak, dan renstra_1 sampai renstra_5: target lima tahun yang berakhir pada ``tahun_akhir``.
    """
    frame = distance(d).set_index("kode", drop=False)
    per_iku = iku(d).set_index("kode")
    frame = frame.join(per_iku[["target", "keadaan_realisasi"]])
    frame["satuan_jarak"] = [change_unit(x) for x in frame["satuan"]]
    for n in range(1, TAHUN_RENSTRA + 1):
        frame[f"renstra_{n}"] = [_renstra(d, kode, end_year(d) - TAHUN_RENSTRA + n) for kode in frame["kode"]]
    return frame.rename_axis(None)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _check_cap(batas: float | None) -> float | None:
    if batas is None:
        return None
    if isinstance(batas, bool) or not isinstance(batas, (int, float, np.number)) or not 100 <= batas < np.inf:
        raise GalatParameter(f"Batas capaian harus bilangan 100 atau lebih (persen), bukan {batas!r}.")
    return float(batas)


def _tidy(teks: str | None) -> str:
    return teks.strip().casefold() if isinstance(teks, str) else ""


def _equal_as_printed(a: float | None, b: float | None, desimal: int) -> bool:
    if fmt.is_missing(a) or fmt.is_missing(b):
        return False
    return fmt.round_half_up(float(a), desimal) == fmt.round_half_up(float(b), desimal)


def _mean(nilai: pd.Series, bobot: pd.Series | None = None) -> float:
    """Rata-rata nilai yang ada; ``bobot`` berindeks sama dengan nilai."""
    ada = nilai.dropna()
    if ada.empty:
        return float("nan")
    if bobot is None:
        return float(ada.mean())
    w = bobot.loc[ada.index]
    return float((ada * w).sum() / w.sum())


def _rule(d: Data, kunci: str) -> int | float | None:
    """Satu aturan berupa angka; None bila institusi ini tidak punya aturan itu."""
    return d.nilai(f"aturan/{kunci}") if (d["aturan"]["kunci"] == kunci).any() else None


def _weights(d: Data, kode: pd.Series) -> pd.Series:
    """Bobot setiap kode menurut tabel ``bobot``, berindeks sama dengan ``kode``."""
    bobot = d["bobot"].set_index("kode")["nilai"] if d.has("bobot") else pd.Series(dtype=float)
    hasil = kode.map(bobot)
    salah = kode[hasil.isna() | (hasil <= 0)]
    if len(salah):
        raise GalatHitung(f"Bobot {salah.iloc[0]} tidak ada atau tidak positif di tabel bobot.")
    return hasil


def _to_date(deret: Sequence[float], cara: str) -> float:
    """Angka sampai butir terakhir yang terisi menurut ``cara``; NaN bila ada celah atau tidak ada isi."""
    isi = np.asarray(deret, dtype=float)
    ada = np.flatnonzero(~np.isnan(isi))
    if not len(ada) or ada[-1] + 1 != len(ada):
        return float("nan")
    isi = isi[: len(ada)]
    return float({"jumlah": isi.sum, "rata_rata": isi.mean}.get(cara, lambda: isi[-1])())


def _number(d: Data, id_: str) -> float:
    nilai = d.nilai(id_) if id_ else None
    return float("nan") if nilai is None else float(nilai)


def _indicator(d: Data, baris: Any, batas: float | None) -> dict[str, Any]:
    target = baris.target.split()
    perlu = 2 if baris.arah == RENTANG else 1
    if target and len(target) != perlu:
        raise GalatHitung(
            f"IKU {baris.kode}: arah {baris.arah!r} memerlukan {perlu} baris target, bukan {len(target)}."
        )
    hitung = _text_indicator if baris.satuan == "teks" else _range_indicator if perlu == 2 else _plain_indicator
    kolom = ("kode", "sasaran", "nama", "nama_pendek", "satuan", "arah", "cara", "desimal")
    kosong = {"target_teks": "", "realisasi_teks": "", "target_bawah": float("nan"), "target_atas": float("nan")}
    return {
        **{k: getattr(baris, k) for k in kolom},
        **kosong,
        **hitung(d, baris, target, batas),
        "setahun": baris.satuan == "teks" or not any(np.isnan(_number(d, x)) for x in baris.pembilang.split()),
        "tahun_data": _data_year(d, baris.pembilang.split()),
        "keadaan": "diturunkan",
        "catatan": baris.catatan,
    }


def _data_year(d: Data, pembilang: Sequence[str]) -> int:
    """Tahun terakhir yang tertulis di baris-baris pembilang; tahun laporan bila tabelnya tidak bertahun."""
    tahun = []
    for id_ in pembilang:
        tabel = d[id_.split("/")[0]]
        if "tahun" in tabel:
            tahun += tabel.loc[tabel["id"] == id_, "tahun"].tolist()
    return int(max(tahun)) if tahun else d.tahun


def _year_before(d: Data, i: Any) -> tuple[float, str]:
    """Realisasi setahun sebelum tahun data dan keadaannya; NaN bila tak tercatat, belum setahun, atau beda definisi."""
    tidak_ada = float("nan"), "tidak_tersedia"
    tahun = i.tahun_data - 1
    riwayat = d["iku_riwayat"] if d.has("iku_riwayat") else pd.DataFrame(columns=["kode", "tahun", "definisi"])
    catatan = riwayat[riwayat["kode"] == i.kode].set_index("tahun")
    kini, dulu = (catatan["definisi"].get(x, DEFINISI_UTAMA) for x in (i.tahun_data, tahun))
    if kini != dulu or not i.setahun or i.satuan == "teks":
        return tidak_ada
    if tahun in catatan.index:
        rujukan = {k: catatan.at[tahun, k] for k in ("cara", "pembilang", "penyebut")}
        return realisation(d, i.kode, i.satuan, **rujukan)
    if tahun not in paths.tahun_tersedia():
        return tidak_ada
    dulu_ = iku(load(tahun)).set_index("kode")
    cocok = {"satuan": i.satuan, "arah": i.arah, "tahun_data": tahun}
    if i.kode not in dulu_.index or any(dulu_.at[i.kode, k] != x for k, x in cocok.items()):
        return tidak_ada
    return float(dulu_.at[i.kode, "realisasi"]), str(dulu_.at[i.kode, "keadaan_realisasi"])


def _text_indicator(d: Data, baris: Any, target_id: list[str], batas: float | None) -> dict[str, Any]:
    terisi = [x for x in baris.pembilang.split() if d.teks(x)]
    target = d.teks(target_id[0]) if target_id else ""
    realisasi = d.teks(terisi[-1]) if terisi else ""
    jenjang = d["jenjang"].query("kode == @baris.kode").sort_values("urutan")["sebutan"] if d.has("jenjang") else ()
    capaian = achievement_text(realisasi, target, tuple(jenjang))
    return {
        "target": float("nan"),
        "realisasi": float("nan"),
        "target_teks": target,
        "realisasi_teks": realisasi,
        "capaian_tanpa_batas": capaian,
        "capaian": capaian,
        "golongan": classify(capaian),
        "keadaan_realisasi": d.baris(terisi[-1])["keadaan"] if terisi else "tidak_tersedia",
    }


def _range_indicator(d: Data, baris: Any, target_id: list[str], batas: float | None) -> dict[str, Any]:
    bawah, atas = (_number(d, x) for x in target_id or ("", ""))
    realisasi, keadaan = realisation(d, baris.kode, baris.satuan, baris.cara, baris.pembilang, baris.penyebut)
    capaian = achievement_range(realisasi, bawah, atas, batas)
    tepi = [fmt.nilai(x, baris.satuan, baris.desimal) for x in (bawah, atas)]
    return {
        "target": float("nan"),
        "realisasi": realisasi,
        "target_teks": "" if np.isnan(bawah) or np.isnan(atas) else "–".join(tepi),
        "target_bawah": bawah,
        "target_atas": atas,
        "capaian_tanpa_batas": capaian,
        "capaian": capaian,
        "golongan": classify(capaian),
        "keadaan_realisasi": keadaan,
    }


def _plain_indicator(d: Data, baris: Any, target_id: list[str], batas: float | None) -> dict[str, Any]:
    target = _number(d, target_id[0]) if target_id else float("nan")
    realisasi, keadaan = realisation(d, baris.kode, baris.satuan, baris.cara, baris.pembilang, baris.penyebut)
    tanpa, dengan = (achievement(realisasi, target, baris.arah, b) for b in (None, batas))
    return {
        "target": target,
        "realisasi": realisasi,
        "capaian_tanpa_batas": tanpa,
        "capaian": dengan,
        # Batas tidak mengubah golongan: dengan batas 100, capaian 226 tetap di atas target.
        "golongan": classify(dengan if np.isnan(tanpa) else tanpa, realisasi, target, baris.desimal),
        "keadaan_realisasi": keadaan,
    }


def _printed_counts(d: Data) -> dict[str, int]:
    if not d.has("hitungan"):
        return {}
    hitungan = d["hitungan"].dropna(subset=["nilai"])
    hasil = {}
    for hal, isi in hitungan.groupby("hal")["nilai"]:
        if not hal.endswith("_100"):
            continue
        if isi.nunique() > 1:
            raise GalatHitung(
                f"Hitungan {hal!r} tercetak berbeda-beda: {', '.join(fmt.angka(x) for x in isi.unique())}."
            )
        hasil[hal] = int(isi.iloc[0])
    return hasil


def _recomputed(d: Data) -> dict[tuple[str, str], float]:
    hasil: dict[tuple[str, str], float] = {}
    jarak = distance(d).set_index("kode")
    for i in iku(d).itertuples():
        hasil |= {
            (i.kode, "target"): i.target,
            (i.kode, "realisasi"): i.realisasi,
            (i.kode, "capaian"): i.capaian,
            (i.kode, "capaian_tanpa_batas"): i.capaian_tanpa_batas,
            (i.kode, "target_akhir"): jarak.loc[i.kode, "target_akhir"],
            (i.kode, "capaian_akhir"): jarak.loc[i.kode, "capaian_akhir"],
            (i.kode, "target_semula"): _renstra(d, i.kode, d.tahun),
            (i.kode, "target_tahun_depan"): _renstra(d, i.kode, d.tahun + 1),
        }
    hasil |= {(s.kode, "capaian"): s.capaian for s in sasaran(d).itertuples()}
    institusi_ = set(d["iku_tercetak"]["kode"]) - set(d["iku"]["kode"]) - set(d["sasaran"]["kode"])
    rata, serapan = mean_achievement(d), _absorption(d)
    for kode in institusi_:
        hasil[kode, "capaian"] = rata
        hasil[kode, "realisasi_keuangan"] = serapan.get("total", float("nan"))
    return hasil | {(k, "realisasi_keuangan"): serapan[k] for k in d["sasaran"]["kode"] if k in serapan}


def _absorption(d: Data) -> dict[str, float]:
    """Realisasi / pagu dalam persen pada tanggal terakhir: kunci "total" dan kode sasaran."""
    if not d.has("anggaran"):
        return {}
    a = d["anggaran"]
    a = a[(a["per"] == a["per"].max()) & a["rincian"].isin(["total", "sasaran"]) & (a["satuan"] == "rupiah")]
    lebar = a.pivot(index=["rincian", "kode"], columns="ukuran", values="nilai")
    persen = lebar["realisasi"] / lebar["pagu"] * 100
    return {("total" if rincian == "total" else kode): float(x) for (rincian, kode), x in persen.items()}


def _renstra(d: Data, kode: str, tahun: int) -> float:
    if not d.has("renstra"):
        return float("nan")
    r = d["renstra"]
    isi = r.loc[(r["kode"] == kode) & (r["tahun"] == tahun), "nilai"]
    return float(isi.iloc[0]) if len(isi) else float("nan")


def _choose(per_iku: pd.DataFrame, kode: str | None) -> pd.DataFrame:
    if kode is None:
        return per_iku
    if kode not in set(per_iku["kode"]):
        raise GalatParameter(f"IKU {kode!r} tidak dikenal; yang ada: {', '.join(per_iku['kode'])}.")
    return per_iku[per_iku["kode"] == kode]


def _distance(d: Data, i: Any) -> dict[str, Any]:
    tahun_akhir = end_year(d)
    # Jarak ke sebuah rentang tidak punya satu angka.
    target = float("nan") if i.arah == RENTANG else _renstra(d, i.kode, tahun_akhir)
    kurang = (target - i.realisasi) * (1 if i.arah == NAIK else -1)
    ada = not np.isnan(kurang)
    tercapai = bool(ada and (kurang <= 0 or _equal_as_printed(i.realisasi, target, i.desimal)))
    return {
        "kode": i.kode,
        "nama_pendek": i.nama_pendek,
        "satuan": i.satuan,
        "desimal": i.desimal,
        "realisasi": i.realisasi,
        "tahun_data": i.tahun_data,
        "tahun_akhir": tahun_akhir,
        "target_akhir": target,
        "jarak": kurang,
        "sisa_tahun": tahun_akhir - i.tahun_data,
        "laju_perlu": 0.0 if tercapai else required_pace(i.realisasi, i.tahun_data, target, tahun_akhir, i.arah),
        "capaian_akhir": float("nan") if i.arah == RENTANG else achievement(i.realisasi, target, i.arah),
        "tercapai": tercapai,
        "keadaan": "diturunkan" if ada else "tidak_tersedia",
    }
