"""`simengine sensitivity` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad.corpus import simengine


def test_the_tornado_is_printed_and_is_one_json_document(scenario: Path) -> None:
    asked = ["--range", "segments.affluent.churn=5%:9%", "--range", "levers.advisers.response.hill.max=1:3"]
    ended = simengine(["sensitivity", scenario.name, *asked, "--quiet"], scenario.parent)
    assert ended.code == 0, ended.err
    for part in ("segments.affluent.churn", "5%", "9%", "As stated:", "low and high: asked for."):
        assert part in ended.out
    document = json.loads(simengine(["sensitivity", scenario.name, *asked, "--json"], scenario.parent).out)
    assert {each["input"] for each in document["inputs"]} == {asked[1].split("=")[0], asked[3].split("=")[0]}
    assert document["indices"] is None
    assert not ended.written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--range", "segments.affluent.chrun=5%:9%"], "did you mean 'churn'?"),
        (["--range", "segments.affluent.churn=5%:900%"], "less than 1"),
        (["--to", "more_advise"], "did you mean 'more_advice'?"),
        (["--samples", "1000"], "write 1024"),
        (["--set", "allocations.more_advice=null"], "two at least"),
    ],
)
def test_what_cannot_be_asked_is_told(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["sensitivity", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
