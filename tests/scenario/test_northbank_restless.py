"""The shipped variant of the bank: it says what differs, and the rest is the bank's."""

from __future__ import annotations

from pathlib import Path

from simengine.scenario import load_scenario
from simengine.scenario.differences import Side, differences
from tests.scenario.test_northbank import PATH as BANK

PATH = Path(__file__).parents[2] / "scenarios" / "northbank_restless.yaml"


def test_it_differs_from_the_bank_in_what_it_says() -> None:
    found = differences(Side(load_scenario(BANK)), Side(load_scenario(PATH)))
    assert {difference.place: difference.words.partition(" (")[0] for difference in found} == {
        "name": "Northbank, affluent segment under attack → Northbank, restless affluent customers",
        "calendar › periods": "40 → 20",
        "simulation › mode": "sampled → expected",
        "segments › affluent › review": "20% → 30%",
        "segments › affluent › churn": "7% → 10%",
        "segments › affluent › price_sensitivity": "3 → 4",
        "allocations › win_customers": "removed",
        "moves › price_war": "removed",
    }


def test_its_comments_tell_the_bank_s_figures() -> None:
    text = PATH.read_text(encoding="utf-8")
    for said in ("20% in northbank.yaml", "7% there", "3 there"):
        assert said in text
    assert "invented" in text.split("extends:", maxsplit=1)[0]
