"""What a command is making and has not finished, so that it can be removed also if the command ends at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TRIES = 100  # another thread may still be writing
_folders: set[Path] = set()
_processes: set[subprocess.Popen[Any]] = set()


@contextmanager
def unfinished(folder: Path) -> Iterator[None]:
    """Whatever is in `folder` is of no use before the block ends; the folder is removed then."""
    _folders.add(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _folders.discard(folder)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A new folder for temporary files that is removed when the block ends, or the command."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    with unfinished(folder):
        yield folder


@contextmanager
def stopped_after(process: subprocess.Popen[Any]) -> Iterator[None]:
    """Another program is of no use after the block: it is stopped then, or when the command ends."""
    _processes.add(process)
    try:
        yield
    finally:
        process.kill()
        process.wait()
        _processes.discard(process)


def finish(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run another program to its end; it is stopped if the block, or the command, ends before.

    Raises CalledProcessError, with what it wrote on standard error as a note, if it fails.
    """
    with (
        subprocess.Popen(
            arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace"
        ) as process,
        stopped_after(process),
    ):
        _, told = process.communicate()
    if process.returncode:
        error = subprocess.CalledProcessError(process.returncode, list(arguments), stderr=told)
        error.add_note(told)
        raise error


def remove_unfinished() -> None:
    """For a command that ends without waiting for its threads."""
    for process in list(_processes):
        process.kill()
        process.wait()
    for folder in list(_folders):
        for _ in range(_TRIES):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.lexists(folder):
                break
