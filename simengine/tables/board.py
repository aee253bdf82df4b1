"""Boards: what they spend on their levers after what each world has shown them, period by period, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simengine.model.capital import capital
from simengine.model.carry_over import carried_over
from simengine.model.economic_profit import contribution, economic_profit, nopat
from simengine.model.spend import cost_of_goods, cost_to_serve, revenue, revenue_today
from simengine.model.time import fraction_kept, rate_per_period
from simengine.portfolio.customers import OURS
from simengine.scenario.budgets import Meeting
from simengine.scenario.lever import Lever
from simengine.scenario.model import Scenario
from simengine.tables.layout import STAGES, Floats
from simengine.tables.money import Money, stage_revenue_of
from simengine.tables.programmes import response
from simengine.tables.seen import Seen
from simengine.tables.worlds import Indices, Worlds


class Observed(NamedTuple):
    """What a period brought, by world and segment; the words that a board may go by."""

    customers: Floats  # [W, S] ours at its end
    revenue: Floats  # [W, S] currency in the period
    profit: Floats  # [W, S] currency in the period: economic profit as `spread` has it, so without acquisition


class Books:
    """Our books of the last year, as far as it has been seen, in W worlds: revenue and economic profit of the segments'
    customers by the formulas of valuation, but for the cost of acquisition, which is no part of them, expensed or
    capitalised: who joined, and when, is not seen."""

    def __init__(self, scenario: Scenario) -> None:
        calendar, company, segments = scenario.calendar, scenario.company, scenario.segments.values()
        self._years, self._most = calendar.years_per_period, calendar.periods_per_year
        self._tax_rate = company.tax_rate
        self._rate = rate_per_period(company.discount_rate, self._years)
        self._stages = stage_revenue_of(scenario).T  # [stage, S]
        self._margin = np.array([segment.margin for segment in segments])
        self._of_revenue = np.array([segment.capital.fraction for segment in segments])
        self._per_customer = np.array([segment.capital.money for segment in segments])
        self._capital: Floats | None = None  # [W, S] at the end of the last period that was seen
        self._year: list[Observed] = []

    def see(self, t: int, seen: Seen, money: Money, demand: Floats) -> None:
        """What the market shows before the period t; `money` and `demand` [W, T] are known for all that is over."""
        customers = seen.customers[..., OURS]
        base = np.zeros(customers.shape)
        for stage in range(len(STAGES)):
            base = base + revenue_today(seen.revenue[..., stage], self._stages[stage])
        if t == 0:
            self._capital = self._tied_up(base, customers)
            return
        price, wallet, unit_cost = (table[:, t - 1] for table in (money.price_ratio, money.wallet, money.cost_to_serve))
        volume = wallet * demand[:, t - 1, None]
        brought = revenue(base, price, volume, self._years)
        goods = cost_of_goods(base, volume, self._margin, self._years)
        left = contribution(brought, goods, cost_to_serve(customers, unit_cost, self._years), np.zeros(()))
        assert self._capital is not None
        profit = economic_profit(nopat(left, self._tax_rate), self._capital, self._rate)
        self._capital = self._tied_up(revenue(base, price, wallet, 1.0), customers)
        self._year = [*self._year, Observed(customers, brought, profit)][-self._most :]

    def last_year(self, what: str) -> Floats | None:
        """[W, S] sum over the periods of the last year; None before a year has been seen."""
        if len(self._year) < self._most:
            return None
        periods: list[Floats] = [getattr(period, what) for period in self._year]
        return sum(periods[1:], periods[0])

    def _tied_up(self, revenue_per_year: Floats, customers: Floats) -> Floats:
        nobody = np.zeros(())
        return capital(revenue_per_year, self._of_revenue, customers, self._per_customer, nobody, nobody)


@dataclass
class Seat:
    """A board in the worlds of its allocation."""

    meeting: Meeting
    lever: Lever
    number: int  # of the lever, among those of boards
    place: tuple[Any, ...]  # its worlds and segments, as an index of arrays [W, S]
    today: Floats  # [segments] currency a year
    kept: float  # carry-over of a period
    decided: Floats  # [worlds, segments] currency a year
    accumulated: Floats  # likewise, with what was spent before


class Acting(NamedTuple):
    """What boards change in a period, from today."""

    effects: dict[str, Floats]  # target -> [W, S]
    spend: Floats  # [W, S] currency a year


class Board:
    """All boards of a scenario, in W worlds."""

    def __init__(self, scenario: Scenario, worlds: Worlds) -> None:
        self._books, self._seats = Books(scenario), list[Seat]()
        self._shape = len(worlds.allocation), len(scenario.segments)
        self.levers = levers_of_boards(scenario)
        self.spend = np.full((*self._shape, len(self.levers)), np.nan)  # in the last period, currency a year
        for a, allocation in enumerate(scenario.allocations.values()):
            rows = np.flatnonzero(worlds.allocation == a)
            for meeting in allocation.boards:
                self._seats.append(self._seat(scenario, meeting, rows))

    def _seat(self, scenario: Scenario, meeting: Meeting, rows: Indices) -> Seat:
        lever, segments = scenario.levers[meeting.lever], list(scenario.segments)
        today = np.array([lever.today.get(name, 0.0) for name in meeting.segments])
        columns = np.array([segments.index(name) for name in meeting.segments])
        spend = np.repeat(today[None], len(rows), axis=0)
        kept = fraction_kept(lever.carry_over, scenario.calendar.years_per_period)
        number = self.levers.index(meeting.lever)
        return Seat(meeting, lever, number, np.ix_(rows, columns), today, kept, spend, spend)

    def see(self, t: int, seen: Seen, money: Money, demand: Floats) -> None:
        """What the market shows before the period t; see `Books`."""
        self._books.see(t, seen, money, demand)

    def at(self, t: int) -> Acting:
        """In the period t, to be asked once for each."""
        acting = Acting({}, np.zeros(self._shape))
        for seat in self._seats:
            meeting, spend = seat.meeting, np.broadcast_to(seat.today, seat.decided.shape)
            if meeting.meets(t):
                seat.decided = self._decide(seat)
            if meeting.start <= t < meeting.end:
                spend = seat.decided
            seat.accumulated = carried_over(seat.accumulated, spend, seat.kept)
            neutral = response(seat.lever, seat.today, seat.today)
            effect = acting.effects.setdefault(seat.lever.target, np.zeros(self._shape))
            effect[seat.place] += response(seat.lever, seat.accumulated, seat.today) - neutral
            acting.spend[seat.place] += spend - seat.today
            self.spend[(*seat.place, seat.number)] = spend
        return acting

    def _decide(self, seat: Seat) -> Floats:
        """[worlds, segments] the budget in proportion to what the last year brought, nobody less than nothing; what was
        spent before where nobody brought anything."""
        observed = self._books.last_year(seat.meeting.by)
        if observed is None:
            return seat.decided
        basis = np.maximum(observed[seat.place], 0.0)
        total = np.zeros((len(basis), 1))
        for s in range(basis.shape[1]):
            total += basis[:, s : s + 1]
        parts = basis / np.where(total > 0.0, total, 1.0)
        return np.where(total > 0.0, seat.meeting.budget * parts, seat.decided)


def levers_of_boards(scenario: Scenario) -> tuple[str, ...]:
    """In name order."""
    found = {meeting.lever for allocation in scenario.allocations.values() for meeting in allocation.boards}
    return tuple(sorted(found))
