"""From plain data to typed fields: what is malformed becomes problems, the rest goes on to the rules.

An element that is malformed (one segment, one lever, one allocation ...) is left out of the draft and noted
as broken, so that the rules can still check all others. It also gets a draft of its own, in which only what is
malformed is not known: a rule that asks for that ends there. So every problem is reported at once, and no
consequence of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simengine.scenario.field_problems import known_keys, only_misspelt, problem_of, suggested
from simengine.scenario.fields import Model
from simengine.scenario.problems import Problem, did_you_mean
from simengine.scenario.schema import ScenarioFile
from simengine.scenario.shape import declares, exclusive, holds_items, least_items, number_at
from simengine.scenario.yaml_source import Path, Source

NAMED = {"segments", "offers", "levers", "allocations", "rivals", "moves"}  # blocks of named elements
# For blocks that no scenario is without: where one is missing or all of it is malformed, these stand in and count as
# broken, so that all other blocks are still read and no rule judges what nobody wrote.
_PLACEHOLDERS: dict[str, Any] = {
    "company": {"name": "?", "discount_rate": 0.1, "shares": 1},
    "segments": {"?": {"dynamics": "contract", "hazard": {"constant": 0}, "margin": 0}},
    "allocations": {"?": {}},
}
_MOST_PARTIAL = 50  # broken elements that rules look at one by one: nobody reads the problems of more


@dataclass(frozen=True)
class Draft:
    """The sound parts of a scenario file, and what was left out because it is not."""

    source: Source
    file: ScenarioFile
    broken: frozenset[Path]
    partial: tuple[ScenarioFile, ...] = ()  # with one broken element each, of which something is not known

    @property
    def views(self) -> tuple[Draft, ...]:
        """Everything that rules are to check: the sound parts, and each broken element of which the most is known."""
        return (self, *(Draft(self.source, file, self.broken) for file in self.partial))

    def sound(self, *path: str) -> bool:
        """Whether nothing was left out at, above or below `path`."""
        return not any(part[: len(path)] == path or path[: len(part)] == part for part in self.broken)

    def knows(self, block: str) -> bool:
        """Whether the names in a block are known, though elements may be broken."""
        written = self.source.data.get(block)
        return (block,) not in self.broken or bool(isinstance(written, dict) and written)

    def names(self, block: str) -> tuple[str, ...]:
        """The names in a block, those of broken elements too."""
        if not self.knows(block):
            return ()
        return tuple(self.written(block) or getattr(self.file, block))

    def written(self, *path: str) -> dict[str, Any]:
        """The mapping that is written at a path, malformed or not; empty if there is none."""
        inner: Any = self.source.data
        for step in path:
            inner = inner.get(step) if isinstance(inner, dict) else None
        return inner if isinstance(inner, dict) else {}


def draft(source: Source) -> tuple[Draft, list[Problem]]:
    """Validate the fields of a file that was read."""
    problems: list[Problem] = []
    mended = _Mended(source, source.data)
    while True:
        try:
            return mended.draft(ScenarioFile.model_validate(mended.data)), problems
        except ValidationError as error:
            mended.round(error.errors(include_url=False), problems)


class _Mended:
    """Data made valid by leaving out what is malformed: a field, where the rest can do without, else an element."""

    def __init__(self, source: Source, data: Any) -> None:
        self.data = data
        self._source = source
        self._broken: set[Path] = set()
        self._unknown: set[Path] = set()  # fields of which it is not known what they are meant to be
        self._left_out: set[Path] = set()
        self._stood_in: set[Path] = set()

    def round(self, details: list[ErrorDetails], problems: list[Problem]) -> None:
        """Mend the errors of one round; those that mending brought about are no problems."""
        own = frozenset(self._left_out | self._stood_in)
        for detail in details:
            field = _field(self._source, detail)
            missing = detail["type"] == "missing"
            consequence = any(each[: len(field)] == field or (missing and _other_kind(each, field)) for each in own)
            counted_out = detail["type"] == "too_short" and any(_within(detail, other) for other in details)
            if not (consequence or counted_out or only_misspelt(self._source, detail)):
                problems.append(problem_of(self._source, detail))
            if detail["type"] == "extra_forbidden":
                self._leave_out_key(detail)
            elif field in self._stood_in or (consequence and field not in own) or not _can_be_unknown(field):
                self._leave_out_element(detail)
            elif missing:
                self._stood_in.add(field)
                self._unknown.add(field)
                self.data = _with(self.data, field, _stand_in(field))
            else:
                self._left_out.add(field)
                self._unknown.add(field)
                self.data = _without(self.data, field)
        self.data = self._with_placeholders(self.data)

    def _leave_out_key(self, detail: ErrorDetails) -> None:
        path = self._source.nearest(detail["loc"])
        self._broken.add(path)
        self.data = _without(self.data, path)
        parent, written = path[:-1], self._source.at(path[:-1])
        known = known_keys(self._source, tuple(detail["loc"][:-1]))
        hint = did_you_mean(str(path[-1]), known)
        self._unknown.update((*parent, each) for each in known if each not in written and hint == suggested(each))

    def _leave_out_element(self, detail: ErrorDetails) -> None:
        cut = _element(self._source, detail)
        self._broken.add(cut)
        self.data = _without(self.data, cut)

    def _with_placeholders(self, data: Any) -> Any:
        for block, stand_in in _PLACEHOLDERS.items():
            if (block,) in self._broken or not data.get(block):
                data = {**data, block: stand_in}
                self._broken.add((block,))
        return data

    def draft(self, file: ScenarioFile) -> Draft:
        """The draft without elements of which something is not known, and a file with each of them."""
        for path in self._unknown:
            _forget(file, path)
        partial = sorted({path[:2] for path in self._unknown if path[0] in NAMED and len(path) > 2}, key=str)
        if not partial:
            return Draft(self._source, file, frozenset(self._broken | self._unknown))
        data = self.data
        for path in partial:
            data = _without(data, path)
        sound = ScenarioFile.model_validate(self._with_placeholders(data))
        for path in self._unknown:
            if path[:2] not in partial:
                _forget(sound, path)
        files = tuple(_with_element(sound, file, path) for path in partial[:_MOST_PARTIAL])
        return Draft(self._source, sound, frozenset(self._broken | self._unknown | set(partial)), files)


def _within(detail: ErrorDetails, other: ErrorDetails) -> bool:
    """Whether the other error is of an entry of what this one is of: malformed entries are not counted."""
    here, there = detail["loc"], other["loc"]
    return len(there) > len(here) and there[: len(here)] == here


def _field(source: Source, detail: ErrorDetails) -> Path:
    """The field that an error is in: the nearest one that the language names, above names that a writer chose."""
    location = detail["loc"]
    path = source.nearest(location)
    if detail["type"] == "missing":
        path = (*source.nearest(location[:-1]), location[-1])
    while path and not declares(path):
        path = path[:-1]
    return path


def _other_kind(one: Path, other: Path) -> bool:
    """Whether two fields of a block belong to different kinds of it, such as `uniform` and `triangular`."""
    return len(one) == len(other) > 0 and one[:-1] == other[:-1] and {one[-1], other[-1]} <= exclusive(one[:-1])


def _can_be_unknown(field: Path) -> bool:
    """Whether the rest of a scenario can be checked without a field: not so of whole blocks that must be there."""
    return len(field) > 1 or bool(field and field[0] not in NAMED and field[0] not in _PLACEHOLDERS)


def _stand_in(field: Path) -> object:
    """Something valid for a field that must be there, which no rule gets to see."""
    if number := number_at(field):
        return next((each for each in (0, 0.5, 1, 2) if number.allows(each)), 0)
    if holds_items(field):
        return list(range(1, 1 + least_items(field)))
    return "?"


def _forget(file: ScenarioFile, path: Path) -> None:
    """Take a field out of what was built, so that asking for it raises `NotKnown`."""
    here: Any = file
    for step in path[:-1]:
        if isinstance(here, tuple):
            inner = here[step if isinstance(step, int) else 0] if here else None
            here = inner if isinstance(step, int) else getattr(inner, str(step), None)
        elif isinstance(here, dict):
            here = here.get(step)
        else:
            here = vars(here).get(_attribute(here, step)) if isinstance(here, Model) else None
    if isinstance(here, tuple) and len(here) == 1:
        (here,) = here
    if isinstance(here, Model):
        vars(here).pop(_attribute(here, path[-1]), None)


def _attribute(model: Model, key: int | str) -> str:
    """The name of the attribute that a key becomes."""
    fields = type(model).model_fields.items()
    return next((name for name, field in fields if field.alias == key), str(key))


def _with_element(sound: ScenarioFile, file: ScenarioFile, path: Path) -> ScenarioFile:
    """The sound parts and one element of which something is not known."""
    block, name = str(path[0]), path[1]
    elements, more = getattr(sound, block), getattr(file, block)
    both = {each: more[each] for each in more if each == name or each in elements}
    return sound.model_copy(update={block: both})


def _element(source: Source, detail: ErrorDetails) -> Path:
    """The element or block that holds the error."""
    path = source.nearest(detail["loc"])
    depth = 2 if path and path[0] in (*NAMED, "uncertain") else 1
    return path[:depth] if path else tuple(detail["loc"][:1])


def _without(data: Any, path: Path) -> Any:
    """A copy without the entry at `path`."""
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [
            _without(item, rest) if i == step and rest else item for i, item in enumerate(data) if rest or i != step
        ]
    if not isinstance(data, dict) or step not in data:
        return data
    if rest:
        return {**data, step: _without(data[step], rest)}
    return {key: value for key, value in data.items() if key != step}


def _with(data: Any, path: Path, value: object) -> Any:
    """A copy with a value at `path`; as it is where nothing can hold it."""
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [_with(item, rest, value) if i == step and rest else item for i, item in enumerate(data)]
    if not isinstance(data, dict) or (rest and step not in data):
        return data
    return {**data, step: _with(data[step], rest, value) if rest else value}
