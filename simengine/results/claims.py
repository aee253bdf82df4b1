"""Who compiles what, of two processes that need the same: each claims it first, by a file that only one can make."""

from __future__ import annotations

from pathlib import Path


class Claims:
    """Those of one process, in a folder that both see."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._own = folder, set[str]()

    def claim(self, name: str) -> bool:
        """Whether it is for this process to compile what is stored by a name: nobody else has claimed it."""
        if name not in self._own:
            try:
                (self._folder / name).touch(exist_ok=False)
            except FileExistsError:
                return False
            except OSError:  # a folder that is gone: nobody sees claims any more
                return True
            self._own.add(name)
        return True

    def of_the_other(self) -> set[str]:
        """What the other process has claimed."""
        return {path.name for path in self._folder.iterdir()} - self._own
