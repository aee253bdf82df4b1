"""Which inputs move value and the decision, by how much, where the decision flips, and what knowing them is worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice, one_of
from simengine.results.run import run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.scenario.uncertain import Uncertain
from simengine.study.sensitivity.design import FEWEST, Floats, design
from simengine.study.sensitivity.evaluation import Evaluation
from simengine.study.sensitivity.global_sensitivity import global_sensitivity
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.ranges import main_inputs, stated_inputs
from simengine.study.sensitivity.result import Sensitivity
from simengine.study.sensitivity.tornado import Swing, swings_of
from simengine.study.sensitivity.uncertain import correlation_of, uncertain_inputs
from simengine.study.studied import only

SAMPLES = 1024  # base samples
PROFILE_ERROR = 0.001  # of customers who are nearly alike, where the scenario states none
_GRID = 6  # points along each input, about, at which a tornado is evaluated before break-evens are looked for
FUTURES = 8  # most replications of a market with luck at each point, unless asked for


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
    inputs = _varied(uncertain, asked) or main_inputs(scenario)
    plan = None
    if uncertain and samples:
        plan = design(len(uncertain), samples, scenario.simulation.seed, correlation_of(scenario))
    plain = dataclasses.replace(scenario, uncertain=Uncertain(same=scenario.uncertain.same))
    central = run(
        only(plain, compared, under), to=compared[0], threads=threads, memory=memory, rejects=rejects,
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
        together = None
        if plan is not None:
            drawn = np.stack([each.at(plan.probabilities[..., i]) for i, each in enumerate(uncertain)], axis=-1)
            points = _points(drawn, uncertain, inputs)
            outcomes = evaluation.at(points, onward(len(points))).reshape(*drawn.shape[:2], *evaluation.stated.shape)
            together = global_sensitivity(
                uncertain, plan, drawn, outcomes, (best, other), watched, exact=central.exact
            )  # fmt: skip
    swings.sort(key=lambda swing: -swing.moves(lambda at: float(at[best] - at[other])))
    return Sensitivity(
        scenario, under, compared, best, other, tuple(watched), stated, evaluation.replications, central.exact,
        central.profiles, tuple(swings), together,
    )  # fmt: skip


def _as_studied(scenario: Scenario, replications: int | None) -> Scenario:
    """In expected mode, customers who are nearly alike as one, a market with luck of its own in some futures."""
    simulation = scenario.simulation
    futures = min(simulation.replications, FUTURES) if replications is None else replications
    changed = {
        "mode": "expected",
        "profile_error": simulation.profile_error or PROFILE_ERROR,
        "replications": futures,
    }
    return dataclasses.replace(scenario, simulation=simulation.model_copy(update=changed))


def _varied(uncertain: Sequence[Input], asked: Sequence[Input]) -> list[Input]:
    """All inputs; a range that is asked for replaces that of a distribution."""
    inputs = {each.name: each for each in uncertain}
    for each in asked:
        known = inputs.get(each.name, each)
        inputs[each.name] = dataclasses.replace(known, low=each.low, high=each.high, range=each.range)
    return list(inputs.values())


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


def _points(drawn: Floats, uncertain: Sequence[Input], inputs: Sequence[Input]) -> Floats:
    """[N x rows, inputs] values of all inputs: those that are uncertain as `drawn` [N, rows, n], others as stated."""
    points = np.tile(np.array([each.central for each in inputs], dtype=np.float64), (drawn[..., 0].size, 1))
    names = [each.name for each in inputs]
    points[:, [names.index(each.name) for each in uncertain]] = drawn.reshape(len(points), -1)
    return points


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
