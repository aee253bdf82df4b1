"""Every model and field that a scenario file may hold, and what each must have: for the tests of the schema."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from simengine.scenario import load_scenario
from simengine.scenario.docstrings import FieldText, field_texts
from simengine.scenario.schema import ScenarioFile

ROOT = Path(__file__).parents[2]
WHOLE = Path(__file__).parent / "whole"


@dataclass(frozen=True)
class Field:
    """A field as its model and as the JSON Schema have it; `key` is None for entries with names of their own."""

    model: type[BaseModel]
    name: str
    key: str | None
    annotation: Any
    shape: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.key or '*'}"

    @property
    def said(self) -> FieldText:
        return field_texts(self.model).get(self.name, FieldText())


def models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and all that its fields lead to."""
    found = [model]
    for each in found:  # grows while it is walked
        annotations = [field.annotation for field in each.model_fields.values()]
        annotations.append(get_type_hints(each, include_extras=True).get("__pydantic_extra__"))
        found += [new for annotation in annotations for new in _within(annotation) if new not in found]
    return found


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _within(argument)


def fields(root: type[BaseModel], schema: dict[str, Any]) -> list[Field]:
    """All fields of all models."""
    found = []
    for model in models(root):
        shape = schema if model is root else schema["definitions"][model.__name__]
        for name, field in model.model_fields.items():
            key = field.alias or name
            found.append(
                Field(
                    model,
                    name,
                    key,
                    Annotated[(field.annotation, *field.metadata, str(name))],
                    shape["properties"][key],
                )
            )
        if model.model_config.get("extra") == "allow":
            value = get_args(get_type_hints(model, include_extras=True)["__pydantic_extra__"])[1]
            found.append(Field(model, "__pydantic_extra__", None, value, shape["additionalProperties"]))
    return found


def lacks(field: Field, schema: dict[str, Any]) -> list[str]:
    """What a field lacks: a description, an example that loads and fits the schema, a use that loads."""
    missing = []
    if not field.said.description or not field.shape.get("description"):
        missing.append("no description")
    if not field.said.examples or not field.shape.get("examples"):
        missing.append("no example")
    for text in field.said.examples:
        example = YAML(typ="safe", pure=True).load(text)
        try:
            TypeAdapter(field.annotation).validate_python(example)
        except ValidationError as error:
            missing.append(f"an example that does not load: {text}: {error}")
        within = {**field.shape, "definitions": schema["definitions"]}
        missing += [
            f"an example that does not fit: {text}: {e.message}" for e in Draft7Validator(within).iter_errors(example)
        ]
    if field.key and (field.model, field.name) not in used():
        missing.append("no use in a scenario of ours that loads")
    return missing


@cache
def used() -> frozenset[tuple[type[BaseModel], str]]:
    """(model, field) of all that is stated in the scenarios that load, shipped ones and those of tests."""
    texts = [path.read_text() for folder in (ROOT / "scenarios", WHOLE) for path in folder.glob("*.yaml")]
    for path in (ROOT / "tests").rglob("*.py"):
        constants = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
        texts += [node.value for node in constants if isinstance(node.value, str) and "\nallocations:" in node.value]
    # A file that extends another says too little to be one: `extends` has gone when the two are merged.
    bases = load_scenario(ROOT / "scenarios" / "northbank_restless.yaml").source.bases
    found: set[tuple[type[BaseModel], str]] = {(ScenarioFile, "extends")} if bases else set()
    for text in texts:
        with suppress(YAMLError, ValidationError):
            found.update(_stated(ScenarioFile.model_validate(YAML(typ="safe", pure=True).load(text))))
    return frozenset(found)


def _stated(value: Any) -> Iterator[tuple[type[BaseModel], str]]:
    """(model, field) of all that was stated in what was read."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            if name in type(value).model_fields:
                yield type(value), name
            yield from _stated(getattr(value, name))
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _stated(each)
