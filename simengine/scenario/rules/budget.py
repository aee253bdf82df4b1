"""The budget: allocations that are compared spend the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from simengine.scenario.allocation import Allocation, Outlay
from simengine.scenario.draft import Draft
from simengine.scenario.lever import Lever
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.resolve import ancestry, resolve_allocation
from simengine.scenario.rules.levers import acting_segments
from simengine.scenario.units import write_number

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

BASELINE = "baseline"
ROUNDING = 1e-9  # relative: sums of money that differ by less are the same


def fail_if_an_allocation_differs_from_the_budget(d: Draft) -> Iterator[Problem]:
    budget = d.file.budget
    if budget is None or not all(d.sound(block) for block in ("calendar", "segments", "levers", "allocations")):
        return
    for name in d.file.allocations:
        if name == BASELINE or any(d.file.allocations[each].shift for each in ancestry(name, d.file.allocations)):
            continue
        try:
            allocation = resolve_allocation(name, d.file.allocations, d.file.calendar, partial(acting_segments, d))
        except ValueError:
            continue  # told by the rule on dates
        outlays = list(allocation.outlays())
        if not all(o.lever in d.file.levers and set(o.segments) <= d.file.segments.keys() for o in outlays):
            continue  # told by the rules on names: what was meant is not known
        spend = spend_by_lever(d.file.levers, allocation, allocation.last_start)
        total = _total(spend)
        if abs(total - budget) <= ROUNDING * budget:
            continue
        parts = (f"{lever} {money(now + today)}{_as_today(now, today)}" for lever, (now, today) in spend.items())
        since = f" from {d.file.calendar.labels[allocation.last_start]}" if allocation.last_start else ""
        more = "more" if total < budget else "less"
        yield d.source.problem(
            ("allocations", name),
            found=f"{money(total)} a year{since}: {listed(parts, 'and') or 'no spend'}",
            expected=f"the budget, {money(budget)} a year",
            suggestion=_perhaps_baseline(d, name, outlays)
            or f"spend {money(abs(total - budget))} a year {more}, or leave the budget out",
            at_key=True,
        )


def _perhaps_baseline(d: Draft, name: str, outlays: list[Outlay]) -> str:
    """What to write if it spends as today and is called almost as the allocation that may."""
    return "" if outlays or BASELINE in d.names("allocations") else did_you_mean(name, [BASELINE])


def warn_if_a_phase_exceeds_the_budget(scenario: Scenario) -> Iterator[Problem]:
    """The budget is compared once the last phase has begun: on the way there any sum may be spent."""
    budget, labels = scenario.budget, scenario.calendar.labels
    if budget is None:
        return
    most = max(budget, sum(sum(lever.today.values()) for lever in scenario.levers.values())) * (1 + ROUNDING)
    for name, allocation in scenario.allocations.items():
        if name == BASELINE:
            continue
        spend = [_total(spend_by_lever(scenario.levers, allocation, at)) for at in range(scenario.calendar.periods)]
        phases = [(total, list(periods)) for total, periods in groupby(range(len(spend)), spend.__getitem__)]
        over = [
            f"{money(total)} a year from {labels[at[0]]} until {labels[at[-1]]}" for total, at in phases if total > most
        ]
        if over:
            yield scenario.problem(
                ("allocations", name),
                listed(over, "and"),
                f"at most the budget, {money(budget)} a year, in every period: it is compared from "
                f"{labels[allocation.last_start]} on",
                "spend less then, if what is spent first is part of the comparison",
            )


def _total(spend: Mapping[str, tuple[float, float]]) -> float:
    return sum(now + today for now, today in spend.values())


def spend_by_lever(levers: Mapping[str, Lever], allocation: Allocation, at: int) -> dict[str, tuple[float, float]]:
    """(what the allocation states, what stays as today) of every lever with any in the period `at`, money a year."""
    spend = {}
    for name, lever in levers.items():
        stated = allocation.stated(name, at)
        budgets = (*allocation.spreads, *allocation.boards)
        spreads = [each for each in budgets if each.lever == name and each.start <= at < each.end]
        funded = {*stated, *(segment for each in spreads for segment in each.segments)}
        now = sum(stated.values()) + sum(each.budget for each in spreads)
        today = sum(amount for segment, amount in lever.today.items() if segment not in funded)
        if funded or today:
            spend[name] = (now, today)
    return spend


def _as_today(now: float, today: float) -> str:
    if not today:
        return ""
    return f" ({money(today)} of it as today)" if now else " (as today)"


def money(amount: float) -> str:
    """An amount as people write it, 19M, 1.25M, 400k, without what is left of rounding in sums."""
    return write_number(float(f"{amount:.9g}"), large=True)
