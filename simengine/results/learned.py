"""What a run's summary says of what suppliers know of their customers, and of what rivals imitate of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.segment import ChoiceSegment

if TYPE_CHECKING:
    from simengine.results.run import Run

PRICE = "price"


def knowledge_of(run: Run) -> dict[str, Any]:
    """The block `knowledge` of the summary, alone in a mapping; empty where it is not learned, and nothing of ours is
    meant to change it: knowledge of every supplier, from 0 to 1, today and, by cell and segment, at the end, the mean
    over replications."""
    scenario, known = run.scenario, run.tables.offers.knowledge
    if scenario.learning is None and KNOWLEDGE not in scenario.targets:
        return {}
    suppliers = scenario.suppliers[:-1]

    def at_end(cell: int, s: int) -> dict[str, float]:
        found = dict(zip(suppliers, known[cell, -1, s].tolist(), strict=False))
        return {name: value for name, value in found.items() if not np.isnan(value)}

    return {
        "knowledge": {
            "today": {name: scenario.knowledge(name) for name in suppliers},
            "cells": [
                {"allocation": allocation, "move": move, "segments": {n: at_end(c, s) for s, n in _choosing(run)}}
                for c, (allocation, move) in enumerate(run.tables.axes.cells)
            ],
        }
    }


def imitation_of(run: Run) -> dict[str, Any]:
    """The block `imitation` of the summary, alone in a mapping; empty where rivals imitate neither price nor needs.

    By cell, segment and what is imitated, at the end: what we have added since today, and of that what each rival has
    imitated, means over replications; points, and of the price fractions of today's taken off.
    """
    scenario, offers = run.scenario, run.tables.offers
    keys = [
        key
        for key in (PRICE, *scenario.needs)
        if any(scenario.imitation_speed(rival, key) > 0 for rival in scenario.rivals)
    ]
    price, level = offers.imitated_price, offers.imitated_level
    if not keys or price is None or level is None:
        return {}

    def of(cell: int, s: int, segment: str, key: str) -> dict[str, Any]:
        if key == PRICE:
            added = 1.0 - offers.price[cell, -1, s, 0] / scenario.price("us", segment)
            imitated = price[cell, -1, s]
        else:
            k = scenario.needs.index(key)
            added = offers.level[cell, -1, s, 0, k] - scenario.level("us", segment, key)
            imitated = level[cell, -1, s, :, k]
        by_rival = dict(zip(scenario.rivals, imitated.tolist(), strict=True))
        imitating = {rival: by_rival[rival] for rival in by_rival if scenario.imitation_speed(rival, key) > 0}
        return {"added": float(added), "imitated": imitating}

    return {
        "imitation": {
            "cells": [
                {
                    "allocation": allocation,
                    "move": move,
                    "segments": {name: {key: of(c, s, name, key) for key in keys} for s, name in _choosing(run)},
                }
                for c, (allocation, move) in enumerate(run.tables.axes.cells)
            ]
        }
    }


def _choosing(run: Run) -> list[tuple[int, str]]:
    """Segments where customers choose among several, with their places."""
    segments = run.scenario.segments.items()
    return [(s, name) for s, (name, segment) in enumerate(segments) if isinstance(segment, ChoiceSegment)]
