"""The command line: its commands, and what becomes of every way a command can end."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from simengine.cli.failure import INTERRUPTED, catch_signals, flushed, guarded, ignore_signals, interrupted
from simengine.unfinished import remove_unfinished

# What the help lists of each. The module of each in this package has a function of the same name.
COMMANDS = {
    "run": "Value per share of every allocation under every move.",
    "compare": "Which allocation is best, by how much, how sure, and why.",
    "customers": "Profit and loss of every customer, and what each is worth.",
    "propositions": "The value map: why customers prefer our offer, or do not.",
    "delay": "What waiting with an allocation costs.",
    "wargame": "What all had better do if rivals do what is best for them.",
    "optimize": "The split of a budget that makes the company worth most.",
    "sensitivity": "Which inputs a decision depends on.",
    "validate": "Check a scenario file without simulating it.",
    "check": "Compare today as stated with today as the model has it.",
    "diff": "What differs between two scenarios, in their own words.",
    "inspect": "What is in a customer file, and a draft scenario for it.",
    "calibrate": "How customers behave, estimated from real evidence.",
    "segment": "Which customers are alike, and what finer offers are worth.",
    "synth": "Write a synthetic customer file.",
    "bench": "How fast this machine simulates; compile ahead of runs.",
    "schema": "The JSON Schema of scenario files, for editors.",
}


class _OnDemand(Mapping[str, Any]):
    """The commands by name, each put together when it is asked for: who runs one need not wait for all."""

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        return _put_together(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


@cache
def _put_together(name: str) -> Any:
    alone = typer.Typer(**_PLAIN)
    alone.command(name, cls=_Command)(getattr(import_module(f"simengine.cli.{name}"), name))
    command = typer.main.get_command(alone)
    command.help = "\n\n".join(map(_as_it_stands, (command.help or "").split("\n\n")))
    return command


def _as_it_stands(paragraph: str) -> str:
    """An example on one line that is not wrapped, so that it can be copied; any other paragraph as it is."""
    return "\b\n" + " ".join(paragraph.split()) if paragraph.startswith("simengine ") else paragraph


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": _OnDemand()})

    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types(super().get_params(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


class _Command(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]  # typer would show {FILE}


def _without_types(params: list[Any]) -> list[Any]:
    for flag in params:
        if getattr(flag, "is_flag", False):
            flag.metavar = ""  # typer would show <bool>
    return params


_PLAIN: dict[str, Any] = {"add_completion": False, "pretty_exceptions_enable": False, "rich_markup_mode": None}
application = typer.Typer(
    cls=_Group,
    name="simengine",
    help="What each choice is worth to shareholders, for a company seen as a portfolio of customers.",
    epilog="Exit codes: 0 done, 1 the run failed, 2 bad input, 130 interrupted (143, 129 by other signals), "
    "141 output not read.",
    no_args_is_help=True,
    **_PLAIN,
)


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
