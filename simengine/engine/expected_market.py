"""What moves a segment through several periods of expected mode, while the same cells lead themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.elementwise import exp
from simengine.engine.expected_layout import Contract, Curved, Market, Talk, Worth
from simengine.engine.expected_offers import FURTHEST
from simengine.engine.kinds import Curves
from simengine.engine.moment import converting, inertia, leaving
from simengine.engine.opening import Opening
from simengine.engine.shared_columns import Cells, leaders, parting
from simengine.tables.layout import Tables

f32 = np.float32
# kappa x m, up or down: beyond, a customer leaves with one part in 10^12 of its reviews, or stays with one in 10^6.
# The product of three turnovers' denominators then still is a float32 above 0.
STRONGEST, WEAKEST = 28.0, -14.0
SILENCE = Talk(0.0, np.zeros((0, 0)), np.zeros((0, 0), np.int64), np.zeros(0), *np.zeros((3, 0, 0, 0)))


class ChoiceTables(NamedTuple):
    """What choices of T periods are made of, in every cell."""

    coefficient: NDArray[np.float32]  # [T, C, served, F]
    review: NDArray[np.float32]  # [T, C, J]
    pull: NDArray[np.float32]  # [T, C, states]
    far: NDArray[np.bool_]  # [T, C] whether some utility may be far from 0
    served: NDArray[np.int64]  # [served] suppliers
    constant: NDArray[np.float32]  # [T, C, served]
    promote: NDArray[np.float32]  # [2]
    talk: Talk = SILENCE

    def during(self, period: int) -> tuple[NDArray[np.floating], ...]:
        """What cells may differ in during a period."""
        own = self.coefficient[period], self.constant[period], self.review[period], self.pull[period]
        return own if self.talk.omega == 0.0 else (*own, self.talk.shift[period])

    def market(self, cells: Cells, periods: slice) -> Market:
        """The market of some periods in the `cells` that then lead themselves.

        An offer that several cells or periods have in common, to the bit, has one row. A cell in which some utility
        may be far from 0 has rows of its own, which the loops take relative to the best: so no cell's bits depend on
        what other cells there are.
        """
        coefficient, constant, far = self.coefficient[periods], self.constant[periods], self.far[periods]
        review, pull, talk = self.review[periods], self.pull[periods], self.talk.during(periods)
        if talk.omega != 0.0:  # what constants will be is not known yet
            offer = np.arange(constant.size).reshape(constant.shape)
            return Market(
                cells, coefficient.reshape(constant.size, -1), np.empty(constant.size, f32), self.served, offer,
                np.empty_like(far), review, pull, np.zeros(far.shape, np.bool_), self.promote, talk,
            )  # fmt: skip
        if len(far) == len(cells) == 1:  # there is nothing to have in common
            c, served = int(cells[0]), len(self.served)
            offer = np.broadcast_to(np.arange(served), coefficient.shape[:3])
            return Market(
                cells, coefficient[0, c], constant[0, c], self.served, offer.copy(), far, review, pull,
                np.zeros(far.shape, np.bool_), self.promote, talk,
            )  # fmt: skip
        offer = np.zeros(coefficient.shape[:3], np.int64)
        rows = np.concatenate([coefficient, constant[..., None]], axis=-1)
        bits = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[-1])))[..., 0]
        common: dict[tuple[int, bytes], int] = {}
        origin: list[tuple[int, int, int]] = []  # period, cell, position of the supplier
        as_before = np.zeros(len(far), np.bool_)
        if len(far) > 1:
            as_before[1:] = (coefficient[1:] == coefficient[:-1]).all(axis=(1, 2, 3))
            as_before[1:] &= (constant[1:] == constant[:-1]).all(axis=(1, 2)) & (far[1:] == far[:-1]).all(axis=1)
        for t in range(len(far)):
            if as_before[t]:
                offer[t] = offer[t - 1]
                continue
            near = cells[~far[t, cells]]
            for c, own in zip(near.tolist(), bits[t, near].tolist(), strict=True):
                numbers = []
                for n, row in enumerate(own):
                    number = common.setdefault((n, row), len(origin))
                    if number == len(origin):
                        origin.append((t, c, n))
                    numbers.append(number)
                offer[t, c] = numbers
        for t, c in ((t, c) for t in range(len(far)) for c in cells.tolist() if far[t, c]):
            offer[t, c] = len(origin) + np.arange(len(self.served))
            origin.extend((t, c, n) for n in range(len(self.served)))
        period, cell, position = np.array(origin, np.int64).T
        same = np.zeros(far.shape, np.bool_)
        if len(far) > 1:
            same[1:] = np.logical_and.reduce([(own[1:] == own[:-1]).all(axis=2) for own in (offer, review, pull)])
        return Market(
            cells, coefficient[period, cell, position], constant[period, cell, position], self.served, offer, far,
            review, pull, same, self.promote, talk,
        )  # fmt: skip


class ContractTables(NamedTuple):
    """How contracts end in T periods, in every cell."""

    leave: NDArray[np.float32]  # [T, C, 3, column]
    convert: NDArray[np.float32]  # [T, C]

    def during(self, period: int) -> tuple[NDArray[np.float32], ...]:
        """What cells may differ in during a period."""
        return self.leave[period], self.convert[period]

    def market(self, cells: Cells, periods: slice) -> Contract:
        """The contracts of some periods in the `cells` that then lead themselves."""
        return Contract(cells, self.leave[periods], self.convert[periods])


class CurveTables(NamedTuple):
    """What customers are and bring in T periods, in every cell."""

    curves: Curves

    def during(self, period: int) -> tuple[NDArray[np.float32], ...]:
        """What cells may differ in during a period."""
        return self.curves.alive[period], self.curves.rate[period]

    def market(self, cells: Cells, periods: slice) -> Curved:
        """The customers of some periods in the `cells` that then lead themselves."""
        return Curved(cells, self.curves.alive[periods], self.curves.rate[periods])


SegmentTables = ChoiceTables | ContractTables | CurveTables


class Stretch(NamedTuple):
    """Consecutive periods of one segment in which the same cells lead themselves."""

    first: int  # period
    end: int
    market: Market | Contract | Curved
    leader: Cells  # [C]
    parting: list[tuple[int, int]]  # cells carried for themselves from its first period on, and whom they followed


def stretches(tables: SegmentTables, first: int, end: int, worth: Worth, before: Cells) -> list[Stretch]:
    """The periods first..end of a segment, with their `tables` and unit values, cut where cells part: where what they
    read begins to differ. `before` [C] are the leaders that they come with."""
    led = before
    found: list[tuple[int, Cells, list[tuple[int, int]]]] = [(0, before, [])]  # where each begins, as `Stretch` has it
    for t in range(end - first):
        if (led == np.arange(len(led))).all():
            break  # and so they stay
        unit_values = worth.revenue[t], worth.customer[t], worth.join[t]
        now = leaders(led, (*tables.during(t), *unit_values))
        if (now != led).any():
            found = [*(found if t > 0 else []), (t, now, parting(led, now))]
            led = now
    return [
        Stretch(first + a, first + b, tables.market(np.unique(leader), slice(a, b)), leader, apart)
        for (a, leader, apart), (b, _, _) in pairwise([*found, (end - first, led, [])])
    ]


def choice_tables(
    tables: Tables, opening: Opening, segments: list[int], periods: slice, extents: NDArray[np.float32],
    said: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> list[ChoiceTables]:  # fmt: skip
    """Tables of consecutive periods of some `choice` segments, whose customers' features lie within `extents`
    [S, 2, F]. Where constants are to follow from what customers say, `said` is omega [S] and today's shares
    [S, C, J]."""

    def by_segment(table: NDArray[np.floating]) -> NDArray[np.float32]:
        """[S, T, C, ...] of a table [C, T, S, ...] of all segments."""
        return np.ascontiguousarray(table[:, periods][:, :, segments].swapaxes(0, 2), f32)

    coefficient, review = by_segment(tables.choice.coefficient), by_segment(tables.choice.review)
    constant = (opening.constants[segments][:, None, None] + tables.choice.shift[:, periods][:, :, segments].transpose(2, 1, 0, 3)).astype(f32)
    pull = exp(np.clip(inertia(tables, opening, segments, periods), WEAKEST, STRONGEST)).astype(f32)
    least, most = _extremes(coefficient, extents)
    far = np.maximum(-(constant + least), constant + most) > FURTHEST
    promote = tables.segments.stage_promotion[segments].astype(f32)
    found = []
    for n, s in enumerate(segments):
        served = np.flatnonzero(tables.segments.available[s])
        offered = np.ascontiguousarray(coefficient[n][:, :, served]), np.ascontiguousarray(constant[n][:, :, served])
        some_far = far[n][:, :, served].any(axis=-1)
        talk = SILENCE
        if said is not None and said[0][n] != 0.0:
            shift = tables.choice.shift[:, periods, s].swapaxes(0, 1)
            of_offers = [np.ascontiguousarray(own[:, :, served]) for own in (shift, least[n], most[n])]
            talk = Talk(float(said[0][n]), said[1][n], SILENCE.before, opening.constants[s, served], *of_offers)
        found.append(ChoiceTables(offered[0], review[n], pull[n], some_far, served, offered[1], promote[n], talk))
    return found


def contract_tables(tables: Tables, segment: int, periods: range) -> ContractTables:
    """Tables of consecutive periods of a `contract` segment."""
    ends = [leaving(tables, segment, period).astype(f32) for period in periods]  # [C, 3, column], ever fewer columns
    leave = np.zeros((len(ends), *ends[0].shape), f32)
    for place, own in enumerate(ends):
        leave[place, :, :, : own.shape[-1]] = own
    return ContractTables(leave, np.array([converting(tables, segment, period) for period in periods], f32))


def _extremes(
    coefficient: NDArray[np.float32], extents: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[S, T, C, J] least and most that features between the lowest and the highest ones make of the utility of an
    offer."""
    lowest, highest = extents.astype(float).swapaxes(0, 1)[:, :, None, None, None]
    at_lowest, at_highest = coefficient * lowest, coefficient * highest
    return np.minimum(at_lowest, at_highest).sum(axis=-1), np.maximum(at_lowest, at_highest).sum(axis=-1)
