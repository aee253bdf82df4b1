"""Where leaves begin, and which probabilities anybody in them may have."""

from __future__ import annotations

import numpy as np

from simengine.engine.leaves import LEAF, column_by_lanes, columns_by_leaf, find_extent, leaves_of

OURS, RIVALS, DRAWN = [0.2, 0.5, 0.3, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [0.1, 0.1, 0.1, 0.4, 0.3]


def test_leaves_begin_with_each_segment_and_end_with_it() -> None:
    arrived = np.array([[0, LEAF + 5, LEAF + 5], [LEAF + 5, LEAF + 8, LEAF + 8]])
    leaves = leaves_of(arrived, np.array([DRAWN] * (LEAF + 8)))
    assert leaves.first.tolist() == [0, 2, 3]
    assert leaves.begin.tolist() == [0, LEAF, LEAF + 5]
    assert leaves.size.tolist() == [LEAF, 5, 3]
    assert leaves.opened.tolist() == [LEAF, 5, 3]


def test_a_segment_of_nobody_has_no_leaf() -> None:
    leaves = leaves_of(np.array([[0, 0, 0], [0, 2, 2]]), np.array([OURS, RIVALS]))
    assert leaves.first.tolist() == [0, 0, 1]


def test_only_what_somebody_may_be_is_carried() -> None:
    kinds = [OURS, RIVALS, DRAWN]
    arrived = np.array([[n * LEAF, (n + 1) * LEAF, (n + 1) * LEAF] for n in range(3)])
    leaves = leaves_of(arrived, np.repeat(np.array(kinds), LEAF, axis=0))
    assert leaves.vector.tolist() == [[0, -1], [-1, 1], [2, 3]]
    assert leaves.vectors == 4
    assert leaves.span(0, 1) == slice(0, 1)
    assert leaves.span(1, 3) == slice(1, 4)


def test_newcomers_are_not_ours_from_the_opening_on() -> None:
    leaves = leaves_of(np.array([[0, 2, 3]]), np.array([OURS, OURS, OURS]))
    assert leaves.opened.tolist() == [2]
    assert leaves.vector.tolist() == [[0, 1]]
    later = leaves_of(np.array([[0, LEAF, LEAF + 1]]), np.array([OURS] * (LEAF + 1)))
    assert later.opened.tolist() == [LEAF, 0]
    assert later.vector.tolist() == [[0, -1], [-1, 1]]


def test_the_extent_of_features_includes_0() -> None:
    features = np.array([[1.0, -1.0], [3.0, -2.0], [9.0, 9.0]], np.float32)
    extent = np.zeros((2, 2), np.float32)
    find_extent(features, 0, 2, extent[0], extent[1])
    assert extent.tolist() == [[0.0, -2.0], [3.0, 0.0]]


def test_a_leaf_has_its_columns_one_after_the_other() -> None:
    arrived = np.array([[0, LEAF + 2, LEAF + 3]])
    rows = np.arange(2 * (LEAF + 3), dtype=np.float32).reshape(-1, 2)
    columns = columns_by_leaf(rows, leaves_of(arrived, np.ones((LEAF + 3, 5)))).reshape(2, 2, LEAF)
    np.testing.assert_array_equal(columns[0], rows[:LEAF].T)
    np.testing.assert_array_equal(columns[1, :, :3], rows[LEAF:].T)
    assert not columns[1, :, 3:].any()


def test_a_column_has_room_for_the_lanes_of_every_segment() -> None:
    arrived = np.array([[0, 5, 5], [5, 5, 5], [5, LEAF + 7, LEAF + 7]])
    leaves = leaves_of(arrived, np.ones((LEAF + 7, 5)), np.array([2, 1, 1]))
    assert leaves.lanes.tolist() == [0, 0, 16, 16 + LEAF]
    rows = np.arange(1.0, LEAF + 8)
    column = column_by_lanes(rows, leaves)
    assert len(column) == 16 + LEAF + 16
    np.testing.assert_array_equal(column[:5], rows[:5])
    np.testing.assert_array_equal(column[16 : 16 + LEAF + 2], rows[5:])
    assert not column[5:16].any()
    assert not column[16 + LEAF + 2 :].any()
