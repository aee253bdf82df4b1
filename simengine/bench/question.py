"""The what-if whose answer is the hardest to tell from none: the smallest difference of the shipped scenario."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Population
from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.build import build, settled
from simengine.tables.layout import Floats, Tables
from simengine.valuation.value import value

# Where there is a checkout: simengine's own, or the folder one is in.
_CHECKOUTS = (Path(__file__).resolve().parents[2], Path.cwd())
NORTHBANK = next(
    (path for root in _CHECKOUTS if (path := root / "scenarios" / "northbank.yaml").exists()),
    Path("scenarios/northbank.yaml"),
)
LEAST_PERIODS = 10  # that its moves fit into
EXACT = Options(seed=1, mode="expected", replications=1, threads=1, customer_cells=())


class Question(NamedTuple):
    """Two allocations under one move, ready to be simulated."""

    move: str
    allocations: tuple[str, str]
    tables: Tables  # of these two cells
    opening: Opening
    population: Population

    def __str__(self) -> str:
        return f"{self.allocations[0]} less {self.allocations[1]} under {self.move}"

    def answer(self) -> Ledger:
        """Expected totals, on one core."""
        return simulate(self.opening, self.tables, self.population, EXACT)


def northbank(customers: int = 100_000, periods: int = 40) -> Scenario:
    """Northbank with another number of customers in its market, all else as shipped.

    Raises FileNotFoundError where there is no checkout.
    """
    affluent = customers * 3 // 10
    settings = {
        "segments.affluent.size": affluent,
        "segments.mass.size": customers - affluent,
        "calendar.periods": periods,
    }
    return load_scenario(NORTHBANK, settings=[f"{path}={value}" for path, value in settings.items()])


def smallest_difference(scenario: Scenario) -> Question:
    """The two allocations under one move that are closest in value per share, without being equal."""
    portfolio = load_portfolio(scenario)
    scenario = settled(scenario, portfolio)
    tables, population = build(scenario, portfolio), portfolio.population
    opening = solve_opening(tables, population)
    worth = value_per_share(simulate(opening, tables, population, EXACT), tables)
    apart = [
        (abs(worth[a] - worth[b]), tables.axes.cells[a], tables.axes.cells[b])
        for a, b in combinations(range(len(worth)), 2)
        if tables.axes.cells[a][1] == tables.axes.cells[b][1] and worth[a] != worth[b]
    ]
    _, (first, move), (second, _) = min(apart)
    allocations = {name: scenario.allocations[name] for name in (first, second)}
    two = replace(scenario, allocations=allocations, moves={move: scenario.moves[move]})
    return Question(move, (first, second), build(two, portfolio), opening, population)


def value_per_share(ledger: Ledger, tables: Tables) -> Floats:
    """[C] currency, of the first replication."""
    return value(ledger, tables.economics, tables.axes).value_per_share[:, 0]
