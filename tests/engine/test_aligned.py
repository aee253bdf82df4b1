"""Where columns begin in memory."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.engine.aligned import LINE, aligned_column, aligned_zeros


@pytest.mark.parametrize("size", [1, 100, 70_000])
def test_columns_begin_with_a_line(size: int) -> None:
    for own in (aligned_column(size), aligned_zeros(size), aligned_zeros(size, 3)):
        assert own.ctypes.data % LINE == 0
        assert own.dtype == np.float32
        assert len(own) == size
    assert not aligned_zeros(3, size).any()
