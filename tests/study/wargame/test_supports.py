"""Which options may be mixed, and what leaves all who mix indifferent."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame import supports
from simengine.study.wargame.supports import indifferent
from tests.study.wargame import games


def test_supports_that_are_left_out_have_no_equilibrium(monkeypatch: pytest.MonkeyPatch) -> None:
    played = [games.any_of((3, 2, 2), seed) for seed in range(4)]
    sensible = [indifferent(game)[0] for game in played]
    monkeypatch.setattr(supports._Sensible, "__call__", lambda *_: True)
    every = [indifferent(game)[0] for game in played]
    assert sum(map(len, every)) > sum(map(len, sensible))
    for game, some, more in zip(played, sensible, every, strict=True):
        few, many = ([each for each in found if game.epsilon(each).max() < 1e-9] for found in (some, more))
        assert len(few) == len(many)


def test_everybody_is_indifferent_between_what_it_mixes() -> None:
    game = games.any_of((3, 3, 3), 0)
    candidates, complete = indifferent(game)
    assert complete
    assert len(candidates) > 10
    for strategies in candidates:
        for p, strategy in enumerate(strategies):
            assert np.ptp(game.of_options(p, strategies)[strategy > 0]) < 1e-9
    fewer, complete = indifferent(game, roots=40)
    assert not complete
    assert 0 < len(fewer) < len(candidates)


def test_two_roots_in_one_place_are_not_sure_to_be_all() -> None:
    """Gains by the second option, where others choose theirs with p, q and r: q r - 1/4, p + r - 1 and p - q: q = 1/2
    twice."""
    payoffs = np.zeros((3, 2, 2, 2, 1))
    for p, q, r in np.ndindex(2, 2, 2):
        payoffs[:, p, q, r, 0] = p * (q * r - 0.25), q * (p + r - 1), r * (p - q)
    assert not indifferent(games.with_luck(payoffs))[1]
    payoffs[0, 1] += 0.05  # q (1 - q) = 1/5
    assert indifferent(games.with_luck(payoffs))[1]
