"""`simengine validate`: whether a scenario can be run."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.failure import BAD_INPUT
from simengine.cli.options import (
    Json,
    ModeChoice,
    Quiet,
    Rejects,
    Replications,
    ScenarioFile,
    Seed,
    Settings,
    stated_scenario,
)
from simengine.cli.result import print_json
from simengine.cli.warnings import tell_warnings

if TYPE_CHECKING:
    from simengine.portfolio.population import Portfolio
    from simengine.scenario import Problem, Scenario


def validate(
    file: ScenarioFile,
    origins: Annotated[
        bool,
        typer.Option("--origins", help="Print every value and where it is from: a file, an option, a default."),
    ] = False,
    customers: Annotated[
        bool, typer.Option("--customers", help="Read the customer files too, and check every row.")
    ] = False,
    rejects: Rejects = None,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    replications: Replications = None,
    mode: ModeChoice = None,
    set: Settings = None,
) -> None:
    """Check a scenario file without simulating it.

    Prints every problem with its file, line and column, what was expected there, and what to write instead.
    """
    from simengine.scenario import ScenarioError
    from simengine.scenario.problems import counted

    try:
        scenario = stated_scenario(file, set, seed, replications, mode)
        notices = _read_customers(scenario, rejects, quiet) if customers or rejects else ()
    except ScenarioError as error:
        if not json:
            raise
        print_json(_document(problems=error.problems, notices=getattr(error, "__notes__", ())))
        raise typer.Exit(BAD_INPUT) from None
    if json:
        print_json(
            _document(warnings=scenario.warnings, notices=notices, origins=_origins(scenario) if origins else None)
        )
        return
    if not quiet:
        for notice in notices:
            typer.echo(notice, err=True)
    if origins:
        _print_origins(scenario)
    elif not quiet:
        allocations, moves = len(scenario.allocations), len(scenario.moves)
        typer.echo(
            f"{file} is a valid scenario: {counted(len(scenario.segments), 'segment')}, "
            f"{counted(scenario.calendar.periods, 'period')}, {counted(allocations, 'allocation')} x "
            f"{counted(moves, 'move')} = {counted(allocations * moves, 'cell')}"
        )
    tell_warnings(scenario.warnings)


def _read_customers(scenario: Scenario, rejects: Path | None, quiet: bool) -> tuple[str, ...]:
    """Everything that a run reads before it simulates; what is to be known of how it was read."""
    from simengine.cli.interruptible import interruptible
    from simengine.cli.progress import Display

    with Display(quiet) as display:

        def work() -> Portfolio:
            from simengine.portfolio.load import load_portfolio

            return load_portfolio(scenario, rejects=rejects, progress=display.reading)

        return interruptible(work).notices


def _document(
    *,
    problems: Sequence[Problem] = (),
    warnings: Sequence[Problem] = (),
    notices: Sequence[str] = (),
    origins: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """All that the text says; it is valid if there are no problems."""
    told = {"problems": problems, "warnings": warnings}
    lists = {name: [dataclasses.asdict(each) for each in listed] for name, listed in told.items()}
    document: dict[str, Any] = {"valid": not problems, **lists, "notices": list(notices)}
    if origins is not None:
        document["origins"] = origins
    return document


def _origins(scenario: Scenario) -> list[dict[str, Any]]:
    from simengine.scenario.origins import origins_of

    return [origin.document for origin in origins_of(scenario)]


def _print_origins(scenario: Scenario) -> None:
    from simengine.report.origins import print_origins
    from simengine.report.terminal import console
    from simengine.scenario.origins import origins_of

    print_origins(origins_of(scenario), console())
