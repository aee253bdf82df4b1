"""Segments: weights, shares, and which figures may stand together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.segment import ChoiceSegment, ContractSegment
from simengine.scenario.suppliers import COMPANY, OUTSIDE, choice_segments, segments
from simengine.scenario.units import percent

CLOSE = 1e-6  # how far a sum of shares may be from 1


def fail_if_a_segment_weighs_unknown_needs(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for name, segment in choice_segments(d).items():
        for need in segment.needs:
            if need not in d.file.needs:
                yield d.source.problem(
                    ("segments", name, "needs", need),
                    found=f"the unknown need `{need}`",
                    at_key=True,
                    expected=f"one of {listed(d.file.needs) or 'the names under needs, of which there are none'}",
                    suggestion=did_you_mean(need, d.file.needs, otherwise="list it under needs"),
                )


def fail_if_needs_are_not_weighed(d: Draft) -> Iterator[Problem]:
    """Without any needs, customers choose by price, inertia and what the constants stand for."""
    in_file = d.file.portfolio is not None and bool(d.file.portfolio.columns.needs)
    for name, segment in choice_segments(d).items():
        path = ("segments", name, "needs")
        total = sum(segment.needs.values())
        if segment.needs and abs(total - 1) > CLOSE:
            yield _sum(d, path, "weights", total)
        if not segment.needs and d.file.needs and not in_file and d.sound("portfolio"):
            yield d.source.problem(
                path,
                found="no weights of needs",
                expected="what customers weigh: {need: weight}, sum 1",
                at_key=True,
                suggestion="list the needs and state their weights, such as needs: {service: 0.6, digital: 0.4}",
            )


def fail_if_needs_spread_is_too_wide(d: Draft) -> Iterator[Problem]:
    """A Dirichlet distribution with these means has a variance below the mean of c (1 - c)."""
    for name, segment in choice_segments(d).items():
        count = len(d.file.needs)
        if segment.needs_spread == 0 or not segment.needs or not count:
            continue
        bound = (sum(w * (1 - w) for w in segment.needs.values()) / count) ** 0.5
        if segment.needs_spread >= bound:
            yield d.source.problem(
                ("segments", name, "needs_spread"),
                expected=f"a spread below {bound:.3g}",
                suggestion="weights with these means cannot differ more between customers; state less, such as 0.15",
            )


def fail_if_shares_do_not_sum_to_one(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        total = sum((segment.shares or {}).values())
        if segment.shares is not None and abs(total - 1) > CLOSE:
            rest = 1 - total + (segment.shares or {}).get(OUTSIDE, 0.0)  # what `none` would have to be
            hint = f"{OUTSIDE}: {percent(rest, 6)} would do" if CLOSE < rest < 1 else ""
            yield _sum(d, ("segments", name, "shares"), "shares", total, hint)


def _sum(d: Draft, path: tuple[str, ...], what: str, total: float, hint: str = "") -> Problem:
    off = f"{'add' if total < 1 else 'take away'} {percent(abs(1 - total), 6)}"
    return d.source.problem(
        path,
        found=f"{what} that sum to {percent(total, 6)}",
        expected="a sum of 100%",
        at_key=True,
        suggestion=f"{off}: {hint}" if hint else off,
    )


def fail_if_a_share_is_zero(d: Draft) -> Iterator[Problem]:
    """No finite constant explains a share of nothing."""
    for name, segment in choice_segments(d).items():
        for supplier, share in (segment.shares or {}).items():
            if share == 0 and supplier != OUTSIDE:
                yield d.source.problem(
                    ("segments", name, "shares", supplier),
                    expected="a share above 0",
                    suggestion="state the smallest share that is true"
                    if supplier == COMPANY
                    else f"leave {supplier} out: it is not available here then",
                )


def fail_if_there_is_nothing_to_choose(d: Draft) -> Iterator[Problem]:
    for name, segment in choice_segments(d).items():
        for block in ("shares", "constants"):
            stated = getattr(segment, block)
            if stated is None:
                continue
            path = ("segments", name, block)
            if COMPANY not in stated:
                yield d.source.problem(
                    path,
                    found=f"no `{COMPANY}`",
                    expected=f"`{COMPANY}`, rivals and `{OUTSIDE}`",
                    at_key=True,
                    suggestion=did_you_mean(COMPANY, stated, otherwise=f"`{COMPANY}` is the company"),
                )
            elif segment.available == {COMPANY}:
                yield d.source.problem(
                    path,
                    found=f"`{COMPANY}` alone",
                    expected="at least one alternative",
                    at_key=True,
                    suggestion=f"add a rival or `{OUTSIDE}`, or use dynamics: contract",
                )


def fail_if_calibration_is_not_stated_once(d: Draft) -> Iterator[Problem]:
    """Either shares and churn, from which the engine solves, or constants and inertia."""
    pairs = "shares and churn, or constants and inertia"
    for name, segment in choice_segments(d).items():
        path = ("segments", name)
        stated = [f for f in ("shares", "churn", "constants", "inertia") if getattr(segment, f) is not None]
        if stated in (["shares", "churn"], ["constants", "inertia"]):
            continue
        if len(stated) == 1:
            other = {"shares": "churn", "churn": "shares", "constants": "inertia", "inertia": "constants"}[stated[0]]
            yield d.source.problem(
                path,
                found=f"`{stated[0]}` without `{other}`",
                expected=pairs,
                suggestion=f"state {other}",
                at_key=True,
            )
        else:
            first = stated[0] if stated else ""
            extra = next((f for f in stated if f not in {"shares": ("shares", "churn")}.get(first, ())), None)
            remove = d.source.how_to_remove((*path, f) for f in stated)
            yield d.source.problem(
                (*path, extra) if extra and not remove else path,
                found=listed(stated, "and") or "neither",
                expected=pairs,
                suggestion=remove or ("leave out what the engine solves for" if stated else "state shares and churn"),
                at_key=True,
            )


def fail_if_churn_exceeds_what_review_allows(d: Draft) -> Iterator[Problem]:
    """Even without inertia a customer leaves in a period only by reviewing and choosing another supplier.

    Necessary: churn < 1 - (1 - rho (1 - s))^n, with rho the review probability per period, s our share and n
    periods a year. (Where tastes differ the bound is lower still; the solve of today finds that one.)
    """
    if not d.sound("calendar"):
        return
    n = d.file.calendar.periods_per_year
    for name, segment in choice_segments(d).items():
        share = (segment.shares or {}).get(COMPANY)
        if segment.churn is None or share is None or not d.sound("segments", name):
            continue
        hazard = segment.review
        review = Decimal(1) if hazard == "always" else 1 - (-Decimal(hazard) / n).exp()
        chosen = 0 if any(segment.share_trend.values()) else Decimal(share)  # while a share moves, who stays is not it
        most = 1 - (1 - review * (1 - chosen)) ** n
        if Decimal(segment.churn) >= most:
            ours = percent(share)
            yield d.source.problem(
                ("segments", name, "churn"),
                found=f"churn {percent(segment.churn)} with review {_text(segment)}",
                expected=f"churn below {percent(most)}: with our share {ours} and this review no more can leave"
                if most > 0
                else f"a smaller share of ours: with {ours} nobody has another supplier to leave for",
                suggestion="raise review, or lower churn" if most > 0 else "",
            )


def _text(segment: ChoiceSegment) -> str:
    return segment.review if isinstance(segment.review, str) else percent(segment.review)


def fail_if_a_hazard_is_not_stated_once(d: Draft) -> Iterator[Problem]:
    for name, segment in segments(d).items():
        if not isinstance(segment, ContractSegment):
            continue
        known = tuple(type(segment.hazard).model_fields)
        stated = [f for f in known if getattr(segment.hazard, f) is not None]
        if len(stated) != 1:
            yield d.source.problem(
                ("segments", name, "hazard"),
                found=listed(stated, "and") or "no hazard",
                at_key=True,
                expected=f"one of {listed(known, 'and')}",
                suggestion=d.source.how_to_remove(("segments", name, "hazard", f) for f in stated)
                or "write {constant: 2%} or {empirical: {}}",
            )


def fail_if_one_of_two_shapes_is_missing(d: Draft) -> Iterator[Problem]:
    for name, segment in segments(d).items():
        shapes = segment.hazard.shifted_beta_geometric if isinstance(segment, ContractSegment) else None
        if shapes is not None and (shapes.alpha is None) != (shapes.beta is None):
            there, gone = ("beta", "alpha") if shapes.alpha is None else ("alpha", "beta")
            yield d.source.problem(
                ("segments", name, "hazard", "shifted_beta_geometric"),
                found=f"`{there}` without `{gone}`",
                at_key=True,
                expected="both, or neither",
                suggestion=f"state {gone}, or write {{}} to estimate both from the customer file",
            )
