"""A scenario with hardly any customers, which calls what the whole one calls: the same kernels, for the same types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simengine.results.prepare import in_replications
from simengine.scenario.model import Scenario
from simengine.scenario.segment import AnySegment, ChoiceSegment, RevenueSegment
from simengine.tables.design import designs_of

FEW = 4  # customers of a segment, if its finest design has no more groups, and newcomers to it
REPLICATIONS = 2


def has_miniature(scenario: Scenario) -> bool:
    """Whether a scenario can be made small: its customers do not come from a file."""
    return scenario.portfolio is None


def miniature_of(scenario: Scenario) -> Scenario:
    """The scenario with few customers and replications, but where it has one alone: an array knows whether its length
    is one."""
    calendar = scenario.calendar
    years = calendar.periods / calendar.periods_per_year
    designs = designs_of(scenario)
    segments = {name: _few(segment, max((FEW, *designs[name])), years) for name, segment in scenario.segments.items()}
    replications = min(REPLICATIONS, scenario.simulation.replications)
    return in_replications(replace(scenario, segments=segments), replications)


def _few(segment: AnySegment, most: int, years: float) -> AnySegment:
    """The segment with `most` customers, who bring as much as all did: amounts stay in proportion to it."""
    size = segment.size or 1
    few: dict[str, Any] = {"size": min(most, size)}
    if isinstance(segment, RevenueSegment) and segment.mean_revenue is not None:
        few["revenue"] = segment.mean_revenue * size / few["size"]
    if isinstance(segment, ChoiceSegment):
        few["needs_spread"] = 0.0  # else tables of its distribution are made, which takes more than all the rest
        few["growth"] = 1.0 / years if segment.growth else 0.0
    elif segment.newcomers.per_year:
        few["newcomers"] = segment.newcomers.model_copy(update={"per_year": FEW / years})
    return segment.model_copy(update=few)
