"""Nilai Kinerja Anggaran (NKA) sebuah laporan: yang tertulis, hitungan ulangnya, dan kisaran komponennya."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja import nka as rumus
from kinerja.anggaran.serapan import difference, has_money, lines, report_date, total
from kinerja.data import Data
from kinerja.errors import GalatHitung

_DESIMAL_NKA = 2
_DESIMAL_BINER = 10  # membuang ekor biner: 33,07 / 0,4 adalah 82,675, bukan 82,67499999999998


def nka_weights(d: Data) -> tuple[float, float] | None:
    """Bobot evaluasi kinerja anggaran dan IKPA sebagai pecahan yang berjumlah 1; None bila tidak diketahui.

    Bobot yang tertulis di ``aturan`` didahulukan; selebihnya menurut peraturan tahun itu (``nka_bobot``).

    Raises
    ------
    GalatHitung
        Kedua bobot tidak berjumlah 100%.
    """
    evaluasi, ikpa = d.rule("bobot_evaluasi_nka"), d.rule("bobot_ikpa_nka")
    if evaluasi is None and ikpa is None:
        if not d.has("nka_bobot"):
            return None
        evaluasi, ikpa = rumus.weights(d["nka_bobot"], d.tahun).loc[list(rumus.KOMPONEN_NKA), "nilai"]
    if evaluasi is None or ikpa is None or evaluasi <= 0 or ikpa <= 0 or evaluasi + ikpa != 100:
        raise GalatHitung(f"Bobot NKA harus positif dan berjumlah 100%, bukan {evaluasi!r} dan {ikpa!r}.")
    return evaluasi / 100, ikpa / 100


def nka(d: Data) -> pd.DataFrame:
    """Nilai Kinerja Anggaran, bobot, nilai komponen yang tercetak, hitungan ulangnya, dan kisaran yang mungkin.

    Komponen bernilai 0 sampai 100 dan komponen lainnya juga, sehingga NKA yang tercetak membatasi keduanya. Kisaran
    memperhitungkan pembulatan NKA pada desimal tercetak. Tanpa NKA atau bobotnya, kisarannya tidak tersedia; tanpa
    tabel ``nka``, tidak ada baris.

    Returns
    -------
    pandas.DataFrame
        Baris nka, evaluasi, ikpa: komponen, nama, bobot (persen; NaN untuk nka), nilai (NaN bila tidak dicetak),
        dihitung (dari komponennya; NaN bila ada yang tidak tercetak), selisih (tercetak dikurangi hitungan pada desimal
        tercetak), terendah, tertinggi (nilai yang mungkin), keadaan, keadaan_kisaran, predikat (kode; baris nka), tanda
        ("–", bagi bobot nka).

    Raises
    ------
    GalatHitung
        Tidak ada pasangan komponen 0 sampai 100 yang menghasilkan NKA itu.
    """
    angka = ["bobot", "nilai", "dihitung", "selisih", "terendah", "tertinggi"]
    if not d.has("nka"):
        kolom = ["komponen", "nama", *angka, "keadaan", "keadaan_kisaran", "predikat", "tanda"]
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(angka, float))
    tabel = d["nka"].set_index("komponen")
    dua = nka_weights(d)
    bobot = dict(zip(rumus.KOMPONEN_NKA, dua or (np.nan, np.nan), strict=True))
    nilai = tabel["nilai"].reindex(["nka", *bobot])
    if nilai["nka"] < 0 or nilai["nka"] > 100:
        raise GalatHitung(f"NKA {nilai['nka']!r} tidak dapat dihasilkan oleh dua komponen bernilai 0 sampai 100.")
    desimal = tabel["desimal"].reindex(nilai.index).fillna(_DESIMAL_NKA)
    setengah = 0.5 * 10.0 ** -int(desimal["nka"])
    dihitung = _recomputed_nka(d, tabel["nilai"], bobot)
    baris = []
    for komponen in nilai.index:
        b = bobot.get(komponen, 1.0)
        rendah, tinggi = (nilai["nka"] - setengah - (1 - b) * 100) / b, (nilai["nka"] + setengah) / b
        ada = not (pd.isna(nilai["nka"]) or pd.isna(b))
        baris.append(
            {
                "komponen": komponen,
                "nama": tabel["nama"].get(komponen, komponen),
                "bobot": bobot[komponen] * 100 if komponen in bobot else np.nan,
                "nilai": nilai[komponen],
                "dihitung": dihitung.get(komponen, np.nan),
                "selisih": difference(nilai[komponen], dihitung.get(komponen), desimal[komponen]),
                "terendah": round(max(0.0, rendah), _DESIMAL_BINER) if ada else np.nan,
                "tertinggi": round(min(100.0, tinggi), _DESIMAL_BINER) if ada else np.nan,
                "keadaan": tabel["keadaan"].get(komponen, "tidak_tersedia"),
                "keadaan_kisaran": "diturunkan" if ada else "tidak_tersedia",
                "predikat": nka_predicate(d) if komponen == "nka" else None,
            }
        )
    frame = pd.DataFrame(baris).assign(tanda=fmt.TIDAK_BERLAKU)
    frame.attrs["satuan"] = dict.fromkeys(angka[1:], "nilai") | {"bobot": "persen", "selisih": "poin"}
    return frame


def _recomputed_nka(d: Data, nilai: pd.Series, bobot: dict[str, float]) -> dict[str, float]:
    """EKA dari keempat komponennya dan NKA dari EKA dan IKPA, sejauh komponennya tercetak."""
    isi, hasil = nilai.dropna().to_dict(), {}
    eka = rumus.weights(d["nka_bobot"], d.tahun)["nilai"].reindex(rumus.KOMPONEN_EKA) if d.has("nka_bobot") else None
    if eka is not None and eka.notna().all() and set(rumus.KOMPONEN_EKA) <= set(isi):
        hasil["evaluasi"] = rumus.weighted_score(isi, eka.to_dict())
    isi = hasil | isi
    if set(rumus.KOMPONEN_NKA) <= set(isi) and not any(map(np.isnan, bobot.values())):
        hasil["nka"] = rumus.weighted_score(isi, {k: b * 100 for k, b in bobot.items()})
    return hasil


def nka_composition(d: Data) -> pd.DataFrame:
    """Susunan NKA menurut peraturan tahun itu; hanya penyerapan dan nilai yang tertulis di laporan terisi.

    Returns
    -------
    pandas.DataFrame
        Kolom :func:`kinerja.nka.composition`, ditambah per (tanggal penyerapan). Tanpa baris bila bobotnya tidak diisi.
    """
    if not d.has("nka_bobot"):
        kolom = ["komponen", "nama", "kelompok", "bobot", "bobot_nka", "nilai", "peraturan", "keadaan_nilai", "per"]
        return pd.DataFrame(columns=kolom)
    tertulis = d["nka"].set_index("komponen")["nilai"].dropna() if d.has("nka") else pd.Series(dtype=float)
    frame = rumus.composition(
        rumus.weights(d["nka_bobot"], d.tahun), {"penyerapan": float(total(d)["penyerapan"])} | tertulis.to_dict()
    )
    keadaan = frame["keadaan_nilai"].mask(frame["komponen"].isin(tertulis.index), "dikutip")
    frame = frame.assign(per=report_date(d) if has_money(d) else "", keadaan_nilai=keadaan)
    frame.attrs["sumber"] = sorted({*d["nka_bobot"]["sumber"], *lines(d).attrs.get("sumber", ())})
    return frame


def nka_predicate(d: Data) -> str | None:
    """Kode predikat NKA tertulis; None bila NKA atau kategorinya tidak tersedia."""
    if not (d.has("nka") and d.has("nka_kategori")):
        return None
    return rumus.predicate(d["nka"].set_index("komponen")["nilai"].get("nka", np.nan), d["nka_kategori"])
