"""How the simulation is run: seed, mode, replications, and when these are enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, GetJsonSchemaHandler, Tag, model_validator
from pydantic_core.core_schema import CoreSchema

from simengine.scenario.fields import Model, Number, OneOf, Switch, Text, refused
from simengine.scenario.problems import did_you_mean

Mode = Literal["sampled", "expected"]
MODES = {
    "sampled": "every customer's path is drawn",
    "expected": "probabilities are carried, without luck of customers",
}
Inputs = Literal["independent", "sobol", "antithetic"]
INPUTS = {
    "independent": "each replication on its own",
    "sobol": "in blocks of 16 replications that cover the inputs' ranges evenly (scrambled Sobol points)",
    "antithetic": "in pairs of replications, the second as far above the middle as the first is below",
}


REPLICATIONS = 40
MOST_REPLICATIONS = 10_000  # of a run that stops when they are enough
LEAST_REPLICATIONS = 30  # before it may stop
LEAST_OF_SOBOL = 80  # the same, five blocks of 16
DECISION = "decision"
INDIFFERENCE = 0.001


class FractionOrDecision(Number):
    """A fraction, or the word `decision`."""

    def read(self, value: object) -> float | str:  # type: ignore[override]
        if isinstance(value, str) and not any(each.isdecimal() for each in value):
            if value == DECISION:
                return value
            raise refused(f"a fraction such as 0.5%, or {DECISION}", did_you_mean(value, [DECISION]))
        return super().read(value)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        shape = super().__get_pydantic_json_schema__(schema, handler)
        return {**shape, "anyOf": [*shape["anyOf"], {"const": DECISION}]}


def _values_kind(value: object) -> str:
    return "#allocations" if isinstance(value, (list, tuple)) else "#switch"


CustomerValues = Annotated[
    Annotated[Switch, Tag("#switch")] | Annotated[tuple[Text, ...], Tag("#allocations")],
    Discriminator(_values_kind),
]


class Simulation(Model):
    """How the simulation is run."""

    later: ClassVar[Mapping[str, str]] = {
        "threads": "use the option --threads",
    }
    seed: Annotated[int, Number("a seed", minimum=0, maximum=2**48 - 1, whole=True)] = 1
    """Which luck is drawn; the same seed gives the same results to the bit. Example: `7`."""
    mode: Annotated[Mode, OneOf(MODES)] = "sampled"
    """How customers are simulated. Example: `sampled`."""
    precision: (
        Annotated[float | Literal["decision"], FractionOrDecision("a fraction, or decision", above=0, maximum=0.2)]
        | None
    ) = None
    """When replications are enough, 30 of them at the least: at a fraction, when the 95 % interval of value per share
    reaches no further than that to either side in any allocation under any move, relative to value per share or to a
    tenth of opening capital per share if that is more; at `decision`, when the best allocation under every move is
    known at 95 %, or those that may be the best are within `indifference` of each other: allocations that cannot be the
    best under any move that is still open are then simulated no further. Intervals hold at every look. Left out: as
    many as `replications` says. Examples: `0.5%`, `decision`."""
    indifference: Annotated[float, Number("a fraction", minimum=0, maximum=0.1)] = INDIFFERENCE
    """With `precision: decision`: the difference in value per share that makes no difference, relative to value per
    share, or to a tenth of opening capital per share if that is more. Example: `0.1%`."""
    replications: Annotated[int, Number("a number of replications", minimum=1, maximum=1_000_000, whole=True)] = (
        REPLICATIONS
    )
    """How many times the future is drawn; in expected mode where the market has luck of its own, else once. With a
    `precision` the most that may be, 10,000 if it is left out. Example: `40`."""
    profile_error: Annotated[float, Number("a fraction", minimum=0, maximum=0.01)] = 0
    """expected mode: the error of value per share, in any allocation under any move, up to which customers who are
    nearly alike are simulated as one. At 0 only customers merge whom the simulation could not tell apart. The error is
    measured in every run, relative to value per share, or to a tenth of opening capital per share if that is more.
    Values of single customers have no bound. Example: `0.05%`."""
    inputs: Annotated[Inputs, OneOf(INPUTS)] = "independent"
    """How uncertain inputs are drawn. Errors are judged by blocks: replications that are drawn together. Example:
    `sobol`."""
    customer_values: CustomerValues = True
    """Whether the value of every single customer is stored: true (in every cell), false, or the allocations in whose
    cells it is. Examples: `true`, `[by_customer_value]`."""

    @model_validator(mode="before")
    @classmethod
    def _most(cls, stated: Any) -> Any:
        """With a precision replications are the most that there may be: more than are meant without."""
        if isinstance(stated, dict) and stated.get("precision") is not None:
            return {"replications": MOST_REPLICATIONS, **stated}
        return stated
