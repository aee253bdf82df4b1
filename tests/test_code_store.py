"""Compiled code is kept, and what is kept is the code of what is written."""

from __future__ import annotations

import ast
import errno
import inspect
import os
import pkgutil
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import types

import simengine
from simengine import code_store, jit, luck
from simengine.engine.sampled_state import add_run
from simengine.portfolio.in_proportion import uniforms

ROOT = Path(__file__).parent.parent
DRAWN = """
import numpy as np
from simengine.engine.sampled_state import add_run
from simengine.portfolio.in_proportion import uniforms
points = np.empty(3)
uniforms(np.arange(3, dtype=np.uint64), np.uint32(1), np.uint32(2), 16, 0, points)
print(points.tolist())
"""


def stored(folder: Path) -> dict[str, int]:
    """The files with code, and when they were written."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in sorted(folder.rglob("*.code"))}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which code is stored from now on."""
    monkeypatch.setattr(code_store, "FOLDERS", (tmp_path,))
    return tmp_path


def fresh() -> Any:
    """A formula of the package as a new process has it: nothing compiled."""
    return jit.formula(luck.uniform.py_func)


@pytest.fixture
def compiler() -> None:
    if not hasattr(luck.uniform, "py_func"):
        pytest.skip("nothing is compiled")


pytestmark = pytest.mark.usefixtures("compiler")


def test_an_edited_formula_never_runs_stale_in_a_kernel_of_another_file(tmp_path: Path) -> None:
    package = tmp_path / "simengine"
    shutil.copytree(ROOT / "simengine", package, ignore=shutil.ignore_patterns("__pycache__"))
    cache = tmp_path / "cache"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "SIMENGINE_CACHE": str(cache)}

    def drawn() -> list[float]:
        command = [sys.executable, "-c", DRAWN]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        points = ast.literal_eval(done.stdout)
        assert isinstance(points, list)
        return points

    formulas = package / "luck.py"
    written = formulas.read_text()
    as_written = drawn()
    code = stored(cache)
    assert any("uniforms" in name for name in code)

    formulas.write_text(written.replace("(high * 2.0**20 + low + 0.5) * 2.0**-52", "1.0 - high * 2.0**-32"))
    edited = drawn()
    assert edited == pytest.approx([1.0 - point for point in as_written], abs=1e-9)
    assert edited != as_written
    both = stored(cache)
    assert both.items() > code.items()

    formulas.write_text(written)
    assert drawn() == as_written
    assert stored(cache) == both, "versions live beside each other: nothing is compiled again"


def functions() -> Iterator[Any]:
    """Every function of the package that is compiled, as it is written: in whatever file."""
    found = {}
    for module in pkgutil.walk_packages(simengine.__path__, "simengine."):
        if not module.name.endswith("__main__"):
            for value in vars(import_module(module.name)).values():
                if hasattr(value, "py_func") and value.py_func.__module__.startswith("simengine."):
                    found[value.py_func] = None
    yield from found


def test_all_that_compiled_code_imports_is_part_of_the_folder_s_name() -> None:
    """Constants and formulas are compiled in: the file that they are imported from must be among those hashed, also
    if it only hands on what another file holds."""
    hashed = set(code_store.sources())
    checked = 0
    for function in functions():
        module = import_module(function.__module__)
        assert Path(inspect.getfile(module)) in hashed
        names = {node.id for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function))))
                 if isinstance(node, ast.Name)}  # fmt: skip
        tree = ast.parse(inspect.getsource(module))
        for node in [each for each in tree.body if isinstance(each, ast.ImportFrom)]:
            assert node.module is not None
            used = [name.name for name in node.names if (name.asname or name.name) in names]
            if node.module.startswith("simengine.") and used:
                file = Path(inspect.getfile(import_module(node.module)))
                assert file in hashed, (function.__name__, node.module)
                checked += 1
    assert checked


def test_a_processor_s_code_of_a_signature_is_loaded_and_not_compiled_again(folder: Path) -> None:
    assert fresh()(7) == luck.uniform(7)
    code = stored(folder)
    assert len(code) == 1
    again = fresh()
    assert again(7) == luck.uniform(7)
    assert sum(again.stats.cache_hits.values()) == 1
    assert stored(folder) == code
    assert fresh()(7.0) == luck.uniform(7)
    assert len(stored(folder)) == 2


def test_processes_that_store_at_once_never_take_each_other_s_code(folder: Path) -> None:
    """Numba's cache gives both the same file: each has read an index that does not know of the other."""
    one, other = fresh(), fresh()
    inside = other._cache.save_overload

    def late(signature: Any, code: Any) -> None:
        one(7)  # another process compiles and stores while this one is about to
        inside(signature, code)

    other._cache.save_overload = late
    other(7.5)
    assert len(stored(folder)) == 2
    for number in (7, 7.5):
        again = fresh()
        assert again(number) == luck.uniform(number)
        assert sum(again.stats.cache_hits.values()) == 1


def test_code_under_the_name_of_other_code_is_not_loaded(folder: Path) -> None:
    fresh()(7)
    fresh()(7.5)
    one, other = folder.glob("*.code")
    swapped = other.read_bytes(), one.read_bytes()
    for path, code in zip((one, other), swapped, strict=True):
        path.write_bytes(code)
    again = fresh()
    assert again(7) == luck.uniform(7)
    assert sum(again.stats.cache_hits.values()) == 0


class Ordered(NamedTuple):
    low: int
    high: int


def reordered() -> type[tuple[int, int]]:
    class Ordered(NamedTuple):
        high: int
        low: int

    return Ordered


def test_named_tuples_differ_by_the_order_of_their_fields() -> None:
    one, other = (types.NamedTuple((types.int64, types.int64), kind) for kind in (Ordered, reordered()))
    assert str(one) == str(other)
    assert code_store._name(one) != code_store._name(other)


@pytest.mark.parametrize("damage", [lambda code: code[:-1], lambda code: b"", lambda code: code[:-1] + b"?"])
def test_damaged_code_is_compiled_again(damage: Any, folder: Path) -> None:
    fresh()(7)
    (path,) = folder.glob("*.code")
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert fresh()(7) == luck.uniform(7)
    assert path.read_bytes() != damage(whole)
    again = fresh()
    again(7)
    assert sum(again.stats.cache_hits.values()) == 1


def test_a_full_disk_does_not_stop_a_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        path.open("wb").close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert fresh()(7) == luck.uniform(7)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_does_not_stop_a_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SIMENGINE_CACHE": str(tmp_path / "file" / "cache")}
    for temporary, files in ((tmp_path, 1), (tmp_path / "none", 0)):
        names = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
        script = f"import tempfile; tempfile.tempdir = {str(temporary)!r}\n{DRAWN}"
        done = subprocess.run(
            [sys.executable, "-c", script], env={**environment, **names}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        points = np.empty(3)
        uniforms(np.arange(3, dtype=np.uint64), np.uint32(1), np.uint32(2), 16, 0, points)
        assert ast.literal_eval(done.stdout) == points.tolist()
        assert len(stored(temporary)) >= files
        assert not list(temporary.glob("none"))


def test_a_read_only_folder_is_used_for_what_it_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert not code_store._is_usable(folder)
    fresh()(7)
    assert code_store._is_usable(folder)


def test_without_a_home_code_is_kept_where_it_is_said_or_in_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr(code_store.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    for name in ("SIMENGINE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, "")  # as if it were not set
    assert not code_store._folders()[-1].exists()
    (tmp_path / "temporary").mkdir()
    assert code_store._folders()[-1].parent.parent == tmp_path / "temporary"
    monkeypatch.setenv("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", str(tmp_path))
    assert code_store._folders()[-1].parent == tmp_path / "simengine"
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "mine"))
    assert code_store._folders()[-1].parent == tmp_path / "mine"


def test_checks_that_are_compiled_in_have_a_folder_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    without = code_store._fingerprint()
    monkeypatch.setattr(code_store.numba.config, "BOUNDSCHECK", 1)
    assert code_store._fingerprint() != without


def test_what_a_read_only_folder_lacks_is_kept_in_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMENGINE_CACHE", str(tmp_path / "mine"))
    monkeypatch.setattr(code_store.tempfile, "gettempdir", lambda: str(tmp_path))
    (mine,) = code_store._folders()
    monkeypatch.setattr(code_store, "FOLDERS", (mine,))
    fresh()(7)
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or Path(path) != mine)
    assert not code_store.has_room()
    monkeypatch.setattr(code_store, "FOLDERS", code_store._folders())
    assert code_store.FOLDERS[0] == mine
    assert code_store.has_room()
    code = stored(mine)
    for number in (7, 7.5, 7.5):
        again = fresh()
        again(number)
    assert sum(again.stats.cache_hits.values()) == 1
    assert stored(mine) == code
    assert len(stored(code_store.FOLDERS[-1])) == 1, "what is in the other is not stored again"


def test_what_is_compiled_is_told_apart_by_the_elements_of_its_arrays(folder: Path) -> None:
    def formula() -> Any:
        return jit.formula(add_run.py_func)

    formula()(np.ones(2, np.uint16), 0, 1, 1, 1)
    for kernel in (formula(), used := formula()):
        assert jit.is_compiled(kernel)
        assert jit.is_compiled(kernel, "uint16")
        assert not jit.is_compiled(kernel, "uint32")
        used(np.ones(2, np.uint16), 0, 1, 1, 1)
    used(np.ones(2, np.uint32), 0, 1, 1, 1)
    assert jit.is_compiled(used, "uint32")
    (one, other) = folder.glob("*.code")
    for path in (one, other):
        path.rename(path.with_name(path.name.replace(code_store._processor(used.targetctx.codegen()), "00000000")))
    assert not jit.is_compiled(formula()), "code for another processor"
    assert code_store.types_of((types.uint16[::1], types.none, types.int64)) == ["none", "uint16"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners of POSIX")
def test_a_temporary_folder_that_others_can_write_to_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_store.tempfile, "gettempdir", lambda: str(tmp_path))
    root = code_store._temporary_root()
    assert root.parent == tmp_path
    assert code_store._temporary_root() == root
    root.chmod(0o777)
    with pytest.raises(PermissionError):
        code_store._temporary_root()


def test_what_nobody_used_for_a_month_is_removed_and_nothing_else(tmp_path: Path) -> None:
    def made(name: str, days: float) -> Path:
        path = tmp_path / name
        path.mkdir()
        (path / "old.code").touch()
        used = time.time() - days * 24 * 3600
        os.utime(path, (used, used))
        return path

    made("kernels-" + "0" * 20, 31)
    used = made("kernels-" + "1" * 20, 29)
    others = [made("kernels-of-mine", 99), made("runs", 99)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SIMENGINE_CACHE": str(tmp_path)}
    command = [sys.executable, "-c", "from simengine.code_store import FOLDERS; print(FOLDERS[-1])"]
    ours = Path(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip())
    assert sorted(tmp_path.iterdir()) == sorted([ours, used, *others])
    os.utime(ours, (0, 0))
    subprocess.run(command, env=environment, capture_output=True, check=True)
    assert time.time() - ours.stat().st_mtime < 3600, "to use a folder renews it"
