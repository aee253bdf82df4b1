"""The only place that names Numba's flags.

Strict arithmetic (no fastmath: results must not depend on how a loop was vectorised), `nogil` (our own
pool runs kernels on threads), `error_model="numpy"` (a division's zero check would block vectorisation). What is
compiled is kept in `code_store`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numba
import numba.extending

from simengine.code_store import CodeStore, types_of


def _whole_vectors() -> None:
    """Let the compiler use vectors of 512 bits where the processor has them: unasked it takes half of them.

    Numba knows one setting for all: also other compiled functions of a program that imports this package get it. What
    the user says of the processor by Numba's variables stands.
    """
    features = str(llvmlite.binding.get_host_cpu_features().flatten())
    stated = numba.config.CPU_NAME or numba.config.CPU_FEATURES  # type: ignore[attr-defined]
    if "+avx512f" in features and not stated and numba.config.ENABLE_AVX:  # type: ignore[attr-defined]
        numba.config.CPU_NAME = llvmlite.binding.get_host_cpu_name()  # type: ignore[attr-defined]
        numba.config.CPU_FEATURES = f"{features},-prefer-256-bit"  # type: ignore[attr-defined]


def _shorter_compilation() -> None:
    """Let the compiler stop at its second level: the third takes a tenth longer, and its code is no faster here. What
    the user says by Numba's variable stands."""
    if "NUMBA_OPT" not in os.environ:
        numba.config.OPT = type(numba.config.OPT)(2)  # type: ignore[attr-defined]


_whole_vectors()
_shorter_compilation()


def is_compiled(kernel: Any, *types: str) -> bool:
    """Whether code of `kernel` for this processor exists already, in this process or in the store; for arguments of
    these types, as `code_store.types_of` names them."""
    if not hasattr(kernel, "signatures"):  # NUMBA_DISABLE_JIT: nothing will be compiled
        return True
    here = any(set(types).issubset(types_of(signature)) for signature in kernel.signatures)
    return here or CodeStore(kernel.py_func).is_there(kernel.targetctx.codegen(), *types)


def kernel(function: Any) -> Any:
    """Compile a loop over customers: releases the interpreter lock, keeps strict arithmetic, caches on disk."""
    return _compiled(function)


def formula(function: Any) -> Any:
    """Compile a small scalar formula into every loop that uses it (`forceinline`: what is called instead of inlined
    keeps the loop around it from becoming vector instructions, and costs a third of the engine's speed)."""
    return _compiled(function, forceinline=True)


def instruction(typed: Any) -> Callable[[Any], Any]:
    """Let compiled code have an instruction of the processor, by `typed` as Numba's `intrinsic` takes it. What is
    decorated is its twin in plain Python, with the same bits, for code that is not compiled."""

    def decorated(twin: Any) -> Any:
        if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
            return twin
        built: Any = numba.extending.intrinsic(typed)
        built.__doc__, built.twin = twin.__doc__, twin
        return built

    return decorated


def _compiled(function: Any, **options: Any) -> Any:
    """The function compiled when first called, and stored if it is one of the package: for others, nothing would say
    that they were edited."""
    flags: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, **options}
    dispatcher: Any = numba.njit(**flags)(function)
    if not hasattr(dispatcher, "py_func"):  # NUMBA_DISABLE_JIT
        return dispatcher
    inner: Any = dispatcher
    if options:
        # A formula becomes part of what calls it: no call from Python needs to be prepared, nor anything stored.
        inner = numba.njit(**flags | {"no_cpython_wrapper": True})(function)
        dispatcher.get_overload = inner.get_overload
    dispatcher.get_call_template = _same_code_for_constants(inner.get_call_template)
    if function.__module__.startswith("simengine."):
        dispatcher._cache = CodeStore(function)
    return dispatcher


def _same_code_for_constants(resolve: Any) -> Any:
    """Compile a formula once for all integers, not once more for every constant that a kernel calls it with.

    A constant is put in when the formula is inlined; compiling for each beforehand takes a sixth of the first run.
    """

    def get_call_template(arguments: Any, keywords: Any) -> Any:
        unliteral: Any = numba.types.unliteral
        return resolve(tuple(map(unliteral, arguments)), {name: unliteral(each) for name, each in keywords.items()})

    return get_call_template
