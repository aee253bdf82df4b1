"""P11. Value is capital plus discounted economic profit (Preinreich 1938, doi:10.2307/1907053).

The value driver formula, NOPAT (1 - g / ROIC) / (WACC - g), is from Koller, Goedhart & Wessels, Valuation.
"""

import numpy as np
import pytest

from simengine.model.economic_profit import economic_profit, free_cash_flow
from simengine.tables.layout import Residual
from simengine.valuation.enterprise_value import (
    Terms,
    from_economic_profit,
    from_free_cash_flow,
    residual_value,
)

NOPAT = np.array([150.0, 160.0, 170.0, 180.0, 190.0])
CAPITAL = np.array([1000.0, 1050.0, 1110.0, 1150.0, 1180.0, 1180.0])
FLAT = Terms(0.1, 1, "end", Residual("perpetuity", 0, 0.0))


def test_flows():
    assert free_cash_flow(NOPAT, CAPITAL[:-1], CAPITAL[1:]).tolist() == [100, 100, 130, 150, 190]
    assert economic_profit(NOPAT, CAPITAL[:-1], 0.1) == pytest.approx([50, 55, 59, 65, 72])


@pytest.mark.parametrize("form", [from_free_cash_flow, from_economic_profit])
def test_one_value_both_ways(form):
    assert sum(form(NOPAT, CAPITAL, FLAT)) == pytest.approx(1671.4022266, abs=5e-8)


def test_value_driver():
    """NOPAT of the first year beyond the horizon 100, g 3 %, ROIC 12 %, WACC 9 %."""
    growing = Terms(0.09, 1, "end", Residual("perpetuity", 0, 0.03))
    nopat, capital = np.array([100.0 / 1.03]), np.array([800.0, 100.0 / 0.12])
    assert residual_value(nopat, capital, growing) == pytest.approx(1250.0)
