"""Five plans as literals: replacement, course, stop, not indicated, subcutaneous."""

from dataclasses import replace

from tests.report import parts

from ivig.bedside import DaySession
from ivig.finding import Finding
from ivig.indication import Range
from ivig.infusion import InfusionStep
from ivig.plan import NOTICE, Plan
from ivig.references import number
from ivig.vials import DayVials, VialCount


def finished(plan: Plan) -> Plan:
    """The plan with its references numbered."""
    numbered, references = number(plan, parts.SOURCES)
    return replace(numbered, references=references)


BARE = Plan(
    notice=NOTICE,
    ivig_version="0.1.0",
    knowledge_digest="0123456789abcdef",
    jurisdiction="us",
    patient=parts.PATIENT,
    indication=parts.INDICATION,
    findings=parts.FINDINGS,
)
REPLACEMENT = finished(
    replace(
        BARE,
        regimen=parts.REGIMEN,
        product=parts.PRODUCT,
        infusion=parts.INFUSION,
        kinetics=parts.KINETICS,
        outcomes=parts.OUTCOMES,
        alternatives=parts.ALTERNATIVES,
        monitoring=parts.MONITORING,
    )
)

_DAYS = tuple(
    DayVials(
        day=day,
        amount_g=30.0 if day < 5 else 40.0,
        volume_mL=300.0 if day < 5 else 400.0,
        vials=(VialCount(g=10.0, n=3 if day < 5 else 4),),
    )
    for day in range(1, 6)
)
COURSE = finished(
    replace(
        REPLACEMENT,
        indication=replace(
            parts.INDICATION, category="immunomodulation", verdict="conditional", tier="conditional"
        ),
        regimen=replace(
            parts.REGIMEN,
            amount_g=160.0,
            dose_g_per_kg=2.0,
            dosing_weight_kg=80.0,
            dose_range_g_per_kg=Range(low=2.0, high=2.0),
            split_days=5,
            interval_day=None,
            course="short",
            then=replace(parts.REGIMEN, name="Maintenance", amount_g=80.0, interval_day=21.0),
        ),
        product=replace(
            parts.PRODUCT, amount_g=160.0, vials=(VialCount(g=10.0, n=16),), days=_DAYS
        ),
        infusion=replace(
            parts.INFUSION,
            days=tuple(
                DaySession(
                    day=day.day,
                    amount_g=day.amount_g,
                    volume_mL=day.volume_mL,
                    total_min=140.5 if day.day < 5 else 178.7,
                    last_step_min=110.5 if day.day < 5 else 148.7,
                )
                for day in _DAYS
            ),
        ),
    )
)
STOPS = (
    Finding(
        stage="safety",
        kind="stop",
        text="Immunoglobulin is contraindicated: anaphylaxis to it in the past",
        because="reaction recorded",
        citations=(parts.LABEL,),
    ),
)
STOP = finished(replace(BARE, findings=(*STOPS, *parts.FINDINGS[:4])))
PRODUCT_STOP = finished(
    replace(
        REPLACEMENT,
        findings=(*STOPS, *parts.FINDINGS),
        infusion=None,
        product=replace(
            parts.PRODUCT, id=None, name=None, amount_g=None, vials=(), days=(), why=()
        ),
    )
)
NOT_INDICATED = finished(
    replace(
        BARE,
        indication=replace(parts.INDICATION, verdict="not_indicated", tier="not_recommended"),
        findings=(
            Finding(
                stage="indication",
                kind="stop",
                text="Not indicated: two trials found no benefit",
                citations=(parts.TRIAL,),
            ),
        ),
    )
)
SUBCUTANEOUS = finished(
    replace(
        REPLACEMENT,
        regimen=replace(parts.REGIMEN, route="sc", amount_g=12.0, interval_day=7.0),
        infusion=replace(
            parts.INFUSION,
            route="sc",
            amount_g=12.0,
            volume_mL=60.0,
            total_min=60.0,
            cap_mL_per_kg_per_h=None,
            cap_mL_per_h=60.0,
            steps=(
                InfusionStep(
                    rate_mL_per_h=60.0,
                    rate_mL_per_kg_per_h=60 / 68,
                    start_min=0.0,
                    duration_min=60.0,
                    cumulative_mL=60.0,
                ),
            ),
            sites=4,
            volume_per_site_mL=15.0,
            hyaluronidase_U=900.0,
        ),
    )
)
ALL = {
    "replacement": REPLACEMENT,
    "course": COURSE,
    "stop": STOP,
    "product_stop": PRODUCT_STOP,
    "not_indicated": NOT_INDICATED,
    "subcutaneous": SUBCUTANEOUS,
}
