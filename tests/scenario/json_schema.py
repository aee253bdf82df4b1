"""A slow and obvious check of data against a JSON Schema (draft-07), for the keywords that ours uses."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float),
    "integer": int,
}  # fmt: skip
ANNOTATIONS = {"$schema", "$defs", "title", "description", "default", "examples", "x-unit", "format", "discriminator"}


def faults(data: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """What in `data` the schema does not allow; raises KeyError for a keyword that is not checked here."""
    found: list[str] = []
    for keyword, value in schema.items():
        if keyword not in ANNOTATIONS:
            found += CHECKS[keyword](data, value, schema, root, at)
    return found


def _type(data: Any, value: str, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    fits = isinstance(data, TYPES[value]) and not (isinstance(data, bool) and value in ("number", "integer"))
    return [] if fits else [f"{at}: {data!r} is not {value}"]


def _reference(data: Any, value: str, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    target = root
    for step in value.removeprefix("#/").split("/"):
        target = target[step]
    return faults(data, target, root, at)


def _any(data: Any, value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    tries = [faults(data, each, root, at) for each in value]
    return [] if any(not each for each in tries) else [f"{at}: {data!r} fits none: {tries}"]


def _one(data: Any, value: list[Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    fitting = sum(not faults(data, each, root, at) for each in value)
    return [] if fitting == 1 else [f"{at}: {data!r} fits {fitting} of {len(value)}"]


def _properties(data: Any, value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    if not isinstance(data, dict):
        return []
    return [f for key, each in value.items() if key in data for f in faults(data[key], each, root, f"{at}.{key}")]


def _additional(data: Any, value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    if not isinstance(data, dict):
        return []
    extra = [key for key in data if key not in schema.get("properties", {})]
    if value is False:
        return [f"{at}: unknown {key}" for key in extra]
    return [] if value is True else [f for key in extra for f in faults(data[key], value, root, f"{at}.{key}")]


def _names(data: Any, value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    return [f for key in data for f in faults(key, value, root, f"{at} key")] if isinstance(data, dict) else []


def _items(data: Any, value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    if not isinstance(data, list):
        return []
    return [f for i, each in enumerate(data) for f in faults(each, value, root, f"{at}[{i}]")]


def _bound(data: Any, holds: bool, keyword: str, at: str) -> list[str]:
    return [] if holds else [f"{at}: {data!r} breaks {keyword}"]


def _number(data: Any) -> bool:
    return isinstance(data, (int, float)) and not isinstance(data, bool)


CHECKS: dict[str, Any] = {
    "type": _type,
    "$ref": _reference,
    "anyOf": _any,
    "oneOf": _one,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "items": _items,
    "required": lambda d, v, s, r, at: [f"{at}: no {k}" for k in v if isinstance(d, dict) and k not in d],
    "enum": lambda d, v, s, r, at: _bound(d, d in v, "enum", at),
    "const": lambda d, v, s, r, at: _bound(d, d == v, "const", at),
    "pattern": lambda d, v, s, r, at: _bound(d, not isinstance(d, str) or bool(re.search(v, d)), v, at),
    "minimum": lambda d, v, s, r, at: _bound(d, not _number(d) or d >= v, "minimum", at),
    "maximum": lambda d, v, s, r, at: _bound(d, not _number(d) or d <= v, "maximum", at),
    "exclusiveMinimum": lambda d, v, s, r, at: _bound(d, not _number(d) or d > v, "exclusiveMinimum", at),
    "exclusiveMaximum": lambda d, v, s, r, at: _bound(d, not _number(d) or d < v, "exclusiveMaximum", at),
    "minLength": lambda d, v, s, r, at: _bound(d, not isinstance(d, str) or len(d) >= v, "minLength", at),
    "minItems": lambda d, v, s, r, at: _bound(d, not isinstance(d, list) or len(d) >= v, "minItems", at),
    "maxItems": lambda d, v, s, r, at: _bound(d, not isinstance(d, list) or len(d) <= v, "maxItems", at),
    "minProperties": lambda d, v, s, r, at: _bound(d, not isinstance(d, dict) or len(d) >= v, "minProperties", at),
}
