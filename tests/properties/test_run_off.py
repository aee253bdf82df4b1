"""A run-off is the future that nobody simulated: where the horizon stands must not matter."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from tests.properties.worlds import live, market


def contracts(periods: int, hazard: float, **company: Any) -> dict[str, Any]:
    document = market(mode="expected")
    document["calendar"]["periods"] = periods
    document["company"] |= {"residual": {"method": "run_off"}, "overhead": 0, **company}
    document["segments"] = {
        "homes": {
            "dynamics": "contract",
            "size": 40,
            "hazard": {"constant": hazard},
            "revenue": 600,
            "margin": "60%",
            "cost_to_serve": {"bill": {"uses": 12, "cost": 2}},
            "capital": "20% of revenue",
        }
    }
    for block in ("offers", "levers", "rivals", "needs"):
        document.pop(block, None)
    return document | {"allocations": {"baseline": {}}, "moves": {"quiet": {}}}


@pytest.mark.parametrize("hazard", [0.05, 0.4])
def test_a_later_horizon_changes_nothing_where_nobody_joins(hazard: float) -> None:
    """Contracts that are not acted upon: simulated for two years or for nine, their value is the same."""
    short, long = (live(contracts(periods, hazard)).valuation for periods in (8, 36))
    assert long.equity[0, 0] / long.money_scale == pytest.approx(short.equity[0, 0] / short.money_scale, rel=1e-6)
    assert short.residual[0, 0] > long.residual[0, 0] > 0


def test_a_closed_form() -> None:
    """Constant hazard, no capital, no tax: one customer's margin a year over (1 + k) / r - 1, paid at each end."""
    document = contracts(1, 0.2, tax_rate=0, discount_rate="10%", timing="end")
    document["calendar"]["step"] = "year"
    document["calendar"]["start"] = "2027"
    document["segments"]["homes"] |= {"capital": 0, "cost_to_serve": {}}
    worth = live(document).valuation
    kept = 2.718281828459045**-0.2
    value = worth.enterprise_value[0, 0] / worth.money_scale
    assert value == pytest.approx(40 * 600 * 0.6 * kept / (1.1 - kept), rel=1e-6)


def test_what_is_not_paid_for_ends() -> None:
    """Money that keeps customers today is not spent in a run-off: they then leave as without it, whatever was spent."""
    document = contracts(1, 0.2, tax_rate=0, discount_rate="10%", timing="end")
    document["calendar"] |= {"step": "year", "start": "2027"}
    document["segments"]["homes"] |= {"capital": 0, "cost_to_serve": {}}
    care = {
        "target": "retention",
        "response": {"hill": {"max": 1.5, "half": 1000, "shape": 1}},
        "today": {"homes": 1000},
    }
    document |= {"levers": {"care": care}, "allocations": {"baseline": {}, "stop": {"care": {"homes": 0}}}}
    worth = live(document).valuation
    kept, left = exp(-0.2), exp(-0.2 * exp(0.75))  # of a year, with today's 1000 and without
    beyond = 40 * 600 * 0.6 * left / (1.1 - left) / 1.1
    residuals = worth.residual[:, 0] / worth.money_scale
    assert residuals == pytest.approx([kept * beyond, left * beyond], rel=1e-6)
