"""Today of a segment under contract, as stated and as the model has it."""

from __future__ import annotations

import numpy as np

from simengine.arithmetic import exp
from simengine.engine.ledger import Ledger
from simengine.model.conversion import converted_hazard
from simengine.portfolio.population import Portfolio
from simengine.portfolio.shifted_beta_geometric import ShiftedBetaGeometric
from simengine.results.check_probes import (
    TODAY,
    YEARS,
    known,
    revenue_of,
    rows_of,
)
from simengine.results.check_report import ContractCheck, ConversionCheck, Figure, Shapes
from simengine.scenario.calendar import MONTHS_PER_YEAR
from simengine.tables.conversion import Conversion
from simengine.tables.layout import CONVERTED, OUR_STATES, UNDER_CONTRACT, Tables

SURVIVAL_MONTHS = (12, 24, 36, 48, 60, 72)


def check_contract(
    s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger, conversion: Conversion | None
) -> ContractCheck:
    name = tables.axes.segments[s]
    hazards = portfolio.hazards[name]
    ours = float(ledger.count[TODAY, 0, 0, s, OUR_STATES].sum() / ledger.count_scale)
    monthly = hazards.survival
    return ContractCheck(
        segment=name,
        dynamics="contract",
        customers=Figure(float(portfolio.population.weight[rows_of(tables, s)].sum()), ours),
        revenue=revenue_of(s, portfolio, tables, ledger),
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
    hazards, rows = portfolio.hazards[tables.axes.segments[s]], rows_of(tables, s)
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
    return Shapes(parameters.alpha, parameters.beta, *(known(error) for error in errors))


def _survival(s: int, state: int, months: int, tables: Tables) -> float:
    """Fraction of new customers, UNDER_CONTRACT or CONVERTED, still there after some months, by the hazards of the
    simulated periods."""
    months_per_period = MONTHS_PER_YEAR // tables.axes.periods_per_year
    own, other = tables.segments.hazard[s][:, :months:months_per_period].sum(axis=1).tolist()
    hazard = converted_hazard(own, other, float(tables.segments.causal[s])) if state == CONVERTED else own
    return float(exp(-hazard))
