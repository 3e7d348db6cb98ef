"""A level where the others did not expect it: what could have made it, tried one by one.

Each explanation is a changed history, time, reading or clearance, under which the level is predicted
anew. Its score is the density of the recorded level, on the log scale (so that a slip of units is
judged fairly), times how readily such a slip happens: all kinds alike, shared among the variants of
one kind. The scores rank; they are not probabilities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ivig.cited import Interval
from ivig.patient import Dose, ProteinLoss, Sample
from ivig.pk.current import current_dosing, cycles
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit
from ivig.pk.likelihood import HALF_LOG_2PI, log_normal_cdf, residual_sd_g_per_L
from ivig.pk.population import Residual
from ivig.pk.quantile import weighted_quantiles
from ivig.pk.schedule import duration_day, expand
from ivig.pk.varying import Era, varying_levels

LEVEL = 0.95
NORMAL_EDGE_SD = 1.96  # of that level
SHIFTS_DAY = (-28, -21, -14, -7, 7, 14, 21, 28)
FACTORS = (10.0, 0.1, 100.0, 0.01)  # true level over the recorded one
FASTER = (1.5, 2.0, 4.0)  # clearance
LONGEST_LOSS_DAY = 56.0
EARLIER_DAY = 364.0  # of treatment that may be missing from the record
WIDER = 2.0  # residual error of another assay
NEAR_DOSE_DAY = 3.0
AFTER_INFUSION_DAY = 1e-6
LEAST_TIMES = 2  # as likely as recorded, to be worth saying
MOST_TIMES_BEHIND = 100  # less likely than the best explanation, and not named any more
HALVINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One slip that could have made a level.

    ``predicted_g_per_L`` is the level it would lead to, in the unit and on the day meant;
    ``times_as_likely`` compares it with the record being right.
    """

    kind: str
    text: str
    predicted_g_per_L: float
    times_as_likely: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Where a measured level is expected, 95 %, and how far out the one at hand lies.

    ``away_sd`` is its distance from the median in SD of a normal with the same interval.
    """

    interval_g_per_L: Interval
    outside: bool
    away_sd: float


@dataclass(frozen=True, slots=True)
class _Slip:
    kind: str
    text: str
    predicted: FloatArray
    readiness: float = 1.0
    factor: float = 1.0
    wider: float = 1.0


def expected_level(fit: IndividualFit, sample: Sample) -> Expected:
    """The 95 % predictive interval of a level that the fit has not seen.

    Raises
    ------
    ValueError
        The model publishes no residual error.
    """
    predicted = _predicted(fit, sample.time_day)
    sd = residual_sd_g_per_L(_residual(fit), predicted)
    tail = (1.0 - LEVEL) / 2.0
    low, high = (_quantile(predicted, sd, fit.weights, p) for p in (tail, 1.0 - tail))
    (median,) = weighted_quantiles(predicted, fit.weights, (0.5,))
    level = sample.igg_g_per_L
    return Expected(
        interval_g_per_L=Interval(median=median, low=max(low, 0.0), high=high, level=LEVEL),
        outside=level < low or (level > high and not sample.below_limit),
        away_sd=2.0 * NORMAL_EDGE_SD * abs(level - median) / (high - low),
    )


def explain(
    fit: IndividualFit, doses: Sequence[Dose], samples: Sequence[Sample], sample: Sample
) -> tuple[Explanation, ...]:
    """What would make the level likelier than the record does, the likeliest first.

    Parameters
    ----------
    fit : IndividualFit
        To the other levels.
    """
    recorded = _Slip("recorded", "", _predicted(fit, sample.time_day))
    base = _log_density(fit, sample, recorded)
    scored: list[tuple[float, Explanation]] = []
    for slip in _slips(fit, doses, samples, sample):
        gain = _log_density(fit, sample, slip) - base
        if gain < np.log(LEAST_TIMES):
            continue
        (median,) = weighted_quantiles(slip.predicted, fit.weights, (0.5,))
        found = Explanation(
            kind=slip.kind,
            text=slip.text.format(predicted=f"{median:.1f} g/L"),
            predicted_g_per_L=median,
            times_as_likely=int(np.exp(min(gain, 13.8))),
        )
        scored.append((gain + np.log(slip.readiness), found))
    scored.sort(key=lambda pair: -pair[0])
    best: dict[str, Explanation] = {}
    for score, found in scored:
        if score >= scored[0][0] - np.log(MOST_TIMES_BEHIND):
            best.setdefault(found.kind, found)
    return tuple(best.values())


def _slips(
    fit: IndividualFit, doses: Sequence[Dose], samples: Sequence[Sample], sample: Sample
) -> Iterator[_Slip]:
    """Every slip worth trying on this level."""
    yield from _missed(fit, doses, sample)
    yield from _unrecorded(fit, doses, sample)
    yield from _wrong_date(fit, doses, samples, sample)
    if not sample.below_limit:
        yield from _wrong_unit(fit, sample)
    yield from _peak(fit, doses, sample)
    yield from _protein_loss(fit, doses, samples, sample)
    as_recorded = _predicted(fit, sample.time_day)
    text = "another assay or laboratory (twice the usual error)"
    yield _Slip("assay", text, as_recorded, wider=WIDER)


def _missed(fit: IndividualFit, doses: Sequence[Dose], sample: Sample) -> Iterator[_Slip]:
    courses = [course for course in cycles(doses) if course[0].time_day < sample.time_day]
    if not courses:
        return
    last = courses[-1]
    kept = [dose for dose in doses if dose not in last]
    given = sum(dose.amount_g for dose in last)
    predicted = _predicted(fit, sample.time_day, given=kept)
    text = (
        f"the dose of {given:g} g on day {last[0].time_day:g} was missed ({{predicted}} expected)"
    )
    yield _Slip("missed_dose", text, predicted)


def _unrecorded(fit: IndividualFit, doses: Sequence[Dose], sample: Sample) -> Iterator[_Slip]:
    """Treatment that had gone on before the first dose that is listed."""
    current = current_dosing(doses)
    if current is None or current.interval_day is None:
        return
    first_day = min(dose.time_day for dose in doses)
    n_cycles = int(EARLIER_DAY / current.interval_day)
    earlier = expand(
        current, n_cycles=n_cycles, start_day=first_day - n_cycles * current.interval_day
    )
    predicted = _predicted(fit, sample.time_day, earlier=earlier)
    text = "doses before the first one listed are missing from the record ({predicted} expected)"
    yield _Slip("unrecorded_doses", text, predicted)


def _wrong_date(
    fit: IndividualFit, doses: Sequence[Dose], samples: Sequence[Sample], sample: Sample
) -> Iterator[_Slip]:
    latest = max([0.0, *(d.time_day for d in doses), *(s.time_day for s in samples)])
    earliest = min((dose.time_day for dose in doses), default=sample.time_day)
    for shift in SHIFTS_DAY:
        day = sample.time_day + shift
        if not earliest <= day <= latest:
            continue
        when = "earlier" if shift < 0 else "later"
        text = f"the date is wrong: taken {abs(shift)} days {when} ({{predicted}} expected)"
        predicted = _predicted(fit, day)
        yield _Slip("wrong_date", text, predicted, readiness=1.0 / len(SHIFTS_DAY))


def _wrong_unit(fit: IndividualFit, sample: Sample) -> Iterator[_Slip]:
    predicted = _predicted(fit, sample.time_day)
    for factor in FACTORS:
        meant = sample.igg_g_per_L * factor
        text = f"a slip of the unit or the decimal point: {meant:.3g} g/L was meant"
        if factor in (100.0, 0.01):
            text = f"mg/dL taken for g/L, or converted twice: {meant:.3g} g/L was meant"
        readiness = 1.0 / len(FACTORS)
        yield _Slip("wrong_unit", text, predicted, readiness=readiness, factor=factor)


def _peak(fit: IndividualFit, doses: Sequence[Dose], sample: Sample) -> Iterator[_Slip]:
    near = [d for d in doses if abs(d.time_day - sample.time_day) <= NEAR_DOSE_DAY]
    if not near:
        return
    dose = min(near, key=lambda dose: abs(dose.time_day - sample.time_day))
    end = dose.time_day + duration_day(dose.route, dose.duration_h) + AFTER_INFUSION_DAY
    text = "taken after the infusion, not before it ({predicted} expected)"
    yield _Slip("peak_for_trough", text, _predicted(fit, end))


def _protein_loss(
    fit: IndividualFit, doses: Sequence[Dose], samples: Sequence[Sample], sample: Sample
) -> Iterator[_Slip]:
    """A loss that began with the level before, or some weeks ago; production goes on."""
    before = [s.time_day for s in samples if s.time_day < sample.time_day]
    start_day = max([sample.time_day - LONGEST_LOSS_DAY, *before])
    (clearance,) = weighted_quantiles(fit.parameters.CL_L_per_day, fit.weights, (0.5,))
    course = fit.course
    now = (Era(start_day=start_day, parameters=fit.parameters),)
    people, known = (now, ()) if course is None else (course.eras, course.losses)
    given = [dose for dose in doses if dose.time_day < sample.time_day]
    for times in FASTER:
        extra = ProteinLoss(
            start_day=start_day, end_day=None, CL_loss_L_per_day=(times - 1.0) * clearance
        )
        levels = varying_levels(people, given, np.array([sample.time_day]), losses=(*known, extra))
        text = (
            f"loss of protein (gut, kidney, skin) since day {start_day:g}: clearance {times:g} times "
            "as high ({predicted} expected)"
        )
        predicted = levels.total_g_per_L[:, 0]
        yield _Slip("protein_loss", text, predicted, readiness=1.0 / len(FASTER))


def _predicted(
    fit: IndividualFit,
    time_day: float,
    *,
    given: Sequence[Dose] | None = None,
    earlier: Sequence[Dose] = (),
) -> FloatArray:
    found = fit.levels(np.array([time_day]), given=given, earlier=earlier)
    return found.total_g_per_L[:, 0]


def _log_density(fit: IndividualFit, sample: Sample, slip: _Slip) -> float:
    """Log density of the logarithm of the level; for one below the limit, log probability."""
    sd = slip.wider * residual_sd_g_per_L(_residual(fit), slip.predicted)
    if sample.below_limit:
        logs = log_normal_cdf((sample.igg_g_per_L - slip.predicted) / sd)
    else:
        meant = max(sample.igg_g_per_L, 0.01) * slip.factor
        z = (meant - slip.predicted) / sd
        logs = np.log(meant / sd) - 0.5 * z * z - HALF_LOG_2PI
    highest = float(logs.max())
    return highest + float(np.log(fit.weights @ np.exp(logs - highest)))


def _quantile(predicted: FloatArray, sd: FloatArray, weights: FloatArray, share: float) -> float:
    """Of the mixture of normals round the draws, by halving."""
    low, high = float((predicted - 9.0 * sd).min()), float((predicted + 9.0 * sd).max())
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        below = float(weights @ np.exp(log_normal_cdf((middle - predicted) / sd)))
        low, high = (middle, high) if below < share else (low, middle)
    return 0.5 * (low + high)


def _residual(fit: IndividualFit) -> Residual:
    if fit.residual is None:
        raise ValueError(f"{fit.model_id} publishes no residual error")
    return fit.residual
