"""Rows that are alike, found by their keys: numbered in the order in which they are first seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel

_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads keys that differ in few bits (Knuth 1973, 6.4)
_HALF = np.uint64(32)


class Register:
    """Numbers distinct keys of `width` integers from 0. A hash says where to look; what counts is the key."""

    def __init__(self, width: int) -> None:
        self.count = 0
        self._known = np.empty((1024, width), np.int32)
        self._place = np.full(4096, -1, np.int32)

    def numbers(self, keys: NDArray[np.int32]) -> NDArray[np.int32]:
        """[n] the number of each row of keys [n, width]; new keys get the next ones."""
        self._make_room(self.count + len(keys))
        found = np.empty(len(keys), np.int32)
        self.count = find_or_add(keys, _hashes(keys), self._known, self._place, self.count, found)
        return found

    def _make_room(self, most: int) -> None:
        """Enough for `most` keys, with at least half of the places free."""
        if most > len(self._known):
            known = np.empty((max(most, 2 * len(self._known)), self._known.shape[1]), np.int32)
            known[: self.count] = self._known[: self.count]
            self._known = known
        if 2 * most > len(self._place):
            size: int = len(self._place)
            while size < 2 * most:
                size *= 2
            self._place = np.full(size, -1, np.int32)
            old, again = self._known[: self.count].copy(), np.empty(self.count, np.int32)
            find_or_add(old, _hashes(old), self._known, self._place, 0, again)


def _hashes(keys: NDArray[np.int32]) -> NDArray[np.uint64]:
    """[n] a hash of each row."""
    mixed = np.zeros(len(keys), np.uint64)
    for column in keys.T:
        mixed ^= column.astype(np.uint32)
        mixed *= _ODD
        mixed ^= mixed >> _HALF
    return mixed


@kernel
def find_or_add(keys: Any, hashes: Any, known: Any, place: Any, count: Any, found: Any) -> Any:
    """Number keys [n, width] into `found`; new ones are written to known [>= count + n, width], and to the open
    addresses `place` (a power of two long). Returns how many are known now."""
    last = np.uint64(place.shape[0] - 1)
    for i in range(keys.shape[0]):
        at = np.int64(hashes[i] & last)
        while True:
            number = place[at]
            if number < 0:
                place[at] = count
                for k in range(keys.shape[1]):  # a whole row at once takes seconds to compile
                    known[count, k] = keys[i, k]
                number = np.int32(count)
                count += 1
                break
            same = True
            for k in range(keys.shape[1]):
                same &= known[number, k] == keys[i, k]
            if same:
                break
            at += 1
            if at == place.shape[0]:
                at = np.int64(0)
        found[i] = number
    return count
