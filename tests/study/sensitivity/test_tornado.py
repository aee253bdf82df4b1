"""Swings and break-evens of functions that can be solved on paper."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.input import Input, uncertain_input
from simengine.study.sensitivity.tornado import Swing, swings_of


def between(name: str, low: float, high: float, central: float) -> Input:
    """An input that is uniform over a range."""
    return uncertain_input(name, (name,), central, lambda u: low + u * (high - low))


COST, GAIN, NOTHING = between("cost", 0, 10, 4), between("gain", 2, 4, 3), between("nothing", 0, 1, 0.5)
INPUTS = [COST, GAIN, NOTHING]


def values(points: Floats) -> Floats:
    """Doing nothing, and doing something that gains the square of one input and costs another."""
    return np.stack([np.full(len(points), 1.0), points[:, 1] ** 2 - points[:, 0]], axis=1)


def swings(function=values, inputs: list[Input] = INPUTS) -> list[Swing]:  # type: ignore[no-untyped-def]
    central = np.array([[each.central for each in inputs]])
    return swings_of(inputs, function(central)[0], function, 1, [0])


def test_widths_are_those_of_the_function_at_the_percentiles() -> None:
    cost, gain, nothing = swings()
    assert (cost.input.low, cost.input.high) == (1.0, 9.0)
    np.testing.assert_allclose(cost.low - cost.high, [0.0, 8.0])
    np.testing.assert_allclose(gain.high - gain.low, [0.0, 3.8**2 - 2.2**2])
    assert nothing.moves(lambda at: float(at[1] - at[0])) == 0.0


def test_break_evens_are_the_roots_with_their_probabilities() -> None:
    cost, gain, nothing = swings()
    (dear,), (small,) = cost.flips, gain.flips
    assert dear.value == pytest.approx(8.0, rel=1e-8)
    assert (dear.above, dear.allocation) == (True, 0)
    assert dear.probability == pytest.approx(0.2)
    assert small.value == pytest.approx(5**0.5, rel=1e-8)
    assert (small.above, small.allocation) == (False, 0)
    assert small.probability == pytest.approx((5**0.5 - 2) / 2)
    assert nothing.flips == ()


def test_all_changes_are_found_nearest_first() -> None:
    """Best between 2 and 7 alone."""

    def hill(points: Floats) -> Floats:
        return np.stack([np.zeros(len(points)), (points[:, 0] - 2) * (7 - points[:, 0])], axis=1)

    (found,) = swings(hill, [COST])
    assert [(round(flip.value, 6), flip.above) for flip in found.flips] == [(2.0, False), (7.0, True)]


def test_values_that_cannot_be_are_no_change() -> None:
    def partly(points: Floats) -> Floats:
        found = values(points)
        found[points[:, 0] > 7] = np.nan
        return found

    cost, *_ = swings(partly)
    assert cost.flips == ()
    assert np.isnan(cost.high).all()


def test_the_nearest_of_several_takes_over() -> None:
    def three(points: Floats) -> Floats:
        x = points[:, 0]
        return np.stack([np.full(len(x), 1.0), 6 - x, 3 - x / 4], axis=1)

    central = np.array([[2.0]])
    (found,) = swings_of([between("x", 0, 10, 2)], three(central)[0], three, 1, [0, 2])
    (flip,) = found.flips
    assert flip.value == pytest.approx(4.0)
    assert flip.allocation == 2


def test_who_takes_over_is_who_is_best_next_to_the_break_even() -> None:
    """The third from 4 to 4.8, the first from there on."""

    def three(points: Floats) -> Floats:
        x = points[:, 0]
        return np.stack([np.full(len(x), 1.8), 6 - x, 3 - x / 4], axis=1)

    central = np.array([[2.0]])
    (found,) = swings_of([between("x", 0, 10, 2)], three(central)[0], three, 1, [0, 2])
    (flip,) = found.flips
    assert flip.value == pytest.approx(4.0)
    assert flip.allocation == 2


def test_what_is_best_again_further_out_is_told() -> None:
    """Behind between 5.5 and 8.5 alone."""

    def valley(points: Floats) -> Floats:
        x = points[:, 0]
        return np.stack([np.zeros(len(x)), (x - 5.5) * (x - 8.5)], axis=1)

    (found,) = swings(valley, [COST])
    assert [(round(flip.value, 6), flip.above, flip.allocation) for flip in found.flips] == [
        (5.5, True, 0), (8.5, True, 1),
    ]  # fmt: skip


def test_no_point_is_evaluated_twice() -> None:
    asked: list[tuple[float, ...]] = []

    def counted(points: Floats) -> Floats:
        asked.extend(map(tuple, points.tolist()))
        return values(points)

    swings(counted)  # and at what is stated, before
    assert len(asked) == len(set(asked))


def test_a_range_without_distribution_has_no_probability() -> None:
    asked = Input("cost", ("cost",), 4.0, 3.0, 5.0, (1.0, 9.0), "asked for")
    (found,) = swings(lambda points: np.stack([0 * points[:, 0], 8 - points[:, 0]], axis=1), [asked])
    assert found.flips[0].probability is None


def test_a_break_even_that_cannot_be_reached_is_none() -> None:
    def hole(points: Floats) -> Floats:
        x = points[:, 0]
        return np.stack([np.zeros(len(x)), np.where(abs(x - 7.0) < 0.5, np.nan, 7.0 - x)], axis=1)

    (found,) = swings(hole, [COST])
    assert found.flips == ()
