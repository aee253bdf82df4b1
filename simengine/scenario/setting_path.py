"""The path of a setting, in steps: `segments.affluent.churn`, `moves.price_war.1.at`."""

from __future__ import annotations

import re
from typing import Any

from simengine.scenario.problems import did_you_mean, listed
from simengine.scenario.shape import declares, holds_items, holds_names
from simengine.scenario.yaml_source import Path, kind_of, spoken

_QUOTED = re.compile(r"""(?:"([^"]*)"|'([^']*)')(?:\.|$)""")
_DIGITS = 9  # no list has items of longer numbers
_SHOWN = 40  # characters of a step in a message


class PathRefused(ValueError):
    """A path that leads nowhere: what was found, what was expected, what to write instead."""

    def __init__(self, found: str, expected: str, suggestion: str = "") -> None:
        super().__init__(found, expected, suggestion)
        self.found, self.expected, self.suggestion = found, expected, suggestion


def steps(data: Any, text: str) -> Path:
    """A path in steps. Names may hold dots and spaces: the longest that is there wins; a step may be in quotes.

    Raises `PathRefused`.
    """
    path: Path = ()
    here = data
    while text:
        step, text = _step(here, text, path)
        if step == "1" and isinstance(here, dict) and text and step not in here and holds_items(path):
            continue  # one mapping stands for a list of one
        path = (*path, step)
        if isinstance(here, dict):
            known = here.get(str(step))
            if text and step not in here and holds_names(path[:-1]) and not declares(path):
                _refuse_slips(str(step), here, path)
            here = known
        elif isinstance(here, list) and isinstance(step, int):
            here = here[step] if step < len(here) else None
        elif here is not None:
            above = spoken(path[:-1])
            raise PathRefused(f"`{spoken(path)}`", f"a path that exists: {above} is {kind_of(here)}", f"set {above}")
    return path


def _refuse_slips(step: str, known: dict[str, Any], path: Path) -> None:
    """A new name that is nearly one which is there is a slip: a segment, lever, allocation or move of that name."""
    if hint := did_you_mean(step, known):
        new = spoken(path)
        raise PathRefused(f"the unknown name `{step}`", f"one of {listed(known)}", f"{hint} (or give all of {new}=...)")


def _step(here: Any, text: str, path: Path) -> tuple[str | int, str]:
    """The first step of a text, and what is left of it."""
    if quoted := _QUOTED.match(text):
        name, rest = quoted[1] if quoted[1] is not None else quoted[2], text[quoted.end() :]
    else:
        known = [k for k in here if text == k or text.startswith(f"{k}.")] if isinstance(here, dict) else []
        name = max(known, key=len, default=text.partition(".")[0])
        rest = text[len(name) + 1 :]
    if not name or (text.endswith(".") and not rest):
        raise PathRefused("an empty step", "names with a dot between them")
    if not isinstance(here, list):
        return name, rest
    count = len(here)
    if not name.isdecimal() or len(name) > _DIGITS or not 1 <= int(name) <= count + 1:
        numbers = f"the number of an item, 1 to {count}" if count else "the number 1"
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        raise PathRefused(
            f"`{shown}`", f"{numbers}, or {count + 1} for one more" if count else f"{numbers} for a first"
        )
    return int(name) - 1, rest
