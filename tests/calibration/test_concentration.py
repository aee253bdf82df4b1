"""P12: shares of the customers who buy most, and what of a log's they are."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.calibration.concentration import share_of_top_customers, share_of_top_rates


@pytest.mark.parametrize(("r", "share"), [(0.243, 0.801554), (0.553, 0.629565), (1.0, 0.521888)])
def test_p12_shares_of_gamma_rates(r: float, share: float) -> None:
    assert share_of_top_rates(r) == pytest.approx(share, abs=5e-7)


def test_a_large_number_of_rates_has_that_share() -> None:
    rates = np.random.default_rng(2).gamma(0.553, size=400_000)
    assert share_of_top_customers(rates) == pytest.approx(share_of_top_rates(0.553), abs=0.002)


def test_a_part_of_a_customer_counts_in_part() -> None:
    assert share_of_top_customers(np.array([1.0, 5.0, 2.0, 2.0])) == pytest.approx(0.8 * 5 / 10)
    assert np.isnan(share_of_top_customers(np.zeros(4)))
