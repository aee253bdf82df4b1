"""Which inputs move value and the decision, by how much, where the decision flips, and what knowing them is worth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path

import numpy as np

from simengine.portfolio.progress import Progress, unseen
from simengine.results.prepare import Notice, one_of
from simengine.results.run import run
from simengine.scenario.model import Scenario
from simengine.scenario.problems import ScenarioError, listed, of_option
from simengine.scenario.uncertain import Uncertain
from simengine.study.sensitivity.design import BLOCKS, FEWEST, Design, Floats, design
from simengine.study.sensitivity.evaluation import Evaluation, narrowed
from simengine.study.sensitivity.indices import Indices, indices_of
from simengine.study.sensitivity.information import information_of
from simengine.study.sensitivity.input import Input
from simengine.study.sensitivity.jackknife import Estimate
from simengine.study.sensitivity.ranges import main_inputs, stated_inputs
from simengine.study.sensitivity.result import Sensitivity, Spread
from simengine.study.sensitivity.tornado import Swing, swings_of
from simengine.study.sensitivity.uncertain import correlation_of, uncertain_inputs

SAMPLES = 1024  # base samples
PROFILE_ERROR = 0.001  # of customers who are nearly alike, where the scenario states none
_GRID = 6  # points along each input, about, at which a tornado is evaluated before break-evens are looked for
FUTURES = 8  # most replications of a market with luck at each point, unless asked for
PERCENTILES, ASKED, TENTH = "p10 to p90", "asked for", "10% down and up"
VALUE, DIFFERENCE = "value_per_share", "difference"


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
        spread = {name: _spread(indices[name], each, central.exact) for name, (_, each) in of.items()}
        ends = np.stack([worth[:, 0], worth[:, -1]])[:, :, watched]
        drawn = np.stack([each.at(plan.joint[..., i]) for i, each in enumerate(uncertain)], axis=-1)
        information = information_of(drawn, ends)
    return Sensitivity(
        scenario, under, compared, best, other, tuple(watched), stated, evaluation.replications, central.exact,
        central.merging, tuple(swings), said, plan, indices, spread, information, tuple(uncertain),
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


def _spread(indices: Indices, outcomes: Floats, exact: bool) -> Spread:
    """Of an outcome at the rows of a design [N, rows, R]; the luck is that of the rows that are draws of all inputs."""
    joint = outcomes[:, [0, -1]]  # [N, 2, R]
    replications = joint.shape[2]
    luck = float(joint.var(axis=2, ddof=1).mean()) if replications > 1 else 0.0
    blocks = joint.reshape(BLOCKS, -1).mean(axis=1)
    error = sqrt(float(blocks.var(ddof=1)) / BLOCKS + luck / replications)  # replications are the same at every point
    known = exact or replications > 1
    return Spread(Estimate(float(joint.mean()), error), sqrt(indices.variance), sqrt(luck) if known else None)


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
