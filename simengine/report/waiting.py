"""When moves came that wait, as a table on a terminal; and what the market's luck is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from simengine.report.initiatives import with_range
from simengine.scenario.problems import listed


def waiting_table(moves: Mapping[str, Any]) -> Table:
    """A row for each allocation under each change that waits: the share of replications in which it came, and when it
    first held in half of all replications and, in brackets, in a tenth and in nine tenths; how often it began, where
    that may be more than once."""
    changes = [change for move in moves.values() for change in move]
    again = any(each["times"] > each["came"] for change in changes for each in change["allocations"].values())
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("moves that wait\nunder an allocation", no_wrap=True)
    table.add_column("came", justify="right", no_wrap=True)
    table.add_column("first held from\n(p10 - p90)", no_wrap=True)
    if again:
        table.add_column("times,\non average", justify="right", no_wrap=True)
    for change in changes:
        table.add_row(f"[bold]{escape(change['change'])}[/bold]: {escape(_said(change))}")
        for names, each in _alike(change["allocations"]):
            times = [f"{each['times']:.1f}"] if again else []
            table.add_row(f"  {escape(names)}", f"{each['came']:.0%}", _period(each["begins"]), *times)
        table.add_section()
    return table


def _said(change: Mapping[str, Any]) -> str:
    who = change["who"] or "the market"
    return f"{who}, when {change['when']}" if "when" in change else f"{who}, {100 * change['arrival']:g}% a year"


def _alike(allocations: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One row for all where they do not differ."""
    found = list(allocations.items())
    if len(found) > 1 and all(each == found[0][1] for _, each in found):
        yield "every allocation", found[0][1]
    else:
        yield from found


def _period(begins: Mapping[str, str | None]) -> str:
    return with_range({name: period or "never" for name, period in begins.items()})


def luck_said(kinds: Sequence[str], mode: str, replications: int, uncertain: bool = False) -> str:
    """What the intervals of a run are about, whose market has luck of its own; `uncertain`: inputs differ, too."""
    named = listed(kinds, "and")
    if replications == 1:
        return f"The market has luck of its own ({named}): this is one future of many."
    alone = "" if mode == "sampled" or uncertain else " alone"
    inputs = "uncertain inputs and " if uncertain else ""
    return f"Replications differ by {inputs}the market's own luck{alone}: {named}."
