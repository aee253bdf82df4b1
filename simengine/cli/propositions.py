"""`simengine propositions`: our offer against each rival's, and what a better one is worth."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from simengine.cli.options import (
    Json,
    Memory,
    Move,
    Quiet,
    Rejects,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    stated_scenario,
)
from simengine.cli.result import show, simulated


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
    move: Move = None,
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
    scenario = stated_scenario(file, set, seed, replications)

    def work(**how: Any) -> dict[str, Any]:
        from simengine.study.propositions import propositions as value_map

        return value_map(scenario, allocation=allocation, move=move, **how)

    document = simulated(work, quiet, rejects, threads, memory)
    from simengine.report.propositions import print_propositions

    show(document, partial(print_propositions, document), json)
