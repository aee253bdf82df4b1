"""More cells on a run's customers and today: the same bits as a run of their own, whichever replications are asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simengine.results.run import Run, run
from simengine.scenario.model import Scenario


def few(scenario: Scenario, replications: int) -> Scenario:
    """The second and third allocation, in another order, under the second move, in so many replications."""
    names, move = list(scenario.allocations)[:0:-1], list(scenario.moves)[1]
    return replace(
        scenario,
        allocations={name: scenario.allocations[name] for name in names},
        moves={move: scenario.moves[move]},
        simulation=scenario.simulation.model_copy(update={"replications": replications}),
    )


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_cells_of_another_scenario_are_those_of_a_run_of_its_own(mode: str, request: pytest.FixtureRequest) -> None:
    done: Run = request.getfixturevalue(mode)
    scenario = few(done.scenario, done.scenario.simulation.replications)
    assert done.more(scenario).summary == run(scenario).summary


def test_a_run_again_is_the_same(sampled: Run, expected: Run) -> None:
    for done in (sampled, expected):
        assert done.more().summary == done.summary


def test_replications_from_some_on_are_those_of_the_whole(sampled: Run) -> None:
    scenario = few(sampled.scenario, 3)
    place = [sampled.tables.axes.cells.index(cell) for cell in scenario.cells]
    part = sampled.more(scenario, first=2)
    for name in ("count", "revenue", "joins", "leaves"):
        assert np.array_equal(getattr(part.ledger, name), getattr(sampled.ledger, name)[place, 2:5]), name
    assert np.array_equal(part.valuation.equity, sampled.valuation.equity[place, 2:5])
