"""From plain data to typed fields: what is malformed becomes problems, the rest goes on to the rules.

An element that is malformed (one segment, one lever, one allocation ...) is left out of the draft and noted
as broken, so that the rules can still check all others and every problem is reported at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simengine.scenario.allocation import AllocationText
from simengine.scenario.field_problems import not_available, only_misspelt, problem_of
from simengine.scenario.problems import Problem
from simengine.scenario.schema import ScenarioFile
from simengine.scenario.yaml_source import Path, Source

NAMED = {"segments", "offers", "levers", "allocations", "rivals", "moves"}  # blocks of named elements
# For blocks that no scenario is without: where one is missing or all of it is malformed, these stand in and count as
# broken, so that all other blocks are still read and no rule judges what nobody wrote.
_PLACEHOLDERS: dict[str, Any] = {
    "company": {"name": "?", "discount_rate": 0.1, "shares": 1},
    "segments": {"?": {"dynamics": "contract", "hazard": {"constant": 0}, "margin": 0}},
    "allocations": {"?": {}},
}


@dataclass(frozen=True)
class Draft:
    """The sound parts of a scenario file, and what was left out because it is not."""

    source: Source
    file: ScenarioFile
    broken: frozenset[Path]

    def sound(self, *path: str) -> bool:
        """Whether nothing was left out at, above or below `path`."""
        return not any(part[: len(path)] == path or path[: len(part)] == part for part in self.broken)

    def knows(self, block: str) -> bool:
        """Whether the names in a block are known, though elements may be broken."""
        return (block,) not in self.broken

    def names(self, block: str) -> tuple[str, ...]:
        """The names in a block, those of broken elements too."""
        written = self.source.data.get(block)
        if (block,) in self.broken:
            return ()
        return tuple(written) if isinstance(written, dict) and written else tuple(getattr(self.file, block))


def draft(source: Source) -> tuple[Draft, list[Problem]]:
    """Validate the fields of a file that was read."""
    problems: list[Problem] = []
    broken: set[Path] = set()
    data = _without_later_blocks(source, problems)
    while True:
        try:
            return Draft(source, ScenarioFile.model_validate(data), frozenset(broken)), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
        for detail in details:
            if not only_misspelt(source, detail):
                problems.append(problem_of(source, detail))
            cut = _element(source, detail)
            broken.add(cut)
            data = _without(data, cut)
        for block, stand_in in _PLACEHOLDERS.items():
            if (block,) in broken or not data.get(block):
                data = {**data, block: stand_in}
                broken.add((block,))


def _without_later_blocks(source: Source, problems: list[Problem]) -> Any:
    """The data without what allocations will hold later, which would be read as the name of a lever."""
    data = source.data
    allocations = data.get("allocations")
    for name, allocation in (allocations if isinstance(allocations, dict) else {}).items():
        for key in allocation if isinstance(allocation, dict) else ():
            if key in AllocationText.later:
                path: Path = ("allocations", name, key)
                problems.append(not_available(source, path, AllocationText.later[key]))
                data = _without(data, path)
    return data


def _element(source: Source, detail: ErrorDetails) -> Path:
    """What to leave out: an unknown key alone, else the element or block that holds the error."""
    path = source.nearest(detail["loc"])
    if detail["type"] == "extra_forbidden":
        return path
    depth = 2 if path and path[0] in NAMED else 1
    return path[:depth] if path else tuple(detail["loc"][:1])


def _without(data: Any, path: Path) -> Any:
    """A copy without the entry at `path`."""
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [
            _without(item, rest) if i == step and rest else item for i, item in enumerate(data) if rest or i != step
        ]
    if not isinstance(data, dict) or step not in data:
        return data
    if rest:
        return {**data, step: _without(data[step], rest)}
    return {key: value for key, value in data.items() if key != step}
