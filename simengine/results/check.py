"""Whether the model starts as the company's own figures say, and stays there until somebody acts.

Everything is measured on an expected-mode simulation of ten years with today's spend and no moves.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import exp, log
from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.portfolio.progress import Progress, unseen
from simengine.portfolio.shifted_beta_geometric import ShiftedBetaGeometric
from simengine.results.compiling import kernels_of_simulation, kernels_of_today, say_if_compiling
from simengine.results.prepare import (
    Notice,
    open_market,
    options_of,
    tell,
)
from simengine.results.proportion import in_proportion
from simengine.results.warnings import equity_per_share, warnings_of_values
from simengine.scenario.allocation import Allocation
from simengine.scenario.calendar import MONTHS_PER_YEAR, Calendar
from simengine.scenario.contract import Newcomers
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem
from simengine.scenario.segment import ChoiceSegment, ContractSegment
from simengine.tables.build import build
from simengine.tables.conversion import Conversion, conversions_of
from simengine.tables.layout import CONVERTED, OUR_STATES, STAGES, UNDER_CONTRACT, Axes, Choice, Tables
from simengine.valuation.value import value

YEARS = (1, 3, 10)
SURVIVAL_MONTHS = (12, 24, 36, 48, 60, 72)
DEARER, CHEAPER = 1.01, 0.99  # our price over today's, on both sides of it
TODAY, DEAR, CHEAP, NO_RETURN = 0, 1, 2, 3  # cells


@dataclass(frozen=True)
class Figure:
    """One of today's figures, as stated (None if it is not) and as the model has it."""

    stated: float | None
    modelled: float


@dataclass(frozen=True)
class ChoiceCheck:
    """Today of a segment whose customers choose among suppliers."""

    segment: str
    dynamics: str
    market_size: float  # customers
    customers: Figure  # ours
    shares: dict[str, Figure]  # by supplier, of the market
    shares_in_a_year: dict[str, Figure]  # the same a year on if nobody acts
    share_trend: bool  # whether shares are stated to change in the first year
    churn: Figure  # fraction of ours who leave within a year
    revenue: Figure  # mean of ours, currency a year
    drift: float  # largest change of any share within ten years in which nobody acts
    own_price_elasticity: dict[str, float]  # of our customers, by years since the price changed


@dataclass(frozen=True)
class Shapes:
    """The parameters, of a year, of a hazard that falls with tenure; None beside alpha and beta: they are stated."""

    alpha: float
    beta: float
    alpha_standard_error: float | None
    beta_standard_error: float | None
    log_likelihood: float | None


@dataclass(frozen=True)
class ConversionCheck:
    """What is assumed of customers whom a lever converts to another contract."""

    to: str
    causal: float  # part of the difference in the hazard of leaving that they gain
    survival: dict[str, float]  # by months of tenure, of new customers were they converted from the start


@dataclass(frozen=True)
class ContractCheck:
    """Today of a segment of which only its own customers' hazard of leaving is known."""

    segment: str
    dynamics: str
    customers: Figure
    revenue: Figure  # mean, currency a year
    observed: int  # customers that the hazard was estimated from; 0 where it is stated
    churned: int  # and how many of them had left
    months_observed: int  # tenure up to which each month's hazard is estimated
    hazard_beyond_per_month: float | None  # and the constant one beyond; None where it keeps falling
    shifted_beta_geometric: Shapes | None  # in place of both
    survival: dict[str, Figure]  # by months of tenure: as estimated, and of the periods that are simulated
    kept: dict[str, Figure]  # customers left by years from now: by each one's own hazard, and as simulated
    conversion: ConversionCheck | None  # None where no lever converts


@dataclass(frozen=True)
class CheckReport:
    """Today, segment by segment."""

    scenario: str
    currency: str
    segments: tuple[ChoiceCheck | ContractCheck, ...]
    warnings: tuple[Problem, ...]  # what is still to be known

    def document(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return dataclasses.asdict(self)


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
    say_if_compiling(notice, *kernels_of_today(quiet), *kernels_of_simulation(quiet, options.mode))
    portfolio = load_portfolio(quiet, rejects=rejects, progress=reading)
    tell(notice, portfolio.notices)
    tables = _with_probes(build(quiet, portfolio))
    opening = open_market(quiet, tables, portfolio, options)
    ledger = simulate(opening, tables, portfolio.population, options, progress)
    conversions = conversions_of(quiet)
    segments = (
        _contract(s, portfolio, tables, ledger, conversions.get(tables.axes.segments[s]))
        if tables.segments.contract[s]
        else _choice(s, portfolio, tables, opening, ledger)
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


def _with_probes(tables: Tables) -> Tables:
    """The only cell of `tables` four times: as it is, our price a little up, a little down, and with nobody who is not
    ours ever reviewing, so that who leaves us stays away and can be counted."""
    ratios = (1.0, DEARER, CHEAPER, 1.0)

    def repeated(table: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(table, len(ratios), axis=0)

    choice, economics, run_off = tables.choice, tables.economics, tables.run_off
    coefficient = repeated(choice.coefficient)
    price_feature = len(tables.axes.needs)
    for cell, ratio in enumerate(ratios):
        coefficient[cell, :, ~tables.segments.contract, 0, price_feature] = 1.0 - ratio
    review = repeated(choice.review)
    review[NO_RETURN, ..., 1:] = 0.0
    return tables._replace(
        axes=tables.axes._replace(cells=tuple((f"probe {cell}", "quiet") for cell in range(len(ratios)))),
        choice=choice._replace(
            coefficient=coefficient,
            review=review,
            inertia=repeated(choice.inertia),
            hazard_factor=repeated(choice.hazard_factor),
            conversion=repeated(choice.conversion),
        ),
        economics=economics._replace(
            price_ratio=repeated(economics.price_ratio),
            wallet=repeated(economics.wallet),
            cost_to_serve=repeated(economics.cost_to_serve),
            programmes=repeated(economics.programmes),
            run_off_cost_to_serve=repeated(economics.run_off_cost_to_serve),
        ),
        run_off=run_off and run_off._replace(choice=Choice._make(repeated(table) for table in run_off.choice)),
        reference=np.zeros(len(ratios), np.int64),
    )


def _choice(s: int, portfolio: Portfolio, tables: Tables, opening: Opening, ledger: Ledger) -> ChoiceCheck:
    axes, segments = tables.axes, tables.segments
    counts = ledger.count[:, 0, :, s].sum(axis=-1) / ledger.count_scale  # [C, T + 1, states]
    ours = counts[..., OUR_STATES].sum(axis=-1)
    by_supplier = np.concatenate([ours[TODAY, :, None], counts[TODAY, :, len(STAGES) :]], axis=1)
    shares = by_supplier / by_supplier[0].sum()
    stated = [_known(share) for share in segments.shares[s]]
    in_a_year = [_known(share) for share in segments.shares[s] * (1.0 + segments.share_trend[s])]
    size = float(portfolio.population.weight[_rows(tables, s)].sum())
    return ChoiceCheck(
        segment=axes.segments[s],
        dynamics="choice",
        market_size=size,
        customers=Figure(None if stated[0] is None else stated[0] * size, float(ours[TODAY, 0])),
        shares={
            name: Figure(stated[j], float(shares[0, j]))
            for j, name in enumerate(axes.suppliers)
            if segments.available[s, j]
        },
        shares_in_a_year={
            name: Figure(in_a_year[j], float(shares[axes.periods_per_year, j]))
            for j, name in enumerate(axes.suppliers)
            if segments.available[s, j]
        },
        share_trend=bool(segments.share_trend[s].any()),
        churn=Figure(_known(segments.churn[s]), _churn(ours[NO_RETURN], axes)),
        revenue=_revenue(s, portfolio, tables, ledger),
        drift=float(np.abs(shares - shares[0]).max()),
        own_price_elasticity={str(years): _elasticity(ours, years, axes) for years in YEARS},
    )


def _churn(ours: NDArray[np.float64], axes: Axes) -> float:
    """Fraction of our opening customers gone after a year in which nobody returns; `ours` is [T + 1]."""
    return float(1.0 - ours[axes.periods_per_year] / ours[0])


def _elasticity(ours: NDArray[np.float64], years: int, axes: Axes) -> float:
    """Relative change of our customers over that of our price, some years after it; `ours` is [C, T + 1]."""
    later = ours[:, years * axes.periods_per_year]
    return float(log(later[DEAR] / later[CHEAP]) / log(DEARER / CHEAPER))


def _contract(
    s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger, conversion: Conversion | None
) -> ContractCheck:
    name = tables.axes.segments[s]
    hazards = portfolio.hazards[name]
    ours = float(ledger.count[TODAY, 0, 0, s, OUR_STATES].sum() / ledger.count_scale)
    monthly = hazards.survival
    return ContractCheck(
        segment=name,
        dynamics="contract",
        customers=Figure(float(portfolio.population.weight[_rows(tables, s)].sum()), ours),
        revenue=_revenue(s, portfolio, tables, ledger),
        observed=hazards.at_risk,
        churned=hazards.churned,
        months_observed=len(hazards.cumulative) - 1,
        hazard_beyond_per_month=hazards.monthly_beyond if hazards.parameters is None else None,
        shifted_beta_geometric=_shapes(hazards.parameters),
        survival={
            str(months): Figure(
                float(monthly[months]) if months < len(monthly) else None, _survival(s, UNDER_CONTRACT, months, tables)
            )
            for months in SURVIVAL_MONTHS
        },
        kept={str(years): _kept(s, years, portfolio, tables, ledger) for years in YEARS},
        conversion=None
        if conversion is None
        else ConversionCheck(
            conversion.to,
            conversion.causal,
            {str(months): _survival(s, CONVERTED, months, tables) for months in SURVIVAL_MONTHS},
        ),
    )


def _kept(s: int, years: int, portfolio: Portfolio, tables: Tables, ledger: Ledger) -> Figure:
    """Customers of the opening book who are left after some years."""
    hazards, rows = portfolio.hazards[tables.axes.segments[s]], _rows(tables, s)
    tenure, weight = portfolio.population.tenure_months[rows], portfolio.population.weight[rows]
    present = np.bincount(tenure, weight)
    cumulative = hazards.up_to(len(present) + MONTHS_PER_YEAR * years)
    left = sum(
        float(count) * float(exp(cumulative[months] - cumulative[months + MONTHS_PER_YEAR * years]))
        for months, count in enumerate(present)
    )
    simulated = ledger.count[TODAY, 0, years * tables.axes.periods_per_year, s, OUR_STATES].sum() / ledger.count_scale
    return Figure(left, float(simulated))


def _shapes(parameters: ShiftedBetaGeometric | None) -> Shapes | None:
    if parameters is None:
        return None
    errors = (parameters.alpha_error, parameters.beta_error, parameters.log_likelihood)
    return Shapes(parameters.alpha, parameters.beta, *(_known(error) for error in errors))


def _survival(s: int, state: int, months: int, tables: Tables) -> float:
    """Fraction of new customers, UNDER_CONTRACT or CONVERTED, still there after some months, by the hazards of the
    simulated periods."""
    months_per_period = MONTHS_PER_YEAR // tables.axes.periods_per_year
    return float(exp(-float(tables.segments.hazard[s][state - UNDER_CONTRACT, :months:months_per_period].sum())))


def _revenue(s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger) -> Figure:
    """Mean revenue a year of our customers: the scenario's or the customer file's, and the opening's."""
    count = ledger.count[TODAY, 0, 0, s, OUR_STATES].sum() / ledger.count_scale
    by_stage = ledger.revenue[TODAY, 0, 0, s, OUR_STATES].sum(axis=-1) / ledger.money_scale
    modelled = float((by_stage * tables.economics.stage_revenue[s]).sum() / count)
    stated = _known(tables.segments.stated_revenue[s])
    if stated is None:
        rows, population = _rows(tables, s), portfolio.population
        weight = np.where(population.supplier[rows] == 0, population.weight[rows], 0.0)
        total = float(weight.sum())
        stated = float((weight * population.revenue[rows]).sum()) / total if total else None
    return Figure(stated, modelled)


def _rows(tables: Tables, s: int) -> slice:
    return slice(int(tables.segments.rows[s]), int(tables.segments.rows[s + 1]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
