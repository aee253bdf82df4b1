"""Which allocation is best, by how much, how sure, and under which move: the study."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from simengine.portfolio.progress import unseen
from simengine.results.prepare import reference_of, refusal_of
from simengine.results.run import Run, run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError
from simengine.study.bridge.bridge import Bridge, bridges
from simengine.study.bridge.by_change import require_certain_allocations
from simengine.study.bridge.changes import changes_between
from simengine.study.compare.comparisons import ERROR, Comparison, Comparisons, Paired, in_blocks
from simengine.study.compare.decision import Decision, Under, dominance, maximin, minimax_regret
from simengine.study.compare.hands import customers_moved, direction
from simengine.study.compare.outcomes import Outcomes, outcomes_of_folder, outcomes_of_run
from simengine.study.probabilities import require_probabilities
from simengine.study.studied import only
from simengine.tables.inputs import block_size
from simengine.tables.layout import Floats
from simengine.valuation.risk import summarise


def compare(
    of: Scenario | Run | Path | str, *, to: str | None = None, move: str | None = None,
    probabilities: Mapping[str, float] | None = None, bridge: bool = False, **how: Any,
) -> CompareStudy:  # fmt: skip
    """The study of all allocations against each other: of a scenario, which is then run, of a run, or of its folder.

    `to` is the allocation that the others are compared with: the run's own, `baseline` if there is one, else the first.
    With `move`, under that one alone. `probabilities` of the moves, fractions that sum to 1 (moves left out have 0),
    say what is expected over them. With `bridge`, what each change of an allocation contributes to its difference is
    simulated, too, unless all there is of a run is its folder. What else `run` takes, `how` a scenario is run, may be
    given too. Raises ScenarioError.
    """
    source: Run | Path
    if isinstance(of, Scenario):
        _require_known(to, of.allocations, move, of.moves, probabilities)
        reference = reference_of(of, to)
        stated = of if move is None else only(of, list(of.allocations), move)
        if bridge:
            require_certain_allocations(stated)
        quick = stated.simulation.model_copy(update={"customer_values": False})
        source = run(dataclasses.replace(stated, simulation=quick), to=reference, spread=False, **how)
        outcomes = outcomes_of_run(source)
    else:
        source = of if isinstance(of, Run) else Path(of)
        outcomes = outcomes_of_run(source) if isinstance(source, Run) else outcomes_of_folder(source)
        _require_known(to, outcomes.allocations, move, outcomes.moves, probabilities)
        reference = outcomes.reference if to is None else to
        outcomes = outcomes if move is None else outcomes.under(move)
    others = [name for name in outcomes.allocations if name != reference]
    progress = how.get("progress", unseen)
    explained = bridges(source, reference, others, outcomes.moves, changes=bridge, progress=progress)
    return CompareStudy(outcomes, reference, probabilities, explained)


def _require_known(
    to: str | None, allocations: Collection[str], move: str | None, moves: Collection[str],
    probabilities: Mapping[str, float] | None,
) -> None:  # fmt: skip
    """Raise ScenarioError with everything that is asked for and is not there."""
    problems: list[Problem] = []
    for option, name, known in (("--to", to, allocations), ("--move", move, moves)):
        if name is not None and name not in known:
            problems += refusal_of(option, name, known).problems
    try:
        require_probabilities(probabilities, moves if move is None or move not in moves else [move])
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)


@dataclasses.dataclass(frozen=True)
class CompareStudy:
    """All allocations of a run against each other."""

    outcomes: Outcomes
    to: str
    probabilities: Mapping[str, float] | None = None
    bridges: Mapping[tuple[str, str], Bridge] = dataclasses.field(default_factory=dict)  # by allocation and move

    @cached_property
    def comparisons(self) -> Comparisons:
        """Of every pair."""
        return Comparisons(self.outcomes, self.to, self.probabilities)

    @cached_property
    def decision(self) -> Decision:
        """What rules of choice say."""
        return Decision(self.outcomes)

    @cached_property
    def document(self) -> dict[str, Any]:
        """Plain data, for JSON: money in units of the currency, a share unless said otherwise."""
        outcomes, comparisons = self.outcomes, self.comparisons
        summary = outcomes.summary
        return {
            "scenario": outcomes.scenario.name,
            "currency": outcomes.scenario.currency,
            "to": self.to,
            "mode": summary["mode"],
            "exact": outcomes.exact,
            "replications": outcomes.replications,
            "blocks": comparisons.blocks,
            "stopped": "precision" in summary,
            "uncertain": list(outcomes.scenario.uncertain.paths),
            "inputs_are_controls": comparisons.inputs_are_controls,
            "seed": summary["seed"],
            "market_luck": summary.get("market_luck", []),
            "profiles": summary["profiles"],
            "inputs": {name: self._inputs(name) for name in outcomes.allocations if name != self.to},
            "joint": {
                "comparisons": comparisons.count,
                "probability": 0.95,
                "level": comparisons.level,
            },
            "moves": {move: self._under(m, move) for m, move in enumerate(outcomes.moves)},
            "bridges": {
                move: {name: each.document for (name, under), each in self.bridges.items() if under == move}
                for move in outcomes.moves
            },
            "decision": self._decision(),
        }

    def _inputs(self, allocation: str) -> list[dict[str, Any]]:
        """What an allocation does otherwise than the reference, in words."""
        scenario = self.outcomes.scenario
        found = changes_between(scenario, scenario.allocations[self.to], scenario.allocations[allocation])
        return [{"place": list(each.place), "before": each.before, "after": each.after} for each in found]

    def _under(self, m: int, move: str) -> dict[str, Any]:
        outcomes, comparisons, decision = self.outcomes, self.comparisons, self.decision
        best = comparisons.best(move)
        best_in, beats = decision.best_in()[:, m], decision.beats(self.to)[:, m]
        shares = outcomes.scenario.company.shares
        reference, block = outcomes.allocations.index(self.to), block_size(outcomes.scenario)
        cells = {}
        for a, name in enumerate(outcomes.allocations):
            steps = outcomes.equity[a, m]
            cells[name] = {
                "value_per_share": _plain(summarise(steps, outcomes.steps_per_share, block)),
                "difference": _document(comparisons.of(move, name, self.to), shares),
                "regret": _document(comparisons.of(move, best, name), shares),
                "best_in": float(best_in[a]),
                "beats_reference_in": float(beats[a]),
                "dominates_reference": self._dominance(a, reference, m),
                **({} if name == self.to else self._hands(name, move)),
            }
        return {
            "best": best,
            "contenders": comparisons.contenders(move),
            "cells": cells,
            "value_of_perfect_information": self._mean(decision.of_perfect_information(move, best)),
        }

    def _dominance(self, a: int, reference: int, m: int) -> str | None:
        value = self.decision.value
        return None if self.outcomes.replications == 1 else dominance(value[a, m], value[reference, m])

    def _hands(self, name: str, move: str) -> dict[str, Any]:
        outcomes = self.outcomes
        drawn = outcomes.summary["mode"] == "sampled" and self.to == outcomes.reference
        return {
            "customers": customers_moved(outcomes, name, self.to, move),
            "direction": direction(outcomes, name, move) if drawn else None,
        }

    def _mean(self, values: Floats) -> dict[str, Any]:
        """Of a quantity over replications, with its interval alone."""
        values = in_blocks(values, block_size(self.outcomes.scenario))
        found = Paired(values, values, 0)
        interval = found.interval(ERROR)
        return {"mean": found.mean, "ci95": list(interval) if interval else None}

    def _decision(self) -> dict[str, Any] | None:
        """What rules over several moves choose; None where there is one."""
        outcomes, decision = self.outcomes, self.decision
        if len(outcomes.moves) == 1:
            return None
        largest = {name: self._largest_regret(name) for name in outcomes.allocations}
        worst = decision.worst()
        worsts = {name: {"move": move, "value_per_share": value} for name, (move, value) in worst.items()}
        regrets = {name: {"move": move, "regret": regret} for name, (move, regret) in largest.items()}
        safest, least_regretted = maximin(worst), minimax_regret(largest)
        document: dict[str, Any] = {
            "maximin": {"allocation": safest, **worsts[safest]},
            "minimax_regret": {"allocation": least_regretted, **regrets[least_regretted]},
            "worst": worsts,
            "largest_regret": regrets,
            "probabilities": None,
            "expected": None,
        }
        if self.probabilities is not None:
            document |= {"probabilities": dict(self.probabilities), "expected": self._expected(self.probabilities)}
        return document

    def _largest_regret(self, allocation: str) -> Under:
        """The move under which an allocation is behind the best by most, and by how much."""
        best = {move: self.comparisons.best(move) for move in self.outcomes.moves}
        regrets = {move: max(0.0, self.comparisons.of(move, best[move], allocation).mean) for move in best}
        return max(regrets.items(), key=lambda each: each[1])

    def _expected(self, probabilities: Mapping[str, float]) -> dict[str, Any]:
        outcomes, comparisons, shares = self.outcomes, self.comparisons, self.outcomes.scenario.company.shares
        best = comparisons.best(None)
        value = self.decision.expected(probabilities)
        knowing = sum(
            (each * comparisons.of(move, comparisons.best(move), best).mean for move, each in probabilities.items()),
            0.0,
        )
        luck = sum(self.decision.of_perfect_information(move, best) * each for move, each in probabilities.items())
        return {
            "best": best,
            "contenders": comparisons.contenders(None),
            "allocations": {
                name: {
                    "value_per_share": float(value[a]),
                    "difference": _document(comparisons.of(None, name, self.to), shares),
                    "regret": _document(comparisons.of(None, best, name), shares),
                }
                for a, name in enumerate(outcomes.allocations)
            },
            "value_of_knowing_the_move": max(0.0, knowing),
            "value_of_perfect_information": self._mean(np.asarray(luck)),
        }


def _document(comparison: Comparison, shares: float) -> dict[str, Any]:
    interval = comparison.interval
    return {
        "mean": comparison.mean,
        "ci95": list(interval) if interval else None,
        "ci95_alone": list(comparison.alone) if comparison.alone else None,
        "standard_error": comparison.standard_error,
        "unadjusted_mean": comparison.plain_mean,
        "variance_removed": comparison.variance_removed,
        "controls": comparison.controls,
        "enterprise_value": {
            "mean": comparison.mean * shares,
            "ci95": [end * shares for end in interval] if interval else None,
        },
    }


def _plain(summary: Any) -> dict[str, Any]:
    return {**summary._asdict(), "ci95": list(summary.ci95) if summary.ci95 else None}
