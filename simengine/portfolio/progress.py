"""How long work tells of its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]  # (steps done, steps in all)


def unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""
