"""Conditions are read as they are meant, and refused at the character where they stop making sense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simengine.scenario.condition import (
    Arithmetic,
    Comparison,
    Condition,
    Joined,
    Measure,
    Name,
    Negative,
    Not,
    Number,
    Span,
    comparisons_of,
    measures_of,
    parts_of,
)
from simengine.scenario.condition_parser import DEEPEST, LONGEST, ConditionRefused, parse_condition
from tests.scenario.conditions import conditions, measures

US = Measure("share", Name("us"))
ATLAS = Measure("share", Name("atlas"))
MANY = Comparison(">", US, Number(0.38))
FEW = Comparison("<", ATLAS, Number(0.1))
CHEAP = Comparison("<=", Measure("price", Name("us")), Number(95.0))
NAMES = st.one_of(
    st.sampled_from(
        ["us", "atlas", "One year", "Month-to-month", "18-25", "and", "a, b", "São Paulo", 'the "best"', "()"]
    ),
    st.text(st.characters(blacklist_characters="\"'", blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=6),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("share(us) > 38%", MANY),
        ("share(us)>0.38", MANY),
        ("  share ( us ) >\n 38 % ", MANY),
        ("(share(us) > 38%)", MANY),
        ("((share(us)) > (38%))", MANY),
        ("share('us') > 38%", MANY),
        ('share("us") > 38%', MANY),
        ("not share(us) > 38%", Not(MANY)),
        ("not not share(us) > 38%", Not(Not(MANY))),
        ("share(us) > 38% and share(atlas) < 10%", Joined("and", MANY, FEW)),
        (
            "share(us) > 38% or share(atlas) < 10% and price(us) <= 95",
            Joined("or", MANY, Joined("and", FEW, CHEAP)),
        ),
        (
            "(share(us) > 38% or share(atlas) < 10%) and price(us) <= 95",
            Joined("and", Joined("or", MANY, FEW), CHEAP),
        ),
        ("not share(us) > 38% and share(atlas) < 10%", Joined("and", Not(MANY), FEW)),
        ("not (share(us) > 38% and share(atlas) < 10%)", Not(Joined("and", MANY, FEW))),
        (
            "share(us) > 38% or share(atlas) < 10% or price(us) <= 95",
            Joined("or", Joined("or", MANY, FEW), CHEAP),
        ),
        (
            "customers(us, One year) >= 1.2M",
            Comparison(">=", Measure("customers", Name("us"), None, Name("One year")), Number(1.2e6)),
        ),
        (
            "customers(us, Month-to-month) < 120 million",
            Comparison("<", Measure("customers", Name("us"), None, Name("Month-to-month")), Number(120e6)),
        ),
        (
            "level(atlas, advice, 'a, (b)') > 7",
            Comparison(">", Measure("level", Name("atlas"), Name("advice"), Name("a, (b)")), Number(7.0)),
        ),
        (
            "knowledge(us, affluent) > .5",
            Comparison(">", Measure("knowledge", Name("us"), None, Name("affluent")), Number(0.5)),
        ),
        (
            "share(us) - share(atlas) - 1 < -2 * 3 + 4 / 5",
            Comparison(
                "<",
                Arithmetic("-", Arithmetic("-", US, ATLAS), Number(1.0)),
                Arithmetic(
                    "+",
                    Arithmetic("*", Negative(Number(2.0)), Number(3.0)),
                    Arithmetic("/", Number(4.0), Number(5.0)),
                ),
            ),
        ),
        (
            "share(us) * (1 - share(us)) > -(1 + 2)",
            Comparison(
                ">",
                Arithmetic("*", US, Arithmetic("-", Number(1.0), US)),
                Negative(Arithmetic("+", Number(1.0), Number(2.0))),
            ),
        ),
        ("40k > 1 and 38% > 1e-3", Joined("and", Comparison(">", Number(40e3), Number(1.0)),
                                          Comparison(">", Number(0.38), Number(0.001)))),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_it_is_meant(text: str, meant: Condition) -> None:
    assert parse_condition(text) == meant
    assert parse_condition(str(meant)) == meant


@given(conditions(measures(NAMES, NAMES, NAMES)))
def test_what_is_written_of_a_condition_is_read_as_the_same(condition: Condition) -> None:
    written = str(condition)
    if len(written) <= LONGEST:
        read = parse_condition(written)
        assert read == condition
        assert str(read) == written


@given(conditions(measures(NAMES, NAMES, NAMES)))
def test_every_part_knows_where_it_stands(condition: Condition) -> None:
    written = str(condition)
    if len(written) > LONGEST:
        return
    for part in parts_of(parse_condition(written)):
        here = written[part.span.at : part.span.at + part.span.length]
        assert here.strip() == here != ""
        if isinstance(part, Measure):
            assert here == str(part)
            for name in filter(None, (part.who, part.need, part.segment)):
                assert written[name.span.at : name.span.at + name.span.length] == str(name)


def test_parts_are_found_from_left_to_right() -> None:
    read = parse_condition("share(us) > 38% and not (share(atlas) < price(us) / 2)")
    assert [str(each) for each in measures_of(read)] == ["share(us)", "share(atlas)", "price(us)"]
    assert [each.sign for each in comparisons_of(read)] == [">", "<"]


@pytest.mark.parametrize(
    ("text", "found", "expected", "suggestion"),
    [
        ("§", "nothing", "a condition", "share(us) > 38%"),
        ("§shar(us) > 3", "`shar`", "share, customers, price, level or knowledge", "did you mean 'share'?"),
        ("§us > 38%", "`us`", "share", "such as share(us)"),
        ("share §us > 3", "`share` of nobody", "share(who, segment)", "share(us)"),
        ("§share(us)", "`share(us)`", "a comparison", "share(us) > 38%"),
        ("share(us) §= 3", "`=`", "<=, >=, < or >", ">= or <="),
        ("share(us) §=> 3", "`=>`", "", "write >="),
        ("share(us) §>> 3", "`>>`", "", ""),
        ("share(us) > 3 §< 4", "`<` after a comparison", "one comparison", "write share(us) > 3 and 3 < ..."),
        ("share(us) §> ", "the end", "share", "what comes after"),
        ("share(us) > §and", "`and`", "", ""),
        ("share(us) > 1 and §share(atlas)", "`share(atlas)`", "a comparison", "share(atlas) > 38%"),
        ("share(us) > 38% §AND share(us) > 1", "`AND`", "and, or", "write and"),
        ("share(us) > 38% §&& share(us) > 1", "`&&`", "and, or", "write and"),
        ("§! share(us) > 1", "`!`", "", "write not"),
        ("share(us) > §38 percent", "`38 percent`", "a number", "write 38%"),
        ("customers(us) > §3 mio", "`3 mio`", "a number", "write 3M"),
        ("share(us) > §3,5", "`3,5`", "a number", "3.5"),
        ("share(us) > 38 §share(us)", "`share` after", "the end of the condition", ""),
        ("share(us) > 38%§)", "a `)` that closes nothing", "", "delete it"),
        ("share(u§s", "the end of the condition where `share(` is still open", "a `)`", ""),
        ("share(us, price§(us)) > 3", "`(` where `share(`", "a `)`", ""),
        ("share(us,§) > 3", "`)`", "a name, as in share(who, segment)", ""),
        ("share(§'us) > 3", "a quotation mark", "one more `'`", ""),
        ("§level(us) > 7", "no need", "level(who, need, segment)", ""),
        ("level(us, a, b, §c) > 7", "4 names", "level(who, need, segment)", ""),
        ("price(us) / §0 > 1", "a division by 0", "", ""),
        ("(§share(us) > 1) + 2 > 3", "the condition", "an amount", ""),
        ("§1 and 2", "`1`", "a comparison", ""),
        ("- (§share(us) > 1) > 2", "the condition", "an amount", ""),
        ("not §share(us)", "`share(us)`", "a comparison", ""),
        (f"{'(' * DEEPEST}(§1", "brackets within brackets", str(DEEPEST), ""),
        (f"§{'a' * (LONGEST + 1)}", "1,001 characters", "at most 1,000", ""),
        ("share(us) > 38% §# note", "`#` after", "", ""),
        ("share(us) > §__import__", "`__import__`", "", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_character(text: str, found: str, expected: str, suggestion: str) -> None:
    before, _, after = text.partition("§")
    with pytest.raises(ConditionRefused) as refused:
        parse_condition(before + after)
    problem = refused.value
    assert problem.span.at == len(before)
    assert found in problem.found
    assert expected in problem.expected
    assert suggestion in problem.suggestion


PIECES = st.sampled_from([*"()<>=+-*/,.'\" 1%k_!&", "share", "(us)", "and ", "or ", "not ", "level", " > 3"])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_or_refused_within_it(text: str) -> None:
    try:
        read = parse_condition(text)
    except ConditionRefused as problem:
        told = problem
    else:
        assert parse_condition(str(read)) == read
        return
    assert 0 <= told.span.at <= max(len(text) - 1, 0)
    assert told.found
    assert told.expected


def test_a_span_reaches_from_one_part_to_another() -> None:
    assert Span(3, 2).to(Span(9, 4)) == Span(3, 10)
