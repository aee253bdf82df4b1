"""A calibration as tables on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.calibration.result import Calibration, Estimate, SegmentCalibration
from simengine.report.terminal import print_whole


def print_calibration(calibration: Calibration, screen: Console) -> None:
    """Print estimates with their standard errors and correlations, segment by segment."""
    screen.print(f"[bold]{escape(calibration.file)}[/bold]: {'; '.join(calibration.said)}", soft_wrap=True)
    for notice in calibration.notices:
        screen.print(f"[yellow]treated[/yellow] {escape(notice)}", soft_wrap=True)
    for segment in calibration.segments:
        _print_segment(segment, screen)


def _print_segment(segment: SegmentCalibration, screen: Console) -> None:
    screen.print()
    facts = ", ".join(f"{fact.name} {fact.value:,.10g}{fact.unit and ' ' + fact.unit}" for fact in segment.facts)
    screen.print(f"[bold]{escape(segment.name)}[/bold]: {facts}", soft_wrap=True)
    for estimate in segment.estimates:
        print_whole(_estimate_table(estimate), screen)
        found = f"{estimate.search['starts_that_agree']} of {len(estimate.search['log_likelihoods'])} starts"
        screen.print(
            f"{estimate.model}: log likelihood {estimate.log_likelihood:,.3f} of {estimate.observations:,} customers; "
            f"{found} led there.",
            soft_wrap=True,
        )


def _estimate_table(estimate: Estimate) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(estimate.model, min_width=12, no_wrap=True)
    for heading in ("estimate", "standard error"):
        table.add_column(heading, justify="right", no_wrap=True)
    for parameter in estimate.parameters[:-1]:
        table.add_column(f"correlation\nwith {parameter.name}", justify="right", no_wrap=True)
    for row, parameter in enumerate(estimate.parameters):
        name = f"{parameter.name}, {parameter.unit}" if parameter.unit else parameter.name
        correlations = [f"{value:.3f}" for value in estimate.correlations[row][:row]]
        table.add_row(name, f"{parameter.value:,.3f}", f"{parameter.standard_error:,.3f}", *correlations)
    return table
