"""The rooms of the house: imports go one way, and what enters a result is computed with the same bits everywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "simengine"

# From the top to the ground; rooms of one floor do not see each other.
FLOORS = (
    {"cli"},
    {"bench"},
    {"report"},
    {"segmentation"},
    {"study", "survey", "synthesis", "calibration"},
    {"results"},
    {"valuation"},
    {"engine"},
    {"timeline"},
    {"tables"},
    {"portfolio", "model"},
    {"scenario"},
)
HEIGHT = {room: -floor for floor, rooms in enumerate(FLOORS) for room in rooms}
ENTRANCE = {"__init__", "__main__"}  # of the package: may see every room
LEAVES = {  # and the leaves each may see
    "unfinished": set[str](),
    "code_store": set[str](),
    "jit": {"code_store"},
    "arithmetic": {"jit"},
    "luck": {"jit"},
}

ABOVE_RESULTS = {"cli", "report", "study", "survey", "synthesis", "results"}
EVERY_ROOM = set(HEIGHT) | set(LEAVES) | ENTRANCE
ONLY_IN = {  # library: the rooms that may see it
    "numpy": EVERY_ROOM - {"scenario"},
    "numba": EVERY_ROOM - {"scenario"},
    "scipy": EVERY_ROOM - {"scenario"},
    "sklearn": {"segmentation"},
    "nashpy": {"study"},
    "threadpoolctl": {"segmentation"},
    "pydantic": EVERY_ROOM - {"model", "engine"},
    "pandas": ABOVE_RESULTS,
    "xarray": ABOVE_RESULTS,
    "duckdb": {"portfolio", "synthesis", "scenario"},  # the others ask portfolio.sql_text
    "python_calamine": {"portfolio"},
    "ruamel": {"scenario"},
    "rich": {"report", "cli"},
    "simpy": {"timeline"},
    "typer": {"cli"},
    "plotly": {"report"},
    "xlsxwriter": {"report"},
}

SAME_BITS = (
    "portfolio",
    "model",
    "tables",
    "timeline",
    "engine",
    "valuation",
    "results",
    "synthesis",
)  # from a scenario to its summary

UNSAFE_NUMPY = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2", "power",
    "float_power", "cbrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "sinh", "cosh",
    "tanh", "arcsinh", "arccosh", "arctanh", "hypot", "logspace", "geomspace", "dot", "vdot", "inner",
    "matmul", "matvec", "vecmat", "vecdot", "tensordot", "cov", "corrcoef", "convolve", "correlate",
    "polyfit", "argpartition", "i0", "sinc", "random", "linalg", "fft",
}  # fmt: skip
UNSAFE_MATH = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow", "cbrt", "sin", "cos", "tan", "asin",
    "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot", "dist",
    "gamma", "lgamma", "erf", "erfc",
}  # fmt: skip
UNSAFE_MODULES = {"random", "cmath", "statistics", "secrets"}
SAFE_SCIPY = {"scipy.special.ndtri", "scipy.optimize.brentq", "scipy.stats.qmc"}
COMPILER_FLAGS = {"fastmath", "parallel"}
ALLOWED: dict[tuple[str, str], str] = {}  # (file, what): why its bits cannot reach a result


def sources(*rooms: str) -> list[Path]:
    """The source files of some rooms, or of the whole package."""
    found = [path for path in sorted(PACKAGE.rglob("*.py")) if not rooms or room_of(path) in rooms]
    assert found, f"no source files in {rooms}"
    return found


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a file imports, wherever it stands in the file."""
    package = ("simengine", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *([node.module] if node.module else [])))
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def wrong_direction(room: str, other: str) -> str | None:
    """Why `room` may not import `other` and where the code belongs; None if it may."""
    if room == other or room in ENTRANCE:
        return None
    if other not in HEIGHT and other not in LEAVES:
        return None if other == "__version__" else f"{other} is the package's public door: use the room behind it"
    if room in LEAVES:
        return None if other in LEAVES[room] else f"{room} is a leaf: what needs {other} belongs in a room above"
    if other in LEAVES:
        return (
            "scenario sees no numbers of the engine: move this to portfolio or tables" if room == "scenario" else None
        )
    if HEIGHT[other] < HEIGHT[room]:
        return None
    if HEIGHT[other] == HEIGHT[room]:
        return f"{room} and {other} stand side by side: what needs both belongs in tables"
    return f"{other} stands above {room}: what both need belongs in {room} or below, what uses both in {other} or above"


def import_mistakes(path: Path, tree: ast.AST) -> Iterator[str]:
    room = room_of(path)
    for line, name in imported(path, tree):
        parts = name.split(".")
        place = f"{path.relative_to(PACKAGE.parent)}:{line} imports {name}"
        if parts[0] == "simengine":
            reason = wrong_direction(room, parts[1]) if len(parts) > 1 else "name the room, not the package"
            if reason:
                yield f"{place}: {reason}"
        elif room not in ONLY_IN.get(parts[0], EVERY_ROOM):
            yield f"{place}: only {', '.join(sorted(ONLY_IN[parts[0]]))} may; move the code there"


def names_of(tree: ast.AST) -> dict[str, str]:
    """What the names that a file imports stand for: {"np": "numpy", "log": "math.log"}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(
                {n.asname or n.name.split(".")[0]: n.name if n.asname else n.name.split(".")[0] for n in node.names}
            )
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({name.asname or name.name: f"{node.module}.{name.name}" for name in node.names})
    return found


def meaning(node: ast.AST, names: dict[str, str]) -> str:
    """The full name of `np.exp` or of a name imported; "" for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = meaning(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


def unsafe_name(name: str) -> bool:
    module, _, rest = name.partition(".")
    first = rest.split(".")[0]
    return (
        (module == "numpy" and first in UNSAFE_NUMPY)
        or (module == "math" and first in UNSAFE_MATH)
        or module in UNSAFE_MODULES
        or (module == "scipy" and not any(safe.startswith(name) or name.startswith(safe) for safe in SAFE_SCIPY))
    )


def safe_power(base: ast.expr, exponent: ast.expr) -> bool:
    """x ** 2 is a product; 2 ** 10 and 2.0 ** -32 are exact."""
    if isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub):
        exponent = exponent.operand
        squared = False
    else:
        squared = isinstance(exponent, ast.Constant) and exponent.value == 2 and isinstance(exponent.value, int)
    whole = isinstance(exponent, ast.Constant) and isinstance(exponent.value, int)
    return squared or (whole and isinstance(base, ast.Constant) and base.value == 2)


def keyword(call: ast.Call, name: str) -> object:
    """The value of a literal keyword argument; None if it is not given."""
    return next((k.value.value for k in call.keywords if k.arg == name and isinstance(k.value, ast.Constant)), None)


def unsafe_call(call: ast.Call) -> str | None:
    if isinstance(call.func, ast.Name) and call.func.id == "pow":
        return "pow"
    if not isinstance(call.func, ast.Attribute):
        return None
    method = call.func.attr
    if method == "argsort" and keyword(call, "kind") != "stable" and keyword(call, "stable") is not True:
        return "argsort without kind='stable'"
    if method == "einsum" and any(k.arg == "optimize" for k in call.keywords):
        return "einsum(optimize=...)"
    return method if method in ("dot", "argpartition") else None


def unsafe(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and description of everything whose bits depend on the processor or on the order of draws."""
    names = names_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and unsafe_name(meaning(node, names)):
            yield node.lineno, meaning(node, names)
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.MatMult):
            yield node.lineno, "@"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Pow):
            if isinstance(node, ast.AugAssign) or not safe_power(node.left, node.right):
                yield node.lineno, "**"
        elif isinstance(node, ast.Call) and (found := unsafe_call(node)):
            yield node.lineno, found
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [n.name for n in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from ((node.lineno, m) for m in modules if m.split(".")[0] in UNSAFE_MODULES)


def compiler_flags(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of what lets the compiler reorder sums or run its own threads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in COMPILER_FLAGS:
            yield node.value.lineno, str(node.arg)
        elif (isinstance(node, ast.Name) and node.id == "prange") or (
            isinstance(node, ast.Attribute) and node.attr == "prange"
        ):
            yield node.lineno, "prange"


def test_imports_go_one_way() -> None:
    mistakes = [mistake for path in sources() for mistake in import_mistakes(path, ast.parse(path.read_text("utf-8")))]
    assert not mistakes, "\n" + "\n".join(mistakes)


def test_every_room_is_known() -> None:
    unknown = {room_of(path) for path in sources()} - EVERY_ROOM
    assert not unknown, f"add {unknown} to the floors of this test and to the README's picture"


def test_results_are_computed_with_the_same_bits_everywhere() -> None:
    found = [
        f"{path.relative_to(PACKAGE.parent)}:{line} uses {what}: use simengine.arithmetic, luck, or a safe form"
        for path in sources(*SAME_BITS)
        for line, what in unsafe(ast.parse(path.read_text("utf-8")))
        if (path.relative_to(PACKAGE).as_posix(), what) not in ALLOWED
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_compiler_flag_reorders_sums() -> None:
    found = [
        f"{path.relative_to(PACKAGE.parent)}:{line} uses {what}"
        for path in sources()
        for line, what in compiler_flags(ast.parse(path.read_text("utf-8")))
    ]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("room", "line", "reason"),
    [
        ("engine", "from simengine.results.run import run", "results stands above engine"),
        ("engine", "from ..valuation import value", "valuation stands above engine"),
        ("model", "def f():\n    from simengine.portfolio import load", "side by side"),
        ("scenario", "from simengine import luck", "move this to portfolio"),
        ("scenario", "import numpy as np", "may; move the code there"),
        ("engine", "import xarray", "may; move the code there"),
        ("results", "import duckdb", "only portfolio, scenario, synthesis may"),
        ("portfolio", "from ruamel.yaml import YAML", "only scenario may"),
        ("results", "from rich.text import Text", "only cli, report may"),
        ("tables", "from simengine import run", "public door"),
        ("luck", "from simengine.scenario import load_scenario", "is a leaf"),
    ],
)
def test_a_wrong_import_is_found_and_explained(room: str, line: str, reason: str) -> None:
    path = PACKAGE / f"{room}.py" if room in LEAVES else PACKAGE / room / "invented.py"
    (mistake,) = import_mistakes(path, ast.parse(line))
    assert reason in mistake
    assert f"simengine/{room}" in mistake


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nnp.exp(x)",
        "import numpy\nmap(numpy.log, x)",
        "from math import log as ln\nln(x)",
        "import math\nmath.pow(x, y)",
        "from numpy import power\npower(x, 3)",
        "import numpy as np\nnp.random.default_rng(1)",
        "import numpy as np\nnp.linalg.solve(a, b)",
        "import random",
        "from random import gauss",
        "x ** 3",
        "x ** 2.0",
        "x ** -2",
        "x **= 2",
        "1.1 ** 2.5",
        "pow(x, 2)",
        "a @ b",
        "a.dot(b)",
        "a.argsort()",
        "import numpy as np\nnp.argsort(a, kind='quicksort')",
        "import numpy as np\nnp.einsum('ij->i', a, optimize=True)",
        "from scipy.special import gammaln\ngammaln(x)",
        "from scipy import stats\nstats.t.ppf(p, 3)",
    ],
)
def test_an_unsafe_name_is_found(code: str) -> None:
    assert list(unsafe(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nnp.sqrt(x) + np.sum(x) + np.floor(x) + np.percentile(x, 5)",
        "from simengine.arithmetic import exp, log\nexp(log(x))",
        "x ** 2 + 2 ** 10 + 2.0 ** -32",
        "import numpy as np\nnp.argsort(a, kind='stable')",
        "import numpy as np\nnp.einsum('ij,j->i', a, b)",
        "import math\nmath.sqrt(x) + math.inf",
        "from scipy.optimize import brentq\nbrentq(f, 0, 1)",
        "from scipy.stats import qmc\nqmc.Sobol(3)",
    ],
)
def test_a_safe_form_is_not_found(code: str) -> None:
    assert not list(unsafe(ast.parse(code)))


@pytest.mark.parametrize("code", ["njit(fastmath=True)", "njit(parallel=False)", "for i in numba.prange(3): pass"])
def test_a_compiler_flag_is_found(code: str) -> None:
    assert list(compiler_flags(ast.parse(code)))
