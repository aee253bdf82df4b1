"""Today of a segment whose customers choose among suppliers, as stated and as the model has it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic import log
from simengine.engine.ledger import Ledger
from simengine.portfolio.population import Portfolio
from simengine.results.check_probes import (
    CHEAP,
    CHEAPER,
    DEAR,
    DEARER,
    NO_RETURN,
    TODAY,
    YEARS,
    known,
    revenue_of,
    rows_of,
)
from simengine.results.check_report import ChoiceCheck, Figure
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import OUR_STATES, Axes, Tables, by_supplier


def check_choice(s: int, portfolio: Portfolio, tables: Tables, scenario: Scenario, ledger: Ledger) -> ChoiceCheck:
    axes, segments = tables.axes, tables.segments
    counts = ledger.count[:, 0, :, s].sum(axis=-1) / ledger.count_scale  # [C, T + 1, states]
    ours = counts[..., OUR_STATES].sum(axis=-1)
    held = by_supplier(counts[TODAY])
    shares = held / held[0].sum()
    stated = [known(share) for share in segments.shares[s]]
    in_a_year = [known(share) for share in segments.shares[s] * (1.0 + segments.share_trend[s])]
    size = float(portfolio.population.weight[rows_of(tables, s)].sum())
    as_stated, moving = scenario.segments[axes.segments[s]], segments.need_states[s]
    growth = as_stated.growth if isinstance(as_stated, ChoiceSegment) else 0.0
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
        growth=growth,
        churn=Figure(known(segments.churn[s]), _churn(ours[NO_RETURN], axes)),
        revenue=revenue_of(s, portfolio, tables, ledger),
        drift=float(np.abs(shares - shares[0]).max()),
        own_price_elasticity={str(years): _elasticity(ours, years, axes) for years in YEARS},
        need_states={} if moving is None else dict(zip(moving.names, moving.share.tolist(), strict=True)),
    )


def _churn(ours: NDArray[np.float64], axes: Axes) -> float:
    """Fraction of our opening customers gone after a year in which nobody returns; `ours` is [T + 1]."""
    return float(1.0 - ours[axes.periods_per_year] / ours[0])


def _elasticity(ours: NDArray[np.float64], years: int, axes: Axes) -> float:
    """Relative change of our customers over that of our price, some years after it; `ours` is [C, T + 1]."""
    later = ours[:, years * axes.periods_per_year]
    return float(log(later[DEAR] / later[CHEAP]) / log(DEARER / CHEAPER))
