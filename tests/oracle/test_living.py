"""The living worlds: everything that they state happens somewhere, and nothing moves before it may."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from simengine.portfolio import load_portfolio
from simengine.scenario import load_scenario

from . import projects, sampled
from .living import unfolded
from .living_worlds import write_living_choice_world
from .market import KNOWLEDGE, US, market
from .world import World, centre_of, everybody, open_world, options


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    """By replication."""
    scenario = load_scenario(write_living_choice_world(tmp_path_factory.mktemp("living")))
    world = open_world(scenario, load_portfolio(scenario))

    def live(replication: int) -> World:
        fates = {person.row: sampled.fate(world, person, replication) for person in everybody(world)}
        return unfolded(world, replication, partial(sampled.count, fates=fates))

    return [live(replication) for replication in range(scenario.simulation.replications)]


def test_every_change_of_a_move_happens_in_some_worlds_and_not_in_others(lives: list[World]) -> None:
    scenario = lives[0].scenario
    told = [life.told[cell].moves["answers"] for life in lives for cell in life.told if cell[1] == "answers"]
    for change in scenario.moves["answers"]:
        starts = [[each.start for each in changes if alike(each, change)] for changes in told]
        assert any(start < scenario.calendar.periods for each in starts for start in each)
        assert any(each != starts[0] for each in starts)


def alike(one: Any, other: Any) -> bool:
    """Whether they may be the same change, with a date and without."""
    return bool((one.who, *one.change, *one.set, one.like) == (other.who, *other.change, *other.set, other.like))


def test_luck_talk_drift_and_knowledge_move_every_market(lives: list[World]) -> None:
    seen = set()
    for life in lives:
        for (cell, segment), markets in life.markets.items():
            first, last = markets[0], markets[-1]
            assert last.demand != 1
            assert last.shift["neo"] != first.shift["neo"] != 0
            assert last.knowledge[US] != life.scenario.company.knowledge
            seen.add(round(last.knowledge[US], 6))
            choices, centre = options(life.openings[segment]), centre_of(life.openings[segment].people)
            still = market(life.told[cell], segment, choices, cell, 0, centre)
            assert set(still.shift.values()) == {0.0}
            assert first._replace(shift=still.shift, demand=1.0, review=still.review) == still
    assert len(seen) > len(lives), "knowledge follows customers, which differ by cell and replication"


def test_initiatives_wait_for_teams_and_work_when_completed(lives: list[World]) -> None:
    """Two teams: desk takes both for 1.5 periods; school and counter follow, then archive, which is given up."""
    scenario = lives[0].scenario
    courses = {name: projects.course(scenario, "push", name) for name in scenario.allocations["push"].initiatives}
    assert courses["desk"][1:3] == (0, 1.5)
    assert courses["school"][1:3] == (1.5, 3.5)
    assert courses["counter"][1:3] == (2, 3)
    assert courses["archive"][1::2] == (3.5, 5.5)
    added = [projects.effect(scenario, "push", "homes", t, "service") for t in range(6)]
    assert added == [0, 0, 1, 1, 1, 1]
    assert [projects.effect(scenario, "push", "shops", t, KNOWLEDGE) for t in range(6)] == pytest.approx(
        [0, 0, 0, 0, 0.025, 0.075]
    )
    total = sum(projects.cost(scenario, "push", "homes", t)[0] for t in range(6)) / 4
    assert total == pytest.approx(3000 + 0.3 * 900 * 2 / 3)
