"""What differs between two scenarios, a line each on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from simengine.report.excerpt import visible
from simengine.scenario.differences import Difference
from simengine.scenario.problems import counted


def print_differences(before: str, after: str, found: Sequence[Difference], screen: Console) -> None:
    """Print how many differences there are between two files, and each of them in words."""
    if not found:
        screen.print(f"{visible(before)} and {visible(after)}: no difference", soft_wrap=True, markup=False)
        return
    count = counted(len(found), "difference")
    screen.print(Text(f"{visible(before)} → {visible(after)}: {count}", "bold"), soft_wrap=True)
    for difference in found:
        screen.print(Text(f"{visible(difference.place)}: {visible(difference.words)}"), soft_wrap=True)
