"""How the simulation is run: seed, mode, replications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Tag

from simengine.scenario.fields import Model, Number, OneOf, Switch, Text

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


def _values_kind(value: object) -> str:
    return "#allocations" if isinstance(value, (list, tuple)) else "#switch"


CustomerValues = Annotated[
    Annotated[Switch, Tag("#switch")] | Annotated[tuple[Text, ...], Tag("#allocations")],
    Discriminator(_values_kind),
]


class Simulation(Model):
    """How the simulation is run."""

    later: ClassVar[Mapping[str, str]] = {
        "precision": "state the number of replications",
        "threads": "use the option --threads",
    }
    seed: Annotated[int, Number("a seed", minimum=0, maximum=2**48 - 1, whole=True)] = 1
    """Which luck is drawn; the same seed gives the same results to the bit. Example: `7`."""
    mode: Annotated[Mode, OneOf(MODES)] = "sampled"
    """How customers are simulated. Example: `sampled`."""
    replications: Annotated[int, Number("a number of replications", minimum=1, maximum=1_000_000, whole=True)] = 40
    """How many times the future is drawn; in expected mode where the market has luck of its own, else once. Example:
    `40`."""
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
