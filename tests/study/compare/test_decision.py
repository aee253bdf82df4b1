"""Rules of choice, where every figure is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simengine.study.compare.compare import CompareStudy
from simengine.study.compare.decision import dominance
from simengine.study.compare.outcomes import OF_CELLS, Outcomes


def outcomes_with(like: Outcomes, equity: np.ndarray) -> Outcomes:
    """As many of the first allocations and moves, worth so much: [A, M, R] currency a share."""
    a, m, r = equity.shape
    steps = np.rint(equity * like.steps_per_share).astype(np.int64)
    cut = {name: getattr(like, name)[:a, :m] for name in OF_CELLS[1:]}
    cut |= {name: cut[name][:, :, :r] for name in OF_CELLS[1:4]}
    return dataclasses.replace(
        like, allocations=like.allocations[:a], moves=like.moves[:m], equity=steps,
        summary=like.summary | {"exact": r == 1}, **cut,
    )  # fmt: skip


def test_two_allocations_under_two_moves(lucky_study: CompareStudy) -> None:
    """Worth 10 and 2, or 8 and 6: by hand."""
    outcomes = outcomes_with(lucky_study.outcomes, np.array([[[10.0], [2.0]], [[8.0], [6.0]]]))
    one, other = outcomes.allocations
    first, second = outcomes.moves
    document = CompareStudy(outcomes, one, {first: 0.75, second: 0.25}).document
    decision = document["decision"]
    assert [document["moves"][move]["best"] for move in outcomes.moves] == [one, other]
    assert document["moves"][first]["cells"][other]["regret"]["mean"] == 2.0
    assert document["moves"][second]["cells"][one]["regret"]["mean"] == 4.0
    assert document["moves"][second]["cells"][one]["regret"]["ci95"] is None
    assert decision["minimax_regret"] == {"allocation": other, "move": first, "regret": 2.0}
    assert decision["maximin"] == {"allocation": other, "move": second, "value_per_share": 6.0}
    assert decision["expected"]["best"] == one
    values = {name: each["value_per_share"] for name, each in decision["expected"]["allocations"].items()}
    assert values == {one: 8.0, other: 7.5}
    assert decision["expected"]["value_of_knowing_the_move"] == 1.0  # 0.75 x 10 + 0.25 x 6 - 8
    assert decision["expected"]["value_of_perfect_information"] == {"mean": 1.0, "ci95": None}
    assert document["joint"]["comparisons"] == 0


def test_knowing_the_luck_is_worth_the_mean_of_the_replications_regrets(lucky_study: CompareStudy) -> None:
    """One is worth 4 always, the other 6 or 0: it is regretted by 0 or 4, the first by 2 or 0."""
    value = np.array([[[4.0, 4.0, 4.0, 4.0]], [[6.0, 0.0, 6.0, 0.0]]])
    outcomes = outcomes_with(lucky_study.outcomes, value)
    (under,) = CompareStudy(outcomes, outcomes.allocations[0]).document["moves"].values()
    assert under["best"] == outcomes.allocations[0]
    assert under["value_of_perfect_information"]["mean"] == 1.0
    assert [cell["best_in"] for cell in under["cells"].values()] == [0.5, 0.5]
    assert under["contenders"] == list(outcomes.allocations)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ([2, 3, 4], [1, 3, 4], "every replication"),
        ([3, 1, 5], [1, 2, 4], "first order"),
        ([2, 2, 2], [1, 3, 2], "second order"),
        ([1, 3, 2], [2, 2, 2], None),
        ([1, 2, 3], [1, 2, 3], None),
        ([3, 1, 2], [1, 2, 3], None),
        ([0, 9, 9], [1, 1, 1], None),
    ],
)
def test_dominance(one: list[float], other: list[float], how: str | None) -> None:
    assert dominance(np.array(one, float), np.array(other, float)) == how


@settings(max_examples=30)
@given(arrays(np.int64, (3, 2, 40), elements=st.integers(-50, 50)), st.permutations(range(3)))
def test_neither_order_nor_a_further_allocation_moves_a_figure(
    lucky_study: CompareStudy, value: np.ndarray, order: list[int]
) -> None:
    outcomes = outcomes_with(lucky_study.outcomes, value.astype(float))
    turned = dataclasses.replace(
        outcomes, allocations=tuple(outcomes.allocations[a] for a in order),
        **{name: getattr(outcomes, name)[order] for name in OF_CELLS},
    )  # fmt: skip
    first, second, _ = outcomes.allocations
    whole, same = CompareStudy(outcomes, first).comparisons, CompareStudy(turned, first).comparisons
    few = CompareStudy(outcomes_with(lucky_study.outcomes, value[:2].astype(float)), first).comparisons
    assert whole.level == same.level
    for move in outcomes.moves:
        assert whole.best(move) == same.best(move)
        found = whole.of(move, second, first)
        assert found == same.of(move, second, first)
        alone = few.of(move, second, first)
        assert (found.mean, found.standard_error, found.alone) == (alone.mean, alone.standard_error, alone.alone)
        assert whole.of(move, first, second).mean == -found.mean
