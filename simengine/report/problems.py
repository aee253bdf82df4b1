"""What is wrong with an input, on standard error: one line a problem, where it is first."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from simengine.scenario.problems import ScenarioError


def print_problems(error: ScenarioError) -> None:
    """Print every problem and how many there are; file, line and column stand out on a terminal."""
    screen = Console(file=sys.stderr, highlight=False)
    for problem in error.problems:
        where, separator, what = str(problem).partition(": ")
        screen.print(Text.assemble((where, "bold"), separator, what), soft_wrap=True)
    count = len(error.problems)
    screen.print(f"{count} problem{'' if count == 1 else 's'}", style="red", soft_wrap=True)
