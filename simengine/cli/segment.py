"""`simengine segment`: which customers are alike, and what it is worth to serve them in smaller groups."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.named_columns import named_columns
from simengine.cli.options import Json, Memory, Move, Quiet, Settings, Threads, refuse
from simengine.cli.result import print_json, simulated, tell_written

if TYPE_CHECKING:
    from simengine.segmentation.segment import Segmentation
    from simengine.study.finer import Finer


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
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The customer file, one row a customer; or a scenario, a YAML file.")
    ],
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
        typer.Option(
            "--by", metavar="|".join(By), help="What to form segments by; needs and features if any, else value."
        ),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option(
            "--method", metavar="|".join(Method), help="How to find segments by needs; a mixture if not given."
        ),
    ] = None,
    segments: Annotated[
        int | None,
        typer.Option(
            "--segments", min=1, max=1000, metavar="N", help="How many by needs; as many as there are if not given."
        ),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--most", min=1, max=50, metavar="N", help="The most to try; 8 if not given.")
    ] = None,
    value_classes: Annotated[
        int | None,
        typer.Option(
            "--value-classes",
            min=1,
            max=20,
            metavar="N",
            help="Classes by value, each bringing an equal part; 3 if not given.",
        ),
    ] = None,
    smallest: Annotated[
        str | None,
        typer.Option(
            "--smallest",
            metavar="SHARE",
            help="The smallest segment, as a share of customers, 2% if not given; smaller are joined.",
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table", metavar="FILE", help="Write the customers with their segments; Parquet or CSV by its suffix."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write a draft scenario with the segments; of the customers in --table, if given.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=2**32 - 1, metavar="N", help="Which luck; 1 if not given.")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="Also say what finer designs are worth in this scenario, of these customers.",
        ),
    ] = None,
    allocation: Annotated[
        str | None,
        typer.Option(
            "--allocation", metavar="ALLOCATION", help="Which to refine; `baseline` if not given, else the first."
        ),
    ] = None,
    move: Move = None,
    groups: Annotated[
        str | None, typer.Option("--groups", metavar="N,...", help="Numbers of groups to try; 1,2,4,8,16 if not given.")
    ] = None,
    cost_per_group: Annotated[
        str | None,
        typer.Option("--cost-per-group", metavar="MONEY", help="What it costs to keep up a group's design, a year."),
    ] = None,
    knowledge: Annotated[
        str | None,
        typer.Option(
            "--knowledge", metavar="SHARE", help="How well we know customers today, 0% to 100%; the scenario's."
        ),
    ] = None,
    set: Settings = None,
    threads: Threads = None,
    memory: Memory = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find segments of customers who want the same, and say what each brings; or what finer designs are worth.

    Of a customer file: needs are weights that sum to 1 in every row. How many segments there are is decided by how well
    they set customers apart (integrated completed likelihood) and by whether halves of the customers say the same
    (adjusted Rand index); one, where there is no structure. Beside needs, classes by value.

    Of a scenario, or with --scenario: what value per share gains if the offer is designed for 2, 4, 8 ... groups of
    customers in a segment, all else as today, in expected mode, and what a group may cost.

    simengine segment customers.csv --table segmented.parquet --out segments.yaml

    simengine segment scenario.yaml --allocation by_customer_value --cost-per-group 250k
    """
    from simengine.segmentation.command import SCENARIOS, require_usable, share_of
    from simengine.segmentation.command import segment as form

    of_customers = {
        "--columns": columns, "--features": features, "--by": by, "--method": method, "--segments": segments,
        "--most": most, "--value-classes": value_classes, "--smallest": smallest, "--table": table, "--out": out,
        "--seed": seed, "--scenario": scenario,
    }  # fmt: skip
    of_scenario = {
        "--allocation": allocation, "--move": move, "--groups": groups, "--cost-per-group": cost_per_group,
        "--knowledge": knowledge, "--set": set,
    }  # fmt: skip
    refined = file.suffix.lower() in SCENARIOS
    if refined:
        refuse(of_customers, "an option for customer files, and a scenario", "a customer file as FILE")
        scenario = file
    elif scenario is None:
        refuse(of_scenario, "an option for scenarios, and none", "a scenario as FILE, or as --scenario")
    loaded = numbers = cost = None
    if scenario is not None:
        from simengine.study.finer_input import read_cost, read_groups, read_scenario

        loaded = read_scenario(scenario, None if refined else file, knowledge, set or ())
        numbers, cost = read_groups(groups), read_cost(cost_per_group)
    stated = named_columns(columns) if columns is not None else {}
    more = [name.strip() for name in features.split(",") if name.strip()] if features else []
    from simengine.segmentation.settings import Settings as Asked

    formed_by: dict[str, Any] = {
        "by": by and by.value, "method": method and method.value, "segments": segments, "most": most,
        "value_classes": value_classes, "smallest": None if smallest is None else share_of("--smallest", smallest),
        "seed": seed,
    }  # fmt: skip
    asked = Asked(**{name: value for name, value in formed_by.items() if value is not None})
    require_usable(file, table, out)

    def work(**how: Any) -> tuple[Segmentation | None, Finer | None]:
        formed = value = None
        if loaded is not None and numbers is not None:  # before files are written
            from simengine.study.finer import finer

            value = finer(loaded, allocation=allocation, move=move, groups=numbers, cost_per_group=cost, **how)
        if not refined:
            formed = form(file, asked, stated, more, table, out, how["reading"], how["progress"])
        return formed, value

    doing = "simulating" if refined else "forming segments"
    found, worth = simulated(work, quiet, None, threads, memory, doing)
    if json:
        document = found.document if found else {}
        if worth is not None:
            document = {**document, "finer": worth.document}
        print_json(document)
    else:
        from simengine.report.terminal import console

        if found is not None:
            from simengine.report.segment import print_segments

            print_segments(found, console())
        if worth is not None:
            from simengine.report.finer import print_finer

            print_finer(worth, console())
    tell_written(quiet, table, out)
