"""Menulis lembar isian kosong: satu buku kerja, dan CSV kembarannya."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from kinerja.errors import GalatParameter
from kinerja.lembaga.bentuk import ANGGARAN, IDENTITAS, INDIKATOR, PETUNJUK, Kolom, columns, unit_list

_BARIS_DAFTAR = 500
_LEBAR = {
    "sasaran": 38,
    "indikator": 48,
    "nama": 44,
    "penjelasan": 44,
    "tindak_lanjut": 44,
    "jenjang": 24,
    "satuan": 13,
}
_BIASA = 14

Isi = Mapping[str, Sequence[Mapping[str, str]]]
"""Lembar -> baris -> kunci kolom -> isi; bagi lembar identitas satu baris."""


def write_forms(berkas: Path, isi: Isi) -> list[Path]:
    """Tulis ``berkas`` (.xlsx) dan CSV kembarannya di sampingnya.

    Raises
    ------
    GalatParameter
        Salah satunya sudah ada; tidak satu pun ditulis.
    """
    kembar = berkas.with_suffix(".csv")
    for x in (berkas, kembar):
        if x.exists():
            raise GalatParameter(
                f"{x.name} sudah ada; tidak ada yang ditulis. Pakai yang itu, atau hapus lebih dahulu."
            )
    berkas.parent.mkdir(parents=True, exist_ok=True)
    _write_workbook(berkas, isi)
    kembar.write_text(to_csv(isi), encoding="utf-8-sig", newline="")
    return [berkas, kembar]


def to_csv(isi: Isi) -> str:
    """Ketiga lembar dalam satu CSV bertitik koma; setiap lembar diawali namanya dalam kurung siku."""
    tulis = io.StringIO()
    penulis = csv.writer(tulis, delimiter=";", lineterminator="\r\n")
    tulis.write("sep=;\r\n")  # Excel dengan tanda desimal apa pun membuka kolomnya terpisah
    satu = isi[IDENTITAS][0]
    penulis.writerow([f"[{IDENTITAS}]"])
    penulis.writerows([x.judul, satu.get(k, "")] for k, x in columns(IDENTITAS).items())
    for lembar in (INDIKATOR, ANGGARAN):
        kolom = columns(lembar)
        penulis.writerows([[], [f"[{lembar}]"], [x.judul for x in kolom.values()]])
        penulis.writerows([x.get(k, "") for k in kolom] for x in isi.get(lembar, ()))
    return tulis.getvalue()


def guide() -> list[tuple[str, str]]:
    """Petunjuk: pasangan kepala dan keterangan, semua yang boleh ditulis di setiap lembar."""
    baris = [
        ("Cara mengisi", "Isi lembar Identitas, Indikator, dan Anggaran, lalu simpan. Selebihnya biarkan kosong."),
        ("", "Angka boleh ditulis 1234,5, 1.234.567, Rp1.000.000,00, atau 97,5%. Yang tidak ada: kosong atau -."),
        ("", "Tulis nilai, bukan rumus. Baris yang diawali # tidak dibaca. Kolom boleh dihapus atau dipindah."),
        ("Sesudahnya", "kinerja isi BERKAS, lalu perintah render yang disebutnya."),
    ]  # fmt: skip
    for lembar in (IDENTITAS, INDIKATOR, ANGGARAN):
        baris.append((f"Lembar {lembar}", ""))
        baris += [(x.judul, describe(x)) for x in columns(lembar).values() if describe(x)]
    return [
        *baris,
        ("Satuan", f"{', '.join(unit_list())}. Satuan lain boleh: ia didaftarkan dengan nama yang ditulis."),
    ]


def describe(x: Kolom) -> str:
    """Keterangan satu kolom: wajib atau tidak, artinya, dan pilihannya."""
    bagian = ["wajib"] * x.wajib + [x.uraian] * bool(x.uraian) + [f"pilihan: {', '.join(x.daftar)}"] * bool(x.pilihan)
    return "; ".join(bagian)


def _write_workbook(berkas: Path, isi: Isi) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(berkas), {"strings_to_formulas": False, "strings_to_urls": False}) as buku:
        kepala = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        rupa = {
            "kepala": buku.add_format({**kepala, "bg_color": "#EDF2F7"}),
            "wajib": buku.add_format({**kepala, "bg_color": "#FFE9B8"}),
            "teks": buku.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "lain": buku.add_format({"valign": "top"}),
            "tebal": buku.add_format({"bold": True, "valign": "top"}),
            "abu": buku.add_format({"font_color": "#5A5A5A", "text_wrap": True, "valign": "top"}),
        }  # fmt: skip
        _identity_sheet(buku, rupa, isi[IDENTITAS][0])
        for nama in (INDIKATOR, ANGGARAN):
            _table_sheet(buku.add_worksheet(nama), rupa, columns(nama), isi.get(nama, ()))
        lembar = buku.add_worksheet(PETUNJUK)
        lembar.set_column(0, 0, 30, rupa["teks"])
        lembar.set_column(1, 1, 100, rupa["abu"])
        for n, (kepala, keterangan) in enumerate(guide()):
            lembar.write_string(n, 0, kepala, rupa["tebal"])
            lembar.write_string(n, 1, keterangan, rupa["abu"])
        for lembar in buku.worksheets():
            lembar.set_landscape()
            lembar.fit_to_pages(1, 0)


def _identity_sheet(buku, rupa, isi: Mapping[str, str]) -> None:
    lembar = buku.add_worksheet(IDENTITAS)
    lembar.set_column(0, 0, 34)
    lembar.set_column(1, 1, 48, rupa["teks"])
    lembar.set_column(2, 2, 80)
    for n, (k, x) in enumerate(columns(IDENTITAS).items()):
        lembar.write_string(n, 0, x.judul, rupa["wajib" if x.wajib else "kepala"])
        lembar.write_string(n, 2, describe(x), rupa["abu"])
        if isi.get(k):
            lembar.write_string(n, 1, isi[k], rupa["teks"])
        if x.pilihan:
            lembar.data_validation(n, 1, n, 1, {"validate": "list", "source": x.daftar})


def _table_sheet(lembar, rupa, kolom: Mapping[str, Kolom], isi: Sequence[Mapping[str, str]]) -> None:
    lembar.freeze_panes(1, 2)
    lembar.set_row(0, 32)
    for k, x in enumerate(kolom.values()):
        lembar.set_column(k, k, _LEBAR.get(x.kunci, _BIASA), rupa["teks" if x.jenis == "teks" else "lain"])
        lembar.write_string(0, k, x.judul, rupa["wajib" if x.wajib else "kepala"])
        if x.uraian or x.pilihan:
            lembar.write_comment(0, k, describe(x), {"x_scale": 2, "y_scale": 1.4})
        sumber = unit_list() if x.kunci == "satuan" else x.daftar
        if sumber:
            # Satuan sendiri boleh; pilihan lain ditolak sejak diketik.
            pilihan = {"validate": "list", "source": _list_source(sumber), "ignore_blank": True}
            lembar.data_validation(1, k, _BARIS_DAFTAR, k, pilihan | {"show_error": x.kunci != "satuan"})
    for n, baris in enumerate(isi, 1):
        for k, kunci in enumerate(kolom):
            if baris.get(kunci):
                lembar.write_string(n, k, baris[kunci], rupa["teks"])


def _list_source(daftar: Sequence[str]) -> list[str]:
    """Isi daftar sejauh 255 huruf, batas Excel bagi daftar yang ditulis di dalam sel."""
    muat: list[str] = []
    for x in daftar:
        if len(",".join([*muat, x])) > 255:
            break
        muat.append(x)
    return muat
