"""`extends`: a scenario that starts from another file. Maps merge, lists and single values replace, `null` removes."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean
from simengine.scenario.yaml_file import read_yaml
from simengine.scenario.yaml_source import Path, Source, kind_of, places_below, spoken


def read_layers(path: str | os.PathLike[str], extends: Source | None = None) -> Source:
    """Read a scenario file and those that it extends, as one: every path with the place that its value is from.

    `extends` is what an option gives in place of the file's own. Raises `ScenarioError` if one of them cannot be
    read, or if they extend each other in a circle.
    """
    layers = [read_yaml(path)]
    if extends is not None:
        layers[0].data["extends"] = extends.data
        layers[0].places[("extends",)] = extends.places[()]
    seen = {os.path.realpath(layers[0].file): layers[0].file}
    while (base := layers[-1].data.pop("extends", None)) is not None:
        layers.append(_base(layers[-1], base, seen))
        seen[os.path.realpath(layers[-1].file)] = layers[-1].file
    whole = layers.pop()
    while layers:
        whole = merged(whole, layers.pop())
    return whole


def _base(source: Source, stated: Any, seen: dict[str, str]) -> Source:
    """The file that `source` extends."""
    expected = "the path of a scenario file, as seen from the folder of this one"
    if not isinstance(stated, str) or not stated or "\0" in stated:
        hint = "name one file: what it extends in turn is read too" if isinstance(stated, list) else ""
        raise _refused(source, kind_of(stated) or "an empty text", expected, hint)
    file = beside(source.file_of(("extends",)), stated)
    if again := seen.get(os.path.realpath(file)):
        found = f"{stated}, which is this file" if again == source.file else f"{stated}, which builds on this file"
        raise _refused(source, found, "files that do not extend each other in a circle", "leave it out in one of them")
    try:
        return read_yaml(file)
    except ScenarioError as error:
        problem = error.problems[0]
        if problem.line:  # what is wrong within a base file is told there
            raise ScenarioError([*source.problems, *error.problems]) from None
        raise _refused(source, f"{stated}, {problem.found}", expected, problem.suggestion) from None


def beside(file: str, stated: str) -> str:
    """The name, seen from here, of a file that is named in another; shortened where that leads to the same file."""
    long = os.path.join(os.path.dirname(os.path.realpath(file) if os.path.islink(file) else file), stated)
    short = os.path.normpath(long)
    return short if os.path.realpath(short) == os.path.realpath(long) else long


def _refused(source: Source, found: str, expected: str, suggestion: str) -> ScenarioError:
    problem = source.problem(("extends",), found=found, expected=expected, suggestion=suggestion)
    return ScenarioError([*source.problems, problem])


def merged(base: Source, over: Source) -> Source:
    """What a file says together with the one that it extends, whose keys come first."""
    result = Source(
        over.file,
        problems=[*base.problems, *over.problems],
        bases=(*base.bases, base.file),
        removed=dict(base.removed),
    )
    result.data = _merge(base, over, (), base.data, over.data, result)
    return result


def _merge(base: Source, over: Source, path: Path, old: Any, new: Any, result: Source) -> Any:
    if not (isinstance(old, dict) and isinstance(new, dict)):
        replaces_all(result, base, over, path, new)
        return new
    result.places[path] = replace(over.places[path], replaces=base.places[path], change="merged")
    data = {}
    for key, value in old.items():
        inner: Path = (*path, key)
        if key not in new:
            result.places.update(places_below(base.places, inner, value))
            data[key] = value
        elif new[key] is None:
            result.removed[inner] = replace(over.places[inner], replaces=base.places[inner], change="removed")
        else:
            data[key] = _merge(base, over, inner, value, new[key], result)
    for key, value in new.items():
        inner = (*path, key)
        if key in old:
            continue
        if value is None:
            result.problems.append(_nothing_to_remove(base, over, inner, old))
            continue
        replaces_all(result, base, over, inner, value)
        data[key] = value
    return data


def replaces_all(result: Source, base: Source, over: Source, path: Path, new: Any) -> None:
    """Note the places of a value that stands whole in place of what is at `path`, or of what was removed there."""
    for inner, place in places_below(over.places, path, new):
        result.places[inner] = replace(place, replaces=base.places.get(inner) or result.removed.pop(inner, None))


def _nothing_to_remove(base: Source, over: Source, path: Path, known: dict[str, Any]) -> Problem:
    line, column = over.places[path].key_line, over.places[path].key_column
    found = f"`{path[-1]}: null`, and nothing to remove"
    hint = did_you_mean(str(path[-1]), known, otherwise="leave it out")
    return Problem(over.file, line, column, found, f"a key that {base.file} states", hint, spoken(path))
