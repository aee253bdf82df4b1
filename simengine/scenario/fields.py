"""The kinds of value that fields hold: numbers with units and ranges, one of several words, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError
from pydantic_core import core_schema as core

from simengine.scenario.problems import did_you_mean, listed
from simengine.scenario.units import HOW, LARGEST, SMALLEST, NumberRefused, read_number

DISTRIBUTIONS = {"normal", "lognormal", "triangular", "pert", "uniform", "beta", "discrete", "empirical"}

SENSIBLE = "a number of sensible size: 0, or from 1e-12 to 1e18"


class NotKnown(Exception):
    """A field was asked for of which it is not known what it is meant to be: what is written there is malformed."""


class Model(BaseModel):
    """Frozen, strict about keys; the docstring of an attribute is its description in the schema.

    `later` names what the language will have and this version does not, with what to use instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)
    later: ClassVar[Mapping[str, str]] = {}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Asked for what is not there: a field is only not there where a draft has taken it out."""
            if name in type(self).model_fields:
                raise NotKnown(name)
            return super().__getattr__(name)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: core.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        from simengine.scenario.json_shapes import describe

        shape = handler(schema)
        describe(cls, handler.resolve_ref_schema(shape))
        return shape


def refused(
    expected: str, suggestion: str = "", found: str = "", part: tuple[int, int] | None = None
) -> PydanticCustomError:
    """The error of a field's own check: what was expected, what to write instead; `part` as of `Source.problem`."""
    context = {"expected": expected, "suggestion": suggestion, "found": found, "part": part}
    return PydanticCustomError("refused", "expected {expected}", context)


def sensible(number: float) -> bool:
    """Whether arithmetic with a number, squares and sums over customers too, stays within what floats hold."""
    return number == 0 or SMALLEST <= abs(number) <= LARGEST


def not_available(what: str, instead: str) -> PydanticCustomError:
    """The error of a value that a later version will have."""
    return refused(f"another value: {what} is not available in this version", instead)


@dataclass(frozen=True)
class Number:
    """Marks a number: what it counts, its range, whether it is whole. Read from number words."""

    unit: str
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    whole: bool = False
    too_large: str = ""  # the hint for a number above the range, where it is not a percentage without its sign
    at_below: str = ""  # the hint for what it must stay `below`

    @property
    def counts(self) -> bool:
        """Whether it counts customers, money or the like, so that a percentage makes no sense."""
        return self.whole or self.unit.startswith(("money", "a price", "a number of", "years", "uses"))

    @property
    def description(self) -> str:
        """What is expected: the unit and the range."""
        return ", ".join(filter(None, [self.unit, self._range()]))

    def read(self, value: object) -> float:
        if isinstance(value, dict) and DISTRIBUTIONS & set(value):
            raise refused(
                "one number, the central value",
                "state what is uncertain about it at the top, under uncertain: {<path>: {normal: [3, 0.4]}}",
            )
        try:
            number = read_number(value)
        except NumberRefused as error:
            expected = self._how() if self.unit == "a number" else f"{self.unit}: {self._how()}"
            raise refused(expected, error.suggestion) from None
        if self.counts and isinstance(value, str) and "%" in value:
            plain = value.replace("%", "").strip()
            raise refused(f"{self.unit}, without %", f"write {plain}" if self.allows(read_number(plain)) else "")
        if not self.allows(number):
            raise refused(self.description, self._instead(value, number))
        if not sensible(number):
            raise refused(SENSIBLE)
        if not self.whole:
            return number
        if number != int(number):
            raise refused(f"{self.unit}, a whole number", f"write {round(number)}")
        return int(number)

    def _how(self) -> str:
        """How such a number is written."""
        ceiling = self.maximum if self.maximum is not None else self.below
        if self.whole:
            return str(self.minimum) if self.minimum == self.maximum else "a number such as 1200, 40k or 1.2M"
        if self.unit == "a level":
            return "a number such as 5 or 7.5"
        if not self.counts and ceiling is not None and ceiling <= 12:
            return "a number such as 8% or 0.08"
        return HOW.replace(" 9%,", "") if self.counts else HOW

    def allows(self, number: float) -> bool:
        """Whether a number is in the range."""
        return (
            (self.minimum is None or number >= self.minimum)
            and (self.maximum is None or number <= self.maximum)
            and (self.above is None or number > self.above)
            and (self.below is None or number < self.below)
        )

    def _range(self) -> str:
        if self.minimum is not None and self.minimum == self.maximum:
            return f"{self.minimum:,.15g}"
        low = f"at least {self.minimum:,.15g}" if self.minimum is not None else ""
        low = f"more than {self.above:,.15g}" if self.above is not None else low
        high = f"at most {self.maximum:,.15g}" if self.maximum is not None else ""
        high = f"less than {self.below:,.15g}" if self.below is not None else high
        return listed(filter(None, [low, high]), "and")

    def _instead(self, value: object, number: float) -> str:
        """A percentage written without its sign is the usual slip."""
        ceiling = self.maximum if self.maximum is not None else self.below
        if self.at_below and number == self.below:
            return self.at_below
        if isinstance(value, str) and "%" in value:
            return ""
        if self.too_large and ceiling is not None and number > ceiling:
            return self.too_large
        if ceiling is not None and ceiling <= 12 and number > ceiling and self.allows(number / 100):
            return f"did you mean {number:g}%?"
        return ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core.CoreSchema:
        return core.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: core.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        from simengine.scenario.json_shapes import number_shape

        return number_shape(self)


@dataclass(frozen=True)
class OneOf:
    """Marks a choice among words (a `Literal`) and says what each means; `later` holds those of later versions,
    and what to use."""

    meanings: Mapping[str, str] = field(default_factory=dict, hash=False)
    later: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core.CoreSchema:
        words: tuple[str, ...] = get_args(source)

        def read(value: object) -> str:
            if isinstance(value, str) and value in words:
                return value
            if isinstance(value, str) and value in self.later:
                raise not_available(value, self.later[value])
            raise refused(listed(words), did_you_mean(str(value), words))

        return core.no_info_plain_validator_function(read, metadata={"words": words})

    def __get_pydantic_json_schema__(self, schema: core.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        from simengine.scenario.json_shapes import words_shape

        return words_shape(list(schema["metadata"]["words"]), self)


Text = Annotated[str, Field(strict=True, min_length=1)]
_Name = Field(strict=True, min_length=1)
SegmentName = Annotated[str, _Name, Field(description="the name of a segment")]
SupplierName = Annotated[str, _Name, Field(description="a supplier: us, the name of a rival, or none")]
NeedName = Annotated[str, _Name, Field(description="a need, as listed under needs")]
AttributeName = Annotated[str, _Name, Field(description="a need, as listed under needs, price or knowledge")]
ShockName = Annotated[str, _Name, Field(description="us, the name of a rival, none, or demand")]
LeverName = Annotated[str, _Name, Field(description="the name of a lever")]
AllocationName = Annotated[str, _Name, Field(description="the name of an allocation")]
MoveName = Annotated[str, _Name, Field(description="the name of a move")]
TouchpointName = Annotated[str, _Name, Field(description="a way in which customers are served")]
Switch = Annotated[bool, Field(strict=True)]  # true or false: nothing else is read as either
Fraction = Annotated[float, Number("a fraction", minimum=0, maximum=1)]
Weight = Annotated[
    float, Number("a weight", minimum=0, maximum=1, too_large="weights sum to 1: divide each by the sum of all")
]
Margin = Annotated[float, Number("a fraction of revenue", minimum=-1, maximum=1)]
Variation = Annotated[float, Number("a coefficient of variation", minimum=0, maximum=10)]
Trend = Annotated[float, Number("a relative change", above=-1, maximum=10)]
Probability = Annotated[float, Number("a probability a year", above=0, below=1)]
Hazard = Annotated[float, Number("a hazard a year", minimum=0, maximum=12)]
ImitationSpeed = Annotated[float, Number("a speed a year", minimum=0, maximum=12)]
Money = Annotated[float, Number("money")]
Spend = Annotated[float, Number("money a year", minimum=0)]
Utility = Annotated[float, Number("utility", minimum=-200, maximum=200)]
Inertia = Annotated[float, Number("utility", minimum=0, maximum=20)]  # exp(20): e^20 times the weight of any other
NotNegative = Annotated[float, Number("a number", minimum=0)]
Positive = Annotated[float, Number("a number", above=0)]
Level = Annotated[float, Number("a level", minimum=0, maximum=10, too_large="scales go from 0 to 10")]
Price = Annotated[float, Number("a price", above=0)]
