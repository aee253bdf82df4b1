"""The customers of a purchase log as a table that a scenario reads, with what each is expected to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.calibration import gamma_gamma
from simengine.calibration.histories import Customers
from simengine.calibration.maximum import Floats
from simengine.calibration.prediction import PurchaseModel, alive, expected_purchases

LEAST_SPEND = 0.01  # money: of purchases that came to nothing, or were returned
Table = dict[str, NDArray[Any]]


def scored(
    customers: Customers, year: float, model: PurchaseModel, purchases: Floats, spend: Floats | None
) -> dict[str, Floats]:
    """[customer] of each: probability of being alive, purchases expected in the next year (of so many units of time)
    and, where `spend` has the parameters of the gamma-gamma model, the money of one.

    Customers with the same history are evaluated once.
    """
    rows = customers.histories
    columns = {
        "probability_alive": alive(model, purchases, rows)[rows.history_of],
        "purchases_next_year": expected_purchases(model, purchases, rows, [year])[rows.history_of, 0],
    }
    if spend is not None:
        columns["expected_spend"] = gamma_gamma.expected_spend(spend, customers.purchases, stated_spend(customers))
    return columns


def stated_spend(customers: Customers) -> Floats:
    """[customer] Mean money of a repeat purchase as a scenario takes it: above 0 where there is one."""
    return np.where(customers.purchases > 0, np.maximum(customers.spend, LEAST_SPEND), 0.0)


def customer_table(
    labels: NDArray[Any], segment: NDArray[Any], customers: Customers, scores: Mapping[str, Floats], money: bool
) -> Table:
    """The columns of the table, in the order of `labels`: times in the unit of the estimates, spend in money."""
    columns: Table = {
        "id": labels,
        "segment": segment,
        "purchases": customers.purchases.astype(np.int64),
        "last_purchase": customers.last_purchase,
        "observed": customers.observed,
    }
    if money:
        columns["spend"] = stated_spend(customers)
    return columns | dict(scores)
