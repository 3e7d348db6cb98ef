"""IV, SC and facilitated SC side by side: what each route does and asks, in one patient.

Everything here is worked out from values handed in; ``ivig.compare`` finds them.
"""

from dataclasses import dataclass

from ivig.cited import Citation, Interval
from ivig.finding import Finding
from ivig.outcome.relation import Outcome, Relation
from ivig.patient import Route

YEAR_DAY = 365.25
MONTH_DAY = YEAR_DAY / 12.0
FOUR_WEEKS_DAY = 28.0

# the published figures per infusion: relation, label of its estimate, whom it is of
SYSTEMIC: dict[Route, tuple[tuple[str, str, str], ...]] = {
    "iv": (
        ("er_route_systemic", "CIDP, IV", "CIDP"),
        ("er_route_systemic", "PID, IV", "primary immunodeficiency"),
    ),
    "sc": (("er_route_systemic", "CIDP, SC", "CIDP"),),
    "fsc": (("er_route_systemic", "PID, facilitated SC", "primary immunodeficiency"),),
}
LOCAL: dict[Route, tuple[tuple[str, str, str], ...]] = {
    "iv": (("ae_pid_hyqvia_vs_iv", "IV", "primary immunodeficiency"),),
    "sc": (("ae_pid_hyqvia_vs_iv", "20% SCIG in the United States", "primary immunodeficiency"),),
    "fsc": (("ae_pid_hyqvia_vs_iv", "facilitated SC", "primary immunodeficiency"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRate:
    """Reactions per infusion as published, and per patient-month at this patient's interval."""

    population: str
    per_infusion_fraction: float
    per_month: float
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteExposure:
    """Total IgG at steady state; every interval is 90 % of patients like this one.

    ``days_below_4_weeks_day``: days below the target in four weeks, which at steady state are those
    before the next dose; None without a target.
    """

    model_id: str
    auc_per_week_g_day_per_L: Interval
    peak_g_per_L: Interval
    trough_g_per_L: Interval
    swing_g_per_L: float
    """Median peak less median trough."""
    days_below_4_weeks_day: Interval | None
    curve_day: tuple[float, ...]
    """From the first dose, four weeks at steady state."""
    curve_g_per_L: tuple[float, ...]
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What the route asks in a year; None where the label's limits leave no chart."""

    infusions_per_year: float
    """Sessions: a course over two days counts twice."""
    hours_per_year: float | None
    session_h: float | None
    sites_per_session: int | None
    sites_per_year: float | None
    grams_per_year: float
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """One route; ``cost_per_year`` only with a price that was given."""

    route: Route
    product_id: str
    product_name: str
    amount_g: float
    interval_day: float
    because: str
    exposure: RouteExposure | None
    burden: Burden
    systemic: tuple[ReactionRate, ...]
    local: tuple[ReactionRate, ...]
    efficacy: tuple[Outcome, ...]
    cost_per_year: float | None
    notes: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


def infusions_per_year(interval_day: float, split_days: int) -> float:
    """Sessions a year.

    >>> round(infusions_per_year(7.0, 1), 1)
    52.2
    """
    return YEAR_DAY / interval_day * split_days


def reaction_rates(
    found: dict[Route, tuple[tuple[str, str, str], ...]],
    route: Route,
    relations: dict[str, Relation],
    infusions_a_year: float,
) -> tuple[ReactionRate, ...]:
    """Published reactions per infusion, by the month: weekly SC has several times the infusions."""
    rates: list[ReactionRate] = []
    for relation_id, label, population in found[route]:
        cited = next(fact for fact in relations[relation_id].estimates if fact.value.label == label)
        per_infusion = cited.value.value or 0.0
        if cited.value.unit == "% of infusions":
            per_infusion /= 100.0
        rates.append(
            ReactionRate(
                population=population,
                per_infusion_fraction=per_infusion,
                per_month=per_infusion * infusions_a_year / 12.0,
                citations=(cited.citation,),
            )
        )
    return tuple(rates)
