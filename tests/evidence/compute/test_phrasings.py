"""Sixty ways people ask, and which kinds of answer they get."""

import pytest
from tests.evidence.compute.asking import ask

from ivig.knowledge import Knowledge

PHRASES: list[tuple[str, str | None, str | None, set[str]]] = [
    ("IVIG 2 g/kg for 70 kg over how many days and how long does each infusion take on Privigen", None, "privigen", {"dose", "volume", "vials", "session"}),
    ("convert 40 g every 4 weeks to weekly SCIG", None, None, {"conversion"}),
    ("is IgG 543 mg/dL low", None, None, {"level"}),
    ("how much sodium is in 140 g of Octagam 10%", None, "octagam_10", {"load", "volume", "vials"}),
    ("live vaccine after 2 g/kg IVIG when", None, None, {"vaccine"}),
    ("ITP patient weighs 154 lb, how many grams?", "itp", None, {"dose"}),
    ("GBS dose for 80kg", "gbs", None, {"dose"}),
    ("what dose for a 62 kg woman with CVID, 168 cm", "cvid", None, {"dose", "dosing_weight"}),
    ("0.4 g/kg/day x 5 days 80kg", None, None, {"dose"}),
    ("400 mg/kg for 25 kg child", None, None, {"dose"}),
    ("1 g/kg daily for 2 days in a 70 kg man with ITP", "itp", None, {"dose"}),
    ("2g/kg divided over 2-5 days 90 kg", None, None, {"dose"}),
    ("35 gms for 70 kg is that 0.5 g/kg?", None, None, {"dose"}),
    ("how many grams IVIG at 2 g/kg?", None, None, {"missing"}),
    ("how much IVIG for CIDP?", "cidp", None, {"missing"}),
    ("dose of IVIG for an obese 130 kg man", None, None, {"missing"}),
    ("5'4\" female 120 kg 2 g/kg adjusted body weight dose", None, None, {"dose", "dosing_weight"}),
    ("ideal body weight dose 1 g/kg 110 kg", None, None, {"dose", "dosing_weight"}),
    ("how many vials of Privigen for 35 g", None, "privigen", {"volume", "vials"}),
    ("volume of 70 g Gammagard Liquid", None, "gammagard_liquid", {"volume", "vials"}),
    ("30 g of 10% IVIG is how many mL", None, None, {"volume"}),
    ("how long to infuse 35 g Gamunex-C in a 70 kg patient with PID", "pid", "gamunex_c", {"dose", "volume", "vials", "session"}),
    ("how long does 35 g take for 70 kg", None, None, {"dose", "session"}),
    ("Kawasaki 12 kg 3 year old how long does the infusion take", "kawasaki", None, {"session"}),
    ("how long does an infusion of 2 g/kg take", None, None, {"missing"}),
    ("hizentra 10 g for 60 kg how long", None, "hizentra", {"dose", "volume", "vials", "session"}),
    ("8 mg/kg/min of Privigen for 70 kg in mL/h", "cidp", "privigen", {"rate"}),
    ("can I run Privigen at 12 mg/kg/min", None, "privigen", {"refused"}),
    ("convert 5 mL/kg/h to mg/kg/min for 10%", None, None, {"rate"}),
    ("0.5 ml/kg/hr of 5% for 70kg", None, None, {"rate"}),
    ("120 mL/hr for 70 kg with 10 %", None, None, {"rate"}),
    ("what is 200 ml/h in g/h for 10%", None, None, {"rate"}),
    ("maximum infusion rate of Gamunex-C for 60 kg", "cidp", "gamunex_c", {"rate"}),
    ("switch 30 g every 3 weeks IVIG to Hizentra", None, "hizentra", {"conversion"}),
    ("convert Hizentra 10 g weekly to IVIG every 4 weeks", None, "hizentra", {"conversion"}),
    ("switching 0.5 g/kg q4w 70 kg to Cuvitru", None, "cuvitru", {"conversion"}),
    ("change 40 g monthly IVIG to HyQvia", None, "hyqvia", {"conversion"}),
    ("convert 40 g every 4 weeks to biweekly Xembify", None, "xembify", {"conversion"}),
    ("convert 40 g IVIG to SCIG", None, None, {"missing"}),
    ("IgG 5.4 g/L normal?", None, None, {"level"}),
    ("is an IgG of 350 mg/dL low for a 2 year old", None, None, {"level"}),
    ("convert 700 mg/dL to g/L", None, None, {"units"}),
    ("is IgG 543 low", None, None, {"missing"}),
    ("trough of 650 mg/dL enough?", None, None, {"level"}),
    ("sugar load of 140 g Octagam in 70 kg", None, "octagam_10", {"load", "dose", "volume", "vials", "session"}),
    ("IgA content of 30 g Gammagard S/D", None, "gammagard_sd", {"load", "volume", "vials"}),
    ("osmolality and volume of 70 g Privigen", None, "privigen", {"load", "volume", "vials"}),
    ("MMR after IVIG for Kawasaki when", "kawasaki", None, {"vaccine"}),
    ("how long to delay MMR after 400 mg/kg", None, None, {"vaccine"}),
    ("IVIG given 10 days after MMR vaccine", None, None, {"vaccine"}),
    ("varicella vaccine after 1 g/kg on 2026-01-15", None, None, {"vaccine"}),
    ("how long wait for live vaccine after IVIG", None, None, {"missing"}),
    ("what trough on 0.4 g/kg every 4 weeks", None, None, {"kinetics"}),
    ("expected trough 30 g every 3 weeks 60 kg", None, None, {"kinetics", "dose"}),
    ("when is steady state on 0.5 g/kg q4w 70 kg", None, None, {"kinetics", "dose"}),
    ("how much does IgG rise per 100 mg/kg", None, None, {"kinetics"}),
    ("half life of IVIG", None, None, {"kinetics"}),
    ("how many grams per year is 0.4 g/kg every 3 weeks for 70 kg", None, None, {"supply", "dose"}),
    ("acetaminophen premedication dose for 20 kg child", None, None, {"premedication"}),
    ("IVIG -2 g/kg for 70 kg", None, None, {"refused"}),
    ("2 g/kg for 10^9 kg", None, None, {"refused"}),
    ("10 g/kg IVIG for 70 kg", None, None, {"refused"}),
    ("Alzheimer IVIG dose for 70 kg", "alzheimer", None, {"refused"}),
    ("what is IVIG made from", None, None, set()),
    ("side effects of Privigen 10%", None, "privigen", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "disease", "product", "kinds"), PHRASES)
def test_the_kinds_of_answer(
    text: str, disease: str | None, product: str | None, kinds: set[str], knowledge: Knowledge
) -> None:
    found = ask(knowledge, text, disease=disease, product=product)
    assert set(found) == kinds
    assert all(one.text and one.working for one in found.values())
    sources = {c.source for one in found.values() for c in one.citations if c.source is not None}
    assert sources <= set(knowledge.sources)
