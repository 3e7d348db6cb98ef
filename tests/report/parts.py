"""The parts of the plans that the report is tested on, as literals."""

from ivig.alternatives import Alternatives, RouteOption
from ivig.bedside import DaySession, Infusion, ReactionAdvice, ReactionStep
from ivig.cited import Citation, Interval, Source
from ivig.finding import Finding
from ivig.indication import CriterionAnswer, Evidence, IndicationPart, Range
from ivig.infusion import InfusionStep
from ivig.monitoring import Monitoring, ReviewPlan
from ivig.outcome.relation import Outcome
from ivig.patient import Dose, Patient, Sample
from ivig.pk.forecast import Curve, Kinetics, ModelView
from ivig.regimen import Regimen, WeightChoice
from ivig.selection import ProductPart, Ranked
from ivig.vials import DayVials, VialCount, VialPlan

SOURCES = {
    source.id: source
    for source in (
        Source(
            id="guide",
            kind="guideline",
            citation="Guideline group. Antibody deficiency, third edition.",
            year=2021,
            url="https://example.org/guide?a=1&b=2",
        ),
        Source(
            id="trial",
            kind="research",
            citation="Miller A, et al. Troughs and infections. J Trials 2020;1:1-9.",
            year=2020,
            doi="10.1000/j.trial.1",
            pmid="12345678",
        ),
        Source(id="label", kind="label", citation="Privigen. US prescribing information."),
        Source(id="memory", kind="handbook", citation="A handbook that was not at hand."),
    )
}
GUIDE = Citation(source="guide", basis="read", at="Table 2")
TRIAL = Citation(source="trial", basis="derived")
LABEL = Citation(source="label", basis="read")
MEMORY = Citation(source="memory", basis="recalled")
ASSUMED = Citation(source=None, basis="assumed")
HALF_ASSUMED = Citation(source="label", basis="assumed")


def advice(text: str, *citations: Citation) -> Finding:
    return Finding(stage="infusion", kind="advice", text=text, citations=citations)


PATIENT = Patient(
    id="cvid-62f",
    diagnosis="cvid",
    weight_kg=68.0,
    age_year=62.4,
    sex="female",
    height_cm=163.0,
    levels=(Sample(time_day=-56.0, igg_g_per_L=5.43), Sample(time_day=0.0, igg_g_per_L=6.1)),
    doses=(Dose(time_day=-28.0, amount_g=30.0, product="privigen"),),
    as_of="2026-03-01",
)
INDICATION = IndicationPart(
    id="cvid",
    name="Common variable immunodeficiency",
    category="replacement",
    tier="established",
    fda_status="labelled",
    verdict="indicated",
    summary="Lifelong replacement protects from infections",
    criteria=(
        CriterionAnswer(
            id="low",
            text="IgG below 7 g/L",
            role="required",
            answer="met",
            because="IgG (g/L) 5.43",
            citations=(GUIDE,),
        ),
        CriterionAnswer(
            id="vaccine",
            text="Impaired vaccine response",
            role="supporting",
            answer="unknown",
            because="vaccine response: not recorded",
            citations=(MEMORY,),
        ),
    ),
    evidence=(
        Evidence(
            id="g1",
            section="guideline",
            body="Guideline group",
            text="Replacement is recommended",
            year=2021,
            strength="strong",
            level="moderate certainty",
            citations=(GUIDE,),
        ),
        Evidence(
            id="r1",
            section="research",
            body="Miller",
            text="Pneumonia falls as the trough rises.",
            year=2020,
            strength=None,
            level=None,
            citations=(TRIAL,),
        ),
    ),
)
REGIMEN = Regimen(
    option_id="replacement_iv",
    name="IV replacement",
    phase="maintenance",
    route="iv",
    section="guideline",
    text="0.4 to 0.6 g/kg every 3 to 4 weeks.",
    amount_g=35.0,
    dose_g_per_kg=35.0 / 68.0,
    dose_range_g_per_kg=Range(low=0.4, high=0.6),
    dosing_weight_kg=68.0,
    rate_weight_kg=68.0,
    dosing_weight_rule="actual: the label doses by body weight",
    weights=(
        WeightChoice(kind="actual", weight_kg=68.0, amount_g=34.0, note="measured"),
        WeightChoice(kind="ideal", weight_kg=55.09, amount_g=27.55, note="Devine"),
        WeightChoice(kind="adjusted", weight_kg=None, amount_g=None, note="needs sex and height"),
    ),
    split_days=1,
    interval_day=28.0,
    duration_h=None,
    course="ongoing",
    max_g=None,
    because="0.5 g/kg, the middle of the printed range",
    citations=(GUIDE, LABEL),
)
VIALS = (VialCount(g=20.0, n=1), VialCount(g=5.0, n=3))
DAY = DayVials(day=1, amount_g=35.0, volume_mL=350.0, vials=VIALS)


def ranked(name: str, standing: str, *reasons: str, citation: Citation = LABEL) -> Ranked:
    return Ranked(
        product_id=name.lower().replace(" ", "_"),
        name=name,
        standing=standing,  # pyright: ignore[reportArgumentType]
        on_label=standing == "suitable",
        vials=VialPlan(days=(DAY,), amount_g=35.0, rounding_percent=2.941),
        volume_mL=350.0,
        session_min=159.6,
        cap_mL_per_kg_per_h=4.8,
        reasons=reasons,
        citations=(citation,),
    )


PRODUCT = ProductPart(
    id="privigen",
    name="Privigen",
    requested="privigen",
    amount_g=35.0,
    vials=VIALS,
    days=(DAY,),
    rounding_percent=2.941,
    why=("on label for cvid", "350 mL a session in about 2.7 h"),
    ranking=(
        ranked("Privigen", "suitable", "on label for cvid", "350 mL a session in about 2.7 h"),
        *(ranked(f"Brand {i}", "caution", "label does not name cvid") for i in range(1, 10)),
        ranked("Octagam 5 %", "stopped", "contains sorbitol: hereditary fructose intolerance"),
    ),
)
STEPS = (
    InfusionStep(
        rate_mL_per_h=20.0,
        rate_mL_per_kg_per_h=20 / 68,
        start_min=0.0,
        duration_min=30.0,
        cumulative_mL=10.0,
    ),
    InfusionStep(
        rate_mL_per_h=157.0,
        rate_mL_per_kg_per_h=157 / 68,
        start_min=30.0,
        duration_min=129.6,
        cumulative_mL=350.0,
    ),
)
REACTIONS = (
    ReactionAdvice(
        id="anaphylaxis",
        name="Anaphylaxis",
        severity="serious",
        timing=(advice("Within minutes", MEMORY),),
        steps=(
            ReactionStep(order=2, action="b", text="Give epinephrine", citations=(GUIDE,)),
            ReactionStep(order=1, action="a", text="Stop the infusion", citations=(LABEL,)),
        ),
        stop_rules=(advice("Do not restart", LABEL),),
    ),
    ReactionAdvice(
        id="headache",
        name="Headache",
        severity="mild_to_moderate",
        timing=(),
        steps=(ReactionStep(order=1, action="a", text="Slow the rate", citations=(MEMORY,)),),
        stop_rules=(),
    ),
    ReactionAdvice(
        id="silent", name="Silent", severity="serious", timing=(), steps=(), stop_rules=()
    ),
)
INFUSION = Infusion(
    product_id="privigen",
    route="iv",
    days=(DaySession(day=1, amount_g=35.0, volume_mL=350.0, total_min=159.6, last_step_min=129.6),),
    amount_g=35.0,
    volume_mL=350.0,
    total_min=159.6,
    cap_mL_per_kg_per_h=4.8,
    cap_mL_per_h=326.4,
    cap_because="the label's maximum for this use",
    rate_weight_kg=68.0,
    start="established on this product",
    steps=STEPS,
    sites=None,
    volume_per_site_mL=None,
    hyaluronidase_U=None,
    before=(advice("Check the pregnancy test", GUIDE),),
    premedication=(
        Finding(
            stage="infusion",
            kind="unknown",
            text="Paracetamol 650 mg after an earlier reaction.",
            citations=(MEMORY,),
        ),
    ),
    watch=(advice("Vital signs every 15 min", LABEL),),
    reactions=REACTIONS,
    citations=(LABEL,),
)
TROUGH = Interval(median=7.93, low=5.87, high=11.24)
KINETICS = Kinetics(
    model_id="navarro_mora_2022",
    why_model="covers adults on IV",
    individualised=True,
    n_levels=2,
    baseline_g_per_L=Interval(median=4.4, low=4.4, high=4.4),
    baseline_note="The level before the first dose is used",
    trough_g_per_L=TROUGH,
    trough_when="before a dose at steady state, every 28 days",
    peak_g_per_L=Interval(median=18.66, low=15.1, high=22.3),
    half_life_day=Interval(median=33.6, low=26.2, high=44.4),
    time_to_steady_state_day=112.0,
    target_g_per_L=7.0,
    probability_trough_at_target=0.734,
    curve=Curve(
        time_day=(0.0, 0.2, 14.0, 28.0, 28.2, 42.0, 56.0),
        median=(6.0, 14.0, 9.5, 7.5, 16.0, 10.0, 7.9),
        low=(5.0, 11.0, 7.5, 5.5, 13.0, 8.0, 5.9),
        high=(7.0, 18.0, 12.5, 10.5, 20.0, 13.0, 11.2),
    ),
    models=(
        ModelView(
            model_id="navarro_mora_2022",
            name="Navarro-Mora 2022",
            trough_g_per_L=TROUGH,
            half_life_day=Interval(median=33.6, low=26.2, high=44.4),
            note="",
            citations=(TRIAL,),
        ),
    ),
    spread_g_per_L=(6.83, 8.84),
    refused=("koleba_2006: built on children only",),
    citations=(TRIAL,),
)
OUTCOMES = (
    Outcome(
        id="pneumonia",
        name="Trough and pneumonia",
        kind="benefit",
        text="At the predicted trough pneumonia comes 0.042 times a year.",
        details=("at 5 g/L: 0.113 per patient-year",),
        value=Interval(median=0.0421, low=0.0214, high=0.0753, level=0.95),
        unit="per patient-year",
        population="676 patients",
        caveats=("a slope between studies",),
        strength="model",
        citations=(TRIAL,),
    ),
    Outcome(
        id="headache",
        name="Headache",
        kind="harm",
        text="Headache is common",
        details=(),
        value=None,
        unit="",
        population="adults",
        caveats=(),
        strength="quote",
        citations=(MEMORY,),
    ),
)
ALTERNATIVES = Alternatives(
    subcutaneous=(
        RouteOption(
            route="sc",
            product_id="hizentra",
            product_name="Hizentra",
            amount_g=12.0,
            interval_day=7.0,
            grams_per_4_weeks=48.0,
            conversion_factor=1.37,
            volume_mL=60.0,
            sites=4,
            session_min=75.0,
            trough_g_per_L=Interval(median=9.31, low=7.2, high=12.8),
            because="intravenous dose × 1.37 ÷ 4 weeks",
            citations=(LABEL,),
        ),
    ),
    notes=(),
    others=(advice("Antibiotic prophylaxis", GUIDE),),
)
MONITORING = Monitoring(
    measure=(advice("Trough IgG every 3 months", GUIDE),),
    targets=(advice("Trough of at least 7 g/L", GUIDE),),
    time_to_response=advice("Months", MEMORY),
    review=ReviewPlan(
        text="Review after a year",
        after_day=365.0,
        measures=("infection_rate",),
        citations=(GUIDE,),
    ),
    stopping=(advice("After cure by transplantation", MEMORY),),
    vaccines=(advice("Live vaccines wait 8 months", GUIDE),),
    laboratory=(advice("Serology turns positive", TRIAL),),
)
FINDINGS = (
    Finding(
        stage="safety",
        kind="caution",
        text="Thrombosis risk: age over 60 years.",
        citations=(HALF_ASSUMED,),
    ),
    Finding(
        stage="indication",
        kind="unknown",
        text="Impaired vaccine response: unknown",
        because="vaccine response: not recorded",
        citations=(MEMORY,),
    ),
    Finding(stage="patient", kind="unknown", text="Not given, and so unknown: blood group."),
    Finding(
        stage="indication",
        kind="fact",
        text="Common variable immunodeficiency: named on a US label.",
        because="named in label",
        citations=(LABEL,),
    ),
    Finding(stage="regimen", kind="advice", text="Round to vials", citations=(ASSUMED,)),
)
