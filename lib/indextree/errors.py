"""Errors meant for people: one sentence that names the node, indicator, unit, or parameter."""


class IndexTreeError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(IndexTreeError):
    """A parameter, name, or table does not fit."""


class ComputationError(IndexTreeError):
    """The computation cannot be done with the values given."""
