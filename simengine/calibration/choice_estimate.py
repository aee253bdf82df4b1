"""What a choice panel says: price response, attributes and inertia by maximum likelihood, and how well they predict.

Inertia is what the alternative chosen before adds to utility. A customer's first purchase is given, not explained:
nothing is known of what came before it. Tastes that differ between customers and last look like inertia to this model
(Heckman 1981, in Structural Analysis of Discrete Data), so the estimate is of both together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simengine.calibration.choice_holdout import Holdout, hit_rate, of_later_purchases, of_other_customers
from simengine.calibration.choice_panel import LAST, PRICE, ChoicePanel
from simengine.calibration.logit import (
    Alike,
    Choices,
    Floats,
    Logit,
    NotConverged,
    Separable,
    fit_logit,
    probabilities,
    scores,
)
from simengine.calibration.maximum import NoMaximum
from simengine.scenario.problems import listed


class TellsNothing(Exception):
    """The panel has no coefficients of its own making, whatever the likelihood: what was found, and what it takes."""

    def __init__(self, found: str, expected: str, suggestion: str = "", columns: tuple[str, ...] = ()) -> None:
        self.found, self.expected, self.suggestion, self.columns = found, expected, suggestion, columns
        super().__init__(f"{found}; {expected}")


class ChoiceEstimate(NamedTuple):
    """The most likely coefficients of a panel, and what they imply. [alternative] is in the panel's order."""

    panel: ChoicePanel  # all purchases
    used: int  # purchases that the likelihood is of
    us: str  # whose constant is 0
    fit: Logit
    by_customer: Floats | None  # [coefficient] standard errors that allow for what a customer's purchases share
    log_likelihoods: dict[str, float]  # of the same purchases, by model
    hits: dict[str, float]  # part of purchases for which the likeliest alternative was chosen, by model
    offer: Floats  # [alternative, attribute] means over purchases with the alternative available
    transition: Floats  # [before, now] probabilities under the mean offer
    shares: Floats  # [alternative] that these come to
    switching: NDArray[np.intp]  # [before, now] observed
    predicted_switching: Floats  # [before, now] mean probabilities at the observed purchases
    elasticity: Floats | None  # [of, price of] of shares at the next purchase, at the observed purchases
    long_run_elasticity: Floats | None  # [of, price of] of the shares under the mean offer
    holdouts: tuple[Holdout, ...]

    @property
    def correlation(self) -> Floats:
        """[coefficient, coefficient] of the estimates."""
        errors = self.fit.standard_errors
        return np.asarray(self.fit.covariance / np.outer(errors, errors))

    @property
    def kept(self) -> Floats:
        """[alternative] probability of choosing it again under the mean offer."""
        return np.diag(self.transition)


def estimate_choices(panel: ChoicePanel, us: str | None = None, holdout: float = 1 / 3) -> ChoiceEstimate:
    """Fit `panel`, the constants against that of `us` (else of what is bought most); `holdout` is the part held out.

    Raises NoMaximum, which names the columns that separate the choices, TellsNothing where there is nothing to estimate
    a coefficient from.
    """
    us = us or panel.alternatives[int(np.bincount(panel.chosen).argmax())]
    inert = panel.customer is not None
    last = panel.last if inert else None
    used = panel.ordinal > 0 if inert else np.ones(len(panel.chosen), dtype=np.bool_)
    if not used.any():
        found, expected = "a single purchase of every customer", "customers with a purchase after the first"
        raise TellsNothing(found, expected, "leave the customer column out: there is no inertia to estimate")
    _require_chosen(panel, used)
    choices = panel.choices(us, last).of(used)
    constants = tuple(c for c in choices.columns if c not in (*panel.attributes, LAST))
    fits = {
        "equal shares": fitted(choices.only(())),
        "constants": fitted(choices.only(constants)),
        "without last choice": fitted(choices.only((*constants, *panel.attributes))),
    }
    if inert:
        fits["with last choice"] = fitted(choices)
    fit = fits["with last choice" if inert else "without last choice"]
    known = choices.only(fit.columns)
    offer = _mean_offer(panel)
    transition = _transition(panel, us, fit, offer)
    shares = stationary(transition)
    p = probabilities(known.values, known.available, fit.coefficients)
    switching = panel.switching()
    price = panel.attributes.index(PRICE) if PRICE in panel.attributes else None
    response = None if price is None else fit.at(PRICE)
    used_values = panel.values[used]
    return ChoiceEstimate(
        panel=panel,
        used=int(used.sum()),
        us=us,
        fit=fit,
        by_customer=_errors_by_customer(known, fit, panel.customer[used]) if panel.customer is not None else None,
        log_likelihoods={name: each.log_likelihood for name, each in fits.items()},
        hits={name: _hits(choices, each) for name, each in fits.items()},
        offer=offer,
        transition=transition,
        shares=shares,
        switching=switching,
        predicted_switching=_by_last(p, panel.last[used], len(panel.alternatives)),
        elasticity=None if price is None or response is None else _elasticity(p, used_values[:, :, price], response),
        long_run_elasticity=(
            None if price is None or response is None else _long_run(transition, shares, offer[:, price], response)
        ),
        holdouts=(*of_later_purchases(panel, us, holdout), *of_other_customers(panel, us, holdout)),
    )


def fitted(choices: Choices) -> Logit:
    """The most likely coefficients. Raises NoMaximum in words, TellsNothing."""
    try:
        return fit_logit(choices)
    except Separable as error:
        raise NoMaximum(_separated(error)) from None
    except Alike as error:
        raise _alike(error.columns) from None
    except NotConverged as error:
        raise NoMaximum("no top of the likelihood was found", (str(error),)) from None


def _separated(error: Separable) -> str:
    (first, *others), parts = error.direction, error.direction
    if not others and first == LAST:
        rule = "always" if parts[first] > 0 else "never"
        return f"customers {rule} choose again what they chose before: inertia has no most likely value"
    if not others:
        most = "highest" if parts[first] > 0 else "lowest"
        found = f"what is chosen always has the {most} {first}"
    else:
        sums = " ".join(f"{'+' if part > 0 else '-'} {abs(part):.4g} {name}" for name, part in parts.items())
        found = f"{listed(parts, 'and')} together tell every choice or never speak against one ({sums.lstrip('+ ')})"
    return f"separable data: {found}, so that their coefficients have no most likely value; leave one out"


def _alike(columns: tuple[str, ...]) -> TellsNothing:
    if len(columns) == 1:
        found, hint = "the same for all alternatives of every purchase", f"leave {columns[0]} out"
        return TellsNothing(found, "values that differ between alternatives", hint, columns)
    found = f"{listed(columns, 'and')}, of which one follows from the others"
    attribute = next((c for c in columns[::-1] if not c.startswith("constant of")), columns[-1])
    hint = f"leave {attribute} out, or take a file in which it changes from purchase to purchase"
    return TellsNothing(found, "attributes that tell choices apart", hint, (attribute,))


def _require_chosen(panel: ChoicePanel, used: NDArray[np.bool_]) -> None:
    count = np.bincount(panel.chosen[used], minlength=len(panel.alternatives))
    never = [name for name, times in zip(panel.alternatives, count, strict=True) if not times]
    if len(never) == len(panel.alternatives) - 1:
        one = panel.alternatives[int(count.argmax())]
        raise TellsNothing(f"{one} at all {used.sum():,} purchases", "choices between alternatives")
    if never:
        of = f"none of the {used.sum():,} purchases" + (" after customers' first" if panel.customer is not None else "")
        raise NoMaximum(
            f"separable data: {listed(never, 'and')} chosen at {of}, so that the constant would fall for ever; "
            "leave out what nobody chooses"
        )


def stationary(transition: Floats) -> Floats:
    """[alternative] the distribution that the probabilities [before, now] keep."""
    n = len(transition)
    system = np.vstack([transition.T - np.eye(n), np.ones(n)])
    return np.asarray(np.linalg.lstsq(system, np.r_[np.zeros(n), 1.0], rcond=None)[0])


def _mean_offer(panel: ChoicePanel) -> Floats:
    return np.asarray(panel.values.sum(axis=0) / np.maximum(1, panel.available.sum(axis=0))[:, None])


def _transition(panel: ChoicePanel, us: str, fit: Logit, offer: Floats) -> Floats:
    """[before, now] probabilities when everything is available under the mean offer."""
    n = len(panel.alternatives)
    every = panel._replace(
        values=np.broadcast_to(offer, (n, *offer.shape)),
        available=np.ones((n, n), dtype=np.bool_),
        chosen=np.arange(n),
        customer=None,
    )
    choices = every.choices(us, np.arange(n)).only(fit.columns)
    return probabilities(choices.values, choices.available, fit.coefficients)


def _by_last(p: Floats, last: NDArray[np.intp], alternatives: int) -> Floats:
    found = np.zeros((alternatives, alternatives))
    for i in range(alternatives):
        if (last == i).any():
            found[i] = p[last == i].mean(axis=0)
    return found


def _hits(choices: Choices, fit: Logit) -> float:
    return hit_rate(
        probabilities(choices.only(fit.columns).values, choices.available, fit.coefficients), choices.chosen
    )


def _errors_by_customer(choices: Choices, fit: Logit, customer: NDArray[np.intp]) -> Floats | None:
    """[coefficient] standard errors clustered by customer, with the factor C / (C - 1) of C customers: the sandwich of
    Liang & Zeger 1986, doi:10.1093/biomet/73.1.13. None for fewer than two customers."""
    _, which = np.unique(customer, return_inverse=True)
    count = int(which.max(initial=0)) + 1
    if count < 2:
        return None
    sums = np.zeros((count, len(fit.columns)))
    np.add.at(sums, which, scores(choices, fit.coefficients))
    bread = fit.covariance
    return np.sqrt(np.diag(bread @ (sums.T @ sums) @ bread) * count / (count - 1))


def _elasticity(p: Floats, price: Floats, response: float) -> Floats:
    """[of, price of] relative change of expected purchases per relative change of a price: sum over purchases of
    P_j (1[j = k] - P_k) b price_k, over sum of P_j (Train 2009, chapter 3)."""
    slope = -np.einsum("nj,nk,nk->jk", p, p, price) * response
    slope += np.diag((p * price).sum(axis=0) * response)
    return np.asarray(slope / p.sum(axis=0)[:, None])


def _long_run(transition: Floats, shares: Floats, price: Floats, response: float) -> Floats:
    """[of, price of] elasticities of the stationary shares: d pi = pi dT (I - T + 1 pi)^-1 (Schweitzer 1968,
    doi:10.2307/3212261)."""
    n = len(shares)
    fundamental = np.linalg.inv(np.eye(n) - transition + np.outer(np.ones(n), shares))
    found = np.empty((n, n))
    for k in range(n):
        change = -transition * transition[:, [k]] * response
        change[:, k] += transition[:, k] * response
        found[:, k] = (shares @ change) @ fundamental * price[k] / shares
    return found
