"""Intervals that hold together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from simengine.arithmetic import student_t_quantile
from simengine.study.compare.simultaneous import joint_level, largest_deviate


@pytest.mark.parametrize("count", [2, 3, 6, 9, 20])
def test_of_independent_deviates_the_largest_is_sidaks(count: int) -> None:
    exact = -stats.norm.ppf(0.5 * (1 - 0.95 ** (1 / count)))
    assert largest_deviate(np.eye(count), 0.95) == pytest.approx(exact, abs=0.006)


@pytest.mark.parametrize("count", [3, 4, 12])
def test_of_all_pairs_it_is_tukeys_studentised_range(count: int) -> None:
    pairs = np.zeros((count * (count - 1) // 2, count))
    for row, (a, b) in zip(pairs, combinations(range(count), 2), strict=True):
        row[[a, b]] = np.sqrt(0.5), -np.sqrt(0.5)
    exact = stats.studentized_range.ppf(0.95, count, 1e6) / np.sqrt(2)
    assert largest_deviate(pairs, 0.95) == pytest.approx(exact, abs=0.008)


def test_one_alone_and_copies_of_one_need_no_more() -> None:
    draw = np.random.default_rng(1).normal(size=(1, 400))
    assert joint_level(draw - draw.mean(), 399) == 0.05
    copies = np.repeat(draw - draw.mean(), 5, axis=0) * np.array([[1.0, 2.0, -1.0, 0.5, 3.0]]).T
    assert joint_level(copies, 399) == pytest.approx(0.05, abs=0.001)


def test_with_few_blocks_correlations_are_not_relied_on() -> None:
    few = np.random.default_rng(2).normal(size=(6, 10))
    assert joint_level(few - few.mean(axis=1, keepdims=True), 9) == pytest.approx(1 - 0.95 ** (1 / 6))


@pytest.mark.parametrize(("blocks", "moves"), [(10, 2), (40, 3)])
def test_all_cover_together_in_95_of_100_studies(blocks: int, moves: int) -> None:
    """1,000 studies of all pairs of three allocations under some moves, each pair with its own variance: the share of
    studies in which every interval covers is 95 %, less at most 3 standard errors of that share and a point."""
    draw = np.random.default_rng(3)
    studies, together = 1000, 0
    pairs = list(combinations(range(3), 2))
    for _ in range(studies):
        values = draw.normal(size=(moves, 3, blocks)) * np.array([0.5, 1.0, 2.0])[:, None]
        found = np.array([under[a] - under[b] for under in values for a, b in pairs])
        mean = found.mean(axis=1)
        level = joint_level(found - mean[:, None], blocks - 1)
        half = student_t_quantile(1 - level / 2, blocks - 1) * found.std(axis=1, ddof=1) / np.sqrt(blocks)
        together += bool((abs(mean) <= half).all())
    assert together / studies > 0.95 - 3 * np.sqrt(0.05 * 0.95 / studies) - 0.01
    assert together / studies < 0.985
