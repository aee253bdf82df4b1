"""What a panel comes to: closed forms, differences, the panel itself, and the scenario that is drafted of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import simengine
from simengine.calibration.choice_draft import choice_draft
from simengine.calibration.choice_estimate import ChoiceEstimate, TellsNothing, estimate_choices, stationary
from simengine.calibration.choice_panel import LAST, PRICE, ChoicePanel
from simengine.calibration.choice_panel_file import read_choice_panel
from simengine.calibration.draft import Draft
from simengine.calibration.maximum import NoMaximum

YOGURT = Path(__file__).parents[2] / "scenarios" / "data" / "yogurt.csv"
COLUMNS = {"customer": "id", "choice": "choice", "price": "price.*", "feature": "feat.*"}


def drafted(estimate: ChoiceEstimate) -> str:
    found = choice_draft(Path("made.csv"), estimate)
    assert isinstance(found, Draft)
    return found.text()


@pytest.fixture(scope="module")
def panel() -> ChoicePanel:
    return read_choice_panel(YOGURT, COLUMNS)


@pytest.fixture(scope="module")
def estimate(panel: ChoicePanel) -> ChoiceEstimate:
    return estimate_choices(panel, "dannon")


def drawn(customers: int, purchases: int, price: float, inertia: float, seed: int = 5) -> ChoicePanel:
    """A panel of three alternatives whose customers choose as the model says."""
    generator = np.random.default_rng(seed)
    n = customers * purchases
    values = np.stack([generator.uniform(1, 3, (n, 3)), generator.integers(0, 2, (n, 3))], axis=2).astype(np.float64)
    chosen = np.zeros(n, dtype=np.intp)
    for i in range(n):
        utility = (
            np.array([0.0, 0.5, -0.3]) + price * values[i, :, 0] - 0.6 * values[i, :, 1] + generator.gumbel(size=3)
        )
        if i % purchases:
            utility[chosen[i - 1]] += inertia
        chosen[i] = utility.argmax()
    customer = np.repeat(np.arange(customers), purchases)
    return ChoicePanel(("a", "b", "c"), ("price", "wait"), values, np.ones((n, 3), np.bool_), chosen, customer)


def test_what_customers_were_made_to_do_is_found() -> None:
    """Within four standard errors each."""
    found = estimate_choices(drawn(300, 10, -1.2, 1.5), "a")
    true = {"constant of b": 0.5, "constant of c": -0.3, PRICE: -1.2, "wait": -0.6, LAST: 1.5}
    assert found.used == 2700
    for column, error in zip(found.fit.columns, found.fit.standard_errors, strict=True):
        assert found.fit.at(column) == pytest.approx(true[column], abs=4 * error)
    assert found.by_customer == pytest.approx(found.fit.standard_errors, rel=0.2)  # customers are independent here


def test_a_stationary_distribution_is_kept() -> None:
    transition = np.array([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])
    assert stationary(transition) @ transition == pytest.approx(stationary(transition), abs=1e-14)
    assert stationary(np.array([[0.9, 0.1], [0.3, 0.7]])) == pytest.approx([0.75, 0.25])


def test_predicted_purchases_sum_to_those_observed(estimate: ChoiceEstimate) -> None:
    """The derivatives by the constants and by inertia are 0: shares and repeated purchases are fitted exactly."""
    count = estimate.switching.sum(axis=1)
    assert count @ estimate.predicted_switching == pytest.approx(estimate.switching.sum(axis=0), abs=1e-6)
    kept = float(count @ np.diag(estimate.predicted_switching))
    assert kept == pytest.approx(np.trace(estimate.switching), abs=1e-6)


def test_elasticities_are_those_of_differences(panel: ChoicePanel, estimate: ChoiceEstimate) -> None:
    from simengine.calibration.logit import probabilities

    used, h = panel.last >= 0, 1e-5
    for k in range(4):
        shares = []
        for change in (1 + h, 1 - h):
            values = panel.values.copy()
            values[:, k, 0] *= change
            choices = panel._replace(values=values).choices("dannon", panel.last).of(used)
            shares.append(probabilities(choices.values, choices.available, estimate.fit.coefficients).sum(axis=0))
        assert estimate.elasticity is not None
        differences = np.log(shares[0] / shares[1]) / (2 * h)
        assert estimate.elasticity[:, k] == pytest.approx(differences, abs=1e-6)


def test_customers_are_held_out_whole_and_purchases_last(estimate: ChoiceEstimate) -> None:
    later, others = estimate.holdouts
    assert (later.what, later.fitted + later.held) == ("later purchases", 2312)
    assert (others.what, others.fitted + others.held) == ("other customers", 2312)
    for each in (later, others):
        assert each.log_likelihood > each.of_constants > each.of_equal_shares == pytest.approx(np.log(0.25))
        assert sum(h.purchases for h in each.horizons) == each.held
        assert all(h.forecast.sum() == pytest.approx(1) == h.observed.sum() for h in each.horizons)
    assert later.horizons[0].purchases == 100


def test_a_forecast_from_the_first_purchase_on_is_the_chain_of_probabilities(panel: ChoicePanel) -> None:
    """Of the customers held out: the product of each one's matrices, purchase after purchase."""
    from simengine.calibration.choice_holdout import of_other_customers
    from simengine.calibration.logit import fit_logit, probabilities

    assert panel.customer is not None
    (found,) = of_other_customers(panel, "dannon", 0.05)
    held = panel.customer >= 95
    fit = fit_logit(panel.choices("dannon", panel.last).of(~held & (panel.last >= 0)))
    by_last = []  # [before] of [purchase, now]
    for before in range(4):
        choices = panel.choices("dannon", np.full(len(panel.chosen), before))
        by_last.append(probabilities(choices.values, choices.available, fit.coefficients))
    states: list[list[np.ndarray]] = []  # by purchases ahead
    for customer in range(95, 100):
        first, *rows = np.flatnonzero(panel.customer == customer)
        state = np.eye(4)[panel.chosen[first]]
        for ahead, row in enumerate(rows):
            state = sum(state[before] * by_last[before][row] for before in range(4))
            states += [[]] if ahead == len(states) else []
            states[ahead].append(state)
    assert [h.purchases for h in found.horizons] == [len(each) for each in states]
    for horizon, each in zip(found.horizons, states, strict=True):
        assert horizon.forecast == pytest.approx(np.mean(each, axis=0), abs=1e-12)


def test_who_is_ours_moves_the_constants_only(panel: ChoicePanel, estimate: ChoiceEstimate) -> None:
    other = estimate_choices(panel, "weight")
    assert other.fit.log_likelihood == pytest.approx(estimate.fit.log_likelihood, abs=1e-8)
    for column in (PRICE, "feature", LAST):
        assert other.fit.at(column) == pytest.approx(estimate.fit.at(column), abs=1e-8)
    assert other.fit.at("constant of dannon") == pytest.approx(-estimate.fit.at("constant of weight"), abs=1e-8)
    assert estimate_choices(panel).us == "dannon"  # what is bought most


def test_the_drafted_scenario_chooses_as_the_panel_says(estimate: ChoiceEstimate, tmp_path: Path) -> None:
    """Shares at the opening, and what is kept from one purchase to the next."""
    path = tmp_path / "drafted.yaml"
    path.write_text(drafted(estimate).replace("size: 100 ", "size: 1M "))
    run = simengine.run(simengine.load(path, settings=["uncertain=null"]))
    assert run.opening.shares[0, :4] == pytest.approx(estimate.shares, abs=1e-6)
    leaves = run.dataset.leaves.sel(move="quiet", supplier="us").sum("presence").squeeze().values[0]
    assert 1 - leaves / (1e6 * estimate.shares[0]) == pytest.approx(estimate.kept[0], abs=1e-5)


def test_rivals_are_called_neither_as_we_are_nor_as_each_other(tmp_path: Path) -> None:
    made = drawn(20, 12, -1.0, 1.0)._replace(alternatives=("us", "us (rival)", "x"))
    (tmp_path / "made.yaml").write_text(drafted(estimate_choices(made, "x")))
    assert set(simengine.load(tmp_path / "made.yaml").offers) == {"us", "us (rival) (rival)", "us (rival)"}


def test_a_drafted_need_counts_down_where_less_is_better(tmp_path: Path) -> None:
    found = estimate_choices(drawn(300, 10, -1.2, 1.5), "a")
    text = drafted(found)
    path = tmp_path / "made.yaml"
    path.write_text(text)
    assert "needs: [low wait]" in text
    run = simengine.run(simengine.load(path))
    assert run.opening.shares[0, :3] == pytest.approx(found.shares, abs=1e-6)


@pytest.mark.parametrize(("price", "inertia"), [(0.8, 1.0), (-0.8, -1.0)])
def test_what_no_scenario_can_state_is_not_drafted(price: float, inertia: float) -> None:
    assert isinstance(choice_draft(Path("made.csv"), estimate_choices(drawn(100, 10, price, inertia), "a")), str)


def test_a_backtest_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    rows = ["who,bought,price.a,price.b", *(f"{i},{'ab'[i % 3 == 0]},{1 + i % 4},{2 - i % 2}" for i in range(14))]
    (tmp_path / "few.csv").write_text("\n".join(rows) + "\n")
    found = simengine.calibrate(tmp_path / "few.csv", {"choice": "bought", "price": "price.*"})
    assert found.notices[-2:] == (
        "no customer column: every purchase is another customer's, and there is no inertia",
        "no backtest on later purchases: too few, or nothing most likely without them",
    )
    assert not found.segments[0].backtests


def test_data_without_a_most_likely_value_say_why(panel: ChoicePanel) -> None:
    cheapest = panel.values[:, :, 0].argmin(axis=1)
    with pytest.raises(NoMaximum, match="separable data: what is chosen always has the lowest price"):
        estimate_choices(panel._replace(chosen=cheapest), "dannon")
    with pytest.raises(NoMaximum, match="hiland chosen at none of the 2,312 purchases after customers' first"):
        estimate_choices(panel._replace(chosen=np.where(panel.chosen == 1, 0, panel.chosen)), "dannon")
    with pytest.raises(TellsNothing, match="dannon at all 2,312 purchases; choices between alternatives"):
        estimate_choices(panel._replace(chosen=np.zeros_like(panel.chosen)), "dannon")
    level = panel.values.copy()
    level[:, :, 0] = 8.0
    with pytest.raises(TellsNothing, match="the same for all alternatives of every purchase"):
        estimate_choices(panel._replace(values=level), "dannon")
    level[:, :, 0] = [8.0, 5.0, 7.0, 10.0]
    with pytest.raises(TellsNothing, match="constant of yoplait and price, of which one follows from the others"):
        estimate_choices(panel._replace(values=level), "dannon")
    with pytest.raises(TellsNothing, match="a single purchase of every customer"):
        estimate_choices(panel._replace(customer=np.arange(len(panel.chosen))), "dannon")
    first = panel.chosen[panel.ordinal == 0]
    with pytest.raises(NoMaximum, match="customers always choose again what they chose before"):
        estimate_choices(panel._replace(chosen=first[panel.customer]), "dannon")
