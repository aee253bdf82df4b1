"""Files of actual profits: deciles against a slow twin, and what is said of bad ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from simengine.scenario.problems import ScenarioError
from simengine.study.actual import actual_customers

GOOD = """\
customer_id,annual_profit,region,capital,tenure,channel
a,100.50,north,200,1,web
b,-40,south,100,2,shop
c,20,north,,3,web
d,20,south,0,4,web
e,-40,south,50,,web
"""
ROLES = {"id": "customer_id", "profit": "annual_profit", "segment": "region"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "profits.csv"
    path.write_text(GOOD)
    return path


def test_a_file_of_profits_is_studied_without_a_simulation(file: Path) -> None:
    document = actual_customers(file, ROLES).document
    assert document["cell"] is document["value"] is document["migration"] is document["standard_error"] is None
    assert document["customers"] == 5
    assert document["statement"] == {"economic_profit": pytest.approx(60.5)}
    assert {name: each["statement"]["economic_profit"] for name, each in document["segments"].items()} == {
        "north": pytest.approx(120.5), "south": pytest.approx(-60),
    }  # fmt: skip
    signs = document["creators_and_destroyers"]["economic_profit"]
    assert [row["id"] for row in signs["highest"]] == ["a", "c", "d", "b", "e"]
    assert (signs["creators"]["customers"], signs["destroyers"]["amount"]) == (3, -80)
    curve = document["curve"]["economic_profit"]
    assert (curve["peak_share_of_customers"], curve["peak"]) == (0.6, 140.5)
    assert [row["economic_profit"] for row in document["deciles"]["economic_profit"]] == [
        100.5, 0, 20, 0, 20, 0, -40, 0, -40, 0,
    ]  # fmt: skip


def test_other_columns_tell_what_destroyers_have_in_common(file: Path) -> None:
    found = actual_customers(file, {key: ROLES[key] for key in ("id", "profit")}).document["in_common"]
    assert (found["of"], found["by"]) == ("destroyers", "economic_profit")
    by = {(each["what"], each["name"]): each for each in found["differences"]}
    assert by["region", "south"]["theirs"] == 1.0
    assert by["region", "south"]["others"] == pytest.approx(1 / 3)
    assert by["channel", "shop"]["theirs"] == 0.5
    assert by["capital", None]["theirs"] == 75  # the one that is missing counts for nothing
    assert ("customer_id", None) not in by


def test_columns_that_tell_every_customer_apart_have_nothing_in_common(file: Path) -> None:
    found = actual_customers(file, {"profit": "annual_profit"}).document["in_common"]
    assert "customer_id" not in [each["what"] for each in found["differences"]]


def test_where_nobody_destroys_value_the_lowest_decile_that_has_customers_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "profits.csv"
    path.write_text("profit,visits\n9,1\n8,1\n7,1\n1,8\n")
    found = actual_customers(path, {"profit": "profit"}).document["in_common"]
    assert found["of"] == "lowest decile"
    assert [(each["what"], each["theirs"], each["others"]) for each in found["differences"]] == [("visits", 8, 1)]


def test_capital_is_charged_for(tmp_path: Path) -> None:
    path = tmp_path / "profits.csv"
    path.write_text("profit,capital\n10,100\n3,50\n")
    document = actual_customers(path, {"profit": "profit", "capital": "capital"}, discount_rate=0.08).document
    assert document["statement"] == {
        "nopat": 13, "capital": 150, "capital_charge": pytest.approx(12), "economic_profit": pytest.approx(1),
    }  # fmt: skip
    assert [row["id"] for row in document["creators_and_destroyers"]["economic_profit"]["highest"]] == ["1", "2"]


def test_deciles_of_many_customers_are_those_of_a_slow_twin(tmp_path: Path) -> None:
    path = tmp_path / "profits.csv"
    profits = [(f"{n:04d}", (7919 * n) % 997 - 400) for n in range(2531)]
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([("id", "profit"), *profits])
    study = actual_customers(path, {"id": "id", "profit": "profit"})
    ranked = sorted(profits, key=lambda row: (-row[1], row[0]))
    slow = {name: 10 * rank // len(ranked) + 1 for rank, (name, _) in enumerate(ranked)}
    decile = study.rankings["economic_profit"].decile
    assert dict(zip(map(str, study.accounts.ids), decile.tolist(), strict=True)) == slow
    total = sum(profit for _, profit in profits)
    rows = study.document["deciles"]["economic_profit"]
    assert sum(row["economic_profit"] for row in rows) == pytest.approx(total, rel=1e-12)


BAD = {
    "a number that is none": (GOOD.replace("100.50", "lots"), ROLES, ["profits.csv:2:3", "'lots'", "an amount"]),
    "an empty profit": (GOOD.replace("b,-40", "b,"), ROLES, ["profits.csv:3:3", "nothing"]),
    "an id twice": (GOOD.replace("\nc,", "\na,"), ROLES, ["profits.csv:4:1", "'a'", "no row above has"]),
    "no id": (GOOD.replace("\nc,", "\n,"), ROLES, ["profits.csv:4:1", "the id of a customer"]),
    "an endless profit": (GOOD.replace("100.50", "inf"), ROLES, ["profits.csv:2:3"]),
    "a profit beyond arithmetic": (GOOD.replace("100.50", "1e200"), ROLES, ["profits.csv:2:3", "at most 1e+18"]),
    "several at once": (GOOD.replace("100.50", "x").replace("b,-40", "b,y"), ROLES, ["csv:2:3", "csv:3:3"]),
    "a row too long": (GOOD + "f,1,2,3,4,5,6\n", ROLES, ["profits.csv:7"]),
    "a column that is not there": (
        GOOD, {"profit": "anual_profit"}, ["profits.csv:1:1", "'anual_profit'", "did you mean 'annual_profit'?"],
    ),
    "a role that is none": (GOOD, {"profits": "annual_profit"}, ["did you mean 'profit'?", "no column for profit"]),
    "a column twice": (GOOD.replace("tenure", "annual_profit"), ROLES, ["the name of several columns"]),
    "capital without its cost": (GOOD, ROLES | {"capital": "capital"}, ["--discount-rate 9%"]),
    "nobody": ("customer_id,annual_profit,region\n", ROLES, ["no rows", "at least one row"]),
    "nothing": ("", ROLES, ["profits.csv"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "roles", "said"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told_with_its_place(
    text: str, roles: dict[str, str], said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("profits.csv").write_text(text)
    with pytest.raises(ScenarioError) as error:
        actual_customers("profits.csv", roles)
    assert all(part in str(error.value) for part in said), str(error.value)


def test_a_file_that_is_not_there_is_told_with_one_that_is(file: Path) -> None:
    with pytest.raises(ScenarioError, match=r"did you mean 'profits.csv'\?"):
        actual_customers(file.with_name("profit.csv"), ROLES)


def test_a_rate_without_capital_is_refused(file: Path) -> None:
    with pytest.raises(ScenarioError, match="no column for capital"):
        actual_customers(file, ROLES, discount_rate=0.1)
