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
        "more_advice: advisers: today's {affluent: 0} → {affluent: 20k}", "against baseline", "regret", "best in",
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
