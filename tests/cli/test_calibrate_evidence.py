"""`simengine calibrate` on choice panels, cohorts and counts as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended

YOGURT = Path(__file__).parents[2] / "scenarios" / "data" / "yogurt.csv"
COLUMNS = "customer=id,choice=choice,price=price.*,feature=feat.*"


def changed(folder: Path, change: Callable[[dict[str, str], int], object]) -> Path:
    """The yogurt panel with something else in its rows."""
    header, *lines = YOGURT.read_text().splitlines()
    rows = [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]
    for i, row in enumerate(rows):
        change(row, i)
    path = folder / "panel.csv"
    path.write_text("\n".join([header, *(",".join(row.values()) for row in rows)]) + "\n")
    return path


def test_a_panel_becomes_a_scenario_that_is_valid(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    ended = simengine("calibrate", YOGURT, "--columns", COLUMNS, "--us", "weight", "--out", "weight.yaml", "--json")
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    (segment,) = document["segments"].values()
    (logit,) = segment["estimates"]
    assert logit["log_likelihood"] == pytest.approx(-1148.604, abs=5e-4)
    assert all(parameter["error_by_customer"] > 0 for parameter in logit["parameters"])
    assert [sheet["name"] for sheet in segment["sheets"]] == [
        "fitted",
        "mean offer",
        "bought next, after: observed",
        "bought next, after: fitted",
        "elasticity at the next purchase, by the price of",
        "elasticity in the long run, by the price of",
        "held out",
    ]
    assert (tmp_path / "weight.yaml").read_text() == document["draft"]
    assert simengine("validate", "weight.yaml").code == 0


def cheapest(row: dict[str, str], _: int) -> None:
    """Whoever is cheapest is chosen, ties going to the first; feature is the same for all."""
    prices = {name.removeprefix("price."): float(cell) for name, cell in row.items() if name.startswith("price.")}
    row["choice"] = min(prices, key=lambda brand: prices[brand] + (4 if brand == "hiland" else 0))


@pytest.mark.parametrize(
    ("change", "columns", "code", "said"),
    [
        (cheapest, "choice=choice,price=price.*", 1, "separable data: "),
        (
            lambda row, _: row.update({name: "8" for name in row if name.startswith("price")}),
            COLUMNS,
            2,
            "column price.*\n  found     the same for all alternatives of every purchase",
        ),
    ],
)
def test_panels_that_tell_nothing_say_why_and_nothing_is_written(
    change: Callable[[dict[str, str], int], object],
    columns: str,
    code: int,
    said: str,
    tmp_path: Path,
    simengine: Callable[..., Ended],
) -> None:
    ended = simengine("calibrate", changed(tmp_path, change), "--columns", columns, "--out", "out.yaml")
    assert ended.code == code, ended.err
    assert said in ended.err
    assert ended.out == ""
    assert not (tmp_path / "out.yaml").exists()


def test_a_role_that_is_misspelt_is_that_of_a_panel(simengine: Callable[..., Ended]) -> None:
    ended = simengine("calibrate", YOGURT, "--columns", COLUMNS.replace("choice=", "chioce="))
    assert ended.code == 2
    assert "no column for choice" in ended.err


def test_a_long_list_of_bad_cells_names_no_option_that_is_not_there(
    tmp_path: Path, simengine: Callable[..., Ended]
) -> None:
    path = changed(tmp_path, lambda row, _: row.update(choice="nothing"))
    ended = simengine("calibrate", path, "--columns", COLUMNS)
    assert "2,392 more bad cells from here on" in ended.err
    assert "--rejects" not in ended.err


def test_counts_that_do_not_add_up_are_located(tmp_path: Path, simengine: Callable[..., Ended]) -> None:
    (tmp_path / "counts.csv").write_text(
        "quarter,adds,lost,end\n2026-Q1,50,40,1010\n2026-Q2,60,45,1025\n2026-Q3,55,50,1300\n"
    )
    columns = "period=quarter,added=adds,lost=lost,end=end"
    ended = simengine("calibrate", "counts.csv", "--columns", columns)
    assert ended.code == 2
    assert "counts.csv:4:15: column end" in ended.err
    assert "found     1,300, and 1,025 + 55 - 50 = 1,030" in ended.err
    other = simengine("calibrate", "counts.csv", "--columns", columns, "--unit", "quarter")
    assert "found     an option for log, tenure or survivors" in other.err
