"""Take the measures, one after another, into one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from simengine.bench.machine import machine
from simengine.bench.measures import MEASURES, Measure
from simengine.bench.trial import Effort
from simengine.engine.options import usable_processors


def take(
    effort: Effort, measures: Iterable[Measure] = MEASURES, progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """{machine, effort, ratios: {name: {what, ratio, unit, target, at_most, met, figures}}}.

    A measure that needs more cores than may be used is left out. `progress(done, of)` is called after each.
    """
    possible = [measure for measure in measures if measure.cores <= usable_processors()]
    ratios: dict[str, Any] = {}
    progress(0, len(possible))
    for done, measure in enumerate(possible, start=1):
        ratio, figures = measure.take(effort)
        ratios[measure.name] = {
            "what": measure.what,
            "ratio": ratio,
            "unit": measure.unit,
            "target": measure.target,
            "at_most": measure.at_most,
            "met": measure.met(ratio),
            "figures": figures,
        }
        progress(done, len(possible))
    return {"machine": machine(), "effort": effort._asdict(), "ratios": ratios}
