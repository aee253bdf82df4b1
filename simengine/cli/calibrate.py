"""`simengine calibrate`: what evidence says of customers, and a scenario of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
MODELS = ("bg_nbd", "pareto_nbd")
ORDERS = ("year-first", "day-first", "month-first")


def calibrate(
    file: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="A file: CSV, Parquet or a spreadsheet.")],
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="What the file's columns are. A purchase log: customer, date, and money and segment if it has them.",
        ),
    ],
    evidence: Annotated[
        str | None,
        typer.Option("--as", metavar="log", help="What kind of evidence it is, if the columns do not say."),
    ] = None,
    only: Annotated[
        Path | None,
        typer.Option("--only", metavar="FILE", help="A file with the ids of the customers to calibrate from."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE",
            help="The last day to calibrate from; purchases after it are predicted. If not given, the log's last.",
        ),
    ] = None,
    holdout: Annotated[
        str | None,
        typer.Option(
            "--holdout",
            metavar="SHARE",
            help="Else, how much of the evidence a second calibration predicts from the rest: a third unless given.",
        ),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="|".join(UNITS), help="The unit of time of estimates; a week unless given."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="|".join(MODELS), help="The model of purchases; bg_nbd unless given."),
    ] = None,
    dates: Annotated[
        str | None,
        typer.Option("--dates", metavar="|".join(ORDERS), help="How dates are written, if they do not say."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F", help="Write a scenario with the estimates to a new file.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            metavar="F",
            help="Write the customers that the scenario reads, and what is expected of each; Parquet or CSV.",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Estimate from real evidence how customers behave, by maximum likelihood, and write a scenario of it.

    From a purchase log, by segment: how often customers buy and when they drop out (BG/NBD or Pareto/NBD), and what
    they spend (gamma-gamma), with standard errors, correlations and a backtest. Purchases of a customer on one day are
    one purchase.

    simengine calibrate purchases.csv --columns customer=customer_id,date=date,money=amount --until 2026-06-30
    --out shop.yaml --table customers.parquet
    """
    from simengine.cli.progress import Display

    named = named_columns(columns)
    last, share = _checked(
        until, holdout, {"--unit": (unit, UNITS), "--model": (model, MODELS), "--dates": (dates, ORDERS)}
    )
    from simengine.calibration.maximum import NoMaximum
    from simengine.calibration.write import require_writable, write

    require_writable(out, table)
    with Display(quiet, "calibrating") as display:

        def work() -> Calibration:
            from simengine.calibration.calibrate import calibrate

            stated = {"only": only, "until": last, "holdout": share, "unit": unit, "model": model, "dates": dates}
            found = calibrate(file, named, evidence=evidence, **stated)
            write(found, out, table)
            return found

        try:
            found = interruptible(work)
        except NoMaximum as failure:
            for line in (f"simengine failed: {failure.reason}", *failure.diagnostics):
                typer.echo(line, err=True)
            raise typer.Exit(FAILED) from None
        if json:
            typer.echo(dumps(found.document(), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            from simengine.report.calibrate import print_calibration
            from simengine.report.terminal import console

            print_calibration(found, console())
        written = [str(path) for path in (out, table) if path is not None]
        if written:
            display.notice(f"written to {' and '.join(written)}")


def _checked(
    until: str | None, holdout: str | None, words: Mapping[str, tuple[str | None, tuple[str, ...]]]
) -> tuple[date | None, float | None]:
    """The day that `until` is and the share that `holdout` is; `words` are options of which only some values exist.
    Raises ScenarioError."""
    from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option

    problems, last, share = [], None, None
    for option, (word, known) in words.items():
        if word is not None and word not in known:
            problems.append(of_option(option, word, word, listed(known), did_you_mean(word, known)))
    if until is not None:
        try:
            last = date.fromisoformat(until)
        except ValueError:
            problems.append(of_option("--until", until, until, "a date", "such as 2026-06-30"))
    if holdout is not None:
        number = holdout.removesuffix("%")
        try:
            share = float(number) / (100 if number != holdout else 1)
        except ValueError:
            share = math.nan
        if not 0 <= share <= 0.9:
            problems.append(
                of_option("--holdout", holdout, holdout, "a share of at most 90%", "such as 30%, or 0 for none")
            )
    if problems:
        raise ScenarioError(problems)
    return last, share
