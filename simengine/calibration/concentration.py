"""How much of all purchases comes from the customers who buy most."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc, gammaincinv

from simengine.calibration.maximum import Floats

TOP = 0.2


def share_of_top_rates(r: float, top: float = TOP) -> float:
    """Share of all purchases that the `top` customers make while all are alive, their rates gamma-distributed with
    shape r: 1 - G(r + 1, q), where G(r, q) = 1 - top (G the regularised incomplete gamma function)."""
    return float(1 - gammainc(r + 1, gammaincinv(r, 1 - top)))


def share_of_top_customers(purchases: Floats, top: float = TOP) -> float:
    """Share of the purchases [customer] that the `top` customers with most made; of a part of one pro rata."""
    ordered = np.sort(purchases)[::-1]
    total = ordered.sum()
    if not total > 0:
        return float("nan")
    whole, part = divmod(top * len(ordered), 1)
    taken = ordered[: int(whole)].sum() + (part * ordered[int(whole)] if part else 0.0)
    return float(taken / total)
