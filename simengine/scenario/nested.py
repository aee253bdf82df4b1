"""What stands at some steps within a block of a scenario, be it of models, mappings, tuples or records; and the same
block with another number there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from functools import cache
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError, ValidationError

from simengine.scenario.capital import OfRevenue
from simengine.scenario.fields import Model
from simengine.scenario.problems import did_you_mean
from simengine.scenario.setting_path import PathRefused
from simengine.scenario.shape import number_at
from simengine.scenario.units import write_number
from simengine.scenario.yaml_source import Path, spoken

Read = TypeVar("Read")


def inner_at(here: Any, rest: Path, path: Path) -> Any:
    """What stands at some steps from `here`; None where nothing does, though something could. `path` is the whole one,
    as messages name it. Raises `PathRefused`."""
    for step in rest:
        if here is None:
            return None
        here = _inner(here, step, path)
    return here


def _inner(here: Any, step: int | str, path: Path) -> Any:
    """What stands at a step; refused where the language has nothing there, or nothing of that name is stated."""
    if isinstance(here, tuple):
        i = step if isinstance(step, int) else int(step) - 1 if step.isdecimal() else -1
        return here[i] if 0 <= i < len(here) else nothing_there(path)
    if isinstance(here, dict):
        return here[step] if step in here else nothing_there(path, here)
    if isinstance(here, Model):
        extra = here.__pydantic_extra__ or {}
        if step in extra:
            return extra[str(step)]
        names = _attributes(type(here))
        return getattr(here, names[str(step)]) if step in names else nothing_there(path, (*names, *extra))
    if is_dataclass(here) and hasattr(here, str(step)):
        return getattr(here, str(step))
    return nothing_there(path)


@cache
def _attributes(model: type[Model]) -> dict[str, str]:
    """The attribute of every key."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def nothing_there(path: Path, known: Any = ()) -> NoReturn:
    """Raise `PathRefused`: a step may be one of those `known`, misspelt."""
    hint = next((told for step in path if (told := did_you_mean(str(step), (k for k in known if k != step)))), "")
    missing = any(step in known for step in path)
    raise PathRefused(
        f"`{spoken(path)}`, where nothing is stated",
        "the path of a number of this scenario",
        "" if missing else hint,
    )


def with_inner(here: Any, rest: Path, path: Path, value: float) -> Any:
    """`here` with another number at some steps from it. `path` is the whole one, as messages name it. Raises
    `PathRefused`."""
    step, rest = rest[0], rest[1:]
    inner = _inner(here, step, path)
    if rest and inner is None and isinstance(here, Model):
        for key in reversed(rest):
            value = {key: value}  # type: ignore[assignment]
        return here.model_copy(update={_attributes(type(here))[str(step)]: _read_field(here, step, path, value)})
    changed = with_inner(inner, rest, path, value) if rest and inner is not None else None
    if isinstance(here, Model):
        names = _attributes(type(here))
        name = names.get(str(step), str(step))
        if not rest:
            in_own_words = isinstance(inner, Model) or (step in names and number_at(path) is None)
            changed = _kept(inner, value) or (
                _read_field(here, step, path, value) if in_own_words else _number(path, value)
            )
        return here.model_copy(update={name: changed})
    if rest and inner is None:
        nothing_there(path)
    changed = changed if rest else _number(path, value)
    if isinstance(here, dict):
        return {**here, str(step): changed}
    if isinstance(here, tuple):
        i = step if isinstance(step, int) else int(step) - 1
        return (*here[:i], changed, *here[i + 1 :])
    return replace(here, **{str(step): changed})


def _kept(stated: Any, value: float) -> OfRevenue | None:
    """Capital of revenue stays so."""
    if isinstance(stated, OfRevenue) and value >= 0:
        return OfRevenue(float(value))
    return None


def _number(path: Path, value: float) -> float:
    """A number as the language reads it there."""
    number = number_at(path)
    if number is None:
        nothing_there(path)
    return _checked(lambda: number.read(round(value) if number.whole else value), path, value)


def _read_field(here: Model, step: int | str, path: Path, value: Any) -> Any:
    """A value of a field as the language reads it there."""
    adapter = _adapter(type(here), _attributes(type(here))[str(step)])
    return _checked(lambda: adapter.validate_python(value), path, value)


def _checked(read: Callable[[], Read], path: Path, value: object) -> Read:
    try:
        return read()
    except PydanticCustomError as error:
        context = error.context or {}
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
    shown = write_number(value) if isinstance(value, (int, float)) else str(value)
    raise PathRefused(
        f"{shown} at `{spoken(path)}`",
        str(context.get("expected", "another value")),
        str(context.get("suggestion", "")),
    )


@cache
def _adapter(model: type[Model], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    annotation: Any = field.annotation
    for mark in field.metadata:
        annotation = Annotated[annotation, mark]
    return TypeAdapter(annotation)
