"""What is wrong with an input, on standard error: where, what was found and expected, and the line that says it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from simengine.report.excerpt import excerpt, visible
from simengine.report.source_lines import source_lines
from simengine.report.terminal import PIPED_WIDTH
from simengine.scenario.problems import Problem, counted

IN_FULL = 50  # problems printed one by one
KINDS = 10  # of the others that are told apart
_LABEL = 12  # columns of the screen before what was found, and the like
_ONE_LINE = 100_000  # columns: a text that nobody folds


def print_problems(problems: Sequence[Problem]) -> None:
    """Print every problem in the order given, and how many there are; those after the first fifty by their kind."""
    _print(problems, "problem", "red")


def print_warnings(warnings: Sequence[Problem]) -> None:
    """Print what does not stop a run and is still to be known, and how many there are; nothing if there are none."""
    if warnings:
        _print(warnings, "warning", "yellow")


def _print(problems: Sequence[Problem], noun: str, colour: str) -> None:
    screen = Console(file=sys.stderr, highlight=False)
    if not screen.is_terminal:
        screen.width = PIPED_WIDTH
    for file, group in groupby(problems[:IN_FULL], key=lambda problem: problem.file):
        together = list(group)
        lines = source_lines(file, {n for p in together for n in (p.line, *p.see) if n})
        for problem in together:
            _print_one(screen, problem, lines, noun, colour)
    for line in _others(problems[IN_FULL:]):
        screen.print(line, soft_wrap=True, markup=False)
    files = {problem.file for problem in problems if problem.line}
    where = f" in {len(files)} files" if len(files) > 1 else ""
    screen.print(f"{counted(len(problems), noun)}{where}", style=f"bold {colour}", soft_wrap=True)


def _print_one(screen: Console, problem: Problem, lines: dict[int, str], noun: str, colour: str) -> None:
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    told = [(where, "bold"), ("warning" if noun == "warning" else "", colour), (problem.place, "")]
    screen.print(Text(": ").join(Text(visible(text), style) for text, style in told if text), soft_wrap=True)
    for line in _frame(problem, lines, screen.width, colour):
        screen.print(line, soft_wrap=True)
    for label, text in (("found", problem.found), ("expected", problem.expected), ("hint", problem.suggestion)):
        room = screen.width - _LABEL if screen.is_terminal else _ONE_LINE
        for i, part in enumerate(Text(visible(text)).wrap(screen, room) if text else ()):
            screen.print(Text.assemble((f"  {'' if i else label:<{_LABEL - 2}}", "dim"), part), soft_wrap=True)
    screen.print()


def _frame(problem: Problem, lines: dict[int, str], width: int, colour: str) -> Iterator[Text]:
    """The line that a problem is on with its number and a mark below, between the other lines that explain it."""
    gutter = len(str(max(problem.line, *problem.see, 0)))
    room = width - gutter - len("   | ")
    line = lines.get(problem.line)
    if not problem.line and (shown := excerpt(problem.file, problem.column, problem.length, _ONE_LINE)):
        yield Text.assemble(" " * shown.indent, ("^" * shown.width, colour))  # of an option, right below it
    if line is None or (shown := excerpt(line, problem.column, problem.length, room)) is None:
        return
    previous = 0
    for number in sorted({problem.line, *problem.see}):
        if 0 < previous < number - 1:
            yield Text(f"  {'':>{gutter}} ...", "dim")
        previous = number
        other = excerpt(lines.get(number, ""), 1, 1, room)
        text = shown if number == problem.line else other
        if text and text.text:
            yield Text.assemble((f"  {number:>{gutter}} | ", "dim"), text.text)
        if number == problem.line:
            yield Text.assemble((f"  {'':>{gutter}} | ", "dim"), " " * shown.indent, ("^" * shown.width, colour))


def _others(problems: Sequence[Problem]) -> Iterator[str]:
    """How many problems are not printed, by what was expected."""
    if not problems:
        return
    kinds = Counter((problem.file, problem.expected) for problem in problems).most_common()
    yield f"and {len(problems):,} more:"
    width = len(str(kinds[0][1]))
    for (file, expected), count in kinds[:KINDS]:
        yield f"  {count:>{width}} in {visible(file)}: expected {visible(expected)}"
    if len(kinds) > KINDS:
        yield f"  {sum(count for _, count in kinds[KINDS:])} of other kinds"
    yield ""
