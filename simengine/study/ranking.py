"""Customers in the order of what they bring: deciles, the cumulative curve, migration between deciles.

A row may stand for several customers, or for a part of one: for the share of replications in which it is ours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DECILES = 10
ROUNDING = 1e-9  # of sums of parts of customers, less than a tenth of one among 10 million is in deciles


class Ranking(NamedTuple):
    """N rows by amount, the highest first; equals by id."""

    order: NDArray[np.intp]  # [N] rows
    decile: NDArray[np.int8]  # [N] of each row, 1 to 10; 1 holds the highest


def ranking(amount: Floats, customers: Floats, ids: NDArray[Any]) -> Ranking:
    """Rank rows by `amount` per customer; `customers` [N] > 0 is how many each stands for, `ids` [N] are texts.

    The decile of a row is floor(10 x (customers before it) / (all customers)) + 1: floor(10 (rank - 1) / N) + 1 where
    each stands for one.
    """
    order = _highest_first(amount, ids)
    counted = np.cumsum(customers[order])
    before = counted - customers[order]
    whole = counted[-1] if len(counted) else 1.0
    decile = np.empty(len(order), np.int8)
    decile[order] = np.minimum(np.floor(DECILES * np.maximum(before, 0.0) / whole + ROUNDING) + 1, DECILES)
    return Ranking(order, decile)


def _highest_first(amount: Floats, ids: NDArray[Any]) -> NDArray[np.intp]:
    """Rows from the highest amount to the lowest; equal ones by id, as numbers if all that are compared are such."""
    order = np.argsort(-amount, kind="stable")
    ranked = amount[order]
    same = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if not len(tied):
        return order
    run = np.cumsum(np.append(True, ~same))[tied]  # equal amounts have one number
    own = ids[order[tied]]
    numbers = bool(np.strings.isdecimal(own).all()) and int(np.strings.str_len(own).max()) <= 18
    by_id = np.argsort(own.astype(np.int64) if numbers else own, kind="stable")
    by_run = np.argsort(run[by_id], kind="stable")
    order[tied] = order[tied][by_id[by_run]]
    return order


class Curve(NamedTuple):
    """What the best customers bring together, as their part of all customers grows; from (0, 0) to (1, total).

    The whale curve of customer profitability: Kaplan & Narayanan 2001, Journal of Cost Management 15(5), 5-15.
    """

    customers: Floats  # [101] part of all customers, 0, 0.01, ..., 1
    amount: Floats  # [101] currency
    peak_customers: float  # part of all customers whose amounts are above 0
    peak: float  # currency, of those
    total: float


def curve(amount: Floats, customers: Floats, order: NDArray[np.intp]) -> Curve:
    """The curve of `amount` [N] per customer, with straight lines between one row and the next in `order`."""
    count, money = customers[order], amount[order] * customers[order]
    at = np.concatenate([[0.0], np.cumsum(count)])
    cumulated = np.concatenate([[0.0], np.cumsum(money)])
    grid = np.linspace(0.0, 1.0, 101)
    whole = at[-1] or 1.0
    top = int(np.argmax(cumulated))
    return Curve(
        grid, np.interp(grid, at / whole, cumulated), float(at[top] / whole), float(cumulated[top]), float(money.sum())
    )


def by_decile(amounts: Floats, decile: NDArray[np.int8]) -> Floats:
    """[10] sum of `amounts` [N] of each decile."""
    return np.bincount(decile - 1, amounts, minlength=DECILES).astype(np.float64)


def migration(before: NDArray[np.int8], after: NDArray[np.int8], customers: Floats) -> Floats:
    """[10, 10] customers by decile before, and after."""
    place = (before.astype(np.int64) - 1) * DECILES + (after - 1)
    return np.bincount(place, customers, minlength=DECILES * DECILES).astype(np.float64).reshape(DECILES, DECILES)
