"""Equilibria of games of any number of players by the options that are mixed: support enumeration.

Options that a player mixes are as good as each other: as many equations as there are probabilities to be found. With
more than two players they are not linear, and all roots are found (`multilinear`). Supports are tried from the smallest
on; those in which an option is worse than another whatever others choose of theirs are left out (Porter, Nudelman &
Shoham 2008, doi:10.1016/j.geb.2006.03.015).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice, product
from math import comb, prod

import numpy as np

from simengine.study.wargame.game import Game, Mixed
from simengine.study.wargame.indifference import Support, forms_of, mixing_in, mixtures
from simengine.study.wargame.multilinear import Flags, all_roots, number_of_roots

MOST_SUPPORTS = 30_000  # that are looked at
MOST_ROOTS = 5_000  # that are looked for: some seconds
AT_ONCE = 1_000
REAL = 1e-6  # up to which probabilities may be imaginary, or below 0
DOUBTFUL = 1e-2  # the same where the root is singular, and not exact


def indifferent(game: Game, roots: int = MOST_ROOTS) -> tuple[list[Mixed], bool]:
    """What leaves two players or more indifferent between all options that they mix, whether or not others are better;
    and whether those are all: no support was left out, no root lost. No more than so many `roots` are looked for, nor
    in more supports than go with them."""
    found: list[Mixed] = []
    complete, supports = True, min(MOST_SUPPORTS, MOST_SUPPORTS * roots // MOST_ROOTS)
    sensible = _Sensible(game)
    for counts, some in _by_counts(game.shape):
        each = number_of_roots(counts, roots + 1 if supports else 1)
        if not each or not supports:
            complete &= not each
            continue
        tried = list[Support]()
        for sizes in some:
            many = prod(comb(number, size) for number, size in zip(game.shape, sizes, strict=True))
            those = product(
                *(
                    islice(combinations(range(number), size), supports)  # `product` holds them all
                    for number, size in zip(game.shape, sizes, strict=True)
                )
            )
            tried += [support for support in islice(those, supports) if sensible(support)]
            complete &= many <= supports
            supports = max(0, supports - many)
        complete &= len(tried) <= roots // each
        tried = tried[: roots // each]
        roots -= len(tried) * each
        size = max(1, AT_ONCE // each)
        for first in range(0, len(tried), size):
            more, certain = _on_supports(game, tried[first : first + size])
            found += more
            complete &= certain
    return found, complete


def _by_counts(shape: Sequence[int]) -> list[tuple[list[int], list[tuple[int, ...]]]]:
    """How many options the two or more mix who do, less 1, and whose options these may be; the fewest first."""
    found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for sizes in product(*(range(1, number + 1) for number in shape)):
        found.setdefault(tuple(sorted((size - 1 for size in sizes if size > 1), reverse=True)), []).append(sizes)
    several = [(list(counts), some) for counts, some in found.items() if len(counts) > 1]
    return sorted(several, key=lambda each: (sum(each[0]), max(each[0])))


class _Sensible:
    """Whether a support may be that of an equilibrium, as far as single options tell."""

    def __init__(self, game: Game) -> None:
        self._tables = [np.moveaxis(table, p, 0) for p, table in enumerate(game.mean)]
        self._tolerance = game.tolerance
        self._known: dict[tuple[int, Support], tuple[Flags, Flags]] = {}

    def __call__(self, support: Support) -> bool:
        for p, own in enumerate(support):
            worse, same = self._of(p, (*support[:p], *support[p + 1 :]))
            if any(worse[i] for i in own) or any(same[i, k] for i, k in combinations(own, 2)):
                return False
        return True

    def _of(self, p: int, others: Support) -> tuple[Flags, Flags]:
        """While others mix these: [n_p] whether another option is never worse and sometimes better; [n_p, n_p] whether
        two are the same: what mixes both is no better found than what mixes one."""
        if (p, others) not in self._known:
            table = self._tables[p][np.ix_(range(len(self._tables[p])), *others)].reshape(len(self._tables[p]), -1)
            more, tolerance = table[None] - table[:, None], self._tolerance[p]
            worse = ((more >= 0.0).all(axis=-1) & (more > tolerance).any(axis=-1)).any(axis=1)
            self._known[p, others] = worse, (np.abs(more) <= tolerance).all(axis=-1)
        return self._known[p, others]


def _on_supports(game: Game, supports: Sequence[Support]) -> tuple[list[Mixed], bool]:
    """Of supports of the same sizes."""
    of_supports = [forms_of(game.mean[..., None], support) for support in supports]
    roots = all_roots([np.concatenate(each) for each in zip(*of_supports, strict=True)])
    with np.errstate(all="ignore"):  # roots at infinity
        shares = [points / points.sum(axis=-1, keepdims=True) for points in roots.points]
    outside = np.max([np.maximum(-each.real, np.abs(each.imag)).max(axis=-1) for each in shares], axis=0)
    found: list[Mixed] = []
    for s, k in np.argwhere(roots.regular & (outside <= REAL)):
        near = [np.eye(number)[some[0]] for number, some in zip(game.shape, supports[s], strict=True)]
        for p, share in zip(mixing_in(supports[s]), shares, strict=True):
            near[p][list(supports[s][p])] = share[s, k].real
        exact = mixtures(game.mean[..., None], supports[s], tuple(near))
        if exact.found[0]:
            found.append(tuple(strategy[0] for strategy in exact.strategies))
    return found, not (~roots.regular & (outside <= DOUBTFUL)).any()
