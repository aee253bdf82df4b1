"""What a person writes: the scenario language, checked, with every problem located in the file.

The public names are loaded when they are first used: a problem can be printed without the whole language.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.scenario.load import load_scenario as load_scenario
    from simengine.scenario.model import Scenario as Scenario
    from simengine.scenario.problems import Problem as Problem
    from simengine.scenario.problems import ScenarioError as ScenarioError
    from simengine.scenario.schema import json_schema as json_schema

_HOMES = {
    "Problem": "problems",
    "Scenario": "model",
    "ScenarioError": "problems",
    "json_schema": "schema",
    "load_scenario": "load",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
