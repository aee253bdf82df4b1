"""Constant hazards and shifted-beta-geometrics from who left at which tenure: closed forms and published survivors."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from simengine.calibration.retention import (
    CONSTANT,
    SHIFTED_BETA_GEOMETRIC,
    backtest,
    best,
    fit,
    fits,
    merged,
    survivors,
    up_to,
)
from simengine.portfolio.hazard import NoEstimate
from simengine.portfolio.shifted_beta_geometric_fit import Group

INF = math.inf
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173)  # Fader & Hardie 2007


def cohort(there: tuple[int, ...], unit: float = 1.0) -> list[Group]:
    groups = [Group(a - b, i * unit, (i + 1) * unit) for i, (a, b) in enumerate(pairwise(there))]
    return [*groups, Group(there[-1], (len(there) - 1) * unit, INF)]


@pytest.mark.parametrize("unit", [1.0, 0.25, 1 / 12])
def test_a_constant_hazard_is_lost_over_at_risk(unit: float) -> None:
    """Intervals alike: a part q of those at risk leave in each, so the hazard is -log(1 - q) a unit."""
    lost, risk = 759, sum(REGULAR[:7])
    q = lost / risk
    found = fit(CONSTANT, cohort(REGULAR[:8], unit))
    assert found.parameters["hazard"] == pytest.approx(-math.log(1 - q) / unit, rel=1e-12)
    error = math.sqrt(q * (1 - q) / risk) / (1 - q) / unit  # by the delta method from that of q
    assert found.standard_errors["hazard"] == pytest.approx(error, rel=1e-9)
    assert found.log_likelihood == pytest.approx(lost * math.log(q) + (risk - lost) * math.log(1 - q), rel=1e-12)


def test_intervals_of_any_length() -> None:
    """Against the top of the likelihood on a grid."""
    groups = [Group(30, 0, 0.5), Group(50, 0.5, 2), Group(5, 3, 4), Group(40, 2, INF), Group(7, 4, INF)]
    hazards = np.linspace(0.2, 0.9, 700_001)
    value = np.zeros_like(hazards)
    for g in groups:
        gone = np.exp(-hazards * g.end) if g.end < INF else 0.0
        value += g.customers * np.log(np.exp(-hazards * g.start) - gone)
    found = fit(CONSTANT, groups)
    assert found.parameters["hazard"] == pytest.approx(hazards[value.argmax()], abs=1e-6)
    assert found.log_likelihood == pytest.approx(value.max(), abs=1e-9)


def test_the_shifted_beta_geometric_is_the_published_one_and_preferred() -> None:
    found, lacking = fits(cohort(REGULAR[:8]))
    assert not lacking
    assert best(found).model == SHIFTED_BETA_GEOMETRIC
    assert found[SHIFTED_BETA_GEOMETRIC].parameters == pytest.approx({"alpha": 0.704, "beta": 1.182}, abs=5e-4)
    assert found[SHIFTED_BETA_GEOMETRIC].survival(12) == pytest.approx(0.17, abs=5e-5)


def test_cohorts_of_any_age_are_fitted_at_once() -> None:
    """Half of the customers seen three years only: the same most likely parameters where both leave alike."""
    young = cohort(REGULAR[:4])
    both = merged([*cohort(REGULAR[:8]), *young])
    assert sum(g.customers for g in both) == 2000
    assert [g for g in both if g.end == 1.0] == [Group(2 * 369, 0.0, 1.0)]
    found = fit(SHIFTED_BETA_GEOMETRIC, both).parameters
    apart = fit(SHIFTED_BETA_GEOMETRIC, cohort(REGULAR[:8])).parameters, fit(SHIFTED_BETA_GEOMETRIC, young).parameters
    assert min(a["alpha"] for a in apart) < found["alpha"] < max(a["alpha"] for a in apart)


def test_a_cohort_first_seen_late_tells_of_what_came_after() -> None:
    """Given two years of tenure, staying to the third has the probability S(3) / S(2) and so on."""
    alpha, beta, size = 0.7, 1.2, 1e7
    survival = np.cumprod([1.0, *((beta + t) / (alpha + beta + t) for t in range(8))])
    there = size * survival[2:] / survival[2]
    groups = [Group(a - b, t + 2.0, t + 3.0) for t, (a, b) in enumerate(pairwise(there))]
    groups += [Group(there[-1], 8.0, INF), Group(-size, 2.0, INF)]
    assert fit(SHIFTED_BETA_GEOMETRIC, groups).parameters == pytest.approx({"alpha": alpha, "beta": beta}, rel=1e-5)


def test_what_was_seen_by_an_earlier_time() -> None:
    groups = cohort(REGULAR)
    assert up_to(groups, 7.0) == cohort(REGULAR[:8])
    assert up_to(groups, 12.0) == groups


def test_survivors_of_a_cohort_are_its_own_and_censored_customers_count_while_they_are_seen() -> None:
    seen = survivors(cohort(REGULAR))
    assert seen.survival == pytest.approx(np.divide(REGULAR[1:], 1000))
    # 2 of 10 leave in the first year, 3 are seen no longer, 1 of the 5 left does in the second
    part = survivors([Group(2, 0, 1), Group(3, 1, INF), Group(1, 1, 2), Group(4, 2, INF)])
    assert part.survival == pytest.approx([0.8, 0.8 * 0.8])
    assert part.at_risk == [10, 5]


def test_a_backtest_is_predicted_from_what_was_seen_before() -> None:
    constant, shifted = backtest(cohort(REGULAR), 7.0)
    assert shifted.parameters == pytest.approx({"alpha": 0.704, "beta": 1.182}, abs=5e-4)
    assert [h.years for h in shifted.horizons] == [8, 9, 10, 11, 12]
    assert [h.observed for h in shifted.horizons] == pytest.approx([0.223, 0.207, 0.194, 0.183, 0.173])
    assert max(abs(h.predicted - h.observed) for h in shifted.horizons) < 0.004
    assert constant.horizons[-1].predicted < 0.07  # a constant hazard forgets that those who are left stay
    assert not backtest(cohort(REGULAR), 12.0)
    assert {b.until for b in backtest(cohort(REGULAR))} == {8.0}


def test_what_has_no_estimate_says_why() -> None:
    with pytest.raises(NoEstimate, match="nobody who has left"):
        fits([Group(10, 3, INF)])
    with pytest.raises(NoEstimate, match="nobody who stayed"):
        fit(CONSTANT, [Group(10, 0, 1)])
    rising = cohort((1000, 950, 850, 650, 300))
    found, lacking = fits(rising)
    assert set(found) == {CONSTANT}
    assert "does not fall with tenure" in lacking[SHIFTED_BETA_GEOMETRIC]
    with pytest.raises(NoEstimate, match="does not fall"):
        fits(rising, SHIFTED_BETA_GEOMETRIC)


def test_standard_errors_are_those_of_many_samples() -> None:
    """The spread of estimates over 300 samples is within 15 % of the error that each states: 3.6 of its own errors."""
    generator = np.random.default_rng(3)
    chance = -np.diff([*np.cumprod([1.0, *((1.2 + t) / (1.9 + t) for t in range(6))]), 0.0])
    made = []
    for _ in range(300):
        left = generator.multinomial(2000, chance)
        groups = [Group(float(n), float(t), t + 1.0) for t, n in enumerate(left[:-1])] + [
            Group(float(left[-1]), 6.0, INF)
        ]
        made.append(fit(SHIFTED_BETA_GEOMETRIC, groups))
    for name in ("alpha", "beta"):
        stated = np.mean([each.standard_errors[name] for each in made])
        assert np.std([each.parameters[name] for each in made]) == pytest.approx(stated, rel=0.15)
    assert made[0].correlation is not None
    both = np.corrcoef([each.parameters["alpha"] for each in made], [each.parameters["beta"] for each in made])[0, 1]
    assert both == pytest.approx(made[0].correlation, abs=0.05)
