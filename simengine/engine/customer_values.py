"""Values of single customers, asked for by range of rows, in integers on the grids of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simengine.jit import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class CustomerValues(Protocol):
    """Sums over replications, of N customers in the kept cells."""

    def __len__(self) -> int:
        """N; 0 where no values are kept."""

    def value(self, start: int, end: int) -> Integers:
        """[2 presence, end - start, kept cells] value of customers start..end, in money_scale."""

    def in_cells(self, columns: slice | Integers) -> CustomerValues:
        """The part in some of the kept cells: views."""

    def present(self, start: int, end: int) -> Integers:
        """[end - start] how many of the row's customers are ours at the opening, in count_scale."""


@dataclass(frozen=True)
class DrawnValues:
    """Values as the engine drew them, customer by customer."""

    values: Integers  # [2, N, kept cells]
    presence: Integers  # [N]
    squares: Floats | None = None  # [N, kept cells] of values as present customers, in money_scale squared

    def __len__(self) -> int:
        return int(self.values.shape[1])

    def value(self, start: int, end: int) -> Integers:
        return self.values[:, start:end]

    def in_cells(self, columns: slice | Integers) -> DrawnValues:
        squares = None if self.squares is None else self.squares[:, columns]
        return replace(self, values=self.values[:, :, columns], squares=squares)

    def present(self, start: int, end: int) -> Integers:
        return self.presence[start:end]


NOBODY = DrawnValues(np.zeros((2, 0, 0), np.int64), np.zeros(0, np.int64))  # no values are kept


@dataclass(frozen=True)
class ExpectedValues:
    """Expected values: linear in a customer's money, so that rows which differ in nothing else share `unit` and `ours`.
    `unit` is added up over replications, in their order.

    P rows were simulated, for N customers.
    """

    unit: Floats  # [2, 2 of a unit of base revenue and of a customer, kept cells, P] on the money grid
    ours: Floats  # [P] probability of being ours at the opening
    row: NDArray[np.int32]  # [N] which of the P rows a customer's is
    weight: Floats  # [N]
    base_revenue: Floats  # [N] currency
    money_scale: float
    count_scale: float
    replications: int = 1
    onward: Floats | None = None  # as `unit`, added up on top of replications before; None: of no interest

    def __len__(self) -> int:
        return len(self.row)

    def value(self, start: int, end: int) -> Integers:
        out = np.empty((2, end - start, self.unit.shape[2]), np.int64)
        expand(self.unit, self.row, self.weight, self.base_revenue, self.money_scale, start, out)
        return out

    def present(self, start: int, end: int) -> Integers:
        expected = self.ours[self.row[start:end]] * self.weight[start:end]
        return np.asarray(np.rint(expected * self.count_scale).astype(np.int64)) * self.replications

    def in_cells(self, columns: slice | Integers) -> ExpectedValues:
        onward = None if self.onward is None else self.onward[:, :, columns]
        return replace(self, unit=self.unit[:, :, columns], onward=onward)

    def of(self, row: NDArray[np.int32], weight: Floats, base_revenue: Floats) -> ExpectedValues:
        """The same for customers of whom `row` [N] says which of the simulated rows stands for them."""
        return replace(self, row=row, weight=weight, base_revenue=base_revenue)


@kernel
def expand(unit: Any, row: Any, weight: Any, base: Any, scale: Any, start: Any, out: Any) -> None:
    """out [2, n, kept] = the values of customers start, start + 1 ..., each rounded once; see `ExpectedValues`."""
    for p in range(2):
        for i in range(out.shape[1]):
            at, count = row[start + i], np.float64(weight[start + i])
            money = base[start + i] * scale
            for k in range(out.shape[2]):
                out[p, i, k] = np.int64(np.rint((unit[p, 0, k, at] * money + unit[p, 1, k, at]) * count))
