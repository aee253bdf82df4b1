"""What moves a segment through several periods of expected mode, while the same cells lead themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.elementwise import exp
from simengine.engine.expected_layout import Contract, Curved, Market, Talk, Worth
from simengine.engine.expected_offers import FURTHEST, distance
from simengine.engine.kinds import Curves
from simengine.engine.moment import converting, inertia, leaving
from simengine.engine.opening import Opening
from simengine.engine.shared_columns import Cells, leaders, parting
from simengine.tables.layout import Tables

f32 = np.float32
# kappa x m, up or down: beyond, a customer leaves with one part in 10^12 of its reviews, or stays with one in 10^6.
# The product of three turnovers' denominators then still is a float32 above 0.
STRONGEST, WEAKEST = 28.0, -14.0
SILENCE = Talk(0.0, np.zeros((0, 0)), np.zeros((0, 0), np.int64), *np.zeros((3, 0, 0, 0)))


class ChoiceTables(NamedTuple):
    """What choices of T periods are made of, in every cell."""

    coefficient: NDArray[np.float32]  # [T, C, served, F]
    review: NDArray[np.float32]  # [T, C, J]
    pull: NDArray[np.float32]  # [T, C, states]
    far: NDArray[np.bool_]  # [T, C] whether some utility may be far from 0
    served: NDArray[np.int64]  # [served] suppliers
    constant: NDArray[np.float32]  # [served] of the opening
    shift: NDArray[np.float64]  # [T, C, served] of constants since then, besides what is heard
    promote: NDArray[np.float32]  # [2]
    talk: Talk = SILENCE

    def during(self, period: int) -> tuple[NDArray[np.floating], ...]:
        """What cells may differ in during a period."""
        shift = self.shift[period].astype(f32) if self.talk.omega == 0.0 else self.shift[period]
        return self.coefficient[period], shift, self.review[period], self.pull[period]

    def market(self, cells: Cells, periods: slice) -> Market:
        """The market of some periods in the `cells` that then lead themselves.

        An offer that several cells or periods have in common, to the bit but for its shift, has one row. A cell in
        which some utility may be far from 0 is weighed alone: no cell's bits depend on what other cells there are.
        """
        coefficient, far = self.coefficient[periods], self.far[periods]
        review, pull, talk = self.review[periods], self.pull[periods], self.talk.during(periods)
        offer, origin = self._offers(coefficient, cells)
        period, cell, position = origin
        shift = np.zeros(offer.shape) if talk.omega != 0.0 else self.shift[periods]  # what is heard is not known yet
        rounded = shift.astype(f32)  # what cells that differ in it part by
        scale = exp(np.where(far[..., None], f32(0.0), rounded).astype(float)).astype(f32)
        same = np.zeros(far.shape, np.bool_)
        if len(far) > 1 and talk.omega == 0.0:
            alike = [(own[1:] == own[:-1]).all(axis=2) for own in (offer, shift, review, pull)]
            same[1:] = np.logical_and.reduce(alike)
        return Market(
            cells, coefficient[period, cell, position], self.constant[position], self.served, offer, rounded,
            scale, far if talk.omega == 0.0 else np.zeros_like(far), review, pull, same, self.promote, talk,
        )  # fmt: skip

    def _offers(
        self, coefficient: NDArray[np.float32], cells: Cells
    ) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], ...]]:
        """[T, C, served] the number of each offer of the `cells`, and the period, the cell and the position where each
        number stands for the first time."""
        periods, _, served = coefficient.shape[:3]
        if periods == len(cells) == 1:  # there is nothing to have in common
            numbers = np.arange(served)
            first = np.zeros(served, np.int64), np.full(served, cells[0]), numbers
            return np.broadcast_to(numbers, coefficient.shape[:3]).copy(), first
        offer = np.zeros(coefficient.shape[:3], np.int64)
        bits = np.ascontiguousarray(coefficient).view(np.dtype((np.void, 4 * coefficient.shape[-1])))[..., 0]
        common: dict[tuple[int, bytes], int] = {}
        origin: list[tuple[int, int, int]] = []  # period, cell, position of the supplier
        as_before = (coefficient[1:] == coefficient[:-1]).all(axis=(1, 2, 3))
        for t in range(periods):
            if t > 0 and as_before[t - 1]:
                offer[t] = offer[t - 1]
                continue
            for c, own in zip(cells.tolist(), bits[t, cells].tolist(), strict=True):
                for n, row in enumerate(own):
                    number = common.setdefault((n, row), len(origin))
                    if number == len(origin):
                        origin.append((t, c, n))
                    offer[t, c, n] = number
        return offer, tuple(np.array(origin, np.int64).T)


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
    shift = np.ascontiguousarray(tables.choice.shift[:, periods][:, :, segments].transpose(2, 1, 0, 3))
    constant = opening.constants[segments].astype(f32)
    pull = exp(np.clip(inertia(tables, opening, segments, periods), WEAKEST, STRONGEST)).astype(f32)
    least, most = (own + constant[:, None, None] for own in _extremes(coefficient, extents))
    far = distance(shift.astype(f32).astype(float), least, most) > FURTHEST
    promote = tables.segments.stage_promotion[segments].astype(f32)
    found = []
    for n, s in enumerate(segments):
        served = np.flatnonzero(tables.segments.available[s])
        by_offer = (np.ascontiguousarray(own[n][:, :, served]) for own in (coefficient, shift, least, most))
        offered, shifted, *bounds = by_offer
        some_far, talk = far[n][:, :, served].any(axis=-1), SILENCE
        if said is not None and said[0][n] != 0.0:
            talk = Talk(float(said[0][n]), said[1][n], SILENCE.before, shifted, *bounds)
        own = constant[n, served]
        found.append(ChoiceTables(offered, review[n], pull[n], some_far, served, own, shifted, promote[n], talk))
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
