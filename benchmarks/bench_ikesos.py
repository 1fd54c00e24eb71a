"""Waktu dan memori Ikesos dari berkas data mikro sampai indeks, pada ukuran penuh (1,2 juta orang).

Jalankan: ``python benchmarks/bench_ikesos.py [--ukuran penuh|kecil]``. Datanya survei sintetis. Pembandingnya cara
lazim saat satu bobot digeser: menghitung kembali rerata tiap indikator per provinsi dari data perorangan dengan pandas
groupby (nilai indikator tiap orang sudah jadi), tanpa galat baku.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from ukur import Nisbah, peak_memory, print_ratios
from ukur import median as ukur

from kinerja import data, paths, simpanan
from kinerja.ikesos import Kerangka, Rancangan, SiapIkesos, Ukuran, hitung_ketidakpastian, nilai_kodebuku, siapkan
from kinerja.mikro import baca_kodebuku, muat, tulis_sintetis

ULANG = 20


def baris(nama: str, detik: float) -> None:
    """Cetak satu baris hasil."""
    waktu = f"{1000 * detik:9.1f} ms" if detik < 1 else f"{detik:9.2f} s "
    print(f"{nama:<58}{waktu}{peak_memory():9.2f} GB")


def rerata_lazim(ukuran: Ukuran, rancangan: Rancangan) -> pd.DataFrame:
    """Pembanding: rerata tertimbang tiap indikator per provinsi dengan pandas, dari data perorangan."""
    provinsi, bobot = ukuran.wilayah["provinsi"], rancangan.bingkai["bobot"]
    hasil = {}
    for nama in ukuran.butir:
        nilai = ukuran[nama]
        ada = nilai.notna()
        atas = (nilai * bobot)[ada].groupby(provinsi[ada]).sum()
        hasil[nama] = atas / bobot[ada].groupby(provinsi[ada]).sum()
    return pd.DataFrame(hasil)


def ukur_penjelajah(siap: SiapIkesos) -> None:
    """Menggeser bobot: skor, galat baku, selang, tanda, dan peringkat dihitung ulang."""
    acak = np.random.default_rng(1)
    for tingkat in ("provinsi", "kabkota"):
        detik, _ = ukur(lambda t=tingkat: siap.dasar(t, {"daerah": 1}))
        baris(f"{tingkat}: saringan baru: taksiran dan kovarian, sekali", detik)
        siap.dasar(tingkat)
        for agregasi in ("aritmetik", "geometrik"):
            for simpul in ("puncak", "dimensi"):
                detik, _ = ukur(
                    lambda t=tingkat, a=agregasi, s=simpul: siap.hitung(
                        t, bobot={"KD": acak.random() + 0.1}, agregasi=a, simpul=s
                    ),
                    ULANG,
                )
                baris(f"{tingkat}: bobot digeser, {agregasi}, {simpul}", detik)


def ukur_simpanan(d: data.Data, berkas: list[Path], folder: Path) -> None:
    """Bukaan pertama (dibaca, diringkas, disimpan) dan bukaan berikutnya dari peta memori."""
    asli, simpanan.folder_mikro = simpanan.folder_mikro, lambda: folder
    try:
        pertama, _ = ukur(lambda: simpanan.buka_ikesos(d, berkas, tahun=d.tahun))
        baris("simpanan: bukaan pertama", pertama)
        lagi, _ = ukur(lambda: simpanan.buka_ikesos(d, berkas, tahun=d.tahun), 5)
        baris(f"simpanan: bukaan berikutnya ({pertama / lagi:.0f} kali lebih cepat)", lagi)
    finally:
        simpanan.folder_mikro = asli


def main() -> None:
    """Jalankan seluruh tolok ukur."""
    pilihan = argparse.ArgumentParser(description=__doc__)
    pilihan.add_argument("--ukuran", choices=("kecil", "penuh"), default="penuh")
    ukuran = pilihan.parse_args().ukuran
    d = data.load(paths.tahun_tersedia()[-1])
    print(f"{'langkah':<58}{'waktu':>12}{'puncak memori':>13}")
    with tempfile.TemporaryDirectory() as folder:
        detik, (berkas, survei) = ukur(lambda: tulis_sintetis(ukuran=ukuran, folder=Path(folder)))
        baris(f"survei sintetis {ukuran} ({survei.n} orang, {len(berkas)} berkas): dibuat dan ditulis", detik)
        del survei
        kodebuku = baca_kodebuku(tahun=d.tahun)
        baca, m = ukur(lambda: muat(berkas, kodebuku))
        besar = sum(x.stat().st_size for x in berkas) / 1e6
        baris(f"baca {besar:.0f} MB Parquet, {m.bingkai.shape[1]} kolom", baca)
        ukur_simpanan(d, berkas, Path(folder))
    kerangka = Kerangka.susun(d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], kodebuku)
    ringkas, siap = ukur(lambda: siapkan(m.bingkai, kodebuku, kerangka, keadaan=m.keadaan))
    baris("kodebuku dan peringkasan ke sel PSU x kelamin", ringkas)
    indeks, _ = ukur(lambda: siap.hitung("provinsi", simpul="semua"))
    baris("34 provinsi x semua simpul, dengan galat baku", indeks)
    baris("dari berkas sampai indeks provinsi", baca + ringkas + indeks)
    ukur_penjelajah(siap)
    detik, _ = ukur(lambda: hitung_ketidakpastian(siap))
    baris("ketidakpastian peringkat provinsi (3 x 1.000 ulangan, Sobol)", detik)
    ukuran_orang, rancangan = nilai_kodebuku(m.bingkai, kodebuku, kerangka)
    lazim, tabel = ukur(lambda: rerata_lazim(ukuran_orang, rancangan))
    baris("pembanding: pandas groupby dari data perorangan, provinsi", lazim)
    dasar = siap.dasar("provinsi")
    letak = [kerangka.pohon.indicators.index(k) for k in tabel.columns]
    beda = np.nanmax(np.abs(dasar.persen[:, letak] - 100 * tabel.to_numpy()))
    geser, _ = ukur(lambda: siap.hitung("provinsi"), ULANG)
    print(f"selisih terbesar dengan pembanding {beda:.1e} poin persen; {lazim / geser:,.0f} kali".replace(",", "."))
    print_ratios([Nisbah("Ikesos provinsi, bobot digeser, dengan galat baku", geser, "groupby pandas", lazim)])


if __name__ == "__main__":
    main()
