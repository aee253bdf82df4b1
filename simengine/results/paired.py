"""Differences between cells that saw the same luck."""

from __future__ import annotations

from simengine.valuation.risk import Summary, summarise
from simengine.valuation.valuation import Valuation


def value_per_share_difference(valuation: Valuation, cell: int, reference: int) -> Summary:
    """Value per share of `cell` less that of the cell `reference`, in currency, over the replications.

    Both saw the same luck, so the difference is taken replication by replication, in integers: what the cells
    share cancels exactly, and cells that do not differ differ by exactly 0.
    """
    equity = valuation.equity
    return summarise(equity[cell] - equity[reference], valuation.money_scale * valuation.shares, valuation.block)
