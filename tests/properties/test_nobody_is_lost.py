"""Identity 3: customers are neither made nor lost, and every change of a supplier's customers is joins less leaves."""

from __future__ import annotations

import numpy as np
import pytest

from tests.properties.worlds import Lived, by_supplier, live, market, random_market

PRECISION = 1e-6  # of the market, in expected mode: float32 vectors


@pytest.fixture(params=[(mode, seed) for mode in ("sampled", "expected") for seed in (None, 1, 2, 3)], scope="module")
def lived(request: pytest.FixtureRequest) -> Lived:
    mode, seed = request.param
    if seed is None:  # ten years: what is lost in a period would add up
        document = market(mode=mode)
        document["calendar"] |= {"periods": 40}
        return live(document)
    return live(random_market(seed, mode=mode))


def allowed(lived: Lived) -> float:
    """On the count grid: nothing in sampled mode."""
    size = np.diff(lived.tables.segments.rows).max()
    return 0 if lived.scenario.simulation.mode == "sampled" else PRECISION * size * lived.ledger.count_scale


def test_states_add_up_to_the_market(lived: Lived) -> None:
    size = np.diff(lived.tables.segments.rows)
    market = lived.ledger.count.sum(axis=(4, 5))
    assert np.abs(market - size * int(lived.ledger.count_scale)).max() <= allowed(lived)
    assert lived.ledger.count.min() >= 0


def test_present_and_future_customers_stay_who_they_are(lived: Lived) -> None:
    by_presence = lived.ledger.count.sum(axis=4)
    assert np.abs(by_presence - by_presence[:, :, :1]).max() <= allowed(lived)
    ours, others = lived.ledger.count[:, :, 0, :, :3], lived.ledger.count[:, :, 0, :, 3:]
    assert ours[..., 1].sum() == others[..., 0].sum() == 0


def test_change_is_joins_less_leaves(lived: Lived) -> None:
    customers = by_supplier(lived.ledger.count, axis=4)
    change = customers[:, :, 1:] - customers[:, :, :-1]
    flow = lived.ledger.joins - lived.ledger.leaves
    assert np.abs(change - flow).max() <= allowed(lived)
    assert lived.ledger.joins.min() >= -allowed(lived)
    assert lived.ledger.leaves.min() >= -allowed(lived)
    assert lived.ledger.joins.sum() > 0


def test_who_leaves_one_supplier_joins_another(lived: Lived) -> None:
    assert np.abs((lived.ledger.joins - lived.ledger.leaves).sum(axis=4)).max() <= allowed(lived)


def test_an_absent_supplier_has_nobody(lived: Lived) -> None:
    absent = ~lived.tables.segments.available
    customers = by_supplier(lived.ledger.count.sum(axis=-1), axis=-1)
    assert absent.any()
    assert customers[..., absent].sum() == 0
    assert lived.ledger.joins.sum(axis=-1)[..., absent].sum() == 0


def test_revenue_is_carried_with_its_customers(lived: Lived) -> None:
    """Base revenue belongs to a customer, so the market's total stays, wherever everybody is."""
    revenue = lived.ledger.revenue.sum(axis=4)
    total = revenue.sum(axis=-1)
    difference = np.abs(revenue - revenue[:, :, :1]).max()
    assert difference <= (0 if lived.scenario.simulation.mode == "sampled" else PRECISION * total.max())
