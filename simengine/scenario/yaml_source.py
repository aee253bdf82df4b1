"""A YAML file as plain data, with the line and column of every key and value."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from simengine.scenario.problems import Problem, ScenarioError, did_you_mean

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Place:
    """Where an entry is, counted from 1, and its text if it is a single value."""

    line: int
    column: int
    key_line: int
    key_column: int
    text: str | None

    @property
    def start(self) -> tuple[int, int]:
        """The value if it is a single one, else the key that holds the collection."""
        return (self.line, self.column) if self.text is not None else (self.key_line, self.key_column)


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
            return _kind(self.at(path))
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
        name = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
        if path in self.options:
            option = f"--{str(path[-1]).replace('_', '-')}"
            return Problem(option, 0, 0, found or self.options[path], expected, suggestion)
        known = self.nearest(path)
        place = self.places.get(known)
        if place is None:
            line, column = 1, 1
        else:
            line, column = (place.key_line, place.key_column) if at_key else place.start
        return Problem(self.file, line, column, found or self.text(known), expected, suggestion, name)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping (key: value)" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "nothing" if value is None else str(value)


def read_yaml(path: str | os.PathLike[str]) -> Source:
    """Read a YAML 1.2 file. Raises `ScenarioError` if it cannot be read at all; duplicate keys and tags are
    collected in `Source.problems`, so that they are reported together with what else is wrong."""
    file = os.fspath(path)
    text = _text(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor that is used again is legal YAML
            root = YAML().compose(text)
        source = Source(file)
        source.data = None if root is None else _Reader(source).plain(root, (), ())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = " ".join(filter(None, [str(error.problem or "").strip(), error.context]))
        raise _unreadable(file, line, column, f"'{what}'", _yaml_hint(what)) from error
    except ReaderError as error:
        before = text[: error.position]
        column = len(before) - (before.rfind("\n") + 1) + 1
        character = f"the character {ord(text[error.position]):#06x}"
        raise _unreadable(file, before.count("\n") + 1, column, character, "delete it") from error
    except YAMLError as error:
        raise _unreadable(file, 1, 1, f"'{error}'") from error
    except RecursionError as error:
        raise _unreadable(file, 1, 1, "brackets nested too deeply") from error
    if not isinstance(source.data, dict):
        found = "an empty file" if source.data is None else _kind(source.data)
        raise ScenarioError(
            [Problem(file, 1, 1, found, "a scenario: company, segments, allocations and more",
                     "see `simengine schema`")]
        )  # fmt: skip
    return source


def _text(file: str) -> str:
    path = FilePath(file)
    if path.is_dir():
        inside = sorted(p.name for p in path.glob("*.y*ml"))
        hint = f"it holds {', '.join(inside[:5])}" if inside else ""
        raise ScenarioError([Problem(file, 0, 0, "a folder", "a scenario file (YAML)", hint)])
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        folder = path.parent
        names = [p.name for p in folder.iterdir() if p.is_file()] if folder.is_dir() else []
        hint = did_you_mean(path.name, names) if folder.is_dir() else f"there is no folder {folder}"
        raise ScenarioError([Problem(file, 0, 0, "no such file", "a scenario file (YAML)", hint)]) from error
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        raise ScenarioError([Problem(file, 0, 0, found, "a scenario file (YAML)")]) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        hint = "save the file as UTF-8"
        found = f"the byte {raw[error.start]:#04x}"
        raise ScenarioError(
            [Problem(file, before.count(b"\n") + 1, column, found, "text in UTF-8", hint)]
        ) from error


def _unreadable(file: str, line: int, column: int, found: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(file, line, column, found, "YAML", hint)])


def _yaml_hint(what: str) -> str:
    if "\\t" in what or "'\t'" in what:
        return "indent with spaces, not tabs"
    if "mapping values are not allowed" in what:
        return "a text with ': ' in it needs quotes, or the indentation is off"
    if "<block end>" in what:
        return "check the indentation of this line and the ones before it"
    if "cannot start any token" in what:
        return "put the text in quotes"
    if "stream end" in what or "end of stream" in what:
        return "a bracket or a quote is never closed"
    return ""


class _Reader:
    """Turns ruamel's nodes into plain data and notes their places. Keys are text, as written."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def plain(self, node: Node, path: Path, within: tuple[int, ...], key: Node | None = None) -> Any:
        mark, key_mark = node.start_mark, (key or node).start_mark
        single = node.value if isinstance(node, ScalarNode) else None
        self.source.places[path] = Place(
            mark.line + 1, mark.column + 1, key_mark.line + 1, key_mark.column + 1, single
        )
        if id(node) in within:
            self._refuse(path, "an anchor that contains itself", "plain values", "write the values out")
            return None
        inner = (*within, id(node))
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return {name: self.plain(v, (*path, name), inner, k) for name, k, v in self._entries(node, path)}
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            return [self.plain(item, (*path, i), inner) for i, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self._refuse(path, f"the tag {_short(node.tag)}", "plain values", "leave the tag out")
        return None

    def _entries(self, node: MappingNode, path: Path) -> list[tuple[str, Node, Node]]:
        """Keys and values, those of merged mappings (`<<: *base`) last unless overridden."""
        own: dict[str, tuple[str, Node, Node]] = {}
        merged: dict[str, tuple[str, Node, Node]] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                for base in value.value if isinstance(value, SequenceNode) else [value]:
                    if isinstance(base, MappingNode):
                        for name, k, v in self._entries(base, path):
                            merged.setdefault(name, (name, k, v))
            elif not isinstance(key, ScalarNode):
                self._refuse(path, "a list or mapping as a key", "a name", "write the key as a plain name", key)
            elif key.value in own:
                first = own[key.value][1].start_mark.line + 1
                self._refuse(
                    (*path, key.value), "the same key twice", "each key once",
                    f"it is also on line {first}: delete one of the two", key,
                )  # fmt: skip
            else:
                own[key.value] = (key.value, key, value)
        return [*own.values(), *(entry for name, entry in merged.items() if name not in own)]

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text, kind = node.value, node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in ("true", "yes", "on", "y")
        if kind == "int":
            digits = text.replace("_", "")
            based = digits.lstrip("+-")[:2].lower() in ("0x", "0o", "0b")
            return int(digits, 0 if based else 10) if ":" not in digits else text
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())
        if kind not in ("str", "timestamp"):  # a day such as 2027-03-01 stays the text it is
            self._refuse(path, f"the tag {_short(node.tag)}", "plain values", "leave the tag out")
        return text

    def _refuse(
        self, path: Path, found: str, expected: str, hint: str, node: Node | None = None
    ) -> None:
        place = self.source.places.get(path)
        if node is not None:
            line, column = node.start_mark.line + 1, node.start_mark.column + 1
        else:
            line, column = place.start if place else (1, 1)
        name = ".".join(map(str, path))
        self.source.problems.append(Problem(self.source.file, line, column, found, expected, hint, name))


def _short(tag: object) -> str:
    return str(tag).replace(_TAG, "!!")
