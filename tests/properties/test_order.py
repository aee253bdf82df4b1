"""Identity 9: the order in which things are written is immaterial, and so are their names."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import LEDGER, Document, Lived, live, market

CELLS_FIRST = ("count", "revenue", "joins", "leaves", "direction", "changed_hands")
MODES = st.sampled_from(["sampled", "expected"])


def shuffled(value: Any, draw: Random) -> Any:
    """Every mapping, and the list of needs, in another order; lists of changes and phases keep theirs."""
    if isinstance(value, dict):
        keys = draw.sample(list(value), len(value))
        return {key: shuffled(value[key], draw) for key in keys}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return draw.sample(value, len(value))
    return [shuffled(each, draw) for each in value] if isinstance(value, list) else value


@cache
def synthetic(mode: str) -> Lived:
    return live(market(mode=mode))


@cache
def from_file(mode: str) -> Lived:
    return live(file_market(mode=mode), text_of(rows_of()))


def assert_permuted(one: Lived, other: Lived) -> None:
    """The same bits in every cell, wherever it stands."""
    place = [other.tables.axes.cells.index(cell) for cell in one.tables.axes.cells]
    for name in LEDGER:
        theirs = getattr(other.ledger, name)
        if name in CELLS_FIRST:
            theirs = theirs[place]
        if name == "customer_value":
            theirs = theirs[:, :, place]
        assert getattr(one.ledger, name).tobytes() == np.ascontiguousarray(theirs).tobytes(), name
    assert np.array_equal(one.valuation.enterprise_value, other.valuation.enterprise_value[place])
    assert one.portfolio.population.labels.tolist() == other.portfolio.population.labels.tolist()


@settings(max_examples=20)
@given(order=st.integers(0, 10**9), mode=MODES)
def test_the_order_of_a_scenario_is_immaterial(order: int, mode: str) -> None:
    document = market(mode=mode)
    document["allocations"] = shuffled(document["allocations"], Random(order))
    assert_permuted(synthetic(mode), live(shuffled(document, Random(order))))


@settings(max_examples=10)
@given(order=st.integers(0, 10**9), mode=MODES)
def test_the_order_of_customers_in_their_file_is_immaterial(order: int, mode: str) -> None:
    rows = rows_of()
    draw = Random(order)
    columns = draw.sample(list(rows[0]), len(rows[0]))
    rows = [{column: row[column] for column in columns} for row in draw.sample(rows, len(rows))]
    assert_permuted(from_file(mode), live(file_market(mode=mode), text_of(rows)))


def renamed(document: Document, names: dict[str, str]) -> Document:
    """The document with other names, as keys and as text."""

    def other(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(key, key): other(each) for key, each in value.items()}
        if isinstance(value, list):
            return [other(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    return {key: each if key == "portfolio" else other(each) for key, each in deepcopy(document).items()}


@pytest.mark.parametrize(
    "names",
    [
        {"atlas": "zeta", "neo": "alpha"},
        {"affluent": "zz", "mass": "aa", "signed": "mm"},
        {"rate": "zz rate", "service": "aa service"},
    ],
    ids=["suppliers", "segments", "needs"],
)
def test_other_names_permute_the_axes_and_change_nobody(names: dict[str, str]) -> None:
    """In expected mode to single precision: sums over needs and suppliers are taken in the order of their names."""
    document = renamed(file_market(mode="expected"), names)
    document["portfolio"]["columns"]["needs"] = {names.get(n, n): f"w_{n}" for n in ("rate", "service")}
    rows = [{k: names.get(v, v) if k != "id" else v for k, v in row.items()} for row in rows_of()]  # type: ignore[call-overload]
    one, other = from_file("expected"), live(document, text_of(rows))
    axes, theirs = one.tables.axes, other.tables.axes
    segments = [theirs.segments.index(names.get(s, s)) for s in axes.segments]
    suppliers = [theirs.suppliers.index(names.get(j, j)) for j in axes.suppliers]
    permuted = other.customers[:, :, :, segments][..., suppliers]
    np.testing.assert_allclose(permuted, one.customers, rtol=1e-6, atol=2e-5)
    size = np.abs(one.valuation.customers).sum(axis=(2, 3)) / one.valuation.money_scale
    assert (np.abs(one.enterprise_value - other.enterprise_value) <= 1e-6 * size).all()
    np.testing.assert_allclose(other.opening.constants[segments][:, suppliers], one.opening.constants, atol=1e-6)
    moved = sorted(names.values()) != list(names.values())
    assert moved, "these names leave everything where it was"


def test_orders_above_are_really_different() -> None:
    document = market()
    assert list(shuffled(document, Random(3))["segments"]) != list(document["segments"])
    assert shuffled(document, Random(3)) != document  # the list of needs
    assert shuffled(document, Random(3))["segments"]["mass"] == document["segments"]["mass"]
