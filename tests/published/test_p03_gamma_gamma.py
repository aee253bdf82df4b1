"""P3. Fader, Hardie & Lee 2005, 'RFM and CLV: using iso-value curves for customer base analysis', J. Marketing
Research 42(4), 415-430, doi:10.1509/jmkr.2005.42.4.415: gamma-gamma spend of 946 repeat buyers of CDNOW."""

from pathlib import Path

import pytest

from simengine.results.customers import customer_columns
from simengine.results.run import run
from tests.buyers import ALPHA, R, buyers


def test_what_a_purchase_brings(tmp_path: Path) -> None:
    """Revenue a year of who is a customer still is money a purchase x (r + x) / (alpha + T) x 365.25 / 7. What is
    published is by parameters before they were rounded."""
    done = run(buyers(tmp_path, rows="id,x,t_x,T,m\n1,2,30.43,38.86,22.35\n2,0,0,38.86,\n"))
    columns = customer_columns(done)
    money = dict(zip(columns["customer"], columns["revenue_per_year"], strict=True))
    a_purchase = {name: revenue * 7 / 365.25 * (ALPHA + 38.86) for name, revenue in money.items()}
    assert a_purchase["1"] / (R + 2) == pytest.approx(24.6586, abs=0.01)
    assert a_purchase["2"] / R == pytest.approx(35.171, abs=0.05)
