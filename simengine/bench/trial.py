"""Runs that are timed in turns, and what their rates say of each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

Rates = Mapping[str, float]  # by name of the run: million customer-quarters a second, of every cell and replication


class Effort(NamedTuple):
    """How much is simulated, and how often."""

    rounds: int = 5
    customers: int = 200_000  # of a market that fits no cache; others in proportion
    periods: int = 40
    replications: int = 16


FULL = Effort()
QUICK = Effort(rounds=3, customers=40_000)
SMOKE = Effort(rounds=1, customers=4_000, periods=3, replications=2)


class Run(NamedTuple):
    """Something that takes time."""

    name: str
    work: Callable[[], object]
    million: float  # customer-quarters that one call simulates


class Trial(NamedTuple):
    """Runs to be compared within one process."""

    runs: tuple[Run, ...]
    ratio: Callable[[Rates], float]
    patience: int = 1  # times as many rounds: a best one comes seldom where others use what these runs share


class Outcome(NamedTuple):
    """A ratio and the figures behind it."""

    ratio: float
    figures: dict[str, float]


def carried_out(trial: Trial, rounds: int) -> Outcome:
    """Time the runs in turns, because the speed of a machine changes from minute to minute; the best round counts."""
    for run in trial.runs:
        run.work()  # compiled and loaded from here on
    seconds: dict[str, list[float]] = {run.name: [] for run in trial.runs}
    for _ in range(rounds * trial.patience):
        for run in trial.runs:
            seconds[run.name].append(timed(run))
    return outcome(trial, {name: min(own) for name, own in seconds.items()})


def timed(run: Run) -> float:
    """Seconds on the clock that one call takes."""
    start = time.perf_counter()
    run.work()
    return time.perf_counter() - start


def outcome(trial: Trial, seconds: Mapping[str, float]) -> Outcome:
    """What seconds of each run, by name, amount to."""
    rates = {run.name: run.million / seconds[run.name] for run in trial.runs}
    return Outcome(trial.ratio(rates), {f"{name}_million_per_second": rate for name, rate in rates.items()})
