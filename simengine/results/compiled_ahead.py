"""The second process of a first run: it compiles what the first has not come to, what takes longest first.

What will be called it finds by carrying out a miniature of the scenario in plain Python, which takes a fraction of a
second. `compiling_beside` starts it.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from simengine.code_store import ELSEWHERE, FOLDERS, STORING, CodeStore, is_stored
from simengine.results.claims import Claims
from simengine.results.compiling_beside import SCENARIO
from simengine.results.miniature import miniature_of
from simengine.results.noted_calls import Call, noted_calls
from simengine.results.run import run
from simengine.scenario.model import Scenario


def compile_ahead(scenario: Scenario, claims: Claims) -> None:
    """Compile what runs of a scenario call and nobody has compiled or claimed."""
    with noted_calls() as calls, suppress(Exception):  # if the miniature fails, what it called before is called
        run(miniature_of(scenario), threads=1, spread=False)

    def compiled(name: str) -> bool:
        claims.claim(name)  # a part of what is being compiled
        return False

    ELSEWHERE.compiled = compiled
    for kernel, types in longest_first(calls):
        name = CodeStore(kernel.py_func).file_name(types, kernel.targetctx.codegen())
        if not is_stored(name) and claims.claim(name):
            kernel.compile(types)
        if STORING.refusal:  # nobody would find the rest
            break


def longest_first(calls: Iterable[Call]) -> list[Call]:
    """Calls in the order of how long their kernels take to compile, about."""
    return sorted(calls, key=lambda call: -_length(call[0], {}))


def _length(kernel: Any, known: dict[Any, int]) -> int:
    """Bytes of a kernel's instructions, and of all that is compiled into it."""
    if kernel not in known:
        code, known[kernel] = kernel.py_func.__code__, 0
        called = [kernel.py_func.__globals__.get(name) for name in code.co_names]
        parts = [_length(each, known) for each in called if hasattr(each, "py_func")]
        known[kernel] = len(code.co_code) + sum(parts)
    return known[kernel]


def _end_with_the_first(folder: Path) -> None:
    """End this process when the one that started it does, however it ends: it holds our input open. The folder that it
    could not remove goes, too."""
    os.read(sys.stdin.fileno(), 1)  # past Python's buffer, whose lock would be missed at the end
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def main() -> None:
    """Of the scenario that is stored in the folder that is named first, for the store that is named second."""
    folder = Path(sys.argv[1])
    threading.Thread(target=_end_with_the_first, args=(folder,), daemon=True).start()
    if sys.argv[2] == str(FOLDERS[-1]):  # another version: nobody would find what is compiled
        compile_ahead(pickle.loads((folder / SCENARIO).read_bytes()), Claims(folder))


if __name__ == "__main__":
    main()
