"""Which of up to 64 neighbours meet a condition, told as the bits of one uint64, the first neighbour's lowest."""

from __future__ import annotations

# mypy: disallow-untyped-calls=False
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from simengine.jit import formula, instruction

MARKS = 64  # told by one word
u64 = np.uint64

BYTES = ir.VectorType(ir.IntType(8), MARKS)
FIRST = ir.Constant(ir.VectorType(ir.IntType(32), MARKS), [0] * MARKS)


def _typed_bytes_up_to(typing: Any, words: Any, start: Any, most: Any) -> Any:
    if words.layout != "C" or words.ndim != 1 or words.dtype != types.uint32:
        raise TypeError(f"bytes are of contiguous columns of uint32, not of {words}")

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        array, first, largest = arguments
        place = builder.gep(context.make_array(words)(context, builder, array).data, [first])
        some = builder.load(builder.bitcast(place, BYTES.as_pointer()), align=4)
        nothing = ir.Constant(BYTES, ir.Undefined)
        one = builder.insert_element(nothing, builder.trunc(largest, ir.IntType(8)), ir.IntType(32)(0))
        limits = builder.shuffle_vector(one, nothing, FIRST)
        return builder.bitcast(builder.icmp_unsigned("<=", some, limits), ir.IntType(MARKS))

    return types.uint64(words, types.int64, types.uint32), generate


@instruction(_typed_bytes_up_to)
def bytes_up_to(words: Any, start: Any, most: Any) -> Any:
    """Marks of the 64 bytes, lowest first, of 16 unsigned 32-bit words from `start` on: up to `most`, at most 255."""
    some = words[start : start + MARKS // 4].copy().view(np.uint8)
    return np.packbits(some <= most, bitorder="little").view(np.uint64)[0]


def _typed_number(typing: Any, marks: Any) -> Any:
    return types.int64(types.uint64), lambda context, builder, sig, arguments: builder.ctpop(arguments[0])


@instruction(_typed_number)
def number(marks: Any) -> Any:
    """How many there are."""
    return int(marks).bit_count()


def _typed_lowest(typing: Any, marks: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.uint64), generate


@instruction(_typed_lowest)
def lowest(marks: Any) -> Any:
    """The place of the first mark; there must be one."""
    return (int(marks) & -int(marks)).bit_length() - 1


@formula
def without_lowest(marks: Any) -> Any:
    """The marks that are left when the first is taken away."""
    return marks & (marks - u64(1))


@formula
def only_first(marks: Any, count: Any) -> Any:
    """The marks of the first `count` neighbours, 0 < count <= 64."""
    return marks & (~u64(0) >> u64(MARKS - count))
