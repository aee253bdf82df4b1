"""Markets for measuring: an invented bank among three rivals and the outside option, in the sizes that are asked for.

They come from a scenario, as a user's do, and are ready to simulate: tables built, today solved. What differs between
cells does so from the first period on and in every segment, so that no two cells ever have the same customers.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from simengine.bench.replay import Recorder, Replay
from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options, usable_processors
from simengine.engine.simulate import simulate
from simengine.engine.unfolding import Unfolding
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Population, Portfolio
from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.build import Ground, build_on, ground_of, settled, unfolding_on
from simengine.tables.layout import Tables, by_supplier
from simengine.unfinished import temporary_folder

START = "2026-Q1"
NEEDS = ("advice", "digital", "rate", "service")
ALLOCATIONS = {"baseline": (), "advice": ("advisers",), "digital": ("app",), "both": ("advisers", "app")}
MOVES: dict[str, list[dict[str, Any]]] = {
    "quiet": [],
    "price_war": [{"who": "atlas", "at": START, "change": {"price": "-12%"}}],
    "better_app": [{"who": "neo", "at": START, "change": {"digital": 0.5, "advice": 2}}],
}
SHAPES = {1: (1, 1), 2: (2, 1), 4: (4, 1), 12: (4, 3)}  # cells: allocations, moves
NEVER = 1e9  # years


class Shape(NamedTuple):
    """What a market is like."""

    customers: int = 200_000
    cells: int = 12  # of `SHAPES`
    periods: int = 40  # quarters
    segments: int = 20
    review: float = 0.05  # probability a quarter
    stages: bool = False  # new and established for 2 and 4 years, and half of the reviewers switch; else one stage, few
    known: bool = False  # the supplier of every customer is known at the opening, as from a file; else it is drawn
    drift: bool = False  # needs drift: no period's tables are those of another
    talk: bool = False  # customers talk: the tables of a period follow from the shares at the end of the one before


class Market(NamedTuple):
    """A market that is ready to simulate."""

    scenario: Scenario
    portfolio: Portfolio
    ground: Ground  # laid once, as in a run
    tables: Tables
    opening: Opening

    @property
    def population(self) -> Population:
        """Its customers."""
        return self.portfolio.population

    def simulated(self, options: Options, replay: Replay | None = None) -> Ledger:
        """Simulate it, as it unfolds or as it unfolded before."""
        unfolding = replay or self.unfolding(options)
        return simulate(self.opening, self.tables, self.population, options, unfolding=unfolding)

    def unfolding(self, options: Options) -> Unfolding | None:
        """How it unfolds; None where its tables say it all."""
        return unfolding_on(self.ground, self.scenario, self.tables, options.replications)

    def replay(self, options: Options) -> Replay:
        """How it unfolds in a simulation, found out by one."""
        unfolding = self.unfolding(options)
        assert unfolding is not None, "all is known ahead"
        recorder = Recorder(unfolding)
        simulate(self.opening, self.tables, self.population, options, unfolding=recorder)
        return recorder.known()

    def million_customer_periods(self, replications: int = 1) -> float:
        """Customers x periods x cells x replications."""
        axes = self.tables.axes
        return len(self.population.ids) * len(axes.periods) * len(axes.cells) * replications / 1e6


@lru_cache(maxsize=4)
def market(shape: Shape) -> Market:
    """The market of a shape."""
    scenario = scenario_of(shape)
    portfolio = load_portfolio(scenario)
    if shape.known:
        opened = ready(scenario, portfolio)
        portfolio = portfolio._replace(population=with_known_suppliers(opened.population, opened.opening))
    return ready(scenario, portfolio)


def ready(scenario: Scenario, portfolio: Portfolio) -> Market:
    """The tables of a portfolio's market, and its opening."""
    scenario = settled(scenario, portfolio)
    ground = ground_of(scenario, portfolio)
    tables = build_on(ground, scenario)
    opening = solve_opening(tables, portfolio.population, usable_processors())
    return Market(scenario, portfolio, ground, tables, opening)


def with_known_suppliers(population: Population, opening: Opening, seed: int = 1) -> Population:
    """The population with a supplier drawn for every customer, in the order of a customer file's."""
    probability = by_supplier(opening.states)
    drawn = np.random.default_rng(seed).random(len(probability))
    supplier = (probability.cumsum(axis=1)[:, :-1] < drawn[:, None]).sum(axis=1).astype(np.int8)
    order = np.lexsort((population.ids, supplier, population.arrival, population.segment))
    return Population._make(column[order] for column in population._replace(supplier=supplier))


def scenario_of(shape: Shape) -> Scenario:
    """The market as a scenario."""
    with temporary_folder("simengine-bench-") as folder:
        path = folder / "market.yaml"
        path.write_text(json.dumps(scenario_text(shape)), encoding="utf-8")  # JSON is YAML
        return load_scenario(path)


def scenario_text(shape: Shape) -> dict[str, Any]:
    """The market in the scenario language."""
    names = [f"segment {n + 1:02}" for n in range(shape.segments)]
    levels = {"price": 100, "rate": 5, "service": 6, "advice": 6, "digital": 5}
    allocations, moves = SHAPES[shape.cells]
    return {
        "name": "Benchmark market",
        "calendar": {"start": START, "step": "quarter", "periods": shape.periods},
        "simulation": {"seed": 1, "customer_values": False},
        "company": {"name": "Bench", "discount_rate": "9%", "shares": "100 million", "tax_rate": "25%"},
        "needs": list(NEEDS),
        "segments": {name: segment_text(shape, n) for n, name in enumerate(names)},
        "offers": {
            "us": {**levels, "service": 7},
            "atlas": {**levels, "price": 96},
            "neo": {**levels, "price": 80, "advice": 2, "digital": 9},
            "union": {**levels, "rate": 7, "digital": 3},
        },
        "levers": {
            lever: {"target": need, "response": {"hill": {"max": 2, "half": "1M", "shape": 1}}}
            for lever, need in (("advisers", "advice"), ("app", "digital"))
        },
        "allocations": {
            name: {lever: dict.fromkeys(names, "1M") for lever in levers}
            for name, levers in list(ALLOCATIONS.items())[:allocations]
        },
        "moves": dict(list(MOVES.items())[:moves]),
    }


def segment_text(shape: Shape, n: int) -> dict[str, Any]:
    """One of the segments; no two are alike."""
    lean = 0.4 + 0.2 * n / max(1, shape.segments - 1)
    own, others = (n % len(NEEDS)), (1 - lean) / (len(NEEDS) - 1)
    years, inertia = ([2, 4], 1.0) if shape.stages else ([NEVER, NEVER], 3.0)
    return {
        "size": shape.customers // shape.segments,
        "needs": {need: lean if k == own else others for k, need in enumerate(NEEDS)},
        "needs_spread": 0.15,
        "constants": {"us": 0.2, "atlas": 0.2, "neo": 0, "union": 0, "none": 6},
        "inertia": inertia,
        "stages": {"years": years, "inertia": [0.7, 1, 1.3] if shape.stages else [1, 1, 1]},
        "review": float(-4 * np.log1p(-shape.review)),
        "price_sensitivity": 3,
        "revenue": {"lognormal": {"mean": 600 + 100 * n, "cv": 0.6}},
        "margin": "50%",
        "capital": "10% of revenue",
        "needs_drift": {"trend": {"digital": 0.001, "advice": -0.001}} if shape.drift else {},
        "word_of_mouth": 0.2 if shape.talk else 0,
    }
