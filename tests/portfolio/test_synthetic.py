"""Synthetic populations have the moments that the scenario states, and depend on nothing but addresses.

Statistical checks reject at 4 standard errors: about 1 in 16,000 for each of the numbers that are compared, if they
were drawn anew; the seeds are fixed, so a check that passes keeps passing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simengine.portfolio import load_portfolio
from simengine.portfolio.population import DRAWN, UNKNOWN_TENURE
from simengine.portfolio.synthetic import draw_needs, draw_revenue, synthetic_ids
from simengine.scenario.segment import Lognormal, LognormalParameters
from tests.portfolio.worlds import MARKET, scenario

COUNT = 100_000
IDS = synthetic_ids("retail", COUNT)


@pytest.mark.parametrize(
    ("centre", "spread"),
    [
        ([0.2, 0.3, 0.35, 0.15], 0.02),
        ([0.2, 0.3, 0.35, 0.15], 0.15),
        ([0.2, 0.3, 0.35, 0.15], 0.35),
        ([0.9, 0.05, 0.05], 0.15),
        ([0.5, 0.5], 0.3),
    ],
)
def test_moments_of_needs_weights(centre: list[float], spread: float) -> None:
    means = np.array(centre)
    concentration = np.mean(means * (1 - means)) / spread**2 - 1
    weights = draw_needs(IDS, means, spread, seed=3).astype(float)
    assert weights.sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert weights.min() >= 0
    variance = means * (1 - means) / (concentration + 1)
    assert np.all(np.abs(weights.mean(axis=0) - means) < 4 * np.sqrt(variance / COUNT))
    deviations = (weights - means) ** 2
    error = deviations.std(axis=0) / np.sqrt(COUNT)
    assert np.all(np.abs(deviations.mean(axis=0) - variance) < 4 * error)
    assert np.sqrt(deviations.mean()) == pytest.approx(spread, rel=0.02)
    products = (weights[:, 0] - means[0]) * (weights[:, 1] - means[1])
    covariance = -means[0] * means[1] / (concentration + 1)
    assert abs(products.mean() - covariance) < 4 * products.std() / np.sqrt(COUNT)


def test_weights_follow_beta_distributions() -> None:
    """Kolmogorov-Smirnov on each margin, at 1 in 10,000."""
    centre, spread = np.array([0.6, 0.3, 0.1]), 0.25
    total = np.mean(centre * (1 - centre)) / spread**2 - 1
    weights = draw_needs(IDS[:20_000], centre, spread, seed=11).astype(float)
    for k, mean in enumerate(centre):
        beta = stats.beta(mean * total, (1 - mean) * total)
        assert stats.kstest(weights[:, k], beta.cdf).pvalue > 1e-4


def test_no_spread_is_the_centre() -> None:
    centre = np.array([0.2, 0.3, 0.5])
    assert np.array_equal(draw_needs(IDS[:9], centre, 0.0, seed=1), np.tile(centre.astype(np.float32), (9, 1)))


def test_a_need_without_weight_stays_without() -> None:
    weights = draw_needs(IDS[:1000], np.array([0.4, 0.0, 0.6]), 0.2, seed=1)
    assert not weights[:, 1].any()
    assert weights.sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_lognormal_revenue() -> None:
    revenue = draw_revenue(IDS, Lognormal(lognormal=LognormalParameters(mean=2700, cv=0.6)), seed=5)
    assert abs(revenue.mean() - 2700) < 4 * 2700 * 0.6 / np.sqrt(COUNT)
    logs = np.log(revenue)
    assert abs(logs.std() - np.sqrt(np.log(1.36))) < 4 * logs.std() / np.sqrt(2 * COUNT)
    assert draw_revenue(IDS[:3], 99.5, seed=5).tolist() == [99.5] * 3


def test_a_customer_depends_on_its_address_alone() -> None:
    centre = np.array([0.2, 0.3, 0.5])
    everybody = draw_needs(IDS[:500], centre, 0.2, seed=9)
    assert np.array_equal(draw_needs(IDS[400:500], centre, 0.2, seed=9), everybody[400:])
    assert not np.array_equal(draw_needs(IDS[:500], centre, 0.2, seed=10), everybody)
    # Needs that come later leave the draws of the first alone, and so their ratios.
    revenue = Lognormal(lognormal=LognormalParameters(mean=1, cv=1))
    assert np.array_equal(draw_revenue(IDS[7:9], revenue, 1), draw_revenue(IDS[:9], revenue, 1)[7:])


def test_a_synthetic_market(tmp_path: Path) -> None:
    body = MARKET + "    size: 1000\n    needs_spread: 0.2\n    revenue: {lognormal: {mean: 50, cv: 1}}\n"
    world = scenario(tmp_path, body)
    portfolio = load_portfolio(world)
    population = portfolio.population
    assert (portfolio.file_customers, portfolio.source, portfolio.hazards) == (0, "", {})
    assert len(population.ids) == 1000
    assert population.labels[:2].tolist() == ["retail#0", "retail#1"]
    assert np.all(population.ids >> np.uint64(62) == 1)
    assert np.all(np.diff(population.ids.astype(np.int64)) > 0)
    assert set(population.supplier.tolist()) == {DRAWN}
    assert set(population.tenure_months.tolist()) == {UNKNOWN_TENURE}
    other = load_portfolio(world, seed=2).population
    assert not np.array_equal(other.revenue, population.revenue)
    assert np.array_equal(other.revenue, load_portfolio(scenario(tmp_path, body, seed=2)).population.revenue)


def test_two_segments_whose_addresses_coincide_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from simengine.portfolio import segment_population
    from simengine.scenario.problems import ScenarioError

    segment = "{dynamics: contract, hazard: {constant: 10%}, margin: 50%, revenue: 100, size: 5}"
    world = scenario(tmp_path, f"segments: {{one: {segment}, two: {segment}}}\n")
    monkeypatch.setattr(segment_population, "synthetic_ids", lambda name, *rows: synthetic_ids("same", *rows))
    with pytest.raises(ScenarioError, match="'one#0' and 'two#0'"):
        load_portfolio(world)
