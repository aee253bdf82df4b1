"""Uncertain inputs in a scenario that is otherwise sound: what it says where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.problems import Problem
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.with_values import input_path, value_at
from simengine.scenario.yaml_source import Path, spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def problems_of_inputs(scenario: Scenario) -> list[Problem]:
    """Everything that is wrong with uncertain inputs of a scenario whose other rules have passed."""
    return list(_without_a_central_value(scenario))


def as_written(scenario: Scenario) -> dict[str, Path]:
    """Where the distribution of each uncertain input is stated."""
    written = (text for text in scenario.source.data.get("uncertain", {}) if text != "correlations")
    return {spoken(input_path(scenario, text)): ("uncertain", text) for text in written}


def _without_a_central_value(scenario: Scenario) -> Iterator[Problem]:
    for path, place in as_written(scenario).items():
        found, suggestion = f"`{path}`, where no number is stated", ""
        try:
            if value_at(scenario, path) is not None:
                continue
        except PathRefused as refusal:
            found, suggestion = refusal.found, refusal.suggestion
        yield scenario.source.problem(
            place,
            found=found,
            expected="the path of a number of this scenario",
            suggestion=suggestion or "state the central value there",
            at_key=True,
        )
