"""An order in, pump-ready charts out."""

from dataclasses import replace

import pytest

from ivig.chart_report import ChartReport, Order
from ivig.charting import make_chart
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient

CIDP = Patient(diagnosis="cidp", weight_kg=70.0)
ORDER = Order(patient=CIDP, product="privigen", amount_g=140.0)
SAFE = (("renal", False), ("thrombosis", False))


def known(product: str, day: float = -21.0) -> tuple[Dose, ...]:
    return (Dose(time_day=day, amount_g=35.0, product=product),)


def test_what_is_not_said_starts_low_and_keeps_the_cap(knowledge: Knowledge) -> None:
    report = make_chart(ORDER, knowledge)
    assert report.start == "earlier immunoglobulin not recorded, so taken as a first infusion"
    assert [session.label for session in report.sessions] == [f"Day {i}" for i in range(1, 6)]
    assert [line.rate_mL_per_h for line in report.sessions[0].lines] == [21, 42, 84, 138]
    assert len(report.at_risk) == 2


def test_excluded_risks_lift_the_cap_and_age_brings_it_back(knowledge: Knowledge) -> None:
    young = replace(ORDER, risks=SAFE, patient=replace(CIDP, age_year=40.0))
    free = make_chart(young, knowledge)
    old = replace(ORDER, risks=SAFE, patient=replace(CIDP, age_year=80.0))
    assert free.sessions[0].cap_mL_per_h == 336
    assert make_chart(old, knowledge).sessions[0].cap_mL_per_h == pytest.approx(138.6)
    ageless = make_chart(replace(ORDER, risks=SAFE), knowledge)
    assert ageless.sessions[0].cap_mL_per_h == pytest.approx(138.6)
    assert ageless.at_risk[0] == "renal risk not known: age, which is not given"


@pytest.mark.parametrize(
    ("doses", "start"),
    [
        ((), "first infusion"),
        (known("octagam_10"), "change of product (last dose: octagam_10)"),
        (known("panzyga", -80.0), "80 days since the last dose"),
        (known("panzyga"), "established: the same product, the last dose within 8 weeks"),
    ],
)
def test_first_switch_and_gap_start_low(
    doses: tuple[Dose, ...], start: str, knowledge: Knowledge
) -> None:
    patient = Patient(diagnosis="pid", weight_kg=70.0, age_year=40.0, doses=doses)
    order = Order(patient=patient, product="panzyga", amount_g=28.0, risks=SAFE)
    report = make_chart(order, knowledge)
    assert report.start == start
    most = 588 if start.startswith("established") else 336
    assert report.sessions[0].cap_mL_per_h == pytest.approx(most)


def test_a_5_percent_product_is_twice_the_volume(knowledge: Knowledge) -> None:
    patient = replace(CIDP, diagnosis="pid")
    volumes = [
        make_chart(Order(patient=patient, product=name, amount_g=28.0), knowledge)
        .sessions[0]
        .volume_mL
        for name in ("gammaplex_5", "gammaplex_10")
    ]
    assert volumes == [560.0, 280.0]


def test_above_the_printed_dose_there_is_a_stop_and_no_chart(knowledge: Knowledge) -> None:
    report = make_chart(replace(ORDER, amount_g=141.0), knowledge)
    assert report.sessions == ()
    assert report.stops[0].text.startswith("141 g is above the most printed for the course")


def test_too_much_on_one_day_is_a_stop(knowledge: Knowledge) -> None:
    report = make_chart(replace(ORDER, days=1), knowledge)
    assert report.sessions == ()
    assert "one day" in report.stops[0].text


def test_a_condition_that_forbids_it_stops_and_clears_nothing_else(knowledge: Knowledge) -> None:
    stopped = make_chart(replace(ORDER, present=("hyperprolinaemia",)), knowledge)
    assert stopped.stops
    assert stopped.sessions == ()
    other = make_chart(replace(ORDER, present=("migraine",)), knowledge)
    assert other.at_risk == make_chart(ORDER, knowledge).at_risk


def test_evidence_against_is_a_stop(knowledge: Knowledge) -> None:
    order = replace(ORDER, patient=replace(CIDP, diagnosis="autism"), amount_g=28.0)
    assert make_chart(order, knowledge).stops


def test_kawasaki_lasts_ten_hours_and_the_cap_says_so(knowledge: Knowledge) -> None:
    child = Patient(diagnosis="kawasaki", weight_kg=14.5, age_year=3.0, doses=())
    order = Order(patient=child, product="privigen", amount_g=29.0, risks=SAFE)
    session = make_chart(order, knowledge).sessions[0]
    assert session.total_min >= 600
    assert session.cap_mL_per_h == max(line.rate_mL_per_h for line in session.lines)


def test_a_facilitated_start_ramps_up(knowledge: Knowledge) -> None:
    patient = Patient(diagnosis="pid", weight_kg=70.0, doses=())
    order = Order(patient=patient, product="hyqvia", amount_g=40.0)
    weeks = [
        (s.label, s.amount_g, s.hyaluronidase_U) for s in make_chart(order, knowledge).sessions
    ]
    assert weeks == [
        ("Ramp-up week 1", 10.0, 800.0),
        ("Ramp-up week 2", 20.0, 1600.0),
        ("Ramp-up week 4", 30.0, 2400.0),
        ("Ramp-up week 7", 40.0, 3200.0),
    ]


def test_more_volume_than_the_sites_hold_takes_more_sessions(knowledge: Knowledge) -> None:
    patient = Patient(diagnosis="pid", weight_kg=150.0, age_year=40.0, doses=())
    order = Order(patient=patient, product="cutaquig", amount_g=29.7)
    sessions = make_chart(order, knowledge).sessions
    assert len(sessions) == 2
    assert sum(session.volume_mL for session in sessions) == pytest.approx(180.0)
    assert all(session.sites is not None and session.sites <= 6 for session in sessions)


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, product="privogen"),
        replace(ORDER, jurisdiction="mars"),
        replace(ORDER, route="sc"),
        replace(ORDER, days=0),
        replace(ORDER, days=30),
    ],
)
def test_what_cannot_be_used_is_refused(order: Order, knowledge: Knowledge) -> None:
    with pytest.raises(InputError):
        make_chart(order, knowledge)


def test_every_source_is_numbered_and_its_basis_kept(knowledge: Knowledge) -> None:
    report: ChartReport = make_chart(ORDER, knowledge)
    numbers = [source.n for source in report.sources]
    assert numbers == list(range(1, len(numbers) + 1))
    assert report.references
    assert report.basis == "assumed"


def cautions(order: Order, knowledge: Knowledge) -> str:
    return " ".join(f.text for f in make_chart(order, knowledge).findings if f.kind == "caution")


def test_a_label_that_starts_later_for_this_use_is_a_caution(knowledge: Knowledge) -> None:
    child = Patient(diagnosis="itp", weight_kg=20.0, age_year=6.0)
    order = Order(patient=child, product="privigen", amount_g=20.0)
    assert make_chart(order, knowledge).indication_id == "itp_child"
    assert "off its label here: label is from 15 years" in cautions(order, knowledge)
    grown = replace(order, patient=replace(child, weight_kg=60.0, age_year=16.0), amount_g=60.0)
    assert "off its label" not in cautions(grown, knowledge)


def test_a_product_that_is_no_longer_sold_is_a_caution(knowledge: Knowledge) -> None:
    order = Order(
        patient=Patient(diagnosis="pid", weight_kg=70.0), product="carimune_nf", amount_g=28.0
    )
    assert "not on the market (discontinued)" in cautions(order, knowledge)


def test_a_dose_below_all_that_is_printed_and_a_weight_that_hardly_fits(
    knowledge: Knowledge,
) -> None:
    infant = Patient(diagnosis="itp", weight_kg=70.0, age_year=1.0)
    told = cautions(Order(patient=infant, product="gamunex_c", amount_g=1.0), knowledge)
    assert "check the dose and its unit" in told
    assert "check the weight, the age and their units" in told


def test_an_unknown_age_takes_no_faster_rate_than_a_known_one(knowledge: Knowledge) -> None:
    obese = Patient(diagnosis="cidp", weight_kg=110.0, height_cm=165.0, sex="female", age_year=30.0)
    order = Order(patient=obese, product="privigen", amount_g=110.0)
    ageless = replace(order, patient=replace(obese, age_year=None))
    knows, forgot = make_chart(order, knowledge), make_chart(ageless, knowledge)
    assert forgot.rate_weight_kg == pytest.approx(knows.rate_weight_kg)
    assert knows.rate_weight_kg < 110
