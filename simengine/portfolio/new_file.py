"""Where a new file may be put: over nothing, or over one that was made here."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from simengine.portfolio.sql_text import connect, file_literal

MARK = "simengine"  # the key in a Parquet file's metadata that says who wrote it


class FileRefused(ValueError):
    """The file cannot be written; the message names it and says why."""


def require_new(path: Path, *, or_ours: bool = False) -> None:
    """Raise `FileRefused` if `path` cannot be written, or holds something. A Parquet file that was written by
    simengine may be replaced if `or_ours`. Writes nothing."""
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
