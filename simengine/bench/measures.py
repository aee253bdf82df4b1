"""Everything that is measured against a target: what `simengine bench` prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from simengine.bench import engine, startup
from simengine.bench.precision import ALIGNED, OTHER_SEEDS, SAME_SEED, outcome_of
from simengine.bench.question import NORTHBANK
from simengine.bench.trial import Effort, Outcome, carried_out


class Measure(NamedTuple):
    """A figure that a change should not make worse: a ratio, or seconds."""

    name: str
    what: str
    target: float | None  # None: told for information
    take: Callable[[Effort], Outcome]
    at_most: bool = False  # the target is the most that is good, not the least
    cores: int = 1  # that a machine must have
    unit: str = "×"  # or s

    def met(self, ratio: float) -> bool | None:
        """Whether a ratio is on target; None where there is no target."""
        if self.target is None:
            return None
        return ratio <= self.target if self.at_most else ratio >= self.target


def _trial(name: str, what: str, target: float | None, cores: int = 1, at_most: bool = False) -> Measure:
    def take(effort: Effort) -> Outcome:
        return carried_out(engine.TRIALS[name](effort), effort.rounds)

    return Measure(name, what, target, take, at_most, cores)


def _precision(name: str, way: str, target: float | None) -> Measure:
    what = f"core-seconds to 1 % of northbank's smallest difference, NumPy with {way}, over expected mode"
    return Measure(name, what, target, outcome_of(way))


CLOSED_LOOPS = {
    "replayed": "time if they talk, over time with the tables that then follow known ahead",
    "closed": "time if they talk, over time if not",
}

# Rates are of customers x quarters x cells x replications; unless said otherwise against the stepper in C, both on one
# core, 5 % of customers reviewing in a quarter, their suppliers known at the opening, no values of single customers.
MEASURES = (
    _trial("sampled_1_cell", "sampled, 1 cell", 3.0),
    _trial("sampled_1_cell_stages", "sampled, 1 cell, with stages, half of the reviewers switching", 2.0),
    _trial("sampled_12_cells", "sampled, 12 cells", 12.0),
    _trial("sampled_12_cells_stages", "sampled, 12 cells, with stages, half of the reviewers switching", 8.0),
    _trial("sampled_12_cells_values", "sampled, 12 cells, with the value of every customer in every cell", 6.0),
    _trial("sampled_12_cells_review_25", "sampled, 12 cells, 25 % reviewing in a quarter", 4.0),
    _trial("sampled_12_cells_drawn", "sampled, 12 cells, suppliers at the opening drawn", None),
    _trial("expected_in_cache", "expected, 1 cell, 20 thousand customers", 1.0),
    _trial("expected_1m", "expected, 1 cell, a million customers", 0.8),
    _trial("second_core", "gain from a second core, sampled, 12 cells, over the stepper's own gain", 0.9, cores=2),
    *(
        _trial(f"{name}_{mode}_{cells}", f"{mode}, {count}, a million customers: {what}", 1.3, at_most=True)
        for name, what in CLOSED_LOOPS.items()
        for mode in ("sampled", "expected")
        for cells, count in (("1_cell", "1 cell"), ("12_cells", "12 cells"))
    ),
    _trial("one_uniform", "the stepper with one uniform a choice instead of an error an offer", None),
    *(
        (
            _precision("precision_other_seeds", OTHER_SEEDS, 1000.0),
            _precision("precision_same_seed", SAME_SEED, 400.0),
            _precision("precision_aligned_luck", ALIGNED, None),
        )
        if NORTHBANK.exists()
        else ()
    ),
    Measure(
        "help", "`simengine --help` over a bare import of its libraries", 1.5, startup.help_asked_for, at_most=True
    ),
    Measure("validate", "`simengine validate` over that import", 3.0, startup.scenario_validated, at_most=True),
    Measure(
        "first_run", "a small scenario's first run ever, compiling", 20.0, startup.first_run, at_most=True, unit="s"
    ),
    Measure("later_run", "a small scenario's later runs", 3.0, startup.later_run, at_most=True, unit="s"),
)
