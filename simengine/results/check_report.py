"""What a check says of today, segment by segment."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from simengine.scenario.problems import Problem


@dataclass(frozen=True)
class Figure:
    """One of today's figures, as stated (None if it is not) and as the model has it."""

    stated: float | None
    modelled: float


@dataclass(frozen=True)
class ChoiceCheck:
    """Today of a segment whose customers choose among suppliers."""

    segment: str
    dynamics: str
    market_size: float  # customers
    customers: Figure  # ours
    shares: dict[str, Figure]  # by supplier, of the market
    shares_in_a_year: dict[str, Figure]  # the same a year on if nobody acts
    share_trend: bool  # whether shares are stated to change in the first year
    growth: float  # of the market as stated, a fraction a year; nobody enters in what is measured here
    churn: Figure  # fraction of ours who leave within a year
    revenue: Figure  # mean of ours, currency a year
    drift: float  # largest change of any share within ten years in which nobody acts
    own_price_elasticity: dict[str, float]  # of our customers, by years since the price changed
    need_states: dict[str, float]  # fractions of customers, by need state; empty where they do not move between any


@dataclass(frozen=True)
class Shapes:
    """The parameters, of a year, of a hazard that falls with tenure; None beside alpha and beta: they are stated."""

    alpha: float
    beta: float
    alpha_standard_error: float | None
    beta_standard_error: float | None
    log_likelihood: float | None


@dataclass(frozen=True)
class ConversionCheck:
    """What is assumed of customers whom a lever converts to another contract."""

    to: str
    causal: float  # part of the difference in the hazard of leaving that they gain
    survival: dict[str, float]  # by months of tenure, of new customers were they converted from the start


@dataclass(frozen=True)
class ContractCheck:
    """Today of a segment of which only its own customers' hazard of leaving is known."""

    segment: str
    dynamics: str
    customers: Figure
    revenue: Figure  # mean, currency a year
    observed: int  # customers that the hazard was estimated from; 0 where it is stated
    churned: int  # and how many of them had left
    months_observed: int  # tenure up to which each month's hazard is estimated
    hazard_beyond_per_month: float | None  # and the constant one beyond; None where it keeps falling
    shifted_beta_geometric: Shapes | None  # in place of both
    survival: dict[str, Figure]  # by months of tenure: as estimated, and of the periods that are simulated
    kept: dict[str, Figure]  # customers left by years from now: by each one's own hazard, and as simulated
    conversion: ConversionCheck | None  # None where no lever converts


@dataclass(frozen=True)
class BuyingCheck:
    """Today of a segment whose customers buy till they are gone, by its parameters, and as simulated."""

    segment: str
    dynamics: str
    known: float  # customers who have ever bought
    customers: Figure  # and who are to be expected to be customers still
    revenue: dict[str, Figure]  # what they bring within so many years from now, currency
    kept: dict[str, Figure]  # those of them who are left then


@dataclass(frozen=True)
class CheckReport:
    """Today, segment by segment."""

    scenario: str
    currency: str
    segments: tuple[ChoiceCheck | ContractCheck | BuyingCheck, ...]
    left_out: tuple[str, ...]  # what moves the market by itself, and does not in what is measured
    warnings: tuple[Problem, ...]  # what is still to be known

    @property
    def document(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return dataclasses.asdict(self)
