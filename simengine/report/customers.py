"""A study of our customers as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import print_whole

LINES = {  # of the statement: how they are read
    "revenue": "revenue",
    "cost_of_goods": "- cost of goods",
    "cost_to_serve": "- cost to serve",
    "acquisition": "- acquisition",
    "contribution": "= contribution",
    "tax": "- tax",
    "nopat": "= NOPAT",
    "capital_charge": "- capital charge",
    "economic_profit": "= economic profit",
    "capital": "capital",
}
OUTSIDE = {"unallocated": "unallocated", "rounding": "rounding", "enterprise_value": "= enterprise value",
           "financing": "financing", "equity_value": "= equity"}  # fmt: skip
VALUES = {"capital": "capital released, less invested", "run_off": "run-off beyond the horizon"}
BY = {"economic_profit": "economic profit a year", "value": "value"}


def print_customers(study: Mapping[str, Any], screen: Console) -> None:
    """Print the study of customers, the document that `customers --json` prints."""
    cell, money = study["cell"], study["currency"] or "money"
    where = f", and what they are worth under {cell['allocation']} / {cell['move']}" if cell else ""
    screen.print(f"[bold]{escape(study['name'])}[/bold]: our customers today{escape(where)}", soft_wrap=True)
    print_whole(_statement(study, money), screen)
    if study["value"]:
        print_whole(_worth(study, money), screen)
        print_whole(_by_line(study, money), screen)
    print_whole(_deciles(study, money), screen)
    for line in _curves(study, money):
        screen.print(line, soft_wrap=True)
    if study["standard_error"]:
        median = _amount(study["standard_error"]["median"])
        screen.print(
            f"Deciles by value are in part luck: half of the values have a standard error above {median} "
            f"{escape(money)}; more replications lower it, and mode: expected has none.",
            soft_wrap=True,
        )
    print_whole(_extremes(study, money), screen)
    for line in _in_common(study, money):
        screen.print(line, soft_wrap=True)
    if study["migration"]:
        print_whole(_migration(study["migration"]), screen)
        screen.print(_moved(study["migration"]), soft_wrap=True)
    if study["value"]:
        screen.print("Not of single customers: winning those who join, programmes and overhead.", soft_wrap=True)


def _table(first: str, *headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _statement(study: Mapping[str, Any], money: str) -> Table:
    segments = study["segments"]
    parts = [study, *segments.values()] if len(segments) > 1 else [study]
    table = _table(f"a year, {escape(money)}", "all", *map(escape, segments if len(segments) > 1 else ()))
    table.add_row("customers", *(f"{part['customers']:,.0f}" for part in parts))
    names = LINES | ({} if "contribution" in study["statement"] else {"nopat": "profit after tax"})
    places = _places(study["statement"].values())
    for line in (line for line in LINES if line in study["statement"]):
        table.add_row(names[line], *(_money(part["statement"][line], places) for part in parts))
        if line == "economic_profit":
            each = [part["statement"][line] / part["customers"] if part["customers"] else 0.0 for part in parts]
            table.add_row("  a customer", *_amounts(each))
    return table


def _worth(study: Mapping[str, Any], money: str) -> Table:
    table = _table(
        f"value, {escape(money)}", "today's\ncustomers", "future\ncustomers", "programmes", "value", "a share"
    )
    for name, segment in study["segments"].items():
        parts = segment["value"]
        figures = [parts["present"], parts["future"], parts["programmes"], parts["value"]]
        table.add_row(escape(name), *(f"{figure:,.0f}" for figure in figures), f"{segment['value_per_share']:,.4f}")
    value = study["value"]
    for part, name in OUTSIDE.items():
        figures = [value[each] for each in ("present", "future", "programmes")] if part == "enterprise_value" else []
        shown = [f"{figure:,.0f}" for figure in figures] or ["", "", ""]
        table.add_row(name, *shown, _money(value[part]), _money(value["value_per_share"][part], 4))
    return table


def _by_line(study: Mapping[str, Any], money: str) -> Table:
    """What each line is worth over the horizon and beyond, of today's and future customers together."""
    segments = study["segments"]
    parts = [study["value"], *(segment["value"] for segment in (segments.values() if len(segments) > 1 else ()))]
    table = _table(f"value by line, {escape(money)}", "all", *map(escape, segments if len(segments) > 1 else ()))
    for line in parts[0]["by_line"]:
        amounts = [part["by_line"][line] for part in parts]
        if any(amounts):
            name = VALUES.get(line, LINES.get(line, line)).lstrip("-= ")
            table.add_row(name, *map(_money, amounts))
    table.add_row("= customers", *(f"{sum(part['by_line'].values()):,.0f}" for part in parts))
    return table


def _money(amount: float, places: int = 0) -> str:
    """An amount; one that is shown as 0 has no sign."""
    return f"{round(amount, places) + 0.0:,.{places}f}"


def _deciles(study: Mapping[str, Any], money: str) -> Table:
    deciles = study["deciles"]
    headings = []
    for by in deciles:
        what = "economic profit" if by == "economic_profit" else "value"
        headings += [
            f"by {what}:\n{escape(money)} a customer",
            "share\nof all",
            "so\nfar",
            *(["a share"] if by == "value" else []),
        ]
    table = _table("decile", "customers", *headings)
    columns: list[list[str]] = []
    for by, rows in deciles.items():
        columns.append(_amounts([row[f"{by}_per_customer"] for row in rows]))
        shares = [row[f"share_of_{by}"] for row in rows]
        columns.append([_part(share) for share in shares])
        columns.append([_part(None if share is None else sum(shares[: d + 1])) for d, share in enumerate(shares)])
        if by == "value":
            columns.append([f"{row['value_per_share']:,.4f}" for row in rows])
    for d, row in enumerate(deciles["economic_profit"]):
        shown = [column[d] if row["customers"] else "" for column in columns]
        table.add_row(str(d + 1), f"{row['customers']:,.0f}", *shown)
    return table


def _part(fraction: float | None) -> str:
    return "" if fraction is None else f"{fraction:.1%}"


def _curves(study: Mapping[str, Any], money: str) -> Iterator[str]:
    for by, signs in study["creators_and_destroyers"].items():
        curve, what = study["curve"][by], BY[by]
        creators, destroyers = signs["creators"], signs["destroyers"]
        over = f", {curve['peak_over_total']:.1%} of the whole" if curve["peak_over_total"] else ""
        yield (
            f"By {what}: {_customers(creators['customers'])} ({creators['share_of_customers']:.1%}) create "
            f"{creators['amount']:,.0f} {escape(money)}{over}; {destroyers['customers']:,.0f} "
            f"({destroyers['share_of_customers']:.1%}) destroy {-destroyers['amount'] + 0.0:,.0f}."
        )


def _customers(count: float) -> str:
    shown = f"{count:,.0f}"
    return f"{shown} customer" if shown == "1" else f"{shown} customers"


def _extremes(study: Mapping[str, Any], money: str) -> Table:
    by, signs = list(study["creators_and_destroyers"].items())[-1]
    highest = signs["highest"]
    rows = [*highest, *(row for row in reversed(signs["lowest"]) if row not in highest)]
    errors = any(row.get("standard_error") is not None for row in rows)
    headings = [f"economic profit,\n{escape(money)} a year", *([f"value, {escape(money)}"] if by == "value" else [])]
    table = _table("customer", "segment", *headings, *(["standard\nerror"] if errors else []))
    columns = [_amounts([row[what] for row in rows]) for what in ("economic_profit", by)[: len(headings)]]
    if errors:
        columns.append(_amounts([row["standard_error"] for row in rows]))
    for n, row in enumerate(rows):
        if n == len(highest) and study["rows"] > len(rows):
            table.add_row("...")
        table.add_row(escape(row["id"]), escape(row["segment"]), *(column[n] for column in columns))
    return table


def _in_common(study: Mapping[str, Any], money: str) -> Iterator[str]:
    found = study["in_common"]
    what = "value" if found["by"] == "value" else "economic profit"
    nobody = f"Nobody destroys {what}; those of the lowest decile"
    who = f"Those who destroy {what}" if found["of"] == "destroyers" else nobody
    if not found["differences"]:
        yield f"{who} differ in nothing that is known from the others."
        return
    yield f"{who}, against the others (in standard deviations between customers):"
    for each in found["differences"]:
        yield f"  {each['standardised']:+.1f}  {escape(_said(each, money))}"


def _said(difference: Mapping[str, Any], money: str) -> str:
    what, name, theirs, others = (difference[key] for key in ("what", "name", "theirs", "others"))
    if name is not None:
        return f"{what} {name or 'not stated'}: {theirs:.0%} of them, {others:.0%} of the others"
    if what.endswith("_of_revenue"):
        line = LINES[what.removesuffix("_of_revenue")].removeprefix("- ")
        return f"{line}: {theirs:.1%} of revenue, {others:.1%} of the others'"
    if what in LINES:
        return f"{LINES[what].removeprefix('- ')}: {_amount(theirs)} {money} a year, {_amount(others)} of the others"
    label = f"weight of {what.removeprefix('need ')}" if what.startswith("need ") else what.replace("_", " ")
    return f"{label}: {theirs:.3g}, {others:.3g} of the others"


def _migration(moved: Mapping[str, Any]) -> Table:
    before, after = (" / ".join(moved[key].values()) for key in ("from", "to"))
    table = _table(
        f"decile by value under\n{escape(before)},\nand (across) under\n{escape(after)}",
        *(str(d + 1) for d in range(10)),
    )
    for d, row in enumerate(moved["customers"]):
        table.add_row(str(d + 1), *(f"{count:,.0f}" if count >= 0.5 else "·" for count in row))
    return table


def _moved(moved: Mapping[str, Any]) -> str:
    return f"{moved['stay']:.1%} of customers stay in their decile, {moved['rise']:.1%} rise, {moved['fall']:.1%} fall."


def _amounts(amounts: Sequence[float | None]) -> list[str]:
    """Amounts of a column, with the decimals that the largest needs; blanks for what is not known."""
    places = _places(amount for amount in amounts if amount is not None)
    return ["" if amount is None else _money(amount, places) for amount in amounts]


def _amount(amount: float) -> str:
    return _amounts([amount])[0]


def _places(amounts: Iterable[float]) -> int:
    largest = max(map(abs, amounts), default=0.0)
    return 0 if largest >= 1000 else 2
