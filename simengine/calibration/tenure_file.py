"""Reads who left at which tenure: a row a customer, or survivors of cohorts by tenure. What is wrong is located.

A row a customer: `tenure`, completed units with us, and `churned`, whether the customer left then. Survivors: a row for
each tenure of a cohort, with how many of it are still there. `segment` sorts either into groups that are fitted one by
one; `cohort` tells those apart who came together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.retention import merged
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.named_file import codes_of, column_positions, flags_of, open_file
from simengine.portfolio.number_style import number_hint
from simengine.portfolio.shifted_beta_geometric_fit import Group
from simengine.scenario.problems import ScenarioError, counted

LONGEST_YEARS = 100.0  # of a tenure: beyond a century the unit must be wrong


class Cohort(NamedTuple):
    """Customers who came together, seen again and again."""

    name: str
    years: tuple[float, ...]  # tenures, rising
    survivors: tuple[float, ...]  # how many are still there, never rising


class Tenures(NamedTuple):
    """What is known of the customers of a segment."""

    name: str
    customers: float
    left: float
    groups: list[Group]  # tenures in years
    cohorts: tuple[Cohort, ...]  # none where a row is a customer


class TenureFile(NamedTuple):
    """The segments of a file, in the order of their names."""

    segments: tuple[Tenures, ...]
    rows: int
    notices: tuple[str, ...]


def read_tenures(path: Path, columns: Mapping[str, str], unit_years: float) -> TenureFile:
    """The tenures in a file, stated in units of so many years. `columns` are {role: column}. Raises ScenarioError."""
    with open_file(path, columns, numbers=("tenure", "survivors")) as table:
        column_positions(table, columns)
        bad = BadCells(table)
        tenure = _checked(table, bad, columns["tenure"], LONGEST_YEARS / unit_years, "a tenure, 0 or more")
        segment, names = codes_of(table, bad, columns, "segment")
        if "survivors" in columns:
            made = _of_cohorts(table, bad, columns, tenure, segment, names, unit_years)
        else:
            made = _of_customers(table, bad, columns, tenure, segment, names, unit_years)
        if problems := table.rejected() + bad.problems():
            raise ScenarioError(problems)
        return TenureFile(tuple(made), table.rows, tuple(table.notices))


def _checked(table: CustomerTable, bad: BadCells, column: str, largest: float, expected: str) -> NDArray[np.float64]:
    found = table.numbers(column)
    bad.add(~((found >= 0) & (found <= largest)), column, expected, number_hint)
    return np.where((found >= 0) & (found <= largest), found, 0.0)


def _of_customers(
    table: CustomerTable,
    bad: BadCells,
    columns: Mapping[str, str],
    tenure: NDArray[np.float64],
    segment: NDArray[np.intp],
    names: tuple[str, ...],
    unit_years: float,
) -> list[Tenures]:
    """Whoever left at a tenure did so within the unit before; before completing one, within the first."""
    churned = flags_of(table, bad, columns["churned"])
    completed = np.floor(tenure + 1e-5)
    made = []
    for s, name in enumerate(names):
        groups = []
        for gone in (True, False):
            units, count = np.unique(completed[(segment == s) & (churned == gone)], return_counts=True)
            for unit, customers in zip(units.tolist(), count.tolist(), strict=True):
                last = max(unit, 1.0)
                groups.append(
                    Group(float(customers), (last - 1) * unit_years, last * unit_years)
                    if gone
                    else Group(float(customers), unit * unit_years, math.inf)
                )
        here = segment == s
        made.append(Tenures(name, float(here.sum()), float((here & churned).sum()), merged(groups), ()))
    return made


def _of_cohorts(
    table: CustomerTable,
    bad: BadCells,
    columns: Mapping[str, str],
    tenure: NDArray[np.float64],
    segment: NDArray[np.intp],
    names: tuple[str, ...],
    unit_years: float,
) -> list[Tenures]:
    """What is not there any more at a tenure left since the tenure before."""
    column = columns["survivors"]
    there = _checked(table, bad, column, 1e15, "a number of customers, 0 or more")
    cohort, cohorts = codes_of(table, bad, columns, "cohort")
    if bad.count:  # what does not make numbers does not make cohorts
        return []
    order = np.lexsort((tenure, cohort, segment))
    same = np.zeros(table.rows, dtype=np.bool_)  # as the row before in that order: of its cohort
    same[1:] = (segment[order][1:] == segment[order][:-1]) & (cohort[order][1:] == cohort[order][:-1])
    before = np.full(table.rows, -1, dtype=np.intp)
    before[order[same]] = order[np.flatnonzero(same) - 1]
    known = before >= 0
    again = known & (tenure == tenure[before])
    hint = "name the column that tells cohorts apart: cohort=COLUMN" if "cohort" not in columns else ""
    bad.add(again, columns["tenure"], "each tenure once for a cohort", hint)
    rising = known & ~again & (there > there[before])
    more = {row: f"{there[row]:g} after {there[before[row]]:g}" for row in np.flatnonzero(rising).tolist()}
    bad.add(rising, column, "no more than at the tenure before: who has left does not return", found=more.__getitem__)
    alone = ~known & ~np.isin(np.arange(table.rows), before)
    bad.add(alone, columns["tenure"], "two tenures or more of a cohort", found=lambda _: "one")
    made = []
    for s, name in enumerate(names):
        found = []
        for c, each in enumerate(cohorts):
            rows = order[(segment[order] == s) & (cohort[order] == c)]
            if len(rows):
                years = tuple((tenure[rows] * unit_years).tolist())
                found.append(Cohort(each, years, tuple(there[rows].tolist())))
        groups = merged(group for each in found for group in _groups_of(each))
        start, end = (math.fsum(each.survivors[i] for each in found) for i in (0, -1))
        made.append(Tenures(name, start, start - end, groups, tuple(found)))
    return made


def _groups_of(cohort: Cohort) -> list[Group]:
    """Who left between two tenures, who is still there, and less who were there when the cohort was first seen: the
    likelihood is of what came after."""
    years, there = cohort.years, cohort.survivors
    groups = [Group(there[i] - there[i + 1], years[i], years[i + 1]) for i in range(len(years) - 1)]
    groups.append(Group(there[-1], years[-1], math.inf))
    if years[0] > 0:
        groups.append(Group(-there[0], years[0], math.inf))
    return [group for group in groups if group.customers]


def told(file: TenureFile) -> str:
    """How many customers of how many segments, in words."""
    customers, left = (math.fsum(getattr(each, name) for each in file.segments) for name in ("customers", "left"))
    cohorts = sum(len(each.cohorts) for each in file.segments)
    of = f" of {counted(cohorts, 'cohort')}" if cohorts else ""
    return f"{customers:,.0f} customers{of}, of whom {left:,.0f} left"
