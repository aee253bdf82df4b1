"""What lanes are to the compiler: three types of sixteen values, and the operators between two of a type."""

from __future__ import annotations

# mypy: disallow-untyped-calls=False
import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, models, register_model

LANES = 16
FLOATS = ir.VectorType(ir.FloatType(), LANES)
WORDS = ir.VectorType(ir.IntType(32), LANES)
TRUTHS = ir.VectorType(ir.IntType(1), LANES)


class LanesType(types.Type):
    """Numba's type of 16 numbers, or 16 answers to a comparison."""

    def __init__(self, name: str, vector: Any) -> None:
        super().__init__(name=name)
        self.vector = vector


float_lanes, whole_lanes, truth_lanes = (
    LanesType("FloatLanes", FLOATS),
    LanesType("WholeLanes", WORDS),
    LanesType("TruthLanes", TRUTHS),
)


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, numba_type.vector)


def _operators(kinds: dict[Any, Any], symbol: Any, build: Any) -> None:
    """Let compiled code apply an operator to two lanes of a kind; `kinds` says what kind the answer is."""

    class Typed(AbstractTemplate):
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
    return lambda builder, kind, a, b: getattr(builder, name if kind != float_lanes else f"f{name}")(a, b)


def _comparison(sign: str) -> Any:
    def build(builder: Any, kind: Any, a: Any, b: Any) -> Any:
        return builder.fcmp_ordered(sign, a, b) if kind == float_lanes else builder.icmp_signed(sign, a, b)

    return build


_operators({float_lanes: float_lanes, whole_lanes: whole_lanes}, operator.add, _arithmetic("add"))
for _symbol, _name in ((operator.sub, "sub"), (operator.mul, "mul"), (operator.truediv, "div")):
    _operators({float_lanes: float_lanes}, _symbol, _arithmetic(_name))
for _symbol, _name in ((operator.and_, "and_"), (operator.or_, "or_")):
    _operators({whole_lanes: whole_lanes, truth_lanes: truth_lanes}, _symbol, _arithmetic(_name))
_operators({whole_lanes: whole_lanes}, operator.xor, _arithmetic("xor"))
for _symbol, _name in ((operator.lshift, "shl"), (operator.rshift, "ashr")):
    _operators({whole_lanes: whole_lanes}, _symbol, _arithmetic(_name))
_operators({float_lanes: truth_lanes, whole_lanes: truth_lanes}, operator.gt, _comparison(">"))
for _symbol, _name in ((operator.ge, ">="), (operator.eq, "=="), (operator.ne, "!=")):
    _operators({whole_lanes: truth_lanes}, _symbol, _comparison(_name))
