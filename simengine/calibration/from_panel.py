"""Calibration from a choice panel: price response, attributes and inertia, for a `choice` segment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simengine.calibration.choice_draft import choice_draft
from simengine.calibration.choice_estimate import ChoiceEstimate, TellsNothing, estimate_choices
from simengine.calibration.choice_holdout import LATER, OTHERS, Holdout
from simengine.calibration.choice_panel import LAST, PRICE, ChoicePanel
from simengine.calibration.choice_panel_file import read_choice_panel, told
from simengine.calibration.logit import Floats
from simengine.calibration.options import Options
from simengine.calibration.result import (
    Backtest,
    Calibration,
    Chart,
    Estimate,
    Fact,
    Horizon,
    Parameter,
    SegmentCalibration,
    Sheet,
)
from simengine.scenario.problems import Problem, ScenarioError, counted, did_you_mean, listed, of_option

SEGMENT = "panel"
NAN = float("nan")


def calibrate_panel(path: Path, columns: Mapping[str, str], options: Options) -> Calibration:
    """Calibrate from a choice panel, in which we are `options.us`, else what is bought most.

    Raises ScenarioError for what cannot be used, NoMaximum where no coefficients are the most likely.
    """
    panel, us = read_choice_panel(path, columns), options.us
    if us is not None and us not in panel.alternatives:
        found = f"{us}, which nobody can choose"
        raise ScenarioError(
            [of_option("--us", us, found, listed(panel.alternatives), did_you_mean(us, panel.alternatives))]
        )
    try:
        estimate = estimate_choices(panel, us, options.holdout)
    except TellsNothing as nothing:
        place = ", ".join(f"column {columns[c]}" for c in nothing.columns if c in columns)
        problem = Problem(str(path), 0, 0, nothing.found, nothing.expected, nothing.suggestion, place)
        raise ScenarioError([problem]) from None
    notices = [*panel.notices, *_noticed(panel, estimate, "date" in columns)]
    if options.holdout > 0:
        held = [holdout.what for holdout in estimate.holdouts]
        lacking = [
            what for what in (LATER, OTHERS) if what not in held and (panel.customer is not None or what == LATER)
        ]
        notices += [f"no backtest on {what}: too few, or nothing most likely without them" for what in lacking]
    said = (told(panel), f"the constants are against {estimate.us}'s, which is us")
    segments = (_segment(estimate),)
    return Calibration(
        str(path), "panel", dict(columns), said, segments, tuple(notices), choice_draft(path, estimate), {}
    )


def _noticed(panel: ChoicePanel, estimate: ChoiceEstimate, dated: bool) -> list[str]:
    notices = []
    if PRICE in panel.attributes and estimate.fit.at(PRICE) > 0:
        notices.append("the dearer, the likelier: that price attracts no scenario can state")
    if panel.customer is None:
        return [*notices, "no customer column: every purchase is another customer's, and there is no inertia"]
    count = np.bincount(panel.customer)
    once = int((count == 1).sum())
    first = f"{counted(len(count), 'first purchase')} of customers {'is' if len(count) == 1 else 'are'} given"
    notices += [f"{first}: {counted(estimate.used, 'purchase')} after them are explained"]
    if not dated:
        notices.append("purchases are taken in the order of the file")
    if once:
        notices.append(f"{counted(once, 'customer')} with a single purchase say nothing")
    if estimate.fit.at(LAST) < 0:
        notices.append("customers seek variety: inertia is below 0, which no scenario can state")
    return notices


def _segment(e: ChoiceEstimate) -> SegmentCalibration:
    names = e.panel.alternatives
    purchases = np.bincount(e.panel.chosen, minlength=len(names))
    facts = tuple(Fact(f"purchases of {name}", int(n)) for name, n in zip(names, purchases, strict=True))
    return SegmentCalibration(
        SEGMENT,
        facts,
        (_estimate(e),),
        tuple(_backtest(holdout, e) for holdout in e.holdouts if holdout.horizons),
        tuple(_chart(holdout, names) for holdout in e.holdouts if holdout.horizons),
        tuple(_sheets(e)),
    )


def _estimate(e: ChoiceEstimate) -> Estimate:
    clustered = [None] * len(e.fit.columns) if e.by_customer is None else e.by_customer.tolist()
    parameters = zip(e.fit.columns, e.fit.coefficients.tolist(), e.fit.standard_errors.tolist(), clustered, strict=True)
    return Estimate(
        model="logit",
        parameters=tuple(Parameter(name, value, error, "", other) for name, value, error, other in parameters),
        correlations=tuple(map(tuple, e.correlation.tolist())),
        log_likelihood=e.fit.log_likelihood,
        observations=e.used,
        search={"steps": e.fit.steps, "slope": e.fit.slope},
    )


def _sheets(e: ChoiceEstimate) -> list[Sheet]:
    names = e.panel.alternatives
    models = {name: (value, e.hits[name]) for name, value in e.log_likelihoods.items()}
    sheets = [Sheet("fitted", ("log likelihood", "likeliest chosen"), models)]
    offers = {name: (*row, share) for name, row, share in zip(names, e.offer.tolist(), e.shares.tolist(), strict=True)}
    sheets.append(Sheet("mean offer", (*e.panel.attributes, "share it comes to"), offers))
    if e.switching.any():
        observed = e.switching / np.maximum(1, e.switching.sum(axis=1, keepdims=True))
        sheets += [
            _square("bought next, after: observed", names, observed),
            _square("bought next, after: fitted", names, e.predicted_switching),
        ]
    if e.elasticity is not None and e.long_run_elasticity is not None:
        sheets.append(_square("elasticity at the next purchase, by the price of", names, e.elasticity))
        if e.switching.any():
            sheets.append(_square("elasticity in the long run, by the price of", names, e.long_run_elasticity))
    if e.holdouts:
        heads = ("fitted", "held out", "log likelihood a purchase", "of shares", "of equal shares", "likeliest chosen")
        scores = {}
        for h in e.holdouts:
            again = NAN if h.hits_of_last is None else h.hits_of_last
            scores[h.what] = (h.fitted, h.held, h.log_likelihood, h.of_constants, h.of_equal_shares, h.hits, again)
        sheets.append(Sheet("held out", (*heads, "last choice again"), scores))
    return sheets


def _square(name: str, names: tuple[str, ...], values: Floats) -> Sheet:
    return Sheet(name, names, {row: tuple(cells) for row, cells in zip(names, values.tolist(), strict=True)})


def _backtest(holdout: Holdout, e: ChoiceEstimate) -> Backtest:
    """Our purchases up to each purchase after the last that was fitted, forecast without looking at any between."""
    us = e.panel.alternatives.index(e.us)
    size = np.array([h.purchases for h in holdout.horizons], dtype=np.float64)
    observed, predicted = (
        np.cumsum(size * [float(getattr(h, which)[us]) for h in holdout.horizons]) for which in ("observed", "forecast")
    )
    horizons = [
        Horizon(float(h.purchase), float(seen), float(said))
        for h, seen, said in zip(holdout.horizons, observed, predicted, strict=True)
    ]
    return Backtest(f"purchases of {e.us}", holdout.what, "purchase", tuple(horizons))


def _chart(holdout: Holdout, names: tuple[str, ...]) -> Chart:
    series = {
        f"{which} {name}": tuple(float(getattr(h, which)[j]) for h in holdout.horizons)
        for j, name in enumerate(names)
        for which in ("forecast", "observed")
    }
    at = tuple(float(h.purchase) for h in holdout.horizons)
    return Chart(f"shares, {holdout.what} held out", "purchases after the last that was fitted", at, series)
