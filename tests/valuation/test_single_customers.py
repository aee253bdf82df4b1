"""The company's value is the sum of its customers' values, each followed on its own."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.model.value_weights import value_weights
from simengine.tables.layout import Residual
from simengine.tables.unit_value import unit_values
from simengine.valuation.value import value

from .ledgers import COUNT_SCALE, MONEY_SCALE, axes_of, economics_of, empty_ledger, random_book

PERIODS, CUSTOMERS, AWAY = 10, 60, 3


def paths(random):
    """[customer, period + 1] state: us by stage, or away; they join as new and move up or leave at random."""
    state = np.empty((CUSTOMERS, PERIODS + 1), dtype=int)
    state[:, 0] = random.integers(0, 4, CUSTOMERS)
    for t in range(PERIODS):
        u, now = random.random(CUSTOMERS), state[:, t]
        stays = np.where(u < 0.6, np.minimum(now + (u < 0.2), 2), AWAY)
        state[:, t + 1] = np.where(now == AWAY, np.where(u < 0.3, 0, AWAY), stays)
    return state


def tables(axes, capitalised):
    random = np.random.default_rng(11)
    shape = (1, 1, PERIODS, 1)
    return economics_of(
        axes,
        price_ratio=random.uniform(0.8, 1.2, shape),
        wallet=random.uniform(0.9, 1.3, shape),
        demand=random.uniform(0.8, 1.2, shape[:3]),
        cost_to_serve=random.uniform(0.0, 200.0, shape),
        stage_revenue=np.array([[0.8, 1.0, 1.3]]),
        margin=np.array([0.55]),
        capital_of_revenue=np.array([0.12]),
        capital_per_customer=np.array([30.0]),
        acquisition_cost=np.array([150.0]),
        acquisition_capitalised=np.array([capitalised]),
        tax_rate=0.25,
        discount_rate_per_period=0.022,
        timing="mid",
        residual=Residual("fade", 20, 0.0),
    )


def value_of_one(state, base, economics):
    """A customer's own profit and loss, in plain arithmetic, and the value of its flows."""
    e, quarter = economics, 0.25
    stage, acquisition = e.stage_revenue[0], e.acquisition_cost[0]
    capitalised = e.acquisition_capitalised[0]

    def held(s, price, wallet):
        if s == AWAY:
            return 0.0
        own = e.capital_of_revenue[0] * base * stage[s] * price * wallet + e.capital_per_customer[0]
        return own + (acquisition if capitalised and s == 0 else 0.0)

    nopat, capital = [], [held(state[0], 1.0, 1.0)]
    for t in range(PERIODS):
        before, s = state[t], state[t + 1]
        price, wallet = e.price_ratio[0, 0, t, 0], e.wallet[0, 0, t, 0]
        contribution = 0.0
        if s != AWAY:
            volume = base * stage[s] * wallet * e.demand[0, 0, t] * quarter
            contribution = volume * price - (1 - e.margin[0]) * volume - e.cost_to_serve[0, 0, t, 0] * quarter
        if capitalised:
            contribution -= acquisition if before == 0 and s != 0 else 0.0
        else:
            contribution -= acquisition if before == AWAY and s == 0 else 0.0
        nopat.append((1 - e.tax_rate) * contribution)
        capital.append(held(s, price, wallet))
    weights = value_weights(PERIODS, 4, e.discount_rate_per_period, e.residual, e.timing)
    return sum(np.dot(part.nopat, nopat) + np.dot(part.capital, capital) for part in weights)


@pytest.mark.parametrize("capitalised", [False, True])
def test_customers_add_up_to_their_segment(capitalised):
    random = np.random.default_rng(7)
    state, base = paths(random), random.uniform(100, 3000, CUSTOMERS)
    axes = axes_of(PERIODS, periods_per_year=4)
    ledger = empty_ledger(axes)
    economics = tables(axes, capitalised)
    by_presence = [0.0, 0.0]
    for own, money in zip(state, base, strict=True):
        presence = int(own[0] == AWAY)
        for t, s in enumerate(own):
            ledger.count[0, 0, t, 0, s, presence] += int(COUNT_SCALE)
            ledger.revenue[0, 0, t, 0, s, presence] += int(np.rint(money * MONEY_SCALE))
        joined = (own[:-1] == AWAY) & (own[1:] == 0)
        ledger.joins[0, 0, :, 0, 0, presence] += joined * int(COUNT_SCALE)
        by_presence[presence] += value_of_one(own, money, economics)
    worth = value(ledger, economics, axes)
    assert worth.customers[0, 0, 0] / MONEY_SCALE == pytest.approx(by_presence, rel=1e-9)
    assert all(abs(each) > 1000 for each in by_presence)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_unit_values_of_the_tables_give_the_same_value(seed, apart):
    """What the engine adds up customer by customer is what the lines are worth."""
    ledger, axes, economics = random_book(seed, apart=apart)
    economics = economics._replace(timing="mid", residual=Residual("perpetuity", 0, 0.003))
    unit = unit_values(economics, axes)
    count, revenue = ledger.count[..., :3, :] / COUNT_SCALE, ledger.revenue[..., :3, :] / MONEY_SCALE
    joins = ledger.joins[..., 0, :] / COUNT_SCALE
    total = (
        np.einsum("crtsgp,crsgt->crsp", revenue[:, :, 1:], unit.revenue)
        + np.einsum("crtsgp,crsgt->crsp", count[:, :, 1:], unit.customer)
        + np.einsum("crtsp,crst->crsp", joins, unit.join)
        + np.einsum("crsgp,sg->crsp", revenue[:, :, 0], unit.opening_revenue)
        + np.einsum("crsgp,sg->crsp", count[:, :, 0], unit.opening_customer)
    )
    assert value(ledger, economics, axes).customers / MONEY_SCALE == pytest.approx(total, rel=1e-9)
