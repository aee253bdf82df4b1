"""`simengine bench`: every ratio beside its target, on a tiny market."""

from __future__ import annotations

import json
from collections.abc import Callable

from simengine.bench.measures import MEASURES
from simengine.engine.options import usable_processors
from tests.cli.conftest import Ended


def test_as_json(simengine: Callable[..., Ended]) -> None:
    ended = simengine("bench", "--smoke", "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert {"processor", "cores", "python", "numpy", "numba", "simengine", "reference"} <= set(document["machine"])
    possible = [measure for measure in MEASURES if measure.cores <= usable_processors()]
    assert list(document["ratios"]) == [measure.name for measure in possible]
    for measure in possible:
        told = document["ratios"][measure.name]
        assert told["ratio"] > 0
        assert told["target"] == measure.target
        assert told["met"] == measure.met(told["ratio"])
        assert all(figure > 0 for figure in told["figures"].values())


def test_as_a_table_of_the_measures_asked_for(simengine: Callable[..., Ended]) -> None:
    ended = simengine("bench", "--smoke", "--measure", "sampled_12_cells", "--measure", "one_uniform")
    assert ended.code == 0, ended.err
    assert "processor: " in ended.out
    (row,) = [line for line in ended.out.splitlines() if line.strip().startswith("sampled, 12 cells")]
    assert "≥ 12 ×" in row
    assert "engine 1: " in row
    assert "expected" not in ended.out


def test_measures_that_there_are_not(simengine: Callable[..., Ended]) -> None:
    ended = simengine("bench", "--measure", "sampled_12_cell", "--measure", "speed")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean 'sampled_12_cells'?" in ended.err
    assert "2 problems" in ended.err
