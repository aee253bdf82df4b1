"""SimPy: a customer is a process that sleeps until its next review; nothing happens to it in between."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
import simpy

from simengine.bench.segment import Segment
from simengine.tables.layout import OWN_STATES, Floats


class Market:
    """What customers of a segment share, and what they add to: changes of the totals, by time."""

    def __init__(self, environment: simpy.Environment, segment: Segment, luck: random.Random) -> None:
        self.environment, self.luck = environment, luck
        self.periods, self.states = segment.review.shape
        self.constants: list[float] = segment.constants.tolist()
        self.coefficient: list[list[list[float]]] = segment.coefficient.tolist()
        self.inertia: list[list[float]] = segment.inertia.tolist()
        self.supplier: list[int] = segment.supplier.tolist()
        self.promotion: list[float] = segment.promotion.tolist()
        # A review comes when the hazard accumulated since the last one passes an exponential draw.
        hazard = -np.log1p(-segment.review.astype(np.float64))
        self.accumulated: list[list[float]] = np.cumsum(np.vstack([np.zeros(self.states), hazard]), axis=0).T.tolist()
        self.customers = [[0] * self.states for _ in range(self.periods + 2)]
        self.revenue = [[0.0] * self.states for _ in range(self.periods + 2)]

    def customer(self, features: list[float], revenue: float, state: int) -> Iterator[simpy.Event]:
        """The life of a customer, from supplier to supplier."""
        now = 0
        while True:
            supplier = self.supplier[state]
            dates = self.promotions(now, state) if supplier == 0 else ()
            since, chosen = now, supplier
            while chosen == supplier:
                review = self.next_review(now, state)
                if review > self.periods:
                    self.spell(since, self.periods + 1, state, dates, revenue)
                    return
                yield self.environment.timeout(review - now)
                now = review
                stage = state + sum(date < now for date in dates)
                chosen = self.choose(features, now - 1, stage, supplier)
            self.spell(since, now, state, dates, revenue)
            state = 0 if chosen == 0 else chosen + OWN_STATES - 1

    def next_review(self, now: int, state: int) -> int:
        """The end of the period of the next review, beyond the horizon if there is none."""
        hazard = self.accumulated[state]
        return bisect_left(hazard, hazard[now] + self.luck.expovariate(1.0), now + 1)

    def promotions(self, now: int, state: int) -> tuple[int, ...]:
        """The end of the periods in which a customer who stays is promoted."""
        dates = []
        for probability in self.promotion[state:]:
            now += 1 + math.floor(math.log(1.0 - self.luck.random()) / math.log1p(-probability))
            dates.append(now)
        return tuple(dates)

    def choose(self, features: list[float], period: int, state: int, supplier: int) -> int:
        """The supplier of the highest utility, with one extreme-value error each."""
        utility = [
            constant + sum(map(float.__mul__, weights, features)) - math.log(self.luck.expovariate(1.0))
            for constant, weights in zip(self.constants, self.coefficient[period], strict=True)
        ]
        utility[supplier] += self.inertia[period][state]
        return utility.index(max(utility))

    def spell(self, since: int, until: int, state: int, dates: tuple[int, ...], revenue: float) -> None:
        """Book a stay with one supplier, by stage: present at times since <= time < until."""
        for end in (*dates, until):
            end = min(end, until)
            for time, sign in ((since, 1), (end, -1)):
                self.customers[time][state] += sign
                self.revenue[time][state] += sign * revenue
            since, state = end, state + 1
            if end == until:
                return


def simulate(segments: Sequence[Segment], seed: int) -> Floats:
    """One path of every customer; see the package."""
    environment, luck = simpy.Environment(), random.Random(seed)
    markets = [Market(environment, segment, luck) for segment in segments]
    for segment, market in zip(segments, markets, strict=True):
        rows = zip(segment.features.tolist(), segment.revenue.tolist(), segment.opening.tolist(), strict=True)
        for features, revenue, opening in rows:
            state = luck.choices(range(market.states), opening)[0]
            environment.process(market.customer(features, revenue, state))
    environment.run()
    changes = np.array([[market.customers for market in markets], [market.revenue for market in markets]])
    return np.cumsum(changes, axis=2)[:, :, :-1].transpose(0, 2, 1, 3)
