"""What a command is making and has not finished, so that it can be removed also if the command ends at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TRIES = 100  # another thread may still be writing
_folders: set[Path] = set()


@contextmanager
def unfinished(folder: Path) -> Iterator[None]:
    """Whatever is in `folder` is of no use before the block ends; the folder is removed then."""
    _folders.add(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _folders.discard(folder)


def remove_unfinished() -> None:
    """For a command that ends without waiting for its threads."""
    for folder in list(_folders):
        for _ in range(_TRIES):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.lexists(folder):
                break
