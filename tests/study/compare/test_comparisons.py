"""Paired differences: what their intervals owe to what they were sharpened by."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from simengine.study.compare.comparisons import Paired


@pytest.mark.parametrize("controls", [0, 1, 9])
def test_each_control_costs_an_interval_a_degree_of_freedom(controls: int) -> None:
    values = np.random.default_rng(6).normal(size=30)
    found = Paired(3.0 * values, values, controls)
    stated = t.interval(0.95, 29 - controls, loc=values.mean(), scale=values.std(ddof=1) / np.sqrt(30))
    assert found.interval(0.05) == pytest.approx(stated, rel=1e-9)
    assert found.variance_removed == pytest.approx(8.0 / 9.0 if controls else 0.0)
