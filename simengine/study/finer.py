"""What it is worth to design the offer for more groups of customers: cells of one run, a number of groups each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice
from simengine.results.run import run
from simengine.scenario.allocation import Allocation, Design, Groups
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option
from simengine.tables.build import reference_allocation

GROUPS = (1, 2, 4, 8, 16)
UNIT_COST = 1.0  # of a group, money a year, where it costs nothing: so cells show what a cost is worth over the years


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

    def document(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        stated = {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name != "summary"}
        curves = [{**dataclasses.asdict(curve), "best": curve.best.groups} for curve in self.curves]
        return {**stated, "curves": curves}


def finer(
    scenario: Scenario,
    *,
    allocation: str | None = None,
    move: str | None = None,
    groups: Sequence[int] = GROUPS,
    cost_per_group: float | None = None,
    threads: int | None = None,
    memory: str | int | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Finer:
    """What designing for so many groups adds in each segment that chooses, one segment at a time.

    In expected mode, under `allocation` (`baseline`, else the first) and `move` (the first). What explains today's
    shares and churn is solved once, with one design a segment, and held: cells differ by the design alone. One group is
    today's design, at no cost; other designs of the allocation in these segments are left out. `cost_per_group` is
    money a year. Raises ScenarioError for names and numbers that the scenario cannot serve.
    """
    chosen = _named("--allocation", allocation, scenario.allocations) or reference_allocation(scenario)
    under = _named("--move", move, scenario.moves) or next(iter(scenario.moves))
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
    charged = cost_per_group or UNIT_COST
    designed = {
        name: _with_design(scenario, plain, segment, Groups(groups=number, cost_per_group=charged))
        for (segment, number), name in cells.items()
    }
    programmes = {change.like for change in scenario.moves[under] if change.like is not None} - {chosen}
    study = replace(
        scenario,
        allocations={chosen: plain, **designed, **{name: scenario.allocations[name] for name in sorted(programmes)}},
        moves={under: scenario.moves[under]},
        simulation=scenario.simulation.model_copy(update={"mode": "expected", "customer_values": False}),
    )
    done = run(
        study, to=chosen, threads=threads, memory=memory, reading=reading, progress=progress, notice=notice
    ).summary
    found_cells = {cell["allocation"]: cell for cell in done["cells"]}
    base, shares = found_cells[chosen], scenario.company.shares
    curves = tuple(
        Curve(
            segment,
            stated.tailoring,
            _steps(base, {n: found_cells[cells[segment, n]] for n in numbers[1:]}, segment, shares, cost_per_group),
        )
        for segment, stated in scenario.choosing.items()
    )
    return Finer(
        scenario.name, scenario.currency, chosen, under, scenario.company.knowledge, cost_per_group,
        base["value_per_share"]["mean"], done["exact"], curves, done,
    )  # fmt: skip


def _named(option: str, name: str | None, known: Sequence[str] | dict[str, Any]) -> str | None:
    if name is None or name in known:
        return name
    expected = f"one of the scenario's: {listed(known)}"
    raise ScenarioError([of_option(option, name, f"'{name}'", expected, did_you_mean(name, known))])


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
    base: dict[str, Any], cells: dict[int, dict[str, Any]], segment: str, shares: float, cost_per_group: float | None
) -> tuple[Step, ...]:
    """Steps of one segment from the cells of the run."""
    charged = cost_per_group or UNIT_COST
    value, before, cost = {1: 0.0}, {1: 0.0}, {1: 0.0}
    interval: dict[int, tuple[float, float] | None] = {1: None}
    for number, cell in cells.items():
        cost[number] = (base["segments"][segment]["programmes"] - cell["segments"][segment]["programmes"]) / shares
        value[number] = cell["difference"]["mean"]
        before[number] = value[number] + cost[number]
        if not cost_per_group:
            value[number] = before[number]
        ci95 = cell["difference"]["ci95"]
        interval[number] = None if ci95 is None else (ci95[0] + cost[number], ci95[1] + cost[number])
    # What one unit of money a year costs over the years, per share.
    unit = next((cost[number] / (number * charged) for number in cells), 0.0)
    steps = [Step(1, 0.0, None if cost_per_group is None else 0.0, None, None, None)]
    for fewer, more in pairwise([1, *cells]):
        gained = before[more] - before[fewer]
        groups_paid = more - (fewer if fewer > 1 else 0)  # today's design costs nothing more
        steps.append(
            Step(
                more,
                before[more],
                None if cost_per_group is None else value[more],
                interval[more],
                gained / (more - fewer),
                gained / (unit * groups_paid) if unit > 0 and gained > 0 else None,
            )
        )
    return tuple(steps)
