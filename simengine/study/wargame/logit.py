"""One equilibrium of any game: where players end who choose by a logit, more and more sharply.

Everybody chooses better options more often, by a logit with the sharpness l >= 0, all at once: a quantal response
equilibrium (McKelvey & Palfrey 1995, doi:10.1006/game.1995.1023). At l = 0 nobody cares. From there a path leads to an
equilibrium as l grows, through almost all games; it is followed as by Turocy 2005 (doi:10.1016/j.geb.2004.04.003), in
logarithms of probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.indifference import mixtures, support_of, trimmed
from simengine.tables.layout import Floats

MOST_STEPS = 3_000
SHARPEST = 1e9  # of pay-offs that range from 0 to 1
OFTEN = 10  # steps between looks at what the path is about to end in
SHARP = 5.0  # before which it is not worth a look
LEAST_MIXED = 1e-3  # probabilities, then
NEAR = 0.05  # corrections of a step, as parts of it


def end_of_path(game: Game, is_equilibrium: Callable[[Mixed], bool]) -> Mixed | None:
    """The equilibrium in which the path from the middle ends; None if that is not reached."""
    path = _Path(game)
    now, step = path.middle(), 0.1
    forward = path.direction(now, None)
    for n in range(1, MOST_STEPS):
        ahead = path.corrected(now + step * forward, step)
        if ahead is None:
            step *= 0.5
            if step < 1e-9:
                break
            continue
        now, step = ahead, min(2.0 * step, 0.2 * (1.0 + abs(ahead[-1])))
        forward = path.direction(now, forward)
        if now[-1] > SHARPEST or (n % OFTEN == 0 and now[-1] > SHARP):
            strategies = path.strategies(now)
            near = trimmed(strategies, LEAST_MIXED)
            exact = mixtures(game.mean[..., None], support_of(near), near)
            found = tuple(np.maximum(strategy[0], 0.0) for strategy in exact.strategies)
            if exact.found[0] and is_equilibrium(found):
                return found
            if now[-1] > SHARPEST:
                return strategies if is_equilibrium(strategies) else None
    return None


class _Path:
    """Equations in z, the logarithms of all probabilities, and l, behind them."""

    def __init__(self, game: Game) -> None:
        self._shape = game.shape
        self._ends = np.cumsum([0, *game.shape])
        sizes = np.where(game.ranges > 0.0, game.ranges, 1.0)
        self._means = [mean / size for mean, size in zip(game.mean, sizes, strict=True)]

    def middle(self) -> Floats:
        return np.concatenate([*(np.full(number, -np.log(number)) for number in self._shape), [0.0]])

    def strategies(self, now: Floats) -> Mixed:
        found = [np.exp(now[a:b]) for a, b in pairwise(self._ends)]
        return tuple(each / each.sum() for each in found)

    def direction(self, now: Floats, before: Floats | None) -> Floats:
        """Along the path, of length 1: on from where it was heading, to more sharpness at its beginning."""
        along = np.asarray(np.linalg.svd(self._evaluated(now)[1])[2][-1])
        ahead = along[-1] if before is None else along @ before
        return along if ahead > 0.0 else -along

    def corrected(self, ahead: Floats, step: float) -> Floats | None:
        """Back to the path; None if that is too far."""
        for n in range(5):
            values, slopes = self._evaluated(ahead)
            change = np.linalg.lstsq(slopes, values, rcond=None)[0]
            ahead = ahead - change
            size = float(np.linalg.norm(change))
            if not size <= (NEAR * step if n == 0 else NEAR * (1.0 + step)):
                return None
            if size <= 1e-10 * (1.0 + float(np.linalg.norm(ahead))):
                return ahead
        return None

    def _evaluated(self, now: Floats) -> tuple[Floats, Floats]:
        """[N] values and [N, N + 1] slopes: probabilities sum to 1, and their logarithms differ by l times what options
        bring."""
        size, sharpness = self._ends[-1], now[-1]
        strategies = [np.exp(now[a:b]) for a, b in pairwise(self._ends)]
        values, slopes = np.zeros(size), np.zeros((size, size + 1))
        for p, own in enumerate(strategies):
            a, b = self._ends[p], self._ends[p + 1]
            values[a], slopes[a, a:b] = own.sum() - 1.0, own
            if b - a == 1:
                continue
            brings = self._against(p, strategies, None)
            values[a + 1 : b] = now[a + 1 : b] - now[a] - sharpness * (brings[1:] - brings[0])
            slopes[a + 1 : b, a] = -1.0
            slopes[a + 1 : b, a + 1 : b] = np.eye(b - a - 1)
            slopes[a + 1 : b, -1] = brings[0] - brings[1:]
            for q, other in enumerate(strategies):
                if q != p:
                    by = self._against(p, strategies, q) * other
                    slopes[a + 1 : b, self._ends[q] : self._ends[q + 1]] = sharpness * (by[0] - by[1:])
        return values, slopes

    def _against(self, p: int, strategies: list[Floats], but: int | None) -> Floats:
        """[n_p] what options bring against all others' strategies; [n_p, n_but] by option of one of these."""
        table = self._means[p]
        for q in reversed(range(len(strategies))):
            if q not in (p, but):
                table = np.tensordot(table, strategies[q], axes=(q, 0))
        return np.asarray(table.T if but is not None and but < p else table)
