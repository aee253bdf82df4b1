"""The hardest question of the shipped scenario: it is what a run of all its cells would ask."""

from __future__ import annotations

import pytest

from simengine.bench.question import EXACT, northbank, smallest_difference, value_per_share
from simengine.engine.simulate import simulate
from simengine.results.run import run


def test_the_question_is_the_smallest_difference_of_a_run() -> None:
    scenario = northbank(customers=1000, periods=10)
    question = smallest_difference(scenario)
    everything = run(scenario)
    assert len(question.population.ids) == 1000

    worth = value_per_share(question.answer(), question.tables)
    ledger = simulate(everything.opening, everything.tables, question.population, EXACT)
    by_cell = dict(zip(everything.tables.axes.cells, value_per_share(ledger, everything.tables), strict=True))
    assert [by_cell[name, question.move] for name in question.allocations] == pytest.approx(worth.tolist(), rel=1e-9)
    smallest = min(
        abs(value - other)
        for (_, move), value in by_cell.items()
        for (_, same), other in by_cell.items()
        if move == same and value != other
    )
    assert abs(worth[0] - worth[1]) == pytest.approx(smallest, rel=1e-6)


def test_the_scenario_is_shipped_but_for_its_size() -> None:
    assert northbank(600_000).segments["affluent"] == northbank(600_000, periods=12).segments["affluent"]
    assert northbank(600_000).segments["affluent"].size == 180_000
    assert northbank(1000).calendar.periods == 40
    assert northbank(1000).allocations == northbank(600_000).allocations
