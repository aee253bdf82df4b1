"""The measure of precision: it compares the same market, and its arithmetic is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simengine.bench.monte_carlo import Totals
from simengine.bench.precision import (
    ALIGNED,
    DRAWN,
    OTHER_SEEDS,
    SAME_SEED,
    Precision,
    Way,
    _paired,
    _unpaired,
    ledger_of,
    measure_precision,
)
from simengine.bench.question import Question, northbank, smallest_difference, value_per_share
from simengine.engine.simulate import empty_ledger


@pytest.fixture(scope="module")
def question() -> Question:
    return smallest_difference(northbank(customers=1000, periods=10))


def test_totals_are_valued_as_the_engines_are(question: Question) -> None:
    """Expected totals, handed over as if they had been drawn, are worth what expected mode says."""
    exact = question.answer()
    both = [
        Totals(
            exact.count[cell, 0].sum(axis=-1),
            exact.revenue[cell, 0].sum(axis=-1) / exact.money_scale,
            exact.joins[cell, 0, :, :, 0].sum(axis=-1),
        )
        for cell in range(2)
    ]
    empty = empty_ledger(question.opening, question.tables, question.population, DRAWN)
    assert empty.money_scale == exact.money_scale
    # in as fine steps as expected mode counts: what is drawn are whole customers, what is expected are fractions
    handed = replace(ledger_of(both, empty), count_scale=exact.count_scale)
    worth = value_per_share(handed, question.tables)
    assert worth.tolist() == pytest.approx(value_per_share(exact, question.tables).tolist(), rel=1e-9)


def test_monte_carlo_finds_the_exact_difference(question: Question) -> None:
    measured = measure_precision(question, replications=60, rounds=2)
    assert measured.customers == 1000
    assert list(measured.ways) == [OTHER_SEEDS, SAME_SEED, ALIGNED]
    noise = [way.deviation for way in measured.ways.values()]
    assert sorted(noise, reverse=True) == noise  # the more luck the arms share, the less of it is left
    # Seeds are fixed; at others one right program in 90,000 would have one beyond (Student's t, 59 degrees of freedom).
    assert all(measured.standard_errors_apart(name) < 5 for name in measured.ways)
    assert all(measured.times(name) > 0 for name in measured.ways)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_variances_are_as_uncertain_as_is_said(correlation: float) -> None:
    """Against the spread of estimates from 4,000 samples, itself known to 1.2 % (seed fixed)."""
    covariance = [[1.0, correlation * 1.5], [correlation * 1.5, 2.25]]
    samples = np.random.default_rng(1).multivariate_normal([0, 0], covariance, (4000, 60))
    for way_of in (_unpaired, _paired):
        ways = [way_of(sample, 1.0) for sample in samples]
        variances = np.array([way.deviation**2 for way in ways])
        spread = variances.std() / variances.mean()
        assert np.mean([way.relative_error for way in ways]) == pytest.approx(spread, rel=0.05)


def test_seconds_to_a_standard_error() -> None:
    way = Way(mean=-0.4, deviation=0.1, seconds=0.01, relative_error=0.2)
    measured = Precision("this less that", 1000, -0.5, seconds=2.0, replications=51, ways={"drawn": way})
    # a standard error of 0.005 takes (0.1 / 0.005)^2 = 400 replications of 10 ms: 4 s, twice 2 s
    assert measured.seconds_to_know("drawn") == pytest.approx(4)
    assert measured.times("drawn") == pytest.approx(2)
    assert measured.standard_errors_apart("drawn") == pytest.approx(0.1 / (0.1 / np.sqrt(51)))
    row = "| NumPy, drawn | 20% | 0.010 | 400 | 4 | 2 ± 0 |"
    assert measured.as_markdown().splitlines()[-1] == row
