"""The one place where numba, which has no types, enters.

Machine code is kept in ``__pycache__`` beside the source, or in the user's cache where that folder
is read-only; ``NUMBA_CACHE_DIR`` chooses another place. With no writable place each process
compiles anew.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, overload

import numba  # pyright: ignore[reportMissingTypeStubs]

Function = TypeVar("Function", bound=Callable[..., Any])

prange: type[range] = numba.prange  # pyright: ignore[reportUnknownMemberType, reportAssignmentType]

# multiply-add may be one instruction; nothing else of IEEE arithmetic is given up
DEFAULTS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}}


@overload
def njit(function: Function, /) -> Function: ...


@overload
def njit(**options: Any) -> Callable[[Function], Function]: ...


def njit(function: Any = None, /, **options: Any) -> Any:
    """``numba.njit``, cached; bare or with options such as ``parallel=True``."""
    if function is None:
        return partial(_compile, options)
    return _compile(options, function)


def _compile(options: dict[str, Any], function: Any) -> Any:
    compiler: Any = numba.njit  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    chosen = {**DEFAULTS, **options, "cache": True}
    try:
        return compiler(**chosen)(function)
    except RuntimeError:  # no folder for the cache can be written
        return compiler(**{**chosen, "cache": False})(function)
