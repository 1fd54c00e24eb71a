"""Dari skema: kamus data (``docs/kamus_data.md``), dan templat satu tahun baru.

Templat memuat kepala tabel, keterangan, satu baris contoh, dan isian yang dapat dibawa dari tahun lalu.

Baris keterangan dan baris contoh diawali ``#`` di sel pertamanya. Pembaca (:mod:`kinerja.data.reading`) melewati baris
seperti itu di semua tabel, sehingga templat yang belum disentuh sama dengan tabel yang belum diisi.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kinerja import periode
from kinerja.berkas import write_whole
from kinerja.data import schema
from kinerja.data.load import Data
from kinerja.data.process import KOLOM_SUMBER, load_sources, printed
from kinerja.data.schema import Tabel
from kinerja.errors import GalatParameter

DIBAWA = ("aturan", "sasaran", "iku", "iku_aturan", "bobot", "predikat", "jenjang")
"""Tabel yang isinya dibawa dari tahun lalu: aturan dan definisi, bukan angka hasil."""

DAFTAR_PERIKSA = "DAFTAR_PERIKSA.md"
ISI = "ISI"
"""Penanda isian yang harus diganti."""

_UMUM = {
    "teks": "nilai berupa teks (misalnya WTP); kosong bila nilainya angka",
    "nilai": "angka seperti tercetak, titik desimal, dalam satuan dasar; kosong bila tidak tersedia",
    "satuan": "kode dari acuan/satuan.csv",
    "keadaan": "dikutip, diturunkan, sintetis, atau tidak_tersedia",
    "sumber": "id catatan di sources.yml",
    "bagian": "bab atau bagian sumber",
    "catatan": "hal yang perlu diketahui tentang baris itu",
}

_BOLEH_KOSONG = ("teks_kosong", "bulat_kosong", "acuan", "acuan_daftar")


@dataclass(frozen=True)
class Templat:
    """Templat satu tabel.

    ``kolom`` kepala tabel; ``keterangan`` kalimat sesudah kepala (satuan, yang boleh kosong); ``contoh`` satu baris
    contoh; ``isi`` baris yang sudah terisi, dibawa dari tahun lalu atau dari Renstra.
    """

    tabel: Tabel
    keterangan: tuple[str, ...]
    contoh: tuple[str, ...]
    isi: tuple[tuple[str, ...], ...] = ()

    @property
    def kolom(self) -> tuple[str, ...]:
        """Kepala tabel."""
        return self.tabel.kolom

    def to_csv(self) -> str:
        """Isi berkas CSV: kepala, baris ``#``, lalu baris yang sudah terisi."""
        tulis = io.StringIO()
        penulis = csv.writer(tulis, lineterminator="\n")
        penulis.writerow(self.kolom)
        penulis.writerows([f"# {x}"] for x in self.keterangan)
        if self.contoh:
            penulis.writerow((f"# contoh: {self.contoh[0]}", *self.contoh[1:]))
        penulis.writerows(self.isi)
        return tulis.getvalue()


def year_tables() -> list[Tabel]:
    """Tabel yang diisi setiap tahun, menurut urutan skema."""
    return [x for x in schema.tables().values() if x.lingkup == "tahun"]


def source_id(tahun: int) -> str:
    """Id catatan sumber laporan tahun itu."""
    return f"lkj-{tahun}"


def may_be_empty(tabel: Tabel) -> list[str]:
    """Kolom yang boleh kosong pada sebuah tabel; ``nilai`` hanya dengan keadaan tidak_tersedia."""
    pilihan = [k for k, t in tabel.tipe.items() if isinstance(t, dict) and "" in t["pilihan"]]
    kosong = [k for k, t in tabel.tipe.items() if t in _BOLEH_KOSONG or k in pilihan]
    return [*kosong, *(("teks",) if tabel.teks else ()), "catatan"]


def templates(tahun: int, lalu: Data) -> list[Templat]:
    """Templat tabel yang ada tahun lalu, ditambah yang wajib: tabel yang tidak dipakai lembaga itu tidak dibuat.

    Parameters
    ----------
    tahun : int
        Tahun baru.
    lalu : Data
        Tahun yang ditiru: contohnya baris pertama tabel itu, aturan dan definisinya dibawa, dan target IKU diambil dari
        Renstra.
    """
    isi = _carried(tahun, lalu)
    perlu = [x for x in year_tables() if lalu.has(x.nama) or x.wajib or x.nama == "iku_nilai"]
    return [Templat(x, _notes(x, lalu), _example(x, lalu), tuple(isi.get(x.nama, ()))) for x in perlu]


def new_year(raw: Path, tahun: int, lalu: Data) -> list[str]:
    """Tulis folder ``raw/<tahun>``: templat setiap tabel dan daftar periksa; tambahkan catatan sumbernya.

    Parameters
    ----------
    raw : Path
        Folder ``data/raw``.
    tahun : int
    lalu : Data
        Lihat :func:`templates`.

    Returns
    -------
    list of str
        Berkas yang ditulis, relatif terhadap ``raw``.

    Raises
    ------
    GalatParameter
        Ada berkas yang akan ditulis tetapi sudah ada; tidak satu pun ditulis.
    """
    semua = templates(tahun, lalu)
    berkas = {f"{tahun}/{x.tabel.nama}.csv": x.to_csv() for x in semua}
    berkas[f"{tahun}/{DAFTAR_PERIKSA}"] = checklist(tahun, semua, lalu)
    ada = [nama for nama in berkas if (raw / nama).exists() or (raw / nama).is_symlink()]
    if ada:
        raise GalatParameter(
            f"{ada[0]} sudah ada{f' (dan {len(ada) - 1} lagi)' if len(ada) > 1 else ''}; tidak ada yang ditulis. "
            f"Periksa yang ada dengan: kinerja periksa --tahun {tahun}"
        )
    (raw / str(tahun)).mkdir(parents=True, exist_ok=True)
    for nama, teks in berkas.items():
        with (raw / nama).open("x", encoding="utf-8", newline="") as tulis:
            tulis.write(teks)
    return [*berkas, *_add_source(raw, tahun)]


def checklist(tahun: int, semua: Sequence[Templat], lalu: Data) -> str:
    """Daftar periksa tahun baru dalam Markdown: langkahnya, dan satu baris per tabel."""
    baris = [
        f"# Daftar periksa {tahun}",
        "",
        f"1. [ ] `sources.yml`: lengkapi catatan `{source_id(tahun)}` (ganti setiap `{ISI}`).",
        "2. [ ] `aturan.csv`, `sasaran.csv`, `iku.csv`: dibawa dari tahun lalu; cocokkan dengan laporan dan Perjanjian"
        " Kinerja yang baru.",
        "3. [ ] `iku_nilai.csv`: target berasal dari Renstra; ganti bila Perjanjian Kinerja lain. Isi realisasinya.",
        "4. [ ] `anggaran.csv`: pagu dan realisasi; dengan ini halaman keuangan jadi.",
        "5. [ ] Tabel lain di bawah, sejauh ada di sumber. Tabel yang tidak diisi tidak menghalangi yang lain.",
        f"6. [ ] `kinerja periksa --tahun {tahun}`, lalu `kinerja data --tahun {tahun} --segel` dan"
        f" `kinerja render --tahun {tahun}`.",
        "",
        "Baris yang sel pertamanya diawali `#` tidak dibaca: keterangan dan contoh boleh dibiarkan. Satuan dasar",
        "(rupiah utuh, bukan juta). Angka yang tidak ada di sumber: `nilai` kosong, `keadaan` `tidak_tersedia`. CSV",
        "boleh diisi di Excel.",
        "",
        *_shifted_references(tahun, lalu),
        "## Tabel",
        "",
        "| tabel | isi | terisi | boleh kosong |",
        "|---|---|---:|---|",
    ]
    for x in semua:
        kosong = ", ".join(f"`{k}`" for k in may_be_empty(x.tabel))
        uraian = x.tabel.uraian["id"].replace("|", "\\|")
        baris.append(f"| [ ] `{x.tabel.nama}` | {uraian} | {len(x.isi)} | {kosong} |")
    return "\n".join(baris) + "\n"


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
    if isinstance(tipe, dict):
        return f"salah satu dari {', '.join(tipe['pilihan'])}"
    return "kode satuan" if tipe == "satuan" else schema.POLA[tipe][1]


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _notes(tabel: Tabel, lalu: Data) -> tuple[str, ...]:
    baris = [tabel.uraian["id"], f"boleh kosong: {' '.join(may_be_empty(tabel))}"]
    if tabel.jenis == "fakta":
        satuan = dict.fromkeys(lalu[tabel.nama]["satuan"]) if lalu.has(tabel.nama) else ()
        baris.append(f"satuan: {' '.join(satuan) or 'kode dari acuan/satuan.csv'}")
        baris.append("nilai kosong hanya dengan keadaan tidak_tersedia")
    for kolom, tipe in tabel.tipe.items():
        if isinstance(tipe, dict):
            baris.append(f"{kolom}: salah satu dari {' '.join(x or '(kosong)' for x in tipe['pilihan'])}")
    return tuple(baris)


def _example(tabel: Tabel, lalu: Data) -> tuple[str, ...]:
    """Baris pertama tabel itu tahun lalu; tabel yang baru tidak punya contoh."""
    return cells(lalu, tabel)[0] if lalu.has(tabel.nama) else ()


def cells(d: Data, tabel: Tabel) -> list[tuple[str, ...]]:
    """Isi sebuah tabel sebagai teks seperti di berkas CSV-nya."""
    frame = d[tabel.nama]
    if tabel.jenis == "fakta":
        frame["nilai"] = pd.Series(printed(frame), index=frame.index, dtype=object)
    teks = frame[list(tabel.kolom)].astype(object)
    return [tuple("" if pd.isna(x) else str(x) for x in baris) for baris in teks.itertuples(index=False)]


def _carried(tahun: int, lalu: Data) -> dict[str, list[tuple[str, ...]]]:
    """Baris yang dibawa: definisi tahun lalu, target dari Renstra, dan realisasi yang masih kosong."""
    isi: dict[str, list[tuple[str, ...]]] = {}
    for nama in DIBAWA:
        if lalu.has(nama):
            tabel = schema.tables()[nama]
            isi[nama] = [_stamp(tabel, dict(zip(tabel.kolom, x, strict=True)), tahun, lalu) for x in cells(lalu, tabel)]
    isi["iku_nilai"] = _values(tahun, lalu)
    return isi


def _stamp(tabel: Tabel, baris: dict[str, str], tahun: int, lalu: Data) -> tuple[str, ...]:
    if tabel.nama == "iku":
        kode, berkala = baris["kode"], _periods(lalu, baris["kode"]).get("realisasi", [])
        baris |= {
            "target": " ".join(f"iku_nilai/{kode}/{x}/tahun" for x in _target_kinds(baris["arah"], baris["target"])),
            "cara": baris["cara"] if berkala else "nilai",
            "pembilang": " ".join(f"iku_nilai/{kode}/realisasi/{p}" for p in berkala or ["tahun"]),
            "penyebut": "",
        }
    baris["sumber"] = source_id(tahun)
    baris["catatan"] = f"Dibawa dari {lalu.tahun}; cocokkan dengan sumber {tahun}"
    return tuple(baris[k] for k in tabel.kolom)


def _target_kinds(arah: str, target: str) -> tuple[str, ...]:
    """Ukuran target setahun; rentang satu sisi tetap satu sisi."""
    sisi = tuple(x for x in ("target_bawah", "target_atas") if f"/{x}/" in target)
    return (sisi or ("target_bawah", "target_atas")) if arah == "rentang" else ("target",)


def _periods(lalu: Data, kode: str) -> dict[str, list[str]]:
    """Ukuran -> semua triwulan atau semester, bagi ukuran yang tahun lalu punya sedikitnya satu."""
    hasil: dict[str, list[str]] = {}
    if lalu.has("iku_nilai"):
        isi = lalu["iku_nilai"].query("kode == @kode and ukuran != 'target_semula'")
        for ukuran, ada in isi.groupby("ukuran")["periode"]:
            semua = [x for x in (periode.TRIWULAN, periode.SEMESTER) if set(x) & set(ada)]
            hasil |= {ukuran: [p for x in semua for p in x]} if semua else {}
    return hasil


def _values(tahun: int, lalu: Data) -> list[tuple[str, ...]]:
    tabel = schema.tables()["iku_nilai"]
    renstra = lalu["renstra"].query("tahun == @tahun").set_index("kode") if lalu.has("renstra") else pd.DataFrame()
    baris = []
    for i in lalu["iku"].itertuples():
        berkala = _periods(lalu, i.kode)
        letak = [(u, "tahun") for u in _target_kinds(i.arah, i.target)]
        letak += [(u, p) for u in berkala if u != "realisasi" for p in berkala[u]]
        letak += [("realisasi", p) for p in berkala.get("realisasi", ["tahun"])]
        for ukuran, kapan in letak:
            isi = {
                "kode": i.kode, "ukuran": ukuran, "periode": kapan, "teks": "", "nilai": "", "satuan": i.satuan,
                "keadaan": "tidak_tersedia", "sumber": source_id(tahun), "bagian": ISI, "catatan": "",
            }  # fmt: skip
            ada = ukuran == "target" and kapan == "tahun" and i.kode in renstra.index
            if ada and pd.notna(renstra.at[i.kode, "nilai"]):
                r = renstra.loc[i.kode]
                isi |= {
                    "nilai": f"{r['nilai']:.{int(r['desimal'])}f}", "satuan": r["satuan"], "keadaan": r["keadaan"],
                    "sumber": r["sumber"], "bagian": r["bagian"], "catatan": "Target Renstra",
                }  # fmt: skip
            baris.append(tuple(isi[k] for k in tabel.kolom))
    return baris


def _shifted_references(tahun: int, lalu: Data) -> list[str]:
    """Rujukan realisasi tahun lalu dengan tahunnya digeser: dipasang kembali setelah tabelnya terisi."""
    baris = []
    for i in lalu["iku"].itertuples():
        rujukan = [
            f"{k} `{_shift(getattr(i, k), lalu.tahun, tahun)}`" for k in ("pembilang", "penyebut") if getattr(i, k)
        ]
        baris.append(f"- `{i.kode}` ({i.nama_pendek}): cara `{i.cara}`, {', '.join(rujukan)}")
    return [
        "## Rujukan realisasi",
        "",
        f"`iku.csv` sementara merujuk `iku_nilai`. Setelah rinciannya terisi, rujuk lagi seperti {lalu.tahun}, supaya",
        "capaian dihitung dari angka dasarnya dan halaman sasarannya dapat dirender:",
        "",
        *baris,
        "",
    ]


def _shift(id_: str, dari: int, ke: int) -> str:
    geser = {str(dari): str(ke), str(dari - 1): str(ke - 1)}
    return " ".join("/".join(geser.get(bagian, bagian) for bagian in satu.split("/")) for satu in id_.split())


def _add_source(raw: Path, tahun: int) -> list[str]:
    """Tambahkan catatan sumber laporan tahun itu di akhir ``sources.yml``; isi lain tidak disentuh."""
    berkas = raw / "sources.yml"
    if berkas.is_file() and source_id(tahun) in set(load_sources(raw)["id"]):
        return []
    isian = {k: ISI for k in KOLOM_SUMBER} | {
        "id": source_id(tahun),
        "judul": f"Laporan Kinerja {tahun}",
        "judul_pendek": f"LKj {tahun}",
    }
    catatan = "".join(f"{'- ' if k == 'id' else '  '}{k}: {v}\n" for k, v in isian.items())
    lama = berkas.read_text("utf-8") if berkas.is_file() else "sumber:\n"
    write_whole(berkas, lama + ("" if lama.endswith("\n") else "\n") + catatan)
    return ["sources.yml"]
