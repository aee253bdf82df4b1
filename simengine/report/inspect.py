"""What is in a customer file, as tables on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole
from simengine.scenario.problems import counted
from simengine.survey.column import Column
from simengine.survey.survey import Survey

_BARS = " ▁▂▃▄▅▆▇█"
_LONGEST = 28  # letters of a name or value that a table shows
_VALUES = 3  # most frequent values that it shows


def print_survey(survey: Survey, screen: Console) -> None:
    """Print columns with their distributions, what each may hold for a scenario, and what to look at."""
    size = f"{counted(survey.rows, 'row')}, {counted(len(survey.columns), 'column')}"
    screen.print(f"[bold]{_text(survey.file, 200)}[/bold]: {size}", soft_wrap=True)
    print_whole(_columns(survey), screen)
    if survey.suggestions:
        print_whole(_suggestions(survey), screen)
    for line in survey.unsure:
        screen.print(f"[yellow]look at[/yellow] {_text(line, 1000)}", soft_wrap=True)
    if survey.unsure:
        screen.print()


def _columns(survey: Survey) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (("column", "left"), ("kind", "left"), ("missing", "right"), ("different", "right")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("distribution: minimum \\[quartiles] maximum, mean; or the most frequent", no_wrap=True)
    for c in survey.columns:
        missing = f"{c.missing:,}" if c.missing else ""
        table.add_row(_text(c.name) or "[dim](no name)[/dim]", c.kind, missing, f"{c.distinct:,}", _distribution(c))
    return table


def _distribution(column: Column) -> str:
    n = column.numbers
    if column.kind == "number" and n is not None:
        quartiles = " ".join(f"{quartile:.5g}" for quartile in n.quartiles)
        mean = "" if n.mean is None else f", {n.mean:.5g}"
        return f"[cyan]{_bars(n.histogram)}[/cyan] {n.minimum:.5g} \\[{quartiles}] {n.maximum:.5g}{mean}".lstrip()
    if column.days is not None:
        return f"{column.days[0]} to {column.days[1]}"
    shown = ", ".join(f"{_text(value)} {count:,}" for value, count in column.top[:_VALUES])
    more = column.distinct - _VALUES if column.top else 0
    return shown + (f" and {more:,} more" if more > 0 else "")


def _bars(counts: tuple[int, ...]) -> str:
    """A bar for each count; one that is not 0 can be seen."""
    most = max(counts, default=0)
    return "".join(_BARS[0 if count == 0 else 1 + count * (len(_BARS) - 2) // most] for count in counts)


def _suggestions(survey: Survey) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("may be", "column", "unit", "confidence", "because"):
        table.add_column(heading, no_wrap=True)
    for s in survey.suggestions:
        table.add_row(s.role, ", ".join(_text(c) for c in s.columns), s.unit or "", s.confidence, _text(s.reason, 200))
    return table


def _text(text: str, longest: int = _LONGEST) -> str:
    """A text of the file on one line, not read as markup."""
    line = "".join(letter if letter.isprintable() else "·" for letter in text)
    return escape(line if len(line) <= longest else line[: longest - 1] + "…")
