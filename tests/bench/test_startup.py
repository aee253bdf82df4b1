"""How soon a command answers is told of the command that was asked for."""

from __future__ import annotations

import subprocess

import pytest

from simengine.bench.startup import help_asked_for, scenario_validated, times_bare_import
from simengine.bench.trial import SMOKE


def test_more_work_takes_longer() -> None:
    asked, validated = help_asked_for(SMOKE), scenario_validated(SMOKE)
    assert 0 < asked.ratio < validated.ratio
    assert asked.ratio == asked.figures["seconds"] / asked.figures["bare_import_seconds"]


def test_a_command_that_fails_is_not_timed() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        times_bare_import(["validate", "nowhere.yaml"], rounds=1)
