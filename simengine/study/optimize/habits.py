"""The budget as habits split it: by customers, revenue, profit, value, evenly, or a column of the customer file."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from simengine.results.run import Run
from simengine.results.status_quo import status_quo_of, value_today
from simengine.scenario.allocation import Allocation
from simengine.scenario.budgets import COLUMN, VALUE, Spreading
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, of_option
from simengine.study.optimize.items import Items, Place
from simengine.tables.build import segments_of
from simengine.tables.spread import Impossible, amounts_of, our_customers

Floats = NDArray[np.float64]


def spread_by(column: str, scenario: Scenario, places: Sequence[Place]) -> Allocation:
    """An allocation with a budget that goes by a column, so that the column is read."""
    if scenario.portfolio is None:
        expected = "a scenario with a customer file, `portfolio`"
        raise ScenarioError([of_option("--column", column, "no customer file", expected)])
    lever = places[0].lever
    segments = tuple(place.segment for place in places if place.lever == lever)
    return Allocation({}, spreads=(_spreading(lever, 1.0, f"{COLUMN}{column}", segments),))


def _spreading(lever: str, budget: float, by: str, segments: tuple[str, ...]) -> Spreading:
    where = ("levers", lever)
    return Spreading(start=0, end=1, path=where, dated=where, lever=lever, budget=budget, by=by, segments=segments)


def habit(by: str, run: Run, items: Items, mix: Floats, budgets: Sequence[float]) -> Floats | None:
    """[n] amounts: each lever has the part of every phase's budget that it has in `mix` [n], and within a lever money
    goes by a habit; None where there is nothing to go by."""
    phases = len(items.phases)
    segments = segments_of(run.scenario, run.portfolio, run.tables.axes)
    value = _value_today(central(run)) if by == VALUE else None
    today = our_customers(run.scenario, run.portfolio, segments, value)
    found = np.zeros(len(items))
    for f, budget in enumerate(budgets):
        spent = dict.fromkeys(items.levers, 0.0)
        for p, place in enumerate(items.places):
            spent[place.lever] += mix[items.at(p, f)]
        whole = sum(spent.values())
        for lever in items.levers:
            part = budget * (spent[lever] / whole if whole > 0 else 1.0 / len(spent))
            at = [p for p, place in enumerate(items.places) if place.lever == lever]
            names = tuple(items.places[p].segment for p in at)
            try:
                amounts = amounts_of(_spreading(lever, part, by, names), run.scenario, run.portfolio, today)
            except Impossible:
                return None
            for p in at:
                found[p * phases + f] = amounts[items.places[p].segment]
    return found


def central(run: Run) -> Run:
    """The run of the central values of inputs, where some are uncertain."""
    return run if run.drawn is None else run.drawn.central


def _value_today(run: Run) -> Floats:
    """[S] what our customers of today are worth in the status quo of a run."""
    return value_today(status_quo_of(run.scenario, run.portfolio, run.how, run.status_quo))


def budgets_of(items: Items, budget: float, spent: Floats) -> list[float]:
    """What habits split in every phase: the budget but for what is not decided; what is `spent` [n] without one."""
    if budget == inf:
        return [float(spent[f :: len(items.phases)].sum()) for f in range(len(items.phases))]
    return [max(budget - items.kept_in(phase), 0.0) for phase in items.phases]
