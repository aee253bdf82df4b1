"""Malformed scenario and customer files, each with what a user must read.

A case is a scenario `NAME.yaml`, or a folder `NAME` with `scenario.yaml` and what it needs; beside it stand
`NAME.expected`, all of standard error, and, where more than `validate` is meant, `NAME.arguments`: a command's name
(`run`), or options. `python -m tests.bad` prints the table of messages.

When a message is meant to change: `SIMENGINE_APPROVE=1 pytest tests/bad` writes every `NAME.expected` anew. Read the
difference as prose before it is committed: would a strategist know what to do?
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from simengine.cli.application import application
from simengine.cli.failure import guarded
from simengine.results.compiling import COMPILING

HERE = Path(__file__).parent
MOST_SECONDS = 10  # until an answer


@dataclass(frozen=True)
class Case:
    """A malformed input: its file or folder."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def expected(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.expected")

    @property
    def arguments(self) -> list[str]:
        """The command, the file and the options, as they are typed in the folder of the file."""
        stated = self.path.with_name(f"{self.path.stem}.arguments")
        words = stated.read_text(encoding="utf-8").split() if stated.exists() else []
        command = words.pop(0) if words and not words[0].startswith("-") else "validate"
        return [command, "scenario.yaml" if self.path.is_dir() else self.path.name, *words]

    def copied_to(self, folder: Path) -> None:
        if self.path.is_dir():
            shutil.copytree(self.path, folder, dirs_exist_ok=True)
        else:
            shutil.copy(self.path, folder)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str
    written: frozenset[str]


def cases() -> list[Case]:
    """All cases, by group and name."""
    groups = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__")
    paths = [path for group in groups for path in sorted(group.iterdir())]
    return [Case(path) for path in paths if path.is_dir() or path.suffix == ".yaml"]


def simengine(arguments: list[str], folder: Path) -> Ended:
    """What a user sees who types the command in a folder, by the command line's own way through this process."""
    return ended(lambda: application(arguments, prog_name="simengine"), folder)


def ended(command: Callable[[], object], folder: Path) -> Ended:
    """How a command ends that works in a folder."""
    before = _files(folder)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = guarded(command)
    told = err.getvalue().replace(f"{COMPILING}\n", "")  # the first time on a machine, whatever the input
    return Ended(code, out.getvalue(), told, frozenset(_files(folder)) - frozenset(before))


@contextlib.contextmanager
def answer_at_once() -> Iterator[None]:
    """Fails where an input is waited for, which would otherwise be for ever."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer after {MOST_SECONDS} seconds")

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def _files(folder: Path) -> set[str]:
    return {os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names}


def messages(text: str) -> Iterator[str]:
    """The lines of a message that say what is wrong, without the line of the file that is shown."""
    for line in text.splitlines():
        if line.strip() and " | " not in line:
            yield line
