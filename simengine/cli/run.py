"""`simengine run`: what every allocation is worth under every move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.options import (
    Batch,
    Block,
    Json,
    ModeChoice,
    Quiet,
    Replications,
    ScenarioFile,
    Seed,
    Threads,
    simulation_overrides,
)

if TYPE_CHECKING:
    from simengine.results.run import Run


def run(
    file: ScenarioFile,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The run's folder; runs/NAME for NAME.yaml if not given."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ALLOCATION",
            help="What the others are compared with; `baseline` if not given, else the first.",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    mode: ModeChoice = None,
    threads: Threads = None,
    block: Block = None,
    batch: Batch = None,
) -> None:
    """Simulate every allocation under every move and report value per share.

    Prints a table and writes the run's folder. An earlier run's is replaced; one that holds anything else is refused.
    """
    from simengine.cli.progress import Display
    from simengine.results.folder import FolderRefused, require_usable
    from simengine.scenario import Problem, ScenarioError, load_scenario

    scenario = load_scenario(file, simulation=simulation_overrides(seed, replications, mode))
    folder = out or Path("runs") / file.stem
    try:
        require_usable(folder)
    except FolderRefused as refusal:
        expected = "a new folder, an empty one, or an earlier run's"
        raise ScenarioError([Problem("--out", 0, 0, str(refusal), expected)]) from None

    with Display(quiet) as display:

        def work() -> Run:
            from simengine.results.run import run as simulate_and_value

            return simulate_and_value(
                scenario,
                to=to,
                threads=threads,
                block=block,
                batch=batch,
                progress=display.progress,
                notice=display.notice,
            )

        finished = interruptible(work)
        finished.write(folder)

    if json:
        from simengine.results.summary import as_json

        typer.echo(as_json(finished.summary))
        return
    from simengine.report.terminal import console, print_summary

    print_summary(finished.summary, console())
    display.notice(f"written to {folder}")
