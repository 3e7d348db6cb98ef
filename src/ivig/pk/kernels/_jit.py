"""The one place where numba, which has no types, enters.

Machine code is kept from run to run, see ``machine_code``.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, overload

import numba  # pyright: ignore[reportMissingTypeStubs]
from numba.core import config  # pyright: ignore[reportMissingTypeStubs]

from ivig.pk.kernels import machine_code

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
    place = machine_code.folder()
    chosen = {**DEFAULTS, **options, "cache": place is not None}
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = "" if place is None else str(place)  # read when the function is made
    try:
        return compiler(**chosen)(function)
    finally:
        settings.CACHE_DIR = before
