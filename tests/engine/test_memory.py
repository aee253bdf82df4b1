"""The plan of a simulation's memory: the largest batch that fits, and a prediction that what is held bears out."""

from __future__ import annotations

import tracemalloc
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from simengine.engine import memory
from simengine.engine.expected_choice import MOST_KEPT
from simengine.engine.leaves import LEAF
from simengine.engine.ledger import Ledger
from simengine.engine.memory import MARGIN, Size, batches, plan
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.simulate import simulate
from simengine.portfolio.population import Population
from simengine.tables.layout import Tables
from tests.engine.unfoldings import Retold
from tests.properties.worlds import market, opened

SIZE = Size(
    customers=9_000_000, cells=12, kept=12, replications=100, periods=40, segments=2, suppliers=4, features=6, workers=2
)
GIB = 2**30


def test_as_many_replications_as_fit() -> None:
    of_one = memory.simulation(SIZE, "sampled", 2) - memory.simulation(SIZE, "sampled", 1)
    assert of_one > SIZE.customers * SIZE.cells * 2  # two bytes of state, and the books
    least = memory.simulation(SIZE, "sampled", 1) + MARGIN + GIB
    for budget, batch in ((least, 1), (least + of_one, 2), (least + 7 * of_one, 8), (200 * GIB, 16)):
        planned = plan(SIZE, "sampled", GIB, budget)
        assert (planned.batch, planned.least) == (batch, least)
        assert planned.peak <= budget
    planned = plan(SIZE, "sampled", GIB, least - 1)
    assert planned == (1, least, least), "the smallest, which does not fit"


def test_as_many_cells_as_fit_and_as_few_passes() -> None:
    assert batches(SIZE, "expected") == [12, 6, 4, 3, 2, 1]
    assert batches(SIZE._replace(cells=7), "expected") == [7, 4, 3, 2, 1]
    most = memory.simulation(SIZE, "expected", 12) + MARGIN
    assert plan(SIZE, "expected", 0, most).batch == 12
    assert plan(SIZE, "expected", 0, most - 1).batch == 6


def test_batches_never_need_a_further_call_of_the_random_generator() -> None:
    for replications in range(1, 40):
        for batch in batches(SIZE._replace(replications=replications), "sampled"):
            assert 16 % batch == 0 or batch == replications


def test_a_stated_batch_is_kept() -> None:
    assert plan(SIZE, "sampled", 0, 0, batch=5).batch == 5


World = tuple[Tables, Opening, Population, int]


@pytest.fixture(scope="module")
def world() -> World:
    document = market()
    document["segments"]["affluent"]["size"] = 30_000
    _, portfolio, tables = opened(document)
    return tables, solve_opening(tables, portfolio.population), portfolio.population, len(tables.axes.cells)


def traced(opening: Opening, tables: Tables, population: Population, options: Options) -> int:
    """The most bytes that a simulation holds at a time, its ledger among them."""
    tracemalloc.start()
    simulate(opening, tables, population, options)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def held_and_predicted(document: dict[str, Any], mode: str) -> tuple[Size, int, int]:
    """The size of four replications of a market, values of customers kept of two cells; what they hold and what the
    plan says of it, bytes."""
    _, portfolio, tables = opened(document)
    opening = solve_opening(tables, portfolio.population)
    options = Options(seed=1, mode=mode, replications=4, threads=1, batch=4, customer_cells=(0, 1))
    simulate(opening, tables, portfolio.population, options)  # compiled from here on
    held, size = traced(opening, tables, portfolio.population, options), memory.size_of(tables, options)
    return size, held, memory.simulation(size, mode, 4 if mode == "sampled" else size.cells)


@pytest.mark.parametrize("kept", ["all", "none"])
@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_is_held_is_as_predicted(world: World, mode: str, kept: str) -> None:
    tables, opening, population, cells = world
    cell = None if kept == "all" else ()
    options = Options(seed=1, mode=mode, replications=16, threads=1, customer_cells=cell)
    simulate(opening, tables, population, options)  # compiled from here on
    for batch in (cells, 1) if mode == "expected" else (16, 1):
        own = options._replace(cells=batch) if mode == "expected" else options._replace(batch=batch)
        held = traced(opening, tables, population, own)
        predicted = memory.simulation(memory.size_of(tables, own), mode, batch)
        assert 0.3 * predicted < held < 1.05 * predicted + 2**20, (batch, held, predicted, held / predicted)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_need_states_take_is_predicted(mode: str) -> None:
    document = market()
    document["segments"]["affluent"] |= {
        "size": 10_000,
        "need_states": {
            "young": {"needs": {"rate": 0.5, "service": 0.5}, "next": {"settled": 0.2}},
            "settled": {"needs": {"rate": 0.3, "service": 0.7}, "next": {"young": 0.2}},
        },
    }
    size, held, predicted = held_and_predicted(document, mode)
    assert (size.moving, size.joint) == (10_000, 20_000)
    assert 0.3 * predicted < held < 1.05 * predicted + 2**20, (held, predicted, held / predicted)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_customers_with_laws_of_their_own_take_is_within_what_is_predicted(mode: str) -> None:
    document, few = market(), {"size": 6_000, "margin": 0.5}
    purchases = {"bg_nbd": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "unit": "week"}}
    spend = {"gamma_gamma": {"p": 6.25, "q": 3.74, "gamma": 15.44}}
    states = {"recent": {"money": 36, "next": {"recent": 0.3, "lapsed": 0.6}}, "lapsed": {"money": 4, "next": {}}}
    document["segments"] |= {
        "buying": {"dynamics": "buy-till-you-die", "purchases": purchases, "spend": spend, **few},
        "passing": {"dynamics": "markov", "every": "quarter", "states": states, "size": 6_000},
    }
    size, held, predicted = held_and_predicted(document, mode)
    assert size.lawful == 12_000
    assert 0.2 * predicted < held < 1.05 * predicted + 2**20, (held, predicted, held / predicted)


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("kept", [None, (), (1, 3)])
def test_no_bit_depends_on_what_is_in_flight(world: World, mode: str, kept: Any) -> None:
    tables, opening, population, cells = world
    options = Options(seed=1, mode=mode, replications=5, threads=1, customer_cells=kept)
    whole = simulate(opening, tables, population, options)
    for batch in (1, 2, cells - 1):
        part = simulate(opening, tables, population, options._replace(batch=batch, cells=batch))
        for name in (*{field.name for field in fields(Ledger)} - {"customers"}, "customer_value", "customer_present"):
            assert np.array_equal(getattr(whole, name), getattr(part, name)), name


@pytest.mark.parametrize("mode", ["sampled", "expected"])
def test_what_worlds_hold_is_as_predicted(world: World, mode: str) -> None:
    tables, opening, population, _ = world
    unfolding = Retold([tables] * 6, feedback=True)
    options = Options(seed=1, mode=mode, replications=6, threads=1)
    simulate(opening, tables, population, options, unfolding=unfolding)
    for batch in (6, 1):
        tracemalloc.start()
        simulate(opening, tables, population, options._replace(batch=batch), unfolding=unfolding)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        size = memory.size_of(tables, options, unfolding)
        predicted = memory.simulation(size, mode, batch)
        assert 0.3 * predicted < held < 1.05 * predicted + 2**21, (batch, held, predicted, held / predicted)


def test_as_many_replications_of_worlds_as_fit() -> None:
    size = SIZE._replace(unfolds=True)
    assert batches(size, "expected") == batches(size, "sampled") == [16, 8, 4, 2, 1]
    assert batches(size._replace(replications=1), "expected") == [1]
    of_one = memory.simulation(size, "expected", 2) - memory.simulation(size, "expected", 1)
    assert of_one > size.customers * size.cells * size.states * 2 * 4


def test_weights_that_workers_keep_are_predicted() -> None:
    """Of customers who hear of each other, by each worker that has a segment to carry: so many as a cache holds, or of
    all customers in all offers."""

    def more(size: Size) -> int:
        return memory.simulation(size._replace(talks=True), "expected", 1) - memory.simulation(size, "expected", 1)

    assert more(SIZE) == SIZE.workers * 4 * MOST_KEPT
    assert more(SIZE._replace(workers=8)) == SIZE.segments * 4 * MOST_KEPT
    few = SIZE._replace(customers=10, cells=2, workers=1)
    rows = 10 + LEAF  # whole leaves
    assert more(few) == rows * 4 * few.suppliers * (few.periods + 1)
    assert more(few._replace(unfolds=True)) == rows * 4 * few.suppliers * (2 * few.periods + 1)
    assert memory.simulation(SIZE._replace(talks=True), "sampled", 1) == memory.simulation(SIZE, "sampled", 1)
