"""Warming up compiles all there is, once, and what is kept is told."""

import numpy as np
from bench.populations import IV, SC, linear

from ivig.pk.kernels import eigenmodes, make_schedule, simulate_linear
from ivig.pk.kernels.map_fit import _fit_all, _fit_some
from ivig.pk.kernels.posterior import _sample_all, _sample_some
from ivig.pk.kernels.warm_up import levels_are_ready, warm_up


def test_every_kernel_is_called_and_kept() -> None:
    names = [name for name, _ in warm_up()]
    assert len(set(names)) == len(names) == 6
    for _, compile_it in warm_up():
        compile_it()
    assert levels_are_ready()


def test_nothing_compiles_again_for_other_arguments() -> None:
    for _, compile_it in warm_up():
        compile_it()
    kernels = (eigenmodes.run, _fit_all, _fit_some, _sample_all, _sample_some)
    before = [len(kernel.signatures) for kernel in kernels]
    people, times = linear(3), np.array([5.0, 2.0])
    for doses in (IV, SC):
        people.simulate(make_schedule(doses, times), np.empty((3, 2)))
    frozen = people.CL_L_per_day.copy()
    frozen.setflags(write=False)
    simulate_linear(
        frozen, people.Vc_L, None, None, None, None, np.full(3, 4.0), np.full(3, 70.0),
        make_schedule(IV, times),
    )  # fmt: skip
    assert [len(kernel.signatures) for kernel in kernels] == before == [1] * 5
