"""The search, on worlds whose value is a formula: against grids, and against optima worked out by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from simengine.study.optimize.limits import Feasible, Limit
from simengine.study.optimize.objective import Objective
from simengine.study.optimize.search import Search

Worlds = Callable[[np.ndarray], np.ndarray]  # amounts [n] -> value per share [M, R]
BUDGET = 10.0


class Formula:
    """Stands for the simulation."""

    def __init__(self, worlds: Worlds, each: int = 1) -> None:
        self.worlds, self.each = worlds, each

    def affords(self, splits: int) -> bool:
        return True

    def of(self, splits: Sequence[np.ndarray], _: Any = ()) -> np.ndarray:
        return np.array([self.worlds(x) for x in splits])

    def slopes(self, x: np.ndarray, feasible: Feasible, _: Any = None) -> tuple[np.ndarray, np.ndarray]:
        eye = 1e-6 * np.eye(len(x))
        return self.worlds(x), np.array([(self.worlds(x + e) - self.worlds(np.maximum(x - e, 0))) / 2e-6 for e in eye])


def budget_of(n: int, *limits: Limit) -> Feasible:
    return Feasible(np.zeros(n), np.full(n, np.inf), (Limit("budget", 0, np.ones(n), BUDGET), *limits), BUDGET)


def best(worlds: Worlds, n: int, objective: Objective, *limits: Limit, equal: bool = False) -> np.ndarray:
    feasible = budget_of(n, *limits)
    starts = [np.full(n, BUDGET / n)] + ([] if equal else [BUDGET * each for each in np.eye(n)])
    return Search(Formula(worlds), feasible, objective).best([feasible.nearest(x) for x in starts]).x  # type: ignore[arg-type]


def grid(n: int, steps: int) -> list[np.ndarray]:
    return [
        np.array(each) * BUDGET / steps for each in itertools.product(range(steps + 1), repeat=n) if sum(each) <= steps
    ]


def s_shaped(x: np.ndarray) -> np.ndarray:
    """Hill responses of shape 4: an equal split is worth least of all that spend everything."""
    return np.array([[float((np.array([1.0, 1.1, 0.9]) * x**4 / (6.0**4 + x**4)).sum())]])


def test_the_peak_beyond_the_valley_of_s_shapes_is_found_from_an_equal_split_alone() -> None:
    x = best(s_shaped, 3, Objective("value", (1.0,)), equal=True)
    assert x.tolist() == pytest.approx([0, BUDGET, 0], abs=1e-4)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_scale_of_value_does_not_matter(scale: float) -> None:
    """Shares worth next to nothing, or fortunes: an equal split does not stay because slopes look small."""
    x = best(lambda x: scale * np.array([[4 * np.sqrt(x[0] + 1e-9) + np.sqrt(x[1] + 1e-9)]]), 2,
             Objective("value", (1.0,)), equal=True)  # fmt: skip
    assert x.tolist() == pytest.approx([BUDGET * 16 / 17, BUDGET / 17], abs=2e-3)


def two_moves(x: np.ndarray) -> np.ndarray:
    """Where one move is worst for half of all splits, and the other for the other half."""
    return np.array([[3 * np.sqrt(x[0] + 1e-9) + 0.2 * x[1]], [1.0 + 2 * np.sqrt(x[1] + 1e-9)]])


def test_the_kink_where_two_moves_are_as_bad_is_found() -> None:
    objective = Objective("maximin", (0.5, 0.5))
    x = best(two_moves, 2, objective)
    top = max(objective.of(two_moves(each)) for each in grid(2, 120))
    assert objective.of(two_moves(x)) >= top - 1e-9
    assert np.ptp(two_moves(x)) < 1e-4


def lottery(x: np.ndarray) -> np.ndarray:
    """A risky item that brings more in the mean, a safe one, and nothing for what is kept."""
    luck = np.linspace(-1.0, 1.0, 21)
    return (1.5 * (1 + 1.4 * luck) * np.log1p(x[0]) + np.log1p(x[1]))[None, :]


@pytest.mark.parametrize("level", [0.1, 0.25])
def test_the_best_of_the_worst_outcomes_is_that_of_a_grid(level: float) -> None:
    objective = Objective("shortfall", (1.0,), level)
    x = best(lottery, 2, objective)
    top = max(objective.of(lottery(each)) for each in grid(2, 200))
    assert objective.of(lottery(x)) >= top - 1e-6


def test_the_best_mean_at_a_limit_of_risk_is_that_of_a_grid() -> None:
    limit = 1.4
    objective = Objective("value", (1.0,), 0.1, limit)
    x = best(lottery, 2, objective)
    kept = [each for each in grid(2, 120) if objective.shortfall(lottery(each)) >= limit]
    assert objective.shortfall(lottery(x)) >= limit - 1e-6
    assert objective.of(lottery(x)) >= max(objective.of(lottery(each)) for each in kept) - 1e-4
    free = best(lottery, 2, Objective("value", (1.0,)))
    assert objective.shortfall(lottery(free)) < limit  # or the limit would say nothing


def test_linear_limits_are_kept_at_the_optimum() -> None:
    x = best(lottery, 2, Objective("value", (1.0,)), Limit("x0 <= x1", 0, np.array([1.0, -1.0]), 0.0))
    assert x.tolist() == pytest.approx([5.0, 5.0], abs=1e-3)


def test_a_search_that_may_ask_for_no_more_ends_with_the_best_so_far() -> None:
    class Few(Formula):
        asked = 0

        def affords(self, splits: int) -> bool:
            self.asked += splits
            return self.asked <= 60

    feasible = budget_of(3)
    worlds = Few(s_shaped)
    start = np.full(3, BUDGET / 3)
    found = Search(worlds, feasible, Objective("value", (1.0,))).best([start])  # type: ignore[arg-type]
    assert found.merit >= s_shaped(start)[0, 0]
    assert feasible.keeps(found.x)
    worlds.asked = 60
    assert Search(worlds, feasible, Objective("value", (1.0,))).best([start]).x.tolist() == start.tolist()  # type: ignore[arg-type]
