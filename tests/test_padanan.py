"""Setiap nama di kolom kinerja `docs/padanan.md` benar-benar ada, dan tidak ada fungsi umum yang terlewat."""

import re
from pathlib import Path

import indextree
import surveyest

DOKUMEN = Path(__file__).resolve().parents[1] / "docs" / "padanan.md"
#: Bukan fungsi bagi pemakai: kelas hasil, galat, tetapan, dan bagian dalam yang dipakai lewat fungsi lain.
_BUKAN_PADANAN = re.compile(
    r"[A-Z_]+|[A-Z]\w*|replicate_(estimates|covariance)|confidence_interval|relative_se|reliability_flags|t_quantile|summarise"
)


def _kolom_kita(judul: str) -> list[str]:
    bagian = DOKUMEN.read_text("utf-8").split(f"## {judul}\n")[1].split("\n## ")[0]
    baris = [x for x in bagian.splitlines() if x.startswith("| ") and not x.startswith("|--")]
    return [
        nama for x in baris[1:] for nama in re.findall(r"`([A-Za-z_]+(?:\.\w+)?)[(`]", x.strip("| ").split(" | ")[-1])
    ]


def test_nama_di_padanan_ada():
    for judul, paket in (("Survei", surveyest), ("Indeks komposit", indextree)):
        nama = _kolom_kita(judul)
        assert len(nama) > 20
        for satu in nama:
            benda = paket
            for bagian in satu.split("."):
                fields = getattr(benda, "__dataclass_fields__", {})
                assert hasattr(benda, bagian) or bagian in fields, satu
                benda = getattr(benda, bagian, None)


def test_tidak_ada_fungsi_survei_yang_terlewat():
    terdaftar = set(_kolom_kita("Survei"))
    assert {x for x in surveyest.__all__ if not _BUKAN_PADANAN.fullmatch(x)} <= terdaftar
