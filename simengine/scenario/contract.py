"""How customers leave in a contract segment, where nothing is known of competitors."""

from __future__ import annotations

from typing import Annotated

from simengine.scenario.fields import Hazard, Model, Number

Shape = Annotated[float, Number("a shape", minimum=1e-6, maximum=1e6)]


class Empirical(Model):
    """Estimated from the customer file's tenure and churned columns (Kaplan-Meier)."""


class ShiftedBetaGeometric(Model):
    """Everybody has a probability of their own of leaving in a year, beta(alpha, beta) distributed: whoever is likely
    to leave does so early, and the hazard falls with tenure (Fader & Hardie 2007)."""

    alpha: Shape | None = None
    """First parameter, of a year; with `beta`. Both left out: estimated from the customer file's tenure and churned
    columns (maximum likelihood). Example: `0.67`."""
    beta: Shape | None = None
    """Second parameter, of a year: alpha / (alpha + beta) of new customers leave in their first year. Example:
    `3.8`."""

    @property
    def estimated(self) -> bool:
        """Whether the parameters are estimated from the customer file."""
        return self.alpha is None and self.beta is None


class ContractHazard(Model):
    """The hazard of leaving: exactly one of its fields."""

    constant: Hazard | None = None
    """The same hazard at every tenure, a year. Example: `2%`."""
    empirical: Empirical | None = None
    """By tenure, estimated from the customer file: {}. Example: `{}`."""
    shifted_beta_geometric: ShiftedBetaGeometric | None = None
    """Falling with tenure: {alpha: 0.67, beta: 3.8}, or {} to estimate both from the customer file. Examples: `{alpha:
    0.67, beta: 3.8}`, `{}`."""

    @property
    def estimated(self) -> str:
        """The field that is estimated from the customer file; "" where the hazard is stated."""
        if self.empirical is not None:
            return "empirical"
        fitted = self.shifted_beta_geometric is not None and self.shifted_beta_geometric.estimated
        return "shifted_beta_geometric" if fitted else ""


class Newcomers(Model):
    """New customers of ours, who come from outside."""

    per_year: Annotated[float, Number("a number of customers a year", minimum=0)] = 0
    """How many a year, evenly over its periods: whole customers, so that any calendar counts as many in a year.
    Example: `500`."""
