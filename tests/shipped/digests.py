"""Prints, as JSON, digests of what the shipped scenarios come to in both modes, those of invented companies smaller.

Run as `python -m tests.shipped.digests` in different environments: the digests must not differ. Where they may change,
`SIMENGINE_APPROVE=1 pytest tests/shipped` stores them anew, and CHANGELOG.md says that results change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from simengine.results.customers import customer_columns
from simengine.results.run import run
from simengine.scenario.load import load_scenario

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).with_name("digests.json")
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
MODES = ("sampled", "expected")
FEWER = {  # customers and periods of whom is drawn: old processors take long over them
    "northbank": ("segments.affluent.size=600", "segments.mass.size=1400", "calendar.periods=16"),
    "imitation": ("segments.households.size=1500", "calendar.periods=16"),
    "knowledge": ("segments.households.size=1500", "calendar.periods=16"),
    "yogurt": ("segments.households.size=2000", "calendar.periods=24"),
    "cdnow": ("calendar.periods=6",),
    "experience": ("segments.families.size=1500", "segments.landlords.size=500", "calendar.periods=16"),
}
REPLICATIONS = 3  # of theirs; telco's are its own


def digest(arrays: Iterable[Any]) -> str:
    """A digest of the bits of arrays."""
    found = hashlib.blake2b(digest_size=12)
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def digests_of(path: Path, mode: str) -> dict[str, str]:
    """By stage of a run, so that what differs says where to look: today, totals, customers one by one, values."""
    fewer = FEWER.get(path.stem.partition("_")[0], ())
    simulation = {"mode": mode} | ({"replications": REPLICATIONS, "customer_values": ["baseline"]} if fewer else {})
    finished = run(load_scenario(path, settings=fewer, simulation=simulation))
    today, ledger = finished.opening, finished.ledger
    customers = customer_columns(finished)
    order = np.argsort(customers.pop("customer").astype(str), kind="stable")
    customers["segment"] = customers["segment"].astype(str)
    return {
        "opening": digest((today.constants, today.inertia, today.shares, today.churn, today.revenue)),
        "totals": digest((ledger.count, ledger.revenue, ledger.joins, ledger.leaves, ledger.direction, ledger.run_off)),
        "customers": digest(customers[name][order] for name in sorted(customers)),
        "values": str(finished.summary["digest"]),
    }


def digests() -> dict[str, dict[str, str]]:
    """By scenario and mode."""
    return {f"{path.stem}, {mode}": digests_of(path, mode) for path in SCENARIOS for mode in MODES}


if __name__ == "__main__":
    print(json.dumps(digests()))
