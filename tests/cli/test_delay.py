"""`simengine delay` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simengine.report.delay import said
from simengine.study.delay import Amount, Company, Delay, Wait
from tests.bad.corpus import simengine


def test_waits_are_printed_and_are_one_json_document(scenario: Path) -> None:
    asked = ["delay", scenario.name, "--by", "0:4:2", "--mode", "expected"]
    ended = simengine(asked, scenario.parent)
    assert ended.code == 0
    for part in ("more_advice, begun later, under quiet", "alone", "atlas begins in", "2 quarters", "1 year"):
        assert part in ended.out
    document = json.loads(simengine([*asked, "--json", "--quiet"], scenario.parent).out)
    assert document["allocation"] == "more_advice"
    assert [wait["periods"] for wait in document["alone"]["waits"]] == [0, 2, 4]
    assert document["alone"]["waits"][1]["lost"]["ci95"] is None
    assert [company["rival"] for company in document["rivals"]] == ["atlas"]
    assert not ended.written


def test_how_far_merged_customers_may_be_off_is_told(scenario: Path) -> None:
    merged = ["delay", scenario.name, "--by", "0:4:4", "--mode", "expected", "--set", "simulation.profile_error=1%"]
    assert "; expected values, within 1 %: nothing is random." in simengine(merged, scenario.parent).out
    sampled = simengine(merged[:4], scenario.parent).out
    assert "; 4 replications, seed 7." in sampled


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "a year"], "periods of waiting: first and last, such as 0:20"),
        (["--by", "8"], "periods of waiting: first and last, such as 0:20"),
        (["--by", "8:4"], "a last period not before the first: 4:8"),
        (["--by", "0:4:0"], "a step of at least 1"),
        (["--by", "0:400"], "the end of the calendar"),
        (["--rival", "atlass"], "did you mean 'atlas'?"),
        (["--allocation", "more_advise"], "did you mean 'more_advice'?"),
    ],
)
def test_what_cannot_be_asked_is_told(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["delay", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_what_is_worth_nothing_at_once_may_be_worth_something_later() -> None:
    def told(worth: float, *lost: float) -> str:
        waits = tuple(
            Wait(k, "2027-Q1", 0.0, Amount(each, None), 0.0, 0.0, None, None, 0.5)
            for k, each in enumerate((0.0, *lost))
        )
        company = Company(None, Amount(worth, None), None, waits)
        found = Delay(
            "s", "EUR", "plan", "baseline", "quiet", "2027-Q1", 0.25, 0.09, "expected", 1, 1, True, None, 1000.0,
            company, (), "",
        )  # fmt: skip
        return said(company, found, 1).removeprefix("Alone, plan is worth ")

    assert (
        told(-2.0, 1.0)
        == "-2.0 EUR a share over baseline if begun at once: it is not worth beginning, nor after any of these waits."
    )
    assert (
        told(-2.0, -3.0, 1.0)
        == "-2.0 EUR a share over baseline if begun at once, and most, +1.0, after waiting 1 quarter."
    )
    assert told(0.0, 0.0) == "+0.0 EUR a share over baseline if begun at once: nothing is lost by waiting."
