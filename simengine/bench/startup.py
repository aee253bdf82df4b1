"""How soon a command answers: against a bare import of the libraries of any such command line, or in seconds."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from simengine.bench.market import Shape, scenario_text
from simengine.bench.trial import SMOKE, Effort, Outcome
from simengine.unfinished import finish, temporary_folder

BARE = ("-c", "import typer, pydantic, rich")
STARTER = Shape(customers=10_000, cells=4, segments=2, stages=True)  # the size of a first scenario
LATER_RUNS = 3
PACKAGES = Path(__file__).parents[2]  # the folder that this package is imported from


def help_asked_for(effort: Effort) -> Outcome:
    """`simengine --help`."""
    return times_bare_import(("--help",), effort.rounds)


def scenario_validated(effort: Effort) -> Outcome:
    """`simengine validate` of a small scenario."""
    with temporary_folder("simengine-bench-") as folder:
        return times_bare_import(("validate", str(_starter(folder, effort))), effort.rounds)


def first_run(effort: Effort) -> Outcome:
    """Seconds of `simengine run` where nothing is compiled yet. In the smoke pass what is compiled is used."""
    with temporary_folder("simengine-bench-") as folder:
        cache = {} if effort == SMOKE else {"SIMENGINE_CACHE": str(folder / "cache")}
        return Outcome(_seconds_to_run(_starter(folder, effort), cache), {})


def later_run(effort: Effort) -> Outcome:
    """Seconds of `simengine run`, the best of a few, of which the first may compile."""
    with temporary_folder("simengine-bench-") as folder:
        scenario = _starter(folder, effort)
        return Outcome(min(_seconds_to_run(scenario, {}) for _ in range(min(effort.rounds, LATER_RUNS))), {})


def times_bare_import(arguments: Sequence[str], rounds: int) -> Outcome:
    """Processor seconds of `simengine ARGUMENTS` over those of the import, each the quickest of rounds in turns."""
    with temporary_folder("simengine-bench-") as folder:
        # Byte code is stored, as in any installation: the first round of both writes it.
        environment = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}
        bare, own = [], []
        for _ in range(rounds):
            bare.append(_processor_seconds(BARE, environment))
            own.append(_processor_seconds(("-m", "simengine", *arguments), environment))
    seconds = {"bare_import_seconds": min(bare), "seconds": min(own)}
    return Outcome(seconds["seconds"] / seconds["bare_import_seconds"], seconds)


def _seconds_to_run(scenario: Path, environment: Mapping[str, str]) -> float:
    start = time.perf_counter()
    _call(("-m", "simengine", "run", str(scenario), "--out", str(scenario.parent / "run"), "--quiet"), environment)
    return time.perf_counter() - start


def _processor_seconds(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """Of a process of its own; a busy machine does not add to them."""
    try:
        import resource
    except ImportError:  # not on every system
        start = time.perf_counter()
        _call(arguments, environment)
        return time.perf_counter() - start
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _call(arguments, environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _call(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run Python with the same packages."""
    paths = os.pathsep.join([str(PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, **environment, "PYTHONPATH": paths}
    finish([sys.executable, *arguments], environment)


def _starter(folder: Path, effort: Effort) -> Path:
    """A small scenario in a folder."""
    shape = STARTER if effort != SMOKE else STARTER._replace(customers=SMOKE.customers // 2, periods=SMOKE.periods)
    scenario = scenario_text(shape)
    scenario["simulation"] = {"seed": 1, "replications": 40 if effort != SMOKE else SMOKE.replications}
    path = folder / "starter.yaml"
    path.write_text(json.dumps(scenario, indent=1), encoding="utf-8")  # JSON is YAML
    return path
