"""What users bring: names, columns and tables as numbers and dense codes, or refused with one sentence for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

#: One name or several; and a subpopulation: column -> value or list of values.
Names = str | Sequence[str] | None
Subset = Mapping[str, object] | None


class SurveyError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(SurveyError):
    """A choice, the name of a column, or the shape of an input is unknown or out of bounds."""


class EstimationError(SurveyError):
    """The estimate cannot be computed with the data or the design given."""


_NUMERIC_KINDS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def read_frame(data: object) -> pd.DataFrame:
    """Data as a DataFrame; Arrow, polars and other tables that stream Arrow are converted, others refused."""
    if isinstance(data, pd.DataFrame):
        return data
    if hasattr(data, "__arrow_c_stream__"):
        import pyarrow as pa

        def kind(t: pa.DataType) -> pd.ArrowDtype | None:
            # Integers, booleans and decimals with empty cells must not become floats or objects.
            return pd.ArrowDtype(t) if pa.types.is_primitive(t) or pa.types.is_decimal(t) else None

        return pa.table(data).to_pandas(types_mapper=kind)
    if hasattr(data, "columns") and hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        return data
    name = f"{type(data).__module__}.{type(data).__name__}".removeprefix("builtins.")
    raise ParameterError(f"Data harus DataFrame pandas atau tabel Arrow/polars; yang diberikan {name}.")


def check_choice(what: str, value: object, choices: Sequence[str]) -> None:
    """Refuse a value that is not one of the choices."""
    if value not in choices:
        raise ParameterError(f"{what} '{value}' tidak dikenal; pilih: {', '.join(choices)}.")


def as_names(columns: Names) -> tuple[str, ...]:
    """One name, several, or none, as a tuple; names that are not text are refused."""
    if columns is None:
        return ()
    names = (columns,) if isinstance(columns, str) or not isinstance(columns, Iterable) else tuple(columns)
    unknown = [n for n in names if not isinstance(n, str)]
    if unknown:
        raise ParameterError(f"Nama kolom harus teks; yang diberikan {unknown[0]!r} ({type(unknown[0]).__name__}).")
    return names


def as_values(values: object) -> tuple:
    """One value or several as a tuple."""
    if isinstance(values, list | tuple | set | np.ndarray | pd.Index):
        return tuple(values)
    return (values,)


def check_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse names of columns that are absent or duplicate."""
    count = Counter(frame.columns)
    missing = [name for name in dict.fromkeys(columns) if not count[name]]
    if missing:
        raise ParameterError(f"Kolom tidak ada di data: {', '.join(missing)}.")
    duplicated = [name for name in dict.fromkeys(columns) if count[name] > 1]
    if duplicated:
        raise ParameterError(f"Kolom ada lebih dari sekali di data: {', '.join(duplicated)}.")


def numeric_column(column: pd.Series, name: str) -> np.ndarray:
    """A column as float64, empty as NaN. An entirely empty column is valid, whatever its type; text, dates, categories
    and infinite values are refused."""
    kind = column.dtype
    numeric = pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)
    if not numeric and not isinstance(kind, pd.CategoricalDtype):
        numeric = column.isna().all() or (
            pd.api.types.is_object_dtype(kind) and pd.api.types.infer_dtype(column, skipna=True) in _NUMERIC_KINDS
        )
    if isinstance(kind, pd.CategoricalDtype) or not numeric:
        example = column.dropna()
        mention = f" (misalnya {example.iloc[0]!r})" if len(example) else ""
        raise ParameterError(
            f"Kolom '{name}' bukan bilangan{mention}; jadikan bilangan bertitik desimal, atau berikan sebagai kategori."
        )
    if not pd.api.types.is_numeric_dtype(kind) and column.isna().all():
        return np.full(len(column), np.nan)
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        raise EstimationError(f"Kolom '{name}' memuat nilai tak hingga.")
    return values


def encode_column(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Dense codes 0..K-1 in the order of the values; empty becomes -1.

    Text is compared without spaces at the edges, and empty text is empty. A column that mixes text and numbers (large
    files read in pieces) becomes text throughout: 1, 1.0 and "1" are one code; one that holds numbers written in two
    ways, 1 and "01", is refused. Labels are only values that occur.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy().astype(np.int64)
        codes, occurring = compact(codes, len(column.cat.categories))
        labels, sort = pd.Index(column.cat.categories.to_numpy()[occurring]), False
    else:
        text = column.dtype == object or pd.api.types.is_string_dtype(column.dtype)
        codes, labels = pd.factorize(column, sort=not text)
        codes, labels, sort = codes.astype(np.int64), pd.Index(labels), True
    if pd.api.types.is_extension_array_dtype(labels.dtype) and not isinstance(labels.dtype, pd.CategoricalDtype):
        labels = pd.Index(labels.to_numpy())
    if not (labels.dtype == object or pd.api.types.is_string_dtype(labels.dtype)):
        return codes, labels
    inverse, labels = pd.factorize(pd.Series(_harmonise(labels, column.name)), sort=sort)
    return np.append(inverse, -1)[codes].astype(np.int64), pd.Index(labels)


def _harmonise(labels: pd.Index, name: object) -> pd.Index:
    """Text without spaces at the edges; mixed with numbers, all becomes text."""
    kind = [isinstance(x, str) for x in labels]
    if not any(kind):
        return labels
    if not all(kind):
        text = [x if isinstance(x, str) else _as_text(x) for x in labels]
        spellings: dict[str, set[str]] = {}
        for x in map(str.strip, text):
            spellings.setdefault(x.lstrip("0") or "0", set()).add(x)
        ambiguous = next((sorted(x) for x in spellings.values() if len(x) > 1), None)
        if ambiguous:
            raise EstimationError(
                f"Kolom '{name}' mencampur teks dan bilangan: {' dan '.join(ambiguous)} mungkin satu kode, mungkin "
                "dua; baca kolom itu sebagai teks."
            )
        labels = pd.Index(text)
    clean = labels.str.strip()
    return clean.where(clean != "", None)


def _as_text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def locate_values(labels: pd.Index, values: Sequence, name: str) -> np.ndarray:
    """Codes of the chosen values of a domain; one that does not occur, or of another type (11 for the code "11"), is
    refused."""
    position = labels.get_indexer(pd.Index(list(values), dtype=object if labels.dtype == object else None))
    if (position < 0).any():
        unknown = [v for v, i in zip(values, position, strict=True) if i < 0]
        example = ", ".join(repr(x) for x in labels[:5].tolist())
        raise ParameterError(
            f"Nilai {unknown} tidak ada di domain '{name}'; isinya {example}{', ...' * (len(labels) > 5)}."
        )
    return position


def compact(key: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Dense numbers for sparse keys (0..count-1; -1 = empty stays -1) in their order, and the keys that occur."""
    if count <= 4 * len(key) + 1024:
        # A lookup table is faster than sorting, as long as the space of keys is not much larger than the data.
        occurring = np.zeros(count, dtype=bool)
        occurring[key[key >= 0]] = True
        values = np.flatnonzero(occurring)
        lookup = np.full(count + 1, -1, dtype=np.int64)
        lookup[values] = np.arange(len(values))
        return lookup[key], values
    values, codes = np.unique(key, return_inverse=True)
    if len(values) and values[0] < 0:
        return codes.astype(np.int64) - 1, values[1:]
    return codes.astype(np.int64), values


def combine_codes(
    codes: Sequence[np.ndarray], labels: Sequence[pd.Index], names: Sequence[str], length: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Combine coded columns into one dense code (length,), and the table of combined codes with columns `names`.

    Rows empty in any column become -1; without columns all rows have code 0.
    """
    if not names:
        return np.zeros(length, dtype=np.int64), pd.DataFrame(index=pd.RangeIndex(1))
    combined, values = codes[0], None
    count = len(labels[0])
    trail = [np.arange(count)]
    for following, index in zip(codes[1:], labels[1:], strict=True):
        width = max(len(index), 1)
        key = np.where((combined >= 0) & (following >= 0), combined * width + following, -1)
        combined, values = compact(key, count * width)
        trail = [j[values // width] for j in trail] + [values % width]
        count = len(values)
    if values is None:
        combined, values = compact(combined, count)
        trail = [values]
    table = pd.DataFrame({n: pd.Index(lab).take(j) for n, lab, j in zip(names, labels, trail, strict=True)})
    return combined, table


def combine_columns(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Columns of a frame as one dense code, as `combine_codes`."""
    pairs = [encode_column(frame[k]) for k in columns]
    return combine_codes([c for c, _ in pairs], [x for _, x in pairs], columns, len(frame))
