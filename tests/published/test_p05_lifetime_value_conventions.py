"""P5. Fader & Hardie 2012, 'Reconciling and clarifying CLV formulas', note 24, brucehardie.com/notes/024.

One customer worth 100 a year who stays with probability .8, at 10 %: the figure depends on whether the first
payment is counted, and on when in the period money moves.
"""

import pytest

from .books import per_customer, perpetuity, surviving, value_of_book

M, R, D, YEARS = 100.0, 0.8, 0.1, 200


@pytest.mark.parametrize(
    ("first", "timing", "expected"),
    [
        (1.0, "start", 366.6667),  # as yet unacquired: m (1 + d) / (1 + d - r)
        (R, "end", 266.6667),  # residual lifetime, just after a payment: m r / (1 + d - r)
        (1.0, "end", 333.3333),  # every payment, the first too, at the end of its period: m / (1 + d - r)
    ],
)
def test_three_conventions(first, timing, expected):
    worth = value_of_book(surviving(R, YEARS, first=first), M, D, timing=timing)
    assert per_customer(worth) == pytest.approx(expected, abs=5e-5)


def test_with_growing_margins():
    """m r / (1 + i - r (1 + g)) with i = 12 %, g = 3 %."""
    worth = value_of_book(surviving(R, YEARS, first=R), M, 0.12, growth=0.03)
    assert per_customer(worth) == pytest.approx(270.270270, abs=5e-7)


@pytest.mark.parametrize("years", [1, 3, 10])
def test_a_perpetuity_that_shrinks_with_retention_is_the_same_customer(years):
    """Whatever the horizon: beyond it, a book that keeps r of itself is a perpetuity with growth r - 1."""
    worth = value_of_book(surviving(R, years, first=R), M, D, residual=perpetuity(R - 1.0))
    assert per_customer(worth) == pytest.approx(266.6667, abs=5e-5)
