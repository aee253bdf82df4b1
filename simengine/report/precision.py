"""When a run stopped, and what it decided, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.markup import escape

from simengine.scenario.problems import counted, listed


def said_of_precision(summary: Mapping[str, Any]) -> Iterator[str]:
    """What a run with a stated precision says under its table."""
    precision = summary.get("precision")
    if precision is None:
        return
    if "decisions" in precision:
        for decision in precision["decisions"]:
            yield _decision(decision, summary["currency"])
    elif not summary["exact"]:
        verb = "reached" if precision["met"] else "not reached"
        yield (
            f"Precision of {_percent(precision['stated'])} {verb}: value per share is known within "
            f"{_percent(precision['reached'])} (95 %) after {counted(precision['replications'], 'replication')} of at "
            f"most {precision['most']:,}."
        )
    if not summary["exact"]:
        yield "Intervals are those that hold whenever a run stops."


def _decision(decision: Mapping[str, Any], currency: str) -> str:
    best, *others = (escape(name) for name in decision["contenders"])
    known = "" if decision["replications"] == 1 else f" (95 %, {counted(decision['replications'], 'replication')})"
    start = f"Under {escape(decision['move'])}"
    if decision["by"] == "known":
        return f"{start} {best} is best{known}."
    most = f"{listed(others)} may be worth up to {decision['at_most_better']:.2g} {currency} a share more"
    if decision["by"] == "indifference":
        if decision["at_most_better"] <= 0.0:
            return f"{start} {best} is best, and {listed(others, 'and')} as good{known}."
        return f"{start} {best} is best, or hardly less than that{known}: {most}, which makes no difference."
    return f"{start} the best is not known{known}: {best} is so far, {most}."


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.2g} %"
