"""What customers experience in the end, as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table


def experience_table(experience: Mapping[str, Any]) -> Table:
    """A row for each segment and allocation: owners of touchpoints, D, the levels that are delivered, and of what
    where that is less than is promised."""
    today, allocations = experience["today"], experience["allocations"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("experience at the end\nof a segment", no_wrap=True)
    for heading in ("owners", "experience\n(of 1)", *(f"{escape(need)}\n(of 10)" for need in experience["delivers"])):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_row("today", f"{today['owners']}", f"{today['experience']:.3f}")
    for segment in next(iter(allocations.values()))["segments"]:
        table.add_row(f"[bold]{escape(segment)}[/bold]")
        for name, allocation in allocations.items():
            at_end = allocation["segments"][segment]
            table.add_row(
                f"  {escape(name)}", f"{allocation['owners']}", f"{at_end['experience']:.3f}", *_levels(at_end)
            )
        table.add_section()
    return table


def _levels(at_end: Mapping[str, Any]) -> Iterator[str]:
    for need, delivered in at_end["delivered"].items():
        promised = f"{at_end['promised'][need]:.1f}"
        level = f"{delivered:.1f}"
        yield f"{level} of {promised}" if delivered < at_end["promised"][need] and level != promised else level


def assumption(experience: Mapping[str, Any]) -> str:
    """What the effect of owners goes by."""
    power = f"1 - {experience['silo']:g} (owners - 1)"
    return f"Assumed: experience is the mean of power {power} of the touchpoints' qualities."
