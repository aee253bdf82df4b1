"""What is said under the tables of a comparison: how far figures may be off, and when nothing is known of that."""

from __future__ import annotations

from typing import Any

import pytest

from simengine.report.compare import _one_by_one, _remarks, _spread, _verdicts

EQUAL = {"customers": 9, "profiles": 9, "bound": 0.0, "error": None, "step": None}
MERGED = {"customers": 9000, "profiles": 90, "bound": 0.001, "error": 0.0004, "step": 0.25}


def cell(value: float, regret: float) -> dict[str, Any]:
    difference = {"mean": 0.0, "controls": 0, "variance_removed": 0.0}
    return {"value_per_share": {"mean": value}, "regret": {"mean": regret}, "difference": difference}


def study(**other: Any) -> dict[str, Any]:
    quiet = {
        "best": "advice", "contenders": ["advice"], "value_of_perfect_information": {"mean": 0.0, "ci95": None},
        "cells": {"advice": cell(5.0, 0.0), "baseline": cell(4.998, 0.002), "least": cell(4.9, 0.1)},
    }  # fmt: skip
    return {
        "currency": "EUR", "mode": "expected", "exact": True, "replications": 1, "blocks": 1, "seed": 1,
        "profiles": None, "stopped": False, "uncertain": [], "inputs_are_controls": False, "market_luck": [],
        "decision": None,
        "joint": {"comparisons": 0}, "moves": {"quiet": quiet},
    } | other  # fmt: skip


@pytest.mark.parametrize(
    ("profiles", "said"), [(EQUAL, "exact"), (None, "exact"), (MERGED, "within 0.1 %")]
)  # fmt: skip
def test_merged_customers_are_not_called_exact(profiles: dict[str, Any] | None, said: str) -> None:
    assert list(_remarks(study(profiles=profiles))) == [f"Expected values, {said}: nothing is random."]
    drawn = list(_remarks(study(profiles=profiles, exact=False, replications=8, blocks=8)))
    assert drawn[0] == f"Expected values of customers, {said}, in each of 8 replications."


def test_what_is_nearer_to_the_best_than_merging_is_sure_of_is_named() -> None:
    named = (
        "quiet: baseline is behind advice by no more than merging customers may be off: a smaller profile_error tells."
    )
    assert list(_verdicts(study(profiles=MERGED))) == ["quiet: advice is best.", named]
    assert list(_verdicts(study(profiles=EQUAL))) == ["quiet: advice is best."]


def test_one_block_of_replications_knows_no_intervals() -> None:
    one = study(exact=False, replications=64, uncertain=["company.overhead"], market_luck=["shocks to demand"])
    assert list(_verdicts(one)) == ["quiet: advice is best in the mean."]
    assert _spread(one) == ""
    said = " ".join(_remarks(one))
    assert "how far other draws and luck would change this is not known" in said
    assert "differ by uncertain inputs and the market's own luck: shocks to demand" in said
    several = one | {"blocks": 5}
    assert list(_verdicts(several)) == ["quiet: advice is known to be best."]
    assert _spread(several) == " ± 95 %"


@pytest.mark.parametrize(
    ("luck", "inputs", "said"),
    [
        (["shocks to demand"], False, "Luck whose mean is known is"),
        (["shocks to demand"], True, "Luck and inputs whose mean is known are"),
        ([], True, "Inputs whose mean is known are"),
    ],
)  # fmt: skip
def test_what_is_taken_out_is_named(luck: list[str], inputs: bool, said: str) -> None:
    """Uncertain inputs are not where there are few draws of them."""
    drawn = study(exact=False, replications=64, blocks=64, uncertain=["company.overhead"], market_luck=luck)
    drawn["moves"]["quiet"]["cells"]["least"]["difference"] |= {"controls": 1, "variance_removed": 0.3}
    told = f"{said} taken out of 1 difference: 30 % of the variance."
    assert told in list(_remarks(drawn | {"inputs_are_controls": inputs}))


def test_customers_are_told_one_by_one_only_where_some_change_hands() -> None:
    def moved(gained: float, lost: float) -> dict[str, Any]:
        hands = {"gained": gained, "lost": lost, "gained_from": {"atlas": gained}, "lost_to": {"atlas": lost}}
        return {"customers": {"affluent": {"one_by_one": hands, "of_others_at_end": {}}}}

    def table(of_least: dict[str, Any], **other: Any) -> Any:
        return _one_by_one(study(to="baseline", moves={"quiet": {"cells": {"least": of_least}}}) | other)

    assert table(moved(0.0, 0.0)).row_count == 0
    assert table({"customers": {"affluent": {"one_by_one": None, "of_others_at_end": {}}}}).row_count == 0
    drawn = table(moved(0.0, 1234.0), mode="sampled", replications=8)
    assert [[*column.cells][-1] for column in drawn.columns] == ["  least, affluent", "0", "0", "1,234", "1,234"]
    assert drawn.columns[0].header.endswith("\nin the mean")
    assert table(moved(1.0, 0.0)).columns[0].header.endswith("\nat least")
