"""What holds for some periods of an allocation."""

from __future__ import annotations

from dataclasses import dataclass, field

from simengine.scenario.yaml_source import Path


def as_list(value: object) -> object:
    """One mapping stands for a list of one."""
    return [value] if isinstance(value, dict) else value


@dataclass(frozen=True, kw_only=True)
class Dated:
    """What holds in the periods start <= t < end. Copies of it know where it was stated."""

    start: int
    end: int
    path: Path = field(default=(), compare=False, repr=False)
    """Where it is stated: of what is copied, in the allocation that states it."""
    dated: Path = field(default=(), compare=False, repr=False)
    """Where its dates are stated: there too, or at the `shift` that moved them."""
