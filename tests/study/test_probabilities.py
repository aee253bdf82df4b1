"""Probabilities of moves: as they are written, and what they must be."""

from __future__ import annotations

import pytest

from simengine.scenario.problems import ScenarioError
from simengine.study.probabilities import probabilities_of, require_probabilities

MOVES = ["quiet", "price_war", "attack"]


def test_numbers_are_written_as_in_a_scenario() -> None:
    assert probabilities_of("quiet=50%, price_war=0.3 ,attack = 20%") == {"quiet": 0.5, "price_war": 0.3, "attack": 0.2}
    require_probabilities({"quiet": 0.1 + 0.2, "price_war": 0.7}, MOVES)
    require_probabilities(None, MOVES)


def test_everything_that_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as told:
        probabilities_of("quiet=half,price_war,,quiet=20%")
    found = [problem.found for problem in told.value.problems]
    assert found == ["'half' for quiet", "'price_war'", "nothing between two commas", "quiet twice"]


@pytest.mark.parametrize(
    ("probabilities", "said"),
    [
        ({"quit": 0.5, "attack": 0.5}, "did you mean 'quiet'?"),
        ({"quiet": -0.1, "attack": 1.1}, "a probability, from 0% to 100%"),
        ({"quiet": 0.5, "attack": 0.3}, "20% is left for price_war"),
        ({"quiet": 0.9, "attack": 0.3}, "take away 20%"),
        ({"quiet": 0.5, "attack": 0.2, "price_war": 0.2}, "add 10%"),
    ],
)
def test_they_are_of_the_moves_and_sum_to_one(probabilities: dict[str, float], said: str) -> None:
    with pytest.raises(ScenarioError, match=said.replace("?", "[?]")):
        require_probabilities(probabilities, MOVES)
