"""Kerahasiaan hasil data mikro: sel kecil ditahan, dan sel lain ikut ditahan bila yang kecil dapat dihitung balik.

Semua hasil data mikro melewati salah satu dari dua pintu sebelum ditulis atau diperlihatkan:

- :func:`tahan_tabel` bila beberapa tabel terbit bersama (tingkat wilayah yang saling menjumlah). Panggil sekali untuk
  semua tingkat yang akan terbit, lalu ambil potongan yang diperlukan (misalnya satu provinsi), supaya keputusan yang
  sama berlaku di setiap halaman.
- :func:`amankan` untuk satu bingkai apa pun; :meth:`kinerja.buku.Buku.table` dan ``file`` sudah memanggilnya.

Aturan ini milik suite: nilai dan n sebuah sel ditahan bila n di bawah ``minimum`` dan bukan nol; sisa yang ditahan di
bawah satu jumlah terbit sedikitnya dua sel dengan n bersama sedikitnya ``minimum``; dan tidak satu pun sel tertahan
tertentukan oleh jumlah-jumlah yang terbit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatKinerja, GalatParameter

MINIMUM = 30
"""Banyaknya responden terkecil yang hasilnya boleh terbit; sama dengan ambang survei."""

ISI_SEL = ("nilai", "se", "bawah", "atas", "rse", "deff", "n", "df", "bagian_bobot", "peringkat", "tanpa_kasus")
"""Kolom yang dikosongkan pada sel tertahan; kolom lain adalah nama selnya."""

PENGENAL = frozenset(
    "nik no_nik nomor_nik kk no_kk nomor_kk nama_art nama_krt nama_lengkap alamat telepon no_hp email renum "
    "no_art no_ruta id_ruta id_art idrt idart idbdt psu strata wi1 wi2 fwt weind wert lat long latitude "
    "longitude".split()
)
"""Nama kolom (huruf kecil) yang menunjuk orang, rumah tangga, atau blok sensus.

``urut`` tidak ada di sini karena tabel biasa pun bernomor urut; nomor urut rumah tangga datang dari kodebuku lewat
``pengenal``.
"""


def _provinsi(kode: object) -> int | None:
    """Kode provinsi sebuah kode kabupaten/kota; kode yang bukan angka tidak punya provinsi."""
    try:
        return int(kode) // 100
    except (TypeError, ValueError):
        return None


INDUK: dict[str, tuple[str, Callable[[object], object]]] = {"kabkota": ("provinsi", _provinsi)}
"""Wilayah -> wilayah di atasnya dan cara mendapatkannya; kode BPS kabupaten/kota diawali kode provinsinya."""

_DITAHAN, _TIDAK_TERSEDIA = "ditahan", "tidak tersedia"

Persamaan = tuple[int, tuple[int, ...]]
"""Letak sel jumlah dan letak sel bagiannya."""


# Inti: sel dan persamaan ----------------------------------------------------------------------------------------------


def tahan_sel(
    n: Sequence[int],
    persamaan: Sequence[Persamaan],
    minimum: int = MINIMUM,
    rahasia: Sequence[bool] | None = None,
) -> np.ndarray:
    """Sel yang harus ditahan supaya sel kecil tidak terbuka lewat pengurangan.

    Parameters
    ----------
    n : sequence of int
        Responden tiap sel; ``0 < n < minimum`` ditahan, sel kosong bukan rahasia.
    persamaan : sequence of Persamaan
        Sebuah sel boleh ada di banyak persamaan.
    rahasia : sequence of bool, optional
        Sel lain yang nilainya sudah ditahan (misalnya karena RSE-nya).

    Returns
    -------
    ndarray of bool
        Sel primer (kecil) dan pelengkap. Pelengkap adalah sel terbit dengan n terkecil yang menutup persamaan.

    Raises
    ------
    GalatParameter
        ``minimum`` kurang dari 1 atau n negatif.
    """
    n = np.asarray(n, dtype=np.int64)
    if minimum < 1 or (n < 0).any():
        raise GalatParameter(f"Kerahasiaan memerlukan minimum sedikitnya 1 dan n tak negatif, bukan {minimum}.")
    ditahan = (n > 0) & (n < minimum)
    if rahasia is not None:
        ditahan |= np.asarray(rahasia, dtype=bool) & (n > 0)
    if not ditahan.any():
        return ditahan
    larik = [(jumlah, np.asarray(bagian, dtype=int)) for jumlah, bagian in persamaan if bagian]
    while True:
        berubah = False
        for jumlah, bagian in larik:
            while _kurang_terlindung(n, ditahan, jumlah, bagian, minimum) and _tambah(n, ditahan, jumlah, bagian):
                berubah = True
        if berubah:
            continue
        bocor = np.flatnonzero(terbuka(ditahan, persamaan))
        # Satu pelengkap untuk satu kebocoran, lalu diperiksa lagi: pelengkap sering menutup beberapa sekaligus.
        if not any(_tambah(n, ditahan, j, b) for i in bocor for j, b in larik if i == j or i in b):
            return ditahan


def terbuka(ditahan: Sequence[bool], persamaan: Sequence[Persamaan]) -> np.ndarray:
    """Sel tertahan (bool) yang nilainya tertentu dari sel terbit, lewat gabungan persamaan mana pun.

    Sebuah sel tertentu tepat bila vektor satuannya ada di ruang baris persamaan atas sel-sel tertahan.
    """
    hasil = np.zeros(len(ditahan), dtype=bool)
    rahasia = np.flatnonzero(ditahan)
    letak = {sel: k for k, sel in enumerate(rahasia)}
    baris = np.zeros((len(persamaan), len(rahasia)))
    for i, (jumlah, bagian) in enumerate(persamaan):
        for sel, tanda in ((jumlah, -1.0), *((b, 1.0) for b in bagian)):
            if sel in letak:
                baris[i, letak[sel]] += tanda
    baris = baris[np.abs(baris).any(axis=1)]
    if not len(baris):
        return hasil
    # Dua sel dengan kolom yang sama saling melindungi; satu mewakili keduanya supaya matriksnya kecil.
    unik, balik, banyak = np.unique(baris, axis=1, return_inverse=True, return_counts=True)
    proyeksi = np.einsum("ij,ji->i", np.linalg.pinv(unik), unik)
    hasil[rahasia] = ((proyeksi > 1 - 1e-8) & (banyak == 1))[balik.ravel()]
    return hasil


def _kurang_terlindung(n: np.ndarray, ditahan: np.ndarray, jumlah: int, bagian: np.ndarray, minimum: int) -> bool:
    rahasia = bagian[ditahan[bagian]]
    if ditahan[jumlah]:
        return len(rahasia) == 0 and bool((n[bagian] > 0).any())
    return len(rahasia) > 0 and (len(rahasia) < 2 or int(n[rahasia].sum()) < minimum)


def _tambah(n: np.ndarray, ditahan: np.ndarray, jumlah: int, bagian: np.ndarray) -> bool:
    """Tahan bagian terbit yang n-nya terkecil, atau jumlahnya bila tidak ada lagi; False bila semua sudah tertahan."""
    calon = bagian[~ditahan[bagian] & (n[bagian] > 0)]
    if len(calon):
        ditahan[calon[np.argmin(n[calon])]] = True
        return True
    if ditahan[jumlah] or n[jumlah] == 0:
        return False
    ditahan[jumlah] = True
    return True


# Pohon: nilai simpul dan nilai anaknya --------------------------------------------------------------------------------


def tahan_pohon(ditahan: np.ndarray, dipakai: np.ndarray, anak: Sequence[np.ndarray], n: np.ndarray) -> np.ndarray:
    """Simpul yang harus ditahan supaya tidak satu pun nilai tertahan dapat dihitung dari induk dan saudaranya.

    Pelengkap dipilih di antara saudara, bukan induk, supaya indeks tetap terbit: satu saudara dengan n terkecil, lalu
    satu cabangnya sampai ke indikator. Induk hanya ikut ditahan bila anak yang tertahan itu satu-satunya.

    Parameters
    ----------
    ditahan, dipakai : ndarray of bool (simpul, wilayah)
        ``dipakai``: simpul itu bernilai dan masuk hitungan induknya. Tidak diubah.
    anak : sequence of ndarray of int
        Letak anak tiap cabang; cabang ke-c adalah simpul ke ``len(ditahan) - len(anak) + c``, dan anak selalu
        mendahului induknya.
    """
    ditahan = ditahan.copy()
    if not ditahan.any():
        return ditahan
    daun = len(ditahan) - len(anak)
    gelap = ditahan & dipakai

    def tutup(c: int, di: np.ndarray) -> None:
        """Di wilayah ``di``, tahan satu anak terbit cabang ke-c beserta satu jalan di bawahnya."""
        isi = anak[c]
        calon = np.where(dipakai[isi] & ~gelap[isi], n[isi], np.iinfo(np.int64).max)
        pilih = isi[calon.argmin(axis=0)]
        di = di & (calon.min(axis=0) < np.iinfo(np.int64).max)
        for k in isi:
            baru = di & (pilih == k)
            if not baru.any():
                continue
            ditahan[k] |= baru
            gelap[k] |= baru
            if k >= daun:
                kosong = baru & ~gelap[anak[k - daun]].any(axis=0)
                if kosong.any():
                    tutup(k - daun, kosong)

    for c, isi in enumerate(anak):
        i = daun + c
        banyak = gelap[isi].sum(axis=0)
        pakai = dipakai[isi].sum(axis=0)
        tunggal = (banyak == 1) & (pakai == 1)
        ditahan[i] |= tunggal
        gelap[i] |= tunggal & dipakai[i]
        perlu = ((banyak == 0) & ditahan[i] & (pakai > 0)) | ((banyak == 1) & ~ditahan[i] & (pakai > 1))
        if perlu.any():
            tutup(c, perlu)
    return ditahan


# Tabel ----------------------------------------------------------------------------------------------------------------


def tahan_tabel(
    tabel: Mapping[str, pd.DataFrame],
    *,
    minimum: int = MINIMUM,
    wilayah: Sequence[str] = ("provinsi", "kabkota", "daerah", "kelamin"),
    ukuran: str = "simpul",
    induk: Mapping[str, tuple[str, Callable[[int], int]]] = INDUK,
) -> dict[str, pd.DataFrame]:
    """Tahan sel di semua tabel yang terbit bersama.

    Parameters
    ----------
    tabel : mapping of str to DataFrame
        Nama -> tabel berkolom ``n`` dan ``ukuran``; kolom ``wilayah`` yang ada di dalamnya menentukan tingkatnya (tanpa
        itu: nasional). Tabel tanpa kolom ``n`` dikembalikan apa adanya.
    ukuran : str
        Kolom yang memisahkan hitungan; sel hanya menjumlah di dalam satu ukuran.
    induk : mapping
        Wilayah -> wilayah di atasnya dan fungsi kodenya.

    Returns
    -------
    dict of str to DataFrame
        Salinan: pada sel tertahan kolom `ISI_SEL` kosong dan ``tanda`` menjadi "ditahan" (kecuali "tidak tersedia");
        ``n`` bertipe Int64.

    Raises
    ------
    GalatHitung
        Sebuah sel ada dua kali dalam satu tabel.
    """
    berisi = {nama: isi for nama, isi in tabel.items() if {"n", ukuran} <= set(isi.columns)}
    kolom = {nama: tuple(k for k in wilayah if k in isi.columns) for nama, isi in berisi.items()}
    lebar = {nama: _lebar(nama, isi, kolom[nama], ukuran) for nama, isi in berisi.items()}
    awal, sel = {}, []
    for nama, isi in lebar.items():
        awal[nama] = len(sel)
        sel += [(nama, k) for k in isi.index]
    persamaan = list(_persamaan(lebar, kolom, awal, induk))
    semua_ukuran = list(dict.fromkeys(u for isi in lebar.values() for u in isi.columns))
    n, rahasia = (
        np.concatenate([isi.reindex(columns=semua_ukuran, fill_value=0).to_numpy() for isi in x.values()] or [[]])
        for x in (lebar, {nama: _lebar(nama, isi, kolom[nama], ukuran, True) for nama, isi in berisi.items()})
    )
    # Banyak simpul berbagi penyebut; masing-masing pola cukup diputuskan sekali, dan keputusannya sama.
    semua = np.concatenate([n, rahasia])
    pola, balik = np.unique(semua, axis=1, return_inverse=True) if len(n) else (semua, np.array([], dtype=int))
    putusan = [tahan_sel(satu[: len(n)], persamaan, minimum, satu[len(n) :] > 0) for satu in pola.T]
    ditahan = np.array([putusan[i] for i in np.ravel(balik)]).T
    letak_ukuran = {u: i for i, u in enumerate(semua_ukuran)}
    hasil = dict(tabel)
    for nama, isi in berisi.items():
        baris = awal[nama] + lebar[nama].index.get_indexer(_kunci(isi, kolom[nama]))
        tutup = ditahan[baris, isi[ukuran].map(letak_ukuran).to_numpy()]
        hasil[nama] = kosongkan(isi, _tahan_simpul(isi, tutup | _tertahan(isi), ukuran))
    return hasil


def _tertahan(isi: pd.DataFrame) -> np.ndarray:
    return (isi["tanda"] == _DITAHAN).to_numpy(dtype=bool) if "tanda" in isi else np.zeros(len(isi), dtype=bool)


def _tahan_simpul(isi: pd.DataFrame, ditahan: np.ndarray, ukuran: str) -> np.ndarray:
    """Tambahkan pelengkap menurut pohon bila tabel menyebut ``induk`` dan ``dipakai``, dan memuat pohon yang utuh.

    Barisnya harus wilayah demi wilayah dengan urutan simpul yang sama, seperti hasil :meth:`SiapIkesos.hitung`.
    """
    if not {"induk", "dipakai"} <= set(isi.columns) or not len(isi):
        return ditahan
    banyak = isi[ukuran].nunique()
    nama = isi[ukuran].iloc[:banyak].tolist()
    if len(isi) % banyak or isi[ukuran].tolist() != nama * (len(isi) // banyak):
        raise GalatHitung("Tabel berpohon harus memuat simpul yang sama, berurutan sama, di setiap wilayah.")
    anak: dict[str, list[str]] = {}
    for kode, induk in zip(nama, isi["induk"], strict=False):
        if induk in nama:
            anak.setdefault(induk, []).append(kode)
    cabang: list[str] = []  # anak mendahului induknya
    antre = [k for k in anak if isi["induk"].iloc[nama.index(k)] not in anak]
    while antre:
        cabang.insert(0, antre.pop(0))
        antre += [k for k in anak[cabang[0]] if k in anak]
    urut = [k for k in nama if k not in anak] + cabang
    letak = {k: i for i, k in enumerate(urut)}
    pindah = [nama.index(k) for k in urut]
    dipakai, n = isi["dipakai"].to_numpy(dtype=bool), isi["n"].to_numpy(dtype=float, na_value=0).astype(np.int64)
    ditahan, dipakai, n = (x.reshape(-1, banyak).T[pindah] for x in (ditahan, dipakai, n))
    hasil = tahan_pohon(ditahan, dipakai, [np.array([letak[k] for k in anak[c]]) for c in cabang], n)
    return hasil[np.argsort(pindah)].T.ravel()


def kosongkan(frame: pd.DataFrame, ditahan: Sequence[bool]) -> pd.DataFrame:
    """Salinan dengan isi sel tertahan kosong: kolom `ISI_SEL` dan, bila ada, ``tanda`` menjadi "ditahan"."""
    ditahan = np.asarray(ditahan, dtype=bool)
    hasil = frame.copy()
    for nama in ISI_SEL:
        if nama not in hasil:
            continue
        if pd.api.types.is_integer_dtype(hasil[nama].dtype):
            hasil[nama] = hasil[nama].astype("Int64")
        hasil[nama] = hasil[nama].mask(ditahan)
    if "tanda" in hasil:
        hasil["tanda"] = hasil["tanda"].mask(ditahan & (hasil["tanda"] != _TIDAK_TERSEDIA), _DITAHAN)
    return hasil


def amankan(frame: pd.DataFrame, *, minimum: int = MINIMUM, pengenal: Iterable[str] = ()) -> pd.DataFrame:
    """Pintu terakhir satu bingkai: tolak kolom pengenal, tahan sel kecil yang masih terbuka.

    Bingkai tanpa kolom ``n`` dan ``tanda`` bukan hasil survei; hanya nama kolomnya yang diperiksa.

    Raises
    ------
    GalatKinerja
        Ada kolom yang menunjuk orang, rumah tangga, atau blok sensus.
    """
    periksa_kolom(frame.columns, pengenal)
    if not {"n", "tanda"} <= set(frame.columns):
        return frame
    n = pd.to_numeric(frame["n"], errors="coerce")
    kecil = ((n > 0) & (n < minimum)).to_numpy(dtype=bool, na_value=False)
    return kosongkan(frame, kecil) if kecil.any() else frame


def periksa_kolom(kolom: Iterable[object], pengenal: Iterable[str] = ()) -> None:
    """Tolak hasil yang memuat kolom pengenal, tanpa membedakan huruf besar.

    Raises
    ------
    GalatKinerja
        Salah satunya ada di `PENGENAL` atau ``pengenal`` (misalnya nomor rumah tangga dan PSU menurut kodebuku).
    """
    terlarang = PENGENAL | {str(x).lower() for x in pengenal}
    ada = [str(k) for k in kolom if str(k).strip().lower().replace(" ", "_") in terlarang]
    if ada:
        nama = ", ".join(map(repr, ada))
        raise GalatKinerja(f"Hasil tidak ditulis: kolom {nama} menunjuk orang, rumah tangga, atau blok sensus.")


def _kunci(isi: pd.DataFrame, kolom: tuple[str, ...]) -> pd.Index:
    return pd.Index(list(zip(*(isi[k] for k in kolom), strict=True)) if kolom else [()] * len(isi), tupleize_cols=False)


def _lebar(nama: str, isi: pd.DataFrame, kolom: tuple[str, ...], ukuran: str, rahasia: bool = False) -> pd.DataFrame:
    """n menurut wilayah (baris) dan ukuran (kolom); atau 1 bagi indikator yang nilainya sudah ditahan.

    Hanya indikator yang nilainya menjumlah antarwilayah (tertimbang n); indeks wilayah yang lebih besar bukan rata-rata
    indeks bagian-bagiannya.
    """
    n = isi["n"].to_numpy(dtype=float, na_value=0)
    if rahasia:
        n = _tertahan(isi) & ((isi["jenis"] == "indikator").to_numpy() if "jenis" in isi else True)
    panjang = pd.DataFrame({"kunci": _kunci(isi, kolom), "ukuran": isi[ukuran].to_numpy(), "n": n})
    if panjang.duplicated(["kunci", "ukuran"]).any():
        raise GalatHitung(f"Tabel '{nama}' memuat satu sel lebih dari sekali; kerahasiaannya tidak dapat diperiksa.")
    baris, urut = pd.factorize(panjang["kunci"])
    lajur, nama_ukuran = pd.factorize(panjang["ukuran"])
    larik = np.zeros((len(urut), len(nama_ukuran)), dtype=np.int64)
    larik[baris, lajur] = panjang["n"]
    return pd.DataFrame(larik, index=pd.Index(list(urut), tupleize_cols=False), columns=list(nama_ukuran))


def _persamaan(lebar, kolom, awal, induk) -> Iterable[Persamaan]:
    """Setiap sel tabel yang lebih kasar adalah jumlah sel-sel tabel yang lebih rinci di bawahnya."""
    for kasar, rinci in permutations(lebar, 2):
        turunan = {k: (k, None) for k in kolom[rinci]} | {
            atas: (k, fungsi) for k, (atas, fungsi) in induk.items() if k in kolom[rinci] and atas not in kolom[rinci]
        }
        if kolom[kasar] == kolom[rinci] or not set(kolom[kasar]) <= set(turunan):
            continue
        letak = {k: awal[kasar] + i for i, k in enumerate(lebar[kasar].index)}
        bagian: dict[int, list[int]] = {}
        for i, kunci in enumerate(lebar[rinci].index):
            isi, asal = dict(zip(kolom[rinci], kunci, strict=True)), (turunan[k] for k in kolom[kasar])
            atas = tuple(isi[k] if fungsi is None else fungsi(isi[k]) for k, fungsi in asal)
            if atas in letak:
                bagian.setdefault(letak[atas], []).append(awal[rinci] + i)
        yield from ((jumlah, tuple(isi)) for jumlah, isi in bagian.items())
