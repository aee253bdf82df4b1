"""A customer's profit and loss of today, by hand and against the opening of the simulation."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.results.run import Run
from simengine.results.statement import statement_of


def test_statements_add_up_to_the_opening_of_the_simulation(expected: Run) -> None:
    """Revenue and capital of today, against what the engine's totals say of the opening."""
    ledger, economics, population = expected.ledger, expected.tables.economics, expected.portfolio.population
    today, present = statement_of(expected), ledger.customer_present / ledger.count_scale
    opening = ledger.revenue[0, 0, 0, :, :3, 0] / ledger.money_scale
    revenue = (opening * economics.stage_revenue).sum(axis=1)
    capital = expected.valuation.opening_capital[0, 0] / expected.valuation.money_scale
    for line, stated in ((today.revenue, revenue), (today.capital, capital)):
        found = np.bincount(population.segment, present * line)
        np.testing.assert_allclose(found, stated, rtol=1e-6)


def test_a_single_statement_by_hand(expected: Run) -> None:
    """A customer of the choice segment: stages multiply revenue, a capitalised cost is capital while it is new."""
    one, states = statement_of(expected, 0, 1), expected.opening.states
    row = 0 if expected.profile is None else int(expected.profile[0])
    stage = states[row, :3] / states[row, :3].sum()
    revenue = expected.base_revenue[0] * (stage * [0.8, 1.0, 1.2]).sum()
    contribution = revenue * 0.58 - 3 * 11 - stage[0] * 240 / 1.0
    capital = 0.12 * revenue + stage[0] * 240
    assert one.contribution[0] == pytest.approx(contribution)
    assert one.economic_profit[0] == pytest.approx(0.75 * contribution - 0.09 * capital)
