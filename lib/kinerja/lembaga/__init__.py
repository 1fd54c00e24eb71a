"""Lembar isian lembaga: dari satu buku kerja (atau CSV) yang diisi petugas ke folder data yang siap dirender."""

from kinerja.lembaga.formulir import write_forms
from kinerja.lembaga.isian import read_form
from kinerja.lembaga.pasang import install, last_year, slug
from kinerja.lembaga.susunan import TAHUN_WAJAR

__all__ = ["TAHUN_WAJAR", "install", "last_year", "read_form", "slug", "write_forms"]
