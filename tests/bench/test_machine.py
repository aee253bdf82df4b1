"""What is said of the machine."""

from __future__ import annotations

import re

from simengine.bench.machine import dated, machine


def test_a_table_says_when_and_where_it_was_measured() -> None:
    line = dated()
    assert re.match(r"20\d\d-\d\d-\d\d: ", line)
    assert str(machine()["processor"]) in line
    assert str(machine()["reference"]) in line
    assert "\n" not in line
