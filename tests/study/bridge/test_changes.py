"""Changes between allocations, and allocations with some of them made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from simengine.scenario import Scenario, load_scenario
from simengine.scenario.allocation import Allocation
from simengine.study.bridge.changes import Change, changes_between, mixed
from tests.results.conftest import MARKET

TOUCHPOINTS = """\
experience:
  touchpoints:
    branch: {weight: 1, quality: 0.8, owner: retail}
    call: {weight: 2, quality: 0.5, owner: operations}
delivery: {teams: 2}
"""
ALLOCATIONS = """\
  grown: {advisers: {affluent: 40k}, design: {affluent: {groups: 4, cost_per_group: 1k}}}
  phased: {advisers: [{from: 2026-Q3, until: 2026-Q4, affluent: 9k}, {from: 2027-Q1, affluent: 12k}]}
  meeting: {board: {budget: 20k, lever: advisers, by: profit, every: 4}}
  in_one_hand: {experience: {owner: one, quality: {call: 0.7}}}
  better_calls: {experience: {from: 2026-Q3, quality: {call: 0.7}}}
  built:
    initiatives:
      data: {cost: 5k, duration: 2}
      advice_tool: {cost: 3k, duration: 1, after: [data], effect: {service: 1}}
  larger:
    initiatives: {data: {cost: 8k, duration: 2}}
  other_way:
    initiatives: {data: {cost: 5k, duration: 2, after: [advice_tool]}, advice_tool: {cost: 3k, duration: 1}}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("changes") / "market.yaml"
    path.write_text(MARKET.replace("levers:", TOUCHPOINTS + "levers:").replace("moves:", ALLOCATIONS + "moves:"))
    return load_scenario(path)


def found(scenario: Scenario, after: str, before: str = "baseline") -> tuple[Change, ...]:
    return changes_between(scenario, scenario.allocations[before], scenario.allocations[after])


def told(changes: Sequence[Change]) -> list[tuple[str, str, str]]:
    return [(change.label, change.before, change.after) for change in changes]


@pytest.mark.parametrize(
    ("after", "before", "changes"),
    [
        ("same", "baseline", []),
        ("grown", "baseline", [("advisers › affluent", "5k", "40k"), ("design › affluent", "one design", "4 groups")]),
        ("phased", "baseline", [("advisers › affluent", "5k", "5k, 9k from 2026-Q3, 12k from 2027-Q1")]),
        ("meeting", "baseline", [("board › advisers", "today's spend", "20k by profit")]),
        ("meeting", "grown", [("board › advisers", "as stated", "20k by profit"),
                            ("design › affluent", "4 groups", "one design")]),
        ("in_one_hand", "baseline", [("experience › owners", "2 owners", "one"),
                                     ("experience › quality › call", "0.5", "0.7")]),
        ("better_calls", "in_one_hand", [("experience › owners", "one", "2 owners"),
                                         ("experience › quality › call", "0.7", "0.5, 0.7 from 2026-Q3")]),
        ("built", "baseline", [("initiatives › advice_tool", "not built", "built"),
                               ("initiatives › data", "not built", "built")]),
        ("larger", "built", [("initiatives › advice_tool", "built", "not built"),
                             ("initiatives › data", "as stated", "as stated")]),
        ("other_way", "built", [("initiatives › advice_tool and data", "as stated", "as stated")]),
    ],
)  # fmt: skip
def test_changes(scenario: Scenario, after: str, before: str, changes: list[tuple[str, str, str]]) -> None:
    assert told(found(scenario, after, before)) == changes


@pytest.mark.parametrize(
    "pair", [("grown", "baseline"), ("meeting", "grown"), ("better_calls", "in_one_hand"), ("larger", "built"),
             ("phased", "grown"), ("built", "in_one_hand"), ("other_way", "built")],
)  # fmt: skip
def test_with_none_made_it_is_the_one_and_with_all_the_other(scenario: Scenario, pair: tuple[str, str]) -> None:
    after, before = (scenario.allocations[name] for name in pair)
    changes = changes_between(scenario, before, after)
    assert plain(scenario, mixed(before, after, ())) == plain(scenario, before)
    assert plain(scenario, mixed(before, after, changes)) == plain(scenario, after)


def plain(scenario: Scenario, allocation: Allocation) -> Any:
    """What an allocation does, however it is stated."""
    assert scenario.experience is not None
    periods = range(scenario.calendar.periods)
    stated = [
        (
            {lever: {**each.today, **allocation.stated(lever, t)} for lever, each in scenario.levers.items()},
            allocation.touchpoints(scenario.experience.touchpoints, t),
            [allocation.design(segment, t) for segment in scenario.segments],
        )
        for t in periods
    ]
    return stated, allocation.boards, allocation.initiatives


def test_what_comes_after_an_initiative_that_is_not_there_is_not_begun(scenario: Scenario) -> None:
    before, after = (scenario.allocations[name] for name in ("baseline", "built"))
    tool, data = changes_between(scenario, before, after)
    assert mixed(before, after, [tool]).initiatives == {}
    assert set(mixed(before, after, [data]).initiatives) == {"data"}
    assert set(mixed(before, after, [tool, data]).initiatives) == {"data", "advice_tool"}


def test_what_neither_states_stays_as_it_is(scenario: Scenario) -> None:
    before, after = scenario.allocations["grown"], scenario.allocations["in_one_hand"]
    shared = replace(after, fundings=before.fundings)
    places = [change.label for change in changes_between(scenario, before, shared)]
    assert places == ["design › affluent", "experience › owners", "experience › quality › call"]
    owners = changes_between(scenario, before, shared)[1]
    made = mixed(before, shared, [owners])
    assert made.fundings == before.fundings
    assert made.designs == before.designs
    assert [(each.owner, each.quality) for each in made.experience] == [("one", {})]
