"""Runs take turns, the best round counts, and ratios are of rates."""

from __future__ import annotations

import time

import pytest

from simengine.bench.engine import TRIALS
from simengine.bench.measures import MEASURES, Measure
from simengine.bench.take import take
from simengine.bench.trial import SMOKE, Outcome, Run, Trial, carried_out, outcome


def test_runs_take_turns_after_a_first_call_that_does_not_count() -> None:
    calls: list[str] = []
    runs = tuple(Run(name, lambda name=name: calls.append(name), 1.0) for name in ("stepper", "engine"))
    carried_out(Trial(runs, lambda rates: 1.0), rounds=3)
    assert calls == ["stepper", "engine"] * 4
    calls.clear()
    carried_out(Trial(runs, lambda rates: 1.0, patience=2), rounds=3)
    assert calls == ["stepper", "engine"] * 7


def test_the_best_round_counts() -> None:
    waits = iter([0.0, 0.2, 0.01, 0.3])  # the first does not count
    trial = Trial((Run("slow", lambda: time.sleep(next(waits)), 1.0),), lambda rates: rates["slow"])
    ratio, _ = carried_out(trial, rounds=3)
    assert 1 / 0.1 < ratio <= 1 / 0.01


def test_a_ratio_is_of_rates() -> None:
    runs = (Run("a", lambda: None, 30.0), Run("b", lambda: None, 20.0))
    ratio, figures = outcome(Trial(runs, lambda rates: rates["b"] / rates["a"]), {"a": 3.0, "b": 4.0})
    assert ratio == 0.5
    assert figures == {"a_million_per_second": 10.0, "b_million_per_second": 5.0}


def test_the_second_core_is_a_ratio_of_gains() -> None:
    trial = TRIALS["second_core"](SMOKE)
    rates = {"reference_1": 100.0, "reference_2": 160.0, "engine_1": 1000.0, "engine_2": 1600.0}
    assert {run.name for run in trial.runs} == set(rates)
    assert trial.ratio(rates) == 1.0
    assert trial.ratio({**rates, "engine_2": 1200.0}) == pytest.approx(0.75)


def test_every_trial_is_a_measure() -> None:
    assert set(TRIALS) <= {measure.name for measure in MEASURES}
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)


def test_targets_are_the_least_or_the_most() -> None:
    def taken(effort: object) -> Outcome:
        return Outcome(2.0, {})

    least, most = Measure("least", "", 3.0, taken), Measure("most", "", 3.0, taken, at_most=True)
    untold, impossible = Measure("untold", "", None, taken), Measure("impossible", "", 1.0, taken, cores=1_000_000)
    seen: list[tuple[int, int]] = []
    document = take(SMOKE, [least, most, untold, impossible], lambda done, of: seen.append((done, of)))
    assert {name: entry["met"] for name, entry in document["ratios"].items()} == {
        "least": False,
        "most": True,
        "untold": None,
    }
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
