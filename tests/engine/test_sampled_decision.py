"""What lanes decide, against one customer and cell at a time."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.sampled_decision import (
    CELLS_A_WORD,
    CHOSEN,
    FATE_BITS,
    NOBODY,
    decide,
    find_offers,
    find_switches,
)
from simengine.engine.sampled_state import NARROW_BITS, pack, state_at

PERIOD, SUPPLIERS, OFFERS = 5, 4, 9


@pytest.mark.parametrize("cells", [1, CELLS_A_WORD, CELLS_A_WORD + 3])
@pytest.mark.parametrize("some_never", [False, True])
def test_lanes_decide_as_each_customer_does(cells: int, some_never: bool) -> None:
    random = np.random.default_rng(cells)
    n, width, states = 83, 96, SUPPLIERS + 2
    dates = np.sort(random.integers(0, 9, (2, cells, n)), axis=0)
    supplier = np.maximum(0, random.integers(-2, SUPPLIERS, (cells, n)))
    code = np.zeros((cells, width), np.int32)
    code[:, :n] = np.where(supplier > 0, pack(supplier, 0, 0, 1, NARROW_BITS), pack(0, *dates, 1, NARROW_BITS))
    code[1:, : n // 2] = code[0, : n // 2]  # half of them are alike everywhere
    offer = random.integers(0, OFFERS // SUPPLIERS, (cells, SUPPLIERS)) * SUPPLIERS + np.arange(SUPPLIERS)
    real = random.normal(size=(SUPPLIERS + OFFERS, width)).astype(np.float32)
    error, utility = np.split(real, [SUPPLIERS])
    shift = random.choice(np.array([0.0, 0.3, -0.5], np.float32), offer.shape)
    kick = random.choice(np.array([0.0, 0.7, 2.0], np.float32), (cells, states))
    last = random.choice(np.array([2**29, 2**30], np.uint32), (cells, states))
    never = (random.random((cells, states)) < 0.2).astype(np.int32) * some_never
    u = random.integers(0, 2**31, width).astype(np.uint32)

    at, suppliers = (np.zeros(offer.size, np.int64), np.zeros(SUPPLIERS, np.int64)), np.arange(SUPPLIERS)
    find_offers(offer, suppliers, SUPPLIERS, 0, width, *at)
    words = -(-cells // CELLS_A_WORD)
    fate, switched, begun = (np.zeros((rows, width), np.int32) for rows in (cells, words, words))
    decide(
        u, code, real.reshape(-1), *at, suppliers, shift, kick, last, np.arange(1, states), never, some_never, PERIOD,
        NARROW_BITS, n, fate, switched, begun,
    )  # fmt: skip
    moves = np.full(2, 2**64 - 1, np.uint64)
    find_switches(switched, n, moves)

    for d in range(n):
        ends = []
        for c in range(cells):
            state = int(state_at(int(code[c, d]), PERIOD, NARROW_BITS))
            current = max(0, state - 2)
            worth = [
                np.float32(np.float32(utility[k, d] + shift[c, j]) + kick[c, state] * (j == current)) + error[j, d]
                for j, k in enumerate(offer[c])
            ]
            reviews = u[d] <= last[c, state] and not (some_never and never[c, state])
            ends.append((state << FATE_BITS) | int(np.argmax(worth)) if reviews else NOBODY)
            bit = (int(switched[c // CELLS_A_WORD, d]) >> c % CELLS_A_WORD) & 1
            assert bit == (reviews and ends[-1] & CHOSEN != current)
            if c % CELLS_A_WORD:
                unlike = (code[c, d], ends[c]) != (code[c - 1, d], ends[c - 1])
                assert (int(begun[c // CELLS_A_WORD, d]) >> c % CELLS_A_WORD) & 1 == unlike
        assert fate[:, d].tolist() == ends
        assert (int(moves[d // 64]) >> d % 64) & 1 == switched[:, d].any()
    assert int(moves[1]) >> (n - 64) == 0
