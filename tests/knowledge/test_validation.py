"""Published rows against predictions: decoded, cited, computed; misses stay in sight."""

import re
from pathlib import Path

import pytest
from docs.verify_kinetics import DOCUMENT, rows_text

from ivig.codec import DecodeError, decode
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.pk.regimen_text import parse_regimen
from ivig.pk.validation import Row, Tolerance, ValidationSet
from ivig.pk.verify import CANONICAL, Verdict, allowed, verdicts

MISSES = {
    "gamunex_sc_auc_ratio": 0.977,
    "hyqvia_bioavailability_label": 86.7,
    "hyqvia_vs_conventional_sc_auc": 1.056,
    "privigen_q3w_cmax": 1920.0,
    "privigen_q3w_cl_total_igg": 1.57,
    "privigen_q3w_t_half_uncorrected": 37.1,
    "panzyga_q3w_trough": 9.26,
    "berger2011_rev_ss": 1.05,
    "cuvitru_eu_iv10_trough": 885.0,
    "xembify_label_dose_step": 4.23,
    "hizentra_slope": 4.23,
    "vivaglobin_trough_rule": 239.0,
    "li2023_peds_sc": -4.7,
}


@pytest.fixture(scope="module")
def found(knowledge: Knowledge) -> tuple[Verdict, ...]:
    return verdicts(knowledge.validation, knowledge.models)


def rows(knowledge: Knowledge) -> list[Row]:
    return [row for part in knowledge.validation.values() for row in part.rows]


def test_every_file_is_read(knowledge: Knowledge) -> None:
    assert len(knowledge.validation) >= 35
    assert len(rows(knowledge)) == 142


def test_a_row_has_one_id_everywhere(knowledge: Knowledge) -> None:
    ids = [row.id for row in rows(knowledge)]
    assert len(set(ids)) == len(ids)


def test_models_and_regimens_of_predictions_exist(knowledge: Knowledge) -> None:
    for part in knowledge.validation.values():
        trained = [*part.trained_by.value]
        for row in part.rows:
            trained += row.trained_by.value if row.trained_by else ()
            for prediction in row.predictions:
                assert set(prediction.models) <= set(knowledge.models)
                for arm in (*prediction.arms, *prediction.relative_to):
                    assert arm.regimen is None or len(parse_regimen(arm.regimen)) == 1
        assert set(trained) <= set(knowledge.models), part.id


def test_no_prediction_rests_on_a_refused_model(knowledge: Knowledge) -> None:
    for row in rows(knowledge):
        for prediction in row.predictions:
            for name in prediction.models:
                assert knowledge.models[name].status != "not_shipped", row.id


def test_tested_rows_have_a_unit_that_converts(knowledge: Knowledge) -> None:
    for row in rows(knowledge):
        assert row.use != "test" or row.measured.value.unit in CANONICAL, row.id


def test_the_misses_are_these_and_are_explained(found: tuple[Verdict, ...]) -> None:
    failing = {verdict.row.id: verdict for verdict in found if not verdict.passed}
    assert set(failing) == set(MISSES)
    for name, predicted in MISSES.items():
        assert failing[name].predicted.value == pytest.approx(predicted, rel=0.01), name
        assert failing[name].prediction.known_miss, name


def test_no_pass_is_called_a_miss(found: tuple[Verdict, ...]) -> None:
    assert [v.row.id for v in found if v.passed and v.prediction.known_miss] == []


def test_reference_implementation_within_its_numerics(found: tuple[Verdict, ...]) -> None:
    exact = [v for v in found if v.row.id.startswith(("refimpl_iv_", "refimpl_sc_"))]
    exact = [v for v in exact if v.prediction.quantity == "exogenous_auc"]
    assert len(exact) == 9
    for verdict in exact:
        limit = 1e-3 if verdict.row.id.startswith("refimpl_iv") else 2e-3
        assert verdict.predicted.value == pytest.approx(verdict.row.measured.value.value, rel=limit)
        assert verdict.relation == "implementation"


def test_trained_and_external_are_told_apart(found: tuple[Verdict, ...]) -> None:
    relation = {verdict.row.id: verdict.relation for verdict in found}
    assert relation["hyqvia_fsc_cmax"] == "trained"
    assert relation["hizentra_us_sc_cmax"] == "external"
    assert relation["berger2013_F_hizentra"] == "trained"
    assert relation["sidhu_q3w_q4w_cmin"] == "implementation"


def test_a_tolerance_the_row_does_not_print_is_refused(found: tuple[Verdict, ...]) -> None:
    verdict = next(v for v in found if v.row.id == "jolles2011_trough")
    row = verdict.row
    asked = Tolerance(kind="sd", why="none is printed")
    prediction = verdict.prediction
    with pytest.raises(InputError, match="jolles2011_trough"):
        allowed(row, type(prediction)(
            models=prediction.models, quantity=prediction.quantity, arms=prediction.arms, tolerance=asked
        ))  # fmt: skip


def test_a_tested_row_without_prediction_is_refused() -> None:
    fact = {"value": {"name": "trough", "unit": "g/L", "value": 8}, "basis": "assumed"}
    row = {"id": "a", "measured": fact, "use": "test"}
    trained = {"value": [], "basis": "assumed"}
    data = {"id": "s", "name": "s", "population": "p", "trained_by": trained, "rows": [row]}
    with pytest.raises(DecodeError, match="predictions"):
        decode(data, ValidationSet)


def test_the_document_is_current(knowledge: Knowledge) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.startswith(rows_text(knowledge))
    for model in knowledge.models.values():
        if model.coverage is not None:
            percent = 100 * model.coverage.value.inside_fraction
            assert re.search(rf"\| {model.id} \| \d+ \| {percent:.1f} % \|", text), model.id
    assert Path(DOCUMENT).name == "kinetics.md"
