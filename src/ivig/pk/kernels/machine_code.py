"""Where compiled kernels are kept between runs.

numba compares the file of a compiled function only, and not the files of the functions that are
compiled into it nor the constants that they import. So the folder is named by a digest of every
source file of ``ivig.pk``, the versions of Python, NumPy and numba, and the processor: any of them
changed, and another folder is used. Folders of other versions may be deleted at any time.

The folder is in the user's cache; ``NUMBA_CACHE_DIR`` chooses another place. Where none can be
written each process compiles anew.
"""

import hashlib
import os
import platform
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding  # pyright: ignore[reportMissingTypeStubs]
import numba  # pyright: ignore[reportMissingTypeStubs]
import numpy as np

SHOWN = 16  # digits of the digest, enough for versions on one machine


def sources_digest(folder: Path) -> str:
    """SHA-256 of the names and contents of all Python files in a folder, hexadecimal."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        found.update(f"{name}\n{len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


@cache
def folder() -> Path | None:
    """The folder of this version, made if need be; None where none can be written."""
    place = _user_cache() / f"kernels-{_version()}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        return None
    return place


def is_kept(function: Any) -> bool:
    """Whether machine code of a compiled function is kept, so that its first call is fast."""
    place = folder()
    if place is None:
        return False
    module = function.__module__.rpartition(".")[2]
    return any(place.rglob(f"{module}.{function.__qualname__}-*.nbi"))


def _version() -> str:
    parts = (
        sources_digest(Path(__file__).parents[1]),
        platform.python_implementation(),
        sys.version.split()[0],
        np.__version__,
        str(numba.__version__),  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportAttributeAccessIssue]
        str(llvmlite.binding.get_host_cpu_name()),  # pyright: ignore[reportUnknownMemberType]
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:SHOWN]


def _user_cache() -> Path:
    """As the system has it."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "ivig"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ivig"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivig"
