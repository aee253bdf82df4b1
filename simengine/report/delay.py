"""What waiting costs, as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import decimals, print_whole, said_of_luck
from simengine.scenario.problems import counted
from simengine.study.delay import Amount, Company, Delay, Wait

UNITS = {1: "year", 4: "quarter", 12: "month"}


def print_delay(found: Delay, screen: Console) -> None:
    """Print what is lost by every wait, alone and beside each rival, and what to conclude."""
    companies = (found.alone, *found.rivals)
    amounts = [wait.lost for company in companies for wait in company.waits]
    halves = [_half(amount) for amount in amounts]
    # No interval: three figures of the largest loss.
    places = decimals([], [half for half in halves if half] or [max(abs(each.mean) for each in amounts) / 20])
    screen.print(
        f"[bold]{escape(found.scenario)}[/bold]: {escape(found.allocation)}, begun later, under {escape(found.move)}",
        soft_wrap=True,
    )
    print_whole(_table(found, companies, places), screen)
    luck = said_of_luck(vars(found), f"{counted(found.replications, 'replication')}, seed {found.seed}")
    screen.print(
        f"Until it begins today's spend goes on. Lost against beginning in {found.begins}; {luck}.", soft_wrap=True
    )
    for company in companies:
        screen.print(escape(said(company, found, places)), soft_wrap=True)
    if found.cannot:
        screen.print(escape(f"No rival begins first: {found.cannot}."), soft_wrap=True)


def said(company: Company, found: Delay, places: int) -> str:
    """What to conclude."""
    last = company.waits[-1]
    who = "Alone"
    if company.rival is not None and company.costs is not None:
        does = "costs us" if company.costs.mean >= 0 else "brings us"
        who = f"That {company.rival} begins {does} {abs(company.costs.mean):,.{places}f} at once; then"
    worth = f"{company.worth.mean:+,.{places}f} {found.currency} a share"
    at_once = f"{who}, {found.allocation} is worth {worth} over {found.to} if begun at once"
    if company.worth.mean <= 0:
        return f"{at_once}{_better(company, found, places)}."
    left = company.worth.mean - last.lost.mean
    text = f"{at_once}, {left:+,.{places}f} after waiting {_long(last.periods, found)}"
    more = last.lost_more_than_alone
    if more is None or not more.mean:
        return f"{text}."
    sort = "more" if more.mean > 0 else "less"
    return f"{text}; the wait costs {abs(more.mean):,.{places}f} {sort} than alone."


def _better(company: Company, found: Delay, places: int) -> str:
    """Of what is worth nothing if begun at once."""
    best = min(company.waits, key=lambda wait: wait.lost.mean)
    most = company.worth.mean - best.lost.mean
    if most > 0:
        return f", and most, {most:+,.{places}f}, after waiting {_long(best.periods, found)}"
    if any(wait.lost.mean for wait in company.waits):
        return ": it is not worth beginning, nor after any of these waits"
    return ": nothing is lost by waiting"


def _table(found: Delay, companies: Sequence[Company], places: int) -> Table:
    unit = UNITS[round(1 / found.years_per_period)]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("waiting", no_wrap=True)
    random = any(wait.lost.ci95 for company in companies for wait in company.waits)
    spread = " ± 95 %" if random else ""
    headings = [
        "begins", f"{found.currency}\na share", f"lost\na share{spread}", f"by each {unit}\nof the wait{spread}",
        "lost in all,\nmoney of today", "money of\nthat time", "share of market\nat the end",
    ]  # fmt: skip
    if found.rivals:
        headings.insert(4, f"more\nthan alone{spread}")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for number, company in enumerate(companies):
        if number:
            table.add_row()
        who = "alone" if company.rival is None else f"{escape(company.rival)} begins in {found.begins}"
        table.add_row(f"[bold]{who}[/bold]")
        for wait in company.waits:
            table.add_row(*_cells(wait, found, places))
    return table


def _cells(wait: Wait, found: Delay, places: int) -> list[str]:
    cells = [
        f"  {_long(wait.periods, found)}" if wait.periods else "  none",
        wait.begins or "never",
        f"{wait.value_per_share:,.{places}f}",
        _shown(wait.lost, places) if wait.periods else "",
        _shown(wait.lost_per_period, places + 1),
        f"{wait.lost_value:,.0f}" if wait.periods else "",
        f"{wait.lost_of_the_year * found.shares:,.0f}" if wait.periods else "",
        f"{wait.share_end:.1%}",
    ]
    if found.rivals:
        cells.insert(4, _shown(wait.lost_more_than_alone, places))
    return cells


def _shown(amount: Amount | None, places: int) -> str:
    if amount is None:
        return ""
    half = _half(amount)
    return f"{amount.mean:+,.{places}f}" + (f" ± {half:.{places}f}" if half else "")


def _half(amount: Amount) -> float:
    return 0.0 if amount.ci95 is None else (amount.ci95[1] - amount.ci95[0]) / 2


def _long(periods: int, found: Delay) -> str:
    a_year = round(1 / found.years_per_period)
    if periods % a_year == 0:
        return counted(periods // a_year, "year")
    return counted(periods, UNITS[a_year])
