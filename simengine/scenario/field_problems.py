"""What is wrong with a field, in the words of the language: where, what was found, expected, what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from simengine.scenario.allocation import OWN_KEYS
from simengine.scenario.docstrings import field_texts
from simengine.scenario.fields import Model
from simengine.scenario.problems import Problem, counted, did_you_mean, listed
from simengine.scenario.segment import DYNAMICS
from simengine.scenario.shape import at_odds, exclusive, model_at
from simengine.scenario.yaml_source import Path, Source

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
    "experience": "{owner: one}, or {owners: {<touchpoint>: <owner>}, quality: {<touchpoint>: 0.8}}",
    "initiatives": "{<initiative>: {cost: 12M, duration: 6, effect: {<target>: <change>}}}",
    "spread": "{budget: 15M, lever: advisers, by: customers}",
}


def only_misspelt(source: Source, detail: ErrorDetails) -> bool:
    """Whether a field is missing because its name is misspelt, which is told where it stands."""
    if detail["type"] != "missing":
        return False
    *above, missing = detail["loc"]
    written = source.at(source.nearest(tuple(above)))
    known = known_keys(source, tuple(above))
    others = exclusive(source.nearest(tuple(above)))
    meant = [each for each in known if each == missing or (missing in others and each in others)]
    unknown = [key for key in written if key not in known] if isinstance(written, dict) else []
    return any(did_you_mean(key, known) in [suggested(each) for each in meant] for key in unknown)


def suggested(key: str) -> str:
    """The suggestion to write this key, as it is made of a misspelt one."""
    return did_you_mean(key, [key])


def known_keys(source: Source, location: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand at a location; of every kind, where only its keys say which it is and none does."""
    known = {field.alias or name for name, field in model_at(location).model_fields.items()}
    path = source.nearest(location)
    others = exclusive(path)
    stated = source.at(path)
    undecided = known <= others and not (isinstance(stated, dict) and others & set(stated))
    return sorted(others if undecided else known)


def problem_of(source: Source, detail: ErrorDetails) -> Problem:
    """What is told of a field that is not as it should be."""
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
        return source.problem(path, **context)
    if kind in ("too_short", "too_long"):
        wanted = context.get("min_length") if kind == "too_short" else context.get("max_length")
        count = context.get("actual_length")
        noun = "entry" if wanted == 1 else "entries"
        found = counted(count, "entry", "entries") if count else "no entries"
        return source.problem(path, found=found, expected=f"{wanted} {noun}")
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
    if kind not in ("model_type", "model_attributes_type", "tuple_type", "dict_type"):
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
    known = known_keys(source, location[:-1])
    later = model.later if issubclass(model, Model) else {}
    if key in later:
        return not_available(source, path, later[key])
    parent = path[:-1]
    others = at_odds(parent, key) | {key}
    kinds = [(*parent, each) for each in source.at(parent) if each in exclusive(parent) & others]
    if path in kinds and (hint := source.how_to_remove(kinds)):
        found = listed([f"`{each[-1]}`" for each in kinds], "and")
        return source.problem(parent, found=found, expected="only keys that go together", suggestion=hint)
    expected = f"one of {listed(known)}" if known else "nothing here"
    return source.problem(
        path,
        found=f"the unknown key `{key}`",
        expected=expected,
        suggestion=did_you_mean(key, known, otherwise=_where_it_belongs(source, path)),
        at_key=True,
    )


def _where_it_belongs(source: Source, path: Path) -> str:
    """The suggestion to write a block of the language where that is known: at the top of the file."""
    block = isinstance(source.at(path), (dict, list)) and path[-1] in known_keys(source, ())
    return f"state it at the top, beside {path[0]}" if block else ""


def _unknown_dynamics(source: Source, path: Path, stated: object) -> Problem:
    return source.problem(path, expected=listed(DYNAMICS), suggestion=did_you_mean(str(stated), DYNAMICS))


def not_available(source: Source, path: Path, instead: str) -> Problem:
    """A key that a later version will have."""
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
