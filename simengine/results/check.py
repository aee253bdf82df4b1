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
from simengine.results.check_buying import check_buying
from simengine.results.check_choice import check_choice
from simengine.results.check_contract import check_contract
from simengine.results.check_markov import check_markov
from simengine.results.check_probes import (
    TODAY,
    YEARS,
    with_probes,
)
from simengine.results.check_report import BuyingCheck, CheckReport, ChoiceCheck, ContractCheck
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
from simengine.scenario.calendar import Calendar
from simengine.scenario.contract import Newcomers
from simengine.scenario.model import Scenario
from simengine.scenario.needs_drift import NeedsDrift
from simengine.scenario.segment import AnySegment, ChoiceSegment
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

    def check_segment(s: int) -> ChoiceCheck | ContractCheck | BuyingCheck:
        if tables.segments.choice[s]:
            return check_choice(s, portfolio, tables, scenario, ledger)
        if tables.segments.buying[s] is not None:
            return check_buying(s, portfolio, tables, ledger)
        if tables.segments.chain[s] is not None:
            return check_markov(s, portfolio, tables, ledger)
        return check_contract(s, portfolio, tables, ledger, conversions.get(tables.axes.segments[s]))

    segments = map(check_segment, range(len(tables.axes.segments)))
    with in_proportion(scenario, portfolio):
        equity = equity_per_share(value(ledger, tables.economics, tables.axes))[TODAY]
    warnings = warnings_of_values(scenario, {f"over {max(YEARS)} years in which nobody acts": equity})
    return CheckReport(scenario.name, scenario.currency, tuple(segments), _left_out(scenario), warnings)


def _decade_of_today(scenario: Scenario) -> Scenario:
    """The same market for ten years, with today's spend, no moves and no newcomers, moving by nothing of its own."""
    calendar = scenario.calendar
    periods = max(YEARS) * calendar.periods_per_year
    return dataclasses.replace(
        scenario.status_quo,
        simulation=scenario.simulation,
        calendar=Calendar(start=calendar.start, step=calendar.step, periods=periods),
        segments={name: _at_rest(segment) for name, segment in scenario.segments.items()},
        learning=None,
    )


def _at_rest(segment: AnySegment) -> AnySegment:
    if isinstance(segment, ChoiceSegment):
        return segment.model_copy(update={"growth": 0.0, "word_of_mouth": 0.0, "needs_drift": NeedsDrift()})
    return segment.model_copy(update={"newcomers": Newcomers()})


def _left_out(scenario: Scenario) -> tuple[str, ...]:
    """What moves a market by itself, is stated, and is not in what is measured."""
    choosing = [segment for segment in scenario.segments.values() if isinstance(segment, ChoiceSegment)]
    stated = {
        "shocks": scenario.market is not None,
        "drifting needs": any(segment.needs_drift.drifts for segment in choosing),
        "word of mouth": any(segment.word_of_mouth for segment in choosing),
        "learning": scenario.learning is not None,
    }
    return tuple(what for what, there in stated.items() if there)
