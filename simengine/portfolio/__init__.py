"""Who the customers are: customer files, synthetic populations, prospects, hazards by tenure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simengine.portfolio.load import load_portfolio as load_portfolio


def __getattr__(name: str) -> Any:
    if name == "load_portfolio":  # brings numba and duckdb, which a look at a name should not
        from simengine.portfolio.load import load_portfolio

        return load_portfolio
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
