"""The values of a resolved scenario as people write them: 7%, 1.2M, 12% of revenue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simengine.scenario.lever import RELATIVE
from simengine.scenario.move import MARKET_KEYS
from simengine.scenario.shape import number_at
from simengine.scenario.uncertain import JOINT
from simengine.scenario.units import write_number
from simengine.scenario.yaml_source import Path

_PERCENTAGES = (
    "a fraction",
    "a relative",
    "a probability",
    "a hazard",
    "a speed",
    "growth",
)  # how the units begin of what is written in %
_OF_A_LAW = {"cv", "alpha", "weights"}  # of an uncertain number, what is not in the unit of the input
_OF_REVENUE = " of revenue"


def in_words(value: Any, path: Path, levers: Mapping[str, Any]) -> str:
    """What stands at a path of a resolved scenario, on one line; `levers` are that scenario's."""
    if isinstance(value, dict):
        inside = (f"{key}: {in_words(inner, (*path, key), levers)}" for key, inner in value.items())
        return f"{{{', '.join(inside)}}}"
    if isinstance(value, list):
        return f"[{', '.join(in_words(inner, (*path, i), levers) for i, inner in enumerate(value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, path, levers)
    if str(value).endswith(_OF_REVENUE):
        return write_number(float(str(value).removesuffix(_OF_REVENUE)), percent=True) + _OF_REVENUE
    return str(value)


def _number(value: float, path: Path, levers: Mapping[str, Any]) -> str:
    of_law = bool(_OF_A_LAW & set(path)) or path[-2:] == ("beta", "beta")
    if path[0] == "uncertain" and path[1] not in JOINT and path[2:] and not of_law:
        return _number(value, _of_input(str(path[1])), levers)
    number = number_at(path)
    unit = number.unit if number else ""
    return write_number(
        value,
        percent=unit.startswith(_PERCENTAGES) or "needs_drift" in path or _is_relative(path, levers),
        large=path[-1] == "capital" or bool(number and number.counts),
    )


def _of_input(text: str) -> Path:
    """The steps of a path that is written out, but for names with dots."""
    return tuple(int(step) - 1 if step.isdecimal() else step for step in text.split("."))


def _is_relative(path: Path, levers: Mapping[str, Any]) -> bool:
    """Whether it is an effect or a change that is a percentage of what it acts on."""
    if path[0] == "levers" and path[2:3] == ("response",) and path[-1] not in ("half", "shape"):
        return levers.get(str(path[1]), {}).get("target") in (*RELATIVE, "convert")
    if path[2:3] == ("initiatives",) and path[-2:-1] == ("effect",):
        return path[-1] in RELATIVE
    return path[0] == "moves" and path[-2:-1] == ("change",) and path[-1] in ("price", *MARKET_KEYS)
