"""Mesa: a customer is an agent that steps every period; a data collector adds them up."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mesa
import numpy as np

from simengine.bench.segment import Segment
from simengine.tables.layout import OWN_STATES, Floats


class Rules:
    """What customers of a segment share, as Python lists: single numbers of arrays are slow to take."""

    def __init__(self, index: int, segment: Segment) -> None:
        self.index = index
        self.constants: list[float] = segment.constants.tolist()
        self.coefficient: list[list[list[float]]] = segment.coefficient.tolist()
        self.review: list[list[float]] = segment.review.tolist()
        self.inertia: list[list[float]] = segment.inertia.tolist()
        self.promotion: list[float] = segment.promotion.tolist()
        self.supplier: list[int] = segment.supplier.tolist()


class Customer(mesa.Agent):
    """Reviews now and then, chooses, and grows loyal."""

    def __init__(self, model: Market, rules: Rules, features: list[float], revenue: float, state: int) -> None:
        super().__init__(model)
        self.rules, self.features, self.revenue, self.state = rules, features, revenue, state

    def step(self) -> None:
        rules, state, random = self.rules, self.state, self.random
        if random.random() < rules.review[self.model.period][state]:
            chosen = self.choose()
            if chosen != rules.supplier[state]:
                self.state = 0 if chosen == 0 else chosen + OWN_STATES - 1
                return
        if state < 2 and random.random() < rules.promotion[state]:
            self.state = state + 1

    def choose(self) -> int:
        """The supplier of the highest utility, with one extreme-value error each."""
        rules, period = self.rules, self.model.period
        utility = [
            constant + sum(map(float.__mul__, weights, self.features)) - math.log(self.random.expovariate(1.0))
            for constant, weights in zip(rules.constants, rules.coefficient[period], strict=True)
        ]
        utility[rules.supplier[self.state]] += rules.inertia[period][self.state]
        return utility.index(max(utility))


class Market(mesa.Model):
    """All customers of all segments."""

    def __init__(self, segments: Sequence[Segment], seed: int) -> None:
        super().__init__(seed=seed)
        self.period = 0
        self.shape = (2, len(segments), segments[0].review.shape[1])
        for index, segment in enumerate(segments):
            rules = Rules(index, segment)
            states = range(self.shape[2])
            rows = zip(segment.features.tolist(), segment.revenue.tolist(), segment.opening.tolist(), strict=True)
            for features, revenue, opening in rows:
                Customer(self, rules, features, revenue, self.random.choices(states, opening)[0])
        self.datacollector = mesa.DataCollector(model_reporters={"totals": Market.totals})
        self.datacollector.collect(self)

    def step(self) -> None:
        self.agents.do("step")
        self.period += 1
        self.datacollector.collect(self)

    def totals(self) -> Floats:
        """Customers and their revenue by segment and state."""
        totals = [[[0.0] * self.shape[2] for _ in range(self.shape[1])] for _ in range(2)]
        for customer in self.agents:
            totals[0][customer.rules.index][customer.state] += 1
            totals[1][customer.rules.index][customer.state] += customer.revenue
        return np.array(totals)


def simulate(segments: Sequence[Segment], seed: int) -> Floats:
    """One path of every customer; see the package."""
    market = Market(segments, seed)
    for _ in range(len(segments[0].review)):
        market.step()
    return np.stack(market.datacollector.model_vars["totals"], axis=1)
