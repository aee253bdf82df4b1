"""Who needs luck to start, and where it leads, customer by customer."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.sampled_opening import draw_states, fill, take_lanes, tally
from simengine.luck import uniform

STATES = np.array(
    [
        [0.0, 0.0, 0.0, 1.0, 0.0],  # a rival's customer
        [0.1, 0.2, 0.3, 0.15, 0.25],
        [1.0, 0.0, 0.0, 0.0, 0.0],  # new: its promotion is ahead
        [0.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],  # loyal
        [0.5, 0.0, 0.5, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
        [0.0, 0.0, 0.0, 0.6, 0.4 - 1e-16],
        [1.0 - 1e-9, 1e-9, 0.0, 0.0, 0.0],
    ]
)
FIRST, COUNT = 1, 8  # the customers of a span


def lanes() -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    place, state, bound = np.full(COUNT, -1), np.full(COUNT, -1), np.full((5, COUNT), np.nan)
    return take_lanes(STATES, FIRST, COUNT, place, state, bound), place, state, bound


def test_lanes_hold_first_who_needs_luck() -> None:
    drawn, place, state, _ = lanes()
    assert (place[:drawn] + FIRST).tolist() == [1, 2, 3, 5, 7, 8]
    assert dict(zip((place[drawn:] + FIRST).tolist(), state[drawn:].tolist(), strict=True)) == {4: 2, 6: 4}


@pytest.mark.parametrize("word", [0, 1, 2**28, 2**31 - 1, 2**31, 2**32 - 2**8, 2**32 - 1, 0x9E3779B9, 0x4CCCCCCC])
def test_a_state_is_drawn_in_proportion_to_its_probability(word: int) -> None:
    drawn, place, state, bound = lanes()
    draw_states(np.full(drawn, word, np.uint32), bound, drawn, np.empty(drawn), state)
    for d in range(drawn):
        probability = STATES[FIRST + place[d]]
        possible = np.flatnonzero(probability)
        inner = probability[possible].cumsum()[:-1]  # the last state takes what rounding leaves
        assert state[d] == possible[np.searchsorted(inner, uniform(np.uint32(word)), side="right")]


def test_lanes_are_counted_by_state_and_written_where_their_customers_are() -> None:
    state, money = np.array([3, 0, 3, 1]), np.array([5, 7, 11, 13])
    totals = np.zeros((5, 2), np.int64)
    tally(state, money, 1, 4, totals)
    assert totals.tolist() == [[1, 7], [1, 13], [0, 0], [1, 11], [0, 0]]
    codes = np.zeros(14, np.uint16)
    fill(codes, 2, np.array([3, 0, 1, 2]), np.array([4, 5, 6, 7]), 0, 3, 3)
    assert codes.tolist() == [0, 0, 5, 5, 5, 6, 6, 6, 0, 0, 0, 4, 4, 4]
