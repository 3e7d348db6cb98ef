"""A repeated trial, and the power of a new one, as text."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ivig.cited import Interval, Source
from ivig.cohort.design import Design, DesignArm
from ivig.cohort.power import DesignResult
from ivig.cohort.truth import BETWEEN_TRIALS_SD
from ivig.cohort.verdict import ArmResult, ContrastResult, TrialResult, monte_carlo_se
from ivig.outcome.trial import PublishedTrial

if TYPE_CHECKING:
    from ivig.knowledge import Knowledge

WIDTH = 98
BAR = 40
LEVEL_POWER = 0.8


def published_text(
    trial: PublishedTrial, result: TrialResult, sources: Mapping[str, Source]
) -> str:
    """The arms, the trial's own result, where they come from, and what to know."""
    lines = [
        f"{trial.name}: {result.n_replicates:,} repeated trials, seed {result.seed}",
        *_wrap(f"{trial.design.value}. Drop-out: {trial.drop_out.value}."),
    ]
    endpoint = None
    for arm in result.arms:
        if arm.endpoint != endpoint:
            endpoint = arm.endpoint
            lines += ["", *_wrap(f"{endpoint}, {arm.unit}"), _HEAD]
        lines.append(_arm_row(arm))
    lines += ["", "The trial's own result"] if result.contrasts else []
    for contrast in result.contrasts:
        lines += _wrap(_contrast(contrast), indent="  ")
    lines += ["", *_tally(result)]
    lines += _about(trial, result)
    lines += ["", "Sources", *_sources(trial, sources)]
    return "\n".join(lines)


_HEAD = f"  {'arm':34}{'n':>5}{'published':>12}   {'repeated (90 %)':26}{'role':14}verdict"


def _arm_row(arm: ArmResult) -> str:
    places = 2 if arm.unit == "per patient-year" else 0
    n = "" if arm.n is None else str(arm.n)
    return (
        f"  {arm.name:34}{n:>5}{_printed(arm, places):>12}   {_span(arm.predicted, places):26}"
        f"{arm.role:14}{_verdict(arm)}{' †' if arm.basis in ('recalled', 'assumed') else ''}"
    )


def _printed(arm: ArmResult, places: int) -> str:
    if arm.published.level == 0.0:
        return f"{arm.published.median:.{max(places, 0) or 1}f}"
    return f"{arm.published.low:g}-{arm.published.high:g}"


def _verdict(arm: ArmResult) -> str:
    if arm.role == "independent":
        return "inside" if arm.inside else "OUTSIDE"
    return ("inside" if arm.inside else "outside") + ", not counted"


def _span(found: Interval, places: int) -> str:
    return f"{found.median:.{places}f} ({found.low:.{places}f} to {found.high:.{places}f})"


def _contrast(found: ContrastResult) -> str:
    text = f"{found.endpoint}: {found.in_words}, {found.unit}: "
    text += "" if found.published is None else f"published {found.published:+.1f}, "
    low, high = f"{found.predicted.low:+.1f}", f"{found.predicted.high:+.1f}"
    text += f"repeated {found.predicted.median:+.1f} (90 % {low} to {high})."
    if found.significant_fraction is not None:
        text += f" Significant in {found.significant_fraction:.0%} of the repeated trials."
    return text


def _tally(result: TrialResult) -> list[str]:
    tested = [arm for arm in result.arms if arm.role == "independent"]
    if not tested:
        text = "Every arm of this trial calibrates: that they lie inside is no test of the model."
        return _wrap(text)
    inside = sum(arm.inside for arm in tested)
    return _wrap(f"{inside} of {len(tested)} arms that did not calibrate lie inside.")


def _about(trial: PublishedTrial, result: TrialResult) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for arm in result.arms:
        if arm.predicted_from is not None:
            note = " (the same patients as the calibration)" if arm.same_patients else ""
            grouped.setdefault(f"{arm.predicted_from}{note}", []).append(arm.name)
    for how, names in grouped.items():
        yield from _wrap(f"Predicted from {how}: {', '.join(dict.fromkeys(names))}.", "- ")
    for arm in result.arms:
        if arm.why is not None:
            yield from _wrap(f"{arm.name} ({arm.endpoint}) is not counted: {arm.why}.", "- ")
        if arm.known_miss is not None and not arm.inside:
            yield from _wrap(f"{arm.name} ({arm.endpoint}) is outside: {arm.known_miss}.", "- ")
    bounds = [arm.bound_met_fraction for arm in result.arms if arm.bound_met_fraction is not None]
    if bounds:
        yield from _wrap(
            "US registration asks for an upper one-sided 99 % limit below 1 serious infection a year "
            f"(recalled): met in {min(bounds):.0%} to {max(bounds):.0%} of the repeated trials.",
            "- ",
        )
    yield from _wrap(
        "The interval holds what is uncertain about the effect and the play of chance among the "
        f"patients, each once; a difference between trials (half-normal, {BETWEEN_TRIALS_SD:g} on the "
        "logit or log scale, assumed) is added to every predicted arm.",
        "- ",
    )
    for caveat in trial.caveats:
        yield from _wrap(caveat, "- ")
    if any(arm.basis in ("recalled", "assumed") for arm in result.arms):
        yield from _wrap("† recalled, or with an assumed number of patients.", "- ")


def _sources(trial: PublishedTrial, sources: Mapping[str, Source]) -> Iterator[str]:
    cited = [trial.design.source, *(arm.published.source for arm in trial.arms)]
    for key in dict.fromkeys(name for name in cited if name is not None):
        source = sources[key]
        where = f" doi:{source.doi}" if source.doi else f" {source.url}" if source.url else ""
        mark = " [recalled]" if source.basis == "recalled" else ""
        yield from _wrap(f"{source.citation}{where}{mark}", "- ")


def _wrap(text: str, indent: str = "") -> list[str]:
    later = " " * len(indent)
    first = text[:1].upper() + text[1:] if indent != "- " or text[:4] != "doi:" else text
    return textwrap.wrap(
        first, WIDTH, initial_indent=indent, subsequent_indent=later, break_long_words=False
    )


def design_text(result: DesignResult, known: "Knowledge") -> str:
    """The power curve of a new design, what it took as true, and what is assumed."""
    design = result.design
    lines = [
        f"{design.name}: {design.replicates:,} repeated trials at each size, seed {design.seed}",
        *_wrap(f"{design.endpoint.text} ({design.endpoint.better} is better)"),
        "",
        f"  {'patients':>8}  {'arm':28}{'power':>7}{'assurance':>11}   result, 90 % of trials",
    ]
    for size in result.sizes:
        for found in size.comparisons:
            low, high = _short(found.result.low), _short(found.result.high)
            lines.append(
                f"  {size.n_total:8,}  {found.arm:28.28}{found.power_fraction:7.0%}"
                f"{found.assurance_fraction:11.0%}   {_short(found.result.median)} ({low} to {high}) "
                f"{found.unit}"
            )
    lines += ["", "Assurance by size", *_bars(result), ""]
    lines += _design_notes(design, known)
    return "\n".join(lines)


def _bars(result: DesignResult) -> Iterator[str]:
    mark = round(LEVEL_POWER * BAR)
    for size in result.sizes:
        for found in size.comparisons:
            filled = round(found.assurance_fraction * BAR)
            bar = "█" * filled + " " * (BAR - filled)
            bar = bar if filled > mark else f"{bar[:mark]}┊{bar[mark + 1 :]}"
            name = "" if len(size.comparisons) == 1 else f" {found.arm}"
            yield f"  {size.n_total:8,} │{bar}│ {found.assurance_fraction:4.0%}{name}"
    yield f"  {'':8}  {'┊ 80 %':>{mark + 6}}"


def _design_notes(design: Design, known: "Knowledge") -> Iterator[str]:
    for arm in design.arms:
        yield from _wrap(f"{arm.name}: {_belief(arm, known)}.", "- ")
    yield from _wrap(
        "Power takes each belief at its centre; assurance draws it anew in every trial, and is the "
        "chance of success when the effect is not known for certain.",
        "- ",
    )
    drop = f"{design.drop_out_percent:g} % leave early"
    if design.endpoint.kind == "share":
        drop += (
            " and count as failures"
            if design.drop_out_counts_as == "failure"
            else " and are left out"
        )
    else:
        drop += ", at any time; patients' own rates differ (gamma of shape 1, assumed)"
    yield from _wrap(f"{drop}.", "- ")
    yield from _wrap(f"{_success(design)}.", "- ")
    worst = monte_carlo_se(0.5, design.replicates)
    yield from _wrap(f"Error of a simulated percentage: at most ±{200 * worst:.1f} (2 SE).", "- ")


def _success(design: Design) -> str:
    if design.bound_per_year is not None:
        return (
            "Success: the exact upper one-sided 99 % limit of the rate is below "
            f"{design.bound_per_year:g} a year"
        )
    n = len(design.arms) - 1
    parts = f" shared by {n} comparisons" if n > 1 else ""
    test = (
        "pooled z test of two shares"
        if design.endpoint.kind == "share"
        else ("Wald test of the ratio of rates, variance between patients as seen")
    )
    return f"Success: two-sided p below {design.alpha_fraction:g}{parts} in the better direction ({test})"


def _belief(arm: DesignArm, known: "Knowledge") -> str:
    way = arm.way
    if way == "published_arm":
        trial, _, name = (arm.published_arm or "").partition(".")
        one = next(item for item in known.trials[trial].arms if item.id == name)
        result, source = one.published.value, known.sources[one.published.source or ""]
        counts = (
            f"{result.events:g} of {result.n}"
            if result.person_time_year is None
            else (f"{result.events:g} in {result.person_time_year:g} patient-years")
        )
        return f"as {one.name} of {known.trials[trial].name}, {counts} ({source.citation})"
    if way == "relation":
        relation = known.outcomes[arm.relation or ""]
        slope = relation.dose_slope or relation.trough_slope
        source = known.sources[(slope.source if slope else None) or ""]
        at = f"{arm.dose_g_per_kg:g} g/kg" if arm.dose_g_per_kg else f"{arm.trough_g_per_L:g} g/L"
        return f"{relation.name} at {at} ({source.citation})"
    value, low, high = (getattr(arm, f"{way}{end}") for end in ("", "_low", "_high"))
    words = way.replace("_percent", ", %").replace("_", " ")
    span = ", taken as certain" if low is None else f" (95 % {low:g} to {high:g})"
    return f"{words} {value:g}{span}, as the design says"


def _short(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
