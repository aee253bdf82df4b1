"""How long the customers of the horizon last, against linear algebra, the infinite sum, and published multiples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.model.run_off import SMALLEST_FACTOR, contract_presence, periods_that_count, presence

chance = st.floats(0.0, 1.0)
factor = st.floats(0.5, 0.9999)


@given(leave=st.tuples(chance, chance, chance), rise=st.tuples(chance, chance), v=factor)
def test_presence_is_the_inverse_of_what_stays(leave, rise, v):
    stay = 1.0 - np.array(leave)
    q = np.array(
        [
            [stay[0] * (1 - rise[0]), stay[0] * rise[0], 0.0],
            [0.0, stay[1] * (1 - rise[1]), stay[1] * rise[1]],
            [0.0, 0.0, stay[2]],
        ]
    )
    expected = np.linalg.inv(np.eye(3) - v * q)
    found = np.zeros((3, 3))
    found[np.triu_indices(3)] = presence(*leave, *rise, v)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@given(leave=st.lists(chance, min_size=1, max_size=30), v=factor, months=st.sampled_from([1, 3, 12]))
def test_contracts_last_as_long_as_the_sum_over_all_periods(leave, v, months):
    table = np.array([leave])
    found = contract_presence(table, v, months)
    for m in range(len(leave)):
        total, alive, at = 0.0, 1.0, m
        for _ in range(400_000):  # of a discount factor of 0.9999 and nobody who leaves, too
            total += alive
            alive *= v * (1.0 - leave[at])
            at = at + months if at + months < len(leave) else at
            if alive < 1e-15:
                break

        assert found[0, m] == pytest.approx(total, rel=1e-9)


def test_a_constant_rate_gives_the_retention_multiple():
    """Gupta, Lehmann & Stuart 2004, note 2: a margin of 100 a year, r = .8, i = 12 %, is worth 250."""
    lasting = contract_presence(np.full((1, 5), 0.2), 1 / 1.12, 1)
    assert 100.0 * (lasting[0, 0] - 1.0) == pytest.approx(250.0)


@pytest.mark.parametrize("rate", [0.001, 0.02, 0.1])
def test_the_periods_that_count_leave_nothing_out(rate):
    v = 1.0 / (1.0 + rate)
    assert v ** periods_that_count(v) <= SMALLEST_FACTOR * 1.0001
