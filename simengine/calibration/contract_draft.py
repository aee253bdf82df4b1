"""A scenario with the `contract` segments that tenures or counts of customers come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simengine.calibration.draft import DIGITS, Draft, estimates_flow, title_of
from simengine.calibration.uncertain_block import Inferences, Inferred
from simengine.portfolio.opening_checks import MOST_CUSTOMERS
from simengine.scenario.calendar import Step
from simengine.scenario.yaml_text import figure, quoted

MOST_A_YEAR = 12.0  # of a hazard that a scenario states


class ContractFigures(NamedTuple):
    """What is known of a segment."""

    name: str
    model: str  # of the hazard: constant or shifted_beta_geometric
    parameters: dict[str, float]  # hazard, a year, or alpha and beta
    errors: tuple[float, ...]  # standard errors of the parameters
    correlation: float  # of the estimates of two parameters
    size: int  # customers of ours today
    newcomers: float | None  # a year; None where nothing is known of them


def contract_draft(
    path: Path, source: str, segments: Sequence[ContractFigures], start: str = "2027-Q1", step: Step = "quarter"
) -> Draft | str:
    """A scenario with the segments, from a period on, or why none can state what was found."""
    for each in segments:
        if (hazard := each.parameters.get("hazard", 0.0)) > MOST_A_YEAR:
            return f"a hazard of {hazard:,.4g} a year of {each.name}, and hazards are at most {MOST_A_YEAR:g}"
        if each.size > MOST_CUSTOMERS:
            return f"{each.size:,} customers of {each.name}, and a segment has at most {MOST_CUSTOMERS:,}"
    lines = ["segments:"]
    for each in segments:
        rate = each.parameters.get("hazard")
        law = estimates_flow(each.parameters) if rate is None else figure(rate, DIGITS)
        lines += [
            f"  {quoted(each.name)}:",
            "    dynamics: contract",
            f"    hazard: {{{each.model}: {law}}}",
            f"    size: {each.size}                # those who have not left",
        ]
        if rate is None:
            lines.append(
                "    # assumed: those of today have just joined; a customer file with their tenures knows better"
            )
        if each.newcomers is not None:
            who = f"of those the last year added, who were there at the end of their {step}"
            lines.append(f"    newcomers: {{per_year: {figure(each.newcomers, 6)}}}     # {who}")
        lines += [
            "    revenue: 100             # assumed, a year",
            "    margin: 50%              # assumed: of revenue, before cost to serve",
        ]
    blocks = (*lines, "", "allocations: {baseline: {}}")
    return Draft(title_of(path), source, start, blocks, step=step, inferred=tuple(map(_inferred, segments)))


def _inferred(each: ContractFigures) -> Inferences:
    at = ("segments", each.name, "hazard", each.model)
    known = zip(each.parameters.items(), each.errors, strict=True)
    estimates = tuple(Inferred(at if name == "hazard" else (*at, name), value, error) for (name, value), error in known)
    return Inferences(estimates, ((1.0, each.correlation), (each.correlation, 1.0)))
