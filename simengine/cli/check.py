"""`simengine check`: whether the model starts as the company's own figures say."""

from __future__ import annotations

from simengine.cli.options import ScenarioFile


def check(file: ScenarioFile) -> None:
    """x"""
