"""Conditions of any shape, for tests of what reads and what judges them."""

from __future__ import annotations

from hypothesis import strategies as st

from simengine.scenario.condition import (
    COMPARISONS,
    MEASURES,
    Amount,
    Arithmetic,
    Comparison,
    Condition,
    Joined,
    Measure,
    Name,
    Negative,
    Not,
    Number,
)

NUMBERS = st.one_of(
    st.integers(0, 10**6).map(float),
    st.floats(0, 1e9, allow_subnormal=False).filter(lambda x: x == 0 or x > 1e-9),
    st.sampled_from([0.38, 0.005, 95.0, 1.2e6, 40e3, 0.1]),
)


def measures(who: st.SearchStrategy[str], segment: st.SearchStrategy[str], need: st.SearchStrategy[str]):  # type: ignore[no-untyped-def]
    """What is measured of these suppliers, segments and needs."""

    def measure(what: str, who: str, segment: str | None, need: str) -> Measure:
        named = Name(need) if "need" in MEASURES[what] else None
        return Measure(what, Name(who), named, None if segment is None else Name(segment))

    return st.builds(measure, st.sampled_from(list(MEASURES)), who, st.none() | segment, need)


def amounts(measured: st.SearchStrategy[Measure]) -> st.SearchStrategy[Amount]:
    """Amounts of any depth."""
    return st.recursive(
        st.builds(Number, NUMBERS) | measured,
        lambda inner: (
            st.builds(Negative, inner)
            | st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner).filter(
                lambda each: each.sign != "/" or each.right != Number(0.0)
            )
        ),
        max_leaves=5,
    )


def conditions(measured: st.SearchStrategy[Measure]) -> st.SearchStrategy[Condition]:
    """Conditions of any depth."""
    some = amounts(measured)
    return st.recursive(
        st.builds(Comparison, st.sampled_from(COMPARISONS), some, some),
        lambda inner: st.builds(Not, inner) | st.builds(Joined, st.sampled_from(["and", "or"]), inner, inner),
        max_leaves=5,
    )
