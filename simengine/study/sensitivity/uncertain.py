"""The uncertain inputs of a scenario, as what is varied."""

from __future__ import annotations

import numpy as np

from simengine.scenario.input_path import input_path
from simengine.scenario.model import Scenario
from simengine.scenario.with_values import value_at
from simengine.study.sensitivity.design import Floats
from simengine.study.sensitivity.input import Input, uncertain_input
from simengine.tables.inputs import pearson_of
from simengine.tables.uncertain import Quantile


def uncertain_inputs(scenario: Scenario) -> list[Input]:
    """What the scenario states under `uncertain:`, in the order of the paths."""
    return [_input(scenario, name) for name in scenario.uncertain.paths]


def _input(scenario: Scenario, name: str) -> Input:
    stated = value_at(scenario, name)
    assert stated is not None  # the rules of the language have asked
    return uncertain_input(name, input_path(scenario, name), float(stated), Quantile.of(scenario, name))


def correlation_of(scenario: Scenario) -> Floats | None:
    """[n, n] of the normal variables of the copula, in the order of the paths; None where all are independent."""
    paths = scenario.uncertain.paths
    if not any(scenario.uncertain.correlations.values()):
        return None
    matrix = np.eye(len(paths))
    for (one, other), rank in scenario.uncertain.correlations.items():
        i, j = paths.index(one), paths.index(other)
        matrix[i, j] = matrix[j, i] = pearson_of(rank)
    return matrix
