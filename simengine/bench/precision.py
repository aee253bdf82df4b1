"""How long it takes to know a what-if difference: expected values against independent Monte Carlo in NumPy.

Expected mode has the difference exactly after one run of two cells. Monte Carlo has it with a standard error that
falls with the root of the replications: as many are counted as bring it to 1 %, of what one takes. Both start from the
same tables and today's market, and both totals are valued by the same code, outside what is timed. Seconds are of
processors.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.bench.monte_carlo import Totals, simulate_path
from simengine.bench.question import EXACT, LEAST_PERIODS, Question, northbank, smallest_difference, value_per_share
from simengine.bench.segment import segments_of
from simengine.bench.trial import Effort, Outcome
from simengine.engine.ledger import Ledger
from simengine.engine.simulate import empty_ledger

STANDARD_ERROR = 0.01  # of the difference
DRAWN = EXACT._replace(mode="sampled")
CUSTOMERS = 100_000
OTHER_SEEDS = "other seeds in the two arms"
SAME_SEED = "the same seed in both arms"
ALIGNED = "the same luck by customer"


class Way(NamedTuple):
    """What a number of replications of Monte Carlo, both cells each, say of the difference; currency per share."""

    mean: float
    deviation: float  # standard deviation of the difference of one replication
    seconds: float  # of one replication
    relative_error: float  # standard error of the square of `deviation`, relative to it


class Precision(NamedTuple):
    """What the seconds to a standard error of 1 % of a difference are computed from."""

    question: str
    customers: int
    difference: float  # currency per share, exact
    seconds: float  # of expected mode: one run of both cells
    replications: int  # of Monte Carlo that standard deviations were estimated from
    ways: dict[str, Way]

    def seconds_to_know(self, name: str) -> float:
        """Core-seconds that a way of Monte Carlo takes."""
        way = self.ways[name]
        return way.seconds * (way.deviation / (STANDARD_ERROR * self.difference)) ** 2

    def times(self, name: str) -> float:
        """How many times longer that is than expected mode takes."""
        return self.seconds_to_know(name) / self.seconds

    def standard_errors_apart(self, name: str) -> float:
        """Of the mean difference from the exact one: large where the programs do not simulate the same market."""
        way = self.ways[name]
        return abs(way.mean - self.difference) / (way.deviation / math.sqrt(self.replications))

    def as_markdown(self) -> str:
        """The figures as a table."""
        rows = [
            f"{self.question}: {abs(self.difference):.4f} a share, {self.customers:,} customers.",
            "",
            "| way | standard deviation of a replication | core-seconds each | replications | core-seconds | ratio |",
            "|---|---|---|---|---|---|",
            f"| expected mode | 0 | {self.seconds:.3f} | 1 | {self.seconds:.3f} | 1 |",
        ]
        for name, way in self.ways.items():
            noise, seconds = f"{way.deviation / abs(self.difference):.0%}", self.seconds_to_know(name)
            times = f"{self.times(name):,.0f} ± {self.times(name) * way.relative_error:,.0f}"
            cells = (f"NumPy, {name}", noise, f"{way.seconds:.3f}", f"{seconds / way.seconds:,.0f}", f"{seconds:,.0f}")
            rows.append(f"| {' | '.join(cells)} | {times} |")
        return "\n".join(rows)


def measure_precision(question: Question, replications: int = 64, rounds: int = 5) -> Precision:
    """Run expected mode (`rounds` times) and Monte Carlo in turns; the quickest of each counts."""
    arms = [segments_of(question.tables, question.opening, cell) for cell in range(2)]
    exact = value_per_share(question.answer(), question.tables)  # compiled from here on
    seconds = []
    drawn: dict[bool, list[tuple[float, Totals, Totals]]] = {False: [], True: []}
    for r in range(replications):
        if r * rounds % replications < rounds:
            seconds.append(processor_seconds(question.answer))
        for aligned, paths in drawn.items():
            took = time.process_time()
            both = [simulate_path(arm, np.random.default_rng(r), aligned) for arm in arms]
            paths.append((time.process_time() - took, both[0], both[1]))
    empty = empty_ledger(question.opening, question.tables, question.population, DRAWN)
    worth = {
        aligned: np.array([value_per_share(ledger_of(both, empty), question.tables) for _, *both in paths])
        for aligned, paths in drawn.items()
    }
    least = {aligned: min(took for took, *_ in paths) for aligned, paths in drawn.items()}
    return Precision(
        question=str(question),
        customers=len(question.population.ids),
        difference=float(exact[0] - exact[1]),
        seconds=min(seconds),
        replications=replications,
        ways={
            OTHER_SEEDS: _unpaired(worth[False], least[False]),
            SAME_SEED: _paired(worth[False], least[False]),
            ALIGNED: _paired(worth[True], least[True]),
        },
    )


@cache
def northbank_precision(effort: Effort) -> Precision:
    """Of northbank's smallest difference at 100 thousand customers, or what little an effort spends."""
    scenario = northbank(min(CUSTOMERS, 3 * effort.customers), max(LEAST_PERIODS, effort.periods))
    return measure_precision(smallest_difference(scenario), 12 * effort.rounds, effort.rounds)


def outcome_of(name: str) -> Callable[[Effort], Outcome]:
    """The ratio of one way, as a measure takes it."""

    def take(effort: Effort) -> Outcome:
        measured = northbank_precision(effort)
        figures = {
            "relative_standard_error": measured.ways[name].relative_error,
            "engine_core_seconds": measured.seconds,
            "numpy_core_seconds": measured.seconds_to_know(name),
        }
        return Outcome(measured.times(name), figures)

    return take


def ledger_of(both: list[Totals], ledger: Ledger) -> Ledger:
    """Both cells' paths in the form that is valued; `ledger` is filled."""
    for cell, path in enumerate(both):
        ledger.count[cell, 0, ..., 0] = path.customers
        ledger.revenue[cell, 0, ..., 0] = np.rint(path.revenue * ledger.money_scale)
        ledger.joins[cell, 0, ..., 0, 0] = path.joins
    return ledger


def _paired(worth: NDArray[np.float64], seconds: float) -> Way:
    difference = worth[:, 0] - worth[:, 1]
    # a variance estimated from n normal draws
    return Way(float(difference.mean()), float(difference.std(ddof=1)), seconds, math.sqrt(2.0 / (len(worth) - 1)))


def _unpaired(worth: NDArray[np.float64], seconds: float) -> Way:
    """The same draws as if the arms [R, 2] had other seeds: their variances add up.

    The two estimates of variance, of n draws of a bivariate normal distribution, vary by 2 V_ij^2 / (n - 1), where V
    is its covariance: their sum by 2 |V|^2 / (n - 1), of a sum of tr V (Wishart's distribution).
    """
    covariance = np.cov(worth, rowvar=False, ddof=1)
    variance = float(np.trace(covariance))
    error = math.sqrt(2.0 * float((covariance**2).sum()) / (len(worth) - 1)) / variance
    return Way(float((worth[:, 0] - worth[:, 1]).mean()), math.sqrt(variance), seconds, error)


def processor_seconds(work: Callable[[], object]) -> float:
    """Of all threads of this process: what else the machine does in the meantime is not in them."""
    start = time.process_time()
    work()
    return time.process_time() - start
