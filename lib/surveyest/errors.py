"""Errors of the engine: one sentence each, for a person."""

from __future__ import annotations


class SurveyError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(SurveyError):
    """A choice, the name of a column, or the shape of an input is unknown or out of bounds."""


class EstimationError(SurveyError):
    """The estimate cannot be computed with the data or the design given."""
