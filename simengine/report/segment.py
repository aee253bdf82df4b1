"""Segments of customers, as tables on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole
from simengine.scenario.problems import counted, listed
from simengine.segmentation.by_needs import ByNeeds
from simengine.segmentation.clusters import Method
from simengine.segmentation.number import METHODS, Candidate
from simengine.segmentation.segment import Grid, Segmentation


def print_segments(found: Segmentation, screen: Console) -> None:
    """Print how many segments there are and why, what each is like, and what it brings."""
    base = found.base
    title = f"[bold]{escape(found.file)}[/bold]: {counted(round(base.customers), 'customer')}"
    screen.print(title + escape(_formed_from(found)), soft_wrap=True)
    if found.formed is not None:
        print_whole(_numbers(found.formed), screen)
        screen.print(
            "BIC and ICL against one segment, the lower the better; stability: mean (least) adjusted Rand index."
        )
    screen.print(escape(found.reason), soft_wrap=True)
    print_whole(_profiles(found), screen)
    for each in found.profiles:
        screen.print(f"[bold]{escape(each.name)}[/bold]: {escape(each.words)}.", soft_wrap=True)
    if found.grid is not None and len(found.grid.classes) > 1:
        print_whole(_grid(found.grid, base.value_name), screen)
    for notice in found.notices:
        screen.print(f"[yellow]look at[/yellow] {escape(notice)}", soft_wrap=True)


def _formed_from(found: Segmentation) -> str:
    base = found.base
    parts = [f"needs {listed(base.needs, 'and')}"] if base.needs else []
    parts += [f"features {listed(base.features, 'and')}"] if base.features else []
    parts += [f"value is {base.value_name}"] if base.value is not None else []
    return f"; {'; '.join(parts)}"


def _numbers(found: ByNeeds) -> Table:
    """A row for each number of segments, both methods beside each other."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("segments", justify="right", no_wrap=True)
    headings: dict[Method, tuple[str, ...]] = {
        "mixture": ("mixture:\nBIC", "\nICL", "\nstability", "\nsmallest"),
        "k-means": ("k-means:\nICL", "\nstability", "\nsmallest"),
    }
    for method in METHODS:
        for heading in headings[method]:
            table.add_column(heading, justify="right", no_wrap=True)
    for rows in zip(*(found.candidates[method] for method in METHODS), strict=True):
        cells = [str(rows[0].segments)]
        for method, each in zip(METHODS, rows, strict=True):
            one = found.candidates[method][0]
            bold = each is found.best
            cells += [f"[bold]{cell}[/bold]" if bold else cell for cell in _candidate(method, each, one)]
        table.add_row(*cells)
    return table


def _candidate(method: Method, each: Candidate, one: Candidate) -> list[str]:
    bic = [f"{(each.bic or 0) - (one.bic or 0):+,.0f}"] if method == "mixture" else []
    stability = "" if each.stability is None else f"{each.stability:.2f} ({each.least_stability:.2f})"
    if not each.clusters.converged:
        stability = "not settled"
    return [*bic, f"{each.icl - one.icl:+,.0f}", stability, f"{each.smallest:.1%}"]


def _profiles(found: Segmentation) -> Table:
    base = found.base
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("segment", no_wrap=True)
    headings = ["customers", "share"]
    if base.value is not None:
        headings += [f"of {base.value_name}", "a customer\na year"]
    headings += [*base.needs, *(["needs\nspread"] if base.needs else []), *base.features]
    certain = any(each.certainty is not None for each in found.profiles)
    distant = any(each.silhouette is not None for each in found.profiles)
    headings += ["certainty"] * certain + ["silhouette"] * distant
    for heading in headings:
        table.add_column(escape(heading), justify="right", no_wrap=True)
    for each in found.profiles:
        cells = [escape(each.name), f"{each.customers:,.0f}", f"{each.share:.1%}"]
        if base.value is not None:
            share = "" if each.value_share is None else f"{each.value_share:.1%}"
            cells += [share, "" if each.mean_value is None else f"{each.mean_value:,.0f}"]
        cells += [f"{weight:.2f}" for weight in each.needs.values()]
        if each.needs_spread is not None:
            cells.append(f"{each.needs_spread:.3f}")
        cells += [f"{mean:.4g}" for mean in each.features.values()]
        cells += ["" if each.certainty is None else f"{each.certainty:.2f}"] * certain
        cells += ["" if each.silhouette is None else f"{each.silhouette:.2f}"] * distant
        table.add_row(*cells)
    return table


def _grid(grid: Grid, value_name: str) -> Table:
    """Customers and value in every segment by needs and class by value."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(f"by {escape(value_name)}: of customers,\nof {escape(value_name)}", no_wrap=True)
    for name in grid.classes:
        table.add_column(f"{escape(name)}\n", justify="right", no_wrap=True)
    for name, shares, values in zip(grid.segments, grid.share, grid.value_share, strict=True):
        cells = [
            f"{share:.1%}" + ("" if value is None else f" {value:>6.1%}")
            for share, value in zip(shares, values, strict=True)
        ]
        table.add_row(escape(name), *cells)
    return table
