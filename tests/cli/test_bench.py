"""`simengine bench`: every ratio beside its target, on a tiny market."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simengine.bench.measures import MEASURES
from simengine.engine.options import usable_processors
from tests.cli.conftest import Ended

ROOT = Path(__file__).parents[2]


def test_as_json(simengine: Callable[..., Ended]) -> None:
    ended = simengine("bench", "--smoke", "--json", "--quiet")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert {"processor", "cores", "python", "numpy", "numba", "simengine", "reference"} <= set(document["machine"])
    # Precision is left out where simengine is installed without its scenarios.
    possible = [measure for measure in MEASURES if measure.cores <= usable_processors()]
    told = [measure for measure in possible if measure.name in document["ratios"]]
    assert list(document["ratios"]) == [measure.name for measure in told]
    assert {measure.name for measure in possible if not measure.name.startswith("precision_")} <= set(
        document["ratios"]
    )
    for measure in told:
        found = document["ratios"][measure.name]
        assert found["ratio"] > 0
        assert found["target"] == measure.target
        assert found["met"] == measure.met(found["ratio"])
        assert all(figure > 0 for figure in found["figures"].values())


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


def test_compiling_ahead(simengine: Callable[..., Ended]) -> None:
    first = simengine("bench", "--warm", "--json", "--quiet")
    assert (first.code, first.err) == (0, "")
    folder = Path(json.loads(first.out)["folder"])
    assert list(folder.glob("engine.sampled_kernels.choice_periods-*"))
    again = simengine("bench", "--warm")
    assert again.code == 0, again.err
    assert again.out.startswith("everything was compiled already; ")
    assert again.out.endswith(f"; kept in {folder}\n")


def test_compiling_ahead_where_nothing_can_be_kept(
    simengine: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = tmp_path_factory.mktemp("site")
    (site / "sitecustomize.py").write_text(
        "import errno\n"
        "from simengine import code_store\n"
        "code_store.STORING.refusal = OSError(errno.ENOSPC, 'No space left on device', 'the store')\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{ROOT}")
    ended = simengine("bench", "--warm", "--quiet")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "simengine failed: No space left on device: the store\n"


def test_compiling_ahead_measures_nothing(simengine: Callable[..., Ended]) -> None:
    ended = simengine("bench", "--warm", "--quick", "--measure", "one_uniform")
    assert (ended.code, ended.out) == (2, "")
    assert "nothing else: --warm measures nothing" in ended.err
