"""Commands that do not simulate start at once: they load none of the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

HEAVY = ("numba", "numpy", "xarray", "pandas", "scipy", "sklearn", "duckdb")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["run", "--help"], ["schema"], ["validate", "small.yaml"], ["diff", "small.yaml", "small.yaml"]],
    ids=" ".join,
)
def test_no_heavy_library_is_loaded(arguments: list[str], scenario: Path) -> None:
    script = f"""
import sys
from simengine.__main__ import main
sys.argv = ["simengine", *{arguments!r}]
try:
    main()
except SystemExit as end:
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    print(end.code, loaded, file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=scenario.parent, capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == "0 []", done.stderr
    assert done.stdout


def test_a_command_does_not_wait_for_the_others(scenario: Path) -> None:
    script = f"""
import sys
from simengine.cli.application import COMMANDS, main
sys.argv = ["simengine", "validate", {str(scenario)!r}]
try:
    main()
except SystemExit as end:
    print(end.code, [name for name in COMMANDS if f"simengine.cli.{{name}}" in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 ['validate']"


def test_importing_the_package_loads_nothing() -> None:
    script = "import sys, simengine; print([name for name in ('numpy', 'pydantic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_language_is_put_together_as_a_whole_when_a_scenario_is_read() -> None:
    """Not model by model when it is loaded."""
    names = "AllocationText, ChoiceSegment, CustomerFile, Experience, Lever, ScenarioFile"
    script = f"from simengine.scenario.schema import {names}; print([m.__pydantic_complete__ for m in ({names})])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([False] * 6)


def test_the_schema_is_one_json_document(simengine: Callable[..., Ended]) -> None:
    ended = simengine("schema")
    assert ended.code == 0
    assert json.loads(ended.out)["type"] == "object"


def test_validate_says_yes_as_text_and_as_json(scenario: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("validate", scenario.name)
    assert ended.code == 0, ended.err
    assert "2 allocations x 2 moves = 4 cells" in ended.out
    assert json.loads(simengine("validate", scenario.name, "--json").out) == {
        "valid": True,
        "problems": [],
        "warnings": [],
        "notices": [],
    }


def test_validate_says_no_as_json(scenario: Path, simengine: Callable[..., Ended]) -> None:
    scenario.write_text(scenario.read_text().replace("size: 400", "size: -400"))
    ended = simengine("validate", scenario.name, "--json")
    assert ended.code == 2
    document = json.loads(ended.out)
    assert not document["valid"]
    assert [problem["line"] for problem in document["problems"]] == [10]
    assert ended.err == ""


def test_the_version_is_printed(simengine: Callable[..., Ended]) -> None:
    ended = simengine("--version")
    assert (ended.code, ended.out) == (0, "simengine 0.1.0\n")
