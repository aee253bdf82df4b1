"""Cells without a value: refused, or filled from the segment in a way that does not depend on the order of rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simengine.portfolio import load_portfolio
from simengine.portfolio.population import Portfolio
from simengine.scenario.problems import ScenarioError
from tests.portfolio.worlds import CHOICE, CONTRACT, MARKET, scenario

COLUMNS = "{id: id, segment: part, supplier: bank, revenue: pays, needs: {speed: s, service: v, advice: a}, weight: n}"
ROWS = [
    "1,north,us,10,0.5,0.3,0.2,1",
    "2,north,us,40,0.1,0.2,0.7,3",
    "3,north,atlas,,0.5,0.25,0.25,1",
    "4,north,none,n/a,,0.25,0.25,1",
    "5,south,us,7,0.2,0.2,0.6,1",
    "6,south,atlas,,1,0,0,1",
]
SHARES, CHURN = "    shares: {us: 40%, atlas: 35%, none: 25%}\n", "    churn: 5%\n"
STATED = "    constants: {us: 0, atlas: 0, none: 0}\n    inertia: 1\n"
BODY = (MARKET + f"  south:\n{CHOICE}").replace("retail", "north").replace(SHARES, "").replace(CHURN, STATED)


def loaded(folder: Path, more: str, rows: list[str] = ROWS, **simulation: object) -> Portfolio:
    (folder / "customers.csv").write_text("id,part,bank,pays,s,v,a,n\n" + "\n".join(rows) + "\n")
    portfolio = f"portfolio: {{customers: customers.csv, columns: {COLUMNS}, {more}}}\n"
    return load_portfolio(scenario(folder, portfolio + BODY, **{"mode": "expected", **simulation}))


def by_id(portfolio: Portfolio) -> dict[str, tuple[float, list[float]]]:
    population = portfolio.population
    rows = zip(population.labels.tolist(), population.revenue.tolist(), population.needs.tolist(), strict=True)
    return {label: (revenue, needs) for label, revenue, needs in rows}


def test_they_are_refused_unless_the_scenario_says_otherwise(tmp_path: Path) -> None:
    for more in ("missing: refuse", ""):
        with pytest.raises(ScenarioError) as caught:
            loaded(tmp_path, more)
        found = [(problem.line, problem.place) for problem in caught.value.problems]
        assert found == [(4, "column pays"), (5, "column pays"), (5, "column s"), (7, "column pays")]


def test_segment_mean(tmp_path: Path) -> None:
    portfolio = loaded(tmp_path, "missing: segment mean")
    customers = by_id(portfolio)
    assert customers["3"][0] == customers["4"][0] == (10 + 3 * 40) / 4  # weights count
    assert customers["6"][0] == 7
    # Needs of north's three with all of them, weights 1, 3 and 1; needs are advice, service, speed.
    mean = [(0.2 + 3 * 0.7 + 0.25) / 5, (0.3 + 3 * 0.2 + 0.25) / 5, (0.5 + 3 * 0.1 + 0.5) / 5]
    assert np.allclose(customers["4"][1], mean, rtol=1e-6)
    assert portfolio.filled == {"pays": 3, "s": 1}
    assert "column pays: 3 customers without a value got the mean of their segment" in portfolio.notices


def test_a_draw_is_a_whole_value_of_another_customer_of_the_segment(tmp_path: Path) -> None:
    customers = by_id(loaded(tmp_path, "missing: draw"))
    assert customers["3"][0] in (10, 40)
    assert customers["6"][0] == 7
    assert customers["4"][1] in [customers[other][1] for other in "123"]


def test_draws_follow_weights(tmp_path: Path) -> None:
    """Of 2,000 customers who draw from two, 3 to 1: 1,500 of the heavier, within four standard errors."""
    rows = [
        *ROWS[:2],
        *(f"{i},north,atlas,,0.5,0.3,0.2,1" for i in range(10, 2010)),
        ROWS[4],
        "6,south,atlas,5,1,0,0,1",
    ]
    drawn = []
    for seed in (1, 2):
        customers = by_id(loaded(tmp_path, "missing: draw", rows, seed=seed))
        drawn.append(np.array([customers[str(i)][0] for i in range(10, 2010)]))
        assert abs((drawn[-1] == 40).sum() - 1500) < 4 * (2000 * 0.75 * 0.25) ** 0.5
    assert (drawn[0] != drawn[1]).any()


@pytest.mark.parametrize("policy", ["segment mean", "draw"])
def test_the_order_of_rows_is_invisible(policy: str, tmp_path: Path) -> None:
    one = loaded(tmp_path, f"missing: {policy}")
    other = loaded(tmp_path, f"missing: {policy}", ROWS[::-1])
    for mine, yours in zip(one.population, other.population, strict=True):
        assert np.array_equal(mine, yours)


def test_each_column_has_draws_of_its_own(tmp_path: Path) -> None:
    """Who lacks both revenue and needs gets them from two customers: of 400, both from one for about half."""
    given = ["1,north,us,10,1,0,0,1", "2,north,us,40,0,1,0,1"]
    empty = [f"{i},north,atlas,,,0,0,1" for i in range(10, 410)]
    drawn = by_id(loaded(tmp_path, "missing: draw", [*given, *empty, *ROWS[4:5], "6,south,atlas,5,1,0,0,1"]))
    pairs = [(revenue == 10, needs[1] == 1) for name, (revenue, needs) in drawn.items() if int(name) >= 10]
    assert len(pairs) == 400
    together = sum(revenue == need for revenue, need in pairs)
    assert abs(together - 200) < 4 * 400**0.5 / 2


CONTRACTS = "{id: id, segment: part, revenue: pays, tenure: {column: months, unit: months}, churned: gone, weight: n}"


@pytest.mark.parametrize("hazard", ["empirical", "shifted_beta_geometric"])
@pytest.mark.parametrize("policy", ["segment mean", "draw"])
def test_filled_tenures_serve_no_hazard(policy: str, hazard: str, tmp_path: Path) -> None:
    """A fifth of the tenures are not known: the estimate is that of the file without those rows, to the bit."""
    rng = np.random.default_rng(8)
    customers = 1500
    leaves = np.ceil(rng.exponential(1, customers) / rng.gamma(0.8, 0.05, customers)).clip(max=400)
    seen = rng.integers(1, 60, customers)
    months, gone = np.minimum(leaves, seen).astype(int), leaves < seen
    known, weight = rng.random(customers) < 0.8, rng.random(customers).round(3)
    rows = [
        f"{i},all,5,{months[i] if known[i] else ''},{'yes' if gone[i] else 'no'},{weight[i]}" for i in range(customers)
    ]
    body = f"segments: {{all: {CONTRACT.replace('constant: 10%', hazard + ': {}')}}}\n"

    def portfolio_of(rows: list[str]) -> Portfolio:
        (tmp_path / "customers.csv").write_text("\n".join(["id,part,pays,months,gone,n", *rows]) + "\n")
        stated = f"portfolio: {{customers: customers.csv, columns: {CONTRACTS}, missing: {policy}}}\n"
        return load_portfolio(scenario(tmp_path, stated + body, mode="expected"))

    found, wanted = portfolio_of(rows), portfolio_of([row for row, there in zip(rows, known, strict=True) if there])
    for mine, yours in zip(found.hazards["all"], wanted.hazards["all"], strict=True):
        assert np.array_equal(mine, yours)
    there = ~gone & (weight > 0)
    assert len(found.population.ids) == there.sum()
    assert found.filled == {"months": (~gone & ~known).sum()}
    filled = found.population.tenure_months[np.isin(found.population.ids, np.flatnonzero(~known))]
    donors = there & known
    if policy == "segment mean":  # of who is present, as that of revenue is
        assert set(filled.tolist()) == {int(np.average(months[donors], weights=weight[donors]))}
    else:
        assert set(filled.tolist()) <= set(months[donors].tolist())


def test_nobody_to_fill_from(tmp_path: Path) -> None:
    rows = [*ROWS[:4], "5,south,us,,0.2,0.2,0.6,1", "6,south,atlas,NULL,1,0,0,1"]
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, "missing: draw", rows)
    assert [problem.line for problem in caught.value.problems] == [6, 7]
    assert "no customer of segment south has one" in caught.value.problems[0].expected


def test_what_is_wrong_is_not_missing(tmp_path: Path) -> None:
    rows = [ROWS[0].replace(",10,", ",-10,"), *ROWS[1:]]
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, "missing: draw", rows)
    (problem,) = caught.value.problems
    assert problem.found == "'-10'"


def test_normalise(tmp_path: Path) -> None:
    rows = ["1,north,atlas,10,5,3,2,1", "2,south,atlas,10,0.25,0.25,0,1"]
    customers = by_id(loaded(tmp_path, "normalise: true", rows))
    assert np.allclose(customers["1"][1], [0.2, 0.3, 0.5], rtol=1e-6)
    assert np.allclose(customers["2"][1], [0, 0.5, 0.5], rtol=1e-6)
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, "normalise: false", rows)
    assert all("portfolio.normalise: true" in problem.suggestion for problem in caught.value.problems)
    with pytest.raises(ScenarioError, match="a sum of 0, expected weights of a, v and s that are not all 0"):
        loaded(tmp_path, "normalise: true", ["1,north,atlas,10,0,0,0,1", rows[1]])
