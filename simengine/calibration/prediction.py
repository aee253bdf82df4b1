"""Purchases to come of customers with a history, by either model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from simengine.calibration import bg_nbd, pareto_nbd
from simengine.calibration.histories import Histories, distinct_rows
from simengine.calibration.maximum import Floats, Maximum


class PurchaseModel(NamedTuple):
    """A model of repeat purchases; its functions say what their arguments are."""

    name: str
    parameters: tuple[str, ...]
    fit: Callable[[Histories], Maximum]
    alive: Callable[[Floats, Floats, Floats, Floats], Floats]
    expected_if_alive: Callable[[Floats, Floats, Floats, Sequence[float] | Floats], Floats]
    customers_by_count: Callable[[Floats, Floats, int], Floats] | None


MODELS = {
    "bg_nbd": PurchaseModel(
        "bg_nbd", bg_nbd.NAMES, bg_nbd.fit, bg_nbd.alive, bg_nbd.expected_if_alive, bg_nbd.customers_by_count
    ),
    "pareto_nbd": PurchaseModel(
        "pareto_nbd", pareto_nbd.NAMES, pareto_nbd.fit, pareto_nbd.alive, pareto_nbd.expected_if_alive, None
    ),
}


def alive(model: PurchaseModel, parameters: Floats, rows: Histories) -> Floats:
    """[history] Probability that a customer has not dropped out."""
    return model.alive(parameters, rows.purchases, rows.last_purchase, rows.observed)


def expected_purchases(model: PurchaseModel, parameters: Floats, rows: Histories, ahead: Sequence[float]) -> Floats:
    """[history, time] Purchases of a customer in each time `ahead`."""
    first, pair_of, _ = distinct_rows(rows.purchases, rows.observed)
    if_alive = model.expected_if_alive(parameters, rows.purchases[first], rows.observed[first], ahead)
    return alive(model, parameters, rows)[:, None] * if_alive[pair_of]


def expected_of_new(model: PurchaseModel, parameters: Floats, ahead: Sequence[float] | Floats) -> Floats:
    """[time] Repeat purchases of a new customer in each time since its first purchase."""
    expected: Floats = model.expected_if_alive(parameters, np.zeros(1), np.zeros(1), ahead)[0]
    return expected
