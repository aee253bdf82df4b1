"""A market of one period in which everybody reconsiders: shares and money are those of a logit, in closed form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario

SIZES = {"a": 1000, "b": 2000}
CONSTANTS = {"a": (3.0, 1.0), "b": (3.0, 0.0)}
SENSITIVITY, CUT, MARGIN, SPEND = 10.0, 0.3, 0.6, 10.0


def document(mode: str = "expected", **more: Any) -> dict[str, Any]:
    """We may defend either segment by a price cut, a rival attack either."""
    segments = {
        name: {
            "size": SIZES[name],
            "constants": dict(zip(("us", "rival", "none"), (*constants, 0), strict=True)), "inertia": 0,
            "review": "always", "price_sensitivity": SENSITIVITY, "revenue": 1, "margin": MARGIN,
        }
        for name, constants in CONSTANTS.items()
    }  # fmt: skip
    return {
        "simengine": 1,
        "name": "Attack and defence",
        "calendar": {"start": 2027, "step": "year", "periods": 1},
        "simulation": {"mode": mode, "replications": 12, "seed": 1, "customer_values": False},
        "company": {"name": "Us", "discount_rate": 0.1, "shares": 100, "residual": {"method": "none"}},
        "segments": segments,
        "offers": {"us": {"price": 1}, "rival": {"price": 1}},
        "levers": {
            "rebates": {"target": "price", "response": {"hill": {"max": -2 * CUT, "half": SPEND, "shape": 1}}},
        },
        "allocations": {f"defend_{name}": {"rebates": {name: SPEND}} for name in SIZES},
        "moves": {
            f"attack_{name}": [{"who": "rival", "at": 2027, "change": {"price": -CUT}, "segments": [name]}]
            for name in SIZES
        },
        **more,
    }


def scenario_of(folder: Path, written: dict[str, Any]) -> Scenario:
    path = folder / "market.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    return load_scenario(path)


def values(defended: str, attacked: str) -> tuple[float, float]:
    """What we and the rival are worth, in closed form."""
    ours, theirs = -SPEND, 0.0
    for name, size in SIZES.items():
        prices = np.array([1 - CUT * (defended == name), 1 - CUT * (attacked == name)])
        weights = np.exp(np.array(CONSTANTS[name]) - SENSITIVITY * (prices - 1))
        profits = size * weights / (weights.sum() + 1) * (prices - 1 + MARGIN)
        ours, theirs = ours + profits[0], theirs + profits[1]
    return ours / 1.1, theirs / 1.1
