"""What a calibration looks like on a terminal."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from simengine.calibration.result import Calibration, Estimate, Parameter, SegmentCalibration
from simengine.report.calibrate import print_calibration


@pytest.mark.parametrize(
    ("value", "error", "shown"),
    [
        (-0.41488, 0.03588, "-0.415      0.036"),
        (-0.00000058, 0.0000001, "-0.00000058   0.00000010"),
        (376141.02, 17000.3, "376,141.020   17,000.300"),
        (0.5, 0.0, "0.500      0.000"),
    ],
)
def test_an_estimate_shows_two_digits_of_its_error(value: float, error: float, shown: str) -> None:
    estimate = Estimate("logit", (Parameter("price", value, error),), ((1.0,),), -1.0, 9, {})
    segment = SegmentCalibration("panel", (), (estimate,), (), ())
    text = StringIO()
    print_calibration(
        Calibration("file.csv", "panel", {}, (), (segment,), (), "", {}),
        Console(file=text, width=100, color_system=None),
    )
    assert shown in text.getvalue()
