"""What workers wrote down becomes totals, entry by entry, whoever wrote it and however the work is cut."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simengine.engine.sampled_books import add_up, empty_books, make_room, nothing_ahead, post
from simengine.tables.layout import OWN_STATES

CELLS, REPLICATIONS, PERIODS, SEGMENTS, STATES = 5, 3, 6, 2, 6
SUPPLIERS, FIRST, KEPT = STATES + 1 - OWN_STATES, 1, 2  # the batch is replications 1 and 2 of a ledger of three


def empty_ledger() -> Any:
    totals = (CELLS, REPLICATIONS, PERIODS + 1, SEGMENTS, STATES, 2)
    flows = (CELLS, REPLICATIONS, PERIODS, SEGMENTS, SUPPLIERS, 2)
    shapes = {"count": totals, "revenue": totals, "joins": flows, "leaves": flows}
    return SimpleNamespace(**{name: np.zeros(shape, np.int64) for name, shape in shapes.items()})


def supplier_of(state: int) -> int:
    return max(0, state - OWN_STATES + 1)


def written_down(random: np.random.Generator, books: Any, begin: int, until: int) -> list[tuple[Any, ...]]:
    """Entries of all kinds in the books, and the same as a list: what, replication, period or time, ..., money."""
    entries: list[tuple[Any, ...]] = []
    for _ in range(60):
        r, p, state, c = (int(random.integers(n)) for n in (KEPT, until - begin, STATES, CELLS))
        j, presence, money, step = (int(random.integers(n)) for n in (SUPPLIERS, 2, 100, 2))
        time = int(random.integers(begin + 1 if begin else 0, until + 1))
        date = int(random.integers(begin + 1, PERIODS + 2))
        books.joins[p, r, j, presence, c] += 1, money
        books.leaves[p, r, state, presence, c] += 1, money
        books.entered[r, time, state, presence] += 1, money
        books.promised[r, date, step, presence] += 1, money
        books.promotions[r, date, step, presence, c] += -1, -money
        entries += [
            ("joins", r, begin + p, j, presence, c, money),
            ("leaves", r, begin + p, state, presence, c, money),
            ("entered", r, time, state, presence, money),
            ("promised", r, date, step, presence, money),
            ("promotions", r, date, step, presence, c, money),
        ]
    return entries


def carried_out(ledger: Any, segment: int, lawful: bool, entries: list[tuple[Any, ...]]) -> None:
    """The entries in a ledger, one by one, from their time to the horizon."""

    def change(time: int, r: int, c: int, state: int, presence: int, count: int, money: int) -> None:
        ledger.count[c, FIRST + r, time:, segment, state, presence] += count
        lasting = slice(time, time + 1) if lawful else slice(time, None)
        ledger.revenue[c, FIRST + r, lasting, segment, state, presence] += money

    for what, r, time, place, presence, *cell, money in entries:
        for c in cell or range(CELLS):
            if what == "joins":
                change(time + 1, r, c, 0 if place == 0 else place + OWN_STATES - 1, presence, 1, money)
                ledger.joins[c, FIRST + r, time, segment, place, presence] += 1
            elif what == "leaves":
                change(time + 1, r, c, place, presence, -1, -money)
                ledger.leaves[c, FIRST + r, time, segment, supplier_of(place), presence] += 1
            elif what == "entered":
                change(time, r, c, place, presence, 1, money)
                if time:
                    ledger.joins[c, FIRST + r, time - 1, segment, supplier_of(place), presence] += 1
            elif time <= PERIODS:  # a promotion at its date; the last one is never
                sign = 1 if what == "promised" else -1
                change(time, r, c, place, presence, -sign, -sign * money)
                change(time, r, c, place + 1, presence, sign, sign * money)


def test_room_is_made_in_some_segments_and_replications_alone() -> None:
    ledger = empty_ledger()
    ledger.count[:] = 7
    make_room(ledger, FIRST, KEPT, slice(0, 1))
    assert not ledger.count[:, FIRST : FIRST + KEPT, 0, 0].any()
    assert (ledger.count[:, FIRST:, :, 1:] == 7).all()
    assert (ledger.count[:, :FIRST] == 7).all()


@pytest.mark.parametrize("workers", [1, 2])
def test_entries_become_totals(workers: int) -> None:
    random, found, wanted = np.random.default_rng(1), empty_ledger(), empty_ledger()
    lawful = np.array([False, True])
    shaped = SimpleNamespace(count=found.count)
    ahead = nothing_ahead(shaped, KEPT)  # type: ignore[arg-type]
    books = [empty_books(shaped, KEPT, 4) for _ in range(workers)]  # type: ignore[arg-type]
    found.count[:, FIRST:, 0] = 7  # of nobody: room is made before it is posted to
    for share in (slice(0, 1), slice(1, SEGMENTS)):
        make_room(found, FIRST, KEPT, share)
    for begin, until in ((0, 4), (4, 6)):
        for segment in range(SEGMENTS):
            for own in books:
                of_segment = own._replace(promotions=ahead[segment]) if workers == 1 else own
                entries = written_down(random, of_segment, begin, until)
                carried_out(wanted, segment, bool(lawful[segment]), entries)
                post(of_segment, ahead[segment], found, segment, FIRST, begin, until)
        for share in (slice(0, 1), slice(1, SEGMENTS)):
            add_up(found, ahead, FIRST, begin, until, lawful, share)
    for name, totals in vars(wanted).items():
        np.testing.assert_array_equal(getattr(found, name), totals, err_msg=name)
