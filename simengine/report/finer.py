"""What finer designs are worth, as a table with bars on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simengine.report.terminal import decimals, print_whole, said_of_luck
from simengine.scenario.problems import counted
from simengine.scenario.units import write_number
from simengine.scenario.yaml_text import flow
from simengine.study.finer import Curve, Finer, Step

_BAR = 24  # letters of the longest bar
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def print_finer(found: Finer, screen: Console) -> None:
    """Print the curve of every segment and the number of groups that is worth most."""
    under = f"{escape(found.allocation)} / {escape(found.move)}"
    screen.print(
        f"[bold]{escape(found.scenario)}[/bold]: designing the offer for groups of customers, under {under}",
        soft_wrap=True,
    )
    figures = [step.before_costs for curve in found.curves for step in curve.steps]
    figures += [step.value for curve in found.curves for step in curve.steps if step.value is not None]
    places = decimals([], [max(map(abs, figures), default=0.0) / 20])
    print_whole(_table(found, places), screen)
    drawn = f"{counted(found.summary['replications'], 'replication')}, seed {found.summary['seed']}"
    screen.print(
        f"{found.value_per_share:,.{places}f} {escape(found.currency)} a share with one design a segment; "
        f"our knowledge of customers is {found.knowledge:.0%}; {said_of_luck(found.summary, drawn)}.",
        soft_wrap=True,
    )
    for curve in found.curves:
        screen.print(escape(said(curve, found)), soft_wrap=True)
    if found.design:
        stated = {
            name: flow({key: write_number(each, large=True) for key, each in d.items()})
            for name, d in found.design.items()
        }
        screen.print(escape(f"In an allocation: design: {flow(stated)}"), soft_wrap=True)


def said(curve: Curve, found: Finer) -> str:
    """What to conclude for a segment."""
    best, last = curve.best, curve.steps[-1]
    if not any(step.before_costs for step in curve.steps):
        why = " (tailoring 0: nobody minds for whom the offer is designed)" if curve.tailoring == 0 else ""
        why = " (all is known: offers fit without a design)" if not why and found.knowledge == 1 else why
        return f"{curve.segment}: a finer design is worth nothing{why}."
    if found.cost_per_group is None:
        text = f"{curve.segment}: before costs {counted(best.groups, 'group')} are worth most of those tried"
        return f"{text}; --cost-per-group says how many pay." if best.groups > 1 else f"{curve.segment}: none pays."
    if best.groups == 1:
        return f"{curve.segment}: at {found.cost_per_group:,.0f} a group and year no finer design pays."
    more = "; more were not tried" if best is last else ""
    return f"{curve.segment}: {counted(best.groups, 'group')} are worth most{more}."


def _table(found: Finer, places: int) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    spread = " (95 %)" if any(step.ci95 for curve in found.curves for step in curve.steps) else ""
    headings = [
        f"gained a share,\nbefore costs{spread}",
        "by each\ngroup more",
        "pays up to a cost\nof a group a year of",
    ]
    if found.cost_per_group is not None:
        headings.append(f"gained a share, at\n{found.cost_per_group:,.0f} a group")
    table.add_column("in a segment,\ngroups", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    most = max((abs(_shown(step)) for curve in found.curves for step in curve.steps), default=0.0)
    for number, curve in enumerate(found.curves):
        if number:
            table.add_row()
        table.add_row(escape(curve.segment))
        for step in curve.steps:
            table.add_row(*_cells(step, curve.best is step and step.groups > 1, found, places, most))
    return table


def _cells(step: Step, best: bool, found: Finer, places: int, most: float) -> list[str]:
    interval = "" if step.ci95 is None else f" ({step.ci95[0]:+,.{places}f} to {step.ci95[1]:+,.{places}f})"
    first = step.groups == 1
    cells = [
        f"  {step.groups:>4}",
        "" if first else f"{step.before_costs:+,.{places}f}{interval}",
        "" if step.next_group is None else f"{step.next_group:+,.{places + 1}f}",
        "" if first else "never" if step.break_even is None else f"{float(f'{step.break_even:.3g}'):,.0f}",
    ]
    if found.cost_per_group is not None:
        cells.append("" if step.value is None or first else f"{step.value:+,.{places}f}")
    cells.append(_bar(_shown(step), most))
    return [f"[bold]{cell}[/bold]" if best and cell else cell for cell in cells]


def _shown(step: Step) -> float:
    """What the bar of a step is of."""
    return step.before_costs if step.value is None else step.value


def _bar(value: float, most: float) -> str:
    """A bar as long as the value is large; a loss is said by hatching."""
    if most <= 0 or value == 0:
        return ""
    eighths = max(1, round(abs(value) / most * _BAR * 8))
    if value < 0:
        return "░" * max(1, eighths // 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
