"""Options that never pay."""

from __future__ import annotations

import pytest

from simengine.study.wargame.dominance import eliminated, weakly_dominated
from tests.study.wargame import games


def test_silence_never_pays() -> None:
    gone, kept = eliminated(games.prisoners_dilemma())
    assert [(each.player, each.option, each.by, each.round) for each in gone] == [
        (0, 0, {1: 1.0}, 1),
        (1, 0, {1: 1.0}, 1),
    ]
    assert kept == ((1,), (1,))


def test_what_pays_no_more_once_others_are_gone_goes_in_a_later_round() -> None:
    game = games.of_two([[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]])  # Gibbons 1992, figure 1.1.2
    gone, kept = eliminated(game)
    assert [(each.player, each.option, each.round) for each in gone] == [(1, 2, 1), (0, 1, 2), (1, 0, 3)]
    assert kept == ((0,), (1,))


def test_a_mixture_dominates_where_no_option_does() -> None:
    game = games.of_two([[4, 0], [0, 4], [1, 1]], [[1, 0], [0, 1], [0, 0]])
    gone, kept = eliminated(game)
    (only,) = gone
    assert (only.player, only.option) == (0, 2)
    assert only.by == pytest.approx({0: 0.5, 1: 0.5})
    assert kept == ((0, 1), (0, 1))


def test_what_is_never_better_is_told_and_kept() -> None:
    game = games.of_two([[1, 1], [1, 0]], [[1, 1], [1, 1]])
    assert eliminated(game) == ([], ((0, 1), (0, 1)))
    (weak,) = weakly_dominated(game)
    assert (weak.player, weak.option, weak.by, weak.strictly) == (0, 1, {0: 1.0}, False)
