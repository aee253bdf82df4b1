"""The tabulated gamma quantile against the quantile itself."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.arithmetic import exp, gamma_quantile, normal_quantile
from simengine.portfolio.gamma_table import LARGEST_Z, gamma_table, log_gamma_variate

WORDS = np.concatenate(
    [np.arange(50), (1 << 32) - 1 - np.arange(50), np.linspace(0, (1 << 32) - 1, 3001).astype(np.int64)]
)


@pytest.mark.parametrize("shape", [0.02, 0.1, 0.5, 1.0, 1.7, 6.0, 40.0, 1000.0, 10000.0])
def test_relative_error_is_below_one_in_ten_million(shape: float) -> None:
    table = gamma_table(shape)
    worst = 0.0
    for u in (WORDS + 0.5) / 2.0**32:
        truth = gamma_quantile(u, shape)
        if truth > 1e-290:  # below, the truth has lost its digits; its logarithm has not
            worst = max(worst, abs(exp(log_gamma_variate(normal_quantile(u), table)) / truth - 1))
    assert worst < 1e-7


def test_no_draw_is_beyond_the_table() -> None:
    assert abs(normal_quantile(0.5 / 2.0**32)) < LARGEST_Z
    assert normal_quantile(1 - 0.5 / 2.0**32) < LARGEST_Z


def test_a_variable_that_underflows_keeps_its_logarithm() -> None:
    table = gamma_table(0.02)
    logs = [log_gamma_variate(normal_quantile(u), table) for u in (1e-9, 1e-8, 1e-7)]
    assert np.all(np.isfinite(logs))
    assert np.diff(logs) == pytest.approx([np.log(10) / 0.02] * 2, rel=1e-6)  # u ~ x**shape in the lower tail
