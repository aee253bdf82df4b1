"""How a command comes to its result, and how it prints it."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from simengine.cli.interruptible import interruptible

if TYPE_CHECKING:
    from rich.console import Console

Result = TypeVar("Result")


def simulated(
    work: Callable[..., Result],
    quiet: bool,
    rejects: Path | None,
    threads: int | None,
    memory: str | None,
    doing: str = "simulating",
) -> Result:
    """What `work` returns, which is told with what to simulate and whom to tell: the keyword arguments `rejects`,
    `threads`, `memory`, `reading`, `progress` and `notice` that runs and studies take."""
    from simengine.cli.progress import Display

    with Display(quiet, doing) as display:
        return interruptible(
            lambda: work(
                rejects=rejects, threads=threads, memory=memory,
                reading=display.reading, progress=display.progress, notice=display.notice,
            )
        )  # fmt: skip


def show(document: Any, text: Callable[[Console], None], json: bool) -> None:
    """Print a result: its document if `json`, else what `text` prints of it on the terminal."""
    if json:
        print_json(document)
        return
    from simengine.report.terminal import console

    text(console())


def print_json(document: Any) -> None:
    """One document, and nothing else, on standard output."""
    typer.echo(dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def tell_written(quiet: bool, *paths: Path | None) -> None:
    """Say on standard error which of the files that could be asked for are written."""
    written = [str(path) for path in paths if path is not None]
    if written:
        from simengine.cli.progress import Display

        Display(quiet).notice(f"written to {' and '.join(written)}")
