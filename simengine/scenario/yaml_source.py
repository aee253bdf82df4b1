"""What stands where: plain data with the line and column of every key and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simengine.scenario.problems import Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where an entry is, counted from 1, and its text if it is a single value."""

    line: int
    column: int
    key_line: int
    key_column: int
    text: str | None
    length: int = 0  # characters of the value on its line; 0 if it runs over several
    key_length: int = 0

    @property
    def key(self) -> tuple[int, int, int]:
        """Line, column and length of the key."""
        return self.key_line, self.key_column, self.key_length

    @property
    def start(self) -> tuple[int, int, int]:
        """The value if it is a single one, else the key that holds the collection: line, column and length."""
        return (self.line, self.column, self.length) if self.text is not None else self.key


@dataclass
class Source:
    """A file that was read: its plain data, and the place of every path in it."""

    file: str
    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    options: dict[Path, str] = field(default_factory=dict)  # values that the command line gave instead

    def nearest(self, path: Path) -> Path:
        """The part of `path` that is in the file, skipping steps that are not (a union's tag, a list of one)."""
        if path in self.options:
            return path
        known: Path = ()
        for step in path:
            if (*known, step) in self.places:
                known = (*known, step)
        return known

    def text(self, path: Path) -> str:
        """What stands at `path`, for a message."""
        if path in self.options:
            return self.options[path]
        place = self.places.get(path)
        if place is None or place.text is None:
            return kind_of(self.at(path))
        return place.text or "nothing"

    def at(self, path: Path) -> Any:
        """The plain data at `path`."""
        value = self.data
        for step in path:
            value = value[step]
        return value

    def problem(
        self, path: Path, *, found: str = "", expected: str, suggestion: str = "", at_key: bool = False
    ) -> Problem:
        """A problem at `path`, or at the nearest part of it that is in the file."""
        if path in self.options:
            option = f"--{str(path[-1]).replace('_', '-')}"
            return Problem(option, 0, 0, found or self.options[path], expected, suggestion)
        known = self.nearest(path)
        name = _spoken(known, path)
        place = self.places.get(known)
        line, column, length = (1, 1, 0) if place is None else place.key if at_key else place.start
        return Problem(self.file, line, column, found or self.text(known), expected, suggestion, name, length)


def _spoken(known: Path, path: Path) -> str:
    """A path as a person would say it; items of lists count from 1, and a list of one has no number."""
    shown, left = [], list(known)
    for step in path:
        if left and left[0] == step:
            shown.append(str(step + 1) if isinstance(step, int) else step)
            left.pop(0)
        elif isinstance(step, str) and not step.startswith("#"):
            shown.append(step)
    return ".".join(shown)


def kind_of(value: Any) -> str:
    """What a value is, for a message."""
    if isinstance(value, dict):
        return "a mapping (key: value)" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "nothing" if value is None else str(value)
