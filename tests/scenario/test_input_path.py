"""The paths of inputs: items of lists have numbers, and what is no input is refused with the reason."""

from __future__ import annotations

import pytest

from simengine.scenario.input_path import input_steps
from simengine.scenario.setting_path import PathRefused

DATA = {
    "allocations": {"plan": {"advisers": {"affluent": 5e6}, "initiatives": {"view": {"cost": 3e6}}}},
    "moves": {"war": {"change": {"price": -0.1}}, "both": [{"size": 1}, {"size": 2}]},
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("company.discount_rate", ("company", "discount_rate")),
        ("allocations.plan.advisers.affluent", ("allocations", "plan", "advisers", 0, "affluent")),
        ("allocations.plan.advisers.1.affluent", ("allocations", "plan", "advisers", 0, "affluent")),
        ("allocations.plan.initiatives.view.cost", ("allocations", "plan", "initiatives", "view", "cost")),
        ("moves.war.change.price", ("moves", "war", 0, "change", "price")),
        ("moves.both.2.size", ("moves", "both", 1, "size")),
    ],
)
def test_a_path_has_one_spelling_in_steps(text: str, path: tuple[str | int, ...]) -> None:
    assert input_steps(DATA, text) == path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("calendar.periods", "how time is divided is not uncertain"),
        ("segment.affluent.churn", "did you mean 'segments'?"),
        ("allocations.plan.shift", "compare allocations that are shifted differently"),
    ],
)
def test_what_is_no_input_is_refused(text: str, told: str) -> None:
    with pytest.raises(PathRefused) as refused:
        input_steps(DATA, text)
    assert refused.value.suggestion == told
