"""The command line: its commands, and what becomes of every way a command can end."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from simengine.cli import (
    bench,
    calibrate,
    check,
    compare,
    customers,
    delay,
    diff,
    inspect,
    optimize,
    propositions,
    run,
    schema,
    segment,
    sensitivity,
    synth,
    validate,
    wargame,
)
from simengine.cli.failure import INTERRUPTED, catch_signals, flushed, guarded, ignore_signals, interrupted
from simengine.unfinished import remove_unfinished


class _Group(TyperGroup):
    def get_help_option(self, ctx: Any) -> Any:
        return _without_type(super().get_help_option(ctx))


class _Command(TyperCommand):
    def get_help_option(self, ctx: Any) -> Any:
        return _without_type(super().get_help_option(ctx))


def _without_type(flag: Any) -> Any:
    flag.metavar = ""  # typer would show <bool>
    return flag


application = typer.Typer(
    cls=_Group,
    name="simengine",
    help="What each choice is worth to shareholders, for a company seen as a portfolio of customers.",
    epilog="Exit codes: 0 done, 1 the run failed, 2 bad input, 130 interrupted (143, 129 by other signals), "
    "141 output not read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
application.command("run", cls=_Command)(run.run)
application.command("compare", cls=_Command)(compare.compare)
application.command("customers", cls=_Command)(customers.customers)
application.command("propositions", cls=_Command)(propositions.propositions)
application.command("delay", cls=_Command)(delay.delay)
application.command("wargame", cls=_Command)(wargame.wargame)
application.command("optimize", cls=_Command)(optimize.optimize)
application.command("sensitivity", cls=_Command)(sensitivity.sensitivity)
application.command("validate", cls=_Command)(validate.validate)
application.command("check", cls=_Command)(check.check)
application.command("diff", cls=_Command)(diff.diff)
application.command("inspect", cls=_Command)(inspect.inspect)
application.command("calibrate", cls=_Command)(calibrate.calibrate)
application.command("segment", cls=_Command)(segment.segment)
application.command("synth", cls=_Command)(synth.synth)
application.command("bench", cls=_Command)(bench.bench)
application.command("schema", cls=_Command)(schema.schema)


def _show_version(asked: bool) -> None:
    if asked:
        from simengine import __version__

        typer.echo(f"simengine {__version__}")
        raise typer.Exit


@application.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", metavar="", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command that the arguments name, and exit; the codes are in the epilog of its help."""
    _hide_warnings()
    catch_signals()
    try:
        code = flushed(guarded(application))
        ignore_signals()
    except KeyboardInterrupt:  # after the command, before it is told
        code = interrupted()
    if code >= INTERRUPTED:  # at once, without waiting for the threads that simulate
        ignore_signals()
        remove_unfinished()
        sys.stderr.flush()
        os._exit(flushed(code))
    sys.exit(code)


def _hide_warnings() -> None:
    """What a library warns its callers of means nothing to who reads the terminal."""
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_, **__: None  # for a library that adds a filter of its own
