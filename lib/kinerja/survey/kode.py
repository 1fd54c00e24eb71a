"""Kolom data mikro menjadi bilangan dan kode padat: dasar dari bobot, PSU, strata, dan domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter

_JENIS_BILANGAN = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def baca_bingkai(data: object) -> pd.DataFrame:
    """Data sebagai DataFrame; tabel Arrow, polars, dan lainnya yang mengalirkan Arrow diubah, yang lain ditolak.

    Raises
    ------
    GalatParameter
        Bukan tabel; pesannya menyebut jenis yang diberikan.
    """
    if isinstance(data, pd.DataFrame):
        return data
    if hasattr(data, "__arrow_c_stream__"):
        import pyarrow as pa

        def jenis(t: pa.DataType) -> pd.ArrowDtype | None:
            # Bilangan bulat, bool, dan desimal berisi kosong tidak boleh menjadi pecahan atau objek.
            return pd.ArrowDtype(t) if pa.types.is_primitive(t) or pa.types.is_decimal(t) else None

        return pa.table(data).to_pandas(types_mapper=jenis)
    if hasattr(data, "columns") and hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        return data
    nama = f"{type(data).__module__}.{type(data).__name__}".removeprefix("builtins.")
    raise GalatParameter(f"Data harus DataFrame pandas atau tabel Arrow/polars; yang diberikan {nama}.")


def daftar_kolom(kolom: str | Sequence[str] | None) -> tuple[str, ...]:
    """Satu nama, beberapa nama, atau tidak ada, sebagai tuple.

    Raises
    ------
    GalatParameter
        Nama kolom bukan teks.
    """
    if kolom is None:
        return ()
    nama = (kolom,) if isinstance(kolom, str) or not isinstance(kolom, Iterable) else tuple(kolom)
    asing = [n for n in nama if not isinstance(n, str)]
    if asing:
        raise GalatParameter(f"Nama kolom harus teks; yang diberikan {asing[0]!r} ({type(asing[0]).__name__}).")
    return nama


def daftar_nilai(nilai: object) -> tuple:
    """Satu nilai atau beberapa nilai sebagai tuple."""
    if isinstance(nilai, list | tuple | set | np.ndarray | pd.Index):
        return tuple(nilai)
    return (nilai,)


def periksa_kolom(bingkai: pd.DataFrame, kolom: Sequence[str]) -> None:
    """Tolak nama kolom yang tidak ada atau kembar.

    Raises
    ------
    GalatParameter
        Menyebut semua nama yang tidak ditemukan, atau yang ada lebih dari sekali.
    """
    semua = list(bingkai.columns)
    ada = set(semua)
    hilang = [nama for nama in dict.fromkeys(kolom) if nama not in ada]
    if hilang:
        raise GalatParameter(f"Kolom tidak ada di data: {', '.join(hilang)}.")
    if len(ada) < len(semua):
        kembar = [nama for nama in dict.fromkeys(kolom) if semua.count(nama) > 1]
        if kembar:
            raise GalatParameter(f"Kolom ada lebih dari sekali di data: {', '.join(kembar)}.")


def kolom_bilangan(kolom: pd.Series, nama: str) -> np.ndarray:
    """Kolom sebagai float64, kosong menjadi NaN. Kolom yang seluruhnya kosong sah, apa pun jenisnya.

    Raises
    ------
    GalatParameter
        Berisi teks, tanggal, atau kategori.
    GalatHitung
        Berisi nilai tak hingga.
    """
    jenis = kolom.dtype
    bilangan = pd.api.types.is_numeric_dtype(jenis) or pd.api.types.is_bool_dtype(jenis)
    if not bilangan and not isinstance(jenis, pd.CategoricalDtype):
        bilangan = kolom.isna().all() or (
            pd.api.types.is_object_dtype(jenis) and pd.api.types.infer_dtype(kolom, skipna=True) in _JENIS_BILANGAN
        )
    if isinstance(jenis, pd.CategoricalDtype) or not bilangan:
        contoh = kolom.dropna()
        sebut = f" (misalnya {contoh.iloc[0]!r})" if len(contoh) else ""
        raise GalatParameter(
            f"Kolom '{nama}' bukan bilangan{sebut}; jadikan bilangan bertitik desimal, atau berikan sebagai kategori."
        )
    if not pd.api.types.is_numeric_dtype(jenis) and kolom.isna().all():
        return np.full(len(kolom), np.nan)
    nilai = kolom.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(nilai).any():
        raise GalatHitung(f"Kolom '{nama}' memuat nilai tak hingga.")
    return nilai


def kode_kolom(kolom: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Kode padat 0..K-1 menurut urutan nilai; kosong menjadi -1.

    Teks dibandingkan tanpa spasi di tepinya, dan teks kosong adalah kosong. Kolom yang mencampur teks dan bilangan
    (berkas besar yang dibaca sepotong-sepotong) menjadi teks seluruhnya: 1, 1.0, dan "1" satu kode.

    Returns
    -------
    kode : ndarray of int64, shape (n,)
    label : pandas.Index, shape (K,)
        Hanya nilai yang benar-benar muncul.

    Raises
    ------
    GalatHitung
        Kolom campuran memuat bilangan yang ditulis dua cara, misalnya 1 dan "01".
    """
    if isinstance(kolom.dtype, pd.CategoricalDtype):
        kode = kolom.cat.codes.to_numpy().astype(np.int64)
        kode, muncul = padatkan(kode, len(kolom.cat.categories))
        label, urut = pd.Index(kolom.cat.categories.to_numpy()[muncul]), False
    else:
        teks = kolom.dtype == object or pd.api.types.is_string_dtype(kolom.dtype)
        kode, label = pd.factorize(kolom, sort=not teks)
        kode, label, urut = kode.astype(np.int64), pd.Index(label), True
    if pd.api.types.is_extension_array_dtype(label.dtype) and not isinstance(label.dtype, pd.CategoricalDtype):
        label = pd.Index(label.to_numpy())
    if not (label.dtype == object or pd.api.types.is_string_dtype(label.dtype)):
        return kode, label
    ke, label = pd.factorize(pd.Series(_samakan(label, kolom.name)), sort=urut)
    return np.append(ke, -1)[kode].astype(np.int64), pd.Index(label)


def _samakan(label: pd.Index, nama: object) -> pd.Index:
    """Nilai-nilai teks tanpa spasi tepi; bila bercampur bilangan, semuanya menjadi teks."""
    jenis = [isinstance(x, str) for x in label]
    if not any(jenis):
        return label
    if not all(jenis):
        teks = [x if isinstance(x, str) else _sebagai_teks(x) for x in label]
        tulisan: dict[str, set[str]] = {}
        for x in map(str.strip, teks):
            tulisan.setdefault(x.lstrip("0") or "0", set()).add(x)
        ganda = next((sorted(x) for x in tulisan.values() if len(x) > 1), None)
        if ganda:
            raise GalatHitung(
                f"Kolom '{nama}' mencampur teks dan bilangan: {' dan '.join(ganda)} mungkin satu kode, mungkin dua; "
                "baca kolom itu sebagai teks."
            )
        label = pd.Index(teks)
    bersih = label.str.strip()
    return bersih.where(bersih != "", None)


def _sebagai_teks(nilai: object) -> str:
    if isinstance(nilai, float | np.floating) and float(nilai).is_integer():
        return str(int(nilai))
    return str(nilai)


def letak_nilai(label: pd.Index, nilai: Sequence, nama: str) -> np.ndarray:
    """Kode nilai-nilai domain yang dipilih.

    Raises
    ------
    GalatParameter
        Nilai yang tidak muncul, atau jenisnya lain (11 bagi kode "11").
    """
    letak = label.get_indexer(pd.Index(list(nilai), dtype=object if label.dtype == object else None))
    if (letak < 0).any():
        asing = [v for v, i in zip(nilai, letak, strict=True) if i < 0]
        contoh = ", ".join(repr(x) for x in label[:5].tolist())
        raise GalatParameter(
            f"Nilai {asing} tidak ada di domain '{nama}'; isinya {contoh}{', ...' * (len(label) > 5)}."
        )
    return letak


def padatkan(kunci: np.ndarray, banyak: int) -> tuple[np.ndarray, np.ndarray]:
    """Ganti kunci yang jarang (-1 = kosong, selain itu 0..banyak-1) dengan nomor padat menurut urutan kunci.

    Returns
    -------
    kode : ndarray of int64
        Sebentuk dengan `kunci`; -1 tetap -1.
    nilai : ndarray of int64
        Kunci yang muncul, terurut naik.
    """
    if banyak <= 4 * len(kunci) + 1024:
        # Tabel pencarian langsung lebih cepat daripada mengurutkan, selama ruang kunci tidak jauh melebihi data.
        muncul = np.zeros(banyak, dtype=bool)
        muncul[kunci[kunci >= 0]] = True
        nilai = np.flatnonzero(muncul)
        peta = np.full(banyak + 1, -1, dtype=np.int64)
        peta[nilai] = np.arange(len(nilai))
        return peta[kunci], nilai
    nilai, kode = np.unique(kunci, return_inverse=True)
    if len(nilai) and nilai[0] < 0:
        return kode.astype(np.int64) - 1, nilai[1:]
    return kode.astype(np.int64), nilai


def gabung_kode(
    kode: Sequence[np.ndarray], label: Sequence[pd.Index], nama: Sequence[str], panjang: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Satukan beberapa kolom berkode menjadi satu kode padat; baris yang kosong di salah satu kolom menjadi -1.

    Parameters
    ----------
    kode, label, nama : sejajar, satu per kolom
    panjang : int
        Banyak baris; dipakai bila tidak ada kolom (semua baris lalu berkode 0).

    Returns
    -------
    gabungan : ndarray of int64, shape (panjang,)
    tabel : DataFrame, satu baris per kode gabungan, kolom `nama`
    """
    if not nama:
        return np.zeros(panjang, dtype=np.int64), pd.DataFrame(index=pd.RangeIndex(1))
    gabungan, nilai = kode[0], None
    banyak = len(label[0])
    jejak = [np.arange(banyak)]
    for berikut, indeks in zip(kode[1:], label[1:], strict=True):
        lebar = max(len(indeks), 1)
        kunci = np.where((gabungan >= 0) & (berikut >= 0), gabungan * lebar + berikut, -1)
        gabungan, nilai = padatkan(kunci, banyak * lebar)
        jejak = [j[nilai // lebar] for j in jejak] + [nilai % lebar]
        banyak = len(nilai)
    if nilai is None:
        gabungan, nilai = padatkan(gabungan, banyak)
        jejak = [nilai]
    tabel = pd.DataFrame({n: pd.Index(lab).take(j) for n, lab, j in zip(nama, label, jejak, strict=True)})
    return gabungan, tabel
