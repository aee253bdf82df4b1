"""P1. Fader, Hardie & Lee 2005, '\"Counting your customers\" the easy way: an alternative to the Pareto/NBD model',
Marketing Science 24(2), 275-284, doi:10.1287/mksc.1040.0098. Parameters fitted to the CDNOW sample, in weeks, here
in thirteens of them, so that 39 weeks are three periods. Money is 1 a purchase, so that revenue counts purchases."""

from pathlib import Path

import pytest

from simengine.results.run import run
from tests.buyers import buyers

THIRTEEN = 13.0  # weeks
FITTED = (
    "r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, unit: week",
    f"r: 0.242593, alpha: {4.413532 / THIRTEEN}, a: 0.792886, b: 2.425754, unit: quarter",
)
TIMES = (
    "last_purchase: {column: t_x, unit: weeks}, observed: {column: T, unit: weeks}",
    "last_purchase: {column: t_x, unit: quarters}, observed: {column: T, unit: quarters}",
)
MONEY = ("spend: {gamma_gamma: {p: 6.25, q: 3.74, gamma: 15.44}}", "spend: 1")


def test_a_customer_who_has_bought_twice(tmp_path: Path) -> None:
    done = run(
        buyers(tmp_path, FITTED, TIMES, MONEY, rows=f"id,x,t_x,T,m\n1,2,{30.43 / THIRTEEN},{38.86 / THIRTEEN},1\n")
    )
    alive = done.ledger.count[0, 0, 0, 0, :3].sum() / done.ledger.count_scale
    bought = done.ledger.revenue[0, 0, 1:4, 0, :3].sum() / done.ledger.money_scale / 4
    assert alive == pytest.approx(0.7266, abs=5e-5)
    assert bought == pytest.approx(1.2259, abs=5e-5)


def test_a_new_customer(tmp_path: Path) -> None:
    done = run(buyers(tmp_path, FITTED, TIMES, MONEY, rows="id,x,t_x,T,m\n1,0,0,0,\n"))
    bought = done.ledger.revenue[0, 0, 1:4, 0, :3].sum() / done.ledger.money_scale / 4
    assert bought == pytest.approx(1.195016, abs=1e-6)  # E[X(39)]
