"""A war game in words."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from simengine.report.wargame import print_wargame
from simengine.study.wargame import commitment, equilibria
from simengine.study.wargame.document import document_of
from simengine.study.wargame.game import Game
from simengine.study.wargame.players import Cast, Chance, Option, Player
from tests.study.wargame import games

MORE = "There may be more equilibria in mixed strategies"
MORE_AFTER = "Others may settle on more than was found once one has decided"


def told(game: Game) -> str:
    """What is printed of it, shares being one."""
    players = tuple(
        Player(name, (name,), tuple(Option(option, option, {}) for option in options), 0)
        for name, options in zip(game.players, game.options, strict=True)
    )
    cast = Cast(players, (Chance("", {}, 1.0),), ())
    of_the_run: dict[str, Any] = {
        "scenario": "Pennies", "currency": "EUR", "mode": "expected", "seed": 1, "replications": game.replications,
        "block": 1, "exact": game.replications == 1, "shares": 1.0, "profiles": None, "uncertain_inputs": [],
        "assumed_of_rivals": {},
    }  # fmt: skip
    text = StringIO()
    print_wargame(of_the_run | document_of(game, cast, 1.0), Console(width=200, file=text))
    return text.getvalue()


def test_what_three_mix_is_told_with_intervals() -> None:
    exact = games.pennies_of_three()
    said = told(exact)
    assert "Equilibrium in mixed strategies: us: a 50.00% and b 50.00%; atlas: a 50.00% and b 50.00%; neo: a" in said
    assert "Nobody gains by another option." in said
    assert MORE not in said
    noise = np.random.default_rng(1).normal(size=(*exact.mean.shape, 20))
    said = told(games.with_luck(exact.mean[..., None] + 0.2 * noise))
    for part in ("% to ", "sure, at 95 % for all together; an equilibrium in 100% of resamples", " ± "):
        assert part in said


def test_that_there_may_be_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    one = equilibria.equilibria_of(games.pennies_of_three())
    with monkeypatch.context() as patched:
        patched.setattr(commitment, "equilibria_of", lambda game, _: one._replace(all_of_them=False))
        said = told(games.pennies_of_three())
    assert MORE not in said
    assert MORE_AFTER in said
    monkeypatch.setattr(equilibria, "indifferent", lambda *_: ([], False))
    said = told(games.pennies_of_three())
    assert MORE in said
    assert MORE_AFTER not in said
    assert "Equilibrium in mixed strategies: us: a 50.00%" in said
