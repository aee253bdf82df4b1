"""Who is due, and the luck of lanes, against the oracle's."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.arithmetic.lanes import LANES
from simengine.engine.sampled_lanes import PER_BYTES, draw_errors, draw_words, due_in, enqueue, move_to_front
from simengine.engine.sampled_state import MOST_SUPPLIERS
from simengine.luck import CHOICE, REVIEW, draw, keys, words
from tests.oracle.luck import period_luck

SEED = 2**40 + 7
KEYS = keys(SEED)
CUSTOMERS = np.array([2**61 + 5, 7, 2**62 + 11], np.uint64)
LOW, HIGH = (np.array(half, np.uint32) for half in zip(*map(words, CUSTOMERS), strict=True))


@pytest.mark.parametrize("suppliers", range(3, MOST_SUPPLIERS + 1))
def test_every_supplier_has_the_error_of_its_slot(suppliers: int) -> None:
    replications = np.array([0, 3, 40], np.uint32)
    low, high, when = padded(LOW), padded(HIGH), padded(replications)
    for period in (0, 5, 11):
        lanes = list(zip(CUSTOMERS.tolist(), LOW, HIGH, replications, strict=True))
        outside = padded(
            np.array([draw(*KEYS, low, high, CHOICE, period, r)[3] for _, low, high, r in lanes], np.uint32)
        )
        error, scratch = np.full((suppliers, LANES), np.nan, np.float32), np.zeros((4, LANES), np.uint32)
        draw_errors(*KEYS, low, high, period, when, outside, 3, scratch, error)
        for d, (customer, _, _, r) in enumerate(lanes):
            nobody, *named = period_luck(SEED, customer, period, int(r)).errors
            np.testing.assert_allclose(error[:, d], [*named[: suppliers - 1], nobody], rtol=2e-6, atol=2e-6)


def padded(column: np.ndarray) -> np.ndarray:
    """With lanes that no customer takes."""
    return np.concatenate([column, np.zeros(LANES - len(column), column.dtype)])


@pytest.mark.parametrize("count", [1, 16, 37])
def test_words_of_customers_are_those_of_their_address(count: int) -> None:
    low, high = np.arange(count, dtype=np.uint32) * 977, np.arange(count, dtype=np.uint32) + 5
    drawn = np.zeros((4, count), np.uint32)
    draw_words(*KEYS, low, high, REVIEW, 3, np.uint32(2), count, drawn)
    assert drawn.T.tolist() == [
        [int(w) for w in draw(*KEYS, a, b, REVIEW, 3, 2)] for a, b in zip(low, high, strict=True)
    ]


@pytest.mark.parametrize("other", [0, 90])
@pytest.mark.parametrize("most", [0, 40, 128, 256])
def test_due_is_whose_byte_of_the_replication_is_low(most: int, other: int) -> None:
    random = np.random.default_rng(most)
    n = 37
    first, second = random.integers(0, 2**32, (2, 4, 48)).astype(np.uint32)
    found, count = np.zeros((PER_BYTES, 48), np.uint32), np.zeros(PER_BYTES, np.int64)
    of_each = 5, np.zeros(2 * (5 + n), np.float32), 2, np.zeros(5 + n)
    due_in(first, second, np.uint32(most), np.uint32(other), n, found, count, *of_each)
    for slot in range(PER_BYTES):
        byte, its_other = (
            np.ascontiguousarray(words[slot // 4]).view(np.uint8)[slot % 4 :: 4] for words in (first, second)
        )
        wanted = [
            (i, int(byte[i]) + (256 * int(its_other[i]) if other else 0))
            for i in range(n)
            if byte[i] < most or its_other[i] < other
        ]
        assert [(int(f) & 0xFFFF, int(f) >> 16) for f in found[slot, : count[slot]]] == wanted


def test_lanes_wait_in_the_order_in_which_they_came() -> None:
    customer, replication, top = np.zeros((3, 8), np.uint32)
    codes = np.zeros(5 * 100, np.uint16)
    waiting = 0
    for r, places in ((0, [3, 9]), (4, [1, 2, 7])):
        found = np.array([place | (place + 100) << 16 for place in places], np.uint32)
        waiting = enqueue(found, len(places), 20, 80, r, waiting, customer, replication, top, codes, 100, 1)
    assert waiting == 5
    assert move_to_front(1, waiting, customer, replication, top) == 4
    assert customer[:4].tolist() == [29, 21, 22, 27]
    assert replication[:4].tolist() == [0, 4, 4, 4]
    assert top[:4].tolist() == [109, 101, 102, 107]
