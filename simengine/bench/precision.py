"""How long it takes to know a what-if difference: expected values against independent Monte Carlo in NumPy.

The difference is the smallest, in absolute value, of value per share between two allocations under one move. Expected
mode has it exactly after one run of the two cells. Monte Carlo has it with a standard error that falls with the root
of the replications: as many are counted as bring it to 1 %, of what one takes. Both start from the same tables and
today's market, and both totals are valued by the same code, outside what is timed. Seconds are of processors: what
else a machine does in the meantime is not in them.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from simengine.bench.monte_carlo import Totals, simulate_path
from simengine.bench.segment import segments_of
from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import empty_ledger, simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.build import build, settled
from simengine.tables.layout import Floats, Tables
from simengine.valuation.value import value

NORTHBANK = Path(__file__).resolve().parents[2] / "scenarios" / "northbank.yaml"  # in a checkout
STANDARD_ERROR = 0.01  # of the difference
EXACT = Options(seed=1, mode="expected", replications=1, threads=1, customer_cells=())
DRAWN = EXACT._replace(mode="sampled")


class Question(NamedTuple):
    """Two allocations under one move, ready to be simulated."""

    move: str
    allocations: tuple[str, str]
    tables: Tables  # of these two cells
    opening: Opening
    portfolio: Portfolio


class Precision(NamedTuple):
    """Core-seconds to a standard error of 1 % of a difference, and what they were computed from."""

    question: str
    customers: int
    difference: float  # currency per share, exact
    monte_carlo_difference: float  # currency per share, mean of the replications with the same seed in both arms
    replications: int  # of Monte Carlo that were run to measure standard deviations
    deviation_other_seeds: float  # currency per share, standard deviation of the difference of one replication
    deviation_same_seed: float
    seconds_exact: float  # one run of both cells
    seconds_per_replication: float  # of Monte Carlo, of both cells

    @property
    def times_other_seeds(self) -> float:
        """How many times longer Monte Carlo takes with other seeds in the two arms."""
        return self._times(self.deviation_other_seeds)

    @property
    def times_same_seed(self) -> float:
        """How many times longer Monte Carlo takes with the same seed in both arms."""
        return self._times(self.deviation_same_seed)

    @property
    def relative_error(self) -> float:
        """Relative standard error of both ratios: a variance estimated from n normal draws errs by root 2/(n - 1)."""
        return math.sqrt(2.0 / (self.replications - 1))

    @property
    def standard_errors_apart(self) -> float:
        """Of the two differences: large where the two programs do not simulate the same market."""
        deviation = self.deviation_same_seed / math.sqrt(self.replications)
        return abs(self.monte_carlo_difference - self.difference) / deviation

    def as_markdown(self) -> str:
        """The figures as a table."""
        exact = self.seconds_exact
        rows = [
            f"{self.question}: {abs(self.difference):.4f} a share, {self.customers:,} customers.",
            "",
            "| way | one replication errs by | core-seconds to a standard error of 1 % | times expected mode |",
            "|---|---|---|---|",
            f"| expected mode | 0 | {exact:.3f} (one run) | 1 |",
        ]
        for way, deviation, times in (
            ("NumPy, the same seed in both arms", self.deviation_same_seed, self.times_same_seed),
            ("NumPy, other seeds", self.deviation_other_seeds, self.times_other_seeds),
        ):
            error = f"{deviation / abs(self.difference):.0%} of the difference"
            rows.append(f"| {way} | {error} | {times * exact:,.0f} | {times:,.0f} ± {times * self.relative_error:,.0f} |")
        return "\n".join(rows)

    def _times(self, deviation: float) -> float:
        needed = (deviation / (STANDARD_ERROR * self.difference)) ** 2
        return needed * self.seconds_per_replication / self.seconds_exact


def northbank(customers: int = 100_000, periods: int = 40) -> Scenario:
    """Northbank with another number of customers in its market, all else as shipped. `periods` at least 10, so that
    its moves fit in. Raises FileNotFoundError where there is no checkout."""
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
    tables = build(scenario, portfolio)
    opening = solve_opening(tables, portfolio.population)
    worth = value_per_share(simulate(opening, tables, portfolio.population, EXACT), tables)
    apart = [
        (abs(worth[a] - worth[b]), tables.axes.cells[a], tables.axes.cells[b])
        for a, b in combinations(range(len(worth)), 2)
        if tables.axes.cells[a][1] == tables.axes.cells[b][1] and worth[a] != worth[b]
    ]
    _, (first, move), (second, _) = min(apart)
    allocations = {name: scenario.allocations[name] for name in (first, second)}
    two = replace(scenario, allocations=allocations, moves={move: scenario.moves[move]})
    return Question(move, (first, second), build(two, portfolio), opening, portfolio)


def measure_precision(question: Question, replications: int = 64, rounds: int = 5) -> Precision:
    """Run both in turns on this thread; seconds are those of the quickest of `rounds` and of `replications`."""
    tables, opening, population = question.tables, question.opening, question.portfolio.population
    arms = [segments_of(tables, opening, cell) for cell in range(2)]
    exact = simulate(opening, tables, population, EXACT)  # compiles
    empty = empty_ledger(opening, tables, population, DRAWN)
    worth = np.empty((replications, 2))
    seconds_exact: list[float] = []
    seconds_drawn: list[float] = []
    for r in range(replications):
        start = time.process_time()
        totals = [simulate_path(segments, np.random.default_rng(r)) for segments in arms]
        seconds_drawn.append(time.process_time() - start)
        worth[r] = value_per_share(ledger_of(totals, empty), tables)
        if r % max(1, replications // rounds) == 0:
            start = time.process_time()
            simulate(opening, tables, population, EXACT)
            seconds_exact.append(time.process_time() - start)
    first, second = value_per_share(exact, tables)
    return Precision(
        question=f"{question.allocations[0]} less {question.allocations[1]} under {question.move}",
        customers=len(population.ids),
        difference=float(first - second),
        monte_carlo_difference=float((worth[:, 0] - worth[:, 1]).mean()),
        replications=replications,
        deviation_other_seeds=float(worth.var(axis=0, ddof=1).sum() ** 0.5),
        deviation_same_seed=float((worth[:, 0] - worth[:, 1]).std(ddof=1)),
        seconds_exact=min(seconds_exact),
        seconds_per_replication=min(seconds_drawn),
    )


def value_per_share(ledger: Ledger, tables: Tables) -> Floats:
    """[C] currency, of the first replication."""
    return value(ledger, tables.economics, tables.axes).value_per_share[:, 0]


def ledger_of(totals: list[Totals], empty: Ledger) -> Ledger:
    """What Monte Carlo adds up, one path for each cell, in the form that is valued."""
    ledger = empty
    for cell, path in enumerate(totals):
        ledger.count[cell, 0, ..., 0] = path.customers
        ledger.revenue[cell, 0, ..., 0] = np.rint(path.revenue * ledger.money_scale)
        ledger.joins[cell, 0, ..., 0, 0] = path.joins
    return ledger
