"""Rows of unequal length laid end to end, without a Python loop."""

import numpy as np

from fraud.geometry.globe import Flags, Floats, Ints


def spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Slices [first, last) of some long array → (row number of each element, its place in the long array)."""
    lengths = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(first)), lengths)
    starts = np.cumsum(lengths) - lengths
    return row, np.arange(len(row)) - starts[row] + first[row]


def chunks(lengths: Ints, most: int) -> list[slice]:
    """Slices of rows whose elements together stay near `most` (at least one row each)."""
    if not len(lengths):
        return []
    part = (np.cumsum(np.maximum(lengths, 1)) - 1) // most
    edges = np.flatnonzero(np.diff(part)) + 1
    return [slice(int(a), int(b)) for a, b in zip([0, *edges], [*edges, len(lengths)], strict=True)]


def sums(row: Ints, values: Floats, rows: int) -> Floats:
    return np.asarray(np.bincount(row, weights=values, minlength=rows))


def counts(row: Ints, rows: int) -> Floats:
    return np.bincount(row, minlength=rows).astype(float)


def largest(row: Ints, values: Floats, rows: int, *, empty: float = np.nan) -> Floats:
    """Per row the largest value; `row` must be sorted."""
    out = np.full(rows, empty)
    if len(row):
        starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
        out[row[starts]] = np.maximum.reduceat(values, starts)
    return out


def smallest(row: Ints, values: Floats, rows: int, *, empty: float = np.nan) -> Floats:
    return -largest(row, -values, rows, empty=-empty)


def first_largest(row: Ints, values: Floats, rows: int) -> Ints:
    """Per row the index of the largest value (the first of equals), −1 for an empty row; `row` must be sorted."""
    out = np.full(rows, -1)
    if len(row):
        order = np.lexsort((np.arange(len(row)), -values, row))
        ordered = row[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        out[ordered[starts]] = order[starts]
    return out


def medians(row: Ints, values: Floats, rows: int) -> Floats:
    """Per row the lower median, NaN for an empty row; `row` must be sorted."""
    out = np.full(rows, np.nan)
    if len(row):
        ordered = values[np.lexsort((values, row))]
        starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
        lengths = np.diff(np.r_[starts, len(row)])
        out[row[starts]] = ordered[starts + (lengths - 1) // 2]
    return out


def runs(row: Ints, wanted: Flags, joined: Flags) -> Ints:
    """Number the runs of wanted elements: a new one at a row's start, after an unwanted one, or where not `joined`.
    −1 for unwanted elements."""
    begins = wanted.copy()
    begins[1:] &= ~(wanted[:-1] & (row[1:] == row[:-1]) & joined[1:])
    return np.where(wanted, np.cumsum(begins) - 1, -1)
