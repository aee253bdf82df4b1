"""Which cells share a column of the engine, and until when."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.shared_columns import Cells, leaders, parting, together


def lead(before: list[int], *tables: list[float]) -> list[int]:
    """`leaders` of lists."""
    return leaders(np.array(before), tuple(np.array(table) for table in tables)).tolist()


def test_cells_with_the_same_tables_follow_the_first_of_them() -> None:
    assert lead([0, 0, 0, 0], [1.0, 2.0, 1.0, 2.0]) == [0, 1, 0, 1]


def test_every_table_counts() -> None:
    assert lead([0, 0, 0], [1.0, 1.0, 1.0], [5.0, 6.0, 5.0]) == [0, 1, 0]


def test_cells_that_parted_never_meet_again() -> None:
    assert lead([0, 1, 0, 1], [7.0, 7.0, 7.0, 7.0]) == [0, 1, 0, 1]


def test_followers_that_part_from_their_leader_together_stay_together() -> None:
    before = np.array([0, 0, 0, 3])
    after = np.array(lead([0, 0, 0, 3], [1.0, 2.0, 2.0, 2.0]))
    assert after.tolist() == [0, 1, 1, 3]
    assert parting(before, after) == [(1, 0)]


def test_a_difference_in_the_last_bit_or_in_the_sign_of_zero_parts() -> None:
    assert lead([0, 0, 0, 0], [0.0, -0.0, 1.0, np.nextafter(1.0, 2.0)]) == [0, 1, 2, 3]


def test_tables_may_have_any_axes_and_layout() -> None:
    table = np.zeros((3, 2, 4)).transpose(0, 2, 1)
    table[2, 3, 1] = 1.0
    assert leaders(together(3), (table, np.zeros((3, 0)))).tolist() == [0, 0, 2]


@given(
    st.integers(1, 6).flatmap(
        lambda cells: st.lists(st.lists(st.integers(0, 2), min_size=cells, max_size=cells), min_size=1, max_size=5)
    )
)
def test_sharing_is_having_lived_through_the_same(periods: list[list[int]]) -> None:
    cells = len(periods[0])
    now: Cells = together(cells)
    for t, tables in enumerate(periods):
        before, now = now, leaders(now, (np.array(tables),))
        assert (now <= np.arange(cells)).all()
        assert (now[now] == now).all()  # a leader leads itself
        for c in range(cells):
            alike = [d for d in range(cells) if all(lived[c] == lived[d] for lived in periods[: t + 1])]
            assert now[c] == alike[0]
        for cell, leader in parting(before, now):
            assert before[cell] == leader != cell
            assert before[leader] == leader  # whose column holds what is copied
