"""Write docs/verification/outcomes.md: every row of the split, predicted against observed.

The roles and tolerances stand in tests/cohort/split.yaml, committed before anything was run; a row
that is not in it is refused, and so is a row of it that is not here.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docs.check_rows import Check
from docs.outcome_checks import relation_checks
from ivig.cohort.published import Replay, replay
from ivig.cohort.verdict import ArmResult, ContrastResult
from ivig.knowledge import Knowledge, load_knowledge
from ivig.strict_yaml import read_yaml

DOCUMENT = Path(__file__).parent / "verification" / "outcomes.md"
SPLIT = Path(__file__).parents[1] / "tests" / "cohort" / "split.yaml"
THREADS = 2


def split() -> dict[str, Any]:
    """Roles, tolerances, seed and replicates as committed."""
    return read_yaml(SPLIT.read_text(encoding="utf-8"))


def document(knowledge: Knowledge) -> str:
    """The whole document."""
    plan = split()
    arms, contrasts = replays(knowledge, plan)
    checks = relation_checks(knowledge)
    _require_whole(plan, dict(arms), checks)
    parts = [
        _introduction(plan, arms, checks),
        "## Trial arms\n",
        _arm_table(plan, arms),
        "## Results of trials\n",
        _contrast_table(contrasts),
        "## Relations\n",
        _check_table(plan, checks),
        "## Misses\n",
        _misses(arms, checks),
        "## Said, not tested\n",
        "".join(f"- {name}: {why}.\n" for name, why in plan["excluded"].items()),
    ]
    return "\n".join(parts)


def replays(
    knowledge: Knowledge, plan: dict[str, Any]
) -> tuple[list[tuple[str, ArmResult]], list[ContrastResult]]:
    """Every published trial repeated as often, and from the seed, that the split says."""
    arms: list[tuple[str, ArmResult]] = []
    contrasts: list[ContrastResult] = []
    for trial in knowledge.trials.values():
        what = Replay(
            trial=trial,
            trials=knowledge.trials,
            n_replicates=plan["replicates"],
            seed=plan["seed"],
        )
        result = replay(what, threads=THREADS)
        arms += [(f"{trial.id}.{arm.id}", arm) for arm in result.arms]
        contrasts += result.contrasts
    return arms, contrasts


def _require_whole(
    plan: dict[str, Any], arms: dict[str, ArmResult], checks: Sequence[Check]
) -> None:
    for name, wanted, found in (
        ("arms", plan["arms"], {key: arm.role for key, arm in arms.items()}),
        ("relations", plan["relations"], {check.id: check.role for check in checks}),
    ):
        roles = {key: row["role"] for key, row in wanted.items()}
        if roles != found:
            odd = set(roles.items()) ^ set(found.items())
            raise ValueError(f"{name} differ from the split: {sorted(map(str, odd))}")


def _introduction(
    plan: dict[str, Any], arms: Sequence[tuple[str, ArmResult]], checks: Sequence[Check]
) -> str:
    tested = [arm for _, arm in arms if arm.role == "independent"]
    read = [arm for arm in tested if arm.basis not in ("recalled", "assumed")]
    other = [arm for arm in tested if not arm.same_patients]
    rows = [
        _tally("all arms that did not calibrate", tested),
        _tally("without those whose published result is recalled", read),
        _tally("without those of the same patients as the calibration", other),
    ]
    held = [check for check in checks if check.role == "independent"]
    calibrated = [check for check in checks if check.role == "calibration"]
    signs = [check for check in checks if check.role == "sign only"]
    lines = [
        "# Outcomes: predicted against published",
        "",
        "Written by `python -m docs.verify_outcomes`. Roles and tolerances were written "
        f"{plan['written']} in `tests/cohort/split.yaml` and committed before any trial was "
        "simulated or any check computed; the published numbers were known then, as they stand in "
        "the sources. A miss stays, with its reason where one is known.",
        "",
        *(f"- {text}" for text in plan["method"]),
        *(f"- {text}" for text in plan["rounding"]),
        "",
        f"Required: at least {plan['required_share']:.0%} of the arms that did not calibrate inside "
        "their 90 % predictive interval.",
        "",
        _table(("Arms", "Inside", "Of", "Share", "Verdict"), rows),
        f"Relations: {sum(c.passed for c in calibrated)} of {len(calibrated)} calibration rows "
        f"within tolerance, {sum(c.passed for c in held)} of {len(held)} independent rows, "
        f"{sum(c.passed for c in signs)} of {len(signs)} signs as expected.",
        "",
        f"**{len(arms)} arms and {len(checks)} relation rows; none dropped.**",
        "",
        "Arms share calibration data and trials, so the shares above are not those of independent "
        "tests, and with so few arms 80 % is a weak requirement: an honest 90 % interval would by "
        "chance hold fewer than 80 % of 25 arms about one time in thirty.",
        "",
    ]
    return "\n".join(lines)


def _tally(words: str, arms: Sequence[ArmResult]) -> tuple[str, ...]:
    inside = sum(arm.inside for arm in arms)
    share = inside / len(arms)
    verdict = "pass" if share >= split()["required_share"] else "**FAIL**"
    return (words, str(inside), str(len(arms)), f"{share:.0%}", verdict)


def _arm_table(plan: dict[str, Any], arms: Sequence[tuple[str, ArmResult]]) -> str:
    header = (
        "Row",
        "Arm",
        "n",
        "Published",
        "Predicted",
        "90 %",
        "Unit",
        "Role",
        "Source",
        "Verdict",
    )
    body = [
        (
            key,
            f"{arm.name}: {arm.endpoint}",
            "–" if arm.n is None else str(arm.n),
            _published(arm),
            _number(arm.predicted.median),
            f"{_number(arm.predicted.low)} to {_number(arm.predicted.high)}",
            arm.unit,
            _role(arm),
            f"{arm.source}{'' if arm.basis == 'read' else f', {arm.basis}'}",
            _verdict(arm),
        )
        for key, arm in arms
    ]
    return _table(header, body)


def _published(arm: ArmResult) -> str:
    if arm.published.level == 0.0:
        return _number(arm.published.median)
    return f"{_number(arm.published.low)} to {_number(arm.published.high)}"


def _role(arm: ArmResult) -> str:
    return f"{arm.role}, same patients" if arm.same_patients else arm.role


def _verdict(arm: ArmResult) -> str:
    if arm.role == "independent":
        return "pass" if arm.inside else "**FAIL**"
    return "inside, not counted" if arm.inside else "outside, not counted"


def _contrast_table(contrasts: Sequence[ContrastResult]) -> str:
    header = ("Endpoint", "Contrast", "Published", "Repeated", "90 %", "Unit", "Significant")
    body = [
        (
            one.endpoint,
            one.in_words,
            "–" if one.published is None else _number(one.published),
            _number(one.predicted.median),
            f"{_number(one.predicted.low)} to {_number(one.predicted.high)}",
            one.unit,
            "–" if one.significant_fraction is None else f"{one.significant_fraction:.0%}",
        )
        for one in contrasts
    ]
    note = "Significant: of the repeated trials, two-sided p below 0.05 in favour of treatment.\n"
    return f"{note}\n{_table(header, body)}"


def _check_table(plan: dict[str, Any], checks: Sequence[Check]) -> str:
    header = ("Row", "What", "Published", "Predicted", "Admitted", "Role", "Source", "Verdict")
    body = [
        (
            check.id,
            check.what,
            str(plan["relations"][check.id]["published"]),
            check.predicted,
            check.admitted,
            check.role,
            check.source,
            "pass" if check.passed else "**FAIL**",
        )
        for check in checks
    ]
    return _table(header, body)


def _misses(arms: Sequence[tuple[str, ArmResult]], checks: Sequence[Check]) -> str:
    lines = [
        f"- **{key}**: published {_published(arm)}, predicted {_number(arm.predicted.low)} to "
        f"{_number(arm.predicted.high)} {arm.unit}; {arm.known_miss or 'not explained'}."
        for key, arm in arms
        if arm.role == "independent" and not arm.inside
    ]
    lines += [
        f"- **{check.id}**: predicted {check.predicted}, admitted {check.admitted}; "
        f"{check.known_miss or 'not explained'}."
        for check in checks
        if not check.passed
    ]
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    """Three figures, never an exponent, no minus before a zero."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return "0" if text == "-0" else text


def _table(header: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(document(load_knowledge()), encoding="utf-8")
    print("wrote docs/verification/outcomes.md")


if __name__ == "__main__":
    main()
