"""Boards: what they see, how they split, and what is spent and felt, against the same done by hand, world by world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simengine.portfolio.load import load_portfolio
from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.board import Acting, Board
from simengine.tables.build import build
from simengine.tables.money import Money
from simengine.tables.programmes import lever_effect, response
from simengine.tables.seen import Seen
from simengine.tables.unfolding import feeds_back
from simengine.tables.worlds import worlds_of
from tests.scenario.worlds import replaced, write

LEVERS = """\
  club: {target: wallet, carry_over: 50%, response: {hill: {max: 0.2, half: 3k, shape: 1.5}}, today: {mass: 1k}}
  visits:
    target: cost_to_serve
    today: {affluent: 2k, savers: 1k}
    response: {adbudg: {none: 0.2, today: 0, plus_half: -0.1, saturated: -0.3}}
"""
BOARDS = """\
  baseline: {}
  reviewed:
    board:
      - {lever: club, budget: 9k, by: BASIS, every: 3}
      - {lever: visits, budget: 5k, by: revenue, every: 1, segments: [affluent, savers], from: 2028-Q2, until: 2028-Q3}
  alone: {board: {lever: club, budget: 4k, by: customers, every: 8}}
"""
BOTH = ("reviewed", "alone")
STAGES = "    stages: {revenue: [0.8, 1, 1.3]}\n    margin: 58%\n"


def scenario(folder: Path, basis: str = "profit") -> Scenario:
    text, _ = replaced(
        ("  advisers:\n", f"{LEVERS}  advisers:\n"), ("  baseline: {}\n", BOARDS.replace("BASIS", basis)),
        ("    margin: 58%\n", STAGES),
    )  # fmt: skip
    return load_scenario(write(folder, text))


class ByHand:
    """One world of the small bank, in plain numbers: what a board would see in its books, and what the year brought."""

    def __init__(self) -> None:
        self.capital, self.year = [0.0] * 3, list[dict[str, list[float]]]()

    def see(self, t: int, customers: Any, revenue: Any, price: Any, wallet: Any, cost: Any, demand: float) -> None:
        stages = [(0.8, 1.0, 1.3), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0)]
        margin, tied = (0.58, 0.55, 0.40), (0.12, 0.0, 0.0)
        base = [sum(revenue[s][i] * stages[s][i] for i in range(3)) for s in range(3)]
        found: dict[str, list[float]] = {"customers": [], "revenue": [], "profit": []}
        for s in range(3):
            sold = base[s] * wallet[s] * demand / 4
            left = sold * price[s] - sold * (1 - margin[s]) - customers[s] * cost[s] / 4
            found["customers"].append(customers[s])
            found["revenue"].append(sold * price[s])
            found["profit"].append(0.75 * left - self.capital[s] * (1.09**0.25 - 1))
            self.capital[s] = tied[s] * base[s] * (1.0 if t == 0 else price[s] * wallet[s])
        if t > 0:
            self.year = [*self.year, found][-4:]

    def split(self, budget: float, by: str, segments: list[int]) -> list[float]:
        total = [max(sum(period[by][s] for period in self.year), 0.0) for s in segments]
        return [budget * each / sum(total) for each in total]


@pytest.mark.parametrize("basis", ["customers", "revenue", "profit"])
def test_every_world_has_the_split_that_its_own_last_year_asks_for(basis: str, tmp_path: Path) -> None:
    stated = scenario(tmp_path, basis)
    worlds, random = worlds_of(stated, first=5, replications=3), np.random.default_rng(4)
    count, periods = len(worlds.allocation), stated.calendar.periods
    board, hands = Board(stated, worlds), [ByHand() for _ in range(count)]
    club, visits = stated.levers["club"], stated.levers["visits"]
    money = Money(*random.uniform(0.8, 1.2, (4, count, periods, 3)))
    money.cost_to_serve[:] *= (30, 10, 90)  # serving savers costs more than they bring
    demand = random.uniform(0.9, 1.1, (count, periods))
    spent = {(w, lever): list[list[float]]() for w in range(count) for lever in ("club", "visits")}
    for t in range(periods):
        customers = random.uniform(100, 200, (count, 3, 3))
        revenue = random.uniform(1e4, 2e4, (count, 3, 5)) / (1, 1, 4, 1, 1)
        board.see(t, Seen(customers, revenue), money, demand)
        acting = board.at(t)
        for w, hand in enumerate(hands):
            of_period = [table[w, t - 1] for table in (money.price_ratio, money.wallet, money.cost_to_serve)]
            hand.see(t, customers[w, :, 0], revenue[w], *of_period, demand[w, t - 1])
            name = list(stated.allocations)[worlds.allocation[w]]
            clubs, visited = [0.0, 1000.0, 0.0], [2000.0, 0.0, 1000.0]
            if name == "reviewed" and t >= 4:
                clubs = hand.split(9000, basis, [0, 1, 2]) if (t - 4) % 3 == 0 else spent[w, "club"][-1]
                if t in (5, 6):
                    part = hand.split(5000, "revenue", [0, 2])
                    visited = [part[0], 0.0, part[1]]
            if name == "alone" and t >= 4:
                clubs = hand.split(4000, "customers", [0, 1, 2]) if t == 4 else spent[w, "club"][-1]
            spent[w, "club"].append(clubs)
            spent[w, "visits"].append(visited)
            added = [a + b - c for a, b, c in zip(clubs, visited, (2000, 1000, 1000), strict=True)]
            np.testing.assert_allclose(acting.spend[w], added, rtol=1e-12, atol=1e-9)
            for lever, target, today in ((club, "wallet", (0, 1000, 0)), (visits, "cost_to_serve", (2000, 0, 1000))):
                name_of = "club" if lever is club else "visits"
                for s in range(3):
                    path = [at[s] for at in spent[w, name_of]]
                    felt = lever_effect(lever, path, today[s], 0.25)[-1]
                    assert acting.effects[target][w, s] == pytest.approx(felt, rel=1e-12, abs=1e-15)
    assert any(hand.split(1.0, "profit", [0, 1, 2])[2] == 0.0 for hand in hands)


def alike(board: Board, count: int, periods: int, cost: float = 1.0) -> list[Acting]:
    """What a board does in worlds of which every period is like the one before."""
    money, demand = Money(*np.ones((4, count, periods, 3))), np.ones((count, periods))
    money.cost_to_serve[:] = cost
    seen, acting = Seen(np.ones((count, 3, 3)), np.full((count, 3, 5), 100.0)), []
    for t in range(periods):
        board.see(t, seen, money, demand)
        acting.append(board.at(t))
    return acting


def test_today_is_kept_to_the_bit_until_a_year_is_seen(tmp_path: Path) -> None:
    stated = scenario(tmp_path)
    worlds = worlds_of(stated)
    acting = alike(Board(stated, worlds), len(worlds.move), 5)
    for period in acting[:4]:
        assert not period.spend.any()
        assert not any(effect.any() for effect in period.effects.values())
    sitting = np.isin(worlds.allocation, [list(stated.allocations).index(name) for name in BOTH])
    assert acting[4].spend.any(axis=1).tolist() == sitting.tolist()
    assert not any(effect[~sitting].any() for effect in acting[4].effects.values())


def test_where_nobody_earns_anything_spend_stays_as_it_is(tmp_path: Path) -> None:
    stated = scenario(tmp_path)
    worlds = worlds_of(stated)
    board = Board(stated, worlds)
    alike(board, len(worlds.move), 8, cost=1e6)
    reviewed, alone = (int(np.argmax(worlds.allocation == list(stated.allocations).index(a))) for a in BOTH)
    club = board.levers.index("club")
    assert board.spend[reviewed, :, club].tolist() == [0.0, 1000.0, 0.0]
    assert board.spend[alone, :, club].sum() == pytest.approx(4000)


def test_the_market_answers_customers_and_is_as_today_without_them(tmp_path: Path) -> None:
    stated = scenario(tmp_path)
    assert feeds_back(stated)
    tables = build(stated, load_portfolio(stated))
    cells = [tables.axes.cells.index((name, "quiet")) for name in ("baseline", *BOTH)]
    for table in (tables.economics.programmes, tables.economics.wallet, tables.choice.coefficient):
        for cell in cells[1:]:
            np.testing.assert_array_equal(table[cell], table[cells[0]])


@pytest.mark.parametrize("lever", ["club", "visits"])
def test_a_response_is_the_same_to_the_bit_in_an_array_and_alone(lever: str, tmp_path: Path) -> None:
    stated = scenario(tmp_path).levers[lever]
    spend = np.array([0.0, 1.0, 999.0, 2000.0, 2999.9, 3000.0, 4e3, 1e12])
    for today in (0.0, 1000.0, 2000.0):
        together = response(stated, spend, np.full(len(spend), today))
        assert together.tolist() == [float(response(stated, each, today)) for each in spend.tolist()]
