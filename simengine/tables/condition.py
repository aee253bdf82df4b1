"""Whether conditions hold: in many worlds at once, on what is so at the end of a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.scenario.condition import (
    Amount,
    Arithmetic,
    Comparison,
    Condition,
    Joined,
    Measure,
    Negative,
    Not,
    Number,
)
from simengine.scenario.model import Scenario
from simengine.scenario.segment import ChoiceSegment
from simengine.tables.layout import Floats
from simengine.tables.worlds import Indices

Booleans = NDArray[np.bool_]


class MarketView(NamedTuple):
    """What the market shows at the end of a period. W worlds, S segments, J suppliers, K needs."""

    customers: Floats  # [W, S, J] of each supplier
    price: Floats  # [W, S, J] in the unit of the scenario's offers
    level: Floats  # [W, S, J, K] as customers perceive it, 0 to 10
    knowledge: Floats  # [W, S, J] 0 to 1


class Observer:
    """Looks at a market by the names of a scenario.

    Of a segment that is not named, customers and shares are counted over all in which customers choose; price, level
    and knowledge are the mean over those that the supplier serves, each counting once. A share of nobody is 0.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._suppliers, self._needs = scenario.suppliers, scenario.needs
        self._segments = tuple(scenario.segments)
        serving = {name: each.available for name, each in scenario.segments.items() if isinstance(each, ChoiceSegment)}
        self._competing = self._places(serving)
        self._served = {
            who: self._places(name for name, available in serving.items() if who in available)
            for who in self._suppliers
        }

    def _places(self, names: Iterable[str]) -> Indices:
        return np.array([self._segments.index(name) for name in names], np.int64)

    def holds(self, condition: Condition, view: MarketView, worlds: Indices) -> Booleans:
        """[n] whether a condition holds in each of these worlds. A comparison with 0 / 0 does not hold."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._holds(condition, view, worlds)

    def _holds(self, condition: Condition, view: MarketView, worlds: Indices) -> Booleans:
        match condition:
            case Not():
                return ~self._holds(condition.condition, view, worlds)
            case Joined():
                left, right = (self._holds(each, view, worlds) for each in (condition.left, condition.right))
                return left & right if condition.word == "and" else left | right
            case Comparison():
                a, b = (self._amount(each, view, worlds) for each in (condition.left, condition.right))
                compared = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
                return compared[condition.sign]

    def _amount(self, amount: Amount, view: MarketView, worlds: Indices) -> Floats:
        match amount:
            case Number():
                return np.full(len(worlds), amount.value)
            case Negative():
                return -self._amount(amount.amount, view, worlds)
            case Measure():
                return self._measured(amount, view, worlds)
            case Arithmetic():
                a, b = (self._amount(each, view, worlds) for each in (amount.left, amount.right))
                if amount.sign in "+-":
                    return a + b if amount.sign == "+" else a - b
                return a * b if amount.sign == "*" else a / b

    def _measured(self, measure: Measure, view: MarketView, worlds: Indices) -> Floats:
        who = measure.who.text
        j = self._suppliers.index(who)
        named = None if measure.segment is None else self._places([measure.segment.text])
        if measure.what in ("customers", "share"):
            where = self._competing if named is None else named
            counted = view.customers[worlds[:, None], where]
            customers = _total(counted[:, :, j])
            if measure.what == "customers":
                return customers
            everybody = _total(counted.reshape(len(worlds), -1))
            return np.divide(customers, everybody, out=np.zeros(len(worlds)), where=everybody > 0.0)
        if measure.need is not None:
            shown = view.level[..., self._needs.index(measure.need.text)]
        else:
            shown = view.price if measure.what == "price" else view.knowledge
        where = self._served[who] if named is None else named
        return _mean(shown[worlds[:, None], where, j])


def _total(counts: Floats) -> Floats:
    """[n] sum over [n, m], one after the other."""
    total = np.zeros(len(counts))
    for column in range(counts.shape[1]):
        total += counts[:, column]
    return total


def _mean(values: Floats) -> Floats:
    """[n] mean over [n, m]; exactly the value where all are equal."""
    first = values[:, 0]
    return np.asarray(first + _total(values - first[:, None]) / values.shape[1])
