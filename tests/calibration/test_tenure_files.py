"""Tenures of customers, survivors of cohorts and counts, read and calibrated; and what is wrong in them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

import simengine
from simengine.calibration.churn_counts import end_of
from simengine.calibration.churn_counts_file import read_counts
from simengine.calibration.draft import Draft
from simengine.calibration.maximum import NoMaximum
from simengine.calibration.result import Calibration
from simengine.calibration.tenure_file import read_tenures
from simengine.portfolio.shifted_beta_geometric_fit import Group
from simengine.scenario.problems import Problem, ScenarioError

TELCO = Path(__file__).parents[2] / "scenarios" / "data" / "telco.csv"
COHORTS = """\
joined,years,there
2023,0,1000
2023,1,700
2023,2,560
2023,3,480
2024,0,1500
2024,1,1060
2024,2,850
2025,1,600
2025,2,490
"""
COHORT_COLUMNS = {"cohort": "joined", "tenure": "years", "survivors": "there"}
COUNTS = """\
quarter,adds,lost,subscribers
2025-Q1,500,400,10100
2025-Q2,450,420,10130
2025-Q3,600,390,10340
2025-Q4,550,450,10440
2026-Q1,500,430,10510
"""
COUNT_COLUMNS = {"period": "quarter", "added": "adds", "lost": "lost", "end": "subscribers"}


def text_of(calibration: Calibration) -> str:
    assert isinstance(calibration.draft, Draft)
    return calibration.draft.text()


def problems(folder: Path, text: str, columns: dict[str, str], unit: str | None = None) -> tuple[Problem, ...]:
    path = folder / "evidence.csv"
    path.write_text(text)
    with pytest.raises(ScenarioError) as found:
        simengine.calibrate(path, columns, unit=unit)
    return found.value.problems


def test_customers_left_within_the_unit_before_their_tenure(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("months,left\n0,yes\n1,yes\n3,no\n3,yes\n5.5,no\n3,no\n")
    (found,) = read_tenures(path, {"tenure": "months", "churned": "left"}, 0.5).segments
    assert found.groups == [Group(2, 0.0, 0.5), Group(1, 1.0, 1.5), Group(2, 1.5, math.inf), Group(1, 2.5, math.inf)]
    assert (found.customers, found.left) == (6, 3)


def test_cohorts_are_fitted_at_once_and_one_first_seen_late_counts_from_then(tmp_path: Path) -> None:
    path = tmp_path / "cohorts.csv"
    path.write_text(COHORTS)
    (found,) = read_tenures(path, COHORT_COLUMNS, 1.0).segments
    assert [each.name for each in found.cohorts] == ["2023", "2024", "2025"]
    assert found.groups == [
        Group(740, 0.0, 1.0),
        Group(460, 1.0, 2.0),
        Group(-600, 1.0, math.inf),
        Group(80, 2.0, 3.0),
        Group(1340, 2.0, math.inf),
        Group(480, 3.0, math.inf),
    ]


def test_a_calibration_of_cohorts_is_a_scenario_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "cohorts.csv"
    path.write_text(COHORTS)
    found = simengine.calibrate(path, COHORT_COLUMNS, unit="year")
    (segment,) = found.segments
    constant, shifted = segment.estimates
    assert shifted.log_likelihood > constant.log_likelihood
    assert [chart.name for chart in segment.charts] == [
        "survival",
        "survivors of 2023",
        "survivors of 2024",
        "survivors of 2025",
    ]
    assert segment.charts[3].series["shifted_beta_geometric"][0] == 600
    (tmp_path / "drafted.yaml").write_text(text_of(found))
    scenario = simengine.load(tmp_path / "drafted.yaml")
    stated = scenario.segments["customers"].hazard.shifted_beta_geometric
    assert stated is not None
    assert {"alpha": stated.alpha, "beta": stated.beta} == pytest.approx(shifted.values, rel=1e-9)
    assert "shifted_beta_geometric" in text_of(simengine.calibrate(path, COHORT_COLUMNS, unit="year"))
    forced = simengine.calibrate(path, COHORT_COLUMNS, unit="year", model="constant")
    assert "hazard: {constant: " in text_of(forced)


def test_telco_s_contracts_agree_with_the_file_s_own_estimate() -> None:
    """Month-to-month hazards fall; those of longer contracts do not, which is said, and a constant is drafted."""
    columns = {"tenure": "tenure", "churned": "churn", "segment": "contract"}
    found = simengine.calibrate(TELCO, columns, unit="month")
    assert sum("does not fall with tenure" in notice for notice in found.notices) == 2
    month, one, two = found.segments
    assert [each.model for each in month.estimates] == ["constant", "shifted_beta_geometric"]
    assert [each.model for each in (*one.estimates, *two.estimates)] == ["constant", "constant"]
    observed = dict(zip(month.charts[0].at, month.charts[0].series["observed"], strict=True))
    assert observed[12] == pytest.approx(0.7031, abs=5e-5)  # Kaplan-Meier
    with pytest.raises(NoMaximum, match="segment One year: a hazard of leaving that does not fall with tenure"):
        simengine.calibrate(TELCO, columns, unit="month", model="shifted_beta_geometric")


def test_counts_add_up_from_the_end_of_the_first_period(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(COUNTS)
    found = read_counts(path, COUNT_COLUMNS)
    assert found.per_year == 4
    periods = found.segments["customers"]
    assert [p.start for p in periods] == [10000, 10100, 10130, 10340, 10440]
    calibrated = simengine.calibrate(path, COUNT_COLUMNS)
    (segment,) = calibrated.segments
    (constant,) = segment.estimates
    assert constant.values["hazard"] == pytest.approx(2090 / 51000 * 4, rel=0.02)
    (tmp_path / "drafted.yaml").write_text(text_of(calibrated))
    scenario = simengine.load(tmp_path / "drafted.yaml", settings=["uncertain=null"])
    assert (scenario.calendar.start, scenario.calendar.step) == ("2026-Q2", "quarter")
    stated = scenario.segments["customers"]
    assert stated.hazard.constant == pytest.approx(constant.values["hazard"], rel=1e-9)
    assert stated.size == 10510
    customers = simengine.run(scenario).dataset["customers"].sum("presence").squeeze().sel(supplier="us")
    there = 10510.0
    for found in customers.values[:8].tolist():  # as joiners come evenly, but for rounding to whole customers
        there = end_of(there, 2100 / 4, stated.hazard.constant / 4)
        assert found == pytest.approx(there, abs=1)


def test_a_period_without_customers_tells_nothing_of_how_sure(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("quarter,adds,lost,subscribers\n2025-Q1,0,0,0\n2025-Q2,90,0,90\n2025-Q3,20,9,101\n")
    found = simengine.calibrate(path, COUNT_COLUMNS)
    document = json.loads(json.dumps(found.document, allow_nan=False))
    assert document["segments"]["customers"]["sheets"][0]["rows"]["2025-Q1"] == [0, 0, 0, 0, 0, None]


@pytest.mark.parametrize(
    ("tenures", "reason"), [("1,yes\n2,yes", "a hazard of 13.18 a year"), ("9,yes\n" + "20,no\n" * 3, "")]
)
def test_hazards_that_no_scenario_states_are_not_drafted(tenures: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(f"months,left\n{tenures}\n")
    draft = simengine.calibrate(path, {"tenure": "months", "churned": "left"}, unit="month").draft
    assert draft.startswith(reason) if isinstance(draft, str) else not reason


def test_counts_up_to_a_period_are_calibrated_from_and_the_rest_is_held_out(tmp_path: Path) -> None:
    path, shorter = tmp_path / "counts.csv", tmp_path / "shorter.csv"
    path.write_text(COUNTS)
    shorter.write_text("\n".join(COUNTS.splitlines()[:4]) + "\n")
    (found,) = simengine.calibrate(path, COUNT_COLUMNS, until="2025-Q3").segments
    (other,) = simengine.calibrate(shorter, COUNT_COLUMNS).segments
    assert found.estimates == other.estimates
    (test,) = found.backtests
    assert [horizon.observed for horizon in test.horizons] == [10440, 10510]
    assert all(abs(horizon.error) < 0.01 for horizon in test.horizons)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "found", "expected"),
    [
        ("600,390,10340", "600,390,10430", 4, 17, "10,430, and 10,130 + 600 - 390 = 10,340", "an end that is what was"),
        ("2025-Q3", "2025-Q4", 4, 1, "2025-Q4 after 2025-Q2", "every period once, without gaps"),
        ("2025-Q3", "2025-07", 4, 1, "'2025-07'", "a quarter, as above"),
        ("2025-Q3", "Q3 2025", 4, 1, "'Q3 2025'", "a period such as 2027-Q1, 2027-03 or 2027"),
        ("450,420", "450,-420", 3, 13, "'-420'", "a number of customers, 0 or more"),
        ("500,400,10100", "500,400,50", 2, 17, "50 at the end", "no fewer than none at the start"),
    ],
)
def test_counts_that_are_wrong_are_located(
    tmp_path: Path, old: str, new: str, line: int, column: int, found: str, expected: str
) -> None:
    first = problems(tmp_path, COUNTS.replace(old, new), COUNT_COLUMNS)[0]
    assert (first.line, first.column) == (line, column)
    assert first.found.startswith(found)
    assert first.expected.startswith(expected)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "found", "expected"),
    [
        ("2023,2,560", "2023,2,760", 4, 8, "760 after 700", "no more than at the tenure before"),
        ("2023,2,560", "2023,1,560", 4, 6, "'1'", "each tenure once for a cohort"),
        ("2023,2,560", "2023,two,560", 4, 6, "'two'", "a tenure, 0 or more"),
        ("2025,2,490", "2026,2,490", 10, 6, "one", "two tenures or more of a cohort"),
        ("2023,2,560", ",2,560", 4, 1, "nothing", "a cohort"),
    ],
)
def test_cohorts_that_are_wrong_are_located(
    tmp_path: Path, old: str, new: str, line: int, column: int, found: str, expected: str
) -> None:
    located = {(p.line, p.column): p for p in problems(tmp_path, COHORTS.replace(old, new), COHORT_COLUMNS, "year")}
    problem = located[line, column]
    assert problem.found == found
    assert problem.expected.startswith(expected)


def test_options_that_the_evidence_has_no_use_for_or_lacks(tmp_path: Path) -> None:
    (missing,) = problems(tmp_path, COHORTS, COHORT_COLUMNS)
    assert missing.expected == "the unit of tenures"
    (needless,) = problems(tmp_path, COUNTS, COUNT_COLUMNS, "week")
    assert (needless.found, needless.expected) == ("an option for log, tenure or survivors", "one for counts")


def test_nobody_who_left_is_said(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("months,left\n3,no\n4,no\n")
    with pytest.raises(NoMaximum, match="nobody who has left"):
        simengine.calibrate(path, {"tenure": "months", "churned": "left"}, unit="month")
