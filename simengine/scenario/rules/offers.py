"""Offers: everybody who can be chosen has one, and it says what customers weigh."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.suppliers import COMPANY, OUTSIDE, choice_segments, segments


def fail_if_we_have_no_offer(d: Draft) -> Iterator[Problem]:
    if choice_segments(d) and COMPANY not in d.names("offers") and d.knows("offers"):
        yield d.source.problem(
            ("offers",),
            found=f"no offer of `{COMPANY}`",
            expected="our price and levels",
            at_key=True,
            suggestion=did_you_mean(
                COMPANY, d.names("offers"), otherwise=f"state offers: {{{COMPANY}: {{price: 100}}}}"
            ),
        )


def fail_if_a_supplier_has_no_offer(d: Draft) -> Iterator[Problem]:
    if not d.knows("offers"):
        return
    known = [name for name in d.names("offers") if name != COMPANY]
    for name, segment in choice_segments(d).items():
        for block in ("shares", "constants"):
            for supplier in getattr(segment, block) or ():
                if supplier not in (COMPANY, OUTSIDE, *known):
                    yield d.source.problem(
                        ("segments", name, block, supplier),
                        found=f"`{supplier}`, which has no offer",
                        at_key=True,
                        expected=listed([COMPANY, *known, OUTSIDE]),
                        suggestion=did_you_mean(
                            supplier, [*known, COMPANY, OUTSIDE], otherwise="state its price and levels under offers"
                        ),
                    )


def fail_if_an_offer_has_unknown_levels(d: Draft) -> Iterator[Problem]:
    if not d.sound("needs"):
        return
    for supplier, offer in d.file.offers.items():
        for path, levels in [
            (("offers", supplier), offer.levels),
            *((("offers", supplier, "segments", name), own.levels) for name, own in offer.segments.items()),
        ]:
            for need in levels:
                if need not in d.file.needs:
                    yield d.source.problem(
                        (*path, need),
                        found=f"the unknown need `{need}`",
                        at_key=True,
                        expected=listed([*d.file.needs, "price"]),
                        suggestion=did_you_mean(
                            need, [*d.file.needs, "price", "segments"], otherwise="list it under needs"
                        ),
                    )


def fail_if_an_offer_is_for_an_unknown_segment(d: Draft) -> Iterator[Problem]:
    if not d.knows("segments"):
        return
    for supplier, offer in d.file.offers.items():
        for name in offer.segments:
            path = ("offers", supplier, "segments", name)
            if name not in d.names("segments"):
                yield unknown_segment(d, path, name)
            elif name in segments(d) and name not in choice_segments(d):
                yield d.source.problem(
                    path,
                    found=f"an offer in the {segments(d)[name].dynamics} segment `{name}`",
                    expected="a segment with choice",
                    suggestion="leave it out: its customers do not choose",
                    at_key=True,
                )


def unknown_segment(d: Draft, path: tuple[str | int, ...], name: str, *, at_key: bool = True) -> Problem:
    known = d.names("segments")
    return d.source.problem(
        path,
        found=f"the unknown segment `{name}`",
        expected=listed(known),
        at_key=at_key,
        suggestion=did_you_mean(name, known),
    )


def fail_if_a_level_is_missing(d: Draft) -> Iterator[Problem]:
    """Where weights come from the customer file, any need may weigh."""
    if not d.sound("needs"):
        return
    told: set[tuple[str, str]] = set()
    for name, segment in choice_segments(d).items():
        weighed = [n for n in segment.needs if n in d.file.needs] or list(d.file.needs)
        for supplier in sorted(segment.available - {OUTSIDE}):
            offer = d.file.offers.get(supplier)
            for need in weighed if offer else ():
                if offer and offer.level_in(need, name) is None and (supplier, need) not in told:
                    told.add((supplier, need))
                    yield d.source.problem(
                        ("offers", supplier),
                        found=f"no level of `{need}`",
                        expected=f"a level from 0 to 10: customers in `{name}` weigh it",
                        suggestion=f"state it, such as {need}: 5",
                        at_key=True,
                    )
