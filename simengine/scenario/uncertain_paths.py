"""The paths of uncertain inputs, in one spelling."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from simengine.scenario.input_path import input_path
from simengine.scenario.uncertain import EmpiricalInput, Uncertain, UncertainNumber, UncertainText
from simengine.scenario.yaml_source import spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def resolve_uncertain(scenario: Scenario, text: UncertainText) -> Scenario:
    """The scenario with its uncertain inputs, each path in one spelling."""
    if not text.inputs:
        return scenario
    spelt = {path: spoken(input_path(scenario, path)) for path in text.inputs}
    spelt |= {path: spoken(input_path(scenario, path)) for path in _correlated(text)}
    correlations = {
        (min(spelt[one], spelt[other]), max(spelt[one], spelt[other])): correlation
        for one, others in text.correlations.items()
        for other, correlation in others.items()
    }
    inputs = text.inputs.items()
    return replace(
        scenario,
        uncertain=Uncertain(
            inputs=dict(sorted(((spelt[path], _found(number)) for path, number in inputs), key=itemgetter(0))),
            correlations=dict(sorted(correlations.items())),
            same={
                spoken(input_path(scenario, one)): tuple(sorted(spoken(input_path(scenario, each)) for each in others))
                for one, others in sorted(text.same.items())
                if others
            },
        ),
    )


def _found(number: UncertainNumber) -> UncertainNumber:
    """The distribution, with the full path of its file."""
    return number.from_anywhere() if isinstance(number, EmpiricalInput) else number


def _correlated(text: UncertainText) -> set[str]:
    """All paths that correlations name."""
    return {path for one, others in text.correlations.items() for path in (one, *others)}
