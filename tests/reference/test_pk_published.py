"""Published numbers, reproduced: each with its origin, its tolerance and how it was read.

Three kinds of row. *exact*: an independent implementation or the authors' own simulation; the
tolerance is that of their numerics. *label* and *study*: means of real patients whose weights are
not printed, so the typical patient of 66 kg and 168 cm (the models' median) must lie inside the
printed spread (± 1 SD, a range, a confidence interval), or within 15 % where none is printed.
Rows that the models miss are kept below as misses with what is predicted. Nothing was tuned.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from ivig.knowledge import Knowledge
from ivig.patient import Dose
from ivig.pk.concentration import exogenous_g_per_L, steady_exogenous_g_per_L, total_g_per_L
from ivig.pk.parameters import Covariates, Parameters, parameters, typical_values
from ivig.pk.schedule import Dosing, cycle_trains, history_trains
from ivig.pk.steady import steady_state

PID_IV = (
    "landersdorfer_2013",
    "dumas_2019",
    "zhang_2020",
    "luo_2020",
    "lee_2021",
    "li_2022",
    "navarro_mora_2022",
    "tortorici_2019",
)

PID_SC = {name for name in PID_IV if name not in ("lee_2021", "tortorici_2019")}


@dataclass(frozen=True)
class Case:
    """A typical patient under one model: what the rows ask about."""

    person: Parameters
    weight_kg: float

    @property
    def own(self) -> float:
        return float(self.person.BL_g_per_L[0])

    def iv(self, g_per_kg: float, interval_day: float) -> "Steady":
        return self._steady(
            Dosing(amount_g=g_per_kg * self.weight_kg, interval_day=interval_day, duration_h=3)
        )

    def sc(self, g_per_kg: float, interval_day: float = 7.0, route: str = "sc") -> "Steady":
        return self._steady(
            Dosing(amount_g=g_per_kg * self.weight_kg, interval_day=interval_day, route=route)
        )

    def _steady(self, dosing: Dosing) -> "Steady":
        found = steady_state(self.person, dosing)
        days = dosing.interval_day or 0.0
        area = float(found.auc_tau_g_day_per_L[0])
        return Steady(
            trough=float(found.trough_g_per_L[0]) + self.own,
            peak=float(found.peak_g_per_L[0]) + self.own,
            peak_day=float(found.peak_day[0]),
            exogenous_area=area,
            area=area + self.own * days,
            area_per_week=(area + self.own * days) * 7.0 / days,
            mg_per_kg=1000.0 * dosing.amount_g / self.weight_kg,
            case=self,
            dosing=dosing,
        )


@dataclass(frozen=True)
class Steady:
    trough: float
    peak: float
    peak_day: float
    exogenous_area: float
    area: float
    area_per_week: float
    mg_per_kg: float
    case: Case
    dosing: Dosing

    @property
    def clearance_mL_per_kg_per_day(self) -> float:
        """As labels print it: dose over the area of total IgG."""
        return self.mg_per_kg / self.area

    def slope_half_life_day(self) -> float:
        """A label's half-life: log-linear over the second half of a cycle, nothing corrected."""
        times = np.linspace(0.5, 1.0, 30) * (self.dosing.interval_day or 0.0)
        trains = cycle_trains(self.dosing)
        infused = steady_exogenous_g_per_L(self.case.person, trains, times)[0]
        slope = np.polyfit(times, np.log(infused + self.case.own), 1)[0]
        return float(np.log(2) / -slope)


class Models:
    """Typical patients by model: 66 kg and 168 cm, a man, unless a row says otherwise."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._models = knowledge.models

    def __call__(
        self,
        model_id: str,
        weight_kg: float = 66.0,
        height_cm: float = 168.0,
        *,
        lean_kg: float | None = None,
        own: float | None = None,
        igm_g_per_L: float | None = None,
    ) -> Case:
        lean = 0.407 * weight_kg + 0.267 * height_cm - 19.2 if lean_kg is None else lean_kg
        size = Covariates(weight_kg=weight_kg, lean_body_mass_kg=lean, igm_g_per_L=igm_g_per_L)
        typical = typical_values(self._models[model_id], size)
        if own is not None:
            typical["BL"] = own
        return Case(parameters(typical), weight_kg)


Predict = Callable[[Models], float]


@dataclass(frozen=True)
class Row:
    """One published number: what it is, where it stands, and what may be predicted for it."""

    id: str
    predict: Predict
    low: float
    high: float
    origin: str


def near(value: float, tolerance: float) -> tuple[float, float]:
    return value * (1 - tolerance), value * (1 + tolerance)


def spread(value: float, sd: float) -> tuple[float, float]:
    return value - sd, value + sd


REFERENCE = "nlmixr2lib, article on van der Zeeuw 2026, rxode2 + PKNCA; read"
HYQVIA = "HYQVIA US label, section 12.3, Table 7; read; trained (li_2022)"
HIZENTRA = "HIZENTRA US label, Table 6, US study; read; external (navarro_mora_2022)"
PRIVIGEN = "PRIVIGEN US label, Table 4; read; external (navarro_mora_2022)"
SIDHU = "Sidhu 2014, abstract, 95 % CI; read; the authors' simulation with landersdorfer_2013"
LI_2023 = "Li 2023, abstract; read; the authors' simulation with li_2022"
CHENG = "Cheng 2026, median and 95 % CI of 1000 simulated, quoted in nlmixr2lib; read"
PANZYGA = "Panzyga phase III, Eur J Pharm Sci 2018;118:80-6, abstract; read; external"


def _man(model_id: str, own: float | None = None) -> Callable[[Models], Case]:
    return lambda models: models(model_id, 70.0, 170.0, own=own)


def _iv_area(model_id: str) -> Predict:
    return lambda models: _man(model_id)(models).iv(0.4, 28).exogenous_area


def _sc_area(model_id: str) -> Predict:
    return lambda models: _man(model_id)(models).sc(0.1).exogenous_area


def _first_28_days(g_per_kg: float) -> Predict:
    def predict(models: Models) -> float:
        child = models("cheng_2026", 18.6, igm_g_per_L=0.21)
        trains = history_trains([Dose(time_day=0, amount_g=g_per_kg * 18.6)])
        middles = (np.arange(20_000) + 0.5) / 20_000 * 28
        return float(total_g_per_L(child.person, trains, middles).mean() * 28)

    return predict


def _median_trough(models: Models) -> float:
    return float(np.median([_man(name, own=4.0)(models).iv(0.4, 28).trough for name in PID_IV]))


def _median_swing(models: Models) -> float:
    """Peak over trough of total IgG on 0.1 g/kg SC a week, per cent; models with SC only."""
    found = [_man(name, own=4.0)(models).sc(0.1) for name in PID_IV if name in PID_SC]
    return float(np.median([100 * (steady.peak / steady.trough - 1) for steady in found]))


def _immunomodulation_trough(models: Models) -> float:
    doses = [Dose(time_day=0, amount_g=140)]
    doses += [Dose(time_day=21 * i, amount_g=70) for i in range(1, 40)]
    times, trains = np.array([21.0 * 40]), history_trains(doses)
    ids = ("tortorici_2021_cidp", "li_2024a_mmn", "li_2024b_mmn")
    people = [_man(name, own=10.0)(models) for name in ids]
    return float(
        np.median([p.own + exogenous_g_per_L(p.person, trains, times)[0, 0] for p in people])
    )


EXACT = [
    Row("refimpl_iv_landersdorfer_2013", _iv_area("landersdorfer_2013"), *near(197.1336, 1e-3), REFERENCE),
    Row("refimpl_iv_dumas_2019", _iv_area("dumas_2019"), *near(303.8184, 1e-3), REFERENCE),
    Row("refimpl_iv_zhang_2020", _iv_area("zhang_2020"), *near(193.8697, 1e-3), REFERENCE),
    Row("refimpl_iv_lee_2021", _iv_area("lee_2021"), *near(194.0383, 1e-3), REFERENCE),
    Row("refimpl_iv_navarro_mora_2022", _iv_area("navarro_mora_2022"), *near(178.09, 1e-3), REFERENCE),
    Row("refimpl_sc_landersdorfer_2013", _sc_area("landersdorfer_2013"), *near(32.5107, 2e-3), REFERENCE),
    Row("refimpl_sc_dumas_2019", _sc_area("dumas_2019"), *near(56.1274, 2e-3), REFERENCE),
    Row("refimpl_sc_luo_2020", _sc_area("luo_2020"), *near(28.7934, 2e-3), REFERENCE),
    Row("refimpl_sc_li_2022", _sc_area("li_2022"), *near(24.0616, 2e-3), REFERENCE),
    Row("refimpl_iv_trough_median_pid", _median_trough, *spread(8.4, 0.05), REFERENCE),
    Row("refimpl_swing_sc", _median_swing, *spread(5.0, 0.5), REFERENCE),
    Row("refimpl_imm_trough_median", _immunomodulation_trough, *spread(14.8, 0.1), REFERENCE),
    Row("cheng_auc28_4", _first_28_days(0.4), 194.4, 206.2, CHENG),
    Row("cheng_auc28_6", _first_28_days(0.6), 216.6, 228.5, CHENG),
]  # fmt: skip


def _facilitated(models: Models) -> Steady:
    return models("li_2022").sc(0.588, 28, "fsc")


def _hizentra(models: Models) -> Steady:
    return models("navarro_mora_2022").sc(0.228)


def _privigen(models: Models) -> Steady:
    return models("navarro_mora_2022").iv(0.608, 28)


def _four_weekly(models: Models) -> Steady:
    return models("navarro_mora_2022").iv(0.473, 28)


LABELS = [
    Row("hyqvia_fsc_cmax", lambda m: _facilitated(m).peak, *spread(16.07, 3.82), HYQVIA),
    Row("hyqvia_fsc_ctrough", lambda m: _facilitated(m).trough, *spread(10.77, 2.75), HYQVIA),
    Row("hyqvia_fsc_auc_per_week", lambda m: _facilitated(m).area_per_week, *spread(91.4, 21.0), HYQVIA),
    Row("hyqvia_fsc_cl_f_total_igg", lambda m: _facilitated(m).clearance_mL_per_kg_per_day, *spread(1.6, 0.5), HYQVIA),
    Row("hyqvia_fsc_t_half_uncorrected", lambda m: _facilitated(m).slope_half_life_day(), *spread(59.3, 36.1), HYQVIA),
    Row("hyqvia_fsc_tmax", lambda m: _facilitated(m).peak_day, 3.3, 5.1, HYQVIA),
    Row("hyqvia_iv_cl_total_igg", lambda m: m("li_2022").iv(0.556, 28).clearance_mL_per_kg_per_day, *spread(1.4, 0.4), HYQVIA),
    Row("hyqvia_iv_t_half_uncorrected", lambda m: m("li_2022").iv(0.556, 28).slope_half_life_day(), *spread(41.6, 26.9), HYQVIA),
    Row("fscig_corrected_cmax", lambda m: _facilitated(m).peak - _facilitated(m).trough, *spread(4.69, 2.69), "J Hum Immun 2026;2(CIS2026), abstract 128; read"),
    Row("fscig_corrected_auc_per_week", lambda m: _facilitated(m).area_per_week - 7 * _facilitated(m).trough, *spread(13.4, 12.0), "J Hum Immun 2026;2(CIS2026), abstract 128; read"),
    Row("hizentra_us_sc_cmax", lambda m: _hizentra(m).peak, *near(16.16, 0.15), HIZENTRA),
    Row("hizentra_us_sc_ctrough", lambda m: _hizentra(m).trough, *near(14.48, 0.15), HIZENTRA),
    Row("hizentra_us_sc_auc_0_7", lambda m: _hizentra(m).area, *near(105.6, 0.15), HIZENTRA),
    Row("hizentra_us_sc_cl_f_total_igg", lambda m: _hizentra(m).clearance_mL_per_kg_per_day, 1.2, 3.7, HIZENTRA),
    Row("hizentra_us_iv_cmax", lambda m: _privigen(m).peak, *near(25.64, 0.15), HIZENTRA),
    Row("hizentra_us_iv_ctrough", lambda m: _privigen(m).trough, *near(11.27, 0.15), HIZENTRA),
    Row("hizentra_us_iv_auc_per_7d", lambda m: _privigen(m).area_per_week, *near(103.2, 0.15), HIZENTRA),
    Row("hizentra_us_iv_cl_total_igg", lambda m: _privigen(m).clearance_mL_per_kg_per_day, 0.9, 2.1, HIZENTRA),
    Row("hizentra_us_auc_ratio", lambda m: _hizentra(m).area_per_week / _privigen(m).area_per_week, *near(1.023, 0.05), HIZENTRA),
    Row("privigen_q4w_cmax", lambda m: _four_weekly(m).peak, *spread(22.6, 5.3), PRIVIGEN),
    Row("privigen_q4w_ctrough", lambda m: _four_weekly(m).trough, *spread(10.0, 2.0), PRIVIGEN),
    Row("privigen_q4w_auc_0_t", lambda m: _four_weekly(m).area, *spread(363.9, 59.5), PRIVIGEN),
    Row("privigen_q4w_cl_total_igg", lambda m: _four_weekly(m).clearance_mL_per_kg_per_day, *spread(1.3, 0.3), PRIVIGEN),
    Row("privigen_q4w_t_half_uncorrected", lambda m: _four_weekly(m).slope_half_life_day(), *spread(45.4, 18.5), PRIVIGEN),
    Row("privigen_q3w_ctrough", lambda m: m("navarro_mora_2022").iv(0.427, 21).trough, *spread(12.3, 2.3), PRIVIGEN),
    Row("privigen_q3w_auc_0_t", lambda m: m("navarro_mora_2022").iv(0.427, 21).area, *spread(328.2, 62.6), PRIVIGEN),
    Row("path_sc04_trough", lambda m: m("tortorici_2021_cidp", 82.0).sc(0.4).trough, *spread(20.4, 3.24), "Hizentra EU SmPC section 5.2; recalled; trained"),
    Row("path_sc02_trough", lambda m: m("tortorici_2021_cidp", 82.0).sc(0.2).trough, *spread(15.4, 3.06), "Hizentra EU SmPC section 5.2; recalled; trained"),
]  # fmt: skip


def _split(days: float, part: str) -> Predict:
    """8 g a week under the skin, given every ``days`` instead, relative to weekly."""

    def predict(models: Models) -> float:
        person = models("landersdorfer_2013")
        weekly, other = person.sc(8 / 66), person.sc(8 / 66 * days / 7, days)
        if part == "auc":
            return other.area_per_week / weekly.area_per_week
        return getattr(other, part) / getattr(weekly, part)

    return predict


def _obese(route: str) -> Predict:
    """Trough at BMI 37 over that at BMI 22, per cent above; the mean of a man and a woman."""

    def predict(models: Models) -> float:
        found: list[float] = []
        for height, per_kg, per_cm, constant in (
            (175.0, 0.407, 0.267, 19.2),
            (165.0, 0.252, 0.473, 48.3),
        ):
            troughs = []
            for bmi in (37.0, 22.0):
                kg = bmi * (height / 100) ** 2
                person = models("li_2022", kg, lean_kg=per_kg * kg + per_cm * height - constant)
                doses = person.sc(0.15) if route == "sc" else person.sc(0.6, 28, "fsc")
                troughs.append(doses.trough)
            found.append(100 * (troughs[0] / troughs[1] - 1))
        return float(np.mean(found))

    return predict


def _child(weight_kg: float, height_cm: float) -> Predict:
    """Trough of a child over that of a man of 70 kg and 170 cm, per cent."""

    def predict(models: Models) -> float:
        lean = 3.8 * 0.0215 * weight_kg**0.6469 * height_cm**0.7236
        child = models("li_2022", weight_kg, lean_kg=lean).sc(0.15).trough
        return 100 * (child / _man("li_2022")(models).sc(0.15).trough - 1)

    return predict


SIMULATED = [
    Row("sidhu_daily_to_biweekly_auc (q2w)", _split(14, "auc"), 0.98, 1.03, SIDHU),
    Row("sidhu_daily_to_biweekly_cmax (daily)", _split(1, "peak"), 0.95, 1.09, SIDHU),
    Row("sidhu_daily_to_biweekly_cmax (q2w)", _split(14, "peak"), 0.95, 1.09, SIDHU),
    Row("sidhu_daily_to_biweekly_cmin (daily)", _split(1, "trough"), 0.92, 1.08, SIDHU),
    Row("sidhu_daily_to_biweekly_cmin (q2w)", _split(14, "trough"), 0.92, 1.08, SIDHU),
    Row("sidhu_q3w_q4w_auc (q4w)", _split(28, "auc"), 0.97, 1.04, SIDHU),
    Row("sidhu_q3w_q4w_cmax (q3w)", _split(21, "peak"), 1.07, 1.26, SIDHU),
    Row("sidhu_q3w_q4w_cmax (q4w)", _split(28, "peak"), 1.07, 1.26, SIDHU),
    Row("sidhu_q3w_q4w_cmin (q3w)", _split(21, "trough"), 0.86, 0.95, SIDHU),
    Row("sidhu_q3w_q4w_cmin (q4w)", _split(28, "trough"), 0.86, 0.95, SIDHU),
    Row("li2023_obese_sc", _obese("sc"), *spread(18, 5), LI_2023),
    Row("li2023_obese_fsc", _obese("fsc"), *spread(16, 5), LI_2023 + " (the 16 % is quoted beside the model)"),
    Row("li2023_peds_sc (3 y, 14 kg, 95 cm)", _child(14, 95), -22, -8, LI_2023),
    Row("li2023_peds_sc (8 y, 26 kg, 128 cm)", _child(26, 128), -22, -8, LI_2023),
]  # fmt: skip


def _sc_over_iv(part: str, factor: float) -> Predict:
    """Weekly SC at ``factor`` times the dose of 0.5 g/kg every four weeks, over that IV."""

    def predict(models: Models) -> float:
        person = models("navarro_mora_2022")
        iv, sc = person.iv(0.5, 28), person.sc(0.125 * factor)
        return getattr(sc, part) / getattr(iv, part)

    return predict


def _trough_over_average(models: Models, steady: Callable[[Case], Steady]) -> float:
    found = steady(models("navarro_mora_2022"))
    return found.trough * 7 / found.area_per_week


STUDIES = [
    Row("trough_predicted_auc_sc", lambda m: _trough_over_average(m, lambda p: p.sc(0.125)), 0.80, 1.25, "J Clin Immunol 2021;41:1331-8, abstract; read; external"),
    Row("trough_predicted_auc_iv_a", lambda m: _trough_over_average(m, lambda p: p.iv(0.5, 28)), 0.70, 0.78, "J Clin Immunol 2021;41:1331-8, abstract, 90 % CI; read; external"),
    Row("gamunex SC/IV trough ratio", _sc_over_iv("trough", 1.37), *near(11.4 / 9.6, 0.15), "Wasserman 2010, abstract; read; trained"),
    Row("gammagard_sc_dose_adj", lambda m: 1 / float(m("navarro_mora_2022").person.F_SC[0]), *near(1.37, 0.10), "Wasserman 2011, abstract; read; external"),
    Row("vivaglobin_dose_adj", lambda m: 1 / float(m("navarro_mora_2022").person.F_SC[0]), 1.03, 1.92, "VIVAGLOBIN US label; read; external"),
    Row("berger2013_F_gamunex", lambda m: float(m("navarro_mora_2022").person.F_SC[0]), *near(0.65, 0.10), "Berger 2013, abstract; read; trained"),
    Row("berger2013_F_hizentra", lambda m: float(m("zhang_2020").person.F_SC[0]), *near(0.655, 0.10), "Berger 2013, abstract; read; trained"),
    Row("berger2013_F_gammagard", lambda m: float(m("li_2022").person.F_SC[0]), *near(0.672, 0.10), "Berger 2013, abstract; read; trained"),
    Row("cuvitru_tmax", lambda m: m("navarro_mora_2022").sc(0.125).peak_day, 2.0, 4.0, "Cuvitru SmPC, about 3 days; read; external"),
    Row("berger2013_slope_iv", lambda m: 100 * (m("navarro_mora_2022").iv(0.1, 28).trough - 4), 70, 125, "between-study slopes 73 (Lee 2020) to 121 (Orange 2010) mg/dL per 100 mg/kg; read"),
    Row("berger2013_slope_sc", lambda m: 100 * (m("navarro_mora_2022").sc(0.025).trough - 4), 60, 130, "Berger 2013, 84 mg/dL per 100 mg/kg/month between studies; read"),
    Row("cuvitru_label_dose_step", lambda m: 100 * (m("navarro_mora_2022").sc(0.001).trough - 4), *near(5.0, 0.20), "CUVITRU US label, Table 1, 5.0 mg/dL per mg/kg/week; read"),
    Row("shrestha2019_sc_minus_iv", lambda m: m("navarro_mora_2022").sc(0.125).trough - m("navarro_mora_2022").iv(0.5, 28).trough, 0.3167, 1.1919, "Shrestha 2019, 95 % CI; read"),
    Row("panzyga_q4w_cmax", lambda m: m("navarro_mora_2022").iv(0.485, 28).peak, *spread(17.42, 3.34), PANZYGA),
    Row("panzyga_q4w_trough", lambda m: m("navarro_mora_2022").iv(0.485, 28).trough, 8.1 * 0.95, 8.65 * 1.05, PANZYGA),
    Row("panzyga_q3w_cmax", lambda m: m("navarro_mora_2022").iv(0.485 * 21 / 28, 21).peak, *spread(21.82, 5.83), PANZYGA),
    Row("cuvitru_eu_sc20_trough", lambda m: m("navarro_mora_2022").sc(0.125).trough, *near(8.27, 0.15), "Shrestha 2019, Table 2; read; external"),
    Row("jolles2011_trough", lambda m: m("navarro_mora_2022").sc(0.1189).trough, *near(8.1, 0.15), "Jolles 2011, abstract; recalled; external"),
]  # fmt: skip


@pytest.mark.parametrize("row", EXACT + LABELS + SIMULATED + STUDIES, ids=lambda row: row.id)
def test_published_numbers(row: Row, knowledge: Knowledge) -> None:
    predicted = row.predict(Models(knowledge))
    assert row.low <= predicted <= row.high, f"{predicted:.4g} for {row.origin}"


@dataclass(frozen=True)
class Miss:
    row: Row
    predicted: float
    why: str


MISSES = [
    Miss(Row("gamunex_sc_auc_ratio", _sc_over_iv("area_per_week", 1.37), 0.86, 0.92, "Wasserman 2010, 90 % CI; read; trained"), 0.977, "F of 0.705 is high for adults; with 0.66 it would be 0.94"),
    Miss(Row("hyqvia_bioavailability_label", lambda m: (_facilitated(m).area / 588) / (m("li_2022").iv(0.556, 28).area / 556), 0.914, 0.952, HYQVIA), 0.867, "the label's ratio of total-IgG areas is higher than F 0.794 allows"),
    Miss(Row("hyqvia_vs_conventional_sc_auc", lambda m: _facilitated(m).area_per_week / m("li_2022").sc(0.147).area_per_week, 1.15, 1.25, HYQVIA), 1.056, "own IgG is in both areas; the model's ratio of F is 1.13"),
    Miss(Row("privigen_q3w_cmax", lambda m: m("navarro_mora_2022").iv(0.427, 21).peak, *spread(25.5, 4.0), PRIVIGEN), 19.2, "three patients"),
    Miss(Row("privigen_q3w_cl_total_igg", lambda m: m("navarro_mora_2022").iv(0.427, 21).clearance_mL_per_kg_per_day, *spread(1.3, 0.1), PRIVIGEN), 1.57, "three patients"),
    Miss(Row("panzyga_q3w_trough", lambda m: m("navarro_mora_2022").iv(0.485 * 21 / 28, 21).trough, 11.0, 12.2, PANZYGA), 9.26, "the dose of this arm is not printed; the study's mean was assumed"),
    Miss(Row("berger2011_rev_ss", _sc_over_iv("trough", 1.0), 1.10, 1.20, "Berger 2011, abstract; read"), 1.05, "at equal dose; every model is below, zhang_2020 at 0.95"),
    Miss(Row("cuvitru_eu_iv10_trough", lambda m: m("navarro_mora_2022").iv(0.5, 28).trough, *near(7.20, 0.15), "Shrestha 2019, Table 2; read; external"), 8.85, "13 weeks on a dose equivalent to 125 mg/kg a week"),
    Miss(Row("xembify_label_dose_step", lambda m: 100 * (m("navarro_mora_2022").sc(0.001).trough - 4), *near(7.0, 0.20), "XEMBIFY US label, 5 mL of 20 % for 70 kg and 100 mg/dL; read"), 4.23, "label steps are steeper than any model"),
    Miss(Row("li2023_peds_sc (14 y, 50 kg, 160 cm)", _child(50, 160), -22, -8, LI_2023), -4.7, "the authors' paediatric lean mass is not known"),
]  # fmt: skip


@pytest.mark.parametrize("miss", MISSES, ids=lambda miss: miss.row.id)
def test_known_misses_stay_in_sight(miss: Miss, knowledge: Knowledge) -> None:
    predicted = miss.row.predict(Models(knowledge))
    assert not miss.row.low <= predicted <= miss.row.high
    assert predicted == pytest.approx(miss.predicted, rel=0.01)
    assert miss.why
