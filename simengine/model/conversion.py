"""Moving a customer from one kind of contract to another: what that does to the hazard of leaving."""

from __future__ import annotations

from simengine.model.quantity import Quantity


def converted_hazard(own: Quantity, other: Quantity, causal: float) -> Quantity:
    """Hazard of a customer who moved: `causal` (0 to 1) of the difference between its segment's and the other's.

    Customers under a longer contract leave less, in part because of the contract, in part because of who they
    are; only the first part moves with the contract. Where the other hazard is higher it is raised alike. Both are of
    the customer's own tenure, which is kept.
    """
    return own - (own - other) * causal
