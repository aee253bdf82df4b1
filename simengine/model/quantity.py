"""What a formula may be applied to: one number, or many at once."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar


class Arithmetic(Protocol):
    """A float, or anything that adds, subtracts and multiplies like one, element by element."""

    def __add__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __mul__(self, other: Self | float, /) -> Self: ...


Quantity = TypeVar("Quantity", bound=Arithmetic)
