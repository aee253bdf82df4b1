"""Money tables: what levers and moves do to prices, wallets and costs, and what is charged."""

from __future__ import annotations

import numpy as np
import pytest

from tests.properties.worlds import market, opened


def test_money_of_every_cell() -> None:
    _, _, tables = opened(market())
    e, cells = tables.economics, tables.axes.cells
    baseline, grow, keep, attacked = (
        cells.index(c) for c in (("baseline", "quiet"), ("grow", "quiet"), ("keep", "quiet"), ("keep", "attack"))
    )
    affluent, mass, signed = range(3)
    assert (e.price_ratio[baseline] == 1).all()
    assert (e.wallet[baseline] == 1).all()
    assert e.programmes[baseline, 0, 0].tolist() == [7000, 4000, 0]
    assert e.programmes[grow, 0, :, mass].tolist() == [4000] * 2 + [6500] * 6
    assert e.price_ratio[grow, 0, :, mass] == pytest.approx([1] * 2 + [1 - 0.15 * 2500 / 4500] * 6)
    assert e.wallet[keep, 0, :, affluent] == pytest.approx([1] + [1 + 0.2 * 25 / 41] * 5 + [1] * 2)
    assert e.wallet[keep, 0, 1, signed] == pytest.approx(1 + 0.2 * 4 / 20)
    lean = 1 - 0.3 * 800 / 1800
    assert e.cost_to_serve[keep, 0, :, affluent] == pytest.approx(33 * lean)
    assert e.cost_to_serve[attacked, 0, :, affluent] == pytest.approx(33 * lean * np.r_[1, 1, 1, [1.1] * 5])
    assert (e.cost_to_serve[..., mass] == 0).all()
    assert (e.unallocated == 0).all()
    assert (e.demand == 1).all()
    assert e.unallocated.shape == e.demand.shape == e.programmes.shape[:3] == (len(cells), 1, 8)


def test_money_of_every_segment() -> None:
    _, _, tables = opened(market())
    e = tables.economics
    assert e.stage_revenue.tolist() == [[0.8, 1, 1.2], [1, 1, 1], [1, 1, 1]]
    assert e.margin.tolist() == [0.58, 0.5, 0.5]
    assert e.capital_of_revenue.tolist() == [0.12, 0, 0]
    assert e.capital_per_customer.tolist() == [0, 40, 100]
    assert e.acquisition_cost.tolist() == [240, 60, 0]
    assert e.acquisition_capitalised.tolist() == [True, False, False]
    assert (e.overhead, e.tax_rate, e.shares, e.net_debt, e.other_assets) == (20000, 0.25, 1000, 10000, 2500)


@pytest.mark.parametrize("target", ["wallet", "price", "cost_to_serve"])
def test_prices_wallets_and_costs_are_never_negative(target: str) -> None:
    """Zero budgets are legal: who no longer gets what brought two thirds of 300 % has an empty wallet, not a debt."""
    document = market()
    document["levers"] = {
        "much": {"target": target, "response": {"hill": {"max": 3, "half": 1000}}, "today": {"affluent": 2000}}
    }
    document["allocations"], document["moves"] = {"baseline": {}, "nothing": {"much": {"affluent": 0}}}, {"quiet": {}}
    e = opened(document)[2].economics
    for table in (e.price_ratio, e.wallet, e.cost_to_serve):
        assert table.min() >= 0


@pytest.mark.parametrize(("step", "per_year"), [("month", 12), ("quarter", 4), ("year", 1)])
def test_rates_are_those_of_a_period(step: str, per_year: int) -> None:
    document = market()
    document["calendar"] = {"start": "2026", "step": step, "periods": 3}
    document["moves"], document["allocations"] = {"quiet": {}}, {"baseline": {}}
    document["company"]["residual"] = {"method": "perpetuity", "growth": 0.02}
    _, _, tables = opened(document)
    assert (1 + tables.economics.discount_rate_per_period) ** per_year == pytest.approx(1.09, rel=1e-14)
    assert (1 + tables.economics.residual.growth) ** per_year == pytest.approx(1.02, rel=1e-14)
    document["company"]["residual"] = {"method": "fade", "years": 5}
    assert opened(document)[2].economics.residual.periods == 5 * per_year
