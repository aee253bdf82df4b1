"""What a decision depends on, as tables on a terminal: the tornado, indices, and what knowing more is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, log10
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import decimals, exactness, print_whole
from simengine.scenario.problems import counted, listed

_BAR = 13  # letters of either side of a tornado
_DUST = 1e-6  # of value per share: differences that move by less only show where values are rounded
_SMALL = 0.005  # shares of the variance below are shown as 0


def print_sensitivity(study: Mapping[str, Any], screen: Console) -> None:
    """Print the study, the document that `sensitivity --json` prints."""
    pair = study["pair"]
    screen.print(
        f"[bold]{escape(study['scenario'])}[/bold]: what {escape(pair['allocation'])} less {escape(pair['to'])} "
        f"depends on, under {escape(study['move'])}",
        soft_wrap=True,
    )
    print_whole(_tornado(study), screen)
    for line in _of_decision(study):
        screen.print(line, soft_wrap=True)
    if study["indices"] is not None:
        print_whole(_indices(study), screen)
        for line in _of_indices(study):
            screen.print(line, soft_wrap=True)
    screen.print(_conditions(study), soft_wrap=True)
    if study["replications"] == 1 and not study["exact"]:
        screen.print("One replication: how far luck would change this is not known.", soft_wrap=True)


def _tornado(study: Mapping[str, Any]) -> Table:
    """A row for each input at the ends of its range: the better allocation's value, the difference, what flips it."""
    best = study["pair"]["allocation"]
    inputs = study["inputs"]
    values = [each["value_per_share"][end][best] for each in inputs for end in ("low", "high")]
    differences = [each["difference"][end] for each in inputs for end in ("low", "high")]
    stated = study["difference"]
    moved = [abs(value - study["value_per_share"][best]) for value in values]
    apart = [abs(value - stated) for value in differences]
    places = decimals(values, [max(moved, default=0.0) / 10]), decimals(differences, [max(apart, default=0.0) / 10])
    most = max(apart, default=0.0)
    if most < _DUST * max(map(abs, study["value_per_share"].values())):
        most = 0.0
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(f"{study['currency']} a share, if alone\nan input is", no_wrap=True)
    headings = (
        "\nstated", "\nlow", "\nhigh", "value,\nlow", "\nhigh", "difference,\nlow", "\nhigh",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("\nlow ░ high █", no_wrap=True)
    table.add_column("another is best\nif it is", no_wrap=True)
    for each in inputs:
        ends = [each["value_per_share"][end][best] for end in ("low", "high")]
        gaps = [each["difference"][end] for end in ("low", "high")]
        table.add_row(
            escape(each["input"]), *(each["words"][end] for end in ("stated", "low", "high")),
            *(f"{value:,.{places[0]}f}" for value in ends), *(f"{gap:+,.{places[1]}f}" for gap in gaps),
            _bars(gaps[0] - stated, gaps[1] - stated, most), escape(_flips(each)),
        )  # fmt: skip
    return table


def _bars(low: float, high: float, most: float) -> str:
    """How far either end of a range moves the difference, down to the left and up to the right."""
    sides = {-1: [" "] * _BAR, 1: [" "] * _BAR}
    ends = sorted((("░", low), ("█", high)), key=lambda end: -abs(end[1]))
    for letter, moved in ends:  # the shorter over the longer
        length = round(abs(moved) / most * _BAR) if most else 0
        sides[1 if moved > 0 else -1][:length] = [letter] * length
    return f"{''.join(reversed(sides[-1]))}│{''.join(sides[1]).rstrip()}"


def _flips(each: Mapping[str, Any]) -> str:
    """Where an input changes the decision: the nearest value on either side of the stated one."""
    nearest: dict[str, Mapping[str, Any]] = {}
    for flip in each["flips"]:
        nearest.setdefault(flip["beyond"], flip)
    said = []
    for flip in nearest.values():
        chance = "" if flip["probability"] is None else f" ({_chance(flip['probability'])})"
        said.append(f"{flip['beyond']} {flip['words']}: {flip['best_there']}{chance}")
    return "; ".join(said)


def _chance(probability: float) -> str:
    return "under 1%" if 0 < probability < 0.01 else f"{probability:.0%}"


def _of_decision(study: Mapping[str, Any]) -> Iterator[str]:
    """What flips the decision, and what does not."""
    values, pair = study["value_per_share"], study["pair"]
    places = decimals(values.values(), [abs(study["difference"]) / 10] if study["difference"] else [])
    stated = f"{escape(pair['allocation'])} {values[pair['allocation']]:,.{places}f}, "
    stated += f"{escape(pair['to'])} {values[pair['to']]:,.{places}f}"
    yield f"As stated: {stated}, {study['difference']:+,.{places}f} {study['currency']} a share."
    names = [each["input"] for each in study["inputs"] if each["flips"]]
    among = "the two" if len(study["among"]) == 2 else f"all {len(study['among'])} allocations"
    if names:
        yield f"Which of {among} is best hangs on {escape(listed(names, 'and'))}; the others do not change it alone."
    else:
        yield f"Which of {among} is best: no input changes it alone, however far it was varied."


def _indices(study: Mapping[str, Any]) -> Table:
    """Sobol indices of the value and of the difference, and what knowing an input is worth."""
    found, information = study["indices"], study["information"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("part of the variance\nthat is due to", no_wrap=True)
    headings = (
        "of value,\nalone", "\nin all", "of difference,\nalone", "\nin all",
        f"to know it is\nworth, {study['currency']}",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    worths = information["by_input"]
    names = sorted(worths, key=lambda name: -found["difference"][name]["total"]["value"])
    for name in names:
        shares = [
            found[outcome][name][index] for outcome in ("value_per_share", "difference") for index in ("first", "total")
        ]
        table.add_row(escape(name), *(_share(each) for each in shares), _money(worths[name], information["shares"]))
    return table


def _share(index: Mapping[str, Any]) -> str:
    """An index, with half of its interval."""
    value = index["value"] if abs(index["value"]) >= _SMALL else 0.0
    return f"{value + 0.0:.2f} ± {_half(index):.2f}"


def _money(worth: Mapping[str, Any], shares: float) -> str:
    """What it is worth to all shareholders, with half of its interval, to two figures of that."""
    half, amount = _half(worth) * shares, worth["value"] * shares
    if not half:
        return f"{amount:,.0f}"
    step = 10.0 ** max(floor(log10(half)) - 1, 0)
    return f"{round(amount / step) * step:,.0f} ± {round(half / step) * step:,.0f}"


def _half(estimate: Mapping[str, Any]) -> float:
    low, high = estimate["ci95"]
    return float(high - low) / 2


def _of_indices(study: Mapping[str, Any]) -> Iterator[str]:
    found, information, spread = study["indices"], study["information"], study["spread"]
    for outcome, name in (("value_per_share", study["pair"]["allocation"]), ("difference", "the difference")):
        each = spread[outcome]
        half = _half(each["mean"])
        places = decimals([each["not_knowing"]], [half])
        luck = f", of luck in one future {each['luck']:,.{places}f}" if each["luck"] else ""
        yield (
            f"{escape(name)}: {each['mean']['value']:,.{places}f} ± {half:,.{places}f} {study['currency']} a share on "
            f"average; standard deviation of what is not known {each['not_knowing']:,.{places}f}{luck}."
        )
    chances = sorted(information["probability_best"].items(), key=lambda pair: -pair[1])
    yield f"Best: {', '.join(f'{escape(name)} in {chance:.0%}' for name, chance in chances if chance > 0)} of cases."
    all_known = _money(information["of_all_inputs"], information["shares"])
    yield (
        f"On average {escape(information['best'])} is best. To know all inputs before deciding is worth {all_known} "
        f"{study['currency']}: the most that finding out may cost."
    )
    if found["correlated"]:
        yield (
            f"Correlated: {escape(listed(found['correlated'], 'and'))}. 'Alone' is what goes if the "
            "input is known, with what it tells of others; 'in all' what it adds to all others, so it can be less."
        )


def _conditions(study: Mapping[str, Any]) -> str:
    drawn = (
        "" if study["exact"] else f", in each of {counted(study['replications'], 'replication')}, seed {study['seed']}"
    )
    kinds = dict.fromkeys(each["range"] for each in study["inputs"])
    text = f"Expected values of customers, {exactness(study['profiles'])}{drawn}; low and high: {listed(kinds, 'or')}"
    found = study["indices"]
    if found is None:
        return f"{text}."
    base = (
        f"{counted(found['samples'], 'base sample')} in {found['blocks']} blocks, {found['evaluations']:,} evaluations"
    )
    return f"{text}; ± is half of a 95 % interval, from {base}."
