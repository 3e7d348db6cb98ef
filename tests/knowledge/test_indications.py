"""Every indication can be read, dosed and asked about."""

import pytest

from ivig.criterion import Answer, ask
from ivig.diagnosis import find_indication
from ivig.indication import Indication, Range, RegimenOption
from ivig.knowledge import load_knowledge
from ivig.patient import Dose, Infection, Lab, Patient, Sample

KNOWLEDGE = load_knowledge()
INDICATIONS = {key: KNOWLEDGE.indications[key] for key in KNOWLEDGE.indications}
EACH = pytest.mark.parametrize("indication", INDICATIONS.values(), ids=lambda item: item.id)
AGAINST = ("not_recommended", "not_routine")
KEY = [
    "pid",
    "cvid",
    "xla",
    "scid",
    "was",
    "hyper_igm",
    "sad",
    "igg_subclass",
    "sid",
    "cll",
    "myeloma",
    "bcell_depletion_cart",
    "hsct",
    "sot_hypogam",
    "itp",
    "itp_child",
    "itp_pregnancy",
    "kawasaki",
    "kawasaki_resistant",
    "misc",
    "cidp",
    "mmn",
    "gbs",
    "miller_fisher",
    "mg_crisis",
    "mg_maintenance",
    "dermatomyositis",
    "polymyositis",
    "jdm",
    "lems",
    "stiff_person",
    "aiha",
    "fnait",
    "ptp",
    "hit",
    "vitt",
    "tss",
    "pemphigus",
    "prca_parvo",
    "measles_pep",
    "varicella_pep",
]
LABELLED_IN_THE_US = ["pid", "cll", "itp", "cidp", "mmn", "dermatomyositis", "kawasaki"]


def options(indication: Indication) -> list[RegimenOption]:
    return [fact.value for fact in indication.regimens]


def defaults(indication: Indication) -> list[RegimenOption]:
    return [option for option in options(indication) if option.default]


def answers(key: str, patient: Patient, role: str = "required") -> dict[str, Answer]:
    criteria = (fact.value for fact in INDICATIONS[key].criteria)
    return {c.id: ask(c.test, patient) for c in criteria if c.role == role}


def adult(diagnosis: str, *, age_year: float = 62, **findings: str | float | bool) -> Patient:
    return Patient(
        diagnosis=diagnosis, weight_kg=70, age_year=age_year, findings=tuple(findings.items())
    )


def test_all_79_are_there() -> None:
    assert len(INDICATIONS) == 79


@EACH
def test_it_names_its_parent_and_labels_by_known_ids(indication: Indication) -> None:
    named = {indication.parent, *indication.labelled_as} - {None}
    assert named <= INDICATIONS.keys() - {indication.id}


def test_no_name_leads_to_two_indications() -> None:
    seen: dict[str, str] = {}
    for key, item in INDICATIONS.items():
        for name in {text.casefold() for text in (key, item.name, *item.synonyms)}:
            assert seen.setdefault(name, key) == key, name


@EACH
def test_regimen_ids_are_unique_and_what_follows_exists(indication: Indication) -> None:
    ids = [option.id for option in options(indication)]
    assert len(set(ids)) == len(ids)
    assert {option.then for option in options(indication)} - {None} <= set(ids)


@EACH
def test_a_default_is_the_only_one_of_its_phase_and_route_and_holds_everywhere(
    indication: Indication,
) -> None:
    chosen = defaults(indication)
    assert len({(option.phase, option.route) for option in chosen}) == len(chosen)
    assert all(option.dose_g_per_kg is not None and not option.jurisdictions for option in chosen)


@EACH
def test_advice_against_gives_its_reason_and_no_default(indication: Indication) -> None:
    if indication.tier in AGAINST:
        assert indication.why_not
        assert defaults(indication) == []


@pytest.mark.parametrize("key", [key for key in KEY if INDICATIONS[key].tier not in AGAINST])
def test_a_treatable_indication_has_a_default_or_a_parent_with_one(key: str) -> None:
    item = INDICATIONS[key]
    holder = item if item.regimens or item.parent is None else INDICATIONS[item.parent]
    assert any(option.route == "iv" for option in defaults(holder))


@pytest.mark.parametrize("key", KEY)
def test_what_a_committee_asks_is_there(key: str) -> None:
    criteria = [fact.value for fact in INDICATIONS[key].criteria]
    assert 2 <= len(criteria) <= 5
    assert any(criterion.role == "required" for criterion in criteria)
    assert len({criterion.id for criterion in criteria}) == len(criteria)


@EACH
def test_every_number_of_a_regimen_is_plausible(indication: Indication) -> None:
    for option in options(indication):
        assert within(option.dose_g_per_kg, 0.05, 2.4)
        assert within(option.split_days, 1, 5)
        assert within(option.interval_day, 7, 92)
        assert within(option.duration_h, 2, 12)
        assert option.max_g is None or 50 <= option.max_g <= 200


def within(values: Range | None, low: float, high: float) -> bool:
    if values is None:
        return True
    usual = values.low if values.usual is None else values.usual
    return low <= values.low <= usual <= values.high <= high


@EACH
def test_the_daily_maximum_lets_the_course_be_given(indication: Indication) -> None:
    for option in options(indication):
        if option.max_g_per_kg_per_day and option.dose_g_per_kg and option.split_days:
            given = option.max_g_per_kg_per_day * option.split_days.high
            assert given >= option.dose_g_per_kg.high - 1e-9


@pytest.mark.parametrize("key", LABELLED_IN_THE_US)
def test_the_us_labelled_uses(key: str) -> None:
    assert INDICATIONS[key].fda.value.status == "labelled"


@pytest.mark.parametrize(
    ("key", "route", "low", "high", "usual", "interval_day"),
    [
        ("pid", "iv", 0.4, 0.6, None, 28),
        ("pid", "sc", 0.1, 0.2, None, 7),
        ("cidp", "iv", 0.4, 1, 1, 42),
        ("cidp", "sc", 0.2, 0.4, 0.2, 7),
        ("cll", "iv", 0.4, 0.4, None, 28),
    ],
)
def test_maintenance_as_printed(
    key: str, route: str, low: float, high: float, usual: float | None, interval_day: float
) -> None:
    (option,) = [
        o for o in defaults(INDICATIONS[key]) if (o.phase, o.route) == ("maintenance", route)
    ]
    assert option.dose_g_per_kg == Range(low=low, high=high, usual=usual)
    assert option.interval_day is not None
    assert option.interval_day.high == interval_day


@pytest.mark.parametrize(
    ("key", "total_g_per_kg", "days"),
    [("itp", 1, 1), ("kawasaki", 2, 1), ("gbs", 2, 5), ("cidp", 2, 5), ("dermatomyositis", 2, 5)],
)
def test_the_first_course_as_printed(key: str, total_g_per_kg: float, days: float) -> None:
    (option,) = [o for o in defaults(INDICATIONS[key]) if o.phase in ("induction", "treatment")]
    assert option.dose_g_per_kg == Range(low=total_g_per_kg, high=total_g_per_kg)
    assert option.split_days is not None
    assert option.split_days.high == days


CVID = Patient(
    diagnosis="cvid",
    weight_kg=68,
    age_year=62,
    doses=(),
    levels=(Sample(time_day=0, igg_g_per_L=5.43),),
    infections=(Infection(kind="pneumonia", severe=True), Infection(kind="sinusitis")),
    findings=(("vaccine_response", "impaired"),),
)
TREATED = Patient(
    diagnosis="cvid",
    weight_kg=68,
    age_year=62,
    doses=(Dose(time_day=-56, amount_g=30),),
    levels=(Sample(time_day=0, igg_g_per_L=9.8),),
)
LOW_IGG_ONLY = Patient(
    diagnosis="sid", weight_kg=70, age_year=60, baseline_igg_g_per_L=3.5, infections=()
)


def test_cvid_with_low_igg_failed_vaccine_and_infections_meets_all() -> None:
    assert set(answers("cvid", CVID).values()) == {"met"}


def test_a_treated_patient_with_a_normal_igg_is_unknown_not_refused() -> None:
    assert set(answers("cvid", TREATED).values()) == {"unknown"}


def test_xla_needs_only_the_diagnosis() -> None:
    assert answers("xla", TREATED) == {"diagnosis": "met"}


@pytest.mark.parametrize("key", ["sid", "cll", "myeloma", "sot_hypogam", "pid", "cvid"])
def test_low_igg_without_infections_is_not_enough(key: str) -> None:
    assert answers(key, LOW_IGG_ONLY)["infections"] == "not_met"


@pytest.mark.parametrize("key", ["sad", "igg_subclass", "hsct"])
def test_these_need_infections_whatever_the_igg(key: str) -> None:
    assert answers(key, LOW_IGG_ONLY)["infections"] == "not_met"


@pytest.mark.parametrize(
    ("age_year", "igg_g_per_L", "expected"),
    [
        (2, 2.3, "met"),
        (2, 3.0, "unknown"),  # above the printed bound; the local range may be higher
        (4, 3.0, "met"),
        (16, 5.5, "unknown"),
        (16, 8.0, "not_met"),
        (62, 6.9, "met"),
        (62, 7.0, "not_met"),
    ],
)
def test_low_igg_is_judged_by_age(age_year: float, igg_g_per_L: float, expected: Answer) -> None:
    level = (Sample(time_day=0, igg_g_per_L=igg_g_per_L),)
    patient = Patient(diagnosis="cvid", weight_kg=20, age_year=age_year, doses=(), levels=level)
    assert answers("cvid", patient)["low_igg"] == expected


def test_itp_is_treated_by_count_bleeding_or_procedure() -> None:
    def need(platelets: float, **findings: str | bool) -> Answer:
        lab = Lab(analyte="platelets_10e9_per_L", value=platelets, ucum="10*9/L")
        patient = Patient(
            diagnosis="itp", weight_kg=70, labs=(lab,), findings=tuple(findings.items())
        )
        return answers("itp", patient)["need"]

    assert need(12) == "met"
    assert need(45, bleeding="major") == "met"
    assert need(45, bleeding="none", planned_procedure=False) == "not_met"
    assert need(45) == "unknown"
    assert need(160) == "not_met"


def test_kawasaki_within_ten_days_or_still_inflamed() -> None:
    assert answers("kawasaki", adult("kawasaki", age_year=3, illness_day=5))["timing"] == "met"
    late = adult("kawasaki", age_year=3, illness_day=14)
    assert answers("kawasaki", late)["timing"] == "unknown"
    febrile = adult("kawasaki", age_year=3, illness_day=14, fever=True)
    assert answers("kawasaki", febrile)["timing"] == "met"


def test_guillain_barre_late_or_walking() -> None:
    early = adult("gbs", illness_day=6, walks_unaided=False)
    assert answers("gbs", early) == {"severity": "met", "within_4_weeks": "met"}
    assert answers("gbs", adult("gbs", illness_day=40))["within_4_weeks"] == "not_met"
    second = adult("gbs", ivig_doses_this_illness=1)
    assert answers("gbs", second, "supporting")["first_course"] == "not_met"


def test_stable_myasthenia_is_an_exclusion() -> None:
    stable = adult("mg", mg_state="stable")
    assert answers("mg_crisis", stable, "exclusion") == {"stable_or_ocular": "met"}
    assert answers("mg_maintenance", stable, "exclusion") == {"stable_or_ocular": "met"}
    crisis = adult("mg", mg_state="crisis")
    assert answers("mg_crisis", crisis) == {"acute_need": "met"}


def test_adult_and_juvenile_dermatomyositis_part_at_18() -> None:
    child = adult("jdm", age_year=9, muscle_weakness=True, corticosteroids="failed")
    assert answers("dermatomyositis", child)["adult"] == "not_met"
    assert set(answers("jdm", child).values()) == {"met"}


def test_advice_against_rests_on_evidence_that_never_turns() -> None:
    against = [item for item in INDICATIONS.values() if item.tier == "not_recommended"]
    assert {answers(item.id, adult(item.id))["benefit"] for item in against} == {"not_met"}


@pytest.mark.parametrize(
    ("code", "age_year", "pregnant", "expected"),
    [
        ("D83.0", 62, None, "cvid"),
        ("D80.0", 6, None, "xla"),
        ("D69.3", 40, False, "itp"),
        ("D69.3", 6, None, "itp_child"),
        ("D69.3", 30, True, "itp_pregnancy"),
        ("G61.0", 50, None, "gbs"),
        ("M30.3", 3, None, "kawasaki"),
        ("D84.81", 50, None, "sid"),
        ("G70.01", 50, None, "mg_crisis"),
        ("G70.00", 50, None, "mg_maintenance"),
    ],
)
def test_a_code_means_the_indication_of_this_patient(
    code: str, age_year: float, pregnant: bool | None, expected: str
) -> None:
    patient = Patient(diagnosis=code, weight_kg=50, age_year=age_year, pregnant=pregnant)
    assert find_indication(code, patient, INDICATIONS).id == expected


def test_hepatitis_a_is_never_an_intravenous_indication() -> None:
    assert answers("hepatitis_a_pep", adult("hepatitis_a_pep")) == {"iv_or_sc": "not_met"}
