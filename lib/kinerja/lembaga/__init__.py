"""Lembar isian lembaga: dari satu buku kerja (atau CSV) yang diisi petugas ke folder data yang siap dirender."""

from kinerja.lembaga.formulir import read_form, write_forms
from kinerja.lembaga.pasang import install, last_year, slug
from kinerja.lembaga.susun import TAHUN_WAJAR

__all__ = ["TAHUN_WAJAR", "install", "last_year", "read_form", "slug", "write_forms"]
