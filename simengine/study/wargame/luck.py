"""How sure an equilibrium is, where replications differ."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simengine.arithmetic import student_t_quantile
from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.indifference import mixtures, support_of
from simengine.tables.layout import Floats
from simengine.valuation.risk import LEAST_BLOCKS, standard_error

RESAMPLES = 400
MOST_AT_ONCE = 2_000_000  # pay-offs of resamples


class Interval(NamedTuple):
    """Of a mean over replications; `ci95` None where there is one only, or too few blocks of them."""

    mean: float
    ci95: tuple[float, float] | None

    @property
    def document(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {"mean": self.mean, "ci95": None if self.ci95 is None else list(self.ci95)}


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
        others.append([of_options[i] - own for i in _others_of(strategy)])
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
    """All options, of who mixes; else all but the one that is chosen."""
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
    support = support_of(strategies)
    if not mixtures(game.mean[..., None], support, strategies).found[0]:
        return None, _unknown(strategies)
    judged = judged_by(game.replications, game.block)
    draws = np.random.default_rng(0).integers(judged, size=(resamples, judged))
    times = np.stack([np.bincount(draw, minlength=judged) for draw in draws])
    weights = np.repeat(times, game.block, axis=1) / (judged * game.block)
    held, drawn = 0, list[Mixed]()
    at_once = max(1, MOST_AT_ONCE // game.mean.size)
    for first in range(0, resamples, at_once):
        tables = game.payoffs[..., : weights.shape[1]] @ weights[first : first + at_once].T
        near = mixtures(tables, support, strategies)
        for g in np.flatnonzero(near.found):
            mixed = tuple(strategy[g] for strategy in near.strategies)
            if min(strategy.min() for strategy in mixed) < 0.0:
                continue
            drawn.append(mixed)
            again = Game(game.players, game.options, tables[..., g : g + 1])
            held += bool((again.epsilon(mixed) <= np.maximum(again.tolerance, 1e-12)).all())
    probabilities = [
        tuple(
            _bounds(np.array([mixed[p][i] for mixed in drawn]))
            if len(support[p]) > 1 and i in support[p] and drawn
            else None
            for i in range(len(strategy))
        )
        for p, strategy in enumerate(strategies)
    ]
    return held / resamples, tuple(probabilities)


def _bounds(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
