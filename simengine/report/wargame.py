"""A war game on a terminal: the pay-offs of every combination, and what follows from them in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole, said_of_luck
from simengine.scenario.problems import counted, listed
from simengine.scenario.suppliers import COMPANY
from simengine.study.wargame.luck import judged_by

ANSWER = "*"  # marks a best answer
UNITS = {1e9: " billion", 1e6: " million", 1e3: " thousand", 1.0: ""}
Found = Mapping[str, Any]


class Measure(NamedTuple):
    """In what a player's value is shown."""

    unit: str
    scale: float  # money in one unit
    places: int

    def text(self, money: float, sign: str = "") -> str:
        return f"{money / self.scale + 0.0:{sign},.{self.places}f}"

    def said(self, money: float) -> str:
        return f"{self.text(money)} {self.unit}"


def print_wargame(found: Found, screen: Console) -> None:
    """Print a war game, the document that `wargame --json` prints."""
    measures = {name: _measure(found, name) for name in found["players"]}
    players = listed([escape(name) for name in found["players"]], "and")
    screen.print(f"[bold]{escape(found['scenario'])}[/bold]: a game of {players}", soft_wrap=True)
    print_whole(_payoffs(found, measures), screen)
    if found["answers"]:
        print_whole(_answers(found, measures), screen)
    print_whole(_alone(found, measures), screen)
    for line in (
        *_dominated(found),
        *_equilibria(found, measures),
        *_too_close(found),
        *_answering(found),
        *_conditions(found),
    ):
        screen.print(escape(line), soft_wrap=True)


def _measure(found: Found, player: str) -> Measure:
    """Ours a share where we choose alone."""
    values = [each["values"][player]["mean"] for each in found["payoffs"]]
    alone = found["players"][player]["members"] == [COMPANY]
    return measure_of(values, found["currency"], found["shares"] if alone else None)


def measure_of(values: Sequence[float], currency: str, shares: float | None) -> Measure:
    """A share if there are shares, else in round units; with the digits that tell the values apart."""
    scale, unit = shares or 1.0, f"{currency} a share"
    if shares is None:
        scale = next(size for size in UNITS if max(map(abs, values)) >= size or size == 1.0)
        unit = f"{UNITS[scale].strip()} {currency}".strip()
    spread = (max(values) - min(values)) / scale
    exponent = int(f"{spread or 1.0:.0e}".partition("e")[2])
    return Measure(unit, scale, min(6, max(0, 2 - exponent)))


def _payoffs(found: Found, measures: Mapping[str, Measure]) -> Table:
    """Our options in rows, another player's in columns, a block for each combination of what the rest do."""
    names = list(found["players"])
    row, *others = names
    column = max(others, key=lambda name: len(found["players"][name]["options"])) if others else None
    rest = [name for name in others if name != column]
    cells = {tuple(each["options"][name] for name in names): each for each in found["payoffs"]}
    units = " / ".join(f"{escape(name)}: {escape(measures[name].unit)}" for name in names)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title=units, title_justify="left", title_style="")
    table.add_column(f"{escape(row)} \\ {escape(column)}" if column else escape(row), no_wrap=True)
    columns = found["players"][column]["options"] if column else [""]
    for option in columns:
        table.add_column(escape(option), justify="right", no_wrap=True)
    for block in product(*(found["players"][name]["options"] for name in rest)):
        fixed = dict(zip(rest, block, strict=True))
        if rest:
            said = ", ".join(f"{name}: {option}" for name, option in fixed.items())
            table.add_row(f"[bold]{escape(said)}[/bold]")
        for own in found["players"][row]["options"]:
            chosen = [{**fixed, row: own} | ({column: option} if column else {}) for option in columns]
            texts = [_cell(cells[tuple(each[name] for name in names)], measures) for each in chosen]
            table.add_row(f"{'  ' if rest else ''}{escape(own)}", *texts)
        if rest:
            table.add_section()
    return table


def _cell(cell: Found, measures: Mapping[str, Measure]) -> str:
    texts = [
        measures[name].text(value["mean"]) + (ANSWER if name in cell["best_answers"] else " ")
        for name, value in cell["values"].items()
    ]
    text = "/ ".join(texts)
    return f"[bold]{text}[/bold]" if len(cell["best_answers"]) == len(texts) else text


def _answers(found: Found, measures: Mapping[str, Measure]) -> Table:
    us = next(iter(found["players"]))
    measure, rivals = measures[us], list(dict.fromkeys(each["player"] for each in found["answers"]))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(f"{escape(us)}, {escape(measure.unit)}:\nwhat answers cost", no_wrap=True)
    table.add_column("if all\nothers\nare passive", justify="right", no_wrap=True)
    for rival in rivals:
        table.add_column(f"if {escape(rival)} alone\nanswers", justify="right", no_wrap=True)
        table.add_column("by", no_wrap=True)
    after = found["commitment"].get(us)
    if after:
        table.add_column("if all\nanswer", justify="right", no_wrap=True)
    for option in dict.fromkeys(each["option"] for each in found["answers"]):
        here = {each["player"]: each for each in found["answers"] if each["option"] == option}
        texts = [measure.text(next(iter(here.values()))["value_if_passive"])]
        for rival in rivals:
            cost = here[rival]["cost"]
            half = "" if cost["ci95"] is None else f" ± {measure.text((cost['ci95'][1] - cost['ci95'][0]) / 2)}"
            texts += [
                f"{measure.text(-cost['mean'], '+')}{half}" if cost["mean"] else "0",
                escape(here[rival]["answer"]),
            ]
        if after:
            value = after["by_option"][option]["value"]
            texts.append("unsettled" if value is None else measure.text(value))
        table.add_row(escape(option), *texts)
    return table


def _dominated(found: Found) -> Iterator[str]:
    """Options that go for the same reason are told together."""
    gone = {(each["player"], each["option"]) for each in found["dominated"] if each["strictly"]}
    alike: dict[tuple[Any, ...], list[str]] = {}
    for each in found["dominated"]:
        player, option = each["player"], each["option"]
        if each["strictly"] or (player, option) not in gone:
            reason = player, _mixture(each["by"]), each["strictly"], each["round"] > 1
            alike.setdefault(reason, []).append(option)
    for (player, by, strictly, later), options in alike.items():
        if not strictly:
            yield f"{player}: {by} is never worse than {listed(options, 'and')}, and sometimes better."
        else:
            never = f"{listed(options, 'and')} never {'pays' if len(options) == 1 else 'pay'}"
            whatever = "once what never pays is left out" if later else "whatever the others do"
            yield f"{player}: {never}, {by} is better {whatever}."


def _mixture(shares: Mapping[str, Any]) -> str:
    """Options, with their probabilities if there are several."""
    if len(shares) == 1:
        return next(iter(shares))
    return listed([f"{option} {share:.1%}" for option, share in shares.items()], "and")


def _strategy(options: Mapping[str, Found]) -> str:
    if len(options) == 1:
        return next(iter(options))
    said = []
    for option, each in options.items():
        around = "" if each["ci95"] is None else f" ({each['ci95'][0]:.1%} to {each['ci95'][1]:.1%})"
        said.append(f"{option} {each['probability']:.2%}{around}")
    return listed(said, "and")


def _values(values: Mapping[str, Any], measures: Mapping[str, Measure]) -> str:
    return ", ".join(f"{name} {_with_interval(each, measures[name])}" for name, each in values.items())


def _with_interval(each: Found, measure: Measure) -> str:
    if each["ci95"] is None:
        return measure.said(each["mean"])
    half = (each["ci95"][1] - each["ci95"][0]) / 2
    return f"{measure.text(each['mean'])} ± {measure.text(half)} {measure.unit}"


def _equilibria(found: Found, measures: Mapping[str, Measure]) -> Iterator[str]:
    count = len(found["equilibria"])
    for n, each in enumerate(found["equilibria"], start=1):
        number = f" {n} of {count}" if count > 1 else ""
        mixed = " in mixed strategies" if each["kind"] == "mixed" else ""
        yield f"Equilibrium{number}{mixed}: {_all(each)}. Worth: {_values(each['values'], measures)}."
        yield f"  {_surety(each, measures)}"
    if found["nearest"]:
        each = found["nearest"]
        gains = ", ".join(f"{name} {measures[name].said(gain)}" for name, gain in each["epsilon"].items() if gain)
        yield "No equilibrium was found: if nobody mixes, somebody always gains by another option."
        yield f"  Nearest to one: {_all(each)}; by its best other option would gain: {gains}."
    if not found["all_equilibria"]:
        yield "There may be more equilibria in mixed strategies: it is not sure that all were found."
    elif not all(
        each["all_equilibria"] for first in found["commitment"].values() for each in first["by_option"].values()
    ):
        yield "Others may settle on more than was found once one has decided: it is then worth that, or less."
    if found["degenerate"]:
        yield "Some options are as good as those of an equilibrium (a degenerate game): there may be more between them."


def _all(equilibrium: Found) -> str:
    return "; ".join(f"{name}: {_strategy(options)}" for name, options in equilibrium["strategies"].items())


def _surety(each: Found, measures: Mapping[str, Measure]) -> str:
    text = "Nobody gains by another option"
    if each["kind"] == "pure":
        others = {name: other for name, other in each["best_other_option"].items() if other is not None}
        losses = ", ".join(f"{name} {measures[name].said(-other['mean'])}" for name, other in others.items())
        text = f"By its best other option each would lose: {losses}"
    if each["sure"] is None:
        return f"{text}."
    most = ", ".join(f"{name} {measures[name].said(gain)}" for name, gain in each["epsilon_at_most"].items())
    sure = "sure" if each["sure"] else f"not sure: nobody gains more than {most}"
    part = "" if each["in_resamples"] is None else f"; an equilibrium in {each['in_resamples']:.0%} of resamples"
    return f"{text}; {sure}, at 95 % for all together{part}."


def _too_close(found: Found) -> Iterator[str]:
    """Of pure equilibria: losses that are smaller than what merging customers may do to values."""
    merged = found["profiles"]
    if not merged or merged["error"] is None:
        return
    close = {
        name
        for each in found["equilibria"]
        for name, other in each["best_other_option"].items()
        if each["kind"] == "pure" and other and -other["mean"] < merged["bound"] * abs(each["values"][name]["mean"])
    }
    if close:
        names = listed([name for name in found["players"] if name in close], "and")
        yield f"What {names} would lose is less than merging customers may be off: a smaller profile_error tells."


def _answering(found: Found) -> Iterator[str]:
    path = found["answering"]["path"]
    steps = []
    for before, after in pairwise(path):
        steps += [f"{name} {option}" for name, option in after.items() if before[name] != option]
    if not steps:
        yield "If nobody does anything, nobody gains by being the first."
    elif found["answering"]["ends"]:
        yield f"Answering one after the other from doing nothing: {', '.join(steps)}; then nobody gains by another."
    else:
        yield f"Answering one after the other from doing nothing never ends: {', '.join(steps[:12])}, ..."


def _alone(found: Found, measures: Mapping[str, Measure]) -> Table:
    """By player, what it had better do if it decides first, and to be safe."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("a player", "decides first:\nit had better", "and would\nbe answered by"):
        table.add_column(heading, no_wrap=True)
    table.add_column("it is\nthen worth", justify="right", no_wrap=True)
    table.add_column("is safest with\n(maximin)", no_wrap=True)
    table.add_column("worth\nat least", justify="right", no_wrap=True)
    for name, first in found["commitment"].items():
        safe, measure = found["maximin"][name], measures[name]
        texts = ["unsettled", "", ""]
        if first["option"] is not None:
            answers = ", ".join(_mixture(options) for options in first["answers"].values())
            texts = [escape(first["option"]), escape(answers), measure.text(first["values"][name])]
        table.add_row(escape(name), *texts, escape(safe["option"]), measure.text(safe["value"]))
    return table


def _conditions(found: Found) -> Iterator[str]:
    yield f"{ANSWER} is a best answer to what the others do; values are ours in equity, rivals' in enterprise value."
    yield f"{counted(found['cells'], 'cell')}; {said_of_luck(found, said_of_draws(found))}."
    yield from said_of_inputs(found)
    if len(found["chance"]) > 1 or "nothing" not in found["chance"]:
        yield f"Chance: {listed([f'{name} {part:.3g}' for name, part in found['chance'].items()], 'and')}."
    if found["left_out"]:
        names: Sequence[str] = found["left_out"]
        yield f"Left out: {listed(names, 'and')}, the market's to make; --chance says how likely."


def said_of_inputs(found: Found) -> Iterator[str]:
    """Which inputs nobody knows: what is best is best in the mean over them."""
    if names := found["uncertain_inputs"]:
        yield f"Uncertain inputs are drawn in every replication, and nobody knows them: {listed(names, 'and')}."


def said_of_draws(found: Found) -> str:
    """In which replications."""
    block, drawn = found["block"], counted(found["replications"], "replication")
    if block > 1:
        few = judged_by(found["replications"], block) == 1
        drawn += f" in blocks of {block}{', too few for intervals' if few else ''}"
    return f"{drawn}, seed {found['seed']}, the same luck in every cell"
