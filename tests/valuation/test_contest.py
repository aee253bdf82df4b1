"""Which allocation is best: how often the right one is found, and who is left in the race."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.valuation.contest import Contest, contest
from simengine.valuation.looks import critical_value, looks_of

STUDIES, LOOKS, STEPS = 1000, looks_of(1000), 2.0**20
EFFECTS = np.array([0.4, 0.0, 0.0])  # standard deviations of a difference: the first is best
REACH = critical_value(LOOKS, 0.05 / 2, both_sides=False)


def worlds(random: np.random.Generator, effects: np.ndarray, skewed: bool) -> np.ndarray:
    """Outcomes [A, R] with much luck that is common to all, and some of their own."""
    shape = len(effects), LOOKS[-1]
    own = random.lognormal(0, 0.8, shape) if skewed else random.normal(size=shape)
    own = (own - (np.exp(0.32) if skewed else 0)) / (1.30 if skewed else 1) / 2**0.5
    return np.rint((effects[:, None] + 5 * random.normal(size=shape[1:]) + own) * STEPS).astype(np.int64)


def race(outcomes: np.ndarray, indifference: float) -> tuple[int, int]:
    """The allocation that is chosen, and after how many replications; those out of the race are looked at no more."""
    racing = np.arange(len(outcomes))
    for n in LOOKS:
        found = contest(outcomes[racing][:, :n], STEPS, REACH)
        leader = int(racing[found.leader])
        if found.decided(indifference):
            break
        racing = racing[found.contenders]
    return leader, n


@pytest.mark.parametrize("skewed", [False, True])
def test_the_best_is_found_in_95_of_100_studies(skewed: bool) -> None:
    random = np.random.default_rng(5)
    found = [race(worlds(random, EFFECTS, skewed), 0.0) for _ in range(STUDIES)]
    right = np.mean([best == 0 for best, _ in found])
    assert right >= 0.95 - 4 * (0.95 * 0.05 / STUDIES) ** 0.5, right
    assert np.mean([n for _, n in found]) < 0.25 * LOOKS[-1]


def test_within_the_indifference_zone_a_choice_costs_no_more_than_that() -> None:
    """Two allocations are nearly the same: one of them is chosen without knowing which is better."""
    random, effects = np.random.default_rng(6), np.array([0.31, 0.30, 0.0])
    found = [race(worlds(random, effects, False), 0.2) for _ in range(200)]
    assert np.mean([best in (0, 1) for best, _ in found]) >= 0.95 - 4 * (0.95 * 0.05 / 200) ** 0.5
    assert max(n for _, n in found) < LOOKS[-1]


def looked_at(*effects: float) -> Contest:
    return contest(worlds(np.random.default_rng(8), np.array(effects), False), STEPS, REACH)


def test_who_is_out_and_by_how_much_the_others_are_behind() -> None:
    found = looked_at(0.0, 0.5, 0.49, -0.5)
    assert found.leader in (1, 2)
    assert found.contenders.tolist() == [False, True, True, False]
    assert not found.known
    assert found.behind == pytest.approx([0.5, 0, 0, 1.0] if found.leader == 1 else [0.49, 0, 0, 0.99], abs=0.1)
    assert found.decided(0.2)
    assert not found.decided(1e-9)


def test_what_is_the_same_in_every_replication_is_neither_better_nor_worse() -> None:
    outcomes = worlds(np.random.default_rng(1), np.zeros(1), False)
    found = contest(np.repeat(outcomes, 3, axis=0), STEPS, REACH)
    assert (found.leader, found.contenders.tolist(), found.better.tolist()) == (0, [True] * 3, [0.0] * 3)
    assert found.decided(0.0)
    assert not found.known


def test_a_single_allocation_is_the_best() -> None:
    found = looked_at(0.1)
    assert found.known
    assert found.decided(0.0)
