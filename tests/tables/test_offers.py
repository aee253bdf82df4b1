"""What people read of offers is what customers choose among."""

from __future__ import annotations

import numpy as np

from tests.properties.worlds import market, opened


def test_offers_are_those_that_customers_weigh() -> None:
    document = market() | {"imitation": {"service": 1, "price": 2}}
    document["rivals"] = {}
    scenario, _, tables = opened(document)
    offers, axes = tables.offers, tables.axes
    choice = [s for s, name in enumerate(axes.segments) if name != "signed"]
    weighed = tables.choice.coefficient[:, :, choice, :-1]  # all but the outside option
    assert np.array_equal(offers.level[:, :, choice, :-1].astype(np.float32), weighed[..., : len(axes.needs)])
    price = 1.0 - weighed[..., len(axes.needs)].astype(float)
    reference = np.array([scenario.price("us", axes.segments[s]) for s in choice])
    np.testing.assert_allclose(offers.price[:, :, choice, :-1] / reference[:, None], price, rtol=1e-6)


def test_who_offers_nothing_has_neither_price_nor_level() -> None:
    document = market()
    document["segments"]["mass"]["shares"] = {"us": 0.6, "atlas": 0.4}
    _, _, tables = opened(document)
    signed, mass = (tables.axes.segments.index(name) for name in ("signed", "mass"))
    neo = tables.axes.suppliers.index("neo")
    for table in (tables.offers.price, tables.offers.level, tables.offers.knowledge):
        assert np.isnan(table[:, :, signed]).all()
        assert np.isnan(table[:, :, mass, [neo, -1]]).all()
        assert not np.isnan(table[:, :, mass, :neo]).any()
