"""What rivals offer in every period of a cell: today's offer, what their moves and programmes make of it, and what they
imitate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simengine.model.experience import TOP_LEVEL
from simengine.model.imitation import imitated_since_today, lead
from simengine.scenario.model import Scenario
from simengine.scenario.move import Change
from simengine.scenario.segment import ChoiceSegment
from simengine.scenario.suppliers import COMPANY
from simengine.tables.ours import Ours, perceived_offer
from simengine.tables.propositions import Proposition, active, rival_proposition
from simengine.tables.rival_programmes import NO_PROGRAMME, RivalProgramme

RivalOffers = dict[tuple[str, str], list[Proposition]]  # (rival, segment) -> its offer in each period


def rival_offers(
    scenario: Scenario, ours: Ours, changes: tuple[Change, ...], programmes: Mapping[str, RivalProgramme], periods: int
) -> RivalOffers:
    """Offers of every rival in every segment that it serves, given what we do and which programmes rivals run.

    A rival sees our offer as customers perceive it at the end of a period and acts on it in the next.
    """
    offers: RivalOffers = {}
    for name, segment in scenario.segments.items():
        served = segment.available if isinstance(segment, ChoiceSegment) else frozenset[str]()
        perceived: list[Proposition] = []
        for rival in scenario.rivals:
            if rival not in served:
                continue
            effects = programmes.get(rival, NO_PROGRAMME).effects
            offer = [rival_proposition(scenario, rival, changes, effects, name, t) for t in range(periods)]
            if scenario.imitates(rival):
                perceived = perceived or [perceived_offer(scenario, ours, name, t) for t in range(periods)]
                offer = _with_imitation(scenario, rival, name, perceived, offer, changes)
            offers[rival, name] = offer
    return offers


def _with_imitation(
    scenario: Scenario,
    rival: str,
    segment: str,
    ours: Sequence[Proposition],
    theirs: Sequence[Proposition],
    changes: tuple[Change, ...],
) -> list[Proposition]:
    """A rival's offers in each period, with what it has imitated of ours by then."""

    def imitated(key: str, added: Sequence[float], moved: Sequence[float]) -> list[float]:
        speed, years = scenario.imitation_speed(rival, key), scenario.calendar.years_per_period
        anew = _set_anew(changes, rival, segment, key, len(added))
        path = [0.0]
        for t in range(1, len(added)):
            seen = lead(added[t - 1], moved[t - 1], path[-1])
            path.append(0.0 if anew[t] else imitated_since_today(path[-1], seen, speed, years))
        return path

    today, our_price = scenario.price(rival, segment), scenario.price(COMPANY, segment)
    cut = [1.0 - offer.price / our_price for offer in ours]
    price = imitated("price", cut, [1.0 - offer.price / today for offer in theirs])
    levels = []
    for k, need in enumerate(scenario.needs):
        from_today, our_level = scenario.level(rival, segment, need), scenario.level(COMPANY, segment, need)
        added = [offer.levels[k] - our_level for offer in ours]
        points = imitated(need, added, [offer.levels[k] - from_today for offer in theirs])
        levels.append([min(offer.levels[k] + p, TOP_LEVEL) for offer, p in zip(theirs, points, strict=True)])
    return [
        offer._replace(price=max(offer.price - price[t] * today, 0.0), levels=tuple(path[t] for path in levels))
        for t, offer in enumerate(theirs)
    ]


def _set_anew(changes: tuple[Change, ...], rival: str, segment: str, key: str, periods: int) -> list[bool]:
    """In which periods a move begins to state what a rival offers: it counts from there what it imitates."""
    stating = [[c for c in active(changes, rival, segment, t) if key in c.set][-1:] for t in range(periods)]
    return [bool(now) and now != before for before, now in zip([[], *stating], stating, strict=False)]
