"""`simengine calibrate`: what evidence says of customers, and a scenario of it."""

from __future__ import annotations

from datetime import date
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.failure import FAILED
from simengine.cli.interruptible import interruptible
from simengine.cli.named_columns import named_columns
from simengine.cli.options import Json, Quiet

if TYPE_CHECKING:
    from simengine.calibration.result import Calibration

UNITS = ("day", "week", "month", "quarter", "year")


def calibrate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The evidence: CSV, Parquet or a spreadsheet.")],
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="What the file's columns are. A purchase log: customer, date, and money and segment if it has them.",
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option("--as", metavar="log", help="What kind of evidence it is, if the columns do not say."),
    ] = None,
    only: Annotated[
        Path | None,
        typer.Option("--only", metavar="FILE", help="A file with the ids of the customers to calibrate from."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The last day to calibrate from; if not given, the log's last."),
    ] = None,
    unit: Annotated[
        str, typer.Option("--unit", metavar="|".join(UNITS), help="The unit of time of estimates.")
    ] = "week",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Estimate from real evidence how customers behave, by maximum likelihood.

    From a purchase log, by segment: how often customers buy and when they drop out (BG/NBD), and what they spend
    (gamma-gamma), with standard errors and correlations. Purchases of a customer on one day are one purchase.

    simengine calibrate purchases.csv --columns customer=customer_id,date=date,money=amount --until 2026-06-30
    """
    from simengine.cli.progress import Display

    named = named_columns(columns)
    last = _checked(until, unit)
    from simengine.calibration.maximum import NoMaximum

    with Display(quiet, "calibrating"):

        def work() -> Calibration:
            from simengine.calibration.calibrate import calibrate

            return calibrate(file, named, evidence=kind, only=only, until=last, unit=unit)

        try:
            found = interruptible(work)
        except NoMaximum as failure:
            for line in (f"simengine failed: {failure.reason}", *failure.diagnostics):
                typer.echo(line, err=True)
            raise typer.Exit(FAILED) from None
    if json:
        typer.echo(dumps(found.document(), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from simengine.report.calibrate import print_calibration
    from simengine.report.terminal import console

    print_calibration(found, console())


def _checked(until: str | None, unit: str) -> date | None:
    """The day that `until` is. Raises ScenarioError."""
    from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option

    problems, last = [], None
    if unit not in UNITS:
        problems.append(of_option("--unit", unit, unit, listed(UNITS), did_you_mean(unit, UNITS)))
    if until is not None:
        try:
            last = date.fromisoformat(until)
        except ValueError:
            problems.append(of_option("--until", until, until, "a date", "such as 2026-06-30"))
    if problems:
        raise ScenarioError(problems)
    return last
