"""Sixteen draws at a time are those of sixteen addresses."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic.lanes import LANES, load, store
from simengine.engine.draws import draws
from simengine.jit import kernel
from simengine.luck import draw, keys

KEYS = keys(2**47 + 12345)


@kernel
def drawn(key_low: Any, key_high: Any, low: Any, high: Any, replication: Any, out: Any) -> None:
    """out [4, n] for decision 5 in period 77."""
    for i in range(0, low.shape[0], LANES):
        a, b, c, d = draws(key_low, key_high, load(low, i), load(high, i), 5, 77, load(replication, i))
        store(out[0], i, a)
        store(out[1], i, b)
        store(out[2], i, c)
        store(out[3], i, d)


def test_the_words_of_every_lane_are_those_of_its_address() -> None:
    low, high, replication = np.random.default_rng(8).integers(0, 2**32, (3, 4 * LANES)).astype(np.uint32)
    out = np.zeros((4, 4 * LANES), np.uint32)
    drawn(*KEYS, low, high, replication, out)
    for lane, address in enumerate(zip(low, high, replication, strict=True)):
        a, b, r = address
        assert out[:, lane].tolist() == [int(word) for word in draw(*KEYS, a, b, 5, 77, r)]
