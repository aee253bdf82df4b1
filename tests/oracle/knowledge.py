"""What a supplier knows of its customers, in many small steps of what it learns and forgets."""

from __future__ import annotations

import math

STEPS = 4000  # of a period


def after(
    knowledge: float, today: float, ratio: float, response: float, forgotten: float, exponent: float, years: float,
    steps: int = STEPS,
) -> float:  # fmt: skip
    """A period later, by the midpoint rule; `forgotten` is the part that a year without learning takes."""
    forgetting = -math.log(1 - forgotten)
    learning = max(0.0, forgetting * today / (1 - today) * float(ratio**exponent) + response)

    def speed(known: float) -> float:
        return learning * (1 - known) - forgetting * known

    for _ in range(steps):
        halfway = knowledge + speed(knowledge) * years / steps / 2
        knowledge += speed(halfway) * years / steps
    return knowledge


def made_up(speed: float, years: float) -> float:
    """The part of a lead that who imitates makes up in so many years."""
    return 1 - math.exp(-speed * years)
