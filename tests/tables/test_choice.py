"""What a review weighs, written out for one supplier, segment and period at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simengine.tables.layout import Tables
from tests.properties.worlds import Document, market, opened


def tables(allocation: dict[str, Any] | None = None, moves: Any = (), **fields: Any) -> Tables:
    """Tables of `what if` under `quiet` and `moved`; the segment affluent has further fields."""
    document: Document = market()
    document["segments"]["affluent"] |= fields
    document["allocations"] = {"baseline": {}, "what if": allocation or {}}
    document["moves"] = {"quiet": {}, "moved": list(moves)}
    _, _, built = opened(document)
    return built


def at(built: Tables, allocation: str = "baseline", move: str = "quiet") -> int:
    return built.axes.cells.index((allocation, move))


def test_coefficients_are_the_utility_of_a_customer() -> None:
    """theta sum w x - beta (p / p_ref - 1) - tau (1 - K) d, for every customer and supplier."""
    built = tables(points_worth=0.8, tailoring=1.5)
    for i in (0, 50, 119):
        *weights, beta, misfit = built.features[i].astype(float)
        for j, (price, levels, knowledge) in enumerate([(100, (5, 7), 0.3), (98, (6, 5), 0.0), (85, (7, 4), 0.0)]):
            level = sum(w * x for w, x in zip(weights, levels, strict=True))
            wanted = 0.8 * level - beta * (price / 100 - 1) - 1.5 * (1 - knowledge) * misfit
            found = (built.choice.coefficient[0, 3, 0, j].astype(float) * built.features[i]).sum()
            assert found == pytest.approx(wanted, abs=1e-5)
    assert (built.choice.coefficient[:, :, :, -1] == 0).all()


def test_the_reference_price_is_ours_today_whatever_we_charge() -> None:
    built = tables({"discount": {"affluent": 2000}})
    price = built.choice.coefficient[at(built, "what if"), :, 0, :, 2]
    assert price[:, 0] == pytest.approx(1 - (1 - 0.15 * 0.5))
    assert price[:, 1] == pytest.approx(1 - 98 / 100)


@pytest.mark.parametrize(("move", "hazard"), [([], 0.6), ([{"at": "2026-Q1", "change": {"review": 0.5}}], 0.9)])
def test_review_probabilities(move: Any, hazard: float) -> None:
    built = tables({"outreach": {"affluent": 3000}}, move)
    c = at(built, "what if", "moved")
    wins = 0.6 * (0.5 - 2000**1.5 / (3000**1.5 + 2000**1.5))
    assert built.choice.review[c, :, 0, 0] == pytest.approx(1 - np.exp(-hazard / 4))
    assert built.choice.review[c, :, 0, 1:] == pytest.approx(1 - np.exp(-hazard * (1 + wins) / 4))
    assert built.choice.review[at(built), :, 0] == pytest.approx(1 - np.exp(-0.6 / 4))


def test_reviews_are_capped() -> None:
    moves = [{"at": "2026-Q1", "until": "2026-Q2", "change": {"review": 9}}]
    review = tables(None, moves, review_cap=2).choice.review
    moved = review[1, :, 0]
    assert moved[:2] == pytest.approx(1 - np.exp(-2 * 0.6 / 4))
    assert moved[2:] == pytest.approx(1 - np.exp(-0.6 / 4))


def test_reviews_are_never_negative() -> None:
    """Two levers that each put off most reviews leave none."""
    document = market()
    for name in ("silence", "more silence"):
        response = {"hill": {"max": -0.8, "half": 1, "shape": 1}}
        document["levers"][name] = {"target": "acquisition", "response": response}
    document["allocations"] = {"baseline": {}, "hush": {"silence": {"mass": 1e6}, "more silence": {"mass": 1e6}}}
    _, _, built = opened(document)
    review = built.choice.review[at(built, "hush"), :, 1]
    assert (review[:, 1:] == 0).all()
    assert (review[:, 0] > 0).all()


def test_who_always_reviews_reviews_whatever_happens() -> None:
    built = tables(None, [{"at": "2026-Q1", "change": {"review": -0.9}}], review="always", churn=0.5)
    assert (built.choice.review[:, :, 0] == 1).all()


def test_inertia_and_hazards() -> None:
    built = tables(
        {"club": {"affluent": 2500}, "care": {"signed": 1500}}, [{"at": "2026-Q2", "change": {"hazard": 0.5}}]
    )
    c = at(built, "what if", "moved")
    assert built.choice.inertia[c, :, 0] == pytest.approx(0.4)
    assert (built.choice.inertia[c, :, 1:] == 0).all()
    factor = built.choice.hazard_factor[c, :, 2]
    assert factor[0] == pytest.approx(np.exp(-0.25))
    assert factor[1:] == pytest.approx(1.5 * np.exp(-0.25))
    assert (built.choice.hazard_factor[at(built)] == 1).all()


def test_the_reference_is_the_baseline_under_the_same_move() -> None:
    built = tables()
    cells = built.axes.cells
    assert [cells[r] for r in built.reference] == [("baseline", move) for _, move in cells]
