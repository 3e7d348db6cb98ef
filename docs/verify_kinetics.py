"""Write docs/verification/kinetics.md: python -m docs.verify_kinetics [--measure]

Every published row against its prediction, and every model against its own simulations. With
``--measure`` the coverage of the next trough is measured anew (about a minute) and written into
knowledge/models/ first.
"""

import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from docs.vpc_figure import figure
from ivig.knowledge import Knowledge, load_knowledge
from ivig.pk.check import N_REPLICATES, NpdeTest, Vpc, npde_test, simulated_study, vpc, why_not
from ivig.pk.coverage import CoverageFound, check_coverage, why_no_coverage
from ivig.pk.population import PopulationModel
from ivig.pk.validation import Arm, Prediction, Row
from ivig.pk.verify import Verdict, verdicts
from ivig.product import Measurement
from ivig.version import __version__

DOCUMENT = Path(__file__).parent / "verification" / "kinetics.md"
N_NPDE, N_COVERAGE = 400, 1000
FALSE_ALARM = 0.01
EDGE = 0.05
COVERED = (0.87, 0.93)
Checks = dict[str, tuple[NpdeTest, Vpc]]
INTRODUCTION = """\
# Kinetics: what was published, and what the models predict

Written by `python -m docs.verify_kinetics`; `--measure` also measures the coverage anew. The rows are
in `knowledge/validation/`, one file a study, each with its source, how it was read, the prediction and
the tolerance. Tolerances follow a rule by kind of row: within one printed SD, within the printed range
or confidence interval, else within 15 %; where a row departs from it, the reason stands in its file.
Labels print no weights, so the typical man of 66 kg and 168 cm stands for the patients. No model was
tuned to any row, and a row that fails stays here as failing. What authors simulated carries the error of
their simulation (Cheng 2026: 1000 patients, 1.5 %), and no gate on that is narrower.

*trained*: the model was built on these or overlapping patients, so agreement is no surprise.
*external*: it was not. *implementation*: numbers of the same model, from another implementation or from
its authors; they test this program, not the model.
"""
GROUPS = {
    "implementation": "Implementation: the same models elsewhere",
    "trough": "Troughs",
    "peak": "Peaks and their times",
    "area": "Areas",
    "clearance": "Clearances and half-lives",
    "ratio": "Subcutaneous against intravenous",
}
QUANTITY_GROUP = {
    "trough": "trough",
    "trough_above_own": "trough",
    "peak": "peak",
    "peak_above_trough": "peak",
    "peak_day": "peak",
    "swing": "peak",
    "clearance": "clearance",
    "slope_half_life": "clearance",
    "bioavailability": "ratio",
    "dose_factor": "ratio",
    "trough_over_average": "ratio",
}


def document(knowledge: Knowledge, checks: Checks) -> str:
    """The whole document; the coverage is read from the models."""
    parts = [rows_text(knowledge), checks_text(knowledge, checks), coverage_text(knowledge)]
    return "\n".join(parts).rstrip() + "\n"


def own_simulations(knowledge: Knowledge) -> Checks:
    """NPDE and VPC of every model that has variability, by model id."""
    found: Checks = {}
    for model in knowledge.models.values():
        if why_not(model) is None:
            study = simulated_study(model, n_patients=N_NPDE, seed=sum(model.id.encode()))
            found[model.id] = (npde_test(study), vpc(study))
    return found


def rows_text(knowledge: Knowledge) -> str:
    """Summary, tables by kind of metric, misses, and rows without a prediction."""
    found = verdicts(knowledge.validation, knowledge.models)
    parts = [INTRODUCTION, _summary(knowledge, found)]
    for group, title in GROUPS.items():
        parts += [f"## {title}\n", _verdict_table(v for v in found if _group(v) == group)]
    parts += ["## Bias\n", _bias(found), "## Misses\n", _misses(found)]
    parts += ["## Passed at the edge\n", _close(found)]
    parts += ["## Rows without a prediction\n", _untested(knowledge)]
    return "\n".join(parts)


def checks_text(knowledge: Knowledge, checks: Checks) -> str:
    """Every model against its own simulations."""
    header = ("Model", "Mean", "z", "Variance", "z", "NPDE", "Percentiles", "Largest z", "VPC")
    limit = FALSE_ALARM / len(checks)
    body: list[tuple[str, ...]] = []
    for model in knowledge.models.values():
        if model.id not in checks:
            why = "refused" if model.status == "not_shipped" else why_not(model)
            body.append((model.id, *["–"] * (len(header) - 2), f"not checked: {why}"))
            continue
        errors, band = checks[model.id]
        body.append(
            (
                model.id,
                f"{errors.mean_fraction:.3f}",
                f"{errors.mean_sd:.2f}",
                f"{errors.variance_fraction:.3f}",
                f"{errors.variance_sd:.2f}",
                "pass" if errors.p_fraction >= limit else "**FAIL**",
                f"{band.n_inside} of {band.observed_g_per_L.size}",
                f"{band.largest_sd:.2f}",
                "pass" if band.p_fraction >= limit else "**FAIL**",
            )
        )
    about = f"""\
## Predictive checks against the models' own simulations

{N_NPDE} patients a model, from its lightest to its heaviest (adults 50 to 95 kg), with six levels each
over the last two of six IV cycles, drawn by the path that plans use; {N_REPLICATES} replicates of each,
drawn a second way, straight from the published table of variability. The normalised prediction distribution errors
(NPDE) should have mean 0 and variance 1; both are tested by their standard error between patients,
since the levels of one patient are not independent. The visual predictive check (VPC) asks whether the
5th, 50th and 95th percentile at each of six times lies where 95 % of replicated studies have it; its
verdict goes by the largest deviation. Each of the two tests has a false-alarm rate of
{100 * FALSE_ALARM:.0f} % over all {len(checks)} models (Bonferroni). Passing says that the program draws from the published
model, not that the model is true.
"""
    drawing = "![Visual predictive checks](vpc.svg)\n"
    return f"{about}\n{_table(header, body)}\n{drawing}"


def coverage_text(knowledge: Knowledge) -> str:
    """The measured coverage, as it stands in knowledge/models/."""
    header = ("Model", "Patients", "Covered", "Version, date", "Verdict")
    body: list[tuple[str, ...]] = []
    for model in knowledge.models.values():
        reason = why_no_coverage(model)
        if reason is not None or model.coverage is None:
            why = "refused" if model.status == "not_shipped" else reason or "not measured yet"
            body.append((model.id, "–", "–", "–", f"none: {why}"))
            continue
        found = model.coverage.value
        inside = found.inside_fraction
        body.append(
            (
                model.id,
                str(found.n_patients),
                f"{100 * inside:.1f} %",
                f"{found.engine_version}, {found.date}",
                "pass" if COVERED[0] <= inside <= COVERED[1] else "**FAIL**",
            )
        )
    about = f"""\
## Coverage of the next trough

Simulated patients of each model, three troughs measured, the model refitted to each patient, and the
fourth trough asked for: how often it lay inside the 90 % interval of a measured trough. Required are
{100 * COVERED[0]:.0f} to {100 * COVERED[1]:.0f} %; with {N_COVERAGE} patients chance alone is about ± 2 points. `ivig models show ID`
prints it.
"""
    return f"{about}\n{_table(header, body)}\n"


def measure(knowledge: Knowledge) -> None:
    """Measure the coverage of every model that can be, and write it into its file."""
    for model in knowledge.models.values():
        if why_no_coverage(model) is not None:
            continue
        found = check_coverage(model, n_patients=N_COVERAGE, seed=sum(model.id.encode()))
        path = knowledge.files[f"models/{model.id}.yaml"]
        text = re.sub(r"\ncoverage:\n(?:  .*\n)+", "\n", path.read_text(encoding="utf-8"))
        path.write_text(text + _coverage_yaml(model, found), encoding="utf-8")
        print(f"{model.id}: {found}")


def _coverage_yaml(model: PopulationModel, found: CoverageFound) -> str:
    method = textwrap.fill(found.method, 100, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return f"""\
coverage:
  value:
    inside_fraction: {found.inside_fraction:g}
    n_patients: {found.n_patients}
    method: >-
{method}
    engine_version: "{__version__}"
    date: "{datetime.now(UTC).date()}"
  source: {model.source}
  basis: derived
  note: >-
    Simulated from this model and refitted with it: says that its intervals are as wide as they claim
    ({found.n_below} below, {found.n_above} above, {found.n_failed} fits failed), not that it is true.
"""


def _summary(knowledge: Knowledge, found: Sequence[Verdict]) -> str:
    rows = [row for part in knowledge.validation.values() for row in part.rows]
    tested = [row for row in rows if row.use == "test"]
    failing = {v.row.id for v in found if not v.passed}
    counts = Counter((v.relation, v.passed) for v in found)
    body = [
        (
            relation,
            str(counts[relation, True] + counts[relation, False]),
            str(counts[relation, True]),
            str(counts[relation, False]),
        )
        for relation in ("external", "trained", "implementation")
    ]
    passed = sum(v.passed for v in found)
    body.append(("all", str(len(found)), str(passed), str(len(found) - passed)))
    uses = Counter(row.use for row in rows)
    line = (
        f"**{len(rows)} rows: {len(tested)} tested by {len(found)} predictions, "
        f"{len(tested) - len(failing)} pass, {len(failing)} FAIL; {uses['qualitative']} only bound "
        f"or explain, {uses['no']} cannot be tested.**"
    )
    return f"{line}\n\n{_table(('Data', 'Predictions', 'Pass', 'FAIL'), body)}\n"


def _group(verdict: Verdict) -> str:
    if verdict.relation == "implementation":
        return "implementation"
    if verdict.prediction.combine is not None:
        return "ratio"
    return QUANTITY_GROUP.get(verdict.prediction.quantity, "area")


def _verdict_table(found: Iterable[Verdict]) -> str:
    header = (
        "Row", "Metric", "Source", "Model", "Regimen", "Published", "Predicted", "Admitted", "Unit",
        "Data", "Verdict",
    )  # fmt: skip
    body = [
        (
            f"{v.row.id}{_label(v)}",
            v.row.measured.value.name,
            _source(v.row),
            _models(v.prediction),
            _regimen(v.prediction),
            _published(v.row),
            _number(v.predicted.value),
            f"{_number(v.allowed.low)} to {_number(v.allowed.high)}",
            v.predicted.unit,
            v.relation,
            "pass" if v.passed else "**FAIL**",
        )
        for v in found
    ]
    return _table(header, body) + "\n"


def _bias(found: Sequence[Verdict]) -> str:
    """Predicted over published, by kind of metric and by what the model saw."""
    body: list[tuple[str, ...]] = []
    for group, title in GROUPS.items():
        for relation in ("external", "trained"):
            ratios = [
                (v.predicted.value or 0.0) / v.row.measured.value.value
                for v in found
                if _group(v) == group and v.relation == relation and v.row.measured.value.value
            ]
            if ratios:
                low, high = f"{min(ratios):.2f}", f"{max(ratios):.2f}"
                middle = f"{median(ratios):.2f}"
                body.append((title, relation, str(len(ratios)), middle, f"{low} to {high}"))
    about = """\
Predicted over published, where one number is published. Troughs, peaks and areas come out about a tenth
low for the typical man; whether weight, own IgG or clearance is behind it, labels do not print enough
to say, and nothing is adjusted for it.
"""
    return f"{about}\n{_table(('Metric', 'Data', 'Rows', 'Median', 'Range'), body)}"


def _close(found: Sequence[Verdict]) -> str:
    """Passes within a twentieth of the admitted width from a limit: little stands behind them."""
    lines: list[str] = []
    for v in found:
        value, width = v.predicted.value or 0.0, v.allowed.high - v.allowed.low
        gap = min(value - v.allowed.low, v.allowed.high - value)
        if 0.0 <= gap < EDGE * width:
            lines.append(
                f"- {v.row.id}{_label(v)}: {_number(value)}, admitted {_number(v.allowed.low)} to "
                f"{_number(v.allowed.high)} {v.predicted.unit}"
            )
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    """Four figures, never an exponent."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _label(verdict: Verdict) -> str:
    return f" ({verdict.prediction.label})" if verdict.prediction.label else ""


def _misses(found: Sequence[Verdict]) -> str:
    lines = [
        f"- **{v.row.id}**{_label(v)}: predicted "
        f"{_number(v.predicted.value)} {v.predicted.unit}, admitted {_number(v.allowed.low)} to "
        f"{_number(v.allowed.high)} ({v.relation}); {v.prediction.known_miss or 'not explained'}."
        for v in found
        if not v.passed
    ]
    return "\n".join(lines) + "\n"


def _untested(knowledge: Knowledge) -> str:
    header = ("Row", "Metric", "Source", "Published", "Unit", "Why")
    body = [
        (
            row.id,
            row.measured.value.name,
            _source(row),
            _published(row),
            row.measured.value.unit,
            f"{'bounds only: ' if row.use == 'qualitative' else ''}{row.why}",
        )
        for part in knowledge.validation.values()
        for row in part.rows
        if row.use != "test"
    ]
    return _table(header, body) + "\n"


def _source(row: Row) -> str:
    basis = "" if row.measured.basis == "read" else f", {row.measured.basis}"
    return f"{row.measured.source}{basis}"


def _models(prediction: Prediction) -> str:
    names = prediction.models
    return ", ".join(names) if len(names) == 1 else f"median of {len(names)}"


def _regimen(prediction: Prediction) -> str:
    here, there = _arms(prediction.arms), _arms(prediction.relative_to)
    return f"{here} against {there}" if there and there != here else here or "–"


def _arms(arms: Sequence[Arm]) -> str:
    return ", ".join(dict.fromkeys(_shorter(arm.regimen) for arm in arms if arm.regimen))


def _shorter(regimen: str) -> str:
    return re.sub(r"\d+\.\d{5,}", lambda match: f"{float(match[0]):.4g}", regimen)


def _published(row: Row) -> str:
    printed: Measurement = row.measured.value
    parts = [] if printed.value is None else [f"{printed.value:g}"]
    if row.sd is not None:
        parts.append(f"± {row.sd:g}")
    if printed.low is not None and printed.high is not None and row.interval is not None:
        parts.append(f"({row.interval} {printed.low:g} to {printed.high:g})")
    if printed.n is not None:
        parts.append(f"n={printed.n}")
    return " ".join(parts)


def _table(header: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """Write the document and its figure."""
    if "--measure" in sys.argv[1:]:
        measure(load_knowledge())
    knowledge = load_knowledge()
    checks = own_simulations(knowledge)
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(document(knowledge, checks), encoding="utf-8")
    drawing = figure({name: band for name, (_, band) in checks.items()})
    DOCUMENT.with_name("vpc.svg").write_text(drawing, encoding="utf-8")
    print("wrote docs/verification/kinetics.md and docs/verification/vpc.svg")


if __name__ == "__main__":
    main()
