"""How fields and models look in the JSON Schema: numbers with unit and range, words with meaning, descriptions.

Draft-07, which editors know, with what they show beyond it: `enumDescriptions` (the meaning of each word),
`patternErrorMessage` (what was expected), and `x-unit` (the unit of a number).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from ruamel.yaml import YAML

from simengine.scenario.docstrings import FieldText, field_texts
from simengine.scenario.units import LARGEST, SMALLEST, pattern_of

if TYPE_CHECKING:
    from simengine.scenario.fields import Model, Number, OneOf

_NAMED = "x-named"  # what is said of the entries that have names of their own, until the schema has them
Shape = dict[str, Any]


class InFileOrder(GenerateJsonSchema):
    """Fields and examples in the order in which they are written, not by name."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


def number_shape(number: Number) -> Shape:
    """A number within its range, or its words."""
    tiny = {"exclusiveMinimum": 0, "exclusiveMaximum": SMALLEST}
    tiny_loss = {"exclusiveMinimum": -SMALLEST, "exclusiveMaximum": 0}
    lowest = -LARGEST if number.minimum is None else number.minimum
    highest = LARGEST if number.maximum is None else number.maximum
    plain: Shape = {"type": "integer" if number.whole else "number"}
    plain |= {"minimum": lowest} if number.above is None else {"exclusiveMinimum": number.above}
    plain |= {"maximum": highest} if number.below is None else {"exclusiveMaximum": number.below}
    signed = (lowest if number.above is None else number.above) < 0
    if not number.whole:
        plain["not"] = {"anyOf": [tiny, tiny_loss]} if signed else tiny
    words = {"type": "string", "pattern": pattern_of(signed=signed, percent=not number.counts)}
    said = number.description
    return {
        "anyOf": [plain, {**words, "patternErrorMessage": f"expected {said}"}],
        "x-unit": number.unit,
        "description": f"{said[:1].upper()}{said[1:]}.",
    }


def words_shape(words: list[str], choice: OneOf) -> Shape:
    """One of several words, each with its meaning."""
    if not choice.meanings:
        return {"enum": words}
    return {"enum": words, "enumDescriptions": [choice.meanings[word] for word in words]}


def describe(model: type[Model], shape: Shape) -> None:
    """Put what the model's docstrings say of its fields into its shape."""
    for name, said in field_texts(model).items():
        if name == "__pydantic_extra__":
            shape[_NAMED] = {"description": said.description, "examples": said.examples}
        elif name in model.model_fields:
            _say(shape["properties"][model.model_fields[name].alias or name], said)


def _say(field: Shape, said: FieldText) -> None:
    field["description"] = said.description
    if unit := next(_units(field), ""):
        field["x-unit"] = unit
        if unit.casefold() not in said.description.casefold():
            field["description"] += f" Unit: {unit}."
    if meanings := dict(_meanings(field)):
        field["description"] += " " + "; ".join(f"{word}: {meaning}" for word, meaning in meanings.items()) + "."
    if said.examples:
        field["examples"] = [YAML(typ="safe", pure=True).load(example) for example in said.examples]


def _units(field: Shape) -> Iterator[str]:
    if "x-unit" in field:
        yield field["x-unit"]
    for branch in (*field.get("anyOf", ()), *field.get("oneOf", ())):
        yield from _units(branch)


def _meanings(field: Shape) -> Iterator[tuple[str, str]]:
    yield from zip(field.get("enum", ()), field.get("enumDescriptions", ()), strict=False)
    for branch in field.get("anyOf", ()):
        yield from _meanings(branch)


def _stated(shape: Shape, keys: tuple[str, ...]) -> Shape:
    """Without those of the keys that hold nothing."""
    return {key: value for key, value in shape.items() if value is not None or key not in keys}


def draft_07(shape: Any) -> Any:
    """As draft-07 has it: `definitions`, nothing beside a `$ref`. Defaults that mean 'left out' are left out, and
    entries that have names of their own described."""
    if isinstance(shape, list):
        return [draft_07(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    if "default" in shape:
        shape = _stated(shape, ("default",))
        if isinstance(shape.get("default"), dict):
            shape["default"] = _stated(shape["default"], tuple(shape["default"]))
    if _NAMED in shape:
        shape = {**shape, "additionalProperties": {**shape["additionalProperties"]}}
        _say(shape["additionalProperties"], FieldText(**shape.pop(_NAMED)))
    if "$ref" in shape and len(shape) > 1:
        others = {key: value for key, value in shape.items() if key != "$ref"}
        return {"allOf": [draft_07({"$ref": shape["$ref"]})], **draft_07(others)}
    renamed = {"definitions" if key == "$defs" else key: draft_07(value) for key, value in shape.items()}
    if isinstance(renamed.get("$ref"), str):
        renamed["$ref"] = renamed["$ref"].replace("#/$defs/", "#/definitions/")
    return renamed


def part_of(shape: Any) -> Any:
    """The schema of a part of a scenario, from that of a whole one: nothing is required, and `null` removes."""
    if isinstance(shape, list):
        return [part_of(each) for each in shape]
    if not isinstance(shape, dict):
        return shape
    part = {key: part_of(value) for key, value in shape.items() if key not in ("required", "minProperties")}
    if "oneOf" in part:
        part["anyOf"] = part.pop("oneOf")  # kinds are told apart by what they require
    if isinstance(shape.get("properties"), dict):
        part["properties"] = {key: _or_null(part_of(value)) for key, value in shape["properties"].items()}
    if isinstance(shape.get("additionalProperties"), dict):
        part["additionalProperties"] = _or_null(part["additionalProperties"])
    if shape.get("additionalProperties") is False:
        part["additionalProperties"] = {"type": "null"}  # a key of another kind is removed where the kind changes
    return part


def _or_null(shape: Shape) -> Shape:
    beside = ("title", "description", "x-unit", "examples", "default")
    said: Shape = {key: value for key, value in shape.items() if key in beside}
    return {"anyOf": [shape, {"type": "null"}], **said}
