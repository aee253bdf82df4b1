"""Hazards of converted customers by tenure, and how many convert in a period."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from simengine.portfolio.hazard import constant_hazard, stated_shifted_beta_geometric
from simengine.portfolio.population import Hazards, Portfolio
from simengine.tables.conversion import Conversion, contract_hazard, hazard_by_tenure
from tests.properties.worlds import market, opened
from tests.tables.unfolding import market_of, unfold

FALLING, STEEP = stated_shifted_beta_geometric(0.7, 1.2), constant_hazard(0.3)
STEPS = Hazards(np.cumsum([0.0, 0.1, 0.0, 0.4, 0.0]), 0.0, 0, 0, np.zeros(0))  # nobody leaves beyond four months


def portfolio(**hazards: Hazards) -> Portfolio:
    _, found, _ = opened(market())
    return found._replace(hazards=hazards)


def test_each_tenure_has_the_hazard_of_the_same_tenure_of_the_other_contract() -> None:
    found = contract_hazard(portfolio(a=FALLING, b=STEPS), "a", Conversion("b", 0.3), 20, 8, 3)
    np.testing.assert_array_equal(found, [hazard_by_tenure(each, 20, 8, 3) for each in (FALLING, STEPS)])


def test_without_a_lever_both_are_the_same() -> None:
    found = contract_hazard(portfolio(a=STEEP), "a", None, 5, 4, 1)
    np.testing.assert_array_equal(found[0], found[1])
    assert found == pytest.approx(0.3 / 12)


@pytest.mark.parametrize("periods", [12, 4, 1])
def test_the_same_rate_converts_the_same_part_in_a_year_on_any_calendar(periods: int) -> None:
    calendar = {"start": "2026", "step": {12: "month", 4: "quarter", 1: "year"}[periods], "periods": periods}
    document = market() | {"calendar": calendar, "moves": {"quiet": {}}, "allocations": {"baseline": {}}}
    found = market_of(opened(document)[0], effects={("signed", "convert"): [0.5]})
    unfold(found)
    stay = 1 - found.choice.conversion[0, :, -1]
    assert stay.prod() == pytest.approx(exp(-0.5), rel=1e-14)


def test_spend_below_todays_converts_nobody_and_nobody_back() -> None:
    found = market_of(opened(market())[0], effects={("signed", "convert"): [-0.2, 0.0]})
    unfold(found)
    assert (found.choice.conversion == 0).all()
