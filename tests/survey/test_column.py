"""Kinds and distributions of columns, against numpy's own figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.survey.survey import survey
from tests.survey.tables import column, surveyed, write


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("customer_id", ["a", "b", "c"], "id"),
        ("who", ["a", "b", "c"], "id"),
        ("id", list(range(60)) * 3, "id"),
        ("plan_id", [1, 2, 3, 1, 2, 3], "number"),
        ("spend", [1.5, 2, 2, 7], "number"),
        ("spend", [*range(19), "?"], "number"),
        ("left", ["Yes", "No", "yes", "no"], "flag"),
        ("left", ["Yes", "No", "Yes", "No"], "flag"),
        ("left", [0, 1, 1, 0], "flag"),
        ("since", ["2024-01-31", "2023-12-01", "2023-12-01"], "date"),
        ("since", ["31.01.2024", "1.12.2023", "1.12.2023"], "date"),
        ("colour", ["red", "blue", "red"], "category"),
        ("remark", [f"remark {i % 60}" for i in range(120)], "text"),
        ("nothing", ["", "  ", ""], "empty"),
    ],
)
def test_kinds(name: str, cells: list[object], kind: str, tmp_path: Path) -> None:
    assert column(tmp_path, cells, name).kind == kind


def test_the_distribution_of_numbers(tmp_path: Path) -> None:
    values = np.round(np.random.default_rng(1).normal(5, 20, 500), 3)
    found = column(tmp_path, [*values.tolist(), "", "n/a", "inf"])
    assert (found.rows, found.missing, found.unlike) == (503, 2, 1)
    numbers = found.numbers
    assert numbers is not None
    assert numbers.quartiles == pytest.approx(np.quantile(values, [0.25, 0.5, 0.75]))
    assert (numbers.minimum, numbers.maximum) == (values.min(), values.max())
    assert numbers.mean == pytest.approx(values.mean(), rel=1e-8)
    assert numbers.negative == (values < 0).sum()
    assert numbers.histogram == tuple(np.histogram(values, bins=20)[0])
    assert not numbers.whole


def test_the_most_frequent_values_come_first_and_then_by_name(tmp_path: Path) -> None:
    found = column(tmp_path, ["b", "a", "c", "c", " a", "b"])
    assert found.top == (("a", 2), ("b", 2), ("c", 2))
    assert found.distinct == 3


def test_words_for_no_value_are_missing_among_numbers_and_texts_elsewhere(tmp_path: Path) -> None:
    numbers = column(tmp_path, [*range(20), "n/a", "NA", "-", "?"])
    assert (numbers.kind, numbers.missing, numbers.unlike, numbers.distinct) == ("number", 3, 1, 21)
    assert column(tmp_path, [*["n/a"] * 30, *range(20)]).kind == "number"
    suppliers = column(tmp_path, ["us", "none", "us", "none"])
    assert (suppliers.kind, suppliers.missing, suppliers.top) == ("category", 0, (("none", 2), ("us", 2)))


def test_blank_and_double_names_cannot_be_named_by_a_scenario(tmp_path: Path) -> None:
    path = write(tmp_path, ["id", "", "x", "x"], [[1, 2, 3, 4], [2, 3, 4, 5]])
    found = survey(path, lambda done, total: None)
    assert [c.unique_name for c in found.columns] == [True, False, False, False]
    assert "column 2 has no name" in found.unsure
    assert found.unsure.count("column x has the name of another column") == 2


def test_what_is_odd_is_told(tmp_path: Path) -> None:
    found = surveyed(
        tmp_path,
        {
            "customer_id": [*range(98), 3, 3],
            "flat": ["x"] * 100,
            "profit": [-1.5, *range(99)],
            "age": [*range(95), *["?"] * 5],
            "gone": [""] * 100,
        },
    )
    told = "\n".join(found.unsure)
    assert "column customer_id repeats ids: 98 of 100 are different" in told
    assert "column flat has the same value in every row: x" in told
    assert "column profit has 1 negative value\n" in told
    assert "column age has 5 cells that are no number" in told
    assert "column gone is empty" in told
