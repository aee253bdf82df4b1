"""`simengine delay`: what waiting costs."""

from __future__ import annotations

from functools import partial
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
    ScenarioFile,
    Seed,
    Settings,
    Threads,
    stated_scenario,
)
from simengine.cli.result import show, simulated

if TYPE_CHECKING:
    from simengine.study.delay import Delay

EXPECTED = "periods of waiting: first and last, such as 0:20, and how many apart, such as 0:20:4"


def delay(
    file: ScenarioFile,
    allocation: Annotated[
        str | None,
        typer.Option(
            "--allocation", metavar="ALLOCATION", help="Which may begin later; need not be given if there is one."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="FIRST:LAST[:STEP]",
            help="Periods of waiting, such as 0:20 or 0:20:4; up to five years, a year at a time, if not given.",
        ),
    ] = None,
    move: Move = None,
    rival: Annotated[
        list[str] | None,
        typer.Option(
            "--rival",
            metavar="RIVAL",
            help="Who begins the same at once, while we wait; each rival that can, if not given. May be repeated.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ALLOCATION", help="What beginning is worth against; `baseline`, else the first."),
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
    """What waiting costs: the same allocation, begun later and later, alone and while a rival has begun it.

    Until it begins, today's spend goes on. What is lost is in money of today, and in money of the time at which it
    begins. A rival that begins at once runs the same programme, scaled by its customers over ours and charged to it.

    simengine delay scenarios/northbank.yaml --allocation by_customer_value --by 0:20:4
    """
    scenario = stated_scenario(file, set, seed, replications, mode)
    waits = None if by is None else periods_of(by)

    def work(**how: Any) -> Delay:
        from simengine.study.delay import delay as cost_of_waiting

        return cost_of_waiting(scenario, allocation=allocation, by=waits, move=move, rivals=rival or None, to=to, **how)

    found = simulated(work, quiet, rejects, threads, memory)
    from simengine.report.delay import print_delay

    show(found.document, partial(print_delay, found), json)


def periods_of(text: str) -> range:
    """`0:20` or `0:20:4`, the last included. Raises ScenarioError."""
    from simengine.scenario.problems import ScenarioError, of_option

    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and len(part) < 5 for part in parts):
        raise ScenarioError([of_option("--by", text, f"'{text}'", EXPECTED)])
    first, last, step = (*map(int, parts), 1)[:3]
    if last < first or step < 1:
        why = "a step of at least 1" if step < 1 else f"a last period not before the first: {last}:{first}"
        raise ScenarioError([of_option("--by", text, text, EXPECTED, why)])
    return range(first, last + 1, step)
