"""What rivals offer in every period: today's offer, what their moves and programmes make of it, what they imitate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simengine.model.experience import TOP_LEVEL
from simengine.model.imitation import imitated_since_today, lead
from simengine.scenario.knowledge import KNOWLEDGE
from simengine.scenario.model import Scenario
from simengine.tables.effects import Effects, multiplier
from simengine.tables.holding import MARKET, Holding
from simengine.tables.layout import Floats
from simengine.tables.ours import OurOffer
from simengine.tables.today import Today

PRICE = "price"
NOTHING_SET = -1


class TheirOffers(NamedTuple):
    """In a period of W worlds; rivals in name order."""

    price: Floats  # [W, S, rivals]
    level: Floats  # [W, S, rivals, K] 0 to 10
    knowledge: Floats  # [W, S, rivals] 0 to 1
    imitated: Floats | None = None  # [price and needs, W, S, rivals] of ours since today, where somebody imitates


def moved_offers(
    scenario: Scenario, today: Today, knowledge: Floats, holding: Sequence[Holding], effects: Effects
) -> TheirOffers:
    """What rivals offer today, then what their moves set, then what they change and their programmes add. `knowledge`
    [W, S, rivals] is what they have learnt by now."""
    price = np.broadcast_to(today.price[:, 1:], knowledge.shape).copy()
    level = np.broadcast_to(today.level[:, 1:], (*knowledge.shape, len(scenario.needs))).copy()
    known = knowledge.copy()
    points, learnt = np.zeros(level.shape), np.zeros(known.shape)
    moves = [held for held in holding if held.who != MARKET]
    for held in moves:
        for key, stated in held.change.set.items():
            if key == PRICE:
                price[..., held.who][held.place] = stated
            elif key == KNOWLEDGE:
                known[..., held.who][held.place] = stated
            else:
                level[..., held.who, scenario.needs.index(key)][held.place] = stated
    for held in moves:
        for key, amount in held.change.change.items():
            if key == PRICE:
                price[..., held.who][held.place] *= 1.0 + held.size * amount
            elif key == KNOWLEDGE:
                learnt[..., held.who][held.place] += held.size * amount
            else:
                points[..., held.who, scenario.needs.index(key)][held.place] += held.size * amount
    level += points
    for k, need in enumerate(scenario.needs):
        level[..., k] += effects.get(need, 0.0)
    return TheirOffers(
        price * multiplier(effects, PRICE),
        np.minimum(np.maximum(level, 0.0), TOP_LEVEL),
        np.minimum(np.maximum(known + learnt, 0.0), 1.0),
    )


class Imitation:
    """What rivals have imitated of ours so far. A rival sees our offer as customers perceive it at the end of a period
    and acts on it in the next."""

    def __init__(self, scenario: Scenario, today: Today, worlds: int) -> None:
        self._needs, self._today, self._years = scenario.needs, today, scenario.calendar.years_per_period
        keys = (PRICE, *scenario.needs)
        self._speed = np.array([[scenario.imitation_speed(rival, key) for rival in scenario.rivals] for key in keys])
        self._imitated = np.zeros((len(keys), worlds, *today.price[:, 1:].shape))  # [price and needs, W, S, rivals]
        self._lead: Floats | None = None  # likewise, at the end of the period before
        self._setting = np.full(self._imitated.shape, NOTHING_SET)  # the change that then stated what is offered

    def on_top(self, ours: OurOffer, moved: TheirOffers, holding: Sequence[Holding]) -> TheirOffers:
        """What rivals offer in the next period, given what we offer then, what moves make of theirs, and what holds."""
        setting = np.full(self._imitated.shape, NOTHING_SET)
        for held in holding:
            for key in held.change.set if held.who != MARKET else ():
                if key != KNOWLEDGE:
                    setting[self._row(key), ..., held.who][held.place] = held.number
        if self._lead is not None:
            grown = imitated_since_today(self._imitated, self._lead, self._speed[:, None, None], self._years)
            anew = (setting != NOTHING_SET) & (setting != self._setting)  # it counts from there what it imitates
            self._imitated = np.where(anew, 0.0, grown)
        self._setting = setting
        today = self._today
        cut = 1.0 - ours.price / today.price[:, 0]
        theirs = 1.0 - moved.price / today.price[:, 1:]
        leads = [lead(cut[..., None], theirs, self._imitated[0])]
        level = moved.level.copy()
        for k in range(len(self._needs)):
            added = ours.level[..., k] - today.level[:, 0, k]
            their_own = moved.level[..., k] - today.level[:, 1:, k]
            leads.append(lead(added[..., None], their_own, self._imitated[1 + k]))
            level[..., k] = np.minimum(moved.level[..., k] + self._imitated[1 + k], TOP_LEVEL)
        self._lead = np.stack(leads)
        price = np.maximum(moved.price - self._imitated[0] * today.price[:, 1:], 0.0)
        return moved._replace(price=price, level=level, imitated=self._imitated)

    def _row(self, key: str) -> int:
        return 0 if key == PRICE else 1 + self._needs.index(key)
