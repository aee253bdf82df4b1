"""What the second process compiles is what the run of the first then finds; what takes longest comes first."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from simengine.engine import changed_hands, sampled_kernels
from simengine.results.compiled_ahead import longest_first
from simengine.results.compiling_beside import MODULE, SCENARIO
from simengine.scenario import load_scenario
from tests.cli.conftest import SMALL
from tests.environments import python

STORE = "from simengine.code_store import FOLDERS; print(FOLDERS[-1])"
RUN = """
import json, sys
from pathlib import Path
from simengine.code_store import FOLDERS
from simengine.results.compiling_beside import is_worth_while
from simengine.results.how import How
from simengine.results.run import run
from simengine.scenario import load_scenario

def stored():
    return {path.name.split("-")[0] for path in FOLDERS[-1].glob("*.code")}

scenario, before = load_scenario(sys.argv[1]), stored()
worth = is_worth_while(scenario, How(threads=2), "sampled")
run(scenario, threads=2)
print(json.dumps([worth, sorted(before), sorted(stored() - before)]))
"""


@pytest.fixture
def cache(tmp_path: Path) -> dict[str, str]:
    return {"SIMENGINE_CACHE": str(tmp_path / "cache")}


def started(folder: Path, store: str, cache: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", MODULE, str(folder), store], env={**os.environ, **cache}, stdin=subprocess.PIPE
    )


def test_a_run_finds_compiled_what_takes_long(tmp_path: Path, cache: dict[str, str]) -> None:
    path, claims = tmp_path / "small.yaml", tmp_path / "claims"
    path.write_text(SMALL)
    claims.mkdir()
    (claims / SCENARIO).write_bytes(pickle.dumps(load_scenario(path)))
    with started(claims, python(["-c", STORE], cache).strip(), cache) as process:
        assert process.wait(300) == 0
    worth, before, new = json.loads(python(["-c", RUN, str(path)], cache))
    assert "engine.sampled_kernels.choice_periods" in before
    assert "engine.sampled_kernels.open_customers" in before
    assert set(new) <= {
        f"portfolio.{each}" for each in ("synthetic.needs_of_ids", "gamma_table.tabulate", "synthetic.revenue_of_ids")
    }
    assert not worth  # a second run needs no second process


def test_it_ends_with_the_process_that_started_it(tmp_path: Path, cache: dict[str, str]) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    claims = tmp_path / "claims"
    claims.mkdir()
    (claims / SCENARIO).write_bytes(pickle.dumps(load_scenario(tmp_path / "small.yaml")))
    with started(claims, python(["-c", STORE], cache).strip(), cache) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 1
    assert not [*tmp_path.rglob("*.choice_periods*.code")]
    assert not claims.exists()  # nobody else would remove it


def test_for_another_store_it_compiles_nothing(tmp_path: Path, cache: dict[str, str]) -> None:
    with started(tmp_path, str(tmp_path / "another"), cache) as process:
        assert process.wait(60) == 0
    assert not [*tmp_path.rglob("*.code")]


def test_what_takes_longest_to_compile_is_first() -> None:
    short, long = (changed_hands.count_hands, ()), (sampled_kernels.choice_periods, ())
    assert longest_first([short, long]) == [long, short]
