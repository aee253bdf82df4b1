"""A market that has to unfold to be known: it answers what customers do, or has luck of its own.

The engine asks for a batch of replications, then for the tables of one period after the other; what is known of all
replications in the end is collected here.
"""

from __future__ import annotations

import numpy as np

from simengine.scenario.model import Scenario
from simengine.tables.board import levers_of_boards
from simengine.tables.came import Came
from simengine.tables.initiatives import InitiativesOf
from simengine.tables.layout import BoardSpend, Choice, Economics, Floats, RunOff, Tables
from simengine.tables.market import Market, Plans
from simengine.tables.money import empty_money
from simengine.tables.seen import Seen
from simengine.tables.shown import Shown, Sums
from simengine.tables.today import Today
from simengine.tables.worlds import by_cell, worlds_of

MOST_AT_ONCE = 2**17  # worlds x periods x segments x suppliers, some 200 bytes each: what a cache holds


def feeds_back(scenario: Scenario) -> bool:
    """Whether what customers do moves the market: what is learned from serving them, talk among them, boards that look
    at what they brought, moves that wait for something."""
    return _waits(scenario) or scenario.follows_customers


def only_talks(scenario: Scenario) -> bool:
    """Whether what customers say is all that feeds back, and is not asked for beyond the horizon."""
    beyond = scenario.company.residual.method == "run_off"
    return scenario.talks and not (_waits(scenario) or scenario.learns or scenario.has_boards or beyond)


def _waits(scenario: Scenario) -> bool:
    return any(change.trigger for changes in scenario.moves.values() for change in changes)


def has_luck(scenario: Scenario) -> bool:
    """Whether the market differs by replication, besides what customers do."""
    changes = [change for changes in scenario.moves.values() for change in changes]
    moves = any(change.arrival is not None or change.size is not None for change in changes)
    initiatives = [each for allocation in scenario.allocations.values() for each in allocation.initiatives.values()]
    return moves or scenario.has_market_luck or any(each.uncertain for each in initiatives)


def unfolds(scenario: Scenario) -> bool:
    """Whether the tables of its market come to be as it is simulated."""
    return feeds_back(scenario) or has_luck(scenario)


class Unfolding:
    """The market of a scenario in all replications of a run."""

    def __init__(
        self, scenario: Scenario, tables: Tables, today: Today, plans: Plans, replications: int,
        initiatives: InitiativesOf, first: int = 0, after: Sums | None = None,
    ) -> None:  # fmt: skip
        """`tables` are those of the market without luck or feedback; its replications are `first`, first + 1, ...;
        `after` is what was shown of replications before these."""
        self.replications, self.first, self.feedback = replications, first, feeds_back(scenario)
        self.talk = today.word_of_mouth if only_talks(scenario) else None
        self.scenario, self.tables, self.today, self.plans = scenario, tables, today, plans
        self.initiatives = initiatives
        cells, periods = len(tables.axes.cells), len(tables.axes.periods)
        segments, rivals = today.price[:, 1:].shape
        shape = cells, replications, periods, segments
        self.money, self.rival_money = empty_money(shape), empty_money((*shape, rivals))
        self.demand = np.ones(shape[:-1])
        self.run_off_money = np.zeros((2, cells, replications, segments))  # wallet, cost to serve
        levers = levers_of_boards(scenario)
        self.boards = BoardSpend(levers, np.full((*shape, len(levers)), np.nan)) if levers else None
        self.shown, self.came = Shown(scenario, tables.axes), Came(scenario, replications)
        self.onward = None if after is None else Shown(scenario, tables.axes, after)  # what was shown before, too

    def batch(self, first: int, replications: int) -> Batch:
        """Some of its replications: the first-th, counted from 0, and those after it."""
        return Batch(self, first, replications)

    def finished(self) -> Tables:
        """The tables with what has become of the market, once all batches are simulated."""
        sums = self.shown.sums()
        return self.tables._replace(
            economics=self.economics(slice(0, self.replications)),
            rivals=self.tables.rivals._replace(**self.rival_money._asdict()),
            offers=sums.offers(),
            experience=sums.experience(self.scenario),
            boards=self.boards,
            waiting=self.came.waiting(),
        )

    def economics(self, replications: slice) -> Economics:
        """Of some replications: views."""
        of_cells = self.money._asdict() | {
            "demand": self.demand,
            "run_off_wallet": self.run_off_money[0],
            "run_off_cost_to_serve": self.run_off_money[1],
        }
        return self.tables.economics._replace(**{name: table[:, replications] for name, table in of_cells.items()})


class Batch:
    """The market in some replications, the tables of its worlds filled period by period."""

    def __init__(self, whole: Unfolding, first: int, replications: int) -> None:
        self._whole, self._rows = whole, slice(first, first + replications)
        worlds = worlds_of(whole.scenario, whole.first + first, replications)
        initiatives = whole.initiatives(first, replications)
        self._market = Market(whole.scenario, whole.today, worlds, whole.plans, initiatives)
        self.choice: Choice = self._market.choice
        self.run_off: RunOff | None = None
        self.economics = whole.economics(self._rows)

    def reveal(self, period: int, seen: Seen | None = None) -> None:
        """Fill the tables of the next period, given the market at the end of the one before."""
        whole, market = self._whole, self._market
        what = market.reveal(period, seen)
        whole.shown.add(market, period, what)
        if whole.onward is not None:
            whole.onward.add(market, period, what)
        whole.came.add(market.states, period, self._rows)
        for total, table in zip((*whole.money, *whole.rival_money), (*market.money, *market.rival_money), strict=True):
            total[:, self._rows, period] = self._by_cell(table[:, period])
        whole.demand[:, self._rows, period] = self._by_cell(market.demand[:, period])
        if whole.boards is not None and market.board is not None:
            whole.boards.spend[:, self._rows, period] = self._by_cell(market.board.spend)
        if period == len(whole.tables.axes.periods) - 1 and whole.tables.run_off is not None:
            beyond = market.beyond()
            self.run_off = whole.tables.run_off._replace(choice=beyond.choice)
            whole.run_off_money[0][:, self._rows] = self._by_cell(beyond.wallet)
            whole.run_off_money[1][:, self._rows] = self._by_cell(beyond.cost_to_serve)

    def reveal_all(self) -> None:
        """Fill the tables of all periods, where none is given what the market shows before it: at once, if none
        follows from the one before and there are not too many."""
        whole, market, periods = self._whole, self._market, len(self._whole.tables.axes.periods)
        if not market.known or market.choice.shift.size > MOST_AT_ONCE:
            for period in range(periods):
                self.reveal(period)
            return
        what = market.reveal_all()
        self.choice = market.choice
        for shown in filter(None, (whole.shown, whole.onward)):
            shown.add(market, slice(None), what)
        for total, table in zip((*whole.money, *whole.rival_money), (*market.money, *market.rival_money), strict=True):
            total[:, self._rows] = self._by_cell(table)
        whole.demand[:, self._rows] = self._by_cell(market.demand)

    def _by_cell(self, table: Floats) -> Floats:
        return by_cell(table, len(self._whole.tables.axes.cells))
