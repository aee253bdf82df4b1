"""Initiatives as they are written, dated and shifted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.distribution import LognormalNumber, Triangular
from simengine.scenario.initiative import (
    Delivery,
    Initiative,
    InitiativeText,
    as_written,
    delayed_initiatives,
    initiative_of,
    that_can_begin,
)
from tests.scenario.worlds import replaced, write

FULL = {
    "cost": {"build": "12M", "run": "800k"},
    "duration": {"triangular": [3, 5, 12]},
    "teams": 2,
    "priority": 3,
    "after": ["clean_up"],
    "from": "2027-Q3",
    "segments": {"mass": "30%", "affluent": "70%"},
    "effect": {"knowledge": 0.15, "cost_to_serve": "-5%"},
    "ramp_up": 4,
    "cancel": {"after": 8},
}
LABELS = ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4")


def read(**stated: Any) -> Initiative:
    return initiative_of(InitiativeText.model_validate({"duration": 6, **stated}), 0, ())


def test_all_that_can_be_said() -> None:
    text = InitiativeText.model_validate(FULL)
    each = initiative_of(text, 2, ("allocations", "a", "initiatives", "b"))
    assert (each.build, each.run, each.teams, each.priority, each.ramp_up) == (12e6, 8e5, 2, 3, 4)
    assert isinstance(each.duration, Triangular)
    assert each.duration.triangular == (3, 5, 12)
    assert (each.start, each.after, each.cancel_after, each.uncertain) == (2, ("clean_up",), 8, True)
    assert list(each.shares.items()) == [("affluent", 0.7), ("mass", 0.3)]
    assert each.effect == {"knowledge": 0.15, "cost_to_serve": -0.05}


def test_the_least_that_can_be_said() -> None:
    each = read()
    assert (each.build, each.run, each.teams, each.priority, each.after, each.shares) == (0, 0, 1, 1, (), {})
    assert (each.duration, each.uncertain, each.cancel_after) == (6.0, False, None)


def test_shorter_ways_to_say_it() -> None:
    assert read(cost="12M") == read(cost={"build": 12_000_000})
    assert read(segments=["b", "a"]) == read(segments={"a": 0.5, "b": 0.5})
    assert isinstance(read(duration={"lognormal": {"mean": 6, "cv": 0.4}}).duration, LognormalNumber)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"duration": 0}, "more than 0"),
        ({"duration": "10%"}, "periods"),
        ({"duration": {"triangular": [5, 3, 12]}}, "rising order"),
        ({"duration": {"normal": [5, 3]}}, "triangular"),
        ({"cost": -1}, "money in total, at least 0"),
        ({"cost": {"build": 1, "total": 2}}, "total"),
        ({"teams": 0}, "at least 1"),
        ({"teams": 1.5}, "whole number"),
        ({"priority": 0}, "at least 1"),
        ({"ramp_up": -1}, "at least 0"),
        ({"ramp_up": 1.5}, "whole number"),
        ({"cancel": {"after": 0}}, "more than 0"),
        ({"cancel": 4}, "cancel"),
        ({"segments": []}, "a list of segments"),
        ({"segments": ["a", "a"]}, "each once"),
        ({"segments": {"a": 1.2}}, "at most 1"),
        ({"after": []}, "at least 1 item"),
        ({"effect": {"service": "much"}}, "unit of the target"),
        ({"efect": {"service": 1}}, "efect"),
    ],
)
def test_what_is_malformed_is_refused(stated: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        read(**stated)


def test_teams_are_whole_and_at_least_one() -> None:
    assert Delivery.model_validate({"teams": 4}).teams == 4
    with pytest.raises(ValidationError, match="at least 1"):
        Delivery.model_validate({"teams": 0})


@pytest.mark.parametrize("stated", [FULL, {"duration": 2.5}, {"duration": {"uniform": [1, 2]}, "segments": ["a"]}])
def test_what_is_written_reads_back(stated: dict[str, Any]) -> None:
    each = initiative_of(InitiativeText.model_validate(stated), 2, ())
    written = as_written(each, LABELS)
    assert written["from"] == "2027-Q3"
    assert initiative_of(InitiativeText.model_validate(written), 2, ()) == each


def test_a_shift_moves_them_and_drops_what_cannot_begin_within_the_calendar() -> None:
    stated = {
        "early": initiative_of(InitiativeText.model_validate({"duration": 1}), 1, ()),
        "late": initiative_of(InitiativeText.model_validate({"duration": 1}), 5, ()),
        "next": initiative_of(InitiativeText.model_validate({"duration": 1, "after": ["late"]}), 0, ()),
        "last": initiative_of(InitiativeText.model_validate({"duration": 1, "after": ["early", "next"]}), 0, ()),
    }
    moved = delayed_initiatives(stated, 3, 8, ("allocations", "x", "shift"))
    assert {name: each.start for name, each in that_can_begin(moved).items()} == {"early": 4}
    assert moved["early"].dated == ("allocations", "x", "shift")
    assert delayed_initiatives(stated, 2, 8, ()).keys() == stated.keys()
    assert delayed_initiatives(stated, 0, 8, ()) == stated


PLAN = "{clean_up: {duration: 2}, view: {duration: 3, from: 2027-Q3, after: [clean_up]}, app: {duration: 1}}"


def bank(folder: Path, *allocations: str) -> Scenario:
    """The bank, eight quarters from 2027-Q1, with these allocations."""
    written = "".join(f"  {each}\n" for each in (f"plan: {{initiatives: {PLAN}}}", *allocations))
    return load_scenario(write(folder, replaced(("  baseline: {}\n", f"  baseline: {{}}\n{written}"))[0]))


def starts(scenario: Scenario, name: str) -> dict[str, int]:
    return {name: each.start for name, each in scenario.allocations[name].initiatives.items()}


def test_copies_carry_initiatives_along(tmp_path: Path) -> None:
    scenario = bank(
        tmp_path,
        "same: {like: plan}",
        "more: {like: plan, from: 2028, initiatives: {app: {duration: 4}, crm: {duration: 1, from: 2027-Q2}}}",
        "fewer: {like: plan, initiatives: {app: {}}}",
        "none: {like: plan, initiatives: {app: {}, clean_up: {}, view: {}}}",
    )
    assert starts(scenario, "plan") == starts(scenario, "same") == {"app": 0, "clean_up": 0, "view": 2}
    assert starts(scenario, "more") == {"app": 4, "clean_up": 0, "crm": 1, "view": 2}
    assert scenario.allocations["more"].initiatives["app"].duration == 4
    assert starts(scenario, "fewer") == {"clean_up": 0, "view": 2}
    assert scenario.allocations["none"] == scenario.allocations["baseline"]


def test_a_shift_delays_what_is_copied(tmp_path: Path) -> None:
    scenario = bank(
        tmp_path,
        "later: {like: plan, shift: 2}",
        "twice: {like: later, shift: 3, initiatives: {app: {duration: 1}}}",
        "too_late: {like: plan, shift: 6}",
        "far_too_late: {like: plan, shift: 8, initiatives: {app: {duration: 1, after: [clean_up]}}}",
    )
    assert starts(scenario, "later") == {"app": 2, "clean_up": 2, "view": 4}
    assert starts(scenario, "twice") == {"app": 0, "clean_up": 5, "view": 7}
    assert starts(scenario, "too_late") == {"app": 6, "clean_up": 6}
    assert starts(scenario, "far_too_late") == {}


def test_a_resolved_scenario_says_the_same(tmp_path: Path) -> None:
    scenario = bank(tmp_path, "later: {like: plan, shift: 2}")
    assert load_scenario(write(tmp_path, scenario.resolved_yaml(), "again.yaml")) == scenario
