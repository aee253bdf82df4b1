"""What is wrong with a customer file is located, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario.problems import ScenarioError
from tests.segmentation.markets import Rows, segmented, write

HEADER = ["customer_id", "w_rate", "w_service", "annual_revenue"]
GOOD: Rows = [[f"C{i}", (2 + i % 5) / 10, (8 - i % 5) / 10, 100 + i] for i in range(40)]
NEEDS = {"needs_rate": "w_rate", "needs_service": "w_service"}


def problems(path: Path, features: tuple[str, ...] = (), **stated: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        segmented(path, features=features, **stated)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_missing_and_malformed_cells_are_all_told(tmp_path: Path) -> None:
    rows = [list(row) for row in GOOD]
    rows[3][1] = ""
    rows[5][2] = -1
    rows[7][1:3] = [0, 0]
    rows[9][3] = "much"
    told = problems(write(tmp_path, rows, HEADER), **NEEDS)
    assert told == [
        "customers.csv:5:4: column w_rate: found nothing, expected a weight of 0 or more",
        "customers.csv:7:8: column w_service: found '-1', expected a weight of 0 or more",
        "customers.csv:9:4: column w_rate: found '0', expected weights of w_rate and w_service that are not all 0",
        "customers.csv:11:12: column annual_revenue: found 'much', expected revenue a year, 0 or more",
    ]


def test_columns_that_tell_nobody_apart_are_refused(tmp_path: Path) -> None:
    rows = [[row[0], 0.5, 0.5, row[3], 7] for row in GOOD]
    told = problems(write(tmp_path, rows, [*HEADER, "age"]), features=("age",), **NEEDS)
    assert len(told) == 2
    assert "the same weights for everybody" in told[0]
    assert "column age: found the same number for everybody" in told[1]


def test_columns_that_are_not_there_are_told_with_what_may_be_meant(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, HEADER)
    told = problems(path, features=("customer_id", "agee"), needs_rate="w_rat", revenu="annual_revenue")
    assert [line.partition(":")[0] for line in told] == [
        "--columns needs.rate=w_rat", "--columns needs.rate=w_rat", "--columns revenu=annual_revenue",
        "--features agee", "--features customer_id",
    ]  # fmt: skip
    assert "did you mean 'w_rate'?" in "".join(told)
    assert "did you mean 'revenue'?" in "".join(told)
    assert "two needs or more" in "".join(told)


def test_numbers_that_sums_cannot_hold_are_told(tmp_path: Path) -> None:
    rows = [list(row) for row in GOOD]
    rows[0][3] = rows[1][3] = 1e308
    told = problems(write(tmp_path, rows, HEADER), **NEEDS, revenue="annual_revenue")
    expected = "column annual_revenue: found '1e+308', expected a number of sensible size: up to 1e+18"
    assert told == [f"customers.csv:{line}:12: {expected}" for line in (2, 3)]


def test_no_column_is_taken_twice(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, HEADER)
    told = problems(path, needs_rate="w_rate", needs_again="w_rate")
    assert [line.partition(":")[0] for line in told] == ["--columns needs.again=w_rate", "--columns needs.rate=w_rate"]
    assert all("column w_rate again, expected each column once" in line for line in told)
    (told_of_feature,) = problems(path, features=("w_rate",))  # which is a need by its numbers
    assert told_of_feature.startswith("--features w_rate: found column w_rate again")


def test_too_few_customers_and_logs_of_purchases_are_refused(tmp_path: Path) -> None:
    (told,) = problems(write(tmp_path, GOOD[:12], HEADER), **NEEDS)
    assert "found 12 customers, expected at least 30" in told
    purchases: Rows = [[f"C{i % 90}", f"2026-01-{1 + i % 28:02d}", 5 + i % 7] for i in range(300)]
    (told,) = problems(write(tmp_path, purchases, ["customer_id", "date", "amount"]))
    assert "one row a customer" in told


def test_a_file_with_nothing_to_segment_by_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, [[f"C{i}", "x" * (i % 7)] for i in range(40)], ["customer_id", "note"])
    (told,) = problems(path)
    assert "no columns with needs, nor with revenue" in told
    assert "--columns revenue=COLUMN" in told
