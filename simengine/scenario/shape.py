"""What the language has at a path of plain data: which keys are fields, and what a number there counts."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from annotated_types import MinLen
from pydantic import BaseModel, BeforeValidator, Tag

from simengine.scenario.fields import Model, Number
from simengine.scenario.yaml_source import Path


class _Tagged(NamedTuple):
    """A kind in a union, which the location of a validation error names by its tag."""

    tag: str
    shapes: tuple[Any, ...]


def model_at(location: Path) -> type[BaseModel]:
    """The model of what stands at the location of a validation error, tags of unions included; one without fields
    where there is none, or several."""
    models = {shape for shape in _shapes_at(location) if _is_model(shape)}
    return models.pop() if len(models) == 1 else Model


def declares(path: Path) -> bool:
    """Whether the last step of a path is a field of a block, rather than a name that its writer chose."""
    *above, last = path
    return any(last in _fields(shape) for shape in _shapes_at(tuple(above)) if _is_model(shape))


def holds_items(path: Path) -> bool:
    """Whether a list may stand at a path, and one mapping for a list of one."""
    return any(get_origin(shape) is tuple for shape in _shapes_at(path))


def least_items(path: Path) -> int:
    """How many items a list at a path must have."""
    return next((shape.min_length for shape in _shapes_at(path) if isinstance(shape, MinLen)), 0)


def holds_names(path: Path) -> bool:
    """Whether the keys at a path are names that their writer chooses."""
    return any(get_origin(shape) is dict or (_is_model(shape) and _others(shape)) for shape in _shapes_at(path))


def exclusive(path: Path) -> frozenset[str]:
    """The fields that a block at this path has in one of its kinds and not in another, such as `hill` and `adbudg`."""
    kinds = [frozenset(_fields(shape)) for shape in _shapes_at(path) if _is_model(shape)]
    return frozenset().union(*kinds) - frozenset.intersection(*kinds) if kinds else frozenset()


def at_odds(path: Path, field: str) -> frozenset[str]:
    """The fields of a block at this path that none of its kinds has together with `field`."""
    kinds = [frozenset(_fields(shape)) for shape in _shapes_at(path) if _is_model(shape)]
    return frozenset().union(*kinds) - frozenset().union(*(kind for kind in kinds if field in kind))


def keys_at(path: Path) -> frozenset[str]:
    """The fields that some block at a path may have."""
    return frozenset(key for shape in _shapes_at(path) if _is_model(shape) for key in _fields(shape))


def holds_anything(path: Path) -> bool:
    """Whether the language has something at a path."""
    return bool(_shapes_at(path))


def number_at(path: Path) -> Number | None:
    """What a number at this path counts, and its range, in short for a block too; None if no number is meant there."""
    shapes = _shapes_at(path)
    in_short = [shape.json_schema_input_type for shape in shapes if isinstance(shape, BeforeValidator)]
    candidates = (*shapes, *(shape for each in in_short for shape in _flat(each)))
    return next((shape for shape in candidates if isinstance(shape, Number)), None)


@cache
def _shapes_at(path: Path) -> tuple[Any, ...]:
    """Everything that may stand at a path: models, containers and marks of numbers, and the kinds in a union."""
    if not path:
        from simengine.scenario.schema import ScenarioFile

        return (ScenarioFile,)
    return tuple(each for shape in _shapes_at(path[:-1]) for each in _within(shape, path[-1]))


def _within(shape: Any, step: str | int) -> Iterable[Any]:
    if get_origin(shape) is dict:
        return _flat(get_args(shape)[1])
    if get_origin(shape) is tuple:
        item = [*_flat(get_args(shape)[0])]
        return item if isinstance(step, int) else [s for each in item for s in _within(each, step)]
    if isinstance(shape, _Tagged):
        return shape.shapes if step == shape.tag else ()
    if not _is_model(shape):
        return ()
    fields = _fields(shape)
    if step in fields:
        return fields[str(step)]
    return _others(shape)


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, tuple[Any, ...]]:
    return {
        field.alias or name: (*_flat(field.annotation), *field.metadata) for name, field in model.model_fields.items()
    }


@cache
def _others(model: type[BaseModel]) -> tuple[Any, ...]:
    """What stands under the names that a writer chooses in a block with fields of its own."""
    if model.model_config.get("extra") != "allow":
        return ()
    extras = get_type_hints(model, include_extras=True)["__pydantic_extra__"]
    return tuple(_flat(get_args(extras)[1]))


def _flat(annotation: Any) -> Iterator[Any]:
    """The kinds in a union and the marks on each."""
    if get_origin(annotation) is Annotated:
        bare, *marks = get_args(annotation)
        shapes = tuple(_flat(bare))
        yield from shapes
        yield from (_Tagged(str(mark.tag), shapes) if isinstance(mark, Tag) else mark for mark in marks)
    elif get_origin(annotation) in (Union, types.UnionType):
        for each in get_args(annotation):
            yield from _flat(each)
    else:
        yield annotation
