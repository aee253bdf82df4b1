"""Ctrl-C that is answered at once, also while machine code is being generated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_STACK_BYTES = 64 * 2**20  # the compiler recurses deeply; some systems give a second thread only 512 KiB


def interruptible(work: Callable[[], Result]) -> Result:
    """Do `work` on a second thread while this one waits for it or for Ctrl-C, whichever comes first.

    The interpreter answers Ctrl-C on its first thread only, and only between two of its own instructions;
    generating a kernel's machine code is one instruction of several seconds.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(work())
        except BaseException as error:  # handed to the waiting thread, whatever it is
            errors.append(error)

    previous = threading.stack_size(_STACK_BYTES)
    try:
        thread = threading.Thread(target=target, name="simulation", daemon=True)
        thread.start()
    finally:
        threading.stack_size(previous)
    while thread.is_alive():
        thread.join(0.1)
    if errors:
        raise errors[0]
    return results[0]
