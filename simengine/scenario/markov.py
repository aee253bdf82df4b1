"""How customers pass from state to state, with money on arrival in each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simengine.scenario.fields import Fraction, Model, Money

StateName = Annotated[str, Field(strict=True, min_length=1, description="the name of a state")]
Step = Literal["month", "quarter", "year"]
STEPS = {"month": "twelve times a year", "quarter": "four times a year", "year": "once a year"}
CLOSE = 1e-9  # how far a sum of probabilities may be from 1


class MarkovState(Model):
    """A state that customers may be in."""

    money: Money = 0
    """What a customer brings on arriving in the state, or on staying in it for another step; less than nothing where it
    costs more. Examples: `36`, `-4`."""
    next: dict[StateName, Fraction] = Field(default_factory=dict)
    """Where customers are a step later: {state: probability}. What is lacking to 100% leaves for good. Example:
    `{recent: 30%, lapsed: 70%}`."""

    @property
    def leaving(self) -> float:
        """Probability of leaving for good within a step."""
        left = 1.0 - sum(self.next.values())
        return left if left > CLOSE else 0.0
