"""Threads of the compiled code: as many as asked, at most those there are."""

import numba
import pytest

from ivig.errors import InputError
from ivig.pk.kernels import use_threads


def test_the_limit_is_set_and_told() -> None:
    before = numba.get_num_threads()
    try:
        assert use_threads(1) == 1
        assert numba.get_num_threads() == 1
        assert use_threads(10**6) == numba.config.NUMBA_NUM_THREADS
        assert numba.get_num_threads() == numba.config.NUMBA_NUM_THREADS
    finally:
        numba.set_num_threads(before)


def test_no_thread_is_refused() -> None:
    with pytest.raises(InputError, match="threads"):
        use_threads(0)
