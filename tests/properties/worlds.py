"""Small markets as documents that a test may change, and the whole way from a document to its value.

A document is what a scenario file holds; it is written as JSON, which is YAML, and read as a user's would be.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from simengine.engine.ledger import Ledger
from simengine.engine.opening import Opening, solve_opening
from simengine.engine.simulate import simulate
from simengine.portfolio.load import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.results.prepare import options_of
from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.tables.build import build, unfolding_of
from simengine.tables.initiatives import no_initiatives
from simengine.tables.layout import Tables
from simengine.timeline.charged import charged
from simengine.timeline.timeline import timeline_of
from simengine.valuation.valuation import Valuation
from simengine.valuation.value import value

Document = dict[str, Any]
LEDGER = (
    "count",
    "revenue",
    "joins",
    "leaves",
    "direction",
    "changed_hands",
    "customer_value",
    "customer_present",
    "run_off",
)


@dataclass(frozen=True)
class Lived:
    """A document and everything that follows from it."""

    scenario: Scenario
    portfolio: Portfolio
    tables: Tables
    opening: Opening
    ledger: Ledger
    valuation: Valuation

    def cell(self, allocation: str, move: str = "quiet") -> int:
        """Index of a cell."""
        return self.tables.axes.cells.index((allocation, move))

    @property
    def customers(self) -> np.ndarray:
        """[C, R, T + 1, S, J] customers of each supplier."""
        return by_supplier(self.ledger.count.sum(axis=-1), axis=-1) / self.ledger.count_scale

    @property
    def enterprise_value(self) -> np.ndarray:
        """[C, R] currency."""
        return self.valuation.enterprise_value / self.valuation.money_scale


def by_supplier(states: np.ndarray, axis: int) -> np.ndarray:
    """Our three stages added up along the axis of states."""
    moved = np.moveaxis(states, axis, -1)
    return np.moveaxis(np.concatenate([moved[..., :3].sum(axis=-1, keepdims=True), moved[..., 3:]], axis=-1), -1, axis)


def opened(document: Document, rows: str = "") -> tuple[Scenario, Portfolio, Tables]:
    """A document as far as the engine; `rows` is the text of customers.csv."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "world.yaml")
        path.write_text(json.dumps(document), encoding="utf-8")
        if rows:
            Path(folder, "customers.csv").write_text(rows, encoding="utf-8")
        scenario = load_scenario(path)
        portfolio = load_portfolio(scenario)
    return scenario, portfolio, build(scenario, portfolio)


def live(document: Document, rows: str = "", **cut: Any) -> Lived:
    """The whole way. `cut`: threads (1 unless stated), block, batch."""
    scenario, portfolio, _ = opened(document, rows)
    tables, opening, ledger = simulated(scenario, portfolio, **{"threads": 1, **cut})
    worth = value(ledger, tables.economics, tables.axes, portfolio.population.segment)
    return Lived(scenario, portfolio, tables, opening, ledger, worth)


def simulated(
    scenario: Scenario, portfolio: Portfolio, reference: str = "", **cut: Any
) -> tuple[Tables, Opening, Ledger]:
    """A market that has unfolded: its tables as they came to be, its opening, its totals."""
    options = options_of(scenario)._replace(**cut)
    timeline = timeline_of(scenario, options.seed, 0, options.replications)
    initiatives = no_initiatives if timeline is None else timeline.effects_of
    tables = build(scenario, portfolio, reference, initiatives)
    opening = solve_opening(tables, portfolio.population, options.workers)
    unfolding = unfolding_of(scenario, portfolio, tables, options.replications, initiatives)
    ledger = simulate(opening, tables, portfolio.population, options, unfolding=unfolding)
    tables = tables if unfolding is None else unfolding.finished()
    return tables._replace(economics=charged(tables.economics, timeline, tables.axes.cells)), opening, ledger


def arrays_of(opening: Opening) -> dict[str, np.ndarray]:
    """All that an opening says, by name."""
    found = {name: own for name, own in opening._asdict().items() if isinstance(own, np.ndarray)}
    return found | {f"joint {s}": own for s, own in opening.joint.items()}


def same_bits(one: Ledger, other: Ledger) -> bool:
    """Whether two ledgers are byte for byte the same."""
    return (one.count_scale, one.money_scale) == (other.count_scale, other.money_scale) and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in LEDGER
    )


def with_simulation(document: Document, **fields: Any) -> Document:
    """A copy with other fields of its `simulation` block."""
    changed = deepcopy(document)
    changed["simulation"] |= fields
    return changed


MARKET: Document = {
    "name": "Three segments",
    "currency": "EUR",
    "calendar": {"start": "2026-Q1", "step": "quarter", "periods": 8},
    "simulation": {"seed": 11, "mode": "expected", "replications": 6},
    "company": {
        "name": "Acme", "discount_rate": 0.09, "tax_rate": 0.25, "shares": 1000, "net_debt": 10000,
        "other_assets": 2500, "overhead": 20000, "knowledge": 0.3, "timing": "mid",
        "residual": {"method": "fade", "years": 5},
    },
    "needs": ["rate", "service"],
    "segments": {
        "affluent": {
            "size": 120, "needs": {"rate": 0.4, "service": 0.6}, "needs_spread": 0.15,
            "shares": {"us": 0.34, "atlas": 0.31, "neo": 0.12, "none": 0.23}, "review": 0.6, "churn": 0.17,
            "price_sensitivity": 3, "tailoring": 1,
            "stages": {"years": [0.5, 1.5], "inertia": [0.7, 1, 1.3], "revenue": [0.8, 1, 1.2]},
            "revenue": {"lognormal": {"mean": 2700, "cv": 0.6}}, "revenue_spread": 0.3, "margin": 0.58,
            "cost_to_serve": {"branch": {"uses": 3, "cost": 11}}, "capital": "12% of revenue",
            "acquisition_cost": {"money": 240, "capitalised": True},
        },
        "mass": {
            "size": 150, "needs": {"rate": 0.7, "service": 0.3}, "needs_spread": 0.1,
            "shares": {"us": 0.4, "atlas": 0.35, "neo": 0.25}, "review": 0.8, "churn": 0.22, "price_sensitivity": 2,
            "revenue": {"lognormal": {"mean": 600, "cv": 0.5}}, "margin": 0.5, "capital": 40, "acquisition_cost": 60,
        },
        "signed": {
            "dynamics": "contract", "hazard": {"constant": 0.2}, "size": 70, "revenue": 900, "revenue_spread": 0.2,
            "margin": 0.5, "capital": 100,
        },
    },
    "offers": {
        "us": {"price": 100, "rate": 5, "service": 7},
        "atlas": {"price": 98, "rate": 6, "service": 5},
        "neo": {"price": 85, "rate": 7, "service": 4, "segments": {"mass": {"price": 90}}},
    },
    "levers": {
        "advisers": {
            "target": "service", "carry_over": 0.6, "today": {"affluent": 5000, "mass": 4000},
            "response": {"adbudg": {"none": -2, "today": 0, "plus_half": 0.8, "saturated": 2}},
        },
        "outreach": {
            "target": "acquisition", "today": {"affluent": 2000},
            "response": {"hill": {"max": 0.6, "half": 3000, "shape": 1.5}},
        },
        "club": {"target": "inertia", "response": {"hill": {"max": 0.8, "half": 2500, "shape": 1}}},
        "discount": {"target": "price", "response": {"hill": {"max": -0.15, "half": 2000, "shape": 1}}},
        "bundle": {"target": "wallet", "response": {"hill": {"max": 0.2, "half": 4000, "shape": 2}}},
        "lean": {"target": "cost_to_serve", "response": {"hill": {"max": -0.3, "half": 1000, "shape": 1}}},
        "care": {"target": "retention", "response": {"hill": {"max": 0.5, "half": 1500, "shape": 1}}},
    },
    "allocations": {
        "baseline": {},
        "grow": {
            "advisers": {"affluent": 9000, "mass": 1000}, "outreach": {"affluent": 6000, "mass": 3000},
            "discount": {"from": "2026-Q3", "mass": 2500},
        },
        "keep": {
            "club": {"affluent": 4000, "mass": 2000}, "care": {"signed": 3000}, "lean": {"affluent": 800},
            "bundle": {"from": "2026-Q2", "until": "2027-Q2", "affluent": 5000, "signed": 2000},
        },
    },
    "moves": {
        "quiet": {},
        "attack": [
            {"who": "atlas", "at": "2026-Q2", "until": "2027-Q1", "change": {"price": -0.12, "service": 1}},
            {"who": "neo", "at": "2026-Q3", "change": {"knowledge": 0.3}, "set": {"service": 6}},
            {"at": "2026-Q4", "change": {"review": 0.4, "hazard": 0.5, "cost": 0.1}},
        ],
    },
}  # fmt: skip


def market(**simulation: Any) -> Document:
    """A market with every dynamics, lever and kind of move, two rivals and the outside option."""
    return with_simulation(MARKET, **simulation)


EXPERIENCE: Document = {
    "touchpoints": {
        "app": {"weight": 0.2, "quality": 0.8, "owner": "digital"},
        "branch": {"weight": 0.5, "quality": 0.9, "owner": "sales"},
        "call": {"weight": 0.3, "quality": 0.4, "owner": "service"},
    },
    "delivers": ["service"],
}  # fmt: skip
ANSWERS = [
    {
        "who": "atlas", "when": "share(us) > 36% or knowledge(us, affluent) < 29%", "detect": 1,
        "change": {"price": -0.1, "service": 1},
    },
    {"who": "neo", "when": "customers(neo, affluent) < 15", "lasts": 2, "repeat": "repeatedly", "set": {"rate": 8}},
    {
        "who": "neo", "arrival": 0.6, "lasts": 3, "repeat": "repeatedly", "change": {"knowledge": 0.3, "service": -2},
        "size": {"triangular": [0.5, 1, 1.5]},
    },
    {
        "arrival": 0.4, "change": {"review": 0.4, "hazard": 0.5, "cost": 0.1},
        "size": {"lognormal": {"mean": 1, "cv": 1}},
    },
]  # fmt: skip
PROJECTS = {
    "desk": {
        "cost": {"build": 8000, "run": 500}, "duration": {"lognormal": {"mean": 2, "cv": 0.5}}, "teams": 2,
        "segments": ["affluent"], "effect": {"service": 1, "knowledge": 0.1}, "ramp_up": 2,
    },
    "academy": {"cost": 3000, "duration": {"triangular": [1, 2, 4]}, "effect": {"enablement": 0.2}},
    "billing": {
        "cost": 5000, "duration": 3, "after": ["academy"], "effect": {"cost_to_serve": -0.1, "inertia": 0.2},
        "cancel": {"after": 5},
    },
}  # fmt: skip


def living_market(**simulation: Any) -> Document:
    """The market with all that makes markets differ by replication and answer what customers do."""
    document = with_simulation(MARKET, **simulation)
    for name in ("affluent", "mass"):
        document["segments"][name] |= {
            "word_of_mouth": 1.5, "tailoring": 1, "gap_sensitivity": 0.3,
            "needs_drift": {"volatility": 0.03, "persistence": 0.6, "trend": {"service": 0.02}},
        }  # fmt: skip
    document |= {
        "knowledge": {"forgetting": 0.3, "learning_exponent": 0.8},
        "imitation": {"price": 3, "service": 1, "knowledge": 0.2},
        "rivals": {"atlas": {"knowledge": 0.5}, "neo": {"knowledge": 0.2, "imitation": {"rate": 2}}},
        "market": {
            "volatility": 0.2, "persistence": 0.6, "suppliers": {"none": {"volatility": 0.1}},
            "demand": {"volatility": 0.1, "persistence": 0.5}, "correlations": {"us": {"atlas": 0.5, "demand": -0.3}},
        },
        "experience": deepcopy(EXPERIENCE),
        "employees": {"enablement": {"today": 0.4}, "motivation": {"today": 0.6}},
        "delivery": {"teams": 2},
    }  # fmt: skip
    document["levers"] |= {
        "analytics": {"target": "knowledge", "response": {"hill": {"max": 0.4, "half": 3000, "shape": 1}}},
        "training": {
            "target": "enablement", "carry_over": 0.4, "today": {"affluent": 1000},
            "response": {"hill": {"max": 0.8, "half": 2000, "shape": 1}},
        },
    }  # fmt: skip
    document["allocations"] = {
        "baseline": {},
        "grow": document["allocations"]["grow"],
        "build": {
            "like": "grow", "analytics": {"affluent": 4000}, "training": {"affluent": 4000, "mass": 2000},
            "initiatives": deepcopy(PROJECTS),
        },
    }  # fmt: skip
    document["moves"] |= {"answers": deepcopy(ANSWERS)}
    return document


def random_market(seed: int, **simulation: Any) -> Document:
    """The market with other figures, drawn at random; all of it is legal."""
    draw = Random(seed)
    document = with_simulation(MARKET, seed=seed, **simulation)
    company, segments, levers = document["company"], document["segments"], document["levers"]
    company["timing"] = draw.choice(["end", "mid", "start"])
    company["residual"] = draw.choice(
        [{"method": "none"}, {"method": "book"}, {"method": "fade", "years": 4}, {"method": "perpetuity", "growth": 0}]
    )
    company["knowledge"] = draw.random()
    for name in ("affluent", "mass"):
        segment = segments[name]
        names = list(segment["shares"])
        parts = [draw.uniform(0.5, 2.0) for _ in names]
        segment["shares"] = {each: part / sum(parts) for each, part in zip(names, parts, strict=True)}
        segment["review"] = draw.uniform(0.3, 1.5)
        ours = segment["shares"]["us"]
        free = 1 - np.exp(-segment["review"] * (1 - ours))  # without inertia about as many leave in a year
        segment["churn"] = float(free * draw.uniform(0.2, 0.7))
        segment["price_sensitivity"] = draw.uniform(0, 5)
        segment["tailoring"] = draw.uniform(0, 2)
        segment["revenue_spread"] = draw.uniform(0, 0.6)
        segment["outside_inertia"] = draw.uniform(0, 1.5)
        segment["stages"] = {
            "years": [draw.uniform(0.2, 2), draw.uniform(0.5, 4)],
            "inertia": [draw.uniform(0, 1), 1, draw.uniform(1, 2)],
            "revenue": [draw.uniform(0.5, 1), 1, draw.uniform(1, 1.5)],
        }
        segment["acquisition_cost"] = {"money": draw.uniform(0, 300), "capitalised": draw.random() < 0.5}
    segments["signed"]["hazard"]["constant"] = draw.uniform(0.05, 0.8)
    for offer in document["offers"].values():
        offer |= {"rate": draw.uniform(2, 9), "service": draw.uniform(2, 9), "price": draw.uniform(80, 110)}
    levers["advisers"]["carry_over"] = draw.random() * 0.9
    for allocation in ("grow", "keep"):
        for lever, spend in document["allocations"][allocation].items():
            for name in sorted(spend.keys() & segments.keys()):
                document["allocations"][allocation][lever][name] = draw.uniform(0, 12000)
    return document
