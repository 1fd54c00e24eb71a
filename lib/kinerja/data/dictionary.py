"""Kamus data (``docs/kamus_data.md``), dibuat dari skema, daftar satuan, catatan sumber, dan isi tabel."""

from __future__ import annotations

from pathlib import Path

from kinerja.berkas import write_whole
from kinerja.data import schema
from kinerja.data.load import Data

_TIPE = {
    "kode": "kode",
    "bulat": "bilangan bulat",
    "bulat_kosong": "bilangan bulat atau kosong",
    "tanggal": "tanggal TTTT-BB-HH",
    "teks": "teks",
    "teks_kosong": "teks atau kosong",
    "acuan": "id baris lain atau kosong",
    "acuan_daftar": "id baris lain, dipisahkan spasi, atau kosong",
    "acuan_banyak": "id baris lain, dipisahkan spasi",
    "satuan": "kode satuan",
}
_UMUM = {
    "teks": "nilai berupa teks (misalnya WTP); kosong bila nilainya angka",
    "nilai": "angka seperti tercetak, titik desimal, dalam satuan dasar; kosong bila tidak tersedia",
    "satuan": "kode dari acuan/satuan.csv",
    "keadaan": "dikutip, diturunkan, sintetis, atau tidak_tersedia",
    "sumber": "id catatan di sources.yml",
    "bagian": "bab atau bagian sumber",
    "catatan": "hal yang perlu diketahui tentang baris itu",
}


def dictionary(d: Data) -> str:
    """Isi kamus data dalam Markdown.

    Parameters
    ----------
    d : Data
        Data satu tahun; banyaknya baris dan keadaan dihitung dari sini.

    Returns
    -------
    str
        Markdown; deterministik untuk data yang sama.
    """
    baris = [
        "# Kamus data",
        "",
        f"Dibuat oleh `kinerja data --kamus` dari skema dan data tahun {d.tahun}; jangan disunting tangan.",
        "",
        "Setiap baris tabel fakta memuat satu angka. Id sebuah angka adalah nama tabel dan kuncinya, misalnya",
        "`sdm/tks/lulus/rekapitulasi`. Kolom yang sama di semua tabel:",
        "",
        "| kolom | isi |",
        "|---|---|",
        *(f"| `{kolom}` | {isi} |" for kolom, isi in _UMUM.items()),
        "",
        "## Tabel",
        "",
        "| tabel | berkas | isi | baris | dikutip | diturunkan | tidak tersedia |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for nama in d.tables:
        spec, isi = schema.tables()[nama], d[nama]
        hitung = isi["keadaan"].value_counts()
        letak = "&lt;tahun&gt;" if spec.lingkup == "tahun" else spec.lingkup
        baris.append(
            f"| [`{nama}`](#{nama}) | `{letak}/{nama}.csv` | {spec.uraian['id']} | {len(isi)} | "
            + " | ".join(str(hitung.get(k, 0)) for k in ("dikutip", "diturunkan", "tidak_tersedia"))
            + " |"
        )
    for nama in d.tables:
        spec = schema.tables()[nama]
        baris += [
            "",
            f"### {nama}",
            "",
            f"{spec.uraian['id']}. *{spec.uraian['en']}.*",
            "",
            "| kolom | peran | tipe |",
            "|---|---|---|",
        ]
        baris += [f"| `{kolom}` | kunci | {_type_name(tipe)} |" for kolom, tipe in spec.kunci.items()]
        baris += [f"| `{kolom}` | keterangan | {_type_name(tipe)} |" for kolom, tipe in spec.label.items()]
        umum = schema.KOLOM_FAKTA if spec.jenis == "fakta" else schema.KOLOM_DAFTAR
        umum = ("teks", *umum) if spec.teks else umum
        baris.append(f"| {', '.join(f'`{k}`' for k in umum)} | umum | lihat di atas |")
        if spec.isian:
            baris += ["", "| kunci | satuan | pilihan |", "|---|---|---|"]
            baris += [
                f"| `{k}` | `{x['satuan']}` | {', '.join(f'`{y}`' for y in x.get('pilihan', ()))} |"
                for k, x in spec.isian.items()
            ]
        if spec.jenis == "fakta":
            satuan = ", ".join(f"`{s}`" for s in dict.fromkeys(d[nama]["satuan"]))
            baris += ["", f"Satuan: {satuan}."]
    baris += ["", "## Satuan", "", "| kode | nama | Inggris | jenis | batas |", "|---|---|---|---|---|"]
    for satuan in d.satuan.itertuples():
        batas = " sampai ".join("" if x != x else f"{x:g}" for x in (satuan.terkecil, satuan.terbesar)).strip()
        baris.append(f"| `{satuan.Index}` | {satuan.nama} | {satuan.nama_en} | {satuan.jenis} | {batas} |")
    baris += ["", "## Sumber", "", "| id | judul | penerbit | tanggal | cara salin |", "|---|---|---|---|---|"]
    baris += [f"| `{s.id}` | {s.judul} | {s.penerbit} | {s.tanggal} | {s.cara_salin} |" for s in d.sumber.itertuples()]
    return "\n".join(baris) + "\n"


def _type_name(tipe) -> str:
    return "salah satu dari " + ", ".join(tipe["pilihan"]) if isinstance(tipe, dict) else _TIPE[tipe]


def write_dictionary(d: Data, berkas: Path) -> None:
    """Tulis kamus data ke berkas Markdown."""
    write_whole(berkas, dictionary(d))
