"""Designs for groups of customers: centres that depend on the customers alone, and what a closer design is worth."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simengine.scenario.problems import ScenarioError
from simengine.tables.design import group_centres, misfits
from tests.oracle import design as twin
from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, Lived, live, market, opened

Needs = np.ndarray[Any, np.dtype[np.float32]]


def drawn(count: int, needs: int = 3, seed: int = 1) -> Needs:
    """Needs weights of customers, at random."""
    weights = np.random.default_rng(seed).dirichlet(np.full(needs, 2.0), count)
    return weights.astype(np.float32)


def ones(needs: Needs) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.ones(len(needs))


@pytest.mark.parametrize("groups", [1, 2, 5, 12])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_centres_are_those_of_exact_arithmetic(groups: int, seed: int) -> None:
    needs, weight = drawn(40, seed=seed), 1.0 + np.arange(40) % 4
    exact = twin.group_centres(needs.astype(float).tolist(), weight.tolist(), groups)
    np.testing.assert_allclose(group_centres(needs, weight, groups), [[float(x) for x in c] for c in exact], atol=1e-12)
    fit = twin.misfits(needs.astype(float).tolist(), weight.tolist(), groups)
    np.testing.assert_allclose(misfits(needs, weight, groups), fit, atol=1e-7)


def test_four_clusters_are_found() -> None:
    """Around each corner of a square in the plane of three needs, as many customers as its centre is the mean of."""
    corners = np.array([[0.2, 0.2], [0.2, 0.4], [0.4, 0.2], [0.4, 0.4]])
    around = np.array([[0.01, 0], [-0.01, 0], [0, 0.01], [0, -0.01]])
    plane = (corners[:, None] + around).reshape(-1, 2)
    needs = np.column_stack([plane, 1 - plane.sum(axis=1)]).astype(np.float32)
    centres = group_centres(needs, ones(needs), 4)
    np.testing.assert_allclose(sorted(centres[:, :2].round(6).tolist()), corners, atol=1e-6)
    np.testing.assert_allclose(misfits(needs, ones(needs), 4), 0.01, atol=1e-6)


def test_as_many_groups_as_customers_fit_everybody() -> None:
    needs = np.concatenate([drawn(20), drawn(20)[:7]])
    for groups in (20, 21, 27):
        assert misfits(needs, ones(needs), groups).max() < 1e-8
        assert len(group_centres(needs, ones(needs), groups)) == 20
    assert misfits(needs, ones(needs), 19).max() > 1e-3


@settings(max_examples=25)
@given(count=st.integers(10, 200), needs=st.integers(2, 5), seed=st.integers(0, 10**6))
def test_more_groups_never_raise_the_mean_misfit_materially(count: int, needs: int, seed: int) -> None:
    people = drawn(count, needs, seed)
    mean = [float(misfits(people, ones(people), groups).mean()) for groups in range(1, min(count, 12))]
    for fewer, more in pairwise(mean):
        assert more <= fewer + 0.1 * mean[0]
    assert mean[-1] < mean[0]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), groups=st.integers(1, 9))
def test_neither_order_nor_splitting_of_customers_matters_to_the_bit(seed: int, groups: int) -> None:
    draw = np.random.default_rng(seed)
    needs = np.round(drawn(60, 3, seed), 1).astype(np.float32)  # with many who are alike, and many equally far
    weight = draw.integers(1, 5, 60).astype(float)
    centres = group_centres(needs, weight, groups)
    order = draw.permutation(60)
    assert group_centres(needs[order], weight[order], groups).tobytes() == centres.tobytes()
    one_by_one = np.repeat(needs, weight.astype(int), axis=0)
    assert group_centres(one_by_one, ones(one_by_one), groups).tobytes() == centres.tobytes()


def test_who_is_as_near_to_two_groups_belongs_to_the_one_that_was_chosen_first() -> None:
    """Between the two ends, of which the one with smaller needs comes first."""
    needs = np.array([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]], np.float32)
    assert group_centres(needs, ones(needs), 2).tolist() == [[0.375, 0.625], [0.75, 0.25]]


def test_who_is_not_there_yet_has_no_part_in_the_design() -> None:
    needs = drawn(50)
    later = np.concatenate([needs, np.array([[1, 0, 0], [0, 0, 1]], np.float32)])
    fit = misfits(later, np.append(ones(needs), [0, 0]), 6)
    assert np.array_equal(fit[:50], misfits(needs, ones(needs), 6))
    assert fit[50:].min() > fit[:50].mean()


def test_weights_need_not_be_whole() -> None:
    needs = drawn(50)
    weight = np.random.default_rng(3).uniform(0.1, 3, 50)
    exact = twin.group_centres(needs.astype(float).tolist(), weight.tolist(), 5)
    np.testing.assert_allclose(group_centres(needs, weight, 5), [[float(x) for x in c] for c in exact], atol=1e-6)


def finer(groups: int, cost: float = 0, **fields: Any) -> Document:
    """The market with a finer design for the affluent; `fields` of that segment."""
    document = market(replications=20)
    document["segments"]["affluent"] |= fields
    document["allocations"] = {
        "baseline": {},
        "finer": {"design": {"affluent": {"groups": groups, "cost_per_group": cost}}},
    }
    return document


def gain(lived: Lived) -> float:
    """Enterprise value that the finer design adds in a quiet market."""
    value = lived.enterprise_value.mean(axis=1)
    return float(value[lived.cell("finer")] - value[lived.cell("baseline")])


def test_the_features_and_coefficients_of_a_finer_design() -> None:
    document = finer(4)
    document["allocations"]["later"] = {
        "design": [
            {"until": "2026-Q2", "affluent": {"groups": 1, "cost_per_group": 5}},
            {
                "from": "2026-Q4",
                "affluent": {"groups": 9, "cost_per_group": 5},
                "mass": {"groups": 4, "cost_per_group": 1},
            },
        ]
    }
    _, portfolio, tables = opened(document)
    needs, misfit = 2, 3  # columns: rate, service, price sensitivity, today's misfit, two finer ones
    assert tables.features.shape[1] == 6
    people = portfolio.population
    for s, designs in enumerate([(4, 9), (4,)]):
        here = people.segment == s
        for n, groups in enumerate(designs):
            wanted = misfits(people.needs[here], people.weight[here], groups)
            assert np.array_equal(tables.features[here, misfit + 1 + n], wanted)
            assert wanted.mean() < tables.features[here, misfit].mean()
    assert (tables.features[people.segment > 0, misfit + 2] == 0).all()
    ours = tables.choice.coefficient[tables.axes.cells.index(("later", "quiet")), :, 0, 0, misfit:]
    tailoring = -1 * (1 - 0.3)
    assert ours == pytest.approx(np.array([[tailoring, 0, 0]] * 3 + [[0, 0, tailoring]] * 5))
    rivals = tables.choice.coefficient[:, :, :, 1:, misfit:]
    assert (rivals[..., 1:] == 0).all()
    assert (rivals[:, :, 0, :2, 0] < 0).all()
    spent = tables.economics.programmes[tables.axes.cells.index(("later", "quiet")), 0]
    assert spent[:, 0] == pytest.approx([7005] * 2 + [7000] + [7045] * 5)
    assert spent[:, 1] == pytest.approx([4000] * 3 + [4004] * 5)
    assert needs == len(tables.axes.needs)


@pytest.mark.parametrize("mode", ["expected", "sampled"])
def test_one_group_is_todays_design_at_its_cost(mode: str) -> None:
    document = finer(1, cost=800)
    document["simulation"]["mode"] = mode
    lived = live(document)
    one, other = lived.cell("finer"), lived.cell("baseline")
    assert np.array_equal(lived.ledger.count[one], lived.ledger.count[other])
    assert np.array_equal(lived.valuation.customers[one], lived.valuation.customers[other])
    document["allocations"]["finer"] = {}
    document["levers"]["talk"] = {"target": "service", "response": {"hill": {"max": 0, "half": 1}}}
    document["allocations"]["finer"] = {"talk": {"affluent": 800}}
    assert gain(lived) == gain(live(document)) < 0


@pytest.mark.parametrize("mode", ["expected", "sampled"])
def test_a_finer_design_is_worth_more_the_more_tailoring_counts_and_nothing_if_all_is_known(mode: str) -> None:
    gains = []
    for tailoring in (0, 0.5, 1, 2):
        document = finer(8, tailoring=tailoring)
        document["simulation"]["mode"] = mode
        gains.append(gain(live(document)))
    assert gains[0] == 0
    assert gains == sorted(gains)
    assert len(set(gains)) == 4
    document = finer(8, tailoring=2)
    document["simulation"]["mode"] = mode
    document["company"]["knowledge"] = 1
    assert gain(live(document)) == 0


def test_more_groups_are_worth_more_at_no_cost() -> None:
    gains = [gain(live(finer(groups))) for groups in (1, 2, 4, 16, 64)]
    assert gains[0] == 0
    assert gains == sorted(gains)


def test_a_profile_of_weight_n_is_n_customers_under_a_finer_design() -> None:
    """Identity 9; also in sampled mode, where rows of weight n become n individuals with ids of their own."""
    document = file_market(mode="expected")
    document["allocations"] = {"finer": {"design": {"mass": {"groups": 5, "cost_per_group": 100}}}}
    few = rows_of(weight=3)
    many = [row | {"id": f"{row['id']}:{c}", "weight": 1} for row in few for c in range(3)]
    one, other = live(document, text_of(few)), live(document, text_of(many))
    np.testing.assert_allclose(one.enterprise_value, other.enterprise_value, rtol=1e-6)
    sampled = deepcopy(document)
    sampled["simulation"] |= {"mode": "sampled", "replications": 2}
    individuals = opened(sampled, text_of(few))[2].features[:, -1]
    assert sorted(individuals) == sorted(np.repeat(one.tables.features[:, -1], 3))


def test_more_groups_than_the_file_has_customers() -> None:
    document = file_market(mode="expected")
    document["allocations"]["finer"] = {"design": {"mass": {"groups": 51, "cost_per_group": 1}}}
    document["allocations"]["copy"] = {"like": "finer"}
    with pytest.raises(ScenarioError) as error:
        opened(document, text_of(rows_of()))
    assert [(p.place, p.found, p.expected) for p in error.value.problems] == [
        ("allocations.finer.design.mass.groups", "51 groups", "at most 50: the customers of `mass`")
    ]
    document["allocations"]["finer"]["design"]["mass"]["groups"] = 50
    opened(document, text_of(rows_of()))
