"""A run as a table on a terminal: what each allocation is worth to shareholders under each move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from simengine.report.boards import board_table, has_boards
from simengine.report.by_move import Cell, add_by_move
from simengine.report.experience import assumptions, experience_table
from simengine.report.initiatives import initiative_table, legend
from simengine.report.learned import imitation_table, knowledge_table
from simengine.report.precision import said_of_precision
from simengine.report.rivals import rival_table, said_of_rivals, valued
from simengine.report.spread import spread_said
from simengine.report.waiting import luck_said, waiting_table
from simengine.scenario.problems import counted

PIPED_WIDTH = 120  # columns where the output is not a terminal, so that it never depends on the machine


def console(*, error: bool = False) -> Console:
    """Standard output (or standard error), at a fixed width unless it is a terminal."""
    screen = Console(highlight=False, stderr=error)
    return screen if screen.is_terminal else Console(highlight=False, stderr=error, width=PIPED_WIDTH)


def print_whole(table: Table, screen: Console) -> None:
    """Print a table at the width it needs: a narrow terminal folds its lines, no figure is cut."""
    width = screen.width
    screen.width = max(width, Measurement.get(screen, screen.options.update(max_width=10_000), table).maximum)
    screen.print(table)
    screen.width = width


def print_summary(summary: Mapping[str, Any], screen: Console, seconds: float | None = None) -> None:
    """Print the table of a run's summary, the document that `summary.json` holds; `seconds` are what its replications
    took, where that is to be told."""
    screen.print(f"[bold]{escape(summary['scenario'])}[/bold]", soft_wrap=True)
    print_whole(value_table(summary), screen)
    if valued(summary):
        print_whole(rival_table(summary), screen)
    if has_boards(summary):
        print_whole(board_table(summary), screen)
    experience = summary.get("experience")
    if experience:
        print_whole(experience_table(experience), screen)
    if "knowledge" in summary:
        print_whole(knowledge_table(summary["knowledge"]), screen)
    if "imitation" in summary and (imitated := imitation_table(summary["imitation"])):
        print_whole(imitated, screen)
    if "moves" in summary:
        print_whole(waiting_table(summary["moves"]), screen)
    screen.print(_conditions(summary), soft_wrap=True)
    if "market_luck" in summary:
        luck = luck_said(summary["market_luck"], summary["mode"], summary["replications"], "uncertain" in summary)
        screen.print(luck, soft_wrap=True)
    for line in said_of_precision(summary):
        screen.print(line, soft_wrap=True)
    for line in spread_said(summary, seconds):
        screen.print(escape(line), soft_wrap=True)
    for conversion in summary["conversions"]:
        screen.print(_assumption(conversion), soft_wrap=True)
    for line in said_of_rivals(summary):
        screen.print(line, soft_wrap=True)
    if experience:
        for line in assumptions(experience):
            screen.print(line, soft_wrap=True)


def print_timeline(summary: Mapping[str, Any], labels: Sequence[str], screen: Console) -> None:
    """Print when initiatives begin and end; `labels` are those of the calendar's periods."""
    if "initiatives" not in summary:
        screen.print("No allocation has initiatives.")
        return
    print_whole(initiative_table(summary["initiatives"], labels), screen)
    screen.print(legend(), soft_wrap=True)


def value_table(summary: Mapping[str, Any]) -> Table:
    """A row for each cell: value per share, paired difference from the reference, customers and share.

    What follows `±` is half of the 95 % interval; nothing follows what is the same in every replication.
    """
    cells: list[Cell] = summary["cells"]
    reference = cells[0]["difference"]["to"]
    values = with_intervals([cell["value_per_share"] for cell in cells], sign="")
    differences = with_intervals([cell["difference"] for cell in cells], sign="+")

    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("under a move,\nan allocation", no_wrap=True)
    spread = " ± 95 %" if any(cell["value_per_share"]["ci95"] for cell in cells) else ""
    headings = f"{summary['currency']} a share{spread}", f"against {reference}\n(paired){spread}"
    for heading, figures in zip(headings, (values, differences), strict=True):
        widest = max(map(len, (*heading.splitlines(), *figures)))
        figures[:] = [figure.rjust(widest) for figure in figures]  # what has no interval is in line with what has
        table.add_column(Text(heading, justify="right"), justify="left", no_wrap=True)
    drawn = [cell.get("replications") for cell in cells]
    uneven = len(set(drawn)) > 1
    for heading in ("customers\nat the end", "share of\nmarket", *(["replications"] if uneven else [])):
        table.add_column(heading, justify="right", no_wrap=True)

    rows = []
    for cell, value, difference in zip(cells, values, differences, strict=True):
        customers = sum(segment["customers_end"] for segment in cell["segments"].values())
        shown = "" if cell["allocation"] == reference else difference
        row = [value, shown, f"{customers:,.0f}", f"{customers / summary['market_size']:.1%}"]
        rows.append([*row, f"{cell['replications']:,}"] if uneven else row)
    add_by_move(table, cells, rows)
    return table


def decimals(means: Iterable[float], halves: Iterable[float]) -> int:
    """Decimals, 2 to 6, that show two figures of the narrowest interval, else of the smallest mean."""
    sizes = [half for half in halves if half > 0] or [abs(mean) for mean in means if mean]
    if not sizes:
        return 2
    exponent = int(f"{min(sizes):.1e}".partition("e")[2])
    return min(6, max(2, 1 - exponent))


def with_intervals(figures: Sequence[Mapping[str, Any]], sign: str = "") -> list[str]:
    """Each mean with half of its interval, all with the same decimals."""
    halves = [(figure["ci95"][1] - figure["ci95"][0]) / 2 if figure["ci95"] else None for figure in figures]
    places = decimals((figure["mean"] for figure in figures), (half for half in halves if half is not None))
    intervals = [f" ± {half:.{places}f}" if half else "" for half in halves]
    widest = max(map(len, intervals))
    return [
        f"{figure['mean']:{sign},.{places}f}{interval:{widest}}"
        for figure, interval in zip(figures, intervals, strict=True)
    ]


def _assumption(conversion: Mapping[str, Any]) -> str:
    return (
        f"Assumed: who converts from {escape(conversion['from'])} to {escape(conversion['to'])} gains "
        f"{conversion['causal']:.0%} of the difference in the hazard of leaving."
    )


def exactness(profiles: Mapping[str, Any] | None) -> str:
    """How far expected values are from those of every customer, by what a summary says of merging these."""
    merged = profiles or {}
    return "exact" if merged.get("error") is None else f"within {100 * merged['bound']:.2g} %"


def said_of_luck(found: Mapping[str, Any], drawn: str) -> str:
    """What is random in the figures of a summary, or of a study's document; `drawn` says in which replications."""
    near = exactness(found.get("profiles"))
    if found["exact"]:
        return f"expected values, {near}: nothing is random"
    return f"expected values of customers, {near}, in each of {drawn}" if found["mode"] == "expected" else drawn


def _conditions(summary: Mapping[str, Any]) -> str:
    fewest = min((cell.get("replications", summary["replications"]) for cell in summary["cells"]), default=0)
    range_from = f"{fewest:,} to " if fewest < summary["replications"] else ""
    drawn = f"{range_from}{counted(summary['replications'], 'replication')}, seed {summary['seed']}"
    return (
        f"{summary['customers']:,.0f} customers today in a market of {summary['market_size']:,.0f}; "
        f"{summary['periods']} periods; {said_of_luck(summary, drawn)}."
    )
