"""Equilibria: everybody's choice is a best answer to all others', so that nobody gains by another.

All of them in small games, mixed ones too: of two players with few options by enumeration of supports and of vertices
(nashpy: Knight & Campbell 2018, doi:10.21105/joss.00904; von Stengel 2002, doi:10.1016/S1574-0005(02)03008-4), of more
by that of supports (`supports`). Of larger games all in which nobody mixes, some others, and at least one: there is one
(Nash 1951, doi:10.2307/1969529).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from simengine.study.wargame.dominance import eliminated
from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.indifference import index, trimmed
from simengine.study.wargame.logit import end_of_path
from simengine.study.wargame.supports import MOST_ROOTS, indifferent
from simengine.tables.layout import Floats

FEW_OPTIONS = 12  # of two players together: all vertices are tried
LINEAR = 6  # times as many supports of two players take as long to be searched
ALIKE = 1e-6  # probabilities that differ by less are the same
MOST_GAINED = 1e-7  # by another option, as a part of the range of a player's pay-offs: still an equilibrium


class Equilibria(NamedTuple):
    """Those that were found."""

    found: tuple[Mixed, ...]  # pure ones first
    all_of_them: bool  # but for those between two, in a degenerate game
    degenerate: bool  # somebody has more best answers than options that are mixed: there may be a continuum


def equilibria_of(game: Game, roots: int = MOST_ROOTS) -> Equilibria:
    """The equilibria of a game, options that are strictly dominated being left out first. `roots` says how much of a
    large game is searched."""
    _, kept = eliminated(game)
    small = game.within(kept)
    choosing = [p for p, some in enumerate(kept) if len(some) > 1]
    mixed, complete = list[Mixed](), True
    if len(choosing) == 2 and sum(len(kept[p]) for p in choosing) <= FEW_OPTIONS:
        mixed = _of_two(small, choosing)
    elif len(choosing) > 1:
        mixed, complete = indifferent(small, roots * LINEAR if len(choosing) == 2 else roots)
    found = _distinct(
        [
            *map(small.pair, small.pure),
            *(each for each in (trimmed(mix, ALIKE) for mix in mixed) if _is_equilibrium(small, each)),
        ]
    )
    if not found:
        end = end_of_path(small, lambda strategies: _is_equilibrium(small, trimmed(strategies, ALIKE)))
        found, complete = [] if end is None else [trimmed(end, ALIKE)], False
    degenerate = any(_more_answers(small, each) for each in found)
    complete &= degenerate or sum(index(small, each) for each in found) == 1
    return Equilibria(tuple(_widened(game, kept, each) for each in found), complete, degenerate)


def _of_two(game: Game, choosing: list[int]) -> list[Mixed]:
    """Candidates of a game in which two players have a choice."""
    row, column = choosing
    rest = tuple(slice(None) if p in choosing else 0 for p in range(len(game.players)))
    tables = [_scaled(game.mean[p][rest]) for p in choosing]
    found = []
    for pair in _pairs(*tables):
        strategies = [np.ones(1)] * len(game.players)
        strategies[row], strategies[column] = (np.maximum(each, 0.0) / np.maximum(each, 0.0).sum() for each in pair)
        found.append(tuple(strategies))
    return found


def _pairs(ours: Floats, theirs: Floats) -> list[tuple[Floats, Floats]]:
    import nashpy
    from scipy.spatial import QhullError

    game, found = nashpy.Game(ours, theirs), list[tuple[Floats, Floats]]()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for pairs in (game.support_enumeration(), game.vertex_enumeration()):
            try:
                for x, y in pairs:
                    if np.isfinite(x).all() and np.isfinite(y).all() and x.shape + y.shape == ours.shape:
                        found.append((np.asarray(x), np.asarray(y)))
            except (QhullError, np.linalg.LinAlgError, ValueError, IndexError):
                pass  # what a degenerate game breaks, the other algorithm finds
    return found


def _scaled(table: Floats) -> Floats:
    """From 1 to 2: what is the best answer to what stays."""
    low, high = table.min(), table.max()
    return np.asarray(1.0 + (table - low) / (high - low) if high > low else np.ones(table.shape))


def _no_gain(game: Game) -> Floats:
    """[P] up to which another option is no better."""
    return np.asarray(np.maximum(MOST_GAINED * game.ranges, game.tolerance))


def _is_equilibrium(game: Game, strategies: Mixed) -> bool:
    return bool((game.epsilon(strategies) <= _no_gain(game)).all())


def _more_answers(game: Game, strategies: Mixed) -> bool:
    """Whether some player has more best answers than options that it mixes."""
    for p, (strategy, no_gain) in enumerate(zip(strategies, _no_gain(game), strict=True)):
        of_options = game.of_options(p, strategies).mean(axis=-1)
        as_good = of_options >= of_options.max() - no_gain
        if (as_good & (strategy <= ALIKE)).any():
            return True
    return False


def _distinct(found: Iterable[Mixed]) -> list[Mixed]:
    kept: list[Mixed] = []
    for each in found:
        if not any(all(np.allclose(a, b, rtol=0, atol=ALIKE) for a, b in zip(each, k, strict=True)) for k in kept):
            kept.append(each)
    return sorted(kept, key=lambda strategies: sum(int((strategy > 0).sum()) for strategy in strategies))


def _widened(game: Game, kept: tuple[tuple[int, ...], ...], strategies: Mixed) -> Mixed:
    """Strategies over some options as strategies over all."""
    whole = [np.zeros(number) for number in game.shape]
    for wide, some, strategy in zip(whole, kept, strategies, strict=True):
        wide[list(some)] = strategy
    return tuple(whole)
