"""Pemanfaatan DTKS (IKU pada sasaran data terpadu): siapa yang memakai, dan bagaimana kabupaten/kota dihitung.

Skor tercetak menganggap semua kabupaten/kota telah memanfaatkan DTKS. Modul ini menghitung skor yang sama di bawah
aturan hitung lain, supaya terlihat seberapa besar skor itu berasal dari anggapan tersebut.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kinerja import capaian, fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

SEMUA = -1
"""Isi parameter ``kabkota_dihitung`` yang berarti semua kabupaten/kota."""

ATURAN = ("tercetak", "mutakhir", "kl_saja", "pilihan")
"""Aturan hitung kabupaten/kota, dalam urutan penyajian."""

KELOMPOK_PENGGUNA: Mapping[str, tuple[str, ...]] = {
    "kementerian": ("kementerian",),
    "lembaga": ("badan", "lembaga", "komisi", "kepolisian"),
}
"""Kata pertama nama pengguna yang menentukan kelompoknya; nama lain masuk ``lainnya``."""

GOLONGAN_TUJUAN: Mapping[str, tuple[str, ...]] = {
    "penyaluran": ("bantuan", "subsidi", "program", "kegiatan", "penanganan"),
    "perencanaan": (
        "penyusunan", "pemetaan", "peta", "penetapan", "alokasi", "lokasi", "aplikasi", "design", "penelitian",
    ),
    "pengawasan": ("pemeriksaan", "evaluasi", "pengendalian", "rekomendasi"),
}  # fmt: skip
"""Kata dalam tujuan tercetak yang memasukkannya ke satu golongan; satu tujuan boleh masuk beberapa golongan."""

TIDAK_DICETAK = "tidak_dicetak"
LAINNYA = "lainnya"

_SATUAN = {
    "kl": "kl", "kabkota": "kabkota", "memakai": "kld", "total": "kld", "realisasi": "persen", "target": "persen",
    "selisih": "poin_persen", "capaian_tanpa_batas": "persen_capaian", "capaian": "persen_capaian",
}  # fmt: skip


def coverage(data: Data) -> pd.DataFrame:
    """Pemakai DTKS menurut kelompok yang dihitung indikatornya.

    Satu baris per kelompok (``kl``, ``kabkota``, ``kabkota_mutakhir``, ``kld``): ``memakai`` dan ``total`` (bulat),
    ``tidak_memakai``, ``persen`` (tidak dibulatkan), ``keadaan`` dan ``keadaan_total`` (keadaan ``memakai`` dan
    ``total``), ``tercetak`` dan ``desimal`` (persen yang dicetak laporan dan banyaknya desimal; kosong bila tidak
    dicetak).

    Raises
    ------
    GalatHitung
        Persen kabupaten/kota yang memutakhirkan tidak cocok dengan bilangan bulat mana pun.
    """
    mutakhir, dicetak, baris = updating_districts(data)["tengah"], _printed_shares(data), []
    for kode in ("kl", "kabkota", "kabkota_mutakhir", "kld"):
        induk = kode.removesuffix("_mutakhir")
        memakai, keadaan = _int(data, f"{induk}_memanfaatkan"), _keadaan(data, f"{induk}_memanfaatkan")
        if kode != induk:
            memakai, keadaan = mutakhir, "diturunkan"
        total, cetak = _int(data, f"{induk}_total"), dicetak.get(kode, (math.nan, None))
        persen = memakai / total * 100
        baris.append((kode, memakai, total, keadaan, total - memakai, persen, *cetak, _keadaan(data, f"{induk}_total")))
    kolom = "kelompok memakai total keadaan tidak_memakai persen tercetak desimal keadaan_total".split()
    return pd.DataFrame(baris, columns=kolom).astype({"desimal": "Int64"})


def updating_districts(data: Data) -> dict[str, int]:
    """Banyaknya kabupaten/kota yang memutakhirkan DTKS di atas ambangnya, dari persen yang dicetak.

    Laporan hanya mencetak persennya. Bilangan bulat yang mungkin adalah yang persennya, bila dibulatkan pada desimal
    tercetak, sama dengan persen itu: ``tengah`` (bilangan bulat terdekat), ``terkecil``, ``terbesar`` (batas yang
    diizinkan pembulatan), ``total``.

    Raises
    ------
    GalatHitung
        Tidak ada bilangan bulat yang cocok, jadi persen itu tidak mungkin berasal dari ``total`` kabupaten/kota.
    """
    baris, total = data.baris("dtks/persen_kabkota_mutakhir"), _int(data, "kabkota_total")
    persen, desimal = float(baris["nilai"]), int(baris["desimal"])
    cocok = [n for n in range(total + 1) if fmt.round_half_up(n / total * 100, desimal) == persen]
    if not cocok:
        raise GalatHitung(
            f"{fmt.persen(persen, desimal)} dari {total} kabupaten/kota tidak cocok dengan bilangan bulat mana pun."
        )
    tengah = min(cocok, key=lambda n: abs(n / total * 100 - persen))
    return {"tengah": tengah, "terkecil": cocok[0], "terbesar": cocok[-1], "total": total}


def resolve_districts(data: Data, kabkota_dihitung: int) -> int:
    """Banyaknya kabupaten/kota yang dihitung; :data:`SEMUA` berarti semuanya.

    Raises
    ------
    GalatParameter
        Bukan bilangan bulat, atau di luar -1 sampai jumlah kabupaten/kota.
    """
    total = _int(data, "kabkota_total")
    bulat = isinstance(kabkota_dihitung, int) and not isinstance(kabkota_dihitung, bool)
    if not bulat or not SEMUA <= kabkota_dihitung <= total:
        raise GalatParameter(
            f"kabkota_dihitung {kabkota_dihitung!r} di luar batas; isi 0 sampai {total}, atau {SEMUA} untuk semua."
        )
    return total if kabkota_dihitung == SEMUA else kabkota_dihitung


def score(data: Data, kabkota: int | Sequence[int], total: int | None = None) -> pd.DataFrame:
    """Skor dan capaian bila sekian kabupaten/kota dihitung; K/L tetap seperti tercetak.

    ``total`` penyebutnya, bawaan yang dicetak laporan. Satu baris per isi ``kabkota``: ``kl``, ``kabkota``,
    ``memakai``, ``total`` (bulat), ``realisasi`` dan ``target`` (persen), ``selisih`` terhadap target (poin persen),
    ``capaian_tanpa_batas`` dan ``capaian`` (persen, yang kedua dibatasi ``aturan/batas_capaian``), ``keadaan``. Tidak
    ada yang dibulatkan.
    """
    total = _int(data, "kld_total") if total is None else total
    iku = capaian.indicator_from(data, "dtks")
    kl, target = _int(data, "kl_memanfaatkan"), float(data.nilai(iku["target"]))
    frame = pd.DataFrame({"kl": kl, "kabkota": [kabkota] if isinstance(kabkota, int) else list(kabkota)})
    frame["memakai"] = frame["kl"] + frame["kabkota"]
    frame["total"] = total
    frame["realisasi"] = frame["memakai"] / total * 100
    frame["target"] = target
    frame["selisih"] = frame["realisasi"] - target
    for kolom, batas in (("capaian_tanpa_batas", None), ("capaian", capaian.cap(data))):
        frame[kolom] = capaian.achievement(frame["realisasi"], target, iku["arah"], batas)
    frame.attrs["satuan"] = _SATUAN
    return frame.assign(keadaan="diturunkan")


def offline(data: Data, kabkota_dihitung: int = SEMUA) -> dict[str, Any]:
    """Isi kendali ``dtks`` (:mod:`kinerja.jawaban`): yang menentukan :func:`score` selain banyaknya kabupaten/kota."""
    iku = capaian.indicator_from(data, "dtks")
    return {
        "kl": _int(data, "kl_memanfaatkan"),
        "kabkota": _int(data, "kabkota_total"),
        "total": _int(data, "kld_total"),
        "awal": resolve_districts(data, kabkota_dihitung),
        "target": float(data.nilai(iku["target"])),
        "naik": iku["arah"] == capaian.NAIK,
        "batas": capaian.cap(data),
    }


def scores(data: Data, kabkota_dihitung: int = SEMUA) -> pd.DataFrame:
    """Skor menurut aturan hitung kabupaten/kota.

    Baris :data:`ATURAN`: ``tercetak`` (semua kabupaten/kota), ``mutakhir`` (hanya yang memutakhirkan di atas ambang),
    ``kl_saja`` (K/L terhadap K/L, tanpa kabupaten/kota di penyebut), dan ``pilihan`` bila ``kabkota_dihitung`` bukan
    :data:`SEMUA`. Kolom seperti :func:`score`, ditambah ``aturan``, ``mencapai`` (apakah target tercapai), dan
    ``golongan`` terhadap target.

    Raises
    ------
    GalatParameter
        ``kabkota_dihitung`` di luar batas.
    """
    dihitung = {
        "tercetak": _int(data, "kabkota_memanfaatkan"),
        "mutakhir": updating_districts(data)["tengah"],
        "pilihan": resolve_districts(data, kabkota_dihitung),
    }
    semua = score(data, list(dihitung.values())).assign(aturan=list(dihitung))
    kl_saja = score(data, 0, _int(data, "kl_total")).assign(aturan="kl_saja")
    frame = pd.concat([semua, kl_saja]).set_index("aturan", drop=False).loc[list(ATURAN)].reset_index(drop=True)
    if kabkota_dihitung == SEMUA:
        frame = frame[frame["aturan"] != "pilihan"]
    frame["golongan"] = [capaian.classify(x) for x in frame["capaian_tanpa_batas"]]
    frame["mencapai"] = frame["realisasi"] >= frame["target"]
    frame.attrs["satuan"] = _SATUAN
    return frame


def institution_mean(data: Data, aturan: str = "kl_saja", batas: float | None = None) -> float:
    """Capaian institusi (persen) bila kabupaten/kota dihitung menurut satu aturan; NaN tanpa tabel ``dtks``."""
    if not data.has("dtks"):
        return math.nan
    capaian_ = scores(data).set_index("aturan").at[aturan, "capaian_tanpa_batas"]
    atas = capaian.cap(data, batas)
    kode = capaian.indicator_from(data, "dtks")["kode"]
    return capaian.mean_with(data, {kode: capaian_ if atas is None else min(capaian_, atas)}, batas)


def required(data: Data) -> pd.DataFrame:
    """Pemakai yang perlu untuk mencapai tiap target: Renstra per tahun dan target akhir yang dicetak laporan.

    Kolom: ``asal`` (``renstra`` atau ``laporan``), ``tahun``, ``target`` (persen), ``keadaan`` (keadaan target),
    ``kld_perlu`` (bulat: K/L/D terkecil yang mencapai target), ``kabkota_perlu`` (bulat, dengan K/L tetap seperti
    sekarang; kosong bila melebihi jumlah kabupaten/kota), ``kl_perlu`` (bulat, bila semua kabupaten/kota dihitung),
    ``capaian_tercetak`` (realisasi tercetak terhadap target itu, persen tanpa batas), ``kabkota_mutakhir`` (bulat: yang
    memutakhirkan datanya di atas ``ambang`` persen).
    """
    kode = capaian.indicator_from(data, "dtks")["kode"]
    renstra = data["renstra"].loc[lambda x: x["kode"] == kode].assign(asal="renstra")
    # prosa laporan boleh mencetak target akhir lain daripada Renstra
    laporan = _printed(data, "target_akhir").assign(asal="laporan", tahun=int(renstra["tahun"].max()))
    target = pd.concat([x[["asal", "tahun", "nilai", "keadaan"]] for x in (renstra, laporan)], ignore_index=True)
    target = target.rename(columns={"nilai": "target"})
    kl, kabkota, total = _int(data, "kl_memanfaatkan"), _int(data, "kabkota_total"), _int(data, "kld_total")
    # 40% dari 601 = 240,4: yang mencapai target paling sedikit 241; ekor biner dipangkas sebelum dibulatkan ke atas
    target["kld_perlu"] = [math.ceil(fmt.round_half_up(x * total / 100, 9)) for x in target["target"]]
    perlu = (target["kld_perlu"] - kl).clip(lower=0).astype("Int64")
    target["kabkota_perlu"] = perlu.where(perlu <= kabkota)
    target["kl_perlu"] = (target["kld_perlu"] - kabkota).clip(lower=0)
    target["capaian_tercetak"] = _int(data, "kld_memanfaatkan") / total / target["target"] * 1e4
    target["kabkota_mutakhir"] = updating_districts(data)["tengah"]
    target["ambang"] = data.nilai("dtks/ambang_mutakhir")
    target.attrs["satuan"] = {
        "target": "persen", "kld_perlu": "kld", "kabkota_perlu": "kabkota", "kl_perlu": "kl",
        "capaian_tercetak": "persen_capaian", "kabkota_mutakhir": "kabkota", "ambang": "persen",
    }  # fmt: skip
    return target


def nik_matching(data: Data) -> pd.DataFrame:
    """Pemadanan NIK: data padan, jumlah data yang tersirat, dan keluaran prioritas nasional sebagai pembanding.

    Persen tercetak dibulatkan, jadi jumlah data yang tersirat berupa rentang: padan / (persen + setengah satuan
    terakhir) sampai padan / (persen - setengah satuan terakhir).

    Kolom ``hal``, ``nilai``, ``satuan``, ``keadaan``. Hal: ``padan``, ``persen``, ``total_terkecil``,
    ``total_tersirat``, ``total_terbesar``; dan ``target_pn``, ``keluaran_pn``, ``kurang_pn``, ``tidak_padan``,
    ``persen_dihitung``, kosong bila tahun itu tanpa keluaran prioritas nasional berupa data.
    """
    baris = data.baris("dtks/persen_nik_padan")
    padan, persen = _int(data, "nik_padan"), float(baris["nilai"])
    setengah = 0.5 * 10.0 ** -int(baris["desimal"])
    isi = [
        ("padan", padan, "data", _keadaan(data, "nik_padan")),
        ("persen", persen, "persen", baris["keadaan"]),
        ("total_terkecil", math.ceil(padan / (persen + setengah) * 100), "data", "diturunkan"),
        ("total_tersirat", fmt.round_half_up(padan / persen * 100), "data", "diturunkan"),
        ("total_terbesar", math.floor(padan / (persen - setengah) * 100), "data", "diturunkan"),
    ]
    target, keluaran = (math.nan if x is None else x for x in (data_output(data, "target"), data_output(data)))
    isi += [
        ("target_pn", target, "data", "dikutip"),
        ("keluaran_pn", keluaran, "data", "dikutip"),
        ("kurang_pn", target - keluaran, "data", "diturunkan"),
        ("tidak_padan", keluaran - padan, "data", "diturunkan"),
        ("persen_dihitung", padan / keluaran * 100, "persen", "diturunkan"),
    ]
    return pd.DataFrame(isi, columns=["hal", "nilai", "satuan", "keadaan"]).astype({"nilai": "float64"})


def data_output(data: Data, ukuran: str = "realisasi") -> int | None:
    """Target atau realisasi keluaran prioritas nasional yang dihitung dalam data; None bila tahun itu tidak punya."""
    if not (data.has("pn_output") and data.has("pn_nilai")):
        return None
    kode = data["pn_output"].query("satuan == 'data'")["kode"]
    return data.nilai(f"pn_nilai/{kode.iloc[0]}/{ukuran}") if len(kode) == 1 else None


def users(data: Data) -> pd.DataFrame:
    """Daftar pengguna DTKS dengan kelompok dan golongan tujuannya.

    Kolom: ``nomor``, ``pengguna``, ``kelompok``, ``tujuan`` (kosong bila tidak dicetak), ``keadaan``, dan satu kolom
    boolean per golongan (:data:`GOLONGAN_TUJUAN`, ``lainnya``).
    """
    frame = data["dtks_pengguna"][["nomor", "pengguna", "tujuan", "keadaan"]].copy()
    frame.insert(2, "kelompok", [user_group(nama) for nama in frame["pengguna"]])
    golongan = [purpose_groups(tujuan) for tujuan in frame["tujuan"]]
    for nama in (*GOLONGAN_TUJUAN, LAINNYA):
        frame[nama] = [nama in isi for isi in golongan]
    return frame


def user_group(nama: str) -> str:
    """Kelompok pengguna menurut kata pertama namanya (:data:`KELOMPOK_PENGGUNA`), bukan menurut status hukumnya."""
    pertama = nama.split()[0].casefold() if nama.split() else ""
    return next((kelompok for kelompok, kata in KELOMPOK_PENGGUNA.items() if pertama in kata), LAINNYA)


def purpose_groups(tujuan: str) -> tuple[str, ...]:
    """Golongan tujuan menurut kata yang dicetak; ``tidak_dicetak`` bila kosong, ``lainnya`` bila tak ada yang cocok."""
    kata = {x.strip(".,;:()").casefold() for x in tujuan.split()}
    if not kata:
        return (TIDAK_DICETAK,)
    return tuple(nama for nama, daftar in GOLONGAN_TUJUAN.items() if kata & set(daftar)) or (LAINNYA,)


def users_by_purpose(data: Data) -> pd.DataFrame:
    """Banyaknya pengguna menurut golongan tujuan dan kelompok.

    Kolom: ``golongan`` (termasuk ``tidak_dicetak``, dan ``lainnya`` bila ada), ``kelompok``, ``nilai`` (bulat),
    ``satuan``, ``keadaan``. Satu pengguna dihitung sekali di tiap golongan yang disebut tujuannya, jadi jumlah seluruh
    baris boleh melebihi banyaknya pengguna.
    """
    frame = users(data)
    golongan, kelompok = [*GOLONGAN_TUJUAN, LAINNYA, TIDAK_DICETAK], [*KELOMPOK_PENGGUNA, LAINNYA]
    panjang = frame.assign(golongan=[purpose_groups(x) for x in frame["tujuan"]]).explode("golongan")
    hitung = panjang.groupby(["golongan", "kelompok"]).size().unstack(fill_value=0)
    golongan = [x for x in golongan if x in hitung.index]
    hitung = hitung.reindex(index=golongan, columns=kelompok, fill_value=0)
    return hitung.stack().rename("nilai").reset_index().assign(satuan="kl", keadaan="diturunkan")


def _printed(data: Data, ukuran: str) -> pd.DataFrame:
    cetak = data["iku_tercetak"]
    kode = capaian.indicator_from(data, "dtks")["kode"]
    milik = (cetak["kode"] == kode) & (cetak["ukuran"] == ukuran) & cetak["nilai"].notna()
    return cetak[milik].drop_duplicates("nilai")


def _int(data: Data, ukuran: str) -> int:
    nilai = data.nilai(f"dtks/{ukuran}")
    if nilai is None:
        raise GalatHitung(f"dtks/{ukuran} tidak tersedia untuk {data.tahun}, jadi skor tidak dapat dihitung.")
    return int(nilai)


def _printed_shares(data: Data) -> dict[str, tuple[float, int]]:
    """Persen tercetak dan desimalnya menurut kelompok pemakai."""
    baris = {k: data.baris(f"dtks/persen_{k}") for k in ("kl", "kabkota_mutakhir")}
    cetak = _printed(data, "realisasi")
    if len(cetak) == 1:  # versi yang berbeda tidak dipilih diam-diam: pembandingnya ada di notebook ringkasan dan audit
        baris["kld"] = cetak.iloc[0]
    return {kode: (float(isi["nilai"]), int(isi["desimal"])) for kode, isi in baris.items()}


def _keadaan(data: Data, ukuran: str) -> str:
    return str(data.baris(f"dtks/{ukuran}")["keadaan"])
