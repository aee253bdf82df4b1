"""How sampled mode remembers a customer, books totals ahead, and values a spell with us.

State: supplier (3 bits), the two stage dates (6 bits each, 14 in the wide form), one bit of presence (0: ours at
the opening): 2 bytes per customer, replication and cell up to 62 periods, 4 beyond. A date d means: at the end of
period t, time tau = t + 1, the stage is reached if tau >= d; the opening is tau = 0. The largest date is 'never'.

Joining books both promotions of a spell ahead, leaving unbooks those that have not come.
"""

from __future__ import annotations

import numpy as np

from simengine.jit import formula

u64 = np.uint64
NARROW_BITS, WIDE_BITS = 6, 14
SUPPLIER_BITS = 3
MOST_SUPPLIERS = 1 << SUPPLIER_BITS


def date_bits(periods: int) -> int:
    """Bits of a stage date for a horizon. Raises ValueError beyond 16,382 periods."""
    for bits in (NARROW_BITS, WIDE_BITS):
        if periods <= (1 << bits) - 2:
            return bits
    raise ValueError(f"{periods} periods; at most {(1 << WIDE_BITS) - 2} can be simulated")


def state_type(bits: int) -> type[np.unsignedinteger]:
    """The integer that holds supplier, two dates of `bits` bits, and presence."""
    return np.uint16 if bits == NARROW_BITS else np.uint32


@formula
def pack(supplier, established, loyal, presence, bits):
    """One integer from supplier, dates and presence."""
    return supplier | established << 3 | loyal << (3 + bits) | presence << (3 + 2 * bits)


@formula
def dates(code, bits):
    """(date of becoming established, date of becoming loyal) of a customer of ours."""
    mask = (1 << bits) - 1
    return code >> 3 & mask, code >> (3 + bits) & mask


@formula
def state_at(code, time, bits):
    """Index into `Axes.states` at `time` = periods completed."""
    supplier = code & 7
    if supplier > 0:
        return 2 + supplier
    established, loyal = dates(code, bits)
    return 0 if time < established else (1 if time < loyal else 2)


@formula
def add_run(books, at, cells, sign, money):
    """Add (sign 1) or take away (-1) one customer and its revenue at a place of flat books, in as many cells that
    follow each other."""
    signed = sign * money
    for place in range(u64(at), u64(at + 2 * cells), u64(2)):
        books[place] += sign
        books[place + u64(1)] += signed


@formula
def book_stages(promotions, horizon, cells, r, c, run, code, state, presence, bits, sign, money):
    """Book (sign 1) or unbook (-1) the promotions that are ahead of a customer of ours in `state`, in the `run` cells
    from c on.

    promotions: flat [R, T + 2, 2 promotions, 2 presence, C, 2]; the last date takes what comes after the horizon, or
    has come already.
    """
    established, loyal = dates(code, bits)
    never = horizon + 1
    established = min(established, never) if state == 0 else never
    loyal = min(loyal, never) if state <= 1 else never
    row = r * (horizon + 2)
    add_run(promotions, (((row + established) * 4 + presence) * cells + c) * 2, run, sign, money)
    add_run(promotions, (((row + loyal) * 4 + 2 + presence) * cells + c) * 2, run, sign, money)


@formula
def spell_value(code, period, bits, money, units, c):
    """Value of having been ours before `period`, up to what joining booked: sums of unit values from the start.

    units [C, T + 1, 3 stages, 2]: sums over the periods before each period of what one unit of revenue and one
    customer are worth. `money` and the result are on the money grid.
    """
    established, loyal = dates(code, bits)
    to_e = min(max(established - 1, 0), period)
    to_l = min(max(loyal - 1, 0), period)
    revenue = (
        units[c, to_e, 0, 0] + (units[c, to_l, 1, 0] - units[c, to_e, 1, 0])
        + (units[c, period, 2, 0] - units[c, to_l, 2, 0])
    )  # fmt: skip
    customer = (
        units[c, to_e, 0, 1] + (units[c, to_l, 1, 1] - units[c, to_e, 1, 1])
        + (units[c, period, 2, 1] - units[c, to_l, 2, 1])
    )  # fmt: skip
    return np.int64(np.rint(money * revenue + customer))
