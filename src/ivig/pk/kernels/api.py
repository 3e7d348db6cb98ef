"""The kernels as functions of named parameters, with what cannot be computed refused."""

from collections.abc import Sequence

import numpy as np

from ivig.errors import InputError
from ivig.pk.kernels import eigenmodes, fcrn
from ivig.pk.kernels.schedule import FloatArray, Schedule
from ivig.pk.schedule import Train

Linear = tuple[
    FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray,
    FloatArray,
]  # fmt: skip
"""CL, Vc, Q, Vp, KA, F, F of facilitated doses, own level, scale of doses; each (n_patients,)."""


def simulate_linear(
    CL_L_per_day: FloatArray,
    Vc_L: FloatArray,
    Q_L_per_day: FloatArray | None,
    Vp_L: FloatArray | None,
    KA_per_day: FloatArray | None,
    F: FloatArray | None,
    BL_g_per_L: FloatArray,
    dose_scale: FloatArray | float,
    schedule: Schedule,
    out: FloatArray | None = None,
    *,
    F_fSC: FloatArray | None = None,
) -> FloatArray:
    """Total IgG of every patient on one schedule, ``pk.concentration.total_g_per_L`` compiled.

    Parameters
    ----------
    CL_L_per_day, Vc_L, Q_L_per_day, Vp_L, KA_per_day, F, BL_g_per_L : array (n_patients,)
        One compartment when Q or Vp is None. KA and F are needed when the schedule holds doses
        under the skin; own production keeps the constant BL.
    dose_scale : array (n_patients,) or float
        Multiplies every dose: the weight where amounts are g/kg, 1 where they are g.
    out : array (n_patients, n_times), optional
        C-contiguous, filled and returned.
    F_fSC : array (n_patients,), optional
        Bioavailability of facilitated doses; ``F`` when not given.

    Returns
    -------
    array (n_patients, n_times), g/L

    Raises
    ------
    InputError
        Doses under the skin without KA and F; parameters of unequal length or not above 0; an
        ``out`` of another shape or kind.
    """
    n = np.size(CL_L_per_day)
    if schedule.has_depot and (KA_per_day is None or F is None):
        raise InputError("KA_per_day, F", None, "given, because there are doses under the skin")
    two = Q_L_per_day is not None and Vp_L is not None
    available = np.zeros(n) if F is None else _each("F", F, n)
    patients = (
        _positive("CL_L_per_day", CL_L_per_day, n),
        _positive("Vc_L", Vc_L, n),
        _positive("Q_L_per_day", Q_L_per_day, n) if two else np.zeros(n),
        _positive("Vp_L", Vp_L, n) if two else np.ones(n),
        np.zeros(n) if KA_per_day is None else _positive("KA_per_day", KA_per_day, n),
        available,
        available if F_fSC is None else _each("F_fSC", F_fSC, n),
        _each("BL_g_per_L", BL_g_per_L, n),
        _each("dose_scale", dose_scale, n),
    )
    result = _output(out, (n, schedule.n_times))
    _run(patients, schedule, result)
    if schedule.order is not None:
        result[:] = result[:, schedule.order]
    return result


def _run(patients: Linear, schedule: Schedule, result: FloatArray) -> None:
    eigenmodes.run(
        *patients,
        schedule.n_before,
        schedule.has_depot,
        schedule.interval_day,
        schedule.interval_infused,
        schedule.pattern_start,
        schedule.pattern_infused,
        schedule.entry_interval,
        schedule.segments,
        schedule.given,
        result,
    )


def simulate_fcrn(
    kdeg_per_day: FloatArray,
    Kd_g_per_L: FloatArray,
    Rmax_g_per_L: FloatArray,
    C0_g_per_L: FloatArray,
    Vc_L: FloatArray,
    Q_L_per_day: FloatArray,
    Vp_L: FloatArray,
    tracer_U_per_L: FloatArray | float,
    dose_scale: FloatArray | float,
    trains: Sequence[Train],
    time_day: FloatArray,
    out: FloatArray | None = None,
) -> FloatArray:
    """Total IgG and a tracer antibody where IgG protects itself by FcRn, see ``kernels.fcrn``.

    Relative error under 1e-5 for doses to 2 g/kg a course and exchange rates as in IgG models.

    Parameters
    ----------
    kdeg_per_day, Kd_g_per_L, Rmax_g_per_L, C0_g_per_L, Vc_L, Q_L_per_day, Vp_L : array (n_patients,)
        Rmax below Kd + C0; C0 is the untreated steady state.
    tracer_U_per_L : array (n_patients,) or float
        The antibody before treatment.
    dose_scale : array (n_patients,) or float
        Multiplies every dose, as in ``simulate_linear``.
    trains : sequence of Train
        Doses into a vein.
    out : array (n_patients, 2, n_times), optional
        C-contiguous, filled and returned.

    Returns
    -------
    array (n_patients, 2, n_times)
        Total IgG in g/L, tracer in U/L.

    Raises
    ------
    InputError
        As ``simulate_linear``; a dose that is not into a vein; catabolism that is not positive.
    """
    n = np.size(kdeg_per_day)
    if any(train.route != "iv" for train in trains):
        raise InputError("trains", "a dose under the skin", "doses into a vein only")
    central = _positive("Vc_L", Vc_L, n)
    leaving = _positive("Q_L_per_day", Q_L_per_day, n) / central
    back = leaving * central / _positive("Vp_L", Vp_L, n)
    lanes = fcrn.start(
        _positive("kdeg_per_day", kdeg_per_day, n),
        _positive("Kd_g_per_L", Kd_g_per_L, n),
        _each("Rmax_g_per_L", Rmax_g_per_L, n),
        _positive("C0_g_per_L", C0_g_per_L, n),
        leaving,
        back,
        _each("tracer_U_per_L", tracer_U_per_L, n),
        _each("dose_scale", dose_scale, n) / central,
    )
    if not (lanes[fcrn.PRODUCED] > 0.0).all():
        raise InputError("Rmax_g_per_L", float(np.max(Rmax_g_per_L)), "below Kd + C0")
    return _in_order(lanes, trains, time_day, out)


def _in_order(
    lanes: FloatArray, trains: Sequence[Train], time_day: FloatArray, out: FloatArray | None
) -> FloatArray:
    """Every lane at each time in the order asked for, which need not ascend."""
    wanted = np.asarray(time_day, dtype=np.float64).ravel()
    if wanted.size == 0 or not np.isfinite(wanted).all():
        raise InputError("time_day", time_day, "one or more numbers of days")
    days, where = np.unique(wanted, return_inverse=True)
    n = lanes.shape[-1]
    result = _output(out, (n, 2, wanted.size))
    as_asked = days.size == wanted.size and bool((where[1:] > where[:-1]).all())
    filled = result if as_asked else np.empty((n, 2, days.size))
    fcrn.simulate(lanes, fcrn.make_grid(trains, days), filled)
    if not as_asked:
        result[:] = filled[:, :, where]
    return result


def _each(name: str, values: FloatArray | float, n: int) -> FloatArray:
    """One finite number a patient, contiguous."""
    given = np.asarray(values, dtype=np.float64)
    if given.size not in (1, n) or given.ndim > 1 or not np.isfinite(given).all():
        raise InputError(name, values, f"a number for each of the {n} patients")
    # a read-only array is another type, for which everything would compile once more
    ready = given.shape == (n,) and given.flags.c_contiguous and given.flags.writeable
    return given if ready else np.full(n, given)


def _positive(name: str, values: FloatArray | float | None, n: int) -> FloatArray:
    given = _each(name, np.nan if values is None else values, n)
    if not (given > 0.0).all():
        raise InputError(name, float(given.min()), "above 0")
    return given


def _output(out: FloatArray | None, shape: tuple[int, ...]) -> FloatArray:
    if out is None:
        return np.empty(shape)
    if out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous:
        raise InputError("out", f"{out.dtype} {out.shape}", f"contiguous float64 {shape}")
    return out
