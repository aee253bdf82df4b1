"""How the simulation is run: seed, mode, replications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from simengine.scenario.fields import Model, Number, OneOf, Switch

Mode = Literal["sampled", "expected"]


class Simulation(Model):
    """How the simulation is run."""

    later: ClassVar[Mapping[str, str]] = {
        "precision": "state the number of replications",
        "inputs": "leave it out: inputs are single numbers",
        "threads": "use the option --threads",
    }
    seed: Annotated[int, Number("a seed", minimum=0, maximum=2**48 - 1, whole=True)] = 1
    """Which luck is drawn; the same seed gives the same results to the bit."""
    mode: Annotated[Mode, OneOf()] = "sampled"
    """sampled: every customer's path is drawn. expected: probabilities are carried, without luck."""
    replications: Annotated[int, Number("a number of replications", minimum=1, maximum=1_000_000, whole=True)] = 40
    """sampled mode: how many times the future is drawn."""
    customer_values: Switch = True
    """Whether the value of every single customer is stored, in every cell."""
