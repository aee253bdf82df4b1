"""What a run's summary says of the precision that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING, Any

from simengine.engine.ledger import Integers
from simengine.scenario.problems import Problem, listed
from simengine.scenario.simulation import DECISION
from simengine.valuation.sequential import interval

if TYPE_CHECKING:
    from simengine.results.run import Run
    from simengine.results.stopping import Stopping
    from simengine.scenario.model import Scenario


def precision_of(run: Run) -> dict[str, Any]:
    """The block `precision` of the summary, alone in a mapping; empty where none is stated."""
    return {} if run.stopping is None else {"precision": run.stopping.document}


def at_every_look(run: Run, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of the summary as a run that stopped by what it saw may show them: with the replications that each
    stands on, and intervals of the mean that hold at every look, which are wider than those of a run that was to have
    as many."""
    if run.stopping is None:
        return cells
    return [_shown(*run.standing(c), cell, run.stopping) for c, cell in enumerate(cells)]


def _shown(run: Run, c: int, cell: dict[str, Any], stopping: Stopping) -> dict[str, Any]:
    worth = run.valuation
    reference = int(run.tables.reference[c])
    steps, a_share = worth.money_scale, worth.money_scale * worth.shares

    def wide(document: dict[str, Any], outcomes: Integers, steps_per_unit: float) -> dict[str, Any]:
        if stopping.reach is None:
            return document
        found = interval(outcomes / steps_per_unit, stopping.reach, stopping.block)
        return {**document, "ci95": [float(found.low), float(found.high)]}

    head = {"allocation": cell["allocation"], "move": cell["move"], "replications": worth.replications}
    return {
        **head,
        **cell,
        "value_per_share": wide(cell["value_per_share"], worth.equity[c], a_share),
        "equity_value": wide(cell["equity_value"], worth.equity[c], steps),
        "enterprise_value": wide(cell["enterprise_value"], worth.enterprise_value[c], steps),
        "difference": wide(cell["difference"], worth.equity[c] - worth.equity[reference], a_share),
    }


def warn_if_precision_is_not_reached(scenario: Scenario, stopping: Stopping | None) -> Iterator[Problem]:
    if stopping is None or stopping.met:
        return
    after = f"after {stopping.most:,} replications, the most that there may be"
    if stopping.stated == DECISION:
        found, expected, suggestion = _undecided(stopping, after)
    else:
        stated, reached = float(stopping.stated), float(stopping.reached or 0.0)
        found, expected = f"a precision of {percent(reached)} {after}", f"{percent(stated)} or better"
        suggestion = f"allow more replications: {_round_up(stopping.most * max(reached / stated, 1.0) ** 2):,} may do"
    yield scenario.problem(("simulation", "precision"), found, expected, suggestion)


def _undecided(stopping: Stopping, after: str) -> tuple[str, str, str]:
    still_open = [each for each in stopping.decisions if each.by is None]
    moves = listed([f"`{each.move}`" for each in still_open], "and")
    worst = max(still_open, key=lambda each: each.at_most_better / max(each.indifference, 1e-300))
    return (
        f"no best allocation under {moves} {after}",
        "one that is best at 95 %, or contenders within the indifference of each other",
        f"allow more replications, or more indifference: under `{worst.move}` the best so far may be worth "
        f"{worst.at_most_better:.3g} a share less than another, where {worst.indifference:.3g} makes no difference",
    )


def percent(fraction: float) -> str:
    """With two figures."""
    return f"{100.0 * fraction:.2g} %"


def _round_up(number: float) -> int:
    """With two figures."""
    digits = str(ceil(number))
    return int(f"{int(digits[:2]) + 1}{'0' * (len(digits) - 2)}")
