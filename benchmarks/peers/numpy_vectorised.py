"""NumPy: every period vectorised over customers, utilities of reviewers only. See `simengine.bench.monte_carlo`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simengine.bench.monte_carlo import simulate_path
from simengine.bench.segment import Segment
from simengine.tables.layout import Floats


def simulate(segments: Sequence[Segment], seed: int) -> Floats:
    """One path of every customer; see the package."""
    totals = simulate_path(segments, np.random.default_rng(seed))
    return np.stack([totals.customers, totals.revenue])
