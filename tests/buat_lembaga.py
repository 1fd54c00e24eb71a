"""Folder data lembaga rekaan dari keterangan ringkas, untuk uji."""

import csv
import shutil
from pathlib import Path

from kinerja.data import schema

AKAR = Path(__file__).resolve().parents[1]
UMUM = {"keadaan": "dikutip", "sumber": "rekaan", "bagian": "Bab III", "catatan": "", "teks": ""}
SUMBER = """sumber:
- {id: rekaan, judul: Angka rekaan untuk uji, judul_pendek: Rekaan, penerbit: Uji, tanggal: '2032-02-01', alamat: tests,
   lisensi: sama dengan repositori, cara_salin: ditulis sebagai contoh uji, bagian: semua angka rekaan}
"""


def write(folder: Path, tahun: int, *, iku=(), aturan=None, anggaran=(), **tabel) -> Path:
    """Tulis ``folder/raw/<tahun>``; kembalikan ``folder``.

    ``iku``: kamus (kode, satuan, arah, cara, target, realisasi, tw, ...) dengan ``tw`` berupa ukuran -> daftar nilai
    triwulan; ``aturan``: kunci -> nilai; ``anggaran``: (rincian, kode, pagu, realisasi, penyerapan[, per]); tabel lain
    apa adanya.
    """
    raw = folder / "raw"
    (raw / "acuan").mkdir(parents=True, exist_ok=True)
    shutil.copy(AKAR / "data" / "raw" / "acuan" / "satuan.csv", raw / "acuan")
    (raw / "sources.yml").write_text(SUMBER, "utf-8")
    isi = {"aturan": [_rule(k, x) for k, x in ({"nama_institusi": "Kantor Rekaan"} | (aturan or {})).items()]}
    if iku:
        isi["iku"], isi["iku_nilai"] = [_indicator(x) for x in iku], [y for x in iku for y in _values(x)]
        isi["sasaran"] = [
            {"kode": k, "nama": f"Membaiknya layanan {k}", "tujuan": "Tujuan"}
            for k in dict.fromkeys(x.get("sasaran", "S1") for x in iku)
        ]
    if anggaran:
        isi["anggaran"] = [y for x in anggaran for y in _money(*x, tahun=tahun)]
    for nama, baris in (isi | tabel).items():
        _write(raw, schema.tables()[nama], tahun, baris)
    return folder


def _write(raw, tabel, tahun, baris):
    letak = raw / tabel.berkas(tahun)
    letak.parent.mkdir(parents=True, exist_ok=True)
    with letak.open("w", encoding="utf-8", newline="") as tulis:
        penulis = csv.DictWriter(tulis, tabel.kolom, lineterminator="\n", extrasaction="ignore")
        penulis.writeheader()
        penulis.writerows(UMUM | {"nilai": ""} | x for x in baris)


def _rule(kunci, x):
    spec = schema.tables()["aturan"].isian[kunci]
    return {"kunci": kunci, "satuan": spec["satuan"], "teks" if spec["satuan"] == "teks" else "nilai": x}


def _indicator(x):
    ada = [
        f"iku_nilai/{x['kode']}/{u}/tahun" for u in ("target_bawah", "target_atas", "target") if x.get(u) is not None
    ]
    tw = x.get("tw", {}).get("realisasi", ())
    pembilang = [f"iku_nilai/{x['kode']}/realisasi/tw{n}" for n, _ in enumerate(tw, 1)]
    baku = {
        "kode": "", "sasaran": "S1", "nama": f"Indikator {x['kode']}", "nama_pendek": x["kode"], "satuan": "persen", "arah": "naik",
        "target": " ".join(ada), "cara": "nilai", "penyebut": "", "desimal": 2,
        "pembilang": " ".join(pembilang) or f"iku_nilai/{x['kode']}/realisasi/tahun",
    }  # fmt: skip
    return baku | {k: v for k, v in x.items() if k in baku and k != "target"}


def _values(x):
    satuan = x.get("satuan", "persen")
    ukuran = ("target", "target_bawah", "target_atas", "target_semula", "realisasi")
    semua = [(u, "tahun", x[u]) for u in ukuran if u in x]
    if "realisasi" not in x and "realisasi" not in x.get("tw", {}):
        semua.append(("realisasi", "tahun", None))
    semua += [(u, f"tw{n}", nilai) for u, deret in x.get("tw", {}).items() for n, nilai in enumerate(deret, 1)]
    semua += [(u, p, nilai) for (u, p), nilai in x.get("lain", {}).items()]
    for u, p, nilai in semua:
        if u.startswith("target") and nilai is None:
            continue
        isi = {} if nilai is None else {"teks" if satuan == "teks" else "nilai": nilai}
        keadaan = "tidak_tersedia" if nilai is None else "dikutip"
        yield {"kode": x["kode"], "ukuran": u, "periode": p, "satuan": satuan, "keadaan": keadaan} | isi


def _money(rincian, kode, pagu, realisasi, penyerapan=None, per=None, *, tahun):
    umum = {"rincian": rincian, "kode": kode, "per": per or f"{tahun}-12-31", "nama": f"Bagian {kode}"}
    for ukuran, nilai, satuan in (
        ("pagu", pagu, "rupiah"), ("realisasi", realisasi, "rupiah"), ("penyerapan", penyerapan, "persen"),
    ):  # fmt: skip
        if nilai is not None:
            yield umum | {"ukuran": ukuran, "nilai": nilai, "satuan": satuan}
