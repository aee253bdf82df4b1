"""How sampled mode cuts its work is not seen in its bits."""

from __future__ import annotations

import pytest

from simengine.engine import sampled
from tests.properties.worlds import live, market, same_bits


@pytest.mark.parametrize("periods", [1, 3])
def test_how_many_periods_are_simulated_at_once_leaves_the_bits(periods: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = live(market(mode="sampled"))
    monkeypatch.setattr(sampled.SampledRun, "_at_once", lambda self, *sizes: periods)
    assert same_bits(live(market(mode="sampled")).ledger, at_once.ledger)


@pytest.mark.parametrize("customers", [1, 7])
def test_how_many_customers_a_block_has_leaves_the_bits(customers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = live(market(mode="sampled"))
    monkeypatch.setattr(sampled, "BLOCK_BYTES", 1)
    monkeypatch.setattr(sampled, "LEAST_BLOCK", customers)
    assert same_bits(live(market(mode="sampled")).ledger, whole.ledger)
