"""Whether the model starts as the company's own figures say, and stays there until somebody acts.

Everything is measured on an expected-mode simulation of ten years with today's spend and no moves.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from simengine.engine.profiles import Profiles
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.results.check_choice import check_choice
from simengine.results.check_contract import check_contract
from simengine.results.check_probes import (
    TODAY,
    YEARS,
    with_probes,
)
from simengine.results.check_report import CheckReport
from simengine.results.compiling import say_if_compiling
from simengine.results.prepare import (
    Notice,
    open_market,
    options_of,
    tell,
)
from simengine.results.profiles import Lived, live_on_profiles
from simengine.results.proportion import in_proportion
from simengine.results.warnings import equity_per_share, warnings_of_values
from simengine.scenario.allocation import Allocation
from simengine.scenario.calendar import Calendar
from simengine.scenario.contract import Newcomers
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment, ContractSegment
from simengine.tables.build import build
from simengine.tables.conversion import conversions_of
from simengine.valuation.value import value


def check(
    scenario: Scenario,
    *,
    threads: int | None = None,
    rejects: Path | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> CheckReport:
    """Compare today as stated with today as modelled. Arguments are those of `run`, and so are errors."""
    quiet = _decade_of_today(scenario)
    options = options_of(quiet, threads)._replace(mode="expected", replications=1, customer_cells=())
    say_if_compiling(notice, quiet, options.mode)
    portfolio = load_portfolio(quiet, rejects=rejects, progress=reading)
    tell(notice, portfolio.notices)
    tables = with_probes(build(quiet, portfolio))

    def live(profiles: Profiles) -> Lived:
        opening = open_market(quiet, profiles.tables, profiles.population, options)
        ledger = simulate(opening, profiles.tables, profiles.population, options, progress)
        return Lived(profiles, opening, ledger)

    bound = scenario.simulation.profile_error if scenario.simulation.mode == "expected" else 0.0
    with in_proportion(scenario, portfolio):
        lived, merging = live_on_profiles(tables, portfolio.population, bound, options.workers, live)
    tell(notice, merging.notices)
    tables, ledger = lived.profiles.tables, lived.ledger
    portfolio = portfolio._replace(population=lived.profiles.population)
    conversions = conversions_of(quiet)
    segments = (
        check_contract(s, portfolio, tables, ledger, conversions.get(tables.axes.segments[s]))
        if tables.segments.contract[s]
        else check_choice(s, portfolio, tables, scenario, ledger)
        for s in range(len(tables.axes.segments))
    )
    with in_proportion(scenario, portfolio):
        equity = equity_per_share(value(ledger, tables.economics, tables.axes))[TODAY]
    warnings = warnings_of_values(scenario, {f"over {max(YEARS)} years in which nobody acts": equity})
    return CheckReport(scenario.name, scenario.currency, tuple(segments), warnings)


def _decade_of_today(scenario: Scenario) -> Scenario:
    """The same market for ten years, with today's spend, no moves and no newcomers."""
    calendar = scenario.calendar
    periods = max(YEARS) * calendar.periods_per_year
    return dataclasses.replace(
        scenario,
        calendar=Calendar(start=calendar.start, step=calendar.step, periods=periods),
        segments={name: _without_newcomers(segment) for name, segment in scenario.segments.items()},
        allocations={"today": Allocation(fundings={})},
        moves={"quiet": ()},
    )


def _without_newcomers(segment: ChoiceSegment | ContractSegment) -> ChoiceSegment | ContractSegment:
    none = {"growth": 0.0} if isinstance(segment, ChoiceSegment) else {"newcomers": Newcomers()}
    return segment.model_copy(update=none)
