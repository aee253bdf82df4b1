"""A run's folder: it appears complete or not at all.

Everything is written into a hidden folder beside it, forced to the disk, and renamed. An earlier run's folder
of the same name is replaced; a folder that holds anything else is refused.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "manifest.json"


class FolderRefused(ValueError):
    """The folder cannot hold a run; the message names it and says why."""


def require_usable(folder: Path) -> None:
    """Raise `FolderRefused` if a run cannot be written to `folder`; writes nothing."""
    if folder.is_dir():
        if any(folder.iterdir()) and not is_run(folder):
            raise FolderRefused(f"{folder}, which holds files that are not a run's")
    elif folder.exists():
        raise FolderRefused(f"{folder}, which is a file")
    ancestor = next(parent for parent in folder.absolute().parents if parent.exists())
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise FolderRefused(f"{folder}, but {ancestor} is not a folder that you may write to")


def is_run(folder: Path) -> bool:
    """Whether `folder` is a finished run's."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "simengine" in manifest


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into: it becomes `folder` if the block ends well, and vanishes if not."""
    require_usable(folder)
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    earlier = folder.with_name(f".{folder.name}.earlier-{os.getpid()}")
    partial.mkdir()
    try:
        yield partial
        for path in sorted(partial.iterdir()):
            _force_to_disk(path)
        _force_to_disk(partial)
        if folder.exists():
            folder.rename(earlier)
        partial.rename(folder)
        _force_to_disk(folder.parent)
    finally:
        if earlier.exists() and not folder.exists():
            earlier.rename(folder)
        shutil.rmtree(earlier, ignore_errors=True)
        shutil.rmtree(partial, ignore_errors=True)


def _force_to_disk(path: Path) -> None:
    if sys.platform == "win32":
        return  # folders cannot be opened there, and a rename is durable once it returns
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed runs to the same folder left beside it."""
    for path in list(folder.parent.iterdir()):
        stem, _, process = path.name.rpartition("-")
        beside = stem in (f".{folder.name}.partial", f".{folder.name}.earlier") and process.isdecimal()
        if beside and (int(process) == os.getpid() or not _is_running(int(process))):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no harmless question to ask; what was left stays
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
