"""Columns that begin where a line of the processor's cache does, so that sixteen lanes are one line and not the ends of
two: fetching them then takes half of the time."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.arithmetic.lanes import LANES
from simengine.jit import formula

f32 = np.float32
LINE = 64  # bytes


def aligned_zeros(*shape: int) -> NDArray[np.float32]:
    """Zeros in single precision, the first of them at the beginning of a line; as `np.zeros`, they take no memory
    before they are written."""
    room = np.zeros(prod(shape) + LANES, f32)
    first = -room.ctypes.data % LINE // room.itemsize
    return room[first : first + prod(shape)].reshape(shape)


@formula
def aligned_column(size: Any) -> Any:
    """A column of anything, so aligned, for compiled code."""
    room = np.empty(size + LANES, f32)
    first = -room.ctypes.data % LINE // 4
    return room[first : first + size]
