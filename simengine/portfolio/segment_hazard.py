"""The hazard of leaving of one contract segment: as its scenario states it, or estimated from its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simengine.portfolio.customer_rows import MONTHS
from simengine.portfolio.customers import Customers
from simengine.portfolio.hazard import (
    NoEstimate,
    constant_hazard,
    estimate_hazard,
    stated_shifted_beta_geometric,
)
from simengine.portfolio.population import UNKNOWN_TENURE, Hazards
from simengine.portfolio.shifted_beta_geometric_fit import fit_shifted_beta_geometric
from simengine.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

# What the estimate of each field of a hazard needs, and what to write instead.
ESTIMATES = {
    "empirical": (
        "customers enough to estimate a hazard for each month of tenure",
        "use {shifted_beta_geometric: {}} or a constant hazard",
    ),
    "shifted_beta_geometric": (
        "customers enough, whose hazard of leaving falls with tenure",
        "use {empirical: {}} or a constant hazard",
    ),
}


def segment_hazard(scenario: Scenario, name: str, rows: Customers | None) -> Hazards:
    """The hazards of segment `name`, whose customers in the file, those who have left too, are `rows`.

    Tenures that were filled serve no estimate: they say who is like whom, not who stays how long.
    Raises ScenarioError where they cannot be estimated.
    """
    segment = scenario.segments[name]
    assert segment.dynamics == "contract"
    stated, shapes = segment.hazard, segment.hazard.shifted_beta_geometric
    if stated.constant is not None:
        return constant_hazard(stated.constant)
    if shapes is not None and shapes.alpha is not None and shapes.beta is not None:
        return stated_shifted_beta_geometric(shapes.alpha, shapes.beta)
    expected, instead = ESTIMATES[stated.estimated]
    path = ("segments", name, "hazard")
    if rows is None or rows.tenure_months is None or not len(rows.ids):
        found = "a hazard to be estimated without customers"
        expected = "customers of the segment in the customer file, or a stated hazard"
        raise ScenarioError([scenario.problem(path, found, expected)])
    known = rows.tenure_months != UNKNOWN_TENURE
    if rows.tenure_filled is not None:
        known &= ~rows.tenure_filled
    data = rows.tenure_months[known], rows.churned[known], rows.weight[known]
    assert scenario.portfolio is not None
    assert scenario.portfolio.columns.tenure is not None
    try:
        if shapes is None:
            return estimate_hazard(*data)
        return fit_shifted_beta_geometric(*data, grid=int(MONTHS[scenario.portfolio.columns.tenure.unit]))
    except NoEstimate as reason:
        raise ScenarioError([scenario.problem(path, str(reason), expected, instead)]) from None
