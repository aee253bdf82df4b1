"""From contribution to economic profit, step by step."""

import pytest

from simengine.model.economic_profit import contribution, economic_profit, free_cash_flow, nopat, tax


def test_a_profitable_customer():
    before_tax = contribution(1000.0, 400.0, 150.0, 50.0)
    assert before_tax == 400.0
    assert tax(before_tax, 0.25) == 100.0
    after_tax = nopat(before_tax, 0.25)
    assert after_tax == 300.0
    assert economic_profit(after_tax, 2000.0, 0.1) == pytest.approx(100.0)
    assert free_cash_flow(after_tax, 2000.0, 2100.0) == 200.0


def test_a_loss_saves_tax_at_once():
    assert tax(-100.0, 0.25) == -25.0
    assert nopat(-100.0, 0.25) == -75.0
