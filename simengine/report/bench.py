"""The speed of this machine as a table on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from simengine.report.terminal import print_whole


def print_bench(document: Mapping[str, Any], screen: Console) -> None:
    """Print the machine and every ratio beside its target, from the document of `simengine bench --json`."""
    for name, value in document["machine"].items():
        screen.print(f"{name}: {value}", soft_wrap=True, markup=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("times the stepper in C, unless said otherwise")
    for heading in ("measured", "target", "", "million customer-quarters a second"):
        table.add_column(heading, justify="right" if heading in ("measured", "target") else "left")
    for entry in document["ratios"].values():
        sign = "≤" if entry["at_most"] else "≥"
        table.add_row(
            entry["what"],
            f"{entry['ratio']:.2f} {entry['unit']}",
            "" if entry["target"] is None else f"{sign} {entry['target']:g} {entry['unit']}",
            {None: "", True: "met", False: "missed"}[entry["met"]],
            _rates(entry["figures"]),
        )
    print_whole(table, screen)


def _rates(figures: Mapping[str, float]) -> str:
    end = "_million_per_second"
    return ", ".join(
        f"{name.removesuffix(end).replace('_', ' ')}: {rate:,.0f}"
        for name, rate in figures.items()
        if name.endswith(end)
    )
