"""Columns of a file as arrays, whatever types they were written with; a column that is something else is named in a sentence."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fraud.geometry.globe import Flags, Floats

MOST_SECONDS = 9.0e9  # from 1970: further away a float no longer holds each microsecond

Texts = np.ndarray[tuple[int], np.dtype[np.str_]]


class BadFile(Exception):
    """A file is not what the format says; the text names the file or the column."""


def read(file: Path, needed: tuple[str, ...]) -> pa.Table:
    """Raises BadFile."""
    try:
        table = pq.read_table(file)
    except FileNotFoundError as error:
        raise BadFile(f"{file}: there is no such file") from error
    except (OSError, pa.ArrowInvalid) as error:
        raise BadFile(f"{file} is not a parquet file: {error}") from error
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise BadFile(f"{file}: no column {', '.join(missing)}; there are {', '.join(table.column_names) or 'none'}")
    return table


def seconds(table: pa.Table, name: str) -> Floats:
    """Unix seconds; times without a zone are UTC, texts are ISO 8601; NaN for none or no column, and for a year before 1685 or
    after 2254, which files write instead of none. Raises BadFile."""
    if name not in table.column_names or pa.types.is_null(table.column(name).type):
        return np.full(table.num_rows, np.nan)
    column = _plain(table, name)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = _times_of(column, name)
    if not pa.types.is_timestamp(column.type):
        raise BadFile(f"column {name}: is not a time but {column.type}; give timestamps in UTC, or ISO 8601 texts")
    whole = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
    found = np.asarray(whole.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) / 1e6)
    return np.where(np.abs(found) <= MOST_SECONDS, found, np.nan)


def _times_of(column: pa.Array, name: str) -> pa.Array:
    for kind in (pa.timestamp("us", "UTC"), pa.timestamp("us")):  # with an offset, or without any
        try:
            return column.cast(kind)
        except pa.ArrowInvalid as error:
            last = error
    raise BadFile(f"column {name}: is not a time: {last}") from last


def numbers(table: pa.Table, name: str) -> Floats:
    """NaN for none or no column. Raises BadFile."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    column = _plain(table, name)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    try:
        column = column.cast(pa.float64(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadFile(f"column {name}: is not a number but {column.type} ({error})") from error
    return np.array(column.to_numpy(zero_copy_only=False), dtype=float)


def texts(table: pa.Table, name: str) -> Texts:
    """Empty for none or no column."""
    if name not in table.column_names:
        return np.full(table.num_rows, "")
    return np.array(names(table, name).fill_null("").to_pylist(), dtype=str)


def names(table: pa.Table, name: str) -> pa.ChunkedArray:
    """As texts; whole numbers without a point, so that 7 and 7.0 are one person. Raises BadFile."""
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(pc.floor(column), column)).as_py()
        column = column.cast(pa.int64()) if whole else column
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadFile(f"column {name}: cannot be read as text but is {column.type}") from error


def among(table: pa.Table, name: str, values: tuple[str, ...]) -> Flags:
    """Whether each row has one of the values; False for none or no column."""
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    found = pc.is_in(names(table, name), value_set=pa.array(values))
    return np.asarray(found.combine_chunks().to_numpy(zero_copy_only=False), dtype=bool)


def _plain(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.combine_chunks()
