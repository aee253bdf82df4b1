"""Every allocation against every other under each move: paired differences of value per share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import sqrt

import numpy as np

from simengine.arithmetic import student_t_quantile
from simengine.study.compare.adjusted import Adjustment, most_controls
from simengine.study.compare.controls import Luck
from simengine.study.compare.outcomes import Outcomes
from simengine.study.compare.simultaneous import joint_level
from simengine.tables.inputs import block_size
from simengine.tables.layout import Floats
from simengine.valuation.risk import LEAST_BLOCKS

WORTHWHILE = 0.8  # of the variance of plain differences: an adjustment that leaves more is not made
ERROR = 0.05  # probability that any of some intervals misses


@dataclass(frozen=True)
class Paired:
    """The differences of one pair of cells, block by block."""

    plain: Floats  # [B] currency per share
    sharp: Floats  # [B] less what luck of known mean makes of them; the plain ones where that is not worthwhile
    controls: int  # that they were sharpened by

    @property
    def adjusted(self) -> bool:
        return self.controls > 0

    @property
    def mean(self) -> float:
        return _mean(self.sharp)

    @property
    def varies(self) -> bool:
        """Whether replications differ in it."""
        return bool((self.sharp != self.sharp[0]).any())

    @property
    def standard_error(self) -> float | None:
        """Of the mean; None of one block, which says nothing of it."""
        blocks = len(self.sharp)
        if blocks == 1:
            return None
        return float(self.sharp.std(ddof=1)) / sqrt(blocks) if self.varies else 0.0

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the standard error."""
        return len(self.sharp) - 1 - self.controls

    @property
    def variance_removed(self) -> float:
        """Part of the variance of the plain differences that sharpening has removed."""
        return 1.0 - float(self.sharp.var()) / float(self.plain.var()) if self.adjusted else 0.0

    def interval(self, level: float) -> tuple[float, float] | None:
        """Of the mean, which it misses with probability `level`; None of one block."""
        error = self.standard_error
        if error is None:
            return None
        half = float(student_t_quantile(1.0 - 0.5 * level, float(self.degrees))) * error if error else 0.0
        return self.mean - half, self.mean + half


@dataclass(frozen=True)
class Comparison:
    """What an allocation is worth more than another, currency per share."""

    mean: float
    standard_error: float | None
    interval: tuple[float, float] | None  # holds together with those of all comparisons
    alone: tuple[float, float] | None  # the 95 % interval of this comparison alone
    plain_mean: float
    variance_removed: float
    controls: int

    def reversed(self) -> Comparison:
        """Seen from the other side."""
        interval, alone = ((0.0 - each[1], 0.0 - each[0]) if each else None for each in (self.interval, self.alone))
        return replace(self, mean=0.0 - self.mean, interval=interval, alone=alone, plain_mean=0.0 - self.plain_mean)


class Comparisons:
    """All pairs of allocations under each move, and in expectation over the moves where they have probabilities."""

    def __init__(self, outcomes: Outcomes, to: str, probabilities: Mapping[str, float] | None = None) -> None:
        self._outcomes, self._to = outcomes, to
        self.names = sorted(outcomes.allocations)  # in whatever order they are stated
        self.pairs: dict[str | None, dict[tuple[str, str], Paired]] = {}
        self._block = block_size(outcomes.scenario)
        self.blocks = len(in_blocks(outcomes.equity[0, 0], self._block))  # independent of each other
        luck = Luck(outcomes.scenario, outcomes.replications) if most_controls(self.blocks) else None
        self.inputs_are_controls = luck is not None and bool(luck.inputs)
        self._adjustments: dict[tuple[str, tuple[str, ...]], Adjustment] = {}
        for move in outcomes.moves:
            self.pairs[move] = {pair: self._paired(move, pair, luck) for pair in combinations(self.names, 2)}
        if probabilities is not None:
            self.pairs[None] = {pair: self._expected(pair, probabilities) for pair in combinations(self.names, 2)}

    @property
    def count(self) -> int:
        """How many comparisons hold together: those in which replications differ."""
        return len(self._uncertain)

    @cached_property
    def level(self) -> float:
        """With which probability each interval may miss, so that all cover with 95 %."""
        if not self._uncertain:
            return ERROR
        residuals = np.array([each.sharp - each.mean for each in self._uncertain])
        return joint_level(residuals, min(each.degrees for each in self._uncertain), ERROR)

    def of(self, move: str | None, one: str, other: str) -> Comparison:
        """What `one` is worth more than `other` under a move; in expectation over the moves for None."""
        if one == other:
            return self._nothing()
        if one > other:
            return self.of(move, other, one).reversed()
        pair = self.pairs[move][one, other]
        return Comparison(
            pair.mean, pair.standard_error, pair.interval(self.level), pair.interval(ERROR), _mean(pair.plain),
            pair.variance_removed, pair.controls,
        )  # fmt: skip

    def best(self, move: str | None) -> str:
        """The allocation that no other is ahead of; of equals the one that the others are compared with."""
        return self._best[move]

    def contenders(self, move: str | None) -> list[str]:
        """The best, and those that it is not known to be ahead of."""
        best = self.best(move)
        return [a for a in self._outcomes.allocations if a == best or not self._ahead(move, best, a)]

    @cached_property
    def _best(self) -> dict[str | None, str]:
        found = {}
        for move, pairs in self.pairs.items():
            least = dict.fromkeys(self.names, 0.0)  # that each is ahead of another by
            for (one, other), pair in pairs.items():
                ahead = pair.mean
                least[one], least[other] = min(least[one], ahead), min(least[other], -ahead)
            most = max(least.values())
            equals = [name for name in self.names if least[name] == most]
            found[move] = self._to if self._to in equals else equals[0]
        return found

    def _ahead(self, move: str | None, one: str, other: str) -> bool:
        found = self.of(move, one, other)
        return found.mean > 0.0 if found.interval is None else found.interval[0] > 0.0

    @cached_property
    def _uncertain(self) -> list[Paired]:
        return [pair for of in self.pairs.values() for pair in of.values() if pair.varies]

    def _nothing(self) -> Comparison:
        none = None if self.blocks == 1 else (0.0, 0.0)
        return Comparison(0.0, None if none is None else 0.0, none, none, 0.0, 0.0, 0)

    def _paired(self, move: str, pair: tuple[str, str], luck: Luck | None) -> Paired:
        outcomes, m = self._outcomes, self._outcomes.moves.index(move)
        one, other = (outcomes.equity[outcomes.allocations.index(name), m] for name in pair)
        plain = in_blocks(outcomes.per_share(one - other), self._block)
        if luck is None or not bool((plain != plain[0]).any()):
            return Paired(plain, plain, 0)
        adjustment = self._adjustment(move, pair, luck)
        sharp = adjustment.of(plain)
        if adjustment.controls and float(sharp.var()) < WORTHWHILE * float(plain.var()):
            return Paired(plain, sharp, adjustment.controls)
        return Paired(plain, plain, 0)

    def _adjustment(self, move: str, pair: Iterable[str], luck: Luck) -> Adjustment:
        """By the luck of two cells; one for all pairs without initiatives of their own."""
        allocations = self._outcomes.scenario.allocations
        built = tuple(name for name in pair if allocations[name].initiatives)
        if (move, built) not in self._adjustments:
            controls = [in_blocks(control, self._block) for control in luck.controls(move, built)]
            self._adjustments[move, built] = Adjustment(controls, self.blocks)
        return self._adjustments[move, built]

    def _expected(self, pair: tuple[str, str], probabilities: Mapping[str, float]) -> Paired:
        found = [(probability, self.pairs[move][pair]) for move, probability in probabilities.items()]
        plain, sharp = (
            np.asarray(sum(probability * values for probability, values in parts))
            for parts in ([(p, each.plain) for p, each in found], [(p, each.sharp) for p, each in found])
        )
        return Paired(plain, sharp, max(each.controls for _, each in found))


def in_blocks(values: Floats, size: int) -> Floats:
    """[B] means of whole blocks of replications [R]; of all of them, as one block, where there are too few."""
    blocks = len(values) // size
    if size == 1:
        return values
    whole = values[: blocks * size].reshape(blocks, size) if blocks >= LEAST_BLOCKS else values[None]
    return np.asarray(whole.mean(axis=1))


def _mean(values: Floats) -> float:
    """The mean; the value itself of equals."""
    return float(values.mean()) if (values != values[0]).any() else float(values[0])
