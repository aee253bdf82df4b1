"""Who supplies whom: the company `us`, named rivals, and the outside option `none`."""

from __future__ import annotations

from simengine.scenario.draft import Draft
from simengine.scenario.segment import ChoiceSegment

COMPANY, OUTSIDE = "us", "none"


def choice_segments(sound: Draft) -> dict[str, ChoiceSegment]:
    """The sound segments in which customers choose."""
    return {name: s for name, s in sound.file.segments.items() if isinstance(s, ChoiceSegment)}


def rivals_of(sound: Draft) -> set[str]:
    """Everybody who has an offer, a share or a line under `rivals`, but the company and the outside option."""
    named = {*sound.names("offers"), *sound.names("rivals")}
    for segment in choice_segments(sound).values():
        named |= {*(segment.shares or ()), *(segment.constants or ())}
    return named - {COMPANY, OUTSIDE}
