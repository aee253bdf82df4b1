"""The search for prices at rest, on markets in closed form: a logit, and one whose prices go round."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.price_search import Search, Values, summit_of
from simengine.tables.layout import Floats

TWO, THREE = 1.4729266600, 1.3701627294


def logit(luck: Floats | None = None) -> Values:
    """Firms of constants 2 (with luck: 2 + luck), costs 1 and scale 1/4, and an outside good."""
    constants = np.array([2.0]) if luck is None else 2.0 + luck

    def values(prices: Floats) -> Floats:
        weights = np.exp((constants - prices[..., None]) / 0.25)  # [N, P, R]
        shares = weights / (1 + weights.sum(axis=1, keepdims=True))
        return np.asarray(np.moveaxis((prices[..., None] - 1) * shares, 1, 0))

    return values


@pytest.mark.parametrize("start", [0.7, 1.0, 2.4])
@pytest.mark.parametrize(("firms", "price"), [(2, TWO), (3, THREE)])
def test_prices_rest_at_the_equilibrium_from_anywhere(start: float, firms: int, price: float) -> None:
    search = Search(logit(), 0.5, 2.5, exact=True)
    rest = search.rest(np.full(firms, start))
    assert rest.rests
    assert rest.prices == pytest.approx([price] * firms, abs=1e-5)
    assert (np.abs(rest.prices - price) <= rest.numerical_error + 1e-7).all()
    _, gains = search.others(rest.prices, 0)
    assert gains.max() < 1e-9


def test_a_range_that_ends_before_is_told() -> None:
    for low, high, end in ((0.5, 1.3, 1.3), (1.6, 2.4, 1.6)):
        rest = Search(logit(), low, high, exact=True).rest(np.array([1.0, 1.0]) * 0.5 * (low + high))
        assert rest.rests
        assert rest.at_edge == (True, True)
        assert rest.prices == pytest.approx([end, end])


def test_a_distant_summit_is_not_missed() -> None:
    """Two summits, the higher one far from the start."""

    def values(prices: Floats) -> Floats:
        own = prices[:, 0]
        return np.asarray(
            (np.exp(-((own - 0.7) ** 2) / 0.01) + 1.5 * np.exp(-((own - 1.6) ** 2) / 0.01))[None, :, None]
        )

    rest = Search(values, 0.5, 2.0, exact=True).rest(np.array([0.7]))
    assert rest.prices == pytest.approx([1.6], abs=1e-4)


def test_prices_that_go_round_are_told() -> None:
    """Matching pennies in prices: each has its best price where the other's is not."""

    def values(prices: Floats) -> Floats:
        far = np.where(prices[:, 1] > 1.0, 0.7, 1.4)
        near = np.where(prices[:, 0] > 1.0, 1.4, 0.7)
        return np.stack([-((prices[:, 0] - far) ** 2), -((prices[:, 1] - near) ** 2)])[..., None]

    rest = Search(values, 0.5, 2.0, exact=True).rest(np.array([1.0, 1.0]))
    assert not rest.rests
    assert len(rest.path) < 30


def test_intervals_hold_as_often_as_they_say() -> None:
    """Luck in what customers think of all firms, 25 replications: the equilibrium of the mean market lies within the
    interval in at least 92 of 100 studies (of 95 %, fewer would be seen once in ten times; the seed is fixed)."""
    rng = np.random.default_rng(5)
    exact = Search(logit(0.3 * np.array([-1.0, 1.0])), 0.5, 2.5, exact=True).rest(np.ones(2)).prices
    held = 0
    for _ in range(100):
        luck = 0.3 * rng.choice([-1.0, 1.0], size=25)
        search = Search(logit(luck), 0.5, 2.5, exact=False)
        rest = search.rest(np.ones(2))
        half = search.half_widths(rest.prices, [0, 1])
        held += abs(rest.prices[0] - exact[0]) <= half[0]
    assert held >= 92


def test_the_summit_of_a_polynomial_is_exact() -> None:
    own = np.linspace(1.0, 2.0, 13)
    best, error = summit_of(own, 3 - (own - 1.37) ** 2)
    assert best == pytest.approx(1.37, abs=1e-12)
    assert error < 1e-8
