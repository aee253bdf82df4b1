"""Reads a choice panel from a file, wide or long. What is wrong in it is a located problem.

Wide: a row a purchase, `choice` names what was chosen, and attributes have a column for each alternative, named by a
pattern with * for the alternative: price=price.*. Long: a row for each alternative of a purchase, `alternative` says
which, `purchase` of which purchase, and `choice` whether it was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.choice_panel import LAST, ChoicePanel, constant_of
from simengine.calibration.evidence import EVIDENCE
from simengine.portfolio.bad_cells import BadCells
from simengine.portfolio.customer_table import CustomerTable
from simengine.portfolio.named_file import codes_of, flags_of, open_file
from simengine.portfolio.number_style import number_hint
from simengine.scenario.problems import Problem, ScenarioError, counted, did_you_mean, listed, of_option

ROLES = EVIDENCE["panel"].roles
LARGEST = 1e12  # of an attribute


def read_choice_panel(path: Path, columns: Mapping[str, str]) -> ChoicePanel:
    """The panel in a file. `columns` are {role or attribute: column, or pattern}. Raises ScenarioError."""
    with open_file(path, {}) as header:
        names = header.columns
    long = "alternative" in columns
    attributes = {name: column for name, column in columns.items() if name not in ROLES}
    problems = _unfit(path, names, columns, attributes, long)
    if problems:
        raise ScenarioError(problems)
    numbers = {c for pattern in attributes.values() for c in _matching(pattern, names).values()}
    wanted = numbers | {c for role in ROLES if role in columns for c in _matching(columns[role], names).values()}
    numeric = {c: c for c in numbers}
    with open_file(path, numeric | {c: c for c in wanted}, numbers=numeric) as table:
        reader = _Long(table, columns, attributes) if long else _Wide(table, columns, attributes)
        panel = reader.read()
        problems = table.rejected() + reader.bad.problems()
        if problems:
            raise ScenarioError(problems)
        return panel._replace(notices=(*panel.notices, *table.notices))


def _matching(pattern: str, names: tuple[str, ...]) -> dict[str, str]:
    """{alternative: column} of the columns that a pattern names; {"": column} of a plain name."""
    if "*" not in pattern:
        return {"": pattern}
    before, _, after = pattern.partition("*")
    fits = re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
    return {found[1].strip(): name for name in names if (found := fits.fullmatch(name))}


def _unfit(
    path: Path, names: tuple[str, ...], columns: Mapping[str, str], attributes: Mapping[str, str], long: bool
) -> list[Problem]:
    """Columns that the file has not, or that a panel of its form cannot have."""
    option = "--columns"

    def problem(role: str, found: str, expected: str, hint: str = "") -> Problem:
        return of_option(option, f"{role}={columns[role]}", found, expected, hint)

    problems = []
    form = "a row for each alternative" if long else "a row a purchase"
    for role, column in columns.items():
        differs = role in attributes or role == "available"  # between the alternatives
        if role in attributes and (role == LAST or role.startswith(constant_of(""))):
            problems.append(problem(role, f"an attribute called {role}", "another name: a coefficient has this one"))
        elif column.count("*") > 1 or ("*" in column and (long or not differs)):
            problems.append(problem(role, "a pattern", f"the name of one column, in a file of {form}"))
        elif not long and differs and "*" not in column:
            hint = f"{role}={column}.* takes columns such as {column}.{{alternative}}"
            found = "one column for all alternatives, in a file without `alternative`"
            problems.append(problem(role, found, "a pattern with * for the alternative", hint))
        elif not long and role == "purchase":
            problems.append(problem(role, "a column of purchases", "none, in a file of a row a purchase"))
        elif "*" in column and not _matching(column, names):
            expected = f"columns of {path.name}: {listed(names, 'and')}"
            problems.append(problem(role, "a pattern that no column fits", expected))
        elif "*" not in column and names.count(column) != 1:
            many = names.count(column)
            found = f"'{column}', the name of {many} columns" if many else f"'{column}', no column of {path.name}"
            hint = "rename one of them" if many else did_you_mean(column, names)
            problems.append(problem(role, found, f"one of its columns: {', '.join(names)}", hint))
    needed = ["choice", *(["purchase"] if long else [])]
    for role in needed:
        if role not in columns:
            text = ",".join(f"{name}={column}" for name, column in columns.items())
            expected = f"also {role}=COLUMN" + (": which rows are of one purchase" if role == "purchase" else "")
            problems.append(of_option(option, text, f"no {role}", expected))
    if not attributes:
        text = ",".join(f"{name}={column}" for name, column in columns.items())
        expected = f"what alternatives differ in, such as {'price=price' if long else 'price=price.*'}"
        problems.append(of_option(option, text, "no attribute", expected))
    return problems


class _Reader:
    """What files of both forms have."""

    def __init__(self, table: CustomerTable, columns: Mapping[str, str], attributes: Mapping[str, str]) -> None:
        self.table, self.columns, self.attributes = table, columns, attributes
        self.bad = BadCells(table)

    def codes(self, role: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
        """The position of each cell among the texts of a role's column, and these; an empty cell is bad."""
        return codes_of(self.table, self.bad, self.columns, role)

    def order(self) -> NDArray[np.float64] | None:
        """[row] numbers by which purchases are sorted, None where the file's order is theirs."""
        if "date" not in self.columns:
            return None
        column = self.columns["date"]
        days, dated = self.table.days(column, "year-first")
        if dated.all():
            return days.astype(np.float64)
        found = self.table.numbers(column)
        self.bad.add(~np.isfinite(found), column, "a date as 2027-03-31, or a number", number_hint)
        return found

    def flags(self, column: str) -> NDArray[np.bool_]:
        """Cells of yes and no."""
        return flags_of(self.table, self.bad, column)

    def numbers(self, column: str, wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Cells of an attribute; a `wanted` one that is no number is bad."""
        found = self.table.numbers(column)
        self.bad.add(wanted & ~(np.abs(found) <= LARGEST), column, "a number", number_hint)
        return np.where(np.abs(found) <= LARGEST, found, 0.0)


class _Wide(_Reader):
    def read(self) -> ChoicePanel:
        table = self.table
        columns = {name: _matching(pattern, table.columns) for name, pattern in self.attributes.items()}
        stated = _matching(self.columns["available"], table.columns) if "available" in self.columns else {}
        alternatives = tuple(sorted({a for found in columns.values() for a in found}))
        problems = [
            Problem(table.shown, 1, 1, f"no {name} of {a}", f"a column {self.attributes[name].replace('*', a)}")
            for name, found in columns.items()
            for a in alternatives
            if a not in found
        ]
        if problems:
            raise ScenarioError(problems)
        choice = self.columns["choice"]
        chosen = table.codes(choice, alternatives).astype(np.intp)
        suggest = partial(did_you_mean, known=alternatives)
        self.bad.add(chosen < 0, choice, f"an alternative: {listed(alternatives)}", suggest)
        available = np.ones((table.rows, len(alternatives)), dtype=np.bool_)
        values = np.zeros((table.rows, len(alternatives), len(columns)))
        for j, alternative in enumerate(alternatives):
            cells = [found[alternative] for found in columns.values()]
            missing = np.array([table.missing(cell) for cell in cells])
            there = self.flags(stated[alternative]) if alternative in stated else np.asarray(~missing.all(axis=0))
            available[:, j] = there
            for k, cell in enumerate(cells):
                values[:, j, k] = np.where(there, self.numbers(cell, there), 0.0)
        lacking = (chosen >= 0) & ~available[np.arange(table.rows), chosen]
        said = f"an alternative that was available, with its {listed(columns, 'and')}"
        self.bad.add(lacking, choice, said)
        alone = ~lacking & (available.sum(axis=1) < 2)
        self.bad.add(alone, choice, "two available alternatives or more", found=lambda _: "one")
        customer = self.codes("customer")[0] if "customer" in self.columns else None
        return _in_order(alternatives, tuple(columns), values, available, chosen, customer, self.order())


class _Long(_Reader):
    def read(self) -> ChoicePanel:
        table = self.table
        alternative, alternatives = self.codes("alternative")
        purchase, _ = self.codes("purchase")
        customer = self.codes("customer")[0] if "customer" in self.columns else None
        if customer is not None:  # purchases may be numbered anew for every customer
            purchase = purchase + customer * (int(purchase.max(initial=0)) + 1)
        order = self.order()
        _, first, purchase = np.unique(purchase, return_index=True, return_inverse=True)
        by_file = np.argsort(np.argsort(first, kind="stable"), kind="stable")  # purchases as the file has them
        purchase = by_file[purchase]
        first = np.sort(first)
        flags = self.flags(self.columns["choice"])
        n = len(first)
        rows = np.full((n, len(alternatives)), -1, dtype=np.intp)
        _, once = np.unique(purchase * len(alternatives) + alternative, return_index=True)
        rows[purchase[once], alternative[once]] = once
        again = ~np.isin(np.arange(table.rows), once)
        column = self.columns["alternative"]
        self.bad.add(again, column, "an alternative once for each purchase")
        count = np.bincount(purchase, weights=flags, minlength=n).astype(np.intp)
        wrong = np.zeros(table.rows, dtype=np.bool_)
        wrong[first] = count != 1
        said = dict(zip(first.tolist(), count.tolist(), strict=True))
        expected = f"one chosen alternative in the rows of a {self.columns['purchase']}"
        self.bad.add(wrong, self.columns["choice"], expected, found=lambda row: f"{said[row] or 'none'} chosen")
        available = rows >= 0
        there: NDArray[np.bool_] = np.ones(table.rows, dtype=np.bool_)
        if "available" in self.columns:
            there = self.flags(self.columns["available"])
            available = available & there[rows]
            self.bad.add(flags & ~there, self.columns["available"], "yes where it was chosen")
        alone = np.zeros(table.rows, dtype=np.bool_)
        alone[first] = available.sum(axis=1) < 2
        self.bad.add(alone, column, "two available alternatives or more of a purchase", found=lambda _: "one")
        cells = [self.numbers(c, there) for c in self.attributes.values()]
        values = np.stack([np.where(available, cell[rows], 0.0) for cell in cells], axis=2)
        chosen = np.zeros(n, dtype=np.intp)
        chosen[purchase[flags]] = alternative[flags]
        customer = None if customer is None else customer[first]
        order = None if order is None else order[first]
        return _in_order(alternatives, tuple(self.attributes), values, available, chosen, customer, order)


def _in_order(
    alternatives: tuple[str, ...],
    attributes: tuple[str, ...],
    values: NDArray[np.float64],
    available: NDArray[np.bool_],
    chosen: NDArray[np.intp],
    customer: NDArray[np.intp] | None,
    order: NDArray[np.float64] | None,
) -> ChoicePanel:
    """The panel sorted by customer, then as `order` says, then as the file does."""
    keys: list[Any] = [k for k in (order, customer) if k is not None]
    if keys:
        by = np.lexsort(keys)
        values, available, chosen = values[by], available[by], chosen[by]
        customer = None if customer is None else customer[by]
    return ChoicePanel(alternatives, attributes, values, available, chosen, customer)


def told(panel: ChoicePanel) -> str:
    """How many chose what how often, in words."""
    of = "" if panel.customer is None else f" of {counted(int(panel.customer.max()) + 1, 'customer')}"
    return f"{counted(len(panel.chosen), 'purchase')}{of} among {listed(panel.alternatives, 'and')}"
