"""`simengine compare` as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.bad.corpus import simengine
from tests.cli.conftest import Ended


def test_a_comparison_is_printed_and_is_one_json_document(scenario: Path) -> None:
    ended = simengine(["compare", scenario.name, "--probabilities", "quiet=75%,price_cut=25%"], scenario.parent)
    assert ended.code == 0
    for part in (
        "more_advice: advisers › affluent 0 → 20k", "against baseline", "regret", "best in",
        "over all moves", "expected", "more_advice, affluent", "holds together for all 3 comparisons",
        "0 went against the change of the offers",
    ):  # fmt: skip
        assert part in ended.out
    assert not ended.written
    document = json.loads(simengine(["compare", scenario.name, "--json", "--quiet"], scenario.parent).out)
    assert document["to"] == "baseline"
    assert list(document["moves"]) == ["quiet", "price_cut"]


def test_a_folder_of_a_run_says_what_the_scenario_says(finished: tuple[Path, Ended], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(finished[0], folder)
    of_file, of_run = (simengine(["compare", each, "--quiet"], folder) for each in ("small.yaml", "runs/small"))
    assert of_file.out == of_run.out
    refused = simengine(["compare", "runs/small", "--seed", "3"], folder)
    assert (refused.code, refused.out) == (2, "")
    assert "an option of a simulation, beside a run that is done" in refused.err


def test_why_is_a_sentence_and_in_full_if_asked(finished: tuple[Path, Ended], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(finished[0], folder)
    asked = ["compare", "small.yaml", "--quiet", "--move", "quiet"]
    short, full = (simengine(each, folder).out for each in (asked, [*asked, "--bridge"]))
    assert "quiet, why:\n  more_advice: " in short
    assert "by driver" not in short
    for part in (
        "why more_advice against baseline under quiet", "all from advisers › affluent (0 → 20k)", "by change",
        "by driver", "customers kept", "= difference",
    ):  # fmt: skip
        assert part in full
    stored = simengine(["compare", "runs/small", "--quiet", "--bridge", "--json"], folder).out
    document = json.loads(stored)["bridges"]["quiet"]["more_advice"]
    assert document["by_change"] is None
    of_file = json.loads(simengine([*asked, "--bridge", "--json"], folder).out)["bridges"]["quiet"]["more_advice"]
    assert of_file["by_driver"] == document["by_driver"]
    assert of_file["by_change"]["changes"][0]["value_per_share"] == document["value_per_share"]
    assert "give the scenario in place of the run" in simengine(["compare", "runs/small", "--bridge"], folder).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "more_advise"], "did you mean 'more_advice'?"),
        (["--move", "price_cat"], "did you mean 'price_cut'?"),
        (["--probabilities", "quiet=50%"], "50% is left for price_cut"),
        (["--probabilities", "quiet=80%,price_cut=80%"], "take away 60%"),
        (["--probabilities", "quiet=half,price_cut"], "MOVE=PROBABILITY"),
        (["--probabilities", "quiet=40%,quiet=60%"], "quiet twice"),
        (["--probabilities", "price_cat=100%"], "did you mean 'price_cut'?"),
        (["--probabilities", "quiet=-10%,price_cut=110%"], "a probability, from 0% to 100%"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_is_run(
    scenario: Path, arguments: list[str], said: str
) -> None:
    ended = simengine(["compare", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
