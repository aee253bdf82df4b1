"""The oracle's worlds against what must hold in them: today is reproduced, parts add up, luck is shared."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.scenario import load_scenario

from . import customer
from .calibration import Today, first_year_churn
from .contract import cumulative_hazard
from .customer import Position, state_at, supplier_in
from .luck import opening_luck, period_luck
from .market import BASE, US, market
from .rest import shares
from .simulate import OracleRun, run, run_world
from .spending import effective_spend
from .world import World, everybody, open_world
from .worlds import (
    write_choice_world,
    write_contract_world,
    write_crowded_world,
    write_file_world,
    write_own_world,
)


class Lived(NamedTuple):
    """A world, and both runs of it."""

    scenario: Any
    portfolio: Any  # in sampled mode
    world: World
    sampled: OracleRun
    expected: OracleRun


WORLDS = {
    "choice": write_choice_world,
    "contract": write_contract_world,
    "file": write_file_world,
    "own": write_own_world,
    "crowded": write_crowded_world,
}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lived]:
    return {name: _live(write, tmp_path_factory.mktemp(name)) for name, write in WORLDS.items()}


def _live(write: Callable[[Path], Path], folder: Path) -> Lived:
    path = write(folder)
    scenario = load_scenario(path)
    portfolio = load_portfolio(scenario)
    expecting = load_scenario(path, simulation={"mode": "expected"})
    world = open_world(scenario, portfolio)
    expected = run(expecting, load_portfolio(expecting))
    return Lived(scenario, portfolio, world, run_world(world), expected)


@pytest.fixture(params=sorted(WORLDS))
def lived(request: pytest.FixtureRequest, worlds: dict[str, Lived]) -> Lived:
    return worlds[request.param]


def quiet_cell(lived: Lived) -> int:
    """Today's spend, no moves."""
    return lived.expected.cells.index(("baseline", "quiet"))


def test_what_is_stated_today_is_what_is_modelled_today(worlds: dict[str, Lived]) -> None:
    for name, segment in (("choice", "homes"), ("choice", "shops"), ("file", "savers"), ("own", "members")):
        scenario, opening = worlds[name].scenario, worlds[name].world.openings[segment]
        stated, rules = scenario.segments[segment], opening.rules
        assert rules is not None
        there = market(scenario, segment, tuple(rules.constants), BASE, 0)
        assert shares(opening.people, opening.chances) == pytest.approx(stated.shares, abs=1e-10)
        today = Today(scenario, segment, opening.people, there, stated.shares)
        churn = first_year_churn(today, rules, opening.chances)
        assert churn == pytest.approx(stated.churn, abs=1e-10)
        assert rules.constants["none" if "none" in rules.constants else "us"] == 0
        assert rules.inertia > 0


def test_synthetic_customers_of_ours_bring_the_stated_mean_revenue(worlds: dict[str, Lived]) -> None:
    lived = worlds["choice"]
    for number, segment in enumerate(lived.expected.segments):
        stated = lived.scenario.segments[segment]
        opening = lived.expected.count[0, 0, 0, number, :3], lived.expected.revenue[0, 0, 0, number, :3]
        customers, revenue = (part.sum(axis=1) for part in opening)
        if stated.stages.revenue == (1, 1, 1):
            assert revenue.sum() / customers.sum() == pytest.approx(stated.revenue.mean)
        staged = 0.0
        for person in lived.world.openings[segment].people:
            chances = lived.world.openings[segment].chances[person.row]
            base = lived.world.openings[segment].base_revenue[person.row]
            multipliers = zip(customer.STAGES, stated.stages.revenue, strict=True)
            staged += sum(base * chances[stage] * multiplier for stage, multiplier in multipliers)
        assert staged / customers.sum() == pytest.approx(stated.revenue.mean)


def test_nothing_moves_where_nobody_acts(worlds: dict[str, Lived]) -> None:
    """Customers who start at rest stay there; a file's are only as many a year later as at the opening."""
    choice = worlds["choice"]
    count = choice.expected.count[quiet_cell(choice), 0].sum(axis=-1)
    np.testing.assert_allclose(count, np.broadcast_to(count[0], count.shape), atol=1e-10)
    for file in (worlds["file"], worlds["own"]):
        count = file.expected.count[quiet_cell(file), 0].sum(axis=-1)
        ours = count[:, :, :3].sum(axis=2, keepdims=True)
        by_supplier = np.concatenate([ours, count[:, :, 3:]], axis=2)
        year = file.scenario.calendar.periods_per_year
        np.testing.assert_allclose(by_supplier[year], by_supplier[0], atol=1e-10)


def test_rows_of_every_transition_sum_to_one(lived: Lived) -> None:
    for (_, segment), markets in lived.world.markets.items():
        opening = lived.world.openings[segment]
        if opening.rules is None:
            continue
        for person in opening.people[::7]:
            for state in opening.chances[person.row]:
                row = customer.transition(person, markets[-1], opening.rules, state)
                assert sum(row.values()) == pytest.approx(1, abs=1e-14)
                assert min(row.values()) >= 0


def test_drawn_steps_are_as_frequent_as_transitions_say(worlds: dict[str, Lived]) -> None:
    world, draws = worlds["choice"].world, 3000
    person = world.openings["homes"].people[5]
    rules = world.openings["homes"].rules
    assert rules is not None
    there = world.markets[("push", "attack"), "homes"][4]
    for opened in (Position("neo"), Position("none"), Position(US, 0, 0)):
        before = state_at(opened, 3)
        chances = customer.transition(person, there, rules, before)
        drawn = [
            customer.live(person, there, rules, opened, 4, period_luck(9, number, 4, number % 40)).position
            for number in range(draws)
        ]
        ended = [supplier_in(state_at(position, 4)) for position in drawn]
        for state, chance in chances.items():
            if state in customer.STAGES[1:] and before not in customer.STAGES:
                continue
            target = supplier_in(state)
            wanted = sum(chance for other, chance in chances.items() if supplier_in(other) == target)
            error = math.sqrt(wanted * (1 - wanted) / draws)
            assert ended.count(target) / draws == pytest.approx(wanted, abs=4 * error + 1e-12)
            assert chance <= wanted + 1e-12


def test_stages_are_drawn_as_often_as_the_stationary_distribution_says(worlds: dict[str, Lived]) -> None:
    world, draws = worlds["choice"].world, 4000
    opening = world.openings["homes"]
    assert opening.rules is not None
    chances = opening.chances[opening.people[3].row]
    drawn = [
        customer.open_position(chances, opening_luck(2, number, 0), opening.rules.promotion, 0)
        for number in range(draws)
    ]
    for period, wanted in [(-1, chances)]:
        states = [state_at(position, period) for position in drawn]
        for state, chance in wanted.items():
            error = math.sqrt(chance * (1 - chance) / draws)
            assert states.count(state) / draws == pytest.approx(chance, abs=4 * error)


def test_a_constant_hazard_leaves_a_geometric_number(worlds: dict[str, Lived]) -> None:
    lived = worlds["contract"]
    yearly = lived.expected.segments.index("yearly")
    count = lived.expected.count[quiet_cell(lived), 0, :, yearly].sum(axis=-1)
    months = np.arange(lived.scenario.calendar.periods + 1)
    ours = count[:, lived.expected.states.index("us established")]
    np.testing.assert_allclose(ours, 10 * np.exp(-0.3 * months / 12), rtol=1e-12)
    np.testing.assert_allclose(count.sum(axis=-1), 10, rtol=1e-12)


def test_survival_under_contract_follows_tenure(worlds: dict[str, Lived]) -> None:
    lived = worlds["contract"]
    monthly = lived.expected.segments.index("monthly")
    hazards, horizon = lived.portfolio.hazards["monthly"], lived.scenario.calendar.periods
    people = lived.world.openings["monthly"].people
    survivors = sum(
        math.exp(
            cumulative_hazard(hazards, person.tenure_months)
            - cumulative_hazard(hazards, person.tenure_months + horizon)
        )
        for person in people
    )
    count = lived.expected.count[quiet_cell(lived), 0, -1, monthly].sum(axis=-1)
    assert count[lived.expected.states.index("us established")] == pytest.approx(survivors)


def test_carry_over_halves_as_published(worlds: dict[str, Lived]) -> None:
    """P14: at a carry-over of 0.6 a year, half of a change has been felt after 1.356915 years."""
    scenario = worlds["choice"].scenario
    felt = [effective_spend(scenario, "push", "advisers", "homes", period) for period in range(8)]
    for period, acting in enumerate(felt):
        assert acting == pytest.approx(5000 - 3000 * 0.6 ** ((period + 1) / 4))


def test_sampled_and_expected_agree(lived: Lived) -> None:
    """Within 4 standard errors by cell, segment, supplier and presence at the horizon, and in value.

    The expected variance of a total of few independent customers is bounded by the binomial one.
    """
    replications = lived.sampled.count.shape[1]
    drawn = lived.sampled.count[:, :, -1].mean(axis=1)
    wanted = lived.expected.count[:, 0, -1]
    error = np.sqrt(np.maximum(wanted, 1 / replications) / replications)
    assert np.all(np.abs(drawn - wanted) <= 4 * error)
    value = lived.sampled.enterprise_value
    error = value.std(axis=1, ddof=1) / math.sqrt(replications)
    assert np.all(np.abs(value.mean(axis=1) - lived.expected.enterprise_value[:, 0]) <= 4 * error)


def test_parts_add_up(lived: Lived) -> None:
    for result in (lived.sampled, lived.expected):
        parts = result.segment_value.sum(axis=(2, 3)) + (result.programmes.sum(axis=1) + result.unallocated)[:, None]
        np.testing.assert_allclose(parts, result.enterprise_value, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(
            result.enterprise_value_from_economic_profit, result.enterprise_value, rtol=1e-9, atol=1e-6
        )
        by_customer = result.customer_value.sum(axis=(0, 1))
        np.testing.assert_allclose(by_customer, result.segment_value.sum(axis=(1, 2, 3)), rtol=1e-9, atol=1e-6)


def test_customers_are_neither_made_nor_lost(lived: Lived) -> None:
    market_size = sum(person.weight for person in everybody(lived.world))
    for result in (lived.sampled, lived.expected):
        np.testing.assert_allclose(result.count.sum(axis=(3, 4, 5)), market_size, rtol=1e-12)
        ours = result.count[:, :, :, :, :3].sum(axis=4)
        change = ours[:, :, 1:] - ours[:, :, :-1]
        np.testing.assert_allclose(change, (result.joins - result.leaves)[..., 0, :], atol=1e-9)


def test_the_same_luck_in_every_cell(lived: Lived) -> None:
    """Nobody switches to an offer that did not rise, and cells are alike until they differ."""
    assert lived.sampled.direction[..., 1].sum() == 0
    paths = lived.sampled.paths
    np.testing.assert_array_equal(paths[:, :, :, 0], np.broadcast_to(paths[0, :, :, 0], paths.shape[:3]))
    assert lived.sampled.direction[0, :, 2].sum() == 0
    assert len(lived.sampled.cells) > 1
    assert (paths[1:] != paths[0]).any()
