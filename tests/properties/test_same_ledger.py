"""How the work is cut up never shows: threads, blocks and batches give byte-identical ledgers, in both modes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.files import file_market, rows_of, text_of
from tests.properties.worlds import Document, Lived, live, market, same_bits

REPLICATIONS = 35  # two whole groups of 16 review bytes, and a part of the third


def large(mode: str) -> Document:
    """Segments of several leaves of 1,024 customers, whose sums must not depend on where a task begins."""
    document = market(mode=mode, replications=REPLICATIONS if mode == "sampled" else 1)
    document["company"]["residual"] = {"method": "run_off"}  # its closing pass adds up, too
    document["segments"]["affluent"]["size"] = 2500
    document["segments"]["signed"]["size"] = 1300
    return document


@cache
def reference(mode: str) -> Lived:
    return live(large(mode), threads=1, block=1 << 20, batch=1 << 20)


@settings(max_examples=12)
@given(
    threads=st.integers(1, 3),
    block=st.sampled_from([50, 333, 1023, 1024, 1025, 4096]),
    batch=st.sampled_from([1, 3, 5, 16, 17, 34]),
)
def test_sampled_mode(threads: int, block: int, batch: int) -> None:
    lived = live(large("sampled"), threads=threads, block=block, batch=batch)
    assert same_bits(lived.ledger, reference("sampled").ledger)


@settings(max_examples=12)
@given(threads=st.integers(1, 3), block=st.sampled_from([1, 50, 1023, 1024, 1025, 2048, 4096]))
def test_expected_mode(threads: int, block: int) -> None:
    lived = live(large("expected"), threads=threads, block=block)
    assert same_bits(lived.ledger, reference("expected").ledger)
    ours, theirs = lived.opening, reference("expected").opening
    for one, other in zip(ours, theirs, strict=True):
        assert isinstance(one, dict) or np.array(one).tobytes() == np.array(other).tobytes()


@pytest.mark.parametrize("mode", ["sampled", "expected"])
@pytest.mark.parametrize("threads", [2, 3])
def test_customers_from_a_file(mode: str, threads: int) -> None:
    document, rows = file_market(mode=mode, replications=20), text_of(rows_of(count=1100))
    one, other = live(document, rows), live(document, rows, threads=threads, block=77, batch=7)
    assert same_bits(one.ledger, other.ledger)


@pytest.mark.parametrize("batch", [5, 8, 16])
def test_a_replication_is_the_same_however_many_are_run(batch: int) -> None:
    few = live(market(mode="sampled", replications=5))
    many = live(market(mode="sampled", replications=40), batch=batch)
    for name in ("count", "revenue", "joins", "leaves", "direction"):
        assert np.array_equal(getattr(few.ledger, name), getattr(many.ledger, name)[:, :5]), name
    assert np.array_equal(few.valuation.enterprise_value, many.valuation.enterprise_value[:, :5])


def test_replications_differ_from_one_another_and_seeds_too() -> None:
    lived = live(market(mode="sampled", replications=40))
    values = lived.enterprise_value[0].tolist()
    assert len(set(values)) == 40
    assert not set(values) & set(live(market(mode="sampled", replications=40, seed=12)).enterprise_value[0].tolist())


def test_values_of_customers_change_nothing_else() -> None:
    for mode in ("sampled", "expected"):
        kept, not_kept = live(market(mode=mode)), live(market(mode=mode, customer_values=False))
        for name in ("count", "revenue", "joins", "leaves", "direction"):
            assert np.array_equal(getattr(kept.ledger, name), getattr(not_kept.ledger, name)), name
        assert not_kept.ledger.customer_value.size == 0
        assert np.array_equal(kept.valuation.enterprise_value, not_kept.valuation.enterprise_value)
