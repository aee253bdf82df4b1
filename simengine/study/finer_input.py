"""What a person says of finer designs on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.scenario.option_number import money_of_option
from simengine.scenario.problems import ScenarioError, of_option
from simengine.study.finer import GROUPS


def read_scenario(path: Path, customers: Path | None, knowledge: str | None, settings: Sequence[str]) -> Scenario:
    """The scenario in expected mode, with other `customers` and our `knowledge` of them if they are given."""
    given = [*settings, *([] if knowledge is None else [f"company.knowledge={knowledge}"])]
    if customers is not None:
        if load_scenario(path, settings=given).portfolio is None:
            expected = "one with a customer file, `portfolio`, in whose place the customers come"
            hint = f"of its own market: simengine segment {path}"
            raise ScenarioError([of_option("--scenario", path, "a scenario without `portfolio`", expected, hint)])
        given.append(f"portfolio.customers={json.dumps(str(customers.absolute()))}")
    return load_scenario(path, settings=given, simulation={"mode": "expected"})


def read_groups(text: str | None) -> tuple[int, ...]:
    """`1,2,4,8` as numbers, rising; the usual ones of None. Raises ScenarioError."""
    if text is None:
        return GROUPS
    option, expected = "--groups", "numbers of groups from 1 to 1000 with commas between, such as 1,2,4,8"
    parts = [part.strip() for part in text.split(",")]
    wrong = [part for part in parts if not (part.isdecimal() and len(part) < 9 and 1 <= int(part) <= 1000)]
    problems = [of_option(option, text, f"'{part}'", expected) for part in wrong]
    numbers = {int(part) for part in parts if part not in wrong}
    if not problems and numbers == {1}:
        problems.append(of_option(option, text, "one group, which is today's design", expected))
    if problems:
        raise ScenarioError(problems)
    return tuple(sorted(numbers))


def read_cost(text: str | None) -> float | None:
    """`250k` as money a year. Raises ScenarioError."""
    if text is None:
        return None
    return money_of_option("--cost-per-group", text, "money a year, 0 or more, such as 250k")
