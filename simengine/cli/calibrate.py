"""`simengine calibrate`: what evidence says of customers, and a scenario of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.calibration.evidence import EVIDENCE
from simengine.cli.failure import FAILED
from simengine.cli.interruptible import interruptible
from simengine.cli.named_columns import named_columns
from simengine.cli.options import Json, Quiet
from simengine.cli.result import show, tell_written
from simengine.scenario.time_units import UNIT_DAYS

if TYPE_CHECKING:
    from simengine.calibration.result import Calibration

ORDERS = ("year-first", "day-first", "month-first")


def calibrate(
    file: Annotated[Path, typer.Argument(metavar="EVIDENCE", help="A file: CSV, Parquet or a spreadsheet.")],
    columns: Annotated[
        str,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="What the file's columns are. A purchase log: customer, date, and money and segment if it has them. A "
            "choice panel: choice, attributes such as price, and customer and date; a row a purchase with a column for "
            "each alternative, price=price.*, or a row for each alternative, with purchase and alternative. Customers: "
            "tenure, churned. Cohorts: tenure, survivors, and cohort. Counts: period, added, lost, end.",
        ),
    ],
    evidence: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="|".join(EVIDENCE), help="What kind of evidence it is, if the columns do not say."
        ),
    ] = None,
    only: Annotated[
        Path | None,
        typer.Option("--only", metavar="FILE", help="A file with the ids of the customers to calibrate from."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="DATE|TENURE|PERIOD",
            help="The last day, tenure or period to calibrate from; what comes after is predicted. If not given, all.",
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
        typer.Option("--unit", metavar="|".join(UNIT_DAYS), help="The unit of time; of a log a week unless given."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="|".join(dict.fromkeys(name for kind in EVIDENCE.values() for name in kind.models)),
            help="Of purchases bg_nbd unless given, or pareto_nbd; of tenures what fits best unless given.",
        ),
    ] = None,
    dates: Annotated[
        str | None,
        typer.Option("--dates", metavar="|".join(ORDERS), help="How dates are written, if they do not say."),
    ] = None,
    us: Annotated[
        str | None,
        typer.Option("--us", metavar="NAME", help="Which alternative of a panel is ours; else what is bought most."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a scenario with the estimates to a new file.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            metavar="FILE",
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

    From a choice panel: what price, attributes and the last choice do to choices (logit), elasticities and switching.

    simengine calibrate panel.csv --columns customer=id,choice=brand,price=price.*,feature=feature.* --us dannon

    From tenures of customers or cohorts: the hazard of leaving, constant or falling with tenure
    (shifted-beta-geometric). From counts of customers added and lost: a constant one.

    simengine calibrate cohorts.csv --columns cohort=joined,tenure=years,survivors=there --unit year --until 7
    """
    from simengine.cli.progress import Display

    named = named_columns(columns)
    from simengine.calibration.maximum import NoMaximum
    from simengine.calibration.write import require_writable, write

    require_writable(out, table)
    with Display(quiet, "calibrating"):

        def work() -> Calibration:
            from simengine.calibration.calibrate import calibrate

            stated = {
                "only": only, "until": until, "holdout": holdout, "unit": unit, "model": model, "dates": dates,
                "us": us,
            }  # fmt: skip
            found = calibrate(file, named, evidence=evidence, **stated)
            write(found, out, table)
            return found

        try:
            found = interruptible(work)
        except NoMaximum as failure:
            for line in (f"simengine failed: {failure.reason}", *failure.diagnostics):
                typer.echo(line, err=True)
            raise typer.Exit(FAILED) from None
    from simengine.report.calibrate import print_calibration

    show(found.document, partial(print_calibration, found), json)
    tell_written(quiet, out, table)
