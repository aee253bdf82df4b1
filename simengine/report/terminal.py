"""A run as a table on a terminal: what each allocation is worth to shareholders under each move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

PIPED_WIDTH = 120  # columns where the output is not a terminal, so that it never depends on the machine

Cell = Mapping[str, Any]


def console() -> Console:
    """Standard output, at a fixed width unless it is a terminal."""
    screen = Console(highlight=False)
    return screen if screen.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def print_summary(summary: Mapping[str, Any], screen: Console) -> None:
    """Print the table of a run's summary, the document that `summary.json` holds."""
    screen.print(f"[bold]{_escaped(summary['scenario'])}[/bold]")
    screen.print(value_table(summary))
    screen.print(_conditions(summary), soft_wrap=True)


def value_table(summary: Mapping[str, Any]) -> Table:
    """One row a cell: value per share, paired difference from the reference, customers and share."""
    cells: list[Cell] = summary["cells"]
    exact = summary["exact"]
    currency = summary["currency"]
    reference = cells[0]["difference"]["to"]
    values = [cell["value_per_share"] for cell in cells]
    differences = [cell["difference"] for cell in cells]
    value_places = decimals([v["mean"] for v in values], [v["ci95"] for v in values])
    difference_places = decimals([d["mean"] for d in differences], [d["ci95"] for d in differences])

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("move")
    table.add_column("allocation")
    table.add_column(f"value per share, {_escaped(currency)}", justify="right")
    if not exact:
        table.add_column("95 % interval", justify="right")
    table.add_column(f"against {_escaped(reference)}", justify="right")
    if not exact:
        table.add_column("95 % interval", justify="right")
    table.add_column("customers at the end", justify="right")
    table.add_column("share", justify="right")

    for move in dict.fromkeys(cell["move"] for cell in cells):
        for row, cell in enumerate(c for c in cells if c["move"] == move):
            value, difference = cell["value_per_share"], cell["difference"]
            customers = sum(segment["customers_end"] for segment in cell["segments"].values())
            itself = cell["allocation"] == reference
            table.add_row(
                _escaped(move) if row == 0 else "",
                _escaped(cell["allocation"]),
                f"{value['mean']:,.{value_places}f}",
                *([] if exact else [_interval(value["ci95"], value_places, "")]),
                "" if itself else f"{difference['mean']:+,.{difference_places}f}",
                *([] if exact else ["" if itself else _interval(difference["ci95"], difference_places, "+")]),
                f"{customers:,.0f}",
                f"{customers / summary['market_size']:.1%}",
            )
        table.add_section()
    return table


def decimals(means: Iterable[float], intervals: Iterable[list[float] | None]) -> int:
    """Decimals, 2 to 6, that show two figures of the narrowest interval, else of the smallest mean."""
    widths = [pair[1] - pair[0] for pair in intervals if pair and pair[1] > pair[0]]
    sizes = widths or [abs(mean) for mean in means if mean]
    if not sizes:
        return 2
    leading_zeros = f"{min(sizes):.1e}".partition("e")[2]
    return min(6, max(2, 1 - int(leading_zeros)))


def _interval(pair: list[float] | None, places: int, sign: str) -> str:
    return f"{pair[0]:{sign},.{places}f} to {pair[1]:{sign},.{places}f}" if pair else ""


def _conditions(summary: Mapping[str, Any]) -> str:
    luck = (
        "expected values, exact: nothing is random"
        if summary["exact"]
        else f"{summary['replications']:,} replications, seed {summary['seed']}"
    )
    return (
        f"{summary['customers']:,.0f} customers today in a market of {summary['market_size']:,.0f}; "
        f"{summary['periods']} periods; {luck}."
    )


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
