"""A market of one period in which everybody reconsiders: shares and money are those of a logit, in closed form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario

SIZES = {"a": 1000, "b": 2000}
CONSTANTS = {"a": (3.0, 1.0), "b": (3.0, 0.0)}  # ours, the rival's
OF_THREE = {"a": (1.5, 0.0, 2.5), "b": (1.0, 3.0, 0.0)}
RIVALS = {"rival": "attack", "third": "raid"}  # and what their moves are called
SENSITIVITY, CUT, MARGIN, SPEND = 10.0, 0.3, 0.6, 10.0


def document(
    mode: str = "expected", constants: Mapping[str, tuple[float, ...]] = CONSTANTS, **more: Any
) -> dict[str, Any]:
    """We may defend either segment by a price cut, a rival attack either; so may a third."""
    suppliers = ["us", *RIVALS][: len(constants["a"])]
    segments = {
        name: {
            "size": SIZES[name],
            "constants": dict(zip((*suppliers, "none"), (*own, 0), strict=True)), "inertia": 0,
            "review": "always", "price_sensitivity": SENSITIVITY, "revenue": 1, "margin": MARGIN,
        }
        for name, own in constants.items()
    }  # fmt: skip
    return {
        "simengine": 1,
        "name": "Attack and defence",
        "calendar": {"start": 2027, "step": "year", "periods": 1},
        "simulation": {"mode": mode, "replications": 12, "seed": 1, "customer_values": False},
        "company": {"name": "Us", "discount_rate": 0.1, "shares": 100, "residual": {"method": "none"}},
        "segments": segments,
        "offers": {who: {"price": 1} for who in suppliers},
        "levers": {
            "rebates": {"target": "price", "response": {"hill": {"max": -2 * CUT, "half": SPEND, "shape": 1}}},
        },
        "allocations": {f"defend_{name}": {"rebates": {name: SPEND}} for name in SIZES},
        "moves": {
            f"{RIVALS[who]}_{name}": [{"who": who, "at": 2027, "change": {"price": -CUT}, "segments": [name]}]
            for who in suppliers[1:]
            for name in SIZES
        },
        **more,
    }


def scenario_of(folder: Path, written: dict[str, Any]) -> Scenario:
    path = folder / "market.yaml"
    path.write_text(json.dumps(written), encoding="utf-8")
    return load_scenario(path)


def values(*cut: str, constants: Mapping[str, tuple[float, ...]] = CONSTANTS) -> list[float]:
    """What we and the rivals are worth if each cuts its price in a segment, in closed form."""
    worth = np.array([-SPEND, *[0.0] * (len(cut) - 1)])
    for name, size in SIZES.items():
        prices = np.array([1 - CUT * (each == name) for each in cut])
        weights = np.exp(np.array(constants[name]) - SENSITIVITY * (prices - 1))
        worth += size * weights / (weights.sum() + 1) * (prices - 1 + MARGIN)
    return [float(each) / 1.1 for each in worth]
