"""Sixteen 32-bit numbers at a time, written out as such: the same lanes, hence the same bits, on every processor.

The compiler turns a plain loop into vector instructions only where it can prove that no two arrays overlap and that
no order of a sum changes, and it keeps columns between two loops in memory. Over `LANES` numbers there is nothing to
prove: `load` 16 neighbours of a column, compute with operators and `fma`, `store` them. Lanes are float32, rounded as
float32 is, or int32 (a uint32 column is read as the int32 of the same bits); comparing two gives lanes that are true
or not, for `either`. A sum over a column has 16 partial sums, one a lane, that `total` adds by a fixed tree.
Uncompiled, lanes are a numpy array of 16.
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
f32, i32 = np.float32, np.int32

_FLOATS = ir.VectorType(ir.FloatType(), LANES)
_PICKS = ir.VectorType(ir.IntType(32), LANES)
_TRUTHS = ir.VectorType(ir.IntType(1), LANES)
_HALVES = (8, 4, 2, 1)


class LanesType(types.Type):
    """Numba's type of 16 numbers, or 16 answers to a comparison."""

    def __init__(self, name: str, vector: Any) -> None:
        super().__init__(name=name)
        self.vector = vector


_lanes, _whole, _truth = LanesType("Lanes", _FLOATS), LanesType("WholeLanes", _PICKS), LanesType("TruthLanes", _TRUTHS)


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, numba_type.vector)


def _operators(kinds: dict[Any, Any], symbol: Any, build: Any) -> None:
    """Let compiled code apply an operator to two lanes of a kind; `kinds` says what kind the answer is."""

    class Typed(AbstractTemplate):  # type: ignore[misc]
        def generic(self, arguments: Any, keywords: Any) -> Any:
            left, *others = arguments
            return signature(kinds[left], left, left) if others == [left] and left in kinds else None

    infer_global(symbol)(Typed)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return build(builder, sig.args[0], *arguments)

    for kind in kinds:
        lower_builtin(symbol, kind, kind)(generate)


def _arithmetic(name: str) -> Any:
    """The instruction of a name for whole numbers, with an f before it for others."""
    return lambda builder, kind, a, b: getattr(builder, name if kind != _lanes else f"f{name}")(a, b)


def _comparison(sign: str) -> Any:
    def build(builder: Any, kind: Any, a: Any, b: Any) -> Any:
        return builder.fcmp_ordered(sign, a, b) if kind == _lanes else builder.icmp_signed(sign, a, b)

    return build


_operators({_lanes: _lanes, _whole: _whole}, operator.add, _arithmetic("add"))
for _symbol, _name in ((operator.sub, "sub"), (operator.mul, "mul"), (operator.truediv, "div")):
    _operators({_lanes: _lanes}, _symbol, _arithmetic(_name))
for _symbol, _name in ((operator.and_, "and_"), (operator.or_, "or_")):
    _operators({_whole: _whole, _truth: _truth}, _symbol, _arithmetic(_name))
_operators({_whole: _whole}, operator.xor, _arithmetic("xor"))
_operators({_whole: _whole}, operator.rshift, _arithmetic("ashr"))
for _symbol, _name in ((operator.gt, ">"), (operator.ge, ">="), (operator.eq, "=="), (operator.ne, "!=")):
    _operators({_lanes: _truth, _whole: _truth}, _symbol, _comparison(_name))


def _kind_of(array_type: Any) -> Any:
    """What lanes of a column are."""
    kinds = {types.float32: _lanes, types.int32: _whole, types.uint32: _whole}
    if array_type.layout != "C" or array_type.ndim != 1 or array_type.dtype not in kinds:
        raise TypeError(f"lanes are of contiguous columns of 32-bit numbers, not of {array_type}")
    return kinds[array_type.dtype]


def _address(context: Any, builder: Any, array_type: Any, array: Any, start: Any, vector: Any) -> Any:
    """Where the lanes of a column that begin at `start` are."""
    first = builder.gep(context.make_array(array_type)(context, builder, array).data, [start])
    return builder.bitcast(first, vector.as_pointer())


@intrinsic
def _load_instruction(typing_context: Any, column: Any, start: Any) -> Any:
    kind = _kind_of(column)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        array, first = arguments
        return builder.load(_address(context, builder, sig.args[0], array, first, kind.vector), align=4)

    return kind(column, types.int64), generate


@intrinsic
def _store_instruction(typing_context: Any, column: Any, start: Any, lanes: Any) -> Any:
    if _kind_of(column) != lanes:
        raise TypeError(f"{lanes} do not fit into {column}")

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        array, first, value = arguments
        builder.store(value, _address(context, builder, sig.args[0], array, first, lanes.vector), align=4)
        return context.get_dummy_value()

    return types.void(column, types.int64, lanes), generate


def _spread(builder: Any, value: Any, vector: Any) -> Any:
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(_PICKS, [0] * LANES))


@intrinsic
def _every_instruction(typing_context: Any, value: Any) -> Any:
    kind = _lanes if value == types.float32 else _whole

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return _spread(builder, arguments[0], kind.vector)

    return kind(value), generate


@intrinsic
def _fma_instruction(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        of_lanes = ir.FunctionType(_FLOATS, [_FLOATS] * 3)
        fused = cgutils.get_or_insert_function(builder.module, of_lanes, f"llvm.fma.v{LANES}f32")
        return builder.call(fused, arguments)

    return _lanes(_lanes, _lanes, _lanes), generate


@intrinsic
def _either_instruction(typing_context: Any, truth: Any, yes: Any, no: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return yes(_truth, yes, yes), generate


@intrinsic
def _up_to_instruction(typing_context: Any, a: Any, b: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.icmp_unsigned("<=", *arguments)

    return _truth(_whole, _whole), generate


@intrinsic
def _product_instruction(typing_context: Any, a: Any, factor: Any) -> Any:
    """Both halves from products of the even and of the odd lanes, each in the 64 bits of two."""
    pairs, picks = ir.VectorType(ir.IntType(64), LANES // 2), ir.VectorType(ir.IntType(32), LANES // 2)
    low = [lane + (LANES - 1) * (lane % 2) for lane in range(LANES)]  # of 16 from even lanes, then 16 from odd ones

    def all_of(value: int) -> Any:
        return ir.Constant(pairs, [value] * (LANES // 2))

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        lanes = builder.bitcast(arguments[0], pairs)
        one = builder.insert_element(all_of(0), builder.zext(arguments[1], ir.IntType(64)), ir.IntType(32)(0))
        factors = builder.shuffle_vector(one, one, ir.Constant(picks, [0] * (LANES // 2)))
        even = builder.bitcast(builder.mul(builder.and_(lanes, all_of(2**32 - 1)), factors), _PICKS)
        odd = builder.bitcast(builder.mul(builder.lshr(lanes, all_of(32)), factors), _PICKS)
        halves = [
            builder.shuffle_vector(even, odd, ir.Constant(_PICKS, [pick + half for pick in low])) for half in (1, 0)
        ]
        return context.make_tuple(builder, sig.return_type, halves)

    return types.UniTuple(_whole, 2)(_whole, types.uint32), generate


@intrinsic
def _marks_instruction(typing_context: Any, truth: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        return builder.zext(builder.bitcast(arguments[0], ir.IntType(LANES)), ir.IntType(64))

    return types.uint64(_truth), generate


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
    lanes = column[start : start + LANES].copy()
    return lanes if lanes.dtype == f32 else lanes.view(i32)


def _store(column: Any, start: Any, lanes: Any) -> None:
    column[start : start + LANES] = lanes


def _every(value: Any) -> Any:
    return np.full(LANES, value, type(value))


def _fma(a: Any, b: Any, c: Any) -> Any:
    """As `bits.fma32`: the sum rounded to odd in float64, which makes the rounding to float32 exact."""
    product, addend = a.astype(np.float64) * b, c.astype(np.float64)
    total = product + addend
    part = total - product
    lost = (product - (total - part)) + (addend - part)
    nudged = np.nextafter(total, np.copysign(np.inf, lost))
    return np.where((lost != 0.0) & (total.view(np.int64) & 1 == 0), nudged, total).astype(f32)


def _either(truth: Any, yes: Any, no: Any) -> Any:
    return np.where(truth, yes, no)


def _up_to(a: Any, b: Any) -> Any:
    return a.view(np.uint32) <= b.view(np.uint32)


def _product(a: Any, factor: Any) -> Any:
    product = a.view(np.uint32).astype(np.uint64) * np.uint64(factor)
    return (product >> np.uint64(32)).astype(np.uint32).view(i32), product.astype(np.uint32).view(i32)


def _marks(truth: Any) -> Any:
    return np.packbits(truth, bitorder="little").view(np.uint16)[0].astype(np.uint64)


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
overload(_either, jit_options=_INLINE)(
    lambda truth, yes, no: lambda truth, yes, no: _either_instruction(truth, yes, no)  # type: ignore[call-arg]
)
overload(_up_to, jit_options=_INLINE)(lambda a, b: lambda a, b: _up_to_instruction(a, b))  # type: ignore[call-arg]
overload(_product, jit_options=_INLINE)(lambda a, factor: lambda a, factor: _product_instruction(a, factor))  # type: ignore[call-arg]
overload(_marks, jit_options=_INLINE)(lambda truth: lambda truth: _marks_instruction(truth))  # type: ignore[call-arg]
overload(_total, jit_options=_INLINE)(lambda lanes: lambda lanes: _total_instruction(lanes))  # type: ignore[call-arg]


@formula
def load(column: Any, start: Any) -> Any:
    """The lanes column[start : start + 16] of a contiguous column of 32-bit numbers; the caller stays within it."""
    return _load(column, start)


@formula
def store(column: Any, start: Any, lanes: Any) -> None:
    """column[start : start + 16] = lanes."""
    _store(column, start, lanes)


@formula
def every(value: Any) -> Any:
    """Lanes that all hold one float32."""
    return _every(f32(value))


@formula
def every_whole(value: Any) -> Any:
    """Lanes that all hold one int32."""
    return _every(i32(value))


@formula
def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c in every lane, rounded once (fused multiply-add)."""
    return _fma(a, b, c)


@formula
def either(truth: Any, yes: Any, no: Any) -> Any:
    """In every lane `yes` where it is true, else `no`."""
    return _either(truth, yes, no)


@formula
def up_to(a: Any, b: Any) -> Any:
    """a <= b in every lane, of whole numbers as uint32."""
    return _up_to(a, b)


@formula
def product(a: Any, factor: Any) -> Any:
    """The high and the low 32 bits of a * factor in every lane, as uint32."""
    return _product(a, np.uint32(factor))


@formula
def marks(truth: Any) -> Any:
    """The lanes that are true as bits of a word, lane 0 lowest; see `arithmetic.marks`."""
    return _marks(truth)


@formula
def total(lanes: Any) -> Any:
    """The sum of the lanes by a fixed tree: halves onto halves."""
    return _total(lanes)
