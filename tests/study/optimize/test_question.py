"""What is asked of an optimum, and everything that is wrong with it at once."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import pytest

from simengine.scenario import ScenarioError, load_scenario
from simengine.scenario.model import Scenario
from simengine.study.optimize.expression import Refused, compared, names_of
from simengine.study.optimize.items import Place, fundable
from simengine.study.optimize.optimize import optimize
from simengine.study.optimize.said import read_bound, read_budget, read_phases, read_probabilities

PLACES = (
    Place("care", "One year"), Place("care", "Month-to-month"), Place("advisers", "affluent"), Place("ads", "affluent"),
)  # fmt: skip
KNOWN = names_of(PLACES)


def test_money_may_go_where_a_lever_acts_and_an_adbudg_has_spend_today(field: Scenario) -> None:
    assert list(map(str, fundable(field))) == ["advisers.affluent", "care.leaving", "extras.affluent", "extras.leaving"]


@pytest.mark.parametrize(
    ("text", "places", "money", "budget", "sign"),
    [
        ("advisers.affluent <= 3M", {PLACES[2]: 1}, -3e6, 0, "<="),
        ("2 ads >= 0.5*advisers + 1k", {PLACES[3]: 2, PLACES[2]: -0.5}, -1e3, 0, ">="),
        ("care.Month-to-month - care.One year = 0", {PLACES[1]: 1, PLACES[0]: -1}, 0, 0, "="),
        ("affluent <= 60% budget", {PLACES[2]: 1, PLACES[3]: 1}, 0, -0.6, "<="),
        ("-ads + care<=1 million", {PLACES[3]: -1, PLACES[0]: 1, PLACES[1]: 1}, -1e6, 0, "<="),
        ("advisers + 3 advisers.affluent <= 2M", {PLACES[2]: 4}, -2e6, 0, "<="),
    ],
)
def test_a_constraint_is_read(text: str, places: dict[Place, float], money: float, budget: float, sign: str) -> None:
    left, found = compared(text, KNOWN)
    assert (left.places, left.money, left.budget, found) == (places, money, budget, sign)


@pytest.mark.parametrize(
    "text",
    [
        "ads",
        "ads < 3",
        "ads <= ads",
        "adds <= 3",
        "ads <= 3 <= 4",
        "ads ads <= 3",
        "<= 3",
        "2 * <= 3",
        "ads + <= 1",
        "3M <= 4M",
        "ads <= 50%",
    ],
)
def test_a_constraint_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        compared(text, KNOWN)


def test_bounds_budgets_phases_and_probabilities_are_read(field: Scenario) -> None:
    bound = read_bound("advisers.affluent=2k:", fundable(field))
    assert (bound.low, bound.high) == (2e3, inf)
    assert len(read_bound("extras=:6k", fundable(field)).places) == 2
    assert read_budget(None, field, 5e3) == 5e3
    assert read_budget("unlimited", field, 5e3) == inf
    assert read_phases("2026,2028", field) == [0, 2]
    assert read_phases("yearly", field) == [0, 1, 2, 3]
    assert read_probabilities("price_cut=25%,quiet=75%", field) == {"quiet": 0.75, "price_cut": 0.25}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"budget": "0"}, "money a year above 0"),
        ({"budget": "a lot"}, "found 'a lot'"),
        ({"budget": "50%"}, "money has no %"),
        ({"bound": ["care.leaving=5%:2k"]}, "money has no %"),
        ({"fix": ["care.leaving=5%"]}, "money has no %"),
        ({"objective": "valu"}, "did you mean 'value'?"),
        ({"move": "quite"}, "did you mean 'quiet'?"),
        ({"move": "quiet", "objective": "regret"}, "which looks at all moves"),
        ({"move": "quiet", "probabilities": "quiet=100%"}, "one of the two only"),
        ({"probabilities": "quiet=40%,price_cut=40%"}, "probabilities that sum to 80%"),
        ({"fix": ["adviser"]}, "did you mean 'advisers'?"),
        ({"fix": ["extras=3k"]}, "an amount for 2 places"),
        ({"fix": ["advisers", "care", "extras"]}, "everything fixed"),
        ({"fix": ["care"], "bound": ["care.leaving=1k:2k"]}, "fixed by 'care'"),
        ({"bound": ["care.leaving=3k:2k"]}, "the lower amount first"),
        ({"bound": ["care.leaving"]}, "WHAT=LOW:HIGH"),
        ({"constraint": ["care <= 40% budget"], "budget": "unlimited"}, "a part of an unlimited budget"),
        ({"phases": "2028,2026"}, "dates that do not rise"),
        ({"phases": "1999"}, "a period from 2026 to 2029"),
        ({"initiative": ["portl"]}, "did you mean 'portal'?"),
        ({"objective": "shortfall"}, "there are no worst outcomes"),
        ({"risk_limit": "3", "objective": "regret"}, "a limit beside regret"),
        ({"level": "5%"}, "--objective shortfall, or --risk-limit"),
        ({"frontier": "9:2:3"}, "the lower first"),
        ({"column": ["region"]}, "no customer file"),
        ({"round_to": "0"}, "money above 0"),
        ({"round_to": "5%"}, "money has no %"),
        ({"frontier": "50%:9k:3"}, "money has no %"),
        ({"round_to": "30k", "budget": "16k"}, "more than the budget of 16k"),
        ({"frontier": "budget", "objective": "regret"}, "the best of one budget"),
        ({"like": "advise"}, "did you mean 'advice'?"),
        ({"budget": "5k", "bound": ["care.leaving=4k:", "advisers.affluent=3k:"]}, "missed by 2k a year"),
        ({"budget": "4k", "fix": ["advisers"]}, "missed by 1k a year, 5k of it fixed"),
        ({"budget": "9k", "constraint": ["care >= 3k", "care <= 1k"]}, "missed by"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_asked_is_told(asked: dict[str, Any], said: str, field: Scenario) -> None:
    with pytest.raises(ScenarioError) as error:
        optimize(field, **asked)
    assert said in str(error.value)


def test_without_a_budget_or_spend_of_today_money_is_asked_for(field: Scenario) -> None:
    free = load_scenario(
        Path(field.source.file),
        settings=["levers.advisers.response={hill: {max: 1, half: 4k}}", "levers.advisers.today=null"],
    )
    with pytest.raises(ScenarioError) as error:
        optimize(free)
    assert "levers: found no budget, and nothing that is spent today" in str(error.value)
    assert "--budget 9k, the most that an allocation spends" in str(error.value)


def test_all_that_is_wrong_is_told_at_once(field: Scenario) -> None:
    with pytest.raises(ScenarioError) as error:
        optimize(field, budget="x", objective="y", fix=["z"], bound=["w=1:2"], constraint=["v <= 1"], phases="u")
    assert len(error.value.problems) == 6
