"""A letter says the record, the plan and cited statements: nothing else, and nothing hidden."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ivig.codec import encode
from ivig.errors import InputError
from ivig.faces.patient_file import patient_from_data, read_patient
from ivig.knowledge import Knowledge
from ivig.letter import Letter, LetterKind, write_letter
from ivig.plan import make_plan
from ivig.report import render_letter

RULES = {"us": "us", "uk": "uk", "au": "au", "ca": "ca-on"}
EXAMPLES = sorted(path.stem for path in Path("examples").glob("*.yaml"))
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def write(
    knowledge: Knowledge,
    name: str,
    place: str = "us",
    *,
    kind: LetterKind = "prior-authorisation",
    reason: str | None = None,
    product: str | None = None,
) -> Letter:
    return write_letter(
        read_patient(f"examples/{name}.yaml"),
        knowledge,
        place=place,
        rules=RULES[place],
        kind=kind,
        denial_reason=reason,
        product=product,
    )


def numbers(text: str) -> set[str]:
    return {found.rstrip(".,").replace(",", "") for found in NUMBER.findall(text)}


def allowed(knowledge: Knowledge, made: Letter, plan_json: str, patient_text: str) -> set[str]:
    """Every number of the patient file, of the plan, and of the cited texts."""
    eligible = made.eligibility
    cited = [one.text for one in (*eligible.criteria, *eligible.access.criteria)]
    cited += [
        f"{one.body} {one.text} {one.year} {one.strength} {one.level}" for one in made.evidence
    ]
    findings = (
        *made.review,
        *made.stopping,
        *eligible.access.review,
        *eligible.access.standing_text,
    )
    cited += [finding.text for finding in (*findings, *made.stops, *eligible.stops)]
    cited += [finding.because or "" for finding in made.stops]
    cited += [eligible.access.authority]
    cited += [
        f"{s.citation} {s.doi} {s.pmid} {s.url} {s.year}"
        for s in (knowledge.sources[reference.id] for reference in made.references)
    ]
    sentences = {f.value.text for file in knowledge.statements.values() for f in file.statements}
    assert {one.text for one in made.evidence} <= sentences
    values = json.dumps(encode(eligible.patient))
    shown = [
        f"{float(v):.4g} {float(v):g} {abs(float(v)):.0f}"
        for v in re.findall(r"-?\d+\.?\d*", values)
    ]
    planned = [f"{float(v):.4g} {float(v):.2g}" for v in re.findall(r"\d+\.?\d*", plan_json)]
    measures = " ".join(f"{one.name} {one.field}" for one in made.measures)
    bmi = f"{eligible.patient.bmi_kg_per_m2 or 0:g}"
    counts = " ".join(str(n) for n in range(len(eligible.patient.infections or ()) + 1))
    fixed = "0 365"  # day 0, and the year over which infections are counted
    return numbers(" ".join(
        [*cited, patient_text, values, plan_json, *shown, *planned, measures, bmi, counts, fixed]
    ))  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("place", RULES)
def test_every_number_is_the_record_the_plan_or_a_cited_statement(
    knowledge: Knowledge, name: str, place: str
) -> None:
    made = write(knowledge, name, place)
    text = render_letter(made, "md").rpartition("\n---\n")[0]  # without the provenance line
    text = re.sub(r"\(<[^>]*>\)", " ", text)  # addresses behind links
    text = re.sub(r"\[[\d,†]+\]", " ", text)  # reference marks
    text = re.sub(r"(?m)^\d+\. ", "", text)  # numbers of the reference list
    text = text.replace("\\", "").replace("⁹", "9").replace("10^9", "109")
    path = Path(f"examples/{name}.yaml")
    plan = make_plan(read_patient(path), knowledge, jurisdiction=RULES[place])
    known = allowed(knowledge, made, json.dumps(encode(plan.regimen)), path.read_text())
    units = {"1.73", "10", "109", "9"}  # mL/min/1.73 m², 10⁹/L
    names = numbers(f"{plan.indication.name} {made.eligibility.patient.diagnosis}")
    findings = numbers(" ".join(key for key, _ in made.eligibility.patient.findings))
    assert numbers(text) - known - units - names - findings == set()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("place", RULES)
def test_an_unmet_or_unknown_criterion_is_said_before_the_request(
    knowledge: Knowledge, name: str, place: str
) -> None:
    made = write(knowledge, name, place)
    text = render_letter(made, "text")
    flat = " ".join(text.split())
    before = flat[: flat.index("WHAT IS ASKED FOR")].replace("▌ ", "")
    for one in (*made.eligibility.criteria, *made.eligibility.access.criteria):
        open_ = one.role == "required" and one.answer != "met"
        if open_ or (one.role == "exclusion" and one.answer == "met"):
            assert " ".join(one.text.split()) in before


@pytest.mark.parametrize("name", ["alzheimer", "low-igg-alone", "iga-anti-iga-reaction"])
def test_what_is_refused_asks_for_no_dose(knowledge: Knowledge, name: str) -> None:
    made = write(knowledge, name)
    assert made.request == ()
    assert "No dose is asked for" in render_letter(made, "md")


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_what_was_read_is_quoted(knowledge: Knowledge, name: str) -> None:
    made = write(knowledge, name)
    bases = {c.basis for one in made.evidence for c in one.citations}
    assert bases <= {"read", "derived"}
    sources = {c.source for one in made.evidence for c in one.citations}
    assert {knowledge.sources[source or ""].basis for source in sources} <= {"read", "derived"}


def test_what_another_place_pays_for_is_no_argument(knowledge: Knowledge) -> None:
    text = render_letter(write(knowledge, "cidp-80kg", "us"), "md")
    assert "England" not in text
    assert "Ontario" not in text
    assert "England" in render_letter(write(knowledge, "cidp-80kg", "uk"), "md")


def test_the_signature_the_date_and_the_name_are_blank(knowledge: Knowledge) -> None:
    lines = render_letter(write(knowledge, "cvid-62f"), "text").splitlines()
    for name in ("Date", "To", "Name", "Registration number", "Institution", "Signature and date"):
        row = next(line for line in lines if line.startswith(f"{name}  "))
        assert set(row.removeprefix(name).strip()) == {"_"}, row


def test_an_appeal_quotes_the_refusal_in_its_own_words(knowledge: Knowledge) -> None:
    reason = "IgG of 543 mg/dL is not low enough"
    text = render_letter(write(knowledge, "cvid-62f", kind="appeal", reason=reason), "text")
    assert f"“{reason}”" in text
    blank = render_letter(write(knowledge, "cvid-62f", kind="appeal"), "text")
    assert "Reason given for the refusal: ____" in blank


def test_a_product_is_named_only_when_asked_for(knowledge: Knowledge) -> None:
    plain = render_letter(write(knowledge, "cvid-62f"), "text")
    assert "No particular product is asked for." in plain
    assert "34 g (0.5 g/kg on 68 kg" in plain  # 0.5 × 68, before whole vials
    named = render_letter(write(knowledge, "cvid-62f", product="privigen"), "text")
    assert "Product: Privigen." in named
    assert "35 g (0.51 g/kg on 68 kg" in named  # 20 + 10 + 5 g


def test_dates_are_those_of_the_record(knowledge: Knowledge) -> None:
    data = {
        "diagnosis": "itp",
        "weight_kg": 60,
        "age_year": 40,
        "as_of": "2026-03-01",
        "doses": [],
        "labs": {"platelets": {"value": "12 10*9/L", "date": "2026-02-27"}},
    }
    made = write_letter(patient_from_data(data), knowledge, place="us", rules="us")
    assert "Platelets 12 × 10⁹/L (2026-02-27)." in render_letter(made, "text")


def test_hostile_words_stay_words(knowledge: Knowledge) -> None:
    patient = read_patient("examples/cvid-62f.yaml")
    made = write_letter(
        replace(patient, id="<script>x</script>"),
        knowledge,
        place="us",
        rules="us",
        kind="appeal",
        payer="<b>Plan</b> | & Co\x1b[31m",
        denial_reason="</p><script>alert(1)</script>",
    )
    page = render_letter(made, "html")
    assert "<script>" not in page
    assert "<b>Plan" not in page
    assert "\x1b" not in render_letter(made, "text")


def test_an_unknown_product_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="product"):
        write(knowledge, "cvid-62f", product="nonesuch")


def test_the_same_input_gives_the_same_letter(knowledge: Knowledge) -> None:
    one, two = (render_letter(write(knowledge, "gbs"), "html") for _ in range(2))
    assert one == two
