"""A scenario with the `choice` segment that a panel comes to.

The scenario's utility is constant + points_worth x sum of weight x level - price_sensitivity (price / our price - 1)
+ inertia for the last choice. A price coefficient b, of money, is price_sensitivity = -b x our price, for
b p = -price_sensitivity (p / our price - 1) + b x our price, and what is common to all suppliers changes no choice.
An attribute with a coefficient c and values from least to most becomes a need with levels from 0 to 10:
c x = c least + (c (most - least) / 10) level, so that points_worth x weight = |c| (most - least) / 10; where c is
below 0, levels count from most down to least.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from simengine.calibration.choice_estimate import ChoiceEstimate
from simengine.calibration.choice_panel import LAST, PRICE, constant_of
from simengine.calibration.draft import DIGITS, Draft, title_of
from simengine.calibration.maximum import Floats
from simengine.calibration.uncertain_block import Inferences, Inferred
from simengine.scenario.problems import counted
from simengine.scenario.rules.names import MOST_RIVALS, RESERVED_NEEDS
from simengine.scenario.suppliers import COMPANY
from simengine.scenario.yaml_text import comment, figure, flow, quoted

POINTS = 10.0  # of a level


class Need(NamedTuple):
    """An attribute as a need: |coefficient| x range over ten points, and every alternative's level."""

    name: str
    attribute: str  # in the file
    utility: float  # of ten points
    levels: tuple[float, ...]  # [alternative] of the mean offer
    said: str


def choice_draft(path: Path, e: ChoiceEstimate) -> Draft | str:
    """A scenario in which everybody chooses once a period, or why none can state what was found."""
    price = e.fit.at(PRICE) if PRICE in e.fit.columns else 0.0
    inertia = e.fit.at(LAST) if LAST in e.fit.columns else 0.0
    if price > 0:
        return "price attracts, and price_sensitivity is not below 0"
    if inertia < 0:
        return "the last choice repels, and inertia is not below 0"
    panel, us = e.panel, e.panel.alternatives.index(e.us)
    ordered = [us, *(j for j in range(len(panel.alternatives)) if j != us)]
    names = {j: COMPANY if j == us else _supplier(panel.alternatives[j], panel.alternatives) for j in ordered}
    prices = e.offer[:, panel.attributes.index(PRICE)] if PRICE in panel.attributes else np.full(len(ordered), 100.0)
    if not (prices > 0).all():
        return "a mean price that is not above 0, as prices are"
    if len(ordered) > MOST_RIVALS + 1:
        return f"{len(ordered)} alternatives, and we have {MOST_RIVALS} rivals at most"
    needs = _needs(e)
    rival = names[max(ordered[1:], key=lambda j: e.shares[j])]
    lines = [f"needs: [{', '.join(quoted(need.name) for need in needs)}]", ""] if needs else []
    lines += [*_segment(e, names, needs, float(prices[us])), "", "offers:                      # means in the file"]
    for j, name in names.items():
        levels = {need.name: _number(need.levels[j]) for need in needs}
        lines.append(f"  {quoted(name)}: {flow({'price': _number(float(prices[j])), **levels})}")
    lines += [
        "",
        "allocations: {baseline: {}}",
        "",
        "moves:",
        "  quiet: {}",
        f"  price_cut: [{{who: {quoted(rival)}, at: 2027-07, change: {{price: -10%}}}}]     # an example",
    ]
    source = f"Calibrated by maximum likelihood from {counted(e.used, 'purchase')} in {path.name}; we are {e.us}."
    inferred = (_inferred(e, names, needs, float(prices[us])),)
    return Draft(title_of(path), source, "2027-01", tuple(lines), step="month", periods=24, inferred=inferred)


def _inferred(e: ChoiceEstimate, names: dict[int, str], needs: list[Need], ours: float) -> Inferences:
    """How sure the numbers of the segment are, by the delta method; the last need's weight is what others leave.

    Errors are those by customer, where the file says who chose: a customer's choices have much in common.
    """
    at, columns = ("segments", "panel"), e.fit.columns
    found: list[tuple[tuple[str, ...], float, Floats]] = []  # path, value, slope by each coefficient

    def slope(column: str, by: float = 1.0) -> Floats:
        return np.asarray(by * (np.array(columns) == column))

    for j, name in list(names.items())[1:]:
        column = constant_of(e.panel.alternatives[j])
        found.append(((*at, "constants", name), e.fit.at(column), slope(column)))
    if LAST in columns:
        found.append(((*at, "inertia"), e.fit.at(LAST), slope(LAST)))
    if PRICE in columns:
        found.append(((*at, "price_sensitivity"), -e.fit.at(PRICE) * ours, slope(PRICE, -ours)))
    if total := sum(need.utility for need in needs):
        slopes = [slope(need.attribute, need.utility / e.fit.at(need.attribute)) for need in needs]
        found.append(((*at, "points_worth"), total / POINTS, np.sum(slopes, axis=0) / POINTS))
        for need, own in list(zip(needs, slopes, strict=True))[:-1]:
            weight = need.utility / total
            found.append(((*at, "needs", need.name), weight, (own - weight * np.sum(slopes, axis=0)) / total))
    errors = e.fit.standard_errors if e.by_customer is None else e.by_customer
    jacobian = np.array([each[2] for each in found]).reshape(len(found), len(columns))
    covariance = jacobian @ (e.correlation * np.outer(errors, errors)) @ jacobian.T
    own_errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale = np.where(own_errors > 0, own_errors, 1.0)
    estimates = zip(found, own_errors.tolist(), strict=True)
    return Inferences(
        tuple(Inferred(path, value, error) for (path, value, _), error in estimates),
        (covariance / np.outer(scale, scale)).tolist(),
    )


def _segment(e: ChoiceEstimate, names: dict[int, str], needs: list[Need], ours: float) -> list[str]:
    """`names` are those of the suppliers by alternative, ours first; `ours` is our price."""
    us = next(iter(names))
    customers = len(e.panel.chosen) if e.panel.customer is None else int(e.panel.customer.max()) + 1
    constants = dict.fromkeys(names.values(), "0")
    for j, name in names.items():
        if j != us:
            constants[name] = _number(e.fit.at(constant_of(e.panel.alternatives[j])))
    shares = ", ".join(f"{name} {e.shares[j]:.1%}" for j, name in names.items())
    lines = [
        "segments:",
        "  panel:     # every period is a purchase of everybody: assumed, a month",
        f"    # today's shares follow: {comment(shares)}; {e.kept[us]:.1%} of ours buy ours again",
        f"    size: {customers}                # customers in the file",
        *_need_lines(needs),
        f"    constants: {flow(constants)}",
    ]
    if LAST in e.fit.columns:
        lines += [
            f"    inertia: {_number(e.fit.at(LAST))}     # of the last choice, of new customers as of loyal ones",
            "    stages: {inertia: [1, 1, 1]}",
        ]
    else:
        lines.append("    inertia: 0               # the file does not say who bought what before")
    lines.append("    review: always")
    if PRICE in e.fit.columns:
        of = f"{figure(-e.fit.at(PRICE), 6)} a unit of price x our mean price of {figure(ours, 6)}"
        lines.append(f"    price_sensitivity: {_number(-e.fit.at(PRICE) * ours)}     # {of}")
    return [
        *lines,
        f"    revenue: {figure(12 * ours, 6)}          # assumed: a unit a month, a year, at our mean price",
        "    margin: 50%              # assumed: of revenue, before cost to serve",
    ]


def _needs(e: ChoiceEstimate) -> list[Need]:
    found = []
    for k, name in enumerate(e.panel.attributes):
        if name == PRICE:
            continue
        coefficient = e.fit.at(name)
        values = e.panel.values[:, :, k][e.panel.available]
        least, most = float(values.min()), float(values.max())
        parts = (e.offer[:, k] - least) / (most - least)
        levels = POINTS * (parts if coefficient >= 0 else 1 - parts)
        ends = (least, most) if coefficient >= 0 else (most, least)
        error = float(e.fit.standard_errors[e.fit.columns.index(name)])
        said = f"{name} from {ends[0]:g} to {ends[1]:g}, coefficient {figure(coefficient, 6)} ({figure(error)})"
        label = f"{name} level" if name in RESERVED_NEEDS else name
        label = label if coefficient >= 0 else f"low {label}"
        found.append(
            Need(label, name, abs(coefficient) * (most - least), tuple(np.clip(levels, 0, POINTS).tolist()), said)
        )
    return found


def _need_lines(needs: list[Need]) -> list[str]:
    """Weights that sum to 1 to the last digit, and what a point is worth."""
    total = sum(need.utility for need in needs)
    if not total > 0:
        return []
    weights = [round(need.utility / total, 9) for need in needs]
    weights[-1] = round(1 - sum(weights[:-1]), 9)
    pairs = {need.name: figure(weight, DIGITS) for need, weight in zip(needs, weights, strict=True)}
    return [
        f"    needs: {flow(pairs)}     # {'; '.join(comment(need.said) for need in needs)}",
        f"    points_worth: {_number(total / POINTS)}      # utility of a point, a tenth of that range",
    ]


def _supplier(name: str, others: tuple[str, ...]) -> str:
    """A rival's name: not that of the company, nor of buying nowhere, nor of another."""
    if name not in (COMPANY, "none"):
        return name
    while (name := f"{name} (rival)") in others:
        pass
    return name


def _number(value: float) -> str:
    return figure(value, DIGITS)
