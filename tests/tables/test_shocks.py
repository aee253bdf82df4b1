"""Shocks of the market: their law at fixed seeds, their luck by name, and the slow twin's numbers.

A statistic passes within 4.5 standard errors: were the law right and the seed any, one in 150,000 would fail.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from simengine.model.time import fraction_kept
from simengine.tables.shocks import ShockLaw, Shocks, shocks_of
from tests.oracle import shocks as slow

YEARS = 0.25
PERSISTENCE = (0.7, 0.3, 0.5)
CORRELATIONS = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])
VOLATILITY = (0.4, 0.2, 0.1)
FAR = 4.5  # standard errors
MANY = 20_000


def law(correlations: np.ndarray = CORRELATIONS, volatility: tuple[float, ...] = VOLATILITY) -> ShockLaw:
    """Of us and of the second of three rivals, and of demand."""
    kept = np.array([fraction_kept(each, YEARS) for each in PERSISTENCE])
    return ShockLaw((0, 2), ("us", "neo", "demand"), np.array(volatility), kept, correlations)


def drawn(replications: int, periods: int, first: int = 0, seed: int = 7, **stated: object) -> Shocks:
    return shocks_of(law(**stated), 5, seed, first, replications, periods)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    """[R, T, N] the deviations of many replications, demand's from its multiplier."""
    found = drawn(MANY, 12)
    variance = VOLATILITY[2] ** 2 * (1 - law().kept[2] ** (2 * np.arange(1, 13)))
    return np.stack([found.utility[:, :, 0], found.utility[:, :, 2], np.log(found.demand) + variance / 2], axis=2)


def test_who_has_no_shock_has_none() -> None:
    utility = drawn(3, 4).utility
    assert utility.shape == (3, 4, 5)
    assert not utility[:, :, [1, 3, 4]].any()
    quiet = drawn(3, 4, volatility=(0.0, 0.0, 0.0))
    assert not quiet.utility.any()
    assert (quiet.demand == 1.0).all()


def test_the_variance_grows_from_nothing_as_its_closed_form(many: np.ndarray) -> None:
    left = law().kept ** (2 * np.arange(1, 13))[:, None]
    expected = np.array(VOLATILITY) ** 2 * (1 - left)
    z = (many.var(axis=0) / expected - 1) / math.sqrt(2 / MANY)
    assert np.abs(z).max() < FAR
    assert np.abs(many.mean(axis=0) / np.sqrt(expected / MANY)).max() < FAR


def test_a_deviation_is_followed_by_what_is_left_of_it(many: np.ndarray) -> None:
    """Regression of each period on the one before: the slope is what is kept."""
    for n, kept in enumerate(law().kept):
        before, after = many[:, :-1, n].ravel(), many[:, 1:, n].ravel()
        slope = (before * after).sum() / (before**2).sum()
        error = math.sqrt(((after - slope * before) ** 2).mean() / (before**2).sum())
        assert abs(slope - kept) < FAR * error


def test_what_is_new_has_the_stated_correlations(many: np.ndarray) -> None:
    new = many[:, 1:] - law().kept * many[:, :-1]
    found = np.corrcoef(new.reshape(-1, 3).T)
    error = (1 - CORRELATIONS**2) / math.sqrt(len(new.reshape(-1, 3)))
    assert (np.abs(found - CORRELATIONS) <= FAR * error + 1e-12).all()


def test_demand_has_mean_one_in_every_period() -> None:
    demand = drawn(MANY, 12).demand
    assert (np.abs(demand.mean(axis=0) - 1) < FAR * demand.std(axis=0) / math.sqrt(MANY)).all()


def test_any_batch_has_the_same_bits() -> None:
    whole = drawn(7, 9)
    for first, count in ((0, 1), (1, 4), (5, 2)):
        part = drawn(count, 9, first)
        np.testing.assert_array_equal(part.utility, whole.utility[first : first + count])
        np.testing.assert_array_equal(part.demand, whole.demand[first : first + count])


def test_what_is_correlated_with_nothing_keeps_its_luck_beside_others() -> None:
    alone = ShockLaw((2,), ("neo", "demand"), law().volatility[1:], law().kept[1:], np.eye(2))
    found, expected = drawn(4, 6, correlations=np.eye(3)), shocks_of(alone, 5, 7, 0, 4, 6)
    np.testing.assert_array_equal(found.utility[:, :, 2], expected.utility[:, :, 2])
    np.testing.assert_array_equal(found.demand, expected.demand)
    assert (drawn(4, 6, seed=8).demand != found.demand).all()


def test_the_slow_twin_draws_the_same() -> None:
    found, factor = drawn(2, 5, first=3), np.linalg.cholesky(CORRELATIONS).tolist()
    for r, t in ((0, 0), (1, 4)):
        independent = [
            lambda period, name=name, r=r: slow.normal(7, f"shock {name}", slow.SHOCK, period, 3 + r)
            for name in ("us", "neo", "demand")
        ]
        us, neo, demand = (
            slow.deviation(VOLATILITY[n], PERSISTENCE[n], YEARS, slow.mixed(factor, n, independent), t)
            for n in range(3)
        )
        assert found.utility[r, t, 0] == pytest.approx(us, rel=1e-12)
        assert found.utility[r, t, 2] == pytest.approx(neo, rel=1e-12)
        variance = VOLATILITY[2] ** 2 * (1 - PERSISTENCE[2] ** (2 * YEARS * (t + 1)))
        assert found.demand[r, t] == pytest.approx(math.exp(demand - variance / 2), rel=1e-12)
