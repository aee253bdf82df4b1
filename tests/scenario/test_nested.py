"""What stands within a block of models, mappings, tuples and records, and the block with another number there."""

from __future__ import annotations

import pytest

from simengine.scenario.allocation import Funding
from simengine.scenario.company import Company, Residual
from simengine.scenario.nested import inner_at, nothing_there, with_inner
from simengine.scenario.setting_path import PathRefused

COMPANY = Company(name="Northbank", discount_rate=0.09, shares=1e6, residual=Residual(method="fade"))
PHASES = {"advisers": (Funding(start=0, end=4, amounts={"affluent": 5e6, "mass": 1e6}),)}


def test_what_stands_at_some_steps() -> None:
    assert inner_at(COMPANY, ("residual", "method"), ("company", "residual", "method")) == "fade"
    assert inner_at(COMPANY, ("residual", "years"), ("company", "residual", "years")) is None
    path = ("allocations", "plan", "advisers", 0, "mass")
    assert inner_at(PHASES, ("advisers", 0, "amounts", "mass"), path) == 1e6
    assert inner_at(PHASES, ("advisers", "1", "end"), path) == 4


def test_another_number_leaves_the_rest_and_the_block_as_it_was() -> None:
    changed = with_inner(COMPANY, ("residual", "years"), ("company", "residual", "years"), 12.0)
    assert changed == COMPANY.model_copy(update={"residual": Residual(method="fade", years=12.0)})
    path = ("allocations", "plan", "advisers", 0, "affluent")
    more = with_inner(PHASES, ("advisers", 0, "amounts", "affluent"), path, 9e6)
    assert more == {"advisers": (Funding(start=0, end=4, amounts={"affluent": 9e6, "mass": 1e6}),)}
    assert PHASES["advisers"][0].amounts["affluent"] == 5e6
    assert COMPANY.residual.years is None


def test_what_is_out_of_range_or_not_there_is_refused() -> None:
    with pytest.raises(PathRefused) as refused:
        with_inner(COMPANY, ("discount_rate",), ("company", "discount_rate"), 1.5)
    assert refused.value.found == "1.5 at `company.discount_rate`"
    with pytest.raises(PathRefused, match="where nothing is stated"):
        inner_at(PHASES, ("advisers", 1), ("allocations", "plan", "advisers", 1))
    with pytest.raises(PathRefused) as refused:
        inner_at(PHASES, ("adviser",), ("allocations", "plan", "adviser"))
    assert "advisers" in refused.value.suggestion
    with pytest.raises(PathRefused) as refused:
        nothing_there(("segments", "mass"))
    assert refused.value.suggestion == ""
