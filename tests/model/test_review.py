"""How often customers reconsider: what levers, moves and broken promises make of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.review import promise_gap, review_hazard

LEVELS = st.lists(st.floats(0.0, 10.0), min_size=3, max_size=3)


def test_a_gap_is_weighed_by_needs() -> None:
    assert promise_gap((0.2, 0.5, 0.3), (7, 6, 4), (6, 6, 3)) == pytest.approx(0.2 + 0.3)


@given(LEVELS)
def test_what_is_promised_and_delivered_leaves_none(levels: list[float]) -> None:
    assert promise_gap((0.2, 0.5, 0.3), levels, levels) == 0.0


def test_more_than_is_promised_leaves_none() -> None:
    assert promise_gap((0.5, 0.5), (7, 6), (8, 6.5)) == 0.0


@given(st.floats(0.0, 12.0), st.floats(-2.0, 20.0), st.floats(1.0, 10.0))
def test_without_dissatisfaction_only_the_change_counts_to_the_bit(stated: float, change: float, cap: float) -> None:
    assert review_hazard(stated, change, cap) == stated * min(max(1.0 + change, 0.0), cap)


def test_dissatisfaction_multiplies_the_hazard_up_to_the_cap() -> None:
    assert review_hazard(0.2, 0.5, 8.0, 0.7) == pytest.approx(0.2 * 1.5 * math.exp(0.7))
    assert review_hazard(0.2, 0.5, 8.0, 200.0) == 0.2 * 8.0
    assert review_hazard(0.2, -1.0, 8.0, 200.0) == 0.0
