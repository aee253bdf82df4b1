"""Revenue follows price, cost of goods does not; a fuller wallet moves both."""

import pytest

from simengine.model.spend import cost_of_goods, cost_to_serve, cost_to_serve_per_year, revenue, revenue_today


def test_a_quarter_of_a_loyal_customer():
    today = revenue_today(1000.0, 1.2)
    assert revenue(today, 1.1, 1.05, 0.25) == pytest.approx(346.5)
    assert cost_of_goods(today, 1.05, 0.6, 0.25) == pytest.approx(126.0)


def test_a_price_change_goes_straight_to_profit():
    before = revenue(1000.0, 1.0, 1.0, 1.0) - cost_of_goods(1000.0, 1.0, 0.4, 1.0)
    after = revenue(1000.0, 1.03, 1.0, 1.0) - cost_of_goods(1000.0, 1.0, 0.4, 1.0)
    assert before == pytest.approx(400.0)
    assert after - before == pytest.approx(30.0)


def test_activity_based_cost_to_serve():
    per_year = cost_to_serve_per_year([(3, 11.0), (4, 6.0), (160, 0.05)])
    assert per_year == pytest.approx(65.0)
    assert cost_to_serve(200.0, per_year, 0.25) == pytest.approx(3250.0)
    assert cost_to_serve_per_year([]) == 0.0
