"""A run's folder: it appears complete or not at all.

Everything is written into a hidden folder beside it, forced to the disk, and renamed. An earlier run's folder
of the same name is replaced, but only if it holds nothing but a run's own files: nothing else is ever deleted.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from simengine.portfolio.workshop import force_to_disk, is_running
from simengine.scenario.file_hash import sha256

SCENARIO, MANIFEST = "scenario.yaml", "manifest.json"
# The only files that a run writes, and so the only ones that the next may delete.
OWN = frozenset({SCENARIO, "results.nc", "customers.parquet", "events.parquet", "summary.json", MANIFEST})
ALWAYS = (SCENARIO, "results.nc", "summary.json")  # what every run writes, beside its manifest
_NAMED_AT_MOST = 3


class FolderRefused(ValueError):
    """The folder cannot hold a run; the message names it and says why."""


def require_usable(folder: Path) -> None:
    """Raise `FolderRefused` if a run cannot be written to `folder`; writes nothing."""
    target = _resolved(folder)
    if target == Path.cwd() or target in Path.cwd().parents:
        raise FolderRefused(f"{folder}, which is the folder you are in, or holds it")
    if target.is_dir():
        others = _strangers(target)
        if others:
            raise FolderRefused(f"{folder}, which holds files that are not a run's: {_enumerated(others)}")
        if any(target.iterdir()) and not is_run(target):
            raise FolderRefused(f"{folder}, which holds files that are not a run's: {MANIFEST} is missing or another's")
        if target.is_mount():
            raise FolderRefused(f"{folder}, which is the root of a disk; name a folder in it")
        if not os.access(target, os.W_OK | os.X_OK):
            raise FolderRefused(f"{folder}, which is not a folder that you may write to")
    elif target.exists():
        raise FolderRefused(f"{folder}, which is a file")
    ancestor = next(parent for parent in target.parents if parent.exists())
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise FolderRefused(f"{folder}, but {ancestor} is not a folder that you may write to")


def is_run(folder: Path) -> bool:
    """Whether `folder` is a finished run's: its manifest says which simengine wrote it, what it found, which files."""
    manifest = _manifest(folder)
    files = manifest.get("files")
    return (
        all(isinstance(manifest.get(key), str) for key in ("simengine", "digest"))
        and isinstance(files, dict)
        and OWN.issuperset(files)
    )


def changed_files(folder: Path) -> list[str]:
    """The files of a run's folder that are gone, or not as the run wrote them, by its manifest."""
    files = dict.fromkeys(ALWAYS) | _manifest(folder).get("files", {})
    return [name for name, digest in files.items() if not _is_as_written(folder / name, digest)]


def _is_as_written(path: Path, digest: object) -> bool:
    try:
        return sha256(path) == digest
    except OSError:
        return False


def inputs_of_run(folder: Path) -> dict[str, str]:
    """The hashes of the files that a run read, by name; none if its manifest does not say."""
    inputs = _manifest(folder).get("inputs")
    return {name: str(digest) for name, digest in inputs.items()} if isinstance(inputs, dict) else {}


def _manifest(folder: Path) -> dict[str, Any]:
    """What a run's manifest says; nothing if there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into: it becomes `folder` if the block ends well, and vanishes if not.

    A link to a folder stays a link; the folder that it leads to is replaced.
    """
    require_usable(folder)
    folder = _resolved(folder)
    created = [parent for parent in folder.parents if not parent.exists()]  # innermost first
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    earlier = folder.with_name(f".{folder.name}.earlier-{os.getpid()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder)
        partial.mkdir()
        yield partial
        for path in sorted(partial.iterdir()):
            force_to_disk(path)
        force_to_disk(partial)
        require_usable(folder)  # a long run leaves time to put something there
        if folder.exists():
            folder.rename(earlier)
        partial.rename(folder)
        force_to_disk(folder.parent)
    except Exception as error:
        full = os.strerror(errno.ENOSPC)
        if full in str(error):  # neither the system nor a library says where
            raise OSError(errno.ENOSPC, full, str(folder)) from error
        raise
    finally:
        if earlier.exists() and not folder.exists():
            earlier.rename(folder)
        _remove_run(earlier)
        shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):  # one that holds something by now stays
            for parent in created:
                parent.rmdir()


def _resolved(folder: Path) -> Path:
    """Where `folder` leads to, through any links."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        raise FolderRefused(f"{folder}, which is a link that leads nowhere") from None


def _strangers(folder: Path) -> list[str]:
    """What `folder` holds besides a run's own files, by name; folders and links are never a run's."""
    return sorted(
        f"{path.name}/" if path.is_dir() else path.name
        for path in folder.iterdir()
        if path.name not in OWN or path.is_symlink() or not path.is_file()
    )


def _enumerated(names: list[str]) -> str:
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(names[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _remove_run(folder: Path) -> None:
    """Remove a run's own files, and the folder if it is empty then."""
    with suppress(OSError):
        for name in OWN:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed runs to the same folder left beside it; an earlier run that none replaced is put back."""
    for path in list(folder.parent.iterdir()):
        stem, _, process = path.name.rpartition("-")
        if not process.isdecimal() or (int(process) != os.getpid() and is_running(int(process))):
            continue
        if stem == f".{folder.name}.partial":
            shutil.rmtree(path, ignore_errors=True)
        elif stem == f".{folder.name}.earlier":
            if folder.exists():
                _remove_run(path)
            else:
                path.rename(folder)
