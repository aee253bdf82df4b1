"""Identities 1 and 2 on what the engine simulates: both forms of value agree, and every whole is its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.valuation.enterprise_value import Terms, from_economic_profit, from_free_cash_flow
from simengine.valuation.lines import customer_lines
from tests.properties.worlds import Lived, live, market

RESIDUALS: list[dict[str, Any]] = [
    {"method": "none"},
    {"method": "book"},
    {"method": "perpetuity", "growth": 0.02},
    {"method": "fade", "years": 7},
    {"method": "run_off"},
]
# Stored values of single customers and the segments' lines are added up in different orders.
ROUNDING = {"sampled": 1e-9, "expected": 1e-6}


@pytest.fixture(
    params=[(mode, timing, r) for mode in ROUNDING for timing in ("end", "mid", "start") for r in RESIDUALS],
    ids=lambda p: f"{p[0]}-{p[1]}-{p[2]['method']}",
    scope="module",
)
def lived(request: pytest.FixtureRequest) -> Lived:
    mode, timing, residual = request.param
    document = market(mode=mode)
    document["company"] |= {"timing": timing, "residual": residual}
    return live(document)


def test_both_forms_agree_for_every_segment_and_presence(lived: Lived) -> None:
    economics, axes = lived.tables.economics, lived.tables.axes
    lines = customer_lines(lived.ledger, economics, axes)
    nopat, capital = np.moveaxis(lines.nopat, 2, -1), np.moveaxis(lines.capital, 2, -1)
    terms = Terms.of(economics, axes)
    one, other = from_free_cash_flow(nopat, capital, terms), from_economic_profit(nopat, capital, terms)
    np.testing.assert_allclose(one.explicit, other.explicit, rtol=1e-11, atol=1e-6)
    assert np.array_equal(one.residual, other.residual)
    v = 1 / (1 + economics.discount_rate_per_period)
    u = {"end": 1, "mid": (1 / v) ** 0.5, "start": 1 / v}[economics.timing]
    flows = nopat - np.diff(capital, axis=-1)
    discounted = (flows * v ** np.arange(1, flows.shape[-1] + 1)).sum(axis=-1) * u
    np.testing.assert_allclose(one.explicit, discounted, rtol=1e-11, atol=1e-6)


def test_both_forms_agree_for_the_company(lived: Lived) -> None:
    worth = lived.valuation
    parts = worth.customers[0, 0].size + worth.programmes[0, 0].size + 1
    difference = np.abs(worth.enterprise_value - worth.enterprise_value_from_economic_profit)
    assert difference.max() <= parts + 1e-11 * np.abs(worth.enterprise_value).max()


def test_parts_add_up_exactly(lived: Lived) -> None:
    worth = lived.valuation
    for part in (worth.customers, worth.programmes, worth.unallocated, worth.enterprise_value):
        assert part.dtype == np.int64
    assert np.array_equal(worth.customers.sum(axis=3) + worth.programmes, worth.segments)
    assert np.array_equal(worth.segments.sum(axis=2) + worth.unallocated, worth.enterprise_value)
    assert np.array_equal(worth.explicit + worth.residual, worth.enterprise_value)
    assert np.array_equal(worth.enterprise_value + worth.financing, worth.equity)
    assert worth.financing == (2500 - 10000) * worth.money_scale
    present, future = worth.customers.sum(axis=2)[..., 0], worth.customers.sum(axis=2)[..., 1]
    whole = present + future + worth.programmes.sum(axis=2) + worth.unallocated
    assert np.array_equal(whole, worth.enterprise_value)
    np.testing.assert_allclose(worth.value_per_share * 1000 * worth.money_scale, worth.equity, rtol=1e-15)


def test_published_customers_and_rounding_add_up_to_the_company(lived: Lived) -> None:
    worth, mode = lived.valuation, lived.scenario.simulation.mode
    stored = lived.ledger.customer_value.sum(axis=1).T  # [C, 2]
    assert np.array_equal(stored, worth.published_customers.sum(axis=1))
    programmes = worth.programmes.sum(axis=(1, 2)) + worth.unallocated.sum(axis=1)
    assert np.array_equal(stored.sum(axis=1) + programmes + worth.rounding, worth.enterprise_value.sum(axis=1))
    of_lines = worth.customers.sum(axis=1)  # by segment and presence: a fault in one may not hide in another
    difference = (of_lines - worth.published_customers).astype(np.float64)
    size = np.abs(worth.customers).sum(axis=(1, 2, 3))[:, None, None]
    assert np.abs(difference / size).max() <= ROUNDING[mode]
    assert (stored != 0).all()


def test_value_depends_on_residual_and_timing() -> None:
    """The cases above are really different companies."""
    found = set()
    for timing in ("end", "mid", "start"):
        for residual in RESIDUALS:
            document = market()
            document["company"] |= {"timing": timing, "residual": residual}
            found.add(float(live(document).enterprise_value[0, 0]))
    assert len(found) == 3 * len(RESIDUALS)
