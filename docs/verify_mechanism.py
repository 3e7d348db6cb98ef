"""Write docs/verification/mechanism.md: python -m docs.verify_mechanism

Every observation the mechanisms are held against: predicted against admitted, the role of the row, and
the verdict. Rows that fail stay and say why; rows that cannot be predicted say so.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivig.knowledge import Knowledge, load_knowledge
from ivig.mechanism.predict import World, predicted
from ivig.mechanism.rows import Admitted, MechanismRow

DOCUMENT = Path(__file__).parent / "verification" / "mechanism.md"
TITLES = {
    "fcrn": "FcRn and IgG turnover",
    "fcgamma": "Fcγ receptors and platelets",
    "complement": "Complement",
    "cytokines": "Cytokines, idiotypes",
    "cells": "Cell growth and maturation",
    "antibody": "Specific antibody and lots",
    "disease": "Clinical end points",
}
WHY_FAILS = {
    "dIgG_gbs": "the rise itself agrees; its spread does not: differences in catabolism by severity and "
    "in dose for body size are not in the drawn patients",
    "efg_single": "the occupancy after one dose is assumed",
    "efg_multi": "the occupancy between doses is assumed",
    "efg_recovery": "the end of the occupancy is assumed, and own IgG returns with a half-life of 23 days",
    "roza_fih": "the occupancy is assumed, and own IgG returns with a half-life of 23 days",
    "auto_bleeker": "the other simulation is of catabolism in mice carried over to man; this receptor "
    "saturates less",
    "auto_lems": "recycling acts at once in the model; a slower endosome or the precision of the assay "
    "would be needed, and neither is known",
    "auto_itp": "recycling lowers every antibody; platelet-bound antibody did not fall, so the fall in "
    "plasma does not reach the platelet in that time, or the assay cannot see it",
    "itp_lowdose": "the typical patient of the 2 g/kg trials stays above its count longer than these twelve",
    "child_0p8": "adult parameters: acute childhood ITP recovers by itself and makes more platelets",
    "mouse_share": "a mouse number; in man the receptor arm carries more",
    "phago_course": "the delay of the phagocytes is calibrated to two-day courses",
    "child_t50": "adult parameters",
    "rat_dose": "a rat number",
}
INTRODUCTION = """\
# Mechanisms: what was observed, and what the model says

Written by `python -m docs.verify_mechanism`. The rows are in `knowledge/mechanisms/validation/`, each with
its source and what is admitted; the tolerances were set on {when}, before the model was run against any
row, by the rules in the README of that folder. The collection the rows come from prints an earlier model's values
beside them, so the rules could not be written blind to those.

*calibration*: a parameter was set on the row (`python -m docs.fit_mechanism` repeats it), so agreement is no
evidence. *independent*: it was not. *sign only*: the direction is asked, not the size. A row passes when all
its numbers do. The typical patient of 70 kg stands for a trial's median, 4,000 drawn ones for a share of
patients.
"""
VERDICTS = ("pass", "FAIL", "cannot be predicted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One row with its predicted numbers; none when it cannot be predicted."""

    group: str
    row: MechanismRow
    found: tuple[float, ...]

    @property
    def word(self) -> str:
        """pass, FAIL or cannot be predicted."""
        if not self.row.quantities:
            return "cannot be predicted"
        good = all(
            asked.admits(value)
            for asked, value in zip(self.row.quantities, self.found, strict=True)
        )
        return "pass" if good else "FAIL"


def verdicts(knowledge: Knowledge) -> tuple[Verdict, ...]:
    """Every row, in the order of the files."""
    world = World(mechanisms=knowledge.mechanisms, cells=knowledge.cells)
    return tuple(
        Verdict(group=group, row=row, found=predicted(row.id, world) or ())
        for group in TITLES
        for row in knowledge.mechanism_rows[group].rows
    )


def document(knowledge: Knowledge) -> str:
    """The whole document."""
    found = verdicts(knowledge)
    when = ", ".join(sorted({part.tolerances_set for part in knowledge.mechanism_rows.values()}))
    parts = [INTRODUCTION.format(when=when), _summary(found)]
    for group, title in TITLES.items():
        mine = [one for one in found if one.group == group]
        asked = _table(
            ("Row", "Observed", "Asked of the model", "Published", "Admitted", "Predicted", "Unit",
             "Role", "Verdict"),
            (line for one in mine for line in _lines(one)),
        )  # fmt: skip
        parts += [f"## {title}\n", asked]
    parts += ["## Rows that fail, and why\n", _failing(found)]
    parts += ["## Rows that cannot be predicted, and why\n", _silent(found)]
    parts += ["## Why agreement says less than it seems\n", _reservations(found)]
    return "\n".join(parts).rstrip() + "\n"


def _summary(found: tuple[Verdict, ...]) -> str:
    counts = Counter((one.row.role, one.word) for one in found)
    body = [
        (role, *(str(counts[role, word]) for word in VERDICTS))
        for role in ("calibration", "independent", "sign only")
    ]
    total = Counter(one.word for one in found)
    body.append(("all", *(str(total[word]) for word in VERDICTS)))
    line = (
        f"**{len(found)} rows: {total['pass']} pass, {total['FAIL']} FAIL, "
        f"{total['cannot be predicted']} cannot be predicted.**"
    )
    return f"{line}\n\n{_table(('Role', *VERDICTS), body)}"


def _lines(one: Verdict) -> Iterable[tuple[str, ...]]:
    seen = one.row.measured.value
    observed = "; ".join(part for part in (seen.name, seen.condition) if part)
    if not one.row.quantities:
        printed = " ".join(part for part in (seen.printed, seen.unit) if part)
        yield (one.row.id, observed, "–", printed or "–", "–", "–", "–", one.row.role, one.word)
        return
    for asked, value in zip(one.row.quantities, one.found, strict=True):
        verdict = "pass" if asked.admits(value) else "**FAIL**"
        yield (
            one.row.id,
            observed,
            asked.name,
            asked.published or "–",
            _admitted(asked),
            f"{value:.3g}",
            asked.unit,
            one.row.role,
            verdict,
        )


def _admitted(asked: Admitted) -> str:
    if asked.low is None:
        return f"at most {asked.high:.4g}"
    if asked.high is None:
        return f"at least {asked.low:.4g}"
    return f"{asked.low:.4g} to {asked.high:.4g}"


def _failing(found: tuple[Verdict, ...]) -> str:
    lines = [
        f"- **{one.row.id}** ({one.row.role}): {WHY_FAILS.get(one.row.id, 'not explained')}."
        for one in found
        if one.word == "FAIL"
    ]
    return "\n".join(lines or ["None."]) + "\n"


def _silent(found: tuple[Verdict, ...]) -> str:
    return "\n".join(f"- {v.row.id}: {v.row.why_none}." for v in found if v.row.why_none) + "\n"


def _reservations(found: tuple[Verdict, ...]) -> str:
    lines = [f"- {v.row.id}: {v.row.reservation}." for v in found if v.row.reservation]
    lines += [f"- {v.row.id}, corrected: {v.row.corrected}." for v in found if v.row.corrected]
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in lines)
        + "\n"
    )


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(document(load_knowledge()), encoding="utf-8")
    print(f"wrote {DOCUMENT.name}")


if __name__ == "__main__":
    main()
