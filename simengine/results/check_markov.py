"""Today of a segment whose customers pass from state to state, by its probabilities and as simulated."""

from __future__ import annotations

import numpy as np

from simengine.engine.chain import openings
from simengine.engine.ledger import Ledger
from simengine.portfolio.population import STATE, Portfolio
from simengine.results.check_buying import simulated
from simengine.results.check_probes import YEARS, rows_of
from simengine.results.check_report import BuyingCheck
from simengine.tables.layout import Tables


def check_markov(s: int, portfolio: Portfolio, tables: Tables, ledger: Ledger) -> BuyingCheck:
    """Without newcomers, as a check is: powers of the matrix against the simulation."""
    law, rows, population = tables.segments.chain[s], rows_of(tables, s), portfolio.population
    assert law is not None
    weight = population.weight[rows]
    at = (openings(law, population.history[rows, STATE]) * weight[:, None]).sum(axis=0)
    base = float(population.revenue[rows][0]) * tables.axes.years_per_period
    now, kept, brought = float(at.sum()), [], [0.0]
    for _ in range(max(YEARS) * tables.axes.periods_per_year):
        kept.append(float(at.sum()))
        brought.append(brought[-1] + float((at * law.money).sum()) * base)
        at = (at[:, None] * law.next).sum(axis=0)
    ends = [each * tables.axes.periods_per_year for each in YEARS]
    revenue, left = np.array([brought[end] for end in ends]), np.array([kept[end - 1] for end in ends])
    return simulated(s, "markov", float(weight.sum()), now, revenue, left, tables, ledger)
