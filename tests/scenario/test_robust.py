"""Whatever is done to a scenario, it loads or its problems are told: no other exception, and it comes to an end."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario import Problem, ScenarioError, load_scenario
from tests.scenario.worlds import BANK

ODD: list[Any] = [
    None, True, 0, -1, 1, 0.5, 1e300, 7, "", "x", "9%", "2027-Q1", "us", "none", "affluent", "advisers", [], {}, [None],
    ["us"], {"x": 1}, {"us": 1}, {"hill": {}}, {"from": "2027"}, {"like": "copy"}, [[]], {"affluent": 1},
]  # fmt: skip
KEYS = ["from", "like", "us", "none", "price", "segments", "x", "size", "dynamics", "affluent", "atlas", "who", "1", ""]


def paths(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    return [*([at] if at else []), *(p for step in steps for p in paths(node[step], (*at, step)))]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_scenarios(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    scenario = YAML(typ="safe").load(BANK)
    for _ in range(data.draw(st.integers(1, 4))):
        *above, last = data.draw(st.sampled_from(paths(scenario) or [("x",)]))
        holder = scenario
        for step in above:
            holder = holder[step]
        what = data.draw(st.sampled_from(["replace", "delete", "rename"]))
        if what == "replace":
            holder[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
        elif what == "delete":
            del holder[last]
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(KEYS))] = holder.pop(last)
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump(scenario, text)
    path = tmp_path_factory.mktemp("changed") / "world.yaml"
    path.write_text(text.getvalue(), encoding="utf-8")
    problems: tuple[Problem, ...] = ()
    try:
        again = load_scenario(path)
    except ScenarioError as error:
        problems = error.problems
    else:
        path.write_text(again.resolved_yaml(), encoding="utf-8")
        assert load_scenario(path) == again
        return
    assert problems
    assert all(problem.found and problem.expected and problem.line >= 1 for problem in problems)
