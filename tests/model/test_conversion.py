"""The hazard of who moved to another contract."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.conversion import converted_hazard, converting_hazard

hazard = st.floats(0.0, 12.0)


@given(hazard, hazard, st.floats(0.0, 1.0))
def test_it_lies_between_both_contracts(own: float, other: float, causal: float) -> None:
    low, high = min(own, other), max(own, other)
    assert low - 1e-12 <= converted_hazard(own, other, causal) <= high + 1e-12
    assert converted_hazard(own, other, 0.0) == own
    assert converted_hazard(own, other, 1.0) == pytest.approx(other, abs=1e-14)


def test_who_converts_in_a_period_has_the_mean_of_both() -> None:
    assert converting_hazard(0.4, 0.1) == 0.25
    assert converting_hazard(0.3, 0.3) == 0.3  # to the bit: what the contract does not cause changes nothing


def test_half_of_a_difference_is_gained_and_a_higher_hazard_is_taken_on_alike() -> None:
    assert converted_hazard(0.4, 0.1, 0.5) == pytest.approx(0.25)
    assert converted_hazard(0.1, 0.4, 0.5) == pytest.approx(0.25)
