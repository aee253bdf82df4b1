"""Where compiled code is kept from one run to the next.

Numba does not notice that an imported compiled function was edited (numba#1833), so the folder is named by a hash of
every source file that takes part in what is compiled, and of the versions that compile it: versions live beside each
other, and who edits a formula never meets the old one. A folder that nobody used for a month is removed.

Numba's own cache numbers the signatures of a function in an index. Two processes that write to it at once can each
take the other's code for theirs, so here every signature is a file of its own, written in one step, with a digest.
Where nothing can be stored, a run goes on without.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

_PACKAGE = Path(__file__).parent
_UNUSED = 30 * 24 * 3600.0  # seconds after which a folder is of no use any more
_DIGEST = 16  # bytes

_COMPILED = re.compile(r"^from simengine\.jit import .*\b(?:formula|instruction|kernel)\b", re.MULTILINE)
_IMPORT = re.compile(r"^from simengine\.([\w.]+) import (\([^)]*\)|.*)", re.MULTILINE)
_NAME, _CONSTANT = re.compile(r"\w+"), re.compile(r"[A-Z][A-Z0-9_]+")
_APPLIED = re.compile(r"\b(?:formula|kernel)\((\w+)\)")  # to what another file has written in plain Python


def sources() -> list[Path]:
    """The files that hold what is compiled, those that it and the constants in it are imported from, and those that
    hand on what another file holds, sorted."""
    found = {Path(__file__), _PACKAGE / "jit.py", *_PACKAGE.rglob("__init__.py")}
    for path in _PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if _COMPILED.search(text):
            found.add(path)
            applied = set(_APPLIED.findall(text))
            imports = ((module, _NAME.findall(names)) for module, names in _IMPORT.findall(text))
            rooms = (m for m, names in imports if any(_CONSTANT.fullmatch(name) or name in applied for name in names))
            found.update(_PACKAGE.joinpath(*module.split(".")).with_suffix(".py") for module in rooms)
    return sorted(path for path in found if path.exists())


def _fingerprint() -> str:
    digest = hashlib.blake2b(digest_size=10)
    flags = (numba.config.BOUNDSCHECK, numba.config.OPT)  # type: ignore[attr-defined]
    for part in (numba.__version__, llvmlite.__version__, platform.python_version(), *flags):
        digest.update(f"{part}\n".encode())
    for path in sources():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _root() -> Path:
    """The user's folder for what can be made again. Raises OSError if there is no home for it."""
    if stated := os.environ.get("SIMENGINE_CACHE"):
        return Path(stated)
    windows = sys.platform == "win32"
    if stated := os.environ.get("LOCALAPPDATA" if windows else "XDG_CACHE_HOME"):
        return Path(stated) / "simengine"
    try:
        home = Path.home()
    except RuntimeError as error:  # a user whom the system does not know, as in some containers
        raise FileNotFoundError(str(error)) from error
    return home.joinpath(*(("AppData", "Local") if windows else (".cache",))) / "simengine"


def _folders() -> tuple[Path, ...]:
    """Where this build's compiled code is looked for, the last of which is where it is stored: the user's folder; a
    temporary one if that is none, or is read-only. If there is neither, it does not exist, and nothing is stored."""
    name, found = f"kernels-{_fingerprint()}", []
    for root in (_root, _temporary_root):
        with suppress(OSError):
            folder = root() / name
            if _is_usable(folder):
                found.append(folder)
            if os.access(folder, os.W_OK):
                break
    return tuple(found) or (Path(os.devnull) / name,)


def _temporary_root() -> Path:
    """A folder that is this user's alone: to load code is to run it, and all write to the folder above.

    Raises OSError if somebody else has made it.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0  # where there are none, the folder above is the user's own
    root = Path(tempfile.gettempdir()) / f"simengine-{user}"
    root.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and (root.lstat().st_uid != user or root.lstat().st_mode & 0o022):
        raise PermissionError(str(root))
    return root


def _is_usable(folder: Path) -> bool:
    """Whether code can be stored in a folder, or is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _remove_unused(folder.parent)
    with suppress(OSError):
        os.utime(folder)
    return os.access(folder, os.W_OK) or any(folder.glob("*.code"))


def _remove_unused(root: Path) -> None:
    """Remove the folders of other versions that no process has used for a month."""
    for folder in root.glob("kernels-" + "[0-9a-f]" * 20):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _UNUSED:
                shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Storing:
    """What this process, or a second one for it, has compiled, and why the last of it that could not be stored was
    not."""

    compiled: int = 0  # functions, once for each of their signatures
    refusal: OSError | None = None


@dataclass
class Elsewhere:
    """What another process does meanwhile."""

    compiled: Callable[[str], bool] | None = None  # whether it has what is stored by a name, waiting for it if need be


FOLDERS = _folders()
STORING = Storing()
ELSEWHERE = Elsewhere()


def has_room() -> bool:
    """Whether there is a folder in which compiled code can be stored."""
    return os.access(FOLDERS[-1], os.W_OK)


class CodeStore(NullCache):
    """The stored code of one function of this package, a file for each signature and kind of processor."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self._stem = f"{function.__module__.removeprefix('simengine.')}.{function.__qualname__}"

    @property
    def cache_path(self) -> str:
        return str(FOLDERS[-1])

    def is_there(self, codegen: Any, *types: str) -> bool:
        """Whether code for this processor is stored, for any signature that has these types, see `types_of`."""
        pattern = f"{self._stem}-{'*'.join(['', *sorted(types), ''])}-{_processor(codegen)}-*.code"
        return any(any(folder.glob(pattern)) for folder in FOLDERS)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled code for a signature, None if there is none that is whole and none comes from elsewhere."""
        target_context.refresh()
        name = self.file_name(sig, target_context.codegen())
        found = _loaded(name, target_context)
        if found is None and ELSEWHERE.compiled is not None and ELSEWHERE.compiled(name):
            found = _loaded(name, target_context)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store compiled code, if there is room for it and it does not hold addresses of this process."""
        if data.lifted or data.library.has_dynamic_globals:
            return
        path = FOLDERS[-1] / self.file_name(sig, data.codegen)
        partial = path.with_suffix(f".partial-{os.getpid()}")
        STORING.compiled += 1
        code = dumps(data._reduce())  # type: ignore[no-untyped-call]
        try:
            partial.write_bytes(_digest(path.name.encode() + code) + code)
            partial.replace(path)
        except OSError as refusal:  # no room, a folder that was removed or is read-only, a file that is in use
            STORING.refusal = refusal
            with suppress(OSError):
                partial.unlink()

    def file_name(self, signature: Any, codegen: Any) -> str:
        """Where the code of a signature is stored, in any of the folders."""
        place = self._function.__code__.co_firstlineno
        address = _digest(repr((place, *map(_name, signature))).encode()).hex()
        return f"{self._stem}-{'_'.join(types_of(signature))}-{_processor(codegen)}-{address}.code"


def is_stored(name: str) -> bool:
    """Whether there is code by a file's name."""
    return any((folder / name).exists() for folder in FOLDERS)


def _loaded(name: str, target_context: Any) -> Any:
    for folder in FOLDERS:
        with suppress(OSError):
            data = (folder / name).read_bytes()
            digest, code = data[:_DIGEST], data[_DIGEST:]
            if digest == _digest(name.encode() + code):
                return CompileResult._rebuild(target_context, *pickle.loads(code))  # type: ignore[no-untyped-call]
    return None


def types_of(signature: Any) -> list[str]:
    """What tells signatures of a kernel apart: the types of the elements of arrays among its arguments, the names of
    named tuples, and `none` where one of them is None, sorted."""
    found = {str(kind.dtype) for kind in signature if hasattr(kind, "dtype") and hasattr(kind, "ndim")}
    found |= {kind.instance_class.__name__ for kind in signature if hasattr(kind, "instance_class")}
    return sorted(found | {str(kind) for kind in signature if kind is numba.types.none})


def _processor(codegen: Any) -> str:
    """What code is for: the kind of processor and its features."""
    return hashlib.blake2b(repr(codegen.magic_tuple()).encode(), digest_size=4).hexdigest()


def _name(kind: Any) -> str:
    """A type in full: two named tuples may differ in the order of their fields alone."""
    if hasattr(kind, "fields"):
        return f"{kind.fields} {' '.join(map(_name, kind.types))}"
    return str(kind)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()
