"""The value map as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole
from simengine.scenario.problems import listed

CLEAR, LARGE = 0.05, 0.5  # gaps of utility from which on one sign, and two, are shown
NAMES = {"word_of_mouth": "word of mouth", "unexplained": "not explained by figures"}
OUTSIDE = "none"


def print_propositions(study: Mapping[str, Any], screen: Console) -> None:
    """Print the value map, the document that `propositions --json` prints."""
    cell = study["cell"]
    under = f"{cell['allocation']} / {cell['move']}"
    worth = f", and what a better one is worth under {under}" if study["segments"] else ""
    screen.print(f"[bold]{escape(study['scenario'])}[/bold]: our offer against rivals'{escape(worth)}", soft_wrap=True)
    for name, segment in study["segments"].items():
        if segment["rivals"]:
            print_whole(_map(name, segment), screen)
    if study["segments"]:
        print_whole(_switches(study["segments"]), screen)
        print_whole(_sensitivity(study), screen)
    for name, segment in study["segments"].items():
        for line in _verdict(name, segment, study["currency"]):
            screen.print(line, soft_wrap=True)
    for line in _remarks(study):
        screen.print(line, soft_wrap=True)


def _map(name: str, segment: Mapping[str, Any]) -> Table:
    """Utility of our offer less each rival's, part by part, in the mean over the segment."""
    rivals = segment["rivals"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(f"{escape(name)}:\nutility, ours less theirs", no_wrap=True)
    for heading in ("weight", "us", *(heading for rival in rivals for heading in (escape(rival), "gap", ""))):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    ours = segment["our_offer"]

    def row(label: str, weight: str, us: str, theirs: list[str], gaps: list[float]) -> None:
        cells = [
            cell for their, gap in zip(theirs, gaps, strict=True) for cell in (their, f"{gap + 0.0:+.2f}", _sign(gap))
        ]
        table.add_row(escape(label), weight, us, *cells)

    parts = next(iter(rivals.values()))["gaps"]["segment"]["parts"]
    blank = [""] * len(rivals)
    for part in parts:
        gaps = [rival["gaps"]["segment"]["parts"][part] for rival in rivals.values()]
        offers = [rival["offer"] for rival in rivals.values()]
        if part in ours["levels"]:
            weight = f"{segment['weights'][part]:.0%}"
            row(part, weight, f"{ours['levels'][part]:.3g}", [f"{offer['levels'][part]:.3g}" for offer in offers], gaps)
        elif part == "price":
            row(part, "", f"{ours['price']:.4g}", [f"{offer['price']:.4g}" for offer in offers], gaps)
        elif part == "fit":
            known = [f"{offer['knowledge']:.0%} known" for offer in offers]
            if any(gaps):
                row(part, "", f"{ours['knowledge']:.0%} known", known, gaps)
            explained = [rival["gaps"]["segment"]["explained"] for rival in rivals.values()]
            row("= what is known of the offers", "", "", blank, explained)
        elif part != "word_of_mouth" or any(gaps):
            row(NAMES[part], "", "", blank, gaps)
    row("= our offer less theirs", "", "", blank, [rival["gaps"]["segment"]["offer"] for rival in rivals.values()])
    gaps = [_of(rival, "our_customers") + segment["our_inertia"] for rival in rivals.values()]
    row(f"to our customers, with inertia {segment['our_inertia']:.2f}", "", "", blank, gaps)
    gaps = [_of(rival, "their_customers") - rival["inertia"] for rival in rivals.values()]
    row(f"to theirs, against inertia {next(iter(rivals.values()))['inertia']:.2f}", "", "", blank, gaps)
    return table


def _of(rival: Mapping[str, Any], group: str) -> float:
    """The gap of offers to a group of customers; to the segment where the group is empty."""
    return float(rival["gaps"].get(group, rival["gaps"]["segment"])["offer"])


def _sign(gap: float) -> str:
    if abs(gap) < CLEAR:
        return "0"
    return ("+" if gap > 0 else "-") * (2 if abs(gap) >= LARGE else 1)


def _switches(segments: Mapping[str, Any]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for heading in (
        "customers a year,\nif nobody acts",
        "won",
        "lost",
        "net",
        "who come prefer of us",
        "who leave, of them",
    ):
        numbers = heading in ("won", "lost", "net")
        table.add_column(heading, justify="right" if numbers else "left", no_wrap=True)
    for name, segment in segments.items():
        table.add_row(escape(name))
        for other, moved in segment["switching"].items():
            whom = "buying nowhere" if other == OUTSIDE else other
            net = f"{moved['net']:+,.0f}" if abs(moved["net"]) >= 0.5 else "0"
            amounts = [f"{moved['won']:,.0f}", f"{moved['lost']:,.0f}", net]
            reasons = (_reasons(moved[key]) for key in ("won_because", "lost_because"))
            table.add_row(f"  {escape(whom)}", *amounts, *reasons)
    return table


def _reasons(reasons: list[Mapping[str, Any]]) -> str:
    return escape(", ".join(f"{reason['part']} {reason['utility']:+.2f}" for reason in reasons))


def _sensitivity(study: Mapping[str, Any]) -> Table:
    segments = study["segments"]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(
        f"what our offer would change:\nshare in {study['last_period']}, {study['currency']} a share", no_wrap=True
    )
    for name in segments:
        table.add_column(f"{escape(name)}:\nshare, points", justify="right", no_wrap=True)
        table.add_column("a share", justify="right", no_wrap=True)
    for target, step in study["steps"].items():
        cells = []
        for segment in segments.values():
            found = segment["sensitivity"][target]
            mark = "*" if found["limited"] else ""
            cells += [f"{100 * found['share_end']:+.2f}{mark}", f"{found['value_per_share']:+.4f}"]
        label = f"{target} {step:+.0%}" if target == "price" else f"{target} {step:+g} point{'' if step == 1 else 's'}"
        table.add_row(escape(label), *cells)
    return table


def _verdict(name: str, segment: Mapping[str, Any], currency: str) -> Iterator[str]:
    verdict, profit = segment["verdict"], segment["economic_profit_per_customer"]
    pays = "profitable" if verdict["profitable"] else "not profitable"
    pays = f"{pays}: {profit:,.2f} {currency} economic profit a customer"
    if verdict["offer"] == "alone":
        yield f"{escape(name)}: no rival serves it; {pays}."
        return
    words = {"superior": verdict["superior_to"], "inferior": verdict["inferior_to"]}
    said = [f"{word} to {listed(rivals, 'and')}" for word, rivals in words.items() if rivals]
    yield f"{escape(name)}: {escape(', '.join(said) or 'equal')} by what is known of the offers; {pays}."
    for rival in segment["rivals"]:
        better, worse = (listed(verdict[key][rival], "and") or "nothing" for key in ("better_on", "worse_on"))
        yield f"  against {escape(rival)}: better on {escape(better)}; worse on {escape(worse)}."


def _remarks(study: Mapping[str, Any]) -> Iterator[str]:
    segments = study["segments"].values()
    if any(segment["rivals"] for segment in segments):
        yield (
            "Gaps are utilities, in the mean over a segment's customers: a gap of 1 makes an offer 2.7 times as likely "
            "to be chosen."
        )
        yield (
            "Not explained by figures: constants that today's shares require beyond what is known of the offers, such "
            "as brands and branches."
        )
    if study["replications"] > 1:
        yield f"What steps are worth are means of {study['replications']} replications of the market's luck."
    if any(found["limited"] for segment in segments for found in segment["sensitivity"].values()):
        yield "* By less than that: a level ends at 10."
    for name, segment in study["without_offers"].items():
        yield (
            f"{escape(name)}: its {segment['our_customers']:,.0f} customers do not choose among offers in this "
            "scenario; it has no value map."
        )
