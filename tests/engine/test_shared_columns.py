"""Which cells share a column of the engine, and until when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.engine.shared_columns import Cells, leaders, parting, together


def lead(before: list[int], *tables: list[float], reference: list[int] | None = None) -> list[int]:
    """`leaders` of lists."""
    compared = None if reference is None else np.array(reference)
    return leaders(np.array(before), tuple(np.array(table) for table in tables), compared).tolist()


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


def test_a_cell_that_is_its_own_reference_only_follows_such_a_cell() -> None:
    assert lead([0, 0, 0], [1.0, 1.0, 1.0], reference=[0, 0, 0]) == [0, 1, 1]
    assert lead([0, 0, 0], [1.0, 1.0, 1.0], reference=[0, 1, 2]) == [0, 0, 0]


def test_a_cell_only_follows_one_whose_reference_it_shares() -> None:
    #      cell 2 is compared with 0, cell 3 with 1
    assert lead([0, 0, 2, 2], [1.0, 2.0, 3.0, 3.0], reference=[0, 1, 0, 1]) == [0, 1, 2, 3]
    assert lead([0, 0, 2, 2], [1.0, 1.0, 3.0, 3.0], reference=[0, 1, 0, 1]) == [0, 0, 2, 2]


def test_a_reference_may_stand_after_the_cells_compared_with_it() -> None:
    assert lead([0, 0, 0, 0], [3.0, 3.0, 1.0, 2.0], reference=[2, 3, 2, 3]) == [0, 1, 2, 3]


@pytest.mark.parametrize("referred", [False, True])
@given(
    st.integers(1, 6).flatmap(
        lambda cells: st.tuples(
            st.lists(st.lists(st.integers(0, 2), min_size=cells, max_size=cells), min_size=1, max_size=5),
            st.integers(1, cells),
        )
    )
)
def test_sharing_is_having_lived_through_the_same(referred: bool, world: tuple[list[list[int]], int]) -> None:
    periods, own = world
    cells = len(periods[0])
    reference = np.arange(cells) % own if referred else None  # the first `own` cells are their own
    now: Cells = together(cells)
    for t, tables in enumerate(periods):
        before, now = now, leaders(now, (np.array(tables),), reference)
        assert (now <= np.arange(cells)).all()
        assert (now[now] == now).all()  # a leader leads itself
        for c in range(cells):
            alike = [d for d in range(cells) if all(lived[c] == lived[d] for lived in periods[: t + 1])]
            if reference is None:
                assert now[c] == alike[0]
            elif reference[c] == c:
                assert now[c] == next(d for d in alike if reference[d] == d)
            else:
                pairs = (d for d in alike if reference[d] != d and now[reference[d]] == now[reference[c]])
                assert now[c] == next(pairs)
        for cell, leader in parting(before, now):
            assert before[cell] == leader != cell
            assert before[leader] == leader  # whose column holds what is copied
