"""Reading a YAML 1.2 file, or saying why it cannot be read."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from pathlib import Path as FilePath

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from simengine.scenario.not_text import not_text
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean
from simengine.scenario.yaml_errors import unreadable
from simengine.scenario.yaml_nodes import NodeReader
from simengine.scenario.yaml_source import Place, Source, kind_of

LARGEST_BYTES = 1_000_000  # which take a few seconds to read


def read_yaml(path: str | os.PathLike[str]) -> Source:
    """Read a YAML 1.2 file. Raises `ScenarioError` if it cannot be read at all; duplicate keys and tags are
    collected in `Source.problems`, so that they are reported together with what else is wrong."""
    file = os.fspath(path)
    source = _read(_text(file), file)
    if not isinstance(source.data, dict):
        found = "an empty file" if source.data is None else kind_of(source.data)
        raise ScenarioError(
            [Problem(file, 1, 1, found, "a scenario: company, segments, allocations and more",
                     "see `simengine schema`")]
        )  # fmt: skip
    return source


def read_value(text: str, option: str) -> Source:
    """Read the value at the end of an option such as `--set company.tax_rate=30%`, written in YAML; its problems and
    its places name the option, and the column in it. Errors as above."""
    before = len(option) - len(text)
    name = len(option.partition(" ")[0]) + 1
    try:
        source = _read(text, option)
    except ScenarioError as error:
        raise ScenarioError(_of_option(p, before) for p in error.problems) from None
    source.problems = [_of_option(problem, before) for problem in source.problems]
    for path, place in source.places.items():
        _, column, length = place.start
        key = (before + place.key_column, place.key_length) if path else (name + 1, before - name - 1)
        source.places[path] = Place(0, before + column, 0, key[0], place.text, length, key[1], option)
    return source


def _of_option(problem: Problem, before: int) -> Problem:
    return replace(problem, line=0, column=before + problem.column, see=())


def _read(text: str, file: str) -> Source:
    source = Source(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor that is used again is legal YAML
            root = YAML(typ="safe", pure=True).compose(text)
        source.data = None if root is None else NodeReader(source).plain(root, (), ())
    except MarkedYAMLError as error:
        raise ScenarioError([unreadable(file, error)]) from error
    except ReaderError as error:
        before = text[: error.position]
        column = len(before) - (before.rfind("\n") + 1) + 1
        character = f"the character {ord(text[error.position]):#06x}"
        raise _unreadable(file, before.count("\n") + 1, column, character, "delete it") from error
    except YAMLError as error:
        raise _unreadable(file, 1, 1, f"'{error}'") from error
    except RecursionError as error:
        raise _unreadable(
            file, 1, 1, "entries within entries, too deep to be read", "a scenario needs seven levels"
        ) from error
    return source


def _text(file: str) -> str:
    def refused(found: str, hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(file, 0, 0, found, "a scenario file (YAML)", hint)])

    path = FilePath(file)
    try:
        if path.is_dir():
            inside = sorted(p.name for p in path.glob("*.y*ml"))
            raise refused("a folder", f"it holds {', '.join(inside[:5])}" if inside else "")
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise refused("not a regular file")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        folder = path.parent
        names = [p.name for p in folder.iterdir() if p.is_file()] if folder.is_dir() else []
        hint = did_you_mean(path.name, names) if folder.is_dir() else f"there is no folder {folder}"
        raise refused("no such file", hint) from error
    except (OSError, ValueError) as error:  # the latter for a name that no file can have
        raise refused(f"a file that cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if len(raw) > LARGEST_BYTES:
        hint = "customers belong in a file of their own: portfolio: {customers: FILE.csv}"
        raise refused(f"a file of more than {LARGEST_BYTES / 1e6:g} MB", hint)
    if other := not_text(raw):
        raise refused(*other)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        hint = "save the file as UTF-8"
        found = f"the byte {raw[error.start]:#04x}"
        raise ScenarioError([Problem(file, before.count(b"\n") + 1, column, found, "text in UTF-8", hint)]) from error


def _unreadable(file: str, line: int, column: int, found: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(file, line, column, found, "YAML", hint)])
