"""What a command tells besides its result, when all else is told."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from simengine.scenario.problems import Problem


def tell_warnings(warnings: Sequence[Problem]) -> None:
    """Print them on standard error, after everything else, so that none is missed."""
    if warnings:
        from simengine.report.problems import print_warnings

        sys.stdout.flush()
        print_warnings(warnings)
