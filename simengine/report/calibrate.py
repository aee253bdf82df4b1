"""A calibration as tables on a terminal."""

from __future__ import annotations

import math

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.calibration.result import Backtest, Calibration, Estimate, Fact, SegmentCalibration, Sheet
from simengine.report.terminal import print_whole

HORIZONS = 4  # of a backtest that a terminal shows; all are in the document
CORRELATED = 4  # parameters whose correlations it shows


def print_calibration(calibration: Calibration, screen: Console) -> None:
    """Print estimates with their standard errors and correlations and the backtest, segment by segment."""
    screen.print(f"[bold]{escape(calibration.file)}[/bold]", soft_wrap=True)
    for line in calibration.said:
        screen.print(escape(line), soft_wrap=True)
    for notice in calibration.notices:
        screen.print(f"[yellow]treated[/yellow] {escape(notice)}", soft_wrap=True)
    for segment in calibration.segments:
        _print_segment(segment, screen)


def _print_segment(segment: SegmentCalibration, screen: Console) -> None:
    screen.print(f"\n[bold]{escape(segment.name)}[/bold]", soft_wrap=True)
    _print_facts(segment.facts, screen)
    for estimate in segment.estimates:
        print_whole(_estimate_table(estimate), screen)
        found = f"log likelihood {estimate.log_likelihood:,.3f}, from {estimate.observations:,}"
        screen.print(f"{found}{_search(estimate)}", soft_wrap=True)
        _print_facts(estimate.implies, screen)
    for sheet in segment.sheets:
        print_whole(_sheet_table(sheet), screen)
    for backtest in segment.backtests:
        screen.print(f"\nbacktest: {escape(backtest.of)}, {escape(backtest.held_out)}", soft_wrap=True)
        print_whole(_backtest_table(backtest), screen)


def _print_facts(facts: tuple[Fact, ...], screen: Console) -> None:
    for fact in facts:
        if not math.isnan(fact.value):
            unit = f" {fact.unit}" if fact.unit else ""
            screen.print(f"{escape(fact.name)}: {_figure(fact.value)}{unit}", soft_wrap=True)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4f}"


def _search(estimate: Estimate) -> str:
    """How many starts led to the maximum; of a likelihood with one top nothing is to be said."""
    reached = estimate.search.get("log_likelihoods")
    return f"; {estimate.search['starts_that_agree']} of {len(reached)} starts led there" if reached else ""


def _sheet_table(sheet: Sheet) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(escape(sheet.name), no_wrap=True)
    for heading in sheet.columns:
        table.add_column(escape(heading), justify="right", no_wrap=True)
    whole = [
        all(row[k] == round(row[k]) for row in sheet.rows.values() if row[k] == row[k])
        for k in range(len(sheet.columns))
    ]
    for name, values in sheet.rows.items():
        cells = (f"{value:,.{0 if whole[k] else 3}f}" for k, value in enumerate(values))
        table.add_row(escape(name), *("" if cell == "nan" else cell for cell in cells))
    return table


def _estimate_table(estimate: Estimate) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(escape(estimate.model), min_width=12, no_wrap=True)
    clustered = any(parameter.error_by_customer is not None for parameter in estimate.parameters)
    for heading in ("estimate", "standard\nerror", *(["error by\ncustomer"] if clustered else [])):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = len(estimate.parameters) if len(estimate.parameters) <= CORRELATED else 0
    for parameter in estimate.parameters[: max(0, shown - 1)]:
        table.add_column(f"correlation\nwith {escape(parameter.name)}", justify="right", no_wrap=True)
    for row, parameter in enumerate(estimate.parameters):
        name = f"{parameter.name}, {parameter.unit}" if parameter.unit else parameter.name
        correlations = [f"{value:.3f}" for value in estimate.correlations[row][: row if shown else 0]]
        errors = [parameter.standard_error, *([parameter.error_by_customer] if clustered else [])]
        decimals = _decimals(parameter.standard_error)
        cells = ["" if error is None else f"{error:,.{decimals}f}" for error in errors]
        table.add_row(escape(name), f"{parameter.value:,.{decimals}f}", *cells, *correlations)
    return table


def _decimals(error: float) -> int:
    """Three, or as many as show two digits of a standard error."""
    return max(3, 1 - math.floor(math.log10(error))) if 0 < error < math.inf else 3


def _backtest_table(backtest: Backtest) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in (f"{backtest.unit}s ahead", "observed", "predicted", "error"):
        table.add_column(heading, justify="right", no_wrap=True)
    count = len(backtest.horizons)
    shown = sorted({round(count * (k + 1) / HORIZONS) - 1 for k in range(HORIZONS)} - {-1})
    for horizon in (backtest.horizons[k] for k in shown):
        error = "" if math.isnan(horizon.error) else f"{horizon.error:+.1%}"
        table.add_row(f"{horizon.ahead:g}", f"{horizon.observed:,.0f}", f"{horizon.predicted:,.1f}", error)
    return table
