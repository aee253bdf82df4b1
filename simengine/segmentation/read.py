"""Reads what segments are formed from; a cell that is not what it should be is a problem at its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_rows import PER_YEAR, ROUNDING
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.named_file import flags_of
from simengine.portfolio.number_style import number_hint
from simengine.scenario.problems import ScenarioError, listed
from simengine.scenario.units import LARGEST
from simengine.segmentation.base import Base
from simengine.segmentation.composition import Floats
from simengine.segmentation.roles import Roles, flag_words

Booleans = NDArray[np.bool_]


def read_base(table: CustomerTable, roles: Roles) -> Base:
    """The customers of a file. Who has left need not have values, and is left out where one is missing.

    Raises ScenarioError with every bad cell, located; also if a column that is to tell customers apart does not.
    """
    bad = BadCells(table)
    left = _left(table, roles, bad)
    wrong = np.zeros(table.rows, dtype=np.bool_)
    weight = np.ones(table.rows)
    if column := roles.column("weight"):
        weight = table.numbers(column)
        wrong |= _refused(bad, column, weight, ~(weight >= 0), left, "a number of customers, 0 or more")
    needs, normalised = _needs(table, roles, bad, left, wrong)
    features = np.empty((table.rows, len(roles.features)))
    for f, each in enumerate(roles.features):
        words = flag_words(each)
        if words is None:
            features[:, f] = table.numbers(each.name)
        else:
            codes = table.codes(each.name, words[0] + words[1], any_case=True)
            features[:, f] = np.where(codes < 0, np.nan, codes < len(words[0]))
        expected = "a number" if words is None else "yes or no"
        wrong |= _refused(bad, each.name, features[:, f], np.isnan(features[:, f]), left, expected)
    value = None
    if roles.value is not None:
        value = table.numbers(roles.value)
        no_value = np.isnan(value)
        expected = "a number"
        if roles.value_name == "revenue":
            no_value |= value < 0
            expected = f"revenue {roles.suggested['revenue'].unit or 'a year'}, 0 or more"
        wrong |= _refused(bad, roles.value, value, no_value, left, expected)
        if roles.value_name == "revenue":
            value = value * PER_YEAR[roles.suggested["revenue"].unit or "a year"]
    if problems := bad.problems():
        raise ScenarioError(problems)
    row = np.flatnonzero(~wrong)
    base = Base(
        row, np.where(left, 0.0, weight)[row], tuple(roles.needs), needs[row],
        tuple(each.name for each in roles.features), features[row],
        roles.value_name, None if value is None else value[row], int(left.sum()), normalised,
    )  # fmt: skip
    _require_variety(table, roles, base)
    return base


def _refused(bad: BadCells, column: str, number: Floats, wrong: Booleans, left: Booleans, expected: str) -> Booleans:
    """The cells of a column that are `wrong` or too large, a problem but for those of customers who have left."""
    large = ~wrong & (np.abs(number) > LARGEST)
    bad.add(wrong & ~left, column, expected, number_hint)
    bad.add(large & ~left, column, f"a number of sensible size: up to {LARGEST:g}")
    return wrong | large


def _left(table: CustomerTable, roles: Roles, bad: BadCells) -> Booleans:
    column = roles.column("churned")
    if column is None:
        return np.zeros(table.rows, dtype=np.bool_)
    return flags_of(table, bad, column)


def _needs(table: CustomerTable, roles: Roles, bad: BadCells, left: Booleans, wrong: Booleans) -> tuple[Floats, bool]:
    """[rows, K] weights that sum to 1, and whether they were made to; `wrong` rows are marked."""
    needs = np.empty((table.rows, len(roles.needs)))
    here = np.zeros_like(wrong)
    for k, column in enumerate(roles.needs.values()):
        weight = table.numbers(column)
        here |= _refused(bad, column, weight, ~(weight >= 0), left, "a weight of 0 or more")
        needs[:, k] = weight
    if not roles.needs:
        return needs, False
    total = needs.sum(axis=1)
    nothing = ~here & ~(total > 0)
    first = min(roles.needs.values(), key=table.columns.index)
    here |= _refused(
        bad, first, total, nothing, left, f"weights of {listed(roles.needs.values(), 'and')} that are not all 0"
    )
    wrong |= here
    total[here] = 1.0
    normalised = bool((np.abs(total - 1)[~here] > ROUNDING).any())
    return needs / total[:, None], normalised


def _require_variety(table: CustomerTable, roles: Roles, base: Base) -> None:
    """Columns that segments are formed from tell some customers apart."""
    bad = BadCells(table)
    present = base.weight > 0
    first = np.zeros(table.rows, dtype=np.bool_)
    if not present.any():
        bad_column = next(iter([*roles.needs.values(), *base.features, roles.value or table.columns[0]]))
        first[0] = True
        bad.add(first, bad_column, "customers who have not left", found=lambda row: "none")
    else:
        first[base.row[np.argmax(present)]] = True
        needs = base.weights_of_needs[present]
        if base.needs and not np.ptp(needs, axis=0).any():
            columns = listed(roles.needs.values(), "and")
            hint = "leave needs out, and say --by value"
            bad.add(first, next(iter(roles.needs.values())), f"weights of {columns} that tell customers apart", hint,
                    lambda row: "the same weights for everybody")  # fmt: skip
        for f, name in enumerate(base.features):
            if not np.ptp(base.feature_values[present, f]):
                bad.add(first, name, "numbers that tell customers apart", "leave it out of --features",
                        lambda row: "the same number for everybody")  # fmt: skip
    if problems := bad.problems():
        raise ScenarioError(problems)
