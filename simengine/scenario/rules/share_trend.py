"""The change of shares in the first year: whose, and what together they leave of the market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.rules.segments import CLOSE
from simengine.scenario.suppliers import COMPANY, choice_segments
from simengine.scenario.units import percent

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario


def fail_if_a_trend_is_of_no_share(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        path = ("segments", name, "share_trend")
        if segment.share_trend and segment.shares is None:
            yield d.source.problem(
                path,
                found="`share_trend` without shares",
                expected="shares and churn, which it is part of",
                suggestion="leave it out where constants and inertia are stated",
                at_key=True,
            )
            continue
        shares = segment.shares or {}
        for supplier in segment.share_trend:
            if not shares.get(supplier):
                yield d.source.problem(
                    (*path, supplier),
                    found=f"`{supplier}`, which has no share",
                    expected=listed(shares),
                    suggestion=did_you_mean(supplier, shares, otherwise="state its share today"),
                    at_key=True,
                )


def fail_if_trends_leave_no_market(d: Draft) -> Iterator[Problem]:
    """Where every supplier is named the shares in a year must sum to 1; else something must be left for the others."""
    for name, segment in choice_segments(d).items():
        shares, trend = segment.shares or {}, segment.share_trend
        if not any(trend.values()) or not set(trend) <= set(shares) or abs(sum(shares.values()) - 1) > CLOSE:
            continue
        total = sum(shares[supplier] * (1 + change) for supplier, change in trend.items())
        everybody = all(supplier in trend for supplier, share in shares.items() if share)
        if (abs(total - 1) > CLOSE) if everybody else (total >= 1):
            others = listed([supplier for supplier, share in shares.items() if share and supplier not in trend], "and")
            yield d.source.problem(
                ("segments", name, "share_trend"),
                found=f"shares that sum to {percent(total, 6)} in a year",
                expected="a sum of 100%" if everybody else f"less than 100%: something must be left for {others}",
                suggestion="leave out one supplier, who then takes what is left" if everybody else "",
                at_key=True,
            )


def fail_if_churn_is_below_our_decline(d: Draft) -> Iterator[Problem]:
    """Our share cannot fall by more than what leaves: even if nobody joins, who has not left is still ours."""
    for name, segment in choice_segments(d).items():
        decline = -segment.share_trend.get(COMPANY, 0.0)
        if segment.churn is not None and decline > 0 and segment.churn <= decline:
            yield d.source.problem(
                ("segments", name, "churn"),
                found=f"churn {percent(segment.churn)} while our share falls by {percent(decline)}",
                expected=f"churn above {percent(decline)}: our share falls only by customers who leave",
                suggestion="raise churn, or state a smaller decline under share_trend",
            )


def warn_if_growth_dilutes_a_trend(scenario: Scenario) -> Iterator[Problem]:
    """Newcomers enter at today's shares, so that those of the whole market change by less than is stated."""
    for name, segment in scenario.choosing.items():
        if segment.growth and any(segment.share_trend.values()):
            yield scenario.problem(
                ("segments", name, "share_trend"),
                f"a share_trend where the market grows by {percent(segment.growth)} a year",
                "the trend of customers who are there today: newcomers enter at today's shares, which dilutes it",
                "state a stronger share_trend if it is that of the whole market, or leave growth out",
            )
