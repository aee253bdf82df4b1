"""What waiting costs: the same allocation, begun later and later, alone and while a rival has begun it already."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from simengine.model.time import rate_per_period
from simengine.results.prepare import reference_of
from simengine.results.run import Run, run
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option
from simengine.scenario.resolve import later
from simengine.scenario.rules.rival_programmes import beyond_rivals
from simengine.study.studied import cell_of, only
from simengine.valuation.risk import Summary, summarise

YEARS = 5  # of waiting, a year at a time, unless said otherwise


class Amount(NamedTuple):
    """Per share, currency of today; None where nothing is random."""

    mean: float
    ci95: tuple[float, float] | None


@dataclass(frozen=True)
class Wait:
    """What comes of beginning so many periods later; against beginning at once, both while others do the same."""

    periods: int
    begins: str | None  # the period; None: after the calendar
    value_per_share: float
    lost: Amount  # by all of the waiting
    lost_of_the_year: float  # the same in money of the time at which it begins
    lost_value: float  # of all shares, in money of today
    lost_per_period: Amount | None  # by the periods since the wait before it, each
    lost_more_than_alone: Amount | None  # None where nobody else begins
    share_end: float  # ours of all customers, at the end


@dataclass(frozen=True)
class Company:
    """Who begins the same allocation at once: a rival, or None: we are alone."""

    rival: str | None
    worth: Amount  # of beginning at once, against the reference
    costs: Amount | None  # what it costs us that the rival begins, if we begin at once, too; None: we are alone
    waits: tuple[Wait, ...]


@dataclass(frozen=True)
class Delay:
    """What waiting costs under one move."""

    scenario: str
    currency: str
    allocation: str
    to: str  # the reference: what is done instead
    move: str
    begins: str  # the period, if nobody waits
    years_per_period: float
    discount_rate: float  # a year
    mode: str
    seed: int
    replications: int
    exact: bool
    profiles: dict[str, Any] | None  # how customers were merged, in expected mode
    shares: float
    alone: Company
    rivals: tuple[Company, ...]
    cannot: str  # why no rival can begin it, "" where some can

    @property
    def document(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {each.name: _plain(getattr(self, each.name)) for each in dataclasses.fields(self)}


def delay(
    scenario: Scenario,
    *,
    allocation: str | None = None,
    by: Sequence[int] | None = None,
    move: str | None = None,
    rivals: Sequence[str] | None = None,
    to: str | None = None,
    **how: Any,
) -> Delay:
    """What it costs to begin `allocation` later, by so many periods each (`by`; up to five years unless given).

    Cells of one run with the same luck: the allocation shifted, under `move` (the first unless given) as it is, and
    with each of the `rivals` (all that can, unless given) running the same programme from when we would begin, scaled
    and charged to it as by `like`. `to` is what beginning is compared with (`baseline`, else the first). What else
    `run` takes, `how` it is run, may be given too. Raises ScenarioError.
    """
    reference = reference_of(scenario, to)
    chosen, under = _begun(scenario, reference, allocation, move)
    stated = scenario.allocations[chosen]
    starts = [*stated.starts, *(each.start for each in stated.initiatives.values())]
    begins, periods = min(starts, default=0), scenario.calendar.periods
    waits = _waits(scenario, begins, by)
    who, cannot = _rivals(scenario, chosen, rivals)
    names = {k: chosen if k == 0 else f"{chosen}, {k} later" for k in waits}
    shifted = {name: later(stated, k, periods) if k else stated for k, name in names.items()}
    companies = {rival: under if rival is None else f"{under}, {rival} begins" for rival in (None, *who)}
    changes = scenario.moves[under]
    few = only(scenario, (reference,), under)
    study = replace(
        few,
        allocations=few.allocations | shifted,
        moves={
            name: changes if rival is None else (*changes, _programme(scenario, rival, chosen, begins))
            for rival, name in companies.items()
        },
    )
    done = _Done(run(study, to=reference, spread=False, **how))
    alone = done.company(None, reference, names, under, under, begins)
    return Delay(
        scenario.name, scenario.currency, chosen, reference, under, scenario.calendar.labels[begins],
        scenario.calendar.years_per_period, scenario.company.discount_rate, done.run.options.mode,
        done.run.options.seed, done.run.valuation.replications, done.run.exact,
        done.run.profiles, scenario.company.shares, alone,
        tuple(done.company(rival, reference, names, companies[rival], under, begins) for rival in who), cannot,
    )  # fmt: skip


def _begun(scenario: Scenario, reference: str, allocation: str | None, move: str | None) -> tuple[str, str]:
    """The allocation that may begin later, and the move."""
    others = [name for name in scenario.allocations if name != reference]
    if allocation is None and len(others) != 1:
        found = "no allocation that is named" if others else f"no allocation besides `{reference}`"
        expected = f"the one that may begin later: {listed(others)}" if others else "one that may begin later"
        raise ScenarioError([of_option("--allocation", "", found, expected)])
    return cell_of(scenario.allocations, scenario.moves, reference, allocation or others[0], move)


def _waits(scenario: Scenario, begins: int, by: Sequence[int] | None) -> list[int]:
    """Periods of waiting in rising order; 0 first, for all are compared with it."""
    a_year, most = scenario.calendar.periods_per_year, scenario.calendar.periods - begins
    stated = [k for k in range(0, YEARS * a_year + 1, a_year) if k <= most] if by is None else by
    if beyond := [k for k in stated if not 0 <= k <= most]:
        text = listed(map(str, beyond), "and")
        raise ScenarioError([of_option("--by", text, text, f"periods from 0 to {most}, the end of the calendar")])
    waits = sorted({0, *stated})
    if len(waits) == 1:
        raise ScenarioError([of_option("--by", "", "no periods of waiting", "some, such as 0:20 or 0:20:4")])
    return waits


def _rivals(scenario: Scenario, chosen: str, stated: Sequence[str] | None) -> tuple[tuple[str, ...], str]:
    """The rivals who begin first; or why none of them can."""
    for name in stated or ():
        if name not in scenario.rivals:
            expected = f"a rival: {listed(scenario.rivals)}" if scenario.rivals else "none: the scenario has no rivals"
            hint = did_you_mean(name, scenario.rivals)
            raise ScenarioError([of_option("--rival", name, f"'{name}'", expected, hint)])
    cannot: dict[str, str] = {}
    for rival in stated or scenario.rivals:
        where = {name: each for name, each in scenario.choosing.items() if rival in each.available}
        without_shares = [name for name, each in where.items() if each.shares is None]
        if refused := beyond_rivals(scenario.allocations[chosen], scenario.levers, where):
            cannot[rival] = f"`{chosen}` has {listed(refused, 'and')}, which no rival can run"
        elif without_shares:
            cannot[rival] = f"shares of today are not stated in {listed(without_shares, 'and')}"
        elif not where:
            cannot[rival] = f"{rival} serves no segment in which customers choose"
    if stated and cannot:
        problems = [of_option("--rival", name, why, "a programme that rivals can run") for name, why in cannot.items()]
        raise ScenarioError(problems)
    can = tuple(dict.fromkeys(rival for rival in stated or scenario.rivals if rival not in cannot))
    return can, "" if can else next(iter(cannot.values()), "the scenario has no rivals")


def _programme(scenario: Scenario, rival: str, allocation: str, begins: int) -> Change:
    return Change(
        who=rival, start=begins, end=scenario.calendar.periods, change={}, set={}, segments=tuple(scenario.segments),
        like=allocation, name=f"delay {rival}",
    )  # fmt: skip


class _Done:
    """The run, as the study reads it."""

    def __init__(self, finished: Run) -> None:
        self.run, self.valuation = finished, finished.valuation
        self.cells = {cell: c for c, cell in enumerate(finished.tables.axes.cells)}
        years = finished.scenario.calendar.years_per_period
        self.growth = 1.0 + rate_per_period(finished.scenario.company.discount_rate, years)

    def company(
        self, rival: str | None, reference: str, names: dict[int, str], move: str, alone: str, begins: int
    ) -> Company:
        """Of waiting under `move`; `alone` is the one in which nobody else begins."""
        at_once, labels = (names[0], move), self.run.scenario.calendar.labels
        waits, before = list[Wait](), 0
        for k, name in names.items():
            lost = self._lost((name, move), at_once)
            per_period = more = None
            if k:
                per_period = _per(self._lost((name, move), (names[before], move)), k - before)
                more = None if rival is None else self._lost((name, move), at_once, (name, alone), (names[0], alone))
            waits.append(
                Wait(
                    k,
                    labels[begins + k] if begins + k < len(labels) else None,
                    self._value((name, move)),
                    _amount(lost),
                    lost.mean * self._of_the_year(k),
                    lost.mean * self.valuation.shares,
                    per_period,
                    None if more is None else _amount(more),
                    self._share((name, move)),
                )
            )
            before = k
        costs = None if rival is None else _amount(self._lost(at_once, (names[0], alone)))
        return Company(rival, _amount(self._lost((reference, move), at_once)), costs, tuple(waits))

    def _lost(self, cell: tuple[str, str], at_once: tuple[str, str], *less: tuple[str, str]) -> Summary:
        """Per share, by being in a cell in place of another; less the same of two more cells. Exactly 0 if they are
        alike: it is taken in integers, replication by replication."""
        equity = self.valuation.equity
        lost = equity[self.cells[at_once]] - equity[self.cells[cell]]
        for other, sign in zip(less, (1, -1), strict=False):
            lost = lost + sign * equity[self.cells[other]]
        return summarise(lost, self.valuation.money_scale * self.valuation.shares, self.valuation.block)

    def _value(self, cell: tuple[str, str]) -> float:
        scale = self.valuation.money_scale * self.valuation.shares
        return summarise(self.valuation.equity[self.cells[cell]], scale).mean

    def _share(self, cell: tuple[str, str]) -> float:
        customers = self.valuation.customers_end[self.cells[cell]].sum(axis=(0, 1))  # [J]
        return float(customers[0] / customers.sum())

    def _of_the_year(self, periods: int) -> float:
        """What a unit of money of today is so many periods later, at the discount rate."""
        factor = 1.0
        for _ in range(periods):
            factor *= self.growth
        return factor


def _amount(found: Summary) -> Amount:
    return Amount(found.mean, found.ci95)


def _per(found: Summary, periods: int) -> Amount:
    ci95 = found.ci95
    return Amount(found.mean / periods, None if ci95 is None else (ci95[0] / periods, ci95[1] / periods))


def _plain(value: Any) -> Any:
    if isinstance(value, Amount):
        return {"mean": value.mean, "ci95": None if value.ci95 is None else list(value.ci95)}
    if dataclasses.is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
