"""Where a customer is found when nothing has moved for long: the stationary distribution of its own transitions.

The logit with inertia sends what leaves any offer to the others in proportion to one set of weights, so the chain
is reversible and its stationary distribution has a closed form: with rho_j the offer's share of the weights and
a_j its turnover (`model.choice`), mass_j is proportional to rho_j / a_j. Our own customers' turnover depends on
their stage; its average over the stationary stages takes the place of a_0. No linear system is solved.
"""

from __future__ import annotations

from simengine.jit import formula


@formula
def mass(review: float, share: float, pull: float) -> float:
    """Unnormalised stationary mass at an offer without stages: rho (1 + rho (pull - 1)) / p."""
    return share * (1.0 + share * (pull - 1.0)) / review


@formula
def mass_slope(share: float, pull: float) -> float:
    """d log mass / d log rho of `mass`."""
    return 1.0 + share * (pull - 1.0) / (1.0 + share * (pull - 1.0))


@formula
def own_stages(review, share, pull_new, pull_established, pull_loyal, promote_new, promote_established):
    """Stationary stages of our customers, for `share` = our part of the weights.

    Returns (fraction new, established, loyal; unnormalised mass rho / a_0; d log mass / d log rho). Leaving in a period
    happens at p (1 - rho) h with h = 1 / (1 + rho (pull - 1)); those who stay are promoted; who joins is new.
    The derivatives (suffix _d, with respect to rho) make the Newton step of the opening exact.
    """
    left = 1.0 - share
    h_n = 1.0 / (1.0 + share * (pull_new - 1.0))
    h_e = 1.0 / (1.0 + share * (pull_established - 1.0))
    h_l = 1.0 / (1.0 + share * (pull_loyal - 1.0))
    h_nd = -(pull_new - 1.0) * h_n * h_n
    h_ed = -(pull_established - 1.0) * h_e * h_e
    h_ld = -(pull_loyal - 1.0) * h_l * h_l
    leave_n, leave_nd = review * left * h_n, review * (left * h_nd - h_n)
    leave_e, leave_ed = review * left * h_e, review * (left * h_ed - h_e)
    leave_l, leave_ld = review * left * h_l, review * (left * h_ld - h_l)

    # Of one customer who joins a period: how many are new, and established; then of all, times the loyal's leaving,
    # which may be nothing: who has no alternative stays for ever.
    out_n = 1.0 - (1.0 - leave_n) * (1.0 - promote_new)
    arrived = 1.0 / out_n
    arrived_d = -arrived * arrived * leave_nd * (1.0 - promote_new)
    out_e = 1.0 - (1.0 - leave_e) * (1.0 - promote_established)
    settled = promote_new * arrived * (1.0 - leave_n) / out_e
    settled_d = (
        promote_new * (arrived_d * (1.0 - leave_n) - arrived * leave_nd)
        - settled * leave_ed * (1.0 - promote_established)
    ) / out_e
    new, new_d = arrived * leave_l, arrived_d * leave_l + arrived * leave_ld
    established, established_d = settled * leave_l, settled_d * leave_l + settled * leave_ld
    loyal = promote_established * settled * (1.0 - leave_e)
    loyal_d = promote_established * (settled_d * (1.0 - leave_e) - settled * leave_ed)

    total = new + established + loyal
    total_d = new_d + established_d + loyal_d
    turnover = review * (new * h_n + established * h_e + loyal * h_l) / total
    turnover_d = (
        review * (new_d * h_n + new * h_nd + established_d * h_e + established * h_ed + loyal_d * h_l + loyal * h_ld)
        - turnover * total_d
    ) / total
    slope = 1.0 - share * turnover_d / turnover
    return new / total, established / total, loyal / total, share / turnover, slope


@formula
def survival(
    new, established, loyal, review, share, pull_new, pull_established, pull_loyal,
    promote_new, promote_established, periods,
):  # fmt: skip
    """Mass of (new, established, loyal) customers of ours that has not left once in `periods` periods."""
    left = review * (1.0 - share)
    leave_n = left / (1.0 + share * (pull_new - 1.0))
    leave_e = left / (1.0 + share * (pull_established - 1.0))
    leave_l = left / (1.0 + share * (pull_loyal - 1.0))
    for _ in range(periods):
        stay_n, stay_e, stay_l = new * (1.0 - leave_n), established * (1.0 - leave_e), loyal * (1.0 - leave_l)
        new = stay_n * (1.0 - promote_new)
        established = stay_n * promote_new + stay_e * (1.0 - promote_established)
        loyal = stay_e * promote_established + stay_l
    return new + established + loyal
