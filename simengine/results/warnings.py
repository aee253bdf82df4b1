"""What is to be known of a result and does not stop a run: a warning each, located in the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, in_order
from simengine.valuation.valuation import Valuation

NAMED = 3  # cells that a warning names


def equity_per_share(valuation: Valuation) -> list[float]:
    """Mean over replications, by cell, currency."""
    return [float(mean) for mean in np.asarray(valuation.mean_money(valuation.equity) / valuation.shares)]


def warnings_of_values(scenario: Scenario, values: Mapping[str, float]) -> tuple[Problem, ...]:
    """The scenario's own warnings, and those of its value per share by what it is the value of."""
    return in_order([*scenario.warnings, *warn_if_equity_is_negative(scenario, values)])


def warn_if_equity_is_negative(scenario: Scenario, values: Mapping[str, float]) -> Iterator[Problem]:
    below = sorted((value, name) for name, value in values.items() if value < 0)
    if not below:
        return
    worst = ", ".join(f"{value:,.4g} a share {name}" for value, name in below[:NAMED])
    more = f" and in {len(below) - NAMED} more" if len(below) > NAMED else ""
    yield scenario.problem(
        ("company", "net_debt"),
        f"equity below zero, {worst}{more}",
        "customers worth more than the overhead and what the company owes",
        "check net_debt and overhead, and that revenue and costs are a year; shareholders cannot lose more than all",
    )
