"""Every variable of a run's dataset, declared once: its name, dimensions, unit and what it is.

`VARIABLES` are in every dataset, other groups where the scenario states what they are of.
"""

from __future__ import annotations

from typing import NamedTuple

CELL = ("allocation", "move")
DRAWN = (*CELL, "replication")
FLOW = (*DRAWN, "period", "segment", "presence")
BY_SUPPLIER = (*DRAWN, "period", "segment", "supplier", "presence")
OF_RIVAL = (*DRAWN, "rival")
RIVAL_FLOW = (*DRAWN, "period", "segment", "rival")
SERVED = (*CELL, "period", "segment")

MONEY, MONEY_A_YEAR, MONEY_A_SHARE = "{currency}", "{currency}/year", "{currency}/share"
MONEY_A_PERIOD = "{currency}/period"
CUSTOMERS, CUSTOMERS_A_PERIOD, NUMBER, POINTS = "customers", "customers/period", "1", "points"

OTHER_FORM = "The same from opening capital and discounted economic profit"


class Variable(NamedTuple):
    """What a reader of the dataset needs to know of one variable."""

    name: str
    dims: tuple[str, ...]
    unit: str  # {currency} stands for the scenario's
    sentence: str


DIMENSIONS = {
    "allocation": "Resource allocation of the company",
    "move": "What rivals and the market do",
    "replication": "One future; the same luck in every allocation and move",
    "period": "Period of the calendar",
    "segment": "Segment of the market",
    "stage": "Stage of a customer's relationship with us; under contract established, or converted to another",
    "supplier": "us, the rivals, none: buys nowhere",
    "rival": "A named rival",
    "need": "What customers weigh",
    "touchpoint": "Where customers meet us; only where the scenario states experience",
    "lever": "What a board spends on; only where an allocation has one",
    "input": "An uncertain input, by its path; only where the scenario has some",
    "move_change": "A change of a move that waits: the move, and the change's place in it; only where a move waits",
    "line": "Line of the profit and loss of customers; capital, and what a run-off brings",
    "presence": "present: ours at the opening, whatever happens later; future: everybody else",
}

VARIABLES: tuple[Variable, ...] = (
    Variable("value_per_share", DRAWN, MONEY_A_SHARE, "Equity value per share"),
    Variable("equity_value", DRAWN, MONEY, "Enterprise value plus other assets less net debt"),
    Variable("enterprise_value", DRAWN, MONEY, "Discounted free cash flow and residual value"),
    Variable("enterprise_value_from_economic_profit", DRAWN, MONEY, OTHER_FORM),
    Variable("explicit_value", DRAWN, MONEY, "Part of enterprise value from the simulated periods"),
    Variable("residual_value", DRAWN, MONEY, "Part of enterprise value from beyond the simulated periods"),
    Variable("customers_value", (*DRAWN, "segment", "presence"), MONEY, "Value of customers before programmes"),
    Variable(
        "customers_value_by_line",
        (*DRAWN, "segment", "presence", "line"),
        MONEY,
        "What each line of the profit and loss, costs negative, and capital add to the value of customers",
    ),
    Variable("programmes_value", (*DRAWN, "segment"), MONEY, "Value of what is spent on levers; negative"),
    Variable("unallocated_value", DRAWN, MONEY, "Value of overhead and of spend without a segment; negative"),
    Variable(
        "rival_value",
        OF_RIVAL,
        MONEY,
        "Enterprise value of a rival's customers, less programmes and overhead; nan with the residual method run_off",
    ),
    Variable("rival_value_from_economic_profit", OF_RIVAL, MONEY, OTHER_FORM),
    Variable("rival_explicit_value", OF_RIVAL, MONEY, "Part of a rival's value from the simulated periods"),
    Variable(
        "rival_customers_value",
        (*DRAWN, "segment", "rival"),
        MONEY,
        "Part of a rival's value from a segment's customers; nan with the residual method run_off",
    ),
    Variable(
        "rival_programmes_value",
        (*DRAWN, "segment", "rival"),
        MONEY,
        "Part of a rival's value that the programmes of ours are that it runs; nan with the residual method run_off",
    ),
    Variable(
        "rival_unallocated_value",
        ("rival",),
        MONEY,
        "Part of a rival's value that its overhead is, negative; nan with the residual method run_off",
    ),
    Variable("financing", (), MONEY, "Other assets less net debt"),
    Variable("opening_capital", (*DRAWN, "segment"), MONEY, "Capital tied up in our customers at the opening"),
    Variable("revenue", FLOW, MONEY_A_PERIOD, "Revenue from our customers"),
    Variable("cost_of_goods", FLOW, MONEY_A_PERIOD, "Cost of goods; follows volume, not our price"),
    Variable("cost_to_serve", FLOW, MONEY_A_PERIOD, "Touchpoint uses at their unit cost"),
    Variable("acquisition", FLOW, MONEY_A_PERIOD, "Acquisition cost that is expensed"),
    Variable("tax", FLOW, MONEY_A_PERIOD, "Tax on customers' contribution; a loss saves tax at once"),
    Variable("nopat", FLOW, MONEY_A_PERIOD, "Net operating profit after tax, before programmes"),
    Variable("capital", FLOW, MONEY, "Capital tied up in our customers at the opening of the period"),
    Variable("economic_profit", FLOW, MONEY_A_PERIOD, "NOPAT less the charge for capital, before programmes"),
    Variable(
        "rival_share",
        (*DRAWN, "period", "rival"),
        NUMBER,
        "A rival's part of all customers of the market at the end of the period, those under contract included",
    ),
    Variable("rival_revenue", RIVAL_FLOW, MONEY_A_PERIOD, "A rival's revenue; none from customers under contract"),
    Variable("rival_nopat", RIVAL_FLOW, MONEY_A_PERIOD, "A rival's net operating profit after tax, before overhead"),
    Variable("rival_capital", RIVAL_FLOW, MONEY, "Capital tied up in a rival's customers at the opening of the period"),
    Variable(
        "rival_economic_profit",
        RIVAL_FLOW,
        MONEY_A_PERIOD,
        "A rival's NOPAT less the charge for capital, before overhead",
    ),
    Variable(
        "rival_programme_spend",
        (*SERVED, "rival"),
        MONEY_A_YEAR,
        "Spend of a rival that runs a programme of ours, beyond what corresponds to our spend of today, a year",
    ),
    Variable("rival_overhead", ("rival",), MONEY_A_YEAR, "A rival's overhead, before tax, a year"),
    Variable("programme_spend", SERVED, MONEY_A_YEAR, "Spend on levers, before tax, a year"),
    Variable(
        "unallocated_spend",
        (*CELL, "period"),
        MONEY_A_YEAR,
        "Overhead and spend without a segment, before tax, a year",
    ),
    Variable(
        "offer_price",
        (*SERVED, "supplier"),
        NUMBER,
        "Price in the unit of the scenario's offers; nan where a supplier does not serve",
    ),
    Variable(
        "offer_level",
        (*SERVED, "supplier", "need"),
        POINTS,
        "Level of the offer as customers perceive it, 0 to 10; nan where a supplier does not serve",
    ),
    Variable(
        "offer_knowledge",
        (*SERVED, "supplier"),
        NUMBER,
        "What the supplier knows of customers' needs, 0 to 1; nan where it does not serve",
    ),
    Variable(
        "customers_opening",
        ("replication", "segment", "supplier"),
        CUSTOMERS,
        "Customers at the opening, the same in every allocation and move",
    ),
    Variable("customers", BY_SUPPLIER, CUSTOMERS, "Customers at the end of the period"),
    Variable(
        "customers_by_stage",
        (*DRAWN, "period", "segment", "stage", "presence"),
        CUSTOMERS,
        "Our customers at the end of the period by stage",
    ),
    Variable("joins", BY_SUPPLIER, CUSTOMERS_A_PERIOD, "Customers who came to the supplier during the period, gross"),
    Variable("leaves", BY_SUPPLIER, CUSTOMERS_A_PERIOD, "Customers who left the supplier during the period, gross"),
    Variable(
        "customers_gained",
        (*DRAWN, "segment", "supplier"),
        CUSTOMERS,
        "Customers who are ours at the horizon and would be the supplier's in the reference allocation; in expected "
        "mode the least that must be, whatever luck they have in common",
    ),
    Variable(
        "customers_lost",
        (*DRAWN, "segment", "supplier"),
        CUSTOMERS,
        "Customers who are the supplier's at the horizon and would be ours in the reference allocation; likewise",
    ),
    Variable("reviews_shared", DRAWN, NUMBER, "Reviews that also took place in the reference allocation"),
    Variable("direction_violations", DRAWN, NUMBER, "Shared reviews that moved away from the offer that improved"),
    Variable("reviews_after_divergence", DRAWN, NUMBER, "Later consequences of an earlier difference; not compared"),
)

EXPERIENCE: tuple[Variable, ...] = (  # where the scenario states touchpoints
    Variable("owners", (*CELL, "period"), NUMBER, "Distinct owners of touchpoints"),
    Variable("touchpoint_quality", (*SERVED, "touchpoint"), NUMBER, "Quality of a touchpoint, from 0 to 1"),
    Variable("experience", SERVED, NUMBER, "What customers experience over all touchpoints, from 0 to 1"),
    Variable("experience_today", (), NUMBER, "The same before the first period"),
    Variable(
        "promised_level",
        (*SERVED, "need"),
        POINTS,
        "Our level with what levers add, from 0 to 10, of which offer_level is delivered; nan under contract",
    ),
)
EMPLOYEES: tuple[Variable, ...] = (  # where it states employees, or a lever acts on them
    Variable("enablement", SERVED, NUMBER, "Data, tools and skills of the employees who serve a segment, from 0 to 1"),
    Variable("motivation", SERVED, NUMBER, "Motivation of the employees who serve a segment, from 0 to 1"),
)
BOARDS: tuple[Variable, ...] = (  # where an allocation has a board
    Variable(
        "board_spend",
        (*DRAWN, "period", "segment", "lever"),
        MONEY_A_YEAR,
        "What a board spends on a lever, before tax, a year, today's spend before it meets; nan where there is none",
    ),
)
IMITATION: tuple[Variable, ...] = (  # where rivals imitate
    Variable(
        "imitated_price",
        (*SERVED, "rival"),
        NUMBER,
        "Part of its price of today that a rival has taken off in imitation of ours since",
    ),
    Variable("imitated_level", (*SERVED, "rival", "need"), POINTS, "What a rival has imitated of ours since today"),
)
INPUTS: tuple[Variable, ...] = (  # where the scenario has uncertain inputs
    Variable("inputs", ("replication", "input"), NUMBER, "Value of an uncertain input, in the unit of the input"),
)
WAITING: tuple[Variable, ...] = (  # where a move waits
    Variable(
        "move_start",
        ("allocation", "move_change", "replication"),
        "periods",
        "Periods before the first in which the change holds; nan where it does not come",
    ),
    Variable("move_times", ("allocation", "move_change", "replication"), NUMBER, "How often the change began"),
)
