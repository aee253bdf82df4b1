"""What differs between two scenarios, in what they mean: defaults filled in, copies written out, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal

from simengine.scenario.draft import NAMED
from simengine.scenario.file_hash import sha256
from simengine.scenario.model import Scenario
from simengine.scenario.resolved import resolved_data
from simengine.scenario.wording import in_words
from simengine.scenario.yaml_source import Path

_CUSTOMERS: Path = ("portfolio", "customers")
_REWRITTEN = ("allocations", "moves")  # resolved, they say what is stated in other words
_ABSENT = object()


@dataclass(frozen=True)
class Side:
    """A scenario, and the SHA-256 of the files that a run of it read, by name, where it is a run's."""

    scenario: Scenario
    read: Mapping[str, str] = field(default_factory=dict)

    def customer_files(self) -> list[str]:
        """SHA-256 of each customer file: as the run read it, else as it is now."""
        portfolio = self.scenario.portfolio
        return [self.read.get(file.name) or sha256(file) for file in (portfolio.customers if portfolio else ())]


@dataclass(frozen=True)
class Stated:
    """A value on one side, as people write it, and where it is stated; `default` where it is not."""

    value: Any
    text: str
    where: str


@dataclass(frozen=True)
class Difference:
    """Something that is another on the two sides, or on one side only."""

    path: Path  # items of lists of one have no step
    before: Stated | None
    after: Stated | None

    @property
    def kind(self) -> Literal["changed", "added", "removed"]:
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def place(self) -> str:
        """`segments › affluent › churn`."""
        return " › ".join(str(step + 1) if isinstance(step, int) else step for step in self.path)

    @property
    def words(self) -> str:
        """`7% → 8% (a.yaml:31 → b.yaml:31)`."""
        where = " → ".join(side.where for side in (self.before, self.after) if side and side.where)
        told = f" ({where})" if where else ""
        if len(self.path) == 2 and self.path[0] in NAMED and self.kind != "changed":
            return f"{self.kind}{told}"
        spend = self.path[0] == "allocations" and self.path[2:3] != ("initiatives",)
        absent = "today's spend" if spend else "not stated"
        before, after = (side.text if side else absent for side in (self.before, self.after))
        return f"{before} → {after}{told}"

    @property
    def document(self) -> dict[str, Any]:
        """For JSON."""
        sides = {"before": self.before, "after": self.after}
        told = {
            name: side and {"value": side.value, "text": side.text, "where": side.where} for name, side in sides.items()
        }
        return {"path": list(self.path), "place": self.place, "kind": self.kind, **told}


def differences(before: Side, after: Side) -> list[Difference]:
    """Everything that differs, block by block. The order of keys is immaterial, and so is where customer files are."""
    return list(_Pair(before, after).all())


class _Pair:
    def __init__(self, before: Side, after: Side) -> None:
        self._sides = before, after
        self._data = resolved_data(before.scenario), resolved_data(after.scenario)

    def all(self) -> Iterator[Difference]:
        yield from self._compare((), *self._data)

    def _compare(self, path: Path, old: Any, new: Any) -> Iterator[Difference]:
        if path == _CUSTOMERS:
            if self._sides[0].customer_files() != self._sides[1].customer_files():
                yield self._difference(path, old, new)
        elif path == ("name",) and not any(side.scenario.source.stated(path) for side in self._sides):
            return  # the names of the files
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in dict.fromkeys([*old, *new]):
                yield from self._compare((*path, key), old.get(key, _ABSENT), new.get(key, _ABSENT))
        elif _of_blocks(old) and _of_blocks(new):
            for i in range(max(len(old), len(new))):
                yield from self._compare((*path, i), *(x[i] if i < len(x) else _ABSENT for x in (old, new)))
        elif old != new:
            yield self._difference(path, old, new)

    def _difference(self, path: Path, *values: Any) -> Difference:
        shown = tuple(step for i, step in enumerate(path) if not self._alone(path[:i], step))
        told = (
            None
            if value is _ABSENT
            else Stated(value, self._text(side, data, path, value), _where(side.scenario, path))
            for side, data, value in zip(self._sides, self._data, values, strict=True)
        )
        return Difference(shown, *told)

    def _alone(self, above: Path, step: str | int) -> bool:
        """Whether a step is the only item of a list on both sides."""
        return isinstance(step, int) and all(len(_at(data, above)) < 2 for data in self._data)

    def _text(self, side: Side, data: dict[str, Any], path: Path, value: Any) -> str:
        if path == _CUSTOMERS:
            files = zip(value, side.customer_files(), strict=True)
            return ", ".join(f"{FilePath(file).name} (SHA-256 {digest[:12]})" for file, digest in files)
        if _of_blocks(value) and len(value) == 1:
            path, value = (*path, 0), value[0]
        return in_words(value, path, data.get("levers", {}))


def _of_blocks(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _at(data: Any, path: Path) -> Any:
    """What stands at a path; nothing where it is not there."""
    for step in path:
        if isinstance(data, dict):
            data = data.get(str(step), ())
        else:
            data = data[step] if isinstance(step, int) and step < len(data) else ()
    return data


def _where(scenario: Scenario, path: Path) -> str:
    """Where a value is stated; of what an allocation copies, in the one that it copies."""
    source = scenario.source
    at, seen = path, {path}
    while (place := source.stated(at)) is None and path[0] == "allocations" and len(path) > 2:
        at = ("allocations", source.data["allocations"][at[1]].get("like"), *path[2:])
        if at[1] is None or at in seen:
            break
        seen.add(at)
    if place is None and path[0] in _REWRITTEN:
        place = source.places.get(path[:2])
    return place.where if place else "default"
