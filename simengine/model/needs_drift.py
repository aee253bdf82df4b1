"""What customers of a segment need drifts: every customer's weights shift by the same amounts, which sum to 0.

The mean weights revert to today's, or to their trend (`mean_reversion`), within the plane of weights that sum to 1; the
shift is shortened where it would take a mean weight out of 0 to 1. An offer then is worth theta sum_k delta_k x_k more
to everybody, and fits less: by half the distance that the mean customer has moved, of which the supplier's knowledge
anticipates a part.
Tastes that move as a state do: Lachaab, Ansari, Jedidi & Trabelsi 2006, Quantitative Marketing and Economics 4(1),
57-81, doi:10.1007/s11129-006-6559-x. One shift for all customers of a segment is an assumption.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def summing_to_nothing(normals: Any) -> Any:
    """[..., K] standard normal numbers that sum to 0 over the K needs, of K independent ones; 0 where there is one."""
    needs = normals.shape[-1]
    if needs < 2:
        return np.zeros_like(normals)
    return (normals - normals.sum(axis=-1, keepdims=True) / needs) * math.sqrt(needs / (needs - 1))


def within_bounds(shift: Any, centre: Any) -> Any:
    """[..., K] a shift of the mean weights `centre` as far as it leaves each of them between 0 and 1.

    Shortened as a whole, so that its direction and its sum stay; one that leaves none of them out stays to the bit.
    """
    room = np.where(shift < 0.0, centre, 1.0 - centre)
    most = np.maximum(room, np.abs(shift))
    possible = np.where(most > 0.0, room / np.where(most > 0.0, most, 1.0), 1.0)
    return shift * possible.min(axis=-1, keepdims=True)


def shifted_utility(points_worth: Any, shift: Any, levels: Any) -> Any:
    """Utility [...] that an offer of `levels` [..., K] gains by a shift [..., K] of everybody's weights."""
    return points_worth * (shift * levels).sum(axis=-1)


def shifted_misfit(shift: Any, knowledge: Any) -> Any:
    """By how much an offer that was made for today's customers fits less, (1 - K) / 2 sum |delta|: a misfit, as half
    the distance between a customer's weights and those it was made for."""
    return (1.0 - knowledge) * 0.5 * np.abs(shift).sum(axis=-1)
