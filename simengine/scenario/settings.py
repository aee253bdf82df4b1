"""`--set PATH=VALUE`: values that an option gives in place of what a scenario's files say, or in addition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simengine.scenario.layers import replaces_all
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean
from simengine.scenario.setting_path import PathRefused, steps
from simengine.scenario.yaml_file import read_value
from simengine.scenario.yaml_source import Path, Place, Source, spoken

HOW = "PATH=VALUE, such as segments.affluent.churn=8%"
_ASSIGNMENT = re.compile(r"""((?:"[^"]*"|'[^']*'|[^="'])*)=(.*)""", re.DOTALL)
_QUOTED_EXTENDS = ('"extends"', "'extends'")


@dataclass(frozen=True)
class Setting:
    """A value for one path; the value's places name the option."""

    path: str  # as a person wrote it
    value: Source


def read_settings(texts: Iterable[str]) -> tuple[list[Setting], list[Problem]]:
    """`PATH=VALUE` each, the value in YAML; and what is wrong with those that are not of that form."""
    settings: list[Setting] = []
    problems: list[Problem] = []
    for text in texts:
        legible = text.encode(errors="replace").decode()
        option = f"--set {legible}"
        if legible != text:  # bytes of a terminal that are no characters
            problems.append(Problem(option, 0, 0, "characters that are not UTF-8", HOW, "type it in UTF-8"))
            continue
        match = _ASSIGNMENT.fullmatch(text)
        path, value = (match[1].strip(), match[2]) if match else (text, "")
        if not match or not path:
            problems.append(Problem(option, 0, 0, f"'{text}'", HOW, "" if match else "put a = after the path"))
        elif not value.strip():
            problems.append(Problem(option, 0, 0, "no value after the =", HOW, "write null to remove what is there"))
        else:
            try:
                path = "extends" if path in _QUOTED_EXTENDS else path
                settings.append(Setting(path, read_value(value, option)))
            except ScenarioError as error:
                problems += error.problems
    return settings, problems


def simulation_settings(simulation: Mapping[str, object]) -> list[Setting]:
    """What the options --seed, --mode, --replications, --precision give."""

    def value(name: str, given: object) -> Source:
        name, text = f"--{name.replace('_', '-')} ", str(given)
        place = Place(0, len(name) + 1, 0, len(name) + 1, text, len(text), len(text), f"{name}{text}")
        return Source(place.file, given, {(): place})

    return [Setting(f"simulation.{name}", value(name, given)) for name, given in simulation.items()]


def extends_setting(settings: list[Setting]) -> Source | None:
    """The last value given for `extends`, which decides what is read at all."""
    return next((setting.value for setting in reversed(settings) if setting.path == "extends"), None)


def apply(settings: Iterable[Setting], source: Source) -> None:
    """Put values in their places; paths that lead nowhere are collected in `Source.problems`."""
    for setting in settings:
        if setting.path == "extends":
            continue
        try:
            put(source, steps(source.data, setting.path), setting.value)
        except PathRefused as refusal:
            place = setting.value.places[()]
            told = (refusal.found, refusal.expected, refusal.suggestion)
            source.problems.append(Problem(place.file, 0, place.key_column, *told, length=place.key_length))
        source.problems += setting.value.problems


def put(source: Source, path: Path, value: Source) -> None:
    """Put a value where `path` leads; blocks on the way that are not there yet are made."""
    here = source.data
    for depth, step in enumerate(path[:-1], start=1):
        inner = _entry(here, step)
        if inner is None:
            inner = {}
            _insert(here, step, inner)
            place = replace(value.places[()], text=None)
            source.places[path[:depth]] = replace(place, replaces=source.places.get(path[:depth]))
        here = inner
    step = path[-1]
    if value.data is None:
        _remove(source, here, path, value)
        return
    below = Source(value.file, places={(*path, *inner): place for inner, place in value.places.items()})
    before = Source(source.file, places=dict(source.places), removed=source.removed)
    for old in _below(source, path):
        del source.places[old]
    replaces_all(source, before, below, path, value.data)
    _insert(here, step, value.data)


def _entry(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(str(step))
    return here[step] if isinstance(step, int) and step < len(here) else None


def _insert(here: Any, step: str | int, value: Any) -> None:
    if isinstance(here, list) and step == len(here):
        here.append(value)
    else:
        here[step] = value


def _remove(source: Source, here: Any, path: Path, value: Source) -> None:
    step = path[-1]
    there = step in here if isinstance(here, dict) else isinstance(step, int) and step < len(here)
    if not there:
        known = here if isinstance(here, dict) else {}
        hint = did_you_mean(str(step), known, otherwise="leave it out")
        raise PathRefused(f"`{spoken(path)}`, which is not stated: nothing to remove", "a key that is stated", hint)
    source.removed[path] = replace(value.places[()], replaces=source.places[path], change="removed")
    for old in _below(source, path):
        del source.places[old]
    del here[step]
    if isinstance(step, int):  # later items move up
        source.places = {_moved_up(at, path): place for at, place in source.places.items()}


def _moved_up(path: Path, gone: Path) -> Path:
    """Where an entry is after an item of a list has gone."""
    *above, item = gone
    depth = len(above)
    if path[:depth] != tuple(above) or len(path) == depth:
        return path
    step = path[depth]
    return (*above, int(step) - 1, *path[depth + 1 :]) if int(step) > int(item) else path


def _below(source: Source, path: Path) -> list[Path]:
    return [each for each in source.places if each[: len(path)] == path]
