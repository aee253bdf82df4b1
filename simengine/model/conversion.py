"""Moving a customer from one kind of contract to another: what that does to the hazard of leaving."""

from __future__ import annotations

from simengine.model.quantity import Quantity


def converted_hazard(own: Quantity, other: Quantity, causal: float) -> Quantity:
    """Hazard of a customer who moved: `causal` (0 to 1) of the difference between its segment's and the other's.

    Customers under a longer contract leave less, in part because of the contract, in part because of who they
    are; only the first part moves with the contract. Where the other hazard is higher it is raised alike. Both are of
    the customer's own tenure, which is kept, and as the market and levers make them in each segment.
    """
    return own * (1.0 - causal) + other * causal


def converting_hazard(own: Quantity, converted: Quantity) -> Quantity:
    """Hazard in a period of a customer who converts in it: the mean of not having converted and of having so.

    Conversions fall at any time of a period; so lengths of periods agree to the second order.
    """
    return (own + converted) * 0.5
