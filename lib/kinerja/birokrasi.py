"""Reformasi birokrasi: nilai dari penilai luar, penilaian mandiri (PMPRB), dan jalannya ke target.

Nilai RB diberikan evaluator luar; PMPRB dihitung sendiri oleh instansi. Keduanya tidak pernah dicampur: kenaikan yang
satu tidak dipakai bagi yang lain.
"""

from __future__ import annotations

import pandas as pd

from kinerja import capaian, fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung

DERET = ("nilai_rb", "pmprb")
"""Penilaian luar dan penilaian mandiri, dalam urutan penyajian."""


def assessments(data: Data) -> pd.DataFrame:
    """Angka terakhir setiap penilaian, targetnya, dan kenaikan rata-rata setahun yang pernah dicapainya.

    Berindeks ``ukuran`` (:data:`DERET`): ``ukuran``, ``tahun`` dan ``nilai`` (angka terakhir yang tersedia, 0-100),
    ``target`` (tahun laporan), ``tahun_akhir``, ``akhir`` (target akhir Renstra), ``awal`` (tahun angka pertama),
    ``nilai_awal``, dan ``naik`` (poin setahun dari angka pertama ke terakhir; NaN bila hanya satu angka).

    Raises
    ------
    GalatHitung
        Salah satu penilaian tidak punya satu angka pun, atau tidak ada IKU-nya.
    """
    rb, iku = data["rb"].dropna(subset=["nilai"]).sort_values("tahun"), capaian.indicator_from(data, "rb")
    jarak = capaian.distance(data).set_index("kode").loc[iku["kode"]]
    target = data.nilai(iku["target"])
    baris, ids = {}, {}
    for ukuran in DERET:
        ada = rb[rb["ukuran"] == ukuran]
        if ada.empty:
            raise GalatHitung(f"Penilaian {ukuran} tidak punya angka sampai {data.tahun}.")
        pertama, terakhir = ada.iloc[0], ada.iloc[-1]
        selang = int(terakhir["tahun"] - pertama["tahun"])
        # 77,08 - 68,05 dalam biner 9,03000...01
        naik = fmt.round_half_up((terakhir["nilai"] - pertama["nilai"]) / selang, 6) if selang else float("nan")
        akhir = [target, int(jarak["tahun_akhir"]), jarak["target_akhir"]]
        awal = [int(pertama["tahun"]), float(pertama["nilai"]), float(naik)]
        baris[ukuran] = [ukuran, int(terakhir["tahun"]), float(terakhir["nilai"]), *akhir, *awal]
        ids[ukuran] = (terakhir["id"], pertama["id"])
    kolom = ["ukuran", "tahun", "nilai", "target", "tahun_akhir", "akhir", "awal", "nilai_awal", "naik"]
    frame = pd.DataFrame.from_dict(baris, orient="index", columns=kolom)
    frame.attrs = {
        "satuan": {**dict.fromkeys(("nilai", "target", "akhir", "nilai_awal"), "nilai"), "naik": "poin"},
        "ids": {
            "nilai": {k: x[0] for k, x in ids.items()},
            "nilai_awal": {k: x[1] for k, x in ids.items()},
            "target": dict.fromkeys(DERET, iku["target"]),
            "akhir": dict.fromkeys(DERET, f"renstra/{iku['kode']}/{int(jarak['tahun_akhir'])}"),
        },
    }
    return frame


def path(data: Data) -> pd.DataFrame:
    """Kedua penilaian dan target Renstra menurut tahun, dari angka pertama sampai target terakhir.

    Berindeks ``tahun``: ``tahun``, ``nilai_rb``, ``pmprb``, ``target`` (0-100, NaN bila tidak tersedia).
    """
    kode = capaian.indicator_from(data, "rb")["kode"]
    rb, renstra = data.wide("rb", "tahun"), data.wide("renstra", "tahun", "kode", nama={kode: "target"})
    tahun = range(int(rb["tahun"].min()), int(max(rb["tahun"].max(), renstra["tahun"].max())) + 1)
    frame = pd.DataFrame({"tahun": list(tahun)}, index=list(tahun))
    for kolom, asal in (("nilai_rb", rb), ("pmprb", rb), ("target", renstra)):
        frame[kolom] = asal[kolom].astype(float)
    frame.attrs["satuan"] = dict.fromkeys((*DERET, "target"), "nilai")
    for nama in ("ids", "keadaan"):
        frame.attrs[nama] = {x: rb.attrs[nama][x] for x in DERET} | {"target": renstra.attrs[nama]["target"]}
    return frame


def archives(data: Data) -> pd.DataFrame:
    """Peringkat pengawasan kearsipan yang dicetak; tanpa baris bila tidak ada tahun itu.

    Berindeks ``peringkat``: ``peringkat``, ``kementerian``, ``predikat``, ``nilai`` (0-100), ``lalu`` (nilai tahun
    lalu; hanya institusi pelapor), ``pelapor`` (bool).
    """
    kolom = ["peringkat", "kementerian", "predikat", "nilai", "lalu", "pelapor"]
    if not data.has("kearsipan"):
        return pd.DataFrame(columns=kolom)
    frame = data.wide("kearsipan", "peringkat", "satuan")
    frame["pelapor"] = frame["kementerian"] == data.teks("aturan/nama_institusi")
    hal = data["penghargaan"].set_index("hal")["nilai"] if data.has("penghargaan") else pd.Series(dtype=float)
    lalu = hal.get(f"nilai_kearsipan_{data.tahun - 1}", float("nan"))
    frame["lalu"] = frame["pelapor"].map({True: lalu, False: float("nan")})
    frame.attrs["satuan"]["lalu"] = "nilai"
    return frame[kolom]
