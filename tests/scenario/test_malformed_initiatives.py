"""Initiatives that cannot be carried out as stated. Every problem is told at its place, marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.worlds import Case, Said, assert_told

DELIVERY = ("rivals:\n", "delivery: {teams: 2}\nrivals:\n")
TAILORED = ("    needs_spread: 0.15\n", "    needs_spread: 0.15\n    tailoring: 1\n")


def built(initiatives: str, *said: Said, copy: str = "") -> Case:
    """The bank with an allocation of these initiatives, and perhaps a copy of it."""
    allocation = f"  built:\n    initiatives:\n      {initiatives}\n"
    copied = f"  copied: {{like: built, {copy}}}\n" if copy else ""
    return [("  baseline: {}\n", f"  baseline: {{}}\n{allocation}{copied}"), DELIVERY], list(said)


CASES: dict[str, Case] = {
    "more teams than there are": built(
        "view: {duration: 2, teams: §3}", ("3 teams", "at most 2", "state more under delivery")
    ),
    "no teams at all": ([("rivals:\n", "delivery: {teams: §0}\nrivals:\n")], [("0", "at least 1", "")]),
    "no duration": built("§view: {cost: 12k}", ("no `duration`", "periods from its start", "state duration: 6")),
    "a duration of nothing": built("view: {duration: §0}", ("0", "a number of periods, more than 0", "")),
    "a duration in percent": built("view: {duration: §50%}", ("50%", "without %", "write 50")),
    "a distribution out of order": built(
        "view: {duration: {§triangular: [5, 3, 12]}}", ("", "numbers in rising order", "write [3, 5, 12]")
    ),
    "a distribution of two numbers": built("view: {duration: {§triangular: [5, 3]}}", ("2 entries", "3 entries", "")),
    "another distribution": built(
        "view: {duration: {§triangle: [3, 5, 12]}}", ("`triangle`", "lognormal, triangular or uniform", "triangular")
    ),
    "nothing where nothing is copied": built("§view: {}", ("nothing", "only one that is copied", "or leave it out")),
    "one that comes after an unknown one": built(
        "{clean_up: {duration: 2}, view: {duration: 2, after: [§cleanup]}}",
        ("cleanup", "another initiative of `built`: clean_up", "did you mean 'clean_up'?"),
    ),
    "one that comes after itself": built(
        "view: {duration: 2, §after: [view]}", ("`view` waits for `view`", "of which one can begin", "take one")
    ),
    "three that wait for each other": built(
        "{a: {duration: 1, §after: [c]}, b: {duration: 1, after: [a]}, c: {duration: 1, after: [d, b]}, "
        "d: {duration: 9}}",
        ("`a` waits for `c` waits for `b` waits for `a`", "of which one can begin", "take one `after` out"),
    ),
    "a circle by way of a copy": built(
        "{a: {duration: 1}, b: {duration: 1, after: [a]}}",
        ("`a` waits for `b` waits for `a`", "", ""),
        copy="initiatives: {a: {duration: 1, §after: [b]}}",
    ),
    "a copy without what another comes after": built(
        "{clean_up: {duration: 2}, view: {duration: 2, after: [clean_up]}}",
        ("`clean_up` left out, and not `view` after it", "one that is left out", "add view: {}"),
        copy="initiatives: {§clean_up: {}}",
    ),
    "an unknown segment in a list": built(
        "view: {duration: 2, segments: [affluent, §mas]}", ("`mas`", "affluent, mass or savers", "'mass'")
    ),
    "an unknown segment with a share": built(
        "view: {duration: 2, segments: {affluent: 50%, §mas: 50%}}", ("`mas`", "affluent, mass or savers", "'mass'")
    ),
    "a segment listed twice": built(
        "view: {duration: 2, §segments: [mass, mass]}", ("", "a list of segments, each once", "")
    ),
    "shares of less than the cost": built(
        "view: {duration: 2, §segments: {affluent: 50%, mass: 40%}}",
        ("sum to 90%", "shares that sum to 100%", "write [affluent, mass] for equal shares"),
    ),
    "an unknown target": built(
        "view: {duration: 2, effect: {§servise: 1}}", ("`servise`", "rate, service, price", "did you mean 'service'?")
    ),
    "a target of levers alone": built(
        "view: {duration: 2, effect: {§convert: 10%}}", ("`convert`", "rate, service, price", "")
    ),
    "a relative effect without its sign": built(
        "view: {duration: 2, effect: {cost_to_serve: §-5}}", ("-5", "above -100%", "did you mean -5%?")
    ),
    "learning without its sign": (
        [*built("view: {duration: 2, segments: [affluent], effect: {knowledge: §15}}")[0], TAILORED],
        [("15", "at least -12 and at most 12", "did you mean 15%?")],
    ),
    "an effect where it cannot act": built(
        "view: {duration: 2, segments: [affluent], effect: {§retention: 0.1}}",
        ("an effect on retention in `affluent`", "where it can act", "only in contract segments"),
    ),
    "an effect on what nobody weighs there": built(
        "view: {duration: 2, segments: [mass], effect: {§service: 1}}",
        ("an effect on service in `mass`", "where it can act", "do not weigh service"),
    ),
    "an effect on employees without touchpoints": built(
        "view: {duration: 2, effect: {§enablement: 0.1}}",
        ("", "touchpoints at which employees serve", "state experience"),
    ),
    "a date outside the calendar": built(
        "view: {duration: 2, from: §2026-Q3}", ("2026-Q3", "2027-Q1 to 2028-Q4", "")
    ),
    "a part of a team": built("view: {duration: 2, teams: §1.5}", ("1.5", "a whole number", "write 2")),
    "a priority of nought": built("view: {duration: 2, priority: §0}", ("0", "at least 1", "")),
    "a time to give up that is a number": built("view: {duration: 2, cancel: §8}", ("8", "a mapping", "")),
    "a cost that is negative": built("view: {duration: 2, cost: §-12k}", ("-12k", "money in total, at least 0", "")),
    "a list for initiatives": (
        [("  baseline: {}\n", "  baseline: {§initiatives: [view]}\n")],
        [("", "{<initiative>: {cost: 12M, duration: 6, effect", "")],
    ),
    "several at once": built(
        "view: {duration: §-2, teams: §3, effect: {§servise: 1}}",
        ("-2", "more than 0", ""),
        ("3 teams", "at most 2", ""),
        ("`servise`", "", "'service'"),
    ),
    "a programme of a rival": (
        [
            ("  baseline: {}\n", "  baseline: {}\n  built: {initiatives: {view: {duration: 2, cost: 9}}}\n"),
            ("  quiet: {}\n", "  quiet: {}\n  copy: [{who: atlas, at: 2027-Q3, like: §built, segments: [affluent]}]\n"),
        ],
        [("with our initiatives", "what is known of rivals", "{like: built, initiatives: {view: {}}}")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_at_its_place(case: str, tmp_path: Path) -> None:
    assert_told(tmp_path, CASES[case])
