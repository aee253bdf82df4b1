"""The bits of what is shipped are held: they change with the model and by decision, and by nothing else."""

from __future__ import annotations

import json
import os

import pytest

from tests.environments import OLD_PROCESSOR, python
from tests.shipped.digests import MODES, SCENARIOS, STORED, digests

APPROVE = bool(os.environ.get("SIMENGINE_APPROVE"))
STAGES = {"opening", "totals", "customers", "values"}


def stored() -> dict[str, dict[str, str]]:
    found = json.loads(STORED.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_bits_of_the_shipped_scenarios() -> None:
    found = digests()
    if APPROVE:
        STORED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == stored()


@pytest.mark.usefixtures("newer_processor")
def test_an_old_processor_computes_the_same_bits() -> None:
    assert json.loads(python(["-m", "tests.shipped.digests"], OLD_PROCESSOR)) == stored()


def test_every_scenario_is_held_in_both_modes() -> None:
    held = stored()
    assert set(held) == {f"{path.stem}, {mode}" for path in SCENARIOS for mode in MODES}
    assert all(set(stages) == STAGES for stages in held.values())
    for stage in ("totals", "values"):
        assert len({stages[stage] for stages in held.values()}) == len(held), "no two are the same"
