"""Moves that wait: how they begin, what goes with it, on what they wait. Every problem is told at its character, §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, assert_told

CUT = "{who: atlas, at: 2027-Q3, change: {price: -8%}, segments: [affluent]}"


def when(condition: str, *said: tuple[str, str, str]) -> Case:
    """A price cut on a condition."""
    return [(CUT, f"{{who: atlas, when: {condition}, change: {{price: -8%}}, segments: [affluent]}}")], [*said]


def waiting(how: str, *said: tuple[str, str, str]) -> Case:
    """A price cut that begins in some way."""
    return [(CUT, f"{{who: atlas, {how}, change: {{price: -8%}}, segments: [affluent]}}")], [*said]


CASES: dict[str, Case] = {
    "no beginning": (
        [(CUT, "§{who: atlas, change: {price: -8%}}")],
        [("no `at`, `when` or `arrival`", "the period in which it begins", "such as at: 2027-Q1")],
    ),
    "two beginnings": waiting("at: 2027-Q3, §arrival: 25%", ("`arrival` beside `at`", "one of", "leave one")),
    "two others": waiting("when: share(us) > 38%, §arrival: 25%", ("`arrival` beside `when`", "one of", "")),
    "an answer to a date": waiting(
        "at: 2027-Q3, §detect: 2, §respond: 1",
        ("`detect` with `at`", "`detect` with `when`", "add the periods to `at`"),
        ("`respond` with `at`", "`respond` with `when`", "add the periods to `at`"),
    ),
    "an answer to nothing": waiting("arrival: 25%, §detect: 2", ("`detect` with `arrival`", "", "leave it out")),
    "an end of what waits": waiting("arrival: 25%, §until: 2027-Q4", ("`until` with `arrival`", "`at`", "lasts: 4")),
    "a length of what has dates": waiting("at: 2027-Q3, §lasts: 2", ("`lasts` with `at`", "", "until")),
    "a date repeatedly": waiting("at: 2027-Q3, §repeat: repeatedly", ("`repeat` with `at`", "", "another `at`")),
    "repeatedly and for ever": waiting("arrival: 25%, repeat: §repeatedly", ("`repeatedly`", "how long", "lasts: 4")),
    "a programme repeatedly": waiting(
        "arrival: 25%, like: more_advice, lasts: 2, repeat: §repeatedly",
        ("`repeatedly` with `like`", "run once", "leave repeat out"),
    ),
    "often": waiting("arrival: 25%, lasts: 2, repeat: §twice", ("twice", "once or repeatedly", "")),
    "a percentage without its sign": waiting("arrival: §25", ("25", "a probability a year", "did you mean 25%?")),
    "never": waiting("arrival: §0", ("0", "more than 0 and less than 1", "")),
    "for certain": waiting("arrival: §100%", ("100%", "less than 1", "begins `at` a period")),
    "half a period": waiting("when: share(us) > 38%, detect: §1.5", ("1.5", "a whole number", "write 2")),
    "lasting no time": waiting("arrival: 25%, lasts: §0", ("0", "at least 1", "")),
    "noticed before": waiting("when: share(us) > 38%, detect: §-1", ("-1", "at least 0", "")),
    "a certain size": waiting("at: 2027-Q3, size: §2", ("2", "a distribution", "in `change`")),
    "sizes in reverse": waiting("at: 2027-Q3, size: {§uniform: [2, 1]}", ("a list", "rising order", "write [1, 2]")),
    "a size below nothing": waiting("at: 2027-Q3, size: {uniform: [§-5, 1]}", ("-5", "at least 0", "")),
    "a size of one bound": waiting("at: 2027-Q3, size: {§uniform: [1]}", ("1 entry", "2 entries", "")),
    "an unknown size": waiting("at: 2027-Q3, size: {§unifrm: [1, 2]}", ("`unifrm`", "", "did you mean 'uniform'?")),
    "a size that is too large": waiting(
        "at: 2027-Q3, §size: {triangular: [0, 1, 13]}",
        ("change by up to -104%", "above -100%", "1 is as stated"),
    ),
    "a size without an end": waiting(
        "at: 2027-Q3, §size: {lognormal: {mean: 1, cv: 0.3}}",
        ("a lognormal size of a fall of price", "a largest value", "uniform"),
    ),
    "a size of a level": (
        [(CUT, "{who: atlas, at: 2027-Q3, set: {price: 90}, §size: {uniform: [0.5, 1]}}")],
        [("`size` with `set`", "a `change`", "")],
    ),
    "a size of a programme": waiting(
        "arrival: 25%, like: more_advice, §size: {uniform: [0.5, 1]}",
        ("`size` with `like`", "a `change`", "without size"),
    ),
    "a number for a condition": when("§38", ("38", "a condition, such as share(us) > 38%", "")),
    "no comparison": when("§share(us)", ("`share(us)`", "a comparison", "share(us) > 38%")),
    "in quotation marks": when('"share(us) §=> 38%"', ("`=>`", "", "write >=")),
    "after a comma": when("share(us, affluent) > 38% §AND price(us) < 95", ("`AND`", "", "write and")),
    "a bracket that nothing closes": when(
        "share(us §> 38%",
        ("`>` where `share(` is still open", "a `)`", ""),
    ),
    "escaped": when('§"share(us) \\x3d> 38%"', ("`=>`", "", "write >=")),
    "an unknown supplier": when("share(§atlsa) > 38%", ("supplier `atlsa`", "us, atlas or none", "'atlas'")),
    "two unknown names": when(
        "share(§atlsa, §mas) > 38%",
        ("supplier `atlsa`", "us, atlas or none", "'atlas'"),
        ("segment `mas`", "affluent, mass or savers", "'mass'"),
    ),
    "in the wrong order": when("share(§mass, us) > 38%", ("`mass`", "us, atlas", "write share(us, mass)")),
    "a segment for a supplier": when("price(§mass) > 38", ("`mass`", "us or atlas", "write price(us, mass)")),
    "the price of nobody": when("price(§none) > 38", ("price of `none`", "us or atlas", "share(none)")),
    "an unknown need": when("level(us, §srvice) > 8", ("need `srvice`", "rate or service", "'service'")),
    "a share under contract": when(
        "share(us, §savers) > 38%",
        ("share of `us` in `savers`", "customers choose", "customers(us, savers)"),
    ),
    "a rival's customers under contract": when("customers(atlas, §savers) > 3", ("customers of `atlas`", "", "")),
    "which segment": when(
        "§level(atlas, rate) > 6",
        ("differs: 6 in `affluent`, 7 in `mass`", "a segment", "write level(atlas, rate, affluent)"),
    ),
    "a share without its sign": when("share(us) > §38", ("38", "a share, from 0% to 100%", "did you mean 38%?")),
    "knowledge without its sign": when("§70 < knowledge(us)", ("70", "knowledge", "did you mean 70%?")),
    "a price in percent": when("price(us) < §95%", ("95%", "without %", "write 95")),
    "a level in percent": when("level(us, service) < §70 %", ("70 %", "from 0 to 10", "write 70")),
    "customers in percent": when("customers(us, mass) < §70%", ("70%", "without %", "write share(us, mass)")),
    "a share and a price": when(
        "§share(us) * 2 > -price(us) / 3",
        ("a share and a price", "amounts of one kind", ""),
    ),
    "a price and a level": when("§price(us) + level(us, service) > 3", ("a price and a level", "of one kind", "")),
}


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])


@pytest.mark.parametrize(
    "condition",
    [
        "share(us, affluent) > 38%",
        "'share(us, affluent) > 38%'",
        "share(us, affluent) > 38 % and share(us, affluent) < 0.9 or level(us, service,affluent) < 8",
        "not (share(us) - share(atlas)) * 2 > 38% + 1%",
        "share(us) / share(atlas) > 1.5 and customers(us, savers) > 1k",
        "price(atlas, mass) / price(us, mass) < 95%",
        "share(none) > 20% and customers(none, affluent) * price(us) > 1e6",
        "knowledge(atlas) > 0.1 or knowledge(atlas) > 10%",
    ],
)
def test_what_is_sound_loads(condition: str, tmp_path: Path) -> None:
    replacements, _ = when(condition)
    assert_told(tmp_path, (replacements, []))


def test_a_need_and_a_segment_may_have_any_name(tmp_path: Path) -> None:
    """Names of several words, and names of signs."""
    texts = [
        ("  mass:\n", '  "One, two":\n'),
        ("segments: {mass: {rate: 7}}", 'segments: {"One, two": {rate: 7}}'),
        ("affluent: 2k, mass: 2k", 'affluent: 2k, "One, two": 2k'),
        ("{mass: 4k}", '{"One, two": 4k}'),
        (CUT, "{who: atlas, when: 'share(us, \"One, two\") > 38%', change: {price: -8%}}"),
    ]
    assert_told(tmp_path, (texts, []))
