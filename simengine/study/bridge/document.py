"""Figures of bridges as plain data, for JSON."""

from __future__ import annotations

from typing import Any

from simengine.engine.ledger import Integers
from simengine.valuation.risk import summarise


def figure(steps: Integers, steps_per_share: float, block: int) -> dict[str, Any]:
    """Of steps [R]: the mean a share, and its 95 % interval over replications; None where there is one only.
    `block` is as in `summarise`."""
    summary = summarise(steps, steps_per_share, block)
    return {"value_per_share": summary.mean, "ci95": None if summary.ci95 is None else list(summary.ci95)}
