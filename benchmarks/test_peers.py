"""The same market in other tools, each as its users write it: do they simulate it, and how fast on one core?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.special import ndtri

from simengine.bench.engine import engine, reference
from simengine.bench.machine import dated
from simengine.bench.market import Market, Shape, market
from simengine.bench.precision import processor_seconds
from simengine.bench.segment import Segment, segments_of
from simengine.bench.trial import FULL, SMOKE, Run
from simengine.engine.options import Options
from simengine.tables.layout import Floats

CELL, ANOTHER = ("both", "price_war"), ("baseline", "quiet")
FALSE_ALARMS = 1e-4  # how often a peer that simulates the market is said not to
BEST = ("sampled, 12 cells", "sampled, 1 cell")
EXPECTED = Options(seed=1, mode="expected", replications=1, threads=1, customer_cells=())


class Peer(NamedTuple):
    """A tool, and how the market is written in it."""

    module: str  # of benchmarks.peers
    what: str
    size: float = 1.0  # of the customers that others simulate: slow tools are as fast with fewer


PEERS = {
    "numpy": Peer("numpy_vectorised", "vectorised over customers, utilities of reviewers only"),
    "numba": Peer("numba_loops", "loops over customers and periods, `np.random`"),
    "jax": Peer("jax_scan", "`jit`, `lax.scan` over periods, vectorised over customers"),
    "mesa": Peer("mesa_agents", "an agent each, `step` every period, a data collector", size=0.1),
    "simpy": Peer("simpy_processes", "a process each, asleep until its next review", size=0.1),
}
Simulate = Callable[[list[Segment], int], Floats]


def module_of(name: str) -> ModuleType:
    """How the market is written in a tool; skips the test where the tool is not installed."""
    pytest.importorskip(name, reason=f"{name} is not installed: it comes with the extra `peers`")
    return import_module(f"benchmarks.peers.{PEERS[name].module}")


@pytest.fixture(scope="module", autouse=True)
def one_core() -> Iterator[None]:
    """One core for this process and all threads that it starts: JAX's XLA has no more of them then."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(usable)})
    yield
    os.sched_setaffinity(0, usable)


@pytest.fixture(scope="module")
def customers(request: pytest.FixtureRequest) -> int:
    return 100_000 if request.config.getoption("benchmark_enable") else 8_000


@cache
def own_market(customers: int, cells: int = 12) -> Market:
    return market(Shape(customers=customers, cells=cells, segments=2, stages=True))


def segments_in(own: Market, cell: tuple[str, str] = CELL) -> list[Segment]:
    return segments_of(own.tables, own.opening, own.tables.axes.cells.index(cell))


@cache
def expected_at_the_end(customers: int, cell: tuple[str, str]) -> Floats:
    """[S, states] customers that expected mode has there."""
    own = own_market(customers)
    ledger = own.simulated(EXPECTED)
    ends = ledger.count[own.tables.axes.cells.index(cell), 0, -1].sum(axis=-1)
    return np.asarray(ends / ledger.count_scale)


def is_drawn_from(customers: Floats, expected: Floats) -> bool:
    """Whether customers by state are a likely draw where so many are expected.

    Each is a sum over independent customers, so its variance is at most that of the binomial distribution.
    """
    deviation = np.sqrt(expected * (1 - expected / expected.sum(axis=1, keepdims=True)))
    limit = -ndtri(FALSE_ALARMS / 2 / expected.size)
    return bool((np.abs(customers - expected) <= limit * deviation).all())


@pytest.mark.parametrize("name", PEERS)
def test_peer_simulates_the_same_market(name: str, customers: int) -> None:
    """By its segments, suppliers and stages at the end; another cell's would be noticed."""
    simulate: Simulate = module_of(name).simulate
    count = int(customers * PEERS[name].size) if customers == 100_000 else customers
    own = own_market(count)
    totals = simulate(segments_in(own), 1)
    assert is_drawn_from(totals[0, -1], expected_at_the_end(count, CELL))
    assert not is_drawn_from(totals[0, -1], expected_at_the_end(count, ANOTHER))
    revenue = sum(segment.revenue.sum() for segment in segments_in(own))
    assert totals[1].sum(axis=(1, 2)) == pytest.approx(np.full(len(totals[1]), revenue), rel=1e-4)


def test_cells_of_jax_share_their_luck() -> None:
    jax_scan = module_of("jax")
    cells = [segments_in(own_market(2_000), cell) for cell in (ANOTHER, CELL, ANOTHER)]
    first, other, again = jax_scan.simulate_cells(cells, 1)
    assert (first == again).all()
    assert (other != first).any()


class Row(NamedTuple):
    """A line of the table."""

    name: str
    what: str
    run: Run


def rows_of_peers(customers: int) -> Iterator[Row]:
    """Of those that are installed."""
    for name, peer in PEERS.items():
        if find_spec(name) is None:
            continue
        module, own = module_of(name), own_market(int(customers * peer.size))
        segments, axes = segments_in(own), own.tables.axes
        quarters = len(own.population.ids) * len(axes.periods) / 1e6
        title = f"{name} {version(name)}"
        yield Row(title, peer.what, Run(name, partial(module.simulate, segments, 1), quarters))
        if name == "jax":
            cells = [segments_in(own, cell) for cell in axes.cells]
            run = Run("jax, 12 cells", partial(module.simulate_cells, cells, 1), quarters * len(cells))
            yield Row(f"{title}, 12 cells", "the same, `vmap` over cells that share their luck", run)


def rows_of_the_engine(customers: int) -> Iterator[Row]:
    sampled = EXPECTED._replace(mode="sampled", replications=16, batch=16)
    for mode, cells, options in (("expected", 12, EXPECTED), ("sampled", 1, sampled), ("sampled", 12, sampled)):
        named = f"{mode}, {cells} cell{'s' if cells > 1 else ''}"
        what = "16 replications" if mode == "sampled" else "probabilities in place of paths"
        run = engine(own_market(customers, cells), options)._replace(name=named)
        yield Row(f"simengine, {named}", f"{what}; joins and leaves as well", run)


def test_table(customers: int, request: pytest.FixtureRequest, benchmark: Any, capsys: Any) -> None:
    """All in turns, by processor seconds; pytest-benchmark shows the engine's sampled mode with 12 cells."""
    enabled = request.config.getoption("benchmark_enable")
    effort = FULL if enabled else SMOKE
    stepper = Row(
        "the stepper in C, its own market", "everybody reviews, chooses and spends every quarter", reference(effort)
    )
    rows = [stepper, *rows_of_peers(customers), *rows_of_the_engine(customers)]
    seconds: dict[str, list[float]] = {row.run.name: [] for row in rows}
    for row in rows:
        row.run.work()  # compiled from here on

    def in_turns() -> None:
        for row in rows[:-1]:
            seconds[row.run.name].append(processor_seconds(row.run.work))

    last = rows[-1].run
    benchmark.pedantic(
        lambda: seconds[last.name].append(processor_seconds(last.work)), setup=in_turns, rounds=effort.rounds
    )
    rates = {row.run.name: row.run.million / min(seconds[row.run.name]) for row in rows}
    assert all(rate > 0 for rate in rates.values())
    benchmark.extra_info.update(rates)
    if enabled:
        with capsys.disabled():
            print(f"\n{as_markdown(rows, rates)}")


def as_markdown(rows: list[Row], rates: dict[str, float]) -> str:
    """The table, with date and machine."""
    lines = [
        dated(),
        "100,000 customers, 40 quarters, one core; Mesa and SimPy: 10,000 customers; the stepper in C: a market of its "
        "own, 200,000 customers, 20 segments, no stages.",
        "",
        "| tool | how | million customer-quarters a second and cell | simengine, 12 cells: times | 1 cell: times |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        rate = rates[row.run.name]
        times = [f"{rates[name] / rate:,.{0 if rates[name] >= 10 * rate else 1}f}" for name in BEST]
        lines.append(f"| {row.name} | {row.what} | {rate:,.{0 if rate >= 10 else 2}f} | {' | '.join(times)} |")
    return "\n".join(lines)
