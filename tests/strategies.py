"""Hypothesis strategies for patients and products: each new feature joins them."""

from hypothesis import strategies as st

from ivig.patient import History, Infection, Lab, Patient, Sample

maybe = st.none
CONDITIONS = (
    "ckd",
    "stroke",
    "diabetes",
    "heart_failure",
    "migraine",
    "hyperprolinaemia",
    "hereditary_fructose_intolerance",
    "iga_deficiency",
    "volume_depletion",
)
ALLERGIES = ("corn_allergy", "latex_allergy", "hyaluronidase_allergy", "polysorbate_80_allergy")


def labs() -> st.SearchStrategy[tuple[Lab, ...]]:
    egfr = st.floats(5, 130).map(
        lambda v: Lab(analyte="egfr_mL_per_min_per_1_73m2", value=v, ucum="mL/min/{1.73_m2}")
    )
    platelets = st.floats(1, 400).map(
        lambda v: Lab(analyte="platelets_10e9_per_L", value=v, ucum="10*9/L")
    )
    return st.lists(st.one_of(egfr, platelets), max_size=2).map(tuple)


def patients(diagnosis: str | st.SearchStrategy[str] = "cvid") -> st.SearchStrategy[Patient]:
    """Any patient: every field but diagnosis and weight may be missing."""
    names = st.just(diagnosis) if isinstance(diagnosis, str) else diagnosis
    infections = st.builds(
        Infection,
        time_day=st.none() | st.floats(-800, 0),
        kind=st.none() | st.sampled_from(["pneumonia", "sinusitis", "sepsis"]),
        severe=st.none() | st.booleans(),
    )
    return st.builds(
        Patient,
        diagnosis=names,
        weight_kg=st.floats(2.5, 220),
        age_year=st.none() | st.floats(0, 100),
        sex=st.none() | st.sampled_from(["female", "male"]),
        height_cm=st.none() | st.floats(45, 210),
        pregnant=st.none() | st.booleans(),
        doses=st.none() | st.just(()),
        levels=st.lists(
            st.builds(Sample, time_day=st.floats(-300, 0), igg_g_per_L=st.floats(0, 30)),
            max_size=3,
        ).map(tuple),
        infections=st.none() | st.lists(infections, max_size=4).map(tuple),
        conditions=st.none()
        | st.lists(st.sampled_from(CONDITIONS), unique=True, max_size=4).map(tuple),
        allergies=st.none()
        | st.lists(st.sampled_from(ALLERGIES), unique=True, max_size=2).map(tuple),
        history=st.builds(
            History,
            anti_iga=st.none() | st.booleans(),
            reaction_to_ig=st.none() | st.sampled_from(["none", "headache", "anaphylaxis"]),
        ),
        labs=labs(),
        blood_group=st.none() | st.sampled_from(["A", "B", "AB", "O"]),
    )
