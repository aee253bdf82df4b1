"""Ask for a place of an array before it is needed: states of customers lie far apart, and waiting for one takes longer
than working on it."""

from __future__ import annotations

# mypy: disallow-untyped-calls=False
from typing import Any

from llvmlite import ir
from numba import types

from simengine.jit import instruction

READ, WRITE = 0, 1  # what a place is wanted for
KEEP, DATA = 3, 1  # for how long, and that it holds no instructions


def _typed_prefetch(purpose: int) -> Any:
    def typed(typing: Any, array: Any, place: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
            values, index = arguments
            element = builder.gep(context.make_array(array)(context, builder, values).data, [index])
            byte = builder.bitcast(element, ir.IntType(8).as_pointer())
            word = ir.IntType(32)
            function = builder.module.declare_intrinsic(
                "llvm.prefetch", [byte.type], ir.FunctionType(ir.VoidType(), [byte.type, word, word, word])
            )
            builder.call(function, [byte, word(purpose), word(KEEP), word(DATA)])
            return context.get_dummy_value()

        return types.void(array, types.intp), generate

    return typed


@instruction(_typed_prefetch(WRITE))
def prefetch(array: Any, place: Any) -> None:
    """Ask for element `place` of a one-dimensional contiguous array, to be changed; changes nothing."""


@instruction(_typed_prefetch(READ))
def prefetch_to_read(array: Any, place: Any) -> None:
    """As `prefetch`, for what is read alone."""
