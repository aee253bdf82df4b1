"""Who supplies whom: the company `us`, named rivals, and the outside option `none`."""

from __future__ import annotations

from simengine.scenario.draft import Draft
from simengine.scenario.segment import AnySegment, ChoiceSegment

COMPANY, OUTSIDE = "us", "none"


def segments(sound: Draft) -> dict[str, AnySegment]:
    """The sound segments."""
    return {name: sound.file.segments[name] for name in sound.names("segments") if name in sound.file.segments}


def choice_segments(sound: Draft) -> dict[str, ChoiceSegment]:
    """The sound segments in which customers choose."""
    return {name: s for name, s in segments(sound).items() if isinstance(s, ChoiceSegment)}


def rivals_of(sound: Draft) -> set[str]:
    """Everybody with an offer, a share or a line under `rivals`, but for `us` and `none`; also where the segment with
    the share is not sound."""
    named = {*sound.names("offers"), *sound.names("rivals")}
    for segment in sound.names("segments"):
        for block in ("shares", "constants"):
            named |= sound.written("segments", segment, block).keys()
    return named - {COMPANY, OUTSIDE}
