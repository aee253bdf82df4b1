"""A scenario with the `contract` segments that tenures or counts of customers come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simengine.calibration.draft import DIGITS, Draft, estimates_flow, title_of
from simengine.scenario.calendar import Step
from simengine.scenario.yaml_text import figure, quoted


class ContractFigures(NamedTuple):
    """What is known of a segment."""

    name: str
    model: str  # of the hazard: constant or shifted_beta_geometric
    parameters: dict[str, float]  # hazard, a year, or alpha and beta
    said: tuple[str, ...]  # comments: how sure the estimate is
    size: int  # customers of ours today
    newcomers: float | None  # a year; None where nothing is known of them


def contract_draft(
    path: Path, source: str, segments: Sequence[ContractFigures], start: str = "2027-Q1", step: Step = "quarter"
) -> Draft:
    """A scenario with the segments, from a period on."""
    lines = ["segments:"]
    for each in segments:
        rate = each.parameters.get("hazard")
        hazard = estimates_flow(each.parameters) if rate is None else figure(rate, DIGITS)
        lines += [
            f"  {quoted(each.name)}:",
            "    dynamics: contract",
            *each.said,
            f"    hazard: {{{each.model}: {hazard}}}",
            f"    size: {each.size}                # those who have not left",
        ]
        if rate is None:
            lines.append(
                "    # assumed: those of today have just joined; a customer file with their tenures knows better"
            )
        if each.newcomers is not None:
            lines.append(
                f"    newcomers: {{per_year: {figure(each.newcomers, 6)}}}     # as many as the last year added"
            )
        lines += [
            "    revenue: 100             # assumed, a year",
            "    margin: 50%              # assumed: of revenue, before cost to serve",
        ]
    return Draft(title_of(path), source, start, (*lines, "", "allocations: {baseline: {}}"), step=step)
