"""Which columns of a customer file segments are formed from: as the file tells, or as a person says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simengine.portfolio.customer_table import NOTHING, CustomerTable
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.rules.names import RESERVED_NEEDS
from simengine.survey import names
from simengine.survey.column import YES_NO, Column
from simengine.survey.log import PurchaseLog
from simengine.survey.needs import need_names
from simengine.survey.role import Suggestion

OPTION, FEATURES = "--columns", "--features"
NEED = "needs."  # before the name of a need
STATED = ("id", "value", "revenue", "weight", "churned", "supplier", "tenure", "price_sensitivity")
_HINT = f"roles are {listed(STATED)} and {NEED}NAME for the weight of a need"


@dataclass(frozen=True)
class Roles:
    """Columns by what they hold."""

    needs: dict[str, str]  # {need: column}
    features: tuple[Column, ...]
    value: str | None  # the column
    suggested: dict[str, Suggestion]  # by role, without needs and segment

    def column(self, role: str) -> str | None:
        return self.suggested[role].columns[0] if role in self.suggested else None

    @property
    def value_name(self) -> str:
        """What value is called: revenue, or the column's name."""
        return "" if self.value is None else "revenue" if self.value == self.column("revenue") else self.value


def roles_of(
    table: CustomerTable,
    columns: Sequence[Column],
    suggestions: Sequence[Suggestion],
    log: PurchaseLog | None,
    stated: Mapping[str, str],
    features: Sequence[str],
) -> Roles:
    """What a person says (`stated` {role: column}, `features`) beside and before what the file tells.

    Raises ScenarioError with every name that is none.
    """
    problems = _unfit(table, columns, stated, features)
    if log is not None and not problems:
        hint = "`simengine calibrate` reads logs; segments need a file with one row a customer"
        problems = [Problem(table.shown, 1, 1, f"repeated ids in {log.column}: purchases", "one row a customer", hint)]
    if problems:
        raise ScenarioError(problems)
    by_name = {c.name: c for c in columns}
    taken = {column for role, column in stated.items() if role != "value"}
    found = {s.role: s for s in suggestions if not taken & set(s.columns)}
    for role in set(stated) & set(STATED) - {"value"}:
        found[role] = Suggestion(role, (stated[role],), _unit(role, stated[role]), "high", "as --columns says")
    needs = {role.removeprefix(NEED): column for role, column in stated.items() if role.startswith(NEED)}
    if not needs and "needs" in found:
        needs = need_names(found["needs"].columns)
    if again := [name for name in features if name in needs.values()]:
        raise ScenarioError([_again(FEATURES, name, name) for name in again])
    needs = {f"{name}_need" if name in RESERVED_NEEDS else name: column for name, column in needs.items()}
    found = {role: s for role, s in found.items() if role not in ("needs", "segment")}
    revenue = found["revenue"].columns[0] if "revenue" in found else None
    return Roles(needs, tuple(by_name[name] for name in features), stated.get("value", revenue), found)


def _unit(role: str, column: str) -> str | None:
    """The unit of revenue and tenure: as the column's name tells, else years."""
    if role == "revenue":
        return names.unit(column, names.REVENUE_UNIT) or "a year"
    return (names.unit(column, names.TENURE_UNIT) or "years") if role == "tenure" else None


def _unfit(
    table: CustomerTable, columns: Sequence[Column], stated: Mapping[str, str], features: Sequence[str]
) -> list[Problem]:
    problems = []
    by_name = {c.name: c for c in columns if c.unique_name}

    def check(option: str, said: str, name: str) -> bool:
        if name in by_name:
            return True
        many = table.columns.count(name)
        found = f"{many} columns '{name}'" if many else f"no column '{name}' in {table.shown}"
        problems.append(of_option(option, said, found, "the name of one column", did_you_mean(name, by_name)))
        return False

    for role, name in stated.items():
        said = f"{role}={name}"
        if role not in STATED and not (role.startswith(NEED) and role != NEED):
            hint = did_you_mean(role, STATED, otherwise=_HINT)
            problems.append(of_option(OPTION, said, f"'{role}'", "what a column may hold", hint))
        check(OPTION, said, name)
    needs = [role for role in stated if role.startswith(NEED)]
    if len(needs) == 1:
        said = f"{needs[0]}={stated[needs[0]]}"
        problems.append(of_option(OPTION, said, "one need", "two needs or more", "weights say what matters more"))
    for name in features:
        if check(FEATURES, name, name) and not _numbers(by_name[name]):
            found = f"column {name}, of kind {by_name[name].kind}"
            problems.append(of_option(FEATURES, name, found, "columns of numbers, or of yes and no"))
    weights = [column for role, column in stated.items() if role.startswith(NEED)]
    for role in needs:
        if weights.count(stated[role]) > 1:
            problems.append(_again(OPTION, f"{role}={stated[role]}", stated[role]))
    twice = [name for name in features if features.count(name) > 1 or name in weights]
    return problems + [_again(FEATURES, name, name) for name in dict.fromkeys(twice)]


def _again(option: str, said: str, name: str) -> Problem:
    return of_option(option, said, f"column {name} again", "each column once", "name it once")


def _numbers(column: Column) -> bool:
    return column.kind in ("number", "flag") or (column.numbers is not None and column.kind != "id")


def flag_words(column: Column) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(Words for yes, words for no) of a column of yes and no that are not digits; None of other columns."""
    words = {text.lower() for text, _ in column.top}
    if column.kind != "flag" or not words <= YES_NO or words <= {"0", "1", *NOTHING}:
        return None
    return ("yes", "true", "y", "t", "1"), ("no", "false", "n", "f", "0")
