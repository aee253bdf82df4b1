"""How long until something comes that comes with the same probability in every period."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.arrival import periods_until_arrival
from tests.oracle.moves import chance_of_arrival_by

INSIDE = st.floats(1e-9, 1 - 1e-9)
PROBABILITY = st.floats(1e-6, 1 - 1e-6)
NEVER = 1200


@given(INSIDE, PROBABILITY, PROBABILITY, st.sampled_from([1 / 12, 1 / 4, 1.0]))
def test_what_is_likelier_never_comes_later(u: float, one: float, other: float, years: float) -> None:
    few, many = sorted([one, other])
    assert periods_until_arrival(u, many, years, NEVER) <= periods_until_arrival(u, few, years, NEVER)


@pytest.mark.parametrize("per_year", [12, 4, 1])
@pytest.mark.parametrize("probability", [0.02, 0.25, 0.9])
def test_it_waits_as_long_as_adding_up_chances_says(per_year: int, probability: float) -> None:
    """Of 10,000 even steps of luck, as many wait n periods or more as ought to, but for the step on the border."""
    steps = [(k + 0.5) / 10_000 for k in range(10_000)]
    waits = [periods_until_arrival(u, probability, 1 / per_year, NEVER) for u in steps]
    for period in (0, 1, 3, 11):
        come = sum(wait <= period for wait in waits) / len(steps)
        assert come == pytest.approx(chance_of_arrival_by(period, probability, per_year), abs=1.01e-4)
    within_a_year = sum(wait < per_year for wait in waits) / len(steps)
    assert within_a_year == pytest.approx(probability, abs=1.01e-4)


@given(INSIDE, PROBABILITY)
def test_it_is_the_inverse_of_the_geometric_law(u: float, probability: float) -> None:
    wait = periods_until_arrival(u, probability, 0.25, NEVER)
    survival = 0.25 * math.log1p(-probability)
    assert wait <= NEVER
    if wait < NEVER:
        assert wait * survival >= math.log(u) - 1e-9 * abs(math.log(u))
        assert (wait + 1) * survival <= math.log(u) + 1e-9 * abs(math.log(u))


def test_it_waits_no_longer_than_is_asked_for() -> None:
    assert periods_until_arrival(1e-9, 1e-6, 0.25, 40) == 40
