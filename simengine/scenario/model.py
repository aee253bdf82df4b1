"""A scenario that has been read, checked and resolved: what all other rooms work from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from simengine.scenario.allocation import Allocation, targets_of
from simengine.scenario.budgets import VALUE
from simengine.scenario.calendar import Calendar
from simengine.scenario.company import Company
from simengine.scenario.customers import CustomerFile
from simengine.scenario.employees import Employees
from simengine.scenario.experience import Experience
from simengine.scenario.initiative import Delivery
from simengine.scenario.knowledge import KNOWLEDGE, Knowledge
from simengine.scenario.lever import Lever, act_on_employees
from simengine.scenario.market import Market
from simengine.scenario.move import Change
from simengine.scenario.offer import Offer
from simengine.scenario.problems import Problem
from simengine.scenario.rival import Rival
from simengine.scenario.segment import AnySegment, ChoiceSegment
from simengine.scenario.simulation import Simulation
from simengine.scenario.suppliers import COMPANY, OUTSIDE
from simengine.scenario.uncertain import Uncertain
from simengine.scenario.yaml_source import Path, Source


@dataclass(frozen=True)
class Scenario:
    """Segments, needs, offers, levers and rivals are in name order; allocations and moves in file order."""

    name: str
    currency: str
    calendar: Calendar
    simulation: Simulation
    company: Company
    needs: tuple[str, ...]
    portfolio: CustomerFile | None
    segments: dict[str, AnySegment]
    offers: dict[str, Offer]
    levers: dict[str, Lever]
    allocations: dict[str, Allocation]
    rivals: dict[str, Rival]
    moves: dict[str, tuple[Change, ...]]
    source: Source = field(compare=False, repr=False)
    experience: Experience | None = None
    """Touchpoints in name order; None where nothing is said of them."""
    imitation: dict[str, float] = field(default_factory=dict)
    """How fast rivals imitate what we add, a year: by need, price and knowledge."""
    employees: Employees | None = None
    """None where nothing is said of them."""
    delivery: Delivery | None = None
    """Who carries out initiatives; None where teams are not scarce."""
    learning: Knowledge | None = None
    """How knowledge of customers is learned and forgotten; None where it stays as it is."""
    market: Market | None = None
    """None where nothing is said of shocks."""
    uncertain: Uncertain = field(default_factory=Uncertain)
    """Inputs that nobody knows; what is stated at their paths are central values."""
    acting: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    """By lever, the segments in which money on it can do something, in name order."""
    budget: float | None = field(default=None, compare=False)
    """What allocations that are compared may spend, money a year; None if it is not checked."""
    warnings: tuple[Problem, ...] = field(default=(), compare=False, repr=False)
    """What does not stop a run and is still to be known, in file order."""

    @cached_property
    def suppliers(self) -> tuple[str, ...]:
        """The company, rivals in name order, the outside option."""
        return (COMPANY, *self.rivals, OUTSIDE)

    @cached_property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """(allocation, move), moves varying fastest."""
        return tuple((allocation, move) for allocation in self.allocations for move in self.moves)

    @cached_property
    def choosing(self) -> dict[str, ChoiceSegment]:
        """The segments in which customers choose."""
        return {name: each for name, each in self.segments.items() if isinstance(each, ChoiceSegment)}

    @cached_property
    def changes(self) -> tuple[tuple[Path, Change], ...]:
        """Where everything that happens in some move is stated, and what."""
        moves = self.moves.items()
        return tuple((("moves", name, i), change) for name, changes in moves for i, change in enumerate(changes))

    @cached_property
    def spread_columns(self) -> dict[str, Path]:
        """The columns of the customer file that budgets are spread by, in name order, and where one is stated."""
        columns: dict[str, Path] = {}
        for allocation in self.allocations.values():
            for spread in allocation.spreads:
                if spread.column is not None:
                    columns.setdefault(spread.column, (*spread.path, "by"))
        return dict(sorted(columns.items()))

    @cached_property
    def spreads_by_value(self) -> bool:
        """Whether some budget is spread by what customers are worth."""
        return any(spread.by == VALUE for each in self.allocations.values() for spread in each.spreads)

    @property
    def status_quo(self) -> Scenario:
        """The same market with today's spend, kept, without moves and luck of its own, at the central values; simulated
        once, in expected mode."""
        seed = self.simulation.seed
        return replace(
            self,
            simulation=Simulation(seed=seed, mode="expected", replications=1, customer_values=False),
            allocations={"today": Allocation(fundings={})},
            moves={"quiet": ()},
            segments={name: _without_luck(segment) for name, segment in self.segments.items()},
            market=None,
            uncertain=Uncertain(),
        )

    @cached_property
    def targets(self) -> set[str]:
        """What levers and initiatives act on."""
        return targets_of(self.levers, self.allocations)

    @property
    def touchpoints_change(self) -> bool:
        """Whether some allocation changes touchpoints, or the employees who serve there, as a lever may."""
        return act_on_employees(self.targets) or any(each.experience for each in self.allocations.values())

    @property
    def has_market_luck(self) -> bool:
        """Whether the market moves by luck: then replications differ in expected mode, too."""
        volatilities = [each.needs_drift.volatility for each in self.choosing.values()]
        if self.market is not None:
            volatilities += [self.market.volatility_of(each, outside=each == OUTSIDE) for each in self.suppliers]
            volatilities.append(self.market.demand.volatility)
        return any(volatilities)

    @cached_property
    def has_need_states(self) -> bool:
        """Whether customers of some segment move between need states."""
        return any(each.moving for each in self.choosing.values())

    @property
    def follows_customers(self) -> bool:
        """Whether what suppliers offer, spend, or are thought of follows from how many customers they have."""
        return self.learns or self.talks or self.has_boards

    @property
    def learns(self) -> bool:
        """Whether suppliers learn from customers."""
        learned = self.learning is not None and self.learning.forgetting > 0 and self.learning.learning_exponent > 0
        return learned and any(map(self.knowledge, self.suppliers))

    @property
    def talks(self) -> bool:
        """Whether customers talk."""
        return any(each.word_of_mouth for each in self.choosing.values())

    @property
    def has_boards(self) -> bool:
        """Whether boards look at what customers brought."""
        return any(each.boards for each in self.allocations.values())

    def reached(self, change: Change) -> dict[str, ChoiceSegment]:
        """The segments of a rival's change in which the rival can be chosen."""
        choosing = self.choosing.items()
        return {name: each for name, each in choosing if name in change.segments and change.who in each.available}

    def price(self, supplier: str, segment: str) -> float:
        """A supplier's price in a segment today, in the unit of the offers; 100 where no offer is stated."""
        offer = self.offers.get(supplier)
        return 100.0 if offer is None else offer.price_in(segment)

    def level(self, supplier: str, segment: str, need: str) -> float:
        """A supplier's level on a need in a segment today, 0 to 10; 0 if none is stated."""
        offer = self.offers.get(supplier)
        return (offer.level_in(need, segment) if offer else None) or 0.0

    def knowledge(self, supplier: str) -> float:
        """How well a supplier knows customers' needs today, from 0 to 1."""
        if supplier == COMPANY:
            return self.company.knowledge
        return self.rivals[supplier].knowledge if supplier in self.rivals else 0.0

    def imitation_speed(self, rival: str, attribute: str) -> float:
        """How fast a rival imitates what we add to a need or to knowledge, or take off the price; a year."""
        stated = self.rivals[rival].imitation
        return stated[attribute] if attribute in stated else self.imitation.get(attribute, 0.0)

    def imitates(self, rival: str) -> bool:
        """Whether a rival imitates anything."""
        return any(self.imitation_speed(rival, attribute) for attribute in ("price", KNOWLEDGE, *self.needs))

    def problem(self, path: Path, found: str, expected: str, suggestion: str = "") -> Problem:
        """A problem that a later room finds with what the scenario says at `path`, located in its file."""
        return self.source.problem(path, found=found, expected=expected, suggestion=suggestion)

    def resolved_yaml(self) -> str:
        """The scenario as one file that says everything, loads again, and is equal then."""
        from simengine.scenario.resolved import resolved_yaml

        return resolved_yaml(self)


def _without_luck(segment: AnySegment) -> AnySegment:
    """The segment, whose needs follow their trend alone."""
    if not isinstance(segment, ChoiceSegment):
        return segment
    return segment.model_copy(update={"needs_drift": segment.needs_drift.model_copy(update={"volatility": 0.0})})
