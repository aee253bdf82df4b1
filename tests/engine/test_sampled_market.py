"""The markets of sampled mode: offers stand once in each, and where nothing changes, so does the market."""

from __future__ import annotations

from functools import cache

import numpy as np

from simengine.engine.opening import Opening, solve_opening
from simengine.engine.options import Options
from simengine.engine.sampled_layout import Market
from simengine.engine.sampled_market import Markets, choice_markets
from simengine.tables.layout import Choice, Tables
from tests.properties.worlds import market, opened

AFFLUENT, PERIOD = 0, 5  # every supplier serves the segment; allocations and moves differ in the period


@cache
def world() -> tuple[Tables, Opening]:
    _, portfolio, tables = opened(market())
    return tables, solve_opening(tables, portfolio.population)


def in_worlds(tables: Tables, replications: int) -> Tables:
    """The same in every replication, but for the last: there nothing distinguishes the first two cells."""
    choice = Choice._make(np.repeat(table, replications, axis=0) for table in tables.choice)
    for table in choice:
        table[2 * replications - 1] = table[replications - 1]
    return tables._replace(choice=choice)


def the_market(tables: Tables) -> Market:
    found = choice_markets(tables, world()[1], [AFFLUENT], PERIOD)[AFFLUENT]
    assert isinstance(found, Market)
    return found


def test_every_offer_is_found_under_its_number_and_stands_once() -> None:
    tables, opening = world()
    worlds, replications = in_worlds(tables, 3), 3
    found = the_market(worlds)
    for m in range(replications):
        for c in range(len(tables.axes.cells)):
            for place, supplier in enumerate(np.flatnonzero(tables.segments.available[AFFLUENT])):
                row = found.offer[m, c, place]
                weights = worlds.choice.coefficient[c * replications + m, PERIOD, AFFLUENT, supplier]
                np.testing.assert_array_equal(found.coefficient[m, row], weights)
                assert found.supplier[place] == supplier
                assert found.shift[m, c, place] == np.float32(
                    worlds.choice.shift[c * 3 + m, PERIOD, AFFLUENT, supplier]
                )
                assert found.constant[m, row] == np.float32(opening.constants[AFFLUENT, supplier])
        used = np.unique(found.offer[m])
        rows = {
            (place, found.coefficient[m, row].tobytes())
            for offers in found.offer[m]
            for place, row in enumerate(offers)
        }
        assert len(rows) == len(used) == used.max() + 1
    assert found.offer[2].max() <= found.offer[0].max() < found.offer[0].size - 1


def test_a_shifted_offer_is_weighed_as_it_was() -> None:
    tables, _ = world()
    shift = np.zeros_like(tables.choice.shift)
    shift[1, PERIOD, AFFLUENT, 1] = 0.25
    plain, moved = the_market(tables), the_market(tables._replace(choice=tables.choice._replace(shift=shift)))
    np.testing.assert_array_equal(moved.offer, plain.offer)
    np.testing.assert_array_equal(moved.constant, plain.constant)
    np.testing.assert_array_equal(moved.shift[0, :, 1], np.float32(shift[:, PERIOD, AFFLUENT, 1]))


def test_a_segment_in_which_nothing_changes_keeps_its_market() -> None:
    tables, opening = world()
    coefficient = tables.choice.coefficient.copy()
    coefficient[:, 3, AFFLUENT] = coefficient[:, 2, AFFLUENT]
    choice = tables.choice._replace(coefficient=coefficient)
    for table in (choice.review, choice.inertia):
        table[:, 3, AFFLUENT] = table[:, 2, AFFLUENT]
    markets, of_worlds = Markets(opening), tables._replace(choice=choice)
    assert markets.at(of_worlds, 3)[AFFLUENT] is not markets.at(of_worlds, 2)[AFFLUENT], "3 was asked for first"
    again = Markets(opening)
    before = again.at(of_worlds, 2)
    again.forget(2)
    assert again.at(of_worlds, 3)[AFFLUENT] is before[AFFLUENT]


def test_a_market_in_which_only_constants_are_shifted_is_the_one_before_but_for_that() -> None:
    tables, opening = world()
    choice = Choice._make(table.copy() for table in tables.choice)
    for table in choice:
        table[:, 3, AFFLUENT] = table[:, 2, AFFLUENT]
    choice.shift[1, 3, AFFLUENT, 1] = 0.25
    markets, of_worlds = Markets(opening), tables._replace(choice=choice)
    before, after = markets.at(of_worlds, 2)[AFFLUENT], markets.at(of_worlds, 3)[AFFLUENT]
    fresh = choice_markets(of_worlds, opening, [AFFLUENT], 3)[AFFLUENT]
    assert isinstance(before, Market)
    assert isinstance(after, Market)
    assert after.coefficient is before.coefficient
    assert after.shift[0, 1, 1] == before.shift[0, 1, 1] + 0.25
    for own, wanted in zip(after, fresh, strict=True):
        np.testing.assert_array_equal(own, wanted)


def test_few_periods_make_larger_blocks_as_long_as_all_workers_have_several() -> None:
    options = Options(1, "sampled", 1, threads=2)
    assert options.block_of(10_000_000, 40) == options.block
    assert options.block_of(10_000_000, 1) == 8 * options.block
    assert options.block_of(16 * 50_000, 1) == 50_000
    assert options.block_of(10_000, 1) == options.block
