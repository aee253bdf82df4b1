"""A choice panel: what customers chose from what, purchase by purchase, and what they had chosen before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.logit import Choices, Floats

PRICE, LAST = "price", "last choice"  # names of coefficients
NOTHING_BEFORE = -1


class ChoicePanel(NamedTuple):
    """Purchases sorted by customer, each customer's in order. Axis 0 of all arrays: purchase."""

    alternatives: tuple[str, ...]  # sorted; what is called ours is chosen later
    attributes: tuple[str, ...]
    values: Floats  # [purchase, alternative, attribute], 0 where not available
    available: NDArray[np.bool_]  # [purchase, alternative]
    chosen: NDArray[np.intp]  # alternative
    customer: NDArray[np.intp] | None  # counts from 0; None: every purchase is another customer's
    notices: tuple[str, ...] = ()

    @property
    def ordinal(self) -> NDArray[np.intp]:
        """Which of its customer's purchases each is, from 0."""
        if self.customer is None:
            return np.zeros(len(self.chosen), dtype=np.intp)
        starts = np.flatnonzero(np.diff(self.customer, prepend=-1))
        return np.arange(len(self.chosen)) - np.repeat(starts, np.diff([*starts, len(self.chosen)]))

    @property
    def last(self) -> NDArray[np.intp]:
        """The alternative that the customer chose before; -1 at the first purchase."""
        return np.where(self.ordinal > 0, np.roll(self.chosen, 1), NOTHING_BEFORE)

    def of(self, purchases: NDArray[np.bool_]) -> ChoicePanel:
        """Some of the purchases."""
        customer = None if self.customer is None else self.customer[purchases]
        return self._replace(
            values=self.values[purchases],
            available=self.available[purchases],
            chosen=self.chosen[purchases],
            customer=customer,
        )

    def choices(self, base: str, last: NDArray[np.intp] | None = None) -> Choices:
        """The panel as a logit sees it: a constant for each alternative but `base`, the attributes, and where `last`
        [purchase] is given 1 for the alternative that was chosen before."""
        n, alternatives = self.available.shape
        others = [j for j, name in enumerate(self.alternatives) if name != base]
        constants = np.zeros((n, alternatives, len(others)))
        for k, j in enumerate(others):
            constants[:, j, k] = 1.0
        parts = [constants, self.values]
        columns = [constant_of(self.alternatives[j]) for j in others] + list(self.attributes)
        if last is not None:
            before = np.zeros((n, alternatives, 1))
            known = np.flatnonzero(last != NOTHING_BEFORE)
            before[known, last[known], 0] = 1.0
            parts.append(before)
            columns.append(LAST)
        values = np.concatenate(parts, axis=2) * self.available[:, :, None]
        return Choices(tuple(columns), values, self.available, self.chosen)

    def switching(self) -> NDArray[np.intp]:
        """[alternative before, alternative now] counts of consecutive purchases of a customer."""
        last = self.last
        known = last != NOTHING_BEFORE
        counts = np.zeros((len(self.alternatives),) * 2, dtype=np.intp)
        np.add.at(counts, (last[known], self.chosen[known]), 1)
        return counts


def constant_of(alternative: str) -> str:
    """The name of an alternative's constant among the coefficients."""
    return f"constant of {alternative}"
