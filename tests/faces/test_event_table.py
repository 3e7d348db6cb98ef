"""CSV in and out: the round trip, both kinds of column, one line for each thing that is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.faces.event_table import events_from_text, events_text, read_events, write_events
from ivig.patient import DatedWeight, Dose, Sample
from ivig.pk.events import Subject

NONMEM = """ID,TIME,AMT,RATE,DV,EVID,MDV,CMT,II,ADDL,SS,WT,AGE
1,0,30,240,.,1,1,2,21,2,0,70,40
1,42,0,0,8.2,0,0,2,.,.,0,70,40
1,70,8,0,.,1,1,1,7,3,0,71,40
2,0,0.4,0,.,1,1,2,0,0,0,3.2,0.1
2,14,.,.,<2.0,0,0,2,.,.,.,3.9,0.1
"""
OURS = """id,time_day,amount_g,route,duration_h,product,igg_g_per_L,below_limit,weight_kg,sex
anna,0,30,iv,3,privigen,,,70,female
anna,21,,,,,8.2,,,
anna,21,30,IV,3,Privigen 10 %,,,,
"""
SUBJECT = Subject(
    id="7",
    doses=(
        Dose(time_day=0, amount_g=30, duration_h=3.3),
        Dose(time_day=21, amount_g=8, route="sc", product="hizentra"),
        Dose(time_day=28.5, amount_g=40, route="fsc"),
    ),
    samples=(Sample(time_day=21, igg_g_per_L=8.2), Sample(time_day=30, igg_g_per_L=2, below_limit=True)),
    weights=(DatedWeight(time_day=0, weight_kg=20), DatedWeight(time_day=10, weight_kg=20.5)),
    age_year=6.0,
    height_cm=115.0,
    sex="male",
    albumin_g_per_L=38.0,
    igm_g_per_L=0.4,
    baseline_igg_g_per_L=3.1,
)  # fmt: skip


def test_a_nonmem_table() -> None:
    one, two = events_from_text(NONMEM)
    assert [dose.time_day for dose in one.doses] == [0, 21, 42, 70, 77, 84, 91]
    assert [dose.route for dose in one.doses] == ["iv"] * 3 + ["sc"] * 4
    assert one.doses[0].duration_h == 3
    assert one.samples == (Sample(time_day=42, igg_g_per_L=8.2),)
    assert [weight.weight_kg for weight in one.weights] == [70, 71]
    assert two.samples == (Sample(time_day=14, igg_g_per_L=2.0, below_limit=True),)
    assert two.age_year == 0.1


def test_our_own_columns() -> None:
    (anna,) = events_from_text(OURS)
    assert [dose.product for dose in anna.doses] == ["privigen", "Privigen 10 %"]
    assert anna.samples[0].time_day == 21
    assert anna.sex == "female"


def test_a_windows_spreadsheet_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"\xef\xbb\xbf" + OURS.replace("\n", "\r\n").encode())
    assert read_events(path) == events_from_text(OURS)


def test_written_and_read_back() -> None:
    assert events_from_text(events_text([SUBJECT])) == (SUBJECT,)


def test_written_for_nonmem_and_read_back() -> None:
    text = events_text([SUBJECT], "nonmem")
    assert all(
        cell == "." or float(cell) is not None
        for line in text.splitlines()[1:]
        for cell in line.split(",")
    )
    (found,) = events_from_text(text)
    assert [(d.time_day, d.amount_g, d.route) for d in found.doses] == [
        (d.time_day, d.amount_g, d.route) for d in SUBJECT.doses
    ]
    assert found.doses[0].duration_h == pytest.approx(3.3)
    assert (found.samples, found.weights) == (SUBJECT.samples, SUBJECT.weights)
    assert (found.sex, found.baseline_igg_g_per_L) == ("male", 3.1)
    with pytest.raises(InputError, match="ID: 'anna'"):
        events_text(events_from_text(OURS), "nonmem")


SUBJECTS = st.builds(
    lambda days, grams, routes, level, weight, hours: Subject(
        id="a",
        doses=tuple(
            Dose(
                time_day=day,
                amount_g=gram,
                route=route,
                duration_h=hours if route == "iv" else None,
            )
            for day, gram, route in zip(sorted(days), grams, routes, strict=False)
        ),
        samples=(Sample(time_day=max(days) + 1, igg_g_per_L=level),),
        weights=(DatedWeight(time_day=min(days), weight_kg=weight),),
    ),
    days=st.lists(st.floats(-500, 500).map(lambda x: round(x, 4)), min_size=4, max_size=4, unique=True),
    grams=st.lists(st.floats(0.01, 500), min_size=4, max_size=4),
    routes=st.lists(st.sampled_from(["iv", "sc", "fsc"]), min_size=4, max_size=4),
    level=st.floats(0.01, 100),
    weight=st.floats(0.3, 400),
    hours=st.none() | st.floats(0.05, 72),
)  # fmt: skip


@given(subject=SUBJECTS)
def test_any_subject_survives_the_round_trip(subject: Subject) -> None:
    assert events_from_text(events_text([subject])) == (subject,)


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_events([SUBJECT], path)
    assert read_events(path) == (SUBJECT,)
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(InputError, match="output"):
        write_events([SUBJECT], tmp_path / "nowhere" / "out.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["event table", "no rows"]),
        ("ID,TIME,AMT,WT\n", ["event table", "at least one dose"]),
        ("ID,TIME,DOSAGE\n1,0,3\n", ["row 1", "DOSAGE", "amount_g/AMT"]),
        ("ID,TIME,weight\n1,0,3\n", ["did you mean weight_kg?"]),
        ("ID,TIME,AMT,amount_g\n1,0,3,3\n", ["row 1", "one column of amount_g"]),
        ("TIME,AMT\n0,3\n", ["row 1", "a column id"]),
        ("ID;TIME;AMT\n1;0;3\n", ["separated by commas"]),
        ("ID,TIME,AMT,WT\n1,0,thirty,70\n", ["row 2, AMT", "thirty", "a number"]),
        ('ID,TIME,AMT,WT\n1,0,"0,4",70\n', ["row 2, AMT", "decimal point"]),
        ("ID,TIME,AMT,WT\n1,0,30,70\n1,9:30,30,70\n", ["row 3, TIME", "9:30"]),
        ("ID,TIME,AMT,WT\n1,,30,70\n", ["row 2, time_day", "every row"]),
        ("ID,TIME,AMT,WT\n1,inf,30,70\n", ["row 2, TIME", "inf"]),
        ("ID,TIME,AMT,WT\n1,1e9,30,70\n", ["row 2, TIME", "100 years"]),
        ("ID,TIME,AMT,WT\n1,0,30\n", ["row 2", "4 cells"]),
        ("ID,TIME,AMT,WT\n1,0,30,700\n", ["row 2, WT", "400 kg"]),
        ("ID,TIME,AMT,WT,EVID\n1,0,30,70,1.5\n", ["row 2, EVID", "whole"]),
        ("ID,TIME,AMT,WT,BASE\n1,0,30,70,650\n", ["row 2, BASE", "mg/dL"]),
        ("ID,TIME,AMT,WT,DV\n1,0,30,70,.\n\n1,9,.,.,820\n", ["row 4, DV", "820", "6.5 g/L"]),
        ("id,time_day,amount_g,route,weight_kg\n1,0,30,im,70\n", ["row 2, route", "im"]),
        ("id,time_day,amount_g,weight_kg,sex\n1,0,30,70,1\n", ["row 2, sex", "FEMALE"]),
        ("id,time_day,amount_g,weight_kg,BLQ\n1,0,30,70,2\n", ["row 2, BLQ", "0 or 1"]),
        ('ID,TIME,AMT,WT\n1,0,"30,70\n', ["row", "CSV"]),
        ("ID,TIME,AMT,WT\n1,0,\x0030,70\n", ["row 2"]),
    ],
)
def test_what_is_wrong_is_one_line_with_its_row(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        events_from_text(text)
    for word in words:
        assert word in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("raw", [b"PK\x03\x04xlsx", b"\xff\xfe1", None])
def test_a_file_that_is_no_csv(tmp_path: Path, raw: bytes | None) -> None:
    path = tmp_path / "data.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError, match="event table"):
        read_events(path)
