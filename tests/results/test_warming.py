"""Compiled ahead, nothing is left to compile: neither for what is shipped nor for the worlds of the oracle."""

from __future__ import annotations

import json
from pathlib import Path

from tests.environments import python

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))
SCRIPT = """
import json, sys
from pathlib import Path
from simengine.code_store import CodeStore

used = []
load = CodeStore.load_overload
def recorded(store, signature, target):
    used.append(f"{store._stem}{signature}")
    return load(store, signature, target)
CodeStore.load_overload = recorded

from simengine.results.run import run
from simengine.results.warming import MODES, warm
from simengine.scenario.load import load_scenario
from tests.oracle import worlds

warm()
ahead, missing = len(used), {}
folder, *shipped = map(Path, sys.argv[1:])
for name in dir(worlds):
    if name.startswith("write_"):
        shipped.append(getattr(worlds, name)(folder))
for path in shipped:
    for mode in MODES:
        scenario = load_scenario(path, simulation={"mode": mode, "replications": 2})
        sizes = {name: segment.size for name, segment in scenario.segments.items() if (segment.size or 0) > 1000}
        smaller = [f"segments.{name}.size=1000" for name in sizes]
        del used[:]
        run(load_scenario(path, settings=smaller, simulation={"mode": mode, "replications": 2}))
        missing[f"{path.stem}, {mode}"] = used[:]
print(json.dumps({"ahead": ahead, "missing": missing}))
"""


def test_what_is_compiled_ahead_is_all_that_runs_use(tmp_path: Path) -> None:
    done = json.loads(python(["-c", SCRIPT, str(tmp_path), *map(str, SHIPPED)]))
    assert done["ahead"] > 30
    assert len(done["missing"]) == 2 * (len(SHIPPED) + 6)
    assert not any(done["missing"].values()), done["missing"]
