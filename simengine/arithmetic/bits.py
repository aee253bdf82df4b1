"""Three machine instructions the formulas need, each with an exact twin in plain Python.

Compiled code uses the instruction, uncompiled code (NUMBA_DISABLE_JIT=1) the twin; both give the same bits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from simengine.jit import formula


def _bitcast(name: str, source: Any, target: Any) -> Any:
    """An intrinsic that reads the bits of a `source` number as a `target` number."""

    def typed(typing_context: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], context.get_value_type(target))

        return target(source), generate

    typed.__name__ = name
    return intrinsic(typed)


_bits32_instruction = _bitcast("_bits32_instruction", types.float32, types.int32)
_float32_instruction = _bitcast("_float32_instruction", types.int32, types.float32)
_bits64_instruction = _bitcast("_bits64_instruction", types.float64, types.int64)
_float64_instruction = _bitcast("_float64_instruction", types.int64, types.float64)


@intrinsic
def _fma32_instruction(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """llvm.fma.f32: one instruction where the processor has it, the C library's exact fmaf where not."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        single = ir.FloatType()
        fused = builder.module.declare_intrinsic("llvm.fma", [single], ir.FunctionType(single, [single] * 3))
        return builder.call(fused, arguments)

    return types.float32(types.float32, types.float32, types.float32), generate


def _bits32(value: Any) -> np.int32:
    return np.float32(value).view(np.int32)


def _float32_of(bits: Any) -> np.float32:
    return np.int32(bits).view(np.float32)


def _bits64(value: Any) -> int:
    return int(np.float64(value).view(np.int64))


def _float64_of(bits: Any) -> float:
    return float(np.int64(bits).view(np.float64))


def _fma32(a: Any, b: Any, c: Any) -> np.float32:
    """a * b + c rounded once. The product is exact in float64; the sum is rounded to odd there, which
    makes the second rounding to float32 exact (Boldo and Melquiond 2008, doi:10.1109/TC.2007.70819)."""
    product, addend = float(a) * float(b), float(c)
    total = product + addend
    if math.isfinite(total):
        part = total - product
        lost = (product - (total - part)) + (addend - part)
        if lost != 0.0 and _bits64(total) & 1 == 0:
            total = math.nextafter(total, math.inf if lost > 0.0 else -math.inf)
    with np.errstate(over="ignore"):
        return np.float32(total)


# Compiled code that calls the twin gets the instruction.
overload(_bits32)(lambda value: lambda value: _bits32_instruction(value))
overload(_float32_of)(lambda bits: lambda bits: _float32_instruction(bits))
overload(_bits64)(lambda value: lambda value: _bits64_instruction(value))
overload(_float64_of)(lambda bits: lambda bits: _float64_instruction(bits))
overload(_fma32)(lambda a, b, c: lambda a, b, c: _fma32_instruction(a, b, c))  # type: ignore[call-arg]


@formula
def bits32(value: Any) -> Any:
    """The bits of a float32 as an int32."""
    return _bits32(np.float32(value))


@formula
def float32_of(bits: Any) -> Any:
    """The float32 whose bits are the int32 `bits`."""
    return _float32_of(np.int32(bits))


@formula
def bits64(value: Any) -> Any:
    """The bits of a float64 as an int64."""
    return _bits64(np.float64(value))


@formula
def float64_of(bits: Any) -> Any:
    """The float64 whose bits are the int64 `bits`."""
    return _float64_of(np.int64(bits))


@formula
def fma32(a: Any, b: Any, c: Any) -> Any:
    """a * b + c in float32, rounded once (fused multiply-add)."""
    return _fma32(np.float32(a), np.float32(b), np.float32(c))
