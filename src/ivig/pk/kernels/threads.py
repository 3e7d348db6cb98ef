"""How many threads the kernels use."""

from typing import Any

import numba  # pyright: ignore[reportMissingTypeStubs]
from numba.core import config  # pyright: ignore[reportMissingTypeStubs]

from ivig.errors import InputError


def use_threads(wanted: int) -> int:
    """Let kernels that this thread starts use so many threads; how many there will be.

    numba starts no more than ``NUMBA_NUM_THREADS``, by default one for each core; more are not used.
    The limit is that of the calling thread: each thread that starts kernels has to set its own.

    Raises
    ------
    InputError
        Not 1 or more.
    """
    if wanted < 1:
        raise InputError("threads", wanted, "1 or more")
    settings: Any = config
    used = min(wanted, int(settings.NUMBA_NUM_THREADS))
    numba.set_num_threads(used)  # pyright: ignore[reportUnknownMemberType]
    return used
