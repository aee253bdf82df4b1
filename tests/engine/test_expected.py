"""What cells share is not seen: expected mode gives each the bits that it has alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.engine import expected
from tests.properties.worlds import live, market, same_bits


def alone(before: Any, tables: Any) -> Any:
    """As `shared_columns.leaders`, of cells that never share."""
    return np.arange(len(before))


@pytest.mark.parametrize("values", [False, True])
def test_sharing_columns_leaves_the_bits(values: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = live(market(mode="expected", customer_values=values))
    monkeypatch.setattr(expected, "leaders", alone)
    assert same_bits(live(market(mode="expected", customer_values=values)).ledger, shared.ledger)


@pytest.mark.parametrize("periods", [1, 3])
def test_how_many_periods_are_simulated_at_once_leaves_the_bits(periods: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = live(market(mode="expected"))
    monkeypatch.setattr(expected.ExpectedRun, "_at_once", lambda self: periods)
    assert same_bits(live(market(mode="expected")).ledger, at_once.ledger)
