"""The engine against its slow twin: the same customers, the same luck, the same paths, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

from simengine.engine.ledger import GAINED, LOST, Ledger
from simengine.engine.opening import Opening
from simengine.portfolio.load import load_portfolio
from simengine.scenario.load import load_scenario
from simengine.tables.layout import OWN_STATES, Tables
from simengine.valuation.rivals import rival_lines, rival_valuation
from simengine.valuation.value import value
from tests import oracle
from tests.oracle import changing_worlds, living_worlds, worlds
from tests.properties.worlds import simulated


def in_run_off(write: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """The same world with another residual; few replications, for the oracle is slow to wait until everybody has
    left."""

    def write_world(folder: Path) -> Path:
        path = write(folder)
        text, count = re.subn(r"residual: \{.*?\}", "residual: {method: run_off}", path.read_text())
        assert count == 1
        text, count = re.subn(r"replications: \d+", "replications: 2", text)
        assert count == 1
        path.write_text(text)
        return path

    return write_world


WORLDS = {
    "choice": worlds.write_choice_world,
    "contract": worlds.write_contract_world,
    "convert": worlds.write_convert_world,
    "file": worlds.write_file_world,
    "own customers only": worlds.write_own_world,
    "crowded": worlds.write_crowded_world,
    "choice, run-off": in_run_off(worlds.write_choice_world),
    "contract, run-off": in_run_off(worlds.write_contract_world),
    "convert, run-off": in_run_off(worlds.write_convert_world),
    "served choice": changing_worlds.write_served_choice_world,
    "staffed choice": changing_worlds.write_staffed_choice_world,
    "staffed choice, run-off": in_run_off(changing_worlds.write_staffed_choice_world),
    "served file": changing_worlds.write_served_file_world,
    "served choice, run-off": in_run_off(changing_worlds.write_served_choice_world),
    "growing choice": changing_worlds.write_growing_choice_world,
    "trending choice": changing_worlds.write_trending_choice_world,
    "imitated choice": changing_worlds.write_imitated_choice_world,
    "imitated served choice": changing_worlds.write_imitated_served_world,
    "copied choice": changing_worlds.write_copied_choice_world,
    "copied choice, run-off": in_run_off(changing_worlds.write_copied_choice_world),
    "imitated file": changing_worlds.write_imitated_file_world,
    "imitated choice, run-off": in_run_off(changing_worlds.write_imitated_choice_world),
    "growing convert": changing_worlds.write_growing_convert_world,
    "growing file": changing_worlds.write_growing_file_world,
    "growing own customers only": changing_worlds.write_growing_own_world,
    "growing choice, run-off": in_run_off(changing_worlds.write_growing_choice_world),
    "growing contract, run-off": in_run_off(changing_worlds.write_growing_contract_world),
    "living choice": living_worlds.write_living_choice_world,
    "living choice, run-off": in_run_off(living_worlds.write_living_choice_world),
    "living file": living_worlds.write_living_file_world,
    "living contract": living_worlds.write_living_contract_world,
    "living contract, run-off": in_run_off(living_worlds.write_living_contract_world),
}


@dataclass(frozen=True)
class Pair:
    """One world, lived through by both."""

    scenario: Any
    portfolio: Any
    tables: Tables
    opening: Opening
    ledger: Ledger
    twin: oracle.OracleRun


@cache
def pair(world: str, mode: str) -> Pair:
    path = WORLDS[world](Path(mkdtemp()))
    scenario = load_scenario(path, simulation={"mode": mode})
    portfolio = load_portfolio(scenario)
    tables, opening, ledger = simulated(scenario, portfolio, scenario.cells[0][0], threads=2, block=16)
    twin = oracle.run(scenario, portfolio, money_scale=ledger.money_scale)
    return Pair(scenario, portfolio, tables, opening, ledger, twin)


@pytest.mark.parametrize("world", WORLDS)
def test_the_opening_is_solved_to_the_same_constants(world: str) -> None:
    both = pair(world, "expected")
    for s, segment in enumerate(both.tables.axes.segments):
        rules = both.twin.openings[segment].rules
        if rules is None:
            continue
        assert both.opening.inertia[s] == pytest.approx(rules.inertia, abs=2e-5)
        for supplier, constant in rules.constants.items():
            j = both.tables.axes.suppliers.index(supplier)
            assert both.opening.constants[s, j] == pytest.approx(constant, abs=2e-5), (segment, supplier)


@pytest.mark.parametrize("world", WORLDS)
def test_sampled_counts_are_the_same_customer_for_customer(world: str) -> None:
    both = pair(world, "sampled")
    np.testing.assert_array_equal(both.ledger.count, both.twin.count)
    np.testing.assert_array_equal(both.ledger.joins, both.twin.joins)
    np.testing.assert_array_equal(both.ledger.leaves, both.twin.leaves)


@pytest.mark.parametrize("world", WORLDS)
def test_sampled_money_is_the_same_to_rounding(world: str) -> None:
    both = pair(world, "sampled")
    np.testing.assert_allclose(both.ledger.revenue / both.ledger.money_scale, both.twin.revenue, rtol=1e-5)
    np.testing.assert_array_equal(both.ledger.customer_present, both.twin.customer_present)
    np.testing.assert_allclose(
        both.ledger.customer_value / both.ledger.money_scale, both.twin.customer_value, rtol=1e-5, atol=1e-2
    )


@pytest.mark.parametrize("world", WORLDS)
def test_expected_totals_are_the_same_to_single_precision(world: str) -> None:
    both = pair(world, "expected")
    scale = both.ledger.count_scale
    np.testing.assert_allclose(both.ledger.count / scale, both.twin.count, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(both.ledger.joins / scale, both.twin.joins, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(both.ledger.leaves / scale, both.twin.leaves, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(both.ledger.revenue / both.ledger.money_scale, both.twin.revenue, rtol=1e-4, atol=0.1)


@pytest.mark.parametrize("world", WORLDS)
def test_sampled_customers_change_hands_as_their_paths_say(world: str) -> None:
    """Counted path by path."""
    both = pair(world, "sampled")
    counted, population = np.zeros_like(both.ledger.changed_hands), both.portfolio.population
    for c, r, i in np.ndindex(both.twin.paths.shape[:3]):
        here, there = (int(both.twin.paths[cell, r, i, -1]) for cell in (c, both.tables.reference[c]))
        if here < 0:
            continue
        mine, theirs = (max(0, state - 2) for state in (here, there))
        if mine == 0 < theirs:
            counted[c, r, population.segment[i], theirs, GAINED] += int(population.weight[i])
        elif theirs == 0 < mine:
            counted[c, r, population.segment[i], mine, LOST] += int(population.weight[i])
    np.testing.assert_array_equal(both.ledger.changed_hands, counted)


@pytest.mark.parametrize("world", WORLDS)
def test_expected_customers_change_hands_as_often_as_their_probabilities_ask_for(world: str) -> None:
    """The part by which it is likelier that a customer is ours, from others in proportion to what they lose of it."""
    both = pair(world, "expected")
    ends, segment = both.twin.ends, both.portfolio.population.segment
    more = ends - ends[both.tables.reference]  # [C, R, N, 2, J]
    fallen, risen = (np.maximum(way * more[..., 1:], 0.0) for way in (-1.0, 1.0))
    found = np.zeros(both.ledger.changed_hands.shape)
    for way, change, of in ((GAINED, more[..., 0], fallen), (LOST, -more[..., 0], risen)):
        share = of / np.maximum(of.sum(axis=-1, keepdims=True), 1e-12)
        moved = (np.maximum(change, 0.0)[..., None] * share).sum(axis=3)
        for s in range(found.shape[2]):
            found[:, :, s, 1:, way] = moved[:, :, segment == s].sum(axis=2)
    counted = both.ledger.changed_hands / both.ledger.count_scale
    np.testing.assert_allclose(counted, found, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("world", WORLDS)
def test_customers_who_change_hands_make_up_the_difference_at_the_end(world: str, mode: str) -> None:
    both = pair(world, mode)
    ours = both.ledger.count[:, :, -1, :, :OWN_STATES].sum(axis=(3, 4))
    hands = both.ledger.changed_hands.sum(axis=3)
    difference = ours - ours[both.tables.reference]
    off = np.abs(hands[..., GAINED] - hands[..., LOST] - difference) / both.ledger.count_scale
    assert off.max() <= (0.0 if mode == "sampled" else 1e-3)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("world", WORLDS)
def test_enterprise_value_is_the_same(world: str, mode: str) -> None:
    both = pair(world, mode)
    valuation = value(both.ledger, both.tables.economics, both.tables.axes, both.portfolio.population.segment)
    ours = valuation.enterprise_value / valuation.money_scale
    np.testing.assert_allclose(ours, both.twin.enterprise_value, rtol=2e-5, atol=0.01)  # some are worth next to nothing


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("world", WORLDS)
def test_rivals_earn_and_are_worth_the_same(world: str, mode: str) -> None:
    both = pair(world, mode)
    tables, twin = both.tables, both.twin
    of_engine = both.ledger, tables.economics, tables.rivals, tables.axes
    lines, worth = rival_lines(*of_engine), rival_valuation(*of_engine)
    np.testing.assert_allclose(lines.revenue, twin.rival_revenue, rtol=1e-4, atol=0.05)
    np.testing.assert_allclose(lines.nopat, twin.rival_nopat, rtol=1e-4, atol=0.05)
    np.testing.assert_allclose(lines.capital, twin.rival_capital, rtol=1e-4, atol=0.05)
    if "run-off" in world:
        assert np.isnan(worth.value).all()
        return
    np.testing.assert_allclose(worth.value, twin.rival_value, rtol=2e-5, atol=0.05)
    np.testing.assert_allclose(twin.rival_value_from_economic_profit, twin.rival_value, rtol=1e-9, atol=1e-6)
    rivals = len(both.tables.axes.suppliers) - 2
    assert len({*worth.value[0, 0].tolist()}) == rivals


def test_the_direction_guarantee_holds_and_reviews_are_counted() -> None:
    both = pair("choice", "sampled")
    assert both.ledger.direction[..., 1].sum() == 0
    assert both.ledger.direction[..., 0].sum() > 1000
