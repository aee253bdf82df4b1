"""`simengine synth`: a synthetic customer file of any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.options import Json, Quiet, ScenarioFile, Seed, Settings, stated_scenario
from simengine.cli.result import print_json, tell_written

if TYPE_CHECKING:
    from simengine.scenario import Scenario


def synth(
    file: ScenarioFile,
    customers: Annotated[
        int,
        typer.Option("--customers", min=1, max=1_000_000_000, metavar="N", help="Rows to write, of all segments."),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The new file; Parquet or CSV by its suffix.")],
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", metavar="NEW", help="Also write the scenario to NEW, with the new file's customers."
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    seed: Seed = None,
    set: Settings = None,
) -> None:
    """Write a synthetic customer file, drawn from the market that a scenario states.

    The segments have the mix of their sizes. Needs and revenue are drawn as a run draws them; suppliers from each
    customer's own stationary distribution after today is solved, so that shares and churn come out as stated; tenure
    to suit the stage of the relationship. Where the scenario has a customer file, each new customer resembles one of
    its rows, also of those who have left, under a new id.

    The first rows are the same however many are written. Prints the `portfolio` block that reads the file, as FILE
    would state it, or NEW. A Parquet file of an earlier `synth` is replaced, any other file is refused.
    """
    from simengine.cli.progress import Display

    stated = stated_scenario(file, set, seed)
    _require_usable(stated, out, scenario)
    from simengine.synthesis.columns import columns_of, held
    from simengine.synthesis.scenario import block
    from simengine.synthesis.synthesise import synthesise
    from simengine.synthesis.today import solve_today

    with Display(quiet, "drawing customers") as display:
        market = interruptible(lambda: solve_today(stated, display.notice))
        written = synthesise(market, customers, out, scenario, display.progress, interruptible)

    if json:
        document = {
            "file": str(written.path),
            "rows": written.rows,
            "seed": written.seed,
            "scenario": None if scenario is None else str(scenario),
            "columns": columns_of(held(market)).model_dump(exclude_none=True),
            "segments": {
                name: {"rows": s.rows, "churned": s.churned, "present": s.present}
                for name, s in written.segments.items()
            },
        }
        print_json(document)
        return
    reader = file if scenario is None else scenario
    typer.echo(block(stated, written, held(market), reader.parent), nl=False)
    tell_written(quiet, out, scenario)


def _require_usable(stated: Scenario, out: Path, scenario: Path | None) -> None:
    """Both files can be written, and the scenario can be run with the new customers. Raises ScenarioError."""
    from simengine.portfolio.new_file import FileRefused, require_new
    from simengine.scenario.customers import PARQUET
    from simengine.scenario.problems import ScenarioError, listed, of_option
    from simengine.synthesis.synthesise import CSV

    problems = []
    if out.suffix.lower() not in CSV + PARQUET:
        problems.append(of_option("--out", out, str(out), f"the name of a file ending in {listed(PARQUET + CSV)}"))
    for option, path in (("--out", out), ("--scenario", scenario)):
        try:
            if path is not None:
                require_new(path, or_ours=option == "--out" and out.suffix.lower() in PARQUET)
        except FileRefused as refusal:
            problems.append(of_option(option, path, str(refusal), "the name of a new file"))
    for column, place in stated.spread_columns.items() if scenario is not None else ():
        expected = "budgets that the new file's columns can spread: it has no others than those of `portfolio`"
        hint = "state the money per segment, or leave --scenario out"
        problems.append(stated.problem(place, f"a spread by column {column}", expected, hint))
    if scenario is not None and scenario.absolute() == out.absolute():
        problems.append(of_option("--scenario", scenario, str(scenario), "another file than --out"))
    if problems:
        raise ScenarioError(problems)
