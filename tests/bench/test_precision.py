"""The measure of precision: what it compares, and its arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.bench.monte_carlo import Totals
from simengine.bench.precision import (
    DRAWN,
    EXACT,
    Precision,
    ledger_of,
    measure_precision,
    northbank,
    smallest_difference,
    value_per_share,
)
from simengine.engine.simulate import empty_ledger, simulate
from simengine.results.run import run


def test_the_question_is_the_smallest_difference_of_a_run() -> None:
    scenario = northbank(customers=1000, periods=10)
    question = smallest_difference(scenario)
    everything = run(scenario)
    opening, tables, population = question.opening, question.tables, question.portfolio.population
    worth = value_per_share(simulate(opening, tables, population, EXACT), tables)

    of_all = value_per_share(simulate(everything.opening, everything.tables, population, EXACT), everything.tables)
    by_cell = dict(zip(everything.tables.axes.cells, of_all, strict=True))
    assert [by_cell[name, question.move] for name in question.allocations] == pytest.approx(worth.tolist(), rel=1e-9)
    smallest = min(
        abs(value - other)
        for (_, move), value in by_cell.items()
        for (_, same), other in by_cell.items()
        if move == same and value != other
    )
    assert abs(worth[0] - worth[1]) == pytest.approx(smallest, rel=1e-6)


def test_totals_are_valued_as_the_engines_are() -> None:
    """Expected totals, handed over as if they had been drawn, are worth what expected mode says."""
    question = smallest_difference(northbank(customers=1000, periods=10))
    tables, population = question.tables, question.portfolio.population
    exact = simulate(question.opening, tables, population, EXACT)
    drawn = empty_ledger(question.opening, tables, population, DRAWN)
    # counted in as fine steps as expected mode: what is drawn is whole customers, expected ones are not
    drawn = ledger_of(
        [
            Totals(
                exact.count[cell, 0].sum(axis=-1),
                exact.revenue[cell, 0].sum(axis=-1) / exact.money_scale,
                exact.joins[cell, 0, :, :, 0].sum(axis=-1),
            )
            for cell in range(2)
        ],
        drawn,
    )
    finer = type(drawn)(**{**vars(drawn), "count_scale": exact.count_scale})
    assert value_per_share(finer, tables).tolist() == pytest.approx(value_per_share(exact, tables).tolist(), rel=1e-9)


def test_monte_carlo_finds_the_exact_difference() -> None:
    question = smallest_difference(northbank(customers=1000, periods=10))
    measured = measure_precision(question, replications=40, rounds=2)
    assert measured.standard_errors_apart < 5
    assert measured.customers == 1000
    assert 0 < measured.deviation_same_seed < measured.deviation_other_seeds
    assert measured.times_other_seeds > measured.times_same_seed > 0


def test_seconds_to_a_standard_error() -> None:
    measured = Precision(
        question="this less that",
        customers=1000,
        difference=-0.5,
        monte_carlo_difference=-0.4,
        replications=51,
        deviation_other_seeds=1.0,
        deviation_same_seed=0.1,
        seconds_exact=2.0,
        seconds_per_replication=0.01,
    )
    # a standard error of 0.005 takes (1 / 0.005)^2 = 40,000 replications of 10 ms: 400 s, 200 times 2 s
    assert measured.times_other_seeds == pytest.approx(200)
    assert measured.times_same_seed == pytest.approx(2)
    assert measured.relative_error == pytest.approx(np.sqrt(2 / 50))
    assert measured.standard_errors_apart == pytest.approx(0.1 / (0.1 / np.sqrt(51)))
