"""Drifting needs: their law at fixed seeds, their luck by name, and the slow twin's numbers.

A statistic passes within 4.5 standard errors: were the law right and the seed any, one in 150,000 would fail.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from simengine.tables.needs_drift import DriftLaw, drift, luck_name
from tests.oracle import shocks as slow

YEARS, PERSISTENCE = 0.25, 0.4
KEPT = PERSISTENCE**YEARS
CENTRES = np.array([[0.3, 0.3, 0.25, 0.15], [0.25, 0.25, 0.25, 0.25], [0.5, 0.3, 0.1, 0.1]])
TREND = np.array([[0.0, 0.0, 0.0, 0.0], [-0.01, -0.01, 0.03, -0.01], [0.0, 0.0, 0.0, 0.0]])
NEEDS = ("advice", "digital", "rate", "service")
MANY, FAR = 20_000, 4.5


def law(volatility: tuple[float, ...], trend: np.ndarray = TREND) -> DriftLaw:
    names = tuple(tuple(luck_name(segment, need) for need in NEEDS) for segment in ("a", "b", "c"))
    return DriftLaw(names, np.array(volatility), np.full(3, KEPT), trend)


def drawn(volatility: tuple[float, ...], replications: int, periods: int, first: int = 0) -> np.ndarray:
    return drift(law(volatility), CENTRES, 7, first, replications, periods, YEARS)


def test_where_nothing_is_stated_nothing_drifts() -> None:
    assert not drift(law((0.0, 0.0, 0.0), 0 * TREND), CENTRES, 7, 0, 2, 3, YEARS).any()
    found = drawn((0.02, 0.0, 0.0), 2, 3)
    assert found[:, :, 0].all()
    assert not found[:, :, 2].any()


def test_a_trend_is_reached_year_by_year() -> None:
    found = drawn((0.0, 0.0, 0.0), 1, 8)
    np.testing.assert_allclose(found[0, 3, 1], TREND[1], rtol=1e-14)
    np.testing.assert_allclose(found[0, 7, 1], 2 * TREND[1], rtol=1e-14)


def test_weights_have_the_stated_deviation_around_their_trend_and_return() -> None:
    found = drawn((0.0, 0.02, 0.01), MANY, 12)
    np.testing.assert_allclose(found.sum(axis=-1), 0.0, atol=1e-15)
    for s, volatility in ((1, 0.02), (2, 0.01)):
        away = found[:, :, s] - TREND[s] * YEARS * np.arange(1, 13)[:, None]
        variance = volatility**2 * (1 - KEPT ** (2 * np.arange(1, 13)))[:, None]
        assert np.abs((away.var(axis=0) / variance - 1) / math.sqrt(2 / MANY)).max() < FAR
        assert np.abs(away.mean(axis=0) / np.sqrt(variance / MANY)).max() < FAR
        before, after = away[:, :-1].ravel(), away[:, 1:].ravel()
        slope = (before * after).sum() / (before**2).sum()
        # four needs that sum to 0 are as much as three that do not
        error = math.sqrt(((after - slope * before) ** 2).mean() / (before**2).sum() * 4 / 3)
        assert abs(slope - KEPT) < FAR * error


def test_mean_weights_stay_weights_however_strongly_they_drift() -> None:
    moved = CENTRES + drawn((1.0, 1.0, 1.0), 200, 12)
    assert moved.min() >= -1e-15
    assert moved.max() <= 1 + 1e-15
    np.testing.assert_allclose(moved.sum(axis=-1), 1.0, rtol=1e-12)


def test_any_batch_has_the_same_bits_and_segments_have_their_own_luck() -> None:
    whole = drawn((0.02, 0.03, 0.02), 7, 9)
    for first, count in ((0, 1), (1, 4), (5, 2)):
        np.testing.assert_array_equal(drawn((0.02, 0.03, 0.02), count, 9, first), whole[first : first + count])
    np.testing.assert_array_equal(drawn((0.02, 0.0, 0.0), 7, 9)[:, :, 0], whole[:, :, 0])
    assert np.abs(np.corrcoef(whole[:, :, 0].ravel(), whole[:, :, 2].ravel())[0, 1]) < 0.5


@pytest.mark.parametrize("volatility", [0.02, 0.5])
def test_the_slow_twin_draws_the_same(volatility: float) -> None:
    found = drawn((0.0, volatility, 0.0), 2, 5, first=3)
    texts = [f"drift b\t{need}" for need in NEEDS]
    for r, t in ((0, 0), (1, 4)):
        expected = slow.need_shifts(
            7, texts, 3 + r, t, YEARS, volatility, PERSISTENCE, TREND[1].tolist(), CENTRES[1].tolist()
        )
        np.testing.assert_allclose(found[r, t, 1], expected, rtol=1e-11, atol=1e-15)
