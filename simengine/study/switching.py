"""Who wins whom within a year in which nobody acts, by the engine's law of transition; and what the switchers weigh.

A customer now at j who reviews ends at i with probability weight_i / (E + weight_j (pull_j - 1)), see `model.choice`.
At rest, every customer is as likely to come from a rival as to leave to it: who comes and who leaves are alike then.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.arithmetic.elementwise import exp
from simengine.study.value_map import SegmentToday
from simengine.tables.layout import OWN_STATES, Floats

AT_ONCE = 1 << 15  # rows


class Switching(NamedTuple):
    """Gross switches within the first year, expected; J suppliers."""

    flows: Floats  # [J from, J to] customers; nobody is counted who stays
    features: Floats  # [J from, J to, F] mean features of who switches; nan where nobody does


def switching_of(market: SegmentToday) -> Switching:
    """The switches of a year."""
    suppliers, width = len(market.suppliers), market.features.shape[1]
    flows, sums = np.zeros((suppliers, suppliers)), np.zeros((suppliers, suppliers, width))
    some = AT_ONCE * len(market.move)
    for start in range(0, len(market.weight), some):
        rows = slice(start, start + some)
        moved = _moved(market, rows)  # [n, J, J]
        flows += moved.sum(axis=0)
        for f in range(width):
            sums[:, :, f] += (moved * market.features[rows, f, None, None]).sum(axis=0)
    mean = np.divide(sums, flows[..., None], out=np.full(sums.shape, np.nan), where=flows[..., None] > 0.0)
    return Switching(flows, mean)


def shares_of(market: SegmentToday, features: Floats) -> Floats:
    """[n, J] shares of the logit without inertia, of customers with `features` [n, F]; 0 of who does not serve."""
    utility = np.full((len(features), len(market.suppliers)), -np.inf)
    for j in market.available:
        utility[:, j] = (features * market.coefficient[j]).sum(axis=1) + market.constant[j]
    weight = exp(np.maximum(utility - utility.max(axis=1, keepdims=True), -700.0))
    weight[:, [j for j in range(len(market.suppliers)) if j not in market.available]] = 0.0
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _moved(market: SegmentToday, rows: slice) -> Floats:
    """[n, J from, J to] customers of some rows who switch within a year."""
    share = shares_of(market, market.features[rows])
    of_state = np.array([max(0, state - OWN_STATES + 1) for state in range(market.states.shape[1])])
    rate = market.review[of_state] / (1.0 + share[:, of_state] * (exp(market.kick) - 1.0))  # [n, states]
    now = market.states[rows] * market.weight[rows, None]
    moved = np.zeros((len(now), len(market.suppliers), len(market.suppliers)))
    for _ in range(market.periods_per_year):
        going = now * rate
        by_supplier = np.concatenate([going[:, :OWN_STATES].sum(axis=1, keepdims=True), going[:, OWN_STATES:]], axis=1)
        moved += by_supplier[:, :, None] * share[:, None, :]
        stay = now - going * (1.0 - share[:, of_state])
        joining = share * (by_supplier.sum(axis=1, keepdims=True) - by_supplier)
        first, second = market.promote
        new, established, loyal = stay[:, 0], stay[:, 1], stay[:, 2]
        now = stay.copy()
        now[:, OWN_STATES:] += joining[:, 1:]
        now[:, 0] = new * (1.0 - first) + joining[:, 0]
        now[:, 1] = new * first + established * (1.0 - second)
        now[:, 2] = established * second + loyal
        if len(market.move) > 1:  # customers move on between need states
            by_need = now.reshape(-1, len(market.move), now.shape[1])  # [n, L, states]
            now = (by_need[:, :, None, :] * market.move[None, :, :, None]).sum(axis=1).reshape(now.shape)
    at = np.arange(len(market.suppliers))
    moved[:, at, at] = 0.0
    return moved
