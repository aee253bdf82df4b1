"""`simengine optimize` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad.corpus import simengine


def test_the_optimum_is_printed_written_and_one_json_document(scenario: Path) -> None:
    arguments = ["optimize", scenario.name, "--mode", "expected", "--budget", "60k", "--quiet"]
    ended = simengine([*arguments, "--out", "best.yaml"], scenario.parent)
    assert (ended.code, ended.err) == (0, "")
    for part in ("value per share under quiet, 60k a year", "against baseline", "exact.", "The best found from"):
        assert part in ended.out
    written = (scenario.parent / "best.yaml").read_text(encoding="utf-8")
    assert written.splitlines()[2] == "extends: small.yaml"
    assert simengine(["validate", "best.yaml"], scenario.parent).code == 0
    document = json.loads(simengine([*arguments, "--json"], scenario.parent).out)
    assert document["exact"] is True
    assert document["items"][0]["segment"] == "affluent"
    again = simengine([*arguments, "--out", "best.yaml"], scenario.parent)
    assert again.code == 2
    assert "best.yaml, which exists" in again.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--bound", "adviser=1:2"], "did you mean 'advisers'?"),
        (["--budget", "5k", "--bound", "advisers.affluent=9k:"], "missed by 4k a year"),
        (["--out", "best.txt"], "ending in .yaml"),
        (["--out", "best.yaml", "--set", "company.tax_rate=20%"], "--set beside it"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["optimize", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert not ended.written
