"""What workers add up apart is one total, and nobody's is 0."""

from __future__ import annotations

import numpy as np

from simengine.engine.expected_totals import Accumulators


def test_totals_are_those_of_all_workers() -> None:
    totals = Accumulators(workers=3, segments=2, periods=4, cells=5, states=6)
    totals.of(0, 1).customers[2, 3] += 7
    totals.of(2, 1).customers[2, 3] += 10
    totals.of(2, 1).joins[0] += 1
    wanted = np.zeros((4, 2, 5, 6, 2), np.int64)
    wanted[2, 1, 3] = 17
    np.testing.assert_array_equal(totals.summed("customers"), wanted)
    assert totals.summed("joins").shape == totals.summed("leaves").shape == (4, 2, 5, 4, 2)
    assert totals.summed("joins").sum() == 5 * 4 * 2
    assert not totals.summed("revenue").any()


def test_a_worker_keeps_what_it_has_of_a_segment() -> None:
    totals = Accumulators(workers=2, segments=1, periods=1, cells=1, states=4)
    assert totals.of(1, 0) is totals.of(1, 0)
    assert totals.of(1, 0) is not totals.of(0, 0)
