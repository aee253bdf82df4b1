"""Rows are dealt to segments in their mix, the first ones the same however many there are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simengine.synthesis.order import rows_of_chunk

SIZES = st.lists(st.floats(1, 1e8), min_size=1, max_size=6)


@given(SIZES, st.integers(1, 60), st.integers(1, 4))
def test_chunks_of_any_length_are_pieces_of_one_order(sizes: list[float], length: int, chunks: int) -> None:
    whole = rows_of_chunk(np.array(sizes), 0, length * chunks)
    pieces = [rows_of_chunk(np.array(sizes), chunk, length) for chunk in range(chunks)]
    assert np.concatenate([piece.segment for piece in pieces]).tolist() == whole.segment.tolist()
    assert np.concatenate([piece.ordinal for piece in pieces]).tolist() == whole.ordinal.tolist()


@given(SIZES, st.integers(1, 200))
def test_every_beginning_has_the_mix_and_ordinals_count_from_nought(sizes: list[float], length: int) -> None:
    rows = rows_of_chunk(np.array(sizes), 0, length)
    share = np.array(sizes) / sum(sizes)
    for s, p in enumerate(share):
        mine = rows.segment == s
        assert rows.ordinal[mine].tolist() == list(range(mine.sum()))
        so_far = np.cumsum(mine)
        # A seat away from the exact quota for each other segment at the very most (Balinski & Young 1982).
        assert np.abs(so_far - p * np.arange(1, len(mine) + 1)).max(initial=0) <= len(sizes)


def test_seats_of_webster() -> None:
    """Seven seats for 53, 24 and 23 of 100: the largest quotients are 53, 24, 23, 53/3, 53/5, 24/3 and 23/3."""
    rows = rows_of_chunk(np.array([53.0, 24.0, 23.0]), 0, 9)
    assert rows.segment[:7].tolist() == [0, 1, 2, 0, 0, 1, 2]
