"""The market takes what moves it of itself: shocks, drift, word of mouth and learning are in the tables of a period."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.build import axes_of, build, centres_of, segments_of
from simengine.tables.forces import Forces
from simengine.tables.market import Market, offered_by_all, plans_of
from simengine.tables.seen import Seen
from simengine.tables.today import today_of
from simengine.tables.worlds import worlds_of
from tests.scenario.worlds import replaced, write

AT_ALL, OFFERS, CARE = "    price_sensitivity: 3\n", "offers:\n", "  care:\n    target: retention\n"
MOVED = (
    (OFFERS, f"market: {{volatility: 0.2, demand: {{volatility: 8%}}}}\nknowledge: {{forgetting: 20%}}\n{OFFERS}"),
    (AT_ALL, f"{AT_ALL}    tailoring: 1\n    word_of_mouth: 1\n    needs_drift: {{volatility: 2%}}\n"),
    ("  shares: 1 million\n", "  shares: 1 million\n  knowledge: 0.4\n"),
    (CARE, f"  analytics: {{target: knowledge, response: {{hill: {{max: 0.5, half: 6k}}}}}}\n{CARE}"),
    ("  baseline: {}\n", "  baseline: {}\n  informed: {analytics: {affluent: 6k}}\n"),
)
OPENING = np.array([[136.0, 172.0, 92.0], [300.0, 500.0, 200.0], [2000.0, 0.0, 0.0]])


def scenario(folder: Path, *pairs: tuple[str, str]) -> Scenario:
    return load_scenario(write(folder, replaced(*pairs)[0]))


def test_what_says_nothing_of_forces_and_what_states_none_have_the_same_tables(tmp_path: Path) -> None:
    still, quiet = (
        scenario(tmp_path, *pairs)
        for pairs in ((), ((OFFERS, f"market: {{volatility: 0}}\nknowledge: {{forgetting: 20%}}\n{OFFERS}"),))
    )
    one, other = (build(each, load_portfolio(each)) for each in (still, quiet))
    for a, b in zip(one.choice, other.choice, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not one.choice.shift.any()


def test_every_world_has_the_forces_of_its_replication(tmp_path: Path) -> None:
    moved = scenario(tmp_path, *MOVED)
    portfolio = load_portfolio(moved)
    segments = segments_of(moved, portfolio, axes_of(moved))
    today = today_of(moved, centres_of(portfolio.population, segments.rows))
    worlds = worlds_of(moved, first=2, replications=3)
    market, forces = Market(moved, today, worlds, plans_of(moved)), Forces(moved, worlds.replication, today)
    informed = list(moved.allocations).index("informed")
    for t in range(4):
        customers = OPENING * (1 + 0.1 * t * np.array([1.0, -1.0, 0.0]))
        seen = Seen(np.broadcast_to(customers, (len(worlds.move), 3, 3)), np.zeros((len(worlds.move), 3, 5)))
        period = market.reveal(t, seen)
        forces.see(seen)
        offered = offered_by_all(period)
        shift = forces.shift(t, offered.level, offered.knowledge)
        np.testing.assert_array_equal(market.choice.shift[:, t], shift)
        learned = forces.knowledge(
            np.where(worlds.allocation == informed, 0.25, 0.0)[:, None, None] * np.array([[1, 0], [0, 0], [0, 0]])
        )
        np.testing.assert_allclose(period.knowledge, learned, rtol=1e-12)
    np.testing.assert_array_equal(market.demand, forces.demand)
    by_cell = market.demand.reshape(worlds.cells, 3, -1)
    assert (by_cell == by_cell[0]).all()
    assert (by_cell[0, 0] != by_cell[0, 1]).any()
