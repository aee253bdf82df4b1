"""`simengine compare`: which allocation is best, by how much and how sure."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.interruptible import interruptible
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
    refuse,
    stated_scenario,
)

if TYPE_CHECKING:
    from simengine.study.compare.compare import CompareStudy


def compare(
    target: Annotated[
        Path, typer.Argument(metavar="FILE|RUN", help="A scenario, which is then run, or the folder of a run.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ALLOCATION",
            help="What the others are compared with; `baseline` if not given, else the first.",
        ),
    ] = None,
    move: Annotated[
        str | None, typer.Option("--move", metavar="MOVE", help="Under which move alone; every one if not given.")
    ] = None,
    probabilities: Annotated[
        str | None,
        typer.Option(
            "--probabilities",
            metavar="MOVE=P,...",
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
    from simengine.cli.progress import Display

    if target.is_dir():
        overrides: dict[str, object] = {
            "--seed": seed, "--replications": replications, "--mode": mode, "--set": set, "--rejects": rejects,
            "--threads": threads, "--memory": memory,
        }  # fmt: skip
        refuse(overrides, "an option of a simulation, beside a run that is done", "a command without it")
    with Display(quiet) as display:

        def work() -> CompareStudy:
            from simengine.study.compare.compare import compare as study_of
            from simengine.study.probabilities import probabilities_of

            likely = None if probabilities is None else probabilities_of(probabilities)
            if target.is_dir():
                return study_of(target, to=to, move=move, probabilities=likely)
            return study_of(
                stated_scenario(target, set, seed, replications, mode),
                to=to, move=move, probabilities=likely, bridge=bridge, rejects=rejects, threads=threads, memory=memory,
                reading=display.reading, progress=display.progress, notice=display.notice,
            )  # fmt: skip

        study = interruptible(work)
        document = interruptible(lambda: study.document)
    if json:
        typer.echo(dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from simengine.report.compare import print_compare
    from simengine.report.terminal import console

    print_compare(document, console(), bridge=bridge)
