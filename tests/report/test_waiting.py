"""What a run prints of moves that wait, and of the market's own luck."""

from __future__ import annotations

from typing import Any

from tests.report.test_terminal import printed, summary

CAME = {"came": 0.95, "begins": {"p10": "2027-Q1", "p50": "2028-Q3", "p90": None}, "times": 0.95}
NEVER = {"came": 0.0, "begins": dict.fromkeys(("p10", "p50", "p90")), "times": 0.0}


def document(allocations: dict[str, Any], **what: Any) -> dict[str, Any]:
    change = {"change": "answers [new] 1", "who": "atlas", **(what or {"when": "share(us) > 38%"})}
    return summary() | {"moves": {"answers [new]": [change | {"allocations": allocations}]}}


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.partition("moves that wait")[2].splitlines()]


def test_every_allocation_says_in_how_many_replications_and_when_it_came() -> None:
    text = printed(document({"baseline": NEVER, "advice": CAME}))
    assert "answers [new] 1: atlas, when share(us) > 38%" in text
    assert ["baseline", "0%", "never"] in rows(text)
    assert ["advice", "95%", "2028-Q3", "(2027-Q1", "-", "never)"] in rows(text)


def test_how_often_is_said_where_it_came_more_than_once() -> None:
    text = printed(document({"baseline": NEVER, "advice": CAME | {"times": 2.25}}))
    assert ["baseline", "0%", "never", "0.0"] in rows(text)
    assert "2.2" in text


def test_what_comes_of_itself_is_said_once_for_all_allocations() -> None:
    text = printed(document({"baseline": CAME, "advice": CAME}, arrival=0.2))
    assert "atlas, 20% a year" in text
    assert [row[:3] for row in rows(text) if "95%" in row] == [["every", "allocation", "95%"]]


def test_the_market_itself_may_wait() -> None:
    assert "the market, 5% a year" in printed(document({"baseline": CAME}, who=None, arrival=0.05))


def test_the_luck_of_the_market_is_said() -> None:
    kinds = {"market_luck": ["shocks to demand", "moves that may come"]}
    said = "Replications differ by the market's own luck{}: shocks to demand and moves that may come."
    assert said.format("") in printed(summary() | kinds)
    assert said.format(" alone") in printed(summary() | kinds | {"mode": "expected"})
    assert "this is one future of many" in printed(summary() | kinds | {"replications": 1})
    assert "luck" not in printed(summary())
