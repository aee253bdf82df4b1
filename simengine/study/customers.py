"""Who our customers are: profit and loss, deciles, creators and destroyers of value, and what those have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.results.statement import Statement
from simengine.study.accounts import Accounts, Cell, Floats
from simengine.study.contrast import differences
from simengine.study.ranking import DECILES, Ranking, by_decile, curve, migration, ranking
from simengine.valuation.by_line import LINES

PROFIT, VALUE = "economic_profit", "value"
EXTREMES = 5  # customers named at either end
COMPARED = ("revenue", "cost_to_serve", "acquisition")  # lines that destroyers of value may differ in
OF_REVENUE = ("cost_of_goods", "cost_to_serve", "acquisition", "capital")  # and lines as a part of revenue


@dataclass(frozen=True)
class CustomerStudy:
    """The study of our customers, in a cell of a run or as a file of profits has them."""

    name: str
    currency: str | None  # None where a file does not say
    accounts: Accounts
    cell: Cell | None = None  # the cell whose values are shown
    to: Cell | None = None  # and the one that deciles are compared with, if any
    summary: dict[str, Any] | None = None  # of the run
    stated: tuple[str, ...] = Statement._fields  # the lines that are known

    @cached_property
    def rankings(self) -> dict[str, Ranking]:
        """By what customers are ranked."""
        return {by: self._ranking(amount) for by, amount in self.amounts.items()}

    @cached_property
    def amounts(self) -> dict[str, Floats]:
        """[N] per customer: economic profit, currency a year; and value, currency, where there is a cell."""
        value = {} if self.cell is None else {VALUE: self.accounts.per_customer(self.cell)}
        return {PROFIT: self.accounts.profit} | value

    @cached_property
    def decile_in_the_other(self) -> NDArray[np.int8] | None:
        """[N] decile by value in the cell that is compared with."""
        return None if self.to is None else self._ranking(self.accounts.per_customer(self.to)).decile

    def _ranking(self, amount: Floats) -> Ranking:
        return ranking(amount, self.accounts.customers, self.accounts.ids)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The study as plain data, for JSON. Money is in units of the currency, lines of the statement are a year."""
        accounts = self.accounts
        return {
            "name": self.name,
            "currency": self.currency,
            "cell": _named(self.cell),
            "mode": None if self.summary is None else self.summary["mode"],
            "replications": None if self.summary is None else self.summary["replications"],
            "customers": float(accounts.customers.sum()),
            "rows": len(accounts.customers),
            "statement": self._statement(accounts.customers),
            "segments": self._segments(),
            "value": self._value(),
            "deciles": {by: self._deciles(by) for by in self.rankings},
            "curve": {by: self._curve(by) for by in self.rankings},
            "creators_and_destroyers": {by: self._signs(by) for by in self.rankings},
            "in_common": self._in_common(),
            "standard_error": self._standard_error(),
            "migration": self._migration(),
        }

    def _statement(self, customers: Floats) -> dict[str, float]:
        """Totals of all lines, of so many customers of each row."""
        return {line: float((customers * self.accounts.lines[line]).sum()) for line in self.stated}

    def _segments(self) -> dict[str, Any]:
        accounts, segments = self.accounts, {}
        for s, name in enumerate(accounts.segment.names):
            here = accounts.segment.code == s
            customers = np.where(here, accounts.customers, 0.0)
            count = float(customers.sum())
            statement = self._statement(customers)
            segments[name] = {
                "customers": count,
                "statement": statement,
                "economic_profit_per_customer": statement[PROFIT] / count if count else None,
                **self._worth_of_segment(name, here),
            }
        return segments

    def _worth_of_segment(self, name: str, here: NDArray[np.bool_]) -> dict[str, Any]:
        if self.cell is None or self.summary is None:
            return {}
        worth, programmes = self.accounts.worth[self.cell], self._of_cell["segments"][name]["programmes"]
        parts = {"present": float(worth.value[here].sum()), "future": worth.future[name], "programmes": programmes}
        whole = sum(parts.values())
        lines = dict(zip(LINES, worth.by_line[self.accounts.segment.names.index(name)].tolist(), strict=True))
        value = {**parts, "value": whole, "by_line": lines}
        return {"value": value, "value_per_share": whole / self.shares}

    @cached_property
    def _of_cell(self) -> dict[str, Any]:
        """The cell in the run's summary."""
        assert self.summary is not None
        return next(c for c in self.summary["cells"] if (c["allocation"], c["move"]) == self.cell)

    @cached_property
    def shares(self) -> float:
        """Shares of the company: what makes value per share of value."""
        parts = [self._of_cell[part] for part in ("present", "future", "unallocated", "financing")]
        largest = max(parts, key=lambda part: abs(part["value"]))
        return float(largest["value"] / largest["value_per_share"]) if largest["value"] else 1.0

    def _value(self) -> dict[str, Any] | None:
        """The parts of value, which add up to the whole."""
        if self.cell is None or self.summary is None:
            return None
        cell, worth = self._of_cell, self.accounts.worth[self.cell]
        parts = {
            "present": float(worth.value.sum()),
            "future": sum(worth.future.values()),
            "programmes": sum(segment["programmes"] for segment in cell["segments"].values()),
            "unallocated": cell["unallocated"]["value"],
            "rounding": cell["rounding"]["value"],
            "enterprise_value": cell["enterprise_value"]["mean"],
            "financing": cell["financing"]["value"],
            "equity_value": cell["equity_value"]["mean"],
        }
        lines = dict(zip(LINES, worth.by_line.sum(axis=0).tolist(), strict=True))
        per_share = {part: value / self.shares for part, value in parts.items()}
        interval = {"value_per_share_ci95": cell["value_per_share"]["ci95"]}
        return {**parts, "by_line": lines, "value_per_share": per_share, **interval}

    def _deciles(self, by: str) -> list[dict[str, Any]]:
        accounts, decile = self.accounts, self.rankings[by].decile
        customers = by_decile(accounts.customers, decile)
        sums = {PROFIT: by_decile(accounts.customers * accounts.profit, decile)}
        if self.cell is not None:
            sums[VALUE] = by_decile(accounts.worth[self.cell].value, decile)
        rows = []
        for d in range(DECILES):
            count = float(customers[d])
            row: dict[str, Any] = {"decile": d + 1, "customers": count}
            for what, amounts in sums.items():
                whole = float(amounts.sum())
                row[what] = float(amounts[d])
                row[f"{what}_per_customer"] = row[what] / count if count else None
                row[f"share_of_{what}"] = row[what] / whole if whole > 0.0 else None
            if self.summary is not None:
                row["value_per_share"] = row[VALUE] / self.shares
            rows.append(row)
        return rows

    def _curve(self, by: str) -> dict[str, Any]:
        found = curve(self.amounts[by], self.accounts.customers, self.rankings[by].order)
        return {
            "peak_share_of_customers": found.peak_customers,
            "peak": found.peak,
            "peak_over_total": found.peak / found.total if found.total > 0.0 else None,
            "total": found.total,
            "share_of_customers": found.customers.tolist(),
            "cumulative": found.amount.tolist(),
        }

    def _signs(self, by: str) -> dict[str, Any]:
        amount, customers = self.amounts[by], self.accounts.customers
        order = self.rankings[by].order
        return {
            "creators": self._group(amount > 0.0, amount, customers),
            "destroyers": self._group(amount < 0.0, amount, customers),
            "highest": [self._customer(row) for row in order[:EXTREMES].tolist()],
            "lowest": [self._customer(row) for row in order[: -EXTREMES - 1 : -1].tolist()],
        }

    def _group(self, who: NDArray[np.bool_], amount: Floats, customers: Floats) -> dict[str, float]:
        count = float(customers[who].sum())
        return {
            "customers": count,
            "share_of_customers": count / float(customers.sum()),
            "amount": float((amount[who] * customers[who]).sum()),
        }

    def _customer(self, row: int) -> dict[str, Any]:
        accounts = self.accounts
        found: dict[str, Any] = {
            "id": str(accounts.ids[row]),
            "segment": accounts.segment.names[int(accounts.segment.code[row])],
            "customers": float(accounts.customers[row]),
            PROFIT: float(accounts.profit[row]),
        }
        if self.cell is not None:
            worth, count = accounts.worth[self.cell], accounts.customers[row]
            error = worth.standard_error
            found[VALUE] = float(worth.value[row] / count)
            found["standard_error"] = None if error is None or np.isnan(error[row]) else float(error[row])
        return found

    def _in_common(self) -> dict[str, Any]:
        """What those who destroy value have in common; where nobody does, those of the lowest decile."""
        accounts, by = self.accounts, VALUE if self.cell is not None else PROFIT
        some, of = self.amounts[by] < 0.0, "destroyers"
        if not some.any():
            decile = self.rankings[by].decile
            some, of = decile == decile.max(), "lowest decile"
        known = accounts.known | {line: accounts.lines[line] for line in self.stated if line in COMPARED}
        revenue = accounts.lines.get("revenue")
        if revenue is not None:
            for line in OF_REVENUE:
                if line in self.stated:
                    nothing = np.full(len(revenue), np.nan)
                    known[f"{line}_of_revenue"] = np.divide(
                        accounts.lines[line], revenue, out=nothing, where=revenue > 0.0
                    )
        sorts = {"segment": accounts.segment} if len(accounts.segment.names) > 1 else {}
        found = differences(some, accounts.customers, known, sorts | accounts.sorts)
        return {"of": of, "by": by, "differences": [each._asdict() for each in found]}

    def _standard_error(self) -> dict[str, float] | None:
        """Of what a customer is worth: how sure a single one's value is."""
        error = None if self.cell is None else self.accounts.worth[self.cell].standard_error
        if error is None or np.isnan(error).all():
            return None
        return {"median": float(np.nanmedian(error)), "highest": float(np.nanmax(error))}

    def _migration(self) -> dict[str, Any] | None:
        after, before = self.rankings.get(VALUE), self.decile_in_the_other
        if after is None or before is None:
            return None
        found = migration(before, after.decile, self.accounts.customers)
        whole = float(found.sum())
        return {
            "from": _named(self.to),
            "to": _named(self.cell),
            "customers": found.tolist(),
            "stay": float(np.trace(found)) / whole,
            "rise": float(np.tril(found, -1).sum()) / whole,
            "fall": float(np.triu(found, 1).sum()) / whole,
        }


def _named(cell: Cell | None) -> dict[str, str] | None:
    return None if cell is None else dict(zip(("allocation", "move"), cell, strict=True))
