"""Who decides first, and what it is to be safe: leaders and followers, maximin, answers against a passive rival."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.study.wargame.equilibria import equilibria_of
from simengine.study.wargame.game import Game, Mixed, Profile
from simengine.study.wargame.luck import Interval, interval
from simengine.study.wargame.supports import MOST_ROOTS


class Outcome(NamedTuple):
    """What an option of the leader comes to once the others have seen it and settled on an equilibrium of theirs."""

    option: int
    strategies: Mixed | None  # in the equilibrium that is worst for the leader; None if none was found
    value: float | None  # of the leader, then
    best_value: float | None  # in the one that is best for it
    all_of_them: bool  # whether these are all that they may settle on


class Commitment(NamedTuple):
    """A player that decides first (von Stackelberg 1934) and counts on the worst that others may settle on."""

    outcomes: tuple[Outcome, ...]  # by option of the leader
    chosen: Outcome | None  # None where the others settle on nothing, whatever it does


class Safe(NamedTuple):
    """What a player can be sure of by one option, whatever the others do: maximin."""

    option: int
    value: float
    worst: Profile  # what the others then do, and it


class Answered(NamedTuple):
    """What the best answer of one player costs another, against doing nothing."""

    option: int  # of the other
    answer: int
    passive: float
    value: float
    cost: Interval


def commitment(game: Game, leader: int) -> Commitment:
    """What each of the leader's options comes to, and which is best."""
    roots = MOST_ROOTS // sum(game.shape)  # one search of them all together
    outcomes = tuple(_outcome(game, leader, option, roots) for option in range(game.shape[leader]))
    known = [each for each in outcomes if each.value is not None]
    return Commitment(outcomes, max(known, key=lambda each: (each.value or 0.0, -each.option)) if known else None)


def _outcome(game: Game, leader: int, option: int, roots: int) -> Outcome:
    kept = [[option] if p == leader else list(range(number)) for p, number in enumerate(game.shape)]
    settled = equilibria_of(game.within(kept), roots)
    found = [
        tuple(np.eye(game.shape[leader])[option] if p == leader else each for p, each in enumerate(strategies))
        for strategies in settled.found
    ]
    if not found:
        return Outcome(option, None, None, None, settled.all_of_them)
    values = [float(game.values(strategies)[leader].mean()) for strategies in found]
    return Outcome(option, found[int(np.argmin(values))], min(values), max(values), settled.all_of_them)


def safest(game: Game, player: int) -> Safe:
    """The option whose worst outcome is best."""
    table = np.moveaxis(game.mean[player], player, 0)
    worst = table.reshape(len(table), -1).min(axis=1)
    option = int(worst.argmax())
    others = [int(i) for i in np.unravel_index(int(table[option].argmin()), table[option].shape)]
    return Safe(option, float(worst[option]), (*others[:player], option, *others[player:]))


def answers_to(game: Game, player: int, passive: Profile, who: int) -> list[Answered]:
    """By option of a player: what it costs it that another answers it best while everybody else stays passive. Of
    answers as good as each other it is to do nothing, else the first."""
    found = []
    for option in range(game.shape[player]):
        before = (*passive[:player], option, *passive[player + 1 :])
        values = game.mean[who][tuple(slice(None) if p == who else i for p, i in enumerate(before))]
        stays = values[passive[who]] >= values.max() - game.tolerance[who]
        answer = passive[who] if stays else int(values.argmax())
        after = (*before[:who], answer, *before[who + 1 :])
        cost = interval(game.payoffs[player][before] - game.payoffs[player][after], block=game.block)
        mean = game.mean[player]
        found.append(Answered(option, answer, float(mean[before]), float(mean[after]), cost))
    return found
