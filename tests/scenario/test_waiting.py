"""Moves that wait, as they are resolved and written out, and what is warned of."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.condition_parser import parse_condition
from simengine.scenario.distribution import Triangular
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change, Trigger
from tests.scenario.worlds import BANK, MARK, replaced, write

CUT = "{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}"
SAID = {"who": "atlas", "start": 8, "end": 8, "change": {"price": -0.08}, "set": {}, "segments": ("affluent",)}


def bank(folder: Path, *changes: str) -> Scenario:
    """The bank, with other changes for its price cut."""
    return load_scenario(write(folder, replaced((CUT, ", ".join(changes)))[0]))


def cut(how: str, change: str = "price: -8%") -> str:
    return f"{{who: atlas, {how}, change: {{{change}}}, segments: [affluent]}}"


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (
            "when: share(us, affluent) > 38%, detect: 2, respond: 1",
            Change(**SAID, trigger=Trigger(parse_condition("share(us, affluent) > 38%"), 2, 1)),
        ),
        (
            "when: price(us) < 95, lasts: 3, repeat: repeatedly",
            Change(**SAID, trigger=Trigger(parse_condition("price(us) < 95")), lasts=3, repeatedly=True),
        ),
        ("arrival: 25%, lasts: 4", Change(**SAID, arrival=0.25, lasts=4)),
        (
            "arrival: 0.25, size: {triangular: [0, 1, 2]}",
            Change(**SAID, arrival=0.25, size=Triangular(triangular=(0, 1, 2))),
        ),
        (
            "at: 2027-Q3, until: 2028-Q1, size: {triangular: [0, 1, 2]}",
            Change(**SAID | {"start": 2, "end": 5}, size=Triangular(triangular=(0, 1, 2))),
        ),
    ],
)
def test_a_move_that_waits_is_scheduled_in_no_period(how: str, expected: Change, tmp_path: Path) -> None:
    scenario = bank(tmp_path, cut(how))
    (change,) = scenario.moves["price_cut"]
    assert change == expected
    assert change.unfolds
    assert change.waits == (not how.startswith("at"))
    again = load_scenario(write(tmp_path, scenario.resolved_yaml(), "again.yaml"))
    assert again == scenario
    assert again.moves["price_cut"][0].name == change.name == "move price_cut 1"


def test_luck_has_the_name_of_the_move_and_the_place_in_it(tmp_path: Path) -> None:
    scenario = bank(tmp_path, cut("arrival: 25%"), cut("arrival: 20%"))
    assert [change.name for change in scenario.moves["price_cut"]] == ["move price_cut 1", "move price_cut 2"]


def test_what_is_scheduled_does_not_wait(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, BANK))
    assert not any(change.unfolds for changes in scenario.moves.values() for change in changes)


WARNED = {
    "a share of more than all": ("when: §share(us) > 120%", "never", "share(us) is from 0 to 100%"),
    "a share of less than nothing": ("when: §share(us) < 0", "never", "share(us) is from 0 to 100%"),
    "any share": ("when: §share(us) >= 0 and share(us) > 38%", "always", "from 0 to 100%"),
    "twice a share": ("when: §share(us) * 2 - 1 > 110%", "never", ""),
    "a level of more than 10": ("when: §level(us, service) > 10", "never", "from 0 to 10"),
    "fewer than no customers": ("when: §customers(us) < 0", "never", "not less than 0"),
    "a price that nothing changes": ("when: §price(us) < 95", "never", "nothing changes price(us) from 100"),
    "a level that nothing changes": ("when: §level(us, rate) >= 5", "always", "nothing changes level(us, rate) from 5"),
    "its own price": ("when: §price(atlas) < 95", "never", "nothing changes price(atlas) from 98"),
    "numbers": ("when: share(us) > 38% and §1 > 2", "never", "numbers alone"),
    "an answer after the calendar": (
        "when: share(us) > 38%, detect: §4, respond: 3",
        "from period 9 on",
        "sooner",
    ),
}
SOUND = [
    "when: share(us) > 38%",
    "when: share(us) >= 100%",
    "when: level(us, service) > 7.5",
    "when: level(us, service) - level(atlas, service) > 2",
    "when: share(us) / share(none) > 3",
    "when: share(us) * customers(us) > 3",
    "when: knowledge(us) > 3%",
    "when: share(us) > 38%, detect: 3, respond: 3",
]


def warnings(scenario: Scenario) -> list[tuple[int, int, str, str]]:
    here = (each for each in scenario.warnings if each.place.startswith("moves.price_cut"))
    return [(each.line, each.column, each.found, each.suggestion) for each in here]


@pytest.mark.parametrize("case", WARNED)
def test_what_cannot_come_out_either_way_is_warned_of(case: str, tmp_path: Path) -> None:
    how, found, why = WARNED[case]
    text, (place,) = replaced((CUT, cut(how)))
    ((*at, said, suggestion),) = warnings(load_scenario(write(tmp_path, text)))
    assert tuple(at) == place
    assert found in said
    assert why in suggestion


@pytest.mark.parametrize("how", SOUND)
def test_what_can_come_out_either_way_is_not(how: str, tmp_path: Path) -> None:
    assert MARK not in how
    assert warnings(bank(tmp_path, cut(how))) == []


@pytest.mark.parametrize(
    "other",
    [
        "{who: atlas, at: 2027-Q3, change: {price: -1%}, segments: [affluent]}",
        "{who: atlas, at: 2027-Q3, set: {price: 90}}",
        "{who: atlas, at: 2027-Q3, like: more_advice, segments: [affluent]}",
    ],
)
def test_a_price_that_the_same_move_may_change_can_come_out_either_way(other: str, tmp_path: Path) -> None:
    assert not any("never" in found for *_, found, _ in warnings(bank(tmp_path, cut("when: price(atlas) < 95"), other)))


def test_a_rival_that_serves_nobody_there(tmp_path: Path) -> None:
    text, places = replaced(
        (CUT, cut("when: §share(neo, affluent) > 3% or share(neo) > 3%")),
        ("constants: {us: 0, atlas: 0.2, none: -1}", "constants: {us: 0, atlas: 0.2, neo: 0, none: -1}"),
        ("  atlas: {price: 98, rate: 6", "  neo: {price: 98, rate: 6, service: 5}\n  atlas: {price: 98, rate: 6"),
    )
    ((*at, found, why),) = warnings(load_scenario(write(tmp_path, text)))
    assert [tuple(at)] == places
    assert "never" in found
    assert why == "neo serves nobody in affluent"
