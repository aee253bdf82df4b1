"""The reference of speed simulates what it says: against expected values, its twin in Numba, and its other way."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simengine.bench import calibration, compiler, stepper
from simengine.bench.stepper import OFFERS, SteppedMarket, invented_market

SIZE = 400  # customers of a segment
needs_a_compiler = pytest.mark.skipif(compiler.build() is None, reason="no C compiler")


def expected_shares(market: SteppedMarket) -> NDArray[np.float64]:
    """Expected shares of all customers by the end of every quarter [T, OFFERS], from probabilities in NumPy."""
    held = np.eye(OFFERS)[market.supplier]  # [S, size, OFFERS]
    review = market.review[:, None, None]
    shares = []
    for quality in market.quality.astype(np.float64):
        utility = np.einsum("skn,sok->sno", market.need, quality) + market.constant[:, None]
        kept = utility[..., None, :] + np.eye(OFFERS) * market.inertia[:, None, None, None]  # [S, size, from, to]
        chosen = np.exp(kept) / np.exp(kept).sum(axis=-1, keepdims=True)
        held = (1 - review) * held + review * np.einsum("snf,snft->snt", held, chosen)
        shares.append(held.mean(axis=(0, 1)))
    return np.array(shares)


def shares(market: SteppedMarket) -> NDArray[np.float64]:
    return market.customers.sum(axis=1) / market.supplier.size


def sampling_error(market: SteppedMarket) -> float:
    """Of a share: at most this standard deviation."""
    return float(0.5 / np.sqrt(market.supplier.size))


@pytest.mark.parametrize("by_errors", [pytest.param(True), pytest.param(False, marks=needs_a_compiler)])
def test_the_stepper_draws_the_expected_shares(by_errors: bool) -> None:
    market = invented_market(SIZE, review=0.2)
    expected = expected_shares(market)
    assert abs(expected[-1] - expected[0]).max() > 20 * sampling_error(market), "nothing happens in this market"
    calibration.step(market, by_errors=by_errors)
    # Normal, 200 shares, seed fixed: at other seeds at most one right program in 8,700 would have one beyond.
    assert abs(shares(market) - expected).max() < 5 * sampling_error(market)


def test_the_twin_draws_the_same_shares_and_the_same_money() -> None:
    market, twin = invented_market(SIZE), invented_market(SIZE)
    calibration.step(market)
    stepper.step_market(0, len(twin.supplier), stepper.u32(calibration.SEED), *twin)
    # The same luck: only rounding, in exp and log, can part them.
    assert abs(shares(market) - shares(twin)).max() < 0.1 * sampling_error(market)
    np.testing.assert_allclose(market.money.sum(axis=(1, 2)), twin.money.sum(axis=(1, 2)), rtol=1e-3)


def test_totals_are_those_of_the_customers() -> None:
    market = invented_market(SIZE)
    calibration.step(market)
    for segment in range(len(market.supplier)):
        supplier = market.supplier[segment]
        np.testing.assert_array_equal(market.customers[-1, segment], np.bincount(supplier, minlength=OFFERS))
        spent = np.bincount(supplier, market.revenue[segment].astype(float), minlength=OFFERS)
        np.testing.assert_allclose(market.money[-1, segment], spent, rtol=1e-5)


def test_threads_share_the_segments_and_change_nothing() -> None:
    alone, shared = invented_market(SIZE), invented_market(SIZE)
    calibration.step(alone)
    calibration.step(shared, threads=3)
    np.testing.assert_array_equal(alone.customers, shared.customers)


def test_without_a_compiler_the_twin_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    market, twin = invented_market(SIZE), invented_market(SIZE)
    calibration.step(market)
    monkeypatch.setattr(compiler, "COMPILERS", ())
    compiler.build.cache_clear()
    try:
        assert calibration.described() == "Numba: no C compiler that works"
        calibration.step(twin)
    finally:
        compiler.build.cache_clear()
    assert abs(shares(market) - shares(twin)).max() < 0.1 * sampling_error(market)


def test_a_rate_counts_every_customer_in_every_quarter() -> None:
    market = invented_market(SIZE)
    assert market.customer_quarters == SIZE * stepper.SEGMENTS * stepper.QUARTERS
    assert calibration.million_customer_quarters_per_second(rounds=1, times=1, size=SIZE) > 0
