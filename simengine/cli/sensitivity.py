"""`simengine sensitivity`: which inputs move value and the decision, where it flips, what knowing them is worth."""

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


def sensitivity(
    file: ScenarioFile,
    allocation: Annotated[
        str | None,
        typer.Option("--allocation", metavar="ALLOCATION", help="The choice in question; the best if not given."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ALLOCATION", help="What it is compared with; the best of the others."),
    ] = None,
    move: Move = None,
    range: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar="PATH=LOW:HIGH",
            help="How far to vary an input, such as segments.affluent.churn=5%:9%. May be repeated.",
        ),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            min=0,
            metavar="N",
            help="Base samples of uncertain inputs, a power of two; 0: the tornado alone.",
        ),
    ] = 1024,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    set: Settings = None,
    rejects: Rejects = None,
    threads: Threads = None,
    memory: Memory = None,
) -> None:
    """What the decision between two allocations depends on: the best and the next best, or those that are named.

    The tornado: value per share and the difference with one input at a time at its tenth and ninetieth percentile, all
    others as stated, and at what value of an input another allocation becomes best. That is looked for between some
    six values of each: a decision that changes and changes back between two of them is missed. Inputs are those under
    `uncertain:` and of --range; without either, the main numbers of the scenario, 10 % down and up.

    With `uncertain:`, what part of the variance each input accounts for, alone and with others (Sobol indices), and
    what it would be worth to know it before deciding, with 95 % intervals. In expected mode.

    simengine sensitivity scenarios/northbank_uncertain.yaml
    """
    scenario = stated_scenario(file, set, seed, replications)
    asked = None if replications is None else scenario.simulation.replications

    def work(**how: Any) -> dict[str, Any]:
        from simengine.study.sensitivity.sensitivity import sensitivity as study_of

        return study_of(
            scenario, allocation=allocation, to=to, move=move, ranges=range or (), samples=samples, replications=asked,
            **how,
        ).document  # fmt: skip

    document = simulated(work, quiet, rejects, threads, memory)
    from simengine.report.sensitivity import print_sensitivity

    show(document, partial(print_sensitivity, document), json)
