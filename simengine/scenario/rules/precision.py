"""When replications are enough: what a stated precision needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem
from simengine.scenario.simulation import DECISION, INDIFFERENCE, LEAST_OF_SOBOL, LEAST_REPLICATIONS, MOST_REPLICATIONS

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def fail_if_replications_are_too_few_for_a_precision(d: Draft) -> Iterator[Problem]:
    simulation = d.file.simulation
    least = LEAST_OF_SOBOL if simulation.inputs == "sobol" else LEAST_REPLICATIONS
    if simulation.precision is not None and simulation.replications < least:
        yield d.source.problem(
            ("simulation", "replications"),
            found=f"{simulation.replications}, the most replications that there may be with a precision",
            expected=f"at least {least}: fewer do not show how precise they are",
            suggestion=f"leave it out: it is then {MOST_REPLICATIONS:,}",
        )


def warn_if_there_is_nothing_to_decide(scenario: Scenario) -> Iterator[Problem]:
    if scenario.simulation.precision == DECISION and len(scenario.allocations) == 1:
        yield scenario.problem(
            ("simulation", "precision"),
            f"`{DECISION}` with one allocation",
            "allocations to choose from",
            "state another one, or a fraction such as 0.5%",
        )


def warn_if_indifference_decides_nothing(scenario: Scenario) -> Iterator[Problem]:
    simulation = scenario.simulation
    if simulation.indifference != INDIFFERENCE and simulation.precision != DECISION:
        yield scenario.problem(
            ("simulation", "indifference"),
            f"an indifference without `precision: {DECISION}`",
            f"a run that stops when the best allocation is known: `precision: {DECISION}`",
            f"write precision: {DECISION}, or leave indifference out",
        )
