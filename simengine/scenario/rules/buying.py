"""What the customer file must hold of customers who buy till they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simengine.scenario.buying import GammaGamma
from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, listed
from simengine.scenario.segment import BuyingSegment
from simengine.scenario.suppliers import segments

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario

NEEDED = ("purchases", "last_purchase", "observed")
BOUGHT = (*NEEDED, "spend")  # columns that only such customers have


def fail_if_purchases_are_not_told(d: Draft) -> Iterator[Problem]:
    """With a customer file, what each customer has bought says what is to be expected of it."""
    if d.file.portfolio is None or not d.sound("portfolio"):
        return
    missing = [role for role in NEEDED if getattr(d.file.portfolio.columns, role) is None]
    buying = [name for name, segment in segments(d).items() if isinstance(segment, BuyingSegment)]
    if missing and buying:
        yield d.source.problem(
            ("portfolio", "columns"),
            found=f"no column for {listed(missing, 'and')}, and `{buying[0]}` is a buy-till-you-die segment",
            at_key=True,
            expected="how often each customer has bought after its first purchase, when last, and since when",
            suggestion="such as purchases: x, last_purchase: {column: t_x, unit: weeks}, "
            "observed: {column: T, unit: weeks}",
        )


def warn_if_purchases_make_no_difference(scenario: Scenario) -> Iterator[Problem]:
    """Columns that no segment reads."""
    columns = None if scenario.portfolio is None else scenario.portfolio.columns
    buying = [segment for segment in scenario.segments.values() if isinstance(segment, BuyingSegment)]
    varied = any(isinstance(segment.spend, GammaGamma) for segment in buying)
    for role in BOUGHT if columns is not None else ():
        if getattr(columns, role) is None or (varied if role == "spend" else buying):
            continue
        yield scenario.problem(
            ("portfolio", "columns", role),
            f"a column for {role}, and no segment with {'gamma_gamma spend' if buying else 'buy-till-you-die'}",
            "a column that some segment reads",
            "state spend: {gamma_gamma: {p: 6.25, q: 3.74, gamma: 15.44}}, or leave the column out"
            if buying
            else "state dynamics: buy-till-you-die in a segment, or leave the column out",
        )
