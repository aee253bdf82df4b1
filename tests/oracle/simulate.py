"""The oracle: a slow, obvious twin of the engine, written from the model's description alone.

It shares no code with the product: it only reads a loaded scenario and the portfolio.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import expected, projects, rival_programme, sampled
from .customer import ABSENT, Customer, supplier_in
from .expected import Flows
from .living import has_luck, unfolded
from .market import Cell
from .opening import SegmentOpening
from .rest import ours
from .rival import overhead, rival_account, served
from .tally import FUTURE, PRESENT, Floats, Place, Tally, count_move, count_state, empty_tally, state_axis
from .value import (
    Account,
    Chances,
    add,
    customer_account,
    expense_account,
    value_by_economic_profit,
    value_by_free_cash_flow,
)
from .world import World, everybody, open_world


class OracleRun(NamedTuple):
    """All that the engine reports, in customers and currency.

    Axes: C cells, R replications (1 in expected mode without luck), T periods, S segments, states, J suppliers
    (us, rivals, nobody), 2 presence (ours at the opening, or not), N customers in the order of the population.
    """

    cells: list[Cell]
    segments: tuple[str, ...]
    suppliers: tuple[str, ...]
    states: tuple[str, ...]
    openings: dict[str, SegmentOpening]
    count: Floats  # type: ignore[assignment]  # [C, R, T + 1, S, states, 2]
    revenue: Floats  # [C, R, T + 1, S, states, 2] a year, at today's price, before stage and wallet
    joins: Floats  # [C, R, T, S, J, 2]
    leaves: Floats  # [C, R, T, S, J, 2]
    direction: Floats  # [C, R, 3] against the first cell
    customer_value: Floats  # [2, N, C] sum over replications
    customer_present: Floats  # [N] sum over replications of customers present
    paths: NDArray[np.int8]  # [C, R, N, T + 1] index of the state, -1: absent; empty in expected mode
    ends: Floats  # [C, R, N, 2, J] customers at the horizon, by presence and supplier
    segment_value: Floats  # [C, R, S, 2] of customers, by presence
    programmes: Floats  # [C, S]
    unallocated: Floats  # [C]
    enterprise_value: Floats  # [C, R]
    enterprise_value_from_economic_profit: Floats  # [C, R]
    nopat: Floats  # [C, R, T] of the whole company
    capital: Floats  # [C, R, T + 1]
    rival_revenue: Floats  # [C, R, T, S, K] of rivals K
    rival_nopat: Floats  # [C, R, T, S, K] before overhead
    rival_capital: Floats  # [C, R, T + 1, S, K]
    rival_value: Floats  # [C, R, K]
    rival_value_from_economic_profit: Floats  # [C, R, K]


def run(
    scenario: Any,
    portfolio: Any,
    *,
    money_scale: float | None = None,
    constants: dict[str, dict[str, float]] | None = None,
    inertia: dict[str, float] | None = None,
) -> OracleRun:
    """Simulate a scenario in its own mode.

    `money_scale`: round each customer's drawn revenue to this grid, as fixed point does. `constants` and
    `inertia`, by segment: use these in place of solving for today.
    """
    return run_world(open_world(scenario, portfolio, constants, inertia), money_scale=money_scale)


def run_world(world: World, *, money_scale: float | None = None) -> OracleRun:
    """Simulate a world that has been opened."""
    if world.scenario.simulation.mode == "expected":
        return _run_expected(world)
    return _run_sampled(world, money_scale)


class _Books:
    """What a run adds up."""

    def __init__(self, world: World, replications: int) -> None:
        cells, people = len(world.cells), everybody(world)
        periods = world.scenario.calendar.periods
        self.world = world
        self.lives: list[World] = []  # [R] the world in each replication
        self.people = people
        self.replications = replications
        self.tally: Tally = empty_tally(cells, replications, periods, len(world.segments), world.names)
        self.customer_value = np.zeros((2, len(people), cells))
        self.customer_present = np.zeros(len(people))
        self.segment_value = np.zeros((cells, replications, len(world.segments), 2))
        self.ends = np.zeros((cells, replications, len(people), 2, len(world.names)))
        shape = (cells, replications, periods, len(world.segments), len(world.rivals))
        self.rival_revenue, self.rival_nopat = np.zeros(shape), np.zeros(shape)
        self.rival_capital = np.zeros((*shape[:2], periods + 1, *shape[3:]))
        self.accounts: dict[tuple[int, int], list[Account]] = {
            (cell, replication): [] for cell in range(cells) for replication in range(replications)
        }

    def book(self, person: Customer, place: Place, account: Account) -> None:
        """A customer's account and its value."""
        value = value_by_free_cash_flow(account, self.world.rates)
        self.customer_value[place.presence, person.row, place.cell] += value
        self.segment_value[place.cell, place.replication, place.segment, place.presence] += value
        self.accounts[place.cell, place.replication].append(account)

    def book_rivals(
        self, person: Customer, place: Place, states: list[Chances], flows: list[Flows], revenue: float, weight: float
    ) -> None:
        """Whose a customer is in the end, and what it brings every rival that it can choose."""
        for state, chance in states[-1].items():
            supplier = self.world.names.index(supplier_in(state))
            self.ends[place.cell, place.replication, person.row, place.presence, supplier] += weight * chance
        world, cell = self.lives[place.replication], self.world.cells[place.cell]
        markets, told = world.markets[cell, person.segment], world.told[cell]
        for k, name in enumerate(world.rivals):
            if not served(markets, name):
                continue
            found = rival_account(told, person.segment, cell, name, markets, states, flows, revenue, weight)
            self.rival_revenue[place.cell, place.replication, :, place.segment, k] += found.revenue
            self.rival_nopat[place.cell, place.replication, :, place.segment, k] += found.account.nopat
            self.rival_capital[place.cell, place.replication, :, place.segment, k] += found.account.capital

    def rival_values(self) -> tuple[Floats, Floats]:
        """[C, R, K] of every rival, in both forms."""
        world, periods = self.world, self.world.scenario.calendar.periods
        years, tax = world.scenario.calendar.years_per_period, world.rates.tax
        values = np.zeros((2, len(world.cells), self.replications, len(world.rivals)))
        for k, name in enumerate(world.rivals):
            for c, r in np.ndindex(len(world.cells), self.replications):
                move, fixed = world.cells[c][1], overhead(world.scenario, name)
                told = self.lives[r].told[world.cells[c]]
                run = [
                    sum(rival_programme.yearly_cost(told, move, name, s, t) for s in world.segments)
                    for t in range(periods)
                ]
                spent = expense_account([fixed + cost for cost in run], tax, years)
                customers = Account(
                    self.rival_nopat[c, r, :, :, k].sum(axis=1).tolist(),
                    self.rival_capital[c, r, :, :, k].sum(axis=1).tolist(),
                )
                whole = add([customers, spent], periods)
                values[:, c, r, k] = (
                    value_by_free_cash_flow(whole, world.rates),
                    value_by_economic_profit(whole, world.rates),
                )
        return values[0], values[1]

    def close(self, paths: NDArray[np.int8]) -> OracleRun:
        """Add programmes and overhead, and value the whole."""
        world = self.world
        scenario, periods = world.scenario, world.scenario.calendar.periods
        years, tax = scenario.calendar.years_per_period, world.rates.tax
        shape = (len(world.cells), self.replications)
        programmes = np.zeros((len(world.cells), len(world.segments)))
        unallocated = np.zeros(len(world.cells))
        whole, whole_too = np.zeros(shape), np.zeros(shape)
        once = world.rates._replace(residual="none")  # what is built is built once
        nopat, capital = np.zeros((*shape, periods)), np.zeros((*shape, periods + 1))
        for number, cell in enumerate(world.cells):
            lines, building = [], []
            for segment in (*world.segments, None):
                costs = [projects.cost(scenario, cell[0] or "", segment, t) for t in range(periods)]
                spent = (
                    [market.programmes for market in self.lives[0].markets[cell, segment]]
                    if segment
                    else [scenario.company.overhead] * periods
                )
                run = [stated + running for stated, (_, running) in zip(spent, costs, strict=True)]
                lines.append(expense_account(run, tax, years))
                building.append(expense_account([built for built, _ in costs], tax, years))
            worth = [
                value_by_free_cash_flow(line, world.rates) + value_by_free_cash_flow(built, once)
                for line, built in zip(lines, building, strict=True)
            ]
            *programmes[number], unallocated[number] = worth
            built = add(building, periods)
            for replication in range(self.replications):
                total = add([*self.accounts[number, replication], *lines], periods)
                whole[number, replication] = value_by_free_cash_flow(total, world.rates)
                whole_too[number, replication] = value_by_economic_profit(total, world.rates)
                whole[number, replication] += value_by_free_cash_flow(built, once)
                whole_too[number, replication] += value_by_economic_profit(built, once)
                nopat[number, replication] = add([total, built], periods).nopat
                capital[number, replication] = total.capital
        rival_value, rival_value_too = self.rival_values()
        return OracleRun(
            cells=world.cells,
            segments=world.segments,
            suppliers=world.names,
            states=state_axis(world.names),
            openings=world.openings,
            **self.tally._asdict(),
            customer_value=self.customer_value,
            customer_present=self.customer_present,
            paths=paths,
            ends=self.ends,
            segment_value=self.segment_value,
            programmes=programmes,
            unallocated=unallocated,
            enterprise_value=whole,
            enterprise_value_from_economic_profit=whole_too,
            nopat=nopat,
            capital=capital,
            rival_revenue=self.rival_revenue,
            rival_nopat=self.rival_nopat,
            rival_capital=self.rival_capital,
            rival_value=rival_value,
            rival_value_from_economic_profit=rival_value_too,
        )


def _run_sampled(world: World, money_scale: float | None) -> OracleRun:
    replications = world.scenario.simulation.replications
    books = _Books(world, replications)
    axis = state_axis(world.names)
    periods = world.scenario.calendar.periods
    paths = np.zeros((len(world.cells), replications, len(books.people), periods + 1), np.int8)
    for replication in range(replications):
        fates = {person.row: sampled.fate(world, person, replication) for person in books.people}
        life = unfolded(world, replication, partial(sampled.count, fates=fates))
        books.lives.append(life)
        for person in books.people:
            luck = fates[person.row]
            base = world.openings[person.segment].base_revenue[person.row]
            revenue = base * person.weight * luck.multiplier
            if money_scale is not None:
                revenue = round(revenue * money_scale) / money_scale
            reference = sampled.draw_path(life, person, world.cells[0], luck)
            present = reference.states[0] in axis[:3]
            books.customer_present[person.row] += person.weight * present
            for number, cell in enumerate(world.cells):
                path = sampled.draw_path(life, person, cell, luck)
                segment = world.segments.index(person.segment)
                place = Place(number, replication, segment, PRESENT if present else FUTURE)
                books.tally.direction[number, replication] += sampled.compare_directions(reference, path)
                for end, state in enumerate(path.states):
                    paths[number, replication, person.row, end] = -1 if state == ABSENT else axis.index(state)
                    if state != ABSENT:
                        count_state(books.tally, place, end, axis.index(state), person.weight, revenue)
                for period, (before, after) in enumerate(zip(path.states, path.states[1:], strict=False)):
                    count_move(books.tally, place, period, world.names, before, after, person.weight)
                history = sampled.history_of(path)
                moves = [{pair: 1.0} for pair in zip(path.states, path.states[1:], strict=False)]
                books.book_rivals(person, place, history.states, moves, revenue, person.weight)
                books.book(person, place, _account(life, person, cell, history, revenue, 1.0))
    return books.close(paths)


def _run_expected(world: World) -> OracleRun:
    replications = world.scenario.simulation.replications if has_luck(world.scenario) else 1
    books = _Books(world, replications)
    for replication in range(replications):
        books.lives.append(unfolded(world, replication, expected.count))
        for person in books.people:
            _expect(books, person, replication)
    return books.close(np.zeros((0, 0, 0, 0), np.int8))


def _expect(books: _Books, person: Customer, replication: int) -> None:
    world, life, axis = books.world, books.lives[replication], state_axis(books.world.names)
    opening = world.openings[person.segment]
    if person.arrival == 0:
        books.customer_present[person.row] += person.weight * ours(opening.chances[person.row])
    revenue = opening.base_revenue[person.row] * person.weight
    for number, cell in enumerate(world.cells):
        for part in expected.parts(life, person, cell):
            place = Place(number, replication, world.segments.index(person.segment), part.presence)
            customers = person.weight * part.probability
            for end, chances in enumerate(part.history.states):
                for state, chance in chances.items():
                    brings = revenue * part.probability * chance
                    count_state(books.tally, place, end, axis.index(state), customers * chance, brings)
            for period, flow in enumerate(part.flows):
                for (before, after), chance in flow.items():
                    count_move(books.tally, place, period, world.names, before, after, customers * chance)
            books.book_rivals(person, place, part.history.states, part.flows, revenue * part.probability, customers)
            account = _account(life, person, cell, part.history, revenue * part.probability, part.probability)
            books.book(person, place, account)


def _account(world: World, person: Customer, cell: Cell, history: Any, revenue: float, probability: float) -> Account:
    weight, money = person.weight * probability, world.money[person.segment]
    account = customer_account(
        history,
        revenue,
        weight,
        world.markets[cell, person.segment],
        money,
        world.rates.tax,
        world.scenario.calendar.years_per_period,
    )
    if world.rates.residual != "run_off":
        return account
    later = expected.run_off(world, person, cell, history.states[-1])
    last = world.run_off[cell, person.segment]
    years = world.scenario.calendar.years_per_period
    after = customer_account(later, revenue, weight, [last] * len(later.joins), money, world.rates.tax, years)
    capital = [account.capital[-1], *after.capital[1:]]
    v = 1 / (1 + world.rates.discount)
    profit = [v ** (n + 1) * (nopat - world.rates.discount * capital[n]) for n, nopat in enumerate(after.nopat)]
    return account._replace(run_off=sum(profit))
