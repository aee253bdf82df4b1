"""What a person writes: the scenario language, checked, with every problem located in the file."""

from simengine.scenario.load import load_scenario
from simengine.scenario.model import Scenario
from simengine.scenario.problems import Problem, ScenarioError
from simengine.scenario.schema import json_schema

__all__ = ["Problem", "Scenario", "ScenarioError", "json_schema", "load_scenario"]
