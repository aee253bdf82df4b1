"""Which evidence the columns make, and what is said of columns that make none."""

from __future__ import annotations

import pytest

from simengine.calibration.evidence import evidence_of
from simengine.scenario.problems import ScenarioError


def test_the_columns_say_what_it_is() -> None:
    assert evidence_of({"customer": "id", "date": "day"}) == "log"
    assert evidence_of({"customer": "id", "date": "day", "money": "value", "segment": "region"}, "log") == "log"


@pytest.mark.parametrize(
    ("columns", "stated", "said"),
    [
        ({"customer": "id"}, None, "no column for date"),
        ({"customer": "id", "date": "day", "mony": "value"}, None, "did you mean 'money'?"),
        ({"customer": "id", "date": "day"}, "lug", "did you mean 'log'?"),
    ],
)
def test_what_is_no_evidence_is_told(columns: dict[str, str], stated: str | None, said: str) -> None:
    with pytest.raises(ScenarioError, match=said.replace("?", r"\?")):
        evidence_of(columns, stated)
