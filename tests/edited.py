"""Scenarios as text with parts of it replaced, each of which is there once."""

from __future__ import annotations

from pathlib import Path

from simengine.scenario import load_scenario
from simengine.scenario.model import Scenario

Replacement = tuple[str, str]  # what is there once, and what is to be there


def edited(text: str, *replaced: Replacement) -> str:
    """The text with parts replaced, one after the other."""
    for old, new in replaced:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text


def edit(path: Path, *replaced: Replacement) -> Path:
    """The same of a file, in place."""
    path.write_text(edited(path.read_text(encoding="utf-8"), *replaced), encoding="utf-8")
    return path


def scenario_of_file(
    folder: Path, name: str, text: str, rows: str, *replaced: Replacement, **simulation: object
) -> Scenario:
    """A scenario `name`.yaml with some of its text replaced, whose customers are the rows of `name`.csv."""
    (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    path = folder / f"{name}.yaml"
    path.write_text(edited(text, *replaced), encoding="utf-8")
    return load_scenario(path, simulation=simulation)
