"""Today of a segment whose customers buy till they are gone, as its parameters say and as the model has it."""

from __future__ import annotations

import numpy as np

from simengine.engine.buying import live_on
from simengine.engine.kinds import kinds_of
from simengine.engine.ledger import Ledger
from simengine.engine.pool import Pool
from simengine.portfolio.population import ALIVE, Portfolio
from simengine.results.check_probes import TODAY, YEARS, rows_of
from simengine.results.check_report import BuyingCheck, Figure
from simengine.tables.layout import OUR_STATES, Floats, Tables


def check_buying(s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger) -> BuyingCheck:
    """Without newcomers, as a check is."""
    law, rows, population = tables.segments.buying[s], rows_of(tables, s), portfolio.population
    assert law is not None
    kind, kinds = kinds_of(tables, population)
    years = np.array(YEARS, np.float64)[:, None]
    alive, rate = live_on(
        law, kinds[s], np.zeros((1, 1)), np.zeros(len(YEARS), np.int64), 0.0 * years, years, Pool(1)
    )  # [years, 1, kind], in one step of so many years
    now = population.weight[rows] * population.history[rows, ALIVE]
    kept = (alive[:, 0, kind[rows]] * now).sum(axis=1)
    brought = (rate[:, 0, kind[rows]] * now * population.revenue[rows]).sum(axis=1) * years[:, 0]
    return simulated(
        s, "buy-till-you-die", float(population.weight[rows].sum()), float(now.sum()), brought, kept, tables, ledger
    )


def simulated(
    s: int, dynamics: str, known: float, customers: float, revenue: Floats, kept: Floats, tables: Tables, ledger: Ledger
) -> BuyingCheck:
    """What a law says of today's customers, of `revenue` and who is `kept` within `YEARS`, beside the simulation."""
    count = ledger.count[TODAY, 0, :, s, OUR_STATES].sum(axis=(1, 2)) / ledger.count_scale
    money = ledger.revenue[TODAY, 0, 1:, s, OUR_STATES].sum(axis=(1, 2)) / ledger.money_scale
    ends = [each * tables.axes.periods_per_year for each in YEARS]
    brought = [float(money[:end].sum() * tables.axes.years_per_period) for end in ends]
    left = [float(count[end]) for end in ends]
    return BuyingCheck(
        segment=tables.axes.segments[s],
        dynamics=dynamics,
        known=known,
        customers=Figure(customers, float(count[0])),
        revenue={str(n): Figure(float(a), b) for n, a, b in zip(YEARS, revenue, brought, strict=True)},
        kept={str(n): Figure(float(a), b) for n, a, b in zip(YEARS, kept, left, strict=True)},
    )
