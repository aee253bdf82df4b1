"""Which model describes what stands at a place of the scenario: its fields are what could have been written."""

from __future__ import annotations

import inspect
import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from simengine.scenario.fields import Model


def model_at(model: Any, location: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that describes what stands at a location of a validation error (union tags included)."""
    here: Any = model
    for step in location:
        here = _step(here, step)
    found = _bare(here)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else Model


def _bare(annotation: Any) -> Any:
    """Without `Annotated` and `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            rest = [arg for arg in get_args(annotation) if arg is not type(None)]
            if len(rest) == 1:
                annotation = rest[0]
                continue
        return annotation


def _step(annotation: Any, step: int | str) -> Any:
    here = _bare(annotation)
    origin = get_origin(here)
    if origin is dict:
        return get_args(here)[1]
    if origin is tuple:
        return get_args(here)[0]
    if origin in (Union, types.UnionType):
        for branch in get_args(here):
            if get_origin(branch) is Annotated and Tag(str(step)) in get_args(branch):
                return branch
        return None
    if isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            if step == (field.alias or name):
                return field.annotation
        return _named_by_the_user(here)
    return None


def _named_by_the_user(model: type[BaseModel]) -> Any:
    """What stands under names that a model leaves to the user, such as the segments of an allocation."""
    values = inspect.get_annotations(model, eval_str=True).get("__pydantic_extra__")
    return None if values is None else get_args(values)[1]
