"""What a user sees on standard error while a command works."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Display:
    """A progress bar on a terminal and notices everywhere, both on standard error, neither if quiet."""

    def __init__(self, quiet: bool, doing: str = "simulating") -> None:
        self._quiet, self._doing = quiet, doing
        self._console = Console(file=sys.stderr, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._reading: TaskID | None = None

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def progress(self, done: int, total: int) -> None:
        """`done` of `total` steps are finished."""
        if self._task is None:
            self._task = self._bar.add_task(self._doing, total=total)
        self._bar.update(self._task, completed=done, total=total)

    def reading(self, done: int, total: int) -> None:
        """`done` of `total` columns of the customer files are read."""
        if self._reading is None:
            self._reading = self._bar.add_task("reading customers", total=total)
        self._bar.update(self._reading, completed=done, total=total, visible=done < total)

    def notice(self, text: str) -> None:
        """One line that a user should read."""
        if not self._quiet:
            self._console.print(text, style="dim", soft_wrap=True, markup=False)
