"""Value beyond the horizon as the design states it, method by method."""

import pytest

from simengine.model.residual import residual_coefficients
from simengine.tables.layout import Residual

K, G = 0.1, 0.02


def value_of(residual, nopat, capital):
    per_nopat, per_capital = residual_coefficients(residual, K)
    return per_nopat * nopat + per_capital * capital


def test_none_and_book():
    assert value_of(Residual("none", 0, 0.0), 50.0, 300.0) == 0.0
    assert value_of(Residual("book", 0, 0.0), 50.0, 300.0) == 300.0


def test_perpetuity():
    expected = (50.0 * (1 + G) - G * 300.0) / (K - G)
    assert value_of(Residual("perpetuity", 0, G), 50.0, 300.0) == pytest.approx(expected)


def test_fade_of_a_gain_and_of_a_loss():
    v, n = 1 / (1 + K), 5
    annuity = sum((1 - (i - 1) / n) * v**i for i in range(1, n + 1))
    for nopat in (50.0, 10.0):
        expected = 300.0 + (nopat - K * 300.0) * annuity
        assert value_of(Residual("fade", n, 0.0), nopat, 300.0) == pytest.approx(expected)


def test_a_fade_over_no_time_gives_back_capital():
    assert value_of(Residual("fade", 0, 0.0), 50.0, 300.0) == 300.0


def test_what_has_no_value_is_refused():
    with pytest.raises(ValueError, match="below the discount rate"):
        residual_coefficients(Residual("perpetuity", 0, K), K)
    with pytest.raises(ValueError, match="none, book, perpetuity, fade or run_off"):
        residual_coefficients(Residual("liquidation", 0, 0.0), K)
