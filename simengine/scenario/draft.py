"""From plain data to typed fields: what is malformed becomes problems, the rest goes on to the rules.

An element that is malformed (one segment, one lever, one allocation ...) is left out of the draft and noted
as broken, so that the rules can still check all others and every problem is reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simengine.scenario.allocation import OWN_KEYS, AllocationText
from simengine.scenario.docstrings import field_texts
from simengine.scenario.fields import Model
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.schema import ScenarioFile
from simengine.scenario.segment import LATER_DYNAMICS
from simengine.scenario.shape import exclusive, model_at
from simengine.scenario.yaml_source import Path, Source

NAMED = {"segments", "offers", "levers", "allocations", "rivals", "moves"}  # blocks of named elements
_EXPECTED = {
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "string_too_short": "a text that is not empty",
    "bool_type": "true or false",
    "path_type": "the path of a file",
}
_OWN_SHAPES = {  # of what allocations hold besides levers
    "design": "{segment: {groups: 8, cost_per_group: 250k}}",
    "spread": "{budget: 15M, lever: advisers, by: customers}",
}
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
            if not _only_misspelt(source, detail):
                problems.append(_problem(source, detail))
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
                problems.append(_not_available(source, path, AllocationText.later[key]))
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


def _only_misspelt(source: Source, detail: ErrorDetails) -> bool:
    """Whether a field is missing because its name is misspelt, which is told where it stands."""
    if detail["type"] != "missing":
        return False
    *above, missing = detail["loc"]
    written = source.at(source.nearest(tuple(above)))
    known = _known(source, tuple(above))
    others = exclusive(source.nearest(tuple(above)))
    meant = [each for each in known if each == missing or (missing in others and each in others)]
    unknown = [key for key in written if key not in known] if isinstance(written, dict) else []
    return any(did_you_mean(key, known) in [f"did you mean '{each}'?" for each in meant] for key in unknown)


def _known(source: Source, location: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand at a location; of every kind, where only its keys say which it is and none does."""
    known = {field.alias or name for name, field in model_at(location).model_fields.items()}
    path = source.nearest(location)
    others = exclusive(path)
    stated = source.at(path)
    undecided = known <= others and not (isinstance(stated, dict) and others & set(stated))
    return sorted(others if undecided else known)


def _problem(source: Source, detail: ErrorDetails) -> Problem:
    kind, location = detail["type"], detail["loc"]
    path = source.nearest(location)
    context: Mapping[str, Any] = detail.get("ctx", {})
    if unknown := _unknown_lever(source, path, location):
        return unknown
    if kind == "missing":
        parent = source.nearest(location[:-1])
        return source.problem(parent, found=f"no `{location[-1]}`", expected=_meaning(location), at_key=True)
    if kind == "extra_forbidden":
        return _unknown_key(source, path, location)
    if kind == "dynamics":
        return _unknown_dynamics(source, (*path, "dynamics"), detail["input"]["dynamics"])
    if kind == "refused":
        return source.problem(
            path, found=context["found"], expected=context["expected"], suggestion=context["suggestion"]
        )
    if kind in ("too_short", "too_long"):
        wanted = context.get("min_length") if kind == "too_short" else context.get("max_length")
        count = context.get("actual_length")
        noun = "entry" if wanted == 1 else "entries"
        return source.problem(path, found=f"{count or 'no'} entries", expected=f"{wanted} {noun}")
    if special := _about_allocations(source, path, detail):
        return special
    suggestion = ""
    if not isinstance(detail["input"], (dict, list)) and detail["input"] is not None:
        hints = {"string_type": "put it in quotes", "tuple_type": f"write [{detail['input']}]"}
        suggestion = hints.get(kind, "")
    return source.problem(path, expected=_EXPECTED.get(kind, detail["msg"]), suggestion=suggestion)


def _about_allocations(source: Source, path: Path, detail: ErrorDetails) -> Problem | None:
    """What stands in an allocation or a move where something else was meant; None if it is nothing of that kind."""
    location, kind = detail["loc"], detail["type"]
    if kind not in ("model_type", "model_attributes_type", "tuple_type"):
        return None
    if len(location) == 2 and location[0] in ("allocations", "moves") and detail["input"] is None:
        return source.problem(path, expected=_EXPECTED[kind], suggestion="write {}")
    if len(location) == 2 and location[0] == "moves":
        hint = "such as [{who: <rival>, at: <period>, change: {price: -8%}}]"
        return source.problem(path, expected="a list of changes", suggestion=hint)
    if len(location) == 2 and location[0] == "allocations":
        return source.problem(path, expected="{lever: {segment: money a year}}", suggestion="name the lever")
    if len(location) not in (3, 4) or location[0] != "allocations":
        return None
    lever = str(location[2])
    if lever in _OWN_SHAPES:
        return source.problem(path, expected=_OWN_SHAPES[lever])
    amount = detail["input"]
    suggestion = "" if isinstance(amount, (list, dict)) or amount is None else f"write {{<segment>: {amount}}}"
    return source.problem(path, expected="{segment: money a year}", suggestion=suggestion)


def _unknown_lever(source: Source, path: Path, location: tuple[int | str, ...]) -> Problem | None:
    """What an allocation holds that is no lever, whatever stands under it."""
    levers = source.data.get("levers")
    known = [*(levers if isinstance(levers, dict) else ()), *OWN_KEYS]
    if len(location) < 3 or location[0] != "allocations" or location[2] in known:
        return None
    lever = str(location[2])
    return source.problem(
        path[:3],
        found=f"`{lever}`, which is not a lever",
        expected=listed(known),
        suggestion=did_you_mean(lever, known, otherwise="describe it under levers"),
        at_key=True,
    )


def _unknown_key(source: Source, path: Path, location: tuple[int | str, ...]) -> Problem:
    key = str(location[-1])
    model = model_at(location[:-1])
    known = _known(source, location[:-1])
    later = model.later if issubclass(model, Model) else {}
    if key in later:
        return _not_available(source, path, later[key])
    parent = path[:-1]
    kinds = [(*parent, each) for each in source.at(parent) if each in exclusive(parent)]
    if path in kinds and (hint := source.how_to_remove(kinds)):
        found = listed([f"`{each[-1]}`" for each in kinds], "and")
        return source.problem(parent, found=found, expected="only keys that go together", suggestion=hint)
    expected = f"one of {listed(known)}" if known else "nothing here"
    return source.problem(
        path,
        found=f"the unknown key `{key}`",
        expected=expected,
        suggestion=did_you_mean(key, known),
        at_key=True,
    )


def _unknown_dynamics(source: Source, path: Path, stated: object) -> Problem:
    known = ("choice", "contract")
    if stated in LATER_DYNAMICS:
        return source.problem(
            path,
            expected=f"{listed(known)}: {stated} is not available in this version",
            suggestion="use contract with a hazard: constant, empirical or shifted_beta_geometric",
        )
    return source.problem(path, expected=listed(known), suggestion=did_you_mean(str(stated), known))


def _not_available(source: Source, path: Path, instead: str) -> Problem:
    key = path[-1]
    expected = f"no `{key}` here: it is not available in this version"
    return source.problem(path, found=f"`{key}`", expected=expected, suggestion=instead, at_key=True)


def _meaning(location: tuple[int | str, ...]) -> str:
    """The description of a missing field."""
    model = model_at(location[:-1])
    names = {field.alias or name: name for name, field in model.model_fields.items()}
    said = field_texts(model).get(names.get(str(location[-1]), ""))
    text = (said.description if said else "") or "it"
    text = text.split(". ")[0].rstrip(".")
    return text[:1].lower() + text[1:]
