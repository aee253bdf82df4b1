"""Shocks of the market: of whom, and which correlations can hold together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simengine.scenario.draft import Draft
from simengine.scenario.market import DEMAND, Market
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.suppliers import COMPANY, OUTSIDE, rivals_of

if TYPE_CHECKING:
    from simengine.scenario.model import Scenario
    from simengine.scenario.yaml_source import Path

NOBODY = "state its share in some segment, or leave it out"
LEAST_OWN = 1e-6  # of a shock's variance, that others do not explain: so that rounding does not decide


def _suppliers(d: Draft) -> list[str]:
    return [COMPANY, *sorted(rivals_of(d)), OUTSIDE]


def fail_if_a_rival_is_called_demand(d: Draft) -> Iterator[Problem]:
    for block in ("offers", "rivals"):
        if d.file.market is not None and DEMAND in d.names(block):
            yield d.source.problem(
                (block, DEMAND),
                found=f"a rival called `{DEMAND}`",
                expected=f"rivals of other names where a market is stated: there `{DEMAND}` is what customers spend",
                suggestion=f"choose another name, such as {DEMAND}_1",
                at_key=True,
            )


def fail_if_a_shock_is_of_nobody(d: Draft) -> Iterator[Problem]:
    if d.file.market is None or not d.sound("segments"):
        return
    known = _suppliers(d)
    for name in d.file.market.suppliers:
        if name not in known:
            yield d.source.problem(
                ("market", "suppliers", name),
                found=f"the unknown supplier `{name}`",
                expected=listed(known),
                suggestion="state it beside suppliers"
                if name == DEMAND
                else did_you_mean(name, known, otherwise=NOBODY),
                at_key=True,
            )


def _correlations(market: Market) -> Iterator[tuple[Path, str, str, float]]:
    """(path, one, other, correlation) of all that are stated."""
    for one, others in market.correlations.items():
        for other, correlation in others.items():
            yield ("market", "correlations", one, other), one, other, correlation


def fail_if_a_correlation_is_of_nobody(d: Draft) -> Iterator[Problem]:
    if d.file.market is None or not d.sound("segments"):
        return
    known = [*_suppliers(d), DEMAND]
    names: dict[Path, str] = {("market", "correlations", one): one for one in d.file.market.correlations}
    names |= {path: other for path, _, other, _ in _correlations(d.file.market)}
    for path, name in names.items():
        if name not in known:
            yield d.source.problem(
                path,
                found=f"a correlation with the unknown `{name}`",
                expected=listed(known),
                suggestion=did_you_mean(name, known, otherwise=NOBODY),
                at_key=True,
            )


def fail_if_a_correlation_is_stated_twice(d: Draft) -> Iterator[Problem]:
    if d.file.market is None:
        return
    found: set[frozenset[str]] = set()
    for path, one, other, _ in _correlations(d.file.market):
        if one == other:
            yield d.source.problem(
                path,
                found=f"a correlation of `{one}` with itself",
                expected="correlations of two",
                suggestion="leave it out: it is 1",
                at_key=True,
            )
        elif frozenset((one, other)) in found:
            yield d.source.problem(
                path,
                found=f"the correlation of `{other}` and `{one}` again",
                expected="each pair once",
                suggestion="delete one of the two",
                at_key=True,
            )
        found.add(frozenset((one, other)))


def fail_if_correlations_cannot_hold_together(d: Draft) -> Iterator[Problem]:
    """Where one shock goes with two others, those cannot go apart as they like."""
    market = d.file.market
    if market is None:
        return
    stated = {frozenset((one, other)) for _, one, other, _ in _correlations(market)}
    count = sum(1 for _ in _correlations(market))
    if len(stated) < count or any(len(pair) < 2 for pair in stated):
        return
    names = sorted(set().union(*stated))
    if positive_definite(_matrix(market, names, 1.0)):
        return
    part = next(part / 100 for part in range(99, -1, -1) if positive_definite(_matrix(market, names, part / 100)))
    yield d.source.problem(
        ("market", "correlations"),
        found="correlations that cannot hold together",
        expected="a positive definite matrix: who goes with two others makes them go together, too",
        suggestion="all of them times {:g} would do: {}".format(
            part,
            listed([f"{one} with {other} {part * value:.4g}" for _, one, other, value in _correlations(market)], "and"),
        ),
        at_key=True,
    )


def _matrix(market: Market, names: Sequence[str], part: float) -> list[list[float]]:
    """Correlations of some names, all of them times `part`."""
    return [[1.0 if one == other else part * market.correlation(one, other) for other in names] for one in names]


def positive_definite(matrix: list[list[float]]) -> bool:
    """Whether what each row adds to those above it is something of its own (elimination without pivots)."""
    rows = [list(row) for row in matrix]
    for i, row in enumerate(rows):
        if row[i] < LEAST_OWN:
            return False
        for below in rows[i + 1 :]:
            part = below[i] / row[i]
            below[:] = [b - part * a for b, a in zip(below, row, strict=True)]
    return True


def warn_if_shocks_do_nothing(scenario: Scenario) -> Iterator[Problem]:
    market = scenario.market
    if market is None:
        return
    shocked = {
        name for name in scenario.suppliers if scenario.choosing and market.volatility_of(name, outside=name == OUTSIDE)
    }
    if market.demand.volatility:
        shocked.add(DEMAND)
    if not shocked:
        yield scenario.problem(
            ("market",),
            "a market without volatility",
            "a volatility above 0, of suppliers where customers choose, or of demand",
            "state one, such as volatility: 0.2, or leave market out",
        )
        return
    for path, one, other, _ in _correlations(market):
        idle = [name for name in (one, other) if name not in shocked]
        if idle:
            yield scenario.problem(
                path,
                f"a correlation with {idle[0]}, which has no shock",
                "correlations of shocks, whose volatility is above 0",
                f"state a volatility of {idle[0]}, or leave the correlation out",
            )
