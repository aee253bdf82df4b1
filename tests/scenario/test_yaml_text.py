"""Texts and numbers of a draft are read back as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from simengine.scenario.units import read_number
from simengine.scenario.yaml_text import comment, figure, flow, fractions, quoted

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(NAMES, NAMES)
def test_any_text_is_read_back(key: str, value: str) -> None:
    assert YAML(typ="safe").load(f"{quoted(key)}: {flow({value: quoted(key)})}  # {comment(value)}\n") == {
        key: {value: key}
    }


@given(st.floats(1e-9, 1e20))
def test_figures_have_their_digits(value: float) -> None:
    assert abs(read_number(figure(value)) / value - 1) <= 5e-3


def test_figures_are_plain() -> None:
    assert [figure(x) for x in (1234567, 0.12345, 100, 1e-7)] == ["1230000", "0.123", "100", "1e-07"]


@given(st.dictionaries(NAMES, st.floats(1e-3, 1e9), min_size=1, max_size=8))
def test_fractions_sum_to_one_and_none_is_nothing(weights: dict[str, float]) -> None:
    parts = {name: float(part) for name, part in fractions(weights).items()}
    assert abs(sum(parts.values()) - 1) < 1e-12
    assert min(parts.values()) > 0
    total = sum(weights.values())
    assert all(abs(parts[name] - weight / total) < 1e-5 for name, weight in weights.items())
