"""`simengine propositions`: our offer against each rival's, and what a better one is worth."""

from __future__ import annotations

from json import dumps
from typing import Annotated, Any

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.options import (
    Json,
    Memory,
    Quiet,
    Rejects,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    stated_scenario,
)


def propositions(
    file: ScenarioFile,
    allocation: Annotated[
        str | None,
        typer.Option(
            "--allocation",
            metavar="ALLOCATION",
            help="Under which a better offer is valued; `baseline` if not given, else the first.",
        ),
    ] = None,
    move: Annotated[
        str | None, typer.Option("--move", metavar="MOVE", help="And under which move; the first if not given.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    set: Settings = None,
    rejects: Rejects = None,
    threads: Threads = None,
    memory: Memory = None,
) -> None:
    """The value map: why customers prefer our offer to each rival's, or do not, and whether that pays.

    Segment by segment: the gap in utility by need, price, fit of the offer and what figures do not explain; who wins
    whom within a year, and why; what one point more on a need, or 1 % on our price, does to our share and to value per
    share, in expected mode.

    simengine propositions scenarios/northbank.yaml
    """
    from simengine.cli.progress import Display

    scenario = stated_scenario(file, set, seed, replications)
    with Display(quiet) as display:

        def work() -> dict[str, Any]:
            from simengine.study.propositions import propositions as value_map

            return value_map(
                scenario, allocation=allocation, move=move, rejects=rejects, threads=threads, memory=memory,
                reading=display.reading, progress=display.progress, notice=display.notice,
            )  # fmt: skip

        study = interruptible(work)
    if json:
        typer.echo(dumps(study, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from simengine.report.propositions import print_propositions
    from simengine.report.terminal import console

    print_propositions(study, console())
