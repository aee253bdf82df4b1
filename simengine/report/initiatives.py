"""Initiatives in time, as a Gantt chart on a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

WIDEST = 40  # characters of a bar; each is one period, or several where there are more
LIKELY, POSSIBLE, IDLE = "█", "░", "·"
_DUST = 1e-9


def initiative_table(initiatives: Mapping[str, Any], labels: Sequence[str]) -> Table:
    """A row for each initiative, under its allocation and in the order of beginning: when it begins and is completed in
    half of the replications and, in brackets, in a tenth and in nine tenths; how likely it is completed, or given up,
    within the calendar."""
    each = math.ceil(len(labels) / WIDEST)
    given_up = any(one["cancelled"] for stated in initiatives.values() for one in stated.values())
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("under an allocation,\nan initiative", no_wrap=True)
    scale = "a period" if each == 1 else f"{each} periods"
    table.add_column(f"{labels[0]} to {labels[-1]},\n{scale} a sign", no_wrap=True)
    table.add_column("begins\n(p10 - p90)", no_wrap=True)
    table.add_column("is completed\n(p10 - p90)", no_wrap=True)
    for heading in ("in the\ncalendar", *(["given\nup"] if given_up else [])):
        table.add_column(heading, justify="right", no_wrap=True)
    for allocation, stated in initiatives.items():
        if not stated:
            continue
        table.add_row(f"[bold]{escape(allocation)}[/bold]")
        for name, one in sorted(stated.items(), key=lambda row: (_median(row[1], "start"), _median(row[1], "finish"))):
            shares = [f"{one['completed']:.0%}", *([f"{one['cancelled']:.0%}"] if given_up else [])]
            begins, completed = said(one["start"], labels, 0), said(one["finish"], labels, 1)
            table.add_row(f"  {escape(name)}", bar(one, len(labels), each), begins, completed, *shares)
        table.add_section()
    return table


def _median(one: Mapping[str, Any], what: str) -> float:
    middle = one[what]["p50"]
    return math.inf if middle is None else float(middle)


def said(quantiles: Mapping[str, float | None], labels: Sequence[str], end: int) -> str:
    """The median's period with those of the other quantiles in brackets, where they are others; `end`: times are ends,
    and one at the end of a period is in it."""
    return with_range({name: period_of(time, labels, end) for name, time in quantiles.items()})


def with_range(found: Mapping[str, str]) -> str:
    """The median and, in brackets, the other quantiles, where they are others."""
    low, middle, high = (found[name] for name in ("p10", "p50", "p90"))
    return middle if low == middle == high else f"{middle} ({low} - {high})"


def period_of(time: float | None, labels: Sequence[str], end: int) -> str:
    """The label of the period in which a time is, in periods since the opening."""
    if time is None:
        return "never"
    period = max(math.ceil(time - _DUST) - 1, 0) if end else math.floor(time + _DUST)
    return labels[period] if period < len(labels) else "later"


def bar(one: Mapping[str, Any], periods: int, each: int) -> str:
    """A sign for every `each` periods: at work between the medians, or perhaps between the tenth and nine tenths."""
    start = {name: math.inf if time is None else time for name, time in one["start"].items()}
    end = one["end"]

    def sign(first: int) -> str:
        last = first + each
        if start["p50"] < last and end["p50"] > first:
            return LIKELY
        return POSSIBLE if start["p10"] < last and end["p90"] > first else IDLE

    return "".join(sign(first) for first in range(0, periods, each))


def legend() -> str:
    """What the signs of the chart mean."""
    return (
        f"{LIKELY} at work from the median of its start to that of its end, {POSSIBLE} from the tenth to nine tenths; "
        "effects begin with the first period after completion."
    )
