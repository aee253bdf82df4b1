"""Number words: what is read, to the bit, and what is refused with which advice."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.units import PATTERN, NumberRefused, read_number, write_number

READ = {
    "9%": 0.09,
    "-12%": -0.12,
    "12.5 %": 0.125,
    "1.2M": 1_200_000.0,
    "1.1M": 1_100_000.0,
    "40k": 40_000.0,
    "40K": 40_000.0,
    "250k": 250_000.0,
    "120 million": 120e6,
    "1.2 billion": 1.2e9,
    "3 thousand": 3000.0,
    "3thousand": 3000.0,
    "1_000": 1000.0,
    "1_000.5": 1000.5,
    "1e-3": 1e-3,
    "5e6": 5e6,
    "1e2k": 1e5,
    ".5": 0.5,
    "5.": 5.0,
    "+7": 7.0,
    " 8 ": 8.0,
    "0%": 0.0,
    "-0": 0.0,
}
ADVICE = {
    "1,000": "write 1000, or 1.0 for a decimal point",
    "1,100": "write 1100, or 1.1 for a decimal point",
    "1.100,50": "write 1100.50, without points",
    "1,100.50": "write 1100.50, without commas",
    "1,000,000": "write 1000000 without commas",
    "1,2M": "write a decimal point: 1.2M",
    "€5M": "leave the currency out: 5M",
    "5M EUR": "leave the currency out: 5M",
    "EUR 5M": "leave the currency out: 5M",
    "5m": "write 5M",
    "5 bn": "write 5 billion",
    "5 mio": "write 5M",
    "1 milion": "write 1 million",
    "2 Billion": "write 2 billion",
    "9 percent": "write 9%",
    "9 pct": "write 9%",
    "1/3": "write it as a decimal number",
    "12:30": "write it as a decimal number",
    "1e999": "a number must be finite",
    "1e9999999999999999999": "finite",
}
SUFFIXES: dict[str, int | Fraction] = {
    "": 1,
    "%": Fraction(1, 100),
    "k": 10**3,
    "M": 10**6,
    " thousand": 10**3,
    " million": 10**6,
    " billion": 10**9,
}


@pytest.mark.parametrize(("text", "number"), READ.items())
def test_number_words_are_read(text: str, number: float) -> None:
    assert read_number(text).hex() == number.hex()


@pytest.mark.parametrize(("text", "advice"), ADVICE.items())
def test_what_people_write_instead_gets_advice(text: str, advice: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        read_number(text)
    assert advice in refused.value.suggestion


@pytest.mark.parametrize(
    "value", ["", "many", "k", "%", "1__0", "_1", "1 2", "1e", "nan", "inf", "1..2", "--1", None, [1], {}]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(NumberRefused):
        read_number(value)


@pytest.mark.parametrize("value", [True, False])
def test_booleans_are_not_numbers(value: bool) -> None:
    with pytest.raises(NumberRefused, match="not numbers"):
        read_number(value)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**400])
def test_numbers_are_finite(value: float) -> None:
    with pytest.raises(NumberRefused, match="finite"):
        read_number(value)


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False), st.sampled_from(sorted(SUFFIXES)))
def test_a_word_is_the_float_nearest_to_its_exact_value(digits: Decimal, suffix: str) -> None:
    exact = Fraction(digits) * SUFFIXES[suffix]
    assert read_number(f"{digits}{suffix}") == float(exact)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_round_trips_through_its_text(number: float) -> None:
    assert read_number(repr(number)) == number
    assert read_number(number) == number


@given(st.text(max_size=12) | st.from_regex(r"\A[0-9.,_ ]{1,6}[a-zA-Z%]{0,4}\Z"))
def test_any_text_is_read_or_refused_and_the_schema_says_the_same(text: str) -> None:
    readable = True
    try:
        read_number(text)
    except NumberRefused as refused:
        readable = "finite" in refused.suggestion
    assert readable == bool(re.fullmatch(PATTERN, text.strip(), re.ASCII))


@given(st.from_regex(r"\A[1-9][0-9]{0,5}\s?[a-zA-Z]{1,8}\Z"))
def test_advice_is_itself_readable(text: str) -> None:
    try:
        read_number(text)
    except NumberRefused as refused:
        if refused.suggestion.startswith("write ") and "decimal" not in refused.suggestion:
            read_number(refused.suggestion.removeprefix("write "))


@given(st.floats(-1e18, 1e18) | st.integers(-(2**53), 2**53), st.booleans(), st.booleans())
def test_a_number_that_is_written_reads_back_to_the_same_bits(number: float, percent: bool, large: bool) -> None:
    assert read_number(write_number(number, percent=percent, large=large)) == number


@pytest.mark.parametrize(
    ("number", "percent", "large", "text"),
    [
        (1_250_000_000.0, False, True, "1.25 billion"),
        (0.07, True, False, "7%"), (0.125, True, False, "12.5%"), (-0.08, True, False, "-8%"), (0.0, True, False, "0%"),
        (0.1 + 0.2, True, False, "30.000000000000004%"), (180_000, False, True, "180k"), (1.2e6, False, True, "1.2M"),
        (120e6, False, True, "120M"), (3e9, False, True, "3 billion"), (1_234_567, False, True, "1234567"),
        (-4e6, False, True, "-4M"), (400, False, True, "400"), (2027, False, False, "2027"), (0.6, False, False, "0.6"),
        (1e-12, False, False, "0.000000000001"), (1.0, False, False, "1"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(number: float, percent: bool, large: bool, text: str) -> None:
    assert write_number(number, percent=percent, large=large) == text
