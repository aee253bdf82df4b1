"""`simengine propositions` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad.corpus import simengine


def test_the_map_is_printed_and_is_one_json_document(scenario: Path) -> None:
    ended = simengine(["propositions", scenario.name], scenario.parent)
    assert ended.code == 0
    for part in (
        "utility, ours less theirs", "not explained by figures", "what is known of the offers", "won",
        "service +1 point", "price +1%", "against atlas: better on service; worse on rate and price.", "profitable:",
    ):  # fmt: skip
        assert part in ended.out
    document = json.loads(simengine(["propositions", scenario.name, "--json", "--quiet"], scenario.parent).out)
    assert document["cell"] == {"allocation": "baseline", "move": "quiet"}
    assert list(document["segments"]["affluent"]["rivals"]) == ["atlas"]
    assert not ended.written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--allocation", "more_advise"], "did you mean 'more_advice'?"),
        (["--move", "price_cat"], "did you mean 'price_cut'?"),
    ],
)
def test_a_cell_that_is_none_is_told(scenario: Path, arguments: list[str], said: str) -> None:
    ended = simengine(["propositions", scenario.name, *arguments], scenario.parent)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
