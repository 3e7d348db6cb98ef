"""Small symmetric matrices, as many rows as there are effects."""

import numpy as np

from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare


@bare
def root(matrix: FloatArray, lower: FloatArray) -> bool:
    """Cholesky factor of a matrix whose lower half is given; False when it is not positive."""
    n = matrix.shape[0]
    for i in range(n):
        for k in range(i + 1, n):
            lower[i, k] = 0.0
        for k in range(i + 1):
            rest = matrix[i, k]
            for m in range(k):
                rest -= lower[i, m] * lower[k, m]
            if i > k:
                lower[i, k] = rest / lower[k, k]
            elif rest > 0.0:
                lower[i, i] = np.sqrt(rest)
            else:
                return False
    return True


@bare
def solve(lower: FloatArray, right: FloatArray, found: FloatArray) -> None:
    """x of (L Lᵀ) x = right."""
    n = right.size
    for i in range(n):
        rest = right[i]
        for k in range(i):
            rest -= lower[i, k] * found[k]
        found[i] = rest / lower[i, i]
    for i in range(n - 1, -1, -1):
        rest = found[i]
        for k in range(i + 1, n):
            rest -= lower[k, i] * found[k]
        found[i] = rest / lower[i, i]


@bare
def invert(lower: FloatArray, inverse: FloatArray, unit: FloatArray) -> None:
    """(L Lᵀ)⁻¹; ``unit`` (n,) is room to work in."""
    for i in range(unit.size):
        for k in range(unit.size):
            unit[k] = 1.0 if k == i else 0.0
        solve(lower, unit, inverse[i])
