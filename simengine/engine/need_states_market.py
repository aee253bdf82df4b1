"""The market today of a `choice` segment whose customers move between need states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simengine.engine import need_states_kernels as kernels
from simengine.engine.need_states import displaced
from simengine.engine.opening_kernels import offer_weights
from simengine.engine.pool import Pool
from simengine.engine.segment_market import SegmentMarket
from simengine.portfolio.population import Population
from simengine.tables.layout import Floats, NeedStates, Tables


class NeedStatesMarket(SegmentMarket):
    """As its base, with the joint distribution over need states, suppliers and stages of every customer."""

    def __init__(
        self, tables: Tables, population: Population, s: int, pool: Pool, step: int = 1, opening: Floats | None = None
    ) -> None:
        states = tables.segments.need_states[s]
        assert states is not None
        self.need_states: NeedStates = states
        super().__init__(tables, population, s, pool, step, opening)
        self.joint = np.empty((self.count, len(states.names), len(self.available) + 2))  # at the opening

    def _offer_weights(self, features: NDArray[np.float32], coefficient: NDArray[np.float32]) -> Floats:
        weights = np.empty((self.count, len(self.need_states.names), len(self.available)))
        for n in range(weights.shape[1]):
            own, there = np.empty((self.count, weights.shape[2])), displaced(features, self.need_states, n)
            self._over_customers(
                lambda a, b, own=own, there=there: offer_weights(  # type: ignore[misc]
                    there[a:b], coefficient, self.start, self.available, own[a:b]
                )
            )
            weights[:, n] = own
        return weights

    def stage_multipliers(self, revenue: Floats) -> Floats:
        multipliers = np.empty(self.count)
        A, pull = self._scale(self.resting_constants), self._pull()
        self._over_customers(
            lambda a, b: kernels.stage_multipliers(
                self.B,
                A,
                self.review,
                pull,
                self.promote,
                self.need_states.move,
                self.opening,
                revenue,
                a,
                b,
                multipliers,
            )
        )  # fmt: skip
        return multipliers

    def stationary_sums(self, slopes: bool = True) -> Floats:
        n = len(self.available)
        A, pull = self._scale(self.constants), self._pull()
        return self._sum(
            n + n * n + 1,
            lambda a, b, out: kernels.stationary_sums(
                self.B, self.weight, self.known, A, self.review, pull, self.promote, self.need_states.move,
                self.periods, slopes, a, b, out,
            ),
        )  # fmt: skip

    def year_on_sums(self) -> Floats:
        A, pull = self._scale(self.constants), self._pull()
        return self._sum(
            len(self.available) + 1,
            lambda a, b, out: kernels.year_on_sums(
                self.B, self.weight, self.joint, A, self.review, pull, self.promote, self.need_states.move,
                self.periods, a, b, out,
            ),
        )  # fmt: skip

    def place(self) -> None:
        self.resting_constants = self.constants
        A, pull = self._scale(self.constants), self._pull()
        self._over_customers(
            lambda a, b: kernels.opening_states(
                self.B, A, self.review, pull, self.promote, self.need_states.move, self.supplier, self.stage, a, b,
                self.joint, self.opening,
            )
        )  # fmt: skip


def market_of(
    tables: Tables, population: Population, s: int, pool: Pool, step: int = 1, opening: Floats | None = None
) -> SegmentMarket:
    """The market of a `choice` segment today, of every `step`-th customer; `opening` as in `SegmentMarket`."""
    kind = SegmentMarket if tables.segments.need_states[s] is None else NeedStatesMarket
    return kind(tables, population, s, pool, step, opening)
