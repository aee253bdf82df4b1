"""Markets whose suppliers learn from the customers that they serve, against the slow twin that lives them through from
the start for every period."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import numpy as np
import pytest

from simengine.engine.ledger import Ledger
from simengine.engine.opening import solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.scenario.load import load_scenario
from simengine.tables.build import build, unfolding_of
from simengine.tables.layout import Tables
from simengine.valuation.value import value
from tests import oracle
from tests.oracle.changing_worlds import write_growing_learning_world, write_learning_world
from tests.oracle.learning import with_learning
from tests.oracle.sampled import draw_path, fate
from tests.oracle.tally import state_axis
from tests.oracle.world import World, everybody, open_world

WORLDS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "learning": (write_learning_world, "fade, years: 5"),
    "growing": (write_growing_learning_world, "fade, years: 5"),
    "run-off": (write_learning_world, "run_off"),
}


class Lived(NamedTuple):
    """A market that the engine has lived through, and the twin's before anybody has learned anything."""

    scenario: Any
    portfolio: Portfolio
    tables: Tables  # as they came to be
    ledger: Ledger
    world: World


@cache
def lived(name: str, mode: str) -> Lived:
    write, residual = WORLDS[name]
    path = write(Path(mkdtemp()))
    path.write_text(path.read_text().replace("fade, years: 5", residual))
    scenario = load_scenario(path, simulation={"mode": mode})
    portfolio = load_portfolio(scenario)
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    options = Options(scenario.simulation.seed, mode, scenario.simulation.replications, threads=2, block=16, batch=3)
    unfolding = unfolding_of(scenario, portfolio, tables, options.replications if mode == "sampled" else 1)
    assert unfolding is not None
    ledger = simulate(opening, tables, portfolio.population, options, unfolding=unfolding)
    return Lived(scenario, portfolio, unfolding.finished(), ledger, open_world(scenario, portfolio))


@cache
def learned(name: str, replication: int | None = None) -> World:
    """The twin's world of a replication, or of expected customers."""
    return with_learning(lived(name, "expected" if replication is None else "sampled").world, replication)


@cache
def expected(name: str) -> oracle.OracleRun:
    return oracle.run_world(learned(name))


def knowledge(world: World) -> np.ndarray:
    """[C, T, N] of the segment's suppliers."""
    return np.array(
        [[list(market.knowledge.values()) for market in world.markets[cell, "homes"]] for cell in world.cells]
    )


@pytest.mark.parametrize("name", WORLDS)
def test_suppliers_know_the_same(name: str) -> None:
    sampled, both = lived(name, "sampled"), lived(name, "expected")
    found = both.tables.offers.knowledge[:, :, 0, :-1]
    twin = knowledge(learned(name))
    np.testing.assert_allclose(found, twin, atol=2e-6)
    assert np.ptp(twin, axis=0).max() > 0.2, "by cell"
    quiet = learned(name).cells.index(("baseline", "quiet"))
    if name != "growing":
        np.testing.assert_allclose(twin[quiet], np.broadcast_to([0.4, 0.5, 0.2], twin[quiet].shape), atol=1e-12)
    replications = [knowledge(learned(name, r)) for r in range(sampled.scenario.simulation.replications)]
    np.testing.assert_allclose(sampled.tables.offers.knowledge[:, :, 0, :-1], np.mean(replications, axis=0), atol=1e-6)
    assert np.std(replications, axis=0)[quiet, 1:].min() > 0


@pytest.mark.parametrize("name", WORLDS)
def test_sampled_counts_are_the_same_customer_for_customer(name: str) -> None:
    both = lived(name, "sampled")
    axis = state_axis(both.world.names)
    count = np.zeros((*both.ledger.count.shape[:3], len(axis)))
    for r in range(both.scenario.simulation.replications):
        world = learned(name, r)
        for person in everybody(world):
            luck = fate(world, person, r)
            for c, cell in enumerate(world.cells):
                for end, state in enumerate(draw_path(world, person, cell, luck).states):
                    if state in axis:
                        count[c, r, end, axis.index(state)] += person.weight
    np.testing.assert_array_equal(both.ledger.count[:, :, :, 0].sum(axis=-1) / both.ledger.count_scale, count)


@pytest.mark.parametrize("name", WORLDS)
def test_expected_customers_are_the_same_to_single_precision(name: str) -> None:
    ledger, twin = lived(name, "expected").ledger, expected(name)
    np.testing.assert_allclose(ledger.count / ledger.count_scale, twin.count, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(ledger.joins / ledger.count_scale, twin.joins, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(ledger.revenue / ledger.money_scale, twin.revenue, rtol=1e-4, atol=0.1)


@pytest.mark.parametrize("name", WORLDS)
def test_expected_value_is_the_same(name: str) -> None:
    both = lived(name, "expected")
    worth = value(both.ledger, both.tables.economics, both.tables.axes, both.portfolio.population.segment)
    np.testing.assert_allclose(
        worth.enterprise_value / worth.money_scale, expected(name).enterprise_value, rtol=2e-5, atol=0.01
    )
