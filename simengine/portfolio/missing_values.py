"""Fills cells without a value from customers of the same segment, as `portfolio.missing` says.

Both ways depend on who the segment's customers are, never on the order of rows.
"""

from __future__ import annotations

from simengine.portfolio.customers import Floats


def weighted_mean(values: Floats, weight: Floats) -> float:
    """Mean of `values` [donor], each counted `weight` times; plain where all weights are 0."""
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0 else float(values.mean())
