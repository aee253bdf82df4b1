"""`simengine compare`: which allocation is best, by how much and how sure."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from simengine.cli.options import (
    Json,
    Memory,
    ModeChoice,
    Quiet,
    Rejects,
    Replications,
    Seed,
    Settings,
    Threads,
    To,
    of_simulation,
    refuse,
    stated_scenario,
)
from simengine.cli.result import show, simulated


def compare(
    target: Annotated[
        Path, typer.Argument(metavar="FILE|RUN", help="A scenario, which is then run, or the folder of a run.")
    ],
    to: To = None,
    move: Annotated[
        str | None, typer.Option("--move", metavar="MOVE", help="Under which move alone; every one if not given.")
    ] = None,
    probabilities: Annotated[
        str | None,
        typer.Option(
            "--probabilities",
            metavar="MOVE=PROBABILITY,...",
            help="How likely the moves are, quiet=60%,price_war=40%: what to expect, and to choose, over them.",
        ),
    ] = None,
    bridge: Annotated[
        bool,
        typer.Option(
            "--bridge",
            help="Why, in full, as waterfalls: what each driver of the profit and loss contributes to a difference, "
            "and each change of an allocation, which is simulated and takes a scenario.",
        ),
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    mode: ModeChoice = None,
    set: Settings = None,
    rejects: Rejects = None,
    threads: Threads = None,
    memory: Memory = None,
) -> None:
    """Which allocation is best under each move, by how much, and how sure that is.

    What each states that the other does not; paired differences whose 95 % intervals hold together, sharpened by luck
    whose mean is known; how often each comes out best; regret, worst cases and, with probabilities of the moves, what
    to expect; customers won and lost by segment and rival; in a sentence each why, and with --bridge in full.

    simengine compare scenarios/northbank.yaml --mode expected
    """
    if target.is_dir():
        overrides = of_simulation(seed, replications, mode, set, rejects, threads, memory)
        refuse(overrides, "an option of a simulation, beside a run that is done", "a command without it")

    def work(**how: Any) -> dict[str, Any]:
        from simengine.study.compare.compare import compare as study_of
        from simengine.study.probabilities import probabilities_of

        likely = None if probabilities is None else probabilities_of(probabilities)
        if target.is_dir():
            return study_of(target, to=to, move=move, probabilities=likely).document
        scenario = stated_scenario(target, set, seed, replications, mode)
        return study_of(scenario, to=to, move=move, probabilities=likely, bridge=bridge, **how).document

    document = simulated(work, quiet, rejects, threads, memory)
    from simengine.report.compare import print_compare

    show(document, partial(print_compare, document, bridge=bridge), json)
