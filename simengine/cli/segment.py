"""`simengine segment`: which customers are alike."""

from __future__ import annotations

from enum import StrEnum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.named_columns import named_columns
from simengine.cli.options import Json, Quiet

if TYPE_CHECKING:
    from simengine.segmentation.segment import Segmentation


class By(StrEnum):
    """What segments are formed by."""

    needs = "needs"
    value = "value"
    both = "both"


class Method(StrEnum):
    """How segments by needs are found."""

    mixture = "mixture"
    k_means = "k-means"


def segment(
    customers: Annotated[Path, typer.Argument(metavar="CUSTOMERS", help="The customer file, one row a customer.")],
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="Which column holds what, where its name does not tell: id, revenue, value (another amount of money a "
            "year, such as profit), weight, churned, supplier, and needs.NAME for the weight of a need.",
        ),
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(
            "--features",
            metavar="COLUMN,...",
            help="Further columns of numbers, or of yes and no, to form segments by.",
        ),
    ] = None,
    by: Annotated[
        By | None,
        typer.Option("--by", help="What to form segments by; needs and features if there are any, else value."),
    ] = None,
    method: Annotated[Method, typer.Option("--method", help="How to find segments by needs.")] = Method.mixture,
    segments: Annotated[
        int | None,
        typer.Option(
            "--segments", min=1, max=1000, metavar="N", help="How many by needs; as many as there are if not given."
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=50, metavar="N", help="The most to try.")] = 8,
    value_classes: Annotated[
        int,
        typer.Option(
            "--value-classes", min=1, max=20, metavar="N", help="Classes by value, each bringing an equal part."
        ),
    ] = 3,
    smallest: Annotated[
        str,
        typer.Option(
            "--smallest", metavar="SHARE", help="The smallest segment, as a share of customers; smaller are joined."
        ),
    ] = "2%",
    table: Annotated[
        Path | None,
        typer.Option(
            "--table", metavar="F", help="Write the customers with their segments; Parquet or CSV by its suffix."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="S",
            help="Write a draft scenario with the segments; of the customers in --table, if given.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Which luck.")] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find segments of customers who want the same, and say what each brings.

    Needs are weights that sum to 1 in every row. How many segments there are is decided by how well they set customers
    apart (integrated completed likelihood) and by whether halves of the customers say the same (adjusted Rand index);
    one, where there is no structure. Beside needs, classes by value.

    Example: simengine segment customers.csv --table segmented.parquet --out segments.yaml
    """
    from simengine.cli.progress import Display

    stated = named_columns(columns) if columns is not None else {}
    more = [name.strip() for name in features.split(",") if name.strip()] if features else []
    from simengine.segmentation.command import require_usable, share_of
    from simengine.segmentation.command import segment as form
    from simengine.segmentation.segment import Settings

    least = share_of("--smallest", smallest)
    asked = Settings(None if by is None else by.value, method.value, segments, most, value_classes, least, seed)
    require_usable(customers, table, out)
    with Display(quiet, "forming segments") as display:

        def work() -> Segmentation:
            return form(customers, asked, stated, more, table, out, display.reading, display.progress)

        found = interruptible(work)
    if json:
        typer.echo(dumps(found.document(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from simengine.report.segment import print_segments
        from simengine.report.terminal import console

        print_segments(found, console())
    for path in (table, out):
        if path is not None:
            display.notice(f"written to {path}")
