"""Files that appear complete or not at all: made in a hidden folder beside their place, forced to the disk, renamed."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simengine.unfinished import unfinished


@contextmanager
def workshop(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path` to write parts into; it vanishes at the end, however that comes.

    What killed processes left of earlier ones to the same path is removed. Folders above `path` are made.
    """
    import duckdb  # here, as commands that make no files need not wait for it

    created = [parent for parent in path.absolute().parents if not parent.exists()]  # innermost first
    folder = path.absolute().with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for other in list(folder.parent.glob(f".{path.name}.partial-*")):
            process = other.name.rpartition("-")[2]
            if process.isdecimal() and not is_running(int(process)):
                shutil.rmtree(other, ignore_errors=True)
        with unfinished(folder):
            folder.mkdir()
            yield folder
    except duckdb.IOException as error:
        full = os.strerror(errno.ENOSPC)
        number = errno.ENOSPC if full in str(error) else errno.EIO
        raise OSError(number, os.strerror(number), str(path)) from error
    finally:
        with suppress(OSError):  # one that holds something by now stays
            for parent in created:
                parent.rmdir()


def put(made: Path, path: Path) -> None:
    """Let a finished file appear at `path`."""
    force_to_disk(made)
    made.replace(path)
    force_to_disk(path.absolute().parent)


def force_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if sys.platform == "win32":
        return  # folders cannot be opened there, and a rename is durable once it returns
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_running(process: int) -> bool:
    """Whether there is a process of this number."""
    if sys.platform == "win32":
        return True  # there is no harmless question to ask; what was left stays
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
