"""Knowledge of customers: how it is learned by serving them, and forgotten."""

from __future__ import annotations

from typing import Annotated

from simengine.scenario.fields import Model, Number

TWICE = "at 1 twice the customers teach twice as much"
KNOWLEDGE = "knowledge"  # of levers a target, and what rivals imitate


class Knowledge(Model):
    """How what suppliers know of their customers changes, segment by segment. It rests while they serve as many
    customers as today and spend as today: serving them replaces what is forgotten."""

    forgetting: Annotated[float, Number("a fraction a year", minimum=0, below=1)] = 0.2
    """Fraction of what is known that is forgotten in a year if nothing is learned. An assumption. Example: `20%`."""
    learning_exponent: Annotated[float, Number("an exponent", minimum=0, maximum=3, too_large=TWICE)] = 1
    """How learning depends on the customers served: on their number over today's to this power; 0: not at all. An
    assumption. Example: `0.5`."""
