"""A segment: its customers, how they choose or leave, what they bring and cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, GetJsonSchemaHandler, Tag
from pydantic_core.core_schema import CoreSchema

from simengine.scenario.buying import Purchases, Spend
from simengine.scenario.capital import Capital, PerCustomer
from simengine.scenario.capital import OfRevenue as OfRevenue
from simengine.scenario.contract import ContractHazard, Newcomers
from simengine.scenario.fields import (
    Fraction,
    Inertia,
    Margin,
    Model,
    NeedName,
    NotNegative,
    Number,
    OneOf,
    Positive,
    Probability,
    SupplierName,
    Switch,
    TouchpointName,
    Trend,
    Utility,
    Variation,
    Weight,
)
from simengine.scenario.markov import STEPS, MarkovState, StateName, Step
from simengine.scenario.need_states import NeedState, NeedStateName, lasting
from simengine.scenario.needs_drift import NeedsDrift

CHOICE = {"choice": "customers review and choose among suppliers"}
CONTRACT = {"contract": "customers leave with a hazard; nothing is known of competitors"}
BUYING = {"buy-till-you-die": "customers buy now and then, until they are gone, which nobody sees"}
MARKOV = {"markov": "customers pass from state to state with stated probabilities, and bring money on arrival"}
DYNAMICS = tuple(CHOICE | CONTRACT | BUYING | MARKOV)
MOST_STATES = 62  # that the state of a sampled customer has room for


class LognormalParameters(Model):
    """Mean and coefficient of variation."""

    mean: Annotated[float, Number("money a year", above=0)]
    """Mean over customers, money a year. Example: `2700`."""
    cv: Variation
    """Standard deviation over mean. Example: `0.6`."""


class Lognormal(Model):
    """Revenue that differs between customers as a lognormal distribution."""

    lognormal: LognormalParameters
    """Mean over customers and coefficient of variation. Example: `{mean: 2700, cv: 0.6}`."""

    @property
    def mean(self) -> float:
        return self.lognormal.mean

    @property
    def cv(self) -> float:
        return self.lognormal.cv


class Touchpoint(Model):
    """A way in which customers are served."""

    uses: Annotated[float, Number("uses a year", minimum=0)]
    """Uses a year, per customer. Example: `3`."""
    cost: Annotated[float, Number("money per use", minimum=0)]
    """Money per use. Example: `11`."""


PerJoiner = Annotated[float, Number("money per customer", minimum=0)]


class AcquisitionCost(Model):
    """What it costs when a customer joins."""

    money: PerJoiner
    """Money per customer who joins. Example: `240`."""
    capitalised: Switch = False
    """true: it is capital of the new customer, expensed on becoming established or leaving. Example: `true`."""


class Stages(Model):
    """The stages of a relationship: new, established, loyal."""

    years: Annotated[tuple[Positive, ...], Field(min_length=2, max_length=2)] = (1.0, 3.0)
    """Mean years in new and in established. Example: `[1, 3]`."""
    inertia: Annotated[tuple[NotNegative, ...], Field(min_length=3, max_length=3)] = (0.7, 1.0, 1.3)
    """Multipliers on inertia in each stage. Example: `[0.7, 1, 1.3]`."""
    revenue: Annotated[tuple[Positive, ...], Field(min_length=3, max_length=3)] = (1.0, 1.0, 1.0)
    """Multipliers on revenue in each stage. Example: `[0.8, 1, 1.1]`."""


def _money_or_mapping(value: object) -> object:
    return value if isinstance(value, (dict, AcquisitionCost)) else {"money": value}


def _revenue_kind(value: object) -> str:
    return "#lognormal" if isinstance(value, (dict, Lognormal)) else "#constant"


class HazardOrAlways(Number):
    """A hazard a year, or the word `always`."""

    def read(self, value: object) -> float | str:  # type: ignore[override]
        return "always" if value == "always" else super().read(value)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        shape = super().__get_pydantic_json_schema__(schema, handler)
        return {**shape, "anyOf": [*shape["anyOf"], {"const": "always"}]}


Revenue = Annotated[
    Annotated[Lognormal, Tag("#lognormal")] | Annotated[float, Number("money a year", above=0), Tag("#constant")],
    Discriminator(_revenue_kind),
]


class Segment(Model):
    """What segments of all kinds have."""

    size: Annotated[int, Number("a number of customers", minimum=1, whole=True)] | None = None
    """Customers in the whole market: ours, rivals' and outsiders. Left out: those of the customer file. Example:
    `180k`."""
    margin: Margin
    """Of revenue at today's price, after cost of goods, before cost to serve. Example: `58%`."""
    cost_to_serve: dict[TouchpointName, Touchpoint] = Field(default_factory=dict)
    """Activity-based cost of serving a customer: {touchpoint: {uses a year, cost per use}}. Example: `{branch: {uses:
    3, cost: 11}, app: {uses: 160, cost: 0.05}}`."""
    capital: Annotated[Capital, Field(json_schema_extra={"default": 0})] = PerCustomer(0.0)
    """Capital that a customer ties up: `12% of revenue`, or money per customer. Examples: `12% of revenue`, `250`."""

    @property
    def mean_revenue(self) -> float | None:
        """Mean revenue of a customer of ours, money a year; None where it is not stated as such."""
        return None


class RevenueSegment(Segment):
    """A segment whose customers bring a revenue of their own, as long as they are ours."""

    revenue: Revenue | None = None
    """Revenue of a customer of ours today, money a year: {lognormal: {mean, cv}} or one number. Left out: the customer
    file's. Examples: `2700`, `{lognormal: {mean: 2700, cv: 0.6}}`."""
    revenue_spread: Variation = 0
    """Coefficient of variation of the luck in each customer's revenue. Example: `0.3`."""

    @property
    def mean_revenue(self) -> float | None:
        return self.revenue.mean if isinstance(self.revenue, Lognormal) else self.revenue


class ChoiceSegment(RevenueSegment):
    """A segment whose customers now and then reconsider, and choose among named suppliers."""

    later: ClassVar[Mapping[str, str]] = {
        "newcomers": "write growth: 2%, a year, of the whole market",
    }
    dynamics: Annotated[Literal["choice"], OneOf(CHOICE)] = "choice"
    """How customers come and go. Example: `choice`."""
    needs: dict[NeedName, Weight] = Field(default_factory=dict)
    """What customers weigh: {need: weight}, sum 1. Left out: the customer file's. Example: `{rate: 0.2, service: 0.3,
    advice: 0.35, digital: 0.15}`."""
    needs_drift: NeedsDrift = NeedsDrift()
    """How the mean weights move by themselves, and everybody's with them: {volatility, persistence, trend}. Example:
    `{volatility: 2%, persistence: 60%, trend: {digital: 2%}}`."""
    need_states: dict[NeedStateName, NeedState] = Field(default_factory=dict)
    """Between what customers move on as their lives do: {state: {needs, next}}, two at least. Customers are in them
    today as such moves leave them in the long run; so needs change customer by customer, and on average stay. Example:
    `{young: {needs: {rate: 0.4, advice: 0.6}, next: {settled: 10%}}, settled: {needs: {rate: 0.7, advice: 0.3}, next:
    {young: 4%}}}`."""
    needs_spread: Annotated[float, Number("a standard deviation of weights", minimum=0, below=1)] = 0
    """How much weights differ between customers: root mean square standard deviation. Example: `0.15`."""
    shares: dict[SupplierName, Fraction] | None = None
    """Shares of customers today: {us, rivals, none}, sum 1; with `churn`. The model solves for what explains them. A
    supplier that is not named is not available here. Example: `{us: 34%, atlas: 31%, neo: 12%, none: 23%}`."""
    churn: Probability | None = None
    """Fraction of our customers who leave within a year if nobody acts; with `shares`. Example: `7%`."""
    share_trend: dict[SupplierName, Trend] = Field(default_factory=dict)
    """Change of shares within the first year if nobody acts, relative to each supplier's share. Suppliers that are not
    named share what is left, in proportion to their shares. Example: `{us: -2%, neo: 10%}`."""
    constants: dict[SupplierName, Utility] | None = None
    """Utility of each supplier beyond its offer, {us, rivals, none}, in place of `shares`; with `inertia`. Example:
    `{us: 0.4, atlas: 0.2, none: 0}`."""
    inertia: Inertia | None = None
    """Utility of staying, in place of `churn`; with `constants`. Example: `2.5`."""
    growth: Annotated[float, Number("growth of the market, a fraction a year", minimum=0, maximum=1)] = 0
    """How fast the market grows, a fraction a year. Newcomers resemble customers of today, drawn by the seed in either
    mode as a market is, and enter where and in the stage in which such customers are today, whatever has happened by
    then: so shares stay until somebody acts, and most of those who enter as ours are as loyal as ours are today.
    Example: `2%`."""
    review: Annotated[float | Literal["always"], HazardOrAlways("a hazard a year, or always", above=0, maximum=12)]
    """How often customers reconsider: a hazard a year (20%), or `always`: in every period. Examples: `20%`,
    `always`."""
    review_cap: Annotated[float, Number("a multiple of review", minimum=1)] = 8
    """Most that reviewing can rise to, as a multiple of `review`. Example: `8`."""
    gap_sensitivity: Annotated[float, Number("log hazard a point", minimum=0, maximum=20)] = 0
    """How much more often our customers reconsider where `experience` falls short of what is promised: hazard of review
    times exp(gap_sensitivity × gap), the gap in points, weighed by the segment's mean needs. Example: `0.5`."""
    price_sensitivity: NotNegative = 0
    """Utility lost if the price doubles. Example: `3`."""
    points_worth: NotNegative = 1
    """Utility of one point on a need of weight 1. Example: `1`."""
    tailoring: NotNegative = 0
    """Utility lost by a customer whose needs are furthest from the offer's design, at no knowledge. Example: `1`."""
    word_of_mouth: Annotated[float, Number("utility", minimum=0, maximum=50)] = 0
    """Utility that a supplier's offer gains if its share of the segment rises from nothing to all: customers talk. What
    counts is the share at the end of the period before, and its change since today. Example: `1`."""
    stages: Stages = Stages()
    """Stages of the relationship with us: new, established, loyal. Example: `{years: [1, 3], inertia: [0.7, 1, 1.3],
    revenue: [0.8, 1, 1.1]}`."""
    outside_inertia: NotNegative = 1
    """Multiplier on inertia for those who buy nowhere. Example: `1`."""
    acquisition_cost: Annotated[
        AcquisitionCost,
        BeforeValidator(_money_or_mapping, json_schema_input_type=AcquisitionCost | PerJoiner),
    ] = AcquisitionCost(money=0)
    """Cost of a customer who joins: money, or {money, capitalised}. Examples: `60`, `{money: 240, capitalised:
    true}`."""

    @property
    def shares_in_a_year(self) -> dict[str, float]:
        """Shares after the first year if nobody acts; today's, to the bit, if no trend is stated."""
        shares = {name: share for name, share in sorted((self.shares or {}).items()) if share > 0}
        if not any(self.share_trend.values()):
            return shares
        named = {
            name: share * (1 + self.share_trend[name]) for name, share in shares.items() if name in self.share_trend
        }
        others = {name: share for name, share in shares.items() if name not in named}
        left, of = 1 - sum(named.values()), sum(others.values())
        return named | {name: left * share / of for name, share in others.items()}

    @property
    def moving(self) -> bool:
        """Whether customers move between need states, today and always."""
        return any(len(group) > 1 for group in lasting(self.need_states))

    @property
    def available(self) -> frozenset[str]:
        """The suppliers that customers can choose, `none` included where it is an option."""
        if self.shares is not None:
            return frozenset(name for name, share in self.shares.items() if share > 0 or name != "none")
        return frozenset(self.constants or ())


class LeavingSegment(Segment):
    """A segment whose customers are ours until they leave for good; nothing is known of competitors."""

    later: ClassVar[Mapping[str, str]] = {
        "growth": "write newcomers: {per_year: 500}, new customers of ours",
    }
    newcomers: Newcomers = Newcomers()
    """New customers from outside, who resemble those of today, drawn by the seed in either mode; if none, value is that
    of present customers. Example: `{per_year: 500}`."""
    acquisition_cost: Annotated[float, Number("money per customer", minimum=0)] = 0
    """Cost of a newcomer, money per customer. Example: `250`."""


class ContractSegment(LeavingSegment, RevenueSegment):
    """A segment whose customers stay until they leave for good; nothing is known of competitors."""

    dynamics: Annotated[Literal["contract"], OneOf(CONTRACT)]
    """How customers come and go. Example: `contract`."""
    hazard: ContractHazard
    """The hazard of leaving: {constant: 2%}, {empirical: {}} or {shifted_beta_geometric: {alpha: 0.67, beta: 3.8}}.
    Examples: `{constant: 2%}`, `{empirical: {}}`."""


class BuyingSegment(LeavingSegment):
    """A segment whose customers buy now and then, and whom nobody sees leave: after any purchase they may be gone."""

    later: ClassVar[Mapping[str, str]] = {
        **LeavingSegment.later,
        "revenue": "write spend, money a purchase, and purchases",
    }
    dynamics: Annotated[Literal["buy-till-you-die"], OneOf(BUYING)]
    """How customers come and go. Example: `buy-till-you-die`."""
    purchases: Purchases
    """How often customers buy, and how likely each purchase is their last. Example: `{bg_nbd: {r: 0.243, alpha: 4.414,
    a: 0.793, b: 2.426, unit: week}}`."""
    spend: Spend
    """What a purchase brings: money a purchase, the same of everybody, or {gamma_gamma: {p, q, gamma}}. Examples: `35`,
    `{gamma_gamma: {p: 6.25, q: 3.74, gamma: 15.44}}`."""


class MarkovSegment(LeavingSegment):
    """A segment whose customers pass from state to state until they leave for good (Pfeifer & Carraway 2000,
    doi:10.1002/(SICI)1520-6653(200021)14:2<43::AID-DIR4>3.0.CO;2-H)."""

    later: ClassVar[Mapping[str, str]] = {
        **LeavingSegment.later,
        "revenue": "write the money of each state",
    }
    dynamics: Annotated[Literal["markov"], OneOf(MARKOV)]
    """How customers come and go. Example: `markov`."""
    states: Annotated[dict[StateName, MarkovState], Field(min_length=1, max_length=MOST_STATES)]
    """What customers bring in each state and where they go from it: {state: {money, next}}; newcomers arrive in the
    first. Money is received on arrival, in the opening state too. Example: `{recent: {money: 36, next: {recent: 30%,
    lapsed: 70%}}, lapsed: {money: -4, next: {recent: 20%}}}`."""
    opening: dict[StateName, Fraction] | None = None
    """Where customers are at the opening: {state: fraction}, sum 1. Left out: where the customer file's `state` says,
    or all in the first. Example: `{recent: 40%, lapsed: 60%}`."""
    every: Annotated[Step, OneOf(STEPS)] = "year"
    """How often customers pass on: as often as the calendar steps. Example: `year`."""
    margin: Margin = 1
    """Of the money of states, if these do not count what its goods cost. Example: `100%`."""


AnySegment = ChoiceSegment | ContractSegment | BuyingSegment | MarkovSegment
