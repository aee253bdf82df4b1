"""What a scenario says of a segment against what its customer file holds: checks that return problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simengine.luck import MOST_NEWCOMERS
from simengine.portfolio.customers import OURS, Customers
from simengine.scenario.problems import Problem
from simengine.scenario.segment import RevenueSegment
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

SIZE_TOLERANCE = 0.005  # relative, between a stated size and the file's weights
SHARE_TOLERANCE = 0.005  # absolute, between a stated share and the file's
STATED = "stated"  # customers without a file, who are drawn one by one in either mode
MOST_CUSTOMERS = 100_000_000  # rows that are simulated one by one


def missing_inputs(scenario: Scenario, name: str, rows: Customers | None) -> list[Problem]:
    """What neither the segment nor a column of the file says, though a population needs it."""
    segment, path = scenario.segments[name], ("segments", name)
    problems = []
    if rows is None and segment.size is None:
        found = "no customers of the segment" if scenario.portfolio else "neither a size nor a customer file"
        problems.append(scenario.problem(path, found, "size: how many customers the segment has"))
    if isinstance(segment, RevenueSegment) and segment.revenue is None and (rows is None or rows.revenue is None):
        problems.append(scenario.problem(path, "no revenue", "revenue: {lognormal: {mean, cv}} or a number, a year"))
    if segment.dynamics == "choice" and scenario.needs and not segment.needs and (rows is None or rows.needs is None):
        problems.append(scenario.problem(path, "no needs", "needs: the weight of each, summing to 1"))
    return problems


def unlike_size(scenario: Scenario, name: str, customers: float, whose: str) -> list[Problem]:
    """A stated `size` that differs from the customers there are; more of them than can be simulated."""
    size, path = scenario.segments[name].size, ("segments", name, "size")
    if customers > MOST_CUSTOMERS and (scenario.simulation.mode == "sampled" or whose == STATED):
        expected = f"at most {MOST_CUSTOMERS:,} customers simulated one by one"
        hint = "use mode: expected, and a customer file with weights"
        return [scenario.problem(path, f"{customers:,.0f} customers", expected, hint)]
    if size is None or abs(size - customers) <= SIZE_TOLERANCE * customers:
        return []
    return [scenario.problem(path, f"{size:,}", f"{customers:,.0f}: {whose}", "leave the size out")]


def too_many_newcomers(scenario: Scenario, name: str, customers: float, so_far: NDArray[np.float64]) -> list[Problem]:
    """More who enter than have an address, or than can be simulated; `so_far` [T + 1] counts them."""
    segment = scenario.segments[name]
    path = ("segments", name, *(("growth",) if segment.dynamics == "choice" else ("newcomers", "per_year")))
    most, total = float(np.diff(so_far).max(initial=0.0)), customers + float(so_far[-1])
    if most > MOST_NEWCOMERS:
        found = f"{most:,.0f} newcomers in a {scenario.calendar.step}"
        expected = f"at most {MOST_NEWCOMERS:,}"
    elif so_far[-1] and total > MOST_CUSTOMERS:
        found = f"{total:,.0f} customers at the end, newcomers included"
        expected = f"at most {MOST_CUSTOMERS:,}"
    else:
        return []
    return [scenario.problem(path, found, expected, "fewer periods, less growth, or a smaller sample of the market")]


def unlike_shares(scenario: Scenario, name: str, rows: Customers) -> list[Problem]:
    """Stated shares that differ from those of a file which names suppliers."""
    segment = scenario.segments[name]
    assert segment.dynamics == "choice"
    assert rows.supplier is not None
    if segment.shares is None:
        return []
    weights = np.bincount(rows.supplier, rows.weight, minlength=len(scenario.suppliers))
    problems = []
    for supplier, weight in zip(scenario.suppliers, weights.tolist(), strict=True):
        stated, share = segment.shares.get(supplier, 0.0), weight / weights.sum()
        if abs(stated - share) > SHARE_TOLERANCE:
            path = ("segments", name, "shares", supplier)
            expected = f"{percent(share)}: the share in the customer file, to within half a point"
            problems.append(scenario.problem(path, percent(stated), expected))
    return problems


def own_share(scenario: Scenario, name: str) -> list[Problem]:
    """A file of our customers only must be told what share of the market they are."""
    segment = scenario.segments[name]
    assert segment.dynamics == "choice"
    if segment.shares is None:
        expected = "shares: of us, rivals and none, since the customer file holds only our customers"
        return [scenario.problem(("segments", name), "no shares", expected)]
    return []


def only_ours(rows: Customers) -> bool:
    """Whether the file's rows of a segment are all customers of ours."""
    return rows.supplier is None or bool((rows.supplier == OURS).all())
