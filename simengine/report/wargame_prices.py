"""Prices at which nobody gains by another, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole, said_of_luck
from simengine.report.wargame import Measure, measure_of, said_of_draws, said_of_inputs
from simengine.scenario.problems import counted, listed
from simengine.scenario.suppliers import COMPANY

Found = Mapping[str, Any]


def print_prices(found: Found, screen: Console) -> None:
    """Print an equilibrium in prices, the document that `wargame --prices --json` prints."""
    under = f"{found['cell']['allocation']} / {found['cell']['move']}"
    screen.print(
        f"[bold]{escape(found['scenario'])}[/bold]: everybody sets its price, under {escape(under)}", soft_wrap=True
    )
    measures = {name: _measure(found, name) for name in found["suppliers"]}
    print_whole(_table(found, measures), screen)
    for line in (*_said(found, measures), *_conditions(found)):
        screen.print(escape(line), soft_wrap=True)


def _measure(found: Found, name: str) -> Measure:
    each = found["suppliers"][name]
    values = [each["value_today"]["mean"], each["value"]["mean"]]
    if name == COMPANY:
        values += [found["if_rivals_keep_theirs"]["value"]["mean"]]
    return measure_of(values, found["currency"], found["shares"] if name == COMPANY else None)


def _table(found: Found, measures: Mapping[str, Measure]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    luck = "" if found["exact"] else " ± 95 %"
    for heading in ("price\ntoday", f"nobody gains\nby another than{luck}", "change", "worth\ntoday", "then", "in"):
        table.add_column(heading, justify="left" if heading == "in" else "right", no_wrap=True)
    for name, each in found["suppliers"].items():
        measure = measures[name]
        one = set(each["today"].values())
        today = next(iter(one)) if len(one) == 1 else 1.0  # of one price, the price; of several, all by so much
        half = 0.0 if each["ci95"] is None else (each["ci95"][1] - each["ci95"][0]) / 2
        around = "" if not half else f" ± {half * today:.2g}"
        mark = "*" if each["at_edge"] else ""
        table.add_row(
            escape(name),
            f"{today:,.5g}" if len(one) == 1 else "several",
            f"{each['multiple'] * today:,.5g}{around}{mark}"
            if len(one) == 1
            else f"x {each['multiple']:.4f}{around}{mark}",
            f"{each['multiple'] - 1:+.1%}",
            measure.text(each["value_today"]["mean"]),
            measure.text(each["value"]["mean"]),
            escape(measure.unit),
        )
    return table


def _said(found: Found, measures: Mapping[str, Measure]) -> Iterator[str]:
    gains = {name: each["epsilon"] for name, each in found["suppliers"].items()}
    most = ", ".join(f"{name} {measures[name].said(each['gain'])}" for name, each in gains.items() if each["gain"] > 0)
    if not found["rests"]:
        rounds = found["path"][-4:]
        yield (
            "No prices were found that are best answers to each other: answers go round and do not rest, lately "
            + ("; ".join("(" + ", ".join(f"{multiple:.3f}" for multiple in prices) + ")" for prices in rounds))
            + " times today's."
        )
        yield f"At the prices shown, by another price would gain: {most or 'nobody'}."
    elif most:
        yield f"At most, by any other price that was tried, would gain: {most}."
    else:
        yield "Nobody gains by any other price that was tried, over the whole range and near its own."
    if edges := [name for name, each in found["suppliers"].items() if each["at_edge"]]:
        low, high = found["within"]
        yield (
            f"* {listed(edges, 'and')}: the end of what is allowed, {low:.0%} to {high:.0%} of today's price; a price "
            "beyond may be better. So far from today's prices a price sensitivity of today may mean little."
        )
    alone, us = found["if_rivals_keep_theirs"], measures[COMPANY]
    cost = alone["cost_of_their_answers"]["mean"]
    verb = "costs" if cost >= 0 else "brings"
    yield (
        f"If rivals kept theirs, ours had better be {alone['multiple'] - 1:+.1%}: "
        f"{us.said(alone['value']['mean'])}. That they set theirs, too, {verb} us {us.said(abs(cost))}."
    )
    if groups := {
        tuple(sorted((name, *each["together_with"])))
        for name, each in found["suppliers"].items()
        if each["together_with"]
    }:
        yield f"Together, for the sum of their values: {'; '.join(listed(group, 'and') for group in sorted(groups))}."


def _conditions(found: Found) -> Iterator[str]:
    where = listed(found["segments"], "and")
    yield f"Prices hold from the first period on, for good, in {where}; they are best answers found from today's on."
    if found["other_segments"]:
        names = found["other_segments"]
        yield f"Prices stay in {listed(names, 'and')}: customers there do not choose among suppliers."
    error = max(each["numerical_error"] for each in found["suppliers"].values())
    luck = said_of_luck(found, said_of_draws(found))
    yield f"{counted(found['cells'], 'cell')}; numerical error of prices {error:.1g} of today's; {luck}."
    yield from said_of_inputs(found)
