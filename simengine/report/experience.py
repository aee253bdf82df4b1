"""What customers experience in the end, as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table


def experience_table(experience: Mapping[str, Any]) -> Table:
    """A row for each segment and allocation: owners of touchpoints, levels of employees, D, the levels that are
    delivered, and of what where that is less than is promised."""
    today, allocations = experience["today"], experience["allocations"]
    figures = [figure for figure in ("enablement", "motivation", "experience") if figure in today]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("experience at the end\nof a segment", no_wrap=True)
    of_one, of_ten = (
        (f"{figure}\n(of 1)" for figure in figures),
        (f"{need}\n(of 10)" for need in experience["delivers"]),
    )
    for heading in ("owners", *of_one, *of_ten):
        table.add_column(escape(heading), justify="right", no_wrap=True)
    table.add_row("today", f"{today['owners']}", *(f"{today[figure]:.3f}" for figure in figures))
    for segment in next(iter(allocations.values()))["segments"]:
        table.add_row(f"[bold]{escape(segment)}[/bold]")
        for name, allocation in allocations.items():
            at_end = allocation["segments"][segment]
            of_all = (f"{at_end[figure]:.3f}" for figure in figures)
            table.add_row(f"  {escape(name)}", f"{allocation['owners']}", *of_all, *_levels(at_end))
        table.add_section()
    return table


def _levels(at_end: Mapping[str, Any]) -> Iterator[str]:
    for need, delivered in at_end["delivered"].items():
        promised = f"{at_end['promised'][need]:.1f}"
        level = f"{delivered:.1f}"
        yield f"{level} of {promised}" if delivered < at_end["promised"][need] and level != promised else level


def assumptions(experience: Mapping[str, Any]) -> Iterator[str]:
    """What the effects of owners and of employees go by."""
    power = f"1 - {experience['silo']:g} (owners - 1)"
    yield f"Assumed: experience is the mean of power {power} of the touchpoints' qualities."
    if experience["employees"]:
        added = ", ".join(f"{level} {each['sensitivity']:g}" for level, each in experience["employees"].items())
        yield f"Assumed: a level of employees that rises from 0 to 1 adds to the log odds of each quality: {added}."
