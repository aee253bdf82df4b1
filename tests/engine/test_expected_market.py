"""The offers of expected mode: what is weighed once, and what relative to the best of its own cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.engine.expected_choice import choice_periods
from simengine.engine.expected_kernels import open_customers
from simengine.engine.expected_layout import Customers, Talk, Totals, Worth
from simengine.engine.expected_market import ChoiceTables
from simengine.engine.leaves import LEAF, leaves_of
from simengine.engine.shared_columns import leaders, together

f32 = np.float32
STATES = [0.3, 0.1, 0.1, 0.3, 0.2]


def tables(
    levels: list[list[list[float]]], far: list[list[bool]] | None = None, shift: list[list[list[float]]] | None = None
) -> ChoiceTables:
    """Of two suppliers and the outside option, whose utility is the level [T, C, 3] of one feature and the `shift`."""
    coefficient = np.array(levels, f32)[..., None]
    periods, cells = coefficient.shape[:2]
    shifts = np.zeros((periods, cells, 3)) if shift is None else np.array(shift, float)
    return ChoiceTables(
        coefficient,
        np.full((periods, cells, 3), 0.5, f32),
        np.full((periods, cells, 5), 2.0, f32),
        np.array(far) if far else np.zeros((periods, cells), np.bool_),
        np.arange(3),
        np.zeros(3, f32),
        shifts,
        np.full(2, 0.25, f32),
    )


def test_offers_that_cells_and_periods_have_in_common_are_weighed_once() -> None:
    market = tables([[[1, 2, 0], [3, 2, 0]], [[1, 2, 0], [3, 4, 0]]]).market(np.arange(2), slice(0, 2))
    assert market.coefficient[:, 0].tolist() == [1, 2, 0, 3, 4]
    assert market.offer.tolist() == [[[0, 1, 2], [3, 1, 2]], [[0, 1, 2], [3, 4, 2]]]
    assert market.same.tolist() == [[False, False], [True, False]]


def test_cells_part_where_talk_adds_to_other_shifts_however_close() -> None:
    """Constants are single precision only once it is added."""
    level = [1.0, 2.0, 0.5]
    own, shift = tables([[level, level]]), np.ones((1, 2, 3))
    shift[0, 1, 0] += 1e-12
    nothing = np.zeros(shift.shape)
    talk = Talk(1.0, np.zeros((2, 3)), np.zeros((2, 5), np.int64), shift, nothing, nothing)
    assert leaders(together(2), own._replace(shift=shift).during(0)).tolist() == [0, 0]
    assert leaders(together(2), own._replace(shift=shift, talk=talk).during(0)).tolist() == [0, 1]


def test_only_cells_that_lead_have_offers() -> None:
    market = tables([[[1, 2, 0], [1, 2, 0], [5, 2, 0]]]).market(np.array([0, 2]), slice(0, 1))
    assert market.coefficient[:, 0].tolist() == [1, 2, 0, 5]


def test_offers_that_differ_in_their_shift_alone_are_weighed_once() -> None:
    level, shift = [1.0, 2.0, 0.0], [[[0.0, 0.5, 0.0], [0.0, 0.0, 0.0]], [[0.0, -0.5, 0.0], [99.0, 0.0, 0.0]]]
    own = tables([[level, level], [level, level]], [[False, False], [False, True]], shift)
    market = own.market(np.arange(2), slice(0, 2))
    assert (market.offer == np.arange(3)).all()
    np.testing.assert_array_equal(market.shift, shift)
    np.testing.assert_allclose(market.scale[:, :, 1], np.exp([[0.5, 0], [-0.5, 0]]), rtol=1e-7)
    assert market.scale[1, 1].tolist() == [1, 1, 1]  # of what is far, all is relative to the best
    assert market.same.tolist() == [[False, False], [False, False]]


@pytest.mark.parametrize("far", [False, True])
def test_a_shift_adds_to_utility(far: bool) -> None:
    shifted = tables([[[1.0, 2.0, 0.5]]], [[far]], [[[0.25, -0.5, 0.0]]])
    x = a_period(shifted, 1)
    np.testing.assert_allclose(x, a_period(tables([[[1.25, 1.5, 0.5]]]), 1), rtol=2e-6)


def a_period(own: ChoiceTables, cells: int) -> Any:
    """The vectors [C, 2, states] of one customer after a period."""
    leaves = leaves_of(np.array([[0, 1, 1]]), np.array([STATES]))
    one, unused = np.eye(1, 16, dtype=f32)[0], np.zeros(0, np.int64)
    columns = np.ones((1, LEAF), f32), np.array([STATES]), one * f32(2.0**20), one, unused, unused
    customers = Customers(*columns, *leaves[1:])
    shapes = ((1, cells, 5, 2), (1, cells, 5, 2), (1, cells, 3, 2), (1, cells, 3, 2))
    totals = Totals(*(np.zeros(shape, np.int64) for shape in shapes))
    nothing = np.zeros((1, cells, 3))
    worth = Worth(np.zeros((0, 2, 2 * LEAF)), np.full(cells, -1), nothing, nothing, np.zeros((1, cells)))
    x = np.zeros((cells, 2, 5 * LEAF), f32)
    market = own.market(np.arange(cells), slice(0, 1))
    open_customers(customers, market.cells, totals, x, 0, 1)
    choice_periods(customers, market, totals, worth, x, 0, 1)
    return x[:, :, :80].reshape(cells, 2, 5, 16)[..., 0]


@pytest.mark.parametrize("shift", [0.0, 100.0, -100.0, 3000.0])
def test_only_differences_of_utility_count_however_far_they_all_are_from_0(shift: float) -> None:
    """A cell 100 utils below another's offers, where exp() of it is no float32, has the shares of its own offers."""
    near, far = [1.0, 2.0, 0.5], [1.0 + shift, 2.0 + shift, 0.5 + shift]
    x = a_period(tables([[near, far]], [[False, shift != 0.0]]), 2)
    np.testing.assert_allclose(x[1], x[0], rtol=2e-6)
    np.testing.assert_allclose(x.sum(axis=(1, 2)), 1.0, rtol=1e-6)


def test_a_cell_has_the_same_bits_whatever_other_cells_there_are() -> None:
    own, other = [1.0, 2.0, 0.5], [90.0, -90.0, 0.0]
    alone = a_period(tables([[own]]), 1)
    beside = a_period(tables([[other, own]], [[True, False]]), 2)
    np.testing.assert_array_equal(alone[0], beside[1])


def test_a_period_of_one_customer_by_hand() -> None:
    x = a_period(tables([[[1.0, 2.0, 0.5]]]), 1)[0].sum(axis=0)
    weight = np.exp([1.0, 2.0, 0.5])
    share = weight / weight.sum()
    now = np.array(STATES)
    moving = now * 0.5 / (1 + share[[0, 0, 0, 1, 2]])  # pull 2
    joined = share * moving.sum()
    rivals = now[3:] - moving[3:] + joined[1:]
    stay = now[:3] - moving[:3] * (1 - share[0])
    new = share[0] * moving[3:].sum() + stay[0] * 0.75
    expected = [new, stay[0] * 0.25 + stay[1] * 0.75, stay[1] * 0.25 + stay[2], *rivals]
    np.testing.assert_allclose(x, expected, rtol=2e-6)


def test_one_cell_alone_is_weighed_as_it_is_among_others() -> None:
    for far in (False, True):
        level = [1.0, 300.0 if far else 2.0, 0.5]
        alone, among = tables([[level]], [[far]]), tables([[level, [1.0, 2.0, 0.5]]], [[far, False]])
        np.testing.assert_array_equal(a_period(alone, 1)[0], a_period(among, 2)[0])
