"""Ask for a place of an array before it is needed: states of customers lie far apart, and waiting for one takes longer
than working on it."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_item_pointer
from numba.extending import intrinsic, overload

from simengine.jit import formula

WRITE, KEEP, DATA = 1, 3, 1  # what the place is wanted for, for how long, and that it holds no instructions


@intrinsic
def _prefetch_instruction(typing_context: Any, array: Any, place: Any) -> Any:
    """llvm.prefetch of an element of a one-dimensional array; changes nothing."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        typed, index = signature.args[0], arguments[1]
        values = context.make_array(typed)(context, builder, arguments[0])
        pointer = get_item_pointer(context, builder, typed, values, [index], False)  # type: ignore[no-untyped-call]
        byte = builder.bitcast(pointer, ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte.type], ir.FunctionType(ir.VoidType(), [byte.type, word, word, word])
        )
        builder.call(function, [byte, word(WRITE), word(KEEP), word(DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


def _prefetch(array: Any, place: Any) -> None:
    """Nothing, where code is not compiled."""


@overload(_prefetch)
def _compiled(array: Any, place: Any) -> Any:
    def instruction(array: Any, place: Any) -> None:
        _prefetch_instruction(array, place)  # type: ignore[call-arg]

    return instruction


@formula
def prefetch(array: Any, place: Any) -> None:
    """Ask for element `place` of a one-dimensional array."""
    _prefetch(array, place)
