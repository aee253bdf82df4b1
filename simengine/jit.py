"""The only place that names Numba's flags.

Strict arithmetic (no fastmath: results must not depend on how a loop was vectorised), `nogil` (our own
pool runs kernels on threads), `error_model="numpy"` (a division's zero check would block vectorisation).

Numba does not notice that an imported compiled function was edited (numba#1833), so compiled code is cached in
a folder named by a hash of every source file that may hold one, and of the versions that compile it. Where it
cannot be stored, a run goes on without.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite
import numba

_PACKAGE = Path(__file__).parent


def _fingerprint() -> str:
    digest = hashlib.blake2b(digest_size=10)
    for part in (numba.__version__, llvmlite.__version__, platform.python_version()):
        digest.update(part.encode())
    for source in sorted(_PACKAGE.rglob("*.py")):
        text = source.read_bytes()
        if source == Path(__file__) or b"simengine.jit import" in text:
            digest.update(source.relative_to(_PACKAGE).as_posix().encode())
            digest.update(text)
    return digest.hexdigest()


def _cache_root() -> Path:
    if "SIMENGINE_CACHE" in os.environ:
        return Path(os.environ["SIMENGINE_CACHE"])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "simengine"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "simengine"


def _cache_directory() -> Path:
    """The folder for this build's compiled code; a temporary one where the user's cache cannot be written."""
    name = f"kernels-{_fingerprint()}"
    for root in (_cache_root(), Path(tempfile.gettempdir()) / "simengine"):
        folder = root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="simengine-"))


CACHE_DIRECTORY = _cache_directory()
numba.config.CACHE_DIR = str(CACHE_DIRECTORY)  # type: ignore[attr-defined]


def is_compiled(kernel: Any) -> bool:
    """Whether compiled code for `kernel` exists already, in this process or in the cache folder."""
    if not hasattr(kernel, "signatures"):  # NUMBA_DISABLE_JIT: nothing will be compiled
        return True
    function = kernel.py_func
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    return bool(kernel.signatures) or any(CACHE_DIRECTORY.rglob(f"{name}-*.nbi"))


def kernel(function: Any) -> Any:
    """Compile a loop over customers: releases the interpreter lock, keeps strict arithmetic, caches on disk."""
    return _compiled(function)


def formula(function: Any) -> Any:
    """Compile a small scalar formula into every loop that uses it (`forceinline`: what is called instead of inlined
    keeps the loop around it from becoming vector instructions, and costs a third of the engine's speed)."""
    return _compiled(function, forceinline=True)


def _compiled(function: Any, **options: Any) -> Any:
    """The function compiled when first called, and stored if there is room for that."""
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy", **options)(function)
    if hasattr(dispatcher, "enable_caching"):  # not so with NUMBA_DISABLE_JIT
        with suppress(OSError, RuntimeError):  # no folder can be made for it
            dispatcher.enable_caching()
            _store_if_possible(dispatcher._cache)
    return dispatcher


def _store_if_possible(cache: Any) -> None:
    """Let a run go on without stored code where the disk is full."""
    store = cache.save_overload

    def save_overload(signature: Any, code: Any) -> None:
        with suppress(OSError):
            store(signature, code)

    cache.save_overload = save_overload
