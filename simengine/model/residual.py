"""Value beyond the horizon, as seen from the horizon's end.

Every method is linear in what the horizon ends with: mean NOPAT per period over the last year (a season
must not decide) and capital; a run-off also in how long those customers last. So parts keep adding up beyond it.
"""

from __future__ import annotations

from typing import Protocol

from simengine.model.discounting import fading_annuity


class ResidualMethod(Protocol):
    """How value beyond the horizon is reckoned."""

    @property
    def method(self) -> str:
        """none, book, perpetuity, fade or run_off."""

    @property
    def periods(self) -> int:
        """Length of the fade in periods."""

    @property
    def growth(self) -> float:
        """Growth of the perpetuity per period."""


def residual_coefficients(residual: ResidualMethod, rate_per_period: float) -> tuple[float, float]:
    """(a, b) of: residual value = a * mean NOPAT per period + b * capital at the horizon.

    - none: nothing is left.
    - book: capital is given back.
    - perpetuity: (N (1 + g) - g C) / (k - g): NOPAT and capital grow at g < k for ever.
      Source: Miller & Modigliani 1961, J. Business 34(4), 411-433, doi:10.1086/294442.
    - fade: C + (N - k C) * `fading_annuity`: economic profit, gain or loss, falls to nothing in a line.
      Source of value as capital plus economic profit that dies away: Ohlson 1995, Contemporary Accounting
      Research 11(2), 661-687, doi:10.1111/j.1911-3846.1995.tb00461.x.
    - run_off: C less what it is charged for one more period, C - v k C = v C; `valuation.run_off` adds what the
      customers bring until they leave.
    """
    if residual.method == "run_off":
        return 0.0, 1.0 / (1.0 + rate_per_period)
    if residual.method == "none":
        return 0.0, 0.0
    if residual.method == "book":
        return 0.0, 1.0
    if residual.method == "perpetuity":
        growth, spread = residual.growth, rate_per_period - residual.growth
        if not spread > 0.0:
            raise ValueError(
                f"growth of a perpetuity ({growth:g}) must be below the discount rate ({rate_per_period:g}), "
                "both per period"
            )
        return (1.0 + growth) / spread, -growth / spread
    if residual.method == "fade":
        annuity = fading_annuity(rate_per_period, residual.periods)
        return annuity, 1.0 - rate_per_period * annuity
    raise ValueError(f"residual is none, book, perpetuity, fade or run_off, not {residual.method!r}")
