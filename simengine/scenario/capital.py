"""Capital that a customer ties up: a share of its revenue, or money per customer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from simengine.scenario.fields import SENSIBLE, refused, sensible
from simengine.scenario.units import HOW, LARGEST, NumberRefused, pattern_of, read_number

_OF_REVENUE = re.compile(r"(.*\S)\s+of\s+(?:annual |yearly |the )?revenues?", re.ASCII)
_FRACTION = pattern_of(signed=False, percent=True).removesuffix("$")


@dataclass(frozen=True)
class OfRevenue:
    """Capital as a fraction of a customer's yearly revenue."""

    fraction: float
    money: ClassVar[float] = 0.0


@dataclass(frozen=True)
class PerCustomer:
    """Capital in money per customer."""

    fraction: ClassVar[float] = 0.0
    money: float


def read_capital(value: object) -> OfRevenue | PerCustomer:
    """`12% of revenue`, or money per customer."""
    if isinstance(value, (OfRevenue, PerCustomer)):
        return value
    match = _OF_REVENUE.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        number = read_number(match[1] if match else value)
    except NumberRefused as error:
        raise refused("capital such as `12% of revenue`, or money per customer: " + HOW, error.suggestion) from None
    if number < 0:
        raise refused("capital of at least 0")
    if not sensible(number):
        raise refused(SENSIBLE)
    if match:
        return OfRevenue(number)
    if isinstance(value, str) and value.strip().endswith("%"):
        raise refused("capital such as `12% of revenue`, or money per customer", f"write {value.strip()} of revenue")
    return PerCustomer(number)


def write_capital(capital: OfRevenue | PerCustomer) -> str | float:
    """As a person writes it; reads back to the same bits."""
    return f"{capital.fraction!r} of revenue" if isinstance(capital, OfRevenue) else capital.money


Capital = Annotated[
    OfRevenue | PerCustomer,
    PlainValidator(read_capital),
    PlainSerializer(write_capital),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": LARGEST},
                {"type": "string", "pattern": pattern_of(signed=False, percent=False)},
                {"type": "string", "pattern": _FRACTION + r"\s+of\s+(annual |yearly |the )?revenues?$"},
            ],
            "description": "A fraction of yearly revenue, or money per customer.",
            "x-unit": "a fraction of yearly revenue, or money per customer",
        }
    ),
]
