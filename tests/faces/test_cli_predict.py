"""``ivig predict`` as a command: the JSON it promises, its exit codes, one line for an error."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError, IvigError, OutsideModelDomain
from ivig.faces.cli_predict import predict

MAN = ("--weight", "70", "--height", "170", "--age", "40", "--sex", "male")
BASIC = ("--model", "navarro_mora_2022", "--regimen", "0.4 g/kg iv q3w", *MAN)
PAIRS = (
    "trough_g_per_L",
    "peak_g_per_L",
    "auc_tau_g_day_per_L",
    "auc_per_week_g_day_per_L",
)


def run(*words: str) -> Result:
    return CliRunner().invoke(predict, list(words))


def error(*words: str) -> IvigError:
    found = run(*words).exception
    assert isinstance(found, IvigError), found
    return found


def test_json_has_what_was_promised() -> None:
    done = run(*BASIC, "--format", "json", "--duration-h", "3")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["model"] == "navarro_mora_2022"
    assert found["when"] == "at steady state"
    assert found["interval_day"] == 21
    for name in PAIRS:
        assert set(found[name]) == {"total", "exogenous"}
        assert found[name]["total"] > found[name]["exogenous"] > 0
    assert found["half_life_day"] > 10
    assert found["tmax_day"] == pytest.approx(3 / 24)
    curve = found["curve"]
    assert set(curve) == {"time_day", "total_g_per_L", "exogenous_g_per_L"}
    assert len({len(values) for values in curve.values()}) == 1
    assert curve["total_g_per_L"][0] == pytest.approx(found["trough_g_per_L"]["total"])
    assert max(curve["total_g_per_L"]) == pytest.approx(found["peak_g_per_L"]["total"])
    assert found["assumptions"]


def test_text_shows_total_and_exogenous_side_by_side() -> None:
    done = run(*BASIC)
    assert done.exit_code == 0, done.output
    assert "total   exogenous" in done.output
    assert "trough, g/L" in done.output
    assert "No infusion time is given" in done.output


def test_the_nth_dose() -> None:
    first, second = (
        json.loads(run(*BASIC, "--dose-number", n, "--format", "json").output) for n in ("1", "2")
    )
    assert first["when"] == "interval 1 of a new start"
    assert second["trough_g_per_L"]["total"] > first["trough_g_per_L"]["total"]
    assert json.loads(run(*BASIC, "--dose-number", "SS", "--format", "json").output)["when"] == (
        "at steady state"
    )


def test_igm_albumin_and_baseline_are_used_or_said_not_to_be() -> None:
    child = ("--model", "cheng_2026", "--regimen", "0.4 g/kg q4w", "--weight", "18.6", "--age", "5")
    low, high = (
        json.loads(run(*child, "--igm", igm, "--format", "json").output)["baseline_g_per_L"]
        for igm in ("0.1", "0.8")
    )
    assert low < 5.67 < high
    done = json.loads(run(*BASIC, "--albumin", "20", "--baseline", "2", "--format", "json").output)
    assert done["baseline_g_per_L"] == 2
    assert any("albumin_g_per_L" in line for line in done["assumptions"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--regimen", "0.4 g/kg monthly"), "monthly"),
        (("--model", "nobody_1999"), "navarro_mora_2022"),
        (("--model", "tegenge_2020"), "contradict"),
        (("--weight", "0"), "weight_kg"),
        (("--weight", "nan"), "weight_kg"),
        (("--igm", "500"), "igm"),
        (("--baseline", "650"), "mg/dL"),
        (("--dose-number", "0"), "dose_number"),
        (("--dose-number", "two"), "whole number"),
        (("--duration-h", "30"), "duration_h"),
        (("--protein-loss", "-1"), "CL_loss_L_per_day"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], said: str) -> None:
    found = error(*BASIC, *words)
    assert isinstance(found, InputError)
    assert said in str(found)
    assert "\n" not in str(found)


def test_outside_the_data_is_not_bad_input() -> None:
    found = error(*BASIC, "--weight", "2")
    assert isinstance(found, OutsideModelDomain)
    assert "weight 2 kg is outside its data" in str(found)


def test_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys; from ivig.faces.cli_predict import predict\n"
        "print([m for m in ('numba', 'pyarrow', 'rich', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
