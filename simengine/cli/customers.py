"""`simengine customers`: who our customers are, what each brings, costs and is worth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.options import (
    Json,
    Memory,
    ModeChoice,
    Move,
    Quiet,
    Rejects,
    Replications,
    Seed,
    Settings,
    Threads,
    of_simulation,
    refuse,
    stated_scenario,
)
from simengine.cli.result import show, simulated, tell_written

if TYPE_CHECKING:
    from simengine.study.customers import CustomerStudy


def customers(
    target: Annotated[
        Path | None, typer.Argument(metavar="RUN|FILE", help="The folder of a run, or a scenario, which is then run.")
    ] = None,
    actual: Annotated[
        Path | None,
        typer.Option(
            "--actual",
            metavar="CUSTOMERS",
            help="In place of RUN|FILE: a file with the actual profit of each customer.",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="With --actual, what its columns are: profit (a year, after tax), and id, capital, revenue, segment.",
        ),
    ] = None,
    discount_rate: Annotated[
        str | None,
        typer.Option("--discount-rate", metavar="RATE", help="With --actual and capital, what it costs a year: 9%."),
    ] = None,
    allocation: Annotated[
        str | None, typer.Option("--allocation", metavar="ALLOCATION", help="Whose values; `--to` if not given.")
    ] = None,
    move: Move = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ALLOCATION",
            help="What deciles are compared with; `baseline` if not given, else the first.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write one row a customer, with all lines, as Parquet."),
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
    """Profit and loss of every customer, down to economic profit and value: deciles, creators and destroyers of value.

    A year of today, and value in one cell; segments, deciles, future customers, programmes and what is unallocated add
    up to the whole. A scenario is run in the cells that are shown only, with the standard error of every customer's
    value in sampled mode.

    simengine customers scenarios/telco.yaml --allocation highest_value

    simengine customers --actual profits.csv --columns id=customer_id,profit=annual_profit,segment=region
    """
    _require_one(target, actual)
    overrides = of_simulation(seed, replications, mode, set, rejects, threads, memory)
    without = "a command without it"
    if actual is not None:
        cells = {"--allocation": allocation, "--move": move, "--to": to}
        refuse(overrides | cells, "an option of a simulation, beside --actual", without)
    else:
        options = {"--columns": columns, "--discount-rate": discount_rate}
        refuse(options, "an option of --actual, which is not given", without)
    if target is not None and target.is_dir():
        refuse(overrides, "an option of a simulation, beside a run that is done", without)
    rate = _read_rate(discount_rate)
    if out is not None:
        from simengine.study.customer_file import require_usable

        require_usable(out)

    def work(**how: Any) -> tuple[CustomerStudy, dict[str, Any]]:
        study = of_actual() if actual is not None else of_simulated(**how)
        return study, study.document

    def of_actual() -> CustomerStudy:
        from simengine.cli.named_columns import named_columns
        from simengine.study.actual import actual_customers

        assert actual is not None
        return actual_customers(actual, named_columns(columns) if columns else {}, discount_rate=rate)

    def of_simulated(**how: Any) -> CustomerStudy:
        from simengine.study.studied import customers as study_customers

        assert target is not None
        if target.is_dir():
            return study_customers(target, allocation=allocation, move=move, to=to)
        scenario = stated_scenario(target, set, seed, replications, mode)
        return study_customers(scenario, allocation=allocation, move=move, to=to, **how)

    study, document = simulated(work, quiet, rejects, threads, memory)
    if out is not None:
        from simengine.study.customer_file import write_table

        write_table(study, out)
    from simengine.report.customers import print_customers

    show(document, partial(print_customers, document), json)
    tell_written(quiet, out)


def _require_one(target: Path | None, actual: Path | None) -> None:
    from simengine.scenario.problems import Problem, ScenarioError

    if (target is None) == (actual is None):
        found = "nothing to study" if target is None else f"{target} and --actual {actual}"
        expected = "a run's folder or a scenario, or --actual with a file of profits"
        raise ScenarioError([Problem("simengine customers", 0, 0, found, expected)])


def _read_rate(text: str | None) -> float | None:
    """A yearly rate as a fraction. Raises ScenarioError."""
    if text is None:
        return None
    from simengine.scenario.option_number import number_of_option

    expected = "a rate a year, from 0% up to 100%"
    return number_of_option("--discount-rate", text, expected, 1.0, "write 9% for nine per cent")
