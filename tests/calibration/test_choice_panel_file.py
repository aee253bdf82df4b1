"""Choice panels, wide and long, and what is wrong in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.calibration.choice_panel import LAST, ChoicePanel
from simengine.calibration.choice_panel_file import read_choice_panel
from simengine.scenario.problems import Problem, ScenarioError

WIDE = """\
household,week,brand,price.a,price.b,price.c,ad.a,ad.b,ad.c
2,3,b,1.5,1.0,2.0,0,1,0
1,1,a,1.0,1.2,,1,0,
1,2,a,1.1,1.2,1.9,0,0,0
2,1,c,1.4,1.1,2.1,0,0,1
1,3,b,1.3,0.9,2.0,0,1,0
"""
COLUMNS = {"customer": "household", "date": "week", "choice": "brand", "price": "price.*", "ad": "ad.*"}
LONG = {
    "customer": "household",
    "date": "week",
    "purchase": "week",
    "alternative": "brand",
    "choice": "chosen",
    "price": "price",
    "ad": "ad",
}


def long_form(wide: str) -> str:
    """The same panel with a row for each available alternative."""
    header, *rows = (line.split(",") for line in wide.splitlines())
    lines = ["household,week,brand,chosen,price,ad"]
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        for name in "cab":  # in whatever order
            if cells[f"price.{name}"]:
                chosen = "yes" if cells["brand"] == name else "no"
                what = cells["household"], cells["week"], name, chosen, cells[f"price.{name}"], cells[f"ad.{name}"]
                lines.append(",".join(what))
    return "\n".join(lines) + "\n"


def read(folder: Path, text: str, columns: dict[str, str]) -> ChoicePanel:
    path = folder / "panel.csv"
    path.write_text(text)
    return read_choice_panel(path, columns)


def problems(folder: Path, text: str, columns: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as found:
        read(folder, text, columns)
    return found.value.problems


def test_purchases_are_sorted_by_customer_and_date(tmp_path: Path) -> None:
    panel = read(tmp_path, WIDE, COLUMNS)
    assert panel.alternatives == ("a", "b", "c")
    assert panel.attributes == ("price", "ad")
    assert panel.customer is not None
    assert panel.customer.tolist() == [0, 0, 0, 1, 1]
    assert [panel.alternatives[j] for j in panel.chosen] == ["a", "a", "b", "c", "b"]
    assert panel.ordinal.tolist() == [0, 1, 2, 0, 1]
    assert panel.last.tolist() == [-1, 0, 0, -1, 2]
    assert panel.available.sum(axis=1).tolist() == [2, 3, 3, 3, 3]
    assert panel.values[0].tolist() == [[1.0, 1.0], [1.2, 0.0], [0.0, 0.0]]
    assert panel.switching().tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0]]


def test_long_and_wide_are_the_same_panel(tmp_path: Path) -> None:
    wide, long = read(tmp_path, WIDE, COLUMNS), read(tmp_path, long_form(WIDE), LONG)
    for one, other in zip(wide, long, strict=True):
        assert np.array_equal(one, other)  # type: ignore[arg-type]


def test_the_order_of_rows_is_that_of_purchases_without_a_date(tmp_path: Path) -> None:
    columns = {role: name for role, name in COLUMNS.items() if role != "date"}
    panel = read(tmp_path, WIDE, columns)
    assert [panel.alternatives[j] for j in panel.chosen] == ["a", "a", "b", "b", "c"]
    dated = (
        WIDE.replace("2,3,b", "2,2026-03-01,b").replace("1,1,a", "1,2025-01-02,a").replace("1,2,a", "1,2025-01-20,a")
    )
    dated = dated.replace("2,1,c", "2,2026-02-27,c").replace("1,3,b", "1,2026-01-01,b")
    assert np.array_equal(read(tmp_path, dated, COLUMNS).chosen, read(tmp_path, WIDE, COLUMNS).chosen)


def test_without_customers_nothing_came_before(tmp_path: Path) -> None:
    columns = {role: name for role, name in COLUMNS.items() if role not in ("customer", "date")}
    panel = read(tmp_path, WIDE, columns)
    assert panel.customer is None
    assert (panel.last == -1).all()


def test_a_logit_sees_constants_attributes_and_the_last_choice(tmp_path: Path) -> None:
    panel = read(tmp_path, WIDE, COLUMNS)
    choices = panel.choices("b", panel.last)
    assert choices.columns == ("constant of a", "constant of c", "price", "ad", LAST)
    assert choices.values[0].tolist() == [[1, 0, 1.0, 1, 0], [0, 0, 1.2, 0, 0], [0, 0, 0, 0, 0]]
    assert choices.values[4].tolist() == [[1, 0, 1.5, 0, 0], [0, 0, 1.0, 1, 0], [0, 1, 2.0, 0, 1]]


def test_an_alternative_can_be_stated_to_be_missing(tmp_path: Path) -> None:
    header, *rows = WIDE.splitlines()
    text = "\n".join([f"{header},there.a,there.b,there.c", *(f"{row},yes,yes,no" for row in rows if ",c," not in row)])
    panel = read(tmp_path, text, COLUMNS | {"available": "there.*"})
    assert not panel.available[:, 2].any()


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "found", "expected"),
    [
        ("2,3,b,", "2,3,bb,", 2, 5, "'bb'", "an alternative: a, b or c"),
        ("1.0,1.2,,1,0,", "1.0,1.2,,1,0,1", 3, 15, "nothing", "a number"),
        ("1,2,a,1.1", "1,2,a,", 4, 7, "nothing", "a number"),
        ("1,2,a,1.1", "1,2,a,cheap", 4, 7, "'cheap'", "a number"),
        ("1,1,a,1.0", "1,1,c,1.0", 3, 5, "'c'", "an alternative that was available, with its price and ad"),
        ("1,1,a,1.0", ",1,a,1.0", 3, 1, "nothing", "a customer"),
        ("1,1,a,1.0", "1,soon,a,1.0", 3, 3, "'soon'", "a date as 2027-03-31, or a number"),
        ("1,1,a,1.0,1.2,,1,0,", "1,1,a,1.0,,,1,,", 3, 5, "one", "two available alternatives or more"),
    ],
)
def test_a_wide_file_says_where_it_is_wrong(
    tmp_path: Path, old: str, new: str, line: int, column: int, found: str, expected: str
) -> None:
    (problem,) = problems(tmp_path, WIDE.replace(old, new), COLUMNS)
    assert (problem.line, problem.column, problem.found, problem.expected) == (line, column, found, expected)


@pytest.mark.parametrize(
    ("old", "new", "line", "found", "expected"),
    [
        ("2,3,b,yes", "2,3,b,no", 2, "none chosen", "one chosen alternative in the rows of a week"),
        ("2,3,a,no", "2,3,a,yes", 2, "2 chosen", "one chosen alternative in the rows of a week"),
        ("2,3,a,no", "2,3,b,no", 4, "'b'", "an alternative once for each purchase"),
        ("2,3,a,no", "2,3,a,maybe", 3, "'maybe'", "yes, true, 1, no, false or 0"),
        ("2,3,a,no", "2,,a,no", 3, "nothing", "a purchase"),
    ],
)
def test_a_long_file_says_where_it_is_wrong(
    tmp_path: Path, old: str, new: str, line: int, found: str, expected: str
) -> None:
    columns = {role: name for role, name in LONG.items() if role != "date"}
    first = problems(tmp_path, long_form(WIDE).replace(old, new), columns)[0]
    assert (first.line, first.found, first.expected) == (line, found, expected)


@pytest.mark.parametrize(
    ("changed", "found", "expected"),
    [
        ({"price": "cost.*"}, "a pattern that no column fits", "columns of panel.csv"),
        ({"price": "price.a"}, "one column for all alternatives", "a pattern with * for the alternative"),
        ({"choice": "band"}, "'band', no column of panel.csv", "one of its columns"),
        ({"choice": "price.*"}, "a pattern", "the name of one column"),
        ({"purchase": "week"}, "a column of purchases", "none, in a file of a row a purchase"),
        ({"last choice": "price.*"}, "an attribute called last choice", "another name"),
        ({"price": None, "ad": None}, "no attribute", "what alternatives differ in"),
        ({"alternative": "brand"}, "a pattern", "the name of one column, in a file of a row for each alternative"),
    ],
)
def test_columns_that_do_not_fit_the_file(
    tmp_path: Path, changed: dict[str, str | None], found: str, expected: str
) -> None:
    columns = {role: name for role, name in {**COLUMNS, **changed}.items() if name is not None}
    first = next(p for p in problems(tmp_path, WIDE, columns) if p.found.startswith(found))
    assert first.expected.startswith(expected)


def test_every_attribute_has_every_alternative(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WIDE.replace("ad.c", "advert"), COLUMNS)
    assert (problem.found, problem.expected) == ("no ad of c", "a column ad.c")
