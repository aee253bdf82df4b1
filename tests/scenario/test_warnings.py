"""What lets a scenario pass and is still to be known: one rule, one test. Where it is told is marked §."""

from __future__ import annotations

from pathlib import Path

import pytest

from simengine.scenario import load_scenario
from simengine.scenario.problems import Problem
from simengine.scenario.rules import WARNINGS, warnings_of
from tests.cli.conftest import SMALL
from tests.scenario.worlds import Replacement, replaced, write

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
ADVISERS = "target: service, response: {hill: {max: 2, half: 50k, shape: 1}}, carry_over: 70%"
SPREAD = "{lever: advisers, budget: 20k, by: equal}"
PHASES = "{from: 2026-Q2, until: 2026-Q4, affluent: 90k}, {from: 2027, affluent: 20k}"
SPREADS = f"{SPREAD.replace('20k', '30k, until: 2026-Q4')}, {SPREAD.replace('20k', '20k, from: 2027')}"
CUT = "{who: atlas, at: 2026-Q3, change: {price: -8%}}"

STATES = """\
    need_states:
      §young: {needs: {rate: 0.5, service: 0.5}, next: {settled: 10%}}
      settled: {needs: {rate: 0.3, service: 0.7}, next: {young: 5%}}
"""
ONE_END = STATES.replace("§", "").replace("settled: {needs", "§settled: {needs").replace(", next: {young: 5%}", "")
SAME = STATES.replace("§", "").replace("need_states", "§need_states").replace("0.5", "0.3", 1).replace("0.5", "0.7", 1)
OLD = "      old: {needs: {service: 1}, next: {settled: 5%}}\n"
VIEW = "{duration: {uniform: [3, 5]}, effect: {service: 1}, cancel: {after: AFTER}}"
TOUCHPOINTS = "experience: {touchpoints: {call: {weight: 1, quality: 0.8, owner: us}}, delivers: [service]}"
BETTER = ("moves:", "  better: {experience: {quality: {call: 0.9}}}\nmoves:")

TELCO = (
    f"{{customers: {SCENARIOS / 'data' / 'telco.csv'}, columns: {{id: customer_id, segment: contract}}, "
    "format: {sheet: §Customers}}"
)

COLUMNS = f"portfolio: {{customers: {SCENARIOS / 'data' / 'telco.csv'}, columns: {{id: customer_id, segment: contract, "

# rule: [(how a small bank is changed, parts of what was found, expected, suggested)]
CASES: dict[str, list[tuple[list[Replacement], tuple[str, str, str]]]] = {
    "warn_if_a_market_may_tip": [
        (
            [("    review: 20%", "    word_of_mouth: §1.5\n    review: 20%")],
            ("word_of_mouth 1.5, with which the market may tip if customers are inert", "less than 1.3", "lower it"),
        ),
        (
            [("    review: 20%", "    word_of_mouth: §3\n    review: 20%")],
            ("word_of_mouth 3, with which the market tips", "less than 1.3", "lower it"),
        ),
    ],
    "warn_if_there_is_nothing_to_decide": [
        (
            [
                ("mode: sampled, replications: 4", "mode: sampled, precision: §decision"),
                ("  baseline: {}\n", ""),
            ],
            ("`decision` with one allocation", "allocations to choose from", "state another one"),
        )
    ],
    "warn_if_indifference_decides_nothing": [
        (
            [("mode: sampled, replications: 4", "mode: sampled, replications: 40, indifference: §1%")],
            ("an indifference without `precision: decision`", "`precision: decision`", "or leave indifference out"),
        )
    ],
    "warn_if_a_drift_does_nothing": [
        (
            [
                ("needs: [rate, service]", "needs: [service]"),
                ("needs: {rate: 0.4, service: 0.6}", "needs: {service: 1}\n    §needs_drift: {volatility: 2%}"),
                ("    needs_spread: 0.15\n", ""),
                ("price: 100, rate: 5,", "price: 100,"),
                ("price: 98, rate: 6,", "price: 98,"),
            ],
            ("drifting needs, and fewer than two needs", "two needs at least", "or leave needs_drift out"),
        )
    ],
    "warn_if_nobody_is_in_a_need_state": [
        (
            [("    review: 20%", f"{STATES.replace('next: {young: 5%}', 'next: {old: 5%}')}{OLD}    review: 20%")],
            ("`young`, in which nobody is", "customers come back to", "next: {young: 5%} in `old`"),
        )
    ],
    "warn_if_purchases_make_no_difference": [
        (
            [("segments:", f"{COLUMNS}purchases: §tenure}}}}\nsegments:")],
            ("a column for purchases, and no segment with buy-till-you-die", "some segment reads", "or leave"),
        )
    ],
    "warn_if_states_make_no_difference": [
        (
            [("segments:", f"{COLUMNS}state: §contract}}}}\nsegments:")],
            ("a column for the state, and no markov segment", "some segment reads", "leave the column out"),
        )
    ],
    "warn_if_need_states_make_no_difference": [
        (
            [("    review: 20%", f"{ONE_END}    review: 20%")],
            ("`settled`, which nobody leaves", "move about in", "next: {young: 5%}"),
        ),
        (
            [("    review: 20%", f"{SAME}    review: 20%")],
            ("need states with the same needs", "needs that differ", "or leave need_states out"),
        ),
    ],
    "warn_if_nobody_learns": [
        (
            [
                ("allocations:\n", "§knowledge: {forgetting: 10%}\nallocations:\n"),
                ("    review: 20%", "    tailoring: 1\n    review: 20%"),
            ],
            ("knowledge that changes, of suppliers who know nothing", "of today above 0", "knowledge: 0.4"),
        )
    ],
    "warn_if_shocks_do_nothing": [
        (
            [("allocations:\n", "§market: {persistence: 60%}\nallocations:\n")],
            ("a market without volatility", "a volatility above 0", "or leave market out"),
        ),
        (
            [("allocations:\n", "market: {volatility: 1, correlations: {us: {none: §0.5}}}\nallocations:\n")],
            ("a correlation with none, which has no shock", "whose volatility is above 0", "leave the correlation out"),
        ),
    ],
    "warn_if_an_uncertain_input_is_far_from_what_is_stated": [
        (
            [("allocations:\n", "uncertain: {§segments.affluent.churn: {uniform: [8%, 9%]}}\nallocations:\n")],
            ("mean 8.5%", "one around the central value, 7%", "state 8.5% at segments.affluent.churn, or shift"),
        ),
    ],
    "warn_if_nobody_waits_for_teams": [
        (
            [("levers:\n", "§delivery: {teams: 2}\nlevers:\n")],
            ("teams, and no allocation has initiatives", "initiatives that need teams", "or leave delivery out"),
        ),
        (
            [("moves:", "  built: {initiatives: {view: {duration: 2, effect: {service: 1}, teams: §2}}}\nmoves:")],
            ("teams of `view` where teams are not scarce", "for which initiatives wait", "state delivery"),
        ),
        (
            [("moves:", "  built: {initiatives: {view: {duration: 2, effect: {service: 1}, priority: §2}}}\nmoves:")],
            ("priority of `view`", "for which initiatives wait", "or leave priority out"),
        ),
    ],
    "warn_if_an_initiative_does_nothing": [
        (
            [("moves:", "  built: {initiatives: {§view: {duration: 2, cost: 1k}}}\nmoves:")],
            ("`view` without any effect", "after which another comes", "state its effect"),
        )
    ],
    "warn_if_an_initiative_is_always_or_never_given_up": [
        (
            [("moves:", f"  built: {{initiatives: {{view: {VIEW.replace('AFTER', '§2')}}}}}\nmoves:")],
            ("`view` always given up: it takes at least 3 periods", "a time that makes a difference", "wait longer"),
        ),
        (
            [("moves:", f"  built: {{initiatives: {{view: {VIEW.replace('AFTER', '§5')}}}}}\nmoves:")],
            ("`view` never given up: it takes at most 5 periods", "a time that makes a difference", "leave cancel out"),
        ),
    ],
    "warn_if_the_calendar_ends_before_an_initiative": [
        (
            [("moves:", "  built: {initiatives: {§view: {duration: 7.5, effect: {service: 1}}}}\nmoves:")],
            ("`view`, which cannot be completed before 2027-Q4", "begins within the calendar", "begin earlier"),
        ),
        (  # a shift is what makes it late
            [
                (
                    "moves:",
                    "  built: {initiatives: {view: {duration: 4, effect: {service: 1}}}}\n"
                    "  later: {like: built, shift: §4}\nmoves:",
                )
            ],
            ("`view`, which cannot be completed before 2027-Q4", "begins within the calendar", "begin earlier"),
        ),
    ],
    "warn_if_a_format_fits_no_file": [
        (
            [("segments:\n", f"portfolio: {TELCO}\nsegments:\n")],
            ("`sheet`, and no file that ends in .xlsx", "spreadsheets", "leave it out"),
        )
    ],
    "warn_if_profiles_are_for_drawn_customers": [
        (
            [("replications: 4}", "replications: 4, profile_error: §0.05%}")],
            ("a profile_error in mode sampled", "mode: expected", "or leave profile_error out"),
        )
    ],
    "warn_if_a_run_off_does_not_value_a_rival": [
        (
            [
                ("tax_rate: 25%,", "tax_rate: 25%, residual: {method: run_off},"),
                ("allocations:\n", "rivals: {atlas: {margin: §45%, overhead: 1k}}\nallocations:\n"),
            ],
            ("`margin` and `overhead` with the residual method run_off", "another method", "fade"),
        )
    ],
    "warn_if_there_is_nothing_to_imitate": [
        (
            [("allocations:\n", "imitation: {service: 60%, price: §200%, rate: 0}\nallocations:\n")],
            ("imitation of price, which no lever acts on", "rivals imitate that", "a lever with target: price"),
        ),
        (
            [("allocations:\n", "rivals: {atlas: {imitation: {rate: §60%}}}\nallocations:\n")],
            ("imitation of rate", "what levers or initiatives add", "or leave it out"),
        ),
        (  # an initiative adds to the rate
            [
                ("allocations:\n", "imitation: {rate: 60%, price: §200%}\ndelivery: {teams: 1}\nallocations:\n"),
                ("moves:", "  built: {initiatives: {branches: {duration: 2, effect: {rate: 1}}}}\nmoves:"),
            ],
            ("imitation of price, which no lever acts on", "", ""),
        ),
        (  # touchpoints deliver service, on which no lever acts, and not the rate
            [
                ("target: service", "target: acquisition"),
                ("max: 2,", "max: 20%,"),
                ("offers:", f"{TOUCHPOINTS}\noffers:"),
                BETTER,
                ("allocations:\n", "imitation: {service: 60%, rate: §60%}\nallocations:\n"),
            ],
            ("imitation of rate, which no lever acts on", "or touchpoints deliver", "or leave it out"),
        ),
    ],
    "warn_if_a_rival_runs_the_programme_of_today": [
        (
            [("change: {price: -8%}", "like: §baseline")],
            ("`baseline`, which is as today in `affluent`", "something else than today", "another allocation"),
        ),
    ],
    "warn_if_nobody_can_imitate": [
        (
            [
                ("allocations:\n", "§imitation: {service: 60%}\nallocations:\n"),
                ("atlas: 43%, none: 23%", "none: 66%"),
                ("  atlas: {price: 98, rate: 6, service: 5}\n", ""),
                ("[{who: atlas, at: 2026-Q3, change: {price: -8%}}]", "[{at: 2026-Q3, change: {review: 8%}}]"),
            ],
            ("imitation, and no rivals", "rivals with shares", "leave imitation out"),
        )
    ],
    "warn_if_a_percentage_is_tiny": [
        ([("churn: 7%", "churn: §0.07%")], ("0.07%", "a churn of the usual size", "did you mean 7%?")),
        ([("discount_rate: 9%", "discount_rate: §0.09%")], ("0.09%", "a discount_rate", "did you mean 9%?")),
        ([("tax_rate: 25%", "tax_rate: §0.25%")], ("0.25%", "a tax_rate", "did you mean 25%?")),
        ([("margin: 58%", "margin: §0.58%")], ("0.58%", "a margin", "did you mean 58%?")),
        ([("moves:", "rivals: {atlas: {margin: §0.45%}}\nmoves:")], ("0.45%", "a margin", "did you mean 45%?")),
        ([("review: 20%\n    churn: 7%", "review: §0.4%\n    churn: 0.2%")], ("0.4%", "a review", "did you mean 40%?")),
    ],
    "warn_if_serving_costs_more_than_revenue": [
        (
            [("    cost_to_serve: {branch: {uses: 3,", "    §cost_to_serve: {branch: {uses: 300,")],
            ("3,300.00 a year to serve a customer who brings 2,700.00", "below the revenue", "a year"),
        )
    ],
    "warn_if_spend_exceeds_revenue": [
        (
            [("{advisers: {affluent: 20k}}", "{advisers: {affluent: §20M}}")],
            ("20,000,000 a year", "our customers in `affluent` bring 367,200", "k is thousand"),
        ),
        ([(ADVISERS, ADVISERS + ", today: {affluent: §1M}")], ("1,000,000 a year", "below", "M is million")),
        (
            [("{advisers: {affluent: 20k}}", f"{{spread: {SPREAD.replace('20k', '§20M')}}}")],
            ("20,000,000 a year", "our customers in `affluent` bring 367,200", "each customer of ours brings 2,700.00"),
        ),
        (
            [
                ("{advisers: {affluent: 20k}}", f"{{spread: {SPREAD.replace('20k', '§20M')}}}"),
                ("70%}", "20%}"),
                ("moves:", "  late: {like: more_advice, shift: 2}\nmoves:"),  # told where it is stated
            ],
            ("20,000,000 a year", "", ""),
        ),
    ],
    "warn_if_two_allocations_are_the_same": [
        (
            [("moves:", "  §again: {like: more_advice, advisers: [{from: 2026, affluent: 20k}]}\nmoves:")],
            ("the same spend in every period as `more_advice`", "differ", "leave one of the two out"),
        ),
        ([("moves:", "  §again: {advisers: {affluent: 0}}\nmoves:")], ("as `baseline`", "", "")),
        (
            [
                ("{advisers: {affluent: 20k}}", f"{{spread: {SPREAD}}}"),
                ("moves:", "  §again: {like: more_advice, shift: 0}\nmoves:"),
            ],
            ("as `more_advice`", "", ""),
        ),
    ],
    "warn_if_two_moves_are_the_same": [
        ([("  price_cut:", f"  first: [{CUT}]\n  §price_cut:")], ("as `first`", "moves that differ", "leave one")),
    ],
    "warn_if_a_lever_is_never_used": [
        (
            [("allocations:", "  §care: {target: wallet, response: {hill: {max: 5%, half: 1k}}}\nallocations:")],
            ("`care`, on which nothing is spent", "some allocation", "care: {affluent: 1M}, or leave it out"),
        ),
        (
            [
                ("{advisers: {affluent: 20k}}", f"{{spread: {SPREAD}}}"),
                ("moves:", f"  nothing: {{spread: {SPREAD.replace('20k', '0').replace('advisers', 'care')}}}\nmoves:"),
                ("allocations:", "  §care: {target: wallet, response: {hill: {max: 5%, half: 1k}}}\nallocations:"),
            ],
            ("`care`, on which nothing is spent", "", ""),
        ),
    ],
    "warn_if_growth_dilutes_a_trend": [
        (
            [("    churn: 7%", "    §share_trend: {us: -3%}\n    growth: 5%\n    churn: 7%")],
            ("a share_trend where the market grows by 5% a year", "newcomers enter at today's shares", "stronger"),
        ),
    ],
    "warn_if_a_phase_exceeds_the_budget": [
        (
            [
                ("simengine: 1\n", "simengine: 1\nbudget: 20k\n"),
                ("70%}", "20%}"),
                ("  more_advice: {advisers: {affluent: 20k}}", f"  §more_advice: {{advisers: [{PHASES}]}}"),
            ],
            ("90k a year from 2026-Q2 until 2026-Q4", "the budget, 20k a year, in every period", "spend less then"),
        ),
        (
            [
                ("simengine: 1\n", "simengine: 1\nbudget: 20k\n"),
                ("70%}", "20%}"),
                ("  more_advice: {advisers: {affluent: 20k}}", f"  §more_advice: {{spread: [{SPREADS}]}}"),
            ],
            ("30k a year from 2026-Q1 until 2026-Q4", "compared from 2027-Q1 on", ""),
        ),
    ],
    "warn_if_a_need_is_weighed_by_nobody": [
        (
            [("needs: [rate, service]", "needs: [rate, §advice, service]")],
            ("`advice`, which no segment weighs", "some customers weigh", "leave it out"),
        )
    ],
    "warn_if_a_move_changes_what_nobody_weighs": [
        (
            [
                ("needs: [rate, service]", "needs: [rate, §digital, service]"),
                (CUT, "{who: atlas, at: 2026-Q3, change: {digital: §2, service: 1}}"),
            ],
            ("a change of digital, which customers in affluent do not weigh", "somebody weighs", "leave the"),
        )
    ],
    "warn_if_price_makes_no_difference": [
        (
            [("price_sensitivity: 3", "price_sensitivity: §0")],
            ("price_sensitivity 0 where moves.price_cut changes a price", "do not react", "such as 3"),
        ),
        (
            [
                ("  affluent:\n", "  §affluent:\n"),
                ("    price_sensitivity: 3\n", ""),
                (CUT, "{who: atlas, at: 2026-Q3, change: {service: 1}}"),
                ("target: service", "target: price"),
                ("max: 2,", "max: 20%,"),
            ],
            ("price_sensitivity 0 where levers.advisers changes a price", "", ""),
        ),
    ],
    "warn_if_tailoring_makes_no_difference": [
        (
            [("    needs_spread: 0.15", "    tailoring: §1")],
            ("tailoring 1 with needs_spread 0", "needs that differ between customers", "state a needs_spread"),
        )
    ],
    "warn_if_a_finer_design_makes_no_difference": [
        (
            [("{affluent: 20k}}", "{affluent: 20k}, design: {§affluent: {groups: 4, cost_per_group: 1k}}}")],
            ("a finer design for `affluent`, which has no tailoring", "customers who mind", "affluent.tailoring"),
        )
    ],
    "warn_if_knowledge_makes_no_difference": [
        ([("overhead: 10k", "knowledge: §0.4")], ("0.4, where no segment has tailoring", "", "state a tailoring")),
        ([("moves:", "rivals: {atlas: {knowledge: §0.4}}\nmoves:")], ("0.4, where no segment", "", "")),
        ([(CUT, "{who: atlas, at: 2026-Q3, set: {knowledge: §0.8}}")], ("0.8, where no segment", "", "leave")),
    ],
    "warn_if_experience_makes_no_difference": [
        (
            [("offers:", f"§{TOUCHPOINTS}\noffers:")],
            ("touchpoints that stay as they are in every allocation", "who answers for them", "leave experience out"),
        ),
        (
            [
                ("needs: [rate, service]", "needs: [rate, §advice, service]"),
                ("offers:", f"{TOUCHPOINTS.replace('delivers: [service]', '§delivers: [advice]')}\noffers:"),
                BETTER,
            ],
            ("advice, which no segment weighs", "needs that some customers weigh", "or leave experience out"),
        ),
    ],
    "warn_if_employees_stay_as_they_are": [
        (
            [("offers:", f"{TOUCHPOINTS}\n§employees: {{enablement: {{today: 0.4}}}}\noffers:"), BETTER],
            ("employees on whom no lever acts", "enables or motivates", "or leave employees out"),
        ),
    ],
    "warn_if_a_gap_never_opens": [
        (
            [("    churn: 7%", "    gap_sensitivity: §0.5\n    churn: 7%")],
            ("a gap_sensitivity without experience", "fall short of what is promised", "state experience"),
        ),
    ],
    "warn_if_customers_who_always_review_should_review_more": [
        (
            [
                ("review: 20%", "review: §always\n    gap_sensitivity: 0.5"),
                ("offers:", f"{TOUCHPOINTS}\noffers:"),
                BETTER,
            ],
            ("review: always where gap_sensitivity changes how often", "can change", "review: 20%"),
        ),
        (
            [("review: 20%", "review: §always"), ("target: service", "target: acquisition"), ("max: 2,", "max: 20%,")],
            ("review: always where levers.advisers changes how often", "can change", "review: 20%"),
        ),
        (
            [("review: 20%", "review: §always"), (CUT, "{at: 2026-Q3, change: {review: 10%}}")],
            ("review: always where moves.price_cut changes", "", ""),
        ),
    ],
    "warn_if_the_calendar_ends_before_a_lever_works": [
        (
            [("{advisers: {affluent: 20k}}", "{§advisers: {from: 2026-Q4, affluent: 20k}}"), ("70%}", "92%}")],
            ("spend from 2026-Q4, of whose effect 9.9% is reached by 2027-Q4", "at least 50% of its effect", "earlier"),
        ),
        (
            [
                ("{advisers: {affluent: 20k}}", f"{{§spread: {SPREAD.replace('20k', '20k, from: 2026-Q4')}}}"),
                ("70%}", "92%}"),
            ],
            ("spend from 2026-Q4, of whose effect 9.9% is reached by 2027-Q4", "", "earlier"),
        ),
        (
            [
                ("{advisers: {affluent: 20k}}", f"{{spread: {SPREAD}}}"),
                ("moves:", "  late: {like: more_advice, shift: §3}\nmoves:"),
            ],
            ("spend from 2026-Q4, of whose effect 36% is reached by 2027-Q4", "", "earlier"),
        ),
    ],
    "warn_if_a_comparison_is_always_or_never_so": [
        (
            [(CUT, "{who: atlas, when: share(us) > 3% and §share(us) > 120%, change: {price: -8%}}")],
            ("`share(us) > 120%`, which is never so", "either way", "share(us) is from 0 to 100%"),
        ),
    ],
    "warn_if_an_answer_comes_after_the_calendar": [
        (
            [(CUT, "{who: atlas, when: share(us) > 38%, respond: §7, change: {price: -8%}}")],
            ("an answer from period 9 on", "which has 8 periods", "simulate more periods"),
        ),
    ],
    "warn_if_the_calendar_ends_before_a_lever_fades": [
        (
            [("{advisers: {affluent: 20k}}", "{§advisers: {until: 2027-Q1, affluent: 20k}}")],
            ("spend until 2027-Q1, of whose effect 77% is still left after 2027-Q4", "at least 50% of its fading", ""),
        ),
        (
            [("{advisers: {affluent: 20k}}", f"{{§spread: {SPREAD.replace('20k', '20k, until: 2027-Q1')}}}")],
            ("spend until 2027-Q1, of whose effect 77% is still left after 2027-Q4", "at least 50% of its fading", ""),
        ),
    ],
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {rule.__name__ for rule in WARNINGS}


def test_the_small_bank_itself_gives_none(tmp_path: Path) -> None:
    assert load_scenario(write(tmp_path, SMALL)).warnings == ()


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_scenarios_give_none(path: Path) -> None:
    assert load_scenario(path).warnings == ()


@pytest.mark.parametrize(
    ("rule", "replacements", "said"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
    ids=[f"{rule}-{i}" for rule, cases in CASES.items() for i in range(len(cases))],
)
def test_a_warning_is_told_at_its_place(
    rule: str, replacements: list[Replacement], said: tuple[str, str, str], tmp_path: Path
) -> None:
    text, places = replaced(*replacements, within=SMALL)
    scenario = load_scenario(write(tmp_path, text))
    assert [(w.line, w.column) for w in scenario.warnings] == places, scenario.warnings
    (function,) = (each for each in WARNINGS if each.__name__ == rule)
    (warning,) = function(scenario)
    found, expected, suggestion = said
    assert found in warning.found
    assert expected in warning.expected + warning.found
    assert suggestion in warning.suggestion
    assert isinstance(warning, Problem)


def test_tailoring_counts_where_needs_drift_away_from_today_s_offers(tmp_path: Path) -> None:
    text, _ = replaced(("    needs_spread: 0.15", "    tailoring: 1\n    needs_drift: {volatility: 2%}"), within=SMALL)
    assert not load_scenario(write(tmp_path, text)).warnings


def test_warnings_are_in_file_order_and_leave_the_scenario_as_it_is(tmp_path: Path) -> None:
    text, _ = replaced(("churn: 7%", "churn: 0.07%"), ("tax_rate: 25%", "tax_rate: 0.25%"), within=SMALL)
    scenario = load_scenario(write(tmp_path, text))
    assert [w.place for w in scenario.warnings] == ["company.tax_rate", "segments.affluent.churn"]
    assert warnings_of(scenario) == scenario.warnings
    again = load_scenario(write(tmp_path, scenario.resolved_yaml()))
    assert again == scenario
    assert [w.place for w in again.warnings] == [w.place for w in scenario.warnings]


NEEDS_FROM_FILE = """\
portfolio:
  customers: customers.csv
  columns: {id: id, price_sensitivity: sensitivity, needs: {rate: rate, service: service}}
segments:
"""


def test_what_the_customer_file_may_say_is_no_slip(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,rate,service,sensitivity\n1,0.5,0.5,2\n")
    text, _ = replaced(
        ("    needs: {rate: 0.4, service: 0.6}\n    needs_spread: 0.15\n", "    tailoring: 1\n"),
        ("    price_sensitivity: 3\n", ""),
        ("segments:\n", NEEDS_FROM_FILE),
        within=SMALL,
    )
    assert load_scenario(write(tmp_path, text)).warnings == ()
