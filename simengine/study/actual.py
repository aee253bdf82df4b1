"""Our customers as a file of actual profits has them, without any simulation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import TEXT, CustomerTable
from simengine.portfolio.named_file import column_positions, open_file
from simengine.portfolio.number_style import number_hint
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.units import LARGEST
from simengine.study.accounts import Accounts, Categories, Floats
from simengine.study.customers import CustomerStudy

NUMBERS = ("profit", "capital", "revenue")
ROLES = ("id", *NUMBERS, "segment")
EVERYBODY = "customers"  # the only segment where no column sorts them
MOST_NAMES = 50  # of a column that sorts customers, each two or more: more names tell single customers apart
OPTION = "--columns"


def actual_customers(
    file: Path | str, columns: Mapping[str, str], *, discount_rate: float | None = None
) -> CustomerStudy:
    """The study of a file with a row for each customer and its profit of a year, after tax.

    `columns` name those of the file by role: `profit`, and perhaps `id`, `capital` that is charged for at
    `discount_rate` a year, `revenue` and `segment`. All its other columns serve to tell what customers have in common.
    Raises ScenarioError with every cell that cannot be used.
    """
    path, columns = Path(file), dict(columns)
    if problems := _misnamed(columns, discount_rate):
        raise ScenarioError(problems)
    with open_file(path, None, NUMBERS, "a file with a row for each customer") as table:
        column_positions(table, columns)
        amounts, ids = _checked(table, columns)
        names = table.values(columns["segment"]) if "segment" in columns else (EVERYBODY,)
        code = table.codes(columns["segment"], names) if "segment" in columns else np.zeros(table.rows, np.int32)
        known, sorts = _further(table, set(columns.values()))
    lines = {"revenue": amounts["revenue"]} if "revenue" in amounts else {}
    profit = amounts["profit"]
    if "capital" in amounts:
        charge = amounts["capital"] * (discount_rate or 0.0)
        lines |= {"nopat": profit, "capital": amounts["capital"], "capital_charge": charge}
        profit = profit - charge
    lines["economic_profit"] = profit
    accounts = Accounts(ids, np.ones(len(profit)), Categories(code, names), lines, known, sorts)
    return CustomerStudy(path.name, None, accounts, stated=tuple(lines))


def _misnamed(columns: Mapping[str, str], discount_rate: float | None) -> list[Problem]:
    text = ",".join(f"{role}={name}" for role, name in columns.items())
    unused = [role for role in ROLES if role not in columns]
    problems = [
        of_option(
            OPTION, text, f"{role}, which nothing of such a file is called", listed(ROLES), did_you_mean(role, unused)
        )
        for role in columns
        if role not in ROLES
    ]
    if "profit" not in columns:
        expected = "the column with what a customer brings in a year, after tax"
        problems.append(of_option(OPTION, text, "no column for profit", expected, "such as profit=annual_profit"))
    if "capital" in columns and discount_rate is None:
        found, expected = "capital, and nothing that says what it costs", "its cost a year: --discount-rate 9%"
        problems.append(of_option(OPTION, text, found, expected))
    if "capital" not in columns and discount_rate is not None:
        found, expected = "no column for capital", "one, as --discount-rate charges for capital"
        problems.append(of_option(OPTION, text, found, expected, "or leave --discount-rate out"))
    return problems


def _checked(table: CustomerTable, columns: Mapping[str, str]) -> tuple[dict[str, Floats], NDArray[Any]]:
    """Amounts by role, and ids. Raises ScenarioError."""
    bad = BadCells(table)
    amounts = {role: table.numbers(columns[role]) for role in NUMBERS if role in columns}
    for role, amount in amounts.items():
        usable = np.abs(amount) <= LARGEST  # nan is not
        bad.add(~usable, columns[role], f"an amount of {role}, at most {LARGEST:g} either way", number_hint)
    if "id" in columns:
        ids = table.texts(columns["id"])
        missing = table.missing(columns["id"])
        bad.add(missing, columns["id"], "the id of a customer")
        order = np.argsort(ids, kind="stable")
        again = np.zeros(len(ids), np.bool_)
        again[order[1:]] = ids[order[1:]] == ids[order[:-1]]
        bad.add(again & ~missing, columns["id"], "an id that no row above has", "add up the rows of a customer first")
    else:
        ids = np.arange(1, table.rows + 1).astype(TEXT)
    if problems := table.rejected() + bad.problems():
        raise ScenarioError(problems)
    return amounts, ids


def _further(table: CustomerTable, used: set[str]) -> tuple[dict[str, Floats], dict[str, Categories]]:
    """What other columns know of customers: as numbers, or as one of a few names."""
    known: dict[str, Any] = {}
    sorts: dict[str, Categories] = {}
    most = min(MOST_NAMES, table.rows // 2)
    for column in dict.fromkeys(table.columns):
        if column in used or not column or table.columns.count(column) > 1:
            continue
        values, missing = table.numbers(column), table.missing(column)
        if not missing.all() and (np.abs(values[~missing]) <= LARGEST).all():
            known[column] = values.astype(np.float32)
        elif 1 < len(names := table.values(column, most)) <= most:
            sorts[column] = Categories(table.codes(column, names), names)
    return known, sorts
