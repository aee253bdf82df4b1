"""The paths of inputs: which numbers of a scenario may be others, and how they are reached step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simengine.scenario.problems import did_you_mean, listed
from simengine.scenario.setting_path import PathRefused, steps
from simengine.scenario.yaml_source import Path, spoken

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

# The blocks whose numbers are inputs, and what a scenario calls them.
INPUTS = {
    block: "learning" if block == "knowledge" else block
    for block in (
        "company", "segments", "offers", "experience", "employees", "levers", "knowledge", "market", "delivery",
        "allocations", "rivals", "imitation", "moves",
    )
}  # fmt: skip
_NO_INPUTS = {  # blocks of the language that hold none, and why
    "calendar": "how time is divided is not uncertain",
    "simulation": "how it is simulated is not uncertain",
    "budget": "it is a check: vary what allocations spend",
    "portfolio": "customers are what their file says",
}


def input_path(scenario: Scenario, text: str) -> Path:
    """The steps of a path to an input; items of lists always have a number. Raises `PathRefused`."""
    return input_steps(scenario.source.data, text)


def input_steps(data: Any, text: str) -> Path:
    """The steps of a path to an input in a scenario's plain data, stated or not; items of lists always have a number.
    Raises `PathRefused`."""
    path = steps(data, text)
    if not path or path[0] not in INPUTS:
        block = str(path[0]) if path else ""
        raise PathRefused(
            f"`{block}`",
            f"a path of an input, within {listed(INPUTS)}",
            _NO_INPUTS.get(block) or did_you_mean(block, INPUTS),
        )
    if path[0] == "allocations" and path[2:] == ("shift",):
        raise PathRefused(f"`{spoken(path)}`", "a path of an input", "compare allocations that are shifted differently")
    numbered = {"moves": 2, "allocations": 3}.get(str(path[0]), 0)
    if path[0] == "allocations" and path[2:3] == ("initiatives",):
        numbered = 0
    if numbered and len(path) > numbered and not isinstance(path[numbered], int):
        path = (*path[:numbered], 0, *path[numbered:])
    return path
