"""Errors of the engine: one sentence each, for a person."""

from __future__ import annotations


class SurveyError(ValueError):
    """Induk semua kesalahan paket ini."""


class ParameterError(SurveyError):
    """Pilihan, nama kolom, atau bentuk masukan tidak dikenal atau di luar batas."""


class EstimationError(SurveyError):
    """Taksiran tidak dapat dihitung dengan data atau rancangan yang diberikan."""
