"""The command line: its commands, and what becomes of every way a command can end."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from simengine.cli import check, run, schema, validate
from simengine.cli.failure import INTERRUPTED, guarded

application = typer.Typer(
    name="simengine",
    help="What each choice is worth to shareholders, for a company seen as a portfolio of customers.",
    epilog="Exit codes: 0 done, 1 the run failed, 2 bad input, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
application.command("run")(run.run)
application.command("validate")(validate.validate)
application.command("check")(check.check)
application.command("schema")(schema.schema)


def _show_version(asked: bool) -> None:
    if asked:
        from simengine import __version__

        typer.echo(f"simengine {__version__}")
        raise typer.Exit


@application.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command that the arguments name, and exit: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    code = guarded(application)
    if code == INTERRUPTED:  # at once, without waiting for the threads that simulate
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
