"""Roots of systems that are linear in each of several groups of unknowns, against closed forms and published counts."""

from __future__ import annotations

import numpy as np
import pytest

from simengine.study.wargame.multilinear import all_roots, evaluated, number_of_roots, root_near


def forms(counts: tuple[int, ...], systems: int, seed: int = 0) -> list[np.ndarray]:
    luck = np.random.default_rng(seed)
    return [
        luck.normal(size=(systems, count, *(1 + other for q, other in enumerate(counts) if q != g)))
        for g, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("counts", "number"),
    [
        ((1, 1), 1),
        ((2, 1), 0),
        ((1, 1, 1), 2),
        ((2, 2, 2), 10),
        ((1, 1, 1, 1), 9),
        ((1, 1, 1, 1, 1), 44),
        ((2, 2, 2, 2), 297),
    ],
)
def test_as_many_roots_as_mckelvey_and_mclennan_count(counts: tuple[int, ...], number: int) -> None:
    assert number_of_roots(counts, 1000) == number
    assert number_of_roots(counts, 5) == min(number, 5)
    assert number_of_roots(counts, 1) == min(number, 1)


@pytest.mark.parametrize("counts", [(1, 1), (2, 2), (1, 1, 1), (2, 1, 1), (2, 2, 1), (1, 1, 1, 1)])
def test_all_roots_are_found_and_no_two_are_the_same(counts: tuple[int, ...]) -> None:
    systems = forms(counts, 5)
    found = all_roots(systems)
    assert found.regular.all()
    assert found.regular.shape[1] == number_of_roots(counts, 1000)
    unknowns = np.concatenate([points[..., 1:] / points[..., :1] for points in found.points], axis=-1)
    for n, roots in enumerate(unknowns):
        each = [np.repeat(form[n : n + 1], len(roots), axis=0) for form in systems]
        values, slopes = evaluated(each, roots)
        assert np.abs(np.linalg.solve(slopes, values[..., None])).max() < 1e-9 * (1 + np.abs(roots).max())
        apart = np.linalg.norm(roots[:, None] - roots, axis=-1) + np.eye(len(roots))
        assert apart.min() > 1e-5


def test_three_unknowns_are_those_of_a_quadratic_equation() -> None:
    """a0 + a1 y + a2 z + a3 yz = 0, and so on: z by y, x by y, and what is left is of the second degree in y."""
    systems = forms((1, 1, 1), 20)
    found = all_roots(systems)
    for n in range(20):
        a, b, c = (form[n, 0] for form in systems)  # in y, z; in x, z; in x, y
        top, bottom = np.polynomial.Polynomial(-a[:, 0]), np.polynomial.Polynomial(a[:, 1])
        over, under = np.polynomial.Polynomial(-c[0]), np.polynomial.Polynomial(c[1])
        rest = b[0, 0] * under * bottom + b[1, 0] * over * bottom + b[0, 1] * under * top + b[1, 1] * over * top
        y = found.points[1][n, :, 1] / found.points[1][n, :, 0]
        assert y.sum() == pytest.approx(-rest.coef[1] / rest.coef[2], rel=1e-8)
        assert y.prod() == pytest.approx(rest.coef[0] / rest.coef[2], rel=1e-8)


def test_slopes_are_those_of_the_values() -> None:
    systems, luck = forms((2, 1, 1, 2), 3), np.random.default_rng(1)
    at = luck.normal(size=(3, 6))
    _, slopes = evaluated(systems, at)
    for n in range(6):
        moved = at + 1e-20j * np.eye(6)[n]
        assert evaluated(systems, moved)[0].imag / 1e-20 == pytest.approx(slopes[:, :, n], rel=1e-12)


def test_a_root_is_found_from_near_and_no_root_is_told() -> None:
    systems = [np.array([[[-1.0, 2.0]]]), np.array([[[-1.0, 4.0]]])]  # 2 y = 1, 4 x = 1
    found, rests = root_near(systems, np.array([[0.3, 0.3]]))
    assert rests.all()
    assert found == pytest.approx(np.array([[0.25, 0.5]]))
    nowhere = [np.array([[[-1.0, 0.0]]]), np.array([[[-1.0, 4.0]]])]
    assert not root_near(nowhere, np.array([[0.3, 0.3]]))[1].any()


def test_roots_that_are_not_alone_are_not_regular() -> None:
    """The last equation says what the one before says."""
    systems = forms((2, 1, 1), 1)
    systems[0][0, 1] = 2 * systems[0][0, 0]
    assert not all_roots(systems).regular.all()
