"""What moves a market besides what suppliers do: its shocks, drifting needs, word of mouth, what suppliers learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from simengine.model.needs_drift import shifted_misfit, shifted_utility
from simengine.model.word_of_mouth import word_of_mouth
from simengine.scenario.model import Scenario
from simengine.tables.knowledge import knowledge_in_period, learning_of
from simengine.tables.layout import Floats
from simengine.tables.needs_drift import drift, drift_law
from simengine.tables.seen import Seen, shares
from simengine.tables.shocks import Shocks, shock_law, shocks_of
from simengine.tables.today import Today
from simengine.tables.worlds import Indices


class Forces:
    """Of W worlds. N suppliers with an offer, us first; the outside option is the last of the J suppliers.

    Everything acts by its change from today: where a scenario states nothing of this, knowledge is today's and shifts
    are 0, to the bit.
    """

    demand: Floats  # [W, T] multiplier on everybody's revenue

    def __init__(self, scenario: Scenario, replication: Indices, today: Today) -> None:
        """`replication` [W] of the run."""
        periods, years = scenario.calendar.periods, scenario.calendar.years_per_period
        self._years, self._today, centres = years, today, today.centres
        first = int(replication.min())
        count, seed = int(replication.max()) + 1 - first, scenario.simulation.seed
        shocks, drifting = shock_law(scenario), drift_law(scenario)
        none = Shocks(np.zeros((count, periods, len(scenario.suppliers))), np.ones((count, periods)))
        found = none if shocks is None else shocks_of(shocks, len(scenario.suppliers), seed, first, count, periods)
        self._rows = replication - first  # [W] of these:
        self._shock, self.demand = found.utility, found.demand[self._rows]
        self._drift = None if drifting is None else drift(drifting, centres, seed, first, count, periods, years)
        self._learning = learning_of(scenario)
        self._knowledge: Floats = np.broadcast_to(today.knowledge, (len(self._rows), *today.knowledge.shape))
        self._opening: Floats | None = None  # [W, S, J] customers
        self._now: Floats | None = None

    @property
    def remember(self) -> bool:
        """Whether suppliers learn: then a period follows from those before."""
        return self._learning is not None

    def see(self, seen: Seen | None) -> None:
        """What the market shows at the end of the period before; the first time, at the opening."""
        if seen is not None:
            self._now = seen.customers
            self._opening = seen.customers if self._opening is None else self._opening

    def knowledge(self, response: Any, shown: Floats | None = None) -> Floats:
        """[W, S, N] what suppliers have learned by the next period, `response` [W, S, N] what spend then adds to
        learning since today, `shown` [W, S, N] what they knew in the period before with what moves and initiatives made
        of it, if anything. To be asked once a period."""
        if self._learning is not None:
            before, nobody = self._knowledge, np.zeros(self._knowledge.shape)
            now, opening = (nobody if of is None else of[..., :-1] for of in (self._now, self._opening))
            taught = np.broadcast_to(response, before.shape)
            self._knowledge = knowledge_in_period(
                self._learning, before, before if shown is None else shown, now, opening, taught, self._years
            )
        return self._knowledge

    def weights(self, period: int | Indices) -> Floats:
        """[W, S, K] mean needs in a period, or [S, K] where they do not drift; of wide worlds, in that of each."""
        return self._today.centres if self._drift is None else self._today.centres + self._drift[self._rows, period]

    def shift(self, period: int | Indices, level: Floats, knowledge: Floats) -> Floats:
        """[W, S, J] what is added to the constants of the choice; `level` [W, S, N, K] and `knowledge` [W, S, N] are
        those of the offers in the period."""
        today = self._today
        shift = np.repeat(self._shock[self._rows, period][:, None], len(today.centres), axis=1)
        if self._drift is not None:
            moved = self._drift[self._rows, period][:, :, None]  # [W, S, 1, K]
            shift[..., :-1] += shifted_utility(today.points_worth[:, None], moved, level)
            shift[..., :-1] -= today.tailoring[:, None] * (1.0 - knowledge) * shifted_misfit(moved, knowledge)
        if self._now is not None and self._opening is not None:  # last: the rest may be known before
            talk = word_of_mouth(today.word_of_mouth[:, None], shares(self._now), shares(self._opening))
            shift[..., :-1] += talk[..., :-1]
        return shift
