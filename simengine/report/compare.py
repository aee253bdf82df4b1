"""Allocations against each other as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from simengine.report.bridge import print_bridges, print_reasons
from simengine.report.excerpt import visible
from simengine.report.terminal import decimals, print_whole, said_of_luck, with_intervals
from simengine.report.waiting import luck_said
from simengine.scenario.problems import counted, listed


def print_compare(study: Mapping[str, Any], screen: Console, *, bridge: bool = False) -> None:
    """Print the document that `compare --json` prints; with `bridge`, every bridge and not its sentences alone."""
    screen.print(f"[bold]{escape(study['scenario'])}[/bold]: against {escape(study['to'])}", soft_wrap=True)
    for stated in _inputs(study):
        screen.print(stated, soft_wrap=True)
    print_whole(_values(study), screen)
    if study["decision"]:
        print_whole(_decision(study), screen)
    print_whole(_customers(study), screen)
    if (one_by_one := _one_by_one(study)).row_count:
        print_whole(one_by_one, screen)
    (print_bridges if bridge else print_reasons)(study["bridges"], study["currency"], screen)
    for line in _verdicts(study):
        screen.print(Text(line), soft_wrap=True)
    for line in _remarks(study):
        screen.print(Text(line), soft_wrap=True)


def _inputs(study: Mapping[str, Any]) -> Iterator[Text]:
    """What every allocation states otherwise."""
    for name, found in study["inputs"].items():
        said = (f"{' › '.join(each['place'])} {each['before']} → {each['after']}" for each in found)
        yield Text(f"  {visible(name)}: {visible(', '.join(said) or 'no difference')}")


def _values(study: Mapping[str, Any]) -> Table:
    """A row for each cell: value, difference from the reference, how often it is best, regret."""
    cells = [cell for move in study["moves"].values() for cell in move["cells"].values()]
    spread = _spread(study)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("under a move,\nan allocation", no_wrap=True)
    headings = {
        f"{study['currency']}\na share": _alike([cell["value_per_share"]["mean"] for cell in cells], study),
        f"against {study['to']}\n(paired){spread}": with_intervals([cell["difference"] for cell in cells], sign="+"),
        f"regret:\nthe best less it{spread}": with_intervals([cell["regret"] for cell in cells]),
        "best in": [f"{cell['best_in']:.0%}" for cell in cells],
    }
    if study["replications"] == 1:
        del headings["best in"]
    for heading, figures in headings.items():
        widest = max(map(len, (*heading.splitlines(), *figures)))
        figures[:] = [figure.rjust(widest) for figure in figures]
        table.add_column(Text(heading, justify="right"), justify="left", no_wrap=True)
    table.add_column("")
    rows = iter(zip(*headings.values(), strict=True))
    for name, move in study["moves"].items():
        table.add_row(f"[bold]{escape(name)}[/bold]")
        for allocation in move["cells"]:
            value, difference, regret, *often = next(rows)
            shown = "" if allocation == study["to"] else difference
            mark = "best" if allocation == move["best"] else "or it" if allocation in move["contenders"] else ""
            owed = "" if allocation == move["best"] else regret
            table.add_row(f"  {escape(allocation)}", value, shown, owed, *often, mark)
        table.add_section()
    return table


def _spread(study: Mapping[str, Any]) -> str:
    """What a heading says of intervals."""
    return "" if study["blocks"] == 1 else " ± 95 %"


def _alike(values: Sequence[float], study: Mapping[str, Any]) -> list[str]:
    """Values with as many decimals as differences between them need."""
    found = [cell["difference"] for move in study["moves"].values() for cell in move["cells"].values()]
    halves = [(each["ci95"][1] - each["ci95"][0]) / 2 for each in found if each["ci95"]]
    places = decimals((each["mean"] for each in found), halves)
    return [f"{value:,.{places}f}" for value in values]


def _decision(study: Mapping[str, Any]) -> Table:
    """A row for each allocation: what it is worth at worst and expected to be worth, what is regretted at most."""
    decision, names = study["decision"], list(next(iter(study["moves"].values()))["cells"])
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("over all moves,\nan allocation", no_wrap=True)
    table.add_column(f"at worst,\n{study['currency']} a share", justify="right", no_wrap=True)
    table.add_column("\nunder", no_wrap=True)
    table.add_column("largest\nregret", justify="right", no_wrap=True)
    table.add_column("\nunder", no_wrap=True)
    worst = _alike([decision["worst"][name]["value_per_share"] for name in names], study)
    largest = _alike([decision["largest_regret"][name]["regret"] for name in names], study)
    expected: Sequence[tuple[str, ...]] = [() for _ in names]
    if decision["expected"]:
        cells = [decision["expected"]["allocations"][name] for name in names]
        spread = _spread(study)
        table.add_column(f"expected,\n{study['currency']} a share", justify="right", no_wrap=True)
        table.add_column(f"against {study['to']}\n(paired){spread}", justify="right", no_wrap=True)
        values = _alike([cell["value_per_share"] for cell in cells], study)
        against = with_intervals([cell["difference"] for cell in cells], sign="+")
        expected = [
            (value, "" if name == study["to"] else each)
            for name, value, each in zip(names, values, against, strict=True)
        ]
    for name, least, most, rest in zip(names, worst, largest, expected, strict=True):
        regretted = decision["largest_regret"][name]
        under = regretted["move"] if regretted["regret"] else ""
        table.add_row(escape(name), least, escape(decision["worst"][name]["move"]), most, escape(under), *rest)
    return table


def _customers(study: Mapping[str, Any]) -> Table:
    """A row for each cell and segment: customers won and lost more than in the reference, and who makes up for it."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    compared = _compared(study)
    others = list(next(iter(compared[0][2].values()))["of_others_at_end"]) if compared else []
    headings = (
        f"customers more than under {escape(study['to'])}\n(in the mean)",
        "won", "lost", "ours\nat the end", *(f"{escape(_called(name))}\nat the end" for name in others),
    )  # fmt: skip
    for n, heading in enumerate(headings):
        table.add_column(heading, justify="right" if n else "left", no_wrap=True)
    for move in study["moves"]:
        table.add_row(f"[bold]{escape(move)}[/bold]")
        for under, allocation, segments in compared:
            for segment, moved in segments.items() if under == move else ():
                numbers = moved["won"], moved["lost"], moved["at_end"], *moved["of_others_at_end"].values()
                label = f"  {allocation}, {segment}"
                table.add_row(escape(label), *(f"{round(number):+,}" if round(number) else "0" for number in numbers))
        table.add_section()
    return table


def _compared(study: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """(move, allocation, customers by segment) of every cell but the references."""
    return [
        (name, allocation, cell["customers"])
        for name, move in study["moves"].items()
        for allocation, cell in move["cells"].items()
        if "customers" in cell
    ]


def _one_by_one(study: Mapping[str, Any]) -> Table:
    """A row for each cell and segment in which customers change hands: how many are ours only here, or only in the
    reference, and whose they are there."""
    compared = [
        (move, f"  {allocation}, {segment}", moved["one_by_one"])
        for move, allocation, segments in _compared(study)
        for segment, moved in segments.items()
        if moved["one_by_one"] and (moved["one_by_one"]["gained"] or moved["one_by_one"]["lost"])
    ]
    others = [_called(name, "nowhere") for name in compared[0][2]["gained_from"]] if compared else []
    said = [] if study["mode"] == "sampled" else ["at least"]
    said += [] if study["replications"] == 1 else ["in the mean"]
    headings = (
        f"customers one by one at the end{',' if said else ''}\n{', '.join(said)}",
        "ours only\nhere", *(f"from\n{name}" for name in others),
        f"ours only\nunder {study['to']}", *(f"to\n{name}" for name in others),
    )  # fmt: skip
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for n, heading in enumerate(headings):
        table.add_column(escape(heading), justify="right" if n else "left", no_wrap=True)
    for move in dict.fromkeys(move for move, _, _ in compared):
        table.add_row(f"[bold]{escape(move)}[/bold]")
        for under, label, moved in compared:
            numbers = (
                moved["gained"], *moved["gained_from"].values(), moved["lost"], *moved["lost_to"].values(),
            )  # fmt: skip
            if under == move:
                table.add_row(escape(label), *(f"{round(number):,}" for number in numbers))
        table.add_section()
    return table


def _called(supplier: str, nobody: str = "buy nowhere") -> str:
    return nobody if supplier == "none" else supplier


def _verdicts(study: Mapping[str, Any]) -> Iterator[str]:
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, move in study["moves"].items():
        alike.setdefault((move["best"], *(each for each in move["contenders"] if each != move["best"])), []).append(
            name
        )
    for (best, *rivals), moves in alike.items():
        sure = "is best" if study["replications"] == 1 else "is known to be best"
        if study["blocks"] < study["replications"] and study["blocks"] == 1:
            sure = "is best in the mean"
        if rivals:
            sure = f"is ahead, and not known to be better than {listed(rivals, 'or')}"
        yield f"{listed(moves, 'and')}: {best} {sure}."
    yield from _too_near(study)
    if study["decision"]:
        yield from _choices(study["decision"], study["currency"])


def _too_near(study: Mapping[str, Any]) -> Iterator[str]:
    """Which allocations are behind the best by no more than merging customers may be off."""
    merged = study["profiles"] or {}
    if merged.get("error") is None:
        return
    for name, move in study["moves"].items():
        off = merged["bound"] * abs(move["cells"][move["best"]]["value_per_share"]["mean"])
        near = [each for each, cell in move["cells"].items() if 0.0 < cell["regret"]["mean"] <= off]
        if near:
            yield (
                f"{name}: {listed(near, 'and')} {'is' if len(near) == 1 else 'are'} behind {move['best']} by no more "
                "than merging customers may be off: a smaller profile_error tells."
            )


def _choices(decision: Mapping[str, Any], currency: str) -> Iterator[str]:
    """What rules over all moves choose."""
    chosen, safest = decision["minimax_regret"], decision["maximin"]
    if chosen["regret"] > 0.0:
        yield (
            f"Whatever the move, {chosen['allocation']} is regretted least: by {chosen['regret']:.4f} {currency} a "
            f"share at most, under {chosen['move']}."
        )
    yield (
        f"{safest['allocation']} leaves most at worst: {safest['value_per_share']:.4f} {currency} a share, under "
        f"{safest['move']}."
    )
    if expected := decision["expected"]:
        likely = (f"{name} {100 * each:.4g}%" for name, each in decision["probabilities"].items())
        yield (
            f"{expected['best']} is expected to be best, with {listed(likely, 'and')}; to know the move before "
            f"choosing would be worth {expected['value_of_knowing_the_move']:.4f} {currency} a share."
        )


def _remarks(study: Mapping[str, Any]) -> Iterator[str]:
    if study["exact"] or study["mode"] == "expected":
        luck = said_of_luck(study, counted(study["replications"], "replication"))
        yield f"{luck[0].upper()}{luck[1:]}."
    if study["exact"]:
        return
    if study["replications"] == 1:
        yield "One replication: how far luck would change this is not known."
        return
    joint = study["joint"]
    if joint["comparisons"]:
        yield (
            f"± holds together for all {counted(joint['comparisons'], 'comparison')} of two allocations under a move: "
            f"with 95 % probability every one covers ({study['replications']} replications, seed {study['seed']})."
        )
    if study["stopped"]:
        yield "These are intervals of as many replications as there are; those of `run` also hold where it stopped."
    if study["uncertain"]:
        inputs = counted(len(study["uncertain"]), "uncertain input")
        yield f"Each replication has a draw of {inputs}; errors are judged by {counted(study['blocks'], 'block')}."
        if study["blocks"] == 1:
            yield "So few replications are one block: how far other draws and luck would change this is not known."
    yield from _taken_out(study)
    if study["market_luck"]:
        yield luck_said(study["market_luck"], study["mode"], study["replications"], bool(study["uncertain"]))
    worth = max(move["value_of_perfect_information"]["mean"] for move in study["moves"].values())
    yield (
        "To know each replication's luck before choosing (perfect information) would be worth "
        f"{worth:.4f} {study['currency']} a share at most."
    )
    counts = [
        cell["direction"]
        for move in study["moves"].values()
        for cell in move["cells"].values()
        if cell.get("direction")
    ]
    reviews, violations, later = (sum(each[key] for each in counts) for key in ("reviews", "violations", "later"))
    if reviews or later:  # none where nobody chooses
        yield (
            f"Of {reviews:,} reviews from the same state in both, {violations:,} went against the change of the "
            f"offers; {later:,} follow from an earlier difference."
        )


def _taken_out(study: Mapping[str, Any]) -> Iterator[str]:
    """By what of known mean differences are sharpened, and how much."""
    removed = [
        cell["difference"]["variance_removed"]
        for move in study["moves"].values()
        for cell in move["cells"].values()
        if cell["difference"]["controls"]
    ]
    if not removed:
        return
    least, most = (f"{100 * each:.0f}" for each in (min(removed), max(removed)))
    some = f"{least} %" if least == most else f"{least} to {most} %"
    inputs = study["inputs_are_controls"]
    kinds = [kind for kind, there in (("luck", study["market_luck"]), ("inputs", inputs)) if there]
    yield (
        f"{listed(kinds, 'and').capitalize()} whose mean is known {'are' if inputs else 'is'} taken out of "
        f"{counted(len(removed), 'difference')}: {some} of the variance."
    )
    yield "Why is said of the paired differences before that."
