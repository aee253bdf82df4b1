"""Which of up to 64 neighbours meet a condition, told as the bits of one uint64, the first neighbour's lowest."""

from __future__ import annotations

# mypy: disallow-untyped-calls=False, warn-unused-ignores=False
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from simengine.jit import formula

MARKS = 64  # told by one word
u64 = np.uint64

_BYTES = ir.VectorType(ir.IntType(8), MARKS)
_FIRST = ir.VectorType(ir.IntType(32), MARKS)  # picks


@intrinsic
def _bytes_up_to_instruction(typing_context: Any, words: Any, start: Any, most: Any) -> Any:
    if words.layout != "C" or words.ndim != 1 or words.dtype != types.uint32:
        raise TypeError(f"bytes are of contiguous columns of uint32, not of {words}")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, first, largest = arguments
        place = builder.gep(context.make_array(words)(context, builder, array).data, [first])
        some = builder.load(builder.bitcast(place, _BYTES.as_pointer()), align=4)
        nothing = ir.Constant(_BYTES, ir.Undefined)
        one = builder.insert_element(nothing, builder.trunc(largest, ir.IntType(8)), ir.IntType(32)(0))
        limits = builder.shuffle_vector(one, nothing, ir.Constant(_FIRST, [0] * MARKS))
        return builder.bitcast(builder.icmp_unsigned("<=", some, limits), ir.IntType(MARKS))

    return types.uint64(words, types.int64, types.uint32), generate


@intrinsic
def _number_instruction(typing_context: Any, marks: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@intrinsic
def _lowest_instruction(typing_context: Any, marks: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.uint64), generate


def _bytes_up_to(words: Any, start: Any, most: Any) -> Any:
    some = words[start : start + MARKS // 4].copy().view(np.uint8)
    return np.packbits(some <= most, bitorder="little").view(np.uint64)[0]


def _number(marks: Any) -> Any:
    return int(marks).bit_count()


def _lowest(marks: Any) -> Any:
    return (int(marks) & -int(marks)).bit_length() - 1


# Compiled code that calls the twin gets the instruction.
_INLINE: Any = {"forceinline": True}
overload(_bytes_up_to, jit_options=_INLINE)(
    lambda words, start, most: lambda words, start, most: _bytes_up_to_instruction(words, start, most)  # type: ignore[call-arg]
)
overload(_number, jit_options=_INLINE)(lambda marks: lambda marks: _number_instruction(marks))  # type: ignore[call-arg]
overload(_lowest, jit_options=_INLINE)(lambda marks: lambda marks: _lowest_instruction(marks))  # type: ignore[call-arg]


@formula
def bytes_up_to(words: Any, start: Any, most: Any) -> Any:
    """Marks of the 64 bytes, lowest first, of 16 unsigned 32-bit words from `start` on: up to `most`, at most 255."""
    return _bytes_up_to(words, start, most)


@formula
def number(marks: Any) -> Any:
    """How many there are."""
    return _number(marks)


@formula
def lowest(marks: Any) -> Any:
    """The place of the first mark; there must be one."""
    return _lowest(marks)


@formula
def without_lowest(marks: Any) -> Any:
    """The marks that are left when the first is taken away."""
    return marks & (marks - u64(1))
