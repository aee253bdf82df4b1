"""P14. ADBUDG from four answers (Little 1970, doi:10.1287/mnsc.16.8.B466), and geometric carry-over."""

import pytest

from simengine.model.carry_over import carried_over
from simengine.model.response import adbudg, adbudg_parameters
from simengine.model.time import fraction_kept

CURVE = adbudg_parameters(none=0.10, today=0.30, plus_half=0.40, saturated=0.70)
KEPT = 0.6


def test_adbudg_parameters():
    assert CURVE.shape == pytest.approx(1.7095112914, abs=5e-11)
    assert CURVE.midpoint == pytest.approx(2.0, abs=1e-14)


@pytest.mark.parametrize(
    ("spend", "expected"),
    # in 40 digits the last is .47231762446: the table's .4723176246 has its tenth digit one too high
    [(0.0, 0.1), (0.5, 0.1795650407), (1.0, 0.3), (1.5, 0.4), (2.0, 0.47231762446)],
)
def test_adbudg_response(spend, expected):
    assert adbudg(spend, *CURVE) == pytest.approx(expected, abs=5e-11)


def impulse_response(periods):
    """What one unit spent in the first period, and nothing later, does in each period."""
    acting, path = 0.0, []
    for t in range(periods):
        acting = carried_over(acting, 1.0 if t == 0 else 0.0, KEPT)
        path.append(acting)
    return path


def test_mean_lag_and_long_run_multiplier():
    path = impulse_response(200)
    assert sum(path) == pytest.approx(1.0)
    assert sum(path) / path[0] == pytest.approx(2.5)
    assert sum(t * a for t, a in enumerate(path)) == pytest.approx(1.5)


def test_half_life():
    assert fraction_kept(KEPT, 1.356915) == pytest.approx(0.5, abs=5e-7)
