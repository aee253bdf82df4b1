"""Options that a player had better never choose, whatever the others do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.study.wargame.game import Game
from simengine.tables.layout import Floats


class Dominated(NamedTuple):
    """An option, and what is better whatever the others choose: another, or several by chance."""

    player: int
    option: int
    by: dict[int, float]  # option: its probability
    strictly: bool  # better always; else never worse and sometimes better
    round: int  # 1 in the game as it is; 2 once what is dominated there is left out; ...


def eliminated(game: Game) -> tuple[list[Dominated], tuple[tuple[int, ...], ...]]:
    """What goes as strictly dominated options are left out, round by round, and the options that each player has left.

    The order does not matter, and no equilibrium is lost (Gilboa, Kalai & Zemel 1990,
    doi:10.1016/0167-6377(90)90046-8). Mixtures of options dominate, too (Pearce 1984, doi:10.2307/1911197).
    """
    kept = [list(range(number)) for number in game.shape]
    found: list[Dominated] = []
    for number in range(1, sum(game.shape) + 1):
        small = game.within(kept)
        gone = [
            Dominated(p, kept[p][i], {kept[p][k]: share for k, share in by.items()}, True, number)
            for p in range(len(kept))
            for i, by in _strictly(_options_by_profile(small, p), float(game.tolerance[p]))
        ]
        if not gone:
            break
        found += gone
        kept = [[i for i in some if (p, i) not in {each[:2] for each in gone}] for p, some in enumerate(kept)]
    return found, tuple(map(tuple, kept))


def weakly_dominated(game: Game) -> list[Dominated]:
    """Options of the game as it is for which another is never worse and sometimes better, but not always."""
    found = []
    for p in range(len(game.players)):
        table, tolerance = _options_by_profile(game, p), game.tolerance[p]
        for i, own in enumerate(table):
            less = table - own
            better = (less >= -tolerance).all(axis=1) & (less > tolerance).any(axis=1)
            if better.any() and not (less > tolerance).all(axis=1).any():
                found.append(Dominated(p, i, {int(np.argmax(better)): 1.0}, False, 1))
    return found


def _options_by_profile(game: Game, player: int) -> Floats:
    """[n_p, what the others choose] mean pay-offs."""
    return np.asarray(np.moveaxis(game.mean[player], player, 0).reshape(game.shape[player], -1))


def _strictly(table: Floats, tolerance: float) -> list[tuple[int, dict[int, float]]]:
    found: list[tuple[int, dict[int, float]]] = []
    for i, own in enumerate(table):
        better = np.flatnonzero((table - own > tolerance).all(axis=1))
        if len(better):
            best = better[np.argmax((table[better] - own).min(axis=1))]
            found.append((i, {int(best): 1.0}))
        elif len(table) > 2 and (mixture := _mixture(np.delete(table, i, axis=0), own, tolerance)) is not None:
            others = [k for k in range(len(table)) if k != i]
            found.append((i, {others[k]: share for k, share in mixture.items()}))
    return found


def _mixture(others: Floats, own: Floats, tolerance: float) -> dict[int, float] | None:
    """The mixture of other options that is better than the own by most, if any is whatever the others choose."""
    from scipy.optimize import linprog

    difference = others - own  # [k, what the others choose]
    scale = float(np.abs(difference).max())
    if scale <= tolerance or bool((difference.max(axis=0) <= tolerance).any()):
        return None
    count, profiles = difference.shape
    least = np.column_stack([-difference.T / scale, np.ones(profiles)])  # least <= every advantage
    done = linprog(
        np.r_[np.zeros(count), -1.0], A_ub=least, b_ub=np.zeros(profiles), A_eq=np.r_[np.ones(count), 0.0][None],
        b_eq=[1.0], bounds=[(0.0, 1.0)] * count + [(None, None)],
    )  # fmt: skip
    if not done.success or -done.fun * scale <= max(tolerance, 1e-7 * scale):
        return None
    shares = np.where(done.x[:-1] > 1e-9, done.x[:-1], 0.0)
    return {int(k): float(shares[k] / shares.sum()) for k in np.flatnonzero(shares)}
