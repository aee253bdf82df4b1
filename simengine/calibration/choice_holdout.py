"""How well coefficients fitted to a part of a choice panel predict the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.choice_panel import LAST, NOTHING_BEFORE, ChoicePanel
from simengine.calibration.logit import (
    Alike,
    Floats,
    Logit,
    NotConverged,
    Separable,
    fit_logit,
    log_probabilities,
    probabilities,
)

FEWEST = 10  # purchases held out
LATER, OTHERS = "later purchases", "other customers"  # what is held out


class Horizon(NamedTuple):
    """Shares of the purchases so many after the last that was fitted, forecast without looking at any between."""

    purchase: int  # 1: the first after the last that was fitted
    purchases: int
    forecast: Floats  # [alternative]
    observed: Floats  # [alternative]


class Holdout(NamedTuple):
    """Fitted to one part of the purchases, scored on another. Per purchase, so that parts compare."""

    what: str  # that was held out
    fitted: int
    held: int
    log_likelihood: float  # a purchase held out
    of_constants: float  # the same, for the alternatives' shares in the fitted part
    of_equal_shares: float
    hits: float
    hits_of_last: float | None  # of guessing that the last choice is made again
    horizons: tuple[Horizon, ...] = ()


def of_later_purchases(panel: ChoicePanel, us: str, part: float) -> list[Holdout]:
    """The last `part` of every customer's purchases, of the file's where there are no customers.

    Empty where too few are left on either side, or these have no most likely coefficients.
    """
    if panel.customer is None:
        later = np.arange(len(panel.chosen)) >= len(panel.chosen) * (1 - part)
        return _scored(LATER, panel, us, later)
    count = np.bincount(panel.customer)[panel.customer]
    later = panel.ordinal >= np.maximum(2, np.ceil(count * (1 - part)))
    return _scored(LATER, panel, us, later)


def of_other_customers(panel: ChoicePanel, us: str, part: float) -> list[Holdout]:
    """All purchases of the last `part` of the customers, but for the first of each, which is given."""
    if panel.customer is None:
        return []
    customers = int(panel.customer.max()) + 1
    return _scored(OTHERS, panel, us, panel.customer >= np.ceil(customers * (1 - part)))


def _scored(what: str, panel: ChoicePanel, us: str, held: NDArray[np.bool_]) -> list[Holdout]:
    last = None if panel.customer is None else panel.last
    used = np.ones(len(held), dtype=np.bool_) if last is None else last != NOTHING_BEFORE
    choices = panel.choices(us, last)
    constants = tuple(c for c in choices.columns if c not in (*panel.attributes, LAST))
    before, after = used & ~held, used & held
    if min(before.sum(), after.sum()) < FEWEST:
        return []
    try:
        fit, shares = fit_logit(choices.of(before)), fit_logit(choices.of(before).only(constants))
    except (Alike, Separable, NotConverged):
        return []
    held_out = choices.of(after)
    p = probabilities(held_out.values, held_out.available, fit.coefficients)
    return [
        Holdout(
            what,
            int(before.sum()),
            int(after.sum()),
            float(log_probabilities(held_out, fit.coefficients).mean()),
            float(log_probabilities(held_out.only(constants), shares.coefficients).mean()),
            float(-np.log(held_out.available.sum(axis=1)).mean()),
            hit_rate(p, held_out.chosen),
            None if last is None else float((last[after] == held_out.chosen).mean()),
            () if last is None else tuple(_horizons(panel, us, fit, after)),
        )
    ]


def hit_rate(p: Floats, chosen: NDArray[np.intp]) -> float:
    """Part of occasions whose likeliest alternative was chosen; of k that are as likely one counts 1/k."""
    best = p >= p.max(axis=1, keepdims=True) * (1 - 1e-12)
    return float((best[np.arange(len(p)), chosen] / best.sum(axis=1)).mean())


def _horizons(panel: ChoicePanel, us: str, fit: Logit, held: NDArray[np.bool_]) -> list[Horizon]:
    """Each customer's chain of probabilities from the last choice before its first purchase held out.

    Offers are those of the purchases held out; what was chosen at them is not looked at.
    """
    rows = np.flatnonzero(held)
    last, part = panel.last[rows], panel.of(held)
    alternatives = len(panel.alternatives)
    by_last = np.empty((len(rows), alternatives, alternatives))  # [purchase, before, now]
    for i in range(alternatives):
        choices = part.choices(us, np.full(len(rows), i))
        by_last[:, i] = probabilities(choices.values, choices.available, fit.coefficients)
    ahead = part.ordinal  # a customer's purchases held out are consecutive
    forecast = by_last[np.arange(len(rows)), last]
    found = []
    for purchase in range(int(ahead.max()) + 1):
        these = np.flatnonzero(ahead == purchase)
        if purchase:
            forecast[these] = np.einsum("nj,njk->nk", forecast[these - 1], by_last[these])
        observed = np.bincount(part.chosen[these], minlength=alternatives) / len(these)
        found.append(Horizon(purchase + 1, len(these), forecast[these].mean(axis=0), observed))
    return found
