"""Which inputs move value and the decision, by how much, where the decision flips, and what knowing them is worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice, one_of
from simengine.results.run import run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.scenario.uncertain import Uncertain
from simengine.study.sensitivity.design import BLOCKS, FEWEST, Design, Floats, design, evaluations
from simengine.study.sensitivity.evaluation import Evaluation, narrowed
from simengine.study.sensitivity.indices import Indices, indices_of
from simengine.study.sensitivity.information import Information, information_of
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.ranges import main_inputs, stated_inputs
from simengine.study.sensitivity.tornado import Swing, swings_of
from simengine.study.sensitivity.uncertain import correlation_of, uncertain_inputs

SAMPLES = 1024  # base samples
PROFILE_ERROR = 0.001  # of customers who are nearly alike, where the scenario states none
_GRID = 6  # points along each input, about, at which a tornado is evaluated before break-evens are looked for
FUTURES = 8  # most replications of a market with luck at each point, unless asked for
PERCENTILES, ASKED, TENTH = "p10 to p90", "asked for", "10% down and up"
VALUE, DIFFERENCE = "value_per_share", "difference"


@dataclass(frozen=True)
class Spread:
    """Why an outcome is not one number: standard deviations, in value per share."""

    mean: float
    not_knowing: float  # of inputs: what replications have in common
    luck: float  # of one replication, given inputs


@dataclass(frozen=True)
class Sensitivity:
    """What the decision among some allocations under one move depends on. Values are per share."""

    scenario: Scenario
    move: str
    allocations: tuple[str, ...]
    best: int  # of the two whose difference is watched, by place: the better as stated, or the one asked for
    other: int
    watched: tuple[int, ...]  # the allocations that may become best: all, or those two where they are asked for
    stated: Floats  # [D]
    replications: int
    swings: tuple[Swing, ...]  # widest difference first
    ranges: dict[str, str]  # input: what its range is
    design: Design | None
    indices: dict[str, Indices]  # of "value_per_share" and "difference"; empty without uncertain inputs
    spread: dict[str, Spread]
    information: Information | None
    uncertain: tuple[Input, ...]  # inputs of the indices, in their order

    @property
    def pair(self) -> tuple[str, str]:
        """The allocations whose difference is watched."""
        return self.allocations[self.best], self.allocations[self.other]

    def difference(self, values: Floats) -> float:
        """Of the pair, of values of all allocations [D]."""
        return float(values[self.best] - values[self.other])

    @property
    def document(self) -> dict[str, Any]:
        """As plain data, for JSON. Values are per share, inputs in their own units."""
        best, other = self.pair
        exact = self.replications == 1
        return {
            "scenario": self.scenario.name,
            "currency": self.scenario.currency,
            "move": self.move,
            "pair": {"allocation": best, "to": other},
            "among": [self.allocations[d] for d in self.watched],
            "value_per_share": self._by_allocation(self.stated),
            "difference": self.difference(self.stated),
            "exact": exact,
            "replications": self.replications,
            "profile_error": self.scenario.simulation.profile_error,
            "seed": self.scenario.simulation.seed,
            "inputs": [self._swing(swing) for swing in self.swings],
            "indices": self._indices(),
            "spread": {name: dataclasses.asdict(spread) for name, spread in self.spread.items()},
            "information": self._information(),
        }

    def _by_allocation(self, values: Iterable[float]) -> dict[str, float]:
        return {name: float(value) for name, value in zip(self.allocations, values, strict=True)}

    def _swing(self, swing: Swing) -> dict[str, Any]:
        each = swing.input
        grid = (each.low, each.high, *each.search)
        return {
            "input": each.name,
            "range": self.ranges[each.name],
            "stated": each.central,
            "low": each.low,
            "high": each.high,
            "words": {name: self.words(each, value) for name, value in _ends(each)},
            "value_per_share": {
                "low": self._by_allocation(swing.low),
                "high": self._by_allocation(swing.high),
            },
            "difference": {"low": self.difference(swing.low), "high": self.difference(swing.high)},
            "flips": [
                {
                    "value": flip.value,
                    "words": self.words(each, flip.value),
                    "beyond": "above" if flip.above else "below",
                    "best_there": self.allocations[flip.allocation],
                    "probability": flip.probability,
                }
                for flip in swing.flips
            ],
            "searched": {"from": min(grid), "to": max(grid)},
        }

    def words(self, each: Input, value: float) -> str:
        """A value of an input as a person writes it."""
        levers = {name: {"target": lever.target} for name, lever in self.scenario.levers.items()}
        return each.words(value, levers)

    def _indices(self) -> dict[str, Any] | None:
        if self.design is None:
            return None
        names = [each.name for each in self.uncertain]
        found: dict[str, Any] = {
            "samples": len(self.design.probabilities),
            "blocks": BLOCKS,
            "evaluations": evaluations(len(self.design.probabilities), len(names), len(self.design.correlated)),
            "correlated": [names[i] for i in self.design.correlated],
        }
        for outcome, indices in self.indices.items():
            pairs = zip(indices.first, indices.total, strict=True)
            found[outcome] = {
                name: {"first": first.document(), "total": total.document()}
                for name, (first, total) in zip(names, pairs, strict=True)
            }
        return found

    def _information(self) -> dict[str, Any] | None:
        if self.information is None:
            return None
        inputs = zip(self.uncertain, self.information.by_input, strict=True)
        return {
            "best": self.allocations[self.watched[self.information.best]],
            "probability_best": {
                self.allocations[d]: p for d, p in zip(self.watched, self.information.probability_best, strict=True)
            },
            "of_all_inputs": self.information.of_all.document(),
            "by_input": {each.name: worth.document() for each, worth in inputs},
        }


def _ends(each: Input) -> list[tuple[str, float]]:
    return [("stated", each.central), ("low", each.low), ("high", each.high)]


def sensitivity(
    scenario: Scenario,
    *,
    allocation: str | None = None,
    to: str | None = None,
    move: str | None = None,
    ranges: Sequence[str] = (),
    samples: int = SAMPLES,
    replications: int | None = None,
    rejects: Path | None = None,
    threads: int | None = None,
    memory: str | int | None = None,
    reading: Progress = unseen,
    progress: Progress = unseen,
    notice: Notice | None = None,
) -> Sensitivity:
    """What value per share, and the difference between two allocations under `move` (the first), depend on.

    The two are the best as stated and the next best, unless `allocation` and `to` name them (one named: the other is
    the best of the rest). Inputs are those under `uncertain:`, at their tenth and ninetieth percentiles, and those of
    `ranges`, `PATH=LOW:HIGH` each; where there are neither, the main numbers of the scenario, a tenth down and up.
    With `uncertain:`, `samples` base samples (a power of two; 0 for none) give Sobol indices and the value of perfect
    information. In expected mode; a market with luck of its own is drawn `replications` times, the same at every point.
    Never depends on `threads`. Raises `ScenarioError`.
    """
    _require_samples(samples)
    under = next(iter(scenario.moves)) if move is None else one_of("--move", move, scenario.moves)
    named = [
        one_of(option, name, scenario.allocations)
        for option, name in (("--allocation", allocation), ("--to", to))
        if name
    ]
    _require_two(scenario, named)
    compared = tuple(scenario.allocations) if len(named) < 2 else tuple(named)
    scenario = _as_studied(scenario, replications)
    uncertain = uncertain_inputs(scenario)
    asked = stated_inputs(scenario, ranges)
    inputs, said = _varied(uncertain, asked) if uncertain or asked else _main(scenario)
    plan = None
    if uncertain and samples:
        plan = design(len(uncertain), samples, scenario.simulation.seed, correlation_of(scenario))
    plain = dataclasses.replace(scenario, uncertain=Uncertain(same=scenario.uncertain.same))
    central = run(
        narrowed(plain, compared, under), to=compared[0], threads=threads, memory=memory, rejects=rejects,
        reading=reading, notice=notice,
    )  # fmt: skip
    with Evaluation(central, plain, compared, under, [each.name for each in inputs], threads) as evaluation:
        stated = evaluation.stated.mean(axis=1)
        best, other = _pair(compared, stated, allocation, to)
        watched = [best, other] if named else list(range(len(compared)))

        onward = _onward(progress, _GRID * len(inputs) + (0 if plan is None else plan.probabilities[..., 0].size))

        def values(points: Floats) -> Floats:
            return np.asarray(evaluation.at(points, onward(len(points)), refused=True).mean(axis=2))

        swings = swings_of(inputs, stated, values, best, [d for d in watched if d != best])
        _require_ends(evaluation, swings)
        outcomes = None
        if plan is not None:
            points = _points(plan, uncertain, inputs)
            outcomes = evaluation.at(points, onward(len(points))).reshape(samples, plan.rows, len(compared), -1)
    swings.sort(key=lambda swing: -swing.moves(lambda at: float(at[best] - at[other])))
    indices: dict[str, Indices] = {}
    spread: dict[str, Spread] = {}
    information = None
    if plan is not None and outcomes is not None:
        worth = outcomes.mean(axis=3)
        of = {VALUE: (worth[..., best], outcomes[..., best, :])}
        of[DIFFERENCE] = (worth[..., best] - worth[..., other], outcomes[..., best, :] - outcomes[..., other, :])
        indices = {name: indices_of(plan, mean) for name, (mean, _) in of.items()}
        spread = {name: _spread(indices[name], each) for name, (_, each) in of.items()}
        ends = np.stack([worth[:, 0], worth[:, -1]])[:, :, watched]
        information = information_of(plan.joint, ends)
    return Sensitivity(
        scenario, under, compared, best, other, tuple(watched), stated, evaluation.replications,
        tuple(swings), said, plan, indices, spread, information, tuple(uncertain),
    )  # fmt: skip


def _as_studied(scenario: Scenario, replications: int | None) -> Scenario:
    """In expected mode, customers who are nearly alike as one, a market with luck of its own in some futures."""
    simulation = scenario.simulation
    futures = min(simulation.replications, FUTURES) if replications is None else replications
    changed = {
        "mode": "expected",
        "profile_error": simulation.profile_error or PROFILE_ERROR,
        "replications": futures,
        "customer_values": False,
    }
    return dataclasses.replace(scenario, simulation=simulation.model_copy(update=changed))


def _varied(uncertain: Sequence[Input], asked: Sequence[Input]) -> tuple[list[Input], dict[str, str]]:
    """All inputs, and what their ranges are; a range that is asked for replaces that of a distribution."""
    inputs = {each.name: each for each in uncertain}
    said = dict.fromkeys(inputs, PERCENTILES)
    for each in asked:
        known = inputs.get(each.name)
        inputs[each.name] = each if known is None else dataclasses.replace(known, low=each.low, high=each.high)
        said[each.name] = ASKED
    return list(inputs.values()), said


def _main(scenario: Scenario) -> tuple[list[Input], dict[str, str]]:
    inputs = main_inputs(scenario)
    return inputs, {each.name: TENTH for each in inputs}


def _pair(compared: Sequence[str], stated: Floats, allocation: str | None, to: str | None) -> tuple[int, int]:
    """The places of the two allocations whose difference is watched; of equals the first."""
    order = np.argsort(-stated, kind="stable").tolist()
    best = compared.index(allocation) if allocation else next(d for d in order if compared[d] != to)
    other = compared.index(to) if to else next(d for d in order if d != best)
    return best, other


def _onward(progress: Progress, total: int) -> Callable[[int], Progress]:
    """For each of several pieces of work, told its length, a progress that goes on from the last."""
    before = 0

    def piece(length: int) -> Progress:
        nonlocal before
        start, before = before, before + length
        return lambda done, _: progress(min(start + done, total), total)

    return piece


def _require_ends(evaluation: Evaluation, swings: Sequence[Swing]) -> None:
    """Both ends of every range are futures that the scenario can be in."""
    for swing in swings:
        for values, at in ((swing.low, swing.input.low), (swing.high, swing.input.high)):
            if np.isnan(values).any():
                evaluation.at(evaluation.with_one(swing.input.name, at)[None])  # says why


def _points(plan: Design, uncertain: Sequence[Input], inputs: Sequence[Input]) -> Floats:
    """[N x rows, inputs] values of all inputs at the rows of a design; those that are not uncertain as stated."""
    points = np.tile(
        np.array([each.central for each in inputs], dtype=np.float64), (plan.probabilities[..., 0].size, 1)
    )
    names = [each.name for each in inputs]
    for i, each in enumerate(uncertain):
        points[:, names.index(each.name)] = each.at(plan.probabilities[..., i]).ravel()
    return points


def _spread(indices: Indices, outcomes: Floats) -> Spread:
    """Of an outcome at the rows of a design [N, rows, R]; the luck is that of the rows that are draws of all inputs."""
    joint = outcomes[:, [0, -1]]
    luck = float(joint.var(axis=2, ddof=1).mean()) if joint.shape[2] > 1 else 0.0
    # the mean of so many futures varies by luck as well, the same at every point: nothing of that is in the variance
    return Spread(float(joint.mean()), sqrt(indices.variance), sqrt(luck))


def _require_samples(samples: int) -> None:
    if samples and (samples < FEWEST or samples & (samples - 1)):
        nearest = max(FEWEST, 2 ** round(np.log2(max(samples, 1))))
        expected = f"a power of two from {FEWEST} on, or 0 for no indices"
        raise ScenarioError([of_option("--samples", samples, f"{samples}", expected, f"write {nearest}")])


def _require_two(scenario: Scenario, named: Sequence[str]) -> None:
    if len(scenario.allocations) < 2:
        found = f"one allocation, {listed(scenario.allocations)}"
        raise ScenarioError([scenario.problem(("allocations",), found, "two at least, between which to decide")])
    if len(named) == 2 and named[0] == named[1]:
        others = listed(name for name in scenario.allocations if name != named[0])
        raise ScenarioError([of_option("--to", named[1], "the same as --allocation", f"another allocation: {others}")])
