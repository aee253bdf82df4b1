"""Names: not keywords, not reserved, not twice."""

from __future__ import annotations

from collections.abc import Iterator

from simengine.scenario.draft import Draft
from simengine.scenario.lever import TARGETS
from simengine.scenario.move import MARKET_KEYS, RIVAL_KEYS
from simengine.scenario.problems import Problem, did_you_mean, listed
from simengine.scenario.suppliers import COMPANY, OUTSIDE, choice_segments, rivals_of

KEYWORDS = (
    "from",
    "until",
    "like",
    "shift",
    "by",
    "segments",
    "spread",
    "board",
    "design",
    "initiatives",
    "experience",
)
BESIDE_NEEDS = ("fit", "word_of_mouth", "unexplained")  # parts of utility, as value maps call them
RESERVED_NEEDS = {*KEYWORDS, *TARGETS, *MARKET_KEYS, *RIVAL_KEYS, *BESIDE_NEEDS}  # names that needs cannot have
MOST_RIVALS = 6  # a customer's state holds eight suppliers: the company, its rivals and the outside option


def fail_if_a_name_is_a_keyword(d: Draft) -> Iterator[Problem]:
    for block in ("segments", "levers", "allocations", "moves"):
        for name in d.names(block):
            if name in KEYWORDS:
                yield d.source.problem(
                    (block, name),
                    found=f"the name `{name}`",
                    expected=f"a name other than {listed(KEYWORDS)}",
                    suggestion=f"`{name}` is a word of the language: choose another name, such as {name}_1",
                    at_key=True,
                )


def fail_if_a_need_has_a_reserved_name(d: Draft) -> Iterator[Problem]:
    for i, need in enumerate(d.file.needs):
        if need in RESERVED_NEEDS:
            yield d.source.problem(
                ("needs", i),
                expected="a need of another name",
                suggestion=f"`{need}` has a meaning of its own",
            )


def fail_if_a_need_is_listed_twice(d: Draft) -> Iterator[Problem]:
    for i, need in enumerate(d.file.needs):
        if need in d.file.needs[:i]:
            yield d.source.problem(
                ("needs", i), found=f"`{need}` again", expected="each need once", suggestion="delete one of them"
            )


def fail_if_a_supplier_has_a_reserved_name(d: Draft) -> Iterator[Problem]:
    if OUTSIDE in d.names("offers"):
        yield d.source.problem(
            ("offers", OUTSIDE),
            found=f"an offer of `{OUTSIDE}`",
            expected="the offers of suppliers",
            at_key=True,
            suggestion=f"`{OUTSIDE}` is the outside option: customers who buy nowhere",
        )
    for name in (COMPANY, OUTSIDE):
        if name in d.names("rivals"):
            hint = "what is known of `us` stands under company" if name == COMPANY else "leave it out: it buys nowhere"
            yield d.source.problem(
                ("rivals", name), found=f"`{name}`", expected="names of rivals", suggestion=hint, at_key=True
            )


def fail_if_there_are_too_many_rivals(d: Draft) -> Iterator[Problem]:
    rivals = sorted(rivals_of(d))
    if len(rivals) > MOST_RIVALS:
        yield d.source.problem(
            ("offers",),
            found=f"{len(rivals)} rivals",
            expected=f"at most {MOST_RIVALS}",
            at_key=True,
            suggestion="put the smallest together as one",
        )


def fail_if_a_rival_is_nowhere(d: Draft) -> Iterator[Problem]:
    """A rival that no segment can choose would be ignored in silence."""
    if not d.sound("segments"):
        return
    present = {name for segment in choice_segments(d).values() for name in segment.available}
    for block in ("offers", "rivals"):
        for name in d.names(block):
            if name not in present | {COMPANY, OUTSIDE}:
                yield d.source.problem(
                    (block, name),
                    found=f"`{name}`",
                    expected="a supplier with a share in some segment",
                    suggestion=did_you_mean(
                        name, sorted(present - {COMPANY, OUTSIDE}), otherwise="state its share, or leave it out"
                    ),
                    at_key=True,
                )
