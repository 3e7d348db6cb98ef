"""One vector operation that numba's own loops do not become: short runs, known not to overlap.

Written in LLVM's own terms; nothing here has types that a checker could follow.
"""
# pyright: basic

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import unpack_tuple
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from ivig.pk.kernels.schedule import LANES


@intrinsic
def _combine(context: Any, out: Any, to: Any, tables: Any, at: Any, base: Any, factors: Any) -> Any:
    """out[to + j] = base + Σₖ factors[k] · tables[k, at + j] for j < 8; indices are not checked."""
    signature = types.void(out, types.intp, tables, types.intp, types.float64, factors)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target, first, source, start, constant, scales = arguments
        vector = ir.VectorType(ir.DoubleType(), LANES)

        def spread(value: Any) -> Any:
            one = builder.insert_element(
                ir.Constant(vector, ir.Undefined), value, ir.IntType(32)(0)
            )
            same = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
            return builder.shuffle_vector(one, one, same)

        def pointer(data: Any, index: Any) -> Any:
            return builder.bitcast(builder.gep(data, [index]), vector.as_pointer())

        read = make_array(tables)(context, builder, source)
        width = builder.extract_value(read.shape, 1)
        total = spread(constant)
        for k, scale in enumerate(unpack_tuple(builder, scales)):
            index = builder.add(start, builder.mul(width, ir.Constant(width.type, k)))
            values = builder.load(pointer(read.data, index), align=8)
            product = builder.fmul(values, spread(scale), flags=("contract",))
            total = builder.fadd(total, product, flags=("contract",))
        write = make_array(out)(context, builder, target)
        builder.store(total, pointer(write.data, first), align=8)
        return context.get_dummy_value()

    return signature, build


combine: Callable[..., None] = _combine
