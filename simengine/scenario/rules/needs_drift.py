"""Needs that drift: which, how far, and where anything can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.segments import CLOSE
from simengine.scenario.suppliers import choice_segments
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def fail_if_an_unknown_need_drifts(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for name, segment in choice_segments(d).items():
        for need in segment.needs_drift.trend:
            if need not in d.file.needs:
                yield d.source.problem(
                    ("segments", name, "needs_drift", "trend", need),
                    found=f"a trend of the unknown need `{need}`",
                    expected=listed(d.file.needs) or "the names under needs, of which there are none",
                    suggestion=did_you_mean(need, d.file.needs, otherwise="list it under needs"),
                    at_key=True,
                )


def fail_if_trends_of_all_needs_do_not_cancel(d: Draft) -> Iterator[Problem]:
    """Weights sum to 1 in every year; where some need is not named, it takes what is left."""
    if not d.sound("needs"):
        return
    for name, segment in choice_segments(d).items():
        trend = segment.needs_drift.trend
        total = sum(trend.values())
        if set(trend) == set(d.file.needs) and abs(total) > CLOSE:
            yield d.source.problem(
                ("segments", name, "needs_drift", "trend"),
                found=f"trends that sum to {percent(total, 6)}",
                expected="a sum of 0%: weights always sum to 100%",
                suggestion="leave one need out: it takes what is left",
                at_key=True,
            )


def fail_if_a_trend_leads_out_of_the_weights(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs") or not d.sound("calendar"):
        return
    years = d.file.calendar.periods / d.file.calendar.periods_per_year
    for name, segment in choice_segments(d).items():
        drift = segment.needs_drift
        known, everybody = drift.trend.keys() <= set(d.file.needs), drift.trend.keys() == set(d.file.needs)
        if not segment.needs or not known or (everybody and abs(sum(drift.trend.values())) > CLOSE):
            continue
        needs = sorted(d.file.needs, key=lambda need: need not in drift.trend)  # those that are named first
        for need, trend in zip(needs, drift.trend_of(needs), strict=True):
            today = segment.needs.get(need, 0.0)
            room = today if trend < 0 else 1 - today
            if abs(trend) * years > room + CLOSE:
                stated = need in drift.trend
                yield d.source.problem(
                    ("segments", name, "needs_drift", "trend", *([need] if stated else [])),
                    found=f"a trend that takes the weight of {need} from {percent(today)} to "
                    f"{percent(today + trend * years)} in {years:g} years",
                    expected="a weight between 0% and 100% until the end",
                    suggestion=f"at most {percent(room / years)} a year {'up' if trend > 0 else 'down'} would do"
                    if stated
                    else f"state a smaller trend, or one of {need} too: it takes what others gain",
                    at_key=True,
                )
                break


def warn_if_a_drift_does_nothing(scenario: Scenario) -> Iterator[Problem]:
    for name, segment in scenario.choosing.items():
        if segment.needs_drift.drifts and len(scenario.needs) < 2:
            yield scenario.problem(
                ("segments", name, "needs_drift"),
                "drifting needs, and fewer than two needs",
                "two needs at least: what one gains another loses",
                "list another under needs, or leave needs_drift out",
            )
