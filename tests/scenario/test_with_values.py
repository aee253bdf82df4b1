"""Numbers put into a resolved scenario, against --set, which writes them before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.scenario import Scenario, ScenarioError, load_scenario
from simengine.scenario.input_range import range_at
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.with_values import INPUTS, input_path, value_at, with_values
from simengine.scenario.yaml_source import spoken

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


@cache
def shipped(file: Path) -> Scenario:
    return load_scenario(file)


def numbers(data: Any, path: tuple[Any, ...] = ()) -> Iterator[str]:
    """The paths of everything in plain data at which a number may stand."""
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from numbers(inner, (*path, key))
    elif isinstance(data, list):
        for i, inner in enumerate(data):
            yield from numbers(inner, (*path, i))
    elif path[0] in INPUTS:
        yield spoken(path)


def stated(scenario: Scenario) -> list[str]:
    """The paths of all numbers that a file states, and of some that it leaves to their defaults."""
    defaults = ["company.net_debt", "company.tax_rate", *(f"segments.{s}.margin" for s in scenario.segments)]
    found = []
    for path in dict.fromkeys([*numbers(scenario.source.data), *defaults]):
        try:
            if value_at(scenario, path) is not None:
                found.append(path)
        except PathRefused:
            continue
    return found


def written(scenario: Scenario, path: str, value: float) -> str:
    """A setting of a number, in the unit in which it stands there."""
    return f"{path}={value!r}{' of revenue' if is_of_revenue(scenario, path) else ''}"


def is_of_revenue(scenario: Scenario, path: str) -> bool:
    return path.endswith(".capital") and "of revenue" in str(_plain_at(scenario, path))


def _plain_at(scenario: Scenario, path: str) -> Any:
    here: Any = scenario.source.data
    for step in input_path(scenario, path):
        here = here.get(step) if isinstance(here, dict) else None
    return here


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@settings(max_examples=12)
@given(data=st.data())
def test_it_is_what_a_setting_gives(file: Path, data: st.DataObject) -> None:
    scenario = shipped(file)
    path = data.draw(st.sampled_from(stated(scenario)))
    now, within = value_at(scenario, path), range_at(scenario, path)
    assert now is not None
    near = within.nearest(now * data.draw(st.sampled_from([0.98, 1.02])) if now else 0.05)
    changed = with_values(scenario, {path: near})
    assert value_at(changed, path) == near
    of_a_whole = {
        each: value_at(changed, each)
        for each in stated(scenario)
        if each.rpartition(".")[0] == path.rpartition(".")[0] and value_at(changed, each) != value_at(scenario, each)
    }
    assert path in of_a_whole or near == now
    texts = [written(scenario, each, value) for each, value in of_a_whole.items() if value is not None]
    try:
        by_setting = load_scenario(file, settings=[*texts, "budget=null"] if scenario.budget else texts)
    except ScenarioError:
        return  # the number breaks a rule between fields, which is not asked of a resolved scenario
    assert replace(changed, budget=None) == by_setting
    assert load_scenario(file) == scenario  # untouched


def test_most_numbers_of_a_file_are_inputs() -> None:
    found = stated(shipped(next(file for file in SHIPPED if file.stem == "northbank")))
    assert len(found) > 90
