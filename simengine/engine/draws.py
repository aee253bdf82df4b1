"""Sixteen draws at a time: the words of `luck.draw`, in lanes."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.arithmetic.lanes import every_whole, product
from simengine.jit import formula
from simengine.luck import MULTIPLIER_0, MULTIPLIER_1, WEYL_0, WEYL_1

ROUNDS = 10
u32, u64 = np.uint32, np.uint64


@formula
def draws(key_low: Any, key_high: Any, low: Any, high: Any, decision: Any, period: Any, replication: Any) -> Any:
    """Four lanes of random words for one decision in one period; lanes of the halves of ids, and of replications."""
    c0, c1, c3 = low, high, replication
    c2 = every_whole(u32(u32(decision) << u32(16)) | u32(period))
    k0, k1 = u64(key_low), u64(key_high)
    for _ in range(ROUNDS):
        high_0, low_0 = product(c0, MULTIPLIER_0)
        high_1, low_1 = product(c2, MULTIPLIER_1)
        c0, c1, c2, c3 = high_1 ^ c1 ^ every_whole(k0), low_1, high_0 ^ c3 ^ every_whole(k1), low_0
        k0, k1 = k0 + WEYL_0, k1 + WEYL_1
    return c0, c1, c2, c3
