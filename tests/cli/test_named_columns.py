"""NAME=COLUMN,NAME=COLUMN."""

from __future__ import annotations

import pytest

from simengine.cli.named_columns import named_columns
from simengine.scenario.problems import ScenarioError


def test_names_and_columns() -> None:
    assert named_columns("customer=customer_id, date = day") == {"customer": "customer_id", "date": "day"}
    assert named_columns("money=value, net=of\\, tax=x") == {"money": "value", "net": "of, tax=x"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing between two commas"),
        ("customer=id,,date=day", "nothing between two commas"),
        ("customer", "'customer'"),
        ("customer=", "'customer='"),
        ("=id", "'=id'"),
        ("customer=id,customer=name", "customer twice"),
    ],
)
def test_what_is_not_that_is_told(text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=f"found {said}"):
        named_columns(text)
