"""Fixed point: rounded once, refused when too large, summed without overflow."""

import numpy as np
import pytest

from simengine.valuation.grid import exact_mean, exact_sum, to_grid


def test_rounded_to_the_nearest_step():
    money = np.array([[[0.25, -0.25], [1.1, 1e9]]])
    assert to_grid(money, 4.0).tolist() == [[[1, -1], [4, 4_000_000_000]]]


@pytest.mark.parametrize("amount", [1e15, -1e15, float("inf"), float("nan")])
def test_what_does_not_fit_is_refused(amount):
    with pytest.raises(OverflowError, match="fixed point"):
        to_grid(np.array([[amount]]), float(1 << 30))


def test_parts_that_fit_one_by_one_may_not_fit_together():
    half = np.full((1, 1, 2), 0.6 * (1 << 30))
    to_grid(half[:, :, :1], float(1 << 30))
    with pytest.raises(OverflowError):
        to_grid(half, float(1 << 30))


def test_sums_over_replications_pass_an_int64():
    values = np.array([[2**62, -5], [2**62 + 1, -7], [2**62 + 2, 2]])
    total = exact_sum(values, axis=0)
    assert total.tolist() == [3 * 2**62 + 3, -10]
    assert exact_sum(total, axis=0).item() == 3 * 2**62 - 7
    assert exact_mean(total, 3, 2.0).tolist() == [(2**62 + 1) / 2, -10 / 3 / 2]


def test_a_single_sum_passes_an_int64_too() -> None:
    assert exact_sum(np.full(300, 2**62), axis=0).item() == 300 * 2**62
    assert exact_sum(np.full(300, -(2**62)), axis=0).item() == -300 * 2**62
