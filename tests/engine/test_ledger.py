"""Where totals lie in memory, and that it shows in nothing that is made of them."""

from __future__ import annotations

import numpy as np

from simengine.engine.ledger import by_segment, in_units

SHAPE = (2, 3, 5, 4, 3, 2)  # cells, replications, times, segments, states, presence


def test_totals_of_a_segment_lie_together() -> None:
    totals = by_segment(SHAPE)
    assert totals.shape == SHAPE
    assert not totals.any()
    assert all(totals[:, :, :, s].flags.c_contiguous for s in range(SHAPE[3]))


def test_in_units_an_axis_lies_behind_the_other() -> None:
    totals = by_segment(SHAPE)
    totals[:] = np.arange(totals.size).reshape(SHAPE)
    found = in_units(totals[..., 0, :], 4.0)
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, np.ascontiguousarray(totals)[..., 0, :] / 4)
