"""A draft scenario for a customer file: what the file says, and marked assumptions for what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simengine.scenario.customers import Columns
from simengine.scenario.problems import counted, have
from simengine.scenario.suppliers import COMPANY, OUTSIDE
from simengine.scenario.yaml_text import comment, figure, flow, fractions, quoted
from simengine.survey.book import Book, Group
from simengine.survey.log import PurchaseLog
from simengine.survey.needs import need_names
from simengine.survey.plan import choosing

ROLES = tuple(Columns.model_fields)
SCHEMA = "simengine.schema.json"  # beside the scenario
MOST_SAMPLED = 200_000  # customers: beyond, a draft asks for expected values
REVIEW = 0.2  # a year, assumed
CHURN = 0.08  # a year at most, assumed
HAZARD = "10%"  # a year, assumed
REVENUE = 100.0  # a year, assumed where no column holds it
SPEND = 0.01  # of a segment's revenue, on the lever
LARGEST_HAZARD = 12.0  # a year


@dataclass(frozen=True)
class Alike:
    """What is known of a segment that was formed of customers who are alike."""

    words: str
    needs: Mapping[str, float]  # mean weights
    spread: float | None  # as `needs_spread`


def draft(
    path: Path,
    rows: int,
    book: Book,
    log: PurchaseLog | None,
    unsure: Sequence[str],
    alike: Mapping[str, Alike] | None = None,
    drawn: bool = False,
) -> str:
    """YAML that loads, from the folder in which `path` is found as written.

    `alike` says more of segments, by name. Customers are `drawn` also where the file tells them apart.
    """
    return _Draft(path, rows, book, log, alike or {}, drawn).text(unsure)


class _Draft:
    def __init__(
        self, path: Path, rows: int, book: Book, log: PurchaseLog | None, alike: Mapping[str, Alike], drawn: bool
    ) -> None:
        self.path, self.rows, self.book, self.log, self.alike = path, rows, book, log, alike
        self.from_file = "id" in book.used and not drawn  # else the segments have sizes, and customers are drawn
        self.needs: Mapping[str, str] = {}  # {need: column}
        if "needs" in book.used and (self.from_file or alike):
            self.needs = book.needs or need_names(book.used["needs"].columns)
        self.choosers = [group for group in book.groups if choosing(book, group)]

    def text(self, unsure: Sequence[str]) -> str:
        lines = [
            self._schema(),
            f"# A draft for the {counted(self.rows, 'row')} of {quoted(self.path.name)}.",
            "# What is marked `assumed` is not in the file: write what you know there.",
            *(f"# To look at: {comment(line)}" for line in unsure),
            "simengine: 1",
            f"name: {quoted(self._title())}",
            "currency: EUR                # assumed",
            f"calendar: {self._calendar()}",
            f"simulation: {self._simulation()}",
            "",
            "company:",
            f"  name: {quoted(self._title())}",
            "  discount_rate: 9%          # assumed",
            "  tax_rate: 25%              # assumed",
            "  shares: 1 million          # assumed",
            "  overhead: 0                # assumed, a year: costs that belong to no segment",
            "  residual: {method: fade, years: 5}     # assumed: economic profit fades to nothing after the horizon",
        ]
        if self.needs:
            lines += ["", f"needs: [{', '.join(map(quoted, self.needs))}]"]
        if self.from_file:
            lines += ["", *self._portfolio()]
        lines += ["", "segments:"]
        for group in self.book.groups:
            lines += self._segment(group)
        if self.choosers:
            lines += ["", *self._offers()]
        return "\n".join([*lines, "", *self._levers(), "", *self._moves()]) + "\n"

    def _schema(self) -> str:
        """What an editor reads the schema by, if the schema is there; else how to put it there."""
        line = f"# yaml-language-server: $schema={SCHEMA}"
        if Path(SCHEMA).is_file():
            return line
        return f"# Editors help after `simengine schema > {SCHEMA}`, with this as the first line: `{line}`"

    def _title(self) -> str:
        title = " ".join(self.path.stem.replace("_", " ").replace("-", " ").split()) or "Customers"
        return title[:1].upper() + title[1:]

    def _calendar(self) -> str:
        tenure = self.book.used.get("tenure")
        if tenure is not None and tenure.unit == "months" and not self.choosers:
            return "{start: 2027-01, step: month, periods: 60}     # assumed"
        return "{start: 2027-Q1, step: quarter, periods: 20}    # assumed"

    def _simulation(self) -> str:
        customers = sum(group.customers for group in self.book.groups)
        whole = all(c.customers == int(c.customers) for group in self.book.groups for c in group.strata)
        if customers <= MOST_SAMPLED and whole:
            return "{seed: 1, mode: sampled, replications: 20, customer_values: [baseline]}"
        return "{seed: 1, mode: expected, customer_values: false}"

    def _portfolio(self) -> list[str]:
        lines = ["portfolio:", f"  customers: {quoted(self.path.as_posix())}", "  columns:"]
        for role, guess in sorted(self.book.used.items(), key=lambda item: ROLES.index(item[0])):
            column = quoted(guess.columns[0])
            if role == "needs":
                column = flow({need: quoted(name) for need, name in self.needs.items()})
            elif guess.unit is not None:
                column = f"{{column: {column}, unit: {guess.unit}}}"
            reason = f"     # {guess.confidence} confidence: {comment(guess.reason)}"
            lines.append(f"    {role}: {column}" + ("" if guess.confidence == "high" else reason))
        if self.book.normalise:
            lines.append("  normalise: true")
        if self.book.missing:
            lines.append("  missing: segment mean      # assumed, where a revenue or a price sensitivity is missing")
        return lines

    def _segment(self, group: Group) -> list[str]:
        lines = [f"  {quoted(group.name)}:     # {self._facts(group)}"]
        if group.name in self.alike:
            lines += self._alike(self.alike[group.name])
        if not self.from_file:
            size = self.log.customers if self.log else max(1, round(group.customers / self._our_part(group)))
            lines += [f"    size: {size}", *self._needs(group), f"    revenue: {self._revenue(group)}"]
        elif "revenue" not in self.book.used:
            lines.append(f"    revenue: {REVENUE:g}             # assumed, a year")
        lines += self._choice(group) if group in self.choosers else self._contract(group)
        return [
            *lines,
            "    margin: 50%              # assumed: of revenue, before cost to serve",
            "    cost_to_serve: {service: {uses: 4, cost: 0}}     # assumed: uses a year, cost of one",
            "    capital: 10% of revenue  # assumed",
        ]

    def _alike(self, known: Alike) -> list[str]:
        """What the customers of a segment have in common, as comments."""
        lines = [f"    # {comment(known.words)}"]
        if self.from_file and self.needs and known.spread is not None:
            lines.append(
                f"    # needs: {flow(fractions(known.needs))}, needs_spread: {figure(known.spread)}: the file's"
            )
        return lines

    def _our_part(self, group: Group) -> float:
        """What part of the whole market the group is."""
        return self.book.market.get(COMPANY, 1.0) if group in self.choosers else 1.0

    def _needs(self, group: Group) -> list[str]:
        """Needs of a segment whose customers are drawn."""
        known = self.alike.get(group.name)
        if known is None or not self.needs or group not in self.choosers:
            return []
        spread = [] if known.spread is None else [f"    needs_spread: {figure(known.spread)}"]
        return [f"    needs: {flow(dict(fractions(known.needs)))}", *spread]

    def _facts(self, group: Group) -> str:
        if self.log is not None:
            return f"{counted(self.log.customers, 'customer')} in {counted(self.rows, 'row')}"
        facts = [counted(round(group.customers), "customer")]
        if "churned" in self.book.used:
            left = round(group.left)
            facts.append(f"{left:,} more {have(left)} left")
        if "revenue" in self.book.used:
            facts.append(f"mean revenue {figure(group.mean_revenue, 4)} a year")
        return ", ".join(facts)

    def _revenue(self, group: Group) -> str:
        """Revenue of a customer of a segment that is drawn."""
        if self.log is not None and self.log.revenue:
            return f"{figure(self.log.revenue)}            # {self.log.reason}"
        if "revenue" not in self.book.used:
            return f"{REVENUE:g}             # assumed, a year"
        mean, variation = group.mean_revenue, min(10.0, group.variation)
        return f"{{lognormal: {{mean: {figure(mean, 6)}, cv: {figure(variation)}}}}}"

    def _contract(self, group: Group) -> list[str]:
        if self.from_file and {"tenure", "churned"} <= self.book.used.keys() and group.estimates_hazard():
            return ["    dynamics: contract", "    hazard: {empirical: {}}  # by tenure, from those who have left"]
        hazard, why = HAZARD, "assumed, a year"
        if {"tenure", "churned"} <= self.book.used.keys() and group.left > 0 and group.years > 0:
            hazard = figure(min(LARGEST_HAZARD, group.left / group.years))
            why = f"a year: {group.left:,.0f} left in {group.years:,.1f} years of tenure"
        return ["    dynamics: contract", f"    hazard: {{constant: {hazard}}}  # {why}"]

    def _choice(self, group: Group) -> list[str]:
        shares = dict(self.book.market) or group.suppliers
        ordered = {COMPANY: shares.pop(COMPANY), **shares}
        most = REVIEW * (1 - ordered[COMPANY] / sum(ordered.values()))  # nearly: nobody leaves without reviewing
        churn = figure(100 * min(CHURN, 0.4 * most), 2)
        whose = "assumed" if self.book.market else "the file's"
        stated = self.from_file and "price_sensitivity" in self.book.used
        return [
            f"    shares: {flow(dict(fractions(ordered)))}     # {whose}",
            f"    review: {REVIEW:.0%}              # assumed: how often customers reconsider, a year",
            f"    churn: {churn}%               # assumed: how many of ours leave in a year",
            *([] if stated else ["    price_sensitivity: 2     # assumed"]),
            *(["    tailoring: 1             # assumed: offers made for others suit less"] if self.alike else []),
        ]

    def _offers(self) -> list[str]:
        levels = flow({"price": 100, **dict.fromkeys(self.needs, 5)})
        return [
            "offers:                      # assumed: all alike; state price, and levels of 0 to 10",
            *(f"  {quoted(name)}: {levels}" for name in [COMPANY, *self._rivals()]),
        ]

    def _rivals(self) -> list[str]:
        market = [self.book.market] if self.book.market else [group.suppliers for group in self.choosers]
        return sorted({name for shares in market for name in shares} - {COMPANY, OUTSIDE})

    def _levers(self) -> list[str]:
        """One programme, and an allocation that spends on it where most revenue is."""
        target, effect, what = "retention", "0.5", "lowers the logarithm of the hazard by at most `max`"
        candidates = self.book.groups
        if self.choosers:
            candidates = tuple(self.choosers)
            target, effect, what = "inertia", "0.5", "adds at most `max` to the utility of staying"
            if self.needs:
                target, effect, what = next(iter(self.needs)), "1", "adds at most `max` points"
        group = max(candidates, key=self._money)
        money = figure(max(1.0, SPEND * self._money(group)), 1)
        return [
            f"levers:                      # assumed: money {what},",
            "  care:                      # and half of that at the amount under `half`, a year",
            f"    target: {quoted(target)}",
            f"    response: {{hill: {{max: {effect}, half: {money}, shape: 1}}}}",
            "    carry_over: 50%          # what is still felt a year later",
            "",
            "allocations:                 # money a year",
            "  baseline: {}               # nothing is spent on the lever today",
            f"  more_care: {{care: {{{quoted(group.name)}: {money}}}}}     # an example",
        ]

    def _money(self, group: Group) -> float:
        """Revenue of our customers of a segment, a year."""
        if self.log is not None:
            return self.log.customers * (self.log.revenue or REVENUE)
        mean = group.mean_revenue if "revenue" in self.book.used else REVENUE
        return mean * group.ours

    def _moves(self) -> list[str]:
        rivals = self._rivals()
        if rivals:
            move = f"[{{who: {quoted(rivals[0])}, at: 2028-Q1, change: {{price: -5%}}}}]"
            return ["moves:", "  quiet: {}", f"  price_cut: {move}     # an example"]
        if self.choosers:
            return ["moves:", "  quiet: {}"]
        move = "[{at: 2028, until: 2028, change: {hazard: 20%}}]"
        return ["moves:", "  quiet: {}", f"  promotion: {move}     # an example"]
