"""What it is worth to design the offer for more groups of customers: cells of one run, a number of groups each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from simengine.results.prepare import reference_of
from simengine.results.run import run
from simengine.scenario.allocation import Allocation, Design, Groups
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError
from simengine.study.studied import cell_of, only

GROUPS = (1, 2, 4, 8, 16)
TRIAL_COST = 1000.0  # of a group, money a year, where none is stated: what it is worth shows what any cost is


@dataclass(frozen=True)
class Step:
    """A number of groups in one segment. Values are per share, against the offer designed for the mean customer."""

    groups: int
    before_costs: float
    value: float | None  # after the groups' costs; None where no cost is stated
    ci95: tuple[float, float] | None  # of what is gained before costs; None where nothing is random
    next_group: float | None  # what a group more adds before costs, on the way from the step before
    break_even: float | None  # most that a group may cost for that way to pay, money a year; None if it never does


@dataclass(frozen=True)
class Curve:
    """What finer designs are worth in one segment."""

    segment: str
    tailoring: float
    steps: tuple[Step, ...]

    @property
    def best(self) -> Step:
        """The number of groups that is worth most, after costs where they are stated; the smallest of equals."""
        return max(self.steps, key=lambda each: (each.before_costs if each.value is None else each.value, -each.groups))


@dataclass(frozen=True)
class Finer:
    """What finer designs are worth under one allocation and move."""

    scenario: str
    currency: str
    allocation: str
    move: str
    knowledge: float  # ours today
    cost_per_group: float | None  # money a year
    value_per_share: float  # with the offer designed for the mean customer
    exact: bool
    curves: tuple[Curve, ...]
    summary: dict[str, Any]  # of the run

    @property
    def design(self) -> dict[str, dict[str, float]]:
        """What is worth most in every segment, as an allocation states it; empty if no cost is stated or none pays."""
        if self.cost_per_group is None:
            return {}
        best = {curve.segment: curve.best.groups for curve in self.curves if curve.best.groups > 1}
        return {segment: {"groups": n, "cost_per_group": self.cost_per_group} for segment, n in best.items()}

    @property
    def document(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        stated = {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "summary"}
        curves = [{**dataclasses.asdict(curve), "best": curve.best.groups} for curve in self.curves]
        return {**stated, "profiles": self.summary["profiles"], "curves": curves, "design": self.design}


def finer(
    scenario: Scenario,
    *,
    allocation: str | None = None,
    move: str | None = None,
    groups: Sequence[int] = GROUPS,
    cost_per_group: float | None = None,
    **how: Any,
) -> Finer:
    """What designing for so many groups adds in each segment that chooses, one segment at a time.

    In expected mode, under `allocation` (`baseline`, else the first) and `move` (the first). What explains today's
    shares and churn is solved once, with one design a segment, and held: cells differ by the design alone. One group is
    today's design, at no cost; other designs of the allocation in these segments are left out. `cost_per_group` is
    money a year. What else `run` takes, `how` it is run, may be given too. Raises ScenarioError for names and numbers
    that the scenario cannot serve.
    """
    chosen, under = cell_of(scenario.allocations, scenario.moves, reference_of(scenario, None), allocation, move)
    numbers = sorted({1, *groups})
    if not scenario.choosing:
        found, expected = "no segment in which customers choose", "a segment with needs, shares and churn"
        raise ScenarioError([scenario.problem(("segments",), found, expected, "contracts have no design")])
    cells = {
        (segment, number): f"{chosen}: {number} groups of {segment}"
        for segment in scenario.choosing
        for number in numbers[1:]
    }
    plain = _without_designs(scenario, scenario.allocations[chosen])
    designed = {
        name: _with_design(scenario, plain, segment, Groups(groups=number, cost_per_group=cost_per_group or 0.0))
        for (segment, number), name in cells.items()
    }
    # One group is today's design: this cell differs from the plain one by its cost alone.
    first, trial, cost = next(iter(scenario.choosing)), f"{chosen}: the cost of a group", cost_per_group or TRIAL_COST
    designed[trial] = _with_design(scenario, plain, first, Groups(groups=1, cost_per_group=cost))
    few = only(scenario, (chosen,), under)
    study = replace(
        few,
        allocations={**few.allocations, chosen: plain, **designed},
        simulation=few.simulation.model_copy(update={"mode": "expected"}),
    )
    done = run(study, to=chosen, spread=False, **how).summary
    found_cells = {cell["allocation"]: cell for cell in done["cells"]}
    base = found_cells[chosen]
    paid = base["segments"][first]["programmes"] - found_cells[trial]["segments"][first]["programmes"]
    curves = tuple(
        Curve(
            segment,
            stated.tailoring,
            _steps(
                {number: found_cells[cells[segment, number]]["difference"] for number in numbers[1:]},
                paid / cost / scenario.company.shares,
                cost_per_group,
            ),
        )
        for segment, stated in scenario.choosing.items()
    )
    return Finer(
        scenario.name, scenario.currency, chosen, under, scenario.company.knowledge, cost_per_group,
        base["value_per_share"]["mean"], done["exact"], curves, done,
    )  # fmt: skip


def _without_designs(scenario: Scenario, allocation: Allocation) -> Allocation:
    """An allocation with today's design in every segment that chooses."""
    kept = []
    for design in allocation.designs:
        groups = {segment: each for segment, each in design.groups.items() if segment not in scenario.choosing}
        kept += [replace(design, groups=groups)] if groups else []
    return replace(allocation, designs=tuple(kept))


def _with_design(scenario: Scenario, allocation: Allocation, segment: str, groups: Groups) -> Allocation:
    design = Design(start=0, end=scenario.calendar.periods, groups={segment: groups}, path=("segments",))
    return replace(allocation, designs=(*allocation.designs, design))


def _steps(
    differences: dict[int, dict[str, Any]], worth_of_cost: float, cost_per_group: float | None
) -> tuple[Step, ...]:
    """Steps of one segment, from what numbers of groups gain a share after costs, {number: {mean, ci95}}.

    `worth_of_cost` is what one unit of money a year costs a share, over all years and after tax.
    """
    steps = [Step(1, 0.0, None if cost_per_group is None else 0.0, None, None, None)]
    for number, difference in differences.items():
        cost = number * (cost_per_group or 0.0) * worth_of_cost
        before, ci95 = difference["mean"] + cost, difference["ci95"]
        last = steps[-1]
        gained = before - last.before_costs
        paid = number - (last.groups if last.groups > 1 else 0)  # groups; today's design costs nothing more
        steps.append(
            Step(
                number,
                before,
                None if cost_per_group is None else difference["mean"],
                None if ci95 is None else (ci95[0] + cost, ci95[1] + cost),
                gained / (number - last.groups),
                gained / (worth_of_cost * paid) if gained > 0 else None,
            )
        )
    return tuple(steps)
