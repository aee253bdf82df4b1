"""P12. Geometric lifetimes: customers with the same retention turn out to be worth very different amounts.

m = 100, r = .8, d = .1, money at the start of the year. Lifetimes are given, one replication for each length
of life; their value is the product's. Analytic; the mean is in Fader & Hardie 2012, note 24.
"""

import numpy as np
import pytest

from simengine.valuation.risk import summarise

from .books import per_customer, value_of_book

M, R, D, LONGEST = 100.0, 0.8, 0.1, 160


def values_by_lifetime():
    """Value of a customer who pays 1 ... LONGEST times: integers [life - 1], and their steps to the unit."""
    paying = np.tri(LONGEST)  # row n pays in the first n + 1 years
    worth = value_of_book(np.concatenate((np.ones((LONGEST, 1)), paying), axis=1), M, D, timing="start")
    return worth.enterprise_value[0], worth.money_scale


def test_moments_over_the_distribution_of_lifetimes():
    values, scale = values_by_lifetime()
    probability = (1 - R) * R ** np.arange(LONGEST)
    amounts = values / scale
    mean = (probability * amounts).sum()
    assert mean == pytest.approx(366.6667, abs=5e-5)
    assert np.sqrt((probability * (amounts - mean) ** 2).sum()) == pytest.approx(229.0549, abs=5e-5)
    assert probability[amounts < mean].sum() == pytest.approx(0.5904, abs=5e-7)


def test_a_large_portfolio_of_evenly_spread_lifetimes():
    """The summary of 100,000 customers whose lifetimes are the distribution's quantiles."""
    values, scale = values_by_lifetime()
    u = (np.arange(100_000) + 0.5) / 100_000
    life = 1 + np.floor(np.log1p(-u) / np.log(R)).astype(int)
    outcomes = values[life - 1]
    summary = summarise(outcomes, scale)
    assert summary.mean == pytest.approx(366.6667, abs=0.01)
    assert summary.sd == pytest.approx(229.0549, abs=0.02)
    assert (outcomes / scale < summary.mean).mean() == pytest.approx(0.5904, abs=1e-4)


def test_a_customer_who_pays_once():
    worth = value_of_book(np.array([[1.0, 1.0, 0.0]]), M, D, timing="start")
    assert per_customer(worth) == pytest.approx(100.0)
