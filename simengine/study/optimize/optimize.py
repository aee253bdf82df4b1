"""The allocation that makes the company worth most under a budget, and what it gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice
from simengine.results.run import Run, run
from simengine.scenario.allocation import Allocation
from simengine.scenario.budgets import BASES
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, of_option
from simengine.study.bridge.bridge import bridge_of_cells
from simengine.study.bridge.totals import cells_of_run
from simengine.study.optimize.frontier import Point
from simengine.study.optimize.habits import budgets_of, habit
from simengine.study.optimize.items import Items
from simengine.study.optimize.multipliers import Multipliers, multipliers
from simengine.study.optimize.near import Near, near_scenario
from simengine.study.optimize.outcomes import with_cells
from simengine.study.optimize.question import Asked, Question, question_of
from simengine.study.optimize.rounding import rounded, usual_step
from simengine.study.optimize.search import Found, Told
from simengine.study.optimize.worth import Worth, better

Floats = NDArray[np.float64]
OPTIMUM = "optimum"


@dataclass(frozen=True)
class Optimum:
    """An optimal allocation and what is known of it."""

    allocation: Allocation
    name: str  # under which it was simulated, and is written
    question: Question
    items: Items
    run: Run  # the scenario's own simulation of it, of the reference and of what it is compared with
    document: dict[str, Any]  # all of it as plain data, for JSON


def optimize(
    scenario: Scenario,
    *,
    budget: str | float | None = None,
    objective: str = "value",
    level: str | float | None = None,
    risk_limit: str | float | None = None,
    move: str | None = None,
    probabilities: str | None = None,
    like: str | None = None,
    to: str | None = None,
    fix: Sequence[str] = (),
    bound: Sequence[str] = (),
    constraint: Sequence[str] = (),
    phases: str | None = None,
    initiative: Sequence[str] = (),
    round_to: str | float | None = None,
    frontier: str | None = None,
    habits: bool = False,
    column: Sequence[str] = (),
    threads: int | None = None,
    memory: str | int | None = None,
    rejects: Path | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Optimum:
    """Find the split of a budget over levers, segments and phases under which the company is worth most.

    `budget` is money a year in every phase (the scenario's unless given, else what is spent today), or `unlimited`.
    What else is asked is written as on the command line: see `simengine optimize --help`. The search is in expected
    mode, on customers who are nearly alike taken as one, over draws of what is uncertain; what it proposes is rounded
    and then simulated as the scenario says, in replications that the search has not seen. Raises ScenarioError.
    """
    asked = Asked(
        budget, objective, level, risk_limit, move, probabilities, like, to, tuple(fix), tuple(bound),
        tuple(constraint), phases, tuple(initiative), round_to, frontier, habits or bool(column), tuple(column),
    )  # fmt: skip
    question = question_of(asked, scenario)
    steps = _Steps(progress)
    how: dict[str, Any] = {"threads": threads, "memory": memory, "rejects": rejects, "spread": False, "notice": notice}
    near = run(near_scenario(scenario, question), to=question.reference, reading=reading, **how)
    study = Near(question, near, scenario)
    found = study.search(steps.part(0.0, 0.6))
    return _judged(study, found, steps, how)


class _Steps:
    """Progress in thousandths, part by part."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def part(self, low: float, high: float) -> Told:
        return lambda done: self._progress(round(1000 * (low + (high - low) * done)), 1000)


def _judged(study: Near, found: Found, steps: _Steps, how: dict[str, Any]) -> Optimum:
    """What was found, rounded, simulated as the scenario says and compared."""
    question, items, feasible = study.question, study.items, study.feasible
    study.require_a_limit(found)
    values, slopes = study.outcomes.slopes(found.x, feasible, found.initiatives)
    if study.objective.risk_limit is not None:
        reached = study.objective.shortfall(values)
        if reached < study.objective.risk_limit - 1e-6 * abs(reached):
            expected = f"a limit that some split keeps: at most {reached:.6g} a share was found"
            text = str(question.asked.risk_limit)
            raise ScenarioError([of_option("--risk-limit", text, f"{study.objective.risk_limit:.6g}", expected)])
    forces = multipliers(found.x, values, slopes, feasible, study.objective)
    step = question.round_to or usual_step(feasible.scale)
    amounts = rounded(found.x, feasible, step, len(items.phases))
    frontier = study.frontier(found, steps.part(0.6, 0.8))
    split = {
        by: x for by in (*BASES, *(f"column {name}" for name in question.columns)) if question.asked.habits
        and (x := habit(by, study.near, items, study.mix(), budgets_of(items, question.budget, amounts))) is not None
    }  # fmt: skip
    name = next(
        each for each in chain([OPTIMUM], (f"{OPTIMUM}_{n}" for n in count(2)))
        if each not in study.scenario.allocations
    )  # fmt: skip
    chosen, stated = study.proposed(amounts, found.initiatives), study.scenario.allocations
    best = max(study.stated, key=lambda each: study.objective.merit(study.stated[each], 1.0))
    cells = {
        question.reference: stated[question.reference],
        best: stated[best],
        name: chosen,
        **{f"habit: {by}": study.proposed(x, found.initiatives) for by, x in split.items()},
    }
    own = with_cells(study.scenario, cells, tuple(study.scenario.moves))
    told = steps.part(0.8, 1.0)

    def seen(at: int, of: int) -> None:
        told(at / of if of else 1.0)

    if own.simulation.mode == "sampled":
        done = run(own, to=question.reference, progress=seen, **how)
    else:  # who merge depends on what is simulated: those of the file that `--out` writes
        written = with_cells(study.scenario, {**study.scenario.allocations, name: chosen}, tuple(study.scenario.moves))
        done = run(written, known=study.near, **how).more(own, to=question.reference, progress=seen)
    worth = Worth(done, study.objective, question.moves)
    document = _document(study, found, forces, amounts, worth, name, best, split, frontier)
    return Optimum(chosen, name, question, items, done, document)


def _document(
    study: Near, found: Found, forces: Multipliers, amounts: Floats, worth: Worth, name: str, best: str,
    split: dict[str, Floats], frontier: list[Point],
) -> dict[str, Any]:  # fmt: skip
    question, items, feasible = study.question, study.items, study.feasible
    to = question.reference
    gain, over = worth.gain(name, to), worth.gain(name, best)
    value = worth.of(name)
    much = feasible.scale if question.budget < inf else max(items.total(amounts, f) for f in range(len(items.phases)))
    unit = 10.0 ** (len(str(int(max(much, 1.0)))) - 2)
    reference = study.mix()
    bound = dict.fromkeys(forces.low, "low") | dict.fromkeys(forces.high, "high")
    rows = []
    for p, place in enumerate(items.places):
        for f, phase in enumerate(items.phases):
            i = items.at(p, f)
            held = feasible.high[i] <= feasible.low[i]
            rows.append(
                {
                    "lever": place.lever,
                    "segment": place.segment,
                    "from": phase.label,
                    "reference": float(reference[i]),
                    "optimum": float(amounts[i]),
                    "marginal_value": None if held else float(forces.slopes[i]) * unit,
                    "bound": "fixed" if held else bound.get(i),
                }
            )
    budget_rows = [m for m in forces.limits if feasible.limits[m].text.startswith("budget ")]
    stored = cells_of_run(worth.run) if split else None
    likely = max(zip(question.weights, question.moves, strict=True), key=lambda each: each[0])[1]
    base = items.base.initiatives
    has = (found.initiatives or items.base).initiatives
    return {
        "scenario": study.scenario.name,
        "currency": study.scenario.currency,
        **study.objective.document,
        "moves": dict(zip(question.moves, question.weights, strict=True)) if not study.objective.has_pieces else None,
        "budget": None if question.budget == inf else question.budget,
        "like": question.like,
        "to": to,
        "mode": worth.run.options.mode,
        "exact": worth.run.exact,
        "replications": worth.run.valuation.replications,
        "uncertain": list(study.scenario.uncertain.paths),
        "profiles": worth.run.profiles,
        "name": name,
        "spent": [items.total(amounts, f) for f in range(len(items.phases))],
        "reference_spent": study.spent(study.reference),
        "kept": study.kept(),
        "marginal_unit": unit,
        "items": rows,
        "initiatives": {
            each: {"reference": each in base, "optimum": each in has} for each in sorted(study.candidates.offered)
        },
        "worth": value,
        "shortfall": worth.shortfall(name),
        "gain": gain,
        "improves": better(gain, value),
        "best_stated": {"allocation": best, "worth": worth.of(best), "gain": over, "improves": better(over, value)},
        "by_move": worth.by_move(name, to),
        "binding": [
            {
                "limit": feasible.limits[m].text,
                "from": items.phases[feasible.limits[m].phase].label,
                "marginal_value": each * unit,
            }
            for m, each in forces.limits.items()
        ],
        "budget_marginal_value": sum(forces.limits[m] for m in budget_rows) * unit,
        "optimality": forces.residual,
        "frontier": [point.document for point in frontier],
        "habits": {
            by: {
                "items": x.tolist(),
                "worth": worth.of(f"habit: {by}"),
                "gain": worth.gain(f"habit: {by}", to),
                "optimum_gains": worth.gain(name, f"habit: {by}"),
                "why": None if stored is None else bridge_of_cells(stored, name, f"habit: {by}", likely).document,
            }
            for by, x in split.items()
        },
        "search": {
            "climbs": found.climbs,
            "stopped": study.outcomes.stopped,
            "worlds": study.outcomes.worlds,
            "before_rounding": found.x.tolist(),
        },
    }
