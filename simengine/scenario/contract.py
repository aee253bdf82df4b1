"""How customers leave in a contract segment, where nothing is known of competitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import field_validator

from simengine.scenario.fields import Hazard, Model, NotNegative, not_available


class Empirical(Model):
    """Estimated from the customer file's tenure and churned columns (Kaplan-Meier)."""


class ContractHazard(Model):
    """The hazard of leaving: exactly one of its fields."""

    later: ClassVar[Mapping[str, str]] = {"shifted_beta_geometric": "use constant or empirical"}
    constant: Hazard | None = None
    """The same hazard at every tenure, a year."""
    empirical: Empirical | None = None
    """By tenure, estimated from the customer file: {}."""


class Newcomers(Model):
    """Customers who come from outside the market."""

    per_year: NotNegative = 0
    """How many a year: 0."""

    @field_validator("per_year")
    @classmethod
    def _none(cls, value: float) -> float:
        if value > 0:
            raise not_available("newcomers", "write 0: the value is that of present customers")
        return value
