"""Sixteen 32-bit numbers at a time, written out as such: the same lanes, hence the same bits, on every processor.

The compiler turns a plain loop into vector instructions only where it can prove that no two arrays overlap and that
no order of a sum changes, and it keeps columns between two loops in memory. Over `LANES` numbers there is nothing to
prove: `load` 16 neighbours of a column, compute with operators and `fma`, `store` them. Lanes are float32, rounded as
float32 is, or int32 (a uint32 column is read as the int32 of the same bits); comparing two gives lanes that are true
or not, for `either`. A sum over a column has 16 partial sums, one a lane, that `total` adds by a fixed tree.
Uncompiled, lanes are a numpy array of 16.
"""

from __future__ import annotations

# mypy: disallow-untyped-calls=False
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from simengine.arithmetic.lane_types import FLOATS, WORDS, float_lanes, truth_lanes, whole_lanes
from simengine.arithmetic.lane_types import LANES as LANES
from simengine.jit import instruction

f32, i32 = np.float32, np.int32
HALVES = (8, 4, 2, 1)


def _kind_of(column: Any) -> Any:
    """What lanes of a column are."""
    kinds = {types.float32: float_lanes, types.int32: whole_lanes, types.uint32: whole_lanes}
    if column.layout != "C" or column.ndim != 1 or column.dtype not in kinds:
        raise TypeError(f"lanes are of contiguous columns of 32-bit numbers, not of {column}")
    return kinds[column.dtype]


def _address(context: Any, builder: Any, column_type: Any, column: Any, start: Any) -> Any:
    """Where the lanes of a column that begin at `start` are."""
    first = builder.gep(context.make_array(column_type)(context, builder, column).data, [start])
    return builder.bitcast(first, _kind_of(column_type).vector.as_pointer())


def _typed_load(typing: Any, column: Any, start: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, column, *arguments), align=4)

    return _kind_of(column)(column, types.int64), generate


@instruction(_typed_load)
def load(column: Any, start: Any) -> Any:
    """The lanes column[start : start + 16] of a contiguous column of 32-bit numbers; the caller stays within it."""
    lanes = column[start : start + LANES].copy()
    return lanes if lanes.dtype == f32 else lanes.view(i32)


def _typed_store(typing: Any, column: Any, start: Any, lanes: Any) -> Any:
    if _kind_of(column) != lanes:
        raise TypeError(f"{lanes} do not fit into {column}")

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        *place, value = arguments
        builder.store(value, _address(context, builder, column, *place), align=4)
        return context.get_dummy_value()

    return types.void(column, types.int64, lanes), generate


@instruction(_typed_store)
def store(column: Any, start: Any, lanes: Any) -> None:
    """column[start : start + 16] = lanes."""
    column[start : start + LANES] = lanes


def _typed_every(number: Any, lanes: Any) -> Any:
    """Of `number`, which other types are converted to, in `lanes`."""

    def typed(typing: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
            nothing = ir.Constant(lanes.vector, ir.Undefined)
            one = builder.insert_element(nothing, arguments[0], ir.IntType(32)(0))
            return builder.shuffle_vector(one, nothing, ir.Constant(WORDS, [0] * LANES))

        return lanes(number), generate

    return typed


@instruction(_typed_every(types.float32, float_lanes))
def every(value: Any) -> Any:
    """Lanes that all hold one float32."""
    return np.full(LANES, value, f32)


@instruction(_typed_every(types.int32, whole_lanes))
def every_whole(value: Any) -> Any:
    """Lanes that all hold one int32: the lowest 32 bits of an integer."""
    return np.full(LANES, i32(value), i32)


def _typed_fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        of_lanes = ir.FunctionType(FLOATS, [FLOATS] * 3)
        fused = cgutils.get_or_insert_function(builder.module, of_lanes, f"llvm.fma.v{LANES}f32")
        return builder.call(fused, arguments)

    return float_lanes(float_lanes, float_lanes, float_lanes), generate


@instruction(_typed_fma)
def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c in every lane, rounded once (fused multiply-add)."""
    # As `bits.fma32`: the sum rounded to odd in float64, which makes the rounding to float32 exact.
    product, addend = a.astype(np.float64) * b, c.astype(np.float64)
    total = product + addend
    part = total - product
    lost = (product - (total - part)) + (addend - part)
    nudged = np.nextafter(total, np.copysign(np.inf, lost))
    return np.where((lost != 0.0) & (total.view(np.int64) & 1 == 0), nudged, total).astype(f32)


def _typed_either(typing: Any, truth: Any, yes: Any, no: Any) -> Any:
    return yes(truth_lanes, yes, yes), lambda context, builder, sig, arguments: builder.select(*arguments)


@instruction(_typed_either)
def either(truth: Any, yes: Any, no: Any) -> Any:
    """In every lane `yes` where it is true, else `no`."""
    return np.where(truth, yes, no)


def _typed_up_to(typing: Any, a: Any, b: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.icmp_unsigned("<=", *arguments)

    return truth_lanes(whole_lanes, whole_lanes), generate


@instruction(_typed_up_to)
def up_to(a: Any, b: Any) -> Any:
    """a <= b in every lane, of whole numbers as uint32."""
    return a.view(np.uint32) <= b.view(np.uint32)


def _typed_product(typing: Any, a: Any, factor: Any) -> Any:
    """Both halves from products of the even and of the odd lanes, each in the 64 bits of two."""
    pairs, picks = ir.VectorType(ir.IntType(64), LANES // 2), ir.VectorType(ir.IntType(32), LANES // 2)
    low = [lane + (LANES - 1) * (lane % 2) for lane in range(LANES)]  # of 16 from even lanes, then 16 from odd ones

    def all_of(value: int) -> Any:
        return ir.Constant(pairs, [value] * (LANES // 2))

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        lanes = builder.bitcast(arguments[0], pairs)
        one = builder.insert_element(all_of(0), builder.zext(arguments[1], ir.IntType(64)), ir.IntType(32)(0))
        factors = builder.shuffle_vector(one, one, ir.Constant(picks, [0] * (LANES // 2)))
        even = builder.bitcast(builder.mul(builder.and_(lanes, all_of(2**32 - 1)), factors), WORDS)
        odd = builder.bitcast(builder.mul(builder.lshr(lanes, all_of(32)), factors), WORDS)
        halves = [
            builder.shuffle_vector(even, odd, ir.Constant(WORDS, [pick + half for pick in low])) for half in (1, 0)
        ]
        return context.make_tuple(builder, sig.return_type, halves)

    return types.UniTuple(whole_lanes, 2)(whole_lanes, types.uint32), generate


@instruction(_typed_product)
def product(a: Any, factor: Any) -> Any:
    """The high and the low 32 bits of a * factor in every lane, as uint32."""
    whole = a.view(np.uint32).astype(np.uint64) * np.uint64(factor)
    return (whole >> np.uint64(32)).astype(np.uint32).view(i32), whole.astype(np.uint32).view(i32)


def _typed_marks(typing: Any, truth: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.zext(builder.bitcast(arguments[0], ir.IntType(LANES)), ir.IntType(64))

    return types.uint64(truth_lanes), generate


@instruction(_typed_marks)
def marks(truth: Any) -> Any:
    """The lanes that are true as bits of a word, lane 0 lowest; see `arithmetic.marks`."""
    return np.packbits(truth, bitorder="little").view(np.uint16)[0].astype(np.uint64)


def _typed_total(typing: Any, lanes: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        value = arguments[0]
        for half in HALVES:
            upper = [(lane + half) % LANES for lane in range(LANES)]
            value = builder.fadd(value, builder.shuffle_vector(value, value, ir.Constant(WORDS, upper)))
        return builder.extract_element(value, ir.IntType(32)(0))

    return types.float32(float_lanes), generate


@instruction(_typed_total)
def total(lanes: Any) -> Any:
    """The sum of the lanes by a fixed tree: halves onto halves."""
    for half in HALVES:
        lanes = lanes[:half] + lanes[half:]
    return lanes[0]
