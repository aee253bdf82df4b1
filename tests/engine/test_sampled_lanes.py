"""Who is due, and the luck of lanes, against the oracle's."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.sampled_lanes import draw_errors, draw_words, due_in, due_in_either, enqueue, move_to_front
from simengine.engine.sampled_state import MOST_SUPPLIERS
from simengine.luck import CHOICE, CONVERSION, REVIEW, draw, keys, words
from tests.oracle.luck import period_luck

SEED = 2**40 + 7
KEYS = keys(SEED)
CUSTOMERS = np.array([2**61 + 5, 7, 2**62 + 11], np.uint64)
LOW, HIGH = (np.array(half, np.uint32) for half in zip(*map(words, CUSTOMERS), strict=True))


@pytest.mark.parametrize("suppliers", range(3, MOST_SUPPLIERS + 1))
def test_every_supplier_has_the_error_of_its_slot(suppliers: int) -> None:
    replications = np.array([0, 3, 40], np.uint32)
    for period in (0, 5, 11):
        lanes = list(zip(CUSTOMERS.tolist(), LOW, HIGH, replications, strict=True))
        outside = np.array([draw(*KEYS, low, high, CHOICE, period, r)[3] for _, low, high, r in lanes], np.uint32)
        error, scratch = np.full((suppliers, 3), np.nan, np.float32), np.zeros((4, 3), np.uint32)
        draw_errors(*KEYS, LOW, HIGH, period, replications, outside, 3, scratch, error)
        for d, (customer, _, _, r) in enumerate(lanes):
            nobody, *named = period_luck(SEED, customer, period, int(r)).errors
            np.testing.assert_allclose(error[:, d], [*named[: suppliers - 1], nobody], rtol=2e-6, atol=2e-6)


def bytes_of(decision: int, period: int, group: int) -> np.ndarray:
    """[4, customers] words of review bytes."""
    drawn = np.zeros((4, 3), np.uint32)
    draw_words(*KEYS, LOW, HIGH, decision, period, np.uint32(group), 3, drawn)
    return drawn


@pytest.mark.parametrize("most", [0, 40, 128, 256])
def test_due_is_whose_byte_of_the_replication_is_low(most: int) -> None:
    ending, moving = bytes_of(REVIEW, 4, 2), bytes_of(CONVERSION, 4, 2)
    for slot in range(16):
        first, second = (
            np.ascontiguousarray(row).view(np.uint8)[slot % 4 :: 4] for row in (ending[slot // 4], moving[slot // 4])
        )
        found = np.zeros(3, np.uint32)
        count = due_in(ending, slot, np.uint32(most), 3, found)
        wanted = [(i, int(first[i])) for i in range(3) if first[i] < most]
        assert [(int(f) & 0xFFFF, int(f) >> 16) for f in found[:count]] == wanted
        count = due_in_either(ending, moving, slot, np.uint32(most), np.uint32(90), 3, found)
        wanted = [(i, int(first[i]) + 256 * int(second[i])) for i in range(3) if first[i] < most or second[i] < 90]
        assert [(int(f) & 0xFFFF, int(f) >> 16) for f in found[:count]] == wanted


def test_lanes_wait_in_the_order_in_which_they_came() -> None:
    customer, replication, top = np.zeros(8, np.int64), np.zeros(8, np.int64), np.zeros(8, np.uint32)
    codes = np.zeros(5 * 100, np.uint16)
    waiting = 0
    for r, places in ((0, [3, 9]), (4, [1, 2, 7])):
        found = np.array([place | (place + 100) << 16 for place in places], np.uint32)
        waiting = enqueue(found, len(places), 20, r, waiting, customer, replication, top, codes, 100, 1)
    assert waiting == 5
    assert move_to_front(1, waiting, customer, replication, top) == 4
    assert customer[:4].tolist() == [29, 21, 22, 27]
    assert replication[:4].tolist() == [0, 4, 4, 4]
    assert top[:4].tolist() == [109, 101, 102, 107]
