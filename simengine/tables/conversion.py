"""Which contract customers money can convert to another kind of contract, and their hazard of leaving then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simengine.portfolio.population import Hazards, Portfolio
from simengine.scenario.model import Scenario
from simengine.tables.layout import Floats


class Conversion(NamedTuple):
    """Customers of one contract segment who can be moved to the contract of another."""

    to: str
    causal: float  # part of the difference in hazard that the contract causes


def conversions_of(scenario: Scenario) -> dict[str, Conversion]:
    """By segment from which a lever converts; several levers from one segment say the same."""
    return {
        lever.from_segment: Conversion(lever.to, lever.causal)
        for lever in scenario.levers.values()
        if lever.from_segment is not None and lever.to is not None and lever.causal is not None
    }


def hazard_by_tenure(hazards: Hazards, tenure_months: int, periods: int, months_per_period: int) -> Floats:
    """Retention hazard of the period that starts at m completed months, for every m a customer may reach."""
    cumulative = hazards.up_to(tenure_months + periods * months_per_period)
    return np.asarray(cumulative[months_per_period:] - cumulative[:-months_per_period])


def contract_hazard(
    portfolio: Portfolio,
    name: str,
    conversion: Conversion | None,
    tenure_months: int,
    periods: int,
    months_per_period: int,
) -> Floats:
    """[2, m] hazard by completed months of a contract segment, and of the one that its customers convert to.

    For tenures of up to `tenure_months` at the opening and so many periods. Both are the same where no lever converts.
    """

    def of(segment: str) -> Floats:
        return hazard_by_tenure(portfolio.hazards[segment], tenure_months, periods, months_per_period)

    return np.stack([of(name), of(name if conversion is None else conversion.to)])
