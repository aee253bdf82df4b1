"""`simengine bench`: how fast this machine simulates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simengine.cli.interruptible import interruptible
from simengine.cli.options import Json, Quiet
from simengine.cli.result import print_json

if TYPE_CHECKING:
    from simengine.bench.measures import Measure
    from simengine.bench.trial import Effort
    from simengine.results.warming import Warmed


def bench(
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="NAME", help="Only this measure, named as --json names it. May be repeated."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Smaller markets and fewer rounds: rougher figures, sooner.")
    ] = False,
    warm: Annotated[
        bool, typer.Option("--warm", help="Measure nothing: compile ahead what the first runs would.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    smoke: Annotated[bool, typer.Option("--smoke", hidden=True)] = False,
) -> None:
    """Measure how fast this machine simulates, as ratios to a plain simulation in C, beside their targets.

    The engine and a market that is stepped in C, every customer, every quarter, are timed in turns, so that the ratios
    hold on a busy machine too. Takes a few minutes, --quick one; close what else keeps the processor busy.
    """
    from simengine.cli.progress import Display

    if warm:
        _warm(bool(measure), quick, json, quiet)
        return
    with Display(quiet, "measuring") as display:

        def work() -> dict[str, Any]:
            from simengine.bench.take import take

            return take(_effort(quick, smoke), _named(measure), display.progress)

        document = interruptible(work)
    if json:
        print_json(document)
    else:
        from simengine.report.bench import print_bench
        from simengine.report.terminal import console

        print_bench(document, console())


def _warm(measure: bool, quick: bool, json: bool, quiet: bool) -> None:
    """Compile ahead and say what was done. Raises `ScenarioError` for options of measuring."""
    from simengine.cli.progress import Display
    from simengine.scenario.problems import ScenarioError, of_option

    others = " ".join(name for name, given in (("--measure", measure), ("--quick", quick)) if given)
    if others:
        raise ScenarioError([of_option("--warm", others, others, "nothing else: --warm measures nothing")])
    with Display(quiet, "compiling") as display:

        def work() -> Warmed:
            from simengine.results.warming import warm

            return warm(display.progress)

        warmed = interruptible(work)
    if json:
        print_json({**warmed._asdict(), "folder": str(warmed.folder)})
    else:
        done = f"compiled {warmed.compiled:,} functions" if warmed.compiled else "everything was compiled already"
        typer.echo(f"{done}; {warmed.seconds:.1f} s; kept in {warmed.folder}")


def _effort(quick: bool, smoke: bool) -> Effort:
    from simengine.bench.trial import FULL, QUICK, SMOKE

    return SMOKE if smoke else QUICK if quick else FULL


def _named(names: Sequence[str] | None) -> Sequence[Measure]:
    """The measures of these names, all if none are given. Raises `ScenarioError` with every name that there is not."""
    from simengine.bench.measures import MEASURES
    from simengine.scenario.problems import ScenarioError, did_you_mean, listed, of_option

    known = {measure.name: measure for measure in MEASURES}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        expected = f"a measure: {listed(known)}"
        raise ScenarioError(
            [of_option("--measure", name, f"'{name}'", expected, did_you_mean(name, known)) for name in unknown]
        )
    return [known[name] for name in dict.fromkeys(names)] if names else MEASURES
