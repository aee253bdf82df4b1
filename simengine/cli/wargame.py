"""`simengine wargame`: what everybody had better do if everybody answers."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

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
    refuse,
    stated_scenario,
)
from simengine.cli.result import show, simulated


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
    prices: Annotated[
        bool,
        typer.Option(
            "--prices",
            help="Everybody sets its price in place of choosing a move: prices at which nobody gains by another.",
        ),
    ] = False,
    within: Annotated[
        str | None,
        typer.Option(
            "--within", metavar="LOW:HIGH", help="With --prices: parts of today's prices; 50%:200% if not given."
        ),
    ] = None,
    allocation: Annotated[
        str | None,
        typer.Option(
            "--allocation",
            metavar="ALLOCATION",
            help="With --prices: what we do besides; `baseline` if not given, else the first.",
        ),
    ] = None,
    move: Annotated[
        str | None,
        typer.Option(
            "--move", metavar="MOVE", help="With --prices: what happens besides; the first move if not given."
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
    """Everybody's best answer to everybody else's: our allocations against rivals' moves, or prices against prices.

    Each rival may do nothing, or its part of any move in which it acts. Every combination is simulated, with the same
    luck: what we are worth, and what rivals are. Best answers, options that never pay, equilibria, in which somebody
    may mix options by chance (all of them in a small game, and it is told where there may be more), what a rival's
    answer costs us against one that does nothing, what it is worth to decide first.

    simengine wargame scenarios/northbank_wargame.yaml

    simengine wargame scenarios/yogurt.yaml --prices
    """
    if prices:
        refuse({"--options": options, "--chance": chance}, "a choice of moves", "no such option with --prices")
    else:
        besides = {"--within": within, "--allocation": allocation, "--move": move}
        refuse(besides, "a choice of prices", "it together with --prices")
    scenario = stated_scenario(file, set, seed, replications, mode)

    def of_prices(**how: Any) -> dict[str, Any]:
        from simengine.study.wargame.asked import read_together, read_within
        from simengine.study.wargame.prices import price_equilibrium

        ends = {} if within is None else {"within": read_within(within)}
        groups = read_together(together or ())
        return price_equilibrium(scenario, allocation=allocation, move=move, together=groups, **ends, **how)

    def of_moves(**how: Any) -> dict[str, Any]:
        from simengine.study.wargame.asked import read_chance, read_options, read_together
        from simengine.study.wargame.wargame import wargame as play

        asked: dict[str, Any] = {
            "options": read_options(options or ()),
            "together": read_together(together or ()),
            "chance": read_chance(chance or ()),
        }
        return play(scenario, **asked, **how).document

    document = simulated(of_prices if prices else of_moves, quiet, rejects, threads, memory)
    if prices:
        from simengine.report.wargame_prices import print_prices as print_study
    else:
        from simengine.report.wargame import print_wargame as print_study
    show(document, partial(print_study, document), json)
