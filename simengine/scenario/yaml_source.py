"""What stands where: plain data with the file, line and column of every key and value, and what each replaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from simengine.scenario.problems import Problem, listed

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where an entry is, counted from 1, and its text if it is a single value.

    Line 0: it was given by the option that `file` names then, such as `--set company.tax_rate=30%`.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    text: str | None
    length: int = 0  # characters of the value on its line; 0 if it runs over several
    key_length: int = 0
    file: str = ""
    replaces: Place | None = None  # what stands there in the file that this one extends
    change: Literal["replaced", "merged", "removed"] = "replaced"  # what it does to that

    @property
    def key(self) -> tuple[int, int, int]:
        """Line, column and length of the key."""
        return self.key_line, self.key_column, self.key_length

    @property
    def start(self) -> tuple[int, int, int]:
        """The value if it is a single one, else the key that holds the collection: line, column and length."""
        return (self.line, self.column, self.length) if self.text is not None else self.key

    @property
    def by_option(self) -> bool:
        return self.line == 0

    @property
    def where(self) -> str:
        """`base.yaml:12`, or the option's name."""
        return self.file.partition(" ")[0] if self.by_option else f"{self.file}:{self.key_line}"

    @property
    def history(self) -> tuple[Place, ...]:
        """What stood there, the oldest first, and this place last."""
        return (*(self.replaces.history if self.replaces else ()), self)

    @property
    def origin(self) -> str:
        """`base.yaml:12, replaced at attack.yaml:7, replaced by --set`."""
        first, *later = self.history
        words = [first.where]
        for before, place in zip((first, *later), later, strict=False):
            how = "stated again" if before.change == "removed" else place.change
            words.append(f"{how} {'by' if place.by_option else 'at'} {place.where}")
        return ", ".join(words)


@dataclass
class Source:
    """What was read: its plain data, and the place of every path in it. Several files, if one extends another."""

    file: str
    data: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bases: tuple[str, ...] = ()  # the files that it extends, the one with nothing below it first
    removed: dict[Path, Place] = field(default_factory=dict)  # what a `null` took away

    @property
    def files(self) -> tuple[str, ...]:
        """All files that the data are from; each extends the one before."""
        return (*self.bases, self.file)

    def file_of(self, path: Path) -> str:
        """The file that states what is at `path`, beside which the files named there are; "" for an option."""
        place = self.places.get(path)
        return self.file if place is None else "" if place.by_option else place.file

    def nearest(self, path: Path) -> Path:
        """The part of `path` that is in the file, skipping steps that are not (a union's tag, a list of one)."""
        known: Path = ()
        for step in path:
            if (*known, step) in self.places:
                known = (*known, step)
        return known

    def stated(self, path: Path) -> Place | None:
        """Where the value at `path` is stated: there, in a list of one that has no number, or in short for the block
        that it is part of. None if it is a default."""
        known = self.nearest(path)
        place = self.places.get(known)
        if not known or place is None:
            return None
        return place if known[-1] == path[-1] or place.text is not None else None

    def text(self, path: Path) -> str:
        """What stands at `path`, for a message."""
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
        self,
        path: Path,
        *,
        found: str = "",
        expected: str,
        suggestion: str = "",
        at_key: bool = False,
        part: tuple[int, int] | None = None,
    ) -> Problem:
        """A problem at `path`, or at the nearest part of it that is in the file; says what stood there before. `part`:
        with some characters of the value, from one that is counted from 0, and how many."""
        known = self.nearest(path)
        name = _spoken(known, path)
        place = self.places.get(known)
        found = found or self.text(known)
        if place is None:
            return Problem(self.file, 1, 1, found, expected, suggestion, name)
        if place.replaces and known:
            how = "merged with" if place.change == "merged" else "replaces"
            found = f"{found} ({how} {place.replaces.where})"
        if place.by_option:
            name = "" if place.file.startswith(f"--set {name}=") else name
        line, column, length = place.key if at_key else place.start
        if part and (quoted := place.length - len(place.text or "")) in (0, 2):  # else some letters stand for others
            column, length = column + quoted // 2 + part[0], part[1]
        return Problem(place.file, line, column, found, expected, suggestion, name, length)

    def how_to_remove(self, paths: Iterable[Path], beside: Iterable[Path] = ()) -> str:
        """What to write where entries that exclude each other, or what stands beside them, come from several files:
        a `null` for those from a file that is extended. Nothing if all of them are from the same file."""
        places = {path: self.places[path] for path in paths if path in self.places}
        known = [*places.values(), *(self.places[path] for path in beside if path in self.places)]
        age = {file: i for i, file in enumerate([*self.files, *(place.file for place in known if place.by_option)])}
        newest = max((age[place.file] for place in known), default=0)
        old = {path: place for path, place in places.items() if age[place.file] < newest}
        if not old:
            return ""
        if any(place.by_option for place in known):
            write = listed([f"--set {spoken(path)}=null" for path in old], "and")
        else:
            write = listed([f"{path[-1]}: null" for path in old], "and")
        verb = "states" if len(old) == 1 else "state"
        return f"write {write} to remove what {listed([p.where for p in old.values()], 'and')} {verb}"


def spoken(path: Path) -> str:
    """A path as a person writes it; items of lists count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def places_below(places: dict[Path, Place], path: Path, value: Any) -> Iterator[tuple[Path, Place]]:
    """The places at and below `path`, where `value` stands."""
    if path in places:
        yield path, places[path]
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places_below(places, (*path, step), inner)


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
