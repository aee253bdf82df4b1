"""The whole language of a scenario file, and its JSON Schema for editors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator

from simengine.scenario.allocation import AllocationText
from simengine.scenario.calendar import Calendar
from simengine.scenario.company import Company
from simengine.scenario.customers import CustomerFile
from simengine.scenario.employees import Employees
from simengine.scenario.experience import Experience
from simengine.scenario.fields import (
    AllocationName,
    AttributeName,
    ImitationSpeed,
    LeverName,
    Model,
    MoveName,
    Number,
    SegmentName,
    Spend,
    SupplierName,
    Text,
)
from simengine.scenario.initiative import Delivery
from simengine.scenario.knowledge import Knowledge
from simengine.scenario.lever import Lever
from simengine.scenario.market import Market
from simengine.scenario.move import ChangeText, MoveText
from simengine.scenario.offer import Offer
from simengine.scenario.rival import Rival
from simengine.scenario.segment import DYNAMICS, BuyingSegment, ChoiceSegment, ContractSegment, MarkovSegment
from simengine.scenario.simulation import Simulation
from simengine.scenario.uncertain import UncertainText

DRAFT = "http://json-schema.org/draft-07/schema#"
NAME = "urn:simengine:scenario:1"  # the language and its version


def _dynamics(value: object) -> str | None:
    """Which kind of segment; None where it is a kind that is not known."""
    if isinstance(value, dict):
        kind = value.get("dynamics", "choice")
        return f"#{kind}" if kind in DYNAMICS else None
    return (
        f"#{value.dynamics}"
        if isinstance(value, (ChoiceSegment, ContractSegment, BuyingSegment, MarkovSegment))
        else "#choice"
    )


def _only_quiet() -> dict[str, tuple[ChangeText, ...]]:
    return {"quiet": ()}


AnySegment = Annotated[
    Annotated[ChoiceSegment, Tag("#choice")]
    | Annotated[ContractSegment, Tag("#contract")]
    | Annotated[BuyingSegment, Tag("#buy-till-you-die")]
    | Annotated[MarkovSegment, Tag("#markov")],
    Discriminator(_dynamics, custom_error_type="dynamics", custom_error_message="unknown dynamics"),
]


class ScenarioFile(Model):
    """A scenario: a company as a portfolio of customers, what it can spend, and what rivals may do.

    Money, uses, interactions and rates are a year unless a field says otherwise.
    Numbers may be written 9%, 40k, 1.2M, 120 million.
    """

    simengine: Annotated[int, Number("the version of the language", minimum=1, maximum=1, whole=True)] = 1
    """Version of the language: 1. Example: `1`."""
    extends: Text | None = None
    """A scenario file to start from, as seen from the folder of this one. What is stated here is merged into it:
    mappings merge, lists and single values replace, `null` removes. Example: `base.yaml`."""
    name: Text | None = None
    """What the scenario is about; the file's name if left out. Example: `Northbank, affluent segment under attack`."""
    currency: Text = "EUR"
    """The currency of all money. Example: `EUR`."""
    calendar: Calendar = Calendar()
    """The periods that are simulated. Example: `{start: 2027-Q1, step: quarter, periods: 40}`."""
    simulation: Simulation = Simulation()
    """How the simulation is run. Example: `{seed: 7, mode: sampled, replications: 40}`."""
    company: Company
    """The company whose customers these are. Example: `{name: Northbank, discount_rate: 9%, tax_rate: 25%, shares: 120
    million}`."""
    needs: tuple[Text, ...] = ()
    """What customers weigh, on scales from 0 to 10. Example: `[rate, service, advice, digital]`."""
    portfolio: CustomerFile | None = None
    """The real customers. Left out: synthetic ones, by each segment's size. Example: `{customers: data/customers.csv,
    columns: {id: customer_id, segment: segment, revenue: revenue_eur}}`."""
    segments: Annotated[dict[SegmentName, AnySegment], Field(min_length=1)]
    """The market, segment by segment. Example: `{affluent: {size: 180k, shares: {us: 34%, atlas: 43%, none: 23%},
    churn: 7%, review: 20%, revenue: 2700, margin: 58%}}`."""
    offers: dict[SupplierName, Offer] = Field(default_factory=dict)
    """Value propositions: {supplier: {price, level per need}}; `us` is the company. Example: `{us: {price: 100,
    advice: 7}, atlas: {price: 98, advice: 6}}`."""
    experience: Experience | None = None
    """What customers experience at our touchpoints, and who answers for it. Left out: it stays as it is today.
    Example: `{touchpoints: {branch: {weight: 0.3, quality: 0.9, owner: retail}, call: {weight: 0.7, quality: 0.4,
    owner: operations}}, delivers: [service]}`."""
    employees: Employees | None = None
    """How enabled and motivated the employees are who serve customers at touchpoints. Left out: as assumed by default,
    where a lever acts on them. Example: `{enablement: {today: 0.4}, motivation: {today: 0.6}}`."""
    levers: dict[LeverName, Lever] = Field(default_factory=dict)
    """What money can be spent on. Example: `{advisers: {target: advice, response: {hill: {max: 2, half: 3M}}, today:
    {affluent: 4M}}}`."""
    knowledge: Knowledge | None = None
    """How suppliers learn of their customers by serving them, and forget. Left out: knowledge stays as it is today, or
    as assumed by default where a lever acts on it. Example: `{forgetting: 20%, learning_exponent: 0.5}`."""
    market: Market | None = None
    """What the market does by itself: shocks to suppliers and to demand. Left out: nothing. Example: `{volatility: 0.2,
    persistence: 60%, demand: {volatility: 8%, persistence: 50%}}`."""
    delivery: Delivery | None = None
    """Who carries out the initiatives of allocations. Left out: nobody waits for a team. Example: `{teams: 4}`."""
    budget: Spend | None = None
    """What every allocation but `baseline` and `shift`ed copies spends on levers, money a year once its last phase has
    begun, today's spend of levers that it does not mention included. A check: budgets that differ are refused.
    Example: `19M`."""
    allocations: Annotated[dict[AllocationName, AllocationText], Field(min_length=1)]
    """The resource allocations to compare. Example: `{baseline: {}, by_customer_value: {advisers: {affluent: 12M,
    mass: 3M}}}`."""
    rivals: dict[SupplierName, Rival] = Field(default_factory=dict)
    """What is known of rivals besides their offers: what they know of customers, and their economics. Example:
    `{atlas: {knowledge: 0.3, margin: 45%, overhead: 10M}}`."""
    imitation: dict[AttributeName, ImitationSpeed] = Field(default_factory=dict)
    """How fast rivals imitate what we add to a need, to our knowledge, or take off our price: {need, price or
    knowledge: speed a year}. Of a lead that we keep up, exp(-speed x years) is left: at 70% half after a year, at 200%
    a seventh. What is not named is not imitated; `rivals` may say otherwise of a rival. Example: `{price: 200%,
    service: 60%, knowledge: 10%}`."""
    uncertain: UncertainText = UncertainText()
    """Which inputs nobody knows, and what is judged of them: {path: distribution, correlations}. The scenario states a
    central value at each path. Example: `{segments.affluent.price_sensitivity: {normal: [3, 0.4]}}`."""
    moves: dict[MoveName, MoveText] = Field(default_factory=_only_quiet)
    """What rivals, or the market, may do; every allocation is crossed with every move. Example: `{quiet: {},
    price_war: [{who: atlas, at: 2027-Q3, change: {price: -12.5%}}]}`."""

    @field_validator("moves")
    @classmethod
    def _at_least_quiet(cls, value: dict[str, tuple[ChangeText, ...]]) -> dict[str, tuple[ChangeText, ...]]:
        return value or _only_quiet()


def json_schema(*, part: bool = False) -> dict[str, Any]:
    """JSON Schema (draft-07) of a scenario file, with descriptions, units and examples.

    `part`: of a file that extends another or is extended, which may leave anything out and remove with `null`.
    """
    from simengine.scenario.json_shapes import InFileOrder, draft_07, part_of

    schema = draft_07(ScenarioFile.model_json_schema(by_alias=True, schema_generator=InFileOrder))
    if part:
        return {"$schema": DRAFT, "$id": f"{NAME}:part", **part_of(schema), "title": "Part of a scenario of simengine"}
    return {"$schema": DRAFT, "$id": NAME, **schema, "title": "A scenario of simengine"}
