"""How sure an equilibrium is, where replications differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simengine.arithmetic import student_t_quantile
from simengine.study.wargame.game import Game, Mixed
from simengine.tables.layout import Floats
from simengine.tables.worlds import Indices
from simengine.valuation.risk import LEAST_BLOCKS, standard_error

RESAMPLES = 400


class Interval(NamedTuple):
    """Of a mean over replications; `ci95` None where there is one only, or too few blocks of them."""

    mean: float
    ci95: tuple[float, float] | None


class Sureness(NamedTuple):
    """Of an equilibrium."""

    gains: tuple[Interval | None, ...]  # by player: what its best other option would gain; None if it has no other
    at_most: Floats  # [P] what nobody gains more than, by any option: at 95 % for all of them together
    sure: bool | None  # whether nobody gains by an option that it leaves, at 95 % for all; None where nothing tells
    in_resamples: float | None  # part of the resamples of replications in which the same options are an equilibrium
    probabilities: tuple[tuple[tuple[float, float] | None, ...], ...]  # by player and option: 95 % over these


def interval(outcomes: Floats, comparisons: int = 1, block: int = 1) -> Interval:
    """Of the mean of outcomes [R], which are drawn in blocks: Student's t; of so many at once, by Bonferroni."""
    mean, judged = float(outcomes.mean()), judged_by(len(outcomes), block)
    error = standard_error(outcomes, block) if judged > 1 else None
    if error is None:
        return Interval(mean, None)
    half = float(student_t_quantile(1.0 - 0.025 / comparisons, float(judged - 1))) * error if error else 0.0
    return Interval(mean, (mean - half, mean + half))


def judged_by(replications: int, block: int) -> int:
    """How many independent outcomes errors are judged by: replications, or the whole blocks in which they are drawn;
    1, too few, of less than `LEAST_BLOCKS` of these."""
    blocks = replications // block
    return blocks if block == 1 or blocks >= LEAST_BLOCKS else 1


def sureness(game: Game, strategies: Mixed, resamples: int = RESAMPLES) -> Sureness:
    """How sure it is that nobody gains by leaving an equilibrium, replication by replication against it."""
    others: list[list[Floats]] = []
    for p, strategy in enumerate(strategies):
        of_options = game.of_options(p, strategies)
        own = strategy @ of_options
        pure = int((strategy > 0).sum()) == 1
        others.append([of_options[i] - own for i in range(len(strategy)) if not (pure and strategy[i] > 0)])
    comparisons = max(1, sum(map(len, others)))
    gains: list[Interval | None] = []
    bounds: list[float] = []
    judged = judged_by(game.replications, game.block)
    sure: bool | None = None if judged == 1 else True
    for p, differences in enumerate(others):
        each = [interval(difference, block=game.block) for difference in differences]
        gains.append(max(each, key=lambda found: found.mean) if each else None)
        jointly = [interval(difference, comparisons, game.block) for difference in differences]
        upper = [found.mean if found.ci95 is None else found.ci95[1] for found in jointly]
        bounds.append(max([0.0, *upper]))
        outside = [found for found, i in zip(jointly, _others_of(strategies[p]), strict=True) if strategies[p][i] == 0]
        if sure and any(found.ci95 is not None and found.ci95[1] > game.tolerance[p] for found in outside):
            sure = False
    if judged == 1:
        return Sureness(tuple(gains), np.array(bounds), None, None, _unknown(strategies))
    part, probabilities = _in_resamples(game, strategies, resamples)
    return Sureness(tuple(gains), np.array(bounds), sure, part, probabilities)


def _others_of(strategy: Floats) -> list[int]:
    pure = int((strategy > 0).sum()) == 1
    return [i for i in range(len(strategy)) if not (pure and strategy[i] > 0)]


def _unknown(strategies: Mixed) -> tuple[tuple[tuple[float, float] | None, ...], ...]:
    return tuple((None,) * len(strategy) for strategy in strategies)


def _in_resamples(
    game: Game, strategies: Mixed, resamples: int
) -> tuple[float | None, tuple[tuple[tuple[float, float] | None, ...], ...]]:
    """Replications, or their whole blocks, are drawn anew, with replacement (Efron 1979,
    doi:10.1214/aos/1176344552): how often the options that are chosen are an equilibrium's, and between which bounds
    their probabilities then are."""
    mixing = [p for p, strategy in enumerate(strategies) if (strategy > 0).sum() > 1]
    supports = [np.flatnonzero(strategy > 0) for strategy in strategies]
    if mixing and (len(mixing) != 2 or len(supports[mixing[0]]) != len(supports[mixing[1]])):
        return None, _unknown(strategies)
    judged = judged_by(game.replications, game.block)
    draws = np.random.default_rng(0).integers(judged, size=(resamples, judged))
    times = np.stack([np.bincount(draw, minlength=judged) for draw in draws])
    weights = np.repeat(times, game.block, axis=1) / (judged * game.block)
    held, drawn = 0, list[Mixed]()
    for weight in weights:
        again = Game(game.players, game.options, (game.payoffs[..., : len(weight)] @ weight)[..., None])
        mixed = strategies if not mixing else _indifferent(again, strategies, mixing, supports)
        if mixed is None:
            continue
        drawn.append(mixed)
        held += bool((again.epsilon(mixed) <= np.maximum(again.tolerance, 1e-12)).all())
    probabilities = [
        tuple(
            _bounds(np.array([mixed[p][i] for mixed in drawn])) if p in mixing and i in supports[p] and drawn else None
            for i in range(len(strategy))
        )
        for p, strategy in enumerate(strategies)
    ]
    return held / resamples, tuple(probabilities)


def _bounds(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def _indifferent(game: Game, strategies: Mixed, mixing: list[int], supports: Sequence[Indices]) -> Mixed | None:
    """The probabilities on the same options that leave both who mix indifferent; None if there are none."""
    found = list(strategies)
    for own, other in (mixing, mixing[::-1]):
        place = tuple(slice(None) if p in mixing else int(np.argmax(strategy)) for p, strategy in enumerate(strategies))
        table = game.mean[own][place]  # the two who mix, in the order of the players
        table = (table if own < other else table.T)[np.ix_(supports[own], supports[other])]
        scale = max(float(np.abs(table).max()), 1.0)
        size = len(table)
        system = np.block([[table / scale, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
        try:
            solved = np.linalg.solve(system, np.r_[np.zeros(size), 1.0])[:-1]
        except np.linalg.LinAlgError:
            return None
        if (solved < 0).any():
            return None
        strategy = np.zeros(len(strategies[other]))
        strategy[supports[other]] = solved
        found[other] = strategy
    return tuple(found)
