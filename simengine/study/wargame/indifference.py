"""What leaves players indifferent between the options that they mix: as many equations as there are probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.multilinear import Flags, Numbers, evaluated, in_coordinates, of_size_one, root_near
from simengine.tables.layout import Floats

Support = tuple[tuple[int, ...], ...]  # by player, the options that it mixes


class Mixture(NamedTuple):
    """Strategies on a support that leave everybody indifferent, in so many games."""

    strategies: tuple[Floats, ...]  # by player [G, n_p]
    found: Flags  # [G] whether there are any near where they were looked for; else they say nothing


def trimmed(strategies: Mixed, least: float) -> Mixed:
    """The strategies without options that are chosen with a lower probability."""
    kept = [np.where(strategy < least, 0.0, strategy) for strategy in strategies]
    return tuple(strategy / strategy.sum() for strategy in kept)


def support_of(strategies: Mixed) -> Support:
    """The options that are chosen."""
    return tuple(tuple(np.flatnonzero(strategy > 0.0).tolist()) for strategy in strategies)


def mixing_in(support: Support) -> list[int]:
    """Players who mix, those first who mix most options: the order of forms and of unknowns."""
    return sorted((p for p, some in enumerate(support) if len(some) > 1), key=lambda p: -len(support[p]))


def forms_of(tables: Floats, support: Support) -> list[Floats]:
    """By player who mixes, what each option brings more than its first: [G, options - 1, options of others who mix],
    of pay-offs [P, n_1, ..., n_P, G]."""
    mixing, found = mixing_in(support), []
    for p in mixing:
        order = [p, *(q for q in mixing if q != p)]
        alone = [q for q in range(len(support)) if q not in mixing]
        own = np.transpose(tables[p][np.ix_(*support)], (len(support), *order, *alone))
        own = own.reshape(len(own), *(len(support[q]) for q in order))
        found.append(own[:, 1:] - own[:, :1])
    return found


def system_of(forms: Sequence[Floats]) -> list[Numbers]:
    """The same in probabilities of all options but each player's first, which sum to 1 with that."""
    bases = []
    for form in forms:
        basis = np.eye(1 + form.shape[1])
        basis[0, 1:] = -1.0
        bases.append(basis)
    return in_coordinates([of_size_one(form) for form in forms], bases)


def unknowns_of(strategies: Mixed, support: Support) -> Floats:
    """[N] these probabilities."""
    return np.concatenate([strategies[p][list(support[p][1:])] for p in mixing_in(support)])


def mixtures(tables: Floats, support: Support, near: Mixed) -> Mixture:
    """By game of pay-offs [P, n_1, ..., n_P, G], what leaves everybody indifferent between its options of the support,
    near some strategies. Probabilities may come out below 0."""
    count, mixing = tables.shape[-1], mixing_in(support)
    strategies = tuple(np.repeat(strategy[None], count, axis=0) for strategy in near)
    if not mixing:
        return Mixture(strategies, np.ones(count, bool))
    if len(mixing) == 1:  # whatever it mixes: not one point
        return Mixture(strategies, np.zeros(count, bool))
    begin = np.repeat(unknowns_of(near, support)[None], count, axis=0)
    unknowns, found = root_near(system_of(forms_of(tables, support)), begin)
    at = 0
    for p in mixing:
        some = list(support[p])
        rest = unknowns[:, at : at + len(some) - 1]
        strategies[p][:, some] = np.column_stack([1.0 - rest.sum(axis=1), rest])
        at += len(some) - 1
    return Mixture(strategies, found)


def index(game: Game, strategies: Mixed) -> int:
    """1 or -1, 0 of an equilibrium in a degenerate game; else those of all equilibria sum to 1 (Shapley 1974,
    doi:10.1007/BFb0121248; Ritzberger 1994, International Journal of Game Theory 23)."""
    support = support_of(strategies)
    mixing = mixing_in(support)
    if not mixing:
        return 1
    if len(mixing) == 1:
        return 0
    here = unknowns_of(strategies, support)[None]
    slopes = evaluated(system_of(forms_of(game.mean[..., None], support)), here)[1][0]
    return int(np.linalg.slogdet(-slopes)[0])
