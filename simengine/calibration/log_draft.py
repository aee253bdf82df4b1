"""The scenario of a purchase log: segments of customers who buy until they drop out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from simengine.calibration.draft import Draft, estimates_flow, title_of
from simengine.calibration.purchase_log import PurchaseLog, day_text
from simengine.calibration.result import SegmentCalibration
from simengine.calibration.uncertain_block import Inferences, Inferred
from simengine.scenario.problems import counted
from simengine.scenario.yaml_text import comment, figure, quoted

LEAST_SHAPE = 0.01  # that a scenario states
HALF_A_QUARTER = 45  # days
SPEND = "1    # assumed: the log has no money"


def unlike_a_scenario(segments: Sequence[SegmentCalibration]) -> str:
    """Why no scenario can state what was found; "" where one can."""
    for segment in segments:
        for estimate in segment.estimates:
            for name, value in estimate.values.items():
                if estimate.model == "gamma_gamma" and name == "q" and value <= 1:
                    return f"q of {figure(value)} of {segment.name}, whose mean money has no end, and q is above 1"
                if name not in ("alpha", "gamma") and value < LEAST_SHAPE:
                    return f"{name} of {figure(value)} of {segment.name}, and shapes are at least {LEAST_SHAPE}"
    return ""


def log_draft(path: Path, log: PurchaseLog, segments: Sequence[SegmentCalibration], until: int, unit: str) -> Draft:
    """A scenario that begins with the quarter whose beginning is nearest to the end of the evidence."""
    day = date(1970, 1, 1) + timedelta(days=until + 1 + HALF_A_QUARTER)
    weeks = f"{unit}s"
    columns = {
        "id": "id",
        "segment": "segment",
        "purchases": "purchases",
        "last_purchase": f"{{column: last_purchase, unit: {weeks}}}",
        "observed": f"{{column: observed, unit: {weeks}}}",
        "spend": "spend",
    }
    if log.money is None:
        del columns["spend"]
    lines = ["segments:"]
    for segment in segments:
        lines += _segment(segment, unit)
    lines += ["", "allocations: {baseline: {}}"]
    customers = counted(sum(int(segment.facts[0].value) for segment in segments), "customer")
    source = (
        f"Calibrated by maximum likelihood from the purchases of {customers} in {path.name} until {day_text(until)}."
    )
    return Draft(
        title=title_of(path),
        source=source,
        start=f"{day.year}-Q{(day.month + 2) // 3}",
        blocks=tuple(lines),
        columns=tuple(columns.items()),
        inferred=tuple(each for segment in segments for each in _inferred(segment)),
    )


def _segment(segment: SegmentCalibration, unit: str) -> list[str]:
    purchases, *spend = segment.estimates
    facts = ", ".join(f"{fact.value:,.10g} {fact.name}" for fact in segment.facts[:3])
    lines = [f"  {quoted(segment.name)}:     # {comment(facts)}", "    dynamics: buy-till-you-die"]
    lines.append(f"    purchases: {{{purchases.model}: {estimates_flow(purchases.values, unit=unit)}}}")
    if spend:
        lines.append(f"    spend: {{{spend[0].model}: {estimates_flow(spend[0].values)}}}     # money a purchase")
    else:
        lines.append(f"    spend: {SPEND}")
    return [*lines, "    margin: 30%              # assumed: of spend, before cost to serve"]


def _inferred(segment: SegmentCalibration) -> list[Inferences]:
    """How sure the estimates of a segment are."""
    blocks = ("purchases", "spend")
    return [
        Inferences(
            tuple(
                Inferred(("segments", segment.name, block, estimate.model, p.name), p.value, p.standard_error)
                for p in estimate.parameters
            ),
            estimate.correlations,
        )
        for block, estimate in zip(blocks, segment.estimates, strict=False)
    ]
