"""What the market does by itself: shocks to the utility of suppliers' offers, and to demand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simengine.scenario.fields import Model, Number, ShockName, SupplierName

DEMAND = "demand"  # among the names of suppliers in correlations, the shock to demand

Volatility = Annotated[float, Number("utility", minimum=0, maximum=10)]
Persistence = Annotated[float, Number("a fraction left after a year", minimum=0, below=1)]
Correlation = Annotated[
    float,
    Number("a correlation", above=-1, below=1, too_large="at 0.9 two go together nearly always"),
]


class SupplierShock(Model):
    """The shock to one supplier, where it differs from that to all."""

    volatility: Volatility | None = None
    """Standard deviation of the utility of its offer in the long run. Left out: as of all suppliers. Example: `0.4`."""
    persistence: Persistence | None = None
    """Fraction of a deviation that is left after a year. Left out: as of all suppliers. Example: `30%`."""


class DemandShock(Model):
    """The shock to what customers of all segments and suppliers spend."""

    volatility: Annotated[float, Number("a fraction of revenue", minimum=0, maximum=1)] = 0
    """Standard deviation of the logarithm of revenue in the long run; its mean stays. Example: `8%`."""
    persistence: Persistence = 0
    """Fraction of a deviation that is left after a year. Example: `50%`."""


class Market(Model):
    """What nobody does and everybody feels: shocks that come by chance and wear off. Nothing deviates today; from then
    on luck adds something in every period, the same in all segments, allocations and moves."""

    volatility: Volatility = 0
    """Standard deviation, in the long run, of the utility of every supplier's offer; that of buying nowhere does not
    deviate unless `suppliers` says so. Example: `0.2`."""
    persistence: Persistence = 0
    """Fraction of a deviation that is left after a year; 0: every period is on its own. Example: `60%`."""
    suppliers: dict[SupplierName, SupplierShock] = Field(default_factory=dict)
    """Shocks that differ from these: {us, a rival or none: {volatility, persistence}}. Example: `{neo: {volatility:
    0.4, persistence: 30%}, none: {volatility: 0.1}}`."""
    demand: DemandShock = DemandShock()
    """The shock to revenue: {volatility, persistence}. Example: `{volatility: 8%, persistence: 50%}`."""
    correlations: dict[ShockName, dict[ShockName, Correlation]] = Field(default_factory=dict)
    """Correlations of what is new in a period, of two suppliers or of one and `demand`, each stated once; others have
    none: {name: {another: correlation}}. Example: `{atlas: {us: 0.4}, demand: {none: -0.5}}`."""

    def volatility_of(self, supplier: str, outside: bool) -> float:
        """Of a supplier's shock; `outside`: of the outside option's."""
        stated = self.suppliers.get(supplier)
        if stated is not None and stated.volatility is not None:
            return stated.volatility
        return 0.0 if outside else self.volatility

    def persistence_of(self, supplier: str) -> float:
        """Of a supplier's shock."""
        stated = self.suppliers.get(supplier)
        return self.persistence if stated is None or stated.persistence is None else stated.persistence

    def correlation(self, one: str, other: str) -> float:
        """Of two names, whichever stands first."""
        return self.correlations.get(one, {}).get(other, self.correlations.get(other, {}).get(one, 0.0))
