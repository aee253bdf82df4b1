"""Which kernels some work calls and with what types, found without compiling any: all is done in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core.dispatcher import _DispatcherBase
from numba.core.extending import _Intrinsic

Call = tuple[Any, tuple[Any, ...]]  # a kernel, and the types of its arguments


@contextmanager
def noted_calls() -> Iterator[list[Call]]:
    """The calls from Python within the block that nothing was compiled for, each once, as they come. For a process with
    one thread that does nothing else: compiled functions behave so wherever they are called from."""
    noted: dict[Call, None] = {}
    within: list[Any] = []  # the kernel that is being carried out

    def plain(kernel: Any, *arguments: Any) -> Callable[..., Any]:
        """What the dispatcher calls in place of the code that it asks for."""
        if within:
            return kernel.py_func  # type: ignore[no-any-return]
        noted.setdefault((kernel, tuple(map(kernel.typeof_pyval, arguments))))

        def carried_out(*given: Any) -> Any:
            within.append(kernel)
            try:
                return kernel.py_func(*given)
            finally:
                within.clear()

        return carried_out

    def twin(instruction: Any, *arguments: Any) -> Any:
        return instruction.twin(*arguments)

    calls: list[Call] = []
    dispatchers: Any = _DispatcherBase
    instructions: Any = _Intrinsic
    compiling, calling = dispatchers._compile_for_args, instructions.__call__
    dispatchers._compile_for_args, instructions.__call__ = plain, twin
    try:
        yield calls
    finally:
        dispatchers._compile_for_args, instructions.__call__ = compiling, calling
        calls.extend(noted)
