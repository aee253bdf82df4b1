"""The table that one or several customer files hold, read column by column."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simengine.portfolio.day_order import DayOrder, day_sql
from simengine.portfolio.number_style import NumberStyle, found_styles, stated_style
from simengine.portfolio.open_part import open_part
from simengine.portfolio.sql_text import connect, literal
from simengine.portfolio.table_part import Part, Place
from simengine.scenario.customers import FileFormat
from simengine.scenario.problems import Problem, ScenarioError, did_you_mean

TEXT = np.dtypes.StringDType()
MEMORY = 512 << 20  # bytes that duckdb may take; what it reads of text files beyond that waits on disk
LEAST_MEMORY, PART_OF_MEMORY = 128 << 20, 8  # if memory is short; and what each thread of duckdb needs
MOST_THREADS = 4
NOTHING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "-")  # cells that say that there is no value
NO_DAY = np.iinfo(np.int64).min  # stands for a cell that is no date
_AT_ONCE = 1 << 16  # texts


class CustomerTable:
    """The rows of customer files, one file after the other, in file order. Close it, or use it in a `with`."""

    def __init__(
        self,
        files: Sequence[Path],
        shown: Sequence[str],
        style: FileFormat | None = None,
        wanted: Collection[str] | None = None,
        numbers: Collection[str] | None = None,
        memory: int | None = None,
    ) -> None:
        """Open the files, which messages call `shown`.

        `wanted` names the columns that will be read, `numbers` those of them that hold numbers; None for all.
        `memory` is how many bytes the process may use.
        Raises ScenarioError for files that cannot be read or have different columns.
        """
        self._format = style or FileFormat()
        self._wanted, self._numbers = wanted, numbers
        self._found_styles: list[NumberStyle] = []
        self._folder = tempfile.TemporaryDirectory(prefix="simengine-customers-", ignore_cleanup_errors=True)
        self.notices: list[str] = []  # what was found out about the files and may surprise
        try:
            limit = MEMORY if memory is None else min(MEMORY, max(LEAST_MEMORY, memory // PART_OF_MEMORY))
            threads = min(MOST_THREADS, os.cpu_count() or 1, limit // LEAST_MEMORY)
            folder = self._folder.name
            self._connection = connect(memory_limit=f"{limit >> 20}MiB", threads=threads, temp_directory=folder)
            self.parts = [self._open(i, *file) for i, file in enumerate(zip(files, shown, strict=True))]
            self.columns = self.parts[0].columns
            self.rows = sum(part.rows for part in self.parts)
            self._require_like_columns()
        except BaseException:  # interrupted, too: `__exit__` is not called of what has not been made
            self.close()
            raise

    def __enter__(self) -> CustomerTable:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "_connection"):
            self._connection.close()
        self._folder.cleanup()

    @property
    def shown(self) -> str:
        """The first file's name in messages."""
        return self.parts[0].shown

    def texts(self, column: str) -> NDArray[Any]:
        """The cells without surrounding blanks, as numpy's variable-width strings; "" where empty."""
        texts = np.empty(self.rows, dtype=TEXT)
        at = 0
        for part in self.parts:
            rows = self._connection.execute(f"SELECT coalesce({part.text(column)}, '') FROM {part.relation}")
            while some := rows.fetchmany(_AT_ONCE):
                texts[at : at + len(some)] = [text for (text,) in some]
                at += len(some)
        return texts

    def numbers(self, column: str, *, percent: bool = False) -> NDArray[np.float64]:
        """The cells as numbers, NaN where a cell is empty or not a number; of `percent` also 25 %, as 25."""
        styles = dict(zip((part.relation for part in self.parts), self._styles(), strict=True))
        values = self._column(lambda part: part.number(column, styles[part.relation], percent), np.float64, np.nan)
        values += 0.0  # no -0.0
        return values

    def codes(self, column: str, names: Sequence[str], *, any_case: bool = False) -> NDArray[np.int32]:
        """For every cell the position of its text in `names`, -1 where it is none of them."""
        known = ", ".join(literal(name) for name in names)

        def code(part: Part) -> str:
            text = f"coalesce({part.text(column)}, '')"
            text = f"lower({text})" if any_case else text
            return f"CAST(enum_code(TRY_CAST({text} AS ENUM({known}))) AS INTEGER)"

        return self._column(code, np.int32, -1)

    def values(self, column: str, most: int | None = None) -> tuple[str, ...]:
        """The texts that occur in a column, sorted; "" for empty cells. Of more than `most`, only so many that this can
        be told."""
        found: set[str] = set()
        limit = "" if most is None else f" LIMIT {most + 1}"
        for part in self.parts:
            query = f"SELECT DISTINCT coalesce({part.text(column)}, '') FROM {part.relation}{limit}"
            found.update(text for (text,) in self._connection.execute(query).fetchall())
        return tuple(sorted(found))

    def integers(self, column: str) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """The cells that are whole numbers below 2^62, written plainly, and which cells are such."""
        whole = self._column(lambda part: part.whole(column), np.uint64, 1 << 62)
        return whole, whole < np.uint64(1 << 62)

    def days(self, column: str, order: DayOrder) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The cells as days since 1970, and which cells are dates written in that order."""
        days = self._column(lambda part: day_sql(part.text(column), order), np.int64, NO_DAY)
        return days, days != NO_DAY

    def missing(self, column: str) -> NDArray[np.bool_]:
        """Which cells say that there is no value: empty ones, NA, NULL, NaN and the like."""
        known = ", ".join(map(literal, NOTHING))
        return self._column(lambda part: f"coalesce(lower({part.text(column)}) IN ({known}), true)", np.bool_, True)

    def cells(self, column: str, rows: Sequence[int]) -> list[str]:
        """The text of a few cells, as a message quotes it."""
        found: dict[int, str] = {}
        for part, which, own in self._by_part(rows):
            found.update(zip(which, part.cells(column, own), strict=True))
        return [found[i] or "nothing" for i in range(len(rows))]

    def places(self, cells: Sequence[tuple[int, str]]) -> list[Place]:
        """Where cells (row, column name) stand."""
        found: dict[int, Place] = {}
        for part, which, own in self._by_part([row for row, _ in cells]):
            columns = [cells[i][1] for i in which]
            found.update(zip(which, part.places(list(zip(own, columns, strict=True))), strict=True))
        return [found[i] for i in range(len(cells))]

    def rejected(self) -> list[Problem]:
        """Records that are not rows of the table, as located problems."""
        return [
            Problem(part.shown, each.line, 1, each.found, each.expected)
            for part in self.parts
            for each in part.rejected()
        ]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the relation `customers`: of all columns, in file order, the texts c0, c1, ...
        and the numbers n0, n1, ..., NULL for cells that are none."""
        self._make_view()
        rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return rows

    def arrays(self, sql: str) -> dict[str, NDArray[Any]]:
        """The columns of a query like that of `query`, none of whose cells may be NULL."""
        self._make_view()
        found = self._connection.execute(sql).fetchnumpy()
        return {name: np.ma.getdata(column) for name, column in found.items()}

    def hold(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Let queries see a relation of these columns."""
        self._connection.register(name, dict(columns))

    def _make_view(self) -> None:
        selects = []
        for part, style in zip(self.parts, self._styles(), strict=True):
            read = [i for i, name in enumerate(self.columns) if self._wanted is None or name in self._wanted]
            cells = [f"{part.text(self.columns[i])} AS c{i}" for i in read]
            cells += [f"{part.number(self.columns[i], style, False)} AS n{i}" for i in read]
            selects.append(f"SELECT {', '.join(cells)} FROM {part.relation}")
        self._connection.execute(f"CREATE OR REPLACE VIEW customers AS {' UNION ALL '.join(selects)}")

    def _styles(self) -> list[NumberStyle]:
        """How numbers are written in the text of each file: as stated, else found out from the columns with numbers."""
        if not self._found_styles and (stated := stated_style(self._format.decimal, self._format.thousands)):
            self._found_styles = [stated] * len(self.parts)
        if not self._found_styles:
            columns: dict[str, tuple[Part, str]] = {}
            for i, part in enumerate(self.parts):
                numbers = [c for c in part.columns if self._numbers is None or c in self._numbers]
                columns |= {f"{i} {column}": (part, column) for column in numbers if part.is_text(column)}

            def occurs(key: str, pattern: str) -> bool:
                part, column = columns[key]
                fits = f"regexp_full_match({part.text(column)}, {literal(pattern)})"
                return bool(self._connection.execute(f"SELECT 1 FROM {part.relation} WHERE {fits} LIMIT 1").fetchall())

            keys = [[key for key in columns if columns[key][0] is part] for part in self.parts]
            self._found_styles = found_styles(keys, occurs)
            for part, style in zip(self.parts, self._found_styles, strict=True):
                if style.decimal == ",":
                    told = f"{part.shown} is read with decimal commas"
                    self.notices.append(f"{told}; state portfolio.format.decimal if it has decimal points")
        return self._found_styles

    def _column(self, expression: Callable[[Part], str], dtype: type[np.generic], nothing: float) -> NDArray[Any]:
        """A column of all parts; `nothing` is what stands for NULL."""
        columns = []
        for part in self.parts:
            query = f"SELECT {expression(part)} AS value FROM {part.relation}"
            found = self._connection.execute(query).fetchnumpy()["value"]
            column = np.ma.asarray(found).astype(dtype, copy=False)
            columns.append(np.ma.filled(column, nothing))
        return columns[0] if len(columns) == 1 else np.concatenate(columns)

    def _by_part(self, rows: Sequence[int]) -> list[tuple[Part, list[int], list[int]]]:
        """The parts that rows of the table are in, the positions of these in `rows`, and their rows in the part."""
        found, first = [], 0
        for part in self.parts:
            which = [i for i, row in enumerate(rows) if first <= row < first + part.rows]
            if which:
                found.append((part, which, [rows[i] - first for i in which]))
            first += part.rows
        return found

    def _open(self, number: int, path: Path, shown: str) -> Part:
        work = Path(self._folder.name) / f"{number}.csv"
        part, notice = open_part(self._connection, number, path, shown, work, self._format, self._wanted)
        self.notices += [notice] if notice else []
        return part

    def _require_like_columns(self) -> None:
        problems = []
        for part in self.parts[1:]:
            lacking = [name for name in self.columns if name not in part.columns]
            further = [name for name in part.columns if name not in self.columns]
            for name in lacking:
                found, expected = f"no column '{name}'", f"the columns of {self.shown}"
                problems.append(Problem(part.shown, 1, 1, found, expected, did_you_mean(name, further)))
            for name in further if not lacking else ():
                found, expected = f"a column '{name}'", f"the columns of {self.shown}, which has none"
                problems.append(Problem(part.shown, 1, 1, found, expected))
        if problems:
            raise ScenarioError(problems)
