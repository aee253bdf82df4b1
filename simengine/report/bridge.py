"""Why one allocation is worth more than another, as waterfalls on a terminal and in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import decimals, print_whole
from simengine.scenario.problems import listed

_WIDTH = 32  # letters of a waterfall
_MOST_SEGMENTS = 5  # that have a column each
_NAMED = 3  # parts that a sentence names
_NEARLY_ALL, _MOST, _NEGLIGIBLE = 0.9, 0.75, 0.02  # of all parts, whatever their sign
UNALLOCATED = "overhead and spend without a segment"

Figure = Mapping[str, Any]  # value_per_share, ci95


def print_bridge(bridge: Mapping[str, Any], currency: str, screen: Console) -> None:
    """Print both bridges of one cell, the document of `study.bridge`."""
    places = _places(bridge)
    under = f"{escape(bridge['allocation'])} against {escape(bridge['to'])} under {escape(bridge['move'])}"
    screen.print(f"[bold]why {under}[/bold]", soft_wrap=True)
    for line in reasons(bridge, currency):
        screen.print(escape(line), soft_wrap=True)
    if bridge["by_change"] is not None and bridge["by_change"]["changes"]:
        print_whole(_changes(bridge, currency, places), screen)
    if _drivers(bridge):
        print_whole(_driver_table(bridge, currency, places), screen)


def print_bridges(bridges: Mapping[str, Mapping[str, Any]], currency: str, screen: Console) -> None:
    """Print all of {move: {allocation: bridge}}."""
    every = [bridge for found in bridges.values() for bridge in found.values()]
    for bridge in every:
        print_bridge(bridge, currency, screen)
    if any(bridge["by_change"] is None for bridge in every):
        screen.print("What a change contributes is simulated: give the scenario in place of the run.", soft_wrap=True)


def print_reasons(bridges: Mapping[str, Mapping[str, Any]], currency: str, screen: Console) -> None:
    """Print what explains each of the differences {move: {allocation: bridge}}, a line each."""
    for move, found in bridges.items():
        screen.print(f"[bold]{escape(move)}[/bold], why:", soft_wrap=True)
        for allocation, bridge in found.items():
            screen.print(escape(f"  {allocation}: {' '.join(reasons(bridge, currency))}"), soft_wrap=True)


def reasons(bridge: Mapping[str, Any], currency: str) -> list[str]:
    """What explains the difference, as a strategist would say it."""
    places = _places(bridge)
    parts = _drivers(bridge)
    changes = bridge["by_change"]
    if not parts:
        does = "does" if changes is not None and not changes["changes"] else "is worth"
        return [f"it {does} exactly what {bridge['to']} {'does' if does == 'does' else 'is'}."]
    found = []
    whole = f"{bridge['value_per_share']:+,.{places}f} {currency} a share"
    if changes is not None:
        made = {f"{_said_change(each)}": each["value_per_share"] for each in changes["changes"]}
        found.append(f"{whole}: {_said(made, places)}.")
        found += _said_interaction(changes, places)
    told = {_name(driver, bridge): value for driver, value in parts.items()}
    found.append(f"By driver, {_said(told, places)}." if found else f"{whole}: {_said(told, places)}.")
    return found


def waterfall(values: Sequence[float], width: int = _WIDTH) -> list[str]:
    """A bar for each of values that add up, from where the one before ends; gains are full, losses hatched."""
    ends = [0.0]
    for value in values:
        ends.append(ends[-1] + value)
    low, high = min(ends), max(ends)
    if high == low:
        return ["" for _ in values]
    places = [round((end - low) / (high - low) * width) for end in ends]
    bars = []
    for value, start, end in zip(values, places, places[1:], strict=False):
        first, last = sorted((start, end))
        length = max(last - first, 1) if value else 0
        bars.append((" " * min(first, width - length) + ("█" if value > 0 else "░") * length).rstrip())
    return bars


def _changes(bridge: Mapping[str, Any], currency: str, places: int) -> Table:
    """A row for each change, the largest first, and their sum."""
    changes = bridge["by_change"]
    rows = sorted(changes["changes"], key=lambda each: -abs(each["value_per_share"]))
    orders = f"\n(± 95 % by {changes['orders']} orders)" if changes["orders"] else ""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("by change", no_wrap=True)
    table.add_column(f"{currency} a share{orders or _interval_said(bridge)}", justify="right", no_wrap=True)
    additive = all(_plain(each, places) == f"{each['alone']:+,.{places}f}" for each in rows)
    for heading in () if additive else ("made\nfirst", "made\nlast"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    bars = waterfall([each["value_per_share"] for each in rows])
    for each, bar in zip(rows, bars, strict=True):
        value = f"{each['value_per_share']:+,.{places}f}"
        if each["half_width_of_orders"] is not None:
            value += f" ± {each['half_width_of_orders']:.{places}f}"
        else:
            value = _figure(each, places)
        ends = [] if additive else [f"{each[end]:+,.{places}f}" for end in ("alone", "last")]
        table.add_row(escape(_said_change(each)), value, *ends, bar)
    table.add_row("= difference", _figure(bridge, places))
    return table


def _driver_table(bridge: Mapping[str, Any], currency: str, places: int) -> Table:
    """A row for each driver, by segment and in all; what does not show is left out."""
    document = bridge["by_driver"]
    shown = [name for name, value in _drivers(bridge).items() if name == UNALLOCATED or abs(value) >= 0.5 * 0.1**places]
    segments = document["segments"] if 1 < len(document["segments"]) <= _MOST_SEGMENTS else {}
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("by driver", no_wrap=True)
    for name in segments:
        table.add_column(escape(name), justify="right", no_wrap=True)
    table.add_column(f"{currency} a share{_interval_said(bridge)}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    figures = [document["unallocated"] if name == UNALLOCATED else document["drivers"][name] for name in shown]
    bars = waterfall([each["value_per_share"] for each in figures])
    for name, each, bar in zip(shown, figures, bars, strict=True):
        inside = ["" if name == UNALLOCATED else _plain(of["drivers"][name], places) for of in segments.values()]
        table.add_row(name.replace("_", " "), *inside, _figure(each, places), bar)
    table.add_row("= difference", *(_plain(of, places) for of in segments.values()), _figure(bridge, places))
    return table


def _drivers(bridge: Mapping[str, Any]) -> dict[str, float]:
    """What contributes at all, with what belongs to no segment last."""
    document = bridge["by_driver"]
    found = {name: each["value_per_share"] for name, each in document["drivers"].items()}
    found[UNALLOCATED] = document["unallocated"]["value_per_share"]
    return {name: value for name, value in found.items() if value}


def _places(bridge: Mapping[str, Any]) -> int:
    sizes = [abs(bridge["value_per_share"]), *map(abs, _drivers(bridge).values())]
    return decimals([], [max(sizes) / 20])


def _plain(figure: Figure, places: int) -> str:
    value = figure["value_per_share"]
    return f"{value:+,.{places}f}" if abs(value) >= 0.5 * 0.1**places else "0"


def _figure(figure: Figure, places: int) -> str:
    text = _plain(figure, places)
    if figure["ci95"] is None:
        return text
    low, high = figure["ci95"]
    return f"{text} ± {(high - low) / 2:.{places}f}"


def _interval_said(bridge: Mapping[str, Any]) -> str:
    return "" if bridge["ci95"] is None else "\n± 95 %"


def _said_change(change: Mapping[str, Any]) -> str:
    return f"{change['change']} ({change['before']} → {change['after']})"


def _name(driver: str, bridge: Mapping[str, Any]) -> str:
    """A driver, and the segment from which most of it comes."""
    segments = bridge["by_driver"]["segments"]
    if driver == UNALLOCATED or len(segments) < 2:
        return driver.replace("_", " ")
    of = {name: abs(each["drivers"][driver]["value_per_share"]) for name, each in segments.items()}
    first = max(of, key=lambda name: of[name])
    if of[first] < _MOST * sum(of.values()):
        return driver.replace("_", " ")
    return f"{driver.replace('_', ' ')} ({first if of[first] == sum(of.values()) else f'mostly {first}'})"


def _said(parts: Mapping[str, float], places: int) -> str:
    """`+0.31 from advisers, -0.08 from outreach`."""
    size = sum(map(abs, parts.values()))
    order = sorted(parts, key=lambda name: -abs(parts[name]))
    first = order[0]
    if len(parts) == 1:
        return f"all from {first}"
    if abs(parts[first]) >= _NEARLY_ALL * size:
        return f"nearly all from {first}"
    named = [name for name in order if abs(parts[name]) >= _NEGLIGIBLE * size][:_NAMED]
    others = sum(parts[name] for name in order if name not in named)
    told = [f"{parts[name]:+,.{places}f} from {name}" for name in named]
    if f"{abs(others):.{places}f}" != f"{0:.{places}f}":
        told.append(f"{others:+,.{places}f} from the rest")
    return listed(told, "and")


def _said_interaction(changes: Mapping[str, Any], places: int) -> Iterator[str]:
    pair = changes["interaction"]
    size = sum(abs(each["value_per_share"]) for each in changes["changes"])
    if pair is not None and abs(pair["value_per_share"]) >= _NEGLIGIBLE * size:
        more = "more" if pair["value_per_share"] > 0 else "less"
        names = listed(pair["between"], "and")
        yield f"Together {names} bring {abs(pair['value_per_share']):,.{places}f} {more} than one by one."
