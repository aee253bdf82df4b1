"""`simengine optimize`: the allocation of a budget that is worth most."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
from simengine.cli.result import show, simulated, tell_written

if TYPE_CHECKING:
    from simengine.study.optimize.optimize import Optimum


def optimize(
    file: ScenarioFile,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget",
            metavar="MONEY",
            help="The most that is spent on levers a year, or `unlimited`; the scenario's budget if not given, else "
            "today's spend.",
        ),
    ] = None,
    objective: Annotated[
        str,
        typer.Option(
            "--objective",
            metavar="value|shortfall|maximin|regret",
            help="What is to be best: mean value per share; the mean of the worst outcomes; value under the worst "
            "move; the largest regret over moves.",
        ),
    ] = "value",
    level: Annotated[
        str | None, typer.Option("--level", metavar="SHARE", help="Which part of outcomes is the worst; 5%.")
    ] = None,
    risk_limit: Annotated[
        str | None,
        typer.Option(
            "--risk-limit", metavar="MONEY", help="The least that the mean of the worst outcomes may be, a share."
        ),
    ] = None,
    move: Annotated[
        str | None, typer.Option("--move", metavar="MOVE", help="The move it is best under; the first if not given.")
    ] = None,
    probabilities: Annotated[
        str | None,
        typer.Option(
            "--probabilities", metavar="MOVE=PROBABILITY,...", help="Or several moves, each as likely as is said here."
        ),
    ] = None,
    fix: Annotated[
        list[str] | None,
        typer.Option(
            "--fix",
            metavar="WHAT[=MONEY]",
            help="What is not decided: a lever, a segment or lever.segment, as it is or at an amount. May be repeated.",
        ),
    ] = None,
    bound: Annotated[
        list[str] | None,
        typer.Option(
            "--bound",
            metavar="WHAT=LOW:HIGH",
            help="What may be spent there a year, such as advisers.affluent=2M:12M or outreach=:6M. May be repeated.",
        ),
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(
            "--constraint",
            metavar="SUM",
            help="A linear limit, such as 'advisers.affluent + outreach <= 60% budget'. May be repeated.",
        ),
    ] = None,
    phases: Annotated[
        str | None,
        typer.Option(
            "--phases",
            metavar="DATE,...",
            help="Dates from which spend may differ, such as 2027,2029, or `yearly`; one split for all periods if not "
            "given.",
        ),
    ] = None,
    initiative: Annotated[
        list[str] | None,
        typer.Option(
            "--initiative",
            metavar="NAME",
            help="An initiative of some allocation that may be in or out, or `all`. May be repeated.",
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="ALLOCATION",
            help="Whose designs, initiatives and fixed spend are kept; that of --to if not given.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="ALLOCATION", help="What it is compared with; `baseline` if not given, else the first."
        ),
    ] = None,
    frontier: Annotated[
        str | None,
        typer.Option(
            "--frontier",
            metavar="LOW:HIGH:POINTS",
            help="Also the optimum of other budgets (`budget`: a quarter to twice of it), or, with `shortfall`, value "
            "against the mean of the worst outcomes.",
        ),
    ] = None,
    habits: Annotated[
        bool,
        typer.Option(
            "--habits",
            help="Also the same budget split by customers, revenue, profit, evenly and by value.",
        ),
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="COLUMN", help="A habit that goes by a column of the customer file. May be repeated."
        ),
    ] = None,
    round_to: Annotated[
        str | None,
        typer.Option("--round-to", metavar="MONEY", help="What amounts are multiples of; about a thousandth."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the optimum as a scenario that extends FILE."),
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
    """Find the split of a budget over levers and segments that makes the company worth most.

    Shows what it spends where, what one more unit of money would be worth there, which limits bind, and what it gains
    against today and against the best allocation that the scenario states: simulated anew, on luck that the search has
    not seen.

    simengine optimize scenarios/northbank.yaml --budget 12M --bound advisers.affluent=2M:8M --out best.yaml
    """
    from simengine.study.optimize.written import require_writable, write

    require_writable(out, set)
    scenario = stated_scenario(file, set, seed, replications, mode)

    def work(**how: Any) -> Optimum:
        from simengine.study.optimize.optimize import optimize as find

        return find(
            scenario, budget=budget, objective=objective, level=level, risk_limit=risk_limit, move=move,
            probabilities=probabilities, like=like, to=to, fix=fix or (), bound=bound or (),
            constraint=constraint or (), phases=phases, initiative=initiative or (), round_to=round_to,
            frontier=frontier, habits=habits, column=column or (), **how,
        )  # fmt: skip

    optimum = simulated(work, quiet, rejects, threads, memory, "searching")
    if out is not None:
        write(optimum, file, out)
    from simengine.report.optimize import print_optimum

    document = optimum.document
    show(document, partial(print_optimum, document), json)
    tell_written(quiet, out)
