"""Compiled functions that make no arrays.

numba counts references to every array of a tuple at each call, which costs more than the arithmetic
of one patient; a function that makes none needs no counting. One that did would not compile.
"""

from ivig.pk.kernels._jit import njit

bare = njit(_nrt=False)
