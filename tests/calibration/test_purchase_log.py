"""What a log says of its customers, row by row, and everything that can be wrong with one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from simengine.calibration.purchase_log import PurchaseLog, day_number, day_text, read_log
from simengine.scenario.problems import ScenarioError
from tests.calibration.logs import COLUMNS, write_log


def read(tmp_path: Path, *rows: str, header: str = "customer_id,date,amount", **more: object) -> PurchaseLog:
    return read_log(write_log(tmp_path / "log.csv", rows, header), more.pop("columns", COLUMNS), **more)


def refused(tmp_path: Path, *rows: str, **more: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, *rows, **more)
    return str(caught.value)


def test_an_unsorted_log_is_sorted_by_customer_and_day(tmp_path: Path) -> None:
    log = read(tmp_path, "b,2025-03-01,5", "a,2025-02-01,7", "b,2025-01-01,4", "a,2025-01-15,6", "b,2025-02-01,3")
    assert log.labels.tolist() == ["a", "b"]
    assert log.customer.tolist() == [0, 0, 1, 1, 1]
    assert log.first.tolist() == [0, 2]
    assert [day_text(day) for day in log.day] == ["2025-01-15", "2025-02-01", "2025-01-01", "2025-02-01", "2025-03-01"]
    assert log.money is not None
    assert log.money.tolist() == [6, 7, 4, 3, 5]
    assert log.notices == ()
    who, customers = log.by(day_number(date(2025, 2, 12)), 7.0)
    assert who.tolist() == [0, 1]
    assert customers.purchases.tolist() == [1, 1]
    assert customers.last_purchase == pytest.approx([17 / 7, 31 / 7])
    assert customers.observed == pytest.approx([4, 6])
    assert customers.spend.tolist() == [7, 3]
    assert log.by(day_number(date(2025, 1, 14)), 7.0)[0].tolist() == [1]


def test_purchases_of_a_day_are_one_and_copies_are_told(tmp_path: Path) -> None:
    log = read(tmp_path, "a,2025-01-01,5", "a,2025-01-01,5", "a,2025-01-01,2", "a,2025-01-09,1", "b,2025-01-02,0")
    assert log.customer.tolist() == [0, 0, 1]
    assert log.money is not None
    assert log.money.tolist() == [12, 1, 0]
    assert [notice.split(":")[0] for notice in log.notices] == [
        "2 rows of a day on which the customer bought already",
        "1 row repeats the customer, date and money of another",
        "1 row of no money",
    ]


def test_returns_are_no_purchases_and_are_taken_off_the_purchase_before(tmp_path: Path) -> None:
    log = read(
        tmp_path, "a,2025-01-01,5", "a,2025-01-08,9", "a,2025-01-20,-4", "a,2025-01-21,-1", "a,2025-02-01,3",
        "b,2025-01-03,-7", "b,2025-01-05,2", "c,2025-01-03,-2",
    )  # fmt: skip
    assert log.labels.tolist() == ["a", "b"]  # c only returns
    assert log.money is not None
    assert log.money.tolist() == [5, 4, 3, 2]
    assert log.notices == (
        "2 rows below 0 are returns: no purchase, but taken off the money of the customer's purchase before",
        "2 rows below 0 are returns: of what was bought before the log begins, left out",
    )


def test_a_log_without_money_and_segments_of_the_first_purchase(tmp_path: Path) -> None:
    rows = ["a,2025-01-08,north", "a,2025-01-01,south", "b,2025-01-02,north"]
    columns = {"customer": "customer_id", "date": "date", "segment": "region"}
    log = read(tmp_path, *rows, header="customer_id,date,region", columns=columns)
    assert log.money is None
    assert [log.segments[k] for k in log.segment] == ["south", "north"]
    assert log.notices == ("1 customer with purchases in several segments: that of the first is taken",)


@pytest.mark.parametrize(
    "dates",
    [
        ["2025-01-31", "2025-02-01"],
        ["2025/01/31 08:30:00", "2025-02-01T23:59:59"],
        ["20250131", "20250201"],
        ["31.01.2025", "01.02.2025"],
        ["31/1/2025", "1/2/2025 10:00"],
        ["1/31/2025", "02/01/2025"],
    ],
    ids=lambda dates: dates[0],
)
def test_dates_in_any_usual_order(dates: list[str], tmp_path: Path) -> None:
    log = read(tmp_path, *(f"a,{day},1" for day in dates))
    assert [day_text(day) for day in log.day] == ["2025-01-31", "2025-02-01"]


def test_dates_in_several_orders_are_told_with_what_to_write(tmp_path: Path) -> None:
    said = refused(tmp_path, "a,2025-01-31,1", "b,2025-02-01,1", "a,31.12.2025,1", "b,next week,1", "c,,2")
    assert "log.csv:4:3: column date: found '31.12.2025', expected a date written year first" in said
    assert "write 2025-12-31" in said
    assert "log.csv:5:3: column date: found 'next week'" in said
    assert "log.csv:6:3: column date: found nothing" in said
    assert said.endswith("3 problems")


def test_dates_that_can_be_read_in_two_ways(tmp_path: Path) -> None:
    rows = "a,01/02/2025,1", "a,03/02/2025,1"
    assert "'01/02/2025', which is 2025-02-01 or 2025-01-02" in refused(tmp_path, *rows)
    log = read(tmp_path, *rows, order="month-first")
    assert [day_text(day) for day in log.day] == ["2025-01-02", "2025-03-02"]
    alike = read(tmp_path, "a,01/01/2025,1", "a,02/02/2025,1")
    assert [day_text(day) for day in alike.day] == ["2025-01-01", "2025-02-02"]


def test_every_bad_cell_is_told_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, ",2025-01-01,5", "a,2025-01-01,", "b,2025-01-02,$5", "c,2025-01-03")
    assert "log.csv:2:1: column customer_id: found nothing, expected the id of a customer" in said
    assert "log.csv:3:14: column amount: found nothing, expected an amount of money" in said
    assert "log.csv:4:14: column amount: found '$5'" in said
    assert "log.csv:5:1: found too few fields" in said
    assert said.endswith("4 problems")


def test_logs_of_a_single_day_or_of_nothing(tmp_path: Path) -> None:
    assert "purchases of a single day, 2025-01-01" in refused(tmp_path, "a,2025-01-01,5", "b,2025-01-01,5")
    assert "no purchases" in refused(tmp_path, "a,2025-01-01,-5")
    assert "no rows" in refused(tmp_path)


def test_files_and_columns_that_are_not_there(tmp_path: Path) -> None:
    write_log(tmp_path / "log.csv", ["a,2025-01-01,5"])
    with pytest.raises(ScenarioError, match=r"no such file.*did you mean 'log\.csv'\?"):
        read_log(tmp_path / "lag.csv", COLUMNS)
    with pytest.raises(ScenarioError, match=r"'customer' for customer, which is no column.*'customer_id'\?"):
        read_log(tmp_path / "log.csv", {"customer": "customer", "date": "date"})


def test_a_log_ends_when_anybody_bought_last_also_where_few_are_kept(tmp_path: Path) -> None:
    rows = ["a,2025-01-01,5", "a,2025-01-09,5", "b,2025-01-02,5", "b,2025-06-30,5"]
    log = read(tmp_path, *rows, only=write_log(tmp_path / "only.csv", ["a"], "customer_id"))
    assert log.last_day == day_number(date(2025, 6, 30))
    assert log.by(log.last_day, 7.0)[1].observed.tolist() == [180 / 7]


def test_a_purchase_of_no_segment_is_told(tmp_path: Path) -> None:
    columns = {"customer": "customer_id", "date": "date", "segment": "region"}
    rows = ["a,2025-01-01,north", "b,2025-01-02,", "b,2025-01-03,NA"]
    said = refused(tmp_path, *rows, header="customer_id,date,region", columns=columns)
    assert "log.csv:3:14: column region: found nothing, expected a segment" in said
    assert ":4:" not in said  # NA may be North America


def test_only_some_customers(tmp_path: Path) -> None:
    rows = ["001,2025-01-01,5", "001,2025-01-09,5", "002,2025-01-03,5", "003,2025-01-05,5", "003,2025-01-05,5"]
    only = write_log(tmp_path / "only.csv", ["003", "001", "001"], "customer_id")
    log = read(tmp_path, *rows, only=only)
    assert log.labels.tolist() == ["001", "003"]
    assert log.rows == 4
    assert log.notices[0] == "only.csv: 1 row of a customer named before"
    assert log.notices[1].startswith("1 row of a day")
    write_log(only, ["3", "004"], "who")
    said = refused(tmp_path, *rows, only=only)
    assert (
        "only.csv:2:1: column who: found '3', expected a customer with a purchase in the log; the log writes 003"
        in said
    )
    assert "only.csv:3:1: column who: found '004'" in said
    write_log(only, ["003,x"], "who,what")
    assert "found columns who and what, expected a column customer_id" in refused(tmp_path, *rows, only=only)
