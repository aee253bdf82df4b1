"""Reads customers added, lost and left at the end of each period. Counts that do not add up are located.

A row a period, in order: `period` (2027-Q1, 2027-03, 2027), `added`, `lost`, `end`; `segment` sorts rows. What is
at the start of a period is what was at the end of the one before; of the first it is `start`, or what adds up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.churn_counts import Period
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.named_file import codes_of, column_positions, open_file
from simengine.portfolio.number_style import number_hint
from simengine.scenario.calendar import MONTHS, MONTHS_PER_YEAR, Step, months, spelling
from simengine.scenario.problems import ScenarioError, counted

ROUNDING = 1e-9  # by which counts may miss each other, relative to the largest


class CountsFile(NamedTuple):
    """The periods of every segment, in the order of their names."""

    segments: dict[str, tuple[Period, ...]]
    step: Step  # how long a period is
    notices: tuple[str, ...]

    @property
    def per_year(self) -> float:
        """Periods."""
        return MONTHS_PER_YEAR / MONTHS[self.step]


def read_counts(path: Path, columns: Mapping[str, str]) -> CountsFile:
    """The counts in a file. `columns` are {role: column}. Raises ScenarioError."""
    with open_file(path, columns, numbers=("start", "added", "lost", "end")) as table:
        column_positions(table, columns)
        bad = BadCells(table)
        first, step = _periods(table, bad, columns["period"])
        counts = {role: _counts(table, bad, columns[role]) for role in ("added", "lost", "end")}
        start = _counts(table, bad, columns["start"]) if "start" in columns else None
        segment, names = codes_of(table, bad, columns, "segment")
        labels = table.texts(columns["period"])
        segments = {}
        if not bad.count:
            for s, name in enumerate(names):
                rows = np.flatnonzero(segment == s)
                rows = rows[np.argsort(first[rows], kind="stable")]
                _require_consecutive(bad, columns["period"], rows, first, MONTHS[step], labels)
                segments[name] = tuple(_added_up(table, bad, columns, rows, counts, start, labels))
        if problems := table.rejected() + bad.problems():
            raise ScenarioError(problems)
        return CountsFile(segments, step, tuple(table.notices))


def _periods(table: CustomerTable, bad: BadCells, column: str) -> tuple[NDArray[np.int64], Step]:
    """[row] first month, and how long a period is, which all are."""
    texts = table.values(column)
    found = []
    for text in texts:
        try:
            found.append(months(text))
        except ValueError:
            found.append((0, 0))
    codes = table.codes(column, texts)
    first, length = (np.array([each[i] for each in found], dtype=np.int64)[codes] for i in (0, 1))
    bad.add(length == 0, column, "a period such as 2027-Q1, 2027-03 or 2027", spelling)
    usual = int(length[length > 0][0]) if (length > 0).any() else 0
    step: Step = next((name for name in get_args(Step) if MONTHS[name] == usual), "year")
    bad.add((length > 0) & (length != usual), column, f"a {step}, as above")
    return first, step


def _counts(table: CustomerTable, bad: BadCells, column: str) -> NDArray[np.float64]:
    found = table.numbers(column)
    bad.add(~((found >= 0) & (found < 1e15)), column, "a number of customers, 0 or more", number_hint)
    return found


def _require_consecutive(
    bad: BadCells,
    column: str,
    rows: NDArray[np.intp],
    first: NDArray[np.int64],
    length: int,
    labels: NDArray[np.generic],
) -> None:
    wrong = np.zeros(len(first), dtype=np.bool_)
    wrong[rows[1:]] = np.diff(first[rows]) != length
    before = {int(row): str(labels[earlier]) for earlier, row in pairwise(rows)}
    bad.add(wrong, column, "every period once, without gaps", found=lambda row: f"{labels[row]} after {before[row]}")


def _added_up(
    table: CustomerTable,
    bad: BadCells,
    columns: Mapping[str, str],
    rows: NDArray[np.intp],
    counts: dict[str, NDArray[np.float64]],
    start: NDArray[np.float64] | None,
    labels: NDArray[np.generic],
) -> list[Period]:
    """The periods of a segment; where start + added - lost is not the end, or the end not the next start, it is bad."""
    added, lost, end = counts["added"], counts["lost"], counts["end"]
    begin = np.empty(len(rows))
    begin[0] = start[rows[0]] if start is not None else end[rows[0]] - added[rows[0]] + lost[rows[0]]
    begin[1:] = end[rows[:-1]]
    size = ROUNDING * max(1.0, float(end[rows].max()), float(begin.max()))
    comes_to = begin + added[rows] - lost[rows]
    expected = "an end that is what was there at the start, and what was added, less what was lost"
    for i, row in enumerate(rows.tolist()):
        if begin[i] < 0:
            said = f"{end[row]:,.0f} at the end, of whom {added[row]:,.0f} were added: {begin[i]:,.0f} at the start"
            _add(bad, table, columns["end"], row, "no fewer than none at the start", said)
        elif start is not None and abs(start[row] - begin[i]) > size:
            said = f"{start[row]:,.0f} at the start after {begin[i]:,.0f} at the end of the period before"
            _add(bad, table, columns["start"], row, "as many as were there at the end of the period before", said)
        elif abs(comes_to[i] - end[row]) > size:
            sums = f"{begin[i]:,.0f} + {added[row]:,.0f} - {lost[row]:,.0f} = {comes_to[i]:,.0f}"
            _add(bad, table, columns["end"], row, expected, f"{end[row]:,.0f}, and {sums}")
    return [
        Period(str(labels[row]), float(begin[i]), float(added[row]), float(lost[row]), float(end[row]))
        for i, row in enumerate(rows.tolist())
    ]


def _add(bad: BadCells, table: CustomerTable, column: str, row: int, expected: str, said: str) -> None:
    here = np.zeros(table.rows, dtype=np.bool_)
    here[row] = True
    bad.add(here, column, expected, found=lambda _: said)


def told(file: CountsFile) -> str:
    """How many periods of how many segments, in words."""
    periods = max(len(each) for each in file.segments.values())
    lost = math.fsum(p.lost for each in file.segments.values() for p in each)
    segments = f" of {len(file.segments)} segments" if len(file.segments) > 1 else ""
    gone = "1 customer was" if lost == 1 else f"{lost:,.0f} customers were"
    return f"{counted(periods, 'period')}{segments}, in which {gone} lost"
