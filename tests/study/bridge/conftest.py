"""Runs of a small market with every lever, whose allocations differ in much or in one thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simengine.results.run import Run, run
from simengine.scenario import load_scenario
from tests.properties.worlds import Document, market

SAID_OTHERWISE = {"advisers": {"affluent": 5000, "mass": 4000}, "outreach": {"affluent": 2000}}


def document(**simulation: Any) -> Document:
    """`same` says nothing new; under `dearer` and `leaner` customers do what they do in the baseline."""
    written = market(**simulation)
    for segment in ("affluent", "mass"):
        written["segments"][segment]["price_sensitivity"] = 0
    written["segments"]["mass"] |= {"tailoring": 0.5, "needs_spread": 0.2}
    written["allocations"] |= {
        "same": SAID_OTHERWISE,
        "dearer": {"discount": {"affluent": 1500}},
        "leaner": {"lean": {"affluent": 800, "mass": 300}},
        "finer": {"design": {"affluent": {"groups": 3, "cost_per_group": 100}}},
    }
    written["moves"].pop("attack")
    return written


def ran(folder: Path, written: Document) -> Run:
    path = folder / "market.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    return run(load_scenario(path))


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return ran(tmp_path_factory.mktemp("bridge"), document(customer_values=False))


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Run:
    written = document(mode="sampled", replications=3, customer_values=False)
    return ran(tmp_path_factory.mktemp("bridge"), written)


@pytest.fixture(params=["sampled", "expected"])
def finished(request: pytest.FixtureRequest, sampled: Run, expected: Run) -> Run:
    """A run in either mode."""
    return sampled if request.param == "sampled" else expected


@pytest.fixture(scope="session")
def running_off(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """In expected mode, with customers beyond the horizon until they leave."""
    written = document(customer_values=False)
    written["company"]["residual"] = {"method": "run_off"}
    written["allocations"] = {name: written["allocations"][name] for name in ("baseline", "grow")}
    return ran(tmp_path_factory.mktemp("bridge"), written)


@pytest.fixture(scope="session")
def uncertain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """In expected mode, six draws of inputs that say how money becomes value and what customers do."""
    written = document(replications=6, customer_values=False)
    written["uncertain"] = {
        "company.discount_rate": {"uniform": [0.07, 0.11]},
        "company.tax_rate": {"uniform": [0.2, 0.3]},
        "segments.affluent.margin": {"uniform": [0.5, 0.6]},
        "segments.affluent.acquisition_cost.money": {"uniform": [150, 300]},
        "segments.mass.review": {"uniform": [0.6, 0.9]},
    }
    return ran(tmp_path_factory.mktemp("bridge"), written)
