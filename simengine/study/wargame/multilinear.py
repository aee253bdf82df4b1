"""Roots of equations that are linear in each of several groups of unknowns.

A group of d unknowns comes with d equations in which the other groups occur, and not its own: as in a game, where what
leaves a player indifferent between options is what all others do. Here are a root near a point, by Newton, and all
complex roots, by continuation: those of a system of the same kind, whose equations are products of linear forms, are
known; they are followed as it is turned into the one to be solved. That has as many, unless it is singular, and for
almost all first systems no two paths meet (Morgan & Sommese 1987, doi:10.1016/0096-3003(87)90063-4; McKelvey & McLennan
1997, doi:10.1006/jeth.1996.2214, count them).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]  # real or complex
Flags = NDArray[np.bool_]
System = Sequence[Numbers]  # by group g [S, d_g, 1 + d_q by other group q]: coefficients of products of 1 and unknowns

STEP, LEAST_STEP = 0.2, 1e-7  # of a path from 0 to 1
MOST_STEPS = 400
NEAR = 1e-2  # corrections of a step, as parts of the point: larger ones might lead to another path
CONVERGED = 1e-10
SAME_ROOT = 1e-6
NEWTON, NEARER = 3, 1e-4  # corrections of a step, and how much smaller the last is than the first may be
CAREFUL = 0.05  # where two paths have come together, steps and corrections are so many times as large at most
LEAST_SLOPE = 1e-10  # singular value as a part of the largest: less is a singular root


class Roots(NamedTuple):
    """Complex roots of S systems, as many of each."""

    points: tuple[Numbers, ...]  # by group [S, K, 1 + d_g], homogeneous: any multiple is the same root
    regular: Flags  # [S, K] whether the path came to an end, in a root at which slopes are not singular


def evaluated(system: System, unknowns: Numbers) -> tuple[Numbers, Numbers]:
    """[S, N] values of all equations at unknowns [S, N], and their slopes [S, N, N]."""
    counts = [form.shape[1] for form in system]
    ends = np.cumsum([0, *counts])
    one = np.ones((len(unknowns), 1))
    points = [np.concatenate([one, unknowns[:, a:b]], axis=1) for a, b in pairwise(ends)]
    values = np.zeros(unknowns.shape, np.result_type(unknowns, *system))
    slopes = np.zeros((*unknowns.shape, unknowns.shape[1]), values.dtype)
    for g, form in enumerate(system):
        rows, others = slice(ends[g], ends[g + 1]), [q for q in range(len(system)) if q != g]
        rest = form  # of the groups from q on
        for n, q in enumerate(others):
            part = rest
            for later in reversed(others[n + 1 :]):
                part = np.einsum("a...z,az->a...", part, points[later])
            slopes[:, rows, ends[q] : ends[q + 1]] = part[:, :, 1:]
            if n + 1 < len(others):
                rest = np.einsum("abz...,az->ab...", rest, points[q])
        values[:, rows] = np.einsum("abz,az->ab", part, points[others[-1]])
    return values, slopes


def in_coordinates(forms: System, bases: Sequence[Numbers]) -> list[Numbers]:
    """Forms in the homogeneous coordinates z of all groups as forms in those of which these are `bases[g]` @ z."""
    found = []
    for g, form in enumerate(forms):
        for axis, q in enumerate((q for q in range(len(forms)) if q != g), start=2):
            form = np.moveaxis(np.moveaxis(form, axis, -1) @ bases[q], -1, axis)
        found.append(form)
    return found


def root_near(system: System, unknowns: Numbers, most: int = 20) -> tuple[Numbers, Flags]:
    """[S, N] the root that Newton's steps lead to from there, and [S] whether they do."""
    now, done = unknowns, np.zeros(len(unknowns), bool)
    with np.errstate(all="ignore"):  # where they lead to nothing
        for _ in range(most):
            values, slopes = evaluated(system, now)
            change = _solved(slopes, values)
            now = now - change
            if (done := np.abs(change).max(axis=1) <= CONVERGED * (1.0 + np.abs(now).max(axis=1))).all():
                break
    return now, done & _is_regular(evaluated(system, now)[1])


def number_of_roots(counts: Sequence[int], most: int) -> int:
    """How many roots systems have with so many unknowns in each group; `most` if they are more."""
    if any(2 * count > sum(counts) for count in counts):
        return 0
    if most <= 1:  # there is a way, and finding it may take long
        return most
    return sum(1 for _ in islice(_shares(counts), most))


def all_roots(forms: System) -> Roots:
    """All roots of the systems, in homogeneous coordinates: `forms` are [S, d_g, 1 + d_q by other group q]."""
    counts = [form.shape[1] for form in forms]
    if len(counts) == 2:
        return _of_two(forms)
    luck = np.random.default_rng(0)
    bases = [np.linalg.qr(_complex(luck, 1 + count, 1 + count))[0] for count in counts]
    begin, starts = _first(counts, luck)
    system = in_coordinates([of_size_one(form) for form in forms], bases)
    many, each = len(forms[0]), len(starts)
    which = np.repeat(np.arange(many), each)
    starts = np.tile(starts, (many, 1))
    ends, regular = _followed(system, which, begin, starts, 1.0)
    lost = _meeting(ends, regular, each)
    if lost.any():
        ends[lost], regular[lost] = _followed(system, which[lost], begin, starts[lost], CAREFUL)
        regular &= ~_meeting(ends, regular, each)
    points, at = [], 0
    for count, basis in zip(counts, bases, strict=True):
        homogeneous = np.concatenate([np.ones((len(ends), 1)), ends[:, at : at + count]], axis=1) @ basis.T
        points.append(homogeneous.reshape(many, each, 1 + count))
        at += count
    return Roots(tuple(points), regular.reshape(many, each))


def _of_two(forms: System) -> Roots:
    """Of two groups of as many unknowns: each is where the other's linear forms are 0."""
    points, regular = [], np.ones((len(forms[0]), 1), bool)
    for form in reversed(forms):
        _, sizes, along = np.linalg.svd(of_size_one(form))
        points.append(along[:, -1:].conj())
        regular &= sizes[:, -1:] > LEAST_SLOPE * sizes[:, :1]
    return Roots(tuple(points), regular)


def _first(counts: Sequence[int], luck: np.random.Generator) -> tuple[list[Numbers], Numbers]:
    """A system of products of linear forms, one of each other group, and its roots [K, N]."""
    factors = [[[_complex(luck, 1 + other) for other in counts] for _ in range(count)] for count in counts]
    begin = []
    for g, count in enumerate(counts):
        rows = []
        for i in range(count):
            row = np.ones(())
            for q in range(len(counts)):
                if q != g:
                    row = np.multiply.outer(row, factors[g][i][q])
            rows.append(row)
        begin.append(of_size_one(np.stack(rows)[None]))
    roots = []
    for shared in _shares(counts):
        root = []
        for q in range(len(counts)):
            zero = np.array([factors[g][i][q] for (g, i), to in shared.items() if to == q])
            root.append(np.linalg.solve(zero[:, 1:], -zero[:, 0]))
        roots.append(np.concatenate(root))
    return begin, np.array(roots)


def _shares(counts: Sequence[int]) -> Iterator[dict[tuple[int, int], int]]:
    """The ways to give each equation one of the other groups, each group as many as it has unknowns."""
    equations = [(g, i) for g, count in enumerate(counts) for i in range(count)]
    left, chosen = list(counts), dict[tuple[int, int], int]()

    def rest(n: int) -> Iterator[dict[tuple[int, int], int]]:
        if n == len(equations):
            yield dict(chosen)
            return
        for q in range(len(counts)):
            if q != equations[n][0] and left[q]:
                left[q], chosen[equations[n]] = left[q] - 1, q
                yield from rest(n + 1)
                left[q] += 1

    return rest(0)


def _followed(
    system: System, which: NDArray[np.intp], begin: System, starts: Numbers, care: float
) -> tuple[Numbers, Flags]:
    """Where paths end [B, N] and whether in regular roots: of (1 - t) `begin` + t `system[which]`, t from 0 to 1."""
    now, t = starts.copy(), np.zeros(len(starts))
    step, regular = np.full(len(starts), STEP * care), np.zeros(len(starts), bool)
    open_ = np.arange(len(starts))
    with np.errstate(all="ignore"):  # where steps lead to nothing
        for _ in range(int(MOST_STEPS / care)):
            if not len(open_):
                break
            here = [
                np.concatenate([np.broadcast_to(first, (len(open_), *first.shape[1:])), form[which[open_]]])
                for first, form in zip(begin, system, strict=True)
            ]
            to = np.minimum(t[open_] + step[open_], 1.0)
            ahead = _predicted(here, now[open_], t[open_], to - t[open_])
            ahead, good = _corrected(here, ahead, to, NEAR * care)
            gone = open_[good]
            now[gone], t[gone] = ahead[good], to[good]
            step[open_] = np.where(good, np.minimum(2.0 * step[open_], STEP * care), 0.5 * step[open_])
            at_end = t[open_] == 1.0
            regular[open_[at_end]] = True
            open_ = open_[~at_end & (step[open_] >= LEAST_STEP)]
    done = np.flatnonzero(regular)
    now[done], regular[done] = root_near([form[which[done]] for form in system], now[done])
    return now, regular


def _moving(ends: System, now: Numbers, t: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Values, slopes, and change with t."""
    values, slopes = evaluated(ends, np.concatenate([now, now]))
    count, part = len(now), t[:, None]
    change = values[count:] - values[:count]
    return values[:count] + part * change, slopes[:count] + part[..., None] * (slopes[count:] - slopes[:count]), change


def _predicted(ends: System, now: Numbers, t: Numbers, step: Numbers) -> Numbers:
    """A step along the paths (Runge & Kutta, of the fourth order)."""
    h = step[:, None]

    def speed(at: Numbers, part: float) -> Numbers:
        _, slopes, change = _moving(ends, at, t + part * step)
        return -_solved(slopes, change)

    a = speed(now, 0.0)
    b = speed(now + 0.5 * h * a, 0.5)
    c = speed(now + 0.5 * h * b, 0.5)
    d = speed(now + h * c, 1.0)
    return np.asarray(now + h * (a + 2 * b + 2 * c + d) / 6)


def _corrected(ends: System, ahead: Numbers, t: Numbers, near: float) -> tuple[Numbers, Flags]:
    """Back to the paths, and whether that is a small way."""
    count, good = len(t), np.ones(len(t), bool)
    parts = [t.reshape(-1, *[1] * (form.ndim - 1)) for form in ends]
    here = [(1.0 - part) * form[:count] + part * form[count:] for form, part in zip(ends, parts, strict=True)]
    for n in range(NEWTON):
        values, slopes = evaluated(here, ahead)
        change = _solved(slopes, values)
        ahead = ahead - change
        size = np.linalg.norm(change, axis=1) / (1.0 + np.linalg.norm(ahead, axis=1))
        good &= size <= (near if n == 0 else near * NEARER if n + 1 == NEWTON else 1.0)
    return ahead, good


def _solved(slopes: Numbers, values: Numbers) -> Numbers:
    """[S, N]; nan where slopes are singular."""
    try:
        return np.asarray(np.linalg.solve(slopes, values[..., None])[..., 0])
    except np.linalg.LinAlgError:
        singular = np.linalg.det(slopes) == 0.0
        slopes = np.where(singular[:, None, None], np.eye(slopes.shape[-1]), slopes)
        return _solved(slopes, np.where(singular[:, None], np.nan, values))


def _is_regular(slopes: Numbers) -> Flags:
    found = np.zeros(len(slopes), bool)
    finite = np.isfinite(slopes).all(axis=(1, 2))
    if finite.any():
        sizes = np.linalg.svd(slopes[finite], compute_uv=False)
        found[finite] = sizes[:, -1] > LEAST_SLOPE * sizes[:, 0]
    return found


def _meeting(ends: Numbers, regular: Flags, each: int) -> Flags:
    """[B] whether two paths of a system, `each` after the other, have come to the same regular root: one of them has
    left its own."""
    ends, regular = ends.reshape(-1, each, ends.shape[1]), regular.reshape(-1, each)
    size = 1.0 + np.linalg.norm(ends, axis=-1, keepdims=True)
    near = np.linalg.norm(ends[:, :, None] - ends[:, None], axis=-1) < SAME_ROOT * size
    both = near & regular[:, :, None] & regular[:, None] & ~np.eye(each, dtype=bool)
    return np.repeat(both.any(axis=(1, 2)), each)


def of_size_one(form: Numbers) -> Numbers:
    """Every equation with coefficients of 1 in the mean square."""
    size = np.sqrt((np.abs(form) ** 2).mean(axis=tuple(range(2, form.ndim)), keepdims=True))
    return np.asarray(form / np.where(size > 0.0, size, 1.0))


def _complex(luck: np.random.Generator, *shape: int) -> Numbers:
    return np.asarray(luck.normal(size=shape) + 1j * luck.normal(size=shape))
