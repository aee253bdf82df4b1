"""New files that appear complete or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from simengine.portfolio.sql_text import connect, file_literal
from simengine.results.folder import force_to_disk, is_running

MARK = "simengine"  # the key in a Parquet file's metadata that says who wrote it


class FileRefused(ValueError):
    """The file cannot be written; the message names it and says why."""


def require_new(path: Path, *, or_ours: bool = False) -> None:
    """Raise `FileRefused` if `path` cannot be written, or holds something. A Parquet file that was written by
    `simengine synth` may be replaced if `or_ours`. Writes nothing."""
    if path.is_dir():
        raise FileRefused(f"{path}, which is a folder")
    if (path.exists() or path.is_symlink()) and not (or_ours and _is_ours(path)):
        raise FileRefused(f"{path}, which exists")
    ancestor = next(parent for parent in path.absolute().parents if parent.exists())
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK | os.X_OK):
        raise FileRefused(f"{path}, but {ancestor} is not a folder that you may write to")


def _is_ours(path: Path) -> bool:
    try:
        with connect() as connection:
            keys = connection.execute(f"SELECT key FROM parquet_kv_metadata({file_literal(path)})").fetchall()
    except duckdb.Error:
        return False
    return any(bytes(key).decode(errors="replace") == MARK for (key,) in keys)


@contextmanager
def workshop(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path` to write parts into; it vanishes at the end, however that comes.

    What killed processes left of earlier ones to the same path is removed. Folders above `path` are made.
    """
    created = [parent for parent in path.absolute().parents if not parent.exists()]  # innermost first
    folder = path.absolute().with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for other in list(folder.parent.glob(f".{path.name}.partial-*")):
            process = other.name.rpartition("-")[2]
            if process.isdecimal() and not is_running(int(process)):
                shutil.rmtree(other, ignore_errors=True)
        folder.mkdir()
        yield folder
    except duckdb.IOException as error:
        full = os.strerror(errno.ENOSPC)
        number = errno.ENOSPC if full in str(error) else errno.EIO
        raise OSError(number, os.strerror(number), str(path)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # one that holds something by now stays
            for parent in created:
                parent.rmdir()


def put(made: Path, path: Path) -> None:
    """Let a finished file appear at `path`."""
    force_to_disk(made)
    made.replace(path)
    force_to_disk(path.absolute().parent)
