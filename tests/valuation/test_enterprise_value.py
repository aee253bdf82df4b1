"""The two forms of enterprise value agree for any line, residual and timing, and so do the weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.value_weights import value_weights
from simengine.tables.layout import Residual
from simengine.valuation.enterprise_value import Terms, from_economic_profit, from_free_cash_flow

MONEY = st.floats(-1e9, 1e9)
RESIDUALS = st.one_of(
    st.just(Residual("none", 0, 0.0)),
    st.just(Residual("book", 0, 0.0)),
    st.integers(1, 80).map(lambda periods: Residual("fade", periods, 0.0)),
    st.floats(-0.05, 0.015).map(lambda growth: Residual("perpetuity", 0, growth)),
)
TERMS = st.builds(
    Terms,
    st.floats(0.02, 0.3),
    st.sampled_from([1, 4, 12]),
    st.sampled_from(["end", "mid", "start"]),
    RESIDUALS,
)
LINES = st.integers(1, 30).flatmap(
    lambda periods: st.tuples(
        st.lists(MONEY, min_size=periods, max_size=periods),
        st.lists(MONEY, min_size=periods + 1, max_size=periods + 1),
    )
)


def size_of(nopat, capital):
    """A bound on the terms that are added up: what floating point can be accurate to."""
    return 1e4 * (np.abs(nopat).sum() + np.abs(capital).sum()) + 1.0


@given(LINES, TERMS)
def test_free_cash_flow_equals_economic_profit(line, terms):
    nopat, capital = np.array(line[0]), np.array(line[1])
    cash, profit = from_free_cash_flow(nopat, capital, terms), from_economic_profit(nopat, capital, terms)
    accuracy = 1e-15 * size_of(nopat, capital)
    assert cash.explicit == pytest.approx(profit.explicit, abs=accuracy)
    assert cash.residual == pytest.approx(profit.residual, abs=accuracy)


@given(LINES, TERMS)
def test_enterprise_value_is_the_sum_of_weighted_flows(line, terms):
    nopat, capital = np.array(line[0]), np.array(line[1])
    weights = value_weights(len(nopat), terms.periods_per_year, terms.rate_per_period, terms.residual, terms.timing)
    for part, of in zip(from_free_cash_flow(nopat, capital, terms), weights, strict=True):
        weighted = np.dot(of.nopat, nopat) + np.dot(of.capital, capital)
        assert part == pytest.approx(weighted, abs=1e-15 * size_of(nopat, capital))


@given(LINES, TERMS)
def test_enterprise_value_as_the_design_writes_it(line, terms):
    nopat, capital = line
    k, periods = terms.rate_per_period, len(nopat)
    v, u = 1 / (1 + k), {"end": 1.0, "mid": (1 + k) ** 0.5, "start": 1 + k}[terms.timing]
    year = nopat[-terms.periods_per_year :]
    mean, last = sum(year) / len(year), capital[-1]
    g, n = terms.residual.growth, terms.residual.periods
    beyond = {
        "none": lambda: 0.0,
        "book": lambda: last,
        "perpetuity": lambda: (mean * (1 + g) - g * last) / (k - g),
        "fade": lambda: last + (mean - k * last) * sum((1 - (i - 1) / n) * v**i for i in range(1, n + 1)),
    }[terms.residual.method]()
    explicit = sum(v ** (t + 1) * (nopat[t] - (capital[t + 1] - capital[t])) for t in range(periods))
    value = from_free_cash_flow(np.array(nopat), np.array(capital), terms)
    accuracy = 1e-14 * size_of(np.array(nopat), np.array(capital))
    assert value.explicit == pytest.approx(u * explicit, abs=accuracy)
    assert value.residual == pytest.approx(u * v**periods * beyond, abs=accuracy)


@given(LINES, TERMS, st.floats(-1e3, 1e3))
def test_value_is_linear_in_money(line, terms, factor):
    nopat, capital = np.array(line[0]), np.array(line[1])
    once, scaled = (from_free_cash_flow(c * nopat, c * capital, terms) for c in (1.0, factor))
    for one, many in zip(once, scaled, strict=True):
        assert many == pytest.approx(factor * one, abs=1e-15 * abs(factor) * size_of(nopat, capital) + 1e-12)


def test_a_long_fade_is_a_perpetuity_without_growth():
    nopat, capital = np.array([90.0, 110.0, 130.0]), np.array([500.0, 520.0, 540.0, 560.0])
    perpetuity = from_free_cash_flow(nopat, capital, Terms(0.08, 1, "mid", Residual("perpetuity", 0, 0.0)))
    gaps = []
    for periods in (1_000, 10_000, 100_000):
        fade = from_free_cash_flow(nopat, capital, Terms(0.08, 1, "mid", Residual("fade", periods, 0.0)))
        gaps.append(float(perpetuity.residual - fade.residual) / float(perpetuity.residual))
    assert gaps[1] == pytest.approx(gaps[0] / 10, rel=0.02)
    assert 0.0 < gaps[2] < 1e-4


def test_a_season_does_not_decide_the_residual():
    """Four quarters with the same mean are worth the same beyond the horizon, whatever their order."""
    terms = Terms(0.02, 4, "end", Residual("perpetuity", 0, 0.0))
    capital = np.zeros(5)
    values = [
        from_free_cash_flow(np.array(quarters), capital, terms).residual
        for quarters in ([1.0, 2.0, 3.0, 10.0], [10.0, 3.0, 2.0, 1.0], [4.0, 4.0, 4.0, 4.0])
    ]
    assert values[0] == pytest.approx(values[1])
    assert values[0] == pytest.approx(values[2])


def test_bits_do_not_depend_on_what_is_valued_beside():
    """The value of one line alone is, to the bit, its value among others, however arrays lie in memory."""
    random = np.random.default_rng(3)
    nopat, capital = random.normal(size=(5, 7, 3, 2, 40)), random.normal(size=(5, 7, 3, 2, 41))
    terms = Terms(0.021, 4, "mid", Residual("fade", 40, 0.0))
    together = from_free_cash_flow(nopat, capital, terms)
    apart = from_free_cash_flow(np.asfortranarray(nopat), np.moveaxis(capital, 0, 0).copy(order="F"), terms)
    alone = from_free_cash_flow(nopat[4, 6, 2, 1], capital[4, 6, 2, 1], terms)
    assert (together.explicit == apart.explicit).all()
    assert together.explicit[4, 6, 2, 1] == alone.explicit
    assert together.residual[4, 6, 2, 1] == alone.residual
