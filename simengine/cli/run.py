"""`simengine run`: what every allocation is worth under every move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.options import (
    Batch,
    Block,
    Json,
    Memory,
    ModeChoice,
    Precision,
    Quiet,
    Rejects,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    To,
    stated_scenario,
)
from simengine.cli.result import simulated, tell_written
from simengine.cli.warnings import tell_warnings

if TYPE_CHECKING:
    from simengine.results.folder import FolderRefused
    from simengine.results.run import Run
    from simengine.scenario import ScenarioError


def run(
    file: ScenarioFile,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The run's folder; runs/NAME for NAME.yaml if not given."),
    ] = None,
    to: To = None,
    timeline: Annotated[
        bool, typer.Option("--timeline", help="Print when initiatives begin and are completed, as a chart.")
    ] = False,
    sweep: Annotated[
        list[str] | None,
        typer.Option(
            "--sweep",
            metavar="PATH=LOW:HIGH:N",
            help="Add N allocations that spend from LOW to HIGH a year, such as levers.advisers.affluent=0:20M:9; else "
            "as --to says. Several make a grid.",
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    precision: Precision = None,
    mode: ModeChoice = None,
    set: Settings = None,
    rejects: Rejects = None,
    threads: Threads = None,
    memory: Memory = None,
    block: Block = None,
    batch: Batch = None,
) -> None:
    """Simulate every allocation under every move and report value per share.

    Prints a table and writes the run's folder. An earlier run's is replaced; one that holds anything else is refused.

    Problems of bad input are text on standard error, with --json too (`validate --json` has them as JSON).
    """
    from simengine.results.folder import FolderRefused, require_usable

    scenario = stated_scenario(file, set, seed, replications, mode, sweep, to, precision)
    folder = out or Path("runs") / file.stem
    try:
        require_usable(folder)
    except FolderRefused as refusal:
        raise _out_problem(refusal, folder) from None

    def work(**how: Any) -> Run:
        from simengine.results.run import run as simulate_and_value

        return simulate_and_value(scenario, to=to, block=block, batch=batch, **how)

    finished = simulated(work, quiet, rejects, threads, memory)
    try:
        finished.write(folder)
    except FolderRefused as refusal:  # something was put there in the meantime
        raise _out_problem(refusal, folder) from None

    if json:
        from simengine.results.summary import as_json

        typer.echo(as_json(finished.summary))
    else:
        from simengine.report.terminal import console, print_summary, print_timeline

        took = sum(finished.seconds.get(phase, 0.0) for phase in ("tables", "opening", "simulation", "valuation"))
        print_summary(finished.summary, console(), took)
        if timeline:
            print_timeline(finished.summary, scenario.calendar.labels, console())
        tell_written(quiet, folder)
    tell_warnings(finished.warnings)


def _out_problem(refusal: FolderRefused, folder: Path) -> ScenarioError:
    from simengine.scenario.problems import ScenarioError, of_option

    expected = "a new folder, an empty one, or an earlier run's with nothing else in it"
    return ScenarioError([of_option("--out", folder, str(refusal), expected)])
