"""Sixteen float32 numbers at a time, written out as such: the same lanes, hence the same bits, on every processor.

The compiler turns a plain loop into vector instructions only where it can prove that no two arrays overlap and that
no order of a sum changes. Over `LANES` numbers there is nothing to prove: `load` 16 neighbours of a column, compute
with + - * / and `fma`, `store` them. Each operation rounds every lane as float32 does; a sum over a column has 16
partial sums, one a lane, that `total` adds by a fixed tree. Uncompiled, the lanes are a numpy array of 16.
"""

from __future__ import annotations

# mypy: disallow-untyped-calls=False, warn-unused-ignores=False
import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, overload, register_model

from simengine.jit import formula

LANES = 16
f32 = np.float32

_VECTOR = ir.VectorType(ir.FloatType(), LANES)
_PICKS = ir.VectorType(ir.IntType(32), LANES)
_HALVES = (8, 4, 2, 1)


class LanesType(types.Type):
    """Numba's type of 16 float32 numbers."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


_lanes = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _VECTOR)


def _operator(symbol: Any, instruction: str) -> None:
    """Let compiled code apply an operator to two sets of lanes."""

    class Typed(AbstractTemplate):  # type: ignore[misc]
        def generic(self, arguments: Any, keywords: Any) -> Any:
            return signature(_lanes, _lanes, _lanes) if arguments == (_lanes, _lanes) else None

    infer_global(symbol)(Typed)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments)

    lower_builtin(symbol, LanesType, LanesType)(generate)


for _symbol, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operator(_symbol, _instruction)


def _address(context: Any, builder: Any, array_type: Any, array: Any, start: Any) -> Any:
    """Where the lanes of a contiguous column that begin at `start` are."""
    if array_type.layout != "C" or array_type.ndim != 1:
        raise TypeError(f"lanes are of contiguous columns, not of {array_type}")
    first = builder.gep(context.make_array(array_type)(context, builder, array).data, [start])
    return builder.bitcast(first, _VECTOR.as_pointer())


@intrinsic
def _load_instruction(typing_context: Any, column: Any, start: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.load(_address(context, builder, sig.args[0], *arguments), align=4)

    return _lanes(column, types.int64), generate


@intrinsic
def _store_instruction(typing_context: Any, column: Any, start: Any, lanes: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _address(context, builder, sig.args[0], *arguments[:2]), align=4)
        return context.get_dummy_value()

    return types.void(column, types.int64, _lanes), generate


@intrinsic
def _every_instruction(typing_context: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), arguments[0], ir.IntType(32)(0))
        return builder.shuffle_vector(one, one, ir.Constant(_PICKS, [0] * LANES))

    return _lanes(types.float32), generate


@intrinsic
def _fma_instruction(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        of_lanes = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        fused = cgutils.get_or_insert_function(builder.module, of_lanes, f"llvm.fma.v{LANES}f32")
        return builder.call(fused, arguments)

    return _lanes(_lanes, _lanes, _lanes), generate


@intrinsic
def _total_instruction(typing_context: Any, lanes: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        value = arguments[0]
        for half in _HALVES:
            upper = [(lane + half) % LANES for lane in range(LANES)]
            value = builder.fadd(value, builder.shuffle_vector(value, value, ir.Constant(_PICKS, upper)))
        return builder.extract_element(value, ir.IntType(32)(0))

    return types.float32(_lanes), generate


def _load(column: Any, start: Any) -> Any:
    return column[start : start + LANES].copy()


def _store(column: Any, start: Any, lanes: Any) -> None:
    column[start : start + LANES] = lanes


def _every(value: Any) -> Any:
    return np.full(LANES, value, f32)


def _fma(a: Any, b: Any, c: Any) -> Any:
    """As `bits.fma32`: the sum rounded to odd in float64, which makes the rounding to float32 exact."""
    product, addend = a.astype(np.float64) * b, c.astype(np.float64)
    total = product + addend
    part = total - product
    lost = (product - (total - part)) + (addend - part)
    nudged = np.nextafter(total, np.copysign(np.inf, lost))
    return np.where((lost != 0.0) & (total.view(np.int64) & 1 == 0), nudged, total).astype(f32)


def _total(lanes: Any) -> Any:
    for half in _HALVES:
        lanes = lanes[:half] + lanes[half:]
    return lanes[0]


# Compiled code that calls the twin gets the instruction.
_INLINE: Any = {"forceinline": True}
overload(_load, jit_options=_INLINE)(lambda column, start: lambda column, start: _load_instruction(column, start))  # type: ignore[call-arg]
overload(_store, jit_options=_INLINE)(
    lambda column, start, lanes: lambda column, start, lanes: _store_instruction(column, start, lanes)  # type: ignore[call-arg]
)
overload(_every, jit_options=_INLINE)(lambda value: lambda value: _every_instruction(value))  # type: ignore[call-arg]
overload(_fma, jit_options=_INLINE)(lambda a, b, c: lambda a, b, c: _fma_instruction(a, b, c))  # type: ignore[call-arg]
overload(_total, jit_options=_INLINE)(lambda lanes: lambda lanes: _total_instruction(lanes))  # type: ignore[call-arg]


@formula
def load(column: Any, start: Any) -> Any:
    """The lanes column[start : start + 16] of a contiguous float32 column; the caller stays within it."""
    return _load(column, start)


@formula
def store(column: Any, start: Any, lanes: Any) -> None:
    """column[start : start + 16] = lanes."""
    _store(column, start, lanes)


@formula
def every(value: Any) -> Any:
    """Lanes that all hold one value."""
    return _every(f32(value))


@formula
def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c in every lane, rounded once (fused multiply-add)."""
    return _fma(a, b, c)


@formula
def total(lanes: Any) -> Any:
    """The sum of the lanes by a fixed tree: halves onto halves."""
    return _total(lanes)
