"""An optimal allocation on a terminal: what it spends where, what that gains, what binds it, how habits compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.bridge import reasons
from simengine.report.terminal import decimals, exactness, print_whole, said_of_luck
from simengine.scenario.problems import counted, listed
from simengine.scenario.units import percent, write_number

SLACK = 1e-3  # of the budget: less is all of it


def print_optimum(found: Mapping[str, Any], screen: Console) -> None:
    """Print the document of an optimum."""
    screen.print(f"[bold]{escape(found['scenario'])}[/bold]: {escape(_question(found))}", soft_wrap=True)
    print_whole(_spend_table(found), screen)
    for line in _conclusions(found):
        screen.print(escape(line), soft_wrap=True)
    if len(found["by_move"]) > 1:
        print_whole(_move_table(found), screen)
    if found["habits"]:
        print_whole(_habit_table(found), screen)
        for by, each in found["habits"].items():
            why = " ".join(reasons(each["why"], found["currency"]))
            screen.print(escape(f"Against {by}, the optimum gains {why}"), soft_wrap=True)
    if found["frontier"]:
        print_whole(_frontier_table(found), screen)
        if len(found["frontier"]) == 1:
            screen.print("Nothing is to be given up for safety: the best mean has the best shortfall.", soft_wrap=True)
    screen.print(_conditions(found), soft_wrap=True)


def _question(found: Mapping[str, Any]) -> str:
    moves = found["moves"]
    if moves is None:
        under = "over all moves"
    elif len(moves) == 1:
        under = f"under {next(iter(moves))}"
    else:
        under = "under " + listed([f"{move} ({percent(p)})" for move, p in moves.items()], "and")
    level = percent(found["level"]) if "level" in found else ""
    of = {
        "value": "value per share",
        "shortfall": f"expected shortfall (mean of the worst {level})",
        "maximin": "value per share under the worst move",
        "regret": "the least regret",
    }[found["objective"]]
    if found.get("risk_limit") is not None:
        of += f" with an expected shortfall ({level}) of at least {found['risk_limit']:,.6g}"
    budget = "no budget" if found["budget"] is None else f"{_money(found['budget'])} a year"
    return f"{of} {under}, {budget}"


def _money(amount: float) -> str:
    return write_number(float(f"{amount:.6g}"), large=True)


def _unit(found: Mapping[str, Any]) -> str:
    return write_number(found["marginal_unit"], large=True)


def _spend_table(found: Mapping[str, Any]) -> Table:
    rows = found["items"]
    phases = list(dict.fromkeys(row["from"] for row in rows))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("money a year,\nby lever, segment", no_wrap=True)
    if len(phases) > 1:
        table.add_column("\nfrom", no_wrap=True)
    for heading in (f"\n{escape(found['to'])}", "\noptimum", f"a share, by one\nmore {_unit(found)} a year"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    marginal = [abs(row["marginal_value"]) for row in rows if row["marginal_value"] is not None]
    places = min(6, decimals([], [max([*marginal, 1e-4]) / 3]))
    lever = None
    for row in rows:
        if row["lever"] != lever:
            lever = row["lever"]
            table.add_row(escape(lever))
        worth = "" if row["marginal_value"] is None else _signed(row["marginal_value"], places)
        when = [row["from"]] if len(phases) > 1 else []
        first = row["from"] == phases[0]
        bound = {"low": "at its least", "high": "at its most", "fixed": "fixed"}.get(row["bound"], "")
        amounts = (_money(row[which]) for which in ("reference", "optimum"))
        table.add_row(f"  {escape(row['segment'])}" if first else "", *when, *amounts, worth, bound)
    for place, kept in found["kept"].items():
        amounts = (_money(kept[which]) for which in ("reference", "optimum"))
        table.add_row(
            escape(place), *([""] if len(phases) > 1 else []), *amounts, "", "fixed" if kept["optimum"] else ""
        )
    table.add_section()
    for phase, reference, spent in zip(phases, found["reference_spent"], found["spent"], strict=True):
        when = [phase] if len(phases) > 1 else []
        table.add_row("all" if phase == phases[0] else "", *when, _money(reference), _money(spent), "", "")
    return table


def _signed(value: float, places: int) -> str:
    text = f"{value:+,.{places}f}"
    return f"{0:.{places}f}" if float(text.replace(",", "")) == 0 else text


def _gain(gain: Mapping[str, Any], places: int) -> str:
    if gain["mean"] == 0:
        return "the same"
    half = "" if gain["ci95"] is None else f" ± {(gain['ci95'][1] - gain['ci95'][0]) / 2:.{places}f}"
    return f"{gain['mean']:+,.{places}f}{half}"


def _places(found: Mapping[str, Any]) -> int:
    gains = [found["gain"], found["best_stated"]["gain"]]
    halves = [(gain["ci95"][1] - gain["ci95"][0]) / 2 for gain in gains if gain["ci95"]]
    return decimals([gain["mean"] for gain in gains], halves) + (0 if halves else 1)


def _conclusions(found: Mapping[str, Any]) -> list[str]:
    places, best = _places(found), found["best_stated"]
    near = exactness(found["profiles"])
    exact = ", exact" if found["exact"] and near == "exact" else ""
    share = f"{found['currency']} a share"
    what = {"regret": "regret of at most", "shortfall": "expected shortfall"}.get(found["objective"], "")
    worth = -found["worth"] if found["objective"] == "regret" else found["worth"]
    text = f"{what} {worth:,.{places}f} {share}".strip()
    text = f"{text[0].upper()}{text[1:]}: {_gain(found['gain'], places)} against {found['to']}"
    if best["allocation"] != found["to"]:
        text += f", {_gain(best['gain'], places)} against {best['allocation']}, the best stated"
    lines = [f"{text}{exact}."]
    if not best["improves"]:
        unsure = best["gain"]["ci95"] is not None and best["gain"]["mean"] > 0
        found_none = "No split is sure to be better than" if unsure else "No better split found than"
        lines.append(f"{found_none} {best['allocation']}.")
    lines.append(_of_budget(found, places))
    built = found["initiatives"]
    if built:
        chosen = [name for name, each in built.items() if each["optimum"]]
        left = [name for name, each in built.items() if not each["optimum"]]
        lines.append(
            f"Initiatives: {listed(chosen, 'and') or 'none'}" + (f"; without {listed(left, 'and')}." if left else ".")
        )
    others = [each for each in found["binding"] if not each["limit"].startswith("budget ")]
    for each in others:
        when = f" from {each['from']}" if len(found["spent"]) > 1 else ""
        price = _signed(each["marginal_value"], places)
        lines.append(f"Binding{when}: {each['limit']}; giving way by {_unit(found)} a year is worth {price} a share.")
    if found["optimality"] > 0.02 and best["improves"]:
        lines.append(
            "The search ended before money was worth the same everywhere "
            f"(slopes still differ by {found['optimality']:.0%} of the largest): more may be had."
        )
    return lines


def _of_budget(found: Mapping[str, Any], places: int) -> str:
    if found["budget"] is None:
        return f"{_money(found['spent'][-1])} a year is worth spending: more of it would cost more than it brings."
    left = [found["budget"] - spent for spent in found["spent"]]
    if max(left) > SLACK * found["budget"]:
        some = " in some phase" if min(left) <= SLACK * found["budget"] else ""
        return f"{_money(max(left))} a year of the budget is better not spent{some}."
    worth = _signed(found["budget_marginal_value"], places)
    return f"The budget is used up: one more {_unit(found)} a year is worth {worth} a share."


def _move_table(found: Mapping[str, Any]) -> Table:
    places = _places(found)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("the optimum\nunder a move", no_wrap=True)
    spread = "" if found["exact"] else " ± 95 %"
    table.add_column(f"{escape(found['currency'])}\na share", justify="right", no_wrap=True)
    table.add_column(f"against {escape(found['to'])}\n(paired){spread}", justify="right", no_wrap=True)
    for move, each in found["by_move"].items():
        table.add_row(escape(move), f"{each['value_per_share']:,.{places}f}", _gain(each["difference"], places))
    return table


def _habit_table(found: Mapping[str, Any]) -> Table:
    places = _places(found)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("the same budget,\nsplit by", no_wrap=True)
    phases = list(dict.fromkeys(row["from"] for row in found["items"]))
    shown = [i for i, row in enumerate(found["items"]) if row["from"] == phases[-1]]
    for i in shown:
        row = found["items"][i]
        table.add_column(f"{escape(row['lever'])}\n{escape(row['segment'])}", justify="right", no_wrap=True)
    for heading in (f"{escape(found['currency'])}\na share", f"against\n{escape(found['to'])}", "the optimum\ngains"):
        table.add_column(heading, justify="right", no_wrap=True)

    def row_of(name: str, amounts: Sequence[float], worth: float, *rest: str) -> list[str]:
        return [name, *(_money(float(f"{amounts[i]:.3g}")) for i in shown), f"{worth:,.{places}f}", *rest]

    for by, each in found["habits"].items():
        gains = _gain(each["gain"], places), _gain(each["optimum_gains"], places)
        table.add_row(*row_of(escape(by), each["items"], each["worth"], *gains))
    table.add_section()
    amounts = [row["optimum"] for row in found["items"]]
    table.add_row(*row_of("the optimum", amounts, found["worth"], _gain(found["gain"], places), ""))
    return table


def _frontier_table(found: Mapping[str, Any]) -> Table:
    points = found["frontier"]
    by_risk = any(point["shortfall"] is not None for point in points) and len({p["budget"] for p in points}) == 1
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    places = _places(found)
    table.add_column("expected\nshortfall" if by_risk else "with a budget\nof, a year", justify="right", no_wrap=True)
    table.add_column("spent,\na year", justify="right", no_wrap=True)
    table.add_column(f"{escape(found['currency'])} a share\n(search)", justify="right", no_wrap=True)
    table.add_column(f"by each\n{_unit(found)} more", justify="right", no_wrap=True)
    before = None
    for point in points:
        head = f"{point['shortfall']:,.{places}f}" if by_risk else _money(point["budget"])
        if not point["possible"]:
            table.add_row(head, "no split keeps the other limits", "", "")
            continue
        step = ""
        if before is not None and not by_risk:
            added = (point["budget"] - before["budget"]) / found["marginal_unit"]
            step = _signed((point["worth"] - before["worth"]) / added, places)
        table.add_row(head, _money(float(f"{point['spent']:.3g}")), f"{point['worth']:,.{places}f}", step)
        before = point
    return table


def _conditions(found: Mapping[str, Any]) -> str:
    unseen = "draws of inputs" if found["uncertain"] else "luck"
    drawn = f"{counted(found['replications'], 'replication')}, simulated anew on {unseen} that no search has seen"
    search = found["search"]
    text = f"The best found from {counted(search['climbs'], 'start')}; {said_of_luck(found, drawn)}."
    if search["stopped"]:
        text += (
            f" The search was stopped after {search['worlds']:,} simulated worlds, and there may be better: "
            "fewer phases, --fix and --bound leave less to look for."
        )
    return text
