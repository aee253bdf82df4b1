"""Every model and field that a scenario file may hold, and what each must have: for the tests of the schema."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from jsonschema import Draft7Validator
from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML

from simengine.scenario.docstrings import FieldText, field_texts

ROOT = Path(__file__).parents[2]


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
    """What a field lacks: a description, an example that loads and fits the schema, a use."""
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
    if field.key and not re.search(rf"(?<![\w-]){field.key}['\"]?\s*:", written()):
        missing.append("no use in a shipped scenario or a test")
    return missing


@cache
def written() -> str:
    """All YAML of shipped scenarios and of tests, where it stands in texts of Python files."""
    texts = [path.read_text() for path in (ROOT / "scenarios").glob("*.yaml")]
    texts += [path.read_text(errors="replace") for path in (ROOT / "tests").rglob("*.yaml")]
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)
