"""Quality checks of recipient and payment lists larger than memory, written once as Ibis expressions.

:func:`connect` opens the engine; :func:`scan`, :func:`register` and :func:`payments` read the lists; :func:`check`
counts what is wrong by programme, period and region. An :class:`IdScheme` says what makes an id faulty.
"""

from listcheck.checks import check, measures, split_file_faults
from listcheck.engine import EngineError, ListError, ParameterError, connect, persist, sweep
from listcheck.reading import (
    PAYMENTS,
    REGISTER,
    VALID,
    DataError,
    Digits,
    IdScheme,
    payments,
    program_key,
    register,
    scan,
)

__all__ = [
    "PAYMENTS",
    "REGISTER",
    "VALID",
    "DataError",
    "Digits",
    "EngineError",
    "IdScheme",
    "ListError",
    "ParameterError",
    "check",
    "connect",
    "measures",
    "payments",
    "persist",
    "program_key",
    "register",
    "scan",
    "split_file_faults",
    "sweep",
]
