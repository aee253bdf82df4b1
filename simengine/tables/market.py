"""The market as it unfolds, period after period, in many worlds at once: what everybody does, offers and spends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.model import Scenario
from simengine.tables.board import Board, levers_of_boards
from simengine.tables.choice import Offered, empty_choice, fill_choice
from simengine.tables.condition import MarketView
from simengine.tables.design import Designs, designs_of
from simengine.tables.effects import (
    Effects,
    Programmes,
    Running,
    multiplier,
    our_programmes,
    rivals_programmes,
    sum_of,
    without_spend,
)
from simengine.tables.forces import Forces
from simengine.tables.holding import Holding, Moves, market_factor
from simengine.tables.initiatives import KNOWN, Initiatives, with_initiatives
from simengine.tables.layout import Choice, Floats
from simengine.tables.money import Money, costs_today, empty_money, fill_our_money, fill_rival_money
from simengine.tables.move_states import MoveStates
from simengine.tables.ours import OurOffer, our_offer
from simengine.tables.running import RunningProgrammes
from simengine.tables.seen import Seen
from simengine.tables.theirs import Imitation, TheirOffers, moved_offers
from simengine.tables.today import Today
from simengine.tables.touchpoints import Service, Touchpoints
from simengine.tables.worlds import Indices, Worlds, in_every_period

FROZEN = "price"  # a target: what levers did to it stays beyond the horizon


class Plans(NamedTuple):
    """What is decided before any market unfolds: what allocations do, and what rivals do who run programmes of ours
    from known dates; the numbers of groups that somebody designs for."""

    ours: Programmes
    theirs: Programmes
    designs: Designs

    @property
    def finer(self) -> int:
        """Misfits of a customer besides that of today's design: the most that any segment has."""
        return max(map(len, self.designs.values()), default=0)


def plans_of(scenario: Scenario, designs: Designs | None = None) -> Plans:
    """The plans of a scenario whose budgets are settled. `designs` are those for which customers have misfits, where
    these are more than the scenario's own."""
    designs = designs_of(scenario) if designs is None else designs
    return Plans(our_programmes(scenario, designs), rivals_programmes(scenario, scenario.moves, designs), designs)


class Period(NamedTuple):
    """What everybody does and offers in one period."""

    ours: OurOffer
    theirs: TheirOffers
    knowledge: Floats  # [W, S, N] of all suppliers with an offer, moves of rivals included
    service: Service | None  # where touchpoints are stated
    our_effects: Effects
    their_effects: Effects
    holding: Sequence[Holding]


class Beyond(NamedTuple):
    """What is beyond the horizon when nothing is spent any more, for the residual method run_off."""

    choice: Choice  # of one period
    wallet: Floats  # [W, S] multiplier on revenue
    cost_to_serve: Floats  # [W, S] currency a year


class Market:
    """Some worlds of a scenario. `reveal` states the tables of one period after the other."""

    def __init__(
        self, scenario: Scenario, today: Today, worlds: Worlds, plans: Plans, initiatives: Initiatives | None = None,
        *, wide: bool = False,
    ) -> None:  # fmt: skip
        """`initiatives` of the replications of these worlds, where allocations have some. `wide`: each of them stays in
        a period of its own."""
        self.scenario, self.today, self.worlds = scenario, today, worlds
        self._plans, self._initiatives = plans, initiatives
        count, periods = len(worlds.allocation), 1 if wide else scenario.calendar.periods
        shape = (count, periods, *today.price[:, 1:].shape)
        self.choice = empty_choice(count, periods, today, plans.finer)
        self.money, self.rival_money = empty_money(shape[:-1]), empty_money(shape)
        self._cost, self._rival_cost = costs_today(scenario)
        unfolding = any(change.unfolds for changes in scenario.moves.values() for change in changes)
        first, replications = int(worlds.replication[0]), worlds.replications
        self.states = MoveStates(scenario, first, replications) if unfolding else None
        self._running = RunningProgrammes(scenario, self.states, plans.designs) if self.states else None
        self._moves = Moves(scenario, worlds, self.states)
        self.board = Board(scenario, worlds) if levers_of_boards(scenario) else None
        self.touchpoints = None if scenario.experience is None else Touchpoints(scenario, worlds)
        imitating = any(map(scenario.imitates, scenario.rivals))
        self._imitation = Imitation(scenario, today, count) if imitating else None
        self._forces = Forces(scenario, worlds.replication, today)
        self.demand = self._forces.demand  # [W, T] multiplier on everybody's revenue
        self._last: Period | None = None

    def reveal(self, t: Any, seen: Seen | None = None) -> Period:
        """State the tables of the next period, t; of wide worlds, of the period of each. `seen` is what the market
        shows at the end of the period before, at the opening for 0; it is needed where something follows from it."""
        before, row = self._last, 0 if isinstance(t, np.ndarray) else t
        self._forces.see(seen)
        if self.states:
            self.states.advance(t, None if before is None or seen is None else self._view(before, seen))
        ours, theirs, holding = self._ours(t, seen), self._theirs(t), self._moves.holding(t)
        period = self._offers(t, ours.effects, theirs.effects, holding)
        misfit = np.concatenate([ours.misfit[..., None], theirs.misfit], axis=-1)
        self._weigh(self.choice, row, t, period, misfit)
        fill_our_money(self.money, row, self._cost, ours, holding)
        fill_rival_money(self.rival_money, row, self.today, self._rival_cost, period.theirs.price, theirs, holding)
        self._last = period
        return period

    @property
    def known(self) -> bool:
        """Whether no period follows from the one before, unless from what customers say: then all may be revealed at
        once."""
        memory = self.states, self.board, self.touchpoints, self._imitation
        beyond = self.scenario.company.residual.method == "run_off"
        return not (any(each is not None for each in memory) or self._forces.remember or beyond)

    def reveal_all(self) -> Period:
        """State the tables of all periods at once, each world in a period as a world of its own; to be asked for
        instead of `reveal` where the market is `known`. The bits are the same."""
        scenario, worlds, periods = self.scenario, self.worlds, self.scenario.calendar.periods
        wide = Market(scenario, self.today, in_every_period(worlds, periods), self._plans, self._initiatives, wide=True)
        times = np.tile(np.arange(periods), len(worlds.allocation))
        period = wide.reveal(times)

        def in_periods(table: Any) -> Any:
            return table.reshape(len(worlds.allocation), periods, *table.shape[2:])

        self.choice = Choice(*map(in_periods, wide.choice))
        self.money, self.rival_money = Money(*map(in_periods, wide.money)), Money(*map(in_periods, wide.rival_money))
        return period

    def _ours(self, t: Any, seen: Seen | None) -> Running:
        """What allocations state, with what boards make of it and what initiatives add."""
        worlds = self.worlds
        effects, spend, misfit = self._plans.ours.at(t, worlds.allocation)
        if self.board:
            if seen is not None:
                self.board.see(t, seen, self.money, self.demand)
            acting = self.board.at(t)
            effects, spend = sum_of(effects, acting.effects), spend + acting.spend
        if self._initiatives:
            effects = with_initiatives(effects, self._initiatives, self.scenario, worlds, t)
        return Running(effects, spend, misfit)

    def _theirs(self, t: Any) -> Running:
        """What rivals do who run programmes of ours."""
        scheduled = self._plans.theirs.at(t, self.worlds.move)
        return self._running.at(t, scheduled) if self._running else scheduled

    def _offers(self, t: Any, ours: Effects, theirs: Effects, holding: Sequence[Holding]) -> Period:
        service = self.touchpoints.serve(t, ours) if self.touchpoints else None
        offer = self._our_offer(t, ours, service)
        taught = np.zeros((len(self.worlds.allocation), *self.today.knowledge.shape))
        taught[..., 0] += ours.get(KNOWLEDGE, 0.0)
        taught[..., 1:] += theirs.get(KNOWLEDGE, 0.0)
        known = self._forces.knowledge(taught, self._last.knowledge if self._last else None).copy()
        known[..., 0] = np.minimum(np.maximum(known[..., 0] + ours.get(KNOWN, 0.0), 0.0), 1.0)
        others = moved_offers(self.scenario, self.today, known[..., 1:], holding, theirs)
        if self._imitation:
            others = self._imitation.on_top(offer, others, holding)
        knowledge = np.concatenate([known[..., :1], others.knowledge], axis=-1)
        return Period(offer, others, knowledge, service, ours, theirs, holding)

    def _our_offer(self, t: Any, effects: Effects, service: Service | None) -> OurOffer:
        delivered = None
        if service is not None and self.touchpoints is not None:
            delivered = service.experience / self.touchpoints.today
        weights = self._forces.weights(t)
        return our_offer(self.scenario, self.today, effects, delivered, weights, len(self.worlds.allocation))

    def _view(self, before: Period, seen: Seen) -> MarketView:
        """What the market shows: at the end of a period."""
        offered = offered_by_all(before)
        outside = np.zeros((*offered.price.shape[:2], 1))
        return MarketView(
            seen.customers,
            np.concatenate([offered.price, outside], axis=2),
            np.concatenate([offered.level, np.zeros((*outside.shape, offered.level.shape[-1]))], axis=2),
            np.concatenate([offered.knowledge, outside], axis=2),
        )

    def beyond(self) -> Beyond:
        """The last period for ever: rivals' offers and the market as they are then, but for finer designs. Of what we
        do, prices stay as levers left them and touchpoints in the hands in which they are; all else is as without any
        spend, today's included, at once, employees as they would be for good: what is not paid for does not last."""
        last = self._last
        assert last is not None
        ended = without_spend(self.scenario, self.worlds)
        gone = {target: effect for target, effect in ended.items() if target != FROZEN}
        effects = gone | {target: effect for target, effect in last.our_effects.items() if target == FROZEN}
        t = self.scenario.calendar.periods - 1
        service = self.touchpoints.serve(t, effects, at_rest=True) if self.touchpoints else None
        then = last._replace(ours=self._our_offer(t, effects, service), service=service, our_effects=effects)
        choice = empty_choice(len(self.worlds.allocation), 1, self.today, 0)
        self._weigh(choice, 0, t, then, np.zeros((1, *self.today.price.shape), np.int64))
        shape = then.ours.price.shape
        market = market_factor(last.holding, "cost", shape)
        wallet = np.broadcast_to(multiplier(ended, "wallet"), shape)
        return Beyond(choice, wallet, self._cost * multiplier(ended, "cost_to_serve") * market)

    def _weigh(self, choice: Choice, row: int, t: Any, period: Period, misfit: Indices) -> None:
        years = self.scenario.calendar.years_per_period
        effects = period.our_effects, period.their_effects
        offered = offered_by_all(period, misfit)
        fill_choice(choice, row, self.today, offered, period.ours.gap, *effects, period.holding, years)
        choice.shift[:, row] = self._forces.shift(t, offered.level, offered.knowledge)


def offered_by_all(period: Period, misfit: Indices | None = None) -> Offered:
    """What all suppliers with an offer, us first, offer; `misfit` [W, S, N] as in `Offered`, today's if left out."""
    ours, theirs = period.ours, period.theirs
    shape = period.knowledge.shape
    return Offered(
        np.concatenate([ours.price[..., None], theirs.price], axis=-1),
        np.concatenate([ours.level[:, :, None], theirs.level], axis=2),
        period.knowledge,
        np.zeros(shape, np.int64) if misfit is None else np.broadcast_to(misfit, shape),
    )


def choice_today(scenario: Scenario, today: Today) -> Choice:
    """One world and one period of today: today's spend, no move, no finer design."""
    table = empty_choice(1, 1, today, 0)
    shape = (1, *today.price.shape)
    offered = Offered(today.price[None], today.level[None], today.knowledge[None], np.zeros(shape, np.int64))
    nothing = np.zeros(shape[:2])
    fill_choice(table, 0, today, offered, nothing, {}, {}, (), scenario.calendar.years_per_period)
    return table
