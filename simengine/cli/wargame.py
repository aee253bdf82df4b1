"""`simengine wargame`: what everybody had better do if everybody answers."""

from __future__ import annotations

from json import dumps
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
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    stated_scenario,
)

if TYPE_CHECKING:
    from simengine.study.wargame.wargame import Wargame


def wargame(
    file: ScenarioFile,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--options",
            metavar="PLAYER=NAME,...",
            help="Between what a player chooses: allocations (us), or moves (a rival), a+b for two at a time; one name "
            "commits it. All allocations, and every move in which the rival acts, if not given. May be repeated.",
        ),
    ] = None,
    together: Annotated[
        list[str] | None,
        typer.Option(
            "--together",
            metavar="PLAYER,...",
            help="Players who choose as one, for the sum of their values. May be repeated.",
        ),
    ] = None,
    chance: Annotated[
        list[str] | None,
        typer.Option(
            "--chance",
            metavar="MOVE=PROBABILITY",
            help="How likely a move of the market is, such as recession=30%; if not given, it does not come. No two of "
            "them do. May be repeated.",
        ),
    ] = None,
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
    """Everybody's best answer to everybody else's: our allocations against rivals' moves.

    Each rival may do nothing, or its part of any move in which it acts. Every combination is simulated, with the same
    luck: what we are worth, and what rivals are. Best answers, options that never pay, equilibria, what a rival's
    answer costs us against one that does nothing, what it is worth to decide first.

    simengine wargame scenarios/northbank_wargame.yaml
    """
    from simengine.cli.progress import Display

    scenario = stated_scenario(file, set, seed, replications, mode)
    with Display(quiet) as display:

        def work() -> Wargame:
            from simengine.study.wargame.asked import read_chance, read_options, read_together
            from simengine.study.wargame.wargame import wargame as play

            return play(
                scenario, options=read_options(options or ()), together=read_together(together or ()),
                chance=read_chance(chance or ()), rejects=rejects, threads=threads, memory=memory,
                reading=display.reading, progress=display.progress, notice=display.notice,
            )  # fmt: skip

        found = interruptible(work)
    if json:
        typer.echo(dumps(found.document, indent=2, ensure_ascii=False, allow_nan=False))
        return
    from simengine.report.terminal import console
    from simengine.report.wargame import print_wargame

    print_wargame(found.document, console())
