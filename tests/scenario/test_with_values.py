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
from simengine.scenario.input_path import INPUTS, input_path
from simengine.scenario.input_range import range_at
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.with_values import value_at, with_values
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


LIKE = """allocations={plan: {advisers: [{until: 2028-Q4, affluent: 5M}, {from: 2029-Q1, affluent: 9M, mass: 1M}],
initiatives: {view: {cost: {build: 12M}, duration: 4, effect: {knowledge: 0.1}}}}, copy: {like: plan, shift: 2},
other: {like: plan, initiatives: {view: {cost: 3M, duration: 4, effect: {knowledge: 0.1}}}}}"""
COPIED = {
    "allocations.plan.advisers.2.affluent": "{normal: [9M, 1M]}",
    "allocations.plan.initiatives.view.cost.build": "{uniform: [10M, 14M]}",
    "segments.affluent.review": "{uniform: [19%, 21%]}",
}


def test_what_allocations_copy_goes_with_it_and_still_does_when_all_is_written_out(tmp_path: Path) -> None:
    file = next(file for file in SHIPPED if file.stem == "northbank")
    texts = [LIKE, "budget=null", *(f'uncertain."{path}"={law}' for path, law in COPIED.items())]
    texts += ["segments.mass.review=20%", "uncertain.same={segments.affluent.review: [segments.mass.review]}"]
    scenario = load_scenario(file, settings=texts)
    drawn = dict(zip(COPIED, (8e6, 13e6, 0.205), strict=True))
    changed = with_values(scenario, drawn)
    spend = [each.fundings["advisers"][1].amounts["affluent"] for each in changed.allocations.values()]
    assert spend == [8e6, 8e6, 8e6]
    assert [each.initiatives["view"].build for each in changed.allocations.values()] == [13e6, 13e6, 3e6]
    assert [each.review for each in changed.choosing.values()] == [0.205, 0.205]
    (tmp_path / "resolved.yaml").write_text(scenario.resolved_yaml())
    again = load_scenario(tmp_path / "resolved.yaml")
    assert again.uncertain.inputs == scenario.uncertain.inputs
    assert with_values(again, drawn).allocations == changed.allocations
    assert with_values(again, drawn).segments == changed.segments
    (tmp_path / "again.yaml").write_text(again.resolved_yaml())
    assert load_scenario(tmp_path / "again.yaml") == again


def test_a_part_of_a_move_goes_with_it_wherever_a_study_puts_it_and_what_is_left_out_changes_nothing() -> None:
    scenario = shipped(next(file for file in SHIPPED if file.stem == "northbank"))
    path, war = "moves.price_war.1.change.price", scenario.moves["price_war"]
    both = replace(scenario, moves={"quiet": (), "both": (*scenario.moves["neo_learns_to_advise"], *war)})
    changed = with_values(both, {path: -0.3}).moves["both"]
    assert [each.change.get("price") for each in changed if each.who == war[0].who] == [-0.3]
    less = replace(scenario, moves={"quiet": ()}, allocations={"baseline": scenario.allocations["baseline"]})
    assert with_values(less, {path: -0.3, "allocations.by_product.advisers.affluent": 1e6}) == less
    for wrong in (
        "moves.price_wars.1.change.price",
        "moves.price_war.9.change.price",
        "allocations.by_products.advisers.mass",
    ):
        with pytest.raises(PathRefused):
            with_values(scenario, {wrong: 0.1})
